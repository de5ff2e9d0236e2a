import { describe, expect, test } from 'vitest'
import type { CalendarItem, Tier } from '../../../src/connectors/connector.ts'
import { parseEvent } from '../../../src/connectors/microsoft/api-types.ts'
import { mapDelta, mapEvent } from '../../../src/connectors/microsoft/map.ts'
import { MapProblems } from '../../../src/connectors/microsoft/map-problems.ts'
import type { CalendarEvent } from '../../../src/domain/meetings/calendar-event.ts'
import { emptyDirectory } from '../../../src/domain/meetings/directory.ts'
import { createResolver } from '../../../src/domain/meetings/who.ts'
import { attendee, goid, graphEvent, type Json, stub, utc } from './graph-json.ts'

const at = (text: string) => Date.parse(text)

function mapping(json: Json, { tier = 'content', zone = 'Europe/Madrid' }: { tier?: Tier; zone?: string | null } = {}) {
  const problems = new MapProblems()
  const calendar = { id: 'calendar-1', ownerAddress: 'Ana@Lantern.example', zone }
  const parsed = parseEvent(json)
  if (parsed === null) throw new Error('This is no event of Graph')
  const context = { calendar, tier, problems }
  const item = mapEvent(parsed, context)
  return {
    item,
    event: item === null ? null : only(item),
    codes: problems.all().map(({ code }) => code),
    problems,
    context,
    parsed,
  }
}

function only({ content }: CalendarItem): CalendarEvent | null {
  if (content.kind === 'events') return content.events[0] ?? null
  return content.kind === 'series' ? content.event : null
}

const mapped = (json: Json, how?: Parameters<typeof mapping>[1]) => {
  const { event } = mapping(json, how)
  if (event === null) throw new Error('Nothing came of it')
  return event
}

