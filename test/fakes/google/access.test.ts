import { beforeEach, describe, expect, test } from 'vitest'
import { minuteMs } from '../../../src/domain/time/types.ts'
import { type VirtualClock, virtualClock } from '../kit/clock.ts'
import { serve } from '../kit/serve.ts'
import { allPages, asking, itemsOf, reasonOf } from './asking.ts'
import { createGoogleFake, type GoogleFake } from './google-fake.ts'

const events = '/calendar/v3/calendars/primary/events'
let clock: VirtualClock
let fake: GoogleFake

beforeEach(() => {
  clock = virtualClock(Date.UTC(2026, 2, 2, 8))
  fake = createGoogleFake({ clock })
  fake.addUser({ address: 'ana@example.com', aliases: ['a.ruiz@example.com'] })
  fake.addUser({ address: 'ben@example.com' })
  return () => expect(fake.violations).toEqual([])
})

const as = (address: string, ...scopes: string[]) => asking(fake, fake.grant(address, scopes).accessToken)
const timed = { start: { dateTime: '2026-03-17T10:00:00Z' }, end: { dateTime: '2026-03-17T12:00:00Z' } }

describe('A request', () => {
  test('without a token is 401, and says what it wants', async () => {
    const answer = await asking(fake, null).get(events)
    expect([answer.status, reasonOf(answer)]).toEqual([401, 'required'])
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer /)
    expect(answer.body).toMatchObject({ error: { code: 401, status: 'UNAUTHENTICATED' } })
  })

  test.each([
    ['that nobody gave', () => 'ya29.nothing'],
    [
      'that has expired',
      () => {
        const { accessToken } = fake.grant('ana@example.com', ['calendar'])
        clock.advance(3_600_000)
        return accessToken
      },
    ],
    [
      'whose consent was taken back',
      () => {
        const { accessToken } = fake.grant('ana@example.com', ['calendar'])
        fake.oauth.revokeAll('ana@example.com')
        return accessToken
      },
    ],
  ])('with a token %s is 401', async (_what, token) => {
    const answer = await asking(fake, token()).get(events)
    expect([answer.status, reasonOf(answer)]).toEqual([401, 'authError'])
  })

  const methods: [string, string, string, readonly string[]][] = [
    [
      'calendarList.list',
      'GET',
      '/calendar/v3/users/me/calendarList',
      ['calendar.calendarlist.readonly', 'calendar.readonly'],
    ],
    ['calendars.get', 'GET', '/calendar/v3/calendars/primary', ['calendar.calendars.readonly', 'calendar']],
    ['settings.list', 'GET', '/calendar/v3/users/me/settings', ['calendar.settings.readonly']],
    ['settings.get', 'GET', '/calendar/v3/users/me/settings/timezone', ['calendar.settings.readonly']],
    [
      'events.list',
      'GET',
      events,
      ['calendar.events.owned.readonly', 'calendar.events.readonly', 'calendar.events.freebusy'],
    ],
    ['events.insert', 'POST', events, ['calendar.events.owned', 'calendar.events', 'calendar']],
    ['freebusy.query', 'POST', '/calendar/v3/freeBusy', ['calendar.freebusy', 'calendar.events.freebusy']],
  ]
  test.each(methods)(
    '%s is open to its scopes and 403 insufficientPermissions to others',
    async (name, verb, path, scopes) => {
      const window = { timeMin: '2026-03-01T00:00:00Z', timeMax: '2026-03-02T00:00:00Z', items: [] }
      const body = name === 'events.insert' ? timed : name === 'freebusy.query' ? window : null
      for (const scope of scopes) expect((await as('ana@example.com', scope).send(verb, path, body)).status).toBe(200)
      const refused = await as('ana@example.com', 'calendar.acls.readonly', 'admin.directory.user.readonly').send(
        verb,
        path,
        body,
      )
      expect([refused.status, reasonOf(refused)]).toEqual([403, 'insufficientPermissions'])
    },
  )

  test.each(['calendar.events.owned.readonly', 'calendar.events.readonly', 'calendar.readonly'])(
    'that writes with %s is refused',
    async scope => {
      expect((await as('ana@example.com', scope).send('POST', events, timed)).status).toBe(403)
    },
  )

  test('of the scopes for owned calendars does not reach a calendar of somebody else', async () => {
    fake.share('ben@example.com', 'ana@example.com', 'writer')
    const theirs = '/calendar/v3/calendars/ben%40example.com/events'
    expect((await as('ana@example.com', 'calendar.events.owned.readonly').get(theirs)).status).toBe(403)
    expect((await as('ana@example.com', 'calendar.events.readonly').get(theirs)).status).toBe(200)
    expect((await as('ana@example.com', 'calendar.events.owned').send('POST', theirs, timed)).status).toBe(403)
    expect((await as('ana@example.com', 'calendar.events').send('POST', theirs, timed)).status).toBe(200)
  })

  test.each(['reader', 'freeBusyReader'] as const)('that writes as %s is 403 requiredAccessLevel', async role => {
    fake.share('ben@example.com', 'ana@example.com', role)
    const answer = await as('ana@example.com', 'calendar').send(
      'POST',
      '/calendar/v3/calendars/ben@example.com/events',
      timed,
    )
    expect([answer.status, reasonOf(answer)]).toEqual([403, 'requiredAccessLevel'])
  })

  test('for a calendar without access, or one that is gone, is 404, for watching too', async () => {
    const ana = as('ana@example.com', 'calendar')
    const team = fake.addCalendar({ owner: 'ana@example.com', summary: 'Team' })
    fake.deleteCalendar(team.id)
    const channel = { id: 'c1', type: 'web_hook', address: 'https://hooks.example.com/google' }
    for (const id of ['ben@example.com', 'nobody@example.com', team.id]) {
      for (const answer of [
        await ana.get(`/calendar/v3/calendars/${id}/events`),
        await ana.get(`/calendar/v3/calendars/${id}`),
        await ana.send('POST', `/calendar/v3/calendars/${id}/events/watch`, channel),
      ]) {
        expect([answer.status, reasonOf(answer)]).toEqual([404, 'notFound'])
      }
    }
  })

  test('of a suspended person, or one without a calendar, is 403 notACalendarUser', async () => {
    fake.user('ana@example.com').isSuspended = true
    fake.user('ben@example.com').hasCalendar = false
    for (const address of ['ana@example.com', 'ben@example.com']) {
      const answer = await as(address, 'calendar').get(events)
      expect([answer.status, reasonOf(answer)]).toEqual([403, 'notACalendarUser'])
    }
  })

  test('for an address nobody knows is 404 in the shape of the service', async () => {
    const answer = await as('ana@example.com', 'calendar').get('/calendar/v4/anything')
    expect(answer.body).toMatchObject({ error: { code: 404, errors: [{ reason: 'notFound', domain: 'global' }] } })
  })
})

