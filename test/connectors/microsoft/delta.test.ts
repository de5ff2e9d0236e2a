import { afterEach, describe, expect, test, vi } from 'vitest'
import type { Change, PullStep } from '../../../src/connectors/connector.ts'
import { dayMs, hourMs } from '../../../src/domain/time/types.ts'
import { PortError } from '../../../src/port-error.ts'
import { Reading } from '../../contract/reading.ts'
import type { GraphPattern } from '../../fakes/graph/vendor-types.ts'
import { ana, ben, type GraphWorld, type GraphWorldOptions, graphWorld, plenty, startAt } from './graph-world.ts'

const window = { startAt: startAt - 60 * dayMs, endAt: startAt + 120 * dayMs }
const weekly: GraphPattern = { type: 'weekly', interval: 1, daysOfWeek: ['monday'] }
const dates = ['2026-03-09', '2026-03-16', '2026-03-23', '2026-03-30'] as const

let world: GraphWorld
afterEach(() => world.close())

async function begin(options: GraphWorldOptions = {}) {
  world = await graphWorld(options)
  const reading = new Reading(world.connection.connector, world.calendar, window, world.clock.now)
  const addSeries = (subject = 'Lamp review', more: object = {}) =>
    world.mailbox.createSeries({
      subject,
      start: '2026-03-09T09:00:00',
      end: '2026-03-09T09:30:00',
      zone: 'Central European Standard Time',
      pattern: weekly,
      range: { type: 'numbered', numberOfOccurrences: 4 },
      ...more,
    })
  const addLunch = (subject = 'Lunch', at = Date.parse('2026-03-03T11:00:00Z')) =>
    world.mailbox.create({ subject, start: at, end: at + hourMs })
  return { reading, addSeries, addLunch }
}

const titles = (reading: Reading) => reading.occurrences().map(({ title }) => title)
const starts = (reading: Reading) => reading.occurrences().map(({ start }) => start.slice(0, 16))
const changesOf = (steps: readonly PullStep[]): readonly Change[] => steps.flatMap(({ changes }) => changes)

/** What a reader holds is what the mailbox shows, item by item. */
function expectTruth(reading: Reading) {
  const held = [...reading.items.values()].flatMap(({ id, seriesItemId, content }) => {
    if (content.kind === 'series') return []
    if (content.kind === 'occurrence') return [{ id, seriesItemId, startAt: content.startAt, endAt: content.endAt }]
    const [event] = content.events
    const { zone, startWall, exactMs, nominalDays } = event!.time
    const start = zone.toInstant(startWall)
    return [{ id, seriesItemId, startAt: start, endAt: start + exactMs + nominalDays * dayMs }]
  })
  const truth = world.mailbox.truth(window, world.mailbox.calendarId)
  const byId = (a: { readonly id: string }, b: { readonly id: string }) => (a.id < b.id ? -1 : 1)
  expect(held.toSorted(byId)).toEqual(
    truth
      .map(item => ({ id: item.id, seriesItemId: item.seriesMasterId, startAt: item.startAt, endAt: item.endAt }))
      .toSorted(byId),
  )
}

