import { afterEach, describe, expect, test } from 'vitest'
import { hourMs } from '../../src/domain/time/types.ts'
import { calendarText, zoneLines } from '../connectors/ics/calendar-text.ts'
import { ana, anHour, ben, type LiveWorld, liveWorld, moment } from './live-world.ts'

let world: LiveWorld
afterEach(() => world.close())

const anaAndBen = [ana, ben].map(email => ({ email, responseStatus: 'accepted' }))
const graphGuests = [ana, ben].map(address => ({
  type: 'required' as const,
  status: { response: 'accepted' as const, time: '0001-01-01T00:00:00Z' },
  emailAddress: { address, name: address },
}))
const feedGuests = [ana, ben].flatMap(address => [`ATTENDEE;PARTSTAT=ACCEPTED:mailto:${address}`])

describe('7: an all-day event is its dates', () => {
  const dates = [
    ['Offsite', '2026-03-16', '2026-03-17'],
    ['Conference', '2026-03-27', '2026-03-31'],
  ] as const

  async function atGoogle() {
    const account = await world.addGoogle()
    for (const [summary, from, to] of dates) {
      world.google.user(ana).calendar.insert({ summary, start: { date: from }, end: { date: to } })
    }
    return account
  }

  async function atMicrosoft() {
    const account = await world.addMicrosoft()
    const [kiritimati, la] = ['Line Islands Standard Time', 'Pacific Standard Time']
    for (const [subject, start, end] of dates) {
      world.graph.mailbox(ana).create({ subject, start, end, zone: subject === 'Offsite' ? kiritimati : la })
    }
    return account
  }

  async function inAFeed() {
    const plain = (date: string) => date.replaceAll('-', '')
    const events = dates.flatMap(([summary, from, to]) => [
      ...['BEGIN:VEVENT', `UID:${summary}`, `SUMMARY:${summary}`],
      ...[`DTSTART;VALUE=DATE:${plain(from)}`, `DTEND;VALUE=DATE:${plain(to)}`, 'END:VEVENT'],
    ])
    return await world.addFeed('lamps', calendarText(...events))
  }

  // that the zone of the process changes nothing is what the runs of the whole suite in four zones are for
  test.each([
    ['Google', atGoogle],
    ['Microsoft', atMicrosoft],
    ['a feed', inAFeed],
  ])('7: from %s, whatever the zone of whoever reads', async (_, begin) => {
    world = await liveWorld()
    await begin()
    await world.sync()
    for (const zone of ['UTC', 'Pacific/Kiritimati', 'America/Los_Angeles', 'Asia/Kathmandu']) {
      const { occurrences } = await world.read({ zone })
      expect(
        occurrences.map(({ title, start, end, allDay }) => [title, start, end, allDay]),
        zone,
      ).toEqual(dates.map(([title, from, to]) => [title, from, to, true]))
    }
  })
})

describe('8: a series keeps its hour on its own wall', () => {
  async function atGoogle() {
    await world.addGoogle()
    const { calendar } = world.google.user(ana)
    const pair = [
      ['Warsaw', 'Europe/Warsaw', '2026-02-16T14:00Z'],
      ['New York', 'America/New_York', '2026-02-16T14:00Z'],
    ] as const
    for (const [summary, zone, start] of pair) {
      calendar.insert({
        summary,
        start: moment(start, zone),
        end: moment(Date.parse(start) + hourMs, zone),
        recurrence: ['RRULE:FREQ=WEEKLY;COUNT=9'],
        attendees: anaAndBen,
      })
    }
  }

  async function atMicrosoft() {
    await world.addMicrosoft()
    const pair = [
      ['Warsaw', 'Central European Standard Time', '15:00', '16:00'],
      ['New York', 'Eastern Standard Time', '09:00', '10:00'],
    ] as const
    for (const [subject, zone, from, to] of pair) {
      world.graph.mailbox(ana).createSeries({
        subject,
        zone,
        start: `2026-02-16T${from}`,
        end: `2026-02-16T${to}`,
        pattern: { type: 'weekly', daysOfWeek: ['monday'] },
        range: { type: 'numbered', numberOfOccurrences: 9 },
        attendees: graphGuests,
      })
    }
  }

  async function inAFeed() {
    const series = (name: string, zone: string, from: string, to: string) => [
      ...['BEGIN:VEVENT', `UID:${name}`, `SUMMARY:${name}`, ...feedGuests, `ORGANIZER:mailto:${ana}`],
      ...[`DTSTART;TZID=${zone}:20260216T${from}`, `DTEND;TZID=${zone}:20260216T${to}`],
      ...['RRULE:FREQ=WEEKLY;COUNT=9', 'END:VEVENT'],
    ]
    await world.addFeed(
      'lamps',
      calendarText(
        ...zoneLines('Central European Standard Time', '+0100', '+0200', 'eu'),
        ...zoneLines('Eastern Standard Time', '-0500', '-0400', 'us'),
        ...series('Warsaw', 'Central European Standard Time', '150000', '160000'),
        ...series('New York', 'Eastern Standard Time', '090000', '100000'),
      ),
    )
  }

  test.each([
    ['Google', atGoogle],
    ['Microsoft', atMicrosoft],
    ['a feed', inAFeed],
  ])(
    '8: from %s: two meetings that overlap stand apart while only one side has changed its clocks',
    async (_, begin) => {
      world = await liveWorld()
      await begin()
      await world.sync()
      const { occurrences } = await world.read({ zone: 'Europe/Warsaw' })
      const startsOf = (title: string) => occurrences.filter(each => each.title === title).map(({ start }) => start)
      expect(startsOf('New York').map(start => start.slice(5, 16))).toEqual([
        ...['02-16T14:00', '02-23T14:00', '03-02T14:00'],
        ...['03-09T13:00', '03-16T13:00', '03-23T13:00', '03-30T13:00', '04-06T13:00', '04-13T13:00'],
      ])
      // one hour of meetings in a week where they overlap, two where they do not
      const { week } = await world.audit({ me: ana, zone: 'Europe/Warsaw' })
      const hours = Object.fromEntries(week!.perWeek.map(({ weekOn, meetingHours }) => [weekOn, meetingHours]))
      expect(hours).toMatchObject({
        '2026-02-16': 1,
        '2026-03-02': 1,
        '2026-03-09': 2,
        '2026-03-16': 2,
        '2026-03-23': 2,
        '2026-03-30': 1,
        '2026-04-13': 1,
      })
    },
  )
})

