import type { Classification, Forum, KindVerdict, MeetingForm } from '../classifier/types.ts'
import type { CountingRule, Range } from '../meetings/types.ts'
import type { AuditSection, SeriesCost, SkipAnswer, SkipReason } from '../worth/types.ts'

/**
 * The audit as one plain value: JSON, page, Markdown, CSV and terminal text are all renderings of it, and nothing
 * is computed in a view. `minutewise/audit/1` is its published shape: fields are added, never changed or removed.
 * Hours are decimal hours, money is in whole units of `assumptions.currency`, instants are `2026-03-16T09:00:00Z`.
 */
export interface AuditReport {
  readonly schema: 'minutewise/audit/1'
  readonly generatedAt: string
  readonly window: AuditWindow
  readonly subject: AuditSubject
  readonly sources: readonly AuditSource[]
  /** How old synced data is; absent for files, which say nothing about that. */
  readonly freshness?: AuditFreshness
  readonly counts: AuditCounts
  /** Null when nobody's week can be drawn: no meeting counted, or it is not known whose calendar this is. */
  readonly week: WeekSummary | null
  /** Strongest first within a section; sections in the order of `auditSections`. */
  readonly series: readonly SeriesReport[]
  readonly oneOffs: OneOffSummary
  readonly totals: AuditTotals
  /** What following "try without" would give back, with the new focus blocks; null when there is nothing to try. */
  readonly gain: AuditGain | null
  /** What this audit cannot know, each with what would change that. */
  readonly unknowns: readonly AuditUnknown[]
  readonly assumptions: AuditAssumptions
  /** Against the audit kept before, when one was kept. */
  readonly changes: AuditChanges | null
}

export interface AuditWindow {
  readonly fromOn: string
  /** Exclusive. */
  readonly toOn: string
  readonly weeks: number
  readonly zone: string
  /** `none`: nothing named a zone, so UTC is used and said; the zone of the process is never asked. */
  readonly zoneSource: 'given' | 'person' | 'calendar' | 'none'
  /** `given` by the user, `recent` = up to now, `latest-activity` = the calendar ends earlier, so its last weeks. */
  readonly chosen: 'given' | 'recent' | 'latest-activity'
}

export interface AuditSubject {
  /** Null when the audit is of a calendar and not of one person. */
  readonly me: { readonly address: string; readonly name: string | null } | null
  readonly how: 'given' | 'guessed' | 'unknown'
  /** Why this was guessed or could not be. */
  readonly sentence: string
  /** True for the sample company: every surface says so. */
  readonly sample: boolean
}

export interface AuditFreshness {
  /** When the calendar that was read longest ago was read. */
  readonly asOf: string
  /** At the time of the audit. */
  readonly ageMinutes: number
  /** Older than polling allows: something does not work. */
  readonly isOld: boolean
  readonly sentence: string
  /** About single calendars: held, closed, not read yet. */
  readonly notices: readonly string[]
}

export interface AuditSource {
  readonly calendar: string
  readonly name: string | null
  readonly events: number
  readonly outsideWindow: number
  readonly zones: readonly {
    readonly tzid: string
    readonly zone: string
    readonly source: string
    readonly events: number
  }[]
  readonly leftOut: readonly { readonly code: string; readonly count: number; readonly sentence: string }[]
}

export interface AuditCounts {
  readonly events: number
  readonly occurrences: number
  readonly meetings: number
  /** Of these, the meetings of the person the audit is of; all of them when it is nobody's. */
  readonly audited: number
  readonly series: number
  readonly oneOffs: number
  /** Every rule that spoke, counted ones first. Adds up to `occurrences`. */
  readonly rules: readonly {
    readonly rule: CountingRule
    readonly counted: boolean
    readonly occurrences: number
    readonly hours: number
    readonly sentence: string
  }[]
  /** The command that lists the rows behind these numbers, as the same person in the same zone. */
  readonly rows: string
}

/** One person's (or one calendar's) average week. Hours per week over the weeks of the window with any meeting. */
export interface WeekSummary {
  readonly weeks: number
  readonly workingHours: number
  /** Overlaps merged. */
  readonly meetingHours: number
  /** Share of working hours, 0..1. */
  readonly meetingShare: number
  /** Available focus time in gaps of at least `focusBlockMinutes`. */
  readonly focusHours: number
  readonly focusBlocks: number
  readonly fragmentHours: number
  /** 0 = all free time usable, 1 = none. */
  readonly fragmentationIndex: number
  /** Longest run of meetings with under 5 minutes between, in minutes, in the whole window. */
  readonly longestRunMinutes: number
  readonly backToBackRunsPerWeek: number
  readonly outsideHours: number
  readonly byWeekday: readonly {
    readonly weekday: string
    readonly meetingHours: number
    readonly focusHours: number
  }[]
  /** One entry a week, oldest first, for the chart and the table behind it. */
  readonly perWeek: readonly {
    readonly weekOn: string
    readonly meetingHours: number
    readonly focusHours: number
    readonly fragmentHours: number
  }[]
}

