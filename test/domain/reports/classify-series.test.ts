import { expect, it } from 'vitest'
import type { CalendarEvent } from '../../../src/domain/meetings/calendar-event.ts'
import type { Meeting, Roster, Series } from '../../../src/domain/meetings/types.ts'
import { classifySeries } from '../../../src/domain/reports/classify-series.ts'
import { weekMs } from '../../../src/domain/time/types.ts'
import { anEvent } from '../../support/build.ts'

const roster: Roster = {
  people: [],
  groups: [],
  rooms: 0,
  organizerId: null,
  teams: [],
  externalCount: 0,
  headcount: { low: 6, expected: 6, high: 6 },
  truncated: false,
  known: false,
}

/** A weekly series whose occurrences carry these agendas, oldest first; the same text is the same event. */
function weekly(title: string, agendas: readonly string[]): Series {
  const events = new Map<string, CalendarEvent>()
  const meetings = agendas.map((description, week): Meeting => {
    const event = events.get(description) ?? anEvent({ title, description })
    events.set(description, event)
    const startAt = week * weekMs
    return {
      id: `m-${week}`,
      seriesId: 's',
      occurrence: { event, startAt, endAt: startAt + 3_600_000, originalStartAt: startAt, recurring: true },
      startAt,
      endAt: startAt + 3_600_000,
      minutes: 60,
      title,
      roster,
      rule: 'invitees-not-listed',
      copies: 1,
    }
  })
  return {
    id: 's',
    title,
    titles: [{ title, fromOn: '1970-01-01' }],
    recurring: true,
    cadence: { text: 'weekly', perWeek: 1, usual: null },
    meetings,
    removed: [],
    uids: ['u'],
    roster,
  }
}

const updates = '1. Updates from each team\n2. Status of the tickets'
const vote = '1. Approve the budget\n2. Vote on the new supplier'
const dispute = '1. Two rival proposals for the retry budget: objections from Payments\n2. Updates'

it('one agenda every week → its verdict', () => {
  expect(classifySeries(weekly('Weekly', Array(8).fill(vote))).kind).toBe('decision')
})

it('mostly updates, one vote → status, less sure than updates alone', () => {
  const mixed = classifySeries(weekly('Weekly', [...Array(7).fill(updates), vote]))
  const plain = classifySeries(weekly('Weekly', Array(8).fill(updates)))
  expect(plain.kind).toBe('status')
  expect(mixed.kind).toBe('status')
  expect(mixed.confidence).toBeLessThan(plain.confidence)
})

it('the conflict of one week stays in sight of a series of updates (items)', () => {
  const { kind, items } = classifySeries(weekly('Weekly', [dispute, ...Array(7).fill(updates)]))
  expect(kind).toBe('status')
  expect(items.filter(item => item.kind === 'conflict').map(item => item.text)).toEqual([
    expect.stringContaining('rival proposals'),
  ])
})

it('the shown basis is that of an invitation that was really sent', () => {
  const { basis } = classifySeries(weekly('Weekly', [...Array(3).fill(vote), ...Array(5).fill(updates)]))
  const quotes = basis.flatMap(reason => reason.quote ?? [])
  expect(quotes.length).toBeGreaterThan(0)
  for (const quote of quotes) expect(`Weekly\n${updates}`.toLowerCase()).toContain(quote.toLowerCase())
})

it('scores sum to one, whatever was averaged', () => {
  const { scores } = classifySeries(weekly('Weekly', [updates, vote, dispute, '']))
  expect(scores.status + scores.decision + scores.alignment + scores.conflict).toBeCloseTo(1, 9)
})
