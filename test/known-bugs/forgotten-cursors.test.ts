import { afterEach, describe, expect, test } from 'vitest'
import type { CalendarItem } from '../../src/connectors/connector.ts'
import { dayMs, hourMs, minuteMs } from '../../src/domain/time/types.ts'
import type { AccountId } from '../../src/store/accounts.ts'
import type { FaultPlan } from '../fakes/kit/faults.ts'
import { ana, anHour, type LiveWorld, liveWorld, worldNow } from './live-world.ts'

let world: LiveWorld
afterEach(() => world.close())

/** One provider as these tests use it: an account of Ana's with twelve talks, read five a page. */
interface Twelve {
  readonly account: AccountId
  remove(talk: number): void
  forget(): void
  /** Requests that ask for everything. */
  fullRounds(): number
  readonly faults: FaultPlan
  readonly secondPage: RegExp
}

async function twelveAtGoogle(): Promise<Twelve> {
  world = await liveWorld()
  const account = await world.addGoogle()
  const { calendar } = world.google.user(ana)
  world.google.settings.pageSize = 5
  const ids = talks().map(({ title, start }) => calendar.insert(anHour(title, start)).id ?? '')
  await world.sync()
  return {
    account,
    remove: talk => calendar.delete(ids[talk]!),
    forget: () => calendar.expireTokens(),
    fullRounds: () => world.asked.google.filter(each => /timeMin/.test(each) && !/pageToken/.test(each)).length,
    faults: world.google.faults,
    secondPage: /events\?.*timeMin.*pageToken/,
  }
}

async function twelveAtMicrosoft(): Promise<Twelve> {
  world = await liveWorld()
  const account = await world.addMicrosoft(ana, {}, { pageSize: 5 })
  const mailbox = world.graph.mailbox(ana)
  const keys = talks().map(({ title, start }) =>
    mailbox.create({ subject: title, start: Date.parse(start), end: Date.parse(start) + hourMs }),
  )
  await world.sync()
  return {
    account,
    remove: talk => mailbox.delete(keys[talk]!),
    forget: () => world.graph.expireTokens(),
    fullRounds: () => world.asked.graph.filter(each => /startDateTime/.test(each)).length,
    faults: world.graph.faults,
    secondPage: /calendarView\/delta\?.*skiptoken/i,
  }
}

const talks = () =>
  Array.from({ length: 12 }, (_, n) => ({
    title: `Talk ${n}`,
    start: `2026-03-${String(3 + n).padStart(2, '0')}T09:00Z`,
  }))
const titlesOf = (items: readonly CalendarItem[]) =>
  items.flatMap(({ content }) => (content.kind === 'events' ? content.events.map(({ title }) => title) : [])).toSorted()

describe.each([
  ['Google', twelveAtGoogle],
  ['Microsoft', twelveAtMicrosoft],
] as const)('1: a token that %s has forgotten', (_, twelve) => {
  test('1: is no empty success: what was deleted meanwhile is gone after exactly one full round', async () => {
    const { account, remove, forget, fullRounds } = await twelve()
    for (const talk of [2, 5, 11]) remove(talk)
    forget()
    const run = await world.sync()
    expect(run.calendars[0]?.outcome).toMatchObject({ result: 'done', removed: 3, forced: true })
    expect(titlesOf(await world.kept(account))).toEqual(
      talks()
        .map(({ title }) => title)
        .filter(title => !/ (?:2|5|11)$/.test(title))
        .toSorted(),
    )
    expect(fullRounds()).toBe(2)
    // and the next one is as cheap as ever
    await world.sync()
    expect(fullRounds()).toBe(2)
  })

  test('1: sweeps nothing while its full round is broken off, says "resyncing", and goes on from there', async () => {
    const { account, remove, forget, fullRounds, faults, secondPage } = await twelve()
    for (const talk of [2, 5, 11]) remove(talk)
    forget()
    faults.add({ match: secondPage, times: 3, action: { kind: 'reset' } })
    await world.sync()
    expect(await world.kept(account)).toHaveLength(12)
    expect((await world.state(account)).status).toBe('retrying')
    faults.clear()
    await world.sync()
    expect(await world.kept(account)).toHaveLength(9)
    expect(fullRounds()).toBe(2)
  })
})

