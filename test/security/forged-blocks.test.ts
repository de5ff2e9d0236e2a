/**
 * Somebody who knows this program writes our marks on an invitation of theirs (ASVS 5.0: 2.2.1, 8.2.2). To remove it
 * would tell them so, to move it would change their meeting, and to take it for ours would hide it.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CalendarRef, CalendarWriter, ItemId } from '../../src/connectors/connector.ts'
import { isOwnBlock } from '../../src/domain/focus/own-block.ts'
import type { CalendarEvent } from '../../src/domain/meetings/calendar-event.ts'
import { hourMs } from '../../src/domain/time/types.ts'
import { connect, refOf, resource, stamp } from '../connectors/caldav/caldav-world.ts'
import * as googles from '../connectors/google/google-world.ts'
import { ben, graphWorld } from '../connectors/microsoft/graph-world.ts'
import { alice, type DavHand, type Radicale, startRadicale } from '../fakes/radicale.ts'

const key = 'minute1abcdefghijklmnopqrstuv0123456789'
const nine = Date.parse('2026-03-04T08:00:00Z')
const slot = { startAt: nine, endAt: nine + hourMs }
const window = { startAt: nine - hourMs, endAt: nine + 5 * hourMs }
const plenty = () => ({ requests: 1_000, untilAt: Number.MAX_SAFE_INTEGER })
const block = { key, title: 'Focus time', zone: 'UTC', kind: 'focus', ...slot } as const

/** Everything that changes blocks, held against an event that is not ours. */
async function expectLeftAlone(writer: CalendarWriter, calendar: CalendarRef, itemId: ItemId): Promise<void> {
  expect(await writer.listBlocks(calendar, window, plenty())).toEqual([])
  expect(await writer.findBlock(calendar, key, plenty())).toBeNull()
  await expect(writer.removeBlock(calendar, itemId, plenty())).rejects.toMatchObject({ code: 'denied' })
  const { etag } = await writer.readAgenda(calendar, itemId, plenty())
  const moved = writer.moveBlock(
    calendar,
    { itemId, etag, startAt: nine + 2 * hourMs, endAt: nine + 3 * hourMs, zone: 'UTC' },
    plenty(),
  )
  await expect(moved).rejects.toMatchObject({ code: 'denied' })
}

describe('on a CalDAV server, which keeps invitations as their sender wrote them', () => {
  let radicale: Radicale
  let hand: DavHand
  let path: string
  let writer: CalendarWriter
  beforeAll(async () => {
    radicale = await startRadicale()
    hand = radicale.as(alice)
    path = await hand.makeCalendar('forged')
    writer = connect(radicale).writer!
  }, 30_000)
  afterAll(() => radicale.stop())

  const marks = [`UID:${key}@minutewise`, 'DTSTAMP:20260301T000000Z', `X-MINUTEWISE:${key}`, 'CATEGORIES:Minutewise']
  const times = [`DTSTART:${stamp(slot.startAt)}`, `DTEND:${stamp(slot.endAt)}`, 'SUMMARY:Ours, honestly']
  const guests = ['ORGANIZER:mailto:mallory@evil.example', `ATTENDEE:mailto:${alice.name}`]

  it.each([
    ['an invitation with our mark', resource(...marks, ...times, ...guests)],
    [
      'an invitation whose guests stand in a changed occurrence alone',
      resource(
        ...['BEGIN:VEVENT', ...marks, ...times, 'RRULE:FREQ=DAILY;COUNT=2', 'END:VEVENT'],
        ...['BEGIN:VEVENT', ...marks, ...times, ...guests, `RECURRENCE-ID:${stamp(slot.startAt)}`, 'END:VEVENT'],
      ),
    ],
    [
      'a mark that is no key of ours',
      resource('UID:a', 'DTSTAMP:20260301T000000Z', ...times, 'X-MINUTEWISE:please remove'),
    ],
  ])('%s is left alone', async (_, text) => {
    const itemId = `${path}${key}.ics`
    await hand.put(itemId, text)
    const before = await hand.get(itemId)
    await expectLeftAlone(writer, refOf(path, alice.name), itemId)
    const made = writer.createBlock(refOf(path, alice.name), block, plenty())
    await expect(made).rejects.toMatchObject({ code: 'conflict' })
    expect(await hand.get(itemId)).toEqual(before)
    await hand.remove(itemId)
  })
})

describe('on Microsoft 365', () => {
  const marked = { extended: { 'String {5f0a7c1e-3a62-4c0e-9d47-6b1f2f9b8e31} Name MinutewiseBlock': key } }
  const guest = {
    type: 'required',
    status: { response: 'none' },
    emailAddress: { address: ben, name: 'Ben Ode' },
  } as const

  it.each([
    ['an invitation of somebody else', { isOrganizer: false, organizer: { name: 'Ben Ode', address: ben } }],
    ['a block of ours that has become a meeting with guests', { isOrganizer: true, attendees: [guest] }],
  ] as const)('%s is left alone, whatever it carries', async (_, props) => {
    const world = await graphWorld({ tier: 'write-back' })
    try {
      world.mailbox.create({ subject: 'Ours, honestly', start: slot.startAt, end: slot.endAt, ...marked, ...props })
      const [before] = world.mailbox.truth(window)
      await expectLeftAlone(world.connection.writer!, world.calendar, before!.id)
      expect(world.mailbox.truth(window)).toEqual([before])
    } finally {
      await world.close()
    }
  })

  it('the same event without guests is a block of ours', async () => {
    const world = await graphWorld({ tier: 'write-back' })
    try {
      world.mailbox.create({ subject: 'Focus time', start: slot.startAt, end: slot.endAt, ...marked })
      expect(await world.connection.writer!.findBlock(world.calendar, key, plenty())).toMatchObject({ key })
    } finally {
      await world.close()
    }
  })
})

describe('on Google', () => {
  it('a block of ours that has become a meeting with guests is left alone', async () => {
    const world = await googles.googleWorld()
    try {
      const writer = world.connect().writer!
      const calendar = googles.refOf(googles.ana)
      const { itemId } = await writer.createBlock(calendar, { ...block, kind: 'hold' }, plenty())
      expect(await writer.findBlock(calendar, key, plenty())).toMatchObject({ key })
      world.fake.user(googles.ana).calendar.patch(itemId, { attendees: [{ email: 'ben@lamps.example' }] })
      await expectLeftAlone(writer, calendar, itemId)
    } finally {
      await world.close()
    }
  })
})

describe('when a calendar is read', () => {
  const invited = {
    address: 'ana@lamps.example',
    name: null,
    kind: 'person',
    response: 'none',
    role: 'required',
  } as const
  const signs = { uid: `${key}@evil.example`, categories: ['Minutewise'], attendees: [], organizer: null }

  it.each([
    ['with a guest', { attendees: [{ ...invited, self: true }] }],
    ['of another organizer', { organizer: { ...invited, address: 'mallory@evil.example', self: false } }],
  ] as const)('a meeting %s that carries our signs is a meeting', (_, change) => {
    const event: Pick<CalendarEvent, 'uid' | 'categories' | 'attendees' | 'organizer'> = signs
    expect(isOwnBlock(event)).toBe(true)
    expect(isOwnBlock({ ...event, ...change })).toBe(false)
  })
})
