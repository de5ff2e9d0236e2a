import type { GroupKey, PersonKey, RoomKey } from './people.ts'
import type { SampleZone } from './zones.ts'

/** A meeting as its organizer would describe it: one record per series or one-off. Dates and times are of `zone`. */
export interface MeetingPlan {
  /** Stable name inside the sample; the UID is coined from it. */
  readonly key: string
  readonly title: string
  /** The organizer; of an entry nobody else is invited to, its owner. */
  readonly by: PersonKey
  readonly with?: readonly PersonKey[]
  readonly optional?: readonly PersonKey[]
  readonly replies?: Replies
  /** The address an invitation was sent to, where it is not the usual one. */
  readonly spelt?: Partial<Readonly<Record<PersonKey, string>>>
  /** Addresses that stand in the list a second time, as careless typing leaves them. */
  readonly alsoInvited?: readonly string[]
  /** People of other companies: `Name <address>`. */
  readonly guests?: readonly string[]
  readonly groups?: readonly GroupKey[]
  readonly rooms?: readonly RoomKey[]
  readonly place?: string

  readonly zone: SampleZone
  /** `2026-05-21 15:00`, or a date for an all-day entry. The first one, of a series. */
  readonly starts: string
  /** Of an all-day entry, days times 1440. */
  readonly minutes: number
  /** iCalendar rule without UNTIL. */
  readonly rule?: string
  /** Last date on which the series takes place. */
  readonly lastOn?: string

  readonly agenda?: string
  readonly online?: boolean
  readonly private?: boolean
  readonly showAs?: 'busy' | 'free' | 'tentative' | 'out-of-office' | 'elsewhere'

  /** Deleted occurrences. */
  readonly excluded?: readonly string[]
  /** Occurrences called off, which stay on the calendar as cancelled. */
  readonly cancelled?: readonly string[]
  readonly changes?: readonly Change[]
  /** The series went on as another one from here: "this and following". */
  readonly continues?: Continuation
}

/** One occurrence that differs from its series. */
export interface Change {
  readonly on: string
  readonly to?: string
  readonly minutes?: number
  readonly title?: string
  readonly agenda?: string
  readonly replies?: Replies
  readonly rooms?: readonly RoomKey[]
}

type Replies = Partial<Readonly<Record<PersonKey, 'declined' | 'tentative' | 'none'>>>

type Continuation = Pick<MeetingPlan, 'starts'> &
  Partial<Pick<MeetingPlan, 'title' | 'minutes' | 'with' | 'agenda' | 'changes' | 'excluded' | 'cancelled' | 'rule'>>
