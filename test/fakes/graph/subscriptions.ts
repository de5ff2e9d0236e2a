import type { Context, Hono } from 'hono'
import type { Clock } from '../../../src/clock.ts'
import { hourMs, minuteMs } from '../../../src/domain/time/types.ts'
import { digest } from './item-id.ts'
import { preferencesOf } from './prefer.ts'
import { badRequest, GraphProblem } from './problem.ts'
import type { Bearer } from './sign-in.ts'
import { type GraphNotifications, type GraphSubscription, graphSchemas } from './vendor-types.ts'

/** Outlook events: under seven days; shorter ones are raised. */
const longestMinutes = 10_080
const shortestMinutes = 45

export interface ChangedItem {
  readonly userId: string
  readonly calendarId: string
  readonly itemId: (isImmutable: boolean) => string
  readonly changeType: 'created' | 'updated' | 'deleted'
}

export interface PushTarget {
  readonly userId: string
  readonly calendarId: string
  readonly ofAllCalendars: boolean
}

export interface PushDeps {
  readonly bearer: (c: Context) => Bearer
  readonly target: (bearer: Bearer, resource: string) => PushTarget
}

export type LifecycleEvent = 'missed' | 'subscriptionRemoved' | 'reauthorizationRequired'

export interface PushAttempt {
  readonly url: string
  readonly subscriptionIds: readonly string[]
  /** 0: nobody answered. */
  readonly status: number
}

/** Subscriptions and what is sent to them. Nothing leaves before a test says `deliver`. */
export class PushDesk {
  readonly #clock: Clock
  readonly #fetch: typeof fetch
  readonly #tenant: string
  readonly #open = new Map<string, OpenSubscription>()
  #waiting: Waiting[] = []
  readonly attempts: PushAttempt[] = []
  #counter = 0

  constructor(clock: Clock, fetcher: typeof fetch, tenant: string) {
    this.#clock = clock
    this.#fetch = fetcher
    this.#tenant = tenant
  }

  /** Notifications that wait to be delivered. */
  get waiting(): number {
    return this.#waiting.length
  }

  /** Those that have not expired. */
  get open(): readonly GraphSubscription[] {
    return this.#alive().map(({ shown }) => shown)
  }

  /** Sends what waits: all in one batch for each address, as the service may. Repeats what was not taken next time. */
  async deliver({ copies = 1, isReversed = false }: { copies?: number; isReversed?: boolean } = {}): Promise<void> {
    // the service gives up after four hours
    const fresh = this.#waiting.filter(({ since }) => since > this.#clock.now() - 4 * hourMs)
    const due = isReversed ? fresh.toReversed() : fresh
    this.#waiting = []
    for (const url of new Set(due.map(item => item.url))) {
      const items = due.filter(item => item.url === url)
      for (let copy = 0; copy < copies; copy++) {
        const isTaken = await this.#send(url, items)
        if (!isTaken && copy === 0) this.#waiting.push(...items)
      }
    }
  }

  /** Lost on the way. */
  drop(): void {
    this.#waiting = []
  }

