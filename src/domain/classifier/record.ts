import { isRecord } from '../../json-value.ts'
import { type Classification, type ClassifierInput, type MeetingKind, meetingKinds } from './types.ts'

export type ParsedRecord =
  | { readonly ok: true; readonly id: string; readonly input: ClassifierInput }
  | { readonly ok: false; readonly problem: string }

/** A meeting whose kind a person has said. */
export interface LabelledMeeting {
  readonly id: string
  /** Where it comes from; figures are given per source. */
  readonly source: string
  readonly input: ClassifierInput
  readonly kind: MeetingKind
  /** How sure the labelling person was: 3 sure, 2 fairly, 1 doubtful; null when not said. */
  readonly sureness: 1 | 2 | 3 | null
}

export type ParsedLabel =
  | { readonly ok: true; readonly meeting: LabelledMeeting }
  | { readonly ok: false; readonly problem: string }

/**
 * One line of JSON as `classify` reads it: `id, title, agenda, durationMinutes, recurrence, attendees[]` or
 * `attendeeCount`, `organizer`, and where known `teamCount, optionalShare, externalCount, hasGroup`. All but the title
 * may be missing; `attendees` are addresses or objects with `email, optional, team, external`. The names
 * `duration_min, attendees_hint, organizer_hint` are understood too. A problem is one sentence.
 */
export function parseClassifyLine(line: string): ParsedRecord {
  const read = readJson(line)
  return read.ok ? parseClassifyRecord(read.value) : read
}

/** The same for a value that was parsed before. */
export function parseClassifyRecord(value: unknown): ParsedRecord {
  if (!isRecord(value)) return problem('This line is not an object; write one JSON object with at least "title".')
  const { title, agenda, recurrence } = value
  if (typeof title !== 'string') {
    return problem('This record has no "title" in words; give one, or "" where the event has none.')
  }
  if (!isTextOrMissing(agenda)) return problem('"agenda" is not text; give the description as one string.')
  if (!isTextOrMissing(recurrence)) return problem('"recurrence" is not text; write "weekly", "every 2 weeks" or null.')
  const minutes = value.durationMinutes ?? value.duration_min ?? null
  if (minutes !== null && !isCount(minutes)) return problem('"durationMinutes" is not a number of minutes from 0 up.')
  const organizer = value.organizer ?? value.organizer_hint ?? null
  const people = readPeople(value)
  if (typeof people === 'string') return problem(people)
  const id = value.id
  if (id !== undefined && typeof id !== 'string' && typeof id !== 'number')
    return problem('"id" is neither text nor a number.')
  return {
    ok: true,
    id: id === undefined ? '' : String(id),
    input: {
      title,
      agenda: agenda ?? '',
      durationMinutes: minutes,
      recurrence: recurrence ?? null,
      ...people,
      organizer: organizerText(organizer),
    },
  }
}

/** A record with the kind a person gave it, for `eval`: `kind` is needed, `confidence` (1 to 3) and `source` may be missing. */
export function parseLabelledLine(line: string): ParsedLabel {
  const read = readJson(line)
  if (!read.ok) return read
  const record = parseClassifyRecord(read.value)
  if (!record.ok) return record
  // Safe because parseClassifyRecord accepts objects alone.
  const value = read.value as Readonly<Record<string, unknown>>
  const kind = meetingKinds.find(known => known === value.kind)
  if (kind === undefined)
    return problem(`"kind" is none of ${meetingKinds.join(', ')}; give each record the kind a person chose.`)
  const { confidence, source } = value
  const sureness = confidence === 1 || confidence === 2 || confidence === 3 ? confidence : null
  return {
    ok: true,
    meeting: {
      id: record.id,
      source: typeof source === 'string' && source !== '' ? source : 'unnamed',
      input: record.input,
      kind,
      sureness,
    },
  }
}

/** What `classify` writes for one record. Scores and weights are rounded to four places. */
export function classificationRecord(id: string, classification: Classification) {
  return {
    id,
    kind: classification.kind,
    scores: roundedScores(classification.scores),
    confidence: rounded(classification.confidence),
    form: classification.form,
    forum: classification.forum,
    items: classification.items.map(item => ({ ...item, scores: roundedScores(item.scores) })),
    basis: classification.basis.map(reason => ({ ...reason, weight: rounded(reason.weight) })),
  }
}

