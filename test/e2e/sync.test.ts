import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemClock } from '../../src/clock.ts'
import { claire, clairePassword, type DemoWorld, marcus, people, startWorld, tomas } from '../demo/world.ts'
import type { Journalled } from '../fakes/kit/serve.ts'
import { heldAsRead, heldByGraph, without } from '../support/held-occurrences.ts'
import { type CommandOptions, type CommandRun, runCommand } from '../support/live-command.ts'

let world: DemoWorld

beforeAll(async () => {
  const root = join(import.meta.dirname, '..', '..')
  if (spawnSync('npm', ['run', '--silent', 'build'], { cwd: root }).status !== 0) throw new Error('the build failed')
  world = await startWorld()
})
afterAll(() => world?.stop())

const harriet = 'harriet.lowe@fernhollow.example'
let databases = 0

/** A database of its own for each test, and everything that was ever printed about it. */
function fresh() {
  const database = join(world.folder, `${++databases}.db`)
  const printed: string[] = []
  const run = async (args: readonly string[], options: CommandOptions = {}): Promise<CommandRun> => {
    const done = await runCommand(args, { ...options, env: { ...world.env, MINUTEWISE_DB: database, ...options.env } })
    printed.push(done.out, done.err)
    return done
  }
  const good = async (args: readonly string[], options: CommandOptions = {}): Promise<string> => {
    const { code, out, err } = await run(args, options)
    expect(code, `minutewise ${args.join(' ')}\n${err}`).toBe(0)
    return out
  }
  return { database, printed, run, good }
}
type Fresh = ReturnType<typeof fresh>

const connections = {
  Google: {
    person: tomas,
    connect: ({ good }: Fresh) =>
      good(['connect', 'google', tomas, '--client', world.clientFile, '--no-browser'], { consents: true }),
    file: 'tomas-arrieta.google.ics',
  },
  Microsoft: {
    person: marcus,
    connect: ({ good }: Fresh) =>
      good(['connect', 'microsoft', marcus, '--client-id', world.clientId, '--no-browser'], { consents: true }),
    file: 'marcus-adeyemi.outlook.ics',
  },
  CalDAV: {
    person: claire,
    connect: ({ good }: Fresh) => good(['connect', 'caldav', world.radicale.url, '--user', claire]),
    file: 'claire-donnelly.google.ics',
  },
  'a feed': {
    person: harriet,
    connect: ({ good }: Fresh) => good(['connect', 'ics', world.feed.feedUrl]),
    file: 'harriet-lowe.outlook.ics',
  },
} as const

const providers = Object.keys(connections) as (keyof typeof connections)[] // Safe because it is a literal.

describe('connect, sync, audit', () => {
  test.each(providers)('a calendar on %s is audited as its exported file is', async provider => {
    const { person, connect, file } = connections[provider]
    const use = fresh()
    await connect(use)
    expect(await use.good(['sync'])).toMatch(/^1 calendar up to date, 1 changed: [\d,]+ events written, 0 removed\.\n$/)
    expect(await use.good(['sync'])).toBe('1 calendar up to date, nothing changed.\n')
    const whose = ['--people', people, '--me', person, '--json']
    const synced = JSON.parse(await use.good(['audit', '--db', use.database, ...whose]))
    const exported = JSON.parse(await use.good(['audit', join(world.folder, file), ...whose]))
    expect(exported.series.length).toBeGreaterThan(4)
    expect(verdicts(synced)).toEqual(verdicts(exported))
    expect(synced.week.meetingHours).toBeCloseTo(exported.week.meetingHours, 9)
  })

  test('with secrets in no file and in nothing that was printed, and nothing of the account after disconnect', async () => {
    const use = fresh()
    for (const journal of Object.values(world.journals)) journal.clear()
    for (const provider of providers) await connections[provider].connect(use)
    await use.good(['sync'])
    await use.good(['accounts'])
    const secrets = [
      clairePassword,
      Buffer.from(`${claire}:${clairePassword}`).toString('base64'),
      world.feed.secret,
      'fake-client-secret',
      ...tokensIn([...world.journals.google.requests, ...world.journals.graph.requests]),
    ]
    expect(secrets.length).toBeGreaterThan(5)
    const found = () => secrets.filter(secret => filesWith(use.database, secret).length > 0)
    expect(found()).toEqual([])
    // the consent page's address is printed, and has none in it
    expect(secrets.filter(secret => use.printed.some(text => text.includes(secret)))).toEqual([])
    expect(statSync(use.database).mode & 0o077).toBe(0)
    expect(statSync(`${use.database}.keys`).mode & 0o077).toBe(0)

    expect(filesWith(use.database, 'Architecture review')).not.toEqual([])
    const { accounts } = JSON.parse(await use.good(['accounts', '--json']))
    for (const { id } of accounts) await use.good(['disconnect', id])
    expect(filesWith(use.database, 'Architecture review')).toEqual([])
    expect(filesWith(use.database, 'fernhollow.example')).toEqual([])
    expect(world.journals.google.count('POST /revoke')).toBe(1)
  })
})

