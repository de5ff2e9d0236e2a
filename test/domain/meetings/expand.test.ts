import { describe, expect, it } from 'vitest'
import type { CalendarEvent, RecurrenceSet } from '../../../src/domain/meetings/calendar-event.ts'
import { defaultExpansionLimits, expandEvents } from '../../../src/domain/meetings/expand.ts'
import { dateOf, isoInstant } from '../../../src/domain/time/calendar-date.ts'
import { parseRecurrenceRule } from '../../../src/domain/time/recurrence-rule.ts'
import { dayMs, hourMs, minuteMs } from '../../../src/domain/time/types.ts'
import { anEvent, at, wall } from '../../support/build.ts'

const warsaw = 'Europe/Warsaw'
const year2026 = { startAt: at('2026-01-01 00:00'), endAt: at('2027-01-01 00:00') }
const weekly4 = series('FREQ=WEEKLY;COUNT=4')

function series(rules: string | readonly string[], more: Partial<RecurrenceSet> = {}): RecurrenceSet {
  const texts = typeof rules === 'string' ? [rules] : rules
  return {
    rules: texts.map(text => {
      const rule = parseRecurrenceRule(text)
      if ('problem' in rule) throw new Error(rule.problem)
      return rule
    }),
    additions: [],
    exclusions: [],
    excludedDaysWall: [],
    ...more,
  }
}

type EventParts = Parameters<typeof anEvent>[0]

/** The planning series of the tests: Monday 16 March 2026, 10:00 in Warsaw. */
function master(given: EventParts = {}): CalendarEvent {
  return anEvent({ zone: warsaw, recurrence: weekly4, ...given })
}

/** A change of the occurrence that was due at `original` (Warsaw). */
function change(original: string, given: EventParts = {}, how: Partial<CalendarEvent['override']> = {}): CalendarEvent {
  const override = { originalStartAt: at(original, warsaw), byDate: false, andFuture: false, ...how }
  return anEvent({ zone: warsaw, title: 'Moved', ...given, override })
}

const moved = change('2026-03-23 10:00', { start: '2026-03-25 14:00' })

/** Starts as `03-16T09:00`, or as dates for all-day events. */
function starts(events: readonly CalendarEvent[], window = year2026): string[] {
  return expandEvents(events, window).occurrences.map(({ event, startAt }) =>
    event.time.allDay ? dateOf(startAt).slice(5) : isoInstant(startAt).slice(5, 16),
  )
}

function ends(events: readonly CalendarEvent[]): string[] {
  return expandEvents(events, year2026).occurrences.map(
    ({ startAt, endAt }) => `${isoInstant(startAt).slice(5, 16)}/${isoInstant(endAt).slice(5, 16)}`,
  )
}

const mondays = ['03-16T09:00', '03-23T09:00', '03-30T08:00', '04-06T08:00']
const withMoved = ['03-16T09:00', '03-25T13:00', '03-30T08:00', '04-06T08:00']

