import type { Classification, KindVerdict } from '../classifier/types.ts'
import type { Series } from '../meetings/types.ts'
import { isStatusRound, type SkipContext, type SkipFacts, skipFacts, sureFrom } from './skip-facts.ts'
import { keepRules, otherRules, type RulePower, type SkipRule } from './skip-rules.ts'
import type { AuditSection, SeriesChannels, SeriesCost, SkipAnswer, SkipReason, SkipVerdict } from './types.ts'
import { adviceText, verdictSentence } from './verdict-words.ts'

/**
 * What would happen if we skipped this series? Rules speak for keeping it, against it, for changing it, or for not judging
 * it; the verdict lists all that spoke, on both sides, with the deciding side first.
 *
 * Never under try-without: what a keep rule protects (a forum, a sole channel, conflict work, a sure decision, a
 * one-on-one, an interview, training, people from outside, a series with near misses on record), what is unclear or read
 * with low confidence, what nobody is listed for, and what invites a group nobody can count, unless the invitation's own
 * words or my being optional speak against it whoever comes. A status round that is the only live link of some teams is under
 * improve: its reports can be written, its link must not vanish.
 */
export function skipTest(
  series: Series,
  classification: Classification,
  cost: SeriesCost,
  channels: SeriesChannels | null,
  context: SkipContext,
): SkipVerdict {
  const facts = skipFacts(series, classification, cost, channels, context)
  const speaking = rulesThatSpeak(facts)
  const section = sectionOf(speaking, facts)
  const basis = basisOf(speaking, section, facts)
  const answer = answerOf(section, speaking, facts)
  return {
    seriesId: series.id,
    section,
    answer,
    sentence: verdictSentence(section, answer, basis, series.roster.teams.length),
    loadBearing: speaking.some(({ rule }) => loadBearingRules.has(rule.id)),
    sureness: surenessOf(section, speaking, facts),
    basis,
    advice: adviceText(section, basis),
  }
}

/**
 * People report and nobody answers: a status round, or a broadcast. Such a series links teams weakly; `channelMap` looks
 * for talks first.
 */
export function isOneWay(classification: Classification): boolean {
  if (classification.forum !== null || classification.kind === 'conflict') return false
  // a misread here would make another series look like the only link: it takes a surer reading than the section does
  return (
    classification.form === 'broadcast' || (isStatusRound(classification) && classification.confidence >= oneWayFrom)
  )
}

const oneWayFrom = 0.7

/** Every rule of the skip test with what it looks at, for documentation and `--explain`. */
export const skipRules: readonly Pick<SkipRule, 'id' | 'side' | 'power' | 'about'>[] = [...keepRules, ...otherRules]

interface Spoken {
  readonly rule: SkipRule
  readonly reason: SkipReason
}

function rulesThatSpeak(facts: SkipFacts): Spoken[] {
  const ask = (rules: readonly SkipRule[], kept: boolean) =>
    rules.flatMap(rule => {
      const seen = rule.see(facts, kept)
      return seen ? [{ rule, reason: { rule: rule.id, side: rule.side, ...seen } }] : []
    })
  const keeping = ask(keepRules, false)
  const isKept = keeping.some(({ rule }) => rule.power !== 'speaks')
  return [...keeping, ...ask(otherRules, isKept)]
}

/** What makes a series load-bearing: never on a skip list, never declined by a focus block. */
const loadBearingRules: ReadonlySet<string> = new Set(['near-misses', 'sole-channel', 'bridge'])

/** A reason to change a kept meeting weighs from here on; weaker ones are advice only. */
const weightyFrom = 0.5

function sectionOf(speaking: readonly Spoken[], facts: SkipFacts): AuditSection {
  const { kind } = facts.classification
  const has = (id: string) => speaking.some(({ rule }) => rule.id === id)
  const withPower = (power: RulePower) => speaking.filter(({ rule }) => rule.power === power)

  if ((has('few-occurrences') || has('private')) && !has('near-misses')) return 'not-enough-data'
  if (withPower('keeps-firmly').length > 0) return 'worth-keeping'

  const changes = withPower('changes')
  if (withPower('keeps').length > 0) {
    const weighty = changes.filter(({ rule }) => rule.strength >= weightyFrom)
    // A forum earns its length and its crowd in ways the calendar cannot see: one fault alone is advice.
    const enough = has('forum') ? has('too-many-people') && weighty.length > 1 : weighty.length > 0
    return enough ? 'improve' : 'worth-keeping'
  }

  const softened = withPower('softens').length > 0
  if (kind === 'unclear' || has('social')) return 'not-enough-data'
  if (has('invitees-not-listed') || has('kind-unsure'))
    return softened && changes.length > 0 ? 'improve' : 'not-enough-data'

  const carried = withPower('carries').length > 0
  if (carried && (softened || has('mixed-composition'))) return 'improve'
  if (carried && (!facts.hasOpenGroup || isCarriedWhoeverComes(has, facts))) return 'try-without'
  if (softened) return changes.length > 0 ? 'improve' : 'worth-keeping'
  return 'not-enough-data'
}

