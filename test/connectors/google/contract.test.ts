import { describe } from 'vitest'
import { minuteMs, weekMs } from '../../../src/domain/time/types.ts'
import { zoneNamed } from '../../../src/domain/time/zone-table.ts'
import { type ConnectorWorld, connectorContract, type WorldEvent } from '../../contract/connector-contract.ts'
import { type WriterWorld, writerContract } from '../../contract/writer-contract.ts'
import type { FaultAction } from '../../fakes/kit/faults.ts'
import { ana, googleWorld, moment, plenty, refOf, rfc, window, worldNow } from './google-world.ts'

const warsaw = zoneNamed('Europe/Warsaw')

connectorContract('google', async (): Promise<ConnectorWorld> => {
  const world = await googleWorld({ pageSize: 7 })
  const { fake } = world
  const { calendar } = fake.user(ana)
  const starts = new Map<string, number>()
  const inserted = (event: WorldEvent, recurrence?: string[]) => {
    const { id } = calendar.insert({
      summary: event.title,
      start: moment(event.startAt),
      end: moment(event.startAt + event.minutes * minuteMs),
      ...(event.isPrivate ? { visibility: 'private' } : {}),
      ...(recurrence === undefined ? {} : { recurrence }),
    })
    starts.set(id ?? '', event.startAt)
    return id ?? ''
  }
  const originalOf = (id: string, index: number) =>
    rfc(warsaw.toInstant(warsaw.toWall(starts.get(id) ?? 0) + index * weekMs))
  const failWith = (action: FaultAction) => async () => fake.faults.add({ match: '/events', times: 50, action })
  const refused = (status: number, reason: string) =>
    failWith({ kind: 'status', status, body: { error: { code: status, errors: [{ reason, domain: 'global' }] } } })
  return {
    connector: world.connect().connector,
    calendar: refOf(ana),
    now: world.clock.now,
    addEvent: async event => inserted(event),
    addSeries: async event => inserted(event, [`RRULE:FREQ=WEEKLY;COUNT=${event.count}`]),
    rename: async (id, title) => void calendar.patch(id, { summary: title }),
    remove: async id => calendar.delete(id),
    moveOccurrence: async (id, index, startAt) =>
      void calendar.moveInstance(id, originalOf(id, index), {
        start: moment(startAt),
        end: moment(startAt + 30 * minuteMs),
      }),
    deleteOccurrence: async (id, index) => calendar.cancelInstance(id, originalOf(id, index)),
    setPrivate: async (id, isPrivate) => void calendar.setVisibility(id, isPrivate ? 'private' : 'default'),
    forgetCursors: async () => calendar.expireTokens(),
    failNext: {
      unreachable: failWith({ kind: 'reset' }),
      busy: refused(403, 'userRateLimitExceeded'),
      failed: failWith({ kind: 'status', status: 307 }),
      malformed: failWith({ kind: 'malformed' }),
      'signed-out': async () => fake.oauth.revokeAll(ana),
      denied: refused(403, 'forbidden'),
      'not-found': refused(404, 'notFound'),
    },
    close: world.close,
  }
})

/** On a primary calendar that knows focus time, and on a secondary one that does not. */
describe.each([
  ['a primary calendar', true],
  ['a secondary calendar', false],
] as const)('%s', (name, isPrimary) => {
  writerContract(`google on ${name}`, async (): Promise<WriterWorld> => {
    const world = await googleWorld()
    const { fake } = world
    const calendar = isPrimary ? fake.user(ana).calendar : fake.addCalendar({ owner: ana, summary: 'Plans' })
    const connection = world.connect()
    const ref = { id: calendar.id, ownerAddress: isPrimary ? ana : null, zone: 'Europe/Madrid' }
    const insert = (event: Parameters<typeof calendar.insert>[0]) => calendar.insert(event).id ?? ''
    return {
      writer: connection.writer!,
      calendar: ref,
      truth: async () =>
        calendar.truth().map(({ id, resource, start, end }) => ({
          itemId: id,
          title: resource.summary ?? null,
          startAt: start.kind === 'time' ? start.at : Number.NaN,
          endAt: end.kind === 'time' ? end.at : Number.NaN,
          text: resource.description ?? '',
          guests: resource.attendees?.length ?? 0,
        })),
      createForeign: async ({ title, startAt, endAt }) =>
        insert({ summary: title, start: moment(startAt), end: moment(endAt) }),
      createMeeting: async ({ title, startAt, endAt, text, ours }) =>
        insert({
          summary: title,
          description: text,
          start: moment(startAt),
          end: moment(endAt),
          attendees: [{ email: 'ben@lamps.example' }],
          ...(ours ? {} : { organizer: { email: 'ben@lamps.example' } }),
        }),
      changeByHand: async (itemId, { title, startAt, endAt, text }) =>
        void calendar.patch(itemId, {
          ...(title === undefined ? {} : { summary: title }),
          ...(text === undefined ? {} : { description: text }),
          ...(startAt === undefined ? {} : { start: moment(startAt) }),
          ...(endAt === undefined ? {} : { end: moment(endAt) }),
        }),
      removeByHand: async itemId => calendar.delete(itemId),
      breakNextWrite: async how =>
        fake.faults.add({
          match: /^(?:POST|PATCH|DELETE) .*\/events/,
          action:
            how === 'lost-answer'
              ? { kind: 'lost-answer' }
              : {
                  kind: 'status',
                  status: 403,
                  body: { error: { code: 403, errors: [{ reason: 'requiredAccessLevel' }] } },
                },
        }),
      messagesToGuests: async () => world.journal.requests.filter(({ method, path }) => mayTell(method, path)).length,
      readBack: async () => {
        const step = await connection.connector.pull({
          calendar: ref,
          cursor: null,
          window: { ...window, endAt: Number.MAX_SAFE_INTEGER },
          now: worldNow,
          known: async () => new Map(),
          budget: plenty(),
        })
        return step.changes.flatMap(change =>
          change.kind === 'item' && change.item.content.kind === 'events' ? change.item.content.events : [],
        )
      },
      keepsTextExactly: true,
      close: world.close,
    }
  })
})

/** Google writes to guests unless it is told not to. */
function mayTell(method: string, path: string): boolean {
  return method !== 'GET' && path.includes('/events') && !path.includes('sendUpdates=none')
}
