import { pageRace } from './pages.mjs'

/** Pages of Microsoft Graph: text to values, values to our items. */
const { parseEvent, parsePage } = await import('../../../dist/src/connectors/microsoft/api-types.js')
const { mapDelta } = await import('../../../dist/src/connectors/microsoft/map.js')
const { MapProblems } = await import('../../../dist/src/connectors/microsoft/map-problems.js')
const calendar = { id: 'all', ownerAddress: 'ana.alvarez.0@example.com', zone: 'UTC' }

pageRace({
  text: events =>
    JSON.stringify({ '@odata.deltaLink': 'https://graph.microsoft.com/d', value: events.map(graphEvent) }),
  map(json) {
    const context = { calendar, tier: 'content', problems: new MapProblems() }
    return parsePage(json).value.flatMap(entry => mapDelta(parseEvent(entry), context).changes.slice(0, 1))
  },
})

function graphEvent({ id, seriesItemId, content }) {
  const [event] = content.events
  const { time, override, recurrence } = event
  const startAt = time.zone.toInstant(time.startWall)
  const at = instant => ({ dateTime: `${new Date(instant).toISOString().slice(0, 23)}0000`, timeZone: 'UTC' })
  const address = ({ address, name }) => ({ emailAddress: { name, address } })
  return {
    '@odata.etag': `W/"${event.updatedAt}"`,
    id,
    createdDateTime: new Date(event.createdAt).toISOString(),
    lastModifiedDateTime: new Date(event.updatedAt).toISOString(),
    iCalUId: event.uid,
    subject: event.title,
    isAllDay: false,
    isCancelled: false,
    isOrganizer: false,
    isDraft: false,
    hideAttendees: false,
    hasAttachments: false,
    responseRequested: true,
    sensitivity: 'normal',
    showAs: 'busy',
    type: override !== null ? 'exception' : recurrence !== null ? 'seriesMaster' : 'singleInstance',
    seriesMasterId: seriesItemId,
    ...(override === null ? {} : { originalStart: new Date(override.originalStartAt).toISOString() }),
    categories: [],
    body: { contentType: 'text', content: event.description },
    start: at(startAt),
    end: at(startAt + time.exactMs),
    location: { displayName: event.location, locationType: 'default' },
    locations: [{ displayName: event.location, locationType: 'default' }],
    organizer: address(event.organizer),
    attendees: event.attendees.map(one => ({
      type: 'required',
      status: { response: one.response === 'none' ? 'notResponded' : one.response, time: '0001-01-01T00:00:00Z' },
      ...address(one),
    })),
    onlineMeeting: event.onlineUrl === null ? null : { joinUrl: event.onlineUrl },
  }
}
