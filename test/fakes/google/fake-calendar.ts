import type { Clock } from '../../../src/clock.ts'
import type { Instant, Interval } from '../../../src/domain/time/types.ts'
import type { EventMoment } from './event-time.ts'
import { momentKey, parseMoment } from './event-time.ts'
import { deleted, invalid, notFound } from './google-error.ts'
import type { Seed } from './seed.ts'
import { checkRecurrence, hasOccurrenceAt, instanceId, originalStarts, parseInstanceId, type Series } from './series.ts'
import type { EventResource, EventTimeResource } from './vendor-types.ts'

export const accessRoles = [
  'none',
  'freeBusyReader',
  'reader',
  'writerWithoutPrivateAccess',
  'writer',
  'owner',
] as const
export type AccessRole = (typeof accessRoles)[number]

/** One event as the calendar's owner sees it, with its times read. Never changed, only replaced. */
export interface KeptEvent {
  readonly id: string
  /** Everything but `start`, `end` and `originalStartTime`. */
  readonly resource: EventResource
  readonly start: EventMoment
  readonly end: EventMoment
  /** Of an exception: the start its series gave it. */
  readonly original: EventMoment | null
  readonly masterId: string | null
  /** The change of the calendar that made it so. */
  readonly version: number
  readonly updatedAt: Instant
  readonly isCancelled: boolean
  /** What it was before, newest first; for increments that list instances. */
  readonly before: KeptEvent | null
}

export interface CalendarOptions {
  readonly id: string
  readonly summary: string
  readonly timeZone: string
  readonly owner: string
  readonly isPrimary: boolean
  readonly clock: Clock
  readonly seed: Seed
  /** Called after every change. */
  readonly onChange: (calendar: FakeCalendar) => void
}

export type Change = Readonly<EventResource>

/**
 * A calendar as a versioned log, and what a test may do to it. Changes made here happened elsewhere: in somebody's
 * browser, on somebody's phone. They are not checked as requests are.
 */
export class FakeCalendar {
  readonly id: string
  readonly owner: string
  readonly isPrimary: boolean
  summary: string
  timeZone: string
  /** Goes up with every change of an event. */
  version = 0
  /** Sync tokens of another epoch are forgotten. */
  epoch = 0
  isDeleted = false
  lastChangeAt: Instant | null = null
  readonly acl = new Map<string, AccessRole>()
  /** In the order of their last change. */
  readonly #events = new Map<string, KeptEvent>()
  /** What version n put stands at n - 1. */
  readonly #log: KeptEvent[] = []
  readonly #exceptions = new Map<string, Set<string>>()
  readonly #options: CalendarOptions

  constructor(options: CalendarOptions) {
    this.#options = options
    this.id = options.id
    this.owner = options.owner
    this.isPrimary = options.isPrimary
    this.summary = options.summary
    this.timeZone = options.timeZone
    this.acl.set(options.owner, 'owner')
  }

  /** Puts an event on the calendar. An id, an organizer and a status are given to it where it has none. */
  insert(event: Change): EventResource {
    const id = event.id ?? this.#options.seed.text(26)
    const now = this.#options.clock.now()
    const { start, end, originalStartTime: _original, ...rest } = event
    const isSelf = event.organizer?.email === undefined || event.organizer.email === this.identity
    const resource: EventResource = {
      status: 'confirmed',
      created: new Date(now).toISOString(),
      iCalUID: `${id}@google.com`,
      sequence: 0,
      eventType: 'default',
      creator: this.#self(),
      reminders: { useDefault: true },
      ...rest,
      organizer: isSelf ? this.#self() : { ...event.organizer },
      id,
    }
    const times = this.#times({ start, end })
    if (resource.recurrence) checkRecurrence(resource.recurrence)
    return this.#put({ id, resource, ...times, original: null, masterId: null }).resource
  }

