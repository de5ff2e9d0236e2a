import { beforeEach, describe, expect, test } from 'vitest'
import { virtualClock } from '../kit/clock.ts'
import { type Asking, asking, reasonOf } from './asking.ts'
import { createGoogleFake, type GoogleFake } from './google-fake.ts'

const root = '/admin/directory/v1'
const scopes = [
  'admin.directory.user.readonly',
  'admin.directory.group.readonly',
  'admin.directory.group.member.readonly',
  'admin.directory.resource.calendar.readonly',
]
let fake: GoogleFake
let admin: Asking

beforeEach(() => {
  fake = createGoogleFake({ clock: virtualClock(Date.UTC(2026, 2, 2, 8)) })
  fake.addUser({
    address: 'ana@example.com',
    isAdmin: true,
    givenName: 'Ana',
    familyName: 'Ruiz',
    department: 'Product',
  })
  fake.addUser({ address: 'ben@example.com', aliases: ['b@example.com'], manager: 'ana@example.com' })
  fake.addUser({ address: 'eva@example.com', isSuspended: true })
  fake.addUser({ address: 'zoe@mail.example', kind: 'consumer' })
  fake.addGroup({ address: 'all@example.com', name: 'All', members: ['ana@example.com', 'core@example.com'] })
  fake.addGroup({ address: 'core@example.com', name: 'Core', members: ['ben@example.com', 'all@example.com'] })
  fake.addRoom({ address: 'room-1@resource.calendar.google.com', name: 'Room 1', capacity: 8, building: 'HQ' })
  admin = asking(fake, fake.grant('ana@example.com', scopes).accessToken)
  return () => expect(fake.violations).toEqual([])
})

describe('The directory', () => {
  test('lists the people of the customer in pages, with aliases, managers and departments', async () => {
    const first = await admin.get(`${root}/users?customer=my_customer&maxResults=2`)
    expect(first.body.users).toMatchObject([
      { primaryEmail: 'ana@example.com', isAdmin: true, organizations: [{ department: 'Product' }] },
      {
        primaryEmail: 'ben@example.com',
        aliases: ['b@example.com'],
        relations: [{ value: 'ana@example.com', type: 'manager' }],
      },
    ])
    const rest = await admin.get(
      `${root}/users?customer=my_customer&maxResults=2&pageToken=${first.body.nextPageToken}`,
    )
    expect(rest.body.users).toMatchObject([{ primaryEmail: 'eva@example.com', suspended: true }])
    expect(rest.body).not.toHaveProperty('nextPageToken')
    const active = await admin.get(
      `${root}/users?domain=example.com&query=isSuspended%3Dfalse&fields=users/primaryEmail`,
    )
    expect(active.body).toEqual({ users: [{ primaryEmail: 'ana@example.com' }, { primaryEmail: 'ben@example.com' }] })
  })

  test('lists groups and their members, and with derived membership everybody in groups of groups once', async () => {
    const groups = await admin.get(`${root}/groups?customer=my_customer`)
    expect(groups.body.groups).toMatchObject([
      { email: 'all@example.com', directMembersCount: '2' },
      { email: 'core@example.com' },
    ])
    const members = await admin.get(`${root}/groups/all%40example.com/members`)
    expect(members.body.members).toMatchObject([
      { email: 'ana@example.com', type: 'USER' },
      { email: 'core@example.com', type: 'GROUP' },
    ])
    const derived = await admin.get(`${root}/groups/all%40example.com/members?includeDerivedMembership=true`)
    expect(derived.body.members).toMatchObject([{ email: 'ana@example.com' }, { email: 'ben@example.com' }])
    expect((await admin.get(`${root}/groups/none%40example.com/members`)).status).toBe(404)
  })

  test('lists rooms with their size and building', async () => {
    const rooms = await admin.get(`${root}/customer/my_customer/resources/calendars`)
    expect(rooms.body.items).toMatchObject([
      { resourceEmail: 'room-1@resource.calendar.google.com', resourceName: 'Room 1', capacity: 8, buildingId: 'HQ' },
    ])
  })

  test('is closed to people who are no admins, to other scopes, and to questions without a customer', async () => {
    const ben = asking(fake, fake.grant('ben@example.com', scopes).accessToken)
    const calendarOnly = asking(fake, fake.grant('ana@example.com', ['calendar']).accessToken)
    for (const path of [
      `${root}/users?customer=my_customer`,
      `${root}/groups?customer=my_customer`,
      `${root}/groups/all@example.com/members`,
      `${root}/customer/my_customer/resources/calendars`,
    ]) {
      expect(reasonOf(await ben.get(path))).toBe('forbidden')
      expect(reasonOf(await calendarOnly.get(path))).toBe('insufficientPermissions')
      expect((await admin.get(path)).status).toBe(200)
    }
    expect((await admin.get(`${root}/users`)).status).toBe(400)
    expect((await admin.get(`${root}/users?customer=C0other`)).status).toBe(400)
    expect((await admin.get(`${root}/groups?customer=my_customer&maxResult=2`)).status).toBe(400)
  })
})

