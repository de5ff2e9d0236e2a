import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-pool-workers'
import { defineConfig } from 'vitest/config'

/** `.ci/run` counts the tests of all runs by these reports. */
const results = process.env.MINUTEWISE_TEST_RESULTS
const migrations = await readD1Migrations('./migrations')

/**
 * unit: pure rooms and adapters, any process zone. e2e: real processes, a real browser. workers: real workerd and D1.
 */
export default defineConfig({
  test: {
    ...(results === undefined
      ? {}
      : { reporters: ['default', 'json'], outputFile: { json: `${results}/${process.pid}.json` } }),
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
          exclude: ['test/workers/**', 'test/e2e/**', 'test/bench/**'],
          testTimeout: 20_000,
        },
      },
      {
        test: { name: 'e2e', include: ['test/e2e/**/*.test.ts'], testTimeout: 120_000, hookTimeout: 120_000 },
      },
      {
        plugins: [
          cloudflareTest({
            wrangler: { configPath: './wrangler.toml' },
            miniflare: { bindings: { TEST_MIGRATIONS: migrations } },
          }),
        ],
        test: { name: 'workers', include: ['test/workers/**/*.test.ts'], testTimeout: 60_000 },
      },
    ],
  },
})
