import { report } from './measure.mjs'
import { account, handClock, openMirror, pagedConnector, tick } from './sync-world.mjs'

/** The first sync of one large calendar. What it costs the provider to make its pages is taken out of the time. */
const [path, events, pageSize] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])]
const { database, mirror, writesMs } = await openMirror(path)
await mirror.addAccount(account)
const connector = pagedConnector({ events, pageSize })
const startedAt = performance.now()
const { calendars } = await tick({ mirror, connectorOf: () => connector, clock: handClock() })
const ms = performance.now() - startedAt - connector.pullMs
if (calendars[0]?.outcome.result !== 'done') throw new Error(JSON.stringify(calendars[0]?.outcome))
const [digest] = await database.all({
  sql: 'SELECT count(*) AS rows, sum(length(body)) AS bytes FROM calendar_items',
  params: [],
})
await database.close()
report(ms, { ...digest, written: calendars[0].outcome.written }, { writesMs: writesMs() })
