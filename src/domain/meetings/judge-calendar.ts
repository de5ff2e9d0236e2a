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
  /** Its source is known to say who is invited; else that is guessed from the entries. */
  readonly listsInvitees?: boolean
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
  const byUid = new Map<string, UidRows>()
  const heads = headsOf(calendars, rosters, context, rows, byUid)
  for (const head of heads) settle(head, context)
  if (reads.length > 1) joinProbableCopies(heads, context)
  const meetings: Meeting[] = []
  const idEnds = new Map<Instant, string>()
  for (const head of heads) {
    const meeting = meetingFrom(head, context, idEnds)
    if (meeting) meetings.push(meeting)
  }
  const removed = removedFrom(calendars, heads, byUid)
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
  readonly listsInvitees: boolean
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
    listsInvitees: read.listsInvitees ?? false,
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

/**
 * One occurrence on one calendar, handed out as what was judged once nothing changes any more. The first row of a
 * meeting is its head and stands for it: most meetings have no other, and there are as many rows as occurrences.
 */
interface Row extends JudgedOccurrence {
  readonly of: EventHere
  rule: CountingRule
  counted: boolean
  meetingId: MeetingId | null
  /** Of a head: the head that was met before under the same UID. */
  before: Row | null
  /** Of a head: what its copies say with it. */
  copied: Copied | null
}

interface Copied {
  /** Copies beside the head, as far as UIDs and looks tell. */
  readonly others: Row[]
  /** The copy that speaks for the meeting; null when it does not count. */
  primary: Row | null
  myReply: Response | null
}

/** What is the same for all occurrences of an event on a calendar, asked once. */
interface EventHere {
  readonly calendar: Calendar
  readonly ofUid: UidRows
  readonly roster: Roster
  readonly counting: CountingContext
  lengthMs: number
  rule: CountingRule
}

/** Judges every occurrence and puts copies of one meeting together. Whatever is per event is asked once per event. */
function headsOf(
  calendars: readonly Calendar[],
  rosters: RosterContext,
  context: AuditContext,
  rows: Row[],
  byUid: Map<string, UidRows>,
): Row[] {
  const heads: Row[] = []
  for (const calendar of calendars) {
    const seen = new Map<CalendarEvent, EventHere>()
    const inOpenSeries: CountingContext = {
      listsInvitees: rosters.listsInvitees(calendar.calendar),
      meIsKnown: context.me !== null,
      calendarOwner: calendar.owner,
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
        const key = uidKeyOf(uid, event)
        let ofUid = byUid.get(key)
        if (ofUid === undefined) {
          const seriesId = seriesIdOf(key)
          ofUid = {
            uid,
            seriesId,
            meetingIdStart: meetingIdStartOf(seriesId),
            latestAt: Number.NEGATIVE_INFINITY,
            latest: null,
            byStart: null,
          }
          byUid.set(key, ofUid)
        }
        const counting = calendar.privateUids.has(event.uid) ? inPrivateSeries : inOpenSeries
        known = { calendar, ofUid, roster: rosterOf(event, rosters), counting, lengthMs: -1, rule: 'alone' }
        seen.set(event, known)
      }
      // Occurrences of one event differ in nothing a rule asks for but their length (a night of a clock change).
      if (known.lengthMs !== endAt - startAt) {
        known.lengthMs = endAt - startAt
        known.rule = judge(occurrence, known.roster, known.counting)
      }
      const row: Row = {
        occurrence,
        counted: false,
        rule: known.rule,
        meetingId: null,
        of: known,
        before: null,
        copied: null,
      }
      rows.push(row)
      const there = originalStartAt > known.ofUid.latestAt ? noRows : headsAt(known.ofUid, originalStartAt)
      const head = there.find(each => isCopy(each, row))
      if (head) addCopies(head, [row])
      else {
        addHead(row)
        heads.push(row)
      }
    }
  }
  return heads
}

const noRows: readonly Row[] = []

/** The meetings of one normalised UID. */
interface UidRows {
  readonly uid: string
  readonly seriesId: SeriesId
  /** Shared by the ids of all its meetings. */
  readonly meetingIdStart: string
  /** The latest original start so far: occurrences come in order, so what lies after it is new without a look. */
  latestAt: Instant
  /** The head added last; each knows the one before it. */
  latest: Row | null
  /** Heads at each original start, the latest first; made when somebody has to ask, for most UIDs never. */
  byStart: Map<Instant, Row[]> | null
}

/** Events without a UID are held together by their title: thousands of others need not be looked at for a copy. */
function uidKeyOf(uid: string, event: CalendarEvent): string {
  return uid || `untitled ${titleKey(event.title)}`
}

