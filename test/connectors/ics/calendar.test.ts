import { describe, expect, it } from 'vitest'
import { readIcs } from '../../../src/connectors/ics/calendar.ts'
import { calendarText, eventLines, read, readEvent, starts, warsaw, year2026, zoneLines } from './calendar-text.ts'

describe('content lines', () => {
  it('CRLF, LF, CR and doubled CR ends read the same', async () => {
    const text = calendarText(...eventLines('SUMMARY:Planning of', '  the release'))
    const { events } = await read(text)
    expect(events[0]?.title).toBe('Planning of the release')
    for (const end of ['\n', '\r', '\r\r\n']) expect((await read(text.replaceAll('\r\n', end))).events).toEqual(events)
  })

  it('folds with space or tab, inside names, parameters and UTF-8 characters are undone', async () => {
    const utf8 = new TextEncoder().encode(calendarText(...eventLines('SUMMARY:Żółw i 会議')))
    const everywhere: number[] = []
    let isLineEmpty = true
    for (const byte of utf8) {
      if (!isLineEmpty && byte !== 10 && byte !== 13) everywhere.push(13, 10, everywhere.length % 2 ? 32 : 9)
      everywhere.push(byte)
      isLineEmpty = byte === 10
    }
    const { events } = await read(Uint8Array.from(everywhere))
    expect(events[0]?.title).toBe('Żółw i 会議')
  })

  it('any cut into chunks gives the same reading', async () => {
    const text = calendarText(...eventLines('SUMMARY:Pierwsze\\, drugie', 'DESCRIPTION:ąę\r\n  fold\r\n\tanother'))
    const bytes = new TextEncoder().encode(text)
    const whole = await read(bytes)
    for (const size of [1, 2, 3, 7, 64]) {
      const chunks = async function* () {
        for (let from = 0; from < bytes.length; from += size) yield bytes.slice(from, from + size)
      }
      const options = { calendar: 'test.ics', window: year2026, defaultZone: warsaw }
      expect(await readIcs(chunks(), options)).toEqual(whole)
    }
  })

  it('a byte order mark is skipped, invalid bytes become replacement characters', async () => {
    const bytes = new TextEncoder().encode(`\ufeff${calendarText(...eventLines('SUMMARY:Caf# talk'))}`)
    bytes[bytes.indexOf(35)] = 0xe9
    expect((await read(bytes)).events[0]?.title).toBe('Caf\ufffd talk')
  })

  it.each(['le', 'be'])('UTF-16 (%s) is decoded', async order => {
    const text = `\ufeff${calendarText(...eventLines('SUMMARY:Przegląd'))}`
    const bytes = new Uint8Array(text.length * 2)
    const view = new DataView(bytes.buffer)
    for (let at = 0; at < text.length; at++) view.setUint16(at * 2, text.charCodeAt(at), order === 'le')
    expect((await read(bytes)).events[0]?.title).toBe('Przegląd')
  })

  it('names and words in lower case count', async () => {
    const text = calendarText(...eventLines('summary:Small', 'status:cancelled')).replace(
      'BEGIN:VEVENT',
      'begin:vevent',
    )
    const { events } = await read(text)
    expect(events.map(each => [each.title, each.status])).toEqual([['Small', 'cancelled']])
  })
})

describe('texts', () => {
  it('escapes are undone, and a backslash before anything else is dropped', async () => {
    const event = await readEvent('SUMMARY:One\\, two\\; three\\\\four', 'DESCRIPTION:First\\nsecond\\Nthird')
    expect(event.title).toBe('One, two; three\\four')
    expect(event.description).toBe('First\nsecond\nthird')
  })

  it('no title → null, not a word of ours', async () => {
    expect((await readEvent('SUMMARY:  ')).title).toBeNull()
  })

  it('an HTML description stands in where there is no plain one, in either order', async () => {
    const html = 'X-ALT-DESC;FMTTYPE=text/html:<p>Agenda</p>'
    expect((await readEvent(html)).description).toBe('<p>Agenda</p>')
    expect((await readEvent(html, 'DESCRIPTION:Agenda')).description).toBe('Agenda')
    expect((await readEvent('DESCRIPTION:Agenda', html)).description).toBe('Agenda')
    expect((await readEvent('DESCRIPTION:', html)).description).toBe('<p>Agenda</p>')
  })

  it('categories of several lines are joined, escaped commas kept', async () => {
    expect((await readEvent('CATEGORIES:Red,Green\\, light', 'CATEGORIES:Blue')).categories).toEqual([
      'Red',
      'Green, light',
      'Blue',
    ])
  })

  it('an alarm inside an event says nothing about the event', async () => {
    const event = await readEvent('BEGIN:VALARM', 'DESCRIPTION:Reminder', 'ATTENDEE:mailto:x@example.com', 'END:VALARM')
    expect([event.description, event.attendees]).toEqual(['', []])
  })
})

