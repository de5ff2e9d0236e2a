import { afterEach, beforeEach, expect, test } from 'vitest'
import { createGoogleConnection } from '../../src/connectors/google/connection.ts'
import { googleScopes } from '../../src/connectors/google/scopes.ts'
import { serviceAccountTokens } from '../../src/connectors/oauth/service-account-tokens.ts'
import { hourMs } from '../../src/domain/time/types.ts'
import type { AccountId } from '../../src/store/accounts.ts'
import { accountsText } from '../../src/views/accounts-text.ts'
import { syncText } from '../../src/views/sync-text.ts'
import type { FaultAction } from '../fakes/kit/faults.ts'
import { memoryCredentials } from '../support/memory-credentials.ts'
import { anHour, type LiveWorld, liveWorld, rootsOfGoogle, worldNow } from './live-world.ts'

let world: LiveWorld
beforeEach(async () => {
  world = await liveWorld()
})
afterEach(() => world.close())

const people = Array.from({ length: 50 }, (_, n) => `p${String(n).padStart(2, '0')}@lamps.example`)
const at = (n: number) => people[n]!
const answered = (status: number, body: object): FaultAction => ({ kind: 'status', status, body })

/** An organisation of fifty at Google, read by delegation, with a talk on each calendar. */
async function fiftyAtGoogle(): Promise<AccountId> {
  const admin = at(0)
  for (const address of people) world.google.addUser({ address, isAdmin: address === admin })
  for (const address of people) world.google.user(address).calendar.insert(anHour('Talk', '2026-03-03T09:00Z'))
  const scopes = googleScopes('content', { grant: 'organisation' })
  const key = await world.google.oauth.addServiceAccount([...scopes.read, ...scopes.directory])
  const owner = { accountId: 'organisation0001', provider: 'google', subject: admin } as const
  const credentials = memoryCredentials()
  const kept = { clientEmail: key.client_email, privateKeyPem: key.private_key, keyId: key.private_key_id }
  await credentials.save(owner, { kind: 'service-account', ...kept }, 0)
  const { http, clock } = world
  const tokens = serviceAccountTokens({ http: http.google, clock, credentials, owner, endpoint: rootsOfGoogle.token })
  return await world.addAccount(
    { id: owner.accountId, subject: admin, label: 'lamps.example', grant: 'organisation' },
    createGoogleConnection({
      http: http.google,
      tokensFor: (person, use) => tokens.of(person ?? admin, scopes[use]),
      account: { tier: 'content', grant: 'organisation', subject: admin, settings: {} },
      clock,
      roots: rootsOfGoogle,
    }),
  )
}

/** The same at Microsoft, read with an application permission. */
async function fiftyAtMicrosoft(): Promise<AccountId> {
  for (const [n, address] of people.entries()) {
    // two of them never had a mailbox here
    world.graph.addUser({ address, mailbox: n === 11 ? 'none' : n === 12 ? 'guest' : 'cloud' })
    if (n === 11 || n === 12) continue
    world.graph.mailbox(address).create({ subject: 'Talk', start: worldNow, end: worldNow + hourMs })
  }
  return await world.addMicrosoft('lamps.example', { grant: 'organisation' })
}

/** What people read of a run and of the accounts after it. */
async function told(run: Awaited<ReturnType<LiveWorld['sync']>>) {
  const calendars = await world.calendars()
  const accounts = (await world.mirror.listAccounts()).map(account => ({
    account,
    calendars: calendars.filter(({ accountId }) => accountId === account.id).map(calendar => ({ calendar, items: 0 })),
  }))
  return { run: syncText(run, calendars), accounts: accountsText(accounts, world.clock.now()) }
}

function expectTold(text: Awaited<ReturnType<typeof told>>, sentences: readonly RegExp[]) {
  for (const sentence of sentences) {
    expect(text.run).toMatch(sentence)
    expect(text.accounts).toMatch(sentence)
  }
  expect(text.run).toMatch(/^44 calendars up to date/)
  // `!` for what went wrong, and none where somebody has no calendar
  expect(text.run.match(/^[! ] /gm)).toHaveLength(6)
  // no answer of the provider is repeated, and nobody is told to read a stack
  expect(text.run + text.accounts).not.toMatch(/SECRET|undefined|Error:/)
}

