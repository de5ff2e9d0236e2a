import { beforeAll, describe, expect, it } from 'vitest'
import { contoso, march, standup, windowQuery } from './testbed.ts'
import { graphSchemas } from './vendor-types.ts'

// made on first use, from ten megabytes of types
beforeAll(async () => {
  await graphSchemas()
}, 120_000)

const first = `/me/calendarView/delta?${windowQuery}`

describe('a first round', () => {
  it('names single events before series, a series by its master and stubs without a title', async () => {
    const { ana, round } = contoso()
    const series = ana.createSeries(standup)
    ana.create({ subject: 'Lunch', start: '2026-03-03T12:00', end: '2026-03-03T13:00' })
    const { items } = await round(first)
    expect(items.map(item => item.type)).toEqual(['singleInstance', 'seriesMaster', ...Array(5).fill('occurrence')])
    expect(items[1].subject).toBe('Standup')
    expect(items[2]).toEqual({
      '@odata.type': '#microsoft.graph.event',
      id: ana.idOf(series, '2026-03-02'),
      type: 'occurrence',
      seriesMasterId: ana.idOf(series),
      start: { dateTime: '2026-03-02T08:00:00.0000000', timeZone: 'UTC' },
      end: { dateTime: '2026-03-02T08:15:00.0000000', timeZone: 'UTC' },
    })
    // the clocks of Madrid change on 29 March
    expect(items.at(-1).start.dateTime).toBe('2026-03-30T07:00:00.0000000')
  })

  it('shows an exception in full and keeps the whole series on one page', async () => {
    const { ana, round } = contoso()
    const series = ana.createSeries(standup)
    ana.moveOccurrence(series, '2026-03-09', { start: '2026-03-10T10:00', end: '2026-03-10T10:15' })
    const { pages, items } = await round(first, { prefer: 'odata.maxpagesize=2, IdType="ImmutableId"' })
    expect(pages.length).toBe(1)
    expect(items.find(item => item.type === 'exception')).toMatchObject({
      subject: 'Standup',
      originalStart: '2026-03-09T08:00:00Z',
    })
  })

  it('brings ten items to a page when nobody asked for more', async () => {
    const { ana, round } = contoso()
    for (let day = 1; day <= 12; day++) {
      ana.create({
        start: `2026-03-${String(day).padStart(2, '0')}T12:00`,
        end: `2026-03-${String(day).padStart(2, '0')}T13:00`,
      })
    }
    const { pages } = await round(first, { prefer: 'IdType="ImmutableId"' })
    expect(pages.map(({ body }) => body.value.length)).toEqual([10, 2])
  })

  it('keeps to its pages while others write, and tells the rest in the next round', async () => {
    const { ana, ask, round } = contoso()
    const [one, two] = ['2026-03-02', '2026-03-03'].map(day =>
      ana.create({ start: `${day}T12:00`, end: `${day}T13:00` }),
    )
    const prefer = { prefer: 'odata.maxpagesize=1, IdType="ImmutableId"' }
    const page = await ask(first, { headers: prefer })
    ana.delete(two!)
    const rest = await round(page.body['@odata.nextLink'], prefer)
    expect(page.body.value[0].id).toBe(ana.idOf(one!))
    expect(rest.items.length).toBe(1)
    expect(rest.items[0]['@removed']).toBeUndefined()
    const changes = await round(rest.deltaLink)
    expect(changes.items).toEqual([
      { '@odata.type': '#microsoft.graph.event', id: rest.items[0].id, '@removed': { reason: 'deleted' } },
    ])
  })
})

describe('a round of changes', () => {
  it('is empty when nothing happened', async () => {
    const { ana, round } = contoso()
    ana.createSeries(standup)
    const { deltaLink } = await round(first)
    expect((await round(deltaLink)).items).toEqual([])
  })

  it('delivers the whole series again when one occurrence was deleted, and removes nothing', async () => {
    const { ana, round } = contoso()
    const series = ana.createSeries(standup)
    const { deltaLink } = await round(first)
    ana.deleteOccurrence(series, '2026-03-09')
    const { items } = await round(deltaLink)
    expect(items.map(item => item.type)).toEqual(['seriesMaster', ...Array(4).fill('occurrence')])
    expect(items.some(item => item['@removed'])).toBe(false)
    expect(ana.truth(march).map(({ originalOn }) => originalOn)).toEqual([
      '2026-03-02',
      '2026-03-16',
      '2026-03-23',
      '2026-03-30',
    ])
  })

  it('says "deleted" of what was created outside the window and of what left it', async () => {
    const { ana, round } = contoso()
    const leaving = ana.create({ start: '2026-03-02T09:00', end: '2026-03-02T10:00' })
    const { deltaLink } = await round(first)
    const outside = ana.create({ start: '2026-07-02T09:00', end: '2026-07-02T10:00' })
    ana.patch(leaving, { start: '2026-06-02T09:00', end: '2026-06-02T10:00' })
    const { items } = await round(deltaLink)
    expect(items.map(item => [item.id, item['@removed'].reason])).toEqual([
      [ana.idOf(outside), 'deleted'],
      [ana.idOf(leaving), 'deleted'],
    ])
  })

  it('names a deleted series by its master alone, or its occurrences too where that is the habit', async () => {
    const { fake, ana, round } = contoso()
    const series = ana.createSeries(standup)
    const { deltaLink } = await round(first)
    ana.delete(series)
    expect((await round(deltaLink)).items.length).toBe(1)
    fake.switches.removesOccurrences = true
    expect((await round(deltaLink)).items.length).toBe(6)
  })

  it('keeps its window whatever a later request asks for', async () => {
    const { ana, round } = contoso()
    const { deltaLink } = await round(first)
    ana.create({ start: '2026-07-02T09:00', end: '2026-07-02T10:00' })
    const link = `${deltaLink}&startDateTime=2026-07-01T00:00:00Z&endDateTime=2026-08-01T00:00:00Z`
    expect((await round(link)).items[0]['@removed']).toEqual({ reason: 'deleted' })
  })
})

