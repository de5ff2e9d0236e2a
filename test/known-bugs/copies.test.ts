import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../src/clock.ts'
import { createCaldavConnection } from '../../src/connectors/caldav/connection.ts'
import { createHttpPolicy } from '../../src/connectors/paced-http.ts'
import type { AccountId } from '../../src/store/accounts.ts'
import { calendarText } from '../connectors/ics/calendar-text.ts'
import type { EventKey } from '../fakes/graph/stored-event.ts'
import { alice, type Radicale, startRadicale } from '../fakes/radicale.ts'
import { ana, anHour, ben, type LiveWorld, liveWorld, nameOf } from './live-world.ts'

let radicale: Radicale
beforeAll(async () => {
  radicale = await startRadicale()
  const dav = radicale.as(alice)
  const calendar = await dav.makeCalendar('work')
  await dav.put(`${calendar}review.ics`, calendarText(...lines()))
})
afterAll(() => radicale.stop())

let world: LiveWorld
beforeEach(async () => {
  world = await liveWorld()
})
afterEach(() => world.close())

const uid = 'lamp-review-7@google.com'
const people = [
  ...['olga', 'g1', 'g2', 'g3', 'g4'].map(name => `${name}@lamps.example`),
  ...['m1', 'm2', 'm3', 'm4'].map(name => `${name}@lamps.example`),
  ...['f1@lamps.example', 'f2@lamps.example', alice.name],
]
const olga = people[0]!
type Replies = Readonly<Record<string, 'accepted' | 'declined'>>

interface Twelve {
  readonly accounts: ReadonlyMap<string, AccountId>
  readonly graphKeys: ReadonlyMap<string, EventKey>
  readonly googleId: string
  /** Publishes one feed anew. */
  publish(person: string, lines: { readonly title?: string; readonly replies?: Replies }): void
}

/** Six Tuesdays, called by Olga, on the calendars of twelve people at four kinds of provider. */
async function twelveCalendars(): Promise<Twelve> {
  const accounts = new Map<string, AccountId>()
  for (const person of people.slice(0, 5)) accounts.set(person, await world.addGoogle(person))
  const attendees = people.map(email => ({ email, responseStatus: 'accepted', organizer: email === olga }))
  const { id: googleId = '' } = world.google.user(olga).calendar.insert({
    ...anHour('Lamp review', '2026-02-03T09:00Z'),
    iCalUID: uid,
    recurrence: ['RRULE:FREQ=WEEKLY;COUNT=6'],
    attendees,
  })
  world.google.copyToGuests(olga, googleId!)

  const graphKeys = new Map<string, EventKey>()
  for (const person of people.slice(5, 9)) {
    accounts.set(person, await world.addMicrosoft(person))
    const key = world.graph.mailbox(person).createSeries({
      uid,
      subject: 'Lamp review',
      start: '2026-02-03T10:00',
      end: '2026-02-03T11:00',
      zone: 'Central European Standard Time',
      pattern: { type: 'weekly', daysOfWeek: ['tuesday'] },
      range: { type: 'numbered', numberOfOccurrences: 6 },
      organizer: { name: 'Olga', address: olga },
      isOrganizer: false,
      attendees: people.map(address => ({
        type: 'required' as const,
        status: { response: 'accepted' as const, time: '0001-01-01T00:00:00Z' },
        emailAddress: { address, name: nameOf(address) },
      })),
    })
    graphKeys.set(person, key)
  }

  for (const person of people.slice(9, 11)) accounts.set(person, await world.addFeed(person, calendarText(...lines())))

  const clock = { ...world.clock, random: systemClock.random }
  const settings = { url: radicale.url }
  const connection = createCaldavConnection({
    http: createHttpPolicy({ fetch, clock: world.clock, attempts: 3 }),
    credential: { userName: alice.name, password: alice.password },
    account: { tier: 'content', settings },
    clock,
  })
  accounts.set(
    alice.name,
    await world.addAccount({ provider: 'caldav', subject: alice.name, label: 'caldav', settings }, connection),
  )
  await world.sync()
  return {
    accounts,
    graphKeys,
    googleId: googleId!,
    publish: (person, changed) => world.publish(person, calendarText(...lines(changed))),
  }
}

/** The meeting as iCalendar has it. */
function lines({ title = 'Lamp review', replies = {} }: { readonly title?: string; readonly replies?: Replies } = {}) {
  return [
    ...['BEGIN:VEVENT', `UID:${uid}`, `SUMMARY:${title}`, `ORGANIZER:mailto:${olga}`, 'RRULE:FREQ=WEEKLY;COUNT=6'],
    ...['DTSTART;TZID=Europe/Madrid:20260203T100000', 'DTEND;TZID=Europe/Madrid:20260203T110000'],
    ...people.map(person => `ATTENDEE;PARTSTAT=${(replies[person] ?? 'accepted').toUpperCase()}:mailto:${person}`),
    'END:VEVENT',
  ]
}

const rules = async () => {
  const { occurrences } = await world.read()
  const of = (rule: string) => occurrences.filter(each => each.rule === rule).length
  return { all: occurrences.length, met: of('people-met'), copies: of('duplicate-copy') }
}

