import { dayMs, type Instant, type Interval, type PlainDate } from '../../../src/domain/time/types.ts'
import { dateOf, datesOf } from './pattern.ts'
import type { GraphAttendee, GraphEvent, GraphLocation, GraphPattern, GraphRange } from './vendor-types.ts'
import { zoneNamed } from './zones.ts'

/** An event or a whole series as the fake keeps it. Never changed: a mutation makes a new one. */
export interface StoredEvent {
  readonly key: EventKey
  /** Counts the events of all mailboxes; ids are made from it. */
  readonly serial: number
  /** Hex of a global object id with its instance date zeroed, or any text of a foreign calendar. */
  readonly uid: string
  readonly createdAt: Instant
  readonly modifiedAt: Instant
  readonly changeNumber: number
  readonly times: EventTimes
  readonly props: EventProps
  readonly recurrence: { readonly pattern: GraphPattern; readonly range: GraphRange } | null
  readonly overrides: ReadonlyMap<PlainDate, Override>
  readonly deletedDates: ReadonlySet<PlainDate>
}

/** What tests call an event by; inside one mailbox. */
export type EventKey = string

export interface Override {
  readonly times: EventTimes
  readonly props: Partial<EventProps>
}

export type EventTimes =
  | {
      readonly kind: 'timed'
      readonly startAt: Instant
      readonly endAt: Instant
      /** As the organizer's client named it, and the zone it stands for. */
      readonly zoneLabel: string
      readonly zoneName: string
    }
  | { readonly kind: 'all-day'; readonly startOn: PlainDate; readonly endOn: PlainDate; readonly zoneLabel: string }

export interface EventProps {
  readonly subject: string
  readonly bodyHtml: string
  readonly organizer: Address
  readonly isOrganizer: boolean
  readonly attendees: readonly GraphAttendee[]
  readonly location: string
  readonly locations: readonly GraphLocation[]
  readonly showAs: NonNullable<GraphEvent['showAs']>
  readonly sensitivity: NonNullable<GraphEvent['sensitivity']>
  readonly importance: NonNullable<GraphEvent['importance']>
  readonly response: NonNullable<NonNullable<GraphEvent['responseStatus']>['response']>
  readonly responseRequested: boolean
  readonly categories: readonly string[]
  readonly isCancelled: boolean
  readonly isOnlineMeeting: boolean
  readonly joinUrl: string | null
  readonly hasAttachments: boolean
  readonly hideAttendees: boolean
  readonly allowNewTimeProposals: boolean
  readonly isReminderOn: boolean
  readonly reminderMinutes: number
  readonly transactionId: string | null
  readonly extended: Readonly<Record<string, string>>
}

export interface Address {
  readonly name: string
  readonly address: string
}

/** One thing on a view: a single event, or one date of a series. */
export interface Instance {
  readonly event: StoredEvent
  readonly kind: 'singleInstance' | 'occurrence' | 'exception'
  /** The date the series gave it, in the zone of the series; null for a single event. */
  readonly originalOn: PlainDate | null
  readonly times: EventTimes
  readonly props: EventProps
  readonly modifiedAt: Instant
  readonly changeNumber: number
}

/** What of the event lies in the window, in order of time. All-day events count from midnight to midnight in UTC. */
export function instancesIn(event: StoredEvent, window: Interval): readonly Instance[] {
  const { recurrence } = event
  if (recurrence === null) return touches(event.times, window) ? [singleOf(event)] : []
  const until = dateOf(Math.floor(window.endAt / dayMs) + 1)
  const dates = new Set(datesOf(recurrence.pattern, recurrence.range, until))
  // an exception may have been moved into the window from a date far behind it
  for (const date of event.overrides.keys()) dates.add(date)
  return [...dates]
    .filter(date => !event.deletedDates.has(date))
    .map(date => instanceOn(event, date))
    .filter(({ times }) => touches(times, window))
    .sort((a, b) => spanOf(a.times).startAt - spanOf(b.times).startAt)
}

/** The instance of a date; the caller knows that the series has it. */
export function instanceOn(event: StoredEvent, originalOn: PlainDate): Instance {
  const { modifiedAt, changeNumber, props } = event
  const override = event.overrides.get(originalOn)
  if (override !== undefined) {
    return {
      event,
      kind: 'exception',
      originalOn,
      times: override.times,
      props: { ...props, ...override.props },
      modifiedAt,
      changeNumber,
    }
  }
  return { event, kind: 'occurrence', originalOn, times: timesOn(event, originalOn), props, modifiedAt, changeNumber }
}

/** Null when the series has no such date (any more). */
export function instanceIfAny(event: StoredEvent, originalOn: PlainDate): Instance | null {
  if (event.recurrence === null || event.deletedDates.has(originalOn)) return null
  const { pattern, range } = event.recurrence
  return event.overrides.has(originalOn) || datesOf(pattern, range, originalOn).includes(originalOn)
    ? instanceOn(event, originalOn)
    : null
}

export function singleOf(event: StoredEvent): Instance {
  const { times, props, modifiedAt, changeNumber } = event
  return { event, kind: 'singleInstance', originalOn: null, times, props, modifiedAt, changeNumber }
}

/** Where the series put the occurrence of a date, whatever became of it. */
export function timesOn(event: StoredEvent, on: PlainDate): EventTimes {
  const { times } = event
  if (times.kind === 'all-day') {
    const days = (Date.parse(times.endOn) - Date.parse(times.startOn)) / dayMs
    return { ...times, startOn: on, endOn: dateOf(Date.parse(on) / dayMs + days) }
  }
  const zone = zoneNamed(times.zoneName)!
  const startWall = zone.toWall(times.startAt)
  const shift = Date.parse(on) - Math.floor(startWall / dayMs) * dayMs
  return {
    ...times,
    startAt: zone.toInstant(startWall + shift),
    endAt: zone.toInstant(zone.toWall(times.endAt) + shift),
  }
}

export function spanOf(times: EventTimes): Interval {
  return times.kind === 'timed' ? times : { startAt: Date.parse(times.startOn), endAt: Date.parse(times.endOn) }
}

function touches(times: EventTimes, window: Interval): boolean {
  const { startAt, endAt } = spanOf(times)
  if (startAt === endAt) return startAt >= window.startAt && startAt < window.endAt
  return startAt < window.endAt && endAt > window.startAt
}
