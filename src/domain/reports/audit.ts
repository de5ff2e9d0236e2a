import type { Classification } from '../classifier/types.ts'
import { defaultFocusBlockMinutes } from '../focus/day.ts'
import { focusCosts, type PersonCalendar } from '../focus/focus-cost.ts'
import { touchingMeetings } from '../focus/runs.ts'
import { defaultWorkingHours, weekSummary } from '../focus/week.ts'
import type { Occurrence } from '../meetings/calendar-event.ts'
import { busyRules } from '../meetings/counting.ts'
import { type CalendarOccurrences, type JudgedCalendars, meetingsOf } from '../meetings/judge-calendar.ts'
import type {
  CountingRule,
  Directory,
  JudgedOccurrence,
  Meeting,
  PersonId,
  Range,
  Series,
  SeriesId,
  WorkingHours,
} from '../meetings/types.ts'
import { dateOf, isoInstant } from '../time/calendar-date.ts'
import { hourMs, type Instant, type Interval, minuteMs, weekMs, type Zone } from '../time/types.ts'
import { zoneFor } from '../time/zone-table.ts'
import { defaultAttendance } from '../worth/attendance.ts'
import { channelMap } from '../worth/channels.ts'
import { defaultWeeksPerYear, seriesCost } from '../worth/cost.ts'
import { overlappingSeries } from '../worth/series-overlap.ts'
import { isOneWay, skipTest } from '../worth/skip-test.ts'
import type { AuditSection, ChannelMap, RateTable, SeriesCost, SeriesOverlap, SkipVerdict } from '../worth/types.ts'
import { auditSections } from '../worth/types.ts'
import type {
  AuditAssumptions,
  AuditBasis,
  AuditChanges,
  AuditCost,
  AuditCounts,
  AuditFreshness,
  AuditGain,
  AuditReport,
  AuditSource,
  AuditSubject,
  AuditTotals,
  AuditUnknown,
  AuditWindow,
  OneOffSummary,
  SeriesReport,
  WeekSummary,
} from './audit-report.ts'
import { classifySeries } from './classify-series.ts'
import { tooOldForSureMs } from './freshness.ts'
import { ruleTally } from './rule-tally.ts'

/** One calendar of an audit: where it came from and what it held inside the window. */
export interface AuditedCalendar extends CalendarOccurrences {
  readonly source: AuditSource
}

export interface AuditInput {
  readonly generatedAt: Instant
  readonly window: Interval
  readonly about: AuditWindow
  readonly zone: Zone
  readonly calendars: readonly AuditedCalendar[]
  readonly directory: Directory
  readonly me: PersonId | null
  readonly subject: AuditSubject
  readonly rates: RateTable
  /** The command that reads the same calendars as the same person. */
  readonly rowsCommand: string
  /** Of synced calendars; absent for files. */
  readonly freshness?: AuditFreshness
  /** The audit kept before, for "what changed". */
  readonly previous: AuditReport | null
}

export interface Audit {
  readonly report: AuditReport
  /** Every occurrence with its rule: the rows behind every number. */
  readonly judged: readonly JudgedOccurrence[]
}

/**
 * The whole audit as a pure function of what the calendars held: occurrences are judged, copies become one meeting,
 * meetings become series, each recurring series is classified, priced, tested; the person's week is drawn.
 */
