import { describe, expect, it } from 'vitest'
import { calendarLines, consentLine } from '../../../src/app/doctor/account-checks.ts'
import {
  clockLine,
  configLines,
  databaseLines,
  doctorLines,
  engineLine,
  keyLines,
  nodeLine,
  pushLine,
  zoneLine,
} from '../../../src/app/doctor/checks.ts'
import type {
  AccountFacts,
  CalendarFacts,
  ChannelFacts,
  DatabaseFacts,
  DoctorFacts,
  KeyFacts,
} from '../../../src/app/doctor/facts.ts'
import { type DoctorState, line } from '../../../src/app/doctor/line.ts'
import { dayMs, hourMs, minuteMs } from '../../../src/domain/time/types.ts'

const now = Date.UTC(2026, 10, 20, 9)

describe('Node', () => {
  it.each<[string, DoctorState, RegExp]>([
    ['18.20.8', 'problem', /needs 20\.19/],
    ['20.18.3', 'problem', /needs 20\.19/],
    ['20.20.2', 'warning', /end of life since April 2026; 24 recommended/],
    ['22.13.1', 'problem', /needs/],
    ['22.14.0', 'ok', /fixes until April 2027/],
    ['23.11.0', 'warning', /end of life since June 2025/],
    ['24.21.0', 'ok', /fixes until April 2028/],
    ['31.0.0', 'ok', /newer than what was known in 2026-11/],
  ])('%s in November 2026 → %s', (node, state, says) => {
    expect(nodeLine({ node, zoneData: null }, now)).toMatchObject({
      id: 'node',
      state,
      says: expect.stringMatching(says),
    })
  })

  it('that ends within three months is a warning before it ends', () => {
    const at = (iso: string) => nodeLine({ node: '22.20.0', zoneData: null }, Date.parse(iso))
    expect(at('2027-01-20T00:00:00Z').state).toBe('ok')
    expect(at('2027-03-01T00:00:00Z')).toMatchObject({ state: 'warning', says: 'end of life in 60 days' })
    expect(at('2027-04-30T00:00:00Z')).toMatchObject({
      state: 'warning',
      says: expect.stringMatching(/since April 2027/),
    })
  })

  it.each<[string | null, DoctorState]>([
    ['2025c', 'warning'],
    ['2026b', 'warning'],
    ['2026c', 'ok'],
    ['2027a', 'ok'],
    [null, 'warning'],
  ])('with zone data %s → %s', (zoneData, state) => {
    expect(zoneLine({ node: '24.0.0', zoneData })).toMatchObject({ id: 'zones', state })
  })
})

describe('the database', () => {
  const whole = {
    bytes: 14 * 1024 ** 2,
    isWritable: true,
    journalMode: 'wal',
    damage: [],
    applied: ['0001_a.sql', '0002_b.sql'],
    tables: 9,
  }
  const facts = (
    change: Partial<NonNullable<DatabaseFacts['inspection']>> | null,
    room: number | null = 80 * 1024 ** 3,
  ) => ({
    path: 'mw.db',
    inspection: change === null ? null : { ...whole, ...change },
    known: ['0001_a.sql', '0002_b.sql'],
    room,
  })

  it.each<[string, Parameters<typeof facts>[0], DoctorState, RegExp, RegExp | null]>([
    ['whole', {}, 'ok', /^mw\.db · 14 MB · migrations 2\/2 · writable · WAL · whole$/, null],
    ['not there', null, 'unset', /not there yet/, /connect/],
    ['an empty file', { applied: null, tables: 0 }, 'warning', /migrations 0\/2/, /brings it up to date/],
    ['of another program', { applied: null }, 'problem', /another program/, /--db/],
    ['behind', { applied: ['0001_a.sql'] }, 'warning', /migrations 1\/2/, /brings it up to date/],
    ['of a newer Minutewise', { applied: [...whole.applied, '0003_c.sql'] }, 'problem', /2\/2/, /Update Minutewise/],
    ['damaged', { damage: ['row 3 missing from index'] }, 'problem', /DAMAGED/, /restore a backup/],
    ['not writable', { isWritable: false }, 'problem', /NOT writable/, /Let your user write/],
    ['on a network disk', { journalMode: 'delete' }, 'warning', /journal delete/, /local disk/],
  ])('%s', (_, change, state, says, help) => {
    const [first] = databaseLines(facts(change))
    expect(first).toMatchObject({ id: 'database', state, says: expect.stringMatching(says) })
    if (help === null) expect(first?.help).toBeNull()
    else expect(first?.help).toMatch(help)
  })

  it.each<[number, number, DoctorState]>([
    [49, 1, 'problem'],
    [51, 1, 'warning'],
    [600, 1, 'ok'],
    [600, 400, 'warning'],
  ])('with %i MB left for one of %i MB → %s', (room, size, state) => {
    const [, disk] = databaseLines(facts({ bytes: size * 1024 ** 2 }, room * 1024 ** 2))
    expect(disk).toMatchObject({ id: 'room', state })
  })

  it('of which nobody knows the room has no line for it', () => {
    expect(databaseLines(facts({}, null)).map(({ id }) => id)).toEqual(['database'])
  })

  it('SQLite says its version, and that of its adapter when that is known', () => {
    expect(engineLine({ package: '12.11.1', sqlite: '3.53.2' })).toMatchObject({
      name: 'SQLite 3.53.2',
      says: 'better-sqlite3 12.11.1 fits this Node',
    })
    expect(engineLine({ package: null, sqlite: '3.53.2' }).says).toBe('better-sqlite3 fits this Node')
  })
})

