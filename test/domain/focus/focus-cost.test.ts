import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dayFocus } from '../../../src/domain/focus/day.ts'
import { focusCosts, type PersonCalendar } from '../../../src/domain/focus/focus-cost.ts'
import { defaultWorkingHours } from '../../../src/domain/focus/week.ts'
import type { Interval } from '../../../src/domain/time/types.ts'
import { workingIntervals } from '../../../src/domain/time/working-hours.ts'
import { at, company, zone } from '../../support/build.ts'

const window = { startAt: at('2026-03-16'), endAt: at('2026-03-23') }
const me = company.ana.address

describe('what a series takes from focus time', () => {
  it('half an hour in the middle of three and a half free hours takes all of them', () => {
    const costs = costsOf([meeting('lunch', '12:30', 270), meeting('sync', '10:30', 30)])
    expect(costs.get('sync')).toEqual({ minutesPerWeek: 210, myMinutesPerWeek: 210, calendars: 1 })
  })

  it('a meeting at the edge of a long gap takes its own length', () => {
    expect(costsOf([meeting('early', '9:00', 60)]).get('early')!.minutesPerWeek).toBe(60)
  })

  it('one of two meetings at the same time takes nothing, since the other stays', () => {
    const costs = costsOf([meeting('a', '12:00', 60), meeting('b', '12:00', 60)])
    expect(costs.get('a')!.minutesPerWeek).toBe(0)
    expect(costs.get('b')!.minutesPerWeek).toBe(0)
  })

  it('leaves out all meetings of the series on a day together', () => {
    const costs = costsOf([meeting('a', '10:00', 30), meeting('a', '12:00', 30), meeting('rest', '13:00', 240)])
    // Without both: 9 to 13 free, 240 minutes. With both: 60, 90 and 30.
    expect(costs.get('a')!.minutesPerWeek).toBe(240)
  })

  it('time off stays in the way', () => {
    const away = [{ startAt: at('2026-03-16 13:00'), endAt: at('2026-03-16 17:00') }]
    expect(costsOf([meeting('a', '12:00', 120)], { away }).get('a')!.minutesPerWeek).toBe(60)
  })

  it('sums over the people whose calendars are known and keeps my part apart', () => {
    const meetings = [meeting('a', '9:00', 60)]
    const calendars = [calendar(meetings), calendar(meetings, { id: company.ben.address })]
    expect(focusCosts(calendars, { window, weeks: 2, me }).get('a')).toEqual({
      minutesPerWeek: 60,
      myMinutesPerWeek: 30,
      calendars: 2,
    })
    expect(focusCosts(calendars, { window, weeks: 2, me: null }).get('a')!.myMinutesPerWeek).toBeNull()
  })

  it('reads each person’s day on their own wall', () => {
    const meetings = [meeting('a', '20:00', 60)]
    expect(costsOf(meetings).get('a')!.minutesPerWeek).toBe(0)
    expect(costsOf(meetings, { zone: zone('America/New_York') }).get('a')!.minutesPerWeek).toBe(60)
  })

  it('does not know series outside the window', () => {
    expect(costsOf([{ startAt: at('2026-05-04 10:00'), endAt: at('2026-05-04 11:00'), seriesId: 'later' }]).size).toBe(
      0,
    )
  })

  it('agrees with taking each series out of the week and counting again', () => {
    const aMeeting = fc.record({
      seriesId: fc.constantFrom('a', 'b', 'c', 'd'),
      day: fc.integer({ min: 0, max: 6 }),
      quarter: fc.integer({ min: 30, max: 70 }),
      quarters: fc.integer({ min: 0, max: 12 }),
    })
    fc.assert(
      fc.property(fc.array(aMeeting, { maxLength: 14 }), drawn => {
        const meetings = drawn.map(({ seriesId, day, quarter, quarters }) => {
          const startAt = window.startAt + day * 86_400_000 + quarter * 900_000
          return { seriesId, startAt, endAt: startAt + quarters * 900_000 }
        })
        const costs = costsOf(meetings)
        for (const [seriesId, { minutesPerWeek }] of costs) {
          const without = meetings.filter(each => each.seriesId !== seriesId)
          expect(minutesPerWeek).toBeCloseTo(focusMinutes(without) - focusMinutes(meetings), 6)
        }
      }),
      { numRuns: 300, seed: 20_260_316 },
    )
  })
})

function focusMinutes(meetings: readonly Interval[]): number {
  return workingIntervals(defaultWorkingHours, zone('UTC'), window)
    .map(day => dayFocus(day, meetings).focusMinutes)
    .reduce((sum, minutes) => sum + minutes, 0)
}

function costsOf(meetings: PersonCalendar['meetings'], given: Partial<PersonCalendar> = {}) {
  return focusCosts([calendar(meetings, given)], { window, weeks: 1, me })
}

function calendar(meetings: PersonCalendar['meetings'], given: Partial<PersonCalendar> = {}): PersonCalendar {
  return { id: me, hours: defaultWorkingHours, zone: zone('UTC'), meetings, ...given }
}

function meeting(seriesId: string, time: string, minutes: number) {
  const startAt = at(`2026-03-16 ${time.padStart(5, '0')}`)
  return { seriesId, startAt, endAt: startAt + minutes * 60_000 }
}