export function buildAudit(input: AuditInput): Audit {
  const { directory, me, window, zone } = input
  const judgedCalendars = meetingsOf(input.calendars, { directory, me, window, zone })
  const all = judgedCalendars.series
  // One person's audit speaks of the meetings that person is asked to; the other calendars are evidence beside it.
  const audited = input.me === null ? all : all.filter(isMine)
  // counted on the wall: the hour a clock change adds or takes is no part of a week
  const weeks = (zone.toWall(window.endAt) - zone.toWall(window.startAt)) / weekMs

  // Beyond the audited series only the links between teams ask for a kind, and there are none without teams.
  const classified = (directory.hasTeams ? all : audited).filter(series => series.recurring)
  const classifications = new Map(classified.map(one => [one.id, classifySeries(one)]))
  const oneWay = new Set([...classifications].filter(([, verdict]) => isOneWay(verdict)).map(([id]) => id))
  const channels = directory.hasTeams ? channelMap(all, { attendance: defaultAttendance, weeks, oneWay }) : null
  const mine = personCalendar(input, judgedCalendars, audited)
  const focus = mine === null ? null : focusCosts([mine], { window: input.window, weeks, me: input.me })
  const costOf = (series: Series): SeriesCost =>
    seriesCost(series, {
      rates: input.rates,
      attendance: defaultAttendance,
      weeks,
      me: input.me,
      ...(focus === null ? {} : { focus }),
    })

  const overlaps = overlappingSeries(audited, oneWay)
  const touching = mine === null ? null : touchingMeetings(mine.meetings)
  const tested = audited
    .filter(series => series.recurring)
    .map(series => testSeries(series, { classifications, channels, costOf, overlaps, touching, me }))
  const ordered = inOrder(tested)
  const week = mine === null ? null : weekOf(input, mine)
  const series = ordered.map((one, index) => seriesReport(one, index + 1, input, channels))
  const oneOffs = audited.filter(one => !one.recurring).map(one => ({ series: one, cost: costOf(one) }))
  const counts = countsOf(input, judgedCalendars, audited)
  const report: AuditReport = {
    schema: 'minutewise/audit/1',
    generatedAt: isoInstant(input.generatedAt),
    window: input.about,
    subject: input.subject,
    sources: input.calendars.map(calendar => calendar.source),
    ...(input.freshness === undefined ? {} : { freshness: input.freshness }),
    counts,
    week,
    series,
    oneOffs: oneOffSummary(oneOffs),
    totals: totalsOf(ordered, oneOffs, weeks),
    gain: gainOf(input, ordered, mine, week),
    unknowns: unknownsOf(input, judgedCalendars, ordered, week),
    assumptions: assumptionsOf(input, mine),
    changes: null,
  }
  return {
    report: { ...report, changes: input.previous === null ? null : changesSince(input.previous, report) },
    judged: judgedCalendars.judged,
  }
}

interface PricedSeries {
  readonly series: Series
  readonly cost: SeriesCost
}

interface TestedSeries extends PricedSeries {
  readonly classification: Classification
  readonly verdict: SkipVerdict
}

interface TestContext {
  readonly classifications: ReadonlyMap<SeriesId, Classification>
  readonly channels: ChannelMap | null
  readonly costOf: (series: Series) => SeriesCost
  readonly overlaps: ReadonlyMap<SeriesId, SeriesOverlap>
  readonly touching: ReturnType<typeof touchingMeetings> | null
  readonly me: PersonId | null
}

function testSeries(series: Series, context: TestContext): TestedSeries {
  const classification = context.classifications.get(series.id)!
  const cost = context.costOf(series)
  const verdict = skipTest(series, classification, cost, context.channels?.bySeries.get(series.id) ?? null, {
    me: context.me,
    teamsKnown: context.channels !== null,
    overlap: context.overlaps.get(series.id) ?? null,
    backToBack: context.touching?.get(series.id) ?? null,
  })
  return { series, classification, cost, verdict }
}

/** Sections in their order; within one, what costs the reader most first. */
function inOrder(tested: readonly TestedSeries[]): readonly TestedSeries[] {
  const sureness = { high: 0, some: 1, low: 2 }
  return [...tested].sort(
    (a, b) =>
      auditSections.indexOf(a.verdict.section) - auditSections.indexOf(b.verdict.section) ||
      sureness[a.verdict.sureness] - sureness[b.verdict.sureness] ||
      b.cost.hoursInWindow.expected - a.cost.hoursInWindow.expected ||
      (a.series.id < b.series.id ? -1 : 1),
  )
}

function isMine(series: Series): boolean {
  return !series.roster.known || series.meetings.some(meeting => isMyMeeting(meeting))
}

function isMyMeeting(meeting: Meeting): boolean {
  return !meeting.roster.known || meeting.roster.people.some(invitee => invitee.isMe && invitee.response !== 'declined')
}