test('1: a calendar that is read whole again says so while it is under way', async () => {
  const { account, forget } = await twelveAtGoogle()
  forget()
  const run = await world.sync({ requests: 3 })
  expect(run.paused).toBe(true)
  expect(await world.state(account)).toMatchObject({ status: 'resyncing', generation: 1 })
  expect(await world.kept(account)).toHaveLength(12)
  await world.sync()
  expect(await world.state(account)).toMatchObject({ status: 'current', generation: 2 })
})

test('2: a provider that forgets every token is read whole once an hour at most, and its calendar says so', async () => {
  world = await liveWorld()
  const account = await world.addGoogle()
  const team = world.google.addCalendar({ owner: ana, summary: 'Team' })
  team.insert(anHour('Standup', '2026-03-03T09:00Z'))
  await world.sync()
  const path = encodeURIComponent(team.id)
  const gone = { error: { code: 410, errors: [{ reason: 'fullSyncRequired', domain: 'calendar' }], message: 'Gone' } }
  world.google.faults.add({
    match: new RegExp(`${path}/events.*syncToken`),
    times: 1e9,
    action: { kind: 'status', status: 410, body: gone },
  })
  const before = world.asked.google.length
  const statuses = new Set<string>()
  for (let tick = 0; tick < 24; tick++) {
    world.clock.advance(15 * minuteMs)
    await world.sync({ askedFor: false })
    const { status, sentence } = await world.state(account, team.id)
    statuses.add(status)
    if (status === 'needs-attention') expect(sentence).toMatch(/forgot twice within an hour/)
  }
  const asked = world.asked.google.slice(before).filter(each => each.includes(path))
  // six hours: six full rounds, and the refused question before each and after each
  expect(asked.filter(each => each.includes('timeMin')).length).toBeLessThanOrEqual(6)
  expect(asked.length).toBeLessThanOrEqual(24)
  expect(statuses).toContain('needs-attention')
  // what was read is still there, and the neighbour was read all the time
  expect(await world.kept(account, team.id)).toHaveLength(1)
  const neighbour = await world.state(account, ana)
  expect(neighbour.status).toBe('current')
  expect(world.clock.now() - neighbour.asOf!).toBeLessThanOrEqual(30 * minuteMs)
})

