import type { WorkingHours } from '../meetings/types.ts'
import type { WeekSummary } from '../reports/audit-report.ts'
import { dateOf, weekdayOf } from '../time/calendar-date.ts'
import { mergeIntervals, subtract } from '../time/intervals.ts'
import { daysBetween, weeksBetween } from '../time/periods.ts'
import type { Interval, Zone } from '../time/types.ts'
import { hourMs, minuteMs } from '../time/types.ts'
import { workingIntervals } from '../time/working-hours.ts'
import { dayFocus, defaultFocusBlockMinutes, fragmentationIndex } from './day.ts'
import { meetingRuns } from './runs.ts'
import { clip, overlapping, totalLength } from './timeline.ts'

/** Monday to Friday, nine to five, where nobody said otherwise. */
export const defaultWorkingHours: WorkingHours = { weekdays: [0, 1, 2, 3, 4], startMinute: 9 * 60, endMinute: 17 * 60 }

export interface WeekInput {
  /** The meetings this person is expected at. They may overlap. */
  readonly meetings: readonly Interval[]
  readonly hours: WorkingHours
  /** The person's own zone: working hours are read on its wall. */
  readonly zone: Zone
  readonly window: Interval
  readonly focusBlockMinutes?: number
  /** Out of office: no working time, hence no focus time either. */
  readonly away?: readonly Interval[]
}

/**
 * One person's average week: meetings with overlaps merged, and what they leave of the working time in gaps long enough
 * to use. Averages run over the weeks with any meeting, so that a holiday does not look like focus; a week that the
 * window cuts counts by the share of its working time inside. `meetingShare` is of working time and leaves out meetings
 * outside it. Null when no meeting touches the window.
 */
export function weekSummary(input: WeekInput): WeekSummary | null {
  const meetings = clip(input.meetings, input.window)
  const busy = mergeIntervals(meetings)
  if (busy.length === 0) return null

  const working = workingIntervals(input.hours, input.zone, input.window)
  const days = workingDays(input, working, busy)
  const weeks = weeksOf(input, working, days, busy)
  const counted = weeks.filter(week => week.meetingMs > 0)
  const count = counted.reduce((sum, { share }) => sum + share, 0)
  const total = counted.reduce<Tally>((sum, week) => added(sum, week), nothing)
  const outsideMs = totalLength(subtract(busy, subtract(working, input.away ?? [])))
  const runs = meetingRuns(meetings)

  return {
    weeks: count,
    workingHours: total.workingMinutes / 60 / count,
    meetingHours: total.meetingMs / hourMs / count,
    meetingShare: total.workingMinutes === 0 ? 0 : (total.meetingMs - outsideMs) / minuteMs / total.workingMinutes,
    focusHours: total.focusMinutes / 60 / count,
    focusBlocks: total.blocks / count,
    fragmentHours: (total.freeMinutes - total.focusMinutes) / 60 / count,
    fragmentationIndex: fragmentationIndex(total.focusMinutes, total.freeMinutes),
    longestRunMinutes: runs.reduce((longest, run) => Math.max(longest, (run.endAt - run.startAt) / minuteMs), 0),
    backToBackRunsPerWeek: runs.filter(run => run.meetings > 1).length / count,
    outsideHours: outsideMs / hourMs / count,
    byWeekday: weekdaysOf(input, days, counted, busy).map(day => ({
      weekday: day.weekday,
      meetingHours: day.meetingMs / hourMs / count,
      focusHours: day.focusMinutes / 60 / count,
    })),
    perWeek: weeks.map(week => ({
      weekOn: dateOf(input.zone.toWall(week.startAt)),
      meetingHours: week.meetingMs / hourMs,
      focusHours: week.focusMinutes / 60,
      fragmentHours: (week.freeMinutes - week.focusMinutes) / 60,
    })),
  }
}

interface Tally {
  readonly meetingMs: number
  readonly workingMinutes: number
  readonly freeMinutes: number
  readonly focusMinutes: number
  readonly blocks: number
}

interface WorkingDay extends Tally {
  readonly startAt: number
  readonly weekday: number
}

interface Week extends Tally, Interval {
  /** How much of its working time lies in the window, 0..1. */
  readonly share: number
}

const nothing: Tally = { meetingMs: 0, workingMinutes: 0, freeMinutes: 0, focusMinutes: 0, blocks: 0 }
const weekdayNames = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const

function workingDays(input: WeekInput, working: readonly Interval[], busy: readonly Interval[]): WorkingDay[] {
  const away = mergeIntervals(input.away ?? [])
  const busyOn = overlapping(busy)
  const awayOn = overlapping(away)
  return working.map(day => {
    const focus = dayFocus(day, busyOn(day), input.focusBlockMinutes ?? defaultFocusBlockMinutes, awayOn(day))
    return { ...nothing, ...focus, startAt: day.startAt, weekday: weekdayOf(input.zone.toWall(day.startAt)) }
  })
}

function weeksOf(
  { hours, zone, window }: WeekInput,
  working: readonly Interval[],
  days: readonly WorkingDay[],
  busy: readonly Interval[],
): Week[] {
  const busyIn = overlapping(busy)
  const workingIn = overlapping(working)
  let next = 0
  return weeksBetween(window, zone).map(week => {
    let tally: Tally = { ...nothing, meetingMs: totalLength(clip(busyIn(week), week)) }
    // A working day belongs to the week it starts in, also when it is a night shift into Monday.
    for (; next < days.length && days[next]!.startAt < week.endAt; next++) tally = added(tally, days[next]!)
    return { ...tally, ...week, share: shareInside(week, workingIn(week)) }
  })

  function shareInside(week: Interval, workingInside: readonly Interval[]): number {
    if (week.startAt >= window.startAt && week.endAt <= window.endAt) return 1
    const inside = totalLength(clip(workingInside, week))
    if (inside > 0) return inside / totalLength(workingIntervals(hours, zone, week))
    return totalLength(clip([week], window)) / (week.endAt - week.startAt)
  }
}

/** Monday to Sunday, without days that are neither worked nor met on. Only weeks that count. */
function weekdaysOf(
  { hours, zone, window }: WeekInput,
  days: readonly WorkingDay[],
  counted: readonly Week[],
  busy: readonly Interval[],
): { weekday: string; meetingMs: number; focusMinutes: number }[] {
  const weekdays = weekdayNames.map(weekday => ({ weekday, meetingMs: 0, focusMinutes: 0 }))
  const busyOn = overlapping(busy)
  for (const day of daysBetween(window, zone))
    weekdays[weekdayOf(zone.toWall(day.startAt))]!.meetingMs += totalLength(clip(busyOn(day), day))
  const countedWeekOf = overlapping(counted)
  for (const { startAt, weekday, focusMinutes } of days)
    if (countedWeekOf({ startAt, endAt: startAt + 1 }).length > 0) weekdays[weekday]!.focusMinutes += focusMinutes
  return weekdays.filter(({ meetingMs }, weekday) => hours.weekdays.includes(weekday) || meetingMs > 0)
}

function added(sum: Tally, part: Tally): Tally {
  return {
    meetingMs: sum.meetingMs + part.meetingMs,
    workingMinutes: sum.workingMinutes + part.workingMinutes,
    freeMinutes: sum.freeMinutes + part.freeMinutes,
    focusMinutes: sum.focusMinutes + part.focusMinutes,
    blocks: sum.blocks + part.blocks,
  }
}
