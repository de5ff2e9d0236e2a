import type { AccountConnection, Tier } from '../connectors/connector.ts'
import type { Account } from '../store/accounts.ts'
import type { Credential, CredentialStore } from '../store/credential-store.ts'
import type { MirrorStore } from '../store/mirror-store.ts'

/** The accounts of one database, and the way to the providers behind them. Wired by an entry, closed by who opened it. */
export interface LiveAccounts {
  readonly mirror: MirrorStore
  /** Throws `PortError` `signed-out` when the account's credential is gone; asks the provider nothing by itself. */
  connectionOf(account: Account): Promise<AccountConnection>
  /** A second call does nothing. */
  close(): Promise<void>
}

/** What connecting and disconnecting need besides. */
export interface ConnectableAccounts extends LiveAccounts {
  readonly credentials: CredentialStore
  /** Asks a person in their browser. Stores nothing. */
  signIn(request: SignInRequest): Promise<SignedIn>
}

export interface SignInRequest {
  readonly provider: 'google' | 'microsoft'
  readonly tier: Tier
  readonly client: { readonly id: string; readonly secret: string | null }
  /** Microsoft's tenant; null for any. */
  readonly tenant: string | null
  /** Whose consent is wanted, when that is known. */
  readonly address: string | null
  /** Shows the address of the consent page to the person. */
  readonly show: (url: string) => Promise<void>
  readonly signal?: AbortSignal
}

export interface SignedIn {
  readonly credential: Credential
  /** Of the person who consented. */
  readonly address: string
  /** Asked and not given. */
  readonly missingScopes: readonly string[]
}
