import { PortError } from '../port-error.ts'
import type { TickBudget } from './connector.ts'
import type { HttpPolicy, HttpPolicyDeps, JudgedAnswer, PolicyRequest } from './http-policy.ts'
import { createLanes } from './lanes.ts'

/**
 * The policy of `http-policy.ts` over any fetch. Knows no platform: pauses come from the clock; the patience with one
 * answer is real time, since an answer takes real time.
 *
 * Waits are shared by everything that uses one policy. On Workers a policy belongs to one invocation: an isolate drops
 * the timers of an invocation that is over, and others must not wait for them.
 *
 * A `slow-down` says that the request was not begun, so it is repeated whatever the method. An answer that should be
 * repeated and must not be (a 500 to a request that is not `repeatable`) is given back for the connector to judge.
 */
export function createHttpPolicy({
  fetch,
  clock,
  attempts = 5,
  timeoutMs = 30_000,
  pauseMs = 500,
  bufferBytes = 8 * 1024 * 1024,
  largestBytes = 256_000_000,
  restMs = 5 * 60_000,
}: HttpPolicyDeps): HttpPolicy {
  const lanes = createLanes(clock)
  const limits: BodyLimits = { bufferBytes, largestBytes, idleMs: timeoutMs, restMs }

  return {
    async send(request, how) {
      const { host, init } = prepared(request)
      const { budget, repeatable } = how
      for (let attempt = 1; ; attempt++) {
        const outcome = await lanes.run(how.lanes, budget, host, () =>
          attemptOnce(request.url, init, budget, repeatable),
        )
        if (outcome.kind === 'aborted') throw aborted()
        if (outcome.kind === 'out-of-time') throw outOfTime()
        if (outcome.kind === 'broken') {
          if (!repeatable && !outcome.notBegun) throw unsureWhetherDone(host, outcome.how)
          if (attempt >= attempts) throw unreachable(host, outcome.how, attempt)
          const pause = growingPause(attempt)
          if (!fits(pause, budget)) throw unreachable(host, outcome.how, attempt, clock.now() + pause)
          await clock.sleep(pause, budget.signal)
          continue
        }

        const { response, answer } = outcome
        if (answer === null) return response
        const verdict = (how.judge ?? usualJudge)(answer)
        const notBegun = verdict === 'slow-down' || answer.status === 429 || answer.status === 503
        if (verdict === 'take') return response
        const told = retryAfterMs(answer.headers, clock.now())
        const pause = told ?? growingPause(attempt)
        const held =
          told === null && verdict !== 'slow-down'
            ? []
            : (how.holds?.(answer) ?? how.lanes.slice(-1).map(lane => lane.name))
        lanes.hold(held, clock.now() + pause)
        if (!repeatable && !notBegun) return response
        await response.body?.cancel()
        if (attempt >= attempts || !fits(pause, budget)) throw overloaded(host, answer.status, clock.now() + pause)
        // a held lane does the waiting itself, for everybody in it
        if (held.length === 0) await clock.sleep(pause, budget.signal)
      }
    },
  }

  /** Full jitter: anything from nothing to twice the last ceiling. */
  function growingPause(attempt: number): number {
    return clock.random() * Math.min(longestPauseMs, pauseMs * 2 ** (attempt - 1))
  }

  function fits(ms: number, budget: TickBudget): boolean {
    return clock.now() + ms < budget.untilAt
  }

  async function attemptOnce(url: string, init: RequestInit, budget: TickBudget, mayDrop: boolean): Promise<Outcome> {
    const controller = new AbortController()
    let ended: 'aborted' | 'out-of-time' | 'no-answer' | null = null
    const end = (why: NonNullable<typeof ended>) => {
      ended ??= why
      controller.abort()
    }
    // a request that may change something is not dropped for the end of a tick: nobody would know whether it was done
    const left = mayDrop ? Math.max(budget.untilAt - clock.now(), shortestPatienceMs) : timeoutMs
    const timer = setTimeout(() => end(left < timeoutMs ? 'out-of-time' : 'no-answer'), Math.min(timeoutMs, left))
    const onAbort = () => end('aborted')
    budget.signal?.addEventListener('abort', onAbort, { once: true })
    if (budget.signal?.aborted) onAbort()
    try {
      const response = await orAborted(fetch(url, { ...init, signal: controller.signal }), controller.signal)
      const read = await readUpTo(response, limits, controller, budget.signal)
      const asksJudge = response.status < 200 || response.status >= 400
      return {
        kind: 'answered',
        response: read.response,
        answer: asksJudge
          ? { status: response.status, headers: read.response.headers, body: textOf(read.start, peekBytes) }
          : null,
      }
    } catch (error) {
      // a guard inside fetch (an address that must not be asked) has the last word
      if (error instanceof PortError) throw error
      if (ended === 'aborted' || ended === 'out-of-time') return { kind: ended }
      if (ended === 'no-answer') {
        return { kind: 'broken', how: `gave no whole answer in ${timeoutMs / 1000} seconds`, notBegun: false }
      }
      const code = codeOf(error)
      const notBegun = code !== null && codesBeforeConnecting.has(code)
      return {
        kind: 'broken',
        how: `${notBegun ? 'could not be reached' : 'broke the connection'}${code === null ? '' : ` (${code})`}`,
        notBegun,
      }
    } finally {
      clearTimeout(timer)
      budget.signal?.removeEventListener('abort', onAbort)
    }
  }
}

