import type { FakeUser } from './fake-user.ts'
import { badRequest, forbidden, GoogleError } from './google-error.ts'
import type { Parameters, Query } from './query.ts'
import type { Page, Pager } from './tokens.ts'
import type { GroupResource, MemberResource, RoomResource, UserResource } from './vendor-types.ts'

export interface GroupWanted {
  readonly address: string
  readonly name: string
  readonly aliases?: readonly string[]
  /** Addresses of people, other groups, or strangers. */
  readonly members: readonly string[]
}

export interface RoomWanted {
  readonly address: string
  readonly name: string
  readonly capacity?: number
  readonly building?: string
}

/** The customer's groups and rooms; its people are the fake's users. */
export class FakeDirectory {
  readonly groups = new Map<string, GroupWanted>()
  readonly rooms = new Map<string, RoomWanted>()
  readonly #users: () => readonly FakeUser[]
  readonly #pager: Pager
  readonly #pageSize: () => number

  constructor(users: () => readonly FakeUser[], pager: Pager, pageSize: () => number) {
    this.#users = users
    this.#pager = pager
    this.#pageSize = pageSize
  }

  listUsers(asker: FakeUser, query: Query): unknown {
    if (query.text('viewType') !== 'domain_public') onlyAdmin(asker)
    const domain = customerOrDomain(query)
    const suspended = /^isSuspended=(true|false)$/.exec(query.text('query') ?? '')
    if (query.has('query') && suspended === null) throw badRequest('Invalid Input: query')
    const users = this.#users()
      .filter(user => user.kind === 'workspace' && (domain === null || user.address.endsWith(`@${domain}`)))
      .filter(user => suspended === null || String(user.isSuspended) === suspended[1])
      .sort((a, b) => (a.address < b.address ? -1 : 1))
    const page = this.#page(`users ${query.without('pageToken')}`, query, users.map(userResource), 500, 100)
    return { kind: 'admin#directory#users', etag: '"users"', users: page.items, ...next(page) }
  }

  listGroups(asker: FakeUser, query: Query): unknown {
    onlyAdmin(asker)
    const userKey = query.text('userKey')
    if (userKey === null) customerOrDomain(query)
    const groups = [...this.groups.values()].filter(group => userKey === null || group.members.includes(userKey))
    const page = this.#page(`groups ${query.without('pageToken')}`, query, groups.map(groupResource), 200, 200)
    return { kind: 'admin#directory#groups', etag: '"groups"', groups: page.items, ...next(page) }
  }

  listMembers(asker: FakeUser, query: Query, groupKey: string): unknown {
    onlyAdmin(asker)
    const group = this.group(groupKey)
    if (group === null) throw new GoogleError(404, 'notFound', 'Resource Not Found: groupKey')
    const addresses = query.flag('includeDerivedMembership') ? this.people(group.address) : group.members
    const members = addresses.map(address => this.#memberResource(address))
    const page = this.#page(`members ${group.address} ${query.without('pageToken')}`, query, members, 200, 200)
    return { kind: 'admin#directory#members', etag: '"members"', members: page.items, ...next(page) }
  }

  listRooms(asker: FakeUser, query: Query, customer: string): unknown {
    onlyAdmin(asker)
    if (!isOurs(customer)) throw badRequest('Invalid Input: customer')
    const rooms = [...this.rooms.values()].map(roomResource)
    const page = this.#page(`rooms ${query.without('pageToken')}`, query, rooms, 500, 100)
    return {
      kind: 'admin#directory#resources#calendars#calendarResourcesList',
      etag: '"rooms"',
      items: page.items,
      ...next(page),
    }
  }

  group(key: string): GroupWanted | null {
    for (const group of this.groups.values()) {
      if (group.address === key || group.aliases?.includes(key)) return group
    }
    return null
  }

  /** Everybody in a group and the groups inside it, once; groups may hold each other. */
  people(address: string): readonly string[] {
    const people = new Set<string>()
    const seen = new Set<string>()
    const open = [address]
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const group = this.group(next)
      if (group === null) people.add(next)
      else if (!seen.has(group.address)) {
        seen.add(group.address)
        open.push(...group.members)
      }
    }
    return [...people].sort()
  }

