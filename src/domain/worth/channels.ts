import type { Invitee, PersonId, Roster, Series, SeriesId } from '../meetings/types.ts'
import { attendanceOf, expectedPeople } from './attendance.ts'
import type { AttendanceWeights, ChannelMap, ChannelPair, SeriesChannels } from './types.ts'

export interface ChannelOptions {
  readonly attendance: AttendanceWeights
  /** Length of the audited window in weeks, more than 0. */
  readonly weeks: number
  /** Series in which people report without an exchange: status rounds, broadcasts (`isOneWay`). */
  readonly oneWay: ReadonlySet<SeriesId>
  /** Expected minutes per 4 weeks from which a link is live. */
  readonly liveFromMinutes?: number
  /** Above this many expected people a meeting links nobody, unless both teams speak on its agenda. */
  readonly mostPeople?: number
  /** Teams that speak on a series' agenda, where that is known. */
  readonly speakers?: ReadonlyMap<SeriesId, ReadonlySet<string>>
  /** People in more than one team. Everybody else is in the team their invitation says. */
  readonly memberships?: ReadonlyMap<PersonId, readonly string[]>
}

/**
 * Who talks to whom: teams, and the standing series through which they are live in touch. For an occurrence the presence
 * of team A is 1 − Π(1 − P(attend)) over its invited members, and the strength of a pair through a series is the sum of
 * minutes × presence of A × presence of B, per 4 weeks. Planned one-offs link nobody: they will not meet again.
 *
 * Null when fewer than two teams are known: then nothing can be said about links, which is not the same as "no links".
 */
export function channelMap(allSeries: readonly Series[], options: ChannelOptions): ChannelMap | null {
  const teams = new Set<string>()
  const links = new Map<string, Link>()
  for (const series of allSeries) {
    for (const team of series.roster.teams) teams.add(team)
    if (!series.recurring) continue
    for (const [key, minutes] of liveLinks(series, options)) {
      const link = links.get(key) ?? { teams: pairOf(key), through: [] }
      link.through.push({ seriesId: series.id, minutesPer4Weeks: minutes })
      links.set(key, link)
    }
  }
  if (teams.size < 2) return null

  for (const link of links.values()) link.through.sort(byStrength)
  const pairs = [...links.values()].sort((a, b) => comparePairs(a.teams, b.teams))
  return { pairs, bySeries: channelsBySeries(pairs, allSeries, options) }
}

/** Replacing `pairs` links by a fortnightly half hour of two people each: person-hours a year. */
export function pairTalkHoursPerYear(pairs: number): number {
  return pairs * 2 * 0.5 * 26
}

/** Probability that at least one of the invited of each team comes. Teams that nobody is invited from are absent. */
export function teamPresence(
  roster: Roster,
  attendance: AttendanceWeights,
  memberships?: ReadonlyMap<PersonId, readonly string[]>,
): Map<string, number> {
  const absence = new Map<string, number>()
  for (const invitee of roster.people) {
    const stayAway = 1 - attendanceOf(invitee, attendance).expected
    for (const team of teamsOf(invitee, memberships)) absence.set(team, (absence.get(team) ?? 1) * stayAway)
  }
  return new Map([...absence].map(([team, probability]) => [team, 1 - probability]))
}

interface Link extends ChannelPair {
  readonly through: { seriesId: SeriesId; minutesPer4Weeks: number }[]
}

/** The pairs a series links strongly enough, with their minutes per 4 weeks. */
function liveLinks(series: Series, options: ChannelOptions): Map<string, number> {
  const { attendance, weeks, liveFromMinutes = 20, mostPeople = 25, memberships } = options
  const minutesByRoster = new Map<Roster, number>()
  for (const { roster, minutes } of series.meetings)
    minutesByRoster.set(roster, (minutesByRoster.get(roster) ?? 0) + minutes)

  const strength = new Map<string, number>()
  const speakers = options.speakers?.get(series.id)
  for (const [roster, minutes] of minutesByRoster) {
    const isSmall = expectedPeople(roster, attendance).expected <= mostPeople
    const presence = [...teamPresence(roster, attendance, memberships)]
      .filter(([team]) => isSmall || speakers?.has(team) === true)
      .sort(([a], [b]) => compareText(a, b))
    presence.forEach(([a, presenceOfA], index) => {
      for (const [b, presenceOfB] of presence.slice(index + 1)) {
        const key = keyOf(a, b)
        strength.set(key, (strength.get(key) ?? 0) + minutes * presenceOfA * presenceOfB)
      }
    })
  }
  const per4Weeks = weeks > 0 ? 4 / weeks : 0
  return new Map(
    [...strength]
      .map(([key, minutes]) => [key, minutes * per4Weeks] as const)
      .filter(([, minutes]) => minutes >= liveFromMinutes),
  )
}

