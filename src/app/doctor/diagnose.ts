import type { Clock } from '../../clock.ts'
import type { AccountConnection, TickBudget } from '../../connectors/connector.ts'
import { PortError } from '../../port-error.ts'
import type { Account, MirroredCalendar } from '../../store/accounts.ts'
import type { Credential } from '../../store/credential-store.ts'
import type { KeyFile } from '../../store/key-file.ts'
import { credentialOwner } from '../connect/connect-account.ts'
import { keyStatus } from '../keys/key-status.ts'
import type { ConnectableAccounts } from '../live-accounts.ts'
import { doctorLines } from './checks.ts'
import type {
  AccountFacts,
  Asked,
  ChannelFacts,
  ConfigFacts,
  DatabaseFacts,
  DirectoryAnswer,
  DoctorFacts,
  EngineFacts,
  Found,
  KeyFacts,
  MachineFacts,
} from './facts.ts'
import type { DoctorLine } from './line.ts'

/** What the doctor may look at, handed in by an entry. Each call may throw a PortError; none changes anything. */
export interface DoctorPorts {
  machine(): MachineFacts
  engine(): Promise<EngineFacts>
  database(): Promise<DatabaseFacts>
  config(): ConfigFacts
  readonly keyFile: KeyFile
  /** Of a change of the key file that did not end; null when there is none. */
  keyDraft(): Promise<string | null>
  /** Called only for a database that is there and needs no migration. */
  openLive(): Promise<ConnectableAccounts>
  /** What the tier needs and the consent does not cover. */
  missingScopes(account: Account, granted: readonly string[]): Promise<readonly string[]>
  /** The providers' clocks less ours, in milliseconds, from the answers so far; null when there was none. */
  clockAheadMs(): number | null
}

export interface DoctorReport {
  readonly at: number
  readonly offline: boolean
  readonly lines: readonly DoctorLine[]
  readonly problems: number
  readonly warnings: number
}

/** Seconds that one account's provider has for its answer. */
export const patienceSeconds = 20
/** A question about everybody of an organisation is not asked to its end. */
const mostRequests = 12

/**
 * Looks at everything Minutewise needs and says how it is. Accounts are asked side by side, each with its own time
 * limit. What fails is a line of the report, and stops no other check. Changes nothing but, where a token has ended,
 * the token.
 */
export async function diagnose(
  { ports, clock }: { readonly ports: DoctorPorts; readonly clock: Clock },
  input: { readonly offline: boolean; readonly signal: AbortSignal },
): Promise<DoctorReport> {
  const [machine, engine, database, config] = await Promise.all([
    found(async () => ports.machine()),
    found(() => ports.engine()),
    found(() => ports.database()),
    found(async () => ports.config()),
  ])
  const live = await openedLive(ports, database, engine, config)
  const base = { offline: input.offline, machine, engine, database, config }
  let looked: Pick<DoctorFacts, 'keys' | 'accounts' | 'channels'> = { keys: null, accounts: null, channels: null }
  if (live !== null && live.kind === 'failed') looked = { ...looked, accounts: live }
  if (live !== null && live.kind === 'found') {
    try {
      looked = await lookedAt({ ports, clock, live: live.facts }, input)
    } finally {
      await live.facts.close()
    }
  }
  const now = clock.now()
  const lines = doctorLines({ ...base, ...looked, now, clockAheadMs: ports.clockAheadMs() })
  const count = (state: DoctorLine['state']) => lines.filter(line => line.state === state).length
  return { at: now, offline: input.offline, lines, problems: count('problem'), warnings: count('warning') }
}

/** Null when there is nothing to open: what is wrong has a line of its own already. */
async function openedLive(
  ports: DoctorPorts,
  database: DoctorFacts['database'],
  engine: DoctorFacts['engine'],
  config: DoctorFacts['config'],
): Promise<Found<ConnectableAccounts> | null> {
  if (engine.kind === 'failed' || database.kind === 'failed') return null
  if (config.kind === 'failed' || config.facts.problems.length > 0) return null
  const { inspection, known } = database.facts
  if (inspection === null || inspection.damage.length > 0 || !inspection.isWritable) return null
  const { applied } = inspection
  // opening would migrate, and the doctor changes nothing
  if (applied === null || applied.length !== known.length || !known.every(name => applied.includes(name))) return null
  return await found(() => ports.openLive())
}

interface LookDeps {
  readonly ports: DoctorPorts
  readonly clock: Clock
  readonly live: ConnectableAccounts
}

async function lookedAt(
  deps: LookDeps,
  input: { readonly offline: boolean; readonly signal: AbortSignal },
): Promise<Pick<DoctorFacts, 'keys' | 'accounts' | 'channels'>> {
  const { ports, live } = deps
  const keys = await found(() => keyFacts(deps))
  // opening a secret without keys would make some
  const hasKeys = keys.kind === 'found' && (keys.facts.keys.length > 0 || ports.keyFile.source.kind === 'memory')
  const [accounts, channels] = await Promise.all([
    found(async () => {
      const [all, calendars] = await Promise.all([live.mirror.listAccounts(), live.mirror.listCalendars()])
      return await Promise.all(
        all.map(account => {
          const own = calendars.filter(({ accountId }) => accountId === account.id)
          return accountFacts(deps, account, own, hasKeys, input)
        }),
      )
    }),
    found(async () => (await live.mirror.listChannels()).map(channelFacts)),
  ])
  return { keys, accounts, channels }
}

