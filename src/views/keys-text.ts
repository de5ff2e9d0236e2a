import { padTo } from './columns.ts'
import { plainText } from './plain-text.ts'

export interface ShownKeys {
  readonly source:
    | { readonly kind: 'environment' }
    | { readonly kind: 'file'; readonly path: string; readonly isNamed: boolean }
    | { readonly kind: 'memory' }
  readonly mode: number | null
  readonly keys: readonly ShownKey[]
  readonly missing: readonly ShownKey[]
  readonly shut: readonly ShownShut[]
}

interface ShownKey {
  readonly id: string
  readonly isNewest: boolean
  readonly credentials: number
}

interface ShownShut {
  readonly accountId: string
  readonly label: string | null
  readonly sentence: string
}

export interface ShownRewrap {
  readonly keyId: string
  readonly isNew: boolean
  readonly rewrapped: number
  readonly kept: number
  readonly failed: readonly ShownShut[]
  readonly notSettled: string | null
  readonly after: ShownKeys
}

/** The keys of a database: where they are, what each seals, what to do about it. Knows no material. */
export function keysText(status: ShownKeys): string {
  const { keys, missing, shut } = status
  if (keys.length === 0 && missing.length === 0) {
    return 'There are no keys yet: the first one is made together with the first secret.\n'
  }
  const idWidth = Math.max(4, ...[...keys, ...missing].map(({ id }) => id.length))
  const lines = [
    `Keys in ${keysPlace(status)}, the newest last:`,
    ...keys.map(key => `  ${padTo(key.id, idWidth)}  ${keyWords(key)}`),
    ...missing.map(
      key => `  ${padTo(key.id, idWidth)}  ! not there, and ${key.credentials} cannot be opened without it`,
    ),
    ...shutLines(shut),
  ]
  const older = keys.filter(({ isNewest }) => !isNewest)
  const needed = older.filter(({ credentials }) => credentials > 0)
  const unused = older.filter(({ credentials }) => credentials === 0)
  if (isOpenToOthers(status.mode)) {
    lines.push('! Others on this machine may read the key file. Run `chmod 600` on it, then `minutewise keys rotate`.')
  }
  if (missing.length > 0) {
    lines.push('Put the missing key back, or connect the accounts it sealed again.')
  }
  if (needed.length > 0) lines.push('Run `minutewise keys rewrap` to seal everything with the newest key.')
  if (unused.length > 0) {
    const ids = unused.map(({ id }) => id)
    lines.push(
      `! Nothing here needs ${ids.join(', ')} any more: \`minutewise keys remove ${ids[0]}\`. A backup of the database ` +
        'from before does: keep the key apart as long as you keep that.',
    )
  }
  return `${lines.join('\n')}\n`
}

/** What a rotation did, and how the keys are now. */
export function rewrapText(done: ShownRewrap): string {
  const lines = [
    ...(done.isNew ? [`There is a new key, "${done.keyId}".`] : []),
    done.rewrapped === 0 && done.kept === 0 && done.failed.length === 0
      ? 'There was no credential to seal.'
      : `${counted(done.rewrapped, 'credential')} sealed again with "${done.keyId}"` +
        (done.kept === 0 ? '.' : `, ${done.kept} already.`),
    ...(done.failed.length === 0 ? [] : [`! ${counted(done.failed.length, 'credential')} left as before:`]),
    ...shutLines(done.failed),
    ...(done.notSettled === null ? [] : [`! ${plainText(done.notSettled, 500)}`]),
  ]
  return `${lines.join('\n')}\n\n${keysText({ ...done.after, shut: [] })}`
}

function keysPlace({ source, mode }: ShownKeys): string {
  if (source.kind === 'environment') return 'MINUTEWISE_KEYS'
  if (source.kind === 'memory') return 'memory'
  const bits = mode === null ? '' : ` (mode ${mode.toString(8).padStart(4, '0')})`
  return `${plainText(source.path, 300)}${bits}`
}

function keyWords({ isNewest, credentials }: ShownKey): string {
  const seals = credentials === 0 ? 'seals nothing' : `seals ${counted(credentials, 'credential')}`
  return isNewest ? `${seals} · seals what is written next` : credentials === 0 ? seals : `! ${seals} still`
}

function shutLines(shut: readonly ShownShut[]): readonly string[] {
  return shut.map(
    ({ label, accountId, sentence }) =>
      `  ! ${plainText(label ?? `account ${accountId}`, 100)}: ${plainText(sentence, 400)}`,
  )
}

/** Group or anybody may read or write. */
const isOpenToOthers = (mode: number | null) => mode !== null && (mode & 0o077) !== 0

const counted = (number: number, noun: string) => `${number} ${noun}${number === 1 ? '' : 's'}`
