import {
  isAgendaWrite,
  type JournalLine,
  type PlannedWrite,
  type SettledWrite,
  type ShownBlock,
  type WriteOutcome,
  type WriteRefusal,
  type WriteState,
} from '../domain/focus/write-plan.ts'
import { isoInstant } from '../domain/time/calendar-date.ts'
import type { Interval } from '../domain/time/types.ts'
import { jsonText } from './json-text.ts'

export interface WritesForScripts {
  /** False: a plan, and nothing was changed. */
  readonly applied: boolean
  readonly zone: string
  /** Planned writes, or what became of them. */
  readonly writes?: readonly (PlannedWrite | WriteOutcome)[]
  readonly refusals?: readonly WriteRefusal[]
  readonly settled?: readonly SettledWrite[]
  readonly strangers?: readonly ShownBlock[]
  readonly blocks?: readonly (ShownBlock & { readonly inJournal: boolean })[]
  readonly open?: readonly JournalLine[]
  readonly agendas?: readonly JournalLine[]
  readonly notes?: readonly string[]
}

/** `minutewise/writes/1`: plans, outcomes and lists in one shape. Moments are ISO 8601 in UTC. */
export function writesJson(value: WritesForScripts): string {
  const { applied, zone } = value
  const shown = {
    schema: 'minutewise/writes/1',
    applied,
    zone,
    writes: (value.writes ?? []).map(each =>
      'state' in each ? written(each.write, each.state, each.sentence) : written(each, 'planned', null),
    ),
    refusals: value.refusals ?? [],
    settled: value.settled ?? [],
    strangers: (value.strangers ?? []).map(block),
    blocks: (value.blocks ?? []).map(each => ({ ...block(each), inJournal: each.inJournal })),
    open: (value.open ?? []).map(journalled),
    agendas: (value.agendas ?? []).map(journalled),
    notes: value.notes ?? [],
  }
  return `${jsonText(shown, 2)}\n`
}

function written(write: PlannedWrite, state: WriteState | 'planned', sentence: string | null) {
  const { id, action, label, why, undoes, title } = write
  const item = 'itemId' in write ? write.itemId : null
  return { id, action, calendar: label, title, why, item, ...beforeAndAfter(write), undoes, state, sentence }
}

function beforeAndAfter(write: PlannedWrite) {
  if (isAgendaWrite(write)) return { before: write.before, after: write.after }
  return {
    before: 'before' in write ? span(write.before) : null,
    after: 'after' in write ? span(write.after) : null,
  }
}

function block({ key, itemId, label, title, kind, startAt, endAt }: ShownBlock) {
  return { key, item: itemId, calendar: label, title, kind, ...span({ startAt, endAt }) }
}

function journalled({ id, action, state, sentence, writtenAt, write }: JournalLine) {
  return { id, action, state, sentence, title: write?.title ?? null, at: isoInstant(writtenAt) }
}

const span = ({ startAt, endAt }: Interval) => ({ start: isoInstant(startAt), end: isoInstant(endAt) })
