import type { AccountConnection, CalendarRef, TickBudget, Tier } from '../../../src/connectors/connector.ts'
import { createMicrosoftConnection } from '../../../src/connectors/microsoft/connection.ts'
import { microsoftScopes } from '../../../src/connectors/microsoft/scopes.ts'
import type { TokenSource } from '../../../src/connectors/oauth/token-source.ts'
import { createHttpPolicy } from '../../../src/connectors/paced-http.ts'
import { createGraphFake, defaultApp, type GraphFake } from '../../fakes/graph/graph-fake.ts'
import type { Mailbox } from '../../fakes/graph/mailbox.ts'
import { type VirtualClock, virtualClock } from '../../fakes/kit/clock.ts'
import { type Served, serve } from '../../fakes/kit/serve.ts'

export interface GraphWorldOptions {
  readonly tier?: Tier
  readonly grant?: 'personal' | 'organisation'
  readonly pageSize?: number
  readonly nowAt?: number
  /** Instead of the least ones for the tier. */
  readonly permissions?: readonly string[]
  /** Addresses of the fake's own requests: handshakes and notifications. */
  readonly fetch?: typeof fetch
}

export interface GraphWorld {
  readonly fake: GraphFake
  readonly served: Served
  readonly clock: VirtualClock
  /** Of Ana, who consented. */
  readonly mailbox: Mailbox
  readonly connection: AccountConnection
  readonly calendar: CalendarRef
  readonly tokens: TestTokens
  close(): Promise<void>
}

export interface TestTokens extends TokenSource {
  /** Tokens that were asked for after a refusal. */
  refreshed: number
  revoked: number
}

export const ana = 'ana@lantern.example'
export const ben = 'ben@lantern.example'
export const startAt = Date.parse('2026-03-02T08:00:00Z')

/** The strict Graph on loopback, and the connection of Ana (or of her organisation) to it through the real policy. */
export async function graphWorld(options: GraphWorldOptions = {}): Promise<GraphWorld> {
  const { tier = 'content', grant = 'personal', pageSize, nowAt = startAt } = options
  const clock = virtualClock(nowAt)
  const fake = createGraphFake({
    clock,
    apps: [{ ...defaultApp, roles: [...defaultApp.roles, 'Calendars.ReadWrite'] }],
    ...(options.fetch === undefined ? {} : { fetch: options.fetch }),
  })
  fake.addUser({ address: ana, name: 'Ana Ruiz', zone: 'Central European Standard Time' })
  fake.addUser({ address: ben, name: 'Ben Ode', zone: 'Nepal Standard Time' })
  const served = await serve(fake, fake.faults)
  const permissions = options.permissions ?? microsoftScopes(tier, { grant })
  const tokens = testTokens(() => fake.signIn.issue({ person: grant === 'personal' ? ana : null, permissions }))
  const connection = createMicrosoftConnection({
    http: createHttpPolicy({ fetch, clock }),
    tokensFor: () => tokens,
    account: { tier, grant, subject: ana, settings: {} },
    clock,
    roots: { api: served.url, login: served.url },
    ...(pageSize === undefined ? {} : { pageSize }),
  })
  const mailbox = fake.mailbox(ana)
  const calendar = {
    id: grant === 'personal' ? mailbox.calendarId : mailbox.userId,
    ownerAddress: ana,
    zone: 'Europe/Warsaw',
  }
  return { fake, served, clock, mailbox, connection, calendar, tokens, close: () => served.close() }
}

export const plenty = (): TickBudget => ({ requests: 10_000, untilAt: Number.MAX_SAFE_INTEGER })

function testTokens(issue: () => string): TestTokens {
  let token = issue()
  const tokens: TestTokens = {
    refreshed: 0,
    revoked: 0,
    async token({ rejected }) {
      if (rejected !== undefined) {
        tokens.refreshed++
        if (rejected === token) token = issue()
      }
      return token
    },
    async revoke() {
      tokens.revoked++
    },
  }
  return tokens
}
