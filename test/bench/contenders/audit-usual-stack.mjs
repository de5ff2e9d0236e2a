import { DateTime } from 'luxon'
import { icalOccurrences } from './ical-events.mjs'
import { measure } from './measure.mjs'

/**
 * The same audit as most people would write it: ical.js for reading, Luxon for local time, regular expressions for the
 * kind of a meeting. Steps: read and expand, decide what counts, hours of each series, the person's week with merged
 * overlaps and free gaps, a kind for every meeting.
 */
const [path, me] = process.argv.slice(2)
const zone = 'Europe/Warsaw'
const kinds = {
  status: /\b(status|stand-?up|update|sync|weekly|report|demo|announce|all[- ]hands|check-?in|round)\b/i,
  decision: /\b(decision|decide|approve|vote|triage|priorit|go\/no-go|select|budget|steering|ratify|sign-?off)\b/i,
  alignment: /\b(align|plan|design|kick-?off|workshop|retro|review|brainstorm|feedback|1:1|one on one|architecture)\b/i,
  conflict: /\b(conflict|escalat|disagree|dispute|mediat|objection|grievance|appeal|clash|rival)\b/i,
}

await measure(() => {
  const series = new Map()
  const mine = []
  const kindOf = new Map()
  let occurrences = 0
  let meetings = 0
  let personMinutes = 0
  for (const { event, startAt, endAt } of icalOccurrences(path)) {
    occurrences++
    const component = event.component
    const people = new Set()
    for (const attendee of component.getAllProperties('attendee')) {
      if (attendee.getParameter('cutype') === 'ROOM') continue
      people.add(String(attendee.getFirstValue()).replace(/^mailto:/i, '').toLowerCase())
    }
    const organizer = component.getFirstPropertyValue('organizer')
    if (organizer) people.add(String(organizer).replace(/^mailto:/i, '').toLowerCase())
    const free = component.getFirstPropertyValue('transp') === 'TRANSPARENT'
    const cancelled = component.getFirstPropertyValue('status') === 'CANCELLED'
    if (free || cancelled || event.startDate.isDate || people.size < 2) continue
    meetings++

    const start = DateTime.fromMillis(startAt, { zone })
    const end = DateTime.fromMillis(endAt, { zone })
    const minutes = (endAt - startAt) / 60_000
    personMinutes += minutes * people.size
    const one = series.get(event.uid) ?? { title: event.summary, count: 0, hours: 0, slots: new Map() }
    one.count++
    one.hours += (minutes / 60) * people.size
    const slot = `${start.weekday} ${start.hour}:${start.minute}`
    one.slots.set(slot, (one.slots.get(slot) ?? 0) + 1)
    series.set(event.uid, one)
    if (people.has(me)) mine.push({ week: start.startOf('week').toMillis(), day: start.startOf('day').toMillis(), start, end })

    if (!kindOf.has(event)) {
      const text = `${event.summary} ${event.description ?? ''}`
      let best = 'unclear'
      let most = 0
      for (const [kind, words] of Object.entries(kinds)) {
        const hits = text.match(new RegExp(words, 'gi'))?.length ?? 0
        if (hits > most) [best, most] = [kind, hits]
      }
      kindOf.set(event, best)
    }
  }

  mine.sort((a, b) => a.start.toMillis() - b.start.toMillis())
  const days = new Map()
  for (const meeting of mine) days.set(meeting.day, [...(days.get(meeting.day) ?? []), meeting])
  let focusMinutes = 0
  for (const [day, list] of days) {
    let free = DateTime.fromMillis(day, { zone }).set({ hour: 9 })
    const close = DateTime.fromMillis(day, { zone }).set({ hour: 17 })
    for (const { start, end } of list) {
      const gap = start.diff(free, 'minutes').minutes
      if (gap >= 120) focusMinutes += gap
      if (end > free) free = end
    }
    const last = close.diff(free, 'minutes').minutes
    if (last >= 120) focusMinutes += last
  }
  if (focusMinutes < 0 || personMinutes <= 0 || series.size === 0) throw new Error('nothing was measured')
  return { occurrences, meetings }
})
