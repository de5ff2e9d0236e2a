import type { BigIntStats } from 'node:fs'
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { open, readFile, realpath, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { PortError } from './port-error.ts'
import type { KeyRing } from './store/credential-store.ts'
import type { KeyFile, KeySource } from './store/key-file.ts'
import { newKeyLine, parseKeyRing } from './store/key-ring.ts'

type Env = Readonly<Record<string, string | undefined>>

/** Keys from MINUTEWISE_KEYS, from the file MINUTEWISE_KEYS_FILE names, or from the file beside the database. */
export function keySourceOf(databasePath: string, env: Env): KeySource {
  const { MINUTEWISE_KEYS, MINUTEWISE_KEYS_FILE } = env
  if (MINUTEWISE_KEYS !== undefined && MINUTEWISE_KEYS !== '') return { kind: 'environment' }
  if (databasePath === ':memory:') return { kind: 'memory' }
  if (MINUTEWISE_KEYS_FILE !== undefined && MINUTEWISE_KEYS_FILE !== '') {
    return { kind: 'file', path: MINUTEWISE_KEYS_FILE, isNamed: true }
  }
  return { kind: 'file', path: keyFileOf(databasePath), isNamed: false }
}

/** Beside the database, unless the environment has them: whoever copies the database alone has no secret. */
const keyFileOf = (databasePath: string) => `${databasePath}.keys`

/**
 * The keys of a database for its credential store: read when the first secret is, made when there is no file yet, and
 * read again when the file was changed: a sync that runs for days goes on while somebody rotates the keys.
 *
 * `hasSecrets`: the database has some already, so their keys are lost or elsewhere when there is no file, and new ones
 * under old names would only hide that.
 */
export function keyRingOf(databasePath: string, env: Env, hasSecrets: () => boolean): KeyRing {
  const source = keySourceOf(databasePath, env)
  const ring = source.kind === 'file' ? fileRing(databasePath, source, hasSecrets) : onceRing(source, env)
  return {
    get newestId() {
      return ring().newestId
    },
    get keys() {
      return ring().keys
    },
  }
}

/** The keys of a database for those who look at them and change them. Makes nothing by itself. */
export function keyFile(databasePath: string, env: Env): KeyFile {
  const source = keySourceOf(databasePath, env)
  return {
    source,
    async read() {
      if (source.kind === 'environment') return { text: env.MINUTEWISE_KEYS ?? '', mode: null }
      if (source.kind === 'memory') return null
      try {
        const [text, { mode }] = await Promise.all([readFile(source.path, 'utf8'), stat(source.path)])
        return { text, mode: process.platform === 'win32' ? null : mode & 0o777 }
      } catch (error) {
        if (hasCode(error, 'ENOENT')) return null
        throw unreadable(source.path, error)
      }
    },
    async change(edit) {
      if (source.kind !== 'file') throw new PortError('unsupported', 'These keys are in no file that could be changed.')
      await changeFile(source.path, edit)
    },
  }
}

function onceRing(source: KeySource, env: Env): () => KeyRing {
  let ring: KeyRing | null = null
  return () => {
    ring ??= parseKeyRing(source.kind === 'environment' ? (env.MINUTEWISE_KEYS ?? '') : newKeyLine('k1'))
    return ring
  }
}

function fileRing(
  databasePath: string,
  { path, isNamed }: Extract<KeySource, { kind: 'file' }>,
  hasSecrets: () => boolean,
): () => KeyRing {
  let known: { readonly ring: KeyRing; readonly seen: string } | null = null
  return () => {
    try {
      if (known === null && !existsSync(path)) {
        if (hasSecrets()) throw lost(path)
        if (!isNamed) makeKeys(path, databasePath)
      }
      // looked at before the text: a change in between is seen the next time
      const seen = fingerprint(statSync(path, { bigint: true }))
      if (known?.seen !== seen) known = { ring: parseKeyRing(readFileSync(path, 'utf8')), seen }
      return known.ring
    } catch (error) {
      throw error instanceof PortError ? error : unreadable(path, error)
    }
  }
}

/** Every change is a new file under the old name. */
const fingerprint = ({ dev, ino, size, mtimeNs }: BigIntStats) => `${dev} ${ino} ${size} ${mtimeNs}`

/** Durable before anything is sealed with it. */
function makeKeys(path: string, databasePath: string): void {
  const text = `# Opens the secrets in ${basename(databasePath)}. Keep it, apart from the database.\n${newKeyLine('k1')}\n`
  try {
    const file = openSync(path, 'wx', 0o600)
    try {
      writeFileSync(file, text)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    syncFolder(dirname(realpathSync(path)))
  } catch (error) {
    // somebody made it in the same moment
    if (!hasCode(error, 'EEXIST')) throw error
  }
}

/** The draft beside the file is the lock as well: renaming it is the change and its end. */
async function changeFile(path: string, edit: (text: string) => string): Promise<void> {
  let draft = ''
  try {
    // a link stays a link, what it leads to is changed
    const real = await realpath(path)
    draft = `${real}.new`
    const file = await open(draft, 'wx', 0o600)
    try {
      const [text, { uid, gid }] = await Promise.all([readFile(real, 'utf8'), stat(real)])
      const edited = edit(text)
      const own = await file.stat()
      if (own.uid !== uid || own.gid !== gid) await file.chown(uid, gid)
      await file.chmod(0o600)
      await file.writeFile(edited, 'utf8')
      await file.sync()
      await file.close()
      await rename(draft, real)
    } catch (error) {
      await file.close().catch(() => undefined)
      await rm(draft, { force: true })
      throw error
    }
    syncFolder(dirname(real))
  } catch (error) {
    if (error instanceof PortError) throw error
    if (hasCode(error, 'EEXIST')) throw beingChanged(path, draft)
    if (error instanceof Error && 'syscall' in error) throw unchangeable(path, error)
    throw error
  }
}

/** The name of a file is durable when its folder is. Windows and some network disks cannot be asked and see to it. */
function syncFolder(folder: string): void {
  try {
    const handle = openSync(folder, 'r')
    try {
      fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
  } catch {
    // the file itself was synced, and has its name
  }
}

const hasCode = (error: unknown, code: string) => error instanceof Error && 'code' in error && error.code === code

const unreadable = (path: string, cause: unknown) =>
  new PortError(
    'denied',
    `The keys for secrets in ${path} cannot be read or made. Look at its permissions and folder.`,
    { cause },
  )

const lost = (path: string) =>
  new PortError(
    'malformed',
    `The keys for the secrets of this database are not in ${path}. Put that file back. When it is lost, \`disconnect\` ` +
      'each account and connect it again.',
  )

const unchangeable = (path: string, cause: unknown) =>
  new PortError(
    'denied',
    `The keys for secrets in ${path} cannot be changed; they are as they were. Look at the permissions of its folder ` +
      'and whose file it is.',
    { cause },
  )

const beingChanged = (path: string, draft: string) =>
  new PortError(
    'busy',
    `Another process is changing the keys in ${path}, or one ended while it did. When none runs any more, delete ` +
      `${draft} (the keys themselves are whole) and try again.`,
  )
