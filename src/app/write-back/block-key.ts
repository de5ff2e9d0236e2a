import type { BlockKey } from '../../connectors/connector.ts'
import { blockKeyPrefix } from '../../domain/focus/own-block.ts'
import type { Interval } from '../../domain/time/types.ts'
import type { Account } from '../../store/accounts.ts'

/** What a block is for. The same purpose has the same key on every machine and in every run. */
export interface BlockPurpose {
  readonly tenant: string
  /** By provider and subject, not by our id: a calendar that is connected anew has its blocks still. */
  readonly account: Pick<Account, 'provider' | 'subject' | 'label'>
  readonly calendarId: string
  /** Such as `focus`; two purposes may have a block each in one slot. */
  readonly purpose: string
  readonly slot: Interval
  /**
   * How many blocks for this were made and are gone. Providers keep the ids of removed events (Google answers 409 for
   * one), so a block that is made again is another one.
   */
  readonly round: number
}

/**
 * The key of a block: our prefix and the first 160 bits of the SHA-256 of the purpose, in base32hex (RFC 4648 section
 * 7, small letters). Fields stand as JSON, so no two purposes run into each other.
 */
export async function blockKey({ tenant, account, calendarId, purpose, slot, round }: BlockPurpose): Promise<BlockKey> {
  const who = account.subject ?? account.label
  return `${blockKeyPrefix}${await digits([
    'block',
    tenant,
    account.provider,
    who,
    calendarId,
    purpose,
    slot.startAt,
    slot.endAt,
    round,
  ])}`
}

/** The id of a journal line that makes no block: the same for the same write planned twice. */
export async function writeId(parts: readonly (string | number | null)[]): Promise<string> {
  return `write-${await digits(parts)}`
}

async function digits(parts: readonly (string | number | null)[]): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(parts))
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  let bits = 0n
  for (const byte of hash.subarray(0, 20)) bits = (bits << 8n) | BigInt(byte)
  return bits.toString(32).padStart(32, '0')
}
