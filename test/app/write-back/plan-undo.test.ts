import { describe, expect, it } from 'vitest'
import { applyWrites } from '../../../src/app/write-back/apply-writes.ts'
import { listBlocks } from '../../../src/app/write-back/list-blocks.ts'
import { planUndo, type UndoChoice } from '../../../src/app/write-back/plan-undo.ts'
import type { CalendarItem } from '../../../src/connectors/connector.ts'
import { storableMask } from '../../../src/domain/meetings/private-event.ts'
import {
  addBlock,
  hour,
  monday,
  moveBlock,
  removeAgenda,
  removeBlock,
  setAgenda,
  type World,
  world,
  written,
} from './world.ts'

const all: UndoChoice = { kind: 'all', strangersToo: false }
const where = { account: null, calendar: null }

async function undone(one: World, choice: UndoChoice = all) {
  const plan = await planUndo(one, choice)
  await applyWrites(one, plan)
  return plan
}

const lastId = (one: World) => [...one.accounts.journal.keys()].at(-1)!
const times = (one: World) => one.calendar.events().map(each => each.startAt - monday)
const blockOf = (one: World) => one.calendar.events().find(each => each.key !== null)!
const stateOf = (one: World, id: string) => one.accounts.journal.get(id)?.state

describe('taking back', () => {
  it('the plan changes nothing; applied, what was created is gone', async () => {
    const one = world()
    await written(one, addBlock())
    const plan = await planUndo(one, all)
    expect(plan.writes).toMatchObject([{ action: 'remove-block', undoes: [blockOf(one).key] }])
    expect(times(one)).toEqual([0])
    const [key] = plan.writes.flatMap(write => write.undoes)
    await applyWrites(one, plan)
    expect(times(one)).toEqual([])
    expect(stateOf(one, key!)).toBe('undone')
  })

  it('twice is once: nothing is left to take back', async () => {
    const one = world()
    await written(one, addBlock())
    await undone(one)
    expect(await planUndo(one, all)).toMatchObject({ writes: [], settled: [], refusals: [], strangers: [] })
  })

  it('a created block goes even when somebody moved it, and the plan says so', async () => {
    const one = world()
    await written(one, addBlock())
    one.calendar.change(blockOf(one).id, { startAt: monday + hour })
    const plan = await undone(one)
    expect(plan.writes[0]?.why).toContain('It was moved since')
    expect(times(one)).toEqual([])
  })

  it('a moved block goes back where it was; the block itself stays', async () => {
    const one = world()
    await written(one, addBlock())
    await written(one, moveBlock(blockOf(one).key!))
    await undone(one, { kind: 'ids', ids: [lastId(one)] })
    expect(times(one)).toEqual([0])
  })

  it('two moves become one way back', async () => {
    const one = world()
    await written(one, addBlock())
    one.advance(hour)
    const since = one.now()
    await written(one, moveBlock(blockOf(one).key!))
    await written(one, moveBlock(blockOf(one).key!, { startWall: Date.UTC(2026, 10, 25, 9) }))
    const plan = await undone(one, { kind: 'since', since })
    expect(plan.writes).toMatchObject([{ action: 'move-block', after: { startAt: monday } }])
    expect(plan.writes[0]?.undoes).toHaveLength(2)
    expect(times(one)).toEqual([0])
  })

  it('a block that somebody moved again is left, with a sentence', async () => {
    const one = world()
    await written(one, addBlock())
    await written(one, moveBlock(blockOf(one).key!))
    one.calendar.change(blockOf(one).id, { startAt: monday + 30 * hour, endAt: monday + 31 * hour })
    const plan = await undone(one, { kind: 'ids', ids: [lastId(one)] })
    expect(plan.refusals).toMatchObject([{ reason: 'changed' }])
    expect(times(one)).toEqual([30 * hour])
  })

  it('a move whose block is gone, or back already, needs no call and is closed', async () => {
    for (const by of ['gone', 'back'] as const) {
      const one = world()
      await written(one, addBlock())
      await written(one, moveBlock(blockOf(one).key!))
      const id = lastId(one)
      if (by === 'gone') one.calendar.remove(blockOf(one).id)
      else one.calendar.change(blockOf(one).id, { startAt: monday, endAt: monday + 2 * hour })
      const plan = await undone(one, { kind: 'ids', ids: [id] })
      expect(plan).toMatchObject({ writes: [], settled: [{ ids: [id] }] })
      expect(stateOf(one, id)).toBe('undone')
    }
  })

  it('a removed block comes back when only its removal is taken back, and goes with everything', async () => {
    const one = world()
    await written(one, addBlock({ title: 'Writing' }))
    await written(one, removeBlock(blockOf(one).key!))
    await undone(one, { kind: 'ids', ids: [lastId(one)] })
    expect(one.calendar.events()).toMatchObject([{ title: 'Writing', startAt: monday }])
    await undone(one)
    expect(times(one)).toEqual([])
  })

  it('made and removed is nothing: taking everything back brings nothing', async () => {
    const one = world()
    await written(one, addBlock())
    await written(one, removeBlock(blockOf(one).key!))
    const plan = await undone(one)
    expect(plan.writes).toEqual([])
    expect(plan.settled[0]?.ids).toHaveLength(2)
    expect(times(one)).toEqual([])
  })

  it('a removed block whose time is over is not brought back', async () => {
    const one = world()
    await written(one, addBlock())
    await written(one, removeBlock(blockOf(one).key!))
    one.advance(7 * 24 * hour)
    const plan = await planUndo(one, { kind: 'ids', ids: [lastId(one)] })
    expect(plan).toMatchObject({ writes: [], refusals: [{ reason: 'bad-time' }] })
  })

  it('our text goes from invitations, and what people wrote stays', async () => {
    const one = world()
    const id = one.calendar.add({ startAt: monday, endAt: monday + hour, text: 'Hello' })
    await written(one, setAgenda(id))
    await written(one, setAgenda(id, 'Other words'))
    one.calendar.change(id, { text: `Coffee first.\n${one.calendar.events()[0]!.text}` })
    await undone(one)
    expect(one.calendar.events()).toMatchObject([{ text: 'Coffee first.\nHello' }])
  })

  it('one text of two becomes again the first; a text taken out comes back', async () => {
    const one = world()
    const id = one.calendar.add({ startAt: monday, endAt: monday + hour, text: 'Hello' })
    await written(one, setAgenda(id, 'First'))
    await written(one, setAgenda(id, 'Second'))
    await undone(one, { kind: 'ids', ids: [lastId(one)] })
    expect(one.calendar.events()[0]?.text).toContain('First')
    await written(one, removeAgenda(id))
    expect(one.calendar.events()[0]?.text).toBe('Hello')
    await undone(one, { kind: 'ids', ids: [lastId(one)] })
    expect(one.calendar.events()[0]?.text).toContain('First')
  })

  it('our text that somebody edited is left, unless everything goes', async () => {
    const one = world()
    const id = one.calendar.add({ startAt: monday, endAt: monday + hour, text: 'Hello' })
    await written(one, setAgenda(id))
    const edited = one.calendar.events()[0]!.text.replace('Which queue?', 'Which queues?')
    one.calendar.change(id, { text: edited })
    const plan = await undone(one, { kind: 'ids', ids: [lastId(one)] })
    expect(plan.refusals).toMatchObject([{ reason: 'changed' }])
    expect(one.calendar.events()).toMatchObject([{ text: edited }])
    await undone(one)
    expect(one.calendar.events()).toMatchObject([{ text: 'Hello' }])
  })

  it('a write nobody saw the end of is taken back too, and is not resumed afterwards', async () => {
    const one = world()
    one.writer.fail({ call: 'createBlock', how: { kind: 'refusal', code: 'unreachable' } })
    expect(await written(one, addBlock())).toEqual(['open'])
    const plan = await undone(one)
    expect(plan.settled).toHaveLength(1)
    expect([...one.accounts.journal.values()].map(entry => entry.state)).toEqual(['undone'])
  })

  it('taking back that is not finished waits for itself', async () => {
    const one = world()
    await written(one, addBlock())
    one.writer.fail({ call: 'removeBlock', how: { kind: 'refusal', code: 'unreachable' } })
    await undone(one)
    expect((await planUndo(one, all)).refusals).toMatchObject([{ reason: 'unfinished' }])
  })

  it('everything means everything: what a lost journal knew is not brought back', async () => {
    const one = world()
    const id = one.calendar.add({ startAt: monday, endAt: monday + hour, text: 'Hello', title: 'Review' })
    await written(one, addBlock(), setAgenda(id, 'First'))
    one.accounts.forget()
    await written(one, removeBlock(blockOf(one).key!), setAgenda(id, 'Second'))
    await undone(one)
    expect(one.calendar.events()).toMatchObject([{ title: 'Review', text: 'Hello' }])
  })

  it('only what was written since', async () => {
    const one = world()
    await written(one, addBlock())
    one.advance(hour)
    await written(one, addBlock({ purpose: 'later', title: 'Later' }))
    await undone(one, { kind: 'since', since: one.now() })
    expect(one.calendar.events()).toMatchObject([{ title: 'Focus time' }])
  })

  it('never touches what is not ours', async () => {
    const one = world()
    one.calendar.add({ startAt: monday, endAt: monday + hour, title: 'Focus time' })
    await undone(one, { kind: 'all', strangersToo: true })
    expect(one.calendar.events()).toHaveLength(1)
  })

  it.each([
    ['an id nobody has', 'abcdef', 'The journal has no write "abcdef"'],
    ['too few characters', 'abc', 'The journal has no write'],
  ])('%s is wrong use', async (_, id, words) => {
    await expect(planUndo(world(), { kind: 'ids', ids: [id] })).rejects.toThrow(words)
  })

  it('what was taken back, and what took it back, are not taken back again', async () => {
    const one = world()
    await written(one, addBlock())
    const made = lastId(one)
    await undone(one)
    await expect(planUndo(one, { kind: 'ids', ids: [made] })).rejects.toThrow('was taken back already')
    await expect(planUndo(one, { kind: 'ids', ids: [lastId(one)] })).rejects.toThrow('took another one back')
  })
})

