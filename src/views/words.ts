import type { Forum, KindVerdict, MeetingForm } from '../domain/classifier/types.ts'
import type { CountingRule, Range } from '../domain/meetings/types.ts'
import type { AuditReport, AuditWindow, SeriesReport, WeekSummary } from '../domain/reports/audit-report.ts'
import { isoInstant } from '../domain/time/calendar-date.ts'
import { zoneNamed } from '../domain/time/zone-table.ts'
import type { AuditSection, SkipReason } from '../domain/worth/types.ts'
import { plainText } from './plain-text.ts'

/** The words that every rendering of a report shares: the same number reads the same on every surface. */

export const sectionWords: Readonly<Record<AuditSection, { readonly title: string; readonly lead: string }>> = {
  'try-without': {
    title: 'Try without',
    lead: 'Skip one or two, watch what happens, and bring it back if something is missed.',
  },
  improve: { title: 'Improve', lead: 'Worth having; a change in length, people or preparation would make it lighter.' },
  'worth-keeping': {
    title: 'Worth keeping',
    lead: 'There are signs that people need this one; a calendar cannot prove it.',
  },
  'not-enough-data': {
    title: 'Not enough data',
    lead: 'Too little to judge by. This is no verdict, for or against.',
  },
}

export const sideWords: Readonly<Record<SkipReason['side'], string>> = {
  skip: 'try without',
  keep: 'keep',
  improve: 'change',
  unknown: 'unknown',
}

export const surenessWords: Readonly<Record<SeriesReport['sureness'], string>> = {
  high: 'high',
  some: 'some',
  low: 'low',
}

export const kindWords: Readonly<Record<KindVerdict, string>> = {
  status: 'status',
  decision: 'decision',
  alignment: 'alignment',
  conflict: 'conflict-solving',
  unclear: 'unclear kind',
}

export const formWords: Readonly<Record<MeetingForm, string>> = {
  'one-on-one': 'one-on-one',
  team: 'team',
  'cross-team': 'cross-team',
  broadcast: 'broadcast',
  interview: 'interview',
  training: 'training',
  social: 'social',
  solo: 'solo',
  external: 'with people outside',
  unknown: 'form unknown',
}

export const forumWords: Readonly<Record<Forum, string>> = {
  'architecture-review': 'architecture review',
  'release-planning': 'release planning',
  'incident-review': 'incident review',
  'design-discussion': 'design discussion',
}

export const ruleWords: Readonly<Record<CountingRule, string>> = {
  'people-met': 'people met',
  'group-invited': 'a group was invited',
  'teaching-or-client': 'teaching or client slot',
  'invitees-not-listed': 'invitees not listed',
  cancelled: 'cancelled',
  'cancelled-by-title': 'cancelled by title',
  'declined-by-me': 'declined by me',
  private: 'private',
  'focus-time': 'focus time',
  'out-of-office': 'out of office',
  'working-location': 'working location',
  'hold-of-other-tool': 'holds',
  'all-day': 'all-day',
  'shown-as-free': 'shown as free',
  'no-length': 'without a length',
  'longer-than-12-hours': 'longer than 12 hours',
  alone: 'nobody else invited',
  'duplicate-copy': 'further copies',
}

/** `1 h 45 m`, `45 m`, `0 m`. From 100 hours on whole hours: minutes would claim too much. */
export function hoursText(hours: number): string {
  return hours >= 100 ? `${grouped(Math.round(hours))} h` : minutesText(hours * 60)
}

export function minutesText(minutes: number): string {
  const whole = Math.round(minutes)
  const hours = Math.trunc(whole / 60)
  const rest = Math.abs(whole % 60)
  if (hours === 0) return `${whole} m`
  return rest === 0 ? `${grouped(hours)} h` : `${grouped(hours)} h ${rest} m`
}

/** Expected hours with the range behind them, `8 h 15 m (7 h – 9 h 30 m)`; the range only where it says something. */
export function hoursRangeText(range: Range): string {
  const low = hoursText(range.low)
  const high = hoursText(range.high)
  const expected = hoursText(range.expected)
  return low === high ? expected : `${expected} (${low} – ${high})`
}

