import type { JournalLine, WriteOutcome } from '../../domain/focus/write-plan.ts'
import { carryOut } from './carry-out.ts'
import { titledLine } from './event-title.ts'
import { isOpen, journalLine, openJournal } from './journal.ts'
import { isPlace, openPlaces } from './places.ts'
import type { WriteBackDeps } from './write-back-deps.ts'

/** Writes that an earlier run began and whose end nobody has seen, oldest first. Asks no provider. */
export async function openWrites(deps: Pick<WriteBackDeps, 'accounts'>): Promise<readonly JournalLine[]> {
  const open = (await deps.accounts.mirror.listWrites()).filter(isOpen)
  return await Promise.all(open.map(entry => titledLine(deps, entry)))
}

export interface WritesResumed {
  readonly outcomes: readonly WriteOutcome[]
  /** Lines whose content cannot be read any more, as after their account was removed. Told once, then closed. */
  readonly unreadable: readonly JournalLine[]
}

/**
 * Finds out what became of every open write and finishes it, oldest first: what was done is confirmed, what was not is
 * done now where the calendar still is as it was, and refused where it is not.
 */
export async function resumeWrites(deps: WriteBackDeps): Promise<WritesResumed> {
  const journal = await openJournal(deps)
  const places = await openPlaces(deps)
  const run = { now: deps.now, budget: deps.budget, journal }
  const outcomes: WriteOutcome[] = []
  const unreadable: JournalLine[] = []
  for (const entry of journal.entries.filter(isOpen)) {
    const { write: read } = await titledLine(deps, entry)
    if (read === null) {
      unreadable.push(journalLine(entry))
      await journal.close([entry.id], 'What was written is not known here any more.')
      continue
    }
    const place = await places.of(read)
    const write = { ...read, label: place.label }
    if (isPlace(place)) {
      outcomes.push(await carryOut(run, place, write))
    } else {
      const state = entry.state === 'sent' ? 'sent' : 'open'
      outcomes.push({ write, state, sentence: place.sentence })
    }
  }
  return { outcomes, unreadable }
}
