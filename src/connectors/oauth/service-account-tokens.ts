import { importPKCS8, SignJWT } from 'jose'
import type { Clock } from '../../clock.ts'
import { PortError } from '../../port-error.ts'
import type { CredentialOwner, CredentialStore } from '../../store/credential-store.ts'
import type { TickBudget } from '../connector.ts'
import type { HttpPolicy } from '../http-policy.ts'
import { mintedTokens } from './minted-tokens.ts'
import { askForToken, type GrantedToken, type RefusedToken } from './token-endpoint.ts'
import type { TokenSource } from './token-source.ts'

/**
 * Google's domain-wide delegation: a service account that acts for people of its domain. A token is for one person and
 * one set of scopes (RFC 7523 and Google's `sub`).
 *
 * One scope that the admin did not list makes Google refuse the whole question, for everybody. So ask for reading and
 * for writing with two calls of `of`, and never in one.
 */
export function serviceAccountTokens({
  http,
  clock,
  credentials,
  owner,
  endpoint,
}: ServiceAccountTokensDeps): ServiceAccountTokens {
  const sources = new Map<string, TokenSource>()

  return {
    of(address, scopes) {
      const key = JSON.stringify([address, [...scopes].sort()])
      const known = sources.get(key)
      if (known !== undefined) return known
      const source = mintedTokens({ clock, mint: budget => mint(address, scopes, budget) })
      sources.set(key, source)
      return source
    },
  }

  async function mint(address: string, scopes: readonly string[], budget: TickBudget): Promise<GrantedToken> {
    const kept = await credentials.read(owner)
    if (kept === null) throw new PortError('signed-out', 'The key of the service account is gone. Connect it again.')
    if (kept.credential.kind !== 'service-account') {
      throw new PortError(
        'malformed',
        'What is stored for this account is no key of a service account. Connect it again.',
      )
    }
    const { clientEmail, privateKeyPem, keyId } = kept.credential
    const key = await importPKCS8(privateKeyPem, 'RS256').catch(() => {
      throw new PortError(
        'malformed',
        'The key of the service account does not open. Connect it again with a new key file.',
      )
    })
    const issuedAt = Math.floor(clock.now() / 1000)
    const assertion = await new SignJWT({ scope: scopes.join(' ') })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', ...(keyId === null ? {} : { kid: keyId }) })
      .setIssuer(clientEmail)
      .setSubject(address)
      .setAudience(endpoint)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + assertionSeconds)
      .sign(key)
    const answer = await askForToken(
      { http, clock, url: endpoint, provider: 'Google' },
      { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion },
      budget,
    )
    if (answer.kind === 'granted') return answer
    throw refusal(answer, scopes)
  }
}

export interface ServiceAccountTokens {
  /** Tokens for one person's data. The same source for the same person and scopes. */
  of(address: string, scopes: readonly string[]): TokenSource
}

export interface ServiceAccountTokensDeps {
  readonly http: HttpPolicy
  readonly clock: Clock
  readonly credentials: CredentialStore
  readonly owner: CredentialOwner
  /** The token address, which is also the audience of the assertion. */
  readonly endpoint: string
}

/** Google takes an hour at most. */
const assertionSeconds = 3600

function refusal({ error, description, label }: RefusedToken, scopes: readonly string[]): PortError {
  if (error === 'unauthorized_client' || error === 'access_denied' || error === 'invalid_scope') {
    return new PortError(
      'signed-out',
      `Google does not let this service account act for people of the domain (${label}). A Workspace admin has to list ` +
        `its client ID under Security > Access and data control > API controls > Domain-wide delegation, with exactly ` +
        `these scopes: ${scopes.join(', ')}. It can take a day to work.`,
    )
  }
  // Google has one code for four different things and tells them apart in the text alone
  if (error === 'invalid_grant' && /invalid (email|user)/i.test(description)) {
    return new PortError('not-found', 'Google does not know this person in the domain. Check the address.')
  }
  if (error === 'invalid_grant' && /reasonable timeframe|short-lived/i.test(description)) {
    return new PortError('failed', "Google finds this machine's clock wrong. Set the clock, then try again.")
  }
  if (['invalid_grant', 'invalid_client', 'deleted_client', 'disabled_client'].includes(error)) {
    return new PortError(
      'signed-out',
      `Google does not accept the key of this service account (${label}). Make a new key for it in the Google Cloud ` +
        'console and connect it again.',
    )
  }
  return new PortError('failed', `Google gave no token to this service account (${label}). Try again later.`)
}
