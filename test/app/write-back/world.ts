import { applyWrites } from '../../../src/app/write-back/apply-writes.ts'
import type { AddBlock, MoveBlock, WriteRequest } from '../../../src/app/write-back/plan-writes.ts'
import { planWrites } from '../../../src/app/write-back/plan-writes.ts'
import type { WriteBackDeps } from '../../../src/app/write-back/write-back-deps.ts'
import type { CalendarItem, CalendarWriter } from '../../../src/connectors/connector.ts'
import { accountNamed, calendarOf, memoryAccounts } from '../../fakes/memory-accounts.ts'
import { memoryWriter } from '../../fakes/memory-writer.ts'

export const hour = 3_600_000
/** Friday 20 November 2026, 09:00 UTC. */
export const now = Date.UTC(2026, 10, 20, 9)
/** Monday 23 November 2026, 09:00 in Madrid. */
export const monday = Date.UTC(2026, 10, 23, 8)

export interface World extends WriteBackDeps {
  readonly accounts: ReturnType<typeof memoryAccounts>
  readonly writer: ReturnType<typeof memoryWriter>
  readonly calendar: ReturnType<ReturnType<typeof memoryWriter>['calendar']>
  advance(ms: number): void
  /** Another process on the same calendar and journal. */
  through(writer: CalendarWriter, mirror?: Partial<WriteBackDeps['accounts']['mirror']>): WriteBackDeps
}

/** Ana's calendar at a provider in memory. */
export function world(items: readonly CalendarItem[] = []): World {
  const writer = memoryWriter()
  const ana = accountNamed('ana@lantern.example')
  const accounts = memoryAccounts({ accounts: [ana], calendars: [calendarOf(ana, 'ana')], items, writer })
  let at = now
  const deps = { tenant: 'here', now: () => at, budget: { requests: 10_000, untilAt: Date.UTC(2100, 0, 1) } }
  return {
    ...deps,
    accounts,
    writer,
    calendar: writer.calendar('ana'),
    advance: ms => {
      at += ms
    },
    through: (other, mirror = {}) => ({
      ...deps,
      accounts: {
        mirror: { ...accounts.mirror, ...mirror },
        connectionOf: async account => ({ ...(await accounts.connectionOf(account)), writer: other }),
      },
    }),
  }
}

export const addBlock = (change: Partial<AddBlock> = {}): AddBlock => ({
  kind: 'add-block',
  account: null,
  calendar: null,
  startWall: Date.UTC(2026, 10, 23, 9),
  endWall: Date.UTC(2026, 10, 23, 11),
  zone: null,
  title: 'Focus time',
  blockKind: 'focus',
  purpose: 'focus',
  why: 'Keeps the morning free.',
  avoidMeetings: false,
  ...change,
})

export const moveBlock = (block: string, change: Partial<MoveBlock> = {}): MoveBlock => ({
  kind: 'move-block',
  account: null,
  calendar: null,
  block,
  startWall: Date.UTC(2026, 10, 24, 9),
  endWall: null,
  zone: null,
  avoidMeetings: false,
  ...change,
})

export const removeBlock = (block: string): WriteRequest => ({
  kind: 'remove-block',
  account: null,
  calendar: null,
  block,
})

export const setAgenda = (event: string, text = '1. Which queue?'): WriteRequest => ({
  kind: 'set-agenda',
  account: null,
  calendar: null,
  event,
  text,
})

export const removeAgenda = (event: string): WriteRequest => ({
  kind: 'remove-agenda',
  account: null,
  calendar: null,
  event,
})

/** Plans and applies; gives the outcomes' states. */
export async function written(deps: WriteBackDeps, ...requests: readonly WriteRequest[]): Promise<readonly string[]> {
  const plan = await planWrites(deps, requests)
  const { outcomes } = await applyWrites(deps, plan)
  return [...plan.refusals.map(each => each.reason), ...outcomes.map(each => each.state)]
}
