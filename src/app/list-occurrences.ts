import type { CalendarFiles, ReadProgress } from '../connectors/calendar-files.ts'
import { countingRuleSentences } from '../domain/meetings/counting.ts'
import { meetingsOf } from '../domain/meetings/judge-calendar.ts'
import {
  type CountingRule,
  countedRules,
  type Directory,
  droppedRules,
  type JudgedOccurrence,
} from '../domain/meetings/types.ts'
import type { OccurrenceReport, OccurrenceRow } from '../domain/reports/occurrence-report.ts'
import { writtenStart } from '../domain/reports/written-start.ts'
import { dateOf } from '../domain/time/calendar-date.ts'
import { cappedSentence, idOf } from './audit-calendars.ts'
import { type ReadCalendarsInput, readCalendars } from './read-calendars.ts'

export interface ListOccurrencesInput extends ReadCalendarsInput {
  readonly me: string | null
  readonly directory: Directory
}

/** Every occurrence of the calendars inside the window, with the rule that counted or dropped it. */
export async function listOccurrences(
  deps: { readonly files: CalendarFiles },
  input: ListOccurrencesInput,
  progress?: ReadProgress,
): Promise<OccurrenceReport> {
  const read = await readCalendars(deps, input, progress)
  const { judged } = meetingsOf(
    read.calendars.map(({ read: one, expansion }) => ({ calendar: one.calendar, name: one.name, ...expansion })),
    {
      directory: input.directory,
      me: input.me === null ? null : idOf(input.me, input.directory),
      window: read.window,
      zone: read.zone,
    },
  )
  return {
    schema: 'minutewise/read/1',
    window: { fromOn: dateOf(read.fromWall), toOn: dateOf(read.toWall), zone: read.zone.name },
    calendars: read.calendars.map(({ read: one }) => ({
      calendar: one.calendar,
      name: one.name,
      events: one.eventCount,
    })),
    occurrences: judged.map(rowOf).sort(byStart),
    removed: read.calendars
      .flatMap(one => one.expansion.removed)
      .map(({ event, originalStartAt, reason }) => ({
        uid: event.uid,
        start: writtenStart(event.time.allDay, originalStartAt),
        reason,
      }))
      .sort(byStart),
    rules: rulesOf(judged),
    leftOut: read.calendars.flatMap(one => [...one.read.leftOut, ...one.expansion.leftOut.map(cappedSentence)]),
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
