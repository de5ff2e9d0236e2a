import { beforeAll, describe, expect, it } from 'vitest'
import { contoso, standup } from './testbed.ts'
import { graphSchemas } from './vendor-types.ts'

// made on first use, from ten megabytes of types
beforeAll(async () => {
  await graphSchemas()
}, 120_000)

const wanted = {
  changeType: 'created,updated,deleted',
  notificationUrl: 'https://minutewise.example/hooks/graph',
  lifecycleNotificationUrl: 'https://minutewise.example/hooks/graph-life',
  resource: 'me/events',
  clientState: 'secret',
  expirationDateTime: '2026-03-07T00:00:00Z',
}

describe('a subscription', () => {
  it('begins with a handshake at both addresses', async () => {
    const { ask, heard } = listening()
    const made = await ask('/subscriptions', { method: 'POST', body: wanted })
    expect(made.status).toBe(201)
    expect(made.body.clientState).toBeNull()
    expect(heard.map(({ url }) => new URL(url).pathname)).toEqual(['/hooks/graph', '/hooks/graph-life'])
    expect(heard.every(({ url }) => new URL(url).searchParams.has('validationToken'))).toBe(true)
  })

  it.each([
    ['another status', () => new Response('x', { status: 202 })],
    ['another type', (token: string) => Response.json(token)],
    ['another text', () => new Response('hello', { headers: { 'content-type': 'text/plain' } })],
    ['the token still encoded', (token: string) => new Response(encodeURIComponent(token))],
  ])('is refused when the handshake is answered with %s', async (_title, handshake) => {
    const { ask } = listening({ handshake })
    const { status, body } = await ask('/subscriptions', { method: 'POST', body: wanted })
    expect([status, body.error.code]).toEqual([400, 'ValidationError'])
  })

  it.each([
    ['more than 10,080 minutes', { expirationDateTime: '2026-03-08T00:01:00Z' }],
    ['an end in the past', { expirationDateTime: '2026-02-28T00:00:00Z' }],
    ['plain http', { notificationUrl: 'http://minutewise.example/hooks' }],
    ['a secret of 129 characters', { clientState: 's'.repeat(129) }],
    ['an unknown property', { colour: 'red' }],
    ['another resource', { resource: 'me/messages' }],
    ['an unknown change', { changeType: 'renamed' }],
  ])('is refused with %s', async (_title, change) => {
    const { ask } = listening()
    expect((await ask('/subscriptions', { method: 'POST', body: { ...wanted, ...change } })).status).toBe(400)
  })

  it('lives 45 minutes at least, can be prolonged, and is gone when it has expired', async () => {
    const { clock, ask, token } = listening()
    const body = { ...wanted, expirationDateTime: '2026-03-01T00:05:00Z' }
    const made = await ask('/subscriptions', { method: 'POST', body })
    expect(made.body.expirationDateTime).toBe('2026-03-01T00:45:00.000Z')
    const path = `/subscriptions/${made.body.id}`
    const longer = await ask(path, { method: 'PATCH', body: { expirationDateTime: '2026-03-02T00:00:00Z' } })
    expect(longer.body.expirationDateTime).toBe('2026-03-02T00:00:00.000Z')
    expect((await ask(path, { method: 'PATCH', body: { lifecycleNotificationUrl: 'https://x.example' } })).status).toBe(
      400,
    )
    clock.advance(24 * 3_600_000)
    const bearer = token('ana@contoso.example', 'Calendars.ReadWrite')
    expect(
      (await ask(path, { method: 'PATCH', body: { expirationDateTime: '2026-03-03T00:00:00Z' }, bearer })).status,
    ).toBe(404)
  })

  it('exists once: the same again is 409, after a deletion it is welcome', async () => {
    const { ask } = listening()
    const made = await ask('/subscriptions', { method: 'POST', body: wanted })
    expect((await ask('/subscriptions', { method: 'POST', body: wanted })).status).toBe(409)
    expect((await ask('/subscriptions')).body.value.length).toBe(1)
    expect((await ask(`/subscriptions/${made.body.id}`, { method: 'DELETE' })).status).toBe(204)
    expect((await ask('/subscriptions', { method: 'POST', body: wanted })).status).toBe(201)
  })

  it('needs a permission on what it watches', async () => {
    const { ask, token } = listening()
    const bearer = token('ana@contoso.example', 'User.Read')
    expect((await ask('/subscriptions', { method: 'POST', body: wanted, bearer })).status).toBe(403)
  })
})

