import type { CountingRule } from '../meetings/types.ts'

/**
 * What `minutewise read` shows: every occurrence as read, with the rule that counted or dropped it. These are the rows
 * that every number of an audit opens into. `minutewise/read/1` is its published shape: fields are added, never changed.
 */
export interface OccurrenceReport {
  readonly schema: 'minutewise/read/1'
  readonly window: OccurrenceWindow
  readonly calendars: readonly OccurrenceCalendar[]
  /** Oldest first; an all-day row stands before the timed rows of its first date. */
  readonly occurrences: readonly OccurrenceRow[]
  /** What a series would have held and did not, oldest first. */
  readonly removed: readonly RemovedRow[]
  /** Every rule that spoke, counted ones first. Adds up to the length of `occurrences`. */
  readonly rules: readonly OccurrenceRule[]
  readonly leftOut: readonly OccurrenceLeftOut[]
}

interface OccurrenceWindow {
  readonly fromOn: string
  /** Exclusive. */
  readonly toOn: string
  /** IANA name, `UTC`, or `+05:30`. */
  readonly zone: string
}

interface OccurrenceCalendar {
  /** As given: a file name or the account's calendar id. */
  readonly calendar: string
  readonly name: string | null
  readonly events: number
}

/** `start` and `end` are instants (`2026-03-16T09:00:00Z`), or dates (`2026-03-16`, end exclusive) when `allDay`. */
export interface OccurrenceRow {
  readonly uid: string
  readonly start: string
  readonly end: string
  readonly allDay: boolean
  /** Null when the calendar hides it or has none. */
  readonly title: string | null
  readonly counted: boolean
  readonly rule: CountingRule
}

interface RemovedRow {
  readonly uid: string
  readonly start: string
  readonly reason: 'excluded' | 'cancelled'
}

interface OccurrenceRule {
  readonly rule: CountingRule
  readonly counted: boolean
  readonly occurrences: number
  readonly sentence: string
}

interface OccurrenceLeftOut {
  readonly code: string
  readonly count: number
  readonly sentence: string
}
