import type { CalendarItem, ItemContent, ItemId } from '../../connectors/connector.ts'
import type { CalendarEvent } from '../../domain/meetings/calendar-event.ts'
import { isHidden, storableMask } from '../../domain/meetings/private-event.ts'
import type { Instant } from '../../domain/time/types.ts'

export interface EventsOfItems {
  readonly events: readonly CalendarEvent[]
  /** Occurrences whose series has not arrived yet: nobody knows what they are, so they are not shown. */
  readonly withoutSeries: number
}

/**
 * What one calendar holds, from the items that were stored of it. Here a bare occurrence meets its series again, and
 * whatever belongs to a private series is private, in whatever order the two came. Pure.
 */
export function eventsOfItems(items: readonly CalendarItem[], calendar: string): EventsOfItems {
  const masters = new Map<ItemId, CalendarEvent>()
  const expandedElsewhere = new Set<ItemId>()
  for (const { id, content } of items) {
    const master = masterOf(content)
    if (master !== null) masters.set(id, master)
    if (content.kind === 'series') expandedElsewhere.add(id)
  }

  const events: CalendarEvent[] = []
  const starts = new Map<ItemId, Addition[]>()
  let withoutSeries = 0
  for (const { id, seriesItemId, content } of items) {
    const master = masters.get(seriesItemId ?? id)
    if (content.kind === 'occurrence') {
      if (seriesItemId === null || master === undefined) withoutSeries++
      else {
        const exactMs = master.time.allDay ? null : content.endAt - content.startAt
        listOf(starts, seriesItemId).push({ startAt: content.startAt, exactMs })
      }
    } else if (content.kind === 'events') {
      for (const event of content.events) {
        events.push({ ...withSeries(event, master), calendar })
        if (seriesItemId !== null && event.override !== null && expandedElsewhere.has(seriesItemId)) {
          // the series gives this start, and the override takes its place
          listOf(starts, seriesItemId).push({ startAt: event.override.originalStartAt, exactMs: null })
        }
      }
    }
  }
  for (const id of expandedElsewhere) {
    const additions = starts.get(id)
    // a series without an occurrence in reach is no single meeting at its start
    if (additions !== undefined) events.push({ ...expandedByProvider(masters.get(id)!, additions), calendar })
  }
  return { events, withoutSeries }
}

/** The event that a private item hides behind, if it is one: everything of its series is hidden with it. */
export function isHiddenSeries(content: ItemContent): boolean {
  const master = masterOf(content)
  return master !== null && isHidden(master.visibility)
}

function masterOf(content: ItemContent): CalendarEvent | null {
  switch (content.kind) {
    case 'occurrence':
      return null
    case 'series':
      return content.event
    case 'events':
      return content.events.find(event => event.override === null) ?? null
  }
}

/** A private occurrence stands under a disguised UID; its place in an open series is no secret and found by the series. */
function withSeries(event: CalendarEvent, master: CalendarEvent | undefined): CalendarEvent {
  if (event.override === null || master === undefined) return event
  const masked = isHidden(master.visibility) && !isHidden(event.visibility) ? storableMask(event) : event
  return masked.uid === master.uid ? masked : { ...masked, uid: master.uid }
}

type Addition = { readonly startAt: Instant; readonly exactMs: number | null }

/** The occurrences that the provider named and no other: the start of the series is one only where it was named. */
function expandedByProvider(event: CalendarEvent, additions: readonly Addition[]): CalendarEvent {
  const startAt = event.time.zone.toInstant(event.time.startWall)
  const exclusions = additions.some(each => each.startAt === startAt) ? [] : [startAt]
  return { ...event, recurrence: { rules: [], additions, exclusions, excludedDaysWall: [] } }
}

function listOf<Key, Value>(lists: Map<Key, Value[]>, key: Key): Value[] {
  const known = lists.get(key)
  if (known) return known
  const made: Value[] = []
  lists.set(key, made)
  return made
}
