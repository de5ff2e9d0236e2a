import { parseMoment } from './event-time.ts'
import type { FakeCalendar, KeptEvent } from './fake-calendar.ts'
import type { FakeUser } from './fake-user.ts'
import { forbiddenForNonOrganizer, GoogleError, invalid } from './google-error.ts'
import type { Parameters, Query } from './query.ts'
import { checkRecurrence } from './series.ts'
import type { EventResource } from './vendor-types.ts'

const sendParameters: Parameters = {
  conferenceDataVersion: ['0', '1'],
  eventLabelVersion: ['0', '1'],
  maxAttendees: 'integer',
  sendNotifications: 'boolean',
  sendUpdates: ['all', 'externalOnly', 'none'],
  supportsAttachments: 'boolean',
}
export const insertParameters: Parameters = sendParameters
export const changeParameters: Parameters = { ...sendParameters, alwaysIncludeEmail: 'boolean' }
export const deleteParameters: Parameters = {
  sendNotifications: 'boolean',
  sendUpdates: ['all', 'externalOnly', 'none'],
}

interface WriteContext {
  readonly calendar: FakeCalendar
  readonly user: FakeUser
  readonly query: Query
}

/** What an insert makes of its body: read-only fields are passed over, everything else has to be right. */
export function newEventOf(body: EventResource, context: WriteContext): EventResource {
  const event = writable(body, context.query)
  if (typeof body.id === 'string') {
    if (!/^[a-v0-9]{5,1024}$/.test(body.id)) throw invalid('resource.id', 'Invalid resource id value.')
    event.id = body.id
  }
  checkFields(event, context, true)
  checkType(event, event.eventType ?? 'default', context)
  return event
}

/** What a patch makes of its body; an update (`isWhole`) takes away what it does not name. */
export function changeOf(body: EventResource, kept: KeptEvent, context: WriteContext, isWhole: boolean): EventResource {
  const change = writable(body, context.query)
  const type = kept.resource.eventType ?? 'default'
  if (change.eventType && change.eventType !== type) {
    throw new GoogleError(400, 'eventTypeRestriction', 'The event type cannot be changed.', { domain: 'calendar' })
  }
  if (isWhole)
    for (const name of replaceable)
      if (!(name in change) && name in kept.resource) Object.assign(change, { [name]: null })
  checkOrganizer(change, kept)
  // a single instance can be made more private than its series, never less
  if (
    kept.masterId !== null &&
    ranks[change.visibility ?? 'private']! <
      ranks[context.calendar.find(kept.masterId)?.resource.visibility ?? 'default']!
  ) {
    delete change.visibility
  }
  if (kept.masterId !== null && change.recurrence) throw invalid('recurrence', 'An instance cannot have a recurrence.')
  checkFields(change, context, isWhole)
  if ((change.recurrence ?? kept.resource.recurrence) && (change.start ?? null) !== null) checkSeriesZone(change)
  const merged: EventResource = { ...kept.resource, ...change }
  if (!('start' in change))
    merged.start = kept.start.kind === 'date' ? { date: kept.start.on } : { dateTime: 'as it was' }
  checkType(merged, type, context)
  return change
}

function writable(body: EventResource, query: Query): EventResource {
  const event: EventResource = { ...body }
  for (const name of readOnly) delete event[name]
  if (query.text('conferenceDataVersion') !== '1') delete event.conferenceData
  if (!query.flag('supportsAttachments')) delete event.attachments
  return event
}

function checkFields(event: EventResource, { calendar }: WriteContext, isWhole: boolean): void {
  if (isWhole || event.start || event.end) {
    for (const field of ['start', 'end'] as const) {
      const time = event[field]
      if (!time) {
        if (isWhole) throw invalid(field, `Missing ${field} time.`, 'required')
        continue
      }
      parseMoment(time, field)
    }
  }
  if (event.recurrence) {
    checkRecurrence(event.recurrence)
    if (isWhole) checkSeriesZone(event)
  }
  for (const [name, allowed] of Object.entries(closedSets)) {
    const value = event[name as keyof EventResource]
    // Safe because the fields of closed sets hold text, which the vendor's schema has confirmed.
    if (value !== undefined && value !== null && !allowed.includes(value as string)) throw invalid(`resource.${name}`)
  }
  for (const attendee of event.attendees ?? []) {
    if (!attendee.email || !/^[^@\s]+@[^@\s]+$/.test(attendee.email))
      throw invalid('attendees[].email', 'Invalid attendee email.')
    if (attendee.responseStatus && !responses.includes(attendee.responseStatus))
      throw invalid('attendees[].responseStatus')
  }
  if ((event.attachments?.length ?? 0) > 25) throw invalid('attachments', 'Too many attachments.')
  for (const side of [event.extendedProperties?.private, event.extendedProperties?.shared]) {
    for (const [name, value] of Object.entries(side ?? {})) {
      if (name.length > 44 || String(value).length > 1024)
        throw invalid('extendedProperties', 'Extended property too long.')
    }
  }
  if ((event.description?.length ?? 0) > 8192) throw invalid('description', 'The description is too long.')
  if (calendar.isDeleted) throw invalid('calendarId')
}

