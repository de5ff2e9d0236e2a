import type { Directory, PersonId } from './types.ts'

/** Finds out which human an address stands for. Answers are remembered, so one resolver serves a whole audit. */
export interface Resolver {
  /**
   * The person behind an address, or behind a name where there is no address. Null when both are empty.
   * An X.500 name nobody can place stays as it is, in lower case: a person, but one we cannot write to.
   */
  personOf(address: string, name: string | null): PersonId | null
}

/**
 * A resolver over a directory. Addresses are compared whole, never by parts: `a@b` and `ja@b` are two people, and a
 * plus-address is another person unless the directory lists it as an alias. `selfAddresses` are spellings that a
 * calendar marked as its owner's own; they win over everything else.
 */
export function createResolver(
  directory: Directory,
  selfAddresses: ReadonlyMap<string, PersonId> = new Map(),
): Resolver {
  const byName = uniqueKeys(directory, person => (person.name ? [nameKey(person.name)] : []))
  const byLocalPart = uniqueKeys(directory, person => [person.id, ...person.aliases].map(localPart))
  const known = new Map<string, PersonId>()

  function resolve(address: string, name: string | null): PersonId | null {
    const plain = plainAddress(address)
    const self = selfAddresses.get(plain)
    const listed = directory.byAddress.get(self ?? plain) ?? self
    if (listed !== undefined) return listed
    const named = name === null ? null : nameKey(name)
    if (isX500(plain)) {
      return byLocalPart.get(x500Name(plain)) ?? (named === null ? null : byName.get(named)) ?? plain
    }
    if (plain === '') return named ? (byName.get(named) ?? named) : null
    return plain
  }

  return {
    personOf(address, name) {
      // A mail address says who it is by itself; only the rest needs the name beside it.
      const key = address.includes('@') && !address.startsWith('/') ? address : `${address}\n${name ?? ''}`
      const before = known.get(key)
      if (before !== undefined) return before
      const person = resolve(address, name)
      if (person !== null) known.set(key, person)
      return person
    },
  }
}

/**
 * An address without what calendars wrap around it: blanks, `mailto:` in any case, `SMTP:`, quotes, angle brackets,
 * percent signs of a URI; in lower case. `googlemail.com` is the old name of `gmail.com` and the same mailbox.
 */
export function plainAddress(address: string): string {
  // Real addresses have at most 254 characters and X.500 names a few hundred; made-up ones are cut, not followed.
  let plain = address.slice(0, longestAddress).trim().toLowerCase()
  for (;;) {
    const bare = plain.replace(wrapping, '')
    if (bare === plain) break
    plain = bare
  }
  if (plain.includes('%')) plain = withoutPercentSigns(plain)
  return plain.endsWith('@googlemail.com') ? `${plain.slice(0, -'googlemail.com'.length)}gmail.com` : plain
}

/** `/o=ExchangeLabs/ou=.../cn=Recipients/cn=<id>-ana.ruiz`: how Exchange writes some of its own people. */
export function isX500(plain: string): boolean {
  return plain.startsWith('/o=') || plain.startsWith('/cn=') || plain.startsWith('ex:/o=')
}

/** A display name for comparing: lower case, single blanks, without quotes. */
export function nameKey(name: string): string {
  return name.slice(0, longestAddress).toLowerCase().replace(/["']/g, '').replace(/\s+/g, ' ').trim()
}

const longestAddress = 1_000
const wrapping = /^(?:mailto:|smtp:|sip:|[\s"'<])+|[\s"'>]+$/g

function withoutPercentSigns(plain: string): string {
  try {
    return decodeURIComponent(plain)
  } catch {
    return plain
  }
}

/** What follows the last `cn=`, without the 32 hexadecimal digits Exchange Online puts before the name. */
function x500Name(plain: string): string {
  return plain.slice(plain.lastIndexOf('cn=') + 3).replace(/^[0-9a-f]{32}-/, '')
}

function localPart(address: string): string {
  const at = address.lastIndexOf('@')
  return at < 0 ? address : address.slice(0, at)
}

/** Keys that lead to exactly one person; a key two people share leads nowhere. */
function uniqueKeys(
  directory: Directory,
  keysOf: (person: { id: string; aliases: readonly string[]; name: string | null }) => readonly string[],
): Map<string, PersonId> {
  const found = new Map<string, PersonId | null>()
  for (const person of directory.people.values()) {
    for (const key of keysOf(person)) {
      const other = found.get(key)
      found.set(key, other === undefined || other === person.id ? person.id : null)
    }
  }
  const unique = new Map<string, PersonId>()
  for (const [key, id] of found) if (id !== null && key !== '') unique.set(key, id)
  return unique
}
