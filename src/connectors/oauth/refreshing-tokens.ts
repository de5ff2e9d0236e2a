import type { Clock } from '../../clock.ts'
import { parsedJson } from '../../json-value.ts'
import { PortError } from '../../port-error.ts'
import type { Credential, CredentialOwner, CredentialStore, KeptCredential } from '../../store/credential-store.ts'
import type { TickBudget } from '../connector.ts'
import type { HttpPolicy } from '../http-policy.ts'
import { askForToken, guardedUrl, type RefusedToken, refusedToken, tokenLane } from './token-endpoint.ts'
import type { TokenSource } from './token-source.ts'

/**
 * Tokens of one person's consent: kept in the credential store, renewed a minute before they end, by one at a time.
 *
 * - In one process all who ask share one renewal (`flights`). Across processes a lease in the store lets one renew; the
 *   others read again until its answer is there. Where a lease ends too early, compare-and-swap decides.
 * - What the provider answered is saved before anybody uses it, so a rotated refresh token is lost only when the process
 *   dies between the arrival of the answer and the end of the save. Nothing on our side can close that gap. Google does
 *   not rotate, and at Microsoft the token before stays valid, so there it costs one more renewal; a provider that
 *   takes back the old token at once would ask the person to connect again. When only the store fails, the answer stays
 *   in memory and the next question saves it first.
 * - `invalid_grant` is believed after a second look into the store: somebody else may have renewed meanwhile.
 * - Nothing here erases a credential.
 */
export function refreshingTokens({
  http,
  clock,
  credentials,
  owner,
  endpoint,
  revokeUrl,
  provider = owner.provider === 'microsoft' ? 'Microsoft' : 'Google',
  flights = flightsOf(credentials),
}: RefreshingTokensDeps): TokenSource {
  const { accountId } = owner
  const me = crypto.randomUUID()
  let held: Usable | null = null

  return {
    async token({ budget, rejected }) {
      if (held !== null && isGood(held, rejected)) return held.accessToken
      for (;;) {
        const joined = flights.running.get(accountId)
        const flight = joined ?? take(budget, rejected)
        try {
          held = await orStopped(flight, budget.signal)
        } catch (error) {
          // the one who renewed for us ran out of budget: ours is another
          if (joined !== undefined && isPaused(error) && !budget.signal?.aborted) continue
          throw error
        }
        // `rejected` is younger than the renewal we joined: ask for one of our own
        if (held.accessToken !== rejected) return held.accessToken
        if (joined === undefined) {
          throw new PortError(
            'denied',
            `${provider} refuses a token that it gave just now. Check the account's rights.`,
          )
        }
      }
    },

    async revoke(budget) {
      const kept = await credentials.read(owner)
      if (revokeUrl === null || kept === null || kept.credential.kind !== 'oauth') return
      // RFC 7009. Google's takes the whole consent back, whichever of its tokens is named.
      const response = await http.send(
        {
          url: guardedUrl(revokeUrl),
          method: 'POST',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          body: new URLSearchParams({ token: kept.credential.refreshToken }).toString(),
        },
        { lanes: [tokenLane(provider)], budget, repeatable: true },
      )
      const refusal = refusedToken(parsedJson(await response.text()))
      if (response.ok || refusal?.error === 'invalid_token' || refusal?.error === 'invalid_grant') return
      throw new PortError(
        'failed',
        `${provider} did not take the consent back (HTTP ${response.status}). Try again later.`,
      )
    },
  }

  function take(budget: TickBudget, rejected: string | undefined): Promise<Usable> {
    const flight = renewed(budget, rejected).finally(() => flights.running.delete(accountId))
    // those who wait see the failure; when they all stopped waiting nobody has to
    flight.catch(() => undefined)
    flights.running.set(accountId, flight)
    return flight
  }

  async function renewed(budget: TickBudget, rejected: string | undefined): Promise<Usable> {
    const { credential } = await readKept()
    if (isGood(credential, rejected)) return credential

    const patientUntilAt = Math.min(budget.untilAt, clock.now() + patienceMs)
    while (!(await credentials.lease(accountId, me, clock.now(), clock.now() + leaseMs))) {
      const pause = lookAgainMs * (0.5 + clock.random())
      if (budget.signal?.aborted) throw stopped()
      if (clock.now() + pause >= patientUntilAt) {
        throw new PortError(
          'busy',
          'Another Minutewise is renewing this consent and takes long. Try again in a minute.',
          {
            retryAt: clock.now() + leaseMs,
          },
        )
      }
      await clock.sleep(pause, budget.signal)
      const { credential: theirs } = await readKept()
      if (isGood(theirs, rejected)) return theirs
    }
    try {
      return await renewedUnderLease(budget, rejected)
    } finally {
      // a lease ends by itself
      await credentials.release(accountId, me).catch(() => undefined)
    }
  }

  async function renewedUnderLease(budget: TickBudget, rejected: string | undefined): Promise<Usable> {
    for (let turn = 0; turn < 4; turn++) {
      const kept = await readKept()
      if (isGood(kept.credential, rejected)) return kept.credential

      const unsaved = flights.unsaved.get(accountId)
      if (unsaved?.madeFrom === kept.credential.refreshToken) {
        const saved = await save(kept, unsaved.credential, rejected)
        if (saved !== null && isGood(saved, rejected)) return saved
        continue
      }

      const answer = await ask(kept.credential, budget)
      if (answer.kind === 'refused') {
        if (!goneErrors.has(answer.error)) throw refusal(answer)
        const again = await readKept()
        if (again.credential.refreshToken === kept.credential.refreshToken) {
          if (isGood(again.credential, rejected)) return again.credential
          throw signedOut(answer)
        }
        continue
      }
      const fresh: Usable = {
        ...kept.credential,
        accessToken: answer.accessToken,
        accessTokenExpiresAt: answer.expiresAt,
        refreshToken: answer.refreshToken ?? kept.credential.refreshToken,
        scopes: answer.scopes ?? kept.credential.scopes,
      }
      const saved = await save(kept, fresh, rejected)
      if (saved !== null) return saved
    }
    throw new PortError('busy', 'This consent is being changed by others all the time. Try again in a minute.')
  }

  /** What is in the store afterwards, when it is good for use: ours, or that of somebody who was faster. */
  async function save(kept: KeptOAuth, fresh: Usable, rejected: string | undefined): Promise<Usable | null> {
    const madeFrom = kept.credential.refreshToken
    const isRotated = fresh.refreshToken !== madeFrom
    flights.unsaved.set(accountId, { madeFrom, credential: fresh })
    let { version } = kept
    for (let turn = 0; turn < 4; turn++) {
      if (await savePatiently(fresh, version)) {
        flights.unsaved.delete(accountId)
        return fresh
      }
      const there = await readKept()
      const isTheirs = there.credential.refreshToken !== madeFrom
      // only written again (a new key, another access token): our refresh token is the younger one and has to go in
      if (!isTheirs && (isRotated || !isGood(there.credential, rejected))) {
        version = there.version
        continue
      }
      flights.unsaved.delete(accountId)
      return isGood(there.credential, rejected) ? there.credential : null
    }
    throw new PortError('busy', 'This consent is being changed by others all the time. Try again in a minute.')
  }

  async function savePatiently(fresh: OAuthCredential, version: number): Promise<boolean> {
    for (let turn = 1; ; turn++) {
      try {
        return await credentials.save(owner, fresh, version)
      } catch (error) {
        if (turn === 3 || !(error instanceof PortError) || error.code !== 'busy') throw error
        await clock.sleep(100 * turn)
      }
    }
  }

  async function readKept(): Promise<KeptOAuth> {
    const kept = await credentials.read(owner)
    if (kept === null) {
      flights.unsaved.delete(accountId)
      throw new PortError('signed-out', `There is no consent for this account any more. Connect it again.`)
    }
    const { credential, version } = kept
    if (credential.kind === 'oauth') return { credential, version }
    throw new PortError('malformed', 'What is stored for this account is no consent of a person. Connect it again.')
  }

  function isGood(credential: OAuthCredential, rejected: string | undefined): credential is Usable {
    const { accessToken, accessTokenExpiresAt } = credential
    if (accessToken === null || accessTokenExpiresAt === null || accessToken === rejected) return false
    return accessTokenExpiresAt - clock.now() > slackMs
  }

  function ask(credential: OAuthCredential, budget: TickBudget) {
    const { clientId, clientSecret, refreshToken } = credential
    return askForToken(
      { http, clock, url: endpoint, provider },
      {
        grant_type: 'refresh_token',
        refresh_token: refreshToken,
        client_id: clientId,
        ...(clientSecret === null ? {} : { client_secret: clientSecret }),
      },
      budget,
    )
  }

  function signedOut({ label }: RefusedToken): PortError {
    return new PortError(
      'signed-out',
      `${provider} does not accept the consent any more (${label}): it was taken back, or it ended. Connect the account again.`,
    )
  }

  function refusal({ label }: RefusedToken): PortError {
    return new PortError(
      'failed',
      `${provider} did not renew the consent (${label}); it is kept. Check the client ID and secret this account was connected with.`,
    )
  }
}