function checkSeriesZone(event: EventResource): void {
  for (const field of ['start', 'end'] as const) {
    const time = event[field]
    if (time?.dateTime && !time.timeZone) {
      throw invalid(field, `Missing time zone definition for ${field} time.`, 'required')
    }
  }
}

/** Status events. Source: the guide "Manage focus time, out of office, and working location events". */
function checkType(event: EventResource, type: string, { calendar, user }: WriteContext): void {
  for (const [field, owner] of Object.entries(typeProperties)) {
    if (event[field as keyof EventResource] && owner !== type) {
      throw refusedType(`The field ${field} can only be set on events of type ${owner}.`)
    }
  }
  if (type === 'default' || type === 'fromGmail' || type === 'birthday') return
  if (!calendar.isPrimary || calendar.owner !== user.address) {
    throw refusedType('Events of this type can only be created on the primary calendar.')
  }
  if (user.kind !== 'workspace') throw refusedType('Events of this type are not available for this account.')
  if (type === 'workingLocation') {
    if (!event.workingLocationProperties?.type) throw refusedType('The field workingLocationProperties is required.')
    if (event.visibility !== 'public' || event.transparency !== 'transparent') {
      throw refusedType('A working location is public and transparent.')
    }
    return
  }
  if (event.start?.date) throw refusedType('Events of this type cannot take whole days.')
  if (event.transparency !== 'opaque') throw refusedType('Events of this type have to be opaque.')
  const properties = type === 'focusTime' ? event.focusTimeProperties : event.outOfOfficeProperties
  if (!properties) throw refusedType(`The field ${type}Properties is required.`)
  if (properties.autoDeclineMode && !declineModes.includes(properties.autoDeclineMode)) {
    throw invalid(`${type}Properties.autoDeclineMode`)
  }
  const chatStatus = event.focusTimeProperties?.chatStatus
  if (chatStatus && chatStatus !== 'available' && chatStatus !== 'doNotDisturb') {
    throw invalid('focusTimeProperties.chatStatus')
  }
}

const refusedType = (message: string) => new GoogleError(400, 'eventTypeRestriction', message, { domain: 'calendar' })

function checkOrganizer(change: EventResource, kept: KeptEvent): void {
  if (kept.resource.organizer?.self || kept.resource.guestsCanModify) return
  if (sharedFields.some(name => name in change)) throw forbiddenForNonOrganizer()
}

const sharedFields = ['summary', 'description', 'location', 'start', 'end', 'recurrence', 'attachments'] as const

const readOnly = [
  'kind',
  'etag',
  'id',
  'htmlLink',
  'created',
  'updated',
  'creator',
  'organizer',
  'hangoutLink',
  'locked',
  'privateCopy',
  'attendeesOmitted',
  'recurringEventId',
  'originalStartTime',
  'sequence',
  'iCalUID',
  'endTimeUnspecified',
] as const

/** Fields an update takes away by leaving them out. */
const replaceable = [
  'summary',
  'description',
  'location',
  'colorId',
  'recurrence',
  'attendees',
  'transparency',
  'visibility',
  'extendedProperties',
  'guestsCanModify',
  'guestsCanInviteOthers',
  'guestsCanSeeOtherGuests',
  'reminders',
  'source',
  'focusTimeProperties',
  'outOfOfficeProperties',
  'workingLocationProperties',
] as const

const closedSets: Readonly<Record<string, readonly string[]>> = {
  status: ['confirmed', 'tentative', 'cancelled'],
  visibility: ['default', 'public', 'private', 'confidential'],
  transparency: ['opaque', 'transparent'],
  eventType: ['default', 'focusTime', 'outOfOffice', 'workingLocation', 'birthday'],
}

const typeProperties = {
  focusTimeProperties: 'focusTime',
  outOfOfficeProperties: 'outOfOffice',
  workingLocationProperties: 'workingLocation',
  birthdayProperties: 'birthday',
} as const

const ranks: Readonly<Record<string, number>> = { public: 0, default: 1, private: 2, confidential: 2 }
const declineModes = ['declineNone', 'declineAllConflictingInvitations', 'declineOnlyNewConflictingInvitations']
const responses = ['needsAction', 'declined', 'tentative', 'accepted']
