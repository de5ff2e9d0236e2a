import { afterEach, describe, expect, test } from 'vitest'
import { connectAccount } from '../../../src/app/connect/connect-account.ts'
import { disconnectAccount } from '../../../src/app/connect/disconnect-account.ts'
import type { ConnectableAccounts } from '../../../src/app/live-accounts.ts'
import { syncAccounts } from '../../../src/app/sync/sync-accounts.ts'
import type { AccountConnection, TickBudget, Tier } from '../../../src/connectors/connector.ts'
import { dayMs } from '../../../src/domain/time/types.ts'
import { PortError } from '../../../src/port-error.ts'
import type { MirrorStore } from '../../../src/store/mirror-store.ts'
import { memoryCredentials } from '../../support/memory-credentials.ts'
import { accountId, anAccount, anItem, type SyncWorld, startAt, syncWorld } from './sync-world.ts'

const closing: SyncWorld[] = []
afterEach(async () => {
  for (const world of closing.splice(0)) await world.close()
})

const budget: TickBudget = { requests: 10_000, untilAt: Number.MAX_SAFE_INTEGER }

async function aWorld(options: Parameters<typeof syncWorld>[0] = {}): Promise<SyncWorld> {
  const world = await syncWorld(options)
  closing.push(world)
  world.provider.addCalendar({ id: 'work', name: 'Work' })
  return world
}

function liveOf({ provider }: SyncWorld, mirror: MirrorStore): ConnectableAccounts {
  const connection: AccountConnection = {
    connector: provider.connector,
    writer: null,
    push: null,
    directory: null,
    revoke: async () => {},
  }
  return {
    mirror,
    credentials: memoryCredentials(),
    connectionOf: async () => connection,
    signIn: () => Promise.reject(new Error('unused')),
    close: async () => {},
  }
}

const connectAgain = (world: SyncWorld, tier: Tier, mirror = world.mirror) =>
  connectAccount(
    { live: liveOf(world, mirror), clock: world.clock },
    {
      // Safe because the account of these tests is one of calendars in memory, which people cannot connect.
      provider: 'memory' as 'caldav',
      subject: 'ana.ruiz@lantern.example',
      label: 'ana.ruiz@lantern.example',
      tier,
      grant: 'personal',
      settings: {},
      credential: { kind: 'password', userName: 'ana', password: 'lantern' },
      budget,
    },
  )

const storedText = async (world: SyncWorld) => JSON.stringify(await world.stored('work'))

describe('a clock that was wrong', () => {
  test('leaves no window around a day that has not come, and no calendar waiting for it', async () => {
    const world = await aWorld()
    world.provider.put('work', anItem('review', { start: '2026-02-16 10:00' }))
    world.clock.advance(500 * dayMs)
    await world.sync()
    world.clock.advance(-500 * dayMs)
    await world.sync({ askedFor: false })
    const { sync } = await world.calendar('work')
    expect(sync.windowStartAt).toBeLessThan(startAt)
    expect(sync.asOf).toBe(startAt)
    expect(await world.shown('work')).toEqual(['2026-02-16T10:00 review'])
  })

  test('does not keep a forgotten cursor from being replaced', async () => {
    const world = await aWorld()
    world.provider.put('work', anItem('review', { start: '2026-03-16 10:00' }))
    world.clock.advance(500 * dayMs)
    await world.sync()
    world.provider.expireCursors('work')
    await world.sync()
    world.clock.advance(-500 * dayMs)
    world.provider.expireCursors('work')
    await world.sync()
    expect((await world.calendar('work')).sync.status).toBe('current')
  })
})

