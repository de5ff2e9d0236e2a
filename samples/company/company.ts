import { coordination } from './coordination.ts'
import { forums } from './forums.ts'
import { oneOffs } from './one-offs.ts'
import { oneOnOnes } from './one-on-ones.ts'
import { personal } from './personal.ts'
import type { MeetingPlan } from './plan.ts'
import { teamRoutines } from './team-routines.ts'

/** The morning on which everything was exported: a Monday, 26 weeks after the first and 4 before the last week. */
export const now = '2026-11-16T07:00:00Z'

export const name = 'Fernhollow'
export const zone = 'Europe/Madrid'

/** Whose audit the sample shows first. */
export const me = 'nuria'

/** Everything on anybody's exported calendar. */
export const meetings: readonly MeetingPlan[] = [
  ...forums,
  ...coordination,
  ...teamRoutines,
  ...oneOnOnes,
  ...personal,
  ...oneOffs,
]

/** Written by hand, as people do. */
export const notes = [
  'notes/2026-06-04-architecture-review.md',
  'notes/2026-08-06-incident-review-inc-5.md',
  'notes/2026-09-24-architecture-review.md',
  'notes/2026-10-23-pulse.md',
  'notes/2026-10-27-engineering-leadership.md',
  'notes/2026-10-30-retry-budget.md',
  'notes/2026-11-10-engineering-leadership.md',
  'notes/2026-11-12-architecture-review.md',
] as const
