import { describe } from 'vitest'
import { weekMs } from '../../../src/domain/time/types.ts'
import { type ConnectorWorld, connectorContract, type WorldEvent } from '../../contract/connector-contract.ts'
import { startFeedServer } from '../../fakes/feed-server.ts'
import type { FaultAction } from '../../fakes/kit/faults.ts'
import { calendarText, warsaw, zoneLines } from '../ics/calendar-text.ts'
import { connectFeed, feedRef, worldNow } from './feed-world.ts'

describe('an ICS feed', () => {
  connectorContract('ics by conditional requests', () => world('both'))
  connectorContract('ics from a server without validators', () => world('none'))
})

interface Series {
  readonly event: WorldEvent
  readonly count: number
  readonly moved: Map<number, number>
  readonly deleted: Set<number>
}

async function world(validators: 'both' | 'none'): Promise<ConnectorWorld> {
  const server = await startFeedServer()
  server.validators = validators
  const kept = new Map<string, Series>()
  let made = 0
  const publish = async () =>
    server.publish(
      calendarText(
        ...zoneLines('Europe/Warsaw', '+0100', '+0200'),
        ...[...kept].flatMap(([id, each]) => linesOf(id, each)),
      ),
    )
  const add = async (event: WorldEvent, count: number) => {
    const id = `event-${++made}`
    kept.set(id, { event, count, moved: new Map(), deleted: new Set() })
    await publish()
    return id
  }
  const change = async (id: string, event: Partial<WorldEvent>) => {
    const series = kept.get(id)!
    kept.set(id, { ...series, event: { ...series.event, ...event } })
    await publish()
  }
  const failWith = (action: FaultAction) => async () => server.faults.add({ times: 50, action })
  await publish()
  return {
    connector: connectFeed(server.feedUrl).connector,
    calendar: feedRef,
    now: () => worldNow,
    addEvent: event => add(event, 1),
    addSeries: event => add(event, event.count),
    rename: (id, title) => change(id, { title }),
    setPrivate: (id, isPrivate) => change(id, { isPrivate }),
    async remove(id) {
      kept.delete(id)
      await publish()
    },
    async moveOccurrence(id, index, startAt) {
      kept.get(id)!.moved.set(index, startAt)
      await publish()
    },
    async deleteOccurrence(id, index) {
      kept.get(id)!.deleted.add(index)
      await publish()
    },
    // a validator that a server does not know is answered with the whole calendar: nothing is ever forgotten
    forgetCursors: null,
    failNext: {
      unreachable: failWith({ kind: 'reset' }),
      busy: failWith({ kind: 'status', status: 503, headers: { 'retry-after': '30' } }),
      failed: failWith({ kind: 'status', status: 599 }),
      malformed: failWith({ kind: 'malformed' }),
      denied: failWith({ kind: 'status', status: 403 }),
      'not-found': failWith({ kind: 'status', status: 404 }),
    },
    close: server.close,
  }
}

function linesOf(id: string, { event, count, moved, deleted }: Series): string[] {
  const wall = (at: number) =>
    `TZID=Europe/Warsaw:${new Date(warsaw.toWall(at)).toISOString().slice(0, 19).replace(/[-:]/g, '')}`
  const startOf = (index: number) => warsaw.toInstant(warsaw.toWall(event.startAt) + index * weekMs)
  const lines = (startAt: number, ...own: readonly string[]) => [
    'BEGIN:VEVENT',
    `UID:${id}@lamps.example`,
    ...own,
    `DTSTART;${wall(startAt)}`,
    `DURATION:PT${event.minutes}M`,
    `SUMMARY:${event.title.replaceAll(',', '\\,')}`,
    ...(event.isPrivate ? ['CLASS:PRIVATE'] : []),
    'END:VEVENT',
  ]
  const rules = count === 1 ? [] : [`RRULE:FREQ=WEEKLY;COUNT=${count}`]
  return [
    ...lines(event.startAt, ...rules, ...[...deleted].map(index => `EXDATE;${wall(startOf(index))}`)),
    ...[...moved].flatMap(([index, startAt]) => lines(startAt, `RECURRENCE-ID;${wall(startOf(index))}`)),
  ]
}
