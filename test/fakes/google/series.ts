/**
 * When the occurrences of a series take place, from the recurrence lines of its master. The rules go through the
 * product's own expander; stored expansions in the tests keep an error of it from hiding here.
 */
import { dateOf, parseDate } from '../../../src/domain/time/calendar-date.ts'
import { expandRule } from '../../../src/domain/time/recurrence.ts'
import type { RecurrenceRule } from '../../../src/domain/time/recurrence-rule.ts'
import { parseRecurrenceRule } from '../../../src/domain/time/recurrence-rule.ts'
import type { Instant, Interval, Zone } from '../../../src/domain/time/types.ts'
import { dayMs } from '../../../src/domain/time/types.ts'
import { utc } from '../../../src/domain/time/zone-table.ts'
import type { EventMoment } from './event-time.ts'
import { momentKey, zoneOf } from './event-time.ts'
import { invalid } from './google-error.ts'

export interface Series {
  readonly start: EventMoment
  readonly recurrence: readonly string[]
  /** For a start that names no zone. */
  readonly calendarZone: string
}

/** Original starts (instants; midnights UTC for all-day series) in the half-open range, ascending. */
export function originalStarts(series: Series, range: Interval): readonly Instant[] {
  const lines = series.recurrence.map(parseLine)
  const allDay = series.start.kind === 'date'
  const zone = seriesZone(series)
  const first = momentKey(series.start)
  const firstWall = allDay ? first : zone.toWall(first)
  const fromWall = (allDay ? range.startAt : zone.toWall(range.startAt)) - dayMs
  const toWall = (allDay ? range.endAt : zone.toWall(range.endAt)) + dayMs
  const expand = (rule: RecurrenceRule) =>
    expandRule(rule, firstWall, zone, fromWall, toWall, { steps: 1_000_000, occurrences: 100_000 }).startsAt
  const starts = new Set<Instant>([first])
  const excluded = new Set<Instant>()
  for (const line of lines) {
    if (line.kind === 'RRULE') for (const at of expand(line.rule)) starts.add(at)
    if (line.kind === 'EXRULE') for (const at of expand(line.rule)) excluded.add(at)
    if (line.kind === 'RDATE') for (const at of line.keys(zone, firstWall)) starts.add(at)
    if (line.kind === 'EXDATE') for (const at of line.keys(zone, firstWall)) excluded.add(at)
  }
  return [...starts].filter(at => !excluded.has(at) && at >= range.startAt && at < range.endAt).sort((a, b) => a - b)
}

export function hasOccurrenceAt(series: Series, key: Instant): boolean {
  return originalStarts(series, { startAt: key, endAt: key + 1 }).length > 0
}

/** The id of an instance: the series' id and the original start in UTC. */
export function instanceId(masterId: string, start: EventMoment, key: Instant): string {
  const stamp =
    start.kind === 'date'
      ? dateOf(key).replaceAll('-', '')
      : `${new Date(key).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`
  return `${masterId}_${stamp}`
}

/** The series and the original start an instance id names; null for other ids. */
export function parseInstanceId(id: string): { readonly masterId: string; readonly key: Instant } | null {
  const match = /^(.+)_(\d{8})(?:T(\d{6})Z)?$/.exec(id)
  if (match === null) return null
  const [, masterId = '', date = '', time = '000000'] = match
  const on = `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`
  const key = Date.parse(`${on}T${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4)}Z`)
  return Number.isNaN(key) ? null : { masterId, key }
}

/** Refuses recurrence lines as the service does. */
export function checkRecurrence(lines: readonly string[]): void {
  if (!lines.some(line => /^(RRULE|RDATE)/i.test(line))) throw invalid('recurrence', 'Invalid recurrence rule.')
  for (const line of lines) parseLine(line)
}

function seriesZone({ start, calendarZone }: Series): Zone {
  return start.kind === 'date' ? utc : zoneOf(start.zone ?? calendarZone)
}

type RecurrenceLine =
  | { readonly kind: 'RRULE' | 'EXRULE'; readonly rule: RecurrenceRule }
  | { readonly kind: 'RDATE' | 'EXDATE'; readonly keys: (zone: Zone, firstWall: number) => readonly Instant[] }

function parseLine(line: string): RecurrenceLine {
  const match = /^(RRULE|EXRULE|RDATE|EXDATE)((?:;[^:]*)?):(.+)$/i.exec(line)
  if (match === null) throw invalid('recurrence', 'Invalid recurrence rule.')
  const kind = match[1]?.toUpperCase()
  const value = match[3] ?? ''
  if (kind === 'RRULE' || kind === 'EXRULE') {
    const rule = parseRecurrenceRule(value)
    if ('problem' in rule) throw invalid('recurrence', 'Invalid recurrence rule.')
    return { kind, rule }
  }
  const tzid = /;TZID=([^;:]+)/i.exec(match[2] ?? '')?.[1] ?? null
  const stamps = value.split(',').map(text => parseStamp(text.split('/')[0] ?? ''))
  return {
    kind: kind === 'RDATE' ? 'RDATE' : 'EXDATE',
    keys: (zone, firstWall) =>
      stamps.map(({ wall, form }) => {
        if (form === 'utc') return wall
        if (form === 'date') return zone.toInstant(wall + (((firstWall % dayMs) + dayMs) % dayMs))
        return (tzid === null ? zone : zoneOf(tzid)).toInstant(wall)
      }),
  }
}

function parseStamp(text: string): { readonly wall: number; readonly form: 'date' | 'wall' | 'utc' } {
  const match = /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z)?)?$/i.exec(text.trim())
  const day = match === null ? null : parseDate(`${match[1]}-${match[2]}-${match[3]}`)
  if (match === null || day === null) throw invalid('recurrence', 'Invalid recurrence rule.')
  if (match[4] === undefined) return { wall: day, form: 'date' }
  const wall = day + Date.UTC(1970, 0, 1, Number(match[4]), Number(match[5]), Number(match[6]))
  return { wall, form: match[7] === undefined ? 'wall' : 'utc' }
}
