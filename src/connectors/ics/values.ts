/** The value types of RFC 5545 section 3.3 and the parameters of 3.2, read from the bytes of one unfolded line. */
import { dayNumber } from '../../domain/time/calendar-date.ts'
import type { WallMillis } from '../../domain/time/types.ts'
import { dayMs, hourMs, minuteMs, secondMs, weekMs } from '../../domain/time/types.ts'

/** How a DATE or DATE-TIME was written: as a date, on somebody's wall, or in UTC. */
export type StampForm = 'date' | 'wall' | 'utc'

export interface Stamp {
  readonly form: StampForm
  readonly wall: WallMillis
}

/** A DATE or DATE-TIME; null when the bytes are none. */
export function parseStamp(bytes: Uint8Array, from: number, to: number): Stamp | null {
  const wall = stampWall(bytes, from, to)
  return Number.isNaN(wall) ? null : { form: stampForm(bytes, from, to), wall }
}

/**
 * The reading of a DATE or DATE-TIME (3.3.4, 3.3.5); NaN when the bytes are none, or name a day or time that does not
 * exist. A leap second is the second before it, and 24:00 is the next midnight. A number, since lists may be long.
 */
export function stampWall(bytes: Uint8Array, from: number, to: number): WallMillis {
  while (from < to && bytes[from]! <= space) from++
  while (to > from && bytes[to - 1]! <= space) to--
  const length = to - from
  if (length !== 8 && length !== 15 && length !== 16) return Number.NaN
  const year = digits(bytes, from, 4)
  const month = digits(bytes, from + 4, 2)
  const day = digits(bytes, from + 6, 2)
  if (year < 0 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return Number.NaN
  const midnight = dayNumber(year, month, day) * dayMs
  if (length === 8) return midnight
  const hour = digits(bytes, from + 9, 2)
  const minute = digits(bytes, from + 11, 2)
  const second = digits(bytes, from + 13, 2)
  if ((bytes[from + 8]! & 0xdf) !== letterT || hour < 0 || minute < 0 || minute > 59 || second < 0 || second > 60)
    return Number.NaN
  if (hour > 23 && (hour > 24 || minute > 0 || second > 0)) return Number.NaN
  if (length === 16 && (bytes[from + 15]! & 0xdf) !== letterZ) return Number.NaN
  return midnight + hour * hourMs + minute * minuteMs + Math.min(second, 59) * secondMs
}

/** The form of bytes that `stampWall` could read. */
export function stampForm(bytes: Uint8Array, from: number, to: number): StampForm {
  while (to > from && bytes[to - 1]! <= space) to--
  if ((bytes[to - 1]! & 0xdf) === letterZ) return 'utc'
  for (let at = from; at < to; at++) if ((bytes[at]! & 0xdf) === letterT) return 'wall'
  return 'date'
}

export interface Length {
  readonly nominalDays: number
  readonly exactMs: number
}

/** A DURATION (3.3.6): weeks and days are nominal, the rest is exact; null when the text is none. */
export function parseLength(text: string): Length | null {
  const match = /^([+-]?)P(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,8})H)?(?:(\d{1,8})M)?(?:(\d{1,8})S)?)?$/i.exec(
    text.trim(),
  )
  if (!match) return null
  const [, sign, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = match
  const direction = sign === '-' ? -1 : 1
  const exactMs = Number(hours) * hourMs + Number(minutes) * minuteMs + Number(seconds) * secondMs
  return {
    nominalDays: direction * ((Number(weeks) * weekMs) / dayMs + Number(days)) || 0,
    exactMs: direction * exactMs || 0,
  }
}

/** A UTC-OFFSET (3.3.14) in minutes, `+0530` or `-080000`; null when the text is none. */
export function parseOffsetMinutes(text: string): number | null {
  const match = /^([+-])(\d{2}):?(\d{2})(?::?(\d{2}))?$/.exec(text.trim())
  if (!match) return null
  const minutes = Number(match[2]) * 60 + Number(match[3]) + Math.round(Number(match[4] ?? 0) / 60)
  if (minutes > 18 * 60) return null
  return match[1] === '-' ? -minutes || 0 : minutes
}

/**
 * Where the value of a line begins, past its parameters: `at` is the `;` or `:` after the name. Exporters that quote
 * `TZID="Zone:20200609T090000"` wrongly are met half way: the value is then what follows the last colon. -1 for none.
 */
