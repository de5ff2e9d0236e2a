import { type DAVDepth, type DAVResponse, davRequest, propfind, syncCollection } from 'tsdav'
import { isRecord } from '../../json-value.ts'
import { PortError } from '../../port-error.ts'
import type { TickBudget } from '../connector.ts'
import type { HttpPolicy, JudgedAnswer, Lane } from '../http-policy.ts'
import { printable } from '../printable.ts'

/** What a multistatus said about one resource, in our words. */
export interface DavEntry {
  /** Path of the resource, spelled in one way; see `pathOf`. */
  readonly path: string
  /** Of the resource as a whole: 200, 404, 507 … */
  readonly status: number
  /** Properties that the server gave, by name in camel case. */
  readonly props: Readonly<Record<string, unknown>>
}

export type DavAnswer =
  | {
      readonly kind: 'multistatus'
      readonly entries: readonly DavEntry[]
      readonly syncToken: string | null
      /** Where the answer came from, which a redirect may have changed: what it names is inside that. */
      readonly url: URL
    }
  /** Answered, and not with a multistatus. `body` is what it said, for telling preconditions apart, never for people. */
  | { readonly kind: 'refused'; readonly status: number; readonly body: string }

/** Properties to ask for, as tsdav writes them: `{ 'd:getetag': {} }`. */
export type DavProps = Readonly<Record<string, Readonly<Record<string, never>>>>

export interface PlainAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

/**
 * Speaks WebDAV through the one policy. tsdav writes the requests and takes the answers apart; it throws nothing for a
 * bad answer, so what an answer is worth is decided here.
 *
 * The password goes to the origin the account was connected with, and to one more only where that server itself names it
 * as the home of the calendars (`trust`). A redirect to anywhere else is not followed.
 */
export class DavClient {
  readonly base: URL
  /** How sentences begin that tell of it: `The server calendar.example.com`. */
  readonly host: string
  readonly #http: HttpPolicy
  readonly #authorization: string
  readonly #lanes: readonly Lane[]
  readonly #trusted: Set<string>
  readonly #largestBytes: number

  constructor(deps: {
    readonly http: HttpPolicy
    readonly base: URL
    readonly userName: string
    readonly password: string
    /** An answer of more than this is no answer to us. */
    readonly largestBytes?: number
  }) {
    this.base = deps.base
    this.host = `The server ${printable(deps.base.host)}`
    this.#http = deps.http
    this.#authorization = `Basic ${base64(`${deps.userName}:${deps.password}`)}`
    this.#lanes = [{ name: `caldav ${printable(deps.base.host)}`, concurrent: 4 }]
    this.#trusted = new Set([deps.base.origin])
    this.#largestBytes = deps.largestBytes ?? 256_000_000
  }

  /** The password may go to this origin too: the server named it where it says where its calendars are. */
  trust(url: URL): void {
    this.#trusted.add(url.origin)
  }

  async propfind(url: URL, depth: DAVDepth, props: DavProps, budget: TickBudget): Promise<DavAnswer> {
    return await this.#ask(url, budget, fetch => propfind({ url: url.href, props, depth, fetch }))
  }

