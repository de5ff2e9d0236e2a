import type { Instant, Interval, Zone } from '../time/types.ts'
import { minuteMs } from '../time/types.ts'
import type { CalendarEvent, Occurrence, RemovedOccurrence, Response } from './calendar-event.ts'
import { type CountingContext, isPrivate, judge } from './counting.ts'
import { haveSamePeople, informationOf, meetingIdEndOf, meetingIdStartOf, normalUid, seriesIdOf } from './identity.ts'
import { guessMe } from './me.ts'
import { type RosterContext, rosterContext, rosterOf, withReply } from './roster.ts'
import { seriesOf } from './series.ts'
import { titleKey } from './titles.ts'
import {
  type CountedRule,
  type CountingRule,
  countedRules,
  type Directory,
  type JudgedOccurrence,
  type Meeting,
  type MeetingId,
  type PersonId,
  type Roster,
  type Series,
  type SeriesId,
} from './types.ts'

/** One calendar after expansion. */
export interface CalendarOccurrences {
  readonly calendar: string
  /** The calendar's own name, where it has one; helps to find out whose it is. */
  readonly name?: string | null
  /** Whose calendar it is, where the source says so; else it is guessed. */
  readonly owner?: PersonId | null
  readonly occurrences: readonly Occurrence[]
  readonly removed: readonly RemovedOccurrence[]
}

export interface AuditContext {
  readonly directory: Directory
  /** Whose audit it is; null for a whole organisation's, or when nobody knows. */
  readonly me: PersonId | null
  readonly window: Interval
  /** The audit's wall. */
  readonly zone: Zone
}

export interface JudgedCalendars {
  /** Every occurrence read with the rule that spoke, calendar by calendar, in the order given. */
  readonly judged: readonly JudgedOccurrence[]
  /** What counts, once each, by start. */
  readonly meetings: readonly Meeting[]
  /** Expected occurrences that did not take place, once each, also those called off by status or title. */
  readonly removed: readonly RemovedOccurrence[]
  /** The same meetings as series, by first meeting. */
  readonly series: readonly Series[]
  /** Mail domains taken for the organisation's own; empty when nothing says. */
  readonly ownDomains: ReadonlySet<string>
}

/**
 * From the occurrences of one or many calendars to meetings that count once: each copy is judged by the rules, copies
 * of one meeting are found by (normalised UID, original start), the organizer's copy speaks for it, else the one
 * that tells most, and a person's own copy speaks for their own reply. Occurrences outside the window are ignored.
 */
export function meetingsOf(reads: readonly CalendarOccurrences[], context: AuditContext): JudgedCalendars {
  const calendars = reads.map(read => readCalendar(read, reads.length, context))
  const rosters = rosterContext(calendars, context.directory, context.me)
  const rows: Row[] = []
  const byUid = new Map<string, UidSlots>()
  const slots = slotsOf(calendars, rosters, context, rows, byUid)
  for (const slot of slots) settle(slot, context)
  if (reads.length > 1) joinProbableCopies(slots)
  const meetings: Meeting[] = []
  const idEnds = new Map<Instant, string>()
  for (const slot of slots) {
    const meeting = meetingFrom(slot, context, idEnds)
    if (meeting) meetings.push(meeting)
  }
  const removed = removedFrom(calendars, slots, byUid)
  const series = seriesOf(meetings, removed, context)
  for (const row of rows) row.counted = isCounted(row.rule)
  return {
    judged: rows,
    meetings: inOrder(series),
    removed,
    series,
    ownDomains: rosters.ownDomains,
  }
}

interface Calendar {
  readonly calendar: string
  readonly owner: PersonId | null
  readonly occurrences: readonly Occurrence[]
  readonly removed: readonly RemovedOccurrence[]
  readonly events: ReadonlySet<CalendarEvent>
  /** UIDs of which some part is private here: then all of it is (the most restrictive of master and occurrence). */
  readonly privateUids: ReadonlySet<string>
}

function readCalendar(read: CalendarOccurrences, calendarCount: number, context: AuditContext): Calendar {
  const events = new Set<CalendarEvent>()
  for (const { event } of read.occurrences) events.add(event)
  for (const { event } of read.removed) events.add(event)
  const privateUids = new Set<string>()
  for (const event of events) if (isPrivate(event)) privateUids.add(event.uid)
  return {
    calendar: read.calendar,
    owner: read.owner ?? ownerOf(read, events, calendarCount, context),
    occurrences: read.occurrences,
    removed: read.removed,
    events,
    privateUids,
  }
}

