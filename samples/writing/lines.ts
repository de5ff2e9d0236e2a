/** Content lines of RFC 5545: folded at 75 octets (3.1), text escaped (3.3.11), CRLF. */

/** Lines to the text of a file. Outlook continues a folded line with a tab, everybody else with a space. */
export function contentLines(lines: readonly string[], continuation: ' ' | '\t'): string {
  return lines.map(line => `${fold(line, continuation)}\r\n`).join('')
}

export function escapeText(text: string): string {
  return text.replace(/[\\;,]/g, '\\$&').replace(/\n/g, '\\n')
}

/** A parameter value: quoted where it holds what would end it. */
export function parameter(value: string): string {
  return /[,;:]/.test(value) ? `"${value}"` : value
}

function fold(line: string, continuation: string): string {
  const folded: string[] = []
  let piece = ''
  let octets = 0
  for (const character of line) {
    const size = octetsOf(character)
    if (octets + size > 75) {
      folded.push(piece)
      piece = continuation
      octets = 1
    }
    piece += character
    octets += size
  }
  folded.push(piece)
  return folded.join('\r\n')
}

function octetsOf(character: string): number {
  const code = character.codePointAt(0) ?? 0
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
}
