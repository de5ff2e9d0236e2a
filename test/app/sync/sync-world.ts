import { join } from 'node:path'
import { eventsOfItems } from '../../../src/app/sync/events-of-items.ts'
import { type SyncRun, syncAccounts } from '../../../src/app/sync/sync-accounts.ts'
import type { AccountConnection, CalendarItem, TickBudget, Tier } from '../../../src/connectors/connector.ts'
import {
  createMemoryCalendars,
  type MemoryCalendars,
  type MemoryOptions,
} from '../../../src/connectors/memory/memory-calendars.ts'
import type { CalendarEvent } from '../../../src/domain/meetings/calendar-event.ts'
import { expandEvents } from '../../../src/domain/meetings/expand.ts'
import { parseRecurrenceRule } from '../../../src/domain/time/recurrence-rule.ts'
import { dayMs, type Instant, type Interval } from '../../../src/domain/time/types.ts'
import type { Account, MirroredCalendar } from '../../../src/store/accounts.ts'
import { createMirrorStore } from '../../../src/store/mirror.ts'
import type { MirrorStore } from '../../../src/store/mirror-store.ts'
import { readMigrations } from '../../../src/store/sqlite/read-migrations.ts'
import { openSqlite } from '../../../src/store/sqlite/sqlite.ts'
import { type VirtualClock, virtualClock } from '../../fakes/kit/clock.ts'
import { anEvent, type EventOverrides } from '../../support/build.ts'

const migrations = readMigrations(join(import.meta.dirname, '..', '..', '..', 'migrations'))
export const startAt = Date.parse('2026-03-02T08:00:00Z')
export const accountId = 'acc0000000000001'

/** A database, a provider in memory and a clock: everything a sync needs, and nothing that waits. */
export interface SyncWorld {
  readonly mirror: MirrorStore
  readonly provider: MemoryCalendars
  readonly clock: VirtualClock
  /** One tick; with `askedFor` unless told otherwise. */
  sync(how?: SyncHow): Promise<SyncRun>
  calendar(id: string): Promise<MirroredCalendar>
  /** What an audit would see in `seen`: title and start of each occurrence, by start. */
  shown(id: string): Promise<readonly string[]>
  stored(id: string): Promise<readonly CalendarItem[]>
  close(): Promise<void>
}

export interface SyncHow {
  readonly requests?: number
  readonly askedFor?: boolean
  readonly accept?: string
  readonly mirror?: MirrorStore
}

export const seen: Interval = { startAt: startAt - 30 * dayMs, endAt: startAt + 120 * dayMs }

export interface WorldOptions extends MemoryOptions {
  readonly path?: string
  readonly tier?: Tier
  /** What the provider calls itself: feeds are held where others are asked twice. */
  readonly provider?: Account['provider']
}

export async function syncWorld(options: WorldOptions = {}): Promise<SyncWorld> {
  const database = await openSqlite(options.path ?? ':memory:', migrations)
  const mirror = createMirrorStore(database, { tenant: 'local' })
  const provider = createMemoryCalendars({ pageSize: 5, emptyPageEvery: 3, ...options })
  const clock = virtualClock(startAt)
  const connector =
    options.provider === undefined ? provider.connector : { ...provider.connector, provider: options.provider }
  const connection: AccountConnection = { connector, writer: null, push: null, directory: null, revoke: async () => {} }
  await mirror.addAccount(anAccount({ tier: options.tier ?? 'content', provider: options.provider ?? 'memory' }))
  const keyOf = (calendarId: string) => ({ accountId, calendarId })
  return {
    mirror,
    provider,
    clock,
    async sync(how = {}) {
      const budget: TickBudget = { requests: how.requests ?? 10_000, untilAt: Number.MAX_SAFE_INTEGER }
      return await syncAccounts(
        { mirror: how.mirror ?? mirror, clock, connectionOf: async () => connection },
        {
          budget,
          only: null,
          askedFor: how.askedFor ?? true,
          accept: how.accept === undefined ? null : keyOf(how.accept),
        },
      )
    },
    async calendar(id) {
      return (await mirror.listCalendars()).find(each => each.id === id)!
    },
    async shown(id) {
      return shownOf(await mirror.readItems(keyOf(id), seen))
    },
    stored: id => mirror.readItems(keyOf(id), { startAt: 0, endAt: Number.MAX_SAFE_INTEGER }),
    close: () => database.close(),
  }
}

export function anAccount(given: Partial<Account> = {}): Account {
  return {
    id: accountId,
    provider: 'memory',
    subject: 'ana.ruiz@lantern.example',
    label: 'ana.ruiz@lantern.example',
    tier: 'content',
    grant: 'personal',
    settings: {},
    status: 'connected',
    sentence: null,
    connectedAt: startAt,
    listedAt: null,
    ...given,
  }
}

/** `2026-03-16T10:00 Planning`, by start. */
export function shownOf(items: readonly CalendarItem[]): readonly string[] {
  return expandEvents(eventsOfItems(items, 'c').events, seen)
    .occurrences.map(({ event, startAt: at }) => `${iso(at)} ${event.title ?? '(private)'}`)
    .toSorted()
}

const iso = (at: Instant) => new Date(at).toISOString().slice(0, 16)

/** An item of one event, for `provider.put`. */
export function anItem(
  id: string,
  given: EventOverrides = {},
  seriesItemId: string | null = null,
): Omit<CalendarItem, 'etag'> {
  const event = anEvent({ uid: seriesItemId ?? id, title: id, ...given })
  return { id, seriesItemId, content: { kind: 'events', events: [event] } }
}

export function weekly(count: number): Pick<CalendarEvent, 'recurrence'> {
  const rule = parseRecurrenceRule(`FREQ=WEEKLY;COUNT=${count}`)
  if ('problem' in rule) throw new Error(rule.problem)
  return { recurrence: { rules: [rule], additions: [], exclusions: [], excludedDaysWall: [] } }
}

/** A changed occurrence of a series, replacing the one at `original`. */
export function anException(series: string, original: string, given: EventOverrides = {}): Omit<CalendarItem, 'etag'> {
  const override = { originalStartAt: Date.parse(`${original.replace(' ', 'T')}:00Z`), byDate: false, andFuture: false }
  return anItem(`${series}_${original.slice(5, 10)}`, { title: series, start: original, ...given, override }, series)
}
