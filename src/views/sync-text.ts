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
      readonly result: 'done' | 'paused' | 'elsewhere' | 'no-mailbox' | 'failed' | 'signed-out'
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
  const stateOf = ({ accountId, id }: ShownCalendar) =>
    calendars.find(one => one.accountId === accountId && one.id === id)?.sync
  const isHeld = (calendar: ShownCalendar) => stateOf(calendar)?.status === 'held'
  const done = run.calendars.filter(({ calendar, outcome }) => outcome.result === 'done' && !isHeld(calendar))
  const underWay = run.calendars.filter(({ outcome }) => outcome.result === 'paused')
  const changed = done.filter(({ outcome }) => outcome.written + outcome.removed > 0).length
  const lines = [
    `${count(done.length, 'calendar')} up to date, ${changed === 0 ? 'nothing changed' : `${changed} changed`}` +
      `${entries(done)}.`,
  ]
  for (const { calendar, outcome } of run.calendars) {
    const name = calendarName(calendar, run)
    if (outcome.result === 'failed') {
      if (!isSaidOfAccount(run, calendar, outcome.sentence)) {
        lines.push(`! ${name}: ${plainText(outcome.sentence ?? '', 400)}`)
      }
    } else if (outcome.result === 'no-mailbox') {
      lines.push(`  ${name}: ${plainText(outcome.sentence ?? 'this person has no calendar there.', 400)}`)
    } else if (outcome.result === 'elsewhere') {
      lines.push(`  ${name}: ${plainText(outcome.sentence ?? 'another sync is on it.', 400)}`)
    } else if (outcome.forced) {
      const read = outcome.result === 'paused' ? 'is being' : 'was'
      lines.push(`  ${name}: the provider had forgotten how far it was read; it ${read} read again whole.`)
    }
    if (outcome.result === 'done' && isHeld(calendar)) {
      lines.push(`! ${name}: ${plainText(stateOf(calendar)?.sentence ?? '', 400)}`)
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
  if (run.paused) {
    const open =
      underWay.length === 0
        ? ''
        : `: ${count(underWay.length, 'calendar')} under way${entries(underWay).replace(':', ',')}`
    lines.push(`Stopped before the end${open}. The next sync goes on from here.`)
  }
  return `${lines.join('\n')}\n`
}

/** What was written and removed; nothing where it was neither. */
function entries(calendars: ShownSync['calendars']): string {
  const written = calendars.reduce((sum, { outcome }) => sum + outcome.written, 0)
  const removed = calendars.reduce((sum, { outcome }) => sum + outcome.removed, 0)
  return written + removed === 0
    ? ''
    : `: ${count(written, 'event')} written, ${removed.toLocaleString('en-US')} removed`
}

/** What stops a whole account stops each of its calendars, and is said once. */
function isSaidOfAccount(run: ShownSync, { accountId }: ShownCalendar, sentence: string | null): boolean {
  return run.accounts.some(
    ({ account, result, sentence: said }) => account.id === accountId && result === 'failed' && said === sentence,
  )
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