describe('requests', () => {
  test('every request asks for UTC, text, a page size and immutable ids, and carries the token', async () => {
    const { reading, addSeries } = await begin({ pageSize: 3 })
    addSeries()
    await world.connection.connector.listCalendars(plenty())
    await reading.round()
    await reading.round()
    expect(world.served.journal.requests.length).toBe(4)
    for (const { headers } of world.served.journal.requests) {
      expect(headers.prefer).toBe(
        'outlook.timezone="UTC", outlook.body-content-type="text", odata.maxpagesize=3, IdType="ImmutableId"',
      )
      expect(headers.authorization).toMatch(/^Bearer \S+$/)
    }
  })

  test('links are followed to the letter', async () => {
    const { reading, addLunch } = await begin({ pageSize: 1 })
    addLunch('One')
    addLunch('Two')
    const first = await reading.step()
    const link: string = JSON.parse(first.cursor).link
    reading.apply(first)
    await reading.step()
    const { pathname, search } = new URL(link)
    expect(world.served.journal.requests.at(-1)?.path).toBe(`${pathname}${search}`)
  })

  test('the window is asked for once and baked into the links', async () => {
    const { reading } = await begin()
    await reading.round()
    await reading.round()
    const asked = world.served.journal.requests.map(({ path }) =>
      new URL(path, 'http://graph').searchParams.get('startDateTime'),
    )
    expect(asked.filter(text => text !== null)).toEqual([new Date(window.startAt).toISOString()])
  })

  test('an expired token is replaced once, and the request is made again', async () => {
    const { reading, addLunch } = await begin()
    addLunch()
    await reading.round()
    world.fake.signIn.expireAccessTokens()
    addLunch('Dinner')
    await reading.round()
    expect(titles(reading).toSorted()).toEqual(['Dinner', 'Lunch'])
    expect(world.tokens.refreshed).toBe(1)
  })

  test('a fresh token that is refused as well is denied, after two attempts', async () => {
    const { reading } = await begin()
    world.fake.faults.add({ times: 100, action: { kind: 'status', status: 401, body: {} } })
    await expect(reading.step()).rejects.toMatchObject({ code: 'denied' })
    expect(world.served.journal.requests).toHaveLength(2)
    expect(world.tokens.refreshed).toBe(1)
  })

  test('a mailbox that is throttled is left alone as long as it says', async () => {
    const { reading, addLunch } = await begin()
    addLunch()
    world.fake.faults.add({ action: { kind: 'status', status: 429, headers: { 'retry-after': '17' } } })
    await reading.round()
    expect(titles(reading)).toEqual(['Lunch'])
    expect(world.clock.now() - startAt).toBeGreaterThanOrEqual(17_000)
  })

  test('no more than four requests are under way in one mailbox', async () => {
    const { reading, addSeries } = await begin()
    const series = Array.from({ length: 12 }, (_, n) => addSeries(`Series ${n}`))
    await reading.round()
    const ids = series.map(key => world.mailbox.idOf(key))
    const request = { calendar: world.calendar, window, now: startAt, budget: plenty() }
    world.fake.hold()
    world.served.journal.clear()
    const fetched = Promise.all([
      world.connection.connector.fetchItems({ ...request, ids }),
      world.connection.connector.fetchItems({ ...request, ids }),
    ])
    await vi.waitFor(() => expect(world.served.journal.requests.length).toBeGreaterThanOrEqual(4), { timeout: 10_000 })
    // one more request than the mailbox takes would be here before the answer to this one
    await (await fetch(world.served.url)).text()
    expect(world.served.journal.requests).toHaveLength(5)
    world.fake.release()
    const [first, second] = await fetched
    expect(first.map(({ kind }) => kind)).toEqual(ids.map(() => 'item'))
    expect(second).toEqual(first)
    expect(world.fake.throttle.mostUnderWay).toBe(4)
    expect(world.served.journal.requests.filter(({ status }) => status === 429)).toEqual([])
  })

  test('a tick that ends in the middle of a round goes on in the next one', async () => {
    const { reading, addLunch } = await begin({ pageSize: 2 })
    for (let n = 0; n < 9; n++) addLunch(`Talk ${n}`, startAt + n * hourMs)
    for (let tick = 0; tick < 10; tick++) {
      try {
        await reading.round({ requests: 2, untilAt: Number.MAX_SAFE_INTEGER })
        break
      } catch (error) {
        expect(error).toMatchObject({ code: 'paused' })
      }
    }
    expect(titles(reading)).toHaveLength(9)
    expect(world.served.journal.requests).toHaveLength(5)
  })
})

