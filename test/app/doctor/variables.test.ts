import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { knownVariables } from '../../../src/app/doctor/variables.ts'

const source = join(import.meta.dirname, '../../../src')

it('every variable that the program names is known to the doctor, and no other', () => {
  const named = new Set<string>()
  for (const entry of readdirSync(source, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.tsx?$/.test(entry.name) || entry.name === 'variables.ts') continue
    const text = readFileSync(join(entry.parentPath, entry.name), 'utf8')
    for (const [name] of text.matchAll(/MINUTEWISE_[A-Z_]*[A-Z]/g)) named.add(name)
  }
  expect([...named].toSorted()).toEqual([...knownVariables].toSorted())
})
