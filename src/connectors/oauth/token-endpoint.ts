import type { Clock } from '../../clock.ts'
import type { Instant } from '../../domain/time/types.ts'
import { isRecord, parsedJson } from '../../json-value.ts'
import { PortError } from '../../port-error.ts'
import type { TickBudget } from '../connector.ts'
import type { HttpPolicy, JudgedAnswer, Lane } from '../http-policy.ts'
import { isLoopbackHttp, webAddress } from './web-address.ts'

/** What a provider's token address says to one question (RFC 6749 sections 5.1 and 5.2). */
export type TokenAnswer = GrantedToken | RefusedToken

export interface GrantedToken {
  readonly kind: 'granted'
  readonly accessToken: string
  readonly expiresAt: Instant
  /** A new one, when the provider rotates; null: the old one goes on. */
  readonly refreshToken: string | null
  /** As granted; null: as asked. */
  readonly scopes: readonly string[] | null
}

export interface RefusedToken {
  readonly kind: 'refused'
  /** The code of RFC 6749 or of the provider; `unknown` for any word we do not know, since it might be anything. */
  readonly error: string
  /** The provider's own text: to be searched for known phrases, never to be shown. */
  readonly description: string
  /** What may be shown of it: the code, with Microsoft's number. */
  readonly label: string
}

export interface TokenEndpoint {
  readonly http: HttpPolicy
  readonly clock: Clock
  readonly url: string
  /** `Google`, `Microsoft`: for sentences. */
  readonly provider: string
}

/**
 * Asks for a token. Refusals are values, since each grant reads them its own way.
 *
 * @throws PortError of the policy; `failed` for an answer that is neither a token nor a refusal, and for an address
 * that is neither https nor loopback.
 */
export async function askForToken(
  { http, clock, url, provider }: TokenEndpoint,
  form: Readonly<Record<string, string>>,
  budget: TickBudget,
): Promise<TokenAnswer> {
  const response = await http.send(
    {
      url: guardedUrl(url),
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(form).toString(),
    },
    { lanes: [tokenLane(provider)], budget, repeatable: true, judge: judgeTokenAnswer },
  )
  const answer = parsedJson(await response.text())
  if (response.status === 200) {
    const granted = grantedToken(answer, clock.now())
    if (granted !== null) return granted
    throw new PortError('failed', `${provider} answered a question for a token with something that is none. Try later.`)
  }
  const refused = refusedToken(answer)
  if (refused !== null) return refused
  throw new PortError(
    'failed',
    `${provider}'s token address answered HTTP ${response.status} without a reason. Check the address, or try later.`,
  )
}

/** One for all tokens of a provider: its token address does not tell people apart when it throttles. */
export function tokenLane(provider: string): Lane {
  return { name: `${provider.toLowerCase()} tokens`, concurrent: 8 }
}

export function judgeTokenAnswer({ status, body }: JudgedAnswer): 'take' | 'again' | 'slow-down' {
  if (status === 429) return 'slow-down'
  if (status === 408 || status === 425 || status >= 500) return 'again'
  const error = refusedToken(parsedJson(body))?.error
  if (error === 'rate_limit_exceeded' || error === 'slow_down') return 'slow-down'
  return error === 'temporarily_unavailable' || error === 'server_error' ? 'again' : 'take'
}

/** Secrets go to https, or to this machine. */
export function guardedUrl(url: string): string {
  const address = webAddress(url)
  if (address !== null && (address.protocol === 'https:' || isLoopbackHttp(address))) return url
  throw new PortError('failed', 'A token address is not https. Set one that is, then try again.')
}

/** What may be shown of a refusal. Unknown words may be anything, our own secrets included. */
export function refusedToken(answer: unknown): RefusedToken | null {
  if (!isRecord(answer) || typeof answer.error !== 'string') return null
  const error = knownErrors.has(answer.error) ? answer.error : 'unknown'
  const description = typeof answer.error_description === 'string' ? answer.error_description : ''
  const number = /^AADSTS\d{4,9}\b/.exec(description)?.[0]
  return { kind: 'refused', error, description, label: number === undefined ? error : `${error}, ${number}` }
}

/** RFC 6749 section 5.2, OpenID Connect Core section 3.1.2.6, and what Google and Microsoft add. */
const knownErrors = new Set([
  'access_denied',
  'account_selection_required',
  'admin_policy_enforced',
  'consent_required',
  'deleted_client',
  'disabled_client',
  'interaction_required',
  'invalid_client',
  'invalid_grant',
  'invalid_request',
  'invalid_resource',
  'invalid_scope',
  'invalid_token',
  'login_required',
  'org_internal',
  'rate_limit_exceeded',
  'server_error',
  'slow_down',
  'temporarily_unavailable',
  'unauthorized_client',
  'unsupported_grant_type',
  'unsupported_response_type',
  'unsupported_token_type',
])

function grantedToken(answer: unknown, now: Instant): GrantedToken | null {
  if (!isRecord(answer)) return null
  const { access_token, token_type, expires_in, refresh_token, scope } = answer
  const seconds = typeof expires_in === 'string' && /^\d{1,9}$/.test(expires_in) ? Number(expires_in) : expires_in
  if (!isToken(access_token)) return null
  if (typeof token_type !== 'string' || token_type.toLowerCase() !== 'bearer') return null
  if (typeof seconds !== 'number' || !(seconds > 0)) return null
  if (refresh_token !== undefined && !isToken(refresh_token)) return null
  if (scope !== undefined && typeof scope !== 'string') return null
  return {
    kind: 'granted',
    accessToken: access_token,
    // nobody gives a token for longer, and a date far off would never be renewed
    expiresAt: now + Math.min(seconds, 24 * 60 * 60) * 1000,
    refreshToken: refresh_token ?? null,
    scopes: scope === undefined ? null : scope.split(' ').filter(name => name !== ''),
  }
}

/** Goes into a header: printable ASCII without spaces. */
function isToken(value: unknown): value is string {
  return typeof value === 'string' && /^[\x21-\x7e]{1,16384}$/.test(value)
}
