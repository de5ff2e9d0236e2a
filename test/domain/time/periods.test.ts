import { describe, expect, it } from 'vitest'
import { isoInstant } from '../../../src/domain/time/calendar-date.ts'
import { daysBetween, weeksBetween } from '../../../src/domain/time/periods.ts'
import type { Interval } from '../../../src/domain/time/types.ts'
import { hourMs } from '../../../src/domain/time/types.ts'
import { workingIntervals } from '../../../src/domain/time/working-hours.ts'
import { at, zone } from '../../support/build.ts'

const hoursOf = ({ startAt, endAt }: Interval) => (endAt - startAt) / hourMs
const between = (from: string, to: string, name = 'UTC') => ({ startAt: at(from, name), endAt: at(to, name) })

describe('weeks and days on the wall of a zone', () => {
  it.each([
    ['Europe/Madrid', '2026-03-24', 167],
    ['Europe/Madrid', '2026-10-20', 169],
    ['Australia/Lord_Howe', '2026-04-01', 168.5],
    ['Asia/Kathmandu', '2026-03-24', 168],
  ])('a week in %s around %s has its own length', (name, date, hours) => {
    const weeks = weeksBetween(between(`${date} 10:00`, `${date} 11:00`, name), zone(name))
    expect(weeks.map(hoursOf)).toEqual([hours])
  })

  it('weeks begin on Monday at midnight of the zone', () => {
    const weeks = weeksBetween(between('2026-03-01 00:00', '2026-03-10 00:00'), zone('America/New_York'))
    expect(weeks.map(each => isoInstant(each.startAt))).toEqual([
      '2026-02-23T05:00:00Z',
      '2026-03-02T05:00:00Z',
      '2026-03-09T04:00:00Z',
    ])
  })

  it('a window that ends with a week does not touch the next', () => {
    expect(weeksBetween(between('2026-03-02', '2026-03-09', 'Europe/Madrid'), zone('Europe/Madrid'))).toHaveLength(1)
    expect(weeksBetween(between('2026-03-02', '2026-03-02'), zone('UTC'))).toEqual([])
  })

  it.each([
    ['Europe/Madrid', '2026-03-28', '2026-03-31', [24, 23, 24]],
    ['Pacific/Chatham', '2026-04-04', '2026-04-07', [24, 25, 24]],
    ['Pacific/Apia', '2011-12-29', '2012-01-01', [24, 24]],
  ])('days in %s from %s', (name, from, to, hours) => {
    expect(daysBetween(between(from, to, name), zone(name)).map(hoursOf)).toEqual(hours)
  })
})

describe('working time', () => {
  const nineToFive = { weekdays: [0, 1, 2, 3, 4], startMinute: 540, endMinute: 1020 }

  it('is one interval a working day, without the weekend, cut to the window', () => {
    const working = workingIntervals(
      nineToFive,
      zone('Europe/Madrid'),
      between('2026-03-13 12:00', '2026-03-16 10:00', 'Europe/Madrid'),
    )
    expect(working).toEqual([
      between('2026-03-13 12:00', '2026-03-13 17:00', 'Europe/Madrid'),
      between('2026-03-16 09:00', '2026-03-16 10:00', 'Europe/Madrid'),
    ])
  })

  it.each([
    ['Europe/Madrid', '2026-03-29'],
    ['Europe/Madrid', '2026-10-25'],
    ['Australia/Lord_Howe', '2026-04-05'],
  ])('9 to 17 stays 9 to 17 on the day clocks change (%s, %s)', (name, date) => {
    const everyDay = { ...nineToFive, weekdays: [0, 1, 2, 3, 4, 5, 6] }
    expect(workingIntervals(everyDay, zone(name), between(`${date} 00:00`, `${date} 23:59`, name))).toEqual([
      between(`${date} 09:00`, `${date} 17:00`, name),
    ])
  })

  it('a night shift is as long as the night: seven hours when clocks go forward', () => {
    const nights = { weekdays: [5], startMinute: 22 * 60, endMinute: 6 * 60 }
    const working = workingIntervals(
      nights,
      zone('Europe/Madrid'),
      between('2026-03-29', '2026-03-30', 'Europe/Madrid'),
    )
    expect(working).toEqual([between('2026-03-29 00:00', '2026-03-29 06:00', 'Europe/Madrid')])
    expect(working.map(hoursOf)).toEqual([5])
  })
})
