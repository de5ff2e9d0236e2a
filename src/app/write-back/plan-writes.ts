import type { BlockKey } from '../../connectors/connector.ts'
import { blockSlot } from '../../domain/focus/block-slot.ts'
import { isBlockKey } from '../../domain/focus/own-block.ts'
import {
  type BlockKind,
  emptyPlan,
  type PlannedWrite,
  type RefusalReason,
  type ShownBlock,
  type WritePlan,
  type WriteRefusal,
} from '../../domain/focus/write-plan.ts'
import { isoInstant } from '../../domain/time/calendar-date.ts'
import { dayMs, type Interval, type WallMillis, type Zone } from '../../domain/time/types.ts'
import { zoneFor } from '../../domain/time/zone-table.ts'
import { PortError } from '../../port-error.ts'
import type { CalendarKey } from '../../store/accounts.ts'
import { AppError } from '../app-error.ts'
import { blockKey, writeId } from './block-key.ts'
import { busyTimes } from './busy-times.ts'
import { itemTitle } from './event-title.ts'
import { isOpen, type Journal, openJournal, writeOf } from './journal.ts'
import { isNamedBy, ownBlocks, shortestReference, shownBlock } from './own-blocks.ts'
import { isPlace, type NoPlace, openPlaces, type Place, type Places, refusalAfter, type Where } from './places.ts'
import type { WriteBackDeps } from './write-back-deps.ts'

export type WriteRequest = AddBlock | MoveBlock | RemoveBlock | SetAgenda | RemoveAgenda

interface BlockTime {
  readonly startWall: WallMillis
  /** IANA name; null: the calendar's own. */
  readonly zone: string | null
  /** Refused where the calendar, as last synced, is taken. */
  readonly avoidMeetings: boolean
}

export interface AddBlock extends Where, BlockTime {
  readonly kind: 'add-block'
  readonly endWall: WallMillis
  readonly title: string
  readonly blockKind: BlockKind
  /** Part of the key: two purposes may have a block each in one slot. */
  readonly purpose: string
  /** A sentence for people: what the block is for. */
  readonly why: string
}

export interface MoveBlock extends Where, BlockTime {
  readonly kind: 'move-block'
  /** Key, item id, or the last six or more characters of the key. */
  readonly block: string
  /** Null keeps the length. */
  readonly endWall: WallMillis | null
}

export interface RemoveBlock extends Where {
  readonly kind: 'remove-block'
  readonly block: string
}

export interface SetAgenda extends Where {
  readonly kind: 'set-agenda'
  /** The event's id at the provider, or its UID. */
  readonly event: string
  readonly text: string
}

export interface RemoveAgenda extends Where {
  readonly kind: 'remove-agenda'
  readonly event: string
}

/**
 * What the requests come to: the writes that would be made and why others would not. Reads, and changes nothing.
 *
 * Throws `AppError` `wrong-use` where a request does not say which account, calendar or block is meant; all that
 * providers and calendars refuse is in the plan.
 */
export async function planWrites(deps: WriteBackDeps, requests: readonly WriteRequest[]): Promise<WritePlan> {
  const planning: Planning = { deps, places: await openPlaces(deps), journal: await openJournal(deps) }
  let plan = emptyPlan('UTC')
  for (const request of requests) {
    const part = await planned(planning, request)
    if ('refusal' in part) {
      plan = { ...plan, refusals: [...plan.refusals, part.refusal] }
    } else if (plan.writes.some(write => write.id === part.write.id)) {
      plan = { ...plan, refusals: [...plan.refusals, refused(request, 'already-there', 'It was asked for twice.')] }
    } else {
      const zone = part.zone ?? plan.zone
      plan = { ...plan, zone, writes: [...plan.writes, part.write], notes: [...plan.notes, ...part.notes] }
    }
  }
  return plan
}

interface Planning {
  readonly deps: WriteBackDeps
  readonly places: Places
  readonly journal: Journal
}

type Part =
  | { readonly write: PlannedWrite; readonly notes: readonly string[]; readonly zone: string | null }
  | { readonly refusal: WriteRefusal }

async function planned(planning: Planning, request: WriteRequest): Promise<Part> {
  try {
    switch (request.kind) {
      case 'add-block':
        return await plannedCreation(planning, request)
      case 'move-block':
        return await plannedShift(planning, request)
      case 'remove-block':
        return await plannedRemoval(planning, request)
      case 'set-agenda':
      case 'remove-agenda':
        return await plannedAgenda(planning, request)
    }
  } catch (error) {
    if (!(error instanceof PortError)) throw error
    return { refusal: refused(request, refusalAfter[error.code], error.message) }
  }
}

