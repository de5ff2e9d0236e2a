import type { FakeCalendar } from './fake-calendar.ts'

export interface UserWanted {
  readonly address: string
  readonly aliases?: readonly string[]
  /** A Workspace account of the one customer, or a private one. `workspace` by default. */
  readonly kind?: 'workspace' | 'consumer'
  readonly isSuspended?: boolean
  /** Without the calendar service: `notACalendarUser`. */
  readonly hasCalendar?: boolean
  readonly isAdmin?: boolean
  readonly timeZone?: string
  readonly givenName?: string
  readonly familyName?: string
  readonly department?: string
  readonly title?: string
  /** Address of the manager, in the directory's `relations`. */
  readonly manager?: string
}

export interface FakeUser {
  readonly address: string
  readonly aliases: readonly string[]
  readonly kind: 'workspace' | 'consumer'
  isSuspended: boolean
  hasCalendar: boolean
  readonly isAdmin: boolean
  readonly profile: UserWanted
  /** The primary calendar. */
  readonly calendar: FakeCalendar
  /** The person's list of calendars, by id. */
  readonly list: Map<string, ListEntry>
  readonly settings: Map<string, string>
}

export interface ListEntry {
  readonly calendarId: string
  isHidden: boolean
  isDeleted: boolean
  summaryOverride: string | null
  /** The change of the list that made it so. */
  version: number
}
