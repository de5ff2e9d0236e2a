import { dateOf, isoInstant } from '../time/calendar-date.ts'
import { dayMs, hourMs, type Instant, minuteMs, type Zone } from '../time/types.ts'
import type { AuditFreshness } from './audit-report.ts'

/** How old synced data is, and what that means. `asOf` is the moment at which the oldest calendar was read. */
export function freshnessOf(about: {
  readonly asOf: Instant
  readonly now: Instant
  readonly zone: Zone
  /** Sentences about single calendars: held, closed, unread. */
  readonly notices: readonly string[]
}): AuditFreshness {
  const { asOf, now, zone, notices } = about
  const ageMs = Math.max(0, now - asOf)
  const isOld = ageMs > staleAfterMs
  const wall = zone.toWall(asOf)
  const time = new Date(wall).toISOString().slice(11, 16)
  const when = `Data as of ${dateOf(wall)} ${time} (${zone.name})`
  return {
    asOf: isoInstant(asOf),
    ageMinutes: Math.floor(ageMs / minuteMs),
    isOld,
    sentence: isOld ? `${when}, ${agePhrase(ageMs)} ago: what changed since is not in here.` : `${when}.`,
    notices,
  }
}

/** Twice the interval of polling, and some minutes for the work itself: beyond that something does not work. */
export const staleAfterMs = 40 * minuteMs

/** From here on a verdict about how people meet now is not called sure. */
export const tooOldForSureMs = 14 * dayMs

/** `3 days`, `5 hours`, `50 minutes`, `1 minute`. */
export function agePhrase(ms: number): string {
  if (ms >= 2 * dayMs) return `${Math.floor(ms / dayMs)} days`
  if (ms >= 2 * hourMs) return `${Math.floor(ms / hourMs)} hours`
  const minutes = Math.floor(ms / minuteMs)
  return minutes === 1 ? '1 minute' : `${minutes} minutes`
}
