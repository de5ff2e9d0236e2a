import { beforeEach, describe, expect, test } from 'vitest'
import { dayMs } from '../../../src/domain/time/types.ts'
import { type VirtualClock, virtualClock } from '../kit/clock.ts'
import type { Asking } from './asking.ts'
import { allPages, asking, itemsOf, reasonOf } from './asking.ts'
import type { FakeCalendar } from './fake-calendar.ts'
import { createGoogleFake, type GoogleFake } from './google-fake.ts'

const events = '/calendar/v3/calendars/primary/events'
let clock: VirtualClock
let fake: GoogleFake
let calendar: FakeCalendar
let ask: Asking

beforeEach(() => {
  clock = virtualClock(Date.UTC(2026, 2, 2, 8))
  fake = createGoogleFake({ clock })
  calendar = fake.addUser({ address: 'ana@example.com' }).calendar
  ask = asking(fake, fake.grant('ana@example.com', ['calendar.events.owned.readonly']).accessToken)
  return () => expect(fake.violations).toEqual([])
})

function meeting(summary: string, day: number, more: Record<string, unknown> = {}): string {
  const on = `2026-03-${String(day).padStart(2, '0')}`
  const start = { dateTime: `${on}T10:00:00`, timeZone: 'Europe/Madrid' }
  const end = { dateTime: `${on}T11:00:00`, timeZone: 'Europe/Madrid' }
  return String(calendar.insert({ summary, start, end, ...more }).id)
}

const weekly = () => meeting('Weekly', 16, { recurrence: ['RRULE:FREQ=WEEKLY'] })
const instanceOf = (id: string, stamp: string) => `${id}_${stamp}`
const statuses = async (path: string) =>
  Object.fromEntries(itemsOf(await ask.get(path)).map(({ id, status }) => [id, status]))

describe('Without singleEvents', () => {
  test('a list holds masters, exceptions, cancelled occurrences of series that stand, and singles', async () => {
    const single = meeting('One', 17)
    const series = weekly()
    calendar.cancelInstance(series, '2026-03-23T10:00:00')
    const times = { start: { dateTime: '2026-03-31T10:00:00' }, end: { dateTime: '2026-03-31T10:30:00' } }
    calendar.moveInstance(series, '2026-03-30T10:00:00', times)
    const items = itemsOf(await ask.get(events))
    expect(items.map(({ id }) => id)).toEqual([
      single,
      series,
      instanceOf(series, '20260323T090000Z'),
      instanceOf(series, '20260330T080000Z'),
    ])
    expect(items[1]).toMatchObject({ recurrence: ['RRULE:FREQ=WEEKLY'], start: { timeZone: 'Europe/Madrid' } })
    expect(items[2]).toEqual({
      id: instanceOf(series, '20260323T090000Z'),
      status: 'cancelled',
      recurringEventId: series,
      originalStartTime: { dateTime: '2026-03-23T10:00:00+01:00', timeZone: 'Europe/Madrid' },
    })
    expect(items[3]).toMatchObject({
      recurringEventId: series,
      originalStartTime: { dateTime: '2026-03-30T10:00:00+02:00' },
      start: { dateTime: '2026-03-31T10:00:00+02:00' },
      iCalUID: items[1]?.iCalUID,
    })
    expect(calendar.truth().map(({ id }) => id)).toEqual(items.map(({ id }) => id).sort())
  })

  test('deleted events are told only to those who ask for them, and then as id and status', async () => {
    const id = meeting('Gone', 17)
    calendar.delete(id)
    expect(itemsOf(await ask.get(events))).toEqual([])
    expect(itemsOf(await ask.get(`${events}?showDeleted=true`))).toEqual([{ id, status: 'cancelled' }])
    fake.settings.cancelled = 'full'
    expect(itemsOf(await ask.get(`${events}?showDeleted=true`))[0]).toMatchObject({ id, summary: 'Gone' })
  })

  test('timeMin bounds the end and timeMax the start, both exclusive', async () => {
    const first = meeting('First', 16)
    const second = meeting('Second', 17)
    const window = (from: string, to: string) => allPages(ask, `${events}?timeMin=${from}&timeMax=${to}`)
    expect((await window('2026-03-16T10:00:00Z', '2026-03-17T09:00:00Z')).ids).toEqual([])
    expect((await window('2026-03-16T09:59:59Z', '2026-03-17T09:00:01Z')).ids).toEqual([first, second])
    expect((await window('2026-03-16T09:59:59Z', '2026-03-17T09:00:01Z')).syncToken).not.toBeNull()
  })

  test('times are written with the offset of the asked zone, and keep the zone of the event', async () => {
    meeting('One', 17)
    const [item] = itemsOf(await ask.get(`${events}?timeZone=Asia/Kathmandu`))
    expect(item?.start).toEqual({ dateTime: '2026-03-17T14:45:00+05:45', timeZone: 'Europe/Madrid' })
  })

  test('an order is what a test says: exceptions may come before their master', async () => {
    const series = weekly()
    calendar.cancelInstance(series, '2026-03-23T10:00:00')
    fake.settings.order = 'exceptions-first'
    expect((await allPages(ask, events)).ids).toEqual([instanceOf(series, '20260323T090000Z'), series])
    fake.settings.order = 'masters-first'
    expect((await allPages(ask, events)).ids).toEqual([series, instanceOf(series, '20260323T090000Z')])
  })

  test('more guests than the limit come as the viewer alone, and the list says that it is cut', async () => {
    const attendees = ['ana@example.com', 'ben@example.com', 'eva@example.com'].map(email => ({ email }))
    meeting('Small', 17, { attendees })
    fake.settings.mostAttendees = 3
    const [whole] = itemsOf(await ask.get(events))
    expect(whole?.attendees).toHaveLength(3)
    expect(whole).not.toHaveProperty('attendeesOmitted')
    const [cut] = itemsOf(await ask.get(`${events}?maxAttendees=1`))
    expect(cut?.attendees).toEqual([
      { email: 'ana@example.com', self: true, organizer: true, responseStatus: 'needsAction' },
    ])
    expect(cut?.attendeesOmitted).toBe(true)
  })

  test('a large group says that it is still being expanded, and then is', async () => {
    const id = meeting('All hands', 17, { attendees: [{ email: 'all@example.com', asyncOperation: 'inProgress' }] })
    const before = itemsOf(await ask.get(events))[0]
    expect(before?.attendees).toMatchObject([{ asyncOperation: 'inProgress' }])
    calendar.expandGroup(id, 'all@example.com', ['ben@example.com'])
    const after = itemsOf(await ask.get(events))[0]
    expect(after?.attendees).toEqual([
      { email: 'all@example.com', responseStatus: 'needsAction' },
      { email: 'ben@example.com', responseStatus: 'needsAction' },
    ])
  })
})

