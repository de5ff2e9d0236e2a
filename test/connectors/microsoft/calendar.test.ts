import { dayMs, minuteMs } from '../../../src/domain/time/types.ts'
import { type ConnectorWorld, connectorContract, type Failure } from '../../contract/connector-contract.ts'
import type { FaultAction } from '../../fakes/kit/faults.ts'
import { graphWorld } from './graph-world.ts'

connectorContract('Microsoft 365, a person', () => contractWorld('personal'))
connectorContract('Microsoft 365, an organisation', () => contractWorld('organisation'))

async function contractWorld(grant: 'personal' | 'organisation'): Promise<ConnectorWorld> {
  const world = await graphWorld({ grant, pageSize: 7 })
  const { fake, mailbox } = world
  const wall = (at: number) => new Date(at).toISOString().slice(0, 19)
  const always = (action: FaultAction) => async () => fake.faults.add({ times: 1_000, action })
  const refusal = (status: number, code: string) =>
    always({ kind: 'status', status, body: { error: { code, message: 'SECRET' } } })
  const failNext: Record<Failure, () => Promise<void>> = {
    unreachable: always({ kind: 'reset' }),
    busy: always({ kind: 'status', status: 429, headers: { 'retry-after': '9999999999' } }),
    failed: refusal(501, 'notImplemented'),
    malformed: always({ kind: 'malformed' }),
    'signed-out': always({
      kind: 'status',
      status: 401,
      headers: { 'www-authenticate': 'Bearer error="insufficient_claims", claims="e30="' },
    }),
    denied: refusal(403, 'ErrorAccessDenied'),
    'not-found': refusal(404, 'ErrorItemNotFound'),
  }
  return {
    connector: world.connection.connector,
    calendar: world.calendar,
    now: world.clock.now,
    async addEvent({ title, startAt, minutes, isPrivate = false }) {
      return mailbox.create({
        subject: title,
        start: startAt,
        end: startAt + minutes * minuteMs,
        sensitivity: isPrivate ? 'private' : 'normal',
      })
    },
    async addSeries({ title, startAt, minutes, count, isPrivate = false }) {
      const warsaw = (at: number) => wall(at + 60 * minuteMs)
      return mailbox.createSeries({
        subject: title,
        start: warsaw(startAt),
        end: warsaw(startAt + minutes * minuteMs),
        zone: 'Central European Standard Time',
        sensitivity: isPrivate ? 'private' : 'normal',
        pattern: { type: 'weekly', interval: 1, daysOfWeek: ['monday'] },
        range: { type: 'numbered', numberOfOccurrences: count },
      })
    },
    async rename(id, title) {
      mailbox.patch(id, { subject: title })
    },
    async remove(id) {
      mailbox.delete(id)
    },
    async moveOccurrence(id, index, startAt) {
      const on = dateOf(id, index)
      mailbox.moveOccurrence(id, on, { start: startAt, end: startAt + 30 * minuteMs })
    },
    async deleteOccurrence(id, index) {
      mailbox.deleteOccurrence(id, dateOf(id, index))
    },
    async setPrivate(id, isPrivate) {
      mailbox.patch(id, { sensitivity: isPrivate ? 'private' : 'normal' })
    },
    async forgetCursors() {
      fake.expireTokens()
    },
    failNext,
    close: world.close,
  }

  /** By the dates the series was made with: what was deleted or moved still counts. */
  function dateOf(id: string, index: number): string {
    const { times } = mailbox.event(id)
    const first = times.kind === 'timed' ? times.startAt : Date.parse(times.startOn)
    return new Date(first + 2 * 60 * minuteMs + index * 7 * dayMs).toISOString().slice(0, 10)
  }
}