  #memberResource(address: string): MemberResource {
    const isGroup = this.group(address) !== null
    return {
      kind: 'admin#directory#member',
      etag: `"${address.length}"`,
      id: idOf(address),
      email: address,
      role: 'MEMBER',
      type: isGroup ? 'GROUP' : 'USER',
      ...(isGroup ? {} : { status: 'ACTIVE' }),
    }
  }

  #page<Item>(key: string, query: Query, items: readonly Item[], most: number, otherwise: number): Page<Item> {
    const pageToken = query.text('pageToken')
    if (pageToken !== null) return this.#pager.next<Item>(pageToken, key)
    const pageSize = Math.min(query.integer('maxResults', { least: 1, most, otherwise }), this.#pageSize())
    return this.#pager.first(key, items, { pageSize, emptyPages: 0, emptyLastPage: false })
  }
}

export const usersParameters: Parameters = {
  customer: 'text',
  customFieldMask: 'text',
  domain: 'text',
  maxResults: 'integer',
  orderBy: ['email', 'familyName', 'givenName'],
  pageToken: 'text',
  projection: ['basic', 'custom', 'full'],
  query: 'text',
  showDeleted: 'text',
  sortOrder: ['ASCENDING', 'DESCENDING'],
  viewType: ['admin_view', 'domain_public'],
}
export const groupsParameters: Parameters = {
  customer: 'text',
  domain: 'text',
  maxResults: 'integer',
  orderBy: ['email'],
  pageToken: 'text',
  query: 'text',
  sortOrder: ['ASCENDING', 'DESCENDING'],
  userKey: 'text',
}
export const membersParameters: Parameters = {
  includeDerivedMembership: 'boolean',
  maxResults: 'integer',
  pageToken: 'text',
  roles: 'text',
}
export const roomsParameters: Parameters = {
  maxResults: 'integer',
  orderBy: 'text',
  pageToken: 'text',
  query: 'text',
}

function onlyAdmin(asker: FakeUser): void {
  if (asker.isAdmin) return
  const { code, reason } = forbidden()
  throw new GoogleError(code, reason, 'Not Authorized to access this resource/API')
}

/** One of both has to be named. */
function customerOrDomain(query: Query): string | null {
  const customer = query.text('customer')
  const domain = query.text('domain')
  if (customer === null && domain === null) throw badRequest()
  if (customer !== null && !isOurs(customer)) throw badRequest('Invalid Input: customer')
  return domain
}

const isOurs = (customer: string) => customer === 'my_customer' || customer === customerId
const customerId = 'C00fake00'

const next = ({ nextPageToken }: Page<unknown>) => (nextPageToken === null ? {} : { nextPageToken })

function userResource({ address, aliases, isSuspended, isAdmin, hasCalendar, profile }: FakeUser): UserResource {
  const { givenName = address.split('@')[0] ?? '', familyName = '', department, title, manager } = profile
  return {
    kind: 'admin#directory#user',
    id: idOf(address),
    etag: `"${idOf(address)}"`,
    primaryEmail: address,
    name: { givenName, familyName, fullName: `${givenName} ${familyName}`.trim() },
    isAdmin,
    suspended: isSuspended,
    isMailboxSetup: hasCalendar,
    customerId,
    orgUnitPath: '/',
    emails: [{ address, primary: true }, ...aliases.map(alias => ({ address: alias }))],
    ...(aliases.length === 0 ? {} : { aliases: [...aliases] }),
    ...(manager === undefined ? {} : { relations: [{ value: manager, type: 'manager' }] }),
    ...(department === undefined && title === undefined
      ? {}
      : {
          organizations: [
            {
              primary: true,
              ...(department === undefined ? {} : { department }),
              ...(title === undefined ? {} : { title }),
            },
          ],
        }),
    languages: [{ languageCode: 'en', preference: 'preferred' }],
  }
}

function groupResource({ address, name, aliases, members }: GroupWanted): GroupResource {
  return {
    kind: 'admin#directory#group',
    id: idOf(address),
    etag: `"${idOf(address)}"`,
    email: address,
    name,
    description: '',
    adminCreated: true,
    directMembersCount: String(members.length),
    ...(aliases === undefined ? {} : { aliases: [...aliases] }),
  }
}

function roomResource({ address, name, capacity, building }: RoomWanted): RoomResource {
  return {
    kind: 'admin#directory#resources#calendars#CalendarResource',
    etags: `"${idOf(address)}"`,
    resourceId: idOf(address),
    resourceName: name,
    generatedResourceName: building === undefined ? name : `${building}-${name}`,
    resourceEmail: address,
    resourceCategory: 'CONFERENCE_ROOM',
    ...(capacity === undefined ? {} : { capacity }),
    ...(building === undefined ? {} : { buildingId: building }),
  }
}

/** A number that stays the same for an address. */
function idOf(address: string): string {
  let hash = 0
  for (const sign of address) hash = (hash * 31 + sign.charCodeAt(0)) % 1_000_000_007
  return String(100_000_000_000 + hash)
}