describe('pages', () => {
  test.each([1, 2, 3, 50])('a calendar comes whole in pages of %d', async pageSize => {
    const { reading, addSeries, addLunch } = await begin({ pageSize })
    addLunch()
    addSeries()
    addLunch('Dinner', Date.parse('2026-03-04T18:00:00Z'))
    await reading.round()
    expect(titles(reading)).toEqual(['Lunch', 'Dinner', ...dates.map(() => 'Lamp review')])
    expectTruth(reading)
  })

  test('an empty page in the middle is no end', async () => {
    const { reading, addLunch } = await begin()
    addLunch()
    const next = `${world.served.url}v1.0/me/calendars/${world.calendar.id}/calendarView/delta?startDateTime=${new Date(window.startAt).toISOString()}&endDateTime=${new Date(window.endAt).toISOString()}`
    world.fake.faults.add({
      match: 'calendarView/delta',
      action: { kind: 'status', status: 200, body: { value: [], '@odata.nextLink': next } },
    })
    const steps = await reading.round()
    expect(steps.map(({ done }) => done)).toEqual([false, true])
    expect(titles(reading)).toEqual(['Lunch'])
  })

  test('pages that lead back to one another are an error, not for ever', async () => {
    const { reading } = await begin()
    const link = (n: number) => `${world.served.url}v1.0/me/calendars/x/calendarView/delta?$skiptoken=${n}`
    const page = (n: number) => ({ value: [], '@odata.nextLink': link(n) })
    for (let n = 0; n < 40; n++) {
      world.fake.faults.add({ match: 'calendarView/delta', action: { kind: 'status', status: 200, body: page(n % 7) } })
    }
    await expect(reading.round()).rejects.toMatchObject({ code: 'malformed' })
    expect(world.served.journal.requests.length).toBeLessThan(30)
  })

  test('a link that leads elsewhere is not followed, and no token goes there', async () => {
    const { reading } = await begin()
    for (const link of [
      'https://graph.evil.example/v1.0/me',
      'http://127.0.0.1:1/v1.0/x',
      'nonsense',
      `${world.served.url}elsewhere`,
    ]) {
      world.fake.faults.add({ action: { kind: 'status', status: 200, body: { value: [], '@odata.nextLink': link } } })
      await expect(reading.step(), link).rejects.toMatchObject({ code: 'malformed' })
    }
    expect(world.served.journal.requests).toHaveLength(4)
  })

  test('a page without any link is malformed', async () => {
    const { reading } = await begin()
    world.fake.faults.add({ action: { kind: 'status', status: 200, body: { value: [] } } })
    await expect(reading.step()).rejects.toMatchObject({ code: 'malformed' })
  })

  test('one entry that nobody can read costs itself, and is counted', async () => {
    const { reading } = await begin()
    const value = [
      { type: 'singleInstance', subject: 'no id' },
      { id: 'a', type: 'singleInstance', subject: 'no start' },
      {
        id: 'b',
        type: 'singleInstance',
        subject: 'Whole',
        start: { dateTime: '2026-03-03T08:00:00.0000000', timeZone: 'UTC' },
        end: { dateTime: '2026-03-03T09:00:00.0000000', timeZone: 'UTC' },
      },
    ]
    const link = `${world.served.url}v1.0/me/calendars/x/calendarView/delta?$deltatoken=1`
    world.fake.faults.add({ action: { kind: 'status', status: 200, body: { value, '@odata.deltaLink': link } } })
    const [step] = await reading.round()
    expect(titles(reading)).toEqual(['Whole'])
    expect(step?.leftOut).toMatchObject([
      { code: 'event-without-start', count: 2 },
      { code: 'event-without-uid', count: 1 },
    ])
  })
})

