import { eventsOfItems } from '../../src/app/sync/events-of-items.ts'
import type {
  CalendarItem,
  CalendarRef,
  Connector,
  ItemId,
  PullStep,
  TickBudget,
} from '../../src/connectors/connector.ts'
import { expandEvents } from '../../src/domain/meetings/expand.ts'
import type { Interval } from '../../src/domain/time/types.ts'

/** The plainest store there is: what any reader of a connector has to do, and no more. */
export class Reading {
  readonly items = new Map<ItemId, CalendarItem>()
  cursor: string | null = null
  /** Of the round under way. */
  readonly #named = new Set<ItemId>()
  readonly #replaced = new Set<ItemId>()
  readonly #connector: Connector
  readonly #calendar: CalendarRef
  readonly #window: Interval
  readonly #now: () => number

  constructor(connector: Connector, calendar: CalendarRef, window: Interval, now: () => number) {
    this.#connector = connector
    this.#calendar = calendar
    this.#window = window
    this.#now = now
  }

  async step(budget: TickBudget = plenty()): Promise<PullStep> {
    const known = new Map([...this.items].map(([id, { etag }]) => [id, etag]))
    return await this.#connector.pull({
      calendar: this.#calendar,
      cursor: this.cursor,
      window: this.#window,
      now: this.#now(),
      known: async () => known,
      budget,
    })
  }

  /** Forgets the round under way and how far it went; keeps the items until a full round is complete. */
  begin(): void {
    this.cursor = null
    this.#named.clear()
    this.#replaced.clear()
  }

  /** Pulls one round to its end and applies it; gives its steps. */
  async round(budget: TickBudget = plenty()): Promise<readonly PullStep[]> {
    const steps: PullStep[] = []
    for (;;) {
      const step = await this.step(budget)
      steps.push(step)
      this.apply(step)
      if (step.done) break
      if (steps.length > 1_000) throw new Error('A round without an end.')
    }
    await this.#fetchMissingSeries()
    return steps
  }

  apply(step: PullStep): void {
    for (const change of step.changes) {
      if (change.kind === 'item') {
        this.items.set(change.item.id, change.item)
        this.#named.add(change.item.id)
      } else if (change.kind === 'removed') {
        this.items.delete(change.itemId)
        this.#named.delete(change.itemId)
      } else this.#replaced.add(change.seriesItemId)
    }
    for (const id of step.present) this.#named.add(id)
    this.cursor = step.cursor
    if (!step.done) return
    for (const [id, { seriesItemId }] of this.items) {
      if (this.#named.has(id)) continue
      if (step.round === 'full' || (seriesItemId !== null && this.#replaced.has(seriesItemId))) this.items.delete(id)
    }
    this.#named.clear()
    this.#replaced.clear()
  }

  /** Title, start and end of every occurrence in the window, by start. A private one has the title null. */
  occurrences(): readonly Seen[] {
    const { events } = eventsOfItems([...this.items.values()], 'calendar')
    return expandEvents(events, this.#window).occurrences.map(({ event, startAt, endAt }) => ({
      title: event.title,
      start: new Date(startAt).toISOString(),
      end: new Date(endAt).toISOString(),
    }))
  }

  async #fetchMissingSeries(): Promise<void> {
    const missing = new Set<ItemId>()
    for (const { seriesItemId, content } of this.items.values()) {
      if (content.kind === 'occurrence' && seriesItemId !== null && !this.items.has(seriesItemId))
        missing.add(seriesItemId)
    }
    if (missing.size === 0) return
    const changes = await this.#connector.fetchItems({
      calendar: this.#calendar,
      ids: [...missing],
      window: this.#window,
      now: this.#now(),
      budget: plenty(),
    })
    for (const change of changes) if (change.kind === 'item') this.items.set(change.item.id, change.item)
  }
}

export interface Seen {
  readonly title: string | null
  readonly start: string
  readonly end: string
}

export const plenty = (): TickBudget => ({ requests: 10_000, untilAt: Number.MAX_SAFE_INTEGER })
