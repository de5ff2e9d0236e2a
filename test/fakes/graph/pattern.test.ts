import { describe, expect, it } from 'vitest'
import { datesOf } from './pattern.ts'
import type { GraphPattern, GraphRange } from './vendor-types.ts'

// written down from an Outlook calendar page by hand, not by any expander
const golden: readonly [title: string, pattern: GraphPattern, range: GraphRange, dates: string][] = [
  [
    'every third day',
    { type: 'daily', interval: 3 },
    { type: 'numbered', startDate: '2026-02-25', numberOfOccurrences: 4 },
    '2026-02-25 2026-02-28 2026-03-03 2026-03-06',
  ],
  [
    'Tuesdays and Thursdays, begun on a Wednesday',
    { type: 'weekly', interval: 1, daysOfWeek: ['tuesday', 'thursday'] },
    { type: 'endDate', startDate: '2026-03-04', endDate: '2026-03-12' },
    '2026-03-05 2026-03-10 2026-03-12',
  ],
  [
    'every second week of Sunday and Monday when weeks begin on Sunday',
    { type: 'weekly', interval: 2, daysOfWeek: ['sunday', 'monday'], firstDayOfWeek: 'sunday' },
    { type: 'numbered', startDate: '2026-03-02', numberOfOccurrences: 4 },
    '2026-03-02 2026-03-15 2026-03-16 2026-03-29',
  ],
  [
    'every second week of Sunday and Monday when weeks begin on Monday',
    { type: 'weekly', interval: 2, daysOfWeek: ['sunday', 'monday'], firstDayOfWeek: 'monday' },
    { type: 'numbered', startDate: '2026-03-02', numberOfOccurrences: 4 },
    '2026-03-02 2026-03-08 2026-03-16 2026-03-22',
  ],
  [
    'day 31, clamped to the end of shorter months',
    { type: 'absoluteMonthly', interval: 1, dayOfMonth: 31 },
    { type: 'numbered', startDate: '2027-12-31', numberOfOccurrences: 5 },
    '2027-12-31 2028-01-31 2028-02-29 2028-03-31 2028-04-30',
  ],
  [
    'the last Friday of every second month',
    { type: 'relativeMonthly', interval: 2, daysOfWeek: ['friday'], index: 'last' },
    { type: 'endDate', startDate: '2026-01-01', endDate: '2026-06-30' },
    '2026-01-30 2026-03-27 2026-05-29',
  ],
  [
    'the second working day of a month',
    {
      type: 'relativeMonthly',
      interval: 1,
      daysOfWeek: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'],
      index: 'second',
    },
    { type: 'numbered', startDate: '2026-03-01', numberOfOccurrences: 3 },
    '2026-03-03 2026-04-02 2026-05-04',
  ],
  [
    '29 February, clamped in common years',
    { type: 'absoluteYearly', interval: 1, month: 2, dayOfMonth: 29 },
    { type: 'numbered', startDate: '2028-02-29', numberOfOccurrences: 3 },
    '2028-02-29 2029-02-28 2030-02-28',
  ],
  [
    'the fourth Thursday of November',
    { type: 'relativeYearly', interval: 1, month: 11, daysOfWeek: ['thursday'], index: 'fourth' },
    { type: 'numbered', startDate: '2026-11-01', numberOfOccurrences: 2 },
    '2026-11-26 2027-11-25',
  ],
]

describe('dates of a Graph pattern', () => {
  it.each(golden)('%s', (_title, pattern, range, dates) => {
    expect(datesOf(pattern, range, '2040-01-01').join(' ')).toBe(dates)
  })

  it('an endless series stops at the date that is asked for', () => {
    const dates = datesOf({ type: 'daily', interval: 1 }, { type: 'noEnd', startDate: '2026-03-01' }, '2026-03-04')
    expect(dates).toEqual(['2026-03-01', '2026-03-02', '2026-03-03', '2026-03-04'])
  })
})