function headsAt(ofUid: UidRows, originalStartAt: Instant): readonly Row[] {
  ofUid.byStart ??= headsByStart(ofUid)
  return ofUid.byStart.get(originalStartAt) ?? noRows
}

function headsByStart(ofUid: UidRows): Map<Instant, Row[]> {
  const byStart = new Map<Instant, Row[]>()
  for (let head = ofUid.latest; head !== null; head = head.before) {
    const there = byStart.get(head.occurrence.originalStartAt)
    if (there) there.push(head)
    else byStart.set(head.occurrence.originalStartAt, [head])
  }
  return byStart
}

function addHead(row: Row): void {
  const { ofUid } = row.of
  const { originalStartAt } = row.occurrence
  row.before = ofUid.latest
  ofUid.latest = row
  ofUid.latestAt = Math.max(ofUid.latestAt, originalStartAt)
  ofUid.byStart?.set(originalStartAt, [row, ...(ofUid.byStart.get(originalStartAt) ?? noRows)])
}

function copiesOf(head: Row): readonly Row[] {
  return head.copied === null ? [head] : [head, ...head.copied.others]
}

function addCopies(head: Row, rows: readonly Row[]): Copied {
  head.copied ??= { others: [], primary: primaryOf(head), myReply: null }
  // One at a time: there may be more copies than a call has room for arguments.
  for (const row of rows) head.copied.others.push(row)
  return head.copied
}

function primaryOf(head: Row): Row | null {
  if (head.copied !== null) return head.copied.primary
  return isCounted(head.rule) ? head : null
}

/**
 * The same UID and original start is the same meeting, with two exceptions that real files hold: events without any
 * UID, and one calendar that gives one UID to different events (both then have titles of their own).
 */
function isCopy(head: Row, row: Row): boolean {
  if (head.of.calendar !== row.of.calendar && head.of.ofUid.uid !== '') return true
  return titleKey(head.occurrence.event.title) === titleKey(row.occurrence.event.title)
}

