/** ORGANIZER and ATTENDEE lines (RFC 5545 section 3.8.4) as people, rooms and groups. */
import type { Attendee, AttendeeKind, AttendeeRole, Response } from '../../domain/meetings/calendar-event.ts'
import { decode, parameters, valueStart } from './values.ts'

/** The calendar user of a line whose name ends at `at`; null when the line has no value. */
export function parseAttendee(bytes: Uint8Array, at: number, end: number, isOrganizer: boolean): Attendee | null {
  const value = valueStart(bytes, at, end)
  if (value < 0) return null
  const named = parameters(decode(bytes, Math.min(at + 1, value - 1), value - 1))
  const written = addressOf(decode(bytes, value, end))
  const address = written.isMail ? written.address : (named.get('EMAIL')?.trim() ?? written.address)
  const name = named.get('CN')?.trim() ?? ''
  return {
    address,
    name: name === '' ? null : name,
    kind: kindOf(named.get('CUTYPE')?.toUpperCase(), address),
    response: responseOf(named.get('PARTSTAT')?.toUpperCase()),
    role: isOrganizer ? 'chair' : roleOf(named.get('ROLE')?.toUpperCase()),
    self: false,
  }
}

/**
 * `mailto:` in any case, quotes and angle brackets that Outlook leaves around, percent signs (RFC 6068). Addresses of
 * other schemes (`urn:`, an iCloud principal) stay as written; `invalid:nomail` is Exchange's word for none.
 */
function addressOf(value: string): { readonly address: string; readonly isMail: boolean } {
  let address = value.trim()
  let isMail = false
  while (/^mailto:/i.test(address)) {
    address = address.slice('mailto:'.length).trim()
    isMail = true
  }
  address = address.replace(/^[<'"\s]+|[>'"\s]+$/g, '')
  if (/^invalid:/i.test(address)) return { address: '', isMail: false }
  if (isMail) {
    address = address.replace(/\?.*$/s, '')
    if (address.includes('%')) address = percentDecoded(address)
  }
  return { address, isMail: isMail && address !== '' }
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** RFC 5545 section 3.2.3 makes INDIVIDUAL the default; Google writes rooms with an address of its own kind. */
function kindOf(type: string | undefined, address: string): AttendeeKind {
  if (type === 'RESOURCE' || type === 'ROOM' || address.toLowerCase().endsWith('@resource.calendar.google.com'))
    return 'room'
  if (type === 'GROUP') return 'group'
  return type === undefined || type === 'INDIVIDUAL' ? 'person' : 'unknown'
}

/** A delegator does not come, the delegate does (3.2.12). */
function responseOf(status: string | undefined): Response {
  if (status === 'ACCEPTED' || status === 'COMPLETED' || status === 'IN-PROCESS') return 'accepted'
  if (status === 'DECLINED' || status === 'DELEGATED') return 'declined'
  return status === 'TENTATIVE' ? 'tentative' : 'none'
}

function roleOf(role: string | undefined): AttendeeRole {
  if (role === 'CHAIR') return 'chair'
  if (role === 'OPT-PARTICIPANT') return 'optional'
  return role === 'NON-PARTICIPANT' ? 'informed' : 'required'
}
