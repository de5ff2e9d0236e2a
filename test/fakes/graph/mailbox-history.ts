import { dayMs } from '../../../src/domain/time/types.ts'
import type { GraphFake } from './graph-fake.ts'
import type { Mailbox } from './mailbox.ts'

/** What random histories do to a mailbox that is read by delta. */
export const mailboxVerbs = [
  'single',
  'all-day',
  'weekly',
  'monthly',
  'patch',
  'shift',
  'delete',
  'drop-one',
  'move-one',
  'cancel',
  'split',
  'elsewhere',
] as const

/** One of the mailbox's events, changed or made, `day` days after 19 February 2026; nothing where none fits. */
export function changeMailbox(mailbox: Mailbox, verb: (typeof mailboxVerbs)[number], which: number, day: number): void {
  const date = (offset: number) => new Date(Date.UTC(2026, 1, 19) + (day + offset) * dayMs).toISOString().slice(0, 10)
  const [start, end] = [`${date(0)}T09:00`, `${date(0)}T10:00`]
  const subject = `Meeting ${which}`
  const keys = mailbox.keys()
  const series = keys.filter(key => mailbox.event(key).recurrence !== null)
  const key = keys[which % keys.length]
  const seriesKey = series[which % series.length]
  const dates = seriesKey === undefined ? [] : mailbox.dates(seriesKey, { startAt: 0, endAt: Date.UTC(2026, 4, 1) })
  const on = dates[day % dates.length]
  if (verb === 'single') mailbox.create({ subject, start, end })
  else if (verb === 'all-day') mailbox.create({ subject, start: date(0), end: date(1 + (which % 3)) })
  else if (verb === 'weekly') {
    const range = { type: 'numbered' as const, numberOfOccurrences: 6 }
    const pattern = { type: 'weekly' as const, daysOfWeek: ['monday' as const, 'thursday' as const] }
    mailbox.createSeries({ subject, start, end, range, pattern })
  } else if (verb === 'monthly') {
    mailbox.createSeries({ subject, start, end, pattern: { type: 'absoluteMonthly', dayOfMonth: 31 } })
  } else if (key === undefined) return
  else if (verb === 'patch') mailbox.patch(key, { subject: `Changed ${which}` })
  else if (verb === 'delete') mailbox.delete(key)
  else if (verb === 'cancel') mailbox.cancel(key)
  else if (verb === 'elsewhere') mailbox.moveTo(key, mailbox.addCalendar('Side'))
  else if (verb === 'shift' && mailbox.event(key).recurrence === null) mailbox.patch(key, { start, end })
  else if (seriesKey === undefined || on === undefined) return
  else if (verb === 'drop-one') mailbox.deleteOccurrence(seriesKey, on)
  else if (verb === 'move-one') mailbox.moveOccurrence(seriesKey, on, { start, end })
  else if (verb === 'split' && !mailbox.event(seriesKey).overrides.has(on)) mailbox.split(seriesKey, on)
}

/** The ways of delta that come and go, from the bits of a number. */
export function setHabits(
  fake: GraphFake,
  bits: number,
  how: Partial<Pick<GraphFake['switches'], 'master' | 'lagMs'>>,
): void {
  Object.assign(fake.switches, {
    duplicates: (bits & 1) > 0,
    replays: (bits & 2) > 0,
    isSplitOverPages: (bits & 4) > 0,
    removesOccurrences: (bits & 8) > 0,
    ...how,
  })
}
