import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { credentialOwner } from './app/connect/connect-account.ts'
import type { ConnectableAccounts, SignedIn, SignInRequest } from './app/live-accounts.ts'
import { type Clock, systemClock } from './clock.ts'
import { readRoots, type ServiceRoots } from './config/roots.ts'
import type { AccountConnection, TickBudget } from './connectors/connector.ts'
import type { HttpPolicy } from './connectors/http-policy.ts'
import type { TokenSource } from './connectors/oauth/token-source.ts'
import { createHttpPolicy } from './connectors/paced-http.ts'
import { keyRingOf } from './node-keys.ts'
import { PortError } from './port-error.ts'
import type { Account } from './store/accounts.ts'
import type { CredentialStore } from './store/credential-store.ts'
import { createMirrorStore } from './store/mirror.ts'
import { readMigrations } from './store/sqlite/read-migrations.ts'
import { openSqlite } from './store/sqlite/sqlite.ts'
import { createCredentialStore } from './store/vault.ts'

/** Everybody who uses one database file on one's own machine; the server gives each organisation its own. */
const tenant = 'local'

/**
 * Live calendars on Node: the database, the keys of its secrets, one HTTP policy, and for each account the connector of
 * its provider, loaded when it is needed. Part of the entry: nothing else knows which adapters there are.
 */
export async function openLiveAccounts(
  path: string,
  env: Readonly<Record<string, string | undefined>>,
  clock: Clock = systemClock,
  ask: typeof fetch = fetch,
): Promise<ConnectableAccounts> {
  const roots = rootsOf(env)
  const migrations = readMigrations(migrationsFolder())
  const database = await openSqlite(path, migrations)
  try {
    const mirror = createMirrorStore(database, { tenant })
    let hasSecrets = false
    const keyRing = keyRingOf(path, env, () => hasSecrets)
    const credentials = createCredentialStore(database, { tenant, keyRing })
    hasSecrets = (await credentials.keyUse()).length > 0
    const http = createHttpPolicy({ fetch: ask, clock })
    const feeds = lazily(() => feedPolicy(env, clock))
    const connections = new Map<string, Promise<AccountConnection>>()
    return {
      mirror,
      credentials,
      connectionOf(account) {
        // one connection an account and consent: tokens and what was learned of a server are kept with it
        const key = JSON.stringify([account.id, account.tier, account.settings])
        const known = connections.get(key)
        if (known !== undefined) return known
        const made = connectionOf({ account, credentials, http, feeds, clock, roots })
        connections.set(key, made)
        made.catch(() => connections.delete(key))
        return made
      },
      signIn: request => signIn(request, { http, clock, roots }),
      async close() {
        await feeds.made()?.then(({ close }) => close())
        await database.close()
      },
    }
  } catch (error) {
    await database.close()
    throw error
  }
}

/** Whoever only reads is told of a slip of the finger, and makes no empty database. Throws `PortError` `not-found`. */
export function refuseMissing(path: string): void {
  if (path === ':memory:' || existsSync(path)) return
  throw new PortError(
    'not-found',
    `There is no database ${path}. Check the path; \`minutewise connect\` makes one and \`minutewise sync\` fills it.`,
  )
}

/** Two levels above dist/src, one above src. */
export function migrationsFolder(): string {
  const [built, source] = ['../../migrations/', '../migrations/'].map(up => fileURLToPath(new URL(up, import.meta.url)))
  return existsSync(built!) ? built! : source!
}

function rootsOf(env: Readonly<Record<string, string | undefined>>): ServiceRoots {
  const read = readRoots(env)
  if (read.kind === 'problems') throw new PortError('rejected', `${read.problems.join('. ')}.`)
  return read.roots
}

interface ConnectionDeps {
  readonly account: Account
  readonly credentials: CredentialStore
  readonly http: HttpPolicy
  readonly feeds: Lazy<FeedPolicy>
  readonly clock: Clock
  readonly roots: ServiceRoots
}

async function connectionOf(deps: ConnectionDeps): Promise<AccountConnection> {
  const { account, credentials, http, clock, roots } = deps
  switch (account.provider) {
    case 'google':
      return await googleConnection(deps)
    case 'microsoft': {
      const { createMicrosoftConnection } = await import('./connectors/microsoft/connection.ts')
      const tokens = await microsoftTokens(deps)
      return createMicrosoftConnection({ http, tokensFor: () => tokens, account, clock, roots: roots.graph })
    }
    case 'caldav': {
      const { createCaldavConnection } = await import('./connectors/caldav/connection.ts')
      const credential = await credentialOf(credentials, account, 'password')
      return createCaldavConnection({ http, credential, account, clock })
    }
    case 'ics': {
      const { createFeedConnection } = await import('./connectors/feed/connection.ts')
      const credential = await credentialOf(credentials, account, 'address')
      return createFeedConnection({ http: (await deps.feeds.get()).http, credential, account, clock })
    }
    case 'memory':
      throw new PortError('unsupported', 'Calendars in memory are for tests; disconnect this account.')
  }
}

