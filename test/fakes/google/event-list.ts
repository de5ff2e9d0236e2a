import type { Clock } from '../../../src/clock.ts'
import type { Instant, Interval } from '../../../src/domain/time/types.ts'
import { dayMs } from '../../../src/domain/time/types.ts'
import { momentKey, zoneOf } from './event-time.ts'
import type { Viewer } from './event-view.ts'
import { viewOf } from './event-view.ts'
import type { AccessRole, FakeCalendar, KeptEvent } from './fake-calendar.ts'
import type { FakeSettings } from './fake-settings.ts'
import { badRequest, fullSyncRequired, GoogleError, invalid, updatedMinTooLongAgo } from './google-error.ts'
import type { Parameters, Query } from './query.ts'
import type { Seed } from './seed.ts'
import type { Page, Pager } from './tokens.ts'
import { sealed, unsealed } from './tokens.ts'
import type { EventResource, EventsResource } from './vendor-types.ts'

export const eventTypeNames = [
  'birthday',
  'default',
  'focusTime',
  'fromGmail',
  'outOfOffice',
  'workingLocation',
] as const

export const listParameters: Parameters = {
  alwaysIncludeEmail: 'boolean',
  eventTypes: 'texts',
  iCalUID: 'text',
  maxAttendees: 'integer',
  maxResults: 'integer',
  orderBy: ['startTime', 'updated'],
  pageToken: 'text',
  privateExtendedProperty: 'texts',
  q: 'text',
  sharedExtendedProperty: 'texts',
  showDeleted: 'boolean',
  showHiddenInvitations: 'boolean',
  singleEvents: 'boolean',
  syncToken: 'text',
  timeMax: 'instant',
  timeMin: 'instant',
  timeZone: 'text',
  updatedMin: 'instant',
}

export const instancesParameters: Parameters = {
  alwaysIncludeEmail: 'boolean',
  maxAttendees: 'integer',
  maxResults: 'integer',
  originalStart: 'text',
  pageToken: 'text',
  showDeleted: 'boolean',
  timeMax: 'instant',
  timeMin: 'instant',
  timeZone: 'text',
}

export interface ListDeps {
  readonly clock: Clock
  readonly pager: Pager
  readonly seed: Seed
  readonly settings: FakeSettings
}

export interface Listed {
  readonly calendar: FakeCalendar
  readonly role: AccessRole
  /** Whose token asks; a sync token is good for the one who got it. */
  readonly asker: string
  readonly query: Query
}

export function listEvents(deps: ListDeps, listed: Listed): EventsResource {
  const { calendar, query, asker } = listed
  checkCombination(query)
  const viewer = viewerOf(deps.settings, listed)
  // A follow-up page may be asked for with or without the sync token of its first page.
  const key = `events ${calendar.id} ${asker} ${query.without('pageToken', 'syncToken')}`
  const pageToken = query.text('pageToken')
  if (pageToken !== null) return eventsOf(deps, listed, deps.pager.next<EventResource>(pageToken, key))

  const syncText = query.text('syncToken')
  const since = syncText === null ? null : readSyncToken(deps, listed, syncText)
  const events = since === null ? everything(deps, listed) : changesSince(deps, listed, since)
  const items = ordered(deps, query, events).map(event => viewOf(event, calendar, viewer))
  const paging = {
    pageSize: Math.min(query.integer('maxResults', pageBounds), deps.settings.pageSize),
    emptyPages: deps.settings.emptyPages,
    emptyLastPage: deps.settings.emptyLastPage,
  }
  // Orders and searches give no token; a window does.
  const final = givesNoToken.some(name => query.has(name)) ? null : syncTokenFor(deps, listed)
  return eventsOf(deps, listed, deps.pager.first(key, items, paging, final))
}

