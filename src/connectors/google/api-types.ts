/**
 * What Google's answers hold, read once at the door: of each shape the fields we use, everything else passed over.
 * Fields that are missing or of another type are null (or empty), since the vendor's own types promise nothing.
 * Source: the reference of Calendar API v3 and Admin SDK Directory API v1.
 */
import { isRecord, parsedJson } from '../../json-value.ts'

export interface GoogleEvent {
  readonly id: string
  readonly etag: string | null
  readonly status: string | null
  readonly summary: string | null
  readonly description: string | null
  readonly location: string | null
  readonly start: GoogleTime | null
  readonly end: GoogleTime | null
  readonly originalStartTime: GoogleTime | null
  readonly recurrence: readonly string[]
  readonly recurringEventId: string | null
  readonly iCalUid: string | null
  readonly organizer: GooglePerson | null
  readonly attendees: readonly GoogleAttendee[]
  readonly attendeesOmitted: boolean
  readonly eventType: string | null
  readonly transparency: string | null
  readonly visibility: string | null
  readonly hangoutLink: string | null
  readonly entryPoints: readonly GoogleEntryPoint[]
  readonly attachmentCount: number
  readonly created: string | null
  readonly updated: string | null
  readonly sequence: number
  /** Our own copy's properties, which nobody else sees. */
  readonly privateProperties: Readonly<Record<string, string>>
}

/** A date for whole days, else a moment. */
export interface GoogleTime {
  readonly date: string | null
  readonly dateTime: string | null
  readonly timeZone: string | null
}

export interface GooglePerson {
  readonly email: string
  readonly displayName: string | null
  readonly self: boolean
}

export interface GoogleAttendee extends GooglePerson {
  readonly resource: boolean
  readonly optional: boolean
  readonly organizer: boolean
  readonly responseStatus: string | null
  readonly additionalGuests: number
  readonly asyncOperation: string | null
}

export interface GoogleEntryPoint {
  readonly type: string | null
  readonly uri: string | null
}

export interface GoogleEventPage {
  /** Entries as they came: each is read by itself, so that a broken one costs itself. */
  readonly items: readonly unknown[]
  readonly nextPageToken: string | null
  readonly nextSyncToken: string | null
  readonly timeZone: string | null
  readonly accessRole: string | null
}

export interface GoogleCalendarEntry {
  readonly id: string
  readonly name: string | null
  readonly timeZone: string | null
  readonly accessRole: string | null
  readonly primary: boolean
  readonly deleted: boolean
}

export interface GoogleChannel {
  readonly resourceId: string
  /** Epoch milliseconds; null when Google did not say. */
  readonly expiration: number | null
}

export interface GoogleUser {
  readonly primaryEmail: string
  readonly fullName: string | null
  readonly addresses: readonly string[]
  readonly isActive: boolean
  readonly orgUnitPath: string | null
  /** Of the primary organisation, else of the first that names one. */
  readonly department: string | null
  readonly managerEmail: string | null
}

export interface GoogleGroup {
  readonly email: string
  readonly name: string | null
  readonly aliases: readonly string[]
}

export interface GoogleMember {
  readonly email: string | null
  /** USER, GROUP, CUSTOMER (everybody) or EXTERNAL. */
  readonly type: string | null
  readonly status: string | null
}

export interface GoogleRoom {
  readonly email: string
  readonly name: string | null
}

/** Null for what has no id: nothing could be said about it later. */
export function parseEvent(value: unknown): GoogleEvent | null {
  const event = recordOf(value)
  const id = event && textOf(event, 'id')
  if (!event || !id) return null
  return {
    id,
    etag: textOf(event, 'etag'),
    status: textOf(event, 'status'),
    summary: textOf(event, 'summary'),
    description: textOf(event, 'description'),
    location: textOf(event, 'location'),
    start: parseTime(event.start),
    end: parseTime(event.end),
    originalStartTime: parseTime(event.originalStartTime),
    recurrence: listOf(event.recurrence).filter(line => typeof line === 'string'),
    recurringEventId: textOf(event, 'recurringEventId'),
    iCalUid: textOf(event, 'iCalUID'),
    organizer: parsePerson(event.organizer),
    attendees: recordsOf(event.attendees).map(parseAttendee),
    attendeesOmitted: event.attendeesOmitted === true,
    eventType: textOf(event, 'eventType'),
    transparency: textOf(event, 'transparency'),
    visibility: textOf(event, 'visibility'),
    hangoutLink: textOf(event, 'hangoutLink'),
    entryPoints: recordsOf(recordOf(event.conferenceData)?.entryPoints).map(point => ({
      type: textOf(point, 'entryPointType'),
      uri: textOf(point, 'uri'),
    })),
    attachmentCount: listOf(event.attachments).length,
    created: textOf(event, 'created'),
    updated: textOf(event, 'updated'),
    sequence: numberOf(event, 'sequence') ?? 0,
    privateProperties: textsOf(recordOf(event.extendedProperties)?.private),
  }
}

/** Null when it is no page of events. */
export function parseEventPage(value: unknown): GoogleEventPage | null {
  const page = recordOf(value)
  if (!page) return null
  const nextPageToken = textOf(page, 'nextPageToken')
  const nextSyncToken = textOf(page, 'nextSyncToken')
  // An answer that is neither the middle nor the end of anything is not an empty calendar.
  if (page.kind !== 'calendar#events' && nextPageToken === null && nextSyncToken === null) return null
  if (page.items !== undefined && page.items !== null && !Array.isArray(page.items)) return null
  return {
    items: listOf(page.items),
    nextPageToken,
    nextSyncToken,
    timeZone: textOf(page, 'timeZone'),
    accessRole: textOf(page, 'accessRole'),
  }
}

