import type { Interval } from '../../../src/domain/time/types.ts'
import type { CalendarLog } from './calendar-log.ts'
import { etagOf, eventShown, masterShown, type Sight, stubShown } from './render.ts'
import { type EventKey, instancesIn, type StoredEvent, singleOf } from './stored-event.ts'

/** What the real service does now and then, and a test can make the fake do always. */
export interface DeltaHabits {
  /** Changed items come twice in their round: as they were before, and as they are. */
  duplicates: boolean
  /** The changes of the round before come again, first as they were, last as they are. */
  replays: boolean
  master: 'first' | 'after-stubs' | 'next-page' | 'next-round'
  /** Series are cut where the page is full; they stay together otherwise. */
  isSplitOverPages: boolean
  /** A deleted series announces its occurrences one by one too. */
  removesOccurrences: boolean
}

/** One round: a stretch of the log seen through a window. Its pages do not change while others write. */
export interface Round {
  readonly log: CalendarLog
  readonly window: Interval
  /** Null for a first round. */
  readonly base: number | null
  readonly upTo: number
  readonly keysBefore: readonly EventKey[]
  /** Series that the last round owes their master. */
  readonly owed: readonly EventKey[]
  readonly habits: DeltaHabits
}

export type Delivered = { readonly group: number; readonly json: (sight: Sight) => Record<string, unknown> }

export interface Delivery {
  readonly items: readonly Delivered[]
  readonly keys: readonly EventKey[]
  readonly owes: readonly EventKey[]
}

/** Everything a round says, in order: single events first, as the service does. */
export function deliveryOf(round: Round): Delivery {
  const { log, base, upTo, window, habits } = round
  const keys =
    base === null
      ? log.eventsAt(upTo).flatMap(event => (instancesIn(event, window).length > 0 ? [event.key] : []))
      : log.keysChanged(base, upTo)
  const again = habits.replays && base !== null ? round.keysBefore.filter(key => !keys.includes(key)) : []
  const all = [...new Set([...again, ...round.owed, ...keys])]
  const owes: EventKey[] = []
  const items: Delivered[] = []
  let group = 0
  const say = (shown: readonly Delivered['json'][]) => {
    for (const json of shown) items.push({ group, json })
    group++
  }
  const isSingle = (key: EventKey) => (log.stateAt(key, upTo) ?? log.stateAt(key, base ?? 0))?.recurrence == null
  const ordered = [...all.filter(isSingle), ...all.filter(key => !isSingle(key))]
  for (const key of ordered) {
    const now = log.stateAt(key, upTo)
    const before = olderState(round, key)
    if ((habits.duplicates || again.includes(key)) && before !== null && instancesIn(before, window).length > 0) {
      say(seriesOrSingle(before, round))
    }
    if (now === null || instancesIn(now, window).length === 0) say(removalOf(key, round))
    else if (now.recurrence !== null && habits.master === 'next-round' && !round.owed.includes(key)) {
      owes.push(key)
      say(seriesOrSingle(now, round).slice(1))
    } else if (now.recurrence !== null && habits.master === 'next-page') {
      const [master, ...rest] = seriesOrSingle(now, round)
      say(rest)
      say([master!])
    } else if (now.recurrence !== null && habits.master === 'after-stubs') {
      const [master, ...rest] = seriesOrSingle(now, round)
      say([...rest, master!])
    } else say(seriesOrSingle(now, round))
    if (habits.duplicates && now !== null && now.recurrence === null && instancesIn(now, window).length > 0) {
      say(seriesOrSingle(now, round))
    }
  }
  return { items, keys, owes }
}

/** The items of a page from an offset, and where the next one begins. */
export function pageOf(delivery: Delivery, from: number, size: number, isSplit: boolean, isMasterApart: boolean) {
  const { items } = delivery
  let end = Math.min(from + size, items.length)
  if (!isSplit) while (end < items.length && items[end]!.group === items[end - 1]!.group) end++
  // a master that has to come on another page than its stubs: the page ends after the first group that fills it
  if (isMasterApart) {
    const border = items.findIndex((item, index) => index > from && item.group !== items[from]!.group)
    if (border !== -1) end = Math.min(end, border)
  }
  return { items: items.slice(from, end), next: end < items.length ? end : null }
}

function olderState({ log, base, upTo }: Round, key: EventKey): StoredEvent | null {
  const now = log.stateAt(key, upTo)
  const older = log.stateAt(key, base ?? Math.max(0, upTo - 1))
  return older === now ? null : older
}

function seriesOrSingle(event: StoredEvent, { window }: Round): readonly Delivered['json'][] {
  if (event.recurrence === null) return [sight => full(eventShown(singleOf(event), false, sight), event)]
  return [
    sight => full(masterShown(singleOf(event), sight), event),
    ...instancesIn(event, window).map((instance): Delivered['json'] => {
      if (instance.kind === 'occurrence') return sight => ({ '@odata.type': eventType, ...stubShown(instance, sight) })
      return sight => ({
        '@odata.type': eventType,
        '@odata.etag': etagOf(instance),
        ...eventShown(instance, false, sight),
      })
    }),
  ]
}

/**
 * Deleted, or not inside the window (any more): the service does not tell them apart. Of a series the master alone is
 * named, unless `removesOccurrences`.
 */
function removalOf(key: EventKey, round: Round): readonly Delivered['json'][] {
  const { log, base, upTo, window, habits } = round
  const event = log.stateAt(key, upTo) ?? lastState(log, key, upTo)
  if (event === null) return []
  const before = log.stateAt(key, base ?? 0)
  const occurrences = habits.removesOccurrences && before !== null ? instancesIn(before, window) : []
  const removed =
    (on: string | null): Delivered['json'] =>
    sight => ({
      '@odata.type': eventType,
      id: sight.calendar.of.shownId(event, on, sight.prefer.isImmutable),
      '@removed': { reason: 'deleted' },
    })
  return [removed(null), ...occurrences.filter(({ originalOn }) => originalOn !== null).map(o => removed(o.originalOn))]
}

function lastState(log: CalendarLog, key: EventKey, upTo: number): StoredEvent | null {
  for (let version = upTo; version > 0; version--) {
    const state = log.stateAt(key, version)
    if (state !== null) return state
  }
  return null
}

const eventType = '#microsoft.graph.event'

const full = (shown: object, event: StoredEvent) => ({
  '@odata.type': eventType,
  '@odata.etag': etagOf(singleOf(event)),
  ...shown,
})
