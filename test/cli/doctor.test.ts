import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DoctorPorts } from '../../src/app/doctor/diagnose.ts'
import { googleScopes } from '../../src/connectors/google/scopes.ts'
import { accountOf, type KeysWorld, keysWorld } from '../app/keys/keys-world.ts'
import { anAccount } from '../app/sync/sync-world.ts'
import { googleWorld } from '../connectors/google/google-world.ts'
import { fakeClient } from '../fakes/google/google-fake.ts'
import { cli } from '../support/cli.ts'

let world: KeysWorld
beforeEach(async () => {
  world = await keysWorld()
})
afterEach(() => world.close())

/** So that a test says the same on every machine. */
const goodMachine: Partial<DoctorPorts> = {
  machine: () => ({ node: '24.21.0', zoneData: '2026c' }),
}

const doctor = async (argv: readonly string[] = [], env: Readonly<Record<string, string>> = {}) => {
  const ran = await cli(['doctor', '--offline', '--width', '400', '--db', world.database, ...argv], {
    env,
    doctor: goodMachine,
  })
  const keys = [...readFileSync(world.keysPath, 'utf8').matchAll(/^[^#:]+:(\S{10,})/gm)].map(match => match[1]!)
  expect(keys.length).toBeGreaterThan(0)
  for (const secret of [...keys, 'the password of', ...Object.values(env).filter(value => value.includes('secret'))]) {
    expect(ran.out + ran.err).not.toContain(secret)
  }
  return { ...ran, out: argv.includes('--json') ? ran.out : flat(ran.out) }
}
/** Without the line breaks, which depend on how long the path of the folder is. */
const flat = (text: string) => text.replaceAll(/\s+/g, ' ')

describe('minutewise doctor', () => {
  it('asks Google one cheap question over the wire: consent, token, scopes, clock', async () => {
    const google = await googleWorld()
    try {
      const env = {
        MINUTEWISE_GOOGLE_ROOT: google.roots.api,
        MINUTEWISE_GOOGLE_TOKEN_URL: google.roots.token,
        MINUTEWISE_GOOGLE_REVOKE_URL: google.roots.revoke,
      }
      const scopes = googleScopes('content', { grant: 'personal' }).read
      const subject = 'ana@lamps.example'
      const account = anAccount({ id: 'acctgoogle000001', provider: 'google', subject, label: subject })
      const granted = google.fake.grant(subject, scopes)
      const fresh = await world.another(env)
      for (const { id } of await fresh.mirror.listAccounts()) {
        await fresh.credentials.erase(id)
        await fresh.mirror.removeAccount(id)
      }
      await fresh.mirror.addAccount(account)
      await fresh.credentials.save(
        { accountId: account.id, provider: 'google', subject },
        {
          kind: 'oauth',
          clientId: fakeClient.id,
          clientSecret: fakeClient.secret,
          ...granted,
          // by the real clock, which the command goes by
          accessTokenExpiresAt: Date.now() + 3_600_000,
          scopes,
        },
        0,
      )
      const argv = ['doctor', '--width', '400', '--db', world.database]
      const good = await cli(argv, { env, doctor: goodMachine, now: Date.now() })
      expect(good.out).toMatch(/✓ ok {7}Google .*ana@lamps\.example · content · 1 calendar · token good for 59 minutes/)
      expect(good.out).toMatch(/✓ ok {7}Clock .*agrees with the providers/)
      expect(good.code).toBe(0)
      expect(google.journal.requests.length).toBeLessThanOrEqual(2)

      google.fake.oauth.revokeAll(subject)
      const gone = await cli(argv, { env, doctor: goodMachine, now: Date.now() })
      expect(gone.code).toBe(1)
      expect(gone.out).toMatch(/✗ problem {2}Google /)
      expect(gone.out).toMatch(/→ Run `minutewise connect google` again/)
      for (const { out } of [good, gone]) {
        for (const secret of [granted.accessToken, granted.refreshToken, fakeClient.secret]) {
          expect(out).not.toContain(secret)
        }
      }
    } finally {
      await google.close()
    }
  })

  it('sees a database with three accounts and ends with 0 when there are warnings alone', async () => {
    const { code, out, err } = await doctor()
    expect([code, err]).toEqual([0, ''])
    expect(out).toContain('✓ ok Node 24.21.0')
    expect(out).toMatch(/✓ ok Database .*mw\.db · \d+ KB · migrations (\d+)\/\1 · writable/)
    expect(out).toMatch(/✓ ok CalDAV .*cleo@lantern\.example/)
    expect(out).toMatch(/! warning Calendars .*not listed yet/)
    expect(out).toContain('– not set Push')
    expect(out).toMatch(/ no problems, 3 warnings $/)
  })

  it('ends with 1 when there is a problem, and says the next step', async () => {
    chmodSync(world.keysPath, 0o644)
    const { code, out } = await doctor()
    expect(code).toBe(1)
    expect(out).toMatch(/✗ problem Keys .*mode 0644/)
    expect(out).toMatch(/→ Others may read it: run `chmod 600`/)
    expect(out).toMatch(/1 problem, 3 warnings/)
  })

  it('--json has a schema, and an id for every line that is its own', async () => {
    const report = JSON.parse((await doctor(['--json'])).out)
    expect(report).toMatchObject({
      schema: 'minutewise/doctor/1',
      at: '2026-11-20T09:00:00Z',
      offline: true,
      problems: 0,
      warnings: 3,
    })
    const ids = report.checks.map(({ id }: { readonly id: string }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).toEqual(expect.arrayContaining(['node', 'zones', 'sqlite', 'database', 'config', 'keys', 'push']))
    expect(ids).toContain(`account:${accountOf('ana').id}`)
    for (const check of report.checks) {
      expect(Object.keys(check)).toEqual(['id', 'state', 'name', 'says', 'help'])
      if (check.state === 'warning') expect(check.help).toMatch(/\.$/)
    }
  })

  it('names variables and never shows what is in them', async () => {
    const env = { MINUTEWISE_GRAPH_CLIENT_SECRET: 'a secret value', MINUTEWISE_GOOGLE_ROOT: 'http://secret.example/' }
    const { code, out } = await doctor([], env)
    expect(code).toBe(1)
    expect(out).toMatch(/✗ problem Configuration .*MINUTEWISE_GOOGLE_ROOT is not https/)
    const good = await doctor([], { MINUTEWISE_GRAPH_CLIENT_SECRET: 'a secret value' })
    expect(good.out).toContain('MINUTEWISE_GRAPH_CLIENT_SECRET')
  })

  it('makes no file where none is: no database, no keys', async () => {
    const elsewhere = `${world.folder}/none.db`
    const { code, out } = await cli(['doctor', '--width', '400', '--db', elsewhere], { doctor: goodMachine })
    expect(code).toBe(0)
    expect(flat(out)).toContain('none.db · not there yet')
    expect(readdirSync(world.folder).filter(name => name.startsWith('none'))).toEqual([])
  })

  it('without its keys makes none and says which are missing', async () => {
    const kept = readFileSync(world.keysPath)
    writeFileSync(`${world.folder}/away`, kept)
    await world.keys.change(() => '# empty\n')
    const { code, out } = await cli(['doctor', '--offline', '--width', '400', '--db', world.database], {
      doctor: {
        ...goodMachine,
        keyFile: {
          source: { kind: 'file', path: 'gone.keys', isNamed: false },
          read: async () => null,
          change: async () => {},
        },
      },
    })
    expect(code).toBe(1)
    expect(flat(out)).toMatch(/without "k1", which 3 secrets need/)
    expect(existsSync('gone.keys')).toBe(false)
  })

  it('of a file that is no database says so and looks at the rest', async () => {
    const path = `${world.folder}/x.ics`
    writeFileSync(path, 'BEGIN:VCALENDAR\n'.repeat(100))
    const { code, out } = await cli(['doctor', '--width', '400', '--db', path], { doctor: goodMachine })
    expect(code).toBe(1)
    expect(flat(out)).toMatch(/✗ problem Database .*is not a database/)
    expect(out).toContain('Configuration')
    expect(readFileSync(path, 'utf8')).toMatch(/^BEGIN:VCALENDAR/)
  })

  it('takes no words', async () => {
    const { code, err } = await cli(['doctor', 'mw.db'])
    expect(code).toBe(2)
    expect(err).toContain('--db FILE')
  })
})
