import { createHash } from 'node:crypto'
import { type Context, Hono } from 'hono'
import { type GenerateKeyPairResult, generateKeyPair, SignJWT } from 'jose'
import type { Clock } from '../../../src/clock.ts'
import { GraphProblem } from './problem.ts'

/** An application as it is registered in Entra. */
export interface GraphApp {
  readonly clientId: string
  /** Needed for the client-credentials grant; a public client with PKCE sends none. */
  readonly clientSecret: string
  /** Exact, but any port on loopback. */
  readonly redirectUris: readonly string[]
  /** Application permissions an administrator consented to. */
  readonly roles: readonly string[]
}

/** Whom a bearer token speaks for. */
export interface Bearer {
  readonly token: string
  readonly clientId: string
  /** Address of the person; null for an application of its own. */
  readonly person: string | null
  /** Scopes of the person's consent, or roles of the application. */
  readonly permissions: ReadonlySet<string>
  readonly expiresAt: number
}

export interface SignInOptions {
  readonly clock: Clock
  readonly tenant: string
  readonly apps: readonly GraphApp[]
  readonly isPerson: (address: string) => boolean
}

/**
 * `/{tenant}/oauth2/v2.0/token` and `…/authorize`. Refresh tokens are good once: each refresh gives a new one, and an
 * old one is `invalid_grant`.
 */
export class SignIn {
  readonly routes = new Hono()
  /** Who sits at the browser when a request names nobody by `login_hint`. */
  signedInAs: string | null = null
  /** The person presses Cancel on the consent page. */
  isConsentRefused = false
  readonly #options: SignInOptions
  readonly #bearers = new Map<string, Bearer>()
  readonly #codes = new Map<string, CodeGrant>()
  readonly #refreshTokens = new Map<string, Grant>()
  readonly #claimsDemanded = new Set<string>()
  #counter = 0

