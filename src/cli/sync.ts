import type { LiveAccounts } from '../app/live-accounts.ts'
import { type SyncAccountsInput, type SyncRun, syncAccounts } from '../app/sync/sync-accounts.ts'
import { type Clock, systemClock } from '../clock.ts'
import type { Account, MirroredCalendar } from '../store/accounts.ts'
import { jsonText } from '../views/json-text.ts'
import { plainText } from '../views/plain-text.ts'
import { syncText } from '../views/sync-text.ts'
import {
  type Command,
  type CommandInput,
  exitCodes,
  numberOption,
  switchOption,
  textOption,
  wrongUse,
} from './command.ts'
import type { CliDeps } from './deps.ts'
import { forPeople } from './errors.ts'
import { type Listening, listenOptions, startListening } from './listening.ts'
import { accountNamed, databasePath, dbOption, refuseWords } from './live-options.ts'

/** `minutewise sync`: brings every connected calendar up to date. */
export const command: Command = {
  usage: 'minutewise sync [options]',
  description:
    'Reads what changed in the connected calendars since the last time. The first time everything is read; Ctrl-C stops\nafter the page under way, and the next sync goes on from there. While it listens, calendars of Google and Microsoft\ntell it to look; at its end it takes that back.',
  options: [
    dbOption,
    { name: 'account', value: 'ACCOUNT', multiple: true, help: 'Only this account (id, label or address)' },
    { name: 'watch', help: 'Stay, and look again when it is time (every 15 minutes or so) until Ctrl-C' },
    {
      name: 'accept',
      value: 'CALENDAR',
      help: 'The vanished events of this held calendar are really gone\n(its id or name, as accounts shows it)',
    },
    {
      name: 'listen',
      value: '[HOST:]PORT',
      help: 'With --watch: answer notifications here (127.0.0.1 unless a host is named),\nbehind a proxy or a tunnel that speaks https',
    },
    {
      name: 'public-url',
      value: 'URL',
      help: 'With --listen: the https address at which Google and Microsoft reach it. Calendars\nare then told of changes, and polled every hour or so',
    },
    { name: 'max-requests', value: 'N', help: 'Stop after N requests; the next sync goes on from there' },
    { name: 'max-seconds', value: 'N', help: 'Stop after N seconds; the next sync goes on from there' },
    { name: 'json', help: 'What was done as JSON (minutewise/sync/1) on standard output' },
  ],
  examples: [
    { command: 'minutewise sync', does: 'read what changed, then `minutewise audit --db minutewise.db`' },
    { command: 'minutewise sync --watch', does: 'stay in step until Ctrl-C' },
    {
      command: 'minutewise sync --watch --listen 8787 --public-url https://minutewise.example.com',
      does: 'hear of changes as they happen',
    },
    { command: 'minutewise sync --max-requests 500 --json', does: 'one bounded step, for a script' },
  ],
  async run(deps, input) {
    refuseWords(input, 'sync', '--account ACCOUNT reads one account alone.')
    const watch = switchOption(input, 'watch')
    const json = switchOption(input, 'json')
    if (watch && json) throw wrongUse('--json describes one run; it does not go with --watch.')
    const maxRequests = numberOption(input, 'max-requests', 1)
    const maxSeconds = numberOption(input, 'max-seconds', 1)
    const acceptWord = textOption(input, 'accept')
    const listen = listenOptions(input, watch)
    const signal = deps.interrupted()
    const live = await forPeople(() => deps.openLive(databasePath(deps, input), { mustExist: true }))
    const clock = { ...systemClock, now: deps.now }
    try {
      return await forPeople(async () => {
        const accounts = await live.mirror.listAccounts()
        if (accounts.length === 0) {
          throw wrongUse('no account is connected to this database. `minutewise connect --help` shows how.')
        }
        const words = accountWords(input)
        const accept = acceptWord === null ? null : heldCalendar(await live.mirror.listCalendars(), acceptWord)
        const how: SyncHow = {
          only: words.length === 0 ? null : words.map(word => accountNamed(accounts, word).id),
          accept: accept === null ? null : { accountId: accept.accountId, calendarId: accept.id },
          maxRequests,
          maxSeconds,
          watch,
          json,
          signal,
        }
        if (listen === null) return await syncUntilDone(deps, live, clock, how, null)
        const listening = await startListening(deps, live, clock, listen)
        try {
          return await syncUntilDone(deps, live, clock, how, listening)
        } finally {
          await listening.end()
        }
      })
    } finally {
      await live.close()
    }
  },
}

interface SyncHow extends Pick<SyncAccountsInput, 'only' | 'accept'> {
  readonly maxRequests: number | null
  readonly maxSeconds: number | null
  readonly watch: boolean
  readonly json: boolean
  readonly signal: AbortSignal
}

