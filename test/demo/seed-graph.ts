import type ICAL from 'ical.js'
import { dayMs } from '../../src/domain/time/types.ts'
import { zoneFor } from '../../src/domain/time/zone-table.ts'
import type { GraphFake } from '../fakes/graph/graph-fake.ts'
import type { EventChange, NewEvent } from '../fakes/graph/mailbox.ts'
import { attendee } from '../fakes/graph/people.ts'
import type { EventProps } from '../fakes/graph/stored-event.ts'
import type { GraphPattern, GraphRange } from '../fakes/graph/vendor-types.ts'
import type { Person, WrittenEvent, WrittenMeeting, WrittenTime } from './calendar-text.ts'

/** Puts meetings into somebody's mailbox, with patterns in place of rules. */
export function seedGraph(fake: GraphFake, owner: string, meetings: readonly WrittenMeeting[]): void {
  const mailbox = fake.mailbox(owner)
  for (const { uid, event, changed } of meetings) {
    const common: NewEvent = { ...changeOf(event, owner), ...timesOf(event), uid }
    if (event.rule === null) {
      mailbox.create(common)
      continue
    }
    const { pattern, range } = patternOf(event, event.rule)
    const key = mailbox.createSeries({ ...common, pattern, range })
    for (const each of changed) {
      if (each.original === null) continue
      const on = dateIn(each.original, event.start)
      if (each.isCancelled) mailbox.deleteOccurrence(key, on)
      else mailbox.patchOccurrence(key, on, { ...changeOf(each, owner), ...timesOf(each) })
    }
    for (const excluded of event.excluded) mailbox.deleteOccurrence(key, dateIn(excluded, event.start))
  }
}

function timesOf({ start, end }: WrittenEvent): Pick<NewEvent, 'start' | 'end' | 'zone'> {
  if (start.kind === 'date' || end.kind === 'date') {
    return { start: start.kind === 'date' ? start.on : start.at, end: end.kind === 'date' ? end.on : end.at }
  }
  return { start: start.at, end: end.at, zone: start.zoneLabel }
}

function changeOf(event: WrittenEvent, owner: string): EventChange {
  const { organizer } = event
  const isOrganizer = organizer === null || organizer.address === owner
  const people = event.attendees.filter(({ address }) => address !== owner || !isOrganizer)
  const own = event.attendees.find(({ address }) => address === owner)
  return {
    subject: event.title,
    bodyHtml: event.html ?? paragraphs(event.description),
    location: event.location,
    ...(organizer === null
      ? {}
      : { organizer: { address: organizer.address, name: organizer.name ?? organizer.address } }),
    isOrganizer,
    attendees: people.map(attendeeOf),
    showAs: showAsOf(event),
    sensitivity: event.isPrivate ? 'private' : 'normal',
    response: isOrganizer ? 'organizer' : responseOf(own?.response ?? 'none'),
    isCancelled: event.isCancelled,
    isOnlineMeeting: event.onlineUrl !== null,
    joinUrl: event.onlineUrl,
  }
}

function patternOf(
  { start }: WrittenEvent,
  rule: ICAL.Recur,
): { readonly pattern: GraphPattern; readonly range: Partial<GraphRange> } {
  const startOn = start.kind === 'date' ? start.on : start.wall.slice(0, 10)
  const days = rule.getComponent('BYDAY').map(String)
  const daysOfWeek = days.flatMap(day => weekdays[day.replace(/^-?\d+/, '')] ?? [])
  const interval = rule.interval
  const range = rangeOf(rule, start)
  switch (rule.freq) {
    case 'WEEKLY':
      return { pattern: { type: 'weekly', interval, daysOfWeek, firstDayOfWeek: 'monday' }, range }
    case 'MONTHLY': {
      const nth = Number.parseInt(days[0] ?? '1', 10)
      const index = (['first', 'second', 'third', 'fourth'] as const)[nth - 1] ?? 'last'
      return { pattern: { type: 'relativeMonthly', interval, daysOfWeek, index }, range }
    }
    case 'YEARLY': {
      const [, month, day] = startOn.split('-').map(Number)
      return { pattern: { type: 'absoluteYearly', interval, month: month ?? 1, dayOfMonth: day ?? 1 }, range }
    }
    default:
      throw new Error(`The sample company holds no ${rule.freq} rule in Outlook.`)
  }
}

function rangeOf(rule: ICAL.Recur, start: WrittenTime): Partial<GraphRange> {
  if (rule.count !== null && rule.count !== undefined) {
    return { type: 'numbered', numberOfOccurrences: rule.count }
  }
  if (rule.until === null || rule.until === undefined) return { type: 'noEnd' }
  const text = rule.until.toString()
  const zone = start.kind === 'time' ? zoneFor(start.zone) : null
  const endDate =
    zone === null || !text.endsWith('Z')
      ? text.slice(0, 10)
      : new Date(zone.toWall(Date.parse(text))).toISOString().slice(0, 10)
  return { type: 'endDate', endDate }
}

/** The date that a series calls an occurrence by: on the wall of the series. */
function dateIn(time: WrittenTime, start: WrittenTime): string {
  if (time.kind === 'date') return time.on
  const zone = start.kind === 'time' ? zoneFor(start.zone) : null
  const wall = zone === null ? time.at : zone.toWall(time.at)
  return new Date(Math.floor(wall / dayMs) * dayMs).toISOString().slice(0, 10)
}

function attendeeOf({ address, name, isRoom, isOptional, response }: Person) {
  return attendee(address, {
    ...(name === null ? {} : { name }),
    response: responseOf(response),
    type: isRoom ? 'resource' : isOptional ? 'optional' : 'required',
  })
}

const responseOf = (response: Person['response']): 'accepted' | 'declined' | 'tentativelyAccepted' | 'notResponded' =>
  response === 'tentative' ? 'tentativelyAccepted' : response === 'none' ? 'notResponded' : response

function showAsOf({ busyStatus, isFree }: WrittenEvent): EventProps['showAs'] {
  switch (busyStatus) {
    case 'OOF':
      return 'oof'
    case 'WORKINGELSEWHERE':
      return 'workingElsewhere'
    case 'TENTATIVE':
      return 'tentative'
    case 'FREE':
      return 'free'
    default:
      return isFree ? 'free' : 'busy'
  }
}

function paragraphs(text: string): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  return `<html><body>${escaped.replaceAll('\n', '<br>')}</body></html>`
}

const weekdays: Readonly<Record<string, NonNullable<GraphPattern['daysOfWeek']>[number]>> = {
  MO: 'monday',
  TU: 'tuesday',
  WE: 'wednesday',
  TH: 'thursday',
  FR: 'friday',
  SA: 'saturday',
  SU: 'sunday',
}
