import { expect, test } from 'vitest'
import { guessMe } from '../../../src/domain/meetings/me.ts'
import { anAttendee, anEvent, company } from '../../support/build.ts'

const unnamed = [{ calendar: 'export.ics', name: null }]
const withAna = [
  anEvent({ uid: '1', attendees: ['ana', 'ben'] }),
  anEvent({ uid: '2', attendees: ['ana', 'dev', 'ewa'] }),
  anEvent({ uid: '3', attendees: ['Ana.Ruiz@LANTERN.example', 'grace'] }),
  anEvent({ uid: '4', organizer: 'ana', attendees: ['maya'] }),
]

test('the calendar’s own mark → its owner', () => {
  const marked = anEvent({ attendees: [anAttendee('ben', { self: true }), 'ana'] })
  expect(guessMe([...withAna, marked], unnamed)).toMatchObject({
    address: company.ben.address,
    how: 'marked-by-calendar',
  })
})

test.each(['ana.ruiz@lantern.example', 'Ana.Ruiz@lantern.example.ics'])('a calendar called %s → that address', name => {
  expect(guessMe([], [{ calendar: name, name: null }])).toMatchObject({
    address: company.ana.address,
    how: 'calendar-name',
  })
})

test('an address on all invitations without a rival → its owner', () => {
  const guess = guessMe(withAna, unnamed)
  expect(guess).toMatchObject({ address: company.ana.address, how: 'in-nearly-all-meetings' })
  expect(guess.sentence).toContain('100 %')
})

test('two people who only meet each other → unclear, with the next step', () => {
  const pair = [1, 2, 3, 4].map(each => anEvent({ uid: `${each}`, attendees: ['ana', 'ben'] }))
  const guess = guessMe(pair, unnamed)
  expect(guess).toMatchObject({ address: null, how: 'unclear' })
  expect(guess.sentence).toContain('--me')
})

test('two invitations are too few, and a shared calendar’s name is nobody’s', () => {
  expect(guessMe(withAna.slice(0, 2), unnamed).address).toBeNull()
  expect(guessMe([], [{ calendar: 'x', name: 'team@group.calendar.google.com' }]).address).toBeNull()
})

test('two calendars named after two people belong to nobody alone', () => {
  const calendars = [
    { calendar: 'ana.ruiz@lantern.example.ics', name: null },
    { calendar: 'ben.okafor@lantern.example.ics', name: null },
  ]
  expect(guessMe([], calendars).address).toBeNull()
})
