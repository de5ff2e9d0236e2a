import type { AccountConnection, CalendarRef } from '../../../src/connectors/connector.ts'
import { createFeedConnection, feedCalendarId } from '../../../src/connectors/feed/connection.ts'
import { createGuardedFetch } from '../../../src/connectors/guarded-fetch.ts'
import { createHttpPolicy } from '../../../src/connectors/paced-http.ts'
import { virtualClock } from '../../fakes/kit/clock.ts'

export const worldNow = Date.parse('2026-03-02T08:00:00Z')
export const feedRef: CalendarRef = { id: feedCalendarId, ownerAddress: null, zone: null }

/** As an entry builds one, with leave to ask the server of the test. */
export function connectFeed(url: string): AccountConnection {
  const clock = virtualClock(worldNow)
  return createFeedConnection({
    http: createHttpPolicy({ fetch: createGuardedFetch({ fetch, allowLoopback: true }), clock, attempts: 3 }),
    credential: { url },
    account: { tier: 'content', settings: {} },
    clock,
  })
}
