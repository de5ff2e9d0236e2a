import { describe, expect, it } from 'vitest'
import { expandEvents } from '../../../src/domain/meetings/expand.ts'
import { calendarText, eventLines, leftOutCodes, read, starts, year2026, zoneLines } from './calendar-text.ts'

const goodEvent = eventLines('UID:good@example.com', 'DTSTART:20260601T080000Z', 'DURATION:PT30M')
const goodStart = '2026-06-01T08:00:00Z'

/** The calendar with a bomb between its first line and one honest event. */
function beside(...bomb: readonly string[]): string {
  return calendarText(...bomb, ...goodEvent)
}

describe('hostile recurrences', () => {
  it.each([
    ['a rule by the second since 1970', ['DTSTART:19700101T000000Z', 'RRULE:FREQ=SECONDLY'], 'rule-too-frequent'],
    [
      'every second of a day by lists',
      [
        'DTSTART:20260101T000000Z',
        `RRULE:FREQ=DAILY;BYHOUR=${numbers(24)};BYMINUTE=${numbers(60)};BYSECOND=${numbers(60)}`,
      ],
      'rule-too-frequent',
    ],
  ])('%s → refused, and the rest is read', async (_name, lines, code) => {
    const { events } = await read(beside(...eventLines(...lines)))
    const expansion = expandEvents(events, year2026)
    expect(expansion.leftOut.map(each => each.code)).toEqual([code])
    expect(expansion.occurrences.filter(each => each.event.uid === 'good@example.com')).toHaveLength(1)
  })

  it.each([
    ['30 February', ['DTSTART:20200101T090000Z', 'RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30']],
    ['position 366 of a set of 12', ['DTSTART:20200101T090000Z', 'RRULE:FREQ=YEARLY;BYSETPOS=366;BYMONTHDAY=1']],
  ])('a rule that never takes place (%s) → only its start outside the window', async (_name, lines) => {
    expect(await starts(beside(...eventLines(...lines)))).toEqual([goodStart])
  })

  it.each([
    ['since 1601', 'DTSTART:16010101T090000Z', 'RRULE:FREQ=DAILY'],
    ['since the year 1', 'DTSTART:00010101T090000Z', 'RRULE:FREQ=DAILY'],
    ['until the year 9999', 'DTSTART:20200101T090000Z', 'RRULE:FREQ=DAILY;UNTIL=99991231T000000Z'],
  ])('a daily rule %s → the days of the window', async (_name, start, rule) => {
    const shown = await starts(beside(...eventLines(start, rule)))
    expect(shown).toHaveLength(366)
    expect(shown[0]).toBe('2026-01-01T09:00:00Z')
  })

  it('a million EXDATE values in one folded line → every one of them counts', async () => {
    const excluded = Array.from({ length: 1_000_000 }, (_, index) => stamp(Date.UTC(2026, 0, 2) + index * 60_000))
    const series = eventLines('DTSTART:20260101T090000Z', 'RRULE:FREQ=DAILY', `EXDATE:${excluded.join(',\r\n ')}`)
    expect(await starts(beside(...series))).toEqual(['2026-01-01T09:00:00Z', goodStart])
  })

  it('thirty thousand EXDATE lines → every one of them counts, and the lines after them too', async () => {
    const lines = Array.from(
      { length: 30_000 },
      (_, day) => `EXDATE:${stamp(Date.UTC(2026, 0, 2, 9) + day * 86_400_000)}`,
    )
    const series = eventLines('DTSTART:20260101T090000Z', 'RRULE:FREQ=DAILY', ...lines, 'SUMMARY:After the list')
    const { events } = await read(beside(...series))
    expect(events[0]?.title).toBe('After the list')
    expect(expandEvents(events, year2026).occurrences).toHaveLength(2)
  })

  it('a million RDATE values near the window → 20,000 are kept, and said', async () => {
    const added = Array.from({ length: 1_000_000 }, (_, index) => stamp(Date.UTC(2026, 0, 2) + index * 15_000))
    const { events, leftOut } = await read(beside(...eventLines(`RDATE:${added.join(',')}`)))
    expect(events[0]?.recurrence?.additions).toHaveLength(20_000)
    expect(leftOut.map(each => [each.code, each.count])).toEqual([['too-many-properties', 1]])
  })

  it('RDATE values years away → one is kept, since the event repeats, and the near ones all count', async () => {
    const years = Array.from({ length: 30_000 }, (_, index) => stamp(Date.UTC(2030, 0, 1) + index * 60_000))
    const series = eventLines(`RDATE:${years.join(',')},20260401T100000Z`, 'DURATION:PT1H')
    const { events, leftOut } = await read(beside(...series))
    expect(events[0]?.recurrence?.additions.map(each => each.startAt)).toEqual([
      Date.UTC(2030, 0, 1),
      Date.UTC(2026, 3, 1, 10),
    ])
    expect(leftOut).toEqual([])
    const [first] = expandEvents(events, year2026).occurrences
    expect(first?.recurring).toBe(true)
  })

  it('a long additional period that began before the window is part of it', async () => {
    const series = eventLines('DTSTART:20200101T100000Z', 'RDATE;VALUE=PERIOD:20251215T100000Z/P30D')
    expect(await starts(beside(...series))).toEqual(['2025-12-15T10:00:00Z', goodStart])
  })
})

