import { describe, expect, it } from 'vitest'
import { evaluate, type JudgedMeeting } from '../../../src/domain/classifier/evaluate.ts'
import type { KindScores, KindVerdict, MeetingKind } from '../../../src/domain/classifier/types.ts'
import { invitation } from './invitation.ts'

function judged(
  label: MeetingKind,
  scores: Partial<KindScores>,
  more: { verdict?: KindVerdict; sureness?: 1 | 2 | 3; source?: string; people?: number; minutes?: number } = {},
): JudgedMeeting {
  const full = { status: 0, decision: 0, alignment: 0, conflict: 0, ...scores }
  const [first] = (['status', 'decision', 'alignment', 'conflict'] as const).toSorted((a, b) => full[b] - full[a])
  return {
    meeting: {
      id: `${label}-${Object.values(scores).join('-')}`,
      source: more.source ?? 'town',
      input: invitation('', '', { attendeeCount: more.people ?? null, durationMinutes: more.minutes ?? null }),
      kind: label,
      sureness: more.sureness ?? null,
    },
    classification: {
      kind: more.verdict ?? first!,
      scores: full,
      confidence: full[first!],
      form: 'unknown',
      forum: null,
      items: [],
      basis: [],
    },
  }
}

const four = [
  judged('status', { status: 0.9, decision: 0.1 }),
  judged('status', { status: 0.4, decision: 0.6 }),
  judged('decision', { decision: 0.8, status: 0.2 }),
  judged('conflict', { decision: 0.5, conflict: 0.5 }, { verdict: 'unclear' }),
]

describe('four meetings, by hand', () => {
  const { all, sure } = evaluate(four)

  it('accuracy and macro-F1 of forced answers', () => {
    // Status: 1 of 2 found, 1 said: F1 2/3. Decision: found, of 3 said: F1 1/2. Conflict: 0. Alignment never occurs.
    expect(all.forced.accuracy).toBe(0.5)
    expect(all.forced.macroF1).toBeCloseTo((2 / 3 + 1 / 2 + 0) / 3, 12)
    expect(all.forced.byKind.status).toEqual({ labelled: 2, answered: 1, precision: 1, recall: 0.5, f1: 2 / 3 })
    expect(all.forced.byKind.alignment).toEqual({ labelled: 0, answered: 0, precision: null, recall: null, f1: null })
    expect(all.forced.confusion.conflict).toEqual({ status: 0, decision: 1, alignment: 0, conflict: 0, unclear: 0 })
  })

  it('abstaining counts unclear as no answer', () => {
    expect(all.unclearShare).toBe(0.25)
    expect(all.abstaining.answered).toBe(3)
    expect(all.abstaining.accuracy).toBeCloseTo(2 / 3, 12)
    expect(all.abstaining.confusion.conflict.unclear).toBe(1)
    // Decision: found, of 2 said: F1 2/3.
    expect(all.abstaining.macroF1).toBeCloseTo((2 / 3 + 2 / 3 + 0) / 3, 12)
  })

  it('Brier sums squared distances over kinds', () => {
    expect(all.brier).toBeCloseTo((0.02 + 0.72 + 0.08 + 0.5) / 4, 12)
  })

  it('calibration error with one meeting in each bin is the mean distance', () => {
    expect(all.calibrationError?.value).toBeCloseTo((0.1 + 0.6 + 0.2 + 0.5) / 4, 12)
    expect(all.calibrationError!.low).toBeLessThanOrEqual(all.calibrationError!.high)
  })

  it('accuracy at 80 % coverage leaves out the least sure fifth, rounded up', () => {
    expect(all.accuracyAt80).toBe(0.5)
    const five = [...four, judged('decision', { decision: 0.7, status: 0.3 })]
    expect(evaluate(five).all.accuracyAt80).toBe(0.75)
  })

  it('no label says how sure it is → no figures for sure labels', () => {
    expect(sure).toBeNull()
  })
})

describe('calibration', () => {
  it('thirty meetings at 50 %, half right in every pair → no error', () => {
    const pairs = Array.from({ length: 30 }, (_, i) => judged(i % 2 === 0 ? 'status' : 'decision', { status: 0.5 }))
    expect(evaluate(pairs).all.calibrationError?.value).toBe(0)
  })

  it('the same seed draws the same interval, another seed another', () => {
    const many = Array.from({ length: 60 }, (_, i) =>
      judged(i % 3 === 0 ? 'status' : 'decision', { status: 0.5 + i / 200 }),
    )
    const interval = (seed: number) => evaluate(many, { seed, bootstrapRounds: 200 }).all.calibrationError
    expect(interval(1)).toEqual(interval(1))
    expect(interval(1)).not.toEqual(interval(2))
  })
})

describe('parts', () => {
  it('sure labels and sources are counted apart', () => {
    const { sure, bySource } = evaluate([
      judged('status', { status: 1 }, { sureness: 3, source: 'school' }),
      judged('status', { decision: 1 }, { sureness: 1, source: 'school' }),
      judged('decision', { decision: 1 }, { sureness: 2, source: 'hospital' }),
    ])
    expect(sure).toMatchObject({ count: 2, forced: { accuracy: 1 } })
    expect(bySource.map(({ source, figures }) => [source, figures.count, figures.forced.accuracy])).toEqual([
      ['hospital', 1, 1],
      ['school', 2, 0.5],
    ])
  })

  it('names the conflicts and sure decisions that would be told to skip', () => {
    const { toldToSkip } = evaluate(
      [
        judged('conflict', { status: 1 }),
        judged('decision', { status: 0.9 }, { sureness: 3 }),
        judged('decision', { status: 0.8 }, { sureness: 2 }),
        judged('conflict', { conflict: 1 }),
      ],
      { wouldSkip: ({ classification }) => classification.kind === 'status' },
    )
    expect(toldToSkip).toEqual({ skipped: 3, conflicts: ['conflict-1'], sureDecisions: ['decision-0.9'] })
  })

  it('puts the majority and the headcount rule beside, each on what it can see', () => {
    const { baselines } = evaluate([
      judged('alignment', {}, { people: 2, minutes: 30 }),
      judged('decision', {}, { people: 6, minutes: 60 }),
      judged('status', {}, { people: 12, minutes: 60 }),
      judged('status', {}, { people: 60, minutes: 60 }),
      judged('alignment', {}, { people: 9, minutes: 120 }),
      judged('status', {}),
    ])
    expect(baselines.map(({ name, count, accuracy }) => [name, count, accuracy])).toEqual([
      ['majority', 6, 0.5],
      ['headcount-and-length', 5, 1],
    ])
  })

  it('no meetings → no figures instead of zeros', () => {
    const { all, baselines } = evaluate([])
    expect(all).toMatchObject({ count: 0, calibrationError: null, brier: null, accuracyAt80: null, unclearShare: null })
    expect(all.forced).toMatchObject({ accuracy: null, macroF1: null })
    expect(baselines[1]).toMatchObject({ count: 0, accuracy: null })
  })
})
