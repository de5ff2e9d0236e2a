import { createReadStream } from 'node:fs'
import { open, readdir, stat } from 'node:fs/promises'
import { basename, join, relative, sep } from 'node:path'
import { PortError } from '../../port-error.ts'
import type { CalendarFiles, OpenedCalendar, ReadProgress } from '../calendar-files.ts'
import type { CalendarRead, LeftOut, ReadOptions } from '../calendar-read.ts'
import { printable } from '../printable.ts'
import { fileProblem } from './file-problem.ts'
import { listZip, readZipEntry } from './zip.ts'

/** What reads the bytes of one calendar; the entry hands in the ICS connector. */
export type ReadCalendarBytes = (source: AsyncIterable<Uint8Array>, options: ReadOptions) => Promise<CalendarRead>

interface FilesDeps {
  readonly readBytes: ReadCalendarBytes
  readonly stdin: () => AsyncIterable<Uint8Array>
}

export interface FileLimits {
  /** Standard input is kept in memory, because a calendar may be read twice. */
  readonly stdinBytes: number
  /** Inflated bytes of one calendar in an archive; larger is a bomb and no export of a person. */
  readonly inflatedBytes: number
}

const defaultLimits: FileLimits = { stdinBytes: 256 * 1024 * 1024, inflatedBytes: 1024 * 1024 * 1024 }
const folderDepthCap = 8
const folderFilesCap = 5_000

/** `.ics` files, folders of them, `.zip` archives (Google Takeout) and `-` for standard input. */
export function createCalendarFiles(deps: FilesDeps, limits: FileLimits = defaultLimits): CalendarFiles {
  return {
    async open(paths, progress) {
      const sources: ByteSource[] = []
      for (const path of paths) for (const source of await sourcesAt(deps, limits, path)) sources.push(source)
      const seen = new Set<string>()
      const distinct = sources.filter(source => !seen.has(source.key) && seen.add(source.key))
      const names = uniqueNames(distinct)
      return distinct.map((source, index) => openedCalendar(deps, source, names[index] ?? source.longName, progress))
    },
  }
}

interface ByteSource {
  readonly key: string
  readonly name: string
  readonly longName: string
  readonly size: number | null
  /** What the calendar's archive lacks, said with every calendar of it. */
  readonly leftOut?: LeftOut
  bytes(): AsyncIterable<Uint8Array>
}

async function sourcesAt(deps: FilesDeps, limits: FileLimits, path: string): Promise<readonly ByteSource[]> {
  if (path === '-') return stdinSources(deps, limits)
  const found = await stat(path).catch((error: unknown) => {
    throw fileProblem(path, error)
  })
  if (found.isDirectory()) return folderSources(path, limits)
  return (await startsLikeZip(path))
    ? zipSources(() => fileBytes(path), path, limits)
    : [fileSource(path, basename(path), found.size)]
}

function fileSource(path: string, name: string, size: number | null): ByteSource {
  return { key: path, name, longName: path, size, bytes: () => fileBytes(path) }
}

async function* fileBytes(path: string): AsyncIterable<Uint8Array> {
  try {
    yield* createReadStream(path, { highWaterMark: 1 << 18 })
  } catch (error) {
    throw fileProblem(path, error)
  }
}

async function folderSources(folder: string, limits: FileLimits): Promise<readonly ByteSource[]> {
  const sources: ByteSource[] = []
  await collect(folder, 0)
  if (sources.length === 0) {
    throw new PortError('not-found', `There is no .ics file in the folder ${folder}. Export a calendar into it first.`)
  }
  return sources

  async function collect(at: string, depth: number): Promise<void> {
    const entries = await readdir(at, { withFileTypes: true }).catch((error: unknown) => {
      throw fileProblem(at, error)
    })
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(at, entry.name)
      if (entry.isDirectory() && depth < folderDepthCap) await collect(path, depth + 1)
      else if (entry.isFile() && /\.(ics|ical)$/i.test(entry.name)) {
        sources.push(fileSource(path, relative(folder, path).split(sep).join('/'), (await stat(path)).size))
      } else if (entry.isFile() && /\.zip$/i.test(entry.name)) {
        for (const source of await zipSources(() => fileBytes(path), path, limits)) sources.push(source)
      }
      if (sources.length > folderFilesCap) {
        throw new PortError(
          'too-large',
          `The folder ${folder} holds more than ${folderFilesCap} calendars. Name a smaller folder.`,
        )
      }
    }
  }
}

