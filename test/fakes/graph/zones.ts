import { ianaOfWindowsName } from '../../../src/connectors/ics/windows-zones.ts'
import type { Instant, PlainDate, Zone } from '../../../src/domain/time/types.ts'
import { zoneFor } from '../../../src/domain/time/zone-table.ts'

/** The zone of a Windows or IANA name; null for what no table lists (`Customized Time Zone`, `tzone://Microsoft/…`). */
export function zoneNamed(name: string): Zone | null {
  return zoneFor(ianaOfWindowsName(name) ?? name)
}

/** As Graph writes an instant: seven digits of a second, no offset, the zone beside it. */
export function wallText(at: Instant, zone: Zone): string {
  return `${new Date(zone.toWall(at)).toISOString().slice(0, 23)}0000`
}

export const midnightText = (on: PlainDate) => `${on}T00:00:00.0000000`

/** The instant of `YYYY-MM-DDTHH:MM[:SS[.f]]` on a wall of the zone; null when it is no such text. */
export function instantOf(text: string, zone: Zone): Instant | null {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,7})?)?Z?$/.test(text)) return null
  const [whole = '', fraction = ''] = text.replace(/Z$/, '').split('.')
  const wall = Date.parse(`${whole}${fraction === '' ? '' : `.${fraction.slice(0, 3)}`}Z`)
  if (Number.isNaN(wall)) return null
  return text.endsWith('Z') ? wall : zone.toInstant(wall)
}
