import { stableHash } from '../../domain/meetings/stable-id.ts'
import { parsedJson } from '../../json-value.ts'
import type { CalendarId, ItemId, Tier } from '../connector.ts'

/** Where a round of `calendarView/delta` goes on. Opaque to everybody else. */
export interface DeltaCursor {
  /** The round that `link` belongs to. */
  readonly mode: 'full' | 'changes'
  /** As Graph gave it, to the letter. */
  readonly link: string
  /** The window that is baked into the link, for people who look at a cursor. */
  readonly window: readonly [number, number]
  /** `link` begins the next round: with nothing `pending` the round is complete. */
  readonly isLast: boolean
  /** Events that came with too little and are asked for by their ids before the link is followed. */
  readonly pending: readonly ItemId[]
  readonly guard: LinkGuard
}

/**
 * Recognises a link that comes again within a round, in constant space however long the round is (Brent's algorithm):
 * one link is remembered, a later one at every power of two.
 */
export interface LinkGuard {
  readonly seen: string
  readonly steps: number
}

export const newGuard: LinkGuard = { seen: '', steps: 0 }

/** Null when the link came before, or when the round has more pages than any calendar. */
export function guarded(guard: LinkGuard, link: string): LinkGuard | null {
  const hash = stableHash(link)
  if (hash === guard.seen || guard.steps >= mostPages) return null
  const steps = guard.steps + 1
  const isPowerOfTwo = (steps & (steps - 1)) === 0
  return { seen: isPowerOfTwo ? hash : guard.seen, steps }
}

const mostPages = 20_000
const version = 1

export interface CursorOwner {
  readonly calendarId: CalendarId
  readonly tier: Tier
}

export function writeCursor(cursor: DeltaCursor, { calendarId, tier }: CursorOwner): string {
  return JSON.stringify({ v: version, of: stableHash(calendarId), bodies: carriesBodies(tier), ...cursor })
}

/**
 * Null for one that is of another version, another calendar, or of a tier that read less: changes alone would never bring
 * the agendas of events that do not change.
 */
export function readCursor(text: string, { calendarId, tier }: CursorOwner): DeltaCursor | null {
  const json = parsedJson(text)
  if (typeof json !== 'object' || json === null) return null
  // Safe because every field is checked below; a cursor of this version was written above.
  const cursor = json as Partial<DeltaCursor> & {
    readonly v?: unknown
    readonly of?: unknown
    readonly bodies?: unknown
  }
  const isOurs = cursor.v === version && cursor.of === stableHash(calendarId) && cursor.bodies === carriesBodies(tier)
  if (!isOurs || typeof cursor.link !== 'string' || cursor.guard === undefined || cursor.window === undefined)
    return null
  const { mode, link, window, isLast, pending, guard } = cursor
  if (mode !== 'full' && mode !== 'changes') return null
  return { mode, link, window, isLast: isLast === true, pending: pending ?? [], guard }
}

function carriesBodies(tier: Tier): boolean {
  return tier === 'content' || tier === 'write-back'
}
