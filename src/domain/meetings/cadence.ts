import { weekdayOfDay } from '../time/calendar-date.ts'
import type { RecurrenceRule } from '../time/recurrence-rule.ts'
import type { Instant, Zone } from '../time/types.ts'
import { dayMs, minuteMs, weekMs } from '../time/types.ts'
import type { Cadence } from './types.ts'

/** Starts on somebody's wall, taken apart once: day since 1970, minute of the day, weekday (0 = Monday). */
export interface Rhythm {
  /** Ascending, one per start. */
  readonly days: readonly number[]
  readonly minutes: readonly number[]
  /** Median distance between starts in days; null for a single start. */
  readonly medianGapDays: number | null
  /** The start most of them share, null when fewer than `usualShare` do. */
  readonly slot: { readonly weekday: number; readonly minute: number } | null
}

/** A start is usual when this share of the starts keep to it. */
const usualShare = 0.6
/** A weekday belongs to a rhythm of several days a week when it has this share of the starts. */
const weekdayShare = 0.12

/** The usual start is read from this many of the last meetings, and at least from those of as many weeks. */
const recentMeetings = 8
/** Fewer held meetings say less about the usual start than the expected starts do. */
const fewestHeld = 3

/** The rhythm of starts (ascending) on the wall of `zone`. */
export function rhythmOf(starts: readonly Instant[], zone: Zone): Rhythm {
  const days: number[] = []
  const minutes: number[] = []
  for (const start of starts) {
    const wall = zone.toWall(start)
    const day = Math.floor(wall / dayMs)
    days.push(day)
    minutes.push(Math.floor((wall - day * dayMs) / minuteMs))
  }
  return { days, minutes, medianGapDays: medianGap(days), slot: slotOf(days, minutes) }
}

/**
 * How often a series is meant to meet, measured from its expected starts (held or removed): per week while it ran, so
 * that a series of ten weeks in a window of 26 is weekly. One start alone borrows the rhythm of its rule. The usual start
 * is the one most of the recent meetings had, moved ones where they were moved to.
 *
 * @param heldAt when the held meetings started, ascending.
 */
export function cadenceOf(
  expectedAt: readonly Instant[],
  heldAt: readonly Instant[],
  rule: RecurrenceRule | null,
  zone: Zone,
): Cadence {
  const rhythm = rhythmOf(expectedAt, zone)
  const first = rhythm.days[0]
  const last = rhythm.days.at(-1)
  if (first === undefined || last === undefined) return { text: 'once', perWeek: 0, usual: null }
  const usual = usualOf(heldAt.length < fewestHeld ? rhythm : rhythmOf(recentOf(heldAt), zone))
  const ruled = rule === null ? null : daysPerOccurrence(rule)
  if (rhythm.days.length < 2 || last === first) {
    if (ruled === null) return { text: 'irregular', perWeek: 0, usual }
    return { text: textOf(ruled, ruled), perWeek: 7 / ruled, usual }
  }
  const gap = rhythm.medianGapDays ?? 0
  const measured = averageDays(rhythm.days)
  // Two or three starts say little about an uneven rhythm such as Tuesday and Thursday; the rule says it all.
  const average = rhythm.days.length <= 3 && ruled !== null && ruled < 7 ? ruled : measured
  const even = isEven(rhythm.days, gap)
  return { text: even ? textOf(gap, average) : 'irregular', perWeek: 7 / average, usual }
}

function recentOf(heldAt: readonly Instant[]): readonly Instant[] {
  const since = heldAt.at(-1)! - recentMeetings * weekMs
  let from = Math.max(0, heldAt.length - recentMeetings)
  while (from > 0 && heldAt[from - 1]! > since) from--
  return heldAt.slice(from)
}

/** True when starts come at a steady pace: most gaps are near the median, or they keep to one weekday and hour. */
export function isRegular(rhythm: Rhythm): boolean {
  const gap = rhythm.medianGapDays
  if (gap === null || gap < 1 || gap > 100) return false
  return isEven(rhythm.days, gap) || (rhythm.slot !== null && gap <= 35)
}

