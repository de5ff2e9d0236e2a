import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type DoctorPorts, diagnose, patienceSeconds } from '../../../src/app/doctor/diagnose.ts'
import { type Clock, systemClock } from '../../../src/clock.ts'
import type { AccountConnection, TickBudget } from '../../../src/connectors/connector.ts'
import { createMemoryCalendars } from '../../../src/connectors/memory/memory-calendars.ts'
import { dayMs } from '../../../src/domain/time/types.ts'
import { PortError } from '../../../src/port-error.ts'
import type { Account } from '../../../src/store/accounts.ts'
import { type VirtualClock, virtualClock } from '../../fakes/kit/clock.ts'
import { accountOf, type KeysWorld, keysWorld, ownerOf } from '../keys/keys-world.ts'

const now = Date.UTC(2026, 10, 20, 9)
const secrets = ['the password of ana', 'refresh-secret', 'access-secret']

let world: KeysWorld
let clock: VirtualClock
beforeEach(async () => {
  world = await keysWorld()
  clock = virtualClock(now)
})
afterEach(() => world.close())

/** A machine on which everything is fine; `ask` is what each account's provider does. */
function ports(change: Partial<DoctorPorts> = {}, ask: Ask = async () => calendars()): DoctorPorts {
  return {
    machine: () => ({ node: '24.21.0', zoneData: '2026c' }),
    engine: async () => ({ package: '12.11.1', sqlite: '3.53.2' }),
    database: async () => ({
      path: 'mw.db',
      inspection: {
        bytes: 1,
        isWritable: true,
        journalMode: 'wal',
        damage: [],
        applied: ['0001_a.sql'],
        tables: 1,
      },
      known: ['0001_a.sql'],
      room: 10 ** 12,
    }),
    config: () => ({ variables: [], problems: [] }),
    keyFile: world.keys,
    keyDraft: async () => null,
    openLive: async () => {
      const live = await world.another()
      return { ...live, connectionOf: ask }
    },
    missingScopes: async () => [],
    clockAheadMs: () => null,
    ...change,
  }
}
type Ask = (account: Account) => Promise<AccountConnection>

function calendars(change: Partial<AccountConnection> = {}): AccountConnection {
  const provider = createMemoryCalendars()
  provider.addCalendar({ id: 'main' })
  return { connector: provider.connector, writer: null, push: null, directory: null, revoke: async () => {}, ...change }
}

function answering(listCalendars: (budget: TickBudget) => Promise<never>): AccountConnection {
  const usual = calendars()
  return { ...usual, connector: { ...usual.connector, listCalendars } }
}

async function seen(given: DoctorPorts, how: { readonly offline?: boolean; readonly clock?: Clock } = {}) {
  const report = await diagnose(
    { ports: given, clock: how.clock ?? patient(clock) },
    { offline: how.offline ?? false, signal: new AbortController().signal },
  )
  for (const secret of secrets) expect(JSON.stringify(report)).not.toContain(secret)
  const states = Object.fromEntries(report.lines.map(({ id, state }) => [id, state]))
  const says = (id: string) => report.lines.find(line => line.id === id)?.says
  return { ...report, states, says }
}

/** Its sleeps end when they are given up, and never by time. */
const patient = (of: VirtualClock): Clock => ({
  ...of,
  sleep: (_, signal) => new Promise(resolve => signal?.addEventListener('abort', () => resolve(), { once: true })),
})

/** Time is up once so many sleeps were given up. */
function ranOutAfter(answers: number): Clock {
  let timeIsUp: () => void = () => {}
  const over = new Promise<void>(resolve => {
    timeIsUp = resolve
  })
  let givenUp = 0
  return {
    ...clock,
    sleep: (_, signal) => {
      signal?.addEventListener('abort', () => ++givenUp === answers && timeIsUp(), { once: true })
      return over
    },
  }
}

const account = (name: string) => `account:${accountOf(name).id}`

