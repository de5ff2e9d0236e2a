/** From Google's events to ours. Pure; what is missing stays missing, and nothing of a hidden event gets past here. */
import type {
  Attendee,
  AttendeeRole,
  CalendarEvent,
  EventStatus,
  EventTime,
  EventType,
  OverrideOf,
  Response,
  ShowAs,
  Visibility,
} from '../../domain/meetings/calendar-event.ts'
import { isHidden, storableMask } from '../../domain/meetings/private-event.ts'
import { mayTouch } from '../../domain/meetings/touches.ts'
import { parseDate } from '../../domain/time/calendar-date.ts'
import { dayMs, type Instant, type Interval, minuteMs, type Zone } from '../../domain/time/types.ts'
import { fixedOffsetZone, utc } from '../../domain/time/zone-table.ts'
import type { CalendarItem, Change, ItemId, Tier } from '../connector.ts'
import { LeftOutCounts } from '../ics/left-out.ts'
import { zoneByName } from '../ics/zones.ts'
import type { GoogleAttendee, GoogleEvent, GooglePerson, GoogleTime } from './api-types.ts'
import { readRecurrence } from './recurrence-lines.ts'

export interface MapContext {
  /** The calendar's id, as `CalendarEvent.calendar`. */
  readonly calendar: string
  /** For times that name no zone: the calendar's own. Null where nobody knows. */
  readonly calendarZone: Zone | null
  readonly tier: Tier
  /** The account's role on this calendar as Google names it; null where the answer does not say. */
  readonly accessRole: string | null
  readonly window: Interval
}

/** One page of events, or some events asked for by id. Each entry costs itself at most. */
export class PageReader {
  readonly counts = new LeftOutCounts()
  readonly #context: MapContext
  readonly #changes = new Map<ItemId, Change>()
  readonly #hiddenSeries = new Set<ItemId>()
  #zonesGuessed = 0
  #newTypes = 0
  #textsCut = 0

  constructor(context: MapContext) {
    this.#context = context
  }

