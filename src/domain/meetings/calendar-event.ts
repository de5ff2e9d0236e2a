import type { RecurrenceRule } from '../time/recurrence-rule.ts'
import type { Instant, WallMillis, Zone } from '../time/types.ts'

/**
 * One event as a calendar holds it, in our words: a single event, the master of a series, or one changed
 * occurrence (an override). Connectors make these; `expandEvents` turns them into occurrences.
 * What the source did not say is null or empty, never invented.
 */
export interface CalendarEvent {
  /** Which calendar it was read from: stable within one audit, shown to people (a file name, an account's calendar). */
  readonly calendar: string
  /** iCalendar UID as written. Shared by a series, its overrides, and its copies on other calendars. */
  readonly uid: string
  readonly time: EventTime
  /** Null for a single event and for an override. */
  readonly recurrence: RecurrenceSet | null
  /** Null unless this is an override of one occurrence. */
  readonly override: OverrideOf | null

  /** Null when the source hides it (private) or has none; never "untitled". */
  readonly title: string | null
  /** Plain text or HTML, as it came, at most 20,000 characters. Empty for private events. */
  readonly description: string
  readonly location: string
  readonly organizer: Attendee | null
  /** Includes the organizer only where the source lists the organizer among the attendees. */
  readonly attendees: readonly Attendee[]
  /** The source said or showed that the list is cut: headcounts are lower bounds. */
  readonly attendeesTruncated: boolean
  readonly status: EventStatus
  readonly showAs: ShowAs
  readonly visibility: Visibility
  readonly type: EventType
  readonly categories: readonly string[]
  /** Address of the online call, where one is given in a field of its own. */
  readonly onlineUrl: string | null
  readonly attachmentCount: number
  readonly createdAt: Instant | null
  readonly updatedAt: Instant | null
  readonly sequence: number
}

export const eventStatuses = ['confirmed', 'tentative', 'cancelled'] as const
export type EventStatus = (typeof eventStatuses)[number]

export const showAsValues = ['busy', 'free', 'tentative', 'out-of-office', 'working-elsewhere'] as const
export type ShowAs = (typeof showAsValues)[number]

export const visibilities = ['default', 'public', 'private', 'confidential'] as const
export type Visibility = (typeof visibilities)[number]

export const eventTypes = ['default', 'focus-time', 'out-of-office', 'working-location', 'birthday', 'other'] as const
export type EventType = (typeof eventTypes)[number]

export interface EventTime {
  /** Start on the wall of `zone`. For an all-day event midnight of its first date. */
  readonly startWall: WallMillis
  /** For an all-day event UTC, and never to be converted: dates have no zone. */
  readonly zone: Zone
  readonly allDay: boolean
  /** The source named no zone (RFC 5545 3.3.5 form 1); `zone` is the reader's or the calendar's default. */
  readonly floating: boolean
  /** Exact part of the length, in milliseconds: DTEND minus DTSTART as instants, or the hours of a DURATION. */
  readonly exactMs: number
  /** Nominal part of the length, in days: the days and weeks of a DURATION, the dates of an all-day event. */
  readonly nominalDays: number
}

export interface RecurrenceSet {
  readonly rules: readonly RecurrenceRule[]
  /** Additional starts as keys (see `Occurrence.originalStartAt`), with a length in ms where a PERIOD gave one. */
  readonly additions: readonly { readonly startAt: Instant; readonly exactMs: number | null }[]
  /** Excluded starts as keys. */
  readonly exclusions: readonly Instant[]
  /** Excluded dates written without a time on a timed series: midnight of the date on the wall of the series. */
  readonly excludedDaysWall: readonly WallMillis[]
}

export interface OverrideOf {
  /** The original start this occurrence had in its series, as a key. */
  readonly originalStartAt: Instant
  /** RECURRENCE-ID was a date on a timed series: matches whatever starts on that date on the series' wall. */
  readonly byDate: boolean
  /** RANGE=THISANDFUTURE: the change applies to this occurrence and all later ones. */
  readonly andFuture: boolean
}

export interface Attendee {
  /** Address as written, without `mailto:`, trimmed. May be an X.500 name or empty. */
  readonly address: string
  readonly name: string | null
  readonly kind: AttendeeKind
  readonly response: Response
  readonly role: AttendeeRole
  /** The source marks this entry as the calendar owner's own. */
  readonly self: boolean
}

export const attendeeKinds = ['person', 'room', 'group', 'unknown'] as const
export type AttendeeKind = (typeof attendeeKinds)[number]

export const responses = ['accepted', 'declined', 'tentative', 'none'] as const
export type Response = (typeof responses)[number]

export const attendeeRoles = ['required', 'optional', 'chair', 'informed'] as const
export type AttendeeRole = (typeof attendeeRoles)[number]

/** One occurrence inside a window, after the set algebra of RFC 5545. */
export interface Occurrence {
  /** The override's own event where the occurrence was changed, else the master or single event. */
  readonly event: CalendarEvent
  /** For an all-day occurrence midnight UTC of its first date, a date in the clothes of a number. */
  readonly startAt: Instant
  /** Exclusive. For an all-day occurrence midnight UTC of the day after its last date. */
  readonly endAt: Instant
  /** Identity inside the series: the start the rule gave it, before any move. Equals `startAt` for singles. */
  readonly originalStartAt: Instant
  readonly recurring: boolean
}

/** An occurrence the rule would give that does not take place: skip history, not a meeting. */
export interface RemovedOccurrence {
  readonly event: CalendarEvent
  readonly originalStartAt: Instant
  /** `excluded`: deleted from the series (EXDATE). `cancelled`: an override says STATUS:CANCELLED. */
  readonly reason: 'excluded' | 'cancelled'
}