describe('a series is its rules, additions and start, without its exclusions', () => {
  it('keeps its hour on the wall when clocks change', () => {
    expect(starts([master()])).toEqual(mondays)
  })

  it('a single event is one occurrence that does not recur', () => {
    const { occurrences } = expandEvents([master({ recurrence: null })], year2026)
    expect(occurrences).toMatchObject([{ startAt: at('2026-03-16 09:00'), recurring: false }])
  })

  it('exclusions take occurrences out and are kept as history, also for the COUNT', () => {
    const recurrence = series('FREQ=DAILY;COUNT=3', { exclusions: [at('2026-03-17 10:00', warsaw)] })
    const event = master({ recurrence })
    expect(starts([event])).toEqual(['03-16T09:00', '03-18T09:00'])
    expect(expandEvents([event], year2026).removed).toEqual([
      { event, originalStartAt: at('2026-03-17 10:00', warsaw), reason: 'excluded' },
    ])
  })

  it('an excluded date takes out what starts on that day on the wall of the series', () => {
    const event = master({ recurrence: { ...weekly4, excludedDaysWall: [wall('2026-03-23')] } })
    expect(starts([event])).toEqual(['03-16T09:00', '03-30T08:00', '04-06T08:00'])
  })

  it('an excluded date is a day of the zone, not of UTC', () => {
    const event = anEvent({
      start: '2026-03-16 22:00',
      zone: 'America/New_York',
      recurrence: series('FREQ=DAILY;COUNT=3', { excludedDaysWall: [wall('2026-03-17')] }),
    })
    expect(starts([event])).toEqual(['03-17T02:00', '03-19T02:00'])
  })

  it('additions join, and one that the rule gives too is one occurrence', () => {
    const additions = ['2026-03-18 15:00', '2026-03-23 10:00'].map(text => ({
      startAt: at(text, warsaw),
      exactMs: null,
    }))
    const event = master({ recurrence: series('FREQ=WEEKLY;COUNT=2', { additions }) })
    expect(starts([event])).toEqual(['03-16T09:00', '03-18T14:00', '03-23T09:00'])
  })

  it('additions alone keep the start', () => {
    const additions = [{ startAt: at('2026-03-18 15:00', warsaw), exactMs: null }]
    const { occurrences } = expandEvents([master({ recurrence: series([], { additions }) })], year2026)
    expect(occurrences.map(each => [isoInstant(each.startAt), each.recurring])).toEqual([
      ['2026-03-16T09:00:00Z', true],
      ['2026-03-18T14:00:00Z', true],
    ])
  })

  it('an addition with a length of its own has it', () => {
    const additions = [{ startAt: at('2026-03-18 14:00'), exactMs: 2 * hourMs }]
    expect(ends([master({ recurrence: series('FREQ=WEEKLY;COUNT=2', { additions }) })])[1]).toBe(
      '03-18T14:00/03-18T16:00',
    )
  })

  it('several rules are united', () => {
    const recurrence = series(['FREQ=WEEKLY;COUNT=2', 'FREQ=DAILY;COUNT=2'])
    expect(starts([master({ recurrence })])).toEqual(['03-16T09:00', '03-17T09:00', '03-23T09:00'])
  })

  it('a rule too frequent to be a meeting leaves the start and is reported', () => {
    const found = expandEvents([master({ recurrence: series('FREQ=MINUTELY') })], year2026)
    expect(found.occurrences).toHaveLength(1)
    expect(found.leftOut).toEqual([{ code: 'rule-too-frequent', count: 1 }])
  })
})

