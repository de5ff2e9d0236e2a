import type { WriteMirror } from '../../src/app/write-back/write-back-deps.ts'
import type {
  AccountConnection,
  CalendarAccess,
  CalendarItem,
  CalendarWriter,
  Tier,
} from '../../src/connectors/connector.ts'
import { PortError } from '../../src/port-error.ts'
import type { Account, MirroredCalendar, WriteEntry } from '../../src/store/accounts.ts'

/** What a store has for writing back, in memory, with one line of the journal a key. */
export interface MemoryAccounts {
  readonly mirror: WriteMirror
  connectionOf(account: Account): Promise<AccountConnection>
  readonly journal: ReadonlyMap<string, WriteEntry>
  /** Counts every line written. */
  readonly saves: () => number
  /** The database is lost; what is on calendars stays. */
  forget(): void
}

export interface MemoryAccountsContent {
  readonly accounts: readonly Account[]
  readonly calendars: readonly MirroredCalendar[]
  readonly items?: readonly CalendarItem[]
  readonly writer: CalendarWriter | null
  readonly signedOut?: boolean
}

export function memoryAccounts({
  accounts,
  calendars,
  items,
  writer,
  signedOut,
}: MemoryAccountsContent): MemoryAccounts {
  const journal = new Map<string, WriteEntry>()
  let saves = 0
  return {
    journal,
    saves: () => saves,
    forget: () => journal.clear(),
    connectionOf: async () => {
      if (signedOut) throw new PortError('signed-out', 'The consent is gone. Run minutewise connect again.')
      const unused = async () => {
        throw new Error('writing back pulls nothing')
      }
      return {
        connector: { provider: 'memory', listCalendars: unused, pull: unused, fetchItems: unused },
        writer,
        push: null,
        directory: null,
        revoke: async () => {},
      }
    },
    mirror: {
      listAccounts: async () => accounts,
      listCalendars: async id => calendars.filter(each => id === undefined || each.accountId === id),
      readItems: async () => items ?? [],
      findItems: async (_, { ids = [] }) => (items ?? []).filter(item => ids.includes(item.id)),
      saveWrite: async entry => {
        saves++
        journal.set(entry.id, structuredClone(entry))
      },
      // Oldest first, as the store promises; what began at once comes in any order.
      listWrites: async () =>
        [...journal.values()].toSorted((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1)),
    },
  }
}

export function accountNamed(label: string, tier: Tier = 'write-back', change: Partial<Account> = {}): Account {
  return {
    id: `account${label.replace(/\W/g, '')}`.toLowerCase(),
    provider: 'google',
    subject: label,
    label,
    tier,
    grant: 'personal',
    settings: {},
    status: 'connected',
    sentence: null,
    connectedAt: 0,
    listedAt: 0,
    ...change,
  }
}

export function calendarOf(
  account: Account,
  id: string,
  access: CalendarAccess = 'owner',
  change: Partial<MirroredCalendar> = {},
): MirroredCalendar {
  return {
    accountId: account.id,
    id,
    name: account.label,
    zone: 'Europe/Madrid',
    ownerAddress: account.subject,
    isPrimary: true,
    access,
    isSelected: true,
    sync: {
      status: 'current',
      sentence: null,
      version: 1,
      cursor: null,
      round: null,
      generation: 1,
      asOf: Date.UTC(2026, 10, 20, 8),
      triedAt: null,
      nextAt: null,
      failures: 0,
      forcedAt: null,
      windowStartAt: null,
      windowEndAt: null,
      leftOut: [],
    },
    ...change,
  }
}
