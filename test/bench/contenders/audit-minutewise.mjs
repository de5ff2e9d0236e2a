import { measure, windowEndAt, windowStartAt } from './measure.mjs'

const { auditCalendars } = await import('../../../dist/src/app/audit-calendars.js')
const { createCalendarFiles } = await import('../../../dist/src/connectors/files/calendar-files.js')
const { readIcs } = await import('../../../dist/src/connectors/ics/calendar.js')
const { emptyDirectory } = await import('../../../dist/src/domain/meetings/directory.js')
const { defaultRates } = await import('../../../dist/src/domain/worth/rates.js')

const [path, me] = process.argv.slice(2)

await measure(async () => {
  const files = createCalendarFiles({ readBytes: readIcs, stdin: () => process.stdin })
  const { report } = await auditCalendars(
    { files, store: null },
    {
      paths: [path],
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
  return { occurrences: report.counts.occurrences, meetings: report.counts.meetings }
})
