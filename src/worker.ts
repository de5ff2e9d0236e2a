import type { Hono } from 'hono'
import { createApp } from './http/app.ts'
import { createD1, type D1Binding } from './store/d1/d1.ts'
import { migrationNames } from './store/migration-names.ts'

/** What `wrangler.toml` binds. */
export interface WorkerEnv {
  readonly DB: D1Binding
}

/** One app for all requests of an isolate: its bindings stay the same. */
let app: Hono | undefined

/** The entry on Cloudflare Workers: bindings -> adapters -> app. */
export default {
  fetch(request: Request, env: WorkerEnv): Response | Promise<Response> {
    app ??= createApp({ database: createD1(env.DB), migrationNames })
    return app.fetch(request)
  },
}
