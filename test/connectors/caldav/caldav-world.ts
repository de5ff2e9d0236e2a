import { systemClock } from '../../../src/clock.ts'
import { createCaldavConnection } from '../../../src/connectors/caldav/connection.ts'
import type { AccountConnection, CalendarRef, Tier } from '../../../src/connectors/connector.ts'
import { createHttpPolicy } from '../../../src/connectors/paced-http.ts'
import { virtualClock } from '../../fakes/kit/clock.ts'
import { alice, type Radicale, type RadicaleUser } from '../../fakes/radicale.ts'

export const worldNow = Date.parse('2026-03-02T08:00:00Z')

/** A connection as an entry builds one, with a clock that does not really sleep. */
export function connect(
  radicale: Pick<Radicale, 'url'>,
  how: {
    readonly user?: RadicaleUser
    readonly password?: string
    readonly tier?: Tier
    readonly path?: string
    readonly perStep?: number
    readonly fetch?: typeof fetch
  } = {},
): AccountConnection {
  const clock = virtualClock(worldNow)
  const { user = alice } = how
  return createCaldavConnection({
    http: createHttpPolicy({ fetch: how.fetch ?? fetch, clock, attempts: 3 }),
    credential: { userName: user.name, password: how.password ?? user.password },
    account: { tier: how.tier ?? 'write-back', settings: { url: new URL(how.path ?? '', radicale.url).href } },
    clock: { ...clock, random: systemClock.random },
    ...(how.perStep === undefined ? {} : { perStep: how.perStep }),
  })
}

export const refOf = (id: string, ownerAddress: string | null = null): CalendarRef => ({ id, ownerAddress, zone: null })

/** A resource around the given lines; one VEVENT unless they bring their own. */
export function resource(...lines: readonly string[]): string {
  const events = lines.some(line => line.startsWith('BEGIN:')) ? lines : ['BEGIN:VEVENT', ...lines, 'END:VEVENT']
  return ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Tests//EN', ...events, 'END:VCALENDAR', ''].join('\r\n')
}

export const stamp = (at: number) => `${new Date(at).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`
