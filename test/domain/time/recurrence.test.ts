import { describe, expect, it } from 'vitest'
import { isoInstant } from '../../../src/domain/time/calendar-date.ts'
import { expandRule } from '../../../src/domain/time/recurrence.ts'
import { parseRecurrenceRule } from '../../../src/domain/time/recurrence-rule.ts'
import type { Zone } from '../../../src/domain/time/types.ts'
import { utc, zoneFor } from '../../../src/domain/time/zone-table.ts'

const wall = (text: string) => Date.parse(`${text}${text.length === 10 ? 'T00:00:00' : ''}Z`)
const zone = (name: string): Zone => zoneFor(name) ?? utc
const limits = { steps: 100_000, occurrences: 10_000 }

function expand(text: string, start: string, zoneName: string, from: string, to: string, caps = limits) {
  const rule = parseRecurrenceRule(text)
  if ('problem' in rule) throw new Error(rule.problem)
  return expandRule(rule, wall(start), zone(zoneName), wall(from), wall(to), caps)
}

/** Starts on the wall of the zone, `MM-DD HH:MM` or with the year where it changes. */
function walls(text: string, start: string, zoneName: string, from: string, to: string): string[] {
  return expand(text, start, zoneName, from, to).startsAt.map(at =>
    new Date(zone(zoneName).toWall(at)).toISOString().slice(0, 16).replace('T', ' '),
  )
}

function instants(text: string, start: string, zoneName: string, from = '2026-01-01', to = '2027-01-01'): string[] {
  return expand(text, start, zoneName, from, to).startsAt.map(isoInstant)
}

