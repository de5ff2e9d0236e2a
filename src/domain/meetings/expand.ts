import type { Interval } from '../time/types.ts'
import type { CalendarEvent, Occurrence, RemovedOccurrence } from './calendar-event.ts'

export interface ExpansionLimits {
  /** Steps one rule may take. */
  readonly stepsPerRule: number
  readonly occurrencesPerSeries: number
  readonly occurrences: number
}

export interface Expansion {
  /** By start, then by end; ties stay in the order of the events. */
  readonly occurrences: readonly Occurrence[]
  /** Occurrences of the window the rule would give that do not take place, by original start. */
  readonly removed: readonly RemovedOccurrence[]
  /** What a limit kept out: how many series (`rule-too-frequent`, `step-cap`, `occurrence-cap`) are incomplete. */
  readonly leftOut: readonly LeftOut[]
}

export interface LeftOut {
  readonly code: 'occurrence-cap' | 'step-cap' | 'rule-too-frequent'
  readonly count: number
}

export function expandEvents(
  _events: readonly CalendarEvent[],
  _window: Interval,
  _limits?: ExpansionLimits,
): Expansion {
  throw new Error('not built yet')
}
