/**
 * Content lines of iCalendar (RFC 5545 section 3.1), read from byte chunks as they arrive: line ends CRLF, LF or CR,
 * folds undone before anything is decoded (a fold may stand inside a UTF-8 sequence). Lines whose name nobody asked for
 * are walked over and never stored, so an inline attachment of any size costs nothing but its bytes.
 *
 * Bytes are scanned in place and values stay bytes until somebody needs them as text: for a large export, the strings
 * are what costs.
 */

import { valueStart } from './values.ts'

export interface LineSink {
  /**
   * One kept line, unfolded. `bytes[at]` is the `;` or `:` after the name and `end` is exclusive; the bytes are reused
   * after the call. `cut` says that the line was longer than its cap and the rest of it was dropped.
   */
  line(name: number, bytes: Uint8Array, at: number, end: number, cut: boolean): void
}

export interface LineLimits {
  /** Longest unfolded line kept, in bytes. */
  readonly longest: number
  /** Names whose value is a list: a long one reaches the sink in several calls, each with whole items. */
  readonly lists: ReadonlySet<number>
}

/** Feed it chunks with `push`, then call `end`; lines reach the sink under their index in `names`. */
export class ContentLineReader {
  readonly #sink: LineSink
  readonly #limits: LineLimits
  readonly #names: ReadonlyMap<number, number>
  /** Unread bytes, after the start of a line that is not complete yet. `#bytes[#filled]` is always a line feed. */
  #bytes = new Uint8Array(1 << 18)
  #filled = 0
  /** Start of the current line, end of its unfolded part, and where reading goes on. */
  #start = 0
  #write = 0
  #read = 0
  #valueAt = 0
  #state = atLineStart
  #atFileStart = true

  constructor(names: readonly string[], limits: LineLimits, sink: LineSink) {
    this.#names = new Map(names.map((name, index) => [hashOfName(name), index]))
    this.#limits = limits
    this.#sink = sink
  }

  push(chunk: Uint8Array): void {
    for (let from = 0; from < chunk.length; from += pieceBytes) {
      const piece = chunk.subarray(from, from + pieceBytes)
      this.#append(piece)
      this.#scan(false)
    }
  }

  end(): void {
    this.#scan(true)
  }

