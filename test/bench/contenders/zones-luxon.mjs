import { DateTime } from 'luxon'
import { measure } from './measure.mjs'
import { instants, perZone, zoneNames } from './zones-instants.mjs'

const all = [...instants(perZone.luxon)]
for (const zone of zoneNames) DateTime.fromMillis(0, { zone }).hour

await measure(() => {
  let sum = 0
  for (const zone of zoneNames) {
    for (const instant of all) {
      const local = DateTime.fromMillis(instant, { zone })
      sum += local.hour + local.weekday - 1
    }
  }
  return { sum }
})
