import type { CalendarItem, ItemId, ListedCalendar } from '../connectors/connector.ts'
import { dayMs, type Instant } from '../domain/time/types.ts'
import { PortError } from '../port-error.ts'
import type { AccountId, CalendarKey, CalendarSync, PushChannel } from './accounts.ts'
import { syncedScope } from './audit-store.ts'
import { type ItemRow, itemColumns, itemToRow, rowToItem } from './item-rows.ts'
import {
  type AccountRow,
  accountToColumns,
  type CalendarRow,
  type ChannelRow,
  channelToColumns,
  insertOne,
  rowToAccount,
  rowToCalendar,
  rowToChannel,
  rowToWrite,
  syncToColumns,
  upsertOne,
  type WriteRow,
  writeToColumns,
} from './mirror-rows.ts'
import type { MirrorStore, StepToApply } from './mirror-store.ts'
import type { Database, SqlValue, Statement, Write } from './store.ts'

/**
 * The mirror of one tenant in a database that has the migrations of `migrations/`.
 *
 * Every batch that changes a calendar opens with a statement that refuses it unless the calendar is there in the version
 * the caller saw: between reading and writing there is nothing to lose a race in.
 */
export function createMirrorStore(database: Database, { tenant }: { readonly tenant: string }): MirrorStore {
  const rows = <Row>(sql: string, ...params: readonly SqlValue[]) => database.all<Row>({ sql, params })

  /** The number that stands for a calendar in the keys of its items; null when there is no such calendar. */
  async function numberOf({ accountId, calendarId }: CalendarKey): Promise<number | null> {
    const [row] = await rows<{ readonly number: number }>(
      'SELECT number FROM calendars WHERE tenant = ? AND account_id = ? AND id = ?',
      tenant,
      accountId,
      calendarId,
    )
    return row?.number ?? null
  }

  /** Runs a batch that opens with `onlyAt`; says who was faster, or that the calendar is gone. */
  async function writeAt(key: CalendarKey, version: number, writes: (calendar: number) => readonly Write[]) {
    const calendar = await numberOf(key)
    if (calendar === null) throw unknownCalendar()
    try {
      const [, ...results] = await database.atomically([onlyAt(key, calendar, version), ...writes(calendar)])
      return results
    } catch (error) {
      if (!(error instanceof PortError) || error.code !== 'conflict') throw error
      const [now] = await rows<{ readonly version: number; readonly number: number }>(
        'SELECT version, number FROM calendars WHERE tenant = ? AND account_id = ? AND id = ?',
        tenant,
        key.accountId,
        key.calendarId,
      )
      if (now === undefined) throw unknownCalendar(error)
      // Then another rule of the schema refused the batch: a mistake of ours, and not a race.
      if (now.version === version && now.number === calendar) throw error
      throw new PortError(
        'conflict',
        'The calendar was changed by another process meanwhile, and nothing of this change was kept. Read it again.',
        { cause: error },
      )
    }
  }

  /** Without a row to refuse it would select nothing; with one, NOT NULL on `number` refuses the whole batch. */
  const onlyAt = ({ accountId, calendarId }: CalendarKey, calendar: number, version: number): Statement => ({
    sql: `INSERT INTO calendars (tenant, account_id, id, number, is_primary, access, is_selected, version, status,
        generation, failures, left_out)
      SELECT ?, ?, ?, NULL, 0, '', 0, 0, '', 0, 0, '' WHERE NOT EXISTS (
        SELECT 1 FROM calendars WHERE tenant = ? AND account_id = ? AND id = ? AND number = ? AND version = ?)`,
    params: [tenant, accountId, calendarId, tenant, accountId, calendarId, calendar, version],
  })

  const setSync = (key: CalendarKey, change: Partial<CalendarSync>, heedLook = false): Statement => {
    const columns = syncToColumns(change)
    const assigned = (name: string) =>
      heedLook && name === 'next_at' ? 'next_at = CASE WHEN next_at IS NULL THEN NULL ELSE ? END' : `${name} = ?`
    const assignments = ['version = version + 1', ...Object.keys(columns).map(assigned)]
    return {
      sql: `UPDATE calendars SET ${assignments.join(', ')} WHERE tenant = ? AND account_id = ? AND id = ?`,
      params: [...Object.values(columns), tenant, key.accountId, key.calendarId],
    }
  }

  const forgetRound = (calendar: number): Statement => ({
    sql: 'DELETE FROM round_steps WHERE tenant = ? AND calendar = ?',
    params: [tenant, calendar],
  })

  /** What is known stays: people rename calendars, and zones come and go with pages. */
  const learn = (calendar: number, { name, zone }: NonNullable<StepToApply['about']>): Statement => ({
    sql: 'UPDATE calendars SET name = coalesce(name, ?), zone = coalesce(zone, ?) WHERE tenant = ? AND number = ?',
    params: [name, zone, tenant, calendar],
  })

  const rememberStep = (calendar: number, { version, named, replacedSeries }: StepToApply): Write => {
    const namedParts = jsonParts(named)
    const replacedParts = jsonParts(replacedSeries)
    const parts = Math.max(namedParts.length, replacedParts.length)
    return {
      table: 'round_steps',
      columns: ['tenant', 'calendar', 'version', 'part', 'named', 'replaced'],
      key: ['tenant', 'calendar', 'version', 'part'],
      rows: Array.from({ length: parts }, (_, part) => [
        tenant,
        calendar,
        version + 1,
        part,
        namedParts[part] ?? '[]',
        replacedParts[part] ?? '[]',
      ]),
    }
  }

  const removeItems = (calendar: number, ids: readonly ItemId[]): readonly Statement[] =>
    jsonParts(ids).map(json => ({
      sql: `DELETE FROM calendar_items
        WHERE tenant = ? AND calendar = ? AND id IN (SELECT value FROM json_each(?))`,
      params: [tenant, calendar, json],
    }))

  const sweepUnnamed = (calendar: number): Statement => ({
    sql: `DELETE FROM calendar_items WHERE tenant = ? AND calendar = ? AND id NOT IN (${namedInRound})`,
    params: [tenant, calendar, tenant, calendar],
  })

  const sweepReplaced = (calendar: number): Statement => ({
    sql: `DELETE FROM calendar_items WHERE tenant = ? AND calendar = ?
      AND series_id IN (${replacedInRound}) AND id NOT IN (${namedInRound})`,
    params: [tenant, calendar, tenant, calendar, tenant, calendar],
  })

  return {
    async addAccount(account) {
      try {
        await database.atomically([insertOne('accounts', { tenant, ...accountToColumns(account) })])
      } catch (error) {
        if (!(error instanceof PortError) || error.code !== 'conflict') throw error
        throw new PortError('conflict', 'There is an account with this id already. Nothing was changed.', {
          cause: error,
        })
      }
    },

    async listAccounts() {
      const found = await rows<AccountRow>('SELECT * FROM accounts WHERE tenant = ? ORDER BY connected_at, id', tenant)
      return found.map(rowToAccount)
    },

    async updateAccount(id, change) {
      const columns = accountToColumns(change)
      // `id = id`: a change of nothing is still one of an account that has to be there.
      const assignments = ['id = id', ...Object.keys(columns).map(name => `${name} = ?`)]
      const [result] = await database.atomically([
        {
          sql: `UPDATE accounts SET ${assignments.join(', ')} WHERE tenant = ? AND id = ?`,
          params: [...Object.values(columns), tenant, id],
        },
      ])
      if (result?.changes !== 1) throw unknownAccount()
    },

    async removeAccount(id) {
      const ofAccount = (table: string): Statement => ({
        sql: `DELETE FROM ${table} WHERE tenant = ? AND account_id = ?`,
        params: [tenant, id],
      })
      const ofCalendars = (table: string): Statement => ({
        sql: `DELETE FROM ${table} WHERE tenant = ?
          AND calendar IN (SELECT number FROM calendars WHERE tenant = ? AND account_id = ?)`,
        params: [tenant, tenant, id],
      })
      await database.atomically([
        ...forgottenAudits(tenant, id),
        ofCalendars('calendar_items'),
        ofCalendars('round_steps'),
        ofAccount('push_channels'),
        ofAccount('directory_parts'),
        ofAccount('credentials'),
        ofAccount('calendars'),
        {
          // The id of a calendar is often somebody's address.
          sql: `UPDATE write_journal SET detail = '{}', sentence = NULL, calendar_id = ''
            WHERE tenant = ? AND account_id = ?`,
          params: [tenant, id],
        },
        { sql: 'DELETE FROM accounts WHERE tenant = ? AND id = ?', params: [tenant, id] },
        oweSettling(tenant),
      ])
    },

    async listCalendars(accountId) {
      const found = await rows<CalendarRow>(
        `SELECT * FROM calendars WHERE tenant = ? ${accountId === undefined ? '' : 'AND account_id = ?'}
          ORDER BY name IS NULL, name, account_id, id`,
        tenant,
        ...(accountId === undefined ? [] : [accountId]),
      )
      return found.map(rowToCalendar)
    },

    async listDue(now) {
      // Looks into one index, one each; with OR it would be read from end to end.
      const found = await rows<CalendarRow>(
        `SELECT * FROM (
            SELECT * FROM calendars WHERE tenant = ? AND is_selected = 1 AND next_at IS NULL
            UNION ALL
            SELECT * FROM calendars WHERE tenant = ? AND is_selected = 1 AND next_at <= ?
            UNION ALL
            SELECT * FROM calendars WHERE tenant = ? AND is_selected = 1 AND next_at > ?)
          ORDER BY next_at, tried_at, account_id, id`,
        tenant,
        tenant,
        now,
        tenant,
        now + farthestAheadMs,
      )
      return found.map(rowToCalendar)
    },

    async recordListing(accountId, listed, now) {
      await inKnownAccount(() =>
        database.atomically([
          {
            // Refuses an account that is not there.
            sql: `INSERT INTO directory_parts (tenant, account_id, part, read_at, people)
              SELECT ?, ?, 0, NULL, '' WHERE NOT EXISTS (SELECT 1 FROM accounts WHERE tenant = ? AND id = ?)`,
            params: [tenant, accountId, tenant, accountId],
          },
          ...jsonParts(listed.map(listedToJson)).map(json => ({
            sql: recordListedSql,
            params: [tenant, accountId, tenant, json],
          })),
          ...markGone(tenant, accountId, listed),
          {
            sql: 'UPDATE accounts SET listed_at = ? WHERE tenant = ? AND id = ?',
            params: [now, tenant, accountId],
          },
        ]),
      )
    },

    async selectCalendar({ accountId, calendarId }, isSelected) {
      const [result] = await database.atomically([
        {
          sql: 'UPDATE calendars SET is_selected = ? WHERE tenant = ? AND account_id = ? AND id = ?',
          params: [isSelected ? 1 : 0, tenant, accountId, calendarId],
        },
      ])
      if (result?.changes !== 1) throw unknownCalendar()
    },

    async updateSync(key, version, change) {
      await writeAt(key, version, () => [setSync(key, change)])
    },

    async lookNow(keys) {
      await database.atomically(
        jsonParts(keys.map(key => [key.accountId, key.calendarId])).map(json => ({
          sql: `UPDATE calendars SET next_at = NULL WHERE tenant = ? AND next_at IS NOT NULL
            AND (account_id, id) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?))`,
          params: [tenant, json],
        })),
      )
    },

    async claim({ accountId, calendarId }, untilAt) {
      await database.atomically([
        {
          sql: 'UPDATE calendars SET next_at = ? WHERE tenant = ? AND account_id = ? AND id = ?',
          params: [untilAt, tenant, accountId, calendarId],
        },
      ])
    },

    async applyStep(step) {
      const { key, version, items, removed, sync, heedLook, end, hides, about } = step
      const removals = jsonParts(removed).length
      const results = await writeAt(key, version, calendar => [
        setSync(key, sync, heedLook),
        {
          table: 'calendar_items',
          columns: ['tenant', 'calendar', ...itemColumns],
          key: ['tenant', 'calendar', 'id'],
          rows: items.map(item => [tenant, calendar, ...itemToRow(item, key.calendarId)]),
        },
        ...removeItems(calendar, removed),
        rememberStep(calendar, step),
        ...(end === 'open' ? [] : [end === 'sweep' ? sweepUnnamed(calendar) : sweepReplaced(calendar)]),
        ...(end === 'open' ? [] : [forgetRound(calendar)]),
        ...(hides === true ? [oweSettling(tenant)] : []),
        ...(about === undefined ? [] : [learn(calendar, about)]),
      ])
      const changes = results.map(result => result.changes)
      const removedAt = 2
      const sweptAt = removedAt + removals + 1
      return {
        written: changes[1] ?? 0,
        removed: sum(changes.slice(removedAt, removedAt + removals)) + (end === 'open' ? 0 : (changes[sweptAt] ?? 0)),
        version: version + 1,
      }
    },

    async etags(key) {
      const found = await rows<{ readonly id: ItemId; readonly etag: string }>(
        `SELECT id, etag FROM calendar_items WHERE tenant = ? AND calendar = (${numberSql})`,
        ...itemsOf(tenant, key),
      )
      return new Map(found.map(({ id, etag }) => [id, etag]))
    },

    async findItems(key, { ids = [], ofSeries = [] }) {
      const found = new Map<ItemId, CalendarItem>()
      for (const [column, wanted] of [
        ['id', ids],
        ['series_id', ofSeries],
      ] as const) {
        for (const json of jsonParts(wanted)) {
          const some = await rows<ItemRow>(
            `SELECT id, etag, series_id, body FROM calendar_items
              WHERE tenant = ? AND calendar = (${numberSql}) AND ${column} IN (SELECT value FROM json_each(?))`,
            ...itemsOf(tenant, key),
            json,
          )
          for (const item of readRows(some, key)) found.set(item.id, item)
        }
      }
      return [...found.values()].sort((one, other) => compareIds(one.id, other.id))
    },

    async missingSeries(key) {
      const found = await rows<{ readonly id: ItemId }>(
        `SELECT DISTINCT series_id AS id FROM calendar_items AS one
          WHERE tenant = ? AND calendar = (${numberSql}) AND series_id IS NOT NULL AND kind = 'occurrence' AND NOT EXISTS (
            SELECT 1 FROM calendar_items AS series
            WHERE series.tenant = one.tenant AND series.calendar = one.calendar AND series.id = one.series_id)
          ORDER BY series_id`,
        ...itemsOf(tenant, key),
      )
      return found.map(({ id }) => id)
    },

    async wouldSweep(key, now) {
      const calendar = await numberOf(key)
      if (calendar === null) throw unknownCalendar()
      const [counts] = await rows<{ readonly total: number; readonly future: number; readonly futureBefore: number }>(
        `SELECT coalesce(sum(isUnnamed), 0) AS total,
            coalesce(sum(isUnnamed AND isFuture), 0) AS future,
            coalesce(sum(isFuture), 0) AS futureBefore
          FROM (
            SELECT id NOT IN (${namedInRound}) AS isUnnamed,
              (last_start_at IS NULL OR last_start_at >= ?) AS isFuture
            FROM calendar_items WHERE tenant = ? AND calendar = ?)`,
        tenant,
        calendar,
        now,
        tenant,
        calendar,
      )
      return counts ?? { total: 0, future: 0, futureBefore: 0 }
    },

    async abandonRound(key, version, change) {
      await writeAt(key, version, calendar => [setSync(key, { round: null, ...change }), forgetRound(calendar)])
    },

    async readItems(key, { startAt, endAt }) {
      const found = await rows<ItemRow>(
        // An item without length belongs to a window that begins with it.
        `SELECT id, etag, series_id, body FROM calendar_items
          WHERE tenant = ? AND calendar = (${numberSql})
            AND (first_at IS NULL OR first_at < ?)
            AND (last_at IS NULL OR last_at > ? OR last_start_at >= ?)
          ORDER BY id`,
        ...itemsOf(tenant, key),
        endAt,
        startAt,
        startAt,
      )
      return readRows(found, key)
    },

    async countItems(key) {
      const [row] = await rows<{ readonly items: number }>(
        `SELECT count(*) AS items FROM calendar_items WHERE tenant = ? AND calendar = (${numberSql})`,
        ...itemsOf(tenant, key),
      )
      return row?.items ?? 0
    },

    async saveChannel(channel) {
      await database.atomically([
        upsertOne('push_channels', { tenant, ...channelToColumns(channel) }, ['tenant', 'channel_id']),
      ])
    },

    async listChannels() {
      const found = await rows<ChannelRow>(
        'SELECT * FROM push_channels WHERE tenant = ? ORDER BY expires_at, channel_id',
        tenant,
      )
      return found.map(rowToChannel)
    },

    async findChannels({ channelIds = [], providerIds = [] }) {
      const found = new Map<string, PushChannel>()
      for (const [column, wanted] of [
        ['channel_id', channelIds],
        ['provider_id', providerIds],
      ] as const) {
        for (const json of jsonParts(wanted)) {
          const some = await rows<ChannelRow>(
            `SELECT * FROM push_channels WHERE tenant = ? AND ${column} IN (SELECT value FROM json_each(?))`,
            tenant,
            json,
          )
          for (const row of some) found.set(row.channel_id, rowToChannel(row))
        }
      }
      return [...found.values()]
    },

    async removeChannel(channelId) {
      await database.atomically([
        { sql: 'DELETE FROM push_channels WHERE tenant = ? AND channel_id = ?', params: [tenant, channelId] },
      ])
    },

    async saveWrite(entry) {
      await database.atomically([upsertOne('write_journal', { tenant, ...writeToColumns(entry) }, ['tenant', 'id'])])
    },

    async listWrites() {
      const found = await rows<WriteRow>('SELECT * FROM write_journal WHERE tenant = ? ORDER BY created_at, id', tenant)
      return found.map(rowToWrite)
    },

    async saveDirectory(accountId, people, now) {
      const parts = jsonParts(people)
      await inKnownAccount(() =>
        database.atomically([
          { sql: 'DELETE FROM directory_parts WHERE tenant = ? AND account_id = ?', params: [tenant, accountId] },
          {
            table: 'directory_parts',
            columns: ['tenant', 'account_id', 'part', 'read_at', 'people'],
            key: ['tenant', 'account_id', 'part'],
            // An empty directory was read as well.
            rows: (parts.length === 0 ? ['[]'] : parts).map((json, part) => [tenant, accountId, part, now, json]),
          },
        ]),
      )
    },

    async readDirectory() {
      const found = await rows<{ readonly account_id: AccountId; readonly read_at: Instant; readonly people: string }>(
        'SELECT account_id, read_at, people FROM directory_parts WHERE tenant = ? ORDER BY account_id, part',
        tenant,
      )
      const byAccount = new Map<AccountId, { accountId: AccountId; readAt: Instant; rows: Record<string, string>[] }>()
      for (const part of found) {
        const own = byAccount.get(part.account_id) ?? { accountId: part.account_id, readAt: part.read_at, rows: [] }
        byAccount.set(part.account_id, own)
        // Safe because `saveDirectory` alone writes them.
        for (const person of JSON.parse(part.people) as Record<string, string>[]) own.rows.push(person)
      }
      return [...byAccount.values()]
    },

    async settle() {
      await database.settle()
      await database.atomically([{ sql: 'DELETE FROM owed_settling WHERE tenant = ?', params: [tenant] }])
    },

    async owesSettling() {
      return (await rows('SELECT 1 FROM owed_settling WHERE tenant = ?', tenant)).length > 0
    },
  }
}

