import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Change, Connector, PullStep, TickBudget, Tier } from '../../../src/connectors/connector.ts'
import { dayMs, hourMs } from '../../../src/domain/time/types.ts'
import { Reading } from '../../contract/reading.ts'
import type { FakeCalendar } from '../../fakes/google/fake-calendar.ts'
import type { FaultAction } from '../../fakes/kit/faults.ts'
import { ana, at, type GoogleWorld, googleWorld, moment, plenty, refOf, rfc, window, worldNow } from './google-world.ts'

const ben = 'ben@lamps.example'
const lunchAt = at('2026-03-03T11:00Z')

let world: GoogleWorld
let calendar: FakeCalendar
beforeEach(async () => {
  world = await googleWorld()
  calendar = world.fake.user(ana).calendar
})
afterEach(() => world.close())

const meeting = (title: string, startAt = lunchAt) => ({
  summary: title,
  start: moment(startAt),
  end: moment(startAt + hourMs),
})
const weekly = (title: string, startAt = at('2026-03-16T09:00Z')) => ({
  ...meeting(title, startAt),
  recurrence: ['RRULE:FREQ=WEEKLY'],
})
const readingOf = (connector: Connector, id = ana) => new Reading(connector, refOf(id), window, world.clock.now)
const titles = (reading: Reading) => reading.occurrences().map(({ title }) => title)
const pull = (connector: Connector, cursor: string | null = null, budget: TickBudget = plenty(), id = ana) =>
  connector.pull({
    calendar: refOf(id),
    cursor,
    window,
    now: world.clock.now(),
    known: async () => new Map(),
    budget,
  })
const itemIds = ({ changes }: PullStep) => changes.flatMap(change => (change.kind === 'item' ? [change.item.id] : []))
const lists = () =>
  world.journal.requests
    .filter(({ method, path }) => method === 'GET' && path.includes('/events?'))
    .map(({ path }) => new URL(path, 'http://fake').searchParams)
const answered = (body: unknown, status = 200): FaultAction => ({ kind: 'status', status, body })
const refusal = (status: number, reason: string, more: object = {}) =>
  answered({ error: { code: status, errors: [{ reason, domain: 'global', ...more }] } }, status)

describe('what is asked of Google', () => {
  const bound = ['timeMin', 'timeMax', 'updatedMin', 'q', 'orderBy', 'iCalUID', 'privateExtendedProperty']

  it('a later question of a sync equals the first but for what Google forbids beside a sync token', async () => {
    world.fake.settings.pageSize = 3
    const reading = readingOf(world.connect().connector)
    for (let n = 0; n < 8; n++) calendar.insert(meeting(`Talk ${n}`, lunchAt + n * hourMs))
    await reading.round()
    for (let n = 0; n < 8; n++) calendar.insert(meeting(`More ${n}`, lunchAt + n * hourMs))
    await reading.round()

    const asked = lists()
    const increments = asked.filter(query => query.has('syncToken'))
    expect([asked.length, increments.length]).toEqual([6, 3])
    for (const query of increments) for (const name of bound) expect(query.has(name), name).toBe(false)
    for (const query of asked) {
      expect(query.get('showDeleted')).toBeNull()
      expect(query.get('singleEvents')).toBeNull()
    }
    const rest = asked.map(query => [query.get('maxResults'), query.get('fields')].join(' '))
    expect(new Set(rest).size).toBe(1)
  })

  it('a full round begins some weeks before the window, in UTC, and has no end', async () => {
    await pull(world.connect().connector)
    expect(lists()[0]?.get('timeMin')).toBe(rfc(window.startAt - 31 * dayMs))
    expect(lists()[0]?.get('timeMax')).toBeNull()
    expect(lists()[0]?.get('maxResults')).toBe('2500')
  })

  it.each([
    ['free-busy', ['description', 'attachments', 'summary', 'attendees', 'organizer', 'location', 'iCalUID']],
    ['basic', ['description', 'attachments']],
    ['content', []],
  ] as const)('at the tier %s no question names a field beyond it', async (tier, beyond) => {
    const { connector } = world.connect({ tier })
    const { id = '' } = calendar.insert(meeting('Lunch'))
    const { cursor } = await pull(connector)
    await pull(connector, cursor)
    await connector.fetchItems({ calendar: refOf(ana), ids: [id ?? ''], window, now: worldNow, budget: plenty() })
    const fields = world.journal.requests
      .filter(({ path }) => path.includes('/events'))
      .map(({ path }) => new URL(path, 'http://fake').searchParams.get('fields') ?? '*')
    expect(fields).toHaveLength(3)
    for (const each of fields) {
      expect(each).not.toBe('*')
      for (const name of beyond) expect(each.split(/[,()]/)).not.toContain(name)
    }
  })

  it('the window of a round is the one it began with', async () => {
    const { connector } = world.connect()
    calendar.insert(meeting('Lunch'))
    const { cursor } = await pull(connector)
    const old = calendar.insert(meeting('Long ago', window.startAt - 20 * dayMs))
    const wider = { startAt: window.startAt - 300 * dayMs, endAt: window.endAt }
    const step = await connector.pull({
      calendar: refOf(ana),
      cursor,
      window: wider,
      now: worldNow,
      known: async () => new Map(),
      budget: plenty(),
    })
    expect(step.changes).toEqual([{ kind: 'removed', itemId: old.id }])
  })
})