describe('With singleEvents', () => {
  test('a list holds instances and singles and no master, in order of time where asked', async () => {
    const series = weekly()
    const single = meeting('One', 18)
    calendar.cancelInstance(series, '2026-03-23T10:00:00')
    const path = `${events}?singleEvents=true&orderBy=startTime&timeMax=2026-04-01T00:00:00Z`
    const { ids, syncToken } = await allPages(ask, path)
    expect(ids).toEqual([instanceOf(series, '20260316T090000Z'), single, instanceOf(series, '20260330T080000Z')])
    expect(syncToken).toBeNull()
  })

  test('an endless series is expanded two years ahead', async () => {
    weekly()
    const { ids } = await allPages(ask, `${events}?singleEvents=true`)
    // 730 days from 2 March 2026 less the 14 to the first Monday
    expect(ids).toHaveLength(Math.floor((730 - 14) / 7) + 1)
  })

  test('an increment tells instances, and occurrences a shortened series has no more as cancelled', async () => {
    const series = meeting('Daily', 16, { recurrence: ['RRULE:FREQ=DAILY;COUNT=3'] })
    const { syncToken } = await allPages(ask, `${events}?singleEvents=true`)
    calendar.patch(series, { recurrence: ['RRULE:FREQ=DAILY;COUNT=2'] })
    expect(await statuses(`${events}?singleEvents=true&syncToken=${syncToken}`)).toEqual({
      [instanceOf(series, '20260316T090000Z')]: 'confirmed',
      [instanceOf(series, '20260317T090000Z')]: 'confirmed',
      [instanceOf(series, '20260318T090000Z')]: 'cancelled',
    })
  })

  test('events.instances gives one series, changed occurrences as they were changed', async () => {
    const series = weekly()
    calendar.changeInstance(series, '2026-03-23T10:00:00', { summary: 'Special' })
    calendar.cancelInstance(series, '2026-03-30T10:00:00')
    const path = `${events}/${series}/instances`
    const found = itemsOf(await ask.get(`${path}?timeMax=2026-04-08T00:00:00Z`))
    expect(found.map(({ summary }) => summary)).toEqual(['Weekly', 'Special', 'Weekly'])
    expect(await statuses(`${path}?timeMax=2026-04-08T00:00:00Z&showDeleted=true`)).toMatchObject({
      [instanceOf(series, '20260330T080000Z')]: 'cancelled',
    })
    const one = await ask.get(`${path}?originalStart=${encodeURIComponent('2026-03-23T10:00:00+01:00')}`)
    expect(itemsOf(one).map(({ id }) => id)).toEqual([instanceOf(series, '20260323T090000Z')])
    expect((await ask.get(`${events}/${meeting('One', 17)}/instances`)).status).toBe(404)
  })
})

