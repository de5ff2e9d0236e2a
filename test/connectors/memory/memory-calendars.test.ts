import type { CalendarItem } from '../../../src/connectors/connector.ts'
import { createMemoryCalendars } from '../../../src/connectors/memory/memory-calendars.ts'
import type { CalendarEvent } from '../../../src/domain/meetings/calendar-event.ts'
import { parseRecurrenceRule } from '../../../src/domain/time/recurrence-rule.ts'
import { type Instant, minuteMs, weekMs } from '../../../src/domain/time/types.ts'
import { PortError } from '../../../src/port-error.ts'
import { type ConnectorWorld, connectorContract, type Failure, worldNow } from '../../contract/connector-contract.ts'
import { anEvent, zone } from '../../support/build.ts'

connectorContract('memory', async () => memoryWorld())

const warsaw = zone('Europe/Warsaw')

function memoryWorld(): ConnectorWorld {
  const provider = createMemoryCalendars({ pageSize: 7, emptyPageEvery: 3 })
  const calendar = { id: 'memory-1', ownerAddress: null, zone: 'Europe/Warsaw' }
  provider.addCalendar({ id: calendar.id })
  const put = (item: Omit<CalendarItem, 'etag'>) => provider.put(calendar.id, item)
  const eventOf = (id: string): CalendarEvent => {
    const content = provider.truth(calendar.id).find(item => item.id === id)?.content
    if (content?.kind !== 'events') throw new Error(`no item ${id}`)
    return content.events[0]!
  }
  const change = (id: string, made: Partial<CalendarEvent>) =>
    put({ id, seriesItemId: null, content: { kind: 'events', events: [{ ...eventOf(id), ...made }] } })
  const override = (id: string, index: number, made: Partial<CalendarEvent>, startAt: Instant) => {
    const master = eventOf(id)
    // on the wall: a week later is the same time of day
    const originalStartAt = warsaw.toInstant(master.time.startWall + index * weekMs)
    const event = {
      ...master,
      ...made,
      recurrence: null,
      override: { originalStartAt, byDate: false, andFuture: false },
      time: { ...master.time, startWall: warsaw.toWall(startAt) },
    }
    put({ id: `${id}_${index}`, seriesItemId: id, content: { kind: 'events', events: [event] } })
  }
  let ids = 0
  const add = (id: string, event: CalendarEvent) =>
    put({ id, seriesItemId: null, content: { kind: 'events', events: [event] } })
  const made = ({ title, startAt, minutes, isPrivate = false }: Parameters<ConnectorWorld['addEvent']>[0]) => {
    const event = anEvent({ title, uid: `memory-${ids}`, visibility: isPrivate ? 'private' : 'default' })
    const time = { ...event.time, zone: warsaw, startWall: warsaw.toWall(startAt), exactMs: minutes * minuteMs }
    return { ...event, time }
  }
  const failWith = (code: Failure) => async () => {
    provider.onRequest = () => {
      throw new PortError(code, 'The provider is made to fail.')
    }
  }
  return {
    connector: provider.connector,
    calendar,
    now: () => worldNow,
    async addEvent(event) {
      const id = `event-${++ids}`
      add(id, made(event))
      return id
    },
    async addSeries(event) {
      const id = `series-${++ids}`
      const rule = parseRecurrenceRule(`FREQ=WEEKLY;COUNT=${event.count}`)
      if ('problem' in rule) throw new Error(rule.problem)
      const recurrence = { rules: [rule], additions: [], exclusions: [], excludedDaysWall: [] }
      add(id, { ...made(event), recurrence })
      return id
    },
    rename: async (id, title) => change(id, { title }),
    async remove(id) {
      for (const item of provider.truth(calendar.id)) {
        if (item.id === id || item.seriesItemId === id) provider.remove(calendar.id, item.id)
      }
    },
    moveOccurrence: async (id, index, startAt) => override(id, index, {}, startAt),
    async deleteOccurrence(id, index) {
      const { startWall } = eventOf(id).time
      override(id, index, { status: 'cancelled' }, warsaw.toInstant(startWall + index * weekMs))
    },
    setPrivate: async (id, isPrivate) => change(id, { visibility: isPrivate ? 'private' : 'default' }),
    forgetCursors: async () => provider.expireCursors(calendar.id),
    failNext: {
      unreachable: failWith('unreachable'),
      busy: failWith('busy'),
      failed: failWith('failed'),
      malformed: failWith('malformed'),
      'signed-out': failWith('signed-out'),
      denied: failWith('denied'),
      'not-found': async () => provider.removeCalendar(calendar.id),
    },
    async close() {},
  }
}
