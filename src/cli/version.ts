import { readFileSync } from 'node:fs'

/** The version of the installed package, read from its package.json, two levels above dist/src/cli or one above src. */
export function version(): string {
  for (const up of ['../../../package.json', '../../package.json']) {
    try {
      const found: unknown = JSON.parse(readFileSync(new URL(up, import.meta.url), 'utf8'))
      if (
        typeof found === 'object' &&
        found !== null &&
        'version' in found &&
        'name' in found &&
        found.name === 'minutewise'
      ) {
        return String(found.version)
      }
    } catch {
      // not at this level: source tree and build differ by one folder
    }
  }
  return 'unknown'
}
