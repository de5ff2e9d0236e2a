import { existsSync, readFileSync } from 'node:fs'
import Papa from 'papaparse'
import { describe, expect, it } from 'vitest'
import { meetings, notes, now } from '../../samples/company/company.ts'
import { incidents } from '../../samples/company/incidents.ts'
import { nearMisses } from '../../samples/company/near-misses.ts'
import { type Person, type PersonKey, people } from '../../samples/company/people.ts'
import { skips } from '../../samples/company/skips.ts'
import { isOnCalendarOf, uidsOf } from '../../samples/writing/events.ts'
import { sampleFiles } from '../../samples/writing/files.ts'
import { heldOccurrences, sampleCalendars } from './read-calendars.ts'

const files = sampleFiles()
const everybody: readonly Person[] = Object.values(people)

function committed(path: string): string {
  return readFileSync(new URL(`../../samples/${path}`, import.meta.url), 'utf8')
}

describe('the sample files', () => {
  it.each([...files.keys()])('writing %s again gives the committed bytes', path => {
    expect(files.get(path)).toBe(committed(path))
  })

  it('company.json names files that exist, and the notes all of them', () => {
    const company = JSON.parse(committed('company.json'))
    const named = [...company.calendars, company.people, company.incidents, company.nearMisses, company.skips, ...notes]
    expect(named.filter(path => !existsSync(new URL(`../../samples/${path}`, import.meta.url)))).toEqual([])
    expect(company.now).toBe(now)
    expect(people.nuria.email).toBe(company.me)
  })
})

it('every meeting of the sample stands on a calendar that was exported', () => {
  // Safe because the table is a literal: it has the keys its type names.
  const keys = Object.keys(people) as PersonKey[]
  const exported = keys.filter(key => people[key].calendar !== null)
  const unseen = meetings.filter(plan => !exported.some(key => isOnCalendarOf(key, plan)))
  expect(unseen.map(plan => plan.key)).toEqual([])
})

describe('the people', () => {
  it('are 26 in five teams and three zones, and everybody has a manager but the VP', () => {
    expect(everybody).toHaveLength(26)
    expect(new Set(everybody.flatMap(person => person.team ?? [])).size).toBe(5)
    expect(new Set(everybody.map(person => person.zone)).size).toBe(3)
    expect(everybody.filter(person => person.manager === null).map(person => person.name)).toEqual(['Harriet Lowe'])
  })

  it('people.csv knows everybody whom the calendars invite, mailing lists included, guests and rooms apart', () => {
    const rows = Papa.parse<{ email: string; aliases: string }>(committed('people.csv'), {
      header: true,
      skipEmptyLines: true,
    })
    expect(rows.errors).toEqual([])
    const known = new Set(rows.data.flatMap(row => [row.email, ...row.aliases.split(';')]).map(a => a.toLowerCase()))
    const invited = new Set(
      sampleCalendars.flatMap(path => heldOccurrences(path)).flatMap(held => held.attendees.map(a => a.address)),
    )
    const strangers = [...invited].filter(address => !known.has(address.toLowerCase()))
    expect(strangers.filter(address => /@(fernhollow|palletstreet)\./i.test(address))).toEqual([])
    expect(strangers.some(address => address.endsWith('@resource.calendar.google.com'))).toBe(true)
    expect(strangers.some(address => address.endsWith('@corvane.example'))).toBe(true)
  })

  it('use reserved mail domains only', () => {
    const texts = [...files.values(), ...notes.map(committed)].join('\n').replace(/\r\n[ \t]/g, '')
    const domains = new Set(
      [...texts.matchAll(/[\w.+-]+@([\w-]+(?:\.[\w-]+)+)/g)].map(match => match[1]?.toLowerCase()),
    )
    const open = [...domains].filter(domain => !domain?.endsWith('.example'))
    expect(open.sort()).toEqual(['google.com', 'resource.calendar.google.com'])
  })
})

describe('the record of incidents, near misses and skips', () => {
  it('of three coordination incidents two came within a week of a skipped review', () => {
    const skipped = skips.filter(skip => skip.how === 'skipped').map(skip => Date.parse(skip.on))
    expect(skipped).toHaveLength(4)
    const afterSkip = incidents
      .filter(incident => incident.coordination)
      .map(incident => Date.parse(incident.startedAt))
      .map(at => skipped.some(skip => at > skip && at - skip < 7 * 86_400_000))
    expect(afterSkip).toEqual([false, true, true])
  })

  it('tells the skips apart from what the calendar shows', () => {
    const review = meetings.find(meeting => meeting.key === 'architecture-review')
    const off = [...(review?.excluded ?? []), ...(review?.cancelled ?? [])].sort()
    expect(skips.filter(skip => skip.how === 'skipped').map(skip => skip.on)).toEqual(off)
  })

  it('every near miss came up in an occurrence that was held', () => {
    const held = heldOccurrences('calendars/nuria-vidal.google.ics')
    for (const entry of nearMisses) {
      const plan = meetings.find(meeting => meeting.key === entry.series)
      const uids = plan ? uidsOf(plan) : []
      const on = held.filter(h => uids.includes(h.uid)).map(h => new Date(h.startAt).toISOString().slice(0, 10))
      expect(on, entry.id).toContain(entry.occurrenceOn)
    }
  })

  it('of ten near misses one is struck and one waits for the team that owns it', () => {
    expect(nearMisses).toHaveLength(10)
    expect(nearMisses.filter(entry => entry.struckBecause !== null)).toHaveLength(1)
    expect(nearMisses.filter(entry => entry.confirmedBy === null)).toHaveLength(1)
    for (const entry of nearMisses) {
      if (entry.confirmedBy) expect(people[entry.confirmedBy].team, entry.id).toBe(entry.ownedBy)
    }
  })
})
