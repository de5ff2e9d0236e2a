import { Hono } from 'hono'
import type { Clock } from '../../../src/clock.ts'
import type { GoogleRoots } from '../../../src/connectors/oauth/token-source.ts'
import { utc } from '../../../src/domain/time/zone-table.ts'
import type { FaultPlan } from '../kit/faults.ts'
import { faultPlan } from '../kit/faults.ts'
import type { GroupWanted, RoomWanted } from './directory.ts'
import { FakeDirectory, groupsParameters, membersParameters, roomsParameters, usersParameters } from './directory.ts'
import { changeOf, changeParameters, deleteParameters, insertParameters, newEventOf } from './event-body.ts'
import type { ListDeps, Listed } from './event-list.ts'
import { instancesParameters, listEvents, listInstances, listParameters, viewerOf } from './event-list.ts'
import { viewOf } from './event-view.ts'
import type { AccessRole, KeptEvent } from './fake-calendar.ts'
import { accessRoles, FakeCalendar } from './fake-calendar.ts'
import type { FakeSettings } from './fake-settings.ts'
import { defaultSettings } from './fake-settings.ts'
import type { FakeUser, UserWanted } from './fake-user.ts'
import { checkFields, masked, parseFields } from './fields-mask.ts'
import { freeBusy } from './free-busy.ts'
import {
  badRequest,
  conditionNotMet,
  deleted,
  duplicate,
  fullSyncRequired,
  GoogleError,
  insufficientScopes,
  notACalendarUser,
  notFound,
  requiredAccessLevel,
} from './google-error.ts'
import { knownFieldsOf } from './known-fields.ts'
import type { Grant } from './oauth.ts'
import { FakeOAuth } from './oauth.ts'
import { FakePush } from './push.ts'
import type { Parameters } from './query.ts'
import { Query } from './query.ts'
import { Quota } from './quota.ts'
import { eventReach, type ScopedMethod, scopePrefix, writeReach } from './scopes.ts'
import type { Seed } from './seed.ts'
import { seedOf } from './seed.ts'
import { Pager, sealed, unsealed } from './tokens.ts'
import type {
  CalendarListEntryResource,
  ChannelResource,
  EventResource,
  FreeBusyRequestResource,
  VendorName,
} from './vendor-types.ts'
import { googleSchemas } from './vendor-types.ts'

export interface GoogleFakeOptions {
  readonly clock: Clock
  readonly seed?: number
  readonly settings?: Partial<FakeSettings>
}

/** The client every fake knows from the start. */
export const fakeClient = { id: 'minutewise.apps.googleusercontent.com', secret: 'fake-client-secret' } as const

/**
 * A strict Google Calendar, Directory and OAuth service: it refuses what the real ones refuse, keeps open what they
 * keep open (`settings`), and holds every answer against the vendor's types. `fetch` works in process; `serve` of the
 * kit puts it on loopback, with `faults` on the wire. The rest is what tests do to it, and what they ask.
 */
export function createGoogleFake(options: GoogleFakeOptions): GoogleFake {
  return new GoogleFake(options)
}

/** Where the services are when the fake is served at an address that ends in `/`. */
export function googleRoots(url: string): GoogleRoots {
  return {
    api: url,
    admin: url,
    token: `${url}token`,
    revoke: `${url}revoke`,
    authorize: `${url}o/oauth2/v2/auth`,
  }
}

export class GoogleFake {
  readonly faults: FaultPlan = faultPlan()
  readonly settings: FakeSettings
  readonly oauth: FakeOAuth
  /** Answers that were not of the vendor's types; the request got a 501. Empty in every good test. */
  readonly violations: string[] = []
  readonly users = new Map<string, FakeUser>()
  readonly calendars = new Map<string, FakeCalendar>()
  readonly push: FakePush
  readonly directory: FakeDirectory
  readonly #clock: Clock
  readonly #seed: Seed
  readonly #pager: Pager
  readonly #quota: Quota
  readonly #app = new Hono()
  #listVersion = 0

