import { plainAddress } from '../../domain/meetings/who.ts'
import type { DirectorySource } from '../connector.ts'
import { GraphRefusal } from './answers.ts'
import { type GraphUser, parseGroup, parseRoom, parseUser } from './api-types.ts'
import type { GraphClient, GraphHow } from './client.ts'
import { directoryLane } from './mailbox.ts'

export interface MicrosoftDirectoryDeps {
  readonly graph: GraphClient
  readonly subject: string | null
}

type Row = Readonly<Record<string, string>>

/**
 * People, rooms and groups of a tenant as rows of people.csv. Guests and closed accounts are nobody's colleagues and left
 * out; rooms have closed accounts of their own and are found by the list of places. Rooms or groups that the consent does
 * not cover are left out, the people are not.
 */
export function createMicrosoftDirectory({ graph, subject }: MicrosoftDirectoryDeps): DirectorySource {
  return {
    async rows(budget) {
      const how = { lane: directoryLane(subject), budget }
      const rooms = await whereAllowed(roomRows(how))
      const roomAddresses = new Set(rooms.map(room => room.email))
      const people = (await personRows(how)).filter(person => !roomAddresses.has(person.email))
      return [...people, ...rooms, ...(await whereAllowed(groupRows(how)))]
    },
  }

  async function personRows(how: GraphHow): Promise<readonly Row[]> {
    const select = 'id,displayName,mail,userPrincipalName,proxyAddresses,department,jobTitle,accountEnabled,userType'
    const expand = 'manager($select=id,mail,userPrincipalName)'
    const users = await graph.all(`users?$select=${select}&$expand=${encodeURIComponent(expand)}&$top=999`, how)
    return users
      .map(parseUser)
      .filter(user => user !== null)
      .filter(user => user.userType?.toLowerCase() !== 'guest' && user.accountEnabled !== false)
      .flatMap(personRow)
  }

  async function roomRows(how: GraphHow): Promise<readonly Row[]> {
    const rooms = await graph.all('places/microsoft.graph.room?$top=100', how)
    return rooms.flatMap(entry => {
      const room = parseRoom(entry)
      const email = plainAddress(room?.emailAddress ?? '')
      return email === '' ? [] : [{ email, name: room?.displayName ?? '', kind: 'room' }]
    })
  }

  async function groupRows(how: GraphHow): Promise<readonly Row[]> {
    // Filters and casts of the directory take another consistency level; what is not wanted is passed over here.
    const groups = await graph.all('groups?$select=id,displayName,mail&$top=999', how)
    const rows: Row[] = []
    for (const entry of groups) {
      const group = parseGroup(entry)
      if (group?.mail == null) continue
      const path = `groups/${encodeURIComponent(group.id)}/transitiveMembers`
      const members = await graph.all(`${path}?$select=id,mail,userPrincipalName&$top=999`, how)
      const addresses = members.flatMap(memberAddress)
      rows.push({
        email: plainAddress(group.mail),
        name: group.displayName ?? '',
        kind: 'group',
        members: [...new Set(addresses)].join('; '),
      })
    }
    return rows
  }
}

async function whereAllowed(rows: Promise<readonly Row[]>): Promise<readonly Row[]> {
  try {
    return await rows
  } catch (error) {
    if (error instanceof GraphRefusal && (error.code === 'denied' || error.code === 'not-found')) return []
    throw error
  }
}

function personRow(user: GraphUser): readonly Row[] {
  const email = addressOf(user)
  if (email === null) return []
  const aliases = [...user.proxyAddresses.map(aliasOf), plainAddress(user.userPrincipalName ?? '')]
  return [
    {
      email,
      name: user.displayName ?? '',
      team: user.department ?? '',
      'role band': user.jobTitle ?? '',
      manager: user.manager === null ? '' : (addressOf(user.manager) ?? ''),
      // separated by a semicolon: an X.500 name may hold blanks and commas
      aliases: [...new Set(aliases)].filter(alias => alias !== '' && alias !== email).join('; '),
    },
  ]
}

/** People alone: groups inside are represented by their members, devices by nobody. */
function memberAddress(entry: unknown): string | readonly [] {
  const member = parseUser(entry)
  const isPerson = member !== null && (member.odataType === null || member.odataType === '#microsoft.graph.user')
  return isPerson ? (addressOf(member) ?? []) : []
}

/** `SMTP:` is the first address, `smtp:` another one, `x500:` a name from a former server; calls and chats are none. */
function aliasOf(proxyAddress: string): string {
  const match = /^(smtp|x500):(.*)$/i.exec(proxyAddress.trim())
  return match === null ? '' : plainAddress(match[2] ?? '')
}

function addressOf({ mail, userPrincipalName }: Pick<GraphUser, 'mail' | 'userPrincipalName'>): string | null {
  const address = plainAddress(mail ?? userPrincipalName ?? '')
  return address.includes('@') ? address : null
}
