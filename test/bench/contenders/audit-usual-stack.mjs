import { DateTime } from 'luxon'
import { icalOccurrences } from './ical-events.mjs'
import { measure } from './measure.mjs'

/**
 * The same audit as most people would write it: ical.js for reading, Luxon for local time, regular expressions for the
 * kind of a meeting. Steps: read and expand, decide what counts, price each meeting, follow each series and its rhythm,
 * a kind for every meeting of the person, the person's week with merged overlaps and free gaps, and what each of the
 * person's series costs in focus time. What is the same for all occurrences of an event is asked once.
 */
const [path, me] = process.argv.slice(2)
const zone = 'UTC'
const kinds = {
  status: /\b(status|stand-?up|update|sync|weekly|report|demo|announce|all[- ]hands|check-?in|round)\b/gi,
  decision: /\b(decision|decide|approve|vote|triage|priorit|go\/no-go|select|budget|steering|ratify|sign-?off)\b/gi,
  alignment:
    /\b(align|plan|design|kick-?off|workshop|retro|review|brainstorm|feedback|1:1|one on one|architecture)\b/gi,
  conflict: /\b(conflict|escalat|disagree|dispute|mediat|objection|grievance|appeal|clash|rival)\b/gi,
}
const hourlyRate = 94
const attendance = { ACCEPTED: 0.95, TENTATIVE: 0.5, 'NEEDS-ACTION': 0.6, DECLINED: 0.02 }

await measure(() => {
  const series = new Map()
  const mine = []
  const factsOf = new Map()
  let occurrences = 0
  let meetings = 0
  for (const { event, startAt, endAt } of icalOccurrences(path)) {
    occurrences++
    let facts = factsOf.get(event)
    if (facts === undefined) {
      facts = readFacts(event)
      factsOf.set(event, facts)
    }
    if (!facts.counts || endAt - startAt > 12 * 3_600_000) continue
    meetings++

    const start = DateTime.fromMillis(startAt, { zone })
    const end = DateTime.fromMillis(endAt, { zone })
    const hours = (endAt - startAt) / 3_600_000
    let one = series.get(facts.uid)
    if (one === undefined) {
      one = { title: facts.title, count: 0, hours: 0, money: 0, slots: new Map(), starts: [], kinds: new Map() }
      series.set(facts.uid, one)
    }
    one.count++
    one.hours += hours * facts.expected
    one.money += hours * facts.expected * hourlyRate
    one.starts.push(startAt)
    const slot = `${start.weekday} ${start.hour}:${start.minute}`
    one.slots.set(slot, (one.slots.get(slot) ?? 0) + 1)
    if (facts.kind !== null) one.kinds.set(facts.kind, (one.kinds.get(facts.kind) ?? 0) + 1)
    if (facts.isMine) mine.push({ uid: facts.uid, day: start.startOf('day').toMillis(), start, end })
  }

  const judged = []
  for (const [uid, one] of series) {
    const gaps = one.starts
      .sort((a, b) => a - b)
      .map((at, i) => (i === 0 ? 0 : at - one.starts[i - 1]))
      .slice(1)
      .sort((a, b) => a - b)
    const kind = [...one.kinds].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null
    const usual = [...one.slots].sort((a, b) => b[1] - a[1])[0][0]
    judged.push({ uid, kind, usual, gap: gaps[gaps.length >> 1] ?? null, hours: one.hours, money: one.money })
  }
  judged.sort((a, b) => b.hours - a.hours)

  mine.sort((a, b) => a.start.toMillis() - b.start.toMillis())
  const before = focusMinutes(mine)
  for (const uid of new Set(mine.map(meeting => meeting.uid))) {
    if (focusMinutes(mine.filter(meeting => meeting.uid !== uid)) < 0) throw new Error('less than nothing')
  }
  if (before < 0 || judged.length === 0) throw new Error('nothing was measured')
  return { occurrences, meetings }
})

/** Everything an audit asks of an event, once for all of its occurrences. */
function readFacts(event) {
  const { component } = event
  const replies = new Map()
  const attendees = component.getAllProperties('attendee')
  for (const attendee of attendees) {
    if (attendee.getParameter('cutype') === 'ROOM') continue
    replies.set(plainAddress(attendee.getFirstValue()), attendee.getParameter('partstat') ?? 'NEEDS-ACTION')
  }
  const organizerValue = component.getFirstPropertyValue('organizer')
  const organizer = organizerValue === null ? null : plainAddress(organizerValue)
  if (organizer !== null && !replies.has(organizer)) replies.set(organizer, 'ACCEPTED')
  let coming = 0
  let expected = 0
  for (const reply of replies.values()) {
    if (reply !== 'DECLINED') coming++
    expected += attendance[reply] ?? 0.6
  }
  // An invitation of somebody else that lists nobody was still sent to the owner of the calendar.
  const met = coming >= 2 || (attendees.length === 0 && organizer !== null && organizer !== me)
  const isOff = component.getFirstPropertyValue('status') === 'CANCELLED' || replies.get(me) === 'DECLINED'
  const isFree = component.getFirstPropertyValue('transp') === 'TRANSPARENT'
  const title = event.summary
  return {
    uid: event.uid,
    title,
    counts: met && !isOff && !isFree && !event.startDate.isDate,
    expected,
    isMine: replies.has(me),
    kind: replies.has(me) ? kindOf(`${title} ${event.description ?? ''}`) : null,
  }
}

function kindOf(text) {
  let best = 'unclear'
  let most = 0
  for (const [kind, words] of Object.entries(kinds)) {
    const hits = text.match(words)?.length ?? 0
    if (hits > most) [best, most] = [kind, hits]
  }
  return best
}

function plainAddress(value) {
  return String(value)
    .replace(/^mailto:/i, '')
    .toLowerCase()
}

/** Minutes between nine and five in gaps of two hours and more, on the days that have meetings. */
function focusMinutes(meetings) {
  const days = groupedByDay(meetings)
  let minutes = 0
  for (const [day, list] of days) {
    const midnight = DateTime.fromMillis(day, { zone })
    let free = midnight.set({ hour: 9 })
    for (const { start, end } of list) {
      const gap = start.diff(free, 'minutes').minutes
      if (gap >= 120) minutes += gap
      if (end > free) free = end
    }
    const last = midnight.set({ hour: 17 }).diff(free, 'minutes').minutes
    if (last >= 120) minutes += last
  }
  return minutes
}

function groupedByDay(meetings) {
  const days = new Map()
  for (const meeting of meetings) {
    const list = days.get(meeting.day)
    if (list === undefined) days.set(meeting.day, [meeting])
    else list.push(meeting)
  }
  return days
}
