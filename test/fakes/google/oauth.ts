import { createHash } from 'node:crypto'
import {
  decodeProtectedHeader,
  exportJWK,
  exportPKCS8,
  type GenerateKeyPairResult,
  generateKeyPair,
  importJWK,
  type JWK,
  jwtVerify,
  SignJWT,
} from 'jose'
import type { Clock } from '../../../src/clock.ts'
import type { FakeSettings } from './fake-settings.ts'
import type { FakeUser } from './fake-user.ts'
import { insufficientScopes, unauthenticated } from './google-error.ts'
import { isKnownScope, isOpenTo, type ScopedMethod } from './scopes.ts'
import type { Seed } from './seed.ts'

export interface OAuthClient {
  readonly id: string
  readonly secret: string
}

/** The key file of a service account, as the console lets an admin download it. */
export interface ServiceAccountKey {
  readonly type: 'service_account'
  readonly project_id: string
  readonly private_key_id: string
  readonly private_key: string
  readonly client_email: string
  readonly client_id: string
  readonly token_uri: string
}

export interface Grant {
  readonly user: FakeUser
  readonly clientId: string
  readonly scopes: ReadonlySet<string>
  isRevoked: boolean
}

/** What the person at the consent screen does. */
export interface Consent {
  /** Who is signed in; otherwise `login_hint`, otherwise the first user. */
  address: string | null
  /** Scopes whose box stays ticked; null means all that were asked for. */
  granted: readonly string[] | null
  isDenied: boolean
}

interface AccessToken {
  readonly grant: Grant
  readonly expiresAt: number
}

interface Code {
  readonly grant: Grant
  readonly redirect: string
  readonly challenge: string
  readonly isOffline: boolean
  readonly nonce: string | null
  readonly expiresAt: number
}

interface ServiceAccount {
  readonly email: string
  readonly clientId: string
  readonly publicKey: JWK
  readonly keyId: string
  delegated: ReadonlySet<string>
}

interface OAuthDeps {
  readonly clock: Clock
  readonly seed: Seed
  readonly settings: FakeSettings
  /** By address or alias. */
  readonly user: (address: string) => FakeUser | null
  readonly firstUser: () => FakeUser | null
}

/** The consent screen, the token endpoint, and who a bearer token is. */
export class FakeOAuth {
  readonly consent: Consent = { address: null, granted: null, isDenied: false }
  readonly clients = new Map<string, OAuthClient>()
  readonly #deps: OAuthDeps
  readonly #access = new Map<string, AccessToken>()
  readonly #refresh = new Map<string, Grant>()
  readonly #codes = new Map<string, Code>()
  readonly #accounts = new Map<string, ServiceAccount>()

  constructor(deps: OAuthDeps) {
    this.#deps = deps
  }

