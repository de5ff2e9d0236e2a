import { stripBoilerplate } from './boilerplate.ts'
import { htmlToText, looksLikeHtml } from './html-text.ts'
import { findCues } from './lexicon.ts'

/** What a description says once greetings of machines are taken out. */
export interface Agenda {
  readonly items: readonly AgendaItem[]
  /** Sentences that belong to no item, in order. */
  readonly prose: readonly string[]
}

export interface AgendaItem {
  /** As written, without bullet, time, minutes and owner. */
  readonly text: string
  /** Notes and sub-points under the item, joined by line breaks; empty when there are none. */
  readonly details: string
  /** The heading the item stands under, or null. */
  readonly heading: string | null
  readonly minutes: number | null
  readonly owner: string | null
  /** Roll call, minutes, action items of last time, any other business. */
  readonly housekeeping: boolean
}

/** Longest agenda that is read, in characters; none is longer, and a hostile one costs no more. */
const readableCharacters = 40_000
/** Outlook puts tens of thousands of characters of styles before the first word. */
const readableMarkup = 400_000
const mostItems = 200
const longestItem = 400

/**
 * Reads a description: plain text, HTML as Outlook and Google write it, or Markdown. Total for any text, in time linear
 * in its length. Joining instructions, legal footers and quoted older invitations are left out.
 */
export function parseAgenda(description: string): Agenda {
  if (description === '') return emptyAgenda
  const cut = description.length > readableMarkup ? description.slice(0, readableMarkup) : description
  const text = (looksLikeHtml(cut) ? htmlToText(cut) : cut).slice(0, readableCharacters)
  const lines = stripBoilerplate(text.split('\n')).map(readLine)
  return assemble(newestSection(lines))
}

const emptyAgenda: Agenda = { items: [], prose: [] }

interface Line {
  readonly text: string
  readonly indent: number
  readonly bullet: 'point' | 'number' | 'time' | 'none'
  readonly isHeading: boolean
  readonly startMinute: number | null
  readonly minutes: number | null
  readonly blank: boolean
}

function readLine(raw: string): Line {
  const indent = indentOf(raw)
  let text = trimMarks(raw)
  if (text === '') return blankLine
  let isHeading = false
  let bullet: Line['bullet'] = 'none'
  if (text.charCodeAt(0) === 35) {
    const hashes = countLeading(text, 35)
    if (hashes <= 6 && text.charCodeAt(hashes) === 32) {
      isHeading = true
      text = trimMarks(text.slice(hashes))
    }
  }
  for (let depth = 0; depth < 3; depth++) {
    const mark = isHeading ? 0 : pointLength(text)
    if (mark > 0) {
      if (bullet === 'none') bullet = 'point'
      text = text.slice(mark).trimStart()
      continue
    }
    const number = numberLength(text)
    if (number > 0 && !isHeading) {
      if (bullet === 'none') bullet = 'number'
      text = text.slice(number).trimStart()
      continue
    }
    break
  }
  if (!isHeading && isEmphasised(text) && bullet === 'none') isHeading = true
  text = stripEmphasis(text)
  const clock = readClock(text)
  if (clock !== null) {
    if (bullet === 'none') bullet = 'time'
    isHeading = false
    text = clock.rest
  }
  if (!isHeading && bullet === 'none' && text.length <= 60 && endsWithColon(text)) isHeading = true
  return {
    text: text.length > longestItem ? text.slice(0, longestItem) : text,
    indent,
    bullet,
    isHeading,
    startMinute: clock?.startMinute ?? null,
    minutes: clock?.minutes ?? null,
    blank: false,
  }
}

const blankLine: Line = {
  text: '',
  indent: 0,
  bullet: 'none',
  isHeading: false,
  startMinute: null,
  minutes: null,
  blank: true,
}

/**
 * Running notes keep every older agenda below the newest. Where two or more lines are nothing but a date, only what
 * stands above them and under the first is this meeting's; so is what stands above "Last week's agenda".
 */
function newestSection(lines: readonly Line[]): readonly Line[] {
  const dated: number[] = []
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!
    if (line.blank || line.text.length > 48) continue
    if (opensOlderAgenda(line.text) && line.bullet !== 'point') return lines.slice(0, i)
    if (line.bullet !== 'point' && isOnlyDate(line.text)) dated.push(i)
    if (dated.length === 2 && dated[1]! - dated[0]! > 1) return lines.slice(0, i)
  }
  return lines
}

