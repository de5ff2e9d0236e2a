import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import { pathToFileURL } from 'node:url'

/**
 * Writes the calendar of a busy company for benchmarks and says whose it is: `events` VEVENTs of which one in nine
 * recurs and one in forty-three changes an occurrence, three zones, five attendees each, folded lines. The same bytes
 * in every run; about 1.15 kB an event.
 */
export async function generateLargeIcs(path: string, events: number): Promise<string> {
  const out = createWriteStream(path)
  const random = numbers(20_260_101)
  let pending = 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Minutewise//Benchmark//EN\r\nX-WR-CALNAME:Everything\r\n'
  pending += zoneDefinitions.map(lines => `${lines.join('\r\n')}\r\n`).join('')
  for (let written = 0; written < events; ) {
    const meeting = inventMeeting(written, random)
    pending += eventText(meeting, random)
    written++
    if (meeting.rule !== null && random() < 0.2 && written < events) {
      pending += eventText(changedOccurrence(meeting, random), random)
      written++
    }
    if (pending.length > 1 << 18) {
      if (!out.write(pending)) await once(out, 'drain')
      pending = ''
    }
  }
  out.end(`${pending}END:VCALENDAR\r\n`)
  await finished(out)
  return personAddress(0)
}

interface InventedMeeting {
  readonly uid: string
  readonly zone: string
  /** On the wall of the zone, as the milliseconds the same reading has in UTC. */
  readonly startWall: number
  readonly minutes: number
  readonly rule: string | null
  readonly excludedWall: number | null
  readonly originalWall: number | null
  readonly everyDays: number
  readonly title: string
  readonly attendees: number
}

const dayMs = 86_400_000
const zoneNames = ['Europe/Warsaw', 'America/New_York', 'Asia/Kolkata'] as const
const weekdays = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'] as const

function inventMeeting(index: number, random: () => number): InventedMeeting {
  const isRecurring = random() < 0.12
  const firstDay = isRecurring ? Date.UTC(2024, 5, 3) : Date.UTC(2025, 0, 6)
  const week = Math.floor(random() * (isRecurring ? 88 : 72))
  const startWall =
    firstDay + (week * 7 + Math.floor(random() * 5)) * dayMs + (32 + Math.floor(random() * 38)) * 15 * 60_000
  const { rule, everyDays } = isRecurring ? inventRule(startWall, random) : { rule: null, everyDays: 0 }
  return {
    uid: `${(index * 2_654_435_761).toString(16).padStart(12, '0')}-${index}@calendar.example.com`,
    zone: zoneNames[Math.floor(random() * 3)]!,
    startWall,
    minutes: [15, 25, 30, 30, 45, 50, 60, 60, 90][Math.floor(random() * 9)]!,
    rule,
    excludedWall: everyDays > 0 && random() < 0.4 ? startWall + everyDays * 3 * dayMs : null,
    originalWall: null,
    everyDays,
    title: `${pick(subjects, random)} ${pick(occasions, random)}`,
    attendees: 1 + Math.floor(random() * 9) - (random() < 0.13 ? 1 : 0),
  }
}

function inventRule(startWall: number, random: () => number): { rule: string; everyDays: number } {
  const day = new Date(startWall)
  const weekday = weekdays[day.getUTCDay()]!
  const last = new Date(startWall + (30 + Math.floor(random() * 500)) * dayMs).toISOString().slice(0, 10)
  const roll = random()
  const end = random() < 0.35 ? `;UNTIL=${last.replaceAll('-', '')}T235959Z` : ''
  const count = end === '' && random() < 0.3 ? `;COUNT=${8 + Math.floor(random() * 90)}` : ''
  if (roll < 0.07) return { rule: `FREQ=DAILY${end}${count}`, everyDays: 1 }
  if (roll < 0.2) return { rule: `FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR${end}${count}`, everyDays: 7 }
  if (roll < 0.65) return { rule: `FREQ=WEEKLY;BYDAY=${weekday}${end}${count}`, everyDays: 7 }
  if (roll < 0.85) return { rule: `FREQ=WEEKLY;INTERVAL=2;BYDAY=${weekday}${end}${count}`, everyDays: 14 }
  if (roll < 0.93) {
    const ordinal = Math.min(4, Math.ceil(day.getUTCDate() / 7))
    if (Math.ceil(day.getUTCDate() / 7) === ordinal)
      return { rule: `FREQ=MONTHLY;BYDAY=${ordinal}${weekday}${end}${count}`, everyDays: 0 }
  }
  if (day.getUTCDate() <= 28) return { rule: `FREQ=MONTHLY;BYMONTHDAY=${day.getUTCDate()}${end}${count}`, everyDays: 0 }
  return { rule: `FREQ=WEEKLY;BYDAY=${weekday}${end}${count}`, everyDays: 7 }
}

function changedOccurrence(meeting: InventedMeeting, random: () => number): InventedMeeting {
  const originalWall = meeting.startWall + meeting.everyDays * (1 + Math.floor(random() * 2)) * dayMs
  const startWall = originalWall + (random() < 0.5 ? dayMs : 0) + 2 * 3_600_000
  return { ...meeting, startWall, rule: null, excludedWall: null, originalWall, title: `${meeting.title} (moved)` }
}

