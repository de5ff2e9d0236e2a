import type { Interval } from './types.ts'

/** The same time as few, disjoint intervals by start: touching and overlapping ones are joined, empty ones dropped. */
export function mergeIntervals(intervals: readonly Interval[]): Interval[] {
  const sorted = intervals.filter(each => each.endAt > each.startAt).sort((a, b) => a.startAt - b.startAt)
  const merged: { startAt: number; endAt: number }[] = []
  for (const { startAt, endAt } of sorted) {
    const last = merged.at(-1)
    if (last && startAt <= last.endAt) last.endAt = Math.max(last.endAt, endAt)
    else merged.push({ startAt, endAt })
  }
  return merged
}

/** Milliseconds covered by at least one of the intervals: time two meetings share counts once. */
export function totalMs(intervals: readonly Interval[]): number {
  return mergeIntervals(intervals).reduce((sum, { startAt, endAt }) => sum + (endAt - startAt), 0)
}

/** The time that lies in both lists, as disjoint intervals by start. */
export function intersect(left: readonly Interval[], right: readonly Interval[]): Interval[] {
  const a = mergeIntervals(left)
  const b = mergeIntervals(right)
  const shared: Interval[] = []
  let i = 0
  let j = 0
  while (i < a.length && j < b.length) {
    const x = a[i]!
    const y = b[j]!
    const startAt = Math.max(x.startAt, y.startAt)
    const endAt = Math.min(x.endAt, y.endAt)
    if (startAt < endAt) shared.push({ startAt, endAt })
    if (x.endAt < y.endAt) i++
    else j++
  }
  return shared
}

/** The time of `from` that lies in none of `taken`, as disjoint intervals by start: the gaps between meetings. */
export function subtract(from: readonly Interval[], taken: readonly Interval[]): Interval[] {
  const left: Interval[] = []
  const holes = mergeIntervals(taken)
  let next = 0
  for (const { startAt, endAt } of mergeIntervals(from)) {
    while (next < holes.length && holes[next]!.endAt <= startAt) next++
    let freeAt = startAt
    for (let i = next; i < holes.length && holes[i]!.startAt < endAt; i++) {
      const hole = holes[i]!
      if (hole.startAt > freeAt) left.push({ startAt: freeAt, endAt: hole.startAt })
      freeAt = hole.endAt
    }
    if (freeAt < endAt) left.push({ startAt: freeAt, endAt })
  }
  return left
}
