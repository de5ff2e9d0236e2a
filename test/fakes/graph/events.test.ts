import { beforeAll, describe, expect, it } from 'vitest'
import type { EventChange } from './mailbox.ts'
import { attendee, plainRoom, x500Attendee } from './people.ts'
import { contoso, everyPreference, march, standup, windowQuery } from './testbed.ts'
import { graphSchemas } from './vendor-types.ts'

// made on first use, from ten megabytes of types
beforeAll(async () => {
  await graphSchemas()
}, 120_000)

const utc = (dateTime: string) => ({ dateTime, timeZone: 'UTC' })
const marker = 'String {3f1c2d5e-7a8b-4c9d-8e0f-1a2b3c4d5e6f} Name minutewise'
const focus = { subject: 'Focus', start: utc('2026-03-02T09:00:00'), end: utc('2026-03-02T11:00:00') }

describe('the schema check', () => {
  it('refuses an invented property, a number for a text and an unknown word', async () => {
    const conforms = await graphSchemas()
    conforms('AnyEvent', { id: 'x', subject: 's', showAs: 'busy' })
    expect(() => conforms('AnyEvent', { id: 'x', colour: 'red' })).toThrow('no AnyEvent')
    expect(() => conforms('AnyEvent', { id: 3 })).toThrow('no AnyEvent')
    expect(() => conforms('AnyEvent', { showAs: 'asleep' })).toThrow('no AnyEvent')
  })

  it('stops the fake from answering what Graph never answers', async () => {
    const { ana, ask } = contoso()
    // Safe because the test is about what happens when it is not.
    const wrong = { showAs: 'asleep' } as unknown as EventChange
    ana.patch(ana.create({ start: '2026-03-02T09:00', end: '2026-03-02T10:00' }), wrong)
    await expect(ask('/me/events')).rejects.toThrow('no AnyEvent')
  })
})

describe('times', () => {
  it('come with seven digits of a second, without an offset, in the zone that was asked for', async () => {
    const { ana, ask } = contoso()
    const id = ana.idOf(ana.create({ start: '2026-07-01T09:00', end: '2026-07-01T10:00' }))
    const { body } = await ask(`/me/events/${id}`, {
      headers: { prefer: 'outlook.timezone="Pacific Standard Time", IdType="ImmutableId"' },
    })
    expect(body.start).toEqual({ dateTime: '2026-07-01T00:00:00.0000000', timeZone: 'Pacific Standard Time' })
    expect(body.originalStartTimeZone).toBe('Romance Standard Time')
  })

  it('come in the zone of the mailbox when the header is missing', async () => {
    const { ana, ask } = contoso()
    ana.create({ start: '2026-03-02T09:00', end: '2026-03-02T10:00' })
    const { body } = await ask('/me/events', { headers: { prefer: 'IdType="ImmutableId"' } })
    expect(body.value[0].start).toEqual({ dateTime: '2026-03-02T09:00:00.0000000', timeZone: 'Romance Standard Time' })
  })

  it.each(['Customized Time Zone', 'tzone://Microsoft/Custom'])('keep a zone named %s as it is', async zone => {
    const { ana, ask } = contoso()
    ana.create({ start: '2026-03-02T09:00', end: '2026-03-02T10:00', zone, zoneStandsFor: 'Asia/Kathmandu' })
    const [event] = (await ask('/me/events')).body.value
    expect([event.originalStartTimeZone, event.start.dateTime]).toEqual([zone, '2026-03-02T03:15:00.0000000'])
  })

  it('of all-day events are midnights in any zone', async () => {
    const { ana, ask } = contoso()
    ana.create({ start: '2026-03-02', end: '2026-03-04' })
    for (const zone of ['UTC', 'Pacific Standard Time']) {
      const { body } = await ask('/me/events', { headers: { prefer: `outlook.timezone="${zone}"` } })
      expect(body.value[0]).toMatchObject({
        isAllDay: true,
        start: { dateTime: '2026-03-02T00:00:00.0000000', timeZone: zone },
        end: { dateTime: '2026-03-04T00:00:00.0000000', timeZone: zone },
      })
    }
  })

  it('in a zone that nobody knows are refused', async () => {
    const { ask } = contoso()
    const { status, body } = await ask('/me/events', { headers: { prefer: 'outlook.timezone="Nowhere"' } })
    expect([status, body.error.code]).toEqual([400, 'TimeZoneNotSupportedException'])
  })
})

