import type { Provider, Tier } from '../../connectors/connector.ts'
import type { Instant } from '../../domain/time/types.ts'
import type { PortErrorCode } from '../../port-error.ts'
import type { AccountId, AccountStatus, CalendarStatus, ChannelStatus } from '../../store/accounts.ts'
import type { KeyStatus } from '../keys/key-status.ts'

/** What was found out, or why it could not be: what one check lacks is no other's business. */
export type Found<T> =
  | { readonly kind: 'found'; readonly facts: T }
  /** A sentence for people, without secrets. */
  | { readonly kind: 'failed'; readonly sentence: string }

export interface MachineFacts {
  /** Such as `20.20.2`. */
  readonly node: string
  /** IANA release of the zone data, such as `2026c`; null when the runtime does not say. */
  readonly zoneData: string | null
}

export interface EngineFacts {
  readonly package: string | null
  readonly sqlite: string
}

export interface DatabaseFacts {
  readonly path: string
  /** Null when there is no file yet. */
  readonly inspection: {
    readonly bytes: number
    readonly isWritable: boolean
    readonly journalMode: string
    readonly damage: readonly string[]
    readonly applied: readonly string[] | null
    readonly tables: number
  } | null
  /** Names of the migrations this version knows, in order. */
  readonly known: readonly string[]
  /** Bytes that may still be written on its disk; null when nobody can say. */
  readonly room: number | null
}

export interface ConfigFacts {
  /** Names of the variables that begin with MINUTEWISE_ and are not empty. */
  readonly variables: readonly string[]
  /** Sentences without values. */
  readonly problems: readonly string[]
}

export type KeyFacts = Omit<KeyStatus, 'shut'> & {
  /** The draft of a change that was never finished; null when there is none. */
  readonly draft: string | null
  /** Secrets that do not open, by the account's label. */
  readonly shut: readonly { readonly label: string | null; readonly sentence: string }[]
}

export interface AccountFacts {
  readonly id: AccountId
  readonly provider: Provider
  readonly label: string
  readonly tier: Tier
  readonly status: AccountStatus
  readonly sentence: string | null
  /** Of the access token at hand; null where there is none or it does not end. */
  readonly tokenEndsAt: Instant | null
  /** Asked for by the tier and not granted. */
  readonly missingScopes: readonly string[]
  readonly asked: Asked
  readonly calendars: readonly CalendarFacts[]
}

/** How the provider answered one cheap question. */
export type Asked =
  /** Null `calendars`: so many that not all were listed. `directory`: null where the account has none. */
  | { readonly kind: 'answered'; readonly calendars: number | null; readonly directory: DirectoryAnswer | null }
  | { readonly kind: 'refused'; readonly code: PortErrorCode; readonly sentence: string }
  | { readonly kind: 'too-slow'; readonly seconds: number }
  /** With `--offline`, or because its consent is known to be gone. */
  | { readonly kind: 'not-asked' }

export type DirectoryAnswer = { readonly kind: 'ok' } | { readonly kind: 'refused'; readonly sentence: string }

export interface CalendarFacts {
  readonly id: string
  readonly name: string | null
  readonly isSelected: boolean
  readonly status: CalendarStatus
  readonly sentence: string | null
  readonly asOf: Instant | null
}

export interface ChannelFacts {
  readonly status: ChannelStatus
  /** Where the provider knocks: the host of its address alone. */
  readonly host: string
  readonly expiresAt: Instant
}

/** Everything the checks judge. */
export interface DoctorFacts {
  readonly now: Instant
  readonly offline: boolean
  readonly machine: Found<MachineFacts>
  readonly engine: Found<EngineFacts>
  readonly database: Found<DatabaseFacts>
  readonly config: Found<ConfigFacts>
  /** Null when there is nothing to look at: no database, or one that does not open. */
  readonly keys: Found<KeyFacts> | null
  readonly accounts: Found<readonly AccountFacts[]> | null
  readonly channels: Found<readonly ChannelFacts[]> | null
  /** The clock of providers less ours, as their answers said it; null when none did. */
  readonly clockAheadMs: number | null
}
