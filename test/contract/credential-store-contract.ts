import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { PortError } from '../../src/port-error.ts'
import type { Credential, CredentialOwner, CredentialStore, KeyRing } from '../../src/store/credential-store.ts'
import { newKeyLine, parseKeyRing } from '../../src/store/key-ring.ts'
import type { Database, SqlValue } from '../../src/store/store.ts'
import { createCredentialStore } from '../../src/store/vault.ts'

export interface CredentialsUnderTest {
  /** Fresh, with every migration. */
  readonly open: () => Promise<Database>
}

/** Every promise of `src/store/credential-store.ts`, on one engine. */
export function credentialStoreContract(engine: string, { open }: CredentialsUnderTest): void {
  describe(`credentials on ${engine}`, () => {
    let database: Database
    let store: CredentialStore

    beforeEach(async () => {
      database = await open()
      store = createCredentialStore(database, { tenant: 'lantern', keyRing: first })
    })
    afterEach(() => database.close())

    const row = async (accountId = ana.accountId) => {
      const [found] = await database.all<{ version: number; key_id: string; sealed: string }>({
        sql: 'SELECT version, key_id, sealed FROM credentials WHERE tenant = ? AND account_id = ?',
        params: ['lantern', accountId],
      })
      return found!
    }
    const change = async (sql: string, ...params: readonly SqlValue[]) => {
      const [result] = await database.atomically([{ sql, params }])
      expect(result?.changes).toBe(1)
    }

    it.each<Credential>([
      oauth,
      { ...oauth, clientSecret: null, accessToken: null, accessTokenExpiresAt: null, scopes: [] },
      {
        kind: 'service-account',
        clientEmail: 'sync@project.example',
        privateKeyPem: '-----BEGIN PRIVATE KEY-----\nñ🔑\n'.repeat(80),
        keyId: null,
      },
      { kind: 'client-secret', tenantId: 't', clientId: 'c', clientSecret: 's' },
      { kind: 'password', userName: 'ana', password: ' "pass\u0000word" ' },
      { kind: 'address', url: 'https://calendar.example/ana/secret.ics' },
    ])('of kind $kind come back as they were saved', async credential => {
      expect(await store.save(ana, credential, 0)).toBe(true)
      expect(await store.read(ana)).toEqual({ credential, version: 1, keyId: 'k1' })
    })

    it('of an account that has none are null', async () => {
      expect(await store.read(ana)).toBeNull()
    })

    it('are nowhere in the row in plain text', async () => {
      await store.save(ana, oauth, 0)
      const kept = JSON.stringify(await database.all({ sql: 'SELECT * FROM credentials', params: [] }))
      expect(kept).not.toMatch(/refresh-secret|access-secret|client-1/)
    })

    describe('written with compare-and-swap', () => {
      it('count their version, and refuse a writer who saw another one', async () => {
        expect(await store.save(ana, oauth, 0)).toBe(true)
        expect(await store.save(ana, renewed, 0)).toBe(false)
        expect(await store.save(ana, renewed, 2)).toBe(false)
        expect(await store.read(ana)).toMatchObject({ credential: oauth, version: 1 })
        expect(await store.save(ana, renewed, 1)).toBe(true)
        expect(await store.save(ana, oauth, 1)).toBe(false)
        expect(await store.read(ana)).toMatchObject({ credential: renewed, version: 2 })
      })

      it('of two refreshes at once one is kept, and the loser reads it', async () => {
        await store.save(ana, oauth, 0)
        const other = createCredentialStore(database, { tenant: 'lantern', keyRing: first })
        const tokens = ['one', 'two'].map(refreshToken => ({ ...oauth, refreshToken }))
        const kept = await Promise.all([store.save(ana, tokens[0]!, 1), other.save(ana, tokens[1]!, 1)])
        expect(kept.toSorted()).toEqual([false, true])
        expect(await store.read(ana)).toMatchObject({ credential: tokens[kept.indexOf(true)], version: 2 })
      })

      it('never use a nonce twice', async () => {
        const sealed = new Set<string>()
        for (let version = 0; version < 50; version++) {
          await store.save(ana, oauth, version)
          sealed.add((await row()).sealed.slice(0, 16))
        }
        expect(sealed.size).toBe(50)
      })
    })

    describe('that do not open are refused and stay', () => {
      beforeEach(async () => {
        await store.save(ana, oauth, 0)
      })
      const expectShut = async (opener: CredentialStore, of: CredentialOwner, sentence: RegExp) => {
        const before = await database.all({ sql: 'SELECT * FROM credentials', params: [] })
        const refused = await opener.read(of).catch((error: unknown) => error)
        expect(refused).toBeInstanceOf(PortError)
        expect(refused).toMatchObject({ code: 'malformed', message: expect.stringMatching(sentence) })
        // What a parser quotes could be the secret.
        expect(refused).not.toHaveProperty('cause')
        expect(await database.all({ sql: 'SELECT * FROM credentials', params: [] })).toEqual(before)
      }

      it('with any byte changed: nonce, text or tag', async () => {
        const { sealed } = await row()
        const bytes = Uint8Array.from(atob(sealed), character => character.charCodeAt(0))
        for (const at of [0, 11, 12, Math.floor(bytes.length / 2), bytes.length - 16, bytes.length - 1]) {
          const changed = bytes.map((byte, index) => (index === at ? byte ^ 1 : byte))
          await change('UPDATE credentials SET sealed = ?', btoa(String.fromCharCode(...changed)))
          await expectShut(store, ana, /does not open.*connect the account again/)
        }
      })

      it.each(['', 'AAAA', 'not base64!', btoa('x'.repeat(28))])('cut or replaced by other text: %j', async text => {
        await change('UPDATE credentials SET sealed = ?', text)
        await expectShut(store, ana, /does not open/)
      })

      it.each([
        ['person', { ...ana, subject: 'ben@lantern.example' }],
        ['provider', { ...ana, provider: 'microsoft' }],
      ] as const)('for another %s', async (_, of) => {
        await expectShut(store, of, /does not open/)
      })

      it('copied to another account', async () => {
        await change("UPDATE credentials SET account_id = 'ben'")
        await expectShut(store, { ...ana, accountId: 'ben' }, /does not open/)
      })

      it('copied to another tenant', async () => {
        await change("UPDATE credentials SET tenant = 'other'")
        await expectShut(createCredentialStore(database, { tenant: 'other', keyRing: first }), ana, /does not open/)
      })

      it('put back after they were renewed', async () => {
        const { sealed } = await row()
        await store.save(ana, renewed, 1)
        await change('UPDATE credentials SET sealed = ?', sealed)
        await expectShut(store, ana, /does not open/)
      })

      it('under a key that is not among the keys, named in the sentence', async () => {
        const other = createCredentialStore(database, { tenant: 'lantern', keyRing: parseKeyRing(newKeyLine('k9')) })
        await expectShut(other, ana, /key "k1", which is not among the keys.*Put that key back/)
      })

      it('under another key of the same name', async () => {
        const other = createCredentialStore(database, { tenant: 'lantern', keyRing: parseKeyRing(newKeyLine('k1')) })
        await expectShut(other, ana, /does not open/)
      })
    })

    it('of another tenant with the same ids are neither seen nor changed', async () => {
      await store.save(ana, oauth, 0)
      await store.lease(ana.accountId, 'tick-1', 0, 100)
      const hostile = createCredentialStore(database, { tenant: 'other', keyRing: first })
      expect(await hostile.read(ana)).toBeNull()
      expect(await hostile.save(ana, renewed, 1)).toBe(false)
      expect(await hostile.lease(ana.accountId, 'tick-1', 0, 200)).toBe(false)
      await hostile.release(ana.accountId, 'tick-1')
      await hostile.erase(ana.accountId)
      expect(await hostile.rotate([ana])).toEqual({ rewrapped: 0, kept: 0 })
      expect(await store.read(ana)).toMatchObject({ credential: oauth, version: 1 })
      expect(await store.lease(ana.accountId, 'tick-2', 50, 200)).toBe(false)
    })

    it('are gone after they are erased, and of one account alone', async () => {
      await store.save(ana, oauth, 0)
      await store.save({ ...ana, accountId: 'ben' }, oauth, 0)
      await store.erase(ana.accountId)
      await store.erase(ana.accountId)
      expect(await store.read(ana)).toBeNull()
      expect(await store.read({ ...ana, accountId: 'ben' })).not.toBeNull()
      expect(await store.save(ana, oauth, 1)).toBe(false)
    })

    describe('a lease', () => {
      beforeEach(async () => {
        await store.save(ana, oauth, 0)
      })
      const lease = (owner: string, now: number, untilAt: number) => store.lease(ana.accountId, owner, now, untilAt)

      it('is held by one, who may prolong it', async () => {
        expect(await lease('tick-1', 0, 100)).toBe(true)
        expect(await lease('tick-2', 50, 150)).toBe(false)
        expect(await lease('tick-1', 50, 200)).toBe(true)
        expect(await lease('tick-2', 150, 250)).toBe(false)
      })

      it('of two who ask at once is given to one', async () => {
        const given = await Promise.all(['tick-1', 'tick-2'].map(owner => lease(owner, 0, 100)))
        expect(given.toSorted()).toEqual([false, true])
      })

      it('ends by itself', async () => {
        await lease('tick-1', 0, 100)
        expect(await lease('tick-2', 99, 150)).toBe(false)
        expect(await lease('tick-2', 100, 150)).toBe(true)
        expect(await lease('tick-1', 101, 150)).toBe(false)
      })

      it('is given back by its owner alone', async () => {
        await lease('tick-1', 0, 100)
        await store.release(ana.accountId, 'tick-2')
        expect(await lease('tick-2', 1, 100)).toBe(false)
        await store.release(ana.accountId, 'tick-1')
        expect(await lease('tick-2', 1, 100)).toBe(true)
      })

      it('outlives a renewal, and there is none where there is no credential', async () => {
        await lease('tick-1', 0, 100)
        await store.save(ana, renewed, 1)
        expect(await lease('tick-2', 50, 150)).toBe(false)
        expect(await store.lease('nobody', 'tick-1', 0, 100)).toBe(false)
      })
    })

    describe('rotation', () => {
      const both = parseKeyRing(`${firstLine}\n${newKeyLine('k2')}`)
      const onlySecond: KeyRing = { newestId: 'k2', keys: new Map([...both.keys].filter(([id]) => id === 'k2')) }
      const ben = { ...ana, accountId: 'ben' }

      it('writes each again under the newest key; with both keys all open, with the new one alone what was rotated', async () => {
        await store.save(ana, oauth, 0)
        await store.save(ben, oauth, 0)
        const rotating = createCredentialStore(database, { tenant: 'lantern', keyRing: both })
        expect(await rotating.read(ana)).toMatchObject({ keyId: 'k1' })
        expect(await rotating.rotate([ana])).toEqual({ rewrapped: 1, kept: 0 })
        expect(await rotating.read(ana)).toEqual({ credential: oauth, version: 1, keyId: 'k2' })
        expect(await rotating.read(ben)).toMatchObject({ credential: oauth, keyId: 'k1' })

        const after = createCredentialStore(database, { tenant: 'lantern', keyRing: onlySecond })
        expect(await after.read(ana)).toMatchObject({ credential: oauth })
        await expect(after.read(ben)).rejects.toMatchObject({ code: 'malformed' })
        expect(await rotating.rotate([ana, ben, { ...ana, accountId: 'nobody' }])).toEqual({ rewrapped: 1, kept: 1 })
        expect(await after.read(ben)).toMatchObject({ credential: oauth })
      })

      it('does not make a refresh under way lose', async () => {
        await store.save(ana, oauth, 0)
        const seen = await store.read(ana)
        await createCredentialStore(database, { tenant: 'lantern', keyRing: both }).rotate([ana])
        expect(await store.save(ana, renewed, seen?.version ?? 0)).toBe(true)
        expect(await store.read(ana)).toMatchObject({ credential: renewed, version: 2 })
      })

      it('never writes an old credential over one that was renewed meanwhile', async () => {
        await store.save(ana, oauth, 0)
        let interrupts = 1
        const interrupted: Database = {
          ...database,
          atomically: async writes => {
            if (interrupts-- > 0) await store.save(ana, renewed, 1)
            return database.atomically(writes)
          },
        }
        const rotating = createCredentialStore(interrupted, { tenant: 'lantern', keyRing: both })
        expect(await rotating.rotate([ana])).toEqual({ rewrapped: 1, kept: 0 })
        expect(await rotating.read(ana)).toEqual({ credential: renewed, version: 2, keyId: 'k2' })
      })

      it('shows which key seals which credential, also of one that does not open, and of this tenant alone', async () => {
        const rotating = createCredentialStore(database, { tenant: 'lantern', keyRing: both })
        expect(await rotating.keyUse()).toEqual([])
        await store.save(ben, oauth, 0)
        await store.save(ana, oauth, 0)
        await rotating.rotate([ana])
        await change("UPDATE credentials SET sealed = 'AAAA' WHERE account_id = 'ben'")
        const uses = [
          { accountId: ana.accountId, keyId: 'k2' },
          { accountId: 'ben', keyId: 'k1' },
        ]
        expect(await rotating.keyUse()).toEqual(uses)
        const other = createCredentialStore(database, { tenant: 'other', keyRing: both })
        expect(await other.keyUse()).toEqual([])
      })

      it('leaves one that does not open as it is, goes on with the others, and says so', async () => {
        await store.save(ana, oauth, 0)
        await createCredentialStore(database, { tenant: 'lantern', keyRing: both }).save(ben, oauth, 0)
        const third = parseKeyRing(newKeyLine('k3'))
        const rotating = createCredentialStore(database, {
          tenant: 'lantern',
          keyRing: { newestId: 'k3', keys: new Map([...onlySecond.keys, ...third.keys]) },
        })
        await expect(rotating.rotate([ana, ben])).rejects.toMatchObject({ code: 'malformed' })
        expect(await store.read(ana)).toMatchObject({ credential: oauth })
        expect(await rotating.read(ben)).toMatchObject({ credential: oauth, keyId: 'k3' })
      })
    })
  })
}

const firstLine = newKeyLine('k1')
const first = parseKeyRing(firstLine)

const ana: CredentialOwner = {
  accountId: 'ana0000000000000',
  provider: 'google',
  subject: 'ana.ruiz@lantern.example',
}
const oauth = {
  kind: 'oauth',
  clientId: 'client-1',
  clientSecret: 'client-secret',
  refreshToken: 'refresh-secret',
  accessToken: 'access-secret',
  accessTokenExpiresAt: 1_773_651_600_000,
  scopes: ['calendar.readonly'],
} as const satisfies Credential
const renewed = { ...oauth, refreshToken: 'renewed' }