describe('overrides', () => {
  it('replace by the original start, in any order of the file', () => {
    expect(starts([master(), moved])).toEqual(withMoved)
    expect(starts([moved, master()])).toEqual(withMoved)
    const { occurrences } = expandEvents([master(), moved], year2026)
    expect(occurrences[1]).toEqual({
      event: moved,
      startAt: at('2026-03-25 13:00'),
      endAt: at('2026-03-25 14:00'),
      originalStartAt: at('2026-03-23 09:00'),
      recurring: true,
    })
  })

  it.each([
    ['into the window, shown', '2026-03-24', '2026-03-29', ['03-25T13:00']],
    ['out of the window, not shown', '2026-03-22', '2026-03-24', []],
  ])('moved %s', (_title, from, to, expected) => {
    const window = { startAt: at(`${from} 00:00`), endAt: at(`${to} 00:00`) }
    expect(starts([master(), moved], window)).toEqual(expected)
    expect(expandEvents([master(), moved], window).removed).toEqual([])
  })

  it('cancelled takes the occurrence out and is kept as history', () => {
    const cancelled = change('2026-03-23 10:00', { start: '2026-03-23 10:00', status: 'cancelled' })
    const found = expandEvents([master(), cancelled], year2026)
    expect(starts([master(), cancelled])).toEqual(['03-16T09:00', '03-30T08:00', '04-06T08:00'])
    expect(found.removed).toEqual([{ event: cancelled, originalStartAt: at('2026-03-23 09:00'), reason: 'cancelled' }])
  })

  it('a cancelled one that the series does not give removes nothing', () => {
    const cancelled = change('2026-03-24 10:00', { start: '2026-03-24 10:00', status: 'cancelled' })
    expect(expandEvents([master(), cancelled], year2026)).toMatchObject({ removed: [] })
    expect(starts([master(), cancelled])).toEqual(mondays)
  })

  it('can change an addition', () => {
    const additions = [{ startAt: at('2026-03-18 15:00', warsaw), exactMs: null }]
    const recurrence = series('FREQ=WEEKLY;COUNT=2', { additions })
    const shifted = change('2026-03-18 15:00', { start: '2026-03-19 15:00' })
    expect(starts([master({ recurrence }), shifted])).toEqual(['03-16T09:00', '03-19T14:00', '03-23T09:00'])
  })

  it('two may be moved to the same time', () => {
    const events = ['2026-03-23 10:00', '2026-03-30 10:00'].map(each => change(each, { start: '2026-04-01 10:00' }))
    expect(starts([master(), ...events])).toEqual(['03-16T09:00', '04-01T08:00', '04-01T08:00', '04-06T08:00'])
  })

  it('one without its series is shown as an occurrence', () => {
    expect(starts([moved])).toEqual(['03-25T13:00'])
  })

  it('one whose original start the series no longer gives is shown', () => {
    expect(starts([master(), change('2026-05-04 10:00', { start: '2026-05-05 10:00' })])).toEqual([
      ...mondays,
      '05-05T08:00',
    ])
  })

  it('one of an excluded occurrence is shown, and nothing was removed', () => {
    const recurrence = { ...weekly4, exclusions: [at('2026-03-23 10:00', warsaw)] }
    expect(starts([master({ recurrence }), moved])).toEqual(withMoved)
    expect(expandEvents([master({ recurrence }), moved], year2026).removed).toEqual([])
  })

  it('one of a single event replaces it', () => {
    expect(starts([master({ recurrence: null }), change('2026-03-16 10:00', { start: '2026-03-17 10:00' })])).toEqual([
      '03-17T09:00',
    ])
  })

  it('one that names a date replaces what the series has on that day', () => {
    const byDate = change(
      '2026-03-23 10:00',
      { start: '2026-03-25 14:00' },
      {
        originalStartAt: wall('2026-03-23'),
        byDate: true,
      },
    )
    expect(starts([master(), byDate])).toEqual(withMoved)
    const midnight = { originalStartAt: at('2026-03-23 00:00', warsaw), byDate: true }
    expect(starts([master(), change('2026-03-23 10:00', { start: '2026-03-25 14:00' }, midnight)])).toEqual(withMoved)
  })

  it.each([
    ['the higher sequence', { sequence: 2, updatedAt: 1 }, { sequence: 1, updatedAt: 9 }, 'first'],
    ['the later update', { sequence: 1, updatedAt: 5 }, { sequence: 1, updatedAt: 9 }, 'second'],
    ['the later in the file', { sequence: 1, updatedAt: 5 }, { sequence: 1, updatedAt: 5 }, 'second'],
  ])('of two copies %s counts', (_title, first, second, winner) => {
    const copies = [
      change('2026-03-23 10:00', { start: '2026-03-25 14:00', title: 'first', ...first }),
      change('2026-03-23 10:00', { start: '2026-03-26 14:00', title: 'second', ...second }),
    ]
    const { occurrences } = expandEvents([master(), ...copies], year2026)
    expect(occurrences).toHaveLength(4)
    expect(occurrences[1]?.event.title).toBe(winner)
  })

  it('belong to the calendar they stand on', () => {
    expect(starts([master(), { ...moved, calendar: 'ben.ics' }])).toEqual([
      '03-16T09:00',
      '03-23T09:00',
      '03-25T13:00',
      '03-30T08:00',
      '04-06T08:00',
    ])
  })
})

