import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Block, CalendarRef, CalendarWriter, ItemId, TickBudget } from '../../src/connectors/connector.ts'
import { blockKeyPrefix, isOwnBlock } from '../../src/domain/focus/own-block.ts'
import type { CalendarEvent } from '../../src/domain/meetings/calendar-event.ts'
import { PortError } from '../../src/port-error.ts'

/** One account at one provider with one calendar it may write, fresh for every test. */
export interface WriterWorld {
  readonly writer: CalendarWriter
  readonly calendar: CalendarRef
  /** What the provider truly holds on the calendar now, whoever wrote it; asked past the writer. */
  truth(): Promise<readonly TrueEvent[]>
  /** Somebody else's program makes an event without our marker. */
  createForeign(event: { readonly title: string; readonly startAt: number; readonly endAt: number }): Promise<ItemId>
  /** A meeting with guests and an invitation text; `ours` when the account organizes it. */
  createMeeting(meeting: {
    readonly title: string
    readonly startAt: number
    readonly endAt: number
    readonly text: string
    readonly ours: boolean
  }): Promise<ItemId>
  /** A person changes an event in their own program, past the writer. The etag changes with it. */
  changeByHand(
    itemId: ItemId,
    change: { readonly title?: string; readonly startAt?: number; readonly endAt?: number; readonly text?: string },
  ): Promise<void>
  removeByHand(itemId: ItemId): Promise<void>
  /** How the next request that changes something goes wrong. */
  breakNextWrite(how: WriteFault): Promise<void>
  /** Messages the provider sent to guests since the world was made. */
  messagesToGuests(): Promise<number>
  /** The events the reader makes of the calendar, for recognising our own; null where the world has no reader. */
  readonly readBack: (() => Promise<readonly CalendarEvent[]>) | null
  /**
   * The provider keeps invitation text byte for byte. Where it does not (HTML rewritten by Exchange), the words around
   * ours are compared without tags and white space.
   */
  readonly keepsTextExactly: boolean
  close(): Promise<void>
}

/** `lost-answer`: done, and nobody hears of it. `refusal`: answered with a definite no, not done. */
export type WriteFault = 'lost-answer' | 'refusal'

export interface TrueEvent {
  readonly itemId: ItemId
  readonly title: string | null
  readonly startAt: number
  readonly endAt: number
  /** The whole invitation text. */
  readonly text: string
  readonly guests: number
}

