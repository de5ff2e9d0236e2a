import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { FaultPlan } from './faults.ts'

/** One request that reached a fake, as tests ask about it. */
export interface Journalled {
  readonly method: string
  /** Path and query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** 0 while under way or when the connection was broken. */
  status: number
  readonly fault: string | null
}

export interface RequestJournal {
  readonly requests: readonly Journalled[]
  /** Requests whose `METHOD /path?query` holds the text or matches the pattern. */
  count(match: string | RegExp): number
  clear(): void
}

export interface Served {
  /** `http://127.0.0.1:PORT/` */
  readonly url: string
  readonly journal: RequestJournal
  close(): Promise<void>
}

/**
 * Serves a fake over HTTP on loopback: faults happen on the wire, where a client meets them, and every request is
 * written down.
 */
export async function serve(
  app: { fetch(request: Request): Response | Promise<Response> },
  faults: FaultPlan,
  port = 0,
): Promise<Served> {
  const requests: Journalled[] = []
  const server: Server = createServer((incoming, outgoing) => {
    void answer(incoming, outgoing)
  })
  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const body = await bodyOf(incoming)
    const path = incoming.url ?? '/'
    const method = incoming.method ?? 'GET'
    const action = faults.next(`${method} ${path}`)
    const headers: Record<string, string> = {}
    for (const [name, value] of Object.entries(incoming.headers)) headers[name] = String(value)
    const written: Journalled = { method, path, headers, body, status: 0, fault: action?.kind ?? null }
    requests.push(written)
    if (action?.kind === 'reset') return void incoming.socket.destroy()
    if (action?.kind === 'status') {
      written.status = action.status
      outgoing.writeHead(action.status, { 'content-type': 'application/json', ...action.headers })
      return void outgoing.end(typeof action.body === 'string' ? action.body : JSON.stringify(action.body ?? {}))
    }
    const url = new URL(path, `http://${incoming.headers.host ?? '127.0.0.1'}`)
    const make = () =>
      new Request(url, {
        method,
        headers,
        ...(method === 'GET' || method === 'HEAD' ? {} : { body }),
      })
    if (action?.kind === 'duplicate') await app.fetch(make())
    const response = await app.fetch(make())
    written.status = response.status
    if (action?.kind === 'lost-answer') return void incoming.socket.destroy()
    if (action?.kind === 'delay') await new Promise(resolve => setTimeout(resolve, action.ms))
    const bytes = Buffer.from(await response.arrayBuffer())
    const answered: Record<string, string | string[]> = {}
    response.headers.forEach((value, name) => {
      if (name !== 'content-length') answered[name] = value
    })
    if (action?.kind === 'malformed') {
      outgoing.writeHead(response.status, answered)
      return void outgoing.end('<html>502 Bad Gateway</html>')
    }
    outgoing.writeHead(response.status, { ...answered, 'content-length': String(bytes.length) })
    if (action?.kind === 'truncate') {
      outgoing.write(bytes.subarray(0, Math.floor(bytes.length / 2)))
      return void setTimeout(() => incoming.socket.destroy(), 5)
    }
    outgoing.end(bytes)
  }
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  // Safe because the server listens on TCP.
  const { port: taken } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${taken}/`,
    journal: {
      requests,
      count: match =>
        requests.filter(({ method, path }) =>
          typeof match === 'string' ? `${method} ${path}`.includes(match) : match.test(`${method} ${path}`),
        ).length,
      clear() {
        requests.length = 0
      },
    },
    async close() {
      server.closeAllConnections()
      await new Promise<void>(resolve => server.close(() => resolve()))
    },
  }
}

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}
