import { afterEach, describe, expect, test } from 'vitest'
import type { HttpPolicy } from '../../../src/connectors/http-policy.ts'
import { createGraphClient } from '../../../src/connectors/microsoft/client.ts'
import { createMicrosoftDirectory } from '../../../src/connectors/microsoft/directory.ts'
import { parsePeople } from '../../../src/domain/meetings/directory.ts'
import { ana, ben, type GraphWorld, graphWorld, plenty } from './graph-world.ts'

describe('over the strict Graph', () => {
  let world: GraphWorld
  afterEach(() => world.close())

  test('people with their teams, managers and other addresses become a directory', async () => {
    world = await graphWorld({ grant: 'organisation' })
    world.fake.changeUser(ana, {
      department: 'Lamps',
      manager: ben,
      aliases: ['a.ruiz@lantern.example'],
      jobTitle: 'Staff engineer',
    })
    world.fake.addUser({ address: 'guest@elsewhere.example', mailbox: 'guest' })
    world.fake.addUser({ address: 'left@lantern.example', isEnabled: false })
    world.fake.addRoom({ address: 'room4@lantern.example', name: 'Room 4' })
    world.fake.addGroup({ address: 'lamps@lantern.example', name: 'Lamps', members: [ana, 'all@lantern.example'] })
    world.fake.addGroup({ address: 'all@lantern.example', name: 'All', members: [ben, 'lamps@lantern.example'] })
    const rows = await world.connection.directory!.rows(plenty())
    const { directory, problems } = parsePeople(rows)
    expect(problems).toEqual([])
    expect(directory.people.get(ana)).toMatchObject({
      name: 'Ana Ruiz',
      team: 'Lamps',
      roleBand: 'Staff engineer',
      managerId: ben,
    })
    expect(directory.byAddress.get('a.ruiz@lantern.example')).toBe(ana)
    expect(directory.domains).toEqual(new Set(['lantern.example']))
    expect([...directory.people.keys()]).toEqual([ana, ben])
    expect(directory.rooms).toEqual(new Set(['room4@lantern.example']))
    expect(directory.groups?.get('lamps@lantern.example')?.toSorted()).toEqual([ana, ben])
    expect(directory.groups?.get('all@lantern.example')?.toSorted()).toEqual([ana, ben])
  })

  test('fourteen hundred people come whole', async () => {
    world = await graphWorld({ grant: 'organisation' })
    for (let n = 0; n < 1_400; n++) world.fake.addUser({ address: `p${n}@lantern.example`, mailbox: 'none' })
    expect(await world.connection.directory!.rows(plenty())).toHaveLength(1_402)
    expect(world.served.journal.count('/users?')).toBe(2)
  })

  test('a consent without the directory is denied', async () => {
    world = await graphWorld({ grant: 'organisation', permissions: ['Calendars.Read'] })
    await expect(world.connection.directory!.rows(plenty())).rejects.toMatchObject({ code: 'denied' })
  })
})

describe('rooms, groups and names of other servers', () => {
  const x500 = '/o=ExchangeLabs/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Recipients/cn=abc-ana'
  const user = (id: string, mail: string | null, more: object = {}) => ({
    id,
    mail,
    userPrincipalName: `${id}@lantern.example`,
    displayName: id,
    accountEnabled: true,
    userType: 'Member',
    ...more,
  })
  const answers: Readonly<Record<string, readonly unknown[] | number>> = {
    users: [
      user('ana', ana, {
        proxyAddresses: ['SMTP:ana@lantern.example', `X500:${x500}`, 'SIP:ana@lantern.example', 'smtp:ana@old.example'],
      }),
      user('room4', 'room4@lantern.example'),
      user('service', null),
      user('broken', null, { userPrincipalName: null }),
    ],
    'places/microsoft.graph.room': [
      { emailAddress: 'Room4@lantern.example', displayName: 'Room 4' },
      { displayName: 'No address' },
    ],
    groups: [
      { id: 'g1', mail: 'lamps@lantern.example', displayName: 'Lamps' },
      { id: 'g2', mail: null, displayName: 'Security alone' },
      { id: 'g3', mail: 'empty@lantern.example', displayName: 'Empty' },
    ],
    'groups/g1/transitiveMembers': [user('ana', ana), user('ben', ben), user('ana', ana)],
    'groups/g3/transitiveMembers': [],
  }

  function directoryOver(answered: Readonly<Record<string, readonly unknown[] | number>>) {
    const http: HttpPolicy = {
      async send({ url }) {
        const answer = answered[new URL(url).pathname.replace('/v1.0/', '')]
        if (typeof answer === 'number')
          return new Response('{"error":{"code":"Authorization_RequestDenied"}}', { status: answer })
        return new Response(JSON.stringify({ value: answer }))
      },
    }
    const tokens = { token: async () => 'token', revoke: async () => {} }
    const roots = { api: 'https://graph.example/', login: 'https://login.example/' }
    return createMicrosoftDirectory({ graph: createGraphClient({ http, tokens, roots }), subject: ana })
  }

  test('rooms are rooms and no people, groups know their people, former names are aliases', async () => {
    const rows = await directoryOver(answers).rows(plenty())
    const { directory, problems } = parsePeople(rows)
    expect(problems).toEqual([])
    expect([...directory.people.keys()]).toEqual([ana, 'service@lantern.example'])
    expect(directory.rooms).toEqual(new Set(['room4@lantern.example']))
    expect(directory.groups).toEqual(
      new Map([
        ['lamps@lantern.example', [ana, ben]],
        ['empty@lantern.example', []],
      ]),
    )
    expect(directory.byAddress.get(x500.toLowerCase())).toBe(ana)
    expect(directory.byAddress.get('ana@old.example')).toBe(ana)
  })

  test('where rooms and groups are closed, people come all the same', async () => {
    const rows = await directoryOver({ ...answers, 'places/microsoft.graph.room': 403, groups: 403 }).rows(plenty())
    expect(rows.map(({ email }) => email)).toEqual([ana, 'room4@lantern.example', 'service@lantern.example'])
  })
})
