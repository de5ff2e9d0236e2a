import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { createGuardedFetch, type GuardedFetchDeps, isAskable } from '../../src/connectors/guarded-fetch.ts'
import { createPinnedFetch, type PinnedFetchDeps } from '../../src/connectors/pinned-fetch.ts'
import { PortError } from '../../src/port-error.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

describe('addresses that are refused before anybody is asked', () => {
  const loopback = [
    'localhost',
    '127.0.0.1',
    '2130706433',
    '0x7f000001',
    '0',
    '127.1',
    '0177.0.0.1',
    '[::1]',
    '[::ffff:127.0.0.1]',
  ]
  const others = [
    'LOCALHOST',
    'localhost.',
    'a.localhost',
    '127.0.0.1.',
    '127.255.255.254',
    '0x7f.1',
    '0.0.0.0',
    '[::]',
    '[0:0:0:0:0:0:0:1]',
    '[::ffff:7f00:1]',
    '[::127.0.0.1]',
    '[64:ff9b::7f00:1]',
    '[64:ff9b:1::a00:1]',
    '[2002:7f00:1::]',
    '[2001:0:7f00:1::1]',
    '10.0.0.1',
    '172.16.5.4',
    '192.168.1.1',
    '100.64.0.1',
    '100.100.100.200',
    '169.254.169.254',
    '168.63.129.16',
    '[fd00:ec2::254]',
    '[fe80::1]',
    '[fec0::1]',
    '[ff02::1]',
    '224.0.0.1',
    '255.255.255.255',
    '192.0.2.1',
    '198.18.0.1',
    'metadata.google.internal',
    'metadata',
    'printer.local',
    'router.home.arpa',
    'intranet',
    '①②⑦.0.0.1',
  ]
  it.each([...loopback, ...others])('https://%s/ is refused with the same clear sentence', async host => {
    const asked: string[] = []
    const fetch = guarded({ fetch: spying(asked) })
    const error = await refusal(fetch(`https://${host}/feed.ics?key=SECRET`))
    expect(error.code).toBe('rejected')
    expect(error.message).toContain('private network or to this machine itself')
    expect(error.message).not.toContain('SECRET')
    expect(asked).toEqual([])
  })

  it.each([
    ['http://calendar.example.com/SECRET.ics', 'https'],
    ['ftp://calendar.example.com/SECRET.ics', 'https'],
    ['file:///etc/SECRET', 'https'],
    ['https://calendar.example.com:8443/SECRET.ics', 'port'],
    ['https://calendar.example.com:22/SECRET.ics', 'port'],
    ['https://ana:SECRET@calendar.example.com/', 'password'],
    ['https://SECRET@calendar.example.com/', 'password'],
    ['SECRET', 'web address'],
  ])('%s is refused by a sentence about its %s, without repeating it', async (url, word) => {
    const asked: string[] = []
    const error = await refusal(guarded({ fetch: spying(asked) })(url))
    expect(error).toMatchObject({ code: 'rejected' })
    expect(error.message).toMatch(new RegExp(word))
    expect(error.message).not.toContain('SECRET')
    expect(asked).toEqual([])
  })

  it('public addresses are asked, and another port where it was allowed', async () => {
    const asked: string[] = []
    const fetch = guarded({ fetch: spying(asked), ports: ['443', '8443'] })
    for (const url of ['https://calendar.example.com/a', 'https://8.8.8.8/', 'https://[2606:4700::1111]:8443/'])
      await fetch(url)
    expect(asked).toEqual(['https://calendar.example.com/a', 'https://8.8.8.8/', 'https://[2606:4700::1111]:8443/'])
  })

  it('an address inside another address is judged as what it is, whoever answers with it', () => {
    const rules = { allowLoopback: false, allowAddress: () => false }
    const asked = (address: string) => isAskable(address, rules)
    expect(['93.184.216.34', '2606:4700::1111'].map(asked)).toEqual([true, true])
    expect(
      ['::ffff:10.0.0.1', '64:ff9b::a00:1', '2002:a00:1::', '2001::a00:1', '::a00:1', 'fe80::1%eth0', 'nonsense'].map(
        asked,
      ),
    ).toEqual([false, false, false, false, false, false, false])
  })
})

