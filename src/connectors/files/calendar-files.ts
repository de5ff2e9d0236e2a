import { createReadStream } from 'node:fs'
import { open, readdir, stat } from 'node:fs/promises'
import { basename, join, relative, sep } from 'node:path'
import { PortError } from '../../port-error.ts'
import type { CalendarFiles, OpenedCalendar, ReadProgress } from '../calendar-files.ts'
import type { CalendarRead, ReadOptions } from '../connector.ts'
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
      for (const path of paths) sources.push(...(await sourcesAt(deps, limits, path)))
      const seen = new Set<string>()
      return sources
        .filter(source => !seen.has(source.key) && seen.add(source.key))
        .map((source, index, all) => openedCalendar(deps, source, uniqueName(source, index, all), progress))
    },
  }
}

interface ByteSource {
  readonly key: string
  readonly name: string
  readonly longName: string
  readonly size: number | null
  bytes(): AsyncIterable<Uint8Array>
}

async function sourcesAt(deps: FilesDeps, limits: FileLimits, path: string): Promise<readonly ByteSource[]> {
  if (path === '-') return [await stdinSource(deps, limits)]
  const found = await stat(path).catch((error: unknown) => {
    throw fileProblem(path, error)
  })
  if (found.isDirectory()) return folderSources(path, limits)
  return (await startsLikeZip(path)) ? zipSources(path, limits) : [fileSource(path, basename(path), found.size)]
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
      } else if (entry.isFile() && /\.zip$/i.test(entry.name)) sources.push(...(await zipSources(path, limits)))
      if (sources.length > folderFilesCap) {
        throw new PortError(
          'too-large',
          `The folder ${folder} holds more than ${folderFilesCap} calendars. Name a smaller folder.`,
        )
      }
    }
  }
}

async function zipSources(path: string, limits: FileLimits): Promise<readonly ByteSource[]> {
  const entries = (await listZip(() => fileBytes(path), path)).filter(entry => /\.(ics|ical)$/i.test(entry.name))
  if (entries.length === 0) {
    throw new PortError('not-found', `There is no .ics file in the archive ${path}. Choose "Calendar" when exporting.`)
  }
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(entry => ({
      key: `${path}\0${entry.name}`,
      name: basename(entry.name),
      longName: `${path}/${entry.name}`,
      size: entry.size,
      bytes: () => readZipEntry(() => fileBytes(path), entry.name, path, limits.inflatedBytes),
    }))
}

async function startsLikeZip(path: string): Promise<boolean> {
  const file = await open(path, 'r').catch((error: unknown) => {
    throw fileProblem(path, error)
  })
  try {
    const { bytesRead, buffer } = await file.read(new Uint8Array(4), 0, 4, 0)
    return bytesRead === 4 && buffer[0] === 0x50 && buffer[1] === 0x4b && buffer[2] === 0x03 && buffer[3] === 0x04
  } finally {
    await file.close()
  }
}

async function stdinSource(deps: FilesDeps, { stdinBytes }: FileLimits): Promise<ByteSource> {
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
  return {
    key: '-',
    name: 'standard input',
    longName: 'standard input',
    size,
    async *bytes() {
      yield* chunks
    },
  }
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
    read: options =>
      deps.readBytes(progress === undefined ? source.bytes() : counted(source, calendar, progress), {
        ...options,
        calendar,
      }),
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

/** Two calendars with one file name are told apart by their longer path. */
function uniqueName(source: ByteSource, _index: number, all: readonly ByteSource[]): string {
  return all.some(other => other !== source && other.name === source.name) ? source.longName : source.name
}
