/**
 * Items of calendars as rows and back. The body is JSON with short keys; what has its ordinary value is left out, since
 * most fields of most events have it. Zones go by name. What comes back equals what went in, with one exception: of
 * private events only what may be kept.
 */
import type { CalendarId, CalendarItem, ItemContent, ItemId } from '../connectors/connector.ts'
import type {
  Attendee,
  AttendeeKind,
  AttendeeRole,
  CalendarEvent,
  EventStatus,
  EventType,
  OverrideOf,
  RecurrenceSet,
  Response,
  ShowAs,
  Visibility,
} from '../domain/meetings/calendar-event.ts'
import { isHidden, storableMask } from '../domain/meetings/private-event.ts'
import type { Frequency, RecurrenceRule, RuleUntil, RuleWeekday } from '../domain/time/recurrence-rule.ts'
import type { Instant, WallMillis, Zone } from '../domain/time/types.ts'
import { zoneNamed } from '../domain/time/zone-table.ts'
import { itemBounds } from './item-bounds.ts'
import type { SqlValue } from './store.ts'

/** What follows tenant and calendar in a row of `calendar_items`, in the order of `itemToRow`. */
export const itemColumns = ['id', 'etag', 'kind', 'series_id', 'first_at', 'last_start_at', 'last_at', 'body'] as const

export interface ItemRow {
  readonly id: ItemId
  readonly etag: string
  readonly series_id: ItemId | null
  readonly body: string
}

/** Masks what is private, whoever made the item: the last door before the disk. */
export function itemToRow(item: CalendarItem, calendarId: CalendarId): readonly SqlValue[] {
  const content = storableContent(item.content)
  const { firstAt, lastStartAt, lastAt } = itemBounds(content)
  const body = JSON.stringify(packContent(content, calendarId))
  return [item.id, item.etag, content.kind, item.seriesItemId, firstAt, lastStartAt, lastAt, body]
}

/** @throws SyntaxError when the body is not what `itemToRow` wrote. */
export function rowToItem(row: ItemRow, calendarId: CalendarId): CalendarItem {
  // Safe because `itemToRow` alone writes bodies, and their shape only ever gains fields.
  const packed = JSON.parse(row.body) as PackedContent
  return { id: row.id, etag: row.etag, seriesItemId: row.series_id, content: unpackContent(packed, calendarId) }
}

/** A private master hides its overrides in the same item too; a private override hides itself alone. */
function storableContent(content: ItemContent): ItemContent {
  switch (content.kind) {
    case 'occurrence':
      return content
    case 'series':
      return isHidden(content.event.visibility) ? { kind: 'series', event: storableMask(content.event) } : content
    case 'events': {
      if (!content.events.some(event => isHidden(event.visibility))) return content
      const hidden = new Set(
        content.events.filter(event => event.override === null && isHidden(event.visibility)).map(event => event.uid),
      )
      const events = content.events.map(event =>
        isHidden(event.visibility) || hidden.has(event.uid) ? storableMask(event) : event,
      )
      return { kind: 'events', events }
    }
  }
}

interface PackedContent {
  /** Exactly one of the three. */
  events?: PackedEvent[]
  series?: PackedEvent
  at?: readonly [Instant, Instant]
}

interface PackedEvent {
  uid: string
  /** Unless it is the id of the calendar that holds the item. */
  calendar?: string
  start: WallMillis
  /** Unless UTC. */
  zone?: string | undefined
  allDay?: 1
  floating?: 1
  ms?: number | undefined
  days?: number
  rules?: PackedRule[]
  /** Starts, or start and length. */
  more?: (Instant | readonly [Instant, number])[]
  less?: readonly Instant[]
  lessDays?: readonly WallMillis[]
  /** A recurrence with nothing in it, which is not the same as none. */
  repeats?: 1
  of?: Instant
  ofDate?: 1
  ofFuture?: 1
  title?: string | undefined
  text?: string | undefined
  place?: string | undefined
  by?: PackedAttendee | undefined
  who?: PackedAttendee[] | undefined
  cut?: 1
  status?: EventStatus
  shows?: ShowAs
  visible?: Visibility
  type?: EventType
  tags?: readonly string[]
  call?: string
  files?: number
  made?: Instant | undefined
  changed?: Instant | undefined
  seq?: number | undefined
}

/**
 * Address, name, then what differs from a required person who has not answered: `kind:room`, `role:chair`, `accepted`,
 * `self`. Lists and no objects: attendees are most of a body, and this makes them a third shorter.
 */