describe('what goes out', () => {
  it('no cookies, tokens or other headers, and always GET', async () => {
    const { url, requests } = await server((_, response) => response.setHeader('set-cookie', 'a=b').end('BEGIN'))
    const fetch = guarded({ fetch: pinned({ allowLoopback: true }), allowLoopback: true })
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        cookie: 'a=b',
        authorization: 'Bearer x',
        'x-other': '1',
        'if-none-match': '"1"',
        accept: 'text/calendar',
      },
    })
    expect(response.headers.get('set-cookie')).toBeNull()
    expect(await response.text()).toBe('BEGIN')
    expect(requests[0]?.method).toBe('GET')
    const names = Object.keys(requests[0]?.headers ?? {})
    expect(names).toContain('if-none-match')
    for (const name of ['cookie', 'authorization', 'x-other']) expect(names).not.toContain(name)
  })
})

describe('names that stand for something else', () => {
  it('a name that answers a public address first and loopback second never reaches loopback', async () => {
    // 127.0.0.2 plays the public server; the two share a port, so only the address tells them apart
    const publicServer = await server((_, response) => response.end('public'), '127.0.0.2')
    const inner = await server((_, response) => response.end('SECRET'), '127.0.0.1', publicServer.port)
    const answers = [['127.0.0.2'], ['127.0.0.1'], ['127.0.0.1']]
    const asked: string[] = []
    const fetch = guardedByName(async name => {
      asked.push(name)
      return answers.shift() ?? ['127.0.0.1']
    })
    const url = `https://calendar.example.com:${publicServer.port}/`
    expect(await (await fetch(url)).text()).toBe('public')
    await expect(refusal(fetch(url))).resolves.toMatchObject({ code: 'rejected' })
    await expect(refusal(fetch(url))).resolves.toMatchObject({ code: 'rejected' })
    expect(asked).toEqual(['calendar.example.com', 'calendar.example.com', 'calendar.example.com'])
    expect(inner.requests).toEqual([])
    expect(inner.connections()).toBe(0)
  })

  it('one private answer among public ones is enough to refuse', async () => {
    const publicServer = await server((_, response) => response.end('public'), '127.0.0.2')
    const fetch = guardedByName(async () => ['127.0.0.2', '10.0.0.1'])
    const error = await refusal(fetch(`https://calendar.example.com:${publicServer.port}/`))
    expect(error.message).toContain('private network')
    expect(publicServer.connections()).toBe(0)
  })

  it('a name without an address is not found, and that is no refusal', async () => {
    const fetch = guardedByName(async () => [])
    const error: unknown = await fetch('https://calendar.example.com/').catch((thrown: unknown) => thrown)
    expect(error).not.toBeInstanceOf(PortError)
    expect(JSON.stringify(causeOf(error))).toContain('ENOTFOUND')
  })

  /** TLS taken away at the last moment, since nobody has a certificate for the name; all else is as it is used. */
  function guardedByName(resolve: (name: string) => Promise<readonly string[]>): typeof fetch {
    const inside = pinned({
      resolve: async name => (await resolve(name)).map(address => ({ address, family: 4 })),
      allowAddress: address => address === '127.0.0.2',
    })
    return guarded({
      fetch: (input, init) => inside(String(input).replace('https:', 'http:'), init),
      ports: ['443', ...Array.from({ length: 65_536 }, (_, port) => String(port))],
    })
  }
})

describe('redirects', () => {
  it('three are followed, the fourth is one too many', async () => {
    const { url } = await server((request, response) => {
      const left = Number(request.url?.slice(1))
      if (left === 0) response.end('there')
      else response.writeHead(302, { location: `/${left - 1}` }).end()
    })
    const fetch = guarded({ fetch: pinned({ allowLoopback: true }), allowLoopback: true })
    expect(await (await fetch(`${url}3`)).text()).toBe('there')
    await expect(refusal(fetch(`${url}4`))).resolves.toMatchObject({ code: 'rejected' })
  })

  it.each([
    'http://169.254.169.254/latest/meta-data/',
    'https://10.0.0.1/',
    'https://[::ffff:192.168.0.1]/',
    '//2852039166/',
    'http://public.example.com/',
    'file:///etc/passwd',
    'https://user:pw@public.example.com/',
  ])('a hop to %s is refused like a first address, and not asked', async location => {
    const asked: string[] = []
    const { url } = await server((_, response) => response.writeHead(307, { location }).end())
    const inside = pinned({ allowLoopback: true })
    const fetch = guarded({
      fetch: (input, init) => {
        asked.push(String(input))
        return inside(input, init)
      },
      allowLoopback: true,
    })
    await expect(refusal(fetch(url))).resolves.toMatchObject({ code: 'rejected' })
    expect(asked).toEqual([url])
  })

  it('without leave, a public server cannot send us to loopback', async () => {
    const inner = await server((_, response) => response.end('SECRET'))
    const fetch = guarded({
      fetch: async () => new Response(null, { status: 302, headers: { location: inner.url } }),
    })
    await expect(refusal(fetch('https://calendar.example.com/'))).resolves.toMatchObject({ code: 'rejected' })
    expect(inner.connections()).toBe(0)
  })
})

