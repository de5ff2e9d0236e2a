import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import type { calendar_v3 } from 'googleapis/build/src/apis/calendar/v3.js'
import { afterAll, describe, expect, test } from 'vitest'
import { eventsOfItems } from '../../../src/app/sync/events-of-items.ts'
import { syncAccounts } from '../../../src/app/sync/sync-accounts.ts'
import { syncPolicyFor, windowAround } from '../../../src/app/sync/sync-policy.ts'
import type { AccountConnection } from '../../../src/connectors/connector.ts'
import { createGoogleConnection } from '../../../src/connectors/google/connection.ts'
import { googleScopes } from '../../../src/connectors/google/scopes.ts'
import { createMicrosoftConnection } from '../../../src/connectors/microsoft/connection.ts'
import { microsoftScopes } from '../../../src/connectors/microsoft/scopes.ts'
import type { TokenSource } from '../../../src/connectors/oauth/token-source.ts'
import { createHttpPolicy } from '../../../src/connectors/paced-http.ts'
import { expandEvents } from '../../../src/domain/meetings/expand.ts'
import { dayMs, hourMs, type Instant, type Interval, minuteMs, weekMs } from '../../../src/domain/time/types.ts'
import { zoneNamed } from '../../../src/domain/time/zone-table.ts'
import { createMirrorStore } from '../../../src/store/mirror.ts'
import type { MirrorStore } from '../../../src/store/mirror-store.ts'
import { readMigrations } from '../../../src/store/sqlite/read-migrations.ts'
import { openSqlite } from '../../../src/store/sqlite/sqlite.ts'
import { createGoogleFake } from '../../fakes/google/google-fake.ts'
import { createGraphFake } from '../../fakes/graph/graph-fake.ts'
import { type VirtualClock, virtualClock } from '../../fakes/kit/clock.ts'
import type { FaultAction, FaultPlan } from '../../fakes/kit/faults.ts'
import { inProcess } from '../../fakes/kit/in-process.ts'
import { anAccount } from './sync-world.ts'

/**
 * The central property: whatever people do to a calendar, whatever the provider does to its answers and wherever the
 * process dies, once it is quiet the store holds what the provider holds: nothing lost, nothing doubled, nothing of a
 * private event, and not at the price of any number of requests.
 */
const nowAt = Date.parse('2026-03-02T08:00:00Z')
const ana = 'ana@lamps.example'
/** Around the two clock changes of March; occurrences are compared in it. */
const seen: Interval = { startAt: nowAt - 20 * dayMs, endAt: nowAt + 60 * dayMs }
/** The same histories for everybody; others with `MINUTEWISE_PROPERTY_SEED=…`, more with `MINUTEWISE_PROPERTY_RUNS=1000`. */
const { MINUTEWISE_PROPERTY_RUNS, MINUTEWISE_PROPERTY_SEED } = process.env
const runs = Number(MINUTEWISE_PROPERTY_RUNS ?? 25)
const seed = Number(MINUTEWISE_PROPERTY_SEED ?? 20_261_120)

/** A provider's calendar as its people change it. `n` names an event, counted round; what is gone is passed over. */
interface ProviderUnderTest {
  readonly provider: 'google' | 'microsoft'
  readonly clock: VirtualClock
  readonly faults: FaultPlan
  readonly requests: readonly string[]
  /** A new one is what a new process has. */
  connection(): AccountConnection
  add(title: string, at: Instant): void
  addDay(title: string, at: Instant): void
  addSeries(title: string, at: Instant, count: number): void
  change(n: number, change: { readonly title?: string; readonly isPrivate?: boolean; readonly at?: Instant }): void
  moveOccurrence(n: number, index: number, at: Instant): void
  deleteOccurrence(n: number, index: number): void
  remove(n: number): void
  expire(): void
  truth(): Promise<readonly string[]>
}

