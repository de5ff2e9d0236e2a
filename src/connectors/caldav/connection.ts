import type { Clock } from '../../clock.ts'
import type { Account } from '../../store/accounts.ts'
import type { Credential } from '../../store/credential-store.ts'
import type { AccountConnection, CalendarRef, CalendarWriter, Connector, TickBudget } from '../connector.ts'
import type { HttpPolicy } from '../http-policy.ts'
import { calendarUrl, listDavCalendars } from './calendars.ts'
import { DavClient } from './client.ts'
import { discover, type Principal } from './discovery.ts'
import { DavRounds } from './pull.ts'
import { serverAddress } from './server-address.ts'
import { createCaldavWriter } from './writer.ts'

export interface CaldavConnectionDeps {
  readonly http: HttpPolicy
  readonly credential: Pick<Extract<Credential, { kind: 'password' }>, 'userName' | 'password'>
  /** `settings.url`: the server, or any address on it that leads to the user's calendars. */
  readonly account: Pick<Account, 'tier' | 'settings'>
  readonly clock: Clock
  /** Resources fetched in one step. */
  readonly perStep?: number
}

/**
 * Calendars of a CalDAV server (RFC 4791) by user name and password. A server at home is as good as one in the world:
 * only http is refused, except on this very machine. Push and a directory are not part of the protocol, and there is no
 * consent to give back: an app password is revoked in the server's settings.
 */
export function createCaldavConnection(deps: CaldavConnectionDeps): AccountConnection {
  const { http, credential, account, clock, perStep = 100 } = deps
  let opened: { readonly client: DavClient; readonly rounds: DavRounds } | null = null
  let found: Principal | null = null

  /** Not before it is asked: an address that cannot be used is a sentence of this account, not an end of the program. */
  const open = () => {
    if (opened === null) {
      const client = new DavClient({ http, base: serverAddress(account.settings.url ?? ''), ...credential })
      opened = { client, rounds: new DavRounds(client, perStep) }
    }
    return opened
  }
  const principal = async (budget: TickBudget): Promise<Principal> => {
    found ??= await discover(open().client, credential.userName, budget)
    return found
  }
  /** A calendar on a neighbouring host is asked only once the account's own server has named that host. */
  const openFor = async (calendar: CalendarRef, budget: TickBudget) => {
    const { client, rounds } = open()
    if (calendarUrl(client, calendar.id).origin !== client.base.origin) await principal(budget)
    return rounds
  }

  const connector: Connector = {
    provider: 'caldav',
    listCalendars: async budget => await listDavCalendars(open().client, await principal(budget), budget),
    pull: async request => await (await openFor(request.calendar, request.budget)).pull(request),
    fetchItems: async request => await (await openFor(request.calendar, request.budget)).fetchItems(request),
  }
  let writer: CalendarWriter | null = null
  const writerFor = async (calendar: CalendarRef, budget: TickBudget): Promise<CalendarWriter> => {
    await openFor(calendar, budget)
    writer ??= createCaldavWriter({ client: open().client, clock, principal })
    return writer
  }
  return {
    connector,
    writer: account.tier === 'write-back' ? opensFirst(writerFor) : null,
    push: null,
    directory: null,
    revoke: async () => undefined,
  }
}

/** A writer that finds its server when it is first asked. */
function opensFirst(writerFor: (calendar: CalendarRef, budget: TickBudget) => Promise<CalendarWriter>): CalendarWriter {
  return {
    createBlock: async (calendar, block, budget) =>
      await (await writerFor(calendar, budget)).createBlock(calendar, block, budget),
    moveBlock: async (calendar, move, budget) =>
      await (await writerFor(calendar, budget)).moveBlock(calendar, move, budget),
    removeBlock: async (calendar, itemId, budget) =>
      await (await writerFor(calendar, budget)).removeBlock(calendar, itemId, budget),
    findBlock: async (calendar, key, budget) =>
      await (await writerFor(calendar, budget)).findBlock(calendar, key, budget),
    listBlocks: async (calendar, window, budget) =>
      await (await writerFor(calendar, budget)).listBlocks(calendar, window, budget),
    readAgenda: async (calendar, itemId, budget) =>
      await (await writerFor(calendar, budget)).readAgenda(calendar, itemId, budget),
    writeAgenda: async (calendar, change, budget) =>
      await (await writerFor(calendar, budget)).writeAgenda(calendar, change, budget),
  }
}
