import type { TickBudget } from '../connectors/connector.ts'
import type { Account } from '../store/accounts.ts'
import { type CommandInput, type CommandOption, textOption, wrongUse } from './command.ts'
import type { CliDeps } from './deps.ts'

/** The option of every command on live calendars. */
export const dbOption: CommandOption = {
  name: 'db',
  value: 'FILE',
  help: 'The database (default: MINUTEWISE_DB, else minutewise.db here)',
}

/** Where accounts and what was synced are kept. */
export function databasePath(deps: Pick<CliDeps, 'env'>, input: CommandInput): string {
  const { MINUTEWISE_DB } = deps.env
  return (
    textOption(input, 'db') ?? (MINUTEWISE_DB === undefined || MINUTEWISE_DB === '' ? 'minutewise.db' : MINUTEWISE_DB)
  )
}

/** Shorter beginnings of an id name nothing: an empty variable of a script must not disconnect the only account. */
const shortestBeginning = 4

/** The account a person names: its id, the beginning of it, its label or its address. Exactly one, or a clear refusal. */
export function accountNamed(accounts: readonly Account[], word: string): Account {
  const plain = word.trim().toLowerCase()
  if (plain === '') throw wrongUse('the name of the account is empty. `minutewise accounts` lists them.')
  const exact = accounts.filter(account => account.id === plain)
  const found =
    exact.length > 0
      ? exact
      : accounts.filter(
          account =>
            (plain.length >= shortestBeginning && account.id.startsWith(plain)) ||
            account.label.toLowerCase() === plain ||
            account.subject?.toLowerCase() === plain,
        )
  const [only, second] = found
  if (only === undefined) throw wrongUse(`there is no account "${word}". \`minutewise accounts\` lists them.`)
  if (second !== undefined) {
    throw wrongUse(
      `"${word}" means ${found.length} accounts: ${found.map(({ id }) => id).join(', ')}. Name one by its id.`,
    )
  }
  return only
}

/** Commands that take no words refuse them: `sync ana@example.com` would else read everybody. */
export function refuseWords({ positionals }: CommandInput, command: string, hint: string): void {
  const [word] = positionals
  if (word !== undefined) throw wrongUse(`${command} takes no "${word}". ${hint}`)
}

/** As much as a command started by a person may do: Ctrl-C ends it after the request under way. */
export function patientBudget(signal?: AbortSignal): TickBudget {
  return {
    requests: Number.MAX_SAFE_INTEGER,
    untilAt: Number.MAX_SAFE_INTEGER,
    ...(signal === undefined ? {} : { signal }),
  }
}
