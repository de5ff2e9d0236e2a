import { describe, expect, test } from 'vitest'
import type { CalendarEvent, Occurrence } from '../../../src/domain/meetings/calendar-event.ts'
import { seriesOf } from '../../../src/domain/meetings/series.ts'
import type { Meeting, Roster } from '../../../src/domain/meetings/types.ts'
import { hourMs } from '../../../src/domain/time/types.ts'
import {
  aMeeting,
  anEvent,
  anOccurrence,
  aRemoval,
  aRoster,
  type EventOverrides,
  occurrencesEvery,
  zone,
} from '../../support/build.ts'

const utc = { zone: zone('UTC') }
const unknown = aRoster([], { known: false })

function held(occurrences: readonly Occurrence[], roster: Roster = aRoster(['ana', 'ben', 'dev'])): Meeting[] {
  return occurrences.map(occurrence =>
    aMeeting({
      id: `${occurrence.event.uid} ${occurrence.startAt}`,
      occurrence,
      roster,
      title: occurrence.event.title ?? '',
    }),
  )
}
/** A weekly series of 8 from a start, Thursdays at 14:00 unless told otherwise. */
function weekly(given: EventOverrides, roster?: Roster, count = 8): Meeting[] {
  return held(occurrencesEvery(anEvent({ start: '2026-01-08 14:00', ...given }), 7, count), roster)
}
const titles = (series: readonly { title: string }[]) => series.map(each => each.title)

describe('one UID', () => {
  test('occurrences and changed occurrences are one series', () => {
    const [first, second, ...rest] = weekly({ uid: 'a' })
    const moved = anOccurrence(
      anEvent({ uid: 'a', start: '2026-01-16 09:00', override: override('2026-01-15 14:00') }),
      {
        originalStartAt: second!.occurrence.originalStartAt,
      },
    )
    const [series, ...none] = seriesOf([first!, ...held([moved]), ...rest], [], utc)
    expect(none).toEqual([])
    expect(series!.meetings).toHaveLength(8)
    expect(series!.cadence).toEqual({ text: 'weekly', perWeek: 1, usual: 'Thu 14:00' })
  })

  test('Google’s split suffix → one series, also under a new title', () => {
    const before = weekly({ uid: 'a@google.com', title: 'Sync' })
    const after = weekly({ uid: 'a_R20260305T140000@google.com', title: 'Release sync', start: '2026-03-05 14:00' })
    const [series, ...none] = seriesOf([...before, ...after], [], utc)
    expect(none).toEqual([])
    expect(series!.titles).toEqual([
      { title: 'Sync', fromOn: '2026-01-08' },
      { title: 'Release sync', fromOn: '2026-03-05' },
    ])
    expect(series!.uids).toEqual(['a@google.com', 'a_R20260305T140000@google.com'])
  })

  test('one changed title does not rename a series, three in a row do', () => {
    const meetings = weekly({ uid: 'a', title: 'Sync' })
    const renamed = (index: number, title: string) => {
      const { occurrence } = meetings[index]!
      const event = anEvent({ uid: 'a', title, override: override('2026-01-08 14:00') })
      meetings[index] = held([{ ...occurrence, event }])[0]!
    }
    renamed(7, 'Sync with guest')
    expect(seriesOf(meetings, [], utc)[0]!.titles.map(each => each.title)).toEqual(['Sync'])
    renamed(5, 'Review')
    renamed(6, 'Review')
    renamed(7, 'Review')
    expect(titles(seriesOf(meetings, [], utc))).toEqual(['Review'])
  })

  test('removed occurrences belong to their series and to its rhythm', () => {
    const event = anEvent({ uid: 'a', start: '2026-01-08 14:00' })
    const meetings = held(occurrencesEvery(event, 14, 4))
    const removed = ['2026-01-15 14:00', '2026-01-29 14:00', '2026-02-12 14:00'].map(start => aRemoval(event, start))
    const [series] = seriesOf(meetings, removed, utc)
    expect(series!.removed).toHaveLength(3)
    expect(series!.cadence.text).toBe('weekly')
  })
})

