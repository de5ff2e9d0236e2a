import type { Provider } from '../connectors/connector.ts'
import type { Instant } from '../domain/time/types.ts'
import type { AccountId } from './accounts.ts'

/**
 * Secrets of accounts, encrypted at rest: AES-256-GCM with a fresh nonce for each writing, the id of its key beside it,
 * and bound to tenant, account, person and provider: a row copied elsewhere does not open.
 *
 * Promises:
 * - a credential is written with compare-and-swap on its version: of two refreshes at once one is kept, and the loser
 *   learns it and reads the winner's;
 * - nothing but `erase` deletes one: a transient failure never costs a consent;
 * - a row that does not open (another key, a changed byte) is `malformed` with the step that helps, and stays.
 */
export interface CredentialStore {
  /** Null when the account has none. */
  read(of: CredentialOwner): Promise<KeptCredential | null>
  /** `version` is the one that was read, 0 for a new one. False when another version is there now. */
  save(of: CredentialOwner, credential: Credential, version: number): Promise<boolean>
  erase(accountId: AccountId): Promise<void>
  /**
   * Says that `owner` refreshes this credential until `untilAt`; false while somebody else does. A lease ends by itself.
   */
  lease(accountId: AccountId, owner: string, now: Instant, untilAt: Instant): Promise<boolean>
  release(accountId: AccountId, owner: string): Promise<void>
  /** Writes every credential of the tenant again under the newest key; those that are already are left alone. */
  rotate(owners: readonly CredentialOwner[]): Promise<{ readonly rewrapped: number; readonly kept: number }>
  /** Which key seals which credential, read from the rows: also of those that do not open. By account. */
  keyUse(): Promise<readonly KeyUse[]>
}

export interface KeyUse {
  readonly accountId: AccountId
  readonly keyId: string
}

export interface CredentialOwner {
  readonly accountId: AccountId
  readonly provider: Provider
  /** The person or user name of the account; empty for none. */
  readonly subject: string
}

export interface KeptCredential {
  readonly credential: Credential
  readonly version: number
  readonly keyId: string
}

/** What proves the consent. Everything in here is secret. */
export type Credential =
  | {
      readonly kind: 'oauth'
      readonly clientId: string
      /** Desktop clients of Google have one that is none; public clients of Microsoft have none. */
      readonly clientSecret: string | null
      readonly refreshToken: string
      readonly accessToken: string | null
      readonly accessTokenExpiresAt: Instant | null
      /** As granted, which may be less than asked. */
      readonly scopes: readonly string[]
    }
  /** Google domain-wide delegation: the key file's address and key. Tokens are made for each person. */
  | {
      readonly kind: 'service-account'
      readonly clientEmail: string
      readonly privateKeyPem: string
      readonly keyId: string | null
    }
  /** Microsoft application permission. */
  | {
      readonly kind: 'client-secret'
      readonly tenantId: string
      readonly clientId: string
      readonly clientSecret: string
    }
  | { readonly kind: 'password'; readonly userName: string; readonly password: string }
  /** A feed's address is its secret. */
  | { readonly kind: 'address'; readonly url: string }

/** Keys by id; the newest encrypts, all decrypt. 32 bytes each. */
export interface KeyRing {
  readonly newestId: string
  readonly keys: ReadonlyMap<string, Uint8Array>
}
