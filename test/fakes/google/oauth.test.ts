import { createHash } from 'node:crypto'
import { importPKCS8, SignJWT } from 'jose'
import { beforeEach, describe, expect, test } from 'vitest'
import { type VirtualClock, virtualClock } from '../kit/clock.ts'
import { asking } from './asking.ts'
import { createGoogleFake, fakeClient, type GoogleFake } from './google-fake.ts'
import { googleTokenAddress, type ServiceAccountKey } from './oauth.ts'
import { scopePrefix } from './scopes.ts'

const readScope = `${scopePrefix}calendar.events.readonly`
const writeScope = `${scopePrefix}calendar.events`
const redirect = 'http://127.0.0.1:51234/done'
const verifier = 'v'.repeat(43)
const challenge = createHash('sha256').update(verifier).digest('base64url')
let clock: VirtualClock
let fake: GoogleFake

beforeEach(() => {
  clock = virtualClock(Date.UTC(2026, 2, 2, 8))
  fake = createGoogleFake({ clock })
  fake.addUser({ address: 'ana@example.com' })
  return () => expect(fake.violations).toEqual([])
})

interface TokenAnswer {
  readonly access_token?: string
  readonly refresh_token?: string
  readonly id_token?: string
  readonly expires_in?: number
  readonly scope?: string
  readonly token_type?: string
  readonly error?: string
}

async function post(
  path: string,
  form: Readonly<Record<string, string>>,
): Promise<{ status: number; body: TokenAnswer }> {
  const request = new Request(`http://fake.test${path}`, { method: 'POST', body: new URLSearchParams(form) })
  const response = await fake.fetch(request)
  // Safe because the token endpoint answers with such an object.
  return { status: response.status, body: (await response.json()) as TokenAnswer }
}

async function screen(more: Readonly<Record<string, string>> = {}): Promise<Response> {
  const query = new URLSearchParams({
    client_id: fakeClient.id,
    redirect_uri: redirect,
    response_type: 'code',
    scope: readScope,
    state: 'state-1',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    access_type: 'offline',
    ...more,
  })
  return await fake.fetch(new Request(`http://fake.test/o/oauth2/v2/auth?${query}`))
}

async function codeOf(more: Readonly<Record<string, string>> = {}): Promise<string> {
  return new URL((await screen(more)).headers.get('location') ?? '').searchParams.get('code') ?? ''
}

const client = { client_id: fakeClient.id, client_secret: fakeClient.secret }
const exchange = (code: string, more: Readonly<Record<string, string>> = {}) =>
  post('/token', {
    ...client,
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirect,
    code_verifier: verifier,
    ...more,
  })
const refresh = (token: string, more: Readonly<Record<string, string>> = {}) =>
  post('/token', { ...client, grant_type: 'refresh_token', refresh_token: token, ...more })
const opens = async (token: string | undefined) =>
  (await asking(fake, token ?? '').get('/calendar/v3/calendars/primary/events')).status

