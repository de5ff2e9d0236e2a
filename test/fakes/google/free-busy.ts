import { mergeIntervals } from '../../../src/domain/time/intervals.ts'
import type { Interval, Zone } from '../../../src/domain/time/types.ts'
import { dayMs } from '../../../src/domain/time/types.ts'
import { momentKey, parseBound, withOffset, zoneOf } from './event-time.ts'
import type { FakeCalendar, KeptEvent } from './fake-calendar.ts'
import { invalid } from './google-error.ts'
import type { FreeBusyRequestResource, FreeBusyResource } from './vendor-types.ts'

interface FreeBusyDeps {
  /** Null for calendars the asker may not even see as busy. */
  readonly readable: (id: string) => FakeCalendar | null
  /** Addresses of a group's people; null for what is no group. */
  readonly members: (id: string) => readonly string[] | null
}

export function freeBusy({ readable, members }: FreeBusyDeps, body: FreeBusyRequestResource): FreeBusyResource {
  if (!body.timeMin) throw invalid('timeMin', 'Missing timeMin parameter.', 'required')
  if (!body.timeMax) throw invalid('timeMax', 'Missing timeMax parameter.', 'required')
  const window = { startAt: parseBound(body.timeMin, 'timeMin'), endAt: parseBound(body.timeMax, 'timeMax') }
  if (window.endAt <= window.startAt) throw invalid('timeMax', 'The specified time range is empty.', 'timeRangeEmpty')
  const mostCalendars = body.calendarExpansionMax ?? 50
  const mostMembers = body.groupExpansionMax ?? 100
  if (mostCalendars > 50) throw invalid('calendarExpansionMax')
  if (mostMembers > 100) throw invalid('groupExpansionMax')
  const zone = zoneOf(body.timeZone ?? 'UTC')

  const groups: NonNullable<FreeBusyResource['groups']> = {}
  const ids: string[] = []
  for (const { id } of body.items ?? []) {
    if (!id) throw invalid('items[].id', 'Missing calendar id.', 'required')
    const people = members(id)
    if (people === null) ids.push(id)
    else if (people.length > mostMembers) groups[id] = { errors: [{ domain: 'calendar', reason: 'groupTooBig' }] }
    else {
      groups[id] = { calendars: [...people] }
      ids.push(...people)
    }
  }
  const calendars: NonNullable<FreeBusyResource['calendars']> = {}
  for (const [index, id] of ids.entries()) {
    const calendar = readable(id)
    if (index >= mostCalendars) {
      calendars[id] = { errors: [{ domain: 'calendar', reason: 'tooManyCalendarsRequested' }], busy: [] }
    } else if (calendar === null) calendars[id] = { errors: [{ domain: 'global', reason: 'notFound' }], busy: [] }
    else calendars[id] = { busy: busyTimes(calendar, window, zone) }
  }
  return {
    kind: 'calendar#freeBusy',
    timeMin: new Date(window.startAt).toISOString(),
    timeMax: new Date(window.endAt).toISOString(),
    calendars,
    ...(Object.keys(groups).length === 0 ? {} : { groups }),
  }
}

function busyTimes(calendar: FakeCalendar, window: Interval, shownIn: Zone) {
  const busy = calendar
    // whole days are wider or narrower than in UTC by the offset of their zone
    .occurrences({ startAt: window.startAt - dayMs, endAt: window.endAt + dayMs })
    .filter(isBusy)
    .map(event => ({ startAt: instantOf(event, 'start', calendar), endAt: instantOf(event, 'end', calendar) }))
    .filter(({ startAt, endAt }) => startAt < window.endAt && endAt > window.startAt)
    .map(({ startAt, endAt }) => ({
      startAt: Math.max(startAt, window.startAt),
      endAt: Math.min(endAt, window.endAt),
    }))
  return mergeIntervals(busy).map(({ startAt, endAt }) => ({
    start: withOffset(startAt, shownIn),
    end: withOffset(endAt, shownIn),
  }))
}

function isBusy({ resource }: KeptEvent): boolean {
  if (resource.transparency === 'transparent' || resource.eventType === 'workingLocation') return false
  return !resource.attendees?.some(attendee => attendee.self && attendee.responseStatus === 'declined')
}

/** Whole days are busy from midnight to midnight of the calendar's zone. */
function instantOf(event: KeptEvent, edge: 'start' | 'end', calendar: FakeCalendar): number {
  const moment = event[edge]
  return moment.kind === 'time' ? moment.at : zoneOf(calendar.timeZone).toInstant(momentKey(moment))
}