describe('The list of calendars', () => {
  test('names role, zone and the primary one, in pages, and an alias finds the same calendar', async () => {
    fake.addCalendar({ owner: 'ana@example.com', summary: 'Team', id: 'team', timeZone: 'America/New_York' })
    fake.share('ben@example.com', 'ana@example.com', 'reader')
    fake.settings.pageSize = 1
    const ana = as('ana@example.com', 'calendar.readonly')
    const list = '/calendar/v3/users/me/calendarList'
    const { ids, sizes, syncToken } = await allPages(ana, list)
    expect([ids, sizes]).toEqual([
      ['ana@example.com', 'team', 'ben@example.com'],
      [1, 1, 1],
    ])
    fake.settings.pageSize = 250
    expect(itemsOf(await ana.get(list))).toMatchObject([
      { accessRole: 'owner', primary: true, timeZone: 'Europe/Madrid' },
      { accessRole: 'owner', timeZone: 'America/New_York', dataOwner: 'ana@example.com' },
      { accessRole: 'reader' },
    ])
    expect((await allPages(ana, `${list}?minAccessRole=owner`)).ids).toEqual(['ana@example.com', 'team'])
    expect((await ana.get('/calendar/v3/calendars/a.ruiz%40example.com')).body.id).toBe('ana@example.com')
    fake.deleteCalendar('team')
    expect((await allPages(ana, list)).ids).toEqual(['ana@example.com', 'ben@example.com'])
    expect(itemsOf(await ana.get(`${list}?syncToken=${syncToken}`))).toMatchObject([{ id: 'team', deleted: true }])
    expect((await ana.get(`${list}?syncToken=${syncToken}x`)).status).toBe(410)
  })
})

