import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { createListener } from '../../src/http/app.ts'
import { PortError } from '../../src/port-error.ts'
import {
  type GooglePush,
  type GraphPush,
  googlePush,
  graphPush,
  type PushWorld,
  publicUrl,
} from '../app/push/push-world.ts'
import { virtualClock } from '../fakes/kit/clock.ts'

const ana = 'ana@lamps.example'
const open: PushWorld[] = []
afterEach(async () => {
  for (const each of open.splice(0)) await each.close()
})

/** With a channel, its first notification taken, and nothing left to look at. */
async function google(): Promise<GooglePush> {
  const push = await googlePush()
  open.push(push)
  await settled(push)
  await push.world.fake.push.deliver(push.receive)
  return push
}

async function graph(): Promise<GraphPush> {
  const push = await graphPush()
  open.push(push)
  await settled(push)
  return push
}

/** The sync that follows a new channel is done. */
async function settled(push: PushWorld) {
  await push.tick()
  await push.tick()
  expect((await push.calendar()).sync.nextAt).not.toBeNull()
}

const isToBeLookedAt = async (push: PushWorld) => (await push.calendar()).sync.nextAt === null
const post = (path: string, init: RequestInit = {}) => new Request(`${publicUrl}${path}`, { method: 'POST', ...init })
const answerOf = async (response: Response) => [
  response.status,
  await response.text(),
  [...response.headers].toSorted(),
]

describe('a knock of Google', () => {
  const knock = (push: GooglePush, state: string, forged: Readonly<Record<string, string>> = {}) => {
    const [channel] = push.world.fake.push.live(ana)
    const { headers } = push.world.fake.push.message(channel!, state, forged)
    return push.receive(post('/hooks/google', { headers }))
  }

  test.each([
    ['exists', true],
    ['not_exists', true],
    ['add', true],
    ['something_new', true],
    ['sync', false],
  ])('state %s → look now: %s', async (state, looks) => {
    const push = await google()
    expect((await knock(push, state)).status).toBe(204)
    expect(await isToBeLookedAt(push)).toBe(looks)
    expect(push.looks()).toBe(looks ? 1 : 0)
  })

  test.each([
    ['a forged token', { 'X-Goog-Channel-Token': 'x'.repeat(43) }],
    ['an empty token', { 'X-Goog-Channel-Token': '' }],
    ['the hash as token', 'hash'],
    ['a channel nobody knows', { 'X-Goog-Channel-ID': 'nobody' }],
    ['another resource', { 'X-Goog-Resource-ID': 'another' }],
    ['an id too long for one', { 'X-Goog-Channel-ID': 'x'.repeat(2_000) }],
  ])('with %s → nothing is looked at, and the answer is that to a good one', async (_what, forged) => {
    const push = await google()
    const [kept] = await push.channels()
    const headers = typeof forged === 'string' ? { 'X-Goog-Channel-Token': kept!.secretHash } : forged
    const bad = await answerOf(await knock(push, 'exists', headers))
    expect([await isToBeLookedAt(push), push.looks()]).toEqual([false, 0])
    expect(await answerOf(await knock(push, 'exists'))).toEqual(bad)
    expect(await isToBeLookedAt(push)).toBe(true)
  })

  test('on a channel that has expired → nothing is looked at', async () => {
    const push = await google()
    const [channel] = push.world.fake.push.live(ana)
    const { headers } = push.world.fake.push.message(channel!, 'exists')
    const [kept] = await push.channels()
    push.clock.advance(kept!.expiresAt - push.clock.now())
    expect((await push.receive(post('/hooks/google', { headers }))).status).toBe(204)
    expect([await isToBeLookedAt(push), push.looks()]).toEqual([false, 0])
  })

  test('on a channel that is being replaced is still heard', async () => {
    const push = await google()
    const [kept] = await push.channels()
    await push.mirror.saveChannel({ ...kept!, status: 'stopping' })
    await knock(push, 'exists')
    expect(await isToBeLookedAt(push)).toBe(true)
  })

  test('has no body: whatever comes in one is not read', async () => {
    const push = await google()
    const body = new ReadableStream(
      {
        pull() {
          throw new Error('somebody read it')
        },
      },
      { highWaterMark: 0 },
    )
    const [channel] = push.world.fake.push.live(ana)
    const { headers } = push.world.fake.push.message(channel!, 'exists')
    const request = new Request(`${publicUrl}/hooks/google`, { method: 'POST', headers, body, ...half })
    expect((await push.receive(request)).status).toBe(204)
    expect(request.bodyUsed).toBe(false)
    expect(await isToBeLookedAt(push)).toBe(true)
  })

  test('that comes a hundred times, in any order, costs one row and at most two pulls', async () => {
    const push = await google()
    push.change('Planning')
    const before = push.pulls()
    const rows = push.rowsWritten()
    const statuses = await push.world.fake.push.deliver(push.receive, { times: 100, order: 'shuffled' })
    expect(new Set(statuses)).toEqual(new Set([204]))
    expect(push.rowsWritten() - rows).toBe(1)
    await push.tick()
    await push.tick()
    expect(push.pulls() - before).toBe(1)
  })

  test('that comes a hundred times while the calendar is being pulled costs two pulls', async () => {
    const push = await google()
    push.change('Planning')
    const messages = push.world.fake.push.take({ times: 100 })
    const knockAll = async (from: number, to: number) => {
      for (const { headers } of messages.slice(from, to)) await push.receive(post('/hooks/google', { headers }))
    }
    await knockAll(0, 10)
    const before = push.pulls()
    const mirror = {
      ...push.mirror,
      async applyStep(step: Parameters<typeof push.mirror.applyStep>[0]) {
        await knockAll(10, 100)
        return await push.mirror.applyStep(step)
      },
    }
    await push.tick({ mirror })
    for (let tick = 0; tick < 5; tick++) await push.tick()
    expect(push.pulls() - before).toBe(2)
  })

  test('is only ever posted', async () => {
    const push = await google()
    for (const method of ['GET', 'PUT', 'DELETE']) {
      expect((await push.receive(new Request(`${publicUrl}/hooks/google`, { method }))).status).toBe(404)
    }
  })
})

