import type { TextFiles } from '../connectors/text-files.ts'
import { defaultRates, parseRateTable } from '../domain/worth/rates.ts'
import type { RateTable } from '../domain/worth/types.ts'
import { AppError } from './app-error.ts'
import { readCsv } from './read-people.ts'

/** The user's rate table by role band, or the public default. A table with a wrong row is refused whole. */
export async function readRates(
  deps: { readonly files: TextFiles },
  path: string | null,
  currency: string,
): Promise<RateTable> {
  if (path === null) return defaultRates
  if (!/^[A-Z]{3}$/.test(currency)) {
    throw new AppError('wrong-use', `--currency takes a three-letter code such as EUR; "${currency}" is not one.`)
  }
  const rows = (await readCsv(deps, path)).map(normalised)
  const parsed = parseRateTable(rows, { currency, source: `your table ${path}` })
  if (!parsed.ok) throw new AppError('unreadable', `${path} is no rate table: ${parsed.problems.join(' ')}`)
  return parsed.rates
}

function normalised(row: Readonly<Record<string, string>>): { readonly band: string; readonly perHour: string } {
  const byKey = new Map(Object.entries(row).map(([key, value]) => [key.toLowerCase().replace(/[^a-z]/g, ''), value]))
  return {
    band: byKey.get('band') ?? byKey.get('roleband') ?? '',
    perHour: byKey.get('perhour') ?? byKey.get('rate') ?? '',
  }
}
