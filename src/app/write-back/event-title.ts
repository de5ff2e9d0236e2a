import type { CalendarItem, ItemId } from '../../connectors/connector.ts'
import { isAgendaWrite, type JournalLine } from '../../domain/focus/write-plan.ts'
import type { CalendarKey, WriteEntry } from '../../store/accounts.ts'
import { journalLine } from './journal.ts'
import type { WriteBackDeps } from './write-back-deps.ts'

/** What an event is called as the last sync left it; null where that is not known, or is private by now. */
export async function eventTitle(
  { accounts }: Pick<WriteBackDeps, 'accounts'>,
  key: CalendarKey,
  itemId: ItemId,
): Promise<string | null> {
  const [item] = await accounts.mirror.findItems(key, { ids: [itemId] })
  return item === undefined ? null : itemTitle(item)
}

export function itemTitle({ content }: CalendarItem): string | null {
  switch (content.kind) {
    case 'events':
      return content.events[0]?.title ?? null
    case 'series':
      return content.event.title
    case 'occurrence':
      return null
  }
}

/** A line of the journal, for people: with the title that its event has now. */
export async function titledLine(deps: Pick<WriteBackDeps, 'accounts'>, entry: WriteEntry): Promise<JournalLine> {
  const line = journalLine(entry)
  const { write } = line
  if (write === null || !isAgendaWrite(write)) return line
  return { ...line, write: { ...write, title: await eventTitle(deps, entry, write.itemId) } }
}
