import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..', '..')
export const commandEntry = join(root, 'dist/src/node.js')

export interface CommandRun {
  /** Null when a signal ended it. */
  readonly code: number | null
  readonly out: string
  readonly err: string
}

export interface CommandOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  /** Plays the person at the browser: opens the consent page that `connect --no-browser` prints, and follows it home. */
  readonly consents?: boolean
  /** Called with the process as soon as it runs, for tests that end it. */
  readonly started?: (child: ChildProcess) => void
  /** After this it is ended for good: a command that hangs must not hang its test. */
  readonly timeoutMs?: number
}

/**
 * The built command as a process of its own, without holding up this one: the services it talks to may live here. The
 * variables of this machine that configure the command do not reach it.
 */
export async function runCommand(args: readonly string[], options: CommandOptions = {}): Promise<CommandRun> {
  const { env = {}, cwd, consents = false, started, timeoutMs = 60_000 } = options
  const child = spawn(process.execPath, [commandEntry, ...args], {
    cwd,
    env: { ...plainEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs)
  let out = ''
  let err = ''
  let hasConsented = false
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text
    const page = consents && !hasConsented ? /^(https?:\/\/\S+)\n/m.exec(err)?.[1] : undefined
    if (page === undefined) return
    hasConsented = true
    // what the page says is of no interest, and whether the command liked it the command says
    fetch(page).then(
      response => response.text(),
      () => child.kill(),
    )
  })
  started?.(child)
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  clearTimeout(timer)
  return { code, out, err }
}

function plainEnvironment(): Record<string, string> {
  const plain: Record<string, string> = {}
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && !name.startsWith('MINUTEWISE_')) plain[name] = value
  }
  return plain
}