describe('what Graph sends', () => {
  const item = async (push: GraphPush, more: object = {}) => {
    const secret = push.world.served.journal.requests
      .filter(({ method, path }) => method === 'POST' && path.includes('subscriptions'))
      .map(({ body }) => JSON.parse(body).clientState)
      .at(-1)
    const [kept] = await push.channels()
    return { subscriptionId: kept!.providerId, clientState: secret, changeType: 'updated', resource: 'x', ...more }
  }
  const send = (push: GraphPush, value: readonly unknown[], path = '/hooks/microsoft') =>
    push.receive(post(path, { headers: json, body: JSON.stringify({ value }) }))
  const lifecycle = '/hooks/microsoft/lifecycle'

  test.each(['/hooks/microsoft', lifecycle])('a handshake is echoed as plain text: %s', async path => {
    const push = await graph()
    const token = 'Validation: <script>alert(1)</script> & "é" 100%'
    const response = await push.receive(post(`${path}?validationToken=${encodeURIComponent(token)}`))
    expect([response.status, await response.text()]).toEqual([200, token])
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  test.each([
    ['an empty token', ''],
    ['one of 2,001 characters', 'x'.repeat(2_001)],
    ['one with a line break', 'a\r\nset-cookie: b'],
  ])('%s is no handshake', async (_what, token) => {
    const push = await graph()
    const response = await push.receive(post(`/hooks/microsoft?validationToken=${encodeURIComponent(token)}`))
    expect([response.status, await response.text()]).toEqual([400, ''])
  })

  test('a change → 202 and look now, from the strict Graph itself', async () => {
    const push = await graph()
    push.change('Planning')
    await push.world.fake.push.deliver()
    expect(push.world.fake.push.attempts.map(({ status }) => status)).toEqual([202])
    expect(await isToBeLookedAt(push)).toBe(true)
    await push.tick()
    expect(await isToBeLookedAt(push)).toBe(false)
  })

  test('a hundred copies → one row and at most two pulls', async () => {
    const push = await graph()
    const perRound = await pullsOfARound(push)
    push.change('Planning')
    const before = push.pulls()
    const rows = push.rowsWritten()
    await push.world.fake.push.deliver({ copies: 100, isReversed: true })
    expect(push.world.fake.push.attempts).toHaveLength(100)
    expect(push.rowsWritten() - rows).toBe(1)
    for (let tick = 0; tick < 3; tick++) await push.tick()
    expect(push.pulls() - before).toBeLessThanOrEqual(2 * perRound)
  })

  test('a batch of several subscriptions and tenants: each item is judged by itself', async () => {
    const push = await graph()
    const good = await item(push, { tenantId: 'other' })
    const forged = { ...good, clientState: 'x'.repeat(43) }
    const unknown = { ...good, subscriptionId: 'nobody' }
    const answer = await answerOf(await send(push, [forged, unknown, null, 7, { subscriptionId: 1 }]))
    expect([answer[0], await isToBeLookedAt(push)]).toEqual([202, false])
    expect(await answerOf(await send(push, [forged, unknown, null, good]))).toEqual(answer)
    expect([await isToBeLookedAt(push), push.looks()]).toEqual([true, 1])
  })

  test('a genuine item behind a forged one for the same subscription counts', async () => {
    const push = await graph()
    const good = await item(push)
    await send(push, [{ ...good, clientState: 'forged' }, good, { ...good, clientState: '' }])
    expect(await isToBeLookedAt(push)).toBe(true)
  })

  test('missed → look now', async () => {
    const push = await graph()
    const [kept] = await push.channels()
    push.world.fake.push.lifecycle(kept!.providerId, 'missed')
    await push.world.fake.push.deliver()
    expect(await isToBeLookedAt(push)).toBe(true)
    expect(await push.channels()).toEqual([kept])
  })

  test('subscriptionRemoved → look now, and the next tick opens another', async () => {
    const push = await graph()
    const [kept] = await push.channels()
    push.world.fake.push.lifecycle(kept!.providerId, 'subscriptionRemoved')
    await push.world.fake.push.deliver({ copies: 3 })
    expect([await push.channels(), await isToBeLookedAt(push)]).toEqual([[], true])
    await push.tick()
    const [fresh, ...more] = await push.channels()
    expect([fresh?.providerId, more]).toEqual([push.world.fake.push.open[0]?.id, []])
    // late copies are about the one that is gone
    await send(
      push,
      [{ ...(await item(push)), subscriptionId: kept!.providerId, lifecycleEvent: 'subscriptionRemoved' }],
      lifecycle,
    )
    expect(await push.channels()).toEqual([fresh])
  })

  test('reauthorizationRequired → prolonged by one PATCH in the next tick, and heard again', async () => {
    const push = await graph()
    const [kept] = await push.channels()
    push.world.fake.push.lifecycle(kept!.providerId, 'reauthorizationRequired')
    await push.world.fake.push.deliver({ copies: 2 })
    push.clock.advance(60_000)
    expect((await push.tick()).channels.prolonged).toBe(1)
    expect(push.world.served.journal.count(/^PATCH \S*subscriptions/)).toBe(1)
    await push.tick()
    push.change('After it')
    await push.world.fake.push.deliver()
    expect(await isToBeLookedAt(push)).toBe(true)
  })

  test.each([
    ['a lifecycle event', { lifecycleEvent: 'subscriptionRemoved' }],
    ['a change', {}],
  ])('%s that is forged changes nothing', async (_what, more) => {
    const push = await graph()
    const before = await push.channels()
    const forged = { ...(await item(push, more)), clientState: before[0]!.secretHash }
    expect((await send(push, [forged], lifecycle)).status).toBe(202)
    expect([await push.channels(), await isToBeLookedAt(push)]).toEqual([before, false])
  })

  test.each([
    ['no JSON', 'nonsense', json, 400],
    ['no list', '{"value":{}}', json, 400],
    ['null', 'null', json, 400],
    ['too many items', JSON.stringify({ value: Array(5_001).fill(null) }), json, 400],
    ['a megabyte', `{"value":["${'x'.repeat(1_000_000)}"]}`, json, 413],
    ['a form', 'value=1', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['plain text', '{"value":[]}', { 'content-type': 'text/plain' }, 415],
    ['an empty list', '{"value":[]}', json, 202],
  ])('%s → %s', async (_what, body, headers, status) => {
    const push = await graph()
    expect((await push.receive(post('/hooks/microsoft', { headers, body }))).status).toBe(status)
    expect(await isToBeLookedAt(push)).toBe(false)
  })

  test('a body without a length is cut off at a megabyte', async () => {
    const push = await graph()
    let given = 0
    const body = new ReadableStream({
      pull(controller) {
        given += 100_000
        controller.enqueue(new Uint8Array(100_000).fill(32))
      },
    })
    const request = new Request(`${publicUrl}/hooks/microsoft`, { method: 'POST', headers: json, body, ...half })
    expect((await push.receive(request)).status).toBe(413)
    expect(given).toBeLessThan(2_000_000)
  })

  test('whatever comes is answered, and never looked into', async () => {
    const push = await graph()
    const [before] = await push.channels()
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.json(),
          fc.string(),
          fc.object().map(value => JSON.stringify({ value: [value] })),
        ),
        async body => {
          const response = await push.receive(post('/hooks/microsoft', { headers: json, body }))
          expect([202, 400, 503]).toContain(response.status)
        },
      ),
      { numRuns: 200 },
    )
    expect([await push.channels(), await isToBeLookedAt(push)]).toEqual([[before], false])
  })
})

