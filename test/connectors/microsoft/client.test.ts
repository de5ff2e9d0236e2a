import { describe, expect, test } from 'vitest'
import type { HttpPolicy, PolicyRequest, SendOptions } from '../../../src/connectors/http-policy.ts'
import { refusalOf } from '../../../src/connectors/microsoft/answers.ts'
import { createGraphClient, type GraphHow } from '../../../src/connectors/microsoft/client.ts'
import { guarded, newGuard } from '../../../src/connectors/microsoft/cursor.ts'
import { microsoftScopes } from '../../../src/connectors/microsoft/scopes.ts'
import { PortError, type PortErrorCode } from '../../../src/port-error.ts'

const roots = { api: 'https://graph.example/', login: 'https://login.example/' }
const how: GraphHow = { lane: { name: 'lane' }, budget: { requests: 1, untilAt: 1 } }

function client(answer: () => Response | Promise<Response>, api = roots.api) {
  const sent: (PolicyRequest & SendOptions)[] = []
  const http: HttpPolicy = {
    async send(request, options) {
      sent.push({ ...request, ...options })
      return await answer()
    },
  }
  const tokens = { token: async () => 'secret-token', revoke: async () => {} }
  return { sent, graph: createGraphClient({ http, tokens, roots: { ...roots, api } }) }
}

describe('requests through the vendor’s client', () => {
  test('carry the token on plain http roots too', async () => {
    const { graph, sent } = client(() => Response.json({ id: 1 }), 'http://127.0.0.1:9/graph/')
    await graph.send({ path: 'me/calendars' }, how)
    expect(sent[0]).toMatchObject({
      url: 'http://127.0.0.1:9/graph/v1.0/me/calendars',
      method: 'GET',
      headers: { Authorization: 'Bearer secret-token' },
    })
  })

  test('name their lane, their budget, and whether they may be sent twice', async () => {
    const { graph, sent } = client(() => new Response(null, { status: 204 }))
    for (const method of ['GET', 'POST', 'PATCH', 'DELETE'] as const)
      await graph.send({ method, path: 'x', body: {} }, how)
    await graph.send({ method: 'POST', path: 'x', body: {} }, { ...how, repeatable: true })
    expect(sent.map(({ repeatable }) => repeatable)).toEqual([true, false, true, true, true])
    for (const { lanes, budget } of sent) expect([lanes, budget]).toEqual([[how.lane], how.budget])
  })

  test('keep encoded parts of a path and a query as they are', async () => {
    const { graph, sent } = client(() => Response.json({}))
    const path = `me/events/${encodeURIComponent('AAMk+/=')}?$filter=${encodeURIComponent("a/any(x: x/id eq 'q&=' and x/v ne null)")}&$top=5`
    await graph.send({ path }, how)
    const url = new URL(sent[0]!.url)
    expect(url.pathname).toBe('/v1.0/me/events/AAMk%2B%2F%3D')
    expect(url.searchParams.get('$filter')).toBe("a/any(x: x/id eq 'q&=' and x/v ne null)")
    expect(url.searchParams.get('$top')).toBe('5')
  })

  test('a body is JSON, and says so', async () => {
    const { graph, sent } = client(() => Response.json({}))
    await graph.send({ method: 'PATCH', path: 'x', body: { a: 'ü' }, ifMatch: 'W/"1"', bodies: 'html' }, how)
    expect(sent[0]).toMatchObject({
      body: '{"a":"ü"}',
      headers: { 'Content-Type': 'application/json', 'If-Match': 'W/"1"' },
    })
    expect(sent[0]?.headers?.Prefer).toContain('outlook.body-content-type="html"')
  })

  test('what the policy throws arrives as it is', async () => {
    const paused = new PortError('paused', 'The tick is over.')
    const { graph } = client(() => Promise.reject(paused))
    await expect(graph.send({ path: 'x' }, how)).rejects.toBe(paused)
  })

  test.each(['<html>502</html>', '', '{"value":'])('a page that reads "%s" is malformed', async text => {
    const { graph } = client(() => new Response(text))
    await expect(graph.page({ path: 'x' }, how)).rejects.toMatchObject({ code: 'malformed' })
  })

  test('an answer that breaks off is unreachable', async () => {
    const broken = new ReadableStream({ pull: controller => controller.error(new TypeError('terminated')) })
    const { graph } = client(() => new Response(broken))
    await expect(graph.send({ path: 'x' }, how)).rejects.toMatchObject({ code: 'unreachable' })
  })

  test('a collection that leads round in a circle ends with an error', async () => {
    const { graph, sent } = client(() =>
      Response.json({ value: [1], '@odata.nextLink': 'https://graph.example/v1.0/me/calendars?$skip=1' }),
    )
    await expect(graph.all('me/calendars', how)).rejects.toMatchObject({ code: 'malformed' })
    expect(sent).toHaveLength(2)
  })

  const links: readonly (readonly [string, boolean])[] = [
    ['https://graph.example/v1.0/me?$skiptoken=1', true],
    ['https://graph.example:443/v1.0/me', true],
    ['https://GRAPH.example/v1.0/me', true],
    ['https://graph.example/beta/me', false],
    ['https://graph.example/v1.0/../beta', false],
    ['http://graph.example/v1.0/me', false],
    ['https://graph.example:444/v1.0/me', false],
    ['https://graph.example.evil.example/v1.0/me', false],
    ['https://user@graph.example/v1.0/me', false],
    ['//graph.example/v1.0/me', false],
    ['', false],
  ]
  test.each(links)('%s is ours: %s', (link, isOurs) => {
    expect(client(() => Response.json({})).graph.isOurs(link)).toBe(isOurs)
  })
})

