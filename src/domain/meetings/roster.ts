import type { Attendee, CalendarEvent, Response } from './calendar-event.ts'
import { domainOf, isInsideDomains, isPublicMailHost } from './mail-domains.ts'
import type { Directory, InvitedGroup, Invitee, PersonId, Range, Roster } from './types.ts'
import { createResolver, nameKey, plainAddress, type Resolver } from './who.ts'

/** What rosters of one audit have in common; made once by `rosterContext`, holds what was found out on the way. */
export interface RosterContext {
  readonly directory: Directory
  readonly me: PersonId | null
  readonly resolver: Resolver
  /** Mail domains that count as inside; empty when nothing says, and then nobody is called external. */
  readonly ownDomains: ReadonlySet<string>
  /** Calendars whose events carry invitees at all: being alone there means something. */
  readonly listsInvitees: (calendar: string) => boolean
  /** Whose calendar it is; null when nobody knows. */
  readonly ownerOf: (calendar: string) => PersonId | null
  /** What an address of a plain person entry stands for: nearly all of them, so without building a key. */
  readonly byAddress: Map<string, Address>
  readonly byEntry: Map<string, Address>
  /** The forms in which a person was met; thousands of rosters share them. */
  readonly invitees: Map<PersonId, Invitee[]>
}

export interface CalendarFacts {
  readonly calendar: string
  readonly events: Iterable<CalendarEvent>
  /** Whose calendar it is, where known: their own mark (`self`) then stands for them. */
  readonly owner: PersonId | null
  /** Said by its source; else guessed. */
  readonly listsInvitees?: boolean
}

/**
 * A calendar whose events carry guests more seldom than this lists no invitees: a public feed, a town hall's
 * calendar, a private diary. One forgotten invitation among hundreds of entries does not change that.
 */
const invitedShare = 0.02

/** The mail domain of this share of all invitations, or more, is taken for the organisation's own. */
const ownDomainShare = 0.6

/** Reads the calendars once: which of them list invitees, which addresses are the same person, whose domain is ours. */
export function rosterContext(
  calendars: readonly CalendarFacts[],
  directory: Directory,
  me: PersonId | null,
): RosterContext {
  const listing = new Set<string>()
  const owners = new Map<string, PersonId | null>()
  const selfAddresses = new Map<string, PersonId>()
  const mustGuess = directory.domains.size === 0 && me === null
  const addresses = new Map<string, number>()
  for (const { calendar, events, owner, listsInvitees = false } of calendars) {
    owners.set(calendar, owner)
    let all = 0
    let invited = 0
    for (const event of events) {
      all++
      if (event.attendees.length > 0) invited++
      for (const attendee of event.attendees) {
        if (attendee.self && owner !== null) selfAddresses.set(plainAddress(attendee.address), owner)
        if (!mustGuess || attendee.kind === 'room' || attendee.kind === 'group') continue
        addresses.set(attendee.address, (addresses.get(attendee.address) ?? 0) + 1)
      }
    }
    if (listsInvitees || (invited > 0 && invited >= all * invitedShare)) listing.add(calendar)
  }
  return {
    directory,
    me,
    resolver: createResolver(directory, selfAddresses),
    ownDomains: ownDomainsFrom(directory, me, addresses),
    listsInvitees: calendar => listing.has(calendar),
    ownerOf: calendar => owners.get(calendar) ?? null,
    byAddress: new Map(),
    byEntry: new Map(),
    invitees: new Map(),
  }
}

/**
 * Who was asked to an event. Rooms and equipment are not people, one human counts once however many spellings of
 * an address are on the invitation, the organizer counts as asked, and a group is an interval without the members
 * who are listed by themselves. Callers keep it per event: the occurrences of a series share one roster.
 */
