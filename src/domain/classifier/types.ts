/** What a meeting is for. `unclear` when the evidence does not carry a verdict. */
export const meetingKinds = ['status', 'decision', 'alignment', 'conflict'] as const
export type MeetingKind = (typeof meetingKinds)[number]
export type KindVerdict = MeetingKind | 'unclear'

/** What shape a meeting has, apart from its kind. */
export const meetingForms = [
  'one-on-one',
  'team',
  'cross-team',
  'broadcast',
  'interview',
  'training',
  'social',
  'solo',
  'external',
  'unknown',
] as const
export type MeetingForm = (typeof meetingForms)[number]

/** Series where teams surface each other's plans: the four that prevent incidents. */
export const forums = ['architecture-review', 'release-planning', 'incident-review', 'design-discussion'] as const
export type Forum = (typeof forums)[number]

/** Everything the classifier may know about a meeting. What is unknown is null, never a default. */
export interface ClassifierInput {
  readonly title: string
  /** Agenda or description, plain text or HTML. */
  readonly agenda: string
  readonly durationMinutes: number | null
  /** Rhythm in words, as in `Cadence.text`, or any phrase like "every 2 weeks"; null when unknown. */
  readonly recurrence: string | null
  readonly attendeeCount: number | null
  readonly teamCount: number | null
  /** 0..1 of the invited. */
  readonly optionalShare: number | null
  readonly externalCount: number | null
  readonly hasGroup: boolean
  readonly organizer: string | null
}

export type KindScores = Readonly<Record<MeetingKind, number>>

export interface Classification {
  readonly kind: KindVerdict
  /** Sum 1. */
  readonly scores: KindScores
  /** 0..1: how often a verdict like this is right. */
  readonly confidence: number
  readonly form: MeetingForm
  readonly forum: Forum | null
  readonly items: readonly ClassifiedItem[]
  /** Why, strongest first. Never empty: "nothing to go by" is a reason too. */
  readonly basis: readonly Evidence[]
}

export interface ClassifiedItem {
  readonly text: string
  readonly minutes: number | null
  readonly owner: string | null
  readonly kind: KindVerdict
  readonly scores: KindScores
}

/** One reason. */
export interface Evidence {
  /** Stable id, kebab-case: `words-decide`, `round-of-updates`, `forum-architecture-review`, `no-agenda`. */
  readonly rule: string
  readonly where: 'title' | 'item' | 'text' | 'people' | 'rhythm' | 'length' | 'nothing'
  /** The kind it speaks for; null for facts that speak for none. */
  readonly kind: MeetingKind | null
  /** Share of the decision, larger is stronger; comparable within one classification. */
  readonly weight: number
  /** The words it saw, as written in the invitation, at most 80 characters. */
  readonly quote: string | null
  /** Number of the agenda item, from 1. */
  readonly item: number | null
  /** A sentence a person accepts. */
  readonly sentence: string
}
