import type { Clock } from '../../../src/clock.ts'
import { dayMs, minuteMs } from '../../../src/domain/time/types.ts'
import type { QuotaSettings } from './fake-settings.ts'
import { GoogleError } from './google-error.ts'

/** Counts requests in sliding windows of the fake's clock, as the service does. */
export class Quota {
  readonly #clock: Clock
  readonly #settings: () => QuotaSettings
  readonly #counts = new Map<string, number[]>()

  constructor(clock: Clock, settings: () => QuotaSettings) {
    this.#clock = clock
    this.#settings = settings
  }

  /** Counts one request, or refuses it; a refused one does not count. */
  spend(user: string): void {
    const { perUserPerMinute, perProjectPerMinute, perProjectPerDay } = this.#settings()
    const now = this.#clock.now()
    const ofDay = this.#since('day', now - dayMs)
    const ofMinute = this.#since('minute', now - minuteMs)
    const ofUser = this.#since(`user ${user}`, now - minuteMs)
    if (ofDay.length >= perProjectPerDay) throw this.#refusal('quotaExceeded', 'Calendar usage limits exceeded.')
    if (ofMinute.length >= perProjectPerMinute) throw this.#refusal('rateLimitExceeded', 'Rate Limit Exceeded')
    if (ofUser.length >= perUserPerMinute) throw this.#refusal('userRateLimitExceeded', 'User Rate Limit Exceeded')
    for (const times of [ofDay, ofMinute, ofUser]) times.push(now)
  }

  #since(name: string, after: number): number[] {
    const times = this.#counts.get(name) ?? []
    let old = 0
    while (old < times.length && times[old]! <= after) old++
    if (old > 0) times.splice(0, old)
    this.#counts.set(name, times)
    return times
  }

  #refusal(reason: string, message: string): GoogleError {
    return new GoogleError(this.#settings().form === '429' ? 429 : 403, reason, message, { domain: 'usageLimits' })
  }
}
