import type { CalendarEvent } from '../meetings/calendar-event.ts'

/**
 * How our own blocks are known when a calendar gives them back.
 *
 * A block's key is in what the provider keeps of it: the event id and with it the UID of Google (`KEY@google.com`), the
 * UID of CalDAV, the transaction id of Graph. Keys begin with a word of ours, so that a UID tells without a look at the
 * journal. Where the UID is the provider's own (Graph) and where there are categories, the category tells.
 *
 * This is for reading: it keeps our blocks from being counted as somebody's meetings. It is never enough to change or
 * remove something: anybody can write such a UID, so a writer asks the provider for our marker. And whoever invites
 * others chooses UID and categories, so what has guests or another's name on it is a meeting.
 */
export function isOwnBlock({ uid, categories, attendees, organizer }: OwnBlockSigns): boolean {
  if (attendees.length > 0 || organizer?.self === false) return false
  return blockKeyOfUid(uid) !== null || categories.includes(ownBlockCategory)
}

type OwnBlockSigns = Pick<CalendarEvent, 'uid' | 'categories' | 'attendees' | 'organizer'>

/** The key of the block behind a UID (`KEY` or `KEY@host`), or null. */
export function blockKeyOfUid(uid: string): string | null {
  const [name = ''] = uid.split('@', 1)
  return isBlockKey(name) ? name : null
}

/** What keys of blocks look like: our word with the version of the rule that makes them, and 160 bits in base32hex. */
export function isBlockKey(text: string): boolean {
  return keyPattern.test(text)
}

/** All of its letters are base32hex digits, which end at v. The number counts versions of the derivation. */
export const blockKeyPrefix = 'minute1'

/** Put on blocks where the provider keeps categories; people see it, and it is honest. */
export const ownBlockCategory = 'Minutewise'

const keyPattern = /^minute\d[0-9a-v]{32}$/
