import type {
  CalendarItem,
  CalendarRef,
  Change,
  Connector,
  ItemId,
  PullStep,
  TickBudget,
  Tier,
} from '../../connectors/connector.ts'
import type { Instant, Interval } from '../../domain/time/types.ts'
import type { CalendarKey } from '../../store/accounts.ts'
import type { MirrorStore } from '../../store/mirror-store.ts'
import { isHiddenSeries } from './events-of-items.ts'
import { limitToTier, maskedEvents, maskItem, openEvents } from './limit-to-tier.ts'

export interface PreparedStep {
  readonly items: readonly CalendarItem[]
  readonly removed: readonly ItemId[]
  readonly named: readonly ItemId[]
  readonly replacedSeries: readonly ItemId[]
  /** Text that was stored before may not be kept any more. */
  readonly hides: boolean
}

export interface PrepareDeps {
  readonly mirror: Pick<MirrorStore, 'findItems'>
  readonly connector: Connector
}

export interface PrepareInput {
  readonly key: CalendarKey
  readonly calendar: CalendarRef
  readonly step: Pick<PullStep, 'changes' | 'present'>
  readonly tier: Tier
  readonly window: Interval
  readonly now: Instant
  readonly budget: TickBudget
}

/**
 * From what a connector delivered to what is stored: the last word on each item, no more than the tier allows, and
 * nothing of an occurrence whose series is private. Where a changed occurrence comes before its series, the series is
 * fetched first: until it is known, nobody can say that the occurrence may be kept.
 */
export async function prepareStep(deps: PrepareDeps, input: PrepareInput): Promise<PreparedStep> {
  const { key, step, tier } = input
  const delivered = lastWords(step.changes)
  const hiddenSeries = await decideSeries(deps, input, delivered)

  const items: CalendarItem[] = []
  for (const item of delivered.items.values()) {
    const hide = item.seriesItemId !== null && hiddenSeries.has(item.seriesItemId)
    items.push(hide ? maskItem(item) : limitToTier(item, tier))
  }
  for (const item of delivered.turnedPrivate) items.push(maskItem(item))
  return {
    items,
    removed: [...delivered.removed],
    named: [
      ...delivered.items.keys(),
      ...step.present.filter(id => !delivered.removed.has(id) && !delivered.items.has(id)),
    ],
    replacedSeries: [...delivered.replacedSeries],
    hides: await hidesSomething(deps, key, items, delivered.removed),
  }
}

/** Whether an event of these is stored with more in it than its times, and no longer may be. */
async function hidesSomething(
  { mirror }: PrepareDeps,
  key: CalendarKey,
  items: readonly CalendarItem[],
  removed: ReadonlySet<ItemId>,
): Promise<boolean> {
  const masked = new Map<ItemId, ReadonlySet<string>>()
  for (const item of items) {
    const names = maskedEvents(item)
    if (names.size > 0) masked.set(item.id, names)
  }
  if (masked.size === 0) return false
  const stored = await mirror.findItems(key, { ids: [...masked.keys(), ...removed] })
  // one that is removed in the same step may be the same event, under the id it had while it was open
  return stored.some(item => [...openEvents(item)].some(name => removed.has(item.id) || masked.get(item.id)?.has(name)))
}

interface Delivered {
  readonly items: Map<ItemId, CalendarItem>
  readonly removed: Set<ItemId>
  readonly replacedSeries: Set<ItemId>
  /** Stored occurrences of series that are private now; rewritten, not delivered. */
  readonly turnedPrivate: CalendarItem[]
}

function lastWords(changes: readonly Change[]): Delivered {
  const delivered: Delivered = {
    items: new Map(),
    removed: new Set(),
    replacedSeries: new Set(),
    turnedPrivate: [],
  }
  for (const change of changes) {
    switch (change.kind) {
      case 'item':
        delivered.items.set(change.item.id, change.item)
        delivered.removed.delete(change.item.id)
        break
      case 'removed':
        delivered.items.delete(change.itemId)
        delivered.removed.add(change.itemId)
        break
      case 'series-replaced':
        delivered.replacedSeries.add(change.seriesItemId)
        break
    }
  }
  return delivered
}

/**
 * Which series of this step are private. Stored occurrences of a series that became private are added masked; those of
 * one that is private no more are fetched again, since we kept nothing of them.
 */
async function decideSeries(
  deps: PrepareDeps,
  input: PrepareInput,
  delivered: Delivered,
): Promise<ReadonlySet<ItemId>> {
  const { key } = input
  const hidden = new Set<ItemId>()
  const decided = new Set<ItemId>()
  const decide = (item: CalendarItem) => {
    decided.add(item.id)
    if (isHiddenSeries(item.content)) hidden.add(item.id)
  }

  const asked = new Set<ItemId>()
  for (const { seriesItemId, content } of delivered.items.values()) {
    // a bare occurrence tells nothing but its time
    if (seriesItemId !== null && content.kind === 'events') asked.add(seriesItemId)
  }
  for (const item of delivered.items.values()) if (item.seriesItemId === null) decide(item)

  const stored = await deps.mirror.findItems(key, { ids: [...asked].filter(id => !decided.has(id)) })
  stored.forEach(decide)
  const unknown = [...asked].filter(id => !decided.has(id))
  for (const change of await fetched(deps, input, unknown)) {
    // what is not there either stays undecided: somebody was invited to one occurrence alone
    if (change.kind !== 'item') continue
    decide(change.item)
    delivered.items.set(change.item.id, change.item)
  }
  await followSeries(deps, input, delivered, hidden)
  return hidden
}

/** A series that turned private takes its stored occurrences along, and one that turned open gives them back. */
async function followSeries(
  deps: PrepareDeps,
  input: PrepareInput,
  delivered: Delivered,
  hidden: ReadonlySet<ItemId>,
): Promise<void> {
  const { key } = input
  const series = [...delivered.items.values()].filter(item => item.seriesItemId === null && holdsSeries(item))
  if (series.length === 0) return
  const before = new Map(
    (await deps.mirror.findItems(key, { ids: series.map(item => item.id) })).map(item => [item.id, item]),
  )
  const turned = series.filter(item => {
    const old = before.get(item.id)
    return old === undefined ? hidden.has(item.id) : isHiddenSeries(old.content) !== hidden.has(item.id)
  })
  if (turned.length === 0) return
  const exceptions = (await deps.mirror.findItems(key, { ofSeries: turned.map(item => item.id) })).filter(
    item => item.content.kind === 'events' && !delivered.items.has(item.id) && !delivered.removed.has(item.id),
  )
  const opened: ItemId[] = []
  for (const item of exceptions) {
    if (item.seriesItemId !== null && hidden.has(item.seriesItemId)) delivered.turnedPrivate.push(item)
    else opened.push(item.id)
  }
  for (const change of await fetched(deps, input, opened)) {
    if (change.kind === 'item') delivered.items.set(change.item.id, change.item)
  }
}

function holdsSeries({ content }: CalendarItem): boolean {
  if (content.kind === 'series') return true
  return content.kind === 'events' && content.events.some(event => event.override === null && event.recurrence !== null)
}

async function fetched(
  { connector }: PrepareDeps,
  { calendar, window, now, budget }: PrepareInput,
  ids: readonly ItemId[],
): Promise<readonly Change[]> {
  return ids.length === 0 ? [] : await connector.fetchItems({ calendar, ids, window, now, budget })
}
