/** ORGANIZER and ATTENDEE lines (RFC 5545 section 3.8.4) as people, rooms and groups. */
import type { Attendee, AttendeeKind, AttendeeRole, Response } from '../../domain/meetings/calendar-event.ts'
import { decodeShort, longestText, parameterSpan, parameterText, valueStart } from './values.ts'

/** The calendar user of a line whose name ends at `at`; null when the line has no value. */
export function parseAttendee(bytes: Uint8Array, at: number, end: number, isOrganizer: boolean): Attendee | null {
  const value = valueStart(bytes, at, end)
  if (value < 0) return null
  const named = (name: string) => parameterText(bytes, at, value, name)
  const written = writtenAddress(decodeShort(bytes, value, end))
  const name = named('CN') ?? ''
  const address =
    mailAddress(written) ??
    mailAddress(withoutScheme(named('EMAIL') ?? '')) ??
    mailAddress(withoutScheme(name)) ??
    written
  return {
    address,
    name: name === '' ? null : name,
    kind: kindOf(named('CUTYPE')?.toUpperCase(), address),
    response: responseOf(named('PARTSTAT')?.toUpperCase()),
    role: isOrganizer ? 'chair' : roleOf(named('ROLE')?.toUpperCase()),
    self: false,
  }
}

/** Whether the address or a name of the line is too long to be read whole. */
export function hasLongAttendeeText(bytes: Uint8Array, at: number, end: number): boolean {
  const value = valueStart(bytes, at, end)
  if (value < 0) return false
  const isLong = (name: string) => {
    const span = parameterSpan(bytes, at, value, name)
    return span !== null && span.to - span.from > longestText
  }
  return end - value > longestText || isLong('CN') || isLong('EMAIL')
}

/**
 * `mailto:` in any case, quotes and angle brackets that Outlook leaves around, percent signs (RFC 6068). Addresses of
 * other schemes (`urn:`, an iCloud principal) stay as written; `invalid:nomail` is Exchange's word for none.
 */
function writtenAddress(value: string): string {
  const address = withoutScheme(value)
  if (/^invalid:/i.test(address)) return ''
  if (address === bare(value)) return address
  const path = address.replace(/\?.*$/s, '')
  return bare(path.includes('%') ? percentDecoded(path) : path)
}

function withoutScheme(value: string): string {
  let address = bare(value)
  while (/^mailto:/i.test(address)) address = bare(address.slice('mailto:'.length))
  return address
}

/** `<ana@example.com>` is its own bracket, `Ana <ana@example.com>` needs the bracket to be told from the name. */
function bare(text: string): string {
  const opened = text.trim().replace(/^[<'"\s]+/, '')
  return opened.includes('<') ? opened.replace(/['"\s]+$/, '') : opened.replace(/[>'"\s]+$/, '')
}

/** The mail address that a text is, or carries in angle brackets behind a name; null when it holds none. */
function mailAddress(text: string): string | null {
  if (!text.includes('@')) return null
  const inBrackets = /<\s*(?:mailto:)?([^<>\s@]+@[^<>\s@]+)\s*>/i.exec(text)?.[1]
  if (inBrackets) return inBrackets
  return /^(?!\/)[^<>\s@:]+@[^<>\s@:/\\]+$/.test(text) ? text : null
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
