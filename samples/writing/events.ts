import { type PersonKey, people } from '../company/people.ts'
import type { Change, MeetingPlan } from '../company/plan.ts'
import { wallToInstant } from '../company/zones.ts'
import { seededDigits } from './seeded.ts'

/** One VEVENT to be: a single entry, the master of a series, or one changed occurrence. Walls are of `plan.zone`. */
export interface PlannedEvent {
  readonly uid: string
  readonly plan: MeetingPlan
  readonly title: string
  readonly agenda: string
  readonly startWall: number
  readonly minutes: number
  readonly allDay: boolean
  /** With UNTIL; null for anything but a master. */
  readonly rule: string | null
  readonly excludedWalls: readonly number[]
  /** The start the series gave this occurrence; null unless it is a changed one. */
  readonly originalWall: number | null
  readonly cancelled: boolean
  readonly change: Change | null
}

/** Everything of a plan that takes up lines in a calendar, the parts of a split series one after the other. */
export function plannedEvents(plan: MeetingPlan): readonly PlannedEvent[] {
  return parts(plan).flatMap(part => eventsOfPart(part.plan, part.uid))
}

/** UIDs of a plan, oldest first: two where the series was split. */
export function uidsOf(plan: MeetingPlan): readonly string[] {
  return parts(plan).map(part => part.uid)
}

export function isOnCalendarOf(person: PersonKey, plan: MeetingPlan): boolean {
  return plan.by === person || [plan.with, plan.optional, plan.continues?.with].some(list => list?.includes(person))
}

/** `2026-05-21 15:00` or `2026-05-21`, as the epoch milliseconds the reading would have in UTC. */
function wallOf(text: string): number {
  const [date = '', time = '00:00'] = text.split(' ')
  return Date.parse(`${date}T${time}:00Z`)
}

/** Basic format of RFC 5545: `20260521T150000`. */
export function basic(wall: number): string {
  return new Date(wall).toISOString().slice(0, 19).replace(/[-:]/g, '')
}

interface Part {
  readonly plan: MeetingPlan
  readonly uid: string
}

function parts(plan: MeetingPlan): readonly Part[] {
  const uid = coinUid(plan.key, plan)
  const { continues, ...first } = plan
  if (!continues) return [{ plan, uid }]
  const splitOn = continues.starts.slice(0, 10)
  const { changes: _, excluded: __, cancelled: ___, ...inherited } = first
  const second: MeetingPlan = { ...inherited, ...continues }
  return [
    { plan: { ...first, lastOn: previousDay(splitOn) }, uid },
    { plan: second, uid: coinUidOfRest(uid, plan, second) },
  ]
}

function eventsOfPart(plan: MeetingPlan, uid: string): readonly PlannedEvent[] {
  const allDay = !plan.starts.includes(' ')
  const startWall = wallOf(plan.starts)
  const at = (on: string) => wallOf(on) + (allDay ? 0 : startWall % 86_400_000)
  const master: PlannedEvent = {
    uid,
    plan,
    title: plan.title,
    agenda: plan.agenda ?? '',
    startWall,
    minutes: plan.minutes,
    allDay,
    rule: plan.rule ? ruleWithEnd(plan) : null,
    excludedWalls: (plan.excluded ?? []).map(at),
    originalWall: null,
    cancelled: !plan.rule && (plan.cancelled ?? []).length > 0,
    change: null,
  }
  if (!plan.rule) return [master]

  const changed = (plan.changes ?? []).map(change => ({
    ...master,
    title: change.title ?? plan.title,
    agenda: change.agenda ?? master.agenda,
    startWall: change.to ? wallOf(change.to) : at(change.on),
    minutes: change.minutes ?? plan.minutes,
    rule: null,
    excludedWalls: [],
    originalWall: at(change.on),
    change,
  }))
  const called = (plan.cancelled ?? []).map(on => ({
    ...master,
    startWall: at(on),
    rule: null,
    excludedWalls: [],
    originalWall: at(on),
    cancelled: true,
  }))
  return [master, ...[...changed, ...called].sort((a, b) => a.originalWall - b.originalWall)]
}

/** Both systems end a series at the last second of its last day, in UTC (RFC 5545 section 3.3.10). */
function ruleWithEnd(plan: MeetingPlan): string {
  if (!plan.lastOn) return plan.rule ?? ''
  return `${plan.rule};UNTIL=${basic(wallToInstant(wallOf(`${plan.lastOn} 23:59`) + 59_000, plan.zone))}Z`
}

function coinUid(key: string, plan: MeetingPlan): string {
  if (people[plan.by].mail === 'google') {
    return `${seededDigits(key, '0123456789abcdefghijklmnopqrstuv', 26)}@google.com`
  }
  return `040000008200E00074C5B7101A82E00800000000${seededDigits(`${key} made`, '0123456789ABCDEF', 16)}000000000000000010000000${seededDigits(key, '0123456789ABCDEF', 32)}`
}

/** Google appends where the rest of a series begins; Exchange coins a new UID and keeps no trace. */
function coinUidOfRest(uid: string, plan: MeetingPlan, rest: MeetingPlan): string {
  if (people[plan.by].mail === 'outlook') return coinUid(`${plan.key} from ${rest.starts}`, plan)
  return uid.replace('@', `_R${basic(wallToInstant(wallOf(rest.starts), rest.zone))}@`)
}

function previousDay(on: string): string {
  return new Date(wallOf(on) - 86_400_000).toISOString().slice(0, 10)
}
