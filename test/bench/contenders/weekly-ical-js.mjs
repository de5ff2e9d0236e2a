import ICAL from 'ical.js'
import { measure, windowEndAt, windowStartAt } from './measure.mjs'
import { weeklySeries } from './weekly-series.mjs'

const calendar = new ICAL.Component(ICAL.parse(weeklySeries()))
for (const zone of calendar.getAllSubcomponents('vtimezone')) ICAL.TimezoneService.register(zone)
const events = calendar.getAllSubcomponents('vevent').map(component => new ICAL.Event(component))

await measure(() => {
  let occurrences = 0
  let sumOfStarts = 0
  for (const event of events) {
    const iterator = event.iterator()
    for (let next = iterator.next(); next; next = iterator.next()) {
      const startAt = next.toUnixTime() * 1000
      if (startAt >= windowEndAt) break
      if (startAt >= windowStartAt) {
        occurrences++
        sumOfStarts += startAt / 1000
      }
    }
  }
  return { occurrences, sumOfStarts }
})
