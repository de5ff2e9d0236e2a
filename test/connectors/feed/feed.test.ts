import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eventsOfItems } from '../../../src/app/sync/events-of-items.ts'
import { createFeedConnection } from '../../../src/connectors/feed/connection.ts'
import { feedAddress, feedLabel } from '../../../src/connectors/feed/feed-address.ts'
import { createGuardedFetch } from '../../../src/connectors/guarded-fetch.ts'
import { createHttpPolicy } from '../../../src/connectors/paced-http.ts'
import { expandEvents } from '../../../src/domain/meetings/expand.ts'
import { dayMs } from '../../../src/domain/time/types.ts'
import { PortError } from '../../../src/port-error.ts'
import { plenty, Reading } from '../../contract/reading.ts'
import { type FeedServer, startFeedServer } from '../../fakes/feed-server.ts'
import { virtualClock } from '../../fakes/kit/clock.ts'
import { calendarText, eventLines, zoneLines } from '../ics/calendar-text.ts'
import { connectFeed, feedRef, worldNow } from './feed-world.ts'

const window = { startAt: worldNow - 60 * dayMs, endAt: worldNow + 120 * dayMs }

describe('an ICS feed', () => {
  let server: FeedServer
  let reading: Reading
  beforeEach(async () => {
    server = await startFeedServer()
    reading = readerOf(server)
  })
  afterEach(() => server.close())

  const readerOf = (of: FeedServer) => new Reading(connectFeed(of.feedUrl).connector, feedRef, window, () => worldNow)
  const codeOf = async () => {
    const error: unknown = await reading.step().then(
      () => null,
      (thrown: unknown) => thrown,
    )
    expect(error).toBeInstanceOf(PortError)
    // Safe because of the line above.
    const problem = error as PortError
    expect(problem.message).not.toContain(server.secret)
    return problem.code
  }

  describe('asks only for what is new', () => {
    it.each(['both', 'etag', 'date'] as const)(
      'with %s: an unchanged feed is one request and no calendar',
      async kind => {
        server.validators = kind
        server.publish(calendarText(...eventLines('SUMMARY:Lunch')))
        await reading.round()
        server.journal.clear()
        const [step, ...more] = await reading.round()
        expect(more).toEqual([])
        expect(step).toMatchObject({ round: 'changes', changes: [], present: [], done: true })
        expect(server.journal.requests.map(({ status }) => status)).toEqual([304])
        expect(reading.items.size).toBe(1)
      },
    )

    it('the same events stamped anew are all present, and none is written again', async () => {
      const published = (stamp: string) =>
        calendarText(...eventLines('SUMMARY:Lunch', `DTSTAMP:${stamp}`, `LAST-MODIFIED:${stamp}`, `CREATED:${stamp}`))
      server.publish(published('20260301T000000Z'))
      await reading.round()
      server.publish(published('20260302T000000Z'))
      const [step] = await reading.round()
      expect(step).toMatchObject({ round: 'full', changes: [] })
      expect(step?.present).toEqual([...reading.items.keys()])
    })

    it('a change of anything else is written', async () => {
      for (const line of ['SUMMARY:Dinner', 'LOCATION:Attic', 'DTEND:20260316T120000Z', 'STATUS:TENTATIVE']) {
        server.publish(calendarText(...eventLines('X-NOTHING:1')))
        await reading.round()
        server.publish(calendarText(...eventLines(line)))
        const [step] = await reading.round()
        expect(step?.changes, line).toHaveLength(1)
      }
    })

    it('an item keeps its id, which tells nothing of the UID', async () => {
      server.publish(calendarText(...eventLines('UID:SECRET-project', 'CLASS:PRIVATE')))
      await reading.round()
      const [before] = reading.items.keys()
      server.publish(calendarText(...eventLines('UID:SECRET-project', 'CLASS:PRIVATE', 'LOCATION:x', 'SEQUENCE:2')))
      await reading.round()
      expect([...reading.items.keys()]).toEqual([before])
      expect(JSON.stringify([...reading.items.values()])).not.toContain('SECRET')
    })
  })

  describe('takes nothing away without a whole calendar', () => {
    const whole = calendarText(...eventLines('SUMMARY:One'), ...eventLines('UID:two@example.com', 'SUMMARY:Two'))
    beforeEach(async () => {
      server.publish(whole)
      await reading.round()
    })

    it.each([
      ['a sign-in page', '<!doctype html><html><body>Please sign in</body></html>'],
      ['nothing', ''],
      ['JSON', '{"error":"quota"}'],
      ['a calendar cut in an event', whole.slice(0, whole.indexOf('Two'))],
      ['a calendar cut after an event', whole.slice(0, whole.lastIndexOf('END:VCALENDAR'))],
      ['a sentence', 'The calendar is being rebuilt.'],
    ])('%s with status 200 is malformed', async (_, body) => {
      server.publish(body)
      const { cursor } = reading
      expect(await codeOf()).toBe('malformed')
      expect(reading.cursor).toBe(cursor)
      expect(reading.items.size).toBe(2)
      server.publish(whole)
      await reading.round()
      expect(reading.items.size).toBe(2)
    })

    it.each([
      [204, 'failed'],
      [206, 'failed'],
      [401, 'denied'],
      [403, 'denied'],
      [404, 'not-found'],
      [410, 'not-found'],
      [418, 'rejected'],
    ])('HTTP %i is %s', async (status, code) => {
      server.answer = () => new Response(status === 204 ? null : whole, { status })
      expect(await codeOf()).toBe(code)
    })

    it('"unchanged" from a server that was asked no condition is no calendar', async () => {
      server.answer = () => new Response(null, { status: 304 })
      reading.cursor = null
      expect(await codeOf()).toBe('failed')
    })

    it('a connection that breaks in the middle, each time, is unreachable', async () => {
      server.faults.add({ times: 10, action: { kind: 'truncate' } })
      server.publish(whole.replace('One', 'Eins'))
      expect(await codeOf()).toBe('unreachable')
    })

    it('a whole calendar without events is believed: what that means for the future is decided elsewhere', async () => {
      server.publish(calendarText())
      const [step] = await reading.round()
      expect(step).toMatchObject({ round: 'full', changes: [], present: [], done: true })
    })
  })

  describe('says nothing it must not', () => {
    it('the address is in no error and no listing; the host is the label', async () => {
      server.publish(calendarText('X-WR-CALNAME:Lamps\u202e', 'X-WR-TIMEZONE:Europe/Warsaw', ...eventLines()))
      const listed = await connectFeed(server.feedUrl).connector.listCalendars(plenty())
      expect(listed).toEqual([
        { id: 'feed', name: 'Lamps', zone: 'Europe/Warsaw', ownerAddress: null, isPrimary: true, access: 'read' },
      ])
      expect(feedLabel('webcal://calendar.example.com/private-SECRET/basic.ics')).toBe('calendar.example.com')
      const [step] = await reading.round()
      expect(step?.about).toEqual({ name: 'Lamps', zone: 'Europe/Warsaw' })
      expect(JSON.stringify(step)).not.toContain(server.secret)
    })

    it('webcal is https, never http', () => {
      expect(feedAddress(' webcal://calendar.example.com/x.ics ').href).toBe('https://calendar.example.com/x.ics')
      expect(feedAddress('WEBCALS://calendar.example.com/x.ics').href).toBe('https://calendar.example.com/x.ics')
      expect(() => feedAddress('SECRET')).toThrow(/not a web address/)
      expect(() => feedAddress('SECRET')).not.toThrow(/SECRET/)
    })

    it('an address that leads inside is rejected by the connection too, after no retry', async () => {
      const clock = virtualClock(worldNow)
      const { connector } = createFeedConnection({
        http: createHttpPolicy({ fetch: createGuardedFetch({ fetch }), clock }),
        credential: { url: server.feedUrl },
        account: { tier: 'content', settings: {} },
        clock,
      })
      await expect(connector.listCalendars(plenty())).rejects.toMatchObject({ code: 'rejected' })
      expect(server.journal.requests).toEqual([])
      expect(clock.slept).toEqual([])
    })

    it('an exception of a private series is as private as the series (private master, public exception)', async () => {
      server.publish(
        calendarText(
          ...eventLines('UID:weekly', 'CLASS:PRIVATE', 'SUMMARY:SECRET therapy', 'RRULE:FREQ=WEEKLY;COUNT=4'),
          ...eventLines(
            'UID:weekly',
            'CLASS:PUBLIC',
            'SUMMARY:SECRET moved',
            'RECURRENCE-ID:20260323T100000Z',
            'DTSTART:20260324T100000Z',
          ),
        ),
      )
      await reading.round()
      expect(JSON.stringify([...reading.items.values()])).not.toContain('SECRET')
      expect(reading.occurrences().map(({ title, start }) => [title, start.slice(0, 10)])).toEqual([
        [null, '2026-03-16'],
        [null, '2026-03-24'],
        [null, '2026-03-30'],
        [null, '2026-04-06'],
      ])
    })

    it('a private exception of an open series hides itself alone, and is still part of the series', async () => {
      server.publish(
        calendarText(
          ...eventLines('UID:weekly', 'SUMMARY:Review', 'RRULE:FREQ=WEEKLY;COUNT=3'),
          ...eventLines(
            'UID:weekly',
            'CLASS:PRIVATE',
            'SUMMARY:SECRET',
            'RECURRENCE-ID:20260323T100000Z',
            'DTSTART:20260324T100000Z',
          ),
        ),
      )
      await reading.round()
      expect(JSON.stringify([...reading.items.values()])).not.toContain('SECRET')
      expect(reading.occurrences().map(({ title }) => title)).toEqual(['Review', null, 'Review'])
    })
  })

  describe('and what calendars do', () => {
    it('all-day events are dates, whatever zone this runs in', async () => {
      server.publish(
        calendarText(...eventLines('DTSTART;VALUE=DATE:20260320', 'DTEND;VALUE=DATE:20260322', 'SUMMARY:Fair')),
      )
      await reading.round()
      expect(reading.occurrences()).toEqual([
        { title: 'Fair', start: '2026-03-20T00:00:00.000Z', end: '2026-03-22T00:00:00.000Z' },
      ])
    })

    it('a series keeps its wall time over a clock change', async () => {
      server.publish(
        calendarText(
          ...eventLines('DTSTART;TZID=Europe/Warsaw:20260323T100000', 'RRULE:FREQ=WEEKLY;COUNT=2', 'SUMMARY:Warsaw'),
          ...eventLines(
            'UID:ny',
            'DTSTART;TZID=America/New_York:20260323T050000',
            'RRULE:FREQ=WEEKLY;COUNT=2',
            'SUMMARY:New York',
          ),
        ),
      )
      await reading.round()
      expect(
        reading
          .occurrences()
          .map(({ title, start }) => `${title} ${start.slice(0, 16)}`)
          .toSorted(),
      ).toEqual([
        'New York 2026-03-23T09:00',
        'New York 2026-03-30T09:00',
        'Warsaw 2026-03-23T09:00',
        'Warsaw 2026-03-30T08:00',
      ])
    })

    it('a zone of Exchange’s own making costs nothing, with and without its definition', async () => {
      server.publish(
        calendarText(
          ...zoneLines('Customized Time Zone', '+0330', null),
          ...eventLines('DTSTART;TZID=Customized Time Zone:20260316T100000', 'SUMMARY:Defined'),
          ...eventLines('UID:two', 'DTSTART;TZID=tzone://Microsoft/Custom:20260316T120000', 'SUMMARY:Guessed'),
        ),
      )
      const [step] = await reading.round()
      expect(reading.occurrences().map(({ title, start }) => [title, start])).toEqual([
        ['Defined', '2026-03-16T06:30:00.000Z'],
        ['Guessed', '2026-03-16T12:00:00.000Z'],
      ])
      expect(step?.leftOut.map(({ code }) => code)).toContain('zone-guessed')
    })

    it('a cancelled occurrence is none', async () => {
      server.publish(
        calendarText(
          ...eventLines('UID:weekly', 'SUMMARY:Review', 'RRULE:FREQ=WEEKLY;COUNT=3'),
          ...eventLines('UID:weekly', 'STATUS:CANCELLED', 'RECURRENCE-ID:20260323T100000Z', 'DTSTART:20260323T100000Z'),
        ),
      )
      await reading.round()
      expect(reading.occurrences().map(({ start }) => start.slice(0, 10))).toEqual(['2026-03-16', '2026-03-30'])
    })

    it('one UID is one item, however many versions and exceptions it has', async () => {
      server.publish(
        calendarText(
          ...eventLines('UID:weekly', 'SUMMARY:Old', 'SEQUENCE:1', 'RRULE:FREQ=WEEKLY;COUNT=3'),
          ...eventLines('UID:weekly', 'SUMMARY:New', 'SEQUENCE:2', 'RRULE:FREQ=WEEKLY;COUNT=3'),
          ...eventLines('UID:weekly', 'SUMMARY:Moved', 'RECURRENCE-ID:20260323T100000Z', 'DTSTART:20260324T100000Z'),
          ...eventLines('UID:WEEKLY', 'SUMMARY:Another'),
        ),
      )
      await reading.round()
      expect(reading.items.size).toBe(2)
      expect(
        reading
          .occurrences()
          .map(({ title }) => title)
          .toSorted(),
      ).toEqual(['Another', 'Moved', 'New', 'New'])
    })

    it('a poisoned event costs itself and no time', async () => {
      server.publish(
        calendarText(
          ...eventLines('UID:a', 'RRULE:FREQ=SECONDLY', 'SUMMARY:Every second'),
          ...eventLines('UID:b', 'DTSTART:16010101T000000Z', 'RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30'),
          ...eventLines(
            'UID:c',
            'DTSTART:20260316T100000Z',
            'RRULE:FREQ=YEARLY;UNTIL=99991231T235959Z',
            'SUMMARY:Yearly',
          ),
          ...eventLines('UID:d', 'SUMMARY:Fine'),
        ),
      )
      await reading.round()
      const titles = reading.occurrences().map(({ title }) => title)
      expect(titles).toContain('Fine')
      expect(titles.filter(title => title === 'Yearly')).toHaveLength(1)
    })

    it('an excluded date stays excluded when the window has moved on to it', async () => {
      server.publish(
        calendarText(
          ...eventLines('RRULE:FREQ=WEEKLY', 'EXDATE:20270315T100000Z,20260323T100000Z', 'SUMMARY:Weekly'),
          ...eventLines('UID:far', 'DTSTART:20270316T100000Z', 'SUMMARY:Far'),
        ),
      )
      await reading.round()
      expect(reading.items.size).toBe(1)
      const later = { startAt: Date.UTC(2027, 2, 1), endAt: Date.UTC(2027, 2, 31) }
      const moved = new Reading(connectFeed(server.feedUrl).connector, feedRef, later, () => later.startAt)
      for (const [id, item] of reading.items) moved.items.set(id, item)
      const [step] = await moved.round()
      expect(step?.present).toHaveLength(1)
      const { events } = eventsOfItems([...moved.items.values()], 'calendar')
      const starts = expandEvents(events, later).occurrences.map(({ startAt }) => new Date(startAt).toISOString())
      expect(starts.map(start => start.slice(5, 10))).toEqual(['03-01', '03-08', '03-16', '03-22', '03-29'])
    })
  })
})