const slot = fc.integer({ min: -10, max: 40 }).map(day => nowAt + day * dayMs + 2 * hourMs)
const place = fc.nat({ max: 29 })
const index = fc.nat({ max: 5 })
const faultActions: readonly FaultAction[] = [
  { kind: 'reset' },
  { kind: 'truncate' },
  { kind: 'malformed' },
  { kind: 'duplicate' },
  { kind: 'lost-answer' },
  { kind: 'status', status: 500 },
  { kind: 'status', status: 503, headers: { 'retry-after': '20' } },
  { kind: 'status', status: 429, headers: { 'retry-after': '3' } },
]
const command = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('add' as const), at: slot }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('add-day' as const), at: slot }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('add-series' as const), at: slot, count: fc.integer({ min: 1, max: 6 }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('rename' as const), n: place }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('move' as const), n: place, at: slot }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('hide' as const), n: place, isPrivate: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('move-occurrence' as const), n: place, index, at: slot }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('delete-occurrence' as const), n: place, index }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('remove' as const), n: place }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('expire' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 50 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('fault' as const),
      action: fc.constantFrom(...faultActions),
      times: fc.integer({ min: 1, max: 7 }),
      after: fc.nat({ max: 3 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('sync' as const),
      requests: fc.option(fc.integer({ min: 1, max: 6 }), { nil: 1_000 }),
      /** The process dies at this call of the store, before or after it was done. */
      diesAt: fc.option(fc.record({ call: fc.nat({ max: 12 }), isDone: fc.boolean() }), { nil: null }),
    }),
  },
)
type Command = typeof command extends fc.Arbitrary<infer T> ? T : never

describe.each([
  ['Google', googleUnderTest],
  ['Microsoft', graphUnderTest],
] as const)('%s', (_name, make) => {
  const folder = mkdtempSync(join(tmpdir(), 'minutewise-converges-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  test('after any history of changes, faults and deaths the store is what the provider holds', {
    timeout: 300_000,
  }, async () => {
    let number = 0
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 6, maxLength: 50 }), async commands => {
        const path = join(folder, `${number++}.db`)
        const world = make()
        await converges(world, path, commands)
      }),
      { numRuns: runs, seed },
    )
  })
})

async function converges(world: ProviderUnderTest, path: string, commands: readonly Command[]): Promise<void> {
  let titles = 0
  let syncs = 0
  let troubles = 0
  const title = () => `SHOWN ${++titles}`
  const process = await Process.begin(world, path)
  // something to happen to: four events, and three series that begin at different ends of the window
  for (const day of [-5, 3, 4, 20]) world.add(title(), nowAt + day * dayMs)
  for (const day of [-18, 1, 15]) world.addSeries(title(), nowAt + day * dayMs, 5)
  for (const each of commands) {
    switch (each.do) {
      case 'add':
        world.add(title(), each.at)
        break
      case 'add-day':
        world.addDay(title(), each.at)
        break
      case 'add-series':
        world.addSeries(title(), each.at, each.count)
        break
      case 'rename':
        world.change(each.n, { title: title() })
        break
      case 'move':
        world.change(each.n, { at: each.at })
        break
      case 'hide':
        world.change(each.n, { isPrivate: each.isPrivate })
        break
      case 'move-occurrence':
        world.moveOccurrence(each.n, each.index, each.at)
        break
      case 'delete-occurrence':
        world.deleteOccurrence(each.n, each.index)
        break
      case 'remove':
        world.remove(each.n)
        break
      case 'expire':
        troubles++
        world.expire()
        break
      case 'wait':
        world.clock.advance(each.hours * hourMs)
        break
      case 'fault':
        troubles += each.times
        world.faults.add({ match: /GET .*(events|calendarView)/, ...each })
        break
      case 'sync':
        syncs++
        await process.tick(each.requests ?? 1_000, each.diesAt ?? null)
    }
  }
  world.faults.clear()
  for (let quiet = 0; quiet < 4; quiet++) {
    world.clock.advance(3 * hourMs)
    syncs++
    await process.tick(1_000, null)
  }
  const [calendar] = await process.mirror.listCalendars()
  const shown = await process.shown()
  const truth = await world.truth()
  await process.end()
  expect(calendar?.sync.status).toBe('current')
  expect(shown).toEqual(truth)
  // a list and a page or two a tick; a full round of at most 31 items, its masters, and each trouble tried again
  expect(world.requests.length).toBeLessThanOrEqual(syncs * 16 + troubles * 24 + commands.length * 3)
}

