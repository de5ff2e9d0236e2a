import type { AuditReport, SeriesReport, WeekSummary } from '../domain/reports/audit-report.ts'
import { type AuditSection, auditSections } from '../domain/worth/types.ts'
import { cutTo, padTo, textWidth, wrapTo } from './columns.ts'
import { costSteps } from './cost-steps.ts'
import { plainText, plainTitle } from './plain-text.ts'
import { figuresText, reasonsOnBothSides, whyUnknown } from './reasons.ts'
import { type Ink, inkFor } from './terminal-ink.ts'
import {
  channelText,
  countText,
  dateText,
  formWords,
  forumWords,
  grouped,
  hoursRangeText,
  hoursText,
  invitedText,
  kindWords,
  leftOutText,
  meetingShareText,
  minutesText,
  moneyRangeText,
  nothingToTryText,
  numberText,
  peopleHoursText,
  peopleText,
  percentText,
  ruleWords,
  sectionWords,
  sideWords,
  sourceNames,
  spanText,
  surenessWords,
  weekTitle,
  whenText,
  windowReasonText,
  windowText,
  yearMoneyText,
} from './words.ts'

export interface AuditTextOptions {
  /** Terminal columns; taken between 60 and 120, whatever the terminal says. */
  readonly width: number
  readonly color: boolean
  /** Print one series in full instead of the audit: its number in this report. */
  readonly explain?: number
  /** Entries shown with their reasons in each section; the rest follow as one line each. 10 when not given. */
  readonly rows?: number
}

/**
 * The audit for a terminal, ending in a newline. No line is wider than `width`; colour only repeats what words say;
 * titles can carry no control characters or terminal commands here.
 */
export function auditText(report: AuditReport, options: AuditTextOptions): string {
  const paper: Paper = {
    width: Math.min(120, Math.max(60, Math.trunc(options.width) || 80)),
    ink: inkFor(options.color),
  }
  const lines =
    options.explain === undefined
      ? wholeAudit(report, options.rows ?? 10, paper)
      : explained(report, options.explain, paper)
  return `${lines.map(line => line.trimEnd()).join('\n')}\n`
}

interface Paper {
  readonly width: number
  readonly ink: Ink
}

const margin = '  '

function wholeAudit(report: AuditReport, rows: number, paper: Paper): string[] {
  const sections = auditSections.map(section => sectionLines(report, section, rows, paper))
  return separated([
    headerLines(report, paper),
    changeLines(report, paper),
    weekLines(report, paper),
    totalLines(report, paper),
    report.series.length === 0 ? nothingCountedLines(report, paper) : nothingToTryLines(report, paper),
    ...sections,
    oneOffLines(report, paper),
    gainLines(report, paper),
    unknownLines(report, paper),
    footerLines(report, paper),
  ])
}

function headerLines(report: AuditReport, { width, ink }: Paper): string[] {
  const { window, counts, subject } = report
  const sources = sourceNames(report).map(name => plainText(name, 60))
  const read =
    sources.length > 3 ? `${sources.slice(0, 3).join(', ')} and ${sources.length - 3} more` : sources.join(', ')
  const facts = [read, windowText(window), countText(window.weeks, 'week'), window.zone].join(' · ')
  const dropped = leftOutText(report)
  const counted =
    `${countText(counts.events, 'entry', 'entries')}, ${countText(counts.occurrences, 'occurrence')} in these weeks → ` +
    (counts.audited < counts.meetings
      ? `${grouped(counts.audited)} of ${countText(counts.meetings, 'meeting')} are yours: `
      : '') +
    `${countText(counts.series, 'series', 'series')}, ${countText(counts.oneOffs, 'one-off')}` +
    (dropped ? ` · not counted: ${dropped}` : '')
  const sample = subject.sample
    ? ['A sample: these people and meetings are invented, and this is not your calendar.']
    : []
  const who = subject.me ? `The week of ${plainText(subject.me.name ?? subject.me.address, 60)}. ` : ''
  return [
    ...wrapped('Could we skip this?', width, margin, ink.strong),
    ...sample.flatMap(line => wrapped(line, width, margin, ink.attention)),
    ...wrapped(facts, width),
    ...readLines(report, { width, ink }),
    ...wrapped(counted, width),
    ...wrapped(`${who}${plainText(subject.sentence, 300)}`, width, margin, ink.quiet),
    ...(windowReasonText(window) ? wrapped(windowReasonText(window), width, margin, ink.quiet) : []),
    ...report.sources.flatMap(source =>
      source.leftOut.flatMap(left => wrapped(`! ${plainText(left.sentence, 300)}`, width, margin, ink.attention)),
    ),
  ]
}

