/**
 * One iCalendar file or feed as events in our words. Reads a stream once, keeps the fields we use of the events that
 * can touch the window, and says what it left out. Opening files, archives and addresses is somebody else's job.
 */
import type { Attendee, CalendarEvent, ShowAs } from '../../domain/meetings/calendar-event.ts'
import { isHidden, maskEvent } from '../../domain/meetings/private-event.ts'
import { mayTouch } from '../../domain/meetings/touches.ts'
import { parseRecurrenceRule, type RecurrenceRule, type RuleProblem } from '../../domain/time/recurrence-rule.ts'
import { dayMs, type Instant, type WallMillis, type Zone } from '../../domain/time/types.ts'
import { utc } from '../../domain/time/zone-table.ts'
import { PortError } from '../../port-error.ts'
import type { CalendarRead, ReadOptions, ZoneResolution, ZoneSource } from '../calendar-read.ts'
import { hasLongAttendeeText, parseAttendee } from './attendees.ts'
import { ContentLineReader, type LineSink } from './content-lines.ts'
import { bytesAsUtf8, type IcsSource, Opening } from './encoding.ts'
import { Interner } from './intern.ts'
import { LeftOutCounts } from './left-out.ts'
import {
  mapEvent,
  mapOverride,
  mapRecurrence,
  mapTime,
  type NamedZone,
  newRawEvent,
  type RawEvent,
  type StampList,
  uidFromContent,
  type ZonedStamp,
} from './map.ts'
import {
  decode,
  decodeShort,
  longestText,
  parameterSpan,
  parseLength,
  parseOffsetMinutes,
  parseStamp,
  stampForm,
  stampWall,
  textList,
  unescapeText,
  valueStart,
} from './values.ts'
import type { Observance, ZoneDefinition } from './vtimezone.ts'
import { DefinedZones, guessSentences, isGuess, privateZoneName, type ResolvedZone, zoneByName } from './zones.ts'

/**
 * Reads a calendar to its end. Never rejects for what the bytes say: an empty, cut or foreign file is a reading without
 * events and with a sentence. Rejects only when the source does.
 */
export async function readIcs(source: IcsSource, options: ReadOptions): Promise<CalendarRead> {
  const reading = new Reading(options)
  const lines = new ContentLineReader(propertyNames, lineLimits, reading)
  const opening = new Opening()
  for await (const chunk of bytesAsUtf8(source)) {
    opening.look(chunk)
    lines.push(chunk)
  }
  lines.end()
  return reading.finish(opening)
}

/** The properties we read; every other line is walked over. Order is that of `property`. */
const propertyNames = [
  'BEGIN',
  'END',
  'UID',
  'DTSTART',
  'DTEND',
  'DURATION',
  'RRULE',
  'RDATE',
  'EXDATE',
  'RECURRENCE-ID',
  'SUMMARY',
  'DESCRIPTION',
  'X-ALT-DESC',
  'LOCATION',
  'ORGANIZER',
  'ATTENDEE',
  'STATUS',
  'TRANSP',
  'CLASS',
  'X-MICROSOFT-CDO-BUSYSTATUS',
  'X-MICROSOFT-CDO-ALLDAYEVENT',
  'X-GOOGLE-CONFERENCE',
  'CONFERENCE',
  'X-MICROSOFT-SKYPETEAMSMEETINGURL',
  'X-MICROSOFT-ONLINEMEETINGCONFLINK',
  'URL',
  'ATTACH',
  'CATEGORIES',
  'CREATED',
  'LAST-MODIFIED',
  'DTSTAMP',
  'SEQUENCE',
  'TZID',
  'X-LIC-LOCATION',
  'TZOFFSETFROM',
  'TZOFFSETTO',
  'X-WR-CALNAME',
  'X-WR-TIMEZONE',
  'METHOD',
] as const

const property = {
  begin: 0,
  end: 1,
  uid: 2,
  start: 3,
  endTime: 4,
  duration: 5,
  rule: 6,
  additions: 7,
  exclusions: 8,
  recurrenceId: 9,
  summary: 10,
  description: 11,
  htmlDescription: 12,
  location: 13,
  organizer: 14,
  attendee: 15,
  status: 16,
  transparency: 17,
  class: 18,
  busyStatus: 19,
  allDayByMicrosoft: 20,
  googleConference: 21,
  conference: 22,
  teamsUrl: 23,
  onlineLink: 24,
  url: 25,
  attachment: 26,
  categories: 27,
  created: 28,
  modified: 29,
  stamped: 30,
  sequence: 31,
  tzid: 32,
  zoneLocation: 33,
  offsetFrom: 34,
  offsetTo: 35,
  calendarName: 36,
  calendarZone: 37,
  method: 38,
} as const