function ownerOf(
  read: CalendarOccurrences,
  events: ReadonlySet<CalendarEvent>,
  calendarCount: number,
  { directory, me }: AuditContext,
): PersonId | null {
  // Of a single calendar the caller has already found out whose it is, as far as that can be.
  if (calendarCount === 1) return me
  const { address } = guessMe(events, [{ calendar: read.calendar, name: read.name ?? null }])
  return address === null ? null : (directory.byAddress.get(address) ?? address)
}

/** One occurrence on one calendar, handed out as what was judged once nothing changes any more. */
interface Row extends JudgedOccurrence {
  readonly calendar: Calendar
  readonly roster: Roster
  rule: CountingRule
  counted: boolean
  meetingId: MeetingId | null
}

/** One meeting with its copies, as far as UIDs tell. */
interface Slot {
  readonly ofUid: UidSlots
  readonly first: Row
  /** Copies beside the first; most meetings stand on one calendar, and there are as many slots as occurrences. */
  others: Row[] | null
  /** The slot that was added before under the same UID. */
  readonly before: Slot | null
  /** Another meeting under the same UID and start. */
  readonly next: Slot | null
  /** The copy that speaks for the meeting; null when it does not count. */
  primary: Row | null
  myReply: Response | null
  /** Another slot turned out to be the same meeting under another UID. */
  sameAs: Slot | null
}

/** Judges every occurrence and puts copies of one meeting together. Whatever is per event is asked once per event. */
function slotsOf(
  calendars: readonly Calendar[],
  rosters: RosterContext,
  context: AuditContext,
  rows: Row[],
  byUid: Map<string, UidSlots>,
): Slot[] {
  const slots: Slot[] = []
  for (const calendar of calendars) {
    const seen = new Map<CalendarEvent, SeenEvent>()
    const inOpenSeries: CountingContext = {
      listsInvitees: rosters.listsInvitees(calendar.calendar),
      meIsKnown: context.me !== null,
      seriesIsPrivate: false,
    }
    const inPrivateSeries: CountingContext = { ...inOpenSeries, seriesIsPrivate: true }
    for (const occurrence of calendar.occurrences) {
      const { event, startAt, endAt, originalStartAt } = occurrence
      if (startAt >= context.window.endAt || (endAt <= context.window.startAt && startAt < context.window.startAt))
        continue
      let known = seen.get(event)
      if (known === undefined) {
        const uid = normalUid(event.uid)
        let ofUid = byUid.get(uid)
        if (ofUid === undefined) {
          const seriesId = seriesIdOf(uid)
          ofUid = {
            uid,
            seriesId,
            meetingIdStart: meetingIdStartOf(seriesId),
            latestAt: Number.NEGATIVE_INFINITY,
            latest: null,
            byStart: null,
          }
          byUid.set(uid, ofUid)
        }
        const counting = calendar.privateUids.has(event.uid) ? inPrivateSeries : inOpenSeries
        known = { ofUid, roster: rosterOf(event, rosters), counting, lengthMs: -1, rule: 'alone' }
        seen.set(event, known)
      }
      // Occurrences of one event differ in nothing a rule asks for but their length (a night of a clock change).
      if (known.lengthMs !== endAt - startAt) {
        known.lengthMs = endAt - startAt
        known.rule = judge(occurrence, known.roster, known.counting)
      }
      const row: Row = { occurrence, counted: false, rule: known.rule, meetingId: null, calendar, roster: known.roster }
      rows.push(row)
      const there = originalStartAt > known.ofUid.latestAt ? null : slotAt(known.ofUid, originalStartAt)
      let slot = there
      while (slot !== null && !isCopy(slot, row)) slot = slot.next
      if (slot !== null) addCopies(slot, [row])
      else slots.push(addSlot(known.ofUid, there, row))
    }
  }
  return slots
}

/** The meetings of one normalised UID. */
interface UidSlots {
  readonly uid: string
  readonly seriesId: SeriesId
  /** Shared by the ids of all its meetings. */
  readonly meetingIdStart: string
  /** The latest original start so far: occurrences come in order, so what lies after it is new without a look. */
  latestAt: Instant
  /** The slot added last; each knows the one before it. */
  latest: Slot | null
  /** The latest slot at each original start; made when somebody has to ask, for most UIDs never. */
  byStart: Map<Instant, Slot> | null
}

function slotAt(ofUid: UidSlots, originalStartAt: Instant): Slot | null {
  ofUid.byStart ??= slotsByStart(ofUid)
  return ofUid.byStart.get(originalStartAt) ?? null
}

function slotsByStart(ofUid: UidSlots): Map<Instant, Slot> {
  const byStart = new Map<Instant, Slot>()
  for (let slot = ofUid.latest; slot !== null; slot = slot.before)
    if (!byStart.has(originalStartOf(slot))) byStart.set(originalStartOf(slot), slot)
  return byStart
}

