/**
 * From the events a calendar holds to the occurrences of a window: the set algebra of RFC 5545 sections 3.8.4.4 and
 * 3.8.5. A series takes place at (its rules + additions + its start) - exclusions; overrides replace occurrences by
 * the instant of their original start.
 */
import { startOfDay } from '../time/calendar-date.ts'
import type { RuleExpansion } from '../time/recurrence.ts'
import { expandRule } from '../time/recurrence.ts'
import type { RecurrenceRule } from '../time/recurrence-rule.ts'
import type { Instant, Interval, WallMillis } from '../time/types.ts'
import { dayMs } from '../time/types.ts'
import type { CalendarEvent, Occurrence, RecurrenceSet, RemovedOccurrence } from './calendar-event.ts'

export interface ExpansionLimits {
  /** Steps one rule may take. */
  readonly stepsPerRule: number
  /** Steps all rules together may take. */
  readonly steps: number
  readonly occurrencesPerSeries: number
  readonly occurrences: number
}

export interface Expansion {
  /** By start; ties stay in the order of the events. */
  readonly occurrences: readonly Occurrence[]
  /** Occurrences due in the window that do not take place, by original start. */
  readonly removed: readonly RemovedOccurrence[]
  /** What a limit kept out, one entry for each limit that bit. */
  readonly leftOut: readonly LeftOut[]
}

export interface LeftOut {
  readonly code: 'occurrence-cap' | 'step-cap' | 'rule-too-frequent'
  /** Series that are incomplete for this reason; past the overall cap, occurrences that were not kept. */
  readonly count: number
}

export const defaultExpansionLimits: ExpansionLimits = {
  stepsPerRule: 100_000,
  steps: 10_000_000,
  occurrencesPerSeries: 10_000,
  occurrences: 1_000_000,
}

/**
 * Every occurrence that overlaps the half-open window; one without length belongs to it when it starts inside.
 *
 * Events are grouped by calendar and UID. Where the source is inconsistent the calendar that people look at decides:
 * an override without its series, or whose original start the series does not give (any more), is shown; an override
 * of an excluded occurrence is shown; of two copies of one override or master the higher sequence counts, then the
 * later update, then the later in the file; two series under one UID with different starts are two series.
 */
export function expandEvents(
  events: readonly CalendarEvent[],
  window: Interval,
  limits: ExpansionLimits = defaultExpansionLimits,
): Expansion {
  const run = new ExpansionRun(window, limits)
  for (const group of groupsByUid(events)) {
    if (!Array.isArray(group)) run.addAlone(group)
    else addGroup(run, group)
  }
  return run.result()
}

/** Events of one UID on one calendar; one that stands alone, as most do, without an array around it. */
type Group = CalendarEvent | CalendarEvent[]

function groupsByUid(events: readonly CalendarEvent[]): Group[] {
  const indexes = new Map<string, Map<string, number>>()
  const groups: Group[] = []
  for (const event of events) {
    let ofCalendar = indexes.get(event.calendar)
    if (!ofCalendar) {
      ofCalendar = new Map()
      indexes.set(event.calendar, ofCalendar)
    }
    const index = ofCalendar.get(event.uid)
    if (index === undefined) {
      ofCalendar.set(event.uid, groups.length)
      groups.push(event)
      continue
    }
    const group = groups[index]!
    if (Array.isArray(group)) group.push(event)
    else groups[index] = [group, event]
  }
  return groups
}

function addGroup(run: ExpansionRun, group: readonly CalendarEvent[]): void {
  const masters = newestByKey(
    group.filter(event => event.override === null).map(event => ({ event, key: startOf(event) })),
  ).map(each => each.event)
  const overrides = group.filter(event => event.override !== null)
  if (masters.length <= 1 || overrides.length === 0) {
    if (masters.length === 0) addWithOverrides(run, undefined, overrides)
    for (const master of masters) addWithOverrides(run, master, overrides)
    return
  }
  const series = masters.filter(isRecurring).slice(0, mostSeriesAsked)
  const byStart = new Map(masters.map(master => [startOf(master), master]))
  const owned = new Map<CalendarEvent | undefined, CalendarEvent[]>(masters.map(master => [master, []]))
  for (const override of overrides) {
    const owner =
      series.find(master => run.gives(master, run.keyOf(override, master))) ??
      byStart.get(run.keyOf(override, undefined))
    const own = owned.get(owner)
    if (own) own.push(override)
    else owned.set(owner, [override])
  }
  for (const [master, own] of owned) addWithOverrides(run, master, own)
}

/** Several series under one UID come from faulty exports; a file of thousands is made to stall its reader. */
const mostSeriesAsked = 20

