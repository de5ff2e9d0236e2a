/**
 * The shapes of Microsoft Graph that we read, checked once at the door: what is missing or of another type is null, what
 * we do not use is not kept. Names are the vendor's own (`microsoft-graph.d.ts`, resource types of v1.0).
 */
import { isRecord } from '../../json-value.ts'

export interface GraphEvent {
  readonly id: string
  /** `@odata.etag`, else `changeKey`; null for occurrences in a delta. */
  readonly etag: string | null
  /** Delta alone: the entity is not in the view any more. */
  readonly isRemoved: boolean
  /** Nothing but ids and times came: who and what has to be asked for. */
  readonly isSparse: boolean
  /** `singleInstance`, `occurrence`, `exception`, `seriesMaster`, or something newer than this text. */
  readonly type: string | null
  readonly seriesMasterId: string | null
  readonly iCalUId: string | null
  readonly subject: string | null
  readonly start: GraphDateTime | null
  readonly end: GraphDateTime | null
  /** ISO 8601 with an offset, where an exception stood in its series. */
  readonly originalStart: string | null
  readonly originalStartTimeZone: string | null
  readonly isAllDay: boolean
  readonly isCancelled: boolean
  readonly isDraft: boolean
  readonly isOrganizer: boolean
  readonly hideAttendees: boolean
  readonly hasAttachments: boolean
  readonly showAs: string | null
  readonly sensitivity: string | null
  readonly body: { readonly contentType: string | null; readonly content: string } | null
  readonly location: GraphLocation | null
  readonly locations: readonly GraphLocation[]
  readonly organizer: GraphAddress | null
  readonly attendees: readonly GraphAttendee[]
  /** `responseStatus.response`: what the owner of this calendar answered. */
  readonly ownResponse: string | null
  readonly categories: readonly string[]
  readonly joinUrl: string | null
  readonly createdDateTime: string | null
  readonly lastModifiedDateTime: string | null
  /** Values of `singleValueExtendedProperties` by id, in lower case: Exchange answers ids in a spelling of its own. */
  readonly extendedProperties: ReadonlyMap<string, string>
}

/** `2026-03-30T08:00:00.0000000` on a wall of `timeZone`, a Windows or IANA name. */
export interface GraphDateTime {
  readonly dateTime: string
  readonly timeZone: string | null
}

export interface GraphAddress {
  readonly address: string
  readonly name: string | null
}

export interface GraphAttendee extends GraphAddress {
  /** `required`, `optional`, `resource`. */
  readonly type: string | null
  readonly response: string | null
}

export interface GraphLocation {
  readonly displayName: string
  readonly locationType: string | null
  readonly locationUri: string | null
  readonly locationEmailAddress: string | null
  readonly uniqueId: string | null
}

export interface GraphCalendar {
  readonly id: string
  readonly name: string | null
  readonly isDefaultCalendar: boolean
  readonly canEdit: boolean
  readonly ownerAddress: string | null
}

export interface GraphUser {
  readonly id: string
  /** `#microsoft.graph.user` in lists that hold other things too. */
  readonly odataType: string | null
  readonly displayName: string | null
  readonly mail: string | null
  readonly userPrincipalName: string | null
  readonly proxyAddresses: readonly string[]
  readonly department: string | null
  readonly jobTitle: string | null
  readonly accountEnabled: boolean | null
  /** `Member`, `Guest`. */
  readonly userType: string | null
  readonly manager: { readonly mail: string | null; readonly userPrincipalName: string | null } | null
}

export interface GraphGroup {
  readonly id: string
  readonly displayName: string | null
  readonly mail: string | null
}

export interface GraphRoom {
  readonly emailAddress: string | null
  readonly displayName: string | null
}

export interface GraphSubscription {
  readonly id: string
  readonly resource: string
  readonly notificationUrl: string
  readonly expirationDateTime: string | null
}

export interface GraphPage {
  readonly value: readonly unknown[]
  readonly nextLink: string | null
  readonly deltaLink: string | null
}

/** Null when it is no page at all. */
export function parsePage(json: unknown): GraphPage | null {
  const page = recordOf(json)
  if (!Array.isArray(page?.value)) return null
  return {
    value: page.value,
    nextLink: textOf(page['@odata.nextLink']),
    deltaLink: textOf(page['@odata.deltaLink']),
  }
}

/** Null when nothing says which event it is. */
export function parseEvent(json: unknown): GraphEvent | null {
  const event = recordOf(json)
  const id = textOf(event?.id)
  if (event === null || id === null) return null
  const body = recordOf(event.body)
  const content = textOf(body?.content)
  return {
    id,
    etag: textOf(event['@odata.etag']) ?? textOf(event.changeKey),
    isRemoved: recordOf(event['@removed']) !== null,
    isSparse: !describing.some(name => name in event),
    type: textOf(event.type),
    seriesMasterId: textOf(event.seriesMasterId),
    iCalUId: textOf(event.iCalUId),
    subject: textOf(event.subject),
    start: parseDateTime(event.start),
    end: parseDateTime(event.end),
    originalStart: textOf(event.originalStart),
    originalStartTimeZone: textOf(event.originalStartTimeZone),
    isAllDay: event.isAllDay === true,
    isCancelled: event.isCancelled === true,
    isDraft: event.isDraft === true,
    isOrganizer: event.isOrganizer === true,
    hideAttendees: event.hideAttendees === true,
    hasAttachments: event.hasAttachments === true,
    showAs: textOf(event.showAs),
    sensitivity: textOf(event.sensitivity),
    body: content === null ? null : { contentType: textOf(body?.contentType), content },
    location: parseLocation(event.location),
    locations: listOf(event.locations, parseLocation),
    organizer: parseAddress(recordOf(event.organizer)?.emailAddress),
    attendees: listOf(event.attendees, parseAttendee),
    ownResponse: textOf(recordOf(event.responseStatus)?.response),
    categories: listOf(event.categories, textOf),
    joinUrl: textOf(recordOf(event.onlineMeeting)?.joinUrl) ?? textOf(event.onlineMeetingUrl),
    createdDateTime: textOf(event.createdDateTime),
    lastModifiedDateTime: textOf(event.lastModifiedDateTime),
    extendedProperties: new Map(listOf(event.singleValueExtendedProperties, parseProperty)),
  }
}