/** Facts of RFC 5545 section 3.8.5.3; start 1997-09-02 09:00 in New York unless given. Dates; `…` means it goes on. */
interface RfcExample {
  readonly title: string
  readonly rule: string
  readonly compact: string
  readonly start: string
}
const rfcExamples: readonly RfcExample[] = (
  [
    ['daily for 10 occurrences', 'FREQ=DAILY;COUNT=10', '1997-09: 2 3 4 5 6 7 8 9 10 11'],
    ['every other day', 'FREQ=DAILY;INTERVAL=2', '1997-09: 2 4 6 8 10 12 14 16 18 20 22 24 26 28 30 | 1997-10: 2 4 …'],
    ['every 10 days, 5 occurrences', 'FREQ=DAILY;INTERVAL=10;COUNT=5', '1997-09: 2 12 22 | 1997-10: 2 12'],
    ['weekly for 10 occurrences', 'FREQ=WEEKLY;COUNT=10', '1997-09: 2 9 16 23 30 | 1997-10: 7 14 21 28 | 1997-11: 4'],
    [
      'weekly until 24 December',
      'FREQ=WEEKLY;UNTIL=19971224T000000Z',
      '1997-09: 2 9 16 23 30 | 1997-10: 7 14 21 28 | 1997-11: 4 11 18 25 | 1997-12: 2 9 16 23',
    ],
    [
      'every other week',
      'FREQ=WEEKLY;INTERVAL=2;WKST=SU',
      '1997-09: 2 16 30 | 1997-10: 14 28 | 1997-11: 11 25 | 1997-12: 9 23 | 1998-01: 6 20 | 1998-02: 3 17 …',
    ],
    [
      'Tuesday and Thursday for five weeks, by UNTIL',
      'FREQ=WEEKLY;UNTIL=19971007T000000Z;WKST=SU;BYDAY=TU,TH',
      '1997-09: 2 4 9 11 16 18 23 25 30 | 1997-10: 2',
    ],
    [
      'Tuesday and Thursday for five weeks, by COUNT',
      'FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH',
      '1997-09: 2 4 9 11 16 18 23 25 30 | 1997-10: 2',
    ],
    [
      'every other week on three days until 24 December',
      'FREQ=WEEKLY;INTERVAL=2;UNTIL=19971224T000000Z;WKST=SU;BYDAY=MO,WE,FR',
      '1997-09: 1 3 5 15 17 19 29 | 1997-10: 1 3 13 15 17 27 29 31 | 1997-11: 10 12 14 24 26 28 | 1997-12: 8 10 12 22',
      '1997-09-01T09:00:00',
    ],
    [
      'every other week on two days, 8 occurrences',
      'FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH',
      '1997-09: 2 4 16 18 30 | 1997-10: 2 14 16',
    ],
    [
      'monthly on the first Friday, 10 occurrences',
      'FREQ=MONTHLY;COUNT=10;BYDAY=1FR',
      '1997-09: 5 | 1997-10: 3 | 1997-11: 7 | 1997-12: 5 | 1998-01: 2 | 1998-02: 6 | 1998-03: 6 | 1998-04: 3 | 1998-05: 1 | 1998-06: 5',
      '1997-09-05T09:00:00',
    ],
    [
      'monthly on the first Friday until 24 December',
      'FREQ=MONTHLY;UNTIL=19971224T000000Z;BYDAY=1FR',
      '1997-09: 5 | 1997-10: 3 | 1997-11: 7 | 1997-12: 5',
      '1997-09-05T09:00:00',
    ],
    [
      'every other month on the first and last Sunday',
      'FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU',
      '1997-09: 7 28 | 1997-11: 2 30 | 1998-01: 4 25 | 1998-03: 1 29 | 1998-05: 3 31',
      '1997-09-07T09:00:00',
    ],
    [
      'monthly on the second-to-last Monday',
      'FREQ=MONTHLY;COUNT=6;BYDAY=-2MO',
      '1997-09: 22 | 1997-10: 20 | 1997-11: 17 | 1997-12: 22 | 1998-01: 19 | 1998-02: 16',
      '1997-09-22T09:00:00',
    ],
    [
      'monthly on the third-to-last day',
      'FREQ=MONTHLY;BYMONTHDAY=-3',
      '1997-09: 28 | 1997-10: 29 | 1997-11: 28 | 1997-12: 29 | 1998-01: 29 | 1998-02: 26 …',
      '1997-09-28T09:00:00',
    ],
    [
      'monthly on the 2nd and 15th',
      'FREQ=MONTHLY;COUNT=10;BYMONTHDAY=2,15',
      '1997-09: 2 15 | 1997-10: 2 15 | 1997-11: 2 15 | 1997-12: 2 15 | 1998-01: 2 15',
    ],
    [
      'monthly on the first and last day',
      'FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1',
      '1997-09: 30 | 1997-10: 1 31 | 1997-11: 1 30 | 1997-12: 1 31 | 1998-01: 1 31 | 1998-02: 1',
      '1997-09-30T09:00:00',
    ],
    [
      'every 18 months from the 10th to the 15th',
      'FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15',
      '1997-09: 10 11 12 13 14 15 | 1999-03: 10 11 12 13',
      '1997-09-10T09:00:00',
    ],
    [
      'every Tuesday of every other month',
      'FREQ=MONTHLY;INTERVAL=2;BYDAY=TU',
      '1997-09: 2 9 16 23 30 | 1997-11: 4 11 18 25 | 1998-01: 6 13 20 27 | 1998-03: 3 10 17 24 31 …',
    ],
    [
      'yearly in June and July',
      'FREQ=YEARLY;COUNT=10;BYMONTH=6,7',
      '1997-06: 10 | 1997-07: 10 | 1998-06: 10 | 1998-07: 10 | 1999-06: 10 | 1999-07: 10 | 2000-06: 10 | 2000-07: 10 | 2001-06: 10 | 2001-07: 10',
      '1997-06-10T09:00:00',
    ],
    [
      'every other year in January, February and March',
      'FREQ=YEARLY;INTERVAL=2;COUNT=10;BYMONTH=1,2,3',
      '1997-03: 10 | 1999-01: 10 | 1999-02: 10 | 1999-03: 10 | 2001-01: 10 | 2001-02: 10 | 2001-03: 10 | 2003-01: 10 | 2003-02: 10 | 2003-03: 10',
      '1997-03-10T09:00:00',
    ],
    [
      'every third year on days 1, 100 and 200',
      'FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200',
      '1997-01: 1 | 1997-04: 10 | 1997-07: 19 | 2000-01: 1 | 2000-04: 9 | 2000-07: 18 | 2003-01: 1 | 2003-04: 10 | 2003-07: 19 | 2006-01: 1',
      '1997-01-01T09:00:00',
    ],
    [
      'every 20th Monday of the year',
      'FREQ=YEARLY;BYDAY=20MO',
      '1997-05: 19 | 1998-05: 18 | 1999-05: 17 …',
      '1997-05-19T09:00:00',
    ],
    [
      'Monday of week 20',
      'FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO',
      '1997-05: 12 | 1998-05: 11 | 1999-05: 17 …',
      '1997-05-12T09:00:00',
    ],
    [
      'every Thursday in March',
      'FREQ=YEARLY;BYMONTH=3;BYDAY=TH',
      '1997-03: 13 20 27 | 1998-03: 5 12 19 26 | 1999-03: 4 11 18 25 …',
      '1997-03-13T09:00:00',
    ],
    [
      'every Thursday in summer',
      'FREQ=YEARLY;BYDAY=TH;BYMONTH=6,7,8',
      '1997-06: 5 12 19 26 | 1997-07: 3 10 17 24 31 | 1997-08: 7 14 21 28 | 1998-06: 4 11 18 25 …',
      '1997-06-05T09:00:00',
    ],
    [
      'every Friday the 13th (the start is none, and stands)',
      'FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13',
      '1997-09: 2 | 1998-02: 13 | 1998-03: 13 | 1998-11: 13 | 1999-08: 13 | 2000-10: 13 …',
    ],
    [
      'the first Saturday after the first Sunday',
      'FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13',
      '1997-09: 13 | 1997-10: 11 | 1997-11: 8 | 1997-12: 13 | 1998-01: 10 | 1998-02: 7 | 1998-03: 7 …',
      '1997-09-13T09:00:00',
    ],
    [
      'US presidential election day',
      'FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8',
      '1996-11: 5 | 2000-11: 7 | 2004-11: 2 …',
      '1996-11-05T09:00:00',
    ],
    [
      'the third of Tuesday, Wednesday, Thursday',
      'FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3',
      '1997-09: 4 | 1997-10: 7 | 1997-11: 6',
      '1997-09-04T09:00:00',
    ],
    [
      'the second-to-last weekday',
      'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2',
      '1997-09: 29 | 1997-10: 30 | 1997-11: 27 | 1997-12: 30 | 1998-01: 29 | 1998-02: 26 | 1998-03: 30 …',
      '1997-09-29T09:00:00',
    ],
    ['WKST=MO', 'FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO', '1997-08: 5 10 19 24', '1997-08-05T09:00:00'],
    ['WKST=SU', 'FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU', '1997-08: 5 17 19 31', '1997-08-05T09:00:00'],
    [
      'a day that does not exist is passed over',
      'FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5',
      '2007-01: 15 30 | 2007-02: 15 | 2007-03: 15 30',
      '2007-01-15T09:00:00',
    ],
  ] satisfies readonly (readonly [title: string, rule: string, dates: string, start?: string])[]
).map(([title, rule, compact, start = '1997-09-02T09:00:00']) => ({ title, rule, compact, start }))

