import type { TickBudget } from '../../connectors/connector.ts'
import { PortError } from '../../port-error.ts'
import type { Account } from '../../store/accounts.ts'
import type { ConnectableAccounts } from '../live-accounts.ts'
import { settleOrOwe } from './settle-or-owe.ts'

export interface Disconnected {
  readonly account: Account
  /** The provider took the consent back. False: it could not be told, or there was nothing left to tell it with. */
  readonly revoked: boolean
  /** For people, when it was not: how to do it by hand. */
  readonly sentence: string | null
}

/**
 * Gives the consent back at the provider, then erases everything that came from the account: calendars, events, people,
 * the secret. Channels are stopped first. When the provider cannot be told now, nothing is erased, so that it can be
 * told later; with `evenIfNotRevoked` it is erased here all the same.
 *
 * @throws PortError of the provider when it could not be told and `evenIfNotRevoked` is false.
 */
export async function disconnectAccount(
  { live }: { readonly live: ConnectableAccounts },
  input: { readonly account: Account; readonly budget: TickBudget; readonly evenIfNotRevoked: boolean },
): Promise<Disconnected> {
  const { account, budget, evenIfNotRevoked } = input
  let sentence: string | null = null
  try {
    const connection = await live.connectionOf(account)
    for (const channel of await live.mirror.listChannels()) {
      if (channel.accountId !== account.id || channel.providerId === '' || connection.push === null) continue
      // the consent that opened a channel ends with it at the latest
      await connection.push.stop(channel, budget).catch(ignorePortErrors)
    }
    await connection.revoke(budget)
  } catch (error) {
    if (!(error instanceof PortError)) throw error
    const isGone = error.code === 'signed-out' || error.code === 'malformed'
    if (!isGone && !evenIfNotRevoked) throw error
    sentence = revokeByHand[account.provider]
  }
  await live.credentials.erase(account.id)
  await live.mirror.removeAccount(account.id)
  await settleOrOwe(live.mirror)
  return { account, revoked: sentence === null, sentence }
}

const revokeByHand = {
  google: 'Google could not be told. Take the access away under myaccount.google.com/connections.',
  microsoft: 'Microsoft could not be told. Take the access away under myapps.microsoft.com.',
  caldav: 'The server knows nothing of Minutewise; change the app password there if it was made for this.',
  ics: 'Whoever has the address of the feed can still read it; make a new address where it comes from.',
  memory: '',
} as const

function ignorePortErrors(error: unknown): void {
  if (!(error instanceof PortError)) throw error
}
