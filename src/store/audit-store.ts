import type { CountingRule, SeriesId } from '../domain/meetings/types.ts'
import type { AuditReport, SeriesReport } from '../domain/reports/audit-report.ts'
import type { Instant, PlainDate } from '../domain/time/types.ts'
import { PortError } from '../port-error.ts'
import { sha256Hex } from '../sha-256.ts'
import type { Database, Write } from './store.ts'

/** Audits that were kept, by scope: whose calendar they are of. */
export interface AuditStore {
  /**
   * Keeps an audit, whole or not at all. Saving one that is there already changes nothing. Rows of private events are
   * left out: what is private to a calendar's owner stays in the calendar.
   */
  saveAudit(audit: KeptAudit): Promise<SavedAudit>
  /**
   * The audit of this scope that was made last; null when none was kept. With `endingBefore`, the last one whose window
   * ended before that date: what to compare with, so that an audit made twice on one day says the same both times.
   */
  latestAudit(scope: AuditScope, wanted?: { readonly endingBefore?: PlainDate }): Promise<KeptAudit | null>
  /** Every audit kept of this scope, the last one first. */
  listAudits(scope: AuditScope): Promise<readonly AuditHeader[]>
}

interface AuditHeader {
  /** Made from the content: the same id is the same audit. */
  readonly id: string
  readonly scope: AuditScope
  readonly generatedAt: Instant
  readonly windowFromOn: PlainDate
  /** Exclusive. */
  readonly windowToOn: PlainDate
}

/** An audit with the rows behind its numbers. */
export interface KeptAudit extends AuditHeader {
  readonly report: AuditReport
  readonly series: readonly KeptSeries[]
  /** In the order of the audit. */
  readonly occurrences: readonly KeptOccurrence[]
}

/** What the next audit compares, one row a series. Expected values. */
interface KeptSeries {
  readonly seriesId: SeriesId
  /** Its place in the report. */
  readonly number: number
  readonly title: string | null
  readonly section: SeriesReport['section']
  readonly answer: SeriesReport['answer']
  readonly kind: SeriesReport['kind']
  readonly confidence: number
  readonly form: SeriesReport['form']
  readonly cadence: string
  readonly held: number
  readonly hoursPerWeek: number
  readonly moneyPerYear: number
  readonly myMinutesPerWeek: number | null
}

/** One row of `read`: never a title. Instants as `2026-03-16T09:00:00Z`, all-day as `2026-03-16`. */
export interface KeptOccurrence {
  readonly calendar: string
  readonly uid: string
  readonly originalStart: string
  readonly start: string
  readonly end: string
  readonly counted: boolean
  readonly rule: CountingRule
}

interface SavedAudit {
  /** Rows written; 0 when the audit was there already. */
  readonly changes: number
}

/** Made by `auditScope`. */
export type AuditScope = string & { readonly scope: unique symbol }

/**
 * Whose calendar: the subject's address where it is known, in any case, and the calendars by name. Same subject and calendars, same
 * scope, in any order. A key and no disguise: who knows the address can compute it.
 */
export async function auditScope(of: {
  readonly subject: string | null
  readonly calendars: readonly string[]
  /** Of calendars that were synced: goes when an account does. */
  readonly isSynced?: boolean
}): Promise<AuditScope> {
  const subject = of.subject?.toLowerCase() ?? null
  const text = JSON.stringify([subject, ...[...new Set(of.calendars)].toSorted()])
  // Safe because this is where scopes come from.
  return `${of.isSynced ? syncedScope : ''}${await shortHash(text)}` as AuditScope
}

/** What scopes of synced calendars begin with. */
export const syncedScope = 'synced-'

/** The audit as it is kept: an id from its content, and the series as rows. */
export async function makeKeptAudit(made: {
  readonly scope: AuditScope
  readonly report: AuditReport
  readonly occurrences: readonly KeptOccurrence[]
}): Promise<KeptAudit> {
  const { scope, report, occurrences } = made
  return {
    id: await shortHash(JSON.stringify(report)),
    scope,
    generatedAt: Date.parse(report.generatedAt),
    windowFromOn: report.window.fromOn,
    windowToOn: report.window.toOn,
    report,
    series: report.series.map(seriesReportToKept),
    occurrences,
  }
}

