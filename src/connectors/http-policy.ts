import type { Clock } from '../clock.ts'
import type { TickBudget } from './connector.ts'

/**
 * The one policy of all requests to providers: who waits how long for whom, and what is tried again. The clients of the
 * vendors have their own switched off.
 *
 * Promises:
 * - every attempt costs one request of the budget; at 0, past `untilAt` or after an abort it refuses with `paused`;
 * - requests of one lane keep its limits: at most `concurrent` at once, at most `perWindow.requests` in any
 *   `perWindow.ms`. Lanes do not wait for each other: one throttled mailbox stops nobody else;
 * - a `Retry-After` (seconds or a date) is obeyed by the whole lane: no request of it starts before. A wait that fits
 *   the tick is slept, a longer one is `busy` with `retryAt`;
 * - without one: exponential pauses with full jitter, at most `attempts` attempts;
 * - a request that may have changed something (`repeatable: false`) is repeated only when the answer says that it was
 *   not begun (429, 503, a refused connection);
 * - an answer nobody asked to retry is given back as it is, whatever its status: what it means is the connector's;
 * - no answer in `timeoutMs`, or a broken connection: retried like a 503, then `unreachable`;
 * - a body ends: at `largestBytes`, after `restMs`, and at once when the tick is aborted;
 * - redirects are not followed: a 3xx is given back, since where a request with a token may go is not a server's choice;
 * - addresses and bodies never reach an error message; a host does.
 */
export interface HttpPolicy {
  send(request: PolicyRequest, how: SendOptions): Promise<Response>
}

export interface PolicyRequest {
  readonly url: string
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export interface SendOptions {
  readonly lanes: readonly Lane[]
  readonly budget: TickBudget
  /** The method may be sent twice with the effect of once. */
  readonly repeatable: boolean
  /**
   * What an answer that is not 2xx or 3xx means. Without one: 408, 425, 500, 502, 503, 504 `again`; 429 `slow-down`;
   * the rest `take`. `body` is at most 64 KiB of text; the response given back still has its own.
   */
  readonly judge?: (answer: JudgedAnswer) => 'take' | 'again' | 'slow-down'
  /**
   * Names of those of `lanes` that a `Retry-After` or a `slow-down` holds. Without one: the last lane, so lanes are
   * named from the widest (project) to the narrowest (user, mailbox) and a throttled mailbox stops nobody else.
   */
  readonly holds?: (answer: JudgedAnswer) => readonly string[]
}

export interface JudgedAnswer {
  readonly status: number
  readonly headers: Headers
  readonly body: string
}

export interface Lane {
  /** Such as `google project acme`, `google user 7f3a`, `graph mailbox 91c2`: no addresses, lanes may be shown. */
  readonly name: string
  readonly concurrent?: number
  readonly perWindow?: { readonly requests: number; readonly ms: number }
}

export interface HttpPolicyDeps {
  readonly fetch: typeof fetch
  readonly clock: Clock
  readonly attempts?: number
  readonly timeoutMs?: number
  /** Base of the growing pauses. */
  readonly pauseMs?: number
  /**
   * Bodies up to this size are read before the answer is given back, so that one that breaks off counts as a broken
   * connection. Larger ones arrive as a stream, whose breaking off is the caller's. 8 MiB by default.
   */
  readonly bufferBytes?: number
  /** A larger body is `malformed`: nobody's calendar needs it, and memory is not for a service to fill. 256 MB by default. */
  readonly largestBytes?: number
  /** Real time for what comes after the first `bufferBytes`, however steadily it drips. Five minutes by default. */
  readonly restMs?: number
}
