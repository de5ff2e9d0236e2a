import { type CommandInput, type CommandOption, numberOption, switchOption } from './command.ts'
import type { CliDeps } from './deps.ts'

const widestText = 100
const pipeWidth = 80
const narrowestText = 40

/** Options of every command that prints text for people. */
export const lookOptions: readonly CommandOption[] = [
  { name: 'width', value: 'COLUMNS', help: 'Width of the text (default: the terminal, at most 100)' },
  { name: 'no-color', help: 'No colour (also: NO_COLOR, and always in a pipe)' },
]

/** Width and colour of the text: the terminal's, within reason; a pipe gets 80 columns and no colour. */
export function terminalLook(deps: CliDeps, input: CommandInput): { readonly width: number; readonly color: boolean } {
  const asked = numberOption(input, 'width', narrowestText)
  const width = asked ?? Math.max(narrowestText, Math.min(deps.stdout.columns ?? pipeWidth, widestText))
  return { width, color: !switchOption(input, 'no-color') && wantsColor(deps) }
}

/** NO_COLOR (any value) wins, then FORCE_COLOR, then whether somebody is looking (no-color.org, force-color.org). */
function wantsColor(deps: CliDeps): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = deps.env
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '' && FORCE_COLOR !== '0') return true
  return deps.stdout.isTerminal && TERM !== 'dumb'
}
