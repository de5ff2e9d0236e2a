import { describe, expect, it } from 'vitest'
import { blockKey } from '../../../src/app/write-back/block-key.ts'
import { planWrites } from '../../../src/app/write-back/plan-writes.ts'
import type { WriteBackDeps } from '../../../src/app/write-back/write-back-deps.ts'
import type { CalendarItem } from '../../../src/connectors/connector.ts'
import { blockKeyOfUid, isBlockKey, isOwnBlock } from '../../../src/domain/focus/own-block.ts'
import type { CalendarEvent } from '../../../src/domain/meetings/calendar-event.ts'
import { accountNamed, calendarOf, memoryAccounts } from '../../fakes/memory-accounts.ts'
import { memoryWriter } from '../../fakes/memory-writer.ts'
import {
  addBlock,
  hour,
  monday,
  moveBlock,
  now,
  removeAgenda,
  removeBlock,
  setAgenda,
  world,
  written,
} from './world.ts'

const reasons = async (deps: WriteBackDeps, ...requests: Parameters<typeof planWrites>[1]) =>
  (await planWrites(deps, requests)).refusals.map(each => each.reason)

describe('a plan', () => {
  it('shows what would be written, what for and where, and writes nothing', async () => {
    const one = world()
    const plan = await planWrites(one, [addBlock()])
    expect(plan).toMatchObject({
      zone: 'Europe/Madrid',
      refusals: [],
      writes: [
        {
          action: 'create-block',
          title: 'Focus time',
          kind: 'focus',
          label: 'ana@lantern.example',
          why: 'Keeps the morning free.',
          after: { startAt: monday, endAt: monday + 2 * hour },
        },
      ],
    })
    expect(one.calendar.events()).toEqual([])
    expect(one.accounts.saves()).toBe(0)
    expect(one.writer.calls).toEqual(['findBlock'])
  })

  it('a move shows before and after; without an end it keeps the length', async () => {
    const one = world()
    await written(one, addBlock())
    const { writes } = await planWrites(one, [moveBlock(one.calendar.events()[0]!.key!)])
    expect(writes).toMatchObject([
      {
        action: 'move-block',
        before: { startAt: monday, endAt: monday + 2 * hour },
        after: { startAt: monday + 24 * hour, endAt: monday + 26 * hour },
      },
    ])
  })

  it('a block is named by its key, the end of its key, or its id', async () => {
    const one = world()
    await written(one, addBlock())
    const [block] = one.calendar.events()
    for (const name of [block!.key!, block!.key!.slice(-6), block!.id]) {
      expect((await planWrites(one, [removeBlock(name)])).writes).toHaveLength(1)
    }
    expect(await reasons(one, removeBlock(block!.key!.slice(-5)))).toEqual(['not-found'])
  })

  it('somebody else’s event is no block of ours, whatever its title', async () => {
    const one = world()
    const id = one.calendar.add({ startAt: monday, endAt: monday + hour, title: 'Focus time' })
    expect(await reasons(one, removeBlock(id), moveBlock(id))).toEqual(['not-found', 'not-found'])
  })

  it('what is there already is said and not written again', async () => {
    const one = world()
    expect(await written(one, addBlock())).toEqual(['confirmed'])
    expect(await written(one, addBlock())).toEqual(['already-there'])
    expect(await reasons(one, addBlock({ purpose: 'x' }), addBlock({ purpose: 'x' }))).toEqual(['already-there'])
  })

  it('what is there already is known without the journal too', async () => {
    const one = world()
    await written(one, addBlock())
    const forgetful = one.through(one.writer, { listWrites: async () => [] })
    expect(await reasons(forgetful, addBlock())).toEqual(['already-there'])
  })

  it('a block that somebody removed or moved is made again under another key', async () => {
    const one = world()
    await written(one, addBlock())
    const [first] = one.calendar.events()
    one.calendar.remove(first!.id)
    expect(await written(one, addBlock())).toEqual(['confirmed'])
    const [second] = one.calendar.events()
    expect(second!.key).not.toBe(first!.key)
    one.calendar.change(second!.id, { startAt: monday + 9 * hour, endAt: monday + 10 * hour })
    expect(await written(one, addBlock())).toEqual(['confirmed'])
    expect(one.calendar.events()).toHaveLength(2)
  })

  it('a thing whose last write is not finished waits for it', async () => {
    const one = world()
    await written(one, addBlock())
    const { key } = one.calendar.events()[0]!
    one.writer.fail({ call: 'moveBlock', how: { kind: 'refusal', code: 'unreachable' } })
    expect(await written(one, moveBlock(key!))).toEqual(['open'])
    expect(await reasons(one, moveBlock(key!), removeBlock(key!))).toEqual(['unfinished', 'unfinished'])
  })

  it('an agenda goes into an invitation of one’s own, named by id or by UID', async () => {
    const one = world([item('event-1', event({ uid: 'review@example.com', title: 'Review' }))])
    const id = one.calendar.add({ startAt: monday, endAt: monday + hour, text: 'Hello' })
    for (const name of [id, 'review@example.com']) {
      expect((await planWrites(one, [setAgenda(name, ' 1. Queue \r\n2. Names\n')])).writes).toMatchObject([
        { action: 'set-agenda', itemId: id, title: 'Review', before: null, after: '1. Queue \n2. Names' },
      ])
    }
  })

  it('says before anything is written that Microsoft tells the guests', async () => {
    for (const provider of ['microsoft', 'google'] as const) {
      const ana = { ...accountNamed('ana@lantern.example'), provider }
      const writer = memoryWriter()
      const one = world([item('event-1', event({ title: 'Review' }))])
      const accounts = memoryAccounts({ accounts: [ana], calendars: [calendarOf(ana, 'ana')], items: [], writer })
      const id = writer.calendar('ana').add({ startAt: monday, endAt: monday + hour, text: 'Hello' })
      const { notes } = await planWrites({ ...one, accounts }, [setAgenda(id)])
      const told = notes.filter(note => note.includes('Microsoft sends them an update'))
      expect(told).toHaveLength(provider === 'microsoft' ? 1 : 0)
    }
  })

  it.each([
    ['somebody else organizes it', { isOrganizer: false }, 'not-organizer'],
    [
      'it holds the text already',
      { text: '\n--- Minutewise agenda ---\n1. Which queue?\n--- end of agenda ---' },
      'nothing-to-do',
    ],
  ])('no agenda where %s', async (_, change, reason) => {
    const one = world()
    const id = one.calendar.add({ startAt: monday, endAt: monday + hour, ...change })
    expect(await reasons(one, setAgenda(id))).toEqual([reason])
  })

  it('no agenda is taken out of an invitation without one, or of an event that is not there', async () => {
    const one = world()
    const id = one.calendar.add({ startAt: monday, endAt: monday + hour })
    expect(await reasons(one, removeAgenda(id), removeAgenda('gone'))).toEqual(['nothing-to-do', 'not-found'])
  })

  it('an empty agenda is wrong use', async () => {
    await expect(planWrites(world(), [setAgenda('event-1', ' \n')])).rejects.toMatchObject({ code: 'wrong-use' })
  })
})

