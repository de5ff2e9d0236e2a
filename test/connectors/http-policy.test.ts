import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { TickBudget } from '../../src/connectors/connector.ts'
import type { HttpPolicyDeps, Lane, SendOptions } from '../../src/connectors/http-policy.ts'
import { createHttpPolicy } from '../../src/connectors/paced-http.ts'
import { PortError } from '../../src/port-error.ts'
import { virtualClock } from '../fakes/kit/clock.ts'
import { faultPlan } from '../fakes/kit/faults.ts'
import { type Served, serve } from '../fakes/kit/serve.ts'

const startAt = Date.UTC(2026, 2, 2, 9)
const url = 'https://calendar.test/events?token=canary'

type Answer = () => Response | Promise<Response>

/** A service that gives the planned answers and then `200 ok`, and remembers when it was asked. */
function service(...planned: Answer[]) {
  const clock = virtualClock(startAt)
  const askedAt: number[] = []
  const fetch = async () => {
    askedAt.push(clock.now() - startAt)
    return (await planned.shift()?.()) ?? new Response('ok')
  }
  // Safe because the policy calls it with an address and an init alone.
  const policy = (deps: Partial<HttpPolicyDeps> = {}) =>
    createHttpPolicy({ clock, fetch: fetch as typeof globalThis.fetch, ...deps })
  return { clock, askedAt, policy }
}

const status =
  (code: number, headers: Record<string, string> = {}, body = ''): Answer =>
  () =>
    new Response(body, { status: code, headers })
const broken =
  (code: string): Answer =>
  () => {
    throw Object.assign(new TypeError(`fetch failed ${url}`), { cause: { code } })
  }

const tick = (requests = 20, ms = 10 * 60_000): TickBudget => ({ requests, untilAt: startAt + ms })
const lane: Lane = { name: 'graph mailbox 1' }
const how = (budget: TickBudget, more: Partial<SendOptions> = {}): SendOptions => ({
  lanes: [lane],
  budget,
  repeatable: true,
  ...more,
})

async function failure(promise: Promise<unknown>): Promise<PortError> {
  const error = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(PortError)
  // Safe because it was just asserted.
  const portError = error as PortError
  expect(`${portError.message} ${String(portError.cause)}`).not.toContain('canary')
  return portError
}

describe('the budget', () => {
  it('every attempt costs one', async () => {
    const { policy } = service(status(503), status(503))
    const budget = tick(5)
    await policy().send({ url }, how(budget))
    expect(budget.requests).toBe(2)
  })

  it('spent → paused, and nothing is sent', async () => {
    const { policy, askedAt } = service()
    expect((await failure(policy().send({ url }, how(tick(0))))).code).toBe('paused')
    expect(askedAt).toEqual([])
  })

  it('spent in the middle of the attempts → paused', async () => {
    const { policy, askedAt } = service(status(503), status(503))
    expect((await failure(policy().send({ url }, how(tick(1))))).code).toBe('paused')
    expect(askedAt).toHaveLength(1)
  })

  it('past its end → paused', async () => {
    const { policy, askedAt } = service()
    expect((await failure(policy().send({ url }, how(tick(5, 0))))).code).toBe('paused')
    expect(askedAt).toEqual([])
  })

  it('aborted before → paused; aborted under way → dropped and paused', async () => {
    const before = service()
    const budget = { ...tick(), signal: AbortSignal.abort() }
    expect((await failure(before.policy().send({ url }, how(budget)))).code).toBe('paused')
    expect(before.askedAt).toEqual([])

    const controller = new AbortController()
    const { policy } = service(() => {
      queueMicrotask(() => controller.abort())
      return new Promise(() => undefined)
    })
    const under = policy().send({ url }, how({ ...tick(), signal: controller.signal }))
    expect((await failure(under)).code).toBe('paused')
  })

  it('aborted while it waits for a place → paused, and the place goes to the next', async () => {
    let finish: (response: Response) => void = () => undefined
    const { policy, askedAt } = service(() => new Promise(resolve => (finish = resolve)))
    const http = policy()
    const narrow = { lanes: [{ name: 'narrow', concurrent: 1 }] }
    const first = http.send({ url }, how(tick(), narrow))
    const controller = new AbortController()
    const second = http.send({ url }, how({ ...tick(), signal: controller.signal }, narrow))
    const third = http.send({ url }, how(tick(), narrow))
    controller.abort()
    expect((await failure(second)).code).toBe('paused')
    finish(new Response('one'))
    expect(await (await first).text()).toBe('one')
    expect(await (await third).text()).toBe('ok')
    expect(askedAt).toHaveLength(2)
  })
})

