import { type Context, Hono } from 'hono'
import type { Clock } from '../../../src/clock.ts'
import type { Interval } from '../../../src/domain/time/types.ts'
import { type FaultPlan, faultPlan } from '../kit/faults.ts'
import { type CalendarNeed, calendarAccess, needsOneOf } from './access.ts'
import { type DeltaHabits, deliveryOf, pageOf, type Round } from './delta.ts'
import { isPropertyId, readEventBody } from './event-body.ts'
import { digest } from './item-id.ts'
import { Mailbox, type Mutation, type VisibleCalendar } from './mailbox.ts'
import { preferencesOf } from './prefer.ts'
import { badRequest, GraphProblem, itemNotFound } from './problem.ts'
import { calendarShown, etagOf, eventShown, extendedShown, type Sight } from './render.ts'
import { type Bearer, type GraphApp, SignIn } from './sign-in.ts'
import { type Instance, instanceOn, instancesIn, singleOf, spanOf } from './stored-event.ts'
import { PushDesk } from './subscriptions.ts'
import { outlookLimits, Throttle, type ThrottleLimits } from './throttle.ts'
import { type GraphUser, graphSchemas } from './vendor-types.ts'

export interface GraphFakeOptions {
  readonly clock: Clock
  readonly tenant?: string
  readonly apps?: readonly GraphApp[]
  readonly limits?: ThrottleLimits
  /** How notifications and handshakes go out. */
  readonly fetch?: typeof fetch
}

export interface NewUser {
  readonly address: string
  readonly name?: string
  /** Windows name. */
  readonly zone?: string
  /** `none`: unlicensed or on-premises; `guest`: of another organization. Both have no mailbox here. */
  readonly mailbox?: 'cloud' | 'none' | 'guest'
  /** Address. */
  readonly manager?: string
  readonly department?: string
  readonly jobTitle?: string
  readonly aliases?: readonly string[]
  readonly isEnabled?: boolean
}

export interface NewRoom {
  readonly address: string
  readonly name: string
  readonly capacity?: number
  readonly building?: string
}

export interface NewGroup {
  readonly address: string
  readonly name: string
  /** Addresses of people or of other groups. */
  readonly members: readonly string[]
}

/** What the service does now and then, as tests switch it on. */
export interface GraphSwitches extends DeltaHabits {
  /** How long views and delta do not show a change yet. Reading an event by its id is never behind. */
  lagMs: number
  /** How expired or unknown tokens are refused. */
  expiry: 'gone' | 'syncStateNotFound' | 'SyncStateInvalid' | 'resyncRequired'
  /** A repeated `transactionId` answers with the event that is there, or refuses. */
  transactionRepeat: 'same' | 'conflict'
}

/**
 * A strict Microsoft Graph for calendars: users, calendars, events, views, delta, subscriptions and the sign-in beside
 * them. It refuses what the service refuses, and every answer is held against the vendor's published types.
 *
 * Serve it with the kit, or call `fetch` in process. Sign-in and API share one root: `/{tenant}/oauth2/v2.0/token`,
 * `/v1.0/…`. Sources: learn.microsoft.com/graph/api, as observed and documented up to September 2026.
 */
export class GraphFake {
  readonly tenant: string
  readonly app: GraphApp
  readonly faults: FaultPlan = faultPlan()
  readonly signIn: SignIn
  readonly push: PushDesk
  readonly throttle: Throttle
  readonly switches: GraphSwitches = {
    duplicates: false,
    replays: false,
    master: 'first',
    isSplitOverPages: false,
    removesOccurrences: false,
    lagMs: 0,
    expiry: 'gone',
    transactionRepeat: 'same',
  }
  /** Whom Outlook would have written a mail, and about which event; a quiet write leaves nothing here. */
  readonly mails: {
    readonly to: string
    readonly event: string
    readonly what: 'invitation' | 'update' | 'cancellation'
  }[] = []
  readonly #options: GraphFakeOptions
  readonly #people = new Map<string, Person>()
  readonly #rooms: (NewRoom & { readonly id: string })[] = []
  readonly #groups: (NewGroup & { readonly id: string })[] = []
  readonly #rounds = new Map<string, RoundPlace>()
  readonly #expiredWindows = new Map<string, Interval>()
  readonly #hidden = new Map<string, number>()
  readonly #hono = new Hono()
  #serial = 0
  #tokens = 0
  #peopleVersion = 0
  #gate: Promise<void> | null = null
  #openGate: () => void = () => {}

  constructor(options: GraphFakeOptions) {
    this.#options = options
    this.tenant = options.tenant ?? '7c1b2a30-5f0e-4b7e-9a53-0d2f8a1c6e11'
    const apps = options.apps ?? [defaultApp]
    this.app = apps[0]!
    this.signIn = new SignIn({
      clock: options.clock,
      tenant: this.tenant,
      apps,
      isPerson: address => this.#people.has(address.toLowerCase()),
    })
    this.push = new PushDesk(options.clock, options.fetch ?? fetch, this.tenant)
    this.throttle = new Throttle(options.clock, options.limits ?? outlookLimits)
    this.#route()
  }

  fetch = (request: Request): Response | Promise<Response> => this.#hono.fetch(request)

