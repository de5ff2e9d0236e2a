import { isOwnBlock } from '../../domain/focus/own-block.ts'
import type { CalendarEvent } from '../../domain/meetings/calendar-event.ts'
import { expandEvents } from '../../domain/meetings/expand.ts'
import { mergeIntervals } from '../../domain/time/intervals.ts'
import type { Interval } from '../../domain/time/types.ts'
import type { CalendarKey } from '../../store/accounts.ts'
import type { WriteBackDeps } from './write-back-deps.ts'

/** When the calendar is taken by something that is not ours, inside the window, as the last sync left it. */
export async function busyTimes(
  { accounts }: Pick<WriteBackDeps, 'accounts'>,
  key: CalendarKey,
  window: Interval,
): Promise<readonly Interval[]> {
  const items = await accounts.mirror.readItems(key, window)
  const seriesIds = items.flatMap(item => (item.seriesItemId === null ? [] : [item.seriesItemId]))
  const series = new Map<string, CalendarEvent>()
  if (seriesIds.length > 0) {
    for (const item of await accounts.mirror.findItems(key, { ids: [...new Set(seriesIds)] })) {
      if (item.content.kind === 'series') series.set(item.id, item.content.event)
    }
  }
  const events: CalendarEvent[] = []
  const busy: Interval[] = []
  for (const { content, seriesItemId } of items) {
    if (content.kind === 'events') events.push(...content.events)
    if (content.kind !== 'occurrence') continue
    const master = seriesItemId === null ? undefined : series.get(seriesItemId)
    if (master === undefined || takesTime(master)) busy.push({ startAt: content.startAt, endAt: content.endAt })
  }
  for (const { event, startAt, endAt } of expandEvents(events, window).occurrences) {
    if (takesTime(event)) busy.push({ startAt, endAt })
  }
  return mergeIntervals(busy.filter(each => each.startAt < window.endAt && each.endAt > window.startAt))
}

/** Not cancelled, declined, all-day, shown as free, or one of our own blocks. */
function takesTime(event: CalendarEvent): boolean {
  if (event.status === 'cancelled' || event.showAs === 'free' || event.time.allDay || isOwnBlock(event)) return false
  if (event.type === 'working-location' || event.type === 'birthday') return false
  return !event.attendees.some(each => each.self && each.response === 'declined')
}
