import { describe, expect, test } from 'vitest'
import { type ChannelWish, isTold, planChannels, prolongAt } from '../../../src/app/push/plan-channels.ts'
import { dayMs, hourMs } from '../../../src/domain/time/types.ts'
import type { PushChannel } from '../../../src/store/accounts.ts'

const now = Date.parse('2026-03-02T08:00:00Z')
const address = 'https://hooks.test/hooks/google'

const aChannel = (channelId: string, given: Partial<PushChannel> = {}): PushChannel => ({
  accountId: 'acc0000000000001',
  calendarId: 'ana@lamps.example',
  channelId,
  providerId: `resource-${channelId}`,
  secretHash: 'ab'.repeat(32),
  address,
  expiresAt: now + 5 * dayMs,
  nextAt: now + 4 * dayMs,
  status: 'open',
  ...given,
})

const due = { nextAt: now }
const old = { address: 'https://before.test/hooks/google' }
const opening = { providerId: '', status: 'opening' } as const
const refused = { providerId: '', status: 'refused', expiresAt: now + hourMs, nextAt: now + hourMs } as const
const orphan = { providerId: '', status: 'stopping', nextAt: null } as const
const dead = { expiresAt: now }

/** `forget a, stop b, open for c`, in few words. */
function planned(channels: readonly PushChannel[], wish: Partial<ChannelWish> = {}): string {
  const how: ChannelWish = { isWanted: true, askedFor: false, canProlong: true, address, now, ...wish }
  const { forget, stop, next } = planChannels(channels, how)
  const ids = (some: readonly PushChannel[]) => some.map(({ channelId }) => channelId).join(' ')
  const words = [
    forget.length > 0 ? `forget ${ids(forget)}` : '',
    stop.length > 0 ? `stop ${ids(stop)}` : '',
    next.kind === 'prolong' ? `prolong ${next.current.channelId}` : '',
    next.kind === 'open' ? `open${next.again === null ? '' : ` ${next.again.channelId} again`}` : '',
    next.kind === 'open' && next.replaces !== null ? `for ${next.replaces.channelId}` : '',
  ]
  return words.filter(word => word !== '').join(', ') || 'nothing'
}

describe('the channels of a wanted calendar', () => {
  test.each<[string, readonly PushChannel[], Partial<ChannelWish>, string]>([
    ['none', [], {}, 'open'],
    ['one that lives', [aChannel('a')], {}, 'nothing'],
    ['one whose time has come', [aChannel('a', due)], {}, 'prolong a'],
    ['one the provider wants to hear of', [aChannel('a', { nextAt: null })], {}, 'prolong a'],
    ['one whose time has come, and no renewal', [aChannel('a', due)], { canProlong: false }, 'open, for a'],
    ['one that has expired', [aChannel('a', dead)], {}, 'forget a, open'],
    ['one that expired and one that lives', [aChannel('a', dead), aChannel('b')], {}, 'forget a'],
    ['one at an address of before', [aChannel('a', old)], {}, 'open, for a'],
    ['two: the longer one stays', [aChannel('a', { expiresAt: now + dayMs }), aChannel('b')], {}, 'stop a'],
    [
      'two: the one at our address stays, and not the longer one',
      [aChannel('a', { expiresAt: now + dayMs }), aChannel('b', old)],
      {},
      'stop b',
    ],
    ['one to stop beside one that lives', [aChannel('a', { status: 'stopping', ...due }), aChannel('b')], {}, 'stop a'],
    ['one that could not be stopped just now', [aChannel('a', { status: 'stopping' }), aChannel('b')], {}, 'nothing'],
    [
      'two that may live already, one of them to be replaced',
      [aChannel('a', { status: 'stopping' }), aChannel('b', due)],
      { canProlong: false },
      'nothing',
    ],
    ['one that nobody can stop', [aChannel('a', orphan)], {}, 'open'],
    ['two that nobody can stop', [aChannel('a', orphan), aChannel('b', orphan)], {}, 'nothing'],
    ['one whose answer is under way', [aChannel('a', opening)], {}, 'nothing'],
    ['one whose answer never came', [aChannel('a', { ...opening, ...due })], {}, 'open a again'],
    ['a refusal', [aChannel('a', refused)], {}, 'nothing'],
    ['a refusal whose day is over', [aChannel('a', { ...refused, ...dead })], {}, 'forget a, open'],
    ['a refusal, and a person asks', [aChannel('a', refused)], { askedFor: true }, 'forget a, open'],
    ['a refusal of another address', [aChannel('a', { ...refused, ...old })], {}, 'forget a, open'],
    ['a refused replacement', [aChannel('a', due), aChannel('b', refused)], { canProlong: false }, 'nothing'],
  ])('%s', (_what, channels, wish, plan) => {
    expect(planned(channels, wish)).toBe(plan)
  })
})

describe('the channels of a calendar that is not wanted', () => {
  test.each<[string, readonly PushChannel[], string]>([
    ['none', [], 'nothing'],
    ['one that lives', [aChannel('a')], 'stop a'],
    ['a refusal', [aChannel('a', refused)], 'forget a'],
    ['one whose answer never came', [aChannel('a', { ...opening, ...due })], 'nothing'],
    ['one that nobody can stop', [aChannel('a', orphan)], 'nothing'],
  ])('%s', (_what, channels, plan) => {
    expect(planned(channels, { isWanted: false })).toBe(plan)
  })
})

test.each<[string, Partial<PushChannel>, boolean]>([
  ['open', {}, true],
  ['to be prolonged', due, false],
  ['at another address', old, false],
  ['expired', { ...dead, nextAt: now + dayMs }, false],
  ['being stopped', { status: 'stopping' }, false],
  ['opening', opening, false],
])('a calendar whose channel is %s is told: %s', (_what, given, isSo) => {
  expect(isTold([aChannel('a', given)], address, now)).toBe(isSo)
})

test('a channel of a week is prolonged a day before its end, one of an hour before its last quarter', () => {
  expect(prolongAt(now, now + 7 * dayMs)).toBe(now + 6 * dayMs)
  expect(prolongAt(now, now + hourMs)).toBe(now + (3 * hourMs) / 4)
})
