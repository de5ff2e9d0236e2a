import {
  chmodSync,
  existsSync,
  lstatSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { keyStatus } from '../../../src/app/keys/key-status.ts'
import { removeKey } from '../../../src/app/keys/remove-key.ts'
import { rewrapCredentials, rotateKeys } from '../../../src/app/keys/rotate-keys.ts'
import { keyFile } from '../../../src/node-keys.ts'
import { PortError } from '../../../src/port-error.ts'
import type { KeyFile } from '../../../src/store/key-file.ts'
import { newKeyLine } from '../../../src/store/key-ring.ts'
import { type KeysWorld, keysWorld, ownerOf, people, secretOf } from './keys-world.ts'

let world: KeysWorld
beforeEach(async () => {
  world = await keysWorld()
})
afterEach(() => world.close())

const use = () => ({ live: world.live, keyFile: world.keys })
const text = () => readFileSync(world.keysPath, 'utf8')
const sealedWith = async () => (await world.live.credentials.keyUse()).map(({ keyId }) => keyId)
const only = { sharedToo: false }

async function expectAllOpen(live = world.live) {
  for (const name of people) {
    expect(await live.credentials.read(ownerOf(name))).toMatchObject({ credential: secretOf(name) })
  }
}

describe('a rotation', () => {
  it('makes a new key, seals everything again with it and keeps the old one', async () => {
    const done = await rotateKeys(use())
    expect(done).toMatchObject({ keyId: 'k2', isNew: true, rewrapped: 3, kept: 0, failed: [], notSettled: null })
    expect(done.after.keys).toEqual([
      { id: 'k1', isNewest: false, credentials: 0 },
      { id: 'k2', isNewest: true, credentials: 3 },
    ])
    await expectAllOpen()
    await expectAllOpen(await world.another())
  })

  it('keeps comments, lines and the mode of the key file; and makes it private when it was not', async () => {
    const before = `# the safe of Lantern\n\n${text()}# end\n`
    writeFileSync(world.keysPath, before)
    chmodSync(world.keysPath, 0o644)
    await rotateKeys(use())
    expect(text().startsWith(before)).toBe(true)
    expect(text().slice(before.length)).toMatch(/^k2:[A-Za-z0-9+/]{43}=\n$/)
    expect(statSync(world.keysPath).mode & 0o777).toBe(0o600)
  })

  it('changes what a link leads to, and the link stays', async () => {
    renameSync(world.keysPath, `${world.folder}/real`)
    symlinkSync(`${world.folder}/real`, world.keysPath)
    await rotateKeys(use())
    expect(lstatSync(world.keysPath).isSymbolicLink()).toBe(true)
    expect(readFileSync(`${world.folder}/real`, 'utf8')).toContain('k2:')
  })

  it('is taken up by a process that runs: it opens what the other sealed, and seals with the new key', async () => {
    const running = await world.another()
    await expectAllOpen(running)
    await rotateKeys(use())
    await expectAllOpen(running)
    expect(await running.credentials.save(ownerOf('ana'), secretOf('ana'), 1)).toBe(true)
    expect(await sealedWith()).toEqual(['k2', 'k2', 'k2'])
  })

  it('leaves nothing that an old key opens in the files of the database', async () => {
    const rows = await world.sql('SELECT sealed FROM credentials')
    await rotateKeys(use())
    const bytes = ['', '-wal'].map(end => `${world.database}${end}`).filter(existsSync)
    const all = bytes.map(path => readFileSync(path, 'latin1')).join()
    expect(rows).toHaveLength(3)
    for (const { sealed } of rows) expect(all).not.toContain(String(sealed))
  })

  it('of a damaged credential is told with its account, and the others are sealed again', async () => {
    await tamper('ben')
    const done = await rotateKeys(use())
    expect(done).toMatchObject({
      rewrapped: 2,
      failed: [{ label: 'ben@lantern.example', keyId: 'k1', sentence: expect.stringMatching(/does not open/) }],
    })
    expect(await sealedWith()).toEqual(['k2', 'k1', 'k2'])
    await expect(removeKey(use(), { id: 'k1', ...only })).rejects.toThrow(/still seals a credential/)
  })

  it('twice at once: one goes, the other is told, and everything opens', async () => {
    const outcomes = await Promise.allSettled([rotateKeys(use()), rotateKeys(use())])
    const lost = outcomes.flatMap(one => (one.status === 'rejected' ? [one.reason] : []))
    for (const reason of lost) expect(reason).toMatchObject({ name: 'PortError', code: 'busy' })
    expect(lost.length).toBeLessThan(2)
    await expectAllOpen(await world.another())
    expect(existsSync(`${world.keysPath}.new`)).toBe(false)
  })

  it('before the first secret says so and makes no file', async () => {
    const empty = keyFile(`${world.folder}/other.db`, {})
    await expect(rotateKeys({ live: world.live, keyFile: empty })).rejects.toThrow(/no keys yet/)
    expect(existsSync(`${world.folder}/other.db.keys`)).toBe(false)
  })

  it('with the keys in the environment changes nothing and says what to do instead', async () => {
    const env = {
      MINUTEWISE_KEYS: text()
        .split('\n')
        .filter(line => line.startsWith('k1'))
        .join(),
    }
    const live = await world.another(env)
    const refused = rotateKeys({ live, keyFile: keyFile(world.database, env) })
    await expect(refused).rejects.toMatchObject({ code: 'wrong-use', message: expect.stringMatching(/--print-new/) })
    await expect(refused).rejects.not.toThrow(env.MINUTEWISE_KEYS.slice(3))
    const more = { MINUTEWISE_KEYS: `${env.MINUTEWISE_KEYS},${newKeyLine('k2')}` }
    const after = await world.another(more)
    const done = await rewrapCredentials({ live: after, keyFile: keyFile(world.database, more) })
    expect(done).toMatchObject({ keyId: 'k2', isNew: false, rewrapped: 3 })
    await expectAllOpen(after)
  })
})

describe('killed', () => {
  /** The process ends here: nothing after this call happens. */
  const dies = new Error('killed')

  it('before the key file was replaced: the old file is whole, everything opens, the draft is named', async () => {
    const before = text()
    // what a process leaves that is killed while it writes
    writeFileSync(`${world.keysPath}.new`, before.slice(0, 20), { mode: 0o600 })
    expect(text()).toBe(before)
    await expectAllOpen(await world.another())
    await expect(rotateKeys(use())).rejects.toMatchObject({
      code: 'busy',
      message: expect.stringContaining('.keys.new'),
    })
    expect(await sealedWith()).toEqual(['k1', 'k1', 'k1'])
    expect(text()).toBe(before)
  })

  it('between the new key and the first credential: both keys are there, everything opens, rewrap goes on', async () => {
    const live = {
      ...world.live,
      credentials: { ...world.live.credentials, keyUse: () => Promise.reject(dies) },
    }
    await expect(rotateKeys({ live, keyFile: world.keys })).rejects.toBe(dies)
    const after = await world.another()
    await expectAllOpen(after)
    expect(await keyStatus(use())).toMatchObject({
      keys: [
        { id: 'k1', credentials: 3 },
        { id: 'k2', isNewest: true },
      ],
    })
    expect(await rewrapCredentials({ live: after, keyFile: world.keys })).toMatchObject({ keyId: 'k2', rewrapped: 3 })
  })

  it('between two credentials: old texts open with the old key, new ones with the new, rewrap goes on', async () => {
    let left = 1
    const live = {
      ...world.live,
      credentials: {
        ...world.live.credentials,
        rotate: async (owners: readonly ReturnType<typeof ownerOf>[]) => {
          if (left-- === 0) throw dies
          return await world.live.credentials.rotate(owners)
        },
      },
    }
    await expect(rotateKeys({ live, keyFile: world.keys })).rejects.toBe(dies)
    expect(await sealedWith()).toEqual(['k2', 'k1', 'k1'])
    await expectAllOpen(await world.another())
    await expect(removeKey(use(), { id: 'k1', ...only })).rejects.toThrow(/still seals 2 credentials/)
    expect(await rewrapCredentials(use())).toMatchObject({ keyId: 'k2', isNew: false, rewrapped: 2, kept: 1 })
    expect(text().match(/^k\d+:/gm)).toEqual(['k1:', 'k2:'])
  })

  it('nothing is sealed with a key that is not in the file', async () => {
    const lossy: KeyFile = { ...world.keys, change: async edit => void edit(text()) }
    await expect(rotateKeys({ live: world.live, keyFile: lossy })).rejects.toMatchObject({ code: 'conflict' })
    const full: KeyFile = { ...world.keys, change: () => Promise.reject(new PortError('full', 'The disk is full.')) }
    await expect(rotateKeys({ live: world.live, keyFile: full })).rejects.toMatchObject({ code: 'full' })
    expect(await sealedWith()).toEqual(['k1', 'k1', 'k1'])
  })
})

describe('the status', () => {
  it('names a credential with a changed byte, and whose it is', async () => {
    await tamper('cleo')
    const { shut } = await keyStatus(use())
    expect(shut).toEqual([
      {
        accountId: ownerOf('cleo').accountId,
        label: 'cleo@lantern.example',
        keyId: 'k1',
        sentence: expect.stringMatching(/does not open: it was changed/),
      },
    ])
  })

  it('names a key that is needed and not there', async () => {
    writeFileSync(world.keysPath, `${newKeyLine('other')}\n`)
    const { keys, missing, shut } = await keyStatus({ ...use(), live: await world.another() })
    expect(keys.map(({ id }) => id)).toEqual(['other'])
    expect(missing).toEqual([{ id: 'k1', isNewest: false, credentials: 3 }])
    expect(shut).toHaveLength(3)
  })

  it('without a key file makes none', async () => {
    renameSync(world.keysPath, `${world.folder}/away`)
    expect(await keyStatus({ ...use(), live: await world.another() })).toMatchObject({
      keys: [],
      missing: [{ id: 'k1', credentials: 3 }],
      shut: [],
    })
    expect(existsSync(world.keysPath)).toBe(false)
  })
})

describe('keys that are lost', () => {
  it('are not replaced by new ones of the same name: the file comes back, and everything opens', async () => {
    renameSync(world.keysPath, `${world.folder}/away`)
    const live = await world.another()
    const refused = { code: 'malformed', message: expect.stringMatching(/mw\.db\.keys\. Put that file back/) }
    await expect(live.credentials.read(ownerOf('ana'))).rejects.toMatchObject(refused)
    await expect(live.credentials.save(ownerOf('ana'), secretOf('ana'), 1)).rejects.toMatchObject(refused)
    expect(existsSync(world.keysPath)).toBe(false)
    renameSync(`${world.folder}/away`, world.keysPath)
    await expectAllOpen(live)
  })

  it('are made anew once no secret needs the old ones', async () => {
    renameSync(world.keysPath, `${world.folder}/away`)
    for (const name of people) await world.live.credentials.erase(ownerOf(name).accountId)
    const live = await world.another()
    expect(await live.credentials.save(ownerOf('ana'), secretOf('ana'), 0)).toBe(true)
    expect(text()).toMatch(/^k1:/m)
  })
})

describe('a key is removed', () => {
  it('when nothing needs it, and everything else of the file stays', async () => {
    await rotateKeys(use())
    const second = text()
      .split('\n')
      .find(line => line.startsWith('k2:'))
    const status = await removeKey(use(), { id: 'k1', ...only })
    expect(status.keys).toEqual([{ id: 'k2', isNewest: true, credentials: 3 }])
    expect(text()).toBe(`# Opens the secrets in mw.db. Keep it, apart from the database.\n${second}\n`)
    await expectAllOpen(await world.another())
  })

  it.each([
    ['that seals something', 'k1', /still seals 3 credentials/],
    ['that nobody knows', 'k7', /no key "k7"/],
  ])('but not one %s', async (_, id, sentence) => {
    const before = text()
    await expect(removeKey(use(), { id, ...only })).rejects.toThrow(sentence)
    expect(text()).toBe(before)
  })

  it('but not the newest, even when it seals nothing', async () => {
    await world.keys.change(before => `${before}${newKeyLine('k2')}\n`)
    await expect(removeKey(use(), { id: 'k2', ...only })).rejects.toThrow(/newest key/)
    expect(text()).toContain('k2:')
  })

  it('and put back when somebody used it in the same moment', async () => {
    await rotateKeys(use())
    const second = text()
    const keys: KeyFile = {
      ...world.keys,
      async change(edit) {
        await world.keys.change(edit)
        if (!text().includes('k1:'))
          await world.sql("UPDATE credentials SET key_id = 'k1' WHERE account_id LIKE 'ana%'")
      },
    }
    await expect(removeKey({ live: world.live, keyFile: keys }, { id: 'k1', ...only })).rejects.toThrow(/put back/)
    const entry = (of: string, id: string) => of.split('\n').find(line => line.startsWith(id))
    expect(entry(text(), 'k1:')).toBe(entry(second, 'k1:'))
    expect((await keyStatus(use())).keys.map(({ id, isNewest }) => [id, isNewest])).toEqual([
      ['k1', false],
      ['k2', true],
    ])
  })

  it('from a shared file only when somebody looked after the other databases', async () => {
    const env = { MINUTEWISE_KEYS_FILE: world.keysPath }
    await rotateKeys(use())
    const shared = { live: await world.another(env), keyFile: keyFile(world.database, env) }
    await expect(removeKey(shared, { id: 'k1', ...only })).rejects.toThrow(/--no-other-database/)
    expect(await removeKey(shared, { id: 'k1', sharedToo: true })).toMatchObject({ keys: [{ id: 'k2' }] })
  })
})

/** One byte of a sealed text, in its middle. */
async function tamper(name: string) {
  const { accountId } = ownerOf(name)
  const [row] = await world.sql('SELECT sealed FROM credentials WHERE account_id = ?', accountId)
  const bytes = Buffer.from(String(row?.sealed), 'base64')
  bytes[20]! ^= 1
  await world.sql('UPDATE credentials SET sealed = ? WHERE account_id = ?', bytes.toString('base64'), accountId)
}
