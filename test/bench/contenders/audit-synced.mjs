import { measure, windowEndAt, windowStartAt } from './measure.mjs'
import { openMirror } from './sync-world.mjs'

/** The audit of `audit-minutewise.mjs`, of the same events as they were synced. */
const { auditCalendars } = await import('../../../dist/src/app/audit-calendars.js')
const { openSyncedCalendars } = await import('../../../dist/src/app/sync/synced-calendars.js')
const { emptyDirectory } = await import('../../../dist/src/domain/meetings/directory.js')
const { defaultRates } = await import('../../../dist/src/domain/worth/rates.js')

const [path, me] = process.argv.slice(2)

await measure(async () => {
  const { database, mirror } = await openMirror(path)
  const { files } = await openSyncedCalendars({ mirror }, { now: windowEndAt })
  const { report } = await auditCalendars(
    { files, store: null },
    {
      paths: [],
      fromWall: windowStartAt,
      toWall: windowEndAt,
      zone: 'UTC',
      now: windowEndAt,
      me,
      directory: emptyDirectory(),
      rates: defaultRates,
      rowsCommand: 'minutewise read',
      sample: false,
      redact: false,
    },
  )
  await database.close()
  return { occurrences: report.counts.occurrences, meetings: report.counts.meetings }
})
