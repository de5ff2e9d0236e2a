import { describe, expect, test } from 'vitest'
import type { CalendarEvent } from '../../../src/domain/meetings/calendar-event.ts'
import { eventTypes } from '../../../src/domain/meetings/calendar-event.ts'
import { busyRules, countingRuleSentences, judge, ownWorkRules } from '../../../src/domain/meetings/counting.ts'
import { rosterContext, rosterOf } from '../../../src/domain/meetings/roster.ts'
import { countedRules, droppedRules } from '../../../src/domain/meetings/types.ts'
import { aDirectory, anAttendee, anEvent, anOccurrence, company, type EventOverrides } from '../../support/build.ts'

const me = company.ana.address
const other = anEvent({ uid: 'other', attendees: ['ana', 'ben'] })

/** Judges an event of Ana's calendar, on which other events do list guests. */
function ruleOf(given: EventOverrides | CalendarEvent, listed = true) {
  const event = 'time' in given ? (given as CalendarEvent) : anEvent(given)
  const events = listed ? [event, other] : [event]
  const context = rosterContext([{ calendar: event.calendar, events, owner: me }], aDirectory(), me)
  return judge(anOccurrence(event), rosterOf(event, context), {
    listsInvitees: context.listsInvitees(event.calendar),
    meIsKnown: true,
    calendarOwner: me,
    seriesIsPrivate: false,
  })
}
const both = { attendees: ['ana', 'ben'] } as const

describe('a block that Minutewise wrote', () => {
  const ours = { title: 'Time to think', categories: ['Minutewise'] }

  test('→ focus-time, whatever its title and whether the calendar lists guests', () => {
    expect(ruleOf(ours)).toBe('focus-time')
    expect(ruleOf(ours, false)).toBe('focus-time')
  })

  test('soft → hold-of-other-tool', () => {
    expect(ruleOf({ ...ours, showAs: 'tentative' }, false)).toBe('hold-of-other-tool')
  })

  test('with guests → people-met: anybody may choose a category', () => {
    expect(ruleOf({ ...ours, ...both })).toBe('people-met')
  })
})

describe('counted', () => {
  test('two people → people-met', () => {
    expect(ruleOf(both)).toBe('people-met')
  })

  test('the organizer and one guest → people-met', () => {
    expect(ruleOf({ organizer: 'ana', attendees: ['ben'] })).toBe('people-met')
  })

  test('a group and me → group-invited', () => {
    expect(ruleOf({ attendees: ['ana', 'all@lantern.example'] })).toBe('group-invited')
    expect(ruleOf({ attendees: ['all@lantern.example'] })).toBe('group-invited')
  })

  test.each([
    'Algebra class',
    'Lecture: graph theory',
    'Office hours',
    'Piano lesson (Tom)',
    'Client: Harbor & Sons',
    'Patient 12',
    'Appointment with Ms Berg',
    'Interview slots',
    'Consultation',
    'Sprechstunde',
  ])('"%s" with nobody on the invitation → teaching-or-client', title => {
    expect(ruleOf({ title })).toBe('teaching-or-client')
  })

  test('a description that speaks of students → teaching-or-client', () => {
    expect(ruleOf({ title: 'Room 12', description: '<p>Students of the second year</p>' })).toBe('teaching-or-client')
  })

  test.each(['Prepare class', 'Write client report', 'Dentist appointment', 'Classify the backlog', 'Report'])(
    '"%s" is work or an errand of one person → alone',
    title => {
      expect(ruleOf({ title })).toBe('alone')
    },
  )

  test('nobody on any event of the calendar → invitees-not-listed', () => {
    expect(ruleOf({ title: 'City Council Work Session' }, false)).toBe('invitees-not-listed')
  })

  test('one invitation among hundreds of entries does not make a calendar list its guests', () => {
    const event = anEvent({ title: 'Trustee meeting' })
    const events = [other, event, ...Array.from({ length: 98 }, (_, index) => anEvent({ uid: `${index}` }))]
    const context = rosterContext([{ calendar: 'ana.ics', events, owner: null }], aDirectory(), null)
    expect(context.listsInvitees('ana.ics')).toBe(false)
    expect(rosterOf(event, context).known).toBe(false)
  })

  test('somebody else’s invitation with a hidden guest list → invitees-not-listed', () => {
    expect(ruleOf({ organizer: 'maya' })).toBe('invitees-not-listed')
    expect(ruleOf({ organizer: 'ana' })).toBe('alone')
  })
})

