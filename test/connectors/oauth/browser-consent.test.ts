import { createHash } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import { SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { authorizeInBrowser, type ConsentRequest } from '../../../src/connectors/oauth/browser-consent.ts'
import { googleConsent, isTenant, microsoftConsent } from '../../../src/connectors/oauth/consent-providers.ts'
import { createHttpPolicy } from '../../../src/connectors/paced-http.ts'
import { PortError } from '../../../src/port-error.ts'
import { virtualClock } from '../../fakes/kit/clock.ts'

const startAt = Date.UTC(2026, 2, 2, 9)
const readScope = 'https://scope.test/calendar.events.readonly'
const listScope = 'https://scope.test/calendar.calendarlist.readonly'
const tid = '11111111-2222-3333-4444-555555555555'

const google = googleConsent({
  api: 'https://api.test/',
  admin: 'https://api.test/',
  token: 'https://oauth2.test/token',
  revoke: 'https://oauth2.test/revoke',
  authorize: 'https://accounts.test/o/oauth2/v2/auth',
})
const graphRoots = { api: 'https://graph.test/', login: 'https://login.test/' }

/** What the browser sends back, from the address it was shown. */
type Browser = (redirect: (changes?: Record<string, string | null>) => Promise<Page>, shown: URL) => Promise<unknown>
interface Page {
  readonly status: number
  readonly body: string
}

interface Plan {
  readonly claims?: Record<string, unknown>
  readonly tokens?: Record<string, unknown>
  readonly answer?: () => Response
  readonly browser?: Browser
  /** The token address answers only after this. */
  readonly after?: Promise<void>
  readonly request?: Partial<ConsentRequest>
}

/** One consent, with a provider that checks what it is sent and a person who says yes. */
async function consentWith({ claims, tokens, answer, browser, after, request }: Plan = {}) {
  const clock = virtualClock(startAt)
  const seen: { shown: URL | null; forms: URLSearchParams[]; pages: Promise<unknown>[] } = {
    shown: null,
    forms: [],
    pages: [],
  }
  const fetch = async (_url: unknown, init?: { body?: unknown }) => {
    const form = new URLSearchParams(String(init?.body))
    seen.forms.push(form)
    await after
    if (answer !== undefined) return answer()
    const shown = seen.shown!.searchParams
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    const isRight =
      form.get('code') === 'canary-code' &&
      challenge === shown.get('code_challenge') &&
      form.get('redirect_uri') === shown.get('redirect_uri')
    if (!isRight) return Response.json({ error: 'invalid_grant' }, { status: 400 })
    const idToken = await new SignJWT({
      nonce: shown.get('nonce'),
      email: 'ana@acme.test',
      sub: '1',
      iss: 'https://accounts.test',
      aud: 'client-1',
      iat: startAt / 1000,
      exp: startAt / 1000 + 3600,
      ...claims,
    })
      .setProtectedHeader({ alg: 'RS256' })
      .sign(await signingKey)
    return Response.json({
      access_token: 'canary-access',
      token_type: 'Bearer',
      expires_in: 3600,
      refresh_token: 'canary-refresh',
      scope: `openid https://scope.test/userinfo.email ${readScope} ${listScope}`,
      id_token: idToken,
      ...tokens,
    })
  }
  const click: Browser = browser ?? (redirect => redirect())
  const consent = authorizeInBrowser({
    provider: google,
    clientId: 'client-1',
    clientSecret: 'canary-secret',
    scopes: [readScope, listScope],
    // Safe because the policy asks with an address and an init alone.
    http: createHttpPolicy({ fetch: fetch as typeof globalThis.fetch, clock, attempts: 2 }),
    clock,
    budget: { requests: 10, untilAt: startAt + 60_000 },
    timeoutMs: 5000,
    open: async url => {
      seen.shown = new URL(url)
      const shown = seen.shown
      const page = click((changes = {}) => {
        const back = new URL(shown.searchParams.get('redirect_uri')!)
        const usual = { code: 'canary-code', state: shown.searchParams.get('state') }
        for (const [name, value] of Object.entries({ ...usual, ...changes })) {
          if (value !== null) back.searchParams.set(name, value)
        }
        return visit(back)
      }, shown)
      page.catch(() => undefined)
      seen.pages.push(page)
    },
    ...request,
  })
  return { consent, seen }
}

const signingKey = crypto.subtle
  .generateKey(
    { name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' },
    false,
    ['sign', 'verify'],
  )
  .then(({ privateKey }) => privateKey)

function visit(url: URL, { method = 'GET', host = url.host } = {}): Promise<Page> {
  return new Promise((resolve, reject) => {
    const options = {
      host: '127.0.0.1',
      port: url.port,
      path: `${url.pathname}${url.search}`,
      method,
      headers: { host },
    }
    httpRequest(options, incoming => {
      let body = ''
      incoming.setEncoding('utf8')
      incoming.on('data', part => {
        body += part
      })
      incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, body }))
    })
      .on('error', reject)
      .end()
  })
}

