import { type Agenda, type AgendaItem, parseAgenda } from './agenda.ts'
import { recogniseForm } from './form.ts'
import { recogniseForum } from './forum.ts'
import { type ItemScore, type KindModel, lexiconModel } from './model.ts'
import {
  type Classification,
  type ClassifiedItem,
  type ClassifierInput,
  type Evidence,
  type KindScores,
  type KindVerdict,
  type MeetingKind,
  meetingKinds,
} from './types.ts'

/**
 * What kind of meeting this is, with its reasons. Agenda items are judged first, by their minutes where they have
 * some; the title, the sentences around the items and the facts about people, rhythm and length are evidence of
 * their own. Deterministic and total: any title and description have an answer, `unclear` when little speaks for it.
 * The strongest of `scores` is the best guess even then.
 */
export function classify(input: ClassifierInput, model: KindModel = lexiconModel): Classification {
  const { attendeeCount } = input
  const agenda = parseAgenda(input.agenda)
  const tally = new Tally()
  const title = model.scoreItem({
    text: input.title.slice(0, 400),
    place: 'title',
    details: '',
    heading: null,
    attendeeCount,
  })
  const units = scoreUnits(agenda, attendeeCount, model)
  let textMass = 0
  for (const unit of units) textMass += unit.weight * unit.strength
  // More text says more, up to a point: the tenth item does not weigh as much as the first.
  const scale = textMass === 0 ? 0 : (mostTextMass * (1 - Math.exp(-textMass / 1.5))) / textMass
  let heard = title.strength * titleMass + textMass * scale

  tally.addText(title, titleMass * title.strength * titleShare(title, units), 'title', null, input.title)
  for (const unit of units) {
    tally.addText(
      unit.score,
      unit.weight * unit.strength * scale,
      unit.item === null ? 'text' : 'item',
      unit.item,
      unit.text,
    )
  }
  let paired = 0
  for (const reason of model.scoreStructure(input)) {
    heard += reason.mass
    if (reason.rule === 'two-people') paired += reason.mass
    tally.add(reason.kind, reason.mass)
    tally.reasons.push({
      rule: reason.rule,
      where: reason.where,
      kind: reason.kind,
      mass: reason.mass,
      quote: null,
      item: null,
      sentence: () => reason.sentence,
    })
  }

  const scores = tally.scores(model.temperature)
  const first = strongest(scores)
  let founded = title.founding[first] * titleMass + (first === 'alignment' ? paired : 0)
  for (const unit of units) founded += unit.weight * unit.score.founding[first] * scale
  const kind: KindVerdict = isThin(scores, first, heard) || isUnfounded(first, founded) ? 'unclear' : first
  const form = recogniseForm(input)
  const forum = recogniseForum(input, agenda)
  const items = agenda.items.map((item, i) => classifiedItem(item, units[i]!.score))
  const basis = tally.basis(first)
  if (input.agenda === '' || (agenda.items.length === 0 && agenda.prose.length === 0)) {
    basis.push(plainFact('no-agenda', 'nothing', 'The invitation has no agenda.'))
  }
  if (heard < thinEvidence || isUnfounded(first, founded))
    basis.unshift(plainFact('nothing-to-go-by', 'nothing', 'Title and description say too little.'))
  for (const fact of form.basis) basis.push(fact)
  for (const fact of forum.basis) basis.push(fact)
  if (basis.length === 0) basis.push(plainFact('nothing-to-go-by', 'nothing', 'Title and description say too little.'))
  const confidence = Math.min(mostConfidentOf(first, title, units), scores[first])
  return { kind, scores, confidence, form: form.form, forum: forum.forum, items, basis }
}

/** One piece of the description: an agenda item, or a sentence that belongs to none. */
interface Unit {
  readonly text: string
  /** Number of the agenda item, from 1; null for a sentence. */
  readonly item: number | null
  readonly score: ItemScore
  readonly weight: number
  readonly strength: number
}

