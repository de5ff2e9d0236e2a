import { createReadStream } from 'node:fs'
import { measure, windowEndAt, windowStartAt } from './measure.mjs'

const { readIcs } = await import('../../../dist/src/connectors/ics/calendar.js')
const { expandEvents } = await import('../../../dist/src/domain/meetings/expand.js')
const { utc } = await import('../../../dist/src/domain/time/zone-table.js')

await measure(async () => {
  const window = { startAt: windowStartAt, endAt: windowEndAt }
  const bytes = createReadStream(process.argv[2], { highWaterMark: 1 << 18 })
  const read = await readIcs(bytes, { calendar: 'bench', window, defaultZone: utc })
  const { occurrences } = expandEvents(read.events, window)
  let sumOfStarts = 0
  for (const occurrence of occurrences) sumOfStarts += occurrence.startAt / 1000
  return { occurrences: occurrences.length, sumOfStarts }
})
