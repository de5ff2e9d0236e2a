import { strongest } from './classify.ts'
import type { LabelledMeeting } from './record.ts'
import { type Classification, type KindVerdict, type MeetingKind, meetingKinds } from './types.ts'

/** A labelled meeting with what the classifier said about it. */
export interface JudgedMeeting {
  readonly meeting: LabelledMeeting
  readonly classification: Classification
}

export interface Evaluation {
  readonly all: Figures
  /** Labels given with confidence 2 or 3; null when no label says how sure it is. */
  readonly sure: Figures | null
  readonly bySource: readonly { readonly source: string; readonly figures: Figures }[]
  /** Null when no predicate was given. */
  readonly toldToSkip: ToldToSkip | null
  /** Each on the meetings it can speak about. */
  readonly baselines: readonly Baseline[]
}

/** Shares are 0..1. A share of nothing is null, never 0. */
export interface Figures {
  readonly count: number
  /** The strongest score is taken as the answer, also where the verdict was `unclear`. */
  readonly forced: Answers
  /** `unclear` is no answer: accuracy is among the answered, F1 counts it as missed. */
  readonly abstaining: Answers & { readonly answered: number }
  readonly unclearShare: number | null
  /** Expected calibration error in 15 bins of equal mass, with a 95 % bootstrap interval. Biased upward below 1,000. */
  readonly calibrationError: { readonly value: number; readonly low: number; readonly high: number } | null
  /** Mean over meetings of the squared distance of scores to the truth, summed over kinds: 0 best, 2 worst. */
  readonly brier: number | null
  /** Accuracy on the 80 % with the highest confidence. */
  readonly accuracyAt80: number | null
}

export interface Answers {
  readonly accuracy: number | null
  /** Mean over the kinds that occur among labels or answers. */
  readonly macroF1: number | null
  readonly byKind: Readonly<Record<MeetingKind, KindFigures>>
  /** Rows are labels, columns answers. */
  readonly confusion: Readonly<Record<MeetingKind, Readonly<Record<KindVerdict, number>>>>
}

export interface KindFigures {
  readonly labelled: number
  readonly answered: number
  readonly precision: number | null
  readonly recall: number | null
  readonly f1: number | null
}

/** The mistakes that cost most: meetings that must not be told to skip, and were. */
export interface ToldToSkip {
  readonly skipped: number
  readonly conflicts: readonly string[]
  readonly sureDecisions: readonly string[]
}

export interface Baseline {
  readonly name: string
  readonly rule: string
  readonly count: number
  readonly accuracy: number | null
  readonly macroF1: number | null
}

export interface EvaluateOptions {
  /** Whether a meeting judged so would be told to skip. */
  readonly wouldSkip?: (judged: JudgedMeeting) => boolean
  readonly bootstrapRounds?: number
  readonly seed?: number
}

/**
 * How good the classifier is on labelled meetings. Deterministic: the bootstrap draws from a seeded generator.
 * Method: science notes 1.3 (macro-F1, calibration error by equal mass, Brier, accuracy at 80 % coverage).
 */
export function evaluate(judged: readonly JudgedMeeting[], options: EvaluateOptions = {}): Evaluation {
  const rounds = options.bootstrapRounds ?? 1_000
  const seed = options.seed ?? 20_250
  const sure = judged.filter(({ meeting }) => meeting.sureness !== null && meeting.sureness >= 2)
  const knowsSureness = judged.some(({ meeting }) => meeting.sureness !== null)
  const sources = [...new Set(judged.map(({ meeting }) => meeting.source))].sort()
  return {
    all: figuresOf(judged, rounds, seed),
    sure: knowsSureness ? figuresOf(sure, rounds, seed) : null,
    bySource: sources.map(source => ({
      source,
      figures: figuresOf(
        judged.filter(({ meeting }) => meeting.source === source),
        0,
        seed,
      ),
    })),
    toldToSkip: options.wouldSkip === undefined ? null : toldToSkip(judged, options.wouldSkip),
    baselines: [majorityBaseline(judged), headcountBaseline(judged)],
  }
}

function figuresOf(judged: readonly JudgedMeeting[], rounds: number, seed: number): Figures {
  const labels = judged.map(({ meeting }) => meeting.kind)
  const guesses = judged.map(({ classification }) => strongest(classification.scores))
  const verdicts = judged.map(({ classification }) => classification.kind)
  const right = guesses.map((guess, i) => guess === labels[i])
  const confidence = judged.map(({ classification }) => classification.scores[strongest(classification.scores)])
  const answered = verdicts.filter(verdict => verdict !== 'unclear').length
  return {
    count: judged.length,
    forced: answersOf(labels, guesses),
    abstaining: { ...answersOf(labels, verdicts), answered },
    unclearShare: share(judged.length - answered, judged.length),
    calibrationError: calibrationOf(confidence, right, rounds, seed),
    brier: brierOf(judged),
    accuracyAt80: accuracyAtCoverage(confidence, right, 0.8),
  }
}

function answersOf(labels: readonly MeetingKind[], answers: readonly KindVerdict[]): Answers {
  const confusion = emptyConfusion()
  labels.forEach((label, i) => {
    confusion[label][answers[i]!]++
  })
  const byKind = {} as Record<MeetingKind, KindFigures>
  let right = 0
  let answered = 0
  let f1Sum = 0
  let f1Count = 0
  for (const kind of meetingKinds) {
    const hit = confusion[kind][kind]
    const labelled = labels.filter(label => label === kind).length
    const said = answers.filter(answer => answer === kind).length
    right += hit
    answered += said
    const f1 = labelled + said === 0 ? null : (2 * hit) / (labelled + said)
    if (f1 !== null) {
      f1Sum += f1
      f1Count++
    }
    byKind[kind] = { labelled, answered: said, precision: share(hit, said), recall: share(hit, labelled), f1 }
  }
  return { accuracy: share(right, answered), macroF1: f1Count === 0 ? null : f1Sum / f1Count, byKind, confusion }
}

