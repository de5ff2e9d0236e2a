import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { createMicrosoftConnection } from '../../../src/connectors/microsoft/connection.ts'
import { meetingUid } from '../../../src/connectors/microsoft/uid.ts'
import { createHttpPolicy } from '../../../src/connectors/paced-http.ts'
import { dayMs } from '../../../src/domain/time/types.ts'
import { PortError } from '../../../src/port-error.ts'
import { Reading } from '../../contract/reading.ts'
import { createGraphFake } from '../../fakes/graph/graph-fake.ts'
import type { Mailbox } from '../../fakes/graph/mailbox.ts'
import { changeMailbox, mailboxVerbs, setHabits } from '../../fakes/graph/mailbox-history.ts'
import { graphSchemas } from '../../fakes/graph/vendor-types.ts'
import { virtualClock } from '../../fakes/kit/clock.ts'

// made on first use, from ten megabytes of types
beforeAll(async () => {
  await graphSchemas()
}, 120_000)

const startAt = Date.parse('2026-03-01T08:00:00Z')
const window = { startAt, endAt: startAt + 31 * dayMs }
const owner = 'ana@lantern.example'

/** The reader is held to its one calendar, so nothing goes elsewhere. */
const verbs = mailboxVerbs.filter(verb => verb !== 'elsewhere')

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
            changeMailbox(mailbox, one.verb, one.which, one.day)
            continue
          }
          setHabits(fake, one.habits, { master: one.master })
          if (one.forgets) fake.expireTokens()
          await readOn(reading, one.requests)
        }
        setHabits(fake, 0, { master: 'first' })
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