/** Items first, in order, then sentences. */
function scoreUnits(agenda: Agenda, attendeeCount: number | null, model: KindModel): readonly Unit[] {
  const weights = itemWeights(agenda.items)
  const units = agenda.items.map((item, i): Unit => {
    const score = model.scoreItem({
      text: item.text,
      place: 'item',
      details: item.details,
      heading: item.heading,
      attendeeCount,
    })
    return {
      text: item.text,
      item: i + 1,
      score,
      weight: weights[i]!,
      strength: Math.max(score.strength, silentStrength),
    }
  })
  const sentenceShare = units.length > 0 ? 0.5 : 1
  agenda.prose.forEach((text, i) => {
    const score = model.scoreItem({ text, place: 'text', details: '', heading: null, attendeeCount })
    units.push({ text, item: null, score, weight: sentenceShare * sentenceWeight(score, i), strength: score.strength })
  })
  return units
}

/** The kind with the highest score; ties go to the first in the order of `meetingKinds`. */
export function strongest(scores: KindScores): MeetingKind {
  let best: MeetingKind = 'status'
  for (const kind of meetingKinds) if (scores[kind] > scores[best]) best = kind
  return best
}

const titleMass = 1.2
const mostTextMass = 2
/** What an item weighs that no known word is in: it is a topic all the same. */
const silentStrength = 0.12
const thinEvidence = 0.3
/** No labelled set we have is large enough to tell a reading that is always right from one that is right 19 times in 20. */
const mostConfident = 0.95
/** What is believed before anything was read. */
const prior: KindScores = { status: 0.28, decision: 0.2, alignment: 0.24, conflict: 0.06 }

function isThin(scores: KindScores, first: MeetingKind, heard: number): boolean {
  if (heard < thinEvidence) return true
  let second = 0
  for (const kind of meetingKinds) if (kind !== first && scores[kind] > second) second = scores[kind]
  return scores[first] < 0.48 || scores[first] - second < 0.1
}

/**
 * People, rhythm and length may support a kind and never found one, least of all the kind that is told to be skipped: a
 * safety check before surgery is short and daily too. Two people are the exception: a one-on-one is a kind of its own.
 */
function isUnfounded(first: MeetingKind, founded: number): boolean {
  return founded < (first === 'status' ? leastForStatus : thinEvidence)
}

const leastForStatus = 0.45

/** One word of a title, with nothing in the description beside it, is easily another word, a name or another language. */
function mostConfidentOf(first: MeetingKind, title: ItemScore, units: readonly Unit[]): number {
  let cues = 0
  let weight = 0
  for (const reason of title.reasons) {
    if (reason.kind !== first || reason.rule === 'regular-call') continue
    cues += reason.seen
    weight += reason.weight
  }
  if (cues > 1) return mostConfident
  for (const { score } of units) {
    if (score.reasons.some(({ kind, rule }) => kind === first && rule !== 'regular-call')) return mostConfident
  }
  if (weight <= weakCue) return 0.55
  return first === 'conflict' ? 0.6 : 0.7
}

/** Up to this weight a group only hints: "report", "tracking", "review". */
const weakCue = 1.2

/**
 * "Judge by the end, not by the title": the name of a regular meeting yields to an agenda in which something is
 * decided or disputed ("Weekly sync"), and the name of a deciding body to one that only reports ("TSC meeting"). A
 * demo yields where acceptance is decided there.
 */
function titleShare(title: ItemScore, units: readonly Unit[]): number {
  const named = title.reasons[0]
  if (named === undefined || !namesOnly.has(named.rule)) return 1
  let contrary = 0
  for (const { score, weight } of units) {
    if (named.rule === 'broadcast-format') {
      if (score.reasons[0]?.rule === 'words-approve') return 0.1
      continue
    }
    const { status, decision, conflict } = score.scores
    contrary += weight * score.strength * (named.kind === 'decision' ? status : decision + conflict)
  }
  return 1 - 0.6 * (1 - Math.exp(-contrary / 1.5))
}

const namesOnly: ReadonlySet<string> = new Set([
  'regular-call',
  'working-group',
  'words-sync',
  'decision-body',
  'broadcast-format',
])

/** Minutes where they are given, else one each; housekeeping a tenth. On average one. */
function itemWeights(items: readonly AgendaItem[]): readonly number[] {
  let minutes = 0
  let timed = 0
  for (const item of items) {
    if (item.minutes === null) continue
    minutes += item.minutes
    timed++
  }
  const mean = timed === 0 ? 1 : minutes / timed
  return items.map(item => (item.minutes === null ? 1 : item.minutes / mean) * (item.housekeeping ? 0.08 : 1))
}

