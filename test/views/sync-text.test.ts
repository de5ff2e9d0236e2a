import { expect, test } from 'vitest'
import { type ShownSync, syncText } from '../../src/views/sync-text.ts'

const calendar = (accountId: string, name: string) => ({
  accountId,
  id: `${accountId}-${name}`,
  name,
  sync: { status: 'current', sentence: null },
})
const outcome = { result: 'done', sentence: null, written: 0, removed: 0, forced: true } as const
const account = (id: string) => ({ account: { id, label: `${id}@lantern.example` }, result: 'known', sentence: null })

test('calendars of one name are told apart by their account, others need no more than their name', () => {
  const run: ShownSync = {
    accounts: [account('ana'), account('ben')],
    calendars: [
      { calendar: calendar('ana', 'Calendar'), outcome },
      { calendar: calendar('ben', 'Calendar'), outcome },
      { calendar: calendar('ben', 'Lamps'), outcome },
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
