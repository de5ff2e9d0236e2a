import { describe, expect, it } from 'vitest'
import type { CalendarItem, Change, Tier } from '../../../src/connectors/connector.ts'
import { parseEvent } from '../../../src/connectors/google/api-types.ts'
import { PageReader } from '../../../src/connectors/google/map.ts'
import type { CalendarEvent } from '../../../src/domain/meetings/calendar-event.ts'
import { expandEvents } from '../../../src/domain/meetings/expand.ts'
import { zoneNamed } from '../../../src/domain/time/zone-table.ts'
import { at, window } from './google-world.ts'

const madrid = zoneNamed('Europe/Madrid')

function readerFor(how: { tier?: Tier; accessRole?: string | null } = {}): PageReader {
  const { tier = 'content', accessRole = 'owner' } = how
  return new PageReader({ calendar: 'ana', calendarZone: madrid, tier, accessRole, window })
}

function changesOf(events: readonly object[], how?: Parameters<typeof readerFor>[0]): readonly Change[] {
  return readerFor(how).read(events.map(event => parseEvent(event)!))
}

function itemOf(event: object, how?: Parameters<typeof readerFor>[0]): CalendarItem {
  const [change] = changesOf([event], how)
  if (change?.kind !== 'item') throw new Error('The event did not become an item.')
  return change.item
}

function eventOf(event: object, how?: Parameters<typeof readerFor>[0]): CalendarEvent {
  const { content } = itemOf(event, how)
  if (content.kind !== 'events') throw new Error('The item holds no events.')
  return content.events[0]!
}

const review = {
  id: 'review1',
  etag: '"1"',
  status: 'confirmed',
  summary: 'Lamp review',
  iCalUID: 'review1@google.com',
  organizer: { email: 'ana@lamps.example', self: true },
  start: { dateTime: '2026-03-16T10:00:00+01:00', timeZone: 'Europe/Madrid' },
  end: { dateTime: '2026-03-16T11:00:00+01:00', timeZone: 'Europe/Madrid' },
}
const weekly = { ...review, recurrence: ['RRULE:FREQ=WEEKLY;COUNT=4'] }
const cancelledSecond = {
  id: 'review1_20260323T090000Z',
  status: 'cancelled',
  recurringEventId: 'review1',
  originalStartTime: { dateTime: '2026-03-23T10:00:00+01:00', timeZone: 'Europe/Madrid' },
}
const startsOf = (events: readonly CalendarEvent[]) =>
  expandEvents(events, window).occurrences.map(({ startAt }) => new Date(startAt).toISOString())
const eventsOf = (changes: readonly Change[]) =>
  changes.flatMap(change =>
    change.kind === 'item' && change.item.content.kind === 'events' ? change.item.content.events : [],
  )

