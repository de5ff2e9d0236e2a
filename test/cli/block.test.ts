import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hour, monday, now, type World, world } from '../app/write-back/world.ts'
import { accountNamed, calendarOf, memoryAccounts } from '../fakes/memory-accounts.ts'
import { memoryWriter } from '../fakes/memory-writer.ts'
import type { CliWorld } from '../support/cli.ts'
import { cli } from '../support/cli.ts'

const nine = ['--start', '2026-11-23T09:00', '--end', '2026-11-23T11:00']

async function run(one: Pick<World, 'accounts'>, ...argv: readonly string[]) {
  // Safe because writing back uses six methods of the mirror, and the double has them.
  const live = { ...one.accounts, close: async () => {} } as unknown as NonNullable<CliWorld['live']>
  return cli([...argv, '--db', 'me.db'], { live, now })
}

const writes = (out: string) => JSON.parse(out).writes

describe('minutewise block', () => {
  it('add shows the plan, says that nothing was changed, and changes nothing', async () => {
    const one = world()
    const { code, out, err } = await run(one, 'block', 'add', ...nine)
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toMatchInlineSnapshot(`
      "1 write planned.

      Create a block "Focus time" · ana@lantern.example
        When: Mon 23 Nov 2026, 09:00–11:00 Europe/Madrid (focus, shown as busy)
        Why: Keeps this time free for work.
        Id: vigt54mm

      Nothing was changed. To do this, run the command again with --apply.
      "
    `)
    expect(one.calendar.events()).toEqual([])
  })

  it('add --apply writes, reads back and says so', async () => {
    const one = world()
    const { code, out } = await run(one, 'block', 'add', ...nine, '--kind', 'hold', '--title', 'Review', '--apply')
    expect(code).toBe(0)
    expect(out).toMatchInlineSnapshot(`
      "1 write done and read back.

      Done: create a block "Review" · ana@lantern.example
        When: Mon 23 Nov 2026, 09:00–11:00 Europe/Madrid (hold, shown as tentative)
        Id: 9go0d4vn
      "
    `)
    expect(one.calendar.events()).toMatchObject([{ title: 'Review', kind: 'hold', startAt: monday }])
  })

  it('asked twice it is there once, and that is no failure', async () => {
    const one = world()
    await run(one, 'block', 'add', ...nine, '--apply')
    const { code, out } = await run(one, 'block', 'add', ...nine, '--apply')
    expect(code).toBe(0)
    expect(out).toContain('This block is on the calendar already.')
    expect(one.calendar.events()).toHaveLength(1)
  })

  it('times are on the wall of --zone', async () => {
    const one = world()
    const { out } = await run(one, 'block', 'add', ...nine, '--zone', 'Asia/Kathmandu', '--json')
    expect(writes(out)).toMatchObject([{ after: { start: '2026-11-23T03:15:00Z', end: '2026-11-23T05:15:00Z' } }])
  })

  it('moves, lists, removes and takes back by the end of the key', async () => {
    const one = world()
    await run(one, 'block', 'add', ...nine, '--apply')
    const list = await run(one, 'block', 'list')
    expect(list.out).toMatchInlineSnapshot(`
      "1 block of ours.

      Mon 23 Nov 2026, 09:00–11:00 Europe/Madrid · Focus time
        vigt54mm · focus, shown as busy · ana@lantern.example
      "
    `)
    const key = one.calendar.events()[0]!.key!.slice(-8)
    expect(list.out).toContain(key)

    const moved = await run(one, 'block', 'move', key, '--start', '2026-11-24T09:00', '--apply')
    expect(moved.code).toBe(0)
    expect(one.calendar.events()).toMatchObject([{ startAt: monday + 24 * hour, endAt: monday + 26 * hour }])
    const back = await run(one, 'block', 'undo', '--id', [...one.accounts.journal.keys()].at(-1)!.slice(-8), '--apply')
    expect(back.code).toBe(0)
    expect(one.calendar.events()).toMatchObject([{ startAt: monday }])

    expect((await run(one, 'block', 'remove', key)).code).toBe(0)
    expect(one.calendar.events()).toHaveLength(1)
    expect((await run(one, 'block', 'remove', key, '--apply')).code).toBe(0)
    expect(one.calendar.events()).toEqual([])
  })

  it('undo --all shows first, then takes back blocks and agendas', async () => {
    const one = world()
    const id = one.calendar.add({ startAt: monday, endAt: monday + hour, text: 'Hello', title: 'Review' })
    await run(one, 'block', 'add', ...nine, '--apply')
    await run(one, 'agenda', 'set', '--event', id, '--text', '1. Queue', '--apply')
    const plan = await run(one, 'block', 'undo', '--all')
    expect(plan.out).toContain('2 writes planned.')
    expect(one.calendar.events()).toHaveLength(2)
    const done = await run(one, 'block', 'undo', '--all', '--apply')
    expect(done.out).toContain('2 writes done and read back.')
    expect(one.calendar.events()).toMatchObject([{ title: 'Review', text: 'Hello' }])
  })

  it('a broken run is named by the next one, shown by resume, and finished by resume --apply', async () => {
    const one = world()
    one.writer.fail({ call: 'createBlock', how: { kind: 'refusal', code: 'unreachable' } })
    const broken = await run(one, 'block', 'add', ...nine, '--apply')
    expect(broken.code).toBe(4)
    expect(broken.out).toContain('Not known: create a block "Focus time"')
    const next = await run(one, 'block', 'add', '--start', '2026-11-25T09:00', '--end', '2026-11-25T10:00')
    expect(next.err).toBe('minutewise: a write of an earlier run is not finished. See minutewise block resume.\n')
    const shown = await run(one, 'block', 'resume')
    expect(shown.out).toContain('1 write not finished.')
    expect(one.calendar.events()).toEqual([])
    const finished = await run(one, 'block', 'resume', '--apply')
    expect(finished).toMatchObject({ code: 0, out: expect.stringContaining('1 write done and read back.') })
    expect(one.calendar.events()).toHaveLength(1)
    expect((await run(one, 'block', 'resume')).out).toBe('Every write is finished.\n')
  })

  it('an account connected for reading is refused with the command that gives leave', async () => {
    const reader = accountNamed('ana@lantern.example', 'content')
    const accounts = memoryAccounts({
      accounts: [reader],
      calendars: [calendarOf(reader, 'ana')],
      writer: memoryWriter(),
    })
    const plan = await run({ accounts }, 'block', 'add', ...nine)
    expect(plan.code).toBe(0)
    expect(plan.out.replace(/\s+/g, ' ')).toContain('run minutewise connect google --tier write-back')
    expect(plan.out).toContain('Nothing was changed.')
    expect((await run({ accounts }, 'block', 'add', ...nine, '--apply')).code).toBe(4)
  })

  it('--json is one shape for plans and for what became of them', async () => {
    const one = world()
    const plan = JSON.parse((await run(one, 'block', 'add', ...nine, '--json')).out)
    const done = JSON.parse((await run(one, 'block', 'add', ...nine, '--json', '--apply')).out)
    expect(plan).toMatchObject({ schema: 'minutewise/writes/1', applied: false, writes: [{ state: 'planned' }] })
    expect(done).toMatchObject({ schema: 'minutewise/writes/1', applied: true, writes: [{ state: 'confirmed' }] })
    expect(Object.keys(done)).toEqual(Object.keys(plan))
    expect(Object.keys(done.writes[0])).toEqual(Object.keys(plan.writes[0]))
    const list = JSON.parse((await run(one, 'block', 'list', '--json')).out)
    expect(list.blocks).toMatchObject([{ title: 'Focus time', start: '2026-11-23T08:00:00Z', inJournal: true }])
  })

  it('titles of calendars and blocks cannot command a terminal', async () => {
    const one = world()
    const { out } = await run(one, 'block', 'add', ...nine, '--title', 'Focus\u001b[31m\u202ered')
    expect(out).toContain('"Focusred"')
    expect(out).not.toContain('\u001b')
  })

  it.each([
    [['block'], 'block needs a verb: add, move, remove, list, undo or resume'],
    [['block', 'ad'], 'block cannot "ad"'],
    [['block', 'add'], 'block add needs --start and --end'],
    [['block', 'add', 'x', ...nine], 'block add takes no block; "x" is too much'],
    [['block', 'add', ...nine, '--kind', 'soft'], '--kind takes focus or hold; "soft" is neither'],
    [['block', 'add', '--start', '2026-11-23', '--end', '2026-11-24'], '"2026-11-23" is not one'],
    [['block', 'add', '--start', '2026-02-30T09:00', '--end', '2026-11-24T09:00'], '"2026-02-30T09:00" is not one'],
    [['block', 'add', '--start', '2026-11-23T24:00', '--end', '2026-11-24T09:00'], '"2026-11-23T24:00" is not one'],
    [['block', 'move'], 'block move needs a block'],
    [['block', 'move', 'abcdef'], 'block move needs --start'],
    [['block', 'undo'], 'block undo takes one of --all, --id ID and --since MOMENT'],
    [['block', 'undo', '--all', '--since', '2026-11-20'], 'block undo takes one of'],
    [['block', 'undo', '--since', 'yesterday'], '"yesterday" is not one'],
    [['block', 'undo', '--id', 'abcdef', '--strangers'], '--strangers goes with undo --all'],
    [['agenda'], 'agenda needs a verb: set or remove'],
    [['agenda', 'set', '--text', 'x'], 'agenda set needs --event'],
    [['agenda', 'set', '--event', 'x'], 'agenda set takes one of --text TEXT and --file FILE'],
  ])('%j is wrong use', async (argv, words) => {
    const { code, out, err } = await run(world(), ...argv)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(words)
  })
})

