import { pageRace } from './pages.mjs'

/** Pages of Google: text to values, values to our items. */
const { parseEvent, parseEventPage } = await import('../../../dist/src/connectors/google/api-types.js')
const { PageReader } = await import('../../../dist/src/connectors/google/map.js')

pageRace({
  text: events =>
    JSON.stringify({
      kind: 'calendar#events',
      timeZone: 'Europe/Warsaw',
      accessRole: 'owner',
      nextSyncToken: 'n',
      items: events.map(googleEvent),
    }),
  map(json, window) {
    const page = parseEventPage(json)
    const reader = new PageReader({
      calendar: 'all',
      calendarZone: null,
      tier: 'content',
      accessRole: page.accessRole,
      window,
    })
    return reader.read(page.items.map(parseEvent).filter(event => event !== null))
  },
})

function googleEvent({ id, seriesItemId, content }) {
  const [event] = content.events
  const { time, override, recurrence } = event
  const startAt = time.zone.toInstant(time.startWall)
  const at = instant => ({ dateTime: new Date(instant).toISOString(), timeZone: time.zone.name })
  return {
    kind: 'calendar#event',
    etag: `"${event.updatedAt}"`,
    id,
    status: 'confirmed',
    htmlLink: `https://www.google.com/calendar/event?eid=${id}`,
    created: new Date(event.createdAt).toISOString(),
    updated: new Date(event.updatedAt).toISOString(),
    summary: event.title,
    description: event.description,
    location: event.location,
    creator: { email: event.organizer.address },
    organizer: { email: event.organizer.address, displayName: event.organizer.name },
    start: at(startAt),
    end: at(startAt + time.exactMs),
    ...(override === null ? {} : { recurringEventId: seriesItemId, originalStartTime: at(override.originalStartAt) }),
    ...(recurrence === null ? {} : { recurrence: ['RRULE:FREQ=WEEKLY;BYDAY=MO'] }),
    iCalUID: event.uid,
    sequence: event.sequence,
    attendees: event.attendees.map(({ address, name, response }) => ({
      email: address,
      displayName: name,
      responseStatus: response === 'none' ? 'needsAction' : response,
    })),
    ...(event.onlineUrl === null ? {} : { hangoutLink: event.onlineUrl }),
    reminders: { useDefault: true },
    eventType: 'default',
  }
}
