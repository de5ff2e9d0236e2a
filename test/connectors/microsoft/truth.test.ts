import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { createMicrosoftConnection } from '../../../src/connectors/microsoft/connection.ts'
import { meetingUid } from '../../../src/connectors/microsoft/uid.ts'
import { createHttpPolicy } from '../../../src/connectors/paced-http.ts'
import { dayMs } from '../../../src/domain/time/types.ts'
import { PortError } from '../../../src/port-error.ts'
import { Reading } from '../../contract/reading.ts'
import { createGraphFake, type GraphFake } from '../../fakes/graph/graph-fake.ts'
import type { Mailbox } from '../../fakes/graph/mailbox.ts'
import { graphSchemas } from '../../fakes/graph/vendor-types.ts'
import { virtualClock } from '../../fakes/kit/clock.ts'

// made on first use, from ten megabytes of types
beforeAll(async () => {
  await graphSchemas()
}, 120_000)

const startAt = Date.parse('2026-03-01T08:00:00Z')
const window = { startAt, endAt: startAt + 31 * dayMs }
const owner = 'ana@lantern.example'

const verbs = [
  'single',
  'all-day',
  'weekly',
  'monthly',
  'patch',
  'shift',
  'delete',
  'drop-one',
  'move-one',
  'cancel',
  'split',
] as const

const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('mutate' as const),
      verb: fc.constantFrom(...verbs),
      which: fc.nat(20),
      day: fc.nat(50),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('round' as const),
      habits: fc.nat(15),
      master: fc.constantFrom('first' as const, 'after-stubs' as const, 'next-page' as const, 'next-round' as const),
      forgets: fc.boolean(),
      requests: fc.constantFrom(1, 2, 100),
    }),
  },
)

test('whatever happens and however it is told, a reader ends with what the mailbox shows', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 20 }),
      fc.integer({ min: 1, max: 9 }),
      async (steps, pageSize) => {
        const { fake, clock, mailbox, reading } = world(pageSize)
        for (const one of steps) {
          clock.advance(60_000)
          if (one.kind === 'mutate') {
            mutate(mailbox, one.verb, one.which, one.day)
            continue
          }
          setHabits(fake, one.habits, one.master)
          if (one.forgets) fake.expireTokens()
          await readOn(reading, one.requests)
        }
        setHabits(fake, 0, 'first')
        await readOn(reading, 1_000)
        await readOn(reading, 1_000)
        expect(held(reading)).toEqual(shown(mailbox))
      },
    ),
    { numRuns: 60, seed: 20260302 },
  )
})

function world(pageSize: number) {
  const clock = virtualClock(startAt)
  const fake = createGraphFake({ clock })
  fake.addUser({ address: owner, name: 'Ana Ruiz', zone: 'Central European Standard Time' })
  const token = fake.signIn.issue({ person: owner, permissions: ['Calendars.Read'] })
  const { connector } = createMicrosoftConnection({
    http: createHttpPolicy({ fetch: async (input, init) => await fake.fetch(new Request(input, init)), clock }),
    tokensFor: () => ({ token: async () => token, revoke: async () => {} }),
    account: { tier: 'content', grant: 'personal', subject: owner, settings: {} },
    clock,
    roots: { api: 'http://graph.test/', login: 'http://graph.test/' },
    pageSize,
  })
  const mailbox = fake.mailbox(owner)
  const calendar = { id: mailbox.calendarId, ownerAddress: owner, zone: 'Europe/Warsaw' }
  return { fake, clock, mailbox, reading: new Reading(connector, calendar, window, clock.now) }
}

/** One tick: until the round is done or the requests are spent; a forgotten cursor begins anew. */
async function readOn(reading: Reading, requests: number): Promise<void> {
  try {
    await reading.round({ requests, untilAt: Number.MAX_SAFE_INTEGER })
  } catch (error) {
    if (!(error instanceof PortError)) throw error
    if (error.code === 'cursor-expired') {
      reading.begin()
      await readOn(reading, requests)
    } else expect(error.code).toBe('paused')
  }
}

