import { describe, expect, test } from 'vitest'
import type { CalendarEvent } from '../../../src/domain/meetings/calendar-event.ts'
import { emptyDirectory } from '../../../src/domain/meetings/directory.ts'
import { rosterContext, rosterOf, withReply } from '../../../src/domain/meetings/roster.ts'
import type { Directory, PersonId } from '../../../src/domain/meetings/types.ts'
import { aDirectory, anAttendee, anEvent, company } from '../../support/build.ts'

function roster(event: CalendarEvent, directory: Directory = emptyDirectory(), me: PersonId | null = null) {
  return rosterOf(event, rosterContext([{ calendar: event.calendar, events: [event], owner: me }], directory, me))
}
const ids = (event: CalendarEvent, directory?: Directory) => roster(event, directory).people.map(each => each.id)

describe('people', () => {
  test('one human under six spellings counts once', () => {
    const directory = aDirectory(
      ['ben'],
      [{ id: 'ana.ruiz@lantern.example', name: 'Ana Ruiz', aliases: ['ana@old.example'] }],
    )
    const event = anEvent({
      organizer: 'MAILTO:Ana.Ruiz@lantern.example',
      attendees: [
        'ana.ruiz@lantern.example',
        ' ANA.RUIZ@lantern.example',
        'mailto:ana.ruiz@lantern.example',
        "'ana.ruiz@lantern.example'",
        'ana@old.example',
        '/o=ExchangeLabs/ou=x/cn=Recipients/cn=0123456789abcdef0123456789abcdef-ana.ruiz',
        'ben',
      ],
    })
    expect(ids(event, directory)).toEqual(['ana.ruiz@lantern.example', 'ben.okafor@lantern.example'])
  })

  test('a@b and ja@b are two people', () => {
    expect(roster(anEvent({ attendees: ['a@b.example', 'ja@b.example'] })).headcount.expected).toBe(2)
  })

  test('the organizer is a person of the meeting, once, with or without an entry of their own', () => {
    expect(ids(anEvent({ organizer: 'ana', attendees: ['ben'] }))).toHaveLength(2)
    expect(ids(anEvent({ organizer: 'ana', attendees: ['ana', 'ben'] }))).toHaveLength(2)
    expect(roster(anEvent({ organizer: 'ana', attendees: ['ben'] })).organizerId).toBe(company.ana.address)
  })

  test('an X.500 double of a listed person with the same display name is merged, and keeps the listed reply', () => {
    const event = anEvent({
      attendees: [
        anAttendee('ana'),
        anAttendee('/o=ExchangeLabs/ou=x/cn=Recipients/cn=u1', { name: 'Ana Ruiz', response: 'declined' }),
        anAttendee('ben'),
      ],
    })
    const { people } = roster(event)
    expect(people).toHaveLength(2)
    expect(people[0]).toMatchObject({ id: company.ana.address, response: 'accepted' })
  })

  test('of two entries of one human a reply is worth more than none', () => {
    const event = anEvent({
      attendees: [
        anAttendee('ana', { response: 'none' }),
        anAttendee('ANA.RUIZ@lantern.example', { response: 'tentative' }),
      ],
    })
    expect(roster(event).people[0]!.response).toBe('tentative')
  })

  test('the owner’s mark makes an unknown spelling the owner', () => {
    const event = anEvent({ attendees: ['ben', anAttendee('a.r@alias.example', { self: true, response: 'declined' })] })
    const me = roster(event, aDirectory(), company.ana.address).people.find(each => each.isMe)
    expect(me).toMatchObject({ id: company.ana.address, response: 'declined' })
  })

  test('teams and role bands come from the directory, each team once', () => {
    const found = roster(anEvent({ attendees: ['ana', 'ben', 'dev'] }), aDirectory())
    expect(found.teams).toEqual(['payments', 'platform'])
    expect(found.people[2]).toMatchObject({ team: 'platform', roleBand: 'senior' })
  })

  test('an informed or optional person is not required', () => {
    const found = roster(anEvent({ attendees: ['ana', anAttendee('ben', { role: 'optional' })] }))
    expect(found.people.map(each => each.required)).toEqual([true, false])
  })

  test('a list cut by the source is a lower bound', () => {
    expect(roster(anEvent({ attendees: ['ana', 'ben'], attendeesTruncated: true })).truncated).toBe(true)
  })

  test('a calendar without any invitee knows nothing about people', () => {
    expect(roster(anEvent()).known).toBe(false)
  })
})

