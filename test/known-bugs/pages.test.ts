import { afterEach, describe, expect, test } from 'vitest'
import { dayMs, hourMs } from '../../src/domain/time/types.ts'
import { ana, anHour, type LiveWorld, liveWorld, worldNow } from './live-world.ts'

let world: LiveWorld
afterEach(() => world.close())

const talkAt = (n: number) => worldNow + (n - 20) * dayMs

async function talksAtGoogle(talks: number, pageSize: number, settings: object = {}) {
  world = await liveWorld()
  const account = await world.addGoogle()
  Object.assign(world.google.settings, { pageSize, ...settings })
  const { calendar } = world.google.user(ana)
  for (let n = 0; n < talks; n++) calendar.insert(anHour(`Talk ${n}`, new Date(talkAt(n)).toISOString()))
  const truth = () => calendar.truth().map(({ id }) => id)
  return { account, truth, asked: world.asked.google, page: /\/events\?/ }
}

async function talksAtMicrosoft(talks: number, pageSize: number) {
  world = await liveWorld()
  const account = await world.addMicrosoft(ana, {}, { pageSize })
  const mailbox = world.graph.mailbox(ana)
  for (let n = 0; n < talks; n++) {
    mailbox.create({ subject: `Talk ${n}`, start: talkAt(n), end: talkAt(n) + hourMs })
  }
  const truth = () =>
    mailbox
      .truth({ startAt: 0, endAt: worldNow + 180 * dayMs })
      .map(({ id }) => id)
      .toSorted()
  return { account, truth, asked: world.asked.graph, page: /calendarView\/delta/ }
}

describe('5: every page is asked for', () => {
  test.each([
    ['Google: none', () => talksAtGoogle(0, 5), 1],
    ['Google: one', () => talksAtGoogle(5, 5), 1],
    ['Google: two', () => talksAtGoogle(6, 5), 2],
    ['Google: many', () => talksAtGoogle(43, 5), 9],
    ['Google: empty ones in the middle', () => talksAtGoogle(12, 5, { emptyPages: 2 }), 9],
    ['Google: an empty one at the end', () => talksAtGoogle(12, 5, { emptyLastPage: true }), 4],
    ['Microsoft: none', () => talksAtMicrosoft(0, 5), 1],
    ['Microsoft: one', () => talksAtMicrosoft(5, 5), 1],
    ['Microsoft: more than its first ten', () => talksAtMicrosoft(43, 10), 5],
  ])('5: %s', async (_, begin, pages) => {
    const { account, truth, asked, page } = await begin()
    await world.sync()
    expect((await world.kept(account)).map(({ id }) => id)).toEqual(truth())
    expect(asked.filter(each => page.test(each))).toHaveLength(pages)
    expect((await world.state(account)).generation).toBe(1)
  })

  test.each([
    ['Google', () => talksAtGoogle(23, 4, { emptyPages: 1 })],
    ['Microsoft', () => talksAtMicrosoft(23, 4)],
  ])(
    '5: a death between two pages at %s loses nothing, doubles nothing and asks for no page twice',
    async (_, begin) => {
      const { account, truth, asked, page } = await begin()
      // a tick that dies leaves what its last step wrote, as one that is over does
      for (let tick = 0; tick < 40; tick++) {
        await world.sync({ requests: 3 })
        // called complete with its last page and not before: what is kept then is looked at below
        if ((await world.state(account)).generation > 0) break
      }
      expect((await world.kept(account)).map(({ id }) => id)).toEqual(truth())
      const pages = asked.filter(each => page.test(each))
      expect(new Set(pages).size).toBe(pages.length)
    },
  )

  test('5: a link that leads back to itself ends as a failure with a sentence, after a few requests', async () => {
    const { account, asked, page } = await talksAtGoogle(3, 5)
    await world.sync()
    const same = { kind: 'calendar#events', etag: '"1"', items: [], nextPageToken: 'round-and-round' }
    world.google.faults.add({ match: page, times: 1e9, action: { kind: 'status', status: 200, body: same } })
    const before = asked.length
    const run = await world.sync()
    expect(asked.length - before).toBeLessThan(10)
    expect(run.calendars[0]?.outcome.result).toBe('failed')
    expect((await world.state(account)).sentence).toMatch(/page/)
    expect(await world.kept(account)).toHaveLength(3)

    const graph = await world.addMicrosoft(ana)
    world.graph.mailbox(ana).create({ subject: 'Talk', start: talkAt(1), end: talkAt(2) })
    world.graph.faults.add({
      match: /calendarView\/delta/,
      times: 1e9,
      action: {
        kind: 'status',
        status: 200,
        body: { value: [], '@odata.nextLink': `http://graph.test/v1.0/me/calendarView/delta?$skiptoken=again` },
      },
    })
    const graphBefore = world.asked.graph.length
    await world.sync({ only: [graph] })
    expect(world.asked.graph.length - graphBefore).toBeLessThan(10)
    expect((await world.state(graph)).sentence).toMatch(/page|link/)
  })

  test('5: more pages than a round may have are a failure with a sentence, and no quiet end', async () => {
    world = await liveWorld()
    const account = await world.addGoogle(ana, { settings: { 'most-pages': '3' } })
    world.google.settings.pageSize = 2
    for (let n = 0; n < 9; n++) world.google.user(ana).calendar.insert(anHour(`Talk ${n}`, '2026-03-03T09:00Z'))
    const run = await world.sync()
    expect(run.calendars[0]?.outcome.result).toBe('failed')
    expect(await world.state(account)).toMatchObject({ generation: 0, sentence: expect.stringMatching(/pages/) })
  })
})

