import { me, meetings, name, notes, now, zone } from '../company/company.ts'
import { incidents } from '../company/incidents.ts'
import { nearMisses } from '../company/near-misses.ts'
import { groupMembers, groups, type Person, type PersonKey, people } from '../company/people.ts'
import { skips } from '../company/skips.ts'
import { writeCalendar } from './calendar.ts'
import { uidsOf } from './events.ts'

/** Every generated file of the sample company, by its path under `samples/`. The same on every run. */
export function sampleFiles(): ReadonlyMap<string, string> {
  return new Map([
    ['company.json', json(companyFile())],
    ['people.csv', peopleFile()],
    ['incidents.json', json({ schema: 'minutewise/incidents/1', currency: 'USD', incidents })],
    ['near-misses.json', json(nearMissesFile())],
    ['skips.json', json({ schema: 'minutewise/skips/1', skips: skips.map(withSeries) })],
    ...exported().map(([key, person]): [string, string] => [
      `calendars/${person.calendar}`,
      writeCalendar(key, meetings, Date.parse(now)),
    ]),
  ])
}

/** Paths are relative to the file itself. */
function companyFile() {
  return {
    schema: 'minutewise/sample/1',
    name,
    now,
    zone,
    me: people[me].email,
    calendars: exported().map(([, person]) => `calendars/${person.calendar}`),
    people: 'people.csv',
    incidents: 'incidents.json',
    nearMisses: 'near-misses.json',
    skips: 'skips.json',
    notes,
    groups: keysOf(groups).map(group => ({
      address: groups[group].address,
      name: groups[group].name,
      members: groupMembers(group).map(person => person.email),
    })),
  }
}

function peopleFile(): string {
  const header = [
    'email',
    'aliases',
    'name',
    'team',
    'role band',
    'zone',
    'working hours',
    'manager',
    'kind',
    'members',
  ]
  const rows = keysOf(people).map(key => {
    const person: Person = people[key]
    const manager = keysOf(people).find(other => other === person.manager)
    return [
      person.email,
      person.aliases.join(';'),
      person.name,
      person.team ?? '',
      person.band,
      person.zone,
      person.hours,
      manager ? people[manager].email : '',
      'person',
      '',
    ]
  })
  const lists = keysOf(groups).map(key => {
    const members = groupMembers(key).map(person => person.email)
    return [groups[key].address, '', groups[key].name, '', '', '', '', '', 'group', members.join(';')]
  })
  return [header, ...rows, ...lists].map(row => `${row.join(',')}\n`).join('')
}

function nearMissesFile() {
  return {
    schema: 'minutewise/near-misses/1',
    currency: 'USD',
    nearMisses: nearMisses.map(({ cost: [p10, p50, p90], saidBy, confirmedBy, ...entry }) => ({
      ...withSeries(entry),
      cost: { p10, p50, p90 },
      saidBy: people[saidBy].email,
      confirmedBy: confirmedBy && people[confirmedBy].email,
      status: entry.struckBecause ? 'struck' : confirmedBy ? 'confirmed' : 'candidate',
    })),
  }
}

/** A series is named to others by the UID and title it has on calendars. */
function withSeries<Entry extends { readonly series: string }>(entry: Entry) {
  const plan = meetings.find(meeting => meeting.key === entry.series)
  if (!plan) throw new Error(`no meeting of the sample has the key ${entry.series}`)
  return { ...entry, series: { uid: uidsOf(plan)[0], title: plan.title } }
}

function exported(): readonly (readonly [PersonKey, Person])[] {
  return keysOf(people)
    .map(key => [key, people[key] as Person] as const)
    .filter(([, person]) => person.calendar !== null)
}

function keysOf<Table extends object>(table: Table): (keyof Table)[] {
  // Safe because the tables are literals of this package: they have exactly the keys their types name.
  return Object.keys(table) as (keyof Table)[]
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
