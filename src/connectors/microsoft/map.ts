/**
 * From an event of Microsoft Graph to an item in our words. Pure; what is missing is reported, never invented, and
 * nothing of a private event survives but its time, its status and its ids.
 */
import type {
  Attendee,
  AttendeeKind,
  AttendeeRole,
  CalendarEvent,
  EventStatus,
  EventTime,
  EventType,
  Response,
  ShowAs,
  Visibility,
} from '../../domain/meetings/calendar-event.ts'
import { isHidden, storableMask } from '../../domain/meetings/private-event.ts'
import { stableHash } from '../../domain/meetings/stable-id.ts'
import { plainAddress } from '../../domain/meetings/who.ts'
import type { Instant, WallMillis, Zone } from '../../domain/time/types.ts'
import { dayMs } from '../../domain/time/types.ts'
import { utc, zoneFor } from '../../domain/time/zone-table.ts'
import type { CalendarItem, CalendarRef, Change, ItemContent, ItemId, Tier } from '../connector.ts'
import { isGuess, type ResolvedZone, zoneByName } from '../ics/zones.ts'
import type { GraphAddress, GraphDateTime, GraphEvent, GraphLocation } from './api-types.ts'
import type { MapProblems } from './map-problems.ts'
import { meetingUid } from './uid.ts'

export interface MapContext {
  readonly calendar: CalendarRef
  readonly tier: Tier
  readonly problems: MapProblems
}

export type MappedEvent =
  | { readonly kind: 'changes'; readonly changes: readonly Change[] }
  /** Too little came to say what it is; the event has to be asked for by its id. */
  | { readonly kind: 'incomplete'; readonly itemId: ItemId; readonly changes: readonly Change[] }

/** One entity of a `calendarView/delta` page. */
export function mapDelta(event: GraphEvent, context: MapContext): MappedEvent {
  // A series that is not in the view any more takes along what was stored of it: occurrences are not all named.
  if (event.isRemoved) {
    const changes: Change[] = [
      { kind: 'removed', itemId: event.id },
      { kind: 'series-replaced', seriesItemId: event.id },
    ]
    return { kind: 'changes', changes }
  }
  const replaced: readonly Change[] =
    event.type === 'seriesMaster' ? [{ kind: 'series-replaced', seriesItemId: event.id }] : []
  if (isIncomplete(event)) return { kind: 'incomplete', itemId: event.id, changes: replaced }
  const item = mapEvent(event, context)
  return { kind: 'changes', changes: item === null ? replaced : [{ kind: 'item', item }, ...replaced] }
}

/** An event as `events/{id}` gives it; null when nothing can be made of it, which is counted. */
export function mapEvent(event: GraphEvent, context: MapContext): CalendarItem | null {
  if (isOccurrence(event)) return mapOccurrence(event, context)
  const times = timesOf(event, context)
  if (times === null) {
    context.problems.count('event-without-start')
    return null
  }
  if (event.type !== null && !knownTypes.has(event.type)) context.problems.count('other-component')
  const described = describe(event, times, context)
  const isClosed = context.tier === 'free-busy' || isHidden(described.visibility)
  return {
    id: event.id,
    etag: event.etag ?? `h${stableHash(JSON.stringify(described))}`,
    seriesItemId: described.override === null ? null : event.seriesMasterId,
    content: contentOf(event, isClosed ? storableMask(described) : described),
  }
}

/**
 * Occurrences come as stubs and need no more. Everything else is told by what describes it; an exception also by where it
 * stood in its series.
 */
function isIncomplete(event: GraphEvent): boolean {
  if (isOccurrence(event)) return false
  return event.isSparse || (event.type === 'exception' && event.originalStart === null)
}

const knownTypes: ReadonlySet<string> = new Set(['singleInstance', 'occurrence', 'exception', 'seriesMaster'])

function isOccurrence(event: GraphEvent): boolean {
  return event.type === 'occurrence' || (event.type === null && event.seriesMasterId !== null && event.isSparse)
}

function mapOccurrence(event: GraphEvent, { problems }: MapContext): CalendarItem | null {
  const startAt = instantOf(event.start)
  const endAt = instantOf(event.end)
  if (startAt === null || event.seriesMasterId === null) {
    problems.count('event-without-start')
    return null
  }
  const content: ItemContent = { kind: 'occurrence', startAt, endAt: Math.max(startAt, endAt ?? startAt) }
  return {
    id: event.id,
    // A stub has no etag of its own; its times are all there is to it.
    etag: `t${content.startAt}-${content.endAt}`,
    seriesItemId: event.seriesMasterId,
    content,
  }
}

