import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { dayMs, hourMs, minuteMs } from '../../../src/domain/time/types.ts'
import { PortError, type PortErrorCode } from '../../../src/port-error.ts'
import { anEvent } from '../../support/build.ts'
import { accountId, anException, anItem, type SyncWorld, syncWorld, type WorldOptions, weekly } from './sync-world.ts'

let world: SyncWorld
afterEach(() => world.close())

async function aWorld(options: WorldOptions = {}): Promise<SyncWorld> {
  world = await syncWorld(options)
  world.provider.addCalendar({ id: 'work' })
  return world
}

const put = (...items: readonly ReturnType<typeof anItem>[]) => {
  for (const item of items) world.provider.put('work', item)
}
const failWith = (code: PortErrorCode, match = 'pull', options = {}) => {
  world.provider.onRequest = request => {
    if (request.startsWith(match)) throw new PortError(code, 'The provider is made to fail.', options)
  }
}
const pulls = () => world.provider.requests.filter(request => request.startsWith('pull')).length

describe('a calendar that is synced', () => {
  test('is read whole the first time and at the cost of what changed afterwards', async () => {
    await aWorld()
    for (let n = 0; n < 23; n++) put(anItem(`talk ${n}`, { start: `2026-03-0${1 + (n % 9)} 10:00` }))
    const first = await world.sync()
    expect(first.calendars[0]?.outcome).toMatchObject({ result: 'done', written: 23, forced: false })
    const before = pulls()
    put(anItem('talk 3', { start: '2026-03-20 10:00' }))
    world.provider.remove('work', 'talk 4')
    const second = await world.sync()
    expect(second.calendars[0]?.outcome).toMatchObject({ result: 'done', written: 1, removed: 1 })
    expect(pulls() - before).toBe(1)
    expect(await world.shown('work')).toHaveLength(22)
    expect(await world.shown('work')).toContain('2026-03-20T10:00 talk 3')
  })

  test('is written nowhere when nothing changed, in an ordinary round and in a full one', async () => {
    await aWorld()
    for (let n = 0; n < 12; n++) put(anItem(`talk ${n}`))
    await world.sync()
    expect((await world.sync()).calendars[0]?.outcome).toMatchObject({ written: 0, removed: 0 })
    world.provider.expireCursors('work')
    expect((await world.sync()).calendars[0]?.outcome).toMatchObject({ written: 0, removed: 0, forced: true })
  })

  test('goes on where a tick ended, without reading a page twice', async () => {
    await aWorld()
    for (let n = 0; n < 23; n++) put(anItem(`talk ${n}`))
    const ticks: string[] = []
    for (let tick = 0; tick < 10; tick++) {
      const run = await world.sync({ requests: 3 })
      ticks.push(run.calendars[0]?.outcome.result ?? 'none')
      if (!run.paused) break
    }
    expect(ticks.slice(0, -1).every(result => result === 'paused')).toBe(true)
    expect(ticks.at(-1)).toBe('done')
    expect(await world.stored('work')).toHaveLength(23)
    // 23 events of 5 a page, every third page empty: 7 pages, and a look at what changed since the first
    expect(pulls()).toBe(8)
  })

  test('is as of now where the rest of an earlier round is read: what changed in between is there after one sync', async () => {
    await aWorld()
    for (let n = 0; n < 23; n++) put(anItem(`talk ${n}`))
    expect((await world.sync({ requests: 3 })).paused).toBe(true)
    put(anItem('said in between'))
    world.clock.advance(3 * hourMs)
    await world.sync()
    expect((await world.shown('work')).filter(line => line.includes('said in between'))).toHaveLength(1)
    expect((await world.calendar('work')).sync.asOf).toBe(world.clock.now())
  })
})

