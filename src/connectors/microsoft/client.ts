import {
  Client,
  type Context,
  type Middleware,
  type MiddlewareOptions,
  ResponseType,
} from '@microsoft/microsoft-graph-client'
import { parsedJson } from '../../json-value.ts'
import { PortError } from '../../port-error.ts'
import type { TickBudget } from '../connector.ts'
import type { HttpPolicy, Lane } from '../http-policy.ts'
import type { GraphRoots, TokenSource } from '../oauth/token-source.ts'
import { refusalOf } from './answers.ts'
import { type GraphPage, parseErrorCode, parsePage } from './api-types.ts'

/**
 * Requests to Microsoft Graph through the vendor's client, with nothing of it but the making of requests: its retries,
 * redirects and its way with tokens (which it drops on every `http:` root) are left out, and every attempt goes through
 * the one policy.
 *
 * Throws `GraphRefusal` for answers that are no success, `malformed` for ones nobody can read, and what the policy and
 * the token source throw.
 */
export interface GraphClient {
  /** The body as JSON; null when there is none. */
  send(request: GraphRequest, how: GraphHow): Promise<unknown>
  /** A page of a collection. */
  page(request: GraphRequest, how: GraphHow): Promise<GraphPage>
  /** Every entry of a collection, page after page. */
  all(path: string, how: GraphHow): Promise<readonly unknown[]>
  /** Whether a link that an answer gave leads to where we send tokens. */
  isOurs(link: string): boolean
}

export interface GraphRequest {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Below the version: `me/calendars?$top=100`, its parts encoded already. */
  readonly path?: string
  /** Instead of a path: a link from an answer, sent as it is. */
  readonly link?: string
  readonly body?: unknown
  readonly ifMatch?: string
  /** For agendas; everything else reads bodies as text. */
  readonly bodies?: 'text' | 'html'
}

export interface GraphHow {
  readonly lane: Lane
  readonly budget: TickBudget
  /** By default for GET, DELETE and PATCH, which have the effect of once. */
  readonly repeatable?: boolean
}

export interface GraphClientDeps {
  readonly http: HttpPolicy
  readonly tokens: TokenSource
  readonly roots: GraphRoots
  readonly pageSize?: number
}

export function createGraphClient({ http, tokens, roots, pageSize = 200 }: GraphClientDeps): GraphClient {
  const sdk = Client.initWithMiddleware({
    baseUrl: roots.api,
    defaultVersion: version,
    middleware: throughPolicy(http, tokens),
  })
  const root = new URL(`${roots.api.replace(/\/+$/, '')}/${version}/`)

  const client: GraphClient = {
    async send(request, how) {
      const { method = 'GET', path = '', link, body, ifMatch, bodies = 'text' } = request
      if (link !== undefined && !client.isOurs(link)) throw foreignLink()
      const sending = new Sending(how.lane, how.budget, how.repeatable ?? method !== 'POST', link ?? null)
      const asked = sdk
        .api(`/${path}`)
        .responseType(ResponseType.RAW)
        .middlewareOptions([sending])
        .headers({ ...commonHeaders(bodies, pageSize), ...(ifMatch === undefined ? {} : { 'If-Match': ifMatch }) })
      try {
        await dispatched(asked, method, body)
      } catch (error) {
        // The client wraps what its middleware throws; ours is what counts.
        throw sending.failure ?? error
      }
      const { response } = sending
      if (response === null) throw unreadable()
      return await read(response, link !== undefined)
    },

    async page(request, how) {
      const page = parsePage(await client.send(request, how))
      if (page === null) throw unreadable()
      return page
    },

    async all(path, how) {
      const entries: unknown[] = []
      const followed = new Set<string>()
      let request: GraphRequest = { path }
      for (;;) {
        const page = await client.page(request, how)
        entries.push(...page.value)
        if (page.nextLink === null) return entries
        if (followed.has(page.nextLink) || followed.size >= mostPages) throw endlessPages()
        followed.add(page.nextLink)
        request = { link: page.nextLink }
      }
    },

    isOurs(link) {
      try {
        const url = new URL(link)
        return url.origin === root.origin && url.pathname.startsWith(root.pathname) && url.username === ''
      } catch {
        return false
      }
    },
  }
  return client
}

/** Pages that lead back to a page we came from, or never end. */
export function endlessPages(): PortError {
  return new PortError(
    'malformed',
    'Microsoft 365 gave pages that lead round in a circle; what came so far is kept, and it is asked again later.',
  )
}