function contentOf(event: GraphEvent, described: CalendarEvent): ItemContent {
  return event.type === 'seriesMaster' ? { kind: 'series', event: described } : { kind: 'events', events: [described] }
}

function describe(event: GraphEvent, times: Times, context: MapContext): CalendarEvent {
  const { calendar, tier, problems } = context
  const rooms = roomsOf(event)
  const attendees = attendeesOf(event, calendar, rooms, problems)
  const isCut = attendees.length < event.attendees.length
  return {
    calendar: calendar.id,
    uid: uidOf(event, problems),
    time: times.time,
    // Outlook clamps "day 31" and RFC 5545 skips it: Graph's patterns are never expanded here, its occurrences are named.
    recurrence:
      event.type === 'seriesMaster' ? { rules: [], additions: [], exclusions: [], excludedDaysWall: [] } : null,
    override: overrideOf(event, times),
    title: event.subject === null || event.subject.trim() === '' ? null : event.subject,
    description: tier === 'content' || tier === 'write-back' ? textOfBody(event, problems) : '',
    location: locationOf(event),
    organizer: event.organizer === null ? null : organizerOf(event.organizer, event, calendar, rooms),
    attendees,
    // A hidden list is whole on the organizer's own calendar.
    attendeesTruncated: isCut || (event.hideAttendees && !event.isOrganizer),
    status: statusOf(event),
    showAs: showAsOf(event.showAs),
    visibility: visibilityOf(event.sensitivity),
    type: typeOf(event),
    categories: event.categories,
    onlineUrl: event.joinUrl === null || event.joinUrl === '' ? null : event.joinUrl,
    // Graph says that there are some, not how many.
    attachmentCount: event.hasAttachments ? 1 : 0,
    createdAt: parsedInstant(event.createdDateTime),
    updatedAt: parsedInstant(event.lastModifiedDateTime),
    sequence: 0,
  }
}

function uidOf(event: GraphEvent, problems: MapProblems): string {
  if (event.iCalUId !== null && event.iCalUId.trim() !== '') return meetingUid(event.iCalUId)
  problems.count('event-without-uid')
  return `without-uid-${stableHash(event.seriesMasterId ?? event.id)}`
}

interface Times {
  readonly time: EventTime
  readonly startAt: Instant
}

function timesOf(event: GraphEvent, context: MapContext): Times | null {
  const startAt = instantOf(event.start)
  if (startAt === null) return null
  const givenEndAt = instantOf(event.end)
  if (givenEndAt === null) context.problems.count('event-without-end')
  else if (givenEndAt < startAt) context.problems.count('end-before-start')
  const endAt = Math.max(startAt, givenEndAt ?? startAt)
  if (event.isAllDay) {
    const first = dateOf(startAt, event)
    const nominalDays = Math.max(1, Math.round((dateOf(endAt, event) - first) / dayMs))
    const time = { startWall: first, zone: utc, allDay: true, floating: false, exactMs: 0, nominalDays }
    return { time, startAt: first }
  }
  const zone = meetingZone(event, context)
  const time: EventTime = {
    startWall: zone.toWall(startAt),
    zone,
    allDay: false,
    floating: false,
    exactMs: endAt - startAt,
    nominalDays: 0,
  }
  return { time, startAt }
}

/**
 * The date of one end of an all-day event. Graph writes midnight of the date, whatever zone it says beside it, and the
 * date part is taken as it stands. A time that is no midnight was converted on the way: its date is the one on the wall
 * of the meeting's own zone.
 */
function dateOf(at: Instant, event: GraphEvent): WallMillis {
  if (at % dayMs === 0) return at
  const wall = (namedZone(event.originalStartTimeZone)?.zone ?? utc).toWall(at)
  return Math.floor((wall % dayMs === 0 ? wall : at) / dayMs) * dayMs
}

