import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { connectAccount } from '../../../src/app/connect/connect-account.ts'
import { disconnectAccount } from '../../../src/app/connect/disconnect-account.ts'
import type { ConnectableAccounts } from '../../../src/app/live-accounts.ts'
import type { Tier } from '../../../src/connectors/connector.ts'
import { PortError } from '../../../src/port-error.ts'
import { memoryCredentials } from '../../support/memory-credentials.ts'
import { anItem, type SyncWorld, syncWorld } from '../sync/sync-world.ts'

let world: SyncWorld
let folder: string
afterEach(async () => {
  await world.close()
  rmSync(folder, { recursive: true })
})

async function aWorld() {
  folder = mkdtempSync(join(tmpdir(), 'minutewise-connect-'))
  world = await syncWorld({ path: join(folder, 'm.db') })
  const [made] = await world.mirror.listAccounts()
  await world.mirror.removeAccount(made!.id)
  world.provider.addCalendar({ id: 'work' })
  const credentials = memoryCredentials()
  let revoked = 0
  const refusal: { revoke: PortError | null; directory: PortError | null } = { revoke: null, directory: null }
  const live: ConnectableAccounts = {
    mirror: world.mirror,
    credentials,
    connectionOf: async () => ({
      connector: world.provider.connector,
      writer: null,
      push: null,
      directory: refusal.directory === null ? null : { rows: () => Promise.reject(refusal.directory) },
      revoke: async () => {
        if (refusal.revoke !== null) throw refusal.revoke
        revoked++
      },
    }),
    signIn: async () => {
      throw new Error('nobody is asked here')
    },
    close: async () => {},
  }
  const connect = (tier: Tier, password = 'first') =>
    connectAccount(
      { live, clock: world.clock },
      {
        provider: 'caldav',
        subject: 'ana',
        label: 'ana at dav.lantern.example',
        tier,
        grant: 'password',
        settings: { url: 'https://dav.lantern.example/' },
        credential: { kind: 'password', userName: 'ana', password },
        budget: { requests: 100, untilAt: Number.MAX_SAFE_INTEGER },
      },
    )
  const kept = async () => {
    const [account] = await world.mirror.listAccounts()
    if (account === undefined) return null
    return await credentials.read({ accountId: account.id, provider: 'caldav', subject: 'ana' })
  }
  return { live, connect, kept, refusal, revoked: () => revoked }
}

const inFiles = (text: string) => readdirSync(folder).some(name => readFileSync(join(folder, name)).includes(text))
const budget = { requests: 100, untilAt: Number.MAX_SAFE_INTEGER }

