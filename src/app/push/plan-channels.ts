import { dayMs, type Instant } from '../../domain/time/types.ts'
import type { PushChannel } from '../../store/accounts.ts'

/** What is to be done about the channels of one calendar, in this order. */
export interface ChannelPlan {
  /** The provider has forgotten these, or never had them. */
  readonly forget: readonly PushChannel[]
  /** To be stopped now. */
  readonly stop: readonly PushChannel[]
  readonly next:
    | { readonly kind: 'nothing' }
    | { readonly kind: 'prolong'; readonly current: PushChannel }
    /**
     * A new one is opened, before the one it takes the place of is stopped. `again`: it was tried before, and nobody
     * knows what came of it.
     */
    | { readonly kind: 'open'; readonly replaces: PushChannel | null; readonly again: PushChannel | null }
}

/**
 * Decides by what is stored, so that it does not matter how long nobody looked: an open channel is prolonged from its
 * `nextAt` on, a refusal is repeated after its own, and there are never more than `mostChannels` that may be alive.
 */
export function planChannels(
  channels: readonly PushChannel[],
  { isWanted, askedFor, canProlong, address, now }: ChannelWish,
): ChannelPlan {
  const alive = channels.filter(each => each.expiresAt > now)
  const dead = channels.filter(each => each.expiresAt <= now)
  const openOnes = alive.filter(isOpen).toSorted((a, b) => rank(b) - rank(a) || b.expiresAt - a.expiresAt)
  const current = isWanted ? openOnes[0] : undefined
  const opening = alive.find(({ status }) => status === 'opening')
  const refusal = alive.find(({ status }) => status === 'refused')
  // an older refusal says nothing about another address, and a person who asks may have mended what it was about
  const standsRefused = refusal !== undefined && isWanted && refusal.address === address && !askedFor
  const surplus = openOnes.filter(each => each !== current)
  const stopping = alive.filter(({ status }) => status === 'stopping')
  const base = {
    forget: refusal === undefined || standsRefused ? dead : [...dead, refusal],
    stop: [...surplus, ...stopping.filter(each => each.providerId !== '' && isDue(each, now))],
  }
  const nothing = { ...base, next: { kind: 'nothing' } } as const
  if (!isWanted) return nothing
  if (current?.address === address) {
    if (!isDue(current, now)) return nothing
    if (canProlong) return { ...base, next: { kind: 'prolong', current } }
  }
  if (!mayOpen(alive) || standsRefused || (opening !== undefined && !isDue(opening, now))) return nothing
  return { ...base, next: { kind: 'open', replaces: current ?? null, again: opening ?? null } }

  function rank(channel: PushChannel): number {
    return channel.address === address ? 1 : 0
  }
}

export interface ChannelWish {
  readonly isWanted: boolean
  /** A person asks: refusals of before do not count. */
  readonly askedFor: boolean
  /** False: the provider knows no renewal, and a new channel takes the place of the old one. */
  readonly canProlong: boolean
  /** Of ours, where the provider shall knock. */
  readonly address: string
  readonly now: Instant
}

/** Whether one more would be within the bound. One that is tried again is not one more. */
function mayOpen(alive: readonly PushChannel[]): boolean {
  return alive.filter(({ status }) => status === 'open' || status === 'stopping').length < mostChannels
}

/** A calendar that is told of changes: its channel notifies us, and is not behind with being prolonged. */
export function isTold(channels: readonly PushChannel[], address: string, now: Instant): boolean {
  return channels.some(each => isOpen(each) && each.address === address && each.expiresAt > now && !isDue(each, now))
}

/** A day before its end; of one that lives for less than four days, when three quarters of its life are over. */
export function prolongAt(openedAt: Instant, expiresAt: Instant): Instant {
  return expiresAt - Math.min(dayMs, (expiresAt - openedAt) / 4)
}

/** The one that notifies and the one that takes its place. */
const mostChannels = 2

const isOpen = ({ status }: PushChannel) => status === 'open'
const isDue = ({ nextAt }: PushChannel, now: Instant) => nextAt === null || nextAt <= now
