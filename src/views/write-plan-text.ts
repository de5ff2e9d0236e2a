import type {
  BlockKind,
  JournalLine,
  PlannedWrite,
  SettledWrite,
  ShownBlock,
  WriteAction,
  WriteOutcome,
  WritePlan,
  WriteRefusal,
  WriteState,
} from '../domain/focus/write-plan.ts'
import { isoInstant } from '../domain/time/calendar-date.ts'
import type { Interval } from '../domain/time/types.ts'
import { wrapTo } from './columns.ts'
import { plainText, plainTitle } from './plain-text.ts'
import { type Ink, inkFor } from './terminal-ink.ts'
import { countText, spanText, wallText } from './words.ts'

export interface WriteTextOptions {
  /** Terminal columns; taken between 40 and 120. */
  readonly width: number
  readonly color: boolean
}

/** What would be written, one paragraph a write, and that nothing was. */
export function writePlanText(plan: WritePlan, options: WriteTextOptions & { readonly apply: string }): string {
  const page = pageFor(options)
  const { writes, settled, refusals, strangers } = plan
  const count = writes.length + settled.length
  page.line(count === 0 ? 'There is nothing to write.' : `${countText(writes.length, 'write')} planned.`, 'strong')
  for (const write of writes) {
    page.gap()
    describeWrite(page, write, plan.zone)
  }
  for (const each of settled) {
    page.gap()
    describeSettled(page, each)
  }
  for (const refusal of refusals) {
    page.gap()
    describeRefusal(page, refusal)
  }
  describeStrangers(page, strangers, plan.zone)
  if (plan.notes.length > 0) page.gap()
  for (const note of plan.notes) page.line(`! ${note}`, 'attention')
  page.gap()
  page.line(
    count === 0
      ? 'Nothing was changed.'
      : `Nothing was changed. To do this, run the command again with ${options.apply}.`,
    'strong',
  )
  return page.text()
}

/** What became of the writes of a plan, or of those that were taken up again. */
export function writeOutcomesText(
  done: {
    readonly zone: string
    readonly outcomes: readonly WriteOutcome[]
    readonly settled: readonly SettledWrite[]
    readonly refusals: readonly WriteRefusal[]
    readonly strangers: readonly ShownBlock[]
    readonly unreadable: readonly JournalLine[]
  },
  options: WriteTextOptions,
): string {
  const page = pageFor(options)
  page.line(tallyText(done.outcomes), 'strong')
  for (const { write, state, sentence } of done.outcomes) {
    page.gap()
    page.line(`${stateWords[state]}: ${headOf(write)}`, state === 'confirmed' ? 'accent' : 'attention')
    details(page, write, done.zone)
    if (sentence !== null) page.line(`  ${plainText(sentence, 400)}`)
    if (state === 'confirmed' || state === 'sent') page.line(`  Id: ${reference(write.id)}`, 'quiet')
  }
  for (const each of done.settled) {
    page.gap()
    describeSettled(page, each)
  }
  for (const refusal of done.refusals) {
    page.gap()
    describeRefusal(page, refusal)
  }
  for (const line of done.unreadable) {
    page.gap()
    page.line(`Cannot be read any more: ${actionWords[line.action]} (${reference(line.id)})`, 'attention')
    page.line('  Look at the calendar; minutewise block list shows what is ours there.')
  }
  describeStrangers(page, done.strangers, done.zone)
  return page.text()
}

/** Our blocks as the calendars show them, and what the journal holds beside. */
export function blockListText(
  list: {
    readonly zone: string
    readonly blocks: readonly (ShownBlock & { readonly inJournal: boolean })[]
    readonly open: readonly JournalLine[]
    readonly agendas: readonly JournalLine[]
  },
  options: WriteTextOptions,
): string {
  const page = pageFor(options)
  const { blocks, open, agendas, zone } = list
  page.line(blocks.length === 0 ? 'No blocks of ours.' : `${countText(blocks.length, 'block')} of ours.`, 'strong')
  for (const block of blocks) {
    page.gap()
    describeBlock(page, block, zone)
    if (!block.inJournal) page.line('  No journal here knows it; it carries our marker.')
  }
  if (agendas.length > 0) {
    page.gap()
    page.line(`${countText(agendas.length, 'agenda')} of ours in invitations.`, 'strong')
    for (const line of agendas) describeLine(page, line, zone)
  }
  if (open.length > 0) {
    page.gap()
    const sentence = `${countText(open.length, 'write')} not finished. Run minutewise block resume to see, and with --apply to finish.`
    page.line(sentence, 'attention')
    for (const line of open) describeLine(page, line, zone)
  }
  return page.text()
}

/** Open lines of the journal, before they are taken up. */
export function openWritesText(lines: readonly JournalLine[], zone: string, options: WriteTextOptions): string {
  const page = pageFor(options)
  if (lines.length === 0) {
    page.line('Every write is finished.', 'strong')
    return page.text()
  }
  page.line(`${countText(lines.length, 'write')} not finished.`, 'strong')
  for (const line of lines) describeLine(page, line, zone)
  page.gap()
  page.line('Nothing was changed. To find out what became of them and finish, add --apply.', 'strong')
  return page.text()
}