describe('ids', () => {
  it('come in another format when IdType is missing, and both find the event', async () => {
    const { ana, ask } = contoso()
    ana.create({ start: '2026-03-02T09:00', end: '2026-03-02T10:00' })
    const [immutable] = (await ask('/me/events')).body.value
    const [other] = (await ask('/me/events', { headers: { prefer: 'outlook.timezone="UTC"' } })).body.value
    expect(immutable.id).not.toBe(other.id)
    expect((await ask(`/me/events/${other.id}`)).body.id).toBe(immutable.id)
  })

  it('that are immutable outlive a move to another calendar, others do not', async () => {
    const { ana, ask } = contoso()
    const side = ana.addCalendar('Side')
    const key = ana.create({ start: '2026-03-02T09:00', end: '2026-03-02T10:00' })
    const other = (await ask('/me/events', { headers: { prefer: '' } })).body.value[0].id
    ana.moveTo(key, side)
    expect((await ask(`/me/calendar/events/${ana.idOf(key)}`)).status).toBe(404)
    const [moved] = (await ask(`/me/calendars/${side}/events`)).body.value
    expect(moved.id).toBe(ana.idOf(key))
    expect((await ask(`/me/events/${other}`)).status).toBe(404)
  })

  it('of two neighbours differ by case alone', async () => {
    const { ana } = contoso()
    const times = { start: '2026-03-02T09:00', end: '2026-03-02T10:00' }
    const ids = [0, 1, 2].map(() => ana.idOf(ana.create(times)))
    const folded = new Set(ids.map(id => id.toLowerCase()))
    expect([new Set(ids).size, folded.size]).toEqual([3, 2])
  })

  it('for meetings carry the date of the occurrence in bytes 16 to 19', async () => {
    const { ana, bo, ask } = contoso()
    ana.createSeries({ ...standup, uid: 'standup' })
    bo.createSeries({ ...standup, uid: 'standup' })
    const uids: string[] = (await ask(`/me/calendarView?${windowQuery}`)).body.value.map(
      (item: { iCalUId: string }) => item.iCalUId,
    )
    expect(uids[0]?.slice(0, 40)).toBe('040000008200E00074C5B7101A82E00807EA0302')
    expect(new Set(uids.map(uid => uid.slice(40))).size).toBe(1)
    expect(bo.truth(march)[0]?.iCalUId).toBe(uids[0])
    expect((await ask('/me/events')).body.value[0].iCalUId.slice(32, 40)).toBe('00000000')
  })
})