describe('people', () => {
  it('an attendee with every parameter → all of them, quotes and ^ escapes undone', async () => {
    const event = await readEvent(
      'ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=OPT-PARTICIPANT;PARTSTAT=TENTATIVE;CN="Doe; Jane: ^\'J^\' ^^";RSVP=TRUE:MAILTO:Jane.Doe@Example.com ',
    )
    expect(event.attendees).toEqual([
      {
        address: 'Jane.Doe@Example.com',
        name: 'Doe; Jane: "J" ^',
        kind: 'person',
        response: 'tentative',
        role: 'optional',
        self: false,
      },
    ])
  })

  it.each([
    ['ATTENDEE;CUTYPE=ROOM:mailto:blue@example.com', 'room', 'none', 'required'],
    ['ATTENDEE;CUTYPE=RESOURCE;ROLE=NON-PARTICIPANT:mailto:beamer@example.com', 'room', 'none', 'informed'],
    ['ATTENDEE;PARTSTAT=ACCEPTED:mailto:c_1@resource.calendar.google.com', 'room', 'accepted', 'required'],
    ['ATTENDEE;CUTYPE=GROUP;PARTSTAT=DECLINED:mailto:team@example.com', 'group', 'declined', 'required'],
    ['ATTENDEE;CUTYPE=X-ROBOT;ROLE=CHAIR:mailto:bot@example.com', 'unknown', 'none', 'chair'],
    [
      'ATTENDEE;PARTSTAT=DELEGATED;DELEGATED-TO="mailto:b@example.com":mailto:a@example.com',
      'person',
      'declined',
      'required',
    ],
  ])('%s → %s, %s, %s', async (line, kind, response, role) => {
    const [attendee] = (await readEvent(line)).attendees
    expect([attendee?.kind, attendee?.response, attendee?.role]).toEqual([kind, response, role])
  })

  it.each([
    ['ATTENDEE;EMAIL=ana@example.com:/aMTIzNDU2/principal/', 'ana@example.com'],
    ['ATTENDEE;CN=Ana;EMAIL=ana@example.com:invalid:nomail', 'ana@example.com'],
    ['ATTENDEE;CN=Ana:invalid:nomail', ''],
    ['ATTENDEE:mailto:mailto:ana@example.com', 'ana@example.com'],
    ["ATTENDEE:mailto:'ana@example.com'", 'ana@example.com'],
    ['ATTENDEE:mailto:ana%2Bcal@example.com?subject=x', 'ana+cal@example.com'],
    ['ATTENDEE:ana@example.com', 'ana@example.com'],
    ['ATTENDEE:mailto:/o=Example/ou=First/cn=Recipients/cn=ana', '/o=Example/ou=First/cn=Recipients/cn=ana'],
  ])('%s → address %s', async (line, address) => {
    expect((await readEvent(line)).attendees[0]?.address).toBe(address)
  })

  it('guests and texts of an event that is not kept reach no other event', async () => {
    const dropped = eventLines(
      'UID:old',
      'DTSTART:20200101T100000Z',
      'DESCRIPTION:Old',
      'ATTENDEE:mailto:b@example.com',
    )
    const floating = eventLines('UID:floating', 'DTSTART:20260316T100000')
    const { events } = await read(calendarText(...floating, ...dropped))
    expect(events.map(each => [each.uid, each.description, each.attendees])).toEqual([['floating', '', []]])
  })

  it.each([
    ['CN="ana@corp.example"', 'http://caldav/principals/ana', 'ana@corp.example'],
    ['CN=Ana;EMAIL=ana@corp.example', '/principals/users/ana@other.example/', 'ana@corp.example'],
    ['EMAIL="mailto:ana@corp.example"', 'urn:uuid:7', 'ana@corp.example'],
    ['CN="Ana <ana@corp.example>"', 'invalid:nomail', 'ana@corp.example'],
    ['CN=bob@corp.example', 'mailto:Ana <ana@corp.example>', 'ana@corp.example'],
    ['CN=Ana', 'Ana <mailto:ana@corp.example>', 'ana@corp.example'],
    ['CN=Ana', 'mailto:Ana%20%3Cana@corp.example%3E', 'ana@corp.example'],
    ['CN=Ana', 'MAILTO:ana@corp.example', 'ana@corp.example'],
    ['CN=Ana', '"mailto:<ana@corp.example>"', 'ana@corp.example'],
    ['CN=bob@corp.example', 'ana@corp.example', 'ana@corp.example'],
    ['CN=ana@corp.example', 'mailto:/O=CORP/OU=X/CN=ANA', 'ana@corp.example'],
    ['CN=Ana', 'http://caldav/principals/ana', 'http://caldav/principals/ana'],
    ['CN=Ana @ home', 'urn:uuid:7', 'urn:uuid:7'],
  ])('ATTENDEE;%s:%s → %s', async (parameters, value, address) => {
    const event = await readEvent(`ATTENDEE;${parameters}:${value}`)
    expect(event.attendees.map(each => each.address)).toEqual([address])
  })

  it('the organizer is not an attendee unless listed, and SENT-BY is somebody else', async () => {
    const event = await readEvent('ORGANIZER;CN=Ana;SENT-BY="mailto:office@example.com":mailto:ana@example.com')
    expect(event.organizer).toMatchObject({ address: 'ana@example.com', name: 'Ana', role: 'chair' })
    expect(event.attendees).toEqual([])
  })
})