  addUser(user: NewUser): void {
    const owner = { address: user.address, name: user.name ?? user.address.split('@')[0]! }
    const id = uuidOf(user.address)
    const mailbox =
      (user.mailbox ?? 'cloud') === 'cloud'
        ? new Mailbox(
            { userId: id, owner, zone: user.zone ?? 'UTC' },
            this.#options.clock,
            () => this.#serial++,
            mutation => this.#heard(mutation),
          )
        : null
    this.#people.set(user.address.toLowerCase(), {
      user,
      id,
      mailbox,
      hasMailbox: mailbox !== null,
      version: ++this.#peopleVersion,
      isRemoved: false,
    })
  }

  addRoom(room: NewRoom): void {
    this.#rooms.push({ id: uuidOf(`room ${room.address}`), ...room })
  }

  /** A distribution list or a Microsoft 365 group. */
  addGroup(group: NewGroup): void {
    this.#groups.push({ id: uuidOf(`group ${group.address}`), ...group })
  }

  /** Changes what the directory says of a person. */
  changeUser(address: string, change: Partial<Omit<NewUser, 'address' | 'mailbox'>>): void {
    const person = this.#personNamed(address)
    person.user = { ...person.user, ...change }
    person.version = ++this.#peopleVersion
    if (change.zone !== undefined && person.mailbox !== null) person.mailbox.zone = change.zone
  }

  removeUser(address: string): void {
    const person = this.#personNamed(address)
    person.isRemoved = true
    person.version = ++this.#peopleVersion
  }

  /** The license is taken away, or given back with everything still there. */
  setMailboxEnabled(address: string, isEnabled: boolean): void {
    this.#personNamed(address).hasMailbox = isEnabled
  }

  /** The hand of the test inside a mailbox. */
  mailbox(address: string): Mailbox {
    const mailbox = this.#people.get(address.toLowerCase())?.mailbox
    if (mailbox == null) throw new Error('This person has no mailbox here')
    return mailbox
  }

  /** All sync tokens given until now; of calendars and of the directory. */
  expireTokens(): void {
    for (const [token, place] of this.#rounds) {
      if (place.kind === 'calendar') this.#expiredWindows.set(token, place.round.window)
    }
    this.#rounds.clear()
  }

  /** The next requests for this item answer 404, though it is there. */
  hideOnce(itemId: string, times = 1): void {
    this.#hidden.set(itemId, times)
  }

  /** Requests stay under way until `release`: for tests of concurrency. */
  hold(): void {
    this.#gate = new Promise(resolve => {
      this.#openGate = resolve
    })
  }

  release(): void {
    this.#gate = null
    this.#openGate()
  }

  #heard({ mailbox, calendarId, event, changeType }: Mutation): void {
    this.push.changed({
      userId: mailbox.userId,
      calendarId,
      itemId: isImmutable => mailbox.shownId(event, null, isImmutable),
      changeType,
    })
  }

  #route(): void {
    this.#hono.route('/', this.signIn.routes)
    const api = new Hono()
    api.get('/users', c => this.#directory(c, bearer => this.#users(c, bearer)))
    api.get('/users/delta', c => this.#directory(c, bearer => this.#usersDelta(c, bearer)))
    api.get('/me', c =>
      this.#directory(c, async bearer => {
        needsOneOf(bearer, ['User.Read', 'User.Read.All', 'User.ReadWrite'])
        return this.#checked('AnyPerson', this.#userShown(this.#personOf(c, bearer), selectOf(c)), c)
      }),
    )
    api.post('/me/revokeSignInSessions', c =>
      this.#directory(c, async bearer => {
        this.signIn.revokeConsent(this.#personOf(c, bearer).user.address)
        return json({ value: true })
      }),
    )
    api.get('/users/:user', c =>
      this.#directory(c, async bearer => {
        needsOneOf(bearer, directoryPermissions)
        return this.#checked('AnyPerson', this.#userShown(this.#personOf(c, bearer), selectOf(c)), c)
      }),
    )
    api.get('/users/:user/manager', c => this.#directory(c, bearer => this.#manager(c, bearer)))
    api.get('/places/microsoft.graph.room', c => this.#directory(c, bearer => this.#roomList(c, bearer)))
    api.get('/groups', c => this.#directory(c, bearer => this.#groupList(c, bearer)))
    api.get('/groups/:group/members', c => this.#directory(c, bearer => this.#members(c, bearer, false)))
    api.get('/groups/:group/transitiveMembers', c => this.#directory(c, bearer => this.#members(c, bearer, true)))
    for (const who of ['/me', '/users/:user']) {
      api.get(`${who}/mailboxSettings`, c =>
        this.#inMailbox(c, (mailbox, bearer) => this.#settings(c, mailbox, bearer)),
      )
      api.get(`${who}/calendars`, c => this.#inMailbox(c, (mailbox, bearer) => this.#calendars(c, mailbox, bearer)))
      for (const where of [who, `${who}/calendar`, `${who}/calendars/:calendar`]) {
        if (where !== who) {
          api.get(where, c =>
            this.#inCalendar(c, 'read', async ({ calendar }) =>
              this.#checked('AnyCalendar', calendarShown(calendar), c),
            ),
          )
        }
        api.get(`${where}/calendarView/delta`, c => this.#inCalendar(c, 'read', sight => this.#delta(c, sight)))
        api.get(`${where}/calendarView`, c => this.#inCalendar(c, 'read', sight => this.#view(c, sight)))
        api.get(`${where}/events`, c => this.#inCalendar(c, 'read', sight => this.#events(c, sight)))
        api.post(`${where}/events`, c => this.#inCalendar(c, 'write', sight => this.#create(c, sight)))
        api.get(`${where}/events/:event`, c => this.#inCalendar(c, 'read', sight => this.#event(c, sight)))
        api.get(`${where}/events/:event/instances`, c =>
          this.#inCalendar(c, 'read', sight => this.#instances(c, sight)),
        )
        api.patch(`${where}/events/:event`, c => this.#inCalendar(c, 'write', sight => this.#patch(c, sight)))
        api.delete(`${where}/events/:event`, c => this.#inCalendar(c, 'write', sight => this.#delete(c, sight)))
      }
    }
    this.push.route(api, {
      bearer: c => this.signIn.bearerOf(c.req.raw.headers),
      target: (bearer, resource) => this.#subscribed(bearer, resource),
    })
    this.#hono.route('/v1.0', api)
    this.#hono.notFound(c =>
      this.#problem(c, new GraphProblem(400, 'BadRequest', 'Resource not found for the segment.')),
    )
    this.#hono.onError((error, c) => {
      if (error instanceof GraphProblem) return this.#problem(c, error)
      throw error
    })
  }

  #problem(c: Context, problem: GraphProblem): Response {
    const requestId = c.req.header('client-request-id') ?? uuidOf(`request ${++this.#tokens}`)
    return problem.toResponse(requestId, this.#options.clock.now())
  }

  async #directory(c: Context, answer: (bearer: Bearer) => Promise<Response>): Promise<Response> {
    const bearer = this.signIn.bearerOf(c.req.raw.headers)
    return this.throttle.run(`${bearer.clientId} directory`, async () => {
      await this.#underWay()
      return answer(bearer)
    })
  }

  async #inMailbox(c: Context, answer: (mailbox: Mailbox, bearer: Bearer) => Promise<Response>): Promise<Response> {
    const bearer = this.signIn.bearerOf(c.req.raw.headers)
    const person = this.#personOf(c, bearer)
    return this.throttle.run(`${bearer.clientId} ${person.id}`, async () => {
      await this.#underWay()
      return answer(mailboxOf(person), bearer)
    })
  }

  #inCalendar(c: Context, need: CalendarNeed, answer: (sight: Sight) => Promise<Response>): Promise<Response> {
    return this.#inMailbox(c, (mailbox, bearer) => {
      const id = c.req.param('calendar')
      const named = mailbox.visibleCalendars().find(known => known.id === (id ?? mailbox.calendarId))
      const isForeign = bearer.person !== null && bearer.person.toLowerCase() !== mailbox.owner.address.toLowerCase()
      const calendar = isForeign && named !== undefined ? this.#shareOf(bearer.person, named) : named
      // permission first: who may not read learns nothing about what is there
      const access = calendarAccess(bearer, need, calendar ?? null)
      if (calendar === undefined) throw itemNotFound()
      return answer({ calendar, prefer: preferencesOf(c.req.raw.headers), ...access })
    })
  }

  /** By the path of somebody else's mailbox, a person sees what was shared with them, as it was shared. */
  #shareOf(person: string | null, calendar: VisibleCalendar): VisibleCalendar | undefined {
    const share = this.#people
      .get(person?.toLowerCase() ?? '')
      ?.mailbox?.visibleCalendars()
      .find(({ log, isShared }) => isShared && log === calendar.log)
    return share && { ...share, id: calendar.id }
  }

  async #underWay(): Promise<void> {
    if (this.#gate !== null) await this.#gate
    // a turn of the loop, so that requests sent together are under way together
    else await new Promise(resolve => setTimeout(resolve, 0))
  }

  #personOf(c: Context, bearer: Bearer): Person {
    const named = c.req.param('user')
    if (named === undefined) {
      if (bearer.person === null) {
        throw badRequest('/me request is only valid with delegated authentication flow.', 'BadRequest')
      }
      return this.#personNamed(bearer.person)
    }
    const key = decodeURIComponent(named).toLowerCase()
    const person = this.#people.get(key) ?? [...this.#people.values()].find(({ id }) => id === key)
    if (person === undefined || person.isRemoved) {
      throw new GraphProblem(
        404,
        'Request_ResourceNotFound',
        'The resource does not exist or one of its queried properties.',
      )
    }
    return person
  }

  #personNamed(address: string): Person {
    const person = this.#people.get(address.toLowerCase())
    if (person === undefined) throw new Error('Nobody has this address')
    return person
  }

  async #users(c: Context, bearer: Bearer): Promise<Response> {
    needsOneOf(bearer, directoryPermissions)
    const query = queryOf(c, ['$select', '$expand', '$top', '$filter', '$skiptoken'])
    const top = Number(query.get('$top') ?? 100)
    if (!(top >= 1 && top <= 999)) {
      throw badRequest(
        `Invalid page size specified: '${top}'. Must be between 1 and 999 inclusive.`,
        'Request_BadRequest',
      )
    }
    const fits = userFilterOf(query.get('$filter'))
    const expand = query.get('$expand')
    if (expand !== null && !/^manager(\(\$select=[\w,]+\))?$/.test(expand)) {
      throw badRequest('Expand is not supported for this property.', 'Request_UnsupportedQuery')
    }
    const all = [...this.#people.values()].filter(({ isRemoved, user }) => !isRemoved && fits(user))
    const from = Number(query.get('$skiptoken') ?? 0)
    const value = all
      .slice(from, from + top)
      .map(person => this.#userShown(person, query.get('$select'), expand !== null))
    const more = from + top < all.length
    const next = new URL(c.req.url)
    next.searchParams.set('$skiptoken', String(from + top))
    return this.#page('AnyPerson', value, { ...(more ? { '@odata.nextLink': next.href } : {}) }, c, 'users')
  }

  async #manager(c: Context, bearer: Bearer): Promise<Response> {
    needsOneOf(bearer, ['User.Read.All', 'User.ReadWrite.All', 'Directory.Read.All'])
    const { manager } = this.#personOf(c, bearer).user
    const person = manager === undefined ? undefined : this.#people.get(manager.toLowerCase())
    if (person === undefined) {
      throw new GraphProblem(404, 'Request_ResourceNotFound', "Resource 'manager' does not exist.")
    }
    return this.#checked(
      'AnyPerson',
      { '@odata.type': '#microsoft.graph.user', ...this.#userShown(person, selectOf(c)) },
      c,
    )
  }

  async #roomList(c: Context, bearer: Bearer): Promise<Response> {
    needsOneOf(bearer, ['Place.Read.All'])
    const rooms = this.#rooms.map(({ id, address, name, capacity, building }) => ({
      id,
      displayName: name,
      emailAddress: address,
      capacity: capacity ?? null,
      building: building ?? null,
    }))
    return this.#paged('AnyRoom', rooms, c, 'places/microsoft.graph.room')
  }

  async #groupList(c: Context, bearer: Bearer): Promise<Response> {
    needsOneOf(bearer, groupPermissions)
    return this.#paged('AnyGroup', this.#groups.map(groupShown), c, 'groups')
  }

  /** People and groups of a group; transitive: those of its groups too, each once. */
  async #members(c: Context, bearer: Bearer, isTransitive: boolean): Promise<Response> {
    needsOneOf(bearer, groupPermissions)
    const group = this.#groups.find(({ id }) => id === c.req.param('group'))
    if (group === undefined) throw new GraphProblem(404, 'Request_ResourceNotFound', 'The group does not exist.')
    const addresses = new Set(group.members.map(address => address.toLowerCase()))
    // a set gives what is added while it is walked
    for (const address of isTransitive ? addresses : []) {
      const inner = this.#groups.find(known => known.address.toLowerCase() === address)
      for (const member of inner?.members ?? []) addresses.add(member.toLowerCase())
    }
    const shown = [...addresses].flatMap((address): Record<string, unknown>[] => {
      const person = this.#people.get(address.toLowerCase())
      if (person !== undefined) {
        return [{ '@odata.type': '#microsoft.graph.user', ...this.#userShown(person, null) }]
      }
      const inner = this.#groups.find(known => known.address.toLowerCase() === address.toLowerCase())
      return inner === undefined ? [] : [{ '@odata.type': '#microsoft.graph.group', ...groupShown(inner) }]
    })
    return this.#paged(null, shown, c, 'directoryObjects')
  }

  /** Directory lists: 100 to a page, `$top` and `$select` alone. */
  async #paged(
    name: string | null,
    all: readonly Record<string, unknown>[],
    c: Context,
    context: string,
  ): Promise<Response> {
    const query = queryOf(c, ['$top', '$select', '$skiptoken'])
    const top = Number(query.get('$top') ?? 100)
    if (!(top >= 1 && top <= 999)) throw badRequest(`Invalid page size specified: '${top}'.`, 'Request_BadRequest')
    const from = Number(query.get('$skiptoken') ?? 0)
    const next = new URL(c.req.url)
    next.searchParams.set('$skiptoken', String(from + top))
    const select = query.get('$select')
    const value = all
      .slice(from, from + top)
      .map(item => selected(item, select === null ? null : `@odata.type,${select}`))
    return this.#page(
      ({ '@odata.type': type }) => name ?? (type === '#microsoft.graph.group' ? 'AnyGroup' : 'AnyPerson'),
      value,
      from + top < all.length ? { '@odata.nextLink': next.href } : {},
      c,
      context,
    )
  }

  async #usersDelta(c: Context, bearer: Bearer): Promise<Response> {
    needsOneOf(bearer, directoryPermissions)
    const query = queryOf(c, ['$select', '$deltatoken', '$skiptoken'])
    const token = query.get('$skiptoken') ?? query.get('$deltatoken')
    const first: DirectoryPlace = {
      kind: 'directory',
      since: 0,
      upTo: this.#peopleVersion,
      offset: 0,
      select: query.get('$select'),
    }
    const place = token === null || token === '' ? first : this.#rounds.get(token)
    if (place?.kind !== 'directory') throw this.#expired(c, null)
    const { since, offset, select } = place
    const upTo = query.get('$deltatoken') ? this.#peopleVersion : place.upTo
    const changed = [...this.#people.values()].filter(
      ({ version, isRemoved }) => version > since && version <= upTo && (!isRemoved || since > 0),
    )
    const size = preferencesOf(c.req.raw.headers).pageSize ?? 100
    const value = changed
      .slice(offset, offset + size)
      .map(person =>
        person.isRemoved ? { id: person.id, '@removed': { reason: 'changed' } } : this.#userShown(person, select),
      )
    const isMore = offset + size < changed.length
    const link: Record<string, string> = isMore
      ? { '@odata.nextLink': linkTo(c, '$skiptoken', this.#keep({ ...place, upTo, offset: offset + size })) }
      : { '@odata.deltaLink': linkTo(c, '$deltatoken', this.#keep({ ...place, since: upTo, upTo, offset: 0 })) }
    return this.#page('AnyPerson', value, link, c, 'users')
  }

  #userShown({ user, id, mailbox }: Person, select: string | null, hasManager = false): Record<string, unknown> {
    const isGuest = user.mailbox === 'guest'
    const [local = '', domain = ''] = user.address.split('@')
    const all: GraphUser = {
      id,
      displayName: user.name ?? local,
      givenName: (user.name ?? local).split(' ')[0] ?? null,
      surname: (user.name ?? local).split(' ')[1] ?? null,
      mail: user.address,
      userPrincipalName: isGuest ? `${local}_${domain}#EXT#@contoso.onmicrosoft.com` : user.address,
      department: user.department ?? null,
      jobTitle: user.jobTitle ?? null,
      officeLocation: null,
      accountEnabled: user.isEnabled ?? true,
      userType: isGuest ? 'Guest' : 'Member',
      proxyAddresses: [
        ...(mailbox === null ? [] : [`SMTP:${user.address}`]),
        ...(user.aliases ?? []).map(alias => `smtp:${alias}`),
      ],
      preferredLanguage: null,
      businessPhones: [],
      mobilePhone: null,
    }
    const wanted = select === null ? defaultUserProperties : select.split(',')
    const known: Record<string, unknown> = { ...all }
    for (const name of wanted) {
      if (!(name in known)) throw badRequest(`Could not find a property named '${name}'.`, 'BadRequest')
    }
    const shown: Record<string, unknown> = { id }
    for (const name of wanted) shown[name] = known[name]
    const manager = user.manager === undefined ? undefined : this.#people.get(user.manager.toLowerCase())
    if (hasManager && manager !== undefined) {
      shown.manager = {
        '@odata.type': '#microsoft.graph.user',
        id: manager.id,
        mail: manager.user.address,
        displayName: manager.user.name ?? manager.user.address.split('@')[0],
        userPrincipalName: manager.user.address,
      }
    }
    return shown
  }

  async #settings(c: Context, mailbox: Mailbox, bearer: Bearer): Promise<Response> {
    needsOneOf(bearer, ['MailboxSettings.Read', 'MailboxSettings.ReadWrite'])
    return this.#checked(
      'AnyMailboxSettings',
      {
        timeZone: mailbox.zone,
        dateFormat: 'dd.MM.yyyy',
        timeFormat: 'HH:mm',
        language: { locale: 'en-US', displayName: 'English (United States)' },
        workingHours: {
          daysOfWeek: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'],
          startTime: '08:00:00.0000000',
          endTime: '17:00:00.0000000',
          timeZone: { name: mailbox.zone },
        },
      },
      c,
    )
  }

  async #calendars(c: Context, mailbox: Mailbox, bearer: Bearer): Promise<Response> {
    calendarAccess(bearer, 'read', null)
    if (bearer.person !== null && bearer.person.toLowerCase() !== mailbox.owner.address.toLowerCase()) {
      throw new GraphProblem(403, 'ErrorAccessDenied', 'Access is denied. Check credentials and try again.')
    }
    const query = queryOf(c, ['$select', '$top', '$skip', '$count'])
    const top = Number(query.get('$top') ?? 10)
    const skip = Number(query.get('$skip') ?? 0)
    const all = mailbox.visibleCalendars()
    const next = new URL(c.req.url)
    next.searchParams.set('$skip', String(skip + top))
    return this.#page(
      'AnyCalendar',
      all.slice(skip, skip + top).map(calendar => selected(calendarShown(calendar), query.get('$select'))),
      skip + top < all.length ? { '@odata.nextLink': next.href } : {},
      c,
      'calendars',
    )
  }

  async #view(c: Context, sight: Sight): Promise<Response> {
    const query = queryOf(c, ['startDateTime', 'endDateTime', ...listOptions])
    const window = windowOf(query)
    const version = this.#visibleVersion(sight)
    // the service names series after everything else, and a reader of the first page alone never meets them
    const instances = sight.calendar.log
      .eventsAt(version)
      .flatMap(event => instancesIn(event, window))
      .sort(
        (a, b) =>
          Number(a.originalOn !== null) - Number(b.originalOn !== null) ||
          spanOf(a.times).startAt - spanOf(b.times).startAt,
      )
    return this.#list(c, sight, instances, query)
  }

  async #events(c: Context, sight: Sight): Promise<Response> {
    const query = queryOf(c, listOptions)
    const { log } = sight.calendar
    return this.#list(c, sight, log.eventsAt(this.#visibleVersion(sight)).map(singleOf), query)
  }

  async #list(c: Context, sight: Sight, instances: readonly Instance[], query: URLSearchParams): Promise<Response> {
    const fits = filterOf(query.get('$filter'))
    const order = query.get('$orderby')
    if (order !== null && !/^start\/dateTime( asc| desc)?$/.test(order)) {
      throw badRequest('The $orderby expression is not supported.', 'ErrorInvalidUrlQuery')
    }
    const direction = order?.endsWith('desc') === true ? -1 : 1
    const fitting = instances.filter(({ props }) => fits(props.extended))
    const all =
      order === null
        ? fitting
        : [...fitting].sort((a, b) => direction * (spanOf(a.times).startAt - spanOf(b.times).startAt))
    const size = Math.min(Number(query.get('$top') ?? sight.prefer.pageSize ?? 10), 1000)
    const skip = Number(query.get('$skip') ?? 0)
    if (!(size > 0) || !(skip >= 0)) throw badRequest('Invalid value for $top or $skip.', 'ErrorInvalidUrlQuery')
    const next = new URL(c.req.url)
    next.searchParams.set('$skip', String(skip + size))
    const ids = expandedIds(query.get('$expand'))
    const value = all
      .slice(skip, skip + size)
      .map(instance => this.#shown(instance, isMasterOf(instance), sight, query, ids))
    return this.#page(
      'AnyEvent',
      value,
      skip + size < all.length ? { '@odata.nextLink': next.href } : {},
      c,
      'events',
      sight,
    )
  }

  #shown(
    instance: Instance,
    isMaster: boolean,
    sight: Sight,
    query: URLSearchParams | null,
    ids: readonly string[],
  ): Record<string, unknown> {
    const shown = {
      ...selected(eventShown(instance, isMaster, sight), query?.get('$select') ?? null),
      ...(sight.isBasic ? {} : extendedShown(instance.props, ids)),
    }
    return { '@odata.etag': etagOf(instance), ...shown }
  }

  async #event(c: Context, sight: Sight): Promise<Response> {
    const query = queryOf(c, ['$select', '$expand'])
    const { instance, isMaster } = this.#found(c, sight)
    const shown = this.#shown(instance, isMaster, sight, query, expandedIds(query.get('$expand')))
    return this.#checked('AnyEvent', shown, c, 200, sight)
  }

  async #instances(c: Context, sight: Sight): Promise<Response> {
    const query = queryOf(c, ['startDateTime', 'endDateTime', ...listOptions])
    const window = windowOf(query)
    const { instance, isMaster } = this.#found(c, sight)
    if (!isMaster) throw badRequest('Instances are those of a recurring series.', 'ErrorInvalidRequest')
    return this.#list(c, sight, instancesIn(instance.event, window), query)
  }

  /** The event of the path. In a shared calendar its path has to name the calendar. */
  #found(c: Context, { calendar }: Sight) {
    const id = c.req.param('event')!
    const hidden = this.#hidden.get(id) ?? 0
    if (hidden > 0) {
      this.#hidden.set(id, hidden - 1)
      throw itemNotFound()
    }
    const found = calendar.of.find(id)
    const isScoped = c.req.param('calendar') !== undefined || c.req.path.includes('/calendar/')
    if (found === null || (isScoped && found.log !== calendar.log)) throw itemNotFound()
    return found
  }

  async #create(c: Context, sight: Sight): Promise<Response> {
    const { calendar } = sight
    const body = readEventBody(await jsonOf(c), await graphSchemas(), null)
    const { transactionId } = body.props
    const known = transactionId == null ? null : calendar.of.byTransaction(transactionId)
    if (known !== null && this.switches.transactionRepeat === 'conflict') {
      throw new GraphProblem(409, 'ErrorDuplicateTransactionId', 'The transaction id provided was already used.')
    }
    const key = known ?? calendar.of.put(calendar.log.id, body.times!, body.recurrence ?? null, body.props)
    const event = calendar.of.event(key)
    if (known === null) this.#mail(singleOf(event), 'invitation')
    const shown = this.#shown(
      singleOf(event),
      event.recurrence !== null,
      sight,
      null,
      Object.keys(event.props.extended),
    )
    return this.#checked('AnyEvent', shown, c, 201, sight)
  }

  async #patch(c: Context, sight: Sight): Promise<Response> {
    const { instance } = this.#found(c, sight)
    this.#matches(c, instance)
    const { event, originalOn } = instance
    const merged = { ...event, props: instance.props }
    const body = readEventBody(await jsonOf(c), await graphSchemas(), merged, instance.times)
    const { of } = sight.calendar
    if (originalOn === null) of.replace(event.key, body)
    else {
      if (body.recurrence != null) throw badRequest('An occurrence has no recurrence.', 'ErrorInvalidRequest')
      of.replaceOccurrence(event.key, originalOn, body)
    }
    const now = of.event(event.key)
    const after = originalOn === null ? singleOf(now) : instanceOn(now, originalOn)
    this.#mail(after, 'update')
    const shown = this.#shown(after, isMasterOf(after), sight, null, [])
    return this.#checked('AnyEvent', shown, c, 200, sight)
  }

  async #delete(c: Context, sight: Sight): Promise<Response> {
    const { instance } = this.#found(c, sight)
    this.#matches(c, instance)
    const { event, originalOn } = instance
    if (originalOn === null) sight.calendar.of.delete(event.key)
    else sight.calendar.of.deleteOccurrence(event.key, originalOn)
    this.#mail(instance, 'cancellation')
    return new Response(null, { status: 204 })
  }

  #matches(c: Context, instance: Instance): void {
    const wanted = c.req.header('if-match')
    if (wanted === undefined || wanted === '*' || wanted === etagOf(instance)) return
    throw new GraphProblem(
      412,
      'ErrorIrresolvableConflict',
      'The send or update operation could not be performed because the change key passed in the request does not match the current change key for the item.',
    )
  }

  #mail({ event, props }: Instance, what: GraphFake['mails'][number]['what']): void {
    if (!props.isOrganizer) return
    for (const { emailAddress } of props.attendees)
      this.mails.push({ to: emailAddress?.address ?? '', event: event.key, what })
  }

  async #delta(c: Context, sight: Sight): Promise<Response> {
    const query = new URL(c.req.url).searchParams
    for (const name of query.keys()) {
      if (/^\$(select|expand|filter|orderby|search|top|skip|count)$/.test(name)) {
        throw badRequest(
          `The following parameters are not supported with change tracking over the 'CalendarView' resource: '${name}'.`,
          'ErrorInvalidUrlQuery',
        )
      }
    }
    const skip = query.get('$skiptoken')
    const token = skip ?? query.get('$deltatoken')
    const place = token === null || token === '' ? this.#firstPlace(query, sight) : this.#rounds.get(token)
    if (place?.kind !== 'calendar' || place.round.log !== sight.calendar.log) throw this.#expired(c, query)
    const started = place.isDone ? this.#nextRound(place, sight) : place
    const { round, offset } = started
    const delivery = deliveryOf(round)
    const size = sight.prefer.pageSize ?? 10
    const { items, next } = pageOf(delivery, offset, size, round.habits.isSplitOverPages)
    const value = items.map(({ json: shown }) => shown(sight))
    const link =
      next === null
        ? {
            '@odata.deltaLink': linkTo(c, '$deltatoken', this.#keep({ ...started, isDone: true, owes: delivery.owes })),
          }
        : { '@odata.nextLink': linkTo(c, '$skiptoken', this.#keep({ ...started, offset: next })) }
    return this.#page('AnyEvent', value, link, c, 'Collection(event)', sight)
  }

  #firstPlace(query: URLSearchParams, sight: Sight): CalendarPlace {
    const round: Round = {
      log: sight.calendar.log,
      window: windowOf(query),
      base: null,
      upTo: this.#visibleVersion(sight),
      keysBefore: [],
      owed: [],
      habits: { ...this.switches },
    }
    return { kind: 'calendar', round, offset: 0, isDone: false, owes: [] }
  }

  #nextRound({ round, owes }: CalendarPlace, sight: Sight): CalendarPlace {
    const next: Round = {
      ...round,
      base: round.upTo,
      upTo: Math.max(round.upTo, this.#visibleVersion(sight)),
      keysBefore: round.base === null ? [] : round.log.keysChanged(round.base, round.upTo),
      owed: owes,
      habits: { ...this.switches },
    }
    return { kind: 'calendar', round: next, offset: 0, isDone: false, owes: [] }
  }

  #visibleVersion({ calendar: { log } }: Sight): number {
    return this.switches.lagMs === 0 ? log.version : log.versionBefore(this.#options.clock.now() - this.switches.lagMs)
  }

  #keep(place: RoundPlace): string {
    const token = `${digest(`token ${++this.#tokens}`)}${this.#tokens}`
    this.#rounds.set(token, place)
    return token
  }

  #expired(c: Context, query: URLSearchParams | null): GraphProblem {
    const { expiry } = this.switches
    if (expiry !== 'gone') {
      const status = expiry === 'resyncRequired' ? 410 : 400
      return new GraphProblem(
        status,
        expiry,
        'The sync state generation is not found; a full synchronization is needed.',
      )
    }
    const url = new URL(c.req.url)
    const window = this.#expiredWindows.get(query?.get('$deltatoken') ?? query?.get('$skiptoken') ?? '')
    const iso = (at: number) => encodeURIComponent(new Date(at).toISOString())
    const parts = [
      ...(window ? [`startDateTime=${iso(window.startAt)}`, `endDateTime=${iso(window.endAt)}`] : []),
      '$deltatoken=',
    ]
    return new GraphProblem(
      410,
      'SyncStateNotFound',
      'The sync state generation is not found; continue with a full synchronization.',
      {
        location: `${url.origin}${url.pathname}?${parts.join('&')}`,
      },
    )
  }

  #subscribed(bearer: Bearer, resource: string) {
    const [, me, user, calendarId] =
      /^\/?(?:(me)|users\/([^/]+))(?:\/calendars\/([^/]+))?\/events$/.exec(resource) ?? []
    if (me === undefined && user === undefined) {
      throw badRequest(`Resource '${resource}' is not supported.`, 'ExtensionError')
    }
    const key = user === undefined ? (bearer.person ?? '') : decodeURIComponent(user)
    const person =
      this.#people.get(key.toLowerCase()) ?? [...this.#people.values()].find(({ id }) => id === key.toLowerCase())
    if (person === undefined || person.isRemoved) {
      throw new GraphProblem(404, 'ResourceNotFound', 'The resource does not exist.')
    }
    const mailbox = mailboxOf(person)
    const named = mailbox
      .visibleCalendars()
      .find(({ id }) => id === (calendarId === undefined ? mailbox.calendarId : decodeURIComponent(calendarId)))
    const isForeign = bearer.person !== null && bearer.person.toLowerCase() !== mailbox.owner.address.toLowerCase()
    const calendar = isForeign && named !== undefined ? this.#shareOf(bearer.person, named) : named
    calendarAccess(bearer, 'read', calendar ?? null)
    if (calendar === undefined) throw itemNotFound()
    return {
      userId: calendar.of.userId,
      calendarId: calendar.log.id,
      ofAllCalendars: calendarId === undefined,
    }
  }

  async #page(
    name: string | ((item: Record<string, unknown>) => string),
    value: readonly Record<string, unknown>[],
    links: Record<string, string>,
    c: Context,
    context: string,
    sight?: Sight,
  ): Promise<Response> {
    const conforms = await graphSchemas()
    for (const item of value) checkItem(conforms, typeof name === 'string' ? name : name(item), item)
    const { origin } = new URL(c.req.url)
    return json({ '@odata.context': `${origin}/v1.0/$metadata#${context}`, ...links, value }, 200, sight)
  }

  async #checked(name: string, value: object, c: Context, status = 200, sight?: Sight): Promise<Response> {
    const item: Record<string, unknown> = { ...value }
    checkItem(await graphSchemas(), name, item)
    const { origin } = new URL(c.req.url)
    return json({ '@odata.context': `${origin}/v1.0/$metadata#${name}`, ...item }, status, sight)
  }
}

