import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Block, CalendarWriter } from '../../../src/connectors/connector.ts'
import { hourMs } from '../../../src/domain/time/types.ts'
import type { FakeCalendar } from '../../fakes/google/fake-calendar.ts'
import { ana, at, type GoogleWorld, googleWorld, moment, plenty, refOf } from './google-world.ts'

const nineOClock = at('2026-03-04T08:00Z')
const block: Block = {
  key: 'minute1abcdefghijklmnopqrstuv0123456789',
  title: 'Focus time',
  startAt: nineOClock,
  endAt: nineOClock + 2 * hourMs,
  zone: 'Europe/Madrid',
  kind: 'focus',
}

let world: GoogleWorld
let calendar: FakeCalendar
let writer: CalendarWriter
beforeEach(async () => {
  world = await googleWorld()
  calendar = world.fake.user(ana).calendar
  writer = world.connect().writer!
})
afterEach(() => world.close())

const kept = (id = block.key) => calendar.find(id)?.resource
const writes = () => world.journal.requests.filter(({ method }) => method !== 'GET')

describe('blocks on Google calendars', () => {
  it('a focus block on a primary calendar is focus time that declines nothing', async () => {
    expect((await writer.createBlock(refOf(ana), block, plenty())).as).toBe('focus-time')
    expect(kept()).toMatchObject({
      id: block.key,
      eventType: 'focusTime',
      focusTimeProperties: { autoDeclineMode: 'declineNone' },
      transparency: 'opaque',
      reminders: { useDefault: false },
      extendedProperties: { private: { minutewise: 'block', minutewiseKey: block.key } },
    })
    expect(kept()?.attendees).toBeUndefined()
  })

  it('an account without focus time gets busy time, and is not asked again', async () => {
    const private1 = 'ana.ruiz@gmail.example'
    world.fake.addUser({ address: private1, kind: 'consumer' })
    const own = world.connect({ person: private1 }).writer!
    expect((await own.createBlock(refOf(private1), block, plenty())).as).toBe('busy')
    expect(writes()).toHaveLength(2)
    await own.createBlock(refOf(private1), { ...block, key: block.key.replace('abc', 'bbc') }, plenty())
    expect(writes()).toHaveLength(3)
    expect(world.fake.user(private1).calendar.truth()).toHaveLength(2)
  })

  it('a secondary calendar is not asked for focus time at all', async () => {
    const team = world.fake.addCalendar({ owner: ana, summary: 'Team' })
    const ref = { id: team.id, ownerAddress: null, zone: null }
    expect((await writer.createBlock(ref, block, plenty())).as).toBe('busy')
    expect(writes().map(({ body }) => body.includes('focusTime'))).toEqual([false])
  })

  it('a hold is tentative', async () => {
    expect((await writer.createBlock(refOf(ana), { ...block, kind: 'hold' }, plenty())).as).toBe('tentative')
    expect(kept()).toMatchObject({ status: 'tentative', eventType: 'default' })
  })

  it('lack of rights is not taken for lack of focus time', async () => {
    const reader = world.connect({ scopes: ['calendar.events.owned.readonly'] }).writer!
    await expect(reader.createBlock(refOf(ana), block, plenty())).rejects.toMatchObject({ code: 'denied' })
    expect(writes()).toHaveLength(1)
  })

  it('tells no guest, and names the etag it saw in every change', async () => {
    const written = await writer.createBlock(refOf(ana), block, plenty())
    const moved = await writer.moveBlock(
      refOf(ana),
      {
        itemId: written.itemId,
        etag: written.etag,
        startAt: nineOClock + hourMs,
        endAt: nineOClock + 3 * hourMs,
        zone: 'UTC',
      },
      plenty(),
    )
    await writer.removeBlock(refOf(ana), moved.itemId, plenty())
    expect(writes().map(({ method }) => method)).toEqual(['POST', 'PATCH', 'DELETE'])
    for (const { path } of writes()) expect(path).toContain('sendUpdates=none')
    expect(writes().map(({ headers }) => headers['if-match'])).toEqual([undefined, written.etag, moved.etag])
    expect(kept()).toMatchObject({ status: 'cancelled', eventType: 'focusTime' })
  })

  it('takes the etag of an item as it was read for the etag of the event', async () => {
    const { itemId, etag } = await writer.createBlock(refOf(ana), block, plenty())
    const move = {
      itemId,
      etag: `${etag}~c`,
      startAt: nineOClock + hourMs,
      endAt: nineOClock + 3 * hourMs,
      zone: 'UTC',
    }
    expect((await writer.moveBlock(refOf(ana), move, plenty())).startAt).toBe(nineOClock + hourMs)
  })

  it('a move that met our own earlier move is done', async () => {
    const { itemId, etag } = await writer.createBlock(refOf(ana), block, plenty())
    const move = { itemId, etag, startAt: nineOClock + hourMs, endAt: nineOClock + 3 * hourMs, zone: 'UTC' }
    world.fake.faults.add({ match: 'PATCH', action: { kind: 'lost-answer' } })
    expect(await writer.moveBlock(refOf(ana), move, plenty())).toMatchObject({ itemId, startAt: move.startAt })
  })

  it.each(['full', 'minimal'] as const)(
    'a block that somebody deleted comes back under its key where Google still knows it (%s tombstones), else it is a conflict',
    async cancelled => {
      world.fake.settings.cancelled = cancelled
      const { itemId } = await writer.createBlock(refOf(ana), block, plenty())
      calendar.delete(itemId)
      const again = writer.createBlock(refOf(ana), { ...block, startAt: nineOClock + hourMs }, plenty())
      if (cancelled === 'full') {
        expect(await again).toMatchObject({ itemId, startAt: nineOClock + hourMs })
        expect(kept()?.status).toBe('confirmed')
      } else await expect(again).rejects.toMatchObject({ code: 'conflict' })
    },
  )

  it('an event of somebody else under our key is a conflict and stays', async () => {
    calendar.insert({ id: block.key, summary: 'Dentist', start: moment(nineOClock), end: moment(nineOClock + hourMs) })
    await expect(writer.createBlock(refOf(ana), block, plenty())).rejects.toMatchObject({ code: 'conflict' })
    expect(await writer.findBlock(refOf(ana), block.key, plenty())).toBeNull()
    expect(kept()?.summary).toBe('Dentist')
  })

  it('finds its blocks by their mark, over several pages', async () => {
    world.fake.settings.pageSize = 2
    for (let n = 0; n < 5; n++) {
      await writer.createBlock(
        refOf(ana),
        { ...block, key: `${block.key}${n}`, startAt: nineOClock + n * hourMs, endAt: nineOClock + (n + 1) * hourMs },
        plenty(),
      )
    }
    calendar.insert({ summary: 'Focus time', start: moment(nineOClock), end: moment(nineOClock + hourMs) })
    const listed = await writer.listBlocks(
      refOf(ana),
      { startAt: nineOClock - hourMs, endAt: nineOClock + 9 * hourMs },
      plenty(),
    )
    expect(listed.map(({ key }) => key).toSorted()).toEqual([0, 1, 2, 3, 4].map(n => `${block.key}${n}`))
  })
})

