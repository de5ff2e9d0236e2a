import Papa from 'papaparse'
import type { TextFiles } from '../connectors/text-files.ts'
import { emptyDirectory, parsePeople } from '../domain/meetings/directory.ts'
import type { Directory } from '../domain/meetings/types.ts'
import type { MirrorStore } from '../store/mirror-store.ts'
import { AppError } from './app-error.ts'

/** The people of a CSV file with a header line; every problem of every row at once. */
export async function readPeople(
  deps: { readonly files: TextFiles },
  path: string | null,
): Promise<{ readonly directory: Directory; readonly problems: readonly string[] }> {
  if (path === null) return { directory: emptyDirectory(), problems: [] }
  const { directory, problems } = parsePeople(await readCsv(deps, path))
  if (directory.people.size === 0) {
    throw new AppError(
      'unreadable',
      `No person could be read from ${path}. It needs a header line with at least "email"; "name", "team" and "role band" help.`,
    )
  }
  return { directory, problems: problems.map(problem => `${path}: ${problem.sentence}`) }
}

/** The people that connected organisations know, from all their directories as if they stood in one people.csv. */
export async function readSyncedPeople({
  mirror,
}: {
  readonly mirror: Pick<MirrorStore, 'readDirectory'>
}): Promise<{ readonly directory: Directory; readonly problems: readonly string[] }> {
  const rows = (await mirror.readDirectory()).flatMap(one => one.rows)
  if (rows.length === 0) return { directory: emptyDirectory(), problems: [] }
  const { directory, problems } = parsePeople(rows)
  return { directory, problems: problems.map(problem => `directory: ${problem.sentence}`) }
}

/** Rows of a CSV file by header. Separator, quotes and byte order mark are found by the parser. */
export async function readCsv(
  deps: { readonly files: TextFiles },
  path: string,
): Promise<readonly Readonly<Record<string, string>>[]> {
  // Excel reads and writes a first line that names the separator; it is no header
  const text = (await deps.files.read(path)).replace(/^sep=.\r?\n/i, '')
  const parsed = Papa.parse<Record<string, string>>(text, {
    header: true,
    skipEmptyLines: 'greedy',
  })
  const fatal = parsed.errors.find(error => error.type === 'Quotes')
  if (fatal !== undefined) {
    throw new AppError(
      'unreadable',
      `${path} has a quote that is not closed near row ${(fatal.row ?? 0) + 2}. Close it and run this again.`,
    )
  }
  return parsed.data
}
