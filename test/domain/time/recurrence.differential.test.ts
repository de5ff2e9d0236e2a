import fc from 'fast-check'
import ICAL from 'ical.js'
import { RRuleTemporal } from 'rrule-temporal'
import { expect, it } from 'vitest'
import { isoInstant } from '../../../src/domain/time/calendar-date.ts'
import { expandRule } from '../../../src/domain/time/recurrence.ts'
import { parseRecurrenceRule } from '../../../src/domain/time/recurrence-rule.ts'
import { dayMs, minuteMs } from '../../../src/domain/time/types.ts'
import { utc } from '../../../src/domain/time/zone-table.ts'

/**
 * Random rules against two independent expanders. Every rule ends (COUNT or UNTIL) and starts on an occurrence of its
 * own, so that only the rule itself is compared; the oracles differ among themselves on starts outside the rule.
 */
const yearMs = 366 * dayMs
const seed = 20_260_316

it('random rules of all shapes agree with rrule-temporal', () => {
  fc.assert(
    fc.property(anyRule, anyStart, (parts, start) => {
      const drawn = completed(parts, start)
      if (drawn === null || whyRruleTemporalDiffers(parts) !== null) return
      expect(ours(drawn).map(isoInstant), drawn.text).toEqual(byRruleTemporal(drawn).map(isoInstant))
    }),
    { seed, numRuns: 250 },
  )
})

it('random rules of the shapes calendars offer agree with ical.js', () => {
  fc.assert(
    fc.property(everydayRule, anyStart, (parts, start) => {
      const drawn = completed(parts, start)
      if (drawn === null) return
      expect(ours(drawn).map(isoInstant), drawn.text).toEqual(byIcalJs(drawn).map(isoInstant))
    }),
    { seed, numRuns: 250 },
  )
})

it('a window cut out of random rules is what the whole has there', () => {
  fc.assert(
    fc.property(
      anyRule,
      anyStart,
      fc.integer({ min: 0, max: 1_500 }),
      fc.integer({ min: 1, max: 120 }),
      (parts, start, day, days) => {
        const drawn = completed(parts, start)
        if (drawn === null) return
        const fromAt = drawn.startAt + day * dayMs
        const toAt = fromAt + days * dayMs
        expect(ours(drawn, fromAt, toAt), drawn.text).toEqual(ours(drawn).filter(at => at >= fromAt && at < toAt))
      },
    ),
    { seed, numRuns: 500 },
  )
})

/**
 * Differences of rrule-temporal 2.2 that section 3.3.10 of RFC 5545 decides for us, all in yearly rules:
 * "BYDAY" with and without numbers in one list loses those without ("each BYDAY value can also be preceded by an
 * integer": can, each on its own); the 53rd weekday of a year that has 52 runs into the next year ("recurrence rules
 * may generate recurrence instances with an invalid date [...] must be ignored"); BYDAY beside BYYEARDAY or BYMONTHDAY
 * adds days or is passed over (note 2 of the table: it limits).
 */
function whyRruleTemporalDiffers(parts: RuleParts): string | null {
  if (parts.FREQ !== 'YEARLY') return null
  const numbered = parts.BYDAY?.filter(day => day.length > 2) ?? []
  if (numbered.length > 0 && numbered.length < (parts.BYDAY?.length ?? 0)) return 'numbered and plain weekdays'
  if (parts.BYMONTH === undefined && numbered.some(day => day.startsWith('53'))) return 'a weekday the year lacks'
  return parts.BYDAY && (parts.BYYEARDAY || parts.BYMONTHDAY) ? 'BYDAY as a limit' : null
}

interface RuleParts {
  readonly FREQ: string
  readonly BYDAY?: readonly string[] | undefined
  readonly BYMONTH?: readonly number[] | undefined
  readonly BYMONTHDAY?: readonly number[] | undefined
  readonly BYYEARDAY?: readonly number[] | undefined
  readonly BYWEEKNO?: readonly number[] | undefined
  readonly BYSETPOS?: readonly number[] | undefined
  readonly COUNT?: number | undefined
}

interface Drawn {
  readonly text: string
  readonly startAt: number
}

const weekday = fc.constantFrom('MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU')
const numbered = (ordinals: readonly string[]) =>
  fc.tuple(fc.constantFrom(...ordinals), weekday).map(([ordinal, day]) => ordinal + day)
const some = <T>(values: fc.Arbitrary<T>, most: number) => fc.uniqueArray(values, { minLength: 1, maxLength: most })
const signed = (most: number) => fc.oneof(fc.integer({ min: 1, max: most }), fc.integer({ min: -most, max: -1 }))
const seldom = <T>(values: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: values })
const often = <T>(values: fc.Arbitrary<T>) => fc.oneof(fc.constant(undefined), values)