export function parseCalendar(json: unknown): GraphCalendar | null {
  const calendar = recordOf(json)
  const id = textOf(calendar?.id)
  if (calendar === null || id === null) return null
  return {
    id,
    name: textOf(calendar.name),
    isDefaultCalendar: calendar.isDefaultCalendar === true,
    canEdit: calendar.canEdit === true,
    ownerAddress: parseAddress(calendar.owner)?.address ?? null,
  }
}

export function parseUser(json: unknown): GraphUser | null {
  const user = recordOf(json)
  const id = textOf(user?.id)
  if (user === null || id === null) return null
  const manager = recordOf(user.manager)
  return {
    id,
    odataType: textOf(user['@odata.type']),
    displayName: textOf(user.displayName),
    mail: textOf(user.mail),
    userPrincipalName: textOf(user.userPrincipalName),
    proxyAddresses: listOf(user.proxyAddresses, textOf),
    department: textOf(user.department),
    jobTitle: textOf(user.jobTitle),
    accountEnabled: typeof user.accountEnabled === 'boolean' ? user.accountEnabled : null,
    userType: textOf(user.userType),
    manager:
      manager === null ? null : { mail: textOf(manager.mail), userPrincipalName: textOf(manager.userPrincipalName) },
  }
}

export function parseGroup(json: unknown): GraphGroup | null {
  const group = recordOf(json)
  const id = textOf(group?.id)
  return id === null ? null : { id, displayName: textOf(group?.displayName), mail: textOf(group?.mail) }
}

export function parseRoom(json: unknown): GraphRoom | null {
  const room = recordOf(json)
  if (room === null) return null
  return { emailAddress: textOf(room.emailAddress), displayName: textOf(room.displayName) }
}

export function parseSubscription(json: unknown): GraphSubscription | null {
  const subscription = recordOf(json)
  const id = textOf(subscription?.id)
  if (subscription === null || id === null) return null
  return {
    id,
    resource: textOf(subscription.resource) ?? '',
    notificationUrl: textOf(subscription.notificationUrl) ?? '',
    expirationDateTime: textOf(subscription.expirationDateTime),
  }
}

/** `mailboxSettings.timeZone`, a Windows name as a rule. */
export function parseTimeZone(json: unknown): string | null {
  return textOf(recordOf(json)?.timeZone)
}

/** `error.code` of an answer that is no success. */
export function parseErrorCode(json: unknown): string | null {
  return textOf(recordOf(recordOf(json)?.error)?.code)
}

/** Any of these comes with an event that is delivered whole, if only as null. */
const describing = ['subject', 'organizer', 'attendees', 'showAs', 'sensitivity', 'bodyPreview'] as const

function parseDateTime(json: unknown): GraphDateTime | null {
  const value = recordOf(json)
  const dateTime = textOf(value?.dateTime)
  return dateTime === null ? null : { dateTime, timeZone: textOf(value?.timeZone) }
}

function parseAddress(json: unknown): GraphAddress | null {
  const value = recordOf(json)
  if (value === null) return null
  const address = textOf(value.address)?.trim() ?? ''
  const name = textOf(value.name)?.trim() ?? ''
  return address === '' && name === '' ? null : { address, name: name === '' ? null : name }
}

function parseAttendee(json: unknown): GraphAttendee | null {
  const value = recordOf(json)
  const address = parseAddress(value?.emailAddress)
  if (value === null || address === null) return null
  // field by field: spreading first takes several times as long, and attendees are many
  return {
    address: address.address,
    name: address.name,
    type: textOf(value.type),
    response: textOf(recordOf(value.status)?.response),
  }
}

function parseLocation(json: unknown): GraphLocation | null {
  const value = recordOf(json)
  if (value === null) return null
  return {
    displayName: textOf(value.displayName)?.trim() ?? '',
    locationType: textOf(value.locationType),
    locationUri: textOf(value.locationUri),
    locationEmailAddress: textOf(value.locationEmailAddress),
    uniqueId: textOf(value.uniqueId),
  }
}

function parseProperty(json: unknown): readonly [string, string] | null {
  const value = recordOf(json)
  const id = textOf(value?.id)
  const text = textOf(value?.value)
  return id === null || text === null ? null : [id.toLowerCase(), text]
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> | null {
  return isRecord(value) ? value : null
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

function listOf<Item>(value: unknown, parse: (json: unknown) => Item | null): readonly Item[] {
  if (!Array.isArray(value)) return []
  return value.map(parse).filter(item => item !== null)
}
