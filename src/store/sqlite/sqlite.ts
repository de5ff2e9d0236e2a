import { closeSync, openSync } from 'node:fs'
import type { Database as Handle, Statement as Prepared } from 'better-sqlite3'
import { PortError, type PortErrorCode } from '../../port-error.ts'
import { assertStorable, rowsByKey, upsertSql } from '../bulk-upsert.ts'
import { type Migration, migrate } from '../migrate.ts'
import { type BulkUpsert, type Database, isBulkUpsert, type Statement, type Write, type WriteResult } from '../store.ts'
import { loadEngine } from './engine.ts'

export interface SqliteOptions {
  /** How long a call waits for another process's transaction before it fails with `busy`. */
  readonly busyTimeoutMs?: number
}

/**
 * Opens the database in a file and brings it to the newest migration; makes the file, readable by its owner alone, when
 * there is none. `:memory:` is a database that is gone after `close`.
 *
 * Prepared statements and no query builder: drizzle-orm prepared once reaches 0.77 of their speed, and a tenth of it
 * where it builds SQL for each row.
 *
 * @throws PortError with a sentence about the file: `malformed` (no database, damaged, another program's; nothing was
 * written to it), `newer`, `not-found` (no such folder), `denied`, `read-only`, `busy`, `full`, `unsupported`.
 */
export async function openSqlite(
  path: string,
  migrations: readonly Migration[],
  { busyTimeoutMs = 5_000 }: SqliteOptions = {},
): Promise<Database> {
  const Engine = await loadEngine()
  const handle = translated(path, () => {
    if (path !== ':memory:') makePrivately(path)
    return new Engine(path, { timeout: busyTimeoutMs })
  })
  try {
    translated(path, () => {
      refuseForeign(handle, path)
      // The mode is kept in the file, so it comes after the question whose file it is.
      handle.pragma('journal_mode = WAL')
      handle.pragma('synchronous = NORMAL')
      handle.pragma('foreign_keys = ON')
      // What is deleted is overwritten at once; the traces this leaves are for `settle`.
      handle.pragma('secure_delete = ON')
    })
    const database = databaseOf(handle, path)
    await migrate(database, migrations)
    return database
  } catch (error) {
    handle.close()
    throw error
  }
}

function databaseOf(handle: Handle, path: string): Database {
  const prepared = new Map<string, Prepared<unknown[]>>()
  const prepare = (sql: string) => {
    const known = prepared.get(sql)
    if (known) return known
    const made = handle.prepare<unknown[]>(sql)
    prepared.set(sql, made)
    return made
  }
  const runBatch = handle.transaction((writes: readonly Write[]): readonly WriteResult[] =>
    writes.map(write => ({ changes: isBulkUpsert(write) ? runRows(prepare, write) : runOne(prepare, write) })),
  )

  return {
    async atomically(writes) {
      // IMMEDIATE: a deferred transaction that turns to writing fails at once when somebody else wrote, without waiting.
      return writes.length === 0 ? [] : translated(path, () => runBatch.immediate(writes))
    },

    async all<Row>({ sql, params }: Statement) {
      assertStorable(params)
      // Safe because the caller names the columns of its own statement; the engine gives one object a row.
      return translated(path, () => prepare(sql).all(...params) as Row[])
    },

    async settle() {
      translated(path, () => {
        // `secure_delete` alone is not enough: when a page is split, its old half keeps copies of the rows that moved.
        handle.exec('VACUUM')
        // The old pages are in the WAL until it is emptied; a reader of the old state holds that up.
        const [outcome] = handle.pragma('wal_checkpoint(TRUNCATE)') as readonly { readonly busy: number }[]
        if (outcome?.busy === 1) throw new PortError('busy', `${path} is being read by another process. Try again.`)
      })
    },

    async close() {
      handle.close()
    },
  }
}

type Prepare = (sql: string) => Prepared<unknown[]>

function runOne(prepare: Prepare, { sql, params }: Statement): number {
  assertStorable(params)
  return prepare(sql).run(...params).changes
}

function runRows(prepare: Prepare, upsert: BulkUpsert): number {
  const statement = prepare(upsertSql(upsert, `VALUES (${upsert.columns.map(() => '?').join(', ')})`))
  let changes = 0
  for (const row of rowsByKey(upsert)) changes += statement.run(row).changes
  return changes
}

/** The file holds titles of meetings: nobody else on the machine has to read them. WAL files inherit the mode. */
function makePrivately(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600))
  } catch (error) {
    if (!hasCode(error) || error.code !== 'EEXIST') throw error
  }
}

/** A file with tables and without our bookkeeping is somebody else's: writing our tables into it would be rude. */
function refuseForeign(handle: Handle, path: string): void {
  const names = handle
    .prepare<[], string>("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite@_%' ESCAPE '@'")
    .pluck()
    .all()
  if (names.length === 0 || names.includes('d1_migrations')) return
  throw new PortError('malformed', `${path} is the database of another program. Name another file.`)
}

function translated<T>(path: string, call: () => T): T {
  try {
    return call()
  } catch (error) {
    throw portErrorOf(error, path)
  }
}

/** By the start of SQLite's result code (sqlite.org/rescode.html) or of the operating system's. */
const sentencesByCode: readonly (readonly [string, PortErrorCode, string])[] = [
  ['SQLITE_BUSY', 'busy', 'is being written by another process. Try again when it is done.'],
  ['SQLITE_LOCKED', 'busy', 'is being written by another process. Try again when it is done.'],
  ['SQLITE_FULL', 'full', 'could not grow: the disk is full. Nothing was kept; make room and try again.'],
  ['SQLITE_READONLY', 'read-only', 'may not be written. Change its permissions or name another file.'],
  ['SQLITE_NOTADB', 'malformed', 'is not a database. Name another file; this one was left as it is.'],
  ['SQLITE_CORRUPT', 'malformed', 'is damaged. Move it away and run again to start a new one.'],
  ['SQLITE_TOOBIG', 'too-large', 'takes no value of this size.'],
  ['SQLITE_CONSTRAINT', 'conflict', 'refused a write because a rule of its schema forbids it.'],
  ['SQLITE_CANTOPEN', 'denied', 'could not be opened. Look at its permissions, and whether it is a folder.'],
  ['SQLITE_PERM', 'denied', 'could not be opened. Look at its permissions.'],
  ['SQLITE_IOERR', 'failed', 'could not be read or written: the disk reported an error.'],
  ['ENOENT', 'not-found', 'cannot be made: its folder does not exist. Make the folder or name another file.'],
  ['ENOTDIR', 'not-found', 'cannot be made: its folder is a file. Name another file.'],
  ['EACCES', 'denied', 'cannot be made: its folder may not be written. Name another file.'],
  ['EPERM', 'denied', 'cannot be made: its folder may not be written. Name another file.'],
  ['EROFS', 'read-only', 'cannot be made: its disk is read-only. Name another file.'],
  ['ENOSPC', 'full', 'cannot be made: the disk is full. Make room and try again.'],
]

/** The `PortError` for what the engine or the operating system threw about the file at `path`; others as they are. */
export function portErrorOf(error: unknown, path: string): unknown {
  if (error instanceof PortError || !hasCode(error)) return error
  const { code } = error
  const found = sentencesByCode.find(([start]) => code.startsWith(start))
  return found ? new PortError(found[1], `${path} ${found[2]}`, { cause: error }) : error
}

const hasCode = (error: unknown): error is Error & { readonly code: string } =>
  error instanceof Error && 'code' in error && typeof error.code === 'string'