describe('a forgotten cursor', () => {
  test('leads to one full round, after which what was deleted meanwhile is gone', async () => {
    await aWorld()
    for (let n = 0; n < 10; n++) put(anItem(`talk ${n}`))
    await world.sync()
    world.provider.expireCursors('work')
    for (const n of [1, 4, 7]) world.provider.remove('work', `talk ${n}`)
    const run = await world.sync()
    expect(run.calendars[0]?.outcome).toMatchObject({ result: 'done', removed: 3, forced: true })
    expect((await world.calendar('work')).sync).toMatchObject({ status: 'current', generation: 2 })
    expect(await world.shown('work')).toHaveLength(7)
  })

  test('sweeps nothing when the full round is broken off, and finishes it later', async () => {
    await aWorld()
    for (let n = 0; n < 20; n++) put(anItem(`talk ${n}`))
    await world.sync()
    world.provider.expireCursors('work')
    world.provider.remove('work', 'talk 0')
    const before = pulls()
    world.provider.onRequest = () => {
      if (pulls() - before === 3) throw new PortError('unreachable', 'The provider does not answer.')
    }
    const broken = await world.sync()
    expect(broken.calendars[0]?.outcome.result).toBe('failed')
    expect(await world.stored('work')).toHaveLength(20)
    expect((await world.calendar('work')).sync.status).toBe('retrying')
    world.provider.onRequest = () => {}
    await world.sync()
    expect(await world.stored('work')).toHaveLength(19)
  })

  test('at every turn is bounded: the calendar waits for an hour, the others go on', async () => {
    await aWorld()
    world.provider.addCalendar({ id: 'other' })
    put(anItem('talk'))
    world.provider.put('other', anItem('other talk'))
    await world.sync()
    world.provider.onRequest = request => {
      if (request === 'pull work') throw new PortError('cursor-expired', 'The cursor is forgotten.')
    }
    const before = pulls()
    const run = await world.sync()
    expect(pulls() - before).toBeLessThanOrEqual(3)
    expect(run.calendars.find(each => each.calendar.id === 'other')?.outcome.result).toBe('done')
    const { sync } = await world.calendar('work')
    expect(sync.status).toBe('needs-attention')
    expect(sync.sentence).toMatch(/twice within an hour/)
    expect(sync.nextAt).toBeGreaterThanOrEqual(world.clock.now() + 50 * minuteMs)
    expect(await world.stored('work')).toHaveLength(1)

    world.provider.onRequest = () => {}
    world.clock.advance(2 * hourMs)
    await world.sync({ askedFor: false })
    expect((await world.calendar('work')).sync.status).toBe('current')
  })

  test('keeps the identity of what is there: the same items, under the same ids', async () => {
    await aWorld()
    put(
      anItem('review', { start: '2026-03-16 10:00', ...weekly(4) }),
      anException('review', '2026-03-23 10:00', { start: '2026-03-25 14:00' }),
    )
    await world.sync()
    const before = await world.stored('work')
    world.provider.expireCursors('work')
    await world.sync()
    expect(await world.stored('work')).toEqual(before)
  })
})

describe('when half of the future vanishes', () => {
  async function aQuarter(options: WorldOptions): Promise<void> {
    await aWorld(options)
    for (let n = 0; n < 10; n++) put(anItem(`talk ${n}`, { start: `2026-03-1${n} 10:00` }))
    await world.sync()
    world.provider.expireCursors('work')
    for (let n = 0; n < 8; n++) world.provider.remove('work', `talk ${n}`)
  }

  test('a provider is asked a second time and believed then', async () => {
    await aQuarter({})
    const before = pulls()
    const run = await world.sync()
    expect(run.calendars[0]?.outcome).toMatchObject({ result: 'done', removed: 8 })
    // the refusal, and twice the two pages of what is there and what was deleted
    expect(pulls() - before).toBe(5)
    expect(await world.shown('work')).toHaveLength(2)
  })

  test('a feed is held, nothing is removed, and a person decides', async () => {
    await aQuarter({ provider: 'ics' })
    await world.sync()
    expect((await world.calendar('work')).sync).toMatchObject({
      status: 'held',
      sentence: expect.stringMatching(/^8 of 10 future events are missing/),
    })
    expect(await world.shown('work')).toHaveLength(10)
    await world.sync({ accept: 'work' })
    expect((await world.calendar('work')).sync).toMatchObject({ status: 'current', sentence: null })
    expect(await world.shown('work')).toHaveLength(2)
  })

  test('a feed that comes back whole is current again by itself', async () => {
    await aQuarter({ provider: 'ics' })
    await world.sync()
    for (let n = 0; n < 8; n++) put(anItem(`talk ${n}`, { start: `2026-03-1${n} 10:00` }))
    world.clock.advance(2 * hourMs)
    await world.sync({ askedFor: false })
    expect((await world.calendar('work')).sync.status).toBe('current')
    expect(await world.shown('work')).toHaveLength(10)
  })
})

