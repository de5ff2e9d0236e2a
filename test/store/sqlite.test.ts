import { spawn } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import BetterSqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createAuditStore } from '../../src/store/audit-store.ts'
import { engineProblem } from '../../src/store/sqlite/engine.ts'
import { readMigrations } from '../../src/store/sqlite/read-migrations.ts'
import { openSqlite } from '../../src/store/sqlite/sqlite.ts'
import { architectureReview, buildKeptAudit, buildOccurrences } from '../contract/kept-audit.ts'
import { storeContract } from '../contract/store-contract.ts'

const migrations = readMigrations(fileURLToPath(new URL('../../migrations', import.meta.url)))

let folder: string
let file: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'minutewise-store-'))
  file = join(folder, 'audits.db')
})
afterEach(() => rmSync(folder, { recursive: true }))

storeContract('SQLite in a file', { empty: () => openSqlite(file, []), migrations: () => migrations })
storeContract('SQLite in memory', { empty: () => openSqlite(':memory:', []), migrations: () => migrations })

describe('an SQLite file', () => {
  it('is made with every migration, readable by its owner alone, and gone with its WAL when closed', async () => {
    const database = await openSqlite(file, migrations)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(statSync(`${file}-wal`).mode & 0o777).toBe(0o600)
    await database.close()
    expect(existsSync(`${file}-wal`)).toBe(false)
  })

  it('runs in WAL with synchronous=NORMAL, foreign keys and a wait of five seconds', async () => {
    const database = await openSqlite(file, migrations)
    const pragma = async (name: string) => (await database.all<Record<string, unknown>>(sql(`PRAGMA ${name}`)))[0]
    expect(await pragma('journal_mode')).toEqual({ journal_mode: 'wal' })
    expect(await pragma('synchronous')).toEqual({ synchronous: 1 })
    expect(await pragma('foreign_keys')).toEqual({ foreign_keys: 1 })
    expect(await pragma('busy_timeout')).toEqual({ timeout: 5_000 })
    await database.close()
  })

  it('keeps an audit for the next process', async () => {
    const audit = await buildKeptAudit()
    const first = await openSqlite(file, migrations)
    await createAuditStore(first).saveAudit(audit)
    await first.close()
    const next = await openSqlite(file, migrations)
    expect(await createAuditStore(next).latestAudit(audit.scope)).toEqual(audit)
    await next.close()
  })

  it('is shared by two connections: what one has kept the other sees', async () => {
    const [one, two] = await Promise.all([openSqlite(file, migrations), openSqlite(file, migrations)])
    const audit = await buildKeptAudit()
    await createAuditStore(one).saveAudit(audit)
    expect(await createAuditStore(two).latestAudit(audit.scope)).toEqual(audit)
    expect(await createAuditStore(two).saveAudit(audit)).toEqual({ changes: 0 })
    await Promise.all([one.close(), two.close()])
  })

  it('holds no byte of a private event', async () => {
    const [first] = buildOccurrences(1)
    const audit = await buildKeptAudit({
      series: [
        architectureReview({
          occurrences: [{ start: '2026-03-12', end: '2026-03-13', title: 'secret-title', rule: 'private' }],
        }),
      ],
      occurrences: [{ ...first!, uid: 'secret-uid', rule: 'private', counted: false }],
    })
    const database = await openSqlite(file, migrations)
    await createAuditStore(database).saveAudit(audit)
    await database.close()
    expect(readFileSync(file).includes('Architecture review')).toBe(true)
    expect(readFileSync(file).includes('secret-')).toBe(false)
  })
})

