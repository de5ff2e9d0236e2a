import type { Clock } from '../../clock.ts'
import type { CalendarRef, Connector, PullStep, TickBudget, Tier } from '../../connectors/connector.ts'
import { type Instant, type Interval, minuteMs } from '../../domain/time/types.ts'
import { PortError, type PortErrorCode } from '../../port-error.ts'
import type { CalendarKey, CalendarSync, MirroredCalendar, RoundState } from '../../store/accounts.ts'
import type { MirrorStore, StepToApply } from '../../store/mirror-store.ts'
import { providerEtags } from './limit-to-tier.ts'
import { mergeLeftOut } from './merge-left-out.ts'
import { prepareStep } from './prepare-step.ts'
import {
  betweenForcedRoundsMs,
  jittered,
  lookAgainMs,
  pauseAfter,
  type SyncPolicy,
  windowAround,
} from './sync-policy.ts'

export interface SyncCalendarDeps {
  readonly mirror: MirrorStore
  readonly connector: Connector
  readonly clock: Clock
}

export interface SyncCalendarInput {
  readonly calendar: MirroredCalendar
  readonly tier: Tier
  readonly policy: SyncPolicy
  readonly budget: TickBudget
  /** A person said that the vanished half of the future is right. */
  readonly acceptVanished: boolean
  readonly progress?: SyncProgress
}

/** After each step: how much of this calendar was brought in this run. */
export type SyncProgress = (at: {
  readonly calendar: MirroredCalendar
  readonly items: number
  readonly round: 'full' | 'changes'
}) => void

export interface CalendarOutcome {
  /**
   * `done`: as the provider is. `paused`: the tick is over, the round goes on in the next. `elsewhere`: another process
   * is on it, or it was disconnected. `no-mailbox`: its person has none, which is no failure. `failed`:
   * see the calendar's status and sentence. `signed-out`: the whole account is.
   */
  readonly result: 'done' | 'paused' | 'elsewhere' | 'no-mailbox' | 'failed' | 'signed-out'
  readonly sentence: string | null
  readonly steps: number
  /** Item rows written and removed. */
  readonly written: number
  readonly removed: number
  /** A full round had to begin because the provider had forgotten the cursor. */
  readonly forced: boolean
}

/**
 * Brings one calendar up to date, step by step, until its round is complete or the tick is over. Never throws for what
 * a provider does: the calendar is marked with a sentence, and the next one has its turn.
 */
export async function syncCalendar(deps: SyncCalendarDeps, input: SyncCalendarInput): Promise<CalendarOutcome> {
  const run = new CalendarRun(deps, input)
  try {
    await run.round()
    return run.outcome('done', null)
  } catch (error) {
    return await run.failed(error)
  }
}

class CalendarRun {
  readonly #deps: SyncCalendarDeps
  readonly #input: SyncCalendarInput
  readonly #key: CalendarKey
  #calendar: MirroredCalendar
  #sync: CalendarSync
  #steps = 0
  #written = 0
  #removed = 0
  #forced = false
  #isClaimed = false

  constructor(deps: SyncCalendarDeps, input: SyncCalendarInput) {
    this.#deps = deps
    this.#input = input
    this.#calendar = input.calendar
    this.#sync = input.calendar.sync
    this.#key = { accountId: input.calendar.accountId, calendarId: input.calendar.id }
  }

  outcome(result: CalendarOutcome['result'], sentence: string | null): CalendarOutcome {
    return {
      result,
      sentence,
      steps: this.#steps,
      written: this.#written,
      removed: this.#removed,
      forced: this.#forced,
    }
  }

