/** Why expected occurrences of the forum did not take place, or hardly: what a calendar does not say. */
export interface Skip {
  readonly series: 'architecture-review'
  readonly on: string
  readonly how: 'skipped' | 'thin'
  readonly reason: 'crunch' | 'quiet' | 'organizer-away' | 'clash'
  readonly note: string
}

export const skips: readonly Skip[] = [
  {
    series: 'architecture-review',
    on: '2026-06-25',
    how: 'skipped',
    reason: 'crunch',
    note: 'Everybody on release 6.0; called off in the morning.',
  },
  {
    series: 'architecture-review',
    on: '2026-07-30',
    how: 'skipped',
    reason: 'quiet',
    note: 'Nobody had put a topic in the doc, so Tobias asked to drop it.',
  },
  {
    series: 'architecture-review',
    on: '2026-08-27',
    how: 'skipped',
    reason: 'organizer-away',
    note: 'Tomás on holiday, nobody took over.',
  },
  {
    series: 'architecture-review',
    on: '2026-09-17',
    how: 'thin',
    reason: 'clash',
    note: 'Three of five teams declined: launch of the autumn campaign.',
  },
  {
    series: 'architecture-review',
    on: '2026-10-08',
    how: 'skipped',
    reason: 'quiet',
    note: 'A slow week, the slot was deleted.',
  },
]
