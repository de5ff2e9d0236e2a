import { describe, expect, test } from 'vitest'
import type { CalendarEvent, Occurrence } from '../../../src/domain/meetings/calendar-event.ts'
import { type AuditContext, type CalendarOccurrences, meetingsOf } from '../../../src/domain/meetings/judge-calendar.ts'
import {
  aDirectory,
  anAttendee,
  anEvent,
  anOccurrence,
  aRemoval,
  at,
  type CompanyName,
  company,
  type EventOverrides,
  occurrencesEvery,
  zone,
} from '../../support/build.ts'

const window = { startAt: at('2026-01-01'), endAt: at('2026-07-01') }
const context: AuditContext = { directory: aDirectory(), me: null, window, zone: zone('UTC') }
const asAna: AuditContext = { ...context, me: company.ana.address }

function calendar(name: string, occurrences: readonly Occurrence[], more: Partial<CalendarOccurrences> = {}) {
  return { calendar: name, occurrences, removed: [], ...more }
}
/** A calendar of one person, with one event. */
function calendarOf(who: CompanyName, given: EventOverrides): CalendarOccurrences {
  const name = `${who}.ics`
  return calendar(name, [anOccurrence(anEvent({ ...given, calendar: name }))], { owner: company[who].address })
}
const rules = (reads: readonly CalendarOccurrences[], in_: AuditContext = context) =>
  meetingsOf(reads, in_).judged.map(each => each.rule)

const everybody = Object.keys(company) as CompanyName[] // Safe because the company is a literal.

describe('copies', () => {
  test('the same meeting on 12 calendars → one meeting, 12 copies', () => {
    const reads = everybody.map(who => calendarOf(who, { organizer: 'maya', attendees: everybody }))
    const { meetings, judged } = meetingsOf(reads, context)
    expect(meetings).toHaveLength(1)
    expect(meetings[0]).toMatchObject({ copies: 12, roster: { headcount: { expected: 12 } } })
    expect(judged.filter(each => each.counted)).toHaveLength(1)
    expect(judged.find(each => each.counted)!.occurrence.event.calendar).toBe('maya.ics')
    expect(
      judged.filter(each => each.rule === 'duplicate-copy').every(each => each.meetingId === meetings[0]!.id),
    ).toBe(true)
  })

  test('an edited copy on one calendar changes nothing on the others', () => {
    const reads = [
      calendarOf('ben', { title: 'My own name for it', organizer: 'ana', attendees: ['ana', 'ben', 'dev'] }),
      calendarOf('ana', { title: 'Planning', organizer: 'ana', attendees: ['ana', 'ben', 'dev'] }),
      calendarOf('dev', { title: 'Planning', organizer: 'ana', attendees: ['ana', 'ben', 'dev'] }),
    ]
    expect(meetingsOf(reads, context).meetings.map(each => each.title)).toEqual(['Planning'])
  })

  test('the organizer’s copy knows the replies', () => {
    const reads = [
      calendarOf('ben', { organizer: 'ana', attendees: ['ana', 'ben', anAttendee('dev', { response: 'none' })] }),
      calendarOf('ana', { organizer: 'ana', attendees: ['ana', 'ben', anAttendee('dev', { response: 'declined' })] }),
    ]
    const [meeting] = meetingsOf(reads, context).meetings
    expect(meeting!.roster.people.find(each => each.id === company.dev.address)!.response).toBe('declined')
  })

  test('my own copy knows my reply: a no of mine drops all copies', () => {
    const reads = [
      calendarOf('ana', { organizer: 'ben', attendees: ['ben', 'dev', anAttendee('ana', { response: 'declined' })] }),
      calendarOf('ben', { organizer: 'ben', attendees: ['ben', 'dev', anAttendee('ana', { response: 'none' })] }),
    ]
    expect(rules(reads, asAna)).toEqual(['declined-by-me', 'declined-by-me'])
  })

  test('my own copy knows my reply: an old no on the organizer’s copy does not count', () => {
    const reads = [
      calendarOf('ana', { organizer: 'ben', attendees: ['ben', 'dev', anAttendee('ana', { response: 'accepted' })] }),
      calendarOf('ben', { organizer: 'ben', attendees: ['ben', 'dev', anAttendee('ana', { response: 'declined' })] }),
    ]
    const { meetings } = meetingsOf(reads, asAna)
    expect(meetings).toHaveLength(1)
    expect(meetings[0]!.roster.people.find(each => each.isMe)!.response).toBe('accepted')
  })

  test('a copy I keep private is private; the meeting of the others counts', () => {
    const reads = [
      calendarOf('ana', { visibility: 'private', organizer: 'ben', attendees: ['ana', 'ben'] }),
      calendarOf('ben', { organizer: 'ben', attendees: ['ana', 'ben'] }),
    ]
    expect(rules(reads)).toEqual(['private', 'people-met'])
  })

  test('cancelled by the organizer → cancelled on every calendar, however stale', () => {
    const reads = [
      calendarOf('ben', { organizer: 'ana', attendees: ['ana', 'ben'] }),
      calendarOf('ana', { organizer: 'ana', attendees: ['ana', 'ben'], status: 'cancelled' }),
    ]
    expect(rules(reads)).toEqual(['cancelled', 'cancelled'])
  })

  test('cancelled on one guest’s calendar alone → the meeting counts', () => {
    const reads = [
      calendarOf('ben', { organizer: 'ana', attendees: ['ana', 'ben'], title: 'Canceled: Planning' }),
      calendarOf('ana', { organizer: 'ana', attendees: ['ana', 'ben'] }),
    ]
    expect(rules(reads)).toEqual(['cancelled-by-title', 'people-met'])
  })

  test('without the organizer’s copy the newest copy says whether it is cancelled', () => {
    const copy = { organizer: 'maya', attendees: ['maya', 'ana', 'ben'] } as const
    const reads = (sequence: number) => [
      calendarOf('ben', { ...copy, sequence: 1 }),
      calendarOf('ana', { ...copy, sequence, status: 'cancelled' }),
    ]
    expect(rules(reads(2))).toEqual(['cancelled', 'cancelled'])
    expect(rules(reads(1))).toEqual(['people-met', 'cancelled'])
  })

  test('the same event twice in one file counts once', () => {
    const event = anEvent({ attendees: ['ana', 'ben'] })
    const { meetings, judged } = meetingsOf([calendar('a.ics', [anOccurrence(event), anOccurrence(event)])], context)
    expect(meetings.map(each => each.copies)).toEqual([1])
    expect(judged.map(each => each.rule)).toEqual(['people-met', 'duplicate-copy'])
  })

  test('one UID for different events of one file → different meetings with ids of their own', () => {
    const same = { uid: '1', attendees: ['ana', 'ben'] } as const
    const events = ['Planning', 'Budget'].map(title => anOccurrence(anEvent({ ...same, title })))
    const { meetings } = meetingsOf([calendar('a.ics', events)], context)
    expect(new Set(meetings.map(each => each.id)).size).toBe(2)
  })

  test('two UIDs, one organizer, time, title and people → probably one meeting', () => {
    const given = { organizer: 'ana', attendees: ['ana', 'ben', 'dev'] } as const
    const reads = [
      calendarOf('ben', { ...given, uid: 'x' }),
      calendarOf('dev', { ...given, uid: 'y', title: 'planning ' }),
    ]
    expect(meetingsOf(reads, context).meetings.map(each => each.copies)).toEqual([2])
  })

  test('parallel interviews of one recruiter share all but the people → two meetings', () => {
    const interview = { title: 'Interview', organizer: 'maya' } as const
    const reads = [
      calendarOf('ben', { ...interview, uid: 'x', attendees: ['ben', 'x@lantern.example', 'one@guest.example'] }),
      calendarOf('dev', { ...interview, uid: 'y', attendees: ['dev', 'y@lantern.example', 'two@guest.example'] }),
    ]
    expect(meetingsOf(reads, context).meetings).toHaveLength(2)
  })
})

