import { describe, expect, it } from 'vitest'
import { dayFocus } from '../../../src/domain/focus/day.ts'
import { meetingRuns, touchingMeetings } from '../../../src/domain/focus/runs.ts'
import { defaultWorkingHours, type WeekInput, weekSummary } from '../../../src/domain/focus/week.ts'
import type { Interval } from '../../../src/domain/time/types.ts'
import { at, zone } from '../../support/build.ts'

describe('golden numbers of a day, 9 to 17, two-hour blocks', () => {
  it.each([
    {
      day: 'three meetings apart',
      meetings: ['10:00-10:30', '11:30-12:00', '14:00-15:00'],
      gaps: [60, 60, 120, 120],
      free: 360,
      focus: 240,
      index: 0.3333,
      blocks: 2,
      best: 3,
    },
    {
      day: 'the same minutes packed',
      meetings: ['9:00-11:00'],
      gaps: [360],
      free: 360,
      focus: 360,
      index: 0,
      blocks: 3,
      best: 3,
    },
    {
      day: 'three meetings spread',
      meetings: ['10:00-11:00', '13:00-14:00', '15:00-16:00'],
      gaps: [60, 120, 60, 60],
      free: 300,
      focus: 120,
      index: 0.6,
      blocks: 1,
      best: 2,
    },
    {
      day: 'two fixed and a flexible one at 15:00',
      meetings: ['10:00-10:30', '13:00-14:00', '15:00-15:30'],
      gaps: [60, 150, 60, 90],
      free: 360,
      focus: 150,
      index: 0.5833,
      blocks: 1,
      best: 3,
    },
    {
      day: 'the flexible one moved to 9:00',
      meetings: ['10:00-10:30', '13:00-14:00', '9:00-9:30'],
      gaps: [30, 150, 180],
      free: 360,
      focus: 330,
      index: 0.0833,
      blocks: 2,
      best: 3,
    },
  ])('$day', ({ meetings, gaps, free, focus, index, blocks, best }) => {
    const result = dayFocus(span('9:00-17:00'), meetings.map(span))
    expect(result).toMatchObject({ gaps, freeMinutes: free, focusMinutes: focus, blocks, blocksAtBest: best })
    expect(result.fragmentationIndex).toBeCloseTo(index, 4)
    expect(result.packingEfficiency).toBeCloseTo(blocks / best, 6)
  })

  it('a full day leaves nothing usable, and no packing would help', () => {
    expect(dayFocus(span('9:00-17:00'), [span('8:00-18:00')])).toMatchObject({
      gaps: [],
      fragmentationIndex: 1,
      packingEfficiency: 1,
    })
  })

  it('half a day off is neither worked nor free', () => {
    expect(dayFocus(span('9:00-17:00'), [], 120, [span('13:00-17:00')])).toMatchObject({
      workingMinutes: 240,
      focusMinutes: 240,
    })
  })
})