export const createGraphFake = (options: GraphFakeOptions): GraphFake => new GraphFake(options)

/** The application of the fake unless a test registers others. */
export const defaultApp: GraphApp = {
  clientId: '2f6f1f53-3f2e-4a0e-9c5c-7a1d5b8f0c21',
  clientSecret: 'app~secret',
  redirectUris: ['http://localhost/callback', 'http://127.0.0.1/callback', 'http://localhost', 'http://127.0.0.1'],
  roles: ['Calendars.Read', 'User.Read.All', 'MailboxSettings.Read'],
}

interface Person {
  user: NewUser
  readonly id: string
  readonly mailbox: Mailbox | null
  hasMailbox: boolean
  version: number
  isRemoved: boolean
}

interface CalendarPlace {
  readonly kind: 'calendar'
  readonly round: Round
  readonly offset: number
  readonly isDone: boolean
  readonly owes: readonly string[]
}

interface DirectoryPlace {
  readonly kind: 'directory'
  readonly since: number
  readonly upTo: number
  readonly offset: number
  /** Of the first request; later ones cannot change it. */
  readonly select: string | null
}

type RoundPlace = CalendarPlace | DirectoryPlace

function mailboxOf({ mailbox, hasMailbox }: Person): Mailbox {
  if (mailbox !== null && hasMailbox) return mailbox
  throw new GraphProblem(
    404,
    'MailboxNotEnabledForRESTAPI',
    'The mailbox is either inactive, soft-deleted, or is hosted on-premise.',
  )
}