describe('series', () => {
  test.each(['first', 'after-stubs', 'next-page', 'next-round'] as const)(
    'occurrences are joined with their series wherever it comes: %s',
    async master => {
      const { reading, addSeries, addLunch } = await begin({ pageSize: 4 })
      world.fake.switches.master = master
      addLunch()
      addSeries()
      addSeries('Other series', { start: '2026-03-09T12:00:00', end: '2026-03-09T12:30:00' })
      await reading.round()
      expect(titles(reading).filter(title => title === 'Lamp review')).toHaveLength(4)
      expect(titles(reading).filter(title => title === 'Other series')).toHaveLength(4)
      expectTruth(reading)
    },
  )

  test('a series that cannot be found now is found later', async () => {
    const { reading, addSeries } = await begin()
    world.fake.switches.master = 'next-round'
    const key = addSeries()
    world.fake.hideOnce(world.mailbox.idOf(key))
    await reading.round()
    expect(titles(reading)).toEqual([])
    world.fake.switches.master = 'first'
    await reading.round()
    expect(titles(reading)).toHaveLength(4)
  })

  test('a series of a shared calendar is found by the calendar’s own path', async () => {
    const { reading } = await begin({
      permissions: ['Calendars.Read', 'Calendars.Read.Shared', 'MailboxSettings.Read'],
    })
    const bens = world.fake.mailbox(ben)
    const key = bens.createSeries({
      subject: 'Ben’s review',
      start: '2026-03-09T09:00:00',
      end: '2026-03-09T09:30:00',
      zone: 'Nepal Standard Time',
      pattern: weekly,
      range: { type: 'numbered', numberOfOccurrences: 2 },
    })
    const id = bens.shareWith(world.mailbox)
    world.fake.switches.master = 'next-round'
    const shared = new Reading(
      world.connection.connector,
      { id, ownerAddress: ben, zone: null },
      window,
      world.clock.now,
    )
    await shared.round()
    expect(titles(shared)).toEqual(['Ben’s review', 'Ben’s review'])
    expect(world.served.journal.count(`/calendars/${encodeURIComponent(id)}/events/`)).toBe(1)
    expect(key).toBeTruthy()
    expect(reading.items.size).toBe(0)
  })

  test('a deleted occurrence, which nobody announces, is gone, and a changed one that is left stays', async () => {
    const { reading, addSeries } = await begin({ pageSize: 2 })
    const key = addSeries()
    world.mailbox.patchOccurrence(key, dates[1], { subject: 'Lamp review, with guests' })
    await reading.round()
    const exception = world.mailbox.idOf(key, dates[1])
    const before = reading.items.get(exception)
    world.mailbox.deleteOccurrence(key, dates[2])
    const steps = await reading.round()
    expect(changesOf(steps).filter(({ kind }) => kind === 'removed')).toEqual([])
    expect(starts(reading)).toEqual(['2026-03-09T08:00', '2026-03-16T08:00', '2026-03-30T07:00'])
    expect(reading.items.get(exception)).toEqual(before)
    expectTruth(reading)
  })

  test('a moved occurrence stands in its series where it was', async () => {
    const { reading, addSeries } = await begin()
    const key = addSeries()
    world.mailbox.moveOccurrence(key, dates[3], {
      start: Date.parse('2026-04-01T14:00:00Z'),
      end: Date.parse('2026-04-01T14:30:00Z'),
    })
    await reading.round()
    const item = reading.items.get(world.mailbox.idOf(key, dates[3]))
    const [event] = item?.content.kind === 'events' ? item.content.events : []
    expect(event?.override?.originalStartAt).toBe(Date.parse('2026-03-30T07:00:00Z'))
    const master = reading.items.get(world.mailbox.idOf(key))
    expect(master?.content.kind === 'series' && master.content.event.uid).toBe(event?.uid)
    expectTruth(reading)
  })

  test('a series at 09:00 in Warsaw stays at 09:00 over the clock change', async () => {
    const { reading, addSeries } = await begin()
    addSeries()
    await reading.round()
    expect(starts(reading)).toEqual(['2026-03-09T08:00', '2026-03-16T08:00', '2026-03-23T08:00', '2026-03-30T07:00'])
    const master = [...reading.items.values()].find(({ content }) => content.kind === 'series')
    const event = master?.content.kind === 'series' ? master.content.event : null
    expect(event?.time.zone.name).toBe('Europe/Warsaw')
    expect(new Date(event?.time.startWall ?? 0).toISOString()).toBe('2026-03-09T09:00:00.000Z')
  })

  test('an all-day series is dates', async () => {
    const { reading, addSeries } = await begin()
    addSeries('Quarter days', { start: '2026-03-09', end: '2026-03-10' })
    await reading.round()
    expect(reading.occurrences()).toEqual(
      dates.map(on => ({
        title: 'Quarter days',
        start: `${on}T00:00:00.000Z`,
        end: new Date(Date.parse(on) + dayMs).toISOString(),
      })),
    )
  })

  test.each([false, true])(
    'a removed series takes its occurrences along, announced one by one: %s',
    async removesOccurrences => {
      const { reading, addSeries, addLunch } = await begin()
      world.fake.switches.removesOccurrences = removesOccurrences
      addLunch()
      const key = addSeries()
      world.mailbox.patchOccurrence(key, dates[0], { subject: 'First one' })
      await reading.round()
      world.mailbox.delete(key)
      await reading.round()
      expect([...reading.items.values()].map(({ content }) => content.kind)).toEqual(['events'])
    },
  )

  test('a series cut in two is two series and loses no date', async () => {
    const { reading, addSeries } = await begin()
    const key = addSeries()
    await reading.round()
    world.mailbox.split(key, dates[2], { subject: 'Lamp review, new room' })
    await reading.round()
    expect(titles(reading).slice(0, 3)).toEqual(['Lamp review', 'Lamp review', 'Lamp review, new room'])
    expectTruth(reading)
  })
})

