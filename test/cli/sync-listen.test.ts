import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { ConnectableAccounts, LiveAccounts } from '../../src/app/live-accounts.ts'
import { startListening } from '../../src/cli/listening.ts'
import type { AccountConnection } from '../../src/connectors/connector.ts'
import { createMirrorStore } from '../../src/store/mirror.ts'
import type { MirrorStore } from '../../src/store/mirror-store.ts'
import { readMigrations } from '../../src/store/sqlite/read-migrations.ts'
import { openSqlite } from '../../src/store/sqlite/sqlite.ts'
import { anAccount } from '../app/sync/sync-world.ts'
import { googleWorld, moment } from '../connectors/google/google-world.ts'
import { graphWorld } from '../connectors/microsoft/graph-world.ts'
import { virtualClock } from '../fakes/kit/clock.ts'
import { type CliRun, cli } from '../support/cli.ts'
import { memoryCredentials } from '../support/memory-credentials.ts'

const migrations = readMigrations(join(import.meta.dirname, '..', '..', 'migrations'))
const accountId = 'acc0000000000001'
const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

/** The way from https://hooks.test, as a tunnel makes it: what providers send there arrives at the listener, over HTTP. */
function tunnel() {
  let port: number | null = null
  const send: typeof fetch = async (input, init) => {
    const request = new Request(input, init)
    const { pathname, search, host } = new URL(request.url)
    if (host !== 'hooks.test' || port === null) throw new TypeError('fetch failed')
    const body = await request.text()
    const more = body === '' ? {} : { body }
    return await fetch(`http://127.0.0.1:${port}${pathname}${search}`, {
      method: request.method,
      headers: request.headers,
      ...more,
    })
  }
  return {
    send,
    opens: (at: number) => {
      port = at
    },
  }
}

interface Watching {
  readonly mirror: MirrorStore
  /** Ctrl-C, and what the command printed. */
  end(): Promise<CliRun>
}

/** `sync --watch --listen` on an account, once its channel is open. */
async function watching(
  provider: 'google' | 'microsoft',
  connection: AccountConnection,
  now: number,
  opens: (port: number) => void,
): Promise<Watching> {
  const database = await openSqlite(':memory:', migrations)
  const mirror = createMirrorStore(database, { tenant: 'local' })
  await mirror.addAccount(anAccount({ id: accountId, provider, tier: 'basic' }))
  closing.push(() => database.close())
  const live: ConnectableAccounts = {
    mirror,
    credentials: memoryCredentials(),
    connectionOf: async () => connection,
    signIn: () => Promise.reject(new Error('unused')),
    close: async () => {},
  }
  const controller = new AbortController()
  const argv = ['sync', '--watch', '--listen', '0', '--public-url', 'https://hooks.test/']
  const run = cli(argv, { live, now, interrupted: controller.signal, listening: opens })
  const end = async () => {
    controller.abort()
    return await run
  }
  closing.push(async () => void (await end()))
  await until(async () => (await mirror.listChannels()).some(({ status }) => status === 'open'))
  return { mirror, end }
}