/** Every promise of `CalendarWriter`, one test each. A writer is one when it passes. */
export function writerContract(name: string, make: () => Promise<WriterWorld>): void {
  describe(`${name} keeps the promises of a calendar writer`, () => {
    let world: WriterWorld
    beforeEach(async () => {
      world = await make()
    })
    afterEach(() => world.close())

    const create = (block: Block = focusBlock()) => world.writer.createBlock(world.calendar, block, budget())
    const find = (key = focusBlock().key) => world.writer.findBlock(world.calendar, key, budget())
    const oneTrue = async (itemId: ItemId) => (await world.truth()).find(event => event.itemId === itemId)

    describe('blocks', () => {
      it('a created block is on the calendar: title, times, no guests, and nobody was told', async () => {
        const written = await create()
        expect(await world.truth()).toEqual([
          expect.objectContaining({
            itemId: written.itemId,
            title: 'Focus time',
            startAt: nineOClock,
            endAt: nineOClock + 2 * hour,
            guests: 0,
          }),
        ])
        expect(written).toMatchObject({ key: focusBlock().key, title: 'Focus time', startAt: nineOClock })
        expect(written.etag).not.toBe('')
        expect(await world.messagesToGuests()).toBe(0)
      })

      it('a focus block is focus time or busy; a hold is tentative, or busy where the calendar knows nothing softer', async () => {
        expect(['focus-time', 'busy']).toContain((await create()).as)
        const hold = { ...focusBlock(), key: keyOf('hold'), title: 'Hold', kind: 'hold' } as const
        expect(['tentative', 'busy']).toContain((await create(hold)).as)
      })

      it('the same key twice is one block, given back as it is', async () => {
        const first = await create()
        const second = await create()
        expect(second.itemId).toBe(first.itemId)
        expect(await world.truth()).toHaveLength(1)
      })

      it('the same key twice does not take a block back to where it was: a person moved it meanwhile', async () => {
        const { itemId } = await create()
        await world.changeByHand(itemId, { startAt: nineOClock + hour, endAt: nineOClock + 3 * hour })
        expect((await create()).startAt).toBe(nineOClock + hour)
        expect(await world.truth()).toEqual([expect.objectContaining({ startAt: nineOClock + hour })])
      })

      it('two keys in the same time are two blocks', async () => {
        await create()
        await create({ ...focusBlock(), key: keyOf('another') })
        expect(await world.truth()).toHaveLength(2)
      })

      it('a block whose answer was lost is one block after asking again', async () => {
        await world.breakNextWrite('lost-answer')
        await create().catch(expectPortError)
        const again = await create()
        expect(await world.truth()).toEqual([expect.objectContaining({ itemId: again.itemId })])
      })

      it('a refused block is a definite error, and is not there', async () => {
        await world.breakNextWrite('refusal')
        await expect(create()).rejects.toSatisfy(isDefinite)
        expect(await world.truth()).toEqual([])
        expect(await find()).toBeNull()
      })

      it('findBlock shows what the provider has: the block, its changes, and nothing once it is gone', async () => {
        expect(await find()).toBeNull()
        const written = await create()
        expect(await find()).toEqual(written)
        await world.changeByHand(written.itemId, { title: 'Writing' })
        const changed = await find()
        expect(changed).toMatchObject({ itemId: written.itemId, title: 'Writing' })
        expect(changed?.etag).not.toBe(written.etag)
        await world.removeByHand(written.itemId)
        expect(await find()).toBeNull()
      })

      it('moves a block: other times, the same item, key and title', async () => {
        const written = await create()
        const moved = await world.writer.moveBlock(world.calendar, shift(written), budget())
        expect(moved).toMatchObject({ itemId: written.itemId, key: written.key, startAt: nineOClock + 24 * hour })
        expect(await world.truth()).toEqual([
          expect.objectContaining({
            itemId: written.itemId,
            title: 'Focus time',
            startAt: nineOClock + 24 * hour,
            endAt: nineOClock + 26 * hour,
          }),
        ])
        expect(await find()).toEqual(moved)
      })

      it('does not move what was changed since: conflict, and the person’s change stays', async () => {
        const written = await create()
        await world.changeByHand(written.itemId, { title: 'Writing' })
        const refused = world.writer.moveBlock(world.calendar, shift(written), budget())
        await expect(refused).rejects.toMatchObject({ code: 'conflict' })
        expect(await oneTrue(written.itemId)).toMatchObject({ title: 'Writing', startAt: nineOClock })
      })

      it('does not move what is gone: not-found', async () => {
        const written = await create()
        await world.removeByHand(written.itemId)
        const refused = world.writer.moveBlock(world.calendar, shift(written), budget())
        await expect(refused).rejects.toMatchObject({ code: 'not-found' })
        expect(await world.truth()).toEqual([])
      })

      it('a move whose answer was lost is never made twice or half: afterwards the block is in one of the two places', async () => {
        const written = await create()
        await world.breakNextWrite('lost-answer')
        await world.writer.moveBlock(world.calendar, shift(written), budget()).catch(expectPortError)
        expect(await world.truth()).toEqual([expect.objectContaining({ startAt: nineOClock + 24 * hour })])
        expect(await find()).toMatchObject({ startAt: nineOClock + 24 * hour })
      })

      it('removes a block, and one that is gone already is done', async () => {
        const written = await create()
        await world.writer.removeBlock(world.calendar, written.itemId, budget())
        expect(await world.truth()).toEqual([])
        await world.writer.removeBlock(world.calendar, written.itemId, budget())
        expect(await find()).toBeNull()
      })

      it('a removal whose answer was lost can be asked for again', async () => {
        const written = await create()
        await world.breakNextWrite('lost-answer')
        await world.writer.removeBlock(world.calendar, written.itemId, budget()).catch(expectPortError)
        await world.writer.removeBlock(world.calendar, written.itemId, budget())
        expect(await world.truth()).toEqual([])
      })

      it('a key whose block was removed is never reported as there without being there', async () => {
        const written = await create()
        await world.writer.removeBlock(world.calendar, written.itemId, budget())
        const again = await create().catch((error: unknown) => {
          expect(error).toMatchObject({ code: 'conflict' })
          return null
        })
        expect(await world.truth()).toHaveLength(again === null ? 0 : 1)
        expect((await find())?.itemId ?? null).toBe(again?.itemId ?? null)
      })

      it('never touches what is not ours: denied, and it stays as it was', async () => {
        const itemId = await world.createForeign({
          title: 'Dentist',
          startAt: nineOClock,
          endAt: nineOClock + hour,
        })
        const [before] = await world.truth()
        const { etag } = await world.writer.readAgenda(world.calendar, itemId, budget())
        const removed = world.writer.removeBlock(world.calendar, itemId, budget())
        await expect(removed).rejects.toMatchObject({ code: 'denied' })
        const moved = world.writer.moveBlock(
          world.calendar,
          { itemId, etag, startAt: nineOClock + hour, endAt: nineOClock + 2 * hour, zone: 'UTC' },
          budget(),
        )
        await expect(moved).rejects.toMatchObject({ code: 'denied' })
        expect(await world.truth()).toEqual([before])
      })

      it('lists all that carries our marker in the window, by whomever remembered, and nothing else', async () => {
        const inside = await create()
        await create({
          ...focusBlock(),
          key: keyOf('far'),
          startAt: nineOClock + 100 * 24 * hour,
          endAt: nineOClock + 100 * 24 * hour + hour,
        })
        await world.createForeign({ title: 'Focus time', startAt: nineOClock, endAt: nineOClock + hour })
        const window = { startAt: nineOClock - hour, endAt: nineOClock + 24 * hour }
        expect(await world.writer.listBlocks(world.calendar, window, budget())).toEqual([inside])
      })

      it('our own block is known as ours when the calendar is read', async context => {
        if (world.readBack === null) return context.skip('this world has no reader')
        await create()
        await world.createForeign({ title: 'Focus time', startAt: nineOClock, endAt: nineOClock + hour })
        const read = await world.readBack()
        expect(read.map(isOwnBlock).toSorted()).toEqual([false, true])
      })
    })

    describe('agendas', () => {
      const meeting = (ours = true) =>
        world.createMeeting({
          title: 'Architecture review',
          startAt: nineOClock,
          endAt: nineOClock + hour,
          text: invitation,
          ours,
        })
      const read = (itemId: ItemId) => world.writer.readAgenda(world.calendar, itemId, budget())
      const write = (itemId: ItemId, etag: string, text: string | null) =>
        world.writer.writeAgenda(world.calendar, { itemId, etag, text }, budget())
      const textOf = async (itemId: ItemId) => (await oneTrue(itemId))?.text ?? ''
      const same = (text: string) => (world.keepsTextExactly ? text : bareWords(text))

      it('an event without our text has none, and says who organizes it', async () => {
        expect(await read(await meeting())).toMatchObject({ isOrganizer: true, ours: null })
        expect(await read(await meeting(false))).toMatchObject({ isOrganizer: false, ours: null })
      })

      it('puts our text in beside the invitation, which stays, with nobody told', async () => {
        const itemId = await meeting()
        const written = await write(itemId, (await read(itemId)).etag, agenda)
        expect(written).toMatchObject({ itemId, ours: agenda, isOrganizer: true })
        expect(await read(itemId)).toEqual(written)
        expect(same(await textOf(itemId))).toContain(same(invitation))
        for (const line of agenda.split('\n')) expect(same(await textOf(itemId))).toContain(same(line))
        expect(await world.messagesToGuests()).toBe(0)
      })

      it('writing again replaces our text and adds no second one', async () => {
        const itemId = await meeting()
        const first = await write(itemId, (await read(itemId)).etag, agenda)
        await write(itemId, first.etag, '1. Only this')
        expect(await read(itemId)).toMatchObject({ ours: '1. Only this' })
        expect(same(await textOf(itemId))).not.toContain(same('Which queue do we keep?'))
        expect(same(await textOf(itemId))).toContain(same(invitation))
      })

      it('takes our text out and leaves the invitation as it was', async () => {
        const itemId = await meeting()
        const written = await write(itemId, (await read(itemId)).etag, agenda)
        const out = await write(itemId, written.etag, null)
        expect(out.ours).toBeNull()
        expect(await read(itemId)).toMatchObject({ ours: null })
        expect(same(await textOf(itemId))).toBe(same(invitation))
      })

      it.each(awkwardAgendas)('gives text back as it went in: %s', async (_, text) => {
        const itemId = await meeting()
        await write(itemId, (await read(itemId)).etag, text)
        expect((await read(itemId)).ours).toBe(text)
      })

      it('what a person writes around our text stays when ours is taken out', async () => {
        const itemId = await meeting()
        await write(itemId, (await read(itemId)).etag, agenda)
        const text = await textOf(itemId)
        await world.changeByHand(itemId, { text: `Bring coffee.\n${text}\nSee you.` })
        await write(itemId, (await read(itemId)).etag, null)
        expect(same(await textOf(itemId))).toContain(same('Bring coffee.'))
        expect(same(await textOf(itemId))).toContain(same('See you.'))
        expect(same(await textOf(itemId))).not.toContain(same('Which queue do we keep?'))
      })

      it('not into an event that somebody else organizes: denied, and the text stays', async () => {
        const itemId = await meeting(false)
        const refused = write(itemId, (await read(itemId)).etag, agenda)
        await expect(refused).rejects.toMatchObject({ code: 'denied' })
        expect(same(await textOf(itemId))).toBe(same(invitation))
      })

      it('not over a change since the etag: conflict, and the person’s text stays', async () => {
        const itemId = await meeting()
        const { etag } = await read(itemId)
        await world.changeByHand(itemId, { text: 'All new.' })
        await expect(write(itemId, etag, agenda)).rejects.toMatchObject({ code: 'conflict' })
        expect(same(await textOf(itemId))).toBe(same('All new.'))
      })

      it('an event that is not there is not-found', async () => {
        const itemId = await meeting()
        const { etag } = await read(itemId)
        await world.removeByHand(itemId)
        await expect(read(itemId)).rejects.toMatchObject({ code: 'not-found' })
        await expect(write(itemId, etag, agenda)).rejects.toMatchObject({ code: 'not-found' })
      })

      it('a text whose answer was lost is there once', async () => {
        const itemId = await meeting()
        const { etag } = await read(itemId)
        await world.breakNextWrite('lost-answer')
        await write(itemId, etag, agenda).catch(expectPortError)
        expect((await read(itemId)).ours).toBe(agenda)
        expect(same(await textOf(itemId)).split(same('Which queue do we keep?'))).toHaveLength(2)
      })
    })

    it('a spent budget is paused, and nothing is written', async () => {
      const spent = { requests: 0, untilAt: farAway }
      await expect(world.writer.createBlock(world.calendar, focusBlock(), spent)).rejects.toMatchObject({
        code: 'paused',
      })
      expect(await world.truth()).toEqual([])
    })
  })
}

