import type { Clock } from '../../clock.ts'
import { dayMs } from '../../domain/time/types.ts'
import { PortError } from '../../port-error.ts'
import type { CalendarRef, PushSource } from '../connector.ts'
import { parseChannel } from './api-types.ts'
import { bodyOf, type GoogleClient, unreadable } from './client.ts'
import { refusalError } from './refusals.ts'

/**
 * Channels of `events.watch`. Google prolongs none: open a new one, then stop the old one. There is no news about the
 * channel itself, so `lifecycleAddress` is not used. Source: "Push notifications" of the Calendar API guides.
 */
export function createGooglePush({ client, personOf, clock }: GooglePushDeps): PushSource {
  return {
    longestMs,
    renew: null,

    async subscribe({ calendar, channelId, secret, address, untilAt }, budget) {
      const expiration = Math.min(untilAt, clock.now() + longestMs)
      const answer = await client.ask(
        options =>
          client.calendar.events.watch(
            {
              calendarId: calendar.id,
              requestBody: { id: channelId, type: 'web_hook', address, token: secret, expiration: String(expiration) },
            },
            options,
          ),
        { person: personOf(calendar), use: 'read', budget, repeatable: false },
      )
      if (!answer.ok && answer.reason?.startsWith('push.')) {
        throw new PortError(
          'rejected',
          'Google does not take our address for notifications: it has to be https with a certificate that everybody trusts, on a domain verified for the Google Cloud project.',
        )
      }
      if (!answer.ok && answer.reason === 'channelIdNotUnique')
        throw refusalError({ ...answer, status: 409 }, 'channel')
      const channel = parseChannel(bodyOf(answer, 'calendar'))
      if (channel === null) throw unreadable()
      return {
        channelId,
        providerId: channel.resourceId,
        calendarId: calendar.id,
        expiresAt: channel.expiration ?? expiration,
      }
    },

    async stop({ channelId, providerId, calendarId }, budget) {
      const answer = await client.ask(
        options => client.calendar.channels.stop({ requestBody: { id: channelId, resourceId: providerId } }, options),
        { person: personOf({ id: calendarId }), use: 'read', budget, repeatable: true },
      )
      const isGone = !answer.ok && (answer.status === 404 || answer.status === 410)
      if (!isGone) bodyOf(answer, 'channel')
    },
  }
}

export interface GooglePushDeps {
  readonly client: GoogleClient
  readonly personOf: (calendar: Pick<CalendarRef, 'id'>) => string | null
  readonly clock: Clock
}

/** What people see in practice; the answer has the last word. */
const longestMs = 7 * dayMs
