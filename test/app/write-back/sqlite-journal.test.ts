import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { applyWrites } from '../../../src/app/write-back/apply-writes.ts'
import { planUndo } from '../../../src/app/write-back/plan-undo.ts'
import { openWrites, resumeWrites } from '../../../src/app/write-back/resume-writes.ts'
import type { WriteBackDeps } from '../../../src/app/write-back/write-back-deps.ts'
import { createMirrorStore } from '../../../src/store/mirror.ts'
import { readMigrations } from '../../../src/store/sqlite/read-migrations.ts'
import { openSqlite } from '../../../src/store/sqlite/sqlite.ts'
import { accountNamed, memoryAccounts } from '../../fakes/memory-accounts.ts'
import { memoryWriter } from '../../fakes/memory-writer.ts'
import { addBlock, hour, monday, moveBlock, now, setAgenda, written } from './world.ts'

describe('the journal in a database file', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'minutewise-journal-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const ana = { ...accountNamed('ana@lantern.example'), id: 'ana0123456789abcdef' }
  const writer = memoryWriter()
  const calendar = writer.calendar('ana')

  /** One process: opens the file, works, closes it. */
  async function process<T>(work: (deps: WriteBackDeps) => Promise<T>): Promise<T> {
    const database = await openSqlite(
      join(folder, 'me.db'),
      readMigrations(join(import.meta.dirname, '../../../migrations')),
    )
    const mirror = createMirrorStore(database, { tenant: 'local' })
    const { connectionOf } = memoryAccounts({ accounts: [ana], calendars: [], writer })
    try {
      const budget = { requests: 1_000, untilAt: now + hour }
      return await work({ accounts: { mirror, connectionOf }, tenant: 'local', now: () => now, budget })
    } finally {
      await database.close()
    }
  }

  it('is found by the next process, which finishes what was begun and takes everything back', async () => {
    await process(async ({ accounts }) => {
      // Safe because this mirror is the whole store; the use cases see six of its methods.
      const mirror = accounts.mirror as ReturnType<typeof createMirrorStore>
      await mirror.addAccount(ana)
      const listed = { id: 'ana', name: 'Ana', zone: 'Europe/Madrid', ownerAddress: ana.subject, isPrimary: true }
      await mirror.recordListing(ana.id, [{ ...listed, access: 'owner' }], now)
    })
    const meeting = calendar.add({ startAt: monday, endAt: monday + hour, text: 'Hello', title: 'Review' })
    expect(await process(deps => written(deps, addBlock(), setAgenda(meeting)))).toEqual(['confirmed', 'confirmed'])
    const key = calendar.events().find(each => each.key !== null)?.key ?? ''
    writer.fail({ call: 'moveBlock', how: { kind: 'refusal', code: 'unreachable' } })
    expect(await process(deps => written(deps, moveBlock(key)))).toEqual(['open'])
    expect(await process(openWrites)).toMatchObject([{ action: 'move-block', state: 'intended' }])
    expect((await process(resumeWrites)).outcomes).toMatchObject([{ state: 'confirmed' }])
    expect(calendar.events().map(each => each.startAt)).toEqual([monday, monday + 24 * hour])

    const plan = await process(deps => planUndo(deps, { kind: 'all', strangersToo: false }))
    expect(plan.writes.map(write => write.undoes.length)).toEqual([2, 1])
    await process(deps => applyWrites(deps, plan))
    expect(calendar.events()).toMatchObject([{ title: 'Review', text: 'Hello' }])
    const again = await process(deps => planUndo(deps, { kind: 'all', strangersToo: false }))
    expect(again).toMatchObject({ writes: [], settled: [], refusals: [], strangers: [] })
  })
})
