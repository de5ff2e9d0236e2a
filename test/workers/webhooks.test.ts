import { reset } from 'cloudflare:test'
import { env, exports } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { hashOfSecret } from '../../src/app/push/channel-secret.ts'
import { createD1 } from '../../src/store/d1/d1.ts'
import { migrate } from '../../src/store/migrate.ts'
import { createMirrorStore } from '../../src/store/mirror.ts'
import type { MirrorStore } from '../../src/store/mirror-store.ts'
import { aListedCalendar, anAccount } from '../contract/calendar-items.ts'

const account = anAccount({ id: 'acc0000000000001', provider: 'google' })
const key = { accountId: account.id, calendarId: 'ana@lantern.example' }
let mirror: MirrorStore

beforeEach(async () => {
  await reset()
  const database = createD1(env.DB)
  await migrate(
    database,
    env.TEST_MIGRATIONS.map(({ name, queries }) => ({ name, statements: queries })),
  )
  mirror = createMirrorStore(database, { tenant: 'local' })
  await mirror.addAccount(account)
  await mirror.recordListing(account.id, [aListedCalendar({ id: key.calendarId })], Date.now())
  await mirror.saveChannel({
    ...key,
    channelId: 'channel-1',
    providerId: 'resource-1',
    secretHash: await hashOfSecret(secret),
    address: 'https://minutewise.example/hooks/google',
    expiresAt: Date.now() + 86_400_000,
    nextAt: Date.now() + 43_200_000,
    status: 'open',
  })
})

const secret = 'our-secret'.padEnd(43, '-')
const send = async (path: string, init: RequestInit) => {
  const answer = await exports.default.fetch(
    new Request(`https://minutewise.example${path}`, { method: 'POST', ...init }),
  )
  return { status: answer.status, text: await answer.text() }
}
const rest = () => mirror.claim(key, Date.now() + 3_600_000)
const isToBeLookedAt = async () => (await mirror.listCalendars())[0]?.sync.nextAt === null

describe('notifications on the Worker', () => {
  it('of Google: a genuine one has the calendar looked at, a forged one nothing', async () => {
    const headers = (token: string) => ({
      'X-Goog-Channel-ID': 'channel-1',
      'X-Goog-Channel-Token': token,
      'X-Goog-Resource-ID': 'resource-1',
      'X-Goog-Resource-State': 'exists',
    })
    await rest()
    expect(await send('/hooks/google', { headers: headers('x'.repeat(43)) })).toEqual({ status: 204, text: '' })
    expect(await isToBeLookedAt()).toBe(false)
    expect(await send('/hooks/google', { headers: headers(secret) })).toEqual({ status: 204, text: '' })
    expect(await isToBeLookedAt()).toBe(true)
  })

  it('of Graph: the handshake is echoed, and items are judged by their secret', async () => {
    expect(await send('/hooks/microsoft?validationToken=a%20%3Cb%3E', {})).toEqual({ status: 200, text: 'a <b>' })
    const headers = { 'content-type': 'application/json' }
    const body = (clientState: string, more: object = {}) =>
      JSON.stringify({ value: [{ subscriptionId: 'resource-1', clientState, ...more }] })
    await rest()
    expect((await send('/hooks/microsoft', { headers, body: body('forged') })).status).toBe(202)
    expect(await isToBeLookedAt()).toBe(false)
    const lifecycle = body(secret, { lifecycleEvent: 'subscriptionRemoved' })
    expect((await send('/hooks/microsoft/lifecycle', { headers, body: lifecycle })).status).toBe(202)
    expect([await isToBeLookedAt(), await mirror.listChannels()]).toEqual([true, []])
    expect((await send('/hooks/microsoft', { headers, body: ' '.repeat(1_000_001) })).status).toBe(413)
  })
})
