import type { CalendarEvent } from '../domain/meetings/calendar-event.ts'
import type { Instant, Interval } from '../domain/time/types.ts'
import type { LeftOut } from './calendar-read.ts'

/**
 * The port to live calendars. Google, Microsoft 365, CalDAV servers, ICS feeds and the memory connector of the tests
 * pass one contract (`test/contract/connector-contract.ts`, one test a promise).
 *
 * Words:
 * - an *account* is one consent at one provider; a connector works for one account;
 * - a *calendar* of an account has an id that the provider chose; we compare it and never read it;
 * - an *item* is what the provider calls one thing and gives one id and one etag: an event of Google or Graph, a
 *   resource of CalDAV (a series with its changed occurrences), all components of one UID of a feed;
 * - a *round* brings the store up to date: a *full* round names everything there is, a *changes* round what changed
 *   since the last round;
 * - a *step* is one page of a round; a *cursor* is where the next step goes on.
 *
 * Promises of every connector:
 * - **steps are small**: `pull` does one page, so that a round can stop after any step and go on tomorrow, elsewhere;
 * - **cursors are opaque and versioned**: text that only the connector that made it reads. One it cannot read (an older
 *   version, another window) is `cursor-expired`, never a guess;
 * - **idempotence**: a step pulled twice with one cursor gives the same items, or newer ones; applying it twice changes
 *   nothing;
 * - **order**: changes of a step count in their order, the last word on an item wins;
 * - **completeness**: the steps of one full round, with `done` in the last, name every item that can touch the window
 *   and stood there during the whole round, in `changes` or in `present`. Items that come or go meanwhile are in this
 *   round or in the next;
 * - **staleness**: after `done` the store is as the provider showed itself at the start of the round or later. A
 *   provider may be behind its own truth for a while; it catches up in a later round without being asked;
 * - **expiry is said**: a cursor the provider has forgotten is `cursor-expired` and never an empty round;
 * - **privacy**: nothing of a private event but its time, its status and its ids leaves the connector;
 * - **a broken item costs itself**: it is counted in `leftOut`, the rest of the page arrives;
 * - **no retry of its own**: all requests go through the one policy (`http-policy.ts`), which alone waits and repeats.
 *
 * Errors are `PortError`s, decided by code:
 *
 * | code | means | the engine |
 * | --- | --- | --- |
 * | `cursor-expired` | the cursor is forgotten | begins a full round, at most one an hour |
 * | `busy`, `unreachable`, `failed`, `malformed` | not now | tries again later, with growing pauses |
 * | `paused` | this tick's budget is spent | goes on in the next tick |
 * | `signed-out` | the consent is gone | stops the account, says how to connect again |
 * | `denied`, `not-found` | this calendar is closed or gone | marks the calendar |
 * | `no-mailbox` | this person has no calendar here | marks the calendar (or the account, from `listCalendars`), no failure |
 * | `rejected` | our request is wrong | marks the calendar; a person has to look |
 */
export interface Connector {
  readonly provider: Provider
  /** Every calendar the account may read. Throws the codes above. */
  listCalendars(budget: TickBudget): Promise<readonly ListedCalendar[]>
  pull(request: PullRequest): Promise<PullStep>
  /**
   * Named items as they are now, in any order; an item that is not there (any more) or may not be seen comes as
   * `removed`. For masters whose occurrences arrived alone.
   */
  fetchItems(request: FetchRequest): Promise<readonly Change[]>
}

export const providers = ['google', 'microsoft', 'caldav', 'ics', 'memory'] as const
export type Provider = (typeof providers)[number]

/**
 * How much of an event an account may read, from least to most. `free-busy`: times alone. `basic`: who, when, title,
 * place. `content`: the agenda text too. `write-back`: everything of content, and our own blocks and agenda prompts.
 */
export const tiers = ['free-busy', 'basic', 'content', 'write-back'] as const
export type Tier = (typeof tiers)[number]

/** The provider's own id of a calendar inside an account. */
export type CalendarId = string
/** The provider's own id of an item inside a calendar. Case matters. */
export type ItemId = string

export interface ListedCalendar {
  readonly id: CalendarId
  readonly name: string | null
  /** IANA name; null when the provider does not say. */
  readonly zone: string | null
  /** Whose calendar it is, as an address; null for shared ones and where nothing says. */
  readonly ownerAddress: string | null
  readonly isPrimary: boolean
  readonly access: CalendarAccess
}