function roundedScores(scores: Classification['scores']): Classification['scores'] {
  return {
    status: rounded(scores.status),
    decision: rounded(scores.decision),
    alignment: rounded(scores.alignment),
    conflict: rounded(scores.conflict),
  }
}

function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000
}

type People = Pick<ClassifierInput, 'attendeeCount' | 'teamCount' | 'optionalShare' | 'externalCount' | 'hasGroup'>

function readPeople(value: Readonly<Record<string, unknown>>): People | string {
  const given = value.attendeeCount ?? null
  if (given !== null && !isCount(given)) return '"attendeeCount" is not a number from 0 up.'
  for (const field of ['teamCount', 'externalCount'] as const) {
    const count = value[field] ?? null
    if (count !== null && !isCount(count)) return `"${field}" is not a number from 0 up.`
  }
  const share = value.optionalShare ?? null
  if (share !== null && (!isCount(share) || share > 1)) return '"optionalShare" is not a number from 0 to 1.'
  const listed = value.attendees ?? null
  if (listed !== null && !Array.isArray(listed)) return '"attendees" is not a list; give addresses, or "attendeeCount".'
  const fromList = listed === null ? null : countPeople(listed)
  return {
    attendeeCount: given ?? fromList?.attendeeCount ?? countInWords(value.attendees_hint),
    teamCount: numberOrNull(value.teamCount) ?? fromList?.teamCount ?? null,
    optionalShare: share ?? fromList?.optionalShare ?? null,
    externalCount: numberOrNull(value.externalCount) ?? fromList?.externalCount ?? null,
    hasGroup: value.hasGroup === true,
  }
}

function countPeople(listed: readonly unknown[]): Omit<People, 'hasGroup'> {
  const seen = new Set<string>()
  const teams = new Set<string>()
  let people = 0
  let optional = 0
  let saysOptional = false
  let external = 0
  let saysExternal = false
  for (const entry of listed) {
    const person = isRecord(entry) ? entry : { email: entry }
    const name = person.email ?? person.address ?? person.name
    if (typeof name !== 'string' || name.trim() === '' || person.resource === true) continue
    const key = name.trim().toLowerCase()
    if (seen.has(key)) continue
    seen.add(key)
    people++
    if (typeof person.team === 'string' && person.team !== '') teams.add(person.team)
    if (typeof person.optional === 'boolean') saysOptional = true
    if (person.optional === true) optional++
    if (typeof person.external === 'boolean') saysExternal = true
    if (person.external === true) external++
  }
  return {
    attendeeCount: people === 0 ? null : people,
    teamCount: teams.size === 0 ? null : teams.size,
    optionalShare: saysOptional && people > 0 ? optional / people : null,
    externalCount: saysExternal ? external : null,
  }
}

/** "about 12 people" → 12; words without a number, or with several, say nothing. */
function countInWords(hint: unknown): number | null {
  if (typeof hint === 'number') return isCount(hint) ? hint : null
  if (typeof hint !== 'string' || hint.length > 200) return null
  const numbers = hint.match(/\d+/g)
  const count = numbers?.length === 1 ? Number(numbers[0]) : null
  const ofPeople = /\d+\s+(?:\w+\s+)?(?:people|persons|members|attendees|participants|engineers|colleagues)/.test(hint)
  return count !== null && count > 0 && count < 10_000 && (ofPeople || hint.trim() === numbers?.[0]) ? count : null
}

function organizerText(organizer: unknown): string | null {
  if (typeof organizer === 'string') return organizer === '' ? null : organizer
  if (!isRecord(organizer)) return null
  const name = organizer.email ?? organizer.name
  return typeof name === 'string' && name !== '' ? name : null
}

function readJson(line: string): { ok: true; value: unknown } | { ok: false; problem: string } {
  try {
    return { ok: true, value: JSON.parse(line) }
  } catch {
    return problem('This line is not JSON; write one JSON object per line.')
  }
}

function problem(sentence: string): { ok: false; problem: string } {
  return { ok: false, problem: sentence }
}

function isTextOrMissing(value: unknown): value is string | null | undefined {
  return value === undefined || value === null || typeof value === 'string'
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
}

function numberOrNull(value: unknown): number | null {
  return isCount(value) ? value : null
}
