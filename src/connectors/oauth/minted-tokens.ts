import type { Clock } from '../../clock.ts'
import { PortError } from '../../port-error.ts'
import type { TickBudget } from '../connector.ts'
import type { GrantedToken } from './token-endpoint.ts'
import type { TokenSource } from './token-source.ts'

/**
 * Tokens that a lasting key mints when they are needed: nothing to rotate and nothing to store, so they are remembered
 * in memory alone, and all who ask at once share one question. There is no consent behind them that could be given back
 * from here: `revoke` is done at once.
 */
export function mintedTokens({ clock, mint }: MintedTokensDeps): TokenSource {
  let held: GrantedToken | null = null
  let running: Promise<GrantedToken> | null = null

  return {
    async token({ budget, rejected }) {
      for (;;) {
        if (held !== null && held.accessToken !== rejected && held.expiresAt - clock.now() > slackMs) {
          return held.accessToken
        }
        const joined = running
        running ??= mint(budget).finally(() => {
          running = null
        })
        try {
          held = await running
        } catch (error) {
          const isOthersEnd = joined !== null && error instanceof PortError && error.code === 'paused'
          if (isOthersEnd && !budget.signal?.aborted) continue
          throw error
        }
        if (held.accessToken !== rejected) return held.accessToken
        if (joined === null) {
          throw new PortError(
            'denied',
            'The provider refuses a token that it gave just now. Check the rights behind it.',
          )
        }
      }
    },
    revoke: async () => undefined,
  }
}

interface MintedTokensDeps {
  readonly clock: Clock
  readonly mint: (budget: TickBudget) => Promise<GrantedToken>
}

const slackMs = 60_000