describe('a series and the one that took its place', () => {
  const old = weekly({ uid: 'old', title: 'Platform sync' })

  test('new UID, same organizer, title, people and hour, a week later → one series', () => {
    const fresh = weekly({ uid: 'new', title: 'Platform sync', start: '2026-03-05 14:00' })
    const [series, ...none] = seriesOf([...old, ...fresh], [], utc)
    expect(none).toEqual([])
    expect(series!.uids).toEqual(['old', 'new'])
    expect(new Set(series!.meetings.map(each => each.seriesId))).toEqual(new Set([series!.id]))
  })

  test('the same title at another hour → one series', () => {
    const fresh = weekly({ uid: 'new', title: 'Platform sync', start: '2026-03-03 10:00' })
    expect(seriesOf([...old, ...fresh], [], utc)).toHaveLength(1)
  })

  test('another title, same organizer, most people and rhythm → a rename', () => {
    const fresh = weekly(
      { uid: 'new', title: 'Infrastructure round', start: '2026-03-05 14:00' },
      aRoster(['ana', 'ben', 'dev', 'ewa']),
    )
    const [series, ...none] = seriesOf([...old, ...fresh], [], utc)
    expect(none).toEqual([])
    expect(series!.titles.map(each => each.title)).toEqual(['Platform sync', 'Infrastructure round'])
  })

  test('other people in the same hour → two series', () => {
    const one = weekly({ uid: 'old', title: '1:1' }, aRoster(['ana', 'ben']))
    const two = weekly({ uid: 'new', title: '1:1 Chloé', start: '2026-03-05 14:00' }, aRoster(['ana', 'chloe']))
    expect(seriesOf([...one, ...two], [], utc)).toHaveLength(2)
  })

  test('another organizer → two series', () => {
    const fresh = weekly(
      { uid: 'new', title: 'Platform sync', start: '2026-03-05 14:00' },
      aRoster(['dev', 'ana', 'ben']),
    )
    expect(seriesOf([...old, ...fresh], [], utc)).toHaveLength(2)
  })

  test('the same title, people and organizer side by side → two series', () => {
    const beside = weekly({ uid: 'new', title: 'Platform sync', start: '2026-01-06 14:00' })
    expect(seriesOf([...old, ...beside], [], utc)).toHaveLength(2)
  })

  test('overlapping by one occurrence → two series', () => {
    const beside = weekly({ uid: 'new', title: 'Platform sync', start: '2026-02-24 14:00' })
    expect(seriesOf([...old, ...beside], [], utc)).toHaveLength(2)
  })

  test('a pause of more than two periods → two series', () => {
    const later = weekly({ uid: 'new', title: 'Platform sync', start: '2026-03-19 14:00' })
    expect(seriesOf([...old, ...later], [], utc)).toHaveLength(2)
  })

  test('the end of a series is its last expected start, held or not', () => {
    const event = old[0]!.occurrence.event
    const removed = ['2026-03-05 14:00', '2026-03-12 14:00'].map(start => aRemoval(event, start))
    const fresh = weekly({ uid: 'new', title: 'Platform sync', start: '2026-03-19 14:00' })
    expect(seriesOf([...old, ...fresh], removed, utc)).toHaveLength(1)
  })

  test('three in a row are one, oldest UID first', () => {
    const second = weekly({ uid: 'b', title: 'Platform sync', start: '2026-03-05 14:00' })
    const third = weekly({ uid: 'c', title: 'Platform sync', start: '2026-04-30 14:00' })
    const [series, ...none] = seriesOf([...third, ...old, ...second], [], utc)
    expect(none).toEqual([])
    expect(series!.uids).toEqual(['old', 'b', 'c'])
    expect(series!.id).toBe(seriesOf(old, [], utc)[0]!.id)
  })

  test('of two that could follow, the one that agrees more does', () => {
    const likely = weekly({ uid: 'b', title: 'Platform sync', start: '2026-03-05 14:00' })
    const unlikely = weekly({ uid: 'c', title: 'Budget', start: '2026-03-05 14:00' })
    const series = seriesOf([...old, ...unlikely, ...likely], [], utc)
    expect(series.map(each => each.uids)).toEqual([['old', 'b'], ['c']])
  })
})

