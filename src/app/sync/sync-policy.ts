import type { Provider } from '../../connectors/connector.ts'
import { dayMs, hourMs, type Instant, type Interval, minuteMs } from '../../domain/time/types.ts'

/** How much of time is mirrored, and when to look again. */
export interface SyncPolicy {
  /** Before and after now, by what a provider delivers: rules (cheap, far) or every occurrence (Graph). */
  readonly pastMs: number
  readonly futureMs: number
  /** A full round with a newer window follows after this. */
  readonly windowGoodForMs: number
  /** Between two rounds of a calendar, give or take a quarter. Push shortens it, nothing replaces it. */
  readonly intervalMs: number
}

/**
 * Half a year back is what an audit needs. Graph delivers each occurrence by itself, so its window is kept short and
 * moved on every two weeks; the others deliver rules, and 13 months either way cost them nothing.
 */
export function syncPolicyFor(provider: Provider): SyncPolicy {
  const common = { intervalMs: 15 * minuteMs }
  if (provider === 'microsoft')
    return { ...common, pastMs: 200 * dayMs, futureMs: 180 * dayMs, windowGoodForMs: 14 * dayMs }
  return { ...common, pastMs: 400 * dayMs, futureMs: 400 * dayMs, windowGoodForMs: 180 * dayMs }
}

export function windowAround(now: Instant, policy: SyncPolicy): Interval {
  return { startAt: now - policy.pastMs, endAt: now + policy.futureMs }
}

/** Another forced full round only after this: a provider that forgets at once would be read whole for ever. */
export const betweenForcedRoundsMs = hourMs
/** Closed and missing calendars are looked at again, rarely: access may come back. */
export const lookAgainMs = dayMs

/** 1, 2, 4 … 60 minutes, give or take a quarter. */
export function pauseAfter(failures: number, random: number): number {
  const minutes = Math.min(60, 2 ** Math.min(failures - 1, 6))
  return jittered(minutes * minuteMs, random)
}

export function jittered(ms: number, random: number): number {
  return Math.round(ms * (0.75 + random / 2))
}