describe('a week', () => {
  it('merges overlaps, counts outside hours apart, and names days and weeks', () => {
    const summary = week(['2026-03-16 10:00-11:00', '2026-03-16 10:30-11:30', '2026-03-18 16:30-18:00'])!
    expect(summary).toMatchObject({ weeks: 1, workingHours: 40, meetingHours: 3, outsideHours: 1 })
    expect(summary.meetingShare).toBeCloseTo(2 / 40, 6)
    expect(summary.byWeekday.map(({ weekday, meetingHours }) => [weekday, meetingHours])).toEqual([
      ['Mon', 1.5],
      ['Tue', 0],
      ['Wed', 1.5],
      ['Thu', 0],
      ['Fri', 0],
    ])
    expect(summary.perWeek).toEqual([{ weekOn: '2026-03-16', meetingHours: 3, focusHours: 37, fragmentHours: 1 }])
    expect(summary.focusHours + summary.fragmentHours + summary.meetingHours - summary.outsideHours).toBeCloseTo(40, 6)
  })

  it('averages over the weeks with any meeting and still lists the others', () => {
    const summary = week(['2026-03-16 10:00-12:00', '2026-03-30 10:00-12:00'], {
      window: days('2026-03-16', '2026-04-06'),
    })!
    expect(summary).toMatchObject({ weeks: 2, workingHours: 40, meetingHours: 2, focusBlocks: 18 })
    expect(summary.perWeek.map(each => each.meetingHours)).toEqual([2, 0, 2])
    expect(summary.byWeekday.reduce((sum, day) => sum + day.focusHours, 0)).toBeCloseTo(summary.focusHours, 6)
  })

  it('counts a week that the window cuts by the working time inside', () => {
    const summary = week(['2026-03-19 10:00-11:00'], { window: days('2026-03-18', '2026-03-23') })!
    expect(summary.weeks).toBeCloseTo(3 / 5, 6)
    expect(summary.workingHours).toBeCloseTo(40, 6)
    expect(week(['2026-03-22 10:00-11:00'], { window: days('2026-03-22', '2026-03-23') })!.weeks).toBeCloseTo(1 / 7, 6)
  })

  it('takes a day off out of the working time', () => {
    const away = [{ startAt: at('2026-03-20'), endAt: at('2026-03-21') }]
    expect(week(['2026-03-16 10:00-11:00'], { away })!.workingHours).toBe(32)
  })

  it('is not drawn when no meeting touches the window', () => {
    expect(week([])).toBeNull()
    expect(week(['2026-02-16 10:00-11:00'])).toBeNull()
  })

  it('reads working hours on the person’s own wall', () => {
    const meeting = ['2026-03-16 13:30-14:30']
    expect(week(meeting, { zone: zone('America/New_York') })!.outsideHours).toBe(0)
    expect(week(meeting, { zone: zone('Asia/Kathmandu') })!.outsideHours).toBe(1)
  })

  it('knows that a day of a clock change has 23 or 25 hours', () => {
    const hours = { weekdays: [6], startMinute: 0, endMinute: 24 * 60 }
    const madrid = zone('Europe/Madrid')
    const around = (monday: string, next: string) => ({
      startAt: at(monday, 'Europe/Madrid'),
      endAt: at(next, 'Europe/Madrid'),
    })
    const spring = { hours, zone: madrid, window: around('2026-03-23', '2026-03-30') }
    const autumn = { hours, zone: madrid, window: around('2026-10-19', '2026-10-26') }
    expect(week(['2026-03-29 10:00-11:00'], spring)!.workingHours).toBe(23)
    expect(week(['2026-10-25 10:00-11:00'], autumn)!.workingHours).toBe(25)
  })

  it('gives Sunday night’s half of a meeting to Sunday', () => {
    const summary = week(['2026-03-22 23:00-2026-03-23 01:00'], { window: days('2026-03-16', '2026-03-30') })!
    expect(summary.perWeek.map(each => each.meetingHours)).toEqual([1, 1])
    expect(summary.byWeekday.find(day => day.weekday === 'Sun')!.meetingHours).toBe(0.5)
  })
})

describe('back to back', () => {
  it('joins meetings with under five minutes between', () => {
    const runs = meetingRuns(['9:00-10:00', '10:04-11:00', '11:05-12:00', '14:00-15:00'].map(span))
    expect(runs.map(run => [run.meetings, (run.endAt - run.startAt) / 60_000])).toEqual([
      [2, 120],
      [1, 55],
      [1, 60],
    ])
  })

  it('does not call a double booking a run', () => {
    expect(meetingRuns(['9:00-10:00', '9:00-10:00', '9:15-9:45'].map(span))).toEqual([
      { ...span('9:00-10:00'), meetings: 1 },
    ])
  })

  it('reports the longest run and how many there are in a week', () => {
    const summary = week(['2026-03-16 10:00-11:00', '2026-03-16 11:00-12:30', '2026-03-17 10:00-10:30'])!
    expect(summary).toMatchObject({ longestRunMinutes: 150, backToBackRunsPerWeek: 1 })
  })

  it('knows a lone meeting as the longest run, and as no run back to back', () => {
    const summary = week(['2026-03-16 10:00-11:30', '2026-03-17 10:00-10:30', '2026-03-17 10:30-11:00'])!
    expect(summary).toMatchObject({ longestRunMinutes: 90, backToBackRunsPerWeek: 1 })
  })

  it('counts how often each series touches another meeting', () => {
    const touching = touchingMeetings([
      { ...span('9:00-10:00'), seriesId: 'a' },
      { ...span('10:00-11:00'), seriesId: 'b' },
      { ...span('14:00-15:00'), seriesId: 'a' },
    ])
    expect(touching.get('a')).toEqual({ touching: 1, held: 2 })
    expect(touching.get('b')).toEqual({ touching: 1, held: 1 })
  })
})

function week(meetings: readonly string[], given: Partial<WeekInput> = {}) {
  return weekSummary({
    meetings: meetings.map(dated),
    hours: defaultWorkingHours,
    zone: zone('UTC'),
    window: days('2026-03-16', '2026-03-23'),
    ...given,
  })
}

function days(from: string, to: string): Interval {
  return { startAt: at(from), endAt: at(to) }
}

/** `9:00-10:30` on Monday 16 March 2026. */
function span(text: string): Interval {
  return dated(`2026-03-16 ${text}`)
}

/** `2026-03-16 9:00-10:30`, or with a date before the end as well; UTC. */
function dated(text: string): Interval {
  const match = /^(\S+) (\d+:\d+)-(?:(\d{4}-\d\d-\d\d) )?(\d+:\d+)$/.exec(text)
  if (!match) throw new Error(`not a span: ${text}`)
  const [, date, start, endDate, end] = match
  return { startAt: at(`${date} ${start!.padStart(5, '0')}`), endAt: at(`${endDate ?? date} ${end!.padStart(5, '0')}`) }
}
