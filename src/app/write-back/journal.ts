import type { BlockKind, JournalLine, PlannedWrite } from '../../domain/focus/write-plan.ts'
import { blockKinds, isAgendaWrite } from '../../domain/focus/write-plan.ts'
import type { Instant, Interval } from '../../domain/time/types.ts'
import { isRecord, parsedJson } from '../../json-value.ts'
import type { WriteEntry } from '../../store/accounts.ts'
import type { WriteBackDeps } from './write-back-deps.ts'

/**
 * The journal of writes, one line a write. A line is written before its call goes out and brought up to date after each
 * step, so that whoever comes later finds what was begun. Lines hold what to write and what it replaces; labels, which
 * may be addresses, and titles of events, which may turn private, are not in them.
 */
export interface Journal {
  readonly entries: readonly WriteEntry[]
  entry(id: string): WriteEntry | null
  /** Durable when it returns. */
  save(write: PlannedWrite, change: EntryChange): Promise<WriteEntry>
  /** Marks lines as taken back; unknown ones are passed over. */
  close(ids: readonly string[], sentence: string | null): Promise<void>
}

export interface EntryChange {
  readonly state: WriteEntry['state']
  readonly itemId?: string | null
  readonly sentence?: string | null
}

export async function openJournal({ accounts, now }: Pick<WriteBackDeps, 'accounts' | 'now'>): Promise<Journal> {
  const byId = new Map((await accounts.mirror.listWrites()).map(entry => [entry.id, entry]))
  const put = async (entry: WriteEntry) => {
    await accounts.mirror.saveWrite(entry)
    byId.set(entry.id, entry)
    return entry
  }
  return {
    get entries() {
      return [...byId.values()]
    },
    entry: id => byId.get(id) ?? null,
    save: (write, { state, itemId, sentence }) => {
      const before = byId.get(write.id)
      const at = now()
      // Lines are told apart by when they were begun, so no two of them begin at once.
      let begunAt = at
      for (const { createdAt } of byId.values()) begunAt = Math.max(begunAt, createdAt + 1)
      return put({
        id: write.id,
        accountId: write.accountId,
        calendarId: write.calendarId,
        action: write.action,
        detail: detailOf(write),
        state,
        itemId: itemId ?? before?.itemId ?? ('itemId' in write ? write.itemId : null),
        sentence: sentence ?? null,
        createdAt: state === 'intended' ? begunAt : (before?.createdAt ?? begunAt),
        updatedAt: at,
      })
    },
    close: async (ids, sentence) => {
      for (const id of ids) {
        const entry = byId.get(id)
        if (entry !== undefined && entry.state !== 'undone') {
          await put({ ...entry, state: 'undone', sentence, updatedAt: now() })
        }
      }
    },
  }
}

/** A write that was begun and whose end nobody has seen. */
export function isOpen(entry: WriteEntry): boolean {
  return entry.state === 'intended' || entry.state === 'sent'
}

export function journalLine(entry: WriteEntry): JournalLine {
  const { id, action, state, sentence } = entry
  return { id, action, state, sentence, writtenAt: entry.updatedAt, write: writeOf(entry) }
}

const detailVersion = 1

/** Without what may turn private: titles of events are looked up when somebody asks. A block's title is our own. */
function detailOf(write: PlannedWrite): string {
  const { label: _, ...kept } = isAgendaWrite(write) ? { ...write, title: null } : write
  return JSON.stringify({ v: detailVersion, ...kept })
}

/** The write behind a line; null when its detail was taken out or comes from another version. */
export function writeOf(entry: WriteEntry): PlannedWrite | null {
  const detail = parsedJson(entry.detail)
  if (!isRecord(detail) || detail.v !== detailVersion) return null
  const { undoes, why } = detail
  if (!isTexts(undoes) || typeof why !== 'string') return null
  const frame = { id: entry.id, accountId: entry.accountId, calendarId: entry.calendarId, label: '', why, undoes }
  switch (entry.action) {
    case 'set-agenda':
    case 'remove-agenda': {
      const { itemId, etag, before, after } = detail
      if (!isText(itemId) || !isText(etag) || !isTextOrNull(before) || !isTextOrNull(after)) return null
      return { ...frame, action: entry.action, itemId, etag, title: null, before, after }
    }
    case 'create-block': {
      const { key, title, zone, kind, after } = detail
      if (!isText(key) || !isText(title) || !isText(zone) || !isKind(kind) || !isInterval(after)) return null
      return { ...frame, action: entry.action, key, title, zone, kind, after }
    }
    case 'move-block': {
      const { key, itemId, etag, title, zone, before, after } = detail
      if (!isText(key) || !isText(itemId) || !isText(etag) || !isText(title) || !isText(zone)) return null
      if (!isInterval(before) || !isInterval(after)) return null
      return { ...frame, action: entry.action, key, itemId, etag, title, zone, before, after }
    }
    case 'remove-block': {
      const { key, itemId, title, zone, kind, before } = detail
      if (!isText(key) || !isText(itemId) || !isText(title) || !isText(zone)) return null
      if (!isKind(kind) || !isInterval(before)) return null
      return { ...frame, action: entry.action, key, itemId, title, zone, kind, before }
    }
  }
}

const isText = (value: unknown): value is string => typeof value === 'string'
const isTextOrNull = (value: unknown): value is string | null => value === null || isText(value)
const isTexts = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every(isText)
const isInstant = (value: unknown): value is Instant => typeof value === 'number' && Number.isFinite(value)
const isKind = (value: unknown): value is BlockKind => blockKinds.some(kind => kind === value)

function isInterval(value: unknown): value is Interval {
  return isRecord(value) && isInstant(value.startAt) && isInstant(value.endAt)
}
