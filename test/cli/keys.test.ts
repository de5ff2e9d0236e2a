import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type KeysWorld, keysWorld } from '../app/keys/keys-world.ts'
import { cli } from '../support/cli.ts'

let world: KeysWorld
beforeEach(async () => {
  world = await keysWorld()
})
afterEach(() => world.close())

const keys = async (argv: readonly string[], env: Readonly<Record<string, string>> = {}) => {
  const ran = await cli(['keys', ...argv, '--db', world.database], { live: await world.another(env), env })
  // whatever was asked: no key of the file and no secret is ever printed
  for (const entry of materials()) expect(ran.out + ran.err).not.toContain(entry)
  expect(ran.out + ran.err).not.toContain('the password of')
  return ran
}
const materials = () =>
  [...readFileSync(world.keysPath, 'utf8').matchAll(/^[^#:]+:(\S{10,})/gm)].map(match => match[1]!)

describe('minutewise keys', () => {
  it('status, rotate, status, remove: each says how it is and what to do next', async () => {
    const before = await keys(['status'])
    expect(before.code).toBe(0)
    expect(before.out).toContain('mw.db.keys (mode 0600), the newest last:\n  k1    seals 3 credentials · seals what')

    const rotated = await keys(['rotate'])
    expect(rotated.code).toBe(0)
    expect(rotated.out).toContain('There is a new key, "k2".\n3 credentials sealed again with "k2".\n')
    expect(rotated.out).toContain('! Nothing here needs k1 any more: `minutewise keys remove k1`')

    const removed = await keys(['remove', 'k1'])
    expect(removed.code).toBe(0)
    expect(removed.out).not.toContain('k1')
    expect((await keys(['rewrap'])).out).toContain('0 credentials sealed again with "k2", 3 already.')
  })

  it('--json has a schema, the keys by id and what a rotation did', async () => {
    const { out } = await keys(['rotate', '--json'])
    expect(JSON.parse(out)).toMatchObject({
      schema: 'minutewise/keys/1',
      source: { kind: 'file', path: world.keysPath },
      mode: '0600',
      keys: [
        { id: 'k1', isNewest: false, credentials: 0 },
        { id: 'k2', isNewest: true, credentials: 3 },
      ],
      missing: [],
      shut: [],
      rotation: { keyId: 'k2', isNew: true, rewrapped: 3, kept: 0, failed: [] },
    })
  })

  it('a secret that does not open is named by its account, and the code is 3', async () => {
    await world.sql("UPDATE credentials SET sealed = 'AAAA' WHERE account_id LIKE 'ben%'")
    const { code, out } = await keys(['status'])
    expect(code).toBe(3)
    expect(out).toMatch(/! ben@lantern\.example: A credential does not open/)
  })

  it('rotate with MINUTEWISE_KEYS prints no key unless it is asked to, and then nothing but the key', async () => {
    const env = { MINUTEWISE_KEYS: `k1:${materials()[0]}` }
    const refused = await keys(['rotate'], env)
    expect([refused.code, refused.out]).toEqual([2, ''])
    expect(refused.err).toContain('keys rotate --print-new')

    const printed = await keys(['rotate', '--print-new'], env)
    expect(printed.code).toBe(0)
    expect(printed.out).toMatch(/^k2:[A-Za-z0-9+/]{43}=\n$/)
    expect(printed.err).not.toContain(printed.out.trim().slice(3))

    const more = { MINUTEWISE_KEYS: `${env.MINUTEWISE_KEYS},${printed.out.trim()}` }
    expect((await keys(['rewrap'], more)).out).toContain('3 credentials sealed again with "k2".')
    expect((await keys(['status'], more)).out).toContain('Keys in MINUTEWISE_KEYS')
  })

  it.each([
    [['status', 'k1'], 'takes no "k1"'],
    [['remove'], 'which key'],
    [['turn'], 'cannot "turn"'],
    [[], 'needs a verb'],
    [['status', '--print-new'], '--print-new goes with'],
    [['rotate', '--no-other-database'], '--no-other-database goes with'],
    [['rotate', '--print-new'], 'not in MINUTEWISE_KEYS'],
  ])('%j is wrong use', async (argv, sentence) => {
    const { code, out, err } = await keys(argv)
    expect([code, out]).toEqual([2, ''])
    expect(err).toContain(sentence)
  })
})
