import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { decodeJwt } from 'jose'
import * as oauth from 'oauth4webapi'
import type { Clock } from '../../clock.ts'
import { isRecord, parsedJson } from '../../json-value.ts'
import { PortError } from '../../port-error.ts'
import type { Credential } from '../../store/credential-store.ts'
import type { TickBudget } from '../connector.ts'
import type { HttpPolicy } from '../http-policy.ts'
import type { ConsentProvider } from './consent-providers.ts'
import { guardedUrl, judgeTokenAnswer, refusedToken, tokenLane } from './token-endpoint.ts'
import { isLoopbackHttp, webAddress } from './web-address.ts'

/**
 * Asks a person for consent in their own browser and waits on a loopback address for the answer: authorization code with
 * PKCE (RFC 7636, S256), state, nonce and, where the provider sends one, `iss` (RFC 9207). Node only.
 *
 * The server takes one answer: `GET /` to its own host name with our state. Everything else is refused and does not end
 * the waiting, so that no page in the same browser can spoil a consent. The code is exchanged once, at the token address
 * of the same provider; nothing is stored here.
 *
 * @throws PortError `denied` when the person said no, when no calendar scope was granted or when the answer is not meant
 * for this question; `unreachable` when nobody answered in time; `paused` when it was stopped; the policy's own.
 */
export async function authorizeInBrowser(request: ConsentRequest): Promise<Consent> {
  const { provider, timeoutMs = 5 * 60_000, signal } = request
  // an address a secret must not go to is refused before a person is bothered
  guardedUrl(provider.tokenUrl)
  const state = oauth.generateRandomState()
  const nonce = oauth.generateRandomNonce()
  const verifier = oauth.generateRandomCodeVerifier()

  const inbox = await openInbox(provider, state)
  try {
    const authorizeUrl = new URL(provider.authorizeUrl)
    for (const [name, value] of Object.entries({
      ...provider.parameters,
      client_id: request.clientId,
      response_type: 'code',
      redirect_uri: inbox.redirectUri,
      scope: [...provider.identityScopes, ...request.scopes].join(' '),
      state,
      nonce,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ...(request.address === undefined ? {} : { login_hint: request.address }),
    })) {
      authorizeUrl.searchParams.set(name, value)
    }
    await request.open(authorizeUrl.href)
    const answer = await inbox.answer(timeoutMs, signal)
    try {
      const consent = await exchanged(request, answer.parameters, {
        state,
        nonce,
        verifier,
        redirectUri: inbox.redirectUri,
      })
      await answer.show('Connected', 'You can close this page and go back to Minutewise.')
      return consent
    } catch (error) {
      await answer.show('Not connected', 'Nothing was stored. Minutewise says what happened.')
      throw error
    }
  } finally {
    await inbox.close()
  }
}

export interface ConsentRequest {
  readonly provider: ConsentProvider
  readonly clientId: string
  readonly clientSecret: string | null
  /** Of the calendar; what is needed to know the person comes with the provider. */
  readonly scopes: readonly string[]
  readonly http: HttpPolicy
  readonly clock: Clock
  readonly budget: TickBudget
  /** Shows the address to the person. Its failure ends the consent. */
  readonly open: (url: string) => Promise<void>
  /** Whose consent is wanted, when that is known. */
  readonly address?: string
  /** How long a person may take, in real time. Five minutes by default. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

export interface Consent {
  readonly credential: Extract<Credential, { kind: 'oauth' }>
  /** The address of the person who consented, as the provider's ID token says. */
  readonly address: string
  /** Asked and not granted, in the words of the question: people can untick single lines. */
  readonly missingScopes: readonly string[]
}

interface Secrets {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
  readonly redirectUri: string
}

async function exchanged(request: ConsentRequest, parameters: URLSearchParams, secrets: Secrets): Promise<Consent> {
  const { provider, clientId, clientSecret, clock, http, budget } = request
  const client: oauth.Client = {
    client_id: clientId,
    // ID tokens are checked by our clock, the library reads the machine's
    [oauth.clockSkew]: Math.round((clock.now() - Date.now()) / 1000),
    [oauth.clockTolerance]: 60,
  }
  try {
    const iss = parameters.get('iss')
    if (iss !== null && !isIssuer(provider, iss)) throw notMeantForUs(provider, 'iss')
    const server = (issuer: string): oauth.AuthorizationServer => ({ issuer, token_endpoint: provider.tokenUrl })
    const accepted = oauth.validateAuthResponse(server(iss ?? provider.issuer), client, parameters, secrets.state)
    const response = await oauth.authorizationCodeGrantRequest(
      server(provider.issuer),
      client,
      clientSecret === null ? oauth.None() : oauth.ClientSecretPost(clientSecret),
      accepted,
      secrets.redirectUri,
      secrets.verifier,
      {
        [oauth.allowInsecureRequests]: isLoopbackHttp(new URL(provider.tokenUrl)),
        [oauth.customFetch]: (url, { headers, body }) =>
          http.send(
            { url, method: 'POST', headers, body: String(body) },
            // a code is good for one use: nobody knows whether a question without an answer used it
            { lanes: [tokenLane(provider.name)], budget, repeatable: false, judge: judgeTokenAnswer },
          ),
      },
    )
    const issuer = await issuerOf(provider, response.clone())
    const tokens = await oauth.processAuthorizationCodeResponse(server(issuer), client, response, {
      expectedNonce: secrets.nonce,
      requireIdToken: true,
    })
    return consentOf(request, tokens)
  } catch (error) {
    throw forPeople(provider, error)
  }
}

