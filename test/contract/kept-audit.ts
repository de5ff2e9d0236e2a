import type { AuditReport, SeriesReport } from '../../src/domain/reports/audit-report.ts'
import { auditScope, type KeptAudit, type KeptOccurrence, makeKeptAudit } from '../../src/store/audit-store.ts'

interface Wanted {
  readonly subject?: string
  readonly generatedAt?: string
  readonly windowToOn?: string
  readonly series?: readonly SeriesReport[]
  readonly occurrences?: readonly KeptOccurrence[]
}

/** An audit of Ana's calendar, small and whole. */
export async function buildKeptAudit(wanted: Wanted = {}): Promise<KeptAudit> {
  const {
    subject = 'ana@lumen.example',
    generatedAt = '2026-03-16T09:00:00Z',
    series = [architectureReview()],
  } = wanted
  const report = buildReport(subject, generatedAt, series)
  return makeKeptAudit({
    scope: await auditScope({ subject, calendars: ['Ana'] }),
    report: {
      ...report,
      window: { ...report.window, toOn: wanted.windowToOn ?? report.window.toOn },
    },
    occurrences: wanted.occurrences ?? buildOccurrences(3),
  })
}

export function buildOccurrences(count: number): readonly KeptOccurrence[] {
  return Array.from({ length: count }, (_, position) => {
    const startAt = Date.UTC(2026, 0, 5, 9) + position * 3_600_000
    return {
      calendar: 'ana.ics',
      uid: `${(position * 7_919) % 10_007}@lumen.example`,
      originalStart: toText(startAt),
      start: toText(startAt),
      end: toText(startAt + 1_800_000),
      counted: position % 4 !== 0,
      rule: position % 4 === 0 ? 'alone' : 'people-met',
    }
  })
}

export function architectureReview(changes: Partial<SeriesReport> = {}): SeriesReport {
  const cost = { low: 10, expected: 11.2, high: 12 }
  return {
    number: 1,
    id: 'architecture-review',
    title: 'Architecture review – “Lumen” 🏗️',
    formerTitles: [],
    section: 'worth-keeping',
    answer: 'conflicts-emerge-later',
    sentence: 'Three teams meet live only here.',
    sureness: 'some',
    loadBearing: true,
    advice: null,
    kind: 'conflict',
    scores: { status: 0.1, decision: 0.2, alignment: 0.1, conflict: 0.6 },
    confidence: 1 / 3,
    form: 'cross-team',
    forum: null,
    items: [],
    basis: [],
    when: {
      cadence: 'weekly',
      usual: 'Thu 14:00',
      minutes: 90,
      held: 11,
      removed: 1,
      firstOn: '2026-01-08',
      lastOn: '2026-03-12',
    },
    people: {
      headcount: { low: 8, expected: 8, high: 8 },
      teams: ['api', 'data', 'web'],
      external: 0,
      rooms: 1,
      known: true,
      atLeast: false,
      myRole: 'required',
      soleChannels: [['api', 'data']],
    },
    cost: {
      currency: 'EUR',
      hoursPerOccurrence: cost,
      hoursPerWeek: cost,
      hoursInWindow: cost,
      moneyPerOccurrence: cost,
      moneyPerYear: cost,
      moneyInWindow: cost,
      myMinutesPerWeek: null,
      focusMinutesPerWeek: 0,
      myFocusMinutesPerWeek: null,
      lowerBound: false,
    },
    occurrences: [
      {
        start: '2026-03-12T13:00:00Z',
        end: '2026-03-12T14:30:00Z',
        title: 'Architecture review – “Lumen” 🏗️',
        rule: 'people-met',
      },
    ],
    ...changes,
  }
}

function buildReport(address: string, generatedAt: string, series: readonly SeriesReport[]): AuditReport {
  const none = { low: 0, expected: 0, high: 0 }
  return {
    schema: 'minutewise/audit/1',
    generatedAt,
    window: {
      fromOn: '2025-12-22',
      toOn: '2026-03-16',
      weeks: 12,
      zone: 'Europe/Madrid',
      zoneSource: 'given',
      chosen: 'recent',
    },
    subject: { me: { address, name: 'Ana' }, how: 'given', sentence: 'Given with --me.', sample: false },
    sources: [],
    counts: {
      events: 1,
      occurrences: 3,
      meetings: 2,
      audited: 2,
      series: 1,
      oneOffs: 0,
      rules: [],
      rows: 'minutewise read ana.ics',
    },
    week: null,
    series,
    oneOffs: { count: 0, hoursInWindow: none, largest: [] },
    totals: {
      hoursInWindow: none,
      hoursPerWeek: none,
      moneyInWindow: none,
      moneyPerYear: none,
      bySection: [],
      byKind: [],
    },
    gain: null,
    unknowns: [],
    assumptions: {
      currency: 'EUR',
      rates: [],
      rateSource: 'test',
      attendance: { accepted: 0.95, tentative: 0.5, none: 0.7, declined: 0.05 },
      focusBlockMinutes: 120,
      workingHours: 'Mon-Fri 09:00-17:00',
      weeksPerYear: 46,
    },
    changes: null,
  }
}

const toText = (instant: number) => new Date(instant).toISOString().replace('.000', '')
