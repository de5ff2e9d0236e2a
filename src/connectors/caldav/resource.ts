import { utc, zoneFor } from '../../domain/time/zone-table.ts'
import type { LeftOut } from '../calendar-read.ts'
import type { CalendarItem, CalendarRef, ItemId } from '../connector.ts'
import { readIcs } from '../ics/calendar.ts'
import { etagOfContent, eventsToLeave, everyTime } from '../ics/live-items.ts'

export interface ResourceRead {
  /**
   * `item`: events. `none`: a whole resource without events (a task). `unreadable`: cut, or no calendar at all; what was
   * read of it before is better than nothing.
   */
  readonly kind: 'item' | 'none' | 'unreadable'
  readonly item: CalendarItem | null
  readonly leftOut: readonly LeftOut[]
}

/**
 * One resource of a calendar as an item. It is read whole, whatever the window: its etag says nothing about a window, so
 * what is left out today would be missing when the window moves on.
 */
export async function readResource(
  id: ItemId,
  etag: string,
  text: string,
  calendar: CalendarRef,
): Promise<ResourceRead> {
  const read = await readIcs(new TextEncoder().encode(text), {
    calendar: calendar.id,
    window: everyTime,
    defaultZone: (calendar.zone === null ? null : zoneFor(calendar.zone)) ?? utc,
  })
  const damaged = read.leftOut.find(({ code }) => code === 'not-a-calendar' || code === 'truncated-file')
  if (damaged !== undefined) return { kind: 'unreadable', item: null, leftOut: [unreadable(damaged.code)] }
  if (read.events.length === 0) return { kind: 'none', item: null, leftOut: read.leftOut }
  const events = eventsToLeave(read.events)
  const item: CalendarItem = {
    id,
    etag: etag === '' ? etagOfContent(events) : etag,
    seriesItemId: null,
    content: { kind: 'events', events },
  }
  return { kind: 'item', item, leftOut: read.leftOut }
}

/** The server has it and does not give it, or gives something else. */
export function unreadable(code: LeftOut['code'] = 'not-a-calendar'): LeftOut {
  return {
    code,
    count: 1,
    sentence: 'The server gave entries of this calendar damaged or not at all; what was read of them before stays.',
  }
}