  /** Entries in their order: the last word on an id wins. */
  read(events: readonly GoogleEvent[]): readonly Change[] {
    for (const event of events) {
      // Exceptions follow the most restrictive of themselves and their series; what is in one page is decided here.
      if (event.recurringEventId === null && this.#hides(event)) this.#hiddenSeries.add(event.id)
    }
    for (const event of events) this.#changes.set(event.id, this.#change(event))
    for (const [id, change] of this.#changes) {
      // What was taken out of a series means nothing once the series itself is gone.
      const series = change.kind === 'item' ? change.item.seriesItemId : null
      if (series !== null && this.#changes.get(series)?.kind === 'removed' && isCancelled(change)) {
        this.#changes.set(id, { kind: 'removed', itemId: id })
      }
    }
    this.#say()
    return [...this.#changes.values()]
  }

  #change(event: GoogleEvent): Change {
    const gone: Change = { kind: 'removed', itemId: event.id }
    const seriesItemId = seriesOf(event)
    const cancelled = event.status === 'cancelled'
    // "All other cancelled events represent deleted events" (reference of Events, `status`).
    if (cancelled && (seriesItemId === null || event.originalStartTime === null)) return gone
    // A cancelled exception is only sure to have its ids and its original start, which is then its time.
    const timed = event.start === null && cancelled ? { ...event, start: event.originalStartTime, end: null } : event
    const when = this.#time(timed)
    if (when === null) {
      this.counts.add('event-without-start')
      return gone
    }
    const { time, startAt } = when
    const override = seriesItemId === null ? null : this.#override(event, time, startAt)
    const recurrence =
      seriesItemId === null && event.recurrence.length > 0
        ? readRecurrence(event.recurrence, time, name => this.#zoneNamed(name), this.counts)
        : null
    // What was taken out of a series is kept for the life of the series, wherever it lies.
    if (!cancelled && !mayTouch({ ...this.#context.window, endAt: openEnd }, startAt, time, recurrence, override)) {
      return gone
    }
    const open = this.#event(event, time, override, recurrence)
    const isMasked = this.#hides(event) || (seriesItemId !== null && this.#hiddenSeries.has(seriesItemId))
    const item: CalendarItem = {
      id: event.id,
      etag: itemEtag(event, this.#context.tier, isMasked, when.zoneGuessed ? time.zone.name : ''),
      seriesItemId,
      content: { kind: 'events', events: [isMasked ? hidden(open) : open] },
    }
    return { kind: 'item', item }
  }

  #hides(event: GoogleEvent): boolean {
    const { tier, accessRole } = this.#context
    if (tier === 'free-busy' || isHidden(visibilityOf(event.visibility))) return true
    if (event.summary !== null || event.status === 'cancelled') return false
    // Google shows a private event to readers without its details, not always with a word that it is private.
    if (accessRole !== null) return !seesPrivate.has(accessRole)
    return event.organizer === null && event.attendees.length === 0
  }

  #event(
    event: GoogleEvent,
    time: EventTime,
    override: OverrideOf | null,
    recurrence: CalendarEvent['recurrence'],
  ): CalendarEvent {
    return {
      calendar: this.#context.calendar,
      // Events made in Google carry their id in the UID; a series keeps it for its exceptions.
      uid: event.iCalUid ?? `${seriesOf(event) ?? event.id}@google.com`,
      time,
      recurrence,
      override,
      title: event.summary === null ? null : this.#short(event.summary),
      description: this.#cut(event.description ?? '', longestDescription),
      location: this.#short(event.location ?? ''),
      organizer: event.organizer && organizerOf(event.organizer),
      attendees: this.#attendees(event),
      attendeesTruncated: isListCut(event),
      status: statusOf(event.status),
      showAs: showAsOf(event),
      visibility: visibilityOf(event.visibility),
      type: this.#type(event.eventType),
      categories: none,
      onlineUrl: onlineUrlOf(event),
      attachmentCount: event.attachmentCount,
      createdAt: instantOf(event.created),
      updatedAt: instantOf(event.updated),
      sequence: event.sequence,
    }
  }

  /** Null when no start can be read. */
  #time(event: GoogleEvent): { time: EventTime; startAt: Instant; zoneGuessed: boolean } | null {
    const { start, end } = event
    if (start?.date) {
      const startWall = parseDate(start.date)
      if (startWall === null) return null
      const endWall = end?.date ? parseDate(end.date) : null
      if (endWall !== null && endWall < startWall) this.counts.add('end-before-start')
      // The end is exclusive; an all-day event that ends on its own first date is that day.
      const nominalDays = endWall === null ? 1 : Math.max(1, Math.round((endWall - startWall) / dayMs))
      const time = { startWall, zone: utc, allDay: true, floating: false, exactMs: 0, nominalDays }
      return { time, startAt: startWall, zoneGuessed: false }
    }
    const begins = start && this.#moment(start)
    if (!begins) return null
    const ends = end ? this.#moment({ ...end, timeZone: end.timeZone ?? start.timeZone }) : null
    const lengthMs = ends === null ? 0 : ends.at - begins.at
    if (lengthMs < 0) this.counts.add('end-before-start')
    const time: EventTime = {
      startWall: begins.zone.toWall(begins.at),
      zone: begins.zone,
      allDay: false,
      floating: false,
      exactMs: Math.max(0, lengthMs),
      nominalDays: 0,
    }
    return { time, startAt: begins.at, zoneGuessed: begins.zoneGuessed }
  }

  /** An RFC 3339 time; one without an offset is on the wall of its zone. */
  #moment({ dateTime, timeZone }: GoogleTime): { at: Instant; zone: Zone; zoneGuessed: boolean } | null {
    const match = dateTime === null ? null : rfc3339.exec(dateTime)
    if (!match) return null
    const [, wallText = '', offsetText] = match
    const wall = Date.parse(`${wallText.toUpperCase()}Z`)
    if (Number.isNaN(wall)) return null
    const offsetMs = offsetText === undefined ? null : offsetOf(offsetText)
    const named = timeZone === null ? null : this.#zoneNamed(timeZone)
    const zone =
      named ??
      this.#context.calendarZone ??
      (offsetMs === null ? utc : fixedOffsetZone(Math.round(offsetMs / minuteMs)))
    if (named === null && timeZone !== null) this.#zonesGuessed++
    return { at: offsetMs === null ? zone.toInstant(wall) : wall - offsetMs, zone, zoneGuessed: named === null }
  }

  #zoneNamed(name: string): Zone | null {
    let zone = zones.get(name)
    if (zone === undefined) {
      zone = zoneByName(name)?.zone ?? null
      if (zones.size < mostZones) zones.set(name, zone)
    }
    return zone
  }

