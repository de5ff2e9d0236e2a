import { join } from 'node:path'
import type { ChannelsRun } from '../../../src/app/push/open-channels.ts'
import { syncTold } from '../../../src/app/push/sync-told.ts'
import type { SyncRun } from '../../../src/app/sync/sync-accounts.ts'
import type { AccountConnection } from '../../../src/connectors/connector.ts'
import { createListener } from '../../../src/http/app.ts'
import type { Account, MirroredCalendar, PushChannel } from '../../../src/store/accounts.ts'
import { createMirrorStore } from '../../../src/store/mirror.ts'
import type { MirrorStore } from '../../../src/store/mirror-store.ts'
import { readMigrations } from '../../../src/store/sqlite/read-migrations.ts'
import { openSqlite } from '../../../src/store/sqlite/sqlite.ts'
import type { Database } from '../../../src/store/store.ts'
import { type GoogleWorld, googleWorld, moment } from '../../connectors/google/google-world.ts'
import { type GraphWorld, graphWorld } from '../../connectors/microsoft/graph-world.ts'
import type { VirtualClock } from '../../fakes/kit/clock.ts'
import { anAccount } from '../sync/sync-world.ts'

const migrations = readMigrations(join(import.meta.dirname, '..', '..', '..', 'migrations'))
export const publicUrl = 'https://hooks.test'
export const accountId = 'acc0000000000001'

/** A strict provider, a database, our routes: notifications go from the one to the other without a socket of ours. */
export interface PushWorld {
  readonly mirror: MirrorStore
  readonly clock: VirtualClock
  readonly account: Account
  /** Everybody who was woken. */
  readonly looks: () => number
  /** Rows of the database that changed so far. */
  readonly rowsWritten: () => number
  tick(how?: TickHow): Promise<{ readonly run: SyncRun; readonly channels: ChannelsRun }>
  /** Our routes, as providers meet them. */
  receive(request: Request): Promise<Response>
  channels(): Promise<readonly PushChannel[]>
  /** The first calendar of the account. */
  calendar(): Promise<MirroredCalendar>
  /** Pulls of the provider's changes so far. */
  pulls(): number
  close(): Promise<void>
}

export interface TickHow {
  readonly askedFor?: boolean
  readonly publicUrl?: string
  readonly requests?: number
  readonly mirror?: MirrorStore
}

export interface GooglePush extends PushWorld {
  readonly world: GoogleWorld
  /** Changes the calendar. */
  change(title: string): void
}

export interface GraphPush extends PushWorld {
  readonly world: GraphWorld
  change(title: string): void
}

export async function googlePush(): Promise<GooglePush> {
  const world = await googleWorld()
  const connection = world.connect({ tier: 'basic' })
  const base = await pushWorld('google', connection, world.clock)
  return {
    ...base,
    world,
    pulls: () => world.journal.count(/^GET \S*\/events\?/),
    change: title => {
      const at = world.clock.now()
      world.fake.user('ana@lamps.example').calendar.insert({
        summary: title,
        start: moment(at + 3_600_000),
        end: moment(at + 7_200_000),
      })
    },
    async close() {
      await base.close()
      await world.close()
    },
  }
}

export async function graphPush(): Promise<GraphPush> {
  let receive: PushWorld['receive'] | null = null
  const fetch: typeof globalThis.fetch = async (input, init) => {
    if (receive === null) throw new TypeError('fetch failed')
    return await receive(new Request(input, init))
  }
  const world = await graphWorld({ fetch, tier: 'basic' })
  const base = await pushWorld('microsoft', world.connection, world.clock)
  receive = base.receive
  return {
    ...base,
    world,
    pulls: () => world.served.journal.count(/^GET \S*calendarView\/delta/),
    change: title => {
      const at = world.clock.now()
      world.mailbox.create({ subject: title, start: at + 3_600_000, end: at + 7_200_000 })
    },
    async close() {
      await base.close()
      await world.close()
    },
  }
}

async function pushWorld(
  provider: 'google' | 'microsoft',
  connection: AccountConnection,
  clock: VirtualClock,
): Promise<Omit<PushWorld, 'pulls'>> {
  const database = await openSqlite(':memory:', migrations)
  let rowsWritten = 0
  const counting: Database = {
    all: statement => database.all(statement),
    settle: () => database.settle(),
    close: () => database.close(),
    async atomically(writes) {
      const results = await database.atomically(writes)
      for (const { changes } of results) rowsWritten += changes
      return results
    },
  }
  const mirror = createMirrorStore(counting, { tenant: 'local' })
  const account = anAccount({ id: accountId, provider, tier: 'basic' })
  await mirror.addAccount(account)
  let looks = 0
  const app = createListener({ mirror, clock, onLook: () => looks++ })
  return {
    mirror,
    clock,
    account,
    looks: () => looks,
    rowsWritten: () => rowsWritten,
    async tick(how = {}) {
      return await syncTold(
        { mirror: how.mirror ?? mirror, clock, connectionOf: async () => connection },
        {
          publicUrl: how.publicUrl ?? publicUrl,
          only: null,
          askedFor: how.askedFor ?? false,
          accept: null,
          budget: { requests: how.requests ?? 100_000, untilAt: Number.MAX_SAFE_INTEGER },
        },
      )
    },
    receive: async request => await app.fetch(request),
    channels: () => mirror.listChannels(),
    async calendar() {
      return (await mirror.listCalendars())[0]!
    },
    close: () => database.close(),
  }
}