/** Where the meeting was made: what its wall clock shows, and by which rules it moves with the seasons. */
function meetingZone(event: GraphEvent, { calendar, problems }: MapContext): Zone {
  const tzid = event.originalStartTimeZone ?? ''
  const resolved = namedZone(tzid)
  if (resolved !== null) {
    if (isGuess(resolved.source) && resolved.zone !== utc) problems.guessed(tzid, resolved, hides(event))
    return resolved.zone
  }
  const ofCalendar = calendar.zone === null ? null : zoneFor(calendar.zone)
  const zone = ofCalendar ?? utc
  // Nobody said a zone and the calendar has one: nothing to tell. A name nobody knows is told.
  if (tzid !== '' || ofCalendar === null) problems.guessed(tzid, { zone, source: 'calendar-default' }, hides(event))
  return zone
}

const hides = (event: GraphEvent) => isHidden(visibilityOf(event.sensitivity))

const zoneNames = new Map<string, ResolvedZone | null>()
const mostZoneNames = 1_000

/** `W. Europe Standard Time`, `Europe/Berlin`, `tzone://Microsoft/Utc`; null for `Customized Time Zone` and the like. */
function namedZone(name: string | null): ResolvedZone | null {
  if (name === null || name === '') return null
  const known = zoneNames.get(name)
  if (known !== undefined) return known
  const resolved = zoneByName(name)
  if (zoneNames.size < mostZoneNames) zoneNames.set(name, resolved)
  return resolved
}

/** The IANA name of a zone as Exchange names it; null when no table knows it. */
export function ianaZone(name: string | null): string | null {
  return namedZone(name)?.zone.name ?? null
}

function overrideOf(event: GraphEvent, times: Times): CalendarEvent['override'] {
  if (event.seriesMasterId === null || event.type === 'seriesMaster' || event.type === 'singleInstance') return null
  const originalAt = parsedInstant(event.originalStart)
  // Not even asked for by its id does the event say where it stood: then it stands where it stood before.
  const originalStartAt =
    originalAt === null ? times.startAt : times.time.allDay ? dateOf(originalAt, event) : originalAt
  return { originalStartAt, byDate: false, andFuture: false }
}

/** The instant of a Graph time; the zone is UTC as we ask for it, and followed where a server does not listen. */
function instantOf(time: GraphDateTime | null): Instant | null {
  if (time === null) return null
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z?)$/.exec(time.dateTime.trim())
  if (match === null) return null
  const [, year, month, day, hour, minute, second, fraction, z] = match
  const milliseconds = Number((fraction ?? '').slice(0, 3).padEnd(3, '0'))
  const parts = [year, month, day, hour, minute, second ?? 0].map(Number)
  const wall = Date.UTC(parts[0]!, parts[1]! - 1, parts[2], parts[3], parts[4], parts[5], milliseconds)
  // 30 February and hour 25 are no times, however politely Date counts on
  if (new Date(wall).getUTCDate() !== parts[2] || parts[3]! > 23) return null
  const zone = z === 'Z' ? utc : (namedZone(time.timeZone)?.zone ?? utc)
  return zone.toInstant(wall)
}

