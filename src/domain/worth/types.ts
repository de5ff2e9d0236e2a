import type { Range, SeriesId } from '../meetings/types.ts'

/** Cost and hours by role band, from a public table; payroll never enters (a bill minus a bill would be a salary). */
export interface RateTable {
  readonly currency: string
  /** Loaded money per hour, by role band. */
  readonly perHour: ReadonlyMap<string, number>
  /** For people whose band is unknown. */
  readonly defaultPerHour: number
  /** Where the rates come from, in words for people. */
  readonly source: string
}

/** Probability that an invited person comes, by reply. */
export interface AttendanceWeights {
  readonly accepted: number
  readonly tentative: number
  readonly none: number
  readonly declined: number
}

export interface SeriesCost {
  readonly seriesId: SeriesId
  /** Person-hours of one typical occurrence. */
  readonly hoursPerOccurrence: Range
  readonly hoursPerWeek: Range
  /** Over the audited window. */
  readonly hoursInWindow: Range
  /** Money; same structure. */
  readonly moneyPerOccurrence: Range
  readonly moneyPerYear: Range
  readonly moneyInWindow: Range
  /** My own minutes a week, when the audit is one person's. */
  readonly myMinutesPerWeek: number | null
  /** Available focus minutes a week that would appear without this series (leave one out), over the people known. */
  readonly focusMinutesPerWeek: number | null
  /** My share of it. */
  readonly myFocusMinutesPerWeek: number | null
  /** The people or groups that could not be counted: the figures are lower bounds. */
  readonly lowerBound: boolean
}

/** Available focus time that a series takes, leave one out. Values of several series do not add up. */
export interface FocusCost {
  /** Over all people whose calendars are known. */
  readonly minutesPerWeek: number
  /** Null when the audit is of no one person. */
  readonly myMinutesPerWeek: number | null
  /** On how many known calendars it stands. */
  readonly calendars: number
}

export const auditSections = ['try-without', 'improve', 'worth-keeping', 'not-enough-data'] as const
export type AuditSection = (typeof auditSections)[number]

/** The essay's four answers to "what would happen if we skipped this?", and the honest fifth. */
export const skipAnswers = [
  'nothing-would-change',
  'decisions-without-full-context',
  'conflicts-emerge-later',
  'teams-at-cross-purposes',
  'cannot-say',
] as const
export type SkipAnswer = (typeof skipAnswers)[number]

export interface SkipVerdict {
  readonly seriesId: SeriesId
  readonly section: AuditSection
  readonly answer: SkipAnswer
  /** One sentence. */
  readonly sentence: string
  readonly sureness: 'high' | 'some' | 'low'
  /** It carries something nothing else on the calendars carries: the sole live channel of teams, or near misses on record. */
  readonly loadBearing: boolean
  /** Why, strongest first; at least one. */
  readonly basis: readonly SkipReason[]
  /** The next step, in words, for try-without and improve. */
  readonly advice: string | null
}

export interface SkipReason {
  /** Stable id, kebab-case: `status-round`, `sole-channel`, `no-agenda`, `over-length`, `forum`, `conflict-work`. */
  readonly rule: string
  /** `keep` speaks for holding it, `skip` against, `improve` for changing it, `unknown` for not judging. */
  readonly side: 'keep' | 'skip' | 'improve' | 'unknown'
  readonly sentence: string
  /** The figures behind the sentence, for people and machines. */
  readonly figures: Readonly<Record<string, number | string>>
}

/** A live link between two teams (science: bipartite people and series; live from 20 minutes in 4 weeks). */
export interface ChannelPair {
  readonly teams: readonly [string, string]
  /** Expected shared live minutes per 4 weeks through each series, strongest first. */
  readonly through: readonly { readonly seriesId: SeriesId; readonly minutesPer4Weeks: number }[]
}

/** All live links between teams. */
export interface ChannelMap {
  /** By name of the teams. */
  readonly pairs: readonly ChannelPair[]
  readonly bySeries: ReadonlyMap<SeriesId, SeriesChannels>
}

/** What one series carries between teams, and what would be left without it. */
export interface SeriesChannels {
  readonly seriesId: SeriesId
  /** One-way: people report and nobody answers (status rounds, broadcasts). Such a link is weaker than a talk. */
  readonly oneWay: boolean
  /** Team pairs that this series links live. */
  readonly pairs: number
  /**
   * Pairs with no other live link. For a series of talks, other one-way series do not count as a link; a one-way
   * series is the sole channel only of pairs that no talk links, and among one-way ones only the strongest.
   */
  readonly sole: readonly (readonly [string, string])[]
  /** Expected shared live minutes per 4 weeks, summed over the sole pairs. */
  readonly soleMinutesPer4Weeks: number
  /** Sole pairs whose shortest remaining way leads over more than one other team, or over none. */
  readonly bridges: readonly (readonly [string, string])[]
  /** Into which groups its own teams would fall without it. One group when nothing falls apart. */
  readonly groupsWithout: readonly (readonly string[])[]
  /** Sole pairs that share a member: somebody carries the link, whatever is cancelled. */
  readonly soleWithDualMember: number
  /** The fewest distinct carriers among those pairs' dual members; 0 when no sole pair has one. */
  readonly fewestCarriers: number
  /** Replacing its sole links by a fortnightly half hour of two people each, in person-hours a year. */
  readonly pairTalkHoursPerYear: number
}

/** Another series in which nearly the same people meet in the same weeks. */
export interface SeriesOverlap {
  readonly otherId: SeriesId
  readonly otherTitle: string
  /** Share of this series' people who also sit in the other, 0..1. */
  readonly sharedPeople: number
  /** Share of this series' weeks in which the other is held too, 0..1. */
  readonly sharedWeeks: number
}
