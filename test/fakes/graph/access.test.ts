import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { serve } from '../kit/serve.ts'
import { contoso, standup, windowQuery } from './testbed.ts'
import { graphSchemas } from './vendor-types.ts'

// made on first use, from ten megabytes of types
beforeAll(async () => {
  await graphSchemas()
}, 120_000)

const ana = 'ana@contoso.example'
const delta = `calendarView/delta?${windowQuery}`

describe('permissions', () => {
  it('ReadBasic never shows a body, a preview or extensions', async () => {
    const company = contoso()
    company.ana.createSeries(standup)
    const bearer = company.token(ana, 'Calendars.ReadBasic')
    const { body } = await company.ask(`/me/${delta}`, { bearer })
    expect(body.value[0].subject).toBe('Standup')
    expect(Object.keys(body.value[0])).not.toContain('body')
    expect(Object.keys(body.value[0])).not.toContain('bodyPreview')
    const read = await company.ask(`/me/${delta}`, { bearer: company.token(ana, 'Calendars.Read') })
    expect(read.body.value[0].body.content).toBe('Blockers first')
  })

  it('Read does not write, and nothing reads without a calendar permission', async () => {
    const company = contoso()
    const body = {
      subject: 'x',
      start: { dateTime: '2026-03-02T09:00:00', timeZone: 'UTC' },
      end: { dateTime: '2026-03-02T10:00:00', timeZone: 'UTC' },
    }
    const refused = await company.ask('/me/events', {
      method: 'POST',
      body,
      bearer: company.token(ana, 'Calendars.Read'),
    })
    expect([refused.status, refused.body.error.code]).toEqual([403, 'ErrorAccessDenied'])
    expect((await company.ask('/me/calendars', { bearer: company.token(ana, 'User.Read') })).status).toBe(403)
  })

  it('an application reads every mailbox, but has no "me"', async () => {
    const company = contoso()
    company.bo.createSeries(standup)
    const bearer = company.token(null, 'Calendars.Read')
    expect((await company.ask(`/users/bo@contoso.example/${delta}`, { bearer })).body.value.length).toBe(6)
    expect((await company.ask(`/me/${delta}`, { bearer })).status).toBe(400)
  })

  it('a shared calendar needs a permission of its own and a path through the calendar', async () => {
    const company = contoso()
    const key = company.bo.create({ subject: 'Budget', start: '2026-03-02T09:00', end: '2026-03-02T10:00' })
    const secret = company.bo.create({
      subject: 'Doctor',
      sensitivity: 'private',
      start: '2026-03-03T09:00',
      end: '2026-03-03T10:00',
    })
    const id = company.bo.shareWith(company.ana)
    const bearer = company.token(ana, 'Calendars.Read', 'Calendars.Read.Shared')
    const event = company.bo.idOf(key)
    expect((await company.ask(`/me/calendars/${id}/${delta}`)).status).toBe(403)
    const shared = await company.ask(`/me/calendars/${id}/${delta}`, { bearer })
    expect(shared.body.value.map((item: { subject: string }) => item.subject)).toEqual([
      'Budget',
      'Private Appointment',
    ])
    expect(shared.body.value[1].id).toBe(company.bo.idOf(secret))
    expect((await company.ask(`/me/events/${event}`, { bearer })).status).toBe(404)
    expect((await company.ask(`/me/calendars/${id}/events/${event}`, { bearer })).body.subject).toBe('Budget')
    const listed = await company.ask('/me/calendars', { bearer })
    expect(listed.body.value[1]).toMatchObject({ id, canEdit: false, owner: { address: 'bo@contoso.example' } })
  })

  it("somebody else's calendar that nobody shared is not there", async () => {
    const company = contoso()
    const bearer = company.token(ana, 'Calendars.Read', 'Calendars.Read.Shared')
    expect((await company.ask(`/users/bo@contoso.example/${delta}`, { bearer })).status).toBe(404)
  })

  it('people without a mailbox answer MailboxNotEnabledForRESTAPI', async () => {
    const company = contoso()
    company.fake.addUser({ address: 'cy@contoso.example', mailbox: 'none' })
    company.fake.addUser({ address: 'di@fabrikam.example', mailbox: 'guest' })
    const bearer = company.token(null, 'Calendars.Read')
    for (const address of ['cy@contoso.example', 'di@fabrikam.example']) {
      const { status, body } = await company.ask(`/users/${address}/${delta}`, { bearer })
      expect([status, body.error.code]).toEqual([404, 'MailboxNotEnabledForRESTAPI'])
    }
    expect((await company.ask(`/users/nobody@contoso.example/${delta}`, { bearer })).status).toBe(404)
  })
})

