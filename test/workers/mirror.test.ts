import { reset } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { createD1 } from '../../src/store/d1/d1.ts'
import { migrate } from '../../src/store/migrate.ts'
import { credentialStoreContract } from '../contract/credential-store-contract.ts'
import { mirrorStoreContract } from '../contract/mirror-store-contract.ts'

const open = async () => {
  await reset()
  const database = createD1(env.DB)
  const migrations = env.TEST_MIGRATIONS.map(({ name, queries }) => ({ name, statements: queries }))
  await migrate(database, migrations)
  return database
}

mirrorStoreContract('D1', { open, runs: 8 })
credentialStoreContract('D1', { open })
