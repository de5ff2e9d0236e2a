import { forums, meetingForms, meetingKinds } from '../domain/classifier/types.ts'
import { countedRules, droppedRules, type Range } from '../domain/meetings/types.ts'
import type { AuditReport, SeriesReport } from '../domain/reports/audit-report.ts'
import { auditSections, skipAnswers } from '../domain/worth/types.ts'
import { jsonText } from './json-text.ts'
import {
  aBoolean,
  aNumber,
  aNumberOrString,
  aString,
  listOf,
  objectOf,
  oneOf,
  orAbsent,
  orNull,
  pairOf,
  recordOf,
  type Shape,
} from './shape.ts'

/**
 * The report as JSON with keys in alphabetical order after `schema`, two spaces deep, ending in a newline: the same
 * report gives the same bytes, so two audits can be compared line by line.
 */
export function auditJson(report: { readonly schema: string }): string {
  return `${jsonText(sorted(report), 2)}\n`
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const rank = (key: string) => (key === 'schema' ? '' : key)
  const entries = Object.entries(value).toSorted(([a], [b]) => (rank(a) < rank(b) ? -1 : 1))
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]))
}

/** An audit kept as JSON, opened again; or one sentence with the first problems, naming fields and never values. */
export function parseAuditReport(value: unknown): AuditReport | { readonly problem: string } {
  const problems: string[] = []
  if (auditReport(value, '', problems)) return value
  const schema = schemaOf(value)
  if (schema !== 'minutewise/audit/1') {
    const found = schema === null ? 'it has no “schema”' : `its “schema” is “${schema.slice(0, 40)}”`
    return {
      problem: `This is not an audit: ${found}, and “minutewise/audit/1” is needed. Make one with audit --json.`,
    }
  }
  const more = problems.length > 3 ? ` and ${problems.length - 3} more` : ''
  return {
    problem: `This audit cannot be opened: ${problems.slice(0, 3).join('; ')}${more}. Make it again with audit --json.`,
  }
}

function schemaOf(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !('schema' in value)) return null
  return typeof value.schema === 'string' ? value.schema : null
}

const range = objectOf<Range>({ low: aNumber, expected: aNumber, high: aNumber })
const kind = oneOf(...meetingKinds, 'unclear')
const rule = oneOf(...countedRules, ...droppedRules)
const section = oneOf(...auditSections)
const side = oneOf('keep', 'skip', 'improve', 'unknown')

const series: Shape<SeriesReport> = objectOf<SeriesReport>({
  number: aNumber,
  id: aString,
  title: aString,
  formerTitles: listOf(aString),
  section,
  answer: oneOf(...skipAnswers),
  sentence: aString,
  sureness: oneOf('high', 'some', 'low'),
  loadBearing: aBoolean,
  advice: orNull(aString),
  kind,
  scores: objectOf<SeriesReport['scores']>({
    status: aNumber,
    decision: aNumber,
    alignment: aNumber,
    conflict: aNumber,
  }),
  confidence: aNumber,
  form: oneOf(...meetingForms),
  forum: orNull(oneOf(...forums)),
  items: listOf(
    objectOf<SeriesReport['items'][number]>({ text: aString, minutes: orNull(aNumber), owner: orNull(aString), kind }),
  ),
  basis: listOf(
    objectOf<SeriesReport['basis'][number]>({
      about: oneOf('kind', 'verdict'),
      rule: aString,
      side: orNull(side),
      sentence: aString,
      quote: orNull(aString),
      figures: recordOf(aNumberOrString),
    }),
  ),
  when: objectOf<SeriesReport['when']>({
    cadence: aString,
    usual: orNull(aString),
    minutes: aNumber,
    held: aNumber,
    removed: aNumber,
    firstOn: aString,
    lastOn: aString,
  }),
  people: objectOf<SeriesReport['people']>({
    headcount: range,
    teams: listOf(aString),
    external: aNumber,
    rooms: aNumber,
    known: aBoolean,
    atLeast: aBoolean,
    myRole: orNull(oneOf('organizer', 'required', 'optional')),
    soleChannels: orNull(listOf(pairOf(aString))),
  }),
  cost: objectOf<SeriesReport['cost']>({
    currency: aString,
    hoursPerOccurrence: range,
    hoursPerWeek: range,
    hoursInWindow: range,
    moneyPerOccurrence: range,
    moneyPerYear: range,
    moneyInWindow: range,
    myMinutesPerWeek: orNull(aNumber),
    focusMinutesPerWeek: orNull(aNumber),
    myFocusMinutesPerWeek: orNull(aNumber),
    lowerBound: aBoolean,
  }),
  occurrences: listOf(
    objectOf<SeriesReport['occurrences'][number]>({ start: aString, end: aString, title: aString, rule }),
  ),
})

type Week = NonNullable<AuditReport['week']>
type Changes = NonNullable<AuditReport['changes']>

