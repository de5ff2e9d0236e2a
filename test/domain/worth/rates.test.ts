import { describe, expect, it } from 'vitest'
import {
  baseHourlyCost,
  defaultRates,
  loadedPerHour,
  loadOnWages,
  paidHoursPerYear,
  parseRateTable,
  rateOf,
} from '../../../src/domain/worth/rates.ts'

const about = { currency: 'EUR', source: 'our own table' }

describe('the default rate table', () => {
  it('starts from the published cost of an hour and its load on wages', () => {
    expect(baseHourlyCost).toBe(45.65)
    expect(loadOnWages).toBeCloseTo(1.4245, 4)
    expect(defaultRates.defaultPerHour).toBe(45.65)
    expect(defaultRates.source).toContain('BLS')
  })

  it('knows the essay’s implied pay: $160.2564 an hour is $333,333.33 a year, $234,000 in wages', () => {
    const perHour = 100_000 / 624
    expect(perHour * paidHoursPerYear).toBeCloseTo(333_333.33, 1)
    expect(loadedPerHour(234_000)).toBeCloseTo(perHour, 4)
  })

  it('prices a band whatever its spelling, and unknown bands at the default', () => {
    expect(rateOf(defaultRates, ' Senior ')).toBe(59.35)
    expect(rateOf(defaultRates, 'astronaut')).toBe(45.65)
    expect(rateOf(defaultRates, null)).toBe(45.65)
  })
})

describe('a user’s own table', () => {
  it('takes bands, a default, and decimal commas', () => {
    const parsed = parseRateTable(
      [
        { band: 'Engineer', perHour: '95' },
        { band: 'staff', perHour: '140,50' },
        { band: 'default', perHour: 80 },
      ],
      about,
    )
    expect(parsed).toEqual({
      ok: true,
      rates: {
        ...about,
        perHour: new Map([
          ['engineer', 95],
          ['staff', 140.5],
        ]),
        defaultPerHour: 80,
      },
    })
  })

  it('prices unknown bands at the median of its rows when it has no default', () => {
    const rows = [60, 80, 200].map((perHour, index) => ({ band: `band ${index}`, perHour }))
    const parsed = parseRateTable(rows, about)
    expect(parsed.ok && parsed.rates.defaultPerHour).toBe(80)
  })

  it('reports every problem at once, with the row and the next step', () => {
    const parsed = parseRateTable(
      [
        { band: '', perHour: '95' },
        { band: 'ana@lantern.example', perHour: '95' },
        { band: 'engineer', perHour: 'a lot' },
        { band: 'staff', perHour: '180000' },
        { band: 'senior', perHour: '90' },
        { band: 'Senior', perHour: '91' },
        { band: 'intern', perHour: '-5' },
      ],
      { currency: 'euros', source: 'x' },
    )
    expect(parsed.ok ? [] : parsed.problems).toEqual([
      expect.stringContaining('Rate row 1 names no band'),
      expect.stringContaining('per role band, so that no bill gives a salary away'),
      expect.stringContaining('Rate row 3 (engineer) has no amount'),
      expect.stringContaining('divide it by 2,080 hours'),
      expect.stringContaining('Rate row 6 repeats the band senior'),
      expect.stringContaining('Rate row 7 (intern) has no amount'),
      expect.stringContaining('three-letter code'),
    ])
    // A person's address is never repeated back.
    expect(JSON.stringify(parsed)).not.toContain('ana@')
  })

  it('refuses an empty table', () => {
    expect(parseRateTable([], about)).toEqual({ ok: false, problems: [expect.stringContaining('no rows')] })
  })
})
