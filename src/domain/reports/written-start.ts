import { dateOf, isoInstant } from '../time/calendar-date.ts'
import type { Instant } from '../time/types.ts'

/** The start or end of an occurrence as reports write it: `2026-03-16T09:00:00Z`, or `2026-03-16` when it is all-day. */
export function writtenStart(allDay: boolean, at: Instant): string {
  return allDay ? dateOf(at) : isoInstant(at)
}