describe('answers that do not end', () => {
  it('a gzip bomb is cut off where it unfolds, long before it is whole', async () => {
    const bomb = gzipSync(Buffer.alloc(30_000_000, 'x'))
    expect(bomb.length).toBeLessThan(50_000)
    const { url } = await server((_, response) => response.setHeader('content-encoding', 'gzip').end(bomb))
    const fetch = guarded({
      fetch: pinned({ allowLoopback: true }),
      allowLoopback: true,
      limits: { inflatedBytes: 1_000_000 },
    })
    const error = await refusal(read(await fetch(url)))
    expect(error).toMatchObject({ code: 'malformed' })
    expect(error.message).toContain('larger than 1 MB')
  })

  it('an endless answer is cut off at its size on the wire', async () => {
    const { url } = await server((_, response) => {
      const more = () => {
        while (response.write(Buffer.alloc(65_536, 'x')));
      }
      response.on('drain', more)
      more()
    })
    const fetch = guarded({
      fetch: pinned({ allowLoopback: true, compressedBytes: 1_000_000 }),
      allowLoopback: true,
    })
    const error = await refusal(read(await fetch(url)))
    expect(error).toMatchObject({ code: 'malformed' })
    expect(error.message).toContain('larger than 1 MB')
  })

  it('an answer that announces too much is not read at all', async () => {
    const { url } = await server((_, response) => response.writeHead(200, { 'content-length': '999999999' }).write('x'))
    const fetch = guarded({ fetch: pinned({ allowLoopback: true }), allowLoopback: true })
    await expect(refusal(fetch(url))).resolves.toMatchObject({ code: 'malformed' })
  })

  it('a server that says nothing, or never finishes, is left', async () => {
    const silent = await server(() => undefined)
    const slow = await server((_, response) => response.writeHead(200).write('BEGIN:VCALENDAR'))
    const fetch = guarded({
      fetch: pinned({ allowLoopback: true }),
      allowLoopback: true,
      limits: { headerMs: 50, bodyMs: 50 },
    })
    await expect(refusal(fetch(silent.url))).resolves.toMatchObject({ code: 'unreachable' })
    const patient = guarded({
      fetch: pinned({ allowLoopback: true }),
      allowLoopback: true,
      limits: { headerMs: 5_000, bodyMs: 50 },
    })
    await expect(refusal(read(await patient(slow.url)))).resolves.toMatchObject({ code: 'unreachable' })
  })
})

function guarded(deps: GuardedFetchDeps): typeof fetch {
  return createGuardedFetch(deps)
}

function pinned(deps: PinnedFetchDeps): typeof fetch {
  const made = createPinnedFetch(deps)
  closing.unshift(made.close)
  return made.fetch
}

function spying(asked: string[]): typeof fetch {
  return async input => {
    asked.push(String(input))
    return new Response('ok')
  }
}

async function refusal(work: Promise<unknown>): Promise<PortError> {
  const error = await work.then(
    () => new Error('nothing was refused'),
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(PortError)
  // Safe because of the line above.
  return error as PortError
}

const read = (response: Response) => response.text()

function causeOf(error: unknown): unknown {
  return error instanceof Error && error.cause instanceof Error ? { ...error.cause } : null
}

async function server(listener: RequestListener, host = '127.0.0.1', port = 0) {
  const requests: { readonly method: string; readonly headers: Readonly<Record<string, unknown>> }[] = []
  let connections = 0
  const listening: Server = createServer((request, response) => {
    requests.push({ method: request.method ?? '', headers: request.headers })
    listener(request, response)
  })
  listening.on('connection', () => {
    connections++
  })
  await new Promise<void>((resolve, reject) => {
    listening.once('error', reject)
    listening.listen(port, host, resolve)
  })
  closing.push(async () => {
    listening.closeAllConnections()
    await new Promise<void>(resolve => listening.close(() => resolve()))
  })
  // Safe because the server listens on TCP.
  const { port: taken } = listening.address() as AddressInfo
  return { url: `http://${host}:${taken}/`, port: taken, requests, connections: () => connections }
}