describe('times of Google events', () => {
  it.each([
    [
      'an offset and a zone',
      { dateTime: '2026-03-16T10:00:00+01:00', timeZone: 'Europe/Madrid' },
      '2026-03-16T09:00Z',
      'Europe/Madrid',
    ],
    [
      'another offset than its zone',
      { dateTime: '2026-03-16T05:00:00-04:00', timeZone: 'Europe/Madrid' },
      '2026-03-16T09:00Z',
      'Europe/Madrid',
    ],
    ['UTC', { dateTime: '2026-03-16T09:00:00Z', timeZone: 'UTC' }, '2026-03-16T09:00Z', 'UTC'],
    [
      'parts of a second',
      { dateTime: '2026-03-16T09:00:00.000Z', timeZone: 'Asia/Kathmandu' },
      '2026-03-16T09:00Z',
      'Asia/Kathmandu',
    ],
    ['no zone: the calendar’s', { dateTime: '2026-03-16T09:00:00Z' }, '2026-03-16T09:00Z', 'Europe/Madrid'],
    [
      'no offset: the wall of its zone',
      { dateTime: '2026-03-16T09:00:00', timeZone: 'America/New_York' },
      '2026-03-16T13:00Z',
      'America/New_York',
    ],
  ])('%s', (_, start, startsAt, zone) => {
    const { time } = eventOf({ ...review, start, end: { dateTime: '2026-03-16T14:00:00Z' } })
    expect(time.zone.toInstant(time.startWall)).toBe(Date.parse(startsAt))
    expect(time).toMatchObject({ zone: { name: zone }, allDay: false, floating: false, nominalDays: 0 })
    expect(time.exactMs).toBe(at('2026-03-16T14:00Z') - Date.parse(startsAt))
  })

  it.each([
    ['one day', '2026-03-16', '2026-03-17', 1],
    ['three days', '2026-03-16', '2026-03-19', 3],
    ['over the day clocks change', '2026-03-28', '2026-03-30', 2],
    ['an end on its own first day', '2026-03-16', '2026-03-16', 1],
    ['no end', '2026-03-16', undefined, 1],
  ])('all-day stays dates in every zone of the process: %s', (_, start, end, days) => {
    const { time } = eventOf({ ...review, start: { date: start }, end: end === undefined ? undefined : { date: end } })
    expect(time).toMatchObject({ startWall: at(`${start}T00:00Z`), allDay: true, nominalDays: days, exactMs: 0 })
    expect(time.zone.name).toBe('UTC')
  })

  it('a zone nobody knows is the calendar’s, and said', () => {
    const reader = readerFor()
    const start = { dateTime: '2026-03-16T10:00:00+01:00', timeZone: 'Mars/Olympus' }
    const [change] = reader.read([parseEvent({ ...review, start })!])
    expect(eventsOf([change!])[0]?.time.zone.name).toBe('Europe/Madrid')
    expect(reader.counts.all()).toEqual([expect.objectContaining({ code: 'zone-guessed', count: 1 })])
  })

  it('an event without a readable start costs itself alone, and is said', () => {
    const reader = readerFor()
    const broken = [{ id: 'a' }, { id: 'b', start: { dateTime: 'soon' } }, { id: 'c', start: { date: '2026-02-31' } }]
    const changes = reader.read([...broken, review].map(event => parseEvent(event)!))
    expect(changes.map(({ kind }) => kind)).toEqual(['removed', 'removed', 'removed', 'item'])
    expect(reader.counts.all()).toEqual([expect.objectContaining({ code: 'event-without-start', count: 3 })])
  })

  it('an end before the start is no length, and is said', () => {
    const reader = readerFor()
    const end = { dateTime: '2026-03-16T09:30:00+01:00' }
    expect(eventsOf(reader.read([parseEvent({ ...review, end })!]))[0]?.time.exactMs).toBe(0)
    expect(reader.counts.all()).toEqual([expect.objectContaining({ code: 'end-before-start', count: 1 })])
  })
})

