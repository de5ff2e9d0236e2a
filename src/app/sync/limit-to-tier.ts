import type { CalendarItem, ItemId, Tier } from '../../connectors/connector.ts'
import type { CalendarEvent } from '../../domain/meetings/calendar-event.ts'
import { isHidden, storableMask } from '../../domain/meetings/private-event.ts'

/**
 * The etag as stored: with how much of the item was kept, so that the same item comes again when more of it may be read.
 */
export function keptEtag(etag: string, kept: Tier | 'masked'): string {
  return `${keptLetters[kept]}${etag}`
}

/** The provider's etags of the items that were kept as the tier allows; an item that was kept otherwise is unknown. */
export function providerEtags(kept: ReadonlyMap<ItemId, string>, tier: Tier): ReadonlyMap<ItemId, string> {
  const etags = new Map<ItemId, string>()
  for (const [id, etag] of kept) if (etag.startsWith(keptLetters[tier])) etags.set(id, etag.slice(1))
  return etags
}

const keptLetters = { 'free-busy': 'f', basic: 'b', content: 'c', 'write-back': 'c', masked: 'm' } as const

/** The events of an item of which nothing is left but their times: `master`, or the original start of an override. */
export function maskedEvents({ content }: CalendarItem): ReadonlySet<string> {
  return eventNames(content, event => isHidden(event.visibility))
}

/** The events of an item that are stored with what they say, by the same names. */
export function openEvents({ content }: CalendarItem): ReadonlySet<string> {
  return eventNames(content, event => !isHidden(event.visibility))
}

function eventNames(
  content: CalendarItem['content'],
  isWanted: (event: CalendarEvent) => boolean,
): ReadonlySet<string> {
  if (content.kind === 'occurrence') return noNames
  const events = content.kind === 'series' ? [content.event] : content.events
  if (!events.some(isWanted)) return noNames
  const names = new Set<string>()
  for (const event of events) {
    if (isWanted(event)) names.add(String(event.override?.originalStartAt ?? 'master'))
  }
  return names
}

const noNames: ReadonlySet<string> = new Set()

/**
 * What of an item may be kept at a tier, whatever the connector brought: the second of two nets, and the only one for
 * servers that know no scopes. Private events are masked at every tier.
 */
export function limitToTier(delivered: CalendarItem, tier: Tier): CalendarItem {
  const { content } = delivered
  const item = { ...delivered, etag: keptEtag(delivered.etag, tier) }
  switch (content.kind) {
    case 'occurrence':
      return item
    case 'series':
      return { ...item, content: { kind: 'series', event: limited(content.event, tier) } }
    case 'events':
      return { ...item, content: { kind: 'events', events: content.events.map(event => limited(event, tier)) } }
  }
}

/** The item of a private series, with nothing left but its times. */
export function maskItem(item: CalendarItem): CalendarItem {
  return { ...limitToTier(item, 'free-busy'), etag: keptEtag(item.etag, 'masked') }
}

function limited(event: CalendarEvent, tier: Tier): CalendarEvent {
  if (tier === 'free-busy' || isHidden(event.visibility)) return storableMask(event)
  return tier === 'basic' && event.description !== '' ? { ...event, description: '' } : event
}
