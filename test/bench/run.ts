import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateLargeIcs } from './generate-large-ics.ts'

/**
 * `npm run bench`: our speed as ratios to a peer, measured in one interleaved run on generated input. A contender is a
 * process of its own; of each, the best of `rounds` counts. A limit that is missed is said and ends with exit code 1.
 * Shared machines are noisy: when a limit is missed by little, run it again before believing either answer.
 */
const rounds = Number(process.env.BENCH_ROUNDS ?? 3)
const events = Number(process.env.BENCH_EVENTS ?? 100_000)
/** Words of the title of the races to run; all by default. */
const only = process.env.BENCH_ONLY ?? ''
/** A contender that takes longer runs away; what a runaway measures is nothing. */
const longestMs = 180_000
const here = join(import.meta.dirname, 'contenders')
const root = join(import.meta.dirname, '..', '..')
const workspace = mkdtempSync(join(tmpdir(), 'minutewise-bench-'))
process.on('exit', () => rmSync(workspace, { recursive: true, force: true }))

interface Contender {
  readonly name: string
  readonly command: readonly string[]
  /** A database that every run makes anew. */
  readonly database?: string
}

interface Measured {
  readonly ms: number
  readonly peakMiB: number
  readonly digest: Readonly<Record<string, number>>
  /** What else a contender measured; unlike the digest it may differ between two. */
  readonly figures?: Readonly<Record<string, number>>
}

interface Race {
  readonly title: string
  readonly ours: Contender
  readonly peers: readonly Contender[]
  /** Peers that do other work on purpose. */
  readonly alone?: readonly string[]
  /** Several figures at once: each is one line of the table. */
  readonly limits: readonly Limit[]
}

interface Limit {
  readonly what: string
  /** What was measured. */
  measure(ours: Measured, peers: ReadonlyMap<string, Measured>): number | null
  readonly atLeast?: number
  readonly atMost?: number
  readonly unit: string
}

const times =
  (peer: string): Limit['measure'] =>
  (ours, peers) => {
    const other = peers.get(peer)
    return other === undefined ? null : other.ms / ours.ms
  }
const leaner =
  (peer: string): Limit['measure'] =>
  (ours, peers) => {
    const other = peers.get(peer)
    return other === undefined ? null : other.peakMiB / ours.peakMiB
  }
const figure =
  (name: string): Limit['measure'] =>
  ours =>
    ours.figures?.[name] ?? null
/** Of the contender's own time. */
const share =
  (name: string): Limit['measure'] =>
  ours =>
    (ours.figures?.[name] ?? Number.NaN) / ours.ms
const node = (file: string, ...args: string[]): readonly string[] => [process.execPath, join(here, file), ...args]

const largeFile = join(workspace, 'large.ics')
const me = await generateLargeIcs(largeFile, events)
console.error(
  `${events} events, ${(statSync(largeFile).size / 1e6).toFixed(1)} MB, best of ${rounds}, Node ${process.version}`,
)

const libical = buildLibical()
const races: readonly Race[] = [
  {
    title: `read and expand ${events} events`,
    ours: { name: 'minutewise', command: node('read-minutewise.mjs', largeFile) },
    peers: [
      { name: 'ical.js', command: node('read-ical-js.mjs', largeFile) },
      ...(libical === null ? [] : [{ name: 'libical (C)', command: [libical, largeFile, '1767225600', '1775001600'] }]),
    ],
    limits: [
      { what: 'as fast as ical.js', measure: times('ical.js'), atLeast: 10, unit: '×' },
      { what: 'as fast as libical in C', measure: times('libical (C)'), atLeast: 1, unit: '×' },
      { what: 'peak memory', measure: ours => ours.peakMiB, atMost: 200, unit: ' MiB' },
    ],
  },
  {
    title: `one person's audit of ${events} events end to end`,
    ours: { name: 'minutewise', command: node('audit-minutewise.mjs', largeFile, me) },
    peers: [{ name: 'ical.js + luxon', command: node('audit-usual-stack.mjs', largeFile, me) }],
    limits: [
      { what: 'as fast as ical.js + luxon', measure: times('ical.js + luxon'), atLeast: 8, unit: '×' },
      { what: 'as lean as ical.js + luxon', measure: leaner('ical.js + luxon'), atLeast: 4, unit: '×' },
    ],
  },
  {
    title: 'expand 400 weekly series since 2015 over a quarter',
    ours: { name: 'minutewise', command: node('weekly-minutewise.mjs') },
    peers: [{ name: 'ical.js', command: node('weekly-ical-js.mjs') }],
    limits: [{ what: 'as fast as ical.js', measure: times('ical.js'), atLeast: 13, unit: '×' }],
  },
  {
    title: 'hour and weekday of 200,000 instants in five zones',
    ours: { name: 'minutewise', command: node('zones-minutewise.mjs') },
    peers: [{ name: 'luxon', command: node('zones-luxon.mjs') }],
    limits: [{ what: 'as fast as Luxon', measure: times('luxon'), atLeast: 100, unit: '×' }],
  },
  ...syncRaces(),
]