describe('A private event', () => {
  const secret = {
    summary: 'Secret',
    description: 'Secret',
    location: 'Secret',
    attendees: [{ email: 'secret@example.com' }],
    extendedProperties: { private: { note: 'Secret' } },
    start: { dateTime: '2026-03-16T10:00:00', timeZone: 'Europe/Madrid' },
    end: { dateTime: '2026-03-16T11:00:00' },
  }
  const theirs = '/calendar/v3/calendars/ben@example.com/events'

  test.each([
    ['reader', 'calendar.events.readonly', false],
    ['writerWithoutPrivateAccess', 'calendar.events.readonly', false],
    ['freeBusyReader', 'calendar.events.readonly', false],
    ['owner', 'calendar.events.freebusy', false],
    ['writer', 'calendar.events.readonly', true],
    ['owner', 'calendar.events.readonly', true],
  ] as const)('shown to a %s with %s: its words are there: %s', async (role, scope, shown) => {
    fake.share('ben@example.com', 'ana@example.com', role)
    const { id } = fake.calendar('ben@example.com').insert({ ...secret, visibility: 'private' })
    const ana = as('ana@example.com', scope)
    for (const answer of [await ana.get(theirs), await ana.get(`${theirs}/${id}`)]) {
      expect(answer.status).toBe(200)
      expect(/secret/i.test(JSON.stringify(answer.body))).toBe(shown)
      expect(JSON.stringify(answer.body)).toContain('2026-03-16T10:00:00+01:00')
    }
  })

  test.each([
    ['freeBusyReader', 'calendar.events.readonly', false],
    ['owner', 'calendar.events.freebusy', false],
    ['reader', 'calendar.events.readonly', true],
  ] as const)('that is none after all, shown to a %s with %s: its words are there: %s', async (role, scope, shown) => {
    fake.share('ben@example.com', 'ana@example.com', role)
    const { id } = fake.calendar('ben@example.com').insert(secret)
    const answer = await as('ana@example.com', scope).get(`${theirs}/${id}`)
    expect(answer.body.start).toMatchObject({ dateTime: '2026-03-16T10:00:00+01:00' })
    expect(/secret/i.test(JSON.stringify(answer.body))).toBe(shown)
  })

  test('one occurrence made private hides its series and siblings, and readers are told of all of them', async () => {
    fake.share('ben@example.com', 'ana@example.com', 'reader')
    const calendar = fake.calendar('ben@example.com')
    const id = String(calendar.insert({ ...secret, recurrence: ['RRULE:FREQ=WEEKLY'] }).id)
    calendar.changeInstance(id, '2026-03-23T10:00:00', { visibility: 'public' })
    const ana = as('ana@example.com', 'calendar.events.readonly')
    const { syncToken } = await allPages(ana, theirs)
    calendar.changeInstance(id, '2026-03-30T10:00:00', { visibility: 'private' })
    const { body, ...answer } = await ana.get(`${theirs}?syncToken=${syncToken}`)
    expect(itemsOf({ body, ...answer })).toHaveLength(3)
    expect(JSON.stringify(body)).not.toContain('Secret')
    calendar.changeInstance(id, '2026-03-30T10:00:00', { visibility: 'default' })
    expect(JSON.stringify((await ana.get(`${theirs}?syncToken=${body.nextSyncToken}`)).body)).toContain('Secret')
  })

  test('an occurrence cannot be made less private than its series, and a more private one takes the series along', async () => {
    const calendar = fake.calendar('ben@example.com')
    const hidden = String(calendar.insert({ ...secret, recurrence: ['RRULE:FREQ=WEEKLY'], visibility: 'private' }).id)
    const open = String(calendar.insert({ ...secret, recurrence: ['RRULE:FREQ=WEEKLY'] }).id)
    const ben = as('ben@example.com', 'calendar')
    const less = await ben.send('PATCH', `${events}/${hidden}_20260323T090000Z`, { visibility: 'public' })
    expect(less.body.visibility).toBe('private')
    await ben.send('PATCH', `${events}/${open}_20260323T090000Z`, { visibility: 'private' })
    expect((await ben.get(`${events}/${open}`)).body.visibility).toBe('private')
  })
})

