import { describe, expect, it } from 'vitest'
import { readCalendars } from '../../src/app/read-calendars.ts'
import type { CalendarFiles } from '../../src/connectors/calendar-files.ts'
import { readIcs } from '../../src/connectors/ics/calendar.ts'
import { isoInstant } from '../../src/domain/time/calendar-date.ts'
import { at, wall } from '../support/build.ts'

const event = (uid: string, start: string, ...more: readonly string[]) =>
  [
    'BEGIN:VEVENT',
    `UID:${uid}`,
    'DTSTAMP:20260101T000000Z',
    start,
    'DURATION:PT1H',
    'SUMMARY:Planning',
    ...more,
    'END:VEVENT',
  ].join('\r\n')

const file = (...lines: readonly string[]) =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//test//EN', ...lines, 'END:VCALENDAR', ''].join('\r\n')

/** Calendars in memory that count how often they are read. */
function calendars(texts: Readonly<Record<string, string>>): {
  readonly files: CalendarFiles
  readonly reads: () => number
} {
  let reads = 0
  const files: CalendarFiles = {
    open: async () =>
      Object.entries(texts).map(([calendar, text]) => ({
        calendar,
        bytes: text.length,
        read: options => {
          reads++
          return readIcs(new TextEncoder().encode(text), { ...options, calendar })
        },
      })),
  }
  return { files, reads: () => reads }
}

const input = { paths: ['x'], fromWall: null, toWall: null, zone: null, now: at('2026-11-20 09:00') }
const startsOf = (read: Awaited<ReturnType<typeof readCalendars>>) =>
  read.calendars.flatMap(one => one.expansion.occurrences.map(occurrence => isoInstant(occurrence.startAt)))

describe('the zone of an audit', () => {
  const warsaw = { 'a.ics': file('X-WR-TIMEZONE:Europe/Warsaw', event('a', 'DTSTART:20261109T100000Z')) }
  const utcOnly = { 'a.ics': file(event('a', 'DTSTART:20261109T100000Z')) }

  it.each([
    ['the one given', warsaw, { zone: 'Asia/Kathmandu', homeZone: 'Europe/Madrid' }, 'Asia/Kathmandu', 'given'],
    ['else the person’s', warsaw, { homeZone: 'Europe/Madrid' }, 'Europe/Madrid', 'person'],
    ['else the calendar’s', warsaw, {}, 'Europe/Warsaw', 'calendar'],
    ['else UTC, and never the process’s', utcOnly, {}, 'UTC', 'none'],
  ])('%s', async (_, texts, zones, name, source) => {
    const { zone, zoneSource } = await readCalendars(calendars(texts), { ...input, ...zones })
    expect([zone.name, zoneSource]).toEqual([name, source])
  })

  it('a zone nobody knows is refused with a sentence', async () => {
    await expect(readCalendars(calendars(warsaw), { ...input, zone: 'Mars/Olympus' })).rejects.toMatchObject({
      code: 'wrong-use',
      message: expect.stringContaining('"Mars/Olympus" is no time zone'),
    })
  })

  it('floating times float until the zone is known: they are read again in it', async () => {
    const texts = {
      'a.ics': file(
        event('zoned', 'DTSTART;TZID=Europe/Warsaw:20261109T100000'),
        event('floating', 'DTSTART:20261110T100000'),
      ),
    }
    const { files, reads } = calendars(texts)
    expect(startsOf(await readCalendars({ files }, input))).toEqual(['2026-11-09T09:00:00Z', '2026-11-10T09:00:00Z'])
    expect(reads()).toBe(2)
    expect(startsOf(await readCalendars({ files }, { ...input, zone: 'America/New_York' }))).toEqual([
      '2026-11-09T09:00:00Z',
      '2026-11-10T15:00:00Z',
    ])
    expect(reads()).toBe(3)
  })
})

describe('the window of an audit', () => {
  it('is the last 26 whole weeks: Monday to Monday on the audit’s wall', async () => {
    const first = event('a', 'DTSTART:20260520T100000Z')
    const texts = { 'a.ics': file('X-WR-TIMEZONE:Europe/Madrid', first, event('b', 'DTSTART:20261109T100000Z')) }
    const read = await readCalendars(calendars(texts), input)
    expect([read.fromWall, read.toWall, read.chosen]).toEqual([wall('2026-05-18'), wall('2026-11-16'), 'recent'])
    expect(isoInstant(read.window.startAt)).toBe('2026-05-17T22:00:00Z')
    expect(isoInstant(read.window.endAt)).toBe('2026-11-15T23:00:00Z')
  })

  it('begins with the week of the first entry where the calendar is younger', async () => {
    const holiday = event('h', 'DTSTART;VALUE=DATE:20260601').replace('DURATION:PT1H\r\n', '')
    const texts = { 'a.ics': file(holiday, event('a', 'DTSTART:20261029T100000Z')) }
    const read = await readCalendars(calendars(texts), input)
    expect([read.fromWall, read.toWall]).toEqual([wall('2026-10-26'), wall('2026-11-16')])
  })

  it('holds what begins at its first moment and not what begins at its last', async () => {
    const texts = {
      'a.ics': file(
        event('first', 'DTSTART;TZID=Europe/Madrid:20261102T000000'),
        event('last', 'DTSTART;TZID=Europe/Madrid:20261109T000000'),
      ),
    }
    const given = { ...input, fromWall: wall('2026-11-02'), toWall: wall('2026-11-09') }
    expect(startsOf(await readCalendars(calendars(texts), given))).toEqual(['2026-11-01T23:00:00Z'])
  })

  it('of an old export is its own last 26 weeks, also when its last series runs on past its first event', async () => {
    const texts = {
      'a.ics': file(
        event('single', 'DTSTART:20190107T100000Z'),
        event('series', 'DTSTART:20190304T100000Z', 'RRULE:FREQ=WEEKLY;COUNT=10'),
      ),
    }
    const read = await readCalendars(calendars(texts), input)
    expect(read.chosen).toBe('latest-activity')
    expect(read.toWall).toBe(wall('2019-05-13'))
    expect(startsOf(read)).toHaveLength(11)
  })

  it('of an empty calendar stays the recent one', async () => {
    const read = await readCalendars(calendars({ 'a.ics': file() }), input)
    expect([read.chosen, startsOf(read)]).toEqual(['recent', []])
  })

  it('with an end before its start is refused', async () => {
    const wrong = { ...input, fromWall: wall('2026-11-09'), toWall: wall('2026-11-02') }
    await expect(readCalendars(calendars({ 'a.ics': file() }), wrong)).rejects.toMatchObject({ code: 'wrong-use' })
  })
})
