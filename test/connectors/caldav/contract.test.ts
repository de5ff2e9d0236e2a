import { afterAll, beforeAll, describe } from 'vitest'
import { escapedText } from '../../../src/connectors/caldav/resource-text.ts'
import { weekMs } from '../../../src/domain/time/types.ts'
import { type ConnectorWorld, connectorContract, type WorldEvent } from '../../contract/connector-contract.ts'
import type { FaultAction } from '../../fakes/kit/faults.ts'
import { alice, type DavHand, type Radicale, startRadicale } from '../../fakes/radicale.ts'
import { warsaw, zoneLines } from '../ics/calendar-text.ts'
import { connect, refOf, resource, stamp, worldNow } from './caldav-world.ts'

describe('CalDAV, with and without sync tokens, against Radicale', () => {
  let radicale: Radicale
  let made = 0
  beforeAll(async () => {
    radicale = await startRadicale()
  }, 30_000)
  afterAll(() => radicale.stop())

  const world = async (withTokens: boolean): Promise<ConnectorWorld> => {
    const hand = radicale.as(alice)
    const path = await hand.makeCalendar(`contract-${++made}`)
    // the other server is one that knows no sync-collection, only listings and ctags
    const fetchPast: typeof fetch = (input, init) =>
      !withTokens && typeof init?.body === 'string' && init.body.includes('sync-collection')
        ? Promise.resolve(new Response('<e/>', { status: 403, headers: { 'content-type': 'text/xml' } }))
        : fetch(input, init)
    const connection = connect(radicale, { perStep: 7, fetch: fetchPast })
    const failWith = (action: FaultAction) => async () => radicale.faults.add({ match: path, times: 50, action })
    return {
      connector: connection.connector,
      calendar: refOf(path),
      now: () => worldNow,
      ...changes(hand, path),
      forgetCursors: withTokens ? async () => radicale.forgetTokens() : null,
      failNext: {
        unreachable: failWith({ kind: 'reset' }),
        busy: failWith({ kind: 'status', status: 503, headers: { 'retry-after': '30' } }),
        failed: failWith({ kind: 'status', status: 599 }),
        malformed: failWith({ kind: 'malformed' }),
        'signed-out': failWith({ kind: 'status', status: 401 }),
        denied: failWith({ kind: 'status', status: 403 }),
        'not-found': failWith({ kind: 'status', status: 404 }),
      },
      async close() {
        radicale.faults.clear()
        radicale.journal.clear()
        await hand.remove(path)
      },
    }
  }

  connectorContract('caldav by sync tokens', () => world(true))
  connectorContract('caldav by listings', () => world(false))
})

interface Series {
  readonly event: WorldEvent
  readonly count: number
  readonly moved: Map<number, number>
  readonly deleted: Set<number>
}

/** What people do to their calendar, as whole resources written by another program. */
function changes(
  hand: DavHand,
  calendar: string,
): Pick<
  ConnectorWorld,
  'addEvent' | 'addSeries' | 'rename' | 'remove' | 'moveOccurrence' | 'deleteOccurrence' | 'setPrivate'
> {
  const kept = new Map<string, Series>()
  const pathOf = (id: string) => `${calendar}${id}.ics`
  const write = async (id: string) => await hand.put(pathOf(id), textOf(id, kept.get(id)!))
  const add = async (event: WorldEvent, count: number) => {
    const id = `event-${kept.size + 1}`
    kept.set(id, { event, count, moved: new Map(), deleted: new Set() })
    await write(id)
    return id
  }
  const change = async (id: string, event: Partial<WorldEvent>) => {
    const series = kept.get(id)!
    kept.set(id, { ...series, event: { ...series.event, ...event } })
    await write(id)
  }
  return {
    addEvent: event => add(event, 1),
    addSeries: event => add(event, event.count),
    rename: (id, title) => change(id, { title }),
    setPrivate: (id, isPrivate) => change(id, { isPrivate }),
    remove: id => hand.remove(pathOf(id)),
    async moveOccurrence(id, index, startAt) {
      kept.get(id)!.moved.set(index, startAt)
      await write(id)
    },
    async deleteOccurrence(id, index) {
      kept.get(id)!.deleted.add(index)
      await write(id)
    },
  }
}

function textOf(id: string, { event, count, moved, deleted }: Series): string {
  const wall = (at: number) => `TZID=Europe/Warsaw:${stamp(at + warsaw.offsetAt(at)).slice(0, -1)}`
  const startOf = (index: number) => warsaw.toInstant(warsaw.toWall(event.startAt) + index * weekMs)
  const lines = (startAt: number, ...own: readonly string[]) => [
    'BEGIN:VEVENT',
    `UID:${id}@lamps.example`,
    'DTSTAMP:20260301T000000Z',
    ...own,
    `DTSTART;${wall(startAt)}`,
    `DURATION:PT${event.minutes}M`,
    `SUMMARY:${escapedText(event.title)}`,
    ...(event.isPrivate ? ['CLASS:PRIVATE'] : []),
    'END:VEVENT',
  ]
  const rules = count === 1 ? [] : [`RRULE:FREQ=WEEKLY;COUNT=${count}`]
  return resource(
    ...zoneLines('Europe/Warsaw', '+0100', '+0200'),
    ...lines(event.startAt, ...rules, ...[...deleted].map(index => `EXDATE;${wall(startOf(index))}`)),
    ...[...moved].flatMap(([index, startAt]) => lines(startAt, `RECURRENCE-ID;${wall(startOf(index))}`)),
  )
}
