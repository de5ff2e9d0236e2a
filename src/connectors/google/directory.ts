import type { DirectorySource, TickBudget } from '../connector.ts'
import {
  type GoogleGroup,
  type GoogleMember,
  type GoogleUser,
  parseGroup,
  parseMember,
  parsePage,
  parseRoom,
  parseUser,
} from './api-types.ts'
import { bodyOf, type GoogleClient, type RawAnswer, type RequestOptions, unreadable } from './client.ts'
import { allPages } from './paging.ts'

/**
 * Google Workspace's directory as rows of people.csv, read as `admin`: who works there with team and manager, groups
 * with their members (a group inside a group by its address), rooms and equipment. People who were suspended or
 * archived are left out: they would swell the teams that numbers are told about.
 */
export function createGoogleDirectory(client: GoogleClient, admin: string | null): DirectorySource {
  return {
    async rows(budget) {
      const users = (await listUsers(client, admin, budget)).filter(({ isActive }) => isActive)
      const groups = await listGroups(client, admin, budget)
      const rooms = await list(client, admin, budget, 'items', parseRoom, (page, options) =>
        client.directory.resources.calendars.list(
          {
            customer: 'my_customer',
            maxResults: 500,
            fields: 'nextPageToken,items(resourceEmail,resourceName,generatedResourceName)',
            ...page,
          },
          options,
        ),
      )
      const everybody = users.map(({ primaryEmail }) => primaryEmail)
      return [
        ...users.map(personRow),
        ...groups.flatMap(({ group, members }) => groupRows(group, members, everybody)),
        ...rooms.map(({ email, name }) => row({ email, name: name ?? '', kind: 'room' })),
      ]
    },
  }
}

/** Everybody in the directory, suspended and archived people too. */
export async function listUsers(
  client: GoogleClient,
  admin: string | null,
  budget: TickBudget,
): Promise<readonly GoogleUser[]> {
  return await list(client, admin, budget, 'users', parseUser, (page, options) =>
    client.directory.users.list(
      {
        customer: 'my_customer',
        maxResults: 500,
        orderBy: 'email',
        fields:
          'nextPageToken,users(primaryEmail,name(fullName),aliases,emails(address),suspended,archived,orgUnitPath,organizations(primary,department),relations(type,value))',
        ...page,
      },
      options,
    ),
  )
}

interface GroupWithMembers {
  readonly group: GoogleGroup
  readonly members: readonly GoogleMember[]
}

async function listGroups(
  client: GoogleClient,
  admin: string | null,
  budget: TickBudget,
): Promise<readonly GroupWithMembers[]> {
  const groups = await list(client, admin, budget, 'groups', parseGroup, (page, options) =>
    client.directory.groups.list(
      { customer: 'my_customer', maxResults: 200, fields: 'nextPageToken,groups(email,name,aliases)', ...page },
      options,
    ),
  )
  const read: GroupWithMembers[] = []
  for (const group of groups) {
    const members = await list(client, admin, budget, 'members', parseMember, (page, options) =>
      client.directory.members.list(
        { groupKey: group.email, maxResults: 200, fields: 'nextPageToken,members(email,type,status)', ...page },
        options,
      ),
    )
    read.push({ group, members })
  }
  return read
}

/** Every entry of one list of the Admin SDK; entries without what makes them one are passed over. */
async function list<Entry>(
  client: GoogleClient,
  admin: string | null,
  budget: TickBudget,
  name: string,
  parse: (value: unknown) => Entry | null,
  request: (page: { pageToken?: string }, options: RequestOptions) => Promise<RawAnswer>,
): Promise<readonly Entry[]> {
  const entries = await allPages(async pageToken => {
    const answer = await client.ask(options => request(pageToken === null ? {} : { pageToken }, options), {
      person: admin,
      use: 'directory',
      budget,
      repeatable: true,
    })
    const page = parsePage(bodyOf(answer, 'directory'), name)
    if (page === null) throw unreadable()
    return page
  })
  return entries.map(parse).filter(entry => entry !== null)
}

function personRow(user: GoogleUser): Row {
  const aliases = new Set(user.addresses.map(address => address.trim()).filter(address => address !== ''))
  aliases.delete(user.primaryEmail)
  return row({
    email: user.primaryEmail,
    name: user.fullName ?? '',
    team: user.department ?? lastOf(user.orgUnitPath),
    manager: user.managerEmail ?? '',
    aliases: [...aliases].join('; '),
    kind: 'person',
  })
}

/** A row for the group and one for each other address of it; people.csv has no aliases of groups. */
function groupRows(group: GoogleGroup, members: readonly GoogleMember[], everybody: readonly string[]): readonly Row[] {
  const addresses = members
    .filter(({ status }) => status !== 'SUSPENDED')
    .flatMap(({ type, email }) => (type === 'CUSTOMER' ? everybody : email === null ? [] : [email]))
  return [group.email, ...group.aliases].map(email =>
    row({ email, name: group.name ?? '', kind: 'group', members: [...new Set(addresses)].join('; ') }),
  )
}

type Row = Readonly<Record<string, string>>

function row(cells: Row): Row {
  return { email: '', name: '', team: '', manager: '', 'time zone': '', aliases: '', kind: '', members: '', ...cells }
}

/** `/Engineering/Payments` is the team Payments; the root is no team. */
function lastOf(orgUnitPath: string | null): string {
  return orgUnitPath?.split('/').filter(Boolean).at(-1) ?? ''
}