function addSlot(ofUid: UidSlots, there: Slot | null, row: Row): Slot {
  const before = ofUid.latest
  const slot: Slot = {
    ofUid,
    first: row,
    others: null,
    before,
    next: there,
    primary: null,
    myReply: null,
    sameAs: null,
  }
  ofUid.latest = slot
  ofUid.latestAt = Math.max(ofUid.latestAt, originalStartOf(slot))
  ofUid.byStart?.set(originalStartOf(slot), slot)
  return slot
}

function originalStartOf(slot: Slot): Instant {
  return slot.first.occurrence.originalStartAt
}

function copiesOf(slot: Slot): readonly Row[] {
  return slot.others === null ? [slot.first] : [slot.first, ...slot.others]
}

function addCopies(slot: Slot, rows: readonly Row[]): void {
  if (slot.others === null) slot.others = [...rows]
  else slot.others.push(...rows)
}

interface SeenEvent {
  readonly ofUid: UidSlots
  readonly roster: Roster
  readonly counting: CountingContext
  lengthMs: number
  rule: CountingRule
}

/**
 * The same UID and original start is the same meeting, with two exceptions that real files hold: events without any
 * UID, and one calendar that gives one UID to different events (both then have titles of their own).
 */
function isCopy(slot: Slot, row: Row): boolean {
  const other = slot.first
  if (other.calendar !== row.calendar && slot.ofUid.uid !== '') return true
  return titleKey(other.occurrence.event.title) === titleKey(row.occurrence.event.title)
}

/** Decides what the copies of one meeting say together. */
function settle(slot: Slot, context: AuditContext): void {
  if (slot.others === null) {
    slot.primary = isCounted(slot.first.rule) ? slot.first : null
    return
  }
  const copies = copiesOf(slot)
  settleCancellation(copies)
  settleMyReply(slot, copies, context)
  const counting = copies.filter(each => isCounted(each.rule))
  slot.primary = counting.length < 2 ? (counting[0] ?? null) : speakerOf(counting)
}

/**
 * The organizer's copy says whether a meeting is cancelled; without it the newest copy does (RFC 5546 section 3.2.5:
 * a cancellation raises SEQUENCE). A copy that is merely behind, or cancelled on one calendar alone, says nothing.
 */
function settleCancellation(copies: readonly Row[]): void {
  const cancelled = copies.filter(each => isCancelled(each.rule))
  if (cancelled.length === 0) return
  const organizers = copies.find(isOrganizersCopy)
  const newest = (rows: readonly Row[]) => rows.reduce((most, row) => Math.max(most, row.occurrence.event.sequence), -1)
  const others = copies.filter(each => !isCancelled(each.rule))
  const isOff = organizers ? isCancelled(organizers.rule) : newest(cancelled) > newest(others)
  if (isOff) for (const each of others) each.rule = cancelled[0]!.rule
}

/** My own copy knows my reply better than anybody else's, the organizer's next. */
function settleMyReply(slot: Slot, copies: readonly Row[], context: AuditContext): void {
  const { me } = context
  if (me === null) return
  const mine = copies.find(each => each.calendar.owner === me) ?? copies.find(isOrganizersCopy) ?? speakerOf(copies)
  const reply = mine.roster.people.find(each => each.isMe)?.response ?? null
  if (reply === null) return
  slot.myReply = reply
  for (const each of copies) {
    if (reply === 'declined') {
      if (isCounted(each.rule)) each.rule = 'declined-by-me'
    } else if (each.rule === 'declined-by-me') {
      const counting = {
        listsInvitees: true,
        meIsKnown: true,
        seriesIsPrivate: each.calendar.privateUids.has(each.occurrence.event.uid),
      }
      each.rule = judge(each.occurrence, withReply(each.roster, me, reply), counting)
    }
  }
}

/** The organizer's copy, else the copy that tells most. */
function speakerOf(copies: readonly Row[]): Row {
  return (
    copies.find(isOrganizersCopy) ??
    copies.reduce((best, each) =>
      informationOf(each.occurrence.event) > informationOf(best.occurrence.event) ? each : best,
    )
  )
}

function isOrganizersCopy(row: Row): boolean {
  return row.calendar.owner !== null && row.calendar.owner === row.roster.organizerId
}

/** Finds meetings that stand on two calendars under two UIDs: organizer, time, title and people agree. */
function joinProbableCopies(slots: readonly Slot[]): void {
  const byLook = new Map<string, Slot[]>()
  for (const slot of slots) {
    const row = slot.primary
    if (row === null || row.roster.organizerId === null) continue
    const title = titleKey(row.occurrence.event.title)
    if (title === '') continue
    const key = `${row.occurrence.startAt}|${row.occurrence.endAt}|${row.roster.organizerId}|${title}`
    const alike = byLook.get(key)
    const same = alike?.find(each => isProbableCopy(each, slot))
    if (same) slot.sameAs = same
    else if (alike) alike.push(slot)
    else byLook.set(key, [slot])
  }
  for (const slot of slots) {
    const { sameAs } = slot
    if (sameAs === null) continue
    addCopies(sameAs, copiesOf(slot))
    sameAs.primary = speakerOf(copiesOf(sameAs).filter(each => isCounted(each.rule)))
    slot.primary = null
  }
}

