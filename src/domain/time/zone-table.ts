import type { Zone } from './types.ts'

/** The zone of an IANA name in any case, cached for the process; null when Intl does not know the name. */
export function zoneFor(_ianaName: string): Zone | null {
  throw new Error('not built yet')
}

/** A zone that never changes, named `+05:30`. */
export function fixedOffsetZone(_offsetMinutes: number): Zone {
  throw new Error('not built yet')
}

/** The name Intl uses for a zone (`europe/warsaw` -> `Europe/Warsaw`); null when it does not know it. */
export function canonicalZoneName(_name: string): string | null {
  throw new Error('not built yet')
}

export const utc: Zone = {
  name: 'UTC',
  offsetAt: () => 0,
  toWall: instant => instant,
  toInstant: wall => wall,
}