const auditReport = objectOf<AuditReport>({
  schema: oneOf('minutewise/audit/1'),
  generatedAt: aString,
  window: objectOf<AuditReport['window']>({
    fromOn: aString,
    toOn: aString,
    weeks: aNumber,
    zone: aString,
    zoneSource: oneOf('given', 'person', 'calendar', 'none'),
    chosen: oneOf('given', 'recent', 'latest-activity'),
  }),
  subject: objectOf<AuditReport['subject']>({
    me: orNull(objectOf<NonNullable<AuditReport['subject']['me']>>({ address: aString, name: orNull(aString) })),
    how: oneOf('given', 'guessed', 'unknown'),
    sentence: aString,
    sample: aBoolean,
  }),
  freshness: orAbsent(
    objectOf<NonNullable<AuditReport['freshness']>>({
      asOf: aString,
      ageMinutes: aNumber,
      isOld: aBoolean,
      sentence: aString,
      notices: listOf(aString),
    }),
  ),
  sources: listOf(
    objectOf<AuditReport['sources'][number]>({
      calendar: aString,
      name: orNull(aString),
      events: aNumber,
      outsideWindow: aNumber,
      zones: listOf(
        objectOf<AuditReport['sources'][number]['zones'][number]>({
          tzid: aString,
          zone: aString,
          source: aString,
          events: aNumber,
        }),
      ),
      leftOut: listOf(
        objectOf<AuditReport['sources'][number]['leftOut'][number]>({
          code: aString,
          count: aNumber,
          sentence: aString,
        }),
      ),
    }),
  ),
  counts: objectOf<AuditReport['counts']>({
    events: aNumber,
    occurrences: aNumber,
    meetings: aNumber,
    audited: aNumber,
    series: aNumber,
    oneOffs: aNumber,
    rules: listOf(
      objectOf<AuditReport['counts']['rules'][number]>({
        rule,
        counted: aBoolean,
        occurrences: aNumber,
        hours: aNumber,
        sentence: aString,
      }),
    ),
    rows: aString,
  }),
  week: orNull(
    objectOf<Week>({
      weeks: aNumber,
      workingHours: aNumber,
      meetingHours: aNumber,
      meetingShare: aNumber,
      focusHours: aNumber,
      focusBlocks: aNumber,
      fragmentHours: aNumber,
      fragmentationIndex: aNumber,
      longestRunMinutes: aNumber,
      backToBackRunsPerWeek: aNumber,
      outsideHours: aNumber,
      byWeekday: listOf(
        objectOf<Week['byWeekday'][number]>({ weekday: aString, meetingHours: aNumber, focusHours: aNumber }),
      ),
      perWeek: listOf(
        objectOf<Week['perWeek'][number]>({
          weekOn: aString,
          meetingHours: aNumber,
          focusHours: aNumber,
          fragmentHours: aNumber,
        }),
      ),
    }),
  ),
  series: listOf(series),
  oneOffs: objectOf<AuditReport['oneOffs']>({
    count: aNumber,
    hoursInWindow: range,
    largest: listOf(
      objectOf<AuditReport['oneOffs']['largest'][number]>({ title: aString, start: aString, hours: aNumber, kind }),
    ),
  }),
  totals: objectOf<AuditReport['totals']>({
    hoursInWindow: range,
    hoursPerWeek: range,
    moneyInWindow: range,
    moneyPerYear: range,
    bySection: listOf(
      objectOf<AuditReport['totals']['bySection'][number]>({
        section,
        series: aNumber,
        hoursPerWeek: aNumber,
        moneyPerYear: aNumber,
      }),
    ),
    byKind: listOf(objectOf<AuditReport['totals']['byKind'][number]>({ kind, series: aNumber, hoursPerWeek: aNumber })),
  }),
  gain: orNull(
    objectOf<NonNullable<AuditReport['gain']>>({
      myMinutesPerWeek: orNull(aNumber),
      personHoursPerWeek: aNumber,
      focusBlocksBefore: orNull(aNumber),
      focusBlocksAfter: orNull(aNumber),
      sentence: aString,
    }),
  ),
  unknowns: listOf(
    objectOf<AuditReport['unknowns'][number]>({ rule: aString, sentence: aString, remedy: orNull(aString) }),
  ),
  assumptions: objectOf<AuditReport['assumptions']>({
    currency: aString,
    rates: listOf(objectOf<AuditReport['assumptions']['rates'][number]>({ band: aString, perHour: aNumber })),
    rateSource: aString,
    attendance: objectOf<AuditReport['assumptions']['attendance']>({
      accepted: aNumber,
      tentative: aNumber,
      none: aNumber,
      declined: aNumber,
    }),
    focusBlockMinutes: aNumber,
    workingHours: aString,
    weeksPerYear: aNumber,
  }),
  changes: orNull(
    objectOf<Changes>({
      previousOn: aString,
      meetingHoursPerWeek: orNull(
        objectOf<NonNullable<Changes['meetingHoursPerWeek']>>({ before: aNumber, after: aNumber }),
      ),
      appeared: listOf(aString),
      disappeared: listOf(aString),
      moved: listOf(objectOf<Changes['moved'][number]>({ title: aString, from: section, to: section })),
    }),
  ),
})
