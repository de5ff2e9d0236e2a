import { afterEach, expect, test } from 'vitest'
import { minuteMs } from '../../../src/domain/time/types.ts'
import { accountId, anItem, type SyncWorld, syncWorld } from '../sync/sync-world.ts'

let world: SyncWorld
afterEach(() => world.close())

async function aCalendarOf(items: number) {
  world = await syncWorld()
  world.provider.addCalendar({ id: 'work' })
  for (let number = 0; number < items; number++) world.provider.put('work', anItem(`talk-${number}`))
}

test('a round that a tick could not finish goes on in the next one', async () => {
  await aCalendarOf(30)
  expect((await world.sync({ requests: 4 })).paused).toBe(true)
  const { sync } = await world.calendar('work')
  expect([sync.round?.kind, sync.nextAt]).toEqual(['full', null])
  await world.sync({ askedFor: false })
  expect(await world.stored('work')).toHaveLength(30)
})

test('a calendar whose reader died in the round is due again ten minutes later', async () => {
  await aCalendarOf(3)
  const dying = {
    ...world.mirror,
    applyStep: () => Promise.reject(new Error('Died here.')),
    updateSync: () => Promise.reject(new Error('And wrote nothing more.')),
  }
  await expect(world.sync({ mirror: dying })).rejects.toThrow()
  expect(await world.mirror.listDue(world.clock.now() + 9 * minuteMs)).toEqual([])
  world.clock.advance(10 * minuteMs)
  await world.sync({ askedFor: false })
  expect(await world.stored('work')).toHaveLength(3)
  expect((await world.mirror.listCalendars(accountId))[0]?.sync.status).toBe('current')
})