/** One sync, or one after the other until Ctrl-C; the exit code. */
async function syncUntilDone(
  deps: CliDeps,
  live: LiveAccounts,
  clock: Clock,
  { only, accept, maxRequests, maxSeconds, watch, json, signal }: SyncHow,
  listening: Listening | null,
): Promise<number> {
  const line = syncProgress(deps)
  const tickDeps = { mirror: live.mirror, clock, connectionOf: (account: Account) => live.connectionOf(account) }
  let askedFor = true
  for (;;) {
    const budget = {
      requests: maxRequests ?? Number.MAX_SAFE_INTEGER,
      untilAt: maxSeconds === null ? Number.MAX_SAFE_INTEGER : clock.now() + maxSeconds * 1_000,
      signal,
    }
    const progress = line.progress === undefined ? {} : { progress: line.progress }
    // said once, of what vanished before: what vanishes while we watch is looked at anew
    const tick: SyncAccountsInput = { budget, only, askedFor, accept: askedFor ? accept : null, ...progress }
    const run = await (listening?.tick(tick) ?? syncAccounts(tickDeps, tick))
    line.clear()
    listening?.report()
    const calendars = await live.mirror.listCalendars()
    if (json) deps.stdout.write(`${jsonText(syncJson(run, calendars), 2)}\n`)
    else if (askedFor || run.calendars.length > 0) deps.stdout.write(syncText(run, calendars))
    if (!watch || signal.aborted) return exitCode(run)
    askedFor = false
    await (listening?.rest(watchPauseMs, signal) ?? clock.sleep(watchPauseMs, signal))
    // Ctrl-C while nothing is being done is how watching ends
    if (signal.aborted) return exitCodes.done
  }
}

/** How often `--watch` asks what is due; each calendar has its own time. */
const watchPauseMs = 15_000
const redrawMs = 100

function accountWords(input: CommandInput): readonly string[] {
  const value = input.values.account
  return value === undefined ? [] : (Array.isArray(value) ? value : [value]).map(String)
}

function calendarNamed(calendars: readonly MirroredCalendar[], word: string): MirroredCalendar {
  const found = calendars.filter(({ id, name }) => id === word || name?.toLowerCase() === word.toLowerCase())
  const [only, second] = found
  if (only === undefined) throw wrongUse(`there is no calendar "${word}". \`minutewise accounts\` lists them.`)
  if (second !== undefined) throw wrongUse(`"${word}" means ${found.length} calendars. Name one by its id.`)
  return only
}

/** With nothing held there is nothing to accept, and what vanishes in this very run nobody has looked at. */
function heldCalendar(calendars: readonly MirroredCalendar[], word: string): MirroredCalendar {
  const calendar = calendarNamed(calendars, word)
  if (calendar.sync.status === 'held') return calendar
  throw wrongUse(`"${word}" is not held, so there is nothing to accept. \`minutewise accounts\` says what is.`)
}

/** One line on a terminal while a long first reading goes on; nothing in a pipe. */
function syncProgress(deps: CliDeps) {
  if (!deps.stderr.isTerminal) return { progress: undefined, clear: () => {} }
  const items = new Map<string, number>()
  let drawnAt = Number.NEGATIVE_INFINITY
  let drawn = false
  return {
    progress: ({ calendar, items: count }: { readonly calendar: MirroredCalendar; readonly items: number }) => {
      items.set(`${calendar.accountId} ${calendar.id}`, count)
      if (deps.now() - drawnAt < redrawMs) return
      drawnAt = deps.now()
      drawn = true
      let sum = 0
      for (const each of items.values()) sum += each
      const name = plainText(calendar.name ?? calendar.id, 40)
      deps.stderr.write(`\r\u001b[KReading ${name}: ${sum} events of ${items.size} calendars so far`)
    },
    clear: () => {
      if (drawn) deps.stderr.write('\r\u001b[K')
      drawn = false
    },
  }
}

function exitCode(run: SyncRun): number {
  const failed =
    run.accounts.some(({ result }) => result === 'failed' || result === 'signed-out') ||
    run.calendars.some(({ outcome }) => outcome.result === 'failed' || outcome.result === 'signed-out')
  return failed ? exitCodes.outsideFailed : exitCodes.done
}

function syncJson(run: SyncRun, calendars: readonly MirroredCalendar[]) {
  const at = (instant: number | null) => (instant === null ? null : new Date(instant).toISOString())
  return {
    schema: 'minutewise/sync/1',
    paused: run.paused,
    accounts: run.accounts.map(({ account, result, sentence }) => ({
      id: account.id,
      provider: account.provider,
      label: account.label,
      result,
      sentence,
    })),
    calendars: run.calendars.map(({ calendar, outcome }) => {
      const now = calendars.find(({ accountId, id }) => accountId === calendar.accountId && id === calendar.id)
      return {
        account: calendar.accountId,
        id: calendar.id,
        name: calendar.name,
        ...outcome,
        status: now?.sync.status ?? calendar.sync.status,
        asOf: at(now?.sync.asOf ?? null),
      }
    }),
  }
}