async function plannedCreation(planning: Planning, request: AddBlock): Promise<Part> {
  const { deps, places } = planning
  const place = await places.pick(request)
  if (!isPlace(place)) return noPlace(request, place)
  const zone = zoneOf(request.zone, place)
  const timed = blockSlot(request.startWall, request.endWall, zone, deps.now())
  if (!timed.ok) return no(request, 'bad-time', timed.problem)
  const { slot } = timed
  const taken = await overlap(planning, place, request, slot, zone)
  if (taken !== null) return { refusal: taken }
  const free = await freeKey(planning, place, request.purpose, slot)
  if ('refusal' in free) return no(request, free.refusal, free.sentence)
  const write: PlannedWrite = {
    ...frame(place, request.why),
    id: free.key,
    action: 'create-block',
    key: free.key,
    title: request.title,
    kind: request.blockKind,
    zone: zone.name,
    after: slot,
  }
  return { write, notes: noteOf(timed.note), zone: zone.name }
}

async function plannedShift(planning: Planning, request: MoveBlock): Promise<Part> {
  const found = await findOwnBlock(planning, request)
  if ('refusal' in found) return found
  const { place, block } = found
  const zone = zoneOf(request.zone, place)
  const endWall = request.endWall ?? zone.toWall(zone.toInstant(request.startWall) + block.endAt - block.startAt)
  const timed = blockSlot(request.startWall, endWall, zone, planning.deps.now())
  if (!timed.ok) return no(request, 'bad-time', timed.problem)
  const after = timed.slot
  if (after.startAt === block.startAt && after.endAt === block.endAt) {
    return no(request, 'nothing-to-do', 'The block is at that time already.')
  }
  const taken = await overlap(planning, place, request, after, zone)
  if (taken !== null) return { refusal: taken }
  const before = { startAt: block.startAt, endAt: block.endAt }
  const parts = ['move', block.accountId, block.calendarId, block.key, block.etag, after.startAt, after.endAt]
  const write: PlannedWrite = {
    ...frame(place, 'You asked for another time.'),
    id: await freeId(planning.journal, parts),
    action: 'move-block',
    key: block.key,
    itemId: block.itemId,
    etag: block.etag,
    title: block.title,
    zone: zone.name,
    before,
    after,
  }
  return { write, notes: noteOf(timed.note), zone: zone.name }
}

async function plannedRemoval(planning: Planning, request: RemoveBlock): Promise<Part> {
  const found = await findOwnBlock(planning, request)
  if ('refusal' in found) return found
  const write = await removalOf(planning.journal, found.place, found.block, 'You asked for it to go.', [])
  return { write, notes: [], zone: write.action === 'remove-block' ? write.zone : null }
}

/** The write that removes a block as it stands now. */
export async function removalOf(
  journal: Journal,
  place: Place,
  block: ShownBlock,
  why: string,
  undoes: readonly string[],
): Promise<PlannedWrite> {
  return {
    ...frame(place, why),
    id: await freeId(journal, ['remove', block.accountId, block.calendarId, block.key, block.etag]),
    undoes,
    action: 'remove-block',
    key: block.key,
    itemId: block.itemId,
    title: block.title,
    kind: block.kind,
    zone: place.ref.zone ?? 'UTC',
    before: { startAt: block.startAt, endAt: block.endAt },
  }
}

async function plannedAgenda(planning: Planning, request: SetAgenda | RemoveAgenda): Promise<Part> {
  const { deps, places, journal } = planning
  const text = request.kind === 'set-agenda' ? agendaText(request.text) : null
  const place = await places.pick(request)
  if (!isPlace(place)) return noPlace(request, place)
  const { itemId, title } = await eventNamed(planning, place, request.event)
  const now = await place.writer.readAgenda(place.ref, itemId, deps.budget)
  if (!now.isOrganizer) {
    const sentence = `Somebody else organizes this event, and only its organizer's invitation may be changed. Send them the agenda instead.`
    return no(request, 'not-organizer', sentence)
  }
  if (now.ours === text) {
    const sentence = text === null ? 'The invitation holds no text of ours.' : 'The invitation holds this text already.'
    return no(request, 'nothing-to-do', sentence)
  }
  const key = { accountId: place.account.id, calendarId: place.calendar.id }
  if (unfinished(journal, entry => entry.itemId === itemId && isSameCalendar(entry, key))) {
    return no(request, 'unfinished', unfinishedSentence)
  }
  const write = await agendaWrite(journal, place, { itemId, etag: now.etag, title, before: now.ours, after: text }, [])
  const notes = [
    ...(title === null ? ['The title of this event is not known here. Make sure that it is the one you mean.'] : []),
    ...(place.account.provider === 'microsoft' ? [guestsAreTold] : []),
  ]
  return { write, notes, zone: place.ref.zone }
}

