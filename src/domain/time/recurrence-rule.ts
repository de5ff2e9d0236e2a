import { parseDate } from './calendar-date.ts'
import type { Instant, WallMillis } from './types.ts'
import { hourMs, minuteMs, secondMs } from './types.ts'

export const frequencies = ['secondly', 'minutely', 'hourly', 'daily', 'weekly', 'monthly', 'yearly'] as const
export type Frequency = (typeof frequencies)[number]

/** A weekday, 0 = Monday … 6 = Sunday, with an ordinal for "the second Tuesday" (0 = every). */
export interface RuleWeekday {
  readonly weekday: number
  readonly ordinal: number
}

/** One RRULE (RFC 5545 section 3.3.10) as data. Lists are sorted, without duplicates; empty means "not given". */
export interface RecurrenceRule {
  readonly frequency: Frequency
  readonly interval: number
  readonly count: number | null
  readonly until: RuleUntil | null
  readonly byMonth: readonly number[]
  readonly byWeekNo: readonly number[]
  readonly byYearDay: readonly number[]
  readonly byMonthDay: readonly number[]
  readonly byDay: readonly RuleWeekday[]
  readonly byHour: readonly number[]
  readonly byMinute: readonly number[]
  readonly bySecond: readonly number[]
  readonly bySetPos: readonly number[]
  /** 0 = Monday … 6 = Sunday; RFC default Monday. */
  readonly weekStart: number
}

/** UNTIL as written: an instant (`...Z`), a wall reading (floating), or a date (inclusive to its end). */
export type RuleUntil =
  | { readonly form: 'instant'; readonly at: Instant }
  | { readonly form: 'wall'; readonly wall: WallMillis }
  | { readonly form: 'date'; readonly wall: WallMillis }

export interface RuleProblem {
  /** What is wrong with the rule, as a sentence. */
  readonly problem: string
}

/**
 * One RRULE value (without `RRULE:`) as data, or why it cannot be followed. Lenient as real calendars need: any case,
 * spaces, empty parts, `+1MO`, unknown parts and values out of range are passed over. Refused is what would change
 * when the meeting takes place if it were passed over: no or an unknown FREQ, an INTERVAL, COUNT or UNTIL that cannot
 * be read, a list with no usable value, RSCALE and SKIP other than Gregorian and OMIT (RFC 7529).
 */
export function parseRecurrenceRule(text: string): RecurrenceRule | RuleProblem {
  if (text.length > longestRule) return { problem: `The recurrence rule is longer than ${longestRule} characters.` }
  const parts = new Map<string, string>()
  for (const part of text.toUpperCase().replace(/\s+/g, '').split(';')) {
    const equals = part.indexOf('=')
    if (equals > 0 && !parts.has(part.slice(0, equals))) parts.set(part.slice(0, equals), part.slice(equals + 1))
  }

  const frequencyText = parts.get('FREQ')
  if (!frequencyText) return { problem: 'The recurrence rule names no FREQ.' }
  const frequency = frequencies.find(each => each.toUpperCase() === frequencyText)
  if (!frequency) return { problem: `The FREQ of the recurrence rule does not exist: ${shown(frequencyText)}.` }

  const interval = positiveInteger(parts.get('INTERVAL') ?? '1')
  if (interval === null) return unreadable('INTERVAL', parts)
  const count = parts.has('COUNT') ? positiveInteger(parts.get('COUNT') ?? '') : null
  if (parts.has('COUNT') && count === null) return unreadable('COUNT', parts)
  const until = parts.has('UNTIL') ? parseUntil(parts.get('UNTIL') ?? '') : null
  if (parts.has('UNTIL') && until === null) return unreadable('UNTIL', parts)
  if ((parts.get('RSCALE') ?? 'GREGORIAN') !== 'GREGORIAN') return unreadable('RSCALE', parts)
  if ((parts.get('SKIP') ?? 'OMIT') !== 'OMIT') return unreadable('SKIP', parts)

  const lists = {
    byMonth: numberList(parts.get('BYMONTH'), 1, 12),
    byWeekNo: numberList(parts.get('BYWEEKNO'), 1, 53, 'signed'),
    byYearDay: numberList(parts.get('BYYEARDAY'), 1, 366, 'signed'),
    byMonthDay: numberList(parts.get('BYMONTHDAY'), 1, 31, 'signed'),
    byDay: weekdayList(parts.get('BYDAY')),
    byHour: numberList(parts.get('BYHOUR'), 0, 23),
    byMinute: numberList(parts.get('BYMINUTE'), 0, 59),
    // 60 is a leap second, which no calendar's clock shows: read as 59.
    bySecond: numberList(parts.get('BYSECOND')?.replace(/\b60\b/g, '59'), 0, 59),
    bySetPos: numberList(parts.get('BYSETPOS'), 1, 366, 'signed'),
  }
  for (const name of listNames) {
    if (parts.get(name.toUpperCase()) && lists[name].length === 0) return unreadable(name.toUpperCase(), parts)
  }
  const weekStart = Math.max(0, weekdayNames.indexOf(parts.get('WKST') ?? 'MO'))
  return { frequency, interval, count, until, ...lists, weekStart }
}