  /** Consent without the screen. */
  grant(wanted: { readonly user: FakeUser; readonly scopes: readonly string[]; readonly clientId: string }): {
    readonly accessToken: string
    readonly refreshToken: string
  } {
    const grant: Grant = {
      user: wanted.user,
      clientId: wanted.clientId,
      scopes: new Set(wanted.scopes),
      isRevoked: false,
    }
    return { accessToken: this.#newAccess(grant), refreshToken: this.#newRefresh(grant) }
  }

  /** The person takes every consent back, or an admin does. */
  revokeAll(address: string): void {
    for (const grant of [...this.#refresh.values(), ...[...this.#access.values()].map(token => token.grant)]) {
      if (grant.user.address === address) grant.isRevoked = true
    }
  }

  /** All access tokens end now; refresh tokens stay. */
  expireAccessTokens(): void {
    this.#access.clear()
  }

  /** A service account whose client id the admin listed for delegation with exactly these scopes. */
  async addServiceAccount(delegated: readonly string[], name = 'auditor'): Promise<ServiceAccountKey> {
    const { privateKey, publicKey } = await keyPair(this.#accounts.size)
    const email = `${name}@demo-project.iam.gserviceaccount.com`
    const keyId = this.#deps.seed.text(40)
    const clientId = `1${String(Math.floor(this.#deps.seed.next() * 1e15)).padStart(20, '0')}`
    this.#accounts.set(email, {
      email,
      clientId,
      publicKey: await exportJWK(publicKey),
      keyId,
      delegated: new Set(delegated),
    })
    return {
      type: 'service_account',
      project_id: 'demo-project',
      private_key_id: keyId,
      private_key: await exportPKCS8(privateKey),
      client_email: email,
      client_id: clientId,
      token_uri: googleTokenAddress,
    }
  }

  delegate(clientEmail: string, scopes: readonly string[]): void {
    const account = this.#accounts.get(clientEmail)
    if (account !== undefined) account.delegated = new Set(scopes)
  }

  /** Who asks, when the token is good and opens the method. */
  asker(authorization: string | null, method: ScopedMethod): Grant {
    const grant = this.bearer(authorization)
    if (!isOpenTo(method, grant.scopes)) throw insufficientScopes()
    return grant
  }

  bearer(authorization: string | null): Grant {
    const match = authorization === null ? null : /^Bearer (\S+)$/.exec(authorization)
    if (match?.[1] === undefined) throw unauthenticated('required')
    const token = this.#access.get(match[1])
    if (token === undefined || token.grant.isRevoked || token.expiresAt <= this.#deps.clock.now()) {
      throw unauthenticated('authError')
    }
    return token.grant
  }

  /** `GET /o/oauth2/v2/auth`: the screen, answered at once by `consent`. */
  authorize(url: URL): Response {
    const query = url.searchParams
    const redirect = query.get('redirect_uri')
    const client = this.clients.get(query.get('client_id') ?? '')
    // Without a client and an address to go back to, the person sees an error page.
    if (client === undefined) return errorPage(401, 'invalid_client')
    if (redirect === null || !isAllowedRedirect(redirect)) return errorPage(400, 'redirect_uri_mismatch')
    const back = (answer: Readonly<Record<string, string>>) => {
      const to = new URL(redirect)
      for (const [name, value] of Object.entries(answer)) to.searchParams.set(name, value)
      const state = query.get('state')
      if (state !== null) to.searchParams.set('state', state)
      return new Response(null, { status: 302, headers: { location: to.href } })
    }
    if (query.get('response_type') !== 'code') return errorPage(400, 'unsupported_response_type')
    const scopes = (query.get('scope') ?? '').split(' ').filter(scope => scope !== '')
    if (scopes.length === 0 || !scopes.every(isKnownScope)) return errorPage(400, 'invalid_scope')
    const challenge = query.get('code_challenge') ?? ''
    if (query.get('code_challenge_method') !== 'S256' || !/^[\w-]{43}$/.test(challenge)) {
      return errorPage(400, 'invalid_request')
    }
    if (this.consent.isDenied) return back({ error: 'access_denied' })
    const address = this.consent.address ?? query.get('login_hint')
    const user = address === null ? this.#deps.firstUser() : this.#deps.user(address)
    if (user === null || user.isSuspended) return back({ error: 'access_denied' })
    const granted = scopes.filter(scope => this.consent.granted?.includes(scope) ?? true)
    const earlier = query.get('include_granted_scopes') === 'true' ? this.#earlierScopes(user, client.id) : []
    const grant: Grant = { user, clientId: client.id, scopes: new Set([...granted, ...earlier]), isRevoked: false }
    const isFirst = ![...this.#refresh.values()].some(
      each => each.user === user && each.clientId === client.id && !each.isRevoked,
    )
    const code = `4/0A${this.#deps.seed.text(60)}`
    this.#codes.set(code, {
      grant,
      redirect,
      challenge,
      // a refresh token comes with the first consent, or where consent is asked for anew
      isOffline: query.get('access_type') === 'offline' && (isFirst || (query.get('prompt') ?? '').includes('consent')),
      nonce: query.get('nonce'),
      expiresAt: this.#deps.clock.now() + codeLifeMs,
    })
    return back({ code, scope: [...grant.scopes].join(' ') })
  }

  /** `POST /token` */
  async token(form: URLSearchParams, ownAddress: string): Promise<Response> {
    switch (form.get('grant_type')) {
      case 'authorization_code':
        return await this.#exchangeCode(form, ownAddress)
      case 'refresh_token':
        return this.#refreshed(form)
      case 'urn:ietf:params:oauth:grant-type:jwt-bearer':
        return await this.#assertion(form, ownAddress)
      default:
        return refusal(400, 'unsupported_grant_type', 'Invalid grant_type')
    }
  }

  /** `POST /revoke` with an access or a refresh token: the whole grant ends. */
  revoke(token: string | null): Response {
    const grant = token === null ? undefined : (this.#refresh.get(token) ?? this.#access.get(token)?.grant)
    if (grant === undefined || grant.isRevoked) return refusal(400, 'invalid_token', 'Token expired or revoked')
    for (const each of this.#refresh.values()) {
      if (each.user === grant.user && each.clientId === grant.clientId) each.isRevoked = true
    }
    for (const each of this.#access.values()) {
      if (each.grant.user === grant.user && each.grant.clientId === grant.clientId) each.grant.isRevoked = true
    }
    return json(200, {})
  }

  async #exchangeCode(form: URLSearchParams, ownAddress: string): Promise<Response> {
    const client = this.#client(form)
    if (client === null) return refusal(401, 'invalid_client', 'The OAuth client was not found.')
    const text = form.get('code') ?? ''
    const code = this.#codes.get(text)
    this.#codes.delete(text)
    const verifier = form.get('code_verifier')
    if (code === undefined || code.grant.clientId !== client.id || code.expiresAt <= this.#deps.clock.now()) {
      return refusal(400, 'invalid_grant', 'Malformed auth code.')
    }
    if (form.get('redirect_uri') !== code.redirect) return refusal(400, 'redirect_uri_mismatch', 'Bad Request')
    if (verifier === null) return refusal(400, 'invalid_grant', 'Missing code verifier.')
    const challenge = createHash('sha256').update(verifier).digest('base64url')
    if (!/^[\w.~-]{43,128}$/.test(verifier) || challenge !== code.challenge) {
      return refusal(400, 'invalid_grant', 'Invalid code verifier.')
    }
    return json(200, {
      ...this.#answer(code.grant),
      ...(code.isOffline ? { refresh_token: this.#newRefresh(code.grant) } : {}),
      ...(code.grant.scopes.has('openid') ? { id_token: await this.#idToken(code, issuerAt(ownAddress)) } : {}),
    })
  }

  #refreshed(form: URLSearchParams): Response {
    const client = this.#client(form)
    if (client === null) return refusal(401, 'invalid_client', 'The OAuth client was not found.')
    const text = form.get('refresh_token') ?? ''
    const grant = this.#refresh.get(text)
    if (grant === undefined || grant.isRevoked || grant.user.isSuspended) {
      return refusal(400, 'invalid_grant', 'Token has been expired or revoked.')
    }
    if (grant.clientId !== client.id) return refusal(401, 'unauthorized_client', 'Unauthorized')
    const narrowed = form.get('scope')?.split(' ') ?? null
    if (narrowed?.some(scope => !grant.scopes.has(scope))) return refusal(400, 'invalid_scope', 'Bad Request')
    const rotated = this.#deps.settings.rotateRefreshTokens
    if (rotated) this.#refresh.delete(text)
    return json(200, { ...this.#answer(grant), ...(rotated ? { refresh_token: this.#newRefresh(grant) } : {}) })
  }

  /** RFC 7523, as the guide "Using OAuth 2.0 for server to server applications" narrows it. */
  async #assertion(form: URLSearchParams, ownAddress: string): Promise<Response> {
    const assertion = form.get('assertion') ?? ''
    const invalidGrant = (description: string) => refusal(400, 'invalid_grant', description)
    let account: ServiceAccount | undefined
    let claims: Readonly<Record<string, unknown>>
    try {
      const header = decodeProtectedHeader(assertion)
      if (header.alg !== 'RS256') return invalidGrant('Invalid JWT: only RS256 is supported.')
      const { iss } = unverifiedClaims(assertion)
      account = this.#accounts.get(String(iss))
      if (account === undefined) return invalidGrant('Invalid grant: account not found')
      if (header.kid !== undefined && header.kid !== account.keyId) return invalidGrant('Invalid JWT Signature.')
      const key = await importJWK(account.publicKey, 'RS256')
      const verified = await jwtVerify(assertion, key, {
        algorithms: ['RS256'],
        audience: [googleTokenAddress, ownAddress],
        currentDate: new Date(this.#deps.clock.now()),
        clockTolerance: 300,
        requiredClaims: ['iss', 'aud', 'exp', 'iat', 'scope'],
      })
      claims = verified.payload
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : ''
      if (code === 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED') return invalidGrant('Invalid JWT Signature.')
      return invalidGrant('Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe.')
    }
    const issuedAt = Number(claims.iat) * 1000
    const expiresAt = Number(claims.exp) * 1000
    if (expiresAt - issuedAt > 3_600_000 || issuedAt > this.#deps.clock.now() + 300_000) {
      return invalidGrant('Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe.')
    }
    const scopes = String(claims.scope)
      .split(' ')
      .filter(scope => scope !== '')
    if (scopes.length === 0 || !scopes.every(isKnownScope)) {
      return refusal(400, 'invalid_scope', 'Invalid OAuth scope or ID token audience provided.')
    }
    if (typeof claims.sub !== 'string') {
      return refusal(400, 'invalid_request', 'This fake has no calendars for service accounts themselves: name a sub.')
    }
    const user = this.#deps.user(claims.sub)
    if (user === null || user.kind !== 'workspace') return invalidGrant('Invalid email or User ID')
    const { delegated } = account
    if (!scopes.every(scope => delegated.has(scope))) {
      return refusal(
        401,
        'unauthorized_client',
        'Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.',
      )
    }
    const { scope: _scope, ...answer } = this.#answer({
      user,
      clientId: account.clientId,
      scopes: new Set(scopes),
      isRevoked: false,
    })
    return json(200, answer)
  }

  #answer(grant: Grant) {
    return {
      access_token: this.#newAccess(grant),
      expires_in: Math.floor(this.#deps.settings.accessTokenLifeMs / 1000),
      scope: [...grant.scopes].join(' '),
      token_type: 'Bearer',
    }
  }

  #newAccess(grant: Grant): string {
    const token = `ya29.${this.#deps.seed.text(80)}`
    this.#access.set(token, { grant, expiresAt: this.#deps.clock.now() + this.#deps.settings.accessTokenLifeMs })
    return token
  }

  #newRefresh(grant: Grant): string {
    const token = `1//0${this.#deps.seed.text(60)}`
    this.#refresh.set(token, grant)
    return token
  }

  #client(form: URLSearchParams): OAuthClient | null {
    const client = this.clients.get(form.get('client_id') ?? '')
    return client !== undefined && form.get('client_secret') === client.secret ? client : null
  }

  #earlierScopes(user: FakeUser, clientId: string): readonly string[] {
    return [...this.#refresh.values()]
      .filter(grant => grant.user === user && grant.clientId === clientId && !grant.isRevoked)
      .flatMap(grant => [...grant.scopes])
  }

  async #idToken({ grant, nonce }: Code, issuer: string): Promise<string> {
    const now = Math.floor(this.#deps.clock.now() / 1000)
    return await new SignJWT({
      email: grant.user.address,
      email_verified: true,
      azp: grant.clientId,
      ...(nonce === null ? {} : { nonce }),
      ...(grant.user.kind === 'workspace' ? { hd: grant.user.address.split('@')[1] ?? '' } : {}),
    })
      .setProtectedHeader({ alg: 'RS256', kid: 'fake' })
      .setIssuer(issuer)
      .setAudience(grant.clientId)
      .setSubject(createHash('sha256').update(grant.user.address).digest('hex').slice(0, 21))
      .setIssuedAt(now)
      .setExpirationTime(now + 3600)
      .sign((await keyPair(0)).privateKey)
  }
}

