import { describe, expect, it } from 'vitest'
import { googleScopes } from '../../../src/connectors/google/scopes.ts'

const short = (scopes: readonly string[]) => scopes.map(scope => scope.replace('https://www.googleapis.com/auth/', ''))

describe('what Google is asked to allow', () => {
  it.each([
    ['free-busy', ['calendar.events.freebusy', 'calendar.calendarlist.readonly'], []],
    ['basic', ['calendar.events.owned.readonly', 'calendar.calendarlist.readonly'], []],
    ['content', ['calendar.events.owned.readonly', 'calendar.calendarlist.readonly'], []],
    ['write-back', ['calendar.events.owned.readonly', 'calendar.calendarlist.readonly'], ['calendar.events.owned']],
  ] as const)('a person at the tier %s: the least, and writing apart', (tier, read, write) => {
    const scopes = googleScopes(tier, { grant: 'personal' })
    expect([short(scopes.read), short(scopes.write), scopes.directory]).toEqual([read, write, []])
  })

  it('calendars of others only where they are wanted', () => {
    const { read } = googleScopes('basic', { grant: 'personal', sharedToo: true })
    expect(short(read)).toEqual(['calendar.events.readonly', 'calendar.calendarlist.readonly'])
  })

  it('an organisation finds its calendars in the directory, which is asked for apart', () => {
    const scopes = googleScopes('basic', { grant: 'organisation' })
    expect(short(scopes.read)).toEqual(['calendar.events.owned.readonly'])
    expect(short(scopes.directory)).toEqual([
      'admin.directory.user.readonly',
      'admin.directory.group.readonly',
      'admin.directory.resource.calendar.readonly',
    ])
  })

  it('nothing that reads can write', () => {
    for (const tier of ['free-busy', 'basic', 'content', 'write-back'] as const) {
      for (const scope of googleScopes(tier, { grant: 'personal', withDirectory: true, sharedToo: true }).read) {
        expect(scope).toMatch(/\.(?:readonly|freebusy)$/)
      }
    }
  })
})