function datesOf(compact: string): string[] {
  return compact
    .replace('…', '')
    .split('|')
    .flatMap(group => {
      const [month = '', days = ''] = group.split(': ')
      return days
        .trim()
        .split(/\s+/)
        .map(day => `${month.trim()}-${day.padStart(2, '0')} 09:00`)
    })
}

describe('the examples of RFC 5545 section 3.8.5.3', () => {
  it.each(rfcExamples)('$title', ({ rule, compact, start }) => {
    const expected = datesOf(compact)
    const found = walls(rule, start, 'America/New_York', '1990-01-01', '2010-01-01')
    expect(compact.endsWith('…') ? found.slice(0, expected.length) : found).toEqual(expected)
  })

  it('every day in January for three years is the same by the year and by the day', () => {
    const start = '1998-01-01T09:00:00'
    const byYear = 'FREQ=YEARLY;UNTIL=20000131T140000Z;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA'
    const byDay = 'FREQ=DAILY;UNTIL=20000131T140000Z;BYMONTH=1'
    const found = walls(byYear, start, 'America/New_York', '1997-01-01', '2002-01-01')
    expect(found).toHaveLength(93)
    expect(found.at(-1)).toBe('2000-01-31 09:00')
    expect(walls(byDay, start, 'America/New_York', '1997-01-01', '2002-01-01')).toEqual(found)
  })

  it('daily until 24 December is 113 days', () => {
    const found = walls(
      'FREQ=DAILY;UNTIL=19971224T000000Z',
      '1997-09-02T09:00:00',
      'America/New_York',
      '1997-01-01',
      '1999-01-01',
    )
    expect(found).toHaveLength(113)
    expect(found.at(-1)).toBe('1997-12-23 09:00')
  })

  it('every three hours from 9 to 17 on one day', () => {
    const rule = 'FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T210000Z'
    expect(walls(rule, '1997-09-02T09:00:00', 'America/New_York', '1997-01-01', '1998-01-01')).toEqual([
      '1997-09-02 09:00',
      '1997-09-02 12:00',
      '1997-09-02 15:00',
    ])
  })

  it('every 20 minutes of the working day, as a daily rule', () => {
    const rule = 'FREQ=DAILY;BYHOUR=9,10,11,12,13,14,15,16;BYMINUTE=0,20,40'
    const found = walls(rule, '1997-09-02T09:00:00', 'America/New_York', '1997-09-02', '1997-09-03')
    expect(found).toHaveLength(24)
    expect([found[0], found[1], found.at(-1)]).toEqual(['1997-09-02 09:00', '1997-09-02 09:20', '1997-09-02 16:40'])
  })

  it.each([
    'FREQ=MINUTELY;INTERVAL=15;COUNT=6',
    'FREQ=MINUTELY;INTERVAL=90;COUNT=4',
    'FREQ=MINUTELY;INTERVAL=20;BYHOUR=9,10,11,12,13,14,15,16',
  ])('%s is refused: no meeting repeats by the minute', rule => {
    expect(expand(rule, '1997-09-02T09:00:00', 'America/New_York', '1997-01-01', '1998-01-01')).toEqual({
      startsAt: [],
      stopped: 'too-frequent',
      steps: 0,
    })
  })
})

