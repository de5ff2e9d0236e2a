/** A token goes where our roots say, whatever a vendor's library would rather (ASVS 5.0: 10.1.1, 13.2.4). */
import { afterEach, expect, test, vi } from 'vitest'
import { createGoogleConnection } from '../../src/connectors/google/connection.ts'
import { createHttpPolicy } from '../../src/connectors/paced-http.ts'
import { virtualClock } from '../fakes/kit/clock.ts'

const plenty = { requests: 20, untilAt: Number.MAX_SAFE_INTEGER }
const usual = { api: 'https://www.googleapis.com/', admin: 'https://admin.googleapis.com/' }
const others = { token: 'https://t.example/', revoke: 'https://r.example/', authorize: 'https://a.example/' }

afterEach(() => {
  vi.unstubAllEnvs()
})

test.each([
  ['GOOGLE_CLOUD_UNIVERSE_DOMAIN', 'evil.example'],
  ['HTTPS_PROXY', 'http://evil.example:3128'],
  ['https_proxy', 'http://evil.example:3128'],
])('%s of the environment does not lead Google’s client elsewhere', async (name, value) => {
  vi.stubEnv(name, value)
  const askedAt: string[] = []
  const fetch: typeof globalThis.fetch = async input => {
    askedAt.push(new URL(String(input)).origin)
    return Response.json({ items: [] })
  }
  const clock = virtualClock(0)
  const connection = createGoogleConnection({
    http: createHttpPolicy({ fetch, clock }),
    tokensFor: () => ({ token: async () => 'token', revoke: async () => undefined }),
    account: { tier: 'content', grant: 'personal', subject: 'ana@lamps.example', settings: { directory: 'yes' } },
    clock,
    roots: { ...usual, ...others },
  })
  await connection.connector.listCalendars(plenty)
  await connection.directory?.rows(plenty)
  expect(new Set(askedAt)).toEqual(new Set(['https://www.googleapis.com', 'https://admin.googleapis.com']))
})