function channelsBySeries(
  pairs: readonly ChannelPair[],
  allSeries: readonly Series[],
  options: ChannelOptions,
): Map<SeriesId, SeriesChannels> {
  const { oneWay } = options
  const linked = new Map<SeriesId, number>()
  const sole = new Map<SeriesId, { teams: readonly [string, string]; minutes: number }[]>()
  const talks = new Graph()
  const everything = new Graph()
  for (const { teams, through } of pairs) {
    for (const { seriesId } of through) linked.set(seriesId, (linked.get(seriesId) ?? 0) + 1)
    const talking = through.filter(({ seriesId }) => !oneWay.has(seriesId))
    if (talking.length > 0) talks.link(teams)
    everything.link(teams)
    const holder = talking.length === 0 ? through[0] : talking.length === 1 ? talking[0] : undefined
    if (holder === undefined) continue
    const held = sole.get(holder.seriesId)
    const entry = { teams, minutes: holder.minutesPer4Weeks }
    if (held) held.push(entry)
    else sole.set(holder.seriesId, [entry])
  }

  const carriers = carriersByPair(options.memberships)
  const result = new Map<SeriesId, SeriesChannels>()
  for (const series of allSeries) {
    const linkedPairs = linked.get(series.id)
    if (linkedPairs === undefined) continue
    const isOneWay = oneWay.has(series.id)
    const held = sole.get(series.id) ?? []
    const solePairs = held.map(({ teams }) => teams)
    const left = (isOneWay ? everything : talks).without(solePairs)
    const carried = solePairs.map(([a, b]) => carriers.get(keyOf(a, b)) ?? 0).filter(count => count > 0)
    result.set(series.id, {
      seriesId: series.id,
      oneWay: isOneWay,
      pairs: linkedPairs,
      sole: solePairs,
      soleMinutesPer4Weeks: held.reduce((sum, { minutes }) => sum + minutes, 0),
      bridges: solePairs.filter(([a, b]) => !left.haveCommonNeighbour(a, b)),
      groupsWithout: left.groups(series.roster.teams),
      soleWithDualMember: carried.length,
      fewestCarriers: carried.length === 0 ? 0 : carried.reduce((fewest, count) => Math.min(fewest, count)),
      pairTalkHoursPerYear: pairTalkHoursPerYear(solePairs.length),
    })
  }
  return result
}

/** Teams and their live links. A removal is a view: the links are not copied. */
class Graph {
  readonly #neighbours: Map<string, Set<string>>
  readonly #removed: ReadonlySet<string>

  constructor(neighbours = new Map<string, Set<string>>(), removed: ReadonlySet<string> = new Set()) {
    this.#neighbours = neighbours
    this.#removed = removed
  }

  link([a, b]: readonly [string, string]): void {
    this.#of(a).add(b)
    this.#of(b).add(a)
  }

  without(pairs: readonly (readonly [string, string])[]): Graph {
    return new Graph(this.#neighbours, new Set(pairs.map(([a, b]) => keyOf(a, b))))
  }

  /** A way of two steps. Asked for pairs that have no direct link left. */
  haveCommonNeighbour(a: string, b: string): boolean {
    return this.#left(a).some(team => team !== b && this.#isLinked(team, b))
  }

  /** The given teams by the connected part they fall into, ways over other teams counted. */
  groups(teams: readonly string[]): string[][] {
    const groupOf = new Map<string, number>()
    const groups: string[][] = []
    for (const start of teams) {
      let group = groupOf.get(start)
      if (group === undefined) {
        group = groups.length
        groups.push([])
        groupOf.set(start, group)
        const open = [start]
        for (let team = open.pop(); team !== undefined; team = open.pop())
          for (const next of this.#left(team))
            if (!groupOf.has(next)) {
              groupOf.set(next, group)
              open.push(next)
            }
      }
      groups[group]?.push(start)
    }
    return groups
  }

  #left(team: string): string[] {
    return [...(this.#neighbours.get(team) ?? [])].filter(other => !this.#removed.has(keyOf(team, other)))
  }

  #isLinked(a: string, b: string): boolean {
    return this.#neighbours.get(a)?.has(b) === true && !this.#removed.has(keyOf(a, b))
  }

  #of(team: string): Set<string> {
    const known = this.#neighbours.get(team)
    if (known) return known
    const fresh = new Set<string>()
    this.#neighbours.set(team, fresh)
    return fresh
  }
}

function carriersByPair(memberships: ReadonlyMap<PersonId, readonly string[]> | undefined): Map<string, number> {
  const carriers = new Map<string, number>()
  for (const teams of memberships?.values() ?? []) {
    const own = [...new Set(teams)]
    own.forEach((a, index) => {
      for (const b of own.slice(index + 1)) carriers.set(keyOf(a, b), (carriers.get(keyOf(a, b)) ?? 0) + 1)
    })
  }
  return carriers
}

function teamsOf(invitee: Invitee, memberships?: ReadonlyMap<PersonId, readonly string[]>): readonly string[] {
  return memberships?.get(invitee.id) ?? (invitee.team === null ? [] : [invitee.team])
}

/** Team names are free text; no name holds a line break. */
function keyOf(a: string, b: string): string {
  return a < b ? `${a}\n${b}` : `${b}\n${a}`
}

function pairOf(key: string): readonly [string, string] {
  const at = key.indexOf('\n')
  return [key.slice(0, at), key.slice(at + 1)]
}

function byStrength(a: ChannelPair['through'][number], b: ChannelPair['through'][number]): number {
  return b.minutesPer4Weeks - a.minutesPer4Weeks || compareText(a.seriesId, b.seriesId)
}

function comparePairs(a: readonly [string, string], b: readonly [string, string]): number {
  return compareText(a[0], b[0]) || compareText(a[1], b[1])
}

/** By code unit: the same order whatever the locale of the process. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