describe('agendas on Google calendars', () => {
  const invite = (description: string) =>
    calendar.insert({
      summary: 'Review',
      description,
      start: moment(nineOClock),
      end: moment(nineOClock + hourMs),
      attendees: [{ email: 'ben@lamps.example' }],
    }).id ?? ''
  const write = async (itemId: string, text: string | null) => {
    const { etag } = await writer.readAgenda(refOf(ana), itemId, plenty())
    return await writer.writeAgenda(refOf(ana), { itemId, etag, text }, plenty())
  }

  it.each([
    ['nothing', ''],
    ['plain text', 'Bring your lamps.\n\nDial in & wait.'],
    ['HTML', '<p>Bring your <b>lamps</b>.</p><br>Dial in &amp; wait.'],
    ['text that ends in empty lines', 'Bring your lamps.\n\n\n'],
  ])('around %s everything stays byte for byte, in and out again', async (_, description) => {
    const itemId = invite(description)
    const agenda = 'Which queue?\nWho <owns> it & why?'
    expect((await write(itemId, agenda)).ours).toBe(agenda)
    expect(kept(itemId)?.description?.startsWith(description)).toBe(true)
    expect((await write(itemId, 'Only this')).ours).toBe('Only this')
    expect((await write(itemId, null)).ours).toBeNull()
    expect(kept(itemId)?.description).toBe(description)
    for (const { path, headers } of writes()) {
      expect(path).toContain('sendUpdates=none')
      expect(headers['if-match']).toMatch(/^".*"$/)
    }
  })

  it('what is there already is not written again', async () => {
    const itemId = invite('Bring your lamps.')
    await write(itemId, 'Which queue?')
    const before = writes().length
    await write(itemId, 'Which queue?')
    expect(writes()).toHaveLength(before)
  })

  it('a text with our marks in it is refused before anything is asked', async () => {
    const itemId = invite('Bring your lamps.')
    await write(itemId, 'Which queue?')
    const marked = kept(itemId)?.description ?? ''
    world.journal.clear()
    const change = { itemId, etag: '"x"', text: marked }
    await expect(writer.writeAgenda(refOf(ana), change, plenty())).rejects.toMatchObject({ code: 'rejected' })
    expect(world.journal.requests).toEqual([])
  })
})
