import { type Cue, type CueGroup, cueGroups, findCues } from './lexicon.ts'
import { indexPhrases } from './phrases.ts'
import { type ClassifierInput, type KindScores, type MeetingKind, meetingKinds } from './types.ts'

/**
 * What turns evidence into kinds: the seam behind which the lexicon stands today and a trained model may stand, or
 * stand beside it, later. Callers see scores and reasons only. An implementation is pure and total.
 */
export interface KindModel {
  readonly name: string
  /** What one piece of text speaks for. */
  scoreItem(item: ItemFeatures): ItemScore
  /** What people, rhythm and length speak for, apart from any text. */
  scoreStructure(input: ClassifierInput): readonly StructureReason[]
  /** Weights of scores are raised to 1/temperature, so that a score means how often it is right. Above 0. */
  readonly temperature: number
}

export interface ItemFeatures {
  readonly text: string
  readonly place: 'title' | 'item' | 'text'
  /** Notes under an item; empty when there are none. */
  readonly details: string
  /** The heading an item stands under. */
  readonly heading: string | null
  /** How many are invited; null when unknown. */
  readonly attendeeCount: number | null
}

export interface ItemScore {
  /** Sum 1. Even for a text without any evidence, when `strength` is 0. */
  readonly scores: KindScores
  /** 0..1: how much there was to go by. */
  readonly strength: number
  /** 0..1 for each kind: how much spoke for it, without the words that only name a regular call. */
  readonly founding: KindScores
  /** Strongest first. */
  readonly reasons: readonly WordReason[]
  readonly asksPurpose: boolean
}

/** Words that spoke. */
export interface WordReason {
  readonly rule: string
  readonly kind: MeetingKind
  /** Share of this text's scores that these words account for, 0..1; all reasons together at most 1. */
  readonly share: number
  /** The words' weight in the lexicon, before what stands beside them bends it: 1 hints, 3 nearly decides alone. */
  readonly weight: number
  /** How many times words of this rule were seen in the text. */
  readonly seen: number
  /** As written. */
  readonly quote: string
  readonly says: string
}

export interface StructureReason {
  readonly rule: string
  readonly where: 'people' | 'rhythm' | 'length'
  readonly kind: MeetingKind
  /** Evidence on the scale of a title, whose strongest is about 1.3. */
  readonly mass: number
  readonly sentence: string
}

/** The first implementation: lexicon and structure in one log-linear score. */
export const lexiconModel: KindModel = {
  name: 'lexicon/1',
  // Fitted once, as the only fitted number, by log loss on public meetings that people labelled; below 1 because sums of
  // shares are too modest.
  temperature: 0.35,
  scoreItem: scoreWithLexicon,
  scoreStructure,
}

const kindCount = meetingKinds.length
const status = 0
const decision = 1
const alignment = 2
const conflict = 3

/** Text that says nothing leaves these; what people write on agendas without a verb is mostly there to be discussed. */
const silentItem: KindScores = { status: 0.27, decision: 0.3, alignment: 0.36, conflict: 0.07 }

function scoreWithLexicon(item: ItemFeatures): ItemScore {
  const isPreparation = item.place === 'title' && isPreparationTitle(item.text)
  const cues = isPreparation ? [] : findCuesFor(item.attendeeCount, item.text)
  const ledger: Entry[] = []
  let asksPurpose = addCues(ledger, item.text, cues, 1, item.place)
  if (item.details !== '') {
    const inDetails = findCuesFor(item.attendeeCount, item.details, 1_200)
    asksPurpose = addCues(ledger, item.details, inDetails, 0.45, 'text') || asksPurpose
  }
  if (item.heading !== null) {
    addCues(ledger, item.heading, findCuesFor(item.attendeeCount, item.heading), 0.8, 'item')
  }
  if (item.place !== 'title' && endsWithQuestion(item.text)) {
    ledger.push({
      rule: 'open-question',
      says: 'asks a question',
      kind: alignment,
      listed: 0.45,
      weight: 0.45,
      quote: '?',
      role: null,
      seen: 1,
    })
    ledger.push({
      rule: 'open-question',
      says: 'asks a question',
      kind: decision,
      listed: 0.35,
      weight: 0.35,
      quote: '?',
      role: null,
      seen: 1,
    })
  }
  if (ledger.length === 0)
    return { scores: silentItem, strength: 0, founding: nothingFound, reasons: noReasons, asksPurpose }
  bend(ledger)

  const totals = [0, 0, 0, 0]
  for (const entry of ledger) totals[entry.kind]! += entry.weight
  const scores = softmax(totals)
  let evidence = 0
  for (const total of totals) evidence += Math.max(0, total)
  const founds = [0, 0, 0, 0]
  for (const entry of ledger) if (entry.rule !== regularCall.rule) founds[entry.kind]! += entry.weight
  return {
    scores,
    strength: strengthOf(evidence),
    founding: {
      status: strengthOf(founds[status]!),
      decision: strengthOf(founds[decision]!),
      alignment: strengthOf(founds[alignment]!),
      conflict: strengthOf(founds[conflict]!),
    },
    reasons: reasonsOf(ledger, totals, scores),
    asksPurpose,
  }
}

