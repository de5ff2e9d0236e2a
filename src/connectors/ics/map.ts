/**
 * From a VEVENT as it stands in a file to an event in our words. Pure; what is missing stays missing, and nothing of a
 * private event survives.
 */
import type {
  Attendee,
  CalendarEvent,
  EventStatus,
  EventTime,
  EventType,
  OverrideOf,
  RecurrenceSet,
  ShowAs,
  Visibility,
} from '../../domain/meetings/calendar-event.ts'
import { isHidden } from '../../domain/meetings/private-event.ts'
import { stableHash } from '../../domain/meetings/stable-id.ts'
import type { RecurrenceRule } from '../../domain/time/recurrence-rule.ts'
import type { Instant, WallMillis, Zone } from '../../domain/time/types.ts'
import { dayMs } from '../../domain/time/types.ts'
import { utc } from '../../domain/time/zone-table.ts'
import type { Length, StampForm } from './values.ts'

/** A zone name met in a file; resolved once, when what it takes is known. */
export interface NamedZone {
  readonly tzid: string
  zone: Zone | null
  events: number
  /** An event that is not private names it. */
  isOpen: boolean
}

/** A date or time as written, with the zone its line named. */
export interface ZonedStamp {
  readonly form: StampForm
  readonly wall: WallMillis
  readonly namedZone: NamedZone | null
}

/** Dates of EXDATE and RDATE lines that share a form and a zone; a list may hold a million. */
export interface StampList {
  readonly form: StampForm
  readonly namedZone: NamedZone | null
  readonly walls: number[]
}

export interface RawPeriod {
  readonly start: ZonedStamp
  readonly end: ZonedStamp | Length
}

/** A VEVENT while its lines arrive. */
export interface RawEvent {
  uid: string | null
  start: ZonedStamp | null
  end: ZonedStamp | null
  length: Length | null
  rules: RecurrenceRule[]
  additions: StampList[]
  periods: RawPeriod[]
  exclusions: StampList[]
  recurrenceId: ZonedStamp | null
  andFuture: boolean
  title: string | null
  description: string
  location: string
  organizer: Attendee | null
  attendees: Attendee[]
  attendeesTruncated: boolean
  status: EventStatus
  busyStatus: ShowAs | null
  isTransparent: boolean
  isAllDayByMicrosoft: boolean
  visibility: Visibility
  categories: readonly string[]
  onlineUrl: string | null
  attachmentCount: number
  createdAt: Instant | null
  modifiedAt: Instant | null
  stampedAt: Instant | null
  sequence: number
  /** Counted against caps. */
  properties: number
  listedDates: number
  additionsKept: number
  isOverfull: boolean
  isDescriptionCut: boolean
  isTextCut: boolean
}

export function newRawEvent(): RawEvent {
  return {
    uid: null,
    start: null,
    end: null,
    length: null,
    rules: [],
    additions: [],
    periods: [],
    exclusions: [],
    recurrenceId: null,
    andFuture: false,
    title: null,
    description: '',
    location: '',
    organizer: null,
    attendees: [],
    attendeesTruncated: false,
    status: 'confirmed',
    busyStatus: null,
    isTransparent: false,
    isAllDayByMicrosoft: false,
    visibility: 'default',
    categories: [],
    onlineUrl: null,
    attachmentCount: 0,
    createdAt: null,
    modifiedAt: null,
    stampedAt: null,
    sequence: 0,
    properties: 0,
    listedDates: 0,
    additionsKept: 0,
    isOverfull: false,
    isDescriptionCut: false,
    isTextCut: false,
  }
}

export interface MappedTime {
  readonly time: EventTime
  readonly startAt: Instant
  /** DTEND came before DTSTART; the event is read as having no length. */
  readonly endedBeforeStart: boolean
}

