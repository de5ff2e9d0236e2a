import { readFileSync } from 'node:fs'
import ICAL from 'ical.js'
import { describe, expect, it } from 'vitest'
import { meetings, now } from '../../samples/company/company.ts'
import { people } from '../../samples/company/people.ts'
import { uidsOf } from '../../samples/writing/events.ts'
import { heldOccurrences, readSampleCalendar, sampleCalendars, window } from './read-calendars.ts'

describe('the exported calendars', () => {
  it('are seven, in two dialects, of people in three zones', () => {
    expect(sampleCalendars.map(path => path.split('.').at(-2)).sort()).toEqual([
      'google',
      'google',
      'google',
      'outlook',
      'outlook',
      'outlook',
      'outlook',
    ])
    const exported = Object.values(people).filter(person => person.calendar !== null)
    expect(new Set(exported.map(person => person.zone)).size).toBe(3)
  })

  it.each(sampleCalendars)('%s is folded at 75 octets, ends every line with CRLF and parses', path => {
    const text = readFileSync(new URL(`../../samples/${path}`, import.meta.url), 'utf8')
    const lines = text.split('\r\n')
    expect(lines.at(-1)).toBe('')
    expect(lines.filter(line => /[\r\n]/.test(line) || Buffer.byteLength(line) > 75)).toEqual([])
    const { events } = readSampleCalendar(path)
    expect(events.length).toBe(text.match(/^BEGIN:VEVENT\r$/gm)?.length)
    for (const event of events) {
      expect(event.uid).toBeTruthy()
      expect(event.summary).toBeTruthy()
      expect(event.endDate.compare(event.startDate)).toBe(1)
    }
  })

  it.each(sampleCalendars)('%s changes, deletes and cancels only occurrences that its series have', path => {
    const { masters, overrides } = readSampleCalendar(path)
    for (const master of masters.values()) {
      const named = [
        ...master.component.getAllProperties('exdate').map(property => String(property.getFirstValue())),
        ...(overrides.get(master.uid) ?? []).map(override => override.recurrenceId.toString()),
      ].sort()
      const last = named.at(-1)
      if (last) expect(wallsUntil(master, last), master.summary).toEqual(expect.arrayContaining(named))
    }
    const orphans = [...overrides.keys()].filter(uid => !masters.has(uid))
    expect(orphans).toEqual([])
  })

  it('reach from 26 weeks before the export to 4 weeks after it', () => {
    const starts = sampleCalendars.flatMap(path => heldOccurrences(path).map(held => held.startAt))
    const week = 7 * 86_400_000
    expect(Math.min(...starts)).toBeLessThan(Date.parse(now) - 25 * week)
    expect(Math.max(...starts)).toBeGreaterThan(Date.parse(now) + 3 * week)
  })

  it('carry a meeting of several calendars under one UID', () => {
    const review = uidsOf(planOf('architecture-review'))[0]
    const copies = sampleCalendars.filter(path => readSampleCalendar(path).masters.has(review ?? ''))
    expect(copies).toEqual([
      'calendars/nuria-vidal.google.ics',
      'calendars/marcus-adeyemi.outlook.ics',
      'calendars/tomas-arrieta.google.ics',
      'calendars/meenakshi-iyer.outlook.ics',
    ])
  })
})

describe('a series of the sample', () => {
  it.each([
    ['the architecture review was held in 22 of 26 weeks', 'architecture-review', 'nuria-vidal.google', 22],
    ['the status round was held in 25 of 26 weeks', 'status-round', 'nuria-vidal.google', 25],
    ['the leadership meeting was held every other week', 'leadership', 'harriet-lowe.outlook', 13],
    ['the war room was called off more often than held', 'ledger-war-room', 'nuria-vidal.google', 8],
    ['the course had six lessons', 'mobile-sre-course', 'marcus-adeyemi.outlook', 6],
  ])('%s', (_title, key, file, count) => {
    const uids = uidsOf(planOf(key))
    const held = heldOccurrences(`calendars/${file}.ics`).filter(
      occurrence => uids.includes(occurrence.uid) && occurrence.startAt < Date.parse(now),
    )
    expect(held.filter(occurrence => occurrence.startAt >= window.fromAt)).toHaveLength(count)
  })

  it('that went on under another time has two UIDs, related in Google and unrelated in Exchange', () => {
    const [first = '', rest = ''] = uidsOf(planOf('payments-refinement'))
    expect(rest).toBe(first.replace('@', '_R20260908T090000@'))
    const [hex = '', otherHex = ''] = uidsOf(planOf('web-mobile-handover'))
    expect(hex).toMatch(/^[0-9A-F]{112}$/)
    expect(otherHex).toMatch(/^[0-9A-F]{112}$/)
    expect(otherHex).not.toBe(hex)
  })

  it('that is planned in New York is an hour earlier in Madrid in the week between the two clock changes', () => {
    const [uid] = uidsOf(planOf('leadership'))
    const times = heldOccurrences('calendars/rafaela-pinto.outlook.ics')
      .filter(held => held.uid === uid)
      .map(held => new Date(held.startAt))
      .map(start =>
        new Intl.DateTimeFormat('sv', { timeZone: 'Europe/Madrid', dateStyle: 'short', timeStyle: 'short' }).format(
          start,
        ),
      )
    expect(times).toContain('2026-10-13 15:30')
    expect(times).toContain('2026-10-27 14:30')
    expect(times).toContain('2026-11-10 15:30')
  })
})

function planOf(key: string) {
  const plan = meetings.find(meeting => meeting.key === key)
  if (!plan) throw new Error(`no plan ${key}`)
  return plan
}

/** Walls as `2026-05-21T15:00:00`, up to a wall. Without its calendar the copy floats, which suits a list of walls. */
function wallsUntil(master: ICAL.Event, until: string): readonly string[] {
  const bare = new ICAL.Event(ICAL.Component.fromString(master.component.toString()))
  bare.component.removeAllProperties('exdate')
  const walls: string[] = []
  const iterator = bare.iterator()
  for (let start = iterator.next(); start && start.toString() <= until; start = iterator.next()) {
    walls.push(start.toString())
  }
  return walls
}