describe('the configuration', () => {
  it('names the variables that are set', () => {
    expect(configLines({ variables: ['MINUTEWISE_DB', 'MINUTEWISE_KEYS'], problems: [] })).toMatchObject([
      { state: 'ok', says: '2 variables (values not shown): MINUTEWISE_DB, MINUTEWISE_KEYS' },
    ])
  })

  it('with a problem is a problem, and one that nothing reads is a warning', () => {
    expect(
      configLines({ variables: ['MINUTEWISE_GOGLE_ROOT'], problems: ['MINUTEWISE_GRAPH_ROOT is wrong'] }),
    ).toMatchObject([
      { id: 'config', state: 'problem', says: 'MINUTEWISE_GRAPH_ROOT is wrong' },
      { id: 'config-unknown', state: 'warning', says: 'nothing reads MINUTEWISE_GOGLE_ROOT' },
    ])
  })
})

describe('the keys', () => {
  const key = (id: string, credentials: number, isNewest = false) => ({ id, credentials, isNewest })
  const facts = (change: Partial<KeyFacts>): KeyFacts => ({
    source: { kind: 'file', path: 'mw.db.keys', isNamed: false },
    mode: 0o600,
    keys: [key('k1', 3, true)],
    missing: [],
    shut: [],
    draft: null,
    ...change,
  })

  it.each<[string, Partial<KeyFacts>, DoctorState, RegExp]>([
    ['that all open', {}, 'ok', /^mw\.db\.keys · 1 key · mode 0600 · all 3 secrets open$/],
    ['in the environment', { source: { kind: 'environment' }, mode: null }, 'ok', /^MINUTEWISE_KEYS · 1 key · all/],
    ['others may read', { mode: 0o644 }, 'problem', /mode 0644/],
    ['not there yet', { keys: [], mode: null }, 'unset', /not there yet/],
    ['not there, and needed', { keys: [], missing: [key('k1', 2)] }, 'problem', /without "k1", which 2 secrets need/],
    ['of which an old one is in use', { keys: [key('k1', 1), key('k2', 2, true)] }, 'warning', /2 keys/],
    ['of which an old one is not needed', { keys: [key('k1', 0), key('k2', 3, true)] }, 'warning', /2 keys/],
  ])('%s → %s', (_, change, state, says) => {
    const [first, second] = keyLines(facts(change))
    expect(first).toMatchObject({ id: 'keys', state, says: expect.stringMatching(says) })
    expect(second).toBeUndefined()
    expect(first?.help === null).toBe(state === 'ok')
  })

  it('a secret that does not open and a draft that was left have lines of their own', () => {
    const shut = [{ label: 'ana@lantern.example', sentence: 'A credential does not open.' }]
    expect(keyLines(facts({ shut, draft: 'mw.db.keys.new' }))).toMatchObject([
      { id: 'keys', says: expect.stringMatching(/1 secret does not open/) },
      { id: 'keys-shut', state: 'problem', says: 'ana@lantern.example: A credential does not open.' },
      { id: 'keys-draft', state: 'warning' },
    ])
  })
})

const account: AccountFacts = {
  id: 'acc1',
  provider: 'google',
  label: 'ana@lantern.example',
  tier: 'content',
  status: 'connected',
  sentence: null,
  tokenEndsAt: now + 52 * minuteMs,
  missingScopes: [],
  asked: { kind: 'answered', calendars: 3, directory: null },
  calendars: [],
}

