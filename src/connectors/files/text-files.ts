import { randomUUID } from 'node:crypto'
import { open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { TextFiles } from '../text-files.ts'
import { fileProblem } from './file-problem.ts'

/** As programs write them: UTF-8, what a spreadsheet calls Unicode (UTF-16 with its mark), else its western pages. */
function decoded(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

/** Text files on this machine's disk. */
export const textFiles: TextFiles = {
  async read(path) {
    try {
      return decoded(await readFile(path))
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
