import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AccountId } from '../../src/store/accounts.ts'
import { calendarText } from '../connectors/ics/calendar-text.ts'
import { attendee } from '../fakes/graph/people.ts'
import { ana, anHour, isInFiles, type LiveWorld, liveWorld, moment } from './live-world.ts'

let world: LiveWorld
let folder: string
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'minutewise-'))
  world = await liveWorld({ path: join(folder, 'minutewise.db') })
})
afterEach(async () => {
  await world.close()
  rmSync(folder, { recursive: true })
})

/** In every text that an event can have; none of them may be found in any file. */
const secret = 'Zebrafish'
const whisper = `${secret.toLowerCase()}@lamps.example`

/** A series of four Tuesdays, open or private, whose second date was moved by somebody who called that one public. */
interface PrivateSeries {
  readonly account: AccountId
  setPrivate(isPrivate: boolean): void
}

async function atGoogle(isPrivate: boolean): Promise<PrivateSeries> {
  const account = await world.addGoogle()
  const { calendar } = world.google.user(ana)
  const texts = {
    description: `Agenda: ${secret}`,
    location: `${secret} room`,
    attendees: [{ email: ana }, { email: whisper, displayName: `${secret} Jones` }],
    attachments: [{ title: `${secret}.pdf`, fileUrl: `https://files.example/${secret}` }],
    hangoutLink: `https://meet.google.com/${secret}`,
  }
  const { id = '' } = calendar.insert({
    ...anHour(`${secret} review`, '2026-03-03T09:00Z', texts),
    recurrence: ['RRULE:FREQ=WEEKLY;COUNT=4'],
    ...(isPrivate ? { visibility: 'private' } : {}),
  })
  calendar.changeInstance(id!, '2026-03-10T10:00:00+01:00', {
    start: moment('2026-03-11T14:00Z'),
    end: moment('2026-03-11T15:00Z'),
    summary: `${secret} in public`,
    visibility: 'public',
  })
  return { account, setPrivate: now => calendar.setVisibility(id!, now ? 'private' : 'default') }
}

async function atMicrosoft(isPrivate: boolean): Promise<PrivateSeries> {
  const account = await world.addMicrosoft()
  const mailbox = world.graph.mailbox(ana)
  const key = mailbox.createSeries({
    subject: `${secret} review`,
    bodyHtml: `<p>Agenda: ${secret}</p>`,
    location: `${secret} room`,
    categories: [secret],
    start: '2026-03-03T10:00',
    end: '2026-03-03T11:00',
    zone: 'Central European Standard Time',
    pattern: { type: 'weekly', daysOfWeek: ['tuesday'] },
    range: { type: 'numbered', numberOfOccurrences: 4 },
    attendees: [attendee(ana), attendee(whisper, { name: `${secret} Jones` })],
    sensitivity: isPrivate ? 'private' : 'normal',
  })
  mailbox.patchOccurrence(key, '2026-03-10', {
    start: '2026-03-11T15:00',
    end: '2026-03-11T16:00',
    subject: `${secret} in public`,
    sensitivity: 'normal',
  })
  return { account, setPrivate: now => mailbox.patch(key, { sensitivity: now ? 'private' : 'normal' }) }
}

async function inAFeed(isPrivate: boolean): Promise<PrivateSeries> {
  const text = (now: boolean) =>
    calendarText(
      ...['BEGIN:VEVENT', `UID:${secret}-1@lamps.example`, `SUMMARY:${secret} in public`, 'CLASS:PUBLIC'],
      ...['RECURRENCE-ID:20260310T090000Z', 'DTSTART:20260311T140000Z', 'DTEND:20260311T150000Z', 'END:VEVENT'],
      ...['BEGIN:VEVENT', `UID:${secret}-1@lamps.example`, `SUMMARY:${secret} review`, `LOCATION:${secret} room`],
      ...['DTSTART:20260303T090000Z', 'DTEND:20260303T100000Z', 'RRULE:FREQ=WEEKLY;COUNT=4'],
      ...[`DESCRIPTION:Agenda: ${secret}`, `ATTENDEE;CN=${secret} Jones:mailto:${whisper}`, `CATEGORIES:${secret}`],
      ...[`CLASS:${now ? 'PRIVATE' : 'PUBLIC'}`, `URL:https://meet.example/${secret}`, 'END:VEVENT'],
    )
  const account = await world.addFeed('ana', text(isPrivate))
  return { account, setPrivate: now => world.publish('ana', text(now)) }
}

const hidden = ['2026-03-03T09:00', '2026-03-11T14:00', '2026-03-17T09:00', '2026-03-24T09:00'].map(
  start => `${start} (private)`,
)
const isAnywhere = () => isInFiles(folder, secret) || isInFiles(folder, secret.toLowerCase())

describe.each([
  ['Google', atGoogle],
  ['Microsoft', atMicrosoft],
  ['a feed', inAFeed],
] as const)('25: a private series of %s with an occurrence that calls itself public', (_, begin) => {
  test('25: is time without a word in the store, in the audit, and in every file of the database', async () => {
    const { account } = await begin(true)
    await world.sync()
    expect(await world.shown(account)).toEqual(hidden)
    const { occurrences } = await world.read({ me: ana })
    expect(occurrences.map(({ rule, title }) => [rule, title])).toEqual(Array(4).fill(['private', null]))
    const report = await world.audit({ me: ana })
    expect(JSON.stringify([report, occurrences, await world.calendars()]).toLowerCase()).not.toContain(
      secret.toLowerCase(),
    )
    expect(isAnywhere()).toBe(false)
  })

  test('25: that was open before leaves nothing of itself, and is read again when it is opened', async () => {
    const { account, setPrivate } = await begin(false)
    await world.sync()
    expect((await world.shown(account))[0]).toBe(`2026-03-03T09:00 ${secret} review`)
    expect(isAnywhere()).toBe(true)

    setPrivate(true)
    await world.sync()
    expect(await world.shown(account)).toEqual(hidden)
    expect(isAnywhere()).toBe(false)

    setPrivate(false)
    await world.sync()
    expect(await world.shown(account)).toEqual([
      `2026-03-03T09:00 ${secret} review`,
      `2026-03-11T14:00 ${secret} in public`,
      `2026-03-17T09:00 ${secret} review`,
      `2026-03-24T09:00 ${secret} review`,
    ])
  })
})

test.each([
  ['before its series', 'exceptions-first'],
  ['after its series', 'masters-first'],
] as const)('25: the public occurrence is hidden when it comes a page %s, also in the middle', async (_, order) => {
  Object.assign(world.google.settings, { order, pageSize: 1 })
  const { account } = await atGoogle(true)
  // as few requests a tick as let it go on at all: a death between any two steps leaves nothing to be found
  for (let tick = 0; tick < 20; tick++) {
    const { paused } = await world.sync({ requests: 4 })
    expect(isAnywhere()).toBe(false)
    if (!paused) break
  }
  expect(await world.shown(account)).toEqual(hidden)
})
