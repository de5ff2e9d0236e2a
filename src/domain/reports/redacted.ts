import type { AuditReport, SeriesReport } from './audit-report.ts'

/**
 * The same audit without anything that somebody wrote: titles, agenda items, quoted words, names of calendars,
 * teams and addresses. Numbers, kinds, reasons by rule and dates stay, so the page can be shown around.
 */
export function redacted(report: AuditReport): AuditReport {
  const teams = namesFor(
    report.series.flatMap(series => series.people.teams),
    'Team',
  )
  const calendars = namesFor(
    report.sources.map(source => source.calendar),
    'Calendar',
  )
  const titles = new Map(report.series.map(series => [series.title, seriesName(series)]))
  const titleOf = (title: string) => titles.get(title) ?? 'A series'
  return {
    ...report,
    subject: {
      ...report.subject,
      me: report.subject.me === null ? null : { address: 'hidden', name: null },
      sentence: 'Titles, names and addresses are hidden in this report.',
    },
    sources: report.sources.map(source => ({
      ...source,
      calendar: calendars.get(source.calendar) ?? 'Calendar',
      name: null,
    })),
    series: report.series.map(series => redactedSeries(series, teams)),
    oneOffs: { ...report.oneOffs, largest: report.oneOffs.largest.map(one => ({ ...one, title: 'A one-off' })) },
    changes:
      report.changes === null
        ? null
        : {
            ...report.changes,
            appeared: report.changes.appeared.map(titleOf),
            disappeared: report.changes.disappeared.map(titleOf),
            moved: report.changes.moved.map(one => ({ ...one, title: titleOf(one.title) })),
          },
  }
}

function redactedSeries(series: SeriesReport, teams: ReadonlyMap<string, string>): SeriesReport {
  const team = (name: string) => teams.get(name) ?? 'Team'
  const sole = series.people.soleChannels?.map(([a, b]) => [team(a), team(b)] as const) ?? null
  return {
    ...series,
    title: seriesName(series),
    formerTitles: [],
    sentence: sentences[series.answer],
    advice: null,
    items: series.items.map((item, index) => ({ ...item, text: `Item ${index + 1}`, owner: null })),
    basis: series.basis.map(reason => ({
      ...reason,
      sentence: `The rule "${reason.rule}" spoke.`,
      quote: null,
      figures: Object.fromEntries(Object.entries(reason.figures).filter(([, value]) => typeof value === 'number')),
    })),
    people: { ...series.people, teams: series.people.teams.map(team), soleChannels: sole },
    occurrences: series.occurrences.map(one => ({ ...one, title: seriesName(series) })),
  }
}

const sentences: Readonly<Record<SeriesReport['answer'], string>> = {
  'nothing-would-change': 'Probably nothing would change.',
  'decisions-without-full-context': 'Decisions would be taken without the full context.',
  'conflicts-emerge-later': 'Conflicts would come up later, when they cost more.',
  'teams-at-cross-purposes': 'Teams would work at cross-purposes.',
  'cannot-say': 'This audit cannot say.',
}

function seriesName(series: SeriesReport): string {
  return `Series ${series.number}`
}

function namesFor(names: readonly string[], word: string): ReadonlyMap<string, string> {
  return new Map([...new Set(names)].sort().map((name, index) => [name, `${word} ${index + 1}`]))
}
