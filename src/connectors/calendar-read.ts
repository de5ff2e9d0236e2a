import type { CalendarEvent } from '../domain/meetings/calendar-event.ts'
import type { Instant, Interval, Zone } from '../domain/time/types.ts'

/**
 * What every connector gives: the events of one calendar, and an honest account of what was left out.
 *
 * Promises:
 * - a broken event, line or zone costs that event at most; the rest of the calendar is read;
 * - whatever is left out is named in `leftOut` with a count, in words for people, without titles or addresses;
 * - the same bytes give the same result whatever zone the process runs in;
 * - events that cannot touch `window` may be dropped early; they are counted in `outsideWindow`.
 */
export interface CalendarRead {
  /** As given by the caller: a file name or the account's calendar id. */
  readonly calendar: string
  /** The calendar's own name (X-WR-CALNAME), if it has one. */
  readonly name: string | null
  /** X-WR-TIMEZONE or the zone that most events use; null when nothing says. */
  readonly zone: string | null
  readonly events: readonly CalendarEvent[]
  /** All VEVENTs met, kept or not. */
  readonly eventCount: number
  readonly outsideWindow: number
  /** The latest start of any event met, in the window or not; lets an audit of an old export find its last weeks. */
  readonly latestStartAt?: number | null
  /** By use, the 200 most used at most; names that only private events use stand as `a private entry`. */
  readonly zones: readonly ZoneResolution[]
  readonly leftOut: readonly LeftOut[]
  /** Whose calendar it is, as an address, where the provider says; nobody has to guess then. */
  readonly owner?: string | null
  /** The provider was read at this moment or later; absent for a file, which is as old as it is. */
  readonly asOf?: Instant | null
  /** Its source says who is invited wherever somebody is: an entry without guests is its owner's alone. */
  readonly listsInvitees?: boolean
  /** The calendar ended then, as one that was deleted does: what it held of later times is no meeting any more. */
  readonly endedAt?: Instant | null
}

export const zoneSources = [
  'iana',
  'windows-name',
  'vendor-prefix',
  'vtimezone-matched',
  'fixed-offset',
  'calendar-default',
] as const
/** The rung of the ladder that gave the zone. The last three are guesses and shown as such. */
export type ZoneSource = (typeof zoneSources)[number]

export interface ZoneResolution {
  readonly tzid: string
  readonly zone: string
  readonly source: ZoneSource
  readonly events: number
}

/** Something that could not be read or was refused, for people: what, how often, and what to do where there is a step. */
export interface LeftOut {
  readonly code: LeftOutCode
  readonly count: number
  readonly sentence: string
}

export const leftOutCodes = [
  'not-a-calendar',
  'truncated-file',
  'line-too-long',
  'text-cut',
  'nested-too-deep',
  'too-many-properties',
  'event-without-start',
  'event-without-end',
  'event-without-uid',
  'end-before-start',
  'too-many-attendees',
  'bad-date',
  'bad-rule',
  'rule-too-frequent',
  'occurrence-cap',
  'step-cap',
  'zone-guessed',
  'duplicate-event',
  'other-component',
  'file-too-large',
  'series-pending',
  'not-mirrored',
] as const
export type LeftOutCode = (typeof leftOutCodes)[number]

export interface ReadOptions {
  readonly calendar: string
  readonly window: Interval
  /** For floating times and all-day dates' neighbours when the calendar names no zone. */
  readonly defaultZone: Zone
  /** Reading ends with a `too-large` at the next one: for sources that nobody here has chosen. Unlimited by default. */
  readonly mostEvents?: number
}
