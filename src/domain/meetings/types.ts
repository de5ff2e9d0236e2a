import type { Instant, PlainDate } from '../time/types.ts'
import type { Occurrence, RemovedOccurrence, Response } from './calendar-event.ts'

/** Canonical address of a human: lower case, without scheme, aliases resolved. */
export type PersonId = string
export type MeetingId = string
export type SeriesId = string

/** One line of people.csv, or of a provider's directory. Everything but the address may be unknown. */
export interface DirectoryPerson {
  readonly id: PersonId
  readonly aliases: readonly string[]
  readonly name: string | null
  readonly team: string | null
  readonly roleBand: string | null
  readonly zone: string | null
  readonly workingHours: WorkingHours | null
  readonly managerId: PersonId | null
}

/** A working day, the same every listed weekday. Minutes after midnight on the person's wall. */
export interface WorkingHours {
  /** 0 = Monday … 6 = Sunday. */
  readonly weekdays: readonly number[]
  readonly startMinute: number
  readonly endMinute: number
}

/** Everybody a calendar or people.csv told us about. */
export interface Directory {
  readonly people: ReadonlyMap<PersonId, DirectoryPerson>
  /** Any known spelling of an address (lower case) to the person. */
  readonly byAddress: ReadonlyMap<string, PersonId>
  /** True when a people file was given: teams can be spoken of. */
  readonly hasTeams: boolean
  /** Mail domains that count as inside; empty when unknown. */
  readonly domains: ReadonlySet<string>
  /** Addresses known to be rooms or equipment (lower case). */
  readonly rooms?: ReadonlySet<string>
  /** Group addresses (lower case) and the addresses of their members, people or groups. */
  readonly groups?: ReadonlyMap<string, readonly string[]>
}

/**
 * Which rule counted or dropped an occurrence. The first group counts, the second does not.
 * Order is the order in which `countingRule` asks.
 */
export const countedRules = ['people-met', 'group-invited', 'teaching-or-client', 'invitees-not-listed'] as const
export const droppedRules = [
  'cancelled',
  'cancelled-by-title',
  'declined-by-me',
  'private',
  'focus-time',
  'out-of-office',
  'working-location',
  'hold-of-other-tool',
  'all-day',
  'shown-as-free',
  'no-length',
  'longer-than-12-hours',
  'alone',
  'duplicate-copy',
] as const
export type CountedRule = (typeof countedRules)[number]
export type DroppedRule = (typeof droppedRules)[number]
export type CountingRule = CountedRule | DroppedRule

/** Who was asked to a meeting: rooms taken out, one entry per human, groups as intervals. Shared by a series. */
export interface Roster {
  readonly people: readonly Invitee[]
  readonly groups: readonly InvitedGroup[]
  readonly rooms: number
  readonly organizerId: PersonId | null
  /** Known teams with somebody who was invited and has not declined: without duplicates, sorted. */
  readonly teams: readonly string[]
  /** People outside the organisation's own mail domains. */
  readonly externalCount: number
  /**
   * Who may come: everybody invited but those who declined. Low counts no group member, high all known members, and
   * expected a third of a group.
   */
  readonly headcount: Range
  /**
   * Lists were cut by the source, or a group's members are unknown: `headcount` has no upper bound, and `high` is only
   * who is known, with one person for each unknown group.
   */
  readonly truncated: boolean
  /** False when the calendar lists no invitees at all: nothing about people can be said. */
  readonly known: boolean
}

export interface Invitee {
  readonly id: PersonId
  readonly team: string | null
  readonly roleBand: string | null
  readonly response: Response
  readonly required: boolean
  readonly isOrganizer: boolean
  readonly isMe: boolean
  readonly isExternal: boolean
}

export interface InvitedGroup {
  readonly address: string
  /** Members who are not listed by themselves: low none, high all, expected a third. */
  readonly members: Range
  /** False when nobody told us who is behind the address: `members` then stands for one person at most. */
  readonly sizeKnown: boolean
  /** Only the look of the address (`all@`, `payments-team@`) says that it is a group. */
  readonly guessed: boolean
}

/** Low, expected, high of the same quantity. low <= expected <= high. */
export interface Range {
  readonly low: number
  readonly expected: number
  readonly high: number
}

/** One occurrence that counts. */
export interface Meeting {
  readonly id: MeetingId
  readonly seriesId: SeriesId
  readonly occurrence: Occurrence
  readonly startAt: Instant
  readonly endAt: Instant
  readonly minutes: number
  readonly title: string
  readonly roster: Roster
  readonly rule: CountedRule
  /** On how many of the calendars read this meeting stands. */
  readonly copies: number
}

/** An occurrence with the rule that spoke: one row of `read`, and what every number of an audit opens into. */
export interface JudgedOccurrence {
  readonly occurrence: Occurrence
  readonly counted: boolean
  readonly rule: CountingRule
  /** The meeting it counts as; of a duplicate copy the meeting it is a copy of; else null. */
  readonly meetingId: MeetingId | null
}

/** A recurrence followed across renames and "this and following" splits, or a one-off. */
export interface Series {
  readonly id: SeriesId
  /** The latest title. */
  readonly title: string
  /** Every title it had, oldest first, with the date of its first occurrence under that name. */
  readonly titles: readonly { readonly title: string; readonly fromOn: PlainDate }[]
  readonly recurring: boolean
  readonly cadence: Cadence
  /** Oldest first; at least one. */
  readonly meetings: readonly Meeting[]
  /** Expected occurrences that did not take place, oldest first. */
  readonly removed: readonly RemovedOccurrence[]
  /** UIDs that were joined into this series, oldest first. More than one after a split or a re-creation. */
  readonly uids: readonly string[]
  /** The latest roster. */
  readonly roster: Roster
}

export interface Cadence {
  readonly text:
    | 'daily'
    | 'several a week'
    | 'weekly'
    | 'every 2 weeks'
    | 'monthly'
    | 'quarterly'
    | 'yearly'
    | 'irregular'
    | 'once'
  /** Expected occurrences a week, measured in the window; 0 for a one-off. */
  readonly perWeek: number
  /** The start most of the recent meetings had, "Thu 14:00", on the audit's wall; null when it wanders. */
  readonly usual: string | null
}
