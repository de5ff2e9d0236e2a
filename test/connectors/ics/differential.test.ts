import * as fc from 'fast-check'
import ICAL from 'ical.js'
import { describe, expect, it } from 'vitest'
import { expandEvents } from '../../../src/domain/meetings/expand.ts'
import type { Zone } from '../../../src/domain/time/types.ts'
import { dayMs, hourMs, minuteMs } from '../../../src/domain/time/types.ts'
import { zoneFor } from '../../../src/domain/time/zone-table.ts'
import { calendarText, read, year2026, zoneLines } from './calendar-text.ts'

/**
 * Whole files against ical.js, driven as its authors mean it: zones registered from the file, overrides related to
 * their master, the iterator walked from DTSTART. The rules fit their DTSTART, since RFC 5545 section 3.8.5.3 leaves
 * the other case undefined.
 */

const zones = [
  { name: 'Europe/Warsaw', lines: zoneLines('Europe/Warsaw', '+0100', '+0200') },
  { name: 'America/New_York', lines: zoneLines('America/New_York', '-0500', '-0400', 'us') },
  { name: 'Asia/Kathmandu', lines: zoneLines('Asia/Kathmandu', '+0545', null) },
] as const

interface Series {
  readonly zone: (typeof zones)[number]
  readonly startWall: number
  readonly minutes: number
  readonly rule: string
  readonly isAllDay: boolean
  /** Positions in the series. */
  readonly excluded: readonly number[]
  readonly moved: readonly { readonly position: number; readonly byMinutes: number; readonly isUtc: boolean }[]
  readonly cancelled: readonly number[]
  /** Additional starts, minutes after the first. */
  readonly added: readonly number[]
}

const weekdays = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'] as const

const seriesArbitrary: fc.Arbitrary<Series> = fc
  .record({
    zone: fc.constantFrom(...zones),
    day: fc.integer({ min: 0, max: 540 }),
    quarterHour: fc.integer({ min: 0, max: 95 }),
    minutes: fc.constantFrom(15, 30, 60, 90),
    isAllDay: fc.boolean(),
    shape: fc.constantFrom('daily', 'weekly', 'weekdays', 'monthly-date', 'monthly-weekday', 'monthly-last', 'yearly'),
    interval: fc.integer({ min: 1, max: 4 }),
    end: fc.oneof(
      fc.constant(null),
      fc.record({ count: fc.integer({ min: 1, max: 60 }) }),
      fc.record({ untilDays: fc.integer({ min: 0, max: 500 }) }),
    ),
    excluded: fc.uniqueArray(fc.constantFrom(0, 1, 2, 3, 4), { maxLength: 2 }),
    moved: fc.uniqueArray(
      fc.record({
        position: fc.constantFrom(5, 6, 7),
        byMinutes: fc.integer({ min: -4_000, max: 4_000 }),
        isUtc: fc.boolean(),
      }),
      { maxLength: 2, selector: each => each.position },
    ),
    cancelled: fc.uniqueArray(fc.constantFrom(8, 9), { maxLength: 1 }),
    added: fc.uniqueArray(fc.integer({ min: 1, max: 60_000 }), { maxLength: 2 }),
  })
  .map(({ day, quarterHour, shape, interval, end, ...rest }) => {
    const midnight = Date.UTC(2025, 0, 1) + day * dayMs
    const startWall = rest.isAllDay ? midnight : midnight + quarterHour * 15 * minuteMs
    return { ...rest, startWall, rule: ruleText(shape, startWall, interval, end, rest.isAllDay) }
  })

function ruleText(
  shape: string,
  startWall: number,
  interval: number,
  end: { count: number } | { untilDays: number } | null,
  isAllDay: boolean,
): string {
  const start = new Date(startWall)
  const weekday = weekdays[start.getUTCDay()]!
  const date = start.getUTCDate()
  const isWorkday = start.getUTCDay() % 6 !== 0
  const isLastWeek = new Date(startWall + 7 * dayMs).getUTCDate() < date
  const parts: Record<string, string> = {
    daily: 'FREQ=DAILY',
    weekly: `FREQ=WEEKLY;BYDAY=${weekday}`,
    weekdays: isWorkday ? 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR' : 'FREQ=WEEKLY;BYDAY=SU,SA',
    'monthly-date': `FREQ=MONTHLY;BYMONTHDAY=${date}`,
    'monthly-weekday': `FREQ=MONTHLY;BYDAY=${Math.ceil(date / 7)}${weekday}`,
    'monthly-last': isLastWeek ? `FREQ=MONTHLY;BYDAY=-1${weekday}` : `FREQ=MONTHLY;BYMONTHDAY=${date}`,
    yearly: `FREQ=YEARLY;BYMONTH=${start.getUTCMonth() + 1};BYMONTHDAY=${date}`,
  }
  let text = `${parts[shape]};INTERVAL=${interval}`
  if (end && 'count' in end) text += `;COUNT=${end.count}`
  if (end && 'untilDays' in end) {
    const until = startWall + end.untilDays * dayMs
    text += `;UNTIL=${isAllDay ? dateStamp(until) : `${wallStamp(until + 12 * hourMs)}Z`}`
  }
  return text
}

