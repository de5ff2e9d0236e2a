import type { CalendarEvent } from '../domain/meetings/calendar-event.ts'
import { guessMe } from '../domain/meetings/me.ts'
import type { Directory, PersonId } from '../domain/meetings/types.ts'
import { plainAddress } from '../domain/meetings/who.ts'
import type { AuditSubject } from '../domain/reports/audit-report.ts'
import { AppError } from './app-error.ts'
import type { CalendarsRead, ExpandedCalendar } from './read-calendars.ts'

export interface WhoseAuditInput {
  /** Any spelling of the address; null to find out from the calendar. */
  readonly me: string | null
  readonly directory: Directory
  /** These are the calendars of the sample company. */
  readonly sample: boolean
}

export interface WhoseAudit {
  readonly subject: AuditSubject
  readonly me: PersonId | null
  /** Whose each calendar is, as far as it says. */
  readonly owners: ReadonlyMap<ExpandedCalendar, PersonId | null>
}

/** Whose audit this is: the person named, or the one a single calendar makes clear, or nobody. */
export function whoseAudit(read: CalendarsRead, input: WhoseAuditInput): WhoseAudit {
  const only = read.calendars.length === 1 && input.me !== null ? personNamed(input.me, input.directory) : null
  const owners = new Map(read.calendars.map(one => [one, only ?? ownerOf(one, input.directory)]))
  if (input.me !== null && only === null) claimMine(owners, personNamed(input.me, input.directory))
  const subject = subjectOf(read, input, owners)
  return { subject, me: subject.me === null ? null : subject.me.address, owners }
}

/** The one calendar among several that nobody else owns is mine, when none says so itself. */
function claimMine(owners: Map<ExpandedCalendar, PersonId | null>, me: PersonId): void {
  if ([...owners.values()].includes(me)) return
  const [mine, another] = [...owners].filter(([, owner]) => owner === null).map(([calendar]) => calendar)
  if (mine !== undefined && another === undefined) owners.set(mine, me)
}

/**
 * The person behind any spelling of an address.
 * @throws AppError for what is neither an address nor a name in the directory.
 */
export function personNamed(address: string, directory: Directory): PersonId {
  const plain = plainAddress(address)
  const known = directory.byAddress.get(plain)
  if (known !== undefined) return known
  if (!/^[^\s@]+@[^\s@]+$|^\/o=/i.test(plain)) {
    throw new AppError('wrong-use', `--me takes a mail address such as ana@example.com; "${address}" is none.`)
  }
  return plain
}

/** The person a file marks, is named after, or whom nearly every invitation asks. */
function ownerOf(one: ExpandedCalendar, directory: Directory): PersonId | null {
  const address = one.read.owner == null ? guess(one).address : plainAddress(one.read.owner)
  return address === null ? null : (directory.byAddress.get(address) ?? address)
}

function guess(one: ExpandedCalendar) {
  const events = new Set<CalendarEvent>()
  for (const occurrence of one.expansion.occurrences) events.add(occurrence.event)
  return guessMe(events, [{ calendar: one.read.calendar, name: one.read.name }])
}

function subjectOf(
  read: CalendarsRead,
  { me, directory, sample }: WhoseAuditInput,
  owners: ReadonlyMap<ExpandedCalendar, PersonId | null>,
): AuditSubject {
  if (me !== null) {
    const id = personNamed(me, directory)
    const sentence = sample
      ? 'The sample company is seen through the calendar of one of its engineers.'
      : 'You said so.'
    return { me: { address: id, name: directory.people.get(id)?.name ?? null }, how: 'given', sentence, sample }
  }
  const said = new Set(read.calendars.flatMap(one => (one.read.owner == null ? [] : [ownerOf(one, directory)])))
  const [owner, anotherOwner] = said
  if (owner != null && anotherOwner === undefined) {
    const sentence = 'The connected calendar is theirs.'
    return { me: { address: owner, name: directory.people.get(owner)?.name ?? null }, how: 'guessed', sentence, sample }
  }
  const [only, second] = read.calendars
  if (only === undefined || second !== undefined) {
    const sentence = 'Several calendars were read, and nobody said whose audit this is.'
    return { me: null, how: 'unknown', sentence, sample }
  }
  const { sentence } = guess(only)
  const id = owners.get(only) ?? null
  if (id === null) return { me: null, how: 'unknown', sentence, sample }
  return { me: { address: id, name: directory.people.get(id)?.name ?? null }, how: 'guessed', sentence, sample }
}
