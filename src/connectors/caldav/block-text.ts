import { isBlockKey, ownBlockCategory } from '../../domain/focus/own-block.ts'
import { dayMs, type Instant } from '../../domain/time/types.ts'
import { utc } from '../../domain/time/zone-table.ts'
import type { Block, BlockKey, BlockMove, ItemId, WrittenBlock } from '../connector.ts'
import { readIcs } from '../ics/calendar.ts'
import { everyTime } from '../ics/live-items.ts'
import { escapedText, foldedLine, ResourceText, unescapedText } from './resource-text.ts'

/** Our marker: on an event that carries it, and on no other, blocks are moved and removed. Its value is the key. */
export const markerName = 'X-MINUTEWISE'

/** A block as a resource. Times are in UTC, which needs no zone definition; calendars show them on their own wall. */
export function blockText(block: Block, now: Instant): string {
  const isHold = block.kind === 'hold'
  return [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Minutewise//Minutewise//EN',
    'BEGIN:VEVENT',
    `UID:${block.key}@minutewise`,
    `DTSTAMP:${utcStamp(now)}`,
    `DTSTART:${utcStamp(block.startAt)}`,
    `DTEND:${utcStamp(block.endAt)}`,
    `SUMMARY:${escapedText(block.title)}`,
    `STATUS:${isHold ? 'TENTATIVE' : 'CONFIRMED'}`,
    'TRANSP:OPAQUE',
    `CATEGORIES:${ownBlockCategory}${isHold ? '' : ',Focus time'}`,
    `X-MICROSOFT-CDO-BUSYSTATUS:${isHold ? 'TENTATIVE' : 'BUSY'}`,
    `${markerName}:${block.key}`,
    'END:VEVENT',
    'END:VCALENDAR',
  ]
    .map(line => foldedLine(line))
    .join('')
}

/** The block's text with other times; all else as it was. Null when there is no event in it. */
export function movedText(text: string, move: Pick<BlockMove, 'startAt' | 'endAt'>, now: Instant): string | null {
  const resource = new ResourceText(text)
  const event = resource.main()
  if (event === null) return null
  const sequence = Number.parseInt(resource.property(event, 'SEQUENCE')?.value ?? '0', 10) || 0
  resource.set(event, 'DTSTART', plain(utcStamp(move.startAt)))
  resource.set(event, 'DURATION', null)
  resource.set(event, 'DTEND', plain(utcStamp(move.endAt)))
  resource.set(event, 'DTSTAMP', plain(utcStamp(now)))
  resource.set(event, 'SEQUENCE', plain(String(sequence + 1)))
  return resource.toString()
}

/**
 * The key of the block that a resource holds; null when it is not ours. A server puts invitations into the calendar as
 * their sender wrote them, our marker included, and taking one away would answer its sender: so what has guests is no
 * block of ours, whatever it carries.
 */
export function blockKeyIn(text: string): BlockKey | null {
  return keyIn(new ResourceText(text))
}

function keyIn(resource: ResourceText): BlockKey | null {
  const event = resource.main()
  if (event === null || resource.hasAnywhere('ATTENDEE')) return null
  const key = resource.property(event, markerName)?.value.trim() ?? ''
  return isBlockKey(key) ? key : null
}

/** Null when the resource is no block of ours, or its times cannot be read. */
export async function readBlock(itemId: ItemId, etag: string, text: string): Promise<WrittenBlock | null> {
  const resource = new ResourceText(text)
  const span = resource.main()
  const key = keyIn(resource)
  if (span === null || key === null) return null
  const read = await readIcs(new TextEncoder().encode(text), { calendar: '', window: everyTime, defaultZone: utc })
  const event = read.events.find(({ override }) => override === null)
  if (event === undefined) return null
  const { zone, startWall, nominalDays, exactMs } = event.time
  return {
    itemId,
    etag,
    key,
    title: unescapedText(resource.property(span, 'SUMMARY')?.value ?? ''),
    startAt: zone.toInstant(startWall),
    endAt: zone.toInstant(startWall + nominalDays * dayMs) + exactMs,
    as: event.status === 'tentative' || event.showAs === 'tentative' ? 'tentative' : 'busy',
  }
}

const plain = (value: string) => ({ parameters: '', value })

function utcStamp(at: Instant): string {
  return `${new Date(at).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`
}
