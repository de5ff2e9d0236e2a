import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CalendarItem, ItemId } from '../../src/connectors/connector.ts'
import type { CalendarEvent } from '../../src/domain/meetings/calendar-event.ts'
import { expandEvents } from '../../src/domain/meetings/expand.ts'
import { dayMs, hourMs, minuteMs } from '../../src/domain/time/types.ts'
import { fixedOffsetZone } from '../../src/domain/time/zone-table.ts'
import type { CalendarSync, PushChannel, WriteEntry } from '../../src/store/accounts.ts'
import { createMirrorStore } from '../../src/store/mirror.ts'
import type { MirrorStore, StepToApply } from '../../src/store/mirror-store.ts'
import type { Database, Statement } from '../../src/store/store.ts'
import { anEvent, at, zone } from '../support/build.ts'
import {
  aBareOccurrence,
  aListedCalendar,
  anAccount,
  anItem,
  arbitraryCalendar,
  arbitraryItem,
  everyWeek,
  nothingRepeats,
  rule,
} from './calendar-items.ts'

export interface MirrorUnderTest {
  /** Fresh, with every migration. */
  readonly open: () => Promise<Database>
  /** Runs of each property. */
  readonly runs: number
}

/** Every promise of `src/store/mirror-store.ts`, on one engine. */
export function mirrorStoreContract(engine: string, { open, runs }: MirrorUnderTest): void {
  describe(`the mirror on ${engine}`, () => {
    let database: Database
    let mirror: MirrorStore

    beforeEach(async () => {
      database = await open()
      mirror = createMirrorStore(database, { tenant: 'lantern' })
    })
    afterEach(() => database.close())

    const account = anAccount()
    const key = { accountId: account.id, calendarId: aListedCalendar().id }
    const now = at('2026-03-16 09:00')

    const connect = async (store = mirror) => {
      await store.addAccount(account)
      await store.recordListing(account.id, [aListedCalendar()], now)
    }
    const calendar = async (store = mirror) => (await store.listCalendars())[0]!
    const version = async () => (await calendar()).sync.version
    const ids = async (store = mirror) => [...(await store.etags(key)).keys()].toSorted()

    /** A step for the calendar as it is now; what it brings is named, as every step does. */
    const step = async (given: Partial<StepToApply> = {}): Promise<StepToApply> => ({
      key,
      version: await version(),
      items: [],
      removed: [],
      named: (given.items ?? []).map(item => item.id),
      replacedSeries: [],
      sync: {},
      end: 'open',
      ...given,
    })
    const apply = async (given: Partial<StepToApply> = {}) => await mirror.applyStep(await step(given))
    const readAll = () => mirror.readItems(key, { startAt: 0, endAt: Date.UTC(2200, 0, 1) })

    describe('accounts', () => {
      it('come back as they were added, in the order they were connected', async () => {
        const feed = anAccount({
          id: 'feed000000000000',
          provider: 'ics',
          subject: null,
          tier: 'free-busy',
          grant: 'address',
          settings: { host: 'calendar.example', 'a "b"': '{}' },
          status: 'signed-out',
          sentence: 'The address answers no more. Run `connect ics` again.',
          connectedAt: account.connectedAt - 1,
          listedAt: now,
        })
        await mirror.addAccount(account)
        await mirror.addAccount(feed)
        expect(await mirror.listAccounts()).toEqual([feed, account])
      })

      it('change in the fields that are given, null included', async () => {
        await mirror.addAccount({ ...account, sentence: 'before' })
        await mirror.updateAccount(account.id, {
          status: 'no-mailbox',
          sentence: null,
          tier: 'basic',
          settings: { a: 'b' },
        })
        await mirror.updateAccount(account.id, {})
        expect(await mirror.listAccounts()).toEqual([
          { ...account, status: 'no-mailbox', sentence: null, tier: 'basic', settings: { a: 'b' } },
        ])
      })

      it('are there once, and one that is not there cannot change or have calendars', async () => {
        await mirror.addAccount(account)
        await expect(mirror.addAccount(account)).rejects.toMatchObject({ code: 'conflict' })
        await expect(mirror.updateAccount('nobody', { label: 'x' })).rejects.toMatchObject({ code: 'not-found' })
        const listing = mirror.recordListing('nobody', [aListedCalendar()], now)
        await expect(listing).rejects.toMatchObject({ code: 'not-found' })
        await expect(mirror.recordListing('nobody', [], now)).rejects.toMatchObject({ code: 'not-found' })
        await expect(mirror.saveDirectory('nobody', [], now)).rejects.toMatchObject({ code: 'not-found' })
        expect(await mirror.listCalendars()).toEqual([])
      })
    })

    describe('calendars', () => {
      it('that are new are waiting, and selected when primary or owned', async () => {
        await mirror.addAccount(account)
        const listed = [
          aListedCalendar(),
          aListedCalendar({ id: 'own', name: 'Own', isPrimary: false }),
          aListedCalendar({ id: 'team', name: null, isPrimary: false, access: 'read', zone: null, ownerAddress: null }),
        ]
        await mirror.recordListing(account.id, listed, now)
        const waiting: CalendarSync = {
          status: 'waiting',
          sentence: null,
          version: 0,
          cursor: null,
          round: null,
          generation: 0,
          asOf: null,
          triedAt: null,
          nextAt: null,
          failures: 0,
          forcedAt: null,
          windowStartAt: null,
          windowEndAt: null,
          leftOut: [],
        }
        expect(await mirror.listCalendars()).toEqual(
          listed.map(each => ({ ...each, accountId: account.id, isSelected: each.id !== 'team', sync: waiting })),
        )
        expect((await mirror.listAccounts())[0]?.listedAt).toBe(now)
      })

      it('that are known keep their sync and their selection, and take the new name and access', async () => {
        await connect()
        await apply({ items: [anItem('a')], sync: { status: 'current', cursor: 'c1' }, end: 'sweep' })
        await mirror.selectCalendar(key, false)
        const before = await calendar()
        await mirror.recordListing(
          account.id,
          [aListedCalendar({ name: 'Ana', access: 'read', zone: 'UTC', isPrimary: false, ownerAddress: null })],
          now + 1,
        )
        expect(await calendar()).toEqual({
          ...before,
          name: 'Ana',
          access: 'read',
          zone: 'UTC',
          isPrimary: false,
          ownerAddress: null,
        })
      })

      it('that are not listed any more are gone, keep their items, and refuse the step under way', async () => {
        await connect()
        await apply({ items: [anItem('a')], sync: { status: 'current', nextAt: now + hourMs }, end: 'sweep' })
        const underWay = await step({ items: [anItem('b')] })
        await mirror.recordListing(account.id, [], now)
        expect((await calendar()).sync).toMatchObject({ status: 'gone', sentence: expect.stringMatching(/not list/) })
        await expect(mirror.applyStep(underWay)).rejects.toMatchObject({ code: 'conflict' })
        const gone = await calendar()
        await mirror.recordListing(account.id, [], now)
        expect(await calendar()).toEqual(gone)
        expect(await ids()).toEqual(['a'])
      })

      it.each([
        ['never read → waiting', 0, 'waiting'],
        ['read before → retrying', 3, 'retrying'],
      ] as const)('that are listed again are asked again: %s', async (_, generation, status) => {
        await connect()
        await mirror.updateSync(key, 0, { generation, nextAt: now + dayMs })
        await mirror.recordListing(account.id, [], now)
        await mirror.recordListing(account.id, [aListedCalendar()], now)
        expect((await calendar()).sync).toMatchObject({ status, sentence: null, nextAt: null, generation })
      })

      it('are listed by name, of one account or of all', async () => {
        await connect()
        await mirror.addAccount({ ...account, id: 'ben' })
        const named = (id: string, name: string | null) => aListedCalendar({ id, name })
        await mirror.recordListing('ben', [named('1', null), named('2', 'Zoe'), named('3', 'Aida')], now)
        const names = async (of?: string) => (await mirror.listCalendars(of)).map(({ name }) => name)
        expect(await names()).toEqual(['Aida', 'Ana Ruiz', 'Zoe', null])
        expect(await names('ben')).toEqual(['Aida', 'Zoe', null])
        expect(await names(account.id)).toEqual(['Ana Ruiz'])
      })

      it('keep their items apart, also when one goes and another comes', async () => {
        await connect()
        await mirror.addAccount({ ...account, id: 'ben' })
        await mirror.recordListing('ben', [aListedCalendar({ id: 'old' })], now)
        const old = { accountId: 'ben', calendarId: 'old' }
        await mirror.applyStep({ ...(await step({ items: [anItem('x')] })), key: old, version: 0 })
        await apply({ items: [anItem('a')] })
        expect([await ids(), await mirror.countItems(old)]).toEqual([['a'], 1])

        const other = createMirrorStore(database, { tenant: 'lantern' })
        await mirror.removeAccount('ben')
        await other.addAccount({ ...account, id: 'chloe' })
        await other.recordListing('chloe', [aListedCalendar({ id: 'new' })], now)
        const late = mirror.applyStep({ ...(await step({ items: [anItem('late')] })), key: old, version: 1 })
        await expect(late).rejects.toMatchObject({ code: 'not-found' })
        expect(await mirror.countItems({ accountId: 'chloe', calendarId: 'new' })).toBe(0)
        expect(await mirror.etags(old)).toEqual(new Map())
      })

      it('are selected and deselected; one that is not there cannot be', async () => {
        await connect()
        await mirror.selectCalendar(key, false)
        expect(await calendar()).toMatchObject({ isSelected: false })
        await mirror.selectCalendar(key, true)
        expect(await calendar()).toMatchObject({ isSelected: true, sync: { version: 0 } })
        const unknown = mirror.selectCalendar({ ...key, calendarId: 'x' }, true)
        await expect(unknown).rejects.toMatchObject({ code: 'not-found' })
      })

      it('keep every field of their sync', async () => {
        await connect()
        const sync: CalendarSync = {
          status: 'held',
          sentence: 'Half of the future vanished.',
          version: 1,
          cursor: '{"v":1}',
          round: { kind: 'full', startedAt: now, steps: 3, missingBefore: 7 },
          generation: 4,
          asOf: now - 1,
          triedAt: now,
          nextAt: now + 1,
          failures: 2,
          forcedAt: now - 5,
          windowStartAt: now - dayMs,
          windowEndAt: now + dayMs,
          leftOut: [{ code: 'bad-rule', count: 2, sentence: 'Two rules could not be followed.' }],
        }
        await mirror.updateSync(key, 0, sync)
        expect((await calendar()).sync).toEqual(sync)
        await mirror.updateSync(key, 1, { round: null, cursor: null, nextAt: null, sentence: null, leftOut: [] })
        expect((await calendar()).sync).toEqual({
          ...sync,
          version: 2,
          round: null,
          cursor: null,
          nextAt: null,
          sentence: null,
          leftOut: [],
        })
      })

      it('refuse a change of their sync made for another version', async () => {
        await connect()
        await mirror.updateSync(key, 0, { failures: 1 })
        await expect(mirror.updateSync(key, 0, { failures: 9 })).rejects.toMatchObject({ code: 'conflict' })
        await expect(mirror.updateSync(key, 7, { failures: 9 })).rejects.toMatchObject({ code: 'conflict' })
        expect((await calendar()).sync).toMatchObject({ failures: 1, version: 1 })
      })

      it('that somebody said to look at are due, whatever their version, and the step under way is kept', async () => {
        await connect()
        await mirror.updateSync(key, 0, { nextAt: now + dayMs })
        const underWay = await step({ items: [anItem('a')] })
        await mirror.lookNow([{ accountId: 'nobody', calendarId: 'x' }, key])
        expect((await calendar()).sync).toMatchObject({ nextAt: null, version: 1 })
        expect((await mirror.applyStep(underWay)).written).toBe(1)
      })

      it('told to look during a round are due when it ends, and one that nobody spoke of has its time', async () => {
        await connect()
        const end = async (nextAt: number) =>
          await mirror.applyStep({ ...(await step({ sync: { nextAt } })), heedLook: true })
        await mirror.claim(key, now + dayMs)
        expect(await mirror.listDue(now)).toEqual([])
        await end(now + hourMs)
        expect((await calendar()).sync.nextAt).toBe(now + hourMs)
        await mirror.claim(key, now + dayMs)
        await mirror.lookNow([key])
        await end(now + hourMs)
        expect((await calendar()).sync.nextAt).toBeNull()
      })

      it('are due when selected and their time has come, the longest waiting first', async () => {
        await mirror.addAccount(account)
        const times = { later: now + 1, exactly: now, early: now - dayMs, never: null, deselected: null }
        await mirror.recordListing(
          account.id,
          Object.keys(times).map(id => aListedCalendar({ id })),
          now,
        )
        for (const [calendarId, nextAt] of Object.entries(times)) {
          await mirror.updateSync({ ...key, calendarId }, 0, { nextAt })
        }
        await mirror.selectCalendar({ ...key, calendarId: 'deselected' }, false)
        expect((await mirror.listDue(now)).map(({ id }) => id)).toEqual(['never', 'early', 'exactly'])
        expect(await mirror.listDue(now - 2 * dayMs)).toEqual([
          (await mirror.listCalendars()).find(({ id }) => id === 'never'),
        ])
      })
    })

    describe('a step', () => {
      beforeEach(() => connect())

      it('brings its items together with its cursor', async () => {
        const items = [anItem('b'), anItem('a')]
        const round = { kind: 'full', startedAt: now, steps: 1, missingBefore: null } as const
        expect(await apply({ items, sync: { cursor: 'c1', round } })).toEqual({ written: 2, removed: 0, version: 1 })
        expect(await readAll()).toEqual([items[1], items[0]])
        expect((await calendar()).sync).toMatchObject({ cursor: 'c1', round, version: 1 })
      })

      it('over items that are there unchanged writes no item row', async () => {
        const items = Array.from({ length: 30 }, (_, n) => anItem(`item ${n}`))
        expect((await apply({ items })).written).toBe(30)
        expect(await apply({ items })).toEqual({ written: 0, removed: 0, version: 2 })
        const changed = items.map((item, n) => (n === 3 || n === 9 ? { ...item, etag: '"2"' } : item))
        expect((await apply({ items: changed })).written).toBe(2)
      })

      it('rewrites an item whose text differs though its etag does not: it may have become private', async () => {
        await apply({ items: [anItem('a')] })
        await apply({ items: [anItem('a', { events: [{ title: null }] })] })
        expect(JSON.stringify(await readAll())).not.toMatch(/Planning/)
      })

      it('removes what it says and passes over what is not there', async () => {
        await apply({ items: [anItem('a'), anItem('b'), anItem('c')] })
        expect(await apply({ removed: ['a', 'absent', 'c'] })).toEqual({ written: 0, removed: 2, version: 2 })
        expect(await ids()).toEqual(['b'])
      })

      it('made for another version is refused and changes nothing', async () => {
        await apply({ items: [anItem('a')], sync: { cursor: 'c1' } })
        const late = await step({ version: 0, items: [anItem('b')], removed: ['a'], sync: { cursor: 'c2' } })
        await expect(mirror.applyStep(late)).rejects.toMatchObject({ name: 'PortError', code: 'conflict' })
        expect(await ids()).toEqual(['a'])
        expect((await calendar()).sync).toMatchObject({ cursor: 'c1', version: 1 })
      })

      it('applied by two at once is kept once', async () => {
        const both = await Promise.allSettled(
          ['a', 'b'].map(async id =>
            createMirrorStore(database, { tenant: 'lantern' }).applyStep(
              await step({ version: 0, items: [anItem(id)], sync: { cursor: id } }),
            ),
          ),
        )
        expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
        expect(both.find(each => each.status === 'rejected')).toMatchObject({ reason: { code: 'conflict' } })
        const [kept] = await ids()
        expect([await mirror.countItems(key), (await calendar()).sync.cursor]).toEqual([1, kept])
      })

      it.each(['account', 'calendar'] as const)('for an %s that is not there is refused', async what => {
        const absent = what === 'account' ? { ...key, accountId: 'nobody' } : { ...key, calendarId: 'nowhere' }
        const lost = mirror.applyStep(await step({ key: absent, items: [anItem('a')] }))
        await expect(lost).rejects.toMatchObject({ code: 'not-found' })
        await expect(mirror.updateSync(absent, 0, {})).rejects.toMatchObject({ code: 'not-found' })
        await expect(mirror.wouldSweep(absent, now)).rejects.toMatchObject({ code: 'not-found' })
        expect(await database.all(sql('SELECT id FROM calendar_items'))).toEqual([])
      })

      it('whose last write fails keeps nothing: no item, no cursor, no name', async () => {
        await apply({ items: [anItem('old')], named: [], sync: { cursor: 'c1' } })
        const broken = createMirrorStore(withLastWrite(database, sql("INSERT INTO accounts (tenant) VALUES ('x')")), {
          tenant: 'lantern',
        })
        const lost = await step({ items: [anItem('new')], removed: ['old'], sync: { cursor: 'c2' } })
        await expect(broken.applyStep(lost)).rejects.toMatchObject({ code: 'conflict' })
        expect(await ids()).toEqual(['old'])
        expect((await calendar()).sync).toMatchObject({ cursor: 'c1', version: 1 })
        expect(await database.all(sql('SELECT named FROM round_steps'))).toEqual([])
      })

      it('takes thousands of names and of items', async () => {
        const many = Array.from({ length: 3_000 }, (_, n) => `${n}`.padStart(300, 'x'))
        await apply({ items: many.slice(0, 10).map(id => anItem(id)), named: [] })
        await apply({ named: many })
        expect(await apply({ removed: many, end: 'sweep' })).toMatchObject({ removed: 10 })
      })
    })

    describe('a full round', () => {
      beforeEach(() => connect())

      it('ends with the removal of exactly what no step of it named', async () => {
        await apply({ items: ['a', 'b', 'c', 'd', 'e'].map(id => anItem(id)), end: 'sweep' })
        expect(await ids()).toEqual(['a', 'b', 'c', 'd', 'e'])
        await apply({ named: ['a', 'x'] })
        await apply({ items: [anItem('f')], named: ['f', 'b'] })
        expect(await mirror.wouldSweep(key, 0)).toMatchObject({ total: 3 })
        expect(await apply({ named: ['e'], end: 'sweep' })).toEqual({ written: 0, removed: 2, version: 4 })
        expect(await ids()).toEqual(['a', 'b', 'e', 'f'])
      })

      it('over unchanged items writes no item row', async () => {
        const items = ['a', 'b', 'c'].map(id => anItem(id))
        await apply({ items, end: 'sweep' })
        expect(await apply({ items: items.slice(0, 2) })).toMatchObject({ written: 0 })
        expect(await apply({ items: items.slice(2), end: 'sweep' })).toMatchObject({ written: 0, removed: 0 })
      })

      it('forgets what it named: the next one begins anew', async () => {
        await apply({ items: [anItem('a'), anItem('b')], end: 'sweep' })
        expect(await mirror.wouldSweep(key, 0)).toMatchObject({ total: 2 })
        await apply({ items: [anItem('a')] })
        await mirror.abandonRound(key, 2, { failures: 1 })
        expect(await mirror.wouldSweep(key, 0)).toMatchObject({ total: 2 })
        expect((await calendar()).sync).toMatchObject({ round: null, failures: 1, version: 3 })
        await expect(mirror.abandonRound(key, 2, {})).rejects.toMatchObject({ code: 'conflict' })
        await apply({ named: ['b'] })
        await apply({ end: 'close' })
        expect(await apply({ named: [], end: 'sweep' })).toMatchObject({ removed: 2 })
      })

      it('that is abandoned keeps what it brought', async () => {
        await apply({
          items: [anItem('a')],
          sync: { round: { kind: 'full', startedAt: now, steps: 1, missingBefore: null } },
        })
        await mirror.abandonRound(key, 1, {})
        expect(await ids()).toEqual(['a'])
      })

      it('says before its end what it would remove, and how much of the future that is', async () => {
        const items = [
          anItem('past', { events: [timed('2026-03-15 10:00')] }),
          anItem('past series', { events: [timed('2026-02-02 10:00', everyWeek('20260301T000000Z'))] }),
          anItem('future', { events: [timed('2026-03-17 10:00')] }),
          anItem('endless', { events: [timed('2026-02-02 10:00', everyWeek())] }),
          anItem('ends later', { events: [timed('2026-02-02 10:00', everyWeek('20260401T000000Z'))] }),
          anItem('now', { events: [timed('2026-03-16 09:00', null, 'UTC')] }),
          anItem('under way', { events: [timed('2026-03-16 08:30', null, 'UTC')] }),
          anItem('expanded elsewhere', { content: { kind: 'series', event: anEvent(timed('2026-03-02 10:00')) } }),
          aBareOccurrence('its next', 'expanded elsewhere', '2026-03-17 10:00'),
        ]
        await apply({ items, end: 'sweep' })
        await apply({ named: ['future', 'past', 'now'] })
        expect(await mirror.wouldSweep(key, now)).toEqual({ total: 6, future: 3, futureBefore: 5 })
      })
    })

    describe('a replaced series', () => {
      beforeEach(() => connect())
      const occurrence = (id: string, series = 'weekly') => aBareOccurrence(id, series, '2026-03-17 10:00')

      it('loses at the end of the round the occurrences that were not named, and no others', async () => {
        await apply({
          items: [
            anItem('weekly'),
            occurrence('w1'),
            occurrence('w2'),
            occurrence('w3'),
            occurrence('o1', 'other'),
            anItem('single'),
          ],
          end: 'sweep',
        })
        await apply({ items: [anItem('weekly'), occurrence('w1')], replacedSeries: ['weekly'] })
        expect(await ids()).toEqual(['o1', 'single', 'w1', 'w2', 'w3', 'weekly'])
        expect(await apply({ named: ['w3'], end: 'close' })).toEqual({ written: 0, removed: 1, version: 3 })
        expect(await ids()).toEqual(['o1', 'single', 'w1', 'w3', 'weekly'])
      })

      it('is forgotten with its round', async () => {
        await apply({ items: [anItem('weekly'), occurrence('w1')], end: 'sweep' })
        await apply({ replacedSeries: ['weekly'] })
        await mirror.abandonRound(key, 2, {})
        expect(await apply({ named: ['x'], end: 'close' })).toMatchObject({ removed: 0 })
      })

      it('changes round without one removes nothing but what it was told', async () => {
        await apply({ items: [anItem('a'), anItem('b'), occurrence('w1')], end: 'sweep' })
        expect(await apply({ items: [anItem('b', { etag: '"2"' })], removed: ['a'], end: 'close' })).toMatchObject({
          written: 1,
          removed: 1,
        })
        expect(await ids()).toEqual(['b', 'w1'])
      })
    })

    describe('items', () => {
      beforeEach(() => connect())

      it('are found by id and by series, each once, by id', async () => {
        const exception = anItem('weekly_1', { seriesItemId: 'weekly' })
        const items = [
          anItem('weekly'),
          exception,
          aBareOccurrence('weekly_2', 'weekly', '2026-03-17 10:00'),
          anItem('z'),
        ]
        await apply({ items })
        const found = async (wanted: { ids?: readonly ItemId[]; ofSeries?: readonly ItemId[] }) =>
          (await mirror.findItems(key, wanted)).map(({ id }) => id)
        expect(await found({ ids: ['z', 'absent', 'weekly'] })).toEqual(['weekly', 'z'])
        expect(await found({ ofSeries: ['weekly', 'z'] })).toEqual(['weekly_1', 'weekly_2'])
        expect(await found({ ids: ['weekly_1', 'z'], ofSeries: ['weekly'] })).toEqual(['weekly_1', 'weekly_2', 'z'])
        expect(await found({})).toEqual([])
        expect(await mirror.findItems(key, { ids: ['weekly_1'] })).toEqual([exception])
        expect(await mirror.countItems(key)).toBe(4)
        expect(await mirror.etags(key)).toEqual(new Map(items.map(({ id, etag }) => [id, etag])))
      })

      it('without their series are told when they are bare occurrences', async () => {
        await apply({
          items: [
            anItem('here'),
            aBareOccurrence('1', 'here', '2026-03-17 10:00'),
            aBareOccurrence('2', 'missing b', '2026-03-17 10:00'),
            aBareOccurrence('3', 'missing a', '2026-03-17 10:00'),
            aBareOccurrence('4', 'missing a', '2026-03-18 10:00'),
            anItem('5', { seriesItemId: 'invited to one alone' }),
          ],
        })
        expect(await mirror.missingSeries(key)).toEqual(['missing a', 'missing b'])
      })

      it('tell ids apart by case, and take any text as one', async () => {
        const strange = ['abc', 'ABC', "it's", '["a"]', '1', '01', 'ñ🏗', '%_', '__proto__']
        await apply({ items: strange.map(id => anItem(id)), end: 'sweep' })
        expect(await ids()).toEqual(strange.toSorted())
        expect((await mirror.findItems(key, { ids: strange })).map(({ id }) => id).toSorted()).toEqual(
          strange.toSorted(),
        )
        expect(await apply({ named: strange, end: 'sweep' })).toMatchObject({ removed: 0 })
      })

      it('that were damaged on the disk are reported, with the step that helps', async () => {
        await apply({ items: [anItem('a')] })
        await database.atomically([sql("UPDATE calendar_items SET body = '{'")])
        await expect(readAll()).rejects.toMatchObject({ code: 'malformed' })
      })

      it('come back equal, whatever is in them', async () => {
        await fc.assert(
          fc.asyncProperty(
            fc.uniqueArray(arbitraryItem(), { selector: item => item.id, maxLength: 12 }),
            async items => {
              await apply({ items, end: 'sweep' })
              const found = await mirror.findItems(key, { ids: items.map(({ id }) => id) })
              expect(byId(found)).toEqual(byId(items))
              expect(await apply({ items: found, end: 'close' })).toMatchObject({ written: 0 })
            },
          ),
          { numRuns: runs },
        )
      })

      it('come back in their zone: the same one by name, and fixed offsets by their offset', async () => {
        const madrid = anItem('a', { events: [timed('2026-03-16 10:00')] })
        const { time } = anEvent()
        const fixed = anItem('b', { events: [{ time: { ...time, zone: fixedOffsetZone(-(4 * 60 + 30)) } }] })
        await apply({ items: [madrid, fixed] })
        const zones = (await readAll()).flatMap(({ content }) =>
          content.kind === 'events' ? content.events.map(event => event.time.zone) : [],
        )
        expect(zones[0]).toBe(zone('Europe/Madrid'))
        expect([zones[1]?.name, zones[1]?.offsetAt(0)]).toEqual(['-04:30', -270 * minuteMs])
      })
    })

    describe('a window', () => {
      beforeEach(() => connect())
      const march17 = { startAt: at('2026-03-17'), endAt: at('2026-03-18') }

      it.each<[string, boolean, readonly Partial<CalendarEvent>[]]>([
        ['an event inside it', true, [timed('2026-03-17 10:00')]],
        ['an event that ends as it begins', false, [timed('2026-03-16 23:00', null, 'UTC')]],
        ['an event without length as it begins', true, [moment('2026-03-17 00:00')]],
        ['an event without length as it ends', false, [moment('2026-03-18 00:00')]],
        ['an event that began long before and still goes on', true, [lasting('2026-03-01 10:00', 30 * dayMs)]],
        ['a series without end that began before', true, [timed('2026-01-05 10:00', everyWeek())]],
        ['a series without end that begins after', false, [timed('2026-03-18 10:00', everyWeek(), 'UTC')]],
        ['a series that ended a week before', false, [timed('2026-01-05 10:00', everyWeek('20260308T000000Z'))]],
        ['a series whose five times are over', false, [timed('2026-01-05 10:00', counted(5))]],
        ['a series whose count goes past it', true, [timed('2026-01-05 10:00', counted(50))]],
        ['a series that counts further than we do', true, [timed('2000-01-03 10:00', counted(5_000))]],
        ['an addition to a series that begins later', true, [timed('2026-05-04 10:00', adds('2026-03-17 08:00'))]],
        ['an addition that lasts into it', true, [timed('2026-01-05 10:00', adds('2026-03-10 08:00', 10 * dayMs))]],
        ['an override of a date, by another clock', true, [ofDate('2026-03-16', '2026-01-05 10:00')]],
        ['an override moved out of it', true, [moved('2026-03-17 10:00', '2026-06-01 10:00')]],
        ['an override moved into it', true, [moved('2026-01-05 10:00', '2026-03-17 10:00')]],
        [
          'a cancelled override in it',
          true,
          [{ ...moved('2026-03-17 10:00', '2026-03-17 10:00'), status: 'cancelled' }],
        ],
        ['an override elsewhere', false, [moved('2026-03-24 10:00', '2026-03-25 10:00')]],
        ['a change to this and all later ones, from before it', true, [fromThenOn('2026-01-05 10:00')]],
        ['an all-day event of the day before, by another clock', true, [datesFrom('2026-03-16', 1)]],
        ['an all-day event of the week before', false, [datesFrom('2026-03-10', 2)]],
        ['a floating time of the day before, by another clock', true, [floating('2026-03-16 12:00')]],
      ])('%s: %s', async (_, isRead, events) => {
        await apply({ items: [anItem('a', { events })] })
        expect(await mirror.readItems(key, march17)).toHaveLength(isRead ? 1 : 0)
      })

      it('has the series of the occurrences in it, wherever that says to begin', async () => {
        const series: CalendarItem = {
          ...anItem('s'),
          content: { kind: 'series', event: anEvent(timed('2026-05-04 10:00')) },
        }
        await apply({
          items: [series, aBareOccurrence('o', 's', '2026-03-17 10:00'), aBareOccurrence('p', 's', '2026-03-18 10:00')],
        })
        expect((await mirror.readItems(key, march17)).map(({ id }) => id)).toEqual(['o', 's'])
      })

      it('gives the occurrences that all items would give, for any calendar and window', async () => {
        const windows = fc.record({ from: fc.integer({ min: -40, max: 120 }), days: fc.constantFrom(0.01, 1, 7, 45) })
        await fc.assert(
          fc.asyncProperty(arbitraryCalendar(), windows, async (items, { from, days }) => {
            const startAt = at('2026-02-15') + from * dayMs
            const window = { startAt, endAt: startAt + days * dayMs }
            await apply({ items, end: 'sweep' })
            const ofRead = expandEvents(eventsOf(await mirror.readItems(key, window)), window)
            const ofAll = expandEvents(eventsOf(items), window)
            expect(shown(ofRead)).toEqual(shown(ofAll))
          }),
          { numRuns: runs },
        )
      })
    })

    describe('what is private', () => {
      beforeEach(() => connect())
      const telling: Partial<CalendarEvent> = {
        uid: 'canary-uid',
        title: 'canary title',
        description: 'canary text',
        location: 'canary place',
        categories: ['canary tag'],
        onlineUrl: 'https://canary.example',
        attachmentCount: 4,
        organizer: { ...aPerson, address: 'canary@organizer.example' },
        attendees: [{ ...aPerson, address: 'canary@attendee.example' }],
      }
      const stored = async () => JSON.stringify(await database.all(sql('SELECT * FROM calendar_items')))

      it.each<[string, CalendarItem]>([
        ['a private event', anItem('a', { events: [{ ...telling, visibility: 'private' }] })],
        ['a confidential event', anItem('a', { events: [{ ...telling, visibility: 'confidential' }] })],
        [
          'a private series that its provider expands',
          { ...anItem('a'), content: { kind: 'series', event: anEvent({ ...telling, visibility: 'private' }) } },
        ],
        [
          'a public exception of a private series',
          anItem('a', {
            events: [
              { ...telling, visibility: 'private', recurrence: everyWeek() },
              { ...telling, visibility: 'public', ...moved('2026-03-23 10:00', '2026-03-23 11:00') },
            ],
          }),
        ],
        [
          'a private exception',
          anItem('a', {
            events: [{ ...telling, ...moved('2026-03-23 10:00', '2026-03-23 11:00'), visibility: 'private' }],
          }),
        ],
      ])('%s keeps its time, its status and its ids, whatever the caller hands in', async (_, item) => {
        await apply({ items: [item] })
        expect(await stored()).not.toMatch(/canary/)
        const [read] = await readAll()
        expect(read).toMatchObject({ id: 'a', etag: '"1"' })
        expect(eventsOf([read!])).toMatchObject(
          eventsOf([item]).map(({ time, recurrence, override, status }) => ({ time, recurrence, override, status })),
        )
      })

      it('does not hide the series of a private exception', async () => {
        const series = { title: 'Planning', recurrence: everyWeek() }
        const hidden = { ...telling, ...moved('2026-03-23 10:00', '2026-03-23 11:00'), visibility: 'private' as const }
        await apply({ items: [anItem('a', { events: [series, hidden] })] })
        expect(await stored()).toMatch(/Planning/)
        expect(await stored()).not.toMatch(/canary/)
      })

      it('overwrites what was there before it became private', async () => {
        await apply({ items: [anItem('a', { events: [telling] })] })
        expect(await stored()).toMatch(/canary/)
        expect(
          await apply({ items: [anItem('a', { events: [{ ...telling, visibility: 'private' }] })] }),
        ).toMatchObject({
          written: 1,
        })
        await mirror.settle()
        expect(await stored()).not.toMatch(/canary/)
      })
    })

    describe('another tenant', () => {
      it('with the same ids sees, changes and removes nothing of ours', async () => {
        await connect()
        await apply({ items: [anItem('a'), aBareOccurrence('o', 'missing', '2026-03-17 10:00')], named: ['a'] })
        await mirror.saveChannel(channel)
        await mirror.saveWrite(written)
        await mirror.saveDirectory(account.id, people, now)
        const before = await everything(mirror)

        const hostile = createMirrorStore(database, { tenant: 'other' })
        expect(await everything(hostile)).toEqual(await everything(createMirrorStore(database, { tenant: 'empty' })))
        await expect(
          hostile.applyStep({ ...(await step({ items: [anItem('x')] })), removed: ['a'] }),
        ).rejects.toMatchObject({
          code: 'not-found',
        })
        await expect(hostile.updateSync(key, 1, { cursor: 'x' })).rejects.toMatchObject({ code: 'not-found' })
        await expect(hostile.updateAccount(account.id, { label: 'x' })).rejects.toMatchObject({ code: 'not-found' })
        await expect(hostile.selectCalendar(key, false)).rejects.toMatchObject({ code: 'not-found' })
        await hostile.lookNow([key])
        await hostile.removeChannel(channel.channelId)
        await hostile.removeAccount(account.id)
        expect(await everything(mirror)).toEqual(before)

        await connect(hostile)
        await hostile.applyStep({ ...(await step({ items: [anItem('x')] })), version: 0, end: 'sweep' })
        await hostile.saveChannel({ ...channel, status: 'stopping' })
        await hostile.saveWrite({ ...written, state: 'undone' })
        await hostile.saveDirectory(account.id, [], now)
        expect(await everything(mirror)).toEqual(before)
        await hostile.removeAccount(account.id)
        expect(await everything(mirror)).toEqual(before)
      })

      const everything = async (store: MirrorStore) => ({
        accounts: await store.listAccounts(),
        calendars: await store.listCalendars(),
        due: await store.listDue(now),
        items: await store.readItems(key, { startAt: 0, endAt: Date.UTC(2200, 0, 1) }),
        found: await store.findItems(key, { ids: ['a'], ofSeries: ['missing'] }),
        etags: await store.etags(key),
        count: await store.countItems(key),
        missing: await store.missingSeries(key),
        sweep: await store.wouldSweep(key, now).catch(({ code }) => code),
        channels: await store.listChannels(),
        writes: await store.listWrites(),
        directory: await store.readDirectory(),
      })
    })

    describe('beside the items', () => {
      beforeEach(() => connect())

      it('channels are kept, replaced by their id and removed', async () => {
        const sooner = { ...channel, channelId: 'c2', expiresAt: channel.expiresAt - 1 }
        await mirror.saveChannel(channel)
        await mirror.saveChannel(sooner)
        await mirror.saveChannel({ ...channel, status: 'stopping', providerId: 'p2' })
        expect(await mirror.listChannels()).toEqual([sooner, { ...channel, status: 'stopping', providerId: 'p2' }])
        await mirror.removeChannel('c2')
        await mirror.removeChannel('c2')
        expect(await mirror.listChannels()).toHaveLength(1)
      })

      it("channels are found by our id and by the provider's, and nobody else's is", async () => {
        const refused: PushChannel = { ...channel, channelId: 'c2', providerId: '', nextAt: null, status: 'refused' }
        for (const each of [channel, refused]) await mirror.saveChannel(each)
        expect(await mirror.findChannels({ channelIds: ['c2', 'c3'] })).toEqual([refused])
        expect(await mirror.findChannels({ channelIds: ['c1'], providerIds: ['p1', 'c2'] })).toEqual([channel])
        expect(await mirror.findChannels({})).toEqual([])
        const other = createMirrorStore(database, { tenant: 'other' })
        expect(await other.findChannels({ channelIds: ['c1'], providerIds: ['p1'] })).toEqual([])
      })

      it('the journal is kept line by line, the oldest first, and a line is replaced by its id', async () => {
        const older = { ...written, id: 'w2', createdAt: written.createdAt - 1, itemId: null, sentence: 'Refused.' }
        await mirror.saveWrite(written)
        await mirror.saveWrite(older)
        await mirror.saveWrite({ ...written, state: 'confirmed', updatedAt: now + 9 })
        expect(await mirror.listWrites()).toEqual([older, { ...written, state: 'confirmed', updatedAt: now + 9 }])
      })

      it('a directory replaces what its account gave before, and is there when it is empty', async () => {
        await mirror.addAccount({ ...account, id: 'ben' })
        await mirror.saveDirectory(account.id, people, now)
        await mirror.saveDirectory('ben', people.slice(1), now + 1)
        await mirror.saveDirectory('ben', [], now + 2)
        expect(await mirror.readDirectory()).toEqual([
          { accountId: account.id, readAt: now, rows: people },
          { accountId: 'ben', readAt: now + 2, rows: [] },
        ])
      })

      it('a directory of 20,000 people is kept in parts and comes back in order', async () => {
        const many = Array.from({ length: 20_000 }, (_, n) => ({
          email: `person${n}@lantern.example`,
          name: `Nº ${n}`,
        }))
        await mirror.saveDirectory(account.id, many, now)
        await mirror.saveDirectory(account.id, many.slice(1), now)
        expect((await mirror.readDirectory())[0]?.rows).toEqual(many.slice(1))
      })
    })

    describe('removing an account', () => {
      it('removes every row that came from it, and of the journal every text', async () => {
        const canary = 'canary'
        await mirror.addAccount({
          ...account,
          label: canary,
          subject: canary,
          sentence: canary,
          settings: { a: canary },
        })
        await mirror.recordListing(
          account.id,
          [aListedCalendar({ id: canary, name: canary, ownerAddress: canary })],
          now,
        )
        const of = { accountId: account.id, calendarId: canary }
        await mirror.applyStep({
          ...(await step({ items: [anItem(canary, { events: [{ title: canary }] })], sync: { cursor: canary } })),
          key: of,
          version: 0,
        })
        await mirror.saveChannel({ ...channel, ...of, providerId: canary })
        await mirror.saveWrite({ ...written, ...of, detail: `{"title":"${canary}"}`, sentence: canary })
        await mirror.saveDirectory(account.id, [{ email: canary }], now)
        await database.atomically([
          sql(
            `INSERT INTO credentials (tenant, account_id, version, key_id, sealed) VALUES ('lantern', '${account.id}', 1, 'k', '${canary}')`,
          ),
        ])
        await mirror.removeAccount(account.id)
        const tables = await database.all<{ name: string }>(
          sql(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE '@_cf%' ESCAPE '@'",
          ),
        )
        for (const { name } of tables) {
          expect([name, JSON.stringify(await database.all(sql(`SELECT * FROM ${name}`)))]).not.toEqual([
            name,
            expect.stringContaining(canary),
          ])
        }
        expect(await mirror.listWrites()).toEqual([
          { ...written, accountId: account.id, calendarId: '', detail: '{}', sentence: null },
        ])
      })

      it('leaves the others alone, and may be done twice', async () => {
        await connect()
        await apply({ items: [anItem('a')] })
        await mirror.addAccount({ ...account, id: 'ben' })
        await mirror.recordListing('ben', [aListedCalendar()], now)
        await mirror.removeAccount('ben')
        await mirror.removeAccount('ben')
        expect((await mirror.listAccounts()).map(({ id }) => id)).toEqual([account.id])
        expect(await ids()).toEqual(['a'])
      })
    })

    const channel: PushChannel = {
      ...key,
      channelId: 'c1',
      providerId: 'p1',
      secretHash: 'ab'.repeat(32),
      address: 'https://minutewise.example/hooks/google',
      expiresAt: now + dayMs,
      nextAt: now + hourMs,
      status: 'open',
    }
    const written: WriteEntry = {
      ...key,
      id: 'w1',
      action: 'create-block',
      detail: '{"title":"Focus"}',
      state: 'intended',
      itemId: 'block',
      sentence: null,
      createdAt: now,
      updatedAt: now,
    }
    const people = [
      { email: 'ana.ruiz@lantern.example', team: 'payments' },
      { email: 'ben.okafor@lantern.example', team: 'payments', manager: 'ana.ruiz@lantern.example' },
    ]
  })
}