async function refused(plan: Plan): Promise<PortError> {
  const { consent } = await consentWith(plan)
  const error = await consent.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(PortError)
  // Safe because it was just asserted.
  const portError = error as PortError
  expect(`${portError.message} ${portError.stack} ${String(portError.cause)}`).not.toContain('canary')
  return portError
}

describe('what is asked', () => {
  it('Google: code with PKCE, state, nonce, a loopback address, the scopes and who it is', async () => {
    const { consent, seen } = await consentWith()
    await consent
    const { origin, pathname, searchParams } = seen.shown!
    expect(`${origin}${pathname}`).toBe('https://accounts.test/o/oauth2/v2/auth')
    expect(Object.fromEntries(searchParams)).toMatchObject({
      client_id: 'client-1',
      response_type: 'code',
      scope: `openid email ${readScope} ${listScope}`,
      code_challenge_method: 'S256',
      access_type: 'offline',
      prompt: 'consent',
    })
    expect(searchParams.get('redirect_uri')).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    for (const name of ['state', 'nonce', 'code_challenge']) expect(searchParams.get(name)!.length).toBeGreaterThan(40)
    expect(seen.shown!.href).not.toContain('canary')
  })

  it('no two consents share a secret', async () => {
    const [one, two] = [await consentWith(), await consentWith()]
    await Promise.all([one.consent, two.consent])
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect(one.seen.shown!.searchParams.get(name)).not.toBe(two.seen.shown!.searchParams.get(name))
    }
  })
})

describe('a consent', () => {
  it('is a credential, an address and nothing missing; the page says so and shows nothing of it', async () => {
    const { consent, seen } = await consentWith()
    expect(await consent).toEqual({
      credential: {
        kind: 'oauth',
        clientId: 'client-1',
        clientSecret: 'canary-secret',
        refreshToken: 'canary-refresh',
        accessToken: 'canary-access',
        accessTokenExpiresAt: startAt + 3_600_000,
        scopes: ['openid', 'https://scope.test/userinfo.email', readScope, listScope],
      },
      address: 'ana@acme.test',
      missingScopes: [],
    })
    const page = await seen.pages[0]
    expect(page).toMatchObject({ status: 200 })
    expect(JSON.stringify(page)).toContain('Connected')
    expect(JSON.stringify(page)).not.toContain('canary')
  })

  it('with a box not ticked names what is missing', async () => {
    const { consent } = await consentWith({ tokens: { scope: `openid ${readScope}` } })
    expect((await consent).missingScopes).toEqual([listScope])
  })

  it('with no box ticked → denied', async () => {
    const error = await refused({ tokens: { scope: 'openid' } })
    expect(error.code).toBe('denied')
    expect(error.message).toContain('boxes ticked')
  })

  it('that says nothing about scopes granted all', async () => {
    const { consent } = await consentWith({ tokens: { scope: undefined } })
    expect(await consent).toMatchObject({ missingScopes: [], credential: { scopes: [readScope, listScope] } })
  })

  it('without a refresh token is none', async () => {
    expect((await refused({ tokens: { refresh_token: undefined } })).message).toContain('no lasting consent')
  })

  it('of nobody with an address is none', async () => {
    expect((await refused({ claims: { email: undefined } })).message).toContain('whose account')
  })
})

