import { graphemes } from './plain-text.ts'

/** First and last code points that terminals draw two cells wide (UAX #11, W and F, in ranges wide enough to be short). */
const wideRanges: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18dff],
  [0x1aff0, 0x1b2ff],
  [0x1f200, 0x1f2ff],
  [0x20000, 0x3fffd],
]

/** Terminal cells that a text takes. Expects text without control characters (`plainText`). */
export function textWidth(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length
  let width = 0
  for (const character of graphemes(text)) width += graphemeWidth(character)
  return width
}

function graphemeWidth(character: string): number {
  if (/^[\p{M}\p{Cf}]+$/u.test(character)) return 0
  if (/\p{Emoji_Presentation}|\ufe0f|\p{Regional_Indicator}/u.test(character)) return 2
  const code = character.codePointAt(0) ?? 0
  return wideRanges.some(([first, last]) => code >= first && code <= last) ? 2 : 1
}

/** Cut to `cells`, with an ellipsis where something was cut. */
export function cutTo(text: string, cells: number): string {
  if (textWidth(text) <= cells) return text
  let kept = ''
  let width = 0
  for (const character of graphemes(text)) {
    const next = graphemeWidth(character)
    if (width + next > cells - 1) break
    kept += character
    width += next
  }
  return cells < 1 ? '' : `${kept.trimEnd()}…`
}

/** Padded on the right (or on the left, for numbers) to exactly `cells`; longer texts are cut. */
export function padTo(text: string, cells: number, side: 'left' | 'right' = 'right'): string {
  const shown = cutTo(text, cells)
  const space = ' '.repeat(Math.max(0, cells - textWidth(shown)))
  return side === 'right' ? shown + space : space + shown
}

/** `1 h 45 m` stays on one line. */
const breakable = / (?!(?<=\d )[hm]\b|(?<=\d h )\d+ m\b)/

/** Lines of at most `cells`, broken at spaces, and inside a word only when the word alone is too long. */
export function wrapTo(text: string, cells: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(breakable).filter(part => part !== '')) {
    const joined = line === '' ? word : `${line} ${word}`
    if (textWidth(joined) <= cells) {
      line = joined
      continue
    }
    if (line !== '') lines.push(line)
    line = ''
    for (const character of graphemes(word)) {
      if (textWidth(line) + graphemeWidth(character) > cells && line !== '') {
        lines.push(line)
        line = ''
      }
      line += character
    }
  }
  if (line !== '' || lines.length === 0) lines.push(line)
  return lines
}
