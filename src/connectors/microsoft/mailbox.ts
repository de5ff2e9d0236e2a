import { stableHash } from '../../domain/meetings/stable-id.ts'
import { plainAddress } from '../../domain/meetings/who.ts'
import type { CalendarId, ItemId } from '../connector.ts'
import type { Lane } from '../http-policy.ts'

/** How the consent of an account works; see `Account.grant`. */
export type MicrosoftGrant = 'personal' | 'organisation'

/** Where a calendar is, and who shares its limits. */
export interface CalendarPlace {
  /** `me/calendars/AAMk…` or `users/7f3a…`: calendarView/delta is asked here. */
  readonly views: string
  /** Events by id; calendar-scoped, since on shared calendars any other path is a 404 for ever. */
  readonly events: string
  readonly mailboxSettings: string
  readonly lane: Lane
}

/**
 * The place of a calendar. A person's own calendars go by Graph's ids; an organisation's by the id of the user, whose
 * default calendar it is.
 */
export function calendarPlace(grant: MicrosoftGrant, subject: string | null, id: CalendarId): CalendarPlace {
  if (grant === 'organisation') {
    const user = `users/${encodeURIComponent(id)}`
    return {
      views: user,
      events: `${user}/calendar/events`,
      mailboxSettings: `${user}/mailboxSettings`,
      lane: mailboxLane(id),
    }
  }
  const calendar = `me/calendars/${encodeURIComponent(id)}`
  return {
    views: calendar,
    events: `${calendar}/events`,
    mailboxSettings: 'me/mailboxSettings',
    lane: mailboxLane(subject),
  }
}

export function eventPath(place: CalendarPlace, id: ItemId): string {
  return `${place.events}/${encodeURIComponent(id)}`
}

/** Outlook's limits for an app and a mailbox: 4 requests at once, 10,000 in ten minutes. No address gets into the name. */
export function mailboxLane(mailbox: string | null): Lane {
  const name = `graph mailbox ${stableHash(plainAddress(mailbox ?? 'me'))}`
  return { name, concurrent: 4, perWindow: { requests: 10_000, ms: 600_000 } }
}

/** The directory shares no limits with any mailbox. */
export function directoryLane(subject: string | null): Lane {
  return { name: `graph directory ${stableHash(plainAddress(subject ?? 'me'))}`, concurrent: 4 }
}
