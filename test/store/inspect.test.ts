import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Engine from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { engineVersions, inspectSqlite } from '../../src/store/sqlite/inspect.ts'
import { readMigrations } from '../../src/store/sqlite/read-migrations.ts'
import { openSqlite } from '../../src/store/sqlite/sqlite.ts'

const migrations = readMigrations(join(import.meta.dirname, '../../migrations'))

describe('looking into a database file', () => {
  let folder = ''
  let path = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'minutewise-inspect-'))
    path = join(folder, 'mw.db')
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('finds what a Minutewise left, and leaves it byte for byte', async () => {
    await (await openSqlite(path, migrations)).close()
    const before = readFileSync(path)
    expect(await inspectSqlite(path)).toEqual({
      bytes: before.length,
      isWritable: true,
      journalMode: 'wal',
      damage: [],
      applied: migrations.map(({ name }) => name),
      tables: expect.any(Number),
    })
    expect(readFileSync(path)).toEqual(before)
    expect(readdirSync(folder)).toEqual(['mw.db'])
  })

  it('goes on beside a Minutewise that has it open', async () => {
    const open = await openSqlite(path, migrations)
    try {
      expect(await inspectSqlite(path)).toMatchObject({ damage: [], journalMode: 'wal' })
    } finally {
      await open.close()
    }
  })

  it('finds no file and makes none', async () => {
    expect(await inspectSqlite(path)).toBeNull()
    expect(existsSync(path)).toBe(false)
  })

  it("knows another program's database by its tables", async () => {
    new Engine(path).exec('CREATE TABLE theirs (a)').close()
    expect(await inspectSqlite(path)).toMatchObject({ applied: null, tables: 1 })
  })

  it('names damage: a page of the file overwritten', async () => {
    const database = await openSqlite(path, migrations)
    await database.close()
    const bytes = readFileSync(path)
    // a page in the middle, behind the one that holds the schema
    bytes.fill(0xff, 4096 * 5, 4096 * 6)
    writeFileSync(path, bytes)
    const damage = await inspectSqlite(path).then(
      found => found?.damage ?? [],
      (error: { readonly code?: unknown }) => [error.code === 'SQLITE_CORRUPT' ? 'SQLITE_CORRUPT' : 'something else'],
    )
    expect(damage).not.toEqual([])
    expect(damage).not.toContain('something else')
  })

  it('refuses a file that is no database', async () => {
    writeFileSync(path, 'BEGIN:VCALENDAR\n'.repeat(100))
    await expect(inspectSqlite(path)).rejects.toMatchObject({ code: 'SQLITE_NOTADB' })
  })

  // root may write everything
  it.skipIf(process.getuid?.() === 0)('says when it may not be written', async () => {
    await (await openSqlite(path, migrations)).close()
    chmodSync(path, 0o400)
    expect(await inspectSqlite(path)).toMatchObject({ isWritable: false })
  })
})

it('the engine says its versions', async () => {
  expect(await engineVersions()).toEqual({
    package: expect.stringMatching(/^\d+\.\d+\.\d+/),
    sqlite: expect.stringMatching(/^3\.\d+\.\d+/),
  })
})