describe('private series', () => {
  test('a public change of a private series stays private', () => {
    const master = anEvent({ visibility: 'private', title: null, attendees: [] })
    const changed = anEvent({
      start: '2026-03-23 10:00',
      title: 'The secret',
      attendees: ['ana', 'ben'],
      override: { originalStartAt: at('2026-03-23 10:00'), byDate: false, andFuture: false },
    })
    const { judged, meetings } = meetingsOf(
      [calendar('ana.ics', [anOccurrence(master), anOccurrence(changed)])],
      context,
    )
    expect(judged.map(each => each.rule)).toEqual(['private', 'private'])
    expect(meetings).toEqual([])
  })
})

describe('what did not take place', () => {
  test('without a UID, another title at the same hour was not held in its place', () => {
    const board = anEvent({ uid: '', title: 'Board', start: '2026-03-16 10:00', attendees: ['ana', 'ben'] })
    const lunch = anOccurrence(anEvent({ uid: '', title: 'Lunch talk', attendees: ['ana', 'ben'] }))
    const reads = [calendar('ana.ics', [lunch], { removed: [aRemoval(board, '2026-03-16 10:00')] })]
    expect(meetingsOf(reads, context).removed).toHaveLength(1)
  })

  const event = anEvent({ organizer: 'ana', attendees: ['ana', 'ben'], start: '2026-03-02 10:00' })

  test('deleted by one guest and held by the others → held', () => {
    const reads = [
      calendar('ana.ics', occurrencesEvery(event, 7, 4)),
      calendar('ben.ics', occurrencesEvery(event, 7, 4).slice(1), { removed: [aRemoval(event, '2026-03-02 10:00')] }),
    ]
    const { removed, meetings } = meetingsOf(reads, context)
    expect(removed).toEqual([])
    expect(meetings.map(each => each.copies)).toEqual([1, 2, 2, 2])
  })

  test('deleted on every calendar → removed once', () => {
    const removed = [aRemoval(event, '2026-03-09 10:00')]
    const left = occurrencesEvery(event, 7, 4).filter((_, index) => index !== 1)
    const found = meetingsOf([calendar('ana.ics', left, { removed }), calendar('ben.ics', left, { removed })], context)
    expect(found.removed).toHaveLength(1)
    expect(found.series[0]!.removed).toHaveLength(1)
  })

  test('called off by title → not a meeting, and part of the history of its series', () => {
    const [first, second, ...rest] = occurrencesEvery(event, 7, 4)
    const off: CalendarEvent = { ...event, title: 'Canceled: Planning' }
    const found = meetingsOf([calendar('ana.ics', [first!, { ...second!, event: off }, ...rest])], context)
    expect(found.meetings).toHaveLength(3)
    expect(found.series[0]!.removed).toEqual([
      { event: off, originalStartAt: second!.originalStartAt, reason: 'cancelled' },
    ])
  })
})