const hour = 3_600_000
/** Monday 23 November 2026, 09:00 in Madrid. */
const nineOClock = Date.UTC(2026, 10, 23, 8)
const farAway = Date.UTC(2100, 0, 1)

const budget = (): TickBudget => ({ requests: 50, untilAt: farAway })

const focusBlock = (): Block => ({
  key: keyOf('focus'),
  title: 'Focus time',
  startAt: nineOClock,
  endAt: nineOClock + 2 * hour,
  zone: 'Europe/Madrid',
  kind: 'focus',
})

/** As our keys look: the prefix and 32 digits of base32hex. */
function keyOf(word: string): string {
  const digits = [...word].map(letter => (letter.charCodeAt(0) % 32).toString(32)).join('')
  return `${blockKeyPrefix}${digits.padEnd(32, '0')}`
}

const shift = (written: { readonly itemId: ItemId; readonly etag: string }) => ({
  itemId: written.itemId,
  etag: written.etag,
  startAt: nineOClock + 24 * hour,
  endAt: nineOClock + 26 * hour,
  zone: 'Europe/Madrid',
})

const invitation = 'We look at designs before they are built.\n\nDial in: +34 600 000 000 & bring questions.'
const agenda = '1. Which queue do we keep?\n2. Who owns the migration?'

const awkwardAgendas: readonly (readonly [string, string])[] = [
  ['one line', 'Decide the name'],
  ['an empty line in it', 'First\n\nThird'],
  ['signs of HTML', 'a < b && c > "d" <b>bold</b> &amp;'],
  ['signs of iCalendar', String.raw`one, two; three\n four: five`],
  ['signs of replacement', "$& $1 $' $` $$"],
  ['emoji and right to left', '🏗️ Ñandú 会議 שלום'],
]

const bareWords = (text: string) =>
  text
    .replace(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&nbsp;', ' ')
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, '')

const definite: readonly string[] = ['denied', 'read-only', 'rejected', 'conflict', 'not-found', 'unsupported']
const isDefinite = (error: unknown) => error instanceof PortError && definite.includes(error.code)

/** A writer may notice and finish by itself or say that it does not know; it never says no. */
function expectPortError(error: unknown): void {
  expect(error).toBeInstanceOf(PortError)
  expect(isDefinite(error)).toBe(false)
}
