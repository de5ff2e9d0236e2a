import type { UndoChoice } from '../app/write-back/plan-undo.ts'
import type { WriteRequest } from '../app/write-back/plan-writes.ts'
import { type BlockKind, blockKinds } from '../domain/focus/write-plan.ts'
import { parseDate } from '../domain/time/calendar-date.ts'
import { hourMs, type Instant, minuteMs, type WallMillis } from '../domain/time/types.ts'
import { dateOption } from './calendar-options.ts'
import { type Command, type CommandInput, exitCodes, switchOption, textOption, wrongUse } from './command.ts'
import type { CliDeps } from './deps.ts'
import { notices } from './notice.ts'
import { terminalLook } from './terminal.ts'
import { exitAfter, planOrApply, withWriteBack, writeOptions } from './write-back.ts'

/** `minutewise block …`: our own blocks on live calendars. Dry unless told otherwise. */
export const command: Command = {
  usage: 'minutewise block add | move BLOCK | remove BLOCK | list | undo | resume [options]',
  description:
    'Creates, moves and removes focus blocks of our own on a live calendar, and takes them back. Never touches what it\ndid not make. Without --apply it prints the plan and changes nothing.',
  options: [
    ...writeOptions,
    { name: 'start', value: 'TIME', help: 'Start as a clock shows it, such as 2026-11-23T09:00' },
    { name: 'end', value: 'TIME', help: 'End, likewise (move: default keeps the length)' },
    {
      name: 'zone',
      value: 'ZONE',
      help: "Time zone of the times, such as Europe/Madrid (default: the calendar's own)",
    },
    { name: 'kind', value: 'KIND', help: 'focus: shown as busy (default). hold: shown as tentative' },
    { name: 'title', value: 'TEXT', help: 'What the block is called (default: Focus time, or Hold)' },
    { name: 'avoid-meetings', help: 'Not where the calendar, as last synced, is taken' },
    { name: 'from', value: 'DATE', help: 'list: first day' },
    { name: 'to', value: 'DATE', help: 'list: the day after the last one' },
    { name: 'all', help: 'undo: everything of ours, blocks and agendas' },
    { name: 'id', value: 'ID', multiple: true, help: 'undo: this write (its id or the last characters of it)' },
    { name: 'since', value: 'MOMENT', help: 'undo: everything written since, such as 2026-11-20 or 2026-11-20T14:00Z' },
    { name: 'strangers', help: 'undo --all: also blocks with our marker that no journal here knows' },
  ],
  examples: [
    {
      command: 'minutewise block add --start 2026-11-23T09:00 --end 2026-11-23T11:00',
      does: 'show what would be written',
    },
    {
      command: 'minutewise block add --start 2026-11-23T09:00 --end 2026-11-23T11:00 --apply',
      does: 'write it, and read it back',
    },
    { command: 'minutewise block list', does: 'what is ours on the calendars' },
    { command: 'minutewise block undo --all --apply', does: 'take everything back' },
    { command: 'minutewise block resume --apply', does: 'finish what a broken run began' },
  ],
  async run(deps, input) {
    const [verb, named, ...more] = input.positionals
    if (more.length > 0) throw wrongUse(`block takes one block at a time; "${more[0]}" is too much.`)
    switch (verb) {
      case 'add':
        return add(deps, withoutName(input, named))
      case 'move':
      case 'remove':
        if (named === undefined) throw wrongUse(`block ${verb} needs a block: the end of its key, from block list.`)
        return verb === 'move' ? move(deps, input, named) : remove(deps, input, named)
      case 'list':
        return list(deps, withoutName(input, named))
      case 'undo':
        return undo(deps, withoutName(input, named))
      case 'resume':
        return resume(deps, withoutName(input, named))
      default: {
        const what = verb === undefined ? 'block needs a verb' : `block cannot "${verb}"`
        throw wrongUse(`${what}: add, move, remove, list, undo or resume. See minutewise block --help.`)
      }
    }
  },
}

function add(deps: CliDeps, input: CommandInput): Promise<number> {
  const kind = kindOption(input)
  const startWall = timeOption(input, 'start')
  const endWall = timeOption(input, 'end')
  if (startWall === null || endWall === null) throw wrongUse('block add needs --start and --end.')
  const title = textOption(input, 'title')?.trim() ?? defaultTitles[kind]
  if (title === '' || title.length > longestTitle) throw wrongUse(`--title takes 1 to ${longestTitle} characters.`)
  const why = kind === 'focus' ? 'Keeps this time free for work.' : 'Holds this time softly.'
  return planned(deps, input, {
    kind: 'add-block',
    ...where(input),
    startWall,
    endWall,
    zone: textOption(input, 'zone'),
    title,
    blockKind: kind,
    purpose: kind,
    why,
    avoidMeetings: switchOption(input, 'avoid-meetings'),
  })
}

function move(deps: CliDeps, input: CommandInput, block: string): Promise<number> {
  const startWall = timeOption(input, 'start')
  if (startWall === null) throw wrongUse('block move needs --start.')
  return planned(deps, input, {
    kind: 'move-block',
    ...where(input),
    block,
    startWall,
    endWall: timeOption(input, 'end'),
    zone: textOption(input, 'zone'),
    avoidMeetings: switchOption(input, 'avoid-meetings'),
  })
}

function remove(deps: CliDeps, input: CommandInput, block: string): Promise<number> {
  return planned(deps, input, { kind: 'remove-block', ...where(input), block })
}

