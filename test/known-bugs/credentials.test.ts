import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { credentialOwner } from '../../src/app/connect/connect-account.ts'
import { syncAccounts } from '../../src/app/sync/sync-accounts.ts'
import type { Clock } from '../../src/clock.ts'
import type { TickBudget } from '../../src/connectors/connector.ts'
import { createGoogleConnection } from '../../src/connectors/google/connection.ts'
import { googleScopes } from '../../src/connectors/google/scopes.ts'
import { createFlights, refreshingTokens } from '../../src/connectors/oauth/refreshing-tokens.ts'
import { createHttpPolicy } from '../../src/connectors/paced-http.ts'
import { hourMs } from '../../src/domain/time/types.ts'
import type { Credential } from '../../src/store/credential-store.ts'
import { newKeyLine, parseKeyRing } from '../../src/store/key-ring.ts'
import { createMirrorStore } from '../../src/store/mirror.ts'
import { readMigrations } from '../../src/store/sqlite/read-migrations.ts'
import { openSqlite } from '../../src/store/sqlite/sqlite.ts'
import { createCredentialStore } from '../../src/store/vault.ts'
import { fakeClient } from '../fakes/google/google-fake.ts'
import type { FaultAction } from '../fakes/kit/faults.ts'
import { ana, anHour, isInFiles, type LiveWorld, liveWorld, rootsOfGoogle } from './live-world.ts'

let world: LiveWorld
let folder: string
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'minutewise-'))
  world = await liveWorld({ path: join(folder, 'minutewise.db') })
  world.google.addUser({ address: ana })
  world.google.settings.rotateRefreshTokens = true
})
afterEach(async () => {
  await world.close()
  rmSync(folder, { recursive: true })
})

const keyRing = parseKeyRing(newKeyLine('k1'))
const plenty = (): TickBudget => ({ requests: 10_000, untilAt: Number.MAX_SAFE_INTEGER })
const migrations = readMigrations(join(import.meta.dirname, '..', '..', 'migrations'))
const renewals = () => world.asked.google.filter(each => each.startsWith('POST /token')).length

/** One process of Minutewise: a database connection, a vault, a policy and renewals of its own on the shared file. */
async function aProcess() {
  const database = await openSqlite(join(folder, 'minutewise.db'), migrations)
  const credentials = createCredentialStore(database, { tenant: 'local', keyRing })
  // a sleep lets the others work, as it does between processes
  const clock: Clock = {
    now: world.clock.now,
    random: world.clock.random,
    async sleep(ms, signal) {
      await new Promise(resolve => setImmediate(resolve))
      await world.clock.sleep(ms, signal)
    },
  }
  const http = createHttpPolicy({ fetch: world.fetch.google, clock, attempts: 3 })
  const owner = credentialOwner(account)
  const { token: endpoint, revoke: revokeUrl } = rootsOfGoogle
  const tokens = refreshingTokens({ http, clock, credentials, owner, endpoint, revokeUrl, flights: createFlights() })
  const connection = createGoogleConnection({
    http,
    tokensFor: () => tokens,
    account: { tier: 'content', grant: 'personal', subject: ana, settings: {} },
    clock,
    roots: rootsOfGoogle,
  })
  const mirror = createMirrorStore(database, { tenant: 'local' })
  return {
    tokens,
    mirror,
    // Safe because nothing else is kept for this account.
    stored: async () => (await credentials.read(owner))?.credential as OAuth | undefined,
    async replace(credential: Credential) {
      await credentials.save(owner, credential, (await credentials.read(owner))?.version ?? 0)
    },
    sync: () =>
      syncAccounts(
        { mirror, clock, connectionOf: async () => connection },
        { budget: plenty(), only: null, askedFor: true, accept: null },
      ),
    close: () => database.close(),
  }
}
type Process = Awaited<ReturnType<typeof aProcess>>
type OAuth = Extract<Credential, { kind: 'oauth' }>

const account = { id: 'account000000099', provider: 'google', subject: ana } as const

/** Ana's consent in the vault, its access token over; and so many processes. */
async function anaWith(count: number): Promise<readonly Process[]> {
  // each process makes its own connection
  await world.addAccount({ ...account, label: ana }, null)
  const processes = await Promise.all(Array.from({ length: count }, aProcess))
  const { read } = googleScopes('content', { grant: 'personal', sharedToo: true })
  const { accessToken, refreshToken } = world.google.grant(ana, read)
  const { id: clientId, secret: clientSecret } = fakeClient
  const accessTokenExpiresAt = world.clock.now() + hourMs
  const credential = { clientId, clientSecret, refreshToken, accessToken, accessTokenExpiresAt, scopes: read }
  await processes[0]!.replace({ kind: 'oauth', ...credential })
  world.clock.advance(2 * hourMs)
  return processes
}

/** The token address takes its time: whoever does not wait for the question under way asks one of their own. */
function slowTokens(): void {
  world.fetch.before = async request => {
    if (!request.url.endsWith('/token')) return
    for (let turn = 0; turn < 50; turn++) await new Promise(resolve => setImmediate(resolve))
  }
}