/** People on the invitation, beside a group nobody can count, from which on something is known about who comes. */
const fewestKnownPeople = 3

/**
 * What speaks against it whoever is behind the group: I am optional where one speaks to many, or its own text, and not
 * its title alone, says that people inform each other.
 */
function isCarriedWhoeverComes(has: (id: string) => boolean, facts: SkipFacts): boolean {
  if (has('broadcast-you-are-optional')) return true
  if (facts.knownPeople < fewestKnownPeople) return false
  return has('pre-read-suffices') || (has('status-round') && !facts.isKindFromTitleOnly)
}

const decidingSide: Readonly<Record<AuditSection, SkipReason['side']>> = {
  'try-without': 'skip',
  improve: 'improve',
  'worth-keeping': 'keep',
  'not-enough-data': 'unknown',
}

function basisOf(speaking: readonly Spoken[], section: AuditSection, facts: SkipFacts): SkipReason[] {
  const lead = ({ rule }: Spoken) => (rule.side === decidingSide[section] ? 1 : 0)
  const basis = [...speaking]
    .sort((a, b) => lead(b) - lead(a) || b.rule.strength - a.rule.strength)
    .map(({ reason }) => reason)
  if (basis.length > 0) return basis
  return [
    {
      rule: 'no-evidence',
      side: 'unknown',
      sentence: 'Nothing on this calendar speaks for it or against it.',
      figures: { held: facts.held },
    },
  ]
}

function answerOf(section: AuditSection, speaking: readonly Spoken[], { classification }: SkipFacts): SkipAnswer {
  if (section === 'not-enough-data') return 'cannot-say'
  if (section === 'try-without') return 'nothing-would-change'
  const answer = answerOfKept(speaking, classification)
  // To keep what nobody would miss would be a contradiction: something keeps it that no rule can name the loss of.
  return section === 'worth-keeping' && answer === 'nothing-would-change' ? 'cannot-say' : answer
}

function answerOfKept(speaking: readonly Spoken[], classification: Classification): SkipAnswer {
  const has = (id: string) => speaking.some(({ rule }) => rule.id === id)
  const { kind, forum } = classification
  if (kind === 'conflict' || forum === 'architecture-review' || forum === 'design-discussion')
    return 'conflicts-emerge-later'
  if (has('sole-channel') || has('bridge') || forum === 'release-planning') return 'teams-at-cross-purposes'
  if (forum === 'incident-review' || has('decision-work') || has('interview')) return 'decisions-without-full-context'
  if (has('near-misses')) return 'conflicts-emerge-later'
  if (has('one-on-one') || has('training')) return 'cannot-say'
  if (has('sole-link-by-report') || has('cross-team-plans')) return 'teams-at-cross-purposes'
  if (has('conflict-possible')) return 'conflicts-emerge-later'
  if (has('external') && kind === 'status') return 'cannot-say'
  if (has('handover') && kind === 'status') return 'decisions-without-full-context'
  return answerByKind[has('decision-possible') ? 'decision' : kind]
}

const answerByKind: Readonly<Record<KindVerdict, SkipAnswer>> = {
  status: 'nothing-would-change',
  decision: 'decisions-without-full-context',
  alignment: 'teams-at-cross-purposes',
  conflict: 'conflicts-emerge-later',
  unclear: 'cannot-say',
}

/** Rules that read structure, not words: a doubtful reading of the words does not weaken them. */
const structural: ReadonlySet<string> = new Set([
  'near-misses',
  'forum',
  'sole-channel',
  'bridge',
  'one-on-one',
  'sole-link-by-report',
])

function surenessOf(section: AuditSection, speaking: readonly Spoken[], facts: SkipFacts): SkipVerdict['sureness'] {
  if (section === 'not-enough-data') return 'low'
  const { confidence } = facts.classification
  const has = (id: string) => speaking.some(({ rule }) => rule.id === id)
  const onItsSide = speaking.filter(({ rule }) => rule.side === decidingSide[section])
  const isStructural = section !== 'try-without' && speaking.some(({ rule }) => structural.has(rule.id))

  if (has('invitees-not-listed')) return 'low'
  if (section === 'try-without' && facts.hasOpenGroup) return 'low'
  if (confidence < sureFrom) return isStructural ? 'some' : 'low'
  const isContested = section === 'try-without' && speaking.some(({ rule }) => rule.side === 'keep')
  const mayHideALink = has('teams-unknown') && facts.people.expected <= 25
  const isThin = onItsSide.length < 2 || facts.held < 4 || facts.cost.lowerBound
  const isTitleOnly = facts.isKindFromTitleOnly && !isStructural
  return confidence >= 0.75 && !isContested && !mayHideALink && !isThin && !isTitleOnly ? 'high' : 'some'
}
