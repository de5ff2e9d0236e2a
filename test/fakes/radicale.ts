import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type FaultPlan, faultPlan } from './kit/faults.ts'
import { type RequestJournal, serve } from './kit/serve.ts'

/** A real CalDAV server (Debian's package `radicale`) with a folder of its own, seen through a wire that can break. */
export interface Radicale {
  /** `http://127.0.0.1:PORT/`: past here faults happen and requests are written down. */
  readonly url: string
  readonly faults: FaultPlan
  readonly journal: RequestJournal
  /** As a user's own program would, past the wire that breaks. */
  as(user: RadicaleUser): DavHand
  /** Forgets every sync token, as after a restored backup. */
  forgetTokens(): void
  stop(): Promise<void>
}

export interface RadicaleOptions {
  /** Who may sign in; Alice and Bob by default. */
  readonly users?: readonly RadicaleUser[]
}

export interface RadicaleUser {
  readonly name: string
  readonly password: string
}

export interface DavHand {
  /** Makes a calendar and gives its path. */
  makeCalendar(
    name: string,
    more?: { readonly components?: readonly string[]; readonly zone?: string },
  ): Promise<string>
  makeAddressBook(name: string): Promise<string>
  put(path: string, text: string): Promise<void>
  /** Null when it is not there. */
  get(path: string): Promise<{ readonly text: string; readonly etag: string } | null>
  remove(path: string): Promise<void>
  /** Paths of the resources in a calendar. */
  list(calendar: string): Promise<readonly string[]>
}

export const alice: RadicaleUser = { name: 'alice@lamps.example', password: 'correct: hörse' }
export const bob: RadicaleUser = { name: 'bob', password: 'battery' }

/**
 * Starts one for a test file; `stop` ends it and removes its folder. Fails with the package's name where it is missing:
 * a CalDAV connector that was never held against a server is not tested.
 */
export async function startRadicale({ users = [alice, bob] }: RadicaleOptions = {}): Promise<Radicale> {
  if (spawnSync('radicale', ['--version']).error !== undefined) {
    throw new Error('These tests need the CalDAV server of Debian: install it with `apt-get install radicale`.')
  }
  const folder = mkdtempSync(join(tmpdir(), 'minutewise-radicale-'))
  const { child, port } = await started(folder, users)
  const direct = `http://127.0.0.1:${port}`
  const faults = faultPlan()
  const served = await serve({ fetch: request => passOn(request, direct) }, faults)
  return {
    url: served.url,
    faults,
    journal: served.journal,
    as: user => handOf(direct, user),
    forgetTokens() {
      const roots = join(folder, 'collections', 'collection-root')
      for (const user of readdirSync(roots, { withFileTypes: true })) {
        if (!user.isDirectory()) continue
        for (const calendar of readdirSync(join(roots, user.name))) {
          rmSync(join(roots, user.name, calendar, '.Radicale.cache', 'sync-token'), { recursive: true, force: true })
        }
      }
    },
    async stop() {
      await served.close()
      await ended(child)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function started(
  folder: string,
  users: readonly RadicaleUser[],
): Promise<{ readonly child: ChildProcess; readonly port: number }> {
  mkdirSync(join(folder, 'collections'))
  writeFileSync(join(folder, 'users'), users.map(({ name, password }) => `${name}:${password}\n`).join(''))
  for (let attempt = 1; ; attempt++) {
    const port = await freePort()
    const config = [
      '[server]',
      `hosts = 127.0.0.1:${port}`,
      '[auth]',
      'type = htpasswd',
      `htpasswd_filename = ${join(folder, 'users')}`,
      'htpasswd_encryption = plain',
      'delay = 0',
      '[storage]',
      `filesystem_folder = ${join(folder, 'collections')}`,
      '[logging]',
      'level = error',
    ]
    writeFileSync(join(folder, 'config'), `${config.join('\n')}\n`)
    const child = spawn('radicale', ['--config', join(folder, 'config')], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, TZ: 'UTC', PYTHONUTF8: '1' },
    })
    let said = ''
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8')
    })
    if (await answers(port, child)) return { child, port }
    await ended(child)
    // somebody else took the port between asking and using it
    if (attempt === 3) throw new Error(`Radicale did not start: ${said.slice(-500)}`)
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  // Safe because the server listens on TCP.
  const { port } = server.address() as AddressInfo
  await new Promise<void>(resolve => server.close(() => resolve()))
  return port
}