/** Microsoft Graph has no quiet update: whoever changes an invitation with guests makes Outlook write to them. */
const guestsAreTold =
  'If the meeting has guests, Microsoft sends them an update; there is no way to tell it not to. Nobody else is written to.'

/** The write that brings our text in an invitation from what it is to what it shall be. */
export async function agendaWrite(
  journal: Journal,
  place: Place,
  change: {
    readonly itemId: string
    readonly etag: string
    readonly title: string | null
    readonly before: string | null
    readonly after: string | null
  },
  undoes: readonly string[],
): Promise<PlannedWrite> {
  const { itemId, etag, after } = change
  const why =
    undoes.length > 0
      ? 'Takes back what was written before.'
      : after === null
        ? 'You asked for our text to go.'
        : 'You asked for an agenda in your invitation.'
  const parts = ['agenda', place.account.id, place.calendar.id, itemId, etag, after]
  const action = after === null ? 'remove-agenda' : 'set-agenda'
  return { ...frame(place, why), id: await freeId(journal, parts), undoes, action, ...change }
}

/** What every planned write has, but for its id. */
export function frame(place: Place, why: string) {
  const { account, calendar, label } = place
  return { accountId: account.id, calendarId: calendar.id, label, why, undoes: [] as readonly string[] }
}

/** An id that no finished line of the journal has: the same write may be made, taken back and made again. */
export async function freeId(journal: Journal, parts: readonly (string | number | null)[]): Promise<string> {
  for (let round = 0; ; round++) {
    const id = await writeId([...parts, round])
    const state = journal.entry(id)?.state
    if (state !== 'confirmed' && state !== 'undone') return id
  }
}

/** The key of the next block for a purpose, or why none is made. */
async function freeKey(
  { deps, journal }: Planning,
  place: Place,
  purpose: string,
  slot: Interval,
): Promise<{ readonly key: BlockKey } | { readonly refusal: RefusalReason; readonly sentence: string }> {
  const { account, calendar } = place
  for (let round = 0; ; round++) {
    const key = await blockKey({ tenant: deps.tenant, account, calendarId: calendar.id, purpose, slot, round })
    const entry = journal.entry(key)
    if (entry !== null && isOpen(entry)) return { refusal: 'unfinished', sentence: unfinishedSentence }
    const there = await place.writer.findBlock(place.ref, key, deps.budget)
    if (there !== null && there.startAt === slot.startAt && there.endAt === slot.endAt) {
      return { refusal: 'already-there', sentence: 'This block is on the calendar already.' }
    }
    // One that was made and stands elsewhere or nowhere any more has had its round.
    if (there === null && (entry === null || entry.state === 'refused')) return { key }
  }
}

async function findOwnBlock(
  planning: Planning,
  request: MoveBlock | RemoveBlock,
): Promise<{ readonly place: Place; readonly block: ShownBlock } | { readonly refusal: WriteRefusal }> {
  const { deps, places, journal } = planning
  const { places: open, others } = await places.all(request)
  const found: { readonly place: Place; readonly block: ShownBlock }[] = []
  for (const place of open) {
    // A whole key is asked for; anything shorter is looked for among all blocks.
    const exact = isBlockKey(request.block) ? await place.writer.findBlock(place.ref, request.block, deps.budget) : null
    const blocks = exact === null ? await ownBlocks(deps, place) : [shownBlock(place, exact)]
    for (const block of blocks) {
      if (block.itemId === request.block || isNamedBy(block.key, request.block)) found.push({ place, block })
    }
  }
  const [only, second] = found
  if (second !== undefined) {
    throw new AppError('wrong-use', `"${request.block}" names several blocks. Give more of the key; see block list.`)
  }
  if (only === undefined) {
    const [other] = others
    if (open.length === 0 && other !== undefined) return noPlace(request, other)
    const hint = request.block.length < shortestReference ? ` A key's end of ${shortestReference} or more counts.` : ''
    return no(request, 'not-found', `No block of ours has this key.${hint} See minutewise block list.`)
  }
  const { block } = only
  if (unfinished(journal, (_, write) => write !== null && 'key' in write && write.key === block.key)) {
    return no(request, 'unfinished', unfinishedSentence)
  }
  return only
}

