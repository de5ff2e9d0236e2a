/** Saves one audit after the other into the file named by its argument and prints each id once it is kept. */
import { fileURLToPath } from 'node:url'
import { createAuditStore } from '../../src/store/audit-store.ts'
import { readMigrations } from '../../src/store/sqlite/read-migrations.ts'
import { openSqlite } from '../../src/store/sqlite/sqlite.ts'
import { buildKeptAudit, buildOccurrences } from '../contract/kept-audit.ts'

const migrations = readMigrations(fileURLToPath(new URL('../../migrations', import.meta.url)))
const audits = createAuditStore(await openSqlite(process.argv[2] ?? '', migrations))
const occurrences = buildOccurrences(2_000)
// An end of its own, should its parent be gone.
for (let second = 0; second < 2_000; second++) {
  const generatedAt = new Date(Date.UTC(2026, 2, 16) + second * 1_000).toISOString()
  const audit = await buildKeptAudit({ generatedAt, occurrences })
  await audits.saveAudit(audit)
  process.stdout.write(`${audit.id}\n`)
}
