import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

/** The built command as a process of its own, the way it is installed. */
const root = join(import.meta.dirname, '..', '..')
let place = ''

beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), 'minutewise-command-'))
  if (!spawnSync('npm', ['run', '--silent', 'build'], { cwd: root }).status) return
  throw new Error('the build failed')
})
afterAll(() => rmSync(place, { recursive: true, force: true }))

const entry = join(root, 'dist/src/node.js')

function run(
  args: readonly string[],
  options: { readonly input?: string | Uint8Array; readonly env?: NodeJS.ProcessEnv } = {},
) {
  const result = spawnSync(process.execPath, [entry, ...args], {
    encoding: 'utf8',
    env: { ...process.env, ...options.env },
    ...(options.input === undefined ? {} : { input: options.input }),
    maxBuffer: 1 << 26,
  })
  return { code: result.status, out: result.stdout, err: result.stderr }
}

describe('minutewise as a process', () => {
  it('audits the sample company and ends with 0', () => {
    const { code, out, err } = run(['audit'])
    expect(err).toBe('')
    expect(code).toBe(0)
    expect(out).toContain('Architecture review')
  })

  it('says the same in every zone of the process', () => {
    const texts = ['UTC', 'America/Los_Angeles', 'Pacific/Kiritimati', 'Asia/Kathmandu'].map(
      zone => run(['audit', '--json'], { env: { TZ: zone } }).out,
    )
    expect(texts[0]!.length).toBeGreaterThan(10_000)
    expect(new Set(texts).size).toBe(1)
  })

  it('opens no socket and asks no name server', () => {
    const watch = join(place, 'no-network.mjs')
    writeFileSync(
      watch,
      `import net from 'node:net'
import dns from 'node:dns'
const refuse = () => { process.stderr.write('network was used'); process.exit(99) }
net.Socket.prototype.connect = refuse
dns.lookup = refuse
globalThis.fetch = refuse
`,
    )
    const { code, err } = run(['audit', '--html', join(place, 'page.html')], {
      env: { NODE_OPTIONS: `--import ${watch}` },
    })
    expect(err).not.toContain('network was used')
    expect(code).toBe(0)
  })

  it('makes no database by a slip of the finger', () => {
    const { code, err } = run(['audit', '--db', join(place, 'nosuch.db')])
    expect(err).toContain('There is no database')
    expect(code).toBe(3)
    expect(readdirSync(place)).not.toContain('nosuch.db')
  })

  it('audits where SQLite could not be built, and says so only when --db asks for it', () => {
    const bare = join(place, 'bare')
    mkdirSync(join(bare, 'node_modules'), { recursive: true })
    for (const name of ['dist', 'samples', 'migrations', 'package.json'])
      cpSync(join(root, name), join(bare, name), { recursive: true })
    for (const name of ['papaparse', 'fflate', 'hono', 'luxon'])
      symlinkSync(join(root, 'node_modules', name), join(bare, 'node_modules', name))
    const command = (args: readonly string[]) =>
      spawnSync(process.execPath, [join(bare, 'dist/src/node.js'), ...args], { encoding: 'utf8' })
    const audited = command(['audit'])
    expect(audited.stderr).toBe('')
    expect(audited.status).toBe(0)
    writeFileSync(join(place, 'kept.db'), '')
    const kept = command(['audit', '--db', join(place, 'kept.db')])
    expect(kept.status).toBe(4)
    expect(kept.stderr).toMatch(/^minutewise: .*better-sqlite3.*\n$/)
  })

  it('--help loads the command table and nothing else', () => {
    const table = join(place, 'table')
    mkdirSync(join(table, 'cli'), { recursive: true })
    writeFileSync(join(table, 'package.json'), '{"type":"module"}')
    for (const file of ['node.js', 'cli/run.js', 'cli/command.js'])
      cpSync(join(root, 'dist/src', file), join(table, file))
    expect(execFileSync(process.execPath, [join(table, 'node.js'), '--help'], { encoding: 'utf8' })).toContain('audit')
  })

  it('a reader that closes the pipe early ends it quietly', () => {
    const piped = spawnSync('sh', ['-c', `"${process.execPath}" "${entry}" audit --json | head -c 10`], {
      encoding: 'utf8',
    })
    expect(piped.stderr).toBe('')
    expect(piped.stdout).toHaveLength(10)
  })

  it('reads a Takeout archive, a folder and standard input alike', () => {
    const calendar = readFileSync(join(root, 'samples/calendars/nuria-vidal.google.ics'))
    const folder = join(place, 'Takeout', 'Calendar')
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'nuria.ics'), calendar)
    const archive = join(place, 'takeout.zip')
    writeFileSync(
      archive,
      zipSync({ 'Takeout/Calendar/nuria.ics': calendar, 'Takeout/archive_browser.html': new Uint8Array(9) }),
    )
    const at = ['--from', '2026-06-01', '--to', '2026-11-16', '--json']
    const series = (...args: string[]) => {
      const { code, out } = run(['audit', ...args, ...at])
      expect(code).toBe(0)
      return JSON.parse(out).series
    }
    const fromFolder = series(join(place, 'Takeout'))
    expect(fromFolder.length).toBeGreaterThan(5)
    expect(series(archive)).toEqual(fromFolder)
    const piped = run(['audit', '-', ...at], { input: calendar })
    expect(JSON.parse(piped.out).series).toEqual(fromFolder)
  })

  it('classify answers every line, in order, and names a broken one', () => {
    const lines = [
      { id: 'a', title: 'Budget vote', agenda: '1. Approve the 2027 budget\n2. Vote on the new depot' },
      { id: 'b', title: 'Weekly status round', agenda: 'Everybody reports', attendeeCount: 11 },
    ]
    const input = `${JSON.stringify(lines[0])}\nnot json\n${JSON.stringify(lines[1])}\n`
    const { code, out, err } = run(['classify'], { input })
    expect(code).toBe(3)
    expect(err).toMatch(/^minutewise: standard input, line 2: .*\n$/)
    const answers = out
      .trim()
      .split('\n')
      .map(line => JSON.parse(line))
    expect(answers.map(({ id, kind }) => [id, kind])).toEqual([
      ['a', 'decision'],
      ['b', 'status'],
    ])
    for (const answer of answers) {
      expect(Object.keys(answer)).toEqual(['id', 'kind', 'scores', 'confidence', 'form', 'forum', 'items', 'basis'])
      expect(answer.basis.length).toBeGreaterThan(0)
    }
  })
})
