import type { Zone } from '../../../src/domain/time/types.ts'
import { badRequest } from './problem.ts'
import { zoneNamed } from './zones.ts'

/** What the Prefer headers of a request ask for. */
export interface Preferences {
  /** Null when nobody asked: times then come in the zone of the mailbox. */
  readonly zone: { readonly name: string; readonly zone: Zone } | null
  readonly pageSize: number | null
  readonly bodyType: 'text' | 'html'
  readonly isImmutable: boolean
  /** For `Preference-Applied`. */
  readonly applied: readonly string[]
}

/** Reads `Prefer`, one header or several, and refuses a zone that nobody knows. */
export function preferencesOf(headers: Headers): Preferences {
  const wanted = new Map<string, string>()
  for (const [, name = '', value = ''] of (headers.get('prefer') ?? '').matchAll(/([\w.-]+)\s*=\s*"?([^",]*)"?/g)) {
    wanted.set(name.toLowerCase(), value)
  }
  const zoneName = wanted.get('outlook.timezone')
  const zone = zoneName === undefined ? null : zoneNamed(zoneName)
  if (zoneName !== undefined && zone === null) throw unknownZone(zoneName)
  const pageSize = wanted.get('odata.maxpagesize')
  const bodyType = wanted.get('outlook.body-content-type')?.toLowerCase() === 'text' ? 'text' : 'html'
  return {
    zone: zoneName === undefined || zone === null ? null : { name: zoneName, zone },
    pageSize: pageSize === undefined || !(Number(pageSize) > 0) ? null : Math.min(Number(pageSize), 1000),
    bodyType,
    isImmutable: wanted.get('idtype') === 'ImmutableId',
    applied: [...wanted].map(([name, value]) => `${name}="${value}"`),
  }
}

export const unknownZone = (name: string) =>
  badRequest(
    `A valid TimeZone value must be specified. The following TimeZone value is not supported: '${name}'.`,
    'TimeZoneNotSupportedException',
  )
