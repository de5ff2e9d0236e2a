import { IANAZone } from 'luxon'
import { describe, expect, it } from 'vitest'
import { isoInstant } from '../../../src/domain/time/calendar-date.ts'
import { dayMs, hourMs, minuteMs, secondMs } from '../../../src/domain/time/types.ts'
import { canonicalZoneName, fixedOffsetZone, utc, zoneFor } from '../../../src/domain/time/zone-table.ts'

const wall = (text: string) => Date.parse(`${text}Z`)

function zone(name: string) {
  const found = zoneFor(name)
  if (!found) throw new Error(`no zone called ${name}`)
  return found
}

describe('names', () => {
  it.each([
    ['europe/warsaw', 'Europe/Warsaw'],
    ['ASIA/KATHMANDU', 'Asia/Kathmandu'],
    ['Asia/Kolkata', 'Asia/Kolkata'],
    ['us/pacific', 'US/Pacific'],
    ['EST5EDT', 'EST5EDT'],
    ['etc/utc', 'UTC'],
    ['GMT', 'UTC'],
  ])('%s is %s', (given, name) => {
    expect(zoneFor(given)?.name).toBe(name)
    expect(canonicalZoneName(given)).toBe(name)
  })

  it.each(['', 'Europe/Nowhere', '+02:00', 'PST', 'IST', '__proto__', 'Customized Time Zone', 'x'.repeat(10_000)])(
    'unknown: %s',
    given => {
      expect(zoneFor(given)).toBeNull()
    },
  )

  it('one zone is built once', () => {
    expect(zoneFor('Europe/Madrid')).toBe(zoneFor('europe/madrid'))
    expect(zoneFor('UTC')).toBe(utc)
  })

  it.each([
    [330, '+05:30'],
    [-570, '-09:30'],
    [0, 'UTC'],
  ])('%d minutes are %s', (minutes, name) => {
    const fixed = fixedOffsetZone(minutes)
    expect(fixed.name).toBe(name)
    expect(fixed.toWall(0)).toBe(minutes * minuteMs)
    expect(fixed.toInstant(minutes * minuteMs)).toBe(0)
  })
})

describe('offsets are those of Luxon', () => {
  const names = [
    'Africa/Cairo',
    'Africa/Casablanca',
    'America/New_York',
    'America/Sao_Paulo',
    'America/St_Johns',
    'Antarctica/Troll',
    'Asia/Gaza',
    'Asia/Kathmandu',
    'Asia/Tehran',
    'Australia/Lord_Howe',
    'Europe/Dublin',
    'Europe/Istanbul',
    'Europe/Madrid',
    'Pacific/Apia',
    'Pacific/Chatham',
    'Pacific/Kiritimati',
  ]

  it.each(names)('%s, around every change and in between, 2010 to 2038', name => {
    const ours = zone(name)
    const luxon = IANAZone.create(name)
    const differences: string[] = []
    const compare = (at: number) => {
      if (ours.offsetAt(at) !== luxon.offset(at) * minuteMs) differences.push(isoInstant(at))
    }
    for (let at = Date.UTC(2010, 0, 1); at < Date.UTC(2038, 0, 1); at += 7 * dayMs) {
      compare(at)
      if (luxon.offset(at) === luxon.offset(at + 7 * dayMs)) continue
      let low = at
      let high = at + 7 * dayMs
      while (high - low > secondMs) {
        const middle = low + Math.floor((high - low) / 2 / secondMs) * secondMs
        if (luxon.offset(middle) === luxon.offset(at)) low = middle
        else high = middle
      }
      for (const near of [low - hourMs, low, low + 999, high, high + hourMs]) compare(near)
    }
    expect(differences).toEqual([])
  })

  it('every zone of this machine, every quarter of a year', () => {
    const differences: string[] = []
    for (const name of Intl.supportedValuesOf('timeZone')) {
      const ours = zone(name)
      const luxon = IANAZone.create(name)
      for (let at = Date.UTC(2024, 0, 15); at < Date.UTC(2028, 0, 1); at += 91 * dayMs) {
        if (ours.offsetAt(at) !== luxon.offset(at) * minuteMs) differences.push(`${name} ${isoInstant(at)}`)
      }
    }
    expect(differences).toEqual([])
  })
})

