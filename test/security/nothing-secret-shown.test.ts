/**
 * Providers, servers and feeds that answer everything wrong, with our own secrets and other people's words in what they
 * say: none of it reaches the screen, the errors or the file, and no command falls over (ASVS 5.0: 13.3.1, 14.2.1,
 * 16.2.5, 16.5.1). The accounts are put together as the entry on Node does it.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { credentialOwner } from '../../src/app/connect/connect-account.ts'
import type { ConnectableAccounts } from '../../src/app/live-accounts.ts'
import { openLiveAccounts } from '../../src/node-live.ts'
import type { Account } from '../../src/store/accounts.ts'
import type { Credential } from '../../src/store/credential-store.ts'
import { virtualClock } from '../fakes/kit/clock.ts'
import { cli } from '../support/cli.ts'

const now = Date.parse('2026-03-02T08:00:00Z')
const canaries = {
  access: 'CANARYaccess',
  refresh: 'CANARYrefresh',
  client: 'CANARYclient',
  password: 'CANARYpassword',
  basic: btoa('ana:CANARYpassword'),
  feed: 'CANARYfeed',
  title: 'CANARYtitle',
  guest: 'CANARYguest@lamps.example',
} as const
const everything = Object.values(canaries).join(' ')
const json = { 'content-type': 'application/json' }
const xml = { 'content-type': 'application/xml' }
const elsewhere = 'https://evil.example/steal'

type Answer = () => Response
const answers: Readonly<Record<string, Answer>> = {
  ...Object.fromEntries(
    [400, 401, 403, 404, 405, 409, 410, 412, 413, 423, 429, 500, 503, 507].map(status => [
      `HTTP ${status} that repeats everything`,
      () =>
        Response.json(
          {
            error: { code: everything, message: everything, status: everything, errors: [{ reason: everything }] },
            error_description: everything,
          },
          { status, headers: { 'www-authenticate': everything, 'retry-after': '1' } },
        ),
    ]),
  ),
  'an OAuth refusal that repeats everything': () =>
    Response.json({ error: everything, error_description: everything }, { status: 400 }),
  'a page of HTML': () => new Response(`<p>${everything}`, { headers: { 'content-type': 'text/html' } }),
  'JSON that is cut': () => new Response(`{"items":[{"summary":"${everything}"`, { headers: json }),
  'JSON of another shape': () => Response.json([everything, { value: everything }]),
  'JSON with prototypes': () =>
    new Response(
      `{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"items":[{"__proto__":{"polluted":true},"id":"__proto__","summary":"${everything}"}],"value":[{"id":"__proto__","__proto__":{"polluted":true},"subject":"${everything}"}]}`,
      { headers: json },
    ),
  'JSON too deep': () => new Response(`${'['.repeat(200_000)}${everything}`, { headers: json }),
  'pages that go on elsewhere': () =>
    Response.json({
      items: [],
      value: [],
      nextPageToken: everything,
      '@odata.nextLink': `${elsewhere}?${everything}`,
      '@odata.deltaLink': `${elsewhere}?${everything}`,
    }),
  'a redirect elsewhere': () =>
    new Response(null, { status: 307, headers: { location: `${elsewhere}?${everything}` } }),
  'a redirect to nowhere': () =>
    new Response(everything, { status: 302, headers: { location: `http://[${everything}` } }),
  'XML that is cut': () =>
    new Response(`<d:multistatus xmlns:d="DAV:"><d:response>${everything}`, { status: 207, headers: xml }),
  'XML that leads elsewhere': () =>
    new Response(
      `<d:multistatus xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:response><d:href>/</d:href><d:propstat><d:prop><d:current-user-principal><d:href>${elsewhere}</d:href></d:current-user-principal><c:calendar-home-set><d:href>${elsewhere}</d:href></c:calendar-home-set></d:prop><d:status>HTTP/1.1 200 ${everything}</d:status></d:propstat></d:response></d:multistatus>`,
      { status: 207, headers: xml },
    ),
  'a connection that breaks': () => {
    throw Object.assign(new TypeError(`fetch failed ${everything}`), {
      cause: Object.assign(new Error(everything), { code: 'ECONNRESET', headers: everything }),
    })
  },
}

let folder: string
let web: Server
let feedUrl: string
let feedAnswer: Answer = () => new Response('')
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'minutewise-canary-'))
  web = createServer((_, outgoing) => {
    let response: Response
    try {
      response = feedAnswer()
    } catch {
      return void outgoing.destroy()
    }
    void response.arrayBuffer().then(body => {
      outgoing.writeHead(response.status, Object.fromEntries(response.headers))
      outgoing.end(Buffer.from(body))
    })
  })
  await new Promise<void>(resolve => web.listen(0, '127.0.0.1', resolve))
  // Safe because it listens on TCP.
  feedUrl = `http://127.0.0.1:${(web.address() as AddressInfo).port}/${canaries.feed}/basic.ics`
})
afterAll(async () => {
  web.closeAllConnections()
  await new Promise(resolve => web.close(resolve))
  rmSync(folder, { recursive: true, force: true })
})

const oauth: Credential = {
  kind: 'oauth',
  clientId: 'id',
  clientSecret: canaries.client,
  refreshToken: canaries.refresh,
  accessToken: canaries.access,
  accessTokenExpiresAt: now + 3_600_000,
  scopes: ['https://www.googleapis.com/auth/calendar.events.owned'],
}

const accounts: readonly (Pick<Account, 'provider' | 'subject' | 'grant' | 'settings'> & { credential: Credential })[] =
  [
    { provider: 'google', subject: 'ana@lamps.example', grant: 'personal', settings: {}, credential: oauth },
    { provider: 'microsoft', subject: 'ana@lantern.example', grant: 'personal', settings: {}, credential: oauth },
    {
      provider: 'caldav',
      subject: 'ana',
      grant: 'password',
      settings: { url: 'https://dav.example.org/' },
      credential: { kind: 'password', userName: 'ana', password: canaries.password },
    },
    {
      provider: 'ics',
      subject: null,
      grant: 'address',
      settings: {},
      get credential(): Credential {
        return { kind: 'address', url: feedUrl }
      },
    },
  ]

interface World {
  readonly live: ConnectableAccounts
  /** Origins that were sent a secret of ours. */
  readonly toldTo: Set<string>
}

