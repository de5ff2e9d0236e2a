import type { Interval } from '../time/types.ts'

/** The parts of the intervals that lie in `window`, in the same order; what lies outside is gone. */
export function clip(intervals: readonly Interval[], window: Interval): Interval[] {
  const inside: Interval[] = []
  for (const { startAt, endAt } of intervals)
    if (startAt < window.endAt && endAt > window.startAt && endAt > startAt)
      inside.push({ startAt: Math.max(startAt, window.startAt), endAt: Math.min(endAt, window.endAt) })
  return inside
}

/** Sum of the lengths in milliseconds. For disjoint intervals only: what two share counts twice. */
export function totalLength(intervals: readonly Interval[]): number {
  return intervals.reduce((sum, { startAt, endAt }) => sum + (endAt - startAt), 0)
}

/**
 * A function that gives the intervals touching a span, whole. The intervals are disjoint and sorted, and the spans are
 * asked for in ascending order: one walk over both lists, however long.
 */
export function overlapping<Item extends Interval>(sorted: readonly Item[]): (span: Interval) => Item[] {
  let first = 0
  return span => {
    while (first < sorted.length && sorted[first]!.endAt <= span.startAt) first++
    const found: Item[] = []
    for (let index = first; index < sorted.length && sorted[index]!.startAt < span.endAt; index++)
      found.push(sorted[index]!)
    return found
  }
}