async function keyFacts({ ports, live }: LookDeps): Promise<KeyFacts> {
  const [status, draft] = await Promise.all([keyStatus({ live, keyFile: ports.keyFile }), ports.keyDraft()])
  return { ...status, draft }
}

function channelFacts({
  status,
  expiresAt,
  address,
}: {
  readonly status: ChannelFacts['status']
  readonly expiresAt: number
  readonly address: string
}): ChannelFacts {
  return { status, expiresAt, host: URL.canParse(address) ? new URL(address).host : 'an address nobody can read' }
}

async function accountFacts(
  deps: LookDeps,
  account: Account,
  calendars: readonly MirroredCalendar[],
  hasKeys: boolean,
  input: { readonly offline: boolean; readonly signal: AbortSignal },
): Promise<AccountFacts> {
  const { id, provider, label, tier, status, sentence } = account
  const asked: Asked = hasKeys
    ? input.offline || status === 'signed-out'
      ? { kind: 'not-asked' }
      : await askedOf(deps, account, input.signal)
    : { kind: 'refused', code: 'denied', sentence: 'its secret cannot be opened without the keys' }
  // after the question, which may have renewed the token
  const credential = hasKeys ? await openedCredential(deps, account) : null
  const shut: Asked | null =
    credential === null || credential.kind === 'found'
      ? null
      : { kind: 'refused', code: 'malformed', sentence: credential.sentence }
  const kept = credential?.kind === 'found' ? credential.facts : null
  return {
    id,
    provider,
    label,
    tier,
    status,
    sentence,
    tokenEndsAt: kept?.kind === 'oauth' ? kept.accessTokenExpiresAt : null,
    missingScopes: kept?.kind === 'oauth' ? await deps.ports.missingScopes(account, kept.scopes) : [],
    asked: shut ?? asked,
    calendars: calendars.map(({ id: calendarId, name, isSelected, sync }) => ({
      id: calendarId,
      name,
      isSelected,
      status: sync.status,
      sentence: sync.sentence,
      asOf: sync.asOf,
    })),
  }
}

function openedCredential({ live }: LookDeps, account: Account): Promise<Found<Credential>> {
  return found(async () => {
    const kept = await live.credentials.read(credentialOwner(account))
    if (kept === null) throw new PortError('signed-out', 'its secret is gone')
    return kept.credential
  })
}

/** One cheap question, with a time limit that holds even when nobody looks at the signal. */
async function askedOf({ clock, live }: LookDeps, account: Account, signal: AbortSignal): Promise<Asked> {
  const stop = new AbortController()
  const budget: TickBudget = {
    requests: mostRequests,
    untilAt: clock.now() + patienceSeconds * 1_000,
    signal: AbortSignal.any([stop.signal, signal]),
  }
  const tooSlow = clock
    .sleep(patienceSeconds * 1_000, stop.signal)
    .then((): Asked => ({ kind: 'too-slow', seconds: patienceSeconds }))
  try {
    return await Promise.race([answerOf(live, account, budget), tooSlow])
  } finally {
    stop.abort()
  }
}

async function answerOf(live: ConnectableAccounts, account: Account, budget: TickBudget): Promise<Asked> {
  try {
    const connection = await live.connectionOf(account)
    const calendars = await calendarCount(connection, budget)
    return { kind: 'answered', calendars, directory: await directoryAnswer(connection, budget) }
  } catch (error) {
    if (error instanceof PortError) return { kind: 'refused', code: error.code, sentence: error.message }
    return { kind: 'refused', code: 'failed', sentence: unexpected(error) }
  }
}

async function calendarCount({ connector }: AccountConnection, budget: TickBudget): Promise<number | null> {
  try {
    return (await connector.listCalendars(budget)).length
  } catch (error) {
    // answered that often, it answers
    if (isSpent(error, budget)) return null
    throw error
  }
}

async function directoryAnswer({ directory }: AccountConnection, budget: TickBudget): Promise<DirectoryAnswer | null> {
  if (directory === null) return null
  try {
    budget.requests = Math.max(budget.requests, mostRequests / 2)
    await directory.rows(budget)
    return { kind: 'ok' }
  } catch (error) {
    if (isSpent(error, budget)) return { kind: 'ok' }
    return { kind: 'refused', sentence: error instanceof PortError ? error.message : unexpected(error) }
  }
}

const isSpent = (error: unknown, { requests }: TickBudget) =>
  error instanceof PortError && error.code === 'paused' && requests <= 0

async function found<T>(look: () => Promise<T>): Promise<Found<T>> {
  try {
    return { kind: 'found', facts: await look() }
  } catch (error) {
    return { kind: 'failed', sentence: error instanceof PortError ? error.message : unexpected(error) }
  }
}

/** The kind of an error nobody foresaw, without its words: they may repeat a secret. */
function unexpected(error: unknown): string {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
  return `failed in a way nobody foresaw (${code ?? (error instanceof Error ? error.name : typeof error)})`
}