const version = 'v1.0'
/** Of 100 entries and more: beyond any tenant. */
const mostPages = 5_000

/**
 * On every request, since each of them changes what others mean: without `ImmutableId` ids change when an item moves,
 * without the zone times are on a wall that nobody named, without a size pages are of ten.
 */
function commonHeaders(bodies: 'text' | 'html', pageSize: number): Record<string, string> {
  const prefer = [
    'outlook.timezone="UTC"',
    `outlook.body-content-type="${bodies}"`,
    `odata.maxpagesize=${pageSize}`,
    'IdType="ImmutableId"',
  ]
  return { Prefer: prefer.join(', '), Accept: 'application/json' }
}

/** What the policy needs to know of one request; travels through the vendor's client beside it. */
class Sending implements MiddlewareOptions {
  readonly lane: Lane
  readonly budget: TickBudget
  readonly repeatable: boolean
  /** To be asked as it is: the vendor's client would take it apart and put it together again. */
  readonly link: string | null
  failure: unknown = null
  /** As the policy gave it; the client's own reading of an answer is left out. */
  response: Response | null = null

  constructor(lane: Lane, budget: TickBudget, repeatable: boolean, link: string | null) {
    this.lane = lane
    this.budget = budget
    this.repeatable = repeatable
    this.link = link
  }
}

/** The whole chain of middleware: our token, our policy, and one fresh token where the first was refused. */
function throughPolicy(http: HttpPolicy, tokens: TokenSource): Middleware {
  return {
    async execute(context) {
      const sending = context.middlewareControl?.getMiddlewareOptions(Sending)
      // Safe because nobody else makes requests with this client.
      if (!(sending instanceof Sending)) throw new Error('A request to Graph without its budget.')
      try {
        const { budget } = sending
        const token = await tokens.token({ budget })
        let response = await sent(http, context, sending, token)
        if (response.status === 401) {
          await response.body?.cancel()
          response = await sent(http, context, sending, await tokens.token({ budget, rejected: token }))
        }
        sending.response = response
        context.response = response
      } catch (error) {
        sending.failure = error
        throw error
      }
    },
  }
}

async function sent(http: HttpPolicy, context: Context, sending: Sending, token: string): Promise<Response> {
  const { request, options } = context
  const url = sending.link ?? (typeof request === 'string' ? request : request.url)
  const body = options?.body
  // Safe because the vendor's client makes a plain record of headers, and ours are the only ones in it.
  const headers = (options?.headers ?? {}) as Readonly<Record<string, string>>
  return await http.send(
    {
      url,
      method: options?.method ?? 'GET',
      headers: { ...headers, Authorization: `Bearer ${token}` },
      ...(typeof body === 'string' ? { body } : {}),
    },
    { lanes: [sending.lane], budget: sending.budget, repeatable: sending.repeatable },
  )
}

async function dispatched(
  asked: ReturnType<Client['api']>,
  method: NonNullable<GraphRequest['method']>,
  body: unknown,
): Promise<void> {
  switch (method) {
    case 'GET':
      await asked.get()
      break
    case 'POST':
      await asked.post(body)
      break
    case 'PATCH':
      await asked.patch(body)
      break
    case 'DELETE':
      await asked.delete()
      break
  }
}

async function read(response: Response, isCursor: boolean): Promise<unknown> {
  const { status } = response
  let text: string
  try {
    text = await response.text()
  } catch (cause) {
    if (cause instanceof PortError) throw cause
    throw new PortError('unreachable', 'The answer of Microsoft 365 broke off; it is asked again later.', { cause })
  }
  if (status >= 200 && status < 300) {
    if (text === '') return null
    const json = parsedJson(text)
    if (json === undefined) throw unreadable()
    return json
  }
  const challenge = response.headers.get('www-authenticate') ?? ''
  throw refusalOf({
    status,
    graphCode: parseErrorCode(parsedJson(text)) ?? '',
    isCursor,
    asksForSignIn: /insufficient_claims|claims=/i.test(challenge),
  })
}

function unreadable(): PortError {
  return new PortError('malformed', 'Microsoft 365 gave an answer that nobody can read; it is asked again later.')
}

/** A token is sent to nobody whom an answer names. */
function foreignLink(): PortError {
  return new PortError('malformed', 'Microsoft 365 gave a link that leads elsewhere; it was not followed.')
}
