import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sampleFiles } from './writing/files.ts'

/** Writes the files of the sample company anew: `npm run samples`. Notes and README are written by hand. */
const here = dirname(fileURLToPath(import.meta.url))

for (const [path, text] of sampleFiles()) {
  const target = join(here, path)
  mkdirSync(dirname(target), { recursive: true })
  writeFileSync(target, text)
}
