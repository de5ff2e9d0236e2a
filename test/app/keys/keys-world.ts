import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ConnectableAccounts } from '../../../src/app/live-accounts.ts'
import { keyFile } from '../../../src/node-keys.ts'
import { openLiveAccounts } from '../../../src/node-live.ts'
import type { Account } from '../../../src/store/accounts.ts'
import type { Credential, CredentialOwner } from '../../../src/store/credential-store.ts'
import type { KeyFile } from '../../../src/store/key-file.ts'
import { readMigrations } from '../../../src/store/sqlite/read-migrations.ts'
import { openSqlite } from '../../../src/store/sqlite/sqlite.ts'
import { anAccount } from '../sync/sync-world.ts'

/** A database file with accounts and their secrets, and the keys beside it: what a person has on a disk. */
export interface KeysWorld {
  readonly folder: string
  readonly database: string
  readonly keysPath: string
  readonly live: ConnectableAccounts
  readonly keys: KeyFile
  /** Another process on the same files. */
  another(env?: Readonly<Record<string, string>>): Promise<ConnectableAccounts>
  /** Straight into the database, behind everybody's back. */
  sql(sql: string, ...params: readonly (string | number)[]): Promise<readonly Readonly<Record<string, unknown>>[]>
  close(): Promise<void>
}

export const people = ['ana', 'ben', 'cleo'] as const

export async function keysWorld(env: Readonly<Record<string, string>> = {}): Promise<KeysWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'minutewise-keys-'))
  const database = join(folder, 'mw.db')
  const opened: ConnectableAccounts[] = []
  const another = async (how = env) => {
    const live = await openLiveAccounts(database, how)
    opened.push(live)
    return live
  }
  const live = await another()
  for (const name of people) {
    await live.mirror.addAccount(accountOf(name))
    await live.credentials.save(ownerOf(name), secretOf(name), 0)
  }
  return {
    folder,
    database,
    keysPath: `${database}.keys`,
    live,
    keys: keyFile(database, env),
    another,
    async sql(sql, ...params) {
      const handle = await openSqlite(database, migrations)
      try {
        if (sql.startsWith('SELECT')) return await handle.all({ sql, params })
        await handle.atomically([{ sql, params }])
        return []
      } finally {
        await handle.close()
      }
    },
    async close() {
      for (const one of opened) await one.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export function accountOf(name: string): Account {
  const label = `${name}@lantern.example`
  return anAccount({
    id: `${name}000000000000000`.slice(0, 16),
    provider: 'caldav',
    grant: 'password',
    subject: label,
    label,
  })
}

export function ownerOf(name: string): CredentialOwner {
  const { id, subject } = accountOf(name)
  return { accountId: id, provider: 'caldav', subject: subject ?? '' }
}

export function secretOf(name: string): Credential {
  return { kind: 'password', userName: name, password: `the password of ${name}` }
}

const migrations = readMigrations(join(import.meta.dirname, '..', '..', '..', 'migrations'))
