import { describe, expect, it } from 'vitest'
import type { Invitee, Series } from '../../../src/domain/meetings/types.ts'
import { defaultAttendance } from '../../../src/domain/worth/attendance.ts'
import {
  type ChannelOptions,
  channelMap,
  pairTalkHoursPerYear,
  teamPresence,
} from '../../../src/domain/worth/channels.ts'
import { anEvent, anInvitee, aRoster, aSeries } from '../../support/build.ts'

describe('golden numbers of structure', () => {
  it('presence: two of A at .95 and one of B at .5 meet with probability .49875', () => {
    const roster = aRoster([member('a', '1'), member('a', '2'), { ...member('b', '3'), response: 'none' }])
    const presence = teamPresence(roster, { ...defaultAttendance, accepted: 0.95 })
    expect(presence.get('a')).toBeCloseTo(0.9975, 6)
    expect(presence.get('a')! * presence.get('b')!).toBeCloseTo(0.49875, 6)
  })

  it('without ARCH {P,C,D,M}, beside PD {P,D}: PC, PM, CD, CM and DM lose their only link; {P,D}, {C}, {M} remain', () => {
    const arch = meetingOf('arch', ['p', 'c', 'd', 'm'])
    const facts = channels([arch, meetingOf('pd', ['p', 'd'])])!.bySeries.get('arch')!
    expect(facts.pairs).toBe(6)
    expect(facts.sole.map(pair => pair.join('')).sort()).toEqual(['cd', 'cm', 'cp', 'dm', 'mp'])
    expect(facts.groupsWithout).toEqual([['c'], ['d', 'p'], ['m']])
    expect(facts.bridges).toHaveLength(5)
    expect(channels([arch, meetingOf('pd', ['p', 'd'])])!.bySeries.get('pd')!.sole).toEqual([])
  })

  it('eight single-person teams are 28 links; pair talks would take 728 hours a year against 624', () => {
    const arch = meetingOf('arch', [...'abcdefgh'])
    expect(channels([arch])!.bySeries.get('arch')).toMatchObject({ pairs: 28, pairTalkHoursPerYear: 728 })
    expect(pairTalkHoursPerYear(28)).toBe(728)
  })
})

describe('what counts as a live link', () => {
  it('needs twenty expected minutes in four weeks', () => {
    // 30 min × .9 × .9 = 24.3 min per occurrence.
    expect(channels([meetingOf('monthly', ['a', 'b'], { count: 2, minutes: 30 })], { weeks: 8 })!.pairs).toHaveLength(1)
    expect(channels([meetingOf('monthly', ['a', 'b'], { count: 2, minutes: 30 })], { weeks: 12 })!.pairs).toEqual([])
  })

  it('is not made by a meeting of more than 25 expected people, unless both teams speak on its agenda', () => {
    const crowd = Array.from({ length: 40 }, (_, index) => member(['a', 'b', 'c'][index % 3]!, `${index}`))
    const allHands = { ...meetingOf('all', ['a', 'b', 'c']), roster: aRoster(crowd) }
    const series = { ...allHands, meetings: allHands.meetings.map(each => ({ ...each, roster: allHands.roster })) }
    expect(channels([series])!.pairs).toEqual([])
    const speakers = new Map([['all', new Set(['a', 'b'])]])
    expect(channels([series], { speakers })!.pairs.map(({ teams }) => teams)).toEqual([['a', 'b']])
  })

  it('is not made by a one-off, which will not meet again', () => {
    expect(channels([{ ...meetingOf('once', ['a', 'b']), recurring: false }])!.pairs).toEqual([])
  })

  it('cannot be told when fewer than two teams are known', () => {
    expect(channels([meetingOf('team', ['a', 'a'])])).toBeNull()
    expect(channels([])).toBeNull()
  })

  it('lists the series behind a pair, strongest first', () => {
    const short = meetingOf('short', ['a', 'b'], { minutes: 30 })
    const long = meetingOf('long', ['a', 'b'], { minutes: 90 })
    const [pair] = channels([short, long])!.pairs
    expect(pair!.through.map(({ seriesId }) => seriesId)).toEqual(['long', 'short'])
    expect(pair!.through[0]!.minutesPer4Weeks).toBeCloseTo(4 * 90 * 0.81, 6)
  })
})

describe('talks and reports', () => {
  const review = meetingOf('review', ['a', 'b', 'c'])
  const round = meetingOf('round', ['a', 'b', 'c', 'd'])

  it('a review is the only place where teams talk, although a status round seats them too', () => {
    const facts = channels([review, round], { oneWay: new Set(['round']) })!
    expect(facts.bySeries.get('review')!.sole).toHaveLength(3)
    expect(facts.bySeries.get('round')!.sole.map(pair => pair.join(''))).toEqual(['ad', 'bd', 'cd'])
  })

  it('of two status rounds the stronger holds the link that no talk makes', () => {
    const longer = meetingOf('longer', ['a', 'b'], { minutes: 90 })
    const facts = channels([longer, meetingOf('round', ['a', 'b'])], { oneWay: new Set(['longer', 'round']) })!
    expect(facts.bySeries.get('longer')!.sole).toHaveLength(1)
    expect(facts.bySeries.get('round')!.sole).toEqual([])
  })

  it('a pair that reaches each other over one common team loses a channel and no bridge', () => {
    const facts = channels([meetingOf('ab', ['a', 'b']), meetingOf('ac', ['a', 'c']), meetingOf('bc', ['b', 'c'])])!
    expect(facts.bySeries.get('ab')).toMatchObject({ sole: [['a', 'b']], bridges: [], groupsWithout: [['a', 'b']] })
  })

  it('a pair that would need two teams between loses a bridge though it stays connected', () => {
    const ring = ['ab', 'bc', 'cd', 'ad'].map(pair => meetingOf(pair, [...pair]))
    const facts = channels(ring)!.bySeries.get('ad')!
    expect(facts.bridges).toEqual([['a', 'd']])
    expect(facts.groupsWithout).toEqual([['a', 'd']])
  })

  it('counts people who are in both teams apart: no cancellation removes them', () => {
    const memberships = new Map([
      ['zoe@x', ['a', 'b']],
      ['yan@x', ['b', 'a']],
    ])
    expect(channels([review], { memberships })!.bySeries.get('review')).toMatchObject({
      soleWithDualMember: 1,
      fewestCarriers: 2,
    })
  })
})

function channels(series: readonly Series[], given: Partial<ChannelOptions> = {}) {
  return channelMap(series, { attendance: defaultAttendance, weeks: 4, oneWay: new Set(), ...given })
}

/** A weekly meeting with one accepted member of each team. */
function meetingOf(id: string, teams: readonly string[], given: { count?: number; minutes?: number } = {}): Series {
  const { count = 4, minutes = 60 } = given
  const roster = aRoster(teams.map(team => member(team, team)))
  return aSeries({ id, event: anEvent({ uid: id, title: id, minutes }), count, roster })
}

function member(team: string, name: string): Invitee {
  return anInvitee('ben', { id: `${name}@lantern.example`, team })
}