describe('a long first sync', () => {
  test('ends in peace after Ctrl-C, and the next one goes on from there', async () => {
    const use = fresh()
    await connections.Microsoft.connect(use)
    const { requests } = slowGraph()
    const stopped = await use.run(['sync'], {
      started: child => void untilPages(requests, 2).then(() => child.kill('SIGINT')),
    })
    world.graph.faults.clear()
    expect(stopped.err).toBe('')
    expect(stopped.out).toMatch(/^Stopped before the end.* the next sync goes on from here\.$/im)
    expect(stopped.code).toBe(0)
    expect(await use.good(['accounts'])).toContain('not read whole yet')
    const before = pages(requests)
    world.journals.graph.clear()
    const rest = writtenIn(await use.good(['sync', '--json']))
    const after = pages(world.journals.graph.requests)
    await isTrue(use)
    // a first sync from the beginning, for comparison: one page may be asked for twice, and what changed is asked at the end
    const whole = fresh()
    await connections.Microsoft.connect(whole)
    world.journals.graph.clear()
    const all = writtenIn(await whole.good(['sync', '--json']))
    expect(before + after).toBeLessThanOrEqual(pages(world.journals.graph.requests) + 2)
    expect(rest).toBeGreaterThan(0)
    expect(rest).toBeLessThan(all)
  })

  test('two at once on one database: nothing is doubled, and both end well', async () => {
    const use = fresh()
    await connections.Microsoft.connect(use)
    await connections.CalDAV.connect(use)
    slowGraph()
    const both = await Promise.all([use.run(['sync']), use.run(['sync'])])
    world.graph.faults.clear()
    for (const { code, err } of both) expect({ code, err }).toEqual({ code: 0, err: '' })
    await use.good(['sync'])
    const { accounts } = JSON.parse(await use.good(['accounts', '--json']))
    expect(accounts.map(({ calendars }: { calendars: { status: string }[] }) => calendars[0]?.status)).toEqual([
      'current',
      'current',
    ])
    await use.good(['disconnect', `${claire} at ${new URL(world.radicale.url).host}`])
    await isTrue(use)
  })
})

