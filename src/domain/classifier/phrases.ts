/**
 * Finds many known phrases in a text in one pass over its char codes: no regular expression, no substring per word.
 *
 * A phrase is words with one space between them; `approv*` stands for every word that begins so. Case, accents,
 * full-width letters and whatever stands between two words ("go/no-go", "kick-off") make no difference. Where a script
 * writes no spaces (kana, kanji), a phrase is found anywhere. Of several phrases at one place the longest wins, and
 * the search goes on behind it, so a longer harmless phrase ("conflict of interest") hides a shorter telling one.
 */
export interface PhraseIndex {
  /** Flat triples: number of the entry the phrase belongs to, start, end (exclusive) in the text as given. */
  scan(text: string, limit?: number): number[]
}

/** `entries[i]` lists the phrases of entry i, separated by commas or line breaks. */
export function indexPhrases(entries: readonly string[]): PhraseIndex {
  const trie = buildTrie(entries)
  return { scan: (text, limit = text.length) => scanTrie(trie, text, Math.min(limit, text.length)) }
}

/** Phrases of one comma-separated list, as they are indexed. */
export function phrasesIn(list: string): readonly string[] {
  return list
    .split(/[,\n]/)
    .map(phrase => phrase.trim())
    .filter(phrase => phrase !== '')
}

const gap = 0
const otherLetter = 37
const anyEnding = 38
const width = 39
const firstUnspacedCode = 0x3005

interface Trie {
  /** Two bytes a step keep the whole table near the processor; `buildTrie` refuses more nodes than they can name. */
  readonly next: Uint16Array
  /** Entry + 1 where a phrase ends, else 0. */
  readonly entryAt: Int32Array
  /** Transitions on unspaced scripts, keyed by node * 65536 + code. */
  readonly unspaced: ReadonlyMap<number, number>
}

function buildTrie(entries: readonly string[]): Trie {
  const rows: Int32Array[] = [new Int32Array(width)]
  const ends: number[] = [0]
  const unspaced = new Map<number, number>()
  const addNode = () => {
    rows.push(new Int32Array(width))
    ends.push(0)
    return rows.length - 1
  }
  entries.forEach((list, entry) => {
    for (const phrase of phrasesIn(list)) {
      let node = 0
      for (let i = 0; i < phrase.length; i++) {
        const code = phrase.charCodeAt(i)
        if (code >= firstUnspacedCode && code < 0xff00) {
          const key = node * 65536 + code
          const known = unspaced.get(key)
          node = known ?? addNode()
          if (known === undefined) unspaced.set(key, node)
          continue
        }
        const row = rows[node]!
        const step = phrase[i] === '*' ? anyEnding : letterClass(code)
        if (row[step] === 0) row[step] = addNode()
        node = row[step]!
      }
      ends[node] = entry + 1
    }
  })
  if (rows.length > 65_535) throw new RangeError(`${rows.length} nodes are more than a phrase index can hold`)
  const next = new Uint16Array(rows.length * width)
  rows.forEach((row, node) => {
    next.set(row, node * width)
  })
  return { next, entryAt: Int32Array.from(ends), unspaced }
}

function scanTrie(trie: Trie, text: string, limit: number): number[] {
  const hits: number[] = []
  let at = 0
  let before = gap
  while (at < limit) {
    const code = text.charCodeAt(at)
    const unspacedHere = isUnspaced(code)
    const here = letterClass(code)
    const startsWord = here !== gap && (before === gap || unspacedHere)
    before = unspacedHere ? gap : here
    if (!startsWord) {
      at++
      continue
    }
    if (here === 8 && text.startsWith('http', at) && isAddress(text, at)) {
      at = endOfAddress(text, at, limit)
      before = gap
      continue
    }
    best.end = 0
    walk(trie, text, limit, at, 0)
    if (best.end === 0) {
      at++
      continue
    }
    hits.push(best.entry, at, best.end)
    at = best.end
    before = at > 0 && !isUnspaced(text.charCodeAt(at - 1)) ? letterClass(text.charCodeAt(at - 1)) : gap
  }
  return hits
}

/** The longest phrase of the walk under way; kept outside so that a walk allocates nothing. */
const best = { entry: 0, end: 0 }

