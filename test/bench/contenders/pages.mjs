import { report } from './measure.mjs'
import { itemAt, nowAt } from './sync-items.mjs'

/** One page of a provider, many times: what JSON.parse takes of it, and what making our items of that takes beside. */
export function pageRace({ text, map }) {
  const events = 1_000
  const page = text(Array.from({ length: events }, (_, index) => itemAt(index, 'all')))
  const window = { startAt: nowAt - 400 * 86_400_000, endAt: nowAt + 400 * 86_400_000 }
  const parseMs = []
  const mapMs = []
  let items = 0
  for (let turn = 0; turn < 40; turn++) {
    const startedAt = performance.now()
    const json = JSON.parse(page)
    const parsedAt = performance.now()
    items = map(json, window).filter(({ kind }) => kind === 'item').length
    parseMs.push(parsedAt - startedAt)
    mapMs.push(performance.now() - parsedAt)
  }
  const middle = list => list.toSorted((a, b) => a - b)[list.length >> 1]
  const ms = middle(mapMs)
  report(ms, { items }, { parseMs: middle(parseMs), perSecond: (events / ms) * 1_000, kB: page.length / 1_000 })
}
