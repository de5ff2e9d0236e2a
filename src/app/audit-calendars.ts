import type { CalendarFiles, ReadProgress } from '../connectors/calendar-files.ts'
import type { JudgedOccurrence } from '../domain/meetings/types.ts'
import { buildAudit } from '../domain/reports/audit.ts'
import type { AuditReport, AuditSource } from '../domain/reports/audit-report.ts'
import { freshnessOf } from '../domain/reports/freshness.ts'
import { redacted } from '../domain/reports/redacted.ts'
import { writtenStart } from '../domain/reports/written-start.ts'
import { dateOf } from '../domain/time/calendar-date.ts'
import { type Instant, weekMs } from '../domain/time/types.ts'
import type { RateTable } from '../domain/worth/types.ts'
import { type AuditScope, type AuditStore, auditScope, makeKeptAudit } from '../store/audit-store.ts'
import { AppError } from './app-error.ts'
import { type ReadAsPersonInput, readAsPerson } from './read-as-person.ts'
import { leftOutOf } from './read-calendars.ts'

export interface AuditCalendarsInput extends ReadAsPersonInput {
  readonly rates: RateTable
  /** The command that reads the same calendars as the same person; dates and zone are added. */
  readonly rowsCommand: string
  /** Titles, agendas and addresses are taken out of the report. */
  readonly redact: boolean
  /** Of synced calendars, about single ones: held, closed, not read yet. */
  readonly syncNotices?: readonly string[]
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
  const { read, subject, me, occurrencesOf } = await readAsPerson(deps, input, progress)
  // one person's audits follow the person, whatever the next export is called
  const calendars = me === null ? read.calendars.map(one => one.read.calendar) : []
  // what was synced is taken back one day, by its owner or by what turns private, and has to be gone then
  const isSynced = input.asOf !== undefined
  const scope = await auditScope({ subject: me, calendars, isSynced })
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
      ...occurrencesOf(one),
      source: {
        calendar: one.read.calendar,
        name: one.read.name,
        events: one.read.eventCount,
        outsideWindow: one.read.outsideWindow,
        zones: one.read.zones,
        leftOut: leftOutOf(one),
      },
    })),
    directory: input.directory,
    me,
    subject,
    rates: input.rates,
    rowsCommand: input.rowsCommand,
    ...(input.asOf == null
      ? {}
      : {
          freshness: freshnessOf({
            asOf: input.asOf,
            now: input.now,
            zone: read.zone,
            notices: input.syncNotices ?? [],
          }),
        }),
    previous: previous?.report ?? null,
  })
  if (subject.how === 'given' && report.counts.meetings > 0 && report.counts.audited === 0) {
    throw new AppError(
      'wrong-use',
      `${me} is on no invitation of these calendars and weeks. Check the address given with --me.`,
    )
  }
  const shown = input.redact ? redacted(report) : report
  if (deps.store !== null) await keep(deps.store, scope, isSynced ? wordless(shown) : shown, isSynced ? [] : judged)
  return { report: shown, notices: noticesOf(shown.sources) }
}

function noticesOf(sources: readonly AuditSource[]): readonly string[] {
  return sources.flatMap(source => source.leftOut.map(one => `${source.calendar}: ${one.sentence}`))
}

/** Enough to say what changed since, and nothing that somebody wrote. */
function wordless(report: AuditReport): AuditReport {
  const bare = redacted(report)
  return { ...bare, series: bare.series.map(one => ({ ...one, title: `number ${one.number} of that audit` })) }
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