describe('what goes away', () => {
  it('a mailbox whose license is taken says so, and comes back as it was', async () => {
    const { fake, ana: mailbox, ask } = contoso()
    mailbox.createSeries(standup)
    fake.setMailboxEnabled(ana, false)
    expect((await ask(`/me/${delta}`)).body.error.code).toBe('MailboxNotEnabledForRESTAPI')
    fake.setMailboxEnabled(ana, true)
    expect((await ask(`/me/${delta}`)).body.value.length).toBe(6)
  })

  it('a calendar that was removed is 404 with everything on it', async () => {
    const { ana: mailbox, ask } = contoso()
    const side = mailbox.addCalendar('Side')
    const id = mailbox.idOf(mailbox.createSeries({ ...standup, calendar: side }))
    const instances = await ask(`/me/events/${id}/instances?${windowQuery}`)
    expect(instances.body.value.length).toBe(5)
    mailbox.removeCalendar(side)
    expect((await ask(`/me/calendars/${side}/${delta}`)).body.error.code).toBe('ErrorItemNotFound')
    expect((await ask(`/me/events/${id}`)).status).toBe(404)
  })
})

describe('tokens', () => {
  it('are asked for with a challenge when missing, expired or not enough', async () => {
    const company = contoso()
    const none = await company.ask('/me', { headers: { authorization: '' } })
    expect([none.status, none.body.error.code]).toEqual([401, 'InvalidAuthenticationToken'])
    expect(none.body.error.innerError['request-id']).toBeTypeOf('string')
    company.fake.signIn.demandClaims(ana)
    const claims = await company.ask('/me')
    expect(claims.headers.get('www-authenticate')).toMatch(/error="insufficient_claims", claims="[\w+/=]+"/)
    company.clock.advance(3_600_000)
    expect((await company.ask('/me')).status).toBe(401)
  })

  it('come by client credentials, for the application alone and in its own tenant', async () => {
    const { fake, ask } = contoso()
    const { clientId, clientSecret } = fake.app
    const good = {
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
      scope: 'https://graph.microsoft.com/.default',
    }
    const made = await post(fake, good)
    expect(made.body).toMatchObject({ token_type: 'Bearer', expires_in: 3599 })
    const { status } = await ask(`/users/bo@contoso.example/${delta}`, { bearer: made.body.access_token })
    expect(status).toBe(200)
    expect((await post(fake, { ...good, client_secret: 'guess' })).body.error).toBe('invalid_client')
    expect((await post(fake, { ...good, scope: 'Calendars.Read' })).body.error).toBe('invalid_scope')
    expect((await post(fake, good, 'common')).status).toBe(400)
  })

  it('come by a code with PKCE, once, and are renewed with a refresh token that is good once', async () => {
    const { fake, ask } = contoso()
    const verifier = 'v'.repeat(64)
    const redirect = 'http://127.0.0.1:51234/callback'
    const asked = new URLSearchParams({
      client_id: fake.app.clientId,
      response_type: 'code',
      redirect_uri: redirect,
      scope: 'offline_access https://graph.microsoft.com/Calendars.Read',
      state: 's1',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
      login_hint: ana,
    })
    const authorize = () => fake.fetch(new Request(`http://graph.test/common/oauth2/v2.0/authorize?${asked}`))
    const back = new URL((await authorize()).headers.get('location') ?? '')
    expect([back.origin, back.searchParams.get('state')]).toEqual(['http://127.0.0.1:51234', 's1'])
    const redeem = {
      grant_type: 'authorization_code',
      client_id: fake.app.clientId,
      code: back.searchParams.get('code') ?? '',
      redirect_uri: redirect,
      code_verifier: verifier,
    }
    const granted = await post(fake, redeem, 'common')
    expect(granted.body.scope).toBe('Calendars.Read')
    expect((await ask('/me/calendars', { bearer: granted.body.access_token })).status).toBe(200)
    expect((await post(fake, redeem, 'common')).body.error).toBe('invalid_grant')
    const refresh = {
      grant_type: 'refresh_token',
      client_id: fake.app.clientId,
      refresh_token: granted.body.refresh_token,
    }
    const renewed = await post(fake, refresh, 'common')
    expect(renewed.status).toBe(200)
    expect((await post(fake, refresh, 'common')).body.error).toBe('invalid_grant')
    const more = { ...refresh, refresh_token: renewed.body.refresh_token, scope: 'Calendars.ReadWrite' }
    expect((await post(fake, more, 'common')).body.error).toBe('invalid_grant')
    asked.set('code_challenge_method', 'plain')
    expect(new URL((await authorize()).headers.get('location') ?? '').searchParams.get('error')).toBe('invalid_request')
    asked.set('redirect_uri', 'https://evil.example/callback')
    expect((await authorize()).status).toBe(400)
  })

  it('with a wrong verifier are refused', async () => {
    const { fake } = contoso()
    fake.signIn.signedInAs = ana
    const asked = new URLSearchParams({
      client_id: fake.app.clientId,
      response_type: 'code',
      redirect_uri: 'http://localhost/callback',
      scope: 'Calendars.Read',
      code_challenge: createHash('sha256').update('right').digest('base64url'),
      code_challenge_method: 'S256',
    })
    const answer = await fake.fetch(new Request(`http://graph.test/common/oauth2/v2.0/authorize?${asked}`))
    const code = new URL(answer.headers.get('location') ?? '').searchParams.get('code') ?? ''
    const redeem = {
      grant_type: 'authorization_code',
      client_id: fake.app.clientId,
      code,
      redirect_uri: 'http://localhost/callback',
      code_verifier: 'wrong',
    }
    expect((await post(fake, redeem, 'common')).body.error).toBe('invalid_grant')
  })
})