const lineLimits = { longest: 1_000_000, lists: new Set<number>([property.additions, property.exclusions]) }
const deepestNesting = 16
const mostProperties = 10_000
const mostAttendees = 2_000
const mostInvitedBytes = 4_000_000
const mostListedDates = 2_000_000
/** Of one event, and of all events of a file, near the window: more additional dates cannot be meetings. */
const mostAdditions = 20_000
const mostAdditionsOfFile = 200_000
/** Longer than any meeting, and than any move of a series: an additional date further away cannot touch the window. */
const farFromWindowMs = 400 * dayMs
const mostCategories = 1_000
const mostDefinitions = 1_000
/** Of all definitions of a file, with a tenth of an observance for each onset listed by itself. */
const mostObservances = 20_000
/** Twice as many as there are zones, with their aliases and Windows names. */
const mostZoneNames = 2_000
const mostZonesListed = 200
const longestDescription = 20_000

/** A zone being resolved: what `NamedZone` promises, and how it was done. */
interface ZoneEntry extends NamedZone {
  source: ZoneSource | null
  /** The file names more zones than we look into, and this is one of the rest. */
  isBeyondCap: boolean
  /** Series whose changed occurrences name the zone while nothing else does: private if all of these are. */
  seriesUids: Set<string> | null
}

type MutableObservance = { -readonly [Key in keyof Observance]: Observance[Key] | null }

class Reading implements LineSink {
  readonly #options: ReadOptions
  readonly #leftOut = new LeftOutCounts()
  #calendarName: string | null = null
  #calendarZone: ResolvedZone | null = null
  #isCancelCalendar = false

  /** Open components: how many, and how many of them lie inside the event and are passed over. */
  #depth = 0
  #inside: 'nothing' | 'event' | 'zone' | 'other' = 'nothing'
  #otherName = ''
  #skipDepth = 0
  #metCalendar = false

  #raw: RawEvent = newRawEvent()
  /** Bytes of the last DESCRIPTION, decoded only for an event that is kept. */
  #description = new Uint8Array(1 << 12)
  #descriptionLength = 0
  #isDescriptionCut = false
  #isHtmlDescription = false
  /** ATTENDEE lines of the current event, from the end of the name on, and where each of them ends. */
  #invited = new Uint8Array(1 << 14)
  #invitedLength = 0
  readonly #invitedEnds: number[] = []

  readonly #zones = new Map<string, ZoneEntry>()
  readonly #definitions = new Map<string, ZoneDefinition>()
  #definitionTzid: string | null = null
  #definitionLocation: string | null = null
  #observances: Observance[] = []
  #observance: MutableObservance | null = null

  readonly #definedZones = new DefinedZones()
  #definitionsDropped = false
  #observancesKept = 0
  readonly #floating: ZoneEntry = newZoneEntry('', null, 'calendar-default')
  /** Events whose zone may still be told by a later line of the file. */
  readonly #pending: RawEvent[] = []
  readonly #events: (CalendarEvent | null)[] = []
  /** By UID and, for overrides, key: the event's index, or for one not kept -1 - its SEQUENCE. */
  readonly #seen = new Map<string, number>()
  readonly #hiddenSeries = new Set<string>()
  #eventCount = 0
  #outsideWindow = 0
  #additions = 0
  #descriptionsCut = 0
  #textsCut = 0
  #latestStartAt: Instant | null = null

  readonly #attendees = new Interner<Attendee | null>()
  readonly #texts = new Interner<string>()
  readonly #words = new Interner<string>()
  readonly #rules = new Interner<RecurrenceRule | RuleProblem>()
  readonly #zoneNames = new Interner<ZoneEntry>()
  readonly #categories = new Interner<readonly string[]>()

  constructor(options: ReadOptions) {
    this.#options = options
  }

