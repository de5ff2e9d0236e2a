import { parsedJson } from '../../json-value.ts'
import { PortError } from '../../port-error.ts'

/** What the feed said about the version that was read last: the validators of a conditional GET (RFC 9110 section 13). */
export interface FeedCursor {
  readonly etag: string | null
  readonly modified: string | null
}

export function encodeFeedCursor({ etag, modified }: FeedCursor): string {
  return JSON.stringify({ v: version, etag, modified })
}

/** @throws PortError `cursor-expired` for text that this version did not write. */
export function decodeFeedCursor(text: string): FeedCursor {
  const parsed = parsedJson(text)
  if (typeof parsed !== 'object' || parsed === null) throw notOurs()
  const { v, etag, modified } = { v: null, etag: undefined, modified: undefined, ...parsed }
  if (v !== version || !isValidator(etag) || !isValidator(modified)) throw notOurs()
  return { etag, modified }
}

const version = 'feed-1'
const isValidator = (value: unknown): value is string | null => value === null || typeof value === 'string'
const notOurs = () =>
  new PortError('cursor-expired', 'How far this feed was read was noted by another version; it is read once more.')