  #override(event: GoogleEvent, time: EventTime, startAt: Instant): OverrideOf {
    const { originalStartTime: original } = event
    const date = original?.date ? parseDate(original.date) : null
    if (date !== null) return { originalStartAt: date, byDate: !time.allDay, andFuture: false }
    const moment = original && this.#moment(original)
    return { originalStartAt: moment ? moment.at : startAt, byDate: false, andFuture: false }
  }

  #attendees(event: GoogleEvent): readonly Attendee[] {
    if (event.attendees.length === 0) return none
    if (event.attendees.length > mostAttendees) this.counts.add('too-many-attendees')
    return event.attendees
      .slice(0, mostAttendees)
      .filter(({ email, displayName }) => email !== '' || displayName !== null)
      .map(attendee => ({
        address: attendee.email,
        name: attendee.displayName,
        self: attendee.self,
        kind: attendee.resource ? 'room' : kindOf(attendee.email),
        response: responseOf(attendee.responseStatus),
        role: roleOf(attendee),
      }))
  }

  /** The list of types has grown twice; a new one is an ordinary event until somebody says more. */
  #type(type: string | null): EventType {
    if (type === null) return 'default'
    const known = eventTypes.get(type)
    if (known === undefined) this.#newTypes++
    return known ?? 'other'
  }

  #short(text: string): string {
    return this.#cut(text, longestText)
  }

  #cut(text: string, longest: number): string {
    if (text.length <= longest) return text
    this.#textsCut++
    return text.slice(0, longest)
  }

  #say(): void {
    if (this.#zonesGuessed > 0) {
      const count = this.#zonesGuessed
      const name = this.#context.calendarZone?.name ?? 'the offset beside it'
      this.counts.say(
        'zone-guessed',
        count,
        `${count === 1 ? 'A time names' : `${count} times name`} a zone that is unknown here; ${name} was assumed.`,
      )
    }
    if (this.#textsCut > 0) {
      const count = this.#textsCut
      this.counts.say(
        'text-cut',
        count,
        `${count === 1 ? 'A text is' : `${count} texts are`} longer than is read (20,000 characters of a description, 4,000 of a title or place); the rest was left out.`,
      )
    }
    if (this.#newTypes > 0) {
      const count = this.#newTypes
      this.counts.say(
        'other-component',
        count,
        `${count === 1 ? 'An event is' : `${count} events are`} of a type that Google added lately; read like ordinary events.`,
      )
    }
  }
}

/**
 * The etag of what we keep: Google's own, and whether the event was masked or limited by the tier, since both change
 * what is kept without a change at Google.
 */
export function itemEtag(event: GoogleEvent, tier: Tier, isMasked: boolean, guessedZone = ''): string {
  const { originalStartTime: original } = event
  const own = event.etag ?? `${event.status ?? ''} ${original?.date ?? original?.dateTime ?? ''} ${event.updated ?? ''}`
  return `${own}~${tierLetters[tier]}${isMasked ? 'm' : ''}${guessedZone}`
}

/** Write-back reads what content reads. */
export const tierLetters = { 'free-busy': 'f', basic: 'b', content: 'c', 'write-back': 'c' } as const

/**
 * The series of an exception. Cancelled ones came without it from some servers; their ids then say it, as all ids of
 * instances have so far (`SERIES_20260323T090000Z`).
 */
function seriesOf(event: GoogleEvent): ItemId | null {
  if (event.recurringEventId !== null || event.originalStartTime === null) return event.recurringEventId
  return /^(.+)_\d{8}(?:T\d{6}Z)?$/.exec(event.id)?.[1] ?? null
}

function isCancelled(change: Change): boolean {
  return (
    change.kind === 'item' &&
    change.item.content.kind === 'events' &&
    change.item.content.events.every(event => event.status === 'cancelled')
  )
}

