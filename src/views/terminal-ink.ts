import type { SkipReason } from '../domain/worth/types.ts'

/** Paints a piece of text for a terminal; with colour off it gives the text back. Never changes its width. */
type Paint = (text: string) => string

/** Roles, not colours: what is painted always says the same in words. */
export type Ink = Readonly<Record<'plain' | 'strong' | 'quiet' | 'accent' | 'attention' | SkipReason['side'], Paint>>

/** SGR codes (ECMA-48 8.3.117) of the 16-colour set, which follow the reader's own theme. */
export function inkFor(color: boolean): Ink {
  const paint = (on: number, off: number): Paint =>
    color ? text => (text === '' ? '' : `\u001b[${on}m${text}\u001b[${off}m`) : text => text
  return {
    plain: text => text,
    strong: paint(1, 22),
    quiet: paint(2, 22),
    accent: paint(36, 39),
    attention: paint(33, 39),
    skip: paint(35, 39),
    keep: paint(32, 39),
    improve: paint(33, 39),
    unknown: paint(2, 22),
  }
}
