import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { dayMs, hourMs } from '../../src/domain/time/types.ts'
import type { AccountId } from '../../src/store/accounts.ts'
import type { EventKey } from '../fakes/graph/stored-event.ts'
import type { GraphPattern } from '../fakes/graph/vendor-types.ts'
import { addGraphUser, ana, ben, type LiveWorld, liveWorld, nameOf, worldNow } from './live-world.ts'

let world: LiveWorld
beforeEach(async () => {
  world = await liveWorld()
})
afterEach(() => world.close())

const guest = (address: string) => ({
  type: 'required' as const,
  status: { response: 'accepted' as const, time: '0001-01-01T00:00:00Z' },
  emailAddress: { address, name: nameOf(address) },
})
const tuesdays: GraphPattern = { type: 'weekly', daysOfWeek: ['tuesday'] }
/** Ten Tuesdays from 3 February on, ten o'clock in Warsaw. */
const addSeries = (of = ana, subject = 'Lamp review'): EventKey =>
  world.graph.mailbox(of).createSeries({
    subject,
    start: '2026-02-03T10:00',
    end: '2026-02-03T11:00',
    zone: 'Central European Standard Time',
    pattern: tuesdays,
    range: { type: 'numbered', numberOfOccurrences: 10 },
    attendees: [guest(ana), guest(ben)],
  })
const titles = async (account: AccountId) => (await world.shown(account)).map(each => each.slice(17))

describe('10: an occurrence that comes without anything but its time', () => {
  test.each([
    ['before its series', 'after-stubs', false],
    ['a page before its series', 'next-page', false],
    ['a round before its series', 'next-round', false],
    ['far from its series, cut by every page', 'next-page', true],
  ] as const)('10: is what its series is when it comes %s', async (_, master, isSplitOverPages) => {
    Object.assign(world.graph.switches, { master, isSplitOverPages })
    const account = await world.addMicrosoft(ana, {}, { pageSize: 3 })
    addSeries()
    await world.sync()
    if (master === 'next-round') await world.sync()
    expect(await titles(account)).toEqual(Array(10).fill('Lamp review'))
    const { series } = await world.audit({ me: ana })
    expect(series).toMatchObject([{ title: 'Lamp review', form: 'one-on-one' }])
    expect(series[0]?.people.headcount).toEqual({ low: 2, expected: 2, high: 2 })
    expect(series[0]?.occurrences).toHaveLength(10)
  })

  test('10: waits, and is said to wait, while its series cannot be found, and is asked for again', async () => {
    world.graph.switches.master = 'next-round'
    const account = await world.addMicrosoft()
    const key = addSeries()
    world.graph.mailbox(ana).create({ subject: 'Talk', start: worldNow, end: worldNow + hourMs })
    world.graph.hideOnce(world.graph.mailbox(ana).idOf(key), 1)
    await world.sync()
    // no "Untitled", and nothing lost: the talk alone
    expect(await titles(account)).toEqual(['Talk'])
    expect((await world.audit({ me: ana })).sources[0]?.leftOut).toMatchObject([{ code: 'series-pending', count: 10 }])
    // the next round says nothing at all: whoever waits for the series to be delivered waits for ever
    const { link } = JSON.parse((await world.state(account)).cursor!)
    const nothing = { value: [], '@odata.deltaLink': link }
    world.graph.faults.add({ match: 'calendarView/delta', action: { kind: 'status', status: 200, body: nothing } })
    await world.sync()
    expect(await titles(account)).toEqual([...Array(10).fill('Lamp review')].toSpliced(4, 0, 'Talk'))
    expect((await world.audit({ me: ana })).sources[0]?.leftOut).toEqual([])
  })

  test('10: of a shared calendar finds its series on that calendar', async () => {
    addGraphUser(world.graph, ben)
    const permissions = ['Calendars.Read', 'Calendars.Read.Shared', 'MailboxSettings.Read']
    const account = await world.addMicrosoft(ana, {}, { permissions })
    const shared = world.graph.mailbox(ben).shareWith(world.graph.mailbox(ana))
    addSeries(ben, 'Ben’s review')
    world.graph.switches.master = 'next-round'
    await world.sync()
    await world.mirror.selectCalendar({ accountId: account, calendarId: shared }, true)
    await world.sync()
    expect((await world.shown(account, shared)).map(each => each.slice(17))).toEqual(Array(10).fill('Ben’s review'))
    expect((await world.state(account, shared)).status).toBe('current')
  })
})