  /**
   * Changes fields of an event, or of one instance of a series, which makes it an exception. Null removes a field. A
   * cancelled event stands again.
   */
  patch(id: string, change: Change): EventResource {
    const kept = this.#events.get(id) ?? this.instance(id)
    if (kept === null || this.#isPastRestoring(kept)) throw kept === null ? notFound() : deleted()
    const changed = this.#tellingFamily(kept, () => this.#change(kept, change))
    // who forgot the series with its exceptions has to be told of both
    if (kept.isCancelled) for (const exception of this.exceptionsOf(id)) this.#put(exception)
    return changed
  }

  /**
   * "This and following": the series ends before an occurrence, and another one goes on from there with the change.
   * Exceptions of the later part are dropped, as the service drops them.
   */
  splitSeries(masterId: string, originalStart: string, change: Change = {}): EventResource {
    const master = this.#events.get(masterId)
    const key = parseInstanceId(this.instanceIdOf(masterId, originalStart))?.key
    const series = master === undefined ? null : this.seriesOf(master)
    if (master === undefined || key === undefined || series === null) throw notFound()
    const before = originalStarts(series, { startAt: momentKey(master.start), endAt: key }).length
    const until = stampOf(master.start, key - 1000)
    this.patch(masterId, { recurrence: series.recurrence.map(line => endedAt(line, until)) })
    const from = plainInstance(master, key)
    const { id: _id, etag: _etag, recurringEventId: _series, ...rest } = from.resource
    return this.insert({
      ...rest,
      id: `${masterId}_R${stampOf(master.start, key)}`,
      iCalUID: `${masterId}_R${stampOf(master.start, key)}@google.com`,
      start: written(from.start),
      end: written(from.end),
      recurrence: series.recurrence.map(line => goingOn(line, before)),
      ...change,
    })
  }

  /** A large group on an event is expanded: its entry stays, its members join it. */
  expandGroup(id: string, group: string, members: readonly string[]): EventResource {
    const attendees = (this.find(id)?.resource.attendees ?? []).map(attendee => {
      const { asyncOperation: _asyncOperation, ...rest } = attendee
      return attendee.email === group ? rest : attendee
    })
    const joined = members.map(email => ({ email, responseStatus: 'needsAction' }))
    return this.patch(id, { attendees: [...attendees, ...joined] })
  }

  /** Removes an event, a whole series with its exceptions, or (by an instance's id) one occurrence. */
  delete(id: string): void {
    const kept = this.#events.get(id) ?? this.instance(id)
    if (kept === null) throw notFound()
    if (kept.isCancelled) throw deleted()
    this.#tellingFamily(kept, () => this.#cancel(kept))
    if (kept.masterId !== null) return
    for (const exception of this.exceptionsOf(id)) if (!exception.isCancelled) this.#cancel(exception)
  }

  /** `originalStart` as the series gives it: `2026-03-23` or an RFC 3339 time with offset. */
  cancelInstance(masterId: string, originalStart: string): void {
    this.delete(this.instanceIdOf(masterId, originalStart))
  }

  moveInstance(
    masterId: string,
    originalStart: string,
    to: { readonly start: EventTimeResource; readonly end: EventTimeResource },
  ): EventResource {
    return this.changeInstance(masterId, originalStart, to)
  }

  changeInstance(masterId: string, originalStart: string, change: Change): EventResource {
    return this.patch(this.instanceIdOf(masterId, originalStart), change)
  }

  setVisibility(id: string, visibility: 'default' | 'public' | 'private' | 'confidential'): EventResource {
    return this.patch(id, { visibility })
  }

  /** Gives somebody a role, or takes it (`none`). Every sync token of the calendar is forgotten. */
  changeAcl(address: string, role: AccessRole): void {
    if (role === 'none') this.acl.delete(address)
    else this.acl.set(address, role)
    this.expireTokens()
  }

  /** The next request with any sync token of this calendar is answered with 410 `fullSyncRequired`. */
  expireTokens(): void {
    this.epoch++
  }

  /**
   * What somebody who reads everything now, as the owner, has to end up with: events and masters that stand, exceptions
   * of series that stand, and as `cancelled` what was taken out of them. By id.
   */
  truth(): readonly KeptEvent[] {
    return this.all()
      .filter(event => {
        if (event.masterId === null) return !event.isCancelled
        const master = this.#events.get(event.masterId)
        return master === undefined ? !event.isCancelled : !master.isCancelled
      })
      .sort((a, b) => (a.id < b.id ? -1 : 1))
  }

  /** Every occurrence that overlaps the window, series expanded; whole days count as midnights UTC. By start. */
  occurrences(window: Interval): readonly KeptEvent[] {
    return this.all()
      .flatMap(event => {
        if (event.isCancelled) return []
        if (this.seriesOf(event) === null) return [event]
        const lengthMs = momentKey(event.end) - momentKey(event.start)
        // changed ones stand on their own
        return this.instances(event, { startAt: window.startAt - lengthMs, endAt: window.endAt }).filter(
          ({ id }) => !this.#events.has(id),
        )
      })
      .filter(({ start, end }) => momentKey(start) < window.endAt && momentKey(end) > window.startAt)
      .sort((a, b) => momentKey(a.start) - momentKey(b.start))
  }

  /** Everything ever put here, tombstones too, by last change. */
  all(): KeptEvent[] {
    return [...this.#events.values()]
  }

  /** Of `all`, what changed after a version. */
  changedSince(version: number): KeptEvent[] {
    return this.#log.slice(version).filter(event => this.#events.get(event.id) === event)
  }

  find(id: string): KeptEvent | null {
    return this.#events.get(id) ?? null
  }

  exceptionsOf(masterId: string): readonly KeptEvent[] {
    return [...(this.#exceptions.get(masterId) ?? [])].flatMap(id => this.#events.get(id) ?? [])
  }

  /** One occurrence of a series as it stands, changed or not; null for ids that name none. */
  instance(id: string): KeptEvent | null {
    const kept = this.#events.get(id)
    if (kept !== undefined) return kept
    const named = parseInstanceId(id)
    const master = named === null ? undefined : this.#events.get(named.masterId)
    if (named === null || master === undefined || master.isCancelled) return null
    const series = this.seriesOf(master)
    if (series === null || instanceId(master.id, master.start, named.key) !== id) return null
    return hasOccurrenceAt(series, named.key) ? plainInstance(master, named.key) : null
  }

  /** Occurrences of a series whose original start lies in the range, changed ones as they were changed. */
  instances(master: KeptEvent, range: Interval): readonly KeptEvent[] {
    const series = this.seriesOf(master)
    if (series === null) return []
    return originalStarts(series, range).map(
      key => this.#events.get(instanceId(master.id, master.start, key)) ?? plainInstance(master, key),
    )
  }

  /** The most restrictive visibility of a series and its exceptions holds for all of them. */
  isPrivate(event: KeptEvent): boolean {
    const masterId = event.masterId ?? event.id
    return [event, this.#events.get(masterId), ...this.exceptionsOf(masterId)].some(
      each =>
        each !== undefined &&
        !each.isCancelled &&
        (each.resource.visibility === 'private' || each.resource.visibility === 'confidential'),
    )
  }

  seriesOf(master: KeptEvent): Series | null {
    const { recurrence } = master.resource
    if (!recurrence || recurrence.length === 0) return null
    return { start: master.start, recurrence, calendarZone: this.timeZone }
  }

  instanceIdOf(masterId: string, originalStart: string): string {
    const master = this.#events.get(masterId)
    if (master === undefined) throw notFound()
    const original = /^\d{4}-\d{2}-\d{2}$/.test(originalStart)
      ? parseMoment({ date: originalStart }, 'originalStartTime')
      : parseMoment({ dateTime: originalStart, timeZone: this.timeZone }, 'originalStartTime')
    return instanceId(masterId, master.start, momentKey(original))
  }

  /** The address that organizes what is made here: the person's own, or the calendar's. */
  get identity(): string {
    return this.isPrimary ? this.owner : this.id
  }

  #self() {
    return { email: this.identity, self: true, ...(this.isPrimary ? {} : { displayName: this.summary }) }
  }

  #times(event: { readonly start?: EventTimeResource | undefined; readonly end?: EventTimeResource | undefined }) {
    const start = parseMoment(this.#zoned(event.start ?? {}), 'start')
    const end = parseMoment(this.#zoned(event.end ?? {}), 'end')
    if (start.kind !== end.kind) throw invalid('end', 'Invalid start or end time.')
    if (momentKey(end) < momentKey(start) || (start.kind === 'date' && momentKey(end) === momentKey(start))) {
      throw invalid('end', 'The specified time range is empty.', 'timeRangeEmpty')
    }
    return { start, end }
  }

  #zoned(time: EventTimeResource): EventTimeResource {
    return typeof time.dateTime === 'string' && !time.timeZone ? { ...time, timeZone: this.timeZone } : time
  }

  #change(kept: KeptEvent, change: Change): EventResource {
    const { start, end, originalStartTime: _original, id: _id, ...rest } = change
    const times =
      start || end ? this.#times({ start: start ?? written(kept.start), end: end ?? written(kept.end) }) : kept
    const resource: EventResource = { ...kept.resource }
    for (const [name, value] of Object.entries(rest)) {
      if (value === null) delete resource[name as keyof EventResource]
      else Object.assign(resource, { [name]: mergedField(name, resource[name as keyof EventResource], value) })
    }
    if (resource.recurrence) checkRecurrence(resource.recurrence)
    const isMoved = momentKey(times.start) !== momentKey(kept.start) || momentKey(times.end) !== momentKey(kept.end)
    if (isMoved || 'recurrence' in change) resource.sequence = (resource.sequence ?? 0) + 1
    if (kept.isCancelled && resource.status === 'cancelled') resource.status = 'confirmed'
    const put = this.#put({ ...kept, resource, start: times.start, end: times.end })
    if (start || 'recurrence' in change) this.#dropOrphans(put)
    return put.resource
  }

  /** A cancelled occurrence of a series that is gone, or that has no occurrence there any more. */
  #isPastRestoring({ isCancelled, masterId, original }: KeptEvent): boolean {
    if (!isCancelled || masterId === null || original === null) return false
    const master = this.#events.get(masterId)
    const series = master === undefined || master.isCancelled ? null : this.seriesOf(master)
    return series === null || original.kind !== series.start.kind || !hasOccurrenceAt(series, momentKey(original))
  }

  /** When a series becomes private or open, what readers see of all its parts changes: all of them count as changed. */
  #tellingFamily<Result>(changed: KeptEvent, change: () => Result): Result {
    const masterId = changed.masterId ?? changed.id
    const wasPrivate = this.isPrivate(changed)
    const result = change()
    const master = this.#events.get(masterId)
    if (master === undefined || master.isCancelled || this.isPrivate(master) === wasPrivate) return result
    for (const each of [master, ...this.exceptionsOf(masterId)]) {
      if (each.id !== changed.id && !each.isCancelled) this.#put(each)
    }
    return result
  }