describe('a view', () => {
  it('gives ten items a page, single events first, so that the first page hides the series', async () => {
    const { ana, ask } = contoso()
    ana.createSeries(standup)
    for (let day = 10; day < 20; day++) ana.create({ start: `2026-03-${day}T12:00`, end: `2026-03-${day}T13:00` })
    const page = await ask(`/me/calendarView?${windowQuery}`, { headers: { prefer: 'IdType="ImmutableId"' } })
    expect(page.body.value.map((item: { type: string }) => item.type)).toEqual(Array(10).fill('singleInstance'))
    const next = await ask(page.body['@odata.nextLink'])
    expect(next.body.value).toHaveLength(5)
    expect(next.body.value[0]).toMatchObject({ type: 'occurrence', subject: 'Standup' })
  })

  it('agrees with the truth', async () => {
    const { ana, ask } = contoso()
    const series = ana.createSeries(standup)
    ana.patchOccurrence(series, '2026-03-16', { subject: 'Standup and demo' })
    ana.deleteOccurrence(series, '2026-03-23')
    ana.create({ subject: 'Offsite', start: '2026-03-30', end: '2026-04-02' })
    const { body } = await ask(`/me/calendarView?${windowQuery}`)
    const shown = body.value.map((item: { id: string; subject: string }) => [item.id, item.subject])
    expect(shown.sort()).toEqual(
      ana
        .truth(march)
        .map(({ id, subject }) => [id, subject])
        .sort(),
    )
  })

  it('clamps a series on day 31 to the last day of shorter months', () => {
    const { ana } = contoso()
    ana.createSeries({
      start: '2026-01-31T09:00',
      end: '2026-01-31T10:00',
      pattern: { type: 'absoluteMonthly', dayOfMonth: 31 },
    })
    const truth = ana.truth({ startAt: Date.UTC(2026, 1, 1), endAt: Date.UTC(2026, 4, 1) })
    expect(truth.map(({ originalOn }) => originalOn)).toEqual(['2026-02-28', '2026-03-31', '2026-04-30'])
  })

  it('shows the people as the service does: an old address beside a new one, a room as required', async () => {
    const { ana, ask } = contoso()
    const room = plainRoom('blue@contoso.example', 'Blue Room')
    ana.create({
      start: '2026-03-02T09:00',
      end: '2026-03-02T10:00',
      attendees: [attendee('bo@contoso.example', { response: 'accepted' }), x500Attendee('Bo Lind'), room.attendee],
      locations: [room.location],
    })
    const [event] = (await ask('/me/events')).body.value
    expect(event.attendees[1].emailAddress.address).toMatch(/^\/o=ExchangeLabs\//)
    expect(event.attendees[2].type).toBe('required')
    expect(event.locations[0].locationType).toBe('conferenceRoom')
  })

  it('keeps a cancelled meeting, with its prefix once or twice', async () => {
    const { ana, ask } = contoso()
    const series = ana.createSeries(standup)
    ana.cancel(series, { on: '2026-03-02' })
    ana.cancel(series, { on: '2026-03-09', prefixes: 2 })
    const { body } = await ask(`/me/calendarView?${windowQuery}&$select=subject,isCancelled`)
    expect(body.value[0]).toMatchObject({ subject: 'Canceled: Standup', isCancelled: true })
    expect(body.value[1].subject).toBe('Canceled: Canceled: Standup')
    expect(body.value[2].isCancelled).toBe(false)
  })
})

describe('writing', () => {
  it('creates, answers If-Match with 412 after a change, and deletes', async () => {
    const { ana, ask } = contoso()
    const made = await ask('/me/events', { method: 'POST', body: focus })
    expect([made.status, made.body.isOrganizer, made.body.start.dateTime]).toEqual([
      201,
      true,
      '2026-03-02T09:00:00.0000000',
    ])
    const etag = made.body['@odata.etag']
    const path = `/me/events/${made.body.id}`
    const headers = { 'if-match': etag }
    expect((await ask(path, { method: 'PATCH', body: { subject: 'Deep work' }, headers })).status).toBe(200)
    const stale = await ask(path, { method: 'PATCH', body: { subject: 'Again' }, headers })
    expect([stale.status, stale.body.error.code]).toEqual([412, 'ErrorIrresolvableConflict'])
    expect((await ask(path, { method: 'DELETE', headers })).status).toBe(412)
    expect((await ask(path, { method: 'DELETE' })).status).toBe(204)
    expect(ana.truth(march)).toEqual([])
  })

  it('does nothing twice for one transactionId', async () => {
    const { fake, ana, ask } = contoso()
    const body = { ...focus, transactionId: 'k1' }
    const one = await ask('/me/events', { method: 'POST', body })
    const two = await ask('/me/events', { method: 'POST', body })
    expect(two.body.id).toBe(one.body.id)
    expect(ana.truth(march).length).toBe(1)
    fake.switches.transactionRepeat = 'conflict'
    expect((await ask('/me/events', { method: 'POST', body })).status).toBe(409)
  })

  it('finds and shows events by an extended property', async () => {
    const { ask } = contoso()
    await ask('/me/events', { method: 'POST', body: focus })
    const body = { ...focus, singleValueExtendedProperties: [{ id: marker, value: "o'k" }] }
    const made = await ask('/me/events', { method: 'POST', body })
    for (const test of ["eq 'o''k'", 'ne null']) {
      const filter = `singleValueExtendedProperties/Any(ep: ep/id eq '${marker}' and ep/value ${test})`
      const expand = `singleValueExtendedProperties($filter=id eq '${marker}')`
      const query = `$filter=${encodeURIComponent(filter)}&$expand=${encodeURIComponent(expand)}`
      const { value } = (await ask(`/me/calendarView?${windowQuery}&${query}`)).body
      expect(value.map((item: { id: string }) => item.id)).toEqual([made.body.id])
      expect(value[0].singleValueExtendedProperties).toEqual([{ id: marker, value: "o'k" }])
    }
    expect((await ask("/me/events?$filter=subject eq 'x'")).status).toBe(400)
  })

  it('ends the online meeting of a body that lost its Teams blob, and keeps it otherwise', async () => {
    const { ana, ask } = contoso()
    const key = ana.create({ start: '2026-03-02T09:00', end: '2026-03-02T10:00', bodyHtml: 'Agenda', withTeams: true })
    const path = `/me/events/${ana.idOf(key)}`
    const html = (await ask(path, { headers: { prefer: 'IdType="ImmutableId"' } })).body.body.content
    const added = html.replace('<body>', '<body><p>First the decision</p>')
    const kept = await ask(path, { method: 'PATCH', body: { body: { contentType: 'html', content: added } } })
    expect(kept.body).toMatchObject({ isOnlineMeeting: true })
    expect(kept.body.body.content).toContain('First the decision')
    const lost = await ask(path, { method: 'PATCH', body: { body: { contentType: 'html', content: '<p>Mine</p>' } } })
    expect(lost.body).toMatchObject({ isOnlineMeeting: false, onlineMeeting: null })
  })

  it('makes an exception of an occurrence that is patched, and no removal of one that is deleted', async () => {
    const { ana, ask } = contoso()
    const series = ana.createSeries(standup)
    const path = (on: string) => `/me/events/${ana.idOf(series, on)}`
    const changed = await ask(path('2026-03-09'), { method: 'PATCH', body: { subject: 'Demo' } })
    expect(changed.body).toMatchObject({ type: 'exception', seriesMasterId: ana.idOf(series) })
    await ask(path('2026-03-16'), { method: 'DELETE' })
    expect(ana.truth(march).map(({ kind, subject }) => `${kind} ${subject}`)).toEqual([
      'occurrence Standup',
      'exception Demo',
      'occurrence Standup',
      'occurrence Standup',
    ])
  })

  it('gives an exception a new etag when it or its master changed, and not when a neighbour did', async () => {
    const { ana, ask } = contoso()
    const series = ana.createSeries(standup)
    ana.patchOccurrence(series, '2026-03-09', { subject: 'Demo' })
    const etag = async () => (await ask(`/me/events/${ana.idOf(series, '2026-03-09')}`)).body['@odata.etag']
    const first = await etag()
    ana.deleteOccurrence(series, '2026-03-16')
    expect(await etag()).toBe(first)
    ana.patch(series, { location: 'Blue Room' })
    expect(await etag()).not.toBe(first)
  })

  it('writes a mail for a meeting with people, and none for a block of one', async () => {
    const { fake, ask } = contoso()
    await ask('/me/events', { method: 'POST', body: focus })
    expect(fake.mails).toEqual([])
    await ask('/me/events', { method: 'POST', body: { ...focus, attendees: [attendee('bo@contoso.example')] } })
    expect(fake.mails).toMatchObject([{ to: 'bo@contoso.example', what: 'invitation' }])
  })

  it.each([
    ['an unknown property', { ...focus, colour: 'red' }],
    ['a property that is not for clients', { ...focus, iCalUId: 'x' }],
    ['a wrong type', { ...focus, subject: 3 }],
    ['an unknown word', { ...focus, showAs: 'asleep' }],
    ['no start', { subject: 'x', end: focus.end }],
    ['a time without a zone', { ...focus, start: { dateTime: '2026-03-02T09:00:00' } }],
    ['a zone nobody knows', { ...focus, start: { dateTime: '2026-03-02T09:00:00', timeZone: 'Nowhere' } }],
    ['a time that is none', { ...focus, start: utc('tomorrow') }],
    ['an end before the start', { ...focus, end: utc('2026-03-02T08:00:00') }],
    ['an all-day event that does not begin at midnight', { ...focus, isAllDay: true }],
    ['a property id that is none', { ...focus, singleValueExtendedProperties: [{ id: 'mine', value: 'x' }] }],
    ['no JSON', '{'],
  ])('refuses %s', async (_title, body) => {
    const { ana, ask } = contoso()
    const { status } = await ask('/me/events', { method: 'POST', body })
    expect(status).toBe(400)
    expect(ana.truth(march)).toEqual([])
  })

  it('cleans HTML of comments, so that marks of ours cannot hide there', async () => {
    const { ask } = contoso()
    const body = { ...focus, body: { contentType: 'html', content: '<html><body>a<!-- ours -->b</body></html>' } }
    const made = await ask('/me/events', { method: 'POST', body, headers: { prefer: 'IdType="ImmutableId"' } })
    expect(made.body.body.content).toContain('<body>ab</body>')
    const text = await ask(`/me/events/${made.body.id}`, { headers: { prefer: everyPreference } })
    expect(text.body.body).toEqual({ contentType: 'text', content: 'ab' })
  })
})