describe('series', () => {
  it('a weekly meeting stays at its hour on the wall when clocks change', () => {
    expect(startsOf([eventOf(weekly)])).toEqual([
      '2026-03-16T09:00:00.000Z',
      '2026-03-23T09:00:00.000Z',
      '2026-03-30T08:00:00.000Z',
      '2026-04-06T08:00:00.000Z',
    ])
  })

  it.each([
    ['with its zone', 'EXDATE;TZID=Europe/Madrid:20260323T100000'],
    ['in quotes', 'EXDATE;TZID="Europe/Madrid":20260323T100000'],
    ['in UTC', 'EXDATE:20260323T090000Z'],
    ['on the wall of the series', 'EXDATE:20260323T100000'],
    ['as a date', 'EXDATE;VALUE=DATE:20260323'],
    ['in another zone', 'EXDATE;TZID=America/New_York:20260323T050000'],
    ['in a list', 'EXDATE;TZID=Europe/Madrid:20260401T100000,20260323T100000'],
  ])('an excluded date is excluded, written %s', (_, line) => {
    expect(startsOf([eventOf({ ...weekly, recurrence: [...weekly.recurrence, line] })])).not.toContain(
      '2026-03-23T09:00:00.000Z',
    )
  })

  it.each([
    ['a moment', 'RDATE;TZID=Europe/Madrid:20260318T100000'],
    ['a list', 'RDATE:20260318T090000Z,20260317T090000Z'],
    ['a period', 'RDATE;VALUE=PERIOD:20260318T090000Z/PT30M'],
    ['a period with an end', 'RDATE;VALUE=PERIOD:20260318T090000Z/20260318T093000Z'],
  ])('an added date takes place: %s', (_, line) => {
    const event = eventOf({ ...weekly, recurrence: [...weekly.recurrence, line] })
    expect(startsOf([event])).toContain('2026-03-18T09:00:00.000Z')
  })

  it('an all-day series excludes and adds dates', () => {
    const event = eventOf({
      ...review,
      start: { date: '2026-03-16' },
      end: { date: '2026-03-17' },
      recurrence: ['RRULE:FREQ=DAILY;COUNT=3', 'EXDATE;VALUE=DATE:20260317', 'RDATE;VALUE=DATE:20260401'],
    })
    expect(startsOf([event]).map(text => text.slice(0, 10))).toEqual(['2026-03-16', '2026-03-18', '2026-04-01'])
  })

  it.each([
    ['a rule without FREQ', 'RRULE:INTERVAL=2', 'bad-rule'],
    ['an EXRULE', 'EXRULE:FREQ=YEARLY', 'bad-rule'],
    ['no line at all', 'weekly', 'bad-rule'],
    ['a date that is none', 'EXDATE:20260231T100000', 'bad-date'],
    ['a period without an end', 'RDATE;VALUE=PERIOD:20260318T090000Z/', 'bad-date'],
  ])('a line that cannot be read costs itself, and is said: %s', (_, line, code) => {
    const reader = readerFor()
    const changes = reader.read([parseEvent({ ...weekly, recurrence: [...weekly.recurrence, line] })!])
    expect(startsOf(eventsOf(changes))).toHaveLength(4)
    expect(reader.counts.all()).toEqual([expect.objectContaining({ code, count: 1 })])
  })

  it('a moved occurrence takes the place of its original start', () => {
    const moved = {
      ...review,
      id: 'review1_20260323T090000Z',
      recurringEventId: 'review1',
      originalStartTime: { dateTime: '2026-03-23T10:00:00+01:00', timeZone: 'Europe/Madrid' },
      start: { dateTime: '2026-03-25T16:00:00+01:00', timeZone: 'Europe/Madrid' },
      end: { dateTime: '2026-03-25T17:00:00+01:00', timeZone: 'Europe/Madrid' },
    }
    const changes = changesOf([weekly, moved])
    expect(startsOf(eventsOf(changes))).toEqual([
      '2026-03-16T09:00:00.000Z',
      '2026-03-25T15:00:00.000Z',
      '2026-03-30T08:00:00.000Z',
      '2026-04-06T08:00:00.000Z',
    ])
    expect(itemOf(moved).seriesItemId).toBe('review1')
  })

  it('a cancelled occurrence with nothing but its ids is out, whether it comes before its series or after', () => {
    for (const order of [
      [weekly, cancelledSecond],
      [cancelledSecond, weekly],
    ]) {
      expect(startsOf(eventsOf(changesOf(order)))).not.toContain('2026-03-23T09:00:00.000Z')
    }
    expect(eventOf(cancelledSecond)).toMatchObject({
      status: 'cancelled',
      override: { originalStartAt: at('2026-03-23T09:00Z'), byDate: false },
      time: { zone: { name: 'Europe/Madrid' } },
    })
    expect(itemOf(cancelledSecond).etag).not.toBe('')
  })

  it('a cancelled occurrence that does not name its series is found by its id', () => {
    const { recurringEventId: _, ...bare } = cancelledSecond
    expect(itemOf(bare).seriesItemId).toBe('review1')
    expect(startsOf(eventsOf(changesOf([weekly, bare])))).toHaveLength(3)
  })

  it('a cancelled occurrence is kept for the life of its series, however long ago', () => {
    const old = { ...cancelledSecond, originalStartTime: { dateTime: '2019-03-25T10:00:00+01:00' } }
    expect(changesOf([old])[0]?.kind).toBe('item')
  })

  it('a cancelled occurrence of an all-day series has its date', () => {
    const gone = { ...cancelledSecond, id: 'review1_20260317', originalStartTime: { date: '2026-03-17' } }
    expect(eventOf(gone)).toMatchObject({
      override: { originalStartAt: at('2026-03-17T00:00Z'), byDate: false },
      time: { allDay: true, startWall: at('2026-03-17T00:00Z') },
    })
  })

  it('a deleted event is removed, with or without details, and takes what was cancelled in it along', () => {
    expect(changesOf([{ id: 'x', status: 'cancelled' }])).toEqual([{ kind: 'removed', itemId: 'x' }])
    expect(changesOf([{ ...review, status: 'cancelled' }])).toEqual([{ kind: 'removed', itemId: 'review1' }])
    expect(changesOf([cancelledSecond, { id: 'review1', status: 'cancelled' }])).toEqual([
      { kind: 'removed', itemId: cancelledSecond.id },
      { kind: 'removed', itemId: 'review1' },
    ])
  })
})