  /** Exceptions whose series does not take place at their original start any more go with the change. */
  #dropOrphans(master: KeptEvent): void {
    const series = this.seriesOf(master)
    for (const exception of this.exceptionsOf(master.id)) {
      const original = exception.original
      if (exception.isCancelled || original === null) continue
      if (series === null || original.kind !== master.start.kind || !hasOccurrenceAt(series, momentKey(original))) {
        this.#cancel(exception)
      }
    }
  }

  #cancel(kept: KeptEvent): void {
    this.#put({ ...kept, resource: { ...kept.resource, status: 'cancelled' } })
  }

  #put(event: Omit<KeptEvent, 'version' | 'updatedAt' | 'isCancelled' | 'before'>): KeptEvent {
    const { clock } = this.#options
    const updatedAt = clock.now()
    this.version++
    this.lastChangeAt = updatedAt
    const resource: EventResource = {
      ...event.resource,
      kind: 'calendar#event',
      updated: new Date(updatedAt).toISOString(),
      etag: `"${updatedAt}${String(this.version).padStart(6, '0')}"`,
      htmlLink: `https://www.google.com/calendar/event?eid=${event.id}`,
    }
    const before = this.#events.get(event.id) ?? null
    const put: KeptEvent = {
      id: event.id,
      resource,
      start: event.start,
      end: event.end,
      original: event.original,
      masterId: event.masterId,
      version: this.version,
      updatedAt,
      isCancelled: resource.status === 'cancelled',
      before: before === null || before.resource.recurrence ? before : { ...before, before: null },
    }
    this.#events.delete(event.id)
    this.#events.set(event.id, put)
    this.#log.push(put)
    if (put.masterId !== null) {
      const siblings = this.#exceptions.get(put.masterId)
      if (siblings) siblings.add(put.id)
      else this.#exceptions.set(put.masterId, new Set([put.id]))
    }
    this.#options.onChange(this)
    return put
  }
}