describe('Pages', () => {
  test('page tokens survive what is written in between, and the increment after them tells it', async () => {
    const ids = [3, 4, 5, 6, 9].map(day => meeting(`Day ${day}`, day))
    const first = await ask.get(`${events}?maxResults=2`)
    calendar.delete(ids[3]!)
    const late = meeting('Late', 10)
    const second = await ask.get(`${events}?maxResults=2&pageToken=${first.body.nextPageToken}`)
    const third = await ask.get(`${events}?maxResults=2&pageToken=${second.body.nextPageToken}`)
    expect([first, second, third].flatMap(itemsOf).map(({ id }) => id)).toEqual(ids)
    const token = third.body.nextSyncToken
    expect(await statuses(`${events}?maxResults=2&syncToken=${token}`)).toEqual({
      [ids[3]!]: 'cancelled',
      [late]: 'confirmed',
    })
  })

  test('a page can be empty and have a next one, in the middle and at the end', async () => {
    for (const day of [3, 4, 5]) meeting(`Day ${day}`, day)
    fake.settings.pageSize = 2
    fake.settings.emptyPages = 1
    fake.settings.emptyLastPage = true
    const { sizes, ids, syncToken } = await allPages(ask, events)
    expect(sizes).toEqual([0, 2, 0, 1, 0])
    expect(ids).toHaveLength(3)
    expect(syncToken).not.toBeNull()
  })

  test.each([
    ['changed', (token: string) => `${events}?maxResults=1&pageToken=${token}x`],
    ['of another question', (token: string) => `${events}?maxResults=1&showDeleted=true&pageToken=${token}`],
  ])('a page token that is %s is refused', async (_what, path) => {
    meeting('One', 3)
    meeting('Two', 4)
    const { body } = await ask.get(`${events}?maxResults=1`)
    const answer = await ask.get(path(String(body.nextPageToken)))
    expect([answer.status, reasonOf(answer)]).toEqual([400, 'invalid'])
  })
})