  /** RFC 6578. A token that the server forgot comes as `refused`: which status it chooses for that differs. */
  async syncCollection(url: URL, token: string | null, budget: TickBudget): Promise<DavAnswer> {
    return await this.#ask(
      url,
      budget,
      fetch =>
        syncCollection({
          url: url.href,
          props: { 'd:getetag': {} },
          headers: { depth: '0' },
          syncLevel: 1,
          syncToken: token ?? '',
          fetch,
        }),
      ({ status }) => {
        if (status === 429) return 'slow-down'
        return [408, 425, 502, 503, 504].includes(status) ? 'again' : 'take'
      },
    )
  }

  /** RFC 4791 section 7.9. */
  async multiget(url: URL, paths: readonly string[], budget: TickBudget): Promise<DavAnswer> {
    return await this.#report(
      url,
      { 'calendar-multiget': { _attributes: namespaces, 'd:prop': contentProps, 'd:href': [...paths] } },
      budget,
    )
  }

  /** Resources with an event that has the property: a hint, since servers filter as they like (RFC 4791 section 9.7.2). */
  async queryByProperty(url: URL, name: string, budget: TickBudget): Promise<DavAnswer> {
    const filter = {
      'comp-filter': {
        _attributes: { name: 'VCALENDAR' },
        'comp-filter': { _attributes: { name: 'VEVENT' }, 'prop-filter': { _attributes: { name } } },
      },
    }
    return await this.#report(
      url,
      { 'calendar-query': { _attributes: namespaces, 'd:prop': { 'd:getetag': {} }, filter } },
      budget,
    )
  }

  /** A plain request; conditional ones may be sent twice, since the second finds the first's work or fails on it. */
  async plain(
    method: 'GET' | 'PUT' | 'DELETE' | 'OPTIONS',
    url: URL,
    budget: TickBudget,
    more: { readonly headers?: Readonly<Record<string, string>>; readonly body?: string } = {},
  ): Promise<PlainAnswer> {
    const { response } = await this.#send(url, method, more.headers ?? {}, more.body, budget)
    return { status: response.status, headers: response.headers, text: await response.text() }
  }

  /** What a status means that nobody expected; `of` is what was asked for, as in `this calendar`. */
  problem(status: number, of: string): PortError {
    const host = this.host
    if (status === 401) {
      return new PortError(
        'signed-out',
        `${host} refuses the user name or the password of this account. Run \`connect caldav\` again; some servers want ` +
          'a password made for apps.',
      )
    }
    if (status === 403) return new PortError('denied', `${host} does not allow this account to use ${of}.`)
    if (status === 404 || status === 410) return new PortError('not-found', `${host} does not have ${of} any more.`)
    if (status === 409 || status === 412) {
      return new PortError('conflict', `${host} says that ${of} was changed meanwhile. Look at it and try again.`)
    }
    if (status === 423)
      return new PortError('busy', `${host} says that somebody else holds ${of}. It is tried again later.`)
    if (status >= 400 && status < 500) {
      return new PortError('rejected', `${host} calls our request for ${of} wrong (HTTP ${status}).`)
    }
    return new PortError('failed', `${host} failed on ${of} (HTTP ${status}). It is asked again later.`)
  }

  async #report(url: URL, body: unknown, budget: TickBudget): Promise<DavAnswer> {
    return await this.#ask(url, budget, fetch =>
      davRequest({
        url: url.href,
        init: { method: 'REPORT', headers: { depth: '1' }, namespace: 'c', body },
        fetch,
      }),
    )
  }

  async #ask(
    url: URL,
    budget: TickBudget,
    run: (fetch: typeof globalThis.fetch) => Promise<DAVResponse[]>,
    judge?: (answer: JudgedAnswer) => 'take' | 'again' | 'slow-down',
  ): Promise<DavAnswer> {
    let answeredBy = url
    const responses = await run(async (input, init) => {
      const headers: Record<string, string> = {}
      new Headers(init?.headers).forEach((value, name) => {
        headers[name] = value
      })
      const body = typeof init?.body === 'string' ? init.body : undefined
      const sent = await this.#send(new URL(String(input)), init?.method ?? 'GET', headers, body, budget, judge)
      answeredBy = sent.url
      return await this.#uncut(sent.response)
    })
    const [first] = responses
    const multistatus = isRecord(first?.raw) && isRecord(first.raw.multistatus) ? first.raw.multistatus : null
    if (multistatus === null) {
      const status = first?.status ?? 0
      if (status >= 200 && status < 300) throw this.#malformed()
      return { kind: 'refused', status, body: typeof first?.raw === 'string' ? first.raw : '' }
    }
    const entries: DavEntry[] = []
    for (const { href, status, props } of responses) {
      const path = pathOf(textOf(href), answeredBy)
      if (path !== null) entries.push({ path, status, props: isRecord(props) ? props : {} })
    }
    return { kind: 'multistatus', entries, syncToken: textOf(multistatus.syncToken) || null, url: answeredBy }
  }

  async #send(
    url: URL,
    method: string,
    headers: Readonly<Record<string, string>>,
    body: string | undefined,
    budget: TickBudget,
    judge?: (answer: JudgedAnswer) => 'take' | 'again' | 'slow-down',
  ): Promise<{ readonly response: Response; readonly url: URL }> {
    let to = url
    for (let hop = 0; ; hop++) {
      if (!this.#trusted.has(to.origin)) throw this.#elsewhere(to)
      const response = await this.#http.send(
        {
          url: to.href,
          method,
          headers: { ...headers, authorization: this.#authorization, 'user-agent': 'Minutewise' },
          ...(body === undefined ? {} : { body }),
        },
        { lanes: this.#lanes, budget, repeatable: true, ...(judge === undefined ? {} : { judge }) },
      )
      const location = redirects.has(response.status) ? response.headers.get('location') : null
      if (location === null) return { response: await this.#whole(response), url: to }
      await response.body?.cancel()
      if (hop >= mostHops || !URL.canParse(location, to.href)) throw this.#malformed()
      to = new URL(location, to)
    }
  }

  /** tsdav reads a list that breaks off as a list that ends there; whatever stood behind would be taken for gone. */
  async #uncut(response: Response): Promise<Response> {
    if (response.status !== 207 || response.body === null) return response
    const { status, statusText, headers } = response
    const text = await response.text()
    if (!multistatusEnd.test(text.slice(-2_000).trimEnd())) throw this.#malformed()
    return new Response(text, { status, statusText, headers })
  }

  /** The answer with its text in memory, as long as that is no more than a calendar server has to say. */
  async #whole(response: Response): Promise<Response> {
    if (response.body === null) return response
    const reader: ReadableStreamDefaultReader<Uint8Array> = response.body.getReader()
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
    const parts: string[] = []
    let bytes = 0
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      bytes += value.byteLength
      if (bytes > this.#largestBytes) {
        await reader.cancel()
        throw new PortError(
          'malformed',
          `${this.host} answered with more than ${Math.round(this.#largestBytes / 1_000_000)} MB at once; nothing of it was used.`,
        )
      }
      parts.push(decoder.decode(value, { stream: true }))
    }
    parts.push(decoder.decode())
    const { status, statusText, headers } = response
    const text = parts.join('')
    return new Response(text === '' || status === 204 || status === 304 ? null : text, { status, statusText, headers })
  }

  #malformed(): PortError {
    return new PortError(
      'malformed',
      `${this.host} answered with something that is no calendar server's answer. It is asked again later.`,
    )
  }

  #elsewhere(url: URL): PortError {
    return new PortError(
      'rejected',
      `${this.host} sends us on to ${printable(url.protocol)}//${printable(url.host)}, and a password is not given to ` +
        'another server. If that is where the calendars are, connect with that address.',
    )
  }
}

