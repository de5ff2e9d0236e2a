import type { CalendarRef, CalendarWriter } from '../../connectors/connector.ts'
import type { RefusalReason } from '../../domain/focus/write-plan.ts'
import { PortError, type PortErrorCode } from '../../port-error.ts'
import type { Account, MirroredCalendar } from '../../store/accounts.ts'
import { AppError } from '../app-error.ts'
import type { WriteBackDeps } from './write-back-deps.ts'

/** A calendar and how it is written to. */
export interface Place {
  readonly account: Account
  readonly calendar: MirroredCalendar
  readonly ref: CalendarRef
  /** For people. */
  readonly label: string
  readonly writer: CalendarWriter
}

export interface NoPlace {
  readonly reason: RefusalReason
  readonly label: string
  readonly sentence: string
}

/** Which calendar is meant: an account by id, the beginning of it, label or address, a calendar by id or name. Null: the obvious one. */
export interface Where {
  readonly account: string | null
  readonly calendar: string | null
}

/** The places of one run; a connection is asked for once. */
export interface Places {
  /** The one calendar that is meant. Throws `AppError` `wrong-use` when that is not clear. */
  pick(where: Where): Promise<Place | NoPlace>
  /** All calendars that may be written and fit; the reasons of those that fit and may not. */
  all(where: Where): Promise<{ readonly places: readonly Place[]; readonly others: readonly NoPlace[] }>
  /** The calendar of a journal line; of an account connected anew when the old one is gone. */
  of(key: { readonly accountId: string; readonly calendarId: string }): Promise<Place | NoPlace>
}

export const isPlace = (place: Place | NoPlace): place is Place => 'writer' in place

export async function openPlaces({ accounts }: Pick<WriteBackDeps, 'accounts'>): Promise<Places> {
  const known = await accounts.mirror.listAccounts()
  const calendars = await accounts.mirror.listCalendars()
  const writers = new Map<string, Promise<CalendarWriter | NoPlace | null>>()

  const writerOf = (account: Account) => {
    const asked =
      writers.get(account.id) ??
      accounts.connectionOf(account).then(
        connection => connection.writer,
        (error: unknown) => noPlaceAfter(error, account.label),
      )
    writers.set(account.id, asked)
    return asked
  }

  const open = async (account: Account, calendar: MirroredCalendar): Promise<Place | NoPlace> => {
    const label = placeLabel(account, calendar)
    const closed = closedBecause(account, calendar, label)
    if (closed !== null) return closed
    const writer = await writerOf(account)
    if (writer === null) return { reason: 'unsupported', label, sentence: `Nothing can be written to ${label}.` }
    if ('reason' in writer) return { ...writer, label }
    const ref = { id: calendar.id, ownerAddress: calendar.ownerAddress, zone: calendar.zone }
    return { account, calendar, ref, label, writer }
  }

  const calendarsOf = (account: Account) => calendars.filter(each => each.accountId === account.id)

  return {
    pick: async where => {
      const account = pickAccount(known, where.account)
      return open(account, pickCalendar(account, calendarsOf(account), where.calendar))
    },
    all: async where => {
      const fitting = where.account === null ? known : [pickAccount(known, where.account)]
      const places: Place[] = []
      const others: NoPlace[] = []
      for (const account of fitting) {
        const asked = where.calendar
        for (const calendar of calendarsOf(account)) {
          if (asked !== null && calendar.id !== asked && calendar.name !== asked) continue
          const place = await open(account, calendar)
          if (isPlace(place)) places.push(place)
          else others.push(place)
        }
      }
      return { places, others }
    },
    of: async key => {
      const account = known.find(each => each.id === key.accountId)
      const calendar = account
        ? calendarsOf(account).find(each => each.id === key.calendarId)
        : calendars.find(each => each.id === key.calendarId)
      const owner = account ?? known.find(each => each.id === calendar?.accountId)
      if (owner !== undefined && calendar !== undefined) return open(owner, calendar)
      const label = owner?.label ?? 'an account that is not connected any more'
      const sentence = `The calendar is not among the connected ones any more. Connect its account again, then repeat.`
      return { reason: 'not-found', label, sentence }
    },
  }
}

