import { dayMs, type PlainDate } from '../../../src/domain/time/types.ts'
import type { GraphPattern, GraphRange } from './vendor-types.ts'

/**
 * The dates of a series as Exchange lays them out: the fake's own truth, on purpose independent of the product's
 * expander. Day 31 is clamped to the month's last day, a week begins on Sunday unless the pattern says otherwise.
 * `until` is the last date that is asked for; an endless series stops there.
 */
export function datesOf(pattern: GraphPattern, range: GraphRange, until: PlainDate): readonly PlainDate[] {
  const first = dayOf(range.startDate ?? '')
  const last = Math.min(dayOf(until), range.type === 'endDate' ? dayOf(range.endDate ?? '') : Number.POSITIVE_INFINITY)
  const most = range.type === 'numbered' ? (range.numberOfOccurrences ?? 0) : Number.POSITIVE_INFINITY
  const dates: PlainDate[] = []
  for (let period = 0; dates.length < most; period++) {
    const { beginsOn, days } = periodOf(pattern, first, period * (pattern.interval ?? 1))
    if (beginsOn > last) break
    for (const day of days) {
      if (day >= first && day <= last && dates.length < most) dates.push(dateOf(day))
    }
  }
  return dates
}

/** Days since 1 January 1970. */
type Day = number

interface Period {
  readonly beginsOn: Day
  readonly days: readonly Day[]
}

function periodOf(pattern: GraphPattern, first: Day, steps: number): Period {
  const { year, month } = partsOf(first)
  switch (pattern.type) {
    case 'daily':
      return { beginsOn: first + steps, days: [first + steps] }
    case 'weekly': {
      const begin = weekdays.indexOf(pattern.firstDayOfWeek ?? 'sunday')
      const beginsOn = first - ((weekdayOf(first) - begin + 7) % 7) + steps * 7
      const offsets = wantedWeekdays(pattern).map(weekday => (weekday - begin + 7) % 7)
      return { beginsOn, days: offsets.sort((a, b) => a - b).map(offset => beginsOn + offset) }
    }
    case 'absoluteMonthly':
      return inMonth(year, month + steps, days => [days[Math.min(pattern.dayOfMonth ?? 1, days.length) - 1]!])
    case 'relativeMonthly':
      return inMonth(year, month + steps, days => nth(pattern, days))
    case 'absoluteYearly':
      return inMonth(year + steps, (pattern.month ?? 1) - 1, days => [
        days[Math.min(pattern.dayOfMonth ?? 1, days.length) - 1]!,
      ])
    case 'relativeYearly':
      return inMonth(year + steps, (pattern.month ?? 1) - 1, days => nth(pattern, days))
    default:
      throw new Error(`No pattern of Graph: ${pattern.type}`)
  }
}

function inMonth(year: number, month: number, choose: (days: readonly Day[]) => readonly Day[]): Period {
  const beginsOn = Date.UTC(year, month, 1) / dayMs
  const length = Date.UTC(year, month + 1, 1) / dayMs - beginsOn
  return { beginsOn, days: choose(Array.from({ length }, (_, index) => beginsOn + index)) }
}

function nth(pattern: GraphPattern, days: readonly Day[]): readonly Day[] {
  const wanted = wantedWeekdays(pattern)
  const fitting = days.filter(day => wanted.includes(weekdayOf(day)))
  const index = { first: 0, second: 1, third: 2, fourth: 3, last: fitting.length - 1 }[pattern.index ?? 'first']
  return fitting.slice(index, index + 1)
}

const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const

const wantedWeekdays = (pattern: GraphPattern) => (pattern.daysOfWeek ?? []).map(name => weekdays.indexOf(name))

// 1 January 1970 was a Thursday
const weekdayOf = (day: Day) => (((day + 4) % 7) + 7) % 7

function partsOf(day: Day): { year: number; month: number } {
  const date = new Date(day * dayMs)
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() }
}

const dayOf = (date: PlainDate): Day => Date.parse(`${date}T00:00:00Z`) / dayMs

export const dateOf = (day: Day): PlainDate => new Date(day * dayMs).toISOString().slice(0, 10)
