import type { Clock } from '../../../src/clock.ts'

export interface VirtualClock extends Clock {
  advance(ms: number): void
  /** Everything slept so far. */
  readonly slept: readonly number[]
}

/** Time that moves only when somebody advances it or sleeps: a sleep is over at once and takes its length. */
export function virtualClock(startAt: number, random: () => number = () => 0.5): VirtualClock {
  let nowAt = startAt
  const slept: number[] = []
  return {
    now: () => nowAt,
    random,
    slept,
    advance(ms) {
      nowAt += ms
    },
    async sleep(ms, signal) {
      if (signal?.aborted) return
      slept.push(ms)
      nowAt += ms
      await Promise.resolve()
    },
  }
}