describe('single events', () => {
  test('a council’s meetings entered one by one → a recurring series', () => {
    const starts = ['2026-01-05', '2026-01-20', '2026-02-02', '2026-02-16', '2026-03-02', '2026-03-16', '2026-04-06']
    const singles = starts.map((start, index) =>
      anOccurrence(anEvent({ uid: `c${index}`, title: 'City Council Work Session', start: `${start} 19:00` })),
    )
    const [series, ...none] = seriesOf(held(singles, unknown), [], utc)
    expect(none).toEqual([])
    expect(series).toMatchObject({ recurring: true, cadence: { text: 'every 2 weeks', usual: 'Mon 19:00' } })
    expect(series!.uids).toHaveLength(7)
  })

  test('numbers and dates in a title do not make another habit', () => {
    const singles = [0, 1, 2, 3].map(index =>
      anOccurrence(
        anEvent({ uid: `${index}`, title: `Sprint ${index + 30} review`, start: `2026-01-${12 + index * 5} 10:00` }),
      ),
    )
    const [series, ...none] = seriesOf(held(singles), [], utc)
    expect(none).toEqual([])
    expect(series!.titles).toEqual([{ title: 'Sprint 33 review', fromOn: '2026-01-12' }])
  })

  test('two of a title, or a title at odd times, or with other people each time → one-offs', () => {
    const at = (uid: string, title: string, start: string) => anOccurrence(anEvent({ uid, title, start }))
    const pair = [at('1', 'Offsite', '2026-01-05 10:00'), at('2', 'Offsite', '2026-02-05 10:00')]
    const odd = [
      at('3', 'Chat', '2026-01-05 10:00'),
      at('4', 'Chat', '2026-01-06 15:00'),
      at('5', 'Chat', '2026-03-01 09:00'),
      at('6', 'Chat', '2026-06-20 11:00'),
    ]
    const interviews = [
      ...held([at('7', 'Interview', '2026-01-05 10:00')], aRoster(['ana', 'ben'])),
      ...held([at('8', 'Interview', '2026-01-12 10:00')], aRoster(['ana', 'chloe'])),
      ...held([at('9', 'Interview', '2026-01-19 10:00')], aRoster(['ana', 'dev'])),
    ]
    const series = seriesOf([...held([...pair, ...odd]), ...interviews], [], utc)
    expect(series).toHaveLength(9)
    expect(series.every(each => !each.recurring && each.cadence.text === 'once')).toBe(true)
  })

  test('150,000 of one title without a rhythm → as many one-offs', () => {
    const [first] = held([anOccurrence(anEvent({ title: 'Ping' }))])
    const { occurrence } = first!
    const singles = Array.from({ length: 150_000 }, (_, index): Meeting => {
      const startAt = first!.startAt + index * 60_000
      const event = { ...occurrence.event, uid: `${index}` }
      const own = { ...occurrence, event, startAt, originalStartAt: startAt }
      return { ...first!, id: `${index}`, seriesId: `${index}`, occurrence: own, startAt }
    })
    expect(seriesOf(singles, [], utc)).toHaveLength(150_000)
  })
})

