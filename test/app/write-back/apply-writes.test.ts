import { describe, expect, it } from 'vitest'
import { applyWrites } from '../../../src/app/write-back/apply-writes.ts'
import { settleMs } from '../../../src/app/write-back/carry-out.ts'
import { planUndo } from '../../../src/app/write-back/plan-undo.ts'
import { planWrites } from '../../../src/app/write-back/plan-writes.ts'
import { openWrites, resumeWrites } from '../../../src/app/write-back/resume-writes.ts'
import type { WriteBackDeps } from '../../../src/app/write-back/write-back-deps.ts'
import type { CalendarWriter } from '../../../src/connectors/connector.ts'
import type { WritePlan } from '../../../src/domain/focus/write-plan.ts'
import { PortError } from '../../../src/port-error.ts'
import { addBlock, hour, monday, moveBlock, removeBlock, setAgenda, type World, world, written } from './world.ts'

const states = (one: World) => [...one.accounts.journal.values()].map(entry => entry.state)
const seen = (one: World) =>
  one.calendar.events().map(({ title, startAt, endAt, text }) => ({ title, startAt, endAt, text }))

describe('applying a plan', () => {
  it('writes the intent down before the call, and reads back after it', async () => {
    const one = world()
    const trace: string[] = []
    const traced = one.through(
      watched(one.writer, call => trace.push(call)),
      {
        saveWrite: async entry => {
          trace.push(entry.state)
          await one.accounts.mirror.saveWrite(entry)
        },
      },
    )
    const plan = await planWrites(one, [addBlock()])
    await applyWrites(traced, plan)
    expect(trace).toEqual(['intended', 'createBlock', 'sent', 'findBlock', 'confirmed'])
  })

  it('the same plan applied twice does everything once', async () => {
    const one = world()
    const plan = await planWrites(one, [addBlock()])
    expect((await applyWrites(one, plan)).outcomes.map(each => each.state)).toEqual(['confirmed'])
    expect((await applyWrites(one, plan)).outcomes.map(each => each.sentence)).toEqual(['This was done before.'])
    expect(one.writer.calls.filter(call => call === 'createBlock')).toHaveLength(1)
    expect(one.calendar.events()).toHaveLength(1)
  })

  it('nothing goes out when the journal cannot be written', async () => {
    const one = world()
    const plan = await planWrites(one, [addBlock()])
    const full = one.through(one.writer, {
      saveWrite: async () => {
        throw new PortError('full', 'The disk is full.')
      },
    })
    await expect(applyWrites(full, plan)).rejects.toMatchObject({ code: 'full' })
    expect(one.calendar.events()).toEqual([])
  })

  it('a lost answer is looked up at once: done, and done once', async () => {
    const one = world()
    one.writer.fail({ call: 'createBlock', how: { kind: 'lost-answer' } })
    expect(await written(one, addBlock())).toEqual(['confirmed'])
    expect(one.calendar.events()).toHaveLength(1)
  })

  it('no answer at all leaves it open; resuming does it', async () => {
    const one = world()
    one.writer.fail({ call: 'createBlock', how: { kind: 'refusal', code: 'unreachable' } })
    expect(await written(one, addBlock())).toEqual(['open'])
    expect(await openWrites(one)).toHaveLength(1)
    expect((await resumeWrites(one)).outcomes.map(each => each.state)).toEqual(['confirmed'])
    expect(one.calendar.events()).toHaveLength(1)
    expect(await openWrites(one)).toEqual([])
  })

  it('a definite no is refused with the provider’s sentence, and can be planned again', async () => {
    const one = world()
    one.writer.fail({ call: 'createBlock', how: { kind: 'refusal', code: 'denied' } })
    expect(await written(one, addBlock())).toEqual(['refused'])
    expect([...one.accounts.journal.values()][0]?.sentence).toBe('The calendar answered denied.')
    expect(await written(one, addBlock())).toEqual(['confirmed'])
    expect(states(one)).toEqual(['confirmed'])
  })

  it('a conflict that our own lost request caused is no refusal: the look decides', async () => {
    const one = world()
    await written(one, addBlock())
    const [block] = one.calendar.events()
    one.writer.fail({ call: 'moveBlock', how: { kind: 'done-then', code: 'conflict' } })
    expect(await written(one, moveBlock(block!.key!))).toEqual(['confirmed'])
    expect(seen(one)).toMatchObject([{ startAt: monday + 24 * hour }])
  })

  it('a block that a person moves between plan and apply stays where they put it', async () => {
    for (const request of [moveBlock, removeBlock]) {
      const one = world()
      await written(one, addBlock())
      const [block] = one.calendar.events()
      const plan = await planWrites(one, [request(block!.key!)])
      one.calendar.change(block!.id, { startAt: monday + 5 * hour, endAt: monday + 6 * hour })
      const { outcomes } = await applyWrites(one, plan)
      expect(outcomes).toMatchObject([{ state: 'refused' }])
      expect(seen(one)).toMatchObject([{ startAt: monday + 5 * hour }])
    }
  })

  it('an invitation that a person edits between plan and apply keeps their words', async () => {
    const one = world()
    const id = one.calendar.add({ startAt: monday, endAt: monday + hour, text: 'Hello' })
    const plan = await planWrites(one, [setAgenda(id)])
    one.calendar.change(id, { text: 'All new' })
    expect((await applyWrites(one, plan)).outcomes).toMatchObject([{ state: 'refused' }])
    expect(seen(one)).toMatchObject([{ text: 'All new' }])
  })

  it('what is changed right after the call is confirmed, and said to be changed', async () => {
    const one = world()
    await written(one, addBlock())
    const [block] = one.calendar.events()
    one.writer.fail({
      call: 'moveBlock',
      how: { kind: 'afterwards', change: calendar => calendar.change(block!.id, { startAt: 0 }) },
    })
    const plan = await planWrites(one, [moveBlock(block!.key!)])
    expect((await applyWrites(one, plan)).outcomes).toMatchObject([
      { state: 'confirmed', sentence: 'It was done, and changed by somebody since.' },
    ])
  })

  it('a provider behind its own truth leaves it sent; later it is confirmed, and never made twice', async () => {
    const one = world()
    const plan = await planWrites(one, [addBlock()])
    one.writer.fail({ call: 'findBlock', how: { kind: 'stale-look' }, times: 2 })
    expect((await applyWrites(one, plan)).outcomes).toMatchObject([{ state: 'sent' }])
    expect((await resumeWrites(one)).outcomes).toMatchObject([{ state: 'sent' }])
    expect((await resumeWrites(one)).outcomes).toMatchObject([{ state: 'confirmed' }])
    expect(one.writer.calls.filter(call => call === 'createBlock')).toHaveLength(1)
  })

  it('a block that was made, never seen again and is gone a quarter of an hour later is not made again', async () => {
    const one = world()
    const plan = await planWrites(one, [addBlock()])
    one.writer.fail({ call: 'findBlock', how: { kind: 'refusal', code: 'busy' } })
    expect((await applyWrites(one, plan)).outcomes).toMatchObject([{ state: 'sent' }])
    one.calendar.remove(plan.writes[0]!.id)
    one.advance(settleMs)
    expect((await resumeWrites(one)).outcomes).toMatchObject([{ state: 'undone' }])
    expect(one.calendar.events()).toEqual([])
  })

  it('an open move is not tried again on a block that somebody renamed meanwhile', async () => {
    const one = world()
    await written(one, addBlock())
    const [block] = one.calendar.events()
    one.writer.fail({ call: 'moveBlock', how: { kind: 'refusal', code: 'unreachable' } })
    expect(await written(one, moveBlock(block!.key!))).toEqual(['open'])
    one.calendar.change(block!.id, { title: 'Writing' })
    expect((await resumeWrites(one)).outcomes).toMatchObject([{ state: 'refused' }])
    expect(one.writer.calls.filter(call => call === 'moveBlock')).toHaveLength(1)
    expect(seen(one)).toMatchObject([{ title: 'Writing', startAt: monday }])
  })

  it('"changed since" from a provider that shows the block unchanged is no refusal: it is behind its own truth', async () => {
    const one = world()
    await written(one, addBlock())
    const [block] = one.calendar.events()
    const plan = await planWrites(one, [moveBlock(block!.key!)])
    const old = await one.writer.findBlock({ id: 'ana', ownerAddress: null, zone: null }, block!.key!, one.budget)
    one.writer.fail({ call: 'moveBlock', how: { kind: 'done-then', code: 'conflict' } })
    const behind = one.through({ ...one.writer, findBlock: async () => old })
    expect((await applyWrites(behind, plan)).outcomes).toMatchObject([{ state: 'open' }])
    expect((await resumeWrites(one)).outcomes).toMatchObject([{ state: 'confirmed' }])
    expect(seen(one)).toMatchObject([{ startAt: monday + 24 * hour }])
  })

  it('a spent budget begins nothing', async () => {
    const one = world()
    const plan = await planWrites(one, [addBlock(), addBlock({ purpose: 'another' })])
    one.budget.requests = 0
    expect((await applyWrites(one, plan)).outcomes.map(each => each.state)).toEqual(['refused', 'refused'])
    expect(one.accounts.journal.size).toBe(0)
  })

  it('keeps no label in the journal: labels may be addresses', async () => {
    const one = world()
    await written(one, addBlock())
    expect([...one.accounts.journal.values()][0]?.detail).not.toContain('ana@lantern')
  })
})