/**
 * The one spelling of a resource's path: servers write `%40` in one answer and `@` in the next. Null for text that is no
 * reference to a resource of the same server.
 */
export function pathOf(href: string, base: URL): string | null {
  if (href === '' || !URL.canParse(href, base.href)) return null
  const url = new URL(href, base)
  if (url.origin !== base.origin) return null
  return url.pathname
    .split('/')
    .map(segment => {
      try {
        return encodeURIComponent(decodeURIComponent(segment))
      } catch {
        return segment
      }
    })
    .join('/')
}

/** A property's text: tsdav gives text, a number or a truth that looked like one, or the parts of a CDATA section. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (Array.isArray(value)) return value.map(textOf).join('')
  if (isRecord(value)) return `${textOf(value._text)}${textOf(value._cdata)}`
  return ''
}

/** All texts of a property that may stand several times, such as `href`. */
export function textsOf(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).map(textOf).filter(text => text !== '')
}

const namespaces = { 'xmlns:d': 'DAV:', 'xmlns:c': 'urn:ietf:params:xml:ns:caldav' }
const contentProps = { 'd:getetag': {}, 'c:calendar-data': {} }
/** Closed, or empty from the start. */
const multistatusEnd = /<(?:\/(?:[\w.-]+:)?multistatus\s*|(?:[\w.-]+:)?multistatus(?:\s[^<>]*)?\/)>$/
const redirects = new Set([301, 302, 307, 308])
const mostHops = 3

function base64(text: string): string {
  let binary = ''
  for (const byte of new TextEncoder().encode(text)) binary += String.fromCharCode(byte)
  return btoa(binary)
}