describe('what cannot touch the window', () => {
  const ended = (end: object) => ({ ...review, ...end })
  it.each([
    [
      'a meeting before it',
      ended({ start: { dateTime: '2025-01-01T10:00:00Z' }, end: { dateTime: '2025-01-01T11:00:00Z' } }),
      'removed',
    ],
    [
      'a series that ended before it',
      ended({
        start: { dateTime: '2025-01-01T10:00:00Z' },
        end: { dateTime: '2025-01-01T11:00:00Z' },
        recurrence: ['RRULE:FREQ=DAILY;UNTIL=20250201T000000Z'],
      }),
      'removed',
    ],
    [
      'a long-running series',
      ended({
        start: { dateTime: '2015-01-01T10:00:00Z' },
        end: { dateTime: '2015-01-01T11:00:00Z' },
        recurrence: ['RRULE:FREQ=WEEKLY'],
      }),
      'item',
    ],
    ['a meeting that lasts into it', ended({ start: { date: '2025-11-01' }, end: { date: '2026-03-01' } }), 'item'],
    [
      'a meeting after it, which the window will reach',
      ended({ start: { dateTime: '2029-01-01T10:00:00Z' }, end: { dateTime: '2029-01-01T11:00:00Z' } }),
      'item',
    ],
    [
      'an occurrence moved out of it',
      ended({
        id: 'm',
        recurringEventId: 'review1',
        originalStartTime: { dateTime: '2026-03-23T10:00:00+01:00' },
        start: { dateTime: '2025-01-01T10:00:00Z' },
        end: { dateTime: '2025-01-01T11:00:00Z' },
      }),
      'item',
    ],
  ])('%s', (_, event, kind) => {
    expect(changesOf([event])[0]?.kind).toBe(kind)
  })
})

describe('people', () => {
  const withGuests = (...attendees: object[]) => eventOf({ ...review, attendees })
  it.each([
    ['yes', { responseStatus: 'accepted' }, { response: 'accepted', role: 'required' }],
    ['no', { responseStatus: 'declined' }, { response: 'declined' }],
    ['perhaps', { responseStatus: 'tentative' }, { response: 'tentative' }],
    ['no answer', { responseStatus: 'needsAction' }, { response: 'none' }],
    ['a word that is new', { responseStatus: 'delegated' }, { response: 'none' }],
    ['optional', { optional: true }, { role: 'optional' }],
    ['the organizer', { organizer: true }, { role: 'chair' }],
    ['the calendar’s own entry', { self: true }, { self: true }],
    ['a room by its mark', { resource: true }, { kind: 'room' }],
  ])('%s', (_, attendee, expected) => {
    const [mapped] = withGuests({ email: 'ben@lamps.example', displayName: 'Ben', ...attendee }).attendees
    expect(mapped).toMatchObject({ address: 'ben@lamps.example', name: 'Ben', ...expected })
  })

  it('the owner’s entry is their own under whatever spelling, by Google’s mark and not by address', () => {
    const { attendees } = withGuests({ email: 'A.Ruiz@Lamps.example', self: true }, { email: 'ana@lamps.example.org' })
    expect(attendees.map(({ self }) => self)).toEqual([true, false])
  })

  it('a room is one by its address too, as a guest and as the organizer', () => {
    const room = { email: 'c_188@resource.calendar.google.com' }
    expect(withGuests(room).attendees[0]?.kind).toBe('room')
    expect(eventOf({ ...review, organizer: room }).organizer?.kind).toBe('room')
  })

  it('another calendar as the organizer is nobody', () => {
    const organizer = { email: 'c_abc@group.calendar.google.com', displayName: 'Release plan' }
    expect(eventOf({ ...review, organizer }).organizer?.kind).toBe('unknown')
  })

  it('whoever brings nothing but a mark is passed over', () => {
    expect(withGuests({ responseStatus: 'accepted' }, { email: 'ben@lamps.example' }).attendees).toHaveLength(1)
  })

  it.each([
    ['left out by Google', { attendeesOmitted: true, attendees: [{ email: 'ana@lamps.example', self: true }] }, true],
    ['a list still being opened', { attendees: [{ email: 'all@lamps.example', asyncOperation: 'inProgress' }] }, true],
    ['guests of guests', { attendees: [{ email: 'ben@lamps.example', additionalGuests: 2 }] }, true],
    [
      'more than are read',
      { attendees: Array.from({ length: 2_001 }, (_, n) => ({ email: `p${n}@lamps.example` })) },
      true,
    ],
    ['a whole list', { attendees: [{ email: 'ben@lamps.example', additionalGuests: 0 }] }, false],
    ['no list', {}, false],
  ])('a headcount is a lower bound where the list is cut: %s', (_, more, isCut) => {
    const event = eventOf({ ...review, ...more })
    expect(event.attendeesTruncated).toBe(isCut)
    expect(event.attendees.length).toBeLessThanOrEqual(2_000)
  })
})