  constructor({ clock, seed = 1, settings = {} }: GoogleFakeOptions) {
    this.#clock = clock
    this.#seed = seedOf(seed)
    this.settings = { ...defaultSettings(), ...settings }
    this.#pager = new Pager(clock)
    this.push = new FakePush(clock, this.#seed)
    this.directory = new FakeDirectory(
      () => [...this.users.values()],
      this.#pager,
      () => this.settings.pageSize,
    )
    this.#quota = new Quota(clock, () => this.settings.quotas)
    this.oauth = new FakeOAuth({
      clock,
      seed: this.#seed,
      settings: this.settings,
      user: address => this.findUser(address),
      firstUser: () => [...this.users.values()][0] ?? null,
    })
    this.oauth.clients.set(fakeClient.id, fakeClient)
    this.#routes()
  }

  fetch(request: Request): Response | Promise<Response> {
    return this.#app.fetch(request)
  }

  /** The fake in place of the platform's `fetch`, whatever the host of the address. */
  readonly asFetch: typeof fetch = async (input, init) => await this.#app.fetch(new Request(input, init))

  /** A person with a primary calendar, whose id is the address. */
  addUser(wanted: UserWanted): FakeUser {
    const calendar = this.#newCalendar({
      id: wanted.address,
      summary: wanted.address,
      timeZone: wanted.timeZone ?? 'Europe/Madrid',
      owner: wanted.address,
      isPrimary: true,
    })
    const user: FakeUser = {
      address: wanted.address,
      aliases: wanted.aliases ?? [],
      kind: wanted.kind ?? 'workspace',
      isSuspended: wanted.isSuspended ?? false,
      hasCalendar: wanted.hasCalendar ?? true,
      isAdmin: wanted.isAdmin ?? false,
      profile: wanted,
      calendar,
      list: new Map(),
      settings: new Map([
        ['timezone', calendar.timeZone],
        ['weekStart', '1'],
        ['locale', 'en'],
      ]),
    }
    this.users.set(user.address, user)
    this.#enlist(user, calendar.id)
    return user
  }

  /** A secondary calendar on its owner's list. */
  addCalendar(wanted: {
    readonly owner: string
    readonly summary: string
    readonly id?: string
    readonly timeZone?: string
  }): FakeCalendar {
    const owner = this.user(wanted.owner)
    const calendar = this.#newCalendar({
      id: wanted.id ?? `c_${this.#seed.text(26)}@group.calendar.google.com`,
      summary: wanted.summary,
      timeZone: wanted.timeZone ?? owner.calendar.timeZone,
      owner: owner.address,
      isPrimary: false,
    })
    this.#enlist(owner, calendar.id)
    return calendar
  }

  /** Gives somebody a role on a calendar and puts it on their list; `none` takes both. */
  share(calendarId: string, address: string, role: AccessRole): void {
    const user = this.user(address)
    this.calendar(calendarId).changeAcl(user.address, role)
    if (role === 'none') user.list.delete(calendarId)
    else this.#enlist(user, calendarId)
  }

  /** The calendar is gone: 404 for everybody. */
  deleteCalendar(calendarId: string): void {
    const calendar = this.calendar(calendarId)
    calendar.isDeleted = true
    this.push.changed(calendar)
    for (const user of this.users.values()) {
      const entry = user.list.get(calendarId)
      if (entry !== undefined) Object.assign(entry, { isDeleted: true, version: ++this.#listVersion })
    }
  }

  /** Access and refresh token of a person, as after a consent. Scopes with or without the common prefix. */
  grant(address: string, scopes: readonly string[]): { readonly accessToken: string; readonly refreshToken: string } {
    const full = scopes.map(scope => (scope.includes(':') || scope === 'openid' ? scope : scopePrefix + scope))
    return this.oauth.grant({ user: this.user(address), scopes: full, clientId: fakeClient.id })
  }

  addGroup(group: GroupWanted): void {
    this.directory.groups.set(group.address, group)
  }

  addRoom(room: RoomWanted): void {
    this.directory.rooms.set(room.address, room)
  }

  /** Puts copies of an event on the primary calendars of its guests: same id and `iCalUID`, not organized by them. */
  copyToGuests(calendarId: string, eventId: string): void {
    const calendar = this.calendar(calendarId)
    const kept = calendar.find(eventId)
    if (kept === null) throw new Error(`The calendar has no event ${eventId}.`)
    const organizer = { email: calendar.identity }
    const times = viewOf(kept, calendar, { role: 'owner', zone: utc, mostAttendees: 0, minimalCancelled: false })
    for (const attendee of kept.resource.attendees ?? []) {
      const guest = attendee.email ? this.findUser(attendee.email) : null
      if (guest === null || guest.calendar === calendar) continue
      const attendees = (kept.resource.attendees ?? []).map(each => ({ ...each, self: each.email === attendee.email }))
      const { start = {}, end = {} } = times
      guest.calendar.insert({ ...kept.resource, start, end, attendees, organizer, creator: organizer })
    }
  }

  calendar(id: string): FakeCalendar {
    const calendar = this.calendars.get(id)
    if (calendar === undefined) throw new Error(`The fake has no calendar ${id}.`)
    return calendar
  }

  user(address: string): FakeUser {
    const user = this.findUser(address)
    if (user === null) throw new Error(`The fake has no user ${address}.`)
    return user
  }

  findUser(address: string): FakeUser | null {
    const wanted = address.toLowerCase()
    for (const user of this.users.values()) {
      if (user.address === wanted || user.aliases.includes(wanted)) return user
    }
    return null
  }

  #newCalendar(wanted: {
    readonly id: string
    readonly summary: string
    readonly timeZone: string
    readonly owner: string
    readonly isPrimary: boolean
  }): FakeCalendar {
    const calendar = new FakeCalendar({
      ...wanted,
      clock: this.#clock,
      seed: this.#seed,
      onChange: changed => this.push.changed(changed),
    })
    this.calendars.set(calendar.id, calendar)
    return calendar
  }

  #enlist(user: FakeUser, calendarId: string): void {
    user.list.set(calendarId, {
      calendarId,
      isHidden: false,
      isDeleted: false,
      summaryOverride: null,
      version: ++this.#listVersion,
    })
  }

  #routes(): void {
    const app = this.#app
    const calendarPath = '/calendar/v3/calendars/:calendarId'
    app.get('/o/oauth2/v2/auth', c => this.oauth.authorize(new URL(c.req.url)))
    app.post('/token', async c => this.oauth.token(new URLSearchParams(await c.req.text()), withoutQuery(c.req.url)))
    app.post('/revoke', async c => {
      const form = new URLSearchParams(await c.req.text())
      return this.oauth.revoke(form.get('token') ?? new URL(c.req.url).searchParams.get('token'))
    })

    this.#method('get', '/calendar/v3/users/me/calendarList', {
      scope: 'calendarList.list',
      answers: 'GoogleCalendarList',
      parameters: calendarListParameters,
      run: call => this.#listCalendars(call),
    })
    this.#method('get', calendarPath, {
      scope: 'calendars.get',
      answers: 'GoogleCalendar',
      parameters: {},
      run: call => {
        const { calendar } = this.#open(call)
        return {
          kind: 'calendar#calendar',
          etag: `"${calendar.id.length}${calendar.epoch}"`,
          id: calendar.id,
          summary: calendar.summary,
          timeZone: calendar.timeZone,
          conferenceProperties: { allowedConferenceSolutionTypes: ['hangoutsMeet'] },
        }
      },
    })
    this.#method('get', '/calendar/v3/users/me/settings', {
      scope: 'settings.list',
      answers: 'GoogleSettings',
      parameters: { maxResults: 'integer', pageToken: 'text', syncToken: 'text' },
      run: ({ user, query }) => {
        const key = `settings ${user.address}`
        const pageToken = query.text('pageToken')
        const paging = { pageSize: query.integer('maxResults', listBounds), emptyPages: 0, emptyLastPage: false }
        const page =
          pageToken === null
            ? this.#pager.first(key, [...user.settings], paging, sealed({ settings: user.address }))
            : this.#pager.next<[string, string]>(pageToken, key)
        return {
          kind: 'calendar#settings',
          etag: '"settings"',
          ...(page.nextPageToken === null ? {} : { nextPageToken: page.nextPageToken }),
          ...(page.final === null ? {} : { nextSyncToken: page.final }),
          items: page.items.map(([id, value]) => ({ kind: 'calendar#setting', etag: `"${id}"`, id, value })),
        }
      },
    })
    this.#method('get', '/calendar/v3/users/me/settings/:setting', {
      scope: 'settings.get',
      answers: 'GoogleSetting',
      parameters: {},
      run: ({ user, path }) => {
        const id = path('setting')
        const value = user.settings.get(id)
        if (value === undefined) throw notFound()
        return { kind: 'calendar#setting', etag: `"${id}"`, id, value }
      },
    })

    this.#method('get', `${calendarPath}/events`, {
      scope: 'events.list',
      answers: 'GoogleEvents',
      parameters: listParameters,
      run: call => listEvents(this.#listDeps, this.#readable(call)),
    })
    this.#method('get', `${calendarPath}/events/:eventId/instances`, {
      scope: 'events.list',
      answers: 'GoogleEvents',
      parameters: instancesParameters,
      run: call => {
        const listed = this.#readable(call)
        const master = listed.calendar.find(call.path('eventId'))
        if (master === null || listed.calendar.seriesOf(master) === null) throw notFound()
        if (master.isCancelled) throw deleted()
        return listInstances(this.#listDeps, listed, master)
      },
    })
    this.#method('get', `${calendarPath}/events/:eventId`, {
      scope: 'events.list',
      answers: 'GoogleEvent',
      parameters: { alwaysIncludeEmail: 'boolean', maxAttendees: 'integer', timeZone: 'text' },
      run: call => {
        const listed = this.#readable(call)
        const event = listed.calendar.instance(call.path('eventId'))
        if (event === null) throw notFound()
        return viewOf(event, listed.calendar, viewerOf(this.settings, listed))
      },
    })
    this.#method('post', `${calendarPath}/events`, {
      scope: 'events.write',
      answers: 'GoogleEvent',
      takes: 'GoogleEvent',
      parameters: insertParameters,
      run: call => {
        const listed = this.#writable(call)
        const { calendar } = listed
        const event = newEventOf(eventIn(call), { calendar, user: call.user, query: call.query })
        if (event.id && calendar.find(event.id) !== null) throw duplicate()
        const { id } = calendar.insert(event)
        return this.#written(listed, calendar.find(id ?? ''))
      },
    })
    for (const [verb, isWhole] of [
      ['patch', false],
      ['put', true],
    ] as const) {
      this.#method(verb, `${calendarPath}/events/:eventId`, {
        scope: 'events.write',
        answers: 'GoogleEvent',
        takes: 'GoogleEvent',
        parameters: changeParameters,
        run: call => {
          const listed = this.#writable(call)
          const { calendar } = listed
          const body = eventIn(call)
          const kept = this.#target(call, calendar)
          if (kept.isCancelled && body.status !== 'confirmed' && body.status !== 'tentative') throw deleted()
          const change = changeOf(body, kept, { calendar, user: call.user, query: call.query }, isWhole)
          if (change.status === 'cancelled') calendar.delete(kept.id)
          else calendar.patch(kept.id, change)
          // more private on one occurrence is more private on all
          const master = kept.masterId === null ? null : calendar.find(kept.masterId)
          if (master !== null && calendar.isPrivate(master) && !isPrivateWord(master.resource.visibility)) {
            calendar.patch(master.id, { visibility: 'private' })
          }
          return this.#written(listed, calendar.find(kept.id))
        },
      })
    }
    this.#method('delete', `${calendarPath}/events/:eventId`, {
      scope: 'events.write',
      answers: null,
      parameters: deleteParameters,
      run: call => {
        const { calendar } = this.#writable(call)
        const kept = this.#target(call, calendar)
        if (kept.isCancelled) throw deleted()
        calendar.delete(kept.id)
        return null
      },
    })
    this.#method('post', `${calendarPath}/events/watch`, {
      scope: 'events.list',
      answers: 'GoogleChannel',
      takes: 'GoogleChannel',
      parameters: listParameters,
      run: call => {
        const { calendar } = this.#readable(call)
        return this.push.watch(calendar, call.user, channelIn(call))
      },
    })
    this.#method('post', '/calendar/v3/channels/stop', {
      scope: 'channels.stop',
      answers: null,
      takes: 'GoogleChannel',
      parameters: {},
      run: call => this.push.stop(call.user, channelIn(call)),
    })
    this.#method('post', '/calendar/v3/freeBusy', {
      scope: 'freebusy.query',
      answers: 'GoogleFreeBusyResponse',
      takes: 'GoogleFreeBusyRequest',
      parameters: {},
      run: ({ user, body }) =>
        freeBusy(
          {
            readable: id => this.#seen(user, id)?.calendar ?? null,
            members: id => (this.directory.group(id) === null ? null : this.directory.people(id)),
          },
          // Safe because the body was held against the vendor's type.
          body as FreeBusyRequestResource,
        ),
    })
    this.#directoryRoutes()
    app.notFound(() => errorResponse(notFound()))
  }

  #directoryRoutes(): void {
    const root = '/admin/directory/v1'
    this.#method('get', `${root}/users`, {
      scope: 'users.list',
      answers: 'GoogleUsers',
      parameters: usersParameters,
      run: ({ user, query }) => this.directory.listUsers(user, query),
    })
    this.#method('get', `${root}/groups`, {
      scope: 'groups.list',
      answers: 'GoogleGroups',
      parameters: groupsParameters,
      run: ({ user, query }) => this.directory.listGroups(user, query),
    })
    this.#method('get', `${root}/groups/:groupKey/members`, {
      scope: 'members.list',
      answers: 'GoogleMembers',
      parameters: membersParameters,
      run: ({ user, query, path }) => this.directory.listMembers(user, query, path('groupKey')),
    })
    this.#method('get', `${root}/customer/:customer/resources/calendars`, {
      scope: 'rooms.list',
      answers: 'GoogleRooms',
      parameters: roomsParameters,
      run: ({ user, query, path }) => this.directory.listRooms(user, query, path('customer')),
    })
  }

  get #listDeps(): ListDeps {
    return { clock: this.#clock, pager: this.#pager, seed: this.#seed, settings: this.settings }
  }

  #listCalendars({ user, query }: Call): unknown {
    const key = `calendarList ${user.address} ${query.without('pageToken', 'syncToken')}`
    const pageToken = query.text('pageToken')
    const sync = query.text('syncToken')
    // Safe because what unseals was sealed here or names no list.
    const since = sync === null ? null : (unsealed(sync) as Partial<Record<string, unknown>> | null)
    if (sync !== null && since?.list !== user.address) throw fullSyncRequired()
    if (sync !== null && query.has('minAccessRole')) throw badRequest()
    const least = accessRoles.indexOf((query.text('minAccessRole') ?? 'none') as AccessRole)
    const items = [...user.list.values()]
      .filter(entry =>
        since === null ? !entry.isDeleted || query.flag('showDeleted') : entry.version > Number(since.version),
      )
      .filter(entry => !entry.isHidden || query.flag('showHidden') || since !== null)
      .flatMap((entry): CalendarListEntryResource[] => {
        const calendar = this.calendar(entry.calendarId)
        const role = calendar.acl.get(user.address) ?? 'none'
        if (entry.isDeleted)
          return [{ kind: 'calendar#calendarListEntry', etag: '"0"', id: calendar.id, deleted: true }]
        if (accessRoles.indexOf(role) < least || role === 'none') return []
        return [
          {
            kind: 'calendar#calendarListEntry',
            etag: `"${entry.version}"`,
            id: calendar.id,
            summary: calendar.summary,
            ...(entry.summaryOverride === null ? {} : { summaryOverride: entry.summaryOverride }),
            timeZone: calendar.timeZone,
            colorId: '14',
            backgroundColor: '#9fe1e7',
            foregroundColor: '#000000',
            selected: true,
            accessRole: role,
            defaultReminders: [],
            ...(entry.isHidden ? { hidden: true } : {}),
            ...(calendar === user.calendar ? { primary: true } : {}),
            ...(calendar.isPrimary ? {} : { dataOwner: calendar.owner }),
            conferenceProperties: { allowedConferenceSolutionTypes: ['hangoutsMeet'] },
          },
        ]
      })
    const paging = {
      pageSize: Math.min(query.integer('maxResults', listBounds), this.settings.pageSize),
      emptyPages: this.settings.emptyPages,
      emptyLastPage: this.settings.emptyLastPage,
    }
    const page =
      pageToken === null
        ? this.#pager.first(key, items, paging, sealed({ list: user.address, version: this.#listVersion }))
        : this.#pager.next<CalendarListEntryResource>(pageToken, key)
    return {
      kind: 'calendar#calendarList',
      etag: `"p${this.#listVersion}"`,
      ...(page.nextPageToken === null ? {} : { nextPageToken: page.nextPageToken }),
      ...(page.final === null ? {} : { nextSyncToken: page.final }),
      items: page.items,
    }
  }

  /** The calendar of the path, for somebody who may know that it is there. */
  #open({ user, path }: Call): Seen {
    const seen = this.#seen(user, path('calendarId'))
    if (seen === null) throw notFound()
    return seen
  }

  #seen(user: FakeUser, id: string): Seen | null {
    const calendar = id === 'primary' ? user.calendar : (this.calendars.get(id) ?? this.findUser(id)?.calendar)
    const role = calendar?.acl.get(user.address) ?? 'none'
    return calendar === undefined || calendar.isDeleted || role === 'none' ? null : { calendar, role }
  }

  #readable(call: Call): Listed {
    const { calendar, role } = this.#open(call)
    const reach = eventReach(call.grant.scopes)
    const asker = call.user.address
    if (reach.any || (reach.owned && role === 'owner')) return { calendar, role, asker, query: call.query }
    // times alone, whatever the role would show
    if (call.grant.scopes.has(`${scopePrefix}calendar.events.freebusy`)) {
      return { calendar, role: 'freeBusyReader', asker, query: call.query }
    }
    throw insufficientScopes()
  }

  #writable(call: Call): Listed {
    const { calendar, role } = this.#open(call)
    const reach = writeReach(call.grant.scopes)
    if (reach === 'none' || (reach === 'owned' && role !== 'owner')) throw insufficientScopes()
    if (accessRoles.indexOf(role) < accessRoles.indexOf('writerWithoutPrivateAccess'))
      throw requiredAccessLevel('writer')
    return { calendar, role, asker: call.user.address, query: call.query }
  }

  /** The event a write is for, when it is as the writer last saw it. */
  #target(call: Call, calendar: FakeCalendar): KeptEvent {
    const kept = calendar.instance(call.path('eventId'))
    if (kept === null) throw notFound()
    const expected = call.header('if-match')
    if (expected !== null && expected !== '*' && expected !== kept.resource.etag) throw conditionNotMet()
    return kept
  }

  #written(listed: Listed, kept: KeptEvent | null): EventResource {
    if (kept === null) throw notFound()
    return viewOf(kept, listed.calendar, viewerOf(this.settings, listed))
  }

  #method(verb: 'get' | 'post' | 'patch' | 'put' | 'delete', path: string, method: Method): void {
    this.#app[verb](path, async c => {
      try {
        const { request, body } = { request: c.req.raw, body: await c.req.text() }
        const url = new URL(request.url)
        const grant = this.oauth.asker(request.headers.get('authorization'), method.scope)
        const query = new Query(url.searchParams, method.parameters)
        this.#quota.spend(query.text('quotaUser') ?? grant.user.address)
        const isCalendar = url.pathname.startsWith('/calendar/')
        if (isCalendar && (grant.user.isSuspended || !grant.user.hasCalendar)) throw notACalendarUser()
        const fields = query.text('fields')
        const mask = fields === null ? null : parseFields(fields)
        if (mask !== null && method.answers !== null) checkFields(mask, knownFieldsOf(method.answers))
        const answer = method.run({
          grant,
          user: grant.user,
          query,
          path: name => c.req.param(name) ?? '',
          header: name => request.headers.get(name),
          body: method.takes === undefined ? null : await bodyOf(body, request, method.takes),
        })
        if (method.answers === null) return new Response(null, { status: 204 })
        return await this.#answer(method.answers, answer, request, mask)
      } catch (error) {
        if (error instanceof GoogleError) return errorResponse(error)
        const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
        this.violations.push(message)
        return errorResponse(new GoogleError(501, 'fakeBroken', message))
      }
    })
  }

  async #answer(
    name: VendorName,
    answer: unknown,
    request: Request,
    mask: ReturnType<typeof parseFields> | null,
  ): Promise<Response> {
    const conforms = await googleSchemas()
    conforms(name, answer)
    const headers: Record<string, string> = { 'content-type': 'application/json; charset=UTF-8' }
    const etag = typeof answer === 'object' && answer !== null && 'etag' in answer ? String(answer.etag) : null
    if (etag !== null) headers.etag = etag
    if (etag !== null && request.method === 'GET' && request.headers.get('if-none-match') === etag) {
      return new Response(null, { status: 304, headers })
    }
    return new Response(JSON.stringify(mask === null ? answer : masked(answer, mask)), { headers })
  }
}

