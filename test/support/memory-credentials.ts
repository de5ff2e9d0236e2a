import { PortError } from '../../src/port-error.ts'
import type { Credential, CredentialOwner, CredentialStore, KeptCredential } from '../../src/store/credential-store.ts'

/** Leases and compare-and-swap as the real stores have them, without the encryption. */
export interface MemoryCredentials extends CredentialStore {
  /** A second process: the same rows behind another door. */
  otherProcess(): MemoryCredentials
  /** What is kept, without asking as an owner. */
  kept(accountId: string): Credential | null
  readonly saves: number
  /** The next writes fail as a locked database does. */
  failSaves(times: number): void
}

export function memoryCredentials(rows: Rows = newRows()): MemoryCredentials {
  const open = async (of: CredentialOwner): Promise<KeptCredential | null> => {
    await Promise.resolve()
    const row = rows.credentials.get(of.accountId)
    if (row === undefined) return null
    if (row.of.subject !== of.subject || row.of.provider !== of.provider) {
      throw new PortError('malformed', 'This credential belongs to somebody else.')
    }
    return { credential: row.credential, version: row.version, keyId: 'memory' }
  }
  return {
    read: open,
    async save(of, credential, version) {
      await Promise.resolve()
      if (rows.failing > 0) {
        rows.failing--
        throw new PortError('busy', 'The database is locked.')
      }
      const there = rows.credentials.get(of.accountId)?.version ?? 0
      if (there !== version) return false
      rows.credentials.set(of.accountId, { of, credential, version: version + 1 })
      rows.saves++
      return true
    },
    async erase(accountId) {
      rows.credentials.delete(accountId)
    },
    async lease(accountId, owner, now, untilAt) {
      await Promise.resolve()
      const lease = rows.leases.get(accountId)
      if (lease !== undefined && lease.owner !== owner && lease.untilAt > now) return false
      rows.leases.set(accountId, { owner, untilAt })
      return true
    },
    async release(accountId, owner) {
      if (rows.leases.get(accountId)?.owner === owner) rows.leases.delete(accountId)
    },
    async rotate(owners) {
      for (const { accountId } of owners) {
        const row = rows.credentials.get(accountId)
        if (row !== undefined) rows.credentials.set(accountId, { ...row, version: row.version + 1 })
      }
      return { rewrapped: owners.length, kept: 0 }
    },
    async keyUse() {
      return [...rows.credentials.keys()].toSorted().map(accountId => ({ accountId, keyId: 'memory' }))
    },
    otherProcess: () => memoryCredentials(rows),
    kept: accountId => rows.credentials.get(accountId)?.credential ?? null,
    get saves() {
      return rows.saves
    },
    failSaves(times) {
      rows.failing = times
    },
  }
}

interface Rows {
  readonly credentials: Map<string, { of: CredentialOwner; credential: Credential; version: number }>
  readonly leases: Map<string, { owner: string; untilAt: number }>
  saves: number
  failing: number
}

function newRows(): Rows {
  return { credentials: new Map(), leases: new Map(), saves: 0, failing: 0 }
}