describe('blocks with our marker that no journal knows', () => {
  const forgetful = async () => {
    const one = world()
    await written(one, addBlock())
    one.accounts.forget()
    return one
  }

  it('are listed, and left', async () => {
    const one = await forgetful()
    const plan = await undone(one)
    expect(plan).toMatchObject({ writes: [], strangers: [{ title: 'Focus time', startAt: monday }] })
    expect(times(one)).toEqual([0])
  })

  it('go when that is asked for', async () => {
    const one = await forgetful()
    await undone(one, { kind: 'all', strangersToo: true })
    expect(times(one)).toEqual([])
  })

  it('are also those of an account that was removed and connected again: the journal kept no texts', async () => {
    const one = world()
    await written(one, addBlock())
    for (const entry of one.accounts.journal.values()) {
      await one.accounts.mirror.saveWrite({ ...entry, detail: '{}', calendarId: '', sentence: null })
    }
    const plan = await planUndo(one, all)
    expect(plan).toMatchObject({ writes: [], refusals: [], strangers: [{ title: 'Focus time' }] })
    expect(plan.notes).toEqual([expect.stringContaining('One write is not known any more')])
  })

  it('stand in the list of blocks, marked as unknown', async () => {
    const one = await forgetful()
    await written(one, addBlock({ purpose: 'second', startWall: Date.UTC(2026, 10, 23, 10) }))
    const { blocks } = await listBlocks(one, where, { startAt: monday, endAt: monday + 24 * hour })
    expect(blocks.map(each => each.inJournal)).toEqual([false, true])
  })
})

