import type {
  Attendee,
  CalendarEvent,
  EventTime,
  Occurrence,
  RemovedOccurrence,
  Response,
} from '../../src/domain/meetings/calendar-event.ts'
import type { Directory, DirectoryPerson, Invitee, Meeting, Roster, Series } from '../../src/domain/meetings/types.ts'
import type { Instant, WallMillis, Zone } from '../../src/domain/time/types.ts'
import { dayMs, minuteMs } from '../../src/domain/time/types.ts'
import { utc, zoneFor } from '../../src/domain/time/zone-table.ts'

/**
 * Lantern Works, the small company our tests are about: 12 people in 4 teams, who mail from lantern.example.
 * Names are the keys: `company.ana.address`.
 */
export const company = {
  ana: person('ana.ruiz', 'Ana Ruiz', 'payments', 'senior', 'Europe/Madrid', 'maya.chen'),
  ben: person('ben.okafor', 'Ben Okafor', 'payments', 'engineer', 'Europe/Madrid', 'ana.ruiz'),
  chloe: person('chloe.martin', 'Chloé Martin', 'payments', 'engineer', 'Europe/Madrid', 'ana.ruiz'),
  dev: person('dev.sharma', 'Dev Sharma', 'platform', 'senior', 'Asia/Kathmandu', 'maya.chen'),
  ewa: person('ewa.nowak', 'Ewa Nowak', 'platform', 'engineer', 'Europe/Madrid', 'dev.sharma'),
  femi: person('femi.ade', 'Femi Ade', 'platform', 'engineer', 'Europe/Madrid', 'dev.sharma'),
  grace: person('grace.liu', 'Grace Liu', 'mobile', 'senior', 'America/New_York', 'maya.chen'),
  hugo: person('hugo.silva', 'Hugo Silva', 'mobile', 'engineer', 'America/New_York', 'grace.liu'),
  ines: person('ines.costa', 'Inês Costa', 'mobile', 'engineer', 'America/New_York', 'grace.liu'),
  jonas: person('jonas.berg', 'Jonas Berg', 'support', 'engineer', 'America/New_York', 'maya.chen'),
  kim: person('kim.tran', 'Kim Tran', 'support', 'engineer', 'America/New_York', 'jonas.berg'),
  maya: person('maya.chen', 'Maya Chen', 'leadership', 'director', 'America/New_York', null),
} as const
export type CompanyName = keyof typeof company

export interface CompanyPerson {
  readonly address: string
  readonly name: string
  readonly team: string
  readonly roleBand: string
  readonly zone: string
  readonly managerId: string | null
}

/** Everybody of the company, or the named ones, as people.csv would give them. */
export function aDirectory(
  names: readonly CompanyName[] = companyNames,
  more: readonly Partial<DirectoryPerson>[] = [],
): Directory {
  const people = new Map<string, DirectoryPerson>()
  const byAddress = new Map<string, string>()
  const known = names.map(name => aDirectoryPerson({ ...company[name], id: company[name].address }))
  for (const each of [...known, ...more.map(aDirectoryPerson)]) {
    people.set(each.id, each)
    for (const address of [each.id, ...each.aliases]) byAddress.set(address, each.id)
  }
  return { people, byAddress, hasTeams: true, domains: new Set(['lantern.example']) }
}

/** A line of people.csv; who is not named is "someone" of no team. */
export function aDirectoryPerson(given: Partial<DirectoryPerson> = {}): DirectoryPerson {
  return {
    id: given.id ?? 'someone@lantern.example',
    aliases: given.aliases ?? [],
    name: given.name ?? null,
    team: given.team ?? null,
    roleBand: given.roleBand ?? null,
    zone: given.zone ?? null,
    workingHours: given.workingHours ?? null,
    managerId: given.managerId ?? null,
  }
}

/** A zone by its IANA name, `UTC` included; a test that misspells one fails here. */
export function zone(name: string): Zone {
  if (name === 'UTC') return utc
  const found = zoneFor(name)
  if (!found) throw new Error(`no zone called ${name}`)
  return found
}

