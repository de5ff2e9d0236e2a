import type { Clock } from '../../clock.ts'
import type { Instant } from '../../domain/time/types.ts'
import { PortError } from '../../port-error.ts'
import type { CalendarRef, ChannelWanted, OpenChannel, PushSource, TickBudget } from '../connector.ts'
import { GraphRefusal } from './answers.ts'
import { type GraphSubscription, parseSubscription } from './api-types.ts'
import type { GraphClient, GraphHow } from './client.ts'
import { calendarPlace, type MicrosoftGrant, mailboxLane } from './mailbox.ts'

export interface MicrosoftPushDeps {
  readonly graph: GraphClient
  readonly grant: MicrosoftGrant
  readonly subject: string | null
  readonly clock: Clock
}

/**
 * Subscriptions to changes of a calendar. The service knocks at both addresses before it says yes (`validationToken`),
 * so they have to answer while `subscribe` is under way; a door that does not open is `rejected`.
 */
export function createMicrosoftPush({ graph, grant, subject, clock }: MicrosoftPushDeps): PushSource {
  return {
    longestMs,

    async subscribe(wanted, budget) {
      const how = howFor(wanted.calendar, budget)
      try {
        return await create(wanted, how)
      } catch (error) {
        if (!(error instanceof GraphRefusal) || error.code !== 'conflict') throw error
      }
      // One like it is there: ours from before, whose answer or whose owner was lost.
      await cleanTwins(wanted, how)
      return await create(wanted, how)
    },

    async renew(channel, untilAt, budget) {
      const body = { expirationDateTime: expiry(untilAt) }
      const path = subscriptionPath(channel)
      const json = await graph.send({ method: 'PATCH', path, body }, howOf(channel, budget))
      const subscription = parseSubscription(json)
      return { ...channel, expiresAt: expiresAt(subscription) ?? Date.parse(body.expirationDateTime) }
    },

    async stop(channel, budget) {
      try {
        await graph.send({ method: 'DELETE', path: subscriptionPath(channel) }, howOf(channel, budget))
      } catch (error) {
        if (!(error instanceof GraphRefusal) || error.code !== 'not-found') throw error
      }
    },
  }

  async function create(wanted: ChannelWanted, how: GraphHow): Promise<OpenChannel> {
    const body = {
      changeType: 'created,updated,deleted',
      notificationUrl: wanted.address,
      // cannot be added later, so it is always there
      lifecycleNotificationUrl: wanted.lifecycleAddress,
      resource: resourceOf(wanted.calendar),
      expirationDateTime: expiry(wanted.untilAt),
      clientState: wanted.secret,
    }
    const subscription = parseSubscription(await graph.send({ method: 'POST', path: 'subscriptions', body }, how))
    const expires = expiresAt(subscription)
    if (subscription === null || expires === null) {
      throw new PortError(
        'malformed',
        'Microsoft 365 opened a subscription and did not say which; it is asked again later.',
      )
    }
    return {
      channelId: wanted.channelId,
      providerId: subscription.id,
      calendarId: wanted.calendar.id,
      expiresAt: expires,
    }
  }

  async function cleanTwins(wanted: ChannelWanted, how: GraphHow): Promise<void> {
    const resource = comparable(resourceOf(wanted.calendar))
    const host = hostOf(wanted.address)
    for (const entry of await graph.all('subscriptions', how)) {
      const known = parseSubscription(entry)
      if (known === null || comparable(known.resource) !== resource || hostOf(known.notificationUrl) !== host) continue
      try {
        await graph.send({ method: 'DELETE', path: `subscriptions/${encodeURIComponent(known.id)}` }, how)
      } catch (error) {
        if (!(error instanceof GraphRefusal) || error.code !== 'not-found') throw error
      }
    }
  }

  function resourceOf(calendar: CalendarRef): string {
    // Documented for a mailbox's events; a person may follow several calendars, an organisation follows one of each.
    return grant === 'organisation'
      ? `users/${calendar.id}/events`
      : `${calendarPlace(grant, subject, calendar.id).views}/events`
  }

  /** No sooner than the service keeps one, no later than it allows. */
  function expiry(untilAt: Instant): string {
    return new Date(Math.min(untilAt, clock.now() + longestMs)).toISOString()
  }

  function howFor(calendar: CalendarRef, budget: TickBudget): GraphHow {
    return { lane: calendarPlace(grant, subject, calendar.id).lane, budget }
  }

  function howOf(channel: OpenChannel, budget: TickBudget): GraphHow {
    const lane = grant === 'organisation' ? mailboxLane(channel.calendarId) : mailboxLane(subject)
    return { lane, budget }
  }
}

const minuteMs = 60_000
/** Outlook's subscriptions live for 10,080 minutes at most; a quarter of an hour is left for clocks that differ. */
const longestMs = (10_080 - 15) * minuteMs

const subscriptionPath = ({ providerId }: OpenChannel) => `subscriptions/${encodeURIComponent(providerId)}`

function expiresAt(subscription: GraphSubscription | null): Instant | null {
  const at = Date.parse(subscription?.expirationDateTime?.replace(/(\.\d{3})\d+/, '$1') ?? '')
  return Number.isNaN(at) ? null : at
}

/** Ids differ by case alone, words of the path do not; the service gives a resource back with and without its slash. */
function comparable(resource: string): string {
  return resource.replace(/^\/+/, '')
}

function hostOf(address: string): string {
  try {
    return new URL(address).host
  } catch {
    return ''
  }
}
