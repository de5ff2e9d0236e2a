import type { ReadCalendarsInput } from '../app/read-calendars.ts'
import { readPeople } from '../app/read-people.ts'
import { readSample } from '../app/sample.ts'
import type { WhoseAuditInput } from '../app/whose-audit.ts'
import type { TextFiles } from '../connectors/text-files.ts'
import { dateOption, nowOption } from './calendar-options.ts'
import { type CommandInput, textOption } from './command.ts'
import type { CliDeps } from './deps.ts'

export interface CalendarInput extends ReadCalendarsInput, WhoseAuditInput {
  /** The `read` command for the same calendars as the same person, as a person would type it. */
  readonly rowsCommand: string
  /** Rows of the people file that were left out, a sentence each. */
  readonly problems: readonly string[]
}

/** What every command that reads calendars was told; without a calendar it is the sample company. */
export async function calendarInput(
  deps: CliDeps,
  { files }: { readonly files: TextFiles },
  input: CommandInput,
): Promise<CalendarInput> {
  const sample = input.positionals.length === 0 ? await readSample({ files }, deps.samples) : null
  const people = textOption(input, 'people')
  const me = textOption(input, 'me')
  const { directory, problems } = await readPeople({ files }, people ?? sample?.people ?? null)
  const words = ['minutewise', 'read', ...input.positionals.map(quoted)]
  if (people !== null) words.push('--people', quoted(people))
  if (me !== null) words.push('--me', quoted(me))
  return {
    paths: sample?.calendars ?? input.positionals,
    fromWall: dateOption(input, 'from'),
    toWall: dateOption(input, 'to'),
    zone: textOption(input, 'zone'),
    now: (await nowOption(input)) ?? sample?.now ?? deps.now(),
    me: me ?? sample?.me ?? null,
    directory,
    sample: sample !== null,
    rowsCommand: words.join(' '),
    problems,
  }
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`
}
