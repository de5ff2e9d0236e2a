/**
 * Calendars repeat themselves: the same attendee line, title or rule stands in thousands of events. An interner turns
 * equal bytes into the one value made for them first, without making a string to find out.
 */
export class Interner<Value> {
  #slots = new Int32Array(1 << 12).fill(-1)
  readonly #hashes: number[] = []
  /** Where entry n's bytes end in `#keys`; they begin where those of n - 1 end. */
  readonly #ends: number[] = []
  readonly #values: Value[] = []
  #keys = new Uint8Array(1 << 16)
  #keysEnd = 0

  /** The value of `bytes[from, to)`; `make` is called when these bytes are new, or too long or too many to remember. */
  get(
    bytes: Uint8Array,
    from: number,
    to: number,
    make: (bytes: Uint8Array, from: number, to: number) => Value,
  ): Value {
    const length = to - from
    if (length > longestKey) return make(bytes, from, to)
    const hash = hashOf(bytes, from, to)
    const mask = this.#slots.length - 1
    let slot = hash & mask
    for (let probe = 0; probe < longestProbe; probe++) {
      const entry = this.#slots[slot]!
      if (entry < 0) return this.#add(slot, hash, bytes, from, to, make(bytes, from, to))
      if (this.#hashes[entry] === hash && this.#isKey(entry, bytes, from, length)) return this.#values[entry]!
      slot = (slot + 1) & mask
    }
    return make(bytes, from, to)
  }

  #isKey(entry: number, bytes: Uint8Array, from: number, length: number): boolean {
    const keys = this.#keys
    const keyFrom = entry === 0 ? 0 : this.#ends[entry - 1]!
    if (this.#ends[entry]! - keyFrom !== length) return false
    for (let at = 0; at < length; at++) if (keys[keyFrom + at] !== bytes[from + at]) return false
    return true
  }

  #add(slot: number, hash: number, bytes: Uint8Array, from: number, to: number, value: Value): Value {
    const end = this.#keysEnd + to - from
    if (end > mostKeyBytes || this.#values.length >= mostEntries) return value
    if (end > this.#keys.length) {
      const keys = new Uint8Array(Math.max(end, this.#keys.length * 2))
      keys.set(this.#keys)
      this.#keys = keys
    }
    this.#keys.set(bytes.subarray(from, to), this.#keysEnd)
    this.#keysEnd = end
    this.#slots[slot] = this.#values.length
    this.#hashes.push(hash)
    this.#ends.push(end)
    this.#values.push(value)
    if (this.#values.length * 2 > this.#slots.length) this.#grow()
    return value
  }

  #grow(): void {
    const mask = this.#slots.length * 2 - 1
    this.#slots = new Int32Array(mask + 1).fill(-1)
    for (let entry = 0; entry < this.#hashes.length; entry++) {
      let slot = this.#hashes[entry]! & mask
      while (this.#slots[slot]! >= 0) slot = (slot + 1) & mask
      this.#slots[slot] = entry
    }
  }
}

/** Bounds that keep a hostile file from filling memory or making lookups slow: past them values are made anew. */
const longestKey = 512
const mostKeyBytes = 1 << 23
const mostEntries = 1 << 16
const longestProbe = 64

function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = to - from
  let at = from
  for (const last = to - 3; at < last; at += 4) {
    const word = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
    hash = Math.imul(hash ^ word, 0x9e3779b1)
    hash ^= hash >>> 15
  }
  for (; at < to; at++) hash = Math.imul(hash ^ bytes[at]!, 0x9e3779b1)
  return hash ^ (hash >>> 13)
}
