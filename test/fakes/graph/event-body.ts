import { dayMs } from '../../../src/domain/time/types.ts'
import type { Conforms } from '../kit/vendor-schemas.ts'
import { recurrenceOf } from './mailbox.ts'
import { dateOf } from './pattern.ts'
import { unknownZone } from './prefer.ts'
import { badRequest } from './problem.ts'
import type { EventProps, EventTimes, StoredEvent } from './stored-event.ts'
import type { GraphEvent } from './vendor-types.ts'
import { instantOf, zoneNamed } from './zones.ts'

export interface ReadBody {
  readonly times?: EventTimes
  readonly recurrence?: StoredEvent['recurrence']
  readonly props: Partial<EventProps>
}

/**
 * Reads what a client wants written, and refuses what the service refuses: properties it does not know or that are not
 * for clients, wrong shapes, times without a zone, days that do not begin at midnight.
 */
export function readEventBody(
  json: unknown,
  conforms: Conforms,
  old: StoredEvent | null,
  times?: EventTimes,
): ReadBody {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw badRequest('Unable to read JSON request payload.', 'BadRequest')
  }
  for (const name of Object.keys(json)) {
    if (name.startsWith('@odata.')) continue
    if (!writable.has(name)) {
      throw readOnly.has(name)
        ? badRequest(`The property '${name}' is read-only and cannot be set.`, 'ErrorInvalidRequest')
        : badRequest(
            `The property '${name}' does not exist on type 'Microsoft.OutlookServices.Event'. Make sure to only use property names that are defined by the type or mark the type as open type.`,
            'RequestBodyRead',
          )
    }
  }
  const plain = Object.fromEntries(Object.entries(json).filter(([name]) => !name.startsWith('@odata.')))
  try {
    conforms('AnyEvent', plain)
  } catch {
    throw badRequest('Cannot convert a value of the request body to the expected type.', 'RequestBodyRead')
  }
  // Safe because the vendor's own schema has just accepted it.
  const body = plain as GraphEvent
  if (old !== null && body.transactionId !== undefined && body.transactionId !== old.props.transactionId) {
    throw badRequest('Transaction id can only be set on creation.', 'ErrorInvalidTransactionId')
  }
  const read = timesOf(body, times ?? old?.times ?? null)
  const asked = body.recurrence
  return {
    ...(read === null ? {} : { times: read }),
    ...(asked === undefined
      ? {}
      : {
          recurrence:
            asked === null ? null : recurrenceOf(asked.pattern ?? {}, asked.range ?? {}, read ?? times ?? old!.times),
        }),
    props: propsOf(body, old),
  }
}

function timesOf(body: GraphEvent, old: EventTimes | null): EventTimes | null {
  const isAllDay = body.isAllDay ?? old?.kind === 'all-day'
  if (body.start == null && body.end == null && (body.isAllDay ?? null) === null) {
    if (old === null)
      throw badRequest("At least one property failed validation: 'start'.", 'ErrorPropertyValidationFailure')
    return null
  }
  if (body.start == null || body.end == null) {
    if (old === null || (body.isAllDay ?? null) !== null) {
      throw badRequest("At least one property failed validation: 'start', 'end'.", 'ErrorPropertyValidationFailure')
    }
  }
  const read = (value: GraphEvent['start'], was: number | undefined) => {
    if (value == null) return was === undefined ? null : { at: was, label: null, zone: null }
    if (value.timeZone == null)
      throw badRequest('A valid TimeZone value must be specified.', 'TimeZoneNotSupportedException')
    const zone = zoneNamed(value.timeZone)
    if (zone === null) throw unknownZone(value.timeZone)
    const at = instantOf(value.dateTime ?? '', zone)
    if (at === null) throw badRequest(`Cannot convert the literal '${value.dateTime}' to a date.`, 'RequestBodyRead')
    return { at, label: value.timeZone, zone }
  }
  const timed = old?.kind === 'timed' ? old : null
  const start = read(body.start, timed?.startAt)
  const end = read(body.end, timed?.endAt)
  if (start === null || end === null) {
    throw badRequest("At least one property failed validation: 'start', 'end'.", 'ErrorPropertyValidationFailure')
  }
  if (end.at < start.at) {
    throw badRequest(
      'The end date of the event is earlier than its start date.',
      'ErrorCalendarEndDateIsEarlierThanStartDate',
    )
  }
  const zoneLabel = start.label ?? end.label ?? old?.zoneLabel ?? 'UTC'
  if (!isAllDay) {
    const zoneName = start.zone?.name ?? end.zone?.name ?? timed?.zoneName ?? 'UTC'
    return { kind: 'timed', startAt: start.at, endAt: end.at, zoneLabel, zoneName }
  }
  const startWall = (start.zone ?? zoneNamed('UTC')!).toWall(start.at)
  const endWall = (end.zone ?? zoneNamed('UTC')!).toWall(end.at)
  if (startWall % dayMs !== 0 || endWall % dayMs !== 0 || endWall === startWall) {
    throw badRequest(
      'The Event.Start property for an all-day event needs to be set to midnight, and its end at least a day later.',
      'ErrorPropertyValidationFailure',
    )
  }
  return { kind: 'all-day', startOn: dateOf(startWall / dayMs), endOn: dateOf(endWall / dayMs), zoneLabel }
}

