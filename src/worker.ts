import type { Hono } from 'hono'
import { systemClock } from './clock.ts'
import { createApp } from './http/app.ts'
import { createD1, type D1Binding } from './store/d1/d1.ts'
import { migrationNames } from './store/migration-names.ts'
import { createMirrorStore } from './store/mirror.ts'

/** What `wrangler.toml` binds. */
export interface WorkerEnv {
  readonly DB: D1Binding
}

/** One app for all requests of an isolate: its bindings stay the same. */
let app: Hono | undefined

/** The entry on Cloudflare Workers: bindings -> adapters -> app. */
export default {
  fetch(request: Request, env: WorkerEnv): Response | Promise<Response> {
    app ??= wire(env)
    return app.fetch(request)
  },
}

function wire(env: WorkerEnv): Hono {
  const database = createD1(env.DB)
  const mirror = createMirrorStore(database, { tenant })
  return createApp({ database, migrationNames, push: { mirror, clock: systemClock } })
}

/** The one organisation that this database is for; the same as on Node. */
const tenant = 'local'
