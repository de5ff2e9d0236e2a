/** Numbers that look random and are the same in every run: ids, jitter and orders of a fake come from here. */
export interface Seed {
  /** 0 <= next < 1 */
  next(): number
  /** Text of 0-9 and a-v, the alphabet of event ids. */
  text(length: number): string
  shuffled<Item>(items: readonly Item[]): Item[]
}

export function seedOf(seed: number): Seed {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  return {
    next,
    text: length => Array.from({ length }, () => Math.floor(next() * 32).toString(32)).join(''),
    shuffled(items) {
      const shuffled = [...items]
      for (let i = shuffled.length - 1; i > 0; i--) {
        const j = Math.floor(next() * (i + 1))
        const held = shuffled[i]!
        shuffled[i] = shuffled[j]!
        shuffled[j] = held
      }
      return shuffled
    },
  }
}
