import fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import type { GraphFake } from './graph-fake.ts'
import type { Mailbox } from './mailbox.ts'
import { contoso, march, windowQuery } from './testbed.ts'
import { type GraphEvent, graphSchemas } from './vendor-types.ts'

// made on first use, from ten megabytes of types
beforeAll(async () => {
  await graphSchemas()
}, 120_000)

it('whoever reads the rounds by their rules sees the truth, whatever happened and however it was told', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async steps => {
      const { fake, clock, ana, round } = contoso()
      const reader = new Reader()
      let link = `/me/calendarView/delta?${windowQuery}`
      for (const one of steps) {
        clock.advance(60_000)
        if (one.kind === 'mutate') mutate(ana, one.verb, one.which, one.day)
        else {
          setHabits(fake, one)
          const { items, deltaLink } = await round(link, {
            prefer: `odata.maxpagesize=${one.size}, IdType="ImmutableId"`,
          })
          reader.take(items)
          link = deltaLink
        }
      }
      setHabits(fake, { habit: 0, master: 'first', lagMs: 0 })
      for (let last = 0; last < 2; last++) {
        const { items, deltaLink } = await round(link)
        reader.take(items)
        link = deltaLink
      }
      const truth = ana.truth(march, ana.calendarId).map(({ id, kind }) => `${kind} ${id}`)
      expect(reader.seen()).toEqual(truth.sort())
    }),
    { numRuns: 150, seed: 20260301 },
  )
})

const verbs = [
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

const step = fc.oneof(
  fc.record({
    kind: fc.constant('mutate' as const),
    verb: fc.constantFrom(...verbs),
    which: fc.nat(20),
    day: fc.integer({ min: 0, max: 60 }),
  }),
  fc.record({
    kind: fc.constant('round' as const),
    habit: fc.nat(15),
    master: fc.constantFrom('first' as const, 'after-stubs' as const, 'next-page' as const, 'next-round' as const),
    lagMs: fc.constantFrom(0, 0, 150_000),
    size: fc.integer({ min: 1, max: 12 }),
  }),
)

function setHabits(fake: GraphFake, how: { habit: number; master: GraphFake['switches']['master']; lagMs: number }) {
  Object.assign(fake.switches, {
    duplicates: (how.habit & 1) > 0,
    replays: (how.habit & 2) > 0,
    isSplitOverPages: (how.habit & 4) > 0,
    removesOccurrences: (how.habit & 8) > 0,
    master: how.master,
    lagMs: how.lagMs,
  })
}

/** One of the mailbox's events, changed; from ten days before the window to twenty behind it. */
function mutate(mailbox: Mailbox, verb: (typeof verbs)[number], which: number, day: number): void {
  const date = (offset: number) => new Date(Date.UTC(2026, 1, 19 + day + offset)).toISOString().slice(0, 10)
  const [start, end] = [`${date(0)}T09:00`, `${date(0)}T10:00`]
  const keys = mailbox.keys()
  const series = keys.filter(key => mailbox.event(key).recurrence !== null)
  const key = keys[which % keys.length]
  const seriesKey = series[which % series.length]
  const dates = seriesKey === undefined ? [] : mailbox.dates(seriesKey, { startAt: 0, endAt: Date.UTC(2026, 4, 1) })
  const on = dates[day % dates.length]
  if (verb === 'single') mailbox.create({ start, end })
  else if (verb === 'all-day') mailbox.create({ start: date(0), end: date(1 + (which % 3)) })
  else if (verb === 'weekly') {
    const range = { type: 'numbered' as const, numberOfOccurrences: 6 }
    mailbox.createSeries({ start, end, range, pattern: { type: 'weekly', daysOfWeek: ['monday', 'thursday'] } })
  } else if (verb === 'monthly') {
    mailbox.createSeries({ start, end, pattern: { type: 'absoluteMonthly', dayOfMonth: 31 } })
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

/** The rules of delta and no more: the last word counts, a master replaces its series, a removal takes all of it. */
class Reader {
  readonly #items = new Map<string, GraphEvent>()

  take(items: readonly (GraphEvent & { readonly '@removed'?: unknown })[]): void {
    const named = new Set<string>()
    const masters = new Set<string>()
    for (const item of items) {
      const id = item.id ?? ''
      named.add(id)
      if (item['@removed'] === undefined) {
        this.#items.set(id, item)
        if (item.type === 'seriesMaster') masters.add(id)
        continue
      }
      for (const [other, { seriesMasterId }] of this.#items) if (seriesMasterId === id) this.#items.delete(other)
      this.#items.delete(id)
      masters.delete(id)
    }
    for (const [id, { seriesMasterId }] of this.#items) {
      if (seriesMasterId != null && masters.has(seriesMasterId) && !named.has(id)) this.#items.delete(id)
    }
  }

  seen(): readonly string[] {
    return [...this.#items.values()]
      .filter(({ type }) => type !== 'seriesMaster')
      .map(({ type, id }) => `${type} ${id}`)
      .sort()
  }
}
