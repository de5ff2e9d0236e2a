import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { ConnectableAccounts } from '../../src/app/live-accounts.ts'
import { createMemoryCalendars, type MemoryCalendars } from '../../src/connectors/memory/memory-calendars.ts'
import { PortError } from '../../src/port-error.ts'
import type { Account } from '../../src/store/accounts.ts'
import { createMirrorStore } from '../../src/store/mirror.ts'
import type { MirrorStore } from '../../src/store/mirror-store.ts'
import { readMigrations } from '../../src/store/sqlite/read-migrations.ts'
import { openSqlite } from '../../src/store/sqlite/sqlite.ts'
import { anAccount, anItem, startAt } from '../app/sync/sync-world.ts'
import { type CliRun, cli } from '../support/cli.ts'
import { memoryCredentials } from '../support/memory-credentials.ts'

const migrations = readMigrations(join(import.meta.dirname, '..', '..', 'migrations'))
const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

interface LiveCommands {
  readonly mirror: MirrorStore
  readonly provider: MemoryCalendars
  run(...argv: readonly string[]): Promise<CliRun>
}

/** A database with one account of calendars in memory, behind the real commands. */
async function liveCommands(account: Partial<Account> = {}): Promise<LiveCommands> {
  const database = await openSqlite(':memory:', migrations)
  closing.push(() => database.close())
  const mirror = createMirrorStore(database, { tenant: 'local' })
  const provider = createMemoryCalendars()
  const known = anAccount(account)
  await mirror.addAccount(known)
  const connector = { ...provider.connector, provider: known.provider }
  const live: ConnectableAccounts = {
    mirror,
    credentials: memoryCredentials(),
    connectionOf: async () => ({ connector, writer: null, push: null, directory: null, revoke: async () => {} }),
    signIn: () => Promise.reject(new Error('unused')),
    close: async () => {},
  }
  return { mirror, provider, run: (...argv) => cli(argv, { live, now: startAt }) }
}

describe('the account that a command is told', () => {
  test('is never any account when the word is empty, as that of an unset variable is', async () => {
    const { run, mirror } = await liveCommands()
    for (const empty of ['', '  ']) {
      const { code, err } = await run('disconnect', empty)
      expect(code).toBe(2)
      expect(err).toContain('is empty')
    }
    expect(await mirror.listAccounts()).toHaveLength(1)
  })

  test('is found by the beginning of its id from four letters on', async () => {
    const { run, mirror } = await liveCommands()
    expect((await run('disconnect', 'a')).code).toBe(2)
    expect((await run('disconnect', 'acc')).code).toBe(2)
    expect(await mirror.listAccounts()).toHaveLength(1)
    expect((await run('disconnect', 'acc0')).code).toBe(0)
    expect(await mirror.listAccounts()).toEqual([])
  })
})

describe('sync', () => {
  test('reads no account that it was not told: a bare word is refused with the option that was meant', async () => {
    const { run, provider } = await liveCommands()
    const { code, err } = await run('sync', 'ana.ruiz@lantern.example')
    expect(code).toBe(2)
    expect(err).toContain('--account')
    expect(provider.requests).toEqual([])
    expect((await run('accounts', 'Birthdays')).code).toBe(2)
  })

  test('has not failed when somebody has no calendar there', async () => {
    const { run, provider } = await liveCommands()
    provider.addCalendar({ id: 'cleo', name: 'Cleo' })
    provider.onRequest = request => {
      if (request === 'pull cleo') throw new PortError('no-mailbox', 'Cleo has no calendar there.')
    }
    const { code, out } = await run('sync')
    expect(out).toContain('Cleo has no calendar there.')
    expect(code).toBe(0)
  })

  test('accepts what vanished from a held calendar, and nothing in advance', async () => {
    const { run, provider, mirror } = await liveCommands({ provider: 'ics' })
    provider.addCalendar({ id: 'team', name: 'Team' })
    for (let day = 1; day <= 6; day++) provider.put('team', anItem(`m${day}`, { start: `2026-03-1${day} 10:00` }))
    await run('sync')
    const refused = await run('sync', '--accept', 'Team')
    expect(refused.code).toBe(2)
    expect(refused.err).toContain('not held')
    for (let day = 1; day <= 5; day++) provider.remove('team', `m${day}`)
    provider.expireCursors('team')
    expect((await run('sync')).out).toContain('5 of 6 future events are missing')
    expect((await run('sync', '--accept', 'team')).code).toBe(0)
    const [calendar] = await mirror.listCalendars()
    expect(calendar?.sync.status).toBe('current')
    expect(await mirror.countItems({ accountId: calendar!.accountId, calendarId: 'team' })).toBe(1)
  })
})

describe('accounts', () => {
  test('tells two calendars of one name apart, and leaves out none by a name that both have', async () => {
    const { run, provider, mirror } = await liveCommands()
    for (const id of ['c1', 'c2']) provider.addCalendar({ id, name: 'Calendar' })
    await run('sync')
    expect((await run('accounts')).out).toMatch(/Calendar \(c1\): 0 entries.*\n.*Calendar \(c2\): 0 entries/)
    const refused = await run('accounts', '--leave-out', 'calendar')
    expect(refused.code).toBe(2)
    expect(refused.err).toContain('by its id')
    expect((await run('accounts', '--leave-out', 'c2')).code).toBe(0)
    expect((await mirror.listCalendars()).map(({ isSelected }) => isSelected)).toEqual([true, false])
  })
})
