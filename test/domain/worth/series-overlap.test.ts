import { describe, expect, it } from 'vitest'
import { overlappingSeries } from '../../../src/domain/worth/series-overlap.ts'
import { aStanding, rosterOfTeams } from './case.ts'

const four = ['a', 'b', 'c', 'd']

describe('the same people meet again', () => {
  it('is said of the shorter of two series of one group', () => {
    const overlaps = overlappingSeries([
      aStanding('short', { teams: four, minutes: 30 }),
      aStanding('long', { teams: four }),
    ])
    expect([...overlaps]).toEqual([['short', { otherId: 'long', otherTitle: 'long', sharedPeople: 1, sharedWeeks: 1 }]])
  })

  it('is said of one of two twins only', () => {
    expect([...overlappingSeries([aStanding('x', { teams: four }), aStanding('y', { teams: four })]).keys()]).toEqual([
      'y',
    ])
  })

  it('is not said beside a status round, nor beside a shorter meeting however often it is held', () => {
    const series = [aStanding('talk', { teams: four, minutes: 30 }), aStanding('round', { teams: four })]
    expect(overlappingSeries(series, new Set(['round'])).size).toBe(0)
    const daily = aStanding('daily', { teams: four, minutes: 15, count: 40, everyDays: 1 })
    expect(overlappingSeries([series[0]!, daily]).has('talk')).toBe(false)
  })

  it('is not said of what meets daily beside a weekly meeting: its topics cannot wait', () => {
    const daily = aStanding('daily', { teams: four, minutes: 15, count: 40, everyDays: 1 })
    expect(overlappingSeries([daily, aStanding('weekly', { teams: four })]).size).toBe(0)
    const weekly = aStanding('weekly', { teams: four, minutes: 15 })
    expect(overlappingSeries([weekly, aStanding('other', { teams: four })]).has('weekly')).toBe(true)
  })

  it('is not said of people who declined', () => {
    const roster = rosterOfTeams(four)
    const declined = { ...roster, people: roster.people.map(each => ({ ...each, response: 'declined' as const })) }
    const long = aStanding('long', { roster: declined, minutes: 90 })
    expect(overlappingSeries([aStanding('short', { teams: four, minutes: 30 }), long]).size).toBe(0)
  })

  it.each([
    ['other people', aStanding('long', { teams: ['a', 'b', 'c', 'x'], minutes: 90 })],
    ['other weeks', aStanding('long', { teams: four, minutes: 90, start: '2026-09-14 10:00' })],
    ['a one-off', aStanding('long', { teams: four, minutes: 900, recurring: false })],
    ['a crowd', aStanding('long', { teams: [...four, ...Array.from({ length: 30 }, () => 'z')], minutes: 90 })],
    ['nobody listed', aStanding('long', { roster: rosterOfTeams(four, { known: false }), minutes: 90 })],
  ])('is not said beside %s', (_, other) => {
    expect(overlappingSeries([aStanding('short', { teams: four, minutes: 30 }), other]).size).toBe(0)
  })
})
