/** Digits that look drawn by lot and are the same on every run: identifiers are coined from what they name. */
export function seededDigits(seed: string, alphabet: string, length: number): string {
  let state = fnv1a(seed)
  let digits = ''
  for (let i = 0; i < length; i++) {
    state = mix(state + 0x9e3779b9)
    digits += alphabet[state % alphabet.length]
  }
  return digits
}

/** An integer from 0 up to, not including, `below`. */
export function seededNumber(seed: string, below: number): number {
  return mix(fnv1a(seed)) % below
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}

/** The finisher of MurmurHash3: spreads neighbouring numbers. */
function mix(value: number): number {
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35)
  return (value ^ (value >>> 16)) >>> 0
}
