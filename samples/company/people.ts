import type { SampleZone } from './zones.ts'

/**
 * Everybody at Fernhollow, a marketplace for used musical instruments that does not exist. Two mail systems, since
 * the New York shop Pallet Street was bought with its Microsoft 365 and kept it.
 */
export interface Person {
  readonly email: string
  /** Other spellings under which invitations reach the same human. */
  readonly aliases: readonly string[]
  readonly name: string
  /** Null for the VP, who belongs to none of the five. */
  readonly team: Team | null
  readonly band: string
  readonly zone: SampleZone
  readonly hours: string
  readonly manager: string | null
  /** Whose invitations look how: the organizer's system coins the UID, the owner's system writes the export. */
  readonly mail: 'google' | 'outlook'
  /** File under `calendars/`, for the people whose calendar was exported. */
  readonly calendar: string | null
}

export type Team = 'Payments' | 'Mobile' | 'Platform' | 'Data' | 'Web'

const house = 'fernhollow.example'
const formerShop = 'palletstreet.example'

const madrid = { zone: 'Europe/Madrid', hours: 'Mon-Fri 09:00-18:00', mail: 'google' } as const
const newYork = { zone: 'America/New_York', hours: 'Mon-Fri 09:00-17:30', mail: 'outlook' } as const
const pune = { zone: 'Asia/Kolkata', hours: 'Mon-Fri 10:30-19:30', mail: 'google' } as const
const unexported = { aliases: [], calendar: null } as const

