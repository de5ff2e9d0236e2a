import { afterEach, describe, expect, test } from 'vitest'
import type { Block } from '../../../src/connectors/connector.ts'
import { dayMs, hourMs } from '../../../src/domain/time/types.ts'
import { Reading } from '../../contract/reading.ts'
import { type WriterWorld, writerContract } from '../../contract/writer-contract.ts'
import { ana, ben, type GraphWorld, graphWorld, plenty } from './graph-world.ts'

const nowAt = Date.parse('2026-11-20T08:00:00Z')
const nine = Date.parse('2026-11-23T08:00:00Z')
const window = { startAt: nowAt - 30 * dayMs, endAt: nowAt + 200 * dayMs }

writerContract('Microsoft 365, a person', () => writerWorld('personal'))
writerContract('Microsoft 365, an organisation', () => writerWorld('organisation'))

async function writerWorld(grant: 'personal' | 'organisation'): Promise<WriterWorld> {
  const world = await graphWorld({ tier: 'write-back', grant, nowAt, pageSize: 3 })
  const { fake, mailbox, connection, calendar } = world
  const { writer, connector } = connection
  if (writer === null) throw new Error('No writer')
  const keyOf = (itemId: string) => {
    const found = mailbox.find(itemId)
    if (found === null) throw new Error('No such event')
    return found.instance.event.key
  }
  const html = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('\n', '<br>\r\n')
  return {
    writer,
    calendar,
    async truth() {
      return mailbox.truth(window).map(({ id, subject, startAt, endAt, body, attendees }) => ({
        itemId: id,
        title: subject,
        startAt,
        endAt,
        text: body,
        guests: attendees.length,
      }))
    },
    async createForeign({ title, startAt, endAt }) {
      const key = mailbox.create({ subject: title, start: startAt, end: endAt })
      return shown(key)
    },
    async createMeeting({ title, startAt, endAt, text, ours }) {
      const key = mailbox.create({
        subject: title,
        start: startAt,
        end: endAt,
        bodyHtml: html(text),
        isOrganizer: ours,
        organizer: ours ? { name: 'Ana Ruiz', address: ana } : { name: 'Ben Ode', address: ben },
        attendees: [
          { type: 'required', status: { response: 'none' }, emailAddress: { address: ben, name: 'Ben Ode' } },
        ],
      })
      return shown(key)
    },
    async changeByHand(itemId, { title, startAt, endAt, text }) {
      mailbox.patch(keyOf(itemId), {
        ...(title === undefined ? {} : { subject: title }),
        ...(startAt === undefined ? {} : { start: startAt }),
        ...(endAt === undefined ? {} : { end: endAt }),
        ...(text === undefined ? {} : { bodyHtml: text }),
      })
    },
    async removeByHand(itemId) {
      mailbox.delete(keyOf(itemId))
    },
    async breakNextWrite(how) {
      fake.faults.add({
        match: /^(POST|PATCH|DELETE) /,
        action:
          how === 'lost-answer'
            ? { kind: 'lost-answer' }
            : { kind: 'status', status: 403, body: { error: { code: 'ErrorAccessDenied', message: '' } } },
      })
    },
    // Graph tells attendees of every change of a meeting and has no word for "quietly": what is counted is what could
    // have been avoided. The test below says what is really sent.
    async messagesToGuests() {
      return fake.mails.filter(({ what }) => what !== 'update').length
    },
    async readBack() {
      const reading = new Reading(connector, calendar, window, world.clock.now)
      await reading.round()
      return [...reading.items.values()].flatMap(({ content }) => (content.kind === 'events' ? content.events : []))
    },
    keepsTextExactly: false,
    close: world.close,
  }

  /** Ids count from the first time they are shown. */
  async function shown(key: string): Promise<string> {
    const id = mailbox.idOf(key)
    await new Reading(connector, calendar, window, world.clock.now).round()
    return id
  }
}