describe('what delta says and means', () => {
  test('an event made far outside the window is no cancellation of anything', async () => {
    const { reading, addLunch } = await begin()
    addLunch()
    await reading.round()
    addLunch('Far away', startAt + 400 * dayMs)
    const steps = await reading.round()
    expect(changesOf(steps).map(({ kind }) => kind)).toEqual(['removed', 'series-replaced'])
    expect(titles(reading)).toEqual(['Lunch'])
  })

  test('an event that moves out of the window is gone, and comes back with a window that holds it', async () => {
    const { reading, addLunch } = await begin()
    const key = addLunch()
    await reading.round()
    const far = startAt + 300 * dayMs
    world.mailbox.patch(key, { start: far, end: far + hourMs })
    await reading.round()
    expect(reading.items.size).toBe(0)
    const later = { startAt: far - 10 * dayMs, endAt: far + 10 * dayMs }
    const rebased = new Reading(world.connection.connector, world.calendar, later, world.clock.now)
    await rebased.round()
    expect(titles(rebased)).toEqual(['Lunch'])
  })

  test('duplicates and replays change nothing: the last word counts', async () => {
    const { reading, addSeries, addLunch } = await begin({ pageSize: 3 })
    const lunch = addLunch()
    const key = addSeries()
    await reading.round()
    world.fake.switches.duplicates = true
    world.fake.switches.replays = true
    world.mailbox.patch(lunch, { subject: 'Lunch, later' })
    await reading.round()
    world.mailbox.patch(key, { subject: 'Lamp review, longer' })
    await reading.round()
    expect(new Set(titles(reading))).toEqual(new Set(['Lunch, later', 'Lamp review, longer']))
    expectTruth(reading)
  })

  test('a change that the service does not show yet arrives later, unasked', async () => {
    const { reading, addLunch } = await begin()
    world.fake.switches.lagMs = 60_000
    addLunch()
    await reading.round()
    expect(titles(reading)).toEqual([])
    world.clock.advance(120_000)
    await reading.round()
    expect(titles(reading)).toEqual(['Lunch'])
  })

  test.each(['gone', 'syncStateNotFound', 'SyncStateInvalid', 'resyncRequired'] as const)(
    'a forgotten token is said: %s',
    async expiry => {
      const { reading, addLunch } = await begin()
      addLunch()
      await reading.round()
      world.fake.switches.expiry = expiry
      world.fake.expireTokens()
      await expect(reading.step()).rejects.toMatchObject({ code: 'cursor-expired' })
      reading.cursor = null
      await reading.round()
      expect(titles(reading)).toEqual(['Lunch'])
    },
  )

  test('the beginning of a round is never forgotten: the service fails', async () => {
    const { reading } = await begin()
    const body = { error: { code: 'SyncStateNotFound', message: '' } }
    world.fake.faults.add({ action: { kind: 'status', status: 410, body } })
    await expect(reading.step()).rejects.toMatchObject({ code: 'failed' })
  })

  test('a cursor of a tier without agendas is expired for one with them', async () => {
    const { reading } = await begin({ tier: 'basic' })
    await reading.round()
    const { cursor } = reading
    await world.close()
    const richer = await begin({ tier: 'content' })
    richer.reading.cursor = cursor
    await expect(richer.reading.step()).rejects.toMatchObject({ code: 'cursor-expired' })
  })

  test('a cursor of another calendar is expired', async () => {
    const { reading } = await begin()
    await reading.round()
    const other = new Reading(
      world.connection.connector,
      { ...world.calendar, id: 'AQMkADother' },
      window,
      world.clock.now,
    )
    other.cursor = reading.cursor
    await expect(other.step()).rejects.toMatchObject({ code: 'cursor-expired' })
  })

  test('exceptions of which too little came are asked for, a few a step, and the round waits for them', async () => {
    const { reading, addSeries } = await begin()
    const keys = Array.from({ length: 25 }, (_, n) => addSeries(`Series ${n}`))
    for (const key of keys) world.mailbox.patchOccurrence(key, dates[1], { subject: 'Changed' })
    const sparse = keys.map(key => ({
      id: world.mailbox.idOf(key, dates[1]),
      type: 'exception',
      seriesMasterId: world.mailbox.idOf(key),
      start: { dateTime: '2026-03-16T08:00:00.0000000', timeZone: 'UTC' },
      end: { dateTime: '2026-03-16T08:30:00.0000000', timeZone: 'UTC' },
    }))
    // the ids count from when they were shown
    await reading.round()
    const { link } = JSON.parse(reading.cursor ?? '')
    reading.items.clear()
    reading.cursor = null
    world.fake.faults.add({
      match: 'calendarView/delta',
      action: { kind: 'status', status: 200, body: { value: sparse, '@odata.deltaLink': link } },
    })
    const steps = await reading.round()
    expect(steps.map(({ round, done, changes }) => [round, done, changes.length])).toEqual([
      ['full', false, 0],
      ['full', false, 20],
      ['full', true, 5],
    ])
    const changed = [...reading.items.values()].flatMap(({ content }) =>
      content.kind === 'events' ? content.events : [],
    )
    expect(changed.map(({ title, override }) => [title, override?.originalStartAt])).toEqual(
      keys.map(() => ['Changed', Date.parse('2026-03-16T08:00:00Z')]),
    )
    const [next] = await reading.round()
    expect(next?.round).toBe('changes')
  })
})