export function rosterOf(event: CalendarEvent, context: RosterContext): Roster {
  const location = event.location === '' ? null : nameKey(event.location)
  const people = new Map<PersonId, Draft>()
  const rooms = new Set<string>()
  const groups = new Map<string, Address & { kind: 'group' }>()
  for (const attendee of event.attendees) {
    const address = addressOf(attendee, location, context)
    if (address.kind === 'room') rooms.add(address.plain)
    else if (address.kind === 'group') groups.set(address.plain, address)
    else if (address.kind === 'person') addPerson(people, address.id, attendee)
  }
  const organizerId = addOrganizer(people, event.organizer, location, context)
  mergeExchangeDoubles(people)
  addOwner(people, groups.size, event, context)
  const invitees = [...people].map(([id, draft]) => inviteeOf(id, draft, organizerId, context))
  const invitedGroups = groupsWithout(people, [...groups.values()], context)
  return {
    people: invitees,
    groups: invitedGroups,
    rooms: rooms.size,
    organizerId,
    teams: teamsOf(invitees),
    externalCount: invitees.reduce((sum, each) => sum + (each.isExternal ? 1 : 0), 0),
    headcount: headcountOf(invitees, invitedGroups),
    truncated: event.attendeesTruncated || invitedGroups.some(group => !group.sizeKnown),
    known: event.attendees.length > 0 || context.listsInvitees(event.calendar),
  }
}

/** The same roster with another reply of one person; what a person's own copy says about them is the truth. */
export function withReply(roster: Roster, personId: PersonId, response: Response): Roster {
  const people = roster.people.map(each => (each.id === personId ? { ...each, response } : each))
  return { ...roster, people, teams: teamsOf(people), headcount: headcountOf(people, roster.groups) }
}

interface Draft {
  response: Response
  required: boolean
  self: boolean
  name: string | null
}

function addPerson(people: Map<PersonId, Draft>, id: PersonId, attendee: Attendee): void {
  const required = attendee.role === 'required' || attendee.role === 'chair'
  const before = people.get(id)
  if (before === undefined) {
    people.set(id, { response: attendee.response, required, self: attendee.self, name: attendee.name })
    return
  }
  // The same human twice: their own mark wins, and any reply is worth more than none.
  if ((attendee.self && !before.self) || before.response === 'none') before.response = attendee.response
  before.required ||= required
  before.self ||= attendee.self
  before.name ??= attendee.name
}

/** A room, a shared calendar or a robot can be the organizer: then nobody is. */
function addOrganizer(
  people: Map<PersonId, Draft>,
  organizer: Attendee | null,
  location: string | null,
  context: RosterContext,
): PersonId | null {
  if (organizer === null) return null
  const address = addressOf(organizer, location, context)
  if (address.kind !== 'person') return null
  // An invitation nobody has answered for its own sender: they called it, so they come.
  if (!people.has(address.id)) addPerson(people, address.id, { ...organizer, response: 'accepted', role: 'required' })
  return address.id
}

/** An entry without guests on a calendar that lists them elsewhere is its owner's own: a lesson, a client, a block. */
function addOwner(people: Map<PersonId, Draft>, groups: number, event: CalendarEvent, context: RosterContext): void {
  if (people.size > 0 || groups > 0 || event.attendees.length > 0 || !context.listsInvitees(event.calendar)) return
  const owner = context.ownerOf(event.calendar)
  if (owner !== null) people.set(owner, { response: 'accepted', required: true, self: true, name: null })
}

/** Exchange sometimes lists a person twice, once by X.500 name; the same display name tells (Graph docs issue 13898). */
function mergeExchangeDoubles(people: Map<PersonId, Draft>): void {
  for (const [id, draft] of people) {
    if (!id.startsWith('/') && !id.startsWith('ex:')) continue
    if (draft.name === null) continue
    const name = nameKey(draft.name)
    for (const [otherId, other] of people) {
      if (otherId === id || domainOf(otherId) === '' || other.name === null || nameKey(other.name) !== name) continue
      if (other.response === 'none') other.response = draft.response
      other.required ||= draft.required
      people.delete(id)
      break
    }
  }
}

function inviteeOf(id: PersonId, draft: Draft, organizerId: PersonId | null, context: RosterContext): Invitee {
  const { response, required } = draft
  const isOrganizer = id === organizerId
  let forms = context.invitees.get(id)
  if (forms === undefined) {
    forms = []
    context.invitees.set(id, forms)
  }
  for (const form of forms)
    if (form.response === response && form.required === required && form.isOrganizer === isOrganizer) return form
  const listed = context.directory.people.get(id)
  const invitee = {
    id,
    team: listed?.team ?? null,
    roleBand: listed?.roleBand ?? null,
    response,
    required,
    isOrganizer,
    isMe: id === context.me,
    isExternal: listed === undefined && context.ownDomains.size > 0 && !isInsideDomains(id, context.ownDomains),
  }
  forms.push(invitee)
  return invitee
}