describe('an account', () => {
  const refused = (code: Extract<AccountFacts['asked'], { kind: 'refused' }>['code']) =>
    ({ asked: { kind: 'refused', code, sentence: 'Google says no.' } }) as const

  it.each<[string, Partial<AccountFacts>, DoctorState, RegExp]>([
    ['that answers', {}, 'ok', /^ana@lantern\.example · content · 3 calendars · token good for 52 minutes$/],
    ['with an old token', { tokenEndsAt: now - 1 }, 'ok', /renewed when it is needed/],
    ['without a token', { tokenEndsAt: null }, 'ok', /3 calendars$/],
    [
      'with more calendars than were asked for',
      { asked: { kind: 'answered', calendars: null, directory: { kind: 'ok' } } },
      'ok',
      /many calendars.*directory ok/,
    ],
    [
      'whose directory is closed',
      { asked: { kind: 'answered', calendars: 1, directory: { kind: 'refused', sentence: 'Not an admin.' } } },
      'problem',
      /1 calendar · .*directory: Not an admin\./,
    ],
    [
      'that was given less than asked',
      { missingScopes: ['https://x.example/auth/calendar.events.owned'] },
      'warning',
      /not granted: calendar\.events\.owned/,
    ],
    ['whose consent is gone', { status: 'signed-out', sentence: 'Taken back.' }, 'problem', /Taken back\./],
    ['whose consent was gone just now', refused('signed-out'), 'problem', /Google says no/],
    ['whose secret does not open', refused('malformed'), 'problem', /Google says no/],
    ['that is refused', refused('denied'), 'problem', /Google says no/],
    ['that nobody reaches now', refused('unreachable'), 'warning', /Google says no/],
    ['that is busy', refused('busy'), 'warning', /Google says no/],
    ['without a mailbox', refused('no-mailbox'), 'unset', /Google says no/],
    ['that does not answer', { asked: { kind: 'too-slow', seconds: 20 } }, 'warning', /no answer in 20 seconds/],
    ['that was not asked', { asked: { kind: 'not-asked' } }, 'ok', /secret opens · .* · not asked \(--offline\)$/],
    [
      'that was not asked and lacks a scope',
      { asked: { kind: 'not-asked' }, missingScopes: ['a'] },
      'warning',
      /not granted: a/,
    ],
  ])('%s', (_, change, state, says) => {
    const shown = consentLine({ ...account, ...change }, { now, offline: true })
    expect(shown).toMatchObject({ id: 'account:acc1', name: 'Google', state, says: expect.stringMatching(says) })
  })

  it.each([refused('signed-out'), refused('malformed'), { status: 'signed-out' } as const])(
    'whose consent is gone is told how to connect again',
    change => {
      const { help } = consentLine({ ...account, ...change, provider: 'microsoft' }, { now, offline: false })
      expect(help).toContain('`minutewise connect microsoft`')
    },
  )
})

describe('calendars', () => {
  const calendar = (change: Partial<CalendarFacts> = {}): CalendarFacts => ({
    id: 'cal',
    name: 'Ana',
    isSelected: true,
    status: 'current',
    sentence: null,
    asOf: now - 12 * minuteMs,
    ...change,
  })
  const lines = (...calendars: readonly CalendarFacts[]) => calendarLines({ ...account, calendars }, now)

  it('that are fresh are one line', () => {
    expect(lines(calendar(), calendar({ asOf: now - 30 * minuteMs }))).toEqual([
      line('freshness:acc1', 'ok', 'Calendars', '2 read · last sync 12 minutes ago · oldest 30 minutes ago', null),
    ])
  })

  it.each<[string, readonly CalendarFacts[], RegExp]>([
    ['old', [calendar({ asOf: now - 5 * hourMs })], /last sync 5 hours ago/],
    ['of which one is old', [calendar(), calendar({ asOf: now - 3 * dayMs })], /oldest 3 days ago/],
    ['of which one was never read', [calendar(), calendar({ status: 'waiting', asOf: null })], /1 not read whole yet/],
    ['of which none was read', [calendar({ status: 'waiting', asOf: null })], /1 not read whole yet/],
    ['not listed', [], /not listed yet/],
    ['all left out', [calendar({ isSelected: false })], /none of them is read/],
  ])('%s are a warning with a next step', (_, calendars, says) => {
    const [first] = lines(...calendars)
    expect(first).toMatchObject({ id: 'freshness:acc1', state: 'warning', says: expect.stringMatching(says) })
    expect(first?.help).toMatch(/minutewise (sync|accounts)/)
  })

  it.each<[CalendarFacts['status'], DoctorState]>([
    ['retrying', 'warning'],
    ['held', 'warning'],
    ['closed', 'warning'],
    ['gone', 'warning'],
    ['needs-attention', 'problem'],
  ])('%s → %s with its own sentence', (status, state) => {
    const [, trouble] = lines(calendar({ status, sentence: 'Half of it vanished.' }))
    expect(trouble).toMatchObject({ id: 'calendar:acc1:cal', state, says: 'Ana · Half of it vanished.' })
  })

  it('that are left out are not looked at', () => {
    expect(lines(calendar(), calendar({ isSelected: false, status: 'needs-attention', asOf: null }))).toHaveLength(1)
  })

  it('of a large company show the first ten with something to say, and how many more there are', () => {
    const many = Array.from({ length: 40 }, (_, index) => calendar({ id: `c${index}`, status: 'closed' }))
    const shown = lines(...many, calendar({ id: 'last', status: 'needs-attention' }))
    expect(shown).toHaveLength(12)
    expect(shown.at(-1)).toMatchObject({ id: 'calendars:acc1:more', state: 'problem', says: 'and 31 more like these' })
  })
})

