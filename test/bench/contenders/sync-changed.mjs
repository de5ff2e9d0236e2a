import { report } from './measure.mjs'
import { itemAt, nowAt } from './sync-items.mjs'
import { account, handClock, openMirror, tick } from './sync-world.mjs'

/**
 * Rounds over many calendars of many people, a few of them changed: the changed ones are notified, and a tick follows.
 * The time is the median of the ticks. Then one round in which nobody was notified and nothing has changed.
 */
const { createMemoryCalendars } = await import('../../../dist/src/connectors/memory/memory-calendars.js')
const [path, calendars, changed] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])]
const eventsEach = 40
const ticks = 15

const { database, mirror } = await openMirror(path)
const clock = handClock()
const providers = new Map()
for (let person = 0; person < calendars; person++) {
  const id = `person${String(person).padStart(10, '0')}`
  const provider = createMemoryCalendars({ pageSize: 250 })
  provider.addCalendar({ id: 'work', ownerAddress: `${id}@example.com` })
  for (let nth = 0; nth < eventsEach; nth++) provider.put('work', itemAt(person * eventsEach + nth, 'work'))
  providers.set(id, provider)
  await mirror.addAccount({ ...account, id, subject: `${id}@example.com`, label: id })
}
const world = { mirror, clock, connectorOf: ({ id }) => providers.get(id).connector }
const requests = () => [...providers.values()].reduce((sum, provider) => sum + provider.requests.length, 0)
const writtenIn = run => run.calendars.reduce((sum, { outcome }) => sum + outcome.written, 0)
await tick(world)

const tickMs = []
let asked = 0
let written = 0
for (let round = 0; round < ticks; round++) {
  clock.at += 30_000
  const keys = []
  for (let nth = 0; nth < changed; nth++) {
    const person = (round * changed + nth * 7) % calendars
    const id = `person${String(person).padStart(10, '0')}`
    const item = itemAt(person * eventsEach + 2, 'work')
    const [event] = item.content.events
    const moved = { ...event, sequence: round + 10 + nth, title: `${event.title} ${round}` }
    providers.get(id).put('work', { ...item, content: { kind: 'events', events: [moved] } })
    keys.push({ accountId: id, calendarId: 'work' })
  }
  const requestsBefore = requests()
  const startedAt = performance.now()
  await mirror.lookNow(keys)
  const run = await tick(world)
  tickMs.push(performance.now() - startedAt)
  asked += requests() - requestsBefore
  written += writtenIn(run)
}

clock.at = nowAt + 3 * 3_600_000
const before = requests()
const startedAt = performance.now()
const polled = await tick(world)
const pollMs = performance.now() - startedAt
const figures = {
  asked: asked / ticks,
  written: written / ticks,
  polled: requests() - before,
  pollMs,
  pollWritten: writtenIn(polled),
}
await database.close()
report(tickMs.toSorted((a, b) => a - b)[ticks >> 1], {}, figures)