function eventText(meeting: InventedMeeting, random: () => number): string {
  const at = (name: string, wall: number) => `${name};TZID=${meeting.zone}:${stamp(wall)}`
  const stampedAt = stamp(meeting.startWall - 20 * dayMs)
  const organizer = Math.floor(random() * people)
  const lines = [
    'BEGIN:VEVENT',
    at('DTSTART', meeting.startWall),
    at('DTEND', meeting.startWall + meeting.minutes * 60_000),
  ]
  if (meeting.rule !== null) lines.push(`RRULE:${meeting.rule}`)
  if (meeting.excludedWall !== null) lines.push(at('EXDATE', meeting.excludedWall))
  if (meeting.originalWall !== null) lines.push(at('RECURRENCE-ID', meeting.originalWall))
  lines.push(
    `DTSTAMP:${stampedAt}Z`,
    `ORGANIZER;CN=${personName(organizer)}:mailto:${personAddress(organizer)}`,
    `UID:${meeting.uid}`,
  )
  for (let invited = 0; invited < meeting.attendees; invited++) {
    const person = (organizer + invited * (1 + (organizer % 7))) % people
    const status = ['ACCEPTED', 'ACCEPTED', 'ACCEPTED', 'NEEDS-ACTION', 'DECLINED', 'TENTATIVE'][(person + invited) % 6]
    lines.push(
      `ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=${status};CN=${personName(person)};X-NUM-GUESTS=0:mailto:${personAddress(person)}`,
    )
  }
  const sentences = Array.from({ length: 1 + Math.floor(random() * 4) }, () => pick(agendaItems, random))
  lines.push(
    `CREATED:${stampedAt}Z`,
    `DESCRIPTION:Agenda for ${meeting.title}:\\n${sentences.map(each => `- ${each}`).join('\\n')}`,
    `LAST-MODIFIED:${stampedAt}Z`,
    `LOCATION:Room ${1 + Math.floor(random() * 40)}`,
    `SEQUENCE:${Math.floor(random() * 3)}`,
    'STATUS:CONFIRMED',
    `SUMMARY:${meeting.title}`,
    'TRANSP:OPAQUE',
    'END:VEVENT',
  )
  return lines.map(line => `${folded(line)}\r\n`).join('')
}

/** RFC 5545 section 3.1: lines of at most 75 octets. All texts here are ASCII. */
function folded(line: string): string {
  if (line.length <= 75) return line
  let text = line.slice(0, 75)
  for (let from = 75; from < line.length; from += 74) text += `\r\n ${line.slice(from, from + 74)}`
  return text
}

function stamp(wall: number): string {
  const iso = new Date(wall).toISOString()
  return `${iso.slice(0, 4)}${iso.slice(5, 7)}${iso.slice(8, 10)}T${iso.slice(11, 13)}${iso.slice(14, 16)}00`
}

const people = 2_000
const firstNames = [
  'Ana',
  'Bartek',
  'Chidi',
  'Devika',
  'Emre',
  'Freya',
  'Goran',
  'Hana',
  'Ines',
  'Jonas',
  'Kofi',
  'Lena',
]
const lastNames = ['Alvarez', 'Brandt', 'Castellano', 'Dvorak', 'Eriksen', 'Fontaine', 'Grabowska', 'Haddad', 'Ivanova']

function personName(person: number): string {
  return `${firstNames[person % firstNames.length]} ${lastNames[Math.floor(person / 12) % lastNames.length]}`
}

function personAddress(person: number): string {
  return `${personName(person).toLowerCase().replace(' ', '.')}.${person}@example.com`
}

const subjects = [
  'Payments',
  'Platform',
  'Search',
  'Onboarding',
  'Billing',
  'Mobile',
  'Data',
  'Release',
  'Hiring',
  'Q1',
]
const occasions = [
  'standup',
  'planning',
  'review',
  'sync',
  'retro',
  'architecture review',
  'one-on-one',
  'status',
  'demo',
]
const agendaItems = [
  'walk through the numbers of last week and what changed since',
  'decide whether the old queue is switched off before the release',
  'who needs to know about the schema change in the orders table',
  'open questions from the incident review, with owners and dates',
  'next steps and anything that blocks the two teams',
]

function pick(from: readonly string[], random: () => number): string {
  return from[Math.floor(random() * from.length)]!
}

/** mulberry32: numbers in [0, 1), the same for a seed on every machine. */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const zoneDefinitions = [
  zoneDefinition(
    'Europe/Warsaw',
    '+0100',
    '+0200',
    'BYMONTH=10;BYDAY=-1SU',
    'BYMONTH=3;BYDAY=-1SU',
    '030000',
    '020000',
  ),
  zoneDefinition(
    'America/New_York',
    '-0500',
    '-0400',
    'BYMONTH=11;BYDAY=1SU',
    'BYMONTH=3;BYDAY=2SU',
    '020000',
    '020000',
  ),
  [
    'BEGIN:VTIMEZONE',
    'TZID:Asia/Kolkata',
    'BEGIN:STANDARD',
    'DTSTART:19700101T000000',
    'TZOFFSETFROM:+0530',
    'TZOFFSETTO:+0530',
    'END:STANDARD',
    'END:VTIMEZONE',
  ],
]

function zoneDefinition(
  tzid: string,
  standard: string,
  daylight: string,
  autumn: string,
  spring: string,
  autumnTime: string,
  springTime: string,
): string[] {
  return [
    'BEGIN:VTIMEZONE',
    `TZID:${tzid}`,
    'BEGIN:DAYLIGHT',
    `DTSTART:20070311T${springTime}`,
    `TZOFFSETFROM:${standard}`,
    `TZOFFSETTO:${daylight}`,
    `RRULE:FREQ=YEARLY;${spring}`,
    'END:DAYLIGHT',
    'BEGIN:STANDARD',
    `DTSTART:20071104T${autumnTime}`,
    `TZOFFSETFROM:${daylight}`,
    `TZOFFSETTO:${standard}`,
    `RRULE:FREQ=YEARLY;${autumn}`,
    'END:STANDARD',
    'END:VTIMEZONE',
  ]
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  await generateLargeIcs(process.argv[2] ?? 'large.ics', Number(process.argv[3] ?? 100_000))