describe('the doctor', () => {
  it('asks every account and says how each is', async () => {
    const { states, says, problems, warnings } = await seen(ports())
    expect(states).toMatchObject({
      node: 'ok',
      zones: 'ok',
      sqlite: 'ok',
      database: 'ok',
      room: 'ok',
      config: 'ok',
      keys: 'ok',
      [account('ana')]: 'ok',
      [account('ben')]: 'ok',
      [account('cleo')]: 'ok',
      push: 'unset',
    })
    expect(says('keys')).toMatch(/all 3 secrets open/)
    expect(says(account('ana'))).toBe('ana@lantern.example · content · 1 calendar')
    // nothing was synced yet
    expect([problems, warnings]).toEqual([0, 3])
  })

  it('asks the accounts side by side', async () => {
    let asking = 0
    let all: () => void = () => {}
    const together = new Promise<void>(resolve => {
      all = resolve
    })
    // each answers only when all three were asked
    const { states } = await seen(
      ports({}, async () => {
        if (++asking === 3) all()
        await together
        return calendars()
      }),
    )
    expect(states).toMatchObject({ [account('ana')]: 'ok', [account('ben')]: 'ok', [account('cleo')]: 'ok' })
  })

  it('waits for nobody for ever: an account that does not answer is a warning, the others are seen', async () => {
    const asked: TickBudget[] = []
    const { states, says } = await seen(
      ports({}, async ({ label }) =>
        label.startsWith('ben')
          ? answering(budget => {
              asked.push(budget)
              return new Promise(() => {})
            })
          : calendars(),
      ),
      { clock: ranOutAfter(2) },
    )
    expect(states).toMatchObject({ [account('ana')]: 'ok', [account('ben')]: 'warning', [account('cleo')]: 'ok' })
    expect(says(account('ben'))).toMatch(`no answer in ${patienceSeconds} seconds`)
    expect(asked[0]?.signal?.aborted).toBe(true)
    expect(asked[0]?.untilAt).toBe(now + patienceSeconds * 1_000)
  })

  it.each([
    ['a PortError in its words', new PortError('denied', 'The server says no.'), /The server says no\./],
    ['any other error by its kind alone', new TypeError('the password of ana'), /nobody foresaw \(TypeError\)/],
    [
      'an error of the system by its code',
      Object.assign(new Error('refresh-secret'), { code: 'EMFILE' }),
      /\(EMFILE\)/,
    ],
  ])('tells %s, and sees the others', async (_, error, sentence) => {
    const { states, says } = await seen(
      ports({}, async ({ label }) => (label.startsWith('ana') ? answering(() => Promise.reject(error)) : calendars())),
    )
    expect(states).toMatchObject({ [account('ana')]: 'problem', [account('ben')]: 'ok' })
    expect(says(account('ana'))).toMatch(sentence)
  })

  it('takes a list that was too long for its requests as an answer', async () => {
    const { states, says } = await seen(
      ports({}, async () =>
        answering(async budget => {
          budget.requests = 0
          throw new PortError('paused', 'The requests of this tick are spent.')
        }),
      ),
    )
    expect(states[account('ana')]).toBe('ok')
    expect(says(account('ana'))).toMatch(/many calendars/)
  })

  it('tells a directory that is closed apart from the calendars', async () => {
    const rows = () => Promise.reject(new PortError('denied', 'Not an administrator.'))
    const { says, states } = await seen(ports({}, async () => calendars({ directory: { rows } })))
    expect(states[account('ana')]).toBe('problem')
    expect(says(account('ana'))).toMatch(/1 calendar · directory: Not an administrator\./)
  })

  it('says how long the token is good for, and which scopes are missing', async () => {
    const { id } = accountOf('ana')
    await world.live.credentials.save(
      ownerOf('ana'),
      {
        kind: 'oauth',
        clientId: 'c',
        clientSecret: null,
        refreshToken: 'refresh-secret',
        accessToken: 'access-secret',
        accessTokenExpiresAt: now + 3 * dayMs,
        scopes: ['openid'],
      },
      1,
    )
    const missingScopes: DoctorPorts['missingScopes'] = async (of, granted) =>
      of.id === id && granted.includes('openid') ? ['https://x.example/calendar.events'] : []
    const { says } = await seen(ports({ missingScopes }))
    expect(says(account('ana'))).toMatch(/token good for 3 days · not granted: calendar\.events/)
  })

  it('offline asks nobody and still opens every secret', async () => {
    const { states, says } = await seen(
      ports({}, () => Promise.reject(new Error('was asked'))),
      { offline: true },
    )
    expect(states[account('ana')]).toBe('ok')
    expect(says(account('ana'))).toMatch(/secret opens · not asked \(--offline\)/)
  })

  it('names the account whose secret does not open', async () => {
    await world.sql("UPDATE credentials SET sealed = 'AAAA' WHERE account_id LIKE 'ben%'")
    for (const offline of [true, false]) {
      const { states, says } = await seen(ports(), { offline })
      expect(states).toMatchObject({
        keys: 'ok',
        'keys-shut': 'problem',
        [account('ben')]: 'problem',
        [account('ana')]: 'ok',
      })
      expect(says('keys-shut')).toMatch(/^ben@lantern\.example: A credential does not open/)
    }
  })

  it.each<[string, Partial<DoctorPorts>, string]>([
    ['the engine', { engine: () => Promise.reject(new PortError('unsupported', 'Not for this Node.')) }, 'sqlite'],
    ['the database', { database: () => Promise.reject(new PortError('malformed', 'No database.')) }, 'database'],
    ['the configuration', { config: () => ({ variables: [], problems: ['Wrong'] }) }, 'config'],
    ['the accounts', { openLive: () => Promise.reject(new PortError('busy', 'Locked.')) }, 'accounts'],
    [
      'the machine',
      {
        machine: () => {
          throw new Error('the password of ana')
        },
      },
      'zones',
    ],
  ])('sees everything else when %s cannot be seen', async (_, broken, id) => {
    const whole = Object.keys((await seen(ports())).states)
    const { states, problems } = await seen(ports(broken))
    expect(states[id]).toBe('problem')
    expect(problems).toBeGreaterThan(0)
    for (const other of ['node', 'sqlite', 'database', 'config']) expect(Object.keys(states)).toContain(other)
    expect(whole).toContain('keys')
  })

  it('opens no database that it would have to migrate, and none that is not there', async () => {
    const opened: string[] = []
    const openLive = async () => {
      opened.push('opened')
      return await world.another()
    }
    const usual = await ports().database()
    for (const inspection of [
      null,
      { ...usual.inspection!, applied: [] },
      { ...usual.inspection!, damage: ['torn'] },
    ]) {
      const { states } = await seen(ports({ openLive, database: async () => ({ ...usual, inspection }) }))
      expect(states.keys).toBeUndefined()
    }
    expect(opened).toEqual([])
  })

  it('says when the clock is off', async () => {
    expect((await seen(ports({ clockAheadMs: () => 600_000 }))).states.clock).toBe('problem')
    expect((await seen(ports())).states.clock).toBeUndefined()
  })

  it('ends what it began to wait for', async () => {
    let waiting = 0
    const counting: Clock = {
      ...systemClock,
      now: () => now,
      sleep: async (ms, signal) => {
        waiting++
        await systemClock.sleep(ms, signal)
        waiting--
      },
    }
    await seen(ports(), { clock: counting })
    expect(waiting).toBe(0)
  })
})