/** One process after the other on one database; each ends in peace or dies. */
class Process {
  readonly #world: ProviderUnderTest
  readonly #path: string
  #database: Awaited<ReturnType<typeof openSqlite>>
  #connection: AccountConnection
  mirror: MirrorStore

  static async begin(world: ProviderUnderTest, path: string): Promise<Process> {
    const database = await openSqlite(path, migrations)
    const process = new Process(world, path, database)
    await process.mirror.addAccount(anAccount({ provider: world.provider, subject: ana, connectedAt: nowAt }))
    return process
  }

  private constructor(world: ProviderUnderTest, path: string, database: Awaited<ReturnType<typeof openSqlite>>) {
    this.#world = world
    this.#path = path
    this.#database = database
    this.mirror = createMirrorStore(database, { tenant: 'local' })
    this.#connection = world.connection()
  }

  async tick(requests: number, diesAt: { readonly call: number; readonly isDone: boolean } | null): Promise<void> {
    const mirror = diesAt === null ? this.mirror : dying(this.mirror, diesAt)
    const budget = { requests, untilAt: Number.MAX_SAFE_INTEGER }
    try {
      await syncAccounts(
        { mirror, clock: this.#world.clock, connectionOf: async () => this.#connection },
        { budget, only: null, askedFor: true, accept: null },
      )
    } catch (error) {
      if (!(error instanceof Death)) throw error
      await this.#database.close()
      this.#database = await openSqlite(this.#path, migrations)
      this.mirror = createMirrorStore(this.#database, { tenant: 'local' })
      this.#connection = this.#world.connection()
    }
  }

  async shown(): Promise<readonly string[]> {
    const lines: string[] = []
    for (const { accountId, id } of await this.mirror.listCalendars()) {
      const { events } = eventsOfItems(await this.mirror.readItems({ accountId, calendarId: id }, seen), id)
      for (const { event, startAt } of expandEvents(events, seen).occurrences) lines.push(line(startAt, event.title))
    }
    return lines.toSorted()
  }

  async end(): Promise<void> {
    await this.#database.close()
  }
}

class Death extends Error {}

/** A store whose process dies at one of its calls: nothing after that happens. */
function dying(
  mirror: MirrorStore,
  { call, isDone }: { readonly call: number; readonly isDone: boolean },
): MirrorStore {
  let calls = 0
  let dead = false
  return new Proxy(mirror, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name)
      if (typeof method !== 'function') return method
      return async (...args: unknown[]) => {
        if (dead) throw new Death()
        if (calls++ < call) return await method.apply(target, args)
        dead = true
        if (isDone) await method.apply(target, args)
        throw new Death()
      }
    },
  })
}

const migrations = readMigrations(join(import.meta.dirname, '..', '..', '..', 'migrations'))
const line = (at: Instant, title: string | null) => `${new Date(at).toISOString().slice(0, 16)} ${title ?? '(private)'}`

const warsaw = zoneNamed('Europe/Warsaw')
const rfc = (at: Instant) => new Date(at).toISOString().replace('.000Z', 'Z')
const dateOn = (at: Instant) => new Date(at).toISOString().slice(0, 10)