export const calendarAccesses = ['free-busy', 'read', 'write', 'owner'] as const
export type CalendarAccess = (typeof calendarAccesses)[number]

/** What a connector has to know of a calendar to work on it. */
export interface CalendarRef {
  readonly id: CalendarId
  readonly ownerAddress: string | null
  /** IANA name, for times that name no zone. */
  readonly zone: string | null
}

/** What one tick may spend. Shared by everything that works in it; the policy counts `requests` down. */
export interface TickBudget {
  /** Requests left. At 0 the policy refuses with `paused`. */
  requests: number
  /** No request and no wait begins that would end after this instant. */
  readonly untilAt: Instant
  /** Ctrl-C: the request under way is dropped, the step with it. */
  readonly signal?: AbortSignal
}

export interface PullRequest {
  readonly calendar: CalendarRef
  /** From the last step; null begins a full round. */
  readonly cursor: string | null
  /** What has to be covered. A connector may bring more. Asked at the start of a full round; a cursor keeps its own. */
  readonly window: Interval
  readonly now: Instant
  /** Items the store has, with their etags; asked only by connectors that compare (CalDAV without tokens, feeds). */
  readonly known: () => Promise<ReadonlyMap<ItemId, string>>
  readonly budget: TickBudget
}

export interface FetchRequest {
  readonly calendar: CalendarRef
  readonly ids: readonly ItemId[]
  readonly window: Interval
  readonly now: Instant
  readonly budget: TickBudget
}

export interface PullStep {
  /** Which round this step is part of; the same in all its steps. */
  readonly round: 'full' | 'changes'
  readonly changes: readonly Change[]
  /** In a full round: items of `known` that are still there, unchanged and not in `changes`. */
  readonly present: readonly ItemId[]
  /** For the next step; after the last one, for the next round. */
  readonly cursor: string
  /** The round is complete. */
  readonly done: boolean
  /** What could not be read, in words for people, without titles or addresses. */
  readonly leftOut: readonly LeftOut[]
  /** Learned on the way: a feed says its name and zone in its text. Null where nothing was said. */
  readonly about?: { readonly name: string | null; readonly zone: string | null }
}

export type Change =
  | { readonly kind: 'item'; readonly item: CalendarItem }
  /** Not there any more, or outside the window. Of an unknown item it means nothing. */
  | { readonly kind: 'removed'; readonly itemId: ItemId }
  /**
   * The provider delivers the whole series in this round: when the round is complete, occurrences and exceptions of the
   * series that were not named in it are gone. (Graph never says that one occurrence was deleted.)
   */
  | { readonly kind: 'series-replaced'; readonly seriesItemId: ItemId }

export interface CalendarItem {
  readonly id: ItemId
  /** Differs whenever anything we keep differs. Never empty. */
  readonly etag: string
  /** The item that holds the series, for an exception or an occurrence delivered as an item of its own. */
  readonly seriesItemId: ItemId | null
  readonly content: ItemContent
}

export type ItemContent =
  /**
   * Events whose rules we expand: one, or a series with its overrides. Never empty. `cancelled` overrides stay, since
   * they are what was taken out of the series.
   */
  | { readonly kind: 'events'; readonly events: readonly CalendarEvent[] }
  /** A series whose occurrences the provider expands and delivers as items: `event.recurrence` holds no rule. */
  | { readonly kind: 'series'; readonly event: CalendarEvent }
  /** One occurrence of such a series that is as the series says: its times alone. All-day: midnights in UTC. */
  | { readonly kind: 'occurrence'; readonly startAt: Instant; readonly endAt: Instant }

