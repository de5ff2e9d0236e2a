import { measure } from './measure.mjs'
import { instants, perZone, zoneNames } from './zones-instants.mjs'

const { zoneFor } = await import('../../../dist/src/domain/time/zone-table.js')
const { weekdayOf } = await import('../../../dist/src/domain/time/calendar-date.js')

const all = [...instants(perZone.minutewise)]
const zones = zoneNames.map(name => zoneFor(name))
for (const zone of zones) for (const instant of all.slice(0, 2_000)) zone.toWall(instant)

await measure(() => {
  let sum = 0
  for (const zone of zones) {
    for (const instant of all) {
      const wall = zone.toWall(instant)
      sum += (Math.floor(wall / 3_600_000) % 24) + weekdayOf(wall)
    }
  }
  return { sum }
})
