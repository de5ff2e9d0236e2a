import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Clock } from '../../../src/clock.ts'
import { createFlights, refreshingTokens } from '../../../src/connectors/oauth/refreshing-tokens.ts'
import { createHttpPolicy } from '../../../src/connectors/paced-http.ts'
import { PortError } from '../../../src/port-error.ts'
import type { Credential, CredentialOwner } from '../../../src/store/credential-store.ts'
import { virtualClock } from '../../fakes/kit/clock.ts'
import { type MemoryCredentials, memoryCredentials } from '../../support/memory-credentials.ts'

const owner: CredentialOwner = { accountId: 'acct0000000000aa', provider: 'google', subject: 'ana@acme.test' }
const startAt = Date.UTC(2026, 2, 2, 9)

type OAuth = Extract<Credential, { kind: 'oauth' }>

const consent: OAuth = {
  kind: 'oauth',
  clientId: 'client-1',
  clientSecret: 'canary-client-secret',
  refreshToken: 'canary-refresh-0',
  accessToken: null,
  accessTokenExpiresAt: null,
  scopes: ['a'],
}

/** A provider that takes each refresh token once and answers with the next. */
function rotatingProvider() {
  let next = 1
  let valid = 'canary-refresh-0'
  const asked: string[] = []
  const planned: ((form: URLSearchParams) => Response | null | Promise<Response | null>)[] = []
  const fetch = async (_url: unknown, init?: { body?: unknown }): Promise<Response> => {
    const form = new URLSearchParams(String(init?.body))
    asked.push(form.get('refresh_token') ?? form.get('token') ?? '')
    await new Promise(resolve => setImmediate(resolve))
    const special = await planned.shift()?.(form)
    if (special) return special
    if (form.get('refresh_token') !== valid)
      return json(400, { error: 'invalid_grant', error_description: asked.at(-1) })
    valid = `canary-refresh-${next}`
    return json(200, {
      access_token: `canary-access-${next++}`,
      token_type: 'Bearer',
      expires_in: 3600,
      refresh_token: valid,
      scope: 'a b',
    })
  }
  // Safe because the policy asks with an address and an init alone.
  return { asked, planned, fetch: fetch as typeof globalThis.fetch, valid: () => valid }
}

const json = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } })

/** Virtual time whose sleeps let others work, so that two processes wait for each other as real ones do. */
function sharedClock(): Clock & { advance(ms: number): void } {
  const clock = virtualClock(startAt)
  return {
    ...clock,
    async sleep(ms, signal) {
      await new Promise(resolve => setImmediate(resolve))
      await clock.sleep(ms, signal)
    },
  }
}

function process(
  credentials: MemoryCredentials,
  fetch: typeof globalThis.fetch,
  clock: Clock = virtualClock(startAt),
  flights = createFlights(),
  attempts = 3,
) {
  const http = createHttpPolicy({ fetch, clock, attempts })
  return refreshingTokens({
    http,
    clock,
    credentials,
    owner,
    endpoint: 'https://oauth.test/token',
    revokeUrl: 'https://oauth.test/revoke',
    flights,
  })
}

const tick = () => ({ requests: 20, untilAt: startAt + 10 * 60 * 60 * 1000 })

async function connected(credential: Credential = consent): Promise<MemoryCredentials> {
  const credentials = memoryCredentials()
  await credentials.save(owner, credential, 0)
  return credentials
}

async function failure(promise: Promise<unknown>): Promise<PortError> {
  const error = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(PortError)
  // Safe because it was just asserted.
  return error as PortError
}

