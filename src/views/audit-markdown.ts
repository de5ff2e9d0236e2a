import type { AuditReport, SeriesReport } from '../domain/reports/audit-report.ts'
import { auditSections } from '../domain/worth/types.ts'
import { plainText, plainTitle } from './plain-text.ts'
import { figuresText, reasonsOnBothSides } from './reasons.ts'
import {
  countText,
  dateText,
  grouped,
  hoursRangeText,
  hoursText,
  kindWords,
  minutesText,
  moneyRangeText,
  numberText,
  peopleHoursText,
  peopleText,
  percentText,
  ruleWords,
  sectionWords,
  sideWords,
  sourceNames,
  surenessWords,
  weekTitle,
  whenText,
  windowText,
  yearMoneyText,
} from './words.ts'

/**
 * The audit as GitHub-flavoured Markdown: headings, tables and lists of ours, every foreign word escaped, so that a
 * title is never a link, a mention, a heading or HTML.
 */
export function auditMarkdown(report: AuditReport): string {
  const blocks = [
    ...headBlocks(report),
    ...changeBlocks(report),
    ...weekBlocks(report),
    ...totalBlocks(report),
    ...auditSections.flatMap(section => sectionBlocks(report, section)),
    ...oneOffBlocks(report),
    ...gainBlocks(report),
    ...endBlocks(report),
  ]
  return `${blocks.join('\n\n')}\n`
}

function headBlocks(report: AuditReport): string[] {
  const { counts, subject, window } = report
  return [
    '# Could we skip this?',
    ...(subject.sample ? ['**A sample: these people and meetings are invented, and this is not your calendar.**'] : []),
    [
      `${sourceNames(report)
        .map(name => md(name))
        .join(', ')} · ${windowText(window)} · ${countText(window.weeks, 'week')} · ${md(window.zone)}`,
      report.freshness ? md(report.freshness.sentence) : 'Read on one machine. Nothing was sent anywhere.',
      `${countText(counts.events, 'entry', 'entries')} read: ${countText(counts.series, 'series', 'series')} and ${countText(counts.oneOffs, 'one-off')} counted as meetings.`,
      md(subject.sentence),
    ].join('  \n'),
    ...bullets([
      ...(report.freshness?.notices ?? []).map(md),
      ...report.sources.flatMap(source => source.leftOut.map(left => md(left.sentence))),
    ]),
  ]
}

function changeBlocks({ changes }: AuditReport): string[] {
  if (!changes) return []
  const hours = changes.meetingHoursPerWeek
  return [
    `## Since ${dateText(changes.previousOn)}`,
    ...bullets([
      ...(hours ? [`Meetings: ${hoursText(hours.before)} → ${hoursText(hours.after)} a week`] : []),
      ...(changes.appeared.length > 0 ? [`New: ${changes.appeared.map(title).join(' · ')}`] : []),
      ...(changes.disappeared.length > 0 ? [`Gone: ${changes.disappeared.map(title).join(' · ')}`] : []),
      ...changes.moved.map(
        move => `${title(move.title)}: ${sectionWords[move.from].title} → ${sectionWords[move.to].title}`,
      ),
    ]),
  ]
}

function weekBlocks(report: AuditReport): string[] {
  const { week, assumptions } = report
  if (!week) return []
  const block = minutesText(assumptions.focusBlockMinutes)
  return [
    `## ${weekTitle(report)} (average of ${countText(week.weeks, 'week')} with meetings)`,
    table(
      ['', 'Hours', ''],
      [
        [
          'In meetings',
          hoursText(week.meetingHours),
          `${percentText(week.meetingShare)} of ${hoursText(week.workingHours)}`,
        ],
        [`Focus blocks of ${block} and more`, hoursText(week.focusHours), `${numberText(week.focusBlocks)} a week`],
        ['Fragments', hoursText(week.fragmentHours), `pieces shorter than ${block}`],
        ['Outside your hours', hoursText(week.outsideHours), md(assumptions.workingHours)],
      ],
    ),
  ]
}

function totalBlocks({ counts, totals, assumptions }: AuditReport): string[] {
  if (counts.meetings === 0) return ['No entry of these weeks counted as a meeting, so there is nothing to judge.']
  return [
    `Everyone together: ${hoursRangeText(totals.hoursPerWeek)} of people’s time a week, ${moneyRangeText(totals.moneyPerYear, assumptions.currency)} a year by rate table.`,
  ]
}