describe('23: the same meeting on twelve calendars', () => {
  test('23: is one meeting and twelve copies, whoever provides them', async () => {
    const { accounts } = await twelveCalendars()
    expect(accounts.size).toBe(12)
    expect(await rules()).toEqual({ all: 72, met: 6, copies: 66 })
    const { series, counts } = await world.audit()
    expect([series.length, counts.meetings]).toEqual([1, 6])
    expect(series[0]?.people.headcount).toEqual({ low: 12, expected: 12, high: 12 })
  })

  test('23: the organizer’s copy says who comes, and an edited copy changes nothing but itself', async () => {
    const { accounts, graphKeys, publish, googleId } = await twelveCalendars()
    const kept = async () =>
      new Map(await Promise.all([...accounts].map(async ([person, id]) => [person, await world.kept(id)] as const)))
    const before = await kept()

    // a feed that is behind, a title of one's own at Microsoft, one's own note at Google
    publish('f1@lamps.example', { replies: { 'g2@lamps.example': 'declined', 'g3@lamps.example': 'declined' } })
    world.graph.mailbox('m1@lamps.example').patch(graphKeys.get('m1@lamps.example')!, { subject: 'Boring' })
    world.google.user('g4@lamps.example').calendar.patch(googleId, { description: 'Bring cookies.', summary: 'Mine' })
    await world.sync()

    const after = await kept()
    const changed = ['f1@lamps.example', 'm1@lamps.example', 'g4@lamps.example']
    for (const person of people) {
      const is = JSON.stringify(after.get(person)) === JSON.stringify(before.get(person))
      expect(is, person).toBe(!changed.includes(person))
    }
    expect(await rules()).toEqual({ all: 72, met: 6, copies: 66 })
    const { series } = await world.audit()
    expect(series.map(({ title }) => title)).toEqual(['Lamp review'])
    expect(series[0]?.people.headcount).toEqual({ low: 12, expected: 12, high: 12 })

    // the organizer hears that one of them will not come
    const guests = people.map(email => ({ email, responseStatus: email.startsWith('g2') ? 'declined' : 'accepted' }))
    world.google.user(olga).calendar.patch(googleId, { attendees: guests })
    world.google.user('g2@lamps.example').calendar.patch(googleId, { attendees: guests })
    await world.sync()
    expect((await world.audit()).series[0]?.people.headcount).toEqual({ low: 11, expected: 11, high: 11 })
  })

  test('23: taken off one calendar it stays on the others, and is still one meeting', async () => {
    const { graphKeys, googleId, accounts } = await twelveCalendars()
    world.google.user('g1@lamps.example').calendar.delete(googleId)
    world.graph.mailbox('m2@lamps.example').delete(graphKeys.get('m2@lamps.example')!)
    await world.sync()
    expect(await world.kept(accounts.get('g1@lamps.example')!)).toEqual([])
    expect(await rules()).toEqual({ all: 60, met: 6, copies: 54 })
  })
})

test('23: one id on two calendars of one account is two items, and neither overwrites the other', async () => {
  const account = await world.addGoogle(ana)
  world.google.addUser({ address: ben })
  const pair = [ana, ben].map(email => ({ email, responseStatus: 'accepted' }))
  const { id = '' } = world.google
    .user(ben)
    .calendar.insert({ ...anHour('Lamp review', '2026-03-03T09:00Z'), attendees: pair })
  world.google.copyToGuests(ben, id!)
  world.google.share(ben, ana, 'reader')
  await world.sync()
  await world.mirror.selectCalendar({ accountId: account, calendarId: ben }, true)
  await world.sync()
  world.google.user(ana).calendar.patch(id!, { summary: 'My own name for it' })
  await world.sync()
  expect(await world.shown(account, ana)).toEqual(['2026-03-03T09:00 My own name for it'])
  expect(await world.shown(account, ben)).toEqual(['2026-03-03T09:00 Lamp review'])
  expect(await rules()).toEqual({ all: 2, met: 1, copies: 1 })
})

test('23: a series and its changed occurrences under one UID are all there, in any order', async () => {
  const override = (day: string, to: string, title: string) => [
    ...['BEGIN:VEVENT', 'UID:one@lamps.example', `SUMMARY:${title}`, `RECURRENCE-ID:${day}T090000Z`],
    ...[`DTSTART:${to}T140000Z`, `DTEND:${to}T150000Z`, 'END:VEVENT'],
  ]
  const master = [
    ...['BEGIN:VEVENT', 'UID:one@lamps.example', 'SUMMARY:Review', 'RRULE:FREQ=WEEKLY;COUNT=4'],
    ...['DTSTART:20260303T090000Z', 'DTEND:20260303T100000Z', 'END:VEVENT'],
  ]
  const changed = [override('20260310', '20260311', 'Review II'), override('20260317', '20260318', 'Review III')]
  const account = await world.addFeed('lamps', calendarText(...changed[0]!, ...master, ...changed[1]!))
  const all = [
    '2026-03-03T09:00 Review',
    '2026-03-11T14:00 Review II',
    '2026-03-18T14:00 Review III',
    '2026-03-24T09:00 Review',
  ]
  await world.sync()
  expect(await world.shown(account)).toEqual(all)
  world.publish('lamps', calendarText(...changed[1]!, ...changed[0]!, ...master))
  await world.sync()
  expect(await world.shown(account)).toEqual(all)
})
