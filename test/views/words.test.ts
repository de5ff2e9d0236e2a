import { describe, expect, test } from 'vitest'
import {
  hoursRangeText,
  hoursText,
  minutesText,
  moneyRangeText,
  moneyText,
  spanText,
  wallText,
  windowText,
} from '../../src/views/words.ts'

describe('words for numbers', () => {
  test.each([
    [0, '0 m'],
    [0.75, '45 m'],
    [1, '1 h'],
    [1.75, '1 h 45 m'],
    [1.999, '2 h'],
    [99.999, '100 h'],
    [1234.6, '1,235 h'],
  ])('%d hours read %s', (hours, words) => {
    expect(hoursText(hours)).toBe(words)
  })

  test('minutes below zero keep their sign', () => {
    expect(minutesText(-90)).toBe('-1 h 30 m')
    expect(minutesText(-5)).toBe('-5 m')
  })

  test('a range is shown only where its ends differ', () => {
    expect(hoursRangeText({ low: 1, expected: 1, high: 1 })).toBe('1 h')
    expect(hoursRangeText({ low: 1, expected: 1.5, high: 2 })).toBe('1 h 30 m (1 h – 2 h)')
  })

  test('money is in the currency’s own writing, without decimals, a range to two digits', () => {
    expect(moneyText(1234.5, 'USD')).toBe('$1,235')
    expect(moneyText(1234.5, 'JPY')).toBe('¥1,235')
    expect(moneyText(12, 'no currency')).toBe('no currency 12')
    expect(moneyRangeText({ low: 20_631, expected: 26_000, high: 32_266 }, 'EUR')).toBe('€21,000–€32,000')
    expect(moneyRangeText({ low: 0, expected: 0, high: 0 }, 'EUR')).toBe('€0')
  })
})

describe('words for times', () => {
  test.each([
    ['Europe/Madrid', 'Mon 16 Mar 2026', '10:00'],
    ['America/New_York', 'Mon 16 Mar 2026', '05:00'],
    ['Australia/Lord_Howe', 'Mon 16 Mar 2026', '20:00'],
    ['Pacific/Chatham', 'Mon 16 Mar 2026', '22:45'],
    ['Pacific/Kiritimati', 'Mon 16 Mar 2026', '23:00'],
    ['Asia/Kathmandu', 'Mon 16 Mar 2026', '14:45'],
    ['+05:30', 'Mon 16 Mar 2026', '14:30'],
    ['-12:00', 'Sun 15 Mar 2026', '21:00'],
    ['Nowhere/Else', 'Mon 16 Mar 2026', '09:00'],
  ])('an instant on the wall of %s', (zone, day, time) => {
    expect(wallText('2026-03-16T09:00:00Z', zone)).toEqual({ day, time })
  })

  test('a date stays that date in every zone', () => {
    expect(wallText('2026-03-16', 'Pacific/Kiritimati')).toEqual({ day: 'Mon 16 Mar 2026', time: '' })
  })

  test('a span that crosses midnight names both days', () => {
    expect(spanText('2026-03-16T22:00:00Z', '2026-03-16T23:30:00Z', 'Europe/Madrid')).toBe(
      'Mon 16 Mar 2026, 23:00 – Tue 17 Mar 2026, 00:30',
    )
  })

  test('a window shows its last day, and both years when they differ', () => {
    expect(windowText({ fromOn: '2026-10-26', toOn: '2026-11-23' })).toBe('26 Oct – 22 Nov 2026')
    expect(windowText({ fromOn: '2026-12-21', toOn: '2027-01-04' })).toBe('21 Dec 2026 – 3 Jan 2027')
  })
})
