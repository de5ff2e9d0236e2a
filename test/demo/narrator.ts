import type { CommandRun } from '../support/live-command.ts'

/** Something is not as the demonstration says. */
export class NotAsSaid extends Error {}

/** Tells a story in a terminal: what happens, the command as one would type it, what it printed, whether it is right. */
export interface Narrator {
  chapter(title: string): void
  say(sentence: string): void
  /** A command and what it printed, cut to so many lines. */
  command(typed: string, run: CommandRun, mostLines?: number): void
  lines(text: string, mostLines?: number): void
  /** @throws NotAsSaid when it does not hold. */
  right(holds: boolean, sentence: string): void
}

export function createNarrator(write: (text: string) => void, color: boolean): Narrator {
  const paint = (code: number, text: string) => (color ? `\u001b[${code}m${text}\u001b[0m` : text)
  let chapters = 0
  const lines = (text: string, most = 12) => {
    const all = text.replace(/\n$/, '').split('\n')
    const shown = all.length <= most ? all : all.slice(0, most)
    for (const line of shown) write(`  ${line.length > 110 ? `${line.slice(0, 109)}…` : line}\n`)
    if (shown.length < all.length) write(`  ${paint(2, `… ${all.length - shown.length} more lines`)}\n`)
  }
  return {
    chapter(title) {
      chapters++
      write(`\n${paint(1, `${chapters}. ${title}`)}\n`)
    },
    say(sentence) {
      write(`${wrapped(sentence)}\n`)
    },
    command(typed, { out, err }, most) {
      write(`\n  ${paint(36, `$ ${typed}`)}\n`)
      const text = `${out}${err}`
      if (text !== '') lines(text, most)
    },
    lines,
    right(holds, sentence) {
      write(`  ${holds ? paint(32, '✓ right') : paint(31, '✗ WRONG')}: ${sentence}\n`)
      if (!holds) throw new NotAsSaid(sentence)
    },
  }
}

function wrapped(text: string): string {
  const lines = ['']
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? ''
    if (line.length + word.length + 1 > 96) lines.push(word)
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`
  }
  return lines.join('\n')
}
