import { createHash } from 'node:crypto'
import { GoogleError } from '../fakes/google/google-error.ts'
import type { GoogleFake } from '../fakes/google/google-fake.ts'
import type { EventResource, EventTimeResource } from '../fakes/google/vendor-types.ts'
import type { Person, WrittenEvent, WrittenMeeting, WrittenTime } from './calendar-text.ts'

/** Puts meetings on somebody's primary calendar, each occurrence that was changed as a change of its series. */
export function seedGoogle(fake: GoogleFake, owner: string, meetings: readonly WrittenMeeting[]): void {
  const { calendar } = fake.user(owner)
  for (const [index, { uid, event, changed }] of meetings.entries()) {
    const id = idOf(uid, index)
    calendar.insert({ ...resourceOf(event, owner), id, iCalUID: uid })
    for (const each of changed) {
      if (each.original === null) continue
      try {
        const original = each.original.kind === 'date' ? each.original.on : new Date(each.original.at).toISOString()
        if (each.isCancelled) calendar.cancelInstance(id, original)
        else {
          // who organizes a series is not changed on one occurrence
          const { organizer: _organizer, ...change } = resourceOf(each, owner)
          calendar.changeInstance(id, original, change)
        }
      } catch (error) {
        if (!(error instanceof GoogleError)) throw error
        // an occurrence before the series began, as files of long-lived calendars hold: Google has no such thing
      }
    }
  }
}

/** Google's own uids hold the id; others get one that says nothing. */
function idOf(uid: string, index: number): string {
  const own = /^([a-v0-9]{5,})@google\.com$/.exec(uid)?.[1]
  return own ?? createHash('sha256').update(`${uid} ${index}`).digest('hex').slice(0, 26)
}

function resourceOf(event: WrittenEvent, owner: string): EventResource {
  const recurrence = [
    ...(event.rule === null ? [] : [`RRULE:${event.rule.toString()}`]),
    ...event.excluded.map(exclusionLine),
  ]
  return {
    summary: event.title,
    description: event.description,
    location: event.location,
    status: event.isCancelled ? 'cancelled' : 'confirmed',
    start: timeOf(event.start),
    end: timeOf(event.end),
    ...(recurrence.length === 0 ? {} : { recurrence }),
    ...(event.organizer === null
      ? {}
      : {
          organizer: {
            email: event.organizer.address,
            ...(event.organizer.name && { displayName: event.organizer.name }),
          },
        }),
    ...(event.attendees.length === 0 ? {} : { attendees: event.attendees.map(person => attendeeOf(person, owner)) }),
    ...(event.isPrivate ? { visibility: 'private' } : {}),
    ...(event.isFree ? { transparency: 'transparent' } : {}),
    ...(event.onlineUrl === null
      ? {}
      : { conferenceData: { entryPoints: [{ entryPointType: 'video', uri: event.onlineUrl }] } }),
  }
}

const timeOf = (time: WrittenTime): EventTimeResource =>
  time.kind === 'date' ? { date: time.on } : { dateTime: time.wall, timeZone: time.zone }

function exclusionLine(time: WrittenTime): string {
  if (time.kind === 'date') return `EXDATE;VALUE=DATE:${time.on.replaceAll('-', '')}`
  return `EXDATE;TZID=${time.zone}:${time.wall.replaceAll(/[-:]/g, '')}`
}

function attendeeOf({ address, name, isRoom, isOptional, response }: Person, owner: string) {
  return {
    email: address,
    ...(name === null ? {} : { displayName: name }),
    responseStatus: response === 'none' ? 'needsAction' : response,
    ...(isRoom ? { resource: true } : {}),
    ...(isOptional ? { optional: true } : {}),
    ...(address === owner ? { self: true } : {}),
  }
}
