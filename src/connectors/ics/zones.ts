/**
 * From the zone names found in calendars to zones we can compute with, by a ladder: IANA name, Windows name, IANA name
 * behind a vendor's prefix, the file's own VTIMEZONE matched by its offsets, a fixed offset, the calendar's default.
 * Each name is resolved once, how it was resolved is kept, and nothing here throws.
 */

import type { Instant, Zone } from '../../domain/time/types.ts'
import { dayMs, hourMs, minuteMs } from '../../domain/time/types.ts'
import { fixedOffsetZone, zoneFor } from '../../domain/time/zone-table.ts'
import type { ZoneResolution, ZoneSource } from '../calendar-read.ts'
import { printable } from '../printable.ts'
import { constantOffset, offsetsAt, type ZoneDefinition } from './vtimezone.ts'
import { ianaOfWindowsName } from './windows-zones.ts'

export interface ResolvedZone {
  readonly zone: Zone
  readonly source: ZoneSource
}

/** A zone by what its name alone says; null when a VTIMEZONE or a default has to help. */
export function zoneByName(tzid: string): ResolvedZone | null {
  const name = tzid.trim().replace(/^"|"$/g, '')
  const iana = zoneFor(name)
  if (iana) return { zone: iana, source: 'iana' }
  const windows = zoneFor(ianaOfWindowsName(name) ?? '')
  if (windows) return { zone: windows, source: 'windows-name' }
  const suffix = zoneBySuffix(name)
  if (suffix) return { zone: suffix, source: 'vendor-prefix' }
  const displayed = zoneByDisplayName(name)
  if (displayed) return { zone: displayed, source: 'windows-name' }
  const minutes = offsetInName(name)
  return minutes === null ? null : { zone: fixedOffsetZone(minutes), source: 'fixed-offset' }
}

/**
 * Zones by a file's own definitions of them. What a search among all zones found is remembered by the offsets it
 * searched for, and a file made of thousands of definitions gets so many of them resolved and no more.
 */
export class DefinedZones {
  readonly #matches = new Map<string, Zone | null>()
  #definitionsLeft = mostDefinitionsJudged

  /** False once the file has had its share; `resolve` is not to be asked then. */
  hasRoom(): boolean {
    return this.#definitionsLeft > 0
  }

  /** The zone of `definition`, judged in `year`; null when it says nothing. */
  resolve(definition: ZoneDefinition, year: number): ResolvedZone | null {
    this.#definitionsLeft--
    const located = definition.location === null ? null : zoneByName(definition.location)
    if (located && located.source !== 'fixed-offset') return { zone: located.zone, source: 'vtimezone-matched' }
    const constant = constantOffset(definition)
    if (constant !== null) return { zone: fixedOffsetZone(constant), source: 'fixed-offset' }

    const instants = Array.from({ length: sampleCount }, (_, index) => Date.UTC(year, 0, 8) + index * sampleEvery)
    const offsets = offsetsAt(definition, instants)
    if (!offsets) return null
    const cities = citiesIn(definition.tzid)
    const signature = [year, ...offsets, ...cities].join()
    let zone = this.#matches.get(signature)
    if (zone === undefined) {
      zone = zoneWithOffsets(instants, offsets, cities)
      this.#matches.set(signature, zone)
    }
    if (zone) return { zone, source: 'vtimezone-matched' }
    const [first] = offsets
    return first === undefined ? null : { zone: fixedOffsetZone(first), source: 'fixed-offset' }
  }
}

/** The likeliest zone with these offsets in minutes at (nearly) all of these instants. */
function zoneWithOffsets(
  instants: readonly Instant[],
  offsets: readonly number[],
  cities: readonly string[],
): Zone | null {
  const agreement = (zone: Zone) =>
    instants.filter((instant, index) => zone.offsetAt(instant) === offsets[index]! * minuteMs).length
  const candidates = [...cities, ...commonZones].map(zoneFor).filter(zone => zone !== null)
  let best: Zone | null = null
  let bestAgreement = closeEnough - 1
  for (const zone of candidates) {
    const agreed = agreement(zone)
    if (agreed > bestAgreement) {
      best = zone
      bestAgreement = agreed
    }
    if (agreed === sampleCount) return zone
  }
  for (const name of allZoneNames()) {
    const zone = zoneFor(name)
    if (zone && agreement(zone) === sampleCount) return zone
  }
  return best
}

