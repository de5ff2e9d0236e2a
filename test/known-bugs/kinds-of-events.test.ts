import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AccountId } from '../../src/store/accounts.ts'
import { calendarText } from '../connectors/ics/calendar-text.ts'
import { attendee } from '../fakes/graph/people.ts'
import { ana, anHour, ben, type LiveWorld, liveWorld } from './live-world.ts'

let world: LiveWorld
beforeEach(async () => {
  world = await liveWorld()
})
afterEach(() => world.close())

const pair = [ana, ben].map(email => ({ email, responseStatus: 'accepted' }))
const oneWeek = { fromWall: Date.parse('2026-03-02'), toWall: Date.parse('2026-03-09') }

describe('20: what stands on a calendar and is no meeting', () => {
  const types = ['focusTime', 'outOfOffice', 'workingLocation', 'birthday', 'fromGmail', 'quantumNap']

  async function withTypes(): Promise<AccountId> {
    const account = await world.addGoogle()
    const { calendar } = world.google.user(ana)
    calendar.insert({ ...anHour('Lamp review', '2026-03-02T09:00Z'), attendees: pair })
    for (const [n, eventType] of types.entries()) {
      for (const summary of [`A ${eventType}`, undefined]) {
        const hour = summary === undefined ? 13 : 10
        const { summary: _, ...hourOf } = anHour('', `2026-03-0${3 + (n % 4)}T${hour + (n > 3 ? 1 : 0)}:00Z`)
        calendar.insert({ ...hourOf, eventType, ...(summary === undefined ? {} : { summary }) })
      }
    }
    return account
  }

  test('20: at Google every type arrives, with a title and without, also one nobody has heard of', async () => {
    const account = await withTypes()
    // an answer with a new type is not of the vendor's types of today: sent past the fake's own check
    const run = await world.sync()
    expect(run.calendars[0]?.outcome).toMatchObject({ result: 'done', written: 13 })
    const kept = (await world.kept(account)).flatMap(({ content }) => (content.kind === 'events' ? content.events : []))
    const known = ['focus-time', 'out-of-office', 'working-location', 'birthday']
    for (const type of known)
      expect(
        kept.filter(each => each.type === type),
        type,
      ).toHaveLength(2)
    expect(kept.filter(({ type }) => type === 'other').length).toBeGreaterThanOrEqual(2)

    const { occurrences } = await world.read({ me: ana, ...oneWeek })
    expect(occurrences).toHaveLength(13)
    expect(occurrences.filter(({ counted }) => counted).map(({ title }) => title)).toEqual(['Lamp review'])
    const rules = occurrences.map(({ rule }) => rule)
    for (const rule of ['focus-time', 'out-of-office', 'working-location'] as const) {
      expect(
        rules.filter(each => each === rule),
        rule,
      ).toHaveLength(2)
    }
    const { counts, sources } = await world.audit({ me: ana, ...oneWeek })
    expect(counts.meetings).toBe(1)
    // and the new type is said
    expect(sources[0]?.leftOut.map(({ sentence }) => sentence).join('\n')).toMatch(/kind that is newer|type/)
  })

  test('20: being away takes focus time away, and time set aside for work does not', async () => {
    await world.addGoogle()
    const { calendar } = world.google.user(ana)
    calendar.insert({ ...anHour('Lamp review', '2026-03-02T09:00Z'), attendees: pair })
    const focusHours = async () => {
      await world.sync()
      return (await world.audit({ me: ana, ...oneWeek })).week!.focusHours
    }
    const before = await focusHours()
    const working = { start: { dateTime: '2026-03-03T09:00:00Z' }, end: { dateTime: '2026-03-03T15:00:00Z' } }
    const { id } = calendar.insert({ ...working, eventType: 'focusTime' })
    expect(await focusHours()).toBe(before)
    calendar.delete(id!)
    calendar.insert({ ...working, eventType: 'outOfOffice' })
    expect(await focusHours()).toBeLessThanOrEqual(before - 5)
  })

  test('20: at Microsoft being away and the place of work are no meetings either', async () => {
    await world.addMicrosoft()
    const mailbox = world.graph.mailbox(ana)
    const at = (day: number, from: number) => ({
      start: `2026-03-0${day}T${from}:00`,
      end: `2026-03-0${day}T${from + 1}:00`,
    })
    mailbox.create({ subject: 'Lamp review', ...at(2, 10), attendees: [attendee(ana), attendee(ben)] })
    mailbox.create({ subject: '', showAs: 'oof', ...at(3, 10) })
    mailbox.create({ subject: 'Dentist', showAs: 'oof', ...at(3, 12) })
    mailbox.create({ subject: '', showAs: 'workingElsewhere', start: '2026-03-04', end: '2026-03-05' })
    mailbox.create({ subject: '', showAs: 'unknown', ...at(5, 10) })
    const run = await world.sync()
    expect(run.calendars[0]?.outcome).toMatchObject({ result: 'done', written: 5 })
    const { occurrences } = await world.read({ me: ana, ...oneWeek })
    expect(occurrences.map(({ rule }) => rule)).toEqual([
      ...['people-met', 'out-of-office', 'out-of-office', 'working-location', 'alone'],
    ])
  })
})

