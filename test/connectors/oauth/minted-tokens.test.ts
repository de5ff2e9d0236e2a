import { exportPKCS8, generateKeyPair, jwtVerify } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { clientCredentialTokens } from '../../../src/connectors/oauth/client-credential-tokens.ts'
import { serviceAccountTokens } from '../../../src/connectors/oauth/service-account-tokens.ts'
import { createHttpPolicy } from '../../../src/connectors/paced-http.ts'
import { PortError } from '../../../src/port-error.ts'
import type { Credential, CredentialOwner } from '../../../src/store/credential-store.ts'
import { virtualClock } from '../../fakes/kit/clock.ts'
import { memoryCredentials } from '../../support/memory-credentials.ts'

const startAt = Date.UTC(2026, 2, 2, 9)
const tick = () => ({ requests: 50, untilAt: startAt + 10 * 60 * 60 * 1000 })

/** Answers with a new token each time, or as planned. */
function tokenAddress() {
  const clock = virtualClock(startAt)
  const asked: { url: string; form: URLSearchParams }[] = []
  const planned: Response[] = []
  const fetch = async (url: unknown, init?: { body?: unknown }) => {
    asked.push({ url: String(url), form: new URLSearchParams(String(init?.body)) })
    const body = { access_token: `token-${asked.length}`, token_type: 'Bearer', expires_in: 3600 }
    return planned.shift() ?? Response.json(body)
  }
  // Safe because the policy asks with an address and an init alone.
  const http = createHttpPolicy({ fetch: fetch as typeof globalThis.fetch, clock })
  return { clock, asked, planned, http }
}

async function failure(promise: Promise<unknown>): Promise<PortError> {
  const error = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(PortError)
  // Safe because it was just asserted.
  const portError = error as PortError
  expect(`${portError.message} ${String(portError.cause)}`).not.toContain('canary')
  return portError
}

async function keeping(owner: CredentialOwner, credential: Credential) {
  const credentials = memoryCredentials()
  await credentials.save(owner, credential, 0)
  return credentials
}

