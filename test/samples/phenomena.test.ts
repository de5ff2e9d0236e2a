import { describe, expect, it } from 'vitest'
import { meetings } from '../../samples/company/company.ts'
import { type Person, people } from '../../samples/company/people.ts'
import { uidsOf } from '../../samples/writing/events.ts'
import { type Held, heldOccurrences, readSampleCalendar, sampleCalendars } from './read-calendars.ts'

/** What samples/README.md promises that can be found in the calendars. */
describe('in the sample one finds', () => {
  it('a column that one team renames and another validates within two weeks, with nobody in both meetings', () => {
    const [rename, validate, ...more] = meetingsOnce().filter(held => held.agenda.includes('orders.settled_at'))
    expect(more).toEqual([])
    expect(rename?.agenda).toMatch(/rename/i)
    expect(validate?.agenda).toMatch(/validate/i)
    expect((validate?.startAt ?? 0) - (rename?.startAt ?? 0)).toBeLessThan(14 * 86_400_000)
    const both = namesIn(rename).filter(name => namesIn(validate).includes(name))
    expect(both).toEqual([])
    expect(new Set([rename, validate].map(held => teamsIn(held).join()))).toEqual(new Set(['Payments', 'Data']))
  })

  it('one room promised to two meetings at the same time', () => {
    const inCello = meetingsOnce().filter(held => held.place.includes('Cello'))
    const clashes = inCello.filter(a =>
      inCello.some(b => b.uid !== a.uid && b.startAt <= a.startAt && a.startAt < endOf(b)),
    )
    expect(new Set(clashes.map(held => held.title))).toEqual(new Set(['Crash review']))
  })

  it('one human twice on one invitation', () => {
    const handover = heldOf('web-mobile-handover', 'calendars/marcus-adeyemi.outlook.ics')
    expect(namesIn(handover[0]).filter(name => name === 'Marcus Adeyemi')).toHaveLength(2)
  })

  it('a private series whose moved occurrence lost the mark', () => {
    const { masters, overrides } = readSampleCalendar('calendars/rafaela-pinto.outlook.ics')
    const [uid = ''] = uidsOf(planOf('rafaela-physio'))
    expect(masters.get(uid)?.component.getFirstPropertyValue('class')).toBe('PRIVATE')
    expect(overrides.get(uid)?.map(event => event.component.getFirstPropertyValue('class'))).toEqual(['PUBLIC'])
  })

  it('an architecture review of 90 minutes, eight people and five teams, without an agenda in most weeks', () => {
    const review = heldOf('architecture-review', 'calendars/nuria-vidal.google.ics').slice(0, 22)
    const people = new Set(namesIn(review[0]))
    expect([review[0]?.minutes, people.size, teamsIn(review[0]).length]).toEqual([90, 8, 5])
    const withItems = review.filter(held => !/^(Weekly slot\.|\s*-::)/.test(held.agenda))
    expect(withItems.length).toBeLessThan(review.length / 2)
    expect(withItems.length).toBeGreaterThan(5)
  })

  it('a status round of eleven people on the same day', () => {
    const round = heldOf('status-round', 'calendars/nuria-vidal.google.ics')
    expect([round[0]?.minutes, new Set(namesIn(round[0])).size]).toEqual([45, 11])
  })

  it('a broadcast to 24 people', () => {
    const [broadcast] = heldOf('roadmap-broadcast', 'calendars/nuria-vidal.google.ics')
    expect(new Set(namesIn(broadcast)).size).toBe(24)
  })

  it('meetings that overlap on the calendar of one engineer', () => {
    const held = [...heldOccurrences('calendars/nuria-vidal.google.ics')].filter(h => h.attendees.length > 0)
    const pairs = held.filter(a => held.some(b => b !== a && b.startAt < a.startAt && a.startAt < endOf(b)))
    expect(pairs.length).toBeGreaterThan(5)
  })
})

function meetingsOnce(): readonly Held[] {
  const once = new Map<string, Held>()
  for (const held of sampleCalendars.flatMap(path => heldOccurrences(path)))
    once.set(`${held.uid} ${held.startAt}`, held)
  return [...once.values()].sort((a, b) => a.startAt - b.startAt)
}

function heldOf(key: string, path: string): readonly Held[] {
  const uids = uidsOf(planOf(key))
  return heldOccurrences(path).filter(held => uids.includes(held.uid))
}

function planOf(key: string) {
  const plan = meetings.find(meeting => meeting.key === key)
  if (!plan) throw new Error(`no plan ${key}`)
  return plan
}

function endOf(held: Held): number {
  return held.startAt + held.minutes * 60_000
}

function invited(held: Held | undefined): readonly Person[] {
  const everybody: readonly Person[] = Object.values(people)
  return (held?.attendees ?? []).flatMap(({ address }) =>
    everybody.filter(person => [person.email, ...person.aliases].includes(address.toLowerCase())),
  )
}

function namesIn(held: Held | undefined): readonly string[] {
  return invited(held).map(person => person.name)
}

function teamsIn(held: Held | undefined): readonly string[] {
  return [...new Set(invited(held).flatMap(person => person.team ?? []))].sort()
}