describe('pages', () => {
  it.each([
    ['one page', 2500, 0, false],
    ['two pages', 7, 0, false],
    ['many pages', 1, 0, false],
    ['empty pages between', 4, 2, false],
    ['an empty last page', 5, 0, true],
  ])('%s: everything arrives, once', async (_, pageSize, emptyPages, emptyLastPage) => {
    Object.assign(world.fake.settings, { pageSize, emptyPages, emptyLastPage })
    for (let n = 0; n < 12; n++) calendar.insert(meeting(`Talk ${n}`, lunchAt + n * hourMs))
    const steps = await readingOf(world.connect().connector).round()
    expect(steps.flatMap(itemIds).toSorted()).toEqual(calendar.truth().map(({ id }) => id))
    expect(steps.map(({ done }) => done).filter(Boolean)).toHaveLength(1)
  })

  it('a round that stops between pages goes on with another connection, whatever happened meanwhile', async () => {
    world.fake.settings.pageSize = 3
    for (let n = 0; n < 9; n++) calendar.insert(meeting(`Talk ${n}`, lunchAt + n * hourMs))
    const first = readingOf(world.connect().connector)
    const step = await first.step()
    const second = readingOf(world.connect().connector)
    for (const change of step.changes) if (change.kind === 'item') second.items.set(change.item.id, change.item)
    second.cursor = step.cursor

    calendar.delete(itemIds(step)[0] ?? '')
    calendar.patch(itemIds(step)[1] ?? '', { summary: 'Renamed meanwhile' })
    calendar.insert(meeting('New meanwhile', lunchAt + 20 * hourMs))
    // the rest of the full round names what is left of it, the round after it what happened meanwhile
    const rest = await collect(second)
    await second.round()
    expect(rest.every(({ round }) => round === 'full')).toBe(true)
    expect([...second.items.keys()].toSorted()).toEqual(calendar.truth().map(({ id }) => id))
    expect(titles(second)).toContain('Renamed meanwhile')
  })

  it('sixty endless series over eight years are two questions, whatever their length', async () => {
    for (let n = 0; n < 60; n++) calendar.insert(weekly(`Series ${n}`, at('2018-03-05T09:00Z') + n * hourMs))
    const steps = await readingOf(world.connect().connector).round()
    expect(steps.flatMap(itemIds)).toHaveLength(60)
    expect(lists().length).toBeLessThanOrEqual(2)
  })

  it.each([
    ['the page itself', ['A', 'A']],
    ['a page before it', ['A', 'B', 'A', 'B', 'A', 'B']],
    ['a page far back', Array.from({ length: 40 }, (_, n) => `P${n % 7}`)],
  ])('a list that leads back to %s is malformed, not endless', async (_, tokens) => {
    for (const nextPageToken of tokens) {
      world.fake.faults.add({
        match: '/events?',
        action: answered({ kind: 'calendar#events', items: [], nextPageToken }),
      })
    }
    const reading = readingOf(world.connect().connector)
    await expect(collect(reading)).rejects.toMatchObject({ code: 'malformed' })
    expect(lists().length).toBeLessThanOrEqual(tokens.length)
  })

  it('a list without an end is refused at a cap that can be set, and said', async () => {
    for (let n = 0; n < 20; n++) {
      const page = { kind: 'calendar#events', items: [], nextPageToken: `P${n}` }
      world.fake.faults.add({ match: '/events?', action: answered(page) })
    }
    const reading = readingOf(world.connect({ settings: { 'most-pages': '5' } }).connector)
    await expect(collect(reading)).rejects.toMatchObject({ code: 'rejected', message: expect.stringContaining('5') })
    expect(lists()).toHaveLength(5)
  })

  it.each([
    ['an empty object', {}],
    ['a list', []],
    ['items that are none', { kind: 'calendar#events', items: 'many' }],
  ])('an answer that is no page is malformed, never an empty calendar: %s', async (_, body) => {
    world.fake.faults.add({ match: '/events?', action: answered(body) })
    await expect(pull(world.connect().connector)).rejects.toMatchObject({ code: 'malformed' })
  })

  it('an answer that breaks off is asked for again', async () => {
    calendar.insert(meeting('Lunch'))
    world.fake.faults.add({ match: '/events?', action: { kind: 'truncate' } })
    expect(itemIds(await pull(world.connect().connector))).toHaveLength(1)
  })

  it('a calendar without sync tokens is read whole in every round', async () => {
    const page = { kind: 'calendar#events', items: [{ ...meeting('Lunch'), id: 'lunch', etag: '"1"' }] }
    world.fake.faults.add({ match: '/events?', times: 2, action: answered(page) })
    const reading = readingOf(world.connect().connector)
    const [first] = await reading.round()
    const [second] = await reading.round()
    expect([first?.round, second?.round]).toEqual(['full', 'full'])
    expect([...reading.items.keys()]).toEqual(['lunch'])
  })

  it('broken entries cost themselves and are said without a word of theirs', async () => {
    const items = [
      { summary: 'SECRET' },
      { id: 'a', summary: 'SECRET' },
      { ...meeting('Lunch'), id: 'b', etag: '"1"' },
      7,
    ]
    world.fake.faults.add({
      match: '/events?',
      action: answered({ kind: 'calendar#events', items, nextSyncToken: 'T' }),
    })
    const step = await pull(world.connect().connector)
    expect(itemIds(step)).toEqual(['b'])
    expect(step.leftOut.reduce((sum, { count }) => sum + count, 0)).toBe(3)
    expect(JSON.stringify(step.leftOut)).not.toContain('SECRET')
  })
})