  constructor(options: SignInOptions) {
    this.#options = options
    this.routes.get('/:tenant/oauth2/v2.0/authorize', c => this.#authorize(c))
    this.routes.post('/:tenant/oauth2/v2.0/token', async c => this.#answer(c, await this.#form(c)))
  }

  /** A token without the dance, for tests of other things. */
  issue(grant: {
    readonly person: string | null
    readonly permissions: readonly string[]
    readonly clientId?: string
  }) {
    return this.#bearer(grant.clientId ?? this.#options.apps[0]!.clientId, grant.person, grant.permissions).token
  }

  /** Access tokens alone; whoever has a refresh token gets new ones. */
  expireAccessTokens(): void {
    this.#bearers.clear()
  }

  /** The person or an administrator took the consent back. */
  revokeConsent(person: string): void {
    for (const [token, grant] of this.#refreshTokens) if (grant.person === person) this.#refreshTokens.delete(token)
    for (const [token, bearer] of this.#bearers) if (bearer.person === person) this.#bearers.delete(token)
  }

  /** Conditional access or continuous access evaluation: tokens held now are refused with a claims challenge. */
  demandClaims(person: string | null): void {
    for (const bearer of this.#bearers.values()) if (bearer.person === person) this.#claimsDemanded.add(bearer.token)
  }

  /** @throws GraphProblem 401 with WWW-Authenticate. */
  bearerOf(headers: Headers): Bearer {
    const token = /^Bearer (.+)$/.exec(headers.get('authorization') ?? '')?.[1]
    if (token === undefined) throw unauthorized('InvalidAuthenticationToken', 'Access token is empty.')
    const bearer = this.#bearers.get(token)
    if (bearer === undefined || bearer.expiresAt <= this.#options.clock.now()) {
      throw unauthorized(
        'InvalidAuthenticationToken',
        'Lifetime validation failed, the token is expired.',
        'error="invalid_token", error_description="The access token has expired"',
      )
    }
    if (this.#claimsDemanded.has(token)) {
      const since = Math.floor(this.#options.clock.now() / 1000)
      const claims = btoa(JSON.stringify({ access_token: { nbf: { essential: true, value: String(since) } } }))
      throw unauthorized(
        'InvalidAuthenticationToken',
        'Continuous access evaluation resulted in challenge with result: InteractionRequired and code: TokenIssuedBeforeRevocationTimestamp',
        `error="insufficient_claims", claims="${claims}"`,
      )
    }
    return bearer
  }

  async #form(c: Context): Promise<URLSearchParams> {
    const type = c.req.header('content-type') ?? ''
    if (!type.startsWith('application/x-www-form-urlencoded')) {
      return new URLSearchParams({ grant_type: '', wrong: 'content-type' })
    }
    return new URLSearchParams(await c.req.text())
  }

  async #answer(c: Context, form: URLSearchParams): Promise<Response> {
    const tenant = c.req.param('tenant') ?? ''
    const app = this.#options.apps.find(({ clientId }) => clientId === form.get('client_id'))
    const secret = form.get('client_secret')
    if (form.get('wrong') !== null) {
      return refusal(
        'invalid_request',
        'AADSTS900144: The request body must contain the following parameter: grant_type.',
      )
    }
    if (![this.#options.tenant, 'organizations', 'common'].includes(tenant)) {
      return refusal('invalid_request', `AADSTS90002: Tenant '${tenant}' not found.`)
    }
    if (app === undefined) {
      return refusal('unauthorized_client', 'AADSTS700016: The application was not found in the directory.')
    }
    if (secret !== null && secret !== app.clientSecret) {
      return refusal('invalid_client', 'AADSTS7000215: Invalid client secret provided.', 401)
    }
    switch (form.get('grant_type')) {
      case 'client_credentials':
        return this.#asApplication(app, form, tenant)
      case 'authorization_code':
        return await this.#redeemCode(app, form, new URL(c.req.url).origin)
      case 'refresh_token':
        return this.#refresh(app, form)
      default:
        return refusal('unsupported_grant_type', 'AADSTS70003: The app requested an unsupported grant type.')
    }
  }

  #asApplication(app: GraphApp, form: URLSearchParams, tenant: string): Response {
    if (form.get('client_secret') === null) {
      return refusal('invalid_client', "AADSTS7000216: 'client_assertion' or 'client_secret' is required.", 401)
    }
    if (tenant !== this.#options.tenant) {
      return refusal('invalid_request', 'AADSTS1002012: The client_credentials grant needs a tenant of its own.')
    }
    if (!/^https?:\/\/[^ ]+\/\.default$/.test(form.get('scope') ?? '')) {
      return refusal('invalid_scope', 'AADSTS1002012: The provided value for scope must end in /.default.')
    }
    const bearer = this.#bearer(app.clientId, null, app.roles)
    return json({ token_type: 'Bearer', expires_in: 3599, ext_expires_in: 3599, access_token: bearer.token })
  }

  #authorize(c: Context): Response {
    const url = new URL(c.req.url)
    const asked = url.searchParams
    const app = this.#options.apps.find(({ clientId }) => clientId === asked.get('client_id'))
    const redirect = asked.get('redirect_uri') ?? ''
    if (app === undefined || !app.redirectUris.some(known => isSameRedirect(known, redirect))) {
      return new Response('AADSTS50011: The redirect URI does not match the redirect URIs of the application.', {
        status: 400,
      })
    }
    const back = (parts: Record<string, string>) => {
      const to = new URL(redirect)
      for (const [name, value] of Object.entries(parts)) to.searchParams.set(name, value)
      const state = asked.get('state')
      if (state !== null) to.searchParams.set('state', state)
      return new Response(null, { status: 302, headers: { location: to.href } })
    }
    if (asked.get('response_type') !== 'code') return back({ error: 'unsupported_response_type' })
    if (asked.get('code_challenge_method') !== 'S256' || (asked.get('code_challenge') ?? '').length !== 43) {
      return back({
        error: 'invalid_request',
        error_description: 'AADSTS9002325: Proof Key for Code Exchange is required.',
      })
    }
    if (this.isConsentRefused) {
      return back({ error: 'access_denied', error_description: 'AADSTS65004: User declined to consent.' })
    }
    const person = asked.get('login_hint') ?? this.signedInAs
    if (person === null || !this.#options.isPerson(person)) return back({ error: 'login_required' })
    const code = `0.code.${++this.#counter}`
    this.#codes.set(code, {
      clientId: app.clientId,
      person,
      scopes: scopesOf(asked.get('scope') ?? ''),
      redirect,
      challenge: asked.get('code_challenge') ?? '',
      nonce: asked.get('nonce'),
      expiresAt: this.#options.clock.now() + 600_000,
    })
    return back({ code })
  }

  async #redeemCode(app: GraphApp, form: URLSearchParams, origin: string): Promise<Response> {
    const code = form.get('code') ?? ''
    const grant = this.#codes.get(code)
    this.#codes.delete(code)
    if (grant === undefined || grant.clientId !== app.clientId || grant.expiresAt <= this.#options.clock.now()) {
      return refusal('invalid_grant', 'AADSTS70008: The provided authorization code has expired or was used before.')
    }
    if (grant.redirect !== form.get('redirect_uri')) {
      return refusal('invalid_grant', 'AADSTS50011: The reply address does not match.')
    }
    const verifier = form.get('code_verifier') ?? ''
    if (createHash('sha256').update(verifier).digest('base64url') !== grant.challenge) {
      return refusal('invalid_grant', 'AADSTS501481: The Code_Verifier does not match the code_challenge.')
    }
    return this.#granted(
      grant,
      grant.scopes,
      grant.scopes.includes('openid') ? await this.#idToken(grant, origin) : null,
    )
  }