function consentOf(request: ConsentRequest, tokens: oauth.TokenEndpointResponse): Consent {
  const { provider, clientId, clientSecret, clock, scopes } = request
  const claims = oauth.getValidatedIdTokenClaims(tokens)
  const address = [claims?.email, claims?.preferred_username].find(
    (claim): claim is string => typeof claim === 'string' && /^[^\s@]+@[^\s@]+$/.test(claim),
  )
  if (address === undefined) {
    throw new PortError('failed', `${provider.name} does not say whose account this is. Use one that has an address.`)
  }
  if (tokens.refresh_token === undefined) {
    throw new PortError(
      'failed',
      `${provider.name} gave no lasting consent. Remove Minutewise from the account's connected apps and connect again.`,
    )
  }
  // RFC 6749 section 5.1: nothing said means all that was asked
  const granted = tokens.scope?.split(' ').filter(scope => scope !== '') ?? [...scopes]
  const plain = new Set(granted.map(provider.plainScope))
  const missingScopes = scopes.filter(scope => !plain.has(provider.plainScope(scope)))
  if (scopes.length > 0 && missingScopes.length === scopes.length) {
    throw new PortError(
      'denied',
      `${provider.name} was not allowed to show the calendar: none of ${missingScopes.join(', ')} was ticked. ` +
        'Connect again and leave the boxes ticked.',
    )
  }
  return {
    credential: {
      kind: 'oauth',
      clientId,
      clientSecret,
      refreshToken: tokens.refresh_token,
      accessToken: tokens.access_token,
      accessTokenExpiresAt: tokens.expires_in === undefined ? null : clock.now() + tokens.expires_in * 1000,
      scopes: granted,
    },
    address,
    missingScopes,
  }
}

/**
 * The issuer an ID token has to name. Microsoft's addresses for many tenants have one for each of them, so the tenant is
 * read from the token before it is checked; that it is the wanted one, where one is wanted, is checked here.
 */
async function issuerOf(provider: ConsentProvider, response: Response): Promise<string> {
  if (!provider.issuer.includes('{tid}')) return provider.issuer
  const answer = parsedJson(await response.text())
  if (!isRecord(answer) || typeof answer.id_token !== 'string') return provider.issuer
  const { tid } = decodeJwt(answer.id_token)
  if (typeof tid !== 'string' || !/^[0-9a-f-]{36}$/i.test(tid)) throw notMeantForUs(provider, 'tid')
  const issuer = provider.issuer.replace('{tid}', tid)
  if (!isIssuer(provider, issuer)) throw notMeantForUs(provider, 'tid')
  return issuer
}

function isIssuer({ issuer, tenantId }: ConsentProvider, given: string): boolean {
  const [before = '', after] = issuer.split('{tid}')
  if (after === undefined) return given === issuer
  const tid = given.slice(before.length, given.length - after.length)
  if (given !== `${before}${tid}${after}`) return false
  return tenantId === null ? /^[0-9a-f-]{36}$/i.test(tid) : tid.toLowerCase() === tenantId
}

/** The library's errors carry what they are about, codes and tokens included: only their kind goes on. */
function forPeople({ name }: ConsentProvider, error: unknown): unknown {
  if (error instanceof PortError) return error
  if (error instanceof oauth.AuthorizationResponseError) {
    const refusal = refusedToken({ error: error.error })
    if (refusal?.error === 'access_denied' || refusal?.error === 'consent_required') {
      return new PortError('denied', `${name} was told not to allow it. Connect again when you want to.`)
    }
    return new PortError(
      'denied',
      `${name} did not allow it (${refusal?.label ?? 'unknown'}). Check the client ID, its redirect addresses and the organisation's rules, then connect again.`,
    )
  }
  if (error instanceof oauth.ResponseBodyError) {
    const refusal = refusedToken(error.cause)
    return new PortError(
      'failed',
      `${name} gave no token for the consent (${refusal?.label ?? 'unknown'}). Check the client ID and secret, then connect again.`,
    )
  }
  if (error instanceof oauth.OperationProcessingError) {
    const claim = isRecord(error.cause) && typeof error.cause.claim === 'string' ? error.cause.claim : null
    if (claim !== null) return notMeantForUs({ name }, claim)
  }
  return new PortError('failed', `${name} answered the consent with something that cannot be read. Connect again.`)
}

