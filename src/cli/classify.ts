import { classify } from '../domain/classifier/classify.ts'
import { classificationRecord, parseClassifyLine } from '../domain/classifier/record.ts'
import { jsonText } from '../views/json-text.ts'
import { type Command, exitCodes } from './command.ts'
import { notice } from './notice.ts'
import { textLines } from './text-lines.ts'

const mostNamed = 20

/** `minutewise classify`: JSON Lines in, JSON Lines out, one line for each line. */
export const command: Command = {
  usage: 'minutewise classify [FILE.jsonl …] [options]',
  description: 'Says what kind each meeting is (status, decision, alignment, conflict, unclear) and why.',
  options: [],
  examples: [
    { command: 'minutewise classify meetings.jsonl', does: 'one JSON line out for each line in' },
    {
      command: `echo '{"id":"1","title":"Budget vote","agenda":"1. Approve the budget"}' | minutewise classify`,
      does: 'reads standard input when no file is named',
    },
  ],
  async run(deps, input) {
    let bad = 0
    for await (const line of textLines(deps, input.positionals)) {
      const parsed = parseClassifyLine(line.text)
      if (!parsed.ok) {
        bad++
        if (bad <= mostNamed) notice(deps, `${line.where}: ${parsed.problem}`)
        continue
      }
      deps.stdout.write(`${jsonText(classificationRecord(parsed.id, classify(parsed.input)))}\n`)
    }
    if (bad > mostNamed) notice(deps, `and ${bad - mostNamed} more lines that could not be read.`)
    return bad === 0 ? exitCodes.done : exitCodes.unreadable
  },
}
