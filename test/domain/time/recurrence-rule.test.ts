import { describe, expect, it } from 'vitest'
import { parseRecurrenceRule } from '../../../src/domain/time/recurrence-rule.ts'

const bare = {
  interval: 1,
  count: null,
  until: null,
  byMonth: [],
  byWeekNo: [],
  byYearDay: [],
  byMonthDay: [],
  byDay: [],
  byHour: [],
  byMinute: [],
  bySecond: [],
  bySetPos: [],
  weekStart: 0,
}

describe('a rule is read as real calendars write it', () => {
  it.each([
    ['FREQ=DAILY', { frequency: 'daily' }],
    ['freq=weekly; interval=2 ; wkst=su;', { frequency: 'weekly', interval: 2, weekStart: 6 }],
    [
      'FREQ=MONTHLY;BYDAY=+1MO,-1FR,TU',
      {
        frequency: 'monthly',
        byDay: [
          { weekday: 0, ordinal: 1 },
          { weekday: 1, ordinal: 0 },
          { weekday: 4, ordinal: -1 },
        ],
      },
    ],
    ['FREQ=DAILY;X-PART=1;COUNT=010', { frequency: 'daily', count: 10 }],
    [
      'FREQ=YEARLY;BYMONTH=12,3,3;BYMONTHDAY=31,-1,99,x',
      { frequency: 'yearly', byMonth: [3, 12], byMonthDay: [-1, 31] },
    ],
    ['FREQ=DAILY;BYSECOND=60', { frequency: 'daily', bySecond: [59] }],
    ['FREQ=DAILY;BYHOUR=;COUNT=2', { frequency: 'daily', count: 2 }],
    ['FREQ=DAILY;UNTIL=20260330', { frequency: 'daily', until: { form: 'date', wall: Date.UTC(2026, 2, 30) } }],
    [
      'FREQ=DAILY;UNTIL=20260330T101500',
      { frequency: 'daily', until: { form: 'wall', wall: Date.UTC(2026, 2, 30, 10, 15) } },
    ],
    [
      'FREQ=DAILY;UNTIL=20260330T101500Z',
      { frequency: 'daily', until: { form: 'instant', at: Date.UTC(2026, 2, 30, 10, 15) } },
    ],
    ['RSCALE=GREGORIAN;FREQ=YEARLY;SKIP=OMIT', { frequency: 'yearly' }],
  ])('%s', (text, parts) => {
    expect(parseRecurrenceRule(text)).toEqual({ ...bare, ...parts })
  })
})

describe('what would change the dates if it were passed over is refused, in a sentence', () => {
  it.each([
    ['', 'The recurrence rule names no FREQ.'],
    ['BYDAY=MO', 'The recurrence rule names no FREQ.'],
    ['FREQ=FORTNIGHTLY', 'The FREQ of the recurrence rule does not exist: FORTNIGHTLY.'],
    ['FREQ=DAILY;INTERVAL=0', 'The INTERVAL of the recurrence rule cannot be followed: 0.'],
    ['FREQ=DAILY;COUNT=-3', 'The COUNT of the recurrence rule cannot be followed: -3.'],
    ['FREQ=DAILY;UNTIL=20260230', 'The UNTIL of the recurrence rule cannot be followed: 20260230.'],
    ['FREQ=DAILY;BYDAY=XX', 'The BYDAY of the recurrence rule cannot be followed: XX.'],
    ['FREQ=YEARLY;RSCALE=CHINESE', 'The RSCALE of the recurrence rule cannot be followed: CHINESE.'],
  ])('%s', (text, problem) => {
    expect(parseRecurrenceRule(text)).toEqual({ problem })
  })

  it('a rule of megabytes is not read', () => {
    expect(parseRecurrenceRule(`FREQ=DAILY;BYDAY=${'MO,'.repeat(1_000_000)}`)).toEqual({
      problem: 'The recurrence rule is longer than 20000 characters.',
    })
  })

  it('lists are bounded', () => {
    const rule = parseRecurrenceRule(`FREQ=DAILY;BYYEARDAY=${Array.from({ length: 5_000 }, (_, i) => (i % 366) + 1)}`)
    expect('byYearDay' in rule && rule.byYearDay.length).toBe(366)
  })
})