describe('a service account that acts for people', () => {
  const owner: CredentialOwner = { accountId: 'acct0000000000aa', provider: 'google', subject: 'acme.test' }
  const endpoint = 'https://oauth2.test/token'
  let pair: Awaited<ReturnType<typeof generateKeyPair>>
  let pem: string
  beforeAll(async () => {
    pair = await generateKeyPair('RS256', { extractable: true })
    pem = await exportPKCS8(pair.privateKey)
  })

  async function account(privateKeyPem = pem) {
    const address = tokenAddress()
    const credentials = await keeping(owner, {
      kind: 'service-account',
      clientEmail: 'sync@acme.iam.test',
      privateKeyPem,
      keyId: 'key-1',
    })
    const { http, clock } = address
    return { ...address, tokens: serviceAccountTokens({ http, clock, credentials, owner, endpoint }) }
  }

  it('signs who acts for whom and what for, for an hour at most', async () => {
    const { asked, tokens } = await account()
    expect(await tokens.of('ana@acme.test', ['read', 'list']).token({ budget: tick() })).toBe('token-1')
    const { url, form } = asked[0]!
    expect(url).toBe(endpoint)
    expect(form.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer')
    const { payload, protectedHeader } = await jwtVerify(form.get('assertion')!, pair.publicKey, {
      issuer: 'sync@acme.iam.test',
      subject: 'ana@acme.test',
      audience: endpoint,
      currentDate: new Date(startAt),
    })
    expect(protectedHeader).toEqual({ alg: 'RS256', typ: 'JWT', kid: 'key-1' })
    expect(payload).toMatchObject({ scope: 'read list', iat: startAt / 1000, exp: startAt / 1000 + 3600 })
  })

  it('a token a person and set of scopes, remembered until a minute before its end', async () => {
    const { asked, tokens, clock } = await account()
    const ana = () => tokens.of('ana@acme.test', ['read']).token({ budget: tick() })
    expect(await Promise.all([ana(), ana(), ana()])).toEqual(['token-1', 'token-1', 'token-1'])
    expect(await tokens.of('bo@acme.test', ['read']).token({ budget: tick() })).toBe('token-2')
    expect(await tokens.of('ana@acme.test', ['write']).token({ budget: tick() })).toBe('token-3')
    expect(asked).toHaveLength(3)
    clock.advance(3_540_000)
    expect(await ana()).toBe('token-4')
  })

  it('a write scope that the admin did not list leaves reading alone', async () => {
    const { planned, tokens } = await account()
    planned.push(Response.json({ error: 'unauthorized_client', error_description: 'canary' }, { status: 401 }))
    const error = await failure(tokens.of('ana@acme.test', ['https://scope.test/write']).token({ budget: tick() }))
    expect(error.code).toBe('signed-out')
    expect(error.message).toContain('Domain-wide delegation')
    expect(error.message).toContain('https://scope.test/write')
    expect(await tokens.of('ana@acme.test', ['https://scope.test/read']).token({ budget: tick() })).toBe('token-2')
  })

  it.each([
    ['Invalid email or User ID', 'not-found', 'does not know this person'],
    ['Invalid JWT: Token must be a short-lived token and in a reasonable timeframe', 'failed', 'clock'],
    ['Invalid JWT Signature. canary', 'signed-out', 'new key'],
    ['Invalid grant: account not found', 'signed-out', 'new key'],
  ])('invalid_grant, %s → %s', async (error_description, code, words) => {
    const { planned, tokens } = await account()
    planned.push(Response.json({ error: 'invalid_grant', error_description }, { status: 400 }))
    const error = await failure(tokens.of('ana@acme.test', ['read']).token({ budget: tick() }))
    expect(error.code).toBe(code)
    expect(error.message).toContain(words)
  })

  it('a refused token is asked for anew once; the same again is denied', async () => {
    const { planned, tokens } = await account()
    const source = tokens.of('ana@acme.test', ['read'])
    const first = await source.token({ budget: tick() })
    expect(await source.token({ budget: tick(), rejected: first })).toBe('token-2')
    planned.push(Response.json({ access_token: 'token-2', token_type: 'Bearer', expires_in: 3600 }))
    expect((await failure(source.token({ budget: tick(), rejected: 'token-2' }))).code).toBe('denied')
  })

  it('a key that does not open → malformed, and nothing of it is shown', async () => {
    const { tokens, asked } = await account('-----BEGIN PRIVATE KEY-----\ncanary\n-----END PRIVATE KEY-----')
    expect((await failure(tokens.of('ana@acme.test', ['read']).token({ budget: tick() }))).code).toBe('malformed')
    expect(asked).toHaveLength(0)
  })
})

describe("an application with Microsoft's permission", () => {
  const owner: CredentialOwner = { accountId: 'acct0000000000bb', provider: 'microsoft', subject: '' }

  async function application(tenantId = '11111111-2222-3333-4444-555555555555') {
    const address = tokenAddress()
    const credentials = await keeping(owner, {
      kind: 'client-secret',
      tenantId,
      clientId: 'app',
      clientSecret: 'canary',
    })
    const { http, clock } = address
    const roots = { api: 'https://graph.test/', login: 'https://login.test/' }
    return { ...address, tokens: clientCredentialTokens({ http, clock, credentials, owner, roots }) }
  }

  it('asks its tenant for all that the admin consented to, once for all who ask', async () => {
    const { tokens, asked } = await application()
    await Promise.all([1, 2, 3].map(() => tokens.token({ budget: tick() })))
    expect(asked).toHaveLength(1)
    expect(asked[0]!.url).toBe('https://login.test/11111111-2222-3333-4444-555555555555/oauth2/v2.0/token')
    expect(Object.fromEntries(asked[0]!.form)).toEqual({
      grant_type: 'client_credentials',
      client_id: 'app',
      client_secret: 'canary',
      scope: 'https://graph.test/.default',
    })
  })

  it.each(['common', 'organizations', 'Consumers'])('%s is no tenant to work in → rejected', async tenant => {
    const { tokens, asked } = await application(tenant)
    expect((await failure(tokens.token({ budget: tick() }))).code).toBe('rejected')
    expect(asked).toHaveLength(0)
  })

  it('a secret that has ended → signed-out with what to do', async () => {
    const { tokens, planned } = await application()
    const error_description = 'AADSTS7000222: The provided client secret keys for app canary are expired.'
    planned.push(Response.json({ error: 'invalid_client', error_description }, { status: 401 }))
    const error = await failure(tokens.token({ budget: tick() }))
    expect(error.code).toBe('signed-out')
    expect(error.message).toContain('secret of the application has ended')
  })

  it("a wrong one → signed-out with Microsoft's number", async () => {
    const { tokens, planned } = await application()
    const error_description = 'AADSTS7000215: Invalid client secret canary.'
    planned.push(Response.json({ error: 'invalid_client', error_description }, { status: 401 }))
    expect((await failure(tokens.token({ budget: tick() }))).message).toContain('invalid_client, AADSTS7000215')
  })

  it('down → busy, and it works again later', async () => {
    const { tokens, planned } = await application()
    for (let i = 0; i < 5; i++) planned.push(new Response('', { status: 503 }))
    expect((await failure(tokens.token({ budget: tick() }))).code).toBe('busy')
    expect(await tokens.token({ budget: tick() })).toMatch(/^token-/)
  })
})