describe('notifications', () => {
  it('name the change with the secret, the tenant and the id in the format of the subscription', async () => {
    const { fake, ana, ask, heard } = listening()
    await ask('/subscriptions', { method: 'POST', body: wanted })
    const key = ana.createSeries(standup)
    await fake.push.deliver()
    const [notification] = JSON.parse(heard.at(-1)?.body ?? '').value
    expect(notification).toMatchObject({
      clientState: 'secret',
      tenantId: fake.tenant,
      changeType: 'created',
      resourceData: { id: ana.idOf(key) },
    })
  })

  it('wait for the test, are repeated until taken, doubled, turned round or lost', async () => {
    const { fake, ana, ask, heard, answers } = listening()
    await ask('/subscriptions', { method: 'POST', body: wanted })
    const key = ana.createSeries(standup)
    ana.patch(key, { subject: 'Daily' })
    expect(fake.push.waiting).toBe(2)
    answers.status = 503
    await fake.push.deliver()
    expect(fake.push.waiting).toBe(2)
    answers.status = 202
    await fake.push.deliver({ copies: 2, isReversed: true })
    expect(fake.push.attempts.map(({ status }) => status)).toEqual([503, 202, 202])
    const types = JSON.parse(heard.at(-1)?.body ?? '').value.map((item: { changeType: string }) => item.changeType)
    expect(types).toEqual(['updated', 'created'])
    ana.delete(key)
    fake.push.drop()
    expect(fake.push.waiting).toBe(0)
  })

  it('are given up after four hours', async () => {
    const { fake, clock, ana, ask } = listening()
    await ask('/subscriptions', { method: 'POST', body: wanted })
    ana.createSeries(standup)
    clock.advance(4 * 3_600_000)
    await fake.push.deliver()
    expect([fake.push.attempts, fake.push.waiting]).toEqual([[], 0])
  })

  it('about the subscription itself go to the lifecycle address', async () => {
    const { fake, ana, ask, heard } = listening()
    const made = await ask('/subscriptions', { method: 'POST', body: wanted })
    fake.push.lifecycle(made.body.id, 'missed')
    fake.push.lifecycle(made.body.id, 'reauthorizationRequired')
    ana.createSeries(standup)
    await fake.push.deliver()
    expect(heard.at(-1)?.url).toBe(wanted.lifecycleNotificationUrl)
    const events = JSON.parse(heard.at(-1)?.body ?? '').value
    expect(events.map((item: { lifecycleEvent: string }) => item.lifecycleEvent)).toEqual([
      'missed',
      'reauthorizationRequired',
    ])
    const body = { expirationDateTime: '2026-03-07T00:00:00Z' }
    await ask(`/subscriptions/${made.body.id}`, { method: 'PATCH', body })
    ana.create({ start: '2026-03-02T09:00', end: '2026-03-02T10:00' })
    expect(fake.push.waiting).toBe(1)
    fake.push.lifecycle(made.body.id, 'subscriptionRemoved')
    expect(fake.push.open).toEqual([])
  })
})

function listening({
  handshake = (token: string) => new Response(token, { headers: { 'content-type': 'text/plain; charset=utf-8' } }),
}: {
  handshake?: (token: string) => Response
} = {}) {
  const heard: { readonly url: string; readonly body: string }[] = []
  const answers = { status: 202 }
  const company = contoso({
    fetch: async (input, init) => {
      const request = new Request(input, init)
      heard.push({ url: request.url, body: await request.text() })
      const token = new URL(request.url).searchParams.get('validationToken')
      return token === null ? new Response(null, { status: answers.status }) : handshake(token)
    },
  })
  return { ...company, heard, answers }
}
