import type { Clock } from '../../clock.ts'
import { isBlockKey, ownBlockCategory } from '../../domain/focus/own-block.ts'
import { isHidden } from '../../domain/meetings/private-event.ts'
import { dayMs, type Instant } from '../../domain/time/types.ts'
import { zoneFor } from '../../domain/time/zone-table.ts'
import { PortError } from '../../port-error.ts'
import type {
  AgendaText,
  Block,
  BlockKey,
  CalendarRef,
  CalendarWriter,
  ItemId,
  TickBudget,
  WrittenBlock,
} from '../connector.ts'
import { agendaIn, withAgenda } from './agenda-html.ts'
import { GraphRefusal } from './answers.ts'
import { type GraphEvent, parseEvent } from './api-types.ts'
import type { GraphClient, GraphHow } from './client.ts'
import { calendarPlace, eventPath, type MicrosoftGrant } from './mailbox.ts'
import { mapEvent } from './map.ts'
import { MapProblems } from './map-problems.ts'

export interface MicrosoftWriterDeps {
  readonly graph: GraphClient
  readonly grant: MicrosoftGrant
  readonly subject: string | null
  readonly clock: Clock
}

/**
 * Our own blocks and agenda prompts on calendars of Microsoft 365.
 *
 * A block is an event without attendees, so nobody is told of it; its key stands in a named property, by which it is
 * found again, and in `transactionId`, by which the service itself refuses to make it twice.
 *
 * Graph has no way to change a meeting without telling its attendees: an agenda on a meeting with attendees may be sent
 * to them as an update. Callers say so before they apply a plan.
 */
export function createMicrosoftWriter({ graph, grant, subject, clock }: MicrosoftWriterDeps): CalendarWriter {
  const place = (calendar: CalendarRef) => calendarPlace(grant, subject, calendar.id)
  const how = (calendar: CalendarRef, budget: TickBudget): GraphHow => ({ lane: place(calendar).lane, budget })

  const writer: CalendarWriter = {
    async createBlock(calendar, block, budget) {
      const there = await writer.findBlock(calendar, block.key, budget)
      if (there !== null) return there
      const made = await create(calendar, block, block.key, budget)
      if (made !== null) return made
      // Made a moment ago by a request whose answer was lost, or once and deleted since: then under a name of its own.
      const twin = await writer.findBlock(calendar, block.key, budget)
      if (twin !== null) return twin
      const again = await create(calendar, block, `${block.key}-${clock.now().toString(36)}`, budget)
      if (again !== null) return again
      throw new PortError(
        'conflict',
        'Microsoft 365 says that this block is there, and does not show it; look again later.',
      )
    },

    async moveBlock(calendar, { itemId, etag, startAt, endAt, zone }, budget) {
      const { key } = await ownBlock(calendar, itemId, etag, budget)
      const json = await graph.send(
        {
          method: 'PATCH',
          path: eventPath(place(calendar), itemId),
          body: timesOf(startAt, endAt, zone),
          ifMatch: etag,
        },
        // sent twice, the second one would meet its own change
        { ...how(calendar, budget), repeatable: false },
      )
      return blockOf(json, key)
    },

    async removeBlock(calendar, itemId, budget) {
      let etag: string
      try {
        etag = (await ownBlock(calendar, itemId, null, budget)).etag
      } catch (error) {
        if (isGone(error)) return
        throw error
      }
      try {
        await graph.send(
          { method: 'DELETE', path: eventPath(place(calendar), itemId), ifMatch: etag },
          how(calendar, budget),
        )
      } catch (error) {
        if (!isGone(error)) throw error
      }
    },

    async findBlock(calendar, key, budget) {
      const filter = `singleValueExtendedProperties/Any(ep: ep/id eq '${markerId}' and ep/value eq '${quoted(key)}')`
      const [found] = await ownBlocks(calendar, filter, budget)
      return found ?? null
    },

    async listBlocks(calendar, window, budget) {
      const filter = `singleValueExtendedProperties/Any(ep: ep/id eq '${markerId}' and ep/value ne null)`
      const blocks = await ownBlocks(calendar, filter, budget)
      return blocks.filter(({ startAt, endAt }) => startAt < window.endAt && endAt > window.startAt)
    },

    async readAgenda(calendar, itemId, budget) {
      return agendaOf(await readInvitation(calendar, itemId, budget))
    },

    async writeAgenda(calendar, { itemId, etag, text }, budget) {
      const event = await readInvitation(calendar, itemId, budget)
      if (!event.isOrganizer) {
        throw new PortError('denied', 'Somebody else organizes this meeting; its invitation is theirs to change.')
      }
      if (event.etag !== etag) throw changed()
      const before = event.body?.content ?? ''
      const after = withAgenda(before, text)
      if (after === before) return agendaOf(event)
      const json = await graph.send(
        {
          method: 'PATCH',
          path: eventPath(place(calendar), itemId),
          body: { body: { contentType: 'html', content: after } },
          ifMatch: etag,
          bodies: 'html',
        },
        { ...how(calendar, budget), repeatable: false },
      )
      return agendaOf(parsed(json))
    },
  }
  return writer

  /** Null when the service has seen this transaction before. */
  async function create(
    calendar: CalendarRef,
    block: Block,
    transactionId: string,
    budget: TickBudget,
  ): Promise<WrittenBlock | null> {
    const body = {
      subject: block.title,
      ...timesOf(block.startAt, block.endAt, block.zone),
      showAs: block.kind === 'focus' ? 'busy' : 'tentative',
      isReminderOn: false,
      responseRequested: false,
      categories: [ownBlockCategory],
      transactionId,
      singleValueExtendedProperties: [{ id: markerId, value: block.key }],
    }
    try {
      const json = await graph.send(
        { method: 'POST', path: place(calendar).events, body },
        { ...how(calendar, budget), repeatable: true },
      )
      return blockOf(json, block.key)
    } catch (error) {
      if (error instanceof GraphRefusal && isTwin(error)) return null
      throw error
    }
  }

  async function ownBlocks(
    calendar: CalendarRef,
    filter: string,
    budget: TickBudget,
  ): Promise<readonly WrittenBlock[]> {
    const query = `$filter=${encodeURIComponent(filter)}&$expand=${expandMarker}&$top=100`
    const entries = await graph.all(`${place(calendar).events}?${query}`, how(calendar, budget))
    return entries.flatMap(entry => {
      const event = parseEvent(entry)
      const key = event === null ? null : keyOf(event)
      return key === null ? [] : [blockOf(entry, key)]
    })
  }

  /** The block as it is; `denied` when it carries no marker of ours, `conflict` when it is not the one of `etag`. */
  async function ownBlock(
    calendar: CalendarRef,
    itemId: ItemId,
    etag: string | null,
    budget: TickBudget,
  ): Promise<WrittenBlock> {
    const path = `${eventPath(place(calendar), itemId)}?$expand=${expandMarker}`
    const json = await graph.send({ path }, how(calendar, budget))
    const key = keyOf(parsed(json))
    if (key === null) {
      throw new PortError('denied', 'This event carries no mark of Minutewise, so it is left as it is.')
    }
    const block = blockOf(json, key)
    if (etag !== null && block.etag !== etag) throw changed()
    return block
  }

  async function readInvitation(calendar: CalendarRef, itemId: ItemId, budget: TickBudget): Promise<GraphEvent> {
    const json = await graph.send({ path: eventPath(place(calendar), itemId), bodies: 'html' }, how(calendar, budget))
    return parsed(json)
  }
}

