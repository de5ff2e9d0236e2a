import ICAL from 'ical.js'
import { ianaOfWindowsName } from '../../src/connectors/ics/windows-zones.ts'
import { dayMs } from '../../src/domain/time/types.ts'
import { zoneFor } from '../../src/domain/time/zone-table.ts'

/** A time as an exported calendar writes it: a date, or a clock reading in a zone. */
export type WrittenTime =
  | { readonly kind: 'date'; readonly on: string }
  | {
      readonly kind: 'time'
      /** `2026-01-15T15:00:00` */
      readonly wall: string
      /** IANA name. */
      readonly zone: string
      /** As the file names it. */
      readonly zoneLabel: string
      readonly at: number
    }

/** One VEVENT, as far as the services in this folder keep it. */
export interface WrittenEvent {
  readonly uid: string
  readonly title: string
  readonly description: string
  readonly html: string | null
  readonly location: string
  readonly start: WrittenTime
  readonly end: WrittenTime
  readonly rule: ICAL.Recur | null
  readonly excluded: readonly WrittenTime[]
  /** Of a changed occurrence: the start its series gave it. */
  readonly original: WrittenTime | null
  readonly organizer: Person | null
  readonly attendees: readonly Person[]
  readonly isCancelled: boolean
  readonly isPrivate: boolean
  readonly isFree: boolean
  /** Outlook's word for how the time is shown; null in other calendars. */
  readonly busyStatus: string | null
  readonly onlineUrl: string | null
}

export interface Person {
  readonly address: string
  readonly name: string | null
  readonly isRoom: boolean
  readonly isOptional: boolean
  readonly response: 'accepted' | 'declined' | 'tentative' | 'none'
}

/** A series with its changed occurrences, or a single event. */
export interface WrittenMeeting {
  readonly uid: string
  readonly event: WrittenEvent
  readonly changed: readonly WrittenEvent[]
}

/**
 * An exported calendar moved by whole weeks, so that a company of November 2026 meets this week. Clock readings stay as
 * they are. The third Wednesday of a month moved by some weeks is no third Wednesday: monthly meetings become one every
 * four weeks, without their exceptions.
 */
export function movedByWeeks(text: string, weeks: number): string {
  const unfolded = text.replaceAll(/\r?\n[ \t]/g, '').split(/\r?\n/)
  if (weeks === 0) return unfolded.join('\r\n')
  let isEvent = false
  let lines: string[] = []
  const monthly = new Set<string>()
  for (const line of unfolded) {
    if (line === 'BEGIN:VEVENT') isEvent = true
    if (line === 'END:VEVENT') isEvent = false
    lines.push(isEvent && datedLine.test(line) ? line.replaceAll(stamp, date => movedDate(date, weeks)) : line)
  }
  lines = inEvents(lines, event => {
    const rule = event.findIndex(line => monthlyRule.test(line))
    if (rule < 0) return event
    monthly.add(uidOf(event))
    return event
      .map((line, index) => (index === rule ? everyFourWeeks(line) : line))
      .filter(line => !line.startsWith('EXDATE'))
  })
  return inEvents(lines, event =>
    monthly.has(uidOf(event)) && event.some(line => line.startsWith('RECURRENCE-ID')) ? [] : event,
  ).join('\r\n')
}

/** The meetings of a calendar, series first met first. */
export function meetingsIn(text: string): readonly WrittenMeeting[] {
  const calendar = new ICAL.Component(ICAL.parse(text))
  const meetings = new Map<string, WrittenEvent[]>()
  for (const component of calendar.getAllSubcomponents('vevent')) {
    const event = eventOf(component)
    meetings.set(event.uid, [...(meetings.get(event.uid) ?? []), event])
  }
  return [...meetings].flatMap(([uid, events]) => {
    const [event, ...changed] = events.toSorted((a, b) => Number(a.original !== null) - Number(b.original !== null))
    if (event === undefined) return []
    // an invitation to some occurrences of a series that is somebody else's: meetings of their own
    if (event.original !== null) return events.map(each => ({ uid, event: { ...each, original: null }, changed: [] }))
    return [{ uid, event, changed }]
  })
}

/** The calendar cut into one resource for each meeting, as a CalDAV server keeps it. */
export function resourcesIn(text: string): readonly { readonly uid: string; readonly text: string }[] {
  const lines = text.split(/\r?\n/)
  const firstEvent = lines.indexOf('BEGIN:VEVENT')
  const head = lines.slice(0, firstEvent).filter(line => !line.startsWith('METHOD:'))
  const events = new Map<string, string[]>()
  inEvents(lines, event => {
    const uid = uidOf(event)
    events.set(uid, [...(events.get(uid) ?? []), ...event])
    return event
  })
  return [...events].map(([uid, body]) => ({ uid, text: [...head, ...body, 'END:VCALENDAR', ''].join('\r\n') }))
}

