import type { CalendarEvent } from './calendar-event.ts'
import { domainOf } from './mail-domains.ts'
import type { PersonId } from './types.ts'
import { plainAddress } from './who.ts'

export interface MeGuess {
  /** Null when nothing is clear; then `sentence` asks for it. */
  readonly address: PersonId | null
  readonly how: 'marked-by-calendar' | 'calendar-name' | 'in-nearly-all-meetings' | 'unclear'
  /** For the person who reads the audit: whose it is taken to be, and why; or how to say so. */
  readonly sentence: string
}

/** On this share of the invitations, or more, an address is the owner's ... */
const ownerShare = 0.8
/** ... when the next one is this much rarer ... */
const lead = 0.15
/** ... and when there are this many invitations to go by. */
const fewestInvitations = 3

/**
 * Whose calendar this is, from the calendar alone: its own mark on the owner's entry, a calendar named by an
 * address, or one address that is on nearly every invitation without a rival. Two people who only ever meet each
 * other cannot be told apart, and then the answer is that it is unclear.
 */
export function guessMe(
  events: Iterable<CalendarEvent>,
  calendars: readonly { readonly calendar: string; readonly name: string | null }[],
): MeGuess {
  const counts = countAddresses(events)
  const marked = clearLeader(counts.self, counts.selfEvents, 1)
  if (marked)
    return { address: marked, how: 'marked-by-calendar', sentence: `The calendar marks ${marked} as its owner.` }
  const named = new Set(calendars.flatMap(each => addressIn(each.name) ?? addressIn(each.calendar) ?? []))
  const [onlyName] = named
  if (onlyName !== undefined && named.size === 1 && calendars.length === 1) {
    return { address: onlyName, how: 'calendar-name', sentence: `The calendar is named after ${onlyName}.` }
  }
  const everywhere = clearLeader(counts.invited, counts.invitations, fewestInvitations)
  if (everywhere) {
    const share = Math.round(((counts.invited.get(everywhere) ?? 0) / counts.invitations) * 100)
    const sentence = `${everywhere} is on ${share} % of the invitations, so this is taken for their calendar.`
    return { address: everywhere, how: 'in-nearly-all-meetings', sentence }
  }
  const sentence = 'It is not clear whose calendar this is; say so with --me ADDRESS to see one person’s week.'
  return { address: null, how: 'unclear', sentence }
}

function countAddresses(events: Iterable<CalendarEvent>) {
  const self = new Map<PersonId, number>()
  const invited = new Map<PersonId, number>()
  const plain = new Map<string, string>()
  let selfEvents = 0
  let invitations = 0
  const here: PersonId[] = []
  for (const event of events) {
    here.length = 0
    let marked = false
    const { attendees, organizer } = event
    for (let i = organizer === null ? 0 : -1; i < attendees.length; i++) {
      const each = i < 0 ? organizer! : attendees[i]!
      if (each.kind === 'room' || each.kind === 'group') continue
      let address = plain.get(each.address)
      if (address === undefined) {
        address = plainAddress(each.address)
        if (domainOf(address).endsWith('calendar.google.com')) address = ''
        plain.set(each.address, address)
      }
      if (address === '') continue
      if (each.self && !marked) {
        self.set(address, (self.get(address) ?? 0) + 1)
        marked = true
      }
      if (!here.includes(address)) here.push(address)
    }
    if (marked) selfEvents++
    // An event with one person on it says who made it, not whose calendar it is.
    if (here.length < 2) continue
    invitations++
    for (const address of here) invited.set(address, (invited.get(address) ?? 0) + 1)
  }
  return { self, selfEvents, invited, invitations }
}

function clearLeader(counts: ReadonlyMap<PersonId, number>, total: number, fewest: number): PersonId | null {
  let first: PersonId | null = null
  let most = 0
  let next = 0
  for (const [address, count] of counts) {
    if (count > most) {
      next = most
      most = count
      first = address
    } else if (count > next) next = count
  }
  return total >= fewest && most >= total * ownerShare && most - next >= total * lead ? first : null
}

/** `ana.ruiz@lantern.example.ics` and `Calendar: ana.ruiz@lantern.example` name a person; a shared calendar does not. */
function addressIn(name: string | null): PersonId | null {
  const match = /[^\s/\\<>()[\]":;,]+@[^\s/\\<>()[\]":;,]+/.exec(name ?? '')
  const address = match ? plainAddress(match[0].replace(/\.(?:ics|ical|zip)$/i, '')) : ''
  return address === '' || domainOf(address).endsWith('calendar.google.com') ? null : address
}