describe('rooms', () => {
  test.each([
    ['a room by its kind', anAttendee('aquarium@lantern.example', { kind: 'room' })],
    ['a resource calendar of Google', anAttendee('c_1888@resource.calendar.google.com')],
    ['a room by its address', anAttendee('conf-room@lantern.example')],
    ['a numbered room', anAttendee('berlin.meetingroom-4a@lantern.example')],
    ['a German room', anAttendee('besprechungsraum-2@lantern.example')],
    ['an attendee called like the place', anAttendee('aq@lantern.example', { name: 'Aquarium' })],
  ])('%s is not a person (1:1 stays a 1:1)', (_, room) => {
    const found = roster(anEvent({ location: 'Aquarium', organizer: 'ana', attendees: ['ana', 'ben', room] }))
    expect(found.people).toHaveLength(2)
    expect(found.rooms).toBe(1)
  })

  test('a room invited twice is one room', () => {
    const room = anAttendee('aquarium@lantern.example', { kind: 'room' })
    expect(
      roster(anEvent({ attendees: ['ana', room, { ...room, address: 'MAILTO:Aquarium@lantern.example' }] })).rooms,
    ).toBe(1)
  })

  test('a room as organizer → nobody organizes', () => {
    const event = anEvent({ organizer: anAttendee('conf-room@lantern.example'), attendees: ['ana', 'ben'] })
    expect(roster(event)).toMatchObject({ organizerId: null, headcount: { low: 2, expected: 2, high: 2 } })
  })

  test('a shared calendar as organizer → nobody organizes', () => {
    const event = anEvent({ organizer: 'abc@group.calendar.google.com', attendees: ['ana', 'ben'] })
    expect(roster(event).organizerId).toBeNull()
  })

  test('a room the directory lists is a room; a person it lists is a person, whatever the address looks like', () => {
    const directory = {
      ...aDirectory([], [{ id: 'war.room@lantern.example' }]),
      rooms: new Set(['zen@lantern.example']),
    }
    const found = roster(anEvent({ attendees: ['zen@lantern.example', 'war.room@lantern.example', 'ana'] }), directory)
    expect(found.rooms).toBe(1)
    expect(found.people).toHaveLength(2)
  })

  test('names that only resemble rooms are people', () => {
    expect(
      ids(anEvent({ attendees: ['rooma.nair@lantern.example', 'marc.sala@lantern.example', 'tom.broom@x.example'] })),
    ).toHaveLength(3)
  })
})

describe('people who declined', () => {
  const event = anEvent({
    organizer: 'ana',
    attendees: ['ana', 'ben', 'dev', anAttendee('ines', { response: 'declined' })],
  })

  test('stay on the list, and neither the headcount nor the teams count them', () => {
    const found = roster(event, aDirectory(['ana', 'ben', 'dev', 'ines']))
    expect(found.people).toHaveLength(4)
    expect(found.headcount).toEqual({ low: 3, expected: 3, high: 3 })
    expect(found.teams).not.toContain(company.ines.team)
    expect(found.teams).toContain(company.dev.team)
  })

  test('another reply of one person changes both', () => {
    const found = withReply(roster(event, aDirectory(['ana', 'ben', 'dev', 'ines'])), company.ines.address, 'accepted')
    expect(found.headcount).toEqual({ low: 4, expected: 4, high: 4 })
    expect(found.teams).toContain(company.ines.team)
  })
})