describe('times', () => {
  test('a meeting is an instant, on the wall of the zone it was made in', () => {
    const { time } = mapped(graphEvent())
    expect(time.zone.name).toBe('Europe/Warsaw')
    expect(time.zone.toInstant(time.startWall)).toBe(at('2026-03-30T08:00:00Z'))
    expect(new Date(time.startWall).toISOString()).toBe('2026-03-30T10:00:00.000Z')
    expect(time.exactMs).toBe(30 * 60_000)
  })

  const fractions: readonly (readonly [string, string])[] = [
    ['2026-03-30T08:00:00.0000000', '2026-03-30T08:00:00.000Z'],
    ['2026-03-30T08:00:00.1239999', '2026-03-30T08:00:00.123Z'],
    ['2026-03-30T08:00:00', '2026-03-30T08:00:00.000Z'],
    ['2026-03-30T08:00', '2026-03-30T08:00:00.000Z'],
    ['2026-03-30T08:00:00Z', '2026-03-30T08:00:00.000Z'],
  ]
  test.each(fractions)('%s is %s', (dateTime, instant) => {
    const { time } = mapped(graphEvent({ start: { dateTime, timeZone: 'UTC' } }))
    expect(new Date(time.zone.toInstant(time.startWall)).toISOString()).toBe(instant)
  })

  test('a server that does not give UTC is followed all the same', () => {
    const { time } = mapped(
      graphEvent({ start: { dateTime: '2026-03-30T10:00:00.0000000', timeZone: 'W. Europe Standard Time' } }),
    )
    expect(time.zone.toInstant(time.startWall)).toBe(at('2026-03-30T08:00:00Z'))
  })

  test.each(['2026-02-30T08:00:00', '2026-03-30T25:00:00', 'tomorrow', ''])(
    '"%s" is no start: left out, and counted',
    dateTime => {
      const { item, codes } = mapping(graphEvent({ start: { dateTime, timeZone: 'UTC' } }))
      expect(item).toBeNull()
      expect(codes).toEqual(['event-without-start'])
    },
  )

  test('without an end, or with one before the start, it has no length, which is said', () => {
    expect(mapping(graphEvent({ end: null }))).toMatchObject({
      event: { time: { exactMs: 0 } },
      codes: ['event-without-end'],
    })
    expect(mapping(graphEvent({ end: utc('2026-03-30T07:00:00') }))).toMatchObject({
      event: { time: { exactMs: 0 } },
      codes: ['end-before-start'],
    })
  })

  const allDays: readonly (readonly [string, string, string, string, number])[] = [
    ['one day', '2026-03-16T00:00:00', '2026-03-17T00:00:00', '2026-03-16', 1],
    ['three days over a clock change', '2026-03-28T00:00:00', '2026-03-31T00:00:00', '2026-03-28', 3],
    ['midnight to the same midnight', '2026-03-16T00:00:00', '2026-03-16T00:00:00', '2026-03-16', 1],
    ['converted on the way (Warsaw)', '2026-03-15T23:00:00', '2026-03-16T23:00:00', '2026-03-16', 1],
  ]
  test.each(allDays)('an all-day event is dates: %s', (_, start, end, on, days) => {
    const { time } = mapped(graphEvent({ isAllDay: true, start: utc(start), end: utc(end) }))
    expect(time).toMatchObject({
      allDay: true,
      startWall: at(`${on}T00:00:00Z`),
      nominalDays: days,
      exactMs: 0,
      floating: false,
    })
    expect(time.zone.name).toBe('UTC')
  })

  test('an all-day event keeps its date in whatever zone it is labelled', () => {
    for (const zone of ['Dateline Standard Time', 'Line Islands Standard Time', 'Nepal Standard Time', null]) {
      const { time } = mapped(
        graphEvent({
          isAllDay: true,
          originalStartTimeZone: zone,
          start: utc('2026-03-16T00:00:00'),
          end: utc('2026-03-17T00:00:00'),
        }),
      )
      expect(time.startWall).toBe(at('2026-03-16T00:00:00Z'))
    }
  })

  const zones: readonly (readonly [string | null, string, boolean])[] = [
    ['W. Europe Standard Time', 'Europe/Berlin', false],
    ['Europe/Madrid', 'Europe/Madrid', false],
    ['tzone://Microsoft/Utc', 'UTC', false],
    ['UTC', 'UTC', false],
    ['(UTC+01:00) Sarajevo, Skopje, Warsaw, Zagreb', 'Europe/Sarajevo', false],
    ['Customized Time Zone', 'Asia/Kathmandu', true],
    ['tzone://Microsoft/Custom', 'Asia/Kathmandu', true],
    ['Kamchatka Standard Time', 'Asia/Kamchatka', false],
    [null, 'Asia/Kathmandu', false],
  ]
  test.each(zones)('the zone "%s" is %s, guessed: %s', (name, zone, isGuessed) => {
    const { event, codes } = mapping(graphEvent({ originalStartTimeZone: name }), { zone: 'Asia/Kathmandu' })
    expect(event?.time.zone.name).toBe(zone)
    expect(event?.time.zone.toInstant(event.time.startWall)).toBe(at('2026-03-30T08:00:00Z'))
    expect(codes).toEqual(isGuessed ? ['zone-guessed'] : [])
  })

  test('a guess is said with the name of the zone, and without it for a private event', () => {
    const { problems } = mapping(graphEvent({ originalStartTimeZone: 'tzone://Secret' }))
    expect(problems.all()[0]?.sentence).toContain('tzone://Secret')
    const hidden = mapping(graphEvent({ originalStartTimeZone: 'tzone://Secret', sensitivity: 'private' }))
    expect(hidden.problems.all()[0]?.sentence).not.toContain('Secret')
  })
})

