/**
 * One recurrence rule, expanded inside a window (RFC 5545 section 3.3.10).
 *
 * A rule repeats in periods: days, weeks, months or years, each `interval` apart. The expander jumps to the first
 * period that can touch the window by arithmetic, lists the days of each period that pass the BY parts, and stops at
 * the window's end. Only a COUNT on a rule whose periods differ in size has to be walked from its start. Everything
 * happens on the wall of the series and is converted to instants at the end, so 10:00 stays 10:00 when clocks change
 * and an occurrence in the hour a clock skips is held, not lost. Hourly rules are the exception: they are hours of
 * real time.
 *
 * What the RFC leaves open: DTSTART is always the first occurrence and counts, also where the rule would not give it.
 * A BY part where the RFC does not allow it (BYMONTHDAY in a weekly rule) narrows the rule. BYWEEKNO belongs to the
 * calendar year in which its days lie. An ordinal outside monthly and yearly rules is passed over.
 */
import { civilDate, dayNumber, weekdayOfDay } from './calendar-date.ts'
import type { RecurrenceRule, RuleWeekday } from './recurrence-rule.ts'
import type { Instant, WallMillis, Zone } from './types.ts'
import { dayMs, hourMs, minuteMs, secondMs, weekMs } from './types.ts'

export interface RuleLimits {
  /** Days, weeks and months looked at before giving up. */
  readonly steps: number
  /** Occurrences inside the window. */
  readonly occurrences: number
}

export interface RuleExpansion {
  /** Starts, ascending, without duplicates. What was found before a stop is kept. */
  readonly startsAt: Instant[]
  readonly stopped: null | 'steps' | 'occurrences' | 'too-frequent'
  /** How much of `limits.steps` was used. */
  readonly steps: number
}

/**
 * The occurrences of `rule` whose start reads `fromWall <= start < toWall` on the wall of `zone`. `too-frequent` is a
 * rule by the second or minute, or of more than 50 occurrences a day: nobody meets like that, and it is not expanded.
 */
export function expandRule(
  rule: RecurrenceRule,
  startWall: WallMillis,
  zone: Zone,
  fromWall: WallMillis,
  toWall: WallMillis,
  limits: RuleLimits,
): RuleExpansion {
  if (rule.frequency === 'secondly' || rule.frequency === 'minutely') return tooFrequent
  if (rule.frequency === 'hourly') return expandHours(rule, startWall, zone, fromWall, toWall, limits)

  const times = timesOfDay(rule, startWall)
  if (times.length > mostPerDay) return tooFrequent
  const periods = new Periods(rule, startWall)
  const run = new Run(rule.count, lastWall(rule, zone), fromWall, toWall, limits)
  run.add(startWall)

  let period = 0
  // The last period of the window may begin in it and the first may end in it; the run drops what lies outside.
  const jumpTo = periods.periodBefore(fromWall)
  while (run.isOpen() && periods.startOf(period) < toWall) {
    const days = periods.daysOf(period, run)
    const positions = rule.bySetPos.length > 0 ? setPositions(rule.bySetPos, days.length * times.length) : null
    const size = positions ? positions.length : days.length * times.length
    for (let i = 0; i < size && run.isOpen(); i++) {
      const index = positions ? positions[i]! : i
      const day = days[Math.floor(index / times.length)]!
      const wall = day * dayMs + times[index % times.length]!
      if (wall > startWall) run.add(wall)
    }
    period++
    if (period >= jumpTo || !run.isOpen()) continue
    if (rule.count === null) period = jumpTo
    else if (periods.areAllOfOneSize) {
      run.skip(size * (jumpTo - period))
      period = jumpTo
    }
  }
  return { startsAt: ascending(run.walls.map(wall => zone.toInstant(wall))), stopped: run.stopped, steps: run.steps }
}

const mostPerDay = 50
const tooFrequent: RuleExpansion = { startsAt: [], stopped: 'too-frequent', steps: 0 }

/** Keeps the count, the end and the limits while occurrences come in ascending order. */
class Run {
  readonly walls: number[] = []
  stopped: 'steps' | 'occurrences' | null = null
  steps = 0
  readonly #count: number
  readonly #lastWall: number
  readonly #fromWall: number
  readonly #toWall: number
  readonly #limits: RuleLimits
  #produced = 0
  #isDone = false