function fileOf(series: Series): string {
  const { zone, isAllDay, startWall, minutes } = series
  const intl = zoneFor(zone.name)!
  const at = (name: string, wall: number) =>
    isAllDay ? `${name};VALUE=DATE:${dateStamp(wall)}` : `${name};TZID=${zone.name}:${wallStamp(wall)}`
  const walls = firstWalls(series, 10)
  const existing = (positions: readonly number[]) => positions.flatMap(position => walls[position] ?? [])
  const length = isAllDay ? 'DURATION:P1D' : `DURATION:PT${minutes}M`
  const lines = ['BEGIN:VEVENT', 'UID:series@example.com', at('DTSTART', startWall), length, `RRULE:${series.rule}`]
  for (const wall of existing(series.excluded)) lines.push(at('EXDATE', wall))
  for (const after of series.added) lines.push(at('RDATE', startWall + (isAllDay ? after * dayMs : after * minuteMs)))
  lines.push('END:VEVENT')
  for (const { position, byMinutes, isUtc } of series.moved) {
    const wall = walls[position]
    if (wall === undefined) continue
    const to = isAllDay ? wall + Math.round(byMinutes / 1_000) * dayMs : wall + byMinutes * minuteMs
    const id = isUtc && !isAllDay ? `RECURRENCE-ID:${wallStamp(intl.toInstant(wall))}Z` : at('RECURRENCE-ID', wall)
    lines.push('BEGIN:VEVENT', 'UID:series@example.com', id, at('DTSTART', to), length, 'END:VEVENT')
  }
  for (const wall of existing(series.cancelled))
    lines.push(
      ...['BEGIN:VEVENT', 'UID:series@example.com', at('RECURRENCE-ID', wall), at('DTSTART', wall), length],
      ...['STATUS:CANCELLED', 'END:VEVENT'],
    )
  return calendarText(...zone.lines, ...lines)
}

/** The first walls of the rule alone: by ical.js, so that both sides name the same occurrences. */
function firstWalls(series: Series, count: number): number[] {
  const start = ICAL.Time.fromDateTimeString(new Date(series.startWall).toISOString().slice(0, 19))
  const iterator = ICAL.Recur.fromString(series.rule.replace(/;UNTIL=.*/, '')).iterator(start)
  const walls: number[] = []
  const until = /UNTIL=(\d{4})(\d\d)(\d\d)/.exec(series.rule)
  const lastDay = until ? Date.UTC(Number(until[1]), Number(until[2]) - 1, Number(until[3])) : Number.POSITIVE_INFINITY
  for (let next = iterator.next(); next && walls.length < count; next = iterator.next()) {
    const wall = Date.parse(`${next.toString().slice(0, 19)}Z`)
    // The last day itself may be cut by its hour: nothing is hung on it.
    if (wall >= lastDay - dayMs) break
    walls.push(wall)
  }
  return walls
}

function icalStarts(text: string): number[] {
  const calendar = new ICAL.Component(ICAL.parse(text))
  for (const zone of calendar.getAllSubcomponents('vtimezone')) ICAL.TimezoneService.register(zone)
  const events = calendar.getAllSubcomponents('vevent').map(each => new ICAL.Event(each, { exceptions: [] }))
  const [master] = events.filter(event => !event.isRecurrenceException())
  if (!master) return []
  for (const override of events) if (override.isRecurrenceException()) master.relateException(override)
  const found: number[] = []
  const iterator = master.iterator()
  for (let next = iterator.next(); next; next = iterator.next()) {
    if (instantOf(next) >= year2026.endAt + 5 * dayMs) break
    const { item, startDate, endDate } = master.getOccurrenceDetails(next)
    if (item.component.getFirstPropertyValue('status') === 'CANCELLED') continue
    if (instantOf(endDate) > year2026.startAt && instantOf(startDate) < year2026.endAt) found.push(instantOf(startDate))
  }
  return found.sort((one, other) => one - other)
}

function instantOf(time: InstanceType<typeof ICAL.Time>): number {
  return time.isDate ? Date.UTC(time.year, time.month - 1, time.day) : time.toUnixTime() * 1000
}

async function ourStarts(text: string): Promise<number[]> {
  const { events } = await read(text)
  return expandEvents(events, year2026).occurrences.map(each => each.startAt)
}

/**
 * The one class of difference. In an overlap the first of the two instants is meant, and a reading in a gap is moved
 * forward (RFC 5545 section 3.3.5); ical.js takes the second instant, and reads gaps in its own way. So a start may
 * differ by the hour of the change when clocks change within three hours of it, and in no other way.
 */
function withoutClockChanges(starts: readonly number[], zone: Zone): number[] {
  return starts.filter(at => zone.offsetAt(at - 3 * hourMs) === zone.offsetAt(at + 3 * hourMs))
}

describe('random files, compared with ical.js', () => {
  it('the same occurrences but for readings in a gap or an overlap', async () => {
    let compared = 0
    await fc.assert(
      fc.asyncProperty(seriesArbitrary, async series => {
        const text = fileOf(series)
        const ours = await ourStarts(text)
        const theirs = icalStarts(text)
        compared += theirs.length
        expect(ours).toHaveLength(theirs.length)
        const zone = zoneFor(series.isAllDay ? 'UTC' : series.zone.name)!
        expect(withoutClockChanges(ours, zone)).toEqual(withoutClockChanges(theirs, zone))
      }),
      { numRuns: 300, seed: 20_260_316 },
    )
    expect(compared).toBeGreaterThan(3_000)
  })
})

function dateStamp(wall: number): string {
  return new Date(wall).toISOString().slice(0, 10).replaceAll('-', '')
}

function wallStamp(wall: number): string {
  return new Date(wall).toISOString().slice(0, 19).replace(/[-:]/g, '')
}
