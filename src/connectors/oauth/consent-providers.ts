import type { GoogleRoots, GraphRoots } from './token-source.ts'

/** What the browser consent has to know of a provider. */
export interface ConsentProvider {
  /** For sentences. */
  readonly name: 'Google' | 'Microsoft'
  readonly authorizeUrl: string
  readonly tokenUrl: string
  /** Who may sign the ID token, `{tid}` being the tenant it names; also what a redirect's `iss` has to be. */
  readonly issuer: string
  /** The one tenant whose people may answer; null where any may. */
  readonly tenantId: string | null
  /** `127.0.0.1` or `localhost`: what the provider takes for programs on a desk, with any port (RFC 8252 section 7.3). */
  readonly redirectHost: '127.0.0.1' | 'localhost'
  /** What has to be asked to learn whose calendar it is, and to be allowed to come back without the person. */
  readonly identityScopes: readonly string[]
  readonly parameters: Readonly<Record<string, string>>
  /** Scopes as they compare: providers answer with long and short names for one thing. */
  readonly plainScope: (scope: string) => string
}

/**
 * `openid email` and no `profile`: the address is in the ID token, and no further question is asked. `prompt=consent`
 * makes Google give a refresh token each time, not only the first.
 */
export function googleConsent(roots: GoogleRoots): ConsentProvider {
  return {
    name: 'Google',
    authorizeUrl: roots.authorize,
    tokenUrl: roots.token,
    issuer: new URL(roots.authorize).origin,
    tenantId: null,
    redirectHost: '127.0.0.1',
    identityScopes: ['openid', 'email'],
    parameters: { access_type: 'offline', prompt: 'consent' },
    plainScope: scope => scope,
  }
}

/**
 * @param tenant `common`, `organizations`, `consumers`, or the ID or domain of one organisation.
 *
 * `profile` because work accounts carry their address in `preferred_username`; `offline_access` for the refresh token.
 */
export function microsoftConsent(roots: GraphRoots, tenant = 'common'): ConsentProvider {
  const prefix = roots.api.toLowerCase()
  return {
    name: 'Microsoft',
    authorizeUrl: microsoftUrl(roots, tenant, 'authorize'),
    tokenUrl: microsoftTokenUrl(roots, tenant),
    issuer: new URL('{tid}/v2.0', roots.login).href.replace('%7Btid%7D', '{tid}'),
    tenantId: isTenantId(tenant) ? tenant.toLowerCase() : null,
    redirectHost: 'localhost',
    identityScopes: ['openid', 'profile', 'offline_access'],
    parameters: { prompt: 'select_account' },
    plainScope: scope => {
      const plain = scope.toLowerCase()
      return plain.startsWith(prefix) ? plain.slice(prefix.length) : plain
    },
  }
}

export function microsoftTokenUrl(roots: GraphRoots, tenant: string): string {
  return microsoftUrl(roots, tenant, 'token')
}

/** A word, an ID or a domain: nothing that could lead to another path. */
export function isTenant(tenant: string): boolean {
  return /^[a-z0-9](?:[a-z0-9.-]{0,253}[a-z0-9])?$/i.test(tenant) && !tenant.includes('..')
}

function microsoftUrl(roots: GraphRoots, tenant: string, what: 'authorize' | 'token'): string {
  return new URL(`${encodeURIComponent(tenant)}/oauth2/v2.0/${what}`, roots.login).href
}

function isTenantId(tenant: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(tenant)
}
