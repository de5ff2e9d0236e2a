import type { Instant } from '../../../src/domain/time/types.ts'
import type { Address, EventKey, StoredEvent } from './stored-event.ts'

/** One calendar as a log of versions: any earlier state of it can still be read, by rounds that began there. */
export class CalendarLog {
  readonly id: string
  readonly owner: Address
  readonly isDefault: boolean
  name: string
  readonly #history = new Map<EventKey, { version: number; state: StoredEvent | null }[]>()
  readonly #log: { version: number; at: Instant; key: EventKey }[] = []

  constructor(id: string, owner: Address, name: string, isDefault: boolean) {
    this.id = id
    this.owner = owner
    this.name = name
    this.isDefault = isDefault
  }

  get version(): number {
    return this.#log.length
  }

  /** Null deletes. */
  write(key: EventKey, state: StoredEvent | null, at: Instant): void {
    this.#log.push({ version: this.#log.length + 1, at, key })
    const states = this.#history.get(key) ?? []
    states.push({ version: this.#log.length, state })
    this.#history.set(key, states)
  }

  /** The last version that a replica shows which is `lagMs` behind. */
  versionBefore(at: Instant): number {
    return this.#log.findLast(entry => entry.at <= at)?.version ?? 0
  }

  stateAt(key: EventKey, version: number): StoredEvent | null {
    return this.#history.get(key)?.findLast(entry => entry.version <= version)?.state ?? null
  }

  /** The state before the last one; null when there was none. */
  earlierState(key: EventKey, version: number): StoredEvent | null {
    return (
      this.#history
        .get(key)
        ?.filter(entry => entry.version <= version)
        .at(-2)?.state ?? null
    )
  }

  /** The last state that was one, of an event that may be deleted. */
  lastState(key: EventKey, version: number): StoredEvent | null {
    return this.#history.get(key)?.findLast(entry => entry.version <= version && entry.state !== null)?.state ?? null
  }

  current(key: EventKey): StoredEvent | null {
    return this.stateAt(key, this.version)
  }

  eventsAt(version: number): readonly StoredEvent[] {
    return [...this.#history.keys()].flatMap(key => this.stateAt(key, version) ?? [])
  }

  /** In the order of their last change. */
  keysChanged(after: number, upTo: number): readonly EventKey[] {
    const keys = new Set<EventKey>()
    for (const entry of this.#log.slice(after, upTo)) {
      keys.delete(entry.key)
      keys.add(entry.key)
    }
    return [...keys]
  }
}
