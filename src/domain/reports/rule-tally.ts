import { countingRuleSentences } from '../meetings/counting.ts'
import { type CountingRule, countedRules, droppedRules, type JudgedOccurrence } from '../meetings/types.ts'

export interface RuleCount {
  readonly rule: CountingRule
  readonly counted: boolean
  readonly occurrences: number
  /** Their lengths added up, overlaps and all. */
  readonly ms: number
  readonly sentence: string
}

/** Every rule that spoke, counted ones first, in the order they are asked. The occurrences add up to those judged. */
export function ruleTally(judged: readonly JudgedOccurrence[]): readonly RuleCount[] {
  const tally = new Map<CountingRule, { occurrences: number; ms: number }>()
  for (const { rule, occurrence } of judged) {
    const one = tally.get(rule) ?? { occurrences: 0, ms: 0 }
    one.occurrences++
    one.ms += occurrence.endAt - occurrence.startAt
    tally.set(rule, one)
  }
  const counting = new Set<CountingRule>(countedRules)
  return [...countedRules, ...droppedRules].flatMap(rule => {
    const one = tally.get(rule)
    return one === undefined
      ? []
      : [{ rule, counted: counting.has(rule), ...one, sentence: countingRuleSentences[rule] }]
  })
}
