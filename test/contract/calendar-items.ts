import fc from 'fast-check'
import type { CalendarItem, ItemContent, ListedCalendar } from '../../src/connectors/connector.ts'
import {
  type Attendee,
  attendeeKinds,
  attendeeRoles,
  type CalendarEvent,
  type EventTime,
  eventStatuses,
  eventTypes,
  type OverrideOf,
  type RecurrenceSet,
  responses,
  showAsValues,
} from '../../src/domain/meetings/calendar-event.ts'
import {
  frequencies,
  parseRecurrenceRule,
  type RecurrenceRule,
  type RuleUntil,
} from '../../src/domain/time/recurrence-rule.ts'
import { dayMs, hourMs, minuteMs, type Zone } from '../../src/domain/time/types.ts'
import { fixedOffsetZone } from '../../src/domain/time/zone-table.ts'
import type { Account } from '../../src/store/accounts.ts'
import { anEvent, at, zone } from '../support/build.ts'

/** Ana's Google account, with her own address. */
export function anAccount(given: Partial<Account> = {}): Account {
  return {
    id: 'ana0000000000000',
    provider: 'google',
    subject: 'ana.ruiz@lantern.example',
    label: 'ana.ruiz@lantern.example',
    tier: 'content',
    grant: 'personal',
    settings: {},
    status: 'connected',
    sentence: null,
    connectedAt: at('2026-03-16 08:00'),
    listedAt: null,
    ...given,
  }
}

export function aListedCalendar(given: Partial<ListedCalendar> = {}): ListedCalendar {
  return {
    id: 'ana.ruiz@lantern.example',
    name: 'Ana Ruiz',
    zone: 'Europe/Madrid',
    ownerAddress: 'ana.ruiz@lantern.example',
    isPrimary: true,
    access: 'owner',
    ...given,
  }
}

/** An item of one event, as Google delivers them; the id stands in the event's UID, the etag follows `given.etag`. */
export function anItem(
  id: string,
  given: Partial<Omit<CalendarItem, 'id'>> & { readonly events?: readonly Partial<CalendarEvent>[] } = {},
): CalendarItem {
  const { events = [{}], ...rest } = given
  return {
    id,
    etag: '"1"',
    seriesItemId: null,
    content: { kind: 'events', events: events.map(event => anEvent({ uid: `${id}@lantern.example`, ...event })) },
    ...rest,
  }
}

/** One occurrence of a series whose provider expands it: an hour from `start` in UTC. */
export function aBareOccurrence(id: string, seriesItemId: string, start: string): CalendarItem {
  const startAt = at(start)
  return { id, etag: '"1"', seriesItemId, content: { kind: 'occurrence', startAt, endAt: startAt + hourMs } }
}

export const everyWeek = (until?: string): RecurrenceSet => ({
  ...nothingRepeats,
  rules: [rule(`FREQ=WEEKLY${until === undefined ? '' : `;UNTIL=${until}`}`)],
})

export const nothingRepeats: RecurrenceSet = { rules: [], additions: [], exclusions: [], excludedDaysWall: [] }

export function rule(text: string): RecurrenceRule {
  const parsed = parseRecurrenceRule(text)
  if ('problem' in parsed) throw new Error(parsed.problem)
  return parsed
}

/** Items with anything in them that the types allow and that is not private. */
export function arbitraryItem(): fc.Arbitrary<CalendarItem> {
  const content: fc.Arbitrary<ItemContent> = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('events' as const),
        events: fc.array(arbitraryEvent(), { minLength: 1, maxLength: 3 }),
      }),
    },
    {
      weight: 1,
      arbitrary: arbitraryEvent().map(event => ({ kind: 'series' as const, event })),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('occurrence' as const), startAt: instant, endAt: instant }),
    },
  )
  return fc.record({
    id: plainText.filter(text => text !== ''),
    etag: plainText.filter(text => text !== ''),
    seriesItemId: fc.option(plainText),
    content,
  })
}

/**
 * Items with one UID each whose events a calendar program could have written: what expanding them in a window gives is
 * a question with an answer.
 */
