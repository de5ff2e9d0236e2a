import { canonicalZoneName } from '../../domain/time/zone-table.ts'
import { isRecord } from '../../json-value.ts'
import type { CalendarAccess, CalendarId, ListedCalendar, TickBudget } from '../connector.ts'
import { zoneByName } from '../ics/zones.ts'
import { printable } from '../printable.ts'
import { type DavClient, type DavEntry, pathOf, textOf } from './client.ts'
import { isCalendar, type Principal } from './discovery.ts'

/** The calendars of a principal that hold events. Task lists, in- and outboxes and bins are none. */
export async function listDavCalendars(
  client: DavClient,
  principal: Principal,
  budget: TickBudget,
): Promise<readonly ListedCalendar[]> {
  const listed = new Map<CalendarId, ListedCalendar>()
  for (const home of principal.homes) {
    const answer = await client.propfind(home, '1', askedProps, budget)
    if (answer.kind === 'refused') throw client.problem(answer.status, 'the calendars of this account')
    for (const entry of answer.entries) {
      if (!isCalendar(entry) || !holdsEvents(entry)) continue
      const calendar = calendarOf(entry, home, client, principal)
      listed.set(calendar.id, calendar)
    }
  }
  return withOnePrimary([...listed.values()], principal)
}

/** The address of a calendar of this account. Ids are paths where the calendar is on the server the account names. */
export function calendarUrl(client: DavClient, id: CalendarId): URL {
  const url = new URL(id, client.base)
  if (!url.pathname.endsWith('/')) url.pathname = `${url.pathname}/`
  return url
}

const askedProps = {
  'd:resourcetype': {},
  'd:displayname': {},
  'd:owner': {},
  'd:current-user-privilege-set': {},
  'c:supported-calendar-component-set': {},
  'c:calendar-timezone': {},
  'c:calendar-timezone-id': {},
} as const

function calendarOf({ path, props }: DavEntry, home: URL, client: DavClient, principal: Principal): ListedCalendar {
  const owner = isRecord(props.owner) ? textOf(props.owner.href) : ''
  const isOwner = principal.path !== null && owner !== '' && pathOf(owner, home) === principal.path
  return {
    id: home.origin === client.base.origin ? path : new URL(path, home).href,
    name: printable(textOf(props.displayname)).trim().slice(0, 200) || null,
    zone: zoneOf(props),
    ownerAddress: isOwner ? (principal.addresses[0] ?? null) : null,
    isPrimary: false,
    access: accessOf(props.currentUserPrivilegeSet, isOwner),
  }
}

function holdsEvents({ props }: DavEntry): boolean {
  const set = props.supportedCalendarComponentSet
  const components = isRecord(set) ? (Array.isArray(set.comp) ? set.comp : [set.comp]) : []
  const names = components.flatMap(comp =>
    isRecord(comp) && isRecord(comp._attributes) ? [comp._attributes.name] : [],
  )
  return names.length === 0 || names.includes('VEVENT')
}

/** RFC 7809's name where the server gives it, else the name of the VTIMEZONE of RFC 4791 section 5.2.2. */
function zoneOf(props: DavEntry['props']): string | null {
  const named = canonicalZoneName(textOf(props.calendarTimezoneId).trim())
  if (named !== null) return named
  const definition = textOf(props.calendarTimezone)
  for (const name of ['TZID', 'X-LIC-LOCATION']) {
    const value = new RegExp(`^${name}(?:;[^:\\r\\n]*)?:(.+)$`, 'im').exec(definition)?.[1]?.trim()
    const zone = value === undefined ? null : zoneByName(value)
    if (zone !== null) return zone.zone.name
  }
  return null
}

/** RFC 3744 section 5.4 with RFC 4791 section 6.1.1. Where a server says nothing, reading is what can be tried. */
function accessOf(set: unknown, isOwner: boolean): CalendarAccess {
  const privileges = isRecord(set) ? (Array.isArray(set.privilege) ? set.privilege : [set.privilege]) : []
  const names = new Set(privileges.filter(isRecord).flatMap(privilege => Object.keys(privilege)))
  const mayWrite = ['all', 'write', 'writeContent', 'bind'].some(name => names.has(name))
  if (mayWrite || names.size === 0) {
    if (isOwner) return 'owner'
    return mayWrite ? 'write' : 'read'
  }
  if (names.has('read')) return 'read'
  return names.has('readFreeBusy') ? 'free-busy' : 'read'
}

/** The one that invitations land in, or the only one there is that belongs to the account. */
function withOnePrimary(calendars: readonly ListedCalendar[], principal: Principal): readonly ListedCalendar[] {
  const owned = calendars.filter(({ access }) => access === 'owner')
  const primary =
    calendars.find(({ id }) => principal.defaultCalendarPath !== null && isPath(id, principal.defaultCalendarPath)) ??
    (owned.length === 1 ? owned[0] : undefined) ??
    (calendars.length === 1 ? calendars[0] : undefined)
  return calendars.map(calendar => (calendar === primary ? { ...calendar, isPrimary: true } : calendar))
}

const isPath = (id: CalendarId, path: string) => id.replace(/\/$/, '') === path.replace(/\/$/, '')
