import type { CalendarFiles, OpenedCalendar, ReadProgress } from '../connectors/calendar-files.ts'
import type { CalendarRead, LeftOut } from '../connectors/calendar-read.ts'
import { type Expansion, expandEvents } from '../domain/meetings/expand.ts'
import { dateOf, startOfDay, weekdayOf } from '../domain/time/calendar-date.ts'
import { dayMs, type Instant, type Interval, type WallMillis, weekMs, type Zone } from '../domain/time/types.ts'
import { utc, zoneFor } from '../domain/time/zone-table.ts'
import { AppError } from './app-error.ts'

export interface ReadCalendarsInput {
  readonly paths: readonly string[]
  /** Midnight of the first and of the day after the last date; null for the weeks up to `now`. */
  readonly fromWall: WallMillis | null
  readonly toWall: WallMillis | null
  /** IANA name given by the user. */
  readonly zone: string | null
  /** IANA name of the zone the person of the audit lives in, where people.csv says; stands behind `zone`. */
  readonly homeZone?: string | null
  readonly now: Instant
  /** Of synced calendars: nothing later is known, so the usual window ends there at the latest. */
  readonly asOf?: Instant | null
}

export interface CalendarsRead {
  readonly window: Interval
  readonly fromWall: WallMillis
  readonly toWall: WallMillis
  readonly chosen: 'given' | 'recent' | 'latest-activity'
  readonly zone: Zone
  readonly zoneSource: 'given' | 'person' | 'calendar' | 'none'
  readonly calendars: readonly ExpandedCalendar[]
}

export interface ExpandedCalendar {
  readonly read: CalendarRead
  readonly expansion: Expansion
}

/** What was left out of one calendar: by its reader, and by the bounds of the expansion. */
export function leftOutOf({ read, expansion }: ExpandedCalendar): readonly LeftOut[] {
  return [...read.leftOut, ...expansion.leftOut.map(cappedSentence)]
}

function cappedSentence({ code, count }: Expansion['leftOut'][number]): LeftOut {
  const [series, repeat, have] = count === 1 ? ['1 series', 'repeats', 'has'] : [`${count} series`, 'repeat', 'have']
  switch (code) {
    case 'rule-too-frequent':
      return {
        code,
        count,
        sentence: `${series} ${repeat} more often than meetings do (every few minutes or seconds); the repetitions were left out.`,
      }
    case 'step-cap':
      return {
        code,
        count,
        sentence: `${series} ${have} a rule that takes too long to follow; occurrences after the limit were left out.`,
      }
    case 'occurrence-cap':
      return {
        code,
        count,
        sentence: `${series} ${have} more occurrences than can be meetings; those after the limit were left out.`,
      }
  }
}

/** Half a year: long enough for three occurrences of a monthly meeting and for a history of skipped weeks. */
const defaultWeeks = 26
const longestWindowWeeks = 522

/**
 * Reads every calendar found at the paths and expands it inside one window.
 *
 * The window is the one given, else the 26 whole weeks up to now, else, for an export that ended earlier, its own last
 * 26 weeks. The zone is the one given, else the person's, else the calendars' own; a second reading follows only where
 * the first one had to guess (floating times, an old export).
 */
export async function readCalendars(
  deps: { readonly files: CalendarFiles },
  input: ReadCalendarsInput,
  progress?: ReadProgress,
): Promise<CalendarsRead> {
  const given = input.zone === null ? null : zoneFor(input.zone)
  if (input.zone !== null && given === null) {
    throw new AppError(
      'wrong-use',
      `"${input.zone}" is no time zone this machine knows. Use a name such as Europe/Madrid.`,
    )
  }
  const opened = await deps.files.open(input.paths, progress)
  const firstWalls = requestedWalls(input, utc)
  let reads = await readAll(opened, padded(firstWalls), given ?? utc)
  refuseIfNoCalendar(reads)

  const home = input.homeZone == null ? null : zoneFor(input.homeZone)
  const calendarZone = zoneOfCalendars(reads)
  const zone = given ?? home ?? calendarZone ?? utc
  if (zone !== (given ?? utc) && reads.some(hasFloatingTimes)) {
    reads = await readAll(opened, padded(firstWalls), zone)
  }

  const walls = requestedWalls(input, zone)
  const zoneSource = given !== null ? 'given' : home !== null ? 'person' : calendarZone !== null ? 'calendar' : 'none'
  const base = { zone, zoneSource } as const
  const read = expandAll(reads, walls, zone)
  const chosen = input.fromWall !== null || input.toWall !== null ? 'given' : 'recent'
  if (chosen === 'given') return { ...base, ...walls, window: windowOf(walls, zone), chosen, calendars: read }
  if (read.some(one => one.expansion.occurrences.length > 0)) {
    const since = sinceFirst(read, walls, zone)
    return { ...base, ...since, window: windowOf(since, zone), chosen, calendars: read }
  }
  return { ...base, ...(await latestActivity(opened, reads, walls, zone)) }
}

interface Walls {
  readonly fromWall: WallMillis
  readonly toWall: WallMillis
}

