import type { Classification, MeetingKind } from '../classifier/types.ts'
import type { CalendarEvent } from '../meetings/calendar-event.ts'
import type { PersonId, Range, Series } from '../meetings/types.ts'
import { defaultAttendance, expectedPeople } from './attendance.ts'
import type { AttendanceWeights, SeriesChannels, SeriesCost, SeriesOverlap } from './types.ts'

/** What the skip test is told beside the series itself. What is unknown is null or left out, never a default. */
export interface SkipContext {
  readonly me: PersonId | null
  /** Teams can be spoken of (`channelMap` was not null). Without them nobody can say which links a series carries. */
  readonly teamsKnown: boolean
  readonly attendance?: AttendanceWeights
  /** From `overlappingSeries`. */
  readonly overlap?: SeriesOverlap | null
  /** From `touchingMeetings`, for my calendar. */
  readonly backToBack?: { readonly touching: number; readonly held: number } | null
  /** Near misses on record for this series; null when there is no ledger. */
  readonly nearMisses?: number | null
  /** People who were asked whether they would miss it; null when nobody asked. */
  readonly feedback?: { readonly answered: number; readonly wouldSkip: number } | null
}

/** A series seen with the eyes of the skip test: everything its rules ask, computed once. */
export interface SkipFacts {
  readonly series: Series
  readonly classification: Classification
  readonly cost: SeriesCost
  readonly channels: SeriesChannels | null
  readonly context: SkipContext
  readonly held: number
  readonly removed: number
  /** The usual length. */
  readonly minutes: number
  readonly people: Range
  /** People on the invitation by themselves who have not declined. */
  readonly knownPeople: number
  /** A group is invited that nobody can count: `people.high` is no upper bound. */
  readonly hasOpenGroup: boolean
  readonly iAmOptional: boolean
  /** Occurrences whose invitation says nothing beyond how to join. */
  readonly withoutAgenda: number
  readonly agenda: AgendaFacts
  /** No agenda item and no text speaks for the kind: a title alone, perhaps with people and rhythm. */
  readonly isKindFromTitleOnly: boolean
  /** Every occurrence hides what it is about. */
  readonly isPrivate: boolean
}

export interface AgendaFacts {
  readonly items: number
  /** Sum of the items' minutes; null unless every item has its minutes and there are at least two. */
  readonly timedMinutes: number | null
  /** Share of the agenda that is status, 0..1, by minutes where all are known, else by items; null without items. */
  readonly statusShare: number | null
  /** Kinds of the items that are not status, without `unclear`. */
  readonly otherKinds: readonly MeetingKind[]
  readonly conflictItems: number
  readonly alignmentItems: number
  readonly decisionItems: number
}

export function skipFacts(
  series: Series,
  classification: Classification,
  cost: SeriesCost,
  channels: SeriesChannels | null,
  context: SkipContext,
): SkipFacts {
  const { meetings, roster } = series
  const mine = roster.people.find(person => person.isMe || (context.me !== null && person.id === context.me))
  return {
    series,
    classification,
    cost,
    channels,
    context,
    held: meetings.length,
    removed: series.removed.length,
    minutes: median(meetings.map(({ minutes }) => minutes)),
    people: expectedPeople(roster, context.attendance ?? defaultAttendance),
    knownPeople: roster.people.filter(({ response }) => response !== 'declined').length,
    hasOpenGroup: roster.groups.some(({ sizeKnown }) => !sizeKnown),
    iAmOptional: mine !== undefined && !mine.required && !mine.isOrganizer,
    withoutAgenda: countWithoutAgenda(series),
    agenda: agendaFacts(classification),
    isKindFromTitleOnly: !classification.basis.some(
      ({ kind, where }) => kind === classification.kind && (where === 'item' || where === 'text'),
    ),
    isPrivate: meetings.length > 0 && meetings.every(({ occurrence }) => hidesItsPurpose(occurrence.event)),
  }
}

/** From this confidence on a kind is taken at its word. */
export const sureFrom = 0.6
/** Below this a kind carries no verdict. */
export const usableFrom = 0.5

/** Status, sure enough to act on, and no conflict in sight. */
export function isStatusRound({ kind, confidence }: Classification): boolean {
  return kind === 'status' && confidence >= usableFrom
}

function agendaFacts({ items }: Classification): AgendaFacts {
  const count = (kind: MeetingKind) => items.filter(item => item.kind === kind).length
  const allTimed = items.length > 0 && items.every(({ minutes }) => minutes !== null && minutes > 0)
  const weightOf = (item: { readonly minutes: number | null }) => (allTimed ? (item.minutes ?? 0) : 1)
  const weight = items.reduce((sum, item) => sum + weightOf(item), 0)
  const statusWeight = items.reduce((sum, item) => sum + (item.kind === 'status' ? weightOf(item) : 0), 0)
  const otherKinds = (['conflict', 'decision', 'alignment'] as const).filter(kind => count(kind) > 0)
  return {
    items: items.length,
    timedMinutes: allTimed && items.length >= 2 ? weight : null,
    statusShare: weight > 0 ? statusWeight / weight : null,
    otherKinds,
    conflictItems: count('conflict'),
    alignmentItems: count('alignment'),
    decisionItems: count('decision'),
  }
}

function countWithoutAgenda({ meetings }: Series): number {
  // Occurrences of a series mostly share one description; a long one is read once.
  const known = new Map<string, boolean>()
  let without = 0
  for (const { occurrence } of meetings) {
    const { description, attachmentCount } = occurrence.event
    let says = known.get(description)
    if (says === undefined) {
      says = saysSomething(description)
      known.set(description, says)
    }
    if (!says && attachmentCount === 0) without++
  }
  return without
}

/** Fewer letters than this are a greeting, not a purpose. */
const fewestLetters = 12

/** Whether a description says more than how to join the call. A linked agenda or notes document counts as one. */
function saysSomething(description: string): boolean {
  const text = description.replace(/<(?:br|\/p|\/div|\/li)[^<>]{0,200}>/gi, '\n').replace(/<[^<>]{0,2000}>/g, ' ')
  let letters = 0
  for (const line of text.split('\n')) {
    const isLink = /https?:\/\//i.test(line)
    if (isLink && /agenda|minutes|notes|\bdocs?\b|document|notion|confluence|wiki/i.test(line)) return true
    if (isLink || joiningWords.test(line)) continue
    letters += (line.match(/\p{L}/gu) ?? []).length
    if (letters >= fewestLetters) return true
  }
  return false
}

const joiningWords =
  /\b(?:join|joining|zoom|webex|google meet|microsoft teams|meeting id|passcode|password|dial|phone|one tap|pin|sip|more numbers|find your local number)\b/i

function hidesItsPurpose({ visibility, description, title }: CalendarEvent): boolean {
  const isHidden = visibility === 'private' || visibility === 'confidential'
  return (
    isHidden && description.trim() === '' && (title === null || title.trim() === '' || /^(private|busy)\b/i.test(title))
  )
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? 0
}
