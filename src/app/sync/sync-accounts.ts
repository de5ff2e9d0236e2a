import type { Clock } from '../../clock.ts'
import type { AccountConnection, TickBudget } from '../../connectors/connector.ts'
import { dayMs, type Instant, minuteMs } from '../../domain/time/types.ts'
import { PortError } from '../../port-error.ts'
import type { Account, AccountId, CalendarKey, MirroredCalendar } from '../../store/accounts.ts'
import type { MirrorStore } from '../../store/mirror-store.ts'
import { saveDirectory } from '../connect/save-directory.ts'
import { inTurns } from '../in-turns.ts'
import { type CalendarOutcome, faultOfOurs, type SyncProgress, syncCalendar } from './sync-calendar.ts'
import { syncPolicyFor } from './sync-policy.ts'

export interface SyncAccountsDeps {
  readonly mirror: MirrorStore
  readonly clock: Clock
  /** Adapters are the entry's business: it knows which connector an account needs. */
  readonly connectionOf: (account: Account) => Promise<AccountConnection>
}

export interface SyncAccountsInput {
  readonly budget: TickBudget
  /** These alone; null for all. */
  readonly only: readonly AccountId[] | null
  /** A person asks: every calendar is looked at now, whenever it would have had its turn. */
  readonly askedFor: boolean
  /** The calendar whose vanished events a person has looked at. */
  readonly accept: CalendarKey | null
  /** How long a calendar may be left alone after this round, where that is not the policy's: one that is told of changes. */
  readonly intervalMs?: (calendar: MirroredCalendar) => number | null
  readonly progress?: SyncProgress
}

export interface SyncRun {
  readonly accounts: readonly AccountOutcome[]
  readonly calendars: readonly { readonly calendar: MirroredCalendar; readonly outcome: CalendarOutcome }[]
  /** The tick was over before everything was done. */
  readonly paused: boolean
  /** What became private is overwritten, and still in freed pages of the file: another process was reading it. */
  readonly owesSettling: boolean
}

export interface AccountOutcome {
  readonly account: Account
  /** `listed`: its calendars were listed in this run. `known`: the list of before was good enough. */
  readonly result: 'listed' | 'known' | 'signed-out' | 'no-mailbox' | 'failed'
  readonly sentence: string | null
}

/**
 * One tick over all accounts: lists calendars where that is due, then brings the due ones up to date, a few at a time.
 * One broken account or calendar stops nobody else; what went wrong stands in the outcome and in the store.
 */
export async function syncAccounts(deps: SyncAccountsDeps, input: SyncAccountsInput): Promise<SyncRun> {
  const accounts = (await deps.mirror.listAccounts()).filter(({ id }) => input.only?.includes(id) ?? true)
  const connections = new Map<AccountId, AccountConnection>()
  const dueBefore = await dueCalendars(deps, input, accounts)
  const withWork = new Set(dueBefore.map(({ accountId }) => accountId))
  const outcomes = await Promise.all(
    accounts.map(account => prepareAccount(deps, input, account, withWork.has(account.id), connections)),
  )
  const paused = outcomes.some(({ paused }) => paused)

  const isAnyListed = outcomes.some(({ outcome }) => outcome.result === 'listed')
  const calendars = isAnyListed ? await dueCalendars(deps, input, accounts) : dueBefore
  // read after the calendars: a tier lowered meanwhile is met here, or by the version of a calendar
  const unchanged = calendars.length === 0 ? new Map<AccountId, Account>() : await asTheyWere(deps.mirror, accounts)
  const run: { calendar: MirroredCalendar; outcome: CalendarOutcome }[] = []
  const signedOut = new Map<AccountId, string>()
  await inTurns(calendars, calendarsAtOnce, async calendar => {
    const connection = connections.get(calendar.accountId)
    const account = unchanged.get(calendar.accountId)
    if (connection === undefined || account === undefined || signedOut.has(account.id)) return
    const { accept, budget, progress } = input
    const policy = syncPolicyFor(account.provider)
    const intervalMs = input.intervalMs?.(calendar) ?? null
    const outcome = await syncCalendar(
      { mirror: deps.mirror, connector: connection.connector, clock: deps.clock },
      {
        calendar,
        tier: account.tier,
        policy: intervalMs === null ? policy : { ...policy, intervalMs },
        budget,
        acceptVanished: accept?.accountId === calendar.accountId && accept.calendarId === calendar.id,
        ...(progress === undefined ? {} : { progress }),
      },
    )
    run.push({ calendar, outcome })
    if (outcome.result === 'signed-out' && !signedOut.has(account.id)) {
      signedOut.set(account.id, outcome.sentence ?? '')
      await noteOf(deps.mirror, account.id, { status: 'signed-out', sentence: outcome.sentence })
    }
  })
  const isOwed = await settleIfOwed(deps.mirror)
  return {
    accounts: outcomes.map(({ outcome }) => {
      const sentence = signedOut.get(outcome.account.id)
      return sentence === undefined ? outcome : { ...outcome, result: 'signed-out', sentence }
    }),
    calendars: run,
    owesSettling: isOwed,
    paused: paused || run.some(({ outcome }) => outcome.result === 'paused'),
  }
}

