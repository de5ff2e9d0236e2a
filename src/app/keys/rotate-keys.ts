import { PortError } from '../../port-error.ts'
import { newKeyLine, parseKeyRing } from '../../store/key-ring.ts'
import { AppError } from '../app-error.ts'
import { credentialOwner } from '../connect/connect-account.ts'
import { type KeyStatus, type KeysDeps, keyStatus, ofNobody, type ShutCredential } from './key-status.ts'
import { keysWanted, nextKeyId, withKey } from './key-text.ts'

export interface Rewrapped {
  /** The newest key: everything that opens is sealed with it now. */
  readonly keyId: string
  /** Made just now. */
  readonly isNew: boolean
  readonly rewrapped: number
  /** Sealed with the newest key before. */
  readonly kept: number
  readonly failed: readonly ShutCredential[]
  /** For people, when texts sealed with an old key are still in the database's files. */
  readonly notSettled: string | null
  readonly after: KeyStatus
}

/**
 * Makes a new key and seals every credential again with it. The old keys stay: what does not open, a process that runs
 * with them and backups may need them (`removeKey`).
 *
 * The order is what makes it safe to be killed anywhere: the new key is durable in the file and read back from there
 * before anything is sealed with it; each credential is replaced in one write of its own; until then its old text opens
 * with its old key. What was left over is done by `rewrapCredentials`.
 *
 * @throws AppError `wrong-use` when the keys are in the environment (only whoever set it can change it), `unreadable`
 * before the first secret. PortError of the key file: then nothing was sealed again.
 */
export async function rotateKeys(deps: KeysDeps): Promise<Rewrapped> {
  const { keyFile } = deps
  if (keyFile.source.kind === 'environment') throw new AppError('wrong-use', rotateEnvironment)
  keysWanted(await keyFile.read())
  let added = ''
  await keyFile.change(text => {
    const id = nextKeyId(parseKeyRing(text).keys.keys())
    added = newKeyLine(id)
    const edited = withKey(text, added)
    // what cannot be read again must not be written
    parseKeyRing(edited)
    return edited
  })
  const { text } = keysWanted(await keyFile.read())
  if (!text.split(/\r?\n/).includes(added)) {
    throw new PortError(
      'conflict',
      'The new key is not in the key file any more: something else wrote it. Nothing was sealed with it. Try again.',
    )
  }
  return await sealAgain(deps, parseKeyRing(text).newestId, true)
}

/**
 * Seals with the newest key what is still sealed with an older one: after a rotation that was interrupted, or after a
 * new key was put into MINUTEWISE_KEYS.
 */
export async function rewrapCredentials(deps: KeysDeps): Promise<Rewrapped> {
  const { text } = keysWanted(await deps.keyFile.read())
  return await sealAgain(deps, parseKeyRing(text).newestId, false)
}

/** A new line for MINUTEWISE_KEYS. The one place where a key leaves the program. */
export async function newEnvironmentKey({ keyFile }: Pick<KeysDeps, 'keyFile'>): Promise<string> {
  if (keyFile.source.kind !== 'environment') {
    throw new AppError(
      'wrong-use',
      'The keys are not in MINUTEWISE_KEYS: `minutewise keys rotate` writes a new one into the key file and shows none.',
    )
  }
  return newKeyLine(nextKeyId(parseKeyRing(keysWanted(await keyFile.read()).text).keys.keys()))
}

async function sealAgain(deps: KeysDeps, keyId: string, isNew: boolean): Promise<Rewrapped> {
  const { mirror, credentials } = deps.live
  const accounts = await mirror.listAccounts()
  let rewrapped = 0
  let kept = 0
  const failed: ShutCredential[] = []
  for (const use of await credentials.keyUse()) {
    const account = accounts.find(({ id }) => id === use.accountId)
    if (account === undefined) {
      failed.push({ ...use, label: null, sentence: ofNobody })
      continue
    }
    try {
      const done = await credentials.rotate([credentialOwner(account)])
      rewrapped += done.rewrapped
      kept += done.kept
    } catch (error) {
      if (!(error instanceof PortError)) throw error
      failed.push({ ...use, label: account.label, sentence: error.message })
    }
  }
  const notSettled = rewrapped === 0 ? null : await settled(deps)
  return { keyId, isNew, rewrapped, kept, failed, notSettled, after: await keyStatus(deps) }
}

/** A key is changed because somebody may have it: what it sealed must not stay in the database's old pages. */
async function settled({ live }: KeysDeps): Promise<string | null> {
  try {
    await live.mirror.settle()
    return null
  } catch (error) {
    if (!(error instanceof PortError)) throw error
    return `The database file may still hold texts sealed with an old key (${error.message}) Run \`minutewise keys rewrap\` later.`
  }
}

const rotateEnvironment =
  'The keys are in MINUTEWISE_KEYS, which only whoever sets it can change. Run `minutewise keys rotate --print-new`, put ' +
  'the line it prints at the end of MINUTEWISE_KEYS (after a comma), start everything that uses this database again ' +
  'with it, then run `minutewise keys rewrap`.'