describe('too much of it', () => {
  test('a thousand invented channels a second ask the store a few hundred times, and take nothing from a known one', async () => {
    const push = await google()
    let asked = 0
    const mirror = {
      ...push.mirror,
      async findChannels(wanted: Parameters<typeof push.mirror.findChannels>[0]) {
        asked++
        return await push.mirror.findChannels(wanted)
      },
    }
    const app = createListener({ mirror, clock: push.clock })
    const [channel] = push.world.fake.push.live(ana)
    const send = async (forged: Readonly<Record<string, string>>) => {
      const { headers } = push.world.fake.push.message(channel!, 'exists', forged)
      return (await app.fetch(post('/hooks/google', { headers }))).status
    }
    expect(await send({})).toBe(204)
    const statuses: number[] = []
    for (let at = 0; at < 1_000; at++) statuses.push(await send({ 'X-Goog-Channel-ID': `invented-${at}` }))
    expect(statuses.filter(status => status === 204)).toHaveLength(199)
    expect(statuses.filter(status => status === 503)).toHaveLength(801)
    expect(asked).toBe(200)
    expect(await send({})).toBe(204)
    push.clock.advance(1_000)
    expect([await send({ 'X-Goog-Channel-ID': 'invented' }), asked]).toEqual([204, 202])
  })

  test('one channel that knocks without end is asked to come again', async () => {
    const push = await google()
    push.change('Planning')
    const statuses = await push.world.fake.push.deliver(push.receive, { times: 1_000 })
    expect(statuses.filter(status => status === 503).length).toBeGreaterThan(500)
    expect(await isToBeLookedAt(push)).toBe(true)
  })
})

