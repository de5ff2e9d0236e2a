import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { auditCalendars } from '../../src/app/audit-calendars.ts'
import { listOccurrences } from '../../src/app/list-occurrences.ts'
import type { ReadAsPersonInput } from '../../src/app/read-as-person.ts'
import { readSyncedPeople } from '../../src/app/read-people.ts'
import { eventsOfItems } from '../../src/app/sync/events-of-items.ts'
import { type SyncAccountsInput, type SyncRun, syncAccounts } from '../../src/app/sync/sync-accounts.ts'
import { openSyncedCalendars } from '../../src/app/sync/synced-calendars.ts'
import type { AccountConnection, CalendarId, CalendarItem, TickBudget } from '../../src/connectors/connector.ts'
import { createFeedConnection } from '../../src/connectors/feed/connection.ts'
import { createGoogleConnection } from '../../src/connectors/google/connection.ts'
import { googleScopes } from '../../src/connectors/google/scopes.ts'
import { createGuardedFetch } from '../../src/connectors/guarded-fetch.ts'
import type { HttpPolicy } from '../../src/connectors/http-policy.ts'
import { createMicrosoftConnection } from '../../src/connectors/microsoft/connection.ts'
import { microsoftScopes } from '../../src/connectors/microsoft/scopes.ts'
import type { TokenSource } from '../../src/connectors/oauth/token-source.ts'
import { createHttpPolicy } from '../../src/connectors/paced-http.ts'
import { expandEvents } from '../../src/domain/meetings/expand.ts'
import type { AuditReport } from '../../src/domain/reports/audit-report.ts'
import type { OccurrenceReport } from '../../src/domain/reports/occurrence-report.ts'
import { dayMs, type Interval } from '../../src/domain/time/types.ts'
import { defaultRates } from '../../src/domain/worth/rates.ts'
import type { Account, AccountId, CalendarSync, MirroredCalendar } from '../../src/store/accounts.ts'
import { createAuditStore } from '../../src/store/audit-store.ts'
import { createMirrorStore } from '../../src/store/mirror.ts'
import type { MirrorStore } from '../../src/store/mirror-store.ts'
import { readMigrations } from '../../src/store/sqlite/read-migrations.ts'
import { openSqlite } from '../../src/store/sqlite/sqlite.ts'
import type { Database } from '../../src/store/store.ts'
import { createGoogleFake, type GoogleFake, googleRoots } from '../fakes/google/google-fake.ts'
import { createGraphFake, defaultApp, type GraphFake } from '../fakes/graph/graph-fake.ts'
import { type VirtualClock, virtualClock } from '../fakes/kit/clock.ts'
import { type FaultPlan, faultPlan } from '../fakes/kit/faults.ts'
import { inProcess } from '../fakes/kit/in-process.ts'

/** Monday, nine in Madrid and Warsaw. */
export const worldNow = Date.parse('2026-03-02T08:00:00Z')
export const ana = 'ana@lamps.example'
export const ben = 'ben@lamps.example'

/**
 * All of Minutewise below its commands, with the providers' fakes on the other side: accounts as `connect` leaves them,
 * real connectors behind the real policy, the sync, SQLite, and the audit of what was synced.
 */
export interface LiveWorld {
  readonly clock: VirtualClock
  readonly google: GoogleFake
  readonly graph: GraphFake
  /** `METHOD /path?query` of everything that was asked of each. */
  readonly asked: { readonly google: readonly string[]; readonly graph: readonly string[]; readonly feeds: string[] }
  readonly feedFaults: FaultPlan
  /** Another way to Google's fake, and what happens before any question on it. */
  readonly fetch: { readonly google: typeof fetch; before: ((request: Request) => Promise<void>) | null }
  /** The policy each of them is asked through. */
  readonly http: { readonly google: HttpPolicy; readonly graph: HttpPolicy; readonly feeds: HttpPolicy }
  readonly mirror: MirrorStore
  readonly database: Database
  /** An account of a person, or of the whole organisation with `grant`. Its calendars come with the first sync. */
  addGoogle(subject?: string, more?: Partial<Account>): Promise<AccountId>
  addMicrosoft(subject?: string, more?: Partial<Account>, how?: MicrosoftOptions): Promise<AccountId>
  addFeed(name: string, text: string | Uint8Array): Promise<AccountId>
  publish(feed: string, text: string | Uint8Array): void
  /** An account with a connection that the test built itself; null where it keeps it to itself. */
  addAccount(account: Partial<Account>, connection: AccountConnection | null): Promise<AccountId>
  connectionOf(account: Pick<Account, 'id'>): Promise<AccountConnection>
  /** One tick that a person asked for. */
  sync(how?: Partial<SyncAccountsInput> & { readonly requests?: number }): Promise<SyncRun>
  calendars(accountId?: AccountId): Promise<readonly MirroredCalendar[]>
  /** Where the sync of an account's only (or named) calendar stands. */
  state(accountId: AccountId, calendarId?: CalendarId): Promise<CalendarSync>
  /** What is kept of an account's only (or named) calendar. */
  kept(accountId: AccountId, calendarId?: CalendarId): Promise<readonly CalendarItem[]>
  /** The same expanded inside `seen`: `2026-03-16T10:00 Planning`, by start. */
  shown(accountId: AccountId, calendarId?: CalendarId): Promise<readonly string[]>
  audit(how?: Partial<ReadAsPersonInput>): Promise<AuditReport>
  /** Every occurrence of the audited window with the rule that counted or dropped it. */
  read(how?: Partial<ReadAsPersonInput>): Promise<OccurrenceReport>
  close(): Promise<void>
}

