import { expect, it } from 'vitest'
import { dateOf, isoInstant, parseDate } from '../../../src/domain/time/calendar-date.ts'
import { parseInstant } from '../../../src/domain/time/zone.ts'
import { zoneNamed } from '../../../src/domain/time/zone-table.ts'
import { at } from '../../support/build.ts'

it.each([
  ['2026-03-16T10:00:00Z', '2026-03-16 10:00'],
  ['2026-03-16T11:00+01:00', '2026-03-16 10:00'],
  ['2026-03-16T10:00', '2026-03-16 10:00'],
  ['2026-03-16', '2026-03-16 00:00'],
  ['2026-W12-1', '2026-03-16 00:00'],
])('the moment %s is read, in UTC where it names no offset', (text, moment) => {
  expect(parseInstant(text)).toBe(at(moment))
})

it.each(['today', '', '16/03/2026', '2026-02-30T10:00Z'])('no moment: %s', text => {
  expect(parseInstant(text)).toBeNull()
})

it.each([
  ['Europe/Madrid', 60],
  ['UTC', 0],
  ['+05:45', 345],
  ['-03:30', -210],
  ['nowhere', 0],
])('a report in %s is read on its wall', (name, minutes) => {
  expect(zoneNamed(name).offsetAt(at('2026-03-16 10:00'))).toBe(minutes * 60_000)
})

it('an instant is written to the second, in UTC', () => {
  expect(isoInstant(at('2026-03-16 10:00') + 999)).toBe('2026-03-16T10:00:00Z')
})

it.each(['2026-03-16', '0001-01-01', '9999-12-31', '2024-02-29'])('the date %s is read and written', text => {
  expect(dateOf(parseDate(text) ?? Number.NaN)).toBe(text)
})

it.each(['2026-02-30', '2026-3-1', '16/03/2026', '2026-13-01', 'today', ''])('no date: %s', text => {
  expect(parseDate(text)).toBeNull()
})
