import type { CalendarEvent } from '../../domain/meetings/calendar-event.ts'
import { isHidden, maskEvent } from '../../domain/meetings/private-event.ts'
import { PortError } from '../../port-error.ts'
import type {
  CalendarId,
  CalendarItem,
  Change,
  Connector,
  ItemId,
  ListedCalendar,
  PullRequest,
  PullStep,
  TickBudget,
} from '../connector.ts'

/** A provider in memory: the calendars themselves, and a connector that reads them as a provider lets itself be read. */
export interface MemoryCalendars {
  readonly connector: Connector
  addCalendar(listed: Partial<ListedCalendar> & { readonly id: CalendarId }): void
  removeCalendar(id: CalendarId): void
  /** Adds an item, or replaces the one with its id. Its etag is the calendar's next version. */
  put(calendar: CalendarId, item: Omit<CalendarItem, 'etag'>): void
  remove(calendar: CalendarId, itemId: ItemId): void
  /** Everything there is, by id. */
  truth(calendar: CalendarId): readonly CalendarItem[]
  /** All cursors given out so far are forgotten. */
  expireCursors(calendar: CalendarId): void
  /** Called before each request with `list`, `pull CALENDAR` or `fetch CALENDAR`; what it throws is the answer. */
  onRequest: (request: string) => void | Promise<void>
  readonly requests: readonly string[]
}

export interface MemoryOptions {
  /** Items a step. */
  readonly pageSize?: number
  /** Every so many pages one comes empty, as providers do. 0: never. */
  readonly emptyPageEvery?: number
}

/**
 * The connector of tests and demonstrations: the whole contract in little space, with nothing between it and its
 * calendars. A calendar is a log of versions; a cursor says how far the log was read.
 */
export function createMemoryCalendars({ pageSize = 50, emptyPageEvery = 0 }: MemoryOptions = {}): MemoryCalendars {
  const calendars = new Map<CalendarId, MemoryCalendar>()
  const requests: string[] = []
  const calendarOf = (id: CalendarId) => {
    const calendar = calendars.get(id)
    if (calendar === undefined) throw new PortError('not-found', 'The calendar is not there any more.')
    return calendar
  }
  const provider: MemoryCalendars = {
    onRequest: () => {},
    requests,
    addCalendar({ id, ...listed }) {
      const defaults = { name: id, zone: 'UTC', ownerAddress: null, isPrimary: true, access: 'owner' } as const
      calendars.set(id, { listed: { id, ...defaults, ...listed }, version: 0, epoch: 0, items: new Map() })
    },
    removeCalendar(id) {
      calendars.delete(id)
    },
    put(id, item) {
      const calendar = calendarOf(id)
      calendar.version++
      // a change moves an item to the end of the log
      calendar.items.delete(item.id)
      calendar.items.set(item.id, { version: calendar.version, item: { ...item, etag: `v${calendar.version}` } })
    },
    remove(id, itemId) {
      const calendar = calendarOf(id)
      if (calendar.items.get(itemId)?.item === undefined) return
      calendar.version++
      calendar.items.delete(itemId)
      calendar.items.set(itemId, { version: calendar.version, item: null })
    },
    truth: id =>
      [...calendarOf(id).items.values()]
        .flatMap(({ item }) => (item === null ? [] : [item]))
        .sort((a, b) => (a.id < b.id ? -1 : 1)),
    expireCursors(id) {
      calendarOf(id).epoch++
    },
    connector: {
      provider: 'memory',
      async listCalendars(budget) {
        await request('list', budget)
        return [...calendars.values()].map(({ listed }) => listed)
      },
      async pull(wanted) {
        await request(`pull ${wanted.calendar.id}`, wanted.budget)
        return pullFrom(calendarOf(wanted.calendar.id), wanted, { pageSize, emptyPageEvery })
      },
      async fetchItems({ calendar, ids, budget }) {
        await request(`fetch ${calendar.id}`, budget)
        const { items } = calendarOf(calendar.id)
        return ids.map(id => changeOf(id, items.get(id)?.item ?? null))
      },
    },
  }
  const request = async (name: string, budget: TickBudget) => {
    if (budget.requests <= 0 || budget.signal?.aborted === true) {
      throw new PortError('paused', 'The work allowed for now is done.')
    }
    budget.requests--
    requests.push(name)
    await provider.onRequest(name)
  }
  return provider
}

interface MemoryCalendar {
  readonly listed: ListedCalendar
  version: number
  /** Counts the times all cursors were forgotten. */
  epoch: number
  /** In the order of their versions; null is what was removed. */
  readonly items: Map<ItemId, { readonly version: number; readonly item: CalendarItem | null }>
}

/** `after`: versions up to this one were delivered. `until`: of a full round, the version it began at. */
interface MemoryCursor {
  readonly v: 1
  readonly epoch: number
  readonly round: 'full' | 'changes'
  readonly after: number
  readonly until: number | null
  readonly page: number
}

function pullFrom(calendar: MemoryCalendar, { cursor }: PullRequest, options: Required<MemoryOptions>): PullStep {
  const at = cursor === null ? firstPage(calendar) : parseCursor(cursor)
  if (at.epoch !== calendar.epoch) throw new PortError('cursor-expired', 'The cursor is forgotten.')
  const page = at.page + 1
  // between rounds the next one begins: what changed since
  const round = at.until === null ? 'changes' : at.round
  const until = at.until ?? calendar.version
  const waiting = [...calendar.items].filter(([, { version }]) => version > at.after)
  const isEmpty = options.emptyPageEvery > 0 && page % options.emptyPageEvery === 0
  const taken = isEmpty ? [] : waiting.slice(0, options.pageSize)
  const changes = taken.flatMap(([id, { item }]) => (round === 'full' && item === null ? [] : [changeOf(id, item)]))
  const after = taken.at(-1)?.[1].version ?? at.after
  // an item that was changed meanwhile went to the end of the log: a full round names it still
  const done = !isEmpty && (taken.length === waiting.length || (round === 'changes' && after >= until))
  const next: MemoryCursor = { v: 1, epoch: at.epoch, round, after, until: done ? null : until, page: done ? 0 : page }
  return { round, changes, present: [], cursor: JSON.stringify(next), done, leftOut: [] }
}

const firstPage = (calendar: MemoryCalendar): MemoryCursor => ({
  v: 1,
  epoch: calendar.epoch,
  round: 'full',
  after: 0,
  until: calendar.version,
  page: 0,
})

function parseCursor(text: string): MemoryCursor {
  try {
    // Safe because what follows looks at every field that decides.
    const cursor = JSON.parse(text) as MemoryCursor
    if (cursor.v === 1 && typeof cursor.after === 'number' && typeof cursor.epoch === 'number') return cursor
  } catch {
    // falls through to the one answer for whatever is no cursor of ours
  }
  throw new PortError('cursor-expired', 'The cursor is none that this version reads.')
}

function changeOf(itemId: ItemId, item: CalendarItem | null): Change {
  return item === null ? { kind: 'removed', itemId } : { kind: 'item', item: masked(item) }
}

/** Nothing of a private event leaves a connector, this one included. */
function masked(item: CalendarItem): CalendarItem {
  const { content } = item
  if (content.kind === 'occurrence') return item
  if (content.kind === 'series') return { ...item, content: { kind: 'series', event: maskedEvent(content.event) } }
  return { ...item, content: { kind: 'events', events: content.events.map(maskedEvent) } }
}

const maskedEvent = (event: CalendarEvent) => (isHidden(event.visibility) ? maskEvent(event, event.visibility) : event)
