import type { Clock } from '../../../src/clock.ts'
import { dayMs, type Instant, type Interval, type PlainDate } from '../../../src/domain/time/types.ts'
import { CalendarLog } from './calendar-log.ts'
import { digest, globalObjectId, iCalUId, itemId, readItemId } from './item-id.ts'
import { dateOf } from './pattern.ts'
import {
  type Address,
  type EventKey,
  type EventProps,
  type EventTimes,
  type Instance,
  instanceIfAny,
  instancesIn,
  type Override,
  type StoredEvent,
  singleOf,
  spanOf,
} from './stored-event.ts'
import type { GraphPattern, GraphRange } from './vendor-types.ts'
import { instantOf, zoneNamed } from './zones.ts'

/** An event as a test describes it; what is left out is as Outlook would fill it. */
export interface NewEvent extends Partial<EventProps> {
  /** `2026-03-02T09:00` on a wall of `zone`, an instant, or a date: two dates make an all-day event. */
  readonly start: string | Instant
  readonly end: string | Instant
  /** Shown as `originalStartTimeZone`: Windows, IANA or what Outlook writes for zones of its own; the mailbox's by default. */
  readonly zone?: string
  /** What the label stands for when no table knows it. */
  readonly zoneStandsFor?: string
  /**
   * One uid, one meeting: copies in other mailboxes carry the same. A text with `@` is a foreign uid and kept as it is, a
   * whole global object id too; of anything else one is made.
   */
  readonly uid?: string
  /** Adds a Teams meeting: a join address, and the blob in the body that a careless write destroys. */
  readonly withTeams?: boolean
  readonly calendar?: string
}

export interface NewSeries extends NewEvent {
  readonly pattern: GraphPattern
  /** `noEnd` from the day of `start` by default. */
  readonly range?: Partial<GraphRange>
}

export type EventChange = Partial<EventProps> &
  Partial<Pick<NewEvent, 'start' | 'end' | 'zone' | 'zoneStandsFor'>> & {
    readonly pattern?: GraphPattern
    readonly range?: Partial<GraphRange>
  }

/** What a fresh reader must see: one entry for each single event, occurrence and exception inside the window. */
export interface TruthItem {
  readonly calendarId: string
  /** Immutable. */
  readonly id: string
  readonly kind: 'singleInstance' | 'occurrence' | 'exception'
  /** Immutable; null for a single event. */
  readonly seriesMasterId: string | null
  readonly iCalUId: string
  /** All-day: midnights in UTC. */
  readonly startAt: Instant
  readonly endAt: Instant
  readonly isAllDay: boolean
  readonly originalOn: PlainDate | null
  readonly subject: string
  readonly body: string
  readonly location: string
  readonly showAs: EventProps['showAs']
  readonly sensitivity: EventProps['sensitivity']
  readonly response: EventProps['response']
  readonly isCancelled: boolean
  readonly organizer: string
  readonly isOrganizer: boolean
  readonly attendees: readonly string[]
  readonly categories: readonly string[]
  readonly extended: Readonly<Record<string, string>>
}

/** What a mutation tells the world: subscriptions listen. */
export interface Mutation {
  readonly mailbox: Mailbox
  readonly calendarId: string
  /** As it is, or was when it was deleted. */
  readonly event: StoredEvent
  readonly changeType: 'created' | 'updated' | 'deleted'
}

export interface MailboxSeed {
  readonly userId: string
  readonly owner: Address
  /** Windows name. */
  readonly zone: string
}

/** One mailbox, and the hand of the test inside it. HTTP requests end in the same methods. */
export class Mailbox {
  readonly userId: string
  readonly owner: Address
  zone: string
  readonly #clock: Clock
  readonly #serial: () => number
  readonly #heard: (mutation: Mutation) => void
  readonly #calendars = new Map<string, CalendarLog>()
  readonly #shared = new Map<string, { readonly of: Mailbox; readonly log: CalendarLog; readonly canEdit: boolean }>()
  #calendarsEver = 0
  readonly #calendarOf = new Map<EventKey, CalendarLog>()
  readonly #keysById = new Map<string, EventKey>()

  constructor(seed: MailboxSeed, clock: Clock, serial: () => number, heard: (mutation: Mutation) => void) {
    this.userId = seed.userId
    this.owner = seed.owner
    this.zone = seed.zone
    this.#clock = clock
    this.#serial = serial
    this.#heard = heard
    this.addCalendar('Calendar', true)
  }