/** An occurrence that is as its series says. */
export function plainInstance(master: KeptEvent, key: Instant): KeptEvent {
  const length = momentKey(master.end) - momentKey(master.start)
  const { recurrence: _recurrence, ...resource } = master.resource
  const id = instanceId(master.id, master.start, key)
  return {
    ...master,
    id,
    resource: { ...resource, id, recurringEventId: master.id },
    start: movedTo(master.start, key),
    end: movedTo(master.end, key + length),
    original: movedTo(master.start, key),
    masterId: master.id,
    before: null,
  }
}

/** `20260330T080000Z`, or `20260330` for whole days, as UNTIL and the ids of split series have it. */
function stampOf(start: EventMoment, at: Instant): string {
  const text = new Date(at).toISOString().replaceAll(/[-:]/g, '')
  return start.kind === 'date' ? text.slice(0, 8) : `${text.slice(0, 15)}Z`
}

function endedAt(line: string, until: string): string {
  if (!/^RRULE/i.test(line)) return line
  return `${line.replaceAll(/;?(COUNT|UNTIL)=[^;]+/gi, '')};UNTIL=${until}`
}

function goingOn(line: string, before: number): string {
  return line.replace(/COUNT=(\d+)/i, (_whole, count: string) => `COUNT=${Number(count) - before}`)
}

function movedTo(moment: EventMoment, key: Instant): EventMoment {
  if (moment.kind === 'date') return { kind: 'date', on: new Date(key).toISOString().slice(0, 10) }
  return { ...moment, at: key }
}

function written(moment: EventMoment): EventTimeResource {
  if (moment.kind === 'date') return { date: moment.on }
  return { dateTime: new Date(moment.at).toISOString(), ...(moment.zone === null ? {} : { timeZone: moment.zone }) }
}

/** Patch semantics of extended properties: keys are merged, a null takes one out. Other fields are replaced. */
function mergedField(name: string, before: unknown, change: unknown): unknown {
  if (name !== 'extendedProperties' || !isRecord(before) || !isRecord(change)) return change
  const merged: Record<string, unknown> = { ...before }
  for (const side of ['private', 'shared']) {
    const added = change[side]
    if (!isRecord(added)) continue
    const held: Record<string, unknown> = { ...(isRecord(before[side]) ? before[side] : {}), ...added }
    for (const [key, value] of Object.entries(held)) if (value === null) delete held[key]
    merged[side] = held
  }
  return merged
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