const everywhere = {
  INTERVAL: often(fc.integer({ min: 1, max: 4 })),
  WKST: seldom(weekday),
  COUNT: seldom(fc.integer({ min: 1, max: 30 })),
}
const times = {
  BYHOUR: seldom(some(fc.integer({ min: 0, max: 23 }), 2)),
  BYMINUTE: seldom(some(fc.integer({ min: 0, max: 59 }), 2)),
}
const months = { BYMONTH: seldom(some(fc.integer({ min: 1, max: 12 }), 4)) }
const positions = { BYSETPOS: seldom(some(signed(4), 2)) }
const monthDays = { BYMONTHDAY: seldom(some(signed(31), 3)) }

const anyRule: fc.Arbitrary<RuleParts> = fc.oneof(
  fc.record({
    FREQ: fc.constant('DAILY'),
    ...everywhere,
    ...times,
    ...months,
    ...monthDays,
    ...positions,
    BYDAY: seldom(some(weekday, 3)),
  }),
  fc.record({
    FREQ: fc.constant('WEEKLY'),
    ...everywhere,
    ...times,
    ...months,
    ...positions,
    BYDAY: often(some(weekday, 3)),
  }),
  fc.record({
    FREQ: fc.constant('MONTHLY'),
    ...everywhere,
    ...times,
    ...months,
    ...monthDays,
    ...positions,
    BYDAY: often(some(numbered(['', '', '1', '2', '5', '-1', '-2']), 3)),
  }),
  fc.record({
    FREQ: fc.constant('YEARLY'),
    ...everywhere,
    ...times,
    ...months,
    ...monthDays,
    ...positions,
    BYYEARDAY: seldom(some(signed(366), 3)),
    BYDAY: often(some(numbered(['', '1', '2', '-1', '20', '53']), 2)),
  }),
  fc.record({
    FREQ: fc.constant('YEARLY'),
    ...everywhere,
    ...times,
    BYWEEKNO: some(signed(53), 2),
    BYDAY: some(weekday, 3),
  }),
)

const everydayRule: fc.Arbitrary<RuleParts> = fc.oneof(
  fc.record({ FREQ: fc.constant('DAILY'), ...everywhere }),
  fc.record({ FREQ: fc.constant('WEEKLY'), ...everywhere, BYDAY: some(weekday, 5) }),
  fc.record({ FREQ: fc.constant('MONTHLY'), ...everywhere, BYMONTHDAY: some(fc.integer({ min: 1, max: 28 }), 3) }),
  fc.record({ FREQ: fc.constant('MONTHLY'), ...everywhere, BYDAY: some(numbered(['1', '2', '3', '4', '-1']), 2) }),
  fc.record({
    FREQ: fc.constant('MONTHLY'),
    ...everywhere,
    BYDAY: fc.constant(['MO', 'TU', 'WE', 'TH', 'FR']),
    BYSETPOS: fc.constantFrom([1], [-1], [-2]),
  }),
)

const anyStart = fc
  .tuple(
    fc.integer({ min: Date.UTC(1990, 0, 1) / dayMs, max: Date.UTC(2030, 0, 1) / dayMs }),
    fc.integer({ min: 0, max: 95 }),
  )
  .map(([day, quarter]) => day * dayMs + quarter * 15 * minuteMs)

/** The rule with an end and a start of its own; null when it has no occurrence in thirty years. */
function completed(parts: RuleParts, start: number): Drawn | null {
  const hasPart = Object.entries(parts).some(([name, value]) => /^BY(?!SETPOS)/.test(name) && value !== undefined)
  const written = Object.entries(parts).filter(([name, value]) => {
    return value !== undefined && (name !== 'BYSETPOS' || hasPart) && name !== 'COUNT'
  })
  const text = written.map(([name, value]) => `${name}=${value}`).join(';')
  const own = ours({ text, startAt: start }, start + 1, start + 30 * yearMs)[0]
  if (own === undefined) return null
  const end = parts.COUNT ? `COUNT=${parts.COUNT}` : `UNTIL=${compact(own + 4 * yearMs)}`
  return { text: `${text};${end}`, startAt: own }
}

function ours({ text, startAt }: Drawn, fromAt = startAt, toAt = startAt + 5 * yearMs): number[] {
  const rule = parseRecurrenceRule(text)
  if ('problem' in rule) throw new Error(rule.problem)
  return expandRule(rule, startAt, utc, fromAt, toAt, { steps: 100_000, occurrences: 10_000 }).startsAt
}

function byRruleTemporal({ text, startAt }: Drawn): number[] {
  const rule = new RRuleTemporal({ rruleString: `DTSTART:${compact(startAt)}\nRRULE:${text}` })
  const until = new Date(startAt + 5 * yearMs - 1)
  return rule.between(new Date(startAt), until, true).map(each => each.epochMilliseconds)
}

function byIcalJs({ text, startAt }: Drawn): number[] {
  const iterator = ICAL.Recur.fromString(text).iterator(ICAL.Time.fromDateTimeString(isoInstant(startAt)))
  const found: number[] = []
  for (let next = iterator.next(); next; next = iterator.next()) {
    const at = Date.parse(next.toString())
    if (at >= startAt + 5 * yearMs) break
    found.push(at)
  }
  return found
}

function compact(at: number): string {
  return isoInstant(at).replace(/[-:]/g, '')
}