describe('a run that dies', () => {
  /** Everything the journal can hold, one plan each: its name, what has to stand before, the plan, the truth after. */
  const cases: readonly {
    readonly name: string
    readonly prepare: (one: World) => Promise<void>
    readonly plan: (one: World) => Promise<WritePlan>
    readonly after: readonly object[]
  }[] = [
    {
      name: 'creating two blocks',
      prepare: async () => {},
      plan: one => planWrites(one, [addBlock(), addBlock({ purpose: 'second', title: 'Second' })]),
      after: [{ title: 'Focus time', startAt: monday }, { title: 'Second' }],
    },
    {
      name: 'moving a block',
      prepare: async one => void (await written(one, addBlock())),
      plan: one => planWrites(one, [moveBlock(one.calendar.events()[0]!.key!)]),
      after: [{ title: 'Focus time', startAt: monday + 24 * hour, endAt: monday + 26 * hour }],
    },
    {
      name: 'removing a block',
      prepare: async one => void (await written(one, addBlock())),
      plan: one => planWrites(one, [removeBlock(one.calendar.events()[0]!.key!)]),
      after: [],
    },
    {
      name: 'setting an agenda',
      prepare: async one => void one.calendar.add({ startAt: monday, endAt: monday + hour, text: 'Hello' }),
      plan: one => planWrites(one, [setAgenda(one.calendar.events()[0]!.id)]),
      after: [{ text: 'Hello\n--- Minutewise agenda ---\n1. Which queue?\n--- end of agenda ---' }],
    },
    {
      name: 'taking everything back',
      prepare: async one => {
        one.calendar.add({ startAt: monday, endAt: monday + hour, text: 'Hello', title: 'Review' })
        await written(one, setAgenda(one.calendar.events()[0]!.id), addBlock())
        const block = one.calendar.events().find(each => each.key !== null)
        await written(one, moveBlock(block!.key!))
      },
      plan: one => planUndo(one, { kind: 'all', strangersToo: false }),
      after: [{ title: 'Review', text: 'Hello' }],
    },
  ]

  for (const { name, prepare, plan, after } of cases) {
    for (const when of ['before', 'after'] as const) {
      it(`${name}: at every call, ${when} it is done, and a second run finishes it once`, async () => {
        let deaths = 0
        for (let at = 1; ; at++) {
          const one = world()
          await prepare(one)
          const planned = await plan(one)
          const mortal = dyingAt(one, at, when)
          const died = await applyWrites(mortal, planned).then(
            () => false,
            (error: unknown) => {
              if (error instanceof Death) return true
              throw error
            },
          )
          await resumeWrites(one)
          // What was never begun is begun now; what was begun is not begun again.
          await applyWrites(one, planned)
          expect(seen(one)).toEqual(after.map(each => expect.objectContaining(each)))
          expect(await openWrites(one)).toEqual([])
          for (const write of planned.writes) expect(one.accounts.journal.get(write.id)?.state).toBe('confirmed')
          for (const id of planned.writes.flatMap(write => write.undoes)) {
            expect(one.accounts.journal.get(id)?.state).toBe('undone')
          }
          if (!died) break
          deaths++
        }
        expect(deaths).toBeGreaterThanOrEqual(5)
      })
    }

    it(`${name}: dies again while it resumes, at every call, and still ends well`, async () => {
      for (let at = 1; at <= 12; at++) {
        const one = world()
        await prepare(one)
        const planned = await plan(one)
        await applyWrites(dyingAt(one, 3, 'before'), planned).catch(isDeath)
        await resumeWrites(dyingAt(one, at, 'after')).catch(isDeath)
        await resumeWrites(one)
        await applyWrites(one, planned)
        expect(seen(one)).toEqual(after.map(each => expect.objectContaining(each)))
        expect(await openWrites(one)).toEqual([])
      }
    })

    it(`${name}: with every answer lost once, in turn`, async () => {
      for (let skipped = 0; skipped < 8; skipped++) {
        const one = world()
        await prepare(one)
        const planned = await plan(one)
        one.writer.fail({ after: skipped, times: 3, how: { kind: 'lost-answer' } })
        await applyWrites(one, planned)
        for (let again = 0; again < 4; again++) await resumeWrites(one)
        expect(seen(one)).toEqual(after.map(each => expect.objectContaining(each)))
        expect(await openWrites(one)).toEqual([])
      }
    })
  }
})

