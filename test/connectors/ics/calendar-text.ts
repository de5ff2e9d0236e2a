import { readIcs } from '../../../src/connectors/ics/calendar.ts'
import { expandEvents } from '../../../src/domain/meetings/expand.ts'
import { isoInstant } from '../../../src/domain/time/calendar-date.ts'
import type { Interval } from '../../../src/domain/time/types.ts'
import { zoneFor } from '../../../src/domain/time/zone-table.ts'

export const warsaw = zoneFor('Europe/Warsaw')!
export const year2026: Interval = { startAt: Date.UTC(2026, 0, 1), endAt: Date.UTC(2027, 0, 1) }

/** A calendar around the given lines: components in full, or the lines of one event. */
export function calendarText(...lines: readonly string[]): string {
  return ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Tests//EN', ...lines, 'END:VCALENDAR', ''].join('\r\n')
}

/** One event at 10:00 UTC on 16 March 2026 with the given lines; a later line cannot replace an earlier one. */
export function eventLines(...lines: readonly string[]): string[] {
  const has = (name: string) => lines.some(line => line.startsWith(name))
  return [
    'BEGIN:VEVENT',
    ...(has('UID') ? [] : ['UID:one@example.com']),
    ...(has('DTSTART') ? [] : ['DTSTART:20260316T100000Z']),
    ...lines,
    'END:VEVENT',
  ]
}

export function read(text: string | Uint8Array, window = year2026) {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text
  return readIcs(bytes, { calendar: 'test.ics', window, defaultZone: warsaw })
}

export async function readEvent(...lines: readonly string[]) {
  const result = await read(calendarText(...eventLines(...lines)))
  const [event] = result.events
  if (!event) throw new Error(`no event was read: ${JSON.stringify(result.leftOut)}`)
  return event
}

/** Starts of all occurrences as `2026-03-16T09:00:00Z`, or `2026-03-16` for all-day ones. */
export async function starts(text: string | Uint8Array, window = year2026): Promise<string[]> {
  const { events } = await read(text, window)
  return expandEvents(events, window).occurrences.map(({ event, startAt }) =>
    event.time.allDay ? isoInstant(startAt).slice(0, 10) : isoInstant(startAt),
  )
}

export async function leftOutCodes(text: string | Uint8Array): Promise<string[]> {
  return (await read(text)).leftOut.map(each => each.code)
}

/** A VTIMEZONE as Outlook writes it: rules from 1601, `0200:0300` style times of the switch on its own wall. */
export function zoneLines(
  tzid: string,
  standard: string,
  daylight: string | null,
  rules: 'eu' | 'us' = 'eu',
): string[] {
  const [toStandard, toDaylight] =
    rules === 'eu' ? ['16010101T030000', '16010101T020000'] : ['16010101T020000', '16010101T020000']
  const [autumn, spring] =
    rules === 'eu' ? ['BYDAY=-1SU;BYMONTH=10', 'BYDAY=-1SU;BYMONTH=3'] : ['BYDAY=1SU;BYMONTH=11', 'BYDAY=2SU;BYMONTH=3']
  const summer = daylight ?? standard
  const rule = (text: string) => (daylight === null ? [] : [`RRULE:FREQ=YEARLY;${text}`])
  return [
    'BEGIN:VTIMEZONE',
    `TZID:${tzid}`,
    'BEGIN:STANDARD',
    `DTSTART:${toStandard}`,
    `TZOFFSETFROM:${summer}`,
    `TZOFFSETTO:${standard}`,
    ...rule(autumn),
    'END:STANDARD',
    ...(daylight === null
      ? []
      : [
          'BEGIN:DAYLIGHT',
          `DTSTART:${toDaylight}`,
          `TZOFFSETFROM:${standard}`,
          `TZOFFSETTO:${daylight}`,
          ...rule(spring),
          'END:DAYLIGHT',
        ]),
    'END:VTIMEZONE',
  ]
}