describe('one renewal for all', () => {
  it('ten at once cost one request, and all get the token', async () => {
    const provider = rotatingProvider()
    const credentials = await connected()
    const tokens = process(credentials, provider.fetch)
    const got = await Promise.all(Array.from({ length: 10 }, () => tokens.token({ budget: tick() })))
    expect(new Set(got)).toEqual(new Set(['canary-access-1']))
    expect(provider.asked).toHaveLength(1)
    expect(credentials.kept(owner.accountId)).toMatchObject({ refreshToken: 'canary-refresh-1', scopes: ['a', 'b'] })
  })

  it('two sources of one process share one renewal', async () => {
    const provider = rotatingProvider()
    const credentials = await connected()
    const flights = createFlights()
    const clock = virtualClock(startAt)
    const sources = [0, 1].map(() => process(credentials, provider.fetch, clock, flights))
    await Promise.all(sources.map(tokens => tokens.token({ budget: tick() })))
    expect(provider.asked).toHaveLength(1)
  })

  it('two processes cost one request; the one without the lease reads the answer of the other', async () => {
    const provider = rotatingProvider()
    const credentials = await connected()
    const clock = sharedClock()
    const [here, there] = [credentials, credentials.otherProcess()].map(store => process(store, provider.fetch, clock))
    const got = await Promise.all([here!.token({ budget: tick() }), there!.token({ budget: tick() })])
    expect(got).toEqual(['canary-access-1', 'canary-access-1'])
    expect(provider.asked).toHaveLength(1)
  })

  it('a lease that nobody gives back: waits, then busy with the time to come back', async () => {
    const provider = rotatingProvider()
    const credentials = await connected()
    await credentials.lease(owner.accountId, 'somebody', startAt, startAt + 10 * 60_000)
    const error = await failure(process(credentials, provider.fetch).token({ budget: tick() }))
    expect(error.code).toBe('busy')
    expect(error.retryAt).toBeGreaterThan(startAt)
    expect(provider.asked).toHaveLength(0)
  })

  it('a lease whose holder died ends by itself', async () => {
    const provider = rotatingProvider()
    const credentials = await connected()
    await credentials.lease(owner.accountId, 'the dead', startAt, startAt + 40_000)
    expect(await process(credentials, provider.fetch).token({ budget: tick() })).toBe('canary-access-1')
  })

  it('one who joined a renewal that ran out of budget renews with its own', async () => {
    const provider = rotatingProvider()
    const credentials = await connected()
    const tokens = process(credentials, provider.fetch)
    const poor = tokens.token({ budget: { requests: 0, untilAt: startAt + 60_000 } })
    const rich = tokens.token({ budget: tick() })
    expect((await failure(poor)).code).toBe('paused')
    expect(await rich).toBe('canary-access-1')
  })
})

describe('however they meet', () => {
  it('processes that ask at any time, with failures between: each token used once, the last one kept, all served', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ process: fc.integer({ min: 0, max: 2 }), afterTurns: fc.integer({ min: 0, max: 12 }) }), {
          minLength: 1,
          maxLength: 12,
        }),
        fc.array(fc.constantFrom('slow', 'down', 'fine'), { maxLength: 5 }),
        fc.integer({ min: 0, max: 2 }),
        async (asks, moods, lockedSaves) => {
          const provider = rotatingProvider()
          for (const mood of moods) {
            provider.planned.push(async () => {
              if (mood === 'slow')
                for (let turn = 0; turn < 8; turn++) await new Promise(resolve => setImmediate(resolve))
              return mood === 'down' ? json(503, {}) : null
            })
          }
          const credentials = await connected()
          credentials.failSaves(lockedSaves)
          const clock = sharedClock()
          const sources = [0, 1, 2].map(() =>
            process(credentials.otherProcess(), provider.fetch, clock, createFlights(), 9),
          )
          const got = await Promise.all(
            asks.map(async ({ process: which, afterTurns }) => {
              for (let turn = 0; turn < afterTurns; turn++) await new Promise(resolve => setImmediate(resolve))
              return sources[which]!.token({ budget: tick() })
            }),
          )
          expect(new Set(got)).toEqual(new Set(['canary-access-1']))
          expect(new Set(provider.asked)).toEqual(new Set(['canary-refresh-0']))
          expect(provider.asked).toHaveLength(
            1 + moods.slice(0, provider.asked.length).filter(m => m === 'down').length,
          )
          expect(credentials.kept(owner.accountId)).toMatchObject({ refreshToken: provider.valid() })
        },
      ),
      { numRuns: 60 },
    )
  })

  it('two whose lease had ended, at a provider that does not rotate: the second takes what the first saved', async () => {
    const credentials = await connected()
    const provider = rotatingProvider()
    provider.planned.push(async () => {
      await credentials.save(
        owner,
        { ...consent, accessToken: 'saved-first', accessTokenExpiresAt: startAt + 3_600_000 },
        1,
      )
      return json(200, { access_token: 'canary-second', token_type: 'Bearer', expires_in: 3600 })
    })
    expect(await process(credentials, provider.fetch).token({ budget: tick() })).toBe('saved-first')
    expect(credentials.saves).toBe(2)
  })

  it('one who stops waiting stops nobody else', async () => {
    const provider = rotatingProvider()
    const tokens = process(await connected(), provider.fetch)
    const controller = new AbortController()
    const first = tokens.token({ budget: tick() })
    const second = tokens.token({ budget: { ...tick(), signal: controller.signal } })
    controller.abort()
    expect((await failure(second)).code).toBe('paused')
    expect(await first).toBe('canary-access-1')
  })
})