export interface RefreshingTokensDeps {
  readonly http: HttpPolicy
  readonly clock: Clock
  readonly credentials: CredentialStore
  readonly owner: CredentialOwner
  /** The token address. */
  readonly endpoint: string
  /** Null where the provider has none (Microsoft). */
  readonly revokeUrl: string | null
  /** For sentences; by default from the owner. */
  readonly provider?: string
  /** Renewals under way in this process. By default one set for each credential store. */
  readonly flights?: Flights
}

/**
 * Renewals under way and answers that could not be saved yet. One for a process on Node; on Workers one for an
 * invocation, since one invocation must not wait for another's request.
 */
export interface Flights {
  readonly running: Map<string, Promise<Usable>>
  readonly unsaved: Map<string, { readonly madeFrom: string; readonly credential: Usable }>
}

export function createFlights(): Flights {
  return { running: new Map(), unsaved: new Map() }
}

type OAuthCredential = Extract<Credential, { kind: 'oauth' }>
type Usable = OAuthCredential & { readonly accessToken: string; readonly accessTokenExpiresAt: number }
type KeptOAuth = Pick<KeptCredential, 'version'> & { readonly credential: OAuthCredential }

/** A token handed out is good for this long at least. */
const slackMs = 60_000
/** Shorter than the patience: whoever died with the lease costs the next one a wait, and no failure. */
const leaseMs = 40_000
const patienceMs = 45_000
const lookAgainMs = 400

/** Only the person can help. Microsoft answers the latter three where a rule of the tenant asks for the person. */
const goneErrors = new Set(['invalid_grant', 'interaction_required', 'login_required', 'consent_required'])

const flightsByStore = new WeakMap<CredentialStore, Flights>()

function flightsOf(credentials: CredentialStore): Flights {
  const known = flightsByStore.get(credentials)
  if (known !== undefined) return known
  const fresh = createFlights()
  flightsByStore.set(credentials, fresh)
  return fresh
}

function orStopped<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(stopped())
    if (signal.aborted) return onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}

const stopped = () => new PortError('paused', 'The work was stopped; the next run goes on from here.')

function isPaused(error: unknown): boolean {
  return error instanceof PortError && error.code === 'paused'
}
