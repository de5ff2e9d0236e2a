import {
  type AgendaWrite,
  emptyPlan,
  isAgendaWrite,
  type PlannedWrite,
  type RefusalReason,
  type ShownBlock,
  type WritePlan,
  type WriteRefusal,
} from '../../domain/focus/write-plan.ts'
import type { Instant, Interval } from '../../domain/time/types.ts'
import { PortError } from '../../port-error.ts'
import type { WriteEntry } from '../../store/accounts.ts'
import { AppError } from '../app-error.ts'
import { blockKey } from './block-key.ts'
import { eventTitle } from './event-title.ts'
import { isOpen, type Journal, openJournal, writeOf } from './journal.ts'
import { isNamedBy, ownBlocks, shownBlock } from './own-blocks.ts'
import { isPlace, openPlaces, type Place, type Places, refusalAfter } from './places.ts'
import { agendaWrite, frame, freeId, removalOf, unfinishedSentence } from './plan-writes.ts'
import type { WriteBackDeps } from './write-back-deps.ts'

export type UndoChoice =
  /** Everything of ours: the calendars are as if Minutewise had written nothing. */
  | { readonly kind: 'all'; readonly strangersToo: boolean }
  /** Whole ids, or their last six or more characters. */
  | { readonly kind: 'ids'; readonly ids: readonly string[] }
  /** Everything written at this moment or later. */
  | { readonly kind: 'since'; readonly since: Instant }

/**
 * The plan that takes writes back. What counts is the calendar as it is now and our marker on it, the journal only says
 * what was there before: a block is removed when its making is taken back, goes back where it was when its moves are
 * and nobody moved it since, and comes back when only its removal is. Our text goes from invitations, or becomes again
 * what it was. Several writes to one thing become one. Blocks that carry our marker and are in no journal are listed
 * for `all`, and removed when asked for.
 *
 * Throws `AppError` `wrong-use` for ids the journal does not have.
 */
export async function planUndo(deps: WriteBackDeps, choice: UndoChoice): Promise<WritePlan> {
  const journal = await openJournal(deps)
  const undoing: Undoing = { deps, journal, places: await openPlaces(deps), all: choice.kind === 'all' }
  const { things, unknown } = thingsWritten(journal, chosen(journal, choice))
  let plan: WritePlan = { ...emptyPlan('UTC'), notes: unknown === 0 ? [] : [unknownNote(unknown)] }
  for (const thing of things) plan = added(plan, await takenBack(undoing, thing))
  if (choice.kind === 'all') {
    const removed = new Set(plan.writes.flatMap(write => ('key' in write ? [write.key] : [])))
    plan = await withStrangers(undoing, plan, removed, choice.strangersToo)
  }
  const zone = plan.writes.flatMap(write => ('zone' in write ? [write.zone] : []))[0] ?? plan.zone
  return { ...plan, zone }
}

interface Undoing {
  readonly deps: WriteBackDeps
  readonly journal: Journal
  readonly places: Places
  readonly all: boolean
}

/** One block or one invitation, with the chosen writes to it, oldest first. */
interface Thing {
  readonly writes: readonly PlannedWrite[]
  /** An earlier attempt to take it back was not finished. */
  readonly unfinished: boolean
}

type Part = Partial<Pick<WritePlan, 'writes' | 'refusals' | 'settled'>>

function chosen(journal: Journal, choice: UndoChoice): readonly WriteEntry[] {
  const standing = journal.entries.filter(entry => isOpen(entry) || entry.state === 'confirmed')
  switch (choice.kind) {
    case 'all':
      return standing
    case 'since':
      return standing.filter(entry => entry.createdAt >= choice.since)
    case 'ids':
      return choice.ids.map(id => {
        const named = journal.entries.filter(entry => isNamedBy(entry.id, id))
        const [only, second] = named
        if (only === undefined) throw new AppError('wrong-use', `The journal has no write "${id}". See block list.`)
        if (second !== undefined) throw new AppError('wrong-use', `"${id}" names several writes. Give more of the id.`)
        const write = writeOf(only)
        if (write !== null && takesBack(write)) {
          throw new AppError('wrong-use', `The write "${id}" took another one back. Plan anew what it took back.`)
        }
        if (standing.includes(only)) return only
        const why = only.state === 'undone' ? 'was taken back already' : 'was refused, so nothing was done'
        throw new AppError('wrong-use', `The write "${id}" ${why}.`)
      })
  }
}