type PackedAttendee = readonly [address: string, name: string | null, ...differences: string[]]

/** The lists as in RecurrenceRule, where they are not empty. */
interface PackedRule {
  freq: Frequency
  every?: number
  count?: number
  until?: RuleUntil
  byMonth?: readonly number[]
  byWeekNo?: readonly number[]
  byYearDay?: readonly number[]
  byMonthDay?: readonly number[]
  byDay?: readonly (readonly [weekday: number, ordinal: number])[]
  byHour?: readonly number[]
  byMinute?: readonly number[]
  bySecond?: readonly number[]
  bySetPos?: readonly number[]
  week?: number
}

function packContent(content: ItemContent, calendarId: CalendarId): PackedContent {
  switch (content.kind) {
    case 'events':
      return { events: content.events.map(event => packEvent(event, calendarId)) }
    case 'series':
      return { series: packEvent(content.event, calendarId) }
    case 'occurrence':
      return { at: [content.startAt, content.endAt] }
  }
}

/**
 * What most events say stands in one literal, of which JSON leaves out what is undefined; only the rest is added field
 * by field. Objects that grow by twenty fields took longer to make than their JSON.
 */
function packEvent(event: CalendarEvent, calendarId: CalendarId): PackedEvent {
  const { time, recurrence, override } = event
  const packed: PackedEvent = {
    uid: event.uid,
    start: time.startWall,
    zone: time.zone.name === 'UTC' ? undefined : time.zone.name,
    ms: time.exactMs === 0 ? undefined : time.exactMs,
    title: event.title ?? undefined,
    text: event.description === '' ? undefined : event.description,
    place: event.location === '' ? undefined : event.location,
    by: event.organizer === null ? undefined : packAttendee(event.organizer),
    who: event.attendees.length === 0 ? undefined : event.attendees.map(packAttendee),
    made: event.createdAt ?? undefined,
    changed: event.updatedAt ?? undefined,
    seq: event.sequence === 0 ? undefined : event.sequence,
  }
  if (event.calendar !== calendarId) packed.calendar = event.calendar
  if (time.allDay) packed.allDay = 1
  if (time.floating) packed.floating = 1
  if (time.nominalDays !== 0) packed.days = time.nominalDays
  if (recurrence !== null) packRecurrence(packed, recurrence)
  if (override !== null) packOverride(packed, override)
  if (event.attendeesTruncated) packed.cut = 1
  if (event.status !== 'confirmed') packed.status = event.status
  if (event.showAs !== 'busy') packed.shows = event.showAs
  if (event.visibility !== 'default') packed.visible = event.visibility
  if (event.type !== 'default') packed.type = event.type
  if (event.categories.length > 0) packed.tags = event.categories
  if (event.onlineUrl !== null) packed.call = event.onlineUrl
  if (event.attachmentCount !== 0) packed.files = event.attachmentCount
  return packed
}

function packRecurrence(packed: PackedEvent, set: RecurrenceSet): void {
  packed.repeats = 1
  if (set.rules.length > 0) packed.rules = set.rules.map(packRule)
  if (set.additions.length > 0) {
    packed.more = set.additions.map(({ startAt, exactMs }) => (exactMs === null ? startAt : [startAt, exactMs]))
  }
  if (set.exclusions.length > 0) packed.less = set.exclusions
  if (set.excludedDaysWall.length > 0) packed.lessDays = set.excludedDaysWall
}

function packRule(rule: RecurrenceRule): PackedRule {
  const packed: PackedRule = { freq: rule.frequency }
  if (rule.interval !== 1) packed.every = rule.interval
  if (rule.count !== null) packed.count = rule.count
  if (rule.until !== null) packed.until = rule.until
  for (const name of numberLists) if (rule[name].length > 0) packed[name] = rule[name]
  if (rule.byDay.length > 0) packed.byDay = rule.byDay.map(({ weekday, ordinal }) => [weekday, ordinal])
  if (rule.weekStart !== 0) packed.week = rule.weekStart
  return packed
}

const numberLists = [
  'byMonth',
  'byWeekNo',
  'byYearDay',
  'byMonthDay',
  'byHour',
  'byMinute',
  'bySecond',
  'bySetPos',
] as const

function packOverride(packed: PackedEvent, override: OverrideOf): void {
  packed.of = override.originalStartAt
  if (override.byDate) packed.ofDate = 1
  if (override.andFuture) packed.ofFuture = 1
}