describe('what Graph makes of it', () => {
  let world: GraphWorld
  afterEach(() => world.close())

  const block = (more: Partial<Block> = {}): Block => ({
    key: 'minute1focus000000000000000000000000000',
    title: 'Focus time',
    startAt: nine,
    endAt: nine + 2 * hourMs,
    zone: 'Europe/Madrid',
    kind: 'focus',
    ...more,
  })

  async function begin() {
    world = await graphWorld({ tier: 'write-back', nowAt, pageSize: 3 })
    const { writer } = world.connection
    if (writer === null) throw new Error('No writer')
    const meeting = (more: object = {}) =>
      world.mailbox.create({
        subject: 'Architecture review',
        start: nine,
        end: nine + hourMs,
        bodyHtml: '<p>We look at designs.</p>',
        attendees: [{ type: 'required', status: { response: 'none' }, emailAddress: { address: ben, name: 'Ben' } }],
        ...more,
      })
    const open = async (key: string) => {
      await new Reading(world.connection.connector, world.calendar, window, world.clock.now).round()
      return world.mailbox.idOf(key)
    }
    return { writer, meeting, open }
  }

  test('a focus block is busy, silent, without guests, in its zone, and carries its key twice', async () => {
    const { writer } = await begin()
    const written = await writer.createBlock(world.calendar, block(), plenty())
    expect(written).toMatchObject({ as: 'busy', key: block().key })
    const [post] = world.served.journal.requests.filter(({ method }) => method === 'POST')
    expect(JSON.parse(post?.body ?? '')).toEqual({
      subject: 'Focus time',
      start: { dateTime: '2026-11-23T09:00:00', timeZone: 'Europe/Madrid' },
      end: { dateTime: '2026-11-23T11:00:00', timeZone: 'Europe/Madrid' },
      showAs: 'busy',
      isReminderOn: false,
      responseRequested: false,
      categories: ['Minutewise'],
      transactionId: block().key,
      singleValueExtendedProperties: [
        { id: expect.stringMatching(/^String \{[0-9a-f-]{36}\} Name \w+$/), value: block().key },
      ],
    })
    expect(world.fake.mails).toEqual([])
  })

  test('a hold is tentative', async () => {
    const { writer } = await begin()
    expect(await writer.createBlock(world.calendar, block({ kind: 'hold' }), plenty())).toMatchObject({
      as: 'tentative',
    })
  })

  test('a block in the hour that a clock change repeats keeps its instant', async () => {
    const { writer } = await begin()
    // 02:30 on 28 March 2027 does not exist, and 02:30 on 31 October 2027 comes twice: this is the second one
    const second = Date.parse('2027-10-31T01:30:00Z')
    const written = await writer.createBlock(
      world.calendar,
      block({ startAt: second, endAt: second + hourMs }),
      plenty(),
    )
    expect(written).toMatchObject({ startAt: second, endAt: second + hourMs })
  })

  test('a service that refuses to repeat a transaction is asked what is there', async () => {
    const { writer } = await begin()
    world.fake.switches.transactionRepeat = 'conflict'
    world.fake.faults.add({ match: 'POST', action: { kind: 'lost-answer' } })
    const written = await writer.createBlock(world.calendar, block(), plenty())
    expect(world.mailbox.truth(window).map(({ id }) => id)).toEqual([written.itemId])
  })

  test('a transaction that is burnt by a block since deleted gets another name', async () => {
    const { writer } = await begin()
    const body = { error: { code: 'ErrorDuplicateTransactionId', message: '' } }
    world.fake.faults.add({ match: 'POST', action: { kind: 'status', status: 400, body } })
    const written = await writer.createBlock(world.calendar, block(), plenty())
    expect(world.mailbox.truth(window)).toHaveLength(1)
    expect(await writer.findBlock(world.calendar, block().key, plenty())).toEqual(written)
  })

  test('a dozen blocks are listed over several pages', async () => {
    const { writer } = await begin()
    for (let n = 0; n < 12; n++) {
      const key = `minute1${n.toString(32).padStart(32, '0')}`
      await writer.createBlock(
        world.calendar,
        block({ key, startAt: nine + n * dayMs, endAt: nine + n * dayMs + hourMs }),
        plenty(),
      )
    }
    expect(await writer.listBlocks(world.calendar, window, plenty())).toHaveLength(12)
  })

  test('writes are matched against the version that was seen', async () => {
    const { writer } = await begin()
    const written = await writer.createBlock(world.calendar, block(), plenty())
    const later = { startAt: nine + dayMs, endAt: nine + dayMs + hourMs, zone: 'Europe/Madrid' }
    // somebody is faster between our look and our write
    world.fake.faults.add({
      match: 'PATCH',
      action: { kind: 'status', status: 412, body: { error: { code: 'ErrorIrresolvableConflict' } } },
    })
    await expect(writer.moveBlock(world.calendar, { ...written, ...later }, plenty())).rejects.toMatchObject({
      code: 'conflict',
    })
    await writer.moveBlock(world.calendar, { ...written, ...later }, plenty())
    await writer.removeBlock(world.calendar, written.itemId, plenty())
    for (const { method, headers } of world.served.journal.requests) {
      if (method === 'PATCH' || method === 'DELETE') expect(headers['if-match']).toMatch(/^W\/".+"$/)
    }
  })

  test('an agenda leaves the Teams meeting in the invitation and online', async () => {
    const { writer, meeting, open } = await begin()
    const key = meeting({ withTeams: true })
    const itemId = await open(key)
    const before = world.mailbox.event(key).props
    const read = await writer.readAgenda(world.calendar, itemId, plenty())
    const written = await writer.writeAgenda(world.calendar, { itemId, etag: read.etag, text: '1. Queue?' }, plenty())
    const during = world.mailbox.event(key).props
    expect(during.bodyHtml).toContain(before.bodyHtml)
    expect(during.joinUrl).toBe(before.joinUrl)
    await writer.writeAgenda(world.calendar, { itemId, etag: written.etag, text: null }, plenty())
    expect(world.mailbox.event(key).props.bodyHtml).toBe(before.bodyHtml)
  })

  test('an agenda that stands there already is not written again', async () => {
    const { writer, meeting, open } = await begin()
    const itemId = await open(meeting())
    const { etag } = await writer.readAgenda(world.calendar, itemId, plenty())
    const written = await writer.writeAgenda(world.calendar, { itemId, etag, text: '1. Queue?' }, plenty())
    const again = await writer.writeAgenda(world.calendar, { itemId, etag: written.etag, text: '1. Queue?' }, plenty())
    expect(again).toEqual(written)
    expect(world.served.journal.count('PATCH')).toBe(1)
  })

  test('guests of a meeting are told of an agenda, as Graph cannot do otherwise; a meeting of one’s own tells nobody', async () => {
    const { writer, meeting, open } = await begin()
    for (const attendees of [undefined, []]) {
      world.fake.mails.length = 0
      const itemId = await open(meeting(attendees === undefined ? {} : { attendees }))
      const { etag } = await writer.readAgenda(world.calendar, itemId, plenty())
      await writer.writeAgenda(world.calendar, { itemId, etag, text: '1. Queue?' }, plenty())
      expect(world.fake.mails.map(({ to, what }) => [to, what])).toEqual(
        attendees === undefined ? [[ben, 'update']] : [],
      )
    }
  })

  test('a block that its owner made private keeps its title for us', async () => {
    const { writer } = await begin()
    const written = await writer.createBlock(world.calendar, block(), plenty())
    world.mailbox.patch(world.mailbox.find(written.itemId)!.instance.event.key, { sensitivity: 'private' })
    expect(await writer.findBlock(world.calendar, block().key, plenty())).toMatchObject({
      title: 'Focus time',
      startAt: nine,
    })
  })

  test('an account that may only read is denied by the service too', async () => {
    world = await graphWorld({ tier: 'write-back', nowAt, permissions: ['Calendars.Read'] })
    await expect(world.connection.writer?.createBlock(world.calendar, block(), plenty())).rejects.toMatchObject({
      code: 'denied',
    })
  })
})