export const googleTokenAddress = 'https://oauth2.googleapis.com/token'
const codeLifeMs = 10 * 60_000

/** Where the consent screen is: the service's own place, or the fake's where it is served. */
function issuerAt(tokenAddress: string): string {
  const { hostname, origin } = new URL(tokenAddress)
  return hostname === '127.0.0.1' ? origin : 'https://accounts.google.com'
}

/** The n-th account of every fake in a process has the n-th pair: making one takes a while, and none is a secret. */
function keyPair(index: number): Promise<GenerateKeyPairResult> {
  keyPairs[index] ??= generateKeyPair('RS256', { extractable: true })
  return keyPairs[index]
}

const keyPairs: Promise<GenerateKeyPairResult>[] = []

/** Desktop clients go back to the loopback, by name or address, on any port. */
function isAllowedRedirect(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null
  return url !== null && url.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)
}

function unverifiedClaims(assertion: string): Readonly<Record<string, unknown>> {
  // Safe because claims are a JSON object, and whatever else is there has no `iss`.
  return JSON.parse(Buffer.from(assertion.split('.')[1] ?? '', 'base64url').toString('utf8')) as Record<string, unknown>
}

const json = (status: number, body: unknown) =>
  new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
  })

const refusal = (status: number, error: string, description: string) =>
  json(status, { error, error_description: description })

const errorPage = (status: number, error: string) =>
  new Response(`<html><title>Error ${status}</title>Error: ${error}</html>`, {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8' },
  })