const noReasons: readonly WordReason[] = []
const nothingFound: KindScores = { status: 0, decision: 0, alignment: 0, conflict: 0 }

function strengthOf(evidence: number): number {
  return 1 - Math.exp(-evidence / 1.6)
}

const regularCall = groupNamed('regular-call')
const broadcastFormat = groupNamed('broadcast-format')
/** As for the form: an "all hands" of eight is a team that meets. */
const fewForBroadcast = 8

function groupNamed(rule: string): CueGroup {
  const group = cueGroups.find(known => known.rule === rule)
  if (group === undefined) throw new RangeError(`The lexicon has no group “${rule}”.`)
  return group
}

function findCuesFor(attendeeCount: number | null, text: string, limit?: number): readonly Cue[] {
  const cues = findCues(text, limit)
  if (attendeeCount === null || attendeeCount > fewForBroadcast) return cues
  return cues.map(cue => (cue.group === broadcastFormat ? { ...cue, group: regularCall } : cue))
}

/** "Board prep", "Preparation for the board": what is prepared for is another meeting, and its words are not about this one. */
function isPreparationTitle(title: string): boolean {
  preparation ??= indexPhrases([preparationWords, preparationOpenings])
  let lastLetter = title.length
  while (lastLetter > 0 && !wordLetter.test(title.charAt(lastLetter - 1))) lastLetter--
  const hits = preparation.scan(title)
  for (let i = 0; i < hits.length; i += 3) {
    if (hits[i] === 0 ? hits[i + 2] === lastLetter : hits[i + 1] === 0) return true
  }
  return false
}

let preparation: ReturnType<typeof indexPhrases> | undefined
const preparationOpenings =
  'prep for, preparation for, preparation of, preparing for, vorbereitung auf, vorbereitung des, vorbereitung der, preparation du, preparation de, preparacion de, preparacion del, preparacao da, preparacao do'
const wordLetter = /[\p{L}\p{M}\p{N}]/u
const preparationWords =
  'prep, preps, preparation, preparations, prepping, prework, pre work, pre meeting, premeeting, vorbereitung, vorbereitungen, preparacion, preparacao, 準備'

interface Entry {
  readonly rule: string
  readonly says: string
  readonly kind: number
  readonly listed: number
  weight: number
  readonly quote: string
  readonly role: string | null
  seen: number
}

function addCues(
  ledger: Entry[],
  text: string,
  cues: readonly Cue[],
  factor: number,
  place: ItemFeatures['place'],
): boolean {
  let asksPurpose = false
  for (const cue of cues) {
    const { group } = cue
    if (group.role === 'purpose') asksPurpose = true
    const placed = place === 'title' ? 1 : (group.inText ?? 1)
    for (let kind = 0; kind < kindCount; kind++) {
      const weight = group.weights[meetingKinds[kind]!]
      if (weight === undefined) continue
      if (cue.negated) {
        // "No decisions today" takes the decision away and leaves what is only heard.
        if (kind === decision || kind === conflict) {
          asksPurpose = true
          ledger.push(
            entryFor(
              `negated-${group.rule}`,
              'rules that out',
              status,
              (kind === decision ? 1.6 : 0.7) * factor,
              text,
              cue,
              null,
            ),
          )
        }
        continue
      }
      const known = ledger.find(entry => entry.rule === group.rule && entry.kind === kind)
      if (known === undefined) {
        ledger.push(entryFor(group.rule, group.says, kind, weight * placed * factor, text, cue, group.role ?? null))
      } else if (known.seen < 4) {
        // The second and third word of a group say a little more, not the same again.
        known.seen++
        known.weight += (weight * placed * factor * 0.3) / known.seen
      }
    }
  }
  return asksPurpose
}

function entryFor(
  rule: string,
  says: string,
  kind: number,
  weight: number,
  text: string,
  cue: Cue,
  role: string | null,
): Entry {
  return { rule, says, kind, listed: weight, weight, quote: text.slice(cue.start, cue.end), role, seen: 1 }
}