describe('what a refusal means', () => {
  const table: readonly (readonly [number, string, boolean, PortErrorCode])[] = [
    [410, '', true, 'cursor-expired'],
    [410, 'SyncStateNotFound', true, 'cursor-expired'],
    [400, 'syncStateNotFound', true, 'cursor-expired'],
    [404, 'SyncStateInvalid', true, 'cursor-expired'],
    [400, 'resyncRequired', true, 'cursor-expired'],
    [400, 'ErrorInvalidSyncStateData', true, 'cursor-expired'],
    [410, 'SyncStateNotFound', false, 'failed'],
    [500, 'syncStateNotFound', true, 'failed'],
    [404, 'MailboxNotEnabledForRESTAPI', false, 'no-mailbox'],
    [404, 'MailboxNotEnabledForRESTAPI', true, 'no-mailbox'],
    [404, 'ErrorNonExistentMailbox', false, 'no-mailbox'],
    [404, 'ErrorItemNotFound', false, 'not-found'],
    [404, 'Request_ResourceNotFound', true, 'not-found'],
    [401, 'InvalidAuthenticationToken', false, 'denied'],
    [403, 'ErrorAccessDenied', false, 'denied'],
    [403, 'Authorization_RequestDenied', false, 'denied'],
    [400, 'ErrorInvalidUrlQuery', false, 'rejected'],
    [405, '', false, 'rejected'],
    [409, 'Conflict', false, 'conflict'],
    [412, 'ErrorIrresolvableConflict', false, 'conflict'],
    [413, '', false, 'too-large'],
    [429, 'ApplicationThrottled', false, 'busy'],
    [503, 'ErrorMailboxStoreUnavailable', false, 'busy'],
    [500, 'ErrorInternalServerError', false, 'failed'],
    [302, '', false, 'failed'],
  ]
  test.each(table)('%d %s (cursor: %s) is %s', (status, graphCode, isCursor, code) => {
    expect(refusalOf({ status, graphCode, isCursor, asksForSignIn: false })).toMatchObject({ code, status, graphCode })
  })

  test('a claims challenge asks for the person', () => {
    expect(refusalOf({ status: 401, graphCode: '', isCursor: true, asksForSignIn: true }).code).toBe('signed-out')
  })

  test('words of the vendor are shown, anything else that stands there is not', () => {
    const refusal = (graphCode: string) =>
      refusalOf({ status: 400, graphCode, isCursor: false, asksForSignIn: false }).message
    expect(refusal('ErrorInvalidUrlQuery')).toContain('ErrorInvalidUrlQuery')
    expect(refusal('ana@lantern.example was not found')).not.toContain('ana@')
  })
})

describe('the guard against circles', () => {
  test.each([1, 2, 3, 7, 100])('a circle of %d links is found within a few turns, wherever it begins', length => {
    for (const before of [0, 1, 5, 33]) {
      let guard = newGuard
      let steps = 0
      for (;;) {
        const link = steps < before ? `before-${steps}` : `circle-${(steps - before) % length}`
        const next = guarded(guard, link)
        if (next === null) break
        guard = next
        steps++
        expect(steps).toBeLessThan(4 * (before + length) + 4)
      }
      expect(steps).toBeGreaterThanOrEqual(before + length)
    }
  })

  test('links that all differ are no circle', () => {
    let guard = newGuard
    for (let n = 0; n < 5_000; n++) {
      const next = guarded(guard, `link-${n}`)
      if (next === null) throw new Error(`Stopped at ${n}`)
      guard = next
    }
    expect(JSON.stringify(guard).length).toBeLessThan(60)
  })
})

describe('scopes', () => {
  const calendars = (scopes: readonly string[]) => scopes.filter(scope => scope.startsWith('Calendars.'))

  test('grow with the tier, and only the last may write', () => {
    const personal = { grant: 'personal' } as const
    expect(calendars(microsoftScopes('free-busy', personal))).toEqual(['Calendars.ReadBasic'])
    expect(calendars(microsoftScopes('basic', personal))).toEqual(['Calendars.ReadBasic'])
    expect(calendars(microsoftScopes('content', personal))).toEqual(['Calendars.Read'])
    expect(calendars(microsoftScopes('write-back', personal))).toEqual(['Calendars.ReadWrite'])
  })

  test('a person’s consent opens nobody else’s data', () => {
    const scopes = microsoftScopes('content', { grant: 'personal' })
    expect(scopes.length).toBeGreaterThan(0)
    expect(scopes.filter(scope => /\.All$|\.Shared$/.test(scope))).toEqual([])
  })

  test('an organisation’s permissions are an administrator’s to give', () => {
    const scopes = microsoftScopes('basic', { grant: 'organisation' })
    expect(calendars(scopes)).toEqual(['Calendars.ReadBasic.All'])
    expect(scopes).toContain('User.Read.All')
  })
})
