import { join } from 'node:path'
import type { DoctorPorts } from '../../src/app/doctor/diagnose.ts'
import type { ConnectableAccounts } from '../../src/app/live-accounts.ts'
import type { CliDeps } from '../../src/cli/deps.ts'
import { run } from '../../src/cli/run.ts'
import { createCalendarFiles } from '../../src/connectors/files/calendar-files.ts'
import { textFiles } from '../../src/connectors/files/text-files.ts'
import { readIcs } from '../../src/connectors/ics/calendar.ts'
import * as googleFiles from '../../src/connectors/oauth/google-files.ts'
import { keyFile } from '../../src/node-keys.ts'
import { listenOnNode } from '../../src/node-listen.ts'
import { PortError } from '../../src/port-error.ts'
import { createAuditStore } from '../../src/store/audit-store.ts'
import { readMigrations } from '../../src/store/sqlite/read-migrations.ts'
import { openSqlite } from '../../src/store/sqlite/sqlite.ts'

const root = join(import.meta.dirname, '..', '..')
export const samplesFolder = `${join(root, 'samples')}/`

export interface CliRun {
  readonly code: number
  readonly out: string
  readonly err: string
}

export interface CliWorld {
  readonly stdin?: string | Uint8Array
  readonly env?: Readonly<Record<string, string>>
  readonly now?: number
  readonly terminal?: number
  /** What the database named with --db holds, for commands on live calendars. */
  readonly live?: ConnectableAccounts
  /** Told the port once notifications are answered. */
  readonly listening?: (port: number) => void
  /** Aborted by the test, as Ctrl-C does. */
  readonly interrupted?: AbortSignal
  /** What `doctor` finds instead of what this machine has. */
  readonly doctor?: Partial<DoctorPorts>
  /** Typed at a terminal, unseen. */
  readonly typed?: string
  /** Called with the address of a consent page, as a browser would be. */
  readonly browser?: (url: string) => Promise<void>
}

/** One command in this process, with the real adapters of the Node entry and everything it prints. */
export async function cli(argv: readonly string[], world: CliWorld = {}): Promise<CliRun> {
  let out = ''
  let err = ''
  const columns = world.terminal ?? null
  const stdin = async function* () {
    const given = world.stdin ?? ''
    yield typeof given === 'string' ? new TextEncoder().encode(given) : given
  }
  const deps: CliDeps = {
    stdout: {
      write: text => {
        out += text
      },
      isTerminal: columns !== null,
      columns,
    },
    stderr: {
      write: text => {
        err += text
      },
      isTerminal: columns !== null,
      columns,
    },
    stdin,
    env: world.env ?? {},
    now: () => world.now ?? Date.UTC(2026, 10, 20, 9),
    samples: samplesFolder,
    calendars: async () => createCalendarFiles({ readBytes: readIcs, stdin }),
    files: async () => textFiles,
    openAuditStore: async path => {
      const database = await openSqlite(path, readMigrations(join(root, 'migrations')))
      return { ...createAuditStore(database), close: () => database.close() }
    },
    openLive: async () => {
      if (world.live === undefined) throw new PortError('unsupported', 'This test has no live calendars.')
      return world.live
    },
    doctor: async path => {
      const { doctorPorts } = await import('../../src/node-doctor.ts')
      return { ...doctorPorts(path, world.env ?? {}), ...world.doctor }
    },
    keyFile: async path => keyFile(path, world.env ?? {}),
    credentialFiles: async () => googleFiles,
    listen: async (notifications, at) => {
      const listener = await listenOnNode(notifications, at)
      world.listening?.(listener.port)
      return listener
    },
    interrupted: () => world.interrupted ?? new AbortController().signal,
    askSecretly: async () => world.typed ?? null,
    openInBrowser: async url => {
      if (world.browser === undefined) return false
      void world.browser(url)
      return true
    },
  }
  const code = await run(argv, deps)
  return { code, out, err }
}