function propsOf(body: GraphEvent, old: StoredEvent | null): Partial<EventProps> {
  const set: { -readonly [K in keyof EventProps]?: EventProps[K] } = {}
  if (body.subject !== undefined) set.subject = body.subject ?? ''
  if (body.showAs != null) set.showAs = body.showAs
  if (body.sensitivity != null) set.sensitivity = body.sensitivity
  if (body.importance != null) set.importance = body.importance
  if (body.categories !== undefined) set.categories = body.categories ?? []
  if (body.attendees !== undefined) set.attendees = body.attendees ?? []
  if (body.location !== undefined) set.location = body.location?.displayName ?? ''
  if (body.locations !== undefined) set.locations = body.locations ?? []
  if (body.isReminderOn != null) set.isReminderOn = body.isReminderOn
  if (body.reminderMinutesBeforeStart != null) set.reminderMinutes = body.reminderMinutesBeforeStart
  if (body.responseRequested != null) set.responseRequested = body.responseRequested
  if (body.hideAttendees != null) set.hideAttendees = body.hideAttendees
  if (body.allowNewTimeProposals != null) set.allowNewTimeProposals = body.allowNewTimeProposals
  if (body.transactionId != null) set.transactionId = body.transactionId
  if (body.body !== undefined) {
    const content = body.body?.content ?? ''
    set.bodyHtml = body.body?.contentType === 'text' ? escaped(content) : cleaned(content)
    // the join block lives in the body alone: whoever writes over it ends the online meeting
    const joinUrl = old?.props.joinUrl ?? null
    if (joinUrl !== null && !set.bodyHtml.includes(joinUrl)) {
      set.joinUrl = null
      set.isOnlineMeeting = false
    }
  }
  if (body.singleValueExtendedProperties != null) {
    const extended: Record<string, string> = { ...old?.props.extended }
    for (const { id, value } of body.singleValueExtendedProperties) {
      if (!isPropertyId(id ?? '')) throw badRequest(`The property id '${id}' is invalid.`, 'ErrorInvalidProperty')
      extended[id ?? ''] = value ?? ''
    }
    set.extended = extended
  }
  return set
}

/** `String {guid} Name our-name` or `String {guid} Id 0x8524`; `String 0x...` for tagged ones. */
export const isPropertyId = (id: string) =>
  /^(String|Integer|Boolean|SystemTime|CLSID|Double|Long) (\{[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\} (Name \S.*|Id 0x[0-9a-f]+)|0x[0-9a-f]{1,4})$/i.test(
    id,
  )

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replace(/\r?\n/g, '<br>\r\n')

/** The service stores HTML that it has cleaned: no comments, no scripts, the inside of `<body>` alone. */
const cleaned = (html: string) =>
  (/<body[^>]*>([\s\S]*)<\/body>/i.exec(html)?.[1] ?? html)
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/<script[\s\S]*?<\/script>/gi, '')

const writable: ReadonlySet<string> = new Set([
  'subject',
  'body',
  'start',
  'end',
  'isAllDay',
  'location',
  'locations',
  'attendees',
  'recurrence',
  'showAs',
  'sensitivity',
  'importance',
  'categories',
  'isReminderOn',
  'reminderMinutesBeforeStart',
  'responseRequested',
  'allowNewTimeProposals',
  'hideAttendees',
  'transactionId',
  'singleValueExtendedProperties',
])

const readOnly: ReadonlySet<string> = new Set([
  'id',
  'changeKey',
  'createdDateTime',
  'lastModifiedDateTime',
  'bodyPreview',
  'hasAttachments',
  'iCalUId',
  'isCancelled',
  'isDraft',
  'isOrganizer',
  'onlineMeeting',
  'onlineMeetingUrl',
  'organizer',
  'originalStart',
  'originalStartTimeZone',
  'originalEndTimeZone',
  'responseStatus',
  'seriesMasterId',
  'type',
  'webLink',
])
