import type { Zone } from '../../../src/domain/time/types.ts'
import { writtenMoment } from './event-time.ts'
import type { AccessRole, FakeCalendar, KeptEvent } from './fake-calendar.ts'
import type { EventResource } from './vendor-types.ts'

/** Through whose eyes an event is written, and how much of it the service shows. */
export interface Viewer {
  readonly role: AccessRole
  readonly zone: Zone
  /** Lists of more guests come as the viewer's own entry with `attendeesOmitted`. */
  readonly mostAttendees: number
  /** Removed events as id and status, removed occurrences with what names them: all the reference promises. */
  readonly minimalCancelled: boolean
}

export function viewOf(event: KeptEvent, calendar: FakeCalendar, viewer: Viewer): EventResource {
  if (event.isCancelled && viewer.minimalCancelled) return minimalView(event, viewer)
  const times: EventResource = {
    start: writtenMoment(event.start, viewer.zone),
    end: writtenMoment(event.end, viewer.zone),
    ...(event.original === null ? {} : { originalStartTime: writtenMoment(event.original, viewer.zone) }),
  }
  const resource = { ...event.resource, ...times }
  if (viewer.role === 'freeBusyReader') return pick(resource, freeBusyFields)
  if (seesPrivate(viewer.role) || !calendar.isPrivate(event)) return withAttendees(resource, calendar, viewer)
  return { ...pick(resource, privateFields), visibility: 'private' }
}

function minimalView(event: KeptEvent, viewer: Viewer): EventResource {
  if (event.masterId === null || event.original === null) return { id: event.id, status: 'cancelled' }
  return {
    id: event.id,
    status: 'cancelled',
    recurringEventId: event.masterId,
    originalStartTime: writtenMoment(event.original, viewer.zone),
  }
}

function seesPrivate(role: AccessRole): boolean {
  return role === 'owner' || role === 'writer'
}

function withAttendees(resource: EventResource, calendar: FakeCalendar, viewer: Viewer): EventResource {
  const { attendees } = resource
  if (!attendees) return resource
  const marked = attendees.map(attendee => {
    const isSelf = attendee.email?.toLowerCase() === calendar.identity.toLowerCase()
    const isOrganizer = attendee.email?.toLowerCase() === resource.organizer?.email?.toLowerCase()
    return {
      responseStatus: 'needsAction',
      ...attendee,
      ...(isSelf || attendee.self ? { self: true } : {}),
      ...(isOrganizer ? { organizer: true } : {}),
    }
  })
  if (marked.length <= viewer.mostAttendees) return { ...resource, attendees: marked }
  return { ...resource, attendees: marked.filter(attendee => attendee.self), attendeesOmitted: true }
}

function pick(resource: EventResource, names: readonly (keyof EventResource)[]): EventResource {
  const picked: EventResource = {}
  for (const name of names) if (resource[name] !== undefined) Object.assign(picked, { [name]: resource[name] })
  return picked
}

const privateFields = [
  'kind',
  'etag',
  'id',
  'status',
  'htmlLink',
  'created',
  'updated',
  'start',
  'end',
  'recurrence',
  'recurringEventId',
  'originalStartTime',
  'transparency',
  'iCalUID',
  'sequence',
  'eventType',
] as const

const freeBusyFields = [
  'kind',
  'etag',
  'id',
  'status',
  'updated',
  'start',
  'end',
  'recurrence',
  'recurringEventId',
  'originalStartTime',
  'transparency',
  'iCalUID',
] as const
