import type { Clock } from '../../clock.ts'
import type { CalendarEvent } from '../../domain/meetings/calendar-event.ts'
import { utc, zoneFor } from '../../domain/time/zone-table.ts'
import { PortError } from '../../port-error.ts'
import type { Account } from '../../store/accounts.ts'
import type { Credential } from '../../store/credential-store.ts'
import type { CalendarRead } from '../calendar-read.ts'
import type {
  AccountConnection,
  CalendarItem,
  CalendarRef,
  Change,
  Connector,
  ItemId,
  PullStep,
  TickBudget,
} from '../connector.ts'
import type { HttpPolicy } from '../http-policy.ts'
import { readIcs } from '../ics/calendar.ts'
import { anyTouches, etagOfContent, eventsToLeave, everyTime, untellingId } from '../ics/live-items.ts'
import { printable } from '../printable.ts'
import { decodeFeedCursor, encodeFeedCursor, type FeedCursor } from './cursor.ts'
import { feedAddress } from './feed-address.ts'

export interface FeedConnectionDeps {
  /** Over a guarded fetch (`guarded-fetch.ts`): the address was typed in by somebody. */
  readonly http: HttpPolicy
  /** The address is the secret. */
  readonly credential: Pick<Extract<Credential, { kind: 'address' }>, 'url'>
  readonly account: Pick<Account, 'tier' | 'settings'>
  readonly clock: Clock
}

/**
 * One calendar behind one address. An item is everything of one UID: a series with its changed occurrences.
 *
 * - Unchanged (304): a changes round without changes. Changed (200): a full round in one step.
 * - An answer that is no whole calendar (a sign-in page, an empty or a cut body) is `malformed` and removes nothing.
 *   Whether a plausible calendar may lose half of its future is the engine's to decide.
 * - Etags are of the content, so a server that only stamps its events anew causes no writing.
 * - The address is in no message; the host is.
 */
export function createFeedConnection({ http, credential }: FeedConnectionDeps): AccountConnection {
  const feed = new Feed(http, credential.url)
  const connector: Connector = {
    provider: 'ics',

    async listCalendars(budget) {
      const answer = await feed.read({ id: feedCalendarId, ownerAddress: null, zone: null }, null, budget)
      const { name, zone } = readOf(answer)
      return [{ id: feedCalendarId, name: nameOf(name), zone, ownerAddress: null, isPrimary: true, access: 'read' }]
    },

    async pull({ calendar, cursor, window, known, budget }): Promise<PullStep> {
      const before = cursor === null ? null : decodeFeedCursor(cursor)
      const answer = await feed.read(calendar, before, budget)
      if (answer.kind === 'unchanged') {
        return {
          round: 'changes',
          changes: [],
          present: [],
          cursor: encodeFeedCursor(before ?? answer.next),
          done: true,
          leftOut: [],
        }
      }
      const stored = await known()
      const changes: Change[] = []
      const present: ItemId[] = []
      for (const events of eventsByUid(answer.read.events).values()) {
        if (!anyTouches(events, window)) continue
        const item = itemOf(events)
        if (stored.get(item.id) === item.etag) present.push(item.id)
        else changes.push({ kind: 'item', item })
      }
      const { leftOut, name, zone } = answer.read
      return {
        round: 'full',
        changes,
        present,
        cursor: encodeFeedCursor(answer.next),
        done: true,
        leftOut,
        about: { name: nameOf(name), zone },
      }
    },

    async fetchItems({ calendar, ids, budget }) {
      const groups = eventsByUid(readOf(await feed.read(calendar, null, budget)).events)
      const items = new Map([...groups].map(([uid, events]) => [untellingId(uid), events]))
      return ids.map((itemId): Change => {
        const events = items.get(itemId)
        return events === undefined ? { kind: 'removed', itemId } : { kind: 'item', item: itemOf(events) }
      })
    },
  }
  return { connector, writer: null, push: null, directory: null, revoke: async () => undefined }
}

/** The one calendar of a feed. */
export const feedCalendarId = 'feed'

type FeedAnswer =
  | { readonly kind: 'unchanged'; readonly next: FeedCursor }
  | { readonly kind: 'read'; readonly read: CalendarRead; readonly next: FeedCursor }

class Feed {
  readonly #http: HttpPolicy
  readonly #url: string

  constructor(http: HttpPolicy, url: string) {
    this.#http = http
    this.#url = url
  }

