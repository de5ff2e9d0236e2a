import type { CliDeps } from './deps.ts'
import { forPeople } from './errors.ts'

export interface JsonLine {
  /** File and line number, for people. */
  readonly where: string
  readonly value: unknown
  readonly problem: string | null
}

/** Every non-empty line of the files, or of standard input, parsed as JSON; a line that is none carries its problem. */
export async function* jsonLines(deps: CliDeps, paths: readonly string[]): AsyncIterable<JsonLine> {
  for (const path of paths.length === 0 ? ['-'] : paths) {
    const text = path === '-' ? await standardInput(deps) : await forPeople(async () => (await deps.files()).read(path))
    const name = path === '-' ? 'standard input' : path
    let number = 0
    for (const line of text.split('\n')) {
      number++
      if (line.trim() === '') continue
      yield { where: `${name}, line ${number}`, ...parse(line) }
    }
  }
}

function parse(line: string): Omit<JsonLine, 'where'> {
  try {
    return { value: JSON.parse(line), problem: null }
  } catch {
    return { value: null, problem: 'this is not JSON; write one object a line.' }
  }
}

async function standardInput(deps: CliDeps): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of deps.stdin()) text += decoder.decode(chunk, { stream: true })
  return text + decoder.decode()
}