/** One namespace for all our named properties, made for Minutewise once. */
const markerId = 'String {5f0a7c1e-3a62-4c0e-9d47-6b1f2f9b8e31} Name MinutewiseBlock'
const expandMarker = `singleValueExtendedProperties(${encodeURIComponent(`$filter=id eq '${markerId}'`)})`

/**
 * The key of a block; null for what is not ours. Named properties may travel with an invitation, so what somebody else
 * organizes is theirs, and what has guests is a meeting: taking it away would tell them.
 */
function keyOf({ isOrganizer, attendees, extendedProperties }: GraphEvent): BlockKey | null {
  const key = extendedProperties.get(markerId.toLowerCase()) ?? ''
  return isOrganizer && attendees.length === 0 && isBlockKey(key) ? key : null
}

/** OData doubles quotes; a key of ours has none. */
const quoted = (text: string) => text.replaceAll("'", "''")

/** On the wall of the zone, so that calendars show it there; in UTC where the wall shows an hour twice. */
function timesOf(startAt: Instant, endAt: Instant, zoneName: string) {
  const zone = zoneFor(zoneName)
  const onWall = zone !== null && [startAt, endAt].every(at => zone.toInstant(zone.toWall(at)) === at)
  const written = (at: Instant) => ({
    dateTime: new Date(onWall ? zone.toWall(at) : at).toISOString().slice(0, 19),
    timeZone: onWall ? zone.name : 'UTC',
  })
  return { start: written(startAt), end: written(endAt) }
}

function parsed(json: unknown): GraphEvent {
  const event = parseEvent(json)
  if (event === null) throw unreadable()
  return event
}

function blockOf(json: unknown, key: BlockKey): WrittenBlock {
  const event = parsed(json)
  const item = mapEvent(event, {
    calendar: { id: '', ownerAddress: null, zone: null },
    tier: 'write-back',
    problems: new MapProblems(),
  })
  const [mapped] = item?.content.kind === 'events' ? item.content.events : []
  if (mapped === undefined) throw unreadable()
  const { time } = mapped
  const startAt = time.zone.toInstant(time.startWall)
  return {
    itemId: event.id,
    etag: event.etag ?? '',
    key,
    // Its owner may have made it private since; the title of our own block is ours.
    title: isHidden(mapped.visibility) ? (event.subject ?? '') : (mapped.title ?? ''),
    startAt,
    endAt: startAt + time.exactMs + time.nominalDays * dayMs,
    as: mapped.showAs === 'tentative' ? 'tentative' : 'busy',
  }
}

function agendaOf(event: GraphEvent): AgendaText {
  const ours = agendaIn(event.body?.content ?? '')
  return { itemId: event.id, etag: event.etag ?? '', isOrganizer: event.isOrganizer, ours }
}

function isGone(error: unknown): boolean {
  return error instanceof GraphRefusal && error.code === 'not-found'
}

/** The transaction was seen before: seen as 409 and as 400 with this word. */
function isTwin({ code, graphCode }: GraphRefusal): boolean {
  return code === 'conflict' || /duplicatetransactionid/i.test(graphCode)
}

function changed(): PortError {
  return new PortError('conflict', 'It was changed in Microsoft 365 in the meantime; look at it again first.')
}

function unreadable(): PortError {
  return new PortError('malformed', 'Microsoft 365 gave an event that nobody can read; it is asked again later.')
}
