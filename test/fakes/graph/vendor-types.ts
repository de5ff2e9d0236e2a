import type * as g from '@microsoft/microsoft-graph-types'
import { type Conforms, vendorSchemas } from '../kit/vendor-schemas.ts'

/** The vendor's types under names of their own: a schema generator takes equal names for the same thing. */
export type GraphEvent = g.Event
export type GraphCalendar = g.Calendar
export type GraphUser = g.User
export type GraphSubscription = g.Subscription
export type GraphNotifications = g.ChangeNotificationCollection
export type GraphPattern = g.RecurrencePattern
export type GraphRange = g.RecurrenceRange
export type GraphAttendee = g.Attendee
export type GraphLocation = g.Location

/** Every answer of the fake, and every body sent to it, is held against these. */
export const graphSchemas = (): Promise<Conforms> => {
  schemas ??= vendorSchemas({ source, packageVersion: '@microsoft/microsoft-graph-types@2.43.1' })
  return schemas
}

let schemas: Promise<Conforms> | undefined

const source = `import type * as g from '@microsoft/microsoft-graph-types'
type EventNavigations = 'calendar' | 'exceptionOccurrences' | 'instances' | 'attachments' | 'extensions'
export type AnyEvent = Omit<g.Event, EventNavigations>
export type AnyCalendar = Omit<g.Calendar, 'calendarView' | 'events' | 'calendarPermissions'>
export type AnyPerson = Pick<g.User, ${[
  'id',
  'displayName',
  'givenName',
  'surname',
  'mail',
  'userPrincipalName',
  'department',
  'jobTitle',
  'officeLocation',
  'accountEnabled',
  'userType',
  'proxyAddresses',
  'preferredLanguage',
  'businessPhones',
  'mobilePhone',
]
  .map(name => `'${name}'`)
  .join(
    ' | ',
  )}> & { manager?: { id?: string; mail?: string | null; displayName?: string | null; userPrincipalName?: string | null } }
export type AnyRoom = Pick<g.Room, 'id' | 'displayName' | 'emailAddress' | 'capacity' | 'building'>
export type AnyGroup = Pick<g.Group, 'id' | 'displayName' | 'mail' | 'mailEnabled' | 'securityEnabled' | 'groupTypes' | 'description'>
export type AnyMailboxSettings = g.MailboxSettings
export type AnySubscription = g.Subscription
// the vendor leaves resourceData open, so its type says nothing of the id
export type AnyNotifications = { value: (Omit<g.ChangeNotification, 'resourceData'> & { resourceData?: { id: string } })[] }
`