/** The ties of the labelling guide, within one piece of text. */
function bend(ledger: Entry[]): void {
  let decides = 0
  let updates = 0
  let settles = -1
  let names = 0
  for (const entry of ledger) {
    if (entry.kind === decision) decides += entry.weight
    if (entry.kind === status) updates += entry.weight
    if (entry.kind === conflict) names += entry.weight
    if (entry.role === 'settles' && (settles < 0 || entry.kind === conflict)) settles = entry.kind
  }
  for (const entry of ledger) {
    // Retrospective and incident review align even when decisions and actions come out; judging conduct is conflict.
    if (settles >= 0 && entry.kind !== settles && entry.kind !== conflict) entry.weight *= 0.45
    // A vote, approval or priority that is named beats alignment: what is discussed on the way to it counts less.
    if (decides >= 1.5 && entry.kind === alignment && entry.role !== 'settles')
      entry.weight *= soft.has(entry.rule) ? 0.4 : 0.7
    // Updates followed by open discussion stay status.
    if (updates >= 1.5 && entry.kind === alignment && soft.has(entry.rule)) entry.weight *= 0.6
    // A decision about a disagreement that is named is the disagreement's.
    if (names >= 2 && entry.kind === decision) entry.weight *= 0.5
  }
}

/** Groups that open a conversation without saying to what end. */
const soft: ReadonlySet<string> = new Set([
  'words-discuss',
  'open-discussion',
  'words-sync',
  'open-question',
  'words-how',
])

/** What a kind got is shared by the words that spoke for it: a weak word beside a strong rival explains little. */
function reasonsOf(ledger: readonly Entry[], totals: readonly number[], scores: KindScores): readonly WordReason[] {
  const reasons: WordReason[] = []
  for (const entry of ledger) {
    if (entry.weight <= 0) continue
    reasons.push({
      rule: entry.rule,
      kind: meetingKinds[entry.kind]!,
      share: (entry.weight / totals[entry.kind]!) * scores[meetingKinds[entry.kind]!],
      weight: entry.listed,
      seen: entry.seen,
      quote: entry.quote,
      says: entry.says,
    })
  }
  return reasons.sort((a, b) => b.share - a.share)
}

function endsWithQuestion(text: string): boolean {
  const last = text.charCodeAt(text.length - 1)
  return last === 63 || last === 0xff1f
}

function softmax(totals: readonly number[]): KindScores {
  const weights = [0, 0, 0, 0]
  let sum = 0
  for (let kind = 0; kind < kindCount; kind++) {
    const weight = Math.exp(1.3 * totals[kind]! + (kind === conflict ? -0.7 : 0))
    weights[kind] = weight
    sum += weight
  }
  return {
    status: weights[status]! / sum,
    decision: weights[decision]! / sum,
    alignment: weights[alignment]! / sum,
    conflict: weights[conflict]! / sum,
  }
}

function scoreStructure(input: ClassifierInput): readonly StructureReason[] {
  const reasons: StructureReason[] = []
  const say = (rule: string, where: StructureReason['where'], kind: MeetingKind, mass: number, sentence: string) => {
    reasons.push({ rule, where, kind, mass, sentence })
  }
  const people = input.attendeeCount
  if (people !== null) {
    if (people === 2 && !input.hasGroup) {
      say('two-people', 'people', 'alignment', 0.6, 'Two people are invited: one-on-ones build a shared understanding.')
    } else if (people >= 60) {
      say('very-many-people', 'people', 'status', 0.7, `${people} people are invited: most of them can only listen.`)
    } else if (people >= 20) {
      say('many-people', 'people', 'status', 0.35, `${people} people are invited: most of them listen.`)
    }
  }
  if (input.teamCount !== null && input.teamCount >= 2) {
    const mass = input.teamCount >= 3 ? 0.22 : 0.14
    say('several-teams', 'people', 'alignment', mass, `People of ${input.teamCount} teams are invited.`)
  }
  if (input.optionalShare !== null && input.optionalShare >= 0.5) {
    say('mostly-optional', 'people', 'status', 0.25, 'Most of the invited need not come.')
  }
  const rhythm = input.recurrence === null ? '' : input.recurrence.toLowerCase()
  if (isDaily(rhythm)) say('daily', 'rhythm', 'status', 0.45, 'It happens every day.')
  else if (rhythm === 'once') say('one-off', 'rhythm', 'alignment', 0.05, 'It happens once.')
  const minutes = input.durationMinutes
  if (minutes !== null) {
    if (minutes > 0 && minutes <= 15) say('very-short', 'length', 'status', 0.3, `It lasts ${minutes} minutes.`)
    else if (minutes >= 150) say('very-long', 'length', 'alignment', 0.25, `It lasts ${minutes} minutes.`)
  }
  return reasons
}

function isDaily(rhythm: string): boolean {
  return (
    rhythm.startsWith('daily') ||
    rhythm.includes('every day') ||
    rhythm.includes('weekday') ||
    rhythm.includes('every morning')
  )
}