describe('a plan refuses, with the next step', () => {
  const ana = accountNamed('ana@lantern.example')
  const deps = (change: Partial<Parameters<typeof memoryAccounts>[0]>): WriteBackDeps => ({
    accounts: memoryAccounts({
      accounts: [ana],
      calendars: [calendarOf(ana, 'ana')],
      writer: memoryWriter(),
      ...change,
    }),
    tenant: 'here',
    now: () => now,
    budget: { requests: 100, untilAt: now + hour },
  })
  const reader = accountNamed('ana@lantern.example', 'content')
  const feed = accountNamed('Holidays', 'basic', { provider: 'ics' })
  const out = { ...ana, status: 'signed-out' as const }

  it.each([
    [
      'an account connected for reading',
      { accounts: [reader] },
      'no-consent',
      'run minutewise connect google --tier write-back',
    ],
    ['a calendar of somebody else', { calendars: [calendarOf(ana, 'ana', 'read')] }, 'read-only', 'may only be read'],
    ['a feed', { accounts: [feed], calendars: [calendarOf(feed, 'feed', 'read')] }, 'unsupported', 'can only be read'],
    ['a consent that is gone', { accounts: [out] }, 'signed-out', 'Run minutewise connect google again'],
    ['a credential that is gone', { signedOut: true }, 'signed-out', 'Run minutewise connect again'],
    ['a provider without a way to write', { writer: null }, 'unsupported', 'Nothing can be written'],
  ])('%s', async (_, change, reason, words) => {
    const { writes, refusals } = await planWrites(deps(change), [addBlock()])
    expect(writes).toEqual([])
    expect(refusals).toMatchObject([{ reason, sentence: expect.stringContaining(words) }])
  })

  it.each([
    ['no account at all', { accounts: [], calendars: [] }, {}, 'No account is connected'],
    ['two accounts and none named', { accounts: [ana, feed] }, {}, 'Say which account'],
    ['an account nobody has', {}, { account: 'ben@lantern.example' }, 'There is no account "ben@lantern.example"'],
    ['a calendar it does not have', {}, { calendar: 'Holidays' }, 'has no calendar "Holidays"'],
    ['no time zone anywhere', { calendars: [calendarOf(ana, 'ana', 'owner', { zone: null })] }, {}, '--zone'],
    ['a zone that is none', {}, { zone: 'Mars/Olympus' }, '"Mars/Olympus" is no time zone'],
  ])('and asks back where it is not clear what is meant: %s', async (_, change, request, words) => {
    await expect(planWrites(deps(change), [addBlock(request)])).rejects.toThrow(words)
  })

  it.each([
    ['an end before the start', { endWall: Date.UTC(2026, 10, 23, 8) }, 'The end is not after the start'],
    ['a time that is over', { startWall: Date.UTC(2026, 10, 19, 9), endWall: Date.UTC(2026, 10, 19, 11) }, 'is over'],
    ['two days', { endWall: Date.UTC(2026, 10, 25, 9) }, 'a day at most'],
    [
      'an hour that spring takes',
      { startWall: Date.UTC(2027, 2, 28, 2, 30), endWall: Date.UTC(2027, 2, 28, 4) },
      'There is no 02:30 on that day in Europe/Madrid',
    ],
  ])('%s', async (_, times, words) => {
    const { refusals } = await planWrites(deps({}), [addBlock(times)])
    expect(refusals).toMatchObject([{ reason: 'bad-time', sentence: expect.stringContaining(words) }])
  })

  it('of an hour that autumn gives twice it takes the first, and says so', async () => {
    const times = { startWall: Date.UTC(2027, 9, 31, 2, 30), endWall: Date.UTC(2027, 9, 31, 4) }
    const { writes, notes } = await planWrites(deps({}), [addBlock(times)])
    expect(writes).toMatchObject([{ after: { startAt: Date.UTC(2027, 9, 31, 0, 30) } }])
    expect(notes).toEqual(['The clock shows 02:30 twice that day; the first was taken.'])
  })

  it('a provider that does not answer is said in the plan', async () => {
    const writer = memoryWriter()
    writer.fail({ how: { kind: 'refusal', code: 'busy' } })
    expect(await reasons(deps({ writer }), addBlock())).toEqual(['unreachable'])
  })

  describe('a time that is taken, when asked to avoid meetings', () => {
    const during = { startAt: monday + hour, endAt: monday + 1.5 * hour }
    const taken = async (...items: readonly CalendarItem[]) =>
      reasons(deps({ items }), addBlock({ avoidMeetings: true }))

    it.each([
      ['a meeting', [item('m', event({}, during))], ['overlap']],
      ['an occurrence of a series', [series('s', event({})), occurrence('o', 's', during)], ['overlap']],
      ['a meeting shown as free', [item('m', event({ showAs: 'free' }, during))], []],
      ['a cancelled one', [item('m', event({ status: 'cancelled' }, during))], []],
      [
        'an occurrence of a series shown as free',
        [series('s', event({ showAs: 'free' })), occurrence('o', 's', during)],
        [],
      ],
      ['a block of ours', [item('m', event({ categories: ['Minutewise'] }, during))], []],
      ['a meeting that ends when it starts', [item('m', event({}, { startAt: monday - hour, endAt: monday }))], []],
    ])('%s', async (_, items, found) => {
      expect(await taken(...items)).toEqual(found)
      expect(await reasons(deps({ items }), addBlock())).toEqual([])
    })

    it('a calendar that was never read is not called free', async () => {
      const { sync } = calendarOf(ana, 'ana')
      const calendars = [calendarOf(ana, 'ana', 'owner', { sync: { ...sync, asOf: null } })]
      expect(await reasons(deps({ calendars }), addBlock({ avoidMeetings: true }))).toEqual(['overlap'])
    })
  })
})