test('11: an occurrence that was taken out, which nobody reports, is gone, and the changed one that is left is the same', async () => {
  const account = await world.addMicrosoft()
  const mailbox = world.graph.mailbox(ana)
  const key = addSeries()
  mailbox.moveOccurrence(key, '2026-03-03', { start: '2026-03-04T14:00', end: '2026-03-04T15:00' })
  const moved = mailbox.idOf(key, '2026-03-03')
  await world.sync()
  expect(await titles(account)).toHaveLength(10)
  const note = {
    accountId: account,
    calendarId: mailbox.calendarId,
    id: 'note0000000000000000000001',
    action: 'set-agenda',
    detail: '{"text":"What do we decide?"}',
    state: 'confirmed',
    itemId: moved,
    sentence: null,
    createdAt: worldNow,
    updatedAt: worldNow,
  } as const
  await world.mirror.saveWrite(note)

  mailbox.deleteOccurrence(key, '2026-02-17')
  const run = await world.sync()
  expect(run.calendars[0]?.outcome).toMatchObject({ result: 'done', removed: 1, forced: false })
  const shown = await world.shown(account)
  expect(shown).toHaveLength(9)
  expect(shown.join('\n')).not.toContain('2026-02-17')
  expect(shown).toContain('2026-03-04T13:00 Lamp review')
  expect(await world.mirror.listWrites()).toEqual([note])
  expect((await world.kept(account)).map(({ id }) => id)).toContain(moved)
  expect((await world.audit({ me: ana })).series[0]?.occurrences).toHaveLength(9)
})

describe('12: what happens outside the window', () => {
  const far = worldNow + 190 * dayMs

  test('12: cancels nothing inside it, and comes in when the window has moved there', async () => {
    const account = await world.addMicrosoft()
    const mailbox = world.graph.mailbox(ana)
    mailbox.create({ subject: 'Talk', start: worldNow, end: worldNow + hourMs })
    await world.sync()
    mailbox.create({ subject: 'Next autumn', start: far, end: far + hourMs })
    const run = await world.sync()
    expect(run.calendars[0]?.outcome).toMatchObject({ written: 0, removed: 0 })
    expect(await titles(account)).toEqual(['Talk'])
    const { occurrences, removed } = await world.read()
    expect([occurrences.map(({ rule }) => rule), removed]).toEqual([['alone'], []])

    for (let day = 0; day < 30; day++) {
      world.clock.advance(dayMs)
      await world.sync({ askedFor: false })
    }
    const titlesKept = (await world.kept(account)).map(
      ({ content }) => content.kind === 'events' && content.events[0]?.title,
    )
    expect(titlesKept.toSorted()).toEqual(['Next autumn', 'Talk'])
    // the first round and one or two with a newer window: every calendar has its own fortnight
    const fullRounds = world.asked.graph.filter(each => each.includes('startDateTime')).length
    expect([2, 3]).toContain(fullRounds)
  })

  test('12: an event that moves out of the window is gone from it, and is no cancellation', async () => {
    const account = await world.addMicrosoft()
    const mailbox = world.graph.mailbox(ana)
    const key = mailbox.create({ subject: 'Offsite', start: worldNow, end: worldNow + hourMs })
    const series = addSeries()
    await world.sync()
    mailbox.patch(key, { start: far, end: far + hourMs })
    mailbox.moveOccurrence(series, '2026-04-07', { start: far, end: far + hourMs })
    await world.sync()
    expect(await titles(account)).toEqual(Array(9).fill('Lamp review'))
    const { occurrences, removed } = await world.read()
    expect(occurrences.some(({ rule }) => rule === 'cancelled' || rule === 'cancelled-by-title')).toBe(false)
    expect(removed).toEqual([])
  })
})
