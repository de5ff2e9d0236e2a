import { classify } from '../domain/classifier/classify.ts'
import { evaluate, type JudgedMeeting } from '../domain/classifier/evaluate.ts'
import { parseLabelledLine } from '../domain/classifier/record.ts'
import { wouldSkip } from '../domain/reports/would-skip.ts'
import { CliError, type Command, exitCodes, switchOption, wrongUse } from './command.ts'
import { textLines } from './text-lines.ts'

/** `npm run eval -- FILE.jsonl`: how good the classifier is on meetings whose kind somebody said. */
export const command: Command = {
  usage: 'minutewise eval FILE.jsonl … [--json] [--errors]',
  description:
    'Measures the classifier on labelled meetings: JSON Lines as for classify, each with "kind" and, where known,\n"confidence" (1 to 3) and "source".',
  options: [
    { name: 'json', help: 'All figures as JSON (minutewise/eval/1)' },
    { name: 'errors', help: 'Also list every meeting it gets wrong, with the reason it gives' },
  ],
  examples: [{ command: 'minutewise eval labelled.jsonl', does: 'accuracy, macro-F1, recall, confusion, calibration' }],
  async run(deps, input) {
    if (input.positionals.length === 0) throw wrongUse('eval needs a file of labelled meetings.')
    const judged: JudgedMeeting[] = []
    for await (const line of textLines(deps, input.positionals)) {
      const parsed = parseLabelledLine(line.text)
      if (!parsed.ok) throw new CliError(exitCodes.unreadable, `${line.where}: ${parsed.problem}`)
      judged.push({ meeting: parsed.meeting, classification: classify(parsed.meeting.input) })
    }
    const evaluation = evaluate(judged, {
      wouldSkip: one => wouldSkip(one.meeting.input, one.classification),
    })
    if (switchOption(input, 'json')) {
      deps.stdout.write(`${JSON.stringify({ schema: 'minutewise/eval/1', ...evaluation }, null, 2)}\n`)
      return exitCodes.done
    }
    const { evaluationText } = await import('../views/evaluation-text.ts')
    deps.stdout.write(evaluationText(evaluation, switchOption(input, 'errors') ? judged : []))
    return exitCodes.done
  },
}