/** Groups with the members that nothing else on the invitation counts already. */
function groupsWithout(
  people: ReadonlyMap<PersonId, Draft>,
  groups: readonly (Address & { kind: 'group' })[],
  context: RosterContext,
): readonly InvitedGroup[] {
  if (groups.length === 0) return noGroups
  const counted = new Set(people.keys())
  return groups.map(group => {
    const members = membersOf(group.plain, context)
    // Somebody is behind a group; how many, nobody told us.
    if (members === null) {
      const someone = { low: 0, expected: 1, high: 1 }
      return { address: group.plain, members: someone, sizeKnown: false, guessed: group.guessed }
    }
    let high = 0
    for (const member of members) {
      if (counted.has(member)) continue
      counted.add(member)
      high++
    }
    return {
      address: group.plain,
      members: { low: 0, expected: high / 3, high },
      sizeKnown: true,
      guessed: group.guessed,
    }
  })
}

/** People who declined stay on the list, since some come after all; they are not counted and bring no team. */
function headcountOf(people: readonly Invitee[], groups: readonly InvitedGroup[]): Range {
  let low = 0
  for (const { response } of people) if (response !== 'declined') low++
  let expected = low
  let high = low
  for (const { members } of groups) {
    expected += members.expected
    high += members.high
  }
  return { low, expected, high }
}

function teamsOf(people: readonly Invitee[]): readonly string[] {
  const teams = new Set<string>()
  for (const { team, response } of people) if (team !== null && response !== 'declined') teams.add(team)
  return teams.size === 0 ? noTeams : [...teams].sort()
}

/** What an address on an invitation stands for. */
type Address =
  | { readonly kind: 'person'; readonly plain: string; readonly id: PersonId }
  | { readonly kind: 'room'; readonly plain: string }
  | { readonly kind: 'group'; readonly plain: string; readonly guessed: boolean }
  | { readonly kind: 'nobody'; readonly plain: string }

function addressOf(attendee: Attendee, location: string | null, context: RosterContext): Address {
  let address: Address | undefined
  if (attendee.kind === 'person' && !attendee.self && attendee.address.includes('@')) {
    address = context.byAddress.get(attendee.address)
    if (address === undefined) {
      address = readAddress(attendee, context)
      context.byAddress.set(attendee.address, address)
    }
  } else {
    const key = `${attendee.kind} ${attendee.self} ${attendee.address}\n${attendee.name ?? ''}`
    address = context.byEntry.get(key)
    if (address === undefined) {
      address = readAddress(attendee, context)
      context.byEntry.set(key, address)
    }
  }
  if (address.kind !== 'person' || attendee.self || context.directory.people.has(address.id)) return address
  return namesPlace(attendee.name, location) ? { kind: 'room', plain: address.plain } : address
}

function readAddress(attendee: Attendee, context: RosterContext): Address {
  const { directory, resolver } = context
  const plain = plainAddress(attendee.address)
  const id = resolver.personOf(attendee.address, attendee.name)
  if (attendee.kind === 'room' || directory.rooms?.has(plain)) return { kind: 'room', plain }
  if (id !== null && directory.people.has(id)) return { kind: 'person', plain, id }
  if (directory.groups?.has(plain)) return { kind: 'group', plain, guessed: false }
  if (id !== null && (attendee.self || id === context.me)) return { kind: 'person', plain, id }
  const domain = domainOf(plain)
  if (domain === 'resource.calendar.google.com') return { kind: 'room', plain }
  if (notHumanDomains.has(domain) || robots.test(plain)) return { kind: 'nobody', plain }
  if (attendee.kind === 'group' || domain === 'googlegroups.com') return { kind: 'group', plain, guessed: false }
  const at = plain.lastIndexOf('@')
  // No mailbox has a longer name (RFC 5321 section 4.5.3.1.1 allows 64), so nothing longer is looked at by shape.
  const local = at < 0 || at > longestLocalPart ? '' : plain.slice(0, at)
  if (roomLike.test(local)) return { kind: 'room', plain }
  if (groupLike.test(local) || teamNamed(local, directory) !== null) return { kind: 'group', plain, guessed: true }
  return id === null ? { kind: 'nobody', plain } : { kind: 'person', plain, id }
}