/** Files are read here and stay here; synced calendars are as old as their last reading. */
function readLines({ freshness }: AuditReport, { width, ink }: Paper): string[] {
  if (freshness === undefined) return wrapped('Read here, on this machine. Nothing was sent anywhere.', width)
  return [
    ...wrapped(plainText(freshness.sentence, 300), width, margin, ...(freshness.isOld ? [ink.attention] : [])),
    ...freshness.notices.flatMap(notice => wrapped(`! ${plainText(notice, 300)}`, width, margin, ink.attention)),
  ]
}

function changeLines({ changes }: AuditReport, { width, ink }: Paper): string[] {
  if (!changes) return []
  const hours = changes.meetingHoursPerWeek
  const named = (label: string, titles: readonly string[]) => {
    if (titles.length === 0) return []
    const shown = titles.slice(0, 5).map(title => plainTitle(title, 40))
    const more = titles.length > 5 ? ` and ${titles.length - 5} more` : ''
    return labelled(label, `${shown.join(' · ')}${more}`, width)
  }
  return [
    heading(`SINCE ${dateText(changes.previousOn).toUpperCase()}`, ink),
    ...(hours ? labelled('meetings', `${hoursText(hours.before)} → ${hoursText(hours.after)} a week`, width) : []),
    ...named('new', changes.appeared),
    ...named('gone', changes.disappeared),
    ...changes.moved
      .slice(0, 8)
      .flatMap(move =>
        labelled('moved', `${plainTitle(move.title, 60)}: ${lower(move.from)} → ${lower(move.to)}`, width),
      ),
    ...(changes.moved.length > 8 ? labelled('moved', `and ${changes.moved.length - 8} more`, width) : []),
  ]
}

function weekLines(report: AuditReport, { width, ink }: Paper): string[] {
  const { week, assumptions } = report
  if (!week) return []
  const block = minutesText(assumptions.focusBlockMinutes)
  const cells = width >= 76 ? 24 : 14
  const bar = (hours: number) => ink.accent(barText(week.workingHours > 0 ? hours / week.workingHours : 0, cells))
  const row = (label: string, value: string, hours: number, note: string) => {
    const line = `${margin}  ${padTo(label, 22)}${padTo(value, 11)}${bar(hours)}`
    // what does not fit beside the bar stands below it: a number is never cut
    return textWidth(note) <= width - 39 - cells ? [`${line}  ${note}`] : [line, ...plainRow('', note)]
  }
  const plainRow = (label: string, value: string) => wrapped(value, width, `${margin}  ${padTo(label, 22)}`)
  return [
    heading(`${weekTitle(report).toUpperCase()} (average of ${countText(week.weeks, 'week')} with meetings)`, ink),
    ...row('In meetings', hoursText(week.meetingHours), week.meetingHours, meetingShareText(week)),
    ...row(
      `Focus blocks ≥ ${block}`,
      hoursText(week.focusHours),
      week.focusHours,
      `${numberText(week.focusBlocks)} of ${block} a week`,
    ),
    ...row(`Fragments < ${block}`, hoursText(week.fragmentHours), week.fragmentHours, 'between meetings'),
    ...plainRow(
      'Outside your hours',
      `${hoursText(week.outsideHours)} (working hours: ${plainText(assumptions.workingHours, 40)})`,
    ),
    ...plainRow('Longest run', `${minutesText(week.longestRunMinutes)} without a break`),
    ...plainRow('Back to back', `${numberText(week.backToBackRunsPerWeek)} times a week`),
    ...wrapped(weekdayText(week), width, `${margin}  ${padTo('By weekday', 22)}`),
  ]
}

