import fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import { changeMailbox, mailboxVerbs, setHabits } from './mailbox-history.ts'
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
        if (one.kind === 'mutate') changeMailbox(ana, one.verb, one.which, one.day)
        else {
          setHabits(fake, one.habit, { master: one.master, lagMs: one.lagMs })
          const { items, deltaLink } = await round(link, {
            prefer: `odata.maxpagesize=${one.size}, IdType="ImmutableId"`,
          })
          reader.take(items)
          link = deltaLink
        }
      }
      setHabits(fake, 0, { master: 'first', lagMs: 0 })
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

const step = fc.oneof(
  fc.record({
    kind: fc.constant('mutate' as const),
    verb: fc.constantFrom(...mailboxVerbs),
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