describe('what kind of thing it is', () => {
  test('a stub is an occurrence of its series, its times alone', () => {
    const { item } = mapping(stub('o-1', 'm-1', '2026-03-30T08:00:00', '2026-03-30T08:30:00'))
    expect(item).toEqual({
      id: 'o-1',
      etag: `t${at('2026-03-30T08:00:00Z')}-${at('2026-03-30T08:30:00Z')}`,
      seriesItemId: 'm-1',
      content: { kind: 'occurrence', startAt: at('2026-03-30T08:00:00Z'), endAt: at('2026-03-30T08:30:00Z') },
    })
  })

  test('the etag of a stub differs when its times do', () => {
    const first = mapping(stub('o-1', 'm-1', '2026-03-30T08:00:00', '2026-03-30T08:30:00')).item
    const longer = mapping(stub('o-1', 'm-1', '2026-03-30T08:00:00', '2026-03-30T09:00:00')).item
    expect(longer?.etag).not.toBe(first?.etag)
  })

  test('a stub without a series is left out and counted', () => {
    const { item, codes } = mapping({
      ...stub('o-1', '', '2026-03-30T08:00:00', '2026-03-30T08:30:00'),
      seriesMasterId: null,
    })
    expect(item).toBeNull()
    expect(codes).toEqual(['event-without-start'])
  })

  test('a series holds no rule of its own, whatever its pattern says', () => {
    const { item, event } = mapping(
      graphEvent({
        type: 'seriesMaster',
        recurrence: { pattern: { type: 'absoluteMonthly', dayOfMonth: 31, interval: 1 } },
      }),
    )
    expect(item?.content.kind).toBe('series')
    expect(event?.recurrence).toEqual({ rules: [], additions: [], exclusions: [], excludedDaysWall: [] })
  })

  test('an exception stands in its series where it was, under the UID of the series', () => {
    const { item, event } = mapping(
      graphEvent({
        id: 'e-1',
        type: 'exception',
        seriesMasterId: 'm-1',
        iCalUId: goid('07EA031E'),
        originalStart: '2026-03-30T07:00:00Z',
      }),
    )
    expect(item).toMatchObject({ id: 'e-1', seriesItemId: 'm-1', content: { kind: 'events' } })
    expect(event).toMatchObject({
      uid: goid(),
      override: { originalStartAt: at('2026-03-30T07:00:00Z'), byDate: false, andFuture: false },
      recurrence: null,
    })
  })

  test('the original start of an all-day exception is its date', () => {
    const exception = {
      type: 'exception',
      seriesMasterId: 'm-1',
      isAllDay: true,
      start: utc('2026-03-18T00:00:00'),
      end: utc('2026-03-19T00:00:00'),
    }
    for (const originalStart of ['2026-03-16T00:00:00Z', '2026-03-15T23:00:00Z']) {
      expect(mapped(graphEvent({ ...exception, originalStart })).override?.originalStartAt).toBe(
        at('2026-03-16T00:00:00Z'),
      )
    }
  })

  test('a kind that nobody knows yet is kept as another one, and said', () => {
    const { event, codes } = mapping(graphEvent({ type: 'hologram' }))
    expect(event).toMatchObject({ type: 'other', title: 'Lamp review' })
    expect(codes).toEqual(['other-component'])
  })

  test('a delta announces that a series was delivered whole, after the series', () => {
    const { context, parsed } = mapping(graphEvent({ id: 'm-1', type: 'seriesMaster' }))
    const { changes } = mapDelta(parsed, context)
    expect(changes.map(change => change.kind)).toEqual(['item', 'series-replaced'])
    expect(changes[1]).toEqual({ kind: 'series-replaced', seriesItemId: 'm-1' })
  })

  test('what left the view is removed, with the occurrences of it that nobody names', () => {
    const { context, parsed } = mapping({ id: 'x-1', '@removed': { reason: 'deleted' } })
    expect(mapDelta(parsed, context)).toEqual({
      kind: 'changes',
      changes: [
        { kind: 'removed', itemId: 'x-1' },
        { kind: 'series-replaced', seriesItemId: 'x-1' },
      ],
    })
  })

  test('an exception of which only ids and times came has to be asked for', () => {
    const sparse = { ...stub('e-1', 'm-1', '2026-03-30T09:00:00', '2026-03-30T09:30:00'), type: 'exception' }
    const { context, parsed } = mapping(sparse)
    expect(mapDelta(parsed, context)).toEqual({ kind: 'incomplete', itemId: 'e-1', changes: [] })
  })

  test('an exception that does not say where it stood has to be asked for', () => {
    const { context, parsed } = mapping(graphEvent({ type: 'exception', seriesMasterId: 'm-1' }))
    expect(mapDelta(parsed, context).kind).toBe('incomplete')
  })

  test('an event with an empty subject is whole', () => {
    const { context, parsed, event } = mapping(graphEvent({ subject: '' }))
    expect(mapDelta(parsed, context).kind).toBe('changes')
    expect(event?.title).toBeNull()
  })

  test.each([null, 7, 'text', [], {}, { id: 7 }])('%j is no event', json => {
    expect(parseEvent(json)).toBeNull()
  })

  test('fields of wrong types are as if they were not there', () => {
    const json = {
      id: 'x',
      type: 7,
      subject: {},
      start: utc('2026-03-30T08:00:00'),
      end: 3,
      attendees: 'all',
      organizer: [],
      body: 1,
      categories: [1, 'a'],
    }
    expect(mapped(json)).toMatchObject({
      title: null,
      attendees: [],
      organizer: null,
      description: '',
      categories: ['a'],
    })
  })
})

