import { dayMs } from '../../../src/domain/time/types.ts'

/** What the service leaves open, as a test wants it. All may be changed while the fake runs. */
export interface FakeSettings {
  /** Items a page holds at most, whatever was asked: short pages are normal. */
  pageSize: number
  /** Pages without an item, but with a `nextPageToken`, before each page with items. */
  emptyPages: number
  /** The last page, which brings the sync token, holds no item. */
  emptyLastPage: boolean
  order: 'as-changed' | 'exceptions-first' | 'masters-first' | 'shuffled'
  /** Removed events as the reference promises them (ids alone), or with everything they had. */
  cancelled: 'minimal' | 'full'
  /** Whether exceptions are reported as cancelled when their series is deleted. */
  exceptionsOfDeletedSeries: 'reported' | 'silent'
  /** Lists of more guests come with `attendeesOmitted` and the viewer's own entry alone. */
  mostAttendees: number
  syncTokenLifeMs: number
  /** Every refresh gives a new refresh token and forgets the old one. */
  rotateRefreshTokens: boolean
  accessTokenLifeMs: number
  quotas: QuotaSettings
}

/** Requests in any sliding minute (day for the last), and how a refusal looks. */
export interface QuotaSettings {
  perUserPerMinute: number
  perProjectPerMinute: number
  perProjectPerDay: number
  form: '403' | '429'
}

export function defaultSettings(): FakeSettings {
  return {
    pageSize: 2500,
    emptyPages: 0,
    emptyLastPage: false,
    order: 'as-changed',
    cancelled: 'minimal',
    exceptionsOfDeletedSeries: 'reported',
    mostAttendees: 200,
    syncTokenLifeMs: 30 * dayMs,
    rotateRefreshTokens: false,
    accessTokenLifeMs: 3599_000,
    quotas: { perUserPerMinute: 600, perProjectPerMinute: 10_000, perProjectPerDay: 1_000_000, form: '403' },
  }
}