describe('connecting', () => {
  test('lists the calendars before it calls itself done', async () => {
    const { connect } = await aWorld()
    const { account, calendars, renewed } = await connect('content')
    expect(renewed).toBe(false)
    expect(calendars.map(({ id, isSelected }) => [id, isSelected])).toEqual([['work', true]])
    expect(account.id).toMatch(/^[a-z0-9]{16}$/)
  })

  test('that does not work leaves nothing behind', async () => {
    const { connect, live } = await aWorld()
    world.provider.onRequest = () => {
      throw new PortError('signed-out', 'The server refused the password.')
    }
    await expect(connect('content')).rejects.toThrow('The server refused the password.')
    expect(await live.mirror.listAccounts()).toEqual([])
    expect(inFiles('dav.lantern.example')).toBe(false)
  })

  test('works without the directory, and says what is missing', async () => {
    const { connect, live, refusal } = await aWorld()
    refusal.directory = new PortError('denied', 'The groups may not be read.')
    const { account } = await connect('content')
    expect(account.sentence).toBe('The directory of people and teams could not be read. The groups may not be read.')
    expect((await live.mirror.listAccounts())[0]?.sentence).toBe(account.sentence)
    const again = await connect('content')
    expect(again.account.sentence).toBe(account.sentence)
  })

  test('again renews the consent and keeps what was read', async () => {
    const { connect, kept } = await aWorld()
    const first = await connect('content')
    world.provider.put('work', anItem('talk', { start: '2026-03-16 10:00' }))
    await world.sync()
    const again = await connect('content', 'second')
    expect(again).toMatchObject({ renewed: true, account: { id: first.account.id } })
    expect((await kept())?.credential).toMatchObject({ password: 'second' })
    const items = await world.mirror.readItems(
      { accountId: first.account.id, calendarId: 'work' },
      { startAt: 0, endAt: 9e15 },
    )
    expect(items).toHaveLength(1)
  })

  test('again with a consent that does not work keeps the old one', async () => {
    const { connect, kept } = await aWorld()
    await connect('content')
    world.provider.onRequest = () => {
      throw new PortError('signed-out', 'The server refused the password.')
    }
    await expect(connect('content', 'wrong')).rejects.toThrow(PortError)
    expect((await kept())?.credential).toMatchObject({ password: 'first' })
  })

  test('with a lower tier erases what was read with the higher one, at once and from the files', async () => {
    const { connect } = await aWorld()
    const { account } = await connect('content')
    world.provider.put('work', anItem('t1', { description: 'AGENDA-canary', start: '2026-03-16 10:00' }))
    await world.sync()
    expect(inFiles('AGENDA-canary')).toBe(true)
    await connect('basic')
    expect(inFiles('AGENDA-canary')).toBe(false)
    await world.sync()
    const [item] = await world.mirror.readItems(
      { accountId: account.id, calendarId: 'work' },
      { startAt: 0, endAt: 9e15 },
    )
    expect(item?.content).toMatchObject({ events: [{ title: 't1', description: '' }] })
  })

  test('with a higher tier reads everything again and serves the old data meanwhile', async () => {
    const { connect } = await aWorld()
    const { account } = await connect('basic')
    const key = { accountId: account.id, calendarId: 'work' }
    world.provider.put('work', anItem('t1', { description: 'AGENDA', start: '2026-03-16 10:00' }))
    await world.sync()
    await connect('content')
    expect(await world.mirror.countItems(key)).toBe(1)
    await world.sync()
    const [item] = await world.mirror.readItems(key, { startAt: 0, endAt: 9e15 })
    expect(item?.content).toMatchObject({ events: [{ description: 'AGENDA' }] })
  })
})

describe('disconnecting', () => {
  test('tells the provider, then erases everything that came with the account', async () => {
    const { connect, live, revoked, kept } = await aWorld()
    const { account } = await connect('content')
    world.provider.put('work', anItem('CANARY-title', { start: '2026-03-16 10:00' }))
    await world.sync()
    expect(inFiles('CANARY-title')).toBe(true)
    const done = await disconnectAccount({ live }, { account, budget, evenIfNotRevoked: false })
    expect(done).toMatchObject({ revoked: true, sentence: null })
    expect(revoked()).toBe(1)
    expect(await kept()).toBe(null)
    expect(await live.mirror.listAccounts()).toEqual([])
    expect(inFiles('CANARY-title')).toBe(false)
  })

  test('keeps everything when the provider cannot be told now, unless asked to erase all the same', async () => {
    const { connect, live, refusal, kept } = await aWorld()
    const { account } = await connect('content')
    refusal.revoke = new PortError('unreachable', 'The server does not answer.')
    await expect(disconnectAccount({ live }, { account, budget, evenIfNotRevoked: false })).rejects.toThrow(
      'The server does not answer.',
    )
    expect(await kept()).not.toBe(null)
    const done = await disconnectAccount({ live }, { account, budget, evenIfNotRevoked: true })
    expect(done.revoked).toBe(false)
    expect(done.sentence).toMatch(/app password/)
    expect(await kept()).toBe(null)
  })

  test('of a consent that is gone already is done', async () => {
    const { connect, live, refusal } = await aWorld()
    const { account } = await connect('content')
    refusal.revoke = new PortError('signed-out', 'The consent is gone.')
    await disconnectAccount({ live }, { account, budget, evenIfNotRevoked: false })
    expect(await live.mirror.listAccounts()).toEqual([])
  })
})
