import type { KeyStatus, KeysDeps, ShutCredential } from '../app/keys/key-status.ts'
import type { Rewrapped } from '../app/keys/rotate-keys.ts'
import { jsonText } from '../views/json-text.ts'
import { keysText, rewrapText } from '../views/keys-text.ts'
import { type Command, type CommandInput, exitCodes, switchOption, wrongUse } from './command.ts'
import type { CliDeps } from './deps.ts'
import { forPeople } from './errors.ts'
import { databasePath, dbOption } from './live-options.ts'
import { notice } from './notice.ts'

/** `minutewise keys …`: the keys that seal the secrets of accounts. */
export const command: Command = {
  usage: 'minutewise keys status | rotate | rewrap | remove KEY [options]',
  description: `The keys that seal the secrets of accounts: beside the database, in the file MINUTEWISE_KEYS_FILE names, or in
MINUTEWISE_KEYS. No key is ever shown, only its id.

  status        what each key is needed for, and whether every secret opens
  rotate        make a new key and seal every secret again with it; the old keys stay until they are removed
  rewrap        seal again what an older key still seals: after an interrupted rotation, or a new MINUTEWISE_KEYS
  remove KEY    take an old key out, when nothing needs it any more

Ends with 3 when a secret does not open.`,
  options: [
    dbOption,
    { name: 'print-new', help: 'rotate, with MINUTEWISE_KEYS: print a new line for it and change nothing' },
    {
      name: 'no-other-database',
      help: 'remove, with MINUTEWISE_KEYS_FILE: no other database that uses the file needs\nthe key',
    },
    { name: 'json', help: 'As JSON (minutewise/keys/1) on standard output' },
  ],
  examples: [
    { command: 'minutewise keys status', does: 'which key seals what' },
    { command: 'minutewise keys rotate', does: 'a new key for everything; a sync that runs meanwhile goes on' },
    { command: 'minutewise keys remove k1', does: 'once status says that it seals nothing' },
  ],
  async run(deps, input) {
    const [verb, id, ...more] = input.positionals
    const isJson = switchOption(input, 'json')
    const printsNew = switchOption(input, 'print-new')
    if (printsNew && (verb !== 'rotate' || isJson)) throw wrongUse('--print-new goes with keys rotate alone.')
    const sharedToo = switchOption(input, 'no-other-database')
    if (sharedToo && verb !== 'remove') throw wrongUse('--no-other-database goes with keys remove.')
    const tooMuch = verb === 'remove' ? more[0] : id
    if (tooMuch !== undefined) throw wrongUse(`keys ${verb} takes no "${tooMuch}". See minutewise keys --help.`)
    switch (verb) {
      case 'status': {
        const { keyStatus } = await import('../app/keys/key-status.ts')
        return withKeys(deps, input, async use => shown(deps, isJson, await keyStatus(use)))
      }
      case 'rotate': {
        const { newEnvironmentKey, rotateKeys } = await import('../app/keys/rotate-keys.ts')
        if (printsNew) return printNew(deps, input, newEnvironmentKey)
        return withKeys(deps, input, async use => rewrapShown(deps, isJson, await rotateKeys(use)))
      }
      case 'rewrap': {
        const { rewrapCredentials } = await import('../app/keys/rotate-keys.ts')
        return withKeys(deps, input, async use => rewrapShown(deps, isJson, await rewrapCredentials(use)))
      }
      case 'remove': {
        if (id === undefined) throw wrongUse('keys remove which key? `minutewise keys status` lists them.')
        const { removeKey } = await import('../app/keys/remove-key.ts')
        return withKeys(deps, input, async use => shown(deps, isJson, await removeKey(use, { id, sharedToo })))
      }
      default:
        throw wrongUse(
          `${verb === undefined ? 'keys needs a verb' : `keys cannot "${verb}"`}: status, rotate, rewrap or remove.`,
        )
    }
  },
}

async function withKeys(deps: CliDeps, input: CommandInput, work: (use: KeysDeps) => Promise<number>): Promise<number> {
  const path = databasePath(deps, input)
  const keyFile = await deps.keyFile(path)
  const live = await forPeople(() => deps.openLive(path))
  try {
    return await forPeople(() => work({ live, keyFile }))
  } finally {
    await live.close()
  }
}

/** The key alone on standard output, so that it can go straight to where secrets are kept. */
async function printNew(
  deps: CliDeps,
  input: CommandInput,
  newEnvironmentKey: (deps: Pick<KeysDeps, 'keyFile'>) => Promise<string>,
): Promise<number> {
  const keyFile = await deps.keyFile(databasePath(deps, input))
  const line = await forPeople(() => newEnvironmentKey({ keyFile }))
  deps.stdout.write(`${line}\n`)
  notice(
    deps,
    'nothing was changed. Put this line at the end of MINUTEWISE_KEYS (after a comma), keep the older keys, start ' +
      'everything that uses this database again, then run `minutewise keys rewrap`.',
  )
  return exitCodes.done
}

function shown(deps: CliDeps, isJson: boolean, status: KeyStatus): number {
  deps.stdout.write(isJson ? json(status) : keysText(status))
  return exitFor(status.shut, status.missing)
}

function rewrapShown(deps: CliDeps, isJson: boolean, done: Rewrapped): number {
  const { keyId, isNew, rewrapped, kept, failed, notSettled, after } = done
  const rotation = { keyId, isNew, rewrapped, kept, failed, notSettled }
  deps.stdout.write(isJson ? json(after, { rotation }) : rewrapText(done))
  return exitFor(failed, after.missing)
}

function exitFor(shut: readonly ShutCredential[], missing: KeyStatus['missing']): number {
  return shut.length + missing.length > 0 ? exitCodes.unreadable : exitCodes.done
}

function json({ source, mode, keys, missing, shut }: KeyStatus, more: object = {}): string {
  const value = {
    schema: 'minutewise/keys/1',
    source,
    mode: mode === null ? null : mode.toString(8).padStart(4, '0'),
    keys,
    missing,
    shut,
    ...more,
  }
  return `${jsonText(value, 2)}\n`
}
