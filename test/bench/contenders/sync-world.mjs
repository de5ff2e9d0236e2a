import { join } from 'node:path'
import { itemAt, nowAt } from './sync-items.mjs'

const { createMirrorStore } = await import('../../../dist/src/store/mirror.js')
const { openSqlite } = await import('../../../dist/src/store/sqlite/sqlite.js')
const { readMigrations } = await import('../../../dist/src/store/sqlite/read-migrations.js')
const { syncAccounts } = await import('../../../dist/src/app/sync/sync-accounts.js')
const migrationsFolder = join(import.meta.dirname, '../../../migrations')

export const account = {
  id: 'aaaaaaaaaaaaaaaa',
  provider: 'google',
  subject: 'ana.alvarez.0@example.com',
  label: 'ana.alvarez.0@example.com',
  tier: 'content',
  grant: 'personal',
  settings: {},
  status: 'connected',
  sentence: null,
  connectedAt: nowAt,
  listedAt: null,
}

/** `writesMs()`: the time spent in batches so far, from rows that are made to rows that are kept. */
export async function openMirror(path) {
  const database = await openSqlite(path, readMigrations(migrationsFolder))
  let writesMs = 0
  const timed = {
    ...database,
    async atomically(writes) {
      const startedAt = performance.now()
      const results = await database.atomically(writes)
      writesMs += performance.now() - startedAt
      return results
    },
  }
  const mirror = createMirrorStore(timed, { tenant: 'bench' })
  return { database, mirror, writesMs: () => writesMs }
}

/** One tick over everything, by a clock that the caller moves on. */
export async function tick({ mirror, connectorOf, clock }, askedFor = false) {
  return await syncAccounts(
    {
      mirror,
      clock,
      connectionOf: async account => ({
        connector: connectorOf(account),
        writer: null,
        push: null,
        directory: null,
        revoke: async () => {},
      }),
    },
    { budget: { requests: 1e9, untilAt: Number.MAX_SAFE_INTEGER }, only: null, askedFor, accept: null },
  )
}

export function handClock() {
  const clock = { at: nowAt, now: () => clock.at, sleep: async () => {}, random: () => 0.5 }
  return clock
}

/**
 * One large calendar, delivered in pages that are made when they are asked for. `pullMs` is what the making took: a
 * provider's business, and no part of what is measured.
 */
export function pagedConnector({ events, pageSize }) {
  const connector = {
    provider: 'google',
    pullMs: 0,
    requests: 0,
    async listCalendars() {
      return [{ id: 'all', name: 'All', zone: 'UTC', ownerAddress: account.subject, isPrimary: true, access: 'owner' }]
    },
    async pull({ cursor }) {
      const startedAt = performance.now()
      connector.requests++
      const { from, round } = cursor === null ? { from: 0, round: 'full' } : JSON.parse(cursor)
      // between rounds: nothing changed
      const until = round === 'changes' ? from : Math.min(from + pageSize, events)
      const changes = []
      for (let index = from; index < until; index++) changes.push({ kind: 'item', item: itemAt(index, 'all') })
      const done = round === 'changes' || until === events
      const next = JSON.stringify(done ? { from: events, round: 'changes' } : { from: until, round })
      connector.pullMs += performance.now() - startedAt
      return { round, changes, present: [], cursor: next, done, leftOut: [] }
    },
    async fetchItems({ ids }) {
      throw new Error(`nobody has to fetch ${ids.length} items here: every series comes before its exceptions`)
    },
  }
  return connector
}