function walk(trie: Trie, text: string, limit: number, from: number, start: number): void {
  let node = start
  let at = from
  for (;;) {
    const row = node * width
    const wild = trie.next[row + anyEnding]!
    if (wild !== 0) {
      const wordEnd = endOfWord(text, at, limit)
      note(trie, wild, wordEnd)
      const after = trie.next[wild * width + gap]!
      if (after !== 0) {
        const word = nextWord(text, wordEnd, limit)
        if (word > wordEnd) walk(trie, text, limit, word, after)
      }
    }
    if (trie.entryAt[node] !== 0 && isWordEnd(text, at, limit)) note(trie, node, at)
    if (at >= limit) return
    const code = text.charCodeAt(at)
    if (isUnspaced(code)) {
      const step = trie.unspaced.get(node * 65536 + code)
      if (step === undefined) return
      node = step
      at++
      continue
    }
    const here = letterClass(code)
    if (here === gap) {
      const step = trie.next[row + gap]!
      if (step === 0) return
      const word = nextWord(text, at, limit)
      if (word < 0) return
      node = step
      at = word
      continue
    }
    if (here === markClass) {
      at++
      continue
    }
    const step = trie.next[row + here]!
    if (step === 0) return
    node = step
    at++
  }
}

function note(trie: Trie, node: number, end: number): void {
  const entry = trie.entryAt[node]!
  if (entry === 0 || end <= best.end) return
  best.entry = entry - 1
  best.end = end
}

function isWordEnd(text: string, at: number, limit: number): boolean {
  if (at >= limit) return true
  const code = text.charCodeAt(at)
  return letterClass(code) === gap || isUnspaced(code) || isUnspaced(text.charCodeAt(at - 1))
}

function endOfWord(text: string, at: number, limit: number): number {
  while (at < limit) {
    const code = text.charCodeAt(at)
    if (letterClass(code) === gap || isUnspaced(code)) break
    at++
  }
  return at
}

/** Where the next word begins; at most eight characters may stand between two words of one phrase, else -1. */
function nextWord(text: string, at: number, limit: number): number {
  for (let i = at; i < limit && i <= at + 8; i++) {
    const code = text.charCodeAt(i)
    if (code === 10 || code === 46 || code === 59) return -1
    if (letterClass(code) !== gap) return i
  }
  return -1
}

function isAddress(text: string, at: number): boolean {
  return text.startsWith('://', at + 4) || text.startsWith('s://', at + 4)
}

function endOfAddress(text: string, at: number, limit: number): number {
  while (at < limit && text.charCodeAt(at) > 32 && !isUnspaced(text.charCodeAt(at))) at++
  return at
}

function isUnspaced(code: number): boolean {
  return code >= firstUnspacedCode && code < 0xff00 && !(code >= 0xac00 && code < 0xd800)
}

/** Combining accents belong to the letter before them and are walked over. */
const markClass = 36 + 3

function letterClass(code: number): number {
  if (code < latinClasses.length) return latinClasses[code]!
  if (code >= 0xff01 && code <= 0xff5e) return latinClasses[code - 0xfee0]!
  if (code >= 0x0300 && code <= 0x036f) return markClass
  if (code >= 0x1e00 && code <= 0x1eff) return foldedClass(code)
  if (code < 0x0370) return otherLetter
  if (code >= 0x2000 && code <= 0x303f && code !== 0x3005) return gap
  if (code >= 0xd800 && code <= 0xf8ff) return gap
  if (code >= 0xfe00) return gap
  return otherLetter
}

/** a-z are 1 to 26, digits 27 to 36, whatever else is a letter 37, everything between words 0. */
const latinClasses: Uint8Array = (() => {
  const classes = new Uint8Array(0x250)
  for (let code = 0; code < classes.length; code++) classes[code] = foldedClass(code)
  return classes
})()

function foldedClass(code: number): number {
  if (code === 0xdf) return 19
  const letter = String.fromCharCode(code).normalize('NFD').toLowerCase()
  const first = letter.charCodeAt(0)
  if (first >= 97 && first <= 122) return first - 96
  if (first >= 48 && first <= 57) return first - 48 + 27
  if (code === 0xe6 || code === 0xc6) return 1
  if (code === 0xf8 || code === 0xd8 || code === 0x153 || code === 0x152) return 15
  return code > 0xbf && code !== 0xd7 && code !== 0xf7 ? otherLetter : gap
}
