import type { Clock } from '../../clock.ts'
import type { AccountConnection, CalendarRef, PushSource, TickBudget } from '../../connectors/connector.ts'
import { dayMs, type Instant, minuteMs } from '../../domain/time/types.ts'
import { PortError, type PortErrorCode } from '../../port-error.ts'
import type { Account, AccountId, CalendarKey, MirroredCalendar, PushChannel } from '../../store/accounts.ts'
import type { MirrorStore } from '../../store/mirror-store.ts'
import { inTurns } from '../in-turns.ts'
import { jittered } from '../sync/sync-policy.ts'
import { hashOfSecret, newChannelId, newSecret } from './channel-secret.ts'
import { type HookAddresses, hookAddresses } from './hook-addresses.ts'
import { type ChannelPlan, isTold, planChannels, prolongAt } from './plan-channels.ts'

export interface OpenChannelsDeps {
  readonly mirror: MirrorStore
  readonly clock: Clock
  readonly connectionOf: (account: Account) => Promise<AccountConnection>
}

export interface OpenChannelsInput {
  /** Where providers reach us, as `parsePublicUrl` gives it. */
  readonly publicUrl: string
  /** These accounts alone; null for all. */
  readonly only: readonly AccountId[] | null
  /** A person asks: what was refused before is tried again. */
  readonly askedFor: boolean
  readonly budget: TickBudget
}

export interface ChannelsRun {
  readonly opened: number
  readonly prolonged: number
  readonly stopped: number
  /** In this run, in words for people. */
  readonly refused: readonly { readonly calendar: MirroredCalendar; readonly sentence: string }[]
  /** The calendar's channel notifies us: it may be polled less often. */
  isTold(key: CalendarKey): boolean
}

/**
 * Part of every tick: each selected calendar of a provider that notifies gets a channel, channels that come to their end
 * are prolonged or replaced (the new one first), and those that are not wanted any more are stopped. A calendar whose
 * channel is new is looked at in this tick.
 *
 * Nothing a provider does is thrown: without a channel there is the poll. A refusal is repeated once a day, what may pass
 * by itself after a quarter of an hour.
 */
export async function openChannels(deps: OpenChannelsDeps, input: OpenChannelsInput): Promise<ChannelsRun> {
  const { mirror, clock } = deps
  const [accounts, calendars, channels] = await Promise.all([
    mirror.listAccounts(),
    mirror.listCalendars(),
    mirror.listChannels(),
  ])
  const channelsOf = byCalendar(channels)
  const work: Work[] = []
  for (const account of accounts) {
    const addresses = hookAddresses(input.publicUrl, account.provider)
    const isMine = input.only?.includes(account.id) ?? true
    if (addresses === null || account.status !== 'connected' || !isMine) continue
    for (const calendar of calendars.filter(({ accountId }) => accountId === account.id)) {
      const known = channelsOf.get(keyText(keyOf(calendar))) ?? []
      const one = new CalendarChannels(deps, input, { account, calendar, addresses, known })
      if (one.isIdle()) continue
      work.push({ account, one })
    }
  }
  const connections = new Map<AccountId, Promise<AccountConnection | null>>()
  const run = { opened: 0, prolonged: 0, stopped: 0 }
  const refused: { calendar: MirroredCalendar; sentence: string }[] = []
  await inTurns(work, calendarsAtOnce, async ({ account, one }) => {
    const connecting = connections.get(account.id) ?? connected(deps, account)
    connections.set(account.id, connecting)
    const push = (await connecting)?.push ?? null
    if (push === null) return
    const done = await one.carryOut(push)
    run.opened += done.opened
    run.prolonged += done.prolonged
    run.stopped += done.stopped
    if (done.sentence !== null) refused.push({ calendar: one.calendar, sentence: done.sentence })
  })
  const now = clock.now()
  const openNow = work.length === 0 ? channelsOf : byCalendar(await mirror.listChannels())
  const addressOf = new Map(accounts.map(({ id, provider }) => [id, hookAddresses(input.publicUrl, provider)?.address]))
  return {
    ...run,
    refused,
    isTold: key => isTold(openNow.get(keyText(key)) ?? [], addressOf.get(key.accountId) ?? '', now),
  }
}

function byCalendar(channels: readonly PushChannel[]): ReadonlyMap<string, readonly PushChannel[]> {
  const found = new Map<string, PushChannel[]>()
  for (const channel of channels) {
    const known = found.get(keyText(channel))
    if (known === undefined) found.set(keyText(channel), [channel])
    else known.push(channel)
  }
  return found
}

