import type { PersonKey, Team } from './people.ts'

/** What a conversation prevented, as written down by somebody who was there. */
export interface NearMiss {
  readonly id: string
  readonly recordedOn: string
  /** Key of the series in which it came up. */
  readonly series: 'architecture-review' | 'design-discussion'
  readonly occurrenceOn: string
  readonly wouldHaveHappened: string
  readonly surfacedBy: Team
  readonly ownedBy: Team
  readonly type: 'api' | 'schema' | 'cache' | 'rate-limit' | 'timing' | 'duplicate-work' | 'privacy' | 'other'
  /** That it would have happened without the conversation. */
  readonly probability: number
  /** Whole USD: one chance in ten that it had cost less than the first, even odds, one in ten more than the last. */
  readonly cost: readonly [p10: number, p50: number, p90: number]
  readonly saidBy: PersonKey
  /** Somebody of the owning team; null until then, and the entry does not count. */
  readonly confirmedBy: PersonKey | null
  /** Why it was taken off the ledger again. */
  readonly struckBecause: string | null
}

export const nearMisses: readonly NearMiss[] = [
  {
    id: 'NM-1',
    recordedOn: '2026-06-05',
    series: 'architecture-review',
    occurrenceOn: '2026-06-04',
    wouldHaveHappened:
      'Failed charges retried after four minutes while the app gives up after one: buyers press again and are charged twice.',
    surfacedBy: 'Mobile',
    ownedBy: 'Payments',
    type: 'timing',
    probability: 0.7,
    cost: [15000, 42000, 90000],
    saidBy: 'tomas',
    confirmedBy: 'tobias',
    struckBecause: null,
  },
  {
    id: 'NM-2',
    recordedOn: '2026-06-18',
    series: 'architecture-review',
    occurrenceOn: '2026-06-18',
    wouldHaveHappened:
      'Thumbnails kept for six hours would have shown sold instruments as available in the weekly mail.',
    surfacedBy: 'Data',
    ownedBy: 'Web',
    type: 'cache',
    probability: 0.6,
    cost: [4000, 12000, 30000],
    saidBy: 'meenakshi',
    confirmedBy: 'wren',
    struckBecause: null,
  },
  {
    id: 'NM-3',
    recordedOn: '2026-07-10',
    series: 'architecture-review',
    occurrenceOn: '2026-07-09',
    wouldHaveHappened:
      'Backup and partition migration at 01:00 UTC together: the migration waits on a lock until the morning peak.',
    surfacedBy: 'Data',
    ownedBy: 'Platform',
    type: 'timing',
    probability: 0.8,
    cost: [20000, 55000, 120000],
    saidBy: 'meenakshi',
    confirmedBy: 'bilal',
    struckBecause: null,
  },
  {
    id: 'NM-4',
    recordedOn: '2026-07-23',
    series: 'architecture-review',
    occurrenceOn: '2026-07-23',
    wouldHaveHappened:
      'Tokens of fifteen minutes with an app that refreshes every thirty: everybody is signed out twice an hour.',
    surfacedBy: 'Mobile',
    ownedBy: 'Payments',
    type: 'api',
    probability: 0.9,
    cost: [25000, 60000, 140000],
    saidBy: 'marcus',
    confirmedBy: 'nuria',
    struckBecause: null,
  },
  {
    id: 'NM-5',
    recordedOn: '2026-08-21',
    series: 'architecture-review',
    occurrenceOn: '2026-08-20',
    wouldHaveHappened:
      'The gateway would have let 500 requests a second through to a charge service that falls over at 320.',
    surfacedBy: 'Payments',
    ownedBy: 'Platform',
    type: 'rate-limit',
    probability: 0.6,
    cost: [18000, 50000, 110000],
    saidBy: 'tobias',
    confirmedBy: 'bilal',
    struckBecause: null,
  },
  {
    id: 'NM-6',
    recordedOn: '2026-09-23',
    series: 'design-discussion',
    occurrenceOn: '2026-09-23',
    wouldHaveHappened:
      'The new checkout retried without idempotency keys: some buyers charged twice from the first day.',
    surfacedBy: 'Payments',
    ownedBy: 'Web',
    type: 'api',
    probability: 0.5,
    cost: [10000, 30000, 80000],
    saidBy: 'tobias',
    confirmedBy: 'ilse',
    struckBecause: null,
  },
  {
    id: 'NM-7',
    recordedOn: '2026-09-24',
    series: 'architecture-review',
    occurrenceOn: '2026-09-24',
    wouldHaveHappened:
      'Payments renames `payouts.fee_cents` in the release in which Data starts to validate it: the check passes on nothing and the month closes wrong.',
    surfacedBy: 'Data',
    ownedBy: 'Payments',
    type: 'schema',
    probability: 0.8,
    cost: [30000, 70000, 150000],
    saidBy: 'nuria',
    confirmedBy: 'nuria',
    struckBecause: null,
  },
  {
    id: 'NM-8',
    recordedOn: '2026-10-02',
    series: 'architecture-review',
    occurrenceOn: '2026-10-01',
    wouldHaveHappened:
      'Web and Mobile both finish an address validator, with different opinions about Irish postcodes.',
    surfacedBy: 'Mobile',
    ownedBy: 'Web',
    type: 'duplicate-work',
    probability: 0.3,
    cost: [2000, 6000, 15000],
    saidBy: 'marcus',
    confirmedBy: 'wren',
    struckBecause: 'Both teams had already found out in their Friday handover.',
  },
  {
    id: 'NM-9',
    recordedOn: '2026-10-23',
    series: 'architecture-review',
    occurrenceOn: '2026-10-22',
    wouldHaveHappened:
      "A second consumer of the listing feed, the app's saved searches, would have gone stale with the next change.",
    surfacedBy: 'Mobile',
    ownedBy: 'Data',
    type: 'cache',
    probability: 0.7,
    cost: [8000, 25000, 60000],
    saidBy: 'samir',
    confirmedBy: 'meenakshi',
    struckBecause: null,
  },
  {
    id: 'NM-10',
    recordedOn: '2026-11-06',
    series: 'architecture-review',
    occurrenceOn: '2026-11-05',
    wouldHaveHappened:
      'Seller names in push notifications would have left the device of sellers who asked to stay anonymous.',
    surfacedBy: 'Payments',
    ownedBy: 'Mobile',
    type: 'privacy',
    probability: 0.5,
    cost: [5000, 40000, 200000],
    saidBy: 'nuria',
    confirmedBy: null,
    struckBecause: null,
  },
]
