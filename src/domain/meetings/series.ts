import { dateOf } from '../time/calendar-date.ts'
import type { RecurrenceRule } from '../time/recurrence-rule.ts'
import type { Instant, PlainDate, Zone } from '../time/types.ts'
import { dayMs } from '../time/types.ts'
import { cadenceOf, daysPerOccurrence, isRegular, type Rhythm, rhythmOf } from './cadence.ts'
import type { CalendarEvent, RemovedOccurrence } from './calendar-event.ts'
import { normalUid, seriesIdOf, sharedPeople } from './identity.ts'
import { stableHash } from './stable-id.ts'
import { habitKey, titleKey } from './titles.ts'
import type { Meeting, PersonId, Roster, Series, SeriesId } from './types.ts'

export interface SeriesContext {
  /** The audit's wall, for dates and "Thu 14:00". */
  readonly zone: Zone
}

/**
 * Meetings as series, by their first meeting. What belongs together:
 *
 * 1. one normalised UID: an event with all its changed occurrences, and Google's "this and following" splits;
 * 2. single events that keep a rhythm under one title (a council's calendar, entered one by one);
 * 3. a series and the one that took its place: it begins after the other's last expected occurrence and within two
 *    of its periods, has the same organizer, and agrees in at least `joinScore` points of title, hour, people and
 *    period. That follows Outlook's splits, re-creations and renames. Two series that run side by side are never one.
 *
 * Each meeting carries the id of its series; `removed` without a held meeting in its series is left out.
 */
export function seriesOf(
  meetings: readonly Meeting[],
  removed: readonly RemovedOccurrence[],
  context: SeriesContext,
): Series[] {
  const threads = gatherHabits(threadsByUid(meetings, removed), context)
  const joined = followSuccessors(threads, context)
  const dates = new Map<number, PlainDate>()
  const dateAt = (at: Instant): PlainDate => {
    const wall = context.zone.toWall(at)
    const day = Math.floor(wall / dayMs)
    let date = dates.get(day)
    if (date === undefined) {
      date = dateOf(wall)
      dates.set(day, date)
    }
    return date
  }
  return inOrder(joined).map(thread => seriesFrom(thread, context, dateAt))
}

/** By first meeting, then by id. A plain list of numbers is sorted several times as fast as what it stands for. */
function inOrder(threads: readonly Thread[]): Thread[] {
  const firstAt = Float64Array.from(threads, thread => thread.meetings[0]!.startAt)
  const order = Uint32Array.from(threads.keys())
  order.sort((a, b) => firstAt[a]! - firstAt[b]! || (threads[a]!.id < threads[b]!.id ? -1 : 1))
  return Array.from(order, index => threads[index]!)
}

/** Meetings that are known to belong together so far. */
interface Thread {
  id: SeriesId
  readonly uids: string[]
  readonly meetings: Meeting[]
  readonly removed: RemovedOccurrence[]
  recurring: boolean
}

function threadsByUid(meetings: readonly Meeting[], removed: readonly RemovedOccurrence[]): Thread[] {
  const byUid = new Map<string, Thread>()
  const threadOf = (event: CalendarEvent, held: Meeting[]): Thread => {
    // Without a UID nothing but the title can hold occurrences together.
    const uid = normalUid(event.uid) || `untitled ${titleKey(event.title)}`
    let thread = byUid.get(uid)
    if (thread === undefined) {
      thread = { id: seriesIdOf(uid), uids: [event.uid], meetings: held, removed: [], recurring: false }
      byUid.set(uid, thread)
      return thread
    }
    if (!thread.uids.includes(event.uid)) thread.uids.push(event.uid)
    for (const meeting of held) thread.meetings.push(meeting)
    return thread
  }
  const byEvent = new Map<CalendarEvent, Thread>()
  for (const meeting of meetings) {
    const { event, recurring } = meeting.occurrence
    const known = byEvent.get(event)
    // A list that begins with its only meeting has no room to grow, and most lists hold one.
    const thread = known ?? threadOf(event, [meeting])
    if (known) known.meetings.push(meeting)
    else byEvent.set(event, thread)
    thread.recurring ||= recurring
  }
  for (const each of removed) threadOf(each.event, []).removed.push(each)
  const threads = [...byUid.values()].filter(thread => thread.meetings.length > 0)
  for (const thread of threads) sortThread(thread)
  return threads
}