/** Time, status and ids are left; a kind of entry and a shade of busy say more than that. */
function hidden(event: CalendarEvent): CalendarEvent {
  return storableMask({ ...event, type: 'default', showAs: event.showAs === 'free' ? 'free' : 'busy' })
}

/** Roles that are shown private events whole (reference of Acl, `role`). */
const seesPrivate: ReadonlySet<string> = new Set(['writer', 'owner'])

const none: readonly never[] = []
const mostAttendees = 2_000
const longestDescription = 20_000
const longestText = 4_000
const mostZones = 2_000
/** Windows of increments have no end: what lies after the window now lies in it when the window has moved on. */
const openEnd = Number.MAX_SAFE_INTEGER
const rfc3339 = /^(\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d+)?)([Zz]|[+-]\d{2}:?\d{2})?$/
const zones = new Map<string, Zone | null>()

const eventTypes: ReadonlyMap<string, EventType> = new Map([
  ['default', 'default'],
  ['focusTime', 'focus-time'],
  ['outOfOffice', 'out-of-office'],
  ['workingLocation', 'working-location'],
  ['birthday', 'birthday'],
  // a flight, a hotel, a table: found in somebody's mail, and nobody meets there by invitation
  ['fromGmail', 'other'],
])

function offsetOf(text: string): number {
  if (text === 'Z' || text === 'z') return 0
  const minutes = Number(text.slice(1, 3)) * 60 + Number(text.slice(-2))
  return (text.startsWith('-') ? -minutes : minutes) * minuteMs
}

function instantOf(text: string | null): Instant | null {
  const at = text === null ? Number.NaN : Date.parse(text)
  return Number.isNaN(at) ? null : at
}

function organizerOf({ email, displayName, self }: GooglePerson): Attendee | null {
  if (email === '' && displayName === null) return null
  return { address: email, name: displayName, self, kind: kindOf(email), response: 'none', role: 'chair' }
}

/** Google does not tell lists from people; the directory does later. */
function kindOf(email: string): Attendee['kind'] {
  const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase()
  if (domain === 'resource.calendar.google.com') return 'room'
  return isCalendarDomain(domain) ? 'unknown' : 'person'
}

/** Of calendars that are no person's: secondary ones, rooms, imports, holidays. */
export function isCalendarDomain(domain: string): boolean {
  return domain === 'calendar.google.com' || domain.endsWith('.calendar.google.com')
}

function responseOf(status: string | null): Response {
  return status === 'accepted' || status === 'declined' || status === 'tentative' ? status : 'none'
}

function roleOf({ optional, organizer }: GoogleAttendee): AttendeeRole {
  if (organizer) return 'chair'
  return optional ? 'optional' : 'required'
}

/** Left out by Google, a list still being opened, or guests that came along without a name. */
function isListCut(event: GoogleEvent): boolean {
  return (
    event.attendeesOmitted ||
    event.attendees.length > mostAttendees ||
    event.attendees.some(({ asyncOperation, additionalGuests }) => asyncOperation !== null || additionalGuests > 0)
  )
}

function statusOf(status: string | null): EventStatus {
  return status === 'cancelled' || status === 'tentative' ? status : 'confirmed'
}

function showAsOf({ transparency, eventType, status }: GoogleEvent): ShowAs {
  if (transparency === 'transparent') return 'free'
  if (eventType === 'outOfOffice') return 'out-of-office'
  if (eventType === 'workingLocation') return 'working-elsewhere'
  return status === 'tentative' ? 'tentative' : 'busy'
}

/** A word that is new here is taken for the strictest. */
function visibilityOf(visibility: string | null): Visibility {
  if (visibility === null || visibility === 'default') return 'default'
  return visibility === 'public' || visibility === 'confidential' ? visibility : 'private'
}

function onlineUrlOf({ entryPoints, hangoutLink }: GoogleEvent): string | null {
  const isWeb = (uri: string | null): uri is string => uri !== null && /^https?:\/\//i.test(uri)
  const video = entryPoints.find(({ type, uri }) => type === 'video' && isWeb(uri))?.uri ?? hangoutLink
  return isWeb(video) ? video.slice(0, longestText) : null
}
