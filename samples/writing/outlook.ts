import { people } from '../company/people.ts'
import { changeWall, type SampleZone, zoneFacts } from '../company/zones.ts'
import type { Dialect } from './dialect.ts'
import { basic, type PlannedEvent } from './events.ts'
import { utcOffset } from './google.ts'
import { type Invited, invitedTo, locationOf } from './invited.ts'
import { escapeText } from './lines.ts'
import { seededDigits } from './seeded.ts'

/**
 * Outlook's "Save calendar": Windows zone names, lines folded with tabs, the text once plain and once as HTML, the
 * words of the online call under every agenda, busy status in a property of its own. What was called off stays as
 * a confirmed, free "Canceled: …".
 */
export const outlook: Dialect = {
  continuation: '\t',

  header: owner => [
    'PRODID:-//Microsoft Corporation//Outlook 16.0 MIMEDIR//EN',
    'VERSION:2.0',
    'METHOD:PUBLISH',
    'X-CALSTART:20250101T000000Z',
    'X-CLIPSTART:20260101T000000Z',
    'X-WR-RELCALID:{0000002E-FERN-HOLL-OW00-SAMPLE000000}',
    'X-WR-CALNAME:Calendar',
    'X-PRIMARY-CALENDAR:TRUE',
    `X-OWNER;CN="${people[owner].name}":mailto:${people[owner].email}`,
  ],

  timezone(zone) {
    const { standard, daylight, windowsName } = zoneFacts[zone]
    const parts = daylight
      ? [
          { kind: 'STANDARD', part: standard, before: daylight },
          { kind: 'DAYLIGHT', part: daylight, before: standard },
        ]
      : [{ kind: 'STANDARD', part: standard, before: standard }]
    return [
      'BEGIN:VTIMEZONE',
      `TZID:${windowsName}`,
      ...parts.flatMap(({ kind, part, before }) => [
        `BEGIN:${kind}`,
        `DTSTART:${part.from ? basic(changeWall(1601, part.from)) : '16010101T000000'}`,
        ...(part.from ? [`RRULE:FREQ=YEARLY;BYDAY=${part.from.sunday}SU;BYMONTH=${part.from.month}`] : []),
        `TZOFFSETFROM:${utcOffset(before.offsetMinutes)}`,
        `TZOFFSETTO:${utcOffset(part.offsetMinutes)}`,
        `END:${kind}`,
      ]),
      'END:VTIMEZONE',
    ]
  },

  event(event, _owner, stamps) {
    const { plan } = event
    const invited = invitedTo(event)
    const text = description(event)
    // An occurrence that was changed later lost the mark of its private series: old clients did this.
    const isPrivate = plan.private && event.originalWall === null
    return [
      'BEGIN:VEVENT',
      ...invited.map(attendeeLine),
      `CLASS:${isPrivate ? 'PRIVATE' : 'PUBLIC'}`,
      `CREATED:${stamps.created}`,
      `DESCRIPTION:${escapeText(text)}`,
      dateLine('DTEND', event.startWall + event.minutes * 60_000, event),
      `DTSTAMP:${stamps.exported}`,
      dateLine('DTSTART', event.startWall, event),
      ...event.excludedWalls.map(wall => dateLine('EXDATE', wall, event)),
      `LAST-MODIFIED:${stamps.modified}`,
      `LOCATION:${escapeText(plan.online ? [locationOf(event), 'Microsoft Teams Meeting'].filter(Boolean).join('; ') : locationOf(event))}`,
      ...(invited.length > 0 ? [`ORGANIZER;CN="${people[plan.by].name}":mailto:${people[plan.by].email}`] : []),
      `PRIORITY:${event.cancelled ? 1 : 5}`,
      ...(event.originalWall === null ? [] : [dateLine('RECURRENCE-ID', event.originalWall, event)]),
      ...(event.rule ? [`RRULE:${event.rule}`] : []),
      `SEQUENCE:${event.originalWall === null ? 0 : 2}`,
      `SUMMARY;LANGUAGE=en-us:${escapeText(event.cancelled ? `Canceled: ${event.title}` : event.title)}`,
      `TRANSP:${busyStatus(event) === 'FREE' ? 'TRANSPARENT' : 'OPAQUE'}`,
      `UID:${event.uid}`,
      `X-ALT-DESC;FMTTYPE=text/html:${escapeText(asHtml(text))}`,
      `X-MICROSOFT-CDO-BUSYSTATUS:${busyStatus(event)}`,
      'X-MICROSOFT-CDO-IMPORTANCE:1',
      ...(event.allDay ? ['X-MICROSOFT-CDO-ALLDAYEVENT:TRUE'] : []),
      'X-MICROSOFT-DISALLOW-COUNTER:FALSE',
      ...(plan.online ? [`X-MICROSOFT-SKYPETEAMSMEETINGURL:${teamsAddress(plan.key)}`] : []),
      'END:VEVENT',
    ]
  },
}

