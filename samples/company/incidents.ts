import type { Team } from './people.ts'

export interface Incident {
  readonly id: string
  readonly title: string
  readonly startedAt: string
  readonly endedAt: string
  readonly severity: 'sev1' | 'sev2' | 'sev3'
  readonly services: readonly string[]
  readonly teams: readonly Team[]
  /** What broke, in the words of `near-misses.json` where it is a matter of coordination. */
  readonly cause: string
  /** Whether two teams working from different assumptions were at the root of it. */
  readonly coordination: boolean
  /** Person-hours for the response, whole USD for the rest; null where nobody put a figure on it. */
  readonly cost: {
    readonly responseHours: number
    readonly lostRevenue: number | null
    readonly support: number | null
    readonly postMortem: number | null
    readonly rework: number | null
    readonly opportunity: number | null
    readonly trust: number | null
  }
  /** "Would the people involved have caught it by talking beforehand?", asked of two people who did not confer. */
  readonly raters: readonly { readonly rater: string; readonly caughtByTalking: 'yes' | 'no' }[]
}

/** Ten in 26 weeks. Of the three coordination incidents INC-5 and INC-9 came days after a skipped architecture review. */
export const incidents: readonly Incident[] = [
  {
    id: 'INC-1',
    title: 'Payout job stuck behind a slow query',
    startedAt: '2026-05-27T04:10:00Z',
    endedAt: '2026-05-27T07:35:00Z',
    severity: 'sev3',
    services: ['payouts'],
    teams: ['Payments'],
    cause: 'capacity',
    coordination: false,
    cost: {
      responseHours: 7,
      lostRevenue: 0,
      support: 600,
      postMortem: 400,
      rework: 900,
      opportunity: null,
      trust: null,
    },
    raters: rated('no', 'no'),
  },
  {
    id: 'INC-2',
    title: 'App crashes on a charge status it does not know',
    startedAt: '2026-06-09T13:05:00Z',
    endedAt: '2026-06-09T17:20:00Z',
    severity: 'sev2',
    services: ['charges', 'app'],
    teams: ['Mobile', 'Payments'],
    cause: 'api',
    coordination: true,
    cost: {
      responseHours: 26,
      lostRevenue: 18000,
      support: 3200,
      postMortem: 2400,
      rework: 5600,
      opportunity: 4000,
      trust: 3000,
    },
    raters: rated('yes', 'yes'),
  },
  {
    id: 'INC-3',
    title: 'Search index node lost its disk',
    startedAt: '2026-07-02T22:40:00Z',
    endedAt: '2026-07-03T01:10:00Z',
    severity: 'sev3',
    services: ['search'],
    teams: ['Platform'],
    cause: 'hardware',
    coordination: false,
    cost: {
      responseHours: 6,
      lostRevenue: 2100,
      support: null,
      postMortem: 300,
      rework: 0,
      opportunity: null,
      trust: null,
    },
    raters: rated('no', 'no'),
  },
  {
    id: 'INC-4',
    title: 'Listing photos unavailable after an edge configuration change',
    startedAt: '2026-07-14T15:25:00Z',
    endedAt: '2026-07-14T16:05:00Z',
    severity: 'sev3',
    services: ['images', 'web'],
    teams: ['Web'],
    cause: 'configuration',
    coordination: false,
    cost: {
      responseHours: 5,
      lostRevenue: 3800,
      support: 400,
      postMortem: 600,
      rework: 700,
      opportunity: null,
      trust: null,
    },
    raters: rated('no', 'no'),
  },
  {
    id: 'INC-5',
    title: 'Sellers paid the wrong amount: the nightly load read a column that had changed its unit',
    startedAt: '2026-08-03T01:30:00Z',
    endedAt: '2026-08-04T10:45:00Z',
    severity: 'sev1',
    services: ['ledger', 'warehouse', 'payouts'],
    teams: ['Data', 'Payments'],
    cause: 'schema',
    coordination: true,
    cost: {
      responseHours: 64,
      lostRevenue: 31000,
      support: 9800,
      postMortem: 5200,
      rework: 12400,
      opportunity: 8000,
      trust: 15000,
    },
    raters: rated('yes', 'yes'),
  },
  {
    id: 'INC-6',
    title: 'Card processor unavailable',
    startedAt: '2026-08-25T09:50:00Z',
    endedAt: '2026-08-25T12:15:00Z',
    severity: 'sev2',
    services: ['charges'],
    teams: ['Payments'],
    cause: 'third party',
    coordination: false,
    cost: {
      responseHours: 14,
      lostRevenue: 22500,
      support: 2900,
      postMortem: 800,
      rework: 0,
      opportunity: null,
      trust: 2000,
    },
    raters: rated('no', 'no'),
  },
  {
    id: 'INC-7',
    title: 'Log volume filled the disks of two gateway nodes',
    startedAt: '2026-09-15T18:20:00Z',
    endedAt: '2026-09-15T19:30:00Z',
    severity: 'sev3',
    services: ['gateway'],
    teams: ['Platform'],
    cause: 'capacity',
    coordination: false,
    cost: {
      responseHours: 8,
      lostRevenue: 5200,
      support: 300,
      postMortem: 500,
      rework: 1200,
      opportunity: null,
      trust: null,
    },
    raters: rated('no', 'no'),
  },
  {
    id: 'INC-8',
    title: 'App 6.1 crashes at start on older phones',
    startedAt: '2026-09-29T12:00:00Z',
    endedAt: '2026-09-30T15:30:00Z',
    severity: 'sev2',
    services: ['app'],
    teams: ['Mobile'],
    cause: 'code',
    coordination: false,
    cost: {
      responseHours: 31,
      lostRevenue: 9400,
      support: 2600,
      postMortem: 1500,
      rework: 3800,
      opportunity: 2000,
      trust: 4000,
    },
    raters: rated('no', 'yes'),
  },
  {
    id: 'INC-9',
    title: 'Recommendations six hours stale after the listing feed changed its rhythm',
    startedAt: '2026-10-13T06:15:00Z',
    endedAt: '2026-10-13T15:40:00Z',
    severity: 'sev2',
    services: ['listing-feed', 'recommendations', 'app'],
    teams: ['Data', 'Mobile', 'Web'],
    cause: 'cache',
    coordination: true,
    cost: {
      responseHours: 38,
      lostRevenue: 14500,
      support: 1800,
      postMortem: 3100,
      rework: 6900,
      opportunity: 5000,
      trust: 4000,
    },
    raters: rated('yes', 'yes'),
  },
  {
    id: 'INC-10',
    title: 'Gateway memory leak, rolling restarts through the night',
    startedAt: '2026-11-04T20:05:00Z',
    endedAt: '2026-11-05T02:50:00Z',
    severity: 'sev3',
    services: ['gateway'],
    teams: ['Platform'],
    cause: 'code',
    coordination: false,
    cost: {
      responseHours: 12,
      lostRevenue: 1700,
      support: 0,
      postMortem: 700,
      rework: 2100,
      opportunity: null,
      trust: null,
    },
    raters: rated('no', 'no'),
  },
]

function rated(first: 'yes' | 'no', second: 'yes' | 'no'): Incident['raters'] {
  return [
    { rater: 'tomas.arrieta@fernhollow.example', caughtByTalking: first },
    { rater: 'claire.donnelly@fernhollow.example', caughtByTalking: second },
  ]
}