describe('limits', () => {
  it('four requests at once in a mailbox, the fifth is 429 with Retry-After', async () => {
    const { fake, ask } = contoso()
    fake.hold()
    const answers = Promise.all([1, 2, 3, 4, 5].map(() => ask('/me/calendars')))
    fake.release()
    const all = await answers
    expect(all.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 429])
    expect(all.find(({ status }) => status === 429)?.headers.get('retry-after')).toBe('1')
    expect(fake.throttle.mostUnderWay).toBe(5)
  })

  it('so many requests in ten minutes, counted for each mailbox and by the clock', async () => {
    const { clock, ask, token } = contoso({ limits: { concurrent: 4, requests: 2, windowMs: 600_000 } })
    await ask('/me/calendars')
    clock.advance(60_000)
    await ask('/me/calendars')
    const third = await ask('/me/calendars')
    expect([third.status, third.headers.get('retry-after')]).toEqual([429, '540'])
    const others = token('bo@contoso.example', 'Calendars.Read')
    expect((await ask('/me/calendars', { bearer: others })).status).toBe(200)
    clock.advance(540_000)
    expect((await ask('/me/calendars')).status).toBe(200)
  })
})

describe('the directory', () => {
  it('lists people by pages, with their managers, and refuses what it cannot filter', async () => {
    const { fake, ask, token } = contoso()
    fake.addUser({ address: 'di@fabrikam.example', mailbox: 'guest' })
    const bearer = token(null, 'User.Read.All')
    const page = await ask('/users?$top=2&$select=mail,department&$expand=manager($select=mail)', { bearer })
    expect(page.body.value.map((user: { mail: string }) => user.mail)).toEqual(['bo@contoso.example', ana])
    expect(page.body.value[1].manager.mail).toBe('bo@contoso.example')
    const next = await ask(page.body['@odata.nextLink'], { bearer })
    expect(next.body.value.length).toBe(1)
    const members = await ask("/users?$filter=userType eq 'Member'", { bearer })
    expect(members.body.value.length).toBe(2)
    expect((await ask("/users?$filter=mail eq 'x'", { bearer })).status).toBe(400)
    expect((await ask('/users?$select=shoeSize', { bearer })).status).toBe(400)
    expect((await ask('/users?$top=1000', { bearer })).status).toBe(400)
    expect((await ask('/users', { bearer: token(ana, 'User.Read') })).status).toBe(403)
  })

  it('tells who came, changed and went since the last round', async () => {
    const { fake, ask, token } = contoso()
    const bearer = token(null, 'User.Read.All')
    const headers = { prefer: 'odata.maxpagesize=1' }
    const one = await ask('/users/delta?$select=mail,department', { bearer, headers })
    const two = await ask(one.body['@odata.nextLink'], { bearer, headers })
    fake.changeUser(ana, { department: 'Payments' })
    fake.removeUser('bo@contoso.example')
    const changes = await ask(two.body['@odata.deltaLink'], { bearer })
    expect(changes.body.value).toMatchObject([{ '@removed': { reason: 'changed' } }, { department: 'Payments' }])
    fake.expireTokens()
    expect((await ask(changes.body['@odata.deltaLink'], { bearer })).status).toBe(410)
  })

  it('names rooms, groups and their members, and the settings of a mailbox', async () => {
    const { fake, ask, token } = contoso()
    fake.addRoom({ address: 'blue@contoso.example', name: 'Blue Room', capacity: 8 })
    fake.addGroup({ address: 'platform@contoso.example', name: 'Platform', members: ['bo@contoso.example'] })
    const bearer = token(null, 'Place.Read.All', 'GroupMember.Read.All')
    const rooms = await ask('/places/microsoft.graph.room', { bearer })
    expect(rooms.body.value[0]).toMatchObject({ emailAddress: 'blue@contoso.example', capacity: 8 })
    const groups = await ask('/groups', { bearer })
    const members = await ask(`/groups/${groups.body.value[0].id}/members`, { bearer })
    expect(members.body.value[0].mail).toBe('bo@contoso.example')
    expect((await ask('/me/mailboxSettings')).body.timeZone).toBe('Romance Standard Time')
  })
})

it('is served over HTTP with faults on the wire and a journal', async () => {
  const { fake, token } = contoso()
  const served = await serve(fake, fake.faults)
  try {
    const headers = { authorization: `Bearer ${token(ana, 'Calendars.Read')}` }
    fake.faults.add({ match: '/me/calendars', action: { kind: 'status', status: 503 } })
    const url = `${served.url}v1.0/me/calendars`
    expect((await fetch(url, { headers })).status).toBe(503)
    expect((await fetch(url, { headers })).status).toBe(200)
    expect(served.journal.count('GET /v1.0/me/calendars')).toBe(2)
  } finally {
    await served.close()
  }
})

async function post(fake: ReturnType<typeof contoso>['fake'], form: Record<string, string>, tenant = fake.tenant) {
  const response = await fake.fetch(
    new Request(`http://graph.test/${tenant}/oauth2/v2.0/token`, { method: 'POST', body: new URLSearchParams(form) }),
  )
  return { status: response.status, body: JSON.parse(await response.text()) }
}
