import { digest, iCalUId } from './item-id.ts'
import type { VisibleCalendar } from './mailbox.ts'
import type { Preferences } from './prefer.ts'
import { type EventProps, type Instance, timesOn } from './stored-event.ts'
import type { GraphCalendar, GraphEvent } from './vendor-types.ts'
import { midnightText, wallText, zoneNamed } from './zones.ts'

/** Who looks, at which calendar, and how they want to see it. */
export interface Sight {
  readonly calendar: VisibleCalendar
  readonly prefer: Preferences
  /** `Calendars.ReadBasic`: no body, no attachments, no extensions. */
  readonly isBasic: boolean
}

/** An event in full. */
export function eventShown(instance: Instance, isMaster: boolean, sight: Sight): GraphEvent {
  const { event, originalOn, times } = instance
  const { of, isShared } = sight.calendar
  const isMasked = isShared && (instance.props.sensitivity === 'private' || event.props.sensitivity === 'private')
  const props = isMasked ? maskedProps(instance.props) : instance.props
  const original = originalOn === null ? null : timesOn(event, originalOn)
  return {
    ...identity(instance, isMaster, sight),
    createdDateTime: stamp(event.createdAt),
    lastModifiedDateTime: stamp(instance.modifiedAt),
    changeKey: changeKeyOf(instance),
    categories: [...props.categories],
    transactionId: props.transactionId,
    originalStartTimeZone: times.zoneLabel,
    originalEndTimeZone: times.zoneLabel,
    iCalUId: iCalUId(event.uid, originalOn),
    isAllDay: times.kind === 'all-day',
    isCancelled: props.isCancelled,
    isOrganizer: props.isOrganizer,
    isReminderOn: props.isReminderOn,
    isDraft: false,
    reminderMinutesBeforeStart: props.reminderMinutes,
    responseRequested: props.responseRequested,
    sensitivity: props.sensitivity,
    importance: props.importance,
    showAs: props.showAs,
    subject: props.subject,
    webLink: `https://outlook.office365.com/owa/?itemid=${encodeURIComponent(of.shownId(event, originalOn, false))}`,
    onlineMeetingUrl: null,
    isOnlineMeeting: props.isOnlineMeeting,
    onlineMeetingProvider: props.isOnlineMeeting ? 'teamsForBusiness' : 'unknown',
    onlineMeeting: props.joinUrl === null ? null : { joinUrl: props.joinUrl },
    allowNewTimeProposals: props.allowNewTimeProposals,
    hideAttendees: props.hideAttendees,
    hasAttachments: props.hasAttachments,
    recurrence: isMaster ? event.recurrence : null,
    responseStatus: { response: props.response, time: '0001-01-01T00:00:00Z' },
    organizer: { emailAddress: { ...props.organizer } },
    attendees: props.hideAttendees && !props.isOrganizer ? [] : [...props.attendees],
    location: {
      displayName: props.location,
      locationType: props.locations[0]?.locationType ?? 'default',
      uniqueId: props.location,
      uniqueIdType: 'private',
    },
    locations: [...props.locations],
    ...(original === null
      ? {}
      : { originalStart: stamp(original.kind === 'timed' ? original.startAt : Date.parse(original.startOn)) }),
    ...(sight.isBasic ? {} : bodyShown(props, sight.prefer.bodyType)),
  }
}

/** What delta says of an occurrence: no title, no people. */
export function stubShown(instance: Instance, sight: Sight): GraphEvent {
  return identity(instance, false, sight)
}

export function masterShown(instance: Instance, sight: Sight): GraphEvent {
  return eventShown(instance, true, sight)
}

export function etagOf(instance: Instance): string {
  return `W/"${changeKeyOf(instance)}"`
}

export function calendarShown({ id, log, canEdit, isShared }: VisibleCalendar): GraphCalendar {
  return {
    id,
    name: isShared ? log.owner.name : log.name,
    color: 'auto',
    hexColor: '',
    isDefaultCalendar: log.isDefault && !isShared,
    changeKey: `DwAAABYAAA${id.slice(6, 16)}`,
    canShare: !isShared,
    canViewPrivateItems: !isShared,
    canEdit,
    allowedOnlineMeetingProviders: ['teamsForBusiness'],
    defaultOnlineMeetingProvider: 'teamsForBusiness',
    isTallyingResponses: log.isDefault && !isShared,
    isRemovable: !log.isDefault,
    owner: { name: log.owner.name, address: log.owner.address },
  }
}

/** Properties of ours or of others that a request expanded by their ids. */
export function extendedShown(
  props: EventProps,
  ids: readonly string[],
): Pick<GraphEvent, 'singleValueExtendedProperties'> {
  const shown = ids.flatMap(id => {
    const found = Object.entries(props.extended).find(([known]) => known.toLowerCase() === id.toLowerCase())
    return found === undefined ? [] : [{ id: found[0], value: found[1] }]
  })
  return shown.length === 0 ? {} : { singleValueExtendedProperties: shown }
}

function identity(
  { event, kind, originalOn, times }: Instance,
  isMaster: boolean,
  { calendar, prefer }: Sight,
): GraphEvent {
  const { of } = calendar
  const shown = prefer.zone ?? { name: of.zone, zone: zoneNamed(of.zone)! }
  const at = (text: string) => ({ dateTime: text, timeZone: shown.name })
  return {
    id: of.shownId(event, originalOn, prefer.isImmutable),
    type: isMaster ? 'seriesMaster' : kind,
    seriesMasterId: originalOn === null ? null : of.shownId(event, null, prefer.isImmutable),
    start: at(times.kind === 'timed' ? wallText(times.startAt, shown.zone) : midnightText(times.startOn)),
    end: at(times.kind === 'timed' ? wallText(times.endAt, shown.zone) : midnightText(times.endOn)),
  }
}

function bodyShown(props: EventProps, bodyType: 'text' | 'html'): Pick<GraphEvent, 'body' | 'bodyPreview'> {
  const text = textOf(props.bodyHtml)
  const content =
    bodyType === 'text'
      ? text
      : props.bodyHtml === ''
        ? ''
        : `<html><head>\r\n<meta http-equiv="Content-Type" content="text/html; charset=utf-8"></head><body>${props.bodyHtml}</body></html>`
  return { body: { contentType: bodyType, content }, bodyPreview: text.slice(0, 255) }
}

/** Enough of HTML for what the fake's own bodies hold. */
export function textOf(html: string): string {
  return html
    .replace(/<(br|\/div|\/p|hr)[^>]*>/gi, '\r\n')
    .replace(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&nbsp;', ' ')
    .replaceAll('&amp;', '&')
    .trim()
}

function maskedProps(props: EventProps): EventProps {
  return {
    ...props,
    subject: 'Private Appointment',
    bodyHtml: '',
    attendees: [],
    location: '',
    locations: [],
    categories: [],
    joinUrl: null,
    extended: {},
  }
}

/** An exception has its own: it changes with the exception or its master, and not with its neighbours. */
const changeKeyOf = ({ event, kind, changeNumber, times, props }: Instance) =>
  kind === 'exception'
    ? digest(JSON.stringify([event.serial, times, props]))
    : Buffer.from(`change ${event.serial} ${changeNumber}`).toString('base64')

const stamp = (at: number) => new Date(at).toISOString().replace('.000Z', 'Z')