/** Whole units in the currency's own writing, `€1,200`; a code that Intl does not know stands before the number. */
export function moneyText(amount: number, currency: string): string {
  try {
    return moneyFormat(currency).format(amount)
  } catch {
    return `${currency} ${grouped(Math.round(amount))}`
  }
}

/** Formatters are made once: making one costs more than a hundred uses. */
const moneyFormats = new Map<string, Intl.NumberFormat>()
const wholeFormat = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const tenthsFormat = new Intl.NumberFormat('en', { maximumFractionDigits: 1 })

function moneyFormat(currency: string): Intl.NumberFormat {
  const known = moneyFormats.get(currency)
  if (known) return known
  const format = new Intl.NumberFormat('en', { style: 'currency', currency, maximumFractionDigits: 0 })
  moneyFormats.set(currency, format)
  return format
}

/** `€21,000–€34,000`, to two digits: the inputs are not known better. One number when both ends read the same. */
export function moneyRangeText(range: Range, currency: string): string {
  const low = moneyText(twoDigits(range.low), currency)
  const high = moneyText(twoDigits(range.high), currency)
  return low === high ? low : `${low}–${high}`
}

function twoDigits(amount: number): number {
  if (!Number.isFinite(amount) || amount === 0) return 0
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.abs(amount))) - 1)
  return Math.round(amount / step) * step
}

/** People's time a week, `≥ 8 h 15 m` for a lower bound; `not known` where nobody is listed and nothing was counted. */
export function peopleHoursText({ cost, people }: SeriesReport): string {
  if (!people.known && cost.hoursPerWeek.high === 0) return 'not known'
  return `${cost.lowerBound ? '≥ ' : ''}${hoursText(cost.hoursPerWeek.expected)}`
}

/** Money a year, low to high, with the same marks as `peopleHoursText`. */
export function yearMoneyText({ cost, people }: SeriesReport): string {
  if (!people.known && cost.hoursPerWeek.high === 0) return 'not known'
  return `${cost.lowerBound ? '≥ ' : ''}${moneyRangeText(cost.moneyPerYear, cost.currency)}`
}

export function grouped(value: number): string {
  return wholeFormat.format(value)
}

/** At most one decimal: `2`, `2.3`. */
export function numberText(value: number): string {
  return tenthsFormat.format(value)
}

export function percentText(share: number): string {
  return `${Math.round(share * 100)}%`
}