describe('the end of a tick', () => {
  afterEach(() => {
    vi.useRealTimers()
  })
  const never: Answer = () => new Promise(() => undefined)

  it('drops a question that is under way, after a second of patience → paused', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const { policy } = service(never)
    const error = failure(policy().send({ url }, how(tick(5, 200))))
    await vi.advanceTimersByTimeAsync(1000)
    expect((await error).code).toBe('paused')
  })

  it('waits for one that may change something: nobody would know whether it was done', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const { policy } = service(() => new Promise(resolve => setTimeout(() => resolve(new Response('done')), 20_000)))
    const answer = policy().send({ url, method: 'POST' }, how(tick(5, 200), { repeatable: false }))
    await vi.advanceTimersByTimeAsync(20_000)
    expect(await (await answer).text()).toBe('done')
  })
})

describe('what is tried again', () => {
  it.each([408, 425, 429, 500, 502, 503, 504])('%i is, until it is fine', async code => {
    const { policy, askedAt } = service(status(code))
    expect((await policy().send({ url }, how(tick()))).status).toBe(200)
    expect(askedAt).toHaveLength(2)
  })

  it.each([400, 401, 403, 404, 409, 410, 412, 501])('%i is not: it is given back with its body', async code => {
    const { policy, askedAt } = service(status(code, {}, 'why'))
    const answer = await policy().send({ url }, how(tick()))
    expect([answer.status, await answer.text()]).toEqual([code, 'why'])
    expect(askedAt).toHaveLength(1)
  })

  it('a redirect is given back and not followed', async () => {
    const { policy } = service(status(302, { location: 'https://evil.test/' }))
    expect((await policy().send({ url }, how(tick()))).headers.get('location')).toBe('https://evil.test/')
  })

  it('at most `attempts` attempts, then busy with the time to come back', async () => {
    const { policy, askedAt } = service(...Array.from({ length: 9 }, () => status(503)))
    const error = await failure(policy({ attempts: 3 }).send({ url }, how(tick())))
    expect(error.code).toBe('busy')
    expect(error.retryAt).toBeGreaterThan(startAt)
    expect(askedAt).toHaveLength(3)
  })

  it('pauses grow, with full jitter', async () => {
    const { policy, clock } = service(status(503), status(503), status(503))
    await policy({ pauseMs: 1000 }).send({ url }, how(tick()))
    expect(clock.slept).toEqual([500, 1000, 2000])
  })

  it('a request that may have changed something: repeated after 429, 503 and a refused connection', async () => {
    const { policy, askedAt } = service(status(429), status(503), broken('ECONNREFUSED'))
    const answer = await policy().send({ url, method: 'POST' }, how(tick(), { repeatable: false }))
    expect(answer.status).toBe(200)
    expect(askedAt).toHaveLength(4)
  })

  it('… not after 500: it is given back', async () => {
    const { policy, askedAt } = service(status(500, {}, 'boom'))
    const answer = await policy().send({ url, method: 'POST' }, how(tick(), { repeatable: false }))
    expect([answer.status, await answer.text(), askedAt.length]).toEqual([500, 'boom', 1])
  })

  it('… not after a broken connection: unreachable, and nobody claims to know', async () => {
    const { policy, askedAt } = service(broken('ECONNRESET'))
    const error = await failure(policy().send({ url, method: 'POST' }, how(tick(), { repeatable: false })))
    expect(error.code).toBe('unreachable')
    expect(error.message).toContain('not known')
    expect(askedAt).toHaveLength(1)
  })

  it('a connection that breaks every time: unreachable, with the host and no address', async () => {
    const { policy, askedAt } = service(...Array.from({ length: 9 }, () => broken('ECONNRESET')))
    const error = await failure(policy({ attempts: 4 }).send({ url }, how(tick())))
    expect(error.code).toBe('unreachable')
    expect(error.message).toContain('calendar.test broke the connection (ECONNRESET), 4 times in a row')
    expect(askedAt).toHaveLength(4)
  })

  it('no answer in time: tried again, then unreachable', async () => {
    const never: Answer = () => new Promise(() => undefined)
    const { policy, askedAt } = service(never, never)
    const error = await failure(policy({ attempts: 2, timeoutMs: 15 }).send({ url }, how(tick())))
    expect(error.code).toBe('unreachable')
    expect(askedAt).toHaveLength(2)
  })

  it('what a guard inside fetch refuses is not tried again', async () => {
    const { policy, askedAt } = service(() => {
      throw new PortError('denied', 'This address is inside the house.')
    })
    expect((await failure(policy().send({ url }, how(tick())))).code).toBe('denied')
    expect(askedAt).toHaveLength(1)
  })

  it('an address that is none, or holds a password, and a header HTTP does not carry → rejected', async () => {
    const { policy, askedAt } = service()
    const http = policy()
    expect((await failure(http.send({ url: 'canary' }, how(tick())))).code).toBe('rejected')
    expect((await failure(http.send({ url: 'https://u:canary@a.test/' }, how(tick())))).code).toBe('rejected')
    const headers = { authorization: 'Bearer canary\nx' }
    expect((await failure(http.send({ url, headers }, how(tick())))).code).toBe('rejected')
    expect(askedAt).toEqual([])
  })
})

