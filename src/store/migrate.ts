import { PortError } from '../port-error.ts'
import type { Database } from './store.ts'

/** One file of `migrations/`: its name with `.sql`, and its statements in order. */
export interface Migration {
  readonly name: string
  readonly statements: readonly string[]
}

/** Where a database stands against the migrations the code knows. */
export interface MigrationState {
  /** Known and not applied, in order. */
  readonly missing: readonly string[]
  /** Applied and not known: a newer Minutewise was here. */
  readonly unknown: readonly string[]
}

/**
 * Brings a database to the newest migration, each in one batch of its own, and returns the names it applied.
 *
 * The bookkeeping is the table that `wrangler d1 migrations apply` keeps, so on D1 either may go first. Two processes
 * may do this at once: the name of a migration is its lock, and who comes second finds it done.
 *
 * @throws PortError `newer` when the database knows migrations that this code does not.
 */
export async function migrate(database: Database, migrations: readonly Migration[]): Promise<readonly string[]> {
  await refuseNewer(database, migrations)
  await database.atomically([{ sql: bookkeeping, params: [] }])
  const appliedHere: string[] = []
  for (const migration of migrations) {
    if ((await appliedNames(database)).has(migration.name)) continue
    if (await applyOne(database, migration)) appliedHere.push(migration.name)
  }
  return appliedHere
}

/** Compares what is applied with what is known; changes nothing. */
export async function migrationState(database: Database, known: readonly string[]): Promise<MigrationState> {
  const applied = await appliedNames(database)
  return {
    missing: known.filter(name => !applied.has(name)),
    unknown: [...applied].filter(name => !known.includes(name)),
  }
}

/**
 * Reads one migration file. Comments go, and the text is cut at the semicolons outside quotes. Triggers have semicolons
 * inside and are refused: nothing here needs one.
 */
export function parseMigration(name: string, sql: string): Migration {
  const statements: string[] = []
  let statement = ''
  for (const [token] of sql.matchAll(sqlTokens)) {
    if (token === ';') {
      statements.push(statement.trim())
      statement = ''
    } else statement += token.startsWith('--') || token.startsWith('/*') ? ' ' : token
  }
  statements.push(statement.trim())
  const kept = statements.filter(text => text !== '')
  if (kept.some(text => /^CREATE\s+(TEMP\w*\s+)?TRIGGER\b/i.test(text))) {
    throw new TypeError(`${name}: triggers are not read; put the rule into the statements that write.`)
  }
  return { name, statements: kept }
}

/** Quoted text and names, comments, the semicolon, and whatever lies between. */
const sqlTokens = /'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|--[^\n]*|\/\*[\s\S]*?\*\/|;|[^'"`;\-/]+|[-/]/g

/** Word for word the table of wrangler. */
const bookkeeping = `CREATE TABLE IF NOT EXISTS d1_migrations(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT UNIQUE,
  applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL
)`

async function applyOne(database: Database, migration: Migration): Promise<boolean> {
  // The name goes in first: when another process was faster its UNIQUE refuses the whole batch, before any table.
  const batch = [
    { sql: 'INSERT INTO d1_migrations (name) VALUES (?)', params: [migration.name] },
    ...migration.statements.map(sql => ({ sql, params: [] })),
  ]
  try {
    await database.atomically(batch)
    return true
  } catch (error) {
    const lostRace = error instanceof PortError && error.code === 'conflict'
    if (lostRace && (await appliedNames(database)).has(migration.name)) return false
    throw error
  }
}

async function refuseNewer(database: Database, migrations: readonly Migration[]): Promise<void> {
  const known = migrations.map(migration => migration.name)
  const { unknown } = await migrationState(database, known)
  if (unknown.length === 0) return
  throw new PortError(
    'newer',
    `The database was made by a newer Minutewise (it has ${unknown.join(', ')}, this version ends at ` +
      `${known.at(-1) ?? 'nothing'}). Update Minutewise, or name another file.`,
  )
}

async function appliedNames(database: Database): Promise<ReadonlySet<string>> {
  const tables = await database.all({
    sql: "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'd1_migrations'",
    params: [],
  })
  if (tables.length === 0) return new Set()
  const rows = await database.all<{ readonly name: string }>({
    sql: 'SELECT name FROM d1_migrations ORDER BY id',
    params: [],
  })
  return new Set(rows.map(row => row.name))
}
