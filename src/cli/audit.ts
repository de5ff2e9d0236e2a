import { type AuditOutcome, auditCalendars } from '../app/audit-calendars.ts'
import { readPeople } from '../app/read-people.ts'
import { readRates } from '../app/read-rates.ts'
import { reopenAudit } from '../app/reopen-audit.ts'
import { readSample } from '../app/sample.ts'
import type { AuditReport } from '../domain/reports/audit-report.ts'
import { auditSections } from '../domain/worth/types.ts'
import { calendarOptions, dateOption, nowOption, progressLine } from './calendar-options.ts'
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
import { lookOptions, terminalLook } from './terminal.ts'

/** `minutewise audit FILE…`: the main job. */
export const command: Command = {
  usage: 'minutewise audit [FILE.ics | FOLDER | TAKEOUT.zip | - …] [options]',
  description:
    'Audits exported calendars, here, offline: which meetings to try without, improve and keep, with the reasons.\nWithout a file it audits the sample company.',
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
    { name: 'db', value: 'FILE', help: 'Keep the audit in an SQLite file and say what changed since the last one' },
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
    { command: 'minutewise audit *.ics --json --fail-on try-without', does: 'for a script' },
  ],
  async run(deps, input) {
    const outputs = ['json', 'md', 'csv'].filter(name => switchOption(input, name))
    if (outputs.length > 1) throw wrongUse(`only one of --${outputs.join(' and --')} can go to standard output.`)
    const failOn = failOnSections(input)
    const maxHours = numberOption(input, 'max-hours', 0)
    const explain = numberOption(input, 'explain', 1)
    const look = terminalLook(deps, input)

    const outcome = await forPeople(() => outcomeOf(deps, input))
    const report = outcome.report
    for (const notice of outcome.notices) deps.stderr.write(`minutewise: ${notice}\n`)

    const pageFile = textOption(input, 'html')
    if (pageFile !== null) {
      const { auditPage } = await import('../views/audit-page.tsx')
      await forPeople(async () => (await deps.files()).write(pageFile, auditPage(report)))
    }
    deps.stdout.write(await rendered(report, outputs[0] ?? 'text', look, explain))
    if (pageFile !== null) deps.stderr.write(`The page is in ${pageFile}.\n`)
    return exitCode(deps, report, failOn, maxHours)
  },
}

async function outcomeOf(deps: CliDeps, input: CommandInput): Promise<AuditOutcome> {
  const files = await deps.files()
  const reopened = textOption(input, 'from-json')
  if (reopened !== null) {
    if (input.positionals.length > 0)
      throw wrongUse('--from-json shows an audit written before; it takes no calendar beside it.')
    return { report: await reopenAudit({ files }, reopened), notices: [] }
  }

  const sample = input.positionals.length === 0 ? await readSample({ files }, deps.samples) : null
  const { directory, problems } = await readPeople({ files }, textOption(input, 'people') ?? sample?.people ?? null)
  const rates = await readRates({ files }, textOption(input, 'rates'), textOption(input, 'currency') ?? 'USD')
  const dbFile = textOption(input, 'db')
  const store = dbFile === null ? null : await deps.openAuditStore(dbFile)
  const line = progressLine(deps)
  try {
    const outcome = await auditCalendars(
      { files: await deps.calendars(), store },
      {
        paths: sample?.calendars ?? input.positionals,
        fromWall: dateOption(input, 'from'),
        toWall: dateOption(input, 'to'),
        zone: textOption(input, 'zone'),
        now: (await nowOption(input)) ?? sample?.now ?? deps.now(),
        me: textOption(input, 'me') ?? sample?.me ?? null,
        directory,
        rates,
        sample: sample !== null,
        redact: switchOption(input, 'redact'),
      },
      line.progress,
    )
    return { ...outcome, notices: [...problems, ...outcome.notices] }
  } finally {
    line.clear()
    await store?.close()
  }
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
  for (const reason of reasons) deps.stderr.write(`minutewise: ${reason}\n`)
  return reasons.length === 0 ? exitCodes.done : exitCodes.findings
}
