import { classify, strongest } from '../classifier/classify.ts'
import {
  type Classification,
  type ClassifiedItem,
  type ClassifierInput,
  type KindScores,
  meetingKinds,
} from '../classifier/types.ts'
import type { CalendarEvent } from '../meetings/calendar-event.ts'
import type { Meeting, Roster, Series } from '../meetings/types.ts'

/** Different invitations of one series that are read; the latest ones, since a meeting is what it has become. */
const mostTexts = 12

/**
 * One verdict for a series whose occurrences may carry different agendas: every distinct invitation is classified, and
 * their scores are averaged by how often each was sent. Shown is the verdict of the latest invitation that agrees with
 * the average, so that its basis quotes a real one. A conflict item of any week stays visible: a meeting that settled a
 * conflict in March is not a status round because April was quiet.
 */
export function classifySeries(series: Series): Classification {
  const texts = distinctTexts(series)
  const verdicts = texts.map(text => ({ ...text, verdict: classify(inputOf(text.meeting, series)) }))
  const latest = verdicts[0]!
  if (verdicts.length === 1) return latest.verdict

  const scores = averageScores(verdicts)
  const kind = strongest(scores)
  const agreeing = verdicts.filter(one => one.verdict.kind === kind)
  if (agreeing.length === 0) return { ...latest.verdict, scores }
  const shown = agreeing.find(one => one.verdict.items.length > 0) ?? agreeing[0]!
  const total = sum(verdicts.map(one => one.count))
  return {
    ...shown.verdict,
    scores,
    // an invitation that says something else counts against the verdict, a vague one only fails to support it
    confidence: sum(verdicts.map(one => (one.count / total) * supportFor(one.verdict, kind))),
    items: [...shown.verdict.items, ...conflictItemsOf(verdicts, shown.verdict.items)],
  }
}

interface Text {
  readonly meeting: Meeting
  readonly count: number
}

/** Latest first. */
function distinctTexts(series: Series): readonly Text[] {
  const byText = new Map<string, { meeting: Meeting; count: number }>()
  const seen = new Map<CalendarEvent, string>()
  for (let i = series.meetings.length - 1; i >= 0; i--) {
    const meeting = series.meetings[i]!
    const { event } = meeting.occurrence
    let key = seen.get(event)
    if (key === undefined) {
      key = `${meeting.title}\0${event.description}`
      seen.set(event, key)
    }
    const text = byText.get(key)
    if (text !== undefined) text.count++
    else if (byText.size < mostTexts) byText.set(key, { meeting, count: 1 })
  }
  return [...byText.values()]
}

function inputOf(meeting: Meeting, series: Series): ClassifierInput {
  const { roster } = meeting
  return {
    title: meeting.title,
    agenda: meeting.occurrence.event.description,
    durationMinutes: meeting.minutes,
    recurrence: series.recurring ? series.cadence.text : null,
    ...peopleOf(roster),
  }
}

function peopleOf(roster: Roster): Omit<ClassifierInput, 'title' | 'agenda' | 'durationMinutes' | 'recurrence'> {
  const unknown = { attendeeCount: null, teamCount: null, optionalShare: null, externalCount: null }
  const organizer = roster.organizerId
  if (!roster.known) return { ...unknown, hasGroup: false, organizer }
  const optional = roster.people.filter(invitee => !invitee.required).length
  return {
    attendeeCount: roster.people.length,
    teamCount: roster.teams.length === 0 ? null : roster.teams.length,
    optionalShare: roster.people.length === 0 ? null : optional / roster.people.length,
    externalCount: roster.externalCount,
    hasGroup: roster.groups.length > 0,
    organizer,
  }
}

interface Classified extends Text {
  readonly verdict: Classification
}

function averageScores(verdicts: readonly Classified[]): KindScores {
  const total = sum(verdicts.map(one => one.count))
  const scores = { status: 0, decision: 0, alignment: 0, conflict: 0 }
  for (const kind of meetingKinds) {
    scores[kind] = sum(verdicts.map(one => (one.count / total) * one.verdict.scores[kind]))
  }
  return scores
}

function supportFor(verdict: Classification, kind: Classification['kind']): number {
  if (verdict.kind === kind) return verdict.confidence
  return verdict.kind === 'unclear' ? verdict.confidence / 2 : 0
}

function conflictItemsOf(verdicts: readonly Classified[], shown: readonly ClassifiedItem[]): readonly ClassifiedItem[] {
  const known = new Set(shown.map(item => item.text))
  const found: ClassifiedItem[] = []
  for (const { verdict } of verdicts) {
    for (const item of verdict.items) {
      if (item.kind !== 'conflict' || known.has(item.text)) continue
      known.add(item.text)
      found.push(item)
    }
  }
  return found
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
