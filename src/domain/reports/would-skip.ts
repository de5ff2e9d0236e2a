import type { Classification, ClassifierInput } from '../classifier/types.ts'
import type { CalendarEvent } from '../meetings/calendar-event.ts'
import type { Invitee, Meeting, Roster, Series } from '../meetings/types.ts'
import { minuteMs, weekMs } from '../time/types.ts'
import { utc } from '../time/zone-table.ts'
import { defaultAttendance } from '../worth/attendance.ts'
import { seriesCost } from '../worth/cost.ts'
import { defaultRates } from '../worth/rates.ts'
import { skipTest } from '../worth/skip-test.ts'

/** Where the record does not say: the size and length at which nothing but its words protects a meeting. */
const assumedPeople = 8
const assumedMinutes = 60
const assumedWeeks = 8

/**
 * Whether the skip test would put a meeting under *Try without* if it were held every week for two months by people of
 * whom nothing else is known: no teams, no near misses, nobody from outside. That is the hardest case for a meeting worth
 * keeping, so it is the one that labelled meetings are tried in.
 */
export function wouldSkip(input: ClassifierInput, classification: Classification): boolean {
  const series = weeklySeries(input)
  const cost = seriesCost(series, { rates: defaultRates, attendance: defaultAttendance, weeks: assumedWeeks, me: null })
  return skipTest(series, classification, cost, null, { me: null, teamsKnown: false }).section === 'try-without'
}

function weeklySeries(input: ClassifierInput): Series {
  const minutes = input.durationMinutes ?? assumedMinutes
  const roster = rosterOf(input)
  const event: CalendarEvent = {
    calendar: 'labelled meetings',
    uid: 'labelled-meeting',
    time: { startWall: 0, zone: utc, allDay: false, floating: false, exactMs: minutes * minuteMs, nominalDays: 0 },
    recurrence: null,
    override: null,
    title: input.title,
    description: input.agenda,
    location: '',
    organizer: null,
    attendees: [],
    attendeesTruncated: false,
    status: 'confirmed',
    showAs: 'busy',
    visibility: 'default',
    type: 'default',
    categories: [],
    onlineUrl: null,
    attachmentCount: 0,
    createdAt: null,
    updatedAt: null,
    sequence: 0,
  }
  const meetings = Array.from({ length: assumedWeeks }, (_, week): Meeting => {
    const startAt = week * weekMs
    const endAt = startAt + minutes * minuteMs
    return {
      id: `labelled-${week}`,
      seriesId: 'labelled',
      occurrence: { event, startAt, endAt, originalStartAt: startAt, recurring: true },
      startAt,
      endAt,
      minutes,
      title: input.title,
      roster,
      rule: 'people-met',
      copies: 1,
    }
  })
  return {
    id: 'labelled',
    title: input.title,
    titles: [{ title: input.title, fromOn: '1970-01-01' }],
    recurring: true,
    cadence: { text: 'weekly', perWeek: 1, usual: null },
    meetings,
    removed: [],
    uids: [event.uid],
    roster,
  }
}

function rosterOf(input: ClassifierInput): Roster {
  const count = input.attendeeCount ?? assumedPeople
  const people = Array.from(
    { length: count },
    (_, i): Invitee => ({
      id: `person-${i}`,
      team: null,
      roleBand: null,
      response: 'accepted',
      required: true,
      isOrganizer: i === 0,
      isMe: false,
      isExternal: i < (input.externalCount ?? 0),
    }),
  )
  return {
    people,
    groups: [],
    rooms: 0,
    organizerId: people[0]?.id ?? null,
    teams: [],
    externalCount: input.externalCount ?? 0,
    headcount: { low: count, expected: count, high: count },
    truncated: false,
    known: true,
  }
}