describe('an SQLite file that is settled', () => {
  const filesHold = (text: string) =>
    ['', '-wal', '-shm'].filter(ending => existsSync(file + ending) && readFileSync(file + ending).includes(text))
  /** The same numbers every run, 0 <= number < 1. */
  const numbers =
    (state = 1) =>
    () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
      return state / 0x80000000
    }

  it.each(['STRICT', 'STRICT, WITHOUT ROWID'])(
    'holds nothing that was deleted or overwritten, in no file of it (%s)',
    async kind => {
      const database = await openSqlite(file, migrations)
      await database.atomically([sql(`CREATE TABLE notes (place TEXT, note TEXT, PRIMARY KEY (place)) ${kind}`)])
      const next = numbers()
      const places = Array.from({ length: 3_000 }, () => next().toString(36))
      const put = async (some: readonly string[], note: () => string) => {
        for (let from = 0; from < some.length; from += 100) {
          // A write a row, in no order: pages are split again and again, and each leaves a copy of what moved.
          await database.atomically(
            some.slice(from, from + 100).map(place => ({
              sql: 'INSERT INTO notes VALUES (?, ?) ON CONFLICT (place) DO UPDATE SET note = excluded.note',
              params: [place, note()],
            })),
          )
        }
      }
      const telling = () => `canary-${'x'.repeat(next() * next() * 3_000)}`
      await put(places, telling)
      await put(places.slice(0, 1_500), telling)
      expect(filesHold('canary-')).toContain('-wal')
      await put(places, () => 'y'.repeat(next() * 100))
      await database.atomically([sql("DELETE FROM notes WHERE place > '0.i'")])
      const [before] = await database.all(sql('SELECT count(*) AS rows FROM notes'))
      await database.settle()
      expect(filesHold('canary-')).toEqual([])
      expect(await database.all(sql('SELECT count(*) AS rows FROM notes'))).toEqual([before])
      await database.close()
    },
  )

  it('while another process reads the old state → busy, and done when it is asked again', async () => {
    const database = await openSqlite(file, migrations, { busyTimeoutMs: 20 })
    await database.atomically([
      sql('CREATE TABLE notes (note TEXT) STRICT'),
      sql("INSERT INTO notes VALUES ('canary-')"),
    ])
    const reader = new BetterSqlite(file)
    reader.exec('BEGIN; SELECT * FROM notes')
    await database.atomically([sql('DELETE FROM notes')])
    await expect(database.settle()).rejects.toMatchObject({ code: 'busy' })
    reader.exec('COMMIT')
    reader.close()
    await database.settle()
    expect(filesHold('canary-')).toEqual([])
    await database.close()
  })
})

describe('an SQLite file in trouble', () => {
  it('written by somebody else for too long → busy, and works again afterwards', async () => {
    const database = await openSqlite(file, migrations, { busyTimeoutMs: 20 })
    const other = new BetterSqlite(file)
    other.exec('BEGIN IMMEDIATE')
    const audit = await buildKeptAudit()
    await expect(createAuditStore(database).saveAudit(audit)).rejects.toMatchObject({ code: 'busy' })
    // Readers are not held up.
    expect(await createAuditStore(database).latestAudit(audit.scope)).toBeNull()
    other.exec('ROLLBACK')
    other.close()
    expect(await createAuditStore(database).saveAudit(audit)).toEqual({ changes: 6 })
    await database.close()
  })

  it('that may not grow → full, and nothing of the batch is kept', async () => {
    const database = await openSqlite(file, migrations)
    await database.all(sql('PRAGMA max_page_count = 40'))
    const audit = await buildKeptAudit({ occurrences: buildOccurrences(5_000) })
    await expect(createAuditStore(database).saveAudit(audit)).rejects.toMatchObject({ code: 'full' })
    expect(await createAuditStore(database).listAudits(audit.scope)).toEqual([])
    expect(await database.all(sql('PRAGMA integrity_check'))).toEqual([{ integrity_check: 'ok' }])
    await database.close()
  })

  it('made by a newer version → newer, with a sentence', async () => {
    const later = [...migrations, { name: '9999_later.sql', statements: [] }]
    await (await openSqlite(file, later)).close()
    await expect(openSqlite(file, migrations)).rejects.toMatchObject({ code: 'newer' })
  })

  it.each([
    ['a calendar', 'BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n'.repeat(100)],
    ['a few bytes', 'hello'],
  ])('that is no database but %s → malformed, and not a byte of it changes', async (_, text) => {
    writeFileSync(file, text)
    const refused = openSqlite(file, migrations)
    await expect(refused).rejects.toMatchObject({ code: 'malformed' })
    await expect(refused).rejects.toThrow(/audits\.db is not a database\. Name another file/)
    expect(readFileSync(file, 'utf8')).toBe(text)
    expect(existsSync(`${file}-wal`)).toBe(false)
  })

  it('of another program → malformed, and not a byte of it changes', async () => {
    const other = new BetterSqlite(file)
    other.exec('CREATE TABLE bookmarks (url TEXT)')
    other.close()
    const before = readFileSync(file)
    await expect(openSqlite(file, migrations)).rejects.toThrow(/another program/)
    expect(readFileSync(file).equals(before)).toBe(true)
  })

  it('damaged in the middle → malformed', async () => {
    const database = await openSqlite(file, migrations)
    const audit = await buildKeptAudit({ occurrences: buildOccurrences(5_000) })
    await createAuditStore(database).saveAudit(audit)
    await database.close()
    const bytes = readFileSync(file)
    writeFileSync(file, bytes.fill(0x5a, 4_096 * 3))
    const damaged = await openSqlite(file, migrations).catch((error: unknown) => error)
    const outcome =
      damaged instanceof Error
        ? damaged
        : await createAuditStore(await openSqlite(file, migrations))
            .latestAudit(audit.scope)
            .catch((error: unknown) => error)
    expect(outcome).toMatchObject({ name: 'PortError', code: 'malformed' })
  })

  it('in a folder that does not exist → not-found; a folder itself → denied', async () => {
    await expect(openSqlite(join(folder, 'absent', 'a.db'), migrations)).rejects.toMatchObject({ code: 'not-found' })
    mkdirSync(file)
    await expect(openSqlite(file, migrations)).rejects.toMatchObject({ code: 'denied' })
  })

  it('that may only be read → read-only; in a folder that may only be read → denied', async () => {
    await (await openSqlite(file, [])).close()
    chmodSync(file, 0o444)
    chmodSync(folder, 0o555)
    await asOrdinaryUser(async () => {
      await expect(openSqlite(file, migrations)).rejects.toMatchObject({ code: 'read-only' })
      await expect(openSqlite(join(folder, 'new.db'), migrations)).rejects.toMatchObject({ code: 'denied' })
    })
    chmodSync(folder, 0o755)
  })
})

