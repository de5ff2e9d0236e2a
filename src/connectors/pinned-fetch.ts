/**
 * The part of the guard that only Node needs and can do: names are resolved once, every answer is judged, and the
 * connection goes to the very addresses that were judged. A name that answers differently a moment later (DNS
 * rebinding) is not asked a second time. Workers have no private network and leave this file out.
 */
import { type LookupAddress, lookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { Agent, type Dispatcher, fetch as undiciFetch } from 'undici'
import { type AddressRules, isAskable, refusedAddress, tooLarge } from './guarded-fetch.ts'

export interface PinnedFetchDeps {
  /** All addresses of a name. The system's resolver by default. */
  readonly resolve?: (hostname: string) => Promise<readonly LookupAddress[]>
  readonly allowLoopback?: boolean
  readonly allowAddress?: (address: string) => boolean
  /** Of a body as it comes over the wire, before it is decoded. */
  readonly compressedBytes?: number
  readonly headerMs?: number
}

export interface PinnedFetch {
  /** One attempt: follows nothing, keeps no cookies. To be wrapped in `createGuardedFetch`. */
  readonly fetch: typeof globalThis.fetch
  /** Closes its connections. */
  close(): Promise<void>
}

export function createPinnedFetch({
  resolve = resolveAll,
  allowLoopback = false,
  allowAddress = () => false,
  compressedBytes = 50_000_000,
  headerMs = 10_000,
}: PinnedFetchDeps = {}): PinnedFetch {
  const agent = new Agent({
    connect: { lookup: judgedLookup(resolve, { allowLoopback, allowAddress }), timeout: headerMs },
    headersTimeout: headerMs,
    bodyTimeout: 30_000,
    // a connection kept for a name would outlive the judgement of its address
    keepAliveTimeout: 1,
    keepAliveMaxTimeout: 1,
    maxHeaderSize: 64 * 1024,
  })
  const dispatcher = agent.compose(countingBytes(compressedBytes))
  return {
    fetch: async (input, init) => {
      const headers: Record<string, string> = {}
      new Headers(init?.headers).forEach((value, name) => {
        headers[name] = value
      })
      const answer = await undiciFetch(String(input instanceof Request ? input.url : input), {
        method: init?.method ?? 'GET',
        headers,
        redirect: 'manual',
        dispatcher,
        ...(init?.signal ? { signal: init.signal } : {}),
      })
      // Safe because undici is where Node's own fetch comes from: the same class by another version of the same code.
      return answer as unknown as Response
    },
    close: () => agent.destroy(),
  }
}

function judgedLookup(
  resolve: (hostname: string) => Promise<readonly LookupAddress[]>,
  rules: Omit<AddressRules, 'ports'>,
): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname).then(
      answers => {
        // one private answer among public ones is enough: somebody is playing
        const isRefused = answers.length === 0 || answers.some(({ address }) => !isAskable(address, rules))
        if (isRefused) callback(answers.length === 0 ? notFound(hostname) : refusedAddress(), '', 0)
        else if (options.all) callback(null, [...answers])
        else callback(null, answers[0]!.address, answers[0]!.family)
      },
      error => callback(error, '', 0),
    )
  }
}

function resolveAll(hostname: string): Promise<readonly LookupAddress[]> {
  return new Promise((done, failed) => {
    lookup(hostname, { all: true, verbatim: true }, (error, answers) => (error ? failed(error) : done(answers)))
  })
}

function notFound(hostname: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${hostname} has no address`), { code: 'ENOTFOUND' })
}

/** Bytes as they arrive, so that a small answer that unfolds into a large one is seen from both sides. */
function countingBytes(limit: number): Dispatcher.DispatcherComposeInterceptor {
  return dispatch => (options, handler) => {
    let bytes = 0
    return dispatch(options, {
      onRequestStart: (controller, context) => handler.onRequestStart?.(controller, context),
      onRequestUpgrade: (controller, status, headers, socket) =>
        handler.onRequestUpgrade?.(controller, status, headers, socket),
      onResponseStart: (controller, status, headers, message) =>
        handler.onResponseStart?.(controller, status, headers, message),
      onResponseData(controller, chunk) {
        bytes += chunk.byteLength
        if (bytes > limit) controller.abort(tooLarge(limit))
        else handler.onResponseData?.(controller, chunk)
      },
      onResponseEnd: (controller, trailers) => handler.onResponseEnd?.(controller, trailers),
      onResponseError: (controller, error) => handler.onResponseError?.(controller, error),
    })
  }
}