/** The calendar a week can be drawn from: mine, or the only one when nobody said whose it is. */
function personCalendar(input: AuditInput, judged: JudgedCalendars, audited: readonly Series[]): PersonCalendar | null {
  // several calendars nobody claimed, or one that lists no people (a town hall's, a club's): no person's week
  if (input.me === null && (input.calendars.length > 1 || !judged.meetings.some(one => one.roster.known))) return null
  const person = input.me === null ? undefined : input.directory.people.get(input.me)
  const zone = (person?.zone == null ? null : zoneFor(person.zone)) ?? input.zone
  const away = awayOf(input, judged, zone)
  const meetings = audited.flatMap(series =>
    series.meetings
      .filter(meeting => (input.me === null || isMyMeeting(meeting)) && !isDuring(away.outOfOffice, meeting))
      .map(({ startAt, endAt }) => ({ startAt, endAt, seriesId: series.id })),
  )
  if (meetings.length === 0) return null
  return {
    id: input.me ?? input.calendars[0]?.calendar ?? '',
    hours: person?.workingHours ?? defaultWorkingHours,
    zone,
    meetings,
    away: [...away.outOfOffice, ...away.taken],
  }
}

interface Away {
  /** Nobody is expected in meetings then, whatever was not declined. */
  readonly outOfOffice: readonly Interval[]
  /** Neither meeting nor free: private, travel, held by another tool. */
  readonly taken: readonly Interval[]
}

function awayOf(input: AuditInput, judged: JudgedCalendars, zone: Zone): Away {
  const own = new Set(input.calendars.filter(each => each.owner === input.me).map(each => each.calendar))
  const isOwn = ({ event }: Occurrence) => input.calendars.length === 1 || own.has(event.calendar)
  const rows = judged.judged.filter(
    ({ rule, occurrence }) => busyRules.has(rule) && occurrence.event.showAs !== 'free' && isOwn(occurrence),
  )
  const times = (wanted: (rule: CountingRule) => boolean) =>
    rows.filter(({ rule }) => wanted(rule)).map(({ occurrence }) => wholeTime(occurrence, zone))
  return { outOfOffice: times(rule => rule === 'out-of-office'), taken: times(rule => rule !== 'out-of-office') }
}

function isDuring(away: readonly Interval[], meeting: Interval): boolean {
  return away.some(time => time.startAt <= meeting.startAt && meeting.endAt <= time.endAt)
}

/** The instants an occurrence covers in a zone: dates become the days of that wall. */
function wholeTime(occurrence: Occurrence, zone: Zone): Interval {
  if (!occurrence.event.time.allDay) return { startAt: occurrence.startAt, endAt: occurrence.endAt }
  return { startAt: zone.toInstant(occurrence.startAt), endAt: zone.toInstant(occurrence.endAt) }
}

function weekOf(
  input: AuditInput,
  mine: PersonCalendar,
  without: ReadonlySet<SeriesId> = new Set(),
): WeekSummary | null {
  return weekSummary({
    meetings: without.size === 0 ? mine.meetings : mine.meetings.filter(meeting => !without.has(meeting.seriesId)),
    hours: mine.hours,
    zone: mine.zone,
    window: input.window,
    ...(mine.away === undefined ? {} : { away: mine.away }),
  })
}

function seriesReport(
  tested: TestedSeries,
  number: number,
  input: AuditInput,
  channels: ChannelMap | null,
): SeriesReport {
  const { series, classification, cost, verdict } = tested
  const held = series.meetings
  const first = held[0]!
  const last = held.at(-1)!
  const title = series.title
  return {
    number,
    id: series.id,
    title,
    formerTitles: [...new Set(series.titles.map(each => each.title))].filter(each => each !== title),
    section: verdict.section,
    answer: verdict.answer,
    sentence: verdict.sentence,
    sureness: verdict.sureness === 'high' && isTooOldForSure(input) ? 'some' : verdict.sureness,
    loadBearing: verdict.loadBearing,
    advice: verdict.advice,
    kind: classification.kind,
    scores: classification.scores,
    confidence: classification.confidence,
    form: classification.form,
    forum: classification.forum,
    items: classification.items.map(({ text, minutes, owner, kind }) => ({ text, minutes, owner, kind })),
    basis: [...verdict.basis.map(verdictBasis), ...classification.basis.map(kindBasis)],
    when: {
      cadence: series.cadence.text,
      usual: series.cadence.usual,
      minutes: typicalMinutes(held),
      held: held.length,
      removed: series.removed.length,
      firstOn: dateOf(input.zone.toWall(first.startAt)),
      lastOn: dateOf(input.zone.toWall(last.startAt)),
    },
    people: {
      headcount: series.roster.headcount,
      teams: series.roster.teams,
      external: series.roster.externalCount,
      rooms: series.roster.rooms,
      known: series.roster.known,
      atLeast: series.roster.truncated,
      myRole: myRoleIn(series),
      soleChannels: channels === null ? null : (channels.bySeries.get(series.id)?.sole ?? []),
    },
    cost: auditCost(cost, input.rates.currency),
    occurrences: held.map(meeting => ({
      start: isoInstant(meeting.startAt),
      end: isoInstant(meeting.endAt),
      title: meeting.title,
      rule: meeting.rule,
    })),
  }
}