describe('6: a first sync is bounded', () => {
  test('6: sixty endless series of eight years are sixty items, in few requests', async () => {
    world = await liveWorld()
    const account = await world.addGoogle()
    const { calendar } = world.google.user(ana)
    for (let n = 0; n < 60; n++) {
      calendar.insert({
        ...anHour(`Habit ${n}`, `2018-03-0${1 + (n % 9)}T09:00Z`),
        recurrence: [n % 2 === 0 ? 'RRULE:FREQ=DAILY' : 'RRULE:FREQ=WEEKLY'],
      })
    }
    await world.sync()
    expect(world.asked.google.length).toBeLessThanOrEqual(5)
    expect(await world.kept(account)).toHaveLength(60)
    // and the audit has them, eight years after their start: 30 daily and 30 weekly ones in a week
    const { occurrences } = await world.read({ fromWall: Date.parse('2026-02-02'), toWall: Date.parse('2026-02-09') })
    expect(occurrences).toHaveLength(30 * 7 + 30)
  })

  test('6: where the provider expands series, the window ends the expansion', async () => {
    world = await liveWorld()
    const account = await world.addMicrosoft()
    const mailbox = world.graph.mailbox(ana)
    for (let n = 0; n < 10; n++) {
      mailbox.createSeries({
        subject: `Habit ${n}`,
        start: '2018-03-05T09:00',
        end: '2018-03-05T10:00',
        pattern: { type: 'weekly', daysOfWeek: ['monday'] },
      })
    }
    await world.sync()
    const { windowStartAt, windowEndAt } = await world.state(account)
    const weeks = (windowEndAt! - windowStartAt!) / (7 * dayMs)
    const kept = await world.kept(account)
    expect(kept.length).toBeLessThanOrEqual(10 * (Math.ceil(weeks) + 1))
    expect(kept.length).toBeGreaterThan(10 * Math.floor(weeks))
  })

  test('6: a dense calendar comes in over many ticks, with progress that only grows', async () => {
    world = await liveWorld()
    const account = await world.addGoogle()
    world.google.settings.pageSize = 250
    const { calendar } = world.google.user(ana)
    for (let n = 0; n < 3000; n++) {
      calendar.insert(anHour(`Talk ${n}`, new Date(worldNow + (n - 1500) * 2 * hourMs).toISOString()))
    }
    const counts: number[] = []
    const told: number[] = []
    for (let tick = 0; tick < 20; tick++) {
      await world.sync({ requests: 3, progress: ({ items }) => told.push(items) })
      counts.push((await world.kept(account)).length)
      if ((await world.state(account)).generation > 0) break
    }
    expect(counts.at(-1)).toBe(3000)
    expect(counts.length).toBeGreaterThan(3)
    expect(counts.every((count, n) => n === 0 || count > counts[n - 1]!)).toBe(true)
    expect(told).toHaveLength(12)
    expect(world.asked.google.length).toBeLessThan(12 + 2 * counts.length + 2)
  })
})