describe('days on which clocks change', () => {
  it.each([
    ['Europe/Madrid', '2026-03-28T10:00:00', ['03-28T09:00', '03-29T08:00', '03-30T08:00']],
    ['Europe/Madrid', '2026-10-24T10:00:00', ['10-24T08:00', '10-25T09:00', '10-26T09:00']],
    ['America/New_York', '2026-10-31T09:00:00', ['10-31T13:00', '11-01T14:00', '11-02T14:00']],
    ['Australia/Lord_Howe', '2026-04-04T09:00:00', ['04-03T22:00', '04-04T22:30', '04-05T22:30']],
    ['Pacific/Chatham', '2026-04-04T09:00:00', ['04-03T19:15', '04-04T20:15', '04-05T20:15']],
    ['Asia/Kathmandu', '2026-03-28T09:00:00', ['03-28T03:15', '03-29T03:15', '03-30T03:15']],
  ])('daily in %s from %s keeps its place on the wall', (zoneName, start, expected) => {
    expect(instants('FREQ=DAILY;COUNT=3', start, zoneName)).toEqual(expected.map(each => `2026-${each}:00Z`))
  })

  it.each([
    ['the skipped hour moves forward (Madrid)', '2026-03-28T02:30:00', 'Europe/Madrid', '2026-03-29T01:30:00Z'],
    ['the repeated hour is its first (Madrid)', '2026-10-24T02:30:00', 'Europe/Madrid', '2026-10-25T00:30:00Z'],
    [
      'the skipped half hour moves by half an hour (Lord Howe)',
      '2026-10-03T02:15:00',
      'Australia/Lord_Howe',
      '2026-10-03T15:45:00Z',
    ],
    ['the skipped hour at 02:45 (Chatham)', '2026-09-26T02:50:00', 'Pacific/Chatham', '2026-09-26T14:05:00Z'],
  ])('%s', (_title, start, zoneName, second) => {
    expect(instants('FREQ=DAILY;COUNT=3', start, zoneName)[1]).toBe(second)
  })

  it('two readings of one instant are one occurrence', () => {
    expect(
      instants('FREQ=DAILY;BYHOUR=2,3;COUNT=6', '2026-03-28T02:00:00', 'Europe/Madrid').map(each => each.slice(5, 16)),
    ).toEqual(['03-28T01:00', '03-28T02:00', '03-29T01:00', '03-30T00:00', '03-30T01:00'])
  })

  it('hourly rules count hours of real time', () => {
    expect(instants('FREQ=HOURLY;INTERVAL=3;COUNT=4', '2026-10-24T22:00:00', 'Europe/Madrid')).toEqual([
      '2026-10-24T20:00:00Z',
      '2026-10-24T23:00:00Z',
      '2026-10-25T02:00:00Z',
      '2026-10-25T05:00:00Z',
    ])
  })

  it('both passes of a repeated hour belong to an hourly rule', () => {
    const found = expand('FREQ=HOURLY', '2026-10-24T12:00:00', 'Europe/Madrid', '2026-10-25', '2026-10-26')
    expect(found.startsAt).toHaveLength(25)
  })
})

