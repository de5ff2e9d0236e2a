import type { Clock } from '../../clock.ts'
import type { AccountConnection, Tier } from '../connector.ts'
import type { HttpPolicy } from '../http-policy.ts'
import type { GraphRoots, TokenSource } from '../oauth/token-source.ts'
import { createMicrosoftCalendars } from './calendar.ts'
import { createGraphClient } from './client.ts'
import { createMicrosoftDirectory } from './directory.ts'
import type { MicrosoftGrant } from './mailbox.ts'
import { createMicrosoftPush } from './push.ts'
import { createMicrosoftWriter } from './writer.ts'

export interface MicrosoftConnectionDeps {
  readonly http: HttpPolicy
  /** Graph's tokens are the account's: `tokensFor(null)` is asked alone, for an organisation's application too. */
  readonly tokensFor: (person: string | null) => TokenSource
  readonly account: MicrosoftAccount
  readonly clock: Clock
  readonly roots: GraphRoots
  /** Entries a page; 200 by default. */
  readonly pageSize?: number
}

/** What of an `Account` matters here; other grants than `organisation` are a person's own. */
export interface MicrosoftAccount {
  readonly tier: Tier
  readonly grant: string
  readonly subject: string | null
  readonly settings: Readonly<Record<string, string>>
}

/** Everything one account of Microsoft 365 can do. Asks nothing by itself. */
export function createMicrosoftConnection(deps: MicrosoftConnectionDeps): AccountConnection {
  const { http, tokensFor, account, clock, roots } = deps
  const { tier, subject } = account
  const grant: MicrosoftGrant = account.grant === 'organisation' ? 'organisation' : 'personal'
  const tokens = tokensFor(null)
  const graph = createGraphClient({
    http,
    tokens,
    roots,
    ...(deps.pageSize === undefined ? {} : { pageSize: deps.pageSize }),
  })
  return {
    connector: createMicrosoftCalendars({ graph, tier, grant, subject }),
    writer: tier === 'write-back' ? createMicrosoftWriter({ graph, grant, subject, clock }) : null,
    push: createMicrosoftPush({ graph, grant, subject, clock }),
    // A person's consent does not open the list of everybody.
    directory: grant === 'organisation' ? createMicrosoftDirectory({ graph, subject }) : null,
    revoke: budget => tokens.revoke(budget),
  }
}
