import type {
  AgendaText,
  Block,
  CalendarId,
  CalendarRef,
  CalendarWriter,
  ItemId,
  TickBudget,
  WrittenBlock,
} from '../../src/connectors/connector.ts'
import { ownBlockCategory } from '../../src/domain/focus/own-block.ts'
import type { CalendarEvent } from '../../src/domain/meetings/calendar-event.ts'
import { zoneNamed } from '../../src/domain/time/zone-table.ts'
import { PortError, type PortErrorCode } from '../../src/port-error.ts'

export type WriterCall = keyof CalendarWriter

/** What goes wrong, for which call, how often. */
export interface WriterFault {
  /** Every call when absent; `changes` are the four that change something. */
  readonly call?: WriterCall | 'changes'
  /** 1 by default. */
  readonly times?: number
  /** Matching calls that pass before. */
  readonly after?: number
  readonly how: /** Done, and the answer never arrives. */
    | { readonly kind: 'lost-answer' }
    /** Not done; answered with this. */
    | { readonly kind: 'refusal'; readonly code: PortErrorCode }
    /** Done, and then answered with this, as when a repeated request meets its own first one. */
    | { readonly kind: 'done-then'; readonly code: PortErrorCode }
    /** Something happens at the provider before the call is looked at: a person was faster. */
    | { readonly kind: 'meanwhile'; readonly change: (calendar: MemoryCalendar) => void }
    /** Something happens after the call was done and before it is answered. */
    | { readonly kind: 'afterwards'; readonly change: (calendar: MemoryCalendar) => void }
    /** Writes are done and do not show for so many later looks: a provider behind its own truth. */
    | { readonly kind: 'stale-look' }
}

export interface MemoryEvent {
  readonly id: ItemId
  readonly etag: string
  readonly key: string | null
  readonly title: string | null
  readonly startAt: number
  readonly endAt: number
  readonly zone: string
  readonly kind: Block['kind']
  readonly text: string
  readonly isOrganizer: boolean
  readonly guests: number
}

/** One calendar at the provider, with what people do to it by hand. */
export interface MemoryCalendar {
  readonly events: () => readonly MemoryEvent[]
  add(event: Partial<MemoryEvent> & Pick<MemoryEvent, 'startAt' | 'endAt'>): ItemId
  change(id: ItemId, change: Partial<Omit<MemoryEvent, 'id' | 'etag'>>): void
  remove(id: ItemId): void
}

export interface MemoryWriter extends CalendarWriter {
  calendar(id: CalendarId): MemoryCalendar
  fail(...faults: readonly WriterFault[]): void
  /** Every call in order. */
  readonly calls: readonly WriterCall[]
  /** As a reader gives them. */
  eventsOf(id: CalendarId): readonly CalendarEvent[]
}

/** A calendar writer without a provider. Blocks that were removed leave their key free, as on CalDAV. */
export function memoryWriter(): MemoryWriter {
  const calendars = new Map<CalendarId, CalendarInMemory>()
  const calls: WriterCall[] = []
  const faults: { fault: WriterFault; skip: number; left: number }[] = []

  const calendarAt = (id: CalendarId) => {
    const known = calendars.get(id) ?? new CalendarInMemory()
    calendars.set(id, known)
    return known
  }

  const faultFor = (call: WriterCall) => {
    for (const each of faults) {
      const matches = each.fault.call === undefined || each.fault.call === call
      if (each.left === 0 || !(matches || (each.fault.call === 'changes' && changes.includes(call)))) continue
      if (each.skip > 0) {
        each.skip--
        continue
      }
      each.left--
      return each.fault.how
    }
    return null
  }

  const asked = async <T>(
    call: WriterCall,
    ref: CalendarRef,
    budget: TickBudget,
    work: (calendar: CalendarInMemory) => T,
    stale?: T,
  ): Promise<T> => {
    await Promise.resolve()
    calls.push(call)
    if (budget.requests < 1 || budget.signal?.aborted) throw new PortError('paused', 'This tick is over.')
    budget.requests--
    const calendar = calendarAt(ref.id)
    const how = faultFor(call)
    if (how?.kind === 'refusal') throw new PortError(how.code, `The calendar answered ${how.code}.`)
    if (how?.kind === 'meanwhile') how.change(calendar)
    if (how?.kind === 'stale-look' && stale !== undefined) return stale
    const result = work(calendar)
    if (how?.kind === 'afterwards') how.change(calendar)
    if (how?.kind === 'lost-answer') throw new PortError('unreachable', 'The calendar did not answer.')
    if (how?.kind === 'done-then') throw new PortError(how.code, `The calendar answered ${how.code}.`)
    return result
  }

  return {
    calls,
    calendar: calendarAt,
    fail: (...more) => {
      for (const fault of more) faults.push({ fault, skip: fault.after ?? 0, left: fault.times ?? 1 })
    },
    eventsOf: id => calendarAt(id).events().map(asCalendarEvent),

    createBlock: (ref, block, budget) =>
      asked('createBlock', ref, budget, calendar => {
        const there = calendar.withKey(block.key)
        if (there) return asWritten(there)
        return asWritten(calendar.event(calendar.add({ ...block, id: block.key })))
      }),
    moveBlock: (ref, move, budget) =>
      asked('moveBlock', ref, budget, calendar => {
        const event = calendar.event(move.itemId)
        if (event.key === null) throw new PortError('denied', 'This event is not one of ours.')
        if (event.etag !== move.etag) throw new PortError('conflict', 'The block was changed since.')
        calendar.change(event.id, { startAt: move.startAt, endAt: move.endAt, zone: move.zone })
        return asWritten(calendar.event(event.id))
      }),
    removeBlock: (ref, itemId, budget) =>
      asked('removeBlock', ref, budget, calendar => {
        const event = calendar.events().find(each => each.id === itemId)
        if (event === undefined) return
        if (event.key === null) throw new PortError('denied', 'This event is not one of ours.')
        calendar.remove(itemId)
      }),
    findBlock: (ref, key, budget) =>
      asked<WrittenBlock | null>(
        'findBlock',
        ref,
        budget,
        calendar => {
          const event = calendar.withKey(key)
          return event === null ? null : asWritten(event)
        },
        null,
      ),
    listBlocks: (ref, window, budget) =>
      asked('listBlocks', ref, budget, calendar =>
        calendar
          .events()
          .filter(each => each.key !== null && each.startAt < window.endAt && each.endAt > window.startAt)
          .map(asWritten),
      ),
    readAgenda: (ref, itemId, budget) => asked('readAgenda', ref, budget, calendar => asAgenda(calendar.event(itemId))),
    writeAgenda: (ref, change, budget) =>
      asked('writeAgenda', ref, budget, calendar => {
        const event = calendar.event(change.itemId)
        if (!event.isOrganizer) throw new PortError('denied', 'Somebody else organizes this event.')
        if (event.etag !== change.etag) throw new PortError('conflict', 'The event was changed since.')
        const bare = event.text.replace(oursPattern, () => '')
        const text = change.text === null ? bare : `${bare}${opening}${change.text}${closing}`
        calendar.change(event.id, { text })
        return asAgenda(calendar.event(event.id))
      }),
  }
}