function googleUnderTest(): ProviderUnderTest {
  const clock = virtualClock(nowAt)
  const fake = createGoogleFake({ clock, settings: { pageSize: 4, emptyPages: 1, order: 'exceptions-first' } })
  fake.addUser({ address: ana })
  const { calendar } = fake.user(ana)
  const { fetch, requests } = inProcess(fake, fake.faults)
  const scopes = googleScopes('content', { grant: 'personal', sharedToo: true }).read
  const tokens = tokensFrom(() => fake.grant(ana, scopes).accessToken)
  const root = 'http://google.test/'
  const events: { id: string; series: Instant | null }[] = []
  const moment = (at: Instant) => ({ dateTime: rfc(at), timeZone: 'Europe/Warsaw' })
  const insert = (title: string, at: Instant, recurrence?: string[]) => {
    const { id } = calendar.insert({
      summary: title,
      start: moment(at),
      end: moment(at + 30 * minuteMs),
      ...(recurrence === undefined ? {} : { recurrence }),
    })
    events.push({ id: id!, series: recurrence === undefined ? null : at })
  }
  const live = (n: number) => {
    const event = events[n % events.length]
    return event !== undefined && calendar.find(event.id)?.isCancelled === false ? event : null
  }
  const originalOf = (start: Instant, k: number) => warsaw.toInstant(warsaw.toWall(start) + k * weekMs)
  const occurrence = (n: number, k: number) => {
    const event = live(n)
    if (event?.series == null) return null
    const original = rfc(originalOf(event.series, k))
    const id = calendar.instanceIdOf(event.id, original)
    const instance = calendar.instance(id)
    return instance === null || instance.isCancelled ? null : { id: event.id, original }
  }
  return {
    provider: 'google',
    clock,
    faults: fake.faults,
    requests,
    connection: () =>
      createGoogleConnection({
        http: createHttpPolicy({ fetch, clock }),
        tokensFor: () => tokens,
        account: { tier: 'content', grant: 'personal', subject: ana, settings: { 'page-size': '4' } },
        clock,
        roots: { api: root, admin: root, token: `${root}token`, revoke: `${root}revoke`, authorize: `${root}auth` },
      }),
    add: (title, at) => insert(title, at),
    addDay(title, at) {
      const { id } = calendar.insert({ summary: title, start: { date: dateOn(at) }, end: { date: dateOn(at + dayMs) } })
      events.push({ id: id!, series: null })
    },
    addSeries: (title, at, count) => insert(title, at, [`RRULE:FREQ=WEEKLY;COUNT=${count}`]),
    change(n, { title, isPrivate, at }) {
      const event = live(n)
      if (event === null) return
      if (title !== undefined) calendar.patch(event.id, { summary: title })
      if (isPrivate !== undefined) calendar.setVisibility(event.id, isPrivate ? 'private' : 'default')
      // a series that is moved loses its changed occurrences; singles alone here
      if (at !== undefined && event.series === null) {
        calendar.patch(event.id, { start: moment(at), end: moment(at + 30 * minuteMs) })
      }
    },
    moveOccurrence(n, k, at) {
      const one = occurrence(n, k)
      if (one !== null)
        calendar.moveInstance(one.id, one.original, { start: moment(at), end: moment(at + 30 * minuteMs) })
    },
    deleteOccurrence(n, k) {
      const one = occurrence(n, k)
      if (one !== null) calendar.cancelInstance(one.id, one.original)
    },
    remove(n) {
      const event = live(n)
      if (event !== null) calendar.delete(event.id)
    },
    expire: () => calendar.expireTokens(),
    async truth() {
      const query = new URLSearchParams({
        singleEvents: 'true',
        timeMin: rfc(seen.startAt),
        timeMax: rfc(seen.endAt),
        maxResults: '2500',
      })
      const lines: string[] = []
      for (let page: string | null = ''; page !== null; ) {
        if (page !== '') query.set('pageToken', page)
        const answer = await fake.fetch(
          new Request(`${root}calendar/v3/calendars/${ana}/events?${query}`, {
            headers: { authorization: `Bearer ${fake.grant(ana, scopes).accessToken}` },
          }),
        )
        // Safe because the fake holds every answer against the vendor's types.
        const body = (await answer.json()) as calendar_v3.Schema$Events
        for (const item of body.items ?? []) {
          const at = Date.parse(item.start?.dateTime ?? item.start?.date ?? '')
          // what belongs to a private series is private, whatever it says itself
          const series = calendar.find(item.recurringEventId ?? '')?.resource.visibility
          const isHidden = item.visibility === 'private' || series === 'private'
          lines.push(line(at, isHidden ? null : (item.summary ?? null)))
        }
        page = body.nextPageToken ?? null
      }
      return lines.toSorted()
    },
  }
}

