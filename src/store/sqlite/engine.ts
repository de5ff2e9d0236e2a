import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { PortError } from '../../port-error.ts'

export type Engine = typeof import('better-sqlite3')

/**
 * Loads better-sqlite3, on first use only: an audit of a file without `--db` never pays for it.
 *
 * @throws PortError `unsupported` with the step that helps when its native part is absent, made for another Node, or
 * would take the whole process down.
 */
export async function loadEngine(): Promise<Engine> {
  loaded ??= await loadChecked()
  return loaded
}

/** Kept once it works: the checks are for the first load. */
let loaded: Engine | null = null

async function loadChecked(): Promise<Engine> {
  const problem = engineProblem({ version: installedVersion(), nodeApi: Number(process.versions.napi) })
  if (problem !== null) throw new PortError('unsupported', problem)
  try {
    const { default: Engine } = await import('better-sqlite3')
    // The native part is loaded by the first database, not by the import.
    new Engine(':memory:').close()
    return Engine
  } catch (error) {
    throw new PortError('unsupported', notLoaded, { cause: error })
  }
}

/**
 * Why this version must not be loaded by this Node, or null. better-sqlite3 13 needs Node-API 10 and ends an older Node
 * (20, 22 before 22.14) with a segmentation fault and no message, so it has to be asked before.
 */
export function engineProblem(machine: { readonly version: string | null; readonly nodeApi: number }): string | null {
  if (machine.version === null) return notInstalled
  if (Number.parseInt(machine.version, 10) < 13 || machine.nodeApi >= 10) return null
  return (
    `better-sqlite3 ${machine.version} does not run on this Node (it needs 22.14 or newer). ` +
    'Use a newer Node, or run `npm install better-sqlite3@12`.'
  )
}

const notInstalled =
  'Keeping audits needs the package better-sqlite3, which is not installed. Run `npm install better-sqlite3@12`, ' +
  'or leave out --db.'

const notLoaded =
  'The native part of better-sqlite3 could not be loaded: it is missing or was made for another Node. ' +
  'Run `npm rebuild better-sqlite3`, or leave out --db.'

/** Read from the package's file, since its `exports` hide it from `import`. Null when it is not installed. */
export function installedVersion(): string | null {
  try {
    const entry = createRequire(import.meta.url).resolve('better-sqlite3')
    const manifest: unknown = JSON.parse(readFileSync(join(dirname(entry), '..', 'package.json'), 'utf8'))
    const version = typeof manifest === 'object' && manifest !== null && 'version' in manifest ? manifest.version : null
    return typeof version === 'string' ? version : null
  } catch {
    return null
  }
}