type Outcome =
  /** `answer` is there when a judge has to look. */
  | { readonly kind: 'answered'; readonly response: Response; readonly answer: JudgedAnswer | null }
  | { readonly kind: 'broken'; readonly how: string; readonly notBegun: boolean }
  | { readonly kind: 'aborted' }
  | { readonly kind: 'out-of-time' }

const longestPauseMs = 60_000
/** An answer under way at the end of a tick gets at least this long. */
const shortestPatienceMs = 1_000
const peekBytes = 64 * 1024
/** Nobody is told to wait longer than this; what asks for more is a mistake. */
const longestRetryAfterMs = 24 * 60 * 60 * 1000

/** No byte of the request was sent. */
const codesBeforeConnecting = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** What an answer means when the connector has no judge: see `SendOptions.judge`. */
function usualJudge({ status }: JudgedAnswer): 'take' | 'again' | 'slow-down' {
  if (status === 429) return 'slow-down'
  return [408, 425, 500, 502, 503, 504].includes(status) ? 'again' : 'take'
}

function prepared({ url, method = 'GET', headers, body }: PolicyRequest): { host: string; init: RequestInit } {
  let address: URL
  try {
    address = new URL(url)
  } catch {
    throw new PortError('rejected', 'An address to be asked is not a web address.')
  }
  if (address.username !== '' || address.password !== '') {
    throw new PortError(
      'rejected',
      `The address at ${address.host} holds a name or a password; give them apart from it.`,
    )
  }
  try {
    return {
      host: address.host,
      init: { method, headers: new Headers(headers), redirect: 'manual', ...(body === undefined ? {} : { body }) },
    }
  } catch {
    // the platform's own message would repeat the value, which may be a token
    throw new PortError('rejected', `A header for ${address.host} has characters that HTTP does not carry.`)
  }
}

/** Seconds or a date (RFC 9110 section 10.2.3), as a wait; null when it says nothing usable. */
function retryAfterMs(headers: Headers, now: number): number | null {
  const value = headers.get('retry-after')?.trim()
  if (value === undefined || value === '') return null
  const wait = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now
  return wait > 0 ? Math.min(wait, longestRetryAfterMs) : null
}

/** Some fetches (fakes, old platforms) do not look at their signal: nobody waits for them either. */
function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(new Error('aborted'))
    if (signal.aborted) onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}

interface Read {
  readonly response: Response
  /** The first bytes, `limit` and a chunk at most. */
  readonly start: Uint8Array
}

interface BodyLimits {
  readonly bufferBytes: number
  readonly largestBytes: number
  /** Between two chunks of what is not buffered. */
  readonly idleMs: number
  /** For all of it. */
  readonly restMs: number
}

/** The answer with its body in memory, or, beyond a limit, with a body that begins in memory and goes on as it comes. */
async function readUpTo(
  response: Response,
  limits: BodyLimits,
  controller: AbortController,
  signal: AbortSignal | undefined,
): Promise<Read> {
  if (response.body === null) return { response, start: new Uint8Array() }
  const reader: ReadableStreamDefaultReader<Uint8Array> = response.body.getReader()
  const chunks: Uint8Array[] = []
  let size = 0
  let whole = false
  while (!whole && size <= limits.bufferBytes) {
    const { done, value } = await orAborted(reader.read(), controller.signal)
    if (done) whole = true
    else {
      chunks.push(value)
      size += value.byteLength
    }
  }
  const start = joined(chunks, size)
  const body = whole ? start : goOn(start, reader, limits, controller, signal)
  return { response: rebuilt(response, body), start }
}