describe('people', () => {
  test('the owner’s own answer counts, not what an old invitation lists', () => {
    const [ana] = mapped(graphEvent({ responseStatus: { response: 'declined' } })).attendees
    expect(ana).toMatchObject({ address: 'ana@lantern.example', self: true, response: 'declined' })
  })

  test('where the owner has not answered the list is what there is', () => {
    const attendees = [attendee('ANA@lantern.example', 'tentativelyAccepted')]
    const [ana] = mapped(graphEvent({ attendees, responseStatus: { response: 'notResponded' } })).attendees
    expect(ana).toMatchObject({ self: true, response: 'tentative' })
  })

  const answers: readonly (readonly [string, string])[] = [
    ['accepted', 'accepted'],
    ['organizer', 'accepted'],
    ['tentativelyAccepted', 'tentative'],
    ['declined', 'declined'],
    ['notResponded', 'none'],
    ['none', 'none'],
    ['invented', 'none'],
  ]
  test.each(answers)('the answer %s is %s', (response, expected) => {
    expect(mapped(graphEvent({ attendees: [attendee('dev@lantern.example', response)] })).attendees[0]?.response).toBe(
      expected,
    )
  })

  test('the organizer is the chair, and the owner’s self where the owner organizes', () => {
    expect(mapped(graphEvent()).organizer).toMatchObject({ address: 'ben@lantern.example', role: 'chair', self: false })
    expect(mapped(graphEvent({ isOrganizer: true })).organizer?.self).toBe(true)
  })

  test('an organizer among the attendees is no second chair of another name', () => {
    const attendees = [
      attendee('Ben@lantern.example', 'organizer'),
      attendee('ana@lantern.example', 'none', 'optional'),
    ]
    expect(mapped(graphEvent({ attendees })).attendees.map(each => each.role)).toEqual(['chair', 'optional'])
  })

  test('an X.500 name stays as it is and is found to be the person it stands for', () => {
    const x500 =
      '/o=ExchangeLabs/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Recipients/cn=0123456789abcdef0123456789abcdef-ana'
    const { attendees } = mapped(graphEvent({ attendees: [attendee(x500, 'declined', 'required', 'Ana Ruiz')] }))
    expect(attendees[0]?.address).toBe(x500)
    const ana = {
      id: 'ana@lantern.example',
      name: 'Ana Ruiz',
      aliases: [],
      team: null,
      roleBand: null,
      zone: null,
      workingHours: null,
      managerId: null,
    }
    const directory = { ...emptyDirectory(), people: new Map([[ana.id, ana]]), byAddress: new Map([[ana.id, ana.id]]) }
    expect(createResolver(directory).personOf(x500, 'Ana Ruiz')).toBe('ana@lantern.example')
  })

  const rooms: readonly (readonly [string, Json])[] = [
    ['typed as a resource', { attendees: [attendee('room4@lantern.example', 'accepted', 'resource')] }],
    [
      'typed as required, with the address of a place',
      {
        attendees: [attendee('Room4@lantern.example', 'accepted', 'required', 'Room 4')],
        locations: [{ displayName: 'Room 4', locationType: 'conferenceRoom', locationUri: 'room4@lantern.example' }],
      },
    ],
    [
      'typed as required, with the mail address of a place',
      {
        attendees: [attendee('room4@lantern.example', 'accepted')],
        locations: [{ displayName: 'Room 4', locationType: 'default', locationEmailAddress: 'ROOM4@lantern.example' }],
      },
    ],
    [
      'typed as required, with the name of a conference room that has no address',
      {
        attendees: [attendee('room4@lantern.example', 'accepted', 'required', 'Room 4')],
        locations: [{ displayName: 'Room 4', locationType: 'conferenceRoom' }],
      },
    ],
  ]
  test.each(rooms)('a room is a room: %s', (_, more) => {
    expect(mapped(graphEvent(more)).attendees.map(each => each.kind)).toEqual(['room'])
  })

  test('a person whose name is the place of a meeting is still a person', () => {
    const { attendees } = mapped(graphEvent({ locations: [{ displayName: 'Ana Ruiz', locationType: 'homeAddress' }] }))
    expect(attendees[0]?.kind).toBe('person')
  })

  test('a room that organizes is a room', () => {
    const room = { emailAddress: { name: 'Room 4', address: 'room4@lantern.example' } }
    const locations = [{ displayName: 'Room 4', locationType: 'conferenceRoom', locationUri: 'room4@lantern.example' }]
    expect(mapped(graphEvent({ organizer: room, locations })).organizer?.kind).toBe('room')
  })

  test('a hidden list is a lower bound, but not for its organizer', () => {
    expect(mapped(graphEvent({ hideAttendees: true })).attendeesTruncated).toBe(true)
    expect(mapped(graphEvent({ hideAttendees: true, isOrganizer: true })).attendeesTruncated).toBe(false)
  })

  test('a list that is too long is cut, marked and said', () => {
    const attendees = Array.from({ length: 2_001 }, (_, n) => attendee(`p${n}@lantern.example`))
    const { event, codes } = mapping(graphEvent({ attendees }))
    expect(event?.attendees).toHaveLength(2_000)
    expect(event?.attendeesTruncated).toBe(true)
    expect(codes).toEqual(['too-many-attendees'])
  })
})

