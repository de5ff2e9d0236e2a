import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { createApp } from '../../src/http/app.ts'
import { PortError } from '../../src/port-error.ts'
import { readMigrations } from '../../src/store/sqlite/read-migrations.ts'
import { openSqlite } from '../../src/store/sqlite/sqlite.ts'
import type { Database } from '../../src/store/store.ts'

const migrations = readMigrations(fileURLToPath(new URL('../../migrations', import.meta.url)))
const migrationNames = migrations.map(migration => migration.name)

const broken = (error: Error): Database => ({
  atomically: () => Promise.reject(error),
  all: () => Promise.reject(error),
  settle: () => Promise.reject(error),
  close: async () => {},
})

describe('/healthz', () => {
  it('answers though the database does not', async () => {
    const database = broken(new PortError('unreachable', 'D1 did not answer.'))
    const answer = await createApp({ database, migrationNames }).request('/healthz')
    expect([answer.status, await answer.json()]).toEqual([200, { status: 'ok' }])
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
  })
})

describe('/readyz', () => {
  const ask = async (database: Database) => {
    const answer = await createApp({ database, migrationNames }).request('/readyz')
    expect(answer.headers.get('cache-control')).toBe('no-store')
    return [answer.status, await answer.json()]
  }

  it('current database → ready', async () => {
    expect(await ask(await openSqlite(':memory:', migrations))).toEqual([200, { status: 'ready' }])
  })

  it('database without migrations → not ready (migrations-missing)', async () => {
    const answer = await ask(await openSqlite(':memory:', []))
    expect(answer).toEqual([503, { status: 'not-ready', reason: 'migrations-missing' }])
  })

  it('database of a newer version → not ready (database-newer)', async () => {
    const database = await openSqlite(':memory:', [...migrations, { name: '9999_later.sql', statements: [] }])
    expect(await ask(database)).toEqual([503, { status: 'not-ready', reason: 'database-newer' }])
  })

  it('no answer from the database → not ready (database-unreachable), and not a word about it', async () => {
    const answer = await ask(broken(new PortError('busy', '/data/audits.db is being written by another process.')))
    expect(answer).toEqual([503, { status: 'not-ready', reason: 'database-unreachable' }])
  })

  it('anything else the database throws → not ready (database-unreachable)', async () => {
    const answer = await ask(broken(new Error('D1_ERROR: something new')))
    expect(answer).toEqual([503, { status: 'not-ready', reason: 'database-unreachable' }])
  })
})

describe('any other address', () => {
  it('is not found, in JSON', async () => {
    const answer = await createApp({ database: broken(new Error('unused')), migrationNames }).request('/nowhere')
    expect(answer.status).toBe(404)
    expect(await answer.json()).toMatchObject({ error: 'not-found' })
  })
})
