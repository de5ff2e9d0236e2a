import { parseArgs } from 'node:util'
import { CliError, type Command, type CommandOption, exitCodes, parseOptions } from './command.ts'
import type { CliDeps } from './deps.ts'

interface CommandEntry {
  readonly summary: string
  readonly load: () => Promise<{ readonly command: Command }>
}

/** Every command, in the order of the help. */
export const commands: Readonly<Record<string, CommandEntry>> = {
  audit: {
    summary: 'Audit exported calendars: what to try without, improve and keep',
    load: () => import('./audit.ts'),
  },
  read: { summary: 'List every occurrence with the rule that counted or dropped it', load: () => import('./read.ts') },
  classify: {
    summary: 'Say what kind each meeting is: JSON Lines in, JSON Lines out',
    load: () => import('./classify.ts'),
  },
  connect: { summary: 'Connect Google, Microsoft 365, CalDAV or a feed', load: () => import('./connect.ts') },
  sync: { summary: 'Read what changed in the connected calendars', load: () => import('./sync.ts') },
  accounts: { summary: 'List what is connected and how fresh it is', load: () => import('./accounts.ts') },
  disconnect: { summary: 'Give a consent back and erase what came with it', load: () => import('./disconnect.ts') },
  doctor: { summary: 'Look at everything that has to work', load: () => import('./doctor.ts') },
  keys: { summary: 'Look after the keys that seal the secrets of accounts', load: () => import('./keys.ts') },
  block: { summary: 'Create, move, remove and take back focus blocks of our own', load: () => import('./block.ts') },
  agenda: { summary: 'Put an agenda into an invitation of yours, or take it out', load: () => import('./agenda.ts') },
  eval: { summary: 'Measure the classifier on labelled meetings', load: () => import('./eval.ts') },
}

/**
 * The command line: `minutewise <command> …`. A first word that is no command but looks like a file means `audit`.
 * Returns the exit code of DESIGN.md's table and never throws for anything a user can do.
 */
export async function run(argv: readonly string[], deps: CliDeps): Promise<number> {
  try {
    return await dispatch(argv, deps)
  } catch (error) {
    if (error instanceof CliError) {
      const { notice } = await import('./notice.ts')
      notice(deps, error.message)
      return error.exitCode
    }
    throw error
  }
}

async function dispatch(argv: readonly string[], deps: CliDeps): Promise<number> {
  const [first, ...rest] = argv
  if (first === undefined || first === '--help' || first === '-h' || first === 'help') {
    const asked = first === 'help' ? rest[0] : undefined
    if (asked !== undefined) return dispatch([asked, '--help'], deps)
    deps.stdout.write(overview())
    return exitCodes.done
  }
  if (first === '--version' || first === '-v') {
    const { version } = await import('./version.ts')
    deps.stdout.write(`${version()}\n`)
    return exitCodes.done
  }
  const entry = Object.hasOwn(commands, first) ? commands[first] : undefined
  if (entry === undefined) {
    if (looksLikeCalendar(first)) return dispatch(['audit', ...argv], deps)
    const near = nearest(first, Object.keys(commands))
    throw new CliError(
      exitCodes.wrongUse,
      `there is no command "${first}".${near === null ? '' : ` Did you mean "${near}"?`} See minutewise --help.`,
    )
  }
  const { command } = await entry.load()
  const parsed = parse(command, first, rest)
  if (parsed.values.help === true) {
    deps.stdout.write(commandHelp(command))
    return exitCodes.done
  }
  return command.run(deps, parsed)
}

function parse(command: Command, name: string, args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: parseOptions(command.options), allowPositionals: true, strict: true })
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const unknown = /Unknown option '(--?[^']+)'/.exec(message)?.[1]
    const near =
      unknown === undefined
        ? null
        : nearest(
            unknown.replace(/^--?/, ''),
            command.options.map(o => o.name),
          )
    const sentence =
      unknown === undefined
        ? message.split('. ')[0]
        : `${name} has no option ${unknown}.${near === null ? '' : ` Did you mean --${near}?`}`
    throw new CliError(exitCodes.wrongUse, `${sentence} See minutewise ${name} --help.`)
  }
}

function looksLikeCalendar(word: string): boolean {
  return word === '-' || /\.(ics|ical|zip)$/i.test(word) || word.includes('/')
}

function overview(): string {
  const rows = Object.entries(commands).map(([name, entry]) => `  ${name.padEnd(10)} ${entry.summary}`)
  return `Minutewise, the meeting auditor that knows which meetings to keep.

  minutewise audit calendar.ics           audit an exported calendar, here, offline
  minutewise audit                        audit the sample company
  minutewise audit --help                 everything audit can do

Commands
${rows.join('\n')}

  minutewise <command> --help             options and examples
  minutewise --version
`
}

function commandHelp(command: Command): string {
  const examples = command.examples.map(example => `  ${example.command}\n      ${example.does}`)
  return `${command.description}

Usage: ${command.usage}

Examples
${examples.join('\n')}

Options
${[...command.options, helpOption].map(optionLine).join('\n')}

Exit codes: 0 done · 1 findings asked for with --fail-on or --max-hours · 2 wrong use · 3 input could not be read · 4 an
outside service failed
`
}

const helpOption: CommandOption = { name: 'help', short: 'h', help: 'This text' }

function optionLine(option: CommandOption): string {
  const flag = `${option.short === undefined ? '' : `-${option.short}, `}--${option.name}${option.value === undefined ? '' : ` ${option.value}`}`
  return `  ${flag.padEnd(24)} ${option.help.replaceAll('\n', `\n${' '.repeat(27)}`)}`
}

/** The word with the smallest edit distance, when that is small enough to be a slip of the finger. */
function nearest(word: string, among: readonly string[]): string | null {
  let best: string | null = null
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1
  for (const candidate of among) {
    const distance = editDistance(word, candidate)
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1))
    }
    row = next
  }
  return row[b.length]!
}
