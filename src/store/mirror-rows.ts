/** Accounts, calendars, channels and the journal as rows of their tables and back. */
import type { LeftOut } from '../connectors/calendar-read.ts'
import type { CalendarAccess, CalendarId, ItemId, Provider, Tier } from '../connectors/connector.ts'
import type { Instant } from '../domain/time/types.ts'
import type {
  Account,
  AccountId,
  AccountStatus,
  CalendarStatus,
  CalendarSync,
  MirroredCalendar,
  PushChannel,
  RoundState,
  WriteEntry,
} from './accounts.ts'
import type { BulkUpsert, SqlValue, Statement } from './store.ts'

/** A row by column name, to be written. */
export type Columns = Readonly<Record<string, SqlValue>>

/** Refused with `conflict` when the key is there already. */
export function insertOne(table: string, columns: Columns): Statement {
  const names = Object.keys(columns)
  return {
    sql: `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
    params: Object.values(columns),
  }
}

export function upsertOne(table: string, columns: Columns, key: readonly string[]): BulkUpsert {
  return { table, columns: Object.keys(columns), key, rows: [Object.values(columns)] }
}

export interface AccountRow {
  readonly id: AccountId
  readonly provider: Provider
  readonly subject: string | null
  readonly label: string
  readonly tier: Tier
  readonly consent: Account['grant']
  readonly settings: string
  readonly status: AccountStatus
  readonly sentence: string | null
  readonly connected_at: Instant
  readonly listed_at: Instant | null
}

/** The columns of the fields that are given. */
export function accountToColumns(account: Partial<Account>): Columns {
  return given({
    id: account.id,
    provider: account.provider,
    subject: account.subject,
    label: account.label,
    tier: account.tier,
    consent: account.grant,
    settings: account.settings && JSON.stringify(account.settings),
    status: account.status,
    sentence: account.sentence,
    connected_at: account.connectedAt,
    listed_at: account.listedAt,
  })
}

export function rowToAccount(row: AccountRow): Account {
  return {
    id: row.id,
    provider: row.provider,
    subject: row.subject,
    label: row.label,
    tier: row.tier,
    grant: row.consent,
    // Safe because `accountToColumns` alone writes it.
    settings: JSON.parse(row.settings) as Record<string, string>,
    status: row.status,
    sentence: row.sentence,
    connectedAt: row.connected_at,
    listedAt: row.listed_at,
  }
}

export interface CalendarRow {
  readonly account_id: AccountId
  readonly id: CalendarId
  readonly name: string | null
  readonly zone: string | null
  readonly owner_address: string | null
  readonly is_primary: 0 | 1
  readonly access: CalendarAccess
  readonly is_selected: 0 | 1
  readonly version: number
  readonly status: CalendarStatus
  readonly sentence: string | null
  readonly cursor: string | null
  readonly round: string | null
  readonly generation: number
  readonly as_of: Instant | null
  readonly tried_at: Instant | null
  readonly next_at: Instant | null
  readonly failures: number
  readonly forced_at: Instant | null
  readonly window_start_at: Instant | null
  readonly window_end_at: Instant | null
  readonly left_out: string
}

/** All but the version, which the store counts. */
export function syncToColumns(sync: Partial<CalendarSync>): Columns {
  return given({
    status: sync.status,
    sentence: sync.sentence,
    cursor: sync.cursor,
    round: sync.round && JSON.stringify(sync.round),
    generation: sync.generation,
    as_of: sync.asOf,
    tried_at: sync.triedAt,
    next_at: sync.nextAt,
    failures: sync.failures,
    forced_at: sync.forcedAt,
    window_start_at: sync.windowStartAt,
    window_end_at: sync.windowEndAt,
    left_out: sync.leftOut && JSON.stringify(sync.leftOut),
  })
}

export function rowToCalendar(row: CalendarRow): MirroredCalendar {
  return {
    accountId: row.account_id,
    id: row.id,
    name: row.name,
    zone: row.zone,
    ownerAddress: row.owner_address,
    isPrimary: row.is_primary === 1,
    access: row.access,
    isSelected: row.is_selected === 1,
    sync: {
      status: row.status,
      sentence: row.sentence,
      version: row.version,
      cursor: row.cursor,
      // Safe because `syncToColumns` alone writes both.
      round: row.round === null ? null : (JSON.parse(row.round) as RoundState),
      generation: row.generation,
      asOf: row.as_of,
      triedAt: row.tried_at,
      nextAt: row.next_at,
      failures: row.failures,
      forcedAt: row.forced_at,
      windowStartAt: row.window_start_at,
      windowEndAt: row.window_end_at,
      leftOut: JSON.parse(row.left_out) as LeftOut[],
    },
  }
}

export interface ChannelRow {
  readonly channel_id: string
  readonly account_id: AccountId
  readonly calendar_id: CalendarId
  readonly provider_id: string
  readonly secret_hash: string
  readonly address: string
  readonly expires_at: Instant
  readonly next_at: Instant | null
  readonly status: PushChannel['status']
}

export function channelToColumns(channel: PushChannel): Columns {
  return {
    channel_id: channel.channelId,
    account_id: channel.accountId,
    calendar_id: channel.calendarId,
    provider_id: channel.providerId,
    secret_hash: channel.secretHash,
    address: channel.address,
    expires_at: channel.expiresAt,
    next_at: channel.nextAt,
    status: channel.status,
  }
}

export function rowToChannel(row: ChannelRow): PushChannel {
  return {
    accountId: row.account_id,
    calendarId: row.calendar_id,
    channelId: row.channel_id,
    providerId: row.provider_id,
    secretHash: row.secret_hash,
    address: row.address,
    expiresAt: row.expires_at,
    nextAt: row.next_at,
    status: row.status,
  }
}

export interface WriteRow {
  readonly id: string
  readonly account_id: AccountId
  readonly calendar_id: CalendarId
  readonly action: WriteEntry['action']
  readonly detail: string
  readonly state: WriteEntry['state']
  readonly item_id: ItemId | null
  readonly sentence: string | null
  readonly created_at: Instant
  readonly updated_at: Instant
}

export function writeToColumns(entry: WriteEntry): Columns {
  return {
    id: entry.id,
    account_id: entry.accountId,
    calendar_id: entry.calendarId,
    action: entry.action,
    detail: entry.detail,
    state: entry.state,
    item_id: entry.itemId,
    sentence: entry.sentence,
    created_at: entry.createdAt,
    updated_at: entry.updatedAt,
  }
}

export function rowToWrite(row: WriteRow): WriteEntry {
  return {
    accountId: row.account_id,
    calendarId: row.calendar_id,
    id: row.id,
    action: row.action,
    detail: row.detail,
    state: row.state,
    itemId: row.item_id,
    sentence: row.sentence,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

/** Null is a value, and what is not there stays as it is. */
function given(columns: Readonly<Record<string, SqlValue | undefined>>): Columns {
  const kept: Record<string, SqlValue> = {}
  for (const [name, value] of Object.entries(columns)) if (value !== undefined) kept[name] = value
  return kept
}