describe('The consent screen', () => {
  test('goes back to the loopback with a code and the state, and the code gives tokens once', async () => {
    const answer = await screen()
    const to = new URL(answer.headers.get('location') ?? '')
    expect([answer.status, to.origin + to.pathname, to.searchParams.get('state')]).toEqual([302, redirect, 'state-1'])
    const code = to.searchParams.get('code') ?? ''
    const tokens = await exchange(code)
    expect(tokens.body).toEqual({
      access_token: expect.any(String),
      refresh_token: expect.any(String),
      expires_in: 3599,
      scope: readScope,
      token_type: 'Bearer',
    })
    expect(await opens(tokens.body.access_token)).toBe(200)
    expect(await exchange(code)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  })

  test('refuses to go back anywhere but to the loopback', async () => {
    for (const redirect_uri of [
      'https://evil.example/done',
      'http://127.0.0.1.evil.example/',
      'urn:ietf:wg:oauth:2.0:oob',
    ]) {
      const answer = await screen({ redirect_uri })
      expect([answer.status, answer.headers.get('location')]).toEqual([400, null])
    }
  })

  test.each([
    ['an unknown client', { client_id: 'nobody' }],
    ['no proof key', { code_challenge: '', code_challenge_method: '' }],
    ['a plain proof key', { code_challenge_method: 'plain' }],
    ['a scope nobody knows', { scope: `${scopePrefix}calendar.everything` }],
    ['the implicit flow', { response_type: 'token' }],
  ])('shows an error page for %s', async (_what, more) => {
    expect((await screen(more)).status).toBeGreaterThanOrEqual(400)
  })

  test('tells that the person said no, and which boxes they left ticked', async () => {
    fake.oauth.consent.isDenied = true
    expect((await screen()).headers.get('location')).toBe(`${redirect}?error=access_denied&state=state-1`)
    fake.oauth.consent.isDenied = false
    fake.oauth.consent.granted = [readScope]
    const tokens = await exchange(await codeOf({ scope: `${readScope} ${writeScope}` }))
    expect(tokens.body.scope).toBe(readScope)
  })

  test('gives a refresh token with the first consent, and later only where consent is asked for anew', async () => {
    expect((await exchange(await codeOf({ access_type: 'online' }))).body.refresh_token).toBeUndefined()
    expect((await exchange(await codeOf())).body.refresh_token).toBeDefined()
    expect((await exchange(await codeOf())).body.refresh_token).toBeUndefined()
    expect((await exchange(await codeOf({ prompt: 'consent' }))).body.refresh_token).toBeDefined()
  })

  test('adds earlier scopes to a second consent where asked to, and says who it was where openid is asked', async () => {
    await exchange(await codeOf())
    const more = { scope: `openid ${writeScope}`, include_granted_scopes: 'true', nonce: 'n-1' }
    const { body } = await exchange(await codeOf(more))
    expect(body.scope?.split(' ').sort()).toEqual([writeScope, readScope, 'openid'].sort())
    const claims = JSON.parse(Buffer.from(body.id_token?.split('.')[1] ?? '', 'base64url').toString())
    expect(claims).toMatchObject({
      iss: 'https://accounts.google.com',
      aud: fakeClient.id,
      email: 'ana@example.com',
      nonce: 'n-1',
    })
  })

  test.each([
    ['another verifier', { code_verifier: 'w'.repeat(43) }, 'invalid_grant'],
    ['a verifier that is too short', { code_verifier: 'v' }, 'invalid_grant'],
    ['another way back', { redirect_uri: 'http://127.0.0.1:1/done' }, 'redirect_uri_mismatch'],
    ['a wrong secret', { client_secret: 'guessed' }, 'invalid_client'],
  ])('gives no tokens for a code with %s', async (_what, more, error) => {
    const answer = await exchange(await codeOf(), more)
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.body).toMatchObject({ error })
    expect(answer.body.access_token).toBeUndefined()
  })

  test('gives no tokens for a code of more than ten minutes ago', async () => {
    const code = await codeOf()
    clock.advance(600_000)
    expect((await exchange(code)).body.error).toBe('invalid_grant')
  })
})

describe('A refresh token', () => {
  test('gives access tokens that last an hour of the clock', async () => {
    const { refreshToken } = fake.grant('ana@example.com', [readScope])
    const first = await refresh(refreshToken)
    expect(first.body).not.toHaveProperty('refresh_token')
    clock.advance(3_599_000)
    expect(await opens(first.body.access_token)).toBe(401)
    expect(await opens((await refresh(refreshToken)).body.access_token)).toBe(200)
  })

  test('that rotates is good once, and its successor is good', async () => {
    fake.settings.rotateRefreshTokens = true
    const { refreshToken } = fake.grant('ana@example.com', [readScope])
    const first = await refresh(refreshToken)
    expect(first.body.refresh_token).not.toBe(refreshToken)
    expect((await refresh(refreshToken)).body.error).toBe('invalid_grant')
    expect((await refresh(first.body.refresh_token ?? '')).status).toBe(200)
  })

  test('of another client, with a wrong secret, or for more than was granted is refused', async () => {
    fake.oauth.clients.set('other', { id: 'other', secret: 's' })
    const { refreshToken } = fake.grant('ana@example.com', [readScope])
    const other = { client_id: 'other', client_secret: 's' }
    expect((await refresh(refreshToken, other)).body.error).toBe('unauthorized_client')
    expect((await refresh(refreshToken, { client_secret: '' })).body.error).toBe('invalid_client')
    expect((await refresh(refreshToken, { scope: writeScope })).body.error).toBe('invalid_scope')
    expect((await refresh('1//0guessed')).body.error).toBe('invalid_grant')
    expect((await post('/token', { ...client, grant_type: 'password' })).body.error).toBe('unsupported_grant_type')
  })

  test('that was given back is invalid_grant, its access tokens too, and giving it back twice is 400', async () => {
    const { refreshToken, accessToken } = fake.grant('ana@example.com', [readScope])
    const more = (await refresh(refreshToken)).body.access_token
    expect((await post('/revoke', { token: refreshToken })).status).toBe(200)
    expect((await refresh(refreshToken)).body.error).toBe('invalid_grant')
    expect([await opens(accessToken), await opens(more)]).toEqual([401, 401])
    expect(await post('/revoke', { token: refreshToken })).toMatchObject({
      status: 400,
      body: { error: 'invalid_token' },
    })
  })
})