/** A location may name several rooms: `Board room; Kitchen`. */
function namesPlace(name: string | null, location: string | null): boolean {
  if (name === null || location === null) return false
  const key = nameKey(name)
  if (key === '' || key.length > location.length) return false
  return location === key || location.split(/\s*[;,]\s*/).includes(key)
}

/** The people behind a group address, groups inside it opened; null when nobody told us. */
function membersOf(address: string, context: RosterContext): ReadonlySet<PersonId> | null {
  const { directory } = context
  const listed = directory.groups?.get(address)
  if (listed !== undefined) {
    const members = new Set<PersonId>()
    collectMembers(listed, context, members, new Set([address]))
    return members
  }
  const at = address.lastIndexOf('@')
  const local = at < 0 ? address : address.slice(0, at)
  if (directory.domains.size > 0 && !isInsideDomains(address, directory.domains)) return null
  const team = teamNamed(local, directory)
  const everybody = everyone.test(local)
  if (team === null && !everybody) return null
  const members = new Set<PersonId>()
  for (const person of directory.people.values()) if (everybody || person.team === team) members.add(person.id)
  return members.size === 0 ? null : members
}

function collectMembers(
  addresses: readonly string[],
  context: RosterContext,
  members: Set<PersonId>,
  opened: Set<string>,
): void {
  for (const address of addresses) {
    const nested = context.directory.groups?.get(address)
    if (nested === undefined) {
      const id = context.resolver.personOf(address, null)
      if (id !== null) members.add(id)
    } else if (!opened.has(address)) {
      opened.add(address)
      collectMembers(nested, context, members, opened)
    }
  }
}

/** `payments@`, `payments-team@`, `team-payments@` where people.csv knows a team of that name. */
function teamNamed(local: string, directory: Directory): string | null {
  if (!directory.hasTeams) return null
  const wanted = local.replace(/^(team|all)[-_.]|[-_.]?(team|all)$/g, '').replace(/[-_.\s]/g, '')
  if (wanted === '') return null
  for (const { team } of directory.people.values()) {
    if (team !== null && team.toLowerCase().replace(/[-_.\s]/g, '') === wanted) return team
  }
  return null
}

function ownDomainsFrom(
  directory: Directory,
  me: PersonId | null,
  addresses: ReadonlyMap<string, number>,
): ReadonlySet<string> {
  if (directory.domains.size > 0) return directory.domains
  if (me !== null) {
    const domain = domainOf(me)
    return new Set(domain === '' || isPublicMailHost(domain) ? [] : [domain])
  }
  const domains = new Map<string, number>()
  let total = 0
  for (const [address, count] of addresses) {
    const domain = domainOf(plainAddress(address))
    if (domain === '' || notHumanDomains.has(domain)) continue
    total += count
    domains.set(domain, (domains.get(domain) ?? 0) + count)
  }
  const [best, most] = [...domains].reduce((first, each) => (each[1] > first[1] ? each : first), ['', 0])
  return new Set(most >= total * ownDomainShare && best !== '' && !isPublicMailHost(best) ? [best] : [])
}

const noGroups: readonly InvitedGroup[] = []
const noTeams: readonly string[] = []

/** Calendars and senders of Google that stand where a person would. */
const notHumanDomains: ReadonlySet<string> = new Set([
  'resource.calendar.google.com',
  'group.calendar.google.com',
  'import.calendar.google.com',
  'group.v.calendar.google.com',
  'calendar.google.com',
])
const longestLocalPart = 128
const robots = /^(no-?reply|do-?not-?reply|calendar-notification|notifications?)@/
const roomLike =
  /^(?:[\w-]*[-_.])?(?:(?:conf|conference|meeting|mtg|board|huddle|zoom|war|training)[-_.]?)?room(?:[-_.]\w+|\d\w*)*$|^conf[-_.]|^(?:besprechungsraum|konferenzraum|sitzungszimmer|meetingraum|salle|saal)[-_.\d]|^(?:projector|beamer|polycom|telepresence)\b/
const everyone = /^(?:all|everyone|everybody|company|staff|all[-_.]?(?:hands|staff|employees|company)|alle)$/
const groupLike =
  /^(?:all|everyone|everybody|company|staff|team|alle|dev|devs|developers|engineering|engineers|leads|managers|leadership|oncall|on-call)$|^(?:all|team|everyone|group|grp|list|dl)[-_.]|[-_.](?:all|team|everyone|group|list|leads|oncall|devs)$|^all(?:hands|staff|company|employees)$/
