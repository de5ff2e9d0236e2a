import type { Invitee, PersonId, Roster, Series, SeriesId } from '../meetings/types.ts'
import { dayMs, weekMs } from '../time/types.ts'
import type { SeriesOverlap } from './types.ts'

/** From this share of people and of weeks the same group is said to meet again. */
const enoughShared = 0.8
/** This share of another series' pace is about as often. */
const aboutAsOften = 0.8
/** Below this many people, or above this many, meeting again says nothing about a series. */
const fewestPeople = 3
const mostPeople = 25

/**
 * For each standing series another one in which nearly the same people meet in the same weeks, at least about as often
 * and for as long at a time: a place its topics could move to. Hence never a one-way series (`isOneWay`), never a daily
 * stand-up for an hour's talk, and never a weekly meeting for what comes up daily. The direction is fixed towards the longer one, so of two twins only one is called the repetition.
 */
export function overlappingSeries(
  allSeries: readonly Series[],
  oneWay: ReadonlySet<SeriesId> = new Set(),
): Map<SeriesId, SeriesOverlap> {
  const groups = allSeries.flatMap(series => (isComparable(series) ? [groupOf(series)] : []))
  const groupsByPerson = new Map<PersonId, number[]>()
  groups.forEach(({ people }, index) => {
    for (const person of people) {
      const theirs = groupsByPerson.get(person)
      if (theirs) theirs.push(index)
      else groupsByPerson.set(person, [index])
    }
  })

  const overlaps = new Map<SeriesId, SeriesOverlap>()
  // One array of counts for all groups, cleared by what was touched: people share calendars with hundreds of series.
  const sharedPeople = new Uint16Array(groups.length)
  for (const [index, group] of groups.entries()) {
    const touched: number[] = []
    for (const person of group.people)
      for (const other of groupsByPerson.get(person) ?? []) if (sharedPeople[other]!++ === 0) touched.push(other)
    const others = touched.map(other => [other, sharedPeople[other]!] as const)
    for (const other of touched) sharedPeople[other] = 0
    const best = others
      .filter(([other, people]) => other !== index && people >= enoughShared * group.people.length)
      .filter(([other]) => !oneWay.has(groups[other]!.series.id))
      .flatMap(([other, people]) => overlapOf(group, groups[other]!, people / group.people.length) ?? [])
      .sort(
        (a, b) => b.sharedPeople - a.sharedPeople || b.sharedWeeks - a.sharedWeeks || (a.otherId < b.otherId ? -1 : 1),
      )
      .at(0)
    if (best) overlaps.set(group.series.id, best)
  }
  return overlaps
}

interface Group {
  readonly series: Series
  readonly people: readonly PersonId[]
  readonly weeks: ReadonlySet<number>
  /** Of one occurrence, on average. */
  readonly minutes: number
}

function isComparable({ recurring, roster }: Series): boolean {
  const count = comingOf(roster).length
  return recurring && roster.known && roster.groups.length === 0 && count >= fewestPeople && count <= mostPeople
}

function comingOf({ people }: Roster): readonly Invitee[] {
  return people.filter(({ response }) => response !== 'declined')
}

function groupOf(series: Series): Group {
  return {
    series,
    people: comingOf(series.roster).map(({ id }) => id),
    // Monday to Monday in UTC: near enough to say "the same week" of two series on one calendar.
    weeks: new Set(series.meetings.map(({ startAt }) => Math.floor((startAt - 4 * dayMs) / weekMs))),
    minutes: series.meetings.reduce((sum, { minutes }) => sum + minutes, 0) / series.meetings.length,
  }
}

function overlapOf(group: Group, other: Group, sharedPeople: number): SeriesOverlap | null {
  const isLonger =
    other.minutes > group.minutes || (other.minutes === group.minutes && other.series.id < group.series.id)
  if (!isLonger || other.series.cadence.perWeek < aboutAsOften * group.series.cadence.perWeek) return null
  const sharedWeeks = [...group.weeks].filter(week => other.weeks.has(week)).length / group.weeks.size
  if (sharedWeeks < enoughShared) return null
  return { otherId: other.series.id, otherTitle: other.series.title, sharedPeople, sharedWeeks }
}
