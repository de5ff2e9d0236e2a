import { beforeEach, describe, expect, test } from 'vitest'
import { type VirtualClock, virtualClock } from '../kit/clock.ts'
import type { Asking } from './asking.ts'
import { asking, itemsOf, reasonOf } from './asking.ts'
import type { FakeCalendar } from './fake-calendar.ts'
import { createGoogleFake, type GoogleFake } from './google-fake.ts'

const events = '/calendar/v3/calendars/primary/events'
let clock: VirtualClock
let fake: GoogleFake
let calendar: FakeCalendar
let ask: Asking

beforeEach(() => {
  clock = virtualClock(Date.UTC(2026, 2, 2, 8))
  fake = createGoogleFake({ clock })
  calendar = fake.addUser({ address: 'ana@example.com' }).calendar
  ask = asking(fake, fake.grant('ana@example.com', ['calendar.events.owned']).accessToken)
  return () => expect(fake.violations).toEqual([])
})

const timed = {
  start: { dateTime: '2026-03-17T10:00:00+01:00' },
  end: { dateTime: '2026-03-17T12:00:00+01:00' },
}
const focus = {
  ...timed,
  summary: 'Focus',
  eventType: 'focusTime',
  transparency: 'opaque',
  focusTimeProperties: { autoDeclineMode: 'declineNone' },
}

describe('An insert', () => {
  test('gives the event an id, an etag, an organizer and the calendar of the person', async () => {
    const answer = await ask.send('POST', events, { ...timed, summary: 'One' })
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({
      kind: 'calendar#event',
      id: expect.stringMatching(/^[a-v0-9]{26}$/),
      etag: expect.stringMatching(/^"\d+"$/),
      summary: 'One',
      status: 'confirmed',
      organizer: { email: 'ana@example.com', self: true },
      start: { dateTime: '2026-03-17T10:00:00+01:00', timeZone: 'Europe/Madrid' },
      created: '2026-03-02T08:00:00.000Z',
      updated: '2026-03-02T08:00:00.000Z',
    })
    expect(answer.headers.get('etag')).toBe(answer.body.etag)
    expect(calendar.truth().map(({ id }) => id)).toEqual([answer.body.id])
  })

  test('with an id of the client is done once: a second one is 409, also when the first was deleted since', async () => {
    const body = { ...timed, id: 'abcdef0123456789' }
    expect((await ask.send('POST', events, body)).body.id).toBe(body.id)
    const second = await ask.send('POST', events, body)
    expect([second.status, reasonOf(second)]).toEqual([409, 'duplicate'])
    expect((await ask.send('DELETE', `${events}/${body.id}`, null)).status).toBe(204)
    expect((await ask.send('POST', events, body)).status).toBe(409)
    expect((await ask.get(`${events}/${body.id}`)).body.status).toBe('cancelled')
  })

  test.each([
    ['an id of other letters', { ...timed, id: 'wxyz-1' }, 'invalid'],
    ['an id that is too short', { ...timed, id: 'abcd' }, 'invalid'],
    ['no end', { start: timed.start }, 'required'],
    ['an end before its start', { start: timed.end, end: timed.start }, 'timeRangeEmpty'],
    ['a date for a start and a time for an end', { start: { date: '2026-03-17' }, end: timed.end }, 'invalid'],
    ['a date that does not exist', { start: { date: '2026-02-30' }, end: { date: '2026-03-01' } }, 'invalid'],
    ['a time without offset and zone', { start: { dateTime: '2026-03-17T10:00:00' }, end: timed.end }, 'required'],
    ['a zone nobody knows', { ...timed, start: { ...timed.start, timeZone: 'Mars/Base' } }, 'invalid'],
    ['a series without a zone', { ...timed, recurrence: ['RRULE:FREQ=DAILY'] }, 'required'],
    ['a rule that is none', { ...timed, recurrence: ['FREQ=DAILY'] }, 'invalid'],
    ['a field nobody knows', { ...timed, titel: 'One' }, 'badRequest'],
    ['a field of another type', { ...timed, summary: 7 }, 'badRequest'],
    ['an unknown transparency', { ...timed, transparency: 'glass' }, 'invalid'],
    ['a guest without an address', { ...timed, attendees: [{ displayName: 'Ben' }] }, 'invalid'],
    ['an event type that only the service makes', { ...timed, eventType: 'fromGmail' }, 'invalid'],
  ])('with %s is refused', async (_what, body, reason) => {
    const answer = await ask.send('POST', events, body)
    expect([answer.status, reasonOf(answer)]).toEqual([400, reason])
    expect(calendar.all()).toEqual([])
  })

  test('that is no JSON, or does not say that it is, is refused', async () => {
    const { accessToken } = fake.grant('ana@example.com', ['calendar.events.owned'])
    const send = (type: string, body: string) =>
      fake.fetch(
        new Request(`http://fake.test${events}`, {
          method: 'POST',
          body,
          headers: { 'content-type': type, authorization: `Bearer ${accessToken}` },
        }),
      )
    expect((await send('application/json', '{"start":')).status).toBe(400)
    expect((await send('text/plain', JSON.stringify(timed))).status).toBe(400)
  })

  test.each(['sendUpdates=everybody', 'notify=none', 'conferenceDataVersion=2'])('with ?%s is refused', async query => {
    expect((await ask.send('POST', `${events}?${query}`, timed)).status).toBe(400)
    expect((await ask.send('POST', `${events}?sendUpdates=none`, timed)).status).toBe(200)
  })

  test('passes over conference and attachments unless told that they are understood', async () => {
    const attachments = [{ fileUrl: 'https://files.example.com/1', title: 'Notes' }]
    const body = { ...timed, attachments, conferenceData: { conferenceId: 'abc' } }
    const plain = await ask.send('POST', events, body)
    expect(plain.body).not.toHaveProperty('attachments')
    expect(plain.body).not.toHaveProperty('conferenceData')
    const whole = await ask.send('POST', `${events}?supportsAttachments=true&conferenceDataVersion=1`, body)
    expect(whole.body).toMatchObject({ attachments, conferenceData: { conferenceId: 'abc' } })
  })
})