describe('the list of what is ours', () => {
  it('holds blocks, agendas that stand, and writes that are not finished', async () => {
    const one = world()
    const [first, second] = [hour, 2 * hour].map(after =>
      one.calendar.add({ startAt: monday + after, endAt: monday + after + hour }),
    )
    await written(one, addBlock(), setAgenda(first!), setAgenda(second!))
    await written(one, removeAgenda(first!))
    one.writer.fail({ call: 'moveBlock', how: { kind: 'refusal', code: 'busy' } })
    await written(one, moveBlock(blockOf(one).key!))
    const list = await listBlocks(one, where, { startAt: monday, endAt: monday + 24 * hour })
    expect(list.blocks).toMatchObject([{ title: 'Focus time', inJournal: true }])
    expect(list.agendas).toMatchObject([{ write: { itemId: second } }])
    expect(list.open).toMatchObject([{ action: 'move-block', state: 'intended' }])
  })

  it('the title of an invitation is shown as the calendar has it now, and is not in the journal', async () => {
    const items: CalendarItem[] = []
    const one = world(items)
    const itemId = one.calendar.add({ startAt: monday, endAt: monday + hour, title: 'Marmalade talks' })
    const [event] = one.writer.eventsOf('ana')
    items.push({ id: itemId, etag: '1', seriesItemId: null, content: { kind: 'events', events: [event!] } })
    await written(one, setAgenda(itemId))
    expect(JSON.stringify([...one.accounts.journal.values()])).not.toContain('Marmalade')

    const shown = async () => (await listBlocks(one, where, { startAt: monday, endAt: monday + hour })).agendas
    expect(await shown()).toMatchObject([{ write: { title: 'Marmalade talks' } }])
    expect((await planUndo(one, all)).writes).toMatchObject([{ title: 'Marmalade talks' }])
    items[0] = { ...items[0]!, content: { kind: 'events', events: [storableMask(event!)] } }
    expect(await shown()).toMatchObject([{ write: { title: null } }])
    expect((await planUndo(one, all)).writes).toMatchObject([{ title: null }])
  })
})
