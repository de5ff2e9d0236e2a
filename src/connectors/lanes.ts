import type { Clock } from '../clock.ts'
import { PortError } from '../port-error.ts'
import type { TickBudget } from './connector.ts'
import type { Lane } from './http-policy.ts'

/**
 * Who may send now. One queue in order of arrival: whenever a place is given back, a window slides or a hold ends, the
 * oldest that finds room in all its lanes goes first. One that waits for a lane of its own may be overtaken in a lane
 * it shares, since lanes do not wait for each other; what it waits for ends, or the tick does.
 *
 * There is one timer, for the earliest instant at which somebody could go, and none while all wait for places.
 */
export interface Lanes {
  /**
   * Waits for room in all lanes, takes it and one request of the budget, and begins the task in the same moment: what
   * was counted as sent now is sent now. The place is given back when the task ends.
   *
   * @throws PortError `paused` when the budget is spent, is past its end, was aborted or would end while a window is
   * full; `busy` with `retryAt` when it would end while a lane is held. And what the task throws.
   */
  run<T>(lanes: readonly Lane[], budget: TickBudget, host: string, task: () => Promise<T>): Promise<T>
  /** Nobody enters the named lanes before `untilAt`. A hold is never shortened. */
  hold(names: readonly string[], untilAt: number): void
}

export function createLanes(clock: Clock): Lanes {
  const states = new Map<string, LaneState>()
  let waiting: Ticket[] = []
  let timer: { readonly at: number; readonly controller: AbortController } | null = null
  let sweepAt = fewLanes

  return {
    run(lanes, budget, host, task) {
      if (states.size >= sweepAt) sweep()
      return new Promise((resolve, reject) => {
        const onAbort = () => {
          waiting = waiting.filter(other => other !== ticket)
          reject(spent('The work was stopped; the next run goes on from here.'))
        }
        const forget = () => budget.signal?.removeEventListener('abort', onAbort)
        const ticket: Ticket = {
          lanes: lanes.map(stateOf),
          budget,
          host,
          go() {
            forget()
            task()
              .finally(() => leave(ticket))
              .then(resolve, reject)
          },
          refuse(error) {
            forget()
            reject(error)
          },
        }
        budget.signal?.addEventListener('abort', onAbort, { once: true })
        waiting.push(ticket)
        pump()
      })
    },
    hold(names, untilAt) {
      for (const name of names) {
        const state = states.get(name)
        if (state !== undefined) state.heldUntilAt = Math.max(state.heldUntilAt, Math.ceil(untilAt))
      }
      pump()
    },
  }

  function pump(): void {
    const now = clock.now()
    let wakeAt = Number.POSITIVE_INFINITY
    const still: Ticket[] = []
    const going: Ticket[] = []
    for (const ticket of waiting) {
      const refusal = refusalOf(ticket, now)
      if (refusal !== null) ticket.refuse(refusal)
      else if (!ticket.lanes.every(hasPlace)) still.push(ticket)
      else {
        const at = Math.max(now, ...ticket.lanes.map(readyAt))
        if (at <= now) {
          take(ticket, now)
          going.push(ticket)
        } else {
          still.push(ticket)
          wakeAt = Math.min(wakeAt, at)
        }
      }
    }
    waiting = still
    for (const ticket of going) ticket.go()
    arm(wakeAt, now)
  }

  function take({ budget, lanes }: Ticket, now: number): void {
    budget.requests--
    for (const lane of lanes) {
      lane.active++
      if (lane.limits.perWindow !== undefined) lane.startedAt.push(now)
    }
  }

  function leave(ticket: Ticket): void {
    for (const lane of ticket.lanes) lane.active--
    pump()
  }

  function arm(wakeAt: number, now: number): void {
    if (timer !== null && timer.at === wakeAt) return
    timer?.controller.abort()
    timer = null
    if (wakeAt === Number.POSITIVE_INFINITY) return
    const mine = { at: wakeAt, controller: new AbortController() }
    timer = mine
    void clock.sleep(Math.min(wakeAt - now, longestSleepMs), mine.controller.signal).then(() => {
      if (timer !== mine) return
      timer = null
      pump()
    })
  }

  function stateOf(lane: Lane): LaneState {
    const known = states.get(lane.name)
    if (known !== undefined) {
      known.limits = lane
      return known
    }
    const fresh: LaneState = { limits: lane, active: 0, startedAt: [], heldUntilAt: 0 }
    states.set(lane.name, fresh)
    return fresh
  }

  /** Lanes nobody is in and nothing is remembered of: a lane a person adds up in a process that lives for months. */
  function sweep(): void {
    const now = clock.now()
    const used = new Set(waiting.flatMap(ticket => ticket.lanes))
    for (const [name, lane] of states) {
      if (lane.active === 0 && lane.heldUntilAt <= now && lastOfWindow(lane) <= now && !used.has(lane))
        states.delete(name)
    }
    sweepAt = Math.max(fewLanes, states.size * 2)
  }

  function refusalOf({ budget, lanes, host }: Ticket, now: number): PortError | null {
    if (budget.signal?.aborted) return spent('The work was stopped; the next run goes on from here.')
    if (budget.requests < 1)
      return spent('The requests allowed for this run are used up; the next run goes on from here.')
    if (now >= budget.untilAt) return spent('The time allowed for this run is used up; the next run goes on from here.')
    const heldUntilAt = Math.max(0, ...lanes.map(lane => lane.heldUntilAt))
    if (heldUntilAt >= budget.untilAt) {
      return new PortError('busy', `${host} wants to be left alone for a while. It is asked again later.`, {
        retryAt: heldUntilAt,
      })
    }
    const roomAt = Math.max(0, ...lanes.map(windowAt))
    if (roomAt >= budget.untilAt) {
      return spent(`As many requests as ${host} allows were sent; the next run goes on from here.`, roomAt)
    }
    return null
  }
}

interface Ticket {
  readonly lanes: readonly LaneState[]
  readonly budget: TickBudget
  readonly host: string
  go(): void
  refuse(error: PortError): void
}

interface LaneState {
  /** As given last. */
  limits: Lane
  active: number
  /** Starts that the window may still hold, oldest first. */
  startedAt: number[]
  heldUntilAt: number
}

const fewLanes = 256
/** Timers count in 31 bits; a longer wait wakes in between and goes on. */
const longestSleepMs = 60 * 60 * 1000

function hasPlace({ limits, active }: LaneState): boolean {
  return limits.concurrent === undefined || active < limits.concurrent
}

function readyAt(lane: LaneState): number {
  return Math.max(lane.heldUntilAt, windowAt(lane))
}

/** When the window has room: `requests` starts back, plus its length. The window is half-open. */
function windowAt(lane: LaneState): number {
  const window = lane.limits.perWindow
  if (window === undefined) return 0
  const { startedAt } = lane
  // in blocks, so that a full window of ten thousand is not moved with each request
  if (startedAt.length > window.requests * 2) startedAt.splice(0, startedAt.length - window.requests)
  const blocking = startedAt[startedAt.length - window.requests]
  return blocking === undefined ? 0 : blocking + window.ms
}

function lastOfWindow({ limits, startedAt }: LaneState): number {
  const last = startedAt.at(-1)
  return last === undefined || limits.perWindow === undefined ? 0 : last + limits.perWindow.ms
}

function spent(sentence: string, retryAt: number | null = null): PortError {
  return new PortError('paused', sentence, { retryAt })
}