describe('what cannot work is one sentence, and leaves nothing', () => {
  test.each([
    ['a wrong password', () => ['connect', 'caldav', world.radicale.url, '--user', claire], 4, /password|sign/i],
    ['a server that is not there', () => ['connect', 'caldav', 'http://127.0.0.1:9/', '--user', claire], 4, /./],
    ['a host nobody knows', () => ['connect', 'caldav', 'https://dav.invalid/', '--user', claire], 4, /./],
    ['a feed that is no feed', () => ['connect', 'ics', world.radicale.url], 3, /feed|calendar/i],
  ] as const)('%s', async (_name, args, code, words) => {
    const use = fresh()
    const wrong = 'a wrong password, spelled Zanzibar'
    const refused = await use.run(args(), { env: { MINUTEWISE_CALDAV_PASSWORD: wrong } })
    expect(refused.out).toBe('')
    expect(refused.err).toMatch(/^minutewise: [^\n]+\.\n$/)
    expect(refused.err).toMatch(words)
    expect(refused.err).not.toMatch(/Zanzibar|\bat .*\.js|Error:/)
    expect(refused.code).toBe(code)
    expect(await use.good(['accounts'])).toContain('Nothing is connected.')
    expect(filesWith(use.database, claire)).toEqual([])
  })

  test('no network at the next sync: the calendar says so, keeps what it has, and recovers', async () => {
    const use = fresh()
    await connections.CalDAV.connect(use)
    await use.good(['sync'])
    const before = await heldAsRead(['--db', use.database], weeks())
    world.radicale.faults.add({ times: 1_000, action: { kind: 'reset' } })
    const cut = await use.run(['sync'])
    world.radicale.faults.clear()
    expect(cut.code).toBe(4)
    expect(cut.err).toBe('')
    expect(cut.out).toMatch(/^! .+$/m)
    expect(await heldAsRead(['--db', use.database], weeks())).toEqual(before)
    expect(await use.good(['sync'])).toContain('1 calendar up to date')
  })

  test('sync and audit before anything is connected', async () => {
    const use = fresh()
    const [sync, audit] = [await use.run(['sync']), await use.run(['audit', '--db', use.database])]
    expect(sync.err).toMatch(/^minutewise: .*connect.*\n$/i)
    expect(audit.err).toMatch(/^minutewise: .*connect.*\n$/i)
    expect([sync.code, audit.code]).toEqual([3, 3])
  })
})

interface Audit {
  readonly series: readonly {
    readonly title: string
    readonly section: string
    readonly kind: string
    readonly answer: string
    readonly occurrences: readonly { readonly start?: string }[]
    readonly cost: { readonly hoursInWindow: unknown }
  }[]
}

const verdicts = ({ series }: Audit) =>
  series
    .map(({ title, section, kind, answer, occurrences, cost }) => ({
      title,
      section,
      kind,
      answer,
      meetings: occurrences.length,
      hours: cost.hoursInWindow,
    }))
    .toSorted((a, b) => (a.title < b.title ? -1 : 1))

const writtenIn = (json: string): number => JSON.parse(json).calendars[0].written

/** The mailbox of Marcus and the database hold the same. */
async function isTrue({ database }: Fresh): Promise<void> {
  const held = heldByGraph(world.graph, [marcus], weeks())
  const inDatabase = await heldAsRead(['--db', database], weeks())
  expect(held.length).toBeGreaterThan(300)
  expect({ lost: without(held, inDatabase), tooMuch: without(inDatabase, held) }).toEqual({ lost: [], tooMuch: [] })
}

function weeks() {
  const weekMs = 604_800_000
  const today = Math.floor(Date.now() / weekMs) * weekMs
  return { startAt: today - 20 * weekMs, endAt: today + 8 * weekMs }
}

function slowGraph() {
  world.journals.graph.clear()
  world.graph.faults.add({ match: '/calendarView', times: 1_000, action: { kind: 'delay', ms: 150 } })
  return { requests: world.journals.graph.requests }
}

const pages = (requests: readonly Journalled[]) =>
  requests.filter(({ path, status }) => path.includes('/calendarView') && status !== 0).length

/** Until so many pages were asked for; the test's own time is its end. */
async function untilPages(requests: readonly Journalled[], count: number): Promise<void> {
  while (pages(requests) < count) await systemClock.sleep(5)
}

function tokensIn(requests: readonly Journalled[]): readonly string[] {
  const tokens = new Set<string>()
  for (const { headers, body } of requests) {
    const form = new URLSearchParams(body)
    const bearer = /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1]
    for (const token of [bearer, form.get('refresh_token'), form.get('code'), form.get('code_verifier')]) {
      if (token) tokens.add(token)
    }
  }
  return [...tokens]
}

/** Of the database and what SQLite keeps beside it. */
function filesWith(database: string, text: string): readonly string[] {
  const needle = Buffer.from(text)
  return readdirSync(world.folder)
    .map(name => join(world.folder, name))
    .filter(path => path.startsWith(database) && !path.endsWith('.keys') && readFileSync(path).includes(needle))
}