export function arbitraryCalendar(): fc.Arbitrary<readonly CalendarItem[]> {
  return fc
    .array(fc.oneof(realSingle, realSeries), { minLength: 1, maxLength: 8 })
    .map(contents =>
      contents.map((events, index) =>
        anItem(`item ${index}`, { events: events.map(event => ({ ...event, uid: `${index}@lantern.example` })) }),
      ),
    )
}

const plainText = fc.string({ unit: 'grapheme', maxLength: 12 })
/** Halves of surrogate pairs and NUL too. */
const anyText = fc.string({ unit: 'binary', maxLength: 20 })
const instant = fc.integer({ min: Date.UTC(1970, 0, 2), max: Date.UTC(2100, 0, 1) })
const arbitraryZone: fc.Arbitrary<Zone> = fc.oneof(
  fc
    .constantFrom(
      'UTC',
      'Europe/Madrid',
      'America/New_York',
      'Australia/Lord_Howe',
      'Pacific/Chatham',
      'Asia/Kathmandu',
    )
    .map(zone),
  fc.integer({ min: -14 * 60, max: 14 * 60 }).map(fixedOffsetZone),
)
const integers = fc.array(fc.integer({ min: -366, max: 366 }), { maxLength: 3 })

function arbitraryEvent(): fc.Arbitrary<CalendarEvent> {
  return fc.record({
    calendar: plainText,
    uid: anyText,
    time: fc.record({
      startWall: instant,
      zone: arbitraryZone,
      allDay: fc.boolean(),
      floating: fc.boolean(),
      exactMs: fc.integer({ min: -hourMs, max: 40 * dayMs }),
      nominalDays: fc.integer({ min: 0, max: 30 }),
    }),
    recurrence: fc.option(arbitrarySet),
    override: fc.option(fc.record({ originalStartAt: instant, byDate: fc.boolean(), andFuture: fc.boolean() })),
    title: fc.option(anyText),
    description: anyText,
    location: anyText,
    organizer: fc.option(arbitraryAttendee),
    attendees: fc.array(arbitraryAttendee, { maxLength: 4 }),
    attendeesTruncated: fc.boolean(),
    status: fc.constantFrom(...eventStatuses),
    showAs: fc.constantFrom(...showAsValues),
    visibility: fc.constantFrom('default' as const, 'public' as const),
    type: fc.constantFrom(...eventTypes),
    categories: fc.array(anyText, { maxLength: 2 }),
    onlineUrl: fc.option(anyText),
    attachmentCount: fc.nat(3),
    createdAt: fc.option(instant),
    updatedAt: fc.option(instant),
    sequence: fc.nat(3),
  })
}

const arbitraryAttendee: fc.Arbitrary<Attendee> = fc.record({
  address: anyText,
  name: fc.option(anyText),
  kind: fc.constantFrom(...attendeeKinds),
  response: fc.constantFrom(...responses),
  role: fc.constantFrom(...attendeeRoles),
  self: fc.boolean(),
})

const arbitraryUntil: fc.Arbitrary<RuleUntil> = fc.oneof(
  instant.map(untilAt => ({ form: 'instant' as const, at: untilAt })),
  instant.map(wall => ({ form: 'wall' as const, wall })),
  instant.map(wall => ({ form: 'date' as const, wall: wall - (wall % dayMs) })),
)

const arbitraryRule: fc.Arbitrary<RecurrenceRule> = fc.record({
  frequency: fc.constantFrom(...frequencies),
  interval: fc.integer({ min: 1, max: 4 }),
  count: fc.option(fc.integer({ min: 1, max: 2_000 })),
  until: fc.option(arbitraryUntil),
  byMonth: integers,
  byWeekNo: integers,
  byYearDay: integers,
  byMonthDay: integers,
  byDay: fc.array(fc.record({ weekday: fc.integer({ min: 0, max: 6 }), ordinal: fc.integer({ min: -53, max: 53 }) }), {
    maxLength: 3,
  }),
  byHour: integers,
  byMinute: integers,
  bySecond: integers,
  bySetPos: integers,
  weekStart: fc.integer({ min: 0, max: 6 }),
})