describe('what calendars show', () => {
  const shown: readonly (readonly [string | null, CalendarEvent['showAs']])[] = [
    ['free', 'free'],
    ['tentative', 'tentative'],
    ['busy', 'busy'],
    ['oof', 'out-of-office'],
    ['workingElsewhere', 'working-elsewhere'],
    ['unknown', 'busy'],
    ['invented', 'busy'],
    [null, 'busy'],
  ]
  test.each(shown)('shown as %s is %s', (showAs, expected) => {
    expect(mapped(graphEvent({ showAs })).showAs).toBe(expected)
  })

  test('a cancelled copy is cancelled, whatever its title says, and a title alone cancels nothing', () => {
    expect(mapped(graphEvent({ isCancelled: true, subject: 'Canceled: Canceled: Lamp review' }))).toMatchObject({
      status: 'cancelled',
    })
    expect(mapped(graphEvent({ subject: 'Canceled orders review' }))).toMatchObject({
      status: 'confirmed',
      title: 'Canceled orders review',
    })
  })

  test('one cancelled occurrence is a cancelled override', () => {
    const event = mapped(
      graphEvent({
        type: 'exception',
        seriesMasterId: 'm-1',
        originalStart: '2026-03-30T08:00:00Z',
        isCancelled: true,
      }),
    )
    expect(event).toMatchObject({ status: 'cancelled', override: { originalStartAt: at('2026-03-30T08:00:00Z') } })
  })

  const types: readonly (readonly [string, Json, CalendarEvent['type']])[] = [
    ['away, alone', { showAs: 'oof', attendees: [] }, 'out-of-office'],
    ['away, with others: a meeting elsewhere', { showAs: 'oof' }, 'default'],
    [
      'a working place for the day',
      {
        showAs: 'workingElsewhere',
        isAllDay: true,
        attendees: [],
        start: utc('2026-03-16T00:00:00'),
        end: utc('2026-03-17T00:00:00'),
      },
      'working-location',
    ],
    ['focus time by its category', { categories: ['Focus time'], attendees: [] }, 'focus-time'],
    ['without a title', { subject: null, showAs: 'oof', attendees: [] }, 'out-of-office'],
    ['nothing of the kind', {}, 'default'],
  ]
  test.each(types)('the type: %s', (_, more, type) => {
    expect(mapped(graphEvent(more)).type).toBe(type)
  })

  test('places are named once, several as Graph joins them', () => {
    expect(mapped(graphEvent()).location).toBe('Room 4')
    const locations = [{ displayName: 'Room 4' }, { displayName: 'Room 5' }]
    expect(mapped(graphEvent({ location: { displayName: 'Room 4; Room 5' }, locations })).location).toBe(
      'Room 4; Room 5',
    )
  })

  test('the online address, attachments, categories and dates are kept', () => {
    const more = {
      onlineMeeting: { joinUrl: 'https://teams.example/l/1' },
      hasAttachments: true,
      categories: ['Planning'],
    }
    expect(mapped(graphEvent(more))).toMatchObject({
      onlineUrl: 'https://teams.example/l/1',
      attachmentCount: 1,
      categories: ['Planning'],
      createdAt: at('2026-01-07T10:00:00.123Z'),
      updatedAt: at('2026-01-08T10:00:00Z'),
    })
  })

  test('a UID that is missing is made from the id, and said', () => {
    const { event, codes } = mapping(graphEvent({ iCalUId: null }))
    expect(event?.uid).toMatch(/^without-uid-/)
    expect(codes).toEqual(['event-without-uid'])
  })

  test('the etag is the one that writes are matched against', () => {
    expect(mapping(graphEvent()).item?.etag).toBe('W/"key-1"')
    expect(mapping(graphEvent({ '@odata.etag': undefined })).item?.etag).toBe('key-1')
    const none = graphEvent({ '@odata.etag': undefined, changeKey: undefined })
    const { item } = mapping(none)
    expect(item?.etag).not.toBe('')
    expect(mapping({ ...none, subject: 'Another' }).item?.etag).not.toBe(item?.etag)
  })
})