  async read(calendar: CalendarRef, before: FeedCursor | null, budget: TickBudget): Promise<FeedAnswer> {
    const url = feedAddress(this.#url)
    const host = `The server ${printable(url.host)}`
    const response = await this.#http.send(
      {
        url: url.href,
        headers: {
          accept: 'text/calendar, */*;q=0.1',
          'user-agent': 'Minutewise',
          ...(before?.etag ? { 'if-none-match': before.etag } : {}),
          ...(before?.modified ? { 'if-modified-since': before.modified } : {}),
        },
      },
      { lanes: [{ name: `feed ${printable(url.host)}`, concurrent: 2 }], budget, repeatable: true },
    )
    const next: FeedCursor = {
      etag: shortHeader(response.headers.get('etag')),
      modified: shortHeader(response.headers.get('last-modified')),
    }
    if (response.status === 304 && before !== null) return { kind: 'unchanged', next: before }
    if (response.status !== 200) {
      await response.body?.cancel()
      throw problemOf(response.status, host)
    }
    const read = await readIcs(bytesOf(response, host), {
      calendar: calendar.id,
      window: everyTime,
      defaultZone: (calendar.zone === null ? null : zoneFor(calendar.zone)) ?? utc,
      mostEvents,
    })
    for (const { code } of read.leftOut) {
      if (code === 'not-a-calendar') throw noCalendar(host)
      if (code === 'truncated-file') throw cutOff(host)
    }
    return { kind: 'read', read, next }
  }
}

function readOf(answer: FeedAnswer): CalendarRead {
  if (answer.kind === 'unchanged') throw new Error('an answer to an unconditional request was "unchanged"')
  return answer.read
}

async function* bytesOf(response: Response, host: string): AsyncIterable<Uint8Array> {
  if (response.body === null) return
  const reader: ReadableStreamDefaultReader<Uint8Array> = response.body.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } catch (error) {
    if (error instanceof PortError) throw error
    throw new PortError('unreachable', `${host} broke off its answer in the middle. It is asked again later.`)
  } finally {
    // whoever has read enough does not keep the connection
    await reader.cancel().catch(() => undefined)
  }
}

/**
 * A thousand times what people keep. Events of a few bytes each would fill the memory of everybody's sync long before
 * the limit of the body is reached.
 */
const mostEvents = 250_000

/** By UID as it stands in the feed: a private occurrence belongs to its series before it goes in disguise. */
function eventsByUid(events: readonly CalendarEvent[]): ReadonlyMap<string, readonly CalendarEvent[]> {
  const groups = new Map<string, CalendarEvent[]>()
  for (const event of events) {
    const group = groups.get(event.uid)
    if (group) group.push(event)
    else groups.set(event.uid, [event])
  }
  return groups
}

function itemOf(events: readonly CalendarEvent[]): CalendarItem {
  const kept = eventsToLeave(events)
  return {
    id: untellingId(events[0]!.uid),
    etag: etagOfContent(kept),
    seriesItemId: null,
    content: { kind: 'events', events: kept },
  }
}

function problemOf(status: number, host: string): PortError {
  if (status === 401 || status === 403) {
    return new PortError(
      'denied',
      `${host} does not show this feed any more (HTTP ${status}). Share the calendar again and connect its new address.`,
    )
  }
  if (status === 404 || status === 410) {
    return new PortError(
      'not-found',
      `${host} has no calendar at this address any more (HTTP ${status}). Connect its new address, if it has one.`,
    )
  }
  if (status >= 400 && status < 500)
    return new PortError('rejected', `${host} refuses our request for this feed (HTTP ${status}).`)
  return new PortError(
    'failed',
    `${host} answered with HTTP ${status} instead of the calendar. It is asked again later.`,
  )
}

function noCalendar(host: string): PortError {
  return new PortError(
    'malformed',
    `${host} answered with something that is no calendar, such as a sign-in page. What was read before stays. ` +
      'If this goes on, share the calendar again and connect its new address.',
  )
}

function cutOff(host: string): PortError {
  return new PortError(
    'malformed',
    `${host} gave a calendar that ends in the middle. What was read before stays; it is asked for again later.`,
  )
}

const nameOf = (name: string | null) => (name === null ? null : printable(name).trim().slice(0, 200) || null)

/** A validator of more than this is no validator; it would be kept in every cursor. */
const shortHeader = (value: string | null) => (value !== null && value.length <= 512 ? value : null)
