import type { TickBudget } from '../../connectors/connector.ts'
import { isAgendaWrite, type PlannedWrite, type WriteOutcome, type WriteState } from '../../domain/focus/write-plan.ts'
import { type Interval, minuteMs } from '../../domain/time/types.ts'
import { PortError, type PortErrorCode } from '../../port-error.ts'
import type { WriteEntry } from '../../store/accounts.ts'
import { isOpen, type Journal } from './journal.ts'
import type { Place } from './places.ts'
import type { WriteBackDeps } from './write-back-deps.ts'

/**
 * One write, from wherever its line in the journal stands to as far as it can be brought now:
 *
 *     (nothing) → intended → the call → sent → looked at → confirmed
 *
 * Each arrow may be the last thing that happens before the process dies or the network goes. Whoever comes later looks
 * at the provider first, by key, and acts only where the calendar still is as it was before the write. So nothing is
 * done twice, nothing that was begun is forgotten, and what a person changed meanwhile stays.
 *
 * A definite no is believed when a look shows that nothing happened: a request that was repeated on the way can meet
 * its own first one and be told `conflict`.
 */
export async function carryOut(run: CarryOutRun, place: Place, write: PlannedWrite): Promise<WriteOutcome> {
  const entry = run.journal.entry(write.id)
  if (entry === null || entry.state === 'refused') {
    const spent = spentSentence(run)
    if (spent !== null) return outcome(write, 'refused', spent)
    await run.journal.save(write, { state: 'intended' })
    return perform(run, place, write)
  }
  if (isOpen(entry)) return takeUp(run, place, write, entry)
  if (entry.state === 'undone') return outcome(write, 'undone', 'This was done and taken back. Make a new plan.')
  return outcome(write, 'confirmed', 'This was done before.')
}

export interface CarryOutRun extends Pick<WriteBackDeps, 'now'> {
  readonly budget: TickBudget
  readonly journal: Journal
}

/** What a look at the calendar says of a write. */
type Sight =
  | { readonly kind: 'done'; readonly itemId: string; readonly sentence: string | null }
  /** As it was before. `unchanged`: by its etag too, where the write has one. */
  | { readonly kind: 'before'; readonly unchanged: boolean }
  /** Neither: somebody else was there. */
  | { readonly kind: 'otherwise'; readonly sentence: string }

/** Goes on with what an earlier run began. */
async function takeUp(run: CarryOutRun, place: Place, write: PlannedWrite, entry: WriteEntry): Promise<WriteOutcome> {
  const stays = entry.state === 'sent' ? 'sent' : 'open'
  const spent = spentSentence(run)
  if (spent !== null) return outcome(write, stays, spent)
  const seen = await lookOrError(run, place, write)
  if (seen instanceof PortError) return outcome(write, stays, `It could not be looked up: ${seen.message}`)
  if (entry.state === 'sent') return afterSent(run, write, seen, entry.updatedAt)
  switch (seen.kind) {
    case 'done':
      await run.journal.save(write, { state: 'sent', itemId: seen.itemId })
      return confirm(run, write, seen)
    case 'before':
      if (seen.unchanged) return perform(run, place, write)
      return refuse(run, write, 'It was changed since the plan was made, and was left as it is. Make a new plan.')
    case 'otherwise':
      return refuse(run, write, seen.sentence)
  }
}

async function perform(run: CarryOutRun, place: Place, write: PlannedWrite): Promise<WriteOutcome> {
  let itemId: string
  try {
    itemId = await call(run, place, write)
  } catch (error) {
    if (error instanceof Changed) return refuse(run, write, error.message)
    if (!(error instanceof PortError)) throw error
    const seen = await lookOrError(run, place, write)
    if (!(seen instanceof PortError) && seen.kind === 'done') {
      await run.journal.save(write, { state: 'sent', itemId: seen.itemId })
      return confirm(run, write, seen)
    }
    // "Changed since" and "as it was" cannot both be true: the provider is behind its own truth.
    const contradiction =
      error.code === 'conflict' && !(seen instanceof PortError) && seen.kind === 'before' && seen.unchanged
    if (definiteNo.has(error.code) && !contradiction) return refuse(run, write, error.message)
    const sentence = `Nobody knows whether it was done: ${error.message} Run minutewise block resume --apply later.`
    return outcome(write, 'open', sentence)
  }
  await run.journal.save(write, { state: 'sent', itemId })
  const seen = await lookOrError(run, place, write)
  if (seen instanceof PortError) {
    return outcome(write, 'sent', `The calendar said yes and could not be asked to show it: ${seen.message}`)
  }
  return afterSent(run, write, seen, run.now())
}

/** The provider said yes at `sentAt`; this is what it shows. */
async function afterSent(run: CarryOutRun, write: PlannedWrite, seen: Sight, sentAt: number): Promise<WriteOutcome> {
  switch (seen.kind) {
    case 'done':
      return confirm(run, write, seen)
    case 'otherwise':
      return confirm(run, write, { ...seen, sentence: 'It was done, and changed by somebody since.' })
    case 'before': {
      if (run.now() - sentAt < settleMs) {
        return outcome(write, 'sent', 'The calendar said yes and does not show it yet. Run block resume --apply later.')
      }
      const sentence = 'It was done, and somebody took it back on the calendar; it was left so.'
      await run.journal.save(write, { state: 'undone', sentence })
      return outcome(write, 'undone', sentence)
    }
  }
}

