import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Connector } from '../../../src/connectors/connector.ts'
import { dayMs, hourMs } from '../../../src/domain/time/types.ts'
import { PortError } from '../../../src/port-error.ts'
import { Reading, type Seen } from '../../contract/reading.ts'
import type { FakeCalendar } from '../../fakes/google/fake-calendar.ts'
import { ana, type GoogleWorld, googleWorld, moment, refOf, rfc, window, worldNow } from './google-world.ts'

/**
 * Whatever people do to a calendar and however the answers are cut up: after a round the reader sees in the window what
 * Google itself shows there when it expands everything, and a reader that begins anew sees the same.
 */
describe('reading Google step by step', () => {
  let world: GoogleWorld
  beforeEach(async () => {
    world = await googleWorld()
  })
  afterEach(() => world.close())

  it('ends where the calendar is, after any history', async () => {
    const { accessToken } = world.fake.grant(ana, ['calendar.events.readonly'])
    Object.assign(world.fake.settings.quotas, {
      perUserPerMinute: 1e9,
      perProjectPerMinute: 1e9,
      perProjectPerDay: 1e9,
    })
    let runs = 0
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 3, maxLength: 25 }), settings, async (actions, chosen) => {
        Object.assign(world.fake.settings, chosen)
        const calendar = world.fake.addCalendar({ owner: ana, summary: `Run ${++runs}`, timeZone: 'Europe/Warsaw' })
        const { connector } = world.connect()
        const reading = readerOf(connector, calendar)
        await settle(reading)
        for (const each of actions) {
          if (each.do === 'round') await settle(reading)
          else if (each.do === 'forget') calendar.expireTokens()
          else change(calendar, each)
        }
        await settle(reading)
        const anew = readerOf(connector, calendar)
        await settle(anew)

        const shown = await shownByGoogle(calendar, accessToken)
        expect(sorted(reading.occurrences())).toEqual(shown)
        expect(sorted(anew.occurrences())).toEqual(shown)
      }),
      { numRuns: 60 },
    )
  }, 60_000)

  const readerOf = (connector: Connector, { id }: FakeCalendar) =>
    new Reading(connector, refOf(id), window, world.clock.now)

  async function shownByGoogle(calendar: FakeCalendar, token: string): Promise<readonly Seen[]> {
    const query = new URLSearchParams({
      singleEvents: 'true',
      timeMin: rfc(window.startAt),
      timeMax: rfc(window.endAt),
      maxResults: '2500',
    })
    const shown: Seen[] = []
    for (let pageToken: string | undefined = ''; pageToken !== undefined; ) {
      if (pageToken !== '') query.set('pageToken', pageToken)
      const response = await world.fake.fetch(
        new Request(`http://fake/calendar/v3/calendars/${encodeURIComponent(calendar.id)}/events?${query}`, {
          headers: { authorization: `Bearer ${token}` },
        }),
      )
      // Safe because the fake holds its answers against the vendor's types.
      const page = (await response.json()) as ShownPage
      for (const { summary, visibility, recurringEventId, start, end } of page.items) {
        const instant = (time: ShownTime) => new Date(time.dateTime ?? `${time.date}T00:00:00Z`).toISOString()
        // an occurrence is as private as its series
        const ofSeries = recurringEventId === undefined ? null : calendar.find(recurringEventId)?.resource.visibility
        const isPrivate = visibility === 'private' || ofSeries === 'private'
        shown.push({ title: isPrivate ? null : summary, start: instant(start), end: instant(end) })
      }
      pageToken = page.nextPageToken
    }
    return sorted(shown)
  }
})

interface ShownPage {
  readonly nextPageToken?: string
  readonly items: readonly {
    readonly summary: string
    readonly visibility?: string
    readonly recurringEventId?: string
    readonly start: ShownTime
    readonly end: ShownTime
  }[]
}

interface ShownTime {
  readonly date?: string
  readonly dateTime?: string
}

/** A round to its end, begun anew where Google has forgotten the place. */
async function settle(reading: Reading): Promise<void> {
  try {
    await reading.round()
  } catch (error) {
    if (!(error instanceof PortError) || error.code !== 'cursor-expired') throw error
    reading.cursor = null
    await reading.round()
  }
}