describe('the judge', () => {
  it('sees status, headers and at most 64 KiB, and the answer given back is whole', async () => {
    const text = 'x'.repeat(200_000)
    const { policy } = service(status(403, { 'x-why': 'quota' }, text))
    const seen: unknown[] = []
    const answer = await policy().send(
      { url },
      how(tick(), {
        judge: ({ status, headers, body }) => {
          seen.push([status, headers.get('x-why'), body.length])
          return 'take'
        },
      }),
    )
    expect(seen).toEqual([[403, 'quota', 65_536]])
    expect(await answer.text()).toBe(text)
  })

  it('is not asked about 2xx and 3xx', async () => {
    const { policy } = service(
      () => new Response(null, { status: 204 }),
      () => new Response(null, { status: 304 }),
    )
    const judge = () => {
      throw new Error('asked')
    }
    const http = policy()
    expect((await http.send({ url }, how(tick(), { judge }))).status).toBe(204)
    expect((await http.send({ url }, how(tick(), { judge }))).status).toBe(304)
  })

  it('a 403 it calls slow-down holds the lane, and is repeated whatever the method', async () => {
    const { policy, askedAt } = service(status(403, { 'retry-after': '3' }))
    await policy().send({ url, method: 'POST' }, how(tick(), { repeatable: false, judge: () => 'slow-down' }))
    expect(askedAt).toEqual([0, 3000])
  })

  it('a mistake of its own gives the place back', async () => {
    const { policy } = service(status(400))
    const http = policy()
    const lanes = [{ name: 'narrow', concurrent: 1 }]
    const judge = () => {
      throw new TypeError('a mistake')
    }
    await expect(http.send({ url }, how(tick(), { lanes, judge }))).rejects.toThrow('a mistake')
    expect((await http.send({ url }, how(tick(), { lanes }))).status).toBe(200)
  })
})