function held(reading: Reading) {
  const titles = new Map<string, { readonly title: string | null; readonly uid: string }>()
  for (const { id, content } of reading.items.values()) if (content.kind === 'series') titles.set(id, content.event)
  return [...reading.items.values()]
    .flatMap(({ id, seriesItemId, content }) => {
      if (content.kind === 'series') return []
      if (content.kind === 'occurrence') {
        const series = titles.get(seriesItemId ?? '')
        return [
          { id, seriesItemId, startAt: content.startAt, endAt: content.endAt, title: series?.title, uid: series?.uid },
        ]
      }
      const [event] = content.events
      const { zone, startWall, exactMs, nominalDays } = event!.time
      const at = zone.toInstant(startWall)
      return [
        {
          id,
          seriesItemId,
          startAt: at,
          endAt: at + exactMs + nominalDays * dayMs,
          title: event!.title,
          uid: event!.uid,
        },
      ]
    })
    .sort(byId)
}

function shown(mailbox: Mailbox) {
  return mailbox
    .truth(window, mailbox.calendarId)
    .map(({ id, seriesMasterId, startAt: at, endAt, subject, iCalUId }) => {
      const title = subject === '' ? null : subject
      return { id, seriesItemId: seriesMasterId, startAt: at, endAt, title, uid: meetingUid(iCalUId) }
    })
    .sort(byId)
}

const byId = (a: { readonly id: string }, b: { readonly id: string }) => (a.id < b.id ? -1 : 1)

function setHabits(fake: GraphFake, habits: number, master: GraphFake['switches']['master']) {
  Object.assign(fake.switches, {
    duplicates: (habits & 1) > 0,
    replays: (habits & 2) > 0,
    isSplitOverPages: (habits & 4) > 0,
    removesOccurrences: (habits & 8) > 0,
    master,
  })
}

/** One of the mailbox's events, changed; from ten days before the window to ten behind it. */
function mutate(mailbox: Mailbox, verb: (typeof verbs)[number], which: number, day: number): void {
  const date = (offset: number) => new Date(startAt + (day - 10 + offset) * dayMs).toISOString().slice(0, 10)
  const [start, end] = [`${date(0)}T09:00`, `${date(0)}T10:00`]
  const subject = `Meeting ${which}`
  const keys = mailbox.keys()
  const series = keys.filter(key => mailbox.event(key).recurrence !== null)
  const key = keys[which % keys.length]
  const seriesKey = series[which % series.length]
  const dates = seriesKey === undefined ? [] : mailbox.dates(seriesKey, { startAt: 0, endAt: Date.UTC(2026, 4, 1) })
  const on = dates[day % dates.length]
  if (verb === 'single') mailbox.create({ subject, start, end })
  else if (verb === 'all-day') mailbox.create({ subject, start: date(0), end: date(1 + (which % 3)) })
  else if (verb === 'weekly') {
    const range = { type: 'numbered' as const, numberOfOccurrences: 6 }
    mailbox.createSeries({
      subject,
      start,
      end,
      range,
      pattern: { type: 'weekly', daysOfWeek: ['monday', 'thursday'] },
    })
  } else if (verb === 'monthly') {
    mailbox.createSeries({ subject, start, end, pattern: { type: 'absoluteMonthly', dayOfMonth: 31 } })
  } else if (key === undefined) return
  else if (verb === 'patch') mailbox.patch(key, { subject: `Changed ${which}` })
  else if (verb === 'delete') mailbox.delete(key)
  else if (verb === 'cancel') mailbox.cancel(key)
  else if (verb === 'shift' && mailbox.event(key).recurrence === null) mailbox.patch(key, { start, end })
  else if (seriesKey === undefined || on === undefined) return
  else if (verb === 'drop-one') mailbox.deleteOccurrence(seriesKey, on)
  else if (verb === 'move-one') mailbox.moveOccurrence(seriesKey, on, { start, end })
  else if (verb === 'split' && !mailbox.event(seriesKey).overrides.has(on)) mailbox.split(seriesKey, on)
}
