import type { Instant, PlainDate, WallMillis } from './types.ts'
import { dayMs } from './types.ts'

/** An instant as `2026-03-16T09:00:00Z`: UTC, to the second. Years outside 0–9999 carry a sign and six digits. */
export function isoInstant(at: Instant): string {
  const iso = new Date(Math.floor(at / 1000) * 1000).toISOString()
  return `${iso.slice(0, -5)}Z`
}

/** The calendar date of a wall reading, `2026-03-16`. */
export function dateOf(wall: WallMillis): PlainDate {
  return new Date(wall).toISOString().slice(0, -14)
}

/** Midnight of `2026-03-16` as a wall reading; null for anything that is not a real date of the years 0000–9999. */
export function parseDate(text: string): WallMillis | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  if (!match) return null
  const wall = Date.parse(`${text}T00:00:00Z`)
  return Number.isFinite(wall) && dateOf(wall) === text ? wall : null
}

/** Midnight of the day a wall reading falls on. */
export function startOfDay(wall: WallMillis): WallMillis {
  return Math.floor(wall / dayMs) * dayMs
}

/** Weekday of a wall reading: 0 = Monday … 6 = Sunday. */
export function weekdayOf(wall: WallMillis): number {
  return weekdayOfDay(Math.floor(wall / dayMs))
}

/** Weekday of a day counted from 1970-01-01 (a Thursday): 0 = Monday … 6 = Sunday. */
export function weekdayOfDay(day: number): number {
  const weekday = (day + 3) % 7
  return weekday < 0 ? weekday + 7 : weekday
}
