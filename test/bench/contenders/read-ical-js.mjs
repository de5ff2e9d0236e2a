import { icalOccurrences } from './ical-events.mjs'
import { measure } from './measure.mjs'

await measure(() => {
  let occurrences = 0
  let sumOfStarts = 0
  for (const { startAt } of icalOccurrences(process.argv[2])) {
    occurrences++
    sumOfStarts += startAt / 1000
  }
  return { occurrences, sumOfStarts }
})