function weekdayText(week: WeekSummary): string {
  return week.byWeekday.map(day => `${day.weekday} ${hoursText(day.meetingHours)}`).join(' · ')
}

/** Eighths of a cell, so that a bar says what its number says; the rest of its length is dotted. */
function barText(share: number, cells: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, share)) * cells * 8)
  const part = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'][eighths % 8] ?? ''
  const full = '█'.repeat(Math.floor(eighths / 8)) + part
  return full + '·'.repeat(cells - Math.floor(eighths / 8) - (part === '' ? 0 : 1))
}

function totalLines(report: AuditReport, { width, ink }: Paper): string[] {
  if (report.counts.meetings === 0) return []
  const { totals, assumptions } = report
  const lowerBound = report.series.some(series => series.cost.lowerBound)
  const inSeries = totals.byKind.reduce((sum, kind) => sum + kind.hoursPerWeek, 0)
  const oneOffs = totals.hoursPerWeek.expected - inSeries
  const kinds = [
    ...totals.byKind
      .filter(kind => kind.series > 0)
      .map(kind => `${kindWords[kind.kind]} ${hoursText(kind.hoursPerWeek)}`),
    ...(report.counts.oneOffs > 0 ? [`one-offs ${hoursText(oneOffs)}`] : []),
  ].join(' · ')
  return [
    heading('THE TIME OF EVERYONE IN THEM', ink),
    ...labelled(
      'a week',
      `${hoursRangeText(totals.hoursPerWeek)} of people’s time${lowerBound ? ', at least: not everybody could be counted' : ''}`,
      width,
    ),
    ...labelled(
      'a year',
      `${lowerBound ? 'at least ' : ''}${moneyRangeText(totals.moneyPerYear, assumptions.currency)} for the series, by rate table`,
      width,
    ),
    ...(kinds ? labelled('by kind', kinds, width) : []),
  ]
}

function nothingCountedLines(report: AuditReport, { width, ink }: Paper): string[] {
  if (report.counts.meetings > 0) return []
  return [
    heading('NO MEETINGS', ink),
    ...wrapped(
      'No entry of these weeks counted as a meeting, so there is nothing to judge. Why each was left out:',
      width,
      `${margin}  `,
    ),
    ...report.counts.rules.flatMap(rule =>
      labelled(grouped(rule.occurrences), `${ruleWords[rule.rule]}. ${plainText(rule.sentence, 300)}`, width),
    ),
    ...labelled('rows', plainText(report.counts.rows, 300), width),
  ]
}

function nothingToTryLines(report: AuditReport, { width, ink }: Paper): string[] {
  if (report.series.some(series => series.section === 'try-without')) return []
  const judged = report.series.some(series => series.section !== 'not-enough-data')
  const sentence = judged
    ? nothingToTryText
    : 'There is too little in this calendar to judge any series by. That says nothing for or against them.'
  return [heading('NOTHING TO TRY WITHOUT', ink), ...wrapped(sentence, width, `${margin}  `)]
}

function sectionLines(report: AuditReport, section: AuditSection, rows: number, paper: Paper): string[] {
  const entries = report.series.filter(series => series.section === section)
  if (entries.length === 0) return []
  const { width, ink } = paper
  const title = `${sectionWords[section].title.toUpperCase()} (${entries.length})`
  const lead = wrapped(sectionWords[section].lead, width, margin, ink.quiet)
  if (section === 'not-enough-data') {
    return [heading(title, ink), ...lead, ...entries.map(series => foldedLine(series, paper))]
  }
  const mine = entries.some(series => series.cost.myMinutesPerWeek !== null)
  const columns = columnsText(mine ? 'you / week' : null, 'people / week', 'sure?', paper)
  const head = columns
    ? margin + ink.strong(padTo(title, width - margin.length - textWidth(columns))) + ink.quiet(columns)
    : heading(title, ink)
  const folded = entries.slice(rows)
  return [
    head,
    ...lead,
    ...entries
      .slice(0, rows)
      .flatMap((series, index) => (index === 0 ? [] : ['']).concat(entryLines(series, mine, paper))),
    ...(folded.length > 0
      ? ['', ...wrapped(`And ${folded.length} more; --explain NUMBER shows the reasons:`, width, margin, ink.quiet)]
      : []),
    ...folded.map(series => foldedLine(series, paper)),
  ]
}

