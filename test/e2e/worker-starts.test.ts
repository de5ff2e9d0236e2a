import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const require = createRequire(import.meta.url)
const wrangler = join(dirname(require.resolve('wrangler/package.json')), 'bin', 'wrangler.js')

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'minutewise-worker-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the Worker on this machine', () => {
  it('starts on a free port, says that it is up and ready, and is gone when stopped', async () => {
    await promisify(execFile)(
      process.execPath,
      [wrangler, 'd1', 'migrations', 'apply', 'DB', '--local', '--persist-to', folder],
      { cwd: root, env: quietEnv(), timeout: 60_000 },
    )

    const worker = await startWorker()
    try {
      const up = await fetch(`${worker.url}/healthz`)
      expect([up.status, await up.json()]).toEqual([200, { status: 'ok' }])
      expect(up.headers.get('cache-control')).toBe('no-store')
      const ready = await fetch(`${worker.url}/readyz`)
      expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready' }])
    } finally {
      await worker.stop()
    }
    await expect(fetch(`${worker.url}/healthz`)).rejects.toThrow('fetch failed')
  })
})

describe('the wall between the Worker and Node', () => {
  const check = async (source: string) => {
    // Beside the entry in all but place: the same settings, a file of its own.
    const config = { extends: join(root, 'src/tsconfig.worker.json'), include: [join(folder, 'probe.ts')] }
    writeFileSync(join(folder, 'probe.ts'), source)
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ ...config, compilerOptions: { typeRoots: [join(root, 'node_modules')] } }),
    )
    const tsc = join(root, 'node_modules/typescript/bin/tsc')
    const run = promisify(execFile)(process.execPath, [tsc, '-p', folder])
    return run.then(
      () => '',
      (error: { stdout: string }) => error.stdout,
    )
  }

  it('bites: a Node module, a Node global', async () => {
    const errors = await check(
      "import { readFileSync } from 'node:fs'\nexport const all = [readFileSync, process.env]\n",
    )
    expect(errors).toContain("'node:fs'")
    expect(errors).toContain("'process'")
  })

  it('lets through what a Worker has', async () => {
    expect(await check('export const answer = (db: D1Database) => [db, new Response()]\n')).toBe('')
  })
})

interface StartedWorker {
  readonly url: string
  readonly stop: () => Promise<void>
}

async function startWorker(): Promise<StartedWorker> {
  const child = spawn(
    process.execPath,
    [
      wrangler,
      'dev',
      ...['--ip', '127.0.0.1', '--port', '0', '--inspector-port', '0', '--persist-to', folder],
      '--show-interactive-dev-session=false',
    ],
    // A group of its own, so that workerd and esbuild below it can be ended with it whatever happens.
    { cwd: root, env: quietEnv(), detached: true, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  const exited = new Promise<void>(resolve => child.once('exit', () => resolve()))
  const endGroup = () => signalGroup(child, 'SIGKILL')
  process.once('exit', endGroup)
  const stop = async () => {
    child.kill('SIGTERM')
    const patience = setTimeout(endGroup, 10_000)
    await exited
    clearTimeout(patience)
    endGroup()
    process.off('exit', endGroup)
  }
  try {
    return { url: await readyUrl(child), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

function readyUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let log = ''
    const fail = (what: string) => reject(new Error(`wrangler dev ${what}. It wrote:\n${log}`))
    const patience = setTimeout(() => fail('was not ready after 60 seconds'), 60_000)
    const read = (chunk: Buffer) => {
      log += chunk
      const url = /Ready on (http:\/\/127\.0\.0\.1:\d+)/.exec(log)?.[1]
      if (url === undefined) return
      clearTimeout(patience)
      resolve(url)
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    child.once('exit', code => {
      clearTimeout(patience)
      fail(`ended with ${code}`)
    })
  })
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, signal)
  } catch {
    // Nobody is left in the group.
  }
}

/** No telemetry, no look-up of the machine's place, nothing written to the home folder. */
function quietEnv(): NodeJS.ProcessEnv {
  return {
    ...process.env,
    CI: '1',
    NO_COLOR: '1',
    WRANGLER_SEND_METRICS: 'false',
    CLOUDFLARE_CF_FETCH_ENABLED: 'false',
    XDG_CONFIG_HOME: join(folder, 'config'),
    WRANGLER_REGISTRY_PATH: join(folder, 'registry'),
    WRANGLER_LOG_PATH: join(folder, 'logs'),
  }
}
