import { Hono } from 'hono'
import { migrationState } from '../store/migrate.ts'
import type { Database } from '../store/store.ts'

export interface HealthDeps {
  readonly database: Database
  /** The migrations this code was written for. */
  readonly migrationNames: readonly string[]
}

/** Why the service cannot do its work now; the body of `/readyz` names it. Open to anybody, so it says no more. */
type NotReadyReason = 'database-unreachable' | 'migrations-missing' | 'database-newer'

/**
 * `/healthz`: the process answers (restart it when not). `/readyz`: it can do its work (send it requests): the database
 * answers and has exactly the migrations of this code. JSON, never from a cache.
 */
export function healthRoutes({ database, migrationNames }: HealthDeps): Hono {
  const routes = new Hono()
  routes.get('/healthz', context => {
    context.header('cache-control', 'no-store')
    return context.json({ status: 'ok' })
  })
  routes.get('/readyz', async context => {
    context.header('cache-control', 'no-store')
    const reason = await whyNotReady(database, migrationNames)
    return reason === null ? context.json({ status: 'ready' }) : context.json({ status: 'not-ready', reason }, 503)
  })
  return routes
}

async function whyNotReady(database: Database, migrationNames: readonly string[]): Promise<NotReadyReason | null> {
  try {
    const { missing, unknown } = await migrationState(database, migrationNames)
    if (unknown.length > 0) return 'database-newer'
    return missing.length > 0 ? 'migrations-missing' : null
  } catch {
    // Whatever it threw: a database that does not answer a plain question cannot be worked with.
    return 'database-unreachable'
  }
}