describe('the start, the end and the count', () => {
  it('a start outside its rule stands first and counts', () => {
    expect(instants('FREQ=WEEKLY;BYDAY=TU;COUNT=3', '2026-03-16T10:00:00', 'UTC')).toEqual([
      '2026-03-16T10:00:00Z',
      '2026-03-17T10:00:00Z',
      '2026-03-24T10:00:00Z',
    ])
  })

  it('an UNTIL before the start leaves the start', () => {
    expect(instants('FREQ=DAILY;UNTIL=20250101', '2026-03-16T10:00:00', 'UTC')).toEqual(['2026-03-16T10:00:00Z'])
  })

  it.each([
    ['an instant is inclusive', 'UNTIL=20260330T080000Z', 4],
    ['an instant a second before the last', 'UNTIL=20260330T075959Z', 3],
    ['a reading without a zone', 'UNTIL=20260329T100000', 3],
    ['a date lasts to its end', 'UNTIL=20260329', 3],
  ])('UNTIL: %s', (_title, until, occurrences) => {
    expect(instants(`FREQ=DAILY;${until}`, '2026-03-27T10:00:00', 'Europe/Warsaw')).toHaveLength(occurrences)
  })

  it.each([
    ['FREQ=DAILY;COUNT=1000', '2024-01-01T10:00:00'],
    ['FREQ=DAILY;INTERVAL=3;BYHOUR=9,15;COUNT=800', '2023-05-05T15:00:00'],
    ['FREQ=WEEKLY;BYDAY=MO,WE,FR;COUNT=200', '2025-01-01T10:00:00'],
    ['FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,TU;WKST=SU;COUNT=77', '2025-01-07T10:00:00'],
    ['FREQ=WEEKLY;BYDAY=TU;COUNT=60', '2025-06-02T10:00:00'],
    ['FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1,-1;COUNT=120', '2025-03-05T10:00:00'],
    ['FREQ=HOURLY;INTERVAL=5;COUNT=2500', '2025-03-05T10:00:00'],
  ])('%s counted by arithmetic is the same as walked', (rule, start) => {
    const walked = expand(rule, start, 'Europe/Madrid', '2020-01-01', '2030-01-01').startsAt
    const from = wall('2026-04-01')
    const madrid = zone('Europe/Madrid')
    const jumped = expand(rule, start, 'Europe/Madrid', '2026-04-01', '2030-01-01')
    expect(jumped.startsAt).toEqual(walked.filter(at => madrid.toWall(at) >= from))
    expect(jumped.startsAt.length).toBeGreaterThan(0)
    expect(jumped.startsAt.length).toBeLessThan(walked.length)
  })

  it('a window is half-open on the wall', () => {
    expect(walls('FREQ=DAILY', '2026-01-01T10:00:00', 'UTC', '2026-03-01T10:00:00', '2026-03-03T10:00:00')).toEqual([
      '2026-03-01 10:00',
      '2026-03-02 10:00',
    ])
  })

  it('29 February is only in leap years', () => {
    expect(walls('FREQ=YEARLY;COUNT=3', '2024-02-29', 'UTC', '2024-01-01', '2040-01-01')).toEqual([
      '2024-02-29 00:00',
      '2028-02-29 00:00',
      '2032-02-29 00:00',
    ])
  })
})