function dateLine(name: string, wall: number, event: PlannedEvent): string {
  return event.allDay
    ? `${name};VALUE=DATE:${basic(wall).slice(0, 8)}`
    : `${name};TZID="${windowsZone(event.plan.zone)}":${basic(wall)}`
}

function windowsZone(zone: SampleZone): string {
  return zoneFacts[zone].windowsName
}

function attendeeLine(invited: Invited): string {
  const reply = { accepted: 'ACCEPTED', declined: 'DECLINED', tentative: 'TENTATIVE', none: 'NEEDS-ACTION' }[
    invited.reply
  ]
  const type =
    invited.kind === 'room' ? 'CUTYPE=RESOURCE;ROLE=NON-PARTICIPANT;' : invited.required ? '' : 'ROLE=OPT-PARTICIPANT;'
  return `ATTENDEE;${type}PARTSTAT=${reply};CN="${invited.name}":${invited.kind === 'person' ? 'MAILTO' : 'mailto'}:${invited.address}`
}

function busyStatus(event: PlannedEvent): string {
  if (event.cancelled) return 'FREE'
  const showAs = event.plan.showAs ?? 'busy'
  return { busy: 'BUSY', free: 'FREE', tentative: 'TENTATIVE', 'out-of-office': 'OOF', elsewhere: 'WORKINGELSEWHERE' }[
    showAs
  ]
}

function description(event: PlannedEvent): string {
  const agenda = plainText(event.agenda)
  if (!event.plan.online) return `${agenda}\n`
  const digits = seededDigits(`${event.plan.key} call`, '0123456789', 12)
  const call = [
    '_'.repeat(80),
    'Microsoft Teams meeting',
    `Join: ${teamsAddress(event.plan.key)}`,
    `Meeting ID: ${digits.slice(0, 3)} ${digits.slice(3, 6)} ${digits.slice(6, 9)} ${digits.slice(9)}`,
    `Passcode: ${seededDigits(`${event.plan.key} pass`, 'abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789', 6)}`,
    `For organizers: Meeting options <https://teams.fernhollow.example/meetingOptions/?tenant=${digits}>`,
    '_'.repeat(80),
  ].join('\n')
  return agenda ? `${agenda}\n\n${call}\n` : `\n${call}\n`
}

function teamsAddress(key: string): string {
  return `https://teams.fernhollow.example/l/meetup-join/19%3ameeting_${seededDigits(key, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz', 40)}%40thread.v2/0`
}

/** Invitations that cross from Google's side lose their tags on the way. */
function plainText(agenda: string): string {
  return agenda
    .replace(/<li>/g, '* ')
    .replace(/<br>|<\/li>|<\/p>|<[ou]l>/g, '\n')
    .replace(/<[^>]+>/g, '')
    .replace(/&amp;/g, '&')
    .replace(/&lt;/g, '<')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

function asHtml(text: string): string {
  const paragraphs = text
    .trim()
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .split('\n')
    .map(line => `<p class=MsoNormal>${line}</p>`)
  return `<html><body lang=EN-US>${paragraphs.join('')}</body></html>`
}