test('15: of fifty people at Google six fail, each in their own way: 44 are read, and six sentences say why', async () => {
  const account = await fiftyAtGoogle()
  await world.sync()
  for (const address of people) world.google.user(address).calendar.insert(anHour('Dinner', '2026-03-04T19:00Z'))

  world.google.user(at(11)).hasCalendar = false
  world.google.user(at(12)).isSuspended = true
  world.google.deleteCalendar(at(13))
  const of = (n: number) => new RegExp(`${encodeURIComponent(at(n))}/events`)
  const forbidden = { error: { code: 403, errors: [{ reason: 'forbidden', domain: 'global' }], message: 'SECRET' } }
  world.google.faults.add(
    { match: of(14), times: 1e9, action: answered(403, forbidden) },
    { match: of(15), times: 1e9, action: answered(503, { error: { code: 503, message: 'SECRET' } }) },
  )
  // left the domain: no token for them any more
  world.clock.advance(2 * hourMs)
  world.google.users.delete(at(16))
  const run = await world.sync({ askedFor: false })

  const results = run.calendars.map(({ outcome }) => outcome.result)
  expect([results.length, results.filter(each => each === 'done').length]).toEqual([50, 44])
  const statuses = [11, 12, 13, 14, 15, 16].map(async n => (await world.state(account, at(n))).status)
  expect(await Promise.all(statuses)).toEqual(['closed', 'closed', 'gone', 'closed', 'retrying', 'gone'])
  expect((await world.mirror.listAccounts())[0]).toMatchObject({ status: 'connected', sentence: null })
  expectTold(await told(run), [
    /This person has no Google Calendar: suspended, or without a licence/,
    /Google has this calendar no more/,
    /Google does not let this account at this calendar/,
    /HTTP 503/,
    /Google does not know this person in the domain/,
  ])
  // those who can never be read are not asked at every tick
  const before = world.asked.google.length
  world.clock.advance(hourMs)
  await world.sync({ askedFor: false })
  const asked = world.asked.google.slice(before)
  for (const n of [11, 12, 13, 14])
    expect(
      asked.some(each => of(n).test(each)),
      at(n),
    ).toBe(false)
})

test('15: the same at Microsoft with guests, people without a mailbox and one who left', async () => {
  const account = await fiftyAtMicrosoft()
  const path = (n: number) => world.graph.mailbox(at(n)).userId
  const closed = { error: { code: 'ErrorAccessDenied', message: 'SECRET' } }
  const elsewhere = { error: { code: 'MailboxNotEnabledForRESTAPI', message: 'SECRET' } }
  world.graph.faults.add(
    { match: `users/${path(14)}/`, times: 1e9, action: answered(403, closed) },
    { match: `users/${path(15)}/`, times: 1e9, action: answered(404, elsewhere) },
    { match: `users/${path(16)}/`, times: 1e9, action: answered(500, { error: { code: 'x', message: 'SECRET' } }) },
  )
  // gone between the list and the reading
  const run = await world.sync({
    progress: ({ calendar }) => {
      if (calendar.ownerAddress === at(0)) world.graph.removeUser(at(13))
    },
  })
  const done = run.calendars.filter(({ outcome }) => outcome.result === 'done')
  expect([run.calendars.length, done.length]).toEqual([50, 44])
  const all = await world.calendars(account)
  const statusOf = (n: number) => all.find(({ ownerAddress }) => ownerAddress === at(n))?.sync.status
  expect([11, 12, 13, 14, 15, 16].map(statusOf)).toEqual(['closed', 'closed', 'gone', 'closed', 'closed', 'retrying'])
  expectTold(await told(run), [
    /This person has no calendar in Microsoft 365/,
    /Microsoft 365 does not find it any more/,
    /Microsoft 365 does not allow this/,
    /wants to be left alone for a while \(HTTP 500\)/,
  ])
})
