import type { CalendarSync } from '../../store/accounts.ts'

type LeftOuts = CalendarSync['leftOut']

/**
 * What was left out in the steps before and in this one, as of one reading: what is said twice is said once, with the
 * sum. Sentences of one code that quote different names (of time zones) stay apart, up to a few of them.
 */
export function mergeLeftOut(before: LeftOuts, more: LeftOuts): LeftOuts {
  if (more.length === 0) return before
  const merged = new Map<string, LeftOuts[number]>()
  for (const one of [...before, ...more]) {
    const named = keyOf(one)
    const key = merged.has(named) || merged.size < mostSaid ? named : one.code
    const known = merged.get(key)
    merged.set(key, known === undefined ? one : added(known, one))
  }
  return [...merged.values()]
}

/** So many names are told apart; a calendar of a thousand zones is one problem and not a thousand. */
const mostSaid = 20

const keyOf = ({ code, sentence }: LeftOuts[number]) => [code, ...(sentence.match(/"[^"]*"/g) ?? [])].join(' ')

function added(known: LeftOuts[number], one: LeftOuts[number]): LeftOuts[number] {
  const count = known.count + one.count
  return { ...one, count, sentence: one.sentence.replace(eventsIn(one.count), eventsOf(count)) }
}

const eventsOf = (count: number) => (count === 1 ? '1 event' : `${count} events`)
const eventsIn = (count: number) => new RegExp(`\\b${eventsOf(count)}\\b`)