/** Decides what the copies of one meeting say together. */
function settle(head: Row, context: AuditContext): void {
  const { copied } = head
  if (copied === null) return
  const copies = copiesOf(head)
  settleCancellation(copies)
  copied.myReply = settleMyReply(copies, context)
  const counting = copies.filter(each => isCounted(each.rule))
  copied.primary = counting.length < 2 ? (counting[0] ?? null) : speakerOf(counting)
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
function settleMyReply(copies: readonly Row[], context: AuditContext): Response | null {
  const { me } = context
  if (me === null) return null
  const mine = copies.find(each => each.of.calendar.owner === me) ?? copies.find(isOrganizersCopy) ?? speakerOf(copies)
  const reply = mine.of.roster.people.find(each => each.isMe)?.response ?? null
  if (reply === null) return null
  for (const each of copies) {
    if (reply === 'declined') {
      if (isCounted(each.rule)) each.rule = 'declined-by-me'
    } else if (each.rule === 'declined-by-me') {
      const counting = {
        listsInvitees: true,
        meIsKnown: true,
        calendarOwner: each.of.calendar.owner,
        seriesIsPrivate: each.of.calendar.privateUids.has(each.occurrence.event.uid),
      }
      each.rule = judge(each.occurrence, withReply(each.of.roster, me, reply), counting)
    }
  }
  return reply
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
  return row.of.calendar.owner !== null && row.of.calendar.owner === row.of.roster.organizerId
}

/** Finds meetings that stand on two calendars under two UIDs: organizer, time, title and people agree. */
function joinProbableCopies(heads: readonly Row[], context: AuditContext): void {
  const byLook = new Map<string, Row[]>()
  const sameAs = new Map<Row, Row>()
  for (const head of heads) {
    const row = lookOf(head)
    if (row === null || row.of.roster.organizerId === null) continue
    const title = titleKey(row.occurrence.event.title)
    if (title === '') continue
    const key = `${row.occurrence.startAt}|${row.occurrence.endAt}|${row.of.roster.organizerId}|${title}`
    const alike = byLook.get(key)
    const same = alike?.find(each => isProbableCopy(each, head))
    if (same) sameAs.set(head, same)
    else if (alike) alike.push(head)
    else byLook.set(key, [head])
  }
  for (const [head, same] of sameAs) {
    const copied = addCopies(same, copiesOf(head))
    copied.myReply = settleMyReply(copiesOf(same), context)
    const counting = copiesOf(same).filter(each => isCounted(each.rule))
    copied.primary = counting.length === 0 ? null : speakerOf(counting)
    head.copied = { others: [], primary: null, myReply: null }
  }
}

/** The row a meeting is recognised by; one I declined is still the same meeting. */
function lookOf(head: Row): Row | null {
  return primaryOf(head) ?? copiesOf(head).find(each => each.rule === 'declined-by-me') ?? null
}

function isProbableCopy(head: Row, other: Row): boolean {
  const here = lookOf(head)!
  const there = lookOf(other)!
  return (
    !copiesOf(head).some(each => each.of.calendar === there.of.calendar) &&
    haveSamePeople(here.of.roster, there.of.roster)
  )
}

function meetingFrom(head: Row, context: AuditContext, idEnds: Map<Instant, string>): Meeting | null {
  const primary = primaryOf(head)
  if (primary === null || !isCounted(primary.rule)) return null
  const id = meetingIdOf(head, idEnds)
  const { occurrence } = primary
  let copies = 1
  const { copied } = head
  if (copied !== null) {
    const all = copiesOf(head)
    for (const each of all) {
      if (each === primary || !isCounted(each.rule)) continue
      each.rule = 'duplicate-copy'
      each.meetingId = id
    }
    copies = new Set(all.filter(each => !isCancelled(each.rule)).map(each => each.of.calendar)).size
  }
  primary.meetingId = id
  const roster = rosterWithReplies(primary, copied === null ? noRows : copiesOf(head), copied?.myReply ?? null, context)
  return {
    id,
    seriesId: head.of.ofUid.seriesId,
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

/** What each person's own copy says about them is the truth; the speaker's copy may be behind. */
function rosterWithReplies(
  primary: Row,
  copies: readonly Row[],
  myReply: Response | null,
  { me }: AuditContext,
): Meeting['roster'] {
  let roster = primary.of.roster
  const replyOf = (person: PersonId) => roster.people.find(each => each.id === person)?.response
  for (const { of } of copies) {
    const { owner } = of.calendar
    if (owner === null || owner === me) continue
    const reply = of.roster.people.find(each => each.id === owner)?.response
    // no answer on one's own copy is no news: the organizer's may have one from elsewhere
    if (reply === undefined || reply === 'none') continue
    const known = replyOf(owner)
    if (known !== undefined && known !== reply) roster = withReply(roster, owner, reply)
  }
  if (me === null || myReply === null || replyOf(me) === myReply) return roster
  return withReply(roster, me, myReply)
}

/** Different events under one UID and start are told apart by their place in the file. */
function meetingIdOf(head: Row, idEnds: Map<Instant, string>): MeetingId {
  // Meetings start at a few thousand instants: of two strings that are there already, an id is a small thing.
  const at = head.occurrence.originalStartAt
  let end = idEnds.get(at)
  if (end === undefined) {
    end = meetingIdEndOf(at)
    idEnds.set(at, end)
  }
  const { meetingIdStart, byStart } = head.of.ofUid
  const id = meetingIdStart + end
  const there = byStart?.get(at) ?? noRows
  const place = there.length - there.indexOf(head)
  return there.length < 2 || place === 1 ? id : `${id}-${place}`
}

/**
 * What did not take place: deleted or cancelled in its series, or called off by status or title. An occurrence that
 * one person deleted from their own calendar while others held it took place.
 */
function removedFrom(
  calendars: readonly Calendar[],
  heads: readonly Row[],
  byUid: ReadonlyMap<string, UidRows>,
): RemovedOccurrence[] {
  const gone = new Map<string, RemovedOccurrence>()
  const keyOf = (uid: string, at: Instant) => `${at}|${uid}`
  for (const { removed } of calendars) {
    for (const each of removed) {
      const uid = normalUid(each.event.uid)
      const key = keyOf(uid, each.originalStartAt)
      if (!wasHeld(byUid.get(uidKeyOf(uid, each.event)), each.originalStartAt) && !gone.has(key)) gone.set(key, each)
    }
  }
  for (const head of heads) {
    if (primaryOf(head) !== null) continue
    const off = copiesOf(head).find(each => isCancelled(each.rule))
    if (off === undefined || !off.occurrence.recurring) continue
    const { originalStartAt } = head.occurrence
    const key = keyOf(head.of.ofUid.uid, originalStartAt)
    if (!gone.has(key)) gone.set(key, { event: off.occurrence.event, originalStartAt, reason: 'cancelled' })
  }
  return [...gone.values()].sort((a, b) => a.originalStartAt - b.originalStartAt)
}

function wasHeld(ofUid: UidRows | undefined, originalStartAt: Instant): boolean {
  return ofUid !== undefined && headsAt(ofUid, originalStartAt).some(head => primaryOf(head) !== null)
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