function packAttendee({ address, name, kind, response, role, self }: Attendee): PackedAttendee {
  // nearly everybody, without a list that grows
  if (kind === 'person' && role === 'required' && !self) {
    return response === 'none' ? [address, name] : [address, name, response]
  }
  const packed: [string, string | null, ...string[]] = [address, name]
  if (response !== 'none') packed.push(response)
  if (kind !== 'person') packed.push(`kind:${kind}`)
  if (role !== 'required') packed.push(`role:${role}`)
  if (self) packed.push('self')
  return packed
}

function unpackContent(packed: PackedContent, calendarId: CalendarId): ItemContent {
  if (packed.at) return { kind: 'occurrence', startAt: packed.at[0], endAt: packed.at[1] }
  if (packed.series) return { kind: 'series', event: unpackEvent(packed.series, calendarId) }
  return { kind: 'events', events: (packed.events ?? []).map(event => unpackEvent(event, calendarId)) }
}

function unpackEvent(packed: PackedEvent, calendarId: CalendarId): CalendarEvent {
  return {
    calendar: packed.calendar ?? calendarId,
    uid: packed.uid,
    time: {
      startWall: packed.start,
      zone: storedZone(packed.zone ?? 'UTC'),
      allDay: packed.allDay === 1,
      floating: packed.floating === 1,
      exactMs: packed.ms ?? 0,
      nominalDays: packed.days ?? 0,
    },
    recurrence: packed.repeats === 1 ? unpackRecurrence(packed) : null,
    override:
      packed.of === undefined
        ? null
        : { originalStartAt: packed.of, byDate: packed.ofDate === 1, andFuture: packed.ofFuture === 1 },
    title: packed.title ?? null,
    description: packed.text ?? '',
    location: packed.place ?? '',
    organizer: packed.by ? unpackAttendee(packed.by) : null,
    attendees: packed.who ? packed.who.map(unpackAttendee) : none,
    attendeesTruncated: packed.cut === 1,
    status: packed.status ?? 'confirmed',
    showAs: packed.shows ?? 'busy',
    visibility: packed.visible ?? 'default',
    type: packed.type ?? 'default',
    categories: packed.tags ?? none,
    onlineUrl: packed.call ?? null,
    attachmentCount: packed.files ?? 0,
    createdAt: packed.made ?? null,
    updatedAt: packed.changed ?? null,
    sequence: packed.seq ?? 0,
  }
}

function unpackRecurrence(packed: PackedEvent): RecurrenceSet {
  return {
    rules: (packed.rules ?? []).map(unpackRule),
    additions: (packed.more ?? []).map(each =>
      typeof each === 'number' ? { startAt: each, exactMs: null } : { startAt: each[0], exactMs: each[1] },
    ),
    exclusions: packed.less ?? none,
    excludedDaysWall: packed.lessDays ?? none,
  }
}

function unpackRule(packed: PackedRule): RecurrenceRule {
  return {
    frequency: packed.freq,
    interval: packed.every ?? 1,
    count: packed.count ?? null,
    until: packed.until ?? null,
    byMonth: packed.byMonth ?? none,
    byWeekNo: packed.byWeekNo ?? none,
    byYearDay: packed.byYearDay ?? none,
    byMonthDay: packed.byMonthDay ?? none,
    byDay: (packed.byDay ?? none).map(([weekday, ordinal]): RuleWeekday => ({ weekday, ordinal })),
    byHour: packed.byHour ?? none,
    byMinute: packed.byMinute ?? none,
    bySecond: packed.bySecond ?? none,
    bySetPos: packed.bySetPos ?? none,
    weekStart: packed.week ?? 0,
  }
}

function unpackAttendee([address, name, ...differences]: PackedAttendee): Attendee {
  let kind: AttendeeKind = 'person'
  let response: Response = 'none'
  let role: AttendeeRole = 'required'
  let self = false
  for (const difference of differences) {
    // Safe because `packAttendee` alone writes them.
    if (difference.startsWith('kind:')) kind = difference.slice(5) as AttendeeKind
    else if (difference.startsWith('role:')) role = difference.slice(5) as AttendeeRole
    else if (difference === 'self') self = true
    else response = difference as Response
  }
  return { address, name, kind, response, role, self }
}

/** One zone a name, also for fixed offsets, which `zoneNamed` makes anew each time. */
function storedZone(name: string): Zone {
  let zone = zonesByName.get(name)
  if (!zone) {
    zone = zoneNamed(name)
    zonesByName.set(name, zone)
  }
  return zone
}

const zonesByName = new Map<string, Zone>()
const none: readonly never[] = []