/** Average days between occurrences as a rule means them, for rules plain enough to say so. */
export function daysPerOccurrence(rule: RecurrenceRule): number | null {
  const times = Math.max(1, rule.byHour.length) * Math.max(1, rule.byMinute.length)
  const picked = rule.bySetPos.length || rule.byDay.length
  switch (rule.frequency) {
    case 'daily':
      return (rule.interval * 7) / Math.max(1, rule.byDay.length || 7) / times
    case 'weekly':
      return (rule.interval * 7) / Math.max(1, rule.byDay.length) / times
    case 'monthly':
      return (rule.interval * averageMonthDays) / Math.max(1, rule.byMonthDay.length || picked)
    case 'yearly':
      return (rule.interval * 365.25) / Math.max(1, rule.byMonth.length)
    case 'hourly':
    case 'minutely':
    case 'secondly':
      return null
  }
}

const averageMonthDays = 30.44

function medianGap(days: readonly number[]): number | null {
  if (days.length < 2) return null
  const gaps: number[] = []
  for (let i = 1; i < days.length; i++) gaps.push(days[i]! - days[i - 1]!)
  gaps.sort((a, b) => a - b)
  return gaps[Math.floor(gaps.length / 2)]!
}

/** Days between starts on average. Inside a week whole weeks are counted: Tue, Thu, Tue, Thu is two a week. */
function averageDays(days: readonly number[]): number {
  const first = days[0]!
  const last = days.at(-1)!
  const spread = (last - first) / (days.length - 1)
  if (spread >= 5) return spread
  const weeks = Math.floor((last + 3) / 7) - Math.floor((first + 3) / 7) + 1
  // Short of three weeks the first and the last week are rarely whole, and the plain spread is nearer.
  return weeks < 3 ? Math.max(spread, 1 / 24) : (weeks * 7) / days.length
}

function isEven(days: readonly number[], gap: number): boolean {
  const tolerance = Math.max(gap * 0.35, gap < 7 ? 3 : 1)
  let near = 0
  for (let i = 1; i < days.length; i++) if (Math.abs(days[i]! - days[i - 1]! - gap) <= tolerance) near++
  return near >= (days.length - 1) * usualShare
}

function textOf(gap: number, average: number): Cadence['text'] {
  if (average <= 2) return gap <= 1 ? 'daily' : 'several a week'
  if (average < 5.5) return 'several a week'
  const days = gap >= 5 ? gap : average
  const near = texts.find(([least, most]) => days >= least && days <= most)
  return near ? near[2] : 'irregular'
}

const texts = [
  [5, 10, 'weekly'],
  [11, 17, 'every 2 weeks'],
  [25, 38, 'monthly'],
  [80, 100, 'quarterly'],
  [340, 390, 'yearly'],
] as const

function slotOf(days: readonly number[], minutes: readonly number[]): Rhythm['slot'] {
  const counts = new Map<number, number>()
  let best = -1
  let most = 0
  for (let i = 0; i < days.length; i++) {
    const slot = weekdayOfDay(days[i]!) * 1440 + minutes[i]!
    const count = (counts.get(slot) ?? 0) + 1
    counts.set(slot, count)
    if (count > most) {
      most = count
      best = slot
    }
  }
  if (best < 0 || most < days.length * usualShare) return null
  return { weekday: Math.floor(best / 1440), minute: best % 1440 }
}

/** "Thu 14:00", "Tue, Thu 09:30", "Mon–Fri 09:15", or null when hour or weekday wander. */
function usualOf(rhythm: Rhythm): string | null {
  if (rhythm.slot !== null) return `${weekdayNames[rhythm.slot.weekday]} ${clock(rhythm.slot.minute)}`
  const minute = commonest(rhythm.minutes)
  if (minute === null || rhythm.days.length < 4) return null
  const counts = [0, 0, 0, 0, 0, 0, 0]
  for (const day of rhythm.days) counts[weekdayOfDay(day)]!++
  const weekdays = weekdayNames.filter((_, weekday) => counts[weekday]! >= rhythm.days.length * weekdayShare)
  const gap = rhythm.medianGapDays ?? 7
  if (gap >= 5 || weekdays.length === 0) return null
  const text = weekdays.join(', ')
  return `${text === workdays ? 'Mon–Fri' : text} ${clock(minute)}`
}

function commonest(minutes: readonly number[]): number | null {
  const counts = new Map<number, number>()
  for (const minute of minutes) {
    const count = (counts.get(minute) ?? 0) + 1
    counts.set(minute, count)
    if (count >= minutes.length * usualShare) return minute
  }
  return null
}

function clock(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
}

const weekdayNames = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const
const workdays = weekdayNames.slice(0, 5).join(', ')
