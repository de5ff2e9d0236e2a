import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { CalendarRef, Connector, ItemId } from '../../src/connectors/connector.ts'
import { dayMs, hourMs, type Instant, type Interval } from '../../src/domain/time/types.ts'
import { PortError } from '../../src/port-error.ts'
import { plenty, Reading } from './reading.ts'

/**
 * What a provider's world has to offer so that its connector can be held to the contract. Whatever is done here is done
 * at the provider, behind the connector's back, as people do.
 */
export interface ConnectorWorld {
  readonly connector: Connector
  readonly calendar: CalendarRef
  /** The provider's present: a Monday, 2026-03-02T08:00:00Z. */
  now(): Instant
  /** A single event; the id is the world's own. */
  addEvent(event: WorldEvent): Promise<string>
  /** A weekly series of `count` occurrences in Europe/Warsaw. */
  addSeries(event: WorldEvent & { readonly count: number }): Promise<string>
  rename(id: string, title: string): Promise<void>
  remove(id: string): Promise<void>
  /** Occurrence `index` (0 is the first). */
  moveOccurrence(id: string, index: number, startAt: Instant): Promise<void>
  deleteOccurrence(id: string, index: number): Promise<void>
  setPrivate(id: string, isPrivate: boolean): Promise<void>
  /** The provider forgets every cursor; null where a provider has none to forget. */
  readonly forgetCursors: (() => Promise<void>) | null
  /** The next request is answered like this. Null where a provider cannot answer so. */
  readonly failNext: Partial<Record<Failure, () => Promise<void>>>
  close(): Promise<void>
}

export interface WorldEvent {
  readonly title: string
  readonly startAt: Instant
  readonly minutes: number
  readonly isPrivate?: boolean
}

/** Kept up by the provider until the world is closed, where the policy would retry it away. */
export type Failure = 'unreachable' | 'busy' | 'failed' | 'malformed' | 'signed-out' | 'denied' | 'not-found'

export const worldNow = Date.parse('2026-03-02T08:00:00Z')
const window: Interval = { startAt: worldNow - 60 * dayMs, endAt: worldNow + 120 * dayMs }

