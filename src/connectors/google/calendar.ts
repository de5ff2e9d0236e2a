import { isoInstant } from '../../domain/time/calendar-date.ts'
import { dayMs, type Interval, type Zone } from '../../domain/time/types.ts'
import { PortError } from '../../port-error.ts'
import type {
  CalendarAccess,
  CalendarRef,
  Change,
  Connector,
  FetchRequest,
  ItemId,
  ListedCalendar,
  PullRequest,
  PullStep,
  TickBudget,
  Tier,
} from '../connector.ts'
import { zoneByName } from '../ics/zones.ts'
import {
  type GoogleEvent,
  type GoogleEventPage,
  parseCalendarEntry,
  parseEvent,
  parseEventPage,
  parsePage,
} from './api-types.ts'
import { bodyOf, type GoogleClient, unreadable } from './client.ts'
import { firstCursor, type GoogleCursor, readCursor, writeCursor } from './cursor.ts'
import { listUsers } from './directory.ts'
import { isCalendarDomain, PageReader, tierLetters } from './map.ts'
import { allPages, firstPage, turnPage } from './paging.ts'
import { isForgotten, refusalError } from './refusals.ts'

/**
 * Google Calendar as a connector: masters, exceptions and one-offs (`singleEvents=false`), one sync token a calendar.
 *
 * - A full round asks from some weeks before the window on and without an end: what lies after the window now is in
 *   the store when the window has moved there. The weeks are for occurrences that were moved out of the window, which
 *   `timeMin` would hide while their series still gives their old place.
 * - `showDeleted` is never sent. Its default is right for a full round (cancelled exceptions of live series come
 *   anyway), `false` is refused beside a sync token, and `true` in one kind of question alone would make it differ from
 *   the first, which has no defined result.
 * - Increments know no window: what cannot touch it comes as `removed`.
 */
