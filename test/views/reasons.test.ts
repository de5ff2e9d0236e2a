import { describe, expect, test } from 'vitest'
import type { AuditBasis, SeriesReport } from '../../src/domain/reports/audit-report.ts'
import { figuresText, reasonsOnBothSides, whyUnknown } from '../../src/views/reasons.ts'
import { sampleReport } from '../support/sample-report.ts'

function series(section: SeriesReport['section'], ...sides: readonly AuditBasis['side'][]): SeriesReport {
  const basis = sides.map((side, index): AuditBasis => {
    return {
      about: side ? 'verdict' : 'kind',
      rule: 'some-rule',
      side,
      sentence: `${side} ${index}`,
      quote: null,
      figures: {},
    }
  })
  return { ...sampleReport().series[0]!, section, basis, sentence: 'The verdict.' }
}

function shown(of: SeriesReport): string[] {
  return reasonsOnBothSides(of).map(reason => reason.sentence)
}

describe('reasonsOnBothSides', () => {
  test('two strongest reasons for the verdict, then the strongest against it', () => {
    expect(shown(series('try-without', 'skip', 'keep', 'skip', 'skip', 'keep'))).toEqual(['skip 0', 'skip 2', 'keep 1'])
    expect(shown(series('worth-keeping', 'skip', 'keep', 'improve', 'keep'))).toEqual(['keep 1', 'keep 3', 'skip 0'])
  })

  test('a change to make takes no place of the other side', () => {
    expect(shown(series('try-without', 'skip', 'improve'))).toEqual([
      'skip 0',
      'improve 1',
      'Nothing found that speaks for holding it as it is.',
    ])
  })

  test('nothing against the verdict is said, and what the classifier saw is no reason for a side', () => {
    expect(shown(series('worth-keeping', null, 'keep'))).toEqual([
      'keep 1',
      'Nothing found that speaks for skipping it.',
    ])
    expect(shown(series('improve', null))).toEqual([
      'The verdict.',
      'Nothing found that speaks for leaving it as it is.',
    ])
  })

  test('without a verdict there is no other side, and the reason is what is missing', () => {
    expect(shown(series('not-enough-data', 'keep', 'unknown'))).toEqual(['unknown 1', 'keep 0'])
    expect(whyUnknown(series('not-enough-data', 'keep', 'unknown'))).toBe('unknown 1')
    expect(whyUnknown(series('not-enough-data'))).toBe('The verdict.')
  })
})

describe('figuresText', () => {
  test('names of figures become words and numbers keep two decimals', () => {
    expect(figuresText({ minutesPer4Weeks: 180, withAgenda: 0, 'shared-people': 'four', share: 0.4567 })).toBe(
      'minutes per 4 weeks 180 · share 0.46 · shared people four · with agenda 0',
    )
  })
})