/** True for rungs of the ladder that only guess; people are told. */
export function isGuess(source: ZoneSource): boolean {
  return source === 'vtimezone-matched' || source === 'fixed-offset' || source === 'calendar-default'
}

/** How the names of a file were resolved where that took a guess, in words for people: the most used ones by name. */
export function guessSentences(resolutions: readonly ZoneResolution[]): { count: number; sentence: string }[] {
  const said = resolutions
    .slice(0, mostZonesSaid)
    .map(resolution => ({ count: resolution.events, sentence: guessSentence(resolution) }))
  const rest = resolutions.slice(mostZonesSaid)
  if (rest.length === 0) return said
  const count = rest.reduce((sum, { events }) => sum + events, 0)
  const names = rest.length === 1 ? '1 more zone name' : `${rest.length} more zone names`
  return [...said, { count, sentence: `And ${names}, of ${eventsInWords(count)}, had to be guessed.` }]
}

/** Stands in for a zone name that only private events use: the text of such a name is theirs. */
export const privateZoneName = 'a private entry'

function guessSentence(resolution: ZoneResolution): string {
  const { tzid, zone, source, events } = resolution
  const whose = `for ${eventsInWords(events)}`
  if (tzid === '') return `The calendar names no time zone; ${zone} was assumed ${whose}. Say which zone is right.`
  const shown = printable(tzid)
  const name = tzid === privateZoneName ? `of ${tzid}` : `"${shown.length > 60 ? `${shown.slice(0, 60)}…` : shown}"`
  if (source === 'vtimezone-matched')
    return `The time zone ${name} is no name we know; its clock changes are those of ${zone}, which was used ${whose}.`
  if (source === 'fixed-offset') return `The time zone ${name} was read as the fixed offset ${zone} ${whose}.`
  return `The time zone ${name} is unknown and the file does not define it; ${zone} was assumed ${whose}.`
}

function eventsInWords(count: number): string {
  return count === 1 ? '1 event' : `${count} events`
}

/** `/mozilla.org/20050126_1/America/New_York`: the longest suffix that is a zone. */
function zoneBySuffix(name: string): Zone | null {
  const parts = name.split(/[/:]/)
  for (let from = Math.max(1, parts.length - 3); from < parts.length; from++) {
    const suffix = parts.slice(from).join('/')
    // A lone last part is too little to go by, except where it can mean one thing only.
    if (from === parts.length - 1 && !/^(?:utc|gmt)$/i.test(suffix)) {
      const windows = zoneFor(ianaOfWindowsName(suffix) ?? '')
      if (windows) return windows
      continue
    }
    const zone = zoneFor(suffix)
    if (zone) return zone
  }
  return null
}

/**
 * What Outlook shows people, `(UTC+01:00) Sarajevo, Skopje, Warsaw, Zagreb`: a city of the list names a zone, and its
 * standard time must be the offset in the name.
 */
function zoneByDisplayName(name: string): Zone | null {
  const match = /^\((?:UTC|GMT)(?:([+-]\d{2}):?(\d{2}))?\)/i.exec(name)
  if (!match) return null
  const hours = Number(match[1] ?? 0)
  const minutes = hours * 60 + (match[1]?.startsWith('-') ? -1 : 1) * Number(match[2] ?? 0)
  const known = ianaByDisplayText.get(name.slice(match[0].length).trim().toLowerCase())
  for (const city of known ? [known] : citiesIn(name)) {
    const zone = zoneFor(city)
    if (zone && standardOffsetMinutes(zone) === minutes) return zone
  }
  return null
}

