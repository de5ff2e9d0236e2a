/** What comes before the first line: chunks in any form, UTF-16 from old Outlooks, and files that are no calendar. */

/** The bytes of a calendar, whole or as they arrive. */
export type IcsSource = AsyncIterable<Uint8Array> | Uint8Array

/** The source as UTF-8 chunks: UTF-16 is told by its byte order mark or the zero bytes between its first letters. */
export async function* bytesAsUtf8(source: IcsSource): AsyncIterable<Uint8Array> {
  const chunks = source instanceof Uint8Array ? once(source) : source
  let decoder: InstanceType<typeof TextDecoder> | null = null
  let swap = false
  let isFirst = true
  let held = new Uint8Array(0)
  const encoder = new TextEncoder()
  for await (let chunk of chunks) {
    if (isFirst) {
      chunk = held.length > 0 ? joined(held, chunk) : chunk
      if (chunk.length < 4) {
        held = chunk.slice()
        continue
      }
      isFirst = false
      held = new Uint8Array(0)
      const [first, second, third, fourth] = chunk
      const isLittle = (first === 0xff && second === 0xfe) || (first !== 0 && second === 0 && fourth === 0)
      const isBig = (first === 0xfe && second === 0xff) || (first === 0 && second !== 0 && third === 0)
      if (isLittle || isBig) decoder = new TextDecoder('utf-16le')
      swap = isBig
    }
    if (!decoder) yield chunk
    else {
      // A chunk may end inside a unit of two bytes, which matters when they have to change places.
      const whole = held.length > 0 ? joined(held, chunk) : chunk
      const even = whole.length - (whole.length % 2)
      held = whole.slice(even)
      const units = whole.slice(0, even)
      if (swap) for (let at = 0; at < even; at += 2) [units[at], units[at + 1]] = [units[at + 1]!, units[at]!]
      yield encoder.encode(decoder.decode(units, { stream: true }))
    }
  }
  if (held.length > 0) yield held
}

/** Remembers how a file begins, to say what it is when it turns out to be no calendar. */
export class Opening {
  #bytes = new Uint8Array(0)
  #hasZero = false

  look(chunk: Uint8Array): void {
    if (this.#bytes.length >= lookedAt) return
    this.#bytes = joined(this.#bytes, chunk.subarray(0, lookedAt - this.#bytes.length))
    this.#hasZero = this.#bytes.includes(0)
  }

  /** Why the file is no calendar and what to do, as a sentence. */
  notACalendar(): string {
    const text = new TextDecoder().decode(this.#bytes).trimStart().toLowerCase()
    if (text === '') return 'The file is empty. Export the calendar again.'
    if (text.startsWith('pk\u0003\u0004'))
      return 'This is a zip archive, not a calendar. Unpack it and read the .ics files inside.'
    if (text.startsWith('<!doctype html') || text.startsWith('<html') || text.includes('<html'))
      return 'This is a web page, not a calendar, most likely a sign-in page saved in its place. Sign in and download the .ics file again.'
    if (this.#hasZero) return 'This is not a calendar but a binary file. Export the calendar as .ics.'
    if (text.startsWith('{') || text.startsWith('[') || text.startsWith('<'))
      return 'This is not an iCalendar file but data of another kind. Export the calendar as .ics.'
    return 'This is not a calendar: it has no BEGIN:VCALENDAR. Export the calendar as .ics.'
  }
}

const lookedAt = 1024

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(one.length + other.length)
  both.set(one, 0)
  both.set(other, one.length)
  return both
}
