/**
 * The words of time. Everything that moves between rooms is a plain number with a name that says what it is:
 * an instant is a moment of the world, a wall reading is what a clock on somebody's wall shows at that moment.
 */

/** Epoch milliseconds, UTC. Field names of this type end in `At`. */
export type Instant = number

/**
 * A clock reading without a zone, written as the epoch milliseconds the same reading would have in UTC:
 * 2026-03-16 10:00 on any wall is `Date.UTC(2026, 2, 16, 10)`. Field names of this type end in `Wall`.
 */
export type WallMillis = number

/** A calendar date as `YYYY-MM-DD`. Field names of this type end in `On`. */
export type PlainDate = string

/** Half-open: `startAt` belongs to it, `endAt` does not. */
export interface Interval {
  readonly startAt: Instant
  readonly endAt: Instant
}

/** A time zone that can convert in bulk. `UTC`, an IANA zone or a fixed offset; built once, shared, immutable. */
export interface Zone {
  /** IANA name, `UTC`, or `+05:30` for a fixed offset. */
  readonly name: string
  /** Wall reading minus instant, in milliseconds. */
  offsetAt(instant: Instant): number
  /** The wall reading at an instant. */
  toWall(instant: Instant): WallMillis
  /**
   * The instant of a wall reading: in a gap the reading is moved forward by the gap's length, in an overlap the
   * first of the two is taken (RFC 5545 section 3.3.5).
   */
  toInstant(wall: WallMillis): Instant
}

export const secondMs = 1_000
export const minuteMs = 60_000
export const hourMs = 3_600_000
export const dayMs = 86_400_000
export const weekMs = 604_800_000
