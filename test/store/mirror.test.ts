import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CalendarItem } from '../../src/connectors/connector.ts'
import { newKeyLine, parseKeyRing } from '../../src/store/key-ring.ts'
import { createMirrorStore } from '../../src/store/mirror.ts'
import type { StepToApply } from '../../src/store/mirror-store.ts'
import { readMigrations } from '../../src/store/sqlite/read-migrations.ts'
import { openSqlite } from '../../src/store/sqlite/sqlite.ts'
import { createCredentialStore } from '../../src/store/vault.ts'
import { aListedCalendar, anAccount, anItem } from '../contract/calendar-items.ts'
import { mirrorStoreContract } from '../contract/mirror-store-contract.ts'

const migrations = readMigrations(fileURLToPath(new URL('../../migrations', import.meta.url)))

let folder: string
let file: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'minutewise-mirror-'))
  file = join(folder, 'live.db')
})
afterEach(() => rmSync(folder, { recursive: true }))

mirrorStoreContract('SQLite in a file', { open: () => openSqlite(file, migrations), runs: 60 })

const account = anAccount()
const key = { accountId: account.id, calendarId: aListedCalendar().id }

async function connected() {
  const database = await openSqlite(file, migrations)
  const mirror = createMirrorStore(database, { tenant: 'lantern' })
  await mirror.addAccount(account)
  await mirror.recordListing(account.id, [aListedCalendar()], 0)
  return { database, mirror }
}

const stepWith = (items: readonly CalendarItem[], version: number, given: Partial<StepToApply> = {}): StepToApply => ({
  key,
  version,
  items,
  removed: [],
  named: items.map(({ id }) => id),
  replacedSeries: [],
  sync: {},
  end: 'open',
  ...given,
})

describe('the files of a mirror', () => {
  const filesHold = (wanted: string) =>
    ['', '-wal', '-shm'].filter(ending => existsSync(file + ending) && readFileSync(file + ending).includes(wanted))
  /** Texts from a word to several pages, ids in no order. */
  const telling = (count: number, visibility: 'default' | 'private') =>
    Array.from({ length: count }, (_, n) =>
      anItem(`${(n * 7_919) % 10_007}`, {
        events: [{ title: 'canary-title', description: 'canary-text '.repeat((n * 13) % 700), visibility }],
      }),
    )

  it('hold nothing of events that became private, once they are settled', async () => {
    const { database, mirror } = await connected()
    for (let version = 0; version < 10; version++) {
      await mirror.applyStep(stepWith(telling(600, 'default').slice(version * 60, version * 60 + 60), version))
    }
    expect(filesHold('canary-')).not.toEqual([])
    const masked = await mirror.applyStep(stepWith(telling(600, 'private'), 10, { end: 'sweep' }))
    expect(masked).toMatchObject({ written: 600, removed: 0 })
    await mirror.settle()
    expect(filesHold('canary-')).toEqual([])
    expect(await mirror.countItems(key)).toBe(600)
    await database.close()
    expect(filesHold('canary-')).toEqual([])
  })

  it('never hold anything of events that were private from the start', async () => {
    const { database, mirror } = await connected()
    await mirror.applyStep(stepWith(telling(600, 'private'), 0, { end: 'sweep' }))
    expect(filesHold('canary-')).toEqual([])
    await database.close()
    expect(filesHold('canary-')).toEqual([])
  })

  it('hold no trace of an account that was removed, nor of its credential', async () => {
    const { database, mirror } = await connected()
    const other = anAccount({ id: 'ben0000000000000', label: 'canary-label', subject: 'canary-subject' })
    const of = { accountId: other.id, calendarId: 'canary-calendar' }
    await mirror.addAccount(other)
    await mirror.recordListing(other.id, [aListedCalendar({ id: of.calendarId, name: 'canary-name' })], 0)
    await mirror.applyStep(stepWith(telling(400, 'default'), 0, { key: of, sync: { cursor: 'canary-cursor' } }))
    await mirror.saveDirectory(other.id, [{ email: 'canary-person' }], 0)
    const keyRing = parseKeyRing(newKeyLine('canary-key'))
    await createCredentialStore(database, { tenant: 'lantern', keyRing }).save(
      { accountId: other.id, provider: 'google', subject: '' },
      { kind: 'address', url: 'https://canary-url.example' },
      0,
    )
    expect(filesHold('canary-key')).not.toEqual([])
    expect(filesHold('canary-url')).toEqual([])
    await mirror.removeAccount(other.id)
    await mirror.settle()
    expect(filesHold('canary-')).toEqual([])
    expect(filesHold('ana.ruiz@lantern.example')).not.toEqual([])
    await database.close()
  })
})

describe('two processes with one mirror', () => {
  it('that apply a step to one version: one is kept, the other is told, and no part of its step is there', async () => {
    const { database } = await connected()
    await database.close()
    const script = fileURLToPath(new URL('./race-a-step.ts', import.meta.url))
    const racers = ['a', 'b', 'c'].map(name => {
      const child = spawn(process.execPath, ['--import', 'tsx', script, file, name], {
        stdio: ['pipe', 'pipe', 'inherit'],
      })
      return { child, said: text(child.stdout) }
    })
    // Each opens the file, says so, and waits for its input to end.
    await Promise.all(racers.map(({ child }) => new Promise(resolve => child.stdout.once('data', resolve))))
    for (const { child } of racers) child.stdin.end()
    const said = await Promise.all(racers.map(async racer => (await racer.said).trim().split('\n').at(-1)))
    expect(said.toSorted()).toEqual(['conflict', 'conflict', expect.stringMatching(/^kept [abc]$/)])

    const reopened = await openSqlite(file, migrations)
    const after = createMirrorStore(reopened, { tenant: 'lantern' })
    const [calendar] = await after.listCalendars()
    const winner = said.find(line => line?.startsWith('kept'))?.at(-1)
    expect(calendar?.sync).toMatchObject({ version: 1, cursor: winner })
    expect([...(await after.etags(key)).values()]).toEqual(Array.from({ length: 500 }, () => winner))
    await reopened.close()
  })
})