  /** News about the subscription itself, to its lifecycle address. */
  lifecycle(subscriptionId: string, event: LifecycleEvent): void {
    const subscription = this.#open.get(subscriptionId)
    if (subscription === undefined) throw new Error('There is no such subscription')
    const { shown } = subscription
    if (event === 'subscriptionRemoved') this.#open.delete(subscriptionId)
    if (event === 'reauthorizationRequired') subscription.isPaused = true
    if (shown.lifecycleNotificationUrl == null) return
    this.#waiting.push({
      since: this.#clock.now(),
      url: shown.lifecycleNotificationUrl,
      notification: {
        subscriptionId,
        subscriptionExpirationDateTime: shown.expirationDateTime ?? '',
        clientState: subscription.clientState,
        tenantId: this.#tenant,
        lifecycleEvent: event,
        resource: shown.resource ?? '',
      },
    })
  }

  changed(item: ChangedItem): void {
    for (const { shown, target, clientState, isPaused, isImmutable } of this.#alive()) {
      if (isPaused || target.userId !== item.userId) continue
      if (!target.ofAllCalendars && target.calendarId !== item.calendarId) continue
      if (!(shown.changeType ?? '').split(',').includes(item.changeType)) continue
      const itemId = item.itemId(isImmutable)
      const resource = `Users/${item.userId}/Events/${itemId}`
      this.#waiting.push({
        since: this.#clock.now(),
        url: shown.notificationUrl ?? '',
        notification: {
          id: this.#uuid('notification'),
          subscriptionId: shown.id ?? '',
          subscriptionExpirationDateTime: shown.expirationDateTime ?? '',
          clientState,
          changeType: item.changeType,
          tenantId: this.#tenant,
          resource,
          resourceData: Object.assign(
            { '@odata.type': '#Microsoft.Graph.Event', '@odata.id': resource },
            { id: itemId },
          ),
        },
      })
    }
  }

  route(api: Hono, deps: PushDeps): void {
    api.get('/subscriptions', async c => {
      const bearer = deps.bearer(c)
      const value = this.#alive()
        .filter(one => one.clientId === bearer.clientId && one.person === bearer.person)
        .map(({ shown }) => shown)
      return this.#json({ '@odata.context': 'subscriptions', value }, value)
    })
    api.post('/subscriptions', async c => this.#create(c, deps))
    api.get('/subscriptions/:id', async c => {
      const { shown } = this.#known(c, deps)
      return this.#json(shown, [shown])
    })
    api.patch('/subscriptions/:id', async c => this.#renew(c, deps))
    api.post('/subscriptions/:id/reauthorize', c => {
      this.#known(c, deps).isPaused = false
      return new Response(null, { status: 204 })
    })
    api.delete('/subscriptions/:id', c => {
      const { shown } = this.#known(c, deps)
      this.#open.delete(shown.id ?? '')
      return new Response(null, { status: 204 })
    })
  }

  async #create(c: Context, deps: PushDeps): Promise<Response> {
    const bearer = deps.bearer(c)
    const asked = await bodyOf(c)
    const text = (name: string) => {
      const value = asked[name]
      if (value !== undefined && value !== null && typeof value !== 'string') throw refused(`${name} is not text.`)
      return value ?? null
    }
    for (const name of Object.keys(asked)) {
      if (!askable.has(name)) throw refused(`The property '${name}' does not exist on type 'subscription'.`)
    }
    const [changeType, notificationUrl, resource] = [text('changeType'), text('notificationUrl'), text('resource')]
    if (changeType === null || notificationUrl === null || resource === null) {
      throw refused('changeType, notificationUrl and resource are required.')
    }
    if (!changeType.split(',').every(type => ['created', 'updated', 'deleted'].includes(type))) {
      throw refused('Invalid changeType.')
    }
    const clientState = text('clientState')
    if ((clientState ?? '').length > 128) throw refused('The clientState exceeds the maximum length of 128.')
    const lifecycleUrl = text('lifecycleNotificationUrl')
    const expiresAt = this.#expiryOf(text('expirationDateTime'))
    const target = deps.target(bearer, resource)
    for (const url of [notificationUrl, ...(lifecycleUrl === null ? [] : [lifecycleUrl])]) {
      if (!isAllowedUrl(url)) throw refused('The notification URL must be a https URL.')
    }
    const twin = this.#alive().find(
      ({ shown, clientId }) =>
        clientId === bearer.clientId &&
        shown.changeType === changeType &&
        shown.resource === resource &&
        shown.notificationUrl === notificationUrl,
    )
    if (twin !== undefined) {
      throw new GraphProblem(409, 'Conflict', 'A subscription with the same resource and URL exists already.')
    }
    for (const url of [notificationUrl, ...(lifecycleUrl === null ? [] : [lifecycleUrl])]) await this.#shakeHands(url)
    const id = this.#uuid('subscription')
    const shown: GraphSubscription = {
      id,
      resource,
      applicationId: bearer.clientId,
      changeType,
      // the service never gives the secret back
      clientState: null,
      notificationUrl,
      lifecycleNotificationUrl: lifecycleUrl,
      notificationQueryOptions: null,
      expirationDateTime: new Date(expiresAt).toISOString(),
      creatorId: target.userId,
      includeResourceData: null,
      latestSupportedTlsVersion: text('latestSupportedTlsVersion') ?? 'v1_2',
      encryptionCertificate: null,
      encryptionCertificateId: null,
      notificationUrlAppId: null,
    }
    const { clientId, person } = bearer
    this.#open.set(id, {
      shown,
      target,
      clientState,
      clientId,
      person,
      isPaused: false,
      isImmutable: preferencesOf(c.req.raw.headers).isImmutable,
    })
    return this.#json(shown, [shown], 201)
  }

  async #renew(c: Context, deps: PushDeps): Promise<Response> {
    const subscription = this.#known(c, deps)
    const asked = await bodyOf(c)
    for (const name of Object.keys(asked)) {
      if (!['expirationDateTime', 'notificationUrl'].includes(name)) {
        throw refused(`The property '${name}' cannot be changed.`)
      }
    }
    const { expirationDateTime, notificationUrl } = asked
    if (typeof notificationUrl === 'string') await this.#shakeHands(notificationUrl)
    subscription.shown = {
      ...subscription.shown,
      ...(typeof notificationUrl === 'string' ? { notificationUrl } : {}),
      ...(expirationDateTime === undefined
        ? {}
        : { expirationDateTime: new Date(this.#expiryOf(String(expirationDateTime))).toISOString() }),
    }
    subscription.isPaused = false
    return this.#json(subscription.shown, [subscription.shown])
  }

  #expiryOf(text: string | null): number {
    const now = this.#clock.now()
    const asked = Date.parse(text ?? '')
    if (Number.isNaN(asked)) throw refused('expirationDateTime is missing or no date.')
    if (asked <= now) throw refused('Subscription expiration must be in the future.')
    if (asked > now + longestMinutes * minuteMs) {
      throw refused(`Subscription expiration can only be ${longestMinutes} minutes in the future.`)
    }
    return Math.max(asked, now + shortestMinutes * minuteMs)
  }

  #known(c: Context, deps: PushDeps): OpenSubscription {
    const bearer = deps.bearer(c)
    const found = this.#alive().find(({ shown }) => shown.id === c.req.param('id'))
    if (found === undefined || found.clientId !== bearer.clientId || found.person !== bearer.person) {
      throw new GraphProblem(404, 'ResourceNotFound', 'The object was not found.')
    }
    return found
  }

  #alive(): OpenSubscription[] {
    for (const [id, { shown }] of this.#open) {
      if (Date.parse(shown.expirationDateTime ?? '') <= this.#clock.now()) this.#open.delete(id)
    }
    return [...this.#open.values()]
  }

  /** POST with `?validationToken=`; the answer is 200, plain text, the decoded token. */
  async #shakeHands(url: string): Promise<void> {
    const token = `Validation: Testing client application reachability for subscription Request-Id: ${this.#uuid('handshake')}`
    const address = `${url}${url.includes('?') ? '&' : '?'}validationToken=${encodeURIComponent(token)}`
    const failed = (why: string) =>
      new GraphProblem(400, 'ValidationError', `Subscription validation request failed. ${why}`)
    let response: Response
    try {
      response = await this.#fetch(address, {
        method: 'POST',
        headers: { 'content-type': 'text/plain; charset=utf-8' },
        signal: AbortSignal.timeout(10_000),
      })
    } catch {
      throw failed('Notification endpoint could not be reached.')
    }
    if (response.status !== 200) throw failed(`HTTP status code is '${response.status}'.`)
    if (!(response.headers.get('content-type') ?? '').startsWith('text/plain')) {
      throw failed('Must respond with content type text/plain.')
    }
    if ((await response.text()) !== token) throw failed('Must respond with the validation token.')
  }

  async #send(url: string, items: readonly Waiting[]): Promise<boolean> {
    const body: GraphNotifications = { value: items.map(({ notification }) => notification) }
    const conforms = await graphSchemas()
    conforms('AnyNotifications', {
      value: body.value?.map(item =>
        item.resourceData == null ? item : { ...item, resourceData: { id: Object(item.resourceData).id } },
      ),
    })
    let status = 0
    try {
      const response = await this.#fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json; charset=utf-8' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(3_000),
      })
      status = response.status
    } catch {
      // nobody there: tried again like an error
    }
    this.attempts.push({ url, subscriptionIds: items.map(item => item.notification.subscriptionId ?? ''), status })
    return status >= 200 && status < 300
  }

  async #json(value: unknown, subscriptions: readonly GraphSubscription[], status = 200): Promise<Response> {
    const conforms = await graphSchemas()
    for (const subscription of subscriptions) conforms('AnySubscription', subscription)
    return new Response(JSON.stringify(value), {
      status,
      headers: { 'content-type': 'application/json; odata.metadata=minimal; charset=utf-8' },
    })
  }

  #uuid(what: string): string {
    const hex = Buffer.from(digest(`${what} ${++this.#counter}`), 'base64url').toString('hex')
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-')
  }
}