describe('cursors', () => {
  it.each([
    ['the sync token', 2500],
    ['the page token', 2],
  ])('%s being forgotten is said, and a full round sweeps what was deleted meanwhile', async (_, pageSize) => {
    world.fake.settings.pageSize = pageSize
    const made = Array.from({ length: 6 }, (__, n) => calendar.insert(meeting(`Talk ${n}`, lunchAt + n * hourMs)))
    const reading = readingOf(world.connect().connector)
    await reading.round()
    for (const { id } of made.slice(0, 3)) calendar.delete(id ?? '')
    if (pageSize === 2) reading.cursor = (await reading.step()).cursor
    calendar.expireTokens()
    world.fake.faults.add({ match: 'pageToken', action: refusal(410, 'fullSyncRequired') })
    await expect(reading.step()).rejects.toMatchObject({ code: 'cursor-expired' })
    world.fake.faults.clear()

    reading.cursor = null
    world.journal.clear()
    await reading.round()
    expect(titles(reading)).toEqual(['Talk 3', 'Talk 4', 'Talk 5'])
    expect(lists().filter(query => query.has('timeMin') && !query.has('pageToken'))).toHaveLength(1)
  })

  it.each(['fullSyncRequired', 'updatedMinTooLongAgo', 'deleted', 'somethingNew'])(
    'any 410 of a list is cursor-expired: %s',
    async reason => {
      const { connector } = world.connect()
      const { cursor } = await pull(connector)
      world.fake.faults.add({ match: '/events?', action: refusal(410, reason) })
      await expect(pull(connector, cursor)).rejects.toMatchObject({ code: 'cursor-expired' })
    },
  )

  it('a page token that is not taken is cursor-expired', async () => {
    world.fake.settings.pageSize = 1
    for (let n = 0; n < 3; n++) calendar.insert(meeting(`Talk ${n}`))
    const { connector } = world.connect()
    const { cursor } = await pull(connector)
    const damaged = cursor.replace(/"pageToken":"[^"]*"/, '"pageToken":"gone"')
    await expect(pull(connector, damaged)).rejects.toMatchObject({ code: 'cursor-expired' })
  })

  it('a question that Google calls wrong is rejected and not repeated', async () => {
    const { connector } = world.connect()
    world.fake.faults.add({ match: '/events?', times: 5, action: refusal(400, 'syncTokenWithRequestRestrictions') })
    await expect(pull(connector)).rejects.toMatchObject({ code: 'rejected' })
    expect(lists()).toHaveLength(1)
  })

  it('a cursor made with another consent or by another version is expired, and nothing is asked', async () => {
    const { cursor } = await pull(world.connect({ tier: 'basic' }).connector)
    const { connector } = world.connect({ tier: 'content' })
    world.journal.clear()
    const others = [cursor, cursor.replace('"v":1', '"v":2'), cursor.replace('"changes"', '"full"'), '{"v":1}']
    for (const each of others) {
      await expect(pull(connector, each), each).rejects.toMatchObject({ code: 'cursor-expired' })
    }
    expect(world.journal.requests).toEqual([])
  })

  it('writing asks nothing more of events than content does, so its consent reads nothing again', async () => {
    const { cursor } = await pull(world.connect({ tier: 'content' }).connector)
    expect((await pull(world.connect({ tier: 'write-back' }).connector, cursor)).round).toBe('changes')
  })
})

