import { afterEach, describe, expect, test } from 'vitest'
import { listOccurrences } from '../../../src/app/list-occurrences.ts'
import { readCalendars } from '../../../src/app/read-calendars.ts'
import { openSyncedCalendars } from '../../../src/app/sync/synced-calendars.ts'
import { dayMs, weekMs } from '../../../src/domain/time/types.ts'
import { utc } from '../../../src/domain/time/zone-table.ts'
import { aDirectory } from '../../support/build.ts'
import { accountId, anAccount, anItem, type SyncWorld, startAt, syncWorld, weekly } from './sync-world.ts'

const closing: SyncWorld[] = []
afterEach(async () => {
  for (const world of closing.splice(0)) await world.close()
})

async function world(options: Parameters<typeof syncWorld>[0] = {}): Promise<SyncWorld> {
  const made = await syncWorld(options)
  closing.push(made)
  return made
}

const opened = async ({ mirror, clock }: SyncWorld) => await openSyncedCalendars({ mirror }, { now: clock.now() })

async function titlesIn({ mirror, clock }: SyncWorld): Promise<readonly string[]> {
  const now = clock.now()
  const { files, asOf } = await openSyncedCalendars({ mirror }, { now })
  const read = await readCalendars({ files }, { paths: [], fromWall: null, toWall: null, zone: 'UTC', now, asOf })
  return read.calendars.flatMap(({ expansion }) =>
    expansion.occurrences.map(({ event, startAt: at }) => `${new Date(at).toISOString().slice(0, 10)} ${event.title}`),
  )
}

describe('how far synced calendars are known', () => {
  test('a calendar that was deleted stops neither the weeks of the others nor goes on meeting itself', async () => {
    const live = await world()
    live.provider.addCalendar({ id: 'own', name: 'Own' })
    live.provider.addCalendar({ id: 'club', name: 'Club', isPrimary: false })
    live.provider.put('own', anItem('Review', { start: '2026-03-03 10:00', ...weekly(50) }))
    live.provider.put('club', anItem('Chess', { start: '2026-03-04 10:00', ...weekly(50) }))
    live.clock.advance(weekMs)
    await live.sync()
    const deletedAt = live.clock.now()
    live.provider.removeCalendar('club')
    live.clock.advance(8 * weekMs)
    await live.sync()
    const { asOf, notices } = await opened(live)
    expect(asOf).toBe(live.clock.now())
    expect(notices.join()).toContain('Club: ')
    const titles = await titlesIn(live)
    expect(titles.filter(title => title.endsWith('Review')).length).toBe(9)
    expect(titles.filter(title => title.endsWith('Chess'))).toEqual(['2026-03-04 Chess'])
    expect(deletedAt).toBe(startAt + weekMs)
  })

  test('with nothing else to go by, the last moment of a deleted calendar counts', async () => {
    const live = await world()
    live.provider.addCalendar({ id: 'own', name: 'Own' })
    live.provider.put('own', anItem('Review', { start: '2026-03-03 10:00', ...weekly(50) }))
    await live.sync()
    live.provider.removeCalendar('own')
    live.clock.advance(8 * weekMs)
    await live.sync()
    expect((await opened(live)).asOf).toBe(startAt)
  })

  test.each([
    ['of an organisation holds nobody back after two weeks', 'organisation', 20, 20],
    ['of an organisation is waited for before that', 'organisation', 10, 0],
    ['of a person is what the person has to know of', 'personal', 20, 0],
  ] as const)('a calendar that was closed %s', async (_, grant, days, knownForDays) => {
    const live = await world()
    await live.mirror.addAccount(anAccount({ id: 'other00000000000', grant }))
    for (const id of ['own', 'other']) {
      live.provider.addCalendar({ id, name: id })
      live.provider.put(id, anItem(`${id} review`, { start: '2026-03-03 10:00' }))
    }
    await live.sync()
    live.clock.advance(days * dayMs)
    await live.sync()
    for (const { accountId: account, id, sync } of await live.mirror.listCalendars()) {
      if (account === accountId) continue
      const key = { accountId: account, calendarId: id }
      await live.mirror.updateSync(key, sync.version, { status: 'closed', sentence: 'Closed.', asOf: startAt })
    }
    const { asOf, notices } = await opened(live)
    expect(asOf).toBe(startAt + knownForDays * dayMs)
    expect(notices.join(' ')).toContain('Closed.')
  })

  test("somebody's own calendar comes before others, since the first one names the time zone", async () => {
    const live = await world()
    live.provider.addCalendar({ id: 'a', name: 'Alpha', zone: 'Asia/Tokyo', isPrimary: false })
    live.provider.addCalendar({ id: 'z', name: 'Zoe', zone: 'Europe/Madrid' })
    for (const id of ['a', 'z']) live.provider.put(id, anItem(`${id} review`, { start: '2026-03-03 10:00' }))
    await live.sync()
    const { files } = await opened(live)
    expect((await files.open([])).map(({ calendar }) => calendar)).toEqual(['Zoe', 'Alpha'])
  })
})

