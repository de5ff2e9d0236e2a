import { describe, expect, it } from 'vitest'
import { createGoogleClient, type GoogleClient, type TokenUse } from '../../../src/connectors/google/client.ts'
import type { HttpPolicy, PolicyRequest, SendOptions } from '../../../src/connectors/http-policy.ts'
import { PortError } from '../../../src/port-error.ts'
import { ana, plenty } from './google-world.ts'

interface Sent {
  readonly request: PolicyRequest
  readonly how: SendOptions
}

/** A client over a policy that gives these answers in turn, and what was sent. */
function clientOver(answers: readonly (() => Response)[], root = 'https://google.example/') {
  const sent: Sent[] = []
  const asked: string[] = []
  const http: HttpPolicy = {
    async send(request, how) {
      sent.push({ request, how })
      return answers[sent.length - 1]!()
    },
  }
  const tokensFor = (person: string | null, use: TokenUse) => ({
    token: async ({ rejected }: { readonly rejected?: string }) => {
      asked.push(`${person} ${use} ${rejected ?? ''}`.trim())
      return rejected === undefined ? 'canary-token-1' : 'canary-token-2'
    },
    revoke: async () => undefined,
  })
  const roots = { api: root, admin: root, token: root, revoke: root, authorize: root }
  return { client: createGoogleClient({ http, tokensFor, roots, account: ana }), sent, asked }
}

const json =
  (body: unknown, status = 200) =>
  () =>
    new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } })
const get = (client: GoogleClient, calendarId = ana) =>
  client.ask(options => client.calendar.events.get({ calendarId, eventId: 'x' }, options), {
    person: null,
    use: 'read',
    budget: plenty(),
    repeatable: true,
  })

describe('the way to Google', () => {
  it('is our policy alone, with our token, in the lanes of project and user, which name nobody', async () => {
    const { client, sent } = clientOver([json({ id: 'x' })])
    expect(await get(client)).toEqual({ ok: true, body: { id: 'x' } })
    const [{ request, how }] = sent as [Sent]
    expect(request.url).toBe('https://google.example/calendar/v3/calendars/ana%40lamps.example/events/x')
    expect(request.headers?.authorization).toBe('Bearer canary-token-1')
    expect(how.repeatable).toBe(true)
    expect(how.lanes.map(({ perWindow }) => perWindow?.requests)).toEqual([10_000, 600])
    expect(how.lanes.map(({ name }) => name.split(' ').slice(0, 2).join(' '))).toEqual([
      'google project',
      'google user',
    ])
    expect(JSON.stringify(how.lanes)).not.toContain('lamps')
  })

  it('keeps the path of a root that has one', async () => {
    const { client, sent } = clientOver([json({ id: 'x' })], 'https://proxy.example/google/')
    await get(client, 'primary')
    expect(sent[0]?.request.url).toBe('https://proxy.example/google/calendar/v3/calendars/primary/events/x')
  })

  it('asks for another token after a refusal, once', async () => {
    const { client, sent, asked } = clientOver([json({}, 401), json({}, 401)])
    expect(await get(client)).toMatchObject({ ok: false, status: 401 })
    expect(asked).toEqual(['null read', 'null read canary-token-1'])
    expect(sent.map(({ request }) => request.headers?.authorization)).toEqual([
      'Bearer canary-token-1',
      'Bearer canary-token-2',
    ])
  })

  it.each(['busy', 'paused', 'unreachable', 'signed-out'] as const)(
    'what the policy throws comes through as it is: %s',
    async code => {
      const thrown = new PortError(code, 'Said by the policy.', { retryAt: 7 })
      const { client, sent } = clientOver([
        () => {
          throw thrown
        },
      ])
      await expect(get(client)).rejects.toBe(thrown)
      expect(sent).toHaveLength(1)
    },
  )

  it('an answer that breaks off while it is read is unreachable, with nothing of it in the error', async () => {
    const body = () =>
      new ReadableStream({
        start: stream => stream.enqueue(new TextEncoder().encode('{"summary":"SECRET')),
        pull: stream => stream.error(new Error('SECRET')),
      })
    const { client } = clientOver([() => new Response(body())])
    const error = await get(client).catch((each: unknown) => each)
    expect(error).toMatchObject({ code: 'unreachable' })
    expect(error).not.toHaveProperty('cause')
    expect(String(error)).not.toMatch(/SECRET|canary/)
  })

  it('a success that is no JSON is malformed, one without a body is nothing, a refusal without JSON has no reason', async () => {
    const { client } = clientOver([
      () => new Response('<html>SECRET</html>'),
      () => new Response(null, { status: 204 }),
      () => new Response('<html>', { status: 502 }),
    ])
    await expect(get(client)).rejects.toMatchObject({
      code: 'malformed',
      message: expect.not.stringContaining('SECRET'),
    })
    expect(await get(client)).toEqual({ ok: true, body: null })
    expect(await get(client)).toEqual({ ok: false, status: 502, reason: null, location: null })
  })

  it('a mistake of ours before anything is sent is not called a broken connection', async () => {
    const { client, sent } = clientOver([])
    const mistake = client.ask(options => client.calendar.events.get({ calendarId: ana }, options), {
      person: null,
      use: 'read',
      budget: plenty(),
      repeatable: true,
    })
    await expect(mistake).rejects.toThrow('eventId')
    expect(sent).toEqual([])
  })
})
