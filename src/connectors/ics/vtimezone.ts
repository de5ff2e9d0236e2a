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

/**
 * Onsets of the last years only: Windows starts its rules in 1601, where calendars were of another kind anyway. Clocks
 * change by the year; a rule of another frequency is no rule of a zone.
 */
function onsetWalls(observance: Observance, untilWall: WallMillis): readonly WallMillis[] {
  const walls = [observance.startWall, ...observance.additionalWalls].filter(wall => wall < untilWall)
  const rule = observance.rule === null ? null : parseRecurrenceRule(observance.rule)
  if (!rule || 'problem' in rule || rule.frequency !== 'yearly') return walls
  const lastWall = rule.until === null ? untilWall : rule.until.form === 'instant' ? rule.until.at : rule.until.wall
  const fromWall = rule.count === null ? Math.min(untilWall, lastWall) - 5 * 366 * dayMs : observance.startWall
  const limits = { steps: 2_000, occurrences: 100 }
  return walls.concat(expandRule(rule, observance.startWall, utc, fromWall, untilWall, limits).startsAt)
}
