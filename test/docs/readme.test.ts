import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { commands } from '../../src/cli/run.ts'
import { auditSections, skipAnswers } from '../../src/domain/worth/types.ts'
import { cli } from '../support/cli.ts'

/** Documentation that cannot drift: what the README shows is what the program says. */
const root = join(import.meta.dirname, '..', '..')
const readme = readFileSync(join(root, 'README.md'), 'utf8')

describe('the README', () => {
  it('shows a real audit of the sample company, line by line', async () => {
    const block = /<!-- audit:begin -->\n```text\n([\s\S]*?)```\n<!-- audit:end -->/.exec(readme)?.[1] ?? ''
    const shown = block.split('\n').filter(line => line.trim() !== '' && line !== '[...]')
    expect(shown.length).toBeGreaterThan(20)
    expect(shown.join('\n')).toContain('Architecture review')
    const { out } = await cli(['audit'])
    const said = new Set(out.split('\n').map(line => line.trim()))
    for (const line of shown) expect(said).toContain(line.trim())
  })

  it('names every section and every answer of the JSON', () => {
    for (const word of [...auditSections, ...skipAnswers]) expect(readme).toContain(`\`${word}\``)
  })

  it('names only scripts that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    const named = [...readme.matchAll(/npm run ([a-z:]+)/g)].map(match => match[1]!)
    expect(named.length).toBeGreaterThan(3)
    for (const name of named) expect(Object.keys(scripts)).toContain(name)
  })

  it('every option it shows is one of the command', async () => {
    const help = (await Promise.all(Object.keys(commands).map(name => cli([name, '--help']))))
      .map(one => one.out)
      .join('\n')
    const shown = new Set(
      [...readme.replaceAll('npm run --silent', 'npm run').matchAll(/(?<![\w-])--([a-z][a-z-]+)/g)].map(
        match => match[1]!,
      ),
    )
    for (const option of shown) expect(help).toContain(`--${option}`)
  })
})