  #append(piece: Uint8Array): void {
    const kept = this.#write - this.#start
    const unread = this.#filled - this.#read
    const needed = kept + unread + piece.length + 1
    const from = this.#bytes
    if (needed > from.length) this.#bytes = new Uint8Array(Math.max(needed + pieceBytes, from.length * 1.5))
    const to = this.#bytes
    if (this.#start > 0 || to !== from) to.set(from.subarray(this.#start, this.#write), 0)
    if (unread > 0) to.set(from.subarray(this.#read, this.#filled), kept)
    to.set(piece, kept + unread)
    this.#valueAt -= this.#start
    this.#start = 0
    this.#write = kept
    this.#read = kept
    this.#filled = kept + unread + piece.length
    to[this.#filled] = lineFeed
  }

  #scan(final: boolean): void {
    if (this.#atFileStart && (final || this.#filled >= 3)) this.#skipByteOrderMark()
    const bytes = this.#bytes
    const filled = this.#filled
    let read = this.#read
    for (;;) {
      if (this.#state === atLineStart) {
        this.#start = this.#write = read
        if (read >= filled) break
        let nameEnd = read
        let hash = 0
        let byte = bytes[nameEnd]!
        while (byte > 13 && byte !== colon && byte !== semicolon) {
          hash = (Math.imul(hash, 31) + (byte & ignoreCase)) | 0
          byte = bytes[++nameEnd]!
        }
        if (nameEnd === read && (byte === lineFeed || byte === carriageReturn)) {
          read++
          continue
        }
        if (nameEnd >= filled && !final && nameEnd - read < longestName) break
        this.#valueAt = nameEnd
        if (byte === colon || byte === semicolon) {
          const name = this.#names.get(hash)
          this.#state = name === undefined ? skipping : name
        } else {
          // The name itself is folded, or the line is no content line: known once it is unfolded.
          this.#state = nameEnd - read < longestName ? nameUnknown : skipping
        }
        read = this.#write = nameEnd
      }

      const isKept = this.#state !== skipping
      let write = this.#write
      let next = -1
      for (;;) {
        if (write === read) {
          while (bytes[read]! > 13) read++
          write = read
        } else if (isKept) {
          let byte = bytes[read]!
          while (byte > 13) {
            bytes[write++] = byte
            byte = bytes[++read]!
          }
        } else {
          while (bytes[read]! > 13) read++
        }
        const byte = bytes[read]!
        if (byte !== lineFeed && byte !== carriageReturn) {
          bytes[write++] = byte
          read++
          continue
        }
        if (read >= filled && !final) break
        next = read
        // Also `\r\r\n`, which a twice converted file carries; a longer run is blank lines.
        while (bytes[next] === carriageReturn && next < filled && next < read + 4) next++
        if (bytes[next] === lineFeed && next < filled) next++
        if (next >= filled && !final) {
          next = -1
          break
        }
        const after = next < filled ? bytes[next] : lineFeed
        if (after !== space && after !== tab) break
        read = next + 1
        next = -1
      }
      if (next < 0) {
        this.#write = isKept ? write : this.#start
        this.#read = read
        if (!isKept) this.#start = this.#write = read
        else if (this.#limits.lists.has(this.#state)) this.#emitWholeItems()
        else if (write - this.#start > this.#limits.longest) this.#cut()
        return
      }
      this.#write = write
      if (isKept) this.#emit(false)
      this.#state = atLineStart
      read = next
    }
    this.#start = this.#write = this.#read = read
  }

  /** Hands over what has arrived of a long list and keeps the line's head and the item it may have stopped in. */
  #emitWholeItems(): void {
    if (this.#write - this.#start < pieceBytes / 2) return
    const bytes = this.#bytes
    const value = valueStart(bytes, this.#valueAt, this.#write)
    const lastComma = bytes.lastIndexOf(comma, this.#write - 1)
    if (value < 0 || lastComma < value) {
      if (this.#write - this.#start > this.#limits.longest) this.#cut()
      return
    }
    this.#sink.line(this.#state, bytes, this.#valueAt, lastComma, false)
    bytes.copyWithin(value, lastComma + 1, this.#write)
    this.#write = value + this.#write - lastComma - 1
  }

  #cut(): void {
    this.#emit(true)
    this.#state = skipping
    this.#start = this.#write = this.#read
  }

  #emit(isCut: boolean): void {
    const bytes = this.#bytes
    let name = this.#state
    if (name === nameUnknown) {
      let hash = 0
      let at = this.#start
      for (; at < this.#write && bytes[at] !== colon && bytes[at] !== semicolon; at++)
        hash = (Math.imul(hash, 31) + (bytes[at]! & ignoreCase)) | 0
      const known = at < this.#write ? this.#names.get(hash) : undefined
      if (known === undefined) return
      name = known
      this.#valueAt = at
    }
    const end = Math.min(this.#write, this.#start + this.#limits.longest)
    if (this.#valueAt < end) this.#sink.line(name, bytes, this.#valueAt, end, isCut || end < this.#write)
  }

  #skipByteOrderMark(): void {
    this.#atFileStart = false
    const bytes = this.#bytes
    if (this.#filled >= 3 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf)
      this.#start = this.#write = this.#read = 3
  }
}

const lineFeed = 10
const carriageReturn = 13
const tab = 9
const space = 32
const colon = 58
const semicolon = 59
const comma = 44
/** Clears the bit that tells `a` from `A`. It also folds some punctuation together, which no name we keep differs by. */
const ignoreCase = 0xdf
const pieceBytes = 1 << 17
const longestName = 256

/** States that are no index of a kept name. */
const atLineStart = -1
const skipping = -2
const nameUnknown = -3

/** A name made to collide would be read as the name it collides with, which its author could have written anyway. */
function hashOfName(name: string): number {
  let hash = 0
  for (let at = 0; at < name.length; at++) hash = (Math.imul(hash, 31) + (name.charCodeAt(at) & ignoreCase)) | 0
  return hash
}
