import type { TickBudget } from '../../connectors/connector.ts'
import type { Instant } from '../../domain/time/types.ts'
import type { MirrorStore } from '../../store/mirror-store.ts'
import type { LiveAccounts } from '../live-accounts.ts'

/** What the use cases of writing back touch. */
export interface WriteBackDeps {
  readonly accounts: Pick<LiveAccounts, 'connectionOf'> & { readonly mirror: WriteMirror }
  /** Whose database it is; part of every key. */
  readonly tenant: string
  readonly now: () => Instant
  readonly budget: TickBudget
}

export type WriteMirror = Pick<
  MirrorStore,
  'listAccounts' | 'listCalendars' | 'readItems' | 'findItems' | 'saveWrite' | 'listWrites'
>
