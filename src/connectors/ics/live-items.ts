/** What a live connector makes of the events of one resource or one UID: kept whole, masked where private, told apart. */
import type { CalendarEvent } from '../../domain/meetings/calendar-event.ts'
import { isHidden, storableMask } from '../../domain/meetings/private-event.ts'
import { stableHash } from '../../domain/meetings/stable-id.ts'
import { mayTouch } from '../../domain/meetings/touches.ts'
import type { Interval } from '../../domain/time/types.ts'

/**
 * The window that live items are read with. Reading drops what is far from its window (excluded dates, overrides), and
 * an item that is stored and unchanged is not read again when the window moves on: so it has to be whole from the start.
 */
export const everyTime: Interval = { startAt: Date.UTC(1, 0, 1) - 1900 * 366 * 86_400_000, endAt: Date.UTC(9999, 0, 1) }

/** The events as they may leave a connector: of a private one nothing but its time, under a UID in disguise. */
export function eventsToLeave(events: readonly CalendarEvent[]): readonly CalendarEvent[] {
  return events.map(event => (isHidden(event.visibility) ? storableMask(event) : event))
}

export function anyTouches(events: readonly CalendarEvent[], window: Interval): boolean {
  return events.some(({ time, recurrence, override }) =>
    mayTouch(window, time.zone.toInstant(time.startWall), time, recurrence, override),
  )
}

/**
 * An etag for a source that has none: it differs whenever anything we keep differs, and not when the same content was
 * stamped again (DTSTAMP, CREATED and LAST-MODIFIED change with every answer of some servers).
 */
export function etagOfContent(events: readonly CalendarEvent[]): string {
  const plain = events.map(event => {
    const { calendar: _, createdAt: __, updatedAt: ___, time, ...rest } = event
    return JSON.stringify({ ...rest, time: { ...time, zone: time.zone.name } })
  })
  const text = plain.toSorted().join('\n')
  return `${stableHash(`1 ${text}`)}-${stableHash(`2 ${text}`)}`
}

/** An id that is the same in every run and tells nothing of the text it was made from. */
export function untellingId(text: string): string {
  return `${stableHash(`1 ${text}`)}-${stableHash(`2 ${text}`)}`
}