const listOptions = ['$select', '$expand', '$filter', '$orderby', '$top', '$skip']
const directoryPermissions = ['User.Read.All', 'User.ReadBasic.All', 'User.ReadWrite.All', 'Directory.Read.All']
const groupPermissions = ['GroupMember.Read.All', 'Group.Read.All', 'Directory.Read.All']
const defaultUserProperties = [
  'businessPhones',
  'displayName',
  'givenName',
  'jobTitle',
  'mail',
  'mobilePhone',
  'officeLocation',
  'preferredLanguage',
  'surname',
  'userPrincipalName',
  'id',
]

function groupShown({ id, name, address }: NewGroup & { readonly id: string }): Record<string, unknown> {
  return {
    id,
    displayName: name,
    description: null,
    mail: address,
    mailEnabled: true,
    securityEnabled: false,
    groupTypes: ['Unified'],
  }
}

/** Annotations are ours to check; the rest is the vendor's to say. */
function checkItem(
  conforms: (name: string, value: unknown) => void,
  name: string,
  item: Record<string, unknown>,
): void {
  const plain: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(item)) {
    if (key === '@removed') {
      const keys = Object.keys(item).filter(other => !other.startsWith('@'))
      if (keys.join() !== 'id') throw new Error(`A removed item names its id alone, not ${keys.join()}`)
    } else if (key.startsWith('@')) {
      if (!['@odata.type', '@odata.etag'].includes(key)) throw new Error(`No annotation of Graph: ${key}`)
    } else plain[key] = key === 'manager' ? withoutAnnotations(value) : value
  }
  conforms(name, plain)
}

