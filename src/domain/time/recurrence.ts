import type { RecurrenceRule } from './recurrence-rule.ts'
import type { WallMillis, Zone } from './types.ts'

export interface RuleLimits {
  /** Periods and candidates looked at before giving up. */
  readonly steps: number
  readonly occurrences: number
}

export interface RuleExpansion {
  /** Starts as wall readings, ascending, without duplicates. */
  readonly walls: number[]
  readonly stopped: null | 'steps' | 'occurrences' | 'too-frequent'
}

export function expandRule(
  _rule: RecurrenceRule,
  _startWall: WallMillis,
  _zone: Zone,
  _fromWall: WallMillis,
  _toWall: WallMillis,
  _limits: RuleLimits,
): RuleExpansion {
  throw new Error('not built yet')
}
