import type { KnownFields } from './fields-mask.ts'
import type { VendorName } from './vendor-types.ts'

/** Names a `fields` mask may select in the answers of a method; null where every name below is let through. */
export function knownFieldsOf(name: VendorName): KnownFields {
  return known[name] ?? {}
}

const names = (text: string): KnownFields => Object.fromEntries(text.split(' ').map(name => [name, null]))

const event: KnownFields = {
  ...names(
    'anyoneCanAddSelf attachments attendeesOmitted birthdayProperties colorId conferenceData created description ' +
      'endTimeUnspecified etag eventLabelId eventType extendedProperties focusTimeProperties gadget ' +
      'guestsCanInviteOthers guestsCanModify guestsCanSeeOtherGuests hangoutLink htmlLink iCalUID id kind location ' +
      'locked outOfOfficeProperties privateCopy recurrence recurringEventId reminders sequence source status summary ' +
      'transparency updated visibility workingLocationProperties',
  ),
  start: names('date dateTime timeZone'),
  end: names('date dateTime timeZone'),
  originalStartTime: names('date dateTime timeZone'),
  creator: names('displayName email id self'),
  organizer: names('displayName email id self'),
  attendees: names(
    'additionalGuests asyncOperation comment displayName email id optional organizer resource responseStatus self',
  ),
}

const entry = names(
  'accessRole autoAcceptInvitations backgroundColor colorId conferenceProperties dataOwner defaultReminders deleted ' +
    'description etag foregroundColor hidden id kind location notificationSettings primary selected summary ' +
    'summaryOverride timeZone',
)

const page = names('etag kind nextPageToken')
const user = names(
  'addresses aliases archived creationTime customerId emails etag id isAdmin isMailboxSetup kind languages ' +
    'lastLoginTime locations name nonEditableAliases organizations orgUnitPath phones primaryEmail relations suspended ' +
    'suspensionReason',
)

const known: Partial<Record<VendorName, KnownFields>> = {
  GoogleEvent: event,
  GoogleEvents: {
    ...page,
    ...names('accessRole defaultReminders description nextSyncToken summary timeZone updated'),
    items: event,
  },
  GoogleCalendar: names(
    'autoAcceptInvitations conferenceProperties dataOwner description etag id kind labelProperties location summary ' +
      'timeZone',
  ),
  GoogleCalendarList: { ...page, nextSyncToken: null, items: entry },
  GoogleChannel: names('address expiration id kind params payload resourceId resourceUri token type'),
  GoogleFreeBusyResponse: names('calendars groups kind timeMax timeMin'),
  GoogleSetting: names('etag id kind value'),
  GoogleSettings: { ...page, nextSyncToken: null, items: names('etag id kind value') },
  GoogleUser: user,
  GoogleUsers: { ...page, trigger_event: null, users: user },
  GoogleGroups: {
    ...page,
    groups: names('adminCreated aliases description directMembersCount email etag id kind name nonEditableAliases'),
  },
  GoogleMembers: { ...page, members: names('delivery_settings email etag id kind role status type') },
  GoogleRooms: {
    ...page,
    items: names(
      'buildingId capacity etags featureInstances floorName floorSection generatedResourceName kind resourceCategory ' +
        'resourceDescription resourceEmail resourceId resourceName resourceType userVisibleDescription',
    ),
  },
}