/** Where an event is named by its UID the mirror knows its id; an id the mirror does not know is the provider's matter. */
async function eventNamed(
  { deps }: Planning,
  place: Place,
  named: string,
): Promise<{ readonly itemId: string; readonly title: string | null }> {
  const key = { accountId: place.account.id, calendarId: place.calendar.id }
  const [known] = await deps.accounts.mirror.findItems(key, { ids: [named] })
  const now = deps.now()
  const near = { startAt: now - 31 * dayMs, endAt: now + 183 * dayMs }
  const item =
    known ??
    (await deps.accounts.mirror.readItems(key, near)).find(
      each =>
        each.seriesItemId === null &&
        ((each.content.kind === 'events' && each.content.events.some(event => event.uid === named)) ||
          (each.content.kind === 'series' && each.content.event.uid === named)),
    )
  return item === undefined ? { itemId: named, title: null } : { itemId: item.id, title: itemTitle(item) }
}

async function overlap(
  { deps }: Planning,
  place: Place,
  request: AddBlock | MoveBlock,
  slot: Interval,
  zone: Zone,
): Promise<WriteRefusal | null> {
  if (!request.avoidMeetings) return null
  const { sync } = place.calendar
  if (sync.asOf === null) {
    const sentence = `${place.label} has not been read yet, so nobody knows its meetings. Run minutewise sync first.`
    return refused(request, 'overlap', sentence)
  }
  const key = { accountId: place.account.id, calendarId: place.calendar.id }
  const busy = await busyTimes(deps, key, slot)
  if (busy.length === 0) return null
  const times = busy.map(each => `${clock(each.startAt, zone)}–${clock(each.endAt, zone)}`).join(', ')
  return refused(request, 'overlap', `The calendar is taken then: ${times} (as of ${isoInstant(sync.asOf)}).`)
}

function unfinished(
  journal: Journal,
  concerns: (entry: Journal['entries'][number], write: PlannedWrite | null) => boolean,
): boolean {
  return journal.entries.some(entry => isOpen(entry) && concerns(entry, writeOf(entry)))
}

export const unfinishedSentence =
  'An earlier write to it is not finished. Run minutewise block resume --apply first; it finds out and finishes.'

const isSameCalendar = (a: CalendarKey, b: CalendarKey) => a.accountId === b.accountId && a.calendarId === b.calendarId

const longestAgenda = 5_000

/** As it is written: lines end in LF, nothing hangs over at the ends. */
function agendaText(text: string): string {
  const plain = text.replace(/\r\n?/g, '\n').trim()
  if (plain === '')
    throw new AppError('wrong-use', 'The agenda is empty. To take ours out use minutewise agenda remove.')
  if (plain.length > longestAgenda) {
    throw new AppError('wrong-use', `The agenda has ${plain.length} characters; ${longestAgenda} is the most.`)
  }
  return plain
}

function zoneOf(asked: string | null, place: Place): Zone {
  const name = asked ?? place.ref.zone
  if (name === null) throw new AppError('wrong-use', `${place.label} names no time zone. Give one with --zone.`)
  const zone = zoneFor(name)
  if (zone === null) throw new AppError('wrong-use', `"${name}" is no time zone. Use a name such as Europe/Madrid.`)
  return zone
}

const clock = (at: number, zone: Zone) => isoInstant(zone.toWall(at)).slice(11, 16)

const noteOf = (note: string | null) => (note === null ? [] : [note])

const askedWords: Readonly<Record<WriteRequest['kind'], string>> = {
  'add-block': 'add a block',
  'move-block': 'move a block',
  'remove-block': 'remove a block',
  'set-agenda': 'set an agenda',
  'remove-agenda': 'remove an agenda',
}

function refused(request: WriteRequest, reason: RefusalReason, sentence: string): WriteRefusal {
  return { reason, asked: askedWords[request.kind], sentence }
}

const no = (request: WriteRequest, reason: RefusalReason, sentence: string) => ({
  refusal: refused(request, reason, sentence),
})

const noPlace = (request: WriteRequest, place: NoPlace) => no(request, place.reason, place.sentence)