  /** Who signed in. Signed by nobody's key: it comes straight from the token address, and no client of ours asks more. */
  async #idToken({ person, clientId, nonce }: CodeGrant, origin: string): Promise<string> {
    const now = Math.floor(this.#options.clock.now() / 1000)
    return await new SignJWT({
      tid: this.#options.tenant,
      preferred_username: person,
      ver: '2.0',
      ...(nonce === null ? {} : { nonce }),
    })
      .setProtectedHeader({ alg: 'RS256', kid: 'fake', typ: 'JWT' })
      .setIssuer(`${origin}/${this.#options.tenant}/v2.0`)
      .setAudience(clientId)
      .setSubject(createHash('sha256').update(person).digest('base64url'))
      .setIssuedAt(now)
      .setExpirationTime(now + 3600)
      .sign((await signingKeys()).privateKey)
  }

  #refresh(app: GraphApp, form: URLSearchParams): Response {
    const token = form.get('refresh_token') ?? ''
    const grant = this.#refreshTokens.get(token)
    if (grant === undefined || grant.clientId !== app.clientId) {
      return refusal('invalid_grant', 'AADSTS700082: The refresh token has expired or was used before.')
    }
    const wanted = form.get('scope') === null ? grant.scopes : scopesOf(form.get('scope') ?? '')
    const more = wanted.filter(scope => !grant.scopes.includes(scope))
    if (more.length > 0) {
      return refusal(
        'invalid_grant',
        'AADSTS65001: The user or administrator has not consented to use the application.',
      )
    }
    this.#refreshTokens.delete(token)
    return this.#granted(grant, wanted)
  }

  #granted(grant: Grant, scopes: readonly string[], idToken: string | null = null): Response {
    const bearer = this.#bearer(grant.clientId, grant.person, scopes)
    const refreshToken = `1.refresh.${++this.#counter}`
    const isOffline = grant.scopes.includes('offline_access')
    if (isOffline) {
      this.#refreshTokens.set(refreshToken, { clientId: grant.clientId, person: grant.person, scopes: grant.scopes })
    }
    return json({
      token_type: 'Bearer',
      scope: scopes.filter(scope => scope !== 'offline_access').join(' '),
      expires_in: 3599,
      ext_expires_in: 3599,
      access_token: bearer.token,
      ...(isOffline ? { refresh_token: refreshToken } : {}),
      ...(idToken === null ? {} : { id_token: idToken }),
    })
  }

  #bearer(clientId: string, person: string | null, permissions: readonly string[]): Bearer {
    const token = `EwB.access.${++this.#counter}`
    const expiresAt = this.#options.clock.now() + 3_599_000
    const bearer = { token, clientId, person, permissions: new Set(permissions), expiresAt }
    this.#bearers.set(token, bearer)
    return bearer
  }
}

interface Grant {
  readonly clientId: string
  readonly person: string
  readonly scopes: readonly string[]
}

interface CodeGrant extends Grant {
  readonly redirect: string
  readonly challenge: string
  readonly nonce: string | null
  readonly expiresAt: number
}

/** Made once for all fakes of a process: it takes a while. */
function signingKeys(): Promise<GenerateKeyPairResult> {
  keys ??= generateKeyPair('RS256')
  return keys
}

let keys: Promise<GenerateKeyPairResult> | undefined

/** Scopes with or without the address of Graph before them. */
function scopesOf(text: string): readonly string[] {
  return text
    .split(' ')
    .filter(scope => scope !== '')
    .map(scope => scope.replace(/^https?:\/\/[^/]+\//, ''))
}

/** RFC 8252 section 7.3: any port on loopback. */
function isSameRedirect(known: string, asked: string): boolean {
  if (known === asked) return true
  if (!URL.canParse(asked)) return false
  const [a, b] = [new URL(known), new URL(asked)]
  return ['localhost', '127.0.0.1'].includes(b.hostname) && a.hostname === b.hostname && a.pathname === b.pathname
}

const json = (value: unknown, status = 200) =>
  new Response(JSON.stringify(value), {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
  })

const refusal = (error: string, description: string, status = 400) =>
  json({ error, error_description: description, error_codes: [Number(/\d+/.exec(description)?.[0])] }, status)

function unauthorized(code: string, message: string, details = ''): GraphProblem {
  const challenge =
    'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000"'
  return new GraphProblem(401, code, message, {
    'www-authenticate': details === '' ? challenge : `${challenge}, ${details}`,
  })
}