export function valueStart(bytes: Uint8Array, at: number, end: number): number {
  if (bytes[at] === colon) return at + 1
  let isQuoted = false
  let lastColon = -1
  for (let here = at; here < end; here++) {
    const byte = bytes[here]!
    if (byte === quote) isQuoted = !isQuoted
    else if (byte === colon) {
      if (!isQuoted) return here + 1
      lastColon = here
    }
  }
  return lastColon < 0 ? -1 : lastColon + 1
}

export interface Span {
  readonly from: number
  readonly to: number
}

/** The bytes of the first value of parameter `name` (upper case), without quotes; null when the line lacks it. */
export function parameterSpan(bytes: Uint8Array, at: number, value: number, name: string): Span | null {
  const end = value - 1
  let here = at
  while (here < end) {
    // `here` is at a semicolon.
    let sign = here + 1
    let isName = true
    for (let index = 0; ; index++, sign++) {
      const byte = sign < end ? bytes[sign]! : semicolon
      if (byte === equals || byte === semicolon) {
        isName = isName && byte === equals && index === name.length
        break
      }
      if (isName && (byte & 0xdf) !== (name.charCodeAt(index) & 0xdf)) isName = false
    }
    let to = sign
    let isQuoted = false
    for (; to < end; to++) {
      const byte = bytes[to]!
      if (byte === quote) isQuoted = !isQuoted
      else if (byte === semicolon && !isQuoted) break
    }
    if (isName) {
      let from = sign + 1
      let last = to
      if (bytes[from] === quote) from++
      if (last > from && bytes[last - 1] === quote) last--
      return { from, to: last }
    }
    here = to
  }
  return null
}

/** The first value of a parameter as text, `^` escapes undone (RFC 6868), at most `longestText` bytes of it. */
export function parameterText(bytes: Uint8Array, at: number, value: number, name: string): string | null {
  const span = parameterSpan(bytes, at, value, name)
  return span && unescapeParameter(decodeShort(bytes, span.from, span.to)).trim()
}

/** UTF-8 with what is not UTF-8 replaced. The text shares no memory with the bytes. */
export function decode(bytes: Uint8Array, from: number, to: number): string {
  return utf8.decode(bytes.subarray(from, to))
}

/** Texts other than descriptions are names and places; a megabyte of them helps nobody. In bytes. */
export const longestText = 4_000

/** The first `longestText` bytes, in whole characters; empty where `from` says that there is no value. */
export function decodeShort(bytes: Uint8Array, from: number, to: number): string {
  if (from < 0) return ''
  if (to - from <= longestText) return decode(bytes, from, to)
  let last = from + longestText
  while (last > from && (bytes[last]! & 0xc0) === 0x80) last--
  return decode(bytes, from, last)
}

/** TEXT (3.3.11) as people wrote it. */
export function unescapeText(text: string): string {
  if (!text.includes('\\')) return text
  return text.replace(/\\(.)/gs, (_, character: string) => (character === 'n' || character === 'N' ? '\n' : character))
}

/** TEXT lists such as CATEGORIES: split at commas that are not escaped. */
export function textList(text: string): string[] {
  const items: string[] = []
  let from = 0
  for (let at = 0; at <= text.length; at++) {
    if (text[at] === '\\') at++
    else if (at === text.length || text[at] === ',') {
      const item = unescapeText(text.slice(from, at)).trim()
      if (item !== '') items.push(item)
      from = at + 1
    }
  }
  return items
}

const colon = 58
const semicolon = 59
const equals = 61
const space = 32
const quote = 34
const letterT = 0x54
const letterZ = 0x5a
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

function unescapeParameter(value: string): string {
  const unquoted = value.replaceAll('"', '')
  if (!unquoted.includes('^')) return unquoted
  return unquoted.replace(/\^([n^'])/g, (_, sign: string) => (sign === 'n' ? '\n' : sign === "'" ? '"' : '^'))
}

/** -1 when one of the bytes is no digit. */
function digits(bytes: Uint8Array, from: number, count: number): number {
  let value = 0
  for (let at = from; at < from + count; at++) {
    const digit = bytes[at]! - 48
    if (digit < 0 || digit > 9) return -1
    value = value * 10 + digit
  }
  return value
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}
