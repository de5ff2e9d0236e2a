import { virtualClock } from '../kit/clock.ts'
import { createGraphFake, type GraphFakeOptions } from './graph-fake.ts'
import type { NewSeries } from './mailbox.ts'

export const windowQuery = 'startDateTime=2026-03-01T00:00:00Z&endDateTime=2026-04-01T00:00:00Z'
export const march = { startAt: Date.UTC(2026, 2, 1), endAt: Date.UTC(2026, 3, 1) }
export const everyPreference =
  'outlook.timezone="UTC", outlook.body-content-type="text", odata.maxpagesize=50, IdType="ImmutableId"'

export interface Answer {
  readonly status: number
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: tests look wherever they like
  readonly body: any
}

/** Contoso with Ana and Bo in it, a token of Ana's, and a way to ask. */
export function contoso(options: Partial<GraphFakeOptions> = {}) {
  const clock = virtualClock(Date.UTC(2026, 2, 1))
  const fake = createGraphFake({ clock, ...options })
  fake.addUser({ address: 'bo@contoso.example', name: 'Bo Lind', zone: 'UTC', department: 'Platform' })
  fake.addUser({
    address: 'ana@contoso.example',
    name: 'Ana Ruiz',
    zone: 'Romance Standard Time',
    manager: 'bo@contoso.example',
  })
  const token = (person: string | null, ...permissions: string[]) => fake.signIn.issue({ person, permissions })
  const anas = token('ana@contoso.example', 'Calendars.ReadWrite', 'User.Read', 'MailboxSettings.Read')
  const ask = async (
    path: string,
    { method = 'GET', body, bearer = anas, headers = {} }: Asked = {},
  ): Promise<Answer> => {
    const response = await fake.fetch(
      new Request(path.startsWith('http') ? path : `http://graph.test/v1.0${path}`, {
        method,
        headers: {
          authorization: `Bearer ${bearer}`,
          prefer: everyPreference,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    )
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) }
  }
  /** All pages from a link on. */
  const round = async (link: string, headers: Record<string, string> = {}) => {
    const pages: Answer[] = []
    for (let next: string | undefined = link; next !== undefined; ) {
      const page = await ask(next, { headers })
      pages.push(page)
      next = page.body['@odata.nextLink']
    }
    return {
      pages,
      items: pages.flatMap(({ body }) => body.value),
      deltaLink: String(pages.at(-1)?.body['@odata.deltaLink']),
    }
  }
  return {
    clock,
    fake,
    token,
    ask,
    round,
    ana: fake.mailbox('ana@contoso.example'),
    bo: fake.mailbox('bo@contoso.example'),
  }
}

interface Asked {
  readonly method?: string
  readonly body?: unknown
  readonly bearer?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** Every Monday at nine on Ana's wall. */
export const standup: NewSeries = {
  subject: 'Standup',
  bodyHtml: 'Blockers first',
  start: '2026-03-02T09:00',
  end: '2026-03-02T09:15',
  pattern: { type: 'weekly', daysOfWeek: ['monday'] },
}