/** Writing to calendars. Present on connectors whose account was given `write-back`. */
export interface CalendarWriter {
  /**
   * Idempotent by `block.key`: a block with this key that is there already is given back as it is, and not doubled.
   * Carries our marker. No attendees, no notifications. A real focus block where the account allows it, else busy time.
   */
  createBlock(calendar: CalendarRef, block: Block, budget: TickBudget): Promise<WrittenBlock>
  /** `conflict` when the block was changed since `etag`; `not-found` when it is gone; `denied` when it is not ours. */
  moveBlock(calendar: CalendarRef, move: BlockMove, budget: TickBudget): Promise<WrittenBlock>
  /** One that is gone already is done. `denied` when it is not ours. */
  removeBlock(calendar: CalendarRef, itemId: ItemId, budget: TickBudget): Promise<void>
  /** The block with this key as the provider shows it now; null when there is none. For the read-back. */
  findBlock(calendar: CalendarRef, key: BlockKey, budget: TickBudget): Promise<WrittenBlock | null>
  /** Everything on the calendar that carries our marker, whoever remembers writing it. */
  listBlocks(calendar: CalendarRef, window: Interval, budget: TickBudget): Promise<readonly WrittenBlock[]>
  /** The invitation text of an event as it is, and whether the account organizes it. */
  readAgenda(calendar: CalendarRef, itemId: ItemId, budget: TickBudget): Promise<AgendaText>
  /**
   * Puts our agenda text between our two markers, or takes it out (null). The rest of the invitation stays as it is,
   * byte for byte where the provider allows. Nobody is notified. `denied` unless the account organizes the event,
   * `conflict` when it was changed since `etag`.
   */
  writeAgenda(calendar: CalendarRef, change: AgendaChange, budget: TickBudget): Promise<AgendaText>
}

/** 26 or more characters of 0-9 and a-v (base32hex), made from what the block is for: Google takes it as an event id. */
export type BlockKey = string

export interface Block {
  readonly key: BlockKey
  readonly title: string
  readonly startAt: Instant
  readonly endAt: Instant
  /** IANA name, for how calendars show it. */
  readonly zone: string
  /** `focus`: hard. `hold`: soft, shown as tentative. */
  readonly kind: 'focus' | 'hold'
}

export interface WrittenBlock {
  readonly itemId: ItemId
  readonly etag: string
  readonly key: BlockKey
  readonly title: string
  readonly startAt: Instant
  readonly endAt: Instant
  /** What the calendar made of it: its own focus time, or plain busy time. */
  readonly as: 'focus-time' | 'busy' | 'tentative'
}

export interface BlockMove {
  readonly itemId: ItemId
  readonly etag: string
  readonly startAt: Instant
  readonly endAt: Instant
  readonly zone: string
}

export interface AgendaText {
  readonly itemId: ItemId
  readonly etag: string
  readonly isOrganizer: boolean
  /** Our text between the markers; null when there is none. */
  readonly ours: string | null
}

export interface AgendaChange {
  readonly itemId: ItemId
  readonly etag: string
  /** Plain text; null takes it out. */
  readonly text: string | null
}

/** Being told to look. A notification never carries news, only "look now"; polling stays. */
export interface PushSource {
  /** How long the provider lets a channel live, at most. */
  readonly longestMs: number
  subscribe(wanted: ChannelWanted, budget: TickBudget): Promise<OpenChannel>
  /** Null: this provider cannot prolong; open a new channel, then stop the old one. `not-found`: open a new one. */
  readonly renew: ((channel: OpenChannel, untilAt: Instant, budget: TickBudget) => Promise<OpenChannel>) | null
  /** One that is gone already is done. */
  stop(channel: OpenChannel, budget: TickBudget): Promise<void>
}

export interface ChannelWanted {
  readonly calendar: CalendarRef
  /** Ours; unique. */
  readonly channelId: string
  /** Comes back with every notification; the store keeps its hash alone. At most 128 characters. */
  readonly secret: string
  /** https addresses of ours for notifications and for news about the channel itself. */
  readonly address: string
  readonly lifecycleAddress: string
  readonly untilAt: Instant
}

export interface OpenChannel {
  readonly channelId: string
  /** The provider's own id: Google's resource id, Graph's subscription id. */
  readonly providerId: string
  readonly calendarId: CalendarId
  /** As the provider answered, which may be sooner than asked. */
  readonly expiresAt: Instant
}

/** People, teams, managers, rooms and groups as rows of people.csv: one way in for all of them. */
export interface DirectorySource {
  /** Rows with the headers of people.csv (`email`, `name`, `team`, `manager`, `time zone`, `aliases`, `kind`, `members`). */
  rows(budget: TickBudget): Promise<readonly Readonly<Record<string, string>>[]>
}

/** Everything one account can do; built by an entry from the account and its credential. */
export interface AccountConnection {
  readonly connector: Connector
  /** Null where the tier or the provider has none. */
  readonly writer: CalendarWriter | null
  readonly push: PushSource | null
  readonly directory: DirectorySource | null
  /** Gives the consent back at the provider; done when it is gone already. */
  revoke(budget: TickBudget): Promise<void>
}
