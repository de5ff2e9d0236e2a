import type { CalendarFiles, ReadProgress } from '../connectors/calendar-files.ts'
import { meetingsOf } from '../domain/meetings/judge-calendar.ts'
import type { JudgedOccurrence } from '../domain/meetings/types.ts'
import type { OccurrenceReport, OccurrenceRow } from '../domain/reports/occurrence-report.ts'
import { ruleTally } from '../domain/reports/rule-tally.ts'
import { writtenStart } from '../domain/reports/written-start.ts'
import { dateOf } from '../domain/time/calendar-date.ts'
import { type ReadAsPersonInput, readAsPerson } from './read-as-person.ts'
import { leftOutOf } from './read-calendars.ts'

/** Every occurrence of the calendars inside the window, with the rule that counted or dropped it. */
export async function listOccurrences(
  deps: { readonly files: CalendarFiles },
  input: ReadAsPersonInput,
  progress?: ReadProgress,
): Promise<OccurrenceReport> {
  const { read, me, occurrencesOf } = await readAsPerson(deps, input, progress)
  const { judged } = meetingsOf(read.calendars.map(occurrencesOf), {
    directory: input.directory,
    me,
    window: read.window,
    zone: read.zone,
  })
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
    rules: ruleTally(judged).map(({ ms: _, ...rule }) => rule),
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