export function parseCalendarEntry(value: unknown): GoogleCalendarEntry | null {
  const entry = recordOf(value)
  const id = entry && textOf(entry, 'id')
  if (!entry || !id) return null
  return {
    id,
    name: textOf(entry, 'summaryOverride') ?? textOf(entry, 'summary'),
    timeZone: textOf(entry, 'timeZone'),
    accessRole: textOf(entry, 'accessRole'),
    primary: entry.primary === true,
    deleted: entry.deleted === true,
  }
}

export function parseChannel(value: unknown): GoogleChannel | null {
  const channel = recordOf(value)
  const resourceId = channel && textOf(channel, 'resourceId')
  if (!channel || !resourceId) return null
  // an int64, which Google writes as text
  const expiration = Number(channel.expiration ?? Number.NaN)
  return { resourceId, expiration: Number.isFinite(expiration) ? expiration : null }
}

export function parseUser(value: unknown): GoogleUser | null {
  const user = recordOf(value)
  const primaryEmail = user && textOf(user, 'primaryEmail')
  if (!user || !primaryEmail) return null
  const organizations = recordsOf(user.organizations)
  const inOrder = [...organizations.filter(each => each.primary === true), ...organizations]
  const manager = recordsOf(user.relations).find(each => each.type === 'manager')
  return {
    primaryEmail,
    fullName: textOf(recordOf(user.name) ?? {}, 'fullName'),
    addresses: [
      ...listOf(user.aliases).filter(alias => typeof alias === 'string'),
      ...recordsOf(user.emails).flatMap(each => textOf(each, 'address') ?? []),
    ],
    isActive: user.suspended !== true && user.archived !== true,
    orgUnitPath: textOf(user, 'orgUnitPath'),
    department: inOrder.map(each => textOf(each, 'department')).find(name => name !== null) ?? null,
    managerEmail: manager ? textOf(manager, 'value') : null,
  }
}

export function parseGroup(value: unknown): GoogleGroup | null {
  const group = recordOf(value)
  const email = group && textOf(group, 'email')
  if (!group || !email) return null
  const aliases = listOf(group.aliases).filter(alias => typeof alias === 'string')
  return { email, name: textOf(group, 'name'), aliases }
}

export function parseMember(value: unknown): GoogleMember | null {
  const member = recordOf(value)
  if (!member) return null
  return { email: textOf(member, 'email'), type: textOf(member, 'type'), status: textOf(member, 'status') }
}

export function parseRoom(value: unknown): GoogleRoom | null {
  const room = recordOf(value)
  const email = room && textOf(room, 'resourceEmail')
  if (!room || !email) return null
  return { email, name: textOf(room, 'generatedResourceName') ?? textOf(room, 'resourceName') }
}

/** The entries of the list `name` of a page, and where the next page goes on; null when it is no object at all. */
export function parsePage(
  value: unknown,
  name: string,
): { readonly entries: readonly unknown[]; readonly nextPageToken: string | null } | null {
  const page = recordOf(value)
  return page && { entries: listOf(page[name]), nextPageToken: textOf(page, 'nextPageToken') }
}

/** The first reason of an error body, in its old shape and its new one, and the parameter it complains about. */
export function parseErrorBody(text: string): { readonly reason: string | null; readonly location: string | null } {
  const error = recordOf(recordOf(parsedJson(text))?.error)
  const [first] = recordsOf(error?.errors)
  const [detail] = recordsOf(error?.details).flatMap(each => textOf(each, 'reason') ?? [])
  return {
    reason: (first && textOf(first, 'reason')) ?? detail ?? null,
    location: (first && textOf(first, 'location')) ?? null,
  }
}

function parseTime(value: unknown): GoogleTime | null {
  const time = recordOf(value)
  return time && { date: textOf(time, 'date'), dateTime: textOf(time, 'dateTime'), timeZone: textOf(time, 'timeZone') }
}

function parsePerson(value: unknown): GooglePerson | null {
  const person = recordOf(value)
  return person && personOf(person)
}

/** Field by field: an object that is spread first and grows then took ten times as long, and attendees are many. */
function parseAttendee(attendee: Json): GoogleAttendee {
  const { email, displayName, self } = personOf(attendee)
  return {
    email,
    displayName,
    self,
    resource: attendee.resource === true,
    optional: attendee.optional === true,
    organizer: attendee.organizer === true,
    responseStatus: textOf(attendee, 'responseStatus'),
    additionalGuests: numberOf(attendee, 'additionalGuests') ?? 0,
    asyncOperation: textOf(attendee, 'asyncOperation'),
  }
}

function personOf(person: Json): GooglePerson {
  return {
    email: textOf(person, 'email')?.trim() ?? '',
    displayName: textOf(person, 'displayName'),
    self: person.self === true,
  }
}

type Json = Readonly<Record<string, unknown>>

function recordOf(value: unknown): Json | null {
  return isRecord(value) ? value : null
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function recordsOf(value: unknown): readonly Json[] {
  return listOf(value)
    .map(recordOf)
    .filter(each => each !== null)
}

/** Null for what is no text and for the empty one. */
function textOf(record: Json, name: string): string | null {
  const value = record[name]
  return typeof value === 'string' && value !== '' ? value : null
}

function numberOf(record: Json, name: string): number | null {
  const value = record[name]
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

function textsOf(value: unknown): Readonly<Record<string, string>> {
  const texts: Record<string, string> = {}
  for (const [name, text] of Object.entries(recordOf(value) ?? {})) if (typeof text === 'string') texts[name] = text
  return texts
}