describe('what an event is', () => {
  it.each([
    ['default', 'default', 'busy'],
    ['focusTime', 'focus-time', 'busy'],
    ['outOfOffice', 'out-of-office', 'out-of-office'],
    ['workingLocation', 'working-location', 'working-elsewhere'],
    ['birthday', 'birthday', 'busy'],
    ['fromGmail', 'other', 'busy'],
    ['hologram', 'other', 'busy'],
    [undefined, 'default', 'busy'],
  ])('type %s, with a title and without one', (eventType, type, showAs) => {
    expect(eventOf({ ...review, eventType })).toMatchObject({ type, showAs, title: 'Lamp review' })
    const { summary: _, ...untitled } = review
    expect(eventOf({ ...untitled, eventType })).toMatchObject({ type, showAs, title: null, visibility: 'default' })
  })

  it('a type that is new is said, and the page arrives', () => {
    const reader = readerFor()
    reader.read([parseEvent({ ...review, eventType: 'hologram' })!])
    expect(reader.counts.all()).toEqual([expect.objectContaining({ code: 'other-component', count: 1 })])
  })

  it.each([
    ['shown as free', { transparency: 'transparent' }, { showAs: 'free' }],
    ['tentative', { status: 'tentative' }, { status: 'tentative', showAs: 'tentative' }],
    ['public', { visibility: 'public' }, { visibility: 'public', title: 'Lamp review' }],
    ['an online call', { hangoutLink: 'https://meet.google.com/abc' }, { onlineUrl: 'https://meet.google.com/abc' }],
    [
      'a call of another provider',
      {
        hangoutLink: 'https://meet.google.com/abc',
        conferenceData: {
          entryPoints: [
            { entryPointType: 'phone', uri: 'tel:+34600' },
            { entryPointType: 'video', uri: 'https://zoom.example/j/1' },
          ],
        },
      },
      { onlineUrl: 'https://zoom.example/j/1' },
    ],
    [
      'no call at all',
      { conferenceData: { entryPoints: [{ entryPointType: 'video', uri: 'javascript:alert(1)' }] } },
      { onlineUrl: null },
    ],
    ['files', { attachments: [{ mimeType: 'text/plain' }, {}] }, { attachmentCount: 2 }],
    [
      'its history',
      { created: '2026-01-05T10:00:00.000Z', updated: '2026-02-01T10:00:00.500Z', sequence: 3 },
      { createdAt: at('2026-01-05T10:00Z'), updatedAt: at('2026-02-01T10:00:00.500Z'), sequence: 3 },
    ],
    ['no UID: the one Google makes', { iCalUID: undefined }, { uid: 'review1@google.com' }],
    ['a place', { location: 'Kitchen' }, { location: 'Kitchen' }],
  ])('%s', (_, more, expected) => {
    expect(eventOf({ ...review, ...more })).toMatchObject(expected)
  })

  it('texts have a length', () => {
    const reader = readerFor()
    const [event] = eventsOf(
      reader.read([parseEvent({ ...review, summary: 'x'.repeat(5_000), description: 'y'.repeat(30_000) })!]),
    )
    expect([event?.title?.length, event?.description.length]).toEqual([4_000, 20_000])
    expect(reader.counts.all()).toEqual([expect.objectContaining({ code: 'text-cut', count: 2 })])
  })

  it('fields of the wrong kind are as if they were not there', () => {
    const odd = {
      ...review,
      summary: 7,
      attendees: 'ben',
      recurrence: [null, 'RRULE:FREQ=DAILY;COUNT=2'],
      sequence: 'x',
      organizer: [],
    }
    expect(eventOf(odd)).toMatchObject({ title: null, attendees: [], sequence: 0, organizer: null })
  })
})