/** When an event takes place. `floatingZone` reads times that name no zone. */
export function mapTime(raw: RawEvent, start: ZonedStamp, floatingZone: Zone): MappedTime {
  if (start.form === 'date') return mapDates(raw, start)
  if (raw.isAllDayByMicrosoft && start.form === 'wall' && isMidnight(start) && raw.end && isMidnight(raw.end))
    return mapDates(raw, start)

  const zone = zoneOfStamp(start, floatingZone)
  const startAt = zone.toInstant(start.wall)
  let exactMs = 0
  let nominalDays = 0
  if (raw.end) exactMs = instantOf(raw.end, zone, floatingZone) - startAt
  else if (raw.length) {
    exactMs = raw.length.exactMs
    nominalDays = raw.length.nominalDays
  }
  const endedBeforeStart = exactMs + nominalDays * dayMs < 0
  if (endedBeforeStart) exactMs = nominalDays = 0
  const floating = start.form === 'wall' && start.namedZone === null
  return {
    time: { startWall: start.wall, zone, allDay: false, floating, exactMs, nominalDays },
    startAt,
    endedBeforeStart,
  }
}

/** Null for a single event; rules that could not be read are not in `raw.rules` any more. */
export function mapRecurrence(raw: RawEvent, time: EventTime, floatingZone: Zone): RecurrenceSet | null {
  if (raw.rules.length + raw.additions.length + raw.periods.length === 0) return null
  const additions: { startAt: Instant; exactMs: number | null }[] = []
  for (const list of raw.additions)
    for (const wall of list.walls) {
      const atStartTime = list.form === 'date' && !time.allDay
      const key = atStartTime
        ? time.zone.toInstant(wall + positiveRemainder(time.startWall, dayMs))
        : keyOf(list.form, wall, list.namedZone, time, floatingZone)
      additions.push({ startAt: key, exactMs: null })
    }
  for (const { start, end } of raw.periods) {
    const startAt = keyOf(start.form, start.wall, start.namedZone, time, floatingZone)
    const exactMs =
      'form' in end
        ? keyOf(end.form, end.wall, end.namedZone, time, floatingZone) - startAt
        : end.exactMs + end.nominalDays * dayMs
    additions.push({ startAt, exactMs: time.allDay ? null : Math.max(0, exactMs) })
  }
  const excludesDay = (list: StampList) => list.form === 'date' && !time.allDay
  const exclusions = raw.exclusions
    .filter(list => !excludesDay(list))
    .map(({ form, namedZone, walls }) =>
      // in UTC a reading is its key already, and a million of them need no second list
      form === 'utc' && !time.allDay ? walls : walls.map(wall => keyOf(form, wall, namedZone, time, floatingZone)),
    )
  const excludedDaysWall = raw.exclusions.filter(excludesDay).flatMap(list => list.walls)
  return { rules: raw.rules, additions, exclusions: joined(exclusions), excludedDaysWall }
}

/** Null unless the event changes one occurrence of a series. */
export function mapOverride(raw: RawEvent, time: EventTime, floatingZone: Zone): OverrideOf | null {
  const id = raw.recurrenceId
  if (!id) return null
  return {
    originalStartAt: keyOf(id.form, id.wall, id.namedZone, time, floatingZone),
    byDate: id.form === 'date' && !time.allDay,
    andFuture: raw.andFuture,
  }
}

/** The event, once its time is known. */
export function mapEvent(
  raw: RawEvent,
  calendar: string,
  uid: string,
  time: EventTime,
  recurrence: RecurrenceSet | null,
  override: OverrideOf | null,
): CalendarEvent {
  const isOpen = !isHidden(raw.visibility)
  return {
    calendar,
    uid,
    time,
    recurrence: override ? null : recurrence,
    override,
    title: isOpen ? raw.title : null,
    description: isOpen ? raw.description : '',
    location: isOpen ? raw.location : '',
    organizer: isOpen ? raw.organizer : null,
    // A copy has no room to grow, which a list that was pushed to keeps for ever.
    attendees: isOpen && raw.attendees.length > 0 ? raw.attendees.slice() : noAttendees,
    attendeesTruncated: isOpen && raw.attendeesTruncated,
    status: raw.status,
    showAs: raw.busyStatus ?? (raw.isTransparent ? 'free' : 'busy'),
    visibility: raw.visibility,
    type: eventType(raw),
    categories: isOpen ? raw.categories : noCategories,
    onlineUrl: isOpen ? raw.onlineUrl : null,
    attachmentCount: isOpen ? raw.attachmentCount : 0,
    createdAt: raw.createdAt,
    updatedAt: raw.modifiedAt ?? raw.stampedAt,
    sequence: raw.sequence,
  }
}

