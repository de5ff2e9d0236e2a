import type { Instant } from '../time/types.ts'
import type { CalendarEvent } from './calendar-event.ts'
import { stableHash } from './stable-id.ts'
import type { Roster, SeriesId } from './types.ts'

/**
 * A UID by which all parts and copies of a series can be found: without what Google adds when a series is split
 * (`abc_R20260312T130000@google.com`), and without the date of the one occurrence that Outlook writes into the UID
 * of a changed or forwarded occurrence (bytes 16 to 19 of a Global Object ID, MS-OXOCAL 2.2.1.27).
 */
export function normalUid(uid: string): string {
  const plain = uid.trim()
  const split = plain.indexOf('_R')
  if (split > 0) {
    const match = googleSplit.exec(plain)
    if (match) return plain.slice(0, match.index) + (match[1] ?? '')
  }
  // Safe to look at the first characters alone: every Global Object ID starts with the same sixteen bytes.
  if (plain.startsWith('04000000') && plain.length >= 40 && globalObjectId.test(plain)) {
    const upper = plain.toUpperCase()
    return `${upper.slice(0, 32)}00000000${upper.slice(40)}`
  }
  return plain
}

/**
 * One occurrence of a series, the same on every calendar that shows it; `seriesId` is the one of its own UID. In two
 * parts, as a calendar of a hundred thousand meetings has a few thousand of either.
 */
export function meetingIdStartOf(seriesId: SeriesId): string {
  return `m${seriesId.slice(1)}-`
}

/** The second part of a meeting's id. */
export function meetingIdEndOf(originalStartAt: Instant): string {
  return originalStartAt.toString(36)
}

/** The id of the series that starts with this UID. */
export function seriesIdOf(normalisedUid: string): SeriesId {
  return `s-${stableHash(normalisedUid)}`
}

/** How much a copy tells; of two copies the one that tells more speaks for the meeting. */
export function informationOf(event: CalendarEvent): number {
  return (
    event.attendees.length * 1000 +
    (event.organizer === null ? 0 : 500) +
    (event.title === null ? 0 : 400) +
    Math.min(event.description.length, 300) +
    (event.location === '' ? 0 : 20)
  )
}

/**
 * Two copies under different UIDs are probably one meeting when organizer, time and title agree (the caller compares
 * those) and the lists of people do not speak against it: parallel interviews share all but the people.
 */
export function haveSamePeople(left: Roster, right: Roster): boolean {
  return sharedPeople(left, right) >= probableOverlap
}

/** Share of people that two rosters have in common, 0 to 1 (Jaccard); 0 when either is empty. */
export function sharedPeople(left: Roster, right: Roster): number {
  const here = left.people.length
  const there = right.people.length
  if (here === 0 || there === 0) return 0
  if (left === right) return 1
  const shared = here * there <= smallEnough ? sharedByLooking(left, right) : sharedBySet(left, right)
  return shared / (here + there - shared)
}

/** Up to this many comparisons looking is quicker than building a set. */
const smallEnough = 100

function sharedByLooking(left: Roster, right: Roster): number {
  let shared = 0
  for (const { id } of right.people) {
    for (const each of left.people) {
      if (each.id !== id) continue
      shared++
      break
    }
  }
  return shared
}

function sharedBySet(left: Roster, right: Roster): number {
  const ids = new Set<string>()
  for (const each of left.people) ids.add(each.id)
  let shared = 0
  for (const each of right.people) if (ids.has(each.id)) shared++
  return shared
}

const probableOverlap = 0.5
const googleSplit = /_R\d{8}(?:T\d{6}Z?)?(@[^@]*)?$/
const globalObjectId = /^040000008200E00074C5B7101A82E008[0-9a-f]+$/i
