import type { CalendarFiles, OpenedCalendar } from '../../connectors/calendar-files.ts'
import type { CalendarRead, LeftOut } from '../../connectors/calendar-read.ts'
import { agePhrase, staleAfterMs, tooOldForSureMs } from '../../domain/reports/freshness.ts'
import { dateOf } from '../../domain/time/calendar-date.ts'
import { dayMs, type Instant, type Interval } from '../../domain/time/types.ts'
import { PortError } from '../../port-error.ts'
import type { Account, CalendarStatus, MirroredCalendar } from '../../store/accounts.ts'
import type { MirrorStore } from '../../store/mirror-store.ts'
import { eventsOfItems } from './events-of-items.ts'

export interface SyncedCalendars {
  /** The mirror in the clothes of exported calendars: whatever audits files audits what was synced. */
  readonly files: CalendarFiles
  /**
   * Older than this no calendar is that can still be read; the others are named in the notices. Null when one was never
   * read whole.
   */
  readonly asOf: Instant | null
  /** What a reader has to know before drawing conclusions: old, held, unread or closed calendars. For people. */
  readonly notices: readonly string[]
}

/**
 * The calendars that were synced, ready to be audited.
 *
 * @throws PortError `not-found` with the next step when nothing was connected or nothing was read yet.
 */
export async function openSyncedCalendars(
  { mirror }: { readonly mirror: MirrorStore },
  { now }: { readonly now: Instant },
): Promise<SyncedCalendars> {
  const accounts = new Map((await mirror.listAccounts()).map(account => [account.id, account]))
  if (accounts.size === 0) {
    throw new PortError('not-found', 'No calendar is connected to this database. Run `minutewise connect` first.')
  }
  const selected = (await mirror.listCalendars()).filter(({ isSelected }) => isSelected)
  const readable = selected
    .filter(({ sync }) => sync.generation > 0)
    .toSorted((one, other) => rank(one, accounts) - rank(other, accounts))
  if (readable.length === 0) {
    throw new PortError('not-found', 'No connected calendar was read whole yet. Run `minutewise sync` first.')
  }
  const names = namesOf(readable, accounts)
  const asOf = knownUntil(readable, accounts)
  return {
    files: {
      async open() {
        return readable.map(calendar =>
          openedCalendar(mirror, calendar, names.get(calendar)!, saysWhoIsInvited(calendar, accounts)),
        )
      },
    },
    asOf: Number.isFinite(asOf) ? asOf : null,
    notices: [
      ...[...accounts.values()].filter(({ status }) => status === 'signed-out').map(signedOutNotice),
      ...fewOf(
        selected.flatMap(calendar =>
          calendarNotices(calendar, names.get(calendar) ?? shownName(calendar, accounts), now),
        ),
      ),
    ],
  }
}

/**
 * The moment up to which the calendars are known. One that is gone has no news any more, and of an organisation one
 * closed mailbox says nothing of the others: neither holds back the weeks that are audited.
 */
function knownUntil(calendars: readonly MirroredCalendar[], accounts: ReadonlyMap<string, Account>): number {
  const asOf = ({ sync }: MirroredCalendar) => sync.asOf ?? Number.NEGATIVE_INFINITY
  const newest = Math.max(...calendars.map(asOf))
  const live = calendars.filter(calendar => {
    if (calendar.sync.status === 'gone') return false
    const isOneOfMany = accounts.get(calendar.accountId)?.grant === 'organisation'
    return !(isOneOfMany && calendar.sync.status === 'closed' && newest - asOf(calendar) > tooOldForSureMs)
  })
  return Math.min(...(live.length === 0 ? calendars : live).map(asOf))
}

/** People's own calendars first: where nobody named a time zone, the first calendar's is taken. */
function rank({ accountId, isPrimary }: MirroredCalendar, accounts: ReadonlyMap<string, Account>): number {
  if (accounts.get(accountId)?.provider === 'ics') return 1
  return isPrimary ? 0 : 2
}

/** These two list the guests of every event on one's own calendar; files, servers and feeds may hold anything. */
function saysWhoIsInvited({ accountId, access }: MirroredCalendar, accounts: ReadonlyMap<string, Account>): boolean {
  const account = accounts.get(accountId)
  if (account === undefined || account.tier === 'free-busy') return false
  return (account.provider === 'google' || account.provider === 'microsoft') && access === 'owner'
}