  line(name: number, bytes: Uint8Array, at: number, end: number, cut: boolean): void {
    if (name === property.begin) this.#begin(this.#word(bytes, at, end))
    else if (name === property.end) this.#end(this.#word(bytes, at, end))
    else if (this.#skipDepth > 0) return
    else if (this.#inside === 'event') this.#eventLine(name, bytes, at, end, cut)
    else if (cut && this.#inside !== 'other') this.#leftOut.add('line-too-long')
    else if (this.#inside === 'zone') this.#zoneLine(name, bytes, at, end)
    else if (this.#inside === 'nothing') this.#calendarLine(name, bytes, at, end)
  }

  finish(opening: Opening): CalendarRead {
    if (this.#inside === 'event') {
      this.#eventCount++
      this.#leftOut.add('event-without-end')
    }
    if (this.#depth > 0) this.#leftOut.add('truncated-file')
    if (!this.#metCalendar) this.#leftOut.say('not-a-calendar', 1, opening.notACalendar())

    this.#resolvePending()
    const events = this.#events.filter(event => event !== null).map(event => this.#hideWithSeries(event))
    const zones = this.#zoneResolutions()
    this.#sayGuesses(zones)
    this.#sayTextsCut()
    return {
      calendar: this.#options.calendar,
      name: this.#calendarName,
      zone: this.#calendarZone?.zone.name ?? mostUsed(zones),
      events,
      eventCount: this.#eventCount,
      outsideWindow: this.#outsideWindow,
      latestStartAt: this.#latestStartAt,
      zones: zones.slice(0, mostZonesListed),
      leftOut: this.#leftOut.all(),
    }
  }

  // Components

  #begin(name: string): void {
    if (name === 'VCALENDAR') {
      // A calendar never lies inside anything: whatever is still open was cut off.
      this.#abandonEvent()
      this.#metCalendar = true
      this.#depth = 1
      this.#inside = 'nothing'
      this.#skipDepth = 0
      this.#isCancelCalendar = false
      return
    }
    this.#depth++
    if (this.#depth === deepestNesting + 1) this.#leftOut.add('nested-too-deep')
    if (name === 'VEVENT') {
      this.#abandonEvent()
      this.#metCalendar = true
      this.#inside = 'event'
      this.#skipDepth = 0
      this.#raw = newRawEvent()
      this.#descriptionLength = 0
      this.#isDescriptionCut = false
      this.#forgetInvited()
      if (this.#isCancelCalendar) this.#raw.status = 'cancelled'
    } else if (this.#inside === 'nothing') {
      if (name === 'VTIMEZONE') {
        this.#inside = 'zone'
        this.#definitionTzid = null
        this.#definitionLocation = null
        this.#observances = []
      } else {
        this.#inside = 'other'
        this.#otherName = name
        this.#skipDepth = 1
        if (name === 'VTODO' || name === 'VJOURNAL' || name === 'VFREEBUSY') this.#leftOut.add('other-component')
      }
    } else if (this.#inside === 'zone' && (name === 'STANDARD' || name === 'DAYLIGHT') && this.#skipDepth === 0) {
      this.#observance = { startWall: null, fromMinutes: null, toMinutes: null, rule: null, additionalWalls: [] }
    } else this.#skipDepth++
  }

  #end(name: string): void {
    if (this.#depth > 0) this.#depth--
    if (name === 'VCALENDAR') {
      this.#abandonEvent()
      this.#depth = 0
      this.#inside = 'nothing'
      this.#skipDepth = 0
    } else if (this.#inside === 'event' && name === 'VEVENT') {
      this.#inside = 'nothing'
      this.#skipDepth = 0
      this.#finishEvent()
    } else if (this.#inside === 'zone' && name === 'VTIMEZONE') {
      this.#inside = 'nothing'
      this.#skipDepth = 0
      this.#finishDefinition()
    } else if (this.#inside === 'zone' && this.#skipDepth === 0) this.#finishObservance()
    else if (this.#inside === 'other' && (this.#skipDepth === 1 || name === this.#otherName)) {
      this.#inside = 'nothing'
      this.#skipDepth = 0
    } else if (this.#skipDepth > 0) this.#skipDepth--
  }

  #abandonEvent(): void {
    if (this.#inside !== 'event') return
    this.#eventCount++
    this.#leftOut.add('event-without-end')
    this.#inside = 'nothing'
  }

  #calendarLine(name: number, bytes: Uint8Array, at: number, end: number): void {
    if (name === property.calendarName) this.#calendarName ??= this.#text(bytes, at, end) || null
    else if (name === property.calendarZone) this.#calendarZone ??= zoneByName(this.#text(bytes, at, end))
    else if (name === property.method) this.#isCancelCalendar = this.#word(bytes, at, end) === 'CANCEL'
  }

  // Events

  #eventLine(name: number, bytes: Uint8Array, at: number, end: number, cut: boolean): void {
    const raw = this.#raw
    if (cut && name !== property.description && name !== property.htmlDescription && name !== property.attachment)
      this.#leftOut.add('line-too-long')
    if (name === property.attendee) {
      this.#attendee(raw, bytes, at, end)
      return
    }
    if (name === property.exclusions || name === property.additions) {
      this.#dateList(raw, name, bytes, at, end, cut)
      return
    }
    if (++raw.properties > mostProperties) {
      this.#sayOverfull(raw)
      return
    }
    if (end - at > longestText && !cut && shortTexts.has(name)) {
      const value = valueStart(bytes, at, end)
      if (value >= 0 && end - value > longestText) raw.isTextCut = true
    }
    switch (name) {
      case property.uid:
        raw.uid ??= decodeShort(bytes, valueStart(bytes, at, end), end).trim() || null
        break
      case property.start:
        raw.start ??= this.#stamp(bytes, at, end)
        break
      case property.endTime:
        raw.end ??= this.#stamp(bytes, at, end)
        break
      case property.duration: {
        const length = parseLength(decodeShort(bytes, valueStart(bytes, at, end), end))
        if (length) raw.length ??= length
        else this.#leftOut.add('bad-date')
        break
      }
      case property.rule: {
        const value = valueStart(bytes, at, end)
        const rule = this.#rules.get(bytes, value, end, parseRule)
        if ('problem' in rule) this.#leftOut.add('bad-rule')
        else raw.rules.push(rule)
        break
      }
      case property.recurrenceId:
        raw.recurrenceId ??= this.#stamp(bytes, at, end)
        raw.andFuture = parameterIs(bytes, at, end, 'RANGE', 'THISANDFUTURE')
        break
      case property.summary:
        raw.title ??= this.#text(bytes, at, end) || null
        break
      case property.description:
        if (this.#descriptionLength === 0 || this.#isHtmlDescription) this.#keepDescription(bytes, at, end, cut, false)
        break
      case property.htmlDescription:
        if (this.#descriptionLength === 0) this.#keepDescription(bytes, at, end, cut, true)
        break
      case property.location:
        raw.location = raw.location || this.#text(bytes, at, end)
        break
      case property.organizer:
        raw.organizer ??= this.#attendees.get(bytes, at, end, parseOrganizer)
        break
      case property.status: {
        const status = this.#word(bytes, at, end)
        if (status === 'CANCELLED' || status === 'CANCELED') raw.status = 'cancelled'
        else if (status === 'TENTATIVE' && raw.status !== 'cancelled') raw.status = 'tentative'
        break
      }
      case property.transparency:
        raw.isTransparent = this.#word(bytes, at, end) === 'TRANSPARENT'
        break
      case property.class: {
        const visibility = this.#word(bytes, at, end)
        if (visibility === 'PUBLIC') raw.visibility = 'public'
        // A value we do not know is to be treated as private (RFC 5545 section 3.8.1.3).
        else if (visibility !== '') raw.visibility = visibility === 'CONFIDENTIAL' ? 'confidential' : 'private'
        break
      }
      case property.busyStatus:
        raw.busyStatus = busyStatuses.get(this.#word(bytes, at, end)) ?? null
        break
      case property.allDayByMicrosoft:
        raw.isAllDayByMicrosoft = this.#word(bytes, at, end) === 'TRUE'
        break
      case property.googleConference:
      case property.conference:
      case property.teamsUrl:
      case property.onlineLink: {
        const address = this.#text(bytes, at, end)
        if (/^https?:\/\//i.test(address)) raw.onlineUrl ??= address
        break
      }
      case property.url:
        raw.onlineUrl ??= callAddress(this.#text(bytes, at, end))
        break
      case property.attachment:
        raw.attachmentCount++
        break
      case property.categories: {
        const value = valueStart(bytes, at, end)
        const words = this.#categories.get(bytes, value, Math.min(end, value + longestText), parseCategories)
        if (raw.categories.length + words.length > mostCategories) this.#sayOverfull(raw)
        else raw.categories = raw.categories.length === 0 ? words : raw.categories.concat(words)
        break
      }
      case property.created:
        raw.createdAt = stampInstant(bytes, at, end)
        break
      case property.modified:
        raw.modifiedAt = stampInstant(bytes, at, end)
        break
      case property.stamped:
        raw.stampedAt = stampInstant(bytes, at, end)
        break
      case property.sequence:
        raw.sequence = Math.max(0, Number.parseInt(decodeShort(bytes, valueStart(bytes, at, end), end), 10) || 0)
        break
    }
  }

  /** Keeps the line as it is: most events of a long export are not kept, and their guest lists need no reading. */
  #attendee(raw: RawEvent, bytes: Uint8Array, at: number, end: number): void {
    if (raw.attendees.length + this.#invitedEnds.length >= mostAttendees) {
      if (!raw.attendeesTruncated) this.#leftOut.add('too-many-attendees')
      raw.attendeesTruncated = true
      return
    }
    if (end - at > longestText && hasLongAttendeeText(bytes, at, end)) raw.isTextCut = true
    if (this.#invitedLength + end - at > mostInvitedBytes) this.#takeInvited(raw)
    const to = this.#invitedLength + end - at
    if (to > this.#invited.length) {
      const longer = new Uint8Array(to * 2)
      longer.set(this.#invited)
      this.#invited = longer
    }
    this.#invited.set(bytes.subarray(at, end), this.#invitedLength)
    this.#invitedLength = to
    this.#invitedEnds.push(to)
  }

  #takeInvited(raw: RawEvent): void {
    let from = 0
    for (const end of this.#invitedEnds) {
      const attendee = this.#attendees.get(this.#invited, from, end, parseInvitee)
      if (attendee) raw.attendees.push(attendee)
      from = end
    }
    this.#forgetInvited()
  }

  #forgetInvited(): void {
    this.#invitedEnds.length = 0
    this.#invitedLength = 0
  }

  #stamp(bytes: Uint8Array, at: number, end: number): ZonedStamp | null {
    let value = valueStart(bytes, at, end)
    if (value < 0) return null
    const last = bytes[end - 1] === quote ? end - 1 : end
    let stamp = parseStamp(bytes, value, last)
    if (!stamp) {
      // Exchange writes `TZID=tzone://Microsoft/Utc:20260316T100000` without the quotes a colon asks for.
      value = bytes.lastIndexOf(colon, last - 1) + 1
      stamp = parseStamp(bytes, value, last)
    }
    if (!stamp) {
      this.#leftOut.add('bad-date')
      return null
    }
    if (value === at + 1) return { form: stamp.form, wall: stamp.wall, namedZone: null }
    // VALUE=DATE beside a clock time: some exporters write it, and mean the date.
    const form = stamp.form === 'wall' && parameterIs(bytes, at, end, 'VALUE', 'DATE') ? 'date' : stamp.form
    return { form, wall: stamp.wall, namedZone: form === 'wall' ? this.#namedZone(bytes, at, value) : null }
  }

  #namedZone(bytes: Uint8Array, at: number, value: number): ZoneEntry | null {
    const span = parameterSpan(bytes, at, value, 'TZID')
    if (!span || span.to <= span.from) return null
    return this.#zoneNames.get(bytes, span.from, span.to, (all, from, to) => {
      const tzid = decode(all, from, Math.min(to, from + 512)).trim()
      let entry = this.#zones.get(tzid)
      if (!entry) {
        const isBeyondCap = this.#zones.size >= mostZoneNames
        const resolved = isBeyondCap ? null : zoneByName(tzid)
        entry = newZoneEntry(tzid, resolved?.zone ?? null, resolved?.source ?? null)
        entry.isBeyondCap = isBeyondCap
        this.#zones.set(tzid, entry)
      }
      return entry
    })
  }

  /** EXDATE and RDATE: values of one line share its zone and mostly its form. */
  #dateList(raw: RawEvent, name: number, bytes: Uint8Array, at: number, end: number, cut: boolean): void {
    const value = valueStart(bytes, at, end)
    if (value < 0) return
    const namedZone = value === at + 1 ? null : this.#namedZone(bytes, at, value)
    const lists = name === property.exclusions ? raw.exclusions : raw.additions
    for (let from = value; from < end; ) {
      let to = from
      let slash = -1
      for (; to < end && bytes[to] !== comma; to++) if (bytes[to] === slashSign) slash = to
      if (to === end && cut) break
      if (slash >= 0) this.#period(raw, namedZone, bytes, from, slash, to)
      else {
        const wall = stampWall(bytes, from, to)
        if (Number.isNaN(wall)) this.#leftOut.add('bad-date')
        else if (lists === raw.additions) {
          if (this.#keepsAddition(raw, wall)) {
            const form = stampForm(bytes, from, to)
            addToLists(lists, form, form === 'wall' ? namedZone : null, wall)
          }
        } else if (this.#isFarFromWindow(wall)) {
          // excludes nothing that will be asked for: a file may carry a million of them
        } else if (++raw.listedDates > mostListedDates) {
          this.#sayOverfull(raw)
          return
        } else {
          const form = stampForm(bytes, from, to)
          addToLists(lists, form, form === 'wall' ? namedZone : null, wall)
        }
      }
      from = to + 1
    }
  }

  /** No wall is more than 14 hours from UTC, and no zone of a day's length away from another's date. */
  #isFarFromWindow(wall: WallMillis): boolean {
    const { startAt, endAt } = this.#options.window
    return wall < startAt - 3 * dayMs || wall >= endAt + 3 * dayMs
  }

  /** One far from the window is kept to know that the event repeats, the rest of them not. */
  #keepsAddition(raw: RawEvent, wall: WallMillis): boolean {
    const { startAt, endAt } = this.#options.window
    const isFar = wall < startAt - farFromWindowMs || wall >= endAt + farFromWindowMs
    if (isFar && raw.additionsKept > 0) return false
    if (raw.additionsKept < mostAdditions && this.#additions < mostAdditionsOfFile) {
      raw.additionsKept++
      this.#additions++
      return true
    }
    this.#sayOverfull(raw)
    return false
  }

  #sayOverfull(raw: RawEvent): void {
    if (!raw.isOverfull) this.#leftOut.add('too-many-properties')
    raw.isOverfull = true
  }

  #period(
    raw: RawEvent,
    namedZone: ZoneEntry | null,
    bytes: Uint8Array,
    from: number,
    slash: number,
    to: number,
  ): void {
    const start = parseStamp(bytes, from, slash)
    const end = parseStamp(bytes, slash + 1, to) ?? parseLength(decodeShort(bytes, slash + 1, to))
    if (!start || !end) {
      this.#leftOut.add('bad-date')
      return
    }
    if (!this.#keepsAddition(raw, start.wall)) return
    raw.periods.push({
      start: { ...start, namedZone: start.form === 'wall' ? namedZone : null },
      end: 'form' in end ? { ...end, namedZone: end.form === 'wall' ? namedZone : null } : end,
    })
  }

  #keepDescription(bytes: Uint8Array, at: number, end: number, cut: boolean, isHtml: boolean): void {
    const value = valueStart(bytes, at, end)
    if (value < 0) return
    // An escaped character may take two bytes, a character of UTF-8 four.
    const length = Math.min(end - value, longestDescription * 4)
    if (length > this.#description.length) this.#description = new Uint8Array(length * 2)
    this.#description.set(bytes.subarray(value, value + length), 0)
    this.#descriptionLength = length
    this.#isDescriptionCut = cut || length < end - value
    this.#isHtmlDescription = isHtml
  }

  #takeDescription(raw: RawEvent): void {
    if (this.#descriptionLength === 0) return
    const text = unescapeText(decode(this.#description, 0, this.#descriptionLength))
    this.#descriptionLength = 0
    raw.isDescriptionCut = this.#isDescriptionCut || text.length > longestDescription
    raw.description = text.length > longestDescription ? text.slice(0, longestDescription) : text
  }

  #text(bytes: Uint8Array, at: number, end: number): string {
    const value = valueStart(bytes, at, end)
    return value < 0 ? '' : this.#texts.get(bytes, value, end, parseText)
  }

  /** A value that is one word of the calendar's own grammar, in upper case. */
  #word(bytes: Uint8Array, at: number, end: number): string {
    const value = valueStart(bytes, at, end)
    return value < 0 ? '' : this.#words.get(bytes, value, end, parseWord)
  }

  // From raw to kept

  #finishEvent(): void {
    this.#eventCount++
    const raw = this.#raw
    if (!raw.start) {
      this.#leftOut.add('event-without-start')
      return
    }
    if (this.#hasOpenZone(raw, raw.start)) {
      this.#takeDescription(raw)
      this.#takeInvited(raw)
      this.#pending.push(raw)
    } else this.#place(raw, raw.start)
  }

  /** Whether a line still to come may tell where one of the event's times belongs. */
  #hasOpenZone(raw: RawEvent, start: ZonedStamp): boolean {
    if (start.form === 'wall' && start.namedZone === null && !this.#calendarZone) return true
    const isOpen = (stamp: { readonly namedZone: NamedZone | null } | null) =>
      stamp !== null && stamp.namedZone !== null && stamp.namedZone.zone === null
    return (
      isOpen(start) ||
      isOpen(raw.end) ||
      isOpen(raw.recurrenceId) ||
      raw.exclusions.some(isOpen) ||
      raw.additions.some(isOpen) ||
      raw.periods.some(period => isOpen(period.start))
    )
  }

  #resolvePending(): void {
    const fallback = this.#calendarZone?.zone ?? this.#options.defaultZone
    this.#floating.zone = fallback
    // What an event that was not kept left behind belongs to none of the events to come.
    this.#descriptionLength = 0
    this.#forgetInvited()
    const firstYear = yearAt(this.#options.window.startAt)
    const lastYear = Math.max(firstYear, yearAt(this.#options.window.endAt - 1))
    const yearOf = new Map<NamedZone, number>()
    for (const { start } of this.#pending)
      if (start?.namedZone && !yearOf.has(start.namedZone))
        yearOf.set(start.namedZone, Math.min(Math.max(yearAt(start.wall), firstYear), lastYear))
    for (const entry of this.#zones.values()) {
      if (entry.zone) continue
      const definition = this.#definitions.get(entry.tzid)
      const hasRoom = this.#definedZones.hasRoom()
      const resolved =
        definition && hasRoom ? this.#definedZones.resolve(definition, yearOf.get(entry) ?? firstYear) : null
      if (resolved) entry.isBeyondCap = false
      else if (definition ? !hasRoom : this.#definitionsDropped) entry.isBeyondCap = true
      entry.zone = resolved?.zone ?? fallback
      entry.source = resolved?.source ?? 'calendar-default'
    }
    for (const raw of this.#pending) if (raw.start) this.#place(raw, raw.start)
  }

  #place(raw: RawEvent, start: ZonedStamp): void {
    const floatingZone: Zone = this.#calendarZone?.zone ?? this.#options.defaultZone
    const { time, startAt, endedBeforeStart } = mapTime(raw, start, floatingZone)
    if (endedBeforeStart) this.#leftOut.add('end-before-start')
    if (this.#latestStartAt === null || startAt > this.#latestStartAt) this.#latestStartAt = startAt
    if (raw.uid === null) this.#leftOut.add('event-without-uid')
    const uid = raw.uid ?? uidFromContent(raw)
    const override = mapOverride(raw, time, floatingZone)
    const namedZone = time.floating ? this.#floating : start.namedZone
    // safe because every named zone of a reading is made by `newZoneEntry`
    if (namedZone) countEvent(namedZone as ZoneEntry, raw, override ? uid : null)
    if (!override && isHidden(raw.visibility)) this.#hiddenSeries.add(uid)

    const key = override ? `${uid}\n${override.originalStartAt}` : uid
    const seen = this.#seen.get(key)
    const rival = seen !== undefined && seen >= 0 ? (this.#events[seen] ?? null) : null
    if (seen !== undefined) {
      const verdict = rival ? compareCopies(raw, startAt, rival) : raw.sequence > -1 - seen ? 'newer' : 'older'
      if (verdict !== 'different') this.#leftOut.add('duplicate-event')
      if (verdict === 'older') return
      if (verdict === 'newer' && rival) this.#events[seen] = null
    }

    const recurrence = override ? null : mapRecurrence(raw, time, floatingZone)
    if (!mayTouch(this.#options.window, startAt, time, recurrence, override)) {
      this.#outsideWindow++
      this.#seen.set(key, -1 - raw.sequence)
      return
    }
    if (raw.description === '' && !isHidden(raw.visibility)) this.#takeDescription(raw)
    this.#takeInvited(raw)
    if (!isHidden(raw.visibility)) {
      if (raw.isDescriptionCut) this.#descriptionsCut++
      if (raw.isTextCut) this.#textsCut++
    }
    raw.onlineUrl ??= callAddress(raw.location)
    this.#seen.set(key, this.#events.length)
    const { mostEvents } = this.#options
    if (mostEvents !== undefined && this.#events.length >= mostEvents) throw tooManyEvents(mostEvents)
    this.#events.push(mapEvent(raw, this.#options.calendar, uid, time, recurrence, override))
  }

  /** Privacy is the most restrictive of a series and its changed occurrence, whichever comes first in the file. */
  #hideWithSeries(event: CalendarEvent): CalendarEvent {
    if (!event.override || isHidden(event.visibility) || !this.#hiddenSeries.has(event.uid)) return event
    return maskEvent(event, 'private')
  }

  // Zones

  #zoneLine(name: number, bytes: Uint8Array, at: number, end: number): void {
    const observance = this.#observance
    const value = valueStart(bytes, at, end)
    if (value < 0) return
    const text = decodeShort(bytes, value, end).trim()
    if (!observance) {
      if (name === property.tzid) this.#definitionTzid ??= text
      else if (name === property.zoneLocation) this.#definitionLocation ??= text
      return
    }
    if (name === property.start) observance.startWall = parseStamp(bytes, value, end)?.wall ?? null
    else if (name === property.offsetFrom) observance.fromMinutes = parseOffsetMinutes(text)
    else if (name === property.offsetTo) observance.toMinutes = parseOffsetMinutes(text)
    else if (name === property.rule) observance.rule = text
    else if (name === property.additions) {
      const walls = text.split(',').flatMap(each => wallOf(each))
      observance.additionalWalls = [...(observance.additionalWalls ?? []), ...walls].slice(0, 1_000)
    }
  }

  #finishObservance(): void {
    const { startWall, fromMinutes, toMinutes, rule, additionalWalls } = this.#observance ?? {}
    this.#observance = null
    if (startWall == null || toMinutes == null || this.#observances.length >= 1_000) return
    this.#observances.push({
      startWall,
      fromMinutes: fromMinutes ?? toMinutes,
      toMinutes,
      rule: rule ?? null,
      additionalWalls: additionalWalls ?? [],
    })
  }

  #finishDefinition(): void {
    const tzid = this.#definitionTzid?.replace(/^"|"$/g, '')
    if (!tzid || this.#definitions.has(tzid)) return
    const size = this.#observances.reduce((sum, { additionalWalls }) => sum + 1 + additionalWalls.length / 10, 0)
    if (this.#definitions.size >= mostDefinitions || this.#observancesKept + size > mostObservances) {
      this.#definitionsDropped = true
      return
    }
    this.#observancesKept += size
    this.#definitions.set(tzid, { tzid, location: this.#definitionLocation, observances: this.#observances })
  }

  /** By use. Names that only private events use are theirs, and stand together under a name of ours. */
  #zoneResolutions(): ZoneResolution[] {
    const resolutions: ZoneResolution[] = []
    const hidden = new Map<string, ZoneResolution>()
    for (const entry of [...this.#zones.values(), this.#floating]) {
      if (entry.events === 0) continue
      const zone = (entry.zone ?? utc).name
      const source = entry.source ?? 'calendar-default'
      if (this.#isNamedOpenly(entry)) resolutions.push({ tzid: entry.tzid, zone, source, events: entry.events })
      else {
        const key = `${zone} ${source}`
        const events = entry.events + (hidden.get(key)?.events ?? 0)
        hidden.set(key, { tzid: privateZoneName, zone, source, events })
      }
    }
    return [...resolutions, ...hidden.values()].sort((one, other) => other.events - one.events)
  }

  #isNamedOpenly({ tzid, isOpen, seriesUids }: ZoneEntry): boolean {
    return tzid === '' || isOpen || (seriesUids !== null && [...seriesUids].some(uid => !this.#hiddenSeries.has(uid)))
  }

  #sayGuesses(zones: readonly ZoneResolution[]): void {
    const isSaid = ({ tzid, source }: ZoneResolution) =>
      isGuess(source) && !(tzid === '' && this.#calendarZone) && !this.#zones.get(tzid)?.isBeyondCap
    for (const { count, sentence } of guessSentences(zones.filter(isSaid)))
      this.#leftOut.say('zone-guessed', count, sentence)

    const beyond = [...this.#zones.values()].filter(entry => entry.isBeyondCap && entry.events > 0)
    if (beyond.length === 0) return
    const events = beyond.reduce((sum, entry) => sum + entry.events, 0)
    const fallback = (this.#floating.zone ?? this.#options.defaultZone).name
    this.#leftOut.say(
      'zone-guessed',
      events,
      `The file names more time zones of its own than any calendar needs; ${beyond.length} of them were not looked into, and ${fallback} was assumed for their ${events} events.`,
    )
  }

  #sayTextsCut(): void {
    const of = (count: number) => (count === 1 ? '1 event' : `${count} events`)
    if (this.#descriptionsCut > 0)
      this.#leftOut.say(
        'text-cut',
        this.#descriptionsCut,
        `The description of ${of(this.#descriptionsCut)} is longer than 20,000 characters; the rest was not read.`,
      )
    if (this.#textsCut > 0)
      this.#leftOut.say(
        'text-cut',
        this.#textsCut,
        `A title, place, name or other short text of ${of(this.#textsCut)} is longer than 4,000 bytes; the rest was not read.`,
      )
  }
}

function newZoneEntry(tzid: string, zone: Zone | null, source: ZoneSource | null): ZoneEntry {
  return { tzid, zone, source, events: 0, isOpen: false, isBeyondCap: false, seriesUids: null }
}

/** `seriesUid` is the series of a changed occurrence, which is as private as its series turns out to be. */
function countEvent(entry: ZoneEntry, raw: RawEvent, seriesUid: string | null): void {
  entry.events++
  if (entry.isOpen || isHidden(raw.visibility)) return
  if (seriesUid === null) {
    entry.isOpen = true
    entry.seriesUids = null
  } else {
    entry.seriesUids ??= new Set()
    entry.seriesUids.add(seriesUid)
  }
}

function yearAt(at: number): number {
  return new Date(at).getUTCFullYear()
}

const quote = 34
const colon = 58
const comma = 44
const slashSign = 47

/** Properties of which `longestText` bytes are read. */
const shortTexts: ReadonlySet<number> = new Set([
  property.uid,
  property.summary,
  property.location,
  property.categories,
  property.googleConference,
  property.conference,
  property.teamsUrl,
  property.onlineLink,
  property.url,
])

const busyStatuses: ReadonlyMap<string, ShowAs> = new Map([
  ['FREE', 'free'],
  ['TENTATIVE', 'tentative'],
  ['BUSY', 'busy'],
  ['OOF', 'out-of-office'],
  ['WORKINGELSEWHERE', 'working-elsewhere'],
])

const parseText = (bytes: Uint8Array, from: number, to: number) => unescapeText(decodeShort(bytes, from, to)).trim()
const parseWord = (bytes: Uint8Array, from: number, to: number) =>
  decode(bytes, from, Math.min(to, from + 64))
    .trim()
    .toUpperCase()
const parseCategories = (bytes: Uint8Array, from: number, to: number) => textList(decode(bytes, from, to))
const parseRule = (bytes: Uint8Array, from: number, to: number) => parseRecurrenceRule(decode(bytes, from, to))
const parseInvitee = (bytes: Uint8Array, at: number, end: number) => parseAttendee(bytes, at, end, false)
const parseOrganizer = (bytes: Uint8Array, at: number, end: number) => parseAttendee(bytes, at, end, true)

function parameterIs(bytes: Uint8Array, at: number, end: number, name: string, value: string): boolean {
  const start = valueStart(bytes, at, end)
  const span = start < 0 ? null : parameterSpan(bytes, at, start, name)
  return span !== null && decode(bytes, span.from, span.to).trim().toUpperCase() === value
}

function stampInstant(bytes: Uint8Array, at: number, end: number): Instant | null {
  const value = valueStart(bytes, at, end)
  return value < 0 ? null : (parseStamp(bytes, value, end)?.wall ?? null)
}

function wallOf(text: string): number[] {
  const bytes = new TextEncoder().encode(text)
  const stamp = parseStamp(bytes, 0, bytes.length)
  return stamp ? [stamp.wall] : []
}

function addToLists(lists: StampList[], form: StampList['form'], namedZone: NamedZone | null, wall: number): void {
  const last = lists[lists.length - 1]
  if (last && last.form === form && last.namedZone === namedZone) last.walls.push(wall)
  else lists.push({ form, namedZone, walls: [wall] })
}

/**
 * Two VEVENTs with one UID: a higher SEQUENCE, then a later change, is the newer version (RFC 5546 section 2.1.5).
 * When neither says and both start and title differ, a careless exporter used one UID for two events, and both stay.
 */
function compareCopies(raw: RawEvent, startAt: Instant, rival: CalendarEvent): 'newer' | 'older' | 'different' {
  if (raw.sequence !== rival.sequence) return raw.sequence > rival.sequence ? 'newer' : 'older'
  const updatedAt = raw.modifiedAt ?? raw.stampedAt
  const rivalUpdatedAt = rival.updatedAt
  if (updatedAt !== null && rivalUpdatedAt !== null && updatedAt !== rivalUpdatedAt)
    return updatedAt > rivalUpdatedAt ? 'newer' : 'older'
  const rivalStartAt = rival.time.zone.toInstant(rival.time.startWall)
  return startAt !== rivalStartAt && raw.title !== rival.title && !raw.recurrenceId ? 'different' : 'older'
}

/** The address of a call on one of the usual services, where a text contains one. */
function callAddress(text: string): string | null {
  if (!text.includes('://')) return null
  const match = callPattern.exec(text)
  return match ? match[0] : null
}

const callPattern =
  /https?:\/\/(?:[\w-]+\.){0,4}(?:zoom\.us|zoomgov\.com|teams\.microsoft\.com|teams\.live\.com|meet\.google\.com|webex\.com|whereby\.com|meet\.jit\.si|gotomeeting\.com|bluejeans\.com|chime\.aws)\/[^\s<>"',;]+/i

function mostUsed(zones: readonly ZoneResolution[]): string | null {
  const events = new Map<string, number>()
  for (const { zone, tzid, events: count } of zones) if (tzid !== '') events.set(zone, (events.get(zone) ?? 0) + count)
  let best: string | null = null
  for (const [zone, count] of events) if (best === null || count > (events.get(best) ?? 0)) best = zone
  return best
}

function tooManyEvents(limit: number): PortError {
  return new PortError(
    'too-large',
    `A calendar of more than ${limit} events is not read; nothing of it was used. Ask for one of a shorter time.`,
  )
}
