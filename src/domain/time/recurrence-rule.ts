import type { Instant, WallMillis } from './types.ts'

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

/** One RRULE value (without `RRULE:`) as data, or why it cannot be followed. */
export function parseRecurrenceRule(_text: string): RecurrenceRule | RuleProblem {
  throw new Error('not built yet')
}
