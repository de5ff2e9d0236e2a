import { measure, windowEndAt, windowStartAt } from './measure.mjs'
import { weeklySeries } from './weekly-series.mjs'

const { readIcs } = await import('../../../dist/src/connectors/ics/calendar.js')
const { expandEvents } = await import('../../../dist/src/domain/meetings/expand.js')
const { utc } = await import('../../../dist/src/domain/time/zone-table.js')

const window = { startAt: windowStartAt, endAt: windowEndAt }
const read = await readIcs(new TextEncoder().encode(weeklySeries()), { calendar: 'bench', window, defaultZone: utc })

await measure(() => {
  const { occurrences } = expandEvents(read.events, window)
  let sumOfStarts = 0
  let count = 0
  for (const { startAt } of occurrences) {
    if (startAt < windowStartAt) continue
    count++
    sumOfStarts += startAt / 1000
  }
  return { occurrences: count, sumOfStarts }
})
