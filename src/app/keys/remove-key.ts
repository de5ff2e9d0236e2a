import { parseKeyRing } from '../../store/key-ring.ts'
import { AppError } from '../app-error.ts'
import { type KeyStatus, type KeysDeps, keyStatus } from './key-status.ts'
import { keyEntry, keysWanted, withoutKey } from './key-text.ts'

/**
 * Takes a key out of the key file, when no credential needs it. Credentials are counted before, and once more after:
 * when something was sealed with it in between, the key is put back.
 *
 * @param input `sharedToo`: the key file, named by MINUTEWISE_KEYS_FILE, was looked after for its other databases.
 * @throws AppError `wrong-use` when the key is needed, the newest, unknown, or not in a file of this database alone.
 */
export async function removeKey(
  deps: KeysDeps,
  input: { readonly id: string; readonly sharedToo: boolean },
): Promise<KeyStatus> {
  const { live, keyFile } = deps
  const { id, sharedToo } = input
  const { source } = keyFile
  if (source.kind === 'environment') throw refused(removeFromEnvironment)
  if (source.kind === 'file' && source.isNamed && !sharedToo) throw refused(mayBeShared(id))
  keysWanted(await keyFile.read())
  await refuseUsed(deps, id)

  let removed = ''
  await keyFile.change(text => {
    const { keys, newestId } = parseKeyRing(text)
    if (!keys.has(id)) throw refused(`There is no key "${id}". \`minutewise keys status\` lists them.`)
    if (id === newestId) {
      throw refused(`"${id}" is the newest key: it seals what is written next. Run \`minutewise keys rotate\` first.`)
    }
    removed = keyEntry(text, id)
    const edited = withoutKey(text, id)
    const left = [...parseKeyRing(edited).keys.keys()]
    if (left.join() !== [...keys.keys()].filter(each => each !== id).join()) {
      throw new TypeError('Taking a key out would have changed another one.')
    }
    return edited
  })
  const uses = await live.credentials.keyUse()
  if (uses.some(({ keyId }) => keyId === id)) {
    // at the beginning, since the last one is the newest
    await keyFile.change(text => (parseKeyRing(text).keys.has(id) ? text : `${removed}\n${text}`))
    throw refused(`"${id}" was used while it was being removed; it was put back. Try again.`)
  }
  return await keyStatus(deps)
}

async function refuseUsed({ live }: KeysDeps, id: string): Promise<void> {
  const uses = (await live.credentials.keyUse()).filter(({ keyId }) => keyId === id).length
  if (uses === 0) return
  throw refused(
    `"${id}" still seals ${uses === 1 ? 'a credential' : `${uses} credentials`}. Run \`minutewise keys rewrap\` first; ` +
      'what does not open then has to be connected again or disconnected.',
  )
}

const refused = (sentence: string) => new AppError('wrong-use', sentence)

const removeFromEnvironment =
  'The keys are in MINUTEWISE_KEYS: take the key out there, once `minutewise keys status` says that it seals nothing.'

const mayBeShared = (id: string) =>
  `MINUTEWISE_KEYS_FILE names the key file, so other databases may need "${id}" too, and only this one was looked at. ` +
  `Run \`minutewise keys status --db FILE\` for each, then \`keys remove ${id} --no-other-database\`.`