const arbitrarySet: fc.Arbitrary<RecurrenceSet> = fc.record({
  rules: fc.array(arbitraryRule, { maxLength: 2 }),
  additions: fc.array(fc.record({ startAt: instant, exactMs: fc.option(fc.nat(dayMs)) }), { maxLength: 3 }),
  exclusions: fc.array(instant, { maxLength: 3 }),
  excludedDaysWall: fc.array(instant, { maxLength: 2 }),
})

/** Quarters of an hour of the spring of 2026, where clocks change. */
const quarter = fc.integer({ min: 0, max: 100 * 96 }).map(quarters => Date.UTC(2026, 1, 15) + quarters * 15 * minuteMs)

const realTime: fc.Arbitrary<EventTime> = fc.oneof(
  fc.record({
    startWall: quarter,
    zone: arbitraryZone,
    allDay: fc.constant(false),
    floating: fc.boolean(),
    exactMs: fc.constantFrom(0, 15 * minuteMs, hourMs, 30 * hourMs),
    nominalDays: fc.constantFrom(0, 0, 1, 3),
  }),
  fc.record({
    startWall: quarter.map(wall => wall - (wall % dayMs)),
    zone: fc.constant(zone('UTC')),
    allDay: fc.constant(true),
    floating: fc.constant(false),
    exactMs: fc.constant(0),
    nominalDays: fc.constantFrom(1, 2, 10),
  }),
)

const realRules = [
  'FREQ=DAILY',
  'FREQ=DAILY;COUNT=5',
  'FREQ=WEEKLY;BYDAY=TU,FR;COUNT=9',
  'FREQ=WEEKLY;INTERVAL=2;UNTIL=20260420',
  'FREQ=WEEKLY;UNTIL=20260401T090000Z',
  'FREQ=WEEKLY;UNTIL=20260401T090000',
  'FREQ=MONTHLY;BYDAY=-1FR;COUNT=3',
  'FREQ=MONTHLY;BYMONTHDAY=31',
  'FREQ=YEARLY;COUNT=2',
  'FREQ=HOURLY;INTERVAL=6;COUNT=20',
].map(rule)

const realSingle = realTime.map(time => [anEvent({ time })])

const realSeries = fc
  .record({
    time: realTime,
    rules: fc.subarray(realRules, { maxLength: 1 }),
    additions: fc.array(fc.record({ startAt: quarter, exactMs: fc.constantFrom(null, 3 * hourMs) }), { maxLength: 2 }),
    exclusions: fc.array(quarter, { maxLength: 2 }),
    excludedDaysWall: fc.array(
      quarter.map(wall => wall - (wall % dayMs)),
      { maxLength: 2 },
    ),
    overrides: fc.array(
      fc.record({
        /** Which of the first weeks or days of the series, and by how much it moves. */
        step: fc.integer({ min: 0, max: 6 }),
        everyDays: fc.constantFrom(1, 7),
        movedMs: fc.constantFrom(0, hourMs, -3 * dayMs, 20 * dayMs),
        isCancelled: fc.boolean(),
        byDate: fc.boolean(),
        andFuture: fc.boolean(),
      }),
      { maxLength: 2 },
    ),
    keepsMaster: fc.boolean(),
  })
  .map(({ time, overrides, keepsMaster, ...set }) => {
    const master = anEvent({ time, recurrence: set })
    const changed = overrides.map(({ step, everyDays, movedMs, isCancelled, byDate, andFuture }) => {
      const wall = time.startWall + step * everyDays * dayMs
      const moved = time.allDay ? movedMs - (movedMs % dayMs) : movedMs
      const override: OverrideOf = {
        originalStartAt: byDate ? wall - (wall % dayMs) : time.allDay ? wall : time.zone.toInstant(wall),
        byDate,
        andFuture,
      }
      return anEvent({
        time: { ...time, startWall: wall + moved },
        override,
        status: isCancelled ? 'cancelled' : 'confirmed',
      })
    })
    return keepsMaster || changed.length === 0 ? [master, ...changed] : changed
  })
