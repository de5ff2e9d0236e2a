import { reset } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { createD1, type D1Binding } from '../../src/store/d1/d1.ts'
import { storeContract } from '../contract/store-contract.ts'

storeContract('D1', {
  empty: async () => {
    await reset()
    return createD1(env.DB)
  },
  migrations: () => env.TEST_MIGRATIONS.map(({ name, queries }) => ({ name, statements: queries })),
})

describe('D1 within its limits', () => {
  beforeEach(async () => {
    await reset()
    await env.DB.exec('CREATE TABLE notes (id INTEGER PRIMARY KEY, note TEXT) STRICT')
  })

  const notes = (rows: readonly (readonly [number, string])[]) => ({
    table: 'notes',
    columns: ['id', 'note'],
    key: ['id'],
    rows,
  })

  it('sends 12,000 rows as three statements in one batch', async () => {
    const { binding, batches } = counted(env.DB)
    const rows = Array.from({ length: 12_000 }, (_, id) => [id, 'x'] as const)
    expect(await createD1(binding).atomically([notes(rows)])).toEqual([{ changes: 12_000 }])
    expect(batches).toEqual([3])
  })

  it('cuts a statement before its one parameter has a megabyte', async () => {
    const { binding, batches } = counted(env.DB)
    const rows = Array.from({ length: 5 }, (_, id) => [id, 'ñ'.repeat(200_000)] as const)
    await createD1(binding).atomically([notes(rows)])
    expect(batches).toEqual([3])
    expect(await createD1(env.DB).all(sql('SELECT id, length(note) AS length FROM notes'))).toEqual(
      rows.map(([id]) => ({ id, length: 200_000 })),
    )
  })

  it('writes no row, so costs nothing, when nothing changed', async () => {
    const { binding, written } = counted(env.DB)
    const rows = Array.from({ length: 100 }, (_, id) => [id, 'x'] as const)
    await createD1(binding).atomically([notes(rows)])
    await createD1(binding).atomically([notes(rows)])
    expect(written).toEqual([100, 0])
  })

  it('refuses a row or a value over two megabytes before it is sent', async () => {
    const huge = 'x'.repeat(2_000_001)
    const database = createD1(env.DB)
    await expect(database.atomically([notes([[1, huge]])])).rejects.toMatchObject({ code: 'too-large' })
    await expect(database.atomically([sql('UPDATE notes SET note = ?', huge)])).rejects.toMatchObject({
      code: 'too-large',
    })
  })

  it('refuses a statement with more than 100 parameters, and says what to use', async () => {
    const many = sql(`SELECT ${Array(101).fill('?').join(', ')}`, ...Array<number>(101).fill(1))
    await expect(createD1(env.DB).all(many)).rejects.toThrow(/101 parameters.*bulk upsert/)
  })
})

describe('what D1 says when it fails', () => {
  // The texts are those of Cloudflare's page on debugging D1.
  it.each([
    ['D1_ERROR: Network connection lost.', 'unreachable'],
    ['D1_ERROR: Cannot resolve D1 DB due to transient issue on remote node.', 'unreachable'],
    ['D1_ERROR: D1 DB storage caused object to be reset.', 'unreachable'],
    ['D1_ERROR: D1 DB reset because its code was updated.', 'unreachable'],
    ['D1_ERROR: Internal error while starting up D1 DB storage caused object to be reset.', 'unreachable'],
    ['D1_ERROR: D1 DB storage operation exceeded timeout which caused object to be reset.', 'unreachable'],
    ['D1_ERROR: D1 DB is overloaded. Requests queued for too long.', 'busy'],
    ['D1_ERROR: D1 DB is overloaded. Too many requests queued.', 'busy'],
    ['D1_ERROR: Exceeded maximum DB size.', 'full'],
    ['D1_ERROR: UNIQUE constraint failed: words.word: SQLITE_CONSTRAINT', 'conflict'],
    ['D1_ERROR: string or blob too big: SQLITE_TOOBIG', 'too-large'],
  ])('%s → %s', async (text, code) => {
    const failing: D1Binding = {
      prepare: sql => env.DB.prepare(sql),
      batch: () => Promise.reject(new Error(text)),
    }
    await expect(createD1(failing).atomically([sql('DELETE FROM notes')])).rejects.toMatchObject({ code })
  })
})

const sql = (text: string, ...params: readonly (string | number)[]) => ({ sql: text, params })

/** The real binding, with the size of each batch and the rows it was billed for. */
function counted(real: D1Database): { binding: D1Binding; batches: number[]; written: number[] } {
  const batches: number[] = []
  const written: number[] = []
  const binding = {
    prepare: (text: string) => real.prepare(text),
    async batch(statements: D1PreparedStatement[]) {
      const answers = await real.batch(statements)
      batches.push(statements.length)
      written.push(answers.reduce((sum, answer) => sum + answer.meta.rows_written, 0))
      return answers
    },
  }
  // Safe because every statement the adapter hands to `batch` was made by the `prepare` above.
  return { binding: binding as unknown as D1Binding, batches, written }
}