function verdictBasis(reason: SkipVerdict['basis'][number]): AuditBasis {
  return {
    about: 'verdict',
    rule: reason.rule,
    side: reason.side,
    sentence: reason.sentence,
    quote: null,
    figures: reason.figures,
  }
}

function kindBasis(evidence: Classification['basis'][number]): AuditBasis {
  return {
    about: 'kind',
    rule: evidence.rule,
    side: null,
    sentence: evidence.sentence,
    quote: evidence.quote,
    figures: {
      weight: round(evidence.weight, 2),
      ...(evidence.kind === null ? {} : { kind: evidence.kind }),
      ...(evidence.item === null ? {} : { item: evidence.item }),
    },
  }
}

/** The length most occurrences have. */
function typicalMinutes(meetings: readonly Meeting[]): number {
  const counts = new Map<number, number>()
  for (const { minutes } of meetings) counts.set(minutes, (counts.get(minutes) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0]?.[0] ?? 0
}

function myRoleIn(series: Series): SeriesReport['people']['myRole'] {
  const me = series.roster.people.find(invitee => invitee.isMe)
  if (me === undefined) return null
  return me.isOrganizer ? 'organizer' : me.required ? 'required' : 'optional'
}

function auditCost(cost: SeriesCost, currency: string): AuditCost {
  const { seriesId: _, ...figures } = cost
  return { currency, ...figures }
}

function countsOf(input: AuditInput, judged: JudgedCalendars, audited: readonly Series[]): AuditCounts {
  const rules = ruleTally(judged.judged)
  return {
    events: input.calendars.reduce((sum, calendar) => sum + calendar.source.events, 0),
    occurrences: judged.judged.length,
    meetings: rules.reduce((sum, one) => sum + (one.counted ? one.occurrences : 0), 0),
    audited: audited.reduce((sum, one) => sum + one.meetings.length, 0),
    series: audited.filter(one => one.recurring).length,
    oneOffs: audited.filter(one => !one.recurring).length,
    rules: rules.map(({ rule, counted, occurrences, ms, sentence }) => {
      return { rule, counted, occurrences, hours: round(ms / hourMs, 2), sentence }
    }),
    rows: `${input.rowsCommand} --zone ${input.about.zone} --from ${input.about.fromOn} --to ${input.about.toOn}`,
  }
}

const largestOneOffs = 5

function oneOffSummary(oneOffs: readonly PricedSeries[]): OneOffSummary {
  const hoursOf = ({ cost }: PricedSeries) => cost.hoursInWindow
  const priced = [...oneOffs].sort(
    (a, b) => hoursOf(b).expected - hoursOf(a).expected || (a.series.id < b.series.id ? -1 : 1),
  )
  return {
    count: oneOffs.length,
    hoursInWindow: sumRanges(priced.map(hoursOf)),
    largest: priced.slice(0, largestOneOffs).map(({ series, cost }) => ({
      title: series.title,
      start: isoInstant(series.meetings[0]!.startAt),
      hours: round(cost.hoursInWindow.expected, 2),
      kind: classifySeries(series).kind,
    })),
  }
}

function totalsOf(tested: readonly TestedSeries[], oneOffs: readonly PricedSeries[], weeks: number): AuditTotals {
  const costs = [...tested, ...oneOffs].map(one => one.cost)
  const hoursInWindow = sumRanges(costs.map(cost => cost.hoursInWindow))
  const kinds = [...new Set(tested.map(one => one.classification.kind))].sort()
  return {
    hoursInWindow,
    hoursPerWeek: scaleRange(hoursInWindow, 1 / weeks),
    moneyInWindow: sumRanges(costs.map(cost => cost.moneyInWindow)),
    moneyPerYear: sumRanges(tested.map(one => one.cost.moneyPerYear)),
    bySection: auditSections.map(section => {
      const own = tested.filter(one => one.verdict.section === section)
      return {
        section,
        series: own.length,
        hoursPerWeek: sumRanges(own.map(one => one.cost.hoursPerWeek)).expected,
        moneyPerYear: sumRanges(own.map(one => one.cost.moneyPerYear)).expected,
      }
    }),
    byKind: kinds.map(kind => {
      const own = tested.filter(one => one.classification.kind === kind)
      return { kind, series: own.length, hoursPerWeek: sumRanges(own.map(one => one.cost.hoursPerWeek)).expected }
    }),
  }
}

function gainOf(
  input: AuditInput,
  tested: readonly TestedSeries[],
  mine: PersonCalendar | null,
  before: WeekSummary | null,
): AuditGain | null {
  const tried = tested.filter(one => one.verdict.section === 'try-without')
  if (tried.length === 0) return null
  const after = mine === null ? null : weekOf(input, mine, new Set(tried.map(one => one.series.id)))
  const personHours = tried.reduce((sum, one) => sum + one.cost.hoursPerWeek.expected, 0)
  const myMinutes = input.me === null ? null : tried.reduce((sum, one) => sum + (one.cost.myMinutesPerWeek ?? 0), 0)
  const blocksBefore = before?.focusBlocks ?? null
  const blocksAfter = after?.focusBlocks ?? null
  const mineText = myMinutes === null ? '' : `${lengthText(myMinutes)} of your week and `
  return {
    myMinutesPerWeek: myMinutes,
    personHoursPerWeek: personHours,
    focusBlocksBefore: blocksBefore,
    focusBlocksAfter: blocksAfter,
    sentence: `Trying without ${tried.length === 1 ? 'it' : `these ${tried.length}`} would give back ${mineText}${lengthText(personHours * 60)} of everyone’s.`,
  }
}

function unknownsOf(
  input: AuditInput,
  judged: JudgedCalendars,
  tested: readonly TestedSeries[],
  week: WeekSummary | null,
): readonly AuditUnknown[] {
  const unknowns: AuditUnknown[] = [
    {
      rule: 'prevention',
      sentence: 'A calendar cannot see what a meeting prevents: what is worth keeping here is likely, not proven.',
      remedy: 'Write down the next near miss and the meeting in which it came up.',
    },
  ]
  const add = (rule: string, sentence: string, remedy: string | null) => unknowns.push({ rule, sentence, remedy })
  if (judged.judged.length === 0) {
    add(
      'no-occurrences',
      'No event lies inside the window, so there is nothing to judge.',
      'Give a window with --from and --to.',
    )
  }
  if (input.freshness?.isOld) {
    add(
      'old-data',
      `${input.freshness.sentence}${isTooOldForSure(input) ? ' No verdict is called sure.' : ''}`,
      'Run `minutewise sync`, then audit again.',
    )
  }
  if (input.me === null) {
    add(
      'whose-calendar',
      'Nobody said whose audit this is, so it shows no person’s share.',
      'Name the person with --me ADDRESS.',
    )
  }
  if (!input.directory.hasTeams) {
    add(
      'teams',
      'Without teams nobody can tell which meetings link them, and all hours are priced at one rate.',
      'Give --people people.csv with email, team and role band.',
    )
  }
  const unlisted = tested.filter(one => !one.series.roster.known).length
  if (unlisted > 0) {
    add(
      'invitees',
      `${plural(unlisted, 'series does', 'series do')} not say who is invited: their hours count one person, and some may be work done alone.`,
      null,
    )
  }
  const guessedZones = input.calendars
    .flatMap(calendar => calendar.source.zones)
    .filter(zone => guessedSources.has(zone.source))
  if (guessedZones.length > 0) {
    const names = guessedZones.slice(0, 3).map(zone => `${zone.tzid} as ${zone.zone}`)
    add(
      'zone-guessed',
      `The calendar's own zone names were guessed: ${names.join(', ')}.`,
      'Check the hours of one meeting you know.',
    )
  }
  if (input.about.zoneSource === 'none') {
    add('zone', 'The calendar names no time zone, so days and hours are in UTC.', 'Give --zone, such as Europe/Madrid.')
  }
  if (input.about.chosen === 'latest-activity') {
    add(
      'old-export',
      'The calendar ends before the last weeks: this is an audit of its own last weeks.',
      'Export it again.',
    )
  }
  if (input.me !== null && input.calendars.length > 1 && !input.calendars.some(each => each.owner === input.me)) {
    add(
      'own-calendar',
      'None of these calendars could be told to be that person’s own: their absences and private entries are not taken out of the week.',
      'Audit that calendar alone, or name it after its owner’s address.',
    )
  }
  const privateCount = judged.judged.filter(one => one.rule === 'private').length
  if (privateCount > 0) {
    add(
      'private',
      `${plural(privateCount, 'private entry was', 'private entries were')} not read: the time is taken, nothing else is known.`,
      null,
    )
  }
  const bare = tested.filter(one => one.classification.items.length === 0).length
  if (bare > 0) {
    add(
      'no-agenda',
      `${plural(bare, 'series has', 'series have')} no agenda in the invitation: the kind rests on the title and the people.`,
      'An agenda in the invitation makes the next audit surer.',
    )
  }
  if (week === null && judged.judged.length > 0 && input.me !== null) {
    add(
      'no-week',
      'No counted meeting has this person on it, so no week can be drawn.',
      'Check the address given with --me.',
    )
  }
  return unknowns
}

const isTooOldForSure = ({ freshness }: AuditInput) =>
  freshness !== undefined && freshness.ageMinutes * minuteMs >= tooOldForSureMs

const guessedSources = new Set(['vtimezone-matched', 'fixed-offset', 'calendar-default'])

function assumptionsOf(input: AuditInput, mine: PersonCalendar | null): AuditAssumptions {
  const bands = [...input.rates.perHour].map(([band, perHour]) => ({ band, perHour: round(perHour, 2) }))
  return {
    currency: input.rates.currency,
    rates: [...bands, { band: 'unknown', perHour: round(input.rates.defaultPerHour, 2) }],
    rateSource: input.rates.source,
    attendance: defaultAttendance,
    focusBlockMinutes: defaultFocusBlockMinutes,
    workingHours: hoursText(mine?.hours ?? defaultWorkingHours),
    weeksPerYear: defaultWeeksPerYear,
  }
}

const weekdayNames = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

function hoursText(hours: WorkingHours): string {
  const clock = (minute: number) =>
    `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
  const days = isRun(hours.weekdays)
    ? `${weekdayNames[hours.weekdays[0]!]}–${weekdayNames[hours.weekdays.at(-1)!]}`
    : hours.weekdays.map(day => weekdayNames[day]).join(' ')
  return `${days} ${clock(hours.startMinute)}–${clock(hours.endMinute)}`
}

function isRun(weekdays: readonly number[]): boolean {
  return weekdays.length > 1 && weekdays.every((day, i) => i === 0 || day === weekdays[i - 1]! + 1)
}

/** What is different from the audit kept before: series by identity, sections, the person's hours. */
export function changesSince(before: AuditReport, now: AuditReport): AuditChanges {
  const old = new Map(before.series.map(series => [series.id, series]))
  const current = new Map(now.series.map(series => [series.id, series]))
  return {
    previousOn: before.generatedAt.slice(0, 10),
    meetingHoursPerWeek:
      before.week === null || now.week === null
        ? null
        : { before: before.week.meetingHours, after: now.week.meetingHours },
    appeared: now.series.filter(series => !old.has(series.id)).map(series => series.title),
    disappeared: before.series.filter(series => !current.has(series.id)).map(series => series.title),
    moved: now.series.flatMap(series => {
      const from: AuditSection | undefined = old.get(series.id)?.section
      return from === undefined || from === series.section ? [] : [{ title: series.title, from, to: series.section }]
    }),
  }
}

function sumRanges(ranges: readonly Range[]): Range {
  const sum = { low: 0, expected: 0, high: 0 }
  for (const range of ranges) {
    sum.low += range.low
    sum.expected += range.expected
    sum.high += range.high
  }
  return sum
}

function scaleRange(range: Range, by: number): Range {
  return { low: range.low * by, expected: range.expected * by, high: range.high * by }
}

function round(value: number, digits: number): number {
  const by = 10 ** digits
  return Math.round(value * by) / by
}

/** `2 h 43 m`, as everywhere in a report. */
function lengthText(minutes: number): string {
  const whole = Math.round(minutes)
  return whole < 60 ? `${whole} m` : `${Math.floor(whole / 60)} h ${whole % 60} m`
}

function plural(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`
}
