import type { ReadProgress } from '../connectors/calendar-files.ts'
import { parseDate } from '../domain/time/calendar-date.ts'
import type { Instant, WallMillis } from '../domain/time/types.ts'
import { plainText } from '../views/plain-text.ts'
import { type CommandInput, type CommandOption, textOption, wrongUse } from './command.ts'
import type { CliDeps } from './deps.ts'

/** Options of every command that reads calendars. */
export const calendarOptions: readonly CommandOption[] = [
  { name: 'from', value: 'DATE', help: 'First day, such as 2026-03-16 (default: the last 26 whole weeks)' },
  { name: 'to', value: 'DATE', help: 'The day after the last one' },
  {
    name: 'zone',
    value: 'ZONE',
    help: "Time zone of the days and hours shown, such as Europe/Madrid\n(default: the calendar's own)",
  },
  { name: 'people', value: 'FILE', help: 'CSV: email, aliases, name, team, role band, zone, working hours, manager' },
  { name: 'me', value: 'ADDRESS', help: 'Whose audit this is (default: guessed when the calendar makes it clear)' },
  { name: 'now', value: 'INSTANT', help: 'The present moment, such as 2026-11-16T08:00:00Z (default: now)' },
]

export function dateOption(input: CommandInput, name: string): WallMillis | null {
  const text = textOption(input, name)
  if (text === null) return null
  const wall = parseDate(text)
  if (wall === null) throw wrongUse(`--${name} takes a date such as 2026-03-16; "${text}" is not one.`)
  return wall
}

export async function nowOption(input: CommandInput): Promise<Instant | null> {
  const text = textOption(input, 'now')
  if (text === null) return null
  const { parseInstant } = await import('../domain/time/zone.ts')
  const at = parseInstant(text)
  if (at === null) throw wrongUse(`--now takes a moment such as 2026-11-16T08:00:00Z; "${text}" is not one.`)
  return at
}

const quietBytes = 8 * 1024 * 1024
const redrawMs = 100

/** One line on a terminal's stderr while a large file is read; nothing in a pipe, nothing for small files. */
export function progressLine(deps: CliDeps): {
  readonly progress: ReadProgress | undefined
  readonly clear: () => void
} {
  if (!deps.stderr.isTerminal) return { progress: undefined, clear: () => {} }
  let drawnAt = Number.NEGATIVE_INFINITY
  let drawn = false
  return {
    progress: ({ calendar, bytes, of }) => {
      if ((of ?? bytes) < quietBytes || deps.now() - drawnAt < redrawMs) return
      drawnAt = deps.now()
      drawn = true
      const share = of === null || of === 0 ? '' : ` of ${megabytes(of)} (${Math.floor((100 * bytes) / of)} %)`
      const name = plainText(calendar, 40)
      deps.stderr.write(`\r\u001b[KReading ${name}: ${megabytes(bytes)}${share}`)
    },
    clear: () => {
      if (drawn) deps.stderr.write('\r\u001b[K')
    },
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(0)} MB`
}