describe('an account that is disconnected while a sync is on it', () => {
  test.each([
    ['its calendars are listed', 'list'],
    ['a calendar is read', 'pull work'],
  ])('when %s leaves nothing behind and stops nobody else', async (_, when) => {
    const world = await aWorld({ pageSize: 1 })
    await world.mirror.addAccount(anAccount({ id: 'other00000000000' }))
    for (let day = 1; day < 9; day++) world.provider.put('work', anItem(`m${day}`, { start: `2026-03-1${day} 10:00` }))
    let asked = 0
    world.provider.onRequest = async request => {
      if (request !== when || ++asked !== (when === 'list' ? 1 : 4)) return
      const [account] = (await world.mirror.listAccounts()).filter(({ id }) => id === accountId)
      await disconnectAccount(
        { live: liveOf(world, world.mirror) },
        { account: account!, budget, evenIfNotRevoked: false },
      )
    }
    const run = await world.sync()
    expect((await world.mirror.listAccounts()).map(({ id }) => id)).toEqual(['other00000000000'])
    expect((await world.mirror.listCalendars()).map(({ accountId: of, sync }) => [of, sync.status])).toEqual([
      ['other00000000000', 'current'],
    ])
    expect(run.calendars.filter(({ outcome }) => outcome.result === 'failed')).toEqual([])
  })
})

describe('a tier that is lowered while a sync is under way', () => {
  test('leaves no agenda text, whichever step the sync was at', async () => {
    for (let at = 1; at <= 8; at++) {
      const world = await aWorld({ pageSize: 1, emptyPageEvery: 0 })
      for (let day = 1; day < 6; day++) {
        world.provider.put('work', anItem(`m${day}`, { start: `2026-03-1${day} 10:00`, description: 'AGENDA' }))
      }
      let asked = 0
      world.provider.onRequest = async () => {
        if (++asked !== at) return
        world.provider.onRequest = () => {}
        await connectAgain(world, 'basic')
      }
      for (let run = 0; run < 3; run++) await world.sync()
      expect(await storedText(world), `lowered at request ${at}`).not.toContain('AGENDA')
      expect(await world.stored('work')).toHaveLength(5)
    }
  })

  test('leaves none either when the command dies before it is done', async () => {
    const world = await aWorld()
    world.provider.put('work', anItem('talk', { start: '2026-03-16 10:00', description: 'AGENDA' }))
    await world.sync()
    const dying: MirrorStore = {
      ...world.mirror,
      async updateAccount(id, change) {
        await world.mirror.updateAccount(id, change)
        if (change.tier !== undefined) throw new PortError('full', 'The disk is full.')
      },
    }
    await expect(connectAgain(world, 'basic', dying)).rejects.toThrow('full')
    expect(await storedText(world)).not.toContain('AGENDA')
    expect((await world.mirror.listAccounts())[0]?.tier).toBe('basic')
  })

  test('and is lowered though the sync is always faster', async () => {
    const world = await aWorld()
    world.provider.put('work', anItem('talk', { start: '2026-03-16 10:00', description: 'AGENDA' }))
    await world.sync()
    let faster = 0
    const raced: MirrorStore = {
      ...world.mirror,
      async applyStep(step) {
        if (faster++ < 3) {
          const { sync } = await world.calendar('work')
          await world.mirror.updateSync(step.key, sync.version, {})
        }
        return await world.mirror.applyStep(step)
      },
    }
    await connectAgain(world, 'basic', raced)
    expect(await storedText(world)).toBe('[]')
  })
})

describe('an account that cannot be opened', () => {
  test('says so where accounts are listed, and no more once it can', async () => {
    const world = await aWorld()
    const sync = (isShut: boolean) =>
      syncAccounts(
        {
          mirror: world.mirror,
          clock: world.clock,
          connectionOf: async account => {
            if (isShut) throw new PortError('malformed', 'A credential does not open.')
            return await liveOf(world, world.mirror).connectionOf(account)
          },
        },
        { budget, only: null, askedFor: true, accept: null },
      )
    await sync(true)
    expect((await world.mirror.listAccounts())[0]?.sentence).toBe('A credential does not open.')
    await sync(false)
    expect((await world.mirror.listAccounts())[0]?.sentence).toBeNull()
  })

  test('is not asked for its list at every tick of a watch', async () => {
    const world = await aWorld()
    await world.sync()
    world.clock.advance(2 * dayMs)
    world.provider.onRequest = request => {
      if (request === 'list') throw new PortError('denied', 'No.')
    }
    for (let tick = 0; tick < 10; tick++) {
      await world.sync({ askedFor: false })
      world.clock.advance(15_000)
    }
    expect(world.provider.requests.filter(request => request === 'list')).toHaveLength(2)
  })
})