describe('minutewise agenda', () => {
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'minutewise-agenda-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('set shows the text before and after, then writes it from a file', async () => {
    const one = world()
    const id = one.calendar.add({ startAt: monday, endAt: monday + hour, text: 'Hello' })
    const file = join(folder, 'agenda.txt')
    writeFileSync(file, '1. Which queue?\n2. Who?\n')
    const plan = await run(one, 'agenda', 'set', '--event', id, '--file', file)
    expect(plan.out).toMatchInlineSnapshot(`
      "1 write planned.

      Set an agenda "(no title)" · ana@lantern.example
        Before: no text of ours
        After:
          | 1. Which queue?
          | 2. Who?
        Why: You asked for an agenda in your invitation.
        Id: nrdsec01

      ! The title of this event is not known here. Make sure that it is the one you
      mean.

      Nothing was changed. To do this, run the command again with --apply.
      "
    `)
    expect(one.calendar.events()).toMatchObject([{ text: 'Hello' }])
    expect((await run(one, 'agenda', 'set', '--event', id, '--file', file, '--apply')).code).toBe(0)
    expect(one.calendar.events()[0]?.text).toContain('1. Which queue?\n2. Who?')
    expect((await run(one, 'agenda', 'remove', '--event', id, '--apply')).code).toBe(0)
    expect(one.calendar.events()).toMatchObject([{ text: 'Hello' }])
  })

  it('not into an invitation of somebody else, with what to do instead', async () => {
    const one = world()
    const id = one.calendar.add({ startAt: monday, endAt: monday + hour, isOrganizer: false })
    const { code, out } = await run(one, 'agenda', 'set', '--event', id, '--text', 'x', '--apply')
    expect(code).toBe(4)
    expect(out).toContain('Will not set an agenda')
    expect(out).toContain('Send them the agenda instead.')
  })
})
