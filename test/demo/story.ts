import { spawnSync } from 'node:child_process'
import { type CommandOptions, type CommandRun, runCommand } from '../support/live-command.ts'
import { createNarrator, type Narrator } from './narrator.ts'
import { compared } from './truth.ts'
import { type DemoWorld, nuria, people, startWorld } from './world.ts'

/** The demonstration under way. */
export interface Story extends Narrator {
  readonly world: DemoWorld
  /** Runs a command, shows it with what it printed, and insists on its exit code. */
  run(args: readonly string[], options?: RunOptions): Promise<CommandRun>
  /** The audit of the database, as a value. */
  audit(): Promise<Audited>
  /** The database holds what the services hold, occurrence by occurrence. */
  isTrue(): Promise<void>
}

export interface RunOptions extends CommandOptions {
  /** As one would type it; without it the arguments. Null: not shown. */
  readonly typed?: string | null
  readonly expect?: number | null
  readonly mostLines?: number
}

/** The part of minutewise/audit/1 that is looked at here. */
export interface Audited {
  readonly counts: { readonly meetings: number; readonly occurrences: number }
  readonly week: { readonly meetingHours: number }
  readonly series: readonly {
    readonly number: number
    readonly title: string
    readonly section: string
    readonly kind: string
    readonly answer: string
    readonly sentence: string
    readonly occurrences: readonly unknown[]
  }[]
}

export async function beginStory(): Promise<Story> {
  if (spawnSync('radicale', ['--version']).error !== undefined) {
    throw new Error('This needs the CalDAV server Radicale: on Debian or Ubuntu `sudo apt-get install radicale`.')
  }
  const color = process.stdout.isTTY === true && !process.env.NO_COLOR
  const narrator = createNarrator(text => process.stdout.write(text), color)
  narrator.say(
    'Minutewise reads the calendars people really have. This shows it with a company of 26 people whose calendars are where ' +
      'such calendars are: on Google, on Microsoft 365, on a CalDAV server and in a published feed. The first two are ' +
      'strict imitations, the third is Radicale, and everything runs on this machine: nothing goes out to the network.',
  )
  const world = await startWorld()
  const run: Story['run'] = async (args, { typed, expect = 0, mostLines, ...options } = {}) => {
    const done = await runCommand(args, { ...options, env: { ...world.env, ...options.env } })
    if (typed !== null) narrator.command(typed ?? `minutewise ${args.join(' ')}`, done, mostLines)
    if (expect !== null && done.code !== expect) {
      narrator.lines(`${done.out}\n${done.err}`, 40)
      narrator.right(false, `it should have ended with ${expect}, and did with ${done.code}`)
    }
    return done
  }
  return {
    ...narrator,
    world,
    run,
    async audit() {
      const args = ['audit', '--db', world.database, '--people', people, '--me', nuria, '--json']
      return audited(await run(args, { typed: null }))
    },
    async isTrue() {
      const { occurrences, missing, tooMuch } = await compared(world)
      if (missing.length + tooMuch.length > 0) {
        narrator.lines([...missing.map(row => `missing ${row}`), ...tooMuch.map(row => `too much ${row}`)].join('\n'))
      }
      narrator.right(
        missing.length === 0 && tooMuch.length === 0,
        `${occurrences.toLocaleString('en-US')} occurrences on the services, the same ones in the database; ` +
          `${missing.length} missing, ${tooMuch.length} too many`,
      )
    },
  }
}

// Safe because it is the published shape minutewise/audit/1.
export const audited = ({ out }: CommandRun) => JSON.parse(out) as Audited

export async function endStory({ world }: Story): Promise<void> {
  await world.stop()
}