export function countText(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`
}

/** `11 people`, `9–14 people`; `people not listed` when the calendar names nobody. */
export function peopleText(people: SeriesReport['people']): string {
  if (!people.known) return 'people not listed'
  const low = Math.round(people.headcount.low)
  const high = Math.round(people.headcount.high)
  if (people.atLeast) return `at least ${countText(low, 'person', 'people')}`
  return low === high ? countText(high, 'person', 'people') : `${low}–${high} people`
}

/** Who is invited, with those who come from outside and the rooms that are no people. */
export function invitedText(people: SeriesReport['people']): string {
  const extra = [
    people.external > 0 ? `${people.external} from outside` : null,
    people.rooms > 0 ? `${countText(people.rooms, 'room')}, not counted as people` : null,
  ].filter(part => part !== null)
  return [peopleText(people), ...extra].join('; ')
}

/** Which teams meet live only here; unknown without teams. */
export function channelText(people: SeriesReport['people']): string {
  if (people.soleChannels === null) return 'not known: that needs teams (--people FILE.csv)'
  if (people.soleChannels.length === 0) return 'no pair of teams meets only here'
  const pairs = people.soleChannels.map(pair => pair.map(team => plainText(team, 60)).join(' and '))
  return `the only live meeting of ${pairs.join('; ')}`
}

/** `weekly · Wed 10:00 · 45 m`. */
export function whenText(when: SeriesReport['when']): string {
  return [when.cadence, when.usual, minutesText(when.minutes)].filter(part => part !== null).join(' · ')
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']

/** `26 Oct 2026` from `2026-10-26`; whatever is no date comes back as it is. */
export function dateText(on: string): string {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})/.exec(on) ?? []
  const name = months[Number(month) - 1]
  return year && name ? `${Number(day)} ${name} ${year}` : on
}

/** `26 Oct` of a date, for the axis of a chart. */
export function shortDateText(on: string): string {
  return dateText(on).replace(/ \d{4}$/, '')
}

/** `26 Oct – 22 Nov 2026`: the last day is shown, not the day after it. */
export function windowText(window: Pick<AuditWindow, 'fromOn' | 'toOn'>): string {
  const last = new Date(Date.parse(`${window.toOn}T00:00:00Z`) - 86_400_000)
  const until = Number.isNaN(last.getTime()) ? window.toOn : last.toISOString().slice(0, 10)
  const from = dateText(window.fromOn)
  return `${window.fromOn.slice(0, 4) === until.slice(0, 4) ? shortDateText(window.fromOn) : from} – ${dateText(until)}`
}

/** A moment on the wall of a zone. */
export interface WallText {
  /** `Wed 4 Nov 2026` */
  readonly day: string
  /** `10:00` */
  readonly time: string
}

/** The wall reading of an instant (`2026-03-16T09:00:00Z`), or the date of an all-day row with an empty time. */
export function wallText(moment: string, zone: string): WallText {
  if (/^\d{4}-\d{2}-\d{2}$/.test(moment)) return { day: `${weekdayText(moment)} ${dateText(moment)}`, time: '' }
  const at = Date.parse(moment)
  if (Number.isNaN(at)) return { day: moment, time: '' }
  const local = isoInstant(zoneNamed(zone).toWall(at))
  return { day: `${weekdayText(local)} ${dateText(local)}`, time: local.slice(11, 16) }
}

/** `Wed 4 Nov 2026, 10:00–10:45`. */
export function spanText(start: string, end: string, zone: string): string {
  const from = wallText(start, zone)
  const to = wallText(end, zone)
  if (from.time === '') return from.day
  return from.day === to.day
    ? `${from.day}, ${from.time}–${to.time}`
    : `${from.day}, ${from.time} – ${to.day}, ${to.time}`
}

function weekdayText(on: string): string {
  return weekdays[new Date(`${on.slice(0, 10)}T00:00:00Z`).getUTCDay()] ?? ''
}

/** Calendars that were read, by name where they have one. */
export function sourceNames(report: AuditReport): string[] {
  return report.sources.map(source => source.calendar)
}

/** `12 all-day, 9 private`, most frequent first; empty when everything counted. */
export function leftOutText(report: AuditReport): string {
  return report.counts.rules
    .filter(rule => !rule.counted && rule.occurrences > 0)
    .toSorted((a, b) => b.occurrences - a.occurrences)
    .map(rule => `${grouped(rule.occurrences)} ${ruleWords[rule.rule]}`)
    .join(', ')
}

/** Whose week it is: a person's, or only a calendar's when nobody said whose calendar it is. */
export function weekTitle({ subject }: AuditReport): string {
  return subject.me === null ? 'This calendar’s week' : 'Your week'
}

/** What stands where no series is proposed for skipping, though some could be judged. */
export const nothingToTryText = 'Nothing that could be judged here looks as if it could go.'

/** The share of working time; meetings outside it are not in the share. */
export function meetingShareText(week: WeekSummary): string {
  return `${percentText(week.meetingShare)} of ${hoursText(week.workingHours)}`
}

/** Why these weeks and this time zone, in sentences; a choice of the user's own is not repeated. */
export function windowReasonText(window: AuditWindow): string {
  return [weeksReason[window.chosen], zoneReason[window.zoneSource]].filter(sentence => sentence !== '').join(' ')
}

const weeksReason: Readonly<Record<AuditWindow['chosen'], string>> = {
  given: '',
  recent: 'These are the most recent weeks.',
  'latest-activity': 'The calendar ends here, so these are its last busy weeks.',
}

const zoneReason: Readonly<Record<AuditWindow['zoneSource'], string>> = {
  given: '',
  calendar: 'The time zone comes from the calendar.',
  person: 'The time zone is that of the person, from the people file.',
  none: 'No calendar names a time zone, so times are in UTC.',
}