function sortThread(thread: Thread): void {
  if (thread.meetings.length > 1) thread.meetings.sort((a, b) => a.startAt - b.startAt)
  if (thread.removed.length > 1) thread.removed.sort((a, b) => a.originalStartAt - b.originalStartAt)
}

/** A title needs this many single events to be a habit. */
const fewestOfHabit = 3
/** Single events of one title belong together when this share of their people is the same, where people are known. */
const habitPeople = 0.5

/** Turns single events that keep a rhythm under one title into recurring threads. */
function gatherHabits(threads: readonly Thread[], context: SeriesContext): Thread[] {
  const byHabit = new Map<string, Thread[]>()
  const result: Thread[] = []
  const habits = new Map<string, string>()
  for (const thread of threads) {
    const key = thread.recurring ? null : habitOf(thread.meetings[0]!, habits)
    if (key === null) {
      result.push(thread)
      continue
    }
    const same = byHabit.get(key)
    if (same) same.push(thread)
    else byHabit.set(key, [thread])
  }
  for (const [key, singles] of byHabit) {
    const clusters = singles.length < fewestOfHabit ? singles.map(each => [each]) : byPeople(singles)
    let found = 0
    for (const cluster of clusters) {
      if (cluster.length < fewestOfHabit || !isRegular(rhythmOf(cluster.flatMap(expectedStarts), context.zone))) {
        // One at a time: a cluster may be longer than a call has room for arguments.
        for (const single of cluster) result.push(single)
        continue
      }
      const id = `t-${stableHash(found === 0 ? key : `${key} ${found}`)}`
      found++
      result.push({ ...joinThreads(cluster), id, recurring: true })
    }
  }
  return result
}

/** Which habit a single event could belong to; null when it has no title to go by. */
function habitOf(meeting: Meeting, habits: Map<string, string>): string | null {
  let title = habits.get(meeting.title)
  if (title === undefined) {
    title = habitKey(meeting.title)
    habits.set(meeting.title, title)
  }
  if (title === '') return null
  const { event } = meeting.occurrence
  return `${meeting.roster.organizerId ?? event.calendar}\n${title}`
}

/** How many circles of people a title is compared with: those it was last held with. */
const circlesRemembered = 8

/** Singles by start, kept apart where their people differ: a recruiter's interviews are not a series. */
function byPeople(singles: readonly Thread[]): Thread[][] {
  const sorted = [...singles].sort((a, b) => a.meetings[0]!.startAt - b.meetings[0]!.startAt)
  const clusters: Thread[][] = []
  const recent: { cluster: Thread[]; roster: Roster }[] = []
  for (const single of sorted) {
    const { roster } = single.meetings[0]!
    const index = recent.findIndex(each => mayBeSamePeople(each.roster, roster))
    const found = recent[index]
    const cluster = found?.cluster ?? []
    cluster.push(single)
    if (found) recent.splice(index, 1)
    else clusters.push(cluster)
    // Bounded on purpose: ten thousand one-offs under one title would otherwise be compared with one another.
    recent.unshift({ cluster, roster })
    if (recent.length > circlesRemembered) recent.pop()
  }
  return clusters
}

function mayBeSamePeople(left: Roster, right: Roster): boolean {
  if (left.people.length < 2 && right.people.length < 2) return true
  return sharedPeople(left, right) >= habitPeople
}

/** What a thread looks like from outside, for finding the one that took its place. */
interface Profile {
  readonly thread: Thread
  readonly firstAt: Instant
  readonly lastAt: Instant
  readonly organizerId: PersonId | null
  readonly title: string
  readonly roster: Roster
  readonly slot: Rhythm['slot']
  readonly periodDays: number
}

/** A successor begins within this many periods of the series it follows. */
const longestGapPeriods = 2
/** Points a successor needs, of 7: same title 2 (alike 1), same weekday and hour 2, same people 2 (half 1), same period 1. */
const joinScore = 5

