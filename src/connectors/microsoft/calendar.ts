import { plainAddress } from '../../domain/meetings/who.ts'
import { PortError } from '../../port-error.ts'
import type {
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
import { GraphRefusal } from './answers.ts'
import { type GraphCalendar, parseCalendar, parseEvent, parseTimeZone, parseUser } from './api-types.ts'
import { endlessPages, type GraphClient, type GraphHow } from './client.ts'
import { type DeltaCursor, guarded, newGuard, readCursor, writeCursor } from './cursor.ts'
import { calendarPlace, directoryLane, eventPath, type MicrosoftGrant, mailboxLane } from './mailbox.ts'
import { ianaZone, type MapContext, mapDelta, mapEvent } from './map.ts'
import { MapProblems } from './map-problems.ts'

export interface MicrosoftCalendarDeps {
  readonly graph: GraphClient
  readonly tier: Tier
  readonly grant: MicrosoftGrant
  /** Whose consent it is, as an address; null when nobody said. */
  readonly subject: string | null
}

/**
 * Calendars of Microsoft 365 by `calendarView/delta`.
 *
 * The window of a round is baked into the links that Graph gives, so it slides by a new full round alone. Occurrences
 * come as stubs (id, series, times) and are stored as such; series and changed occurrences come whole or are asked for by
 * id in steps of their own. A series that is delivered is delivered whole: what it does not name any more was deleted,
 * which Graph never says otherwise.
 */
export function createMicrosoftCalendars({ graph, tier, grant, subject }: MicrosoftCalendarDeps): Connector {
  const place = (calendar: CalendarRef) => calendarPlace(grant, subject, calendar.id)

  return {
    provider: 'microsoft',

    async listCalendars(budget) {
      return grant === 'organisation' ? await everybodysCalendars(budget) : await ownCalendars(budget)
    },

    async pull(request) {
      const { calendar, budget } = request
      const owner = { calendarId: calendar.id, tier }
      const cursor = request.cursor === null ? null : readCursor(request.cursor, owner)
      if (request.cursor !== null && cursor === null) {
        throw new PortError('cursor-expired', 'How far this calendar was read was written down by another Minutewise.')
      }
      const how = { lane: place(calendar).lane, budget }
      const context: MapContext = { calendar, tier, problems: new MapProblems() }
      if (cursor !== null && cursor.pending.length > 0) {
        const { changes, next } = await fetchPending(cursor, context, how)
        return stepOf(cursor.mode, changes, next, context)
      }
      const { changes, next } = await fetchPage(request, cursor, context, how)
      const about = cursor === null ? await aboutCalendar(calendar, how) : null
      return { ...stepOf(cursor?.mode ?? 'full', changes, next, context), ...(about === null ? {} : { about }) }
    },

    async fetchItems({ calendar, ids, budget }: FetchRequest) {
      const context: MapContext = { calendar, tier, problems: new MapProblems() }
      return await fetchEvents(calendar, ids, context, { lane: place(calendar).lane, budget })
    },
  }

  async function ownCalendars(budget: TickBudget): Promise<readonly ListedCalendar[]> {
    const how = { lane: mailboxLane(subject), budget }
    const calendars = (await graph.all('me/calendars?$top=100', how)).map(parseCalendar).filter(each => each !== null)
    const zone = await zoneAt('me/mailboxSettings', how)
    const own = plainAddress(subject ?? calendars.find(each => each.isDefaultCalendar)?.ownerAddress ?? '')
    return calendars.map(calendar => {
      const isOwned = isOwnedBy(calendar, own)
      return {
        id: calendar.id,
        name: calendar.name,
        // whoever shares a calendar lives in a zone of their own
        zone: isOwned ? zone : null,
        ownerAddress: calendar.ownerAddress,
        isPrimary: calendar.isDefaultCalendar,
        access: isOwned ? 'owner' : calendar.canEdit ? 'write' : 'read',
      }
    })
  }

  /**
   * One default calendar for each user. People without a mailbox are listed too: that there is nothing to read is said
   * once, by their calendar, as `no-mailbox`. Their zones would take a request each; the first step of a round brings one.
   */
  async function everybodysCalendars(budget: TickBudget): Promise<readonly ListedCalendar[]> {
    const path = 'users?$select=id,displayName,mail,userPrincipalName,accountEnabled,userType&$top=999'
    const users = await graph.all(path, { lane: directoryLane(subject), budget })
    return users
      .map(parseUser)
      .filter(user => user !== null)
      .map(user => ({
        id: user.id,
        name: user.displayName,
        zone: null,
        ownerAddress: user.mail ?? user.userPrincipalName,
        isPrimary: true,
        access: tier === 'write-back' ? 'write' : 'read',
      }))
  }

  async function fetchPage(
    { calendar, window }: PullRequest,
    cursor: DeltaCursor | null,
    context: MapContext,
    how: GraphHow,
  ): Promise<{ readonly changes: readonly Change[]; readonly next: DeltaCursor }> {
    const range = cursor?.window ?? [window.startAt, window.endAt]
    const from = `startDateTime=${new Date(range[0]).toISOString()}&endDateTime=${new Date(range[1]).toISOString()}`
    const path = `${place(calendar).views}/calendarView/delta?${from}`
    const page = await graph.page(cursor === null ? { path } : { link: cursor.link }, how)
    const link = page.nextLink ?? page.deltaLink
    if (link === null || !graph.isOurs(link)) {
      throw new PortError('malformed', 'Microsoft 365 did not say where its list goes on; it is asked again later.')
    }
    const isLast = page.nextLink === null
    // A changes round without changes ends with the link it began with; a next page may never be one that was.
    const guard = isLast ? newGuard : guarded(cursor?.guard ?? newGuard, link)
    if (guard === null || (!isLast && link === cursor?.link)) throw endlessPages()

    const changes: Change[] = []
    const pending = new Set<ItemId>()
    for (const entry of page.value) {
      const event = parseEvent(entry)
      if (event === null) {
        context.problems.count('event-without-start')
        continue
      }
      const mapped = mapDelta(event, context)
      changes.push(...mapped.changes)
      // the last word on an event decides whether it still has to be asked for
      if (mapped.kind === 'incomplete') pending.add(mapped.itemId)
      else pending.delete(event.id)
    }
    const mode = cursor?.mode ?? 'full'
    return { changes, next: { mode, link, window: range, isLast, pending: [...pending], guard } }
  }

  /** Some of the events that came with too little; the rest is left to the next step. */
  async function fetchPending(
    cursor: DeltaCursor,
    context: MapContext,
    how: GraphHow,
  ): Promise<{ readonly changes: readonly Change[]; readonly next: DeltaCursor }> {
    const ids = cursor.pending.slice(0, pendingPerStep)
    const changes = await fetchEvents(context.calendar, ids, context, how)
    return { changes, next: { ...cursor, pending: cursor.pending.slice(ids.length) } }
  }

  function stepOf(
    round: PullStep['round'],
    changes: readonly Change[],
    next: DeltaCursor,
    { calendar, problems }: MapContext,
  ): PullStep {
    const done = next.isLast && next.pending.length === 0
    const kept = done ? { ...next, mode: 'changes' as const, isLast: false } : next
    return {
      round,
      changes,
      present: [],
      cursor: writeCursor(kept, { calendarId: calendar.id, tier }),
      done,
      leftOut: problems.all(),
    }
  }

  async function fetchEvents(
    calendar: CalendarRef,
    ids: readonly ItemId[],
    context: MapContext,
    how: GraphHow,
  ): Promise<readonly Change[]> {
    const changes: Change[] = []
    for (let from = 0; from < ids.length; from += atOnce) {
      const some = ids.slice(from, from + atOnce)
      changes.push(...(await Promise.all(some.map(id => fetchEvent(calendar, id, context, how)))))
    }
    return changes
  }

  async function fetchEvent(calendar: CalendarRef, id: ItemId, context: MapContext, how: GraphHow): Promise<Change> {
    let json: unknown
    try {
      json = await graph.send({ path: eventPath(place(calendar), id) }, how)
    } catch (error) {
      if (error instanceof GraphRefusal && isAboutItem(error)) return { kind: 'removed', itemId: id }
      throw error
    }
    const event = parseEvent(json)
    const item = event === null ? null : mapEvent(event, context)
    // Under the id we asked for: an answer of another spelling of it is still the answer.
    return item === null ? { kind: 'removed', itemId: id } : { kind: 'item', item: { ...item, id } }
  }

  /** The zone of a mailbox that was listed without one, at the start of a full round. */
  async function aboutCalendar(calendar: CalendarRef, how: GraphHow): Promise<NonNullable<PullStep['about']> | null> {
    if (grant !== 'organisation' || calendar.zone !== null) return null
    const zone = await zoneAt(place(calendar).mailboxSettings, how)
    return zone === null ? null : { name: null, zone }
  }

  /** Null where the mailbox does not say, or where its settings are closed to us: times name their zones themselves. */
  async function zoneAt(path: string, how: GraphHow): Promise<string | null> {
    try {
      return ianaZone(parseTimeZone(await graph.send({ path }, how)))
    } catch (error) {
      if (error instanceof GraphRefusal && (error.code === 'denied' || error.code === 'not-found')) return null
      throw error
    }
  }
}

const pendingPerStep = 20
/** As many as Outlook takes at once from one app. */
const atOnce = 4

function isOwnedBy(calendar: GraphCalendar, own: string): boolean {
  if (calendar.isDefaultCalendar || calendar.ownerAddress === null) return true
  return plainAddress(calendar.ownerAddress) === own
}

/** The event is gone or closed to us, while the calendar is there: ids of other mailboxes and spellings included. */
function isAboutItem(refusal: GraphRefusal): boolean {
  if (refusal.code === 'not-found') return true
  if (refusal.code === 'denied') return refusal.status === 403
  return refusal.code === 'rejected' && /^errorinvalididmalformed$/i.test(refusal.graphCode)
}