interface Seen {
  readonly calendar: FakeCalendar
  readonly role: AccessRole
}

/** One request that passed the door. */
interface Call {
  readonly grant: Grant
  readonly user: FakeUser
  readonly query: Query
  readonly path: (name: string) => string
  readonly header: (name: string) => string | null
  readonly body: unknown
}

// Safe because methods that read an event or a channel from their body say so in `takes`.
const eventIn = ({ body }: Call) => body as EventResource
const channelIn = ({ body }: Call) => body as ChannelResource

interface Method {
  readonly scope: ScopedMethod
  /** Null: an answer without a body. */
  readonly answers: VendorName | null
  readonly takes?: VendorName
  readonly parameters: Parameters
  readonly run: (call: Call) => unknown
}

async function bodyOf(text: string, request: Request, name: VendorName): Promise<unknown> {
  if (!(request.headers.get('content-type') ?? '').startsWith('application/json')) throw badRequest()
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    throw new GoogleError(400, 'parseError', 'Parse Error')
  }
  const conforms = await googleSchemas()
  try {
    conforms(name, body)
  } catch {
    throw new GoogleError(400, 'badRequest', 'Invalid JSON payload received.')
  }
  return body
}

function errorResponse(error: GoogleError): Response {
  return new Response(JSON.stringify(error.body()), {
    status: error.code,
    headers: { 'content-type': 'application/json; charset=UTF-8', ...error.headers },
  })
}

function isPrivateWord(visibility: string | null | undefined): boolean {
  return visibility === 'private' || visibility === 'confidential'
}

function withoutQuery(address: string): string {
  const url = new URL(address)
  return url.origin + url.pathname
}

const calendarListParameters: Parameters = {
  maxResults: 'integer',
  minAccessRole: accessRoles.filter(role => role !== 'none'),
  pageToken: 'text',
  showDeleted: 'boolean',
  showHidden: 'boolean',
  showOwnOrganizationOnly: 'boolean',
  syncToken: 'text',
}

const listBounds = { least: 1, most: 250, otherwise: 100 }
