import { agePhrase } from '../domain/reports/freshness.ts'
import { plainText } from './plain-text.ts'

export interface ShownAccount {
  readonly account: {
    readonly id: string
    readonly provider: string
    readonly label: string
    readonly subject: string | null
    readonly tier: string
    readonly grant: string
    readonly status: string
    readonly sentence: string | null
    readonly connectedAt: number
  }
  readonly calendars: readonly {
    readonly calendar: {
      readonly id: string
      readonly name: string | null
      readonly isSelected: boolean
      readonly access: string
      readonly sync: {
        readonly status: string
        readonly sentence: string | null
        readonly generation: number
        readonly asOf: number | null
        readonly nextAt: number | null
        readonly failures: number
        readonly leftOut: readonly { readonly code: string; readonly count: number; readonly sentence: string }[]
      }
    }
    readonly items: number
  }[]
}

/** Everything that is connected, an account a block, a calendar a line. `now` in epoch milliseconds. */
export function accountsText(accounts: readonly ShownAccount[], now: number): string {
  if (accounts.length === 0) return 'Nothing is connected. `minutewise connect --help` shows how.\n'
  return `${accounts.map(one => accountLines(one, now).join('\n')).join('\n\n')}\n`
}

function accountLines({ account, calendars }: ShownAccount, now: number): readonly string[] {
  const status = account.status === 'connected' ? '' : ` · ${account.status.replace('-', ' ')}`
  return [
    `${plainText(account.label, 100)} · ${account.provider} · ${account.tier} · account ${account.id}${status}`,
    ...(account.sentence === null ? [] : [`  ! ${plainText(account.sentence, 400)}`]),
    ...(calendars.length === 0 ? ['  No calendars yet: run `minutewise sync`.'] : []),
    ...calendars.flatMap(one => calendarLines(one, calendars, now)),
  ]
}

function calendarLines(
  { calendar, items }: ShownAccount['calendars'][number],
  among: ShownAccount['calendars'],
  now: number,
): readonly string[] {
  const nameOf = (one: typeof calendar) => plainText(one.name ?? one.id, 60)
  // by its id it can be told which of two of a name is meant
  const isAlone = among.filter(other => nameOf(other.calendar) === nameOf(calendar)).length === 1
  const name = isAlone ? nameOf(calendar) : `${nameOf(calendar)} (${plainText(calendar.id, 200)})`
  const { sync, isSelected } = calendar
  if (!isSelected) return [`  – ${name}: left out`]
  const events = `${items.toLocaleString('en-US')} ${items === 1 ? 'entry' : 'entries'}`
  const fresh = sync.asOf === null ? 'not read whole yet' : freshness(now - sync.asOf)
  const mark = sync.status === 'current' ? '✓' : sync.status === 'waiting' || sync.status === 'resyncing' ? '·' : '!'
  return [
    `  ${mark} ${name}: ${events}, ${fresh}${sync.status === 'current' ? '' : ` · ${sync.status.replaceAll('-', ' ')}`}`,
    ...(sync.sentence === null ? [] : [`      ${plainText(sync.sentence, 400)}`]),
    ...sync.leftOut.map(({ sentence }) => `      ${plainText(sentence, 300)}`),
  ]
}

const freshness = (ageMs: number) => (ageMs < 60_000 ? 'as of just now' : `as of ${agePhrase(ageMs)} ago`)