const changes: readonly WriterCall[] = ['createBlock', 'moveBlock', 'removeBlock', 'writeAgenda']

const opening = '\n--- Minutewise agenda ---\n'
const closing = '\n--- end of agenda ---'
const oursPattern = /\n--- Minutewise agenda ---\n([\s\S]*?)\n--- end of agenda ---/

class CalendarInMemory implements MemoryCalendar {
  private readonly byId = new Map<ItemId, MemoryEvent>()
  private version = 0

  events = (): readonly MemoryEvent[] => [...this.byId.values()]

  event(id: ItemId): MemoryEvent {
    const event = this.byId.get(id)
    if (event === undefined) throw new PortError('not-found', 'There is no such event on this calendar.')
    return event
  }

  withKey(key: string): MemoryEvent | null {
    return this.events().find(each => each.key === key) ?? null
  }

  add(event: Partial<MemoryEvent> & Pick<MemoryEvent, 'startAt' | 'endAt'>): ItemId {
    const id = event.id ?? `event-${++this.version}`
    this.byId.set(id, {
      key: null,
      title: null,
      zone: 'UTC',
      kind: 'focus',
      text: '',
      isOrganizer: true,
      guests: 0,
      ...event,
      id,
      etag: `"${++this.version}"`,
    })
    return id
  }

  change(id: ItemId, change: Partial<Omit<MemoryEvent, 'id' | 'etag'>>): void {
    this.byId.set(id, { ...this.event(id), ...change, etag: `"${++this.version}"` })
  }

  remove(id: ItemId): void {
    this.byId.delete(id)
  }
}

function asWritten(event: MemoryEvent): WrittenBlock {
  return {
    itemId: event.id,
    etag: event.etag,
    key: event.key ?? '',
    title: event.title ?? '',
    startAt: event.startAt,
    endAt: event.endAt,
    as: event.kind === 'hold' ? 'tentative' : 'focus-time',
  }
}

function asAgenda(event: MemoryEvent): AgendaText {
  return {
    itemId: event.id,
    etag: event.etag,
    isOrganizer: event.isOrganizer,
    ours: oursPattern.exec(event.text)?.[1] ?? null,
  }
}

function asCalendarEvent(event: MemoryEvent): CalendarEvent {
  const zone = zoneNamed(event.zone)
  return {
    calendar: 'memory',
    uid: `${event.id}@memory`,
    time: {
      startWall: zone.toWall(event.startAt),
      zone,
      allDay: false,
      floating: false,
      exactMs: event.endAt - event.startAt,
      nominalDays: 0,
    },
    recurrence: null,
    override: null,
    title: event.title,
    description: event.text,
    location: '',
    organizer: null,
    attendees: [],
    attendeesTruncated: false,
    status: 'confirmed',
    showAs: event.key !== null && event.kind === 'hold' ? 'tentative' : 'busy',
    visibility: 'default',
    type: 'default',
    categories: event.key === null ? [] : [ownBlockCategory],
    onlineUrl: null,
    attachmentCount: 0,
    createdAt: null,
    updatedAt: null,
    sequence: 0,
  }
}
