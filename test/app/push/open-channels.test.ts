import { afterEach, describe, expect, test } from 'vitest'
import { hashOfSecret } from '../../../src/app/push/channel-secret.ts'
import { stopChannels } from '../../../src/app/push/stop-channels.ts'
import { dayMs, hourMs, minuteMs } from '../../../src/domain/time/types.ts'
import {
  accountId,
  type GooglePush,
  type GraphPush,
  googlePush,
  graphPush,
  type PushWorld,
  publicUrl,
} from './push-world.ts'

const ana = 'ana@lamps.example'
const open: PushWorld[] = []
afterEach(async () => {
  for (const each of open.splice(0)) await each.close()
})

async function google(): Promise<GooglePush> {
  const world = await googlePush()
  open.push(world)
  return world
}

async function graph(): Promise<GraphPush> {
  const world = await graphPush()
  open.push(world)
  return world
}

const watches = ({ world }: GooglePush) => world.journal.count('/events/watch')

describe('a tick gives each selected calendar a channel', () => {
  test('at the provider and in the store, where the secret is a hash', async () => {
    const push = await google()
    const { channels } = await push.tick()
    expect([channels.opened, channels.refused]).toEqual([1, []])
    const [live] = push.world.fake.push.live(ana)
    const [kept] = await push.channels()
    expect(kept).toEqual({
      accountId,
      calendarId: ana,
      channelId: live?.id,
      providerId: live?.resourceId,
      secretHash: await hashOfSecret(live?.token ?? ''),
      address: 'https://hooks.test/hooks/google',
      expiresAt: push.clock.now() + 7 * dayMs,
      nextAt: push.clock.now() + 6 * dayMs,
      status: 'open',
    })
    expect(live?.token).toMatch(/^[\w-]{43}$/)
    expect(JSON.stringify(kept)).not.toContain(live?.token)
  })

  test('at Graph after both doors were knocked at, and a second tick asks nothing', async () => {
    const push = await graph()
    expect((await push.tick()).channels.opened).toBe(1)
    const asked = push.world.served.journal.count('subscriptions')
    expect(push.world.fake.push.open).toHaveLength(1)
    await push.tick()
    expect(push.world.served.journal.count('subscriptions')).toBe(asked)
  })

  test('whose calendar is not selected any more is stopped', async () => {
    const push = await google()
    await push.tick()
    await push.mirror.selectCalendar({ accountId, calendarId: ana }, false)
    expect((await push.tick()).channels.stopped).toBe(1)
    expect([push.world.fake.push.live(), await push.channels()]).toEqual([[], []])
  })

  test('and another public address gets its own before the old one is stopped', async () => {
    const push = await google()
    await push.tick()
    push.world.journal.clear()
    const { channels } = await push.tick({ publicUrl: 'https://moved.test/minutewise' })
    expect([channels.opened, channels.stopped]).toEqual([1, 1])
    const asked = push.world.journal.requests.map(({ path }) => path.split('/').at(-1) ?? '')
    expect(asked.filter(word => word === 'watch' || word === 'stop')).toEqual(['watch', 'stop'])
    expect(push.world.fake.push.live(ana).map(({ address }) => address)).toEqual([
      'https://moved.test/minutewise/hooks/google',
    ])
  })
})

