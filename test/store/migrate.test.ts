import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { readD1Migrations } from '@cloudflare/vitest-pool-workers'
import { describe, expect, it } from 'vitest'
import { parseMigration } from '../../src/store/migrate.ts'
import { migrationNames } from '../../src/store/migration-names.ts'
import { readMigrations } from '../../src/store/sqlite/read-migrations.ts'

const folder = fileURLToPath(new URL('../../migrations', import.meta.url))

describe('the migrations', () => {
  it('are the ones the code names', () => {
    expect(readMigrations(folder).map(migration => migration.name)).toEqual(migrationNames)
  })

  it('are read the same by Cloudflare: same names, same statements', async () => {
    const theirs = await readD1Migrations(folder)
    const plain = (text: string) => parseMigration('', text).statements.map(part => part.replace(/\s+/g, ' '))
    expect(readMigrations(folder).map(({ name, statements }) => [name, statements.flatMap(plain)])).toEqual(
      theirs.map(({ name, queries }) => [name, queries.flatMap(plain)]),
    )
  })

  it('make STRICT tables only, each with a scope or a tenant that opens its key', () => {
    const tables = migrationNames.flatMap(
      name => parseMigration(name, readFileSync(`${folder}/${name}`, 'utf8')).statements,
    )
    const made = tables.filter(statement => statement.startsWith('CREATE TABLE'))
    expect(made).not.toHaveLength(0)
    for (const table of made) {
      expect(table).toMatch(/\) STRICT(, WITHOUT ROWID)?$/)
      expect(table).toMatch(/PRIMARY KEY \((scope|tenant)[,)]/)
    }
  })
})

describe('a migration file', () => {
  it.each([
    ['two statements', 'CREATE TABLE a (b TEXT);\nDROP TABLE a;', ['CREATE TABLE a (b TEXT)', 'DROP TABLE a']],
    ['no last semicolon', 'DROP TABLE a', ['DROP TABLE a']],
    ['only comments', '-- nothing; here\n/* nor; here */', []],
    ['a comment with a quote', "-- it's\nDROP TABLE a; -- isn't", ['DROP TABLE a']],
    ['a semicolon in text', "INSERT INTO a VALUES ('x;''y');", ["INSERT INTO a VALUES ('x;''y')"]],
    ['comment marks in text', "INSERT INTO a VALUES ('--', '/*');", ["INSERT INTO a VALUES ('--', '/*')"]],
    ['a semicolon in a name', 'DROP TABLE "a;b";', ['DROP TABLE "a;b"']],
    ['minus and divide', 'SELECT 4 - 2 / 1;', ['SELECT 4 - 2 / 1']],
  ])('with %s', (_, text, statements) => {
    expect(parseMigration('0001_x.sql', text).statements).toEqual(statements)
  })

  it('with a trigger is refused', () => {
    const text = 'CREATE TRIGGER t AFTER INSERT ON a BEGIN DELETE FROM b; END;'
    expect(() => parseMigration('0001_x.sql', text)).toThrow(/0001_x\.sql: triggers/)
  })
})