describe('cadence', () => {
  test.each([
    [1, 20, 'daily'],
    [2, 20, 'several a week'],
    [7, 9, 'weekly'],
    [14, 6, 'every 2 weeks'],
    [28, 5, 'monthly'],
    [91, 4, 'quarterly'],
    [365, 3, 'yearly'],
  ] as const)('every %i days → %s', (days, count, text) => {
    const [series] = seriesOf(held(occurrencesEvery(anEvent({ uid: 'a' }), days, count)), [], utc)
    expect(series!.cadence.text).toBe(text)
  })

  test('every working day at 09:15 → Mon–Fri 09:15, five a week', () => {
    const starts = [5, 6, 7, 8, 9, 12, 13, 14, 15, 16, 19, 20, 21, 22, 23]
    const event = anEvent({ uid: 'a', start: '2026-01-05 09:15', minutes: 15 })
    const daily = starts.map(day =>
      anOccurrence(event, { start: `2026-01-${String(day).padStart(2, '0')} 09:15`, recurring: true }),
    )
    const [series] = seriesOf(held(daily), [], utc)
    expect(series!.cadence).toEqual({ text: 'daily', perWeek: 5, usual: 'Mon–Fri 09:15' })
  })

  test('Tuesdays and Thursdays → several a week, two', () => {
    const event = anEvent({ uid: 'a' })
    const starts = ['01-06', '01-08', '01-13', '01-15', '01-20', '01-22'].map(day =>
      anOccurrence(event, { start: `2026-${day} 09:30`, recurring: true }),
    )
    expect(seriesOf(held(starts), [], utc)[0]!.cadence).toEqual({
      text: 'several a week',
      perWeek: 2,
      usual: 'Tue, Thu 09:30',
    })
  })

  test('moved from Tuesday 10:00 to 14:00 from the third on → weekly, Tue 14:00', () => {
    const event = anEvent({ uid: 'a', start: '2026-01-06 10:00' })
    const [first, second, ...rest] = occurrencesEvery(event, 7, 6)
    const later = anEvent({
      uid: 'a',
      start: '2026-01-20 14:00',
      minutes: 90,
      override: { ...override('2026-01-20 10:00'), andFuture: true },
    })
    const moved = rest.map(each =>
      anOccurrence(later, {
        startAt: each.startAt + 4 * hourMs,
        endAt: each.startAt + 5.5 * hourMs,
        originalStartAt: each.originalStartAt,
      }),
    )
    const [series] = seriesOf(held([first!, second!, ...moved]), [], utc)
    expect(series!.cadence).toEqual({ text: 'weekly', perWeek: 1, usual: 'Tue 14:00' })
  })

  test('moved after half a year → the start it has had for eight weeks', () => {
    const before = occurrencesEvery(anEvent({ uid: 'a', start: '2026-01-06 10:00' }), 7, 18)
    const after = before.splice(10).map(each => ({ ...each, startAt: each.startAt + hourMs }))
    expect(seriesOf(held([...before, ...after]), [], utc)[0]!.cadence.usual).toBe('Tue 11:00')
  })

  test('two held where many were meant to be → the start they were meant to have', () => {
    const event = anEvent({ uid: 'a', start: '2026-01-06 10:00' })
    const [first, second] = occurrencesEvery(event, 7, 2)
    const gone = ['2026-01-20 10:00', '2026-01-27 10:00', '2026-02-03 10:00'].map(start => aRemoval(event, start))
    const [series] = seriesOf(held([first!, { ...second!, startAt: second!.startAt + hourMs }]), gone, utc)
    expect(series!.cadence.usual).toBe('Tue 10:00')
  })

  test('the usual start is read on the audit’s wall and survives clock changes', () => {
    const event = anEvent({ uid: 'a', start: '2026-03-05 10:00', zone: 'Europe/Madrid' })
    const meetings = held(occurrencesEvery(event, 7, 8))
    expect(seriesOf(meetings, [], { zone: zone('Europe/Madrid') })[0]!.cadence.usual).toBe('Thu 10:00')
    expect(seriesOf(meetings, [], { zone: zone('Asia/Kathmandu') })[0]!.cadence.usual).toBeNull()
  })
})

function override(originalStart: string): NonNullable<CalendarEvent['override']> {
  return { originalStartAt: Date.parse(`${originalStart.replace(' ', 'T')}:00Z`), byDate: false, andFuture: false }
}
