import { report } from './measure.mjs'
import { account, handClock, openMirror, pagedConnector, tick } from './sync-world.mjs'

/** A first sync, and two of a calendar that is as it was: what changed since, and everything once more. */
const [path, events, pageSize] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])]
const { database, mirror } = await openMirror(path)
await mirror.addAccount(account)
const connector = pagedConnector({ events, pageSize })
const clock = handClock()
const world = { mirror, clock, connectorOf: () => connector }
// SQLite itself counts what is written to the items, whatever our results say
await database.atomically([
  { sql: 'CREATE TEMP TABLE touched (rows INTEGER)', params: [] },
  { sql: 'INSERT INTO touched VALUES (0)', params: [] },
  ...['INSERT', 'UPDATE', 'DELETE'].map(change => ({
    sql: `CREATE TEMP TRIGGER on_${change} AFTER ${change} ON main.calendar_items BEGIN UPDATE touched SET rows = rows + 1; END`,
    params: [],
  })),
])

async function round() {
  clock.at += 3_600_000
  await database.atomically([{ sql: 'UPDATE touched SET rows = 0', params: [] }])
  connector.pullMs = 0
  const startedAt = performance.now()
  const { calendars } = await tick(world)
  const ms = performance.now() - startedAt - connector.pullMs
  const [{ rows }] = await database.all({ sql: 'SELECT rows FROM touched', params: [] })
  if (calendars[0]?.outcome.result !== 'done') throw new Error(JSON.stringify(calendars[0]?.outcome))
  return { ms, rows, written: calendars[0].outcome.written }
}

const first = await round()
const again = await round()
const [calendar] = await mirror.listCalendars()
await mirror.updateSync({ accountId: account.id, calendarId: 'all' }, calendar.sync.version, { cursor: null })
const whole = await round()
await database.close()
report(
  first.ms,
  { rows: first.rows },
  {
    againMs: again.ms,
    wholeMs: whole.ms,
    rowsAgain: again.rows + whole.rows + again.written + whole.written,
  },
)
