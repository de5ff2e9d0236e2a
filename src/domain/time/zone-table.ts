/**
 * Zones as tables of offsets, read from Intl a stretch at a time and kept for the life of the process. Converting a
 * reading is then a comparison or two: hundreds of times as fast as asking Intl or Luxon for each of them.
 */
import type { Instant, WallMillis, Zone } from './types.ts'
import { dayMs, hourMs, minuteMs, secondMs } from './types.ts'

/**
 * The zone of an IANA name in any case, cached for the process; null when Intl does not know the name. Offsets such
 * as `+02:00` and abbreviations that tzdata does not list (`PST`, `IST`) are not names of zones.
 */
export function zoneFor(ianaName: string): Zone | null {
  const key = ianaName.toLowerCase()
  const known = zones.get(key)
  if (known) return known
  const name = canonicalZoneName(ianaName)
  if (name === null) return null
  const zone = name === 'UTC' ? utc : new TableZone(name)
  zones.set(key, zone)
  return zone
}

/** A zone that never changes, named `+05:30`; `utc` for no offset. */
export function fixedOffsetZone(offsetMinutes: number): Zone {
  if (offsetMinutes === 0) return utc
  const minutes = Math.abs(offsetMinutes)
  const sign = offsetMinutes < 0 ? '-' : '+'
  const name = `${sign}${twoDigits(Math.floor(minutes / 60))}:${twoDigits(Math.floor(minutes % 60))}`
  return new FixedZone(name, offsetMinutes * minuteMs)
}

/** The zone a report names: IANA, `UTC` or `+05:30`. UTC for anything else, which no report of ours holds. */
export function zoneNamed(name: string): Zone {
  const [, sign, hours, minutes] = /^([+-])(\d{2}):(\d{2})$/.exec(name) ?? []
  if (sign === undefined) return zoneFor(name) ?? utc
  return fixedOffsetZone((sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)))
}

/**
 * A zone's name in its proper spelling (`europe/warsaw` -> `Europe/Warsaw`), `UTC` for all names of UTC; null when
 * Intl does not know it. Aliases stay as they are: which of `Asia/Kolkata` and `Asia/Calcutta` Intl prefers differs
 * between versions of Node, and people want to read the name their calendar uses.
 */
export function canonicalZoneName(name: string): string | null {
  if (!zoneNamePattern.test(name) || icuOnlyNames.has(name.toUpperCase())) return null
  let resolved: string
  try {
    resolved = new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone
  } catch {
    return null
  }
  if (utcNames.has(resolved)) return 'UTC'
  if (resolved.toLowerCase() === name.toLowerCase()) return resolved
  const isMixedCase = name !== name.toLowerCase() && name !== name.toUpperCase()
  if (isMixedCase || (name === name.toUpperCase() && !name.includes('/'))) return name
  return name.toLowerCase().replace(/^us(?=\/)|(^|[/_-])[a-z]/g, letters => letters.toUpperCase())
}

const zones = new Map<string, Zone>()
const zoneNamePattern = /^[A-Za-z][A-Za-z0-9_+/-]{1,63}$/
const utcNames: ReadonlySet<string> = new Set(['UTC', 'Etc/UTC', 'Etc/GMT', 'GMT'])

/** Abbreviations that ICU takes and tzdata does not list: each means several zones to people. */
const icuOnlyNames: ReadonlySet<string> = new Set(
  'ACT AET AGT ART AST BET BST CAT CNT CST CTT EAT ECT IET IST JST MIT NET NST PLT PNT PRT PST SST VST'.split(' '),
)

function twoDigits(value: number): string {
  return String(value).padStart(2, '0')
}

class FixedZone implements Zone {
  readonly name: string
  readonly #offset: number

  constructor(name: string, offset: number) {
    this.name = name
    this.#offset = offset
  }

  offsetAt(_instant: Instant): number {
    return this.#offset
  }

  toWall(instant: Instant): WallMillis {
    return instant + this.#offset
  }

  toInstant(wall: WallMillis): Instant {
    return wall - this.#offset
  }
}

/** Coordinated Universal Time; also the zone of all-day events, whose dates are never converted. */
export const utc: Zone = new FixedZone('UTC', 0)

/** One stretch of `blockMs` read from Intl: offset i holds from edge i to edge i + 1. */
interface Block {
  readonly edges: readonly Instant[]
  readonly offsets: readonly number[]
}

const blockMs = 400 * dayMs
/** Short enough for the shortest change that was taken back: Egypt's 30 days of Ramadan in 2010. */
const probeMs = blockMs / 40
/** No zone has ever been put forward or back by more than the date line, a day. */
const longestShiftMs = 25 * hourMs

