import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { newKeyLine, parseKeyRing } from '../../src/store/key-ring.ts'
import { readMigrations } from '../../src/store/sqlite/read-migrations.ts'
import { openSqlite } from '../../src/store/sqlite/sqlite.ts'
import { credentialStoreContract } from '../contract/credential-store-contract.ts'

const migrations = readMigrations(fileURLToPath(new URL('../../migrations', import.meta.url)))

credentialStoreContract('SQLite', { open: () => openSqlite(':memory:', migrations) })

describe('a key ring', () => {
  const bytes = (fill: number) => new Uint8Array(32).fill(fill)
  const base64 = (fill: number, length = 32) => Buffer.alloc(length, fill).toString('base64')

  it.each([
    ['a line each', `k1:${base64(1)}\nk2:${base64(2)}\n`],
    ['commas, as in a variable', `k1:${base64(1)},k2:${base64(2)}`],
    ['comments, empty lines, spaces', `# ours, k0:x\r\n\r\n k1:${base64(1)} \r\n\tk2: ${base64(2)}`],
    ['no padding', `k1:${base64(1)}\nk2:${base64(2).slice(0, -1)}`],
  ])('is read from %s, the newest last', (_, text) => {
    expect(parseKeyRing(text)).toEqual({
      newestId: 'k2',
      keys: new Map([
        ['k1', bytes(1)],
        ['k2', bytes(2)],
      ]),
    })
  })

  it('takes the URL-safe letters of base64 as well', () => {
    const text = Buffer.alloc(32, 0xfb).toString('base64url')
    expect(text).toMatch(/[-_]/)
    expect(parseKeyRing(`k1:${text}`).keys.get('k1')).toEqual(bytes(0xfb))
  })

  it('is made of new lines, each with another key', () => {
    const { newestId, keys } = parseKeyRing(`${newKeyLine('2026-03')}\n${newKeyLine('2026-04')}`)
    expect([newestId, [...keys.keys()]]).toEqual(['2026-04', ['2026-03', '2026-04']])
    expect(keys.get('2026-03')).toHaveLength(32)
    expect(keys.get('2026-03')).not.toEqual(keys.get('2026-04'))
    expect(() => newKeyLine('a:b')).toThrow(/id of a key/)
  })

  const canary = Buffer.alloc(32, 'canary key material of ours ....').toString('base64')
  it.each([
    ['nothing', '', /There is no key/],
    ['only comments', '# k1:\n', /There is no key/],
    ['a key without an id', canary, /Key 1 does not begin with an id and a colon/],
    ['an empty id', `k1:${base64(1)}\n:${canary}`, /Key 2 does not begin with an id/],
    ['an id with capitals', `${canary.slice(0, 8)}:${canary}`, /Key 1 does not begin with an id/],
    ['the same id twice', `k1:${canary},k1:${canary}`, /two keys with the id "k1"/],
    ['a key too short', `k1:${canary.slice(4)}`, /The key "k1" is not 32 bytes/],
    ['a key too long', `k1:${canary}${canary}`, /The key "k1" is not 32 bytes/],
    ['31 bytes', `k1:${base64(1, 31)}`, /The key "k1" is not 32 bytes/],
    ['33 bytes', `k1:${base64(1, 33)}`, /The key "k1" is not 32 bytes/],
    ['a passphrase', 'k1:correct horse battery staple', /The key "k1" is not 32 bytes/],
    ['an empty key', 'k1:', /The key "k1" is not 32 bytes/],
  ])('with %s → malformed, and the sentence shows no key', (_, text, sentence) => {
    let refused: unknown
    try {
      parseKeyRing(text)
    } catch (error) {
      refused = error
    }
    expect(refused).toMatchObject({ name: 'PortError', code: 'malformed', message: expect.stringMatching(sentence) })
    expect(String(refused)).not.toContain(canary.slice(0, 8))
    expect(String(refused)).not.toMatch(/correct horse/)
  })
})
