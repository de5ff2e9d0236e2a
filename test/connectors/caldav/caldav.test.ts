import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { DavClient } from '../../../src/connectors/caldav/client.ts'
import { isNeighbour, serverAddress } from '../../../src/connectors/caldav/server-address.ts'
import type { Connector } from '../../../src/connectors/connector.ts'
import { createHttpPolicy } from '../../../src/connectors/paced-http.ts'
import { dayMs } from '../../../src/domain/time/types.ts'
import { PortError } from '../../../src/port-error.ts'
import { plenty, Reading } from '../../contract/reading.ts'
import { virtualClock } from '../../fakes/kit/clock.ts'
import { alice, bob, type DavHand, type Radicale, startRadicale } from '../../fakes/radicale.ts'
import { eventLines, zoneLines } from '../ics/calendar-text.ts'
import { connect, refOf, resource, worldNow } from './caldav-world.ts'

const window = { startAt: worldNow - 60 * dayMs, endAt: worldNow + 120 * dayMs }

describe('CalDAV against Radicale', () => {
  let radicale: Radicale
  let hand: DavHand
  let path: string
  let reading: Reading
  let made = 0
  beforeAll(async () => {
    radicale = await startRadicale()
    hand = radicale.as(alice)
  }, 30_000)
  afterAll(() => radicale.stop())
  beforeEach(async () => {
    path = await hand.makeCalendar(`calendar-${++made}`)
    reading = readerOf()
  })
  afterEach(async () => {
    radicale.faults.clear()
    radicale.journal.clear()
    await hand.remove(path)
  })

  const readerOf = (how: Parameters<typeof connect>[1] = {}) =>
    new Reading(connect(radicale, how).connector, refOf(path), window, () => worldNow)
  const put = (name: string, ...lines: readonly string[]) =>
    hand.put(
      `${path}${name}.ics`,
      resource('BEGIN:VEVENT', 'DTSTAMP:20260301T000000Z', `UID:${name}`, ...lines, 'END:VEVENT'),
    )
  const lunch = (name: string) => put(name, 'DTSTART:20260316T100000Z', `SUMMARY:${name}`)
  const listed = (how: Parameters<typeof connect>[1] = {}) => connect(radicale, how).connector.listCalendars(plenty())

  describe('finds calendars', () => {
    it('those with events, with name, zone, owner and access; no task lists, no address books', async () => {
      const tasks = await hand.makeCalendar('Tasks', { components: ['VTODO'] })
      const book = await hand.makeAddressBook('people')
      const zoned = await hand.makeCalendar('Zoned', { components: ['VEVENT', 'VTODO'], zone: 'Europe/Madrid' })
      const all = await listed()
      expect(all.map(({ id }) => id).toSorted()).toEqual([path, zoned].toSorted())
      expect(all.find(({ id }) => id === zoned)).toEqual({
        id: zoned,
        name: 'Zoned',
        zone: 'Europe/Madrid',
        ownerAddress: alice.name,
        isPrimary: false,
        access: 'owner',
      })
      for (const each of [tasks, book, zoned]) await hand.remove(each)
    })

    it('an only calendar is the primary one', async () => {
      expect(await listed()).toEqual([expect.objectContaining({ id: path, isPrimary: true, zone: null })])
    })

    it('a user name that is no address says nothing about whose calendar it is', async () => {
      const bobs = await radicale.as(bob).makeCalendar('Work')
      expect(await listed({ user: bob })).toEqual([
        expect.objectContaining({ id: bobs, ownerAddress: null, access: 'owner' }),
      ])
      await radicale.as(bob).remove(bobs)
    })

    it('from any address that leads there: the root, the principal, a calendar', async () => {
      for (const start of ['', `${encodeURIComponent(alice.name)}/`, path.slice(1), 'nowhere/at/all']) {
        expect(
          (await listed({ path: start })).map(({ id }) => id),
          start,
        ).toEqual([path])
      }
    })

    it('a wrong password is signed out, with a sentence about what to do and without the password', async () => {
      const error = await refusal(listed({ password: 'wrong-SECRET' }))
      expect(error).toMatchObject({ code: 'signed-out' })
      expect(error.message).toMatch(/connect caldav/)
      expect(error.message).not.toContain('SECRET')
    })

    it('a budget that ends during discovery is paused, not "no calendars"', async () => {
      for (let requests = 0; requests < 3; requests++) {
        const { connector } = connect(radicale)
        await expect(connector.listCalendars({ requests, untilAt: Number.MAX_SAFE_INTEGER })).rejects.toMatchObject({
          code: 'paused',
        })
      }
    })

    it('a web server that is no calendar server is said to be none', async () => {
      const web = createServer((_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>hi'))
      await new Promise<void>(resolve => web.listen(0, '127.0.0.1', resolve))
      // Safe because the server listens on TCP.
      const { port } = web.address() as AddressInfo
      const error = await refusal(listed({ path: `http://127.0.0.1:${port}/` }))
      expect(['malformed', 'not-found']).toContain(error.code)
      web.closeAllConnections()
      await new Promise(resolve => web.close(resolve))
    })
  })

  describe('guards the password', () => {
    it.each([
      ['http://calendar.example.com/', 'https'],
      ['http://192.168.1.10:5232/', 'https'],
      ['http://nas.local/', 'https'],
      ['https://ana:SECRET@calendar.example.com/', 'apart'],
      ['', 'web address'],
      ['http://', 'web address'],
    ])('%s is refused, with what to give instead', (typed, word) => {
      expect(() => serverAddress(typed)).toThrow(new RegExp(word))
      expect(() => serverAddress(typed)).not.toThrow(/SECRET/)
    })

    it.each([
      ['https://192.168.1.10/dav/', 'https://192.168.1.10/dav/'],
      ['calendar.example.com', 'https://calendar.example.com/'],
      ['caldav://calendar.example.com', 'https://calendar.example.com/'],
      ['http://localhost:5232/ana/', 'http://localhost:5232/ana/'],
      ['http://[::1]:5232', 'http://[::1]:5232/'],
    ])('%s is used: a server at home is fine, and this machine needs no https', (typed, href) => {
      expect(serverAddress(typed).href).toBe(href)
    })

    it.each([
      ['https://p42-caldav.example.com/', 'https://caldav.example.com/', true],
      ['https://caldav.example.com/home/', 'https://caldav.example.com/', true],
      ['http://p42-caldav.example.com/', 'https://caldav.example.com/', false],
      ['https://p42-caldav.example.com:8443/', 'https://caldav.example.com/', false],
      ['https://evil.co.uk/', 'https://lamps.co.uk/', false],
      ['https://evil.com/', 'https://lamps.com/', false],
      ['https://example.com.evil.net/', 'https://caldav.example.com/', false],
    ])('calendars on %s named by %s: the password goes there is %s', (home, server, expected) => {
      expect(isNeighbour(new URL(home), new URL(server))).toBe(expected)
    })

    it('a bad address is a sentence when it is asked, and no end of the program before', async () => {
      const connection = connect(radicale, { path: 'http://calendar.example.com/' })
      expect(connection.writer).not.toBeNull()
      await expect(connection.connector.listCalendars(plenty())).rejects.toMatchObject({ code: 'rejected' })
      await expect(connection.writer!.findBlock(refOf('/x/'), 'key', plenty())).rejects.toMatchObject({
        code: 'rejected',
      })
    })

    it.each([301, 302, 307, 308])('HTTP %i to another origin is not followed, the password stays', async status => {
      const authorizations: (string | undefined)[] = []
      const other = createServer((request, response) => {
        authorizations.push(request.headers.authorization)
        response.end()
      })
      await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve))
      // Safe because the server listens on TCP.
      const { port } = other.address() as AddressInfo
      radicale.faults.add({
        match: path,
        times: 9,
        action: { kind: 'status', status, headers: { location: `http://127.0.0.1:${port}/SECRET` } },
      })
      const error = await refusal(reading.step())
      expect(error).toMatchObject({ code: 'rejected' })
      expect(error.message).not.toContain('SECRET')
      expect(authorizations).toEqual([])
      other.closeAllConnections()
      await new Promise(resolve => other.close(resolve))
    })

    it('a redirect on the same server is followed, and what stands there is found', async () => {
      await lunch('one')
      radicale.faults.add({
        match: /^(REPORT|PROPFIND) \/old\//,
        times: 9,
        action: { kind: 'status', status: 308, headers: { location: path } },
      })
      const moved = new Reading(connect(radicale).connector, refOf('/old/place/'), window, () => worldNow)
      await moved.round()
      expect(moved.occurrences().map(({ title }) => title)).toEqual(['one'])
    })

    it('a redirect in a circle is left after three hops', async () => {
      radicale.faults.add({
        match: path,
        times: 99,
        action: { kind: 'status', status: 307, headers: { location: path } },
      })
      await expect(refusal(reading.step())).resolves.toMatchObject({ code: 'malformed' })
      expect(radicale.journal.requests).toHaveLength(4)
    })
  })

  describe('asks little', () => {
    it('an unchanged calendar is one request, a changed one two', async () => {
      for (const name of ['a', 'b', 'c']) await lunch(name)
      await reading.round()
      radicale.journal.clear()
      await reading.round()
      expect(radicale.journal.requests.map(({ method }) => method)).toEqual(['REPORT'])
      await lunch('d')
      radicale.journal.clear()
      await reading.round()
      expect(radicale.journal.requests.map(({ method }) => method)).toEqual(['REPORT', 'REPORT'])
      expect(reading.items.size).toBe(4)
    })

    it('a full round lists once and fetches in steps; what is known is not fetched, whenever it takes place', async () => {
      for (let n = 0; n < 10; n++) await put(`old-${n}`, `DTSTART:20${10 + n}0316T100000Z`, 'SUMMARY:Old')
      reading = readerOf({ perStep: 4 })
      const steps = await reading.round()
      expect(steps.map(({ changes }) => changes.length)).toEqual([4, 4, 2])
      expect(radicale.journal.count('REPORT')).toBe(1 + 3)
      expect(reading.items.size).toBe(10)
      radicale.journal.clear()
      reading.cursor = null
      const again = await reading.round()
      expect(again).toHaveLength(1)
      expect(again[0]?.present).toHaveLength(10)
      expect(radicale.journal.count('REPORT')).toBe(1)
    })

    it('what changes during a full round is in the next round, even when another process took it up', async () => {
      for (let n = 0; n < 9; n++) await lunch(`event-${n}`)
      const connections = [connect(radicale, { perStep: 3 }), connect(radicale, { perStep: 3 })]
      let turn = 0
      // another process each step: none remembers what the one before had listed
      const connector: Connector = {
        ...connections[0]!.connector,
        pull: request => connections[turn++ % 2]!.connector.pull(request),
      }
      reading = new Reading(connector, refOf(path), window, () => worldNow)
      reading.apply(await reading.step())
      await put('event-0', 'DTSTART:20260316T100000Z', 'SUMMARY:Changed meanwhile')
      await hand.remove(`${path}event-8.ics`)
      await reading.round()
      await reading.round()
      const titles = reading.occurrences().map(({ title }) => title)
      expect(titles).toContain('Changed meanwhile')
      expect(titles).not.toContain('event-8')
      expect(titles).toHaveLength(8)
    })

    it('neither a time range nor an expansion is ever left to the server', async () => {
      await lunch('one')
      await reading.round()
      for (const { body } of radicale.journal.requests) expect(body).not.toMatch(/time-range|expand/)
    })
  })

  it('a list that the server cuts (507) goes on where it was cut, in the same round', async () => {
    for (let n = 0; n < 8; n++) await lunch(`event-${n}`)
    const cutting: typeof fetch = async (input, init) => {
      const body = String(init?.body)
      if (!body.includes('sync-collection') || !/<d:sync-token>(urn:half)?<\/d:sync-token>|<d:sync-token\/>/.test(body))
        return await fetch(input, init)
      const answer = await fetch(input, { ...init!, body: body.replace('urn:half', '') })
      const text = await answer.text()
      const members = text.match(/<response>[\s\S]*?<\/response>/g) ?? []
      const isSecond = body.includes('urn:half')
      const part = isSecond ? members.slice(4) : members.slice(0, 4)
      const cut = isSecond
        ? ''
        : `<response><href>${path}</href><status>HTTP/1.1 507 Insufficient Storage</status></response>`
      const token = isSecond ? /<sync-token>.*<\/sync-token>/.exec(text)?.[0] : '<sync-token>urn:half</sync-token>'
      return new Response(`<multistatus xmlns="DAV:">${part.join('')}${cut}${token}</multistatus>`, {
        status: 207,
        headers: { 'content-type': 'text/xml' },
      })
    }
    reading = readerOf({ fetch: cutting, perStep: 3 })
    const steps = await reading.round()
    expect(steps.map(step => [step.round, step.changes.length, step.done])).toEqual([
      ['full', 3, false],
      ['full', 1, false],
      ['full', 3, false],
      ['full', 1, true],
    ])
    expect(reading.items.size).toBe(8)
  })

  it('a list that the server cuts for ever at the same place is malformed, and is left', async () => {
    for (let n = 0; n < 3; n++) await lunch(`event-${n}`)
    const cutting: typeof fetch = async (input, init) => {
      const body = String(init?.body)
      if (!body.includes('sync-collection')) return await fetch(input, init)
      const cut = `<response><href>${path}</href><status>HTTP/1.1 507 Insufficient Storage</status></response>`
      return new Response(`<multistatus xmlns="DAV:">${cut}<sync-token>urn:again</sync-token></multistatus>`, {
        status: 207,
        headers: { 'content-type': 'text/xml' },
      })
    }
    reading = readerOf({ fetch: cutting })
    const error = await refusal(reading.round())
    expect([error.code, error.message]).toEqual(['malformed', expect.stringContaining('never ends')])
  })

  it('a list that breaks off is no list: nobody takes what stood behind for gone', async () => {
    for (let n = 0; n < 3; n++) await lunch(`event-${n}`)
    const breaking: typeof fetch = async (input, init) => {
      const answer = await fetch(input, init)
      const text = await answer.text()
      const { status, headers } = answer
      if (init?.method === 'REPORT' && !text.includes('calendar-data')) return new Response('', { status: 403 })
      const isList = init?.method === 'PROPFIND' && new Headers(init.headers).get('depth') === '1'
      return new Response(isList ? text.slice(0, text.lastIndexOf('<response>')) : text, { status, headers })
    }
    reading = readerOf({ fetch: breaking })
    expect((await refusal(reading.round())).code).toBe('malformed')
  })

  it.each([
    '<multistatus xmlns="DAV:"/>',
    '<d:multistatus xmlns:d="DAV:"></d:multistatus>\r\n',
    '<D.1:multistatus xmlns:D.1="DAV:" ></D.1:multistatus >',
  ])('an empty list is a whole one: %s', async text => {
    const client = new DavClient({
      http: createHttpPolicy({
        fetch: async () => new Response(text, { status: 207, headers: { 'content-type': 'text/xml' } }),
        clock: virtualClock(0),
      }),
      base: new URL('https://dav.example.com/'),
      userName: 'ana',
      password: 'x',
    })
    const answer = await client.propfind(client.base, '0', { 'd:getetag': {} }, plenty())
    expect(answer).toMatchObject({ kind: 'multistatus', entries: [] })
  })

  describe('a token that the server does not take', () => {
    it.each([
      [403, '<error xmlns="DAV:"><valid-sync-token/></error>', 'cursor-expired'],
      [403, '<error xmlns="DAV:"><need-privileges/></error>', 'denied'],
      [409, '', 'cursor-expired'],
      [410, '', 'cursor-expired'],
      [412, '', 'cursor-expired'],
      [500, '', 'cursor-expired'],
      [507, '', 'cursor-expired'],
      [401, '', 'signed-out'],
      [404, '', 'not-found'],
    ])('HTTP %i %s is %s', async (status, body, code) => {
      await lunch('one')
      await reading.round()
      radicale.faults.add({
        match: 'REPORT',
        times: 9,
        action: { kind: 'status', status, body, headers: { 'content-type': 'application/xml' } },
      })
      await expect(refusal(reading.step())).resolves.toMatchObject({ code })
      expect(reading.items.size).toBe(1)
    })

    it('is really forgotten by a server restored from a backup; a full round then removes what went', async () => {
      await lunch('stays')
      await lunch('goes')
      await reading.round()
      radicale.forgetTokens()
      await hand.remove(`${path}goes.ics`)
      await expect(refusal(reading.step())).resolves.toMatchObject({ code: 'cursor-expired' })
      reading.cursor = null
      await reading.round()
      expect(reading.occurrences().map(({ title }) => title)).toEqual(['stays'])
    })
  })

  describe('resources', () => {
    it('one that cannot be read costs itself and keeps what was read of it', async () => {
      await lunch('broken')
      await lunch('fine')
      await reading.round()
      await put('broken', 'DTSTART:20260316T100000Z', 'SUMMARY:Broken now')
      const broken: typeof fetch = async (input, init) => {
        const answer = await fetch(input, init)
        if (!String(init?.body).includes('calendar-multiget')) return answer
        const text = (await answer.text()).replace(
          /BEGIN:VCALENDAR(?:(?!BEGIN:VCALENDAR)[\s\S])*?Broken now/,
          'garbage',
        )
        return new Response(text, { status: 207, headers: { 'content-type': 'text/xml' } })
      }
      const other = readerOf({ fetch: broken })
      for (const [id, item] of reading.items) other.items.set(id, item)
      const [step] = await other.round()
      expect(step?.leftOut).toEqual([expect.objectContaining({ code: 'not-a-calendar', count: 1 })])
      expect(step?.leftOut[0]?.sentence).not.toContain('Broken')
      expect(
        other
          .occurrences()
          .map(({ title }) => title)
          .toSorted(),
      ).toEqual(['broken', 'fine'])
    })

    it('one that vanishes between list and fetch is gone, one the server leaves out is asked for by itself', async () => {
      await lunch('a')
      await lunch('b')
      let hasRemoved = false
      const between: typeof fetch = async (input, init) => {
        const isMultiget = String(init?.body).includes('calendar-multiget')
        if (isMultiget && !hasRemoved) {
          hasRemoved = true
          await hand.remove(`${path}a.ics`)
        }
        const answer = await fetch(input, init)
        if (!isMultiget) return answer
        const text = (await answer.text()).replace(/<response>(?:(?!<response>)[\s\S])*?b\.ics[\s\S]*?<\/response>/, '')
        return new Response(text, { status: 207, headers: { 'content-type': 'text/xml' } })
      }
      reading = readerOf({ fetch: between })
      await reading.round()
      expect(reading.occurrences().map(({ title }) => title)).toEqual(['b'])
    })

    it('a large one comes whole, with all its text', async () => {
      const text = `${'Lamp. '.repeat(3_000)}End.`
      await put(
        'large',
        'DTSTART:20260316T100000Z',
        `DESCRIPTION:${text}`,
        `X-PHOTO:${'A'.repeat(200_000)}`,
        'SUMMARY:Large',
      )
      await reading.round()
      const [item] = reading.items.values()
      expect(item?.content).toMatchObject({ events: [{ title: 'Large', description: text }] })
    })

    it('a task in a calendar of both kinds is no item', async () => {
      const both = await hand.makeCalendar(`both-${made}`, { components: ['VEVENT', 'VTODO'] })
      await hand.put(`${both}task.ics`, resource('BEGIN:VTODO', 'UID:task', 'SUMMARY:Task', 'END:VTODO'))
      const tasks = new Reading(connect(radicale).connector, refOf(both), window, () => worldNow)
      await tasks.round()
      expect(tasks.items.size).toBe(0)
      await hand.remove(both)
    })

    it('a name with signs and spaces is one item, found again by its id', async () => {
      await hand.put(`${path}a%20b%40c%2B%C3%B1.ics`, resource(...eventLines('SUMMARY:Signs')))
      await reading.round()
      const [id] = reading.items.keys()
      const request = { calendar: refOf(path), ids: [id!], window, now: worldNow, budget: plenty() }
      expect(await connect(radicale).connector.fetchItems(request)).toEqual([
        expect.objectContaining({ kind: 'item', item: expect.objectContaining({ id }) }),
      ])
    })

    it('an id outside the calendar is removed, and nobody is asked', async () => {
      const ids = [`/${encodeURIComponent(bob.name)}/work/x.ics`, '../../etc/passwd', 'https://example.com/x.ics', path]
      const changes = await connect(radicale).connector.fetchItems({
        calendar: refOf(path),
        ids,
        window,
        now: worldNow,
        budget: plenty(),
      })
      expect(changes).toEqual(ids.map(itemId => ({ kind: 'removed', itemId })))
      expect(radicale.journal.requests).toEqual([])
    })
  })

  describe('and what calendars do', () => {
    it('all-day events are dates, a series keeps its wall time, a deleted and a cancelled occurrence are none', async () => {
      await put('fair', 'DTSTART;VALUE=DATE:20260310', 'DTEND;VALUE=DATE:20260312', 'SUMMARY:Fair')
      await hand.put(
        `${path}weekly.ics`,
        resource(
          ...zoneLines('Europe/Warsaw', '+0100', '+0200'),
          ...eventLines(
            'UID:weekly',
            'DTSTART;TZID=Europe/Warsaw:20260316T100000',
            'RRULE:FREQ=WEEKLY;COUNT=4',
            'EXDATE;TZID=Europe/Warsaw:20260323T100000',
            'SUMMARY:Weekly',
          ),
          ...eventLines(
            'UID:weekly',
            'RECURRENCE-ID;TZID=Europe/Warsaw:20260406T100000',
            'DTSTART;TZID=Europe/Warsaw:20260406T100000',
            'STATUS:CANCELLED',
          ),
        ),
      )
      await reading.round()
      expect(reading.occurrences().map(({ title, start }) => `${title} ${start}`)).toEqual([
        'Fair 2026-03-10T00:00:00.000Z',
        'Weekly 2026-03-16T09:00:00.000Z',
        'Weekly 2026-03-30T08:00:00.000Z',
      ])
    })

    it('the path of a private event never leaves, and follows it when it turns private or open again', async () => {
      const name = 'SECRET-with-ben'
      const event = (...lines: readonly string[]) => put(name, 'DTSTART:20260316T100000Z', 'SUMMARY:Lunch', ...lines)
      const ids = () => [...reading.items.keys()]
      await event('CLASS:PRIVATE')
      await reading.round()
      expect(ids()).toHaveLength(1)
      expect(JSON.stringify([...reading.items])).not.toContain('SECRET')
      // a full round names it as it is known
      reading.cursor = null
      const before = radicale.journal.count('REPORT')
      await reading.round()
      expect(ids()).toHaveLength(1)
      expect(radicale.journal.count('REPORT') - before).toBe(1)

      await event()
      await reading.round()
      expect(ids()).toEqual([`${path}${name}.ics`])
      await event('CLASS:PRIVATE')
      await reading.round()
      expect(ids()).toHaveLength(1)
      expect(JSON.stringify([...reading.items])).not.toContain('SECRET')
      await hand.remove(`${path}${name}.ics`)
      await reading.round()
      expect(ids()).toEqual([])
    })

    it('the public exception of a private series is masked with it; the server’s own text never leaves', async () => {
      await hand.put(
        `${path}SECRETless.ics`,
        resource(
          ...eventLines('UID:w', 'CLASS:PRIVATE', 'SUMMARY:SECRET', 'DESCRIPTION:SECRET', 'RRULE:FREQ=WEEKLY;COUNT=2'),
          ...eventLines(
            'UID:w',
            'CLASS:PUBLIC',
            'SUMMARY:SECRET moved',
            'LOCATION:SECRET',
            'RECURRENCE-ID:20260323T100000Z',
            'DTSTART:20260324T100000Z',
          ),
        ),
      )
      await reading.round()
      const contents = [...reading.items.values()].map(({ content }) => content)
      expect(JSON.stringify(contents)).not.toContain('SECRET')
      expect(reading.occurrences().map(({ title, start }) => [title, start.slice(0, 10)])).toEqual([
        [null, '2026-03-16'],
        [null, '2026-03-24'],
      ])
    })

    it('the same UID in two calendars is two items, and changing one leaves the other', async () => {
      const second = await hand.makeCalendar(`second-${made}`)
      await lunch('shared')
      await hand.put(`${second}copy.ics`, resource(...eventLines('UID:shared', 'SUMMARY:Copy')))
      const other = new Reading(connect(radicale).connector, refOf(second), window, () => worldNow)
      await reading.round()
      await other.round()
      await put('shared', 'DTSTART:20260316T100000Z', 'SUMMARY:Edited')
      await reading.round()
      await other.round()
      expect(reading.occurrences().map(({ title }) => title)).toEqual(['Edited'])
      expect(other.occurrences().map(({ title }) => title)).toEqual(['Copy'])
      await hand.remove(second)
    })

    it('a poisoned resource does not hold up the others', async () => {
      await put('poison', 'DTSTART:20260316T113000Z', 'RRULE:FREQ=YEARLY', 'SUMMARY:Never')
      await lunch('fine')
      // Radicale itself does not survive such a rule, so it is put in on the way
      const poisoned: typeof fetch = async (input, init) => {
        const answer = await fetch(input, init)
        const text = (await answer.text())
          .replace('RRULE:FREQ=YEARLY', 'RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30')
          .replace('DTSTART:20260316T113000Z', 'DTSTART:16010101T000000Z')
        return new Response(text, { status: answer.status, headers: { 'content-type': 'text/xml' } })
      }
      reading = readerOf({ fetch: poisoned })
      await reading.round()
      expect(reading.items.size).toBe(2)
      expect(reading.occurrences().map(({ title }) => title)).toEqual(['fine'])
    })
  })
})

async function refusal(work: Promise<unknown>): Promise<PortError> {
  const error = await work.then(
    () => new Error('nothing was refused'),
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(PortError)
  // Safe because of the line above.
  return error as PortError
}
