import type { admin_directory_v1 } from 'googleapis/build/src/apis/admin/directory_v1.js'
import type { calendar_v3 } from 'googleapis/build/src/apis/calendar/v3.js'
import type { Conforms, VendorTypes } from '../kit/vendor-schemas.ts'
import { vendorSchemas } from '../kit/vendor-schemas.ts'

export type EventResource = calendar_v3.Schema$Event
export type EventTimeResource = calendar_v3.Schema$EventDateTime
export type EventsResource = calendar_v3.Schema$Events
export type CalendarListEntryResource = calendar_v3.Schema$CalendarListEntry
export type ChannelResource = calendar_v3.Schema$Channel
export type FreeBusyRequestResource = calendar_v3.Schema$FreeBusyRequest
export type FreeBusyResource = calendar_v3.Schema$FreeBusyResponse
export type UserResource = admin_directory_v1.Schema$User
export type GroupResource = admin_directory_v1.Schema$Group
export type MemberResource = admin_directory_v1.Schema$Member
export type RoomResource = admin_directory_v1.Schema$CalendarResource

/** What an answer or a body of the service is, in the names of the vendor's types. */
export const vendorNames = [
  'GoogleEvent',
  'GoogleEvents',
  'GoogleCalendar',
  'GoogleCalendarList',
  'GoogleChannel',
  'GoogleFreeBusyRequest',
  'GoogleFreeBusyResponse',
  'GoogleSetting',
  'GoogleSettings',
  'GoogleUser',
  'GoogleUsers',
  'GoogleGroups',
  'GoogleMembers',
  'GoogleRooms',
] as const
export type VendorName = (typeof vendorNames)[number]

const types: VendorTypes = {
  packageVersion: 'googleapis@178.0.0',
  source: `import type { admin_directory_v1 } from 'googleapis/build/src/apis/admin/directory_v1.js'
import type { calendar_v3 } from 'googleapis/build/src/apis/calendar/v3.js'
export type GoogleEvent = calendar_v3.Schema$Event
export type GoogleEvents = calendar_v3.Schema$Events
export type GoogleCalendar = calendar_v3.Schema$Calendar
export type GoogleCalendarList = calendar_v3.Schema$CalendarList
export type GoogleChannel = calendar_v3.Schema$Channel
export type GoogleFreeBusyRequest = calendar_v3.Schema$FreeBusyRequest
export type GoogleFreeBusyResponse = calendar_v3.Schema$FreeBusyResponse
export type GoogleSetting = calendar_v3.Schema$Setting
export type GoogleSettings = calendar_v3.Schema$Settings
export type GoogleUser = admin_directory_v1.Schema$User
export type GoogleUsers = admin_directory_v1.Schema$Users
export type GoogleGroups = admin_directory_v1.Schema$Groups
export type GoogleMembers = admin_directory_v1.Schema$Members
export type GoogleRooms = admin_directory_v1.Schema$CalendarResources
`,
}

let made: Promise<Conforms> | null = null

/** Throws when a value is not of the vendor's type. Made once for the process. */
export function googleSchemas(): Promise<Conforms> {
  made ??= vendorSchemas(types)
  return made
}