describe('series', () => {
  it.each(['as-changed', 'exceptions-first', 'masters-first', 'shuffled'] as const)(
    'moved and cancelled occurrences find their series, come they %s',
    async order => {
      world.fake.settings.order = order
      world.fake.settings.pageSize = 1
      const { id = '' } = calendar.insert({ ...weekly('Review'), recurrence: ['RRULE:FREQ=WEEKLY;COUNT=4'] })
      calendar.cancelInstance(id ?? '', '2026-03-23T09:00:00Z')
      calendar.moveInstance(id ?? '', '2026-03-30T08:00:00Z', {
        start: moment(at('2026-04-01T12:00Z')),
        end: moment(at('2026-04-01T13:00Z')),
      })
      const reading = readingOf(world.connect().connector)
      await reading.round()
      expect(reading.occurrences().map(({ start }) => start.slice(0, 13))).toEqual([
        '2026-03-16T09',
        '2026-04-01T12',
        '2026-04-06T08',
      ])
    },
  )

  it.each(['reported', 'silent'] as const)(
    'a deleted series takes its changed occurrences along, which Google has %s',
    async exceptionsOfDeletedSeries => {
      world.fake.settings.exceptionsOfDeletedSeries = exceptionsOfDeletedSeries
      const { id = '' } = calendar.insert(weekly('Review'))
      calendar.changeInstance(id ?? '', '2026-03-23T09:00:00Z', { summary: 'Review with guests' })
      calendar.insert(meeting('Lunch'))
      const reading = readingOf(world.connect().connector)
      await reading.round()
      calendar.delete(id ?? '')
      await reading.round()
      expect(titles(reading)).toEqual(['Lunch'])
    },
  )

  it('an occurrence that was moved out of the window leaves no trace in it, in an increment or a full round', async () => {
    const { id = '' } = calendar.insert({ ...weekly('Review'), recurrence: ['RRULE:FREQ=WEEKLY;COUNT=2'] })
    const early = window.startAt - 10 * dayMs
    calendar.moveInstance(id ?? '', '2026-03-23T09:00:00Z', { start: moment(early), end: moment(early + hourMs) })
    const reading = readingOf(world.connect().connector)
    await reading.round()
    expect(reading.occurrences().map(({ start }) => start)).toEqual(['2026-03-16T09:00:00.000Z'])
  })

  it('an event that leaves for long ago is removed, and one that comes from there arrives', async () => {
    const { id = '' } = calendar.insert(meeting('Lunch'))
    const longAgo = window.startAt - 900 * dayMs
    const old = calendar.insert(meeting('Old', longAgo))
    const reading = readingOf(world.connect().connector)
    await reading.round()
    calendar.patch(id ?? '', { start: moment(longAgo), end: moment(longAgo + hourMs) })
    calendar.patch(old.id ?? '', { start: moment(lunchAt), end: moment(lunchAt + hourMs) })
    await reading.round()
    expect(titles(reading)).toEqual(['Old'])
  })

  it('the same meeting on many calendars is as many items with one UID; a change to one copy is on that copy', async () => {
    const guests = Array.from({ length: 11 }, (_, n) => `guest${n}@lamps.example`)
    for (const address of guests) world.fake.addUser({ address })
    const attendees = guests.map(email => ({ email }))
    const { id = '' } = calendar.insert({ ...weekly('Review'), attendees })
    world.fake.copyToGuests(ana, id ?? '')
    world.fake.user(guests[0]!).calendar.patch(id ?? '', { summary: 'My notes on it' })
    const items = []
    for (const person of [ana, ...guests]) {
      const reading = readingOf(world.connect({ person }).connector, person)
      await reading.round()
      items.push(...reading.items.values())
    }
    const events = items.flatMap(({ content }) => (content.kind === 'events' ? content.events : []))
    expect(events).toHaveLength(12)
    expect(new Set(events.map(({ uid }) => uid)).size).toBe(1)
    expect(new Set(events.map(({ calendar: each }) => each)).size).toBe(12)
    expect(events.filter(({ title }) => title === 'My notes on it')).toHaveLength(1)
  })

  it('a list with more guests than Google shows is marked as cut', async () => {
    world.fake.settings.mostAttendees = 3
    const attendees = [ana, ben, 'c@lamps.example', 'd@lamps.example'].map(email => ({ email }))
    calendar.insert({ ...meeting('All hands'), attendees })
    const [change] = (await pull(world.connect().connector)).changes
    expect(eventsOf(change)[0]).toMatchObject({ attendeesTruncated: true, attendees: [{ address: ana, self: true }] })
  })
})