describe('A service account', () => {
  let key: ServiceAccountKey
  beforeEach(async () => {
    key = await fake.oauth.addServiceAccount([readScope])
  })

  interface Wish {
    readonly claims?: Readonly<Record<string, unknown>>
    readonly privateKey?: string
    readonly alg?: string
    readonly kid?: string
  }

  async function assertion({ claims = {}, privateKey = key.private_key, kid = key.private_key_id }: Wish = {}) {
    const now = Math.floor(clock.now() / 1000)
    const wanted = {
      iss: key.client_email,
      sub: 'ana@example.com',
      scope: readScope,
      aud: googleTokenAddress,
      iat: now,
      exp: now + 3600,
      ...claims,
    }
    const token = await new SignJWT(wanted)
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid })
      .sign(await importPKCS8(privateKey, 'RS256'))
    return await post('/token', { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: token })
  }

  test('reads the calendar of the person it names, as that person', async () => {
    const { status, body } = await assertion()
    expect(status).toBe(200)
    expect(body).toEqual({ access_token: expect.any(String), expires_in: 3599, token_type: 'Bearer' })
    const answer = await asking(fake, body.access_token ?? '').get('/calendar/v3/calendars/primary/events')
    expect(answer.body).toMatchObject({ summary: 'ana@example.com', accessRole: 'owner' })
    expect((await assertion({ claims: { aud: 'http://fake.test/token' } })).status).toBe(200)
  })

  test('with one scope that is not listed for it gets nothing: unauthorized_client', async () => {
    const both = { claims: { scope: `${readScope} ${writeScope}` } }
    expect(await assertion(both)).toMatchObject({ status: 401, body: { error: 'unauthorized_client' } })
    fake.oauth.delegate(key.client_email, [readScope, writeScope])
    expect((await assertion(both)).status).toBe(200)
  })

  test('that signs with another key is refused', async () => {
    const other = await fake.oauth.addServiceAccount([readScope], 'other')
    expect(await assertion({ privateKey: other.private_key })).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    })
    expect((await assertion({ kid: 'unknown' })).body.error).toBe('invalid_grant')
  })

  test.each([
    ['another audience', { aud: 'https://example.com/token' }, 'invalid_grant'],
    ['an issuer nobody knows', { iss: 'nobody@demo-project.iam.gserviceaccount.com' }, 'invalid_grant'],
    ['an end in the past', { iat: 1, exp: 3601 }, 'invalid_grant'],
    ['a life of two hours', { exp: Date.UTC(2026, 2, 2, 10) / 1000 }, 'invalid_grant'],
    ['a start in the future', { iat: Date.UTC(2026, 2, 2, 8, 30) / 1000 }, 'invalid_grant'],
    ['a person nobody knows', { sub: 'nobody@example.com' }, 'invalid_grant'],
    ['no scope', { scope: '' }, 'invalid_scope'],
    ['a scope nobody knows', { scope: `${scopePrefix}calendar.everything` }, 'invalid_scope'],
  ])('whose assertion has %s is refused', async (_what, claims, error) => {
    const answer = await assertion({ claims })
    expect([answer.status, answer.body.error]).toEqual([400, error])
  })
})
