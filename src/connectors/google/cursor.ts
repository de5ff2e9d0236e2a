import type { Interval } from '../../domain/time/types.ts'
import { parsedJson } from '../../json-value.ts'
import { PortError } from '../../port-error.ts'
import { firstPage, type PageTrail } from './paging.ts'

/**
 * Where a calendar's sync stands, as text in the store. Everything that has to be the same in all questions of one sync
 * is in it: Google gives "undefined behaviour" where a later question differs from the first.
 */
export interface GoogleCursor {
  readonly mode: 'full' | 'changes'
  /** How much is asked of each event; see `tierLetters`. */
  readonly form: string
  readonly pageSize: number
  readonly window: Interval
  readonly pageToken: string | null
  /** Of the last complete round; null in a full one. */
  readonly syncToken: string | null
  readonly trail: PageTrail
}

/** Counts changes of this format and of what we make of an event: an older cursor leads to a full round. */
const version = 1

export function firstCursor(window: Interval, form: string, pageSize: number): GoogleCursor {
  return { mode: 'full', form, pageSize, window, pageToken: null, syncToken: null, trail: firstPage }
}

export function writeCursor({ mode, form, pageSize, window, pageToken, syncToken, trail }: GoogleCursor): string {
  return JSON.stringify({
    v: version,
    mode,
    form,
    size: pageSize,
    window: [window.startAt, window.endAt],
    ...(pageToken === null ? {} : { pageToken, page: trail.page, mark: trail.mark }),
    ...(syncToken === null ? {} : { syncToken }),
  })
}

/** @throws PortError `cursor-expired` for one that is not of this version, or asks for more or less of each event. */
export function readCursor(text: string, form: string): GoogleCursor {
  const cursor = parseCursor(parsedJson(text))
  if (cursor === null || cursor.form !== form) {
    throw new PortError(
      'cursor-expired',
      'The place where reading stopped was noted by another version of Minutewise or for another consent; everything is read again.',
    )
  }
  return cursor
}

function parseCursor(value: unknown): GoogleCursor | null {
  if (typeof value !== 'object' || value === null) return null
  // Safe because every field is looked at before it is used.
  const written = value as Readonly<Record<string, unknown>>
  const { v, mode, form, size, window, pageToken = null, syncToken = null, page = 1, mark = '' } = written
  if (v !== version || (mode !== 'full' && mode !== 'changes') || typeof form !== 'string') return null
  if (!isWhole(size) || !isWhole(page) || typeof mark !== 'string') return null
  if (!isTextOrNull(pageToken) || !isTextOrNull(syncToken) || (mode === 'changes') !== (syncToken !== null)) return null
  if (!Array.isArray(window) || window.length !== 2) return null
  const [startAt, endAt] = window
  if (!isWhole(startAt) || !isWhole(endAt)) return null
  return { mode, form, pageSize: size, window: { startAt, endAt }, pageToken, syncToken, trail: { page, mark } }
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value)
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || (typeof value === 'string' && value !== '')
}