const aPerson = { name: null, kind: 'person', response: 'accepted', role: 'required', self: false } as const

const sql = (text: string): Statement => ({ sql: text, params: [] })

/** A database that adds a write to each batch. */
function withLastWrite(database: Database, last: Statement): Database {
  return { ...database, atomically: writes => database.atomically([...writes, last]) }
}

const byId = (items: readonly CalendarItem[]) => new Map(items.map(item => [item.id, item]))

const eventsOf = (items: readonly CalendarItem[]) =>
  items.flatMap(({ content }) => {
    if (content.kind === 'events') return content.events
    return content.kind === 'series' ? [content.event] : []
  })

const shown = ({ occurrences, removed }: ReturnType<typeof expandEvents>) => ({
  occurrences: occurrences.map(each => [each.event.uid, each.startAt, each.endAt, each.originalStartAt]).toSorted(),
  removed: removed.map(each => [each.event.uid, each.originalStartAt, each.reason]).toSorted(),
})

const timed = (start: string, recurrence: CalendarEvent['recurrence'] = null, zoneName = 'Europe/Madrid') => {
  const { time } = anEvent({ start, zone: zoneName })
  return { time, recurrence }
}
const lasting = (start: string, exactMs: number) => ({ time: { ...timed(start).time, exactMs } })
const moment = (start: string) => ({ time: { ...timed(start, null, 'UTC').time, exactMs: 0 } })
const floating = (start: string) => ({ time: { ...timed(start, null, 'UTC').time, floating: true } })
const datesFrom = (start: string, days: number) => ({ time: anEvent({ start, days }).time })
const counted = (count: number) => ({ ...nothingRepeats, rules: [rule(`FREQ=WEEKLY;COUNT=${count}`)] })
const adds = (start: string, exactMs: number | null = null) => ({
  ...nothingRepeats,
  additions: [{ startAt: at(start), exactMs }],
})
const moved = (from: string, to: string) => ({
  ...timed(to, null, 'UTC'),
  override: { originalStartAt: at(from), byDate: false, andFuture: false },
})
const ofDate = (from: string, to: string) => ({
  ...timed(to, null, 'UTC'),
  override: { originalStartAt: at(from), byDate: true, andFuture: false },
})
const fromThenOn = (start: string) => ({
  ...timed(start, null, 'UTC'),
  override: { originalStartAt: at(start), byDate: false, andFuture: true },
})
