import type { Interval } from '../time/types.ts'
import { minuteMs } from '../time/types.ts'

/** Meetings with less than this between them are back to back. */
export const breakMinutes = 5

/** Meetings one after the other without a break. One meeting alone is a run of one. */
export interface MeetingRun extends Interval {
  readonly meetings: number
}

/**
 * Stretches of meetings with under five minutes between, oldest first. A meeting inside another (double-booked) does
 * not make a run longer: only one that goes on after the other ends.
 */
export function meetingRuns(meetings: readonly Interval[]): MeetingRun[] {
  const runs: MeetingRun[] = []
  let run: { startAt: number; endAt: number; meetings: number } | null = null
  for (const { startAt, endAt } of [...meetings].sort((a, b) => a.startAt - b.startAt || a.endAt - b.endAt)) {
    if (endAt <= startAt) continue
    if (run && startAt - run.endAt < breakMinutes * minuteMs) {
      // From the same start the longer one replaces the shorter: still one meeting's worth of sitting.
      if (endAt > run.endAt && startAt > run.startAt) run.meetings++
      run.endAt = Math.max(run.endAt, endAt)
      continue
    }
    if (run) runs.push(run)
    run = { startAt, endAt, meetings: 1 }
  }
  if (run) runs.push(run)
  return runs
}

/** How often the meetings of each series touch another meeting with under five minutes between. */
export function touchingMeetings(
  meetings: readonly (Interval & { readonly seriesId: string })[],
): Map<string, { readonly touching: number; readonly held: number }> {
  const sorted = [...meetings].sort((a, b) => a.startAt - b.startAt || a.endAt - b.endAt)
  const touches = new Uint8Array(sorted.length)
  let latest = -1
  sorted.forEach((meeting, index) => {
    const before = sorted[latest]
    if (before && meeting.startAt - before.endAt < breakMinutes * minuteMs && meeting.startAt >= before.endAt) {
      touches[index] = 1
      touches[latest] = 1
    }
    if (!before || meeting.endAt > before.endAt) latest = index
  })
  const bySeries = new Map<string, { touching: number; held: number }>()
  sorted.forEach(({ seriesId }, index) => {
    const count = bySeries.get(seriesId) ?? { touching: 0, held: 0 }
    count.held++
    count.touching += touches[index] ?? 0
    bySeries.set(seriesId, count)
  })
  return bySeries
}