function opensOlderAgenda(text: string): boolean {
  const lower = text.toLowerCase()
  return olderAgendaOpenings.some(opening => lower.startsWith(opening))
}

const olderAgendaOpenings = [
  "last week's agenda",
  'last week’s agenda',
  'agenda from last',
  'agenda of last',
  'previous agenda',
  'previous meeting agenda',
  'older agenda',
  'past agenda',
  'past meetings',
  'previous meetings',
  'archive',
  'alte agenda',
  'frühere tagesordnung',
  'ordre du jour précédent',
  'agenda anterior',
  'pauta anterior',
  '前回の議題',
]

const months = [
  'jan',
  'feb',
  'mar',
  'mär',
  'apr',
  'may',
  'mai',
  'jun',
  'jul',
  'aug',
  'sep',
  'oct',
  'okt',
  'nov',
  'dec',
  'dez',
]

function isOnlyDate(text: string): boolean {
  if (text.length < 6 || text.length > 32) return false
  let digits = 0
  let letters = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code >= 48 && code <= 57) digits++
    else if (code > 64 && code !== 0x2013) letters++
  }
  if (digits >= 6 && digits <= 8 && letters === 0) return text.includes('-') || text.includes('.') || text.includes('/')
  if (digits < 1 || digits > 6 || letters > 20) return false
  const words = text
    .toLowerCase()
    .split(/[^a-zäé]+/)
    .filter(word => word.length > 2)
  return words.length > 0 && words.length <= 2 && words.some(word => months.some(month => word.startsWith(month)))
}

function assemble(lines: readonly Line[]): Agenda {
  const items: AgendaItem[] = []
  const prose: string[] = []
  const base = outerIndent(lines)
  let heading: string | null = null
  let section: Section | null = null
  let listing = false
  let open: { line: Line; details: string[]; heading: string | null } | null = null
  let lastTimed: { index: number; startMinute: number } | null = null

  const close = () => {
    if (open === null) return
    const item = makeItem(open.line, open.details, open.heading)
    const startMinute = open.line.startMinute
    open = null
    if (item === null || items.length >= mostItems) return
    if (startMinute !== null) {
      if (lastTimed !== null) fillMinutes(items, lastTimed, startMinute)
      lastTimed = item.minutes === null ? { index: items.length, startMinute } : null
    }
    items.push(item)
  }

  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!
    if (line.blank) {
      // A blank line ends a list that was written without bullets only when prose follows; the text decides below.
      continue
    }
    if (line.isHeading) {
      close()
      const named = nextText(lines, i)
      const opensList = named !== null && named.bullet !== 'none'
      const plainList = isAgendaWord(line.text)
      if (opensList || plainList || named?.isHeading === true || named === null) {
        shareMinutes(items, section)
        const timed = takeMinutes(line.text)
        heading = trimColon(timed.text)
        section = timed.minutes === null ? null : { from: items.length, minutes: timed.minutes }
        listing = plainList
        if (named === null || (named.isHeading && !plainList && items.length > 0))
          open = { line, details: [], heading: null }
        continue
      }
      // "Budget:" followed by its sentences is an item with its notes.
      heading = null
      listing = false
      open = { line: { ...line, text: trimColon(line.text) }, details: [], heading: null }
      continue
    }
    if (line.bullet !== 'none') {
      if (open !== null && line.indent > base && open.line.indent >= base) {
        open.details.push(line.text)
        continue
      }
      close()
      listing = false
      open = { line, details: [], heading }
      continue
    }
    const inline = inlineAgenda(line.text)
    if (inline !== null) {
      close()
      for (const part of inline) {
        const item = makeItem({ ...line, text: part }, [], null)
        if (item !== null && items.length < mostItems) items.push(item)
      }
      if (inline.length === 0) {
        heading = trimColon(line.text)
        listing = true
      }
      continue
    }
    if (open !== null && (line.indent > base || open.line.isHeading || !isBlankBefore(lines, i))) {
      open.details.push(line.text)
      continue
    }
    close()
    if (listing && line.text.length <= 120 && !endsSentence(line.text)) {
      open = { line, details: [], heading }
      close()
      continue
    }
    listing = false
    for (const sentence of sentencesOf(line.text)) if (prose.length < mostItems) prose.push(sentence)
  }
  close()
  shareMinutes(items, section)
  return { items, prose }
}

