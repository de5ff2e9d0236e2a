import Engine from 'better-sqlite3'
import { report } from './measure.mjs'
import { itemAt } from './sync-items.mjs'
import { openMirror } from './sync-world.mjs'

/**
 * The rows of a first sync and nothing else: one prepared INSERT of better-sqlite3, a transaction a page, rows in the
 * order in which the provider gives them (by key in no order), into the same tables and under the same settings. Making
 * the values from the events is not counted; `withRowsMs` is the time with it.
 */
const { itemColumns, itemToRow } = await import('../../../dist/src/store/item-rows.js')
const { limitToTier } = await import('../../../dist/src/app/sync/limit-to-tier.js')

const [path, events, pageSize] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])]
await (await openMirror(path)).database.close()
const handle = new Engine(path)
handle.pragma('journal_mode = WAL')
handle.pragma('synchronous = NORMAL')
handle.pragma('foreign_keys = ON')
handle.pragma('secure_delete = ON')
const columns = ['tenant', 'calendar', ...itemColumns]
const insert = handle.prepare(
  `INSERT INTO calendar_items (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
)
const insertPage = handle.transaction(rows => {
  for (const row of rows) insert.run(row)
})

let ms = 0
let makingMs = 0
for (let from = 0; from < events; from += pageSize) {
  const items = []
  for (let index = from; index < Math.min(from + pageSize, events); index++) items.push(itemAt(index, 'all'))
  const beganAt = performance.now()
  const rows = items.map(item => ['bench', 1, ...itemToRow(limitToTier(item, 'content'), 'all')])
  makingMs += performance.now() - beganAt
  const startedAt = performance.now()
  insertPage.immediate(rows)
  ms += performance.now() - startedAt
}
const digest = handle.prepare('SELECT count(*) AS rows, sum(length(body)) AS bytes FROM calendar_items').get()
handle.close()
report(ms, digest, { withRowsMs: ms + makingMs })
