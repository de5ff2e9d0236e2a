import { readFileSync } from 'node:fs'
import ICAL from 'ical.js'
import { windowEndAt, windowStartAt } from './measure.mjs'

/**
 * Every occurrence of a file inside the window, the way ical.js is meant to be used: zones registered from the file,
 * overrides related to their master, the iterator walked from DTSTART.
 */
export function* icalOccurrences(path) {
  const calendar = new ICAL.Component(ICAL.parse(readFileSync(path, 'utf8')))
  for (const zone of calendar.getAllSubcomponents('vtimezone')) ICAL.TimezoneService.register(zone)
  const masters = []
  const overridesByUid = new Map()
  for (const component of calendar.getAllSubcomponents('vevent')) {
    if (!component.hasProperty('recurrence-id')) masters.push(component)
    else {
      const uid = component.getFirstPropertyValue('uid')
      const own = overridesByUid.get(uid)
      if (own) own.push(component)
      else overridesByUid.set(uid, [component])
    }
  }
  for (const component of masters) {
    // Left to find overrides itself, every Event walks the whole calendar, and takes those of other series too.
    const exceptions = overridesByUid.get(component.getFirstPropertyValue('uid')) ?? []
    const event = new ICAL.Event(component, { exceptions })
    if (!event.isRecurring()) {
      const startAt = event.startDate.toUnixTime() * 1000
      const endAt = event.endDate.toUnixTime() * 1000
      if (endAt > windowStartAt && startAt < windowEndAt) yield { event, startAt, endAt }
      continue
    }
    const iterator = event.iterator()
    for (let next = iterator.next(); next; next = iterator.next()) {
      // moved occurrences here come at most two days later, so the details, which are slow, are asked near the window only
      const originalAt = next.toUnixTime() * 1000
      if (originalAt >= windowEndAt) break
      if (originalAt < windowStartAt - 3 * 86_400_000) continue
      const details = event.getOccurrenceDetails(next)
      const startAt = details.startDate.toUnixTime() * 1000
      const endAt = details.endDate.toUnixTime() * 1000
      if (endAt > windowStartAt && startAt < windowEndAt) yield { event: details.item, startAt, endAt }
    }
  }
}
