import type { AuditReport, SeriesReport } from './audit-report.ts'

/**
 * The same audit without anything that somebody wrote: titles, agenda items, quoted words, names of calendars, zones,
 * teams and people. Verdicts, reasons and numbers stay, with stand-ins such as "Series 4" and "Team 2" in their
 * sentences, so that the page can be shown around.
 */
export function redacted(report: AuditReport): AuditReport {
  const mask = maskFor(report)
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
    series: report.series.map(series => redactedSeries(series, mask)),
    oneOffs: { ...report.oneOffs, largest: report.oneOffs.largest.map(one => ({ ...one, title: 'A one-off' })) },
    unknowns: report.unknowns.map(one => ({ ...one, sentence: mask(one.sentence) })),
    changes:
      report.changes === null
        ? null
        : {
            ...report.changes,
            appeared: report.changes.appeared.map(mask),
            disappeared: report.changes.disappeared.map(() => 'A series'),
            moved: report.changes.moved.map(one => ({ ...one, title: mask(one.title) })),
          },
  }
}

function redactedSeries(series: SeriesReport, mask: (text: string) => string): SeriesReport {
  const name = standIn(series)
  return {
    ...series,
    title: name,
    formerTitles: [],
    sentence: mask(series.sentence),
    advice: series.advice === null ? null : mask(series.advice),
    items: series.items.map((item, index) => ({ ...item, text: `Item ${index + 1}`, owner: null })),
    basis: series.basis.map(reason => ({
      ...reason,
      // what speaks for a kind quotes the invitation; what speaks for a verdict names at most titles and teams
      sentence: reason.about === 'kind' ? `Its words or people speak here (${reason.rule}).` : mask(reason.sentence),
      quote: null,
    })),
    people: {
      ...series.people,
      teams: series.people.teams.map(mask),
      soleChannels: series.people.soleChannels?.map(([a, b]) => [mask(a), mask(b)] as const) ?? null,
    },
    occurrences: series.occurrences.map(one => ({ ...one, title: name })),
  }
}

function standIn(series: SeriesReport): string {
  return `Series ${series.number}`
}

/** Replaces every written name the report knows by its stand-in; the longest first, so that no part of one is left. */
function maskFor(report: AuditReport): (text: string) => string {
  const standIns = new Map<string, string>()
  const add = (written: string | null, name: string) => {
    if (written !== null && written.trim() !== '' && !standIns.has(written)) standIns.set(written, name)
  }
  for (const series of report.series) {
    for (const title of [series.title, ...series.formerTitles, ...series.occurrences.map(one => one.title)]) {
      add(title, standIn(series))
    }
  }
  const teams = [...new Set(report.series.flatMap(series => series.people.teams))].sort()
  for (const [index, team] of teams.entries()) add(team, `Team ${index + 1}`)
  for (const [index, source] of report.sources.entries()) {
    add(source.calendar, `Calendar ${index + 1}`)
    add(source.name, `Calendar ${index + 1}`)
    for (const zone of source.zones) add(zone.tzid, 'a zone')
  }
  add(report.subject.me?.address ?? null, 'one person')
  add(report.subject.me?.name ?? null, 'one person')
  const written = [...standIns.keys()].sort((a, b) => b.length - a.length)
  if (written.length === 0) return text => text
  const pattern = new RegExp(written.map(name => name.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)).join('|'), 'gu')
  return text => text.replace(pattern, name => standIns.get(name) ?? 'hidden')
}