/** One suite, every connector. `make` builds a fresh world with pages small enough that 30 events need several. */
export function connectorContract(name: string, make: () => Promise<ConnectorWorld>): void {
  describe(`the connector contract: ${name}`, () => {
    let world: ConnectorWorld
    let reading: Reading
    beforeEach(async () => {
      world = await make()
      reading = new Reading(world.connector, world.calendar, window, world.now)
    })
    afterEach(() => world.close())

    const at = (text: string) => Date.parse(text)
    const lunch = { title: 'Lunch with the lamp makers', startAt: at('2026-03-03T11:00:00Z'), minutes: 60 }
    const weekly = { title: 'Lamp review', startAt: at('2026-03-16T09:00:00Z'), minutes: 30, count: 4 }
    const titles = () => reading.occurrences().map(each => each.title)
    const starts = () => reading.occurrences().map(each => each.start)

    test('lists the calendar it is asked about', async () => {
      const listed = await world.connector.listCalendars(plenty())
      expect(listed.map(each => each.id)).toContain(world.calendar.id)
    })

    test('an empty calendar is an empty full round with a cursor', async () => {
      const steps = await reading.round()
      expect(steps.every(step => step.round === 'full')).toBe(true)
      expect(steps.at(-1)?.done).toBe(true)
      expect(reading.items.size).toBe(0)
      expect(typeof reading.cursor).toBe('string')
    })

    test('a single event and a series over a clock change arrive at the right instants', async () => {
      await world.addEvent(lunch)
      await world.addSeries(weekly)
      await reading.round()
      expect(reading.occurrences()).toEqual([
        { title: lunch.title, start: '2026-03-03T11:00:00.000Z', end: '2026-03-03T12:00:00.000Z' },
        { title: weekly.title, start: '2026-03-16T09:00:00.000Z', end: '2026-03-16T09:30:00.000Z' },
        { title: weekly.title, start: '2026-03-23T09:00:00.000Z', end: '2026-03-23T09:30:00.000Z' },
        { title: weekly.title, start: '2026-03-30T08:00:00.000Z', end: '2026-03-30T08:30:00.000Z' },
        { title: weekly.title, start: '2026-04-06T08:00:00.000Z', end: '2026-04-06T08:30:00.000Z' },
      ])
    })

    test('thirty events come whole, each once', async () => {
      for (let n = 0; n < 30; n++) {
        await world.addEvent({ title: `Talk ${n}`, startAt: lunch.startAt + n * hourMs, minutes: 15 })
      }
      await reading.round()
      expect(titles()).toEqual(Array.from({ length: 30 }, (_, n) => `Talk ${n}`))
    })

    test('after a round, a round in which nothing happened brings nothing and keeps everything', async () => {
      await world.addEvent(lunch)
      await world.addSeries(weekly)
      await reading.round()
      const before = reading.occurrences()
      const steps = await reading.round()
      expect(steps.flatMap(step => step.changes)).toEqual([])
      expect(reading.occurrences()).toEqual(before)
    })

    test('what is added, renamed and removed arrives with the next round', async () => {
      const first = await world.addEvent(lunch)
      const second = await world.addEvent({ ...lunch, title: 'To be removed', startAt: lunch.startAt + dayMs })
      await reading.round()
      await world.rename(first, 'Lunch, renamed')
      await world.remove(second)
      await world.addEvent({ ...lunch, title: 'New', startAt: lunch.startAt + 2 * dayMs })
      await reading.round()
      expect(titles()).toEqual(['Lunch, renamed', 'New'])
    })

    test('an item that changed has another etag, and one that did not has the same', async () => {
      const id = await world.addEvent(lunch)
      await world.addEvent({ ...lunch, title: 'Stays', startAt: lunch.startAt + dayMs })
      await reading.round()
      const before = etagsByTitle(reading)
      await world.rename(id, 'Lunch, renamed')
      reading.cursor = null
      await reading.round()
      const after = etagsByTitle(reading)
      expect(after.get('Stays')).toBe(before.get('Stays'))
      expect(after.get('Lunch, renamed')).not.toBe(before.get(lunch.title))
    })

    test('a moved and a deleted occurrence of a series are moved and gone', async () => {
      const series = await world.addSeries(weekly)
      await reading.round()
      await world.moveOccurrence(series, 1, at('2026-03-25T14:00:00Z'))
      await world.deleteOccurrence(series, 2)
      await reading.round()
      expect(starts()).toEqual(['2026-03-16T09:00:00.000Z', '2026-03-25T14:00:00.000Z', '2026-04-06T08:00:00.000Z'])
    })

    test('a series that is removed takes its changed occurrences along', async () => {
      const series = await world.addSeries(weekly)
      await world.moveOccurrence(series, 1, at('2026-03-25T14:00:00Z'))
      await reading.round()
      expect(titles()).toHaveLength(4)
      await world.remove(series)
      await reading.round()
      expect(reading.occurrences()).toEqual([])
    })

    test('the same cursor gives the same step again', async () => {
      await world.addEvent(lunch)
      const first = await reading.step()
      const again = await reading.step()
      expect(again.changes).toEqual(first.changes)
      expect(again.done).toBe(first.done)
    })

    test('a round may stop after any step and be taken up by another connection', async () => {
      for (let n = 0; n < 30; n++) {
        await world.addEvent({ title: `Talk ${n}`, startAt: lunch.startAt + n * hourMs, minutes: 15 })
      }
      const whole = new Reading(world.connector, world.calendar, window, world.now)
      await whole.round()
      const first = await reading.step()
      reading.apply(first)
      if (!first.done) await reading.round()
      expect(titles().toSorted()).toEqual(
        whole
          .occurrences()
          .map(each => each.title)
          .toSorted(),
      )
    })

    test('a full round over known items names them all, in changes or as present', async () => {
      await world.addEvent(lunch)
      await world.addSeries(weekly)
      await reading.round()
      const ids = [...reading.items.keys()]
      reading.cursor = null
      const named = new Set<ItemId>()
      for (const step of await reading.round()) {
        for (const change of step.changes) if (change.kind === 'item') named.add(change.item.id)
        for (const id of step.present) named.add(id)
      }
      for (const id of ids) expect(named).toContain(id)
      expect(reading.items.size).toBe(ids.length)
    })

    test('a cursor that is none of its own is expired, not guessed', async () => {
      await world.addEvent(lunch)
      for (const cursor of ['', 'nonsense', '{"v":0}', '{"v":99,"mode":"delta"}', '[]', 'null']) {
        reading.cursor = cursor
        await expect(codeOf(reading.step()), cursor).resolves.toBe('cursor-expired')
      }
    })

    test('a forgotten cursor is said, and a full round then gives what happened meanwhile', async () => {
      if (world.forgetCursors === null) return
      const id = await world.addEvent(lunch)
      await world.addEvent({ ...lunch, title: 'Stays', startAt: lunch.startAt + dayMs })
      await reading.round()
      await world.forgetCursors()
      await world.remove(id)
      await expect(codeOf(reading.step())).resolves.toBe('cursor-expired')
      reading.cursor = null
      await reading.round()
      expect(titles()).toEqual(['Stays'])
    })

    test('nothing of a private event leaves but its time', async () => {
      await world.addEvent({ ...lunch, title: 'SECRET-lunch', isPrivate: true })
      await reading.round()
      expect(reading.occurrences()).toEqual([
        { title: null, start: '2026-03-03T11:00:00.000Z', end: '2026-03-03T12:00:00.000Z' },
      ])
      expect(textOf(reading)).not.toContain('SECRET')
    })

    test('an event that becomes private later is delivered masked', async () => {
      const id = await world.addEvent({ ...lunch, title: 'SECRET-lunch' })
      await reading.round()
      await world.setPrivate(id, true)
      await reading.round()
      expect(titles()).toEqual([null])
      expect(textOf(reading)).not.toContain('SECRET')
    })

    test('named items are fetched as they are, and one that is not there is removed', async () => {
      await world.addSeries(weekly)
      await reading.round()
      const ids = [...reading.items.values()].filter(item => item.content.kind !== 'occurrence').map(item => item.id)
      const request = { calendar: world.calendar, window, now: world.now(), budget: plenty() }
      const changes = await world.connector.fetchItems({ ...request, ids })
      expect(changes.map(change => change.kind)).toEqual(ids.map(() => 'item'))
      await expect(world.connector.fetchItems({ ...request, ids: ['0123456789nosuchitem'] })).resolves.toEqual([
        { kind: 'removed', itemId: '0123456789nosuchitem' },
      ])
    })

    test('a tick without requests left is paused, and nothing is asked', async () => {
      const spent = { requests: 0, untilAt: Number.MAX_SAFE_INTEGER }
      await expect(codeOf(reading.step(spent))).resolves.toBe('paused')
      expect(spent.requests).toBe(0)
    })

    test('requests are counted down', async () => {
      const budget = { requests: 100, untilAt: Number.MAX_SAFE_INTEGER }
      await reading.step(budget)
      expect(budget.requests).toBeLessThan(100)
    })

    test('an aborted tick is paused', async () => {
      const budget = { requests: 100, untilAt: Number.MAX_SAFE_INTEGER, signal: AbortSignal.abort() }
      await expect(codeOf(reading.step(budget))).resolves.toBe('paused')
    })

    const failures: readonly Failure[] = [
      'unreachable',
      'busy',
      'failed',
      'malformed',
      'signed-out',
      'denied',
      'not-found',
    ]
    for (const failure of failures) {
      test(`what goes wrong is said by its code: ${failure}`, async () => {
        const fail = world.failNext[failure]
        if (fail === undefined) return
        await world.addEvent({ ...lunch, title: 'SECRET-lunch' })
        await fail()
        const error = await reading.step().then(
          () => null,
          (thrown: unknown) => thrown,
        )
        expect(error).toBeInstanceOf(PortError)
        // Safe because of the line above.
        const { code, message } = error as PortError
        expect(code).toBe(failure)
        // a sentence may begin with the name of a host, and names keep their small letters
        expect(message).toMatch(/^(?:[A-Z]|[\w-]+(?:\.[\w-]+)+(?::\d+)? ).*\.$/s)
        expect(message).not.toContain('SECRET')
      })
    }
  })
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work
    return 'no error'
  } catch (error) {
    if (error instanceof PortError) return error.code
    throw error
  }
}

function etagsByTitle(reading: Reading): ReadonlyMap<string | null, string> {
  const etags = new Map<string | null, string>()
  for (const { etag, content } of reading.items.values()) {
    if (content.kind === 'events') etags.set(content.events[0]?.title ?? null, etag)
  }
  return etags
}

/** Everything a reader holds, as text. */
function textOf(reading: Reading): string {
  return JSON.stringify([...reading.items.values()])
}
