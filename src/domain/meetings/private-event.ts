/** What is left of an event that its owner keeps to themselves: its time, and that it is there. */
import type { CalendarEvent, Visibility } from './calendar-event.ts'
import { stableHash } from './stable-id.ts'

export function isHidden(visibility: Visibility): boolean {
  return visibility === 'private' || visibility === 'confidential'
}

/** The same event with everything but its time taken out: for the public exception of a private series. */
export function maskEvent(event: CalendarEvent, visibility: Visibility): CalendarEvent {
  return {
    ...event,
    title: null,
    description: '',
    location: '',
    organizer: null,
    attendees: none,
    attendeesTruncated: false,
    visibility,
    categories: none,
    onlineUrl: null,
    attachmentCount: 0,
  }
}

/** A masked event as it may be stored: a UID can be telling too, so it goes in disguise. Safe to do twice. */
export function storableMask(event: CalendarEvent): CalendarEvent {
  const visibility = isHidden(event.visibility) ? event.visibility : 'private'
  const uid = event.uid.startsWith(disguise) ? event.uid : `${disguise}${stableHash(event.uid)}`
  return { ...maskEvent(event, visibility), uid }
}

const disguise = 'private-'
const none: readonly never[] = []
