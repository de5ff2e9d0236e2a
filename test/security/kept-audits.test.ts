/** An audit that was kept must not outlive what it was made of (ASVS 5.0: 14.2.4, 14.2.7). */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { weekMs } from '../../src/domain/time/types.ts'
import { ana, anHour, isInFiles, type LiveWorld, liveWorld, worldNow } from '../known-bugs/live-world.ts'

let folder: string
let world: LiveWorld
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'minutewise-kept-'))
  world = await liveWorld({ path: join(folder, 'live.db') })
})
afterEach(async () => {
  await world.close()
  rmSync(folder, { recursive: true, force: true })
})

const words = ['Marmalade', 'apricot', 'mallory@lamps.example', 'tellinguid']

async function auditedAccount() {
  const accountId = await world.addGoogle(ana)
  const calendar = world.google.user(ana).calendar
  const event = calendar.insert(
    anHour('Marmalade talks', new Date(worldNow - 8 * weekMs).toISOString(), {
      id: 'tellinguid',
      description: 'Agenda: decide about apricot jam',
      recurrence: ['RRULE:FREQ=WEEKLY;COUNT=8'],
      attendees: [{ email: ana }, { email: 'mallory@lamps.example' }, { email: 'ben@lamps.example' }],
    }),
  )
  await world.sync()
  expect((await world.audit({ me: ana })).series.map(({ title }) => title)).toEqual(['Marmalade talks'])
  return { accountId, calendar, event }
}

test('what turns private is nowhere in the file, whatever was audited before', async () => {
  const { calendar, event } = await auditedAccount()
  expect(isInFiles(folder, 'Marmalade')).toBe(true)
  calendar.patch(event.id ?? '', { visibility: 'private' })
  await world.sync()
  // the address of a guest may be known from elsewhere, titles and texts are not
  expect(['Marmalade', 'apricot'].filter(word => isInFiles(folder, word))).toEqual([])
})

test('the next audit still says what changed since, without the words of the last one', async () => {
  const { calendar, event } = await auditedAccount()
  calendar.insert(
    anHour('Quince club', new Date(worldNow - 8 * weekMs + 86_400_000).toISOString(), {
      recurrence: ['RRULE:FREQ=WEEKLY;COUNT=8'],
      attendees: [{ email: ana }, { email: 'ben@lamps.example' }],
    }),
  )
  calendar.patch(event.id ?? '', { status: 'cancelled' })
  world.clock.advance(1_000)
  await world.sync()
  const { changes } = await world.audit({ me: ana, now: worldNow + 60_000 })
  expect(changes).toMatchObject({ appeared: ['Quince club'], disappeared: ['number 1 of that audit'] })
})

test('with its account goes everything, kept audits included', async () => {
  const { accountId } = await auditedAccount()
  expect(words.filter(word => isInFiles(folder, word))).not.toEqual([])
  await world.mirror.removeAccount(accountId)
  await world.mirror.settle()
  expect([...words, ana].filter(word => isInFiles(folder, word))).toEqual([])
  for (const table of ['audits', 'audit_report_parts', 'audit_series', 'audit_occurrences']) {
    expect(await world.database.all({ sql: `SELECT * FROM ${table}`, params: [] })).toEqual([])
  }
})
