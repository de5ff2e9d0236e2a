import type { Instant } from '../../domain/time/types.ts'

/** What is known of other people's versions. Tables, since the doctor asks nobody; older than `asOf` they get. */
export const knownVersionsAsOf = '2026-11'

export interface NodeLine {
  readonly major: number
  /** First moment at which it gets no fixes any more. */
  readonly endsAt: Instant
}

/** Node's release lines (github.com/nodejs/Release, schedule.json). */
export const nodeLines: readonly NodeLine[] = [
  { major: 18, endsAt: Date.UTC(2025, 3, 30) },
  { major: 19, endsAt: Date.UTC(2023, 5, 1) },
  { major: 20, endsAt: Date.UTC(2026, 3, 30) },
  { major: 21, endsAt: Date.UTC(2024, 5, 1) },
  { major: 22, endsAt: Date.UTC(2027, 3, 30) },
  { major: 23, endsAt: Date.UTC(2025, 5, 1) },
  { major: 24, endsAt: Date.UTC(2028, 3, 30) },
  { major: 25, endsAt: Date.UTC(2026, 5, 1) },
]

export const recommendedNode = 24

/** As `engines` in package.json. */
export function runsOn(node: { readonly major: number; readonly minor: number }): boolean {
  return (node.major === 20 && node.minor >= 19) || (node.major === 22 && node.minor >= 14) || node.major > 22
}

/** IANA releases are a year and a letter, in order. Older data lacks changes of rules that already hold. */
export const zoneDataFloor = '2026c'
