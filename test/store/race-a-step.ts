/** Opens the file named by its first argument and, when its input ends, applies one step of its own to version 0. */
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { PortError } from '../../src/port-error.ts'
import { createMirrorStore } from '../../src/store/mirror.ts'
import { readMigrations } from '../../src/store/sqlite/read-migrations.ts'
import { openSqlite } from '../../src/store/sqlite/sqlite.ts'
import { aListedCalendar, anAccount, anItem } from '../contract/calendar-items.ts'

const [, , file = '', name = ''] = process.argv
const database = await openSqlite(file, readMigrations(fileURLToPath(new URL('../../migrations', import.meta.url))))
const mirror = createMirrorStore(database, { tenant: 'lantern' })
process.stdout.write('ready\n')
process.stdin.resume()
await once(process.stdin, 'end')
try {
  const items = Array.from({ length: 500 }, (_, n) => anItem(`${n}`, { etag: name }))
  await mirror.applyStep({
    key: { accountId: anAccount().id, calendarId: aListedCalendar().id },
    version: 0,
    items,
    removed: [],
    named: items.map(({ id }) => id),
    replacedSeries: [],
    sync: { cursor: name },
    end: 'open',
  })
  process.stdout.write(`kept ${name}\n`)
} catch (error) {
  process.stdout.write(`${error instanceof PortError ? error.code : String(error)}\n`)
}
await database.close()
