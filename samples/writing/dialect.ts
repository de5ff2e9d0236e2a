import type { PersonKey } from '../company/people.ts'
import type { SampleZone } from '../company/zones.ts'
import type { PlannedEvent } from './events.ts'

/** What sets one export apart from another: everything between BEGIN:VCALENDAR and END:VCALENDAR. */
export interface Dialect {
  readonly continuation: ' ' | '\t'
  header(owner: PersonKey): readonly string[]
  timezone(zone: SampleZone): readonly string[]
  event(event: PlannedEvent, owner: PersonKey, stamps: Stamps): readonly string[]
}

/** UTC, basic format with Z. */
export interface Stamps {
  readonly exported: string
  readonly created: string
  readonly modified: string
}
