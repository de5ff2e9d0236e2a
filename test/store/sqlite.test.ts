import { fileURLToPath } from 'node:url'
import { readMigrations } from '../../src/store/sqlite/read-migrations.ts'
import { openSqlite } from '../../src/store/sqlite/sqlite.ts'
import { storeContract } from '../contract/store-contract.ts'

const migrations = readMigrations(fileURLToPath(new URL('../../migrations', import.meta.url)))

storeContract('SQLite', { empty: () => openSqlite(':memory:', []), migrations: () => migrations })