/** The first sentence and the one that names a purpose tell more than those behind them. */
function sentenceWeight(score: ItemScore, at: number): number {
  return (score.asksPurpose ? 1.5 : 1) * (at === 0 ? 1.3 : at < 4 ? 1 : 0.7)
}

function classifiedItem(item: AgendaItem, score: ItemScore): ClassifiedItem {
  const first = strongest(score.scores)
  const thin = item.housekeeping || score.strength < 0.2 || score.scores[first] < 0.4
  return {
    text: item.text,
    minutes: item.minutes,
    owner: item.owner,
    kind: thin ? 'unclear' : first,
    scores: score.scores,
  }
}

interface Reason {
  readonly rule: string
  readonly where: Evidence['where']
  readonly kind: MeetingKind
  readonly mass: number
  readonly quote: string | null
  readonly item: number | null
  /** Written only for the reasons that are shown. */
  readonly sentence: () => string
}

/** Adds up what speaks for each kind, and remembers what said so. */
class Tally {
  readonly reasons: Reason[] = []
  private readonly masses: Record<MeetingKind, number> = { ...prior }

  add(kind: MeetingKind, mass: number): void {
    this.masses[kind] += mass
  }

  addText(score: ItemScore, mass: number, where: 'title' | 'item' | 'text', item: number | null, text: string): void {
    if (mass <= 0) return
    for (const kind of meetingKinds) this.masses[kind] += mass * stakes[kind] * score.scores[kind]
    for (const reason of score.reasons) {
      this.reasons.push({
        rule: reason.rule,
        where,
        kind: reason.kind,
        mass: mass * reason.share * stakes[reason.kind],
        quote: shorten(reason.quote, 80),
        item,
        sentence: () => wordSentence(where, item, text, reason.quote, reason.says),
      })
    }
  }

  scores(temperature: number): KindScores {
    let sum = 0
    const raised: Record<MeetingKind, number> = { status: 0, decision: 0, alignment: 0, conflict: 0 }
    for (const kind of meetingKinds) {
      raised[kind] = this.masses[kind] ** (1 / temperature)
      sum += raised[kind]
    }
    for (const kind of meetingKinds) raised[kind] /= sum
    return raised
  }

  /** The strongest reasons, those for the verdict before others of the same strength. */
  basis(first: MeetingKind): Evidence[] {
    let sum = 0
    for (const kind of meetingKinds) sum += this.masses[kind]
    const sorted = this.reasons.sort((a, b) => b.mass - a.mass || Number(b.kind === first) - Number(a.kind === first))
    const shown: Evidence[] = []
    for (const reason of sorted) {
      if (shown.length === mostReasons) break
      // Words that speak for two kinds are shown for the one they speak for most.
      if (
        shown.some(({ rule, where, item }) => rule === reason.rule && where === reason.where && item === reason.item)
      ) {
        continue
      }
      shown.push({
        rule: reason.rule,
        where: reason.where,
        kind: reason.kind,
        weight: reason.mass / sum,
        quote: reason.quote,
        item: reason.item,
        sentence: reason.sentence(),
      })
    }
    return shown
  }
}

const mostReasons = 8

/** A decision missed or a disagreement left open costs more than an update not heard. */
const stakes: KindScores = { status: 0.85, decision: 1.1, alignment: 1, conflict: 1.35 }

function wordSentence(
  where: 'title' | 'item' | 'text',
  item: number | null,
  text: string,
  quote: string,
  says: string,
): string {
  if (where !== 'item')
    return `The ${where === 'title' ? 'title' : 'description'} says “${shorten(quote, 60)}”: it ${says}.`
  const shown = shorten(text, 60)
  // Words from the notes or the heading of an item are not in the text that is shown.
  return `Item ${item} “${shown}” ${says}${shown.includes(quote) ? '' : ` (“${shorten(quote, 40)}”)`}.`
}

function shorten(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).trimEnd()}…`
}

function plainFact(rule: string, where: Evidence['where'], sentence: string): Evidence {
  return { rule, where, kind: null, weight: 0, quote: null, item: null, sentence }
}
