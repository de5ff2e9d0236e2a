#!/usr/bin/env node
import { fileURLToPath } from 'node:url'
import type { CliDeps } from './cli/deps.ts'
import { run } from './cli/run.ts'

/**
 * The entry on Node: the one place that knows which adapters exist here. Every adapter is imported when a command
 * asks for it, so that `--help` loads no more than the command table and an audit of a file never loads SQLite.
 */
const deps: CliDeps = {
  stdout: output(process.stdout),
  stderr: output(process.stderr),
  stdin: () => process.stdin,
  env: process.env,
  now: () => Date.now(),
  samples: fileURLToPath(new URL('../../samples/', import.meta.url)),
  calendars: async () => {
    const [{ createCalendarFiles }, { readIcs }] = await Promise.all([
      import('./connectors/files/calendar-files.ts'),
      import('./connectors/ics/calendar.ts'),
    ])
    return createCalendarFiles({ readBytes: readIcs, stdin: () => process.stdin })
  },
  files: async () => (await import('./connectors/files/text-files.ts')).textFiles,
  openAuditStore: async path => {
    const [{ openSqlite }, { readMigrations }, { createAuditStore }] = await Promise.all([
      import('./store/sqlite/sqlite.ts'),
      import('./store/sqlite/read-migrations.ts'),
      import('./store/audit-store.ts'),
    ])
    const migrations = readMigrations(fileURLToPath(new URL('../../migrations/', import.meta.url)))
    const database = await openSqlite(path, migrations)
    return { ...createAuditStore(database), close: () => database.close() }
  },
  openLive: async (path, { mustExist } = { mustExist: false }) => {
    const { openLiveAccounts, refuseMissing } = await import('./node-live.ts')
    if (mustExist) refuseMissing(path)
    return await openLiveAccounts(path, process.env)
  },
  doctor: async path => (await import('./node-doctor.ts')).doctorPorts(path, process.env),
  keyFile: async path => (await import('./node-keys.ts')).keyFile(path, process.env),
  credentialFiles: () => import('./connectors/oauth/google-files.ts'),
  listen: async (notifications, at) => (await import('./node-listen.ts')).listenOnNode(notifications, at),
  interrupted: interruption(),
  askSecretly: async prompt => (await import('./node-terminal.ts')).askSecretly(prompt),
  openInBrowser: async url => (await import('./node-terminal.ts')).openInBrowser(url),
}

// `minutewise … | head` closes the pipe early; that ends the command quietly, as it does for every other tool.
process.stdout.on('error', error => {
  if ('code' in error && error.code === 'EPIPE') process.exit(0)
  throw error
})

process.exitCode = await run(process.argv.slice(2), deps)

function output(stream: NodeJS.WriteStream): CliDeps['stdout'] {
  return {
    write: text => {
      stream.write(text)
    },
    isTerminal: stream.isTTY === true,
    columns: stream.isTTY === true ? stream.columns : null,
  }
}

/** Aborted by the first Ctrl-C, so that the work under way ends well; the second one ends the process as usual. */
function interruption(): () => AbortSignal {
  let controller: AbortController | null = null
  return () => {
    if (controller !== null) return controller.signal
    controller = new AbortController()
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => controller?.abort())
    return controller.signal
  }
}
