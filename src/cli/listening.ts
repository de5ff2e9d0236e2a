import type { LiveAccounts } from '../app/live-accounts.ts'
import { parsePublicUrl } from '../app/push/hook-addresses.ts'
import type { ChannelsRun } from '../app/push/open-channels.ts'
import { stopChannels } from '../app/push/stop-channels.ts'
import { syncTold } from '../app/push/sync-told.ts'
import { type SyncAccountsInput, type SyncRun, syncAccounts } from '../app/sync/sync-accounts.ts'
import type { Clock } from '../clock.ts'
import { plainText } from '../views/plain-text.ts'
import { type CommandInput, textOption, wrongUse } from './command.ts'
import type { CliDeps, ListenAt } from './deps.ts'

export interface ListenOptions {
  readonly at: ListenAt
  /** Null: notifications are answered, and nobody is asked to send any. */
  readonly publicUrl: string | null
}

/** A watching sync that is told of changes. */
export interface Listening {
  /** One sync, with the channels it needs. */
  tick(input: SyncAccountsInput): Promise<SyncRun>
  /** What the last tick did about channels, where a person should know. */
  report(): void
  /** Until a notification arrives, or one did since the last rest began; at most `ms`. */
  rest(ms: number, signal: AbortSignal): Promise<void>
  /** Takes the channels back, then answers nobody any more. */
  end(): Promise<void>
}

/** `--listen` and `--public-url`; null when nobody is to be listened to. */
export function listenOptions(input: CommandInput, watch: boolean): ListenOptions | null {
  const listen = textOption(input, 'listen')
  const url = textOption(input, 'public-url')
  if (listen === null) {
    if (url !== null) throw wrongUse('--public-url says where --listen is reached from outside: name both.')
    return null
  }
  if (!watch) throw wrongUse('--listen waits for notifications: it goes with --watch.')
  const [, host = '127.0.0.1', portText = ''] = /^(?:(.+):)?(\d{1,5})$/.exec(listen) ?? []
  const port = Number(portText)
  if (portText === '' || port > 65_535) throw wrongUse(`--listen takes a port, or HOST:PORT; "${listen}" is neither.`)
  const at = { host: host.replace(/^\[(.*)\]$/, '$1'), port }
  if (url === null) return { at, publicUrl: null }
  const parsed = parsePublicUrl(url)
  if ('problem' in parsed) throw wrongUse(`--public-url "${url}": ${parsed.problem}.`)
  return { at, publicUrl: parsed.publicUrl }
}

export async function startListening(
  deps: Pick<CliDeps, 'listen' | 'stderr'>,
  live: LiveAccounts,
  clock: Clock,
  { at, publicUrl }: ListenOptions,
): Promise<Listening> {
  const { mirror } = live
  const tickDeps = { mirror, clock, connectionOf: live.connectionOf.bind(live) }
  const bell = createBell(clock)
  const listener = await deps.listen({ mirror, clock, onLook: bell.ring }, at)
  const where = `${at.host}:${listener.port}`
  deps.stderr.write(
    publicUrl === null
      ? `Answering notifications on ${where}. Nobody is asked for any without --public-url.\n`
      : `Answering notifications on ${where}, for ${publicUrl}.\n`,
  )
  const said = new Set<string>()
  let channels: ChannelsRun | null = null
  return {
    async tick(input) {
      if (publicUrl === null) return await syncAccounts(tickDeps, input)
      const told = await syncTold(tickDeps, { ...input, publicUrl })
      channels = told.channels
      return told.run
    },
    report() {
      if (channels === null) return
      const { opened, refused } = channels
      if (opened > 0) deps.stderr.write(`${opened} calendar${opened === 1 ? '' : 's'} will tell of changes.\n`)
      for (const { calendar, sentence } of refused) {
        const line = `! ${plainText(calendar.name ?? calendar.id, 60)} will not tell of changes: ${plainText(sentence, 400)}`
        if (!said.has(line)) deps.stderr.write(`${line}\n`)
        said.add(line)
      }
    },
    rest: bell.rest,
    async end() {
      try {
        if (publicUrl === null) return
        const budget = { requests: Number.MAX_SAFE_INTEGER, untilAt: clock.now() + partingMs }
        await stopChannels(tickDeps, { publicUrl, budget })
      } finally {
        await listener.close()
      }
    },
  }
}

/** Who pressed Ctrl-C waits no longer; channels that could not be stopped expire by themselves. */
const partingMs = 10_000

function createBell(clock: Clock): { ring(): void; rest: Listening['rest'] } {
  let hasRung = false
  let wake: AbortController | null = null
  return {
    ring() {
      hasRung = true
      wake?.abort()
    },
    async rest(ms, signal) {
      if (!hasRung) {
        wake = new AbortController()
        await clock.sleep(ms, AbortSignal.any([signal, wake.signal]))
        wake = null
      }
      hasRung = false
    },
  }
}