function makeItem(line: Line, details: readonly string[], heading: string | null): AgendaItem | null {
  const timed = takeMinutes(line.text)
  const owned = takeOwner(timed.text)
  const text = trimColon(owned.text.trim())
  if (text === '' && details.length === 0) return null
  const shown = text === '' ? line.text : text
  const housekeeping = isHousekeeping(shown)
  return {
    text: shown,
    details: details.slice(0, 40).join('\n'),
    heading,
    minutes: line.minutes ?? timed.minutes,
    owner: owned.owner,
    housekeeping,
  }
}

interface Section {
  /** Number of its first item. */
  readonly from: number
  readonly minutes: number
}

/** "Discussion (30 min)" over three points without minutes gives ten to each. */
function shareMinutes(items: AgendaItem[], section: Section | null): void {
  if (section === null) return
  const untimed = items.slice(section.from).filter(item => item.minutes === null).length
  for (let i = section.from; i < items.length; i++) {
    const item = items[i]!
    if (item.minutes === null) items[i] = { ...item, minutes: section.minutes / untimed }
  }
}

function fillMinutes(items: AgendaItem[], timed: { index: number; startMinute: number }, nextStart: number): void {
  const minutes = nextStart - timed.startMinute
  const item = items[timed.index]
  if (item !== undefined && minutes > 0 && minutes <= 240) items[timed.index] = { ...item, minutes }
}

/** Housekeeping when its words say so and little else is said: "Approve minutes" yes, "Minutes of the accident" no. */
function isHousekeeping(text: string): boolean {
  if (text.length > 90) return false
  let known = 0
  let length = 0
  let telling = false
  for (const cue of findCues(text)) {
    if (cue.group.role === 'housekeeping') known += cue.end - cue.start
    else if (Object.keys(cue.group.weights).length > 0) telling = true
  }
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 32) length++
  return known > 0 && (known >= length * 0.45 || (!telling && known >= length * 0.3))
}

// ——— the small readings of one line

function indentOf(raw: string): number {
  let indent = 0
  for (let i = 0; i < raw.length; i++) {
    const code = raw.charCodeAt(i)
    if (code === 32 || code === 0xa0) indent++
    else if (code === 9) indent += 4
    else break
  }
  return indent
}

function outerIndent(lines: readonly Line[]): number {
  let least = Number.MAX_SAFE_INTEGER
  let atLeast = 0
  let under = 0
  for (const line of lines) {
    if (line.blank || line.isHeading || line.bullet === 'none') continue
    if (line.indent < least) {
      least = line.indent
      atLeast = 1
      under = 0
    } else if (line.indent === least) atLeast++
    else under++
  }
  if (least === Number.MAX_SAFE_INTEGER) return 0
  // One outer point with everything under it is a heading in disguise: the points under it are the agenda.
  if (atLeast === 1 && under >= 2) {
    let inner = Number.MAX_SAFE_INTEGER
    for (const line of lines) {
      if (!line.blank && line.bullet !== 'none' && line.indent > least && line.indent < inner) inner = line.indent
    }
    return inner
  }
  return least
}

function nextText(lines: readonly Line[], from: number): Line | null {
  for (let i = from + 1; i < lines.length; i++) if (!lines[i]!.blank) return lines[i]!
  return null
}

function isBlankBefore(lines: readonly Line[], at: number): boolean {
  return at > 0 && lines[at - 1]!.blank
}

function trimMarks(raw: string): string {
  return raw.trim()
}

function countLeading(text: string, code: number): number {
  let count = 0
  while (count < text.length && text.charCodeAt(count) === code) count++
  return count
}

const pointMarks = new Set('-*+•·‣▪▫◦●○■□–—►▶➤→✓✔☐☑✅⁃・※◆◇'.split(''))

/** Length of "- ", "• ", "[ ] " at the start of a line, else 0. */
function pointLength(text: string): number {
  if (text.startsWith('[ ]') || text.startsWith('[x]') || text.startsWith('[X]')) return 3
  if (!pointMarks.has(text.charAt(0))) return 0
  const next = text.charCodeAt(1)
  if (next === 32 || next === 9 || next === 0xa0 || next === 0x3000) return 2
  const first = text.charCodeAt(0)
  return first > 0x2000 && first !== 0x2013 && first !== 0x2014 && text.length > 1 ? 1 : 0
}

