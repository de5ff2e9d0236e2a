import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ReceiveDeps } from '../src/app/push/receive-notification.ts'
import type { Listener } from '../src/cli/deps.ts'
import { systemClock } from '../src/clock.ts'
import { listenOnNode } from '../src/node-listen.ts'

const knocks: string[] = []
const deps: ReceiveDeps = {
  clock: systemClock,
  mirror: {
    findChannels: async ({ channelIds = [] }) => {
      knocks.push(...channelIds)
      return []
    },
    lookNow: async () => {},
    saveChannel: async () => {},
    removeChannel: async () => {},
  },
}
let listener: Listener
beforeEach(async () => {
  knocks.length = 0
  listener = await listenOnNode(deps, { host: '127.0.0.1', port: 0 })
})
afterEach(() => listener.close())

const knock = (channel: string, init: RequestInit = {}) =>
  fetch(`http://127.0.0.1:${listener.port}/hooks/google`, {
    method: 'POST',
    headers: { 'x-goog-channel-id': channel, 'x-goog-channel-token': 't', 'x-goog-resource-id': 'r' },
    ...init,
  })

test('a knock with megabytes behind it is answered, and the next one too', async () => {
  const big = await knock('big', { body: 'x'.repeat(5_000_000) }).then(
    ({ status }) => status,
    () => 'cut off',
  )
  expect([204, 'cut off']).toContain(big)
  expect((await knock('small')).status).toBe(204)
  expect(knocks).toEqual(['big', 'small'])
})

test('headers beyond 16 KB are refused before anything is asked', async () => {
  expect((await knock('x'.repeat(20_000))).status).toBe(431)
  expect(knocks).toEqual([])
})

test('there is nothing else', async () => {
  const answer = await fetch(`http://127.0.0.1:${listener.port}/`)
  expect([answer.status, await answer.json()]).toMatchObject([404, { error: 'not-found' }])
})

test('when it is closed nobody answers, also on connections that were open', async () => {
  await knock('before')
  await listener.close()
  await expect(knock('after')).rejects.toThrow('fetch failed')
  listener = await listenOnNode(deps, { host: '127.0.0.1', port: 0 })
})