interface Work {
  readonly account: Account
  readonly one: CalendarChannels
}

/** Null when the account cannot be reached: what is wrong with it is said by its sync. */
async function connected(deps: OpenChannelsDeps, account: Account): Promise<AccountConnection | null> {
  try {
    return await deps.connectionOf(account)
  } catch (error) {
    if (!(error instanceof PortError)) throw error
    return null
  }
}

interface Done {
  opened: number
  prolonged: number
  stopped: number
  sentence: string | null
}

/** The channels of one calendar: what is planned is carried out, each change is stored before the next begins. */
class CalendarChannels {
  readonly #deps: OpenChannelsDeps
  readonly #input: OpenChannelsInput
  readonly #addresses: HookAddresses
  readonly #account: Account
  readonly calendar: MirroredCalendar
  #known: readonly PushChannel[]
  readonly #done: Done = { opened: 0, prolonged: 0, stopped: 0, sentence: null }

  constructor(
    deps: OpenChannelsDeps,
    input: OpenChannelsInput,
    of: {
      readonly account: Account
      readonly calendar: MirroredCalendar
      readonly addresses: HookAddresses
      readonly known: readonly PushChannel[]
    },
  ) {
    this.#deps = deps
    this.#input = input
    this.#account = of.account
    this.calendar = of.calendar
    this.#addresses = of.addresses
    this.#known = of.known
  }

  /** Nothing is to be done, and nobody has to be connected for it. */
  isIdle(): boolean {
    const { forget, stop, next } = this.#plan(true, this.#input.askedFor)
    return forget.length === 0 && stop.length === 0 && next.kind === 'nothing'
  }

  async carryOut(push: PushSource): Promise<Done> {
    const plan = this.#plan(push.renew !== null, this.#input.askedFor)
    for (const channel of plan.forget) await this.#forget(channel)
    for (const channel of plan.stop) if (!(await this.#stop(push, channel))) return this.#done
    const { next } = plan
    if (next.kind === 'prolong') await this.#prolong(push, next.current)
    if (next.kind === 'open') await this.#open(push, next)
    return this.#done
  }

  #plan(canProlong: boolean, askedFor: boolean): ChannelPlan {
    const { isSelected, sync } = this.calendar
    const isWanted = isSelected && sync.status !== 'gone' && sync.status !== 'closed'
    const { address } = this.#addresses
    return planChannels(this.#known, { isWanted, askedFor, canProlong, address, now: this.#now() })
  }

  async #prolong(push: PushSource, current: PushChannel): Promise<void> {
    const now = this.#now()
    const { budget } = this.#input
    const asked = await ask(() => push.renew!(current, now + push.longestMs, budget))
    if (asked.kind === 'answer') {
      const { expiresAt } = asked.answer
      await this.#save({ ...current, expiresAt, nextAt: prolongAt(now, expiresAt) })
      this.#done.prolonged++
      return
    }
    if (asked.code === 'not-found') {
      // what happened since it was lost, nobody told us
      await this.#forget(current)
      await this.#lookNow()
      const { next } = this.#plan(true, false)
      if (next.kind === 'open') await this.#open(push, next)
      return
    }
    if (asked.code === 'paused' || asked.code === 'signed-out') return
    await this.#save({ ...current, nextAt: this.#tryAgainAt(asked) })
    this.#done.sentence = asked.sentence
  }

  async #open(push: PushSource, { replaces, again }: ChannelPlan['next'] & { kind: 'open' }): Promise<void> {
    const now = this.#now()
    const secret = newSecret()
    const untilAt = now + push.longestMs
    const channel: PushChannel = {
      ...keyOf(this.calendar),
      channelId: again?.channelId ?? newChannelId(),
      providerId: '',
      secretHash: await hashOfSecret(secret),
      address: this.#addresses.address,
      expiresAt: untilAt,
      nextAt: now + answerTakesMs,
      status: 'opening',
    }
    // written down first: whoever dies here knows afterwards that there may be one
    await this.#save(channel)
    const { id, ownerAddress, zone } = this.calendar
    const calendar: CalendarRef = { id, ownerAddress, zone }
    const { channelId } = channel
    const wanted = { calendar, channelId, secret, ...this.#addresses, untilAt }
    const asked = await ask(() => push.subscribe(wanted, this.#input.budget))
    if (asked.kind === 'refusal') return await this.#notOpened(channel, again !== null, asked)
    const { providerId, expiresAt } = asked.answer
    await this.#save({ ...channel, providerId, expiresAt, nextAt: prolongAt(now, expiresAt), status: 'open' })
    this.#done.opened++
    // a change between the last round and now was told to nobody
    await this.#lookNow()
    if (replaces !== null) await this.#stop(push, replaces)
  }

  async #notOpened(channel: PushChannel, wasTriedBefore: boolean, asked: Refusal): Promise<void> {
    const { code } = asked
    if (code === 'conflict' && wasTriedBefore) {
      // The answer that was lost was a yes. Its secret is lost too: it lives on unheard, and counts until it expires.
      return await this.#save({ ...channel, status: 'stopping', nextAt: null })
    }
    if (code === 'paused' || code === 'signed-out') {
      const isCut = this.#input.budget.signal?.aborted === true
      return isCut ? await this.#save({ ...channel, nextAt: null }) : await this.#forget(channel)
    }
    this.#done.sentence = asked.sentence
    const nextAt = this.#tryAgainAt(asked)
    // nobody knows whether these were a yes: the same id is tried again, which tells
    if (code === 'unreachable' || code === 'malformed') return await this.#save({ ...channel, nextAt })
    await this.#save({ ...channel, secretHash: '', expiresAt: nextAt, nextAt, status: 'refused' })
  }

  /** False when no more can be asked in this tick. */
  async #stop(push: PushSource, channel: PushChannel): Promise<boolean> {
    if (channel.status !== 'stopping') await this.#save({ ...channel, status: 'stopping', nextAt: null })
    const asked = await ask(() => push.stop(channel, this.#input.budget))
    if (asked.kind === 'answer') {
      await this.#forget(channel)
      this.#done.stopped++
      return true
    }
    if (asked.code === 'paused' || asked.code === 'signed-out') return false
    await this.#save({ ...channel, status: 'stopping', nextAt: this.#tryAgainAt(asked) })
    return true
  }

  async #save(channel: PushChannel): Promise<void> {
    await this.#deps.mirror.saveChannel(channel)
    this.#known = [...this.#known.filter(({ channelId }) => channelId !== channel.channelId), channel]
  }

  async #forget({ channelId }: PushChannel): Promise<void> {
    await this.#deps.mirror.removeChannel(channelId)
    this.#known = this.#known.filter(each => each.channelId !== channelId)
  }

  async #lookNow(): Promise<void> {
    await this.#deps.mirror.lookNow([{ accountId: this.#account.id, calendarId: this.calendar.id }])
  }