describe('hostile zones', () => {
  it('20,000 zones of its own → 200 are looked into, five are named, the rest is counted', async () => {
    const count = 20_000
    const definitions = Array.from({ length: count }, (_, index) =>
      zoneLines(`Zone number ${index}`, `+${clock(index % 700)}`, `+${clock((index % 700) + 60)}`),
    )
    const events = Array.from({ length: count }, (_, index) =>
      eventLines(`UID:${index}`, `DTSTART;TZID=Zone number ${index}:20260601T100000`),
    )
    const { zones, leftOut } = await read(calendarText(definitions.flat().join('\r\n'), events.flat().join('\r\n')))
    expect(zones).toHaveLength(200)
    expect(leftOut.map(each => [each.code, each.count])).toEqual([
      ...Array(5).fill(['zone-guessed', 1]),
      ['zone-guessed', 195],
      ['zone-guessed', 19_800],
    ])
    expect(leftOut[5]?.sentence).toBe('And 195 more zone names, of 195 events, had to be guessed.')
    expect(leftOut[6]?.sentence).toContain('19800 of them were not looked into, and Europe/Warsaw was assumed')
  })

  it('a zone of 100 daily rules and 20,000 additional onsets → judged, and the event is read', async () => {
    const rule = ['DTSTART:16010101T000000', 'TZOFFSETFROM:+0100', 'RRULE:FREQ=DAILY;BYHOUR=1,2,3,4,5,6,7,8,9,10']
    const onsets = `RDATE:${Array(200).fill('20200101T000000').join(',')}`
    const observances = Array.from({ length: 100 }, (_, index) => [
      'BEGIN:STANDARD',
      ...rule,
      `TZOFFSETTO:+0${index % 2}00`,
      onsets,
      'END:STANDARD',
    ])
    const text = calendarText(
      'BEGIN:VTIMEZONE',
      'TZID:Mine',
      ...observances.flat(),
      'END:VTIMEZONE',
      ...eventLines('DTSTART;TZID=Mine:20260601T100000'),
    )
    expect((await read(text)).zones.map(each => [each.tzid, each.source])).toEqual([['Mine', 'vtimezone-matched']])
  })

  it('100 zones of 1,000 daily rules each → the first 20 are kept, and the rest is counted', async () => {
    const rule = 'DTSTART:16010101T000000\r\nTZOFFSETFROM:+0100\r\nRRULE:FREQ=DAILY;BYHOUR=1,2,3,4,5,6,7,8'
    const observances = many(500, ['+0100', '+0200'].map(to => part(`${rule}\r\nTZOFFSETTO:${to}`)).join('\r\n'))
    const zones = Array.from({ length: 100 }, (_, index) => [
      `BEGIN:VTIMEZONE\r\nTZID:Mine ${index}\r\n${observances}\r\nEND:VTIMEZONE`,
      ...eventLines(`UID:${index}`, `DTSTART;TZID=Mine ${index}:20260601T100000`),
    ])
    const { leftOut } = await read(calendarText(...zones.flat()))
    expect(leftOut.map(each => each.count)).toEqual([1, 1, 1, 1, 1, 15, 80])
    expect(leftOut.at(-1)?.sentence).toContain('80 of them were not looked into')
  })
})

