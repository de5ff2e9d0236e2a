import type { AccountConnection, TickBudget } from '../../connectors/connector.ts'
import type { Instant } from '../../domain/time/types.ts'
import { PortError } from '../../port-error.ts'
import type { AccountId } from '../../store/accounts.ts'
import type { MirrorStore } from '../../store/mirror-store.ts'

/**
 * Reads the account's directory, where it has one, in place of what it gave before. Calendars need no directory: what
 * goes wrong here is a sentence about the account, and what was known of its people stays.
 *
 * @throws PortError `paused` when the tick is over, `signed-out` when the consent is.
 */
export async function saveDirectory(
  mirror: Pick<MirrorStore, 'saveDirectory'>,
  { id, directory }: { readonly id: AccountId } & Pick<AccountConnection, 'directory'>,
  budget: TickBudget,
  now: Instant,
): Promise<string | null> {
  if (directory === null) return null
  try {
    await mirror.saveDirectory(id, await directory.rows(budget), now)
    return null
  } catch (error) {
    if (!(error instanceof PortError) || error.code === 'paused' || error.code === 'signed-out') throw error
    return `The directory of people and teams could not be read. ${error.message}`
  }
}
