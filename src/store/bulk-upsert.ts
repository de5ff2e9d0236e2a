import type { BulkUpsert, SqlValue } from './store.ts'

/**
 * `source` with the conflict clause that makes it an upsert. The guard keeps equal rows unwritten: 2 to 3 times as fast
 * on SQLite and free of charge on D1.
 */
export function upsertSql(upsert: BulkUpsert, source: string): string {
  for (const name of [upsert.table, ...upsert.columns, ...upsert.key, ...(upsert.guard ?? [])]) assertPlainName(name)
  const { table, columns, key } = upsert
  const values = columns.filter(column => !key.includes(column))
  const guard = upsert.guard ?? values
  const insert = `INSERT INTO ${table} (${columns.join(', ')}) ${source} ON CONFLICT (${key.join(', ')})`
  if (values.length === 0) return `${insert} DO NOTHING`
  const changes = values.map(column => `${column} = excluded.${column}`).join(', ')
  const differs = guard.map(column => `${table}.${column} IS NOT excluded.${column}`).join(' OR ')
  return `${insert} DO UPDATE SET ${changes} WHERE ${differs}`
}

/**
 * The rows in key order, which makes writing them twice as fast in a b-tree. Rows with an equal key keep their order:
 * the later one wins.
 */
export function rowsByKey(upsert: BulkUpsert): readonly (readonly SqlValue[])[] {
  const positions = upsert.key.map(column => upsert.columns.indexOf(column))
  if (positions.includes(-1)) throw new TypeError(`Bulk upsert into ${upsert.table}: a key column has no value.`)
  for (const row of upsert.rows) {
    if (row.length !== upsert.columns.length) {
      throw new TypeError(
        `Bulk upsert into ${upsert.table}: ${row.length} values for ${upsert.columns.length} columns.`,
      )
    }
    assertStorable(row)
  }
  return upsert.rows.toSorted((left, right) => {
    for (const position of positions) {
      const order = compareValues(left[position] ?? null, right[position] ?? null)
      if (order !== 0) return order
    }
    return 0
  })
}

/** NaN and the infinities would be null on one engine and a number on the other. */
export function assertStorable(values: readonly SqlValue[]): void {
  for (const value of values) {
    if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError('A stored number must be finite.')
  }
}

function compareValues(left: SqlValue, right: SqlValue): number {
  if (left === right) return 0
  if (left === null) return -1
  if (right === null) return 1
  return left < right ? -1 : 1
}

/** Names come from our own code, never from input; this keeps it so. */
function assertPlainName(name: string): void {
  if (!/^[a-z][a-z0-9_]*$/.test(name)) throw new TypeError(`Not a plain table or column name: ${JSON.stringify(name)}`)
}
