import { expect, it } from 'vitest'
import { dateOf, isoInstant, parseDate } from '../../../src/domain/time/calendar-date.ts'
import { formatInZone } from '../../../src/domain/time/zone.ts'
import { fixedOffsetZone } from '../../../src/domain/time/zone-table.ts'
import { at, zone } from '../../support/build.ts'

it.each([
  ['Europe/Madrid', 'Mon 16 Mar, 11:00'],
  ['America/New_York', 'Mon 16 Mar, 06:00'],
  ['Pacific/Kiritimati', 'Tue 17 Mar, 00:00'],
])('an instant in words for %s', (name, words) => {
  expect(formatInZone(at('2026-03-16 10:00'), zone(name), 'ccc d LLL, HH:mm')).toBe(words)
})

it('an instant in words for a fixed offset', () => {
  expect(formatInZone(at('2026-03-16 10:00'), fixedOffsetZone(345), 'HH:mm')).toBe('15:45')
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