describe('Quotas', () => {
  test.each(['403', '429'] as const)(
    '600 a minute of one person, refused as %s, and free again as the minute slides',
    async form => {
      fake.settings.quotas.form = form
      const ana = as('ana@example.com', 'calendar')
      const path = '/calendar/v3/users/me/settings/timezone'
      for (let i = 0; i < 600; i++) expect((await ana.get(path)).status).toBe(200)
      clock.advance(minuteMs - 1)
      const refused = await ana.get(path)
      expect([refused.status, reasonOf(refused)]).toEqual([Number(form), 'userRateLimitExceeded'])
      expect(refused.body).toMatchObject({ error: { errors: [{ domain: 'usageLimits' }] } })
      expect((await as('ben@example.com', 'calendar').get(path)).status).toBe(200)
      clock.advance(1)
      expect((await ana.get(path)).status).toBe(200)
    },
  )

  test('of the whole project by the minute and by the day', async () => {
    fake.settings.quotas = { perUserPerMinute: 9, perProjectPerMinute: 2, perProjectPerDay: 3, form: '403' }
    const path = '/calendar/v3/users/me/settings/timezone'
    expect((await as('ana@example.com', 'calendar').get(path)).status).toBe(200)
    expect((await as('ben@example.com', 'calendar').get(path)).status).toBe(200)
    expect(reasonOf(await as('ana@example.com', 'calendar').get(path))).toBe('rateLimitExceeded')
    clock.advance(minuteMs)
    expect((await as('ana@example.com', 'calendar').get(path)).status).toBe(200)
    clock.advance(minuteMs)
    expect(reasonOf(await as('ana@example.com', 'calendar').get(path))).toBe('quotaExceeded')
  })
})

test('Over HTTP the same fake answers, faults happen on the wire and the journal has seen them', async () => {
  const served = await serve(fake, fake.faults)
  try {
    const headers = { authorization: `Bearer ${fake.grant('ana@example.com', ['calendar']).accessToken}` }
    const list = `${served.url}calendar/v3/calendars/ana%40example.com/events`
    fake.faults.add({ match: '/events', action: { kind: 'status', status: 503 } })
    expect((await fetch(list, { headers })).status).toBe(503)
    const answer = await fetch(list, { headers })
    expect(await answer.json()).toMatchObject({ kind: 'calendar#events', items: [] })
    fake.faults.add({ match: '/events', action: { kind: 'lost-answer' } })
    const lost = fetch(list, {
      method: 'POST',
      body: JSON.stringify(timed),
      headers: { ...headers, 'content-type': 'application/json' },
    })
    await expect(lost).rejects.toThrow()
    expect(fake.calendar('ana@example.com').truth()).toHaveLength(1)
    expect(served.journal.requests.map(({ method, status, fault }) => [method, status, fault])).toEqual([
      ['GET', 503, 'status'],
      ['GET', 200, null],
      ['POST', 200, 'lost-answer'],
    ])
  } finally {
    await served.close()
  }
})