/** Columns right of the titles; below 72 cells there is no room for them, and entries say it in words. */
function columnsText(you: string | null, people: string, sure: string, { width }: Paper): string {
  if (width < 72) return ''
  return (you === null ? '' : padTo(you, 11, 'left')) + padTo(people, 14, 'left') + padTo(sure, 7, 'left')
}

function entryLines(series: SeriesReport, mine: boolean, paper: Paper): string[] {
  const { width, ink } = paper
  const { cost } = series
  const number = padTo(String(series.number), 2, 'left')
  const you = cost.myMinutesPerWeek === null ? '–' : minutesText(cost.myMinutesPerWeek)
  const people = peopleHoursText(series)
  const sure = surenessWords[series.sureness]
  const indent = `${margin}   `
  const columns = columnsText(mine ? you : null, people, sure, paper)
  const room = width - indent.length - (columns === '' ? 0 : textWidth(columns) + 1)
  const title = padTo(plainTitle(series.title), room)
  const first = `${margin}${number} ${ink.strong(title)}${columns === '' ? '' : ` ${columns}`}`
  const inWords = `${mine ? `you ${you} · ` : ''}people ${people} · sure: ${sure}`
  const figures = columns === '' ? labelled('a week', inWords, width, indent) : []
  return [
    first,
    ...wrapped(
      [whenText(series.when), peopleText(series.people), kindText(series)].join(' · '),
      width,
      indent,
      ink.quiet,
    ),
    ...figures,
    ...wrapped(plainText(series.sentence, 300), width, indent),
    ...reasonsOnBothSides(series).flatMap(reason =>
      labelled(sideWords[reason.side], plainText(reason.sentence, 300), width, indent, ink[reason.side]),
    ),
    ...labelled('costs', costText(series), width, indent),
    ...(series.advice ? wrapped(`→ ${plainText(series.advice, 300)}`, width, indent, ink.accent, `${indent}  `) : []),
  ]
}

function kindText(series: SeriesReport): string {
  const kind = kindWords[series.kind]
  const sure = series.kind === 'unclear' ? kind : `${kind} (${percentText(series.confidence)})`
  const forum = series.forum ? `, ${forumWords[series.forum]}` : ''
  return `${sure}${forum}${series.loadBearing ? ' · load-bearing' : ''}`
}

function costText(series: SeriesReport): string {
  const focus = series.cost.myFocusMinutesPerWeek
  const gain = focus ? ` · without it ${minutesText(focus)} more focus time a week for you` : ''
  return `${yearMoneyText(series)} a year${gain}`
}

function foldedLine(series: SeriesReport, { width, ink }: Paper): string {
  const number = padTo(String(series.number), 2, 'left')
  const room = width - margin.length - 3
  const titleRoom = Math.min(Math.floor(room / 2), textWidth(plainTitle(series.title)))
  const title = cutTo(plainTitle(series.title), titleRoom)
  const unjudged = series.section === 'not-enough-data'
  const why = plainText(unjudged ? whyUnknown(series) : `${peopleHoursText(series)} a week · ${series.sentence}`, 300)
  return `${margin}${number} ${title}${ink.quiet(cutTo(` · ${why}`, room - textWidth(title)))}`
}

function oneOffLines({ oneOffs, window }: AuditReport, { width, ink }: Paper): string[] {
  if (oneOffs.count === 0) return []
  return [
    heading(`ONE-OFFS (${oneOffs.count})`, ink),
    ...wrapped(
      `${hoursRangeText(oneOffs.hoursInWindow)} of people’s time in these weeks. Single meetings are not judged.`,
      width,
      margin,
      ink.quiet,
    ),
    ...oneOffs.largest
      .slice(0, 3)
      .flatMap(one =>
        wrapped(
          `${plainTitle(one.title, 60)} · ${spanText(one.start, one.start, window.zone).replace(/–.*$/, '')} · ${hoursText(one.hours)} of people’s time`,
          width,
          `${margin}   `,
        ),
      ),
  ]
}

