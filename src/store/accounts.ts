import type { LeftOut } from '../connectors/calendar-read.ts'
import type { CalendarAccess, CalendarId, ItemId, Provider, Tier } from '../connectors/connector.ts'
import type { Instant } from '../domain/time/types.ts'

/** One consented connection, without its secret. */
export interface Account {
  /** Ours: 16 or more random characters of a-z0-9. Short enough to type, never reused. */
  readonly id: AccountId
  readonly provider: Provider
  /** Who consented: an address for Google and Microsoft, a user name for CalDAV, null for a feed. */
  readonly subject: string | null
  /** A name for people: the address, the server's host, the feed's host. Never an address with a secret in it. */
  readonly label: string
  readonly tier: Tier
  /** How the consent works: a person's own, an organisation's (delegation, application permission), or a plain address. */
  readonly grant: 'personal' | 'organisation' | 'password' | 'address'
  /** Addresses of servers and other plain settings of the provider; never a secret. */
  readonly settings: Readonly<Record<string, string>>
  readonly status: AccountStatus
  /** For people, when the status is not `connected`: what happened and the next step. */
  readonly sentence: string | null
  readonly connectedAt: Instant
  /** When its calendars were listed last; null before the first time. */
  readonly listedAt: Instant | null
}
export type AccountId = string

/** `signed-out`: has to be connected again. `no-mailbox`: nothing to read here, and that is fine. */
export const accountStatuses = ['connected', 'signed-out', 'no-mailbox'] as const
export type AccountStatus = (typeof accountStatuses)[number]

/** One calendar of an account and where its sync stands. */
export interface MirroredCalendar {
  readonly accountId: AccountId
  readonly id: CalendarId
  readonly name: string | null
  readonly zone: string | null
  readonly ownerAddress: string | null
  readonly isPrimary: boolean
  readonly access: CalendarAccess
  /** False: the account has it, and it is not to be read. */
  readonly isSelected: boolean
  readonly sync: CalendarSync
}

export interface CalendarSync {
  readonly status: CalendarStatus
  readonly sentence: string | null
  /** Counts every write; a step is applied only to the version it was made for. */
  readonly version: number
  /** Where the next step goes on; null begins a full round. */
  readonly cursor: string | null
  /** The round under way; null between rounds. */
  readonly round: RoundState | null
  /** Full rounds completed. */
  readonly generation: number
  /** The store is as the provider was at this moment or later: the start of the last completed round. */
  readonly asOf: Instant | null
  readonly triedAt: Instant | null
  /** Not to be asked before; null: at any time. A notification clears it. */
  readonly nextAt: Instant | null
  /** In a row. */
  readonly failures: number
  /** Start of the last full round that was forced by a forgotten cursor. */
  readonly forcedAt: Instant | null
  /** The window of the last full round. */
  readonly windowStartAt: Instant | null
  readonly windowEndAt: Instant | null
  readonly leftOut: readonly LeftOut[]
}

export interface RoundState {
  readonly kind: 'full' | 'changes'
  readonly startedAt: Instant
  /** Steps applied. */
  readonly steps: number
  /**
   * The last full round missed so many future events that nothing was removed and this round is the second look: its
   * count. Null in ordinary rounds.
   */
  readonly missingBefore: number | null
  /** Nothing of the calendar was stored when the round began. Absent: something may have been. */
  readonly fromNothing?: true
}

/**
 * `waiting`: never read whole. `current`: read whole, the last try worked. `resyncing`: read whole once, being read
 * whole again; the old data is still served. `retrying`: the last try failed, another follows. `held`: half of the
 * future vanished; a person has to say that this is right. `closed`: no access. `gone`: not there any more.
 * `needs-attention`: trying again does not help.
 */
export const calendarStatuses = [
  'waiting',
  'current',
  'resyncing',
  'retrying',
  'held',
  'closed',
  'gone',
  'needs-attention',
] as const
export type CalendarStatus = (typeof calendarStatuses)[number]

/** Which calendar of which account. */
export interface CalendarKey {
  readonly accountId: AccountId
  readonly calendarId: CalendarId
}

/** A channel we were promised notifications on, or the note that we were refused one. */
export interface PushChannel extends CalendarKey {
  readonly channelId: string
  /** Empty before the provider has answered, and when it refused. */
  readonly providerId: string
  /** SHA-256 of the secret, hex. */
  readonly secretHash: string
  /** Of ours, that the provider was given. */
  readonly address: string
  /** The provider forgets it then, and so may we. */
  readonly expiresAt: Instant
  /** Nothing is to be done about it before: an open one is prolonged then, a failed try is repeated. Null: at once. */
  readonly nextAt: Instant | null
  readonly status: ChannelStatus
}

/**
 * `opening`: asked for; whoever died before the answer may have it at the provider. `open`: it notifies. `stopping`: it
 * is not wanted any more; the provider still has to be told. `refused`: there is none, and `nextAt` says when to ask again.
 */
export const channelStatuses = ['opening', 'open', 'stopping', 'refused'] as const
export type ChannelStatus = (typeof channelStatuses)[number]

/** One line of the write-back journal. */
export interface WriteEntry extends CalendarKey {
  /** Ours; for a new block its key. */
  readonly id: string
  readonly action: 'create-block' | 'move-block' | 'remove-block' | 'set-agenda' | 'remove-agenda'
  /** The action's own data as JSON: what to write and what it replaces, enough to undo it. */
  readonly detail: string
  /**
   * `intended`: written down, the call may or may not have gone out. `sent`: the provider said yes. `confirmed`: read
   * back. `refused`: the provider said no; nothing changed. `undone`: taken back.
   */
  readonly state: 'intended' | 'sent' | 'confirmed' | 'refused' | 'undone'
  readonly itemId: ItemId | null
  readonly sentence: string | null
  readonly createdAt: Instant
  readonly updatedAt: Instant
}
