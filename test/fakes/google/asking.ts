import type { GoogleFake } from './google-fake.ts'

/** An answer with its JSON read, as tests look at it. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  /** Answers of many shapes: tests name the fields they mean. */
  readonly body: Readonly<Record<string, unknown>>
}

export type Item = Readonly<Record<string, unknown>>

export interface Asking {
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Answer>
  send(method: string, path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>
}

/** Requests to a fake in process, in the name of who holds the token. */
export function asking(fake: GoogleFake, accessToken: string | null): Asking {
  const request = async (
    method: string,
    path: string,
    body: string | null,
    headers: Readonly<Record<string, string>>,
  ) => {
    const response = await fake.fetch(
      new Request(`http://fake.test${path}`, {
        method,
        body,
        headers: {
          ...(accessToken === null ? {} : { authorization: `Bearer ${accessToken}` }),
          ...(body === null ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
      }),
    )
    const text = await response.text()
    const isJson = (response.headers.get('content-type') ?? '').startsWith('application/json')
    // Safe because the fake answers with objects.
    const answer = (isJson && text !== '' ? JSON.parse(text) : {}) as Record<string, unknown>
    return { status: response.status, headers: response.headers, body: answer }
  }
  return {
    get: (path, headers = {}) => request('GET', path, null, headers),
    send: (method, path, body, headers = {}) =>
      request(method, path, body === null ? null : JSON.stringify(body), headers),
  }
}

/** The one reason in an error of the service. */
export function reasonOf({ body }: Answer): string | undefined {
  // Safe because tests ask this of errors alone, and a missing part gives undefined.
  const { error } = body as { error?: { errors?: readonly { reason?: string }[] } }
  return error?.errors?.[0]?.reason
}

/** Items of a list as tests compare them. */
export function itemsOf({ body }: Answer): readonly Item[] {
  // Safe because tests ask this of lists alone.
  return (body.items ?? []) as readonly Item[]
}

/** Every page of a list: the items, the pages' sizes, and the sync token of the last. */
export async function allPages(
  ask: Asking,
  path: string,
): Promise<{
  readonly items: readonly Item[]
  readonly ids: readonly string[]
  readonly sizes: readonly number[]
  readonly syncToken: string | null
}> {
  const items: Item[] = []
  const sizes: number[] = []
  let pageToken: unknown = null
  for (;;) {
    const separator = path.includes('?') ? '&' : '?'
    const answer = await ask.get(pageToken === null ? path : `${path}${separator}pageToken=${pageToken}`)
    if (answer.status !== 200) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`)
    sizes.push(itemsOf(answer).length)
    items.push(...itemsOf(answer))
    const { nextPageToken, nextSyncToken } = answer.body
    if (nextPageToken === undefined) {
      return {
        items,
        ids: items.map(({ id }) => String(id)),
        sizes,
        syncToken: nextSyncToken === undefined ? null : String(nextSyncToken),
      }
    }
    if (nextSyncToken !== undefined) throw new Error('A page that is not the last brought a sync token.')
    pageToken = nextPageToken
  }
}
