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

/** Days from 1970-01-01 to a date of the Gregorian calendar; `month` 1–12, `day` may run over its month. */
export function dayNumber(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}

/** Year, month (1–12) and day of the month of a day counted from 1970-01-01. */
export function civilDate(day: number): { readonly year: number; readonly month: number; readonly day: number } {
  const z = day + 719_468
  const era = Math.floor(z / 146_097)
  const dayOfEra = z - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shifted = Math.floor((5 * dayOfYear + 2) / 153)
  const month = shifted < 10 ? shifted + 3 : shifted - 9
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  return { year, month, day: dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1 }
}
