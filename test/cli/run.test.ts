import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { commands } from '../../src/cli/run.ts'
import { cli } from '../support/cli.ts'

describe('the command line', () => {
  it('shows every command when nothing is asked', async () => {
    const { code, out } = await cli([])
    expect(code).toBe(0)
    for (const name of Object.keys(commands)) expect(out).toContain(`  ${name} `)
  })

  it.each(Object.keys(commands))('%s --help has examples and every option', async name => {
    const { code, out } = await cli([name, '--help'])
    const { command } = await commands[name]!.load()
    expect(code).toBe(0)
    expect(out).toContain('Examples\n')
    for (const option of command.options) expect(out).toContain(`--${option.name}`)
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(120)
  })

  it('an unknown command names the one that was meant and exits 2', async () => {
    const { code, err } = await cli(['adit', 'x.ics'])
    expect(code).toBe(2)
    expect(err).toContain('Did you mean "audit"?')
  })

  it('an unknown option names the one that was meant and exits 2', async () => {
    const { code, err } = await cli(['audit', '--jsn'])
    expect(code).toBe(2)
    expect(err).toContain('audit has no option --jsn. Did you mean --json?')
  })

  it.each(['constructor', '__proto__', 'toString'])('%s is no command', async word => {
    expect((await cli([word])).code).toBe(2)
  })

  it('a file as first word is an audit of it', async () => {
    const { code, err } = await cli(['no-such-calendar.ics'])
    expect(code).toBe(3)
    expect(err).toBe('minutewise: There is no file no-such-calendar.ics. Check the path.\n')
  })

  it('--version is the one of package.json', async () => {
    const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'))
    expect((await cli(['--version'])).out).toBe(`${version}\n`)
  })

  it('the README lists every command', () => {
    const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8')
    for (const name of Object.keys(commands)) expect(readme).toContain(`\`${name}`)
  })
})
