import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventsOfItems } from '../../../src/app/sync/events-of-items.ts'
import { readBlock } from '../../../src/connectors/caldav/block-text.ts'
import { escapedText, ResourceText, unescapedText } from '../../../src/connectors/caldav/resource-text.ts'
import { readIcs } from '../../../src/connectors/ics/calendar.ts'
import { everyTime } from '../../../src/connectors/ics/live-items.ts'
import { utc } from '../../../src/domain/time/zone-table.ts'
import { Reading } from '../../contract/reading.ts'
import { type TrueEvent, type WriterWorld, writerContract } from '../../contract/writer-contract.ts'
import { alice, type DavHand, type Radicale, startRadicale } from '../../fakes/radicale.ts'
import { connect, refOf, resource, stamp, worldNow } from './caldav-world.ts'

describe('writing to Radicale', () => {
  let radicale: Radicale
  let made = 0
  beforeAll(async () => {
    radicale = await startRadicale()
  }, 30_000)
  afterAll(() => radicale.stop())

  const budget = () => ({ requests: 100, untilAt: Number.MAX_SAFE_INTEGER })

  writerContract('caldav', async (): Promise<WriterWorld> => {
    const hand = radicale.as(alice)
    const path = await hand.makeCalendar(`writer-${++made}`)
    const connection = connect(radicale)
    const calendar = refOf(path, alice.name)
    const add = async (name: string, ...lines: readonly string[]) => {
      await hand.put(`${path}${name}.ics`, resource(`UID:${name}`, 'DTSTAMP:20260301T000000Z', ...lines))
      return `${path}${name}.ics`
    }
    return {
      writer: connection.writer!,
      calendar,
      truth: async () => await truthOf(hand, path),
      createForeign: ({ title, startAt, endAt }) =>
        add(`foreign-${++made}`, `DTSTART:${stamp(startAt)}`, `DTEND:${stamp(endAt)}`, `SUMMARY:${escapedText(title)}`),
      createMeeting: ({ title, startAt, endAt, text, ours }) =>
        add(
          `meeting-${++made}`,
          `DTSTART:${stamp(startAt)}`,
          `DTEND:${stamp(endAt)}`,
          `SUMMARY:${escapedText(title)}`,
          `DESCRIPTION:${escapedText(text)}`,
          `ORGANIZER:mailto:${ours ? alice.name : 'boss@lamps.example'}`,
          'ATTENDEE;PARTSTAT=ACCEPTED:mailto:alice@lamps.example',
          'ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:carol@lamps.example',
        ),
      async changeByHand(itemId, change) {
        const stored = await hand.get(itemId)
        const text = new ResourceText(stored!.text)
        const event = text.main()!
        const set = (name: string, value: string) => text.set(event, name, { parameters: '', value })
        if (change.title !== undefined) set('SUMMARY', escapedText(change.title))
        if (change.text !== undefined) set('DESCRIPTION', escapedText(change.text))
        if (change.startAt !== undefined) set('DTSTART', stamp(change.startAt))
        if (change.endAt !== undefined) set('DTEND', stamp(change.endAt))
        await hand.put(itemId, text.toString())
      },
      removeByHand: itemId => hand.remove(itemId),
      async breakNextWrite(how) {
        const match = /^(PUT|DELETE) /
        radicale.faults.add(
          how === 'lost-answer'
            ? { match, action: { kind: 'lost-answer' } }
            : { match, action: { kind: 'status', status: 403 } },
        )
      },
      messagesToGuests: async () => 0,
      async readBack() {
        const reading = new Reading(connection.connector, calendar, everyTime, () => worldNow)
        await reading.round()
        return eventsOfItems([...reading.items.values()], 'calendar').events
      },
      keepsTextExactly: true,
      async close() {
        radicale.faults.clear()
        await hand.remove(path)
      },
    }
  })

  it('an account that may only read has no writer', () => {
    expect(connect(radicale, { tier: 'content' }).writer).toBeNull()
  })

  it('a block that a person wrote again in their own zone is still the block', async () => {
    const block = await readBlock(
      '/x.ics',
      '"1"',
      resource(
        'UID:minute1abcdefghijklmnopqrstuv0123456789',
        'DTSTART;TZID=Europe/Madrid:20261123T090000',
        'DURATION:PT90M',
        'SUMMARY:Focus\\, please',
        'X-MINUTEWISE:minute1abcdefghijklmnopqrstuv0123456789',
      ),
    )
    expect(block).toMatchObject({
      title: 'Focus, please',
      startAt: Date.UTC(2026, 10, 23, 8),
      endAt: Date.UTC(2026, 10, 23, 9, 30),
    })
  })

  it('what we know nothing of stays in a resource byte for byte: alarms, folds, foreign properties', async () => {
    const hand = radicale.as(alice)
    const path = await hand.makeCalendar(`bytes-${++made}`)
    const long = 'ß'.repeat(60)
    const text = resource(
      'BEGIN:VEVENT',
      'UID:bytes',
      'DTSTAMP:20260301T000000Z',
      'DTSTART:20261123T080000Z',
      'DTEND:20261123T090000Z',
      'SUMMARY:Review',
      'DESCRIPTION:By\\, the\\; way',
      `X-LAMP;X-COLOUR="a:b":${long.slice(0, 20)}`,
      ` ${long.slice(20)}`,
      'BEGIN:VALARM',
      'ACTION:DISPLAY',
      'DESCRIPTION:Wake up',
      'TRIGGER:-PT5M',
      'END:VALARM',
      'END:VEVENT',
    )
    await hand.put(`${path}bytes.ics`, text)
    const before = (await hand.get(`${path}bytes.ics`))!.text
    const sent: string[] = []
    const spying: typeof fetch = (input, init) => {
      if (init?.method === 'PUT' && typeof init.body === 'string') sent.push(init.body)
      return fetch(input, init)
    }
    const { writer } = connect(radicale, { fetch: spying })
    const { etag } = await writer!.readAgenda(refOf(path), `${path}bytes.ics`, budget())
    const written = await writer!.writeAgenda(
      refOf(path),
      { itemId: `${path}bytes.ics`, etag, text: 'Decide' },
      budget(),
    )
    await writer!.writeAgenda(refOf(path), { ...written, text: null }, budget())
    const [put, taken] = sent
    const others = (whole: string) => whole.replace(/^DESCRIPTION:By.*(?:\r?\n[ \t].*)*\r?\n/m, '')
    expect(others(put!)).toBe(others(before))
    expect(put).toContain('Wake up')
    expect(
      unescapedText(new ResourceText(taken!).property(new ResourceText(taken!).main()!, 'DESCRIPTION')!.value),
    ).toBe('By, the; way')
    await hand.remove(path)
  })

  it('where the server itself would write to every guest, the invitation is left alone', async () => {
    const hand = radicale.as(alice)
    const path = await hand.makeCalendar(`scheduling-${++made}`)
    await hand.put(
      `${path}guests.ics`,
      resource(
        'UID:guests',
        'DTSTART:20261123T080000Z',
        'ORGANIZER:mailto:alice@lamps.example',
        'ATTENDEE:mailto:carol@lamps.example',
      ),
    )
    const scheduling: typeof fetch = async (input, init) =>
      init?.method === 'OPTIONS'
        ? new Response(null, { headers: { dav: '1, calendar-access, calendar-auto-schedule' } })
        : await fetch(input, init)
    const { writer } = connect(radicale, { fetch: scheduling })
    const itemId = `${path}guests.ics`
    const { etag } = await writer!.readAgenda(refOf(path), itemId, budget())
    const before = await hand.get(itemId)
    await expect(writer!.writeAgenda(refOf(path), { itemId, etag, text: 'Decide' }, budget())).rejects.toMatchObject({
      code: 'denied',
    })
    expect(await hand.get(itemId)).toEqual(before)
    await hand.remove(path)
  })
})

async function truthOf(hand: DavHand, path: string): Promise<readonly TrueEvent[]> {
  const events: TrueEvent[] = []
  for (const itemId of await hand.list(path)) {
    const { text } = (await hand.get(itemId))!
    const read = await readIcs(new TextEncoder().encode(text), { calendar: '', window: everyTime, defaultZone: utc })
    const [event] = read.events
    if (event === undefined) continue
    const startAt = event.time.zone.toInstant(event.time.startWall)
    events.push({
      itemId: itemId.replaceAll('@', '%40'),
      title: event.title,
      startAt,
      endAt: startAt + event.time.exactMs,
      text: event.description,
      guests: event.attendees.length,
    })
  }
  return events
}
