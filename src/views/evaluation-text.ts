import { strongest } from '../domain/classifier/classify.ts'
import type { Answers, Evaluation, Figures, JudgedMeeting } from '../domain/classifier/evaluate.ts'
import { meetingKinds } from '../domain/classifier/types.ts'
import { plainText } from './plain-text.ts'

/** The figures of `eval` as text; `judged` lists the mistakes when any are handed in. */
export function evaluationText(evaluation: Evaluation, judged: readonly JudgedMeeting[]): string {
  const blocks = [
    figuresText('All meetings', evaluation.all),
    ...(evaluation.sure === null ? [] : [figuresText('Labelled with confidence 2 or 3', evaluation.sure)]),
    confusionText(evaluation.all.forced),
    skipText(evaluation),
    sourcesText(evaluation),
    baselinesText(evaluation),
    ...(judged.length === 0 ? [] : [errorsText(judged)]),
  ]
  return `${blocks.join('\n\n')}\n`
}

function figuresText(title: string, figures: Figures): string {
  const { forced, abstaining, calibrationError } = figures
  const interval =
    calibrationError === null
      ? '–'
      : `${number(calibrationError.value)} (95 %: ${number(calibrationError.low)} to ${number(calibrationError.high)})`
  return [
    `${title} (${figures.count})`,
    row('accuracy', number(forced.accuracy)),
    row('macro-F1', number(forced.macroF1)),
    row('recall', meetingKinds.map(kind => `${kind} ${number(forced.byKind[kind].recall)}`).join(' · ')),
    row('calibration error', interval),
    row('Brier score', number(figures.brier)),
    row('accuracy at 80 %', number(figures.accuracyAt80)),
    row('unclear', `${percent(figures.unclearShare)}; of the rest right: ${percent(abstaining.accuracy)}`),
  ].join('\n')
}

function confusionText({ confusion }: Answers): string {
  const head = `  ${'label \\ answer'.padEnd(18)}${meetingKinds.map(kind => kind.padStart(11)).join('')}`
  const rows = meetingKinds.map(
    label =>
      `  ${label.padEnd(18)}${meetingKinds.map(answer => String(confusion[label][answer]).padStart(11)).join('')}`,
  )
  return ['Confusion (the strongest score is the answer)', head, ...rows].join('\n')
}

function skipText({ toldToSkip }: Evaluation): string {
  if (toldToSkip === null) return 'Skip test: not asked.'
  const { skipped, conflicts, sureDecisions } = toldToSkip
  return [
    'Skip test, each meeting held weekly by people of whom nothing else is known',
    row('told to try without', String(skipped)),
    row('  conflict among them', String(conflicts.length)),
    row('  sure decisions', String(sureDecisions.length)),
  ].join('\n')
}

function sourcesText({ bySource }: Evaluation): string {
  const rows = bySource.map(
    ({ source, figures }) =>
      `  ${plainText(source, 50).padEnd(52)}${String(figures.count).padStart(4)}   accuracy ${number(figures.forced.accuracy)}`,
  )
  return ['By source', ...rows].join('\n')
}

function baselinesText({ baselines }: Evaluation): string {
  const rows = baselines.map(
    one =>
      `  ${one.name.padEnd(28)}${String(one.count).padStart(4)}   accuracy ${number(one.accuracy)}   macro-F1 ${number(one.macroF1)}`,
  )
  return ['Baselines, each on the meetings it can speak about', ...rows].join('\n')
}

function errorsText(judged: readonly JudgedMeeting[]): string {
  const wrong = judged.filter(({ meeting, classification }) => strongest(classification.scores) !== meeting.kind)
  const rows = wrong.map(({ meeting, classification }) => {
    const [first] = classification.basis
    return `  ${meeting.kind} read as ${strongest(classification.scores)} (${classification.kind}): ${plainText(meeting.input.title, 70)}\n      ${first?.sentence ?? ''}`
  })
  return [`Wrong (${wrong.length})`, ...rows].join('\n')
}

function row(label: string, value: string): string {
  return `  ${label.padEnd(22)}${value}`
}

function number(value: number | null): string {
  return value === null ? '–' : value.toFixed(3)
}

function percent(value: number | null): string {
  return value === null ? '–' : `${(100 * value).toFixed(0)} %`
}
