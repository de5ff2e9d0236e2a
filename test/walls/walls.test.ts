import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

/**
 * Canaries: each wall of the house is built into a copy of it, once crossed and once not. A wall that lets its canary
 * through, or that refuses the honest file beside it, fails here.
 */
const root = join(import.meta.dirname, '..', '..')
let house = ''

beforeAll(() => {
  house = mkdtempSync(join(tmpdir(), 'minutewise-walls-'))
  for (const name of ['biome.json', 'tsconfig.json', 'package.json']) cpSync(join(root, name), join(house, name))
  symlinkSync(join(root, 'node_modules'), join(house, 'node_modules'))
  writeFileSync(join(house, '.gitignore'), 'node_modules\n')
  execFileSync('git', ['init', '-q'], { cwd: house })
  for (const path of ['src/domain/tsconfig.json', 'src/tsconfig.worker.json']) {
    mkdirSync(join(house, dirname(path)), { recursive: true })
    cpSync(join(root, path), join(house, path))
  }
})

afterAll(() => rmSync(house, { recursive: true, force: true }))

const honest = "export const answer = 'honest'\n"

describe('the layers', () => {
  const crossings: readonly { readonly file: string; readonly imports: string; readonly wall: string }[] = [
    { file: 'src/domain/canary.ts', imports: '../connectors/calendar-read.ts', wall: 'domain/ knows no other room' },
    { file: 'src/domain/canary.ts', imports: '../store/store.ts', wall: 'domain/ knows no other room' },
    { file: 'src/domain/canary.ts', imports: '../app/audit-calendars.ts', wall: 'domain/ knows no other room' },
    { file: 'src/domain/canary.ts', imports: 'node:fs', wall: 'no platform and no I/O' },
    { file: 'src/domain/canary.ts', imports: 'better-sqlite3', wall: 'no platform and no I/O' },
    { file: 'src/domain/meetings/canary.ts', imports: 'luxon', wall: 'Luxon lives in' },
    {
      file: 'src/connectors/ics/canary.ts',
      imports: '../../app/audit-calendars.ts',
      wall: 'An adapter knows its port',
    },
    { file: 'src/connectors/ics/canary.ts', imports: '../../views/audit-text.ts', wall: 'An adapter knows its port' },
    { file: 'src/store/sqlite/canary.ts', imports: '../../cli/run.ts', wall: 'An adapter knows its port' },
    { file: 'src/app/canary.ts', imports: '../connectors/ics/calendar.ts', wall: 'app/ meets ports, never adapters' },
    { file: 'src/app/canary.ts', imports: '../store/sqlite/open.ts', wall: 'app/ meets ports, never adapters' },
    {
      file: 'src/app/canary.ts',
      imports: '../connectors/google/calendar.ts',
      wall: 'app/ meets ports, never adapters',
    },
    {
      file: 'src/app/canary.ts',
      imports: '../connectors/feed/connection.ts',
      wall: 'app/ meets ports, never adapters',
    },
    { file: 'src/app/canary.ts', imports: '../connectors/paced-http.ts', wall: 'app/ meets ports, never adapters' },
    { file: 'src/app/canary.ts', imports: 'tsdav', wall: 'app/ meets ports, never adapters' },
    { file: 'src/app/canary.ts', imports: '../node-live.ts', wall: 'app/ is below its drivers' },
    { file: 'src/connectors/google/canary.ts', imports: '../../node-live.ts', wall: 'An adapter knows its port' },
    { file: 'src/cli/canary.ts', imports: '../connectors/oauth/token-source.ts', wall: 'from an entry alone' },
    { file: 'src/cli/canary.ts', imports: '../node-live.ts', wall: 'from an entry alone' },
    { file: 'src/http/canary.ts', imports: '../connectors/microsoft/push.ts', wall: 'from an entry alone' },
    { file: 'src/app/canary.ts', imports: '../cli/run.ts', wall: 'app/ is below its drivers' },
    { file: 'src/views/canary.ts', imports: '../app/audit-calendars.ts', wall: 'A view turns one report value' },
    { file: 'src/views/canary.ts', imports: 'node:fs', wall: 'A view turns one report value' },
    { file: 'src/cli/canary.ts', imports: '../connectors/files/calendar-files.ts', wall: 'from an entry alone' },
    { file: 'src/cli/canary.ts', imports: '../store/sqlite/open.ts', wall: 'from an entry alone' },
    { file: 'src/http/canary.ts', imports: '../store/d1/open.ts', wall: 'from an entry alone' },
    { file: 'src/cli/canary.ts', imports: 'luxon', wall: 'Luxon lives in' },
  ]

  it.each(crossings)('$file may not import $imports', ({ file, imports, wall }) => {
    const crossed = lint(file, `import { anything } from '${imports}'\n\nexport const answer = anything\n`)
    expect(crossed.output).toContain(wall)
    expect(crossed.status).not.toBe(0)
    expect(lint(file, honest).status).toBe(0)
  })

  it('two files that import each other are refused', () => {
    mkdirSync(join(house, 'src/app/ring'), { recursive: true })
    write('src/app/ring/a.ts', "import { b } from './b.ts'\n\nexport const a = () => b\n")
    write('src/app/ring/b.ts', "import { a } from './a.ts'\n\nexport const b = () => a\n")
    const ring = spawnSync(join(root, 'node_modules/.bin/biome'), ['lint', 'src/app/ring'], {
      cwd: house,
      encoding: 'utf8',
    })
    expect(ring.stdout + ring.stderr).toContain('noImportCycles')
    expect(ring.status).not.toBe(0)
  })
})

describe('the platform', () => {
  it.each(['process.cwd()', 'Buffer.from([])', 'fetch("/")', 'console.log(1)', 'setTimeout(() => 1, 1)'])(
    'domain/ does not compile with %s',
    call => {
      const crossed = compile('src/domain', 'src/domain/canary.ts', `export const answer = () => ${call}\n`)
      expect(crossed.output).toContain('canary.ts')
      expect(crossed.status).not.toBe(0)
      expect(compile('src/domain', 'src/domain/canary.ts', honest).status).toBe(0)
    },
  )

  it('what the Worker loads does not compile with Node types', () => {
    const worker = 'src/worker.ts'
    const reading = "import { readFileSync } from 'node:fs'\n\nexport default { read: () => readFileSync('x') }\n"
    const crossed = compile('src/tsconfig.worker.json', worker, reading)
    expect(crossed.output).toContain('worker.ts')
    expect(crossed.status).not.toBe(0)
    expect(compile('src/tsconfig.worker.json', worker, honest).status).toBe(0)
  })
})

function lint(file: string, text: string): { readonly status: number | null; readonly output: string } {
  write(file, text)
  const run = spawnSync(join(root, 'node_modules/.bin/biome'), ['lint', file], { cwd: house, encoding: 'utf8' })
  rmSync(join(house, file))
  return { status: run.status, output: run.stdout + run.stderr }
}

function compile(
  project: string,
  file: string,
  text: string,
): { readonly status: number | null; readonly output: string } {
  write(file, text)
  const run = spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', project], { cwd: house, encoding: 'utf8' })
  rmSync(join(house, file))
  return { status: run.status, output: run.stdout + run.stderr }
}

function write(file: string, text: string): void {
  mkdirSync(join(house, dirname(file)), { recursive: true })
  writeFileSync(join(house, file), text)
}