describe('parts where the RFC says little', () => {
  it('a week number alone keeps the weekday of the start', () => {
    expect(walls('FREQ=YEARLY;BYWEEKNO=53', '2015-12-30T10:00:00', 'UTC', '2015-01-01', '2033-01-01')).toEqual([
      '2015-12-30 10:00',
      '2020-12-30 10:00',
      '2026-12-30 10:00',
      '2032-12-29 10:00',
    ])
  })

  it('week one may begin in December', () => {
    expect(walls('FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO', '2024-01-01T10:00:00', 'UTC', '2024-01-01', '2027-01-01')).toEqual([
      '2024-01-01 10:00',
      '2024-12-30 10:00',
      '2025-12-29 10:00',
    ])
  })

  it('the last week counted from the end', () => {
    expect(walls('FREQ=YEARLY;BYWEEKNO=-1;BYDAY=TH', '2020-12-31T10:00:00', 'UTC', '2020-01-01', '2023-01-01')).toEqual(
      ['2020-12-31 10:00', '2021-12-30 10:00', '2022-12-29 10:00'],
    )
  })

  it('days of the month narrow a weekly rule: the first Monday', () => {
    expect(
      walls('FREQ=WEEKLY;BYDAY=MO;BYMONTHDAY=1,2,3,4,5,6,7', '2026-01-05T10:00:00', 'UTC', '2026-01-01', '2026-04-01'),
    ).toEqual(['2026-01-05 10:00', '2026-02-02 10:00', '2026-03-02 10:00'])
  })
})

describe('rules made to stall their reader', () => {
  it.each([
    ['30 February, counted', 'FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=3', '1601-01-01T10:00:00', 'steps'],
    ['30 February every hour, counted', 'FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30;COUNT=3', '1970-01-01T10:00:00', 'steps'],
    ['30 February', 'FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30', '1601-01-01T10:00:00', null],
    ['a set without its 366th', 'FREQ=YEARLY;BYSETPOS=366;BYMONTHDAY=1', '0001-01-01T10:00:00', null],
    ['an interval past the end of time', 'FREQ=HOURLY;INTERVAL=999999999999', '1970-01-01T10:00:00', null],
    ['every second', 'FREQ=SECONDLY', '1970-01-01T10:00:00', 'too-frequent'],
    [
      'every minute of some hours',
      'FREQ=DAILY;BYHOUR=9,10;BYMINUTE=0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27',
      '2020-01-01T10:00:00',
      'too-frequent',
    ],
    ['every five minutes', 'FREQ=HOURLY;BYMINUTE=0,5,10,15,20', '2020-01-01T10:00:00', 'too-frequent'],
  ])('%s gives nothing in the window and ends', (_title, rule, start, stopped) => {
    const found = expand(rule, start, 'Europe/Madrid', '2026-03-02', '2026-03-09')
    expect(found).toMatchObject({ startsAt: [], stopped })
    expect(found.steps).toBeLessThanOrEqual(100_012)
  })

  it('a daily rule since the year 1 until 9999 looks at the window alone', () => {
    const found = expand(
      'FREQ=DAILY;UNTIL=99991231',
      '0001-01-01T10:00:00',
      'Europe/Madrid',
      '2026-03-02',
      '2026-03-09',
    )
    expect(found.startsAt).toHaveLength(7)
    expect(found.steps).toBeLessThan(12)
  })

  it('more occurrences than the limit are cut and said', () => {
    const found = expand('FREQ=DAILY', '2020-01-01T10:00:00', 'UTC', '2020-01-01', '2026-01-01', {
      steps: 100_000,
      occurrences: 10,
    })
    expect(found.startsAt).toHaveLength(10)
    expect(found.stopped).toBe('occurrences')
  })
})