/** Keeps audits in a database that has the migrations of `migrations/`. */
export function createAuditStore(database: Database): AuditStore {
  return {
    async saveAudit(audit) {
      const results = await database.atomically(writesOf(withoutPrivate(audit)))
      return { changes: results.reduce((sum, result) => sum + result.changes, 0) }
    },

    async latestAudit(scope, { endingBefore = afterAllDates } = {}) {
      const header = (await headers(database, scope)).find(({ windowToOn }) => windowToOn < endingBefore)
      return header ? await wholeAudit(database, header) : null
    },

    async listAudits(scope) {
      return await headers(database, scope)
    },
  }
}

/** Nothing of a private event is kept, whoever built the audit: not its times, not its uid. */
function withoutPrivate(audit: KeptAudit): KeptAudit {
  const series = audit.report.series.map(one => ({
    ...one,
    occurrences: one.occurrences.filter(({ rule }) => rule !== 'private'),
  }))
  return {
    ...audit,
    report: { ...audit.report, series },
    occurrences: audit.occurrences.filter(({ rule }) => rule !== 'private'),
  }
}

function writesOf({ scope, id, generatedAt, windowFromOn, windowToOn, ...audit }: KeptAudit): readonly Write[] {
  const key = ['scope', 'audit_id']
  return [
    {
      table: 'audits',
      columns: ['scope', 'id', 'generated_at', 'window_from_on', 'window_to_on'],
      key: ['scope', 'id'],
      rows: [[scope, id, generatedAt, windowFromOn, windowToOn]],
    },
    {
      table: 'audit_report_parts',
      columns: [...key, 'part', 'json'],
      key: [...key, 'part'],
      rows: textParts(JSON.stringify(audit.report)).map((json, part) => [scope, id, part, json]),
    },
    {
      table: 'audit_series',
      columns: [...key, ...seriesColumns],
      key: [...key, 'series_id'],
      rows: audit.series.map(one => [scope, id, ...seriesToRow(one)]),
    },
    {
      table: 'audit_occurrences',
      columns: [...key, 'position', ...occurrenceColumns],
      key: [...key, 'position'],
      rows: audit.occurrences.map((one, position) => [scope, id, position, ...occurrenceToRow(one)]),
    },
  ]
}

/** Dates are compared as text; a letter comes after every digit. */
const afterAllDates = 'never'

async function headers(database: Database, scope: AuditScope): Promise<readonly AuditHeader[]> {
  const rows = await database.all<HeaderRow>({
    sql: `SELECT id, generated_at, window_from_on, window_to_on FROM audits
      WHERE scope = ? ORDER BY generated_at DESC, id DESC`,
    params: [scope],
  })
  return rows.map(row => ({
    id: row.id,
    scope,
    generatedAt: row.generated_at,
    windowFromOn: row.window_from_on,
    windowToOn: row.window_to_on,
  }))
}

/** Reads that need no common transaction: an audit never changes once it is there. */
async function wholeAudit(database: Database, header: AuditHeader): Promise<KeptAudit> {
  const params = [header.scope, header.id]
  const parts = await database.all<{ readonly json: string }>({
    sql: 'SELECT json FROM audit_report_parts WHERE scope = ? AND audit_id = ? ORDER BY part',
    params,
  })
  const series = await database.all<SeriesRow>({
    sql: `SELECT ${seriesColumns.join(', ')} FROM audit_series WHERE scope = ? AND audit_id = ? ORDER BY number`,
    params,
  })
  const occurrences = await database.all<OccurrenceRow>({
    sql: `SELECT ${occurrenceColumns.join(', ')} FROM audit_occurrences
      WHERE scope = ? AND audit_id = ? ORDER BY position`,
    params,
  })
  return {
    ...header,
    report: parseReport(parts.map(part => part.json).join('')),
    series: series.map(rowToSeries),
    occurrences: occurrences.map(rowToOccurrence),
  }
}