describe('when a token is good', () => {
  it('one with a minute and more is used as it is; with less it is renewed', async () => {
    const provider = rotatingProvider()
    const credentials = await connected({ ...consent, accessToken: 'held', accessTokenExpiresAt: startAt + 60_001 })
    const clock = virtualClock(startAt)
    const tokens = process(credentials, provider.fetch, clock)
    expect(await tokens.token({ budget: tick() })).toBe('held')
    clock.advance(1)
    expect(await tokens.token({ budget: tick() })).toBe('canary-access-1')
  })

  it('a refused token is renewed although it has not ended, and only while it is still the one we hold', async () => {
    const provider = rotatingProvider()
    const credentials = await connected({ ...consent, accessToken: 'held', accessTokenExpiresAt: startAt + 3_600_000 })
    const tokens = process(credentials, provider.fetch)
    expect(await tokens.token({ budget: tick() })).toBe('held')
    expect(await tokens.token({ budget: tick(), rejected: 'held' })).toBe('canary-access-1')
    expect(await tokens.token({ budget: tick(), rejected: 'held' })).toBe('canary-access-1')
    expect(provider.asked).toHaveLength(1)
  })
})

describe('a consent is not lost', () => {
  it('a token address that is down: busy, and the grant stays', async () => {
    const provider = rotatingProvider()
    for (let i = 0; i < 3; i++) provider.planned.push(() => json(503, {}))
    const credentials = await connected()
    const tokens = process(credentials, provider.fetch)
    const error = await failure(tokens.token({ budget: tick() }))
    expect(error.code).toBe('busy')
    expect(error.retryAt).not.toBeNull()
    expect(credentials.kept(owner.accountId)).toEqual(consent)
    expect(await tokens.token({ budget: tick() })).toBe('canary-access-1')
  })

  it('no answer at all: unreachable, and the grant stays', async () => {
    const credentials = await connected()
    const tokens = process(credentials, async () => {
      throw new TypeError('fetch failed for canary-refresh-0')
    })
    const error = await failure(tokens.token({ budget: tick() }))
    expect(error.code).toBe('unreachable')
    expect(credentials.kept(owner.accountId)).toEqual(consent)
  })

  it('invalid_grant: signed-out with the next step, and the grant stays', async () => {
    const provider = rotatingProvider()
    const credentials = await connected({ ...consent, refreshToken: 'canary-ended' })
    const error = await failure(process(credentials, provider.fetch).token({ budget: tick() }))
    expect(error.code).toBe('signed-out')
    expect(error.message).toContain('Connect the account again')
    expect(credentials.kept(owner.accountId)).toMatchObject({ refreshToken: 'canary-ended' })
  })

  it('invalid_grant because another process was faster: its token is used', async () => {
    const provider = rotatingProvider()
    const credentials = await connected()
    provider.planned.push(async () => {
      await credentials.save(
        owner,
        { ...consent, refreshToken: 'theirs', accessToken: 'their-access', accessTokenExpiresAt: startAt + 3_600_000 },
        1,
      )
      return json(400, { error: 'invalid_grant' })
    })
    expect(await process(credentials, provider.fetch).token({ budget: tick() })).toBe('their-access')
  })

  it('a credential only encrypted anew meanwhile: the rotated token still goes in', async () => {
    const provider = rotatingProvider()
    const credentials = await connected()
    provider.planned.push(async () => {
      await credentials.rotate([owner])
      return null
    })
    expect(await process(credentials, provider.fetch).token({ budget: tick() })).toBe('canary-access-1')
    expect(credentials.kept(owner.accountId)).toMatchObject({ refreshToken: 'canary-refresh-1' })
  })

  it('another access token saved for the same consent meanwhile: the rotated token still goes in', async () => {
    const provider = rotatingProvider()
    const credentials = await connected()
    provider.planned.push(async () => {
      await credentials.save(owner, { ...consent, accessToken: 'x', accessTokenExpiresAt: startAt + 3_600_000 }, 1)
      return null
    })
    await process(credentials, provider.fetch).token({ budget: tick() })
    expect(credentials.kept(owner.accountId)).toMatchObject({ refreshToken: provider.valid() })
  })

  it('a person who connected again meanwhile wins', async () => {
    const provider = rotatingProvider()
    const credentials = await connected()
    provider.planned.push(async () => {
      const again = { ...consent, refreshToken: 'new-consent', accessToken: 'new', accessTokenExpiresAt: startAt + 1e7 }
      await credentials.save(owner, again, 1)
      return null
    })
    expect(await process(credentials, provider.fetch).token({ budget: tick() })).toBe('new')
    expect(credentials.kept(owner.accountId)).toMatchObject({ refreshToken: 'new-consent' })
  })

  it('an account disconnected meanwhile does not come back', async () => {
    const provider = rotatingProvider()
    const credentials = await connected()
    provider.planned.push(async () => {
      await credentials.erase(owner.accountId)
      return null
    })
    const error = await failure(process(credentials, provider.fetch).token({ budget: tick() }))
    expect(error.code).toBe('signed-out')
    expect(credentials.kept(owner.accountId)).toBeNull()
  })

  it('a store that is locked for a moment: the answer is saved all the same', async () => {
    const provider = rotatingProvider()
    const credentials = await connected()
    credentials.failSaves(2)
    expect(await process(credentials, provider.fetch).token({ budget: tick() })).toBe('canary-access-1')
    expect(credentials.kept(owner.accountId)).toMatchObject({ refreshToken: 'canary-refresh-1' })
  })

  it('a store that stays locked: the rotated token is saved by the next question, without asking again', async () => {
    const provider = rotatingProvider()
    const credentials = await connected()
    credentials.failSaves(3)
    const tokens = process(credentials, provider.fetch)
    expect((await failure(tokens.token({ budget: tick() }))).code).toBe('busy')
    expect(await tokens.token({ budget: tick() })).toBe('canary-access-1')
    expect(provider.asked).toHaveLength(1)
    expect(credentials.kept(owner.accountId)).toMatchObject({ refreshToken: provider.valid() })
  })
})

