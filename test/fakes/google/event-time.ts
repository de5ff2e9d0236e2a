import { parseDate } from '../../../src/domain/time/calendar-date.ts'
import type { Instant, Zone } from '../../../src/domain/time/types.ts'
import { minuteMs } from '../../../src/domain/time/types.ts'
import { utc, zoneFor } from '../../../src/domain/time/zone-table.ts'
import { invalid } from './google-error.ts'
import type { EventTimeResource } from './vendor-types.ts'

/** A start, an end or an original start as the fake keeps it: a date, or an instant with the zone it was written in. */
export type EventMoment =
  | { readonly kind: 'date'; readonly on: string }
  | { readonly kind: 'time'; readonly at: Instant; readonly zone: string | null }

/** Reads a time as the service does. Without an offset in `dateTime` the field `timeZone` has to say where. */
export function parseMoment(time: EventTimeResource, field: string): EventMoment {
  const zone = time.timeZone ?? null
  if (zone !== null && zoneFor(zone) === null) throw invalid(`${field}.timeZone`, 'Invalid time zone definition.')
  if (typeof time.date === 'string' && typeof time.dateTime === 'string')
    throw invalid(field, 'Invalid start or end time.')
  if (typeof time.date === 'string') {
    if (parseDate(time.date) === null)
      throw invalid(`${field}.date`, `Invalid value for: Invalid format: "${time.date}"`)
    return { kind: 'date', on: time.date }
  }
  if (typeof time.dateTime !== 'string') throw invalid(field, 'Missing start or end time.', 'required')
  const match = dateTimePattern.exec(time.dateTime)
  const wall = match === null ? Number.NaN : Date.parse(`${match[1]}T${match[2]}Z`)
  if (match === null || Number.isNaN(wall)) throw invalid(`${field}.dateTime`, 'Invalid value for: Invalid format')
  if (match[3] !== undefined) return { kind: 'time', at: Date.parse(time.dateTime.toUpperCase()), zone }
  if (zone === null) throw invalid(field, `Missing time zone definition for ${field} time.`, 'required')
  return { kind: 'time', at: zoneOf(zone).toInstant(wall), zone }
}

/** An RFC 3339 time with its offset, as `timeMin` and its like have to be. */
export function parseBound(text: string, name: string): Instant {
  const match = dateTimePattern.exec(text)
  const at = Date.parse(text.toUpperCase())
  if (match === null || match[3] === undefined || Number.isNaN(at)) throw invalid(name, 'Bad Request', 'badRequest')
  return at
}

/** How the service writes a time: with the offset of the asked zone, whatever the event's own zone is. */
export function writtenMoment(moment: EventMoment, shownIn: Zone): EventTimeResource {
  if (moment.kind === 'date') return { date: moment.on }
  return {
    dateTime: withOffset(moment.at, shownIn),
    ...(moment.zone === null ? {} : { timeZone: moment.zone }),
  }
}

/** `2026-03-16T10:00:00+01:00`, or `Z` in UTC. */
export function withOffset(at: Instant, zone: Zone): string {
  const offset = zone.offsetAt(at)
  const wall = new Date(at + offset).toISOString().slice(0, -5)
  if (offset === 0) return `${wall}Z`
  const minutes = Math.abs(Math.round(offset / minuteMs))
  const two = (value: number) => String(value).padStart(2, '0')
  return `${wall}${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
}

/** The moment as a number that orders and compares: a date is its midnight UTC, the same way instances are keyed. */
export function momentKey(moment: EventMoment): Instant {
  return moment.kind === 'time' ? moment.at : (parseDate(moment.on) ?? 0)
}

export function zoneOf(name: string): Zone {
  return zoneFor(name) ?? utc
}

const dateTimePattern = /^(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?)([Zz]|[+-]\d{2}:\d{2})?$/