describe('Retry-After', () => {
  it.each([
    ['seconds', () => '30'],
    ['a date', () => new Date(startAt + 30_000).toUTCString()],
  ])('as %s that fits the tick is waited for', async (_, value) => {
    const { policy, askedAt } = service(status(503, { 'retry-after': value() }))
    await policy().send({ url }, how(tick()))
    expect(askedAt).toEqual([0, 30_000])
  })

  it('that does not fit: busy with retryAt at once, also for others of the lane, without a request', async () => {
    const { policy, askedAt } = service(status(429, { 'retry-after': '3600' }))
    const http = policy()
    for (const _ of [1, 2]) {
      const error = await failure(http.send({ url }, how(tick())))
      expect([error.code, error.retryAt]).toEqual(['busy', startAt + 3_600_000])
    }
    expect(askedAt).toHaveLength(1)
  })

  it('holds the narrowest lane alone, unless the connector names the lanes', async () => {
    const project: Lane = { name: 'google project acme' }
    const user = (name: string): Lane => ({ name: `google user ${name}` })
    const { policy, askedAt } = service(
      status(429, { 'retry-after': '3600' }),
      status(200),
      status(429, { 'retry-after': '7200' }),
    )
    const http = policy()
    await failure(http.send({ url }, how(tick(), { lanes: [project, user('a')] })))
    expect((await http.send({ url }, how(tick(), { lanes: [project, user('b')] }))).status).toBe(200)
    const holds = () => [project.name]
    await failure(http.send({ url }, how(tick(), { lanes: [project, user('b')], holds })))
    expect((await failure(http.send({ url }, how(tick(), { lanes: [project, user('c')] })))).code).toBe('busy')
    expect(askedAt).toHaveLength(3)
  })

  it.each(['soon', '-5', '0', ''])('%j says nothing: growing pauses', async value => {
    const { policy, clock } = service(status(503, { 'retry-after': value }))
    await policy({ pauseMs: 1000 }).send({ url }, how(tick()))
    expect(clock.slept).toEqual([500])
  })
})