describe('answers that are none', () => {
  it.each([
    ['no token', { token_type: 'Bearer', expires_in: 3600 }],
    ['a token with a line break', { access_token: 'canary\r\nx', token_type: 'Bearer', expires_in: 3600 }],
    ['another type', { access_token: 'canary', token_type: 'mac', expires_in: 3600 }],
    ['no end', { access_token: 'canary', token_type: 'Bearer' }],
    ['an end in the past', { access_token: 'canary', token_type: 'Bearer', expires_in: -1 }],
    ['a list', []],
  ])('%s → failed, nothing stored', async (_, body) => {
    const provider = rotatingProvider()
    provider.planned.push(() => json(200, body))
    const credentials = await connected()
    const error = await failure(process(credentials, provider.fetch).token({ budget: tick() }))
    expect(error.code).toBe('failed')
    expect(error.message).not.toContain('canary')
    expect(credentials.kept(owner.accountId)).toEqual(consent)
  })

  it('no secret is in any sentence, whatever the provider repeats', async () => {
    const provider = rotatingProvider()
    const answers = [
      json(400, { error: 'canary-refresh-0', error_description: 'canary-client-secret' }),
      json(401, { error: 'invalid_client', error_description: 'canary-client-secret' }),
      json(400, { error: 'invalid_grant', error_description: 'canary-refresh-0' }),
      new Response('canary-refresh-0', { status: 403 }),
      new Response(null, { status: 302, headers: { location: 'https://evil.test/?t=canary' } }),
    ]
    for (const answer of answers) {
      provider.planned.push(() => answer)
      const credentials = await connected()
      const error = await failure(process(credentials, provider.fetch).token({ budget: tick() }))
      expect(`${error.message} ${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`).not.toContain('canary')
      expect(credentials.kept(owner.accountId)).toEqual(consent)
    }
  })

  it('an address that is not https gets no secret', async () => {
    const provider = rotatingProvider()
    const clock = virtualClock(startAt)
    const tokens = refreshingTokens({
      http: createHttpPolicy({ fetch: provider.fetch, clock }),
      clock,
      credentials: await connected(),
      owner,
      endpoint: 'http://oauth.test/token',
      revokeUrl: null,
    })
    expect((await failure(tokens.token({ budget: tick() }))).code).toBe('failed')
    expect(provider.asked).toHaveLength(0)
  })
})

describe('giving the consent back', () => {
  it('names the refresh token at the revocation address', async () => {
    const provider = rotatingProvider()
    provider.planned.push(() => json(200, {}))
    await process(await connected(), provider.fetch).revoke(tick())
    expect(provider.asked).toEqual(['canary-refresh-0'])
  })

  it('one that is gone already is done; an address that fails is not', async () => {
    const provider = rotatingProvider()
    provider.planned.push(() => json(400, { error: 'invalid_token' }))
    await process(await connected(), provider.fetch).revoke(tick())
    provider.planned.push(() => json(400, { error: 'invalid_request' }))
    const error = await failure(process(await connected(), provider.fetch).revoke(tick()))
    expect(error.code).toBe('failed')
  })
})