  /** The primary one. */
  get calendarId(): string {
    return [...this.#calendars.keys()][0]!
  }

  /** Gives its id. */
  addCalendar(name: string, isDefault = false): string {
    const id = `AQMkAD${digest(`calendar ${this.owner.address} ${this.#calendarsEver++}`)}AAAC${isDefault ? 'AA' : 'QA'}==`
    this.#calendars.set(id, new CalendarLog(id, this.owner, name, isDefault))
    return id
  }

  /** Puts a calendar of this mailbox among those of another one; gives its id there. */
  shareWith(reader: Mailbox, { calendar = this.calendarId, canEdit = false } = {}): string {
    const log = this.#calendars.get(calendar)!
    const id = `AQMkAD${digest(`share ${this.owner.address} ${reader.owner.address} ${log.id}`)}AAACSA==`
    reader.#shared.set(id, { of: this, log, canEdit })
    return id
  }

  /** Deletes a calendar and everything on it, or takes a shared one off this mailbox's list. */
  removeCalendar(id: string): void {
    if (id === this.calendarId) throw new Error('The primary calendar cannot be removed')
    for (const [key, log] of this.#calendarOf) if (log.id === id && log.current(key) !== null) this.delete(key)
    this.#calendars.delete(id)
    this.#shared.delete(id)
  }

  create(input: NewEvent): EventKey {
    return this.#add(input, null)
  }

  createSeries(input: NewSeries): EventKey {
    return this.#add(input, input)
  }

  patch(key: EventKey, change: EventChange): void {
    const event = this.event(key)
    const hasTimes = change.start !== undefined || change.end !== undefined || change.zone !== undefined
    const times = hasTimes ? this.#timesOf(change, event.times) : event.times
    const recurrence =
      change.pattern === undefined && change.range === undefined
        ? event.recurrence
        : recurrenceOf(
            change.pattern ?? event.recurrence?.pattern ?? {},
            change.range ?? event.recurrence?.range,
            times,
          )
    this.replace(key, { times, recurrence, props: propsOf(change) })
  }

  /** The change itself, already read: another time or pattern resets the exceptions of a series, as Outlook does. */
  replace(
    key: EventKey,
    change: {
      readonly times?: EventTimes
      readonly recurrence?: StoredEvent['recurrence']
      readonly props?: Partial<EventProps>
    },
  ): void {
    const event = this.event(key)
    const times = change.times ?? event.times
    const recurrence = change.recurrence === undefined ? event.recurrence : change.recurrence
    const isMoved = JSON.stringify([times, recurrence]) !== JSON.stringify([event.times, event.recurrence])
    this.#write(
      {
        ...event,
        times,
        recurrence,
        props: { ...event.props, ...change.props },
        ...(isMoved ? { overrides: new Map(), deletedDates: new Set() } : {}),
      },
      'updated',
    )
  }

  delete(key: EventKey): void {
    const log = this.#logOf(key)
    const event = this.event(key)
    log.write(key, null, this.#clock.now())
    this.#heard({ mailbox: this, calendarId: log.id, event, changeType: 'deleted' })
  }

  deleteOccurrence(key: EventKey, on: PlainDate): void {
    const event = this.event(key)
    this.#instanceOn(event, on)
    const overrides = new Map(event.overrides)
    overrides.delete(on)
    this.#write({ ...event, overrides, deletedDates: new Set([...event.deletedDates, on]) }, 'updated')
  }

  moveOccurrence(key: EventKey, on: PlainDate, to: Pick<NewEvent, 'start' | 'end' | 'zone'>): void {
    this.patchOccurrence(key, on, to)
  }

  patchOccurrence(key: EventKey, on: PlainDate, change: Omit<EventChange, 'pattern' | 'range'>): void {
    const hasTimes = change.start !== undefined || change.end !== undefined
    const { times } = this.#instanceOn(this.event(key), on)
    this.replaceOccurrence(key, on, {
      ...(hasTimes ? { times: this.#timesOf(change, times) } : {}),
      props: propsOf(change),
    })
  }

  replaceOccurrence(
    key: EventKey,
    on: PlainDate,
    change: { readonly times?: EventTimes; readonly props?: Partial<EventProps> },
  ): void {
    const event = this.event(key)
    const instance = this.#instanceOn(event, on)
    const override: Override = {
      times: change.times ?? instance.times,
      props: { ...event.overrides.get(on)?.props, ...change.props },
    }
    this.#write({ ...event, overrides: new Map([...event.overrides, [on, override]]) }, 'updated')
  }

  /** The organizer called it off; the copy stays. Outlook writes the prefix, sometimes twice. */
  cancel(key: EventKey, { on, prefixes = 1 }: { readonly on?: PlainDate; readonly prefixes?: 1 | 2 } = {}): void {
    const event = this.event(key)
    const called = (subject: string) => `${'Canceled: '.repeat(prefixes)}${subject}`
    if (on === undefined) this.patch(key, { isCancelled: true, showAs: 'free', subject: called(event.props.subject) })
    else {
      const { props } = this.#instanceOn(event, on)
      this.patchOccurrence(key, on, { isCancelled: true, showAs: 'free', subject: called(props.subject) })
    }
  }

  /** "This and all following": the series ends before the date, a new one with its own uid goes on. Gives the new one. */
  split(key: EventKey, on: PlainDate, change: EventChange = {}): EventKey {
    const event = this.event(key)
    const log = this.#logOf(key)
    const { times } = this.#instanceOn(event, on)
    const { pattern, range } = event.recurrence!
    const dayBefore = dateOf(Date.parse(on) / dayMs - 1)
    const { numberOfOccurrences: _, ...rest } = range
    this.#write(
      {
        ...event,
        recurrence: { pattern, range: { ...rest, type: 'endDate', endDate: dayBefore } },
        overrides: new Map([...event.overrides].filter(([date]) => date < on)),
      },
      'updated',
    )
    const following = this.#put(
      log,
      times,
      { pattern, range: { ...(range.type === 'endDate' ? range : { ...rest, type: 'noEnd' }), startDate: on } },
      event.props,
      undefined,
    )
    if (Object.keys(change).length > 0) this.patch(following, change)
    return following
  }

  /** Into another calendar of this mailbox. The immutable id stays, the other one does not. */
  moveTo(key: EventKey, calendar: string): void {
    const event = this.event(key)
    const from = this.#logOf(key)
    const to = this.#calendars.get(calendar)!
    from.write(key, null, this.#clock.now())
    this.#calendarOf.set(key, to)
    this.#write(event, 'updated')
  }

  event(key: EventKey): StoredEvent {
    const event = this.#calendarOf.get(key)?.current(key)
    if (event == null) throw new Error(`There is no event ${key} in this mailbox`)
    return event
  }

  keys(): readonly EventKey[] {
    return [...this.#calendarOf].filter(([key, log]) => log.current(key) !== null).map(([key]) => key)
  }

  /** The dates of a series inside the window that are still there. */
  dates(key: EventKey, window: Interval): readonly PlainDate[] {
    return instancesIn(this.event(key), window).flatMap(({ originalOn }) => originalOn ?? [])
  }

  idOf(key: EventKey, on: PlainDate | null = null): string {
    return itemId(this.event(key), on, true)
  }

  /** Sorted by calendar, start and id. */
  truth(window: Interval, calendar?: string): readonly TruthItem[] {
    return [...this.#calendars.values()]
      .filter(({ id }) => calendar === undefined || id === calendar)
      .flatMap(log =>
        log
          .eventsAt(log.version)
          .flatMap(event => instancesIn(event, window))
          .map(instance => truthOf(instance, log.id)),
      )
      .sort((a, b) => compare(a.calendarId, b.calendarId) || a.startAt - b.startAt || compare(a.id, b.id))
  }

  /** Those a person of this mailbox sees: own ones and shared ones. */
  visibleCalendars(): readonly VisibleCalendar[] {
    const own = [...this.#calendars.values()].map(log => ({
      id: log.id,
      log,
      of: this,
      canEdit: true,
      isShared: false,
    }))
    const shared = [...this.#shared].map(([id, share]) => ({ id, isShared: true, ...share }))
    return [...own, ...shared]
  }

  /** What an id of this mailbox names, in either of its formats. */
  find(id: string): { readonly log: CalendarLog; readonly instance: Instance; readonly isMaster: boolean } | null {
    const { stem, on } = readItemId(id)
    const key = this.#keysById.get(stem)
    const log = key === undefined ? undefined : this.#calendarOf.get(key)
    const event = key === undefined ? undefined : log?.current(key)
    if (log === undefined || event == null) return null
    // the mutable format names the folder too: an event that moved has left its old id behind
    if (id !== this.shownId(event, on, true) && id !== this.shownId(event, on, false)) return null
    if (on === null) return { log, instance: singleOf(event), isMaster: event.recurrence !== null }
    const instance = instanceIfAny(event, on)
    return instance && { log, instance, isMaster: false }
  }

  /** The id as an answer names it. */
  shownId(event: StoredEvent, on: PlainDate | null, isImmutable: boolean): string {
    const folder = [...this.#calendars.keys()].indexOf(this.#calendarOf.get(event.key)?.id ?? this.calendarId)
    const salt = isImmutable ? 0 : Math.max(0, folder) * 10_000_000
    return itemId({ serial: event.serial + salt }, on, isImmutable)
  }

  byTransaction(transactionId: string): EventKey | null {
    return this.keys().find(key => this.event(key).props.transactionId === transactionId) ?? null
  }

  /** An event whose parts were read elsewhere. */
  put(
    calendarId: string,
    times: EventTimes,
    recurrence: StoredEvent['recurrence'],
    props: Partial<EventProps>,
  ): EventKey {
    return this.#put(this.#calendars.get(calendarId)!, times, recurrence, { ...this.#defaults(), ...props }, undefined)
  }

  #add(input: NewEvent, series: NewSeries | null): EventKey {
    const times = this.#timesOf(input, null)
    const log = this.#calendars.get(input.calendar ?? this.calendarId)!
    const teams = input.withTeams === true ? teamsParts(input.bodyHtml ?? '', this.#serial()) : {}
    const props: EventProps = { ...this.#defaults(), ...propsOf(input), ...teams }
    const recurrence = series === null ? null : recurrenceOf(series.pattern, series.range, times)
    return this.#put(log, times, recurrence, props, input.uid)
  }

  #put(
    log: CalendarLog,
    times: EventTimes,
    recurrence: StoredEvent['recurrence'],
    props: EventProps,
    uid: string | undefined,
  ): EventKey {
    const serial = this.#serial()
    const key = `event-${serial}`
    const at = this.#clock.now()
    this.#calendarOf.set(key, log)
    this.#write(
      {
        key,
        serial,
        uid: isWholeUid(uid) ? uid : globalObjectId(uid ?? `${this.owner.address} ${serial}`),
        createdAt: at,
        modifiedAt: at,
        changeNumber: 0,
        times,
        props,
        recurrence,
        overrides: new Map(),
        deletedDates: new Set(),
      },
      'created',
    )
    return key
  }

  #write(event: StoredEvent, changeType: Mutation['changeType']): void {
    const log = this.#logOf(event.key)
    const at = this.#clock.now()
    for (const isImmutable of [true, false]) this.#keysById.set(this.shownId(event, null, isImmutable), event.key)
    log.write(event.key, { ...event, modifiedAt: at, changeNumber: event.changeNumber + 1 }, at)
    this.#heard({ mailbox: this, calendarId: log.id, event, changeType })
  }

  #logOf(key: EventKey): CalendarLog {
    const log = this.#calendarOf.get(key)
    if (log === undefined) throw new Error(`There is no event ${key} in this mailbox`)
    return log
  }

  #instanceOn(event: StoredEvent, on: PlainDate): Instance {
    const instance = instanceIfAny(event, on)
    if (instance === null) throw new Error(`${event.key} has no occurrence on ${on}`)
    return instance
  }

  #timesOf(
    input: Partial<Pick<NewEvent, 'start' | 'end' | 'zone' | 'zoneStandsFor'>>,
    old: EventTimes | null,
  ): EventTimes {
    const zoneLabel = input.zone ?? old?.zoneLabel ?? this.zone
    const zoneName =
      input.zoneStandsFor ??
      zoneNamed(zoneLabel)?.name ??
      (old?.kind === 'timed' ? old.zoneName : zoneNamed(this.zone)!.name)
    const zone = zoneNamed(zoneName)!
    const read = (value: string | Instant | undefined, was: Instant | undefined) => {
      const at = typeof value === 'number' ? value : value === undefined ? was : instantOf(value, zone)
      if (at == null) throw new Error(`No time: ${value}`)
      return at
    }
    const isDate = (value: unknown) => typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value)
    if (isDate(input.start) || (input.start === undefined && old?.kind === 'all-day')) {
      const was = old?.kind === 'all-day' ? old : null
      const startOn = String(input.start ?? was?.startOn)
      const endOn = String(input.end ?? was?.endOn)
      if (!isDate(endOn) || endOn <= startOn) throw new Error('An all-day event ends on a later date than it begins')
      return { kind: 'all-day', startOn, endOn, zoneLabel }
    }
    const was = old?.kind === 'timed' ? old : null
    const startAt = read(input.start, was?.startAt)
    const endAt = read(input.end, was?.endAt)
    if (endAt < startAt) throw new Error('An event ends before it begins')
    return { kind: 'timed', startAt, endAt, zoneLabel, zoneName }
  }