test('of many calendars that are not as they should be a few are named, and the others counted', async () => {
  const live = await world()
  for (let n = 1; n <= 9; n++) live.provider.addCalendar({ id: `c${n}`, name: `Calendar ${n}` })
  await live.sync()
  for (let n = 2; n <= 9; n++) live.provider.removeCalendar(`c${n}`)
  await live.sync()
  const { notices } = await opened(live)
  expect(notices).toHaveLength(5)
  expect(notices.at(-1)).toMatch(/^4 more calendars/)
})

test.each([
  ['google', 'content', 'alone'],
  ['microsoft', 'basic', 'alone'],
  ['google', 'free-busy', 'private'],
  ['ics', 'content', 'invitees-not-listed'],
] as const)('an entry without guests on a calendar of %s at %s is %s', async (provider, tier, rule) => {
  const live = await world({ provider, tier })
  live.provider.addCalendar({ id: 'own', name: 'Own' })
  live.provider.put('own', anItem('Something', { start: '2026-02-17 10:00' }))
  await live.sync()
  const now = live.clock.now()
  const { files, asOf } = await opened(live)
  const whole = { paths: [], fromWall: null, toWall: null, zone: 'UTC', now, asOf, me: null, sample: false }
  const report = await listOccurrences({ files }, { ...whole, directory: aDirectory() })
  expect(report.occurrences.map(row => row.rule)).toEqual([rule])
})

test('weeks that were never read are not shown as weeks without meetings', async () => {
  const live = await world()
  live.provider.addCalendar({ id: 'own', name: 'Own' })
  await live.sync()
  const { files } = await opened(live)
  const [calendar] = await files.open([])
  const leftOutOf = async (from: string, to: string) => {
    const window = { startAt: Date.parse(from), endAt: Date.parse(to) }
    return (await calendar!.read({ window, defaultZone: utc })).leftOut.map(({ sentence }) => sentence)
  }
  expect(await leftOutOf('2025-09-01', '2026-03-01')).toEqual([])
  expect(await leftOutOf('2023-01-01', '2023-06-01')).toEqual([expect.stringContaining('before 2025-01-26')])
  expect(await leftOutOf('2026-01-01', '2028-01-01')).toEqual([expect.stringContaining('after 2027-04-06')])
})

test('of several accounts the one that is signed out is named', async () => {
  const live = await world()
  live.provider.addCalendar({ id: 'own', name: 'Own' })
  await live.sync()
  await live.mirror.updateAccount(accountId, { status: 'signed-out', sentence: 'The consent was taken back.' })
  expect((await opened(live)).notices).toEqual([
    'ana.ruiz@lantern.example: The consent was taken back. Its calendars are as they were.',
  ])
})
