import type { RateTable } from './types.ts'

/**
 * What an hour of a person costs, by role band, from a public table. Payroll never enters: a bill minus the bill of the
 * week somebody was away would be that person's salary. Everybody in a band has the same number, so a difference
 * reveals a band and nothing more.
 */

/**
 * Employer cost of one hour worked in private industry, United States, June 2025, wages and benefits together
 * (BLS, Employer Costs for Employee Compensation, https://www.bls.gov/news.release/ecec.nr0.htm).
 */
export const baseHourlyCost = 45.65

/** Loaded cost over wages: in the same release wages are 70.2 % of the total. */
export const loadOnWages = 1 / 0.702

/** Paid hours of a full-time year, 52 weeks of 40 hours, leave included. */
export const paidHoursPerYear = 2_080

/**
 * Bands as multiples of the base. The multiples are Minutewise's own convention, in round steps, and no statistic:
 * an organisation that knows better gives its own table.
 */
export const bandMultiples = {
  intern: 0.5,
  junior: 0.8,
  support: 0.8,
  mid: 1,
  engineer: 1,
  designer: 1,
  analyst: 1,
  senior: 1.3,
  lead: 1.5,
  manager: 1.6,
  staff: 1.7,
  principal: 2,
  director: 2.2,
  executive: 3,
} as const

export const defaultRates: RateTable = {
  currency: 'USD',
  perHour: new Map(
    Object.entries(bandMultiples).map(([band, multiple]) => [band, Math.round(baseHourlyCost * multiple * 100) / 100]),
  ),
  defaultPerHour: baseHourlyCost,
  source:
    'US private industry, wages and benefits, $45.65 an hour (BLS, June 2025), ' +
    'times a multiple per role band that is our convention',
}

/** Money for one hour of somebody in `band`; the table's default where the band is unknown or not in the table. */
export function rateOf(rates: RateTable, band: string | null): number {
  if (band === null) return rates.defaultPerHour
  return rates.perHour.get(bandKey(band)) ?? rates.defaultPerHour
}

/** Loaded hourly cost of a yearly wage: wage × 1.425 / 2,080. For tables made from published wages, never from payroll. */
export function loadedPerHour(yearlyWage: number): number {
  return (yearlyWage * loadOnWages) / paidHoursPerYear
}

/** One row of a rate file, as text or already as numbers. */
export interface RateRow {
  readonly band: string
  readonly perHour: string | number
}

export type ParsedRates =
  | { readonly ok: true; readonly rates: RateTable }
  | { readonly ok: false; readonly problems: readonly string[] }

/**
 * A user's own rate table from rows of `band, perHour` (loaded money per hour). The row `default` (or `*`) prices people
 * whose band is unknown; without it the median of the rows does. All problems are reported at once, by row number
 * (the first row is 1).
 */
export function parseRateTable(rows: readonly RateRow[], about: { currency: string; source: string }): ParsedRates {
  const problems: string[] = []
  const perHour = new Map<string, number>()
  let defaultPerHour: number | null = null

  rows.forEach((row, index) => {
    const place = `Rate row ${index + 1}`
    const band = bandKey(row.band)
    const amount = amountOf(row.perHour)
    if (band === '') problems.push(`${place} names no band; write a role band, or "default" for everybody else.`)
    else if (band.includes('@'))
      problems.push(`${place} prices one person; rates are per role band, so that no bill gives a salary away.`)
    else if (amount === null)
      problems.push(`${place} (${band}) has no amount; write money per hour, such as 95 or 95.50.`)
    else if (amount > mostPerHour)
      problems.push(`${place} (${band}) says ${amount} an hour; if that is a year's pay, divide it by 2,080 hours.`)
    else if (band === 'default' || band === '*') {
      if (defaultPerHour !== null) problems.push(`${place} gives a second default; keep one.`)
      defaultPerHour = amount
    } else if (perHour.has(band)) problems.push(`${place} repeats the band ${band}; keep one row for each band.`)
    else perHour.set(band, amount)
  })
  if (!/^[A-Z]{3}$/.test(about.currency))
    problems.push(`The currency "${about.currency}" is not a three-letter code; write one such as USD or EUR.`)
  if (problems.length === 0 && perHour.size === 0 && defaultPerHour === null)
    problems.push('The rate table has no rows; write one line for each role band.')
  if (problems.length > 0) return { ok: false, problems }

  const fallback = defaultPerHour ?? median([...perHour.values()])
  return {
    ok: true,
    rates: { currency: about.currency, perHour, defaultPerHour: fallback, source: about.source },
  }
}

/** Above this nobody means an hour. */
const mostPerHour = 5_000

function bandKey(band: string): string {
  return band.trim().toLowerCase().replace(/\s+/g, ' ')
}

/** Plain positive decimals, with a point or a comma before one or two decimals; null for anything else. */
function amountOf(value: string | number): number | null {
  const text = String(value).trim()
  if (!/^\d{1,9}([.,]\d{1,4})?$/.test(text)) return null
  const amount = Number(text.replace(',', '.'))
  return amount > 0 ? amount : null
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? baseHourlyCost
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2
}