describe('3: a source that is silently stuck', () => {
  async function stuckFor(days: number) {
    world = await liveWorld()
    const account = await world.addGoogle()
    const attendees = [ana, 'ben@lamps.example', 'chloe@lamps.example'].map(email => ({
      email,
      responseStatus: 'accepted',
    }))
    world.google.user(ana).calendar.insert({
      ...anHour('Status update', '2025-10-06T09:00Z'),
      description: 'Each team says what it did.\n- status payments\n- status platform',
      recurrence: ['RRULE:FREQ=WEEKLY'],
      attendees,
    })
    await world.sync()
    world.google.faults.add({ times: 1e9, action: { kind: 'reset' } })
    for (let hours = 0; hours < days * 24; hours += 6) {
      world.clock.advance(6 * hourMs)
      await world.sync({ askedFor: false })
    }
    return account
  }
  const wholeWindow = { fromWall: null, toWall: null }

  test('3: is shown with its age, and says why, instead of passing for the present', async () => {
    const account = await stuckFor(3)
    expect((await world.state(account)).status).toBe('retrying')
    const { freshness, window } = await world.audit({ ...wholeWindow, me: ana })
    expect(freshness).toMatchObject({
      isOld: true,
      sentence: 'Data as of 2026-03-02 09:00 (Europe/Madrid), 3 days ago: what changed since is not in here.',
    })
    expect(freshness?.notices.join('\n')).toMatch(/^ana@lamps\.example: .* 3 days old\.$/)
    expect(window.toOn).toBe('2026-03-02')
  })

  test('3: takes the sureness from every verdict once it is weeks old', async () => {
    const account = await stuckFor(0)
    const surenesses = async () =>
      (await world.audit({ ...wholeWindow, me: ana })).series.map(({ sureness }) => sureness)
    expect(await surenesses()).toEqual(['high'])
    world.clock.advance(20 * dayMs)
    await world.sync()
    expect((await world.state(account)).asOf).toBe(worldNow)
    expect(await surenesses()).toEqual(['some'])
  })

  test('3: whose consent is gone is named with the next step, in the run and in every audit after it', async () => {
    world = await liveWorld()
    await world.addGoogle()
    world.google.user(ana).calendar.insert(anHour('Lunch', '2026-03-03T11:00Z'))
    await world.sync()
    const { id } = (await world.mirror.listAccounts())[0]!
    const sentence = `Google says that the consent of ${ana} is gone. Run \`minutewise connect google\` again.`
    await world.mirror.updateAccount(id, { status: 'signed-out', sentence })
    expect((await world.sync()).accounts[0]).toMatchObject({ result: 'signed-out', sentence })
    expect((await world.audit()).freshness?.notices.join('\n')).toContain(sentence)
  })
})

test('4: a full round rebuilds the mirror alone: our own data stays, also on an occurrence that was moved', async () => {
  world = await liveWorld()
  const account = await world.addGoogle()
  const { calendar } = world.google.user(ana)
  world.google.settings.pageSize = 1
  const attendees = [ana, 'ben@lamps.example'].map(email => ({ email, responseStatus: 'accepted' }))
  const { id: series = '' } = calendar.insert({
    ...anHour('Lamp review', '2026-02-02T09:00Z'),
    recurrence: ['RRULE:FREQ=WEEKLY;COUNT=6'],
    attendees,
  })
  const moved = calendar.moveInstance(series ?? '', '2026-02-16T10:00:00+01:00', {
    start: { dateTime: '2026-02-18T14:00:00Z', timeZone: 'Europe/Madrid' },
    end: { dateTime: '2026-02-18T15:00:00Z', timeZone: 'Europe/Madrid' },
  })
  calendar.insert(anHour('Lunch', '2026-03-03T11:00Z'))
  await world.sync()

  const before = await world.audit({ me: ana })
  const line = {
    accountId: account,
    calendarId: ana,
    id: 'note0000000000000000000001',
    action: 'set-agenda',
    detail: '{"text":"What do we decide?"}',
    state: 'confirmed',
    itemId: moved.id ?? null,
    sentence: null,
    createdAt: worldNow,
    updatedAt: worldNow,
  } as const
  await world.mirror.saveWrite(line)

  calendar.expireTokens()
  await world.sync({ requests: 3 })
  expect((await world.state(account)).status).toBe('resyncing')
  // half-way through, too
  for (const step of ['under way', 'complete'] as const) {
    const after = await world.audit({ me: ana })
    expect(
      after.series.map(({ id, occurrences }) => [id, occurrences]),
      step,
    ).toEqual(before.series.map(({ id, occurrences }) => [id, occurrences]))
    expect(after.changes, step).toMatchObject({ appeared: [], disappeared: [], moved: [] })
    const [note] = await world.mirror.listWrites()
    expect(note, step).toEqual(line)
    const item = (await world.kept(account)).find(({ id }) => id === note?.itemId)
    expect(item?.content, step).toMatchObject({ events: [{ title: 'Lamp review' }] })
    if (step === 'under way') await world.sync()
  }
  expect((await world.state(account)).generation).toBe(2)
})