function planned(deps: CliDeps, input: CommandInput, request: WriteRequest): Promise<number> {
  return planOrApply(deps, input, async use => {
    const { planWrites } = await import('../app/write-back/plan-writes.ts')
    return planWrites(use, [request])
  })
}

async function list(deps: CliDeps, input: CommandInput): Promise<number> {
  const look = terminalLook(deps, input)
  const fromWall = dateOption(input, 'from')
  const toWall = dateOption(input, 'to')
  const listed = await withWriteBack(deps, input, async use => {
    const [{ listBlocks }, { blockWindow }] = await Promise.all([
      import('../app/write-back/list-blocks.ts'),
      import('../app/write-back/own-blocks.ts'),
    ])
    const usual = blockWindow(use.now())
    return listBlocks(use, where(input), { startAt: fromWall ?? usual.startAt, endAt: toWall ?? usual.endAt })
  })
  notices(deps, listed.problems)
  const { zone, blocks, open, agendas, problems } = listed
  if (switchOption(input, 'json')) {
    const { writesJson } = await import('../views/write-plan-json.ts')
    deps.stdout.write(writesJson({ applied: false, zone, blocks, open, agendas, notes: problems }))
  } else {
    const { blockListText } = await import('../views/write-plan-text.ts')
    deps.stdout.write(blockListText(listed, look))
  }
  return problems.length > 0 ? exitCodes.outsideFailed : exitCodes.done
}

async function undo(deps: CliDeps, input: CommandInput): Promise<number> {
  const choice = await undoChoice(input)
  return planOrApply(deps, input, async use => {
    const { planUndo } = await import('../app/write-back/plan-undo.ts')
    return planUndo(use, choice)
  })
}

async function undoChoice(input: CommandInput): Promise<UndoChoice> {
  const given = input.values.id
  const ids = Array.isArray(given) ? given.map(String) : []
  const since = textOption(input, 'since')
  const all = switchOption(input, 'all')
  if ([all, ids.length > 0, since !== null].filter(Boolean).length !== 1) {
    throw wrongUse('block undo takes one of --all, --id ID and --since MOMENT.')
  }
  const strangersToo = switchOption(input, 'strangers')
  if (strangersToo && !all) throw wrongUse('--strangers goes with undo --all.')
  if (all) return { kind: 'all', strangersToo }
  if (since === null) return { kind: 'ids', ids }
  return { kind: 'since', since: await momentOf(since) }
}

async function momentOf(text: string): Promise<Instant> {
  const { parseInstant } = await import('../domain/time/zone.ts')
  const at = parseInstant(text)
  if (at === null) throw wrongUse(`--since takes a moment such as 2026-11-20T14:00Z; "${text}" is not one.`)
  return at
}

async function resume(deps: CliDeps, input: CommandInput): Promise<number> {
  const look = terminalLook(deps, input)
  const asJson = switchOption(input, 'json')
  const isApplied = switchOption(input, 'apply')
  const { open, resumed } = await withWriteBack(deps, input, async use => {
    const { openWrites, resumeWrites } = await import('../app/write-back/resume-writes.ts')
    return { open: await openWrites(use), resumed: isApplied ? await resumeWrites(use) : null }
  })
  const zone = open.flatMap(line => (line.write !== null && 'zone' in line.write ? [line.write.zone] : []))[0] ?? 'UTC'
  if (asJson) {
    const { writesJson } = await import('../views/write-plan-json.ts')
    const shown =
      resumed === null
        ? { applied: false, zone, open }
        : { applied: true, zone, writes: resumed.outcomes, open: resumed.unreadable }
    deps.stdout.write(writesJson(shown))
  } else {
    const { openWritesText, writeOutcomesText } = await import('../views/write-plan-text.ts')
    deps.stdout.write(
      resumed === null
        ? openWritesText(open, zone, look)
        : writeOutcomesText({ zone, ...resumed, settled: [], refusals: [], strangers: [] }, look),
    )
  }
  if (resumed === null) return exitCodes.done
  return resumed.unreadable.length > 0 ? exitCodes.outsideFailed : exitAfter(resumed.outcomes, [])
}

const longestTitle = 200
const defaultTitles: Readonly<Record<BlockKind, string>> = { focus: 'Focus time', hold: 'Hold' }

function where(input: CommandInput) {
  return { account: textOption(input, 'account'), calendar: textOption(input, 'calendar') }
}

function withoutName(input: CommandInput, named: string | undefined): CommandInput {
  if (named === undefined) return input
  throw wrongUse(`block ${input.positionals[0]} takes no block; "${named}" is too much.`)
}

function kindOption(input: CommandInput): BlockKind {
  const text = textOption(input, 'kind') ?? 'focus'
  const kind = blockKinds.find(each => each === text)
  if (kind === undefined) throw wrongUse(`--kind takes ${blockKinds.join(' or ')}; "${text}" is neither.`)
  return kind
}

/** A reading of the clock, `2026-11-23T09:00`: the zone is said apart. */
function timeOption(input: CommandInput, name: string): WallMillis | null {
  const text = textOption(input, name)
  if (text === null) return null
  const [, date = '', hours, minutes] = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? []
  const day = parseDate(date)
  if (day === null) throw wrongUse(`--${name} takes a time such as 2026-11-23T09:00; "${text}" is not one.`)
  return day + Number(hours) * hourMs + Number(minutes) * minuteMs
}
