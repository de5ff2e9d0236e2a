import { createHash } from 'node:crypto'
import type { Clock } from '../../../src/clock.ts'
import { invalid } from './google-error.ts'

/** Text that only the fake reads. One changed character and it is nobody's. */
export function sealed(content: unknown): string {
  const body = Buffer.from(JSON.stringify(content)).toString('base64url')
  return `${body}${sealOf(body)}`
}

/** What was sealed; null for anything that was not, or was changed since. */
export function unsealed(token: string): unknown {
  const body = token.slice(0, -sealLength)
  if (body === '' || token.slice(-sealLength) !== sealOf(body)) return null
  return JSON.parse(Buffer.from(body, 'base64url').toString('utf8'))
}

const sealLength = 10
const sealOf = (body: string) =>
  createHash('sha256').update(`minutewise fake ${body}`).digest('hex').slice(0, sealLength)

export interface Page<Item> {
  readonly items: readonly Item[]
  readonly nextPageToken: string | null
  /** Given with the last page alone. */
  readonly final: string | null
}

export interface Paging {
  readonly pageSize: number
  /** Pages without an item before each page with items. */
  readonly emptyPages: number
  /** The last page has no item. */
  readonly emptyLastPage: boolean
}

interface Listing {
  readonly items: readonly unknown[]
  readonly key: string
  readonly paging: Paging
  readonly final: string | null
  readonly madeAt: number
}

/** Answers that take several pages. What a page shows was decided with the first: writes in between change nothing. */
export class Pager {
  readonly #listings = new Map<string, Listing>()
  readonly #clock: Clock
  #made = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** `key` says what was asked; a page token given to another question is refused. */
  first<Item>(key: string, items: readonly Item[], paging: Paging, final: string | null = null): Page<Item> {
    const listing: Listing = { items, key, paging, final, madeAt: this.#clock.now() }
    const id = String(++this.#made)
    const page = this.#page<Item>(id, listing, 0)
    if (page.nextPageToken !== null) this.#listings.set(id, listing)
    for (const [old, { madeAt }] of this.#listings)
      if (madeAt < listing.madeAt - pageTokenLifeMs) this.#listings.delete(old)
    return page
  }

  /** Safe only with the item type of the first page, which the key guarantees. */
  next<Item>(token: string, key: string): Page<Item> {
    const read = unsealed(token)
    if (typeof read === 'object' && read !== null && 'listing' in read && 'page' in read) {
      const listing = this.#listings.get(String(read.listing))
      if (listing !== undefined && listing.key === key) {
        return this.#page<Item>(String(read.listing), listing, Number(read.page))
      }
    }
    throw invalid('pageToken')
  }

  #page<Item>(id: string, { items, paging, final }: Listing, page: number): Page<Item> {
    const { pageSize, emptyPages, emptyLastPage } = paging
    const stride = emptyPages + 1
    const full = Math.max(1, Math.ceil(items.length / pageSize))
    const last = full * stride - 1 + (emptyLastPage ? 1 : 0)
    const isFull = page % stride === emptyPages && page < full * stride
    const from = Math.floor(page / stride) * pageSize
    return {
      // Safe because the key of the listing names the method, and a method lists one kind of item.
      items: (isFull ? items.slice(from, from + pageSize) : []) as readonly Item[],
      nextPageToken: page >= last ? null : sealed({ listing: id, page: page + 1 }),
      final: page >= last ? final : null,
    }
  }
}

const pageTokenLifeMs = 24 * 3_600_000