describe('groups', () => {
  const thirty = Array.from({ length: 30 }, (_, index) => `p${index}@lantern.example`)
  const withGroup = (members: readonly string[]): Directory => ({
    ...emptyDirectory(['lantern.example']),
    groups: new Map([['guild@lantern.example', members]]),
  })

  test('a group of 30 with 4 listed by themselves is an interval that counts nobody twice', () => {
    const found = roster(anEvent({ attendees: ['guild@lantern.example', ...thirty.slice(0, 4)] }), withGroup(thirty))
    expect(found.people).toHaveLength(4)
    expect(found.groups[0]).toMatchObject({ members: { low: 0, high: 26 }, sizeKnown: true, guessed: false })
    expect(found.headcount.low).toBe(4)
    expect(found.headcount.expected).toBeCloseTo(4 + 26 / 3)
    expect(found.headcount.high).toBe(30)
  })

  test('a group nobody has described is one person at most, and the headcount a lower bound', () => {
    const found = roster(
      anEvent({ organizer: 'ana', attendees: [anAttendee('core@lantern.example', { kind: 'group' })] }),
    )
    expect(found.groups[0]).toMatchObject({ members: { low: 0, expected: 1, high: 1 }, sizeKnown: false })
    expect(found.truncated).toBe(true)
  })

  test('groups inside groups are opened once, also in a circle', () => {
    const directory: Directory = {
      ...emptyDirectory(['lantern.example']),
      groups: new Map([
        ['guild@lantern.example', ['inner@lantern.example', 'p1@lantern.example']],
        ['inner@lantern.example', ['guild@lantern.example', 'p1@lantern.example', 'p2@lantern.example']],
      ]),
    }
    expect(roster(anEvent({ attendees: ['guild@lantern.example'] }), directory).headcount.high).toBe(2)
  })

  test('two groups that share members count them once', () => {
    const directory: Directory = {
      ...emptyDirectory(),
      groups: new Map([
        ['one@lantern.example', thirty],
        ['two@lantern.example', thirty.slice(0, 20)],
      ]),
    }
    expect(
      roster(anEvent({ attendees: ['one@lantern.example', 'two@lantern.example'] }), directory).headcount.high,
    ).toBe(30)
  })

  test('a group of more than 200 is taken whole', () => {
    const many = Array.from({ length: 450 }, (_, index) => `p${index}@lantern.example`)
    expect(roster(anEvent({ attendees: ['guild@lantern.example'] }), withGroup(many)).headcount.high).toBe(450)
  })

  test.each(['all@lantern.example', 'team@lantern.example', 'everyone@lantern.example', 'eng-all@lantern.example'])(
    '%s looks like a group → a guess that says so',
    address => {
      expect(roster(anEvent({ attendees: ['ana', address] })).groups[0]).toMatchObject({ address, guessed: true })
    },
  )

  test('a mailing list of Google is a group, not a guess', () => {
    expect(roster(anEvent({ attendees: ['ana', 'makers@googlegroups.com'] })).groups[0]).toMatchObject({
      guessed: false,
    })
  })

  test('an address of a team people.csv knows stands for that team', () => {
    const found = roster(anEvent({ attendees: ['ana', 'payments-team@lantern.example'] }), aDirectory())
    expect(found.groups[0]).toMatchObject({ members: { low: 0, high: 2 }, sizeKnown: true, guessed: true })
  })

  test('all@ stands for everybody people.csv knows', () => {
    expect(roster(anEvent({ attendees: ['all@lantern.example'] }), aDirectory()).headcount.high).toBe(12)
  })
})

describe('external people', () => {
  test('outside the domains of the directory → external', () => {
    expect(roster(anEvent({ attendees: ['ana', 'x@client.example'] }), aDirectory()).externalCount).toBe(1)
  })

  test('a subdomain is inside', () => {
    expect(roster(anEvent({ attendees: ['ana', 'x@eu.lantern.example'] }), aDirectory()).externalCount).toBe(0)
  })

  test('without a directory my own domain is inside', () => {
    const event = anEvent({ attendees: ['ana', 'x@client.example'] })
    expect(roster(event, emptyDirectory(), company.ana.address).externalCount).toBe(1)
  })

  test('without either a clear majority is inside', () => {
    const event = anEvent({ attendees: ['ana', 'ben', 'dev', 'x@client.example'] })
    expect(roster(event).people.map(each => each.isExternal)).toEqual([false, false, false, true])
  })

  test('a public mail host or an even split makes nobody external', () => {
    expect(
      roster(anEvent({ attendees: ['a@gmail.com', 'b@gmail.com', 'c@gmail.com', 'x@client.example'] })).externalCount,
    ).toBe(0)
    expect(roster(anEvent({ attendees: ['a@one.example', 'b@two.example'] })).externalCount).toBe(0)
  })
})
