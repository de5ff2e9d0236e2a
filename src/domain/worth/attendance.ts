import type { Invitee, Range, Roster } from '../meetings/types.ts'
import type { AttendanceWeights } from './types.ts'

/**
 * How likely an invited person comes, by reply: the means of Beta(18,2), Beta(5,5), Beta(5,5) and Beta(1,19). These
 * beliefs are ours, not published; the nearest precedent is learning attendance from calendars (Horvitz et al., UAI 2002).
 */
export const defaultAttendance: AttendanceWeights = {
  accepted: 18 / 20,
  tentative: 5 / 10,
  none: 5 / 10,
  declined: 1 / 20,
}

/**
 * Probability that this person comes. Whoever did not say counts as nobody in `low` and as present in `high`.
 * An organizer without a reply counts as having accepted: most calendars record none for the one who invites.
 */
export function attendanceOf(invitee: Invitee, weights: AttendanceWeights): Range {
  const response = invitee.isOrganizer && invitee.response === 'none' ? 'accepted' : invitee.response
  const expected = weights[response]
  if (response === 'tentative' || response === 'none') return { low: 0, expected, high: 1 }
  return { low: expected, expected, high: expected }
}

/**
 * How many people are expected in the room. Group addresses are intervals already (`Roster.headcount`). When nobody is
 * listed it is the one person whose calendar this is, and a lower bound.
 */
export function expectedPeople(roster: Roster, weights: AttendanceWeights): Range {
  if (!roster.known) return { low: 1, expected: 1, high: 1 }
  let [low, expected, high] = [0, 0, 0]
  for (const invitee of roster.people) {
    const attendance = attendanceOf(invitee, weights)
    low += attendance.low
    expected += attendance.expected
    high += attendance.high
  }
  for (const group of roster.groups) {
    low += group.members.low
    expected += group.members.expected
    high += group.members.high
  }
  return { low, expected, high }
}

/** Figures about these people are lower bounds: the list is cut, missing, or has a group nobody can count. */
export function isLowerBound(roster: Roster): boolean {
  return roster.truncated || !roster.known || roster.groups.some(group => !group.sizeKnown)
}
