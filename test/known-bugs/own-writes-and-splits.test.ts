import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { applyWrites } from '../../src/app/write-back/apply-writes.ts'
import { planWrites } from '../../src/app/write-back/plan-writes.ts'
import { dayMs } from '../../src/domain/time/types.ts'
import { attendee } from '../fakes/graph/people.ts'
import { ana, anHour, ben, type LiveWorld, liveWorld, seen, worldNow } from './live-world.ts'

let world: LiveWorld
beforeEach(async () => {
  world = await liveWorld()
})
afterEach(() => world.close())

describe('the echo of our own writing', () => {
  async function addBlock() {
    const deps = {
      accounts: { mirror: world.mirror, connectionOf: world.connectionOf },
      tenant: 'local',
      now: world.clock.now,
      budget: { requests: 1_000, untilAt: Number.MAX_SAFE_INTEGER },
    }
    const plan = await planWrites(deps, [
      {
        kind: 'add-block',
        account: null,
        calendar: null,
        startWall: Date.parse('2026-03-04T09:00:00Z'),
        endWall: Date.parse('2026-03-04T11:00:00Z'),
        zone: 'Europe/Madrid',
        title: 'Time to think',
        blockKind: 'focus',
        purpose: 'focus',
        why: 'Keeps the morning free.',
        avoidMeetings: true,
      },
    ])
    const { outcomes } = await applyWrites(deps, plan)
    return [...plan.refusals.map(({ reason }) => reason), ...outcomes.map(({ state }) => state)]
  }

  test.each([
    [
      'Google',
      () => world.addGoogle(ana, { tier: 'write-back' }),
      () => world.google.user(ana).calendar.truth().length,
    ],
    ['Microsoft', () => world.addMicrosoft(ana, { tier: 'write-back' }), () => world.graph.mailbox(ana).keys().length],
  ] as const)(
    'also worth it: at %s a block comes back as ours, once, and leads to no other',
    async (_, begin, onCalendar) => {
      const account = await begin()
      await world.sync()
      expect(await addBlock()).toEqual(['confirmed'])
      for (let round = 0; round < 4; round++) {
        await world.sync()
        expect(onCalendar()).toBe(1)
        expect(await world.kept(account)).toHaveLength(1)
        expect(await addBlock()).toEqual(['already-there'])
      }
      const last = await world.sync()
      expect(last.calendars[0]?.outcome).toMatchObject({ written: 0, removed: 0 })
      const { occurrences } = await world.read({ me: ana })
      expect(occurrences.map(({ rule }) => rule)).toEqual(['focus-time'])
      expect((await world.audit({ me: ana })).counts.meetings).toBe(0)
    },
  )
})

describe('a series that was cut by "this and following"', () => {
  test.each([
    ['inside the window', '2026-02-03', '2026-03-17'],
    ['before the window', '2024-01-02', '2024-06-04'],
  ])('also worth it: at Google, %s, is every meeting once', async (_, from, cut) => {
    const account = await world.addGoogle()
    const { calendar } = world.google.user(ana)
    const { id = '' } = calendar.insert({
      ...anHour('Lamp review', `${from}T09:00Z`),
      recurrence: ['RRULE:FREQ=WEEKLY'],
      attendees: [ana, ben].map(email => ({ email, responseStatus: 'accepted' })),
    })
    await world.sync()
    const offset = cut.startsWith('2024-06') ? '11:00:00+02:00' : '10:00:00+01:00'
    const at = cut.startsWith('2024-06') ? `${cut}T10:00:00+02:00` : `${cut}T${offset}`
    calendar.splitSeries(id!, at, { summary: 'Lamp review, longer' })
    const truth = calendar.occurrences(seen).length
    for (const how of ['by an increment', 'anew'] as const) {
      await world.sync()
      const shown = await world.shown(account)
      expect(shown, how).toHaveLength(truth)
      expect(new Set(shown.map(each => each.slice(0, 10))).size, how).toBe(truth)
      calendar.expireTokens()
    }
    // and one series to whoever reads the audit
    expect((await world.audit({ me: ana })).series).toHaveLength(1)
  })

  test('also worth it: at Microsoft, which gives the later part a UID of its own', async () => {
    const account = await world.addMicrosoft()
    const mailbox = world.graph.mailbox(ana)
    const key = mailbox.createSeries({
      subject: 'Lamp review',
      start: '2024-01-02T10:00',
      end: '2024-01-02T11:00',
      pattern: { type: 'weekly', daysOfWeek: ['tuesday'] },
      attendees: [attendee(ana), attendee(ben)],
    })
    await world.sync()
    mailbox.split(key, '2026-03-17', { subject: 'Lamp review, longer' })
    const truth = mailbox.truth(seen).length
    await world.sync()
    const shown = await world.shown(account)
    expect(shown).toHaveLength(truth)
    expect(new Set(shown.map(each => each.slice(0, 10))).size).toBe(truth)
    expect((seen.endAt - worldNow) / dayMs).toBeGreaterThan(90)
  })
})