describe('what others may not see', () => {
  const secret = {
    ...weekly('SECRET'),
    description: 'SECRET',
    location: 'SECRET',
    attendees: [{ email: 'secret@x.example' }],
  }
  const shared = (role: 'reader' | 'freeBusyReader' | 'writer') => {
    const owner = world.fake.addUser({ address: ben })
    world.fake.share(ben, ana, role)
    return owner.calendar
  }

  it.each(['reader', 'freeBusyReader'] as const)(
    'a private event of a calendar shared as %s is its time',
    async role => {
      const theirs = shared(role)
      theirs.insert({ ...secret, visibility: 'private' })
      const reading = readingOf(world.connect().connector, ben)
      await reading.round()
      expect(titles(reading).every(title => title === null)).toBe(true)
      expect(titles(reading).length).toBeGreaterThan(5)
      expect(JSON.stringify([...reading.items.values()])).not.toMatch(/secret/i)
    },
  )

  it('the etag changes with what a role lets through', async () => {
    const theirs = shared('reader')
    const { id = '' } = theirs.insert({ ...meeting('SECRET'), visibility: 'private' })
    const { connector } = world.connect()
    const etag = async () => itemsOf(await pull(connector, null, plenty(), ben)).get(id ?? '')?.etag
    const masked = await etag()
    theirs.setVisibility(id ?? '', 'public')
    expect(await etag()).not.toBe(masked)
  })

  it('a public occurrence of a private series stays hidden, and both when the series turns private later', async () => {
    const { id = '' } = calendar.insert(secret)
    const reading = readingOf(world.connect().connector)
    await reading.round()
    calendar.setVisibility(id ?? '', 'private')
    calendar.changeInstance(id ?? '', '2026-03-23T09:00:00Z', { summary: 'SECRET guests', visibility: 'public' })
    const step = await reading.step()
    expect(itemIds(step)).toHaveLength(2)
    expect(JSON.stringify(step)).not.toMatch(/secret/i)
  })

  it('free/busy reads times with a consent that opens nothing else', async () => {
    calendar.insert(secret)
    calendar.insert(meeting('SECRET lunch'))
    const { connector, writer, directory } = world.connect({ tier: 'free-busy' })
    const reading = readingOf(connector)
    await reading.round()
    expect(reading.occurrences()[0]).toEqual({
      title: null,
      start: '2026-03-03T11:00:00.000Z',
      end: '2026-03-03T12:00:00.000Z',
    })
    expect(JSON.stringify([...reading.items.values()])).not.toMatch(/secret/i)
    expect([writer, directory]).toEqual([null, null])
  })
})