describe('9: one occurrence that was taken out of a series', () => {
  const starts = ['02-03', '02-10', '02-17', '02-24', '03-03'] as const
  const startsShown = async () => (await world.read()).occurrences.map(({ start }) => start.slice(5, 10))
  const without = (day: string) => starts.filter(each => each !== day)

  test.each([
    ['before its series', 'exceptions-first', 'minimal'],
    ['after its series', 'masters-first', 'minimal'],
    ['before its series, with everything it had', 'exceptions-first', 'full'],
  ] as const)('9: stays out when Google names it %s, a page apart', async (_, order, cancelled) => {
    world = await liveWorld()
    await world.addGoogle()
    Object.assign(world.google.settings, { order, cancelled, pageSize: 1 })
    const { calendar } = world.google.user(ana)
    const { id } = calendar.insert({
      ...anHour('Review', '2026-02-03T09:00Z'),
      recurrence: ['RRULE:FREQ=WEEKLY;COUNT=5'],
      attendees: anaAndBen,
    })
    calendar.cancelInstance(id!, '2026-02-17T10:00:00+01:00')
    await world.sync()
    expect(await startsShown()).toEqual(without('02-17'))

    // one more in an increment, which brings the tombstone alone; then the series is touched; then all is read again
    calendar.cancelInstance(id!, '2026-02-24T10:00:00+01:00')
    await world.sync()
    calendar.patch(id!, { description: 'Bring your numbers.' })
    await world.sync()
    const twoLess = starts.filter(day => day !== '02-17' && day !== '02-24')
    expect(await startsShown()).toEqual(twoLess)
    calendar.expireTokens()
    await world.sync()
    expect(await startsShown()).toEqual(twoLess)
    expect((await world.read()).removed.map(({ start }) => start.slice(5, 10))).toEqual(['02-17', '02-24'])
    expect((await world.audit({ me: ana })).counts.meetings).toBe(3)
  })

  test('9: stays out of a feed, whose override says that it is cancelled', async () => {
    world = await liveWorld()
    const override = (status: string) => [
      ...['BEGIN:VEVENT', 'UID:review', 'SUMMARY:Review', `STATUS:${status}`],
      ...['RECURRENCE-ID:20260217T090000Z', 'DTSTART:20260217T090000Z', 'DTEND:20260217T100000Z', 'END:VEVENT'],
    ]
    const series = [
      ...['BEGIN:VEVENT', 'UID:review', 'SUMMARY:Review', 'RRULE:FREQ=WEEKLY;COUNT=5'],
      ...['DTSTART:20260203T090000Z', 'DTEND:20260203T100000Z', 'END:VEVENT'],
    ]
    await world.addFeed('lamps', calendarText(...override('CANCELLED'), ...series))
    await world.sync()
    expect(await startsShown()).toEqual(without('02-17'))
    world.publish('lamps', calendarText(...series, ...override('CANCELLED')))
    await world.sync()
    expect(await startsShown()).toEqual(without('02-17'))
  })
})

