import ipaddr from 'ipaddr.js'
import { PortError } from '../port-error.ts'
import { printable } from './printable.ts'

/**
 * A fetch for addresses that somebody typed in: it asks public web servers over https and nobody else, so that a
 * calendar address cannot be used to look around in the network this program runs in (OWASP ASVS 5.0, 1.3.6).
 *
 * Promises:
 * - https on port 443 (others only where `ports` names them), no name or password in the address;
 * - an address written as a number is read as the platform reads it (`2130706433` is 127.0.0.1) and has to be a public
 *   unicast address; one that carries an IPv4 address inside (mapped, NAT64, 6to4, Teredo) is refused like a private one;
 * - names are judged by what they stand for: that is done where connections are made, since a name asked twice may
 *   answer twice (`pinned-fetch.ts` on Node; Workers have no private network);
 * - redirects are followed here, three at most, and each hop is judged like the first;
 * - no cookies, no tokens: only the headers a conditional GET needs go out;
 * - headers within 10 seconds, the body within 60, at most 200 MB of it (as decoded);
 * - a refusal is a `rejected` with one sentence that names the host at most, never the address.
 */
export function createGuardedFetch({
  fetch,
  allowLoopback = false,
  allowAddress = () => false,
  ports = ['443'],
  limits = {},
}: GuardedFetchDeps): typeof globalThis.fetch {
  const { headerMs, bodyMs, inflatedBytes, hops } = { ...usualLimits, ...limits }
  const rules: AddressRules = { allowLoopback, allowAddress, ports }

  return async function guardedFetch(input, init) {
    let url = checkedUrl(String(input instanceof Request ? input.url : input), rules)
    const headers = plainHeaders(new Headers(init?.headers))
    const controller = new AbortController()
    const onAbort = () => controller.abort(init?.signal?.reason)
    if (init?.signal?.aborted) onAbort()
    init?.signal?.addEventListener('abort', onAbort, { once: true })
    for (let hop = 0; ; hop++) {
      const response = await withinHeaderTime(
        fetch(url.href, { method: 'GET', headers, redirect: 'manual', signal: controller.signal }),
        headerMs,
        controller,
        url,
      )
      const location = redirectStatuses.has(response.status) ? response.headers.get('location') : null
      if (location === null) {
        return limited(response, url, { bodyMs, inflatedBytes }, controller, () =>
          init?.signal?.removeEventListener('abort', onAbort),
        )
      }
      await response.body?.cancel().catch(() => undefined)
      if (hop >= hops) {
        throw refused(`${shownHost(url)} sends us on from one address to the next. Give the address it ends at.`)
      }
      url = checkedUrl(location, rules, url)
    }
  }
}

export interface GuardedFetchDeps {
  /** Without redirects and retries of its own; on Node `createPinnedFetch`. */
  readonly fetch: typeof globalThis.fetch
  /** For servers of one's own and for tests: loopback addresses are asked too, over http and on any port. */
  readonly allowLoopback?: boolean
  /** Addresses that are asked although they are not public. */
  readonly allowAddress?: (address: string) => boolean
  /** Ports of https that may be asked. */
  readonly ports?: readonly string[]
  readonly limits?: Partial<GuardLimits>
}

export interface GuardLimits {
  readonly headerMs: number
  readonly bodyMs: number
  /** Of the body as decoded. */
  readonly inflatedBytes: number
  readonly hops: number
}

export interface AddressRules {
  readonly allowLoopback: boolean
  readonly allowAddress: (address: string) => boolean
  readonly ports: readonly string[]
}

/**
 * Whether an address of the network (not a name) may be asked: public unicast, or one the rules allow. Whatever carries
 * another address inside is judged as a stranger, since nobody knows who unpacks it.
 */
export function isAskable(address: string, { allowLoopback, allowAddress }: Omit<AddressRules, 'ports'>): boolean {
  if (allowAddress(address)) return true
  if (!ipaddr.isValid(address)) return false
  const parsed = ipaddr.process(address)
  if (cloudAddresses.has(parsed.toString())) return false
  const range = parsed.range()
  if (range === 'loopback') return allowLoopback
  if (range !== 'unicast') return false
  return !carriers.some(([network, bits]) => parsed.kind() === 'ipv6' && parsed.match(network, bits))
}

/** The sentence is the same for every spelling: which of them a server took apart is nobody's business. */
export function refusedAddress(): PortError {
  return refused(
    'This address leads into a private network or to this machine itself, where no feed is fetched from. ' +
      'Give the public https address of the feed, or read the file with `minutewise audit FILE`.',
  )
}

export function tooLarge(limitBytes: number): PortError {
  return new PortError(
    'malformed',
    `The answer is larger than ${Math.round(limitBytes / 1_000_000)} MB, which is no calendar anybody keeps. ` +
      'Nothing of it was used; ask for a feed of a shorter time.',
  )
}

const usualLimits: GuardLimits = { headerMs: 10_000, bodyMs: 60_000, inflatedBytes: 200_000_000, hops: 3 }
const redirectStatuses = new Set([301, 302, 303, 307, 308])
const sentHeaders = ['accept', 'if-none-match', 'if-modified-since', 'user-agent'] as const

/** Names that stand for this machine or for a cloud's own services wherever they are asked. */
const innerNames = new Set([
  'localhost',
  'localhost.localdomain',
  'ip6-localhost',
  'ip6-loopback',
  'metadata',
  'metadata.google.internal',
  'metadata.goog',
  'instance-data',
])
const innerSuffixes = ['.localhost', '.internal', '.local', '.localdomain', '.intranet', '.lan', '.home.arpa']

