import type { WorkingHours } from '../meetings/types.ts'
import { startOfDay, weekdayOf } from './calendar-date.ts'
import type { Interval, Zone } from './types.ts'
import { dayMs, minuteMs } from './types.ts'

/**
 * The working time of a person inside the window, one interval a working day, oldest first, cut to the window.
 * Hours are read on the wall of `zone`, so 9 to 17 stays 9 to 17 on days of 23 and 25 hours. Hours that end at or
 * before their start run past midnight into the next day.
 */
export function workingIntervals(hours: WorkingHours, zone: Zone, window: Interval): Interval[] {
  const lengthMinutes = hours.endMinute - hours.startMinute + (hours.endMinute > hours.startMinute ? 0 : 24 * 60)
  const working: Interval[] = []
  // One day early: a night shift of the evening before may reach into the window.
  let day = startOfDay(zone.toWall(window.startAt)) - dayMs
  for (; zone.toInstant(day) < window.endAt; day += dayMs) {
    if (!hours.weekdays.includes(weekdayOf(day))) continue
    const startWall = day + hours.startMinute * minuteMs
    const startAt = Math.max(zone.toInstant(startWall), window.startAt)
    const endAt = Math.min(zone.toInstant(startWall + lengthMinutes * minuteMs), window.endAt)
    if (startAt < endAt) working.push({ startAt, endAt })
  }
  return working
}
