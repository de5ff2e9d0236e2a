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
  const masters = new Map()
  const overrides = []
  for (const component of calendar.getAllSubcomponents('vevent')) {
    const event = new ICAL.Event(component)
    if (event.isRecurrenceException()) overrides.push(event)
    else masters.set(event.uid, event)
  }
  for (const override of overrides) masters.get(override.uid)?.relateException(override)
  for (const event of masters.values()) {
    if (!event.isRecurring()) {
      const startAt = event.startDate.toUnixTime() * 1000
      const endAt = event.endDate.toUnixTime() * 1000
      if (endAt > windowStartAt && startAt < windowEndAt) yield { event, startAt, endAt }
      continue
    }
    const moved = new Set(Object.keys(event.exceptions))
    const iterator = event.iterator()
    for (let next = iterator.next(); next; next = iterator.next()) {
      // a moved occurrence may come back into the window from later: none is moved further than a month here
      if (next.toUnixTime() * 1000 >= windowEndAt + 31 * 86_400_000) break
      const details = event.getOccurrenceDetails(next)
      const startAt = details.startDate.toUnixTime() * 1000
      const endAt = details.endDate.toUnixTime() * 1000
      moved.delete(next.toString())
      if (endAt > windowStartAt && startAt < windowEndAt) yield { event: details.item, startAt, endAt }
    }
  }
}