describe('calendars', () => {
  test('a person’s calendars: own ones with their zone, shared ones with what may be done', async () => {
    await begin()
    const side = world.mailbox.addCalendar('Side projects')
    const shared = world.fake.mailbox(ben).shareWith(world.mailbox, { canEdit: true })
    const listed = await world.connection.connector.listCalendars(plenty())
    expect(listed).toEqual([
      {
        id: world.mailbox.calendarId,
        name: 'Calendar',
        zone: 'Europe/Warsaw',
        ownerAddress: ana,
        isPrimary: true,
        access: 'owner',
      },
      { id: side, name: 'Side projects', zone: 'Europe/Warsaw', ownerAddress: ana, isPrimary: false, access: 'owner' },
      { id: shared, name: expect.any(String), zone: null, ownerAddress: ben, isPrimary: false, access: 'write' },
    ])
  })

  test('twenty-five calendars are all listed', async () => {
    await begin()
    for (let n = 0; n < 24; n++) world.mailbox.addCalendar(`Calendar ${n}`)
    expect(await world.connection.connector.listCalendars(plenty())).toHaveLength(25)
  })

  test('where mailbox settings are closed, calendars come without a zone', async () => {
    await begin({ permissions: ['Calendars.Read'] })
    const [listed] = await world.connection.connector.listCalendars(plenty())
    expect(listed?.zone).toBeNull()
  })

  test('an organisation has one calendar for each person, and says of those without a mailbox that there is none', async () => {
    await begin({ grant: 'organisation' })
    world.fake.addUser({ address: 'guest@elsewhere.example', mailbox: 'guest' })
    world.fake.addUser({ address: 'unlicensed@lantern.example', mailbox: 'none' })
    const listed = await world.connection.connector.listCalendars(plenty())
    expect(listed.map(({ ownerAddress, isPrimary, access }) => [ownerAddress, isPrimary, access])).toEqual([
      [ana, true, 'read'],
      [ben, true, 'read'],
      ['guest@elsewhere.example', true, 'read'],
      ['unlicensed@lantern.example', true, 'read'],
    ])
    for (const calendar of listed.slice(2)) {
      const pulled = new Reading(world.connection.connector, calendar, window, world.clock.now).step()
      await expect(pulled).rejects.toMatchObject({ code: 'no-mailbox' })
    }
  })

  test('an organisation’s calendar learns its zone with the first step of a round', async () => {
    await begin({ grant: 'organisation' })
    const calendar = { id: world.fake.mailbox(ben).userId, ownerAddress: ben, zone: null }
    const reading = new Reading(world.connection.connector, calendar, window, world.clock.now)
    const [step] = await reading.round()
    expect(step?.about).toEqual({ name: null, zone: 'Asia/Katmandu' })
    const [next] = await reading.round()
    expect(next?.about).toBeUndefined()
  })

  test('a person who left is not found', async () => {
    await begin({ grant: 'organisation' })
    const calendar = { id: world.fake.mailbox(ben).userId, ownerAddress: ben, zone: null }
    world.fake.removeUser(ben)
    const pulled = new Reading(world.connection.connector, calendar, window, world.clock.now).step()
    await expect(pulled).rejects.toMatchObject({ code: 'not-found' })
  })

  test('basic consents bring no agenda over the wire at all', async () => {
    const { reading, addLunch } = await begin({ tier: 'basic' })
    const key = addLunch()
    world.mailbox.patch(key, { bodyHtml: 'Agenda' })
    await reading.round()
    const [item] = reading.items.values()
    expect(item?.content.kind === 'events' && item.content.events[0]?.description).toBe('')
    expect(titles(reading)).toEqual(['Lunch'])
  })

  test('giving the consent back is the token source’s', async () => {
    await begin()
    await world.connection.revoke(plenty())
    expect(world.tokens.revoked).toBe(1)
  })

  test('a basic account has no writer, and a person’s no directory', async () => {
    await begin({ tier: 'basic' })
    expect(world.connection.writer).toBeNull()
    expect(world.connection.directory).toBeNull()
  })
})