const itemWords = [
  'item',
  'agenda item',
  'top',
  'punkt',
  'tagesordnungspunkt',
  'point',
  'punto',
  'ponto',
  'topic',
  '議題',
]

/** Length of "1. ", "2) ", "(3) ", "1.2 ", "a) ", "IV. ", "Item 4: ", "TOP 5 " at the start of a line, else 0. */
function numberLength(text: string): number {
  let at = 0
  const open = text.charCodeAt(0) === 40
  if (open) at = 1
  const lower = text.slice(0, 24).toLowerCase()
  let worded = false
  for (const word of itemWords) {
    if (!lower.startsWith(word)) continue
    const space = word.length < lower.length && lower.charCodeAt(word.length) === 32 ? 1 : 0
    if (isDigit(lower.charCodeAt(word.length + space))) {
      at = word.length + space
      worded = true
    }
  }
  const from = at
  while (at - from < 3 && isDigit(text.charCodeAt(at))) at++
  let letters = false
  if (at === from && !worded) {
    while (at - from < 4 && isRomanOrSingle(text, at, from)) at++
    letters = at > from
    if (letters && at - from > 1 && !isRoman(text.slice(from, at))) return 0
  }
  if (at === from) return 0
  let dots = 0
  while (dots < 3 && text.charCodeAt(at) === 46 && isDigit(text.charCodeAt(at + 1)) && !letters) {
    at++
    while (isDigit(text.charCodeAt(at)) && at - from < 8) at++
    dots++
  }
  const mark = text.charCodeAt(at)
  const closes = mark === 46 || mark === 41 || mark === 58 || mark === 0xff09 || mark === 0xff0e || mark === 0x3001
  if (closes) at++
  const after = text.charCodeAt(at)
  const spaced = after === 32 || after === 9 || after === 0xa0 || after === 0x3000
  if (closes && mark === 58 && !worded && isDigit(after)) return 0
  if (!closes && !worded && dots === 0) return 0
  if (!spaced && !(mark > 0x3000) && !(closes && mark === 41)) return 0
  if (open && mark !== 41) return 0
  // "10:00 Budget" and "2024. január" are no numbering; nor is "1.5 hours".
  if (!closes && dots > 0 && !isUpper(text, at + 1)) return 0
  return at
}

function isRomanOrSingle(text: string, at: number, from: number): boolean {
  const code = text.charCodeAt(at) | 32
  if (at === from) return code >= 97 && code <= 122
  return code === 105 || code === 118 || code === 120
}

function isRoman(letters: string): boolean {
  for (const letter of letters.toLowerCase()) if (letter !== 'i' && letter !== 'v' && letter !== 'x') return false
  return true
}

