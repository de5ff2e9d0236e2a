/** What is handed to the browser of the person is an address and nothing else (ASVS 5.0: 1.2.5, 13.3.1). */
import { chmodSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openInBrowser } from '../../src/node-terminal.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'minutewise-browser-'))
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

test.runIf(process.platform === 'linux')(
  'no secret of ours is in its environment, and no shell reads the address',
  async () => {
    const said = join(folder, 'said')
    const opener = join(folder, 'opener')
    writeFileSync(
      opener,
      `#!/bin/sh\n{ env; printf 'ADDRESS %s\\n' "$@"; } > '${said}.part'\nmv '${said}.part' '${said}'\n`,
    )
    chmodSync(opener, 0o755)
    renameSync(opener, join(folder, 'xdg-open'))
    vi.stubEnv('PATH', `${folder}${delimiter}${process.env.PATH}`)
    vi.stubEnv('DISPLAY', ':99')
    vi.stubEnv('MINUTEWISE_KEYS', 'k1:CANARY')
    vi.stubEnv('MINUTEWISE_CALDAV_PASSWORD', 'CANARY')
    const url = `https://accounts.example/?a=$(touch%20${folder}/pwned);\`id\`&b='x'`
    expect(await openInBrowser(url)).toBe(true)
    await vi.waitFor(() => expect(existsSync(said)).toBe(true), { timeout: 10_000 })
    const text = readFileSync(said, 'utf8')
    expect(text).toContain(`ADDRESS ${url}\n`)
    expect(text).toContain('DISPLAY=:99')
    expect(text).not.toContain('CANARY')
    expect(existsSync(join(folder, 'pwned'))).toBe(false)
  },
)
