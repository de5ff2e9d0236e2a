import type { Classification, ClassifiedItem, KindVerdict, MeetingKind } from '../../../src/domain/classifier/types.ts'
import type { Invitee, Roster, Series } from '../../../src/domain/meetings/types.ts'
import { defaultAttendance } from '../../../src/domain/worth/attendance.ts'
import { channelMap } from '../../../src/domain/worth/channels.ts'
import { seriesCost } from '../../../src/domain/worth/cost.ts'
import { defaultRates } from '../../../src/domain/worth/rates.ts'
import { isOneWay, type skipTest } from '../../../src/domain/worth/skip-test.ts'
import type { ChannelMap } from '../../../src/domain/worth/types.ts'
import { anEvent, anInvitee, aRoster, aSeries } from '../../support/build.ts'

type SkipContext = Parameters<typeof skipTest>[4]

/** A classification as a classifier would give it; the kind has the given confidence and the lion's share of the score. */
export function aClassification(
  kind: KindVerdict,
  given: Partial<Omit<Classification, 'kind' | 'items'>> & { items?: readonly string[] } = {},
): Classification {
  const { items = [], confidence = 0.85, ...rest } = given
  const share = kind === 'unclear' ? 0.25 : 0.91
  const scoreOf = (other: MeetingKind) => (kind === 'unclear' ? 0.25 : other === kind ? share : 0.03)
  return {
    kind,
    confidence,
    scores: {
      status: scoreOf('status'),
      decision: scoreOf('decision'),
      alignment: scoreOf('alignment'),
      conflict: scoreOf('conflict'),
    },
    form: 'team',
    forum: null,
    items: items.map(anItem),
    basis: [
      {
        rule: 'words',
        where: kind === 'unclear' ? 'title' : 'text',
        kind: kind === 'unclear' ? null : kind,
        weight: 1,
        quote: null,
        item: null,
        sentence: 'The words say so.',
      },
    ],
    ...rest,
  }
}

/** `status 20` or `decision`: an agenda item of that kind, with its minutes where they are given. */
function anItem(text: string): ClassifiedItem {
  const [kind, minutes] = text.split(' ')
  const scores = { status: 0.1, decision: 0.1, alignment: 0.1, conflict: 0.1 }
  // Safe because every text in these tests starts with a kind.
  return { text, minutes: minutes ? Number(minutes) : null, owner: null, kind: kind as KindVerdict, scores }
}

/** A weekly series: eight times an hour, with one accepted member of each team, and an agenda unless it is `''`. */
export function aStanding(
  id: string,
  given: Partial<Series> & {
    teams?: readonly string[]
    minutes?: number
    agenda?: string
    count?: number
    everyDays?: number
    start?: string
  } = {},
): Series {
  const {
    teams = ['payments', 'payments', 'payments'],
    minutes = 60,
    count = 8,
    start = '2026-03-16 10:00',
    ...rest
  } = given
  const { agenda = 'Each of us says what we plan', ...series } = rest
  const roster = series.roster ?? rosterOfTeams(teams)
  return aSeries({
    id,
    event: anEvent({ uid: id, title: id, minutes, description: agenda, start }),
    count,
    ...series,
    roster,
  })
}

/** One person a team entry; two entries of one team are two people. The first organizes. */
export function rosterOfTeams(teams: readonly string[], given: Partial<Roster> = {}): Roster {
  const people = teams.map((team, index) => member(team, index, { isOrganizer: index === 0 }))
  return aRoster(people, { organizerId: people[0]?.id ?? null, ...given })
}

export function member(team: string, index: number, given: Partial<Invitee> = {}): Invitee {
  return anInvitee('ben', { id: `${team}-${index}@lantern.example`, team, ...given })
}

/** Everything `skipTest` asks for, of one series among others, over eight weeks with known teams. */
export function evidenceOf(
  series: Series,
  classification: Classification,
  others: readonly (readonly [Series, Classification])[] = [],
  given: Partial<SkipContext> = {},
): Parameters<typeof skipTest> {
  const beside = others.filter(([other]) => other.id !== series.id)
  const channels = channelsOf([[series, classification], ...beside])
  const context = { me: null, teamsKnown: true, ...given }
  const cost = seriesCost(series, { rates: defaultRates, attendance: defaultAttendance, weeks: 8, me: context.me })
  return [
    series,
    classification,
    cost,
    context.teamsKnown ? (channels?.bySeries.get(series.id) ?? null) : null,
    context,
  ]
}

/** The links between teams over eight weeks, reports told from talks by their classification. */
export function channelsOf(tested: readonly (readonly [Series, Classification])[]): ChannelMap | null {
  return channelMap(
    tested.map(([series]) => series),
    {
      attendance: defaultAttendance,
      weeks: 8,
      oneWay: new Set(tested.filter(([, verdict]) => isOneWay(verdict)).map(([series]) => series.id)),
    },
  )
}
