import { domainOf, isPublicMailHost } from './mail-domains.ts'
import type { Directory, DirectoryPerson, PersonId, WorkingHours } from './types.ts'
import { isX500, plainAddress } from './who.ts'

/** Something in people.csv that could not be used, for people. `row` counts as a spreadsheet does: the header is 1. */
export interface PeopleProblem {
  readonly row: number
  readonly sentence: string
}

/**
 * The directory that people.csv describes. Each row has the header's names as keys; case, blanks and common synonyms
 * do not matter (`Mail`, `Department`, `Time zone`, `Manager_email`). Rows of kind `room` and `group` are understood
 * (a group's people in `members`). A row that cannot be used costs itself, a cell that cannot be used costs itself;
 * every problem is reported at once.
 */
export function parsePeople(rows: readonly Readonly<Record<string, string>>[]): {
  readonly directory: Directory
  readonly problems: readonly PeopleProblem[]
} {
  const problems: PeopleProblem[] = []
  const draft = emptyDraft()
  rows.forEach((row, index) => {
    const cells = knownCells(row)
    // Rows of empty cells are what spreadsheets leave at the end of a file.
    if (Object.values(row).some(cell => typeof cell === 'string' && cell.trim() !== '')) {
      readRow(draft, cells, index + 2, problems)
    }
  })
  const managed = withManagers(draft, problems)
  const domains = new Set(
    [...managed.keys()].map(domainOf).filter(domain => domain !== '' && !isPublicMailHost(domain)),
  )
  const directory: Directory = {
    people: managed,
    byAddress: draft.byAddress,
    hasTeams: [...managed.values()].some(person => person.team !== null),
    domains,
    rooms: draft.rooms,
    groups: draft.groups,
  }
  return { directory, problems }
}

/** A directory of nobody, for audits without people.csv; `domains` are mail domains to be taken as inside. */
export function emptyDirectory(domains: readonly string[] = []): Directory {
  return {
    people: new Map(),
    byAddress: new Map(),
    hasTeams: false,
    domains: new Set(domains.map(domain => domain.trim().toLowerCase().replace(/^@/, '')).filter(Boolean)),
  }
}

/**
 * Working hours from `09:00-17:00`, `Mon-Fri 09:00-17:00`, `Mon, Wed, Thu 8:30-17`; without weekdays Monday to
 * Friday. Null when it is none of these.
 */
export function parseWorkingHours(text: string): WorkingHours | null {
  if (text.length > longestHours) return null
  const match =
    /^\s*([a-z][a-z,\s–-]*?)?\s*(\d{1,2})(?:[:.](\d{2}))?\s*(?:-|–|to)\s*(\d{1,2})(?:[:.](\d{2}))?\s*$/i.exec(text)
  if (!match) return null
  const weekdays = match[1] === undefined ? [0, 1, 2, 3, 4] : parseWeekdays(match[1])
  const startMinute = minuteOfDay(match[2], match[3])
  const endMinute = minuteOfDay(match[4], match[5])
  if (!weekdays || startMinute === null || endMinute === null || startMinute === endMinute) return null
  return { weekdays, startMinute, endMinute }
}

/** "Mon, Tue, Wed, Thu, Fri, Sat, Sun 09:00 - 17:00" and some blanks. */
const longestHours = 100

interface Draft {
  readonly people: Map<PersonId, { person: DirectoryPerson; manager: string; row: number }>
  readonly byAddress: Map<string, PersonId>
  readonly rooms: Set<string>
  readonly groups: Map<string, readonly string[]>
}

function emptyDraft(): Draft {
  return { people: new Map(), byAddress: new Map(), rooms: new Set(), groups: new Map() }
}

function readRow(draft: Draft, cells: Cells, row: number, problems: PeopleProblem[]): void {
  const say = (sentence: string) => problems.push({ row, sentence: `Row ${row}: ${sentence}` })
  const id = plainAddress(cells.email)
  if (id === '') return void say('there is no e-mail address, so the row was left out; fill in the email column.')
  if (!isAddress(id))
    return void say('the e-mail address is not one, so the row was left out; write it as name@domain.')
  const kind = cells.kind.toLowerCase()
  if (kind === 'room' || kind === 'resource' || kind === 'equipment') return void draft.rooms.add(id)
  if (kind === 'group' || kind === 'list') return void draft.groups.set(id, listOf(cells.members))
  if (kind !== '' && kind !== 'person') say(`"${kind}" is not person, room or group; it was read as a person.`)
  const taken = draft.byAddress.get(id)
  if (taken !== undefined) {
    return void say('the same address stands in an earlier row, which is used; remove one of the two.')
  }
  const aliases: string[] = []
  for (const alias of listOf(cells.aliases)) {
    const owner = draft.byAddress.get(alias)
    if (!isAddress(alias)) say('an alias is not an address and was left out; separate aliases with ";".')
    else if (owner !== undefined)
      say('an alias belongs to an earlier row as well and was left out; keep it in one row.')
    else if (alias !== id && !aliases.includes(alias)) aliases.push(alias)
  }
  const zone = readZone(cells.zone, say)
  const workingHours = readHours(cells.hours, say)
  draft.byAddress.set(id, id)
  for (const alias of aliases) draft.byAddress.set(alias, id)
  draft.people.set(id, {
    row,
    manager: plainAddress(cells.manager),
    person: {
      id,
      aliases,
      name: cells.name || null,
      team: cells.team || null,
      roleBand: cells.band || null,
      zone,
      workingHours,
      managerId: null,
    },
  })
}

