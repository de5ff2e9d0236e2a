import { disconnectAccount } from '../app/connect/disconnect-account.ts'
import { plainText } from '../views/plain-text.ts'
import { type Command, exitCodes, switchOption, wrongUse } from './command.ts'
import { forPeople } from './errors.ts'
import { accountNamed, databasePath, dbOption, patientBudget } from './live-options.ts'

/** `minutewise disconnect ACCOUNT`: the consent goes back, and everything that came with it is erased. */
export const command: Command = {
  usage: 'minutewise disconnect ACCOUNT [options]',
  description:
    'Gives the consent of an account back at its provider and erases its secret, its calendars and its events here.\nAudits that were kept stay.',
  options: [dbOption, { name: 'force', help: 'Erase everything here even when the provider cannot be told now' }],
  examples: [
    { command: 'minutewise disconnect ana@example.com', does: 'by address, label, id or the beginning of the id' },
  ],
  async run(deps, input) {
    const [word, another] = input.positionals
    if (word === undefined) throw wrongUse('disconnect which account? `minutewise accounts` lists them.')
    if (another !== undefined) throw wrongUse('disconnect takes one account at a time.')
    const live = await forPeople(() => deps.openLive(databasePath(deps, input), { mustExist: true }))
    try {
      return await forPeople(async () => {
        const account = accountNamed(await live.mirror.listAccounts(), word)
        const { revoked, sentence } = await disconnectAccount(
          { live },
          { account, budget: patientBudget(deps.interrupted()), evenIfNotRevoked: switchOption(input, 'force') },
        )
        const label = plainText(account.label, 100)
        deps.stdout.write(
          `${label} is disconnected: its secret, calendars and events were erased here.\n` +
            (revoked || sentence === null ? '' : `${sentence}\n`),
        )
        return exitCodes.done
      })
    } finally {
      await live.close()
    }
  },
}