describe('the key of a block', () => {
  const purpose = {
    tenant: 'here',
    account: ana('account1'),
    calendarId: 'ana',
    purpose: 'focus',
    slot: { startAt: monday, endAt: monday + hour },
    round: 0,
  }

  it('is the same on every machine, fit for an event id of Google, and known as ours', async () => {
    const key = await blockKey(purpose)
    expect(key).toBe('minute1o3afsn8sa412vm01crbr9h0m6bs8h4rj')
    expect(key).toMatch(/^[0-9a-v]{26,1024}$/)
    expect(isBlockKey(key)).toBe(true)
    expect(blockKeyOfUid(`${key}@google.com`)).toBe(key)
  })

  it('outlives a new connection of the same account', async () => {
    expect(await blockKey({ ...purpose, account: ana('account2') })).toBe(await blockKey(purpose))
  })

  it('is another one for another tenant, account, calendar, purpose, slot or round', async () => {
    const keys = await Promise.all(
      [
        purpose,
        { ...purpose, tenant: 'there' },
        { ...purpose, account: { ...purpose.account, subject: 'ben@lantern.example' } },
        { ...purpose, account: { ...purpose.account, provider: 'microsoft' as const } },
        { ...purpose, calendarId: 'team' },
        { ...purpose, purpose: 'hold' },
        { ...purpose, slot: { ...purpose.slot, endAt: monday + 2 * hour } },
        { ...purpose, round: 1 },
      ].map(blockKey),
    )
    expect(new Set(keys).size).toBe(keys.length)
  })

  function ana(id: string) {
    return accountNamed('ana@lantern.example', 'write-back', { id })
  }
})