describe('what real calendars hold', () => {
  test('each member of an organisation fails for themselves, the others are read', async () => {
    await begin({ grant: 'organisation' })
    const people = Array.from({ length: 12 }, (_, n) => `p${n}@lantern.example`)
    for (const [n, address] of people.entries()) {
      world.fake.addUser({ address, mailbox: n === 1 ? 'none' : n === 2 ? 'guest' : 'cloud' })
      if (n !== 1 && n !== 2)
        world.fake.mailbox(address).create({ subject: 'Talk', start: startAt, end: startAt + hourMs })
    }
    const listed = (await world.connection.connector.listCalendars(plenty())).slice(2)
    world.fake.removeUser(people[3]!)
    const closed = {
      kind: 'status',
      status: 403,
      body: { error: { code: 'ErrorAccessDenied', message: 'SECRET' } },
    } as const
    world.fake.faults.add({ match: `users/${listed[4]?.id}/`, times: 9, action: closed })
    const suspended = {
      kind: 'status',
      status: 404,
      body: { error: { code: 'ErrorNonExistentMailbox', message: 'SECRET' } },
    } as const
    world.fake.faults.add({ match: `users/${listed[5]?.id}/`, times: 9, action: suspended })
    const ends = await Promise.all(
      listed.map(async calendar => {
        const reading = new Reading(world.connection.connector, calendar, window, world.clock.now)
        try {
          await reading.round()
          return titles(reading).join()
        } catch (error) {
          expect(error).toMatchObject({ message: expect.not.stringMatching(/SECRET|@/) })
          return error instanceof PortError ? error.code : 'our own mistake'
        }
      }),
    )
    const read = Array.from({ length: 6 }, () => 'Talk')
    expect(ends).toEqual(['Talk', 'no-mailbox', 'no-mailbox', 'not-found', 'denied', 'no-mailbox', ...read])
  })

  test('zones of nobody, rooms typed as people, names of other servers and called-off dates, over the wire', async () => {
    const { reading, addSeries } = await begin()
    const x500 = '/o=ExchangeLabs/ou=Group/cn=Recipients/cn=abc-ana'
    const invited = (address: string, name: string) => ({
      type: 'required' as const,
      status: { response: 'none' as const },
      emailAddress: { address, name },
    })
    world.mailbox.create({
      subject: 'One to one',
      start: '2026-03-05T09:00:00',
      end: '2026-03-05T09:30:00',
      zone: 'tzone://Microsoft/Custom',
      zoneStandsFor: 'Asia/Tokyo',
      attendees: [invited(ben, 'Ben Ode'), invited(x500, 'Ana Ruiz'), invited('room4@lantern.example', 'Room 4')],
      locations: [{ displayName: 'Room 4', locationType: 'conferenceRoom', locationUri: 'room4@lantern.example' }],
    })
    const key = addSeries()
    world.mailbox.cancel(key, { on: dates[2], prefixes: 2 })
    const steps = await reading.round()
    expect(steps.flatMap(({ leftOut }) => leftOut).map(({ code, count }) => [code, count])).toEqual([
      ['zone-guessed', 1],
    ])
    const events = [...reading.items.values()].flatMap(({ content }) =>
      content.kind === 'events' ? content.events : [],
    )
    const oneToOne = events.find(({ title }) => title === 'One to one')
    expect(oneToOne?.time.zone.name).toBe('Europe/Warsaw')
    expect(oneToOne?.attendees.map(({ address, kind }) => [address, kind])).toEqual([
      [ben, 'person'],
      [x500, 'person'],
      ['room4@lantern.example', 'room'],
    ])
    expect(events.find(({ status }) => status === 'cancelled')?.override?.originalStartAt).toBe(
      Date.parse('2026-03-23T08:00:00Z'),
    )
    expectTruth(reading)
  })
})