describe('21: what was called off costs nothing', () => {
  const counted = async () => (await world.read({ me: ana })).occurrences.filter(each => each.counted)
  const rulesOf = async (title: RegExp) =>
    (await world.read({ me: ana })).occurrences.filter(each => title.test(each.title ?? '')).map(({ rule }) => rule)

  test('21: at Microsoft a whole series, one date, and a prefix that was put twice; not a meeting about orders', async () => {
    await world.addMicrosoft()
    const mailbox = world.graph.mailbox(ana)
    const series = (subject: string, hour: number) =>
      mailbox.createSeries({
        subject,
        start: `2026-02-03T${hour}:00`,
        end: `2026-02-03T${hour + 1}:00`,
        pattern: { type: 'weekly', daysOfWeek: ['tuesday'] },
        range: { type: 'numbered', numberOfOccurrences: 4 },
        attendees: [attendee(ana, { response: 'accepted' }), attendee(ben, { response: 'accepted' })],
        // somebody else's: the copy stays when it is called off
        organizer: { name: 'Ben', address: ben },
        isOrganizer: false,
      })
    const whole = series('Weekly numbers', 10)
    const twice = series('Retro', 12)
    const one = series('Lamp review', 14)
    series('Canceled orders review', 16)
    await world.sync()
    expect(await counted()).toHaveLength(16)

    mailbox.cancel(whole)
    mailbox.cancel(twice, { prefixes: 2 })
    mailbox.cancel(one, { on: '2026-02-17' })
    await world.sync()
    expect(new Set(await rulesOf(/Weekly numbers/))).toEqual(new Set(['cancelled']))
    expect(new Set(await rulesOf(/Retro/))).toEqual(new Set(['cancelled']))
    // one date of a series is history of the series, not an occurrence
    expect(await rulesOf(/Lamp review/)).toEqual(Array(3).fill('people-met'))
    expect((await world.read()).removed).toMatchObject([{ start: '2026-02-17T13:00:00Z', reason: 'cancelled' }])
    expect(await rulesOf(/orders review/)).toEqual(Array(4).fill('people-met'))
    expect(await counted()).toHaveLength(7)
    const { series: shown, totals } = await world.audit({ me: ana })
    expect(shown.map(({ title, when }) => [title, when.held]).toSorted()).toEqual([
      ['Canceled orders review', 4],
      ['Lamp review', 3],
    ])
    expect(totals.hoursInWindow.high).toBeLessThanOrEqual(14)
  })

  test('21: at Google a deleted series and a deleted date', async () => {
    await world.addGoogle()
    const { calendar } = world.google.user(ana)
    const add = (summary: string, start: string) =>
      calendar.insert({ ...anHour(summary, start), attendees: pair, recurrence: ['RRULE:FREQ=WEEKLY;COUNT=4'] }).id!
    const whole = add('Weekly numbers', '2026-02-03T09:00Z')
    const one = add('Lamp review', '2026-02-03T13:00Z')
    add('Canceled orders review', '2026-02-03T15:00Z')
    await world.sync()
    calendar.delete(whole)
    calendar.cancelInstance(one, '2026-02-17T14:00:00+01:00')
    await world.sync()
    expect((await counted()).map(({ title }) => title).toSorted()).toEqual([
      ...Array(4).fill('Canceled orders review'),
      ...Array(3).fill('Lamp review'),
    ])
  })

  test('21: in a feed that goes on calling it confirmed, its title tells, in whatever language', async () => {
    const event = (n: number, title: string) => [
      ...['BEGIN:VEVENT', `UID:${n}`, `SUMMARY:${title}`, 'STATUS:CONFIRMED', `ORGANIZER:mailto:${ben}`],
      ...[`ATTENDEE;PARTSTAT=ACCEPTED:mailto:${ana}`, `ATTENDEE;PARTSTAT=ACCEPTED:mailto:${ben}`],
      ...[`DTSTART:20260303T${10 + n}0000Z`, 'DURATION:PT1H', 'END:VEVENT'],
    ]
    const off = [
      'Canceled: Retro',
      'Canceled: Canceled: Retro',
      'Abgesagt: Retro',
      'Annulé : Rétro',
      '[CANCELLED] Retro',
    ]
    const on = ['Canceled orders review', 'Cancel culture book club', 'Why Retro was cancelled: lessons']
    await world.addFeed('ana', calendarText(...[...off, ...on].flatMap((title, n) => event(n, title))))
    await world.sync()
    const { occurrences } = await world.read({ me: ana })
    const of = (titles: readonly string[]) =>
      occurrences.filter(({ title }) => titles.includes(title ?? '')).map(({ rule }) => rule)
    // marked as read from the title, which is a guess
    expect(of(off)).toEqual(off.map(() => 'cancelled-by-title'))
    expect(of(on)).toEqual(on.map(() => 'people-met'))
  })
})
