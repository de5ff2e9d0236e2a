/**
 * A calendar resource as the text it is, to change one property of it and leave every other byte alone: programs keep
 * things in there that we know nothing of.
 */
export class ResourceText {
  readonly #lines: ContentLine[]
  readonly #lineEnd: string

  constructor(text: string) {
    this.#lines = contentLines(text)
    this.#lineEnd = text.includes('\r\n') || !text.includes('\n') ? '\r\n' : '\n'
  }

  /** The VEVENT that stands for the whole: the one that changes no occurrence of another, else the first. Null: none. */
  main(): EventSpan | null {
    const spans = this.#events()
    return spans.find(span => this.#find(span, 'RECURRENCE-ID') < 0) ?? spans[0] ?? null
  }

  /** A property of the event itself (not of its alarms), as written after its name: `;TZID=…` and the escaped value. */
  property(span: EventSpan, name: string): RawProperty | null {
    const at = this.#find(span, name)
    return at < 0 ? null : this.#lines[at]!.property
  }

  has(span: EventSpan, name: string): boolean {
    return this.#find(span, name) >= 0
  }

  /** Any event of the resource has it, changed occurrences included. */
  hasAnywhere(name: string): boolean {
    return this.#events().some(span => this.has(span, name))
  }

  /** Replaces the property where it stands, adds it before the event's end, or takes it out (null). */
  set(span: EventSpan, name: string, property: RawProperty | null): void {
    const at = this.#find(span, name)
    if (property === null) {
      if (at < 0) return
      this.#lines.splice(at, 1)
      span.end--
      return
    }
    const line = { name, property, raw: foldedLine(`${name}${property.parameters}:${property.value}`, this.#lineEnd) }
    if (at >= 0) this.#lines[at] = line
    else {
      this.#lines.splice(this.#placeFor(span), 0, line)
      span.end++
    }
  }

  toString(): string {
    return this.#lines.map(({ raw }) => raw).join('')
  }

  #events(): EventSpan[] {
    const spans: EventSpan[] = []
    let start = -1
    this.#lines.forEach(({ name, property }, at) => {
      if (property.value.trim().toUpperCase() !== 'VEVENT') return
      if (name === 'BEGIN') start = at
      else if (name === 'END' && start >= 0) {
        spans.push({ start, end: at })
        start = -1
      }
    })
    return spans
  }

  #find({ start, end }: EventSpan, name: string): number {
    let depth = 0
    for (let at = start + 1; at < end; at++) {
      const line = this.#lines[at]!
      if (line.name === 'BEGIN') depth++
      else if (line.name === 'END') depth--
      else if (depth === 0 && line.name === name) return at
    }
    return -1
  }

  /** Before the first component inside the event, or its end: properties come first (RFC 5545 section 3.6). */
  #placeFor({ start, end }: EventSpan): number {
    for (let at = start + 1; at < end; at++) if (this.#lines[at]!.name === 'BEGIN') return at
    return end
  }
}

/** Which lines an event takes; moves along when properties come and go. */
export interface EventSpan {
  readonly start: number
  end: number
}

export interface RawProperty {
  /** With its leading `;`, or empty. */
  readonly parameters: string
  /** Unfolded, still escaped. */
  readonly value: string
}

/** RFC 5545 section 3.3.11. */
export function escapedText(text: string): string {
  return text
    .replace(/\\/g, '\\\\')
    .replace(/;/g, '\\;')
    .replace(/,/g, '\\,')
    .replace(/\r\n|\r|\n/g, '\\n')
}

export function unescapedText(value: string): string {
  return value.replace(/\\([\s\S])/g, (_, escaped: string) => (/n/i.test(escaped) ? '\n' : escaped))
}

/** At most 75 bytes a line, never inside a character (RFC 5545 section 3.1). */
export function foldedLine(line: string, lineEnd = '\r\n'): string {
  const encoder = new TextEncoder()
  const parts: string[] = []
  let part = ''
  let bytes = 0
  for (const character of line) {
    const size = encoder.encode(character).length
    if (bytes + size > 75) {
      parts.push(part)
      part = ' '
      bytes = 1
    }
    part += character
    bytes += size
  }
  parts.push(part)
  return parts.map(each => `${each}${lineEnd}`).join('')
}

interface ContentLine {
  /** In upper case; empty for a line that is none. */
  readonly name: string
  readonly property: RawProperty
  /** As it stands in the text, with its folds and its end. */
  readonly raw: string
}

function contentLines(text: string): ContentLine[] {
  const lines: ContentLine[] = []
  const pattern = /[^\r\n]*(?:\r\n|\r|\n|$)(?:[ \t][^\r\n]*(?:\r\n|\r|\n|$))*/y
  while (pattern.lastIndex < text.length) {
    const raw = pattern.exec(text)?.[0] ?? ''
    if (raw === '') break
    lines.push({ raw, ...parsed(raw.replace(/(?:\r\n|\r|\n)[ \t]/g, '').replace(/[\r\n]+$/, '')) })
  }
  return lines
}

function parsed(line: string): Omit<ContentLine, 'raw'> {
  const name = /^[A-Za-z0-9-]+/.exec(line)?.[0] ?? ''
  let isQuoted = false
  for (let at = name.length; at < line.length; at++) {
    if (line[at] === '"') isQuoted = !isQuoted
    else if (line[at] === ':' && !isQuoted) {
      const property = { parameters: line.slice(name.length, at), value: line.slice(at + 1) }
      return { name: name.toUpperCase(), property }
    }
  }
  return { name: '', property: { parameters: '', value: line } }
}
