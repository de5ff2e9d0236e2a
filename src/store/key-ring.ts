import { PortError } from '../port-error.ts'
import type { KeyRing } from './credential-store.ts'

/**
 * Keys from a key file or from MINUTEWISE_KEYS: one `id:base64 of 32 bytes` a line or between commas, the newest last.
 * Empty lines and lines that begin with `#` are passed over.
 *
 * @throws PortError `malformed` that says which entry is wrong and never shows any of it but a well-formed id.
 */
export function parseKeyRing(text: string): KeyRing {
  const keys = new Map<string, Uint8Array>()
  let newestId: string | null = null
  let number = 0
  for (const line of text.split(/\r?\n/)) {
    if (line.trim().startsWith('#')) continue
    for (const entry of line.split(',').map(part => part.trim())) {
      if (entry === '') continue
      number++
      const colon = entry.indexOf(':')
      const id = entry.slice(0, colon)
      // The whole entry may be the secret when its id was forgotten, so it is told by its place.
      if (colon < 0 || !idPattern.test(id)) {
        throw badKeys(`Key ${number} does not begin with an id and a colon (an id has 1 to 32 of a-z, 0-9, - and _).`)
      }
      if (keys.has(id)) throw badKeys(`There are two keys with the id "${id}".`)
      keys.set(id, keyBytes(id, entry.slice(colon + 1).trim()))
      newestId = id
    }
  }
  if (newestId === null) throw badKeys('There is no key.')
  return { newestId, keys }
}

/**
 * A line for the key file with a new random key: to be appended, so that it is the newest.
 *
 * @throws TypeError when the id is none.
 */
export function newKeyLine(id: string): string {
  if (!idPattern.test(id)) throw new TypeError('The id of a key has 1 to 32 of a-z, 0-9, - and _.')
  const bytes = crypto.getRandomValues(new Uint8Array(keyLength))
  return `${id}:${btoa(String.fromCharCode(...bytes))}`
}

const keyLength = 32
const idPattern = /^[a-z0-9_-]{1,32}$/

function keyBytes(id: string, text: string): Uint8Array {
  // Exactly 32 bytes: 43 characters and one of padding, which people lose when they copy; also the URL-safe letters.
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) throw badKeys(`The key "${id}" is not 32 bytes in base64 (44 characters).`)
  const bytes = atob(text.replace('=', '').replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(bytes, character => character.charCodeAt(0))
}

const badKeys = (problem: string) =>
  new PortError(
    'malformed',
    `The keys for credentials cannot be read. ${problem} Each is written "id:base64 of 32 bytes", one a line or ` +
      'between commas, the newest last.',
  )
