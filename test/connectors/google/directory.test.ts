import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parsePeople } from '../../../src/domain/meetings/directory.ts'
import { admin, ana, type GoogleWorld, googleWorld, plenty } from './google-world.ts'

let world: GoogleWorld
beforeEach(async () => {
  world = await googleWorld({ pageSize: 2 })
  world.fake.addUser({
    address: 'ben@lamps.example',
    aliases: ['b.ito@lamps.example'],
    givenName: 'Ben',
    familyName: 'Ito',
    department: 'Payments',
    manager: ana,
  })
  world.fake.addUser({ address: 'gone@lamps.example', isSuspended: true })
  world.fake.addGroup({
    address: 'payments@lamps.example',
    name: 'Payments',
    aliases: ['pay@lamps.example'],
    members: ['ben@lamps.example', ana, 'leads@lamps.example'],
  })
  world.fake.addGroup({ address: 'leads@lamps.example', name: 'Leads', members: [ana, 'coach@partner.example'] })
  world.fake.addRoom({ address: 'c_kitchen@resource.calendar.google.com', name: 'Kitchen' })
})
afterEach(() => world.close())

describe('the directory of a Google Workspace', () => {
  it('people, teams, managers, groups inside groups and rooms arrive as people.csv has them', async () => {
    const { directory } = await world.connectOrganisation({ tier: 'basic' })
    const rows = await directory!.rows(plenty())
    const { directory: read, problems } = parsePeople(rows)
    expect(problems).toEqual([])
    expect([...read.people.keys()].toSorted()).toEqual([admin, ana, 'ben@lamps.example'])
    expect(read.people.get('ben@lamps.example')).toMatchObject({
      name: 'Ben Ito',
      team: 'Payments',
      managerId: ana,
      zone: null,
    })
    expect(read.byAddress.get('b.ito@lamps.example')).toBe('ben@lamps.example')
    expect(read.groups?.get('payments@lamps.example')).toEqual(['ben@lamps.example', ana, 'leads@lamps.example'])
    expect(read.groups?.get('pay@lamps.example')).toEqual(read.groups?.get('payments@lamps.example'))
    expect(read.groups?.get('leads@lamps.example')).toEqual([ana, 'coach@partner.example'])
    expect([...(read.rooms ?? [])]).toEqual(['c_kitchen@resource.calendar.google.com'])
  })

  it.each([
    [
      'the department of the primary organisation',
      { organizations: [{ department: 'Old' }, { department: 'New', primary: true }] },
      'New',
    ],
    ['the unit where there is no department', { orgUnitPath: '/Engineering/Platform' }, 'Platform'],
    ['no team at the root', { orgUnitPath: '/' }, ''],
  ])('a person’s team is %s', async (_, more, team) => {
    const users = [{ primaryEmail: 'x@lamps.example', ...more }]
    world.fake.faults.add({ match: '/users?', action: { kind: 'status', status: 200, body: { users } } })
    const { directory } = await world.connectOrganisation({ tier: 'basic' })
    const rows = await directory!.rows(plenty())
    expect(rows.find(({ email }) => email === 'x@lamps.example')?.team).toBe(team)
  })

  it('a group of everybody has everybody in it, and members who left are left out', async () => {
    const members = [{ type: 'CUSTOMER' }, { email: 'left@lamps.example', type: 'USER', status: 'SUSPENDED' }]
    world.fake.faults.add({
      match: '/payments%40lamps.example/members',
      action: { kind: 'status', status: 200, body: { members } },
    })
    const { directory } = await world.connectOrganisation({ tier: 'basic' })
    const rows = await directory!.rows(plenty())
    const { directory: read } = parsePeople(rows)
    expect(read.groups?.get('payments@lamps.example')).toEqual([admin, ana, 'ben@lamps.example'])
  })

  it('is read by an admin’s own consent too, where that was given; one who is no admin is denied', async () => {
    const own = world.connect({ person: admin, tier: 'basic', settings: { directory: 'yes' } })
    expect(await own.directory!.rows(plenty())).toHaveLength(7)
    expect(world.connect({ tier: 'basic' }).directory).toBeNull()
    const notAdmin = world.connect({ tier: 'basic', settings: { directory: 'yes' } })
    await expect(notAdmin.directory!.rows(plenty())).rejects.toMatchObject({ code: 'denied' })
  })
})