class Death extends Error {}

function isDeath(error: unknown): void {
  if (!(error instanceof Death)) throw error
}

/** A process that dies at its nth call, to the calendar or the journal, before or after the call is done. */
function dyingAt(one: World, at: number, when: 'before' | 'after'): WriteBackDeps {
  let calls = 0
  const mortal = async <T>(work: () => Promise<T>): Promise<T> => {
    calls++
    if (calls > at || (calls === at && when === 'before')) throw new Death()
    const result = await work()
    if (calls === at) throw new Death()
    return result
  }
  return one.through(wrapped(one.writer, mortal), {
    saveWrite: entry => mortal(() => one.accounts.mirror.saveWrite(entry)),
    listWrites: () => mortal(() => one.accounts.mirror.listWrites()),
  })
}

function watched(writer: CalendarWriter, onCall: (call: string) => void): CalendarWriter {
  return wrapped(writer, (work, call) => {
    onCall(call)
    return work()
  })
}

function wrapped(
  writer: CalendarWriter,
  around: <T>(work: () => Promise<T>, call: string) => Promise<T>,
): CalendarWriter {
  return {
    createBlock: (...given) => around(() => writer.createBlock(...given), 'createBlock'),
    moveBlock: (...given) => around(() => writer.moveBlock(...given), 'moveBlock'),
    removeBlock: (...given) => around(() => writer.removeBlock(...given), 'removeBlock'),
    findBlock: (...given) => around(() => writer.findBlock(...given), 'findBlock'),
    listBlocks: (...given) => around(() => writer.listBlocks(...given), 'listBlocks'),
    readAgenda: (...given) => around(() => writer.readAgenda(...given), 'readAgenda'),
    writeAgenda: (...given) => around(() => writer.writeAgenda(...given), 'writeAgenda'),
  }
}
