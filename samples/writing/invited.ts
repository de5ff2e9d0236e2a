import { groups, type PersonKey, people, rooms } from '../company/people.ts'
import type { PlannedEvent } from './events.ts'
import { seededNumber } from './seeded.ts'

/** One ATTENDEE to be. */
export interface Invited {
  readonly address: string
  readonly name: string
  readonly kind: 'person' | 'group' | 'room'
  readonly required: boolean
  readonly reply: 'accepted' | 'declined' | 'tentative' | 'none'
}

/** Who stands on the invitation, the organizer first. Empty for an entry of one's own. */
export function invitedTo(event: PlannedEvent): readonly Invited[] {
  const { plan } = event
  const others = [...(plan.with ?? []), ...(plan.optional ?? [])]
  const guests = (plan.guests ?? []).map(parseGuest)
  const lists = (plan.groups ?? []).map(group => groups[group])
  const places = (event.change?.rooms ?? plan.rooms ?? []).map(room => rooms[room])
  if (others.length + guests.length + lists.length === 0) return []
  return [
    { ...human(plan.by, event), reply: 'accepted' },
    ...others.filter(person => person !== plan.by).map(person => human(person, event)),
    ...(plan.alsoInvited ?? []).map(
      address => ({ address, name: address, kind: 'person', required: true, reply: 'none' }) as const,
    ),
    ...guests.map(guest => ({ ...guest, kind: 'person', required: true, reply: 'accepted' }) as const),
    ...lists.map(list => ({ ...list, kind: 'group', required: true, reply: 'none' }) as const),
    ...places.map(
      room =>
        ({ address: roomAddress(room.id), name: room.name, kind: 'room', required: true, reply: 'accepted' }) as const,
    ),
  ]
}

/** The names of rooms, then the place in words: what both systems write as LOCATION. */
export function locationOf(event: PlannedEvent): string {
  const names = (event.change?.rooms ?? event.plan.rooms ?? []).map(room => rooms[room].name)
  return [...names, ...(event.plan.place ? [event.plan.place] : [])].join(', ')
}

function human(person: PersonKey, event: PlannedEvent): Invited {
  const { plan, change } = event
  return {
    address: plan.spelt?.[person] ?? people[person].email,
    name: people[person].name,
    kind: 'person',
    required: !plan.optional?.includes(person),
    reply: change?.replies?.[person] ?? plan.replies?.[person] ?? usualReply(person, event),
  }
}

/** To large invitations about every sixth person never answers. */
function usualReply(person: PersonKey, event: PlannedEvent): Invited['reply'] {
  const size = (event.plan.with ?? []).length + (event.plan.optional ?? []).length
  return size > 9 && seededNumber(`${event.plan.key} ${person}`, 6) === 0 ? 'none' : 'accepted'
}

function roomAddress(id: string): string {
  return `${id}@resource.calendar.google.com`
}

function parseGuest(guest: string): { readonly name: string; readonly address: string } {
  const [, name = guest, address = guest] = /^(.*) <(.*)>$/.exec(guest) ?? []
  return { name, address }
}
