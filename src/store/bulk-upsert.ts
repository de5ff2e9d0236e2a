import type { BulkUpsert, SqlValue } from './store.ts'

type Rows = BulkUpsert['rows']

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
export function rowsByKey(upsert: BulkUpsert): Rows {
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
  return sortedBy(positions, upsert.rows)
}

/** NaN and the infinities would be null on one engine and a number on the other. */
export function assertStorable(values: readonly SqlValue[]): void {
  for (const value of values) {
    if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError('A stored number must be finite.')
  }
}

/**
 * Column by column: rows of one tenant and calendar are many, so gathering them costs one look-up each and the sort
 * below compares one value instead of the whole key. Twice as fast as one sort by all columns.
 */
function sortedBy(positions: readonly number[], rows: Rows): Rows {
  const [position, ...rest] = positions
  if (position === undefined) return rows
  const shared = rows[0]?.[position]
  if (rest.length > 0 && rows.every(row => row[position] === shared)) return sortedBy(rest, rows)
  if (rest.length === 0) return rows.toSorted((left, right) => compareValues(left[position], right[position]))
  const groups = new Map<SqlValue | undefined, (readonly SqlValue[])[]>()
  for (const row of rows) {
    const group = groups.get(row[position])
    if (group) group.push(row)
    else groups.set(row[position], [row])
  }
  return [...groups.entries()]
    .sort(([left], [right]) => compareValues(left, right))
    .flatMap(([, group]) => sortedBy(rest, group))
}

/** Null first, as in SQLite. */
function compareValues(left: SqlValue = null, right: SqlValue = null): number {
  if (left === right) return 0
  if (left === null || right === null) return left === null ? -1 : 1
  return left < right ? -1 : 1
}

/** Names come from our own code, never from input; this keeps it so. */
function assertPlainName(name: string): void {
  if (!/^[a-z][a-z0-9_]*$/.test(name)) throw new TypeError(`Not a plain table or column name: ${JSON.stringify(name)}`)
}
