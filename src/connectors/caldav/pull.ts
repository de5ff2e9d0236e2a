import { isHidden } from '../../domain/meetings/private-event.ts'
import { isRecord } from '../../json-value.ts'
import { PortError } from '../../port-error.ts'
import type { LeftOut } from '../calendar-read.ts'
import type {
  CalendarItem,
  CalendarRef,
  Change,
  FetchRequest,
  ItemId,
  PullRequest,
  PullStep,
  TickBudget,
} from '../connector.ts'
import { addedUp } from '../ics/left-out.ts'
import { untellingId } from '../ics/live-items.ts'
import { calendarUrl } from './calendars.ts'
import { type DavAnswer, type DavClient, type DavEntry, textOf } from './client.ts'
import { type DavCursor, decodeDavCursor, encodeDavCursor, type Position, type RoundPosition } from './cursor.ts'
import { readResource, unreadable } from './resource.ts'

/**
 * Rounds over one calendar. A full round takes the list of what there is, with etags, and goes through it in the order
 * of ids: what the store has unchanged is named `present`, the rest is fetched a few at a time. A changes round does the
 * same with what changed since a token (RFC 6578); servers without tokens are listed again whenever their ctag changed.
 *
 * - Neither time ranges nor expansion are left to the server: servers differ too much, and items are whole resources.
 * - All resources are delivered, whenever they take place. The list does not say when that is, so one that is left out
 *   would have to be fetched again in every full round, and once more when the window reaches it.
 * - The list of a round is remembered between steps; a process that takes a round up asks for it again. The next round
 *   begins with the token from before the first step, so whatever happens meanwhile is seen then.
 * - A resource without events (a task) is no item and is fetched again in the next full round.
 */
export class DavRounds {
  readonly #client: DavClient
  readonly #perStep: number
  /** One a calendar, and only while its round is under way. */
  readonly #remembered = new Map<string, RememberedList>()

  constructor(client: DavClient, perStep: number) {
    this.#client = client
    this.#perStep = perStep
  }