function graphUnderTest(): ProviderUnderTest {
  const clock = virtualClock(nowAt)
  const fake = createGraphFake({ clock })
  fake.addUser({ address: ana, name: 'Ana Ruiz', zone: 'Central European Standard Time' })
  fake.switches.duplicates = true
  fake.switches.master = 'next-page'
  fake.switches.isSplitOverPages = true
  const mailbox = fake.mailbox(ana)
  const { fetch, requests } = inProcess(fake, fake.faults)
  const permissions = microsoftScopes('content', { grant: 'personal' })
  const tokens = tokensFrom(() => fake.signIn.issue({ person: ana, permissions }))
  const root = 'http://graph.test/'
  const events: { key: ReturnType<typeof mailbox.create>; series: Instant | null }[] = []
  const wallOf = (at: Instant) => new Date(warsaw.toWall(at)).toISOString().slice(0, 16)
  const span = (at: Instant) => ({ start: wallOf(at), end: wallOf(at + 30 * minuteMs) })
  const live = (n: number) => {
    const event = events[n % events.length]
    return event !== undefined && mailbox.keys().includes(event.key) ? event : null
  }
  const occurrence = (n: number, k: number) => {
    const event = live(n)
    if (event?.series == null) return null
    const on = dateOn(warsaw.toWall(event.series) + k * weekMs)
    const range = windowAround(clock.now(), syncPolicyFor('microsoft'))
    return mailbox.dates(event.key, range).includes(on) ? { key: event.key, on } : null
  }
  return {
    provider: 'microsoft',
    clock,
    faults: fake.faults,
    requests,
    connection: () =>
      createMicrosoftConnection({
        http: createHttpPolicy({ fetch, clock }),
        tokensFor: () => tokens,
        account: { tier: 'content', grant: 'personal', subject: ana, settings: {} },
        clock,
        roots: { api: root, login: root },
        pageSize: 4,
      }),
    add(title, at) {
      events.push({ key: mailbox.create({ subject: title, ...span(at) }), series: null })
    },
    addDay(title, at) {
      const key = mailbox.create({ subject: title, start: dateOn(at), end: dateOn(at + dayMs) })
      events.push({ key, series: null })
    },
    addSeries(title, at, count) {
      const weekday = new Date(warsaw.toWall(at)).toLocaleDateString('en-US', { weekday: 'long', timeZone: 'UTC' })
      const key = mailbox.createSeries({
        subject: title,
        ...span(at),
        // Safe because the names of weekdays in English, in lower case, are Graph's.
        pattern: { type: 'weekly', interval: 1, daysOfWeek: [weekday.toLowerCase() as 'monday'] },
        range: { type: 'numbered', numberOfOccurrences: count },
      })
      events.push({ key, series: at })
    },
    change(n, { title, isPrivate, at }) {
      const event = live(n)
      if (event === null) return
      if (title !== undefined) mailbox.patch(event.key, { subject: title })
      if (isPrivate !== undefined) mailbox.patch(event.key, { sensitivity: isPrivate ? 'private' : 'normal' })
      if (at !== undefined && event.series === null) mailbox.patch(event.key, span(at))
    },
    moveOccurrence(n, k, at) {
      const one = occurrence(n, k)
      // Outlook refuses to move an occurrence past its neighbours: by hours, not by weeks
      if (one !== null) mailbox.moveOccurrence(one.key, one.on, spanOn(one.on, at))
    },
    deleteOccurrence(n, k) {
      const one = occurrence(n, k)
      if (one !== null) mailbox.deleteOccurrence(one.key, one.on)
    },
    remove(n) {
      const event = live(n)
      if (event !== null) mailbox.delete(event.key)
    },
    expire: () => fake.expireTokens(),
    truth: async () =>
      mailbox
        .truth(seen)
        .map(item => line(item.startAt, item.sensitivity === 'normal' ? item.subject : null))
        .toSorted(),
  }
  function spanOn(on: string, at: Instant) {
    const hour = 6 + (Math.abs(Math.round(at / dayMs)) % 12)
    const start = `${on}T${String(hour).padStart(2, '0')}:15`
    return { start, end: `${on}T${String(hour).padStart(2, '0')}:45` }
  }
}

function tokensFrom(issue: () => string): TokenSource {
  let token = issue()
  return {
    async token({ rejected }) {
      if (rejected === token) token = issue()
      return token
    },
    async revoke() {},
  }
}