/** What was read already, then the rest, within its limits and until the tick is aborted. */
function goOn(
  start: Uint8Array,
  reader: ReadableStreamDefaultReader<Uint8Array>,
  { largestBytes, idleMs, restMs }: BodyLimits,
  controller: AbortController,
  signal: AbortSignal | undefined,
): ReadableStream<Uint8Array> {
  let isFirst = true
  let bytes = start.byteLength
  let why: PortError | null = null
  const end = (error: PortError) => {
    why ??= error
    controller.abort()
  }
  const onAbort = () => end(aborted())
  // begins when somebody reads on: who does not is not waited for
  let restTimer: ReturnType<typeof setTimeout> | undefined
  const finish = () => {
    if (restTimer !== undefined) clearTimeout(restTimer)
    signal?.removeEventListener('abort', onAbort)
  }
  signal?.addEventListener('abort', onAbort, { once: true })
  if (signal?.aborted) onAbort()
  return new ReadableStream<Uint8Array>({
    async pull(stream) {
      if (isFirst) {
        isFirst = false
        return stream.enqueue(start)
      }
      restTimer ??= setTimeout(() => end(brokeOff()), restMs)
      const timer = setTimeout(() => end(brokeOff()), idleMs)
      try {
        const { done, value } = await orAborted(reader.read(), controller.signal)
        bytes += value?.byteLength ?? 0
        if (bytes > largestBytes) end(tooLarge(largestBytes))
        if (why !== null) throw why
        if (!done) return stream.enqueue(value)
        finish()
        stream.close()
      } catch (error) {
        finish()
        controller.abort()
        // a guard inside fetch has the last word here too
        stream.error(why ?? (error instanceof PortError ? error : brokeOff()))
      } finally {
        clearTimeout(timer)
      }
    },
    async cancel() {
      finish()
      await reader.cancel().catch(() => undefined)
      controller.abort()
    },
  })
}

function rebuilt(response: Response, body: Uint8Array | ReadableStream<Uint8Array>): Response {
  const { status, statusText, url } = response
  const headers = new Headers(response.headers)
  // fetch has decoded the body: these tell of the bytes on the wire
  headers.delete('content-encoding')
  headers.delete('content-length')
  const hasNoBody = status === 204 || status === 205 || status === 304
  // Safe because every platform takes bytes and streams of bytes; their types disagree about shared memory.
  const again = new Response(hasNoBody ? null : (body as ConstructorParameters<typeof Response>[0]), {
    status,
    statusText,
    headers,
  })
  Object.defineProperty(again, 'url', { value: url })
  return again
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array {
  if (chunks.length === 1) return chunks[0]!
  const bytes = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.byteLength
  }
  return bytes
}

function textOf(bytes: Uint8Array, limit: number): string {
  return new TextDecoder().decode(bytes.subarray(0, limit))
}

/** Node hides the reason of `fetch failed` in causes, sometimes in several of them (one per address tried). */
function codeOf(error: unknown, depth = 0): string | null {
  if (typeof error !== 'object' || error === null || depth > 4) return null
  if ('code' in error && typeof error.code === 'string' && /^[A-Z_]{3,40}$/.test(error.code)) return error.code
  return 'cause' in error ? codeOf(error.cause, depth + 1) : null
}

const aborted = () => new PortError('paused', 'The work was stopped; the next run goes on from here.')
const brokeOff = () => new PortError('unreachable', 'An answer broke off in the middle. It is asked for again later.')
const tooLarge = (limit: number) =>
  new PortError(
    'malformed',
    `An answer was larger than ${Math.round(limit / 1_000_000)} MB, which is no calendar anybody keeps. Nothing of it was used.`,
  )
const outOfTime = () =>
  new PortError('paused', 'The time allowed for this run is used up; the next run goes on from here.')

function unsureWhetherDone(host: string, how: string): PortError {
  return new PortError(
    'unreachable',
    `${host} ${how}; whether it did what it was asked is not known. Look before trying again.`,
  )
}

function unreachable(host: string, how: string, attempts: number, retryAt: number | null = null): PortError {
  const times = attempts === 1 ? '' : `, ${attempts} times in a row`
  return new PortError('unreachable', `${host} ${how}${times}. It is asked again later.`, { retryAt })
}

function overloaded(host: string, status: number, retryAt: number): PortError {
  return new PortError(
    'busy',
    `${host} wants to be left alone for a while (HTTP ${status}). It is asked again later.`,
    {
      retryAt: Math.ceil(retryAt),
    },
  )
}