/** Joins each series with the one that took its place, best agreement first, one successor to one predecessor. */
function followSuccessors(threads: readonly Thread[], context: SeriesContext): Thread[] {
  const byOrganizer = new Map<string, Profile[]>()
  for (const thread of threads) {
    if (!thread.recurring) continue
    const profile = profileOf(thread, context)
    const key = profile.organizerId ?? `${thread.meetings[0]!.occurrence.event.calendar}\n${profile.title}`
    const same = byOrganizer.get(key)
    if (same) same.push(profile)
    else byOrganizer.set(key, [profile])
  }
  const successorOf = new Map<Thread, Thread>()
  const followers = new Set<Thread>()
  for (const profiles of byOrganizer.values()) {
    if (profiles.length < 2) continue
    for (const { older, newer } of candidates(profiles)) {
      if (successorOf.has(older) || followers.has(newer)) continue
      successorOf.set(older, newer)
      followers.add(newer)
    }
  }
  return threads.flatMap(thread => {
    if (followers.has(thread)) return []
    const chain = [thread]
    for (let next = successorOf.get(thread); next; next = successorOf.get(next)) chain.push(next)
    return chain.length === 1 ? [thread] : [{ ...joinThreads(chain), id: thread.id, recurring: true }]
  })
}

function candidates(profiles: readonly Profile[]): { older: Thread; newer: Thread }[] {
  const byFirst = [...profiles].sort((a, b) => a.firstAt - b.firstAt)
  const found: { older: Thread; newer: Thread; score: number; gap: number }[] = []
  for (const older of profiles) {
    const latest = older.lastAt + longestGapPeriods * older.periodDays * dayMs
    for (let i = firstAfter(byFirst, older.lastAt); i < byFirst.length && byFirst[i]!.firstAt <= latest; i++) {
      const newer = byFirst[i]!
      const score = agreement(older, newer)
      const gap = newer.firstAt - older.lastAt
      if (score >= joinScore) found.push({ older: older.thread, newer: newer.thread, score, gap })
    }
  }
  return found.sort((a, b) => b.score - a.score || a.gap - b.gap)
}

/** The first index whose series starts after an instant; `byFirst` is ascending. */
function firstAfter(byFirst: readonly Profile[], at: Instant): number {
  let low = 0
  let high = byFirst.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (byFirst[middle]!.firstAt > at) high = middle
    else low = middle + 1
  }
  return low
}

function agreement(older: Profile, newer: Profile): number {
  return (
    titlePoints(older.title, newer.title) +
    (sameSlot(older.slot, newer.slot) ? 2 : 0) +
    peoplePoints(older.roster, newer.roster) +
    (samePeriod(older.periodDays, newer.periodDays) ? 1 : 0)
  )
}

function titlePoints(older: string, newer: string): number {
  if (older === '' || newer === '') return 0
  if (older === newer) return 2
  const words = new Set(older.split(' '))
  const newWords = new Set(newer.split(' '))
  let shared = 0
  for (const word of newWords) if (words.has(word)) shared++
  return shared >= (words.size + newWords.size - shared) / 2 ? 1 : 0
}

function peoplePoints(older: Roster, newer: Roster): number {
  if (older.people.length < 2 || newer.people.length < 2) return 0
  const shared = sharedPeople(older, newer)
  if (shared >= 0.6) return 2
  if (shared >= 0.4) return 1
  // Other people are a reason against, whatever else agrees.
  return shared < 0.25 ? -2 : 0
}

function sameSlot(older: Rhythm['slot'], newer: Rhythm['slot']): boolean {
  return older !== null && newer !== null && older.weekday === newer.weekday && older.minute === newer.minute
}

function samePeriod(older: number, newer: number): boolean {
  return Math.abs(older - newer) <= Math.max(older, newer) * 0.2
}

function profileOf(thread: Thread, context: SeriesContext): Profile {
  const starts = expectedStarts(thread)
  const rhythm = rhythmOf(starts, context.zone)
  const latest = latestPlain(thread.meetings)
  const rule = ruleOf(thread)
  return {
    thread,
    firstAt: starts[0]!,
    lastAt: starts.at(-1)!,
    organizerId: latest.roster.organizerId,
    title: titleKey(latest.title),
    roster: latest.roster,
    slot: rhythm.slot,
    periodDays: rhythm.medianGapDays || (rule && daysPerOccurrence(rule)) || 7,
  }
}