function requestedWalls(input: ReadCalendarsInput, zone: Zone): Walls {
  const today = startOfDay(zone.toWall(Math.min(input.now, input.asOf ?? input.now)))
  // whole weeks: half a week at either end would bend every "per week"
  const thisMonday = today - weekdayOf(today) * dayMs
  const toWall = input.toWall ?? (input.fromWall === null ? thisMonday : Math.max(thisMonday, input.fromWall + weekMs))
  const fromWall = input.fromWall ?? toWall - defaultWeeks * weekMs
  if (toWall - fromWall > longestWindowWeeks * weekMs) {
    throw new AppError(
      'wrong-use',
      'A window of more than ten years is no audit of how people meet now. Give a shorter one.',
    )
  }
  if (fromWall >= toWall) {
    throw new AppError(
      'wrong-use',
      `The window from ${dateOf(fromWall)} to ${dateOf(toWall)} is empty: --to is the day after the last one.`,
    )
  }
  return { fromWall, toWall }
}

/** An export whose last event lies before the usual window: the 26 weeks that end with its last occurrence. */
async function latestActivity(
  opened: readonly OpenedCalendar[],
  reads: readonly CalendarRead[],
  walls: Walls,
  zone: Zone,
): Promise<Omit<CalendarsRead, 'zone' | 'zoneSource'>> {
  const latest = Math.max(...reads.map(read => read.latestStartAt ?? Number.NEGATIVE_INFINITY))
  const calendars = expandAll(reads, walls, zone)
  const empty = { ...walls, window: windowOf(walls, zone), chosen: 'recent', calendars } as const
  if (!Number.isFinite(latest)) return empty
  // a series that began last may run on for a while: look half a year past its first occurrence
  const around = {
    fromWall: startOfDay(zone.toWall(latest)) - defaultWeeks * weekMs,
    toWall: startOfDay(zone.toWall(latest)) + defaultWeeks * weekMs,
  }
  const found = expandAll(await readAll(opened, padded(around), zone), around, zone)
  const last = Math.max(...found.map(one => one.expansion.occurrences.at(-1)?.startAt ?? Number.NEGATIVE_INFINITY))
  if (!Number.isFinite(last)) return empty
  const lastDay = startOfDay(zone.toWall(last))
  const toWall = lastDay + (7 - weekdayOf(lastDay)) * dayMs
  const chosen = { fromWall: toWall - defaultWeeks * weekMs, toWall }
  const again = expandAll(await readAll(opened, padded(chosen), zone), chosen, zone)
  const since = sinceFirst(again, chosen, zone)
  return { ...since, window: windowOf(since, zone), chosen: 'latest-activity', calendars: again }
}

/** A calendar that begins inside the window is averaged over its own weeks: a new colleague has no half year yet. */
function sinceFirst(calendars: readonly ExpandedCalendar[], walls: Walls, zone: Zone): Walls {
  let first = Number.POSITIVE_INFINITY
  for (const { expansion } of calendars) {
    for (const { event, startAt } of expansion.occurrences) {
      // all-day entries are holidays and birthdays: no sign that the calendar was in use
      if (!event.time.allDay && startAt < first) first = startAt
    }
  }
  if (!Number.isFinite(first)) return walls
  const day = startOfDay(zone.toWall(first))
  return { fromWall: Math.max(walls.fromWall, day - weekdayOf(day) * dayMs), toWall: walls.toWall }
}

function refuseIfNoCalendar(reads: readonly CalendarRead[]): void {
  const isCalendar = (read: CalendarRead) =>
    read.eventCount > 0 || !read.leftOut.some(one => one.code === 'not-a-calendar')
  if (reads.length === 0 || reads.some(isCalendar)) return
  const sentences = reads.flatMap(read => read.leftOut.map(one => `${read.calendar}: ${one.sentence}`))
  throw new AppError('unreadable', sentences.slice(0, 3).join(' '))
}

async function readAll(
  opened: readonly OpenedCalendar[],
  window: Interval,
  defaultZone: Zone,
): Promise<readonly CalendarRead[]> {
  const reads: CalendarRead[] = []
  // one after the other: two large files in memory at once would double the peak
  for (const calendar of opened) reads.push(await calendar.read({ window, defaultZone }))
  return reads
}

function expandAll(reads: readonly CalendarRead[], walls: Walls, zone: Zone): readonly ExpandedCalendar[] {
  const window = windowOf(walls, zone)
  return reads.map(read => ({ read, expansion: expandEvents(read.events, untilItsEnd(read, window)) }))
}

function untilItsEnd({ endedAt }: CalendarRead, window: Interval): Interval {
  if (endedAt == null || endedAt >= window.endAt) return window
  return { startAt: window.startAt, endAt: Math.max(window.startAt, endedAt) }
}

function windowOf(walls: Walls, zone: Zone): Interval {
  return { startAt: zone.toInstant(walls.fromWall), endAt: zone.toInstant(walls.toWall) }
}

/** No zone is more than 14 hours from UTC, so a day on either side holds the window in every zone. */
function padded(walls: Walls): Interval {
  return { startAt: walls.fromWall - dayMs, endAt: walls.toWall + dayMs }
}

function zoneOfCalendars(reads: readonly CalendarRead[]): Zone | null {
  for (const read of reads) {
    const zone = read.zone === null ? null : zoneFor(read.zone)
    if (zone !== null) return zone
  }
  return null
}

function hasFloatingTimes(read: CalendarRead): boolean {
  return read.events.some(event => event.time.floating && !event.time.allDay)
}
