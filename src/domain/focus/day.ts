import { subtract } from '../time/intervals.ts'
import type { Interval } from '../time/types.ts'
import { minuteMs } from '../time/types.ts'

/**
 * A gap shorter than this is a fragment. Two hours is what Clockwise, older Viva and Microsoft Graph count as focus time;
 * a calendar gap says that focus was possible, never that it happened, so we call it available.
 */
export const defaultFocusBlockMinutes = 120

/** One working day, cut up by meetings. */
export interface DayFocus {
  readonly workingMinutes: number
  /** Lengths of the gaps between meetings inside the working time, in order, in minutes. */
  readonly gaps: readonly number[]
  readonly freeMinutes: number
  /** In gaps of at least the block length. */
  readonly focusMinutes: number
  /** How many whole blocks fit into the gaps. */
  readonly blocks: number
  /** How many would fit if the same meetings stood together. */
  readonly blocksAtBest: number
  /** blocks / blocksAtBest; 1 when not even packing would make room for one. */
  readonly packingEfficiency: number
  /** 1 − focus / free: 0 = all free time usable, 1 = none, also when nothing is free. */
  readonly fragmentationIndex: number
}

/**
 * How much of a working day is left, and in which pieces. `busy` may overlap and may reach out of the day; `away` is
 * time off inside it (a half-day of holiday), which is neither working time nor free.
 */
export function dayFocus(
  working: Interval,
  busy: readonly Interval[],
  blockMinutes: number = defaultFocusBlockMinutes,
  away: readonly Interval[] = [],
): DayFocus {
  const present = away.length === 0 ? [working] : subtract([working], away)
  const gaps = subtract(present, busy).map(lengthMinutes)
  const freeMinutes = sum(gaps)
  const focusMinutes = sum(gaps.filter(gap => gap >= blockMinutes))
  const blocks = sum(gaps.map(gap => Math.floor(gap / blockMinutes)))
  const blocksAtBest = Math.floor(freeMinutes / blockMinutes)
  return {
    workingMinutes: sum(present.map(lengthMinutes)),
    gaps,
    freeMinutes,
    focusMinutes,
    blocks,
    blocksAtBest,
    packingEfficiency: blocksAtBest === 0 ? 1 : blocks / blocksAtBest,
    fragmentationIndex: fragmentationIndex(focusMinutes, freeMinutes),
  }
}

/** 1 − focus / free, 1 when nothing is free. */
export function fragmentationIndex(focusMinutes: number, freeMinutes: number): number {
  return freeMinutes === 0 ? 1 : 1 - focusMinutes / freeMinutes
}

function lengthMinutes({ startAt, endAt }: Interval): number {
  return (endAt - startAt) / minuteMs
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