function emptyConfusion(): Record<MeetingKind, Record<KindVerdict, number>> {
  const row = () => ({ status: 0, decision: 0, alignment: 0, conflict: 0, unclear: 0 })
  return { status: row(), decision: row(), alignment: row(), conflict: row() }
}

const calibrationBins = 15

function calibrationOf(confidence: readonly number[], right: readonly boolean[], rounds: number, seed: number) {
  if (confidence.length === 0) return null
  const pairs = confidence.map((value, i) => ({ value, right: right[i]! }))
  const value = calibrationError(pairs)
  if (rounds === 0) return { value, low: value, high: value }
  const random = seededRandom(seed)
  const draws: number[] = []
  for (let round = 0; round < rounds; round++) {
    draws.push(calibrationError(pairs.map(() => pairs[Math.floor(random() * pairs.length)]!)))
  }
  draws.sort((a, b) => a - b)
  // Drawing again adds error of its own, so the draws lie above the value: their spread is put around the value.
  const bias = draws.reduce((sum, draw) => sum + draw, 0) / rounds - value
  const low = draws[Math.floor(rounds * 0.025)]! - bias
  const high = draws[Math.min(rounds - 1, Math.floor(rounds * 0.975))]! - bias
  return { value, low: Math.max(0, Math.min(value, low)), high: Math.max(value, high) }
}

function calibrationError(pairs: readonly { value: number; right: boolean }[]): number {
  const sorted = [...pairs].sort((a, b) => a.value - b.value)
  const bins = Math.min(calibrationBins, sorted.length)
  let error = 0
  for (let bin = 0; bin < bins; bin++) {
    const from = Math.floor((bin * sorted.length) / bins)
    const to = Math.floor(((bin + 1) * sorted.length) / bins)
    let gap = 0
    for (let i = from; i < to; i++) gap += sorted[i]!.value - (sorted[i]!.right ? 1 : 0)
    error += Math.abs(gap)
  }
  return error / sorted.length
}

function brierOf(judged: readonly JudgedMeeting[]): number | null {
  let sum = 0
  for (const { meeting, classification } of judged) {
    for (const kind of meetingKinds) sum += (classification.scores[kind] - (meeting.kind === kind ? 1 : 0)) ** 2
  }
  return share(sum, judged.length)
}

function accuracyAtCoverage(confidence: readonly number[], right: readonly boolean[], coverage: number): number | null {
  const order = confidence.map((_, i) => i).sort((a, b) => confidence[b]! - confidence[a]! || a - b)
  const kept = order.slice(0, Math.ceil(order.length * coverage))
  return share(kept.filter(i => right[i]).length, kept.length)
}

function toldToSkip(judged: readonly JudgedMeeting[], wouldSkip: (judged: JudgedMeeting) => boolean): ToldToSkip {
  const skipped = judged.filter(wouldSkip)
  const ids = (chosen: readonly JudgedMeeting[]) => chosen.map(({ meeting }) => meeting.id)
  return {
    skipped: skipped.length,
    conflicts: ids(skipped.filter(({ meeting }) => meeting.kind === 'conflict')),
    sureDecisions: ids(skipped.filter(({ meeting }) => meeting.kind === 'decision' && meeting.sureness === 3)),
  }
}

function majorityBaseline(judged: readonly JudgedMeeting[]): Baseline {
  const labels = judged.map(({ meeting }) => meeting.kind)
  let most: MeetingKind = 'status'
  const count = (kind: MeetingKind) => labels.filter(label => label === kind).length
  for (const kind of meetingKinds) if (count(kind) > count(most)) most = kind
  const answers = answersOf(
    labels,
    labels.map(() => most),
  )
  return {
    name: 'majority',
    rule: `Every meeting is ${most}.`,
    count: labels.length,
    accuracy: answers.accuracy,
    macroF1: answers.macroF1,
  }
}

/** Microsoft's published rule (package wpa, meetingtype_dist_mt.R), its labels translated into our kinds. */
function headcountBaseline(judged: readonly JudgedMeeting[]): Baseline {
  const able = judged.filter(
    ({ meeting }) => meeting.input.attendeeCount !== null && meeting.input.durationMinutes !== null,
  )
  const answers = answersOf(
    able.map(({ meeting }) => meeting.kind),
    able.map(({ meeting }) => kindByHeadcount(meeting.input.attendeeCount!, meeting.input.durationMinutes!)),
  )
  return {
    name: 'headcount-and-length',
    rule: 'Two people align, up to eight decide within the hour, more hear a status; long meetings of few align.',
    count: able.length,
    accuracy: answers.accuracy,
    macroF1: answers.macroF1,
  }
}

function kindByHeadcount(people: number, minutes: number): MeetingKind {
  if (people <= 2 && minutes <= 60) return 'alignment'
  if (people <= 8 && minutes <= 60) return 'decision'
  if (people <= 18 && minutes <= 60) return 'status'
  if (people >= 19 && people <= 50 && minutes <= 120) return 'status'
  if (people >= 51) return 'status'
  return 'alignment'
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole
}

/** Mulberry32: small, seeded, the same on every machine. */
function seededRandom(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