/** For an event without a UID: the same start and title give the same one in every run. */
export function uidFromContent(raw: RawEvent): string {
  const { start, recurrenceId } = raw
  const parts = [start?.wall, start?.form, start?.namedZone?.tzid, recurrenceId?.wall, raw.title]
  return `without-uid-${stableHash(parts.join('\n'))}`
}

const none: readonly never[] = []
const noAttendees: readonly Attendee[] = none
const noCategories: readonly string[] = none

/** One list of several, without a copy of a million dates where there is only one. */
function joined(lists: readonly number[][]): readonly number[] {
  const [only] = lists
  return lists.length === 1 && only ? only : lists.flat()
}

function mapDates(raw: RawEvent, start: ZonedStamp): MappedTime {
  const firstDay = Math.floor(start.wall / dayMs)
  let nominalDays = 1
  if (raw.end) nominalDays = Math.ceil(raw.end.wall / dayMs) - firstDay
  else if (raw.length) nominalDays = Math.ceil(raw.length.nominalDays + raw.length.exactMs / dayMs)
  const endedBeforeStart = nominalDays < 0
  const startWall = firstDay * dayMs
  // An all-day event that ends on its own first date is that day, as every calendar shows it.
  const time = {
    startWall,
    zone: utc,
    allDay: true,
    floating: false,
    exactMs: 0,
    nominalDays: Math.max(1, nominalDays),
  }
  return { time, startAt: startWall, endedBeforeStart }
}

/**
 * The key of a start that a list or a RECURRENCE-ID names: for an all-day series the date, whatever clock time was
 * written beside it; else the instant, where a time without a zone is on the wall of the series.
 */
function keyOf(
  form: StampForm,
  wall: WallMillis,
  namedZone: NamedZone | null,
  time: EventTime,
  floatingZone: Zone,
): Instant {
  if (time.allDay) return Math.floor(wall / dayMs) * dayMs
  if (form !== 'wall') return wall
  return (namedZone ? (namedZone.zone ?? floatingZone) : time.zone).toInstant(wall)
}

function instantOf(stamp: ZonedStamp, seriesZone: Zone, floatingZone: Zone): Instant {
  if (stamp.form === 'utc') return stamp.wall
  const zone = stamp.namedZone ? (stamp.namedZone.zone ?? floatingZone) : seriesZone
  return zone.toInstant(stamp.wall)
}

function zoneOfStamp(stamp: ZonedStamp, floatingZone: Zone): Zone {
  if (stamp.form === 'utc') return utc
  return stamp.namedZone?.zone ?? floatingZone
}

function isMidnight(stamp: ZonedStamp): boolean {
  return stamp.form !== 'utc' && positiveRemainder(stamp.wall, dayMs) === 0
}

function positiveRemainder(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor
}

/**
 * Exports say little about the type: Outlook its free/busy state, some tools a category. A meeting with others that is
 * shown as out of office is a meeting somewhere else, so the state alone decides for events without invitees only.
 */
function eventType(raw: RawEvent): EventType {
  if (raw.attendees.length === 0) {
    if (raw.busyStatus === 'out-of-office') return 'out-of-office'
    if (raw.busyStatus === 'working-elsewhere' && (raw.isAllDayByMicrosoft || raw.start?.form === 'date'))
      return 'working-location'
  }
  if (isHidden(raw.visibility)) return 'default'
  for (const category of raw.categories) {
    const word = category.toLowerCase()
    if (word === 'focus time') return 'focus-time'
    if (word === 'birthday' || word === 'birthdays') return 'birthday'
  }
  return 'default'
}
