import type { Clock } from '../../clock.ts'
import { PortError } from '../../port-error.ts'
import type { CredentialOwner, CredentialStore } from '../../store/credential-store.ts'
import type { TickBudget } from '../connector.ts'
import type { HttpPolicy } from '../http-policy.ts'
import { microsoftTokenUrl } from './consent-providers.ts'
import { mintedTokens } from './minted-tokens.ts'
import { askForToken, type GrantedToken, type RefusedToken } from './token-endpoint.ts'
import type { GraphRoots, TokenSource } from './token-source.ts'

/**
 * Microsoft's application permission: one token for all mailboxes that an admin opened to the application. The scope is
 * always `.default`: what the admin consented to, and nothing can be asked beside it.
 */
export function clientCredentialTokens({
  http,
  clock,
  credentials,
  owner,
  roots,
}: ClientCredentialTokensDeps): TokenSource {
  return mintedTokens({ clock, mint })

  async function mint(budget: TickBudget): Promise<GrantedToken> {
    const kept = await credentials.read(owner)
    if (kept === null) throw new PortError('signed-out', 'The secret of the application is gone. Connect it again.')
    if (kept.credential.kind !== 'client-secret') {
      throw new PortError(
        'malformed',
        'What is stored for this account is no secret of an application. Connect it again.',
      )
    }
    const { tenantId, clientId, clientSecret } = kept.credential
    if (sharedTenants.has(tenantId.toLowerCase())) {
      throw new PortError('rejected', 'An application works in one tenant: connect it with the ID of the organisation.')
    }
    const answer = await askForToken(
      { http, clock, url: microsoftTokenUrl(roots, tenantId), provider: 'Microsoft' },
      {
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: clientSecret,
        scope: new URL('.default', roots.api).href,
      },
      budget,
    )
    if (answer.kind === 'granted') return answer
    throw refusal(answer)
  }
}

export interface ClientCredentialTokensDeps {
  readonly http: HttpPolicy
  readonly clock: Clock
  readonly credentials: CredentialStore
  readonly owner: CredentialOwner
  readonly roots: GraphRoots
}

const sharedTenants = new Set(['common', 'organizations', 'consumers'])

/** AADSTS7000222: the secret ended. 7000215: it is wrong. 700016: no such application there. 90002: no such tenant. */
function refusal({ error, description, label }: RefusedToken): PortError {
  if (/^AADSTS7000222\b/.test(description)) {
    return new PortError(
      'signed-out',
      'The secret of the application has ended. Make a new one in the Entra admin center and connect it again.',
    )
  }
  if (['invalid_client', 'unauthorized_client', 'invalid_grant', 'invalid_request'].includes(error)) {
    return new PortError(
      'signed-out',
      `Microsoft does not accept this application (${label}). Check tenant ID, client ID and secret in the Entra admin ` +
        'center under App registrations, have an admin consent to its calendar permission, and connect it again.',
    )
  }
  return new PortError('failed', `Microsoft gave no token to this application (${label}). Try again later.`)
}
