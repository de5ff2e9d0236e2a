import type { D1Migration } from 'cloudflare:test'

declare global {
  namespace Cloudflare {
    interface Env {
      readonly DB: D1Database
      readonly TEST_MIGRATIONS: D1Migration[]
    }
    interface GlobalProps {
      readonly mainModule: typeof import('../../src/worker.ts')
    }
  }
}