function sectionBlocks(report: AuditReport, section: SeriesReport['section']): string[] {
  const entries = report.series.filter(series => series.section === section)
  if (entries.length === 0) return []
  const words = sectionWords[section]
  const rows = entries.map(series => [
    String(series.number),
    title(series.title),
    whenText(series.when),
    peopleText(series.people),
    kindWords[series.kind],
    series.cost.myMinutesPerWeek === null ? '–' : minutesText(series.cost.myMinutesPerWeek),
    peopleHoursText(series),
    yearMoneyText(series),
    surenessWords[series.sureness],
  ])
  return [
    `## ${words.title} (${entries.length})`,
    words.lead,
    table(['#', 'Series', 'When', 'People', 'Kind', 'You / week', 'People / week', 'A year', 'Sure?'], rows),
    ...(section === 'not-enough-data' ? [] : entries.flatMap(seriesBlocks)),
  ]
}

function seriesBlocks(series: SeriesReport): string[] {
  return [
    `### ${series.number} · ${title(series.title)}`,
    `**${md(series.sentence)}**`,
    ...bullets([
      ...reasonsOnBothSides(series).map(reason => `*${sideWords[reason.side]}:* ${md(reason.sentence)}`),
      ...(series.advice ? [`**Next step:** ${md(series.advice)}`] : []),
    ]),
    ...(series.basis.length === 0 ? [] : [basisTable(series)]),
  ]
}

function basisTable(series: SeriesReport): string {
  return table(
    ['Rule', 'Speaks for', 'Figures', 'Words'],
    series.basis.map(basis => [
      md(basis.rule),
      basis.side ? sideWords[basis.side] : 'kind',
      md(figuresText(basis.figures)),
      basis.quote === null ? '' : md(basis.quote),
    ]),
  )
}

function oneOffBlocks({ oneOffs }: AuditReport): string[] {
  if (oneOffs.count === 0) return []
  return [
    `## One-offs (${oneOffs.count})`,
    `${hoursRangeText(oneOffs.hoursInWindow)} of people’s time in these weeks. Single meetings are not judged.`,
    ...bullets(oneOffs.largest.map(one => `${title(one.title)}: ${hoursText(one.hours)} of people’s time`)),
  ]
}

function gainBlocks({ gain }: AuditReport): string[] {
  return gain ? ['## What it gives back', md(gain.sentence)] : []
}

function endBlocks({ counts, unknowns, assumptions }: AuditReport): string[] {
  const { attendance } = assumptions
  return [
    '## What counted',
    table(
      ['Rule', 'Counts', 'Entries', 'Hours', 'Meaning'],
      counts.rules.map(rule => [
        ruleWords[rule.rule],
        rule.counted ? 'yes' : 'no',
        grouped(rule.occurrences),
        hoursText(rule.hours),
        md(rule.sentence),
      ]),
    ),
    `The rows behind these numbers: ${md(counts.rows)}`,
    ...(unknowns.length === 0
      ? []
      : [
          '## What it cannot know',
          ...bullets(
            unknowns.map(unknown =>
              [unknown.sentence, unknown.remedy ?? '']
                .map(text => md(text))
                .join(' ')
                .trim(),
            ),
          ),
        ]),
    '## Assumptions',
    table(
      ['Role band', `${assumptions.currency} an hour`],
      assumptions.rates.map(rate => [md(rate.band), numberText(rate.perHour)]),
    ),
    ...bullets([
      md(assumptions.rateSource),
      `Who comes, by reply: accepted ${percentText(attendance.accepted)}, tentative ${percentText(attendance.tentative)}, none ${percentText(attendance.none)}, declined ${percentText(attendance.declined)}.`,
      `A focus block is free time of ${minutesText(assumptions.focusBlockMinutes)} or more; working hours ${md(assumptions.workingHours)}; ${assumptions.weeksPerYear} working weeks a year.`,
    ]),
  ]
}

function title(text: string): string {
  return md(plainTitle(text))
}

/**
 * Foreign text as Markdown: what could start markup gets a backslash (CommonMark 2.4) or becomes an entity, and what
 * only counts at the start of a line is escaped there, so that plain words stay plain. GitHub finds mentions, issue
 * numbers and addresses in the finished text, where a backslash no longer helps: a word joiner parts those.
 */
function md(text: string): string {
  return plainText(text, 400)
    .replace(/[\\`*_[\]|~$]/g, '\\$&')
    .replace(/^(\d*)([-+=#.)])/, '$1\\$2')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[@#](?=[\p{L}\p{N}])/gu, '$&\u2060')
    .replace(/(https?|ftp|www)([:.])/gi, '$1\u2060$2')
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

/** One list block, or none. */
function bullets(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [lines.map(line => `- ${line}`).join('\n')]
}