export interface MicrosoftOptions {
  readonly pageSize?: number
  /** Instead of the least ones for the tier. */
  readonly permissions?: readonly string[]
}

/** Weeks around the present of the world: a month back, three months on. */
export const seen: Interval = { startAt: worldNow - 35 * dayMs, endAt: worldNow + 100 * dayMs }

export interface LiveWorldOptions {
  /** The database; in memory unless given. */
  readonly path?: string
}

export async function liveWorld({ path = ':memory:' }: LiveWorldOptions = {}): Promise<LiveWorld> {
  const clock = virtualClock(worldNow)
  const database = await openSqlite(path, readMigrations(join(import.meta.dirname, '..', '..', 'migrations')))
  const mirror = createMirrorStore(database, { tenant: 'local' })
  const store = createAuditStore(database)
  const google = createGoogleFake({ clock })
  const graph = createGraphFake({
    clock,
    apps: [{ ...defaultApp, roles: [...defaultApp.roles, 'Calendars.ReadWrite'] }],
  })
  const toGoogle = inProcess(google, google.faults)
  const ways: LiveWorld['fetch'] = {
    before: null,
    google: async (input, init) => {
      await ways.before?.(new Request(input, init))
      return await toGoogle.fetch(input, init)
    },
  }
  const toGraph = inProcess(graph, graph.faults)
  const feeds = new Map<string, string | Uint8Array>()
  const feedFaults = faultPlan()
  const toFeeds = inProcess({ fetch: request => publishedAt(feeds, request) }, feedFaults)
  const policies = {
    google: createHttpPolicy({ fetch: toGoogle.fetch, clock, attempts: 3 }),
    graph: createHttpPolicy({ fetch: toGraph.fetch, clock, attempts: 3 }),
    feeds: createHttpPolicy({ fetch: createGuardedFetch({ fetch: toFeeds.fetch }), clock, attempts: 3 }),
  }
  const connections = new Map<AccountId, AccountConnection>()
  let accounts = 0

  async function add(provider: Account['provider'], subject: string | null, more: Partial<Account>): Promise<Account> {
    const account: Account = {
      id: `account${String(++accounts).padStart(9, '0')}`,
      provider,
      subject,
      label: subject ?? provider,
      tier: 'content',
      grant: 'personal',
      settings: {},
      status: 'connected',
      sentence: null,
      connectedAt: clock.now(),
      listedAt: null,
      ...more,
    }
    await mirror.addAccount(account)
    return account
  }

  async function only(accountId: AccountId, calendarId: CalendarId | undefined): Promise<MirroredCalendar> {
    const found = (await mirror.listCalendars(accountId)).filter(
      ({ id }) => calendarId === undefined || id === calendarId,
    )
    if (found.length !== 1) throw new Error(`The account has ${found.length} such calendars; name one of them.`)
    return found[0]!
  }

  const kept = async (accountId: AccountId, calendarId?: CalendarId) =>
    await mirror.readItems(
      { accountId, calendarId: (await only(accountId, calendarId)).id },
      { startAt: 0, endAt: Number.MAX_SAFE_INTEGER },
    )

  async function synced(how: Partial<ReadAsPersonInput>) {
    const now = how.now ?? clock.now()
    const { files, asOf, notices } = await openSyncedCalendars({ mirror }, { now })
    const { directory } = await readSyncedPeople({ mirror })
    const input = {
      paths: [],
      fromWall: Date.parse('2026-02-02'),
      toWall: Date.parse('2026-04-27'),
      zone: 'Europe/Madrid',
      now,
      asOf,
      me: null,
      directory,
      sample: false,
      rowsCommand: 'minutewise read --db minutewise.db',
      ...how,
    }
    return { files, input, notices }
  }

  return {
    clock,
    google,
    graph,
    asked: { google: toGoogle.requests, graph: toGraph.requests, feeds: toFeeds.requests },
    feedFaults,
    fetch: ways,
    http: policies,
    mirror,
    database,
    async addGoogle(subject = ana, more = {}) {
      if (google.findUser(subject) === null) google.addUser({ address: subject })
      const account = await add('google', subject, more)
      const { grant, tier } = account
      const scopes = googleScopes(tier, { grant, sharedToo: true })
      const asked = [...scopes.read, ...scopes.write, ...scopes.directory]
      const made = createGoogleConnection({
        http: policies.google,
        // with delegation each person's token is that person's
        tokensFor: person => lastingTokens(() => google.grant(person ?? subject, asked).accessToken),
        account,
        clock,
        roots: rootsOfGoogle,
      })
      connections.set(account.id, made)
      return account.id
    },
    async addMicrosoft(subject = ana, more = {}, { pageSize, ...how } = {}) {
      const account = await add('microsoft', subject, more)
      const grant = account.grant === 'organisation' ? 'organisation' : 'personal'
      if (grant === 'personal') addGraphUser(graph, subject)
      const permissions = how.permissions ?? microsoftScopes(account.tier, { grant })
      const issue = () => graph.signIn.issue({ person: grant === 'personal' ? subject : null, permissions })
      const tokens = lastingTokens(issue)
      const made = createMicrosoftConnection({
        http: policies.graph,
        tokensFor: () => tokens,
        account,
        clock,
        roots: { api: 'http://graph.test/', login: 'http://graph.test/' },
        ...(pageSize === undefined ? {} : { pageSize }),
      })
      connections.set(account.id, made)
      return account.id
    },
    async addFeed(name, text) {
      feeds.set(name, text)
      const account = await add('ics', null, { grant: 'address', label: name })
      const url = `https://feeds.lamps.example/${name}.ics`
      connections.set(account.id, createFeedConnection({ http: policies.feeds, credential: { url }, account, clock }))
      return account.id
    },
    publish(feed, text) {
      feeds.set(feed, text)
    },
    async addAccount(given, connection) {
      const provider = given.provider ?? connection?.connector.provider ?? 'memory'
      const account = await add(provider, given.subject ?? null, given)
      if (connection !== null) connections.set(account.id, connection)
      return account.id
    },
    connectionOf: async ({ id }) => connections.get(id)!,
    async sync({ requests = 10_000, ...how } = {}) {
      const budget: TickBudget = { requests, untilAt: Number.MAX_SAFE_INTEGER }
      return await syncAccounts(
        { mirror, clock, connectionOf: async ({ id }) => connections.get(id)! },
        { budget, only: null, askedFor: true, accept: null, ...how },
      )
    },
    calendars: accountId => mirror.listCalendars(accountId),
    state: async (accountId, calendarId) => (await only(accountId, calendarId)).sync,
    kept,
    async shown(accountId, calendarId) {
      const { events } = eventsOfItems(await kept(accountId, calendarId), 'c')
      return expandEvents(events, seen)
        .occurrences.map(({ event, startAt }) => `${written(event.time.allDay, startAt)} ${event.title ?? '(private)'}`)
        .toSorted()
    },
    async audit(how = {}) {
      const { files, input, notices } = await synced(how)
      const use = { ...input, rates: defaultRates, redact: false, syncNotices: notices }
      return (await auditCalendars({ files, store }, use)).report
    },
    async read(how = {}) {
      const { files, input } = await synced(how)
      return await listOccurrences({ files }, input)
    },
    async close() {
      await database.close()
      if (google.violations.length > 0) throw new Error(google.violations.join('\n'))
    },
  }
}

