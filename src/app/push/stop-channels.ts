import { PortError } from '../../port-error.ts'
import type { CalendarKey } from '../../store/accounts.ts'
import { inTurns } from '../in-turns.ts'
import { hookAddresses } from './hook-addresses.ts'
import type { OpenChannelsDeps, OpenChannelsInput } from './open-channels.ts'

/**
 * The peaceful end of listening: nobody is there any more to be told, so providers are told so. What cannot be said
 * within the budget is marked, is said by the next run that listens, and expires within a week in any case. Calendars
 * that were told go back to being polled at once.
 */
export async function stopChannels(
  { mirror, connectionOf }: OpenChannelsDeps,
  { publicUrl, budget }: Pick<OpenChannelsInput, 'publicUrl' | 'budget'>,
): Promise<{ readonly stopped: number }> {
  const accounts = await mirror.listAccounts()
  const ours = (await mirror.listChannels()).filter(({ accountId, address, status }) => {
    const account = accounts.find(({ id }) => id === accountId)
    return status === 'open' && account !== undefined && hookAddresses(publicUrl, account.provider)?.address === address
  })
  for (const channel of ours) await mirror.saveChannel({ ...channel, status: 'stopping', nextAt: null })
  const keys: readonly CalendarKey[] = ours.map(({ accountId, calendarId }) => ({ accountId, calendarId }))
  if (keys.length > 0) await mirror.lookNow(keys)
  let stopped = 0
  await inTurns(ours, channelsAtOnce, async channel => {
    try {
      const connection = await connectionOf(accounts.find(({ id }) => id === channel.accountId)!)
      await connection.push?.stop(channel, budget)
    } catch (error) {
      if (!(error instanceof PortError)) throw error
      return
    }
    await mirror.removeChannel(channel.channelId)
    stopped++
  })
  return { stopped }
}

const channelsAtOnce = 6