  constructor(count: number | null, lastWall: number, fromWall: number, toWall: number, limits: RuleLimits) {
    this.#count = count ?? Number.POSITIVE_INFINITY
    this.#lastWall = lastWall
    this.#fromWall = fromWall
    this.#toWall = toWall
    this.#limits = limits
  }

  isOpen(): boolean {
    return !this.#isDone && this.stopped === null
  }

  step(): void {
    if (++this.steps > this.#limits.steps) this.stopped = 'steps'
  }

  /** Occurrences known to lie before the window. */
  skip(occurrences: number): void {
    this.#produced += occurrences
    if (this.#produced >= this.#count) this.#isDone = true
  }

  /** The next occurrence; the first one, DTSTART, stands even after an UNTIL. */
  add(wall: number): void {
    if (wall >= this.#toWall || (wall > this.#lastWall && this.#produced > 0)) {
      this.#isDone = true
      return
    }
    if (wall >= this.#fromWall) {
      if (this.walls.length >= this.#limits.occurrences) {
        this.stopped = 'occurrences'
        return
      }
      this.walls.push(wall)
    }
    this.#produced++
    if (this.#produced >= this.#count) this.#isDone = true
  }
}

function lastWall(rule: RecurrenceRule, zone: Zone): number {
  if (rule.until === null) return Number.POSITIVE_INFINITY
  if (rule.until.form === 'instant') return zone.toWall(rule.until.at)
  return rule.until.form === 'wall' ? rule.until.wall : rule.until.wall + dayMs - 1
}

/** The starts a rule gives on each of its days, in milliseconds after midnight, ascending. */
function timesOfDay(rule: RecurrenceRule, startWall: WallMillis): number[] {
  const start = startWall - Math.floor(startWall / dayMs) * dayMs
  const hours = rule.byHour.length > 0 ? rule.byHour : [Math.floor(start / hourMs)]
  return hours.flatMap(hour => offsetsInHour(rule, start % hourMs).map(offset => hour * hourMs + offset))
}

function offsetsInHour(rule: RecurrenceRule, start: number): number[] {
  const minutes = rule.byMinute.length > 0 ? rule.byMinute : [Math.floor(start / minuteMs)]
  const seconds = rule.bySecond.length > 0 ? rule.bySecond : [Math.floor((start % minuteMs) / secondMs)]
  const milliseconds = start % secondMs
  return minutes.flatMap(minute => seconds.map(second => minute * minuteMs + second * secondMs + milliseconds))
}

/** Indexes into a period's set that BYSETPOS picks, ascending. */
function setPositions(bySetPos: readonly number[], size: number): number[] {
  const picked = new Set<number>()
  for (const position of bySetPos) {
    const index = position > 0 ? position - 1 : size + position
    if (index >= 0 && index < size) picked.add(index)
  }
  return [...picked].sort((a, b) => a - b)
}

/** Clock changes can send two readings to one instant, or past each other: 02:30 and 03:00 where 2 to 3 is skipped. */
function ascending(instants: Instant[]): Instant[] {
  for (let i = 1; i < instants.length; i++) {
    if (instants[i]! <= instants[i - 1]!) return [...new Set(instants)].sort((a, b) => a - b)
  }
  return instants
}

/** The periods of a daily, weekly, monthly or yearly rule, numbered from the one DTSTART lies in. */
class Periods {
  /** Every period after the first has equally many days: a COUNT can be computed instead of walked. */
  readonly areAllOfOneSize: boolean
  readonly #rule: RecurrenceRule
  readonly #filter: DayFilter
  readonly #weekdays: readonly number[]
  readonly #firstDay: number
  readonly #firstMonth: number
  readonly #days: number[] = []

  constructor(rule: RecurrenceRule, startWall: WallMillis) {
    const startDay = Math.floor(startWall / dayMs)
    const { year, month, day } = civilDate(startDay)
    const withDefaults = completed(rule, startDay, month, day)
    const weekdayInWeek = (weekday: number) => (weekday - rule.weekStart + 7) % 7
    this.#rule = withDefaults
    this.#filter = new DayFilter(withDefaults)
    this.#weekdays = [...new Set(withDefaults.byDay.map(each => weekdayInWeek(each.weekday)))].sort((a, b) => a - b)
    this.#firstDay = rule.frequency === 'weekly' ? startDay - weekdayInWeek(weekdayOfDay(startDay)) : startDay
    this.#firstMonth = year * 12 + month - 1
    this.areAllOfOneSize =
      (rule.frequency === 'daily' && this.#filter.passesAll) ||
      (rule.frequency === 'weekly' && this.#filter.asksWeekdayAlone)
  }

  /** The number of a period that begins at or before a wall reading, at most one interval before it. */
  periodBefore(wall: WallMillis): number {
    const { frequency, interval } = this.#rule
    const day = Math.floor(wall / dayMs)
    if (frequency === 'daily') return Math.floor((day - this.#firstDay) / interval)
    if (frequency === 'weekly') return Math.floor((day - this.#firstDay) / (7 * interval))
    const { year, month } = civilDate(day)
    if (frequency === 'monthly') return Math.floor((year * 12 + month - 1 - this.#firstMonth) / interval)
    return Math.floor((year - Math.floor(this.#firstMonth / 12)) / interval)
  }

  startOf(period: number): WallMillis {
    const { frequency, interval } = this.#rule
    const nth = period * interval
    if (frequency === 'daily') return (this.#firstDay + nth) * dayMs
    if (frequency === 'weekly') return this.#firstDay * dayMs + nth * weekMs
    if (frequency === 'monthly') return monthStart(this.#firstMonth + nth) * dayMs
    return dayNumber(Math.floor(this.#firstMonth / 12) + nth, 1, 1) * dayMs
  }

  /** The days of a period that pass the rule, ascending; the array is reused by the next call. */
  daysOf(period: number, run: Run): readonly number[] {
    const { frequency, interval } = this.#rule
    const nth = period * interval
    this.#days.length = 0
    run.step()
    if (frequency === 'daily') this.#addDay(this.#firstDay + nth)
    else if (frequency === 'weekly') {
      for (const weekday of this.#weekdays) this.#addDay(this.#firstDay + nth * 7 + weekday)
    } else if (frequency === 'monthly') this.#addMonth(this.#firstMonth + nth)
    else {
      const january = (Math.floor(this.#firstMonth / 12) + nth) * 12
      for (let month = 0; month < 12; month++) {
        run.step()
        this.#addMonth(january + month)
      }
    }
    return this.#days
  }

  #addDay(day: number): void {
    const filter = this.#filter
    if (filter.passesAll || filter.asksWeekdayAlone) {
      if (filter.passesWeekday(day)) this.#days.push(day)
      return
    }
    const { year, month, day: dayOfMonth } = civilDate(day)
    if (!filter.passesMonth(month)) return
    filter.enterMonth(year, month)
    if (filter.passesDay(day, dayOfMonth)) this.#days.push(day)
  }

  #addMonth(monthIndex: number): void {
    const year = Math.floor(monthIndex / 12)
    const month = monthIndex - year * 12 + 1
    if (!this.#filter.passesMonth(month)) return
    this.#filter.enterMonth(year, month)
    const first = this.#filter.firstOfMonth
    for (let i = 0; i < this.#filter.monthLength; i++) {
      if (this.#filter.passesDay(first + i, i + 1)) this.#days.push(first + i)
    }
  }
}

function monthStart(monthIndex: number): number {
  const year = Math.floor(monthIndex / 12)
  return dayNumber(year, monthIndex - year * 12 + 1, 1)
}

/** What a rule does not say and needs comes from DTSTART: weekday, day of the month, month. */
function completed(rule: RecurrenceRule, startDay: number, month: number, day: number): RecurrenceRule {
  const byWeekday: RuleWeekday[] = [{ weekday: weekdayOfDay(startDay), ordinal: 0 }]
  switch (rule.frequency) {
    case 'weekly':
      return rule.byDay.length > 0 ? rule : { ...rule, byDay: byWeekday }
    case 'monthly':
      return namesDays(rule) ? rule : { ...rule, byMonthDay: [day] }
    case 'yearly':
      if (namesDays(rule)) return rule
      if (rule.byWeekNo.length > 0) return { ...rule, byDay: byWeekday }
      return { ...rule, byMonth: rule.byMonth.length > 0 ? rule.byMonth : [month], byMonthDay: [day] }
    default:
      return rule
  }
}

function namesDays(rule: RecurrenceRule): boolean {
  return rule.byDay.length > 0 || rule.byMonthDay.length > 0 || rule.byYearDay.length > 0
}

/** Whether a day passes all day-sized BY parts of a rule. Asked a month at a time: `enterMonth`, then its days. */
class DayFilter {
  readonly passesAll: boolean
  readonly asksWeekdayAlone: boolean
  firstOfMonth = 0
  monthLength = 0
  readonly #byMonth: readonly number[]
  readonly #byWeekNo: readonly number[]
  readonly #byYearDay: readonly number[]
  readonly #byMonthDay: readonly number[]
  readonly #anyWeekday: readonly boolean[] | null
  readonly #ordinals: readonly RuleWeekday[]
  readonly #ordinalsCountInYear: boolean
  readonly #weekStart: number
  #year = Number.NaN
  #month = 0
  #firstOfYear = 0
  #yearLength = 0
  #firstOfWeekOne = 0
  #firstOfNextWeekOne = 0

  constructor(rule: RecurrenceRule) {
    const ordinalsCount = rule.frequency === 'monthly' || (rule.frequency === 'yearly' && rule.byWeekNo.length === 0)
    const everyWeekday = rule.byDay.filter(each => each.ordinal === 0 || !ordinalsCount)
    this.#byMonth = rule.byMonth
    this.#byWeekNo = rule.byWeekNo
    this.#byYearDay = rule.byYearDay
    this.#byMonthDay = rule.byMonthDay
    this.#ordinals = rule.byDay.filter(each => each.ordinal !== 0 && ordinalsCount)
    this.#ordinalsCountInYear = rule.frequency === 'yearly' && rule.byMonth.length === 0
    this.#anyWeekday =
      rule.byDay.length > 0 ? [0, 1, 2, 3, 4, 5, 6].map(day => everyWeekday.some(each => each.weekday === day)) : null
    this.#weekStart = rule.weekStart
    const asksDate = this.#byMonth.length + this.#byWeekNo.length + this.#byYearDay.length + this.#byMonthDay.length > 0
    this.passesAll = !asksDate && rule.byDay.length === 0
    this.asksWeekdayAlone = !asksDate && this.#ordinals.length === 0
  }

  passesWeekday(day: number): boolean {
    return this.#anyWeekday === null || this.#anyWeekday[weekdayOfDay(day)]!
  }

  passesMonth(month: number): boolean {
    return this.#byMonth.length === 0 || this.#byMonth.includes(month)
  }

  enterMonth(year: number, month: number): void {
    if (year === this.#year && month === this.#month) return
    if (year !== this.#year) {
      this.#firstOfYear = dayNumber(year, 1, 1)
      this.#yearLength = dayNumber(year + 1, 1, 1) - this.#firstOfYear
      this.#firstOfWeekOne = firstOfWeekOne(year, this.#weekStart)
      this.#firstOfNextWeekOne = firstOfWeekOne(year + 1, this.#weekStart)
    }
    this.#year = year
    this.#month = month
    this.firstOfMonth = dayNumber(year, month, 1)
    this.monthLength = (month === 12 ? dayNumber(year + 1, 1, 1) : dayNumber(year, month + 1, 1)) - this.firstOfMonth
  }

  /** For a day of the month entered, whose month was asked before. */
  passesDay(day: number, dayOfMonth: number): boolean {
    const { monthLength } = this
    const monthDays = this.#byMonthDay
    if (monthDays.length > 0 && !monthDays.includes(dayOfMonth) && !monthDays.includes(dayOfMonth - monthLength - 1)) {
      return false
    }
    if (!this.#passesWeekdays(day, dayOfMonth)) return false
    if (this.#byYearDay.length > 0) {
      const dayOfYear = day - this.#firstOfYear + 1
      const fromEnd = dayOfYear - this.#yearLength - 1
      if (!this.#byYearDay.includes(dayOfYear) && !this.#byYearDay.includes(fromEnd)) return false
    }
    return this.#byWeekNo.length === 0 || this.#passesWeekNo(day)
  }

  #passesWeekdays(day: number, dayOfMonth: number): boolean {
    if (this.passesWeekday(day)) return true
    if (this.#ordinals.length === 0) return false
    const weekday = weekdayOfDay(day)
    const index = this.#ordinalsCountInYear ? day - this.#firstOfYear : dayOfMonth - 1
    const length = this.#ordinalsCountInYear ? this.#yearLength : this.monthLength
    const ordinal = Math.floor(index / 7) + 1
    const fromEnd = -Math.floor((length - 1 - index) / 7) - 1
    return this.#ordinals.some(
      each => each.weekday === weekday && (each.ordinal === ordinal || each.ordinal === fromEnd),
    )
  }

  /** ISO 8601 weeks with the rule's week start: week one is the first with four days in the year. */
  #passesWeekNo(day: number): boolean {
    let first = this.#firstOfWeekOne
    let next = this.#firstOfNextWeekOne
    if (day < first) {
      next = first
      first = firstOfWeekOne(this.#year - 1, this.#weekStart)
    } else if (day >= next) {
      first = next
      next = firstOfWeekOne(this.#year + 2, this.#weekStart)
    }
    const week = Math.floor((day - first) / 7) + 1
    return this.#byWeekNo.includes(week) || this.#byWeekNo.includes(week - (next - first) / 7 - 1)
  }
}

function firstOfWeekOne(year: number, weekStart: number): number {
  const january4 = dayNumber(year, 1, 4)
  return january4 - ((weekdayOfDay(january4) - weekStart + 7) % 7)
}

/**
 * Hourly rules count hours of real time, so that "every three hours" stays that on the night the clocks change; the
 * BY parts read the wall.
 */
function expandHours(
  rule: RecurrenceRule,
  startWall: WallMillis,
  zone: Zone,
  fromWall: WallMillis,
  toWall: WallMillis,
  limits: RuleLimits,
): RuleExpansion {
  const hasMinutes = rule.byMinute.length > 0 || rule.bySecond.length > 0
  const perHour = hasMinutes ? Math.max(1, rule.byMinute.length) * Math.max(1, rule.bySecond.length) : 1
  if ((perHour * 24) / rule.interval > mostPerDay) return tooFrequent

  const startAt = zone.toInstant(startWall)
  const until = rule.until
  const untilAt = until === null || until.form === 'instant' ? (until?.at ?? Number.POSITIVE_INFINITY) : null
  const lastAt = untilAt ?? zone.toInstant(lastWall(rule, zone))
  // Readings of the window's edges may name two instants; a day on either side is read and dropped below.
  const run = new Run(rule.count, lastAt, zone.toInstant(fromWall) - dayMs, zone.toInstant(toWall) + dayMs, limits)
  run.add(startAt)

  const filter = new DayFilter(rule)
  const stepMs = rule.interval * hourMs
  const jumpTo = Math.floor((zone.toInstant(fromWall) - dayMs - startAt) / stepMs)
  const canJump = rule.count === null || (filter.passesAll && rule.byHour.length === 0 && rule.bySetPos.length === 0)
  let hour = 0
  while (run.isOpen()) {
    run.step()
    const at = startAt + hour * stepMs
    const wall = zone.toWall(at)
    const intoHour = wall - Math.floor(wall / hourMs) * hourMs
    const offsets = passesHour(rule, filter, wall) ? (hasMinutes ? offsetsInHour(rule, intoHour) : [intoHour]) : []
    const positions = rule.bySetPos.length > 0 ? setPositions(rule.bySetPos, offsets.length) : null
    for (const offset of positions ? positions.map(index => offsets[index]!) : offsets) {
      const occurrenceAt = at - intoHour + offset
      if (occurrenceAt > startAt && run.isOpen()) run.add(occurrenceAt)
    }
    // Nothing passed the filter for so long that the window is over.
    if (zone.toWall(at - intoHour) - dayMs >= toWall) break
    hour++
    if (canJump && hour < jumpTo) {
      if (rule.count !== null) run.skip(perHour * (jumpTo - hour))
      hour = jumpTo
    }
  }
  const startsAt = ascending(run.walls).filter(at => {
    const wall = zone.toWall(at)
    return wall >= fromWall && wall < toWall
  })
  return { startsAt, stopped: run.stopped, steps: run.steps }
}

function passesHour(rule: RecurrenceRule, filter: DayFilter, wall: WallMillis): boolean {
  const day = Math.floor(wall / dayMs)
  if (rule.byHour.length > 0 && !rule.byHour.includes(Math.floor((wall - day * dayMs) / hourMs))) return false
  if (filter.passesAll) return true
  const { year, month, day: dayOfMonth } = civilDate(day)
  if (!filter.passesMonth(month)) return false
  filter.enterMonth(year, month)
  return filter.passesDay(day, dayOfMonth)
}