function parsedInstant(text: string | null): Instant | null {
  if (text === null || !/^\d{4}-\d\d-\d\dT/.test(text)) return null
  const written = /(?:Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}Z`
  const at = Date.parse(written.replace(/(\.\d{3})\d+/, '$1'))
  // Exchange writes its year 1 for "never"
  return Number.isNaN(at) || at < 0 ? null : at
}

function statusOf(event: GraphEvent): EventStatus {
  if (event.isCancelled) return 'cancelled'
  return event.isDraft ? 'tentative' : 'confirmed'
}

function showAsOf(showAs: string | null): ShowAs {
  switch (showAs) {
    case 'free':
    case 'tentative':
      return showAs
    case 'oof':
      return 'out-of-office'
    case 'workingElsewhere':
      return 'working-elsewhere'
    default:
      return 'busy'
  }
}

/** Outlook's "personal" is a wish of its writer as well, and the careful reading costs a title. */
function visibilityOf(sensitivity: string | null): Visibility {
  switch (sensitivity) {
    case 'personal':
    case 'private':
      return 'private'
    case 'confidential':
      return 'confidential'
    default:
      return 'default'
  }
}

/**
 * Graph names no types of events; what a calendar shows decides for events without invitees, as a meeting with others
 * that is shown as out of office is a meeting somewhere else.
 */
function typeOf(event: GraphEvent): EventType {
  if (event.type !== null && !knownTypes.has(event.type)) return 'other'
  if (event.attendees.length === 0) {
    if (event.showAs === 'oof') return 'out-of-office'
    if (event.showAs === 'workingElsewhere' && event.isAllDay) return 'working-location'
  }
  if (hides(event)) return 'default'
  for (const category of event.categories) {
    const word = category.toLowerCase()
    if (word === 'focus time') return 'focus-time'
    if (word === 'birthday' || word === 'birthdays') return 'birthday'
  }
  return 'default'
}

/** The domain keeps this many characters of a description. */
const longestDescription = 20_000

function textOfBody(event: GraphEvent, problems: MapProblems): string {
  const text = event.body?.content ?? ''
  if (text.length <= longestDescription) return text
  problems.count('text-cut')
  return text.slice(0, longestDescription)
}

function locationOf(event: GraphEvent): string {
  const names = [...event.locations, ...(event.location === null ? [] : [event.location])]
    .map(({ displayName }) => displayName)
    .filter(name => name !== '')
  const [first, ...more] = [...new Set(names)]
  if (first === undefined) return ''
  // `location` is all names in one where there are several
  return more.length > 0 && event.location?.displayName ? event.location.displayName : first
}

interface Rooms {
  readonly addresses: ReadonlySet<string>
  readonly names: ReadonlySet<string>
}

/** Rooms come back as required attendees where somebody typed them in; the places of the event know better. */
function roomsOf(event: GraphEvent): Rooms {
  const addresses = new Set<string>()
  const names = new Set<string>()
  const add = (location: GraphLocation) => {
    const written = [location.locationEmailAddress, location.locationUri, location.uniqueId]
      .map(text => plainAddress(text ?? ''))
      .filter(text => /^[^\s@/]+@[^\s@/]+$/.test(text))
    for (const address of written) addresses.add(address)
    if (location.locationType === 'conferenceRoom' && written.length === 0 && location.displayName !== '')
      names.add(location.displayName.toLowerCase())
  }
  event.locations.forEach(add)
  if (event.location !== null) add(event.location)
  return { addresses, names }
}

function isRoom({ address, name }: GraphAddress, rooms: Rooms): boolean {
  return rooms.addresses.has(plainAddress(address)) || (name !== null && rooms.names.has(name.toLowerCase()))
}

function organizerOf(who: GraphAddress, event: GraphEvent, calendar: CalendarRef, rooms: Rooms): Attendee {
  return {
    address: who.address,
    name: who.name,
    kind: isRoom(who, rooms) ? 'room' : 'person',
    response: 'accepted',
    role: 'chair',
    self: event.isOrganizer || isOwner(who, calendar),
  }
}

/** Lists of town halls end somewhere; what lies beyond is a lower bound. */
const mostAttendees = 2_000

function attendeesOf(event: GraphEvent, calendar: CalendarRef, rooms: Rooms, problems: MapProblems): Attendee[] {
  if (event.attendees.length > mostAttendees) problems.count('too-many-attendees')
  const organizer = event.organizer === null ? '' : plainAddress(event.organizer.address)
  return event.attendees.slice(0, mostAttendees).map(who => {
    const isChair = who.response === 'organizer' || (organizer !== '' && plainAddress(who.address) === organizer)
    const self = isOwner(who, calendar) || (isChair && event.isOrganizer)
    return {
      address: who.address,
      name: who.name,
      kind: kindOf(who.type, isRoom(who, rooms)),
      // On an attendee's copy the list is as old as the invitation; what the owner answered stands beside it.
      response: (self ? answered(event.ownResponse) : null) ?? answered(who.response) ?? 'none',
      role: isChair ? 'chair' : roleOf(who.type),
      self,
    }
  })
}

function isOwner(who: GraphAddress, calendar: CalendarRef): boolean {
  if (calendar.ownerAddress === null) return false
  const address = plainAddress(who.address)
  return address !== '' && address === plainAddress(calendar.ownerAddress)
}

function kindOf(type: string | null, isRoomByPlace: boolean): AttendeeKind {
  return type === 'resource' || isRoomByPlace ? 'room' : 'person'
}

function roleOf(type: string | null): AttendeeRole {
  return type === 'optional' ? 'optional' : 'required'
}

/** Null for `none` and `notResponded`. */
function answered(response: string | null): Response | null {
  switch (response) {
    case 'organizer':
    case 'accepted':
      return 'accepted'
    case 'tentativelyAccepted':
      return 'tentative'
    case 'declined':
      return 'declined'
    default:
      return null
  }
}