describe('dropped', () => {
  test('status cancelled → cancelled, before anything else', () => {
    expect(ruleOf({ ...both, status: 'cancelled', visibility: 'private' })).toBe('cancelled')
  })

  test.each([
    'Canceled: Planning',
    'Cancelled: Planning',
    'Canceled: Canceled: Planning',
    'Abgesagt: Planung',
    'Annulé : Point hebdo',
    'Cancelado: Reunión',
    'Annullato: Riunione',
    'Geannuleerd: Overleg',
    'Odwołane: Spotkanie',
    'キャンセル: 定例会議',
    'キャンセル：定例会議',
    '[CANCELLED] Planning',
    'CANCELLED - Advisory Council',
    'CANCELLED Tomato Tasting',
    'Advisory Council meeting CANCELLED',
    'Craft Workshop - cancelled',
    'Monday Pasta - CANCELLED for tonight',
    'Mending Day (COVID cancelled)',
  ])('"%s" → cancelled-by-title', title => {
    expect(ruleOf({ ...both, title })).toBe('cancelled-by-title')
  })

  test.each([
    'Canceled orders review',
    'Review of cancelled: orders',
    'Cancellation policy',
    'CANCELLED ORDERS SYNC',
    'Canceled-order dashboard',
    'Why we cancelled',
  ])('"%s" is a real meeting', title => {
    expect(ruleOf({ ...both, title })).toBe('people-met')
  })

  test('my own no → declined-by-me; another’s no is theirs', () => {
    expect(ruleOf({ attendees: [anAttendee('ana', { response: 'declined' }), 'ben', 'dev'] })).toBe('declined-by-me')
    expect(ruleOf({ attendees: ['ana', anAttendee('ben', { response: 'declined' }), 'dev'] })).toBe('people-met')
  })

  test('everybody else declined → alone', () => {
    expect(ruleOf({ attendees: ['ana', anAttendee('ben', { response: 'declined' })] })).toBe('alone')
  })

  test.each(['private', 'confidential'] as const)('visibility %s → private', visibility => {
    expect(ruleOf({ ...both, visibility })).toBe('private')
  })

  test.each([
    'Focus time',
    'Deep work',
    'Fokuszeit',
    'Focus: migration',
    'No meetings',
    'Heads down',
    'Temps de concentration',
  ])('"%s" alone → focus-time', title => {
    expect(ruleOf({ title })).toBe('focus-time')
  })

  test('"Focus group interview" is a meeting of others, and no time to focus', () => {
    expect(ruleOf({ title: 'Focus group interview' })).not.toBe('focus-time')
  })

  test.each(['OOO', 'Ben OOO', 'Out of office', 'Urlaub', 'Vacation', 'PTO', 'Ana on vacation', 'Sick day'])(
    '"%s" alone → out-of-office',
    title => {
      expect(ruleOf({ title })).toBe('out-of-office')
    },
  )

  test.each(['Home', 'Office', 'WFH', 'Working from home', 'Home office', 'Working from Lisbon'])(
    '"%s" alone → working-location',
    title => {
      expect(ruleOf({ title, days: 1 })).toBe('working-location')
    },
  )

  test.each([
    '❇️ Focus Time (via Clockwise)',
    '🛡 Deep work (via Reclaim)',
    '🍽 Lunch (via Reclaim)',
    'Emails (via Motion)',
    'Hold',
    'HOLD: offsite',
    '[Hold] Board',
    'Block',
    'Busy',
    'DNS',
    'Travel time',
    'Lunch',
    'Commute',
  ])('"%s" alone → hold-of-other-tool', title => {
    expect(ruleOf({ title })).toBe('hold-of-other-tool')
  })

  test.each(['Focus time', 'Out of office', 'Home', 'Hold: offsite', 'Lunch', 'Ana / Ben 1:1 (via Reclaim)', 'Block'])(
    '"%s" with other people → people-met',
    title => {
      expect(ruleOf({ ...both, title })).toBe('people-met')
    },
  )

  test.each([
    'Block party',
    'Vacation Bible School',
    'Office moves',
    'Homeless outreach',
    'Busy Bees',
    'Lunch & learn',
    'Holiday market',
  ])('"%s" of a public calendar only begins like one', title => {
    expect(ruleOf({ title }, false)).toBe('invitees-not-listed')
  })

  test('whole days → all-day', () => {
    expect(ruleOf({ ...both, days: 2 })).toBe('all-day')
  })

  test('shown as free → shown-as-free', () => {
    expect(ruleOf({ ...both, showAs: 'free' })).toBe('shown-as-free')
  })

  test('12 hours count, a minute more does not', () => {
    expect(ruleOf({ ...both, minutes: 720 })).toBe('people-met')
    expect(ruleOf({ ...both, minutes: 721 })).toBe('longer-than-12-hours')
  })

  test('no length → no-length: a reminder, whoever is on it', () => {
    expect(ruleOf({ ...both, minutes: 0 })).toBe('no-length')
    expect(ruleOf({ ...both, minutes: 1 })).toBe('people-met')
  })

  test('nobody else, on a calendar that lists guests → alone', () => {
    expect(ruleOf({ title: 'Quarterly report' })).toBe('alone')
    expect(ruleOf({ title: null })).toBe('alone')
  })

  test('a room is no company → alone', () => {
    expect(ruleOf({ attendees: ['ana', anAttendee('aquarium@lantern.example', { kind: 'room' })] })).toBe('alone')
  })
})

test.each(eventTypes)('an event of type %s is judged with and without a title', type => {
  const expected = {
    'focus-time': 'focus-time',
    'out-of-office': 'out-of-office',
    'working-location': 'working-location',
  }
  const rule = type in expected ? expected[type as keyof typeof expected] : 'alone'
  expect(ruleOf({ type, title: null })).toBe(rule)
  expect(ruleOf({ type, title: 'Notes' })).toBe(rule)
})

test.each([
  ['blanks', `x${' '.repeat(50_000)}cancelled`],
  ['brackets', `${'('.repeat(50_000)}cancelled)`],
  ['one word over and over', 'cancelled'.repeat(5_000)],
  ['an opening that never ends', `working from ${'a'.repeat(50_000)}`],
])('a title of %s is read as far as a title goes', (_, title) => {
  expect(['alone', 'cancelled-by-title']).toContain(ruleOf({ title, description: title }))
  expect(ruleOf({ attendees: ['ana', `${title}@x.example`] })).toBe('people-met')
})

test('every rule has a sentence', () => {
  expect(Object.keys(countingRuleSentences).sort()).toEqual([...countedRules, ...droppedRules].sort())
})

test('no counted rule says that time is taken by something else', () => {
  for (const rule of countedRules) expect(busyRules.has(rule) || ownWorkRules.has(rule)).toBe(false)
})
