import type { Account } from '../../store/accounts.ts'
import type { Tier } from '../connector.ts'

/**
 * The least that Google has to be asked for, by what it is for. Each list is a consent (or, with delegation, a token) of
 * its own: reading first, writing in a second consent when somebody wants it, the directory for its reader alone.
 * Source: the `scopes` of each method in the Calendar and Admin SDK references.
 */
export interface GoogleScopes {
  readonly read: readonly string[]
  /** Empty unless the tier writes. */
  readonly write: readonly string[]
  /** Empty without a directory; an organisation's calendars are found in it. */
  readonly directory: readonly string[]
}

/**
 * `sharedToo` opens calendars of others that the person subscribed to; without it only those the person owns, which is
 * what an audit of one's own time needs.
 */
export function googleScopes(
  tier: Tier,
  {
    grant,
    withDirectory = false,
    sharedToo = false,
  }: {
    readonly grant: Account['grant']
    readonly withDirectory?: boolean
    readonly sharedToo?: boolean
  },
): GoogleScopes {
  const events =
    tier === 'free-busy'
      ? 'calendar.events.freebusy'
      : sharedToo
        ? 'calendar.events.readonly'
        : 'calendar.events.owned.readonly'
  const isOrganisation = grant === 'organisation'
  return {
    // An organisation's calendars are its people's, and those are in the directory.
    read: (isOrganisation ? [events] : [events, 'calendar.calendarlist.readonly']).map(scope),
    write: (tier === 'write-back' ? ['calendar.events.owned'] : []).map(scope),
    directory: (isOrganisation || withDirectory ? directoryScopes : []).map(scope),
  }
}

const directoryScopes: readonly string[] = [
  'admin.directory.user.readonly',
  'admin.directory.group.readonly',
  'admin.directory.resource.calendar.readonly',
]

const scope = (name: string) => `https://www.googleapis.com/auth/${name}`
