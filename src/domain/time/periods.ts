import { startOfDay, weekdayOf } from './calendar-date.ts'
import type { Interval, WallMillis, Zone } from './types.ts'
import { dayMs } from './types.ts'

/**
 * The ISO weeks (Monday to Monday on the wall of `zone`) that touch the window, oldest first, each whole: a week
 * with a clock change is 167 or 169 hours long.
 */
export function weeksBetween(window: Interval, zone: Zone): Interval[] {
  const firstDay = startOfDay(zone.toWall(window.startAt))
  return stretches(window, zone, firstDay - weekdayOf(firstDay) * dayMs, 7)
}

/** The days on the wall of `zone` that touch the window, oldest first, each whole: 23 or 25 hours at clock changes. */
export function daysBetween(window: Interval, zone: Zone): Interval[] {
  return stretches(window, zone, startOfDay(zone.toWall(window.startAt)), 1)
}

function stretches(window: Interval, zone: Zone, firstWall: WallMillis, days: number): Interval[] {
  const result: Interval[] = []
  let wall = firstWall
  let startAt = zone.toInstant(wall)
  while (startAt < window.endAt) {
    wall += days * dayMs
    const endAt = zone.toInstant(wall)
    // A day the zone skipped altogether (Apia, 30 December 2011) has no length.
    if (endAt > startAt && endAt > window.startAt) result.push({ startAt, endAt })
    startAt = endAt
  }
  return result
}
