import type { CalendarFiles, ReadProgress } from '../connectors/calendar-files.ts'
import type { LeftOut } from '../connectors/connector.ts'
import type { CalendarEvent } from '../domain/meetings/calendar-event.ts'
import { guessMe } from '../domain/meetings/me.ts'
import type { Directory, JudgedOccurrence, PersonId } from '../domain/meetings/types.ts'
import { plainAddress } from '../domain/meetings/who.ts'
import { buildAudit } from '../domain/reports/audit.ts'
import type { AuditReport, AuditSource, AuditSubject } from '../domain/reports/audit-report.ts'
import { redacted } from '../domain/reports/redacted.ts'
import { writtenStart } from '../domain/reports/written-start.ts'
import { dateOf } from '../domain/time/calendar-date.ts'
import { type Instant, weekMs } from '../domain/time/types.ts'
import type { RateTable } from '../domain/worth/types.ts'
import { type AuditScope, type AuditStore, auditScope, makeKeptAudit } from '../store/audit-store.ts'
import { type CalendarsRead, type ExpandedCalendar, type ReadCalendarsInput, readCalendars } from './read-calendars.ts'

export interface AuditCalendarsInput extends ReadCalendarsInput {
  /** Any spelling of the address; null to find out from the calendar. */
  readonly me: string | null
  readonly directory: Directory
  readonly rates: RateTable
  /** These are the calendars of the sample company. */
  readonly sample: boolean
  /** Titles, agendas and addresses are taken out of the report. */
  readonly redact: boolean
}

export interface AuditOutcome {
  readonly report: AuditReport
  /** Sentences for the person beside the report: what was left out. */
  readonly notices: readonly string[]
}

/** Audits the calendars at the given paths; keeps the audit and compares it with the last one where a store is given. */
export async function auditCalendars(
  deps: { readonly files: CalendarFiles; readonly store: AuditStore | null },
  input: AuditCalendarsInput,
  progress?: ReadProgress,
): Promise<AuditOutcome> {
  const homeZone =
    input.me === null ? null : (input.directory.people.get(idOf(input.me, input.directory))?.zone ?? null)
  const read = await readCalendars(deps, { ...input, homeZone }, progress)
  const owners = new Map(read.calendars.map(one => [one, ownerOf(one, input.directory)]))
  const subject = subjectOf(read, input, owners)
  const me = subject.me === null ? null : subject.me.address
  // one person's audits follow the person, whatever the next export is called
  const scope = await auditScope({
    subject: me,
    calendars: me === null ? read.calendars.map(one => one.read.calendar) : [],
  })
  const previous = deps.store === null ? null : await deps.store.latestAudit(scope)
  const { report, judged } = buildAudit({
    generatedAt: input.now,
    window: read.window,
    about: {
      fromOn: dateOf(read.fromWall),
      toOn: dateOf(read.toWall),
      weeks: (read.toWall - read.fromWall) / weekMs,
      zone: read.zone.name,
      zoneSource: read.zoneSource,
      chosen: read.chosen,
    },
    zone: read.zone,
    calendars: read.calendars.map(one => ({
      calendar: one.read.calendar,
      name: one.read.name,
      owner: owners.get(one) ?? null,
      occurrences: one.expansion.occurrences,
      removed: one.expansion.removed,
      source: sourceOf(one),
    })),
    directory: input.directory,
    me,
    subject,
    rates: input.rates,
    previous: previous?.report ?? null,
  })
  const shown = input.redact ? redacted(report) : report
  if (deps.store !== null) await keep(deps.store, scope, shown, judged)
  return { report: shown, notices: noticesOf(shown.sources) }
}

/** Whose calendar one file is: the person it marks, is named after, or whom nearly every invitation asks. */
function ownerOf(one: ExpandedCalendar, directory: Directory): PersonId | null {
  const { address } = guess(one)
  return address === null ? null : (directory.byAddress.get(address) ?? address)
}

function guess(one: ExpandedCalendar) {
  const events = new Set<CalendarEvent>()
  for (const occurrence of one.expansion.occurrences) events.add(occurrence.event)
  return guessMe(events, [{ calendar: one.read.calendar, name: one.read.name }])
}

function subjectOf(
  read: CalendarsRead,
  input: AuditCalendarsInput,
  owners: ReadonlyMap<ExpandedCalendar, PersonId | null>,
): AuditSubject {
  const { directory, sample } = input
  if (input.me !== null) {
    const address = input.me
      .trim()
      .toLowerCase()
      .replace(/^mailto:/, '')
    const id = directory.byAddress.get(address) ?? address
    return {
      me: { address: id, name: directory.people.get(id)?.name ?? null },
      how: 'given',
      sentence: sample ? 'The sample company is seen through the calendar of one of its engineers.' : 'You said so.',
      sample,
    }
  }
  const [only, second] = read.calendars
  if (only === undefined || second !== undefined) {
    const sentence = 'Several calendars were read, and nobody said whose audit this is.'
    return { me: null, how: 'unknown', sentence, sample }
  }
  const { sentence } = guess(only)
  const id = owners.get(only) ?? null
  if (id === null) return { me: null, how: 'unknown', sentence, sample }
  return { me: { address: id, name: directory.people.get(id)?.name ?? null }, how: 'guessed', sentence, sample }
}

/** The person behind any spelling of an address. */
export function idOf(address: string, directory: Directory): PersonId {
  const plain = plainAddress(address)
  return directory.byAddress.get(plain) ?? plain
}

function sourceOf({ read, expansion }: ExpandedCalendar): AuditSource {
  return {
    calendar: read.calendar,
    name: read.name,
    events: read.eventCount,
    outsideWindow: read.outsideWindow,
    zones: read.zones,
    leftOut: [...read.leftOut, ...expansion.leftOut.map(cappedSentence)],
  }
}

/** What a bound of the expansion kept out, in words. */
export function cappedSentence({ code, count }: ExpandedCalendar['expansion']['leftOut'][number]): LeftOut {
  const [series, repeat, have] = count === 1 ? ['1 series', 'repeats', 'has'] : [`${count} series`, 'repeat', 'have']
  switch (code) {
    case 'rule-too-frequent':
      return {
        code,
        count,
        sentence: `${series} ${repeat} more often than meetings do (every few minutes or seconds); the repetitions were left out.`,
      }
    case 'step-cap':
      return {
        code,
        count,
        sentence: `${series} ${have} a rule that takes too long to follow; occurrences after the limit were left out.`,
      }
    case 'occurrence-cap':
      return {
        code,
        count,
        sentence: `${series} ${have} more occurrences than can be meetings; those after the limit were left out.`,
      }
  }
}

function noticesOf(sources: readonly AuditSource[]): readonly string[] {
  return sources.flatMap(source => source.leftOut.map(one => `${source.calendar}: ${one.sentence}`))
}

async function keep(
  store: AuditStore,
  scope: AuditScope,
  report: AuditReport,
  judged: readonly JudgedOccurrence[],
): Promise<void> {
  const occurrences = judged.map(({ occurrence, counted, rule }) => {
    const written = (at: Instant) => writtenStart(occurrence.event.time.allDay, at)
    return {
      calendar: occurrence.event.calendar,
      uid: occurrence.event.uid,
      originalStart: written(occurrence.originalStartAt),
      start: written(occurrence.startAt),
      end: written(occurrence.endAt),
      counted,
      rule,
    }
  })
  await store.saveAudit(await makeKeptAudit({ scope, report, occurrences }))
}
