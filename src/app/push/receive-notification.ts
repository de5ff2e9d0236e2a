import type { Clock } from '../../clock.ts'
import type { Instant } from '../../domain/time/types.ts'
import type { CalendarKey, PushChannel } from '../../store/accounts.ts'
import type { MirrorStore } from '../../store/mirror-store.ts'
import { isSecretOf } from './channel-secret.ts'
import { prolongAt } from './plan-channels.ts'

export interface ReceiveDeps {
  readonly mirror: Pick<MirrorStore, 'findChannels' | 'lookNow' | 'saveChannel' | 'removeChannel'>
  readonly clock: Pick<Clock, 'now'>
  /** Called when there is something to look at, for who waits in this process. */
  readonly onLook?: () => void
}

/** What Google says in its headers; of its body nothing is read. "Push notifications" of the Calendar API guides. */
export interface GoogleNotice {
  readonly channelId: string
  readonly token: string
  readonly resourceId: string
  /** `sync` when the channel opens; `exists`, `not_exists`, and whatever they invent next. */
  readonly state: string
  /** When the channel ends, as it says; null when it does not. */
  readonly expiresAt: Instant | null
}

/** One item of what Graph sends. Its `resource` and `resourceData` are not looked at. */
export interface MicrosoftNotice {
  readonly subscriptionId: string
  readonly clientState: string
  /** `missed`, `subscriptionRemoved`, `reauthorizationRequired`; null: something changed. */
  readonly lifecycleEvent: string | null
}

/** Whose knock was genuine, by the id it came with, for who counts. Outside nobody is told. */
export interface Received {
  readonly genuine: readonly string[]
}

/**
 * A knock of Google. Whatever it says means "look now" at most: nothing is read from it, and one that is forged, late or
 * for a channel nobody knows changes nothing. Looking once is enough for any number of knocks.
 *
 * @throws PortError of the store: then the sender should knock again.
 */
export async function receiveGoogleNotice(deps: ReceiveDeps, notice: GoogleNotice): Promise<Received> {
  const [channel = null] = await deps.mirror.findChannels({ channelIds: [notice.channelId] })
  const isGenuine = await isSecretOf(notice.token, channel?.secretHash ?? null)
  if (channel === null || !isGenuine || !isHeard(channel, deps.clock.now())) return { genuine: [] }
  const isOpening = channel.status === 'opening'
  if (isOpening) await confirm(deps, channel, notice)
  else if (channel.providerId !== notice.resourceId) return { genuine: [] }
  // `sync` says that the channel is open, and nothing of the calendar
  if (notice.state !== 'sync' || isOpening) await look(deps, [channel])
  return { genuine: [channel.channelId] }
}

/**
 * What Graph sends: items of any number of subscriptions, each with its own secret. Repeated and reordered ones change
 * nothing; those about a subscription that is gone are passed over.
 *
 * @throws PortError of the store: then the sender should send it again.
 */
export async function receiveMicrosoftNotices(
  deps: ReceiveDeps,
  notices: readonly MicrosoftNotice[],
): Promise<Received> {
  const providerIds = [...new Set(notices.map(({ subscriptionId }) => subscriptionId))]
  const channels = providerIds.length === 0 ? [] : await deps.mirror.findChannels({ providerIds })
  const byId = new Map(channels.map(channel => [channel.providerId, channel]))
  const told = new Map<string, { readonly channel: PushChannel; readonly events: Set<string | null> }>()
  for (const notice of notices) {
    const channel = byId.get(notice.subscriptionId) ?? null
    const known = channel === null ? undefined : told.get(notice.subscriptionId)
    // one genuine item with this word is as good as a hundred
    if (known?.events.has(notice.lifecycleEvent)) continue
    const isGenuine = await isSecretOf(notice.clientState, channel?.secretHash ?? null)
    if (channel === null || !isGenuine || !isHeard(channel, deps.clock.now())) continue
    if (known === undefined) told.set(notice.subscriptionId, { channel, events: new Set([notice.lifecycleEvent]) })
    else known.events.add(notice.lifecycleEvent)
  }
  for (const { channel, events } of told.values()) {
    if (events.has('subscriptionRemoved')) await deps.mirror.removeChannel(channel.channelId)
    else if (events.has('reauthorizationRequired') && channel.status === 'open') {
      // prolonging is how a subscription is authorized anew; the next tick does it
      await deps.mirror.saveChannel({ ...channel, nextAt: null })
    }
  }
  await look(
    deps,
    [...told.values()].map(({ channel }) => channel),
  )
  return { genuine: [...told.keys()] }
}

/** Those that are being stopped are heard too: until the new one is open, they are all there is. */
function isHeard({ status, expiresAt }: PushChannel, now: number): boolean {
  return status !== 'refused' && expiresAt > now
}

/** The answer to `subscribe` is under way or lost; who knows our secret was opened by us. */
async function confirm({ mirror, clock }: ReceiveDeps, channel: PushChannel, notice: GoogleNotice): Promise<void> {
  const expiresAt = Math.min(channel.expiresAt, notice.expiresAt ?? channel.expiresAt)
  const nextAt = prolongAt(clock.now(), expiresAt)
  await mirror.saveChannel({ ...channel, providerId: notice.resourceId, expiresAt, nextAt, status: 'open' })
}

async function look({ mirror, onLook }: ReceiveDeps, channels: readonly PushChannel[]): Promise<void> {
  if (channels.length === 0) return
  const keys = new Map<string, CalendarKey>()
  for (const { accountId, calendarId } of channels) {
    keys.set(JSON.stringify([accountId, calendarId]), { accountId, calendarId })
  }
  await mirror.lookNow([...keys.values()])
  onLook?.()
}