describe('state of an event', () => {
  it.each([
    [['TRANSP:TRANSPARENT'], 'free', 'default'],
    [['TRANSP:OPAQUE', 'X-MICROSOFT-CDO-BUSYSTATUS:FREE'], 'free', 'default'],
    [['X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE'], 'tentative', 'default'],
    [['X-MICROSOFT-CDO-BUSYSTATUS:OOF'], 'out-of-office', 'out-of-office'],
    [['X-MICROSOFT-CDO-BUSYSTATUS:OOF', 'ATTENDEE:mailto:b@example.com'], 'out-of-office', 'default'],
    [['X-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE'], 'working-elsewhere', 'default'],
    [
      ['DTSTART;VALUE=DATE:20260316', 'X-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE'],
      'working-elsewhere',
      'working-location',
    ],
    [['CATEGORIES:Focus Time'], 'busy', 'focus-time'],
    [[], 'busy', 'default'],
  ])('%j → shown as %s, type %s', async (lines, showAs, type) => {
    const event = await readEvent(...lines)
    expect([event.showAs, event.type]).toEqual([showAs, type])
  })

  it('METHOD:CANCEL cancels every event of its calendar and none of the next', async () => {
    const cancelled = calendarText('METHOD:CANCEL', ...eventLines('UID:a', 'STATUS:CONFIRMED'))
    const { events } = await read(cancelled + calendarText(...eventLines('UID:b')))
    expect(events.map(each => each.status)).toEqual(['cancelled', 'confirmed'])
  })

  it.each([
    ['X-GOOGLE-CONFERENCE:https://meet.google.com/abc-defg-hij', 'https://meet.google.com/abc-defg-hij'],
    ['CONFERENCE;VALUE=URI;FEATURE=VIDEO:https://call.example.com/7', 'https://call.example.com/7'],
    [
      'X-MICROSOFT-SKYPETEAMSMEETINGURL:https://teams.microsoft.com/l/meetup-join/19',
      'https://teams.microsoft.com/l/meetup-join/19',
    ],
    ['LOCATION:Room 4 / https://example.zoom.us/j/123?pwd=x', 'https://example.zoom.us/j/123?pwd=x'],
    ['LOCATION:https://example.com/directions', null],
    ['URL:https://example.com/event/7', null],
  ])('%s → online at %s', async (line, url) => {
    expect((await readEvent(line)).onlineUrl).toBe(url)
  })

  it('numbers and moments are read', async () => {
    const event = await readEvent(
      'SEQUENCE:3',
      'CREATED:20260101T080000Z',
      'DTSTAMP:20260103T080000Z',
      'LAST-MODIFIED:20260102T080000Z',
      'ATTACH:https://example.com/a.pdf',
      'ATTACH:https://example.com/b.pdf',
    )
    expect(event).toMatchObject({
      sequence: 3,
      attachmentCount: 2,
      createdAt: Date.UTC(2026, 0, 1, 8),
      updatedAt: Date.UTC(2026, 0, 2, 8),
    })
  })
})