/** Nobody waits longer than that; a later time was written while the clock of the machine was wrong. */
const farthestAheadMs = 30 * dayMs

/** Parameters: tenant, calendar. */
const namedInRound =
  'SELECT each.value FROM round_steps AS step, json_each(step.named) AS each WHERE step.tenant = ? AND step.calendar = ?'
const replacedInRound =
  'SELECT each.value FROM round_steps AS step, json_each(step.replaced) AS each WHERE step.tenant = ? AND step.calendar = ?'

/** Parameters: tenant, account, calendar's id. Read in the statement itself, so that a number is never an old one. */
const numberSql = 'SELECT number FROM calendars WHERE tenant = ? AND account_id = ? AND id = ?'
const itemsOf = (tenant: string, { accountId, calendarId }: CalendarKey) => [tenant, tenant, accountId, calendarId]

/**
 * Parameters: tenant, account, tenant, JSON. What is known keeps its number, its selection and its sync; one that was
 * gone is asked again.
 */
const recordListedSql = `INSERT INTO calendars (tenant, account_id, id, number, name, zone, owner_address, is_primary,
    access, is_selected, version, status, generation, failures, left_out)
  SELECT ?, ?, value ->> 'id', (SELECT coalesce(max(number), 0) FROM calendars WHERE tenant = ?) + 1 + key,
    value ->> 'name', value ->> 'zone', value ->> 'ownerAddress', value ->> 'isPrimary', value ->> 'access',
    (value ->> 'isPrimary' OR value ->> 'access' = 'owner'), 0, 'waiting', 0, 0, '[]'
  FROM json_each(?) WHERE true
  ON CONFLICT (tenant, account_id, id) DO UPDATE SET
    name = excluded.name, zone = excluded.zone, owner_address = excluded.owner_address,
    is_primary = excluded.is_primary, access = excluded.access,
    version = version + (status = 'gone'),
    next_at = CASE WHEN status = 'gone' THEN NULL ELSE next_at END,
    sentence = CASE WHEN status = 'gone' THEN NULL ELSE sentence END,
    status = CASE WHEN status <> 'gone' THEN status WHEN generation = 0 THEN 'waiting' ELSE 'retrying' END`

