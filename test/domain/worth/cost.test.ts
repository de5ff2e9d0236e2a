import { describe, expect, it } from 'vitest'
import type { Response } from '../../../src/domain/meetings/calendar-event.ts'
import type { Invitee, Roster } from '../../../src/domain/meetings/types.ts'
import { attendanceOf, defaultAttendance, expectedPeople } from '../../../src/domain/worth/attendance.ts'
import { type CostOptions, seriesCost } from '../../../src/domain/worth/cost.ts'
import { anEvent, anInvitee, aRoster, aSeries, company } from '../../support/build.ts'

const everybodyComes = { accepted: 1, tentative: 1, none: 1, declined: 1 }
const rate = 100_000 / 624

describe('golden numbers: eight people, ninety minutes', () => {
  it.each([
    { weeks: 52, hours: 624, impliedPerHour: 160.25641 },
    { weeks: 50, hours: 600, impliedPerHour: 166.66667 },
    { weeks: 48, hours: 576, impliedPerHour: 173.61111 },
    { weeks: 46, hours: 552, impliedPerHour: 181.15942 },
  ])('$weeks weeks are $hours person-hours; $100,000 implies $impliedPerHour an hour', row => {
    const cost = costOf(architectureReview(row.weeks), { weeks: row.weeks, rates: ratesAt(row.impliedPerHour) })
    expect(cost.hoursInWindow.expected).toBeCloseTo(row.hours, 6)
    expect(relative(cost.moneyInWindow.expected, 100_000)).toBeLessThan(1e-4)
  })

  it.each([
    [100, 62_400],
    [125, 78_000],
    [150, 93_600],
  ])('624 hours at $%i are $%i a year', (perHour, money) => {
    const cost = costOf(architectureReview(52), { weeks: 52, rates: ratesAt(perHour) })
    expect(cost.moneyPerYear.expected).toBeCloseTo(money, 4)
  })

  it('26 weeks are 312 hours and $50,000; one occurrence 12 hours and $1,923.08; the year follows from the half', () => {
    const cost = costOf(architectureReview(26), { weeks: 26, rates: ratesAt(rate) })
    expect(cost.hoursInWindow.expected).toBeCloseTo(312, 6)
    expect(cost.moneyInWindow.expected).toBeCloseTo(50_000, 4)
    expect(cost.hoursPerOccurrence.expected).toBeCloseTo(12, 6)
    expect(cost.moneyPerOccurrence.expected).toBeCloseTo(1_923.08, 2)
    expect(cost.hoursPerWeek.expected).toBeCloseTo(12, 6)
    expect(cost.moneyPerYear.expected).toBeCloseTo(100_000, 3)
  })

  it('five accepted, one tentative, one silent and one declined are 5.55 people, 8.325 hours and $1,334.13', () => {
    const responses: Response[] = [
      'accepted',
      'accepted',
      'accepted',
      'accepted',
      'accepted',
      'tentative',
      'none',
      'declined',
    ]
    const roster = rosterOf(responses.map(response => invitee({ response })))
    expect(expectedPeople(roster, defaultAttendance).expected).toBeCloseTo(5.55, 6)
    const cost = costOf(series(roster, 1), { weeks: 1, rates: ratesAt(rate), attendance: defaultAttendance })
    expect(cost.hoursPerOccurrence.expected).toBeCloseTo(8.325, 6)
    expect(relative(cost.moneyPerOccurrence.expected, 1_334.13)).toBeLessThan(1e-4)
    expect(cost.hoursPerOccurrence.low).toBeCloseTo(4.55 * 1.5, 6)
    expect(cost.hoursPerOccurrence.high).toBeCloseTo(6.55 * 1.5, 6)
  })
})

describe('attendance', () => {
  it.each([
    ['accepted', { low: 0.9, expected: 0.9, high: 0.9 }],
    ['tentative', { low: 0, expected: 0.5, high: 1 }],
    ['none', { low: 0, expected: 0.5, high: 1 }],
    ['declined', { low: 0.05, expected: 0.05, high: 0.05 }],
  ] as const)('%s -> %o', (response, range) => {
    expect(attendanceOf(invitee({ response }), defaultAttendance)).toEqual(range)
  })

  it('counts a silent organizer as accepted and a declining one as declined', () => {
    expect(attendanceOf(invitee({ response: 'none', isOrganizer: true }), defaultAttendance).low).toBe(0.9)
    expect(attendanceOf(invitee({ response: 'declined', isOrganizer: true }), defaultAttendance).expected).toBe(0.05)
  })
})