export function listInstances(deps: ListDeps, listed: Listed, master: KeptEvent): EventsResource {
  const { calendar, query, asker } = listed
  const key = `instances ${calendar.id} ${master.id} ${asker} ${query.without('pageToken')}`
  const pageToken = query.text('pageToken')
  if (pageToken !== null) return eventsOf(deps, listed, deps.pager.next<EventResource>(pageToken, key))
  const viewer = viewerOf(deps.settings, listed)
  const original = query.text('originalStart')
  const items = instancesIn(deps, calendar, master, windowOf(query))
    .filter(event => (query.flag('showDeleted') || !event.isCancelled) && isInside(event, query))
    .filter(event => original === null || event.id === calendar.instanceIdOf(master.id, original))
    .sort((a, b) => momentKey(a.start) - momentKey(b.start))
    .map(event => viewOf(event, calendar, viewer))
  const paging = {
    pageSize: Math.min(query.integer('maxResults', pageBounds), deps.settings.pageSize),
    emptyPages: deps.settings.emptyPages,
    emptyLastPage: deps.settings.emptyLastPage,
  }
  return eventsOf(deps, listed, deps.pager.first(key, items, paging))
}

export function viewerOf(settings: FakeSettings, { calendar, role, query }: Listed): Viewer {
  const zone = query.text('timeZone') ?? calendar.timeZone
  const asked = query.has('maxAttendees')
    ? query.integer('maxAttendees', { least: 1, most: 10_000, otherwise: 1 })
    : null
  return {
    role,
    zone: zoneOf(zone),
    mostAttendees: Math.min(asked ?? Number.POSITIVE_INFINITY, settings.mostAttendees),
    minimalCancelled: settings.cancelled === 'minimal',
  }
}

function checkCombination(query: Query): void {
  const orderBy = query.text('orderBy')
  if (orderBy === 'startTime' && !query.flag('singleEvents')) {
    throw invalid('orderBy', 'The requested ordering is not available for the particular query.')
  }
  for (const type of query.texts('eventTypes')) {
    // Safe because includes only compares.
    if (!eventTypeNames.includes(type as (typeof eventTypeNames)[number])) throw invalid('eventTypes')
  }
  const zone = query.text('timeZone')
  if (zone !== null && zone !== 'UTC' && zoneOf(zone).name === 'UTC')
    throw invalid('timeZone', 'Invalid time zone definition.')
  const timeMin = query.instant('timeMin')
  const timeMax = query.instant('timeMax')
  if (timeMin !== null && timeMax !== null && timeMax <= timeMin) {
    throw new GoogleError(400, 'timeRangeEmpty', 'The specified time range is empty.', {
      domain: 'calendar',
      where: { location: 'timeMax', locationType: 'parameter' },
    })
  }
  if (!query.has('syncToken')) return
  for (const name of notWithSyncToken) {
    if (!query.has(name)) continue
    throw new GoogleError(
      400,
      name === 'orderBy' ? 'syncTokenWithNonDefaultOrdering' : 'syncTokenWithRequestRestrictions',
      name === 'orderBy'
        ? 'Sync token cannot be combined with a non-default ordering.'
        : 'Sync token cannot be combined with request restrictions.',
      { domain: 'calendar', where: { location: name, locationType: 'parameter' } },
    )
  }
  if (query.text('showDeleted') === 'false') {
    throw new GoogleError(
      400,
      'syncTokenWithRequestRestrictions',
      'Sync token cannot be combined with showDeleted=false.',
      {
        domain: 'calendar',
        where: { location: 'showDeleted', locationType: 'parameter' },
      },
    )
  }
}

/** Source: the reference page of events.list, parameter `syncToken`. */
const notWithSyncToken = [
  'iCalUID',
  'orderBy',
  'privateExtendedProperty',
  'q',
  'sharedExtendedProperty',
  'timeMin',
  'timeMax',
  'updatedMin',
] as const

const givesNoToken = notWithSyncToken.filter(name => name !== 'timeMin' && name !== 'timeMax')
const pageBounds = { least: 1, most: 2500, otherwise: 250 }

interface SyncPoint {
  readonly version: number
}

function syncTokenFor(deps: ListDeps, { calendar, query, asker }: Listed): string {
  return sealed({
    calendar: calendar.id,
    asker,
    version: calendar.version,
    epoch: calendar.epoch,
    at: deps.clock.now(),
    parameters: boundParameters(query),
  })
}

function readSyncToken(deps: ListDeps, { calendar, query, asker }: Listed, text: string): SyncPoint {
  // Safe because what unseals was sealed by `syncTokenFor`, or is another token, whose fields are missing.
  const token = unsealed(text) as Partial<Record<string, unknown>> | null
  if (token === null || token.calendar !== calendar.id || token.asker !== asker) throw fullSyncRequired()
  if (token.epoch !== calendar.epoch) throw fullSyncRequired()
  if (deps.clock.now() - Number(token.at) > deps.settings.syncTokenLifeMs) throw fullSyncRequired()
  if (token.parameters !== boundParameters(query)) {
    throw badRequest('The parameters of the request differ from those of the initial request of the sync token.')
  }
  return { version: Number(token.version) }
}