const goneSentence =
  'The account does not list this calendar any more. What was read of it is kept until the account is disconnected.'

function markGone(tenant: string, accountId: AccountId, listed: readonly ListedCalendar[]): readonly Statement[] {
  return [
    {
      sql: `UPDATE calendars SET status = 'gone', sentence = ?, version = version + 1
        WHERE tenant = ? AND account_id = ? AND status <> 'gone' AND id NOT IN (SELECT value FROM json_each(?))`,
      params: [goneSentence, tenant, accountId, JSON.stringify(listed.map(({ id }) => id))],
    },
  ]
}

const listedToJson = ({ id, name, zone, ownerAddress, isPrimary, access }: ListedCalendar) => ({
  id,
  name,
  zone,
  ownerAddress,
  isPrimary,
  access,
})

async function inKnownAccount<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    // The one rule of the schema that these writes can meet: their account has to be there.
    if (error instanceof PortError && error.code === 'conflict') throw unknownAccount(error)
    throw error
  }
}

/**
 * What was made of calendars goes with them: all of it, since audits do not say which accounts they were made of. An
 * account that never had a calendar takes nothing along. Kinds of rows last first.
 */
const forgottenAudits = (tenant: string, accountId: AccountId): readonly Statement[] =>
  ['audit_occurrences', 'audit_series', 'audit_report_parts', 'audits'].map(table => ({
    sql: `DELETE FROM ${table} WHERE scope >= ? AND scope < ?
      AND EXISTS (SELECT 1 FROM calendars WHERE tenant = ? AND account_id = ?)`,
    params: [syncedScope, `${syncedScope}~`, tenant, accountId],
  }))