function parseReport(json: string): AuditReport {
  try {
    // Safe because `saveAudit` wrote it from an AuditReport, and its shape only ever gains fields.
    return JSON.parse(json) as AuditReport
  } catch (cause) {
    throw new PortError(
      'malformed',
      'The audit kept last cannot be read: the database is damaged. Move it away and run again to start a new one.',
      { cause },
    )
  }
}

/**
 * 250,000 UTF-16 units are at most 750 kB of UTF-8, also after JSON has escaped them once more on the way to D1, whose
 * rows hold 2 MB. A pair of surrogates is never cut.
 */
function textParts(text: string): readonly string[] {
  const parts: string[] = []
  for (let start = 0; start < text.length; ) {
    const last = text.charCodeAt(start + partLength - 1)
    const end = start + partLength - (last >= 0xd800 && last <= 0xdbff ? 1 : 0)
    parts.push(text.slice(start, end))
    start = end
  }
  return parts
}

const partLength = 250_000

interface HeaderRow {
  readonly id: string
  readonly generated_at: number
  readonly window_from_on: string
  readonly window_to_on: string
}

const seriesColumns = [
  'series_id',
  'number',
  'title',
  'section',
  'answer',
  'kind',
  'confidence',
  'form',
  'cadence',
  'held',
  'hours_per_week',
  'money_per_year',
  'my_minutes_per_week',
] as const

interface SeriesRow {
  readonly series_id: string
  readonly number: number
  readonly title: string | null
  readonly section: KeptSeries['section']
  readonly answer: KeptSeries['answer']
  readonly kind: KeptSeries['kind']
  readonly confidence: number
  readonly form: KeptSeries['form']
  readonly cadence: string
  readonly held: number
  readonly hours_per_week: number
  readonly money_per_year: number
  readonly my_minutes_per_week: number | null
}

const seriesReportToKept = (series: SeriesReport): KeptSeries => ({
  seriesId: series.id,
  number: series.number,
  title: series.title,
  section: series.section,
  answer: series.answer,
  kind: series.kind,
  confidence: series.confidence,
  form: series.form,
  cadence: series.when.cadence,
  held: series.when.held,
  hoursPerWeek: series.cost.hoursPerWeek.expected,
  moneyPerYear: series.cost.moneyPerYear.expected,
  myMinutesPerWeek: series.cost.myMinutesPerWeek,
})

const seriesToRow = (series: KeptSeries) => [
  series.seriesId,
  series.number,
  series.title,
  series.section,
  series.answer,
  series.kind,
  series.confidence,
  series.form,
  series.cadence,
  series.held,
  series.hoursPerWeek,
  series.moneyPerYear,
  series.myMinutesPerWeek,
]

const rowToSeries = (row: SeriesRow): KeptSeries => ({
  seriesId: row.series_id,
  number: row.number,
  title: row.title,
  section: row.section,
  answer: row.answer,
  kind: row.kind,
  confidence: row.confidence,
  form: row.form,
  cadence: row.cadence,
  held: row.held,
  hoursPerWeek: row.hours_per_week,
  moneyPerYear: row.money_per_year,
  myMinutesPerWeek: row.my_minutes_per_week,
})

const occurrenceColumns = ['calendar', 'uid', 'original_start', 'starts', 'ends', 'counted', 'rule'] as const

interface OccurrenceRow {
  readonly calendar: string
  readonly uid: string
  readonly original_start: string
  readonly starts: string
  readonly ends: string
  readonly counted: 0 | 1
  readonly rule: CountingRule
}

const occurrenceToRow = (occurrence: KeptOccurrence) => [
  occurrence.calendar,
  occurrence.uid,
  occurrence.originalStart,
  occurrence.start,
  occurrence.end,
  occurrence.counted ? 1 : 0,
  occurrence.rule,
]

const rowToOccurrence = (row: OccurrenceRow): KeptOccurrence => ({
  calendar: row.calendar,
  uid: row.uid,
  originalStart: row.original_start,
  start: row.starts,
  end: row.ends,
  counted: row.counted === 1,
  rule: row.rule,
})

/** 128 bits of SHA-256, as 32 hexadecimal digits: a key, not a secret. */
async function shortHash(text: string): Promise<string> {
  return (await sha256Hex(text)).slice(0, 32)
}
