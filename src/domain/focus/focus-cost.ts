import type { PersonId, SeriesId, WorkingHours } from '../meetings/types.ts'
import { mergeIntervals } from '../time/intervals.ts'
import type { Interval, Zone } from '../time/types.ts'
import { minuteMs } from '../time/types.ts'
import { workingIntervals } from '../time/working-hours.ts'
import type { FocusCost } from '../worth/types.ts'
import { defaultFocusBlockMinutes } from './day.ts'

/** One person whose calendar is known. */
export interface PersonCalendar {
  readonly id: PersonId
  readonly hours: WorkingHours
  readonly zone: Zone
  /** The meetings this person is expected at, in any order. */
  readonly meetings: readonly (Interval & { readonly seriesId: SeriesId })[]
  readonly away?: readonly Interval[]
}

export interface FocusCostOptions {
  readonly window: Interval
  /** Length of the window in weeks, more than 0. */
  readonly weeks: number
  readonly focusBlockMinutes?: number
  readonly me: PersonId | null
}

/**
 * The available focus time that each series takes: what a person would have in long gaps without it, minus what there is
 * with it (leave one out), summed over the people whose calendars are known. Half an hour in the middle of three and a
 * half free hours takes all of them. Every series is judged with all others standing, so the values do not add up.
 *
 * One sweep over each person's days: a day is cut into free pieces, pieces that one series alone occupies, and the rest.
 * Without that series its pieces join their free neighbours, and no other gap of the day changes.
 */
export function focusCosts(
  calendars: readonly PersonCalendar[],
  { window, weeks, focusBlockMinutes = defaultFocusBlockMinutes, me }: FocusCostOptions,
): Map<SeriesId, FocusCost> {
  const totals = new Map<SeriesId, { all: number; mine: number; calendars: number }>()
  for (const calendar of calendars) {
    for (const [seriesId, ms] of focusLost(calendar, window, focusBlockMinutes * minuteMs)) {
      const total = totals.get(seriesId) ?? { all: 0, mine: 0, calendars: 0 }
      total.all += ms
      if (calendar.id === me) total.mine += ms
      total.calendars++
      totals.set(seriesId, total)
    }
  }
  const perWeek = weeks > 0 ? 1 / (weeks * minuteMs) : 0
  return new Map(
    [...totals].map(([seriesId, { all, mine, calendars: count }]) => [
      seriesId,
      { minutesPerWeek: all * perWeek, myMinutesPerWeek: me === null ? null : mine * perWeek, calendars: count },
    ]),
  )
}

/** Milliseconds of long gaps that would appear in this calendar without each of its series; 0 is an answer too. */
function focusLost(calendar: PersonCalendar, window: Interval, blockMs: number): Map<SeriesId, number> {
  const lost = new Map<SeriesId, number>()
  const meetings = [...calendar.meetings].sort((a, b) => a.startAt - b.startAt)
  const longest = meetings.reduce((most, { startAt, endAt }) => Math.max(most, endAt - startAt), 0)
  for (const { startAt, endAt, seriesId } of meetings)
    if (startAt < window.endAt && endAt > window.startAt) lost.set(seriesId, 0)

  const away = mergeIntervals(calendar.away ?? [])
  let first = 0
  for (const day of workingIntervals(calendar.hours, calendar.zone, window)) {
    while (first < meetings.length && meetings[first]!.startAt < day.startAt - longest) first++
    const today: Occupation[] = []
    for (let index = first; index < meetings.length && meetings[index]!.startAt < day.endAt; index++)
      if (meetings[index]!.endAt > day.startAt) today.push(meetings[index]!)
    if (today.length === 0) continue
    for (const { startAt, endAt } of away)
      if (startAt < day.endAt && endAt > day.startAt) today.push({ startAt, endAt, seriesId: absent })
    for (const [seriesId, ms] of regained(pieces(day, today), blockMs))
      lost.set(seriesId, (lost.get(seriesId) ?? 0) + ms)
  }
  return lost
}

/** Time off stands in the way like a meeting, but no series can be left out to get it back. */
const absent = Symbol('absent')
const shared = Symbol('shared')

interface Occupation extends Interval {
  readonly seriesId: SeriesId | typeof absent
}

/** A stretch of a day and who takes it: nobody, one series alone, or several together. */
interface Piece {
  readonly ms: number
  readonly by: SeriesId | null | typeof absent | typeof shared
}

interface Edge {
  readonly at: number
  readonly change: 1 | 0 | -1
  readonly seriesId: Occupation['seriesId']
}

/** The day cut where anything starts or ends; equal neighbours are one piece. */
function pieces(day: Interval, occupations: readonly Occupation[]): Piece[] {
  const edges: Edge[] = occupations
    .flatMap(({ startAt, endAt, seriesId }): Edge[] => [
      { at: Math.max(startAt, day.startAt), change: 1, seriesId },
      { at: Math.min(endAt, day.endAt), change: -1, seriesId },
    ])
    .sort((a, b) => a.at - b.at)
  edges.push({ at: day.endAt, change: 0, seriesId: absent })
  const standing = new Map<Occupation['seriesId'], number>()
  const cut: { ms: number; by: Piece['by'] }[] = []
  let at = day.startAt
  for (const edge of edges) {
    if (edge.at > at) {
      const by = standing.size === 0 ? null : standing.size > 1 ? shared : onlyKey(standing)
      const last = cut.at(-1)
      if (last && last.by === by) last.ms += edge.at - at
      else cut.push({ ms: edge.at - at, by })
      at = edge.at
    }
    const count = (standing.get(edge.seriesId) ?? 0) + edge.change
    if (count > 0) standing.set(edge.seriesId, count)
    else standing.delete(edge.seriesId)
  }
  return cut
}

function onlyKey(standing: ReadonlyMap<Occupation['seriesId'], number>): Piece['by'] {
  for (const key of standing.keys()) return key
  return null
}

/** What each series, left out alone, would add to the long gaps of the day. */
function regained(cut: readonly Piece[], blockMs: number): Map<SeriesId, number> {
  const gained = new Map<SeriesId, number>()
  const joinedUpTo = new Map<SeriesId, number>()
  cut.forEach(({ by }, index) => {
    if (typeof by !== 'string' || index < (joinedUpTo.get(by) ?? 0)) return
    const isOpen = (piece: Piece | undefined) => piece !== undefined && (piece.by === null || piece.by === by)
    let from = index
    while (isOpen(cut[from - 1])) from--
    let to = index
    while (isOpen(cut[to])) to++
    joinedUpTo.set(by, to)

    const joined = cut.slice(from, to)
    const without = joined.reduce((sum, { ms }) => sum + ms, 0)
    const withIt = joined.reduce((sum, { ms, by: taker }) => sum + (taker === null && ms >= blockMs ? ms : 0), 0)
    gained.set(by, (gained.get(by) ?? 0) + (without >= blockMs ? without : 0) - withIt)
  })
  return gained
}
