import { report } from './measure.mjs'
import { account, handClock, openMirror, tick } from './sync-world.mjs'

/** Brings the events of a file into a database, as if a provider had them: what an audit of synced calendars reads. */
const { createCalendarFiles } = await import('../../../dist/src/connectors/files/calendar-files.js')
const { readIcs } = await import('../../../dist/src/connectors/ics/calendar.js')

const [ics, path] = [process.argv[2], process.argv[3]]
const files = createCalendarFiles({ readBytes: readIcs, stdin: () => process.stdin })
const [opened] = await files.open([ics])
const { events } = await opened.read({ window: { startAt: Date.UTC(1990, 0, 1), endAt: Date.UTC(2100, 0, 1) } })
const byUid = grouped(events)
const items = [...byUid].map(([id, own]) => ({
  id,
  etag: 'e',
  seriesItemId: null,
  content: { kind: 'events', events: own },
}))
const pageSize = 2_500
const connector = {
  provider: 'google',
  async listCalendars() {
    return [{ id: 'all', name: 'All', zone: null, ownerAddress: null, isPrimary: true, access: 'owner' }]
  },
  async pull({ cursor }) {
    const from = Number(cursor ?? 0)
    const changes = items.slice(from, from + pageSize).map(item => ({ kind: 'item', item }))
    const next = from + pageSize
    return { round: 'full', changes, present: [], cursor: String(next), done: next >= items.length, leftOut: [] }
  },
  fetchItems: async () => [],
}
const { database, mirror } = await openMirror(path)
await mirror.addAccount(account)
const startedAt = performance.now()
await tick({ mirror, clock: handClock(), connectorOf: () => connector })
await database.close()
report(performance.now() - startedAt, { items: items.length, events: events.length })

function grouped(all) {
  const groups = new Map()
  for (const event of all) {
    const own = groups.get(event.uid)
    if (own) own.push(event)
    else groups.set(event.uid, [event])
  }
  return groups
}
