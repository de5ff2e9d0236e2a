import { DateTime } from 'luxon'
import type { Instant, Zone } from './types.ts'

/** An instant in words for people in `zone`, by a Luxon format such as `ccc d LLL, HH:mm`, in English. */
export function formatInZone(at: Instant, zone: Zone, format: string): string {
  // Wall readings of our own tables are shown as if in UTC: one source of truth for offsets, also fixed ones.
  return DateTime.fromMillis(zone.toWall(at), { zone: 'utc', locale: 'en-GB' }).toFormat(format)
}
