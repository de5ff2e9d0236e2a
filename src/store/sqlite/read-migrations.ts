import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Migration, parseMigration } from '../migrate.ts'

/** The migrations of a folder, in the order of their numbers. */
export function readMigrations(folder: string): readonly Migration[] {
  return readdirSync(folder)
    .filter(name => name.endsWith('.sql'))
    .toSorted()
    .map(name => parseMigration(name, readFileSync(join(folder, name), 'utf8')))
}
