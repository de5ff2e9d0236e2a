import { exportPKCS8, generateKeyPair } from 'jose'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../../src/clock.ts'
import { serviceAccountTokens } from '../../src/connectors/oauth/service-account-tokens.ts'
import { createHttpPolicy } from '../../src/connectors/paced-http.ts'
import type { CredentialStore } from '../../src/store/credential-store.ts'

const tick = () => ({ requests: 20, untilAt: Date.now() + 30_000 })

describe('the policy in workerd', () => {
  it('waits in a lane, repeats, and hands on the whole body', async () => {
    let asked = 0
    const fetch = async () => (asked++ === 0 ? new Response('no', { status: 503 }) : new Response('x'.repeat(100_000)))
    // Safe because the policy calls it with an address and an init alone.
    const http = createHttpPolicy({ fetch: fetch as typeof globalThis.fetch, clock: systemClock, pauseMs: 1 })
    const lanes = [{ name: 'narrow', concurrent: 1, perWindow: { requests: 2, ms: 20 } }]
    const send = () => http.send({ url: 'https://a.test/' }, { lanes, budget: tick(), repeatable: true })
    const answers = await Promise.all([send(), send(), send()])
    expect(await Promise.all(answers.map(async answer => (await answer.text()).length))).toEqual([1e5, 1e5, 1e5])
    expect(asked).toBe(4)
  })

  it('hands on a body beyond its limit as a stream', async () => {
    const fetch = async () => new Response('y'.repeat(100_000))
    // Safe because the policy calls it with an address and an init alone.
    const http = createHttpPolicy({ fetch: fetch as typeof globalThis.fetch, clock: systemClock, bufferBytes: 10 })
    const answer = await http.send({ url: 'https://a.test/' }, { lanes: [], budget: tick(), repeatable: true })
    expect((await answer.text()).length).toBe(100_000)
  })

  it('stops waiting for an answer that does not come', async () => {
    const fetch = () => new Promise<Response>(() => undefined)
    // Safe because the policy calls it with an address and an init alone.
    const http = createHttpPolicy({
      fetch: fetch as typeof globalThis.fetch,
      clock: systemClock,
      timeoutMs: 20,
      attempts: 1,
    })
    const sent = http.send({ url: 'https://a.test/' }, { lanes: [], budget: tick(), repeatable: true })
    await expect(sent).rejects.toMatchObject({ code: 'unreachable' })
  })

  it('signs for a service account', async () => {
    const { privateKey } = await generateKeyPair('RS256', { extractable: true })
    const credential = {
      kind: 'service-account',
      clientEmail: 'sync@acme.test',
      privateKeyPem: await exportPKCS8(privateKey),
      keyId: null,
    } as const
    const fetch = async () => Response.json({ access_token: 'token', token_type: 'Bearer', expires_in: 3600 })
    const tokens = serviceAccountTokens({
      // Safe because the policy calls it with an address and an init alone.
      http: createHttpPolicy({ fetch: fetch as typeof globalThis.fetch, clock: systemClock }),
      clock: systemClock,
      // Safe because minting reads and does nothing else.
      credentials: { read: async () => ({ credential, version: 1, keyId: 'k' }) } as unknown as CredentialStore,
      owner: { accountId: 'a', provider: 'google', subject: '' },
      endpoint: 'https://oauth.test/token',
    })
    expect(await tokens.of('ana@acme.test', ['read']).token({ budget: tick() })).toBe('token')
  })
})
