import type { WriteBackDeps } from '../app/write-back/write-back-deps.ts'
import type { WriteOutcome, WritePlan, WriteRefusal } from '../domain/focus/write-plan.ts'
import { minuteMs } from '../domain/time/types.ts'
import { type CommandInput, type CommandOption, exitCodes, switchOption } from './command.ts'
import type { CliDeps } from './deps.ts'
import { forPeople } from './errors.ts'
import { databasePath, dbOption } from './live-options.ts'
import { notice } from './notice.ts'
import { lookOptions, terminalLook } from './terminal.ts'

/** Options of every command that writes to calendars. */
export const writeOptions: readonly CommandOption[] = [
  dbOption,
  { name: 'account', value: 'ACCOUNT', help: 'Which account: its address, name or id (default: the only one)' },
  { name: 'calendar', value: 'NAME', help: 'Which of its calendars: name or id (default: the main one)' },
  { name: 'apply', help: 'Do it. Without this the plan is printed and nothing is changed' },
  { name: 'json', help: 'As JSON (minutewise/writes/1)' },
  ...lookOptions,
]

const mostRequests = 500
const longestRunMs = 5 * minuteMs
/** The one tenant of a database on somebody's own machine. Part of every block's key: it never changes. */
const localTenant = 'local'

/** Opens the database, does the work, closes it; what goes wrong becomes a sentence and an exit code. */
export async function withWriteBack<T>(
  deps: CliDeps,
  input: CommandInput,
  work: (use: WriteBackDeps) => Promise<T>,
): Promise<T> {
  return forPeople(async () => {
    const accounts = await deps.openLive(databasePath(deps, input), { mustExist: true })
    try {
      const budget = { requests: mostRequests, untilAt: deps.now() + longestRunMs, signal: deps.interrupted() }
      return await work({ accounts, tenant: localTenant, now: deps.now, budget })
    } finally {
      await accounts.close()
    }
  })
}

/** Shows a plan, or with `--apply` does it and shows what became of it. */
export async function planOrApply(
  deps: CliDeps,
  input: CommandInput,
  plan: (use: WriteBackDeps) => Promise<WritePlan>,
): Promise<number> {
  const look = terminalLook(deps, input)
  const asJson = switchOption(input, 'json')
  const done = await withWriteBack(deps, input, async use => {
    const planned = await plan(use)
    const [{ applyWrites }, { openWrites }] = await Promise.all([
      import('../app/write-back/apply-writes.ts'),
      import('../app/write-back/resume-writes.ts'),
    ])
    const planIds = new Set(planned.writes.map(write => write.id))
    const earlier = (await openWrites(use)).filter(line => !planIds.has(line.id)).length
    const applied = switchOption(input, 'apply') ? await applyWrites(use, planned) : null
    return { planned, applied, earlier }
  })
  const { planned, applied, earlier } = done
  if (earlier > 0) {
    const what = earlier === 1 ? 'a write of an earlier run is' : `${earlier} writes of earlier runs are`
    notice(deps, `${what} not finished. See minutewise block resume.`)
  }
  const { zone, refusals, strangers, notes } = planned
  if (asJson) {
    const { writesJson } = await import('../views/write-plan-json.ts')
    const writes = applied?.outcomes ?? planned.writes
    const { settled } = planned
    deps.stdout.write(writesJson({ applied: applied !== null, zone, writes, refusals, settled, strangers, notes }))
  } else {
    const { writeOutcomesText, writePlanText } = await import('../views/write-plan-text.ts')
    deps.stdout.write(
      applied === null
        ? writePlanText(planned, { ...look, apply: '--apply' })
        : writeOutcomesText({ zone, ...applied, refusals, strangers, unreadable: [] }, look),
    )
  }
  return applied === null ? exitCodes.done : exitAfter(applied.outcomes, refusals)
}

/** What was asked for and is so already is no failure: a script may ask twice. */
export function exitAfter(outcomes: readonly WriteOutcome[], refusals: readonly WriteRefusal[]): number {
  const failed =
    outcomes.some(({ state }) => state !== 'confirmed' && state !== 'sent') ||
    refusals.some(({ reason }) => reason !== 'already-there' && reason !== 'nothing-to-do')
  return failed ? exitCodes.outsideFailed : exitCodes.done
}