/** Live calendars: what is measured is ours alone, from a provider's page in memory to SQLite on the disk. */
function syncRaces(): readonly Race[] {
  const small = Math.round(events / 10)
  const first = (name: string, count: number, file = 'sync-first.mjs'): Contender => {
    const database = join(workspace, `${file}-${count}.db`)
    return { name, command: node(file, database, String(count), '2500'), database }
  }
  const changed = (calendars: number, some: number): Contender => {
    const database = join(workspace, `changed-${calendars}-${some}.db`)
    const name = `${some} of ${calendars}`
    return { name, command: node('sync-changed.mjs', database, String(calendars), String(some)), database }
  }
  const slower =
    (peer: string): Limit['measure'] =>
    (ours, peers) => {
      const other = peers.get(peer)
      return other === undefined ? null : ours.ms / other.ms
    }
  return [
    {
      title: `first sync of ${events} events into SQLite`,
      ours: first('minutewise', events),
      peers: [first('raw inserts', events, 'sync-raw-inserts.mjs'), first('a tenth', small)],
      alone: ['a tenth'],
      limits: [
        {
          what: 'its writes, at the rate of raw prepared inserts of the same rows',
          measure: (ours, peers) =>
            (peers.get('raw inserts')?.ms ?? Number.NaN) / (ours.figures?.writesMs ?? Number.NaN),
          atLeast: 0.8,
          unit: '×',
        },
        {
          what: 'all of it, at the rate of raw prepared inserts of rows made before',
          measure: times('raw inserts'),
          atLeast: 0.45,
          unit: '×',
        },
        {
          what: 'all of it, at the rate of raw prepared inserts, making the rows included',
          measure: (ours, peers) => (peers.get('raw inserts')?.figures?.withRowsMs ?? Number.NaN) / ours.ms,
          atLeast: 0.8,
          unit: '×',
        },
        {
          what: 'peak memory against a tenth of the events',
          measure: (ours, peers) => ours.peakMiB / (peers.get('a tenth')?.peakMiB ?? Number.NaN),
          atMost: 1.6,
          unit: '×',
        },
        {
          what: 'peak memory against raw inserts',
          measure: (ours, peers) => ours.peakMiB / (peers.get('raw inserts')?.peakMiB ?? Number.NaN),
          atMost: 1.3,
          unit: '×',
        },
      ],
    },
    {
      title: `sync of ${2 * small} events that have not changed`,
      ours: first('minutewise', 2 * small, 'sync-again.mjs'),
      peers: [],
      limits: [
        { what: 'item rows written', measure: figure('rowsAgain'), atMost: 0, unit: '' },
        { what: 'changes asked for, against the first sync', measure: share('againMs'), atMost: 0.05, unit: '×' },
        { what: 'everything read again, against the first sync', measure: share('wholeMs'), atMost: 1.2, unit: '×' },
      ],
    },
    {
      title: 'a round over 1000 calendars of 1000 people, 10 changed and notified',
      ours: changed(1_000, 10),
      peers: [changed(100, 10), changed(1_000, 100)],
      limits: [
        { what: 'requests', measure: figure('asked'), atMost: 10, unit: '' },
        { what: 'item rows written', measure: figure('written'), atMost: 10, unit: '' },
        { what: 'time against 10 changed of 100', measure: slower('10 of 100'), atMost: 6, unit: '×' },
        { what: 'time against 100 changed of 1000', measure: slower('100 of 1000'), atMost: 0.5, unit: '×' },
        {
          what: 'time against asking all 1000',
          measure: ours => ours.ms / (ours.figures?.pollMs ?? Number.NaN),
          atMost: 0.15,
          unit: '×',
        },
        { what: 'requests when all 1000 are asked', measure: figure('polled'), atMost: 1_000, unit: '' },
        { what: 'item rows written when nothing changed', measure: figure('pollWritten'), atMost: 0, unit: '' },
      ],
    },
    {
      title: `one person's audit of ${events} synced events`,
      ours: { name: 'synced', command: node('audit-synced.mjs', syncedFile(), me) },
      peers: [{ name: 'the file', command: node('audit-minutewise.mjs', largeFile, me) }],
      limits: [
        { what: 'time against the audit of their file', measure: slower('the file'), atMost: 1.5, unit: '×' },
        {
          what: 'peak memory against the audit of their file',
          measure: (ours, peers) => ours.peakMiB / (peers.get('the file')?.peakMiB ?? Number.NaN),
          atMost: 1.5,
          unit: '×',
        },
      ],
    },
    ...(['google', 'graph'] as const).map(
      (provider): Race => ({
        title: `items of a page of 1000 events of ${provider === 'google' ? 'Google' : 'Microsoft'}`,
        ours: { name: 'minutewise', command: node(`pages-${provider}.mjs`) },
        peers: [],
        limits: [
          {
            what: 'time against JSON.parse of the page',
            measure: ours => ours.ms / (ours.figures?.parseMs ?? Number.NaN),
            atMost: 4,
            unit: '×',
          },
        ],
      }),
    ),
  ]
}

