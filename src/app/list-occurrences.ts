import type { CalendarFiles, ReadProgress } from '../connectors/calendar-files.ts'
import { countingRuleSentences } from '../domain/meetings/counting.ts'
import { meetingsOf } from '../domain/meetings/judge-calendar.ts'
import { type CountingRule, countedRules, droppedRules, type JudgedOccurrence } from '../domain/meetings/types.ts'
import type { OccurrenceReport, OccurrenceRow } from '../domain/reports/occurrence-report.ts'
import { writtenStart } from '../domain/reports/written-start.ts'
import { dateOf } from '../domain/time/calendar-date.ts'
import { leftOutOf, type ReadCalendarsInput, readCalendars } from './read-calendars.ts'
import { personNamed, type WhoseAuditInput, whoseAudit } from './whose-audit.ts'

export interface ListOccurrencesInput extends ReadCalendarsInput, WhoseAuditInput {}

/** Every occurrence of the calendars inside the window, with the rule that counted or dropped it. */
export async function listOccurrences(
  deps: { readonly files: CalendarFiles },
  input: ListOccurrencesInput,
  progress?: ReadProgress,
): Promise<OccurrenceReport> {
  const { directory } = input
  const homeZone = input.me === null ? null : (directory.people.get(personNamed(input.me, directory))?.zone ?? null)
  const read = await readCalendars(deps, { ...input, homeZone }, progress)
  const { me, owners } = whoseAudit(read, input)
  const { judged } = meetingsOf(
    read.calendars.map(one => ({
      calendar: one.read.calendar,
      name: one.read.name,
      owner: owners.get(one) ?? null,
      occurrences: one.expansion.occurrences,
      removed: one.expansion.removed,
    })),
    { directory, me, window: read.window, zone: read.zone },
  )
  const onWall = ({ occurrence }: JudgedOccurrence) =>
    occurrence.event.time.allDay ? occurrence.startAt : read.zone.toWall(occurrence.startAt)
  return {
    schema: 'minutewise/read/1',
    window: { fromOn: dateOf(read.fromWall), toOn: dateOf(read.toWall), zone: read.zone.name },
    calendars: read.calendars.map(({ read: one }) => ({
      calendar: one.calendar,
      name: one.name,
      events: one.eventCount,
    })),
    // in the order of the days people see: all-day first, each on the wall of the zone
    occurrences: judged.toSorted((a, b) => onWall(a) - onWall(b)).map(rowOf),
    removed: read.calendars
      .flatMap(one => one.expansion.removed)
      .map(({ event, originalStartAt, reason }) => ({
        uid: event.uid,
        start: writtenStart(event.time.allDay, originalStartAt),
        reason,
      }))
      .sort(byStart),
    rules: rulesOf(judged),
    leftOut: read.calendars.flatMap(one => leftOutOf(one)),
  }
}

function rowOf({ occurrence, counted, rule }: JudgedOccurrence): OccurrenceRow {
  const { event } = occurrence
  return {
    uid: event.uid,
    start: writtenStart(event.time.allDay, occurrence.startAt),
    end: writtenStart(event.time.allDay, occurrence.endAt),
    allDay: event.time.allDay,
    title: event.title,
    counted,
    rule,
  }
}

function byStart(a: { readonly start: string }, b: { readonly start: string }): number {
  // a date is the beginning of the instants of that date, so text order is time order
  return a.start < b.start ? -1 : a.start > b.start ? 1 : 0
}

function rulesOf(judged: readonly JudgedOccurrence[]): OccurrenceReport['rules'] {
  const tally = new Map<CountingRule, number>()
  for (const { rule } of judged) tally.set(rule, (tally.get(rule) ?? 0) + 1)
  const counted = new Set<CountingRule>(countedRules)
  return [...countedRules, ...droppedRules].flatMap(rule => {
    const occurrences = tally.get(rule)
    if (occurrences === undefined) return []
    return [{ rule, counted: counted.has(rule), occurrences, sentence: countingRuleSentences[rule] }]
  })
}