async function googleConnection({
  account,
  credentials,
  http,
  clock,
  roots,
}: ConnectionDeps): Promise<AccountConnection> {
  const [{ createGoogleConnection }, { googleScopes }] = await Promise.all([
    import('./connectors/google/connection.ts'),
    import('./connectors/google/scopes.ts'),
  ])
  const owner = credentialOwner(account)
  const { token: endpoint, revoke: revokeUrl } = roots.google
  if (account.grant !== 'organisation') {
    const { refreshingTokens } = await import('./connectors/oauth/refreshing-tokens.ts')
    const tokens = refreshingTokens({ http, clock, credentials, owner, endpoint, revokeUrl, provider: 'Google' })
    return createGoogleConnection({ http, tokensFor: () => tokens, account, clock, roots: roots.google })
  }
  const { serviceAccountTokens } = await import('./connectors/oauth/service-account-tokens.ts')
  const delegated = serviceAccountTokens({ http, clock, credentials, owner, endpoint })
  const scopes = googleScopes(account.tier, { grant: account.grant })
  const admin = account.subject ?? ''
  return createGoogleConnection({
    http,
    tokensFor: (person, use) => delegated.of(person ?? admin, scopes[use]),
    account,
    clock,
    roots: roots.google,
  })
}

async function microsoftTokens({ account, credentials, http, clock, roots }: ConnectionDeps): Promise<TokenSource> {
  const owner = credentialOwner(account)
  if (account.grant === 'organisation') {
    const { clientCredentialTokens } = await import('./connectors/oauth/client-credential-tokens.ts')
    return clientCredentialTokens({ http, clock, credentials, owner, roots: roots.graph })
  }
  const [{ refreshingTokens }, { microsoftTokenUrl }] = await Promise.all([
    import('./connectors/oauth/refreshing-tokens.ts'),
    import('./connectors/oauth/consent-providers.ts'),
  ])
  const endpoint = microsoftTokenUrl(roots.graph, account.settings.tenant ?? 'common')
  return refreshingTokens({ http, clock, credentials, owner, endpoint, revokeUrl: null, provider: 'Microsoft' })
}

async function credentialOf<Kind extends 'password' | 'address'>(
  credentials: CredentialStore,
  account: Account,
  kind: Kind,
) {
  const kept = await credentials.read(credentialOwner(account))
  if (kept === null) {
    throw new PortError(
      'signed-out',
      `The secret of ${account.label} is gone. Run \`minutewise connect\` for it again.`,
    )
  }
  if (kept.credential.kind !== kind) {
    throw new PortError('malformed', `What is stored for ${account.label} is no secret of its kind. Connect it again.`)
  }
  // Safe because its kind was just looked at.
  return kept.credential as Extract<typeof kept.credential, { kind: Kind }>
}

interface FeedPolicy {
  readonly http: HttpPolicy
  close(): Promise<void>
}

/** Feeds have a policy of their own: somebody typed their addresses in, so each is judged before it is asked. */
async function feedPolicy(env: Readonly<Record<string, string | undefined>>, clock: Clock): Promise<FeedPolicy> {
  const [{ createGuardedFetch }, { createPinnedFetch }] = await Promise.all([
    import('./connectors/guarded-fetch.ts'),
    import('./connectors/pinned-fetch.ts'),
  ])
  const allowLoopback = env.MINUTEWISE_FEEDS_ON_THIS_MACHINE === 'yes'
  const pinned = createPinnedFetch({ allowLoopback })
  const guarded = createGuardedFetch({ fetch: pinned.fetch, allowLoopback })
  return { http: createHttpPolicy({ fetch: guarded, clock, timeoutMs: 90_000 }), close: () => pinned.close() }
}

async function signIn(
  request: SignInRequest,
  { http, clock, roots }: { readonly http: HttpPolicy; readonly clock: Clock; readonly roots: ServiceRoots },
): Promise<SignedIn> {
  const { provider, tier, client, tenant, address, show, signal } = request
  const [{ authorizeInBrowser }, consents] = await Promise.all([
    import('./connectors/oauth/browser-consent.ts'),
    import('./connectors/oauth/consent-providers.ts'),
  ])
  const scopes = provider === 'google' ? await googleSignInScopes(tier) : await microsoftSignInScopes(tier)
  const budget: TickBudget = {
    requests: 20,
    untilAt: Number.MAX_SAFE_INTEGER,
    ...(signal === undefined ? {} : { signal }),
  }
  const {
    credential,
    address: given,
    missingScopes,
  } = await authorizeInBrowser({
    provider:
      provider === 'google'
        ? consents.googleConsent(roots.google)
        : consents.microsoftConsent(roots.graph, tenant ?? 'common'),
    clientId: client.id,
    clientSecret: client.secret,
    scopes,
    http,
    clock,
    budget,
    open: show,
    ...(address === null ? {} : { address }),
    ...(signal === undefined ? {} : { signal }),
  })
  return { credential, address: given, missingScopes }
}

async function googleSignInScopes(tier: SignInRequest['tier']): Promise<readonly string[]> {
  const { googleScopes } = await import('./connectors/google/scopes.ts')
  const { read, write } = googleScopes(tier, { grant: 'personal' })
  return [...read, ...write]
}

/** What identifies the person is the consent's own business. */
async function microsoftSignInScopes(tier: SignInRequest['tier']): Promise<readonly string[]> {
  const { microsoftScopes } = await import('./connectors/microsoft/scopes.ts')
  const identity = ['openid', 'profile', 'offline_access']
  return microsoftScopes(tier, { grant: 'personal' }).filter(scope => !identity.includes(scope))
}

interface Lazy<T> {
  get(): Promise<T>
  made(): Promise<T> | null
}

function lazily<T>(make: () => Promise<T>): Lazy<T> {
  let made: Promise<T> | null = null
  return {
    get: () => {
      made ??= make()
      return made
    },
    made: () => made,
  }
}
