import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { calendarText } from '../connectors/ics/calendar-text.ts'
import { attendee, plainRoom, x500Attendee } from '../fakes/graph/people.ts'
import { ana, anHour, ben, type LiveWorld, liveWorld } from './live-world.ts'

let world: LiveWorld
beforeEach(async () => {
  world = await liveWorld()
})
afterEach(() => world.close())

const weekly = { recurrence: ['RRULE:FREQ=WEEKLY;COUNT=6'] }
const start = '2026-02-03T09:00Z'
const jana = 'jana@lamps.example'
const admin = 'admin@lamps.example'

/** The organisation's directory, as its admin's account brings it. */
async function withDirectory(): Promise<void> {
  world.google.addUser({ address: admin, isAdmin: true, givenName: 'Ada', familyName: 'Min' })
  const account = await world.addGoogle(admin, { grant: 'organisation', label: 'lamps.example' })
  await world.sync({ only: [account] })
  for (const { id } of await world.calendars(account)) {
    // the organisation's own calendars are not what is audited here
    await world.mirror.selectCalendar({ accountId: account, calendarId: id }, false)
  }
}

async function theSeries() {
  await world.sync()
  const { series } = await world.audit({ me: ana })
  expect(series).toHaveLength(1)
  return series[0]!
}
const exactly = (people: number) => ({ low: people, expected: people, high: people })

describe('17: one human, however their address is written', () => {
  test('17: six spellings on one invitation of a feed are one person, and a longer address is another', async () => {
    world.google.addUser({ address: ana, givenName: 'Ana', familyName: 'Ruiz' })
    world.google.addUser({ address: ben, aliases: ['b.ode@lamps.example'], givenName: 'Ben', familyName: 'Ode' })
    world.google.addUser({ address: jana, givenName: 'Jana', familyName: 'Novak' })
    await withDirectory()
    const exchange = '/o=ExchangeLabs/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Recipients/cn=9f0c-xyz'
    await world.addFeed(
      'ana',
      calendarText(
        ...['BEGIN:VEVENT', 'UID:review', 'SUMMARY:Lamp review', 'RRULE:FREQ=WEEKLY;COUNT=6'],
        ...['DTSTART:20260203T090000Z', 'DTEND:20260203T100000Z', `ORGANIZER:MAILTO:${ana.toUpperCase()}`],
        `ATTENDEE;PARTSTAT=ACCEPTED:mailto:${ana}`,
        `ATTENDEE:mailto:${ben}`,
        `ATTENDEE:MAILTO:${ben.toUpperCase()}`,
        `ATTENDEE:${ben}`,
        'ATTENDEE:mailto:ben%40lamps.example',
        'ATTENDEE;PARTSTAT=ACCEPTED:mailto:b.ode@lamps.example',
        `ATTENDEE;CN="Ben Ode":${exchange}`,
        `ATTENDEE:mailto:${jana}`,
        'END:VEVENT',
      ),
    )
    expect((await theSeries()).people.headcount).toEqual(exactly(3))
  })

  test('17: the owner of a calendar is who Google marks as such, not who has the id of the calendar', async () => {
    await world.addGoogle()
    world.google.user(ana).calendar.insert({
      ...anHour('Lamp review', start),
      ...weekly,
      organizer: { email: ben },
      // an address that no directory lists
      attendees: [
        { email: 'Ana.Ruiz@old-lamps.example', self: true, responseStatus: 'declined' },
        { email: ben, organizer: true, responseStatus: 'accepted' },
      ],
    })
    await world.sync()
    // her own refusal is hers, under whichever address she was asked
    expect((await world.read({ me: ana })).occurrences.map(({ rule }) => rule)).toEqual(Array(6).fill('declined-by-me'))
  })

  test('17: whom Exchange lists twice, once by the name of the old directory, is one person', async () => {
    await world.addMicrosoft()
    world.graph.mailbox(ana).createSeries({
      subject: 'Lamp review',
      start: '2026-02-03T10:00',
      end: '2026-02-03T11:00',
      pattern: { type: 'weekly', daysOfWeek: ['tuesday'] },
      range: { type: 'numbered', numberOfOccurrences: 6 },
      attendees: [
        attendee(ana, { name: 'Ana Ruiz', response: 'accepted' }),
        attendee(ben.toUpperCase(), { name: 'Ben Ode' }),
        x500Attendee('Ben Ode', 'accepted'),
      ],
    })
    const { people, form } = await theSeries()
    expect([people.headcount, form]).toEqual([exactly(2), 'one-on-one'])
  })
})