describe('items asked for by id', () => {
  it('arrive as they are; what is gone, cancelled or not shown is removed', async () => {
    const { connector } = world.connect()
    const there = calendar.insert(weekly('Review')).id ?? ''
    const gone = calendar.insert(meeting('Gone')).id ?? ''
    calendar.delete(gone)
    const ended = calendar.insert(meeting('Long ago', window.startAt - 400 * dayMs)).id ?? ''
    world.fake.faults.add({ match: '/events/closed', action: refusal(403, 'forbidden') })
    world.fake.faults.add({ match: '/events/erased', action: refusal(410, 'deleted') })
    const ids = [there, gone, ended, 'nosuchevent', 'closed', 'erased']
    const changes = await connector.fetchItems({ calendar: refOf(ana), ids, window, now: worldNow, budget: plenty() })
    const kinds = new Map(changes.map(change => [idOf(change), change.kind]))
    expect(Object.fromEntries(kinds)).toEqual({
      [there]: 'item',
      [gone]: 'removed',
      // whoever asks for a series by name wants to know whose secret it is, wherever it lies
      [ended]: 'item',
      nosuchevent: 'removed',
      closed: 'removed',
      erased: 'removed',
    })
  })

  it('one that cannot be had now fails the question instead of looking removed', async () => {
    world.fake.faults.add({ match: '/events/', times: 9, action: refusal(403, 'notACalendarUser') })
    const asked = world.connect().connector.fetchItems({
      calendar: refOf(ana),
      ids: ['a', 'b'],
      window,
      now: worldNow,
      budget: plenty(),
    })
    await expect(asked).rejects.toMatchObject({ code: 'no-mailbox' })
  })
})