/** How long a provider may be behind its own truth before what it shows is believed. */
export const settleMs = 15 * minuteMs

async function confirm(
  run: CarryOutRun,
  write: PlannedWrite,
  seen: { readonly itemId?: string; readonly sentence: string | null },
): Promise<WriteOutcome> {
  // Before the line itself is finished: a run that ends in between is taken up here again.
  await run.journal.close(write.undoes, null)
  const { itemId = null, sentence } = seen
  await run.journal.save(write, { state: 'confirmed', itemId, sentence })
  return outcome(write, 'confirmed', sentence)
}

async function refuse(run: CarryOutRun, write: PlannedWrite, sentence: string): Promise<WriteOutcome> {
  await run.journal.save(write, { state: 'refused', sentence })
  return outcome(write, 'refused', sentence)
}

/** The one call; gives the item's id. */
async function call(run: CarryOutRun, { writer, ref }: Place, write: PlannedWrite): Promise<string> {
  const { budget } = run
  switch (write.action) {
    case 'create-block': {
      const { key, title, zone, kind, after } = write
      return (await writer.createBlock(ref, { key, title, zone, kind, ...after }, budget)).itemId
    }
    case 'move-block': {
      const { itemId, etag, zone, after } = write
      return (await writer.moveBlock(ref, { itemId, etag, zone, ...after }, budget)).itemId
    }
    case 'remove-block': {
      // A removal names no etag, so the look comes first: what somebody moved after the plan was shown stays.
      const there = await writer.findBlock(ref, write.key, budget)
      if (there === null) return write.itemId
      if (there.itemId !== write.itemId || !isSameTime(there, write.before)) throw new Changed(movedSentence)
      await writer.removeBlock(ref, write.itemId, budget)
      return write.itemId
    }
    case 'set-agenda':
    case 'remove-agenda': {
      const { itemId, etag, after } = write
      return (await writer.writeAgenda(ref, { itemId, etag, text: after }, budget)).itemId
    }
  }
}

class Changed extends Error {}

async function lookOrError(run: CarryOutRun, place: Place, write: PlannedWrite): Promise<Sight | PortError> {
  try {
    return await look(run, place, write)
  } catch (error) {
    if (error instanceof PortError) return error
    throw error
  }
}

async function look({ budget }: CarryOutRun, { writer, ref }: Place, write: PlannedWrite): Promise<Sight> {
  if (isAgendaWrite(write)) {
    const now = await agendaNow(writer.readAgenda(ref, write.itemId, budget))
    if (now === null) return { kind: 'otherwise', sentence: 'The event is not on the calendar any more.' }
    if (now.ours === write.after) return { kind: 'done', itemId: now.itemId, sentence: null }
    if (now.ours === write.before) return { kind: 'before', unchanged: now.etag === write.etag }
    const sentence = 'Our text in the invitation was changed by somebody since the plan was made; it was left.'
    return { kind: 'otherwise', sentence }
  }
  const there = await writer.findBlock(ref, write.key, budget)
  switch (write.action) {
    case 'create-block': {
      if (there === null) return { kind: 'before', unchanged: true }
      const sentence = isSameTime(there, write.after)
        ? null
        : 'The block is there at another time than planned: somebody moved it. It was left so.'
      return { kind: 'done', itemId: there.itemId, sentence }
    }
    case 'move-block':
      if (there === null) return { kind: 'otherwise', sentence: 'The block is not on the calendar any more.' }
      if (isSameTime(there, write.after)) return { kind: 'done', itemId: there.itemId, sentence: null }
      if (isSameTime(there, write.before)) return { kind: 'before', unchanged: there.etag === write.etag }
      return { kind: 'otherwise', sentence: movedSentence }
    case 'remove-block':
      if (there === null) return { kind: 'done', itemId: write.itemId, sentence: null }
      if (there.itemId === write.itemId && isSameTime(there, write.before)) return { kind: 'before', unchanged: true }
      return { kind: 'otherwise', sentence: movedSentence }
  }
}

const movedSentence = 'The block was moved by somebody since the plan was made; it was left where it is.'

async function agendaNow<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof PortError && error.code === 'not-found') return null
    throw error
  }
}

const isSameTime = (a: Interval, b: Interval) => a.startAt === b.startAt && a.endAt === b.endAt

/** Answers after which nothing was done; every other one leaves it open. */
const definiteNo: ReadonlySet<PortErrorCode> = new Set([
  'denied',
  'read-only',
  'rejected',
  'conflict',
  'not-found',
  'no-mailbox',
  'unsupported',
  'too-large',
] satisfies PortErrorCode[])

function spentSentence({ budget, now }: CarryOutRun): string | null {
  const isSpent = budget.requests < 1 || budget.signal?.aborted === true || now() >= budget.untilAt
  return isSpent ? 'The work allowed for now is done; this was not begun. Run the command again.' : null
}

function outcome(write: PlannedWrite, state: WriteState, sentence: string | null): WriteOutcome {
  return { write, state, sentence }
}
