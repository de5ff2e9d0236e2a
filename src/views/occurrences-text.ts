import type { OccurrenceReport, OccurrenceRow } from '../domain/reports/occurrence-report.ts'
import { cutTo, padTo, textWidth, wrapTo } from './columns.ts'
import { plainText, plainTitle } from './plain-text.ts'
import { inkFor } from './terminal-ink.ts'
import { countText, grouped, ruleWords, wallText, windowText } from './words.ts'

export interface OccurrencesTextOptions {
  /** Terminal columns; taken between 60 and 120. */
  readonly width: number
  readonly color: boolean
}

/** Every occurrence as read: one line each with the rule that counted or dropped it, then a summary by rule. */
export function occurrencesText(report: OccurrenceReport, options: OccurrencesTextOptions): string {
  const width = Math.min(120, Math.max(60, Math.trunc(options.width) || 80))
  const ink = inkFor(options.color)
  const { zone } = report.window
  const wrapped = (text: string) => wrapTo(text, width - 2).map(line => `  ${line}`)
  const names = report.calendars.map(calendar => plainText(calendar.calendar, 60)).join(', ')
  const head = [names, windowText(report.window), zone].filter(part => part !== '').join(' · ')
  const counted = report.occurrences.filter(row => row.counted).length
  const sum = `${countText(report.occurrences.length, 'occurrence')}: ${grouped(counted)} counted as meetings, ${grouped(report.occurrences.length - counted)} not.`
  const lines = [
    '',
    ...wrapped(head),
    ...wrapped(sum),
    ...report.leftOut.flatMap(left => wrapped(`! ${plainText(left.sentence, 300)}`)).map(ink.attention),
    '',
    ...rowLines(report.occurrences, zone, width, ink.strong, ink.quiet),
    ...removedLines(report, width, ink.strong),
    ...(report.rules.length > 0 ? [ink.strong('  BY RULE')] : ['  Nothing takes place in these days.']),
    ...report.rules.flatMap(rule => {
      const label = `${padTo(grouped(rule.occurrences), 7, 'left')}  ${rule.counted ? 'counts' : 'left out'}`
      const text = `${ruleWords[rule.rule]}. ${plainText(rule.sentence, 300)}`
      return wrapTo(text, width - 20).map((line, index) => `${padTo(index === 0 ? label : '', 19)} ${line}`)
    }),
    '',
  ]
  return `${lines.map(line => line.trimEnd()).join('\n')}\n`
}

function rowLines(
  rows: readonly OccurrenceRow[],
  zone: string,
  width: number,
  strong: (text: string) => string,
  quiet: (text: string) => string,
): string[] {
  const lines: string[] = []
  let day = ''
  for (const row of rows) {
    const from = wallText(row.start, zone)
    if (from.day !== day) {
      if (day !== '') lines.push('')
      lines.push(`  ${strong(from.day)}`)
      day = from.day
    }
    const mark = row.counted ? '+' : '-'
    const rule = row.counted ? ruleWords[row.rule] : `left out: ${ruleWords[row.rule]}`
    const start = `  ${mark} ${padTo(timeText(row, zone), 14)} `
    const room = width - textWidth(start)
    const ruleRoom = Math.min(textWidth(rule), Math.floor(room / 2))
    const title = padTo(plainTitle(row.title), room - ruleRoom - 2)
    lines.push(`${start}${row.counted ? title : quiet(title)}  ${cutTo(rule, ruleRoom)}`)
  }
  if (lines.length > 0) lines.push('')
  return lines
}

/** `10:00–10:45`; an end on a later day shows how many days later, `23:00–01:00 +1`. */
function timeText(row: OccurrenceRow, zone: string): string {
  if (row.allDay) return 'all day'
  const from = wallText(row.start, zone)
  const to = wallText(row.end, zone)
  if (from.day === to.day) return `${from.time}–${to.time}`
  const days = Math.max(1, Math.round((Date.parse(row.end) - Date.parse(row.start)) / 86_400_000))
  return `${from.time}–${to.time} +${days}`
}

function removedLines(
  { removed, window }: OccurrenceReport,
  width: number,
  strong: (text: string) => string,
): string[] {
  if (removed.length === 0) return []
  const words = { excluded: 'deleted from its series', cancelled: 'cancelled' } as const
  return [
    strong(`  DID NOT TAKE PLACE (${removed.length})`),
    ...removed.map(one => {
      const at = wallText(one.start, window.zone)
      const when = `${at.day}${at.time === '' ? '' : ` ${at.time}`}`
      return cutTo(`    ${padTo(when, 22)} ${words[one.reason]} · ${plainText(one.uid, 60)}`, width)
    }),
    '',
  ]
}
