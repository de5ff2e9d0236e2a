/** A feed is somebody else's program: what fills its limit with crumbs must not take everybody's sync along (ASVS 5.0: 5.2.1, 15.2.2). */
import { expect, test } from 'vitest'
import { createFeedConnection } from '../../src/connectors/feed/connection.ts'
import { readIcs } from '../../src/connectors/ics/calendar.ts'
import { everyTime } from '../../src/connectors/ics/live-items.ts'
import { createHttpPolicy } from '../../src/connectors/paced-http.ts'
import { utc } from '../../src/domain/time/zone-table.ts'
import { feedRef } from '../connectors/feed/feed-world.ts'
import { virtualClock } from '../fakes/kit/clock.ts'

const crumb = (n: number) => `BEGIN:VEVENT\nUID:${n}\nDTSTART:20260316T100000Z\nEND:VEVENT\n`
const head = 'BEGIN:VCALENDAR\nVERSION:2.0\n'
const options = { calendar: 'x', window: everyTime, defaultZone: utc }

test('reading ends at the event that is one too many, and not before', async () => {
  const text = new TextEncoder().encode(`${head}${crumb(1)}${crumb(2)}${crumb(3)}END:VCALENDAR\n`)
  expect((await readIcs(text, { ...options, mostEvents: 3 })).events).toHaveLength(3)
  const tooMany = readIcs(text, { ...options, mostEvents: 2 })
  await expect(tooMany).rejects.toMatchObject({
    code: 'too-large',
    message: expect.stringContaining('more than 2 events'),
  })
})

test('a feed without an end is left where it is too long, and its connection with it', async () => {
  let made = 0
  let isCancelled = false
  const encoder = new TextEncoder()
  const endless = () =>
    new ReadableStream<Uint8Array>({
      start: stream => stream.enqueue(encoder.encode(head)),
      pull(stream) {
        // far apart, so that a limit that is not kept is one on the whole body
        stream.enqueue(encoder.encode(Array.from({ length: 5_000 }, () => crumb(++made)).join('')))
      },
      cancel() {
        isCancelled = true
      },
    })
  const clock = virtualClock(0)
  const { connector } = createFeedConnection({
    http: createHttpPolicy({ fetch: async () => new Response(endless()), clock, bufferBytes: 100_000 }),
    credential: { url: 'https://feeds.example/basic.ics' },
    account: { tier: 'content', settings: {} },
    clock,
  })
  const pulled = connector.pull({
    calendar: feedRef,
    cursor: null,
    window: everyTime,
    now: 0,
    known: async () => new Map(),
    budget: { requests: 5, untilAt: Number.MAX_SAFE_INTEGER },
  })
  await expect(pulled).rejects.toMatchObject({ code: 'too-large' })
  expect(made).toBeLessThan(300_000)
  expect(isCancelled).toBe(true)
}, 30_000)