/** A wall reading from `2026-03-16 10:00` or `2026-03-16`. */
export function wall(text: string): WallMillis {
  const [date = '', time = '00:00'] = text.split(' ')
  const at = Date.parse(`${date}T${time}:00Z`)
  if (Number.isNaN(at)) throw new Error(`not a wall reading: ${text}`)
  return at
}

/** The instant of `2026-03-16 10:00` on the wall of a zone. */
export function at(text: string, zoneName = 'UTC'): Instant {
  return zone(zoneName).toInstant(wall(text))
}

export type EventOverrides = Partial<Omit<CalendarEvent, 'time' | 'attendees' | 'organizer'>> & {
  /** Wall reading, `2026-03-16 10:00`; default Monday 16 March 2026, 10:00. */
  readonly start?: string
  /** IANA name, default UTC. */
  readonly zone?: string
  readonly minutes?: number
  /** All-day over this many dates, from the date of `start`. */
  readonly days?: number
  readonly time?: EventTime
  /** Names of the company, addresses, or whole attendees. */
  readonly attendees?: readonly (CompanyName | Attendee | string)[]
  readonly organizer?: CompanyName | Attendee | string | null
}

/** An event of Ana's calendar: an hour on Monday 16 March 2026 at 10:00 UTC, with nobody on it unless given. */
export function anEvent(given: EventOverrides = {}): CalendarEvent {
  const {
    start = '2026-03-16 10:00',
    zone: zoneName = 'UTC',
    minutes = 60,
    days,
    attendees,
    organizer,
    ...rest
  } = given
  const allDay = days !== undefined
  return {
    calendar: 'ana.ics',
    uid: 'planning@lantern.example',
    time: {
      startWall: wall(start),
      zone: allDay ? utc : zone(zoneName),
      allDay,
      floating: false,
      exactMs: allDay ? 0 : minutes * minuteMs,
      nominalDays: days ?? 0,
    },
    recurrence: null,
    override: null,
    title: 'Planning',
    description: '',
    location: '',
    organizer: organizer === undefined || organizer === null ? null : anAttendee(organizer),
    attendees: (attendees ?? []).map(each => anAttendee(each)),
    attendeesTruncated: false,
    status: 'confirmed',
    showAs: 'busy',
    visibility: 'default',
    type: 'default',
    categories: [],
    onlineUrl: null,
    attachmentCount: 0,
    createdAt: null,
    updatedAt: null,
    sequence: 0,
    ...rest,
  }
}

/** An attendee from a name of the company, an address, or parts; a person who has accepted unless told otherwise. */
export function anAttendee(who: CompanyName | Attendee | string, given: Partial<Attendee> = {}): Attendee {
  if (typeof who !== 'string') return { ...who, ...given }
  const known = isCompanyName(who) ? company[who] : null
  return {
    address: known?.address ?? who,
    name: known?.name ?? null,
    kind: 'person',
    response: 'accepted',
    role: 'required',
    self: false,
    ...given,
  }
}

/** The occurrence of an event at its own start, or at another wall reading of its zone. */
export function anOccurrence(event: CalendarEvent = anEvent(), given: Partial<Occurrence> & { start?: string } = {}) {
  const { start, ...rest } = given
  const startWall = start === undefined ? event.time.startWall : wall(start)
  const startAt = event.time.zone.toInstant(startWall)
  const occurrence: Occurrence = {
    event,
    startAt,
    endAt: event.time.allDay ? startAt + event.time.nominalDays * dayMs : startAt + event.time.exactMs,
    originalStartAt: startAt,
    recurring: event.recurrence !== null || event.override !== null,
    ...rest,
  }
  return occurrence
}

/** Occurrences of one event every `everyDays`, on the wall of its zone, from its own start. */
export function occurrencesEvery(event: CalendarEvent, everyDays: number, count: number): Occurrence[] {
  return Array.from({ length: count }, (_, index) => {
    const startAt = event.time.zone.toInstant(event.time.startWall + index * everyDays * dayMs)
    return anOccurrence(event, {
      startAt,
      originalStartAt: startAt,
      endAt: startAt + event.time.exactMs,
      recurring: true,
    })
  })
}

