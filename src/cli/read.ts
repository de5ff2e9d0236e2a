import { listOccurrences } from '../app/list-occurrences.ts'
import { readPeople } from '../app/read-people.ts'
import { calendarOptions, dateOption, nowOption, progressLine } from './calendar-options.ts'
import { type Command, exitCodes, switchOption, textOption, wrongUse } from './command.ts'
import { forPeople } from './errors.ts'
import { lookOptions, terminalLook } from './terminal.ts'

/** `minutewise read FILE… --from D --to D`: what every number of an audit opens into. */
export const command: Command = {
  usage: 'minutewise read FILE.ics | FOLDER | TAKEOUT.zip | - … [--from DATE] [--to DATE] [options]',
  description: 'Lists every occurrence as read, with the rule that counted or dropped it.',
  options: [...calendarOptions, { name: 'json', help: 'As JSON (minutewise/read/1)' }, ...lookOptions],
  examples: [
    { command: 'minutewise read calendar.ics --from 2026-03-01 --to 2026-04-01', does: 'every occurrence of March' },
    {
      command: 'minutewise read calendar.ics --json',
      does: 'for a script: occurrences[]{uid, start, end, counted, rule}',
    },
  ],
  async run(deps, input) {
    if (input.positionals.length === 0)
      throw wrongUse('read needs a calendar: an .ics file, a folder, a .zip, or - for standard input.')
    const look = terminalLook(deps, input)
    const line = progressLine(deps)
    const report = await forPeople(async () => {
      const people = await readPeople({ files: await deps.files() }, textOption(input, 'people'))
      for (const problem of people.problems) deps.stderr.write(`minutewise: ${problem}\n`)
      try {
        return await listOccurrences(
          { files: await deps.calendars() },
          {
            paths: input.positionals,
            fromWall: dateOption(input, 'from'),
            toWall: dateOption(input, 'to'),
            zone: textOption(input, 'zone'),
            now: (await nowOption(input)) ?? deps.now(),
            me: textOption(input, 'me'),
            directory: people.directory,
          },
          line.progress,
        )
      } finally {
        line.clear()
      }
    })
    for (const one of report.leftOut) deps.stderr.write(`minutewise: ${one.sentence}\n`)
    if (switchOption(input, 'json')) {
      deps.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
      return exitCodes.done
    }
    const { occurrencesText } = await import('../views/occurrences-text.ts')
    deps.stdout.write(occurrencesText(report, look))
    return exitCodes.done
  },
}