export const people = {
  harriet: {
    ...newYork,
    email: `harriet.lowe@${house}`,
    aliases: [`hlowe@${formerShop}`],
    name: 'Harriet Lowe',
    team: null,
    band: 'executive',
    manager: null,
    calendar: 'harriet-lowe.outlook.ics',
  },

  rafaela: {
    ...madrid,
    mail: 'outlook',
    email: `rafaela.pinto@${house}`,
    aliases: [],
    name: 'Rafaela Pinto',
    team: 'Payments',
    band: 'manager',
    manager: 'harriet',
    calendar: 'rafaela-pinto.outlook.ics',
  },
  nuria: {
    ...madrid,
    email: `nuria.vidal@${house}`,
    aliases: [`nuria@${house}`, `nvidal@${house}`],
    name: 'Núria Vidal',
    team: 'Payments',
    band: 'engineer',
    manager: 'rafaela',
    hours: 'Mon-Fri 09:30-18:30',
    calendar: 'nuria-vidal.google.ics',
  },
  tobias: {
    ...madrid,
    ...unexported,
    email: `tobias.lindqvist@${house}`,
    name: 'Tobias Lindqvist',
    team: 'Payments',
    band: 'senior',
    manager: 'rafaela',
  },
  dario: {
    ...madrid,
    ...unexported,
    email: `dario.benassi@${house}`,
    name: 'Dario Benassi',
    team: 'Payments',
    band: 'engineer',
    manager: 'rafaela',
  },
  keiko: {
    ...madrid,
    ...unexported,
    email: `keiko.amano@${house}`,
    name: 'Keiko Amano',
    team: 'Payments',
    band: 'engineer',
    manager: 'rafaela',
  },
  hugo: {
    ...madrid,
    ...unexported,
    email: `hugo.ferrant@${house}`,
    name: 'Hugo Ferrant',
    team: 'Payments',
    band: 'senior',
    manager: 'harriet',
  },

  greta: {
    ...newYork,
    ...unexported,
    email: `greta.holm@${house}`,
    name: 'Greta Holm',
    team: 'Mobile',
    band: 'manager',
    manager: 'gideon',
  },
  marcus: {
    ...newYork,
    email: `marcus.adeyemi@${house}`,
    aliases: [`madeyemi@${formerShop}`, `marcus@${formerShop}`, `marcus.adeyemi@mobile.${house}`],
    name: 'Marcus Adeyemi',
    team: 'Mobile',
    band: 'senior',
    manager: 'greta',
    calendar: 'marcus-adeyemi.outlook.ics',
  },
  samir: {
    ...newYork,
    ...unexported,
    email: `samir.haddad@${house}`,
    name: 'Samir Haddad',
    team: 'Mobile',
    band: 'engineer',
    manager: 'greta',
  },
  joanna: {
    ...newYork,
    ...unexported,
    email: `joanna.whitlock@${house}`,
    name: 'Joanna Whitlock',
    team: 'Mobile',
    band: 'engineer',
    manager: 'greta',
  },
  lena: {
    ...newYork,
    ...unexported,
    email: `lena.okafor@${house}`,
    name: 'Lena Okafor',
    team: 'Mobile',
    band: 'designer',
    manager: 'greta',
  },

  anselm: {
    ...madrid,
    ...unexported,
    email: `anselm.krueger@${house}`,
    aliases: [`anselm.kruger@${house}`],
    name: 'Anselm Krüger',
    team: 'Platform',
    band: 'manager',
    manager: 'harriet',
  },
  tomas: {
    ...madrid,
    email: `tomas.arrieta@${house}`,
    aliases: [`tarrieta@${house}`],
    name: 'Tomás Arrieta',
    team: 'Platform',
    band: 'staff',
    manager: 'anselm',
    calendar: 'tomas-arrieta.google.ics',
  },
  yara: {
    ...madrid,
    ...unexported,
    email: `yara.nasser@${house}`,
    name: 'Yara Nasser',
    team: 'Platform',
    band: 'engineer',
    manager: 'anselm',
  },
  bilal: {
    ...pune,
    ...unexported,
    email: `bilal.qureshi@${house}`,
    name: 'Bilal Qureshi',
    team: 'Platform',
    band: 'senior',
    manager: 'anselm',
  },
  devika: {
    ...pune,
    ...unexported,
    email: `devika.rao@${house}`,
    name: 'Devika Rao',
    team: 'Platform',
    band: 'engineer',
    manager: 'anselm',
  },

  nikhil: {
    ...pune,
    ...unexported,
    email: `nikhil.bose@${house}`,
    name: 'Nikhil Bose',
    team: 'Data',
    band: 'manager',
    manager: 'anselm',
  },
  meenakshi: {
    ...pune,
    mail: 'outlook',
    email: `meenakshi.iyer@${house}`,
    aliases: [],
    name: 'Meenakshi Iyer',
    team: 'Data',
    band: 'senior',
    manager: 'nikhil',
    calendar: 'meenakshi-iyer.outlook.ics',
  },
  arjun: {
    ...pune,
    ...unexported,
    email: `arjun.deshmukh@${house}`,
    name: 'Arjun Deshmukh',
    team: 'Data',
    band: 'engineer',
    manager: 'nikhil',
  },
  farah: {
    ...pune,
    ...unexported,
    email: `farah.siddiqui@${house}`,
    name: 'Farah Siddiqui',
    team: 'Data',
    band: 'engineer',
    manager: 'nikhil',
  },

  gideon: {
    ...newYork,
    ...unexported,
    email: `gideon.marsh@${house}`,
    aliases: [`gmarsh@${formerShop}`],
    name: 'Gideon Marsh',
    team: 'Web',
    band: 'manager',
    manager: 'harriet',
  },
  claire: {
    ...newYork,
    mail: 'google',
    email: `claire.donnelly@${house}`,
    aliases: [`claire@${house}`],
    name: 'Claire Donnelly',
    team: 'Web',
    band: 'senior',
    manager: 'harriet',
    calendar: 'claire-donnelly.google.ics',
  },
  wren: {
    ...newYork,
    ...unexported,
    email: `wren.castillo@${house}`,
    name: 'Wren Castillo',
    team: 'Web',
    band: 'senior',
    manager: 'gideon',
  },
  emeka: {
    ...newYork,
    ...unexported,
    email: `emeka.obi@${house}`,
    name: 'Emeka Obi',
    team: 'Web',
    band: 'engineer',
    manager: 'gideon',
  },
  ilse: {
    ...madrid,
    ...unexported,
    email: `ilse.vandorn@${house}`,
    name: 'Ilse van Dorn',
    team: 'Web',
    band: 'engineer',
    manager: 'gideon',
  },
} as const satisfies Readonly<Record<string, Person>>

export type PersonKey = keyof typeof people

/** Mailing lists that are invited as if they were one person. */
export const groups = {
  everyone: { address: `everyone@${house}`, name: 'Everyone' },
  platformAll: { address: `platform-all@${house}`, name: 'Platform (all)' },
} as const

export type GroupKey = keyof typeof groups

/** Who is on a list, for those who want to count them. */
export function groupMembers(group: GroupKey): readonly Person[] {
  const all: readonly Person[] = Object.values(people)
  return group === 'everyone' ? all : all.filter(person => person.team === 'Platform')
}

export const rooms = {
  oboe: { name: 'Madrid-2-Oboe (10)', id: 'c_1887oboe2m4dr1dfernh0ll0w0001' },
  viola: { name: 'Madrid-2-Viola (4)', id: 'c_1887viola2m4dr1dfernh0ll0w002' },
  cello: { name: 'New York-5-Cello (12)', id: 'c_1887cello5ny0rkfernh0ll0w0003' },
} as const

export type RoomKey = keyof typeof rooms