function addWithOverrides(
  run: ExpansionRun,
  master: CalendarEvent | undefined,
  overrides: readonly CalendarEvent[],
): void {
  const newest = newestByKey(overrides.map(event => ({ event, key: run.keyOf(event, master) })))
  if (master) run.addSeries(master, newest)
  else for (const { event, key } of newest) run.addOverride(event, key)
}

/** A master with its start, or an override with the original start it replaces. */
interface KeyedEvent {
  readonly event: CalendarEvent
  readonly key: Instant
}

class ExpansionRun {
  readonly #window: Interval
  readonly #limits: ExpansionLimits
  readonly #occurrences: Occurrence[] = []
  readonly #removed: RemovedOccurrence[] = []
  readonly #leftOut = new Map<LeftOut['code'], number>()
  #stepsLeft: number

  constructor(window: Interval, limits: ExpansionLimits) {
    this.#window = window
    this.#limits = limits
    this.#stepsLeft = limits.steps
  }

  result(): Expansion {
    return {
      occurrences: sortedByStart(this.#occurrences),
      removed: this.#removed.sort((a, b) => a.originalStartAt - b.originalStartAt),
      leftOut: [...this.#leftOut].map(([code, count]) => ({ code, count })),
    }
  }

  addAlone(event: CalendarEvent): void {
    if (event.override !== null) this.addOverride(event, event.override.originalStartAt)
    else if (isRecurring(event)) this.addSeries(event, [])
    else {
      const startAt = startOf(event)
      this.#show({ event, startAt, endAt: endOf(event, startAt), originalStartAt: startAt, recurring: false })
    }
  }

  /** An override stands where it was moved to, wherever its original start lies and whether or not there is one. */
  addOverride(event: CalendarEvent, key: Instant): void {
    const startAt = startOf(event)
    if (event.status === 'cancelled') this.#remove(event, key, 'cancelled')
    else this.#show({ event, startAt, endAt: endOf(event, startAt), originalStartAt: key, recurring: true })
  }

  addSeries(master: CalendarEvent, overrides: readonly KeyedEvent[]): void {
    const futures = overrides.filter(each => each.event.override?.andFuture).sort((a, b) => a.key - b.key)
    const range = keyRange(master, futures, this.#window)
    const starts = this.startsOf(master, range)
    const due = new Set(overrides.length > 0 ? starts.map(each => each.startAt) : [])
    const replaced = new Set<Instant>()
    for (const override of overrides) {
      const { event, key } = override
      // A change to this and later occurrences is applied below, unless the series has nothing at its start.
      if (event.override?.andFuture && due.has(key)) continue
      replaced.add(key)
      if (event.status !== 'cancelled' || due.has(key)) this.addOverride(event, key)
    }

    const recurring = isRecurring(master) || overrides.length > 0
    const isExcluded = exclusionTest(master, range)
    let futuresReached = 0
    for (const { startAt: key, exactMs } of starts) {
      if (replaced.has(key)) continue
      while (futuresReached < futures.length && futures[futuresReached]!.key <= key) futuresReached++
      const future = futures[futuresReached - 1]
      if (isExcluded(key)) this.#remove(master, key, 'excluded')
      else if (future === undefined) {
        const endAt = exactMs === null ? endOf(master, key) : key + Math.max(0, exactMs)
        this.#show({ event: master, startAt: key, endAt, originalStartAt: key, recurring })
      } else if (future.event.status === 'cancelled') this.#remove(future.event, key, 'cancelled')
      else {
        const startAt = shiftedStart(master, future, key)
        const endAt = endOf(future.event, startAt)
        this.#show({ event: future.event, startAt, endAt, originalStartAt: key, recurring })
      }
    }
  }

  /** The original start of an override; where it was written as a date, the series' own start on that day. */
  keyOf(override: CalendarEvent, master: CalendarEvent | undefined): Instant {
    const { originalStartAt, byDate } = override.override ?? { originalStartAt: startOf(override), byDate: false }
    if (!byDate || !master || master.time.allDay) return originalStartAt
    const { zone } = master.time
    // A date as a key is midnight UTC of the date, or midnight on the wall of the series.
    const day = originalStartAt % dayMs === 0 ? originalStartAt : startOfDay(zone.toWall(originalStartAt))
    const range = { startAt: zone.toInstant(day), endAt: zone.toInstant(day + dayMs) }
    return this.startsOf(master, range)[0]?.startAt ?? originalStartAt
  }

  gives(master: CalendarEvent, key: Instant): boolean {
    return this.startsOf(master, { startAt: key, endAt: key + 1 }).length > 0
  }

  /** All starts of a series in a range, ascending and distinct, before exclusions and overrides. */
  startsOf(master: CalendarEvent, range: Interval): readonly SeriesStart[] {
    const set = master.recurrence
    const firstAt = startOf(master)
    const byStart = new Map<Instant, SeriesStart>()
    const add = (startAt: Instant, exactMs: number | null) => {
      if (startAt < range.startAt || startAt >= range.endAt || byStart.has(startAt)) return
      byStart.set(startAt, { startAt, exactMs })
    }
    const stopped = new Set<LeftOut['code']>()
    add(firstAt, null)
    for (const rule of set?.rules ?? []) {
      const expansion = this.#expand(master, rule, range)
      for (const startAt of expansion.startsAt) add(startAt, null)
      if (expansion.stopped) stopped.add(leftOutCodes[expansion.stopped])
    }
    this.#stepsLeft -= (set?.additions.length ?? 0) / additionsPerStep
    if (this.#stepsLeft <= 0) stopped.add('step-cap')
    else for (const { startAt, exactMs } of set?.additions ?? []) add(startAt, exactMs)
    const starts = [...byStart.values()]
    if (set && (set.rules.length > 1 || set.additions.length > 0)) starts.sort((a, b) => a.startAt - b.startAt)
    if (starts.length > this.#limits.occurrencesPerSeries) {
      starts.length = this.#limits.occurrencesPerSeries
      stopped.add('occurrence-cap')
    }
    for (const code of stopped) this.#leave(code)
    return starts
  }

  #expand({ time }: CalendarEvent, rule: RecurrenceRule, range: Interval): RuleExpansion {
    // RFC 5545 3.3.10: a series of dates has no hours.
    const ofDates = time.allDay ? { ...rule, byHour: [], byMinute: [], bySecond: [] } : rule
    // Where clocks were put back an edge of the range reads like another instant: `add` drops what lies outside.
    const slack = time.allDay ? 0 : dayMs
    const fromWall = (time.allDay ? range.startAt : time.zone.toWall(range.startAt)) - slack
    const toWall = (time.allDay ? range.endAt : time.zone.toWall(range.endAt)) + slack
    const expansion = expandRule(ofDates, time.startWall, time.zone, fromWall, toWall, {
      steps: Math.min(this.#limits.stepsPerRule, this.#stepsLeft),
      occurrences: this.#limits.occurrencesPerSeries,
    })
    this.#stepsLeft -= expansion.steps
    return expansion
  }

  /** Adds the occurrence when it overlaps the window and the window is not full. */
  #show(occurrence: Occurrence): void {
    const { startAt, endAt } = occurrence
    if (startAt >= this.#window.endAt || (endAt <= this.#window.startAt && startAt < this.#window.startAt)) return
    if (this.#occurrences.length < this.#limits.occurrences) this.#occurrences.push(occurrence)
    else this.#leave('occurrence-cap')
  }

  #remove(event: CalendarEvent, originalStartAt: Instant, reason: RemovedOccurrence['reason']): void {
    const isInWindow = originalStartAt >= this.#window.startAt && originalStartAt < this.#window.endAt
    if (isInWindow && this.#removed.length < this.#limits.occurrences) {
      this.#removed.push({ event, originalStartAt, reason })
    }
  }

  #leave(code: LeftOut['code']): void {
    this.#leftOut.set(code, (this.#leftOut.get(code) ?? 0) + 1)
  }
}

/** Looking at an addition costs this part of looking at a day of a rule. */
const additionsPerStep = 20

interface SeriesStart {
  readonly startAt: Instant
  /** A length of its own, from RDATE;VALUE=PERIOD. */
  readonly exactMs: number | null
}

const leftOutCodes = {
  steps: 'step-cap',
  occurrences: 'occurrence-cap',
  'too-frequent': 'rule-too-frequent',
} as const

function isRecurring(event: CalendarEvent): boolean {
  const set = event.recurrence
  return set !== null && (set.rules.length > 0 || set.additions.length > 0)
}

function startOf({ time }: CalendarEvent): Instant {
  return time.allDay ? time.startWall : time.zone.toInstant(time.startWall)
}

/** Days of a length are days on the wall, 23 or 25 hours when clocks change; the rest is exact (RFC 5545 3.3.6). */
function endOf({ time }: CalendarEvent, startAt: Instant): Instant {
  if (time.nominalDays === 0) return startAt + Math.max(0, time.exactMs)
  const days = time.nominalDays * dayMs
  const lastDayAt = time.allDay ? startAt + days : time.zone.toInstant(time.zone.toWall(startAt) + days)
  return Math.max(startAt, lastDayAt + time.exactMs)
}

/** Which original starts can matter to the window: the series' own length and the shifts of its overrides reach in. */
function keyRange(master: CalendarEvent, futures: readonly KeyedEvent[], window: Interval): Interval {
  let longest = lengthOf(master)
  let earliest = 0
  let latest = 0
  for (const addition of master.recurrence?.additions ?? []) longest = Math.max(longest, addition.exactMs ?? 0)
  for (const future of futures) {
    const shift = shiftedStart(master, future, future.key) - future.key
    longest = Math.max(longest, lengthOf(future.event))
    earliest = Math.min(earliest, shift)
    latest = Math.max(latest, shift)
  }
  // A day more on both sides: days of 25 hours, and clocks that changed between here and there.
  const slack = futures.length > 0 ? dayMs : 0
  return { startAt: window.startAt - longest - latest - slack, endAt: window.endAt - earliest + slack }
}

function lengthOf({ time }: CalendarEvent): number {
  return Math.max(0, time.exactMs) + (time.nominalDays > 0 ? (time.nominalDays + 1) * dayMs : 0)
}

/** Only exclusions in the range are kept: a file may carry a million of them. */
function exclusionTest({ time, recurrence: set }: CalendarEvent, range: Interval): (key: Instant) => boolean {
  if (!set || (set.exclusions.length === 0 && set.excludedDaysWall.length === 0)) return () => false
  const excluded = Float64Array.from(set.exclusions.filter(at => at >= range.startAt && at < range.endAt)).sort()
  const days = excludedDays(set, range)
  return key => isListed(excluded, key) || days?.has(startOfDay(time.allDay ? key : time.zone.toWall(key))) === true
}

/** A sorted list of a million takes a tenth of a set's memory. */
function isListed(sorted: Float64Array, key: Instant): boolean {
  let from = 0
  let to = sorted.length
  while (from < to) {
    const middle = (from + to) >> 1
    if (sorted[middle]! < key) from = middle + 1
    else to = middle
  }
  return sorted[from] === key
}

function excludedDays(set: RecurrenceSet, range: Interval): ReadonlySet<WallMillis> | null {
  if (set.excludedDaysWall.length === 0) return null
  return new Set(set.excludedDaysWall.filter(day => day >= range.startAt - 2 * dayMs && day < range.endAt + 2 * dayMs))
}

/**
 * RECURRENCE-ID;RANGE=THISANDFUTURE (RFC 5545 3.8.4.4): later occurrences move by the same difference on the wall and
 * take the event's details and length.
 */
function shiftedStart(master: CalendarEvent, future: KeyedEvent, key: Instant): Instant {
  const { time } = future.event
  const zone = time.allDay ? master.time.zone : time.zone
  const wall = (at: Instant) => {
    const reading = master.time.allDay ? at : zone.toWall(at)
    return time.allDay ? startOfDay(reading) : reading
  }
  const shifted = wall(key) + time.startWall - wall(future.key)
  return time.allDay ? shifted : time.zone.toInstant(shifted)
}

/** One event for each key, the newest: highest sequence, then latest update, then last in the file. */
function newestByKey(items: readonly KeyedEvent[]): KeyedEvent[] {
  const newest = new Map<Instant, KeyedEvent>()
  for (const item of items) {
    const other = newest.get(item.key)
    if (!other || isAtLeastAsNew(item.event, other.event)) newest.set(item.key, item)
  }
  return [...newest.values()]
}

function isAtLeastAsNew(event: CalendarEvent, other: CalendarEvent): boolean {
  if (event.sequence !== other.sequence) return event.sequence > other.sequence
  return (event.updatedAt ?? 0) >= (other.updatedAt ?? 0)
}

/**
 * By start, ties in the order given. Start and place are packed into one number where both fit exactly (a million
 * occurrences in 100 days): numbers sort several times as fast as a comparison called for each pair.
 */
function sortedByStart(occurrences: Occurrence[]): Occurrence[] {
  const size = occurrences.length
  let firstAt = Number.POSITIVE_INFINITY
  let lastAt = Number.NEGATIVE_INFINITY
  for (const { startAt } of occurrences) {
    if (startAt < firstAt) firstAt = startAt
    if (startAt > lastAt) lastAt = startAt
  }
  if ((lastAt - firstAt + 1) * size > Number.MAX_SAFE_INTEGER) return occurrences.sort((a, b) => a.startAt - b.startAt)
  const packed = new Float64Array(size)
  for (let i = 0; i < size; i++) packed[i] = (occurrences[i]!.startAt - firstAt) * size + i
  packed.sort()
  const sorted: Occurrence[] = []
  // The remainder by hand: `%` on numbers past 32 bits is slow, and the quotient is exact below 2^53.
  for (const each of packed) sorted.push(occurrences[each - Math.floor(each / size) * size]!)
  return sorted
}