  #defaults(): EventProps {
    return {
      subject: '',
      bodyHtml: '',
      organizer: this.owner,
      isOrganizer: true,
      attendees: [],
      location: '',
      locations: [],
      showAs: 'busy',
      sensitivity: 'normal',
      importance: 'normal',
      response: 'organizer',
      responseRequested: true,
      categories: [],
      isCancelled: false,
      isOnlineMeeting: false,
      joinUrl: null,
      hasAttachments: false,
      hideAttendees: false,
      allowNewTimeProposals: true,
      isReminderOn: true,
      reminderMinutes: 15,
      transactionId: null,
      extended: {},
    }
  }
}

export interface VisibleCalendar {
  /** In the mailbox that looks. */
  readonly id: string
  readonly log: CalendarLog
  readonly of: Mailbox
  readonly canEdit: boolean
  readonly isShared: boolean
}

/** The part of a Teams invitation in the body: between lines of underscores, with the address to join. */
function teamsParts(bodyHtml: string, serial: number): Pick<EventProps, 'bodyHtml' | 'isOnlineMeeting' | 'joinUrl'> {
  const joinUrl = `https://teams.microsoft.com/l/meetup-join/19%3ameeting_${digest(`teams ${serial}`)}%40thread.v2/0`
  const line = '_'.repeat(80)
  return {
    isOnlineMeeting: true,
    joinUrl,
    bodyHtml: `${bodyHtml}<br><div>${line}</div><div class="me-email-text"><a id="meet_invite_block.action.join_link" href="${joinUrl}">Join the meeting now</a></div><div>${line}</div>`,
  }
}

