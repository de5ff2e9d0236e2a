import { PortError } from '../../port-error.ts'
import type { JudgedAnswer, SendOptions } from '../http-policy.ts'
import { parseErrorBody } from './api-types.ts'

/** An answer that is no success. Its text stays behind: it may repeat addresses and titles. */
export interface Refusal {
  readonly status: number
  readonly reason: string | null
  /** The parameter Google complains about. */
  readonly location: string | null
}

/** What was asked for, as people are told about it. */
export type Asked = 'calendar' | 'calendars' | 'event' | 'directory' | 'channel'

/**
 * Google's "slow down" is a 403 with one of these reasons or a 429. Source: "Handle API errors" and "Manage quotas" of
 * the Calendar API guides.
 */
export const judgeGoogle: NonNullable<SendOptions['judge']> = ({ status, body }: JudgedAnswer) => {
  if (status === 429) return 'slow-down'
  if (status === 403 && isQuota(parseErrorBody(body).reason)) return 'slow-down'
  return status === 408 || status >= 500 ? 'again' : 'take'
}

/**
 * The table of refusals: what each means to the engine, and to people. Those that only some methods give (409 and 412 of
 * writes, 410 of lists) are decided where they are asked for; here they have their plain meaning.
 */
export function refusalError({ status, reason }: Refusal, asked: Asked): PortError {
  const thing = things[asked]
  switch (status) {
    case 401:
      return new PortError(
        'denied',
        `Google refuses ${thing} even with a fresh token. Run \`connect google\` again for this account.`,
      )
    case 403:
      return forbidden(reason, thing)
    case 404:
      return new PortError('not-found', `Google has ${thing} no more, or does not show it to this account.`)
    case 409:
      return new PortError('conflict', `Google has something else under the same id as ${thing}.`)
    case 410:
      return new PortError('not-found', `Google says that ${thing} was removed.`)
    case 412:
      return new PortError('conflict', `Somebody changed ${thing} meanwhile. Look at it again before changing it.`)
    case 413:
      return new PortError('too-large', `Google finds the question about ${thing} too long.`)
    case 429:
      return new PortError('busy', 'Google wants to be left alone for a while. It is asked again later.')
    default:
      return status >= 400 && status < 500
        ? new PortError(
            'rejected',
            `Google calls our question about ${thing} wrong (HTTP ${status}${shown(reason)}). Please report this.`,
          )
        : new PortError('failed', `Google could not answer about ${thing} (HTTP ${status}). It is asked again later.`)
  }
}

/** Answers to a list that knows its tokens no more: 410 whatever the reason, and a page token that is not taken. */
export function isForgotten({ status, location }: Refusal): boolean {
  return status === 410 || (status === 400 && (location === 'pageToken' || location === 'syncToken'))
}

function forbidden(reason: string | null, thing: string): PortError {
  if (isQuota(reason)) {
    return new PortError('busy', 'Google wants to be left alone for a while. It is asked again later.')
  }
  switch (reason) {
    case 'notACalendarUser':
      return new PortError(
        'no-mailbox',
        'This person has no Google Calendar: suspended, or without a licence for it. Nothing has to be done.',
      )
    case 'accessNotConfigured':
    case 'SERVICE_DISABLED':
      return new PortError(
        'denied',
        `The API behind ${thing} is switched off in the Google Cloud project. Enable it under "APIs & Services", then try again.`,
      )
    case 'insufficientPermissions':
    case 'ACCESS_TOKEN_SCOPE_INSUFFICIENT':
      return new PortError(
        'denied',
        `The consent does not cover ${thing}. Run \`connect google\` again and leave every box ticked.`,
      )
    default:
      return new PortError(
        'denied',
        `Google does not let this account at ${thing}${shown(reason)}. Ask its owner to share it, or leave it out.`,
      )
  }
}

function isQuota(reason: string | null): boolean {
  return reason !== null && quotaReasons.has(reason)
}

const quotaReasons: ReadonlySet<string> = new Set([
  'rateLimitExceeded',
  'userRateLimitExceeded',
  'quotaExceeded',
  'dailyLimitExceeded',
  'RATE_LIMIT_EXCEEDED',
])

const things: Readonly<Record<Asked, string>> = {
  calendar: 'this calendar',
  calendars: "the account's list of calendars",
  event: 'this event',
  directory: 'the directory of the organisation',
  channel: 'the notification channel',
}

/** Reasons are words of Google's; anything else stays behind. */
function shown(reason: string | null): string {
  return reason !== null && /^[A-Za-z_.]{1,60}$/.test(reason) ? `, ${reason}` : ''
}