describe('what the service does now and then', () => {
  it('a duplicate comes as it was before and last as it is', async () => {
    const { fake, ana, round } = contoso()
    const key = ana.create({ subject: 'Old', start: '2026-03-02T09:00', end: '2026-03-02T10:00' })
    const { deltaLink } = await round(first)
    ana.patch(key, { subject: 'New' })
    fake.switches.duplicates = true
    expect((await round(deltaLink)).items.map(item => item.subject)).toEqual(['Old', 'New', 'New'])
  })

  it('a replay brings the changes of the round before once more, newest last', async () => {
    const { fake, ana, round } = contoso()
    const key = ana.create({ subject: 'Old', start: '2026-03-02T09:00', end: '2026-03-02T10:00' })
    const start = await round(first)
    ana.patch(key, { subject: 'New' })
    const changes = await round(start.deltaLink)
    fake.switches.replays = true
    expect((await round(changes.deltaLink)).items.map(item => item.subject)).toEqual(['Old', 'New'])
  })

  it('the master comes after its stubs, on a later page or in the next round', async () => {
    const { fake, ana, round } = contoso()
    ana.createSeries(standup)
    fake.switches.master = 'after-stubs'
    expect((await round(first)).items.at(-1).type).toBe('seriesMaster')
    fake.switches.master = 'next-page'
    const { pages } = await round(first)
    expect(pages.map(({ body }) => body.value.map((item: { type: string }) => item.type))).toEqual([
      Array(5).fill('occurrence'),
      ['seriesMaster'],
    ])
    fake.switches.master = 'next-round'
    const orphans = await round(first)
    expect(orphans.items.map(item => item.type)).toEqual(Array(5).fill('occurrence'))
    expect((await round(orphans.deltaLink)).items[0].type).toBe('seriesMaster')
  })

  it('a series is cut in two by a full page', async () => {
    const { fake, ana, round } = contoso()
    ana.createSeries(standup)
    fake.switches.isSplitOverPages = true
    const { pages } = await round(first, { prefer: 'odata.maxpagesize=4, IdType="ImmutableId"' })
    expect(pages.map(({ body }) => body.value.length)).toEqual([4, 2])
  })

  it('a replica that lags shows a change later, and not twice', async () => {
    const { fake, clock, ana, round } = contoso()
    const { deltaLink } = await round(first)
    fake.switches.lagMs = 60_000
    clock.advance(1_000)
    ana.create({ start: '2026-03-02T09:00', end: '2026-03-02T10:00' })
    const behind = await round(deltaLink)
    expect(behind.items).toEqual([])
    clock.advance(60_000)
    const caughtUp = await round(behind.deltaLink)
    expect(caughtUp.items.length).toBe(1)
    expect((await round(caughtUp.deltaLink)).items).toEqual([])
  })

  it('one 404 for a master, and then it is there', async () => {
    const { fake, ana, ask, round } = contoso()
    const id = ana.idOf(ana.createSeries(standup))
    await round(first)
    fake.hideOnce(id)
    expect((await ask(`/me/events/${id}`)).status).toBe(404)
    expect((await ask(`/me/events/${id}`)).body.type).toBe('seriesMaster')
  })
})

describe('an expired token', () => {
  it('is 410 with a Location that begins a fresh round in the same window', async () => {
    const { fake, ana, ask, round } = contoso()
    ana.createSeries(standup)
    const { deltaLink } = await round(first)
    fake.expireTokens()
    const gone = await ask(deltaLink)
    expect(gone.status).toBe(410)
    expect(gone.headers.get('location')).toMatch(/\$deltatoken=$/)
    expect((await round(gone.headers.get('location')!)).items.length).toBe(6)
  })

  it.each([
    ['syncStateNotFound', 400],
    ['SyncStateInvalid', 400],
    ['resyncRequired', 410],
  ] as const)('is also refused with %s', async (code, status) => {
    const { fake, ask, round } = contoso()
    const { deltaLink } = await round(first)
    fake.switches.expiry = code
    fake.expireTokens()
    const answer = await ask(deltaLink)
    expect([answer.status, answer.body.error.code]).toEqual([status, code])
  })
})

describe('what delta refuses', () => {
  it.each(['$select=subject', '$expand=instances', '$filter=x', '$orderby=start/dateTime', '$search=x', '$top=5'])(
    '%s',
    async option => {
      const { ask } = contoso()
      expect((await ask(`${first}&${option}`)).status).toBe(400)
    },
  )

  it('a first round without its window, or with one that ends before it begins', async () => {
    const { ask } = contoso()
    expect((await ask('/me/calendarView/delta')).status).toBe(400)
    expect((await ask('/me/calendarView/delta?startDateTime=2026-03-01T00:00:00Z')).status).toBe(400)
    const reversed = 'startDateTime=2026-03-02T00:00:00Z&endDateTime=2026-03-01T00:00:00Z'
    expect((await ask(`/me/calendarView/delta?${reversed}`)).status).toBe(400)
  })

  it('the token of another calendar', async () => {
    const { ana, ask, round } = contoso()
    const other = ana.addCalendar('Side')
    const { deltaLink } = await round(first)
    const token = new URL(deltaLink).search
    expect((await ask(`/me/calendars/${other}/calendarView/delta${token}`)).status).toBe(410)
  })
})
