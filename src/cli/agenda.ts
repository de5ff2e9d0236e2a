import type { WriteRequest } from '../app/write-back/plan-writes.ts'
import { type Command, type CommandInput, textOption, wrongUse } from './command.ts'
import type { CliDeps } from './deps.ts'
import { forPeople } from './errors.ts'
import { planOrApply, writeOptions } from './write-back.ts'

/** `minutewise agenda …`: our agenda text in invitations of one's own. Dry unless told otherwise. */
export const command: Command = {
  usage: 'minutewise agenda set | remove --event ID [options]',
  description:
    'Puts an agenda into the invitation of a meeting you organize, between two markers, or takes it out again. The rest\nof the invitation stays, nobody is notified. Without --apply it prints the plan and changes nothing.',
  options: [
    ...writeOptions,
    { name: 'event', value: 'ID', help: 'The meeting: its id or UID, as minutewise read --json shows it' },
    { name: 'text', value: 'TEXT', help: 'set: the agenda' },
    { name: 'file', value: 'FILE', help: 'set: the agenda as a text file' },
  ],
  examples: [
    {
      command: 'minutewise agenda set --event 4kq2@google.com --file agenda.txt',
      does: 'show the invitation text before and after',
    },
    {
      command: 'minutewise agenda set --event 4kq2@google.com --file agenda.txt --apply',
      does: 'write it, and read it back',
    },
    { command: 'minutewise agenda remove --event 4kq2@google.com --apply', does: 'take it out' },
  ],
  async run(deps, input) {
    const [verb, ...more] = input.positionals
    if (verb !== 'set' && verb !== 'remove') {
      const what = verb === undefined ? 'agenda needs a verb' : `agenda cannot "${verb}"`
      throw wrongUse(`${what}: set or remove. See minutewise agenda --help.`)
    }
    if (more.length > 0) throw wrongUse(`agenda ${verb} takes the meeting with --event; "${more[0]}" is too much.`)
    const event = textOption(input, 'event')
    if (event === null || event === '') throw wrongUse(`agenda ${verb} needs --event, the id or UID of a meeting.`)
    const at = { account: textOption(input, 'account'), calendar: textOption(input, 'calendar'), event }
    const request: WriteRequest =
      verb === 'set'
        ? { kind: 'set-agenda', ...at, text: await agendaText(deps, input) }
        : { kind: 'remove-agenda', ...at }
    return planOrApply(deps, input, async use => {
      const { planWrites } = await import('../app/write-back/plan-writes.ts')
      return planWrites(use, [request])
    })
  },
}

async function agendaText(deps: CliDeps, input: CommandInput): Promise<string> {
  const text = textOption(input, 'text')
  const file = textOption(input, 'file')
  if ((text === null) === (file === null)) throw wrongUse('agenda set takes one of --text TEXT and --file FILE.')
  if (text !== null) return text
  return forPeople(async () => (await deps.files()).read(file ?? ''))
}
