import { type AuditOutcome, auditCalendars } from '../app/audit-calendars.ts'
import { readRates } from '../app/read-rates.ts'
import { reopenAudit } from '../app/reopen-audit.ts'
import type { AuditReport } from '../domain/reports/audit-report.ts'
import { redacted } from '../domain/reports/redacted.ts'
import { auditSections } from '../domain/worth/types.ts'
import { plainText } from '../views/plain-text.ts'
import { withCalendars } from './calendar-input.ts'
import { calendarOptions, progressLine } from './calendar-options.ts'
import {
  CliError,
  type Command,
  type CommandInput,
  exitCodes,
  numberOption,
  switchOption,
  textOption,
  wrongUse,
} from './command.ts'
import type { CliDeps } from './deps.ts'
import { forPeople } from './errors.ts'
import { notice, notices } from './notice.ts'
import { lookOptions, terminalLook } from './terminal.ts'

/** `minutewise audit FILE…`: the main job. */
export const command: Command = {
  usage: 'minutewise audit [FILE.ics | FOLDER | TAKEOUT.zip | - …] [options]',
  description:
    'Audits exported calendars, here, offline: which meetings to try without, improve and keep, with the reasons.\nWith --db and no file it audits the connected calendars that were synced;\nwithout either it audits the sample company.',
  options: [
    ...calendarOptions,
    { name: 'rates', value: 'FILE', help: 'CSV: band, per hour (loaded cost by role band; never payroll)' },
    { name: 'currency', value: 'CODE', help: 'Currency of --rates, such as EUR (default: USD)' },
    { name: 'json', help: 'The audit as JSON (minutewise/audit/1) on standard output' },
    { name: 'md', help: 'The audit as Markdown on standard output' },
    { name: 'csv', help: 'One row a series as CSV on standard output' },
    { name: 'html', value: 'FILE', help: 'Also write one self-contained page' },
    { name: 'explain', value: 'N', help: 'Everything behind series N: reasons, figures, meetings' },
    { name: 'from-json', value: 'FILE', help: 'Show an audit written before by --json or --html again' },
    {
      name: 'db',
      value: 'FILE',
      help: 'With files: keep the audit there and say what changed since the last one.\nWithout: audit what `minutewise sync` read into it',
    },
    {
      name: 'fail-on',
      value: 'SECTION',
      multiple: true,
      help: `Exit 1 when a section is not empty: ${auditSections.join(', ')}`,
    },
    { name: 'max-hours', value: 'H', help: 'Exit 1 when meetings take more than H hours of an average week' },
    { name: 'redact', help: 'Hide titles, agendas and addresses' },
    ...lookOptions,
  ],
  examples: [
    { command: 'minutewise audit calendar.ics', does: 'audit one export' },
    {
      command: 'minutewise audit takeout.zip --me ana@example.com --people people.csv',
      does: "one person's audit, with teams",
    },
    { command: 'minutewise audit calendar.ics --html audit.html', does: 'also write a page to read, print or send' },
    { command: 'minutewise audit calendar.ics --explain 1', does: 'why the first suggestion is one' },
    { command: 'minutewise audit --db minutewise.db', does: 'the connected calendars, as of the last sync' },
    { command: 'minutewise audit *.ics --json --fail-on try-without', does: 'for a script' },
  ],
  async run(deps, input) {
    const outputs = ['json', 'md', 'csv'].filter(name => switchOption(input, name))
    if (outputs.length > 1) throw wrongUse(`only one of --${outputs.join(' and --')} can go to standard output.`)
    const failOn = failOnSections(input)
    const maxHours = numberOption(input, 'max-hours', 0)
    const explain = numberOption(input, 'explain', 1)
    if (explain !== null && outputs.length > 0)
      throw wrongUse(`--explain is text; it does not go with --${outputs[0]}.`)
    const look = terminalLook(deps, input)
    const pageFile = textOption(input, 'html')
    if (pageFile !== null) await forPeople(() => refuseToReplace(deps, pageFile))

    const outcome = await forPeople(() => outcomeOf(deps, input))
    const report = outcome.report
    notices(deps, outcome.notices)

    if (pageFile !== null) {
      const { auditPage } = await import('../views/audit-page.tsx')
      await forPeople(async () => (await deps.files()).write(pageFile, auditPage(report)))
    }
    deps.stdout.write(await rendered(report, outputs[0] ?? 'text', look, explain))
    if (pageFile !== null) deps.stderr.write(`The page is in ${plainText(pageFile, 300)}.\n`)
    return exitCode(deps, report, failOn, maxHours)
  },
}