describe('Free and busy', () => {
  const path = '/calendar/v3/freeBusy'
  const window = { timeMin: '2026-03-29T00:00:00Z', timeMax: '2026-04-07T00:00:00Z' }

  test('are the busy times of calendars that may be seen: series expanded, free, declined and cancelled left out', async () => {
    const calendar = fake.calendar('ben@example.com')
    const at = (day: string, from: string, to: string) => ({
      start: { dateTime: `${day}T${from}:00`, timeZone: 'Europe/Madrid' },
      end: { dateTime: `${day}T${to}:00` },
    })
    const weekly = String(
      calendar.insert({ ...at('2026-03-16', '10:00', '11:00'), recurrence: ['RRULE:FREQ=WEEKLY'] }).id,
    )
    calendar.cancelInstance(weekly, '2026-04-06T10:00:00')
    calendar.insert(at('2026-03-30', '10:30', '12:00'))
    calendar.insert({ ...at('2026-03-31', '10:00', '12:00'), transparency: 'transparent' })
    calendar.insert({
      ...at('2026-04-01', '10:00', '12:00'),
      attendees: [{ email: 'ben@example.com', self: true, responseStatus: 'declined' }],
    })
    calendar.insert({ start: { date: '2026-04-02' }, end: { date: '2026-04-03' } })
    fake.share('ben@example.com', 'ana@example.com', 'freeBusyReader')
    const ana = asking(fake, fake.grant('ana@example.com', ['calendar.freebusy']).accessToken)
    const items = [{ id: 'ben@example.com' }, { id: 'zoe@mail.example' }]
    const { body } = await ana.send('POST', path, { ...window, items })
    expect(body.calendars).toEqual({
      'ben@example.com': {
        busy: [
          { start: '2026-03-30T08:00:00Z', end: '2026-03-30T10:00:00Z' },
          { start: '2026-04-01T22:00:00Z', end: '2026-04-02T22:00:00Z' },
        ],
      },
      'zoe@mail.example': { busy: [], errors: [{ domain: 'global', reason: 'notFound' }] },
    })
  })

  test('of a group are those of its people, and too many are refused one by one', async () => {
    const ana = asking(fake, fake.grant('ana@example.com', ['calendar.freebusy']).accessToken)
    const { body } = await ana.send('POST', path, {
      ...window,
      calendarExpansionMax: 1,
      items: [{ id: 'all@example.com' }],
    })
    expect(body).toMatchObject({
      groups: { 'all@example.com': { calendars: ['ana@example.com', 'ben@example.com'] } },
      calendars: {
        'ana@example.com': { busy: [] },
        'ben@example.com': { errors: [{ reason: 'tooManyCalendarsRequested' }] },
      },
    })
    expect((await ana.send('POST', path, { ...window, timeMax: window.timeMin })).status).toBe(400)
    expect((await ana.send('POST', path, { ...window, timeMin: '2026-03-29' })).status).toBe(400)
    expect((await ana.send('POST', path, { ...window, calendarExpansionMax: 51 })).status).toBe(400)
  })
})