describe('hostile lines', () => {
  it('500,000 parameters on a line → the line is cut at 1 MB, and the rest is read', async () => {
    const lines = eventLines(`DTSTART${';A=B'.repeat(500_000)}:20260601T080000Z`)
    const text = beside(...lines)
    expect(await leftOutCodes(text)).toEqual(['line-too-long', 'event-without-start'])
    expect(await starts(text)).toEqual([goodStart])
  })

  it('200,000 parameters on an attendee → one attendee, with the last of them', async () => {
    const line = `ATTENDEE${';A=B'.repeat(200_000)};CN=Ana:mailto:ana@example.com`
    const { events } = await read(beside(...eventLines(line)))
    expect(events[0]?.attendees.map(each => [each.address, each.name])).toEqual([['ana@example.com', 'Ana']])
  })

  it('a line of 50 MB → its first 20,000 characters as a description', async () => {
    const { events, leftOut } = await read(beside(...eventLines(`DESCRIPTION:${'a'.repeat(50_000_000)}`)))
    expect(events[0]?.description).toHaveLength(20_000)
    expect(events).toHaveLength(2)
    expect(leftOut.map(each => [each.code, each.count])).toEqual([['text-cut', 1]])
  })

  it('text that is not read to its end is counted, once for each event that is kept and not private', async () => {
    const long = `DESCRIPTION:${'a'.repeat(20_001)}`
    const { leftOut } = await read(
      beside(
        ...eventLines('UID:a', long),
        ...eventLines('UID:b', `X-ALT-DESC:${'a'.repeat(90_000)}`),
        ...eventLines('UID:whole', `DESCRIPTION:${'a'.repeat(20_000)}`, `SUMMARY:${'a'.repeat(4_000)}`),
        ...eventLines('UID:private', 'CLASS:PRIVATE', long, `SUMMARY:${'a'.repeat(5_000)}`),
        ...eventLines('UID:floating', 'DTSTART:20260316T100000', 'CLASS:PRIVATE', long),
        ...eventLines('UID:past', 'DTSTART:20200101T100000Z', long),
        ...eventLines('UID:c', `SUMMARY:${'a'.repeat(4_001)}`, `LOCATION:${'a'.repeat(4_001)}`),
        ...eventLines('UID:d', `ATTENDEE;CN=${'a'.repeat(4_001)}:mailto:ana@example.com`),
      ),
    )
    expect(leftOut.filter(each => each.code === 'text-cut')).toEqual([
      {
        code: 'text-cut',
        count: 2,
        sentence: 'The description of 2 events is longer than 20,000 characters; the rest was not read.',
      },
      {
        code: 'text-cut',
        count: 2,
        sentence:
          'A title, place, name or other short text of 2 events is longer than 4,000 bytes; the rest was not read.',
      },
    ])
  })

  it('a short text is cut between characters, not inside one', async () => {
    const { events } = await read(beside(...eventLines(`SUMMARY:a${'會'.repeat(2_000)}`)))
    expect(events[0]?.title).toBe(`a${'會'.repeat(1_333)}`)
  })

  it('a calendar name of 2 MB → cut, and said', async () => {
    expect(await leftOutCodes(beside(`X-WR-CALNAME:${'a'.repeat(2_000_000)}`))).toEqual(['line-too-long'])
  })

  it('an attachment of 8 MB inside the file → counted and walked over', async () => {
    const { events, leftOut } = await read(
      beside(...eventLines(`ATTACH;ENCODING=BASE64;VALUE=BINARY:${'QUJD'.repeat(2_000_000)}`)),
    )
    expect(events[0]?.attachmentCount).toBe(1)
    expect(events).toHaveLength(2)
    expect(leftOut).toEqual([])
  })

  it('a title of 3 MB → cut, and said', async () => {
    const { events, leftOut } = await read(beside(...eventLines(`SUMMARY:${'a'.repeat(3_000_000)}`)))
    expect(events[0]?.title).toHaveLength(4_000)
    expect(leftOut[0]?.sentence).toBe('A line is longer than 1 MB; the beginning was read and the rest left out.')
    expect(events).toHaveLength(2)
  })

  it('five million folds → one unfolded line', async () => {
    const { events } = await read(beside(...eventLines(`DESCRIPTION:start${'\r\n '.repeat(5_000_000)}end`)))
    expect(events[0]?.description).toBe('startend')
    expect(events).toHaveLength(2)
  })

  it('five million backslashes → a text like any other', async () => {
    const { events } = await read(beside(...eventLines(`DESCRIPTION:${'\\'.repeat(5_000_000)}`)))
    expect(events[0]?.description).toHaveLength(20_000)
    expect(events).toHaveLength(2)
  })

  it('millions of carriage returns → blank lines', async () => {
    const { events } = await read(`${beside()}${'\r'.repeat(5_000_000)}`)
    expect(events).toHaveLength(1)
  })
})