describe('Focus time', () => {
  test('is taken on the primary calendar of a Workspace account', async () => {
    const answer = await ask.send('POST', events, focus)
    expect(answer.body).toMatchObject({
      eventType: 'focusTime',
      focusTimeProperties: { autoDeclineMode: 'declineNone' },
    })
  })

  const { transparency: _transparency, ...seeThrough } = focus
  const { focusTimeProperties: _properties, ...bare } = focus
  test.each([
    ['that takes whole days', { ...focus, start: { date: '2026-03-17' }, end: { date: '2026-03-18' } }],
    ['that does not say it is opaque', seeThrough],
    ['without its properties', bare],
    ['that declines in a way nobody knows', { ...focus, focusTimeProperties: { autoDeclineMode: 'declineAll' } }],
    ['with an unknown chat status', { ...focus, focusTimeProperties: { chatStatus: 'asleep' } }],
    ['properties on an event that is none', { ...focus, eventType: 'default' }],
  ])('%s is refused', async (_what, body) => {
    expect((await ask.send('POST', events, body)).status).toBe(400)
  })

  test('on a secondary calendar is refused', async () => {
    const team = fake.addCalendar({ owner: 'ana@example.com', summary: 'Team' })
    const answer = await ask.send('POST', `/calendar/v3/calendars/${team.id}/events`, focus)
    expect([answer.status, reasonOf(answer)]).toEqual([400, 'eventTypeRestriction'])
  })

  test('of a private account is refused', async () => {
    fake.addUser({ address: 'eva@mail.example', kind: 'consumer' })
    const eva = asking(fake, fake.grant('eva@mail.example', ['calendar.events']).accessToken)
    expect((await eva.send('POST', events, focus)).status).toBe(400)
    expect((await eva.send('POST', events, timed)).status).toBe(200)
  })

  test('stays focus time: another type, and losing what it needs, is refused', async () => {
    const { body } = await ask.send('POST', events, focus)
    const path = `${events}/${body.id}`
    expect((await ask.send('PATCH', path, { eventType: 'default' })).status).toBe(400)
    expect((await ask.send('PATCH', path, { transparency: 'transparent' })).status).toBe(400)
    expect((await ask.send('PATCH', path, { start: { date: '2026-03-17' }, end: { date: '2026-03-18' } })).status).toBe(
      400,
    )
    expect((await ask.send('PUT', path, timed)).status).toBe(400)
    const moved = { start: { dateTime: '2026-03-18T10:00:00Z' }, end: { dateTime: '2026-03-18T12:00:00Z' } }
    expect((await ask.send('PATCH', path, moved)).body).toMatchObject({ eventType: 'focusTime', sequence: 1 })
  })
})