describe('22: a zone that no table knows', () => {
  const names = [
    'Customized Time Zone',
    'tzone://Microsoft/Custom',
    'tzone://Microsoft/Utc',
    '(UTC+01:00) Sarajevo, Skopje, Warsaw, Zagreb',
    'Kamchatka Standard Time',
    'Mid-Atlantic Standard Time',
    '/freeassociation.sourceforge.net/Europe/Warsaw',
  ]

  test('22: costs no event at Microsoft; the calendar lends its own zone, and the audit says so', async () => {
    world = await liveWorld()
    const account = await world.addMicrosoft()
    for (const [n, zone] of names.entries()) {
      world.graph.mailbox(ana).createSeries({
        subject: `Zone ${n}`,
        start: '2026-02-17T09:00',
        end: '2026-02-17T10:00',
        zone,
        zoneStandsFor: 'Europe/Warsaw',
        pattern: { type: 'weekly', daysOfWeek: ['tuesday'] },
        range: { type: 'numbered', numberOfOccurrences: 8 },
      })
    }
    await world.sync()
    const { occurrences } = await world.read()
    for (const n of names.keys()) {
      const mine = occurrences.filter(({ title }) => title === `Zone ${n}`).map(({ start }) => start.slice(5, 16))
      // before and after the change of clocks, as Graph expanded it
      expect([mine.length, mine[0], mine[7]], names[n]).toEqual([8, '02-17T08:00', '04-07T07:00'])
    }
    const { leftOut } = await world.state(account)
    expect(leftOut.map(({ sentence }) => sentence).join('\n')).toMatch(/Customized Time Zone/)
    expect((await world.audit()).sources[0]?.leftOut.length).toBeGreaterThan(0)
  })

  test.each([
    ['with the definition beside it', true],
    ['with the name alone', false],
  ])('22: costs no event of a feed, %s', async (_, isDefined) => {
    world = await liveWorld()
    const account = await world.addFeed(
      'lamps',
      calendarText(
        'X-WR-TIMEZONE:Europe/Warsaw',
        ...(isDefined ? names.flatMap(name => zoneLines(name, '+0100', '+0200')) : []),
        ...names.flatMap((name, n) => [
          ...['BEGIN:VEVENT', `UID:${n}`, `SUMMARY:Zone ${n}`, 'RRULE:FREQ=WEEKLY;COUNT=8'],
          ...[`DTSTART;TZID="${name}":20260217T090000`, `DTEND;TZID="${name}":20260217T100000`, 'END:VEVENT'],
        ]),
      ),
    )
    const run = await world.sync()
    expect(run.calendars[0]?.outcome.result).toBe('done')
    const { occurrences } = await world.read()
    const startsOf = (n: number) =>
      occurrences.filter(({ title }) => title === `Zone ${n}`).map(({ start }) => start.slice(5, 16))
    for (const n of names.keys()) expect(startsOf(n), names[n]).toHaveLength(8)
    // what is a zone by its name keeps it, the rest is as defined or as the calendar
    for (const n of [0, 1, 3, 6]) {
      expect([startsOf(n)[0], startsOf(n)[7]], names[n]).toEqual(['02-17T08:00', '04-07T07:00'])
    }
    const said = (await world.state(account)).leftOut.map(({ sentence }) => sentence).join('\n')
    expect(said).toMatch(/Customized Time Zone|tzone:/)
  })
})

test('24: no rule and no line of a feed keeps the others waiting', async () => {
  world = await liveWorld()
  const series = (uid: string, ...lines: readonly string[]) => [
    ...['BEGIN:VEVENT', `UID:${uid}`, `SUMMARY:${uid}`, ...lines, 'END:VEVENT'],
  ]
  const poisons: Readonly<Record<string, string>> = {
    secondly: calendarText(...series('s', 'DTSTART:20200101T000000Z', 'RRULE:FREQ=SECONDLY')),
    ancient: calendarText(...series('a', 'DTSTART:16010101T000000Z', 'RRULE:FREQ=DAILY;INTERVAL=1')),
    distant: calendarText(...series('d', 'DTSTART:20260302T090000Z', 'RRULE:FREQ=WEEKLY;UNTIL=99991231T235959Z')),
    impossible: calendarText(...series('i', 'DTSTART:20260302T090000Z', 'RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30')),
    endless: calendarText(...series('e', 'DTSTART:20260302T090000Z', `DESCRIPTION:${'x'.repeat(50_000_000)}`)),
  }
  const accounts = new Map<string, string>()
  for (const [name, text] of Object.entries(poisons)) accounts.set(name, await world.addFeed(name, text))
  const good = await world.addFeed(
    'good',
    calendarText(...series('Lunch', 'DTSTART:20260303T110000Z', 'DURATION:PT1H')),
  )
  const beginning = performance.now()
  const run = await world.sync()
  expect(run.calendars.map(({ outcome }) => outcome.result)).toEqual(Array(6).fill('done'))
  const { occurrences, leftOut } = await world.read()
  // by a factor of ten on a slow machine; walking any one of these takes minutes
  expect(performance.now() - beginning).toBeLessThan(10_000)

  expect(await world.shown(good)).toEqual(['2026-03-03T11:00 Lunch'])
  const of = (title: string) => occurrences.filter(each => each.title === title).length
  expect(of('s')).toBeLessThanOrEqual(1)
  expect(of('a')).toBe(12 * 7)
  expect(of('d')).toBe(8)
  expect(of('i')).toBeLessThanOrEqual(1)
  expect(of('e')).toBe(1)
  expect(leftOut.map(({ code }) => code)).toEqual(expect.arrayContaining(['rule-too-frequent']))
  const bytes = JSON.stringify(await world.kept(accounts.get('endless')!)).length
  expect(bytes).toBeLessThan(100_000)
})