describe('a calendar that misbehaves', () => {
  const cases: readonly (readonly [PortErrorCode, string, number])[] = [
    ['unreachable', 'retrying', 45_000],
    ['busy', 'retrying', 45_000],
    ['failed', 'retrying', 45_000],
    ['malformed', 'retrying', 45_000],
    ['conflict', 'retrying', 45_000],
    ['denied', 'closed', dayMs],
    ['no-mailbox', 'closed', dayMs],
    ['not-found', 'gone', dayMs],
    ['rejected', 'needs-attention', hourMs],
  ]
  for (const [code, status, waitMs] of cases) {
    test(`with ${code} is ${status}, with a sentence, and stops nobody else`, async () => {
      await aWorld()
      world.provider.addCalendar({ id: 'other' })
      put(anItem('talk'))
      await world.sync()
      failWith(code, 'pull work')
      world.provider.put('other', anItem('other talk'))
      const run = await world.sync()
      expect(run.calendars.find(each => each.calendar.id === 'other')?.outcome.result).toBe('done')
      const { sync } = await world.calendar('work')
      expect(sync).toMatchObject({ status, sentence: 'The provider is made to fail.', failures: 1 })
      expect(sync.nextAt! - world.clock.now()).toBeGreaterThanOrEqual(waitMs)
      // what was read before is still there
      expect(await world.stored('work')).toHaveLength(1)
      world.provider.onRequest = () => {}
      world.clock.advance(2 * dayMs)
      await world.sync({ askedFor: false })
      expect((await world.calendar('work')).sync).toMatchObject({ status: 'current', sentence: null, failures: 0 })
    })
  }

  test('waits longer after each failure, and as long as the provider says', async () => {
    await aWorld()
    failWith('busy')
    const waits: number[] = []
    for (let n = 0; n < 8; n++) {
      await world.sync()
      waits.push((await world.calendar('work')).sync.nextAt! - world.clock.now())
    }
    expect(waits.slice(0, 7)).toEqual(waits.slice(0, 7).toSorted((a, b) => a - b))
    expect(Math.max(...waits)).toBeLessThanOrEqual(75 * minuteMs)
    failWith('busy', 'pull', { retryAt: world.clock.now() + 5 * hourMs })
    await world.sync()
    expect((await world.calendar('work')).sync.nextAt).toBe(world.clock.now() + 5 * hourMs)
  })

  test('is not asked before its time by a tick that nobody asked for', async () => {
    await aWorld()
    failWith('busy', 'pull', { retryAt: world.clock.now() + 5 * hourMs })
    await world.sync()
    const before = pulls()
    world.clock.advance(hourMs)
    await world.sync({ askedFor: false })
    expect(pulls()).toBe(before)
    await world.mirror.lookNow([{ accountId, calendarId: 'work' }])
    await world.sync({ askedFor: false })
    expect(pulls()).toBe(before + 1)
  })

  test('a consent that is gone stops its account once, and nothing is erased', async () => {
    await aWorld()
    for (const id of ['b', 'c', 'd', 'e', 'f', 'g', 'h', 'i']) world.provider.addCalendar({ id })
    put(anItem('talk'))
    await world.sync()
    failWith('signed-out')
    const before = pulls()
    const run = await world.sync()
    expect(pulls() - before).toBeLessThanOrEqual(6)
    expect(run.accounts[0]).toMatchObject({ result: 'signed-out', sentence: 'The provider is made to fail.' })
    const [account] = await world.mirror.listAccounts()
    expect(account?.status).toBe('signed-out')
    expect(await world.stored('work')).toHaveLength(1)
    const after = world.provider.requests.length
    await world.sync()
    expect(world.provider.requests).toHaveLength(after)
  })
})

