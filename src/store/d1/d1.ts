import { PortError, type PortErrorCode } from '../../port-error.ts'
import { assertStorable, rowsByKey, upsertSql } from '../bulk-upsert.ts'
import { type BulkUpsert, type Database, isBulkUpsert, type SqlValue, type Statement, type Write } from '../store.ts'

/** The part of Cloudflare's `D1Database` that we use, so that the adapter also compiles where its types are absent. */
export interface D1Binding {
  prepare(sql: string): D1Prepared
  batch(statements: D1Prepared[]): Promise<D1Answer[]>
}

interface D1Prepared {
  bind(...values: unknown[]): D1Prepared
  all(): Promise<D1Answer>
}

interface D1Answer {
  readonly results: unknown[]
  readonly meta: { readonly changes: number }
}

/**
 * The store on D1. A batch is one `batch()` call, the only atomic unit there is: `BEGIN` is refused. Opening and closing
 * are the platform's; migrations are applied on deployment (`wrangler d1 migrations apply`).
 */
export function createD1(binding: D1Binding): Database {
  return {
    async atomically(writes) {
      const planned = writes.map(statementsOf)
      const statements = planned.flat()
      if (statements.length === 0) return writes.map(() => ({ changes: 0 }))
      const answers = await translated(() => binding.batch(statements.map(statement => prepare(binding, statement))))
      let next = 0
      return planned.map(({ length }) => {
        const own = answers.slice(next, next + length)
        next += length
        return { changes: own.reduce((sum, answer) => sum + answer.meta.changes, 0) }
      })
    },

    async all<Row>(statement: Statement) {
      assertFits(statement)
      const { results } = await translated(() => prepare(binding, statement).all())
      // Safe because the caller names the columns of its own statement; D1 gives one object a row.
      return results as Row[]
    },

    /**
     * Nothing to do: the files are Cloudflare's, nobody reaches them past the binding, and no statement rewrites them
     * (`VACUUM` and the pragmas of the WAL are refused). Its Time Travel can restore a state of up to 30 days ago.
     */
    async settle() {},

    async close() {},
  }
}

/** Measured in workerd: 110,000 rows a second at 1,000 rows a statement, 175,000 at 5,000. */
const rowsPerStatement = 5_000
/** Half of the 2 MB a value may have, so that a statement stays far from its memory and time limits as well. */
const bytesPerStatement = 1_000_000
/** D1: a string or row holds 2 MB. Not enforced by the local engine, so it is here. */
const bytesPerValue = 2_000_000
/** D1: bound parameters of one statement. */
const parametersPerStatement = 100

function prepare(binding: D1Binding, { sql, params }: Statement): D1Prepared {
  const prepared = binding.prepare(sql)
  return params.length === 0 ? prepared : prepared.bind(...params)
}

function statementsOf(write: Write): readonly Statement[] {
  if (isBulkUpsert(write)) return bulkStatements(write)
  assertFits(write)
  return [write]
}

/** One parameter for thousands of rows: they travel as a JSON array of arrays and `json_each` opens it. */
function bulkStatements(upsert: BulkUpsert): readonly Statement[] {
  const values = upsert.columns.map((_, position) => `value ->> ${position}`).join(', ')
  // WHERE true: without it the parser takes ON CONFLICT for the ON of a join (sqlite.org/lang_upsert.html, 2.1).
  const sql = upsertSql(upsert, `SELECT ${values} FROM json_each(?) WHERE true`)
  return jsonChunks(rowsByKey(upsert), upsert.table).map(json => ({ sql, params: [json] }))
}

function jsonChunks(rows: readonly (readonly SqlValue[])[], table: string): readonly string[] {
  const chunks: string[] = []
  let chunk: string[] = []
  let bytes = 0
  for (const row of rows) {
    const json = JSON.stringify(row)
    const size = utf8Bytes(json) + 1
    if (size > bytesPerValue) throw tooLarge(`A row for ${table} has ${size} bytes`)
    if (chunk.length > 0 && (chunk.length === rowsPerStatement || bytes + size > bytesPerStatement)) {
      chunks.push(`[${chunk.join(',')}]`)
      chunk = []
      bytes = 0
    }
    chunk.push(json)
    bytes += size
  }
  if (chunk.length > 0) chunks.push(`[${chunk.join(',')}]`)
  return chunks
}

function assertFits({ params }: Statement): void {
  assertStorable(params)
  if (params.length > parametersPerStatement) {
    throw new TypeError(
      `${params.length} parameters: D1 takes ${parametersPerStatement}; use a bulk upsert or json_each.`,
    )
  }
  for (const value of params) {
    if (typeof value === 'string' && utf8Bytes(value) > bytesPerValue) throw tooLarge('A value')
  }
}

const tooLarge = (what: string) =>
  new PortError('too-large', `${what}: D1 takes at most ${bytesPerValue}. Store it in parts.`)

function utf8Bytes(text: string): number {
  let bytes = text.length
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    // Each half of a surrogate pair counts 2 of the pair's 4 bytes.
    if (unit > 0x7f) bytes += unit > 0x7ff && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1
  }
  return bytes
}

async function translated<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    throw portErrorOf(error)
  }
}

/** D1 gives text alone; this table is the one place that reads it (developers.cloudflare.com/d1/observability/debug-d1). */
const codesByText: readonly (readonly [RegExp, PortErrorCode, string])[] = [
  [/SQLITE_CONSTRAINT|constraint failed/i, 'conflict', 'D1 refused a write because a rule of the schema forbids it.'],
  [/SQLITE_FULL|maximum DB size/i, 'full', 'The D1 database is full; remove old audits or raise the plan.'],
  [/SQLITE_BUSY|SQLITE_LOCKED|overloaded|too many requests/i, 'busy', 'D1 is overloaded; try again in a moment.'],
  [/SQLITE_TOOBIG|too big|statement too long/i, 'too-large', 'D1 takes no value or statement of this size.'],
  [/SQLITE_CORRUPT|SQLITE_NOTADB/i, 'malformed', 'The D1 database is damaged; restore it to an earlier time.'],
  [/SQLITE_AUTH|not authorized/i, 'denied', 'D1 does not allow this statement.'],
  [
    /connection lost|transient issue|object to be reset|code was updated|timed? ?out|internal error|isolate which has exceeded/i,
    'unreachable',
    'D1 did not answer; try again in a moment.',
  ],
]

function portErrorOf(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const found = codesByText.find(([text]) => text.test(error.message))
  return found ? new PortError(found[1], found[2], { cause: error }) : error
}
