import { plainText } from './plain-text.ts'

/** What one run of sync did, as far as it is shown: calendars with their outcome, accounts that could not be read. */
export interface ShownSync {
  readonly accounts: readonly {
    readonly account: { readonly id: string; readonly label: string }
    readonly result: string
    readonly sentence: string | null
  }[]
  readonly calendars: readonly {
    readonly calendar: ShownCalendar
    readonly outcome: {
      readonly result: 'done' | 'paused' | 'elsewhere' | 'failed' | 'signed-out'
      readonly sentence: string | null
      readonly written: number
      readonly removed: number
      readonly forced: boolean
    }
  }[]
  readonly paused: boolean
  readonly owesSettling: boolean
}

export interface ShownCalendar {
  readonly accountId: string
  readonly id: string
  readonly name: string | null
  readonly sync: { readonly status: string; readonly sentence: string | null }
}

/** The end of `sync` for people: what changed, what did not work and what to do about it. */
export function syncText(run: ShownSync, calendars: readonly ShownCalendar[]): string {
  const lines: string[] = []
  const done = run.calendars.filter(({ outcome }) => outcome.result === 'done')
  const written = done.reduce((sum, { outcome }) => sum + outcome.written, 0)
  const removed = done.reduce((sum, { outcome }) => sum + outcome.removed, 0)
  const changed = done.filter(({ outcome }) => outcome.written + outcome.removed > 0).length
  lines.push(
    `${count(done.length, 'calendar')} up to date, ${changed === 0 ? 'nothing changed' : `${changed} changed`}` +
      (written + removed === 0 ? '.' : `: ${count(written, 'event')} written, ${removed} removed.`),
  )
  for (const { calendar, outcome } of run.calendars) {
    const name = calendarName(calendar, run)
    if (outcome.result === 'failed') lines.push(`! ${name}: ${plainText(outcome.sentence ?? '', 400)}`)
    else if (outcome.result === 'elsewhere')
      lines.push(`  ${name}: ${plainText(outcome.sentence ?? 'another sync is on it.', 400)}`)
    else if (outcome.forced) lines.push(`  ${name}: the provider had forgotten it; it was read again whole.`)
    const now = calendars.find(({ accountId, id }) => accountId === calendar.accountId && id === calendar.id)
    if (outcome.result === 'done' && now?.sync.status === 'held') {
      lines.push(`! ${name}: ${plainText(now.sync.sentence ?? '', 400)}`)
    }
  }
  for (const { account, result, sentence } of run.accounts) {
    if (result !== 'failed' && result !== 'signed-out' && result !== 'no-mailbox') continue
    lines.push(`! ${plainText(account.label, 100)}: ${plainText(sentence ?? 'it could not be read.', 400)}`)
  }
  if (run.owesSettling) {
    lines.push(
      '! Another process was reading the database: what became private is still in freed parts of its file. The next ' +
        'sync wipes them.',
    )
  }
  if (run.paused) lines.push('Stopped before the end; the next sync goes on from here.')
  return `${lines.join('\n')}\n`
}

/** Many people call theirs "Calendar": then the account stands beside it. */
function calendarName({ accountId, id, name }: ShownCalendar, { calendars, accounts }: ShownSync): string {
  const shown = plainText(name ?? id, 60)
  const isAlone = calendars.filter(({ calendar }) => (calendar.name ?? calendar.id) === (name ?? id)).length < 2
  const label = accounts.find(({ account }) => account.id === accountId)?.account.label
  return isAlone || label === undefined ? shown : `${shown} (${plainText(label, 60)})`
}

function count(number: number, noun: string): string {
  return `${number.toLocaleString('en-US')} ${noun}${number === 1 ? '' : 's'}`
}
