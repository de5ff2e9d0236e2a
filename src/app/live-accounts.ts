import type { AccountConnection } from '../connectors/connector.ts'
import type { Account } from '../store/accounts.ts'
import type { MirrorStore } from '../store/mirror-store.ts'

/** The accounts of one database, and the way to the providers behind them. Wired by an entry, closed by who opened it. */
export interface LiveAccounts {
  readonly mirror: MirrorStore
  /** Throws `PortError` `signed-out` when the account's credential is gone; asks the provider nothing by itself. */
  connectionOf(account: Account): Promise<AccountConnection>
  /** A second call does nothing. */
  close(): Promise<void>
}
