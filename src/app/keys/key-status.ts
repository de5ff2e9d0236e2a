import { PortError } from '../../port-error.ts'
import type { AccountId } from '../../store/accounts.ts'
import type { KeyFile, KeySource } from '../../store/key-file.ts'
import { parseKeyRing } from '../../store/key-ring.ts'
import { credentialOwner } from '../connect/connect-account.ts'
import type { ConnectableAccounts } from '../live-accounts.ts'

export interface KeysDeps {
  readonly live: Pick<ConnectableAccounts, 'mirror' | 'credentials'>
  readonly keyFile: KeyFile
}

/** What there is of keys, and what each is needed for. No material. */
export interface KeyStatus {
  readonly source: KeySource
  /** Permission bits; null where there are none. */
  readonly mode: number | null
  /** Oldest first; the last one seals what is written next. Empty before the first secret. */
  readonly keys: readonly KeyShown[]
  /** Keys that credentials need and that are not there. */
  readonly missing: readonly KeyShown[]
  readonly shut: readonly ShutCredential[]
}

export interface KeyShown {
  readonly id: string
  readonly isNewest: boolean
  /** How many credentials it seals. */
  readonly credentials: number
}

/** A credential that does not open, and why. */
export interface ShutCredential {
  readonly accountId: AccountId
  /** Null when there is no such account. */
  readonly label: string | null
  readonly keyId: string
  readonly sentence: string
}

/** Looks at every key and opens every credential. Changes nothing. */
export async function keyStatus({ live, keyFile }: KeysDeps): Promise<KeyStatus> {
  const kept = await keyFile.read()
  const ring = kept === null ? null : parseKeyRing(kept.text)
  const uses = await live.credentials.keyUse()
  const count = (id: string) => uses.filter(({ keyId }) => keyId === id).length
  const ids = [...(ring?.keys.keys() ?? [])]
  const missing = [...new Set(uses.map(({ keyId }) => keyId))].filter(id => !ids.includes(id)).toSorted()
  return {
    source: keyFile.source,
    mode: kept?.mode ?? null,
    keys: ids.map(id => ({ id, isNewest: id === ring?.newestId, credentials: count(id) })),
    missing: missing.map(id => ({ id, isNewest: false, credentials: count(id) })),
    // asking for a secret without keys would make some
    shut: ring === null ? [] : await shutCredentials({ live }),
  }
}

/** Every credential that does not open, by account. */
export async function shutCredentials({ live }: Pick<KeysDeps, 'live'>): Promise<readonly ShutCredential[]> {
  const accounts = await live.mirror.listAccounts()
  const shut: ShutCredential[] = []
  for (const { accountId, keyId } of await live.credentials.keyUse()) {
    const account = accounts.find(({ id }) => id === accountId)
    if (account === undefined) {
      shut.push({ accountId, label: null, keyId, sentence: ofNobody })
      continue
    }
    try {
      await live.credentials.read(credentialOwner(account))
    } catch (error) {
      if (!(error instanceof PortError)) throw error
      shut.push({ accountId, label: account.label, keyId, sentence: error.message })
    }
  }
  return shut
}

/** What is sealed for an account says so inside the seal: without the account nobody can open it. */
export const ofNobody = 'A credential belongs to no account of this database and cannot be opened.'