async function connectedTo(path: string, answer: Answer): Promise<World> {
  feedAnswer = answer
  const toldTo = new Set<string>()
  const ask: typeof fetch = async (input, init) => {
    const url = new URL(String(input))
    const sent = `${url.href} ${JSON.stringify([...new Headers(init?.headers)])} ${String(init?.body)}`
    if (Object.values(canaries).some(canary => sent.includes(canary))) toldTo.add(url.origin)
    return answer()
  }
  const env = { MINUTEWISE_FEEDS_ON_THIS_MACHINE: 'yes' }
  const live = await openLiveAccounts(path, env, virtualClock(now), ask)
  for (const { provider, subject, grant, settings, credential } of accounts) {
    const account: Account = {
      id: `${provider}00000000000000`.slice(0, 16),
      ...{ provider, subject, grant, settings, tier: 'write-back', status: 'connected', sentence: null },
      ...{ label: `account at ${provider}`, connectedAt: now, listedAt: null },
    }
    await live.mirror.addAccount(account)
    await live.credentials.save(credentialOwner(account), credential, 0)
    const listed = {
      id: 'work',
      name: 'Work',
      zone: null,
      ownerAddress: subject,
      isPrimary: true,
      access: 'owner',
    } as const
    await live.mirror.recordListing(account.id, [listed], now)
  }
  return { live, toldTo }
}

const commands = [
  ['sync'],
  ['sync', '--json'],
  ['accounts'],
  ['accounts', '--json'],
  ['block', 'list'],
  ['block', 'add', '2026-03-04T09:00', '2026-03-04T11:00', '--account', 'account at caldav', '--apply'],
  ['audit'],
  ['disconnect', 'account at google', '--force'],
  ['disconnect', 'account at microsoft'],
]

for (const [name, answer] of Object.entries(answers)) {
  test(`${name}: nothing secret is shown or kept, no token goes elsewhere, no command falls over`, async () => {
    const path = join(folder, `${name.replaceAll(/\W/g, '-')}.db`)
    const { live, toldTo } = await connectedTo(path, answer)
    const lasting = { ...live, close: async () => undefined }
    let shown = ''
    for (const argv of commands) {
      const { out, err, code } = await cli([...argv, '--db', path], { live: lasting, now })
      shown += `\n$ ${argv.join(' ')} (${code})\n${out}${err}`
    }
    await live.close()
    for (const canary of Object.values(canaries)) expect(shown).not.toContain(canary)
    expect(shown).not.toMatch(/fault of ours|\n\s+at .*\.ts/)
    const ours = ['https://www.googleapis.com', 'https://oauth2.googleapis.com', 'https://graph.microsoft.com']
    expect(
      [...toldTo].filter(
        origin => ![...ours, 'https://login.microsoftonline.com', 'https://dav.example.org'].includes(origin),
      ),
    ).toEqual([])
    const kept = readdirSync(folder)
      .filter(file => file.startsWith(`${name.replaceAll(/\W/g, '-')}.db`))
      .map(file => readFileSync(join(folder, file), 'latin1'))
      .join('')
    for (const canary of Object.values(canaries)) expect(kept).not.toContain(canary)
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
  })
}
