/**
 * Whatever a private event carries, and wherever it carries it, nothing of it is kept but its time (ASVS 5.0: 14.2.1,
 * 14.2.4). Asked of the files themselves.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Tier } from '../../src/connectors/connector.ts'
import { ana, anHour, isInFiles, type LiveWorld, liveWorld } from '../known-bugs/live-world.ts'

let folder: string
let world: LiveWorld
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'minutewise-private-'))
  world = await liveWorld({ path: join(folder, 'live.db') })
})
afterEach(async () => {
  await world.close()
  rmSync(folder, { recursive: true, force: true })
})

const feed = (classified: string, zone = 'Marmalade HQ') =>
  [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Tests//EN',
    'BEGIN:VEVENT',
    'UID:Marmalade-uid',
    'DTSTAMP:20260301T000000Z',
    `DTSTART;TZID=${zone}:20260316T100000`,
    `DTEND;TZID=${zone}:20260316T110000`,
    'RRULE:FREQ=WEEKLY;COUNT=4',
    `EXDATE;TZID=${zone}:20260323T100000`,
    classified,
    'SUMMARY:Marmalade talks',
    'DESCRIPTION:about Marmalade',
    'LOCATION:Marmalade room',
    'CATEGORIES:Marmalade',
    'URL:https://marmalade.example/Marmalade',
    'ATTACH:https://marmalade.example/Marmalade.pdf',
    'ORGANIZER;CN=Marmalade:mailto:Marmalade@lamps.example',
    'ATTENDEE;CN=Marmalade;X-NOTE=Marmalade:mailto:Marmalade2@lamps.example',
    'X-MARMALADE:Marmalade',
    'RELATED-TO:Marmalade-other',
    'BEGIN:VALARM',
    'ACTION:DISPLAY',
    'TRIGGER:-PT5M',
    'DESCRIPTION:Marmalade',
    'END:VALARM',
    'END:VEVENT',
    'BEGIN:VEVENT',
    'UID:Marmalade-uid',
    'DTSTAMP:20260301T000000Z',
    `RECURRENCE-ID;TZID=${zone}:20260330T100000`,
    `DTSTART;TZID=${zone}:20260330T120000`,
    `DTEND;TZID=${zone}:20260330T130000`,
    'SUMMARY:Marmalade, later',
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ].join('\r\n')

test.each(['CLASS:PRIVATE', 'CLASS:CONFIDENTIAL', 'class;X=1:private', 'CLASS:X-SECRET'])(
  'of a feed, with %s',
  async classified => {
    await world.addFeed('own', feed(classified))
    await world.sync()
    await world.audit()
    expect((await world.calendars()).map(({ sync }) => sync.status)).toEqual(['current'])
    expect(isInFiles(folder, 'armalade')).toBe(false)
  },
)

test('of a feed whose events turn private', async () => {
  const accountId = await world.addFeed('own', feed('CLASS:PUBLIC'))
  await world.sync()
  expect(isInFiles(folder, 'Marmalade talks')).toBe(true)
  world.publish('own', feed('CLASS:PRIVATE'))
  await world.sync()
  expect(await world.shown(accountId)).not.toEqual([])
  expect(isInFiles(folder, 'armalade')).toBe(false)
})

test.each(['free-busy', 'basic', 'content', 'write-back'] satisfies Tier[])('of Google, at the tier %s', async tier => {
  await world.addGoogle(ana, { tier })
  world.google.user(ana).calendar.insert(
    anHour('Marmalade talks', '2026-03-16T09:00Z', {
      visibility: 'private',
      description: 'Marmalade',
      location: 'Marmalade',
      attendees: [{ email: ana }, { email: 'Marmalade@lamps.example', displayName: 'Marmalade', comment: 'Marmalade' }],
      extendedProperties: { private: { marmalade: 'Marmalade' }, shared: { a: 'Marmalade' } },
      source: { title: 'Marmalade', url: 'https://marmalade.example/Marmalade' },
    }),
  )
  await world.sync()
  await world.audit()
  expect(isInFiles(folder, 'armalade')).toBe(false)
})
