import { DateTime } from 'luxon'
import type { Instant } from './types.ts'

/**
 * A moment as people write it (ISO 8601: `2026-11-16T08:00:00Z`, `2026-11-16T09:00+01:00`, a date, a week date); without
 * an offset it is UTC. Null for anything else.
 */
export function parseInstant(text: string): Instant | null {
  const parsed = DateTime.fromISO(text, { zone: 'utc' })
  return parsed.isValid ? parsed.toMillis() : null
}