describe('eight days of ticks', () => {
  test.each([
    ['Google, which prolongs nothing', google, 15],
    ['Graph, which prolongs', graph, 15],
  ] as const)(
    'leave no gap longer than the poll and at most two live channels: %s',
    async (_name, begin, tickMinutes) => {
      const push = await begin()
      await push.tick()
      const firstId = (await push.channels())[0]?.providerId
      let longestGap = 0
      let rounds = 0
      let unheardMs = 0
      for (let passed = 0; passed < 8 * dayMs; passed += tickMinutes * minuteMs) {
        push.clock.advance(tickMinutes * minuteMs)
        await push.tick()
        const live = 'live' in push.world.fake.push ? push.world.fake.push.live() : push.world.fake.push.open
        expect(live.length).toBeLessThanOrEqual(2)
        if (live.length === 0) unheardMs += tickMinutes * minuteMs
        const { sync } = await push.calendar()
        if (sync.asOf === push.clock.now()) rounds++
        longestGap = Math.max(longestGap, push.clock.now() - (sync.asOf ?? 0))
      }
      expect(unheardMs).toBe(0)
      expect(longestGap).toBeLessThanOrEqual(hourMs)
      const [kept, ...more] = await push.channels()
      expect([more, kept?.expiresAt]).toEqual([[], expect.toSatisfy((at: number) => at > push.clock.now() + dayMs)])
      // told, they are asked once an hour and not every quarter of one
      expect(rounds).toBeLessThanOrEqual(8 * 24 + 2)
      if (begin === google) expect(kept?.providerId).not.toBe(firstId)
      else expect(kept?.providerId).toBe(firstId)
    },
    60_000,
  )

  test('in which nobody looked end with a new channel and a look at the calendar', async () => {
    const push = await google()
    await push.tick()
    push.change('While nobody listened')
    push.world.fake.push.take()
    push.clock.advance(8 * dayMs)
    const before = push.pulls()
    expect((await push.tick()).channels.opened).toBe(1)
    expect(push.pulls()).toBeGreaterThan(before)
    expect(await push.channels()).toHaveLength(1)
  })
})

describe('the poll is the net', () => {
  test('a notification that is lost is caught within the hour, and one that arrives at once', async () => {
    const push = await google()
    await push.tick()
    await push.world.fake.push.deliver(push.receive)
    await push.tick()
    push.change('Lost')
    push.world.fake.push.take({ loseEvery: 1 })
    const before = push.pulls()
    push.clock.advance(59 * minuteMs)
    await push.tick()
    expect(push.pulls()).toBe(before)
    push.clock.advance(minuteMs)
    await push.tick()
    expect(push.pulls()).toBe(before + 1)
    push.change('Heard')
    await push.world.fake.push.deliver(push.receive)
    await push.tick()
    expect(push.pulls()).toBe(before + 2)
    expect(await push.mirror.countItems({ accountId, calendarId: ana })).toBe(2)
  })

  test('a calendar without a channel is polled every quarter of an hour', async () => {
    const push = await google()
    push.world.fake.faults.add({ match: '/watch', times: 99, action: denied })
    await push.tick()
    const before = push.pulls()
    for (let quarter = 0; quarter < 4; quarter++) {
      push.clock.advance(15 * minuteMs)
      await push.tick()
    }
    expect(push.pulls()).toBe(before + 4)
  })

  test('what is said during a round is looked at after it', async () => {
    const push = await google()
    await push.tick()
    await push.world.fake.push.deliver(push.receive)
    await push.tick()
    push.change('First')
    await push.world.fake.push.deliver(push.receive)
    const mirror = {
      ...push.mirror,
      // between the provider's answer and the store the calendar changes again
      async applyStep(step: Parameters<typeof push.mirror.applyStep>[0]) {
        push.change('Second')
        await push.world.fake.push.deliver(push.receive)
        return await push.mirror.applyStep(step)
      },
    }
    await push.tick({ mirror })
    await push.tick()
    expect(await push.mirror.countItems({ accountId, calendarId: ana })).toBe(2)
  })
})

