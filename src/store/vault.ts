import { PortError } from '../port-error.ts'
import type { AccountId } from './accounts.ts'
import type { Credential, CredentialOwner, CredentialStore, KeptCredential, KeyRing } from './credential-store.ts'
import type { Database, SqlValue } from './store.ts'

/**
 * Credentials of one tenant, sealed with AES-256-GCM (NIST SP 800-38D) by WebCrypto, which Node and Workers have alike.
 *
 * A sealed text is base64 of a nonce of 96 random bits, the ciphertext and a tag of 128 bits. As additional data it
 * carries what it belongs to: tenant, account, provider, person, version of the row and id of the key. So a sealed text
 * put into another row, or an older one put back into its own, does not open. One key is good for 2^32 writings, which
 * is a million accounts refreshed hourly for half a year; `rotate` begins a new count.
 */
export function createCredentialStore(
  database: Database,
  { tenant, keyRing }: { readonly tenant: string; readonly keyRing: KeyRing },
): CredentialStore {
  const keys = new Map<string, ReturnType<typeof crypto.subtle.importKey>>()

  const run = async (sql: string, ...params: readonly SqlValue[]) => {
    const [result] = await database.atomically([{ sql, params }])
    return result?.changes ?? 0
  }

  const find = async (accountId: AccountId) => {
    const [row] = await database.all<CredentialRow>({
      sql: 'SELECT version, key_id, sealed FROM credentials WHERE tenant = ? AND account_id = ?',
      params: [tenant, accountId],
    })
    return row ?? null
  }

  /** Imported once, and no longer readable from then on. */
  const keyNamed = (id: string) => {
    const known = keys.get(id)
    if (known) return known
    const bytes = keyRing.keys.get(id)
    if (bytes === undefined) return null
    const made = crypto.subtle.importKey('raw', bytes.slice(), 'AES-GCM', false, ['encrypt', 'decrypt'])
    keys.set(id, made)
    return made
  }

  const boundTo = (of: CredentialOwner, version: number, keyId: string) => ({
    additionalData: new TextEncoder().encode(
      JSON.stringify(['credential', tenant, of.accountId, of.provider, of.subject, version, keyId]),
    ),
  })

  const seal = async (of: CredentialOwner, credential: Credential, version: number) => {
    const keyId = keyRing.newestId
    const key = await keyNamed(keyId)
    if (key === null) throw new TypeError('The newest key is not in the key ring.')
    const nonce = crypto.getRandomValues(new Uint8Array(nonceLength))
    const sealed = await crypto.subtle.encrypt(
      { name: 'AES-GCM', iv: nonce, ...boundTo(of, version, keyId) },
      key,
      new TextEncoder().encode(JSON.stringify(credential)),
    )
    return { keyId, sealed: bytesToBase64(new Uint8Array([...nonce, ...new Uint8Array(sealed)])) }
  }

  const open = async (of: CredentialOwner, { version, key_id: keyId, sealed }: CredentialRow): Promise<Credential> => {
    const key = await keyNamed(keyId)
    if (key === null) throw unknownKey(keyId)
    try {
      const bytes = base64ToBytes(sealed)
      const plain = await crypto.subtle.decrypt(
        { name: 'AES-GCM', iv: bytes.slice(0, nonceLength), ...boundTo(of, version, keyId) },
        key,
        bytes.slice(nonceLength),
      )
      // Safe because only `seal` could have made what opened.
      return JSON.parse(new TextDecoder().decode(plain)) as Credential
    } catch {
      // Without the cause: what a parser quotes could be the secret.
      throw doesNotOpen()
    }
  }

  /** Writes a credential again under the newest key, unless it is or there is none. */
  const rewrap = async (of: CredentialOwner): Promise<'rewrapped' | 'newest' | 'none'> => {
    for (;;) {
      const row = await find(of.accountId)
      if (row === null) return 'none'
      if (row.key_id === keyRing.newestId) return 'newest'
      // The version stays: the content is the same, and a refresh under way must not lose to this.
      const { keyId, sealed } = await seal(of, await open(of, row), row.version)
      const changes = await run(
        `UPDATE credentials SET key_id = ?, sealed = ?
          WHERE tenant = ? AND account_id = ? AND version = ? AND sealed = ?`,
        keyId,
        sealed,
        tenant,
        of.accountId,
        row.version,
        row.sealed,
      )
      // Otherwise somebody renewed it meanwhile: what they wrote is read and looked at again.
      if (changes === 1) return 'rewrapped'
    }
  }

  return {
    async read(of): Promise<KeptCredential | null> {
      const row = await find(of.accountId)
      return row && { credential: await open(of, row), version: row.version, keyId: row.key_id }
    },

    async save(of, credential, version) {
      const { keyId, sealed } = await seal(of, credential, version + 1)
      const changes =
        version === 0
          ? await run(
              `INSERT INTO credentials (tenant, account_id, version, key_id, sealed) VALUES (?, ?, 1, ?, ?)
                ON CONFLICT (tenant, account_id) DO NOTHING`,
              tenant,
              of.accountId,
              keyId,
              sealed,
            )
          : await run(
              `UPDATE credentials SET version = version + 1, key_id = ?, sealed = ?
                WHERE tenant = ? AND account_id = ? AND version = ?`,
              keyId,
              sealed,
              tenant,
              of.accountId,
              version,
            )
      return changes === 1
    },

    async erase(accountId) {
      await run('DELETE FROM credentials WHERE tenant = ? AND account_id = ?', tenant, accountId)
    },

    async lease(accountId, owner, now, untilAt) {
      const changes = await run(
        `UPDATE credentials SET lease_owner = ?, lease_until_at = ? WHERE tenant = ? AND account_id = ?
          AND (lease_owner IS NULL OR lease_owner = ? OR lease_until_at <= ? OR lease_until_at > ?)`,
        owner,
        untilAt,
        tenant,
        accountId,
        owner,
        now,
        // twice as long as anybody asks for: taken while the clock of the machine was wrong
        untilAt + (untilAt - now),
      )
      return changes === 1
    },

    async release(accountId, owner) {
      await run(
        `UPDATE credentials SET lease_owner = NULL, lease_until_at = NULL
          WHERE tenant = ? AND account_id = ? AND lease_owner = ?`,
        tenant,
        accountId,
        owner,
      )
    },

    async rotate(owners) {
      let rewrapped = 0
      let kept = 0
      let shut: unknown = null
      for (const of of owners) {
        try {
          const outcome = await rewrap(of)
          if (outcome === 'rewrapped') rewrapped++
          else if (outcome === 'newest') kept++
        } catch (error) {
          // One that does not open stops no other; the old key has to stay while there is one.
          shut ??= error
        }
      }
      if (shut !== null) throw shut
      return { rewrapped, kept }
    },

    async keyUse() {
      const rows = await database.all<{ readonly account_id: string; readonly key_id: string }>({
        sql: 'SELECT account_id, key_id FROM credentials WHERE tenant = ? ORDER BY account_id',
        params: [tenant],
      })
      return rows.map(row => ({ accountId: row.account_id, keyId: row.key_id }))
    },
  }
}

interface CredentialRow {
  readonly version: number
  readonly key_id: string
  readonly sealed: string
}

const nonceLength = 12

const unknownKey = (keyId: string) =>
  new PortError(
    'malformed',
    `A credential was encrypted with the key "${keyId}", which is not among the keys. Put that key back (the key file, ` +
      'or MINUTEWISE_KEYS), or connect the account again.',
  )

const doesNotOpen = () =>
  new PortError(
    'malformed',
    'A credential does not open: it was changed, copied from elsewhere, or its key was replaced under the same name. ' +
      'Restore the database and the keys that belong together, or connect the account again.',
  )

function bytesToBase64(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text)
}

function base64ToBytes(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), character => character.charCodeAt(0))
}