/** Providers take about ten requests at once; their own limits stand in the policy. */
const calendarsAtOnce = 6
/** New calendars show up within a day; `sync` by hand finds them at once. */
const listGoodForMs = dayMs
/** A list that failed waits as long as a calendar does. */
const listAgainMs = 15 * minuteMs

interface Prepared {
  readonly outcome: AccountOutcome
  readonly paused: boolean
}

async function prepareAccount(
  deps: SyncAccountsDeps,
  input: SyncAccountsInput,
  account: Account,
  hasWork: boolean,
  connections: Map<AccountId, AccountConnection>,
): Promise<Prepared> {
  const { mirror, clock } = deps
  const of = (result: AccountOutcome['result'], sentence: string | null = null): Prepared => ({
    outcome: { account, result, sentence },
    paused: false,
  })
  // a consent that is gone does not come back by asking: its owner gives a new one
  if (account.status === 'signed-out') return of('signed-out', account.sentence)
  const now = clock.now()
  const isDue = isListDue(account, input.askedFor, now)
  // a tick costs what there is to do: of a thousand accounts most have nothing, and opening a credential takes time
  if (!isDue && !hasWork) return of('known')
  try {
    const connection = await deps.connectionOf(account)
    connections.set(account.id, connection)
    if (!isDue) return of('known')
    await mirror.recordListing(account.id, await connection.connector.listCalendars(input.budget), now)
    await mirror.updateAccount(account.id, { status: 'connected', sentence: null, listedAt: now })
    const { directory } = connection
    const sentence = await saveDirectory(mirror, { id: account.id, directory }, input.budget, now)
    if (sentence === null) return of('listed')
    await noteOf(mirror, account.id, { sentence, listedAt: now - listGoodForMs + listAgainMs })
    return of('listed', sentence)
  } catch (thrown) {
    // a fault of ours at one account is no reason to leave the others unread
    const error = thrown instanceof PortError ? thrown : new PortError('failed', faultOfOurs('account', thrown))
    if (error.code === 'paused') return { ...of('known'), paused: true }
    if (error.code === 'signed-out' || error.code === 'no-mailbox') {
      connections.delete(account.id)
      await noteOf(mirror, account.id, { status: error.code, sentence: error.message })
      return of(error.code, error.message)
    }
    // the calendars known from before may still be read, and the list is asked for again in a while
    const listedAt = clock.now() - listGoodForMs + listAgainMs
    await noteOf(mirror, account.id, {
      sentence: error.message,
      ...(account.listedAt !== null && account.listedAt < listedAt ? { listedAt } : {}),
    })
    return of('failed', error.message)
  }
}

function isListDue({ listedAt }: Account, askedFor: boolean, now: Instant): boolean {
  // a list from the future was made by a clock that was wrong
  return askedFor || listedAt === null || Math.abs(now - listedAt) >= listGoodForMs
}

/** The accounts whose tier is what it was, and which were not disconnected. */
async function asTheyWere(mirror: MirrorStore, before: readonly Account[]): Promise<ReadonlyMap<AccountId, Account>> {
  const now = new Map((await mirror.listAccounts()).map(account => [account.id, account]))
  return new Map(before.filter(({ id, tier }) => now.get(id)?.tier === tier).map(account => [account.id, account]))
}

/** What became of an account; nothing when it was disconnected meanwhile. */
async function noteOf(
  mirror: MirrorStore,
  id: AccountId,
  change: Parameters<MirrorStore['updateAccount']>[1],
): Promise<void> {
  try {
    await mirror.updateAccount(id, change)
  } catch (error) {
    if (!(error instanceof PortError) || error.code !== 'not-found') throw error
  }
}

async function dueCalendars(
  { mirror, clock }: SyncAccountsDeps,
  { askedFor, only }: SyncAccountsInput,
  accounts: readonly Account[],
): Promise<readonly MirroredCalendar[]> {
  const ids = new Set(accounts.filter(({ status }) => status !== 'signed-out').map(({ id }) => id))
  const due = askedFor
    ? (await mirror.listCalendars()).filter(({ isSelected }) => isSelected)
    : await mirror.listDue(clock.now())
  return due.filter(({ accountId }) => ids.has(accountId) && (only?.includes(accountId) ?? true))
}

/** Rewriting the file waits for nobody: whoever syncs next does it. True when it is still owed. */
async function settleIfOwed(mirror: MirrorStore): Promise<boolean> {
  if (!(await mirror.owesSettling())) return false
  try {
    await mirror.settle()
    return false
  } catch (error) {
    if (error instanceof PortError && error.code === 'busy') return true
    throw error
  }
}