describe('refusals', () => {
  it.each([
    [400, 'invalid', 'rejected', 1],
    [400, 'badRequest', 'rejected', 1],
    [403, 'forbidden', 'denied', 1],
    [403, 'insufficientPermissions', 'denied', 1],
    [403, 'accessNotConfigured', 'denied', 1],
    [403, 'domainPolicy', 'denied', 1],
    [403, 'notACalendarUser', 'no-mailbox', 1],
    [404, 'notFound', 'not-found', 1],
    [410, 'fullSyncRequired', 'cursor-expired', 1],
    [412, 'conditionNotMet', 'conflict', 1],
    [403, 'rateLimitExceeded', 'busy', 3],
    [403, 'userRateLimitExceeded', 'busy', 3],
    [403, 'quotaExceeded', 'busy', 3],
    [429, 'rateLimitExceeded', 'busy', 3],
    [500, 'backendError', 'busy', 3],
    [503, 'backendError', 'busy', 3],
  ])('%i %s is %s after %i questions', async (status, reason, code, questions) => {
    world.fake.faults.add({ match: '/events?', times: 99, action: refusal(status, reason) })
    await expect(pull(world.connect().connector)).rejects.toMatchObject({
      code,
      message: expect.not.stringContaining(ana),
    })
    expect(lists()).toHaveLength(questions)
  })

  it.each([
    ['403', 403],
    ['429', 429],
  ])('a quota that is used up as a %s is waited for, and the round completes', async (form, status) => {
    world.fake.settings.pageSize = 1
    Object.assign(world.fake.settings.quotas, { perUserPerMinute: 4, form })
    for (let n = 0; n < 10; n++) calendar.insert(meeting(`Talk ${n}`, lunchAt + n * hourMs))
    const reading = readingOf(world.connect({ attempts: 12 }).connector)
    await reading.round()
    expect(titles(reading)).toHaveLength(10)
    expect(world.journal.requests.filter(each => each.status === status).length).toBeGreaterThan(0)
  })

  it('a person who was suspended, one without a licence and a calendar that is gone are told apart', async () => {
    const { connector } = world.connect()
    world.fake.user(ana).isSuspended = true
    await expect(pull(connector)).rejects.toMatchObject({ code: 'no-mailbox' })
    await expect(connector.listCalendars(plenty())).rejects.toMatchObject({ code: 'no-mailbox' })
    world.fake.user(ana).isSuspended = false
    const team = world.fake.addCalendar({ owner: ana, summary: 'Team' })
    world.fake.deleteCalendar(team.id)
    await expect(pull(connector, null, plenty(), team.id)).rejects.toMatchObject({ code: 'not-found' })
  })

  it('a calendar that the consent does not cover is denied, with the step that helps', async () => {
    const { connector } = world.connect({ tier: 'basic', scopes: ['calendar.calendarlist.readonly'] })
    await expect(pull(connector)).rejects.toMatchObject({
      code: 'denied',
      message: expect.stringContaining('connect google'),
    })
  })

  it('a token that ended is renewed once for all who ask', async () => {
    const { connector } = world.connect()
    await pull(connector)
    world.fake.oauth.expireAccessTokens()
    await Promise.all([pull(connector), pull(connector), connector.listCalendars(plenty())])
    expect(world.journal.count('POST /token')).toBe(1)
  })

  it('a fresh token that is refused as well is denied, after two questions and one renewal', async () => {
    world.fake.faults.add({ match: '/events?', times: 99, action: refusal(401, 'authError') })
    await expect(pull(world.connect().connector)).rejects.toMatchObject({ code: 'denied' })
    expect([lists().length, world.journal.count('POST /token')]).toEqual([2, 1])
  })

  it('a consent that was taken back is signed-out', async () => {
    const { connector } = world.connect()
    world.fake.oauth.revokeAll(ana)
    await expect(pull(connector)).rejects.toMatchObject({ code: 'signed-out' })
  })

  it('a budget that ends in the middle pauses, and the next tick goes on', async () => {
    world.fake.settings.pageSize = 2
    for (let n = 0; n < 6; n++) calendar.insert(meeting(`Talk ${n}`, lunchAt + n * hourMs))
    const reading = readingOf(world.connect().connector)
    const budget = { requests: 2, untilAt: Number.MAX_SAFE_INTEGER }
    for (const change of [...(await reading.step(budget)).changes])
      if (change.kind === 'item') reading.items.set(change.item.id, change.item)
    await expect(collect(reading, budget)).rejects.toMatchObject({ code: 'paused' })
    expect(budget.requests).toBe(0)
  })
})

describe('the list of calendars', () => {
  it('says whose time each is: a person’s, a colleague’s, nobody’s', async () => {
    world.fake.settings.pageSize = 2
    world.fake.addUser({ address: ben, timeZone: 'Asia/Kathmandu' })
    world.fake.share(ben, ana, 'reader')
    const team = world.fake.addCalendar({ owner: ana, summary: 'Releases', timeZone: 'Europe/Warsaw' })
    const gone = world.fake.addCalendar({ owner: ana, summary: 'Gone' })
    world.fake.deleteCalendar(gone.id)
    const listed = await world.connect().connector.listCalendars(plenty())
    expect(listed).toEqual([
      { id: ana, name: ana, zone: 'Europe/Madrid', ownerAddress: ana, isPrimary: true, access: 'owner' },
      { id: ben, name: ben, zone: 'Asia/Kathmandu', ownerAddress: ben, isPrimary: false, access: 'read' },
      { id: team.id, name: 'Releases', zone: 'Europe/Warsaw', ownerAddress: null, isPrimary: false, access: 'owner' },
    ])
  })

  it.each([
    ['freeBusyReader', 'free-busy'],
    ['reader', 'read'],
    ['writerWithoutPrivateAccess', 'write'],
    ['writer', 'write'],
    ['owner', 'owner'],
  ] as const)('the role %s is %s', async (role, access) => {
    world.fake.addUser({ address: ben })
    world.fake.share(ben, ana, role)
    const listed = await world.connect().connector.listCalendars(plenty())
    expect(listed.find(({ id }) => id === ben)?.access).toBe(access)
  })
})

