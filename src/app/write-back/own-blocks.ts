import type { WrittenBlock } from '../../connectors/connector.ts'
import type { ShownBlock } from '../../domain/focus/write-plan.ts'
import { dayMs, type Instant, type Interval } from '../../domain/time/types.ts'
import type { Place } from './places.ts'
import type { WriteBackDeps } from './write-back-deps.ts'

/** Everything on a calendar that carries our marker, from a year ago to two years ahead unless said otherwise. */
export async function ownBlocks(
  { now, budget }: Pick<WriteBackDeps, 'now' | 'budget'>,
  place: Place,
  window: Interval = blockWindow(now()),
): Promise<readonly ShownBlock[]> {
  const written = await place.writer.listBlocks(place.ref, window, budget)
  return written
    .map(block => shownBlock(place, block))
    .toSorted((a, b) => a.startAt - b.startAt || (a.key < b.key ? -1 : 1))
}

export function shownBlock({ account, calendar, label }: Place, block: WrittenBlock): ShownBlock {
  const { key, itemId, etag, title, startAt, endAt } = block
  const kind = block.as === 'tentative' ? 'hold' : 'focus'
  return { accountId: account.id, calendarId: calendar.id, label, key, itemId, etag, title, startAt, endAt, kind }
}

export function blockWindow(now: Instant): Interval {
  return { startAt: now - 366 * dayMs, endAt: now + 731 * dayMs }
}

/** The end of a key is enough to name a block by hand. */
export const shortestReference = 6

export function isNamedBy(id: string, reference: string): boolean {
  return id === reference || (reference.length >= shortestReference && id.endsWith(reference))
}
