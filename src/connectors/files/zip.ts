import { Unzip, UnzipInflate } from 'fflate'
import { PortError } from '../../port-error.ts'

const entriesCap = 20_000
/** Small enough that even a bomb (1:1000) inflates to a few megabytes at a time. */
const pushSize = 16 * 1024

export interface ZipEntry {
  readonly name: string
  readonly size: number | null
}

/** The names in an archive, read as a stream: nothing is inflated. Throws `PortError` for what is no archive. */
export async function listZip(bytes: () => AsyncIterable<Uint8Array>, path: string): Promise<ZipEntry[]> {
  const entries: ZipEntry[] = []
  const unzip = new Unzip(file => {
    entries.push({ name: file.name, size: file.originalSize ?? null })
  })
  try {
    for await (const chunk of bytes()) {
      unzip.push(chunk)
      if (entries.length > entriesCap) {
        throw new PortError(
          'too-large',
          `The archive ${path} holds more than ${entriesCap} files. Take the calendar out of it.`,
        )
      }
    }
    unzip.push(new Uint8Array(0), true)
  } catch (error) {
    if (error instanceof PortError) throw error
    // a cut archive still lists what came before the cut; reading the cut entry then says so
    if (entries.length === 0) throw brokenZip(path, error)
  }
  return entries
}

/** One entry's bytes, inflated as a stream. A cut entry ends early; the reader of the calendar notices. */
export async function* readZipEntry(
  bytes: () => AsyncIterable<Uint8Array>,
  name: string,
  path: string,
  mostBytes: number,
): AsyncIterable<Uint8Array> {
  let inflated: Uint8Array[] = []
  let total = 0
  let done = false
  let problem: unknown = null
  const unzip = new Unzip(file => {
    if (file.name !== name || done) return
    file.ondata = (error, data, final) => {
      if (error !== null) problem = error
      else {
        total += data.length
        inflated.push(data)
        if (final) done = true
      }
    }
    file.start()
  })
  unzip.register(UnzipInflate)
  for await (const chunk of bytes()) {
    for (let at = 0; at < chunk.length && !done; at += pushSize) {
      try {
        unzip.push(chunk.subarray(at, at + pushSize))
      } catch (error) {
        problem = error
      }
      if (problem !== null) throw brokenZip(path, problem)
      if (total > mostBytes) {
        throw new PortError(
          'too-large',
          `A calendar in ${path} inflates to more than ${Math.floor(mostBytes / 1_048_576)} MiB; it was not read. Take the calendar out of it.`,
        )
      }
      yield* inflated
      inflated = []
    }
    if (done) return
  }
}

function brokenZip(path: string, cause: unknown): PortError {
  return new PortError('malformed', `The archive ${path} is broken. Download or export it again.`, { cause })
}
