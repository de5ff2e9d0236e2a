import type { SettledWrite, WriteOutcome, WritePlan } from '../../domain/focus/write-plan.ts'
import { carryOut } from './carry-out.ts'
import { openJournal } from './journal.ts'
import { isPlace, openPlaces } from './places.ts'
import type { WriteBackDeps } from './write-back-deps.ts'

export interface WritesApplied {
  /** One for each write of the plan, in its order. */
  readonly outcomes: readonly WriteOutcome[]
  readonly settled: readonly SettledWrite[]
}

/**
 * Does what a plan says, one write after the other, each through the journal. One that fails stops no other. The same
 * plan applied twice does everything once.
 *
 * Throws when the journal itself cannot be written: nothing goes out that was not written down before.
 */
export async function applyWrites(
  deps: WriteBackDeps,
  plan: Pick<WritePlan, 'writes' | 'settled'>,
): Promise<WritesApplied> {
  const journal = await openJournal(deps)
  const places = await openPlaces(deps)
  const run = { now: deps.now, budget: deps.budget, journal }
  for (const { ids, sentence } of plan.settled) await journal.close(ids, sentence)
  const outcomes: WriteOutcome[] = []
  for (const write of plan.writes) {
    const place = await places.of(write)
    outcomes.push(
      isPlace(place) ? await carryOut(run, place, write) : { write, state: 'refused', sentence: place.sentence },
    )
  }
  return { outcomes, settled: plan.settled }
}
