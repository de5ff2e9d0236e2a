/** The three zones of the company, with what the two export dialects call them and how their clocks change. */
export interface ZoneFacts {
  readonly windowsName: string
  readonly standard: ClockPart
  /** Null where the clock never changes. */
  readonly daylight: ClockPart | null
}

interface ClockPart {
  readonly name: string
  readonly offsetMinutes: number
  /** The change into this part: the nth (or last, -1) Sunday of a month, at this wall time of the part before. */
  readonly from: { readonly month: number; readonly sunday: number; readonly hour: number } | null
}

export type SampleZone = 'Europe/Madrid' | 'America/New_York' | 'Asia/Kolkata'

export const zoneFacts: Readonly<Record<SampleZone, ZoneFacts>> = {
  'Europe/Madrid': {
    windowsName: 'Romance Standard Time',
    standard: { name: 'CET', offsetMinutes: 60, from: { month: 10, sunday: -1, hour: 3 } },
    daylight: { name: 'CEST', offsetMinutes: 120, from: { month: 3, sunday: -1, hour: 2 } },
  },
  'America/New_York': {
    windowsName: 'Eastern Standard Time',
    standard: { name: 'EST', offsetMinutes: -300, from: { month: 11, sunday: 1, hour: 2 } },
    daylight: { name: 'EDT', offsetMinutes: -240, from: { month: 3, sunday: 2, hour: 2 } },
  },
  'Asia/Kolkata': {
    windowsName: 'India Standard Time',
    standard: { name: 'IST', offsetMinutes: 330, from: null },
    daylight: null,
  },
}

/** A wall reading (as the epoch milliseconds it would have in UTC) to the instant it happens. */
export function wallToInstant(wall: number, zone: SampleZone): number {
  const { standard, daylight } = zoneFacts[zone]
  if (!daylight?.from || !standard.from) return wall - standard.offsetMinutes * 60_000
  const year = new Date(wall).getUTCFullYear()
  const isSummer = wall >= changeWall(year, daylight.from) && wall < changeWall(year, standard.from)
  return wall - (isSummer ? daylight : standard).offsetMinutes * 60_000
}

/** When the clock changes in a year, on the wall before the change. */
export function changeWall(year: number, change: NonNullable<ClockPart['from']>): number {
  const firstOfMonth = Date.UTC(year, change.month - 1, 1)
  const firstSunday = 1 + ((7 - new Date(firstOfMonth).getUTCDay()) % 7)
  const lastDay = new Date(Date.UTC(year, change.month, 0)).getUTCDate()
  const day =
    change.sunday > 0
      ? firstSunday + 7 * (change.sunday - 1)
      : firstSunday + 7 * Math.floor((lastDay - firstSunday) / 7)
  return Date.UTC(year, change.month - 1, day, change.hour)
}