  #now(): Instant {
    return this.#deps.clock.now()
  }

  #tryAgainAt({ code, retryAt }: Refusal): Instant {
    const waitMs = jittered(passing.has(code) ? 15 * minuteMs : dayMs, this.#deps.clock.random())
    return Math.max(retryAt ?? 0, this.#now() + waitMs)
  }
}

/** Providers take about ten requests at once; their own limits stand in the policy. */
const calendarsAtOnce = 6
/** Another process does not open the same channel meanwhile. */
const answerTakesMs = 2 * minuteMs

/** What may pass by itself. The rest is said once a day. */
const passing: ReadonlySet<RefusalCode> = new Set(['busy', 'unreachable', 'failed', 'malformed'])

type RefusalCode = PortErrorCode | 'ours'

interface Refusal {
  readonly kind: 'refusal'
  readonly code: RefusalCode
  readonly sentence: string
  readonly retryAt: Instant | null
}

/** Asks a provider: whatever comes of it is a value, so that no channel stops a sync. */
async function ask<T>(question: () => Promise<T>): Promise<{ readonly kind: 'answer'; readonly answer: T } | Refusal> {
  try {
    return { kind: 'answer', answer: await question() }
  } catch (error) {
    if (error instanceof PortError) {
      return { kind: 'refusal', code: error.code, sentence: error.message, retryAt: error.retryAt }
    }
    const name = error instanceof Error ? error.name : typeof error
    const sentence = `Minutewise failed to follow this calendar, which is a fault of ours (${name}). Please report it.`
    return { kind: 'refusal', code: 'ours', sentence, retryAt: null }
  }
}

const keyOf = ({ accountId, id }: MirroredCalendar): CalendarKey => ({ accountId, calendarId: id })
const keyText = ({ accountId, calendarId }: CalendarKey) => JSON.stringify([accountId, calendarId])