/** Before the first standard time on earth (railway time, 1847) there is nothing but local mean time. */
const firstChangeAt = Date.UTC(1800, 0, 1)
/** Every zone follows a yearly rule from 2100 on, and the Gregorian calendar repeats after 400 years. */
const cycleFromAt = Date.UTC(2100, 0, 1)
const cycleMs = 146_097 * dayMs

/** An instant before the first change is looked up in the block that ends with it. */
const lowestIndex = Math.floor(firstChangeAt / blockMs) - 1

class TableZone implements Zone {
  readonly name: string
  readonly #format: Intl.DateTimeFormat
  /** By index, from `lowestIndex` on. */
  readonly #blocks: (Block | undefined)[] = []
  // The stretch of constant offset that answered last: calendars ask in clusters.
  #fromAt = 0
  #untilAt = 0
  #offset = 0

  constructor(name: string) {
    this.name = name
    this.#format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' })
  }

  offsetAt(instant: Instant): number {
    if (instant < this.#fromAt || instant >= this.#untilAt) this.#find(instant)
    return this.#offset
  }

  toWall(instant: Instant): WallMillis {
    if (instant < this.#fromAt || instant >= this.#untilAt) this.#find(instant)
    return instant + this.#offset
  }

  toInstant(wall: WallMillis): Instant {
    const instant = wall - this.#offset
    if (instant >= this.#fromAt + longestShiftMs && instant < this.#untilAt) return instant
    const before = this.offsetAt(wall - longestShiftMs)
    const after = this.offsetAt(wall + longestShiftMs)
    // The earlier instant comes from the greater offset: that is the first of two in an overlap.
    const first = wall - Math.max(before, after)
    if (this.toWall(first) === wall) return first
    const second = wall - Math.min(before, after)
    if (this.toWall(second) === wall) return second
    return wall - before
  }

  #find(instant: Instant): void {
    const movedBy = distanceFromTable(instant)
    const at = instant - movedBy
    const index = Math.floor(at / blockMs)
    const { edges, offsets } = this.#block(index)
    let i = 0
    while (i + 1 < offsets.length && edges[i + 1]! <= at) i++
    this.#fromAt = edges[i]! + movedBy
    this.#untilAt = edges[i + 1]! + movedBy
    this.#offset = offsets[i]!
  }

  #block(index: number): Block {
    const known = this.#blocks[index - lowestIndex]
    if (known) return known
    const startAt = index * blockMs
    const edges = [startAt]
    const offsets = [this.#ask(startAt)]
    for (let probeAt = startAt; probeAt < startAt + blockMs; probeAt += probeMs) {
      const after = this.#ask(probeAt + probeMs)
      if (after === offsets.at(-1)) continue
      const changeAt = this.#changeBetween(probeAt, probeAt + probeMs)
      // A change exactly at the end of the block is the first offset of the next one.
      if (changeAt === startAt + blockMs) continue
      edges.push(changeAt)
      offsets.push(after)
    }
    edges.push(startAt + blockMs)
    const block = { edges, offsets }
    this.#blocks[index - lowestIndex] = block
    return block
  }

  /** The second at which the offset of `lowAt` ends. */
  #changeBetween(lowAt: Instant, highAt: Instant): Instant {
    const before = this.#ask(lowAt)
    while (highAt - lowAt > secondMs) {
      const middleAt = lowAt + Math.floor((highAt - lowAt) / 2 / secondMs) * secondMs
      if (this.#ask(middleAt) === before) lowAt = middleAt
      else highAt = middleAt
    }
    return highAt
  }

  /** Intl's own answer: `1/1/1900, GMT+01:24`, with seconds where local mean time had them. */
  #ask(instant: Instant): number {
    const text = this.#format.format(instant)
    const match = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(text)
    if (!match?.[1]) return 0
    const ms = Number(match[2]) * hourMs + Number(match[3]) * minuteMs + Number(match[4] ?? 0) * secondMs
    return match[1] === '-' ? -ms : ms
  }
}

/** How far an instant lies from the one in the years 1800 to 2500 at which a zone has the same offset. */
function distanceFromTable(instant: Instant): number {
  // Whole blocks, so that the stretch found does contain the instant.
  if (instant < firstChangeAt) return (Math.floor((instant - firstChangeAt) / blockMs) + 1) * blockMs
  if (instant < cycleFromAt + cycleMs) return 0
  return Math.floor((instant - cycleFromAt) / cycleMs) * cycleMs
}
