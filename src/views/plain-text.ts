const esc = String.fromCharCode(0x1b)
const bell = String.fromCharCode(0x07)
const csi = String.fromCharCode(0x9b)

/** Whole terminal commands, so that no letters of them stay behind: OSC to its end, CSI, and two-character escapes. */
const terminalCommands = new RegExp(
  `${esc}\\][^${bell}${esc}]*(?:${bell}|${esc}\\\\)?|(?:${esc}\\[|${csi})[0-?]*[ -/]*[@-~]?|${esc}[ -/]*[0-~]?`,
  'gu',
)
/** Marks, embeddings, overrides and isolates: they can make a title read as another one (UAX #9, section 2). */
const bidiControls = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu
/** No ink and no width. U+200C and U+200D stay: Persian and family emoji need them. Tags can carry hidden text. */
const invisible = /[\u00ad\u200b\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu

/**
 * Text that somebody else wrote, made fit to stand inside a line of ours: one line, no control characters, no terminal
 * commands, nothing that turns the reading direction, no towers of accents, at most `longest` characters as people
 * count them. Every sink calls this first and then its own escaper.
 */
export function plainText(text: string, longest = 160): string {
  const clean = text
    .slice(0, longest * 40)
    .replace(terminalCommands, '')
    .replace(bidiControls, '')
    .replace(invisible, '')
    .replace(/\p{Cs}/gu, '\ufffd')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Zs}]+/gu, ' ')
    .replace(/(\p{M}{4})\p{M}+/gu, '$1')
    .trim()
  const characters = graphemes(clean)
  return characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : clean
}

/** A title for people; what has none is said to have none. */
export function plainTitle(title: string | null, longest = 160): string {
  return plainText(title ?? '', longest) || '(no title)'
}

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** Characters as people count them: a family emoji is one. */
export function graphemes(text: string): string[] {
  if (/^[ -~]*$/.test(text)) return [...text]
  return Array.from(segmenter.segment(text), part => part.segment)
}