function openedCalendar(
  mirror: MirrorStore,
  calendar: MirroredCalendar,
  name: string,
  listsInvitees: boolean,
): OpenedCalendar {
  const key = { accountId: calendar.accountId, calendarId: calendar.id }
  return {
    calendar: name,
    bytes: null,
    async read({ window }): Promise<CalendarRead> {
      const items = await mirror.readItems(key, window)
      const { events, withoutSeries } = eventsOfItems(items, name)
      const all = await mirror.countItems(key)
      return {
        calendar: name,
        name: calendar.name,
        zone: calendar.zone,
        events,
        eventCount: all,
        outsideWindow: all - items.length,
        latestStartAt: null,
        zones: [],
        leftOut: [
          ...calendar.sync.leftOut,
          ...(withoutSeries === 0 ? [] : [seriesPending(withoutSeries)]),
          ...beyondMirror(calendar, window),
        ],
        owner: calendar.ownerAddress,
        asOf: calendar.sync.asOf,
        ...(listsInvitees ? { listsInvitees } : {}),
        endedAt: calendar.sync.status === 'gone' ? calendar.sync.asOf : null,
      }
    },
  }
}

/** Where nothing was read, nothing was found: that must not look like weeks without meetings. */
function beyondMirror({ sync }: MirroredCalendar, { startAt, endAt }: Interval): readonly LeftOut[] {
  const { windowStartAt, windowEndAt } = sync
  if (windowStartAt === null || windowEndAt === null) return []
  const sayings: string[] = []
  // windows are padded by a day for the sake of time zones
  if (startAt + 2 * dayMs < windowStartAt) sayings.push(`before ${dateOf(windowStartAt)}`)
  if (endAt - 2 * dayMs > windowEndAt) sayings.push(`after ${dateOf(windowEndAt)}`)
  if (sayings.length === 0) return []
  const sentence = `What happened ${sayings.join(' and ')} was never read of this calendar: fewer meetings than there were.`
  return [{ code: 'not-mirrored', count: 1, sentence }]
}

const seriesPending = (count: number): LeftOut => ({
  code: 'series-pending',
  count,
  sentence: `${count} ${count === 1 ? 'occurrence belongs' : 'occurrences belong'} to a series that the provider has not delivered yet; the next sync asks for it again.`,
})

/** By name where names differ, else with the account beside it: two people may both have a "Calendar". */
function namesOf(
  calendars: readonly MirroredCalendar[],
  accounts: ReadonlyMap<string, Account>,
): ReadonlyMap<MirroredCalendar, string> {
  const names = new Map<MirroredCalendar, string>()
  const taken = new Map<string, number>()
  for (const calendar of calendars) {
    const plain = shownName(calendar, accounts)
    const isAlone = calendars.filter(other => shownName(other, accounts) === plain).length === 1
    const full = isAlone ? plain : `${plain} (${accounts.get(calendar.accountId)?.label ?? calendar.accountId})`
    const count = (taken.get(full) ?? 0) + 1
    taken.set(full, count)
    names.set(calendar, count === 1 ? full : `${full} ${count}`)
  }
  return names
}

function shownName(
  { name, ownerAddress, accountId }: MirroredCalendar,
  accounts: ReadonlyMap<string, Account>,
): string {
  return name ?? ownerAddress ?? accounts.get(accountId)?.label ?? accountId
}

const signedOutNotice = ({ label, sentence }: Account) =>
  `${label}: ${sentence ?? 'It is signed out; connect it again.'} Its calendars are as they were.`

function calendarNotices({ sync }: MirroredCalendar, name: string, now: Instant): readonly string[] {
  if (sync.generation === 0) {
    return [`${name}: not read whole yet, so it is left out. ${sync.sentence ?? 'Run `minutewise sync` to go on.'}`]
  }
  const age = sync.asOf === null ? null : now - sync.asOf
  const old = age !== null && age > staleAfterMs ? ` What is shown is ${agePhrase(age)} old.` : ''
  if (sync.sentence !== null && !isFine(sync.status)) return [`${name}: ${sync.sentence}${old}`]
  return old === '' ? [] : [`${name}:${old} Run \`minutewise sync\` first for newer data.`]
}

/** In an organisation some people always have no calendar; their names must not stand before what is said. */
function fewOf(notices: readonly string[]): readonly string[] {
  if (notices.length <= mostNotices) return notices
  const more = notices.length - mostNotices + 1
  return [
    ...notices.slice(0, mostNotices - 1),
    `${more} more calendars are not as they should be. \`minutewise accounts\` lists them.`,
  ]
}

const mostNotices = 5

const isFine = (status: CalendarStatus) => status === 'current' || status === 'waiting'
