import { type DoctorReport, diagnose, patienceSeconds } from '../app/doctor/diagnose.ts'
import { systemClock } from '../clock.ts'
import { isoInstant } from '../domain/time/calendar-date.ts'
import { doctorText } from '../views/doctor-text.ts'
import { jsonText } from '../views/json-text.ts'
import { type Command, exitCodes, switchOption, wrongUse } from './command.ts'
import { databasePath, dbOption } from './live-options.ts'
import { lookOptions, terminalLook } from './terminal.ts'

/** `minutewise doctor`: how everything is that has to work. */
export const command: Command = {
  usage: 'minutewise doctor [options]',
  description: `Looks at everything that has to work and says how it is, with the next step where there is one: Node and its
time-zone data, SQLite, the database file and its disk, the configuration, the keys, each account (asked one
cheap question), the freshness of its calendars, notifications, the clock. Changes nothing and shows no secret.

Ends with 1 when there is a problem, and with 0 when everything is fine or there are warnings alone.`,
  options: [
    dbOption,
    { name: 'offline', help: 'Ask nobody: no account is tried' },
    { name: 'json', help: 'As JSON (minutewise/doctor/1) on standard output' },
    ...lookOptions,
  ],
  examples: [
    { command: 'minutewise doctor', does: `everything; each account has ${patienceSeconds} seconds to answer` },
    { command: 'minutewise doctor --offline --json', does: 'what can be known here, for a script' },
  ],
  async run(deps, input) {
    const [extra] = input.positionals
    if (extra !== undefined) throw wrongUse(`doctor takes no "${extra}". The database is named with --db FILE.`)
    const look = terminalLook(deps, input)
    const ports = await deps.doctor(databasePath(deps, input))
    const report = await diagnose(
      { ports, clock: { ...systemClock, now: deps.now } },
      { offline: switchOption(input, 'offline'), signal: deps.interrupted() },
    )
    deps.stdout.write(switchOption(input, 'json') ? `${jsonText(doctorJson(report), 2)}\n` : doctorText(report, look))
    return report.problems > 0 ? exitCodes.findings : exitCodes.done
  },
}

function doctorJson({ at, offline, problems, warnings, lines }: DoctorReport) {
  return { schema: 'minutewise/doctor/1', at: isoInstant(at), offline, problems, warnings, checks: lines }
}