describe('Microsoft', () => {
  const claims = { iss: `https://login.test/${tid}/v2.0`, tid, email: undefined, preferred_username: 'ana@acme.test' }
  const microsoft = (tenant?: string): Partial<ConsentRequest> => ({
    provider: microsoftConsent(graphRoots, tenant),
    clientSecret: null,
    scopes: ['Calendars.Read'],
  })
  const tokens = { scope: 'https://graph.test/calendars.read openid profile' }

  it('any tenant: localhost, no secret, the tenant of the token', async () => {
    const { consent, seen } = await consentWith({ claims, tokens, request: microsoft() })
    expect(await consent).toMatchObject({ address: 'ana@acme.test', missingScopes: [] })
    expect(seen.shown!.pathname).toBe('/common/oauth2/v2.0/authorize')
    expect(seen.shown!.searchParams.get('redirect_uri')).toMatch(/^http:\/\/localhost:\d+$/)
    expect(seen.shown!.searchParams.get('scope')).toBe('openid profile offline_access Calendars.Read')
    expect(seen.forms[0]!.has('client_secret')).toBe(false)
  })

  it('one tenant: its own people, and nobody else', async () => {
    const { consent } = await consentWith({ claims, tokens, request: microsoft(tid) })
    expect(await consent).toMatchObject({ address: 'ana@acme.test' })
    const other = '99999999-2222-3333-4444-555555555555'
    expect((await refused({ claims, tokens, request: microsoft(other) })).code).toBe('denied')
  })

  it('a token whose issuer is not that of its tenant → denied', async () => {
    const iss = 'https://login.test/99999999-2222-3333-4444-555555555555/v2.0'
    expect((await refused({ claims: { ...claims, iss }, tokens, request: microsoft() })).code).toBe('denied')
    const elsewhere = { ...claims, iss: `https://evil.test/${tid}/v2.0` }
    expect((await refused({ claims: elsewhere, tokens, request: microsoft() })).code).toBe('denied')
    expect((await refused({ claims: { ...claims, tid: '../evil' }, tokens, request: microsoft() })).code).toBe('denied')
  })

  it.each([
    ['common', true],
    ['contoso.onmicrosoft.com', true],
    [tid, true],
    ['a/../b', false],
    ['a..b', false],
    ['', false],
  ])('%j is a tenant: %s', (tenant, expected) => {
    expect(isTenant(tenant)).toBe(expected)
  })
})

