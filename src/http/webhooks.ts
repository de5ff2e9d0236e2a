import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { hookPaths } from '../app/push/hook-addresses.ts'
import {
  type GoogleNotice,
  type MicrosoftNotice,
  type ReceiveDeps,
  receiveGoogleNotice,
  receiveMicrosoftNotices,
} from '../app/push/receive-notification.ts'
import { isRecord } from '../json-value.ts'
import { PortError } from '../port-error.ts'
import { createNoticeLimit, type NoticeLimit } from './notice-limit.ts'

/**
 * Where Google and Microsoft knock. Open to anybody, so a knock gets the same answer whether it is genuine, forged or
 * about a channel nobody knows; it may make us look at a calendar, and it never brings anything. Nothing is logged.
 *
 * 204 or 202: taken. 503: come again (too many at once, or the database does not answer). 400, 413, 415: not what these
 * providers send.
 */
export function webhookRoutes(deps: ReceiveDeps): Hono {
  const limit = createNoticeLimit(deps.clock)
  const routes = new Hono()
  routes.use('/hooks/*', async (context, next) => {
    context.header('cache-control', 'no-store')
    context.header('x-content-type-options', 'nosniff')
    await next()
  })
  routes.post(hookPaths.google, context => google(context, deps, limit))
  const microsoftLimit = bodyLimit({ maxSize: largestBody, onError: context => context.body(null, 413) })
  for (const path of [hookPaths.microsoft, hookPaths.microsoftLifecycle]) {
    routes.post(path, handshake, microsoftLimit, context => microsoft(context, deps, limit))
  }
  return routes
}

/** A thousand items of Graph are about half of it. */
const largestBody = 1_000_000
const mostNotices = 5_000
/** A handshake's token is a sentence with a request id. */
const longestToken = 2_000

async function google(context: Context, deps: ReceiveDeps, limit: NoticeLimit): Promise<Response> {
  const notice = parseGoogleNotice(context.req.raw.headers)
  if (notice === null) return context.body(null, 204)
  if (!limit.admits(notice.channelId)) return comeAgain(context)
  return await taken(context, 204, async () => {
    const { genuine } = await receiveGoogleNotice(deps, notice)
    for (const channel of genuine) limit.knows(channel)
  })
}

function parseGoogleNotice(headers: Headers): GoogleNotice | null {
  const header = (name: string) => {
    const value = headers.get(`x-goog-${name}`)
    return value !== null && isPlainId(value) ? value : null
  }
  const channelId = header('channel-id')
  const token = header('channel-token')
  const resourceId = header('resource-id')
  if (channelId === null || token === null || resourceId === null) return null
  const expiresAt = Date.parse(headers.get('x-goog-channel-expiration') ?? '')
  return {
    channelId,
    token,
    resourceId,
    state: header('resource-state') ?? '',
    expiresAt: Number.isNaN(expiresAt) ? null : expiresAt,
  }
}

/** Graph knocks before it opens a subscription, and opens none unless its token comes back as plain text. */
async function handshake(context: Context, next: () => Promise<void>): Promise<Response | undefined> {
  const token = context.req.query('validationToken')
  if (token === undefined) {
    await next()
    return
  }
  // echoed to whoever asks: so never as anything a browser would run
  if (token.length === 0 || token.length > longestToken || /\p{Cc}/u.test(token)) return context.body(null, 400)
  return context.body(token, 200, {
    'content-type': 'text/plain; charset=utf-8',
    'content-security-policy': "default-src 'none'; sandbox",
  })
}

async function microsoft(context: Context, deps: ReceiveDeps, limit: NoticeLimit): Promise<Response> {
  if (!/^application\/json\s*(;|$)/i.test(context.req.header('content-type') ?? '')) return context.body(null, 415)
  const notices = parseMicrosoftNotices(await jsonOf(context))
  if (notices === null) return context.body(null, 400)
  // one allowance a subscription and request: a batch of a hundred items is one knock
  const ids = new Set(notices.map(({ subscriptionId }) => subscriptionId))
  const admitted = new Set([...ids].filter(id => limit.admits(id)))
  const answer = await taken(context, 202, async () => {
    const heard = notices.filter(({ subscriptionId }) => admitted.has(subscriptionId))
    const { genuine } = await receiveMicrosoftNotices(deps, heard)
    for (const id of genuine) limit.knows(id)
  })
  return admitted.size < ids.size ? comeAgain(context) : answer
}

async function jsonOf(context: Context): Promise<unknown> {
  try {
    return await context.req.json()
  } catch {
    return null
  }
}

/** Null: not what Graph sends. Items that are none are passed over. */
function parseMicrosoftNotices(json: unknown): readonly MicrosoftNotice[] | null {
  if (!isRecord(json) || !Array.isArray(json.value) || json.value.length > mostNotices) return null
  const notices: MicrosoftNotice[] = []
  for (const item of json.value) {
    if (!isRecord(item)) continue
    const { subscriptionId, clientState, lifecycleEvent } = item
    if (!isPlainId(subscriptionId) || !isPlainId(clientState)) continue
    notices.push({
      subscriptionId,
      clientState,
      lifecycleEvent: typeof lifecycleEvent === 'string' ? lifecycleEvent.slice(0, 64) : null,
    })
  }
  return notices
}

/** Ids and secrets are visible ASCII and short; whatever else is none of ours. */
const isPlainId = (value: unknown): value is string => typeof value === 'string' && /^[!-~]{1,256}$/.test(value)

/** Answers when it is written down, so that what we said yes to is not lost; a database that cannot write is not a yes. */
async function taken(context: Context, status: 202 | 204, work: () => Promise<void>): Promise<Response> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof PortError)) throw error
    return comeAgain(context)
  }
  return context.body(null, status)
}

function comeAgain(context: Context): Response {
  return context.body(null, 503, { 'retry-after': '10' })
}