describe('a private series', () => {
  test('takes a public changed occurrence along, whichever comes first', async () => {
    for (const order of ['series first', 'occurrence first']) {
      await aWorld()
      const series = anItem('SECRET review', { start: '2026-03-16 10:00', visibility: 'private', ...weekly(3) })
      const exception = anException('SECRET review', '2026-03-23 10:00', {
        start: '2026-03-24 10:00',
        visibility: 'public',
      })
      put(...(order === 'series first' ? [series, exception] : [exception, series]))
      await world.sync()
      expect(await world.shown('work'), order).toEqual([
        '2026-03-16T10:00 (private)',
        '2026-03-24T10:00 (private)',
        '2026-03-30T10:00 (private)',
      ])
      if (order === 'series first') await world.close()
    }
  })

  test('that arrives a page later than its changed occurrence is fetched before anything is stored', async () => {
    await aWorld({ pageSize: 1, emptyPageEvery: 0 })
    put(
      anException('SECRET review', '2026-03-23 10:00', { visibility: 'public' }),
      anItem('SECRET review', { start: '2026-03-16 10:00', visibility: 'private', ...weekly(3) }),
    )
    await world.sync({ requests: 3 })
    expect(world.provider.requests.slice(0, 3)).toEqual(['list', 'pull work', 'fetch work'])
    const texts = JSON.stringify((await world.stored('work')).map(({ content }) => content))
    expect(texts).not.toContain('SECRET')
  })

  test('that is made private later leaves nothing of itself in any file of the database', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'minutewise-'))
    try {
      await aWorld({ path: join(folder, 'm.db') })
      const secret = { title: 'SECRET-title', description: 'SECRET-agenda', location: 'SECRET-place' }
      const open = anItem('r1', { ...secret, start: '2026-03-16 10:00', ...weekly(3) })
      const changed = { ...anException('r1', '2026-03-23 10:00', { ...secret, start: '2026-03-24 10:00' }) }
      put(open, changed)
      await world.sync()
      expect(inFiles(folder, 'SECRET')).toBe(true)
      put(anItem('r1', { ...secret, start: '2026-03-16 10:00', visibility: 'private', ...weekly(3) }))
      await world.sync()
      expect(await world.shown('work')).toEqual([
        '2026-03-16T10:00 (private)',
        '2026-03-24T10:00 (private)',
        '2026-03-30T10:00 (private)',
      ])
      expect(inFiles(folder, 'SECRET')).toBe(false)

      put(open)
      await world.sync()
      expect(await world.shown('work')).toEqual([
        '2026-03-16T10:00 SECRET-title',
        '2026-03-24T10:00 SECRET-title',
        '2026-03-30T10:00 SECRET-title',
      ])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  test('the file is rewritten when something was hidden, and at no other time', async () => {
    await aWorld()
    let settled = 0
    const settle = world.mirror.settle
    const mirror = {
      ...world.mirror,
      settle: async () => {
        settled++
        await settle()
      },
    }
    put(anItem('one'), anItem('two', { visibility: 'private' }))
    await world.sync({ mirror })
    put(
      anItem('one', { start: '2026-03-20 10:00' }),
      anItem('two', { visibility: 'private', start: '2026-03-21 10:00' }),
    )
    await world.sync({ mirror })
    expect(settled).toBe(0)
    put(anItem('one', { visibility: 'private' }))
    await world.sync({ mirror })
    expect(settled).toBe(1)
    await world.sync({ mirror })
    expect(settled).toBe(1)
  })

  test('the file is rewritten too when what was hidden goes by another id from then on', async () => {
    await aWorld()
    put(anItem('one', { title: 'SECRET' }))
    await world.sync()
    let settled = 0
    const settle = async () => {
      settled++
      await world.mirror.settle()
    }
    world.provider.remove('work', 'one')
    put(anItem('1f3a', { visibility: 'private' }))
    await world.sync({ mirror: { ...world.mirror, settle } })
    expect(settled).toBe(1)
  })

  test('a rewriting that another process held up is done by the next sync', async () => {
    await aWorld()
    put(anItem('one'))
    await world.sync()
    put(anItem('one', { visibility: 'private' }))
    const busy = async () => {
      throw new PortError('busy', 'The database is being read by another process.')
    }
    expect((await world.sync({ mirror: { ...world.mirror, settle: busy } })).owesSettling).toBe(true)
    expect(await world.mirror.owesSettling()).toBe(true)
    expect((await world.sync()).owesSettling).toBe(false)
    expect(await world.mirror.owesSettling()).toBe(false)
  })

  test('a private occurrence of an open series hides itself alone and is there once', async () => {
    await aWorld()
    put(
      anItem('review', { start: '2026-03-16 10:00', ...weekly(3) }),
      anException('review', '2026-03-23 10:00', { title: 'SECRET', start: '2026-03-24 10:00', visibility: 'private' }),
    )
    await world.sync()
    expect(await world.shown('work')).toEqual([
      '2026-03-16T10:00 review',
      '2026-03-24T10:00 (private)',
      '2026-03-30T10:00 review',
    ])
  })

  test('somebody invited to one occurrence alone has it, though its series is nowhere', async () => {
    await aWorld()
    put(anException('review', '2026-03-23 10:00', { start: '2026-03-24 10:00' }))
    await world.sync()
    expect(await world.shown('work')).toEqual(['2026-03-24T10:00 review'])
  })
})