  /** One round to its end; after the rest of the one under way another. */
  async round(): Promise<void> {
    // what we are told while the round is under way may be newer than it
    if (this.#input.budget.requests > 0) {
      await this.#deps.mirror.claim(this.#key, this.#now() + claimMs)
      this.#isClaimed = true
    }
    await this.#beginNewWindow()
    const isRest = this.#sync.round !== null
    await this.#toTheEnd()
    // the rest of an earlier round ends where the provider was when that began: what changed since is asked for as well
    if (isRest && this.#sync.status === 'current') await this.#toTheEnd()
  }

  async #toTheEnd(): Promise<void> {
    for (;;) {
      try {
        if (await this.#step()) return
      } catch (error) {
        if (!(error instanceof PortError) || error.code !== 'cursor-expired') throw error
        await this.#startOver(error)
      }
    }
  }

  /** A window that has grown old is replaced by a full round with a newer one; the old data is served meanwhile. */
  async #beginNewWindow(): Promise<void> {
    const { policy } = this.#input
    const { windowStartAt, cursor, round } = this.#sync
    if (cursor === null || round !== null || windowStartAt === null) return
    const now = this.#now()
    // every calendar has its own hour, so that a thousand of them are not read whole in the same one
    const goodForMs = jittered(policy.windowGoodForMs, spread(this.#key))
    // one that was made around a later day is the work of a clock that was wrong
    if (Math.abs(now - (windowStartAt + policy.pastMs)) < goodForMs) return
    await this.#change({ cursor: null })
  }

  /** True when the round is complete. */
  async #step(): Promise<boolean> {
    const { connector } = this.#deps
    const { budget } = this.#input
    const now = this.#now()
    const window = this.#window(now)
    const step = await this.#pull(window, now)
    const round = await this.#roundAfter(step, now)
    const prepared = await prepareStep(
      { mirror: this.#deps.mirror, connector },
      { key: this.#key, calendar: this.#ref(), step, tier: this.#input.tier, window, now, budget },
    )
    const content = {
      ...prepared,
      ...(step.about === undefined ? {} : { about: step.about }),
      leftOut: mergeLeftOut(round.kind === 'full' && round.steps === 1 ? [] : this.#sync.leftOut, step.leftOut),
    }
    if (!step.done) {
      await this.#apply(content, this.#underWay(step.cursor, round, window), 'open')
      return false
    }
    if (round.kind === 'changes') {
      await this.#apply(content, this.#completed(step.cursor, round, now), 'close')
      await this.#fillMissingSeries(window, now)
      return true
    }
    return await this.#completeFull(content, step, round, window, now)
  }

  /**
   * The end of a full round, where what it did not name is removed. When that is half of the future, a provider is asked
   * a second time and believed then; a feed, which anybody may have cut, is held until a person has looked.
   */
  async #completeFull(
    content: StepContent,
    step: PullStep,
    round: RoundState,
    window: Interval,
    now: Instant,
  ): Promise<boolean> {
    const { mirror } = this.#deps
    const done = this.#completed(step.cursor, round, now)
    const windowed = {
      ...done,
      windowStartAt: window.startAt,
      windowEndAt: window.endAt,
      generation: this.#sync.generation + 1,
    }
    const mustLook = this.#sync.generation > 0 && !this.#input.acceptVanished
    if (!mustLook) {
      // whatever a round from nothing did not name is not there either, and looking for it is a tenth of the work
      await this.#apply(content, windowed, round.fromNothing === true ? 'close' : 'sweep')
      await this.#fillMissingSeries(window, now)
      return true
    }
    // The cursor stays where it is until the decision: whoever dies here pulls this step again.
    await this.#apply(content, this.#underWay(this.#sync.cursor, round, window), 'open')
    const { total, future, futureBefore } = await mirror.wouldSweep(this.#key, now)
    if (future * 2 > futureBefore && future >= fewestSuspicious) {
      if (this.#deps.connector.provider === 'ics') {
        await this.#hold(future, futureBefore, now)
        return true
      }
      if (round.missingBefore === null) {
        await this.#abandon({
          cursor: null,
          round: { kind: 'full', startedAt: now, steps: 0, missingBefore: future },
        })
        return false
      }
    }
    // nobody wrote meanwhile, or the step is refused: what was not there to sweep is not looked for again
    await this.#apply(nothing(content.leftOut), windowed, total === 0 ? 'close' : 'sweep')
    await this.#fillMissingSeries(window, now)
    return true
  }

  async #hold(future: number, futureBefore: number, now: Instant): Promise<void> {
    const { policy } = this.#input
    await this.#abandon({
      status: 'held',
      sentence:
        `${future} of ${futureBefore} future events are missing from the feed since its last reading; nothing was ` +
        'removed. If that is right, run `minutewise sync --accept CALENDAR` with its name.',
      // whatever was read of this round does not count: the next one names everything again
      cursor: null,
      round: null,
      triedAt: now,
      nextAt: now + jittered(policy.intervalMs, this.#deps.clock.random()),
      failures: 0,
    })
  }

