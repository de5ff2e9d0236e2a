import fc from 'fast-check'
import { expect, test } from 'vitest'
import { virtualClock } from '../kit/clock.ts'
import { allPages, asking, itemsOf } from './asking.ts'
import type { FakeCalendar } from './fake-calendar.ts'
import { GoogleError } from './google-error.ts'
import { createGoogleFake } from './google-fake.ts'

const events = '/calendar/v3/calendars/primary/events'
const day = (number: number) => `2026-03-${String(number).padStart(2, '0')}`

type Step = readonly [what: number, which: number, day: number]

/** One change somebody makes; what the service would refuse changes nothing. */
function change(calendar: FakeCalendar, [what, which, on]: Step): void {
  const all = calendar.all()
  const event = all[which % Math.max(1, all.length)]
  const times = { start: { date: day(on) }, end: { date: day(on + 1) } }
  try {
    if (what === 0 || event === undefined) calendar.insert({ ...times, summary: 'One' })
    else if (what === 1) calendar.insert({ ...times, recurrence: ['RRULE:FREQ=DAILY;COUNT=9'] })
    else if (what === 2) calendar.delete(event.id)
    else if (what === 3) calendar.patch(event.id, times)
    else if (what === 4) calendar.cancelInstance(event.id, day(on))
    else if (what === 5) calendar.changeInstance(event.id, day(on), { summary: 'Special' })
    else if (what === 6) calendar.splitSeries(event.id, day(on))
    else calendar.setVisibility(event.id, on % 2 === 0 ? 'private' : 'default')
  } catch (error) {
    if (!(error instanceof GoogleError)) throw error
  }
}

const step = fc.tuple(fc.nat(7), fc.nat(50), fc.integer({ min: 2, max: 28 }))

test('Increments laid over an earlier full list, and a fresh full list, are both the truth', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), fc.array(step, { maxLength: 25 }), async (before, after) => {
      const fake = createGoogleFake({ clock: virtualClock(Date.UTC(2026, 2, 2)), settings: { pageSize: 5 } })
      const { calendar } = fake.addUser({ address: 'ana@example.com' })
      const ask = asking(fake, fake.grant('ana@example.com', ['calendar']).accessToken)
      for (const each of before) change(calendar, each)
      const first = await allPages(ask, events)
      const known = new Map(first.items.map(item => [String(item.id), item]))
      for (const each of after) change(calendar, each)

      let path = `${events}?syncToken=${first.syncToken}`
      for (let done = false; !done; ) {
        const answer = await ask.get(path)
        for (const item of itemsOf(answer)) {
          const id = String(item.id)
          known.set(id, item)
          if (item.status !== 'cancelled' || item.recurringEventId !== undefined) continue
          known.delete(id)
          for (const other of [...known.values()]) if (other.recurringEventId === id) known.delete(String(other.id))
        }
        path = `${events}?pageToken=${answer.body.nextPageToken}`
        done = answer.body.nextPageToken === undefined
      }
      // exceptions that were told after their series was gone belong to nothing
      for (const item of [...known.values()]) {
        const series = item.recurringEventId
        if (series !== undefined && calendar.find(String(series))?.isCancelled) known.delete(String(item.id))
      }
      const fresh = new Map((await allPages(ask, events)).items.map(item => [String(item.id), item]))
      expect([...fresh.keys()].sort()).toEqual(calendar.truth().map(({ id }) => id))
      expect(known).toEqual(fresh)
      expect(fake.violations).toEqual([])
    }),
    { numRuns: 30 },
  )
})