describe('a change of this and all later occurrences', () => {
  const anHourLater = change('2026-03-30 10:00', { start: '2026-03-30 11:00', minutes: 30 }, { andFuture: true })

  it('moves them by the difference on the wall, with its own length and details', () => {
    expect(ends([master(), anHourLater])).toEqual([
      '03-16T09:00/03-16T10:00',
      '03-23T09:00/03-23T10:00',
      '03-30T09:00/03-30T09:30',
      '04-06T09:00/04-06T09:30',
    ])
    const last = expandEvents([master(), anHourLater], year2026).occurrences.at(-1)
    expect(last).toMatchObject({ event: { title: 'Moved' }, originalStartAt: at('2026-04-06 08:00') })
  })

  it('yields to a change of a single later occurrence', () => {
    expect(starts([master(), anHourLater, change('2026-04-06 10:00', { start: '2026-04-08 10:00' })])).toEqual([
      '03-16T09:00',
      '03-23T09:00',
      '03-30T09:00',
      '04-08T08:00',
    ])
  })

  it('is replaced by a later one', () => {
    const backAgain = change('2026-04-06 10:00', { start: '2026-04-07 09:00' }, { andFuture: true })
    expect(starts([master(), backAgain, anHourLater])).toEqual([
      '03-16T09:00',
      '03-23T09:00',
      '03-30T09:00',
      '04-07T07:00',
    ])
  })

  it('can bring an occurrence into the window from days before it', () => {
    const twoDaysLater = change('2026-03-23 10:00', { start: '2026-03-25 10:00' }, { andFuture: true })
    const window = { startAt: at('2026-03-31 00:00'), endAt: at('2026-04-02 00:00') }
    expect(starts([master(), twoDaysLater], window)).toEqual(['04-01T08:00'])
  })

  it('cancelled ends the series and keeps the rest as history', () => {
    const over = change('2026-03-30 10:00', { start: '2026-03-30 10:00', status: 'cancelled' }, { andFuture: true })
    const found = expandEvents([master(), over], year2026)
    expect(starts([master(), over])).toEqual(mondays.slice(0, 2))
    expect(found.removed.map(each => [isoInstant(each.originalStartAt), each.reason])).toEqual([
      ['2026-03-30T08:00:00Z', 'cancelled'],
      ['2026-04-06T08:00:00Z', 'cancelled'],
    ])
  })
})

describe('two series under one UID on one calendar', () => {
  it('are both shown when they start apart, and overrides find theirs', () => {
    const other = master({ start: '2026-03-17 10:00', title: 'Other', recurrence: series('FREQ=WEEKLY;COUNT=2') })
    expect(starts([other, master(), moved])).toEqual([
      '03-16T09:00',
      '03-17T09:00',
      '03-24T09:00',
      '03-25T13:00',
      '03-30T08:00',
      '04-06T08:00',
    ])
  })

  it('are one when they start together: the newer', () => {
    const newer = master({ sequence: 1, recurrence: series('FREQ=WEEKLY;COUNT=2') })
    expect(starts([newer, master()])).toEqual(mondays.slice(0, 2))
  })
})

describe('all-day events are dates', () => {
  const window = { startAt: at('2026-03-22 00:00'), endAt: at('2026-03-28 00:00') }

  it('one of several days that began before the window belongs to it', () => {
    const event = anEvent({ start: '2026-03-20', days: 3, recurrence: series('FREQ=WEEKLY;COUNT=3') })
    expect(starts([event], window)).toEqual(['03-20', '03-27'])
  })

  it('exclusions and overrides are dates too', () => {
    const event = anEvent({
      start: '2026-03-16',
      days: 1,
      recurrence: series('FREQ=WEEKLY;COUNT=4', { exclusions: [wall('2026-03-23')] }),
    })
    const override = { originalStartAt: wall('2026-03-30'), byDate: false, andFuture: false }
    expect(starts([event, anEvent({ start: '2026-03-31', days: 1, override })])).toEqual(['03-16', '03-31', '04-06'])
  })

  it('UNTIL as a date is its last day', () => {
    const event = anEvent({ start: '2026-03-28', days: 1, recurrence: series('FREQ=DAILY;UNTIL=20260330') })
    expect(starts([event])).toEqual(['03-28', '03-29', '03-30'])
  })

  it('hours in the rule mean nothing', () => {
    const event = anEvent({ start: '2026-03-28', days: 1, recurrence: series('FREQ=DAILY;COUNT=2;BYHOUR=9,14') })
    expect(starts([event])).toEqual(['03-28', '03-29'])
  })
})

describe('lengths', () => {
  const overnight = { start: '2026-03-27 22:00', recurrence: series('FREQ=DAILY;COUNT=3'), minutes: 480 }

  it('hours are exact over a clock change', () => {
    expect(ends([master(overnight)])).toEqual([
      '03-27T21:00/03-28T05:00',
      '03-28T21:00/03-29T05:00',
      '03-29T20:00/03-30T04:00',
    ])
  })

  it('days are days on the wall', () => {
    const event = master({ start: '2026-03-28 10:00', recurrence: null })
    const aDay = { ...event, time: { ...event.time, exactMs: 0, nominalDays: 1 } }
    expect(ends([aDay])).toEqual(['03-28T09:00/03-29T08:00'])
    const aDayAndAnHour = { ...event, time: { ...event.time, exactMs: hourMs, nominalDays: 1 } }
    expect(ends([aDayAndAnHour])).toEqual(['03-28T09:00/03-29T09:00'])
  })

  it('an end before its start is no length', () => {
    expect(ends([master({ minutes: -30, recurrence: null })])).toEqual(['03-16T09:00/03-16T09:00'])
  })
})

