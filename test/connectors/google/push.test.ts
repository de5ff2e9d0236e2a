import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ChannelWanted } from '../../../src/connectors/connector.ts'
import { dayMs } from '../../../src/domain/time/types.ts'
import { ana, type GoogleWorld, googleWorld, plenty, refOf, worldNow } from './google-world.ts'

let world: GoogleWorld
beforeEach(async () => {
  world = await googleWorld()
})
afterEach(() => world.close())

const wanted = (more: Partial<ChannelWanted> = {}): ChannelWanted => ({
  calendar: refOf(ana),
  channelId: 'channel-0001',
  secret: 'canary-secret',
  address: 'https://minutewise.example/hooks/google',
  lifecycleAddress: 'https://minutewise.example/hooks/google/lifecycle',
  untilAt: worldNow + 3 * dayMs,
  ...more,
})

describe('channels of Google', () => {
  it('opens one that notifies, until when Google says', async () => {
    const push = world.connect({ tier: 'basic' }).push!
    const channel = await push.subscribe(wanted(), plenty())
    expect(channel).toEqual({
      channelId: 'channel-0001',
      providerId: world.fake.push.live(ana)[0]?.resourceId,
      calendarId: ana,
      expiresAt: worldNow + 3 * dayMs,
    })
    expect(world.fake.push.live(ana)[0]).toMatchObject({ address: wanted().address, token: 'canary-secret' })
  })

  it('asks for a week at most and cannot be prolonged', async () => {
    const push = world.connect().push!
    const channel = await push.subscribe(wanted({ untilAt: worldNow + 90 * dayMs }), plenty())
    expect(channel.expiresAt).toBeLessThanOrEqual(worldNow + push.longestMs)
    expect([push.longestMs, push.renew]).toEqual([7 * dayMs, null])
    const [{ body = '' } = {}] = world.journal.requests.filter(({ path }) => path.includes('/watch'))
    expect(JSON.parse(body).expiration).toBe(String(worldNow + 7 * dayMs))
  })

  it('a new one is opened before the old one is stopped; one that is gone already is done', async () => {
    const push = world.connect().push!
    const old = await push.subscribe(wanted(), plenty())
    const fresh = await push.subscribe(wanted({ channelId: 'channel-0002' }), plenty())
    expect(world.fake.push.live(ana)).toHaveLength(2)
    await push.stop(old, plenty())
    await push.stop(old, plenty())
    expect(world.fake.push.live(ana).map(({ id }) => id)).toEqual([fresh.channelId])
  })

  it('an id that was used before is a conflict', async () => {
    const push = world.connect().push!
    await push.subscribe(wanted(), plenty())
    await expect(push.subscribe(wanted(), plenty())).rejects.toMatchObject({ code: 'conflict' })
  })

  it('an address Google does not take is rejected with what it has to be, and costs no token', async () => {
    const push = world.connect().push!
    const plainHttp = push.subscribe(wanted({ address: 'http://minutewise.example/hooks' }), plenty())
    await expect(plainHttp).rejects.toMatchObject({ code: 'rejected', message: expect.stringContaining('https') })
    const body = { error: { code: 401, errors: [{ reason: 'push.webhookUrlUnauthorized' }] } }
    world.fake.faults.add({ match: '/watch', action: { kind: 'status', status: 401, body } })
    await expect(push.subscribe(wanted(), plenty())).rejects.toMatchObject({ code: 'rejected' })
    expect(world.journal.count('POST /token')).toBe(0)
  })

  it('a calendar that is gone is not-found, a person without one no-mailbox, each after one question', async () => {
    const push = world.connect().push!
    const team = world.fake.addCalendar({ owner: ana, summary: 'Team' })
    world.fake.deleteCalendar(team.id)
    await expect(push.subscribe(wanted({ calendar: refOf(team.id) }), plenty())).rejects.toMatchObject({
      code: 'not-found',
    })
    world.fake.user(ana).isSuspended = true
    await expect(push.subscribe(wanted(), plenty())).rejects.toMatchObject({ code: 'no-mailbox' })
    expect(world.journal.count('/watch')).toBe(2)
  })

  it('free/busy can be notified too', async () => {
    await world.connect({ tier: 'free-busy' }).push!.subscribe(wanted(), plenty())
    expect(world.fake.push.live(ana)).toHaveLength(1)
  })
})