describe('privacy', () => {
  const secrets = [
    'SUMMARY:Secret',
    'DESCRIPTION:Secret',
    'LOCATION:https://zoom.us/j/Secret',
    'CATEGORIES:Secret',
    'ORGANIZER;CN=Secret:mailto:secret@example.com',
    'ATTENDEE;CN=Secret:mailto:secret@example.com',
    'ATTACH:https://example.com/secret.pdf',
    'X-GOOGLE-CONFERENCE:https://meet.google.com/secret',
  ]

  it.each(['PRIVATE', 'CONFIDENTIAL', 'X-TOP'])('CLASS:%s → nothing but the time survives', async visibility => {
    const event = await readEvent(...secrets, `CLASS:${visibility}`)
    expect(JSON.stringify(event).toLowerCase()).not.toContain('secret')
    expect(event).toMatchObject({ title: null, attendees: [], organizer: null, attachmentCount: 0 })
  })

  it.each([
    ['after', 0],
    ['before', 1],
  ])('a public exception that stands %s its private series is private too', async (_where, at) => {
    const master = eventLines('RRULE:FREQ=WEEKLY;COUNT=3', 'CLASS:PRIVATE', ...secrets)
    const exception = eventLines(
      'RECURRENCE-ID:20260323T100000Z',
      'DTSTART:20260324T100000Z',
      'CLASS:PUBLIC',
      ...secrets,
    )
    const parts = at === 0 ? [master, exception] : [exception, master]
    const { events } = await read(calendarText(...parts.flat()))
    expect(JSON.stringify(events).toLowerCase()).not.toContain('secret')
    expect(events.map(each => each.visibility)).toEqual(['private', 'private'])
  })

  it('a private exception hides itself alone', async () => {
    const master = eventLines('RRULE:FREQ=WEEKLY;COUNT=3', 'SUMMARY:Open')
    const exception = eventLines('RECURRENCE-ID:20260323T100000Z', 'SUMMARY:Hidden', 'CLASS:PRIVATE')
    const { events } = await read(calendarText(...master, ...exception))
    expect(events.map(each => each.title)).toEqual(['Open', null])
  })
})

describe('zone names of private events', () => {
  const named = (uid: string, tzid: string, ...lines: readonly string[]) =>
    eventLines(`UID:${uid}`, `DTSTART;TZID=${tzid}:20260316T100000`, ...lines)

  it('a name that only private events use is not told, whatever it means', async () => {
    const result = await read(
      calendarText(
        ...zoneLines('Secret office', '+0545', null),
        ...named('a', 'Secret clinic', 'CLASS:PRIVATE'),
        ...named('b', 'Secret lawyer', 'CLASS:CONFIDENTIAL'),
        ...named('c', 'Secret office', 'CLASS:PRIVATE'),
        ...named('d', '/secret/Europe/Paris', 'CLASS:PRIVATE'),
        ...named('e', 'Shared office'),
        ...named('f', 'Shared office', 'CLASS:PRIVATE'),
      ),
    )
    expect(JSON.stringify(result).toLowerCase()).not.toContain('secret')
    expect(result.zones.map(each => [each.tzid, each.events])).toEqual([
      ['Shared office', 2],
      ['a private entry', 2],
      ['a private entry', 1],
      ['a private entry', 1],
    ])
    expect(result.leftOut.map(each => each.sentence)[1]).toBe(
      'The time zone of a private entry is unknown and the file does not define it; Europe/Warsaw was assumed for 2 events.',
    )
  })

  it.each([
    ['after', 0],
    ['before', 1],
  ])('the name in a public exception that stands %s its private series is private too', async (_where, at) => {
    const master = eventLines('RRULE:FREQ=WEEKLY;COUNT=3', 'CLASS:PRIVATE')
    const exception = named('one@example.com', 'Secret clinic', 'RECURRENCE-ID:20260323T100000Z')
    const parts = at === 0 ? [master, exception] : [exception, master]
    expect(JSON.stringify(await read(calendarText(...parts.flat())))).not.toContain('Secret')
  })

  it('the name in an exception of a public series is told', async () => {
    const exception = named('one@example.com', 'Our office', 'RECURRENCE-ID:20260323T100000Z')
    const { zones } = await read(calendarText(...eventLines('RRULE:FREQ=WEEKLY;COUNT=3'), ...exception))
    expect(zones.map(each => each.tzid)).toEqual(['Our office'])
  })

  it('a name that carries terminal commands is said without them', async () => {
    const { leftOut } = await read(calendarText(...named('a', 'Our\u001b[2J\u202eoffice')))
    expect(leftOut[0]?.sentence).toContain('"Our[2Joffice"')
  })
})

