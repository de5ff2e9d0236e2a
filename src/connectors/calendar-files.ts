import type { CalendarRead, ReadOptions } from './calendar-read.ts'

/**
 * The port to exported calendars: whatever a person can hand over on a command line, as calendars that can be read.
 *
 * Promises:
 * - `open` names every calendar found, in a stable order (as given; inside folders and archives by name), each once;
 * - a path that holds no calendar is a `PortError` with a sentence; nothing is guessed;
 * - a calendar can be read more than once and gives the same bytes each time.
 */
export interface CalendarFiles {
  open(paths: readonly string[], progress?: ReadProgress): Promise<readonly OpenedCalendar[]>
}

export interface OpenedCalendar {
  /** A short name for people: the file's name, or the path inside the folder or archive. */
  readonly calendar: string
  /** Size in bytes, where it is known before reading. */
  readonly bytes: number | null
  read(options: Omit<ReadOptions, 'calendar'>): Promise<CalendarRead>
}

/** Called now and then with how much was read; never when nothing is known to be long. */
export type ReadProgress = (at: {
  readonly calendar: string
  readonly bytes: number
  readonly of: number | null
}) => void
