import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { PortError } from '../../src/port-error.ts'
import { createAuditStore } from '../../src/store/audit-store.ts'
import { type Migration, migrate, migrationState } from '../../src/store/migrate.ts'
import type { Database, SqlValue, Statement } from '../../src/store/store.ts'
import { architectureReview, buildKeptAudit, buildOccurrences } from './kept-audit.ts'

export interface StoreUnderTest {
  /** Fresh, without any table. */
  readonly empty: () => Promise<Database>
  readonly migrations: () => readonly Migration[]
}

/** Every promise of `src/store/store.ts`, one test each. An engine is a store when it passes. */
export function storeContract(engine: string, { empty, migrations }: StoreUnderTest): void {
  describe(`${engine} keeps the promises of the store`, () => {
    let database: Database

    beforeEach(async () => {
      database = await empty()
      await database.atomically([
        sql(
          'CREATE TABLE words (tenant TEXT NOT NULL, word TEXT NOT NULL, seen REAL, note TEXT, PRIMARY KEY (tenant, word)) STRICT, WITHOUT ROWID',
        ),
      ])
    })
    afterEach(() => database.close())

    const words = (rows: readonly (readonly SqlValue[])[]) => ({
      table: 'words',
      columns: ['tenant', 'word', 'seen', 'note'],
      key: ['tenant', 'word'],
      rows,
    })
    const kept = () => database.all<WordRow>(sql('SELECT tenant, word, seen, note FROM words ORDER BY tenant, word'))

    describe('atomicity and ordering', () => {
      it('gives one result for each write, in order', async () => {
        const results = await database.atomically([
          words([
            ['a', 'one', 1, null],
            ['a', 'two', 2, null],
          ]),
          sql('UPDATE words SET note = ? WHERE seen >= ?', 'seen', 2),
          sql('DELETE FROM words WHERE tenant = ?', 'nobody'),
          words([]),
        ])
        expect(results).toEqual([{ changes: 2 }, { changes: 1 }, { changes: 0 }, { changes: 0 }])
      })

      it('lets a later write see an earlier one', async () => {
        await database.atomically([
          words([['a', 'one', 1, null]]),
          sql('UPDATE words SET seen = seen + 1 WHERE word = ?', 'one'),
          words([['a', 'two', 2, null]]),
          sql("INSERT INTO words SELECT tenant, 'sum', sum(seen), NULL FROM words GROUP BY tenant"),
        ])
        expect((await kept()).map(row => [row.word, row.seen])).toEqual([
          ['one', 2],
          ['sum', 4],
          ['two', 2],
        ])
      })

      it('keeps nothing of a batch in which one write is refused, and works on', async () => {
        const refused = database.atomically([
          words([['a', 'one', 1, null]]),
          words([['a', 'two', 2, null]]),
          sql("INSERT INTO words VALUES ('a', 'one', 3, NULL)"),
        ])
        await expect(refused).rejects.toMatchObject({ code: 'conflict' })
        await expect(refused).rejects.toBeInstanceOf(PortError)
        expect(await kept()).toEqual([])
        await database.atomically([words([['a', 'after', 1, null]])])
        expect(await kept()).toHaveLength(1)
      })

      it('keeps nothing of a bulk upsert in which the last of 6,000 rows is refused', async () => {
        const rows: SqlValue[][] = numbers(6_000).map(n => ['a', `word ${n}`, n, null])
        // By type, since the column is REAL and the table STRICT.
        rows.push(['z', 'last', 'not a number', null])
        await expect(database.atomically([words(rows)])).rejects.toMatchObject({ code: 'conflict' })
        expect(await kept()).toEqual([])
      })

      it('takes an empty batch', async () => {
        expect(await database.atomically([])).toEqual([])
      })

      it('tells our own mistakes from the failures of the world', async () => {
        await expect(database.atomically([sql('INSERT INTO nowhere VALUES (1)')])).rejects.not.toBeInstanceOf(PortError)
      })
    })

    describe('bulk upsert', () => {
      it('changes nothing when the rows are there already, and only what differs', async () => {
        const rows = numbers(50).map(n => ['a', `word ${n}`, n, null])
        expect(await database.atomically([words(rows)])).toEqual([{ changes: 50 }])
        expect(await database.atomically([words(rows)])).toEqual([{ changes: 0 }])
        const other = rows.map(row =>
          row[1] === 'word 7' || row[1] === 'word 9' ? ['a', row[1] ?? null, 0, 'new'] : row,
        )
        expect(await database.atomically([words(other)])).toEqual([{ changes: 2 }])
        expect((await kept()).filter(row => row.note === 'new')).toHaveLength(2)
      })

      it('sees a value become null and null become a value', async () => {
        await database.atomically([
          words([
            ['a', 'one', null, 'x'],
            ['a', 'two', 2, null],
          ]),
        ])
        const turned = words([
          ['a', 'one', 1, null],
          ['a', 'two', null, 'y'],
        ])
        expect(await database.atomically([turned])).toEqual([{ changes: 2 }])
        expect(await database.atomically([turned])).toEqual([{ changes: 0 }])
      })

      it('rewrites a row only when its guard differs', async () => {
        const guarded = (seen: number, note: string) => ({ ...words([['a', 'one', seen, note]]), guard: ['seen'] })
        await database.atomically([guarded(1, 'first')])
        expect(await database.atomically([guarded(1, 'second')])).toEqual([{ changes: 0 }])
        expect(await database.atomically([guarded(2, 'third')])).toEqual([{ changes: 1 }])
        expect((await kept())[0]?.note).toBe('third')
      })

      it('takes rows in any order, and of two with the same key the later', async () => {
        await database.atomically([
          words([
            ['b', 'x', 1, null],
            ['a', 'y', 2, null],
            ['a', 'x', 3, null],
            ['a', 'y', 4, null],
          ]),
        ])
        expect((await kept()).map(row => [row.tenant, row.word, row.seen])).toEqual([
          ['a', 'x', 3],
          ['a', 'y', 4],
          ['b', 'x', 1],
        ])
      })

      it('takes far more values than a statement has parameters', async () => {
        const columns = ['id', ...numbers(39).map(n => `c${n}`)]
        await database.atomically([
          sql(
            `CREATE TABLE wide (id INTEGER PRIMARY KEY, ${columns
              .slice(1)
              .map(c => `${c} TEXT`)
              .join(', ')}) STRICT`,
          ),
        ])
        const rows = numbers(120).map(id => [id, ...numbers(39).map(n => `${id}/${n}`)])
        const wide = { table: 'wide', columns, key: ['id'], rows }
        expect(await database.atomically([wide])).toEqual([{ changes: 120 }])
        expect(await database.all(sql('SELECT id, c38 FROM wide WHERE id = ?', 119))).toEqual([
          { id: 119, c38: '119/38' },
        ])
      })

      it('takes a table that is all key', async () => {
        await database.atomically([sql('CREATE TABLE pairs (l TEXT, r TEXT, PRIMARY KEY (l, r)) STRICT')])
        const pairs = {
          table: 'pairs',
          columns: ['l', 'r'],
          key: ['l', 'r'],
          rows: [
            ['a', 'b'],
            ['a', 'c'],
          ],
        }
        expect(await database.atomically([pairs])).toEqual([{ changes: 2 }])
        expect(await database.atomically([pairs])).toEqual([{ changes: 0 }])
      })

      it('refuses a row with a value too few, and a name that is not a plain one', async () => {
        await expect(database.atomically([words([['a', 'one', 1]])])).rejects.toThrow(/3 values for 4 columns/)
        const injected = { ...words([['a', 'one', 1, null]]), table: 'words; DROP TABLE words' }
        await expect(database.atomically([injected])).rejects.toThrow(/plain/)
        expect(await kept()).toEqual([])
      })
    })

    describe('exactness', () => {
      it.each([
        ['quotes and SQL', `O'Brien "says"; DROP TABLE words; -- ?`],
        ['digits', '007'],
        ['JSON', '{"a":[1,null]}'],
        ['nothing', ''],
        ['lines and tabs', 'a\r\n\tb\\n'],
        ['emoji, accents, right to left', '🏗️ Ñandú ﷽ 会議 \u{10ffff}'],
      ])('gives text back as it went in: %s', async (_, text) => {
        await database.atomically([
          words([['bulk', text, null, text]]),
          sql('INSERT INTO words VALUES (?, ?, NULL, ?)', 'one', text, text),
        ])
        expect((await kept()).map(row => [row.word, row.note])).toEqual([
          [text, text],
          [text, text],
        ])
      })

      it('gives numbers back to the last bit', async () => {
        const values = [
          0,
          -1,
          0.1,
          1 / 3,
          1e300,
          5e-324,
          2 ** 53 - 1,
          -(2 ** 53 - 1),
          1_773_651_600_000,
          ...oddDoubles(300),
        ]
        await database.atomically([
          words(values.map((value, n) => ['bulk', `${n}`, value, null])),
          ...values
            .slice(0, 20)
            .map((value, n) => sql('INSERT INTO words VALUES (?, ?, ?, NULL)', 'one', `${n}`, value)),
        ])
        for (const row of await kept()) expect(row.seen).toBe(values[Number(row.word)])
      })

      it('refuses what is no finite number', async () => {
        await expect(database.atomically([words([['a', 'one', Number.NaN, null]])])).rejects.toThrow(/finite/)
        await expect(database.atomically([sql('UPDATE words SET seen = ?', Number.POSITIVE_INFINITY)])).rejects.toThrow(
          /finite/,
        )
      })
    })

    describe('migrations', () => {
      it('applies each once, and says which', async () => {
        const names = migrations().map(migration => migration.name)
        expect(await migrationState(database, names)).toEqual({ missing: names, unknown: [] })
        expect(await migrate(database, migrations())).toEqual(names)
        expect(await migrate(database, migrations())).toEqual([])
        expect(await migrationState(database, names)).toEqual({ missing: [], unknown: [] })
      })

      it('lets two start at once and applies each once', async () => {
        const both = await Promise.all([migrate(database, migrations()), migrate(database, migrations())])
        expect(both.flat().toSorted()).toEqual(migrations().map(migration => migration.name))
      })

      it('keeps nothing of a migration that fails half way', async () => {
        const broken = {
          name: '9000_broken.sql',
          statements: ['CREATE TABLE half (id TEXT) STRICT', 'CREATE TABLE words (id TEXT)'],
        }
        await expect(migrate(database, [...migrations(), broken])).rejects.toThrow()
        expect(await database.all(sql("SELECT name FROM sqlite_master WHERE name = 'half'"))).toEqual([])
        expect(await migrationState(database, [broken.name])).toMatchObject({ missing: [broken.name] })
      })

      it('refuses a database that a newer version made, with a sentence', async () => {
        await migrate(database, [
          ...migrations(),
          { name: '9999_later.sql', statements: ['CREATE TABLE later (id TEXT) STRICT'] },
        ])
        const refused = migrate(database, migrations())
        await expect(refused).rejects.toMatchObject({ code: 'newer' })
        await expect(refused).rejects.toThrow(/newer Minutewise.*9999_later\.sql.*Update Minutewise/)
      })
    })

    describe('audits', () => {
      beforeEach(() => migrate(database, migrations()))

      it('come back as they were saved, series in the order of the report', async () => {
        const series = ['c', 'a', 'b'].map((id, place) => architectureReview({ id, number: place + 1 }))
        const audit = await buildKeptAudit({ series })
        await createAuditStore(database).saveAudit(audit)
        expect(await createAuditStore(database).latestAudit(audit.scope)).toEqual(audit)
      })

      it('are compared with the last one whose window ended before, however often one is made', async () => {
        const audits = createAuditStore(database)
        for (const [generatedAt, windowToOn] of [
          ['2026-03-09T09:00:00Z', '2026-03-09'],
          ['2026-03-16T09:00:00Z', '2026-03-16'],
          ['2026-03-16T09:05:00Z', '2026-03-16'],
        ] as const) {
          await audits.saveAudit(await buildKeptAudit({ generatedAt, windowToOn }))
        }
        const { scope } = await buildKeptAudit()
        const comparedWith = async (endingBefore: string) =>
          (await audits.latestAudit(scope, { endingBefore }))?.report.generatedAt
        expect(await comparedWith('2026-03-23')).toBe('2026-03-16T09:05:00Z')
        expect(await comparedWith('2026-03-16')).toBe('2026-03-09T09:00:00Z')
        expect(await comparedWith('2026-03-09')).toBeUndefined()
      })

      it('have no rows without the audit they belong to', async () => {
        const orphan = sql("INSERT INTO audit_report_parts VALUES ('scope', 'absent', 0, '{}')")
        await expect(database.atomically([orphan])).rejects.toMatchObject({ code: 'conflict' })
      })

      it('are there once however often they are saved', async () => {
        const audits = createAuditStore(database)
        const audit = await buildKeptAudit()
        // One audit, one part of its report, one series, three occurrences.
        expect(await audits.saveAudit(audit)).toEqual({ changes: 6 })
        expect(await audits.saveAudit(audit)).toEqual({ changes: 0 })
        expect(await audits.listAudits(audit.scope)).toHaveLength(1)
      })

      it('are listed from the last to the first, and the last is the one generated last', async () => {
        const audits = createAuditStore(database)
        for (const generatedAt of ['2026-03-09T09:00:00Z', '2026-03-23T09:00:00Z', '2026-03-16T09:00:00Z']) {
          await audits.saveAudit(await buildKeptAudit({ generatedAt }))
        }
        const { scope } = await buildKeptAudit()
        const listed = await audits.listAudits(scope)
        expect(listed.map(audit => new Date(audit.generatedAt).getUTCDate())).toEqual([23, 16, 9])
        expect((await audits.latestAudit(scope))?.report.generatedAt).toBe('2026-03-23T09:00:00Z')
      })

      it('of one scope are never seen from another', async () => {
        const audits = createAuditStore(database)
        await audits.saveAudit(await buildKeptAudit())
        const { scope } = await buildKeptAudit({ subject: 'ben@lumen.example' })
        expect(await audits.latestAudit(scope)).toBeNull()
        expect(await audits.listAudits(scope)).toEqual([])
      })

      it('hold 10,000 occurrences, the same uid and start twice among them', async () => {
        const rows = buildOccurrences(9_999)
        const audit = await buildKeptAudit({ occurrences: [...rows, ...rows.slice(0, 1)] })
        await createAuditStore(database).saveAudit(audit)
        const latest = await createAuditStore(database).latestAudit(audit.scope)
        expect(latest?.occurrences).toEqual(audit.occurrences)
      })

      it('hold a report of several megabytes, and cut no character at the seams', async () => {
        const series = numbers(300).map(n =>
          architectureReview({ id: `series ${n}`, sentence: `${n}${'🏗'.repeat(4_000 + n)}` }),
        )
        const audit = await buildKeptAudit({ series })
        await createAuditStore(database).saveAudit(audit)
        expect((await createAuditStore(database).latestAudit(audit.scope))?.report).toEqual(audit.report)
      })

      it('hold nothing of a private event', async () => {
        const [first] = buildOccurrences(1)
        const secret = { ...first!, uid: 'secret-uid', rule: 'private' as const, counted: false }
        const series = architectureReview({
          occurrences: [
            { start: '2026-03-12T13:00:00Z', end: '2026-03-12T14:00:00Z', title: 'secret-title', rule: 'private' },
          ],
        })
        const audit = await buildKeptAudit({ series: [series], occurrences: [secret, ...buildOccurrences(2)] })
        await createAuditStore(database).saveAudit(audit)
        const latest = await createAuditStore(database).latestAudit(audit.scope)
        expect(JSON.stringify(latest)).not.toMatch(/secret/)
        expect(latest?.occurrences).toHaveLength(2)
      })

      it('whose stored report is damaged are reported, with the step that helps', async () => {
        const audit = await buildKeptAudit()
        await createAuditStore(database).saveAudit(audit)
        await database.atomically([sql("UPDATE audit_report_parts SET json = '{'")])
        await expect(createAuditStore(database).latestAudit(audit.scope)).rejects.toMatchObject({ code: 'malformed' })
      })
    })

    describe('settling', () => {
      it('keeps what is there, may be done at any time, and the database works on', async () => {
        await database.settle()
        const rows = numbers(500).map(n => ['a', `word ${n}`, n, 'x'.repeat(n)])
        await database.atomically([words(rows)])
        await database.atomically([sql('DELETE FROM words WHERE seen % 3 = 0'), sql("UPDATE words SET note = 'new'")])
        const before = await kept()
        await database.settle()
        await database.settle()
        expect(await kept()).toEqual(before)
        expect(before).toHaveLength(333)
        expect(await database.atomically([words(rows)])).toEqual([{ changes: 500 }])
      })
    })

    it('can be closed twice', async () => {
      const other = await empty()
      await other.close()
      await expect(other.close()).resolves.toBeUndefined()
    })
  })
}

interface WordRow {
  readonly tenant: string
  readonly word: string
  readonly seen: number | null
  readonly note: string | null
}

const sql = (text: string, ...params: readonly SqlValue[]): Statement => ({ sql: text, params })

const numbers = (count: number) => Array.from({ length: count }, (_, n) => n)

/** Doubles with all their digits, the same ones every run. */
function oddDoubles(count: number): readonly number[] {
  const view = new DataView(new ArrayBuffer(8))
  let state = 20_260_316n
  return numbers(count).map(() => {
    state = BigInt.asUintN(64, state * 6_364_136_223_846_793_005n + 1_442_695_040_888_963_407n)
    // Between 2^-40 and 2^99, the range of the promise.
    view.setBigUint64(0, (state & 0x800fffffffffffffn) | ((983n + ((state >> 40n) % 139n)) << 52n))
    return view.getFloat64(0)
  })
}