const longestRule = 20_000
const longestList = 400
const weekdayNames = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU']
const listNames = [
  'byMonth',
  'byWeekNo',
  'byYearDay',
  'byMonthDay',
  'byDay',
  'byHour',
  'byMinute',
  'bySecond',
  'bySetPos',
] as const

function unreadable(name: string, parts: ReadonlyMap<string, string>): RuleProblem {
  return { problem: `The ${name} of the recurrence rule cannot be followed: ${shown(parts.get(name) ?? '')}.` }
}

function shown(value: string): string {
  if (value === '') return 'it is empty'
  return value.length > 40 ? `${value.slice(0, 40)}…` : value
}

function positiveInteger(text: string): number | null {
  // Twelve digits: more would not be exact in milliseconds, and no calendar lasts that long.
  return /^\+?0*[1-9]\d{0,11}$/.test(text) ? Number(text) : null
}

function numberList(text: string | undefined, low: number, high: number, signed?: 'signed'): number[] {
  const values = new Set<number>()
  for (const item of (text ?? '').split(',', longestList)) {
    if (!/^[+-]?\d{1,3}$/.test(item)) continue
    const value = Number(item)
    const size = signed ? Math.abs(value) : value
    if (size >= low && size <= high) values.add(value)
  }
  return [...values].sort((a, b) => a - b)
}

function weekdayList(text: string | undefined): RuleWeekday[] {
  const days = new Map<number, RuleWeekday>()
  for (const item of (text ?? '').split(',', longestList)) {
    const match = /^([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)$/.exec(item)
    if (!match) continue
    const weekday = weekdayNames.indexOf(match[2] ?? '')
    const ordinal = Number(match[1] ?? 0)
    if (Math.abs(ordinal) <= 53) days.set(weekday * 1000 + ordinal, { weekday, ordinal })
  }
  return [...days.values()].sort((a, b) => a.weekday - b.weekday || a.ordinal - b.ordinal)
}

function parseUntil(text: string): RuleUntil | null {
  const match = /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?$/.exec(text)
  if (!match) return null
  const [, year, month, day, hour, minute, second, zulu] = match
  const midnight = parseDate(`${year}-${month}-${day}`)
  if (midnight === null) return null
  if (hour === undefined) return { form: 'date', wall: midnight }
  const time = Number(hour) * hourMs + Number(minute) * minuteMs + Number(second) * secondMs
  if (Number(hour) > 24 || Number(minute) > 59 || Number(second) > 60) return null
  return zulu ? { form: 'instant', at: midnight + time } : { form: 'wall', wall: midnight + time }
}