describe('what a provider refuses', () => {
  test.each([
    ['denied', { kind: 'status', status: 403, body: { error: { code: 403, errors: [{ reason: 'forbidden' }] } } }],
    ['not-found', { kind: 'status', status: 404, body: { error: { code: 404, errors: [{ reason: 'notFound' }] } } }],
    [
      'an address it does not take',
      {
        kind: 'status',
        status: 401,
        body: { error: { code: 401, errors: [{ reason: 'push.webhookUrlUnauthorized' }] } },
      },
    ],
  ] as const)('is asked for once a day, and no sync fails of it: %s', async (_what, action) => {
    const push = await google()
    push.world.fake.faults.add({ match: '/watch', times: 99, action })
    const { run, channels } = await push.tick()
    expect(run.calendars.map(({ outcome }) => outcome.result)).toEqual(['done'])
    expect(channels.refused.map(({ calendar }) => calendar.id)).toEqual([ana])
    for (let hour = 0; hour < 23; hour++) {
      push.clock.advance(hourMs)
      await push.tick()
    }
    expect(watches(push)).toBe(1)
    push.clock.advance(hourMs)
    await push.tick()
    expect(watches(push)).toBe(2)
    push.world.fake.faults.clear()
    await push.tick({ askedFor: true })
    expect((await push.channels()).map(({ status }) => status)).toEqual(['open'])
  })

  test('for now is tried again after a quarter of an hour', async () => {
    const push = await google()
    push.world.fake.faults.add({ match: '/watch', times: 1, action: { kind: 'status', status: 503, body: {} } })
    await push.tick()
    const before = watches(push)
    await push.tick()
    expect(watches(push)).toBe(before)
    push.clock.advance(15 * minuteMs)
    await push.tick()
    expect(push.world.fake.push.live(ana)).toHaveLength(1)
  })

  test('to stop is marked, tried again later, and keeps a third channel from being opened', async () => {
    const push = await google()
    await push.tick()
    push.world.fake.faults.add({ match: '/channels/stop', times: 999, action: denied })
    push.clock.advance(6 * dayMs)
    await push.tick()
    expect((await push.channels()).map(({ status }) => status)).toEqual(['stopping', 'open'])
    await push.tick({ publicUrl: 'https://moved.test' })
    expect(push.world.fake.push.live(ana)).toHaveLength(2)
    const asked = push.world.journal.count('/channels/stop')
    await push.tick()
    expect(push.world.journal.count('/channels/stop')).toBe(asked)
    push.clock.advance(dayMs)
    await push.tick()
    expect((await push.channels()).map(({ status }) => status)).toEqual(['open'])
  })

  test('a Graph subscription that is gone when it is to be prolonged is replaced in the same tick', async () => {
    const push = await graph()
    await push.tick()
    const [before] = await push.channels()
    push.world.fake.push.lifecycle(before?.providerId ?? '', 'subscriptionRemoved')
    push.world.fake.push.drop()
    push.clock.advance(6 * dayMs)
    await push.tick()
    const [after, ...more] = await push.channels()
    expect(more).toEqual([])
    expect(after?.providerId).toBe(push.world.fake.push.open[0]?.id)
    expect(after?.providerId).not.toBe(before?.providerId)
  })
})

test('a calendar that is deleted is told so once: its channel is stopped and never asked for again', async () => {
  const push = await google()
  const team = push.world.fake.addCalendar({ owner: ana, summary: 'Team' })
  await push.tick()
  await push.mirror.selectCalendar({ accountId, calendarId: team.id }, true)
  await push.tick()
  expect(push.world.fake.push.live(team.id)).toHaveLength(1)
  push.world.fake.push.take()
  push.world.fake.deleteCalendar(team.id)
  await push.world.fake.push.deliver(push.receive)
  await push.tick()
  const before = push.world.journal.count(`${encodeURIComponent(team.id)}/events/watch`)
  for (let hour = 0; hour < 72; hour++) {
    push.clock.advance(hourMs)
    await push.tick()
  }
  expect(push.world.journal.count(`${encodeURIComponent(team.id)}/events/watch`)).toBe(before)
  expect((await push.channels()).map(({ calendarId }) => calendarId)).toEqual([ana])
  expect(push.world.fake.push.live(team.id)).toEqual([])
})

