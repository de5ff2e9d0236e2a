import type { Clock } from '../../../src/clock.ts'
import type { Instant } from '../../../src/domain/time/types.ts'
import { dayMs } from '../../../src/domain/time/types.ts'
import type { FakeCalendar } from './fake-calendar.ts'
import type { FakeUser } from './fake-user.ts'
import { GoogleError, invalid, notFound } from './google-error.ts'
import type { Seed } from './seed.ts'
import type { ChannelResource } from './vendor-types.ts'

export interface Channel {
  readonly id: string
  readonly resourceId: string
  readonly resourceUri: string
  readonly address: string
  readonly token: string | null
  readonly expiresAt: Instant
  readonly calendarId: string
  readonly user: FakeUser
  /** The last `X-Goog-Message-Number`. */
  number: number
}

/** One notification: a POST without a body. */
export interface PushMessage {
  readonly channelId: string
  readonly address: string
  readonly headers: Readonly<Record<string, string>>
}

/** What the way does to notifications. In order, once each, none lost, when nothing is said. */
export interface Delivery {
  readonly order?: 'in-order' | 'reversed' | 'shuffled'
  /** How often each message arrives. */
  readonly times?: number
  /** Every n-th message is lost; 1 loses all. */
  readonly loseEvery?: number
}

/** Channels, and notifications that wait to be delivered. A test delivers them: the fake opens no connection itself. */
export class FakePush {
  readonly channels = new Map<string, Channel>()
  readonly #used = new Set<string>()
  readonly #clock: Clock
  readonly #seed: Seed
  #waiting: PushMessage[] = []

  constructor(clock: Clock, seed: Seed) {
    this.#clock = clock
    this.#seed = seed
  }

  get waiting(): readonly PushMessage[] {
    return this.#waiting
  }

  /** Channels that notify now. */
  live(calendarId?: string): readonly Channel[] {
    return [...this.channels.values()].filter(
      channel =>
        channel.expiresAt > this.#clock.now() && (calendarId === undefined || channel.calendarId === calendarId),
    )
  }

  watch(calendar: FakeCalendar, user: FakeUser, body: ChannelResource): ChannelResource {
    const { id, type, address, token, expiration, params } = body
    if (typeof id !== 'string' || !/^[A-Za-z0-9\-_+/=]{1,64}$/.test(id))
      throw invalid('resource.id', 'Invalid channel id.', 'invalidChannelId')
    if (type !== 'web_hook' && type !== 'webhook')
      throw invalid('resource.type', 'Unknown channel type.', 'push.channelUnknown')
    if (typeof address !== 'string' || !URL.canParse(address))
      throw invalid('resource.address', 'Missing address.', 'required')
    if (new URL(address).protocol !== 'https:') {
      throw new GoogleError(400, 'push.webhookUrlNotHttps', 'WebHook callback must be HTTPS.')
    }
    if (typeof token === 'string' && token.length > 256) throw invalid('resource.token', 'The token is too long.')
    if (this.#used.has(id)) throw new GoogleError(400, 'channelIdNotUnique', `Channel id ${id} not unique`)
    const now = this.#clock.now()
    const ttlMs = params?.ttl === undefined ? longestMs : Number(params.ttl) * 1000
    const wantedAt = typeof expiration === 'string' ? Number(expiration) : now + ttlMs
    if (!Number.isFinite(wantedAt) || wantedAt <= now) throw invalid('resource.expiration', 'Invalid expiration.')
    const channel: Channel = {
      id,
      resourceId: this.#seed.text(27),
      resourceUri: `https://www.googleapis.com/calendar/v3/calendars/${encodeURIComponent(calendar.id)}/events?alt=json`,
      address,
      token: token ?? null,
      expiresAt: Math.floor(Math.min(wantedAt, now + longestMs) / 1000) * 1000,
      calendarId: calendar.id,
      user,
      number: 0,
    }
    this.#used.add(id)
    this.channels.set(id, channel)
    this.#notify(channel, 'sync')
    return {
      kind: 'api#channel',
      id,
      resourceId: channel.resourceId,
      resourceUri: channel.resourceUri,
      ...(channel.token === null ? {} : { token: channel.token }),
      expiration: String(channel.expiresAt),
    }
  }

  /** Only who opened a channel can stop it, by both its ids. */
  stop(user: FakeUser, body: ChannelResource): void {
    const channel = this.channels.get(body.id ?? '')
    if (
      channel === undefined ||
      channel.user !== user ||
      channel.resourceId !== body.resourceId ||
      channel.expiresAt <= this.#clock.now()
    ) {
      throw notFound()
    }
    this.channels.delete(channel.id)
  }

  /** A calendar changed: whoever watches it is told so, and nothing else. */
  changed(calendar: FakeCalendar): void {
    for (const channel of this.live(calendar.id)) {
      this.#notify(channel, calendar.isDeleted ? 'not_exists' : 'exists')
    }
  }

  /** A message as one of a channel, with other headers where a test forges them. Not queued. */
  message(channel: Channel, state: string, forged: Readonly<Record<string, string>> = {}): PushMessage {
    return {
      channelId: channel.id,
      address: channel.address,
      headers: {
        'X-Goog-Channel-ID': channel.id,
        ...(channel.token === null ? {} : { 'X-Goog-Channel-Token': channel.token }),
        'X-Goog-Channel-Expiration': new Date(channel.expiresAt).toUTCString(),
        'X-Goog-Resource-ID': channel.resourceId,
        'X-Goog-Resource-URI': channel.resourceUri,
        'X-Goog-Resource-State': state,
        'X-Goog-Message-Number': String(channel.number),
        'User-Agent': 'APIs-Google; (+https://developers.google.com/webmasters/APIs-Google.html)',
        ...forged,
      },
    }
  }

  /** What waits, in the order and number in which it will arrive; then nothing waits any more. */
  take({ order = 'in-order', times = 1, loseEvery = 0 }: Delivery = {}): readonly PushMessage[] {
    const sent = this.#waiting.filter((_, index) => loseEvery === 0 || (index + 1) % loseEvery !== 0)
    this.#waiting = []
    const arriving = sent.flatMap(message => Array.from({ length: times }, () => message))
    if (order === 'reversed') return arriving.reverse()
    return order === 'shuffled' ? this.#seed.shuffled(arriving) : arriving
  }

  /** Takes what waits to the addresses it is for; the statuses that came back, in order. */
  async deliver(send: (request: Request) => Response | Promise<Response>, how: Delivery = {}): Promise<number[]> {
    const statuses: number[] = []
    for (const message of this.take(how)) {
      const response = await send(
        new Request(message.address, { method: 'POST', headers: { ...message.headers, 'Content-Length': '0' } }),
      )
      statuses.push(response.status)
    }
    return statuses
  }

  #notify(channel: Channel, state: 'sync' | 'exists' | 'not_exists'): void {
    // 1 for the first, later ones go up by steps of any size
    channel.number += channel.number === 0 ? 1 : 1 + Math.floor(this.#seed.next() * 100_000)
    this.#waiting.push(this.message(channel, state))
  }
}

/** Longer wishes are cut. */
const longestMs = 7 * dayMs