/** Asks the port until somebody is there, for as long as the process lives, 20 seconds at most. */
async function answers(port: number, child: ChildProcess): Promise<boolean> {
  const untilAt = Date.now() + 20_000
  while (child.exitCode === null && Date.now() < untilAt) {
    try {
      const response = await fetch(`http://127.0.0.1:${port}/.web/`, { redirect: 'manual' })
      await response.body?.cancel()
      return true
    } catch {
      await new Promise(resolve => setTimeout(resolve, 25))
    }
  }
  return false
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const over = new Promise<void>(resolve => child.once('exit', () => resolve()))
  child.kill('SIGKILL')
  await over
}

async function passOn(request: Request, direct: string): Promise<Response> {
  const { pathname, search } = new URL(request.url)
  const headers = new Headers(request.headers)
  for (const name of ['host', 'connection', 'content-length', 'transfer-encoding', 'accept-encoding'])
    headers.delete(name)
  const body = await request.text()
  const response = await fetch(`${direct}${pathname}${search}`, {
    method: request.method,
    headers,
    redirect: 'manual',
    ...(body === '' ? {} : { body }),
  })
  const answered = new Headers(response.headers)
  // fetch has decoded the body
  for (const name of ['content-encoding', 'content-length', 'transfer-encoding', 'connection']) answered.delete(name)
  const text = await response.text()
  return new Response(text === '' ? null : text, { status: response.status, headers: answered })
}

function handOf(direct: string, { name, password }: RadicaleUser): DavHand {
  const authorization = `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`
  const ask = async (method: string, path: string, body?: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`${direct}${path}`, {
      method,
      headers: { authorization, ...headers },
      ...(body === undefined ? {} : { body }),
    })
    return { status: response.status, text: await response.text(), headers: response.headers }
  }
  const must = async (work: ReturnType<typeof ask>) => {
    const answer = await work
    if (answer.status < 200 || answer.status > 299) throw new Error(`Radicale: HTTP ${answer.status} ${answer.text}`)
    return answer
  }
  const pathTo = (collection: string) => `/${encodeURIComponent(name)}/${collection}/`
  return {
    async makeCalendar(title, { components = ['VEVENT'], zone } = {}) {
      const path = pathTo(encodeURIComponent(title.toLowerCase().replaceAll(' ', '-')))
      const timezone =
        zone === undefined
          ? ''
          : `<c:calendar-timezone>BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nTZID:${zone}\nEND:VTIMEZONE\nEND:VCALENDAR</c:calendar-timezone>`
      const set = components.map(component => `<c:comp name="${component}"/>`).join('')
      const body = `<?xml version="1.0"?><c:mkcalendar xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:set><d:prop>
        <d:displayname>${title}</d:displayname>${timezone}
        <c:supported-calendar-component-set>${set}</c:supported-calendar-component-set>
        </d:prop></d:set></c:mkcalendar>`
      await must(ask('MKCALENDAR', path, body))
      return path
    },
    async makeAddressBook(title) {
      const path = pathTo(title)
      const body = `<?xml version="1.0"?><d:mkcol xmlns:d="DAV:" xmlns:card="urn:ietf:params:xml:ns:carddav"><d:set><d:prop>
        <d:resourcetype><d:collection/><card:addressbook/></d:resourcetype></d:prop></d:set></d:mkcol>`
      await must(ask('MKCOL', path, body))
      return path
    },
    async put(path, text) {
      await must(ask('PUT', path, text, { 'content-type': 'text/calendar; charset=utf-8' }))
    },
    async get(path) {
      const answer = await ask('GET', path)
      if (answer.status === 404) return null
      await must(Promise.resolve(answer))
      return { text: answer.text, etag: answer.headers.get('etag') ?? '' }
    },
    async remove(path) {
      await must(ask('DELETE', path))
    },
    async list(calendar) {
      const body = '<?xml version="1.0"?><d:propfind xmlns:d="DAV:"><d:prop><d:getetag/></d:prop></d:propfind>'
      const { text } = await must(ask('PROPFIND', calendar, body, { depth: '1' }))
      return [...text.matchAll(/<href>([^<]+)<\/href>/g)].map(match => match[1]!).filter(path => path !== calendar)
    },
  }
}