describe('Sync tokens', () => {
  const tokenNow = async (path = events) => String((await allPages(ask, path)).syncToken)

  test('tell what changed since, a deletion as id and status, and nothing twice', async () => {
    const kept = meeting('Kept', 3)
    const gone = meeting('Gone', 4)
    const token = await tokenNow()
    calendar.patch(kept, { summary: 'Renamed' })
    calendar.patch(kept, { location: 'Room' })
    calendar.delete(gone)
    const answer = await ask.get(`${events}?syncToken=${token}`)
    expect(itemsOf(answer)).toMatchObject([
      { id: kept, summary: 'Renamed', location: 'Room' },
      { id: gone, status: 'cancelled' },
    ])
    expect(itemsOf(answer)[1]).toEqual({ id: gone, status: 'cancelled' })
    expect(itemsOf(await ask.get(`${events}?syncToken=${answer.body.nextSyncToken}`))).toEqual([])
  })

  test('of a window are not bound to the window afterwards', async () => {
    const token = await tokenNow(`${events}?timeMin=2026-03-01T00:00:00Z&timeMax=2026-04-01T00:00:00Z`)
    const start = { date: '2027-01-01' }
    const { id } = calendar.insert({ summary: 'Far', start, end: { date: '2027-01-02' } })
    expect(await statuses(`${events}?syncToken=${token}`)).toEqual({ [String(id)]: 'confirmed' })
  })

  test('a deleted series is told with its exceptions, or without, as a test says', async () => {
    const series = weekly()
    calendar.changeInstance(series, '2026-03-23T10:00:00', { summary: 'Special' })
    const token = await tokenNow()
    calendar.delete(series)
    expect(await statuses(`${events}?syncToken=${token}`)).toEqual({
      [series]: 'cancelled',
      [instanceOf(series, '20260323T090000Z')]: 'cancelled',
    })
    fake.settings.exceptionsOfDeletedSeries = 'silent'
    expect(await statuses(`${events}?syncToken=${token}`)).toEqual({ [series]: 'cancelled' })
    expect(calendar.truth()).toEqual([])
  })

  test('a series that is restored is told with its exceptions, and its occurrences are restored one by one', async () => {
    const series = weekly()
    calendar.cancelInstance(series, '2026-03-23T10:00:00')
    calendar.delete(series)
    const token = await tokenNow()
    const instance = instanceOf(series, '20260323T090000Z')
    expect(() => calendar.patch(instance, { summary: 'Back' })).toThrow('Resource has been deleted')
    calendar.patch(series, { status: 'confirmed' })
    expect(await statuses(`${events}?syncToken=${token}`)).toEqual({ [series]: 'confirmed', [instance]: 'cancelled' })
    calendar.patch(instance, { summary: 'Back' })
    expect(await statuses(events)).toEqual({ [series]: 'confirmed', [instance]: 'confirmed' })
  })

  test('a series that is split goes on as another one, with its own id and what is left of the count', async () => {
    const series = meeting('Daily', 16, { recurrence: ['RRULE:FREQ=DAILY;COUNT=5'] })
    calendar.changeInstance(series, '2026-03-19T10:00:00', { summary: 'Special' })
    const token = await tokenNow()
    const { id } = calendar.splitSeries(series, '2026-03-18T10:00:00', { summary: 'Later' })
    const items = itemsOf(await ask.get(`${events}?syncToken=${token}`))
    expect(items).toMatchObject([
      { id: series, recurrence: ['RRULE:FREQ=DAILY;UNTIL=20260318T085959Z'] },
      { id: instanceOf(series, '20260319T090000Z'), status: 'cancelled' },
      {
        id,
        summary: 'Later',
        recurrence: ['RRULE:FREQ=DAILY;COUNT=3'],
        start: { dateTime: '2026-03-18T10:00:00+01:00' },
      },
    ])
    const march = { startAt: Date.UTC(2026, 2, 1), endAt: Date.UTC(2026, 3, 1) }
    expect(calendar.occurrences(march).map(({ resource }) => resource.summary)).toEqual([
      'Daily',
      'Daily',
      'Later',
      'Later',
      'Later',
    ])
  })

  test('exceptions whose original start left the series are told as cancelled with the change', async () => {
    const series = weekly()
    calendar.changeInstance(series, '2026-03-23T10:00:00', { summary: 'Special' })
    const token = await tokenNow()
    calendar.patch(series, { recurrence: ['RRULE:FREQ=WEEKLY;COUNT=1'] })
    expect(await statuses(`${events}?syncToken=${token}`)).toEqual({
      [series]: 'confirmed',
      [instanceOf(series, '20260323T090000Z')]: 'cancelled',
    })
  })

  const expiries: [string, (token: string) => string | undefined][] = [
    ['changed by a character', token => `${token.slice(0, 5)}${token[5] === 'A' ? 'B' : 'A'}${token.slice(6)}`],
    ['of another calendar', token => token],
    ['older than its life', () => void clock.advance(31 * dayMs)],
    ['older than a change of who may see the calendar', () => void calendar.changeAcl('ben@example.com', 'reader')],
    ['forgotten by the service', () => void calendar.expireTokens()],
  ]
  test.each(expiries)('one that is %s is 410 fullSyncRequired', async (what, spoil) => {
    const other = fake.addCalendar({ owner: 'ana@example.com', summary: 'Team', id: 'team@example.com' })
    const token = await tokenNow()
    const spoiled = spoil(token) ?? token
    ask = asking(fake, fake.grant('ana@example.com', ['calendar.events.owned.readonly']).accessToken)
    const path = what === 'of another calendar' ? `/calendar/v3/calendars/${other.id}/events` : events
    const answer = await ask.get(`${path}?syncToken=${spoiled}`)
    expect(answer.status).toBe(410)
    expect(answer.body).toEqual({
      error: {
        code: 410,
        message: 'Sync token is no longer valid, a full sync is required.',
        errors: [
          {
            message: 'Sync token is no longer valid, a full sync is required.',
            domain: 'calendar',
            reason: 'fullSyncRequired',
            location: 'syncToken',
            locationType: 'parameter',
          },
        ],
      },
    })
    expect((await ask.get(`${path}?syncToken=${await tokenNow(path)}`)).status).toBe(200)
  })

  test.each([
    'iCalUID=x',
    'orderBy=updated',
    'privateExtendedProperty=a%3Db',
    'sharedExtendedProperty=a%3Db',
    'q=budget',
    'timeMin=2026-03-01T00:00:00Z',
    'timeMax=2026-04-01T00:00:00Z',
    'updatedMin=2026-03-01T00:00:00Z',
    'showDeleted=false',
  ])('are refused together with %s, and asking that way gives none', async parameter => {
    const token = await tokenNow()
    const answer = await ask.get(`${events}?${parameter}&syncToken=${token}`)
    expect(answer.status).toBe(400)
    expect(reasonOf(answer)).toMatch(/^syncTokenWith/)
    const givesToken = /^(timeM|showDeleted)/.test(parameter)
    expect((await allPages(ask, `${events}?${parameter}`)).syncToken !== null).toBe(givesToken)
  })

  test.each(['singleEvents=true', 'maxResults=7', 'eventTypes=default', 'timeZone=UTC'])(
    'of a first request without %s are refused with it',
    async parameter => {
      const token = await tokenNow()
      const answer = await ask.get(`${events}?${parameter}&syncToken=${token}`)
      expect([answer.status, reasonOf(answer)]).toEqual([400, 'badRequest'])
      expect(
        (await ask.get(`${events}?${parameter}&syncToken=${await tokenNow(`${events}?${parameter}`)}`)).status,
      ).toBe(200)
    },
  )
})