describe('the whole', () => {
  test('every occurrence of the window is a row; those outside are not', () => {
    const event = anEvent({ attendees: ['ana', 'ben'], start: '2025-12-25 10:00' })
    const { judged, meetings, series } = meetingsOf([calendar('ana.ics', occurrencesEvery(event, 7, 40))], context)
    expect(judged).toHaveLength(26)
    expect(meetings).toHaveLength(26)
    expect(series.map(each => each.meetings.length)).toEqual([26])
  })

  test('occurrences of one event share one roster', () => {
    const event = anEvent({ attendees: ['ana', 'ben'] })
    const { meetings } = meetingsOf([calendar('ana.ics', occurrencesEvery(event, 7, 5))], context)
    expect(new Set(meetings.map(each => each.roster)).size).toBe(1)
  })

  test('meetings carry the id of the series they are in, also after a split', () => {
    const people = { organizer: 'ana', attendees: ['ana', 'ben'], title: 'Sync' } as const
    const first = anEvent({ ...people, uid: 'one', start: '2026-01-08 14:00' })
    const second = anEvent({ ...people, uid: 'two', start: '2026-03-05 14:00' })
    const read = calendar('ana.ics', [...occurrencesEvery(first, 7, 8), ...occurrencesEvery(second, 7, 8)])
    const { meetings, series } = meetingsOf([read], context)
    expect(series).toHaveLength(1)
    expect(new Set(meetings.map(each => each.seriesId))).toEqual(new Set([series[0]!.id]))
  })

  test('one person’s calendar: their own mark stands for them whatever the address', () => {
    const event = anEvent({
      attendees: ['ben', 'dev', anAttendee('a.r@alias.example', { self: true, response: 'declined' })],
    })
    expect(rules([calendar('ana.ics', [anOccurrence(event)])], asAna)).toEqual(['declined-by-me'])
  })

  test('a council’s public calendar counts, and says nothing about people', () => {
    const events = [1, 2, 3, 4].map(week =>
      anOccurrence(anEvent({ uid: `c${week}`, title: 'Council', start: `2026-03-0${week} 19:00` })),
    )
    const { meetings } = meetingsOf([calendar('council.ics', events)], context)
    expect(meetings.every(each => each.rule === 'invitees-not-listed' && !each.roster.known)).toBe(true)
    expect(meetings).toHaveLength(4)
  })

  test('time that somebody keeps for themselves stands under their name on their calendar → alone, in my audit too', () => {
    const solo = calendarOf('ben', { uid: 'solo', title: 'Writing: standards', organizer: 'ben' })
    const met = calendarOf('ben', { uid: 'met', title: 'Planning', organizer: 'ben', attendees: ['ana', 'ben'] })
    const bens = calendar('ben.ics', [...solo.occurrences, ...met.occurrences], { owner: company.ben.address })
    expect(rules([bens], asAna)).toEqual(['alone', 'people-met'])
    // on my own calendar the same words are an invitation whose guests I cannot see
    const mine = calendarOf('ana', { uid: 'solo', title: 'Writing: standards', organizer: 'ben' })
    const mines = calendarOf('ana', { uid: 'met', title: 'Planning', organizer: 'ana', attendees: ['ana', 'ben'] })
    const all = calendar('ana.ics', [...mine.occurrences, ...mines.occurrences], { owner: company.ana.address })
    expect(rules([all], asAna)).toEqual(['invitees-not-listed', 'people-met'])
  })

  test('no calendars, or an empty one, give nothing', () => {
    expect(meetingsOf([], context)).toMatchObject({ judged: [], meetings: [], removed: [], series: [] })
    expect(meetingsOf([calendar('a.ics', [])], context).meetings).toEqual([])
  })
})
