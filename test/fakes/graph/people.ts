import type { GraphAttendee, GraphLocation } from './vendor-types.ts'

type Response = NonNullable<NonNullable<GraphAttendee['status']>['response']>

/** Somebody who is invited. */
export function attendee(
  address: string,
  { name = address.split('@')[0]!, response = 'none', type = 'required' }: AttendeeDetails = {},
): GraphAttendee {
  return { type, status: { response, time: '0001-01-01T00:00:00Z' }, emailAddress: { name, address } }
}

export interface AttendeeDetails {
  readonly name?: string
  readonly response?: Response
  readonly type?: NonNullable<GraphAttendee['type']>
}

/** The same person once more, by the address of the old directory and with another answer. */
export function x500Attendee(name: string, response: Response = 'none'): GraphAttendee {
  const address = `/o=ExchangeLabs/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Recipients/cn=9f0c-${name.toLowerCase().replaceAll(' ', '')}`
  return attendee(address, { name, response })
}

/** A room that was typed into the list of people: `required` like a person, and named as the place. */
export function plainRoom(address: string, name: string): { attendee: GraphAttendee; location: GraphLocation } {
  return {
    attendee: attendee(address, { name, response: 'accepted' }),
    location: {
      displayName: name,
      locationType: 'conferenceRoom',
      locationUri: address,
      uniqueId: address,
      uniqueIdType: 'directory',
    },
  }
}