const withoutAnnotations = (value: unknown) =>
  Object.fromEntries(Object.entries(Object(value)).filter(([name]) => !name.startsWith('@')))

function queryOf(c: Context, allowed: readonly string[]): URLSearchParams {
  const query = new URL(c.req.url).searchParams
  for (const name of query.keys()) {
    if (name.startsWith('$') && !allowed.includes(name)) {
      throw badRequest(`The query parameter '${name}' is not supported.`, 'ErrorInvalidUrlQuery')
    }
  }
  return query
}

const selectOf = (c: Context) => queryOf(c, ['$select']).get('$select')

function windowOf(query: URLSearchParams): Interval {
  const read = (name: string) => {
    const text = query.get(name)
    if (text === null) {
      throw badRequest(
        `This request requires a time window specified by the query string parameters StartDateTime and EndDateTime.`,
      )
    }
    const at = Date.parse(/(Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}Z`)
    if (Number.isNaN(at)) throw badRequest(`The value '${text}' of parameter '${name}' is invalid.`)
    return at
  }
  const window = { startAt: read('startDateTime'), endAt: read('endDateTime') }
  if (window.endAt <= window.startAt) throw badRequest('EndDateTime is earlier than StartDateTime.')
  return window
}

function selected(shown: object, select: string | null): Record<string, unknown> {
  const all: Record<string, unknown> = { ...shown }
  if (select === null) return all
  const names = select.split(',').map(name => name.trim())
  return Object.fromEntries(Object.entries(all).filter(([name]) => name === 'id' || names.includes(name)))
}

/** `singleValueExtendedProperties/Any(ep: ep/id eq 'ID' and ep/value eq 'V')`, the one filter the fake knows. */
function filterOf(filter: string | null): (extended: Readonly<Record<string, string>>) => boolean {
  if (filter === null) return () => true
  const [, id, operator, value] =
    /^singleValueExtendedProperties\/any\(\s*(?:\w+)\s*:\s*\w+\/id eq '([^']+)' and \w+\/value (eq|ne) (null|'(?:[^']|'')*')\s*\)$/i.exec(
      filter,
    ) ?? []
  if (id === undefined || value === undefined || !isPropertyId(id)) {
    throw badRequest('The filter is not supported.', 'ErrorInvalidUrlQueryFilter')
  }
  const wanted = value === 'null' ? null : value.slice(1, -1).replaceAll("''", "'")
  return extended => {
    const has = Object.entries(extended).find(([known]) => known.toLowerCase() === id.toLowerCase())?.[1]
    if (has === undefined) return false
    return operator === 'eq' ? has === wanted : has !== wanted
  }
}

/** `accountEnabled eq true` and `userType eq 'Member'`, alone or both. */
function userFilterOf(filter: string | null): (user: NewUser) => boolean {
  const parts = filter === null ? [] : filter.split(' and ')
  const tests = parts.map(part => {
    const [, enabled, type] = /^\s*(?:accountEnabled eq (true|false)|userType eq '(Member|Guest)')\s*$/.exec(part) ?? []
    if (enabled !== undefined) return (user: NewUser) => String(user.isEnabled ?? true) === enabled
    if (type !== undefined) return (user: NewUser) => (user.mailbox === 'guest') === (type === 'Guest')
    throw badRequest('Unsupported or invalid query filter clause specified.', 'Request_UnsupportedQuery')
  })
  return user => tests.every(test => test(user))
}

function expandedIds(expand: string | null): readonly string[] {
  if (expand === null) return []
  const filter = /^singleValueExtendedProperties\(\s*\$filter=(.+)\)$/i.exec(expand)?.[1]
  const ids = [...(filter ?? '').matchAll(/id eq '([^']+)'/gi)].map(([, id]) => id ?? '')
  if (ids.length === 0 || !ids.every(isPropertyId)) {
    throw badRequest('The expand is not supported: properties are expanded by their ids.', 'ErrorInvalidUrlQuery')
  }
  return ids
}

const isMasterOf = ({ event, originalOn }: Instance) => originalOn === null && event.recurrence !== null

async function jsonOf(c: Context): Promise<unknown> {
  if (!(c.req.header('content-type') ?? '').startsWith('application/json')) {
    throw new GraphProblem(
      415,
      'RequestContentTypeNotSupported',
      'The content type is not supported: application/json is.',
    )
  }
  try {
    return await c.req.json()
  } catch {
    throw badRequest('Unable to read JSON request payload. Please ensure Content-Type header is set.', 'BadRequest')
  }
}

function linkTo(c: Context, name: string, token: string): string {
  const { origin, pathname } = new URL(c.req.url)
  return `${origin}${pathname}?${name}=${token}`
}

const json = (value: unknown, status = 200, sight?: Sight) =>
  new Response(JSON.stringify(value), {
    status,
    headers: {
      'content-type': 'application/json; odata.metadata=minimal; charset=utf-8',
      ...(sight === undefined || sight.prefer.applied.length === 0
        ? {}
        : { 'preference-applied': sight.prefer.applied.join(', ') }),
    },
  })

function uuidOf(text: string): string {
  const hex = Buffer.from(digest(text), 'base64url').toString('hex').slice(0, 32)
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-')
}