test('16: ten renewals at once are one question, and everybody has its answer', async () => {
  const [one] = await anaWith(1)
  slowTokens()
  const tokens = await Promise.all(Array.from({ length: 10 }, () => one!.tokens.token({ budget: plenty() })))
  expect(new Set(tokens).size).toBe(1)
  expect(renewals()).toBe(1)
  expect((await one!.stored())?.accessToken).toBe(tokens[0])
  expect(isInFiles(folder, (await one!.stored())!.refreshToken)).toBe(false)
  await one!.close()
})

test('16: three processes on one database renew once between them, and nobody overwrites the rotated token', async () => {
  world.google.user(ana).calendar.insert(anHour('Lunch', '2026-03-03T11:00Z'))
  for (let n = 0; n < 8; n++) world.google.addCalendar({ owner: ana, summary: `Team ${n}` })
  const processes = await anaWith(3)
  const runs = await Promise.all(processes.map(each => each.sync()))
  expect(renewals()).toBe(1)
  for (const run of runs) expect(run.accounts[0]?.result).toBe('listed')
  expect((await processes[0]!.mirror.listCalendars()).every(({ sync }) => sync.generation === 1)).toBe(true)
  // what is kept is what the provider takes next time, four times in a row
  for (let round = 2; round <= 5; round++) {
    world.clock.advance(2 * hourMs)
    const next = await Promise.all(processes.map(each => each.sync()))
    for (const run of next) expect(run.accounts[0]?.result).toBe('listed')
    expect(renewals()).toBe(round)
  }
  for (const each of processes) await each.close()
})

test('16: whose refresh token was just rotated by somebody else looks again before calling the consent dead', async () => {
  const [one, other] = await anaWith(2)
  const before = (await one!.stored())!
  // the other process renews between our reading and our asking: we come with a token that is over
  let isFirst = true
  world.fetch.before = async request => {
    if (!request.url.includes('/token') || !isFirst) return
    isFirst = false
    const answer = await world.google.fetch(
      new Request(request.url, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({
          grant_type: 'refresh_token',
          refresh_token: before.refreshToken,
          client_id: before.clientId,
          client_secret: before.clientSecret ?? '',
        }).toString(),
      }),
    )
    const { access_token: accessToken, refresh_token: refreshToken } = (await answer.json()) as Record<string, string>
    const kept = { ...before, accessToken: accessToken!, refreshToken: refreshToken! }
    await other!.replace({ ...kept, accessTokenExpiresAt: world.clock.now() + hourMs })
  }
  const run = await one!.sync()
  expect(run.accounts[0]?.result).toBe('listed')
  expect((await one!.mirror.listAccounts())[0]?.status).toBe('connected')
  for (const each of [one, other]) await each!.close()
})

test('16: whoever was given a new consent while we renewed the old one keeps the new one', async () => {
  const [one, other] = await anaWith(2)
  const before = (await one!.stored())!
  const { accessToken, refreshToken } = world.google.grant(ana, before.scopes)
  const fresh = { ...before, accessToken, refreshToken, accessTokenExpiresAt: world.clock.now() + hourMs }
  world.fetch.before = async request => {
    if (request.url.endsWith('/token')) await other!.replace(fresh)
  }
  expect((await one!.sync()).accounts[0]?.result).toBe('listed')
  expect(await one!.stored()).toEqual(fresh)
  for (const each of [one, other]) await each!.close()
})

test.each([
  ['fails for a while', { kind: 'status', status: 503, body: 'SECRET' } as FaultAction],
  ['breaks off', { kind: 'reset' } as FaultAction],
  ['answers nonsense', { kind: 'malformed' } as FaultAction],
])('16: a token address that %s costs a tick and never the consent', async (_, action) => {
  const [one] = await anaWith(1)
  const before = await one!.stored()
  // never done, so that nothing was rotated
  world.google.faults.add({ match: 'POST /token', times: 1e9, action: action.kind === 'malformed' ? nonsense : action })
  const run = await one!.sync()
  expect(run.accounts[0]?.result).toBe('failed')
  expect((await one!.mirror.listAccounts())[0]).toMatchObject({ status: 'connected' })
  expect(await one!.stored()).toEqual(before)
  world.google.faults.clear()
  world.clock.advance(hourMs)
  expect((await one!.sync()).accounts[0]?.result).toBe('listed')
  await one!.close()
})

const nonsense: FaultAction = { kind: 'status', status: 200, body: '<html>Sign in to the hotel’s network</html>' }

test('16: a consent that was really taken back is marked, said with the next step, and kept', async () => {
  const [one] = await anaWith(1)
  await one!.sync()
  world.google.oauth.revokeAll(ana)
  const before = await one!.stored()
  const run = await one!.sync()
  expect(run.accounts[0]).toMatchObject({
    result: 'signed-out',
    sentence: expect.stringMatching(/Connect the account/),
  })
  expect(await one!.stored()).toEqual(before)
  // and bug 3: no audit passes over it
  expect((await world.audit()).freshness?.notices).toEqual([
    `${ana}: ${run.accounts[0]?.sentence} Its calendars are as they were.`,
  ])
  const asked = world.asked.google.length
  await one!.sync()
  expect(world.asked.google).toHaveLength(asked)
  await one!.close()
})
