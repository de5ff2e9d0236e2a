import { plainText } from '../views/plain-text.ts'
import type { CliDeps } from './deps.ts'

const longestNotice = 600

/**
 * One line for the person on standard error. Names of files, zones and rows come from outside: whatever could command a
 * terminal is taken out here, at the sink.
 */
export function notice(deps: Pick<CliDeps, 'stderr'>, sentence: string): void {
  deps.stderr.write(`minutewise: ${plainText(sentence, longestNotice)}\n`)
}

const mostNotices = 20

/** Many lines: the first ones, and how many more there are. */
export function notices(deps: Pick<CliDeps, 'stderr'>, sentences: readonly string[]): void {
  for (const sentence of sentences.slice(0, mostNotices)) notice(deps, sentence)
  if (sentences.length > mostNotices) notice(deps, `and ${sentences.length - mostNotices} more notices like these.`)
}
