import { stableHash } from '../../domain/meetings/stable-id.ts'
import { PortError } from '../../port-error.ts'

/**
 * What is remembered of the pages behind us, so that a list that leads in a circle is noticed: the number of the page,
 * and one earlier page token, replaced at every power of two (Brent's way of finding a cycle with one memory).
 */
export interface PageTrail {
  readonly page: number
  readonly mark: string
}

export const firstPage: PageTrail = { page: 1, mark: '' }

/**
 * The trail after a page that names `nextPageToken`.
 *
 * @throws PortError `malformed` when the token was met before, `rejected` when the list has more pages than `mostPages`.
 */
export function turnPage(
  trail: PageTrail,
  pageToken: string | null,
  nextPageToken: string,
  mostPages: number,
): PageTrail {
  const next = stableHash(nextPageToken)
  if (nextPageToken === pageToken || next === trail.mark) {
    throw new PortError(
      'malformed',
      'Google answered with a page that it had given before, so the list would never end. It is asked again later.',
    )
  }
  const page = trail.page + 1
  if (page > mostPages) {
    throw new PortError(
      'rejected',
      `Google's list has more than ${mostPages} pages, more than any real one; reading stopped there. Look at the calendar in Google Calendar.`,
    )
  }
  const isPowerOfTwo = (page & (page - 1)) === 0
  return { page, mark: isPowerOfTwo ? next : trail.mark }
}

/** Every entry of a list that is small enough to be read in one go. */
export async function allPages<Entry>(
  fetchPage: (
    pageToken: string | null,
  ) => Promise<{ readonly entries: readonly Entry[]; readonly nextPageToken: string | null }>,
  mostPages = 1_000,
): Promise<readonly Entry[]> {
  const all: Entry[] = []
  let trail = firstPage
  let pageToken: string | null = null
  for (;;) {
    const { entries, nextPageToken } = await fetchPage(pageToken)
    for (const entry of entries) all.push(entry)
    if (nextPageToken === null) return all
    trail = turnPage(trail, pageToken, nextPageToken, mostPages)
    pageToken = nextPageToken
  }
}