function thingsWritten(journal: Journal, entries: readonly WriteEntry[]) {
  const byThing = new Map<string, PlannedWrite[]>()
  let unknown = 0
  for (const entry of entries) {
    const write = writeOf(entry)
    if (write === null) {
      unknown++
    } else if (!takesBack(write)) {
      const thing = thingOf(write)
      byThing.set(thing, [...(byThing.get(thing) ?? []), write])
    }
  }
  const open = journal.entries.filter(isOpen).flatMap(entry => writeOf(entry)?.undoes ?? [])
  const things = [...byThing.values()].map(writes => ({
    writes,
    unfinished: writes.some(write => open.includes(write.id)),
  }))
  return { things, unknown }
}

/** Of a removed account the journal keeps that something was written, and no texts. */
function unknownNote(count: number): string {
  const what = count === 1 ? 'One write is' : `${count} writes are`
  return `${what} not known any more, as after an account was removed. Connect it again: what carries our marker is listed.`
}

/** What takes something back is not taken back itself; a block that came back is one that was made. */
function takesBack(write: PlannedWrite): boolean {
  return write.undoes.length > 0 && write.action !== 'create-block'
}

function thingOf(write: PlannedWrite): string {
  const what = 'key' in write ? ['block', write.key] : ['agenda', write.itemId]
  return JSON.stringify([write.accountId, write.calendarId, ...what])
}

async function takenBack(undoing: Undoing, { writes, unfinished }: Thing): Promise<Part> {
  const [first] = writes
  if (first === undefined) return {}
  if (unfinished) return no('unfinished', unfinishedSentence)
  const place = await undoing.places.of(first)
  if (!isPlace(place)) return no(place.reason, place.sentence)
  try {
    const agendas = writes.filter(isAgendaWrite)
    if (agendas.length > 0) return await agendaBack(undoing, place, agendas)
    return await blockBack(undoing, place, writes)
  } catch (error) {
    if (!(error instanceof PortError)) throw error
    return no(refusalAfter[error.code], error.message)
  }
}

async function blockBack(undoing: Undoing, place: Place, writes: readonly PlannedWrite[]): Promise<Part> {
  const { deps, journal } = undoing
  const ids = writes.map(write => write.id)
  const [first] = writes
  if (first === undefined || !('key' in first)) return {}
  const found = await place.writer.findBlock(place.ref, first.key, deps.budget)
  const block = found === null ? null : shownBlock(place, found)
  const last = writes.at(-1)

  if (writes.some(write => write.action === 'create-block')) {
    if (block === null) return settled(ids, place, 'The block is not on the calendar any more.')
    return { writes: [await removalOf(journal, place, block, removalWhy(block, writes), ids)] }
  }
  if (last?.action === 'remove-block') {
    if (block !== null) return no('changed', 'A removed block is on the calendar again; it was left.')
    if (undoing.all) return settled(ids, place, 'The block is not on the calendar any more.')
    return broughtBack(undoing, place, writes, ids)
  }
  const moves = writes.filter(write => write.action === 'move-block')
  const [oldest] = moves
  const newest = moves.at(-1)
  if (oldest === undefined || newest === undefined) return {}
  if (block === null) return settled(ids, place, 'The block is not on the calendar any more.')
  if (isSameTime(block, oldest.before)) return settled(ids, place, 'The block is back where it was already.')
  if (!isSameTime(block, newest.after)) {
    return no('changed', 'The block was moved again since; it was left where it is.')
  }
  const { key, itemId, etag, title } = block
  const parts = ['move', block.accountId, block.calendarId, key, etag, oldest.before.startAt, oldest.before.endAt]
  const write: PlannedWrite = {
    ...frame(place, 'Takes back a move.'),
    id: await freeId(journal, parts),
    undoes: ids,
    action: 'move-block',
    key,
    itemId,
    etag,
    title,
    zone: oldest.zone,
    before: { startAt: block.startAt, endAt: block.endAt },
    after: oldest.before,
  }
  return { writes: [write] }
}

function removalWhy(block: ShownBlock, writes: readonly PlannedWrite[]): string {
  const last = writes.findLast(write => write.action === 'create-block' || write.action === 'move-block')
  const moved = last !== undefined && !isSameTime(block, last.after)
  return moved
    ? 'Takes back a block of ours. It was moved since, and goes all the same.'
    : 'Takes back a block of ours.'
}

