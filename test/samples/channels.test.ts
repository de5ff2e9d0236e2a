import { describe, expect, it } from 'vitest'
import { meetings, now } from '../../samples/company/company.ts'
import { type Person, people } from '../../samples/company/people.ts'
import { uidsOf } from '../../samples/writing/events.ts'
import { type Held, heldOccurrences, sampleCalendars, window } from './read-calendars.ts'

/**
 * The fact the Thursday test rests on, computed from the committed calendars: a channel of two teams is live from
 * 20 expected shared minutes in 4 weeks through one series of at most 25 people.
 */
const attends: Readonly<Record<string, number>> = { ACCEPTED: 0.9, TENTATIVE: 0.5, 'NEEDS-ACTION': 0.5, DECLINED: 0.05 }

describe('live channels between the teams of the sample', () => {
  it.each([
    ['26 weeks', 26],
    ['12 weeks', 12],
    ['4 weeks', 4],
  ])(
    'over the last %s only the architecture review joins Payments and Mobile, and Data to three teams',
    (_span, weeks) => {
      const live = liveChannels(weeks)
      const sole = [...live].filter(([, keys]) => keys.length === 1)
      expect(sole.filter(([, [key]]) => key === 'architecture-review').map(([pair]) => pair)).toEqual([
        'Data + Mobile',
        'Data + Payments',
        'Data + Web',
        'Mobile + Payments',
      ])
      expect(live.size).toBe(10)
    },
  )

  it.each([26, 12, 4])('over the last %i weeks the status round is the only channel of nobody', weeks => {
    const live = liveChannels(weeks)
    const through = [...live].filter(([, keys]) => keys.includes('status-round'))
    expect(through.map(([pair]) => pair)).toEqual(['Payments + Platform', 'Payments + Web', 'Platform + Web'])
    const without = through.map(([, keys]) =>
      keys.filter(key => key !== 'status-round' && key !== 'architecture-review'),
    )
    expect(without.every(keys => keys.length > 0)).toBe(true)
  })

  it('both facts can be seen in the one calendar of an engineer who attends both', () => {
    const live = liveChannels(26, ['calendars/nuria-vidal.google.ics'])
    const soleThrough = (key: string) => [...live].filter(([, keys]) => keys.join() === key).map(([pair]) => pair)
    expect(soleThrough('architecture-review')).toEqual(expect.arrayContaining(['Data + Payments', 'Mobile + Payments']))
    expect(soleThrough('status-round')).toEqual([])
  })
})

/** Keys of the series that join each pair of teams, by pair. */
function liveChannels(weeks: number, calendars = sampleCalendars): ReadonlyMap<string, readonly string[]> {
  const minutes = new Map<string, Map<string, number>>()
  const until = Date.parse(now)
  for (const held of meetingsOnce(calendars)) {
    const key = keyByUid.get(held.uid)
    if (!key || held.startAt >= until || held.startAt < until - weeks * 7 * 86_400_000) continue
    const presence = presenceByTeam(held)
    const teams = [...presence.keys()].sort()
    for (const [i, a] of teams.entries()) {
      for (const b of teams.slice(i + 1)) {
        const shared = held.minutes * (presence.get(a) ?? 0) * (presence.get(b) ?? 0) * (4 / weeks)
        const series = minutes.get(`${a} + ${b}`) ?? new Map<string, number>()
        minutes.set(`${a} + ${b}`, series.set(key, (series.get(key) ?? 0) + shared))
      }
    }
  }
  const live = [...minutes].map(
    ([pair, series]) => [pair, [...series].filter(([, total]) => total >= 20).map(([key]) => key)] as const,
  )
  return new Map(live.filter(([, keys]) => keys.length > 0).sort(([a], [b]) => a.localeCompare(b)))
}

/** Each meeting of people, once however many calendars show it. */
function meetingsOnce(calendars: readonly string[]): readonly Held[] {
  const once = new Map<string, Held>()
  for (const held of calendars.flatMap(path => heldOccurrences(path))) {
    if (held.attendees.length > 0 && held.attendees.length <= 25) once.set(`${held.uid} ${held.startAt}`, held)
  }
  return [...once.values()]
}

function presenceByTeam(held: Held): ReadonlyMap<string, number> {
  const absence = new Map<string, number>()
  for (const { address, reply } of held.attendees) {
    const team = personByAddress.get(address.toLowerCase())?.team
    if (team) absence.set(team, (absence.get(team) ?? 1) * (1 - (attends[reply] ?? 0)))
  }
  return new Map([...absence].map(([team, none]) => [team, 1 - none]))
}

const keyByUid = new Map(meetings.flatMap(plan => uidsOf(plan).map(uid => [uid, plan.key] as const)))

const personByAddress = new Map(
  Object.values<Person>(people).flatMap(person =>
    [person.email, ...person.aliases].map(address => [address.toLowerCase(), person] as const),
  ),
)

it('the window of the sample is 30 weeks', () => {
  expect((window.toAt - window.fromAt) / (7 * 86_400_000)).toBe(30)
})
