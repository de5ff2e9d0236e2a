import type { Instant, Interval } from '../time/types.ts'
import { dayMs } from '../time/types.ts'
import type { EventTime, OverrideOf, RecurrenceSet } from './calendar-event.ts'

/** Whether any occurrence may touch the window; errs on the side of keeping. */
export function mayTouch(
  window: Interval,
  startAt: Instant,
  time: EventTime,
  recurrence: RecurrenceSet | null,
  override: OverrideOf | null,
): boolean {
  const lengthMs = time.exactMs + time.nominalDays * dayMs + slackMs
  const touches = (at: Instant) => at < window.endAt + slackMs && at + lengthMs > window.startAt
  if (override) return override.andFuture || touches(startAt) || touches(override.originalStartAt)
  if (touches(startAt)) return true
  if (!recurrence) return false
  if (startAt < window.endAt + slackMs) {
    for (const { until } of recurrence.rules) {
      if (!until) return true
      const lastAt = until.form === 'instant' ? until.at : until.wall + dayMs
      if (lastAt + lengthMs + slackMs > window.startAt) return true
    }
  }
  return recurrence.additions.some(
    ({ startAt: at, exactMs }) => touches(at) || (exactMs !== null && touches(at + exactMs)),
  )
}

/** Dates have no zone and all-day events stand for themselves everywhere, so windows are widened by a day and more. */
const slackMs = 2 * dayMs
