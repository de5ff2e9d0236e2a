import { people } from '../company/people.ts'
import { changeWall, zoneFacts } from '../company/zones.ts'
import type { Dialect } from './dialect.ts'
import { basic, type PlannedEvent } from './events.ts'
import { type Invited, invitedTo, locationOf } from './invited.ts'
import { escapeText, parameter } from './lines.ts'
import { seededDigits } from './seeded.ts'

/** Google Calendar's "Export calendar": IANA zones, HTML in descriptions, rooms as invited resources. */
export const google: Dialect = {
  continuation: ' ',

  header: owner => [
    'PRODID:-//Google Inc//Google Calendar 70.9054//EN',
    'VERSION:2.0',
    'CALSCALE:GREGORIAN',
    'METHOD:PUBLISH',
    `X-WR-CALNAME:${people[owner].email}`,
    `X-WR-TIMEZONE:${people[owner].zone}`,
  ],

  timezone(zone) {
    const { standard, daylight } = zoneFacts[zone]
    const parts = daylight
      ? [
          { kind: 'DAYLIGHT', part: daylight, before: standard },
          { kind: 'STANDARD', part: standard, before: daylight },
        ]
      : [{ kind: 'STANDARD', part: standard, before: standard }]
    return [
      'BEGIN:VTIMEZONE',
      `TZID:${zone}`,
      `X-LIC-LOCATION:${zone}`,
      ...parts.flatMap(({ kind, part, before }) => [
        `BEGIN:${kind}`,
        `TZOFFSETFROM:${utcOffset(before.offsetMinutes)}`,
        `TZOFFSETTO:${utcOffset(part.offsetMinutes)}`,
        `TZNAME:${part.name}`,
        `DTSTART:${basic(part.from ? changeWall(1970, part.from) : 0)}`,
        ...(part.from ? [`RRULE:FREQ=YEARLY;BYMONTH=${part.from.month};BYDAY=${part.from.sunday}SU`] : []),
        `END:${kind}`,
      ]),
      'END:VTIMEZONE',
    ]
  },

  event(event, owner, stamps) {
    const { plan } = event
    const invited = invitedTo(event)
    return [
      'BEGIN:VEVENT',
      dateLine('DTSTART', event.startWall, event),
      dateLine('DTEND', event.startWall + event.minutes * 60_000, event),
      ...(event.rule ? [`RRULE:${event.rule}`] : []),
      ...event.excludedWalls.map(wall => dateLine('EXDATE', wall, event)),
      `DTSTAMP:${stamps.exported}`,
      ...(invited.length > 0
        ? [`ORGANIZER;CN=${parameter(people[plan.by].name)}:mailto:${people[plan.by].email}`]
        : []),
      `UID:${event.uid}`,
      ...invited.map(attendeeLine),
      ...(plan.online ? [`X-GOOGLE-CONFERENCE:${meetAddress(plan.key)}`] : []),
      ...(event.originalWall === null ? [] : [dateLine('RECURRENCE-ID', event.originalWall, event)]),
      ...(plan.private ? ['CLASS:PRIVATE'] : []),
      `CREATED:${stamps.created}`,
      `DESCRIPTION:${escapeText(description(event))}`,
      `LAST-MODIFIED:${stamps.modified}`,
      `LOCATION:${escapeText(locationOf(event))}`,
      `SEQUENCE:${event.originalWall === null ? 0 : 1}`,
      `STATUS:${event.cancelled ? 'CANCELLED' : 'CONFIRMED'}`,
      `SUMMARY:${escapeText(event.title)}`,
      `TRANSP:${plan.showAs === 'free' || plan.showAs === 'elsewhere' ? 'TRANSPARENT' : 'OPAQUE'}`,
      ...(plan.by === owner && invited.length > 0 ? alarm : []),
      'END:VEVENT',
    ]
  },
}

const alarm = [
  'BEGIN:VALARM',
  'ACTION:DISPLAY',
  'DESCRIPTION:This is an event reminder',
  'TRIGGER:-P0DT0H10M0S',
  'END:VALARM',
]

function dateLine(name: string, wall: number, event: PlannedEvent): string {
  return event.allDay
    ? `${name};VALUE=DATE:${basic(wall).slice(0, 8)}`
    : `${name};TZID=${event.plan.zone}:${basic(wall)}`
}

function attendeeLine(invited: Invited): string {
  const type = { person: 'INDIVIDUAL', group: 'GROUP', room: 'RESOURCE' }[invited.kind]
  const role = invited.required ? 'REQ-PARTICIPANT' : 'OPT-PARTICIPANT'
  const reply = { accepted: 'ACCEPTED', declined: 'DECLINED', tentative: 'TENTATIVE', none: 'NEEDS-ACTION' }[
    invited.reply
  ]
  const rsvp = invited.reply === 'none' ? ';RSVP=TRUE' : ''
  return `ATTENDEE;CUTYPE=${type};ROLE=${role};PARTSTAT=${reply}${rsvp};CN=${parameter(invited.name)};X-NUM-GUESTS=0:mailto:${invited.address}`
}

function description(event: PlannedEvent): string {
  if (!event.plan.online) return event.agenda
  const join = `-::~:~::~:~:~:~::-\nJoin the call: ${meetAddress(event.plan.key)}\nPlease leave this section as it is.\n-::~:~::~:~:~:~::-`
  return event.agenda ? `${event.agenda}\n\n${join}` : join
}

function meetAddress(key: string): string {
  const letters = seededDigits(`${key} call`, 'abcdefghijkmnopqrstuvwxyz', 10)
  return `https://meet.fernhollow.example/${letters.slice(0, 3)}-${letters.slice(3, 7)}-${letters.slice(7)}`
}

/** `+0530`, as both dialects write it. */
export function utcOffset(minutes: number): string {
  const size = Math.abs(minutes)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${two(size % 60)}`
}