describe('wall readings', () => {
  it.each([
    ['an ordinary day', 'Europe/Madrid', '2026-03-16T10:00:00', '2026-03-16T09:00:00Z'],
    ['skipped: forward by the gap', 'Europe/Madrid', '2026-03-29T02:30:00', '2026-03-29T01:30:00Z'],
    ['skipped, its first moment', 'Europe/Madrid', '2026-03-29T02:00:00', '2026-03-29T01:00:00Z'],
    ['the moment after the gap', 'Europe/Madrid', '2026-03-29T03:00:00', '2026-03-29T01:00:00Z'],
    ['repeated: the first', 'Europe/Madrid', '2026-10-25T02:30:00', '2026-10-25T00:30:00Z'],
    ['repeated, its first moment', 'Europe/Madrid', '2026-10-25T02:00:00', '2026-10-25T00:00:00Z'],
    ['the moment after the repetition', 'Europe/Madrid', '2026-10-25T03:00:00', '2026-10-25T02:00:00Z'],
    ['repeated west of Greenwich', 'America/New_York', '2026-11-01T01:30:00', '2026-11-01T05:30:00Z'],
    ['skipped west of Greenwich', 'America/New_York', '2026-03-08T02:30:00', '2026-03-08T07:30:00Z'],
    ['half an hour skipped', 'Australia/Lord_Howe', '2026-10-04T02:15:00', '2026-10-03T15:45:00Z'],
    ['half an hour repeated', 'Australia/Lord_Howe', '2026-04-05T01:45:00', '2026-04-04T14:45:00Z'],
    ['a day skipped', 'Pacific/Apia', '2011-12-30T12:00:00', '2011-12-30T22:00:00Z'],
    ['three quarters of an hour off', 'Pacific/Chatham', '2026-06-01T12:00:00', '2026-05-31T23:15:00Z'],
    ['winter time that is called standard', 'Europe/Dublin', '2026-07-01T12:00:00', '2026-07-01T11:00:00Z'],
    ['Ramadan', 'Africa/Casablanca', '2026-03-01T12:00:00', '2026-03-01T12:00:00Z'],
    ['local mean time, to the second', 'America/Chicago', '1601-01-01T00:00:00', '1601-01-01T05:50:36Z'],
    ['the year 1', 'America/Chicago', '0001-01-01T00:00:00', '0001-01-01T05:50:36Z'],
    ['summer of the year 2501', 'America/Chicago', '2501-07-31T00:00:00', '2501-07-31T05:00:00Z'],
    ['the end of 9999', 'America/Chicago', '9999-12-31T00:00:00', '9999-12-31T06:00:00Z'],
  ])('%s (%s)', (_title, name, reading, instant) => {
    expect(isoInstant(zone(name).toInstant(wall(reading)))).toBe(instant)
    // Asked again after another year: the answer does not depend on what was asked before.
    zone(name).toWall(0)
    expect(isoInstant(zone(name).toInstant(wall(reading)))).toBe(instant)
  })

  it.each(['Europe/Madrid', 'Australia/Lord_Howe', 'Pacific/Apia', 'Africa/Casablanca', 'America/St_Johns'])(
    '%s: every instant reads as itself, or as an earlier one of the same reading',
    name => {
      const { toWall, toInstant } = {
        toWall: (at: number) => zone(name).toWall(at),
        toInstant: (at: number) => zone(name).toInstant(at),
      }
      const wrong: string[] = []
      for (let at = Date.UTC(2010, 0, 1); at < Date.UTC(2013, 0, 1); at += 15 * minuteMs) {
        const back = toInstant(toWall(at))
        if (back !== at && !(back < at && toWall(back) === toWall(at))) wrong.push(isoInstant(at))
      }
      expect(wrong).toEqual([])
    },
  )
})
