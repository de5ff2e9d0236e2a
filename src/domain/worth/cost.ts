import type { PersonId, Range, Roster, Series, SeriesId } from '../meetings/types.ts'
import { attendanceOf, isLowerBound } from './attendance.ts'
import { rateOf } from './rates.ts'
import type { AttendanceWeights, FocusCost, RateTable, SeriesCost } from './types.ts'

/** A calendar shows holidays as weeks without the meeting already, so a year is all of its weeks. */
export const defaultWeeksPerYear = 52

export interface CostOptions {
  readonly rates: RateTable
  readonly attendance: AttendanceWeights
  /** Length of the audited window in weeks, more than 0. */
  readonly weeks: number
  /** For yearly figures; 52 unless given, since a calendar shows holidays as weeks without the meeting already. */
  readonly weeksPerYear?: number
  /** Null when the audit is of a calendar and not of one person. */
  readonly me: PersonId | null
  /** From `focusCosts`; left out, the cost says nothing about focus. */
  readonly focus?: ReadonlyMap<SeriesId, FocusCost>
}

/**
 * What a series costs: expected attendance × length, in person-hours, and × the rate of each role band in money.
 * Preparation and "switching" are not in it; focus time stands beside it in minutes, never in money.
 * Weekly and yearly figures are averages over the window, so that the figures of all series add up; a one-off has no
 * year to be projected on and costs once.
 */
export function seriesCost(series: Series, options: CostOptions): SeriesCost {
  const priced = new Map<Roster, PricedRoster>()
  const hours = { low: 0, expected: 0, high: 0 }
  const money = { low: 0, expected: 0, high: 0 }
  let myMinutes = 0
  let lowerBound = false

  for (const meeting of series.meetings) {
    // Occurrences of a series share their roster, so pricing it once keeps long series cheap.
    let roster = priced.get(meeting.roster)
    if (roster === undefined) {
      roster = priceRoster(meeting.roster, options)
      priced.set(meeting.roster, roster)
    }
    const length = meeting.minutes / 60
    addScaled(hours, roster.people, length)
    addScaled(money, roster.moneyPerHour, length)
    if (roster.isMine) myMinutes += meeting.minutes
    lowerBound ||= roster.lowerBound
  }

  const { weeks, weeksPerYear = defaultWeeksPerYear } = options
  const perOccurrence = 1 / Math.max(1, series.meetings.length)
  const perWeek = weeks > 0 ? 1 / weeks : 0
  const focus = options.focus?.get(series.id)
  return {
    seriesId: series.id,
    hoursPerOccurrence: scaled(hours, perOccurrence),
    hoursPerWeek: scaled(hours, perWeek),
    hoursInWindow: hours,
    moneyPerOccurrence: scaled(money, perOccurrence),
    moneyPerYear: scaled(money, series.recurring ? perWeek * weeksPerYear : 1),
    moneyInWindow: money,
    myMinutesPerWeek: options.me === null ? null : myMinutes * perWeek,
    focusMinutesPerWeek: focus?.minutesPerWeek ?? null,
    myFocusMinutesPerWeek: focus?.myMinutesPerWeek ?? null,
    lowerBound,
  }
}

interface PricedRoster {
  readonly people: Range
  readonly moneyPerHour: Range
  readonly lowerBound: boolean
  readonly isMine: boolean
}

function priceRoster(roster: Roster, { rates, attendance, me }: CostOptions): PricedRoster {
  const people = { low: 0, expected: 0, high: 0 }
  const moneyPerHour = { low: 0, expected: 0, high: 0 }
  let isMine = false
  for (const invitee of roster.people) {
    const presence = attendanceOf(invitee, attendance)
    addScaled(people, presence, 1)
    addScaled(moneyPerHour, presence, rateOf(rates, invitee.roleBand))
    isMine ||= invitee.isMe || invitee.id === me
  }
  for (const group of roster.groups) {
    addScaled(people, group.members, 1)
    addScaled(moneyPerHour, group.members, rates.defaultPerHour)
  }
  if (!roster.known) {
    // Somebody has it on the calendar: one person at least, and in one person's audit that is me.
    addScaled(people, { low: 1, expected: 1, high: 1 }, 1)
    addScaled(moneyPerHour, people, rates.defaultPerHour)
    isMine = me !== null
  }
  return { people, moneyPerHour, lowerBound: isLowerBound(roster), isMine }
}

interface Sum {
  low: number
  expected: number
  high: number
}

function addScaled(sum: Sum, range: Range, factor: number): void {
  sum.low += range.low * factor
  sum.expected += range.expected * factor
  sum.high += range.high * factor
}

function scaled(range: Range, factor: number): Range {
  return { low: range.low * factor, expected: range.expected * factor, high: range.high * factor }
}
