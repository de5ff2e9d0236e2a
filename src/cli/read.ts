import { listOccurrences } from '../app/list-occurrences.ts'
import { jsonText } from '../views/json-text.ts'
import { withCalendars } from './calendar-input.ts'
import { calendarOptions, progressLine } from './calendar-options.ts'
import { type Command, exitCodes, switchOption } from './command.ts'
import { forPeople } from './errors.ts'
import { notices } from './notice.ts'
import { lookOptions, terminalLook } from './terminal.ts'

/** `minutewise read FILE… --from D --to D`: what every number of an audit opens into. */
export const command: Command = {
  usage: 'minutewise read [FILE.ics | FOLDER | TAKEOUT.zip | - …] [--from DATE] [--to DATE] [options]',
  description:
    'Lists every occurrence as read, with the rule that counted or dropped it.\nWithout a file or --db it reads the sample company.',
  options: [
    ...calendarOptions,
    { name: 'db', value: 'FILE', help: 'Instead of files: what `minutewise sync` read into this database' },
    { name: 'json', help: 'As JSON (minutewise/read/1)' },
    ...lookOptions,
  ],
  examples: [
    { command: 'minutewise read calendar.ics --from 2026-03-01 --to 2026-04-01', does: 'every occurrence of March' },
    {
      command: 'minutewise read calendar.ics --json',
      does: 'for a script: occurrences[]{uid, start, end, counted, rule}',
    },
  ],
  async run(deps, input) {
    const look = terminalLook(deps, input)
    const line = progressLine(deps)
    const { report, problems } = await forPeople(async () => {
      return await withCalendars(deps, { files: await deps.files() }, input, async calendars => {
        try {
          const report = await listOccurrences({ files: calendars.files }, calendars, line.progress)
          return { report, problems: [...calendars.problems, ...calendars.syncNotices] }
        } finally {
          line.clear()
        }
      })
    })
    notices(deps, [...problems, ...report.leftOut.map(one => one.sentence)])
    if (switchOption(input, 'json')) {
      deps.stdout.write(`${jsonText(report, 2)}\n`)
      return exitCodes.done
    }
    const { occurrencesText } = await import('../views/occurrences-text.ts')
    deps.stdout.write(occurrencesText(report, look))
    return exitCodes.done
  },
}
