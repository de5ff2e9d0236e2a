import type { Interval, PlainDate } from '../../../src/domain/time/types.ts'
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

export interface Delivered {
  readonly json: (sight: Sight) => Record<string, unknown>
  /** Items of one group stay on one page. */
  readonly group: number
  /** The page ends here, full or not. */
  readonly endsPage: boolean
}

export interface Delivery {
  readonly items: readonly Delivered[]
  /** Series whose master comes in the next round. */
  readonly owes: readonly EventKey[]
}

/** Everything a round says, in order: single events first, as the service does. */
export function deliveryOf(round: Round): Delivery {
  let delivery = deliveries.get(round)
  if (delivery === undefined) {
    delivery = delivered(round)
    deliveries.set(round, delivery)
  }
  return delivery
}

const deliveries = new WeakMap<Round, Delivery>()

function delivered(round: Round): Delivery {
  const { log, base, upTo, window, habits } = round
  const changed =
    base === null
      ? log.eventsAt(upTo).flatMap(event => (instancesIn(event, window).length > 0 ? [event.key] : []))
      : log.keysChanged(base, upTo)
  const again = habits.replays ? round.keysBefore.filter(key => !changed.includes(key)) : []
  const keys = [...new Set([...again, ...round.owed, ...changed])]
  const owes: EventKey[] = []
  const items: Delivered[] = []
  let group = 0
  const say = (shown: readonly Delivered['json'][], endsPage = false) => {
    for (const [index, json] of shown.entries())
      items.push({ group, json, endsPage: endsPage && index === shown.length - 1 })
    group++
  }
  const isSingle = (key: EventKey) => log.lastState(key, upTo)?.recurrence == null
  for (const key of [...keys.filter(isSingle), ...keys.filter(key => !isSingle(key))]) {
    const now = log.stateAt(key, upTo)
    const isShown = now !== null && instancesIn(now, window).length > 0
    if (habits.duplicates || again.includes(key)) say(earlierOf(key, isShown ? now : null, round))
    if (!isShown) {
      // whoever never saw it still hears of its removal: the service does not keep books on its readers
      say(removalOf(key, round))
      continue
    }
    const [first, ...rest] = seriesOrSingle(now, round)
    if (now.recurrence === null || habits.master === 'first') say([first!, ...rest])
    else if (habits.master === 'after-stubs') say([...rest, first!])
    else if (habits.master === 'next-page') {
      say(rest, true)
      say([first!])
    } else if (round.owed.includes(key)) say([first!, ...rest])
    else {
      owes.push(key)
      say(rest)
    }
    if (habits.duplicates && now.recurrence === null) say([first!])
  }
  return { items, owes }
}

/** The items of a page from an offset, and where the next one begins. */
export function pageOf(
  { items }: Delivery,
  from: number,
  size: number,
  isSplit: boolean,
): { readonly items: readonly Delivered[]; readonly next: number | null } {
  let end = Math.min(from + size, items.length)
  if (!isSplit) while (end < items.length && items[end]!.group === items[end - 1]!.group) end++
  const border = items.findIndex((item, index) => index >= from && index < end && item.endsPage)
  if (border !== -1) end = border + 1
  return { items: items.slice(from, end), next: end < items.length ? end : null }
}

/**
 * An event as it was before its last change. Of a series the dates alone that are still shown: a replica that is behind
 * repeats what is there, and nobody could take back a date that is not.
 */
function earlierOf(key: EventKey, now: StoredEvent | null, round: Round): readonly Delivered['json'][] {
  const { log, upTo, window } = round
  const earlier = log.earlierState(key, upTo)
  if (earlier === null || instancesIn(earlier, window).length === 0) return []
  if (earlier.recurrence === null) return seriesOrSingle(earlier, round)
  if (now === null) return []
  const shown = new Set(instancesIn(now, window).map(({ originalOn }) => originalOn))
  return seriesOrSingle(earlier, round, on => shown.has(on))
}

function seriesOrSingle(
  event: StoredEvent,
  { window }: Round,
  isWanted: (on: PlainDate | null) => boolean = () => true,
): readonly Delivered['json'][] {
  if (event.recurrence === null) return [sight => full(eventShown(singleOf(event), false, sight), event)]
  return [
    sight => full(masterShown(singleOf(event), sight), event),
    ...instancesIn(event, window)
      .filter(({ originalOn }) => isWanted(originalOn))
      .map((instance): Delivered['json'] => {
        if (instance.kind === 'occurrence')
          return sight => ({ '@odata.type': eventType, ...stubShown(instance, sight) })
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
  const event = log.lastState(key, upTo)
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

const eventType = '#microsoft.graph.event'

const full = (shown: object, event: StoredEvent) => ({
  '@odata.type': eventType,
  '@odata.etag': etagOf(singleOf(event)),
  ...shown,
})
