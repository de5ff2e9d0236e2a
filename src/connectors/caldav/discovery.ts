import { isRecord } from '../../json-value.ts'
import { PortError } from '../../port-error.ts'
import type { TickBudget } from '../connector.ts'
import { printable } from '../printable.ts'
import { type DavAnswer, type DavClient, type DavEntry, pathOf, textOf, textsOf } from './client.ts'
import { isNeighbour } from './server-address.ts'

/** Who signed in, and where their calendars are. */
export interface Principal {
  /** Null where the server knows no principals and the address itself holds the calendars. */
  readonly path: string | null
  readonly homes: readonly URL[]
  /** Addresses the server knows the person by, without `mailto:`; the preferred one first. */
  readonly addresses: readonly string[]
  /** The calendar that invitations land in. */
  readonly defaultCalendarPath: string | null
}

/**
 * From an address to a principal and its calendar homes (RFC 6764 section 6, RFC 5397, RFC 4791 section 6.2.1): the
 * address itself is asked first when it has a path, then the well-known one, then the root.
 *
 * @throws PortError `not-found` when no calendar service answers, `no-mailbox` when the person has no calendars there.
 */
export async function discover(client: DavClient, userName: string, budget: TickBudget): Promise<Principal> {
  const { base } = client
  const wellKnown = new URL('/.well-known/caldav', base)
  const root = new URL('/', base)
  const candidates = base.pathname === '/' ? [wellKnown, root] : [base, wellKnown, root]
  let last: DavAnswer | null = null
  for (const url of candidates) {
    const answer = await client.propfind(url, '0', { 'd:current-user-principal': {} }, budget)
    last = answer
    if (answer.kind === 'refused') {
      if (answer.status === 401) throw client.problem(401, 'the account')
      continue
    }
    for (const entry of answer.entries) {
      const href = textOf(hrefOf(entry.props.currentUserPrincipal))
      if (href === '') continue
      return await principalAt(client, resolved(href, url), userName, budget)
    }
  }
  return await homeItself(client, userName, budget, last)
}

async function principalAt(client: DavClient, url: URL, userName: string, budget: TickBudget): Promise<Principal> {
  if (url.origin !== client.base.origin) throw strangeHome(client, url)
  const answer = await client.propfind(
    url,
    '0',
    { 'c:calendar-home-set': {}, 'c:calendar-user-address-set': {}, 'c:schedule-inbox-URL': {} },
    budget,
  )
  if (answer.kind === 'refused') throw client.problem(answer.status, 'the account')
  const props = answer.entries[0]?.props ?? {}
  const homes = textsOf(hrefOf(props.calendarHomeSet)).map(href => resolved(href, url))
  if (homes.length === 0) {
    throw new PortError('no-mailbox', `${client.host} knows this user and has no calendars for them.`)
  }
  for (const home of homes) {
    if (!isNeighbour(home, client.base)) throw strangeHome(client, home)
    client.trust(home)
  }
  const inbox = textOf(hrefOf(props.scheduleInboxURL ?? props.scheduleInboxUrl))
  return {
    path: pathOf(url.pathname, url),
    homes,
    addresses: addressesOf(hrefOf(props.calendarUserAddressSet), userName),
    defaultCalendarPath: inbox === '' ? null : await defaultCalendar(client, resolved(inbox, url), budget),
  }
}

/** RFC 6638 section 9.2. Of no weight where the server does not say. */
async function defaultCalendar(client: DavClient, inbox: URL, budget: TickBudget): Promise<string | null> {
  if (inbox.origin !== client.base.origin) return null
  const answer = await client.propfind(inbox, '0', { 'c:schedule-default-calendar-URL': {} }, budget)
  if (answer.kind === 'refused') return null
  const props = answer.entries[0]?.props ?? {}
  const href = textOf(hrefOf(props.scheduleDefaultCalendarURL ?? props.scheduleDefaultCalendarUrl))
  return href === '' ? null : pathOf(href, inbox)
}

/** No principal anywhere: the address may still be a calendar, or the folder of some. */
async function homeItself(
  client: DavClient,
  userName: string,
  budget: TickBudget,
  last: DavAnswer | null,
): Promise<Principal> {
  const answer = await client.propfind(client.base, '1', { 'd:resourcetype': {} }, budget)
  const isHome = answer.kind === 'multistatus' && answer.entries.some(isCalendar)
  if (isHome) {
    return { path: null, homes: [client.base], addresses: addressesOf([], userName), defaultCalendarPath: null }
  }
  for (const { kind, ...rest } of [answer, last ?? answer]) {
    if (kind === 'refused' && 'status' in rest && (rest.status === 401 || rest.status === 403))
      throw client.problem(rest.status, 'this address')
  }
  throw new PortError(
    'not-found',
    `${client.host} answers, but there is no calendar service (CalDAV) at this address. Look up the CalDAV address in ` +
      "the server's settings and connect with that.",
  )
}

export function isCalendar({ props }: DavEntry): boolean {
  return isRecord(props.resourcetype) && 'calendar' in props.resourcetype
}

function hrefOf(value: unknown): unknown {
  return isRecord(value) ? value.href : ''
}

/** Preferred ones first (an attribute some servers write); a user name that is an address speaks where nothing else does. */
function addressesOf(hrefs: unknown, userName: string): readonly string[] {
  const addresses = textsOf(hrefs)
    .filter(text => /^mailto:/i.test(text))
    .map(text => safelyDecoded(text.slice('mailto:'.length)).trim())
    .filter(text => text.includes('@'))
  if (addresses.length > 0) return addresses
  return /^[^\s@]+@[^\s@]+$/.test(userName) ? [userName] : []
}

function safelyDecoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function resolved(href: string, base: URL): URL {
  return new URL(href.trim(), base)
}

function strangeHome(client: DavClient, url: URL): PortError {
  return new PortError(
    'rejected',
    `${client.host} says that the calendars are on ${printable(url.host)}, and a password is not given to another ` +
      'server. If that is where they are, connect with that address.',
  )
}