/** Display names that list no city. */
const ianaByDisplayText: ReadonlyMap<string, string> = new Map([
  ['eastern time (us & canada)', 'America/New_York'],
  ['central time (us & canada)', 'America/Chicago'],
  ['mountain time (us & canada)', 'America/Denver'],
  ['pacific time (us & canada)', 'America/Los_Angeles'],
  ['atlantic time (canada)', 'America/Halifax'],
  ['arizona', 'America/Phoenix'],
  ['alaska', 'America/Anchorage'],
  ['hawaii', 'Pacific/Honolulu'],
  ['indiana (east)', 'America/Indiana/Indianapolis'],
  ['newfoundland', 'America/St_Johns'],
  ['coordinated universal time', 'UTC'],
  ['chennai, kolkata, mumbai, new delhi', 'Asia/Kolkata'],
  ['amsterdam, berlin, bern, rome, stockholm, vienna', 'Europe/Berlin'],
  ['beijing, chongqing, hong kong, urumqi', 'Asia/Shanghai'],
  ['dublin, edinburgh, lisbon, london', 'Europe/London'],
  ['osaka, sapporo, tokyo', 'Asia/Tokyo'],
  ['canberra, melbourne, sydney', 'Australia/Sydney'],
])

/** Offsets written as names: `GMT+0530`, `UTC-3`, `+02:00`, `tzone://Microsoft/Utc`. POSIX-style `Etc/GMT+5` is IANA. */
function offsetInName(name: string): number | null {
  if (/^tzone:\/\/microsoft\/utc$/i.test(name) || /^(?:z|utc|gmt|coordinated universal time)$/i.test(name)) return 0
  const match = /^\(?(?:UTC|GMT)?\s*([+-])(\d{1,2}):?(\d{2})?\)?$/i.exec(name)
  if (!match) return null
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0)
  if (minutes > 18 * 60) return null
  return match[1] === '-' ? -minutes || 0 : minutes
}

/** IANA names whose city is a word of `text`, in the order of the text. */
function citiesIn(text: string): string[] {
  const words = text
    .replace(/\([^)]*\)/g, ' ')
    .split(/[,;/]/)
    .map(word => word.trim().toLowerCase().replaceAll(' ', '_'))
    .filter(word => word.length > 3)
  return words.flatMap(word => zonesByCity().get(word) ?? [])
}

function standardOffsetMinutes(zone: Zone): number {
  const year = 2024
  return Math.min(zone.offsetAt(Date.UTC(year, 0, 15)), zone.offsetAt(Date.UTC(year, 6, 15))) / minuteMs
}

let zoneNames: readonly string[] | null = null

function allZoneNames(): readonly string[] {
  zoneNames ??= Intl.supportedValuesOf('timeZone')
  return zoneNames
}

let cityZones: ReadonlyMap<string, readonly string[]> | null = null

function zonesByCity(): ReadonlyMap<string, readonly string[]> {
  if (cityZones) return cityZones
  const zones = new Map<string, string[]>()
  for (const name of allZoneNames()) {
    const city = name.slice(name.lastIndexOf('/') + 1).toLowerCase()
    zones.set(city, [...(zones.get(city) ?? []), name])
  }
  cityZones = zones
  return zones
}

/** A calendar of a person defines a handful of zones; this bounds what a file made for the purpose can cost. */
const mostDefinitionsJudged = 200
const mostZonesSaid = 5

/** Twice a month for a year: between any two samples there is at most one change of clocks. */
const sampleCount = 24
const sampleEvery = 15 * dayMs + 5 * hourMs
/** A definition may be off by a week or two from today's rules and still mean the zone. */
const closeEnough = 22

/** Where most people with calendars live, one zone for each pair of clock rules, the likeliest first. */
const commonZones: readonly string[] = [
  'America/New_York',
  'America/Chicago',
  'America/Los_Angeles',
  'America/Denver',
  'Europe/London',
  'Europe/Berlin',
  'Europe/Athens',
  'Asia/Jerusalem',
  'Australia/Sydney',
  'Australia/Adelaide',
  'Pacific/Auckland',
  'America/Halifax',
  'America/St_Johns',
  'America/Anchorage',
  'America/Sao_Paulo',
  'America/Santiago',
  'Africa/Cairo',
  'Asia/Beirut',
  'Asia/Tehran',
]