/** A page may take the place of a page. Anything else that stands there is somebody's file: a calendar, most likely. */
async function refuseToReplace(deps: CliDeps, path: string): Promise<void> {
  const beginning = await (await deps.files()).beginning(path)
  if (beginning === null || beginning === '' || /^\s*<!doctype html/i.test(beginning)) return
  throw wrongUse(`${path} is there and is no page; it was left alone. Name another file for --html.`)
}

/** What an audit that was made before cannot be told any more. */
const askedOfCalendars = ['from', 'to', 'zone', 'people', 'me', 'now', 'rates', 'currency', 'db']

async function outcomeOf(deps: CliDeps, input: CommandInput): Promise<AuditOutcome> {
  const files = await deps.files()
  const redact = switchOption(input, 'redact')
  const reopened = textOption(input, 'from-json')
  if (reopened !== null) {
    const beside = askedOfCalendars.find(name => input.values[name] !== undefined)
    if (beside !== undefined || input.positionals.length > 0) {
      const what = beside === undefined ? 'calendar' : `--${beside}`
      throw wrongUse(`--from-json shows an audit made before; no ${what} goes with it.`)
    }
    const report = await reopenAudit({ files }, reopened)
    return { report: redact ? redacted(report) : report, notices: [] }
  }

  const currency = textOption(input, 'currency')
  const ratesFile = textOption(input, 'rates')
  if (currency !== null && ratesFile === null) throw wrongUse('--currency is the currency of --rates FILE; give both.')
  return await withCalendars(deps, { files }, input, async calendars => {
    const rates = await readRates({ files }, ratesFile, currency ?? 'USD')
    const dbFile = textOption(input, 'db')
    const store = dbFile === null ? null : await deps.openAuditStore(dbFile)
    const line = progressLine(deps)
    try {
      const use = { files: calendars.files, store }
      const outcome = await auditCalendars(use, { ...calendars, rates, redact }, line.progress)
      return { ...outcome, notices: [...calendars.problems, ...outcome.notices] }
    } finally {
      line.clear()
      await store?.close()
    }
  })
}

async function rendered(
  report: AuditReport,
  output: string,
  look: { readonly width: number; readonly color: boolean },
  explain: number | null,
): Promise<string> {
  switch (output) {
    case 'json': {
      const { auditJson } = await import('../views/audit-json.ts')
      return auditJson(report)
    }
    case 'md': {
      const { auditMarkdown } = await import('../views/audit-markdown.ts')
      return auditMarkdown(report)
    }
    case 'csv': {
      const { auditCsv } = await import('../views/audit-csv.ts')
      return auditCsv(report)
    }
    default: {
      if (explain !== null && !report.series.some(one => one.number === explain)) {
        throw new CliError(
          exitCodes.wrongUse,
          `there is no series ${explain}: this audit numbers them 1 to ${report.series.length}.`,
        )
      }
      const { auditText } = await import('../views/audit-text.ts')
      return auditText(report, { ...look, ...(explain === null ? {} : { explain }) })
    }
  }
}

function failOnSections(input: CommandInput): readonly string[] {
  const value = input.values['fail-on']
  const asked = (Array.isArray(value) ? value : value === undefined ? [] : [String(value)]).flatMap(each =>
    String(each).split(','),
  )
  const wrong = asked.find(each => !auditSections.some(section => section === each))
  if (wrong !== undefined) throw wrongUse(`--fail-on knows no "${wrong}"; it takes ${auditSections.join(', ')}.`)
  return asked
}

function exitCode(deps: CliDeps, report: AuditReport, failOn: readonly string[], maxHours: number | null): number {
  const reasons: string[] = []
  const judged = report.series.some(one => one.section !== 'not-enough-data')
  if (failOn.length > 0 && !judged) reasons.push('no series could be judged, which is no pass')
  for (const section of failOn) {
    const found = report.series.filter(one => one.section === section).length
    if (found > 0) reasons.push(`${found} series under ${section}`)
  }
  if (maxHours !== null) {
    const hours = report.week?.meetingHours
    if (hours === undefined) {
      throw wrongUse('--max-hours needs a week to measure; this audit has none. Say whose it is with --me ADDRESS.')
    }
    if (hours > maxHours) reasons.push(`${hours.toFixed(1)} h of meetings a week, more than ${maxHours}`)
  }
  for (const reason of reasons) notice(deps, reason)
  return reasons.length === 0 ? exitCodes.done : exitCodes.findings
}
