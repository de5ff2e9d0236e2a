import type { TickBudget } from '../connector.ts'

/** Access tokens of one person at one provider. One refresh at a time, whoever asks and from however many processes. */
export interface TokenSource {
  /**
   * A token that is good for a minute at least. With `rejected`, the token that the provider just refused: another one
   * than that, refreshed when it is still the one we hold. Asked for again after one refusal only: a second 401 with a
   * fresh token is `denied`, not a reason to refresh for ever.
   *
   * @throws PortError `signed-out` when the consent is gone (and it stays stored: only `disconnect` erases it), `busy`,
   * `unreachable` or `failed` when the token address does not answer properly, `paused` as the policy.
   */
  token(how: { readonly budget: TickBudget; readonly rejected?: string }): Promise<string>
  /** Gives the consent back at the provider; done when it is gone already. */
  revoke(budget: TickBudget): Promise<void>
}

/** Where a provider's services are: other addresses for national clouds and for tests. All end in `/`. */
export interface GoogleRoots {
  /** `https://www.googleapis.com/` (MINUTEWISE_GOOGLE_ROOT) */
  readonly api: string
  /** `https://admin.googleapis.com/` (MINUTEWISE_GOOGLE_ADMIN_ROOT); the same as `api` when that alone is given */
  readonly admin: string
  /** `https://oauth2.googleapis.com/token` (MINUTEWISE_GOOGLE_TOKEN_URL) */
  readonly token: string
  /** `https://oauth2.googleapis.com/revoke` (MINUTEWISE_GOOGLE_REVOKE_URL) */
  readonly revoke: string
  /** `https://accounts.google.com/o/oauth2/v2/auth` (MINUTEWISE_GOOGLE_AUTH_URL) */
  readonly authorize: string
}

export interface GraphRoots {
  /** `https://graph.microsoft.com/` (MINUTEWISE_GRAPH_ROOT); the version `v1.0` follows it */
  readonly api: string
  /** `https://login.microsoftonline.com/` (MINUTEWISE_GRAPH_LOGIN_ROOT); `TENANT/oauth2/v2.0/token` and `…/authorize` follow it */
  readonly login: string
}