const datedLine = /^(?:DTSTART|DTEND|EXDATE|RECURRENCE-ID|DTSTAMP|CREATED|LAST-MODIFIED|RRULE)[;:]/
const stamp = /(?<=[:,=])\d{8}(?=T\d{6}|$|,|;)/g
const monthlyRule = /^RRULE:FREQ=MONTHLY;(?:INTERVAL=(\d+);)?BYDAY=-?\d([A-Z]{2})$/

function movedDate(date: string, weeks: number): string {
  const day = Date.UTC(Number(date.slice(0, 4)), Number(date.slice(4, 6)) - 1, Number(date.slice(6)))
  return new Date(day + weeks * 7 * dayMs).toISOString().slice(0, 10).replaceAll('-', '')
}

const everyFourWeeks = (line: string) =>
  line.replace(
    monthlyRule,
    (_, interval: string | undefined, day: string) =>
      `RRULE:FREQ=WEEKLY;INTERVAL=${4 * Number(interval ?? 1)};BYDAY=${day}`,
  )

const uidOf = (event: readonly string[]) => event.find(line => line.startsWith('UID:'))?.slice(4) ?? ''

/** Every VEVENT replaced by what `change` makes of its lines. */
function inEvents(lines: readonly string[], change: (event: readonly string[]) => readonly string[]): string[] {
  const changed: string[] = []
  let event: string[] | null = null
  for (const line of lines) {
    if (line === 'BEGIN:VEVENT') event = []
    if (event === null) changed.push(line)
    else event.push(line)
    if (line !== 'END:VEVENT' || event === null) continue
    changed.push(...change(event))
    event = null
  }
  return changed
}

function eventOf(component: ICAL.Component): WrittenEvent {
  const text = (name: string) => component.getFirstPropertyValue(name)?.toString() ?? null
  const time = (name: string) => {
    const property = component.getFirstProperty(name)
    return property === null ? null : timeOf(property)
  }
  const rule = component.getFirstPropertyValue('rrule')
  const start = time('dtstart')
  const end = time('dtend')
  if (start === null || end === null) throw new Error('Every event of the sample company has a start and an end.')
  const organizer = component.getFirstProperty('organizer')
  return {
    uid: text('uid') ?? '',
    title: text('summary') ?? '',
    description: text('description') ?? '',
    html: text('x-alt-desc'),
    location: text('location') ?? '',
    start,
    end,
    rule: rule instanceof ICAL.Recur ? rule : null,
    excluded: component.getAllProperties('exdate').map(timeOf),
    original: time('recurrence-id'),
    organizer: organizer === null ? null : personOf(organizer),
    attendees: component.getAllProperties('attendee').map(personOf),
    isCancelled: text('status') === 'CANCELLED',
    isPrivate: text('class') === 'PRIVATE',
    isFree: text('transp') === 'TRANSPARENT',
    busyStatus: text('x-microsoft-cdo-busystatus'),
    onlineUrl: text('x-google-conference') ?? text('x-microsoft-skypeteamsmeetingurl'),
  }
}

function timeOf(property: ICAL.Property): WrittenTime {
  const value = property.getFirstValue()
  if (!(value instanceof ICAL.Time)) throw new Error(`${property.name} holds no time.`)
  if (value.isDate) return { kind: 'date', on: value.toString() }
  const wall = value.toString().replace('Z', '')
  const label = property.getFirstParameter('tzid') ?? 'UTC'
  const zone = ianaOfWindowsName(label) ?? label
  const known = zoneFor(zone)
  if (known === null) throw new Error(`There is no zone ${zone}.`)
  return { kind: 'time', wall, zone, zoneLabel: label, at: known.toInstant(Date.parse(`${wall}Z`)) }
}

function personOf(property: ICAL.Property): Person {
  const parameter = (name: string) => property.getFirstParameter(name) ?? null
  return {
    address: String(property.getFirstValue()).replace(/^mailto:/i, ''),
    name: parameter('cn'),
    isRoom: parameter('cutype') === 'RESOURCE' || parameter('cutype') === 'ROOM',
    isOptional: parameter('role') === 'OPT-PARTICIPANT',
    response: responses[parameter('partstat') ?? ''] ?? 'none',
  }
}

const responses: Readonly<Record<string, Person['response']>> = {
  ACCEPTED: 'accepted',
  DECLINED: 'declined',
  TENTATIVE: 'tentative',
}