describe('answers that are not to this question', () => {
  it.each([
    ['iss', { iss: 'https://evil.test' }],
    ['aud', { aud: 'another-client' }],
    ['nonce', { nonce: 'another' }],
    ['nonce', { nonce: undefined }],
    ['exp', { exp: startAt / 1000 - 3600 }],
  ])('an ID token with another %s → refused', async (_, claims) => {
    expect(['denied', 'failed']).toContain((await refused({ claims })).code)
  })

  it('no ID token at all → refused', async () => {
    expect((await refused({ tokens: { id_token: undefined } })).code).toBe('failed')
  })

  it("another provider's iss in the redirect → denied before any secret is sent", async () => {
    const { consent, seen } = await consentWith({ browser: redirect => redirect({ iss: 'https://login.test' }) })
    await expect(consent).rejects.toMatchObject({ code: 'denied' })
    expect(seen.forms).toEqual([])
  })

  it('its own iss in the redirect is fine', async () => {
    const { consent } = await consentWith({ browser: redirect => redirect({ iss: 'https://accounts.test' }) })
    expect((await consent).address).toBe('ana@acme.test')
  })

  it('a code that was issued for another verifier is refused by the provider, in a sentence', async () => {
    const error = await refused({ browser: redirect => redirect({ code: 'another-canary-code' }) })
    expect(error.code).toBe('failed')
    expect(error.message).toContain('invalid_grant')
  })

  it('another state, another host, another path and another method are refused, and the right answer still counts', async () => {
    const pages: number[] = []
    const { consent } = await consentWith({
      browser: async (redirect, shown) => {
        const back = new URL(shown.searchParams.get('redirect_uri')!)
        const right = new URL(`?code=canary-code&state=${shown.searchParams.get('state')}`, back)
        pages.push((await redirect({ state: 'another' })).status)
        pages.push((await redirect({ state: null })).status)
        pages.push((await visit(new URL(`${right.href}&state=second`))).status)
        pages.push((await visit(right, { host: `evil.test:${back.port}` })).status)
        pages.push((await visit(right, { host: `localhost:${back.port}` })).status)
        pages.push((await visit(new URL(`/favicon.ico${right.search}`, back))).status)
        pages.push((await visit(right, { method: 'POST' })).status)
        pages.push((await redirect()).status)
      },
    })
    expect((await consent).address).toBe('ana@acme.test')
    await expect.poll(() => pages).toEqual([400, 400, 400, 421, 421, 404, 404, 200])
  })

  it('the same answer twice is taken once, and the second is told so', async () => {
    let goOn = () => {}
    const after = new Promise<void>(resolve => {
      goOn = resolve
    })
    const statuses: number[] = []
    const { consent, seen } = await consentWith({
      after,
      browser: async redirect => {
        const first = redirect()
        await expect.poll(() => seen.forms.length).toBe(1)
        statuses.push((await redirect()).status)
        goOn()
        statuses.push((await first).status)
      },
    })
    await consent
    await Promise.all(seen.pages)
    expect(seen.forms).toHaveLength(1)
    expect(statuses).toEqual([410, 200])
  })

  it('after the end nobody listens', async () => {
    const { consent, seen } = await consentWith()
    await consent
    await expect(visit(new URL(seen.shown!.searchParams.get('redirect_uri')!))).rejects.toThrow('ECONNREFUSED')
  })
})

describe('when it does not work out', () => {
  it('the person says no → denied', async () => {
    const error = await refused({ browser: redirect => redirect({ code: null, error: 'access_denied' }) })
    expect(error.code).toBe('denied')
    expect(error.message).toContain('told not to allow')
  })

  it('the provider says no → denied, and its own words are not shown', async () => {
    const no = { code: null, error: 'canary', error_description: 'canary' }
    expect((await refused({ browser: redirect => redirect(no) })).message).toContain('(unknown)')
  })

  it('nobody comes → unreachable, with what to do', async () => {
    const error = await refused({ browser: async () => undefined, request: { timeoutMs: 20 } })
    expect(error.code).toBe('unreachable')
    expect(error.message).toContain('finish in the browser')
  })

  it('stopped while it waits → paused', async () => {
    const controller = new AbortController()
    const browser = async () => controller.abort()
    expect((await refused({ browser, request: { signal: controller.signal } })).code).toBe('paused')
  })

  it('the browser cannot be opened → that failure', async () => {
    const open = async () => {
      throw new PortError('unsupported', 'There is no browser here.')
    }
    expect((await refused({ request: { open } })).code).toBe('unsupported')
  })

  it('a code is exchanged once: an answer that got lost is not asked for again', async () => {
    let asked = 0
    const error = await refused({
      answer: () => {
        asked++
        throw Object.assign(new TypeError('canary'), { cause: { code: 'ECONNRESET' } })
      },
    })
    expect([error.code, asked]).toEqual(['unreachable', 1])
  })

  it.each([
    ['a wrong client', () => Response.json({ error: 'invalid_client', error_description: 'canary' }, { status: 401 })],
    ['no JSON', () => new Response('canary', { status: 200 })],
    ['a redirect', () => new Response(null, { status: 302, headers: { location: 'https://evil.test/canary' } })],
  ])('%s at the token address → failed', async (_, answer) => {
    expect((await refused({ answer })).code).toBe('failed')
  })

  it('a token address that is not https is refused before anybody is asked', async () => {
    const error = await refused({ request: { provider: { ...google, tokenUrl: 'http://oauth2.test/token' } } })
    expect(error.message).toContain('not https')
  })
})
