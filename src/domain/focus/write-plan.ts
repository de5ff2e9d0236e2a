import type { Instant, Interval } from '../time/types.ts'

/**
 * What would be written to calendars, as a value that people can read before anything happens, and what became of it.
 * A plan holds everything that carrying it out needs: whoever applies it decides nothing more.
 */
export interface WritePlan {
  /** IANA name, for showing times. */
  readonly zone: string
  readonly writes: readonly PlannedWrite[]
  /** What was asked for and will not be done, a reason each. */
  readonly refusals: readonly WriteRefusal[]
  /** Lines of the journal that need no call: what they wrote is gone already. */
  readonly settled: readonly SettledWrite[]
  /** On the calendar with our marker, and in no journal here. */
  readonly strangers: readonly ShownBlock[]
  /** Sentences about the plan as a whole. */
  readonly notes: readonly string[]
}

export const writeActions = ['create-block', 'move-block', 'remove-block', 'set-agenda', 'remove-agenda'] as const
export type WriteAction = (typeof writeActions)[number]

export type PlannedWrite = BlockCreation | BlockShift | BlockRemoval | AgendaWrite

/** What all of them have. */
export interface WriteFrame {
  /** The same for the same write planned twice; for a new block its key. */
  readonly id: string
  readonly accountId: string
  readonly calendarId: string
  /** Account and calendar in words for people. */
  readonly label: string
  /** What it is for, a sentence. */
  readonly why: string
  /** Ids of earlier writes that this one takes back. */
  readonly undoes: readonly string[]
}

export interface BlockCreation extends WriteFrame {
  readonly action: 'create-block'
  readonly key: string
  readonly title: string
  readonly kind: BlockKind
  readonly zone: string
  readonly after: Interval
}

export interface BlockShift extends WriteFrame {
  readonly action: 'move-block'
  readonly key: string
  readonly itemId: string
  readonly etag: string
  readonly title: string
  readonly zone: string
  readonly before: Interval
  readonly after: Interval
}

export interface BlockRemoval extends WriteFrame {
  readonly action: 'remove-block'
  readonly key: string
  readonly itemId: string
  readonly title: string
  readonly kind: BlockKind
  readonly zone: string
  readonly before: Interval
}

export interface AgendaWrite extends WriteFrame {
  readonly action: 'set-agenda' | 'remove-agenda'
  readonly itemId: string
  readonly etag: string
  /** Of the event; null where it is not known here. */
  readonly title: string | null
  /** Our text in the invitation; null: none. */
  readonly before: string | null
  readonly after: string | null
}

export function isAgendaWrite(write: PlannedWrite): write is AgendaWrite {
  return write.action === 'set-agenda' || write.action === 'remove-agenda'
}

/** `focus`: shown as busy. `hold`: soft, shown as tentative. */
export const blockKinds = ['focus', 'hold'] as const
export type BlockKind = (typeof blockKinds)[number]

/** A block as a calendar shows it now. */
export interface ShownBlock {
  readonly accountId: string
  readonly calendarId: string
  readonly label: string
  readonly key: string
  readonly itemId: string
  readonly etag: string
  readonly title: string
  readonly startAt: Instant
  readonly endAt: Instant
  readonly kind: BlockKind
}

export const refusalReasons = [
  /** The account was not given leave to write; that is a consent of its own. */
  'no-consent',
  'signed-out',
  /** The account may write and this calendar may only be read. */
  'read-only',
  /** The provider or the kind of account has no way to write. */
  'unsupported',
  'not-organizer',
  'overlap',
  'already-there',
  'nothing-to-do',
  'not-found',
  /** Somebody changed it since we wrote it: theirs now. */
  'changed',
  'bad-time',
  /** An earlier write of the same thing is not finished. */
  'unfinished',
  /** The provider could not be asked. */
  'unreachable',
] as const
export type RefusalReason = (typeof refusalReasons)[number]

export interface WriteRefusal {
  readonly reason: RefusalReason
  /** What was asked for, in few words. */
  readonly asked: string
  /** What happened, and the next step. */
  readonly sentence: string
}

export interface SettledWrite {
  readonly ids: readonly string[]
  readonly label: string
  readonly sentence: string
}

/**
 * `confirmed`: done and read back. `sent`: the provider said yes and does not show it yet. `open`: nobody knows whether
 * it was done; `resume` finds out. `refused`: not done. `undone`: done once, and gone from the calendar again.
 */
export const writeStates = ['confirmed', 'sent', 'open', 'refused', 'undone'] as const
export type WriteState = (typeof writeStates)[number]

export interface WriteOutcome {
  readonly write: PlannedWrite
  readonly state: WriteState
  /** For people; null when there is nothing to add. */
  readonly sentence: string | null
}

/** One line of the journal, for people. */
export interface JournalLine {
  readonly id: string
  readonly action: WriteAction
  readonly state: 'intended' | 'sent' | 'confirmed' | 'refused' | 'undone'
  readonly writtenAt: Instant
  /** Null when the line cannot be read any more, such as after its account was removed. */
  readonly write: PlannedWrite | null
  readonly sentence: string | null
}

/** An empty plan, to add to. */
export function emptyPlan(zone: string): WritePlan {
  return { zone, writes: [], refusals: [], settled: [], strangers: [], notes: [] }
}
