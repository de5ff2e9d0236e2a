import type { Clock } from '../../clock.ts'
import { PortError } from '../../port-error.ts'
import type {
  AgendaText,
  BlockKey,
  CalendarRef,
  CalendarWriter,
  ItemId,
  TickBudget,
  WrittenBlock,
} from '../connector.ts'
import { agendaIn, withAgenda } from './agenda-text.ts'
import { blockKeyIn, blockText, markerName, movedText, readBlock } from './block-text.ts'
import { calendarUrl } from './calendars.ts'
import { type DavClient, pathOf, textOf } from './client.ts'
import type { Principal } from './discovery.ts'
import { ResourceText } from './resource-text.ts'

/**
 * Blocks are resources of their own, named by their key and created only where nothing is (`If-None-Match: *`), changed
 * only as they were read (`If-Match`): whoever was faster wins, and a request sent twice has the effect of one. What a
 * refused precondition means is found by looking: our own earlier attempt, or somebody else.
 */
export function createCaldavWriter(deps: {
  readonly client: DavClient
  readonly clock: Clock
  readonly principal: (budget: TickBudget) => Promise<Principal>
}): CalendarWriter {
  const { client, clock } = deps
  const urlOf = (calendar: CalendarRef, itemId: ItemId) => new URL(itemId, calendarUrl(client, calendar.id))
  const urlOfKey = (calendar: CalendarRef, key: BlockKey) => new URL(`${key}.ics`, calendarUrl(client, calendar.id))
  const idOf = (url: URL) => pathOf(url.href, url) ?? url.pathname

  /** As it stands on the server; null when it is not there. */
  async function get(url: URL, budget: TickBudget): Promise<Stored | null> {
    const { status, headers, text } = await client.plain('GET', url, budget)
    if (status === 404 || status === 410) return null
    if (status !== 200) throw client.problem(status, 'this event')
    return { text, etag: headers.get('etag') ?? (await etagOf(url, budget)) }
  }

  async function etagOf(url: URL, budget: TickBudget): Promise<string> {
    const answer = await client.propfind(url, '0', { 'd:getetag': {} }, budget)
    if (answer.kind === 'refused') throw client.problem(answer.status, 'this event')
    const etag = textOf(answer.entries[0]?.props.getetag)
    if (etag !== '') return etag
    throw new PortError('unsupported', `${client.host} tells no versions apart, so nothing is changed there.`)
  }

  async function blockAt(url: URL, budget: TickBudget): Promise<WrittenBlock | null> {
    const stored = await get(url, budget)
    return stored === null ? null : await readBlock(idOf(url), stored.etag, stored.text)
  }

  /** Read back after a write: what the server made of it is what counts. */
  async function writtenAt(url: URL, budget: TickBudget): Promise<WrittenBlock> {
    const block = await blockAt(url, budget)
    if (block !== null) return block
    throw new PortError(
      'conflict',
      `${client.host} shows that the block was changed by somebody else right after it was written.`,
    )
  }

  async function put(
    url: URL,
    text: string,
    condition: Readonly<Record<string, string>>,
    budget: TickBudget,
  ): Promise<'done' | 'precondition'> {
    const { status, text: body } = await client.plain('PUT', url, budget, {
      headers: { 'content-type': 'text/calendar; charset=utf-8', ...condition },
      body: text,
    })
    if (status >= 200 && status < 300) return 'done'
    if (status === 412) return 'precondition'
    // RFC 4791 section 5.3.2.1: the same UID under another name, say a block that somebody copied
    if (body.includes('no-uid-conflict')) return 'precondition'
    throw client.problem(status, 'this event')
  }

  /** Paths of everything that may be a block; each still has to show its marker. */
  async function candidates(calendar: CalendarRef, budget: TickBudget): Promise<readonly ItemId[]> {
    const url = calendarUrl(client, calendar.id)
    const found = await client.queryByProperty(url, markerName, budget)
    if (found.kind === 'multistatus') return found.entries.map(({ path }) => path)
    if (found.status === 401 || found.status === 404) throw client.problem(found.status, 'this calendar')
    // without the query everything is looked at: slow, and nothing that carries our marker is missed
    const all = await client.propfind(url, '1', { 'd:getetag': {}, 'd:resourcetype': {} }, budget)
    if (all.kind === 'refused') throw client.problem(all.status, 'this calendar')
    return all.entries.map(({ path }) => path).filter(path => !path.endsWith('/'))
  }

  async function agendaOf(itemId: ItemId, stored: Stored, calendar: CalendarRef, budget: TickBudget) {
    const ours = agendaIn(stored.text)
    if (ours === undefined) throw client.problem(404, 'this event')
    const { addresses } = await deps.principal(budget)
    const own = calendar.ownerAddress === null ? addresses : [...addresses, calendar.ownerAddress]
    return { itemId, etag: stored.etag, isOrganizer: organizes(stored.text, own), ours } satisfies AgendaText
  }

  async function refuseWhereGuestsAreTold(text: string, calendar: CalendarRef, budget: TickBudget): Promise<void> {
    if (!hasGuests(text)) return
    const { headers } = await client.plain('OPTIONS', calendarUrl(client, calendar.id), budget)
    if (!(headers.get('dav') ?? '').includes('calendar-auto-schedule')) return
    // RFC 6638 section 3.2.1: such a server writes to the guests by itself, and cannot be asked not to
    throw new PortError(
      'denied',
      `${client.host} would write to every guest about a change of the invitation; nothing was changed.`,
    )
  }

  return {
    async createBlock(calendar, block, budget) {
      const url = urlOfKey(calendar, block.key)
      const written = await put(url, blockText(block, clock.now()), { 'if-none-match': '*' }, budget)
      if (written === 'done') return await writtenAt(url, budget)
      const there = await blockAt(url, budget)
      if (there?.key === block.key) return there
      throw new PortError('conflict', `${client.host} has something else where this block should go.`)
    },

    async moveBlock(calendar, move, budget) {
      const url = urlOf(calendar, move.itemId)
      const stored = await get(url, budget)
      if (stored === null) throw client.problem(404, 'this block')
      if (blockKeyIn(stored.text) === null) throw notOurs()
      if (stored.etag !== move.etag) throw client.problem(412, 'this block')
      const text = movedText(stored.text, move, clock.now())
      if (text === null) throw notOurs()
      const written = await put(url, text, { 'if-match': stored.etag }, budget)
      const now = await blockAt(url, budget)
      const isThere = now !== null && now.startAt === move.startAt && now.endAt === move.endAt
      if (isThere && (written === 'done' || now.etag !== stored.etag)) return now
      if (now === null) throw client.problem(404, 'this block')
      throw client.problem(412, 'this block')
    },

    async removeBlock(calendar, itemId, budget) {
      const url = urlOf(calendar, itemId)
      const stored = await get(url, budget)
      if (stored === null) return
      if (blockKeyIn(stored.text) === null) throw notOurs()
      const { status } = await client.plain('DELETE', url, budget, { headers: { 'if-match': stored.etag } })
      const isGone = (status >= 200 && status < 300) || status === 404 || status === 410
      if (!isGone) throw client.problem(status, 'this block')
    },

    async findBlock(calendar, key, budget) {
      const block = await blockAt(urlOfKey(calendar, key), budget)
      return block?.key === key ? block : null
    },

    async listBlocks(calendar, window, budget) {
      const ids = await candidates(calendar, budget)
      const url = calendarUrl(client, calendar.id)
      const blocks: WrittenBlock[] = []
      for (let from = 0; from < ids.length; from += perMultiget) {
        const answer = await client.multiget(url, ids.slice(from, from + perMultiget), budget)
        if (answer.kind === 'refused') throw client.problem(answer.status, 'this calendar')
        for (const { path, props } of answer.entries) {
          const block = await readBlock(path, textOf(props.getetag), textOf(props.calendarData))
          if (block !== null && block.startAt < window.endAt && block.endAt > window.startAt) blocks.push(block)
        }
      }
      return blocks.sort((one, other) => one.startAt - other.startAt || (one.itemId < other.itemId ? -1 : 1))
    },

    async readAgenda(calendar, itemId, budget) {
      const stored = await get(urlOf(calendar, itemId), budget)
      if (stored === null) throw client.problem(404, 'this event')
      return await agendaOf(itemId, stored, calendar, budget)
    },

    async writeAgenda(calendar, { itemId, etag, text }, budget) {
      const url = urlOf(calendar, itemId)
      const stored = await get(url, budget)
      if (stored === null) throw client.problem(404, 'this event')
      const before = await agendaOf(itemId, stored, calendar, budget)
      if (!before.isOrganizer) {
        throw new PortError('denied', 'Somebody else organizes this event; agendas are written into own events only.')
      }
      if (stored.etag !== etag) throw client.problem(412, 'this event')
      if (before.ours === text) return before
      await refuseWhereGuestsAreTold(stored.text, calendar, budget)
      const wanted = withAgenda(stored.text, text)
      const written = await put(url, wanted, { 'if-match': stored.etag }, budget)
      const now = await get(url, budget)
      if (now === null) throw client.problem(404, 'this event')
      const after = await agendaOf(itemId, now, calendar, budget)
      // refused because it was done already: the first answer was lost on its way
      if (written === 'done' || after.ours === text) return after
      throw client.problem(412, 'this event')
    },
  }
}

interface Stored {
  readonly text: string
  readonly etag: string
}

const perMultiget = 50

/** An event without an organizer has no guests and belongs to whose calendar it is (RFC 5545 section 3.8.4.3). */
function organizes(text: string, ownAddresses: readonly string[]): boolean {
  const resource = new ResourceText(text)
  const event = resource.main()
  if (event === null) return false
  const organizer = resource.property(event, 'ORGANIZER')?.value.trim()
  if (!organizer) return !resource.has(event, 'ATTENDEE')
  const address = organizer.replace(/^mailto:/i, '').toLowerCase()
  return ownAddresses.some(own => own.toLowerCase() === address)
}

function hasGuests(text: string): boolean {
  const resource = new ResourceText(text)
  const event = resource.main()
  return event !== null && resource.has(event, 'ATTENDEE')
}

function notOurs(): PortError {
  return new PortError('denied', 'This event does not carry the mark of Minutewise, so it is left alone.')
}
