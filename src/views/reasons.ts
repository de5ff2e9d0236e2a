import type { AuditBasis, SeriesReport } from '../domain/reports/audit-report.ts'
import type { AuditSection, SkipReason } from '../domain/worth/types.ts'

/** One reason with the side it speaks for, as shown beside a verdict. */
export interface SidedReason {
  readonly side: SkipReason['side']
  readonly sentence: string
}

const mainSide: Readonly<Record<AuditSection, SkipReason['side']>> = {
  'try-without': 'skip',
  improve: 'improve',
  'worth-keeping': 'keep',
  'not-enough-data': 'unknown',
}

/** Sides that speak against the verdict of a section. */
const otherSides: Readonly<Record<AuditSection, readonly SkipReason['side'][]>> = {
  'try-without': ['keep'],
  improve: ['keep'],
  'worth-keeping': ['skip', 'improve'],
  'not-enough-data': [],
}

/**
 * The strongest reasons on both sides, at most three: two for the verdict, one against it. Where nothing speaks
 * against the verdict, that is said: silence would read as if nobody had looked.
 */
export function reasonsOnBothSides(series: SeriesReport): SidedReason[] {
  const reasons = verdictReasons(series)
  const main = mainSide[series.section]
  const others = otherSides[series.section]
  const against = reasons.find(reason => others.includes(reason.side)) ?? nothingFound(series.section)
  const speaksFor = reasons.filter(reason => reason.side === main)
  const between = reasons.filter(reason => reason.side !== main && !others.includes(reason.side))
  const shown = [...speaksFor, ...between].slice(0, 2)
  if (shown.length === 0) shown.push({ side: main, sentence: series.sentence })
  return against ? [...shown, against] : shown
}

/** Why a series cannot be judged, in one sentence. */
export function whyUnknown(series: SeriesReport): string {
  const reasons = verdictReasons(series)
  return (reasons.find(reason => reason.side === 'unknown') ?? reasons[0])?.sentence ?? series.sentence
}

function verdictReasons(series: SeriesReport): SidedReason[] {
  return series.basis
    .filter((basis): basis is AuditBasis & { side: SkipReason['side'] } => basis.side !== null)
    .map(({ side, sentence }) => ({ side, sentence }))
}

function nothingFound(section: AuditSection): SidedReason | null {
  switch (section) {
    case 'try-without':
      return { side: 'keep', sentence: 'Nothing found that speaks for holding it as it is.' }
    case 'worth-keeping':
      return { side: 'skip', sentence: 'Nothing found that speaks for skipping it.' }
    case 'improve':
      return { side: 'keep', sentence: 'Nothing found that speaks for leaving it as it is.' }
    case 'not-enough-data':
      return null
  }
}

/** `held 4 · with agenda 0`: the figures behind a reason by name, so that a reopened audit reads the same. */
export function figuresText(figures: AuditBasis['figures']): string {
  return Object.entries(figures)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${figureName(name)} ${typeof value === 'number' ? numberOf(value) : value}`)
    .join(' · ')
}

/** `withAgenda` and `with-agenda` read `with agenda`. */
function figureName(name: string): string {
  return name
    .replace(/([a-z\d])([A-Z])|([a-z])(?=\d)/g, '$1$3 $2')
    .replace(/[-_]/g, ' ')
    .toLowerCase()
}

const hundredthsFormat = new Intl.NumberFormat('en', { maximumFractionDigits: 2 })

function numberOf(value: number): string {
  return hundredthsFormat.format(value)
}