describe('what is nobody’s business', () => {
  const secret = 'SECRET'
  const telling = {
    ...weekly,
    summary: secret,
    description: secret,
    location: secret,
    iCalUID: secret,
    eventType: 'birthday',
    hangoutLink: `https://meet.google.com/${secret}`,
    organizer: { email: `${secret}@lamps.example` },
    attendees: [{ email: `${secret}@lamps.example`, displayName: secret }],
    attachments: [{ title: secret }],
  }
  const onlyTimeIsLeft = (item: CalendarItem) => {
    expect(JSON.stringify(item)).not.toContain(secret)
    const [event] = item.content.kind === 'events' ? item.content.events : []
    expect(event).toMatchObject({ title: null, attendees: [], organizer: null, onlineUrl: null, type: 'default' })
    expect(event?.time.exactMs).toBe(3_600_000)
    expect(event?.recurrence?.rules).toHaveLength(1)
  }

  it.each(['private', 'confidential', 'a word that is new'])('visibility %s leaves the time alone', visibility => {
    onlyTimeIsLeft(itemOf({ ...telling, visibility }))
  })

  it('free/busy hides every event', () => {
    onlyTimeIsLeft(itemOf({ ...telling, visibility: 'public' }, { tier: 'free-busy' }))
  })

  it.each(['reader', 'freeBusyReader', 'writerWithoutPrivateAccess'])(
    'an event without a title is hidden from a %s, not untitled',
    accessRole => {
      const { summary: _, ...untitled } = telling
      onlyTimeIsLeft(itemOf(untitled, { accessRole }))
    },
  )

  it('an event without a title is one for its owner, and for somebody asking by id who sees its organizer', () => {
    const { summary: _, ...untitled } = review
    expect(eventOf(untitled, { accessRole: 'owner' })).toMatchObject({ visibility: 'default', title: null })
    expect(eventOf(untitled, { accessRole: null })).toMatchObject({ visibility: 'default' })
    const { organizer: __, ...bare } = untitled
    expect(eventOf(bare, { accessRole: null })).toMatchObject({ visibility: 'private' })
  })

  it('a public occurrence of a private series is as private as the series, in whatever order they come', () => {
    const occurrence = {
      ...telling,
      id: 'review1_20260323T090000Z',
      recurringEventId: 'review1',
      recurrence: undefined,
      originalStartTime: { dateTime: '2026-03-23T10:00:00+01:00' },
      visibility: 'public',
    }
    const series = { ...telling, visibility: 'private' }
    for (const order of [
      [series, occurrence],
      [occurrence, series],
    ]) {
      expect(JSON.stringify(changesOf(order))).not.toContain(secret)
    }
  })

  it('the etag differs when what is kept differs: masked or not, by tier, and as Google’s own', () => {
    const etags = [
      itemOf(review).etag,
      itemOf(review, { tier: 'basic' }).etag,
      itemOf(review, { tier: 'free-busy' }).etag,
      itemOf({ ...review, visibility: 'private' }).etag,
      itemOf({ ...review, etag: '"2"' }).etag,
    ]
    expect(new Set(etags).size).toBe(etags.length)
    expect(itemOf(review, { tier: 'write-back' }).etag).toBe(itemOf(review).etag)
  })

  it('what is said about broken entries repeats nothing of them', () => {
    const reader = readerFor()
    reader.read(
      [
        { ...telling, id: 'a', start: { dateTime: secret } },
        { ...telling, id: 'b', recurrence: [secret], eventType: secret },
        { ...telling, id: 'c', start: { dateTime: '2026-03-16T10:00:00Z', timeZone: secret } },
      ].map(event => parseEvent(event)!),
    )
    expect(reader.counts.all().length).toBeGreaterThan(2)
    expect(JSON.stringify(reader.counts.all())).not.toContain(secret)
  })
})