function isUpper(text: string, at: number): boolean {
  const letter = text.charAt(at)
  return letter !== '' && letter !== letter.toLowerCase()
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

/** "10:00-10:20 Topic", "10.00 – 10.20 Uhr: Topic", "9:30am Topic", "14h00 Topic". */
function readClock(text: string): { startMinute: number; minutes: number | null; rest: string } | null {
  const from = text.charCodeAt(0) === 40 || text.charCodeAt(0) === 91 ? 1 : 0
  const start = clockAt(text, from)
  if (start === null) return null
  let at = skipSpaces(text, start.end)
  let minutes: number | null = null
  const mark = text.charCodeAt(at)
  const dash = mark === 45 || mark === 0x2013 || mark === 0x2014 || mark === 0x301c || mark === 0xff5e || mark === 126
  const to = dash ? 1 : text.startsWith('to ', at) ? 3 : text.startsWith('bis ', at) ? 4 : 0
  const end = to > 0 ? clockAt(text, skipSpaces(text, at + to)) : null
  if (end !== null) {
    minutes = end.minute - start.minute
    if (minutes < 0 && minutes > -720) minutes += 720
    if (minutes <= 0 || minutes > 600) minutes = null
    at = skipSpaces(text, end.end)
  }
  if (text.slice(at, at + 3).toLowerCase() === 'uhr') at = skipSpaces(text, at + 3)
  while (at < text.length && isClockJoin(text.charCodeAt(at))) at = skipSpaces(text, at + 1)
  const rest = text.slice(at)
  return rest === '' ? null : { startMinute: start.minute, minutes, rest }
}

function isClockJoin(code: number): boolean {
  return (
    code === 45 ||
    code === 58 ||
    code === 41 ||
    code === 93 ||
    code === 124 ||
    code === 46 ||
    code === 44 ||
    code === 0x2013 ||
    code === 0x2014 ||
    code === 0xff1a
  )
}

function clockAt(text: string, from: number): { minute: number; end: number } | null {
  let at = from
  let hour = 0
  while (at - from < 2 && isDigit(text.charCodeAt(at))) hour = hour * 10 + text.charCodeAt(at++) - 48
  if (at === from || hour > 24) return null
  const mark = text.charCodeAt(at)
  let minute = 0
  const separated = mark === 58 || mark === 46 || (mark | 32) === 104 || mark === 0xff1a
  if (separated && isDigit(text.charCodeAt(at + 1)) && isDigit(text.charCodeAt(at + 2))) {
    minute = (text.charCodeAt(at + 1) - 48) * 10 + text.charCodeAt(at + 2) - 48
    at += 3
    if (minute > 59 || isDigit(text.charCodeAt(at))) return null
    // "1.25 Budget" could be a number; a clock with a dot has two digits before it.
    if (mark === 46 && at - from < 5) return null
  } else if (
    !(
      text
        .slice(at, at + 3)
        .trimStart()
        .slice(0, 2)
        .toLowerCase() in halfDays
    )
  )
    return null
  const half = text
    .slice(at, at + 3)
    .trimStart()
    .slice(0, 2)
    .toLowerCase()
  if (half in halfDays) {
    if (half === 'pm' && hour < 12) hour += 12
    if (half === 'am' && hour === 12) hour = 0
    at = text.toLowerCase().indexOf(half, at) + 2
  }
  return { minute: hour * 60 + minute, end: at }
}

const halfDays: Readonly<Record<string, true>> = { am: true, pm: true }

function skipSpaces(text: string, at: number): number {
  while (at < text.length && (text.charCodeAt(at) === 32 || text.charCodeAt(at) === 0xa0)) at++
  return at
}

const minuteWords = ['minutes', 'minuten', 'minutos', 'minute', 'minuto', 'mins', 'min', 'm', "'", '’', '′', '分', 'mn']

/** Takes "(10 min)", "[15m]", "20 minutes", "5'" out of an item. The first that is found counts. */
function takeMinutes(text: string): { text: string; minutes: number | null } {
  for (let i = 0; i < text.length; i++) {
    if (!isDigit(text.charCodeAt(i)) || (i > 0 && isWordLike(text.charCodeAt(i - 1)))) continue
    let end = i
    while (end < text.length && end - i < 4 && isDigit(text.charCodeAt(end))) end++
    const value = Number(text.slice(i, end))
    const word = skipSpaces(text, text.charCodeAt(end) === 45 ? end + 1 : end)
    const unit = minuteWords.find(
      unit =>
        text.slice(word, word + unit.length).toLowerCase() === unit && !isLetter(text.charCodeAt(word + unit.length)),
    )
    if (unit === undefined || value < 1 || value > 480) {
      i = end
      continue
    }
    if (unit === 'm' && !(isOpener(text.charCodeAt(i - 1)) && isCloser(text.charCodeAt(word + 1)))) {
      i = end
      continue
    }
    let from = i
    let to = word + unit.length
    if (text.charCodeAt(to) === 46) to++
    const wrapped = from > 0 && isOpener(text.charCodeAt(from - 1)) && isCloser(text.charCodeAt(to))
    if (wrapped) {
      from--
      to++
    } else if (from > 0 && isOpener(text.charCodeAt(from - 1)) && text.charCodeAt(to) === 44) {
      // "(10 min, Ana)" leaves "(Ana)".
      to = skipSpaces(text, to + 1)
    } else if (to < text.length && isCloser(text.charCodeAt(to)) && from > 1 && text.charCodeAt(from - 2) === 44) {
      // "(Ana, 10 min)" leaves "(Ana)".
      from -= 2
    }
    const left = text.slice(0, from).trimEnd()
    const right = text.slice(to).trimStart()
    return { text: trimDashes(right === '' ? left : left === '' ? right : joinAround(left, right)), minutes: value }
  }
  return { text, minutes: null }
}

function joinAround(left: string, right: string): string {
  const tight = isOpener(left.charCodeAt(left.length - 1)) || isCloser(right.charCodeAt(0))
  return tight ? left + right : `${left} ${right}`
}

function isWordLike(code: number): boolean {
  return isDigit(code) || isLetter(code) || code === 46 || code === 36 || code === 35 || code === 58
}

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code > 191 && code < 0x2000)
}

