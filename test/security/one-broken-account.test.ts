/** What one provider makes us stumble over costs that account, and what it said is not repeated (ASVS 5.0: 16.5.1-3). */
import { expect, test } from 'vitest'
import type { AccountConnection } from '../../src/connectors/connector.ts'
import { ana, liveWorld } from '../known-bugs/live-world.ts'

const stumbling: AccountConnection = {
  connector: {
    provider: 'caldav',
    listCalendars: async () => {
      throw new TypeError('CANARY of <multistatus>')
    },
    pull: async () => {
      throw new TypeError('CANARY of an event')
    },
    fetchItems: async () => [],
  },
  writer: null,
  push: null,
  directory: null,
  revoke: async () => undefined,
}

test('an error that nobody foresaw is said of its account, and the others are read', async () => {
  const world = await liveWorld()
  try {
    const broken = await world.addAccount({ provider: 'caldav', subject: 'bob' }, stumbling)
    const listed = {
      id: 'work',
      name: 'Work',
      zone: null,
      ownerAddress: null,
      isPrimary: true,
      access: 'owner',
    } as const
    await world.mirror.recordListing(broken, [listed], world.clock.now())
    const fine = await world.addGoogle(ana)
    const run = await world.sync()
    const results = new Map(run.accounts.map(({ account, result, sentence }) => [account.id, { result, sentence }]))
    expect(results.get(fine)?.result).toBe('listed')
    expect((await world.state(fine)).status).toBe('current')
    expect(results.get(broken)).toEqual({ result: 'failed', sentence: expect.stringContaining('(TypeError)') })
    expect((await world.state(broken)).sentence).toContain('(TypeError)')
    expect(JSON.stringify([run, await world.mirror.listAccounts(), await world.calendars()])).not.toContain('CANARY')
  } finally {
    await world.close()
  }
})
