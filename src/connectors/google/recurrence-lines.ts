import type { EventTime, RecurrenceSet } from '../../domain/meetings/calendar-event.ts'
import { parseRecurrenceRule } from '../../domain/time/recurrence-rule.ts'
import type { Zone } from '../../domain/time/types.ts'
import type { LeftOutCounts } from '../ics/left-out.ts'
import { mapRecurrence, type NamedZone, newRawEvent, type RawEvent, type ZonedStamp } from '../ics/map.ts'
import { decode, parameterText, parseLength, parseStamp, valueStart } from '../ics/values.ts'

/**
 * `recurrence[]` of a master: RRULE, EXRULE, RDATE and EXDATE lines as RFC 5545 writes them, without DTSTART. A line
 * that cannot be followed costs itself and is counted; so does EXRULE, which RFC 5545 has given up and Google still
 * hands on. Null when nothing is left that repeats.
 */
export function readRecurrence(
  lines: readonly string[],
  time: EventTime,
  zoneByName: (name: string) => Zone | null,
  counts: LeftOutCounts,
): RecurrenceSet | null {
  const raw = newRawEvent()
  for (const line of lines) {
    const bytes = utf8.encode(line)
    const nameEnd = line.search(/[;:]/)
    const from = nameEnd < 0 ? -1 : valueStart(bytes, nameEnd, bytes.length)
    const name = line.slice(0, Math.max(0, nameEnd)).trim().toUpperCase()
    if (from < 0) counts.add('bad-rule')
    else if (name === 'RRULE') addRule(raw, decode(bytes, from, bytes.length), counts)
    else if (name === 'RDATE' || name === 'EXDATE') {
      const tzid = parameterText(bytes, nameEnd, from, 'TZID')
      const zone: NamedZone | null = tzid ? { tzid, zone: zoneByName(tzid), events: 1, isOpen: true } : null
      for (const text of decode(bytes, from, bytes.length).split(',')) {
        if (!(name === 'RDATE' ? addAddition(raw, text, zone) : addExclusion(raw, text, zone))) counts.add('bad-date')
      }
    } else counts.add('bad-rule')
  }
  return mapRecurrence(raw, time, time.zone)
}

function addRule(raw: RawEvent, text: string, counts: LeftOutCounts): void {
  const rule = parseRecurrenceRule(text)
  if ('problem' in rule) counts.add('bad-rule')
  else raw.rules.push(rule)
}

/** A date, a moment or a PERIOD; false when it is none. */
function addAddition(raw: RawEvent, text: string, zone: NamedZone | null): boolean {
  const [first = '', second] = text.split('/')
  const start = stampOf(first, zone)
  if (!start) return false
  if (second === undefined) {
    raw.additions.push({ form: start.form, namedZone: start.namedZone, walls: [start.wall] })
    return true
  }
  const end = stampOf(second, zone) ?? parseLength(second)
  if (end) raw.periods.push({ start, end })
  return end !== null
}

function addExclusion(raw: RawEvent, text: string, zone: NamedZone | null): boolean {
  const stamp = stampOf(text, zone)
  if (stamp) raw.exclusions.push({ form: stamp.form, namedZone: stamp.namedZone, walls: [stamp.wall] })
  return stamp !== null
}

function stampOf(text: string, namedZone: NamedZone | null): ZonedStamp | null {
  const bytes = utf8.encode(text)
  const stamp = parseStamp(bytes, 0, bytes.length)
  return stamp && { ...stamp, namedZone }
}

const utf8 = new TextEncoder()
