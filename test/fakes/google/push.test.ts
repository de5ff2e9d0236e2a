import { beforeEach, describe, expect, test } from 'vitest'
import { dayMs, hourMs } from '../../../src/domain/time/types.ts'
import { type VirtualClock, virtualClock } from '../kit/clock.ts'
import type { Asking } from './asking.ts'
import { asking, reasonOf } from './asking.ts'
import type { FakeCalendar } from './fake-calendar.ts'
import { createGoogleFake, type GoogleFake } from './google-fake.ts'

const watch = '/calendar/v3/calendars/primary/events/watch'
const wanted = { id: 'channel-1', type: 'web_hook', address: 'https://hooks.example.com/google', token: 'secret' }
let clock: VirtualClock
let fake: GoogleFake
let calendar: FakeCalendar
let ask: Asking

beforeEach(() => {
  clock = virtualClock(Date.UTC(2026, 2, 2, 8))
  fake = createGoogleFake({ clock })
  calendar = fake.addUser({ address: 'ana@example.com' }).calendar
  ask = asking(fake, fake.grant('ana@example.com', ['calendar.events.readonly']).accessToken)
  return () => expect(fake.violations).toEqual([])
})

const change = () => calendar.insert({ start: { date: '2026-03-16' }, end: { date: '2026-03-17' } })

describe('A channel', () => {
  test('lives for seven days at most, and says how long', async () => {
    const answer = await ask.send('POST', watch, { ...wanted, expiration: String(clock.now() + 30 * dayMs) })
    expect(answer.body).toEqual({
      kind: 'api#channel',
      id: 'channel-1',
      resourceId: expect.any(String),
      resourceUri: expect.stringContaining('/calendars/ana%40example.com/events'),
      token: 'secret',
      expiration: String(clock.now() + 7 * dayMs),
    })
    const short = await ask.send('POST', watch, { ...wanted, id: 'c2', expiration: String(clock.now() + hourMs) })
    expect(short.body.expiration).toBe(String(clock.now() + hourMs))
    clock.advance(hourMs)
    expect(fake.push.live().map(({ id }) => id)).toEqual(['channel-1'])
  })

  test.each([
    ['an id that was used before', { id: 'used' }, 'channelIdNotUnique'],
    ['an id of 65 characters', { id: 'x'.repeat(65) }, 'invalidChannelId'],
    ['an address without TLS', { address: 'http://hooks.example.com/' }, 'push.webhookUrlNotHttps'],
    ['another type', { type: 'email' }, 'push.channelUnknown'],
    ['a token of 257 characters', { token: 'x'.repeat(257) }, 'invalid'],
    ['an end in the past', { expiration: '1' }, 'invalid'],
    ['an unknown field', { ttl: '5' }, 'badRequest'],
  ])('with %s is refused', async (_what, more, reason) => {
    await ask.send('POST', watch, { ...wanted, id: 'used' })
    const answer = await ask.send('POST', watch, { ...wanted, ...more })
    expect([answer.status, reasonOf(answer)]).toEqual([400, reason])
    expect(fake.push.live()).toHaveLength(1)
  })

  test('is stopped by both its ids and by who opened it, once', async () => {
    fake.addUser({ address: 'ben@example.com' })
    const { body } = await ask.send('POST', watch, wanted)
    const ben = asking(fake, fake.grant('ben@example.com', ['calendar']).accessToken)
    const stop = '/calendar/v3/channels/stop'
    const both = { id: body.id, resourceId: body.resourceId }
    expect((await ask.send('POST', stop, { ...both, resourceId: 'other' })).status).toBe(404)
    expect((await ben.send('POST', stop, both)).status).toBe(404)
    expect((await ask.send('POST', stop, both)).status).toBe(204)
    expect((await ask.send('POST', stop, both)).status).toBe(404)
    fake.push.take()
    change()
    expect(fake.push.waiting).toEqual([])
  })
})

describe('A notification', () => {
  test('has headers and no body: sync first, then exists, with numbers that grow', async () => {
    const { body } = await ask.send('POST', watch, wanted)
    change()
    change()
    const seen: { headers: Record<string, string>; body: string; method: string }[] = []
    const statuses = await fake.push.deliver(async request => {
      seen.push({ headers: Object.fromEntries(request.headers), body: await request.text(), method: request.method })
      return new Response(null, { status: 204 })
    })
    expect(statuses).toEqual([204, 204, 204])
    expect(seen[0]).toMatchObject({
      method: 'POST',
      body: '',
      headers: {
        'x-goog-channel-id': 'channel-1',
        'x-goog-channel-token': 'secret',
        'x-goog-channel-expiration': 'Mon, 09 Mar 2026 08:00:00 GMT',
        'x-goog-resource-id': body.resourceId,
        'x-goog-resource-uri': body.resourceUri,
        'x-goog-resource-state': 'sync',
        'x-goog-message-number': '1',
      },
    })
    expect(seen.map(({ headers }) => headers['x-goog-resource-state'])).toEqual(['sync', 'exists', 'exists'])
    const numbers = seen.map(({ headers }) => Number(headers['x-goog-message-number']))
    expect(numbers[1]).toBeGreaterThan(2)
    expect(numbers[2]).toBeGreaterThan(numbers[1]!)
    expect(fake.push.waiting).toEqual([])
  })

  test('comes doubled, reversed or not at all where a test wants it', async () => {
    await ask.send('POST', watch, wanted)
    change()
    const numbers = (messages: readonly { headers: Readonly<Record<string, string>> }[]) =>
      messages.map(({ headers }) => headers['X-Goog-Message-Number'])
    const [first, second] = numbers(fake.push.waiting)
    expect(numbers(fake.push.take({ times: 2, order: 'reversed' }))).toEqual([second, second, first, first])
    for (let i = 0; i < 4; i++) change()
    const four = numbers(fake.push.waiting)
    expect(numbers(fake.push.take({ loseEvery: 2 }))).toEqual([four[0], four[2]])
    change()
    expect(fake.push.take({ loseEvery: 1 })).toEqual([])
  })

  test('stops with the channel, says not_exists when the calendar is gone, and can be forged', async () => {
    await ask.send('POST', watch, wanted)
    const [channel] = fake.push.live()
    fake.push.take()
    fake.deleteCalendar('ana@example.com')
    expect(fake.push.take().map(({ headers }) => headers['X-Goog-Resource-State'])).toEqual(['not_exists'])
    clock.advance(7 * dayMs)
    change()
    expect(fake.push.waiting).toEqual([])
    const forged = fake.push.message(channel!, 'exists', { 'X-Goog-Channel-Token': 'guessed' })
    expect(forged.headers['X-Goog-Channel-Token']).toBe('guessed')
  })
})