function notMeantForUs({ name }: Pick<ConsentProvider, 'name'>, what: string): PortError {
  const shown = ['iss', 'aud', 'azp', 'nonce', 'exp', 'iat', 'nbf', 'tid', 'sub'].includes(what) ? what : 'unknown'
  return new PortError(
    'denied',
    `An answer came that is not ${name}'s to this question (${shown} does not fit). Nothing was stored. Connect again.`,
  )
}

interface Inbox {
  readonly redirectUri: string
  answer(timeoutMs: number, signal: AbortSignal | undefined): Promise<BrowserAnswer>
  close(): Promise<void>
}

interface BrowserAnswer {
  readonly parameters: URLSearchParams
  show(title: string, sentence: string): Promise<void>
}

/** A server for one answer on a port that the system chooses. */
async function openInbox({ redirectHost, name }: ConsentProvider, state: string): Promise<Inbox> {
  let deliver: (answer: BrowserAnswer) => void = () => undefined
  const first = new Promise<BrowserAnswer>(resolve => {
    deliver = resolve
  })
  let isTaken = false
  let host = ''
  const onRequest = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const path = incoming.url ?? ''
    const url = path.startsWith('/') ? webAddress(`http://answer${path}`) : null
    if (incoming.headers.host !== host) return void page(outgoing, 421, 'Not here', 'This address is for one consent.')
    if (incoming.method !== 'GET' || url === null || url.pathname !== '/') {
      return void page(outgoing, 404, 'Not here', 'This address is for one consent.')
    }
    const states = url.searchParams.getAll('state')
    if (states.length !== 1 || !isSame(states[0]!, state)) {
      return void page(outgoing, 400, 'Not the answer', 'This is not the answer to what was asked. Start again.')
    }
    if (isTaken) return void page(outgoing, 410, 'Already answered', 'This consent was answered before.')
    isTaken = true
    deliver({ parameters: url.searchParams, show: (title, sentence) => page(outgoing, 200, title, sentence) })
  }
  const main = createServer(onRequest)
  const servers: Server[] = [main]
  await listen(main, 0, '127.0.0.1').catch(() => {
    throw new PortError('unsupported', 'No port on this machine can be opened for the answer of the browser.')
  })
  // Safe because the server listens on TCP.
  const { port } = main.address() as AddressInfo
  host = `${redirectHost}:${port}`
  if (redirectHost === 'localhost') {
    // browsers may try the sixth version of the name first; where there is none they take the other
    const second = createServer(onRequest)
    await listen(second, port, '::1').then(
      () => servers.push(second),
      () => undefined,
    )
  }

  return {
    redirectUri: `http://${host}`,
    answer(timeoutMs, signal) {
      return new Promise((resolve, reject) => {
        const minutes = Math.max(1, Math.round(timeoutMs / 60_000))
        const timer = setTimeout(() => {
          done()
          reject(
            new PortError(
              'unreachable',
              `No answer came from ${name} in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}. Connect again and finish in the browser.`,
            ),
          )
        }, timeoutMs)
        const onAbort = () => {
          done()
          reject(new PortError('paused', 'Connecting was stopped. Nothing was stored.'))
        }
        const done = () => {
          clearTimeout(timer)
          signal?.removeEventListener('abort', onAbort)
        }
        if (signal?.aborted) return onAbort()
        signal?.addEventListener('abort', onAbort, { once: true })
        void first.then(answer => {
          done()
          resolve(answer)
        })
      })
    },
    async close() {
      await Promise.all(
        servers.map(
          server =>
            new Promise<void>(resolve => {
              server.close(() => resolve())
              server.closeAllConnections()
            }),
        ),
      )
    },
  }
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

/** In a time that does not tell how much of it fits. */
function isSame(given: string, wanted: string): boolean {
  if (given.length !== wanted.length) return false
  let difference = 0
  for (let at = 0; at < wanted.length; at++) difference |= given.charCodeAt(at) ^ wanted.charCodeAt(at)
  return difference === 0
}

/** The words are ours alone: nothing of a request is ever shown. */
function page(outgoing: ServerResponse, status: number, title: string, sentence: string): Promise<void> {
  outgoing.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy':
      "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; form-action 'none'",
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    connection: 'close',
  })
  const style =
    'font:1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:4rem auto;padding:0 1rem;color-scheme:light dark'
  return new Promise(resolve => {
    // a browser that is gone already is fine
    if (outgoing.destroyed) return resolve()
    outgoing.once('finish', resolve).once('close', resolve)
    outgoing.end(
      `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
        `<title>${title} - Minutewise</title><body style="${style}"><h1>${title}</h1><p>${sentence}</p></body></html>`,
    )
  })
}