/** Public by their number, and still a cloud talking to its own machines. */
const cloudAddresses = new Set(['168.63.129.16'])

/** Networks that ipaddr.js calls unicast or reserved by version, and that carry or stand for others. */
const carriers = (
  [
    ['64:ff9b::', 96],
    ['64:ff9b:1::', 48],
    ['2002::', 16],
    ['2001::', 32],
    ['::', 96],
    ['fec0::', 10],
    ['100::', 64],
    ['2001:db8::', 32],
  ] as const
).map(([network, bits]) => [ipaddr.IPv6.parse(network), bits] as const)

function checkedUrl(text: string, rules: AddressRules, base?: URL): URL {
  let url: URL
  try {
    url = new URL(text, base)
  } catch {
    throw refused('The address of the feed is not a web address. Copy it again from where the calendar is shared.')
  }
  if (url.username !== '' || url.password !== '') {
    throw refused('The address of the feed holds a name or a password before the host. Give an address without them.')
  }
  // the platform has turned every spelling of a number into the one address it stands for
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  const isAddress = ipaddr.isValid(host)
  const isInnerName = !isAddress && (innerNames.has(host) || innerSuffixes.some(suffix => host.endsWith(suffix)))
  const isLoopback =
    host === 'localhost' || host.endsWith('.localhost') || (isAddress && ipaddr.process(host).range() === 'loopback')
  const isAllowed = (isLoopback && rules.allowLoopback) || (isAddress && rules.allowAddress(host))
  if (!isAllowed && (isAddress ? !isAskable(host, rules) : isInnerName || !host.includes('.'))) throw refusedAddress()
  if (isAllowed) {
    if (url.protocol !== 'https:' && url.protocol !== 'http:') throw notHttps(url)
    return url
  }
  if (url.protocol !== 'https:') throw notHttps(url)
  if (!rules.ports.includes(url.port === '' ? '443' : url.port)) {
    throw refused(`${shownHost(url)} is named with a port of its own; feeds are fetched from the usual port of https.`)
  }
  return url
}

function notHttps(url: URL): PortError {
  const host = url.hostname === '' ? 'The feed' : shownHost(url)
  return refused(`${host} is not named by an https address; feeds are fetched over https alone.`)
}

function refused(sentence: string): PortError {
  return new PortError('rejected', sentence)
}

const shownHost = (url: URL) => `The server ${printable(url.hostname).slice(0, 100)}`

function plainHeaders(given: Headers): Headers {
  const headers = new Headers()
  for (const name of sentHeaders) {
    const value = given.get(name)
    if (value !== null) headers.set(name, value)
  }
  return headers
}

async function withinHeaderTime(
  answer: Promise<Response>,
  headerMs: number,
  controller: AbortController,
  url: URL,
): Promise<Response> {
  let isLate = false
  const timer = setTimeout(() => {
    isLate = true
    controller.abort()
  }, headerMs)
  try {
    return await answer
  } catch (error) {
    if (isLate) {
      throw new PortError('unreachable', `${shownHost(url)} gave no answer in ${headerMs / 1000} seconds.`)
    }
    throw portErrorIn(error) ?? error
  } finally {
    clearTimeout(timer)
  }
}

/** What a hook of the connection threw, which fetch wraps in a `TypeError: fetch failed`. */
function portErrorIn(error: unknown, depth = 0): PortError | null {
  if (error instanceof PortError) return error
  if (depth > 4 || typeof error !== 'object' || error === null) return null
  if (error instanceof AggregateError) return portErrorIn(error.errors[0], depth + 1)
  return 'cause' in error ? portErrorIn(error.cause, depth + 1) : null
}

/** The answer with a body that ends with an error where it is too large or too slow. */
function limited(
  response: Response,
  url: URL,
  { bodyMs, inflatedBytes }: Pick<GuardLimits, 'bodyMs' | 'inflatedBytes'>,
  controller: AbortController,
  done: () => void,
): Response {
  const { status, statusText } = response
  const headers = new Headers(response.headers)
  headers.delete('set-cookie')
  if (response.body === null || bodiless.has(status)) {
    done()
    return new Response(null, { status, statusText, headers })
  }
  const announced = Number(headers.get('content-length') ?? 0)
  if (announced > inflatedBytes) {
    controller.abort()
    throw tooLarge(inflatedBytes)
  }
  const reader: ReadableStreamDefaultReader<Uint8Array> = response.body.getReader()
  let bytes = 0
  let isLate = false
  const timer = setTimeout(() => {
    isLate = true
    controller.abort()
  }, bodyMs)
  const finish = () => {
    clearTimeout(timer)
    done()
  }
  const body = new ReadableStream<Uint8Array>({
    async pull(stream) {
      try {
        const { done: isWhole, value } = await reader.read()
        if (isWhole) {
          finish()
          return stream.close()
        }
        bytes += value.byteLength
        if (bytes > inflatedBytes) throw tooLarge(inflatedBytes)
        stream.enqueue(value)
      } catch (error) {
        finish()
        controller.abort()
        const late = new PortError(
          'unreachable',
          `${shownHost(url)} did not finish its answer in ${bodyMs / 1000} seconds.`,
        )
        stream.error(isLate ? late : (portErrorIn(error) ?? error))
      }
    },
    async cancel(reason) {
      finish()
      await reader.cancel(reason).catch(() => undefined)
      controller.abort()
    },
  })
  // Safe because every platform takes streams of bytes; their types disagree about shared memory.
  return new Response(body as ConstructorParameters<typeof Response>[0], { status, statusText, headers })
}

const bodiless = new Set([204, 205, 304])
