/**
 * The calendars of the sync benchmarks: events of a busy company, made page by page, so that nobody has to hold them
 * all. The same in every run. About 1.1 kB an event as stored; five attendees each; one in nine recurs, one in forty is
 * a changed occurrence; ids in no order, as Google gives them.
 */
const { zoneFor } = await import('../../../dist/src/domain/time/zone-table.js')

export const nowAt = Date.UTC(2026, 2, 2, 9)
const dayMs = 86_400_000
const quarterMs = 15 * 60_000
const zones = ['Europe/Warsaw', 'America/New_York', 'Asia/Kolkata'].map(name => zoneFor(name))

export function itemAt(index, calendar, etag = 'e0') {
  const random = numbers(index * 7_919 + 17)
  const isException = index % 40 === 39
  const isSeries = isSeriesAt(index)
  // an exception belongs to the series before it
  const series = isException ? index - (index % 9 || 9) : null
  const startWall =
    Date.UTC(2025, 5, 2) +
    (Math.floor(random() * 78) * 7 + Math.floor(random() * 5)) * dayMs +
    (32 + Math.floor(random() * 38)) * quarterMs
  const organizer = Math.floor(random() * 2_000)
  const title = `${pick(subjects, random)} ${pick(occasions, random)}`
  const event = {
    calendar,
    uid: `${idAt(series ?? index)}@calendar.example.com`,
    time: {
      startWall,
      zone: zones[Math.floor(random() * 3)],
      allDay: false,
      floating: false,
      exactMs: [1, 2, 2, 3, 4, 4, 6][Math.floor(random() * 7)] * quarterMs,
      nominalDays: 0,
    },
    recurrence: isSeries ? weekly(startWall, random) : null,
    override: isException ? { originalStartAt: startWall - 2 * 3_600_000, byDate: false, andFuture: false } : null,
    title,
    description: `Agenda for ${title}:\n${Array.from({ length: 1 + Math.floor(random() * 4) }, () => `- ${pick(agendaItems, random)}`).join('\n')}`,
    location: `Room ${1 + Math.floor(random() * 40)}`,
    organizer: attendee(organizer, 0),
    attendees: Array.from({ length: 1 + Math.floor(random() * 9) }, (_, nth) =>
      attendee((organizer + nth * (1 + (organizer % 7))) % 2_000, nth),
    ),
    attendeesTruncated: false,
    status: 'confirmed',
    showAs: 'busy',
    visibility: 'default',
    type: 'default',
    categories: [],
    onlineUrl: index % 3 === 0 ? `https://meet.example.com/${idAt(index).slice(0, 12)}` : null,
    attachmentCount: 0,
    createdAt: startWall - 20 * dayMs,
    updatedAt: startWall - 19 * dayMs,
    sequence: index % 3,
  }
  const item = {
    id: idAt(index),
    etag,
    seriesItemId: series === null ? null : idAt(series),
    content: { kind: 'events', events: [event] },
  }
  // texts as a parser of JSON leaves them, in one piece each, and the zone as one object again
  const parsed = JSON.parse(JSON.stringify(item, (name, value) => (name === 'zone' ? null : value)))
  parsed.content.events[0].time.zone = event.time.zone
  return parsed
}

const isSeriesAt = index => index % 9 === 0 && index % 40 !== 39

function weekly(startWall, random) {
  const rule = {
    frequency: 'weekly',
    interval: random() < 0.3 ? 2 : 1,
    count: random() < 0.2 ? 8 + Math.floor(random() * 60) : null,
    until: null,
    byMonth: [],
    byWeekNo: [],
    byYearDay: [],
    byMonthDay: [],
    byDay: [{ weekday: (new Date(startWall).getUTCDay() + 6) % 7, ordinal: 0 }],
    byHour: [],
    byMinute: [],
    bySecond: [],
    bySetPos: [],
    weekStart: 0,
  }
  return { rules: [rule], additions: [], exclusions: [], excludedDaysWall: [] }
}

function attendee(person, nth) {
  return {
    address: `${firstNames[person % 12]}.${lastNames[Math.floor(person / 12) % 9]}.${person}@example.com`.toLowerCase(),
    name: `${firstNames[person % 12]} ${lastNames[Math.floor(person / 12) % 9]}`,
    kind: 'person',
    response: ['accepted', 'accepted', 'accepted', 'none', 'declined', 'tentative'][(person + nth) % 6],
    role: 'required',
    self: false,
  }
}

/** 26 characters of base32hex, as Google's ids are: their order has nothing to do with the order of the events. */
export function idAt(index) {
  const random = numbers(index * 31 + 5)
  let id = ''
  while (id.length < 26) id += Math.floor(random() * 32).toString(32)
  return id
}

/** mulberry32: numbers in [0, 1), the same for a seed on every machine. */
function numbers(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const pick = (from, random) => from[Math.floor(random() * from.length)]
const firstNames = 'Ana Bartek Chidi Devika Emre Freya Goran Hana Ines Jonas Kofi Lena'.split(' ')
const lastNames = 'Alvarez Brandt Castellano Dvorak Eriksen Fontaine Grabowska Haddad Ivanova'.split(' ')
const subjects = 'Payments Platform Search Onboarding Billing Mobile Data Release Hiring Q1'.split(' ')
const occasions = ['standup', 'planning', 'review', 'sync', 'retro', 'architecture review', 'one-on-one', 'status']
const agendaItems = [
  'walk through the numbers of last week and what changed since',
  'decide whether the old queue is switched off before the release',
  'who needs to know about the schema change in the orders table',
  'open questions from the incident review, with owners and dates',
  'next steps and anything that blocks the two teams',
]
