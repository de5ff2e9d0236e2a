import { writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { clockAhead, doctorPorts } from '../../../src/node-doctor.ts'
import { type KeysWorld, keysWorld } from '../keys/keys-world.ts'
import { anAccount } from '../sync/sync-world.ts'

describe('the clock of a server', () => {
  const askedAt = Date.parse('2026-11-20T09:00:10.400Z')
  const answeredAt = askedAt + 300
  it.each([
    ['the second it was asked in', 'Fri, 20 Nov 2026 09:00:10 GMT', 0],
    ['the next one', 'Fri, 20 Nov 2026 09:00:11 GMT', 300],
    ['a minute later', 'Fri, 20 Nov 2026 09:01:10 GMT', 59_300],
    ['a minute sooner', 'Fri, 20 Nov 2026 08:59:10 GMT', -59_400],
    ['nothing', null, null],
    ['no date', 'soon', null],
  ])('that says %s', (_, date, ahead) => {
    const headers = new Headers(date === null ? {} : { date })
    expect(clockAhead(headers, askedAt, answeredAt)).toBe(ahead)
  })

  it('in an answer out of a cache says nothing', () => {
    const headers = new Headers({ date: 'Fri, 20 Nov 2026 08:00:00 GMT', age: '3600' })
    expect(clockAhead(headers, askedAt, answeredAt)).toBeNull()
  })
})

describe('scopes that are missing', () => {
  const { missingScopes } = doctorPorts('mw.db', {})
  const google = (name: string) => `https://www.googleapis.com/auth/${name}`
  const exact = ['calendar.events.owned.readonly', 'calendar.calendarlist.readonly'].map(google)

  it.each([
    ['exactly those', 'content', {}, exact, []],
    ['a wider one', 'content', {}, ['openid', google('calendar.readonly')], []],
    ['the widest one', 'write-back', {}, [google('calendar')], []],
    ['reading alone, where it writes', 'write-back', {}, exact, [google('calendar.events.owned')]],
    ['one of two', 'content', {}, [exact[0]!], [exact[1]!]],
    [
      'times alone, where it reads titles',
      'basic',
      {},
      ['calendar.events.freebusy', 'calendar.calendarlist'].map(google),
      [exact[0]!],
    ],
    [
      'nothing of the directory',
      'content',
      { directory: 'yes' },
      exact,
      ['user', 'group', 'resource.calendar'].map(what => google(`admin.directory.${what}.readonly`)),
    ],
  ] as const)('of Google, given %s', async (_, tier, settings, granted, missing) => {
    const account = anAccount({ provider: 'google', tier, settings })
    expect(await missingScopes(account, granted)).toEqual(missing)
  })

  it.each([
    [
      'long names',
      'content',
      ['https://graph.microsoft.com/Calendars.Read', 'https://graph.microsoft.com/MailboxSettings.Read'],
      [],
    ],
    ['short names in other letters', 'content', ['calendars.read', 'mailboxsettings.read'], []],
    ['a wider one', 'basic', ['Calendars.ReadWrite', 'MailboxSettings.ReadWrite'], []],
    ['less', 'write-back', ['Calendars.Read', 'MailboxSettings.Read'], ['Calendars.ReadWrite']],
  ] as const)('of Microsoft, given %s', async (_, tier, granted, missing) => {
    const account = anAccount({ provider: 'microsoft', tier })
    expect(await missingScopes(account, granted)).toEqual(missing)
  })

  it.each([
    { provider: 'google', grant: 'organisation' },
    { provider: 'caldav', grant: 'password' },
    { provider: 'ics', grant: 'address' },
  ] as const)('are none where nobody is asked for scopes: $provider, $grant', async given => {
    expect(await missingScopes(anAccount(given), [])).toEqual([])
  })
})

describe('what is looked at on Node', () => {
  let world: KeysWorld
  beforeEach(async () => {
    world = await keysWorld()
  })
  afterEach(() => world.close())

  it('variables are known by name, the empty ones are as good as none', () => {
    const env = { MINUTEWISE_DB: 'x', MINUTEWISE_KEYS: '', MINUTEWISE_GRAPH_ROOT: 'ftp://secret', PATH: '/bin' }
    const { variables, problems } = doctorPorts('mw.db', env).config()
    expect(variables).toEqual(['MINUTEWISE_DB', 'MINUTEWISE_GRAPH_ROOT'])
    expect(problems).toEqual([expect.stringMatching(/^MINUTEWISE_GRAPH_ROOT is not https/)])
    expect(problems.join()).not.toContain('secret')
  })

  it('a draft of the keys that was left is named', async () => {
    const ports = doctorPorts(world.database, {})
    expect(await ports.keyDraft()).toBeNull()
    writeFileSync(`${world.keysPath}.new`, '')
    expect(await ports.keyDraft()).toBe(`${world.keysPath}.new`)
  })

  it('this machine, this engine, this file', async () => {
    const ports = doctorPorts(world.database, {})
    expect(ports.machine().node).toBe(process.versions.node)
    expect(await ports.database()).toMatchObject({
      path: world.database,
      inspection: { damage: [], isWritable: true },
      room: expect.any(Number),
    })
  })

  it('a file that is no database is told as such', async () => {
    writeFileSync(`${world.folder}/x.ics`, 'BEGIN:VCALENDAR\n'.repeat(100))
    await expect(doctorPorts(`${world.folder}/x.ics`, {}).database()).rejects.toMatchObject({
      name: 'PortError',
      code: 'malformed',
      message: expect.stringContaining('x.ics is not a database'),
    })
  })
})