export function createGoogleConnector(deps: GoogleConnectorDeps): Connector {
  const { client, tier, personOf, pageSize, mostPages, listCalendars } = deps
  const api = client.calendar
  const form = tierLetters[tier]

  return {
    provider: 'google',
    listCalendars,

    async pull({ calendar, cursor: text, window, budget }: PullRequest): Promise<PullStep> {
      const cursor = text === null ? firstCursor(window, form, pageSize) : readCursor(text, form)
      const page = await fetchPage(calendar, cursor, budget)
      const reader = new PageReader({
        calendar: calendar.id,
        calendarZone: zoneOf(page.timeZone) ?? zoneOf(calendar.zone),
        tier,
        accessRole: page.accessRole,
        window: cursor.window,
      })
      const events = page.items.map(parseEvent).filter(event => event !== null)
      sayWithoutId(reader, page.items.length - events.length)
      const changes = reader.read(events)
      const next = cursorAfter(cursor, page)
      return {
        round: cursor.mode,
        // In a full round what is not named goes anyway.
        changes: cursor.mode === 'full' ? changes.filter(({ kind }) => kind === 'item') : withSeries(changes, events),
        present: [],
        cursor: writeCursor(next),
        done: page.nextPageToken === null,
        leftOut: reader.counts.all(),
        about: { name: null, zone: page.timeZone },
      }
    },

    async fetchItems({ calendar, ids, budget }: FetchRequest): Promise<readonly Change[]> {
      const asked = await Promise.allSettled(ids.map(id => fetchEvent(calendar, id, budget)))
      const reader = new PageReader({
        calendar: calendar.id,
        calendarZone: zoneOf(calendar.zone),
        tier,
        // events.get does not say it; an event without title, organizer and guests is then taken for a hidden one
        accessRole: null,
        // what was asked for by name is wanted wherever it lies: a series that is over still says who may read of it
        window: always,
      })
      const events: GoogleEvent[] = []
      const gone: Change[] = []
      asked.forEach((answer, index) => {
        if (answer.status === 'rejected') throw answer.reason
        if (answer.value !== null) events.push(answer.value)
        else gone.push({ kind: 'removed', itemId: ids[index]! })
      })
      return [...reader.read(events), ...gone]
    },
  }

  async function fetchPage(calendar: CalendarRef, cursor: GoogleCursor, budget: TickBudget): Promise<GoogleEventPage> {
    const { mode, window, pageToken, syncToken } = cursor
    const answer = await client.ask(
      options =>
        api.events.list(
          {
            calendarId: calendar.id,
            maxResults: cursor.pageSize,
            fields: pageFields[tier],
            ...(mode === 'full' ? { timeMin: isoInstant(window.startAt - movedOutMs) } : {}),
            ...(syncToken === null ? {} : { syncToken }),
            ...(pageToken === null ? {} : { pageToken }),
          },
          options,
        ),
      { person: personOf(calendar), use: 'read', budget, repeatable: true },
    )
    if (!answer.ok && isForgotten(answer)) {
      throw new PortError(
        'cursor-expired',
        'Google has forgotten where reading stopped (sharing changed, or it was too long ago); everything is read again.',
      )
    }
    const page = parseEventPage(bodyOf(answer, 'calendar'))
    if (page === null) throw unreadable()
    return page
  }

  function cursorAfter(cursor: GoogleCursor, { nextPageToken, nextSyncToken }: GoogleEventPage): GoogleCursor {
    if (nextPageToken !== null) {
      const trail = turnPage(cursor.trail, cursor.pageToken, nextPageToken, mostPages)
      return { ...cursor, pageToken: nextPageToken, trail }
    }
    const rest = { ...cursor, pageToken: null, trail: firstPage }
    if (nextSyncToken !== null) return { ...rest, mode: 'changes', syncToken: nextSyncToken }
    // No increments to be had here: the next round reads everything again.
    return { ...rest, mode: 'full', syncToken: null }
  }

  /** Null when it is not there or may not be seen. */
  async function fetchEvent(calendar: CalendarRef, id: ItemId, budget: TickBudget): Promise<GoogleEvent | null> {
    const answer = await client.ask(
      options => api.events.get({ calendarId: calendar.id, eventId: id, fields: eventFields[tier] }, options),
      { person: personOf(calendar), use: 'read', budget, repeatable: true },
    )
    if (!answer.ok) {
      if (answer.status === 404 || answer.status === 410) return null
      if (answer.status === 403 && answer.reason === 'forbidden') return null
      throw refusalError(answer, 'event')
    }
    const event = parseEvent(answer.body)
    if (event === null) throw unreadable()
    return event
  }
}

export interface GoogleConnectorDeps {
  readonly client: GoogleClient
  readonly tier: Tier
  /** Whose token opens a calendar; null for the account's own. */
  readonly personOf: (calendar: Pick<CalendarRef, 'id'>) => string | null
  readonly pageSize: number
  /** A round with more pages than this is refused. */
  readonly mostPages: number
  readonly listCalendars: Connector['listCalendars']
}

/**
 * The calendars on a person's own list: not deleted, not hidden. Whether one is ticked in Google's own page says
 * nothing about whose time it holds, so unticked ones are listed too.
 */
export async function listOwnCalendars(client: GoogleClient, budget: TickBudget): Promise<readonly ListedCalendar[]> {
  const entries = await allPages(async pageToken => {
    const answer = await client.ask(
      options =>
        client.calendar.calendarList.list(
          {
            maxResults: 250,
            fields: 'nextPageToken,items(id,summary,summaryOverride,timeZone,accessRole,primary,deleted)',
            ...(pageToken === null ? {} : { pageToken }),
          },
          options,
        ),
      { person: null, use: 'read', budget, repeatable: true },
    )
    return parsePage(bodyOf(answer, 'calendars'), 'items') ?? thrown(unreadable())
  })
  return entries.flatMap(value => {
    const entry = parseCalendarEntry(value)
    const access = entry && accesses.get(entry.accessRole ?? '')
    if (!entry || !access || entry.deleted) return []
    const { id, name, timeZone: zone, primary: isPrimary } = entry
    return [{ id, name, zone, ownerAddress: isPrimary || isPersonal(id) ? id : null, isPrimary, access }]
  })
}

