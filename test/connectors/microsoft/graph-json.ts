/** Entities as Graph writes them, with what a test is about put in. */
export type Json = Record<string, unknown>

export const goid = (date = '00000000') =>
  `040000008200E00074C5B7101A82E008${date}38C12994A0A1D1010000000000000000100000002D3AE9C22CC82C42ADE8BFFD6999115D`

export function graphEvent(more: Json = {}): Json {
  return {
    '@odata.etag': 'W/"key-1"',
    id: 'AAkALgAAAAAAHYQDEap-1',
    changeKey: 'key-1',
    type: 'singleInstance',
    seriesMasterId: null,
    iCalUId: goid(),
    createdDateTime: '2026-01-07T10:00:00.1234567Z',
    lastModifiedDateTime: '2026-01-08T10:00:00Z',
    subject: 'Lamp review',
    bodyPreview: 'Which lamp do we keep?',
    body: { contentType: 'text', content: 'Which lamp do we keep?\r\n' },
    start: utc('2026-03-30T08:00:00'),
    end: utc('2026-03-30T08:30:00'),
    originalStartTimeZone: 'Central European Standard Time',
    isAllDay: false,
    isCancelled: false,
    isOrganizer: false,
    isDraft: false,
    hideAttendees: false,
    hasAttachments: false,
    showAs: 'busy',
    sensitivity: 'normal',
    categories: [],
    responseStatus: { response: 'accepted', time: '2026-01-08T10:00:00Z' },
    organizer: { emailAddress: { name: 'Ben Ode', address: 'ben@lantern.example' } },
    attendees: [
      attendee('ana@lantern.example', 'none', 'required', 'Ana Ruiz'),
      attendee('cho@lantern.example', 'declined', 'optional', 'Cho Park'),
    ],
    location: { displayName: 'Room 4', locationType: 'default' },
    locations: [],
    ...more,
  }
}

export const utc = (wall: string) => ({ dateTime: `${wall}.0000000`, timeZone: 'UTC' })

export const attendee = (address: string, response = 'none', type = 'required', name: string | null = null) => ({
  type,
  status: { response, time: '0001-01-01T00:00:00Z' },
  emailAddress: { name: name ?? address, address },
})

export const stub = (id: string, seriesMasterId: string, start: string, end: string): Json => ({
  id,
  type: 'occurrence',
  seriesMasterId,
  start: utc(start),
  end: utc(end),
})
