import type { Clock } from '../../../src/clock.ts'
import { GraphProblem } from './problem.ts'

/** Outlook's limits for each pair of application and mailbox. */
export interface ThrottleLimits {
  readonly concurrent: number
  readonly requests: number
  readonly windowMs: number
}

export const outlookLimits: ThrottleLimits = { concurrent: 4, requests: 10_000, windowMs: 600_000 }

/** Counts requests by virtual time, and those under way. */
export class Throttle {
  readonly #clock: Clock
  readonly #limits: ThrottleLimits
  readonly #lanes = new Map<string, { underWay: number; begun: number[]; first: number }>()
  /** The most requests that one application ever had under way in one mailbox. */
  mostUnderWay = 0

  constructor(clock: Clock, limits: ThrottleLimits) {
    this.#clock = clock
    this.#limits = limits
  }

  /** @throws GraphProblem 429 */
  async run<T>(lane: string, work: () => Promise<T>): Promise<T> {
    const state = this.#lanes.get(lane) ?? { underWay: 0, begun: [], first: 0 }
    this.#lanes.set(lane, state)
    const now = this.#clock.now()
    const { concurrent, requests, windowMs } = this.#limits
    while (state.first < state.begun.length && state.begun[state.first]! <= now - windowMs) state.first++
    if (state.begun.length - state.first >= requests) {
      throw tooMany(
        Math.ceil((state.begun[state.first]! + windowMs - now) / 1000),
        'Application is over its RequestLimit.',
      )
    }
    this.mostUnderWay = Math.max(this.mostUnderWay, state.underWay + 1)
    if (state.underWay >= concurrent) throw tooMany(1, 'Application is over its MailboxConcurrency limit.')
    state.begun.push(now)
    state.underWay++
    try {
      return await work()
    } finally {
      state.underWay--
    }
  }
}

const tooMany = (seconds: number, message: string) =>
  new GraphProblem(429, 'ApplicationThrottled', message, { 'retry-after': String(Math.max(1, seconds)) })
