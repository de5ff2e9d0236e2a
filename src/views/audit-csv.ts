import type { AuditReport, SeriesReport } from '../domain/reports/audit-report.ts'
import { plainText } from './plain-text.ts'

/**
 * One row per series, RFC 4180 with CRLF and a header line, UTF-8 without a byte order mark. Hours are decimal,
 * money in whole units of `currency`, shares 0..1, unknown is an empty cell.
 *
 * Columns: `number` as in the audit · `section`, `answer`, `sureness`, `load_bearing`, `kind`, `form`, `forum` as in its JSON ·
 * `held` and `removed` occurrences in the window · `people_*` invited · `hours_per_week_*` and `money_per_year_*` of
 * everybody, low, expected and high · `my_*` of the person audited · `lower_bound` when somebody could not be counted ·
 * `reasons` with their side, strongest first. Several values in one cell are separated by ` | `.
 */
export function auditCsv(report: AuditReport): string {
  const lines = [columns.map(([name]) => name), ...report.series.map(series => columns.map(([, cell]) => cell(series)))]
  return lines.map(cells => `${cells.map(csvCell).join(',')}\r\n`).join('')
}

type Cell = string | number | boolean | null

const columns: readonly (readonly [name: string, cell: (series: SeriesReport) => Cell])[] = [
  ['number', series => series.number],
  ['id', series => series.id],
  ['title', series => series.title],
  ['former_titles', series => list(series.formerTitles)],
  ['section', series => series.section],
  ['answer', series => series.answer],
  ['sureness', series => series.sureness],
  ['load_bearing', series => (series.loadBearing ? 'yes' : 'no')],
  ['sentence', series => series.sentence],
  ['advice', series => series.advice],
  ['kind', series => series.kind],
  ['confidence', series => series.confidence],
  ['form', series => series.form],
  ['forum', series => series.forum],
  ['cadence', series => series.when.cadence],
  ['usual', series => series.when.usual],
  ['minutes', series => series.when.minutes],
  ['held', series => series.when.held],
  ['removed', series => series.when.removed],
  ['first_on', series => series.when.firstOn],
  ['last_on', series => series.when.lastOn],
  ['people_known', series => series.people.known],
  ['people_low', series => (series.people.known ? series.people.headcount.low : null)],
  ['people_expected', series => (series.people.known ? series.people.headcount.expected : null)],
  ['people_high', series => (series.people.known ? series.people.headcount.high : null)],
  ['external', series => series.people.external],
  ['teams', series => list(series.people.teams)],
  ['my_role', series => series.people.myRole],
  ['hours_per_week_low', series => series.cost.hoursPerWeek.low],
  ['hours_per_week_expected', series => series.cost.hoursPerWeek.expected],
  ['hours_per_week_high', series => series.cost.hoursPerWeek.high],
  ['money_per_year_low', series => series.cost.moneyPerYear.low],
  ['money_per_year_expected', series => series.cost.moneyPerYear.expected],
  ['money_per_year_high', series => series.cost.moneyPerYear.high],
  ['currency', series => series.cost.currency],
  ['my_minutes_per_week', series => series.cost.myMinutesPerWeek],
  ['focus_minutes_per_week', series => series.cost.focusMinutesPerWeek],
  ['my_focus_minutes_per_week', series => series.cost.myFocusMinutesPerWeek],
  ['lower_bound', series => series.cost.lowerBound],
  ['reasons', series => list(series.basis.map(basis => `${basis.side ?? basis.about}: ${basis.sentence}`))],
]

function list(texts: readonly string[]): string {
  return texts.map(text => plainText(text, 300)).join(' | ')
}

/**
 * A cell no spreadsheet takes for a formula (OWASP, CSV injection): text that begins with = + - @, also in their
 * full-width forms, gets an apostrophe. Tabs and line breaks are spaces already (`plainText`). Numbers stay numbers.
 */
function csvCell(cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return String(Math.round(cell * 1e4) / 1e4)
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no'
  const text = plainText(cell, 4000)
  const guarded = /^['"\s]*[=+\-@＝＋－＠]/u.test(text) ? `'${text}` : text
  return /[",;\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded
}
