import { expect, test } from 'vitest'
import { parseMoment } from './event-time.ts'
import { checkRecurrence, hasOccurrenceAt, instanceId, originalStarts, parseInstanceId } from './series.ts'

/** Derived by hand from calendars and the dates on which clocks change, not by any expander. */
const golden = [
  {
    what: 'a weekly series in Madrid stays at ten when clocks go forward on 29 March 2026',
    start: { dateTime: '2026-03-16T10:00:00', timeZone: 'Europe/Madrid' },
    recurrence: ['RRULE:FREQ=WEEKLY;COUNT=3'],
    starts: ['2026-03-16T09:00:00Z', '2026-03-23T09:00:00Z', '2026-03-30T08:00:00Z'],
  },
  {
    what: 'the second Tuesday of a month in New York, across 8 March 2026',
    start: { dateTime: '2026-01-13T09:00:00', timeZone: 'America/New_York' },
    recurrence: ['RRULE:FREQ=MONTHLY;BYDAY=2TU;COUNT=4'],
    starts: ['2026-01-13T14:00:00Z', '2026-02-10T14:00:00Z', '2026-03-10T13:00:00Z', '2026-04-14T13:00:00Z'],
  },
  {
    what: 'the thirty-first skips months that have none',
    start: { dateTime: '2026-01-31T12:00:00', timeZone: 'UTC' },
    recurrence: ['RRULE:FREQ=MONTHLY;COUNT=3'],
    starts: ['2026-01-31T12:00:00Z', '2026-03-31T12:00:00Z', '2026-05-31T12:00:00Z'],
  },
  {
    what: 'the last working day of a month',
    start: { dateTime: '2026-01-30T16:00:00', timeZone: 'UTC' },
    recurrence: ['RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=3'],
    starts: ['2026-01-30T16:00:00Z', '2026-02-27T16:00:00Z', '2026-03-31T16:00:00Z'],
  },
  {
    what: 'an occurrence in the hour that a clock skips is held an hour later',
    start: { dateTime: '2026-03-28T02:30:00', timeZone: 'Europe/Warsaw' },
    recurrence: ['RRULE:FREQ=DAILY;COUNT=3'],
    starts: ['2026-03-28T01:30:00Z', '2026-03-29T01:30:00Z', '2026-03-30T00:30:00Z'],
  },
  {
    what: 'excluded dates go, in UTC and in a zone, and added ones come',
    start: { dateTime: '2026-06-01T09:00:00', timeZone: 'Europe/Madrid' },
    recurrence: [
      'RRULE:FREQ=DAILY;COUNT=4',
      'EXDATE:20260602T070000Z',
      'EXDATE;TZID=Europe/Madrid:20260603T090000',
      'RDATE;TZID=Europe/Madrid:20260610T090000',
    ],
    starts: ['2026-06-01T07:00:00Z', '2026-06-04T07:00:00Z', '2026-06-10T07:00:00Z'],
  },
  {
    what: 'whole days are dates, and UNTIL includes its own',
    start: { date: '2026-03-27' },
    recurrence: ['RRULE:FREQ=DAILY;INTERVAL=2;UNTIL=20260331', 'EXDATE;VALUE=DATE:20260329'],
    starts: ['2026-03-27T00:00:00Z', '2026-03-31T00:00:00Z'],
  },
  {
    what: 'the twenty-ninth of February comes every four years',
    start: { date: '2024-02-29' },
    recurrence: ['RRULE:FREQ=YEARLY;COUNT=2'],
    starts: ['2024-02-29T00:00:00Z', '2028-02-29T00:00:00Z'],
  },
  {
    what: 'every other week counts weeks from Monday',
    start: { dateTime: '2026-03-03T10:00:00', timeZone: 'UTC' },
    recurrence: ['RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;COUNT=4'],
    starts: ['2026-03-03T10:00:00Z', '2026-03-08T10:00:00Z', '2026-03-17T10:00:00Z', '2026-03-22T10:00:00Z'],
  },
]

test.each(golden)('Expansion: $what', ({ start, recurrence, starts }) => {
  const series = { start: parseMoment(start, 'start'), recurrence, calendarZone: 'UTC' }
  const found = originalStarts(series, { startAt: Date.UTC(2020, 0), endAt: Date.UTC(2030, 0) })
  expect(found.map(at => new Date(at).toISOString().replace('.000', ''))).toEqual(starts)
  for (const at of found) expect(hasOccurrenceAt(series, at)).toBe(true)
  expect(hasOccurrenceAt(series, found[0]! + 60_000)).toBe(false)
})

test('An instance is named after its series and its original start, a whole day by its date', () => {
  const timed = parseMoment({ dateTime: '2026-03-16T10:00:00', timeZone: 'Europe/Madrid' }, 'start')
  const key = Date.UTC(2026, 2, 23, 9)
  expect(instanceId('abc', timed, key)).toBe('abc_20260323T090000Z')
  expect(parseInstanceId('abc_20260323T090000Z')).toEqual({ masterId: 'abc', key })
  expect(instanceId('abc', { kind: 'date', on: '2026-03-16' }, Date.UTC(2026, 2, 23))).toBe('abc_20260323')
  expect(parseInstanceId('abc_20260323')).toEqual({ masterId: 'abc', key: Date.UTC(2026, 2, 23) })
  expect(parseInstanceId('abc')).toBeNull()
})

test.each([
  ['no rule and no date', ['EXDATE:20260602T070000Z']],
  ['a start', ['DTSTART:20260602T070000Z', 'RRULE:FREQ=DAILY']],
  ['a rule without FREQ', ['RRULE:COUNT=3']],
  ['a date that does not exist', ['RRULE:FREQ=DAILY', 'EXDATE:20260231T070000Z']],
])('Recurrence lines with %s are refused', (_what, lines) => {
  expect(() => checkRecurrence(lines)).toThrow('Invalid recurrence rule.')
})