describe('times', () => {
  it('an event without a start is left out and counted, never invented', async () => {
    const { events, leftOut, eventCount } = await read(
      calendarText('BEGIN:VEVENT', 'UID:x', 'SUMMARY:When?', 'END:VEVENT', ...eventLines('DTSTART:20260230T100000')),
    )
    expect([events, eventCount]).toEqual([[], 2])
    expect(leftOut.map(each => [each.code, each.count])).toEqual([
      ['event-without-start', 2],
      ['bad-date', 1],
    ])
  })

  it.each([
    ['no end, timed', [], 0, 0],
    ['no end, a date', ['DTSTART;VALUE=DATE:20260316'], 0, 1],
    ['an end on the same date', ['DTSTART;VALUE=DATE:20260316', 'DTEND;VALUE=DATE:20260316'], 0, 1],
    ['P1DT2H', ['DURATION:P1DT2H'], 7_200_000, 1],
    ['P2W', ['DURATION:P2W'], 0, 14],
    ['an end in another zone', ['DTEND;TZID=Europe/Warsaw:20260316T120000'], 3_600_000, 0],
    ['an end before the start', ['DTEND:20260316T090000Z'], 0, 0],
    ['VALUE=DATE with a clock time', ['DTSTART;VALUE=DATE:20260316T100000'], 0, 1],
    [
      'midnights that Outlook calls all-day',
      [
        'DTSTART;TZID=Europe/Warsaw:20260316T000000',
        'DTEND;TZID=Europe/Warsaw:20260318T000000',
        'X-MICROSOFT-CDO-ALLDAYEVENT:TRUE',
      ],
      0,
      2,
    ],
  ])('%s → length', async (_name, lines, exactMs, nominalDays) => {
    const { time } = await readEvent(...lines)
    expect([time.exactMs, time.nominalDays]).toEqual([exactMs, nominalDays])
  })

  it('an end before the start is counted', async () => {
    const { leftOut } = await read(calendarText(...eventLines('DTEND:20260316T090000Z')))
    expect(leftOut.map(each => each.code)).toEqual(['end-before-start'])
  })

  it('an all-day series takes EXDATE and RECURRENCE-ID written with a clock time by their date', async () => {
    const series = eventLines(
      'DTSTART;VALUE=DATE:20260316',
      'RRULE:FREQ=DAILY;COUNT=3',
      'EXDATE;TZID=Europe/Warsaw:20260317T000000',
    )
    const moved = eventLines('DTSTART;VALUE=DATE:20260320', 'RECURRENCE-ID;TZID=Europe/Warsaw:20260318T000000')
    expect(await starts(calendarText(...series, ...moved))).toEqual(['2026-03-16', '2026-03-20'])
  })

  it('a rule that cannot be followed leaves the first meeting', async () => {
    const text = calendarText(...eventLines('RRULE:FREQ=SOMETIMES'))
    expect(await starts(text)).toEqual(['2026-03-16T10:00:00Z'])
    expect((await read(text)).leftOut.map(each => each.code)).toEqual(['bad-rule'])
  })

  it('events that cannot touch the window are dropped and counted, ended series among them', async () => {
    const { events, outsideWindow, eventCount, latestStartAt } = await read(
      calendarText(
        ...eventLines('UID:past', 'DTSTART:20250101T100000Z'),
        ...eventLines('UID:future', 'DTSTART:20280101T100000Z'),
        ...eventLines('UID:ended', 'DTSTART:20240101T100000Z', 'RRULE:FREQ=DAILY;UNTIL=20240301T000000Z'),
        ...eventLines('UID:running', 'DTSTART:20240101T100000Z', 'RRULE:FREQ=DAILY;UNTIL=20260301T000000Z'),
        ...eventLines('UID:listed', 'DTSTART:20240101T100000Z', 'RDATE:20260301T100000Z'),
        ...eventLines('UID:long', 'DTSTART;VALUE=DATE:20251201', 'DTEND;VALUE=DATE:20260201'),
      ),
    )
    expect(events.map(each => each.uid)).toEqual(['running', 'listed', 'long'])
    expect([outsideWindow, eventCount, latestStartAt]).toEqual([3, 6, Date.UTC(2028, 0, 1, 10)])
  })
})