function isOpener(code: number): boolean {
  return code === 40 || code === 91 || code === 0xff08
}

function isCloser(code: number): boolean {
  return code === 41 || code === 93 || code === 0xff09
}

function trimDashes(text: string): string {
  let from = 0
  let to = text.length
  while (from < to && isDashOrSpace(text.charCodeAt(from))) from++
  while (to > from && isDashOrSpace(text.charCodeAt(to - 1))) to--
  return text.slice(from, to)
}

function isDashOrSpace(code: number): boolean {
  return code === 45 || code === 0x2013 || code === 0x2014 || code === 32 || code === 58 || code === 124 || code === 44
}

const ownerWords = [
  'owner',
  'owners',
  'lead',
  'led by',
  'presenter',
  'facilitator',
  'host',
  'by',
  'speaker',
  'wer',
  'verantwortlich',
  'responsable',
  'responsável',
  'animateur',
  'resp',
  'dri',
  '担当',
]

/** Takes "(owner: Ana)", "(Ana)", "@ana", "Ana:" and "– Ana" out of an item. A name is one to three capitalised words. */
function takeOwner(text: string): { text: string; owner: string | null } {
  const close = lastClosing(text)
  if (close !== null) {
    const inside = text.slice(close.open + 1, close.close).trim()
    const said = ownerSaid(inside) ?? (isName(inside) ? inside : null)
    if (said !== null) {
      const rest = `${text.slice(0, close.open).trimEnd()}${text.slice(close.close + 1)}`
      return { text: trimDashes(rest), owner: said }
    }
  }
  const at = text.lastIndexOf('@')
  if (at >= 0 && (at === 0 || text.charCodeAt(at - 1) === 32 || isOpener(text.charCodeAt(at - 1)))) {
    let end = at + 1
    while (end < text.length && isHandle(text.charCodeAt(end))) end++
    if (end - at > 2)
      return { text: trimDashes(`${text.slice(0, at)}${text.slice(end)}`), owner: text.slice(at + 1, end) }
  }
  const colon = text.indexOf(':')
  if (colon > 1 && colon < 40 && colon < text.length - 1) {
    const before = text.slice(0, colon)
    if (isName(before) && findCues(before).length === 0 && !isTopicWord(before) && text.charCodeAt(colon + 1) === 32) {
      return { text: text.slice(colon + 1).trim(), owner: before }
    }
  }
  for (const dash of [' – ', ' — ', ' - ']) {
    const found = text.lastIndexOf(dash)
    if (found <= 0) continue
    const after = text.slice(found + 3).trim()
    const said = ownerSaid(after)
    if (said !== null) return { text: text.slice(0, found).trim(), owner: said }
    if (isName(after) && findCues(after).length === 0 && !isTopicWord(after)) {
      return { text: text.slice(0, found).trim(), owner: after }
    }
  }
  return { text, owner: null }
}

function lastClosing(text: string): { open: number; close: number } | null {
  const close = Math.max(text.lastIndexOf(')'), text.lastIndexOf(']'))
  if (close < 0) return null
  const open = Math.max(text.lastIndexOf('(', close), text.lastIndexOf('[', close))
  return open < 0 || close - open > 60 || text.length - close > 4 ? null : { open, close }
}

function ownerSaid(text: string): string | null {
  const lower = text.toLowerCase()
  for (const word of ownerWords) {
    if (!lower.startsWith(word)) continue
    const after = text.charAt(word.length)
    if (after !== ':' && after !== ' ' && after !== '：') continue
    const name = text.slice(word.length + 1).trim()
    if (name !== '' && name.length <= 40 && (after !== ' ' || isName(name)))
      return name.startsWith('@') ? name.slice(1) : name
  }
  return null
}