describe('an answer that was lost', () => {
  test('is learned from the first notification of the channel', async () => {
    const push = await google()
    push.world.fake.faults.add({ match: '/watch', action: { kind: 'lost-answer' } })
    await push.tick()
    expect((await push.channels()).map(({ status }) => status)).toEqual(['opening'])
    await push.world.fake.push.deliver(push.receive)
    const [live] = push.world.fake.push.live(ana)
    expect(await push.channels()).toMatchObject([{ status: 'open', providerId: live?.resourceId, channelId: live?.id }])
    await push.tick()
    expect(watches(push)).toBe(1)
  })

  test('with that lost too, the same id is tried again: never more than two may live', async () => {
    const push = await google()
    push.world.fake.faults.add({ match: '/watch', action: { kind: 'lost-answer' } })
    await push.tick()
    push.world.fake.push.take()
    for (let tick = 0; tick < 8; tick++) {
      push.clock.advance(hourMs)
      await push.tick()
    }
    expect(watches(push)).toBe(3)
    expect(push.world.fake.push.live(ana)).toHaveLength(2)
    expect((await push.channels()).map(({ status }) => status)).toEqual(['stopping', 'open'])
    push.clock.advance(7 * dayMs)
    await push.tick()
    expect((await push.channels()).map(({ status }) => status)).toEqual(['open'])
  })

  test('by a death in the middle leaves a note, and the next tick opens one', async () => {
    const push = await google()
    const dying = {
      ...push.mirror,
      async saveChannel(channel: Parameters<typeof push.mirror.saveChannel>[0]) {
        if (channel.status === 'open') throw new Error('Died before it could write the answer down.')
        await push.mirror.saveChannel(channel)
      },
    }
    await expect(push.tick({ mirror: dying })).rejects.toThrow('Died')
    push.clock.advance(5 * minuteMs)
    await push.world.fake.push.deliver(push.receive)
    await push.tick()
    expect(push.world.fake.push.live(ana)).toHaveLength(1)
    expect((await push.channels()).map(({ status }) => status)).toEqual(['open'])
  })
})

test('a tick whose requests are spent opens its channel in the next', async () => {
  const push = await google()
  await push.tick()
  push.clock.advance(7 * dayMs)
  await push.tick({ requests: 0 })
  expect(await push.channels()).toEqual([])
  await push.tick()
  expect((await push.channels()).map(({ status }) => status)).toEqual(['open'])
})

describe('the end of listening', () => {
  test.each([
    ['Google', google],
    ['Graph', graph],
  ] as const)('stops what is open at %s and has the calendars polled again', async (_name, begin) => {
    const push = await begin()
    await push.tick()
    await push.tick()
    expect((await push.calendar()).sync.nextAt).not.toBeNull()
    const connection = push.world
    const budget = { requests: 100, untilAt: Number.MAX_SAFE_INTEGER }
    const deps = {
      mirror: push.mirror,
      clock: push.clock,
      connectionOf: async () => ('connection' in connection ? connection.connection : connection.connect()),
    }
    expect(await stopChannels(deps, { publicUrl: 'https://somebody-elses.test', budget })).toEqual({ stopped: 0 })
    expect(await push.channels()).toHaveLength(1)
    expect(await stopChannels(deps, { publicUrl, budget })).toEqual({ stopped: 1 })
    expect(await push.channels()).toEqual([])
    expect('live' in push.world.fake.push ? push.world.fake.push.live() : push.world.fake.push.open).toEqual([])
    expect((await push.calendar()).sync.nextAt).toBeNull()
  })

  test('marks what cannot be stopped, for the next run that listens', async () => {
    const push = await google()
    await push.tick()
    push.world.fake.faults.add({ match: '/channels/stop', times: 9, action: denied })
    const deps = { mirror: push.mirror, clock: push.clock, connectionOf: async () => push.world.connect() }
    const budget = { requests: 100, untilAt: Number.MAX_SAFE_INTEGER }
    expect(await stopChannels(deps, { publicUrl, budget })).toEqual({ stopped: 0 })
    expect((await push.channels()).map(({ status }) => status)).toEqual(['stopping'])
    push.world.fake.faults.clear()
    await push.tick()
    expect((await push.channels()).map(({ status }) => status)).toEqual(['open'])
    expect(push.world.fake.push.live(ana)).toHaveLength(1)
  })
})

const denied = {
  kind: 'status',
  status: 403,
  body: { error: { code: 403, errors: [{ reason: 'forbidden' }] } },
} as const
