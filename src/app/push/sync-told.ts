import { hourMs } from '../../domain/time/types.ts'
import { type SyncAccountsInput, type SyncRun, syncAccounts } from '../sync/sync-accounts.ts'
import { type ChannelsRun, type OpenChannelsDeps, openChannels } from './open-channels.ts'

/**
 * One tick with push: channels first, so that nothing changes unheard between the round and the channel; then the sync,
 * which leaves a calendar that is told of changes alone for longer. Calendars that this tick found are given their
 * channels at its end.
 */
export async function syncTold(
  deps: OpenChannelsDeps,
  input: SyncAccountsInput & { readonly publicUrl: string },
): Promise<{ readonly run: SyncRun; readonly channels: ChannelsRun }> {
  const { publicUrl, only, askedFor, budget } = input
  const before = await openChannels(deps, { publicUrl, only, askedFor, budget })
  const run = await syncAccounts(deps, {
    ...input,
    intervalMs: ({ accountId, id }) => (before.isTold({ accountId, calendarId: id }) ? toldIntervalMs : null),
  })
  if (!run.accounts.some(({ result }) => result === 'listed')) return { run, channels: before }
  const after = await openChannels(deps, { publicUrl, only, askedFor: false, budget })
  return {
    run,
    channels: {
      opened: before.opened + after.opened,
      prolonged: before.prolonged + after.prolonged,
      stopped: before.stopped + after.stopped,
      refused: [...before.refused, ...after.refused],
      isTold: after.isTold,
    },
  }
}

/** Notifications get lost, and channels die in silence: whoever is told is asked all the same, once an hour or so. */
export const toldIntervalMs = hourMs