function gainLines({ gain }: AuditReport, { width, ink }: Paper): string[] {
  if (!gain) return []
  const blocks =
    gain.focusBlocksBefore === null || gain.focusBlocksAfter === null
      ? ''
      : ` Focus blocks: ${numberText(gain.focusBlocksBefore)} → ${numberText(gain.focusBlocksAfter)} a week.`
  return [heading('WHAT IT GIVES BACK', ink), ...wrapped(plainText(gain.sentence, 300) + blocks, width, `${margin}  `)]
}

function unknownLines({ unknowns }: AuditReport, { width, ink }: Paper): string[] {
  if (unknowns.length === 0) return []
  return [
    heading('WHAT IT CANNOT KNOW', ink),
    ...unknowns.flatMap(unknown =>
      wrapped(
        `· ${[unknown.sentence, unknown.remedy]
          .filter(part => part !== null)
          .map(part => plainText(part, 300))
          .join(' ')}`,
        width,
        margin,
        ink.plain,
        `${margin}  `,
      ),
    ),
  ]
}

function footerLines(report: AuditReport, { width, ink }: Paper): string[] {
  const first = report.series[0]
  const why = first ? `why: --explain ${first.number} · ` : ''
  return wrapped(
    `${why}page: --html FILE · data: --json · rows: ${plainText(report.counts.rows, 200)}`,
    width,
    margin,
    ink.quiet,
  )
}

function explained(report: AuditReport, number: number, paper: Paper): string[] {
  const series = report.series.find(one => one.number === number)
  const { width, ink } = paper
  if (series) return separated(explainedParts(report, series, paper))
  const numbers = report.series.map(one => one.number)
  const range =
    numbers.length === 0
      ? 'It lists no series.'
      : `Its numbers run from ${Math.min(...numbers)} to ${Math.max(...numbers)}.`
  return wrapped(`There is no series ${number} in this audit. ${range}`, width, margin, ink.attention)
}

function explainedParts(report: AuditReport, series: SeriesReport, paper: Paper): string[][] {
  const { width, ink } = paper
  const body = `${margin}  `
  const titled = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [heading(title, ink), ...lines]
  const former = series.formerTitles.map(title => plainTitle(title))
  const { when, people } = series
  const scores = Object.entries(series.scores).map(([kind, score]) => `${kind} ${percentText(score)}`)
  return [
    [
      ...wrapped(plainTitle(series.title, 400), width, `${margin}${series.number}  `, ink.strong),
      ...(former.length > 0 ? wrapped(`formerly ${former.join(' · ')}`, width, body, ink.quiet) : []),
      ...wrapped(`${sectionWords[series.section].title} · sure: ${surenessWords[series.sureness]}`, width, body),
    ],
    titled('WHAT WOULD HAPPEN IF WE SKIPPED THIS?', [
      ...wrapped(plainText(series.sentence, 400), width, body),
      ...(series.advice ? wrapped(`→ ${plainText(series.advice, 400)}`, width, body, ink.accent, `${body}  `) : []),
    ]),
    titled(
      'WHY, STRONGEST FIRST',
      series.basis.filter(basis => basis.about === 'verdict').flatMap(basis => basisLines(basis, paper)),
    ),
    titled('WHAT KIND OF MEETING', [
      ...wrapped(`${kindText(series)} · ${formWords[series.form]}`, width, body),
      ...wrapped(`scores: ${scores.join(' · ')}`, width, body, ink.quiet),
      ...series.basis.filter(basis => basis.about === 'kind').flatMap(basis => basisLines(basis, paper)),
    ]),
    titled(
      'AGENDA ITEMS',
      series.items.flatMap((item, index) => {
        const facts = [
          kindWords[item.kind],
          item.minutes === null ? null : minutesText(item.minutes),
          item.owner && plainText(item.owner, 60),
        ]
        return wrapped(
          `${plainTitle(item.text, 300)} (${facts.filter(Boolean).join(', ')})`,
          width,
          `${body}${index + 1} `,
        )
      }),
    ),
    titled('WHEN AND WHO', [
      ...labelled(
        'rhythm',
        `${whenText(when)}; held ${countText(when.held, 'time')}, not held ${countText(when.removed, 'time')}`,
        width,
      ),
      ...labelled('first, last', `${dateText(when.firstOn)}, ${dateText(when.lastOn)}`, width),
      ...labelled('invited', invitedText(people), width),
      ...(people.teams.length > 0
        ? labelled('teams', people.teams.map(team => plainText(team, 60)).join(' · '), width)
        : []),
      ...(people.myRole ? labelled('you', people.myRole, width) : []),
      ...labelled('channels', channelText(people), width),
    ]),
    titled(
      'WHAT IT COSTS, STEP BY STEP',
      costSteps(report, series).flatMap(([label, text]) => labelled(label, text, width)),
    ),
    titled(`THE MEETINGS (${series.occurrences.length})`, [
      ...series.occurrences.flatMap(one => {
        const renamed = plainTitle(one.title) === plainTitle(series.title) ? '' : ` · ${plainTitle(one.title)}`
        return wrapped(
          `${spanText(one.start, one.end, report.window.zone)} · ${ruleWords[one.rule]}${renamed}`,
          width,
          body,
          ink.plain,
          `${body}  `,
        )
      }),
      ...wrapped(`Times in ${report.window.zone}. Counted by rule:`, width, body, ink.quiet),
      ...rulesOf(report, series).flatMap(rule =>
        wrapped(`${ruleWords[rule.rule]}: ${plainText(rule.sentence, 300)}`, width, body, ink.quiet, `${body}  `),
      ),
    ]),
  ]
}

