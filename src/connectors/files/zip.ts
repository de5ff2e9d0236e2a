import { Unzip, type UnzipDecoderConstructor, type UnzipFile, UnzipInflate, UnzipPassThrough } from 'fflate'
import { PortError } from '../../port-error.ts'

const entriesCap = 20_000
/** Listed in pieces: an archive of tiny files is walked one call deeper for each of them. */
const listedPiece = 16 * 1024
/** Pieces are inflated so that about this much comes out of each: a bomb gives a thousand times what goes in. */
const inflatedPiece = 256 * 1024
const smallestPiece = 256
const largestPiece = 64 * 1024

export interface ZipEntry {
  readonly name: string
  readonly size: number | null
}

export interface ZipListing {
  readonly entries: readonly ZipEntry[]
  /** The end of the archive is missing: files may be, and the last one listed may lack its end. */
  readonly isCut: boolean
}

/** The names in an archive, read as a stream: nothing is inflated. Throws `PortError` for what is no archive. */
export async function listZip(bytes: () => AsyncIterable<Uint8Array>, path: string): Promise<ZipListing> {
  const entries: ZipEntry[] = []
  const unzip = new Unzip(file => {
    entries.push({ name: file.name, size: file.originalSize ?? null })
    passOver(unzip, file)
  })
  const end = new ArchiveEnd()
  try {
    for await (const chunk of bytes()) {
      end.look(chunk)
      for (let at = 0; at < chunk.length; at += listedPiece) {
        unzip.push(chunk.subarray(at, at + listedPiece))
        if (entries.length > entriesCap) {
          throw new PortError(
            'too-large',
            `The archive ${path} holds more than ${entriesCap} files. Take the calendar out of it.`,
          )
        }
      }
    }
    unzip.push(new Uint8Array(0), true)
  } catch (error) {
    if (error instanceof PortError) throw error
    // a cut archive still lists what came before the cut
    if (entries.length === 0) throw brokenZip(path, error)
    return { entries, isCut: true }
  }
  return { entries, isCut: !end.isThere() }
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
    if (file.name !== name || done) {
      passOver(unzip, file)
      return
    }
    file.ondata = (error, data, final) => {
      if (error !== null) problem = error
      else {
        total += data.length
        inflated.push(data)
        if (final) done = true
      }
    }
    unzip.register(UnzipInflate)
    unzip.register(UnzipPassThrough)
    file.start()
  })
  let piece = smallestPiece
  for await (const chunk of bytes()) {
    for (let at = 0; at < chunk.length && !done; ) {
      const before = total
      try {
        unzip.push(chunk.subarray(at, at + piece))
      } catch (error) {
        problem = error
      }
      at += piece
      if (problem !== null) throw brokenZip(path, problem)
      if (total > mostBytes) {
        throw new PortError(
          'too-large',
          `A calendar in ${path} inflates to more than ${Math.floor(mostBytes / 1_048_576)} MiB; it was not read. Take the calendar out of it.`,
        )
      }
      if (total - before > inflatedPiece) piece = Math.max(smallestPiece, piece / 2)
      else if (total - before < inflatedPiece / 4) piece = Math.min(largestPiece, piece * 2)
      yield* inflated
      inflated = []
    }
    if (done) return
  }
}

/** A file that nobody starts is kept in memory by the reader of the archive; one that is started into nothing is not. */
function passOver(unzip: Unzip, file: UnzipFile): void {
  file.ondata = () => {}
  unzip.register(nothingOf(file.compression))
  file.start()
}

function nothingOf(compression: number): UnzipDecoderConstructor {
  return class {
    static readonly compression = compression
    ondata: UnzipFile['ondata'] = () => {}
    push() {}
  }
}

/** Looks for the record that closes an archive (APPNOTE 4.3.16), behind which only a comment may stand. */
class ArchiveEnd {
  #tail = new Uint8Array(0)
  #size = 0

  look(chunk: Uint8Array): void {
    this.#size += chunk.length
    const kept = this.#tail.subarray(Math.max(0, this.#tail.length + Math.min(chunk.length, longestEnd) - longestEnd))
    const tail = new Uint8Array(kept.length + Math.min(chunk.length, longestEnd))
    tail.set(kept, 0)
    tail.set(chunk.subarray(Math.max(0, chunk.length - longestEnd)), kept.length)
    this.#tail = tail
  }

  /** The record must speak of this archive, not of one that lies inside it. */
  isThere(): boolean {
    const tail = this.#tail
    const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength)
    for (let at = tail.length - endRecordSize; at >= 0; at--) {
      if (view.getUint32(at, true) !== endSignature) continue
      const directoryEnd = view.getUint32(at + 12, true) + view.getUint32(at + 16, true)
      if (directoryEnd === this.#size - tail.length + at || view.getUint32(at + 16, true) === zip64) return true
    }
    return false
  }
}

const endSignature = 0x06054b50
const endRecordSize = 22
const longestEnd = endRecordSize + 0xffff
/** Sizes that do not fit are all ones here and stand in a record of their own (4.4.1.4). */
const zip64 = 0xffffffff

function brokenZip(path: string, cause: unknown): PortError {
  return new PortError('malformed', `The archive ${path} is broken. Download or export it again.`, { cause })
}
