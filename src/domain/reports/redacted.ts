import type { AuditReport, SeriesReport } from './audit-report.ts'

/**
 * The same audit without anything that somebody wrote: titles, agenda items, quoted words, names of calendars, files,
 * zones, teams and people. Verdicts, reasons and numbers stay, with stand-ins such as "Series 4" and "Team 2", so that
 * the page can be shown around. Only sentences that name something are replaced, whole: a stand-in set into a sentence
 * would also change our own words where a title is a common one.
 */
export function redacted(report: AuditReport): AuditReport {
  const teams = new Map(
    [...new Set(report.series.flatMap(series => series.people.teams))].sort().map((name, i) => [name, `Team ${i + 1}`]),
  )
  const titles = new Map(report.series.map(series => [series.title, standIn(series)]))
  const titleOf = (title: string) => titles.get(title) ?? 'A series'
  return {
    ...report,
    subject: {
      ...report.subject,
      me: report.subject.me === null ? null : { address: 'hidden', name: null },
      sentence: 'Titles, names and addresses are hidden in this report.',
    },
    sources: report.sources.map((source, index) => ({
      ...source,
      calendar: `Calendar ${index + 1}`,
      name: null,
      zones: source.zones.map(zone => ({ ...zone, tzid: 'hidden' })),
      // these sentences may name zones and parts of files as somebody wrote them
      leftOut: source.leftOut.map(one => ({ ...one, sentence: `Something was left out (${one.code}).` })),
    })),
    counts: { ...report.counts, rows: 'minutewise read' },
    series: report.series.map(series => redactedSeries(series, teams)),
    oneOffs: { ...report.oneOffs, largest: report.oneOffs.largest.map(one => ({ ...one, title: 'A one-off' })) },
    unknowns: report.unknowns.map(one =>
      one.rule === 'zone-guessed' ? { ...one, sentence: 'The calendars’ own zone names were guessed.' } : one,
    ),
    assumptions: { ...report.assumptions, rateSource: 'a rate table by role band' },
    changes:
      report.changes === null
        ? null
        : {
            ...report.changes,
            appeared: report.changes.appeared.map(titleOf),
            disappeared: report.changes.disappeared.map(() => 'A series'),
            moved: report.changes.moved.map(one => ({ ...one, title: titleOf(one.title) })),
          },
  }
}

function redactedSeries(series: SeriesReport, teams: ReadonlyMap<string, string>): SeriesReport {
  const name = standIn(series)
  const team = (written: string) => teams.get(written) ?? 'A team'
  return {
    ...series,
    title: name,
    formerTitles: [],
    items: series.items.map((item, index) => ({ ...item, text: `Item ${index + 1}`, owner: null })),
    basis: series.basis.map(reason => ({
      ...reason,
      sentence: redactedSentence(reason),
      quote: null,
      figures: Object.fromEntries(Object.entries(reason.figures).filter(([, value]) => typeof value === 'number')),
    })),
    people: {
      ...series.people,
      teams: series.people.teams.map(team),
      soleChannels: series.people.soleChannels?.map(([a, b]) => [team(a), team(b)] as const) ?? null,
    },
    occurrences: series.occurrences.map(one => ({ ...one, title: name })),
  }
}

type Reason = SeriesReport['basis'][number]

/** What speaks for a kind quotes the invitation; of what speaks for a verdict only these rules name teams or titles. */
function redactedSentence({ about, rule, sentence, figures }: Reason): string {
  if (about === 'kind') return `Its words or people speak here (${rule}).`
  const pairs = (count: Reason['figures'][string] | undefined) =>
    count === 1 ? '1 pair of teams' : `${count ?? 'some'} pairs of teams`
  switch (rule) {
    case 'sole-channel':
      return `It is the only place on the calendars read where ${pairs(figures.solePairs)} talk live.`
    case 'sole-link-by-report':
      return `People only report here, and yet it is the only live link on the calendars read of ${pairs(figures.solePairs)}.`
    case 'bridge':
      return `Without it ${pairs(figures.bridges)} reach each other only over two or more other teams, if at all.`
    case 'same-people-meet-again':
      return 'Nearly all of its people meet again in another series in the same weeks.'
    default:
      return sentence
  }
}

function standIn(series: SeriesReport): string {
  return `Series ${series.number}`
}
