import type { LiveAccounts } from '../app/live-accounts.ts'
import type { ReadCalendarsInput } from '../app/read-calendars.ts'
import { readPeople, readSyncedPeople } from '../app/read-people.ts'
import { readSample } from '../app/sample.ts'
import { openSyncedCalendars } from '../app/sync/synced-calendars.ts'
import type { WhoseAuditInput } from '../app/whose-audit.ts'
import type { CalendarFiles } from '../connectors/calendar-files.ts'
import type { TextFiles } from '../connectors/text-files.ts'
import { dateOption, nowOption } from './calendar-options.ts'
import { type CommandInput, textOption } from './command.ts'
import type { CliDeps } from './deps.ts'

export interface CalendarInput extends ReadCalendarsInput, WhoseAuditInput {
  /** Where the calendars are: files, or what was synced. */
  readonly files: CalendarFiles
  /** Of synced calendars, about single ones: held, closed, old. */
  readonly syncNotices: readonly string[]
  /** The `read` command for the same calendars as the same person, as a person would type it. */
  readonly rowsCommand: string
  /** Rows of the people file that were left out, a sentence each. */
  readonly problems: readonly string[]
}

/**
 * Runs a command on the calendars it was told: the files it names, what was synced to `--db`, or the sample company.
 */
export async function withCalendars<T>(
  deps: CliDeps,
  use: { readonly files: TextFiles },
  input: CommandInput,
  work: (calendars: CalendarInput) => Promise<T>,
): Promise<T> {
  const database = input.positionals.length === 0 ? textOption(input, 'db') : null
  if (database === null) {
    const files = await deps.calendars()
    return await work({ ...(await calendarInput(deps, use, input)), files, syncNotices: [] })
  }
  const live = await deps.openLive(database, { mustExist: true })
  try {
    return await work(await syncedInput(deps, use, input, live, database))
  } finally {
    await live.close()
  }
}

async function syncedInput(
  deps: CliDeps,
  { files }: { readonly files: TextFiles },
  input: CommandInput,
  live: LiveAccounts,
  database: string,
): Promise<CalendarInput> {
  const now = (await nowOption(input)) ?? deps.now()
  const synced = await openSyncedCalendars(live, { now })
  const people = textOption(input, 'people')
  const known = people === null ? await readSyncedPeople(live) : null
  const { directory, problems } = known ?? (await readPeople({ files }, people))
  return {
    paths: [],
    fromWall: dateOption(input, 'from'),
    toWall: dateOption(input, 'to'),
    zone: textOption(input, 'zone'),
    now,
    asOf: synced.asOf,
    me: textOption(input, 'me'),
    directory,
    sample: false,
    rowsCommand: rowsCommand(input, ['--db', quoted(database)]),
    problems,
    files: synced.files,
    syncNotices: synced.notices,
  }
}

/** What an exported calendar is asked with; without a calendar it is the sample company. */
async function calendarInput(
  deps: CliDeps,
  { files }: { readonly files: TextFiles },
  input: CommandInput,
): Promise<Omit<CalendarInput, 'files' | 'syncNotices'>> {
  const sample = input.positionals.length === 0 ? await readSample({ files }, deps.samples) : null
  const people = textOption(input, 'people')
  const me = textOption(input, 'me')
  const { directory, problems } = await readPeople({ files }, people ?? sample?.people ?? null)
  return {
    paths: sample?.calendars ?? input.positionals,
    fromWall: dateOption(input, 'from'),
    toWall: dateOption(input, 'to'),
    zone: textOption(input, 'zone'),
    now: (await nowOption(input)) ?? sample?.now ?? deps.now(),
    me: me ?? sample?.me ?? null,
    directory,
    sample: sample !== null,
    rowsCommand: rowsCommand(input, input.positionals.map(quoted)),
    problems,
  }
}

function rowsCommand(input: CommandInput, calendars: readonly string[]): string {
  const words = ['minutewise', 'read', ...calendars]
  for (const name of ['people', 'me']) {
    const value = textOption(input, name)
    if (value !== null) words.push(`--${name}`, quoted(value))
  }
  return words.join(' ')
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`
}