describe('how much is read', () => {
  const secret: Json = {
    subject: 'SECRET-title',
    body: { contentType: 'text', content: 'SECRET-text' },
    location: { displayName: 'SECRET-place' },
    attendees: [attendee('secret@lantern.example', 'none', 'required', 'SECRET-name')],
    organizer: { emailAddress: { name: 'SECRET-name', address: 'secret@lantern.example' } },
    onlineMeeting: { joinUrl: 'https://teams.example/SECRET' },
    categories: ['SECRET-category'],
    iCalUId: 'SECRET-uid@lantern.example',
  }

  test.each(['personal', 'private', 'confidential'])('of a %s event nothing is left but its time', sensitivity => {
    const { item, event } = mapping(graphEvent({ ...secret, sensitivity }))
    expect(JSON.stringify(item)).not.toMatch(/secret/i)
    expect(event?.visibility).toBe(sensitivity === 'confidential' ? 'confidential' : 'private')
    expect(event?.time.zone.toInstant(event.time.startWall)).toBe(at('2026-03-30T08:00:00Z'))
  })

  test('an exception of a private series is as private, and says which series it is of', () => {
    const exception = { type: 'exception', seriesMasterId: 'm-1', originalStart: '2026-03-30T08:00:00Z' }
    const { item } = mapping(graphEvent({ ...secret, ...exception, sensitivity: 'private' }))
    expect(item?.seriesItemId).toBe('m-1')
    expect(JSON.stringify(item)).not.toMatch(/secret/i)
  })

  test('free/busy keeps times alone', () => {
    expect(JSON.stringify(mapping(graphEvent(secret), { tier: 'free-busy' }).item)).not.toMatch(/secret/i)
  })

  test('basic keeps no agenda, even one that came', () => {
    expect(mapped(graphEvent(), { tier: 'basic' })).toMatchObject({ title: 'Lamp review', description: '' })
  })

  test('content keeps the agenda, up to its limit', () => {
    expect(mapped(graphEvent(), { tier: 'content' }).description).toBe('Which lamp do we keep?\r\n')
    const { event, codes } = mapping(graphEvent({ body: { contentType: 'text', content: 'x'.repeat(30_000) } }))
    expect(event?.description).toHaveLength(20_000)
    expect(codes).toEqual(['text-cut'])
  })
})
