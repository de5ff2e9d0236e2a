import { afterEach, describe, expect, test } from 'vitest'
import { dayMs, hourMs, minuteMs } from '../../src/domain/time/types.ts'
import { type GooglePush, type GraphPush, googlePush, graphPush, publicUrl } from '../app/push/push-world.ts'
import { ana } from '../connectors/google/google-world.ts'

// More of both, and what else providers say: test/app/push and test/http/webhooks.test.ts.
let push: GooglePush | GraphPush
afterEach(() => push.close())

describe('13: being told goes on', () => {
  test.each([
    ['Google, which prolongs nothing', googlePush],
    ['Microsoft, which prolongs', graphPush],
  ] as const)(
    '13: for more than the week a channel lives, without a gap and with two channels at most: %s',
    async (_, begin) => {
      push = await begin()
      const { push: desk } = push.world.fake
      const live = () => ('live' in desk ? desk.live() : desk.open).length
      await push.tick()
      for (let passed = 0; passed < 8 * dayMs; passed += hourMs) {
        push.clock.advance(hourMs)
        // before the tick too: a channel that is only mended when it is over leaves a gap
        expect(live()).toBeGreaterThanOrEqual(1)
        await push.tick()
        expect([1, 2]).toContain(live())
        expect(push.clock.now() - ((await push.calendar()).sync.asOf ?? 0)).toBeLessThanOrEqual(hourMs)
      }
      expect(await push.channels()).toHaveLength(1)
      expect((await push.channels())[0]!.expiresAt).toBeGreaterThan(push.clock.now())
    },
    60_000,
  )

  test('13: a calendar whose channels all went dark is polled as ever', async () => {
    const google = await googlePush()
    push = google
    await push.tick()
    google.world.fake.faults.add({ match: '/watch', times: 1e9, action: { kind: 'status', status: 500 } })
    push.clock.advance(8 * dayMs)
    await push.tick()
    push.change('While nobody listened')
    google.world.fake.push.take()
    push.clock.advance(20 * minuteMs)
    await push.tick()
    expect(await push.mirror.countItems({ accountId: push.account.id, calendarId: ana })).toBe(1)
  })
})

describe('14: a notification says "look now" and nothing else', () => {
  const asked = async () => (await push.calendar()).sync.nextAt === null

  async function listening(): Promise<GooglePush> {
    const google = await googlePush()
    push = google
    await google.tick()
    await google.world.fake.push.deliver(google.receive)
    await google.tick()
    return google
  }
  async function knock(google: GooglePush, state: string, forged: Readonly<Record<string, string>> = {}) {
    const [channel] = google.world.fake.push.live(ana)
    const { headers } = google.world.fake.push.message(channel!, state, forged)
    return await google.receive(new Request(`${publicUrl}/hooks/google`, { method: 'POST', headers }))
  }

  test.each([
    ['exists', {}, true],
    ['not_exists', {}, true],
    ['a_state_of_next_year', {}, true],
    // the greeting of a new channel is no change
    ['sync', {}, false],
    ['exists', { 'X-Goog-Channel-Token': 'x'.repeat(43) }, false],
    ['exists', { 'X-Goog-Channel-ID': 'nobody' }, false],
  ])('14: of state %s with %j → %s', async (state, forged, looks) => {
    const google = await listening()
    const { status } = await knock(google, state, forged)
    expect([status, await asked()]).toEqual([204, looks])
  })

  test('14: on a channel whose time is over means nothing', async () => {
    const google = await listening()
    const [channel] = google.world.fake.push.live(ana)
    const { headers } = google.world.fake.push.message(channel!, 'exists')
    push.clock.advance((await push.channels())[0]!.expiresAt - push.clock.now())
    const answer = await push.receive(new Request(`${publicUrl}/hooks/google`, { method: 'POST', headers }))
    expect([answer.status, await asked()]).toEqual([204, false])
  })

  test('14: a hundred times is at most two questions, and the change is in', async () => {
    const google = await listening()
    google.change('Planning')
    const before = google.pulls()
    await google.world.fake.push.deliver(google.receive, { times: 100, order: 'shuffled' })
    await google.tick()
    await google.tick()
    expect(google.pulls() - before).toBeLessThanOrEqual(2)
    expect(await google.mirror.countItems({ accountId: google.account.id, calendarId: ana })).toBe(1)
  })
})

test('also worth it: 4230 or 10080 minutes: what the provider grants is what counts, however much was asked for', async () => {
  const graph = await graphPush()
  push = graph
  const granted = push.clock.now() + 4_230 * minuteMs
  graph.world.fake.faults.add({
    match: 'POST /v1.0/subscriptions',
    action: {
      kind: 'status',
      status: 201,
      body: {
        id: '7f105c7d-2dc5-4530-97cd-4e7ae6534c07',
        resource: 'me/events',
        changeType: 'created,updated,deleted',
        expirationDateTime: new Date(granted).toISOString(),
        notificationUrl: `${publicUrl}/hooks/graph`,
      },
    },
  })
  await push.tick()
  expect((await push.channels()).map(({ expiresAt }) => expiresAt)).toEqual([granted])
  // renewed before its own end, which is long before the one that was asked for
  push.clock.advance(4_230 * minuteMs - 2 * hourMs)
  await push.tick()
  const [kept] = await push.channels()
  expect(kept!.expiresAt).toBeGreaterThan(granted)
  expect(graph.world.fake.push.open).toHaveLength(1)
})
