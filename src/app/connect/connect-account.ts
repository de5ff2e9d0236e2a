import type { Clock } from '../../clock.ts'
import { type Provider, type TickBudget, type Tier, tiers } from '../../connectors/connector.ts'
import { PortError } from '../../port-error.ts'
import type { Account, AccountId, MirroredCalendar } from '../../store/accounts.ts'
import type { Credential, CredentialOwner } from '../../store/credential-store.ts'
import type { MirrorStore } from '../../store/mirror-store.ts'
import type { ConnectableAccounts } from '../live-accounts.ts'
import { saveDirectory } from './save-directory.ts'
import { settleOrOwe } from './settle-or-owe.ts'

export interface ConnectAccountInput {
  readonly provider: Exclude<Provider, 'memory'>
  readonly subject: string | null
  readonly label: string
  readonly tier: Tier
  readonly grant: Account['grant']
  readonly settings: Readonly<Record<string, string>>
  readonly credential: Credential
  readonly budget: TickBudget
}

export interface Connected {
  readonly account: Account
  readonly calendars: readonly MirroredCalendar[]
  /** There was an account of this person already: it has the new consent now, and its calendars are read again whole. */
  readonly renewed: boolean
}

/**
 * Connects an account: stores the consent, lists the calendars to see that it works, and leaves nothing behind when it
 * does not. Connecting the same person again renews the consent and the tier and keeps what was read.
 */
export async function connectAccount(
  { live, clock }: { readonly live: ConnectableAccounts; readonly clock: Clock },
  input: ConnectAccountInput,
): Promise<Connected> {
  const known = (await live.mirror.listAccounts()).find(account => isSame(account, input))
  return known === undefined ? await connectNew(live, clock, input) : await renew(live, clock, known, input)
}

/** The owner that an account's credential is bound to. */
export function credentialOwner(account: Pick<Account, 'id' | 'provider' | 'subject'>): CredentialOwner {
  return { accountId: account.id, provider: account.provider, subject: account.subject ?? '' }
}

async function connectNew(live: ConnectableAccounts, clock: Clock, input: ConnectAccountInput): Promise<Connected> {
  const { budget, credential, ...about } = input
  const account: Account = {
    ...about,
    id: newAccountId(),
    status: 'connected',
    sentence: null,
    connectedAt: clock.now(),
    listedAt: null,
  }
  await live.mirror.addAccount(account)
  try {
    await saveCredential(live, account, credential)
    const sentence = await listCalendars(live, clock, account, budget)
    return { account: { ...account, sentence }, calendars: await live.mirror.listCalendars(account.id), renewed: false }
  } catch (error) {
    await live.mirror.removeAccount(account.id)
    await settleOrOwe(live.mirror)
    throw error
  }
}

/** The old consent is put back when the new one does not work. */
async function renew(
  live: ConnectableAccounts,
  clock: Clock,
  known: Account,
  input: ConnectAccountInput,
): Promise<Connected> {
  const { mirror, credentials } = live
  const owner = credentialOwner(known)
  const before = await credentials.read(owner).catch(() => null)
  const { tier, label, settings } = input
  const account: Account = { ...known, tier, label, settings, status: 'connected', sentence: null }
  await saveCredential(live, account, input.credential)
  let sentence: string | null
  try {
    sentence = await listCalendars(live, clock, account, input.budget)
  } catch (error) {
    if (before !== null) await saveCredential(live, account, before.credential)
    throw error
  }
  const change = { tier, label, settings, status: 'connected', sentence } as const
  const isLess = tiers.indexOf(tier) < tiers.indexOf(known.tier)
  // before the tier is another one, so that dying in between leaves nothing that the new one does not allow; and after,
  // for what a sync under way brought in by the old one
  if (tier !== known.tier) await beginAnew(mirror, known.id, isLess ? forget : readAgain)
  await mirror.updateAccount(known.id, change)
  if (tier !== known.tier) await beginAnew(mirror, known.id, isLess ? forget : readAgain)
  if (isLess) await settleOrOwe(mirror)
  return { account: { ...account, sentence }, calendars: await mirror.listCalendars(known.id), renewed: true }
}