/** A block that was removed is made again, as another one: providers keep the ids of removed events. */
async function broughtBack(
  { deps }: Undoing,
  place: Place,
  writes: readonly PlannedWrite[],
  ids: readonly string[],
): Promise<Part> {
  const [first] = writes
  const removal = writes.at(-1)
  if (removal?.action !== 'remove-block' || first === undefined || !('before' in first) || isAgendaWrite(first))
    return {}
  const slot = first.before
  if (slot.endAt <= deps.now()) return no('bad-time', 'The time of the removed block is over; it was not brought back.')
  const { account, calendar } = place
  const purpose = `again ${removal.id}`
  const key = await blockKey({ tenant: deps.tenant, account, calendarId: calendar.id, purpose, slot, round: 0 })
  const write: PlannedWrite = {
    ...frame(place, 'Brings back a block that was removed.'),
    id: key,
    undoes: ids,
    action: 'create-block',
    key,
    title: removal.title,
    kind: removal.kind,
    zone: removal.zone,
    after: slot,
  }
  return { writes: [write] }
}

async function agendaBack(undoing: Undoing, place: Place, writes: readonly AgendaWrite[]): Promise<Part> {
  const { deps, journal, all } = undoing
  const ids = writes.map(write => write.id)
  const [oldest] = writes
  const newest = writes.at(-1)
  if (oldest === undefined || newest === undefined) return {}
  const { itemId } = newest
  const before = all ? null : oldest.before
  const now = await place.writer.readAgenda(place.ref, itemId, deps.budget).catch((error: unknown) => {
    if (error instanceof PortError && error.code === 'not-found') return null
    throw error
  })
  if (now === null) return settled(ids, place, 'The event is not on the calendar any more.')
  if (now.ours === before) return settled(ids, place, 'The invitation is as it was already.')
  if (!all && now.ours !== newest.after) {
    const sentence = 'Our text was changed by somebody since; it was left. minutewise agenda remove takes it out.'
    return no('changed', sentence)
  }
  if (!now.isOrganizer) return no('not-organizer', 'Somebody else organizes the event now; our text was left in it.')
  const title = await eventTitle(deps, { accountId: place.account.id, calendarId: place.calendar.id }, itemId)
  const change = { itemId, etag: now.etag, title, before: now.ours, after: before }
  return { writes: [await agendaWrite(journal, place, change, ids)] }
}

async function withStrangers(
  { deps, journal, places }: Undoing,
  plan: WritePlan,
  removed: ReadonlySet<string>,
  strangersToo: boolean,
): Promise<WritePlan> {
  const strangers: ShownBlock[] = []
  const writes = [...plan.writes]
  const refusals = [...plan.refusals]
  for (const place of (await places.all({ account: null, calendar: null })).places) {
    try {
      for (const block of await ownBlocks(deps, place)) {
        if (removed.has(block.key) || isStanding(journal, block.key)) continue
        strangers.push(block)
        const why = 'It carries our marker, and no journal here knows it.'
        if (strangersToo) writes.push(await removalOf(journal, place, block, why, []))
      }
    } catch (error) {
      if (!(error instanceof PortError)) throw error
      refusals.push(refusal(refusalAfter[error.code], error.message))
    }
  }
  return { ...plan, writes, refusals, strangers: strangersToo ? [] : strangers }
}

/** A line of the journal that can be read says that this block was made and is there. */
export function isStanding(journal: Journal, key: string): boolean {
  const entry = journal.entry(key)
  return entry !== null && entry.state !== 'undone' && entry.state !== 'refused' && writeOf(entry) !== null
}

function added(plan: WritePlan, part: Part): WritePlan {
  return {
    ...plan,
    writes: [...plan.writes, ...(part.writes ?? [])],
    refusals: [...plan.refusals, ...(part.refusals ?? [])],
    settled: [...plan.settled, ...(part.settled ?? [])],
  }
}

function settled(ids: readonly string[], place: Place, sentence: string): Part {
  return { settled: [{ ids, label: place.label, sentence }] }
}

function refusal(reason: RefusalReason, sentence: string): WriteRefusal {
  return { reason, asked: 'take back', sentence }
}

const no = (reason: RefusalReason, sentence: string): Part => ({ refusals: [refusal(reason, sentence)] })

const isSameTime = (a: Interval, b: Interval) => a.startAt === b.startAt && a.endAt === b.endAt
