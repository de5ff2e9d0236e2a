import { afterEach, expect, test } from 'vitest'
import type { ChannelWanted, PushSource } from '../../../src/connectors/connector.ts'
import { dayMs, hourMs, minuteMs } from '../../../src/domain/time/types.ts'
import { ben, type GraphWorld, type GraphWorldOptions, graphWorld, plenty, startAt } from './graph-world.ts'

let world: GraphWorld
afterEach(() => world.close())

/** Our two doors: what was knocked at, and how they answer a handshake. */
const knocks: string[] = []
let door: (token: string) => Response

async function begin(options: GraphWorldOptions = {}) {
  knocks.length = 0
  door = token => new Response(token, { headers: { 'content-type': 'text/plain' } })
  const answer: typeof fetch = async input => {
    const url = new URL(String(input))
    knocks.push(url.pathname)
    return door(url.searchParams.get('validationToken') ?? '')
  }
  world = await graphWorld({ fetch: answer, ...options })
  const { push } = world.connection
  if (push === null) throw new Error('No push')
  return push
}

const wanted = (more: Partial<ChannelWanted> = {}): ChannelWanted => ({
  calendar: world.calendar,
  channelId: 'channel-1',
  secret: 'a secret of ours',
  address: 'https://minutewise.example/push/graph',
  lifecycleAddress: 'https://minutewise.example/push/graph/lifecycle',
  untilAt: startAt + 3 * dayMs,
  ...more,
})

const renewed = (push: PushSource) => {
  if (push.renew === null) throw new Error('Graph can renew')
  return push.renew
}

test.each(['personal', 'organisation'] as const)(
  'a subscription knocks at both doors and says how long it lives: %s',
  async grant => {
    const push = await begin({ grant })
    const channel = await push.subscribe(wanted(), plenty())
    expect(channel).toEqual({
      channelId: 'channel-1',
      providerId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      calendarId: world.calendar.id,
      expiresAt: startAt + 3 * dayMs,
    })
    expect(knocks).toEqual(['/push/graph', '/push/graph/lifecycle'])
  },
)

test('it asks for all changes of the calendar, with our secret, under immutable ids', async () => {
  const push = await begin()
  await push.subscribe(wanted(), plenty())
  const [post] = world.served.journal.requests
  expect(JSON.parse(post?.body ?? '')).toEqual({
    changeType: 'created,updated,deleted',
    notificationUrl: 'https://minutewise.example/push/graph',
    lifecycleNotificationUrl: 'https://minutewise.example/push/graph/lifecycle',
    resource: `me/calendars/${encodeURIComponent(world.calendar.id)}/events`,
    expirationDateTime: new Date(startAt + 3 * dayMs).toISOString(),
    clientState: 'a secret of ours',
  })
  expect(post?.headers.prefer).toContain('IdType="ImmutableId"')
})

test('nobody gets longer than the service allows, and the least it gives is believed', async () => {
  const push = await begin()
  expect(push.longestMs).toBe((10_080 - 15) * minuteMs)
  const long = await push.subscribe(wanted({ untilAt: startAt + 400 * dayMs }), plenty())
  expect(long.expiresAt).toBe(startAt + push.longestMs)
  await push.stop(long, plenty())
  const short = await push.subscribe(wanted({ untilAt: startAt + minuteMs }), plenty())
  expect(short.expiresAt).toBe(startAt + 45 * minuteMs)
})

test('a door that does not open is our own affair', async () => {
  const push = await begin()
  door = () => new Response('wrong', { headers: { 'content-type': 'text/plain' } })
  await expect(push.subscribe(wanted(), plenty())).rejects.toMatchObject({ code: 'rejected' })
})

test('a subscription that is there already, its answer lost, is ours and replaced', async () => {
  const push = await begin()
  const lost = await push.subscribe(wanted(), plenty())
  const other = await push.subscribe(wanted({ address: 'https://elsewhere.example/hook' }), plenty())
  const again = await push.subscribe(wanted(), plenty())
  expect(again.providerId).not.toBe(lost.providerId)
  await expect(renewed(push)(lost, startAt + dayMs, plenty())).rejects.toMatchObject({ code: 'not-found' })
  await expect(renewed(push)(other, startAt + dayMs, plenty())).resolves.toMatchObject({ providerId: other.providerId })
})

test('a channel is prolonged, as long as the provider says', async () => {
  const push = await begin()
  const channel = await push.subscribe(wanted(), plenty())
  world.clock.advance(2 * dayMs)
  const longer = await renewed(push)(channel, startAt + 5 * dayMs, plenty())
  expect(longer).toEqual({ ...channel, expiresAt: startAt + 5 * dayMs })
})

test('a channel that has died is not found: a new one has to be opened', async () => {
  const push = await begin()
  const channel = await push.subscribe(wanted(), plenty())
  world.clock.advance(4 * dayMs)
  await expect(renewed(push)(channel, startAt + 9 * dayMs, plenty())).rejects.toMatchObject({ code: 'not-found' })
})

test('a channel is stopped, and one that is gone is stopped', async () => {
  const push = await begin()
  const channel = await push.subscribe(wanted(), plenty())
  await push.stop(channel, plenty())
  await push.stop(channel, plenty())
  expect(world.served.journal.requests.map(({ method, status }) => [method, status]).slice(1)).toEqual([
    ['DELETE', 204],
    ['DELETE', 404],
  ])
})

test('an organisation hears of the calendar it asked about and of no other', async () => {
  const push = await begin({ grant: 'organisation' })
  await push.subscribe(
    wanted({ calendar: { id: world.fake.mailbox(ben).userId, ownerAddress: ben, zone: null } }),
    plenty(),
  )
  knocks.length = 0
  world.mailbox.create({ subject: 'Ana’s', start: startAt, end: startAt + hourMs })
  await world.fake.push.deliver()
  expect(knocks).toEqual([])
  world.fake.mailbox(ben).create({ subject: 'Ben’s', start: startAt, end: startAt + hourMs })
  await world.fake.push.deliver()
  expect(knocks).toEqual(['/push/graph'])
})

test('a person without a mailbox has nothing to hear of', async () => {
  const push = await begin({ grant: 'organisation' })
  world.fake.addUser({ address: 'unlicensed@lantern.example', mailbox: 'none' })
  const listed = await world.connection.connector.listCalendars(plenty())
  const calendar = listed.find(({ ownerAddress }) => ownerAddress === 'unlicensed@lantern.example')
  if (calendar === undefined) throw new Error('Not listed')
  await expect(push.subscribe(wanted({ calendar }), plenty())).rejects.toMatchObject({ code: 'no-mailbox' })
})