  async pull({ calendar, cursor, known, budget }: PullRequest): Promise<PullStep> {
    const decoded: DavCursor | null = cursor === null ? null : decodeDavCursor(cursor)
    if (decoded === null) this.#remembered.delete(calendar.id)
    const round =
      decoded === null ? null : 'round' in decoded ? decoded.round : await this.#begun(calendar, decoded.at, budget)
    if (round === 'unchanged') return { ...emptyStep, cursor: cursor ?? '' }

    const { list, position } = await this.#listFor(calendar, round, known, budget)
    const part = cut(list, position.after, this.#perStep)
    const got = await this.#fetch(calendar, part.toFetch, budget)
    const stored = got.changes.length === 0 || position.kind === 'full' ? list.known : await known()
    const present = [...part.present, ...got.kept.flatMap(id => knownIds(id, list.known))]
    const gone = position.after === '' && position.kind === 'changes' ? list.gone.flatMap(bothIds) : []
    const next = position.next ?? list.next
    const isDone = part.isLast && !list.hasMore
    if (part.isLast) this.#remembered.delete(calendar.id)
    return {
      round: position.kind,
      changes: [
        ...gone.map((itemId): Change => ({ kind: 'removed', itemId })),
        ...got.changes.flatMap(change => untelling(change, stored)),
      ],
      present: position.kind === 'full' ? present : [],
      cursor: encodeDavCursor(isDone ? { at: next } : { round: following(position, next, part) }),
      done: isDone,
      leftOut: got.leftOut,
    }
  }

  async fetchItems({ calendar, ids, budget }: FetchRequest): Promise<readonly Change[]> {
    const inside = ids.filter(id => isInside(id, calendarUrl(this.#client, calendar.id)))
    const changes: Change[] = []
    for (let from = 0; from < inside.length; from += this.#perStep) {
      const got = await this.#fetch(calendar, inside.slice(from, from + this.#perStep), budget)
      changes.push(...got.changes)
    }
    const named = new Set(changes.map(change => (change.kind === 'item' ? change.item.id : null)))
    for (const itemId of ids) if (!named.has(itemId)) changes.push({ kind: 'removed', itemId })
    const seen = new Set<ItemId>()
    return changes
      .filter(change => {
        if (change.kind !== 'removed') return true
        if (seen.has(change.itemId)) return false
        seen.add(change.itemId)
        return true
      })
      .flatMap(change => untelling(change, nothingKnown))
  }

  /** The first position of a round after a completed one. */
  async #begun(calendar: CalendarRef, at: Position, budget: TickBudget): Promise<RoundPosition | 'unchanged'> {
    if (at.by === 'token') return { kind: 'changes', by: 'token', from: at.token, next: null, after: '' }
    const tag = await this.#tag(calendar, budget)
    if (tag !== null && tag === at.tag) return 'unchanged'
    return { kind: 'full', by: 'tag', from: null, next: null, after: '' }
  }

  async #tag(calendar: CalendarRef, budget: TickBudget): Promise<string | null> {
    const url = calendarUrl(this.#client, calendar.id)
    const answer = await this.#client.propfind(url, '0', { 'cs:getctag': {} }, budget)
    if (answer.kind === 'refused') throw this.#client.problem(answer.status, 'this calendar')
    return textOf(answer.entries[0]?.props.getctag) || null
  }

  async #listFor(
    calendar: CalendarRef,
    round: RoundPosition | null,
    known: PullRequest['known'],
    budget: TickBudget,
  ): Promise<{ readonly list: RememberedList; readonly position: RoundPosition }> {
    if (round !== null) {
      const remembered = this.#remembered.get(calendar.id)
      if (round.next !== null && round.after !== '' && remembered?.of === listName(round, round.next)) {
        return { list: remembered, position: round }
      }
      const raw = await this.#ask(calendar, round.by, round.from, budget)
      return { list: await this.#remember(calendar, round, raw, known), position: round }
    }
    const byToken = await this.#firstByToken(calendar, budget)
    const by = byToken === null ? 'tag' : 'token'
    const position: RoundPosition = { kind: 'full', by, from: null, next: null, after: '' }
    const raw = byToken ?? (await this.#ask(calendar, 'tag', null, budget))
    return { list: await this.#remember(calendar, position, raw, known), position }
  }

  async #remember(
    calendar: CalendarRef,
    position: RoundPosition,
    raw: RawList,
    known: PullRequest['known'],
  ): Promise<RememberedList> {
    const next = position.next ?? raw.next
    const list = {
      ...raw,
      of: listName(position, next),
      known: position.kind === 'full' ? await known() : nothingKnown,
    }
    this.#remembered.set(calendar.id, list)
    return list
  }

  /** Null where the server has no tokens: it is then listed, and that says what is wrong if anything is. */
  async #firstByToken(calendar: CalendarRef, budget: TickBudget): Promise<RawList | null> {
    const url = calendarUrl(this.#client, calendar.id)
    const answer = await this.#client.syncCollection(url, null, budget)
    if (answer.kind === 'refused') {
      if (answer.status === 401 || answer.status === 404 || answer.status === 410)
        throw this.#client.problem(answer.status, 'this calendar')
      return null
    }
    return answer.syncToken === null ? null : listOfSync(answer, answer.syncToken)
  }

  async #ask(calendar: CalendarRef, by: Position['by'], token: string | null, budget: TickBudget): Promise<RawList> {
    const url = calendarUrl(this.#client, calendar.id)
    if (by === 'tag') {
      // asked before the listing: what changes in between is seen once more in the next round
      const tag = await this.#tag(calendar, budget)
      const answer = await this.#client.propfind(url, '1', { 'd:getetag': {}, 'd:resourcetype': {} }, budget)
      if (answer.kind === 'refused') throw this.#client.problem(answer.status, 'this calendar')
      return { next: { by: 'tag', tag }, entries: listed(answer.entries, answer.url), gone: [], hasMore: false }
    }
    const answer = await this.#client.syncCollection(url, token, budget)
    if (answer.kind === 'refused') throw this.#refusedToken(answer)
    if (answer.syncToken === null) throw forgotten()
    return listOfSync(answer, answer.syncToken)
  }

  /**
   * RFC 6578 section 3.8 wants 403 with `valid-sync-token`; servers also answer 409, 410, 412, 500 and 507. Of a 403 we
   * ask for the precondition, since it may also mean that the calendar is closed to us.
   */
  #refusedToken({ status, body }: Extract<DavAnswer, { kind: 'refused' }>): PortError {
    if (status === 403 && !body.includes('valid-sync-token')) return this.#client.problem(403, 'this calendar')
    return [400, 403, 409, 410, 412, 500, 507].includes(status)
      ? forgotten()
      : this.#client.problem(status, 'this calendar')
  }

  /** Resources as they are now, with what became of those that could not be read. */
  async #fetch(calendar: CalendarRef, ids: readonly ItemId[], budget: TickBudget): Promise<Fetched> {
    if (ids.length === 0) return { changes: [], kept: [], leftOut: [] }
    const url = calendarUrl(this.#client, calendar.id)
    const answer = await this.#client.multiget(url, ids, budget)
    if (answer.kind === 'refused') throw this.#client.problem(answer.status, 'this calendar')
    const entries = new Map(answer.entries.map(entry => [entry.path, entry]))
    const changes: Change[] = []
    const kept: ItemId[] = []
    const leftOut: LeftOut[] = []
    for (const id of ids) {
      const content = contentOf(entries.get(id)) ?? (await this.#get(id, url, entries.get(id), budget))
      if (content === 'gone') {
        changes.push({ kind: 'removed', itemId: id })
        continue
      }
      const read = content === 'not-given' ? null : await readResource(id, content.etag, content.text, calendar)
      leftOut.push(...(read === null ? [unreadable()] : read.leftOut))
      if (read?.item) changes.push({ kind: 'item', item: read.item })
      else if (read?.kind === 'none') changes.push({ kind: 'removed', itemId: id })
      else kept.push(id)
    }
    return { changes, kept, leftOut: addedUp(leftOut) }
  }

  /** Some servers leave out of a multiget what they had in the list; it is asked for by itself before it is missed. */
  async #get(id: ItemId, calendar: URL, entry: DavEntry | undefined, budget: TickBudget): Promise<Content> {
    if (entry !== undefined && entry.status >= 400) return 'not-given'
    const { status, headers, text } = await this.#client.plain('GET', new URL(id, calendar), budget)
    if (status === 404 || status === 410) return 'gone'
    if (status === 401) throw this.#client.problem(status, 'the account')
    return status === 200 ? { text, etag: headers.get('etag') ?? '' } : 'not-given'
  }
}

interface Listed {
  readonly id: ItemId
  /** Empty where the server gives none. */
  readonly etag: string
}

interface RawList {
  readonly next: Position
  /** By id. */
  readonly entries: readonly Listed[]
  readonly gone: readonly ItemId[]
  /** The server cut the list: it goes on from `next`. */
  readonly hasMore: boolean
}

interface RememberedList extends RawList {
  /** Which round it belongs to. */
  readonly of: string
  readonly known: ReadonlyMap<ItemId, string>
}

interface Fetched {
  readonly changes: readonly Change[]
  /** Could not be read now; what is stored of them stays. */
  readonly kept: readonly ItemId[]
  readonly leftOut: readonly LeftOut[]
}

type Content = { readonly text: string; readonly etag: string } | 'gone' | 'not-given'

interface Part {
  readonly toFetch: readonly ItemId[]
  readonly present: readonly ItemId[]
  readonly after: ItemId
  readonly isLast: boolean
}

const emptyStep = { round: 'changes', changes: [], present: [], done: true, leftOut: [] } as const
const nothingKnown: ReadonlyMap<ItemId, string> = new Map()
/** Items named in one step, fetched or not. */
const mostLookedAt = 5_000

function cut({ entries, known }: RememberedList, after: ItemId, perStep: number): Part {
  const toFetch: ItemId[] = []
  const present: ItemId[] = []
  let at = firstAfter(entries, after)
  let last = after
  for (let looked = 0; at < entries.length && looked < mostLookedAt && toFetch.length < perStep; at++, looked++) {
    const { id, etag } = entries[at]!
    const stored = etag === '' ? undefined : knownIds(id, known).find(each => known.get(each) === etag)
    if (stored !== undefined) present.push(stored)
    else toFetch.push(id)
    last = id
  }
  return { toFetch, present, after: last, isLast: at >= entries.length }
}

/**
 * The path of a resource is often the UID of its event, and a UID can be telling: what is wholly private goes by a hash
 * of its path. An event that turns private, or open again, leaves its other id behind.
 */
function untelling(change: Change, stored: ReadonlyMap<ItemId, string>): readonly Change[] {
  const path = change.kind === 'item' ? change.item.id : change.kind === 'removed' ? change.itemId : null
  if (path === null) return [change]
  const removals = bothIds(path)
    .filter(id => stored.has(id))
    .map((itemId): Change => ({ kind: 'removed', itemId }))
  if (change.kind !== 'item') return removals.length === 0 ? [change] : removals
  const id = isWhollyPrivate(change.item) ? untellingId(path) : path
  const left = removals.filter(removal => removal.kind !== 'removed' || removal.itemId !== id)
  return [...left, { kind: 'item', item: { ...change.item, id } }]
}

function isWhollyPrivate({ content }: CalendarItem): boolean {
  return content.kind === 'events' && content.events.every(event => isHidden(event.visibility))
}

const bothIds = (path: ItemId): readonly ItemId[] => [path, untellingId(path)]

const knownIds = (path: ItemId, known: ReadonlyMap<ItemId, string>): readonly ItemId[] =>
  known.size === 0 ? [] : bothIds(path).filter(id => known.has(id))

function firstAfter(entries: readonly Listed[], after: ItemId): number {
  let low = 0
  let high = entries.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (entries[middle]!.id <= after) low = middle + 1
    else high = middle
  }
  return low
}

function following(position: RoundPosition, next: Position, part: Part): RoundPosition {
  if (!part.isLast || next.by === 'tag') return { ...position, next, after: part.after }
  const cuts = (position.cuts ?? 0) + 1
  if (next.token === position.from || cuts > mostCuts) {
    throw new PortError(
      'malformed',
      'The calendar server gives a list that never ends; what came so far is kept, and it is asked again later.',
    )
  }
  return { ...position, from: next.token, next: null, after: '', cuts }
}

/** Servers cut at a hundred entries and more: beyond any calendar. */
const mostCuts = 10_000

const listName = ({ kind, from }: RoundPosition, next: Position) => JSON.stringify([kind, from, next])

function listOfSync({ entries, url: calendar }: Extract<DavAnswer, { kind: 'multistatus' }>, token: string): RawList {
  const members = entries.filter(({ path }) => isInside(path, calendar))
  // RFC 6578 section 3.6: the collection itself stands in the answer with 507 where the list was cut
  const hasMore = entries.some(({ path, status }) => status === 507 && !isInside(path, calendar))
  const isGone = ({ status }: DavEntry) => status === 404 || status === 410
  return {
    next: { by: 'token', token },
    entries: listed(
      members.filter(entry => !isGone(entry)),
      calendar,
    ),
    gone: members.filter(isGone).map(({ path }) => path),
    hasMore,
  }
}

function listed(entries: readonly DavEntry[], calendar: URL): readonly Listed[] {
  const isCollection = ({ props }: DavEntry) => isRecord(props.resourcetype) && 'collection' in props.resourcetype
  const etags = new Map<ItemId, string>()
  for (const entry of entries) {
    if (isInside(entry.path, calendar) && !isCollection(entry)) etags.set(entry.path, textOf(entry.props.getetag))
  }
  return [...etags].map(([id, etag]) => ({ id, etag })).sort((one, other) => (one.id < other.id ? -1 : 1))
}

/** A member of the calendar and nothing else: no folder, no other calendar. */
function isInside(path: string, calendar: URL): boolean {
  const decoded = (text: string) => {
    try {
      return decodeURIComponent(text)
    } catch {
      return text
    }
  }
  const folder = decoded(calendar.pathname)
  const name = decoded(path)
  return name.startsWith(folder) && name.length > folder.length && !path.endsWith('/')
}

/** Null: the server did not mention it, or not its content. */
function contentOf(entry: DavEntry | undefined): Content | null {
  if (entry === undefined) return null
  if (entry.status === 404 || entry.status === 410) return 'gone'
  const text = textOf(entry.props.calendarData)
  return text === '' ? null : { text, etag: textOf(entry.props.getetag) }
}

function forgotten(): PortError {
  return new PortError(
    'cursor-expired',
    'The calendar server has forgotten how far this calendar was read; it is read whole once more.',
  )
}