describe('identity', () => {
  it.each([
    ['a higher SEQUENCE', ['SEQUENCE:0', 'SUMMARY:Old'], ['SEQUENCE:1', 'SUMMARY:New']],
    ['a later change', ['DTSTAMP:20260101T000000Z', 'SUMMARY:Old'], ['DTSTAMP:20260102T000000Z', 'SUMMARY:New']],
  ])('two versions of one event: %s wins in either order', async (_name, old, current) => {
    for (const parts of [
      [old, current],
      [current, old],
    ]) {
      const { events, leftOut } = await read(calendarText(...parts.flatMap(lines => eventLines(...lines))))
      expect(events.map(each => each.title)).toEqual(['New'])
      expect(leftOut.map(each => [each.code, each.count])).toEqual([['duplicate-event', 1]])
    }
  })

  it('a newer version outside the window takes the older one with it', async () => {
    const { events } = await read(
      calendarText(...eventLines('SEQUENCE:0'), ...eventLines('SEQUENCE:1', 'DTSTART:20280101T100000Z')),
    )
    expect(events).toEqual([])
  })

  it('one UID on two events with different starts and titles → both are kept', async () => {
    const { events } = await read(
      calendarText(...eventLines('SUMMARY:One'), ...eventLines('SUMMARY:Two', 'DTSTART:20260317T100000Z')),
    )
    expect(events.map(each => each.title)).toEqual(['One', 'Two'])
  })

  it('an event without UID gets the same one in every run, and that is said', async () => {
    const text = calendarText('BEGIN:VEVENT', 'DTSTART:20260316T100000Z', 'SUMMARY:Nameless', 'END:VEVENT')
    const [first, second] = [await read(text), await read(text)]
    expect(first.events[0]?.uid).toMatch(/^without-uid-[a-z0-9]+$/)
    expect(second.events[0]?.uid).toBe(first.events[0]?.uid)
    expect(first.leftOut.map(each => each.code)).toEqual(['event-without-uid'])
  })

  it('to-dos, journals and free/busy are counted and passed over', async () => {
    const { events, leftOut } = await read(
      calendarText(
        'BEGIN:VTODO',
        'DTSTART:20260316T100000Z',
        'END:VTODO',
        'BEGIN:VFREEBUSY',
        'END:VFREEBUSY',
        ...eventLines(),
      ),
    )
    expect(events).toHaveLength(1)
    expect(leftOut.map(each => [each.code, each.count])).toEqual([['other-component', 2]])
  })

  it('the calendar says its name and zone', async () => {
    const { name, zone } = await read(
      calendarText('X-WR-CALNAME:Team\\, all', 'X-WR-TIMEZONE:Asia/Kathmandu', ...eventLines()),
    )
    expect([name, zone]).toEqual(['Team, all', 'Asia/Kathmandu'])
  })
})