const oweSettling = (tenant: string): Statement => ({
  sql: 'INSERT INTO owed_settling (tenant) VALUES (?) ON CONFLICT (tenant) DO NOTHING',
  params: [tenant],
})

const unknownCalendar = (cause?: unknown) =>
  new PortError('not-found', 'There is no such calendar here (any more). Look at `accounts` for those there are.', {
    cause,
  })
const unknownAccount = (cause?: unknown) =>
  new PortError('not-found', 'There is no such account here (any more). Look at `accounts` for those there are.', {
    cause,
  })

function readRows(found: readonly ItemRow[], { calendarId }: CalendarKey): readonly CalendarItem[] {
  try {
    return found.map(row => rowToItem(row, calendarId))
  } catch (cause) {
    throw new PortError(
      'malformed',
      'What was kept of a calendar cannot be read: the database is damaged. Disconnect the account and connect it again.',
      { cause },
    )
  }
}

/** As SQLite orders text: by bytes of UTF-8, which is by code points. */
function compareIds(one: ItemId, other: ItemId): number {
  const shorter = Math.min(one.length, other.length)
  for (let at = 0; at < shorter; at++) {
    const left = one.charCodeAt(at)
    const right = other.charCodeAt(at)
    if (left === right) continue
    // A half of a surrogate pair stands for a code point above all that are not.
    const isLeftPair = left >= 0xd800 && left <= 0xdfff
    const isRightPair = right >= 0xd800 && right <= 0xdfff
    return isLeftPair === isRightPair ? left - right : Number(isLeftPair) - Number(isRightPair)
  }
  return one.length - other.length
}

/** Values as JSON arrays of at most some 500,000 UTF-16 units: 1.5 MB of UTF-8, of the 2 MB D1 takes. */
function jsonParts(values: readonly unknown[]): readonly string[] {
  const whole = JSON.stringify(values)
  if (whole.length <= unitsPerPart) return values.length === 0 ? [] : [whole]
  const parts: string[] = []
  let part: string[] = []
  let units = 0
  for (const value of values) {
    const json = JSON.stringify(value)
    if (units > 0 && units + json.length > unitsPerPart) {
      parts.push(`[${part.join(',')}]`)
      part = []
      units = 0
    }
    part.push(json)
    units += json.length + 1
  }
  if (part.length > 0) parts.push(`[${part.join(',')}]`)
  return parts
}

const unitsPerPart = 500_000

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0)