describe('an organisation', () => {
  const staffed = async (tier: Tier = 'basic') => {
    world.fake.addUser({ address: ben, givenName: 'Ben', familyName: 'Ito' })
    world.fake.addUser({ address: 'gone@lamps.example', isSuspended: true })
    world.fake.addUser({ address: 'paper@lamps.example', hasCalendar: false })
    return await world.connectOrganisation({ tier })
  }

  it('reads the calendar of everybody in its directory, each with a token of their own', async () => {
    const { connector } = await staffed()
    const listed = await connector.listCalendars(plenty())
    expect(listed.map(({ id }) => id)).toEqual(['admin@lamps.example', ana, ben, 'paper@lamps.example'])
    expect(listed[2]).toEqual({
      id: ben,
      name: 'Ben Ito',
      zone: null,
      ownerAddress: ben,
      isPrimary: true,
      access: 'read',
    })
    world.fake.user(ben).calendar.insert(meeting('Ben’s lunch'))
    const reading = readingOf(connector, ben)
    await reading.round()
    expect(titles(reading)).toEqual(['Ben’s lunch'])
  })

  it('one person without a calendar stops nobody else', async () => {
    const { connector } = await staffed()
    await expect(pull(connector, null, plenty(), 'paper@lamps.example')).rejects.toMatchObject({ code: 'no-mailbox' })
    expect((await pull(connector)).done).toBe(true)
  })

  it('reads with a token that could not write, and writes with one that was asked for apart', async () => {
    const { connector, writer } = await staffed('write-back')
    await pull(connector)
    expect(world.journal.count('POST /token')).toBe(1)
    await writer?.findBlock(refOf(ana), 'minute1aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', plenty())
    expect(world.journal.count('POST /token')).toBe(2)
  })

  it('says its zone while it is read, since the directory does not', async () => {
    world.fake.addUser({ address: ben, timeZone: 'Asia/Kathmandu' })
    const { connector } = await world.connectOrganisation({ tier: 'basic' })
    const step = await connector.pull({
      calendar: { id: ben, ownerAddress: ben, zone: null },
      cursor: null,
      window,
      now: worldNow,
      known: async () => new Map(),
      budget: plenty(),
    })
    expect(step.about).toEqual({ name: null, zone: 'Asia/Kathmandu' })
  })
})

describe('giving the consent back', () => {
  it('ends it at Google, and a second time is done', async () => {
    const connection = world.connect()
    await connection.revoke(plenty())
    await connection.revoke(plenty())
    await expect(pull(connection.connector)).rejects.toMatchObject({ code: 'signed-out' })
  })
})

/** Steps to the end of the round, applied without a sweep. */
async function collect(reading: Reading, budget: TickBudget = plenty()): Promise<readonly PullStep[]> {
  const steps: PullStep[] = []
  for (;;) {
    const step = await reading.step(budget)
    steps.push(step)
    for (const change of step.changes) if (change.kind === 'item') reading.items.set(change.item.id, change.item)
    reading.cursor = step.cursor
    if (step.done) return steps
  }
}

function itemsOf(step: PullStep) {
  return new Map(step.changes.flatMap(change => (change.kind === 'item' ? [[change.item.id, change.item]] : [])))
}

function eventsOf(change: Change | undefined) {
  return change?.kind === 'item' && change.item.content.kind === 'events' ? change.item.content.events : []
}

function idOf(change: Change): string {
  if (change.kind === 'item') return change.item.id
  return change.kind === 'removed' ? change.itemId : change.seriesItemId
}