function pickAccount(known: readonly Account[], asked: string | null): Account {
  const fitting = asked === null ? known : known.filter(each => isAccountNamed(each, asked.toLowerCase()))
  const [only, second] = fitting
  if (only !== undefined && second === undefined) return only
  if (known.length === 0) {
    throw new AppError('wrong-use', 'No account is connected in this database. Run minutewise connect first.')
  }
  const names = known.map(each => `${each.label} (${each.id})`).join(', ')
  if (asked === null) throw new AppError('wrong-use', `Say which account is meant with --account: ${names}.`)
  const problem = only === undefined ? `There is no account "${asked}"` : `"${asked}" names several accounts`
  throw new AppError('wrong-use', `${problem}. Connected: ${names}.`)
}

function isAccountNamed({ id, label, subject }: Account, word: string): boolean {
  return id.startsWith(word) || label.toLowerCase() === word || subject?.toLowerCase() === word
}

function pickCalendar(account: Account, its: readonly MirroredCalendar[], asked: string | null): MirroredCalendar {
  const wanted = (each: MirroredCalendar) => (asked === null ? each.isPrimary : [each.id, each.name].includes(asked))
  const fitting = asked === null && its.length === 1 ? its : its.filter(wanted)
  const [only, second] = fitting
  if (only !== undefined && second === undefined) return only
  if (its.length === 0) {
    throw new AppError('wrong-use', `The calendars of ${account.label} were not listed yet. Run minutewise sync first.`)
  }
  const names = its.map(each => each.name ?? each.id).join(', ')
  if (asked === null) throw new AppError('wrong-use', `Say which calendar is meant with --calendar: ${names}.`)
  const problem =
    only === undefined ? `${account.label} has no calendar "${asked}"` : `"${asked}" names several calendars`
  throw new AppError('wrong-use', `${problem}. It has: ${names}.`)
}

function placeLabel(account: Account, calendar: MirroredCalendar): string {
  return calendar.name === null || calendar.name === account.label
    ? account.label
    : `${calendar.name}, ${account.label}`
}

function closedBecause(account: Account, calendar: MirroredCalendar, label: string): NoPlace | null {
  const no = (reason: RefusalReason, sentence: string): NoPlace => ({ reason, label, sentence })
  const connect = `minutewise connect ${account.provider}`
  if (account.provider === 'ics') return no('unsupported', `${label} is a feed, and a feed can only be read.`)
  if (account.status === 'signed-out') {
    return no('signed-out', `The consent for ${account.label} is gone. Run ${connect} again.`)
  }
  if (account.status === 'no-mailbox') return no('not-found', `${account.label} has no calendar.`)
  if (account.tier !== 'write-back') {
    const sentence = `${account.label} was connected for reading alone. Writing is a consent of its own: run ${connect} --tier write-back.`
    return no('no-consent', sentence)
  }
  if (calendar.sync.status === 'gone') return no('not-found', `The calendar ${label} is not there any more.`)
  if (calendar.access !== 'write' && calendar.access !== 'owner') {
    return no('read-only', `${label} may only be read. Choose a calendar of your own with --calendar.`)
  }
  return null
}

function noPlaceAfter(error: unknown, label: string): NoPlace {
  if (!(error instanceof PortError)) throw error
  return { reason: refusalAfter[error.code], label, sentence: error.message }
}

/** What a plan says when a provider or its account could not be asked. */
export const refusalAfter: Readonly<Record<PortErrorCode, RefusalReason>> = {
  busy: 'unreachable',
  unreachable: 'unreachable',
  full: 'unreachable',
  'read-only': 'read-only',
  denied: 'read-only',
  'not-found': 'not-found',
  malformed: 'unreachable',
  newer: 'unsupported',
  'too-large': 'unsupported',
  conflict: 'changed',
  unsupported: 'unsupported',
  'cursor-expired': 'unreachable',
  'signed-out': 'signed-out',
  'no-mailbox': 'not-found',
  rejected: 'unsupported',
  paused: 'unreachable',
  failed: 'unreachable',
}