describe('bodies', () => {
  let served: Served | null = null
  afterEach(async () => {
    await served?.close()
    served = null
  })
  const realTick = (): TickBudget => ({ requests: 20, untilAt: Date.now() + 60_000 })
  const real = (deps: Partial<HttpPolicyDeps> = {}) =>
    createHttpPolicy({ fetch, clock: virtualClock(Date.now()), pauseMs: 1, ...deps })

  it('one that breaks off is a broken connection: asked again', async () => {
    const faults = faultPlan([{ action: { kind: 'truncate' } }])
    served = await serve({ fetch: () => Response.json({ items: Array.from({ length: 500 }, (_, i) => i) }) }, faults)
    const answer = await real().send({ url: served.url }, how(realTick()))
    expect(await answer.json()).toHaveProperty('items.length', 500)
    expect(served.journal.requests).toHaveLength(2)
  })

  it('one that breaks off after a request that may have changed something: unreachable', async () => {
    const faults = faultPlan([{ action: { kind: 'truncate' } }])
    served = await serve({ fetch: () => Response.json({ id: 'x'.repeat(1000) }) }, faults)
    const sent = real().send({ url: served.url, method: 'POST', body: '{}' }, how(realTick(), { repeatable: false }))
    expect((await failure(sent)).code).toBe('unreachable')
  })

  it('a reset connection and a service that is not there', async () => {
    const faults = faultPlan([{ action: { kind: 'reset' } }])
    served = await serve({ fetch: () => new Response('fine') }, faults)
    expect(await (await real().send({ url: served.url }, how(realTick()))).text()).toBe('fine')
    const gone = served.url
    await served.close()
    served = null
    const error = await failure(real({ attempts: 2 }).send({ url: gone }, how(realTick(), { repeatable: false })))
    expect(error.code).toBe('unreachable')
    expect(error.message).toContain('could not be reached (ECONNREFUSED), 2 times in a row')
  })

  it('one beyond the limit comes whole, as a stream', async () => {
    const text = 'abcdefghij'.repeat(50_000)
    served = await serve({ fetch: () => new Response(text) }, faultPlan())
    const answer = await real({ bufferBytes: 1000 }).send({ url: served.url }, how(realTick()))
    expect(await answer.text()).toBe(text)
  })

  it('one beyond the limit that breaks off fails where it is read, with a sentence', async () => {
    const faults = faultPlan([{ action: { kind: 'truncate' } }])
    served = await serve({ fetch: () => new Response('abcdefghij'.repeat(500_000)) }, faults)
    const answer = await real({ bufferBytes: 1000 }).send({ url: served.url }, how(realTick()))
    expect((await failure(answer.text())).code).toBe('unreachable')
  })

  describe('from a service that never ends it', () => {
    /** Answers with a chunk whenever it is asked for one, and after `chunks` of them with nothing more, without an end. */
    const endless = (chunks: number) => {
      let left = chunks
      const body = new ReadableStream<Uint8Array>({
        pull: stream => (left-- > 0 ? stream.enqueue(new Uint8Array(1000)) : new Promise<void>(() => undefined)),
      })
      return service(() => new Response(body))
    }

    it('a flood is malformed at the limit, not at the end of memory', async () => {
      const answer = await endless(Number.POSITIVE_INFINITY)
        .policy({ bufferBytes: 1000, largestBytes: 50_000 })
        .send({ url }, how(tick()))
      const error = await failure(answer.text())
      expect([error.code, error.message]).toEqual(['malformed', expect.stringContaining('larger than')])
    })

    it('a drip breaks off after its time, however steady it is', async () => {
      vi.useFakeTimers()
      try {
        const drip = () =>
          new ReadableStream<Uint8Array>({
            pull: stream =>
              new Promise<void>(resolve =>
                setTimeout(() => {
                  stream.enqueue(new Uint8Array(1000))
                  resolve()
                }, 20_000),
              ),
          })
        const { policy } = service(() => new Response(drip()))
        const sent = policy({ bufferBytes: 100, restMs: 300_000 }).send({ url }, how(tick()))
        await vi.advanceTimersByTimeAsync(20_000)
        const failed = failure((await sent).text())
        await vi.advanceTimersByTimeAsync(301_000)
        expect((await failed).code).toBe('unreachable')
        expect(vi.getTimerCount()).toBeLessThanOrEqual(1)
      } finally {
        vi.useRealTimers()
      }
    })

    it('whoever stops the work does not wait for it', async () => {
      const stop = new AbortController()
      const answer = await endless(3)
        .policy({ bufferBytes: 1000 })
        .send({ url }, how({ ...tick(), signal: stop.signal }))
      const failed = failure(answer.text())
      stop.abort()
      expect((await failed).code).toBe('paused')
    })
  })

  it('one that was compressed is handed on as it reads, without the headers of the wire', async () => {
    const { gzipSync } = await import('node:zlib')
    const server = createServer((_, outgoing) => {
      outgoing.writeHead(200, { 'content-encoding': 'gzip' })
      outgoing.end(gzipSync('hello'))
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    // Safe because it listens on TCP.
    const { port } = server.address() as AddressInfo
    const answer = await real().send({ url: `http://127.0.0.1:${port}/` }, how(realTick()))
    expect([await answer.text(), answer.headers.get('content-encoding')]).toEqual(['hello', null])
    await new Promise(resolve => server.close(resolve))
  })
})

describe('lanes', () => {
  it('a full window: the next waits until it slides; one that would wait past the tick is paused', async () => {
    const { policy, askedAt } = service()
    const http = policy()
    const lanes = [{ name: 'w', perWindow: { requests: 2, ms: 1000 } }]
    await Promise.all([1, 2, 3, 4, 5].map(() => http.send({ url }, how(tick(), { lanes }))))
    expect(askedAt).toEqual([0, 0, 1000, 1000, 2000])
    const slow = [{ name: 's', perWindow: { requests: 1, ms: 3_600_000 } }]
    await http.send({ url }, how(tick(), { lanes: slow }))
    const error = await failure(http.send({ url }, how(tick(), { lanes: slow })))
    expect([error.code, error.retryAt]).toEqual(['paused', startAt + 2000 + 3_600_000])
  })

  it('those who wait go in the order they came', async () => {
    const { policy } = service()
    const http = policy()
    const order: number[] = []
    const lanes = [{ name: 'narrow', concurrent: 1 }]
    await Promise.all(
      Array.from({ length: 20 }, async (_, i) => {
        await http.send({ url }, how(tick(50), { lanes }))
        order.push(i)
      }),
    )
    expect(order).toEqual(Array.from({ length: 20 }, (_, i) => i))
  })

  it('one that waits for its own mailbox does not hold up a lane it shares', async () => {
    const { policy, askedAt } = service(() => new Promise(() => undefined))
    const http = policy()
    const project = { name: 'project', concurrent: 3 }
    const stuck = { lanes: [project, { name: 'stuck', concurrent: 1 }] }
    const controller = new AbortController()
    const held = [1, 2, 3, 4, 5].map(() => http.send({ url }, how({ ...tick(), signal: controller.signal }, stuck)))
    const others = [1, 2, 3, 4].map(() => http.send({ url }, how(tick(), { lanes: [project, { name: 'fine' }] })))
    expect((await Promise.all(others)).map(answer => answer.status)).toEqual([200, 200, 200, 200])
    expect(askedAt).toHaveLength(5)
    controller.abort()
    expect((await Promise.all(held.map(failure))).map(error => error.code)).toEqual(Array(5).fill('paused'))
  })

  it('waiting costs one sleep, not a loop', async () => {
    const { policy, clock } = service(status(429, { 'retry-after': '60' }))
    const http = policy()
    await Promise.all(Array.from({ length: 50 }, () => http.send({ url }, how(tick(100)))))
    expect(clock.slept.length).toBeLessThanOrEqual(2)
  })
})

describe('whatever happens', () => {
  const laneNames = ['a', 'b', 'c'] as const
  const scenario = fc.record({
    limits: fc.array(
      fc.record({
        concurrent: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
        requests: fc.integer({ min: 1, max: 4 }),
        ms: fc.integer({ min: 1, max: 5000 }),
      }),
      { minLength: 3, maxLength: 3 },
    ),
    attempts: fc.integer({ min: 1, max: 4 }),
    budgetRequests: fc.integer({ min: 0, max: 40 }),
    tickMs: fc.integer({ min: 0, max: 60_000 }),
    sends: fc.array(
      fc.record({
        lanes: fc.subarray([0, 1, 2], { minLength: 0 }),
        repeatable: fc.boolean(),
        answers: fc.array(
          fc.oneof(
            fc.constantFrom('ok', 'reset', 'refused', '500', '404'),
            fc.integer({ min: 0, max: 90 }).map(seconds => `429 ${seconds}`),
            fc.integer({ min: 0, max: 90 }).map(seconds => `503 ${seconds}`),
          ),
          { maxLength: 6 },
        ),
        turns: fc.integer({ min: 0, max: 4 }),
      }),
      { maxLength: 25 },
    ),
    chance: fc.double({ min: 0, max: 0.999, noNaN: true }),
  })

  it('no window is exceeded, no hold broken, no attempt too many, no budget below nothing', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ({ limits, attempts, budgetRequests, tickMs, sends, chance }) => {
        const clock = virtualClock(startAt, () => chance)
        const lanes = limits.map(({ concurrent, requests, ms }, i) => ({
          name: laneNames[i]!,
          ...(concurrent === undefined ? {} : { concurrent }),
          perWindow: { requests, ms },
        }))
        const budget: TickBudget = { requests: budgetRequests, untilAt: startAt + tickMs }
        const starts = new Map<string, number[]>(laneNames.map(name => [name, []]))
        const active = new Map<string, number>(laneNames.map(name => [name, 0]))
        const heldUntil = new Map<string, number>(laneNames.map(name => [name, 0]))
        const tried = sends.map(() => 0)
        let asked = 0

        // an assertion inside fetch would count as a broken connection
        const wrong: string[] = []
        const fetch = async (address: unknown): Promise<Response> => {
          const now = clock.now()
          const i = Number(new URL(String(address)).pathname.slice(1))
          const send = sends[i]!
          const mine = send.lanes.map(at => lanes[at]!)
          asked++
          tried[i]!++
          if (now >= budget.untilAt) wrong.push('asked after the end of the tick')
          for (const { name, concurrent, perWindow } of mine) {
            if (now < heldUntil.get(name)!) wrong.push(`asked during a hold of ${name}`)
            const before = starts.get(name)!
            before.push(now)
            const inWindow = before.filter(at => at > now - perWindow.ms).length
            if (inWindow > perWindow.requests) wrong.push(`window of ${name} exceeded`)
            active.set(name, active.get(name)! + 1)
            if (concurrent !== undefined && active.get(name)! > concurrent) wrong.push(`too many at once in ${name}`)
          }
          for (let turn = 0; turn < send.turns; turn++) await Promise.resolve()
          for (const { name } of mine) active.set(name, active.get(name)! - 1)
          const [what = 'ok', seconds] = (send.answers[tried[i]! - 1] ?? 'ok').split(' ')
          if (what === 'ok') return new Response('ok')
          if (what === 'reset' || what === 'refused') {
            const code = what === 'reset' ? 'ECONNRESET' : 'ECONNREFUSED'
            throw Object.assign(new TypeError('fetch failed'), { cause: { code } })
          }
          return new Response('', {
            status: Number(what),
            headers: seconds === undefined ? {} : { 'retry-after': seconds },
          })
        }
        // Safe because the policy calls it with an address and an init alone.
        const http = createHttpPolicy({ clock, fetch: fetch as typeof globalThis.fetch, attempts })
        const ends = await Promise.allSettled(
          sends.map(({ lanes: at, repeatable }, i) =>
            http.send(
              { url: `https://a.test/${i}` },
              {
                lanes: at.map(n => lanes[n]!),
                budget,
                repeatable,
                holds: ({ headers }) => {
                  const name = at.length === 0 ? undefined : laneNames[at.at(-1)!]
                  if (name === undefined) return []
                  const untilAt = clock.now() + Number(headers.get('retry-after')) * 1000
                  heldUntil.set(name, Math.max(heldUntil.get(name)!, untilAt))
                  return [name]
                },
              },
            ),
          ),
        )
        for (const [i, end] of ends.entries()) {
          expect(tried[i]).toBeLessThanOrEqual(attempts)
          if (end.status === 'fulfilled') expect([200, 404, 500]).toContain(end.value.status)
          else {
            expect(end.reason).toBeInstanceOf(PortError)
            expect(['paused', 'busy', 'unreachable']).toContain(end.reason.code)
            if (end.reason.code === 'busy') expect(end.reason.retryAt).not.toBeNull()
          }
        }
        expect(wrong).toEqual([])
        expect(budget.requests).toBeGreaterThanOrEqual(0)
        expect(budget.requests).toBe(budgetRequests - asked)
      }),
      { numRuns: 400 },
    )
  })

  it('another lane is served as if the throttled one did not exist', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 601, max: 9000 }),
        async (throttled, fine, seconds) => {
          const clock = virtualClock(startAt)
          const fetch = async (address: unknown) =>
            String(address).includes('throttled')
              ? new Response('', { status: 429, headers: { 'retry-after': String(seconds) } })
              : new Response('ok')
          // Safe because the policy calls it with an address and an init alone.
          const http = createHttpPolicy({ clock, fetch: fetch as typeof globalThis.fetch })
          const budget = tick(1000)
          const send = (name: string) =>
            http.send({ url: `https://a.test/${name}` }, how(budget, { lanes: [{ name: 'all' }, { name }] }))
          const bad = Array.from({ length: throttled }, () => failure(send('throttled')))
          const good = await Promise.all(Array.from({ length: fine }, () => send('fine')))
          expect(good.every(answer => answer.status === 200)).toBe(true)
          expect(clock.now()).toBe(startAt)
          expect((await Promise.all(bad)).every(error => error.code === 'busy')).toBe(true)
        },
      ),
      { numRuns: 50 },
    )
  })
})
