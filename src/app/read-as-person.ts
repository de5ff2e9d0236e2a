import type { CalendarFiles, ReadProgress } from '../connectors/calendar-files.ts'
import type { CalendarOccurrences } from '../domain/meetings/judge-calendar.ts'
import { type CalendarsRead, type ExpandedCalendar, type ReadCalendarsInput, readCalendars } from './read-calendars.ts'
import { personNamed, type WhoseAudit, type WhoseAuditInput, whoseAudit } from './whose-audit.ts'

export type ReadAsPersonInput = ReadCalendarsInput & WhoseAuditInput

export interface ReadAsPerson extends WhoseAudit {
  readonly read: CalendarsRead
  /** One calendar as the domain judges it. */
  occurrencesOf(one: ExpandedCalendar): CalendarOccurrences
}

/** The calendars in the zone of the person they are read for, and whose each of them is: the same for every command. */
export async function readAsPerson(
  deps: { readonly files: CalendarFiles },
  input: ReadAsPersonInput,
  progress?: ReadProgress,
): Promise<ReadAsPerson> {
  const { me, directory } = input
  const homeZone = me === null ? null : (directory.people.get(personNamed(me, directory))?.zone ?? null)
  const read = await readCalendars(deps, { ...input, homeZone }, progress)
  const whose = whoseAudit(read, input)
  return {
    ...whose,
    read,
    occurrencesOf: one => ({
      calendar: one.read.calendar,
      name: one.read.name,
      owner: whose.owners.get(one) ?? null,
      ...(one.read.listsInvitees === undefined ? {} : { listsInvitees: one.read.listsInvitees }),
      occurrences: one.expansion.occurrences,
      removed: one.expansion.removed,
    }),
  }
}