/** An occurrence that was deleted from its series. */
export function aRemoval(event: CalendarEvent, start: string, reason: RemovedOccurrence['reason'] = 'excluded') {
  const removal: RemovedOccurrence = { event, originalStartAt: event.time.zone.toInstant(wall(start)), reason }
  return removal
}

/** A roster of people of the company, or of whole invitees; the first is the organizer. */
export function aRoster(
  who: readonly (CompanyName | Invitee)[] = ['ana', 'ben'],
  given: Partial<Roster> = {},
  response: Response = 'accepted',
): Roster {
  const people = who.map((each, index) =>
    typeof each === 'string' ? anInvitee(each, { isOrganizer: index === 0, response }) : each,
  )
  const teams = [...new Set(people.flatMap(each => each.team ?? []))].sort()
  return {
    people,
    groups: [],
    rooms: 0,
    organizerId: people[0]?.id ?? null,
    teams,
    externalCount: people.filter(each => each.isExternal).length,
    headcount: { low: people.length, expected: people.length, high: people.length },
    truncated: false,
    known: people.length > 0,
    ...given,
  }
}

export function anInvitee(name: CompanyName, given: Partial<Invitee> = {}): Invitee {
  const { address, team, roleBand } = company[name]
  return {
    id: address,
    team,
    roleBand,
    response: 'accepted',
    required: true,
    isOrganizer: false,
    isMe: false,
    isExternal: false,
    ...given,
  }
}

/** A meeting of Ana and Ben, an hour on Monday 16 March 2026 at 10:00 UTC; times follow the occurrence. */
export function aMeeting(given: Partial<Meeting> = {}): Meeting {
  const occurrence = given.occurrence ?? anOccurrence()
  const startAt = given.startAt ?? occurrence.startAt
  const endAt = given.endAt ?? occurrence.endAt
  return {
    id: `meeting-${startAt}`,
    seriesId: 'series-planning',
    occurrence,
    startAt,
    endAt,
    minutes: (endAt - startAt) / minuteMs,
    title: occurrence.event.title ?? 'Planning',
    roster: aRoster(),
    rule: 'people-met',
    copies: 1,
    ...given,
  }
}

/** A weekly series of `count` meetings of an event, Mondays at 10:00 UTC unless the event says otherwise. */
export function aSeries(
  given: Partial<Series> & { event?: CalendarEvent; count?: number; everyDays?: number } = {},
): Series {
  const { event = anEvent(), count = 8, everyDays = 7, ...rest } = given
  const id = rest.id ?? `series-${event.uid}`
  const roster = rest.roster ?? aRoster()
  const meetings =
    rest.meetings ??
    occurrencesEvery(event, everyDays, count).map(occurrence =>
      aMeeting({ id: `${id}-${occurrence.startAt}`, occurrence, seriesId: id, roster }),
    )
  const title = rest.title ?? event.title ?? 'Planning'
  return {
    id,
    title,
    titles: [{ title, fromOn: '2026-03-16' }],
    recurring: true,
    cadence: { text: everyDays === 7 ? 'weekly' : 'irregular', perWeek: 7 / everyDays, usual: null },
    meetings,
    removed: [],
    uids: [event.uid],
    roster,
    ...rest,
  }
}

function person(
  local: string,
  name: string,
  team: string,
  roleBand: string,
  zoneName: string,
  manager: string | null,
): CompanyPerson {
  const address = `${local}@lantern.example`
  return { address, name, team, roleBand, zone: zoneName, managerId: manager && `${manager}@lantern.example` }
}

function isCompanyName(text: string): text is CompanyName {
  return Object.hasOwn(company, text)
}

// Safe because Object.keys of a literal gives exactly its keys.
const companyNames = Object.keys(company) as CompanyName[]
