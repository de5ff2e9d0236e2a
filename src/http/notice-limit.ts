import type { Clock } from '../clock.ts'

export interface NoticeLimit {
  /** False: too many for now. Counts one knock for the channel it claims to be from. */
  admits(channel: string): boolean
  /** What it claimed was true: from now on it is counted by itself. */
  knows(channel: string): void
}

/**
 * How often one may knock, in the memory of this process: each channel that once proved itself has its own allowance,
 * and all that did not share one, so that no number of invented channels costs the database more than a few questions a
 * second, and none takes anything from those we know. A genuine knock that is turned away comes again: both providers
 * repeat what was not taken.
 */
export function createNoticeLimit(clock: Pick<Clock, 'now'>): NoticeLimit {
  const known = new Map<string, Allowance>()
  const strangers = newAllowance(clock.now())
  return {
    admits: channel => take(known.get(channel) ?? strangers, clock.now()),
    knows(channel) {
      if (known.has(channel)) return
      if (known.size >= mostKnown) known.delete(known.keys().next().value ?? '')
      known.set(channel, newAllowance(clock.now()))
    },
  }
}

/** So many at once, and so many more a second. A busy calendar changes a few times a minute. */
const burst = 200
const perSecond = 10
const mostKnown = 20_000

interface Allowance {
  left: number
  at: number
}

const newAllowance = (at: number): Allowance => ({ left: burst, at })

function take(allowance: Allowance, now: number): boolean {
  const earned = (Math.max(0, now - allowance.at) / 1_000) * perSecond
  allowance.left = Math.min(burst, allowance.left + earned)
  allowance.at = now
  if (allowance.left < 1) return false
  allowance.left--
  return true
}