describe('Refused are', () => {
  test.each([
    ['an order by start time of masters', 'orderBy=startTime', 'invalid'],
    ['a bound without an offset', 'timeMin=2026-03-01T00:00:00', 'badRequest'],
    [
      'a window that ends before it begins',
      'timeMin=2026-03-02T00:00:00Z&timeMax=2026-03-01T00:00:00Z',
      'timeRangeEmpty',
    ],
    ['a parameter nobody knows', 'expand=true', 'invalidParameter'],
    ['a parameter given twice', 'q=a&q=b', 'invalid'],
    ['a boolean that is none', 'singleEvents=yes', 'invalid'],
    ['a page size of none', 'maxResults=0', 'invalid'],
    ['an event type nobody knows', 'eventTypes=standup', 'invalid'],
    ['a zone nobody knows', 'timeZone=Europe/Atlantis', 'invalid'],
    ['a mask that names no field', 'fields=items(id,titel)', 'invalid'],
    ['a mask that cannot be read', 'fields=items(id', 'invalid'],
  ])('%s', async (_what, query, reason) => {
    const answer = await ask.get(`${events}?${query}`)
    expect([answer.status, reasonOf(answer)]).toEqual([400, reason])
  })

  test('an updatedMin before what the service remembers, as 410 updatedMinTooLongAgo', async () => {
    const answer = await ask.get(`${events}?updatedMin=2026-01-01T00:00:00Z`)
    expect([answer.status, reasonOf(answer)]).toEqual([410, 'updatedMinTooLongAgo'])
    expect((await ask.get(`${events}?updatedMin=2026-02-20T00:00:00Z`)).status).toBe(200)
  })
})

test('A fields mask gives what it names and nothing else, at any depth', async () => {
  meeting('One', 17)
  const { body } = await ask.get(`${events}?fields=items(id,start/dateTime,organizer(email)),nextSyncToken`)
  expect(Object.keys(body).sort()).toEqual(['items', 'nextSyncToken'])
  expect(body.items).toEqual([
    {
      id: expect.any(String),
      start: { dateTime: '2026-03-17T10:00:00+01:00' },
      organizer: { email: 'ana@example.com' },
    },
  ])
})

test('Two fakes with one seed and one clock give the same bytes', async () => {
  const bytes = async () => {
    const other = createGoogleFake({ clock: virtualClock(0), seed: 7 })
    const { calendar: theirs } = other.addUser({ address: 'ana@example.com' })
    theirs.insert({ summary: 'One', start: { date: '2026-03-16' }, end: { date: '2026-03-17' } })
    const { accessToken } = other.grant('ana@example.com', ['calendar.events.readonly'])
    return JSON.stringify((await asking(other, accessToken).get(events)).body)
  }
  expect(await bytes()).toBe(await bytes())
})