describe('what a cost is honest about', () => {
  const everybody = {
    address: 'all@lantern.example',
    members: { low: 0, expected: 10, high: 30 },
    sizeKnown: true,
    guessed: false,
  }

  it('gives a group address as an interval', () => {
    const cost = costOf(series(aRoster(['ana'], { groups: [everybody] }), 1), { weeks: 1 })
    expect(cost.hoursPerOccurrence).toEqual({ low: 1.5, expected: 16.5, high: 46.5 })
    expect(cost.lowerBound).toBe(false)
  })

  it.each([
    ['a cut list', aRoster(['ana', 'ben'], { truncated: true })],
    ['no list', aRoster([], { known: false })],
    [
      'a group nobody can count',
      aRoster(['ana'], { groups: [{ ...everybody, members: { low: 0, expected: 0, high: 1 }, sizeKnown: false }] }),
    ],
  ])('%s -> a lower bound', (_, roster) => {
    expect(costOf(series(roster, 2), { weeks: 1 }).lowerBound).toBe(true)
  })

  it('counts one person where nobody is listed, and me where it is my calendar', () => {
    const unlisted = series(aRoster([], { known: false }), 4)
    const cost = costOf(unlisted, { weeks: 4, me: company.ana.address })
    expect(cost.hoursPerWeek).toEqual({ low: 1.5, expected: 1.5, high: 1.5 })
    expect(cost.myMinutesPerWeek).toBe(90)
  })

  it('says nothing about my minutes when it is no one’s audit, and zero when I am not invited', () => {
    expect(costOf(architectureReview(4), { weeks: 4 }).myMinutesPerWeek).toBeNull()
    expect(costOf(architectureReview(4), { weeks: 4, me: company.maya.address }).myMinutesPerWeek).toBe(0)
    expect(costOf(architectureReview(4), { weeks: 4, me: company.ana.address }).myMinutesPerWeek).toBe(90)
  })

  it('does not project a one-off on a year', () => {
    const oneOff = { ...architectureReview(1), recurring: false }
    const cost = costOf(oneOff, { weeks: 26, rates: ratesAt(100) })
    expect(cost.moneyPerYear.expected).toBe(1_200)
  })

  it('charges each occurrence by the people it had', () => {
    const [first, second] = architectureReview(2).meetings
    const changed = { ...architectureReview(2), meetings: [first!, { ...second!, roster: aRoster(['ana', 'ben']) }] }
    expect(costOf(changed, { weeks: 2 }).hoursInWindow.expected).toBe(12 + 3)
  })

  it('prices by band, so two people of one band cost the same', () => {
    const rates = { ...ratesAt(50), perHour: new Map([['senior', 100]]) }
    const cost = costOf(series(aRoster(['ana', 'dev', 'ben']), 1), { weeks: 1, rates })
    expect(cost.moneyPerOccurrence.expected).toBe(1.5 * (100 + 100 + 50))
  })

  it('carries the focus cost it was given', () => {
    const review = architectureReview(4)
    const focus = new Map([[review.id, { minutesPerWeek: 300, myMinutesPerWeek: 210, calendars: 3 }]])
    expect(costOf(review, { weeks: 4, focus })).toMatchObject({ focusMinutesPerWeek: 300, myFocusMinutesPerWeek: 210 })
  })
})

function architectureReview(count: number) {
  return series(aRoster(['ana', 'ben', 'chloe', 'dev', 'ewa', 'femi', 'grace', 'hugo']), count)
}

function series(roster: Roster, count: number) {
  return aSeries({ event: anEvent({ title: 'Architecture review', minutes: 90 }), count, roster })
}

function costOf(of: ReturnType<typeof series>, given: Partial<CostOptions> & { weeks: number }) {
  return seriesCost(of, { rates: ratesAt(100), attendance: everybodyComes, me: null, ...given })
}

function ratesAt(perHour: number) {
  return { currency: 'USD', perHour: new Map<string, number>(), defaultPerHour: perHour, source: 'a test' }
}

function rosterOf(people: readonly Invitee[]): Roster {
  return aRoster(people)
}

function invitee(given: Partial<Invitee>): Invitee {
  return anInvitee('ben', given)
}

function relative(actual: number, expected: number): number {
  return Math.abs(actual - expected) / expected
}