/** Takes every calendar of an account back to its beginning, though a sync may be on it in this moment. */
async function beginAnew(
  mirror: MirrorStore,
  accountId: AccountId,
  take: (mirror: MirrorStore, calendar: MirroredCalendar) => Promise<void>,
): Promise<void> {
  for (const { id } of await mirror.listCalendars(accountId)) {
    for (let attempt = 1; ; attempt++) {
      const calendar = (await mirror.listCalendars(accountId)).find(each => each.id === id)
      if (calendar === undefined) break
      try {
        await take(mirror, calendar)
        break
      } catch (error) {
        // whoever was faster meets our version with the next step, and stops
        if (!(error instanceof PortError) || error.code !== 'conflict' || attempt === mostAttempts) throw error
      }
    }
  }
}

const mostAttempts = 20

/** Another tier shows more of each event: everything is read again, and what is there is served meanwhile. */
async function readAgain(mirror: MirrorStore, { accountId, id, sync }: MirroredCalendar): Promise<void> {
  await mirror.abandonRound({ accountId, calendarId: id }, sync.version, { cursor: null, round: null, nextAt: null })
}

/** Less may be read than before: what was read with more goes now, not with the next round. */
async function forget(mirror: MirrorStore, { accountId, id, sync }: MirroredCalendar): Promise<void> {
  const key = { accountId, calendarId: id }
  await mirror.applyStep({
    key,
    version: sync.version,
    items: [],
    removed: [...(await mirror.etags(key)).keys()],
    named: [],
    replacedSeries: [],
    sync: { cursor: null, round: null, nextAt: null, generation: 0, asOf: null, status: 'waiting', leftOut: [] },
    end: 'close',
    hides: true,
  })
}

async function saveCredential(live: ConnectableAccounts, account: Account, credential: Credential): Promise<void> {
  const owner = credentialOwner(account)
  // a refresh in another process may be faster; the new consent still has to win
  for (let attempt = 0; attempt < 3; attempt++) {
    const version = await live.credentials.read(owner).then(
      kept => kept?.version ?? 0,
      () => null,
    )
    if (version === null) {
      // what is there cannot be opened any more, and nobody needs it now
      await live.credentials.erase(account.id)
      continue
    }
    if (await live.credentials.save(owner, credential, version)) return
  }
  throw new PortError('busy', 'The consent could not be stored: another process keeps writing it. Try again.')
}

/** What could not be read beside the calendars, for people; null when all was. */
async function listCalendars(
  live: ConnectableAccounts,
  clock: Clock,
  account: Account,
  budget: TickBudget,
): Promise<string | null> {
  const { connector, directory } = await live.connectionOf(account)
  const listed = await connector.listCalendars(budget)
  const now = clock.now()
  await live.mirror.recordListing(account.id, listed, now)
  await live.mirror.updateAccount(account.id, { listedAt: now })
  const sentence = await saveDirectory(live.mirror, { id: account.id, directory }, budget, now)
  if (sentence !== null) await live.mirror.updateAccount(account.id, { sentence })
  return sentence
}

function isSame(account: Account, input: ConnectAccountInput): boolean {
  return (
    account.provider === input.provider &&
    account.grant === input.grant &&
    account.subject?.toLowerCase() === input.subject?.toLowerCase() &&
    // two servers may both have a user called ana, and two feeds of one host are two
    identityOf(account.settings) === identityOf(input.settings)
  )
}

const identityOf = (settings: Readonly<Record<string, string>>): string =>
  ['url', 'tenant', 'feed'].map(name => settings[name] ?? '').join('\n')

/** 16 characters of a-z0-9 from the machine's own source of chance: 82 bits. */
export function newAccountId(): AccountId {
  const letters = 'abcdefghijklmnopqrstuvwxyz0123456789'
  let id = ''
  while (id.length < 16) {
    const [byte = 0] = crypto.getRandomValues(new Uint8Array(1))
    // the last bytes would make some letters likelier
    if (byte < 252) id += letters[byte % 36]
  }
  return id
}
