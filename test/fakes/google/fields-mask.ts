import { invalid } from './google-error.ts'

/** Which fields of an answer were asked for: a tree; an empty one means everything below. */
export type FieldsMask = ReadonlyMap<string, FieldsMask>

/** Reads `items(id,start/dateTime),nextPageToken`. Source: the guide "Work with partial resources". */
export function parseFields(text: string): FieldsMask {
  const reader = new MaskReader(text)
  const mask = reader.list()
  if (!reader.isDone) throw invalid('fields', `Invalid field selection ${text}`)
  return mask
}

export function masked(value: unknown, mask: FieldsMask): unknown {
  if (mask.size === 0 || typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(item => masked(item, mask))
  const kept: Record<string, unknown> = {}
  for (const [name, inner] of Object.entries(value)) {
    const below = mask.get(name) ?? mask.get('*')
    if (below !== undefined) kept[name] = masked(inner, below)
  }
  return kept
}

/** Refuses names that no answer of the method has. `known` lists the names of a level; levels it does not list pass. */
export function checkFields(mask: FieldsMask, known: KnownFields): void {
  for (const [name, below] of mask) {
    if (name === '*') continue
    if (!(name in known)) throw invalid('fields', `Invalid field selection ${name}`)
    const inner = known[name]
    if (inner !== undefined && inner !== null) checkFields(below, inner)
  }
}

export interface KnownFields {
  readonly [name: string]: KnownFields | null
}

class MaskReader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  get isDone(): boolean {
    return this.#at === this.#text.length
  }

  list(): FieldsMask {
    const mask = new Map<string, FieldsMask>()
    do this.#path(mask)
    while (this.#take(','))
    return mask
  }

  #path(into: Map<string, FieldsMask>): void {
    const match = /^\s*([A-Za-z*][A-Za-z0-9_]*)\s*/.exec(this.#text.slice(this.#at))
    if (match?.[1] === undefined) throw invalid('fields', `Invalid field selection ${this.#text}`)
    this.#at += match[0].length
    // Safe because only this reader puts maps into the tree, and it makes them changeable.
    const below = (into.get(match[1]) ?? new Map()) as Map<string, FieldsMask>
    into.set(match[1], below)
    if (this.#take('/')) this.#path(below)
    else if (this.#take('(')) {
      for (const [name, inner] of this.list()) below.set(name, inner)
      if (!this.#take(')')) throw invalid('fields', `Invalid field selection ${this.#text}`)
    }
  }

  #take(sign: string): boolean {
    if (this.#text[this.#at] !== sign) return false
    this.#at++
    return true
  }
}