describe('a process killed while it writes', () => {
  it('leaves every audit it had acknowledged, and no part of another', async () => {
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', fileURLToPath(new URL('./keep-saving.ts', import.meta.url)), file],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    const ended = new Promise(resolve => child.once('exit', resolve))
    const acknowledged: string[] = []
    for await (const line of createInterface({ input: child.stdout })) {
      acknowledged.push(line)
      if (acknowledged.length === 3) child.kill('SIGKILL')
    }
    await ended

    const database = await openSqlite(file, migrations)
    const rows = await database.all<{ id: string; rows: number }>(
      sql('SELECT audit_id AS id, count(*) AS rows FROM audit_occurrences GROUP BY audit_id'),
    )
    const kept = await database.all<{ id: string }>(sql('SELECT id FROM audits'))
    expect(kept.map(({ id }) => id)).toEqual(expect.arrayContaining(acknowledged))
    expect(rows.map(row => row.id).toSorted()).toEqual(kept.map(row => row.id).toSorted())
    expect(new Set(rows.map(row => row.rows))).toEqual(new Set([2_000]))
    expect(await database.all(sql('PRAGMA integrity_check'))).toEqual([{ integrity_check: 'ok' }])
    await database.close()
  })
})

describe('the engine is asked before it is loaded', () => {
  it.each([
    ['better-sqlite3 12 on Node 20', '12.11.1', 9, null],
    ['better-sqlite3 13 on Node 22.14', '13.2.0', 10, null],
    ['better-sqlite3 13 on Node 20 would crash', '13.2.0', 9, /13\.2\.0 does not run on this Node.*better-sqlite3@12/],
    ['no better-sqlite3', null, 9, /not installed.*npm install/],
  ])('%s', (_, version, nodeApi, problem) => {
    const answer = engineProblem({ version, nodeApi })
    if (problem === null) expect(answer).toBeNull()
    else expect(answer).toMatch(problem)
  })
})

const sql = (text: string) => ({ sql: text, params: [] })

/** Permissions do not bind root, as whom containers run tests. */
async function asOrdinaryUser(work: () => Promise<void>): Promise<void> {
  if (process.geteuid?.() !== 0) return work()
  chownSync(folder, 65_534, 65_534)
  chownSync(file, 65_534, 65_534)
  process.seteuid?.(65_534)
  try {
    await work()
  } finally {
    process.seteuid?.(0)
  }
}