describe('sync --watch --listen', () => {
  test('hears Google at once, and takes its channel back at the end', async () => {
    const world = await googleWorld()
    closing.push(() => world.close())
    const way = tunnel()
    const sync = await watching('google', world.connect({ tier: 'basic' }), world.clock.now(), way.opens)
    const { calendar } = world.fake.user('ana@lamps.example')
    const [channel] = world.fake.push.live()
    expect(channel?.address).toBe('https://hooks.test/hooks/google')
    calendar.insert({
      summary: 'Planning',
      start: moment(world.clock.now() + 3_600_000),
      end: moment(world.clock.now() + 7_200_000),
    })
    const begunAt = performance.now()
    expect(await world.fake.push.deliver(request => way.send(request))).toEqual([204, 204])
    await until(async () => (await sync.mirror.countItems({ accountId, calendarId: calendar.id })) === 1)
    // the next tick by itself would be after fifteen seconds
    expect(performance.now() - begunAt).toBeLessThan(10_000)
    const { code, err, out } = await sync.end()
    expect(code).toBe(0)
    expect(err).toContain('1 calendar will tell of changes.')
    expect(out).toContain('1 event written')
    expect([world.fake.push.live(), await sync.mirror.listChannels()]).toEqual([[], []])
    await expect(way.send('https://hooks.test/hooks/google', { method: 'POST' })).rejects.toThrow('fetch failed')
  })

  test('opens its doors to the handshake of Graph before it asks, and hears what Graph sends', async () => {
    const way = tunnel()
    const world = await graphWorld({ fetch: way.send, tier: 'basic' })
    closing.push(() => world.close())
    const sync = await watching('microsoft', world.connection, world.clock.now(), way.opens)
    const at = world.clock.now()
    world.mailbox.create({ subject: 'Planning', start: at + 3_600_000, end: at + 7_200_000 })
    const begunAt = performance.now()
    await world.fake.push.deliver()
    expect(world.fake.push.attempts.map(({ status }) => status)).toEqual([202])
    await until(async () => (await sync.mirror.countItems({ accountId, calendarId: world.calendar.id })) === 1)
    expect(performance.now() - begunAt).toBeLessThan(10_000)
    expect((await sync.end()).code).toBe(0)
    expect([world.fake.push.open, await sync.mirror.listChannels()]).toEqual([[], []])
  })

  test('a knock during a tick is heard when it rests, and only once', async () => {
    const database = await openSqlite(':memory:', migrations)
    closing.push(() => database.close())
    const live: LiveAccounts = {
      mirror: createMirrorStore(database, { tenant: 'local' }),
      connectionOf: () => Promise.reject(new Error('unused')),
      close: async () => {},
    }
    const clock = virtualClock(0)
    let knock: (() => void) | undefined
    const listening = await startListening(
      {
        stderr: { write: () => {}, isTerminal: false, columns: null },
        listen: async ({ onLook }) => {
          knock = onLook
          return { port: 1, close: async () => {} }
        },
      },
      live,
      clock,
      { at: { host: '127.0.0.1', port: 1 }, publicUrl: null },
    )
    const { signal } = new AbortController()
    knock?.()
    knock?.()
    await listening.rest(15_000, signal)
    expect(clock.slept).toEqual([])
    await listening.rest(15_000, signal)
    expect(clock.slept).toEqual([15_000])
    await listening.end()
  })

  test.each([
    [['--listen', '8787'], '--listen waits for notifications: it goes with --watch.'],
    [['--watch', '--public-url', 'https://x.test'], 'name both'],
    [['--watch', '--listen', 'here'], '--listen takes a port, or HOST:PORT; "here" is neither.'],
    [['--watch', '--listen', '65536'], 'is neither'],
    [['--watch', '--listen', '1', '--public-url', 'http://x.test'], 'https addresses alone'],
    [['--watch', '--listen', '1', '--public-url', 'x.test'], 'it is no address'],
    [['--watch', '--listen', '1', '--public-url', 'https://a:b@x.test'], 'a name or a password'],
    [['--watch', '--listen', '1', '--public-url', 'https://x.test/?a=1'], 'neither ? nor #'],
  ])('%j is wrong use', async (argv, sentence) => {
    const { code, err } = await cli(['sync', ...argv])
    expect(code).toBe(2)
    expect(err).toContain(sentence)
  })

  test('without a public address nobody is asked to notify', async () => {
    const world = await googleWorld()
    closing.push(() => world.close())
    const database = await openSqlite(':memory:', migrations)
    closing.push(() => database.close())
    const mirror = createMirrorStore(database, { tenant: 'local' })
    await mirror.addAccount(anAccount({ id: accountId, provider: 'google', tier: 'basic' }))
    const connection = world.connect({ tier: 'basic' })
    const controller = new AbortController()
    const live: ConnectableAccounts = {
      mirror,
      credentials: memoryCredentials(),
      connectionOf: async () => connection,
      signIn: () => Promise.reject(new Error('unused')),
      close: async () => {},
    }
    const run = cli(['sync', '--watch', '--listen', '127.0.0.1:0'], {
      live,
      now: world.clock.now(),
      interrupted: controller.signal,
    })
    await until(async () => (await mirror.listCalendars())[0]?.sync.status === 'current')
    controller.abort()
    const { code, err } = await run
    expect(code).toBe(0)
    expect(err).toContain('Nobody is asked for any without --public-url.')
    expect(world.journal.count('/watch')).toBe(0)
  })

  test('a port that is taken ends it with a sentence', async () => {
    const way: number[] = []
    const world = await googleWorld()
    closing.push(() => world.close())
    const sync = await watching('google', world.connect({ tier: 'basic' }), world.clock.now(), port => way.push(port))
    const database = await openSqlite(':memory:', migrations)
    closing.push(() => database.close())
    const mirror = createMirrorStore(database, { tenant: 'local' })
    await mirror.addAccount(anAccount({ id: accountId, provider: 'google' }))
    const live: ConnectableAccounts = {
      mirror,
      credentials: memoryCredentials(),
      connectionOf: () => Promise.reject(new Error('unused')),
      signIn: () => Promise.reject(new Error('unused')),
      close: async () => {},
    }
    const { code, err } = await cli(['sync', '--watch', '--listen', String(way[0])], { live })
    expect(code).not.toBe(0)
    expect(err).toContain(`Port ${way[0]} on 127.0.0.1 cannot be listened on (EADDRINUSE).`)
    await sync.end()
  })
})

/** Looks again and again until it is so. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 1_500; tries++) {
    if (await isSo()) return
    await new Promise(resolve => setTimeout(resolve, 10))
  }
  throw new Error('It did not come to pass.')
}