/** The primary calendar of everybody who works in the organisation; its id is the person's address. */
export async function listCalendarsOfEverybody(
  client: GoogleClient,
  admin: string | null,
  access: CalendarAccess,
  budget: TickBudget,
): Promise<readonly ListedCalendar[]> {
  const users = await listUsers(client, admin, budget)
  return users
    .filter(({ isActive }) => isActive)
    .map(({ primaryEmail, fullName }) => ({
      id: primaryEmail,
      name: fullName,
      zone: null,
      ownerAddress: primaryEmail,
      isPrimary: true,
      access,
    }))
}

/**
 * What is asked of each event. The basic tier never sees a description or an attachment, and free/busy never a name:
 * what was not asked for cannot leak. Sharing and consent may still give less.
 */
const timeFields = 'id,etag,status,start,end,recurrence,recurringEventId,originalStartTime,transparency'
const basicFields = `${timeFields},iCalUID,summary,location,organizer(email,displayName,self),attendees(email,displayName,self,resource,optional,organizer,responseStatus,additionalGuests,asyncOperation),attendeesOmitted,visibility,eventType,hangoutLink,conferenceData(entryPoints(entryPointType,uri)),created,updated,sequence`
const contentFields = `${basicFields},description,attachments(mimeType)`
const eventFields: Readonly<Record<Tier, string>> = {
  'free-busy': timeFields,
  basic: basicFields,
  content: contentFields,
  'write-back': contentFields,
}
const pageFieldsOf = (fields: string) => `kind,nextPageToken,nextSyncToken,timeZone,accessRole,items(${fields})`
const pageFields: Readonly<Record<Tier, string>> = {
  'free-busy': pageFieldsOf(timeFields),
  basic: pageFieldsOf(basicFields),
  content: pageFieldsOf(contentFields),
  'write-back': pageFieldsOf(contentFields),
}

const movedOutMs = 31 * dayMs
const always: Interval = { startAt: Number.MIN_SAFE_INTEGER, endAt: Number.MAX_SAFE_INTEGER }

function sayWithoutId({ counts }: PageReader, count: number): void {
  if (count === 0) return
  const entries = count === 1 ? 'An entry came' : `${count} entries came`
  counts.say(
    'event-without-start',
    count,
    `${entries} without an id; nothing could be said about them later, so they were left out.`,
  )
}

/**
 * A deleted series takes its exceptions along, and Google does not always say so of each. Which tombstones were series
 * nobody can tell; of others it means nothing.
 */
function withSeries(changes: readonly Change[], events: readonly GoogleEvent[]): readonly Change[] {
  const deleted = new Set(
    events.filter(event => event.status === 'cancelled' && event.recurringEventId === null).map(({ id }) => id),
  )
  return changes.flatMap(change =>
    change.kind === 'removed' && deleted.has(change.itemId)
      ? [change, { kind: 'series-replaced', seriesItemId: change.itemId } as const]
      : [change],
  )
}

function zoneOf(name: string | null): Zone | null {
  return name === null ? null : (zoneByName(name)?.zone ?? null)
}

const accesses: ReadonlyMap<string, CalendarAccess> = new Map([
  ['freeBusyReader', 'free-busy'],
  ['reader', 'read'],
  ['writerWithoutPrivateAccess', 'write'],
  ['writer', 'write'],
  ['owner', 'owner'],
])

/** A person's primary calendar has their address as its id; others have one of Google's domains. */
function isPersonal(id: string): boolean {
  const at = id.lastIndexOf('@')
  return at > 0 && !isCalendarDomain(id.slice(at + 1).toLowerCase())
}

function thrown(error: PortError): never {
  throw error
}