function isName(text: string): boolean {
  if (text.length < 2 || text.length > 40) return false
  const words = text.split(' ')
  if (words.length > 3) return false
  return words.every(word => {
    const first = word.charAt(0)
    if (first === first.toLowerCase()) return false
    const rest = word.slice(1)
    if (rest === '' ? words.length === 1 : rest === rest.toUpperCase() && rest !== '.') return false
    for (let i = 0; i < word.length; i++) {
      const code = word.charCodeAt(i)
      if (!isLetter(code) && code !== 45 && code !== 39 && code !== 46) return false
    }
    return true
  })
}

const topicWords = new Set(
  `agenda topic topics item items note notes goal purpose budget finance marketing sales engineering product design team
  legal hr people operations ops security platform infrastructure mobile web backend frontend data research support
  customer customers project projects program programme event events office general misc other new old next monday tuesday
  wednesday thursday friday saturday sunday january february march april may june july august september october november
  december when where who what why how location date time zoom teams link links docs documentation website todo action
  actions part day week month quarter phase step option optional required draft final release version thema themen sujet
  tema assunto`.split(/\s+/),
)

function isTopicWord(text: string): boolean {
  return text
    .toLowerCase()
    .split(' ')
    .some(word => topicWords.has(word))
}

function isHandle(code: number): boolean {
  return isDigit(code) || isLetter(code) || code === 45 || code === 95 || code === 46
}

function isEmphasised(text: string): boolean {
  return text.length > 4 && text.length < 70 && text.startsWith('**') && (text.endsWith('**') || text.endsWith('**:'))
}

function stripEmphasis(text: string): string {
  return text.includes('**') || text.includes('__') || text.includes('~~')
    ? text.replaceAll('**', '').replaceAll('__', '').replaceAll('~~', '')
    : text
}

function endsWithColon(text: string): boolean {
  return text.endsWith(':') || text.endsWith('：')
}

function trimColon(text: string): string {
  return endsWithColon(text) ? text.slice(0, -1).trimEnd() : text
}

function endsSentence(text: string): boolean {
  const last = text.charAt(text.length - 1)
  return last === '.' || last === '!' || last === '。'
}

const agendaWords = [
  'agenda',
  'topics',
  'tagesordnung',
  'themen',
  'ordre du jour',
  'orden del día',
  'orden del dia',
  'temario',
  'temas',
  'pauta',
  'ordem do dia',
  '議題',
  'アジェンダ',
  '議事次第',
]

function isAgendaWord(text: string): boolean {
  const lower = trimColon(text).toLowerCase()
  return (
    lower.length < 40 &&
    agendaWords.some(word => lower === word || lower.endsWith(` ${word}`) || lower.startsWith(`${word} `))
  )
}

/** "Agenda: budget, hiring; AOB" → its parts; an agenda word alone → no parts yet; anything else → null. */
function inlineAgenda(text: string): readonly string[] | null {
  const colon = text.indexOf(':')
  if (colon < 0) return isAgendaWord(text) && text.length < 24 ? [] : null
  if (colon > 24 || !isAgendaWord(text.slice(0, colon))) return null
  const rest = text.slice(colon + 1).trim()
  if (rest === '') return []
  const separator = rest.includes(';') ? ';' : rest.includes('、') ? '、' : ','
  return rest
    .split(separator)
    .map(part => trimDashes(part.trim()))
    .filter(part => part !== '')
}

/** Splits at ". ", "? ", "! " and their full-width sisters; "e.g. " and "10. " do not end a sentence. */
function sentencesOf(text: string): readonly string[] {
  const sentences: string[] = []
  let from = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    const wide = code === 0x3002 || code === 0xff01 || code === 0xff1f
    const narrow = (code === 46 || code === 33 || code === 63) && text.charCodeAt(i + 1) === 32
    if (!wide && !narrow) continue
    if (code === 46 && i - from < 4) continue
    if (code === 46 && (text.charCodeAt(i - 2) === 46 || isDigit(text.charCodeAt(i - 1)))) continue
    const sentence = text.slice(from, i + 1).trim()
    if (sentence !== '') sentences.push(sentence)
    from = i + 1
  }
  const last = text.slice(from).trim()
  if (last !== '') sentences.push(last)
  return sentences
}