/** The events of the large file in a database, as if a provider had them. */
function syncedFile(): string {
  const path = join(workspace, 'synced.db')
  once({ name: 'sync from the file', command: node('sync-from-ics.mjs', largeFile, path) })
  return path
}

const rows: string[][] = []
let missed = 0
for (const race of races) if (race.title.includes(only)) run(race)
startUp()
print()
process.exitCode = missed === 0 ? 0 : 1

function run(race: Race): void {
  console.error(`\n${race.title}`)
  const best = new Map<string, Measured>()
  for (let round = 0; round < rounds; round++) {
    for (const contender of [race.ours, ...race.peers]) {
      const measured = once(contender)
      const before = best.get(contender.name)
      if (before === undefined || measured.ms < before.ms) best.set(contender.name, measured)
    }
  }
  for (const [name, one] of best) {
    console.error(
      `  ${name.padEnd(18)} ${one.ms.toFixed(0).padStart(7)} ms ${one.peakMiB.toFixed(0).padStart(6)} MiB  ${JSON.stringify({ ...one.digest, ...one.figures })}`,
    )
  }
  const ours = best.get(race.ours.name)!
  const peers = new Map(race.peers.map(peer => [peer.name, best.get(peer.name)!]))
  for (const [name, peer] of peers) {
    for (const [key, value] of Object.entries(ours.digest)) {
      if (race.alone?.includes(name)) continue
      if (key in peer.digest && peer.digest[key] !== value) {
        console.error(`  ${name} did other work: ${key} is ${peer.digest[key]}, ours ${value}`)
        missed++
      }
    }
  }
  for (const limit of race.limits) judge(race.title, limit, limit.measure(ours, peers))
}

function judge(title: string, limit: Limit, value: number | null): void {
  const goal =
    limit.atLeast === undefined ? `at most ${limit.atMost}${limit.unit}` : `at least ${limit.atLeast}${limit.unit}`
  if (value === null) {
    rows.push([title, limit.what, 'not measured here', goal, '–'])
    return
  }
  const kept =
    (limit.atLeast === undefined || value >= limit.atLeast) && (limit.atMost === undefined || value <= limit.atMost)
  if (!kept) missed++
  rows.push([title, limit.what, `${value.toFixed(value < 10 ? 2 : 0)}${limit.unit}`, goal, kept ? 'kept' : 'MISSED'])
}

function once(contender: Contender): Measured {
  const [program = '', ...args] = contender.command
  for (const ending of ['', '-wal', '-shm'])
    rmSync(`${contender.database ?? join(workspace, 'none')}${ending}`, { force: true })
  const result = spawnSync(program, args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26, timeout: longestMs })
  if (result.signal !== null) {
    throw new Error(
      `${contender.name} was stopped (${result.signal}) after at most ${longestMs / 1000} s with ${events} events. Give it fewer with BENCH_EVENTS=10000, or a quieter machine.`,
    )
  }
  if (result.status !== 0) throw new Error(`${contender.name} failed: ${result.stderr}`)
  return JSON.parse(result.stdout)
}

/** `--help` beside an empty Node process: whole processes, so many short rounds and their median. */
function startUp(): void {
  const empty = join(workspace, 'empty.mjs')
  writeFileSync(empty, '')
  const entry = join(root, 'dist/src/node.js')
  const ratios: number[] = []
  for (let i = 0; i < 25; i++) {
    const nothing = timed([empty])
    ratios.push(timed([entry, '--help']) / nothing)
  }
  ratios.sort((a, b) => a - b)
  judge(
    'start',
    { what: 'minutewise --help against an empty Node process', measure: () => null, atMost: 1.3, unit: '×' },
    ratios[12]!,
  )
}

function timed(args: readonly string[]): number {
  const startedAt = performance.now()
  execFileSync(process.execPath, args, { stdio: 'ignore' })
  return performance.now() - startedAt
}

function buildLibical(): string | null {
  const probe = spawnSync('pkg-config', ['--cflags', '--libs', 'libical'], { encoding: 'utf8' })
  if (probe.status !== 0) {
    console.error('libical is not here (Debian: libical-dev, pkg-config): that comparison is left out')
    return null
  }
  const binary = join(workspace, 'read-libical')
  const flags = probe.stdout.trim().split(/\s+/)
  const build = spawnSync('cc', ['-O2', '-o', binary, join(here, 'read-libical.c'), ...flags], { encoding: 'utf8' })
  if (build.status !== 0 || !existsSync(binary)) throw new Error(`the libical driver did not build: ${build.stderr}`)
  return binary
}

function print(): void {
  const head = ['what', 'figure', 'measured', 'limit', '']
  const table = [head, head.map(() => '---'), ...rows].map(row => `| ${row.join(' | ')} |`).join('\n')
  console.log(table)
  // the table of the README is this one, pasted; say when the two have drifted apart in their rows
  const readme = readFileSync(join(root, 'README.md'), 'utf8')
  const absent = rows.filter(([title, what]) => !(readme.includes(title ?? '') && readme.includes(what ?? '')))
  for (const [title, what] of absent) console.error(`README.md has no row for "${title}: ${what}"`)
}