/** The parameters an increment has to repeat. A window cannot be repeated, and deletions always come. */
function boundParameters(query: Query): string {
  return query.without('pageToken', 'syncToken', 'showDeleted', 'timeMin', 'timeMax')
}

function everything(deps: ListDeps, { calendar, query }: Listed): readonly KeptEvent[] {
  const updatedMin = query.instant('updatedMin')
  if (updatedMin !== null && updatedMin < deps.clock.now() - updatedMinReachMs) throw updatedMinTooLongAgo()
  const withDeleted = query.flag('showDeleted') || updatedMin !== null
  const singles = query.flag('singleEvents')
  const wanted = filterOf(query)
  const shown = calendar.all().flatMap(event => {
    if (singles)
      return expanded(deps, calendar, event, windowOf(query)).filter(each => withDeleted || !each.isCancelled)
    if (!event.isCancelled || withDeleted) return [event]
    // A cancelled occurrence of a series that stands is always told: it is not there because it was taken out.
    const master = event.masterId === null ? null : calendar.find(event.masterId)
    return master !== null && !master.isCancelled ? [event] : []
  })
  return shown.filter(
    event =>
      wanted(event) && touches(deps, calendar, event, query) && (updatedMin === null || event.updatedAt >= updatedMin),
  )
}

function changesSince(deps: ListDeps, { calendar, query }: Listed, since: SyncPoint): readonly KeptEvent[] {
  const wanted = filterOf(query)
  const changed = calendar.changedSince(since.version)
  if (!query.flag('singleEvents')) {
    const hidden = deps.settings.exceptionsOfDeletedSeries === 'silent'
    return changed.filter(event => {
      const master = event.masterId === null ? null : calendar.find(event.masterId)
      return wanted(event) && !(hidden && master?.isCancelled)
    })
  }
  const window = { startAt: Number.NEGATIVE_INFINITY, endAt: Number.POSITIVE_INFINITY }
  const instances = new Map<string, KeptEvent>()
  for (const event of changed) {
    const now = expanded(deps, calendar, event, window)
    for (const gone of goneInstances(deps, calendar, event, since, window)) instances.set(gone.id, gone)
    for (const each of now) instances.set(each.id, each)
  }
  return [...instances.values()].filter(wanted)
}

/** Occurrences a series had at the time of the token and has no more. */
function goneInstances(
  deps: ListDeps,
  calendar: FakeCalendar,
  event: KeptEvent,
  since: SyncPoint,
  window: Interval,
): readonly KeptEvent[] {
  let then = event.before
  while (then !== null && then.version > since.version) then = then.before
  if (then === null || calendar.seriesOf(then) === null) return []
  const still = new Set(event.isCancelled ? [] : instancesIn(deps, calendar, event, window).map(({ id }) => id))
  return instancesIn(deps, calendar, then, window)
    .filter(({ id }) => !still.has(id))
    .map(gone => ({ ...gone, isCancelled: true, resource: { ...gone.resource, status: 'cancelled' } }))
}

/** A kept event as `singleEvents=true` shows it: a master becomes its unchanged instances, exceptions stand alone. */
function expanded(deps: ListDeps, calendar: FakeCalendar, event: KeptEvent, window: Interval): readonly KeptEvent[] {
  if (calendar.seriesOf(event) === null) return [event]
  if (event.isCancelled) return []
  return instancesIn(deps, calendar, event, window).filter(each => calendar.find(each.id) === null)
}

/** An unbounded series is expanded two years ahead of today, whatever window was asked. */
function instancesIn(
  deps: ListDeps,
  calendar: FakeCalendar,
  master: KeptEvent,
  window: Interval,
): readonly KeptEvent[] {
  const length = momentKey(master.end) - momentKey(master.start)
  const horizonAt = deps.clock.now() + horizonDays * dayMs
  const firstAt = momentKey(master.start)
  return calendar.instances(master, {
    startAt: Math.max(firstAt, Number.isFinite(window.startAt) ? window.startAt - length - dayMs : firstAt),
    endAt: Math.min(window.endAt, horizonAt),
  })
}