/** The end of an id: enough to name a write or a block by hand. */
export function reference(id: string): string {
  return id.slice(-8)
}

export const actionWords: Readonly<Record<WriteAction, string>> = {
  'create-block': 'create a block',
  'move-block': 'move a block',
  'remove-block': 'remove a block',
  'set-agenda': 'set an agenda',
  'remove-agenda': 'remove an agenda',
}

const stateWords: Readonly<Record<WriteState, string>> = {
  confirmed: 'Done',
  sent: 'Sent, not seen yet',
  open: 'Not known',
  refused: 'Not done',
  undone: 'Gone again',
}

const kindWords: Readonly<Record<BlockKind, string>> = {
  focus: 'focus, shown as busy',
  hold: 'hold, shown as tentative',
}

function tallyText(outcomes: readonly WriteOutcome[]): string {
  if (outcomes.length === 0) return 'There was nothing to write.'
  const done = outcomes.filter(each => each.state === 'confirmed').length
  return done === outcomes.length
    ? `${countText(done, 'write')} done and read back.`
    : `${done} of ${countText(outcomes.length, 'write')} done and read back.`
}

function headOf(write: PlannedWrite): string {
  return `${actionWords[write.action]} "${plainTitle(write.title, 80)}" · ${plainText(write.label, 80)}`
}

function describeWrite(page: Page, write: PlannedWrite, zone: string): void {
  const head = headOf(write)
  page.line(`${head[0]?.toUpperCase() ?? ''}${head.slice(1)}`, 'accent')
  details(page, write, zone)
  page.line(`  Why: ${plainText(write.why, 300)}`)
  if (write.undoes.length > 0) page.line(`  Takes back ${write.undoes.map(reference).join(', ')}`, 'quiet')
  page.line(`  Id: ${reference(write.id)}`, 'quiet')
}

function details(page: Page, write: PlannedWrite, zone: string): void {
  switch (write.action) {
    case 'create-block':
      page.line(`  When: ${timeText(write.after, write.zone)} (${kindWords[write.kind]})`)
      return
    case 'move-block':
      page.line(`  From: ${timeText(write.before, write.zone)}`)
      page.line(`  To: ${timeText(write.after, write.zone)}`)
      return
    case 'remove-block':
      page.line(`  When: ${timeText(write.before, zone === 'UTC' ? write.zone : zone)}`)
      return
    case 'set-agenda':
    case 'remove-agenda':
      agendaLines(page, 'Before', write.before)
      agendaLines(page, 'After', write.after)
  }
}

/** The whole text: it is what people are asked to agree to. */
function agendaLines(page: Page, name: string, text: string | null): void {
  if (text === null) {
    page.line(`  ${name}: no text of ours`)
    return
  }
  page.line(`  ${name}:`)
  for (const line of text.split('\n')) page.line(`    | ${plainText(line, 1_000)}`)
}

function describeSettled(page: Page, { ids, label, sentence }: SettledWrite): void {
  page.line(`Nothing to take back · ${plainText(label, 80)}`, 'quiet')
  page.line(`  ${sentence} (${ids.map(reference).join(', ')})`)
}

function describeRefusal(page: Page, { asked, sentence }: WriteRefusal): void {
  page.line(`Will not ${asked}`, 'attention')
  page.line(`  ${plainText(sentence, 600)}`)
}

function describeStrangers(page: Page, strangers: readonly ShownBlock[], zone: string): void {
  if (strangers.length === 0) return
  page.gap()
  const sentence = `${countText(strangers.length, 'block')} with our marker that no journal here knows. Add --strangers to remove such blocks too.`
  page.line(sentence, 'attention')
  for (const block of strangers) describeBlock(page, block, zone)
}

function describeBlock(page: Page, block: ShownBlock, zone: string): void {
  page.line(`${timeText(block, zone)} · ${plainTitle(block.title, 80)}`, 'accent')
  page.line(`  ${reference(block.key)} · ${kindWords[block.kind]} · ${plainText(block.label, 80)}`)
}

function describeLine(page: Page, { id, action, state, writtenAt, write }: JournalLine, zone: string): void {
  const what = write === null ? '' : ` "${plainTitle(write.title, 80)}"`
  const at = wallText(isoInstant(writtenAt), zone)
  page.line(`  ${reference(id)} · ${actionWords[action]}${what} · ${state} on ${at.day}, ${at.time}`)
}

const timeText = ({ startAt, endAt }: Interval, zone: string) =>
  `${spanText(isoInstant(startAt), isoInstant(endAt), zone)} ${zone}`

interface Page {
  line(text: string, ink?: keyof Ink): void
  gap(): void
  text(): string
}

function pageFor({ width, color }: WriteTextOptions): Page {
  const columns = Math.min(120, Math.max(40, Math.trunc(width) || 80))
  const ink = inkFor(color)
  const lines: string[] = []
  return {
    line: (text, paint = 'plain') => {
      const indent = /^ */.exec(text)?.[0] ?? ''
      const wrapped = wrapTo(text.trim(), columns - indent.length)
      lines.push(...wrapped.map(line => `${indent}${ink[paint](line)}`))
    },
    gap: () => lines.push(''),
    text: () => `${lines.join('\n')}\n`,
  }
}