interface OpenSubscription {
  shown: GraphSubscription
  readonly target: PushTarget
  readonly clientState: string | null
  readonly clientId: string
  readonly person: string | null
  isPaused: boolean
  /** Subscribed with `IdType="ImmutableId"`. */
  readonly isImmutable: boolean
}

interface Waiting {
  readonly since: number
  readonly url: string
  readonly notification: NonNullable<GraphNotifications['value']>[number]
}

const askable: ReadonlySet<string> = new Set([
  'changeType',
  'notificationUrl',
  'lifecycleNotificationUrl',
  'resource',
  'expirationDateTime',
  'clientState',
  'latestSupportedTlsVersion',
])

/** https, as the service wants it; plain http on loopback alone, for tests. */
const isAllowedUrl = (url: string) =>
  URL.canParse(url) && (url.startsWith('https://') || ['localhost', '127.0.0.1'].includes(new URL(url).hostname))

const refused = (message: string) => badRequest(message, 'InvalidRequest')

async function bodyOf(c: Context): Promise<Record<string, unknown>> {
  try {
    const body: unknown = await c.req.json()
    if (typeof body === 'object' && body !== null) return { ...body }
  } catch {
    // said below
  }
  throw badRequest('Unable to read JSON request payload.', 'BadRequest')
}
