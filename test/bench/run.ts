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
/** A contender that takes longer runs away; what a runaway measures is nothing. */
const longestMs = 180_000
const here = join(import.meta.dirname, 'contenders')
const root = join(import.meta.dirname, '..', '..')
const workspace = mkdtempSync(join(tmpdir(), 'minutewise-bench-'))
process.on('exit', () => rmSync(workspace, { recursive: true, force: true }))

interface Contender {
  readonly name: string
  readonly command: readonly string[]
}

interface Measured {
  readonly ms: number
  readonly peakMiB: number
  readonly digest: Readonly<Record<string, number>>
}

interface Race {
  readonly title: string
  readonly ours: Contender
  readonly peers: readonly Contender[]
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
]

const rows: string[][] = []
let missed = 0
for (const race of races) run(race)
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
      `  ${name.padEnd(18)} ${one.ms.toFixed(0).padStart(7)} ms ${one.peakMiB.toFixed(0).padStart(6)} MiB  ${JSON.stringify(one.digest)}`,
    )
  }
  const ours = best.get(race.ours.name)!
  const peers = new Map(race.peers.map(peer => [peer.name, best.get(peer.name)!]))
  for (const [name, peer] of peers) {
    for (const [key, value] of Object.entries(ours.digest)) {
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
