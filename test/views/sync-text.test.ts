import { describe, expect, test } from 'vitest'
import { type ShownCalendar, type ShownSync, syncText } from '../../src/views/sync-text.ts'

const calendar = (id: string, status = 'current', sentence: string | null = null): ShownCalendar => ({
  accountId: 'acc1',
  id,
  name: id,
  sync: { status, sentence },
})

const outcome = (given: Partial<ShownSync['calendars'][number]['outcome']> = {}) => ({
  result: 'done' as const,
  sentence: null,
  written: 0,
  removed: 0,
  forced: false,
  ...given,
})

const account = (result = 'listed', sentence: string | null = null) => ({
  account: { id: 'acc1', label: 'ana@lantern.example' },
  result,
  sentence,
})

const said = (run: Partial<ShownSync>, after: readonly ShownCalendar[] = []) =>
  syncText({ accounts: [account()], calendars: [], paused: false, owesSettling: false, ...run }, after)

describe('the end of a sync', () => {
  test('counts what changed', () => {
    const calendars = [
      { calendar: calendar('Work'), outcome: outcome({ written: 1_200, removed: 3 }) },
      { calendar: calendar('Home'), outcome: outcome() },
    ]
    expect(said({ calendars })).toBe('2 calendars up to date, 1 changed: 1,200 events written, 3 removed.\n')
  })

  test('that came too early says how much was read, and of what was forgotten that it goes on', () => {
    const calendars = [
      { calendar: calendar('Work'), outcome: outcome({ result: 'paused', written: 400, forced: true }) },
    ]
    expect(said({ calendars, paused: true })).toBe(
      '0 calendars up to date, nothing changed.\n' +
        '  Work: the provider had forgotten how far it was read; it is being read again whole.\n' +
        'Stopped before the end: 1 calendar under way, 400 events written, 0 removed. The next sync goes on from here.\n',
    )
  })

  test('says what stops an account once, and not of each of its calendars', () => {
    const sentence = 'A credential does not open.'
    const failed = { result: 'failed' as const, sentence }
    const calendars = ['Work', 'Home'].map(id => ({ calendar: calendar(id), outcome: outcome(failed) }))
    expect(said({ accounts: [account('failed', sentence)], calendars }).split(sentence)).toHaveLength(2)
    expect(said({ calendars }).split(sentence)).toHaveLength(3)
  })

  test('calls a calendar that is held not up to date', () => {
    const calendars = [{ calendar: calendar('Feed'), outcome: outcome() }]
    expect(said({ calendars }, [calendar('Feed', 'held', '5 of 6 are missing.')])).toBe(
      '0 calendars up to date, nothing changed.\n! Feed: 5 of 6 are missing.\n',
    )
  })

  test('does not mark people who have no calendar as something that is wrong', () => {
    const none = outcome({ result: 'no-mailbox', sentence: 'This person has no calendar.' })
    expect(said({ calendars: [{ calendar: calendar('Ben'), outcome: none }] })).toBe(
      '0 calendars up to date, nothing changed.\n  Ben: This person has no calendar.\n',
    )
  })

  test('says of a calendar that was disconnected meanwhile nothing else', () => {
    const gone = { result: 'elsewhere' as const, sentence: 'It was disconnected meanwhile.' }
    expect(said({ calendars: [{ calendar: calendar('Work'), outcome: outcome(gone) }] })).toContain(
      '  Work: It was disconnected meanwhile.\n',
    )
  })
})

const calendarOf = (accountId: string, name: string): ShownCalendar => ({
  accountId,
  id: `${accountId}-${name}`,
  name,
  sync: { status: 'current', sentence: null },
})
const accountOf = (id: string) => ({ account: { id, label: `${id}@lantern.example` }, result: 'known', sentence: null })

test('calendars of one name are told apart by their account, others need no more than their name', () => {
  const run: ShownSync = {
    accounts: [accountOf('ana'), accountOf('ben')],
    calendars: [
      { calendar: calendarOf('ana', 'Calendar'), outcome: outcome({ forced: true }) },
      { calendar: calendarOf('ben', 'Calendar'), outcome: outcome({ forced: true }) },
      { calendar: calendarOf('ben', 'Lamps'), outcome: outcome({ forced: true }) },
    ],
    paused: false,
    owesSettling: false,
  }
  const lines = syncText(run, []).split('\n')
  expect(lines.slice(1, 4).map(line => line.split(':')[0]?.trim())).toEqual([
    'Calendar (ana@lantern.example)',
    'Calendar (ben@lantern.example)',
    'Lamps',
  ])
})