describe('notifications', () => {
  const channel = (change: Partial<ChannelFacts> = {}): ChannelFacts => ({
    status: 'open',
    expiresAt: now + 3 * dayMs,
    host: 'mw.example.com',
    ...change,
  })

  it.each<[string, readonly ChannelFacts[], DoctorState, RegExp]>([
    ['none', [], 'unset', /nothing notifies us/],
    ['only those that are being stopped', [channel({ status: 'stopping' })], 'unset', /nothing/],
    [
      'open',
      [channel(), channel({ expiresAt: now + 5 * dayMs })],
      'ok',
      /^2 channels open · the next ends in 3 days · to mw\.example\.com$/,
    ],
    ['open, some refused', [channel(), channel({ status: 'refused' })], 'ok', /1 channel open .*1 refused/],
    ['all refused', [channel({ status: 'refused' })], 'warning', /0 channels open · 1 refused/],
    ['ending', [channel({ expiresAt: now + 5 * minuteMs })], 'warning', /ends in 5 minutes/],
    ['ended', [channel({ expiresAt: now })], 'warning', /1 ended/],
  ])('%s', (_, channels, state, says) => {
    expect(pushLine(channels, now)).toMatchObject({ id: 'push', state, says: expect.stringMatching(says) })
  })
})

describe('the clock', () => {
  it.each<[number, DoctorState, RegExp]>([
    [0, 'ok', /agrees/],
    [-29_000, 'ok', /agrees/],
    [45_000, 'warning', /^45 seconds behind/],
    [-4 * minuteMs, 'warning', /^4 minutes ahead of/],
    [6 * minuteMs, 'problem', /^6 minutes behind/],
    [-3 * hourMs, 'problem', /^3 hours ahead of/],
  ])('with providers %i ms ahead → %s', (ahead, state, says) => {
    expect(clockLine(ahead)).toMatchObject({ id: 'clock', state, says: expect.stringMatching(says) })
  })
})

describe('all lines', () => {
  const facts: DoctorFacts = {
    now,
    offline: false,
    machine: { kind: 'found', facts: { node: '24.21.0', zoneData: '2026c' } },
    engine: { kind: 'failed', sentence: 'The native part could not be loaded.' },
    database: { kind: 'failed', sentence: 'mw.db is not a database.' },
    config: { kind: 'found', facts: { variables: [], problems: [] } },
    keys: null,
    accounts: { kind: 'found', facts: [account] },
    channels: { kind: 'found', facts: [] },
    clockAheadMs: null,
  }

  it('what could not be found out is a problem in its place; what was not looked for is no line', () => {
    expect(doctorLines(facts).map(({ id, state }) => [id, state])).toEqual([
      ['node', 'ok'],
      ['zones', 'ok'],
      ['sqlite', 'problem'],
      ['database', 'problem'],
      ['config', 'ok'],
      ['account:acc1', 'ok'],
      ['freshness:acc1', 'warning'],
      ['push', 'unset'],
    ])
  })

  it('a check that fails by a mistake of ours is a line, stops no other and repeats nothing', () => {
    const broken = {
      get problems(): readonly string[] {
        throw new Error('the secret of ana')
      },
      variables: [],
    }
    const lines = doctorLines({ ...facts, config: { kind: 'found', facts: broken } })
    expect(lines.map(({ id }) => id)).toEqual(doctorLines(facts).map(({ id }) => id))
    expect(lines.find(({ id }) => id === 'config')).toMatchObject({ state: 'problem' })
    expect(JSON.stringify(lines)).not.toContain('the secret of ana')
  })
})