export function recurrenceOf(
  pattern: GraphPattern,
  range: Partial<GraphRange> | undefined,
  times: EventTimes,
): { readonly pattern: GraphPattern; readonly range: GraphRange } {
  const startDate = range?.startDate ?? firstDateOf(times)
  return {
    pattern: { interval: 1, month: 0, dayOfMonth: 0, firstDayOfWeek: 'sunday', index: 'first', ...pattern },
    range: {
      type: 'noEnd',
      endDate: '0001-01-01',
      recurrenceTimeZone: times.zoneLabel,
      numberOfOccurrences: 0,
      ...range,
      startDate,
    },
  }
}

function firstDateOf(times: EventTimes): PlainDate {
  if (times.kind === 'all-day') return times.startOn
  return dateOf(Math.floor(zoneNamed(times.zoneName)!.toWall(times.startAt) / dayMs))
}

function propsOf(input: EventChange & Partial<NewSeries>): Partial<EventProps> {
  const { start: _s, end: _e, zone: _z, zoneStandsFor: _f, pattern: _p, range: _r, ...rest } = input
  const { uid: _u, withTeams: _t, calendar: _c, ...props } = rest
  return props
}

function truthOf({ event, kind, originalOn, times, props }: Instance, calendarId: string): TruthItem {
  return {
    calendarId,
    id: itemId(event, originalOn, true),
    kind,
    seriesMasterId: originalOn === null ? null : itemId(event, null, true),
    iCalUId: iCalUId(event.uid, originalOn),
    ...spanOnly(times),
    isAllDay: times.kind === 'all-day',
    originalOn,
    subject: props.subject,
    body: props.bodyHtml,
    location: props.location,
    showAs: props.showAs,
    sensitivity: props.sensitivity,
    response: props.response,
    isCancelled: props.isCancelled,
    organizer: props.organizer.address,
    isOrganizer: props.isOrganizer,
    attendees: props.attendees.map(({ emailAddress }) => emailAddress?.address ?? ''),
    categories: props.categories,
    extended: props.extended,
  }
}

function spanOnly(times: EventTimes): Interval {
  const { startAt, endAt } = spanOf(times)
  return { startAt, endAt }
}

const isWholeUid = (uid: string | undefined): uid is string =>
  uid !== undefined && (uid.includes('@') || /^[0-9A-F]{112}$/.test(uid))

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