export const rootsOfGoogle = googleRoots('https://google.test/')

/** A mailbox for a person of this world who has none yet. */
export function addGraphUser(graph: GraphFake, address: string, zone = 'Central European Standard Time'): void {
  try {
    graph.mailbox(address)
  } catch {
    graph.addUser({ address, name: nameOf(address), zone })
  }
}

export const nameOf = (address: string) => address[0]!.toUpperCase() + address.slice(1).split('@')[0]!

/** A time as Google writes it. */
export const moment = (at: string | number, timeZone = 'Europe/Madrid') => ({
  dateTime: new Date(at).toISOString().replace('.000Z', 'Z'),
  timeZone,
})

/** An hour at Google, from `2026-03-16T09:00Z`. */
export const anHour = (summary: string, start: string, more: object = {}) => ({
  summary,
  start: moment(start),
  end: moment(Date.parse(start) + 3_600_000),
  ...more,
})

/** Whether a text stands in any file of a folder: the database, its journal, whatever lies beside them. */
export function isInFiles(folder: string, text: string): boolean {
  return readdirSync(folder).some(name => {
    const bytes = readFileSync(join(folder, name))
    return bytes.includes(text, 0, 'utf8') || bytes.includes(text, 0, 'utf16le')
  })
}

const written = (allDay: boolean, at: number) => new Date(at).toISOString().slice(0, allDay ? 10 : 16)

/** A token that is replaced when it is refused, as a source with a refresh token does. */
function lastingTokens(issue: () => string): TokenSource {
  let token: string | null = null
  return {
    async token({ rejected }) {
      if (token === null || rejected === token) token = issue()
      return token
    },
    revoke: async () => {},
  }
}

/** A server that stamps nothing: each answer is the whole file. */
function publishedAt(feeds: ReadonlyMap<string, string | Uint8Array>, request: Request): Response {
  const text = feeds.get(new URL(request.url).pathname.slice(1).replace(/\.ics$/, ''))
  if (text === undefined) return new Response('nothing here', { status: 404 })
  const body = typeof text === 'string' ? new TextEncoder().encode(text) : new Uint8Array(text)
  return new Response(body, { headers: { 'content-type': 'text/calendar; charset=utf-8' } })
}