describe('a block of ours in what is read', () => {
  it.each([
    ['the UID Google makes of its id', { uid: 'minute1fiv6rcc6m9tpefuk75bocggfbhoqqdhp@google.com' }, true],
    ['its category', { uid: '040000008200E00074C5B7101A82E008', categories: ['Minutewise'] }, true],
    ['nothing of that', { uid: 'minute1@google.com', categories: ['minutes'] }, false],
  ])('is known by %s', (_, change, own) => {
    expect(isOwnBlock(event(change))).toBe(own)
  })
})

function event(
  change: Partial<CalendarEvent>,
  { startAt, endAt }: { readonly startAt: number; readonly endAt: number } = { startAt: monday, endAt: monday + hour },
): CalendarEvent {
  const writer = memoryWriter()
  writer.calendar('any').add({ startAt, endAt, id: 'uid' })
  return { ...writer.eventsOf('any')[0]!, ...change }
}

function item(id: string, ...events: readonly CalendarEvent[]): CalendarItem {
  return { id, etag: '1', seriesItemId: null, content: { kind: 'events', events } }
}

function series(id: string, master: CalendarEvent): CalendarItem {
  return { id, etag: '1', seriesItemId: null, content: { kind: 'series', event: master } }
}

function occurrence(
  id: string,
  seriesItemId: string,
  times: { readonly startAt: number; readonly endAt: number },
): CalendarItem {
  return { id, etag: '1', seriesItemId, content: { kind: 'occurrence', ...times } }
}