function rulesOf(report: AuditReport, series: SeriesReport): AuditReport['counts']['rules'] {
  const used = new Set(series.occurrences.map(one => one.rule))
  return report.counts.rules.filter(rule => used.has(rule.rule))
}

function basisLines(basis: SeriesReport['basis'][number], { width, ink }: Paper): string[] {
  const figures = plainText(figuresText(basis.figures), 400)
  const under = ' '.repeat(margin.length + 2 + labelCells)
  return [
    ...labelled(
      basis.side ? sideWords[basis.side] : 'kind',
      plainText(basis.sentence, 400),
      width,
      `${margin}  `,
      basis.side ? ink[basis.side] : ink.plain,
    ),
    ...(basis.quote === null ? [] : wrapped(`“${plainTitle(basis.quote)}”`, width, under)),
    ...wrapped(`rule ${plainText(basis.rule, 60)}${figures ? ` · ${figures}` : ''}`, width, under, ink.quiet),
  ]
}

const labelCells = 13

/** A label in a gutter and its text beside it, wrapped under itself. */
function labelled(
  label: string,
  text: string,
  width: number,
  indent = `${margin}  `,
  paint: (text: string) => string = same,
): string[] {
  const gutter = padTo(label, labelCells - 1)
  const lines = wrapTo(text, width - indent.length - labelCells)
  return lines.map((line, index) => `${indent}${index === 0 ? paint(gutter) : ' '.repeat(labelCells - 1)} ${line}`)
}

function wrapped(
  text: string,
  width: number,
  indent = margin,
  paint: (text: string) => string = same,
  hanging = ' '.repeat(textWidth(indent)),
): string[] {
  const cells = width - Math.max(textWidth(indent), textWidth(hanging))
  return wrapTo(text, cells).map((line, index) => (index === 0 ? indent : hanging) + paint(line))
}

function same(text: string): string {
  return text
}

function heading(text: string, ink: Ink): string {
  return margin + ink.strong(text)
}

function lower(section: AuditSection): string {
  return sectionWords[section].title.toLowerCase()
}

/** Parts with an empty line between them; empty parts leave no gap. */
function separated(parts: readonly (readonly string[])[]): string[] {
  const filled = parts.filter(part => part.length > 0)
  return ['', ...filled.flatMap((part, index) => (index === 0 ? part : ['', ...part])), '']
}