test.each([
  ['/hooks/google', { headers: { 'x-goog-channel-id': 'c', 'x-goog-channel-token': 't', 'x-goog-resource-id': 'r' } }],
  [
    '/hooks/microsoft',
    { headers: { 'content-type': 'application/json' }, body: '{"value":[{"subscriptionId":"s","clientState":"t"}]}' },
  ],
])('a database that does not answer → 503, so that it comes again, and not a word about it: %s', async (path, init) => {
  const fail = async () => {
    throw new PortError('busy', '/data/minutewise.db is being written by another process.')
  }
  const mirror = { findChannels: fail, lookNow: fail, saveChannel: fail, removeChannel: fail }
  const app = createListener({ mirror, clock: virtualClock(0) })
  const response = await app.fetch(post(path, init))
  expect([response.status, await response.text(), response.headers.get('retry-after')]).toEqual([503, '', '10'])
})

const json = { 'content-type': 'application/json; charset=utf-8' }
/** A body that is a stream; `RequestInit` of the compiler does not know the word. */
const half: object = { duplex: 'half' }

async function pullsOfARound(push: PushWorld): Promise<number> {
  const before = push.pulls()
  const { accountId, id } = await push.calendar()
  await push.mirror.lookNow([{ accountId, calendarId: id }])
  await push.tick()
  return push.pulls() - before
}
