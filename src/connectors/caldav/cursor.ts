import { isRecord, parsedJson } from '../../json-value.ts'
import { PortError } from '../../port-error.ts'
import type { ItemId } from '../connector.ts'

/**
 * Where the last round got to: a token of the server (RFC 6578), or its ctag where it has no tokens (null where it has
 * no ctag either, which means comparing every time).
 */
export type Position =
  | { readonly by: 'token'; readonly token: string }
  | { readonly by: 'tag'; readonly tag: string | null }

/** A round under way. What it goes through is asked for again where it is not remembered. */
export interface RoundPosition {
  readonly kind: 'full' | 'changes'
  /** How the server is asked what there is: by its tokens or by a listing. */
  readonly by: Position['by']
  /** The token the page under way is asked with; null from the beginning. */
  readonly from: string | null
  /** Where the next round (or page) begins: as of the start of this one. Null while nobody has asked yet. */
  readonly next: Position | null
  /** The last item that was looked at, in the order of ids; empty at the beginning. */
  readonly after: ItemId
  /** How often the server has cut the list of this round; not there means never. */
  readonly cuts?: number
}

export type DavCursor = { readonly at: Position } | { readonly round: RoundPosition }

export function encodeDavCursor(cursor: DavCursor): string {
  return JSON.stringify({ v: version, ...cursor })
}

/** @throws PortError `cursor-expired` for text that this version did not write. */
export function decodeDavCursor(text: string): DavCursor {
  const parsed = parsedJson(text)
  if (!isRecord(parsed) || parsed.v !== version) throw notOurs()
  if (isPosition(parsed.at)) return { at: parsed.at }
  if (isRound(parsed.round)) return { round: parsed.round }
  throw notOurs()
}

const version = 'caldav-1'

function isPosition(value: unknown): value is Position {
  if (!isRecord(value)) return false
  if (value.by === 'token') return typeof value.token === 'string'
  return value.by === 'tag' && (value.tag === null || typeof value.tag === 'string')
}

function isRound(value: unknown): value is RoundPosition {
  return (
    isRecord(value) &&
    (value.kind === 'full' || value.kind === 'changes') &&
    (value.by === 'token' || value.by === 'tag') &&
    (value.from === null || typeof value.from === 'string') &&
    (value.next === null || isPosition(value.next)) &&
    typeof value.after === 'string' &&
    (value.cuts === undefined || typeof value.cuts === 'number')
  )
}

const notOurs = () =>
  new PortError('cursor-expired', 'How far this calendar was read was noted by another version; it is read once more.')