describe('what a calendar says of itself on the way', () => {
  test('is learned where it was not known', async () => {
    await aWorld()
    world.provider.addCalendar({ id: 'work', name: null, zone: null })
    const { pull } = world.provider.connector
    const about = { name: 'Said in the feed', zone: 'Europe/Madrid' }
    Object.assign(world.provider.connector, { pull: async (request: never) => ({ ...(await pull(request)), about }) })
    await world.sync()
    expect(await world.calendar('work')).toMatchObject(about)
  })
})

describe('tiers', () => {
  test('basic keeps no agenda, free-busy keeps nothing but times', async () => {
    await aWorld({ tier: 'basic' })
    put(anItem('talk', { description: 'AGENDA', start: '2026-03-16 10:00' }))
    await world.sync()
    expect(JSON.stringify(await world.stored('work'))).not.toContain('AGENDA')
    expect(await world.shown('work')).toEqual(['2026-03-16T10:00 talk'])
    await world.close()
    await aWorld({ tier: 'free-busy' })
    put(anItem('t1', { title: 'TITLE', description: 'AGENDA', start: '2026-03-16 10:00' }))
    await world.sync()
    expect(JSON.stringify(await world.stored('work'))).not.toMatch(/TITLE|AGENDA/)
    expect(await world.shown('work')).toEqual(['2026-03-16T10:00 (private)'])
  })

  test('a tier that is raised brings the same events again with more in them', async () => {
    await aWorld({ tier: 'basic' })
    put(anItem('talk', { description: 'AGENDA', start: '2026-03-16 10:00' }))
    await world.sync()
    await world.mirror.updateAccount(accountId, { tier: 'content' })
    const { sync } = await world.calendar('work')
    await world.mirror.abandonRound({ accountId, calendarId: 'work' }, sync.version, { cursor: null })
    await world.sync()
    expect(JSON.stringify(await world.stored('work'))).toContain('AGENDA')
  })
})

describe('a series that the provider expands', () => {
  test('whose occurrences come before it is shown when it was fetched, and has a name then', async () => {
    await aWorld({ pageSize: 2, emptyPageEvery: 0 })
    const event = anEvent({ uid: 's', title: 'Lamp review', start: '2026-03-02 10:00' })
    const occurrence = (day: string) => ({
      id: `o${day}`,
      seriesItemId: 's',
      content: {
        kind: 'occurrence' as const,
        startAt: Date.parse(`2026-03-${day}T10:00Z`),
        endAt: Date.parse(`2026-03-${day}T11:00Z`),
      },
    })
    put(occurrence('09'), occurrence('16'), occurrence('23'))
    await world.sync()
    expect(await world.shown('work')).toEqual([])
    world.provider.put('work', { id: 's', seriesItemId: null, content: { kind: 'series', event } })
    await world.sync()
    expect(await world.shown('work')).toEqual([
      '2026-03-09T10:00 Lamp review',
      '2026-03-16T10:00 Lamp review',
      '2026-03-23T10:00 Lamp review',
    ])
  })
})

/** Whether any file of a database holds the text, as bytes. */
function inFiles(folder: string, text: string): boolean {
  return readdirSync(folder).some(name => readFileSync(join(folder, name)).includes(text))
}

describe('a first round that has to begin again', () => {
  test('removes what was deleted between its two beginnings', async () => {
    await aWorld()
    for (let n = 0; n < 20; n++) put(anItem(`talk ${n}`))
    await world.sync({ requests: 3 })
    expect((await world.stored('work')).length).toBeGreaterThan(0)
    world.provider.expireCursors('work')
    world.provider.remove('work', 'talk 0')
    await world.sync()
    expect((await world.calendar('work')).sync.status).toBe('current')
    expect((await world.stored('work')).map(item => item.id)).not.toContain('talk 0')
    expect(await world.stored('work')).toHaveLength(19)
  })
})
