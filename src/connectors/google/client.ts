import { admin_directory_v1 } from 'googleapis/build/src/apis/admin/directory_v1.js'
import { calendar_v3 } from 'googleapis/build/src/apis/calendar/v3.js'
import { stableHash } from '../../domain/meetings/stable-id.ts'
import { parsedJson } from '../../json-value.ts'
import { PortError } from '../../port-error.ts'
import type { TickBudget } from '../connector.ts'
import type { HttpPolicy, Lane } from '../http-policy.ts'
import type { GoogleRoots, TokenSource } from '../oauth/token-source.ts'
import { parseErrorBody } from './api-types.ts'
import { type Asked, judgeGoogle, type Refusal, refusalError } from './refusals.ts'

/**
 * What a token is asked for: with delegation each needs scopes of its own, and one scope that the admin did not list
 * makes Google refuse the whole token.
 */
export type TokenUse = 'read' | 'write' | 'directory'

/** Tokens of a person of the organisation, by address; of the account itself for null. */
export type TokensFor = (person: string | null, use: TokenUse) => TokenSource

/**
 * Google's own client, with nothing left to it but addresses and parameters: each request goes through our policy, with
 * our token, and comes back as text for us to read.
 */
export interface GoogleClient {
  readonly calendar: calendar_v3.Calendar
  readonly directory: admin_directory_v1.Admin
  /**
   * Sends what `request` makes of the options. A refusal is an answer; only the policy and the token source throw, and
   * a success that is no JSON is `malformed`.
   */
  ask(request: (options: RequestOptions) => Promise<RawAnswer>, how: AskOptions): Promise<GoogleAnswer>
}

export interface AskOptions {
  readonly person: string | null
  readonly use: TokenUse
  readonly budget: TickBudget
  /** May be sent twice with the effect of once. */
  readonly repeatable: boolean
  readonly ifMatch?: string
}

export type GoogleAnswer = { readonly ok: true; readonly body: unknown } | ({ readonly ok: false } & Refusal)

/** Handed to a method of Google's client as its options. */
export interface RequestOptions {
  readonly retry: false
  readonly responseType: 'text'
  readonly validateStatus: () => true
  readonly headers: Record<string, string>
  readonly fetchImplementation: typeof fetch
}

export interface RawAnswer {
  readonly status: number
  readonly data: unknown
}

/** The body of a success; a refusal is thrown as the table says. */
export function bodyOf(answer: GoogleAnswer, asked: Asked): unknown {
  if (answer.ok) return answer.body
  throw refusalError(answer, asked)
}

export function unreadable(): PortError {
  return new PortError('malformed', "Google's answer is not what its reference describes. It is asked again later.")
}

export function createGoogleClient({ http, tokensFor, roots, account }: GoogleClientDeps): GoogleClient {
  return {
    calendar: new calendar_v3.Calendar({ rootUrl: roots.api }),
    directory: new admin_directory_v1.Admin({ rootUrl: roots.admin }),

    async ask(request, { person, use, budget, repeatable, ifMatch }) {
      const tokens = tokensFor(person, use)
      const lanes = lanesOf(person ?? account ?? 'account')
      const send = async (url: string, init: RequestInit | undefined, token: string) =>
        await http.send(
          {
            url,
            method: init?.method ?? 'GET',
            headers: { ...headersOf(init), authorization: `Bearer ${token}` },
            ...(typeof init?.body === 'string' ? { body: init.body } : {}),
          },
          { lanes, budget, repeatable, judge: judgeGoogle },
        )
      let failure: { readonly error: unknown } | null = null
      let isSent = false
      const fetchImplementation = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
        isSent = true
        try {
          const url = underRoot(roots, new URL(input instanceof Request ? input.url : input))
          const token = await tokens.token({ budget })
          const response = await send(url, init, token)
          if (response.status !== 401 || (await isAboutPush(response))) return response
          await response.body?.cancel()
          return await send(url, init, await tokens.token({ budget, rejected: token }))
        } catch (error) {
          // Google's client wraps what it is thrown, together with the request and its token.
          failure = { error }
          throw new Error('not sent')
        }
      }
      try {
        const headers = ifMatch === undefined ? {} : { 'if-match': ifMatch }
        const answer = await request({
          retry: false,
          responseType: 'text',
          validateStatus: () => true,
          headers,
          fetchImplementation,
        })
        return read(answer)
      } catch (error) {
        // Safe because closures change it, which the compiler does not follow.
        const thrown = failure as { readonly error: unknown } | null
        if (thrown !== null) throw thrown.error
        if (error instanceof PortError || !isSent) throw error
        throw new PortError('unreachable', "Google's answer broke off in the middle. It is asked for again later.")
      }
    },
  }
}

export interface GoogleClientDeps {
  readonly http: HttpPolicy
  readonly tokensFor: TokensFor
  readonly roots: GoogleRoots
  /** Who the account is; names its lane, in disguise. */
  readonly account: string | null
}

/** Quotas of the project and of each of its users, per minute. Source: "Manage quotas" of the Calendar API guides. */
function lanesOf(person: string): readonly Lane[] {
  return [
    { name: 'google project', perWindow: { requests: 10_000, ms: 60_000 } },
    {
      name: `google user ${stableHash(person.toLowerCase())}`,
      concurrent: 4,
      perWindow: { requests: 600, ms: 60_000 },
    },
  ]
}

/**
 * Google's client drops the path of a root, and changes its host where a variable of Google's own says so
 * (GOOGLE_CLOUD_UNIVERSE_DOMAIN). Where a token goes is in our roots alone.
 */
function underRoot(roots: GoogleRoots, { pathname, search }: URL): string {
  const root = new URL(pathname.startsWith('/admin/') ? roots.admin : roots.api)
  return `${root.origin}${root.pathname.replace(/\/$/, '')}${pathname}${search}`
}

function headersOf(init: RequestInit | undefined): Record<string, string> {
  const headers: Record<string, string> = {}
  new Headers(init?.headers).forEach((value, name) => {
    headers[name] = value
  })
  return headers
}

/** "We may not notify that address" comes as a 401 as well, and is no matter of tokens. */
async function isAboutPush(response: Response): Promise<boolean> {
  return parseErrorBody(await response.clone().text()).reason?.startsWith('push.') === true
}

function read({ status, data }: RawAnswer): GoogleAnswer {
  const text = typeof data === 'string' ? data : ''
  if (status < 200 || status >= 300) return { ok: false, status, ...parseErrorBody(text) }
  if (text === '') return { ok: true, body: null }
  const body = parsedJson(text)
  if (body === undefined) throw unreadable()
  return { ok: true, body }
}