export interface SeriesReport {
  /** Stable within one report: the number people type in `--explain`. */
  readonly number: number
  readonly id: string
  readonly title: string
  readonly formerTitles: readonly string[]
  readonly section: AuditSection
  readonly answer: SkipAnswer
  readonly sentence: string
  readonly sureness: 'high' | 'some' | 'low'
  /** The sole live channel of teams on the calendars read, or near misses are on record for it. */
  readonly loadBearing: boolean
  readonly advice: string | null
  readonly kind: KindVerdict
  readonly scores: Classification['scores']
  readonly confidence: number
  readonly form: MeetingForm
  readonly forum: Forum | null
  readonly items: readonly {
    readonly text: string
    readonly minutes: number | null
    readonly owner: string | null
    readonly kind: KindVerdict
  }[]
  readonly basis: readonly AuditBasis[]
  readonly when: {
    readonly cadence: string
    readonly usual: string | null
    readonly minutes: number
    readonly held: number
    readonly removed: number
    readonly firstOn: string
    readonly lastOn: string
  }
  readonly people: {
    readonly headcount: Range
    readonly teams: readonly string[]
    readonly external: number
    readonly rooms: number
    readonly known: boolean
    /** The list is cut or holds a group of unknown size: `headcount` is a lower bound, also its `high`. */
    readonly atLeast: boolean
    readonly myRole: 'organizer' | 'required' | 'optional' | null
    /** Team pairs that meet live only here; null when teams are unknown. */
    readonly soleChannels: readonly (readonly [string, string])[] | null
  }
  readonly cost: AuditCost
  /** The meetings behind every number of this series. */
  readonly occurrences: readonly {
    readonly start: string
    readonly end: string
    readonly title: string
    readonly rule: CountingRule
  }[]
}

/** One reason: from the classifier (`about: kind`) or from the skip test (`about: verdict`). */
export interface AuditBasis {
  readonly about: 'kind' | 'verdict'
  readonly rule: string
  readonly side: SkipReason['side'] | null
  readonly sentence: string
  readonly quote: string | null
  readonly figures: Readonly<Record<string, number | string>>
}

/** What the series costs, as `SeriesCost`, with the currency of its money. */
export interface AuditCost extends Omit<SeriesCost, 'seriesId'> {
  readonly currency: string
}

export interface OneOffSummary {
  readonly count: number
  readonly hoursInWindow: Range
  readonly largest: readonly {
    readonly title: string
    readonly start: string
    readonly hours: number
    readonly kind: KindVerdict
  }[]
}

export interface AuditTotals {
  readonly hoursInWindow: Range
  readonly hoursPerWeek: Range
  readonly moneyInWindow: Range
  readonly moneyPerYear: Range
  readonly bySection: readonly {
    readonly section: AuditSection
    readonly series: number
    readonly hoursPerWeek: number
    readonly moneyPerYear: number
  }[]
  readonly byKind: readonly { readonly kind: KindVerdict; readonly series: number; readonly hoursPerWeek: number }[]
}

export interface AuditGain {
  readonly myMinutesPerWeek: number | null
  readonly personHoursPerWeek: number
  readonly focusBlocksBefore: number | null
  readonly focusBlocksAfter: number | null
  readonly sentence: string
}

export interface AuditUnknown {
  readonly rule: string
  readonly sentence: string
  /** What would change that. */
  readonly remedy: string | null
}

export interface AuditAssumptions {
  readonly currency: string
  readonly rates: readonly { readonly band: string; readonly perHour: number }[]
  readonly rateSource: string
  readonly attendance: {
    readonly accepted: number
    readonly tentative: number
    readonly none: number
    readonly declined: number
  }
  readonly focusBlockMinutes: number
  readonly workingHours: string
  readonly weeksPerYear: number
}

export interface AuditChanges {
  readonly previousOn: string
  readonly meetingHoursPerWeek: { readonly before: number; readonly after: number } | null
  readonly appeared: readonly string[]
  readonly disappeared: readonly string[]
  readonly moved: readonly { readonly title: string; readonly from: AuditSection; readonly to: AuditSection }[]
}