function isProbableCopy(slot: Slot, other: Slot): boolean {
  const here = slot.primary!
  const there = other.primary!
  return !copiesOf(slot).some(each => each.calendar === there.calendar) && haveSamePeople(here.roster, there.roster)
}

function meetingFrom(slot: Slot, context: AuditContext, idEnds: Map<Instant, string>): Meeting | null {
  const { primary } = slot
  if (primary === null || !isCounted(primary.rule)) return null
  const id = meetingIdIn(slot, idEnds)
  const { occurrence } = primary
  let copies = 1
  if (slot.others !== null) {
    const all = copiesOf(slot)
    for (const each of all) {
      if (each === primary || !isCounted(each.rule)) continue
      each.rule = 'duplicate-copy'
      each.meetingId = id
    }
    copies = new Set(all.filter(each => !isCancelled(each.rule)).map(each => each.calendar)).size
  }
  primary.meetingId = id
  const { me } = context
  const roster = me === null || slot.myReply === null ? primary.roster : withReply(primary.roster, me, slot.myReply)
  return {
    id,
    seriesId: slot.ofUid.seriesId,
    occurrence,
    startAt: occurrence.startAt,
    endAt: occurrence.endAt,
    minutes: (occurrence.endAt - occurrence.startAt) / minuteMs,
    title: occurrence.event.title?.trim() ?? '',
    roster,
    rule: primary.rule,
    copies,
  }
}

/** Different events under one UID and start are told apart by their place in the file. */
function meetingIdIn(slot: Slot, idEnds: Map<Instant, string>): MeetingId {
  // Meetings start at a few thousand instants: of two strings that are there already, an id is a small thing.
  const at = originalStartOf(slot)
  let end = idEnds.get(at)
  if (end === undefined) {
    end = meetingIdEndOf(at)
    idEnds.set(at, end)
  }
  const id = slot.ofUid.meetingIdStart + end
  if (slot.next === null) return id
  let place = 1
  for (let before: Slot | null = slot.next; before !== null; before = before.next) place++
  return `${id}-${place}`
}

/**
 * What did not take place: deleted or cancelled in its series, or called off by status or title. An occurrence that
 * one person deleted from their own calendar while others held it took place.
 */
function removedFrom(
  calendars: readonly Calendar[],
  slots: readonly Slot[],
  byUid: ReadonlyMap<string, UidSlots>,
): RemovedOccurrence[] {
  const gone = new Map<string, RemovedOccurrence>()
  const keyOf = (uid: string, at: Instant) => `${at}|${uid}`
  for (const { removed } of calendars) {
    for (const each of removed) {
      const uid = normalUid(each.event.uid)
      const key = keyOf(uid, each.originalStartAt)
      if (!wasHeld(byUid.get(uid), each.originalStartAt) && !gone.has(key)) gone.set(key, each)
    }
  }
  for (const slot of slots) {
    if (slot.primary !== null) continue
    const off = copiesOf(slot).find(each => isCancelled(each.rule))
    if (off === undefined || !off.occurrence.recurring) continue
    const originalStartAt = originalStartOf(slot)
    const key = keyOf(slot.ofUid.uid, originalStartAt)
    if (!gone.has(key)) gone.set(key, { event: off.occurrence.event, originalStartAt, reason: 'cancelled' })
  }
  return [...gone.values()].sort((a, b) => a.originalStartAt - b.originalStartAt)
}

function wasHeld(ofUid: UidSlots | undefined, originalStartAt: Instant): boolean {
  if (ofUid === undefined) return false
  for (let slot = slotAt(ofUid, originalStartAt); slot !== null; slot = slot.next)
    if (slot.primary !== null) return true
  return false
}

/** The meetings of all series by start: each carries the id of the series it ended up in. */
function inOrder(series: readonly Series[]): Meeting[] {
  const meetings: Meeting[] = []
  for (const each of series) for (const meeting of each.meetings) meetings.push(meeting)
  return meetings.sort((a, b) => a.startAt - b.startAt || a.endAt - b.endAt)
}

const counted: ReadonlySet<CountingRule> = new Set(countedRules)

function isCounted(rule: CountingRule): rule is CountedRule {
  return counted.has(rule)
}

function isCancelled(rule: CountingRule): boolean {
  return rule === 'cancelled' || rule === 'cancelled-by-title'
}
