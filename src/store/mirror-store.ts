import type { CalendarItem, ItemId, ListedCalendar } from '../connectors/connector.ts'
import type { Instant, Interval } from '../domain/time/types.ts'
import type {
  Account,
  AccountId,
  CalendarKey,
  CalendarSync,
  MirroredCalendar,
  PushChannel,
  WriteEntry,
} from './accounts.ts'

/**
 * What was read from live calendars, beside our own notes about it. A mirror of the providers that a full round may
 * rebuild; nothing of our own (audits, the journal, corrections) lives in its tables.
 *
 * Everything belongs to one tenant, which opens every key: a store made for one never sees another's rows.
 *
 * Promises:
 * - a step is applied whole or not at all, its changes together with its cursor;
 * - a step made for another version of the calendar (somebody else was faster) is `conflict` and changes nothing;
 * - applying items that are there unchanged writes no item row;
 * - nothing of a private event but its time, status and ids is ever written; what becomes private later is overwritten,
 *   and after `settle` its old text is in no file of the database;
 * - removing an account removes every row that came from it.
 */
export interface MirrorStore {
  addAccount(account: Account): Promise<void>
  listAccounts(): Promise<readonly Account[]>
  updateAccount(
    id: AccountId,
    change: Partial<Pick<Account, 'status' | 'sentence' | 'listedAt' | 'tier' | 'label' | 'settings' | 'subject'>>,
  ): Promise<void>
  /**
   * With its calendars, items, channels, directory and credential, and the audits kept of synced calendars. The journal
   * stays, without texts. Owes a `settle`.
   */
  removeAccount(id: AccountId): Promise<void>

  /** By name; of one account, or of all. */
  listCalendars(accountId?: AccountId): Promise<readonly MirroredCalendar[]>
  /**
   * Selected calendars whose time has come: `nextAt` null or past, longest waiting first. Its cost follows how many are
   * due, not how many there are. A time more than 30 days ahead has come as well: a clock was wrong when it was written.
   */
  listDue(now: Instant): Promise<readonly MirroredCalendar[]>
  /**
   * The account's calendars as listed now. New ones are `waiting` (selected when primary or owned), known ones keep
   * their sync; one that is not listed any more becomes `gone` and keeps its items until `removeAccount`.
   */
  recordListing(accountId: AccountId, listed: readonly ListedCalendar[], now: Instant): Promise<void>
  selectCalendar(key: CalendarKey, isSelected: boolean): Promise<void>
  /** Changes fields of `sync` without a step. `conflict` when `version` is not the calendar's. */
  updateSync(key: CalendarKey, version: number, change: Partial<CalendarSync>): Promise<void>
  /**
   * "Look now": clears `nextAt`, whatever the version. Unknown calendars are passed over. A calendar that is to be looked
   * at already costs no write.
   */
  lookNow(keys: readonly CalendarKey[]): Promise<void>
  /**
   * Before a round: sets `nextAt`, whatever the version, so that a `lookNow` during the round is seen when it ends (see
   * `heedLook`), and so that a calendar whose reader died is due again then.
   */
  claim(key: CalendarKey, untilAt: Instant): Promise<void>

  /** Applies one step. */
  applyStep(step: StepToApply): Promise<StepApplied>
  /** Ids and etags of all items of a calendar. */
  etags(key: CalendarKey): Promise<ReadonlyMap<ItemId, string>>
  /** Items by id, and with `ofSeries` those that belong to a series: what privacy has to be decided on. */
  findItems(
    key: CalendarKey,
    wanted: { readonly ids?: readonly ItemId[]; readonly ofSeries?: readonly ItemId[] },
  ): Promise<readonly CalendarItem[]>
  /** Series that bare occurrences name and that are not there: without them nobody knows what the occurrence is. */
  missingSeries(key: CalendarKey): Promise<readonly ItemId[]>
  /**
   * What completing the full round under way would remove: items not named in it. `future` counts those with an
   * occurrence that can start at or after `now`, of all `futureBefore` such items.
   */
  wouldSweep(
    key: CalendarKey,
    now: Instant,
  ): Promise<{ readonly total: number; readonly future: number; readonly futureBefore: number }>
  /** Forgets the round under way: what it named, not what it brought. */
  abandonRound(key: CalendarKey, version: number, change: Partial<CalendarSync>): Promise<void>
  /** Every item that may touch the window, by id. */
  readItems(key: CalendarKey, window: Interval): Promise<readonly CalendarItem[]>
  countItems(key: CalendarKey): Promise<number>

  saveChannel(channel: PushChannel): Promise<void>
  /** The next to expire first. */
  listChannels(): Promise<readonly PushChannel[]>
  /** Those with one of these ids, ours or the provider's. Its cost follows the ids, not the channels there are. */
  findChannels(wanted: {
    readonly channelIds?: readonly string[]
    readonly providerIds?: readonly string[]
  }): Promise<readonly PushChannel[]>
  removeChannel(channelId: string): Promise<void>

  /** Writes a line of the journal, or replaces the one with its id. */
  saveWrite(entry: WriteEntry): Promise<void>
  /** Oldest first. */
  listWrites(): Promise<readonly WriteEntry[]>

  /** The account's directory as rows of people.csv; replaces what it gave before. */
  saveDirectory(accountId: AccountId, rows: readonly Readonly<Record<string, string>>[], now: Instant): Promise<void>
  /** Rows of all accounts, with when each account's were read. */
  readDirectory(): Promise<
    readonly {
      readonly accountId: AccountId
      readonly readAt: Instant
      readonly rows: readonly Readonly<Record<string, string>>[]
    }[]
  >

  /**
   * Makes what was deleted or overwritten unreadable in the database's files too. Rewrites the whole file: only when it
   * is owed. `busy` while another process reads; it is then still owed.
   */
  settle(): Promise<void>
  /** Something was overwritten (`hides`) or an account removed since the last `settle`. */
  owesSettling(): Promise<boolean>
}

export interface StepToApply {
  readonly key: CalendarKey
  /** The version of the calendar the step was pulled for. */
  readonly version: number
  /** The last word on each item. */
  readonly items: readonly CalendarItem[]
  readonly removed: readonly ItemId[]
  /** Named in this round: delivered or present. Kept until the round ends. */
  readonly named: readonly ItemId[]
  /** Series whose occurrences and exceptions not named in this round go when it ends. Kept until then. */
  readonly replacedSeries: readonly ItemId[]
  /** The calendar's sync after this step; `version` is counted up by the store. */
  readonly sync: Partial<CalendarSync>
  /** `nextAt` stays null where it is null: somebody said "look now" since the calendar was claimed for this round. */
  readonly heedLook?: boolean
  /**
   * `open`: more steps follow. `sweep`: a full round ends, unnamed items go. `close`: a changes round ends, or a full one
   * that began with nothing stored; of replaced series unnamed items go. Both forget what the round named.
   */
  readonly end: 'open' | 'sweep' | 'close'
  /** The step overwrites or removes what may not be kept: `settle` is owed from then on, also by the next process. */
  readonly hides?: boolean
  /** The calendar's name and zone, where the provider says them in its pages. Null: not said, what is known stays. */
  readonly about?: { readonly name: string | null; readonly zone: string | null }
}

export interface StepApplied {
  /** Item rows inserted or rewritten. */
  readonly written: number
  readonly removed: number
  readonly version: number
}