describe('hostile structure', () => {
  it('100,000 components inside one another → passed over, and said', async () => {
    const depth = 100_000
    const text = beside(many(depth, 'BEGIN:X-DEEP'), many(depth, 'END:X-DEEP'))
    expect(await leftOutCodes(text)).toEqual(['nested-too-deep'])
    expect(await starts(text)).toEqual([goodStart])
  })

  it('100,000 components that never end → the event after them is still read', async () => {
    expect(await starts(beside(many(100_000, 'BEGIN:X-DEEP')))).toEqual([goodStart])
  })

  it('100,000 events inside one another → all but the last are broken off', async () => {
    const { events, leftOut, eventCount } = await read(beside(many(100_000, 'BEGIN:VEVENT')))
    expect(events.map(each => each.uid)).toEqual(['good@example.com'])
    expect(eventCount).toBe(100_001)
    expect(leftOut.find(each => each.code === 'event-without-end')?.count).toBe(100_000)
  })

  it('20,000 properties in one event → the first 10,000 are read, and said', async () => {
    const text = beside(...eventLines(...Array(20_000).fill('CATEGORIES:one'), 'SUMMARY:Too late'))
    const { events, leftOut } = await read(text)
    expect(events.map(each => each.title)).toEqual([null, null])
    expect(leftOut.map(each => each.code)).toEqual(['too-many-properties'])
  })

  it('3,000 attendees → 2,000 are kept and the list is marked as cut', async () => {
    const lines = Array.from({ length: 3_000 }, (_, index) => `ATTENDEE:mailto:person${index}@example.com`)
    const { events, leftOut } = await read(beside(...eventLines(...lines)))
    expect(events[0]?.attendees).toHaveLength(2_000)
    expect(events[0]?.attendeesTruncated).toBe(true)
    expect(leftOut.map(each => each.code)).toEqual(['too-many-attendees'])
  })

  it('names of JavaScript objects as UID, zone and parameter → ordinary names', async () => {
    const { events, zones } = await read(
      beside(
        ...eventLines('UID:__proto__', 'DTSTART;TZID=constructor;__proto__=x:20260316T100000', 'SUMMARY:Prototype'),
        ...eventLines('UID:constructor', 'ATTENDEE;__proto__=x;CN=toString:mailto:hasOwnProperty'),
      ),
    )
    expect(events.map(each => each.uid).sort()).toEqual(['__proto__', 'constructor', 'good@example.com'])
    expect(zones.map(each => each.source)).toEqual(['calendar-default'])
    expect(({} as Record<string, unknown>).x).toBeUndefined()
  })
})

describe('files that are cut or no calendar', () => {
  it('a file that ends inside an event → the events before it, and a sentence', async () => {
    const whole = calendarText(...goodEvent, ...eventLines('SUMMARY:Cut'))
    const text = whole.slice(0, whole.indexOf('SUMMARY:Cut'))
    expect(await leftOutCodes(text)).toEqual(['event-without-end', 'truncated-file'])
    expect(await starts(text)).toEqual([goodStart])
  })

  it('a file without its last line → everything, and a sentence', async () => {
    const text = calendarText(...goodEvent).replace('END:VCALENDAR\r\n', '')
    expect(await leftOutCodes(text)).toEqual(['truncated-file'])
    expect(await starts(text)).toEqual([goodStart])
  })

  it.each([
    ['an empty file', '', 'The file is empty.'],
    ['blank lines', '\r\n\r\n', 'The file is empty.'],
    ['a sign-in page', '<!DOCTYPE html><html><body>Sign in</body></html>', 'This is a web page, not a calendar'],
    ['a zip archive', 'PK\u0003\u0004\u0000\u0000', 'This is a zip archive, not a calendar.'],
    ['a photo', '\u0089PNG\r\n\u001a\n\u0000\u0000\u0000', 'This is not a calendar but a binary file.'],
    ['JSON', '{"kind":"calendar#events"}', 'This is not an iCalendar file but data of another kind.'],
    ['prose', 'Dear Ana, here is the calendar.', 'This is not a calendar: it has no BEGIN:VCALENDAR.'],
  ])('%s → no events and a sentence', async (_name, text, sentence) => {
    const { events, leftOut } = await read(text)
    expect(events).toEqual([])
    expect(leftOut.map(each => each.code)).toEqual(['not-a-calendar'])
    expect(leftOut[0]?.sentence).toContain(sentence)
  })

  it('random bytes of every value → no events and no throw', async () => {
    const bytes = Uint8Array.from({ length: 300_000 }, (_, index) => (Math.imul(index, 2_654_435_761) >>> 13) & 0xff)
    const { events, leftOut } = await read(bytes)
    expect(events).toEqual([])
    expect(leftOut.map(each => each.code)).toEqual(['not-a-calendar'])
  })
})

/** One STANDARD with the given lines. */
function part(lines: string): string {
  return `BEGIN:STANDARD\r\n${lines}\r\nEND:STANDARD`
}

function many(count: number, line: string): string {
  return Array(count).fill(line).join('\r\n')
}

function numbers(count: number): string {
  return Array.from({ length: count }, (_, index) => index).join(',')
}

/** Minutes as `0545`. */
function clock(minutes: number): string {
  return String(Math.floor(minutes / 60) * 100 + (minutes % 60)).padStart(4, '0')
}

function stamp(instant: number): string {
  return `${new Date(instant).toISOString().replace(/[-:]/g, '').slice(0, 15)}Z`
}