describe('18: a room is no third person', () => {
  const pair = [
    { email: ana, responseStatus: 'accepted' },
    { email: ben, responseStatus: 'accepted' },
  ]
  const room = { email: 'c_188abc@resource.calendar.google.com', displayName: 'Attic', resource: true }

  test.each([
    ['beside two people', { attendees: [...pair, room], location: 'Attic' }],
    ['invited twice', { attendees: [...pair, room, { ...room, resource: false }], location: 'Attic' }],
    [
      'under two names',
      { attendees: [...pair, room, { email: 'attic@lamps.example', displayName: 'Attic' }], location: 'Attic' },
    ],
    ['as the organizer', { attendees: [...pair, { ...room, organizer: true }], organizer: { email: room.email } }],
  ])('18: at Google: %s', async (_, more) => {
    await world.addGoogle()
    world.google.user(ana).calendar.insert({ ...anHour('Catch up', start), ...weekly, ...more })
    const { people, form, cost } = await theSeries()
    expect([people.headcount, form]).toEqual([exactly(2), 'one-on-one'])
    expect(people.rooms).toBeGreaterThanOrEqual(1)
    // six hours of two people, not of three
    expect(cost.hoursInWindow.high).toBeLessThanOrEqual(12)
  })

  test('18: at Microsoft, which calls a room required like a person', async () => {
    await world.addMicrosoft()
    const { location } = plainRoom('attic@lamps.example', 'Attic')
    // not even named like the place
    const room = attendee('attic@lamps.example', { name: 'Top floor, 12 seats', response: 'accepted' })
    world.graph.mailbox(ana).createSeries({
      subject: 'Catch up',
      start: '2026-02-03T10:00',
      end: '2026-02-03T11:00',
      pattern: { type: 'weekly', daysOfWeek: ['tuesday'] },
      range: { type: 'numbered', numberOfOccurrences: 6 },
      attendees: [attendee(ana, { response: 'accepted' }), attendee(ben, { response: 'accepted' }), room, room],
      location: 'Attic',
      locations: [location],
    })
    const { people, form } = await theSeries()
    expect([people.headcount, people.rooms, form]).toEqual([exactly(2), 1, 'one-on-one'])
  })

  test('18: whose address looks like a person’s, and whom the directory knows', async () => {
    world.google.addRoom({ address: 'edison@lamps.example', name: 'Edison' })
    world.google.addUser({ address: ana })
    world.google.addUser({ address: ben })
    await withDirectory()
    await world.addGoogle()
    world.google.user(ana).calendar.insert({
      ...anHour('Catch up', start),
      ...weekly,
      attendees: [...pair, { email: 'edison@lamps.example' }],
    })
    const { people, form } = await theSeries()
    expect([people.headcount, people.rooms, form]).toEqual([exactly(2), 1, 'one-on-one'])
  })
})

describe('19: a list of people is an interval', () => {
  const members = (count: number, from = 0) =>
    Array.from({ length: count }, (_, n) => `m${String(from + n).padStart(3, '0')}@lamps.example`)
  const invited = (...addresses: readonly string[]) =>
    [ana, ...addresses].map(email => ({ email, responseStatus: 'accepted' }))

  async function organised(groups: Readonly<Record<string, readonly string[]>>, people: readonly string[]) {
    for (const address of [ana, ...people]) world.google.addUser({ address })
    for (const [address, group] of Object.entries(groups))
      world.google.addGroup({ address, name: address, members: group })
    await withDirectory()
    await world.addGoogle()
  }
  const meet = (...addresses: readonly string[]) =>
    world.google
      .user(ana)
      .calendar.insert({ ...anHour('Town hall', start), ...weekly, attendees: invited(...addresses) })

  test('19: thirty members of whom four are listed by themselves are counted once each', async () => {
    const all = members(30)
    await organised({ 'crew@lamps.example': all }, all)
    meet('crew@lamps.example', ...all.slice(0, 4))
    const { people } = await theSeries()
    // Ana and four for sure, all thirty and Ana at most
    expect(people.headcount).toMatchObject({ low: 5, high: 31 })
    expect(people.headcount.expected).toBeGreaterThan(5)
    expect(people.headcount.expected).toBeLessThan(31)
    expect(people.atLeast).toBe(false)
  })

  test('19: when Google puts the members on the invitation beside their list, nobody is counted twice', async () => {
    const all = members(30)
    await organised({ 'crew@lamps.example': all }, all)
    const { id } = meet('crew@lamps.example')
    world.google.user(ana).calendar.expandGroup(id!, 'crew@lamps.example', all)
    const { people } = await theSeries()
    expect(people.headcount).toEqual(exactly(31))
  })

  test('19: a list nobody knows is said to be a lower bound', async () => {
    await world.addGoogle()
    meet('strangers@googlegroups.com')
    const { people } = await theSeries()
    expect(people).toMatchObject({ headcount: { low: 1, high: 2 }, atLeast: true })
  })

  test('19: lists inside lists, with a circle, are opened to their people', async () => {
    const [payments, platform] = [members(6), members(6, 4)]
    await organised(
      {
        'all-lamps@lamps.example': ['payments@lamps.example', 'platform@lamps.example'],
        'payments@lamps.example': payments,
        'platform@lamps.example': [...platform, 'all-lamps@lamps.example'],
      },
      members(10),
    )
    meet('all-lamps@lamps.example')
    expect((await theSeries()).people).toMatchObject({ headcount: { low: 1, high: 11 }, atLeast: false })
  })

  test('19: a list longer than a page of the directory, and guests beyond what Google shows', async () => {
    const all = members(260)
    await organised({ 'everyone-here@lamps.example': all }, all)
    const { id } = meet('everyone-here@lamps.example')
    expect((await theSeries()).people).toMatchObject({ headcount: { low: 1, high: 261 }, atLeast: false })
    // expanded on the invitation: Google leaves the guests out of it and says so
    world.google.user(ana).calendar.expandGroup(id!, 'everyone-here@lamps.example', all)
    const { people } = await theSeries()
    expect(people.atLeast).toBe(true)
  })
})