async function zipSources(
  bytes: () => AsyncIterable<Uint8Array>,
  path: string,
  limits: FileLimits,
): Promise<readonly ByteSource[]> {
  const shown = printable(path)
  const { entries: files, isCut } = await listZip(bytes, shown)
  const entries = files.filter(entry => /\.(ics|ical)$/i.test(entry.name))
  if (entries.length === 0) {
    if (isCut)
      throw new PortError('malformed', `The archive ${shown} is cut off before any calendar in it. Download it again.`)
    throw new PortError('not-found', `There is no .ics file in the archive ${shown}. Choose "Calendar" when exporting.`)
  }
  const cut = isCut ? { leftOut: archiveCut(shown, files.at(-1)?.name ?? '') } : {}
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(entry => ({
      key: `${path}\0${entry.name}`,
      name: basename(entry.name),
      longName: `${path}/${entry.name}`,
      size: entry.size,
      ...cut,
      bytes: () => readZipEntry(bytes, entry.name, shown, limits.inflatedBytes),
    }))
}

/** `last` is the file in which or after which the archive ends. */
function archiveCut(path: string, last: string): LeftOut {
  return {
    code: 'truncated-file',
    count: 1,
    sentence: `The archive ${path} is cut off; files after ${printable(basename(last))} are missing, and that one may lack its end. Download it again.`,
  }
}

async function startsLikeZip(path: string): Promise<boolean> {
  const file = await open(path, 'r').catch((error: unknown) => {
    throw fileProblem(path, error)
  })
  try {
    const { bytesRead, buffer } = await file.read(new Uint8Array(4), 0, 4, 0)
    return isZipOpening(buffer.subarray(0, bytesRead))
  } finally {
    await file.close()
  }
}

function isZipOpening(first: Uint8Array): boolean {
  return first[0] === 0x50 && first[1] === 0x4b && first[2] === 0x03 && first[3] === 0x04
}

async function stdinSources(deps: FilesDeps, limits: FileLimits): Promise<readonly ByteSource[]> {
  const { stdinBytes } = limits
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of deps.stdin()) {
    chunks.push(chunk)
    size += chunk.length
    if (size > stdinBytes) {
      throw new PortError(
        'too-large',
        `Standard input is larger than ${stdinBytes >> 20} MiB. Save it to a file and name the file.`,
      )
    }
  }
  async function* bytes() {
    yield* chunks
  }
  const name = 'standard input'
  const opening: number[] = []
  for (const chunk of chunks) if (opening.length < 4) opening.push(...chunk.subarray(0, 4 - opening.length))
  if (isZipOpening(Uint8Array.from(opening))) return zipSources(bytes, name, limits)
  return [{ key: '-', name, longName: name, size, bytes }]
}

function openedCalendar(
  deps: FilesDeps,
  source: ByteSource,
  calendar: string,
  progress?: ReadProgress,
): OpenedCalendar {
  return {
    calendar,
    bytes: source.size,
    async read(options) {
      const bytes = progress === undefined ? source.bytes() : counted(source, calendar, progress)
      const read = await deps.readBytes(bytes, { ...options, calendar })
      return source.leftOut === undefined ? read : { ...read, leftOut: [...read.leftOut, source.leftOut] }
    },
  }
}

async function* counted(source: ByteSource, calendar: string, progress: ReadProgress): AsyncIterable<Uint8Array> {
  let bytes = 0
  for await (const chunk of source.bytes()) {
    bytes += chunk.length
    progress({ calendar, bytes, of: source.size })
    yield chunk
  }
}

/**
 * Names for people, fit for a terminal. Two calendars with one file name are told apart by their longer path, and two
 * that differ only in what cannot be shown by a number.
 */
function uniqueNames(sources: readonly ByteSource[]): readonly string[] {
  const count = new Map<string, number>()
  for (const { name } of sources) count.set(printable(name), (count.get(printable(name)) ?? 0) + 1)
  const taken = new Set<string>()
  return sources.map(source => {
    const short = printable(source.name)
    const name = count.get(short) === 1 ? short : printable(source.longName)
    let unique = name
    for (let number = 2; taken.has(unique); number++) unique = `${name} (${number})`
    taken.add(unique)
    return unique
  })
}