function readZone(text: string, say: (sentence: string) => void): string | null {
  if (text === '') return null
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone
  } catch {
    say(`"${text}" is not a time zone; write it as Europe/Madrid. The rest of the row is used.`)
    return null
  }
}

function readHours(text: string, say: (sentence: string) => void): WorkingHours | null {
  if (text === '') return null
  const hours = parseWorkingHours(text)
  if (!hours)
    say(
      `the working hours "${text}" could not be read; write them as Mon-Fri 09:00-17:00. The rest of the row is used.`,
    )
  return hours
}

/** Managers may stand below the people they manage, so they are looked up when every row is known. */
function withManagers(draft: Draft, problems: PeopleProblem[]): Map<PersonId, DirectoryPerson> {
  const people = new Map<PersonId, DirectoryPerson>()
  for (const [id, { person, manager, row }] of draft.people) {
    const managerId = draft.byAddress.get(manager) ?? null
    if (manager !== '' && managerId === null) {
      const sentence = `Row ${row}: the manager has no row of their own and was left out; add one with that address.`
      problems.push({ row, sentence })
    }
    people.set(id, { ...person, managerId: managerId === id ? null : managerId })
  }
  problems.sort((a, b) => a.row - b.row)
  return people
}

const columns = {
  email: ['email', 'emailaddress', 'mail', 'address', 'upn', 'userprincipalname', 'primaryemail'],
  aliases: ['aliases', 'alias', 'otheremails', 'otheraddresses', 'proxyaddresses', 'secondaryemails'],
  name: ['name', 'fullname', 'displayname', 'person'],
  team: ['team', 'department', 'group', 'squad', 'unit', 'orgunit'],
  band: ['roleband', 'band', 'role', 'level', 'grade', 'jobtitle', 'title'],
  zone: ['zone', 'timezone', 'tz', 'iana'],
  hours: ['workinghours', 'hours', 'workhours', 'workday'],
  manager: ['manager', 'manageremail', 'managerid', 'reportsto', 'lead', 'supervisor'],
  kind: ['kind', 'type'],
  members: ['members', 'people'],
} as const
type Column = keyof typeof columns
type Cells = Readonly<Record<Column, string>>

function knownCells(row: Readonly<Record<string, string>>): Cells {
  const byHeader = new Map<string, string>()
  for (const [header, cell] of Object.entries(row)) {
    const key = header.toLowerCase().replace(/[^a-z]/g, '')
    if (typeof cell === 'string' && !byHeader.get(key)) byHeader.set(key, cell.trim())
  }
  const cell = (column: Column) => columns[column].map(name => byHeader.get(name)).find(Boolean) ?? ''
  return {
    email: cell('email'),
    aliases: cell('aliases'),
    name: cell('name'),
    team: cell('team'),
    band: cell('band'),
    zone: cell('zone'),
    hours: cell('hours'),
    manager: cell('manager'),
    kind: cell('kind'),
    members: cell('members'),
  }
}

/** Addresses separated by `;`, `,` or blanks; an X.500 name may contain blanks, so `;` alone separates those. */
function listOf(text: string): string[] {
  const parts = text.includes('/o=') || text.includes('/O=') ? text.split(';') : text.split(/[;,\s]+/)
  return parts.map(plainAddress).filter(part => part !== '')
}

function isAddress(plain: string): boolean {
  return isX500(plain) || /^[^\s@]+@[^\s@]+$/.test(plain)
}

const weekdayNames = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

function parseWeekdays(text: string): number[] | null {
  const days = new Set<number>()
  for (const part of text
    .toLowerCase()
    .split(/[,\s]+/)
    .filter(Boolean)) {
    const [from, to, more] = part.split(/[-–]/).map(name => weekdayNames.indexOf(name.slice(0, 3)))
    if (from === undefined || from < 0 || more !== undefined || (to !== undefined && to < 0)) return null
    for (let day = from; ; day = (day + 1) % 7) {
      days.add(day)
      if (day === (to ?? from)) break
    }
  }
  return days.size === 0 ? null : [...days].sort((a, b) => a - b)
}

function minuteOfDay(hours: string | undefined, minutes: string | undefined): number | null {
  const minute = Number(hours) * 60 + Number(minutes ?? 0)
  return Number(minutes ?? 0) < 60 && minute <= 24 * 60 ? minute : null
}