  /** The provider forgot the cursor: everything once more, beside what is there; at most once an hour. */
  async #startOver(error: PortError): Promise<void> {
    const now = this.#now()
    const { forcedAt } = this.#sync
    if (forcedAt !== null && Math.abs(now - forcedAt) < betweenForcedRoundsMs) {
      throw new PortError(
        'rejected',
        'The provider forgot twice within an hour how far this calendar was read. It is left alone for a while; the ' +
          'events read before are still there.',
        { cause: error, retryAt: forcedAt + betweenForcedRoundsMs },
      )
    }
    this.#forced = true
    await this.#abandon({
      status: this.#sync.generation > 0 ? 'resyncing' : this.#sync.status,
      cursor: null,
      round: null,
      forcedAt: now,
    })
  }

  /** Occurrences may come before their series, or in a round without it; a series that is not found is asked for again. */
  async #fillMissingSeries(window: Interval, now: Instant): Promise<void> {
    const { mirror, connector } = this.#deps
    const missing = await mirror.missingSeries(this.#key)
    for (let from = 0; from < missing.length; from += seriesPerFetch) {
      const ids = missing.slice(from, from + seriesPerFetch)
      const { budget, tier } = this.#input
      const changes = await connector.fetchItems({ calendar: this.#ref(), ids, window, now, budget })
      // one that cannot be found now may be found later: its occurrences wait
      const found = changes.filter(change => change.kind === 'item')
      if (found.length === 0) continue
      const prepared = await prepareStep(
        { mirror, connector },
        { key: this.#key, calendar: this.#ref(), step: { changes: found, present: [] }, tier, window, now, budget },
      )
      await this.#apply({ ...prepared, named: [], replacedSeries: [], leftOut: this.#sync.leftOut }, {}, 'close')
    }
  }

  async failed(error: unknown): Promise<CalendarOutcome> {
    const now = this.#now()
    const known = error instanceof PortError ? error : null
    const code = known?.code ?? 'ours'
    if (code === 'paused') {
      if (this.#isClaimed) await this.#deps.mirror.lookNow([this.#key])
      return this.outcome('paused', null)
    }
    if (code === 'conflict') return this.outcome('elsewhere', null)
    if (code === 'signed-out') return this.outcome('signed-out', known!.message)
    // the database itself: no calendar is to blame, and no other will fare better
    if (code !== 'ours' && storeCodes.has(code)) throw error
    const sentence = known?.message ?? faultOfOurs('calendar', error)
    const failures = this.#sync.failures + 1
    const { status, waitMs } = afterFailure(code, failures, this.#deps.clock.random())
    try {
      await this.#change({
        status,
        sentence,
        failures,
        triedAt: now,
        nextAt: Math.max(known?.retryAt ?? 0, now + waitMs),
      })
    } catch (raced) {
      if (!(raced instanceof PortError)) throw raced
      if (raced.code === 'not-found') return this.outcome('elsewhere', 'It was disconnected meanwhile.')
      if (raced.code !== 'conflict') throw raced
      return this.outcome('elsewhere', null)
    }
    return this.outcome(code === 'no-mailbox' ? 'no-mailbox' : 'failed', sentence)
  }

  #now(): Instant {
    return this.#deps.clock.now()
  }

  #ref(): CalendarRef {
    const { id, ownerAddress, zone } = this.#calendar
    return { id, ownerAddress, zone }
  }

  async #pull(window: Interval, now: Instant): Promise<PullStep> {
    const { connector, mirror } = this.#deps
    try {
      return await connector.pull({
        calendar: this.#ref(),
        cursor: this.#sync.cursor,
        window,
        now,
        known: async () => providerEtags(await mirror.etags(this.#key), this.#input.tier),
        budget: this.#input.budget,
      })
    } catch (error) {
      // a provider's word for who knows what; our own says that another process is on this calendar
      if (error instanceof PortError && error.code === 'conflict') throw new PortError('failed', error.message)
      throw error
    }
  }

  /** Decided at the start of a full round and kept until the next. */
  #window(now: Instant): Interval {
    const { windowStartAt, windowEndAt, cursor } = this.#sync
    if (cursor === null || windowStartAt === null || windowEndAt === null) return windowAround(now, this.#input.policy)
    return { startAt: windowStartAt, endAt: windowEndAt }
  }

  async #roundAfter(step: PullStep, now: Instant): Promise<RoundState> {
    const { round, generation } = this.#sync
    if (round !== null && round.steps > 0) return { ...round, steps: round.steps + 1 }
    const fromNothing =
      step.round === 'full' && generation === 0 && (await this.#deps.mirror.countItems(this.#key)) === 0
    return {
      kind: step.round,
      startedAt: round?.startedAt ?? now,
      steps: 1,
      missingBefore: round?.missingBefore ?? null,
      ...(fromNothing ? { fromNothing } : {}),
    }
  }

  #underWay(cursor: string | null, round: RoundState, window: Interval): Partial<CalendarSync> {
    const windowed = round.kind === 'full' ? { windowStartAt: window.startAt, windowEndAt: window.endAt } : {}
    return { cursor, round, ...windowed }
  }

  #completed(cursor: string, round: RoundState, now: Instant): Partial<CalendarSync> {
    return {
      cursor,
      round: null,
      status: 'current',
      sentence: null,
      asOf: round.startedAt,
      triedAt: now,
      nextAt: now + jittered(this.#input.policy.intervalMs, this.#deps.clock.random()),
      failures: 0,
    }
  }

  async #apply(content: StepContent, sync: Partial<CalendarSync>, end: StepToApply['end']): Promise<void> {
    const { leftOut, ...rest } = content
    const next = { ...sync, leftOut }
    const applied = await this.#deps.mirror.applyStep({
      key: this.#key,
      version: this.#sync.version,
      ...rest,
      sync: next,
      heedLook: true,
      end,
    })
    this.#sync = { ...this.#sync, ...next, version: applied.version }
    this.#steps++
    this.#written += applied.written
    this.#removed += applied.removed
    const kind = this.#sync.round?.kind ?? 'changes'
    this.#input.progress?.({ calendar: this.#calendar, items: this.#written, round: kind })
  }

  async #change(change: Partial<CalendarSync>): Promise<void> {
    await this.#deps.mirror.updateSync(this.#key, this.#sync.version, change)
    this.#sync = { ...this.#sync, ...change, version: this.#sync.version + 1 }
  }

  async #abandon(change: Partial<CalendarSync>): Promise<void> {
    await this.#deps.mirror.abandonRound(this.#key, this.#sync.version, change)
    this.#sync = { ...this.#sync, ...change, version: this.#sync.version + 1 }
  }
}

