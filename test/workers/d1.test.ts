import { reset } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { createD1 } from '../../src/store/d1/d1.ts'
import { storeContract } from '../contract/store-contract.ts'

storeContract('D1', {
  empty: async () => {
    await reset()
    return createD1(env.DB)
  },
  migrations: () => env.TEST_MIGRATIONS.map(({ name, queries }) => ({ name, statements: queries })),
})
