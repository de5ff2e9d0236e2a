/**
 * VTIMEZONE (RFC 5545 section 3.6.5): only consulted when the name of a zone says nothing, to find the IANA zone whose
 * clock it describes. Nothing is converted with it.
 */
import { expandRule } from '../../domain/time/recurrence.ts'
import { parseRecurrenceRule } from '../../domain/time/recurrence-rule.ts'
import type { Instant, WallMillis } from '../../domain/time/types.ts'
import { dayMs, minuteMs } from '../../domain/time/types.ts'
import { utc } from '../../domain/time/zone-table.ts'

/** One STANDARD or DAYLIGHT: from each of its onsets on, clocks show `toMinutes`. */
export interface Observance {
  readonly startWall: WallMillis
  readonly fromMinutes: number
  readonly toMinutes: number
  readonly rule: string | null
  readonly additionalWalls: readonly WallMillis[]
}

export interface ZoneDefinition {
  readonly tzid: string
  /** X-LIC-LOCATION: the IANA name the file itself gives. */
  readonly location: string | null
  readonly observances: readonly Observance[]
}

/** The one offset the definition ever uses, in minutes; null when clocks change. */
export function constantOffset(definition: ZoneDefinition): number | null {
  const [first] = definition.observances
  if (!first) return null
  return definition.observances.every(observance => observance.toMinutes === first.toMinutes) ? first.toMinutes : null
}

/** The definition's offset in minutes at each instant. Null where it has no observance at all. */
export function offsetsAt(definition: ZoneDefinition, instants: readonly Instant[]): readonly number[] | null {
  const last = Math.max(...instants)
  const onsets = definition.observances
    .flatMap(observance =>
      onsetWalls(observance, last + 2 * dayMs).map(wall => ({
        at: wall - observance.fromMinutes * minuteMs,
        minutes: observance.toMinutes,
      })),
    )
    .sort((one, other) => one.at - other.at)
  const [first] = definition.observances
  if (!first) return null
  return instants.map(instant => {
    let minutes = first.fromMinutes
    for (const onset of onsets) {
      if (onset.at > instant) break
      minutes = onset.minutes
    }
    return minutes
  })
}

/** Onsets of the last years only: Windows starts its rules in 1601, where calendars were of another kind anyway. */
function onsetWalls(observance: Observance, untilWall: WallMillis): readonly WallMillis[] {
  const walls = [observance.startWall, ...observance.additionalWalls]
  const rule = observance.rule === null ? null : parseRecurrenceRule(observance.rule)
  if (rule && !('problem' in rule)) {
    const fromWall = rule.until || rule.count !== null ? observance.startWall : untilWall - 5 * 366 * dayMs
    const limits = { steps: 10_000, occurrences: 1_000 }
    walls.push(...expandRule(rule, observance.startWall, utc, fromWall, untilWall, limits).startsAt)
  }
  return walls.filter(wall => wall < untilWall)
}
