import type { JournalLine, ShownBlock } from '../../domain/focus/write-plan.ts'
import type { Interval } from '../../domain/time/types.ts'
import { PortError } from '../../port-error.ts'
import type { WriteEntry } from '../../store/accounts.ts'
import { titledLine } from './event-title.ts'
import { isOpen, openJournal } from './journal.ts'
import { ownBlocks } from './own-blocks.ts'
import { openPlaces, type Where } from './places.ts'
import { isStanding } from './plan-undo.ts'
import type { WriteBackDeps } from './write-back-deps.ts'

export interface BlocksListed {
  readonly zone: string
  readonly blocks: readonly (ShownBlock & { readonly inJournal: boolean })[]
  /** Begun, and their end not seen. */
  readonly open: readonly JournalLine[]
  /** Agendas that stand in invitations, as the journal has them. */
  readonly agendas: readonly JournalLine[]
  /** Calendars that could not be asked or may not be written, a sentence each. */
  readonly problems: readonly string[]
}

/** Everything on the calendars that carries our marker, whoever remembers it, and what the journal holds beside. */
export async function listBlocks(deps: WriteBackDeps, where: Where, window: Interval): Promise<BlocksListed> {
  const journal = await openJournal(deps)
  const { places, others } = await (await openPlaces(deps)).all(where)
  const blocks: BlocksListed['blocks'][number][] = []
  const problems = places.length === 0 ? [...new Set(others.map(other => other.sentence))] : []
  for (const place of places) {
    try {
      for (const block of await ownBlocks(deps, place, window)) {
        blocks.push({ ...block, inJournal: isStanding(journal, block.key) })
      }
    } catch (error) {
      if (!(error instanceof PortError)) throw error
      problems.push(error.message)
    }
  }
  const zone = places.find(place => place.ref.zone !== null)?.ref.zone ?? 'UTC'
  const lines = journal.entries
  const titled = (entry: WriteEntry) => titledLine(deps, entry)
  return {
    zone,
    blocks,
    open: await Promise.all(lines.filter(isOpen).map(titled)),
    agendas: await Promise.all(standingAgendas(lines).map(titled)),
    problems,
  }
}

/** The last word on each invitation, where it is a text. */
function standingAgendas(entries: readonly WriteEntry[]): readonly WriteEntry[] {
  const last = new Map<string, WriteEntry>()
  for (const entry of entries) {
    const isAgenda = entry.action === 'set-agenda' || entry.action === 'remove-agenda'
    if (isAgenda && entry.state === 'confirmed') {
      last.set(JSON.stringify([entry.accountId, entry.calendarId, entry.itemId]), entry)
    }
  }
  return [...last.values()].filter(entry => entry.action === 'set-agenda')
}
