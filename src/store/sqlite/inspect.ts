import { accessSync, constants, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { installedVersion, loadEngine } from './engine.ts'

/** What stands in a database file, learned without changing it. */
export interface SqliteInspection {
  /** Of the file and its write-ahead log. */
  readonly bytes: number
  /** File and folder may be written: WAL keeps files beside the database. */
  readonly isWritable: boolean
  /** `wal` where Minutewise opened it before. */
  readonly journalMode: string
  /** What `quick_check` found: empty when it is whole. */
  readonly damage: readonly string[]
  /** Names in the bookkeeping of migrations; null when there is none: an empty file or another program's. */
  readonly applied: readonly string[] | null
  /** Tables besides. */
  readonly tables: number
}

/** Versions of the engine; loads it. Throws PortError `unsupported` as `loadEngine` does. */
export async function engineVersions(): Promise<{ readonly package: string | null; readonly sqlite: string }> {
  const Engine = await loadEngine()
  const handle = new Engine(':memory:')
  try {
    const found = handle.prepare<[], string>('SELECT sqlite_version()').pluck().get()
    return { package: installedVersion(), sqlite: found ?? 'of an unknown version' }
  } finally {
    handle.close()
  }
}

/**
 * Looks into the file at `path`; null when there is none. Reads every page (a second for some 100 MB). Opens it so that
 * SQLite may finish what a killed process left, as every opening does; no statement that writes passes.
 *
 * @throws the engine's own error with its `code`, such as `SQLITE_NOTADB`.
 */
export async function inspectSqlite(path: string): Promise<SqliteInspection | null> {
  const bytes = sizeOf(path)
  if (bytes === null) return null
  const Engine = await loadEngine()
  const handle = new Engine(path, { fileMustExist: true, timeout: 5_000 })
  try {
    handle.pragma('query_only = ON')
    const names = handle
      .prepare<[], string>(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite@_%' ESCAPE '@'",
      )
      .pluck()
      .all()
    const hasBookkeeping = names.includes('d1_migrations')
    const findings = handle.prepare<[], string>('PRAGMA quick_check(5)').pluck().all()
    return {
      bytes: bytes + (sizeOf(`${path}-wal`) ?? 0),
      isWritable: mayWrite(path) && mayWrite(dirname(path)),
      journalMode: String(handle.pragma('journal_mode', { simple: true })),
      damage: findings.filter(finding => finding !== 'ok'),
      applied: hasBookkeeping
        ? handle.prepare<[], string>('SELECT name FROM d1_migrations ORDER BY id').pluck().all()
        : null,
      tables: names.length - (hasBookkeeping ? 1 : 0),
    }
  } finally {
    handle.close()
  }
}

function sizeOf(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.size ?? null
}

function mayWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK)
    return true
  } catch {
    return false
  }
}
