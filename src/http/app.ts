import { Hono } from 'hono'
import type { ReceiveDeps } from '../app/push/receive-notification.ts'
import { type HealthDeps, healthRoutes } from './health.ts'
import { webhookRoutes } from './webhooks.ts'

export interface AppDeps extends HealthDeps {
  /** Where providers' notifications go; without it nobody answers them. */
  readonly push?: ReceiveDeps
}

/** Everything that answers over HTTP, on Node and on Workers alike. Entries hand the adapters in. */
export function createApp({ push, ...health }: AppDeps): Hono {
  const app = new Hono().route('/', healthRoutes(health))
  return withNotFound(push === undefined ? app : app.route('/', webhookRoutes(push)))
}

/** The notifications alone, for a command that listens while it watches. */
export function createListener(push: ReceiveDeps): Hono {
  return withNotFound(new Hono().route('/', webhookRoutes(push)))
}

function withNotFound(app: Hono): Hono {
  return app.notFound(context =>
    context.json({ error: 'not-found', sentence: 'There is nothing at this address.' }, 404),
  )
}
