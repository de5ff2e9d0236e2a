import type { MirroredCalendar } from '../store/accounts.ts'
import { accountsText, type ShownAccount } from '../views/accounts-text.ts'
import { jsonText } from '../views/json-text.ts'
import { type Command, type CommandInput, exitCodes, switchOption, wrongUse } from './command.ts'
import { forPeople } from './errors.ts'
import { databasePath, dbOption, refuseWords } from './live-options.ts'

/** `minutewise accounts`: what is connected, what is read, and how fresh it is. */
export const command: Command = {
  usage: 'minutewise accounts [options]',
  description: 'Lists the connected accounts with their calendars: what is read, how fresh it is, what is wrong.',
  options: [
    dbOption,
    { name: 'read', value: 'CALENDAR', multiple: true, help: 'Read this calendar from now on (id or name)' },
    { name: 'leave-out', value: 'CALENDAR', multiple: true, help: 'Do not read this calendar any more' },
    { name: 'json', help: 'As JSON (minutewise/accounts/1) on standard output' },
  ],
  examples: [
    { command: 'minutewise accounts', does: 'everything that is connected' },
    { command: 'minutewise accounts --leave-out Birthdays', does: 'one calendar less to read' },
  ],
  async run(deps, input) {
    refuseWords(input, 'accounts', '--read CALENDAR and --leave-out CALENDAR choose what is read.')
    const live = await forPeople(() => deps.openLive(databasePath(deps, input), { mustExist: true }))
    try {
      return await forPeople(async () => {
        const all = await live.mirror.listCalendars()
        for (const [option, isSelected] of [
          ['read', true],
          ['leave-out', false],
        ] as const) {
          for (const word of words(input, option)) {
            for (const { accountId, id } of calendarsNamed(all, word)) {
              await live.mirror.selectCalendar({ accountId, calendarId: id }, isSelected)
            }
          }
        }
        const accounts = await live.mirror.listAccounts()
        const calendars = await live.mirror.listCalendars()
        const shown: ShownAccount[] = []
        for (const account of accounts) {
          const own = calendars.filter(({ accountId }) => accountId === account.id)
          shown.push({
            account,
            calendars: await Promise.all(
              own.map(async calendar => ({
                calendar,
                items: await live.mirror.countItems({ accountId: account.id, calendarId: calendar.id }),
              })),
            ),
          })
        }
        if (switchOption(input, 'json')) deps.stdout.write(`${jsonText(accountsJson(shown), 2)}\n`)
        else deps.stdout.write(accountsText(shown, deps.now()))
        return exitCodes.done
      })
    } finally {
      await live.close()
    }
  },
}

function words(input: CommandInput, name: string): readonly string[] {
  const value = input.values[name]
  return value === undefined ? [] : (Array.isArray(value) ? value : [value]).map(String)
}

function calendarsNamed(calendars: readonly MirroredCalendar[], word: string): readonly MirroredCalendar[] {
  const found = calendars.filter(({ id, name }) => id === word || name?.toLowerCase() === word.toLowerCase())
  if (found.length === 0) throw wrongUse(`there is no calendar "${word}". \`minutewise accounts\` lists them.`)
  // "Birthdays" of two accounts are alike; two of one account are told apart by whoever owns them
  if (new Set(found.map(({ accountId }) => accountId)).size < found.length) {
    throw wrongUse(
      `"${word}" means several calendars of one account. Name each by its id, as \`minutewise accounts\` shows it.`,
    )
  }
  return found
}

function accountsJson(shown: readonly ShownAccount[]) {
  const at = (instant: number | null) => (instant === null ? null : new Date(instant).toISOString())
  return {
    schema: 'minutewise/accounts/1',
    accounts: shown.map(({ account, calendars }) => ({
      id: account.id,
      provider: account.provider,
      label: account.label,
      subject: account.subject,
      tier: account.tier,
      grant: account.grant,
      status: account.status,
      sentence: account.sentence,
      connectedAt: at(account.connectedAt),
      calendars: calendars.map(({ calendar, items }) => ({
        id: calendar.id,
        name: calendar.name,
        selected: calendar.isSelected,
        access: calendar.access,
        status: calendar.sync.status,
        sentence: calendar.sync.sentence,
        asOf: at(calendar.sync.asOf),
        nextAt: at(calendar.sync.nextAt),
        failures: calendar.sync.failures,
        items,
        leftOut: calendar.sync.leftOut,
      })),
    })),
  }
}