describe('the window is half-open', () => {
  const nine = at('2026-03-16 09:00')

  it.each([
    ['ends as the event starts', -hourMs, 0, 60, 0],
    ['starts as the event ends', hourMs, 2 * hourMs, 60, 0],
    ['starts in the middle of the event', 30 * minuteMs, 2 * hourMs, 60, 1],
    ['starts with an event of no length', 0, hourMs, 0, 1],
    ['ends with an event of no length', -hourMs, 0, 0, 0],
  ])('%s', (_title, from, to, minutes, count) => {
    const window = { startAt: nine + from, endAt: nine + to }
    expect(starts([master({ minutes, recurrence: null })], window)).toHaveLength(count)
    expect(starts([master({ minutes })], window)).toHaveLength(count)
  })

  it('both passes of a repeated hour are in a window that ends between them', () => {
    const event = master({ start: '2026-10-18 02:30', recurrence: series('FREQ=WEEKLY;COUNT=2'), minutes: 10 })
    const window = { startAt: at('2026-10-25 00:00'), endAt: at('2026-10-25 01:00') }
    expect(starts([event], window)).toEqual(['10-25T00:30'])
  })
})

describe('limits', () => {
  const limits = { ...defaultExpansionLimits, occurrencesPerSeries: 5, occurrences: 8 }

  it('a series over its limit is cut, said, and the rest of the file expanded', () => {
    const endless = master({ recurrence: series('FREQ=DAILY') })
    const found = expandEvents([endless, master({ uid: 'b', recurrence: null })], year2026, limits)
    expect(found.occurrences).toHaveLength(6)
    expect(found.leftOut).toEqual([{ code: 'occurrence-cap', count: 1 }])
  })

  it('over the limit of the whole call the occurrences not kept are counted', () => {
    const events = Array.from({ length: 10 }, (_, i) => master({ uid: `${i}`, recurrence: null }))
    const found = expandEvents(events, year2026, limits)
    expect(found.occurrences).toHaveLength(8)
    expect(found.leftOut).toEqual([{ code: 'occurrence-cap', count: 2 }])
  })

  it('an impossible rule since 1601 stops at the steps limit, once for each series', () => {
    const recurrence = series('FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=3')
    const bombs = ['a', 'b'].map(uid => master({ uid, start: '1601-01-01 10:00', recurrence }))
    const found = expandEvents([...bombs, master()], year2026)
    expect(found.occurrences).toHaveLength(4)
    expect(found.leftOut).toEqual([{ code: 'step-cap', count: 2 }])
  })

  it('all rules together have a limit of steps too', () => {
    const recurrence = series('FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=3')
    const bombs = Array.from({ length: 50 }, (_, i) => master({ uid: `${i}`, start: '1601-01-01 10:00', recurrence }))
    const found = expandEvents(bombs, year2026, { ...defaultExpansionLimits, steps: 1_000 })
    expect(found.leftOut).toEqual([{ code: 'step-cap', count: 50 }])
  })

  it('names that objects have of their own are names like others', () => {
    expect(starts([master({ uid: '__proto__' }), { ...moved, uid: '__proto__' }])).toEqual(withMoved)
  })

  it('a million exclusions are read once', () => {
    const first = at('2026-03-23 10:00', warsaw)
    const exclusions = Array.from({ length: 1_000_000 }, (_, i) => first - i * dayMs)
    expect(starts([master({ recurrence: { ...weekly4, exclusions } })])).toEqual(['03-30T08:00', '04-06T08:00'])
  })
})

it('occurrences come by start, ties in the order of the events', () => {
  const events = ['c', 'a', 'b'].map(uid => master({ uid, title: uid }))
  const { occurrences } = expandEvents(events, year2026)
  expect(occurrences.slice(0, 4).map(each => each.event.title)).toEqual(['c', 'a', 'b', 'c'])
})
