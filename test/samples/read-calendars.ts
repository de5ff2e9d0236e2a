import { readFileSync } from 'node:fs'
import ICAL from 'ical.js'
import { now, zone } from '../../samples/company/company.ts'
import { people } from '../../samples/company/people.ts'
import type { SampleZone } from '../../samples/company/zones.ts'

/** Reads the committed files with ical.js, which knows nothing of the script that wrote them. */
export const sampleCalendars: readonly string[] = Object.values(people).flatMap(person =>
  person.calendar ? [`calendars/${person.calendar}`] : [],
)

const week = 7 * 86_400_000
/** Midnight in Madrid of the first Monday is close enough: nothing starts at night. */
export const window = { fromAt: Date.parse(now) - 26 * week, toAt: Date.parse(now) + 4 * week }

export interface Held {
  readonly uid: string
  readonly title: string
  readonly startAt: number
  readonly minutes: number
  readonly agenda: string
  readonly place: string
  readonly attendees: readonly { readonly address: string; readonly reply: string }[]
}

interface Read {
  readonly events: readonly ICAL.Event[]
  /** Series and single entries by UID. */
  readonly masters: ReadonlyMap<string, ICAL.Event>
  readonly overrides: ReadonlyMap<string, readonly ICAL.Event[]>
}

const reads = new Map<string, Read>()

export function readSampleCalendar(path: string): Read {
  const known = reads.get(path)
  if (known) return known
  const text = readFileSync(new URL(`../../samples/${path}`, import.meta.url), 'utf8')
  const calendar = new ICAL.Component(ICAL.parse(text))
  const events = calendar.getAllSubcomponents('vevent').map(component => new ICAL.Event(component))
  const masters = new Map<string, ICAL.Event>()
  const overrides = new Map<string, ICAL.Event[]>()
  for (const event of events) {
    if (event.isRecurrenceException()) overrides.set(event.uid, [...(overrides.get(event.uid) ?? []), event])
    else masters.set(event.uid, event)
  }
  const read = { events, masters, overrides }
  reads.set(path, read)
  return read
}

/** Occurrences inside the window that were neither deleted nor called off. */
export function heldOccurrences(path: string): readonly Held[] {
  const known = heldByPath.get(path) ?? expand(path)
  heldByPath.set(path, known)
  return known
}

const heldByPath = new Map<string, readonly Held[]>()

function expand(path: string): readonly Held[] {
  const { masters, overrides } = readSampleCalendar(path)
  const held: Held[] = []
  for (const master of masters.values()) {
    const changed = new Map((overrides.get(master.uid) ?? []).map(event => [event.recurrenceId.toString(), event]))
    const usual = attendeesOf(master)
    for (const start of starts(master)) {
      const event = changed.get(start.toString()) ?? master
      const startAt = instantOf(event === master ? start : event.startDate)
      if (startAt < window.fromAt || startAt >= window.toAt || isCalledOff(event)) continue
      held.push({
        uid: master.uid,
        title: event.summary,
        agenda: event.description ?? '',
        place: event.location ?? '',
        startAt,
        minutes: (instantOf(event.endDate) - instantOf(event.startDate)) / 60_000,
        attendees: event === master ? usual : attendeesOf(event),
      })
    }
  }
  return held
}

function starts(master: ICAL.Event): readonly ICAL.Time[] {
  if (!master.isRecurring()) return [master.startDate]
  const found: ICAL.Time[] = []
  const iterator = master.iterator()
  for (let start = iterator.next(); start && instantOf(start) < window.toAt; start = iterator.next()) found.push(start)
  return found
}

function attendeesOf(event: ICAL.Event): Held['attendees'] {
  return event.attendees.map(attendee => ({
    address: String(attendee.getFirstValue()).replace(/^mailto:/i, ''),
    reply: String(attendee.getParameter('partstat')),
  }))
}

function isCalledOff(event: ICAL.Event): boolean {
  return event.component.getFirstPropertyValue('status') === 'CANCELLED' || /^Canceled: /.test(event.summary)
}

/** Wall time of a time in one of the sample's zones, resolved through Intl. */
function instantOf(time: ICAL.Time): number {
  const wall = Date.UTC(time.year, time.month - 1, time.day, time.hour, time.minute, time.second)
  const tzid = time.isDate ? zone : (time.zone?.tzid ?? '')
  const iana = windowsZones[tzid] ?? tzid
  const first = wall - offset(iana, wall)
  return wall - offset(iana, first)
}

const windowsZones: Readonly<Record<string, SampleZone>> = {
  'Romance Standard Time': 'Europe/Madrid',
  'Eastern Standard Time': 'America/New_York',
  'India Standard Time': 'Asia/Kolkata',
}

const formats = new Map<string, Intl.DateTimeFormat>()

const offsets = new Map<string, number>()

/** The clocks of the sample change on full hours of UTC, so an hour has one offset. */
function offset(iana: string, instant: number): number {
  const hour = Math.floor(instant / 3_600_000) * 3_600_000
  const key = `${iana} ${hour}`
  const known = offsets.get(key)
  if (known !== undefined) return known
  const format =
    formats.get(iana) ?? new Intl.DateTimeFormat('sv', { timeZone: iana, dateStyle: 'short', timeStyle: 'medium' })
  formats.set(iana, format)
  const found = Date.parse(`${format.format(hour).replace(' ', 'T')}Z`) - hour
  offsets.set(key, found)
  return found
}