describe('one meeting on calendars of two people', () => {
  test('the same UID on both, for the series, its occurrences and its exceptions', async () => {
    await begin({ grant: 'organisation' })
    for (const address of [ana, ben]) {
      const mailbox = world.fake.mailbox(address)
      const key = mailbox.createSeries({
        subject: 'Lamp review',
        uid: 'shared-meeting',
        start: '2026-03-09T09:00:00',
        end: '2026-03-09T09:30:00',
        zone: 'Central European Standard Time',
        pattern: weekly,
        range: { type: 'numbered', numberOfOccurrences: 3 },
      })
      if (address === ben) mailbox.patchOccurrence(key, dates[1], { subject: 'Ben’s own note' })
    }
    const uids = new Set<string>()
    const originals: number[] = []
    for (const address of [ana, ben]) {
      const calendar = { id: world.fake.mailbox(address).userId, ownerAddress: address, zone: null }
      const reading = new Reading(world.connection.connector, calendar, window, world.clock.now)
      await reading.round()
      for (const { content } of reading.items.values()) {
        const events = content.kind === 'events' ? content.events : content.kind === 'series' ? [content.event] : []
        for (const event of events) uids.add(event.uid)
        for (const event of events) if (event.override !== null) originals.push(event.override.originalStartAt)
      }
      expect(titles(reading)).toHaveLength(3)
      expect(titles(reading).includes('Ben’s own note')).toBe(address === ben)
    }
    expect(uids.size).toBe(1)
    expect(originals).toEqual([Date.parse('2026-03-16T08:00:00Z')])
  })
})
