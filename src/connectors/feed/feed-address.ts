import { PortError } from '../../port-error.ts'

/**
 * The web address behind what people paste: `webcal://` and `webcals://` are what calendars call https (never http: the
 * address is a secret). Whether it may be asked is the guard's to say.
 *
 * @throws PortError `rejected` when it is no address, without repeating it.
 */
export function feedAddress(pasted: string): URL {
  const text = pasted.trim().replace(/^webcals?:/i, 'https:')
  try {
    return new URL(text)
  } catch {
    throw new PortError(
      'rejected',
      'The address of the feed is not a web address. Copy it again from where the calendar is shared.',
    )
  }
}

/** A name for people: the host, which is no secret. */
export function feedLabel(pasted: string): string {
  return feedAddress(pasted).host
}
