import { Hono } from 'hono'
import { type HealthDeps, healthRoutes } from './health.ts'

/** Everything that answers over HTTP, on Node and on Workers alike. Entries hand the adapters in. */
export function createApp(deps: HealthDeps): Hono {
  return new Hono()
    .route('/', healthRoutes(deps))
    .notFound(context => context.json({ error: 'not-found', sentence: 'There is nothing at this address.' }, 404))
}
