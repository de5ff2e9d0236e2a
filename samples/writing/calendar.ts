import { type PersonKey, people } from '../company/people.ts'
import type { MeetingPlan } from '../company/plan.ts'
import { wallToInstant } from '../company/zones.ts'
import type { Stamps } from './dialect.ts'
import { basic, isOnCalendarOf, type PlannedEvent, plannedEvents } from './events.ts'
import { google } from './google.ts'
import { contentLines } from './lines.ts'
import { outlook } from './outlook.ts'
import { seededNumber } from './seeded.ts'

/** The export of one person's calendar, as their system writes it on the day of `exportedAt`. */
export function writeCalendar(owner: PersonKey, plans: readonly MeetingPlan[], exportedAt: number): string {
  const dialect = people[owner].mail === 'google' ? google : outlook
  const mine = plans.filter(plan => isOnCalendarOf(owner, plan))
  const zones = [...new Set(mine.filter(plan => plan.starts.includes(' ')).map(plan => plan.zone))].sort()
  const events = mine.flatMap(plannedEvents)
  return contentLines(
    [
      'BEGIN:VCALENDAR',
      ...dialect.header(owner),
      ...zones.flatMap(zone => dialect.timezone(zone)),
      ...events.flatMap(event => dialect.event(event, owner, stampsOf(event, exportedAt))),
      'END:VCALENDAR',
    ],
    dialect.continuation,
  )
}

/** Invitations are written some days ahead, changes to one occurrence in the two days before it. */
function stampsOf(event: PlannedEvent, exportedAt: number): Stamps {
  const minutesAhead = 3 * 1440 + seededNumber(event.uid, 17 * 1440)
  const writtenAt = (wall: number, minutes: number) =>
    Math.min(wallToInstant(wall, event.plan.zone) - minutes * 60_000, exportedAt)
  const createdAt = writtenAt(event.originalWall ?? event.startWall, minutesAhead)
  const modifiedAt =
    event.originalWall === null
      ? createdAt
      : writtenAt(event.originalWall, 60 + seededNumber(`${event.uid} ${event.originalWall}`, 2 * 1440))
  return { exported: utc(exportedAt), created: utc(createdAt), modified: utc(modifiedAt) }
}

function utc(instant: number): string {
  return `${basic(instant)}Z`
}