function windowOf(query: Query): Interval {
  return {
    startAt: query.instant('timeMin') ?? Number.NEGATIVE_INFINITY,
    endAt: query.instant('timeMax') ?? Number.POSITIVE_INFINITY,
  }
}

/** `timeMin` bounds the end, `timeMax` the start, both exclusive. */
function isInside(event: KeptEvent, query: Query): boolean {
  const { startAt, endAt } = windowOf(query)
  return momentKey(event.end) > startAt && momentKey(event.start) < endAt
}

/** Whether an event, or any occurrence of a series, lies inside the asked window. */
function touches(deps: ListDeps, calendar: FakeCalendar, event: KeptEvent, query: Query): boolean {
  if (!query.has('timeMin') && !query.has('timeMax')) return true
  if (calendar.seriesOf(event) === null) {
    // An occurrence that moved out of the window, or was cancelled in it, is told where the series would have put it.
    const original = event.original
    if (original !== null && !query.flag('singleEvents')) {
      const { startAt, endAt } = windowOf(query)
      const key = momentKey(original)
      if (key >= startAt && key < endAt) return true
    }
    return isInside(event, query)
  }
  const window = windowOf(query)
  return instancesIn(deps, calendar, event, {
    startAt: window.startAt,
    endAt: Number.isFinite(window.endAt) ? window.endAt : Number.POSITIVE_INFINITY,
  }).some(each => isInside(each, query))
}

function filterOf(query: Query): (event: KeptEvent) => boolean {
  const types = query.texts('eventTypes')
  const uid = query.text('iCalUID')
  const text = query.text('q')?.toLowerCase() ?? null
  const properties = (['private', 'shared'] as const).flatMap(side =>
    query.texts(`${side}ExtendedProperty`).map(pair => {
      const equals = pair.indexOf('=')
      if (equals < 1) throw invalid(`${side}ExtendedProperty`)
      return { side, name: pair.slice(0, equals), value: pair.slice(equals + 1) }
    }),
  )
  return ({ resource, isCancelled }) => {
    if (types.length > 0 && !isCancelled && !types.includes(resource.eventType ?? 'default')) return false
    if (uid !== null && resource.iCalUID !== uid) return false
    if (text !== null && !searched(resource).includes(text)) return false
    return properties.every(({ side, name, value }) => resource.extendedProperties?.[side]?.[name] === value)
  }
}

function searched({ summary, description, location, attendees }: EventResource): string {
  const people = (attendees ?? []).flatMap(({ displayName, email }) => [displayName, email])
  return [summary, description, location, ...people].join('\n').toLowerCase()
}

function ordered(deps: ListDeps, query: Query, events: readonly KeptEvent[]): readonly KeptEvent[] {
  const orderBy = query.text('orderBy')
  if (orderBy === 'startTime') return [...events].sort((a, b) => momentKey(a.start) - momentKey(b.start))
  if (orderBy === 'updated') return [...events].sort((a, b) => a.updatedAt - b.updatedAt || a.version - b.version)
  const rank = (event: KeptEvent) => (event.masterId === null ? 0 : 1)
  switch (deps.settings.order) {
    case 'as-changed':
      return events
    case 'exceptions-first':
      return [...events].sort((a, b) => rank(b) - rank(a))
    case 'masters-first':
      return [...events].sort((a, b) => rank(a) - rank(b))
    case 'shuffled':
      return deps.seed.shuffled(events)
  }
}

function eventsOf(deps: ListDeps, { calendar, role, query }: Listed, page: Page<EventResource>): EventsResource {
  const updatedAt: Instant = calendar.lastChangeAt ?? deps.clock.now()
  return {
    kind: 'calendar#events',
    etag: `"p${calendar.version}${calendar.epoch}"`,
    summary: calendar.summary,
    updated: new Date(updatedAt).toISOString(),
    timeZone: query.text('timeZone') ?? calendar.timeZone,
    accessRole: role,
    defaultReminders: [],
    ...(page.nextPageToken === null ? {} : { nextPageToken: page.nextPageToken }),
    ...(page.final === null ? {} : { nextSyncToken: page.final }),
    items: [...page.items],
  }
}

const horizonDays = 730
const updatedMinReachMs = 28 * dayMs
