import { applyD1Migrations, reset } from 'cloudflare:test'
import { env, exports } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { createD1 } from '../../src/store/d1/d1.ts'
import { migrate, migrationState } from '../../src/store/migrate.ts'
import { migrationNames } from '../../src/store/migration-names.ts'

const get = async (path: string) => {
  const answer = await exports.default.fetch(new Request(`https://minutewise.example${path}`))
  return { status: answer.status, cache: answer.headers.get('cache-control'), body: await answer.json() }
}

beforeEach(() => reset())

describe('the Worker', () => {
  it('says that it is up', async () => {
    expect(await get('/healthz')).toEqual({ status: 200, cache: 'no-store', body: { status: 'ok' } })
  })

  it('is not ready before the migrations, and ready after those that wrangler applied', async () => {
    expect(await get('/readyz')).toMatchObject({ status: 503, body: { reason: 'migrations-missing' } })
    await applyD1Migrations(env.DB, env.TEST_MIGRATIONS)
    expect(await get('/readyz')).toEqual({ status: 200, cache: 'no-store', body: { status: 'ready' } })
  })
})

describe('the bookkeeping of migrations', () => {
  const ours = () => env.TEST_MIGRATIONS.map(({ name, queries }) => ({ name, statements: queries }))

  it('is the one of wrangler: what it applied we do not apply again', async () => {
    await applyD1Migrations(env.DB, env.TEST_MIGRATIONS)
    expect(await migrate(createD1(env.DB), ours())).toEqual([])
  })

  it('is the one of wrangler: what we applied it does not apply again', async () => {
    const names = await migrate(createD1(env.DB), ours())
    expect(names).toEqual(migrationNames)
    await applyD1Migrations(env.DB, env.TEST_MIGRATIONS)
    expect(await migrationState(createD1(env.DB), migrationNames)).toEqual({ missing: [], unknown: [] })
  })
})
