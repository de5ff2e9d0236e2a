import type { CliDeps } from './deps.ts'
import { forPeople } from './errors.ts'

export interface TextLine {
  /** File and line number, for people. */
  readonly where: string
  readonly text: string
}

/** Every line of the files, or of standard input when none is named, that is not empty. */
export async function* textLines(deps: CliDeps, paths: readonly string[]): AsyncIterable<TextLine> {
  for (const path of paths.length === 0 ? ['-'] : paths) {
    const text = path === '-' ? await standardInput(deps) : await forPeople(async () => (await deps.files()).read(path))
    const name = path === '-' ? 'standard input' : path
    let number = 0
    for (const line of text.split('\n')) {
      number++
      if (line.trim() !== '') yield { where: `${name}, line ${number}`, text: line }
    }
  }
}

async function standardInput(deps: CliDeps): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of deps.stdin()) text += decoder.decode(chunk, { stream: true })
  return text + decoder.decode()
}
