import { describe, expect, it } from 'vitest'
import { intersect, mergeIntervals, subtract, totalMs } from '../../../src/domain/time/intervals.ts'
import type { Interval } from '../../../src/domain/time/types.ts'

/** `1-3 5-8` as intervals. */
function parts(text: string): Interval[] {
  return text
    .split(' ')
    .filter(Boolean)
    .map(part => {
      const [startAt = 0, endAt = 0] = part.split('-').map(Number)
      return { startAt, endAt }
    })
}

describe('intervals are half-open', () => {
  it.each([
    ['5-8 1-3', '1-3 5-8'],
    ['1-3 3-5', '1-5'],
    ['1-9 2-3 4-5', '1-9'],
    ['1-4 2-6 7-7 9-8', '1-6'],
    ['', ''],
  ])('%s merged is %s', (given, expected) => {
    expect(mergeIntervals(parts(given))).toEqual(parts(expected))
  })

  it('time that two share counts once', () => {
    expect(totalMs(parts('0-60 30-90 120-150'))).toBe(120)
  })

  it.each([
    ['0-10', '2-3 5-12', '2-3 5-10'],
    ['0-2 4-6', '2-4', ''],
    ['0-4 6-9', '3-7', '3-4 6-7'],
  ])('%s and %s share %s', (left, right, expected) => {
    expect(intersect(parts(left), parts(right))).toEqual(parts(expected))
    expect(intersect(parts(right), parts(left))).toEqual(parts(expected))
  })

  it.each([
    ['540-1020', '600-630 690-720 840-900', '540-600 630-690 720-840 900-1020'],
    ['0-10', '0-10', ''],
    ['0-10 20-30', '5-25', '0-5 25-30'],
    ['0-10', '', '0-10'],
    ['0-10', '12-15', '0-10'],
    ['0-10 10-20 30-40', '2-4 3-6 35-99', '0-2 6-20 30-35'],
  ])('%s without %s leaves %s', (from, taken, expected) => {
    expect(subtract(parts(from), parts(taken))).toEqual(parts(expected))
  })
})
