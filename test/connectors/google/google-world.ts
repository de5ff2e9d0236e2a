import type { AccountConnection, CalendarRef, TickBudget, Tier } from '../../../src/connectors/connector.ts'
import type { TokenUse } from '../../../src/connectors/google/client.ts'
import { createGoogleConnection } from '../../../src/connectors/google/connection.ts'
import { googleScopes } from '../../../src/connectors/google/scopes.ts'
import { createFlights, refreshingTokens } from '../../../src/connectors/oauth/refreshing-tokens.ts'
import { serviceAccountTokens } from '../../../src/connectors/oauth/service-account-tokens.ts'
import type { GoogleRoots, TokenSource } from '../../../src/connectors/oauth/token-source.ts'
import { createHttpPolicy } from '../../../src/connectors/paced-http.ts'
import type { CredentialOwner } from '../../../src/store/credential-store.ts'
import type { FakeSettings } from '../../fakes/google/fake-settings.ts'
import { createGoogleFake, fakeClient, type GoogleFake } from '../../fakes/google/google-fake.ts'
import { type VirtualClock, virtualClock } from '../../fakes/kit/clock.ts'
import { type RequestJournal, serve } from '../../fakes/kit/serve.ts'
import { memoryCredentials } from '../../support/memory-credentials.ts'

export const worldNow = Date.parse('2026-03-02T08:00:00Z')
export const ana = 'ana@lamps.example'
export const window = { startAt: worldNow - 60 * 86_400_000, endAt: worldNow + 120 * 86_400_000 }

/** The fake on loopback with Ana in it, and ways in as an entry builds them: real policy, real token sources. */
export interface GoogleWorld {
  readonly fake: GoogleFake
  readonly journal: RequestJournal
  readonly clock: VirtualClock
  readonly roots: GoogleRoots
  /** Ana's own consent; `scopes` as granted, by default those the tier asks for. */
  connect(how?: ConnectOptions): AccountConnection
  /** An organisation's: a service account that acts for people of the domain, with `admin` for the directory. */
  connectOrganisation(how: {
    readonly tier: Tier
    readonly delegated?: readonly string[]
    readonly settings?: Readonly<Record<string, string>>
  }): Promise<AccountConnection>
  close(): Promise<void>
}

export interface ConnectOptions {
  readonly tier?: Tier
  readonly person?: string
  readonly scopes?: readonly string[]
  readonly settings?: Readonly<Record<string, string>>
  readonly attempts?: number
}

export const admin = 'admin@lamps.example'

export async function googleWorld(settings: Partial<FakeSettings> = {}): Promise<GoogleWorld> {
  const clock = virtualClock(worldNow)
  const fake = createGoogleFake({ clock, settings })
  fake.addUser({ address: admin, isAdmin: true })
  fake.addUser({ address: ana, aliases: ['a.ruiz@lamps.example'] })
  const served = await serve(fake, fake.faults)
  const roots: GoogleRoots = {
    api: served.url,
    admin: served.url,
    token: `${served.url}token`,
    revoke: `${served.url}revoke`,
    authorize: `${served.url}o/oauth2/v2/auth`,
  }
  const policy = (attempts = 3) => createHttpPolicy({ fetch, clock, attempts })

  return {
    fake,
    journal: served.journal,
    clock,
    roots,
    connect({ tier = 'write-back', person = ana, scopes, settings: own = {}, attempts } = {}) {
      const asked = googleScopes(tier, { grant: 'personal', withDirectory: own.directory === 'yes', sharedToo: true })
      const granted = scopes ?? [...asked.read, ...asked.write, ...asked.directory]
      const { refreshToken, accessToken } = fake.grant(person, granted)
      const credentials = memoryCredentials()
      const owner: CredentialOwner = { accountId: 'acct0000000000aa', provider: 'google', subject: person }
      const saved = credentials.save(
        owner,
        {
          kind: 'oauth',
          clientId: fakeClient.id,
          clientSecret: fakeClient.secret,
          refreshToken,
          accessToken,
          accessTokenExpiresAt: clock.now() + 3_599_000,
          scopes: granted,
        },
        0,
      )
      const http = policy(attempts)
      const source = refreshingTokens({
        http,
        clock,
        credentials,
        owner,
        endpoint: roots.token,
        revokeUrl: roots.revoke,
        flights: createFlights(),
      })
      const tokens: TokenSource = {
        token: async how => {
          await saved
          return await source.token(how)
        },
        revoke: budget => source.revoke(budget),
      }
      return createGoogleConnection({
        http,
        tokensFor: () => tokens,
        account: { tier, grant: 'personal', subject: person, settings: own },
        clock,
        roots,
      })
    },
    async connectOrganisation({ tier, delegated, settings: own = {} }) {
      const scopes = googleScopes(tier, { grant: 'organisation' })
      const key = await fake.oauth.addServiceAccount(
        delegated ?? [...scopes.read, ...scopes.write, ...scopes.directory],
      )
      const credentials = memoryCredentials()
      const owner: CredentialOwner = { accountId: 'acct0000000000bb', provider: 'google', subject: admin }
      await credentials.save(
        owner,
        {
          kind: 'service-account',
          clientEmail: key.client_email,
          privateKeyPem: key.private_key,
          keyId: key.private_key_id,
        },
        0,
      )
      const http = policy()
      const source = serviceAccountTokens({ http, clock, credentials, owner, endpoint: roots.token })
      const tokensFor = (person: string | null, use: TokenUse) => source.of(person ?? admin, scopes[use])
      return createGoogleConnection({
        http,
        tokensFor,
        account: { tier, grant: 'organisation', subject: admin, settings: own },
        clock,
        roots,
      })
    },
    async close() {
      await served.close()
      if (fake.violations.length > 0) throw new Error(fake.violations.join('\n'))
    },
  }
}

export const refOf = (id: string): CalendarRef => ({ id, ownerAddress: id, zone: 'Europe/Madrid' })
export const plenty = (): TickBudget => ({ requests: 10_000, untilAt: Number.MAX_SAFE_INTEGER })
export const rfc = (at: number) => new Date(at).toISOString().replace('.000Z', 'Z')
export const at = (text: string) => Date.parse(text)

/** A start or an end at an instant, in a zone. */
export const moment = (instant: number, timeZone = 'Europe/Warsaw') => ({ dateTime: rfc(instant), timeZone })
