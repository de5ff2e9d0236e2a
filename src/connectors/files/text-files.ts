import { randomUUID } from 'node:crypto'
import { open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { TextFiles } from '../text-files.ts'
import { fileProblem } from './file-problem.ts'

/** Text files on this machine's disk. */
export const textFiles: TextFiles = {
  async read(path) {
    try {
      return (await readFile(path, 'utf8')).replace(/^\uFEFF/, '')
    } catch (error) {
      throw fileProblem(path, error)
    }
  },
  async beginning(path) {
    try {
      const file = await open(path, 'r')
      try {
        const { bytesRead, buffer } = await file.read(new Uint8Array(256), 0, 256, 0)
        return new TextDecoder().decode(buffer.subarray(0, bytesRead))
      } finally {
        await file.close()
      }
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
      throw fileProblem(path, error)
    }
  },
  async write(path, text) {
    const draft = join(dirname(path), `.${randomUUID()}.part`)
    try {
      await writeFile(draft, text, { encoding: 'utf8', flag: 'wx' })
      await rename(draft, path)
    } catch (error) {
      await rm(draft, { force: true }).catch(() => undefined)
      throw fileProblem(dirname(path), error)
    }
  },
}