type StepContent = Pick<StepToApply, 'items' | 'removed' | 'named' | 'replacedSeries' | 'hides' | 'about'> &
  Pick<CalendarSync, 'leftOut'>

const nothing = (leftOut: CalendarSync['leftOut']): StepContent => ({
  items: [],
  removed: [],
  named: [],
  replacedSeries: [],
  leftOut,
})

/** One or two future events that vanish are a cancelled meeting, whatever share of a quiet calendar they are. */
const fewestSuspicious = 4
const seriesPerFetch = 50
/** Whoever dies in a round has its calendar asked again after this; a round that takes longer is met by its version. */
const claimMs = 10 * minuteMs

/** What the store throws about itself; connectors never do. */
const storeCodes: ReadonlySet<PortErrorCode> = new Set(['full', 'read-only', 'newer', 'unsupported'])

/** The one table from what went wrong to what becomes of the calendar. */
function afterFailure(
  code: PortErrorCode | 'ours',
  failures: number,
  random: number,
): { readonly status: CalendarSync['status']; readonly waitMs: number } {
  switch (code) {
    case 'denied':
    case 'no-mailbox':
      return { status: 'closed', waitMs: lookAgainMs }
    case 'not-found':
      return { status: 'gone', waitMs: lookAgainMs }
    case 'rejected':
      return { status: 'needs-attention', waitMs: betweenForcedRoundsMs }
    case 'ours':
    case 'too-large':
      return { status: 'needs-attention', waitMs: lookAgainMs }
    default:
      return { status: 'retrying', waitMs: pauseAfter(failures, random) }
  }
}

/** Its name alone: what an unexpected error says may be anything. */
export function faultOfOurs(at: 'account' | 'calendar', error: unknown): string {
  const name = error instanceof Error ? error.name : typeof error
  return `Minutewise failed on this ${at}, which is a fault of ours (${name}). Please report it.`
}

/** 0 <= spread < 1, the same for a calendar in every run. */
function spread({ accountId, calendarId }: CalendarKey): number {
  let sum = 0
  for (const char of `${accountId} ${calendarId}`) sum = (sum * 31 + char.codePointAt(0)!) % 1_000_003
  return sum / 1_000_003
}
