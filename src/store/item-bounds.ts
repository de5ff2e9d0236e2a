/** Where in time an item lies: bounds that are never too narrow, so that a window can be read without opening bodies. */
import type { ItemContent } from '../connectors/connector.ts'
import type { CalendarEvent, RecurrenceSet } from '../domain/meetings/calendar-event.ts'
import { expandRule } from '../domain/time/recurrence.ts'
import type { RecurrenceRule } from '../domain/time/recurrence-rule.ts'
import type { Instant } from '../domain/time/types.ts'
import { dayMs, hourMs } from '../domain/time/types.ts'

export interface ItemBounds {
  /** Nothing of the item lies before; null: no such bound. */
  readonly firstAt: Instant | null
  /** No occurrence starts after; null: no such bound. */
  readonly lastStartAt: Instant | null
  /** Nothing of the item lies after; null: no such bound. */
  readonly lastAt: Instant | null
}

/**
 * Bounds of an item. An override counts where it was moved to and where it was moved from: it takes something away
 * there. The item of a series whose occurrences are items of their own has no bounds, since whoever reads one of those
 * needs it, and no start of its own to come. Dates, and times that name no zone, are given a day and two hours on both
 * sides: whose clock they are read by is decided later, and no two clocks on earth differ by more.
 */
export function itemBounds(content: ItemContent): ItemBounds {
  switch (content.kind) {
    case 'occurrence': {
      const isDates = content.startAt % dayMs === 0 && content.endAt % dayMs === 0
      return widened(
        { firstAt: content.startAt, lastStartAt: content.startAt, lastAt: Math.max(content.startAt, content.endAt) },
        isDates ? betweenClocksMs : 0,
      )
    }
    case 'series':
      return { firstAt: null, lastStartAt: startOf(content.event), lastAt: null }
    case 'events': {
      const [first, ...rest] = content.events.map(eventBounds)
      return first === undefined ? unbounded : rest.reduce(both, first)
    }
  }
}

const unbounded: ItemBounds = { firstAt: null, lastStartAt: null, lastAt: null }
const betweenClocksMs = 26 * hourMs

function eventBounds(event: CalendarEvent): ItemBounds {
  const { time, recurrence, override } = event
  const startAt = startOf(event)
  const length = lengthOf(event)
  const slack = time.allDay || time.floating ? betweenClocksMs : 0
  // From here on the whole series is moved by some difference on the wall, as far as it goes.
  if (override?.andFuture) {
    const firstAt = Math.min(startAt, override.originalStartAt)
    return widened({ firstAt, lastStartAt: null, lastAt: null }, slack + dayMs)
  }
  if (override !== null) {
    const originalAt = override.originalStartAt
    return widened(
      {
        firstAt: Math.min(startAt, originalAt),
        lastStartAt: Math.max(startAt, originalAt),
        lastAt: Math.max(startAt + length, originalAt),
      },
      // A date stands for a start on that day, by the clock of the series.
      Math.max(slack, override.byDate ? dayMs + betweenClocksMs : 0),
    )
  }
  if (recurrence === null) return widened({ firstAt: startAt, lastStartAt: startAt, lastAt: startAt + length }, slack)
  return widened(seriesBounds(event, recurrence, startAt, length), slack)
}

function seriesBounds(event: CalendarEvent, set: RecurrenceSet, startAt: Instant, length: number): ItemBounds {
  let firstAt = startAt
  let lastStartAt: Instant | null = startAt
  let longest = length
  for (const rule of set.rules) {
    const lastOfRule = lastStartOf(event, rule)
    lastStartAt = lastStartAt === null || lastOfRule === null ? null : Math.max(lastStartAt, lastOfRule)
  }
  for (const addition of set.additions) {
    firstAt = Math.min(firstAt, addition.startAt)
    if (lastStartAt !== null) lastStartAt = Math.max(lastStartAt, addition.startAt)
    longest = Math.max(longest, addition.exactMs ?? 0)
  }
  return { firstAt, lastStartAt, lastAt: lastStartAt === null ? null : lastStartAt + longest }
}

/** The latest start a rule can give; null where it has no end, or one too far to count to. */
function lastStartOf({ time }: CalendarEvent, rule: RecurrenceRule): Instant | null {
  if (rule.until !== null) {
    const { until } = rule
    // A day more: UNTIL is compared on the wall, and of two instants with one reading the second may be meant.
    if (until.form === 'instant') return until.at + dayMs
    const wall = until.form === 'date' ? until.wall + dayMs : until.wall
    return (time.allDay ? wall : time.zone.toInstant(wall)) + dayMs
  }
  if (rule.count === null || rule.count > mostCounted || !countable.has(rule.frequency)) return null
  const run = expandRule(rule, time.startWall, time.zone, time.startWall, time.startWall + furthestMs, {
    steps: mostSteps,
    occurrences: mostCounted,
  })
  const last = run.startsAt.at(-1)
  // Fewer than its count: it goes on past where we looked.
  if (run.stopped !== null || last === undefined || run.startsAt.length < rule.count) return null
  return last
}

const countable: ReadonlySet<string> = new Set(['daily', 'weekly', 'monthly', 'yearly'])
const mostCounted = 1_000
const mostSteps = 5_000
const furthestMs = 36_525 * dayMs

function startOf({ time }: CalendarEvent): Instant {
  return time.allDay ? time.startWall : time.zone.toInstant(time.startWall)
}

/** At most; days on the wall may have 25 hours. */
function lengthOf({ time }: CalendarEvent): number {
  return Math.max(0, time.exactMs) + (time.nominalDays > 0 ? (time.nominalDays + (time.allDay ? 0 : 1)) * dayMs : 0)
}

function widened(bounds: ItemBounds, by: number): ItemBounds {
  if (by === 0) return bounds
  return {
    firstAt: bounds.firstAt === null ? null : bounds.firstAt - by,
    lastStartAt: bounds.lastStartAt === null ? null : bounds.lastStartAt + by,
    lastAt: bounds.lastAt === null ? null : bounds.lastAt + by,
  }
}

function both(one: ItemBounds, other: ItemBounds): ItemBounds {
  return {
    firstAt: lower(one.firstAt, other.firstAt),
    lastStartAt: upper(one.lastStartAt, other.lastStartAt),
    lastAt: upper(one.lastAt, other.lastAt),
  }
}

const lower = (one: Instant | null, other: Instant | null) =>
  one === null || other === null ? null : Math.min(one, other)
const upper = (one: Instant | null, other: Instant | null) =>
  one === null || other === null ? null : Math.max(one, other)
