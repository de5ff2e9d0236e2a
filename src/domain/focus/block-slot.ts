import { hourMs, type Instant, type Interval, minuteMs, type WallMillis, type Zone } from '../time/types.ts'

export type BlockSlot =
  | { readonly ok: true; readonly slot: Interval; readonly note: string | null }
  /** A sentence without a subject of its own: why there is no such time for a block. */
  | { readonly ok: false; readonly problem: string }

/**
 * The time between two clock readings on a wall, as a block can have it. A reading that the day does not have (the
 * hour that spring takes) is refused, not moved; of one that it has twice the first is taken, and said.
 */
export function blockSlot(startWall: WallMillis, endWall: WallMillis, zone: Zone, now: Instant): BlockSlot {
  for (const wall of [startWall, endWall]) {
    if (zone.toWall(zone.toInstant(wall)) !== wall) {
      return refused(`There is no ${clock(wall)} on that day in ${zone.name}: clocks are put forward over it.`)
    }
  }
  const slot = { startAt: zone.toInstant(startWall), endAt: zone.toInstant(endWall) }
  if (slot.endAt <= slot.startAt) return refused('The end is not after the start.')
  if (slot.endAt - slot.startAt > longestMs) return refused('A block lasts a day at most.')
  if (slot.endAt <= now) return refused('That time is over.')
  const twice = [startWall, endWall].filter(wall => isTwice(wall, zone))
  const note = twice.length === 0 ? null : `The clock shows ${clock(twice[0]!)} twice that day; the first was taken.`
  return { ok: true, slot, note }
}

const longestMs = 24 * hourMs

const refused = (problem: string): BlockSlot => ({ ok: false, problem })

/** Clocks are put back by an hour, on Lord Howe Island by half of one. */
function isTwice(wall: WallMillis, zone: Zone): boolean {
  const first = zone.toInstant(wall)
  return [30 * minuteMs, hourMs].some(later => zone.toWall(first + later) === wall)
}

const clock = (wall: WallMillis) => new Date(wall).toISOString().slice(11, 16)
