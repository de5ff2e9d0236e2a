import { describe, expect, it } from 'vitest'
import { rowsByKey, upsertSql } from '../../src/store/bulk-upsert.ts'

describe('a bulk upsert', () => {
  it('goes in by key, column by column, null first; equal keys keep their order', () => {
    const rows = [
      ['b', 1, 'x'],
      ['a', 10, 'x'],
      ['a', 9, 'first'],
      [null, 5, 'x'],
      ['a', 9, 'second'],
    ]
    expect(rowsByKey({ table: 't', columns: ['tenant', 'place', 'note'], key: ['tenant', 'place'], rows })).toEqual([
      [null, 5, 'x'],
      ['a', 9, 'first'],
      ['a', 9, 'second'],
      ['a', 10, 'x'],
      ['b', 1, 'x'],
    ])
  })

  it('whose key is not among its columns is refused', () => {
    const upsert = { table: 't', columns: ['note'], key: ['id'], rows: [] }
    expect(() => rowsByKey(upsert)).toThrow(/key column/)
  })

  it('rewrites a row when any column outside the key differs, null included', () => {
    const upsert = { table: 't', columns: ['id', 'a', 'b'], key: ['id'], rows: [] }
    expect(upsertSql(upsert, 'VALUES (?, ?, ?)')).toBe(
      'INSERT INTO t (id, a, b) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET a = excluded.a, b = excluded.b ' +
        'WHERE t.a IS NOT excluded.a OR t.b IS NOT excluded.b',
    )
  })
})
