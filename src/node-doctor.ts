import { stat, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { DoctorPorts } from './app/doctor/diagnose.ts'
import { systemClock } from './clock.ts'
import { readRoots } from './config/roots.ts'
import { keyFile } from './node-keys.ts'
import { migrationsFolder, openLiveAccounts } from './node-live.ts'
import type { Account } from './store/accounts.ts'
import { engineVersions, inspectSqlite } from './store/sqlite/inspect.ts'
import { readMigrations } from './store/sqlite/read-migrations.ts'
import { portErrorOf } from './store/sqlite/sqlite.ts'

type Env = Readonly<Record<string, string | undefined>>

/** What the doctor looks at on Node. Part of the entry. */
export function doctorPorts(path: string, env: Env): DoctorPorts {
  const clock = systemClock
  const keys = keyFile(path, env)
  let aheadMs: number | null = null
  return {
    machine: () => ({ node: process.versions.node, zoneData: process.versions.tz ?? null }),
    engine: engineVersions,
    async database() {
      const known = readMigrations(migrationsFolder()).map(({ name }) => name)
      return { path, inspection: await inspected(path), known, room: await roomFor(path) }
    },
    config() {
      const roots = readRoots(env)
      return {
        variables: Object.keys(env)
          .filter(name => name.startsWith('MINUTEWISE_') && env[name] !== undefined && env[name] !== '')
          .toSorted(),
        problems: roots.kind === 'problems' ? roots.problems : [],
      }
    },
    keyFile: keys,
    async keyDraft() {
      if (keys.source.kind !== 'file') return null
      const draft = `${keys.source.path}.new`
      return (await stat(draft).catch(() => null)) === null ? null : draft
    },
    openLive: () =>
      openLiveAccounts(path, env, clock, async (input, init) => {
        const askedAt = clock.now()
        const response = await fetch(input, init)
        const ahead = clockAhead(response.headers, askedAt, clock.now())
        if (ahead !== null && (aheadMs === null || Math.abs(ahead) < Math.abs(aheadMs))) aheadMs = ahead
        return response
      }),
    missingScopes,
    clockAheadMs: () => aheadMs,
  }
}

/**
 * How far a server's `Date` (RFC 9110 section 6.6.1) is ahead of our clock, 0 when it lies within the second it names
 * and the time the answer took. Of several servers the one that agrees most is believed: one of them may be wrong.
 */
export function clockAhead(headers: Headers, askedAt: number, answeredAt: number): number | null {
  // an answer out of a cache carries the date of its making
  const date = headers.has('age') ? Number.NaN : Date.parse(headers.get('date') ?? '')
  if (Number.isNaN(date)) return null
  if (date + 1_000 < askedAt) return date + 1_000 - askedAt
  return date > answeredAt ? date - answeredAt : 0
}

async function inspected(path: string) {
  if (path === ':memory:') return null
  try {
    return await inspectSqlite(path)
  } catch (error) {
    throw portErrorOf(error, path)
  }
}

async function roomFor(path: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(dirname(path))
    return bavail * bsize
  } catch {
    return null
  }
}

/** Google and Microsoft alone have scopes that a person may leave out. */
async function missingScopes(account: Account, granted: readonly string[]): Promise<readonly string[]> {
  const { provider, tier, grant, settings } = account
  if (grant !== 'personal') return []
  if (provider === 'google') {
    const { googleScopes } = await import('./connectors/google/scopes.ts')
    const { read, write, directory } = googleScopes(tier, { grant, withDirectory: settings.directory === 'yes' })
    return uncovered([...read, ...write, ...directory], granted.map(plainScope), googleWider)
  }
  if (provider === 'microsoft') {
    const { microsoftScopes } = await import('./connectors/microsoft/scopes.ts')
    const identity = ['openid', 'profile', 'offline_access']
    const needed = microsoftScopes(tier, { grant }).filter(scope => !identity.includes(scope))
    return uncovered(needed, granted.map(plainScope), microsoftWider)
  }
  return []
}

/** `calendars.read` of `https://graph.microsoft.com/Calendars.Read`: providers answer with long and short names. */
const plainScope = (scope: string) => (scope.split('/').at(-1) ?? scope).toLowerCase()

/** Each scope with those that include it, directly or through another. */
const googleWider: Readonly<Record<string, readonly string[]>> = {
  'calendar.events.freebusy': ['calendar.events.owned.readonly', 'calendar.events.readonly'],
  'calendar.events.owned.readonly': ['calendar.events.readonly', 'calendar.events.owned'],
  'calendar.events.readonly': ['calendar.events', 'calendar.readonly'],
  'calendar.events.owned': ['calendar.events'],
  'calendar.calendarlist.readonly': ['calendar.calendarlist', 'calendar.readonly'],
  'calendar.events': ['calendar'],
  'calendar.readonly': ['calendar'],
  'calendar.calendarlist': ['calendar'],
}

const microsoftWider: Readonly<Record<string, readonly string[]>> = {
  'calendars.readbasic': ['calendars.read'],
  'calendars.read': ['calendars.readwrite'],
  'mailboxsettings.read': ['mailboxsettings.readwrite'],
}

function uncovered(
  needed: readonly string[],
  granted: readonly string[],
  wider: Readonly<Record<string, readonly string[]>>,
): readonly string[] {
  const covers = (scope: string): boolean => granted.includes(scope) || (wider[scope] ?? []).some(covers)
  return needed.filter(scope => !covers(plainScope(scope)))
}