type Action =
  | { readonly do: 'round' }
  | { readonly do: 'forget' }
  | { readonly do: 'add'; readonly day: number; readonly recurrence: readonly string[]; readonly allDay: boolean }
  | { readonly do: 'rename' | 'delete' | 'hide' | 'shift' | 'end'; readonly which: number; readonly day: number }
  | { readonly do: 'move' | 'cancel' | 'retitle'; readonly which: number; readonly nth: number; readonly day: number }

const day = fc.integer({ min: -50, max: 100 })
const which = fc.nat({ max: 9 })
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom<Action>({ do: 'round' }, { do: 'forget' }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('add' as const),
      day,
      allDay: fc.boolean(),
      recurrence: fc.constantFrom<readonly string[]>(
        [],
        ['RRULE:FREQ=WEEKLY;COUNT=8'],
        ['RRULE:FREQ=DAILY;INTERVAL=3'],
        ['RRULE:FREQ=MONTHLY;UNTIL=20260601T000000Z'],
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('rename' as const, 'delete' as const, 'hide' as const, 'shift' as const, 'end' as const),
      which,
      day,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('move' as const, 'cancel' as const, 'retitle' as const),
      which,
      nth: fc.nat({ max: 6 }),
      day,
    }),
  },
)

const settings = fc.record({
  pageSize: fc.constantFrom(1, 3, 2500),
  emptyPages: fc.constantFrom(0, 1),
  emptyLastPage: fc.boolean(),
  order: fc.constantFrom('as-changed' as const, 'exceptions-first' as const, 'shuffled' as const),
  cancelled: fc.constantFrom('minimal' as const, 'full' as const),
  exceptionsOfDeletedSeries: fc.constantFrom('reported' as const, 'silent' as const),
})

function change(calendar: FakeCalendar, each: Exclude<Action, { do: 'round' | 'forget' }>): void {
  if (each.do === 'add') {
    const number = calendar.all().length
    const times = each.allDay ? dates(each.day) : hours(each.day)
    calendar.insert({
      summary: `Event ${number}`,
      ...times,
      ...(each.recurrence.length === 0 ? {} : { recurrence: [...each.recurrence] }),
    })
    return
  }
  const events = calendar.truth().filter(({ masterId }) => masterId === null)
  const event = events[each.which % Math.max(1, events.length)]
  if (event === undefined) return
  const isDate = event.start.kind === 'date'
  const times = isDate ? dates(each.day) : hours(each.day)
  switch (each.do) {
    case 'rename':
      return void calendar.patch(event.id, { summary: `Renamed ${each.day}` })
    case 'hide':
      return void calendar.setVisibility(event.id, 'private')
    case 'delete':
      calendar.delete(event.id)
      return
    case 'shift':
      return void calendar.patch(event.id, times)
    case 'end':
      if (event.resource.recurrence?.length) calendar.patch(event.id, { recurrence: ['RRULE:FREQ=WEEKLY;COUNT=3'] })
      return
  }
  const occurrence = calendar.instances(event, { startAt: worldNow - 100 * dayMs, endAt: window.endAt })[each.nth]
  if (occurrence === undefined || occurrence.isCancelled) return
  if (each.do === 'cancel') calendar.delete(occurrence.id)
  else calendar.patch(occurrence.id, each.do === 'move' ? times : { summary: `Occurrence ${each.day}` })
}

function hours(day: number) {
  const startAt = worldNow + day * dayMs
  return { start: moment(startAt), end: moment(startAt + hourMs) }
}

function dates(day: number) {
  const on = (at: number) => ({ date: new Date(at).toISOString().slice(0, 10) })
  return { start: on(worldNow + day * dayMs), end: on(worldNow + (day + 2) * dayMs) }
}

function sorted(seen: readonly Seen[]): readonly Seen[] {
  const key = ({ start, end, title }: Seen) => `${start} ${end} ${title}`
  return [...seen].sort((a, b) => (key(a) < key(b) ? -1 : 1))
}