function joinThreads(threads: readonly Thread[]): Thread {
  const byStart = [...threads].sort((a, b) => a.meetings[0]!.startAt - b.meetings[0]!.startAt)
  const joined: Thread = {
    id: byStart[0]!.id,
    uids: byStart.flatMap(each => each.uids),
    meetings: byStart.flatMap(each => each.meetings),
    removed: byStart.flatMap(each => each.removed),
    recurring: byStart.some(each => each.recurring),
  }
  sortThread(joined)
  return joined
}

/** When occurrences were meant to start, held or not: original starts, before any move. */
function expectedStarts(thread: Thread): Instant[] {
  const starts = thread.meetings.map(meeting => meeting.occurrence.originalStartAt)
  for (const each of thread.removed) starts.push(each.originalStartAt)
  return starts.length > 1 ? starts.sort((a, b) => a - b) : starts
}

function startsOf(meetings: readonly Meeting[]): Instant[] {
  return meetings.map(({ startAt }) => startAt)
}

/** The latest rule that is on record; overrides do not carry the rule of their series. */
function ruleOf(thread: Thread): RecurrenceRule | null {
  for (let i = thread.meetings.length - 1; i >= 0; i--) {
    const rules = thread.meetings[i]!.occurrence.event.recurrence?.rules
    if (rules !== undefined) return rules.length === 1 ? rules[0]! : null
  }
  return null
}

function seriesFrom(thread: Thread, context: SeriesContext, dateAt: DateAt): Series {
  const { id, uids, removed, recurring } = thread
  const meetings = thread.meetings.every(each => each.seriesId === id)
    ? thread.meetings
    : thread.meetings.map(each => (each.seriesId === id ? each : { ...each, seriesId: id }))
  const titles = titlesOf(meetings, dateAt)
  const cadence = recurring
    ? cadenceOf(expectedStarts(thread), startsOf(meetings), ruleOf(thread), context.zone)
    : notRepeated
  const title = titles.at(-1)!.title
  return { id, title, titles, recurring, cadence, meetings, removed, uids, roster: latestPlain(meetings).roster }
}

/** The date of an instant on the audit's wall; remembered by day, as most are asked for again. */
type DateAt = (at: Instant) => PlainDate

const notRepeated = { text: 'once', perWeek: 0, usual: null } as const

/** Changed occurrences in a row that speak of a rename rather than of one special day. */
const fewestRenamedOverrides = 3

/** The names a series had: runs of one title, without those that only one changed occurrence or two carry. */
function titlesOf(meetings: readonly Meeting[], dateAt: DateAt): Series['titles'] {
  const only = meetings[0]!
  if (meetings.length === 1) return [{ title: only.title, fromOn: dateAt(only.startAt) }]
  const runs: { title: string; firstAt: Instant; count: number; changed: boolean }[] = []
  for (const meeting of meetings) {
    const changed = isChangedOccurrence(meeting)
    const last = runs.at(-1)
    if (last && last.title === meeting.title) {
      last.count++
      last.changed &&= changed
    } else runs.push({ title: meeting.title, firstAt: meeting.startAt, count: 1, changed })
  }
  const lasting = runs.filter(run => !run.changed || run.count >= fewestRenamedOverrides)
  const names: { title: string; firstAt: Instant }[] = []
  for (const { title, firstAt } of lasting.length > 0 ? lasting : runs) {
    const last = names.at(-1)
    // A number or a date that moves on is not another name.
    if (last && habitKey(last.title) === habitKey(title) && habitKey(title) !== '') last.title = title
    else names.push({ title, firstAt })
  }
  return names.map(({ title, firstAt }) => ({ title, fromOn: dateAt(firstAt) }))
}

function isChangedOccurrence(meeting: Meeting): boolean {
  const { override } = meeting.occurrence.event
  return override !== null && !override.andFuture
}

/** The latest meeting that is not a changed occurrence, else the latest: one guest does not change a series. */
function latestPlain(meetings: readonly Meeting[]): Meeting {
  for (let i = meetings.length - 1; i >= 0; i--) if (!isChangedOccurrence(meetings[i]!)) return meetings[i]!
  return meetings.at(-1)!
}