describe('zones of a calendar', () => {
  const at10 = (tzid: string) => eventLines(`DTSTART;TZID=${tzid}:20260716T100000`)

  it.each([
    ['Europe/Warsaw', 'Europe/Warsaw', 'iana', '08:00'],
    ['europe/warsaw', 'Europe/Warsaw', 'iana', '08:00'],
    ['W. Europe Standard Time', 'Europe/Berlin', 'windows-name', '08:00'],
    ['Central Asia Standard Time', 'Asia/Bishkek', 'windows-name', '04:00'],
    ['Mountain Standard Time (Mexico)', 'America/Mazatlan', 'windows-name', '17:00'],
    ['"(UTC+01:00) Sarajevo, Skopje, Warsaw, Zagreb"', 'Europe/Sarajevo', 'windows-name', '08:00'],
    ['"(UTC-05:00) Eastern Time (US & Canada)"', 'America/New_York', 'windows-name', '14:00'],
    ['/freeassociation.sourceforge.net/Europe/Warsaw', 'Europe/Warsaw', 'vendor-prefix', '08:00'],
    ['/mozilla.org/20050126_1/America/New_York', 'America/New_York', 'vendor-prefix', '14:00'],
    [
      '/citadel.org/20260101_1/America/Argentina/Buenos_Aires',
      'America/Argentina/Buenos_Aires',
      'vendor-prefix',
      '13:00',
    ],
    ['GMT+0530', '+05:30', 'fixed-offset', '04:30'],
    ['UTC-3', '-03:00', 'fixed-offset', '13:00'],
    ['tzone://Microsoft/Utc', 'UTC', 'vendor-prefix', '10:00'],
    ['Customized Time Zone', 'Europe/Warsaw', 'calendar-default', '08:00'],
  ])('%s → %s (%s)', async (tzid, zone, source, clock) => {
    const text = calendarText(...at10(tzid))
    const { zones, leftOut } = await read(text)
    expect(zones.map(each => [each.zone, each.source, each.events])).toEqual([[zone, source, 1]])
    const isGuess = source === 'fixed-offset' || source === 'calendar-default'
    expect(leftOut.map(each => each.code)).toEqual(isGuess ? ['zone-guessed'] : [])
    expect(await starts(text)).toEqual([`2026-07-16T${clock}:00Z`])
  })

  it('an unknown name with the clock changes of a zone → that zone, also when defined after the event', async () => {
    const text = calendarText(...at10('Our office'), ...zoneLines('Our office', '-0500', '-0400', 'us'))
    const { zones, leftOut } = await read(text)
    expect(zones).toEqual([{ tzid: 'Our office', zone: 'America/New_York', source: 'vtimezone-matched', events: 1 }])
    expect(leftOut[0]?.sentence).toBe(
      'The time zone "Our office" is no name we know; its clock changes are those of America/New_York, which was used for 1 event.',
    )
    expect(await starts(text)).toEqual(['2026-07-16T14:00:00Z'])
  })

  it('an unknown name without clock changes → its offset', async () => {
    const text = calendarText(...zoneLines('Customized Time Zone', '+0545', null), ...at10('Customized Time Zone'))
    expect((await read(text)).zones[0]).toMatchObject({ zone: '+05:45', source: 'fixed-offset' })
    expect(await starts(text)).toEqual(['2026-07-16T04:15:00Z'])
  })

  it('X-LIC-LOCATION names the zone', async () => {
    const definition = zoneLines('Mine', '+0545', null).toSpliced(2, 0, 'X-LIC-LOCATION:Asia/Kathmandu')
    const { zones } = await read(calendarText(...definition, ...at10('Mine')))
    expect(zones[0]).toMatchObject({ zone: 'Asia/Kathmandu', source: 'vtimezone-matched' })
  })

  it('a quotation mark in the wrong place costs nothing', async () => {
    const text = calendarText(...eventLines('DTSTART;TZID="W. Europe Standard Time:20260716T100000"'))
    expect(await starts(text)).toEqual(['2026-07-16T08:00:00Z'])
  })

  it('floating times take the calendar zone, wherever it stands, else the default, which is said', async () => {
    const floating = eventLines('DTSTART:20260716T100000')
    expect(await starts(calendarText(...floating, 'X-WR-TIMEZONE:America/New_York'))).toEqual(['2026-07-16T14:00:00Z'])
    const { events, leftOut } = await read(calendarText(...floating))
    expect(events[0]?.time).toMatchObject({ floating: true, startWall: Date.UTC(2026, 6, 16, 10) })
    expect(leftOut.map(each => each.code)).toEqual(['zone-guessed'])
    expect(await starts(calendarText(...floating))).toEqual(['2026-07-16T08:00:00Z'])
  })
})