describe('A change', () => {
  test('with the etag of another state is 412, and with the right one is done', async () => {
    const { body } = await ask.send('POST', events, timed)
    const path = `${events}/${body.id}`
    const old = { 'if-match': String(body.etag) }
    const first = await ask.send('PATCH', path, { summary: 'First' }, old)
    expect(first.status).toBe(200)
    expect(first.body.etag).not.toBe(body.etag)
    for (const answer of [
      await ask.send('PATCH', path, { summary: 'Second' }, old),
      await ask.send('PUT', path, timed, old),
      await ask.send('DELETE', path, null, old),
    ]) {
      expect([answer.status, reasonOf(answer)]).toEqual([412, 'conditionNotMet'])
    }
    expect((await ask.get(path)).body.summary).toBe('First')
    expect((await ask.get(path, { 'if-none-match': String(first.body.etag) })).status).toBe(304)
  })

  test('names only what changes: a patch keeps the rest, null takes a field away, an update takes what it leaves out', async () => {
    const properties = { private: { minutewise: 'a' } }
    const whole = { ...timed, summary: 'One', location: 'Room', extendedProperties: properties }
    const { body } = await ask.send('POST', events, whole)
    const path = `${events}/${body.id}`
    const more = { extendedProperties: { private: { other: 'b' } }, location: null }
    const patched = await ask.send('PATCH', path, more)
    expect(patched.body).toMatchObject({
      summary: 'One',
      extendedProperties: { private: { minutewise: 'a', other: 'b' } },
    })
    expect(patched.body).not.toHaveProperty('location')
    const found = await ask.get(`${events}?privateExtendedProperty=minutewise%3Da`)
    expect(itemsOf(found).map(({ id }) => id)).toEqual([body.id])
    expect(itemsOf(await ask.get(`${events}?privateExtendedProperty=minutewise%3Db`))).toEqual([])
    expect((await ask.send('PUT', path, timed)).body).not.toHaveProperty('summary')
  })

  test('of one occurrence makes an exception, and deleting one takes it out of the series', async () => {
    const zone = { timeZone: 'Europe/Madrid' }
    const { body } = await ask.send('POST', events, {
      start: { dateTime: '2026-03-16T10:00:00', ...zone },
      end: { dateTime: '2026-03-16T11:00:00', ...zone },
      recurrence: ['RRULE:FREQ=WEEKLY'],
    })
    const second = `${events}/${body.id}_20260323T090000Z`
    expect((await ask.get(second)).body).toMatchObject({ recurringEventId: body.id })
    expect(calendar.all()).toHaveLength(1)
    expect((await ask.send('PATCH', second, { summary: 'Special' })).body).toMatchObject({
      summary: 'Special',
      recurringEventId: body.id,
      originalStartTime: { dateTime: '2026-03-23T10:00:00+01:00' },
    })
    expect((await ask.send('DELETE', `${events}/${body.id}_20260330T080000Z`, null)).status).toBe(204)
    expect(calendar.truth().map(({ id, isCancelled }) => [id, isCancelled])).toEqual([
      [body.id, false],
      [`${body.id}_20260323T090000Z`, false],
      [`${body.id}_20260330T080000Z`, true],
    ])
    expect((await ask.get(`${events}/${body.id}_20260324T090000Z`)).status).toBe(404)
    expect((await ask.send('PATCH', second, { recurrence: ['RRULE:FREQ=DAILY'] })).status).toBe(400)
  })

  test('of a deleted event is 410 deleted, until it is confirmed again', async () => {
    const { body } = await ask.send('POST', events, timed)
    const path = `${events}/${body.id}`
    await ask.send('DELETE', path, null)
    for (const answer of [await ask.send('DELETE', path, null), await ask.send('PATCH', path, { summary: 'Back' })]) {
      expect([answer.status, reasonOf(answer)]).toEqual([410, 'deleted'])
    }
    expect((await ask.send('PATCH', path, { status: 'confirmed' })).body.status).toBe('confirmed')
  })

  test('of an event that never was is 404', async () => {
    for (const answer of [
      await ask.get(`${events}/nothing`),
      await ask.send('PATCH', `${events}/nothing`, {}),
      await ask.send('DELETE', `${events}/nothing`, null),
    ]) {
      expect([answer.status, reasonOf(answer)]).toEqual([404, 'notFound'])
    }
  })

  test('of what all guests share is the right of the organizer alone', async () => {
    const ben = fake.addUser({ address: 'ben@example.com' })
    const attendees = [{ email: 'ana@example.com' }, { email: 'ben@example.com' }]
    const { body } = await ask.send('POST', events, { ...timed, summary: 'Ours', attendees })
    fake.copyToGuests('ana@example.com', String(body.id))
    const guest = asking(fake, fake.grant('ben@example.com', ['calendar.events']).accessToken)
    const copy = (await guest.get(`${events}/${body.id}`)).body
    expect(copy).toMatchObject({ iCalUID: body.iCalUID, organizer: { email: 'ana@example.com' } })
    expect(copy.organizer).not.toHaveProperty('self')
    expect(copy.attendees).toMatchObject([{ organizer: true }, { self: true }])
    const answer = await guest.send('PATCH', `${events}/${body.id}`, { description: 'Agenda' })
    expect([answer.status, reasonOf(answer)]).toEqual([403, 'forbiddenForNonOrganizer'])
    expect((await guest.send('PATCH', `${events}/${body.id}`, { colorId: '5' })).status).toBe(200)
    expect(ben.calendar.truth()[0]?.resource.description).toBeUndefined()
  })

  test('moves the clock into `updated`, and its etag differs even within one millisecond', async () => {
    const { body } = await ask.send('POST', events, timed)
    const same = await ask.send('PATCH', `${events}/${body.id}`, { summary: 'A' })
    clock.advance(60_000)
    const later = await ask.send('PATCH', `${events}/${body.id}`, { summary: 'B' })
    expect([body.updated, same.body.updated, later.body.updated]).toEqual([
      '2026-03-02T08:00:00.000Z',
      '2026-03-02T08:00:00.000Z',
      '2026-03-02T08:01:00.000Z',
    ])
    expect(new Set([body.etag, same.body.etag, later.body.etag]).size).toBe(3)
  })
})
