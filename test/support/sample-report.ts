import { type KindVerdict, meetingKinds } from '../../src/domain/classifier/types.ts'
import type { Range } from '../../src/domain/meetings/types.ts'
import type { AuditBasis, AuditReport, AuditSource, SeriesReport } from '../../src/domain/reports/audit-report.ts'
import { type AuditSection, auditSections } from '../../src/domain/worth/types.ts'

/** Titles that somebody might write to break a page, a sheet, a terminal or a reader's trust. */
export const hostileTitles: readonly string[] = [
  '<script>alert("x")</script><img src=x onerror=alert(1)>',
  '</script><!-- "quoted" \'single\' & &amp; --> ]]>',
  '=HYPERLINK("http://evil.example","Click")',
  '+1-800-SYNC',
  "-2+3+cmd|' /C calc'!A0",
  '@SUM(1+1)*cmd',
  '\t=1+1',
  '\r\n=1+1\r\nSecond line',
  '\u001b[31mred\u001b[0m \u001b]8;;http://evil.example\u0007link\u001b]8;;\u0007 \u001b[2J\u001b[H cleared \u009b1m',
  'Invoice \u202Efdp.exe\u202C \u2066isolated\u2069 \u200Fmark',
  'Zero\u200Bwidth\uFEFF soft\u00ADhyphen \u{E0041}\u{E0042}tags',
  'Z\u0351\u0352\u0353\u0354\u0355\u0356\u0357\u0358\u0359\u035aa\u0351\u0352\u0353\u0354\u0355\u0356lgo',
  '| table | break | \\| `code` **bold** [link](javascript:alert(1)) ![img](http://evil.example/p.png)',
  '# Heading\n- list\n> quote\n1. one',
  'https://evil.example www.evil.example @everyone evil@evil.example',
  '週次アーキテクチャレビュー会議と設計の調整に関する定例ミーティング（全チーム合同）',
  'مراجعة التصميم الأسبوعية مع فريق المنصة',
  '👩‍👩‍👧‍👦 Family lunch 🇪🇸 👍🏽 ❤️ planning 🚀🚀🚀',
  'A'.repeat(400),
  'line\u2028separator\u2029paragraph \ud800 lone',
  '',
]

const zone = 'Europe/Berlin'
const fromOn = '2026-10-26'
const toOn = '2026-11-23'
const weeks = 4
const perHour = 85

interface SeriesSeed {
  readonly title: string
  readonly section: AuditSection
  readonly kind: KindVerdict
  readonly people: readonly [number, number, number]
  readonly minutes: number
  readonly cadence?: 'weekly' | 'every 2 weeks' | 'daily' | 'monthly' | 'irregular'
  /** Weekday from 0 = Monday, and the UTC start, as `1 09:00`. */
  readonly starts: string
  readonly mine?: boolean
  readonly sentence: string
  readonly answer: SeriesReport['answer']
  readonly sureness: SeriesReport['sureness']
  readonly advice?: string
  readonly basis: readonly AuditBasis[]
  readonly extra?: Partial<SeriesReport>
  readonly soleChannels?: readonly (readonly [string, string])[]
  readonly teams?: readonly string[]
}

function reason(
  side: AuditBasis['side'],
  rule: string,
  sentence: string,
  figures: AuditBasis['figures'] = {},
  quote: string | null = null,
): AuditBasis {
  return { about: side === null ? 'kind' : 'verdict', rule, side, sentence, quote, figures }
}

const seeds: readonly SeriesSeed[] = [
  {
    title: 'Platform status round',
    section: 'try-without',
    kind: 'status',
    people: [9, 11, 11],
    minutes: 45,
    starts: '2 09:00',
    sentence:
      'Probably nothing would change: eleven people report in turn, and the updates are in the team document already.',
    answer: 'nothing-would-change',
    sureness: 'high',
    advice: 'Write updates in the document; skip two weeks and compare.',
    basis: [
      reason(
        'skip',
        'status-round',
        'Title and agenda ask for updates from each person in turn.',
        { items: 6, statusItems: 6 },
        'round of updates',
      ),
      reason('skip', 'no-decision', 'No item in 4 of 4 asks for a decision.', { held: 4, withDecision: 0 }),
      reason(
        'keep',
        'channel',
        'Platform and Support share 180 live minutes here; they also meet in Release planning.',
        { minutesPer4Weeks: 180, otherSeries: 1 },
      ),
      reason(null, 'words-status', 'The word “status” in the title.', { weight: 0.42 }, 'status'),
    ],
    teams: ['Platform', 'Support'],
    soleChannels: [],
  },
  {
    title: 'Roadmap FYI',
    section: 'try-without',
    kind: 'status',
    people: [18, 24, 31],
    minutes: 30,
    starts: '3 13:00',
    sentence: 'Probably nothing would change: a broadcast to 24 people that could be read; you are optional.',
    answer: 'nothing-would-change',
    sureness: 'high',
    advice: 'Ask for the slides and five lines of text; read them when it suits you.',
    basis: [
      reason('skip', 'large-fyi', '24 people, one speaker, no item with a question.', { people: 24, items: 1 }),
      reason('skip', 'optional', 'You are optional and accepted 1 of 4.', { held: 4, accepted: 1 }),
    ],
    teams: ['Platform', 'Payments', 'Web', 'Support', 'Data'],
    soleChannels: [],
  },
  {
    title: 'Vendor check-in ☕️ – Müller & Söhne GmbH / monatlicher Abgleich der offenen Punkte und Rechnungen',
    section: 'try-without',
    kind: 'unclear',
    people: [4, 4, 4],
    minutes: 30,
    starts: '1 15:30',
    sentence: 'Probably nothing would change: the same four people meet again on Wednesday.',
    answer: 'nothing-would-change',
    sureness: 'some',
    advice: 'Add its points to Wednesday’s agenda and skip this one twice.',
    basis: [
      reason('skip', 'double-booked-pair', 'The same four people meet again within 24 hours.', {
        sharedPeople: 4,
        hoursApart: 17.5,
      }),
      reason('keep', 'external', 'Two people from outside take part; a mail may not replace the talk.', {
        external: 2,
      }),
    ],
    extra: { form: 'external' },
  },
  {
    title: 'Design discussion',
    section: 'improve',
    kind: 'alignment',
    people: [12, 14, 14],
    minutes: 60,
    starts: '0 14:00',
    sentence:
      'Decisions would probably be made without full context: good to have, with too many people and often no agenda.',
    answer: 'decisions-without-full-context',
    sureness: 'some',
    advice: 'Invite the six whose plans are on the agenda; send notes to the rest.',
    basis: [
      reason('improve', 'no-agenda', 'No agenda in 3 of 4.', { held: 4, withAgenda: 1 }),
      reason('improve', 'large-group', '14 people are invited and 6 spoke in the notes.', { people: 14, speakers: 6 }),
      reason('keep', 'forum', 'Two teams show their plans to each other here.', { teams: 2 }),
    ],
    teams: ['Payments', 'Web'],
    extra: { forum: 'design-discussion', form: 'cross-team' },
  },
  {
    title:
      'Leadership sync (formerly “Monday numbers”): weekly figures, risks red/yellow/green, and whatever else came up since last time',
    section: 'improve',
    kind: 'decision',
    people: [7, 7, 8],
    minutes: 90,
    starts: '1 08:00',
    sentence:
      'Decisions would probably be made without full context: half of the time goes to figures that could be read before.',
    answer: 'decisions-without-full-context',
    sureness: 'some',
    advice: 'Send figures 24 hours before and make it 60 minutes.',
    basis: [
      reason('improve', 'over-length', 'Items add up to 55 of 90 minutes.', { itemMinutes: 55, minutes: 90 }),
      reason(
        'keep',
        'decision-work',
        'Three of five items ask for a decision.',
        { items: 5, decisionItems: 3 },
        'decide: hire or borrow?',
      ),
    ],
    extra: {
      formerTitles: ['Monday numbers'],
      items: [
        { text: 'Figures of the week', minutes: 30, owner: 'Ana', kind: 'status' },
        { text: 'decide: hire or borrow?', minutes: 15, owner: 'Luis', kind: 'decision' },
        { text: '<b>Risks</b> in red =NOW()', minutes: null, owner: null, kind: 'conflict' },
      ],
    },
  },
  {
    title: '週次スタンドアップ',
    section: 'improve',
    kind: 'status',
    people: [6, 6, 7],
    minutes: 15,
    cadence: 'daily',
    starts: '0 08:30,1 08:30,2 08:30,3 08:30,4 08:30',
    sentence: 'Probably nothing would change: short and daily; two days a week would carry the same.',
    answer: 'nothing-would-change',
    sureness: 'low',
    advice: 'Try two days in writing for two weeks.',
    basis: [
      reason('improve', 'rhythm', 'Five times a week with the same six people.', { perWeek: 5 }),
      reason('keep', 'team-glue', 'The only daily talk of the team.', {}),
    ],
  },
  {
    title: 'Weekly architecture review',
    section: 'worth-keeping',
    kind: 'conflict',
    people: [8, 8, 8],
    minutes: 90,
    starts: '3 08:00',
    sentence:
      'Teams would probably work at cross-purposes: the only place where Platform and Payments see each other’s plans before code is written.',
    answer: 'teams-at-cross-purposes',
    sureness: 'high',
    basis: [
      reason('keep', 'sole-channel', 'Platform and Payments meet live nowhere else.', {
        minutesPer4Weeks: 360,
        otherSeries: 0,
      }),
      reason('keep', 'forum', 'It is an architecture review: one of the four forums that prevent incidents.', {}),
      reason('skip', 'long-and-unloved', '90 minutes with 8 people, and 3 of 8 often reply late.', {
        minutes: 90,
        people: 8,
      }),
    ],
    teams: ['Platform', 'Payments', 'Web'],
    soleChannels: [
      ['Payments', 'Platform'],
      ['Platform', 'Web'],
    ],
    extra: { forum: 'architecture-review', form: 'cross-team' },
  },
  {
    title: 'Release planning',
    section: 'worth-keeping',
    kind: 'alignment',
    people: [10, 12, 16],
    minutes: 60,
    cadence: 'every 2 weeks',
    starts: '4 10:00',
    sentence: 'Conflicts would probably emerge later: teams agree on order and dates that meet in one release.',
    answer: 'conflicts-emerge-later',
    sureness: 'some',
    basis: [
      reason('keep', 'forum', 'It is a release planning.', {}),
      reason('keep', 'conflict-work', 'Two items weigh plans that exclude each other.', { items: 2 }),
    ],
    teams: ['Platform', 'Payments', 'Support'],
    soleChannels: [],
    extra: { forum: 'release-planning', form: 'cross-team' },
  },
  {
    title: '1:1 Luis',
    section: 'worth-keeping',
    kind: 'unclear',
    people: [2, 2, 2],
    minutes: 30,
    starts: '2 13:00',
    sentence: 'A talk between two people; a calendar sees nothing of its worth.',
    answer: 'cannot-say',
    sureness: 'low',
    basis: [reason('keep', 'one-on-one', 'One-on-ones are kept by default: what they carry is not in a calendar.', {})],
    extra: { form: 'one-on-one' },
  },
  {
    title: 'مراجعة الحوادث مع فريق الدعم',
    section: 'worth-keeping',
    kind: 'conflict',
    people: [5, 6, 6],
    minutes: 45,
    cadence: 'irregular',
    starts: '4 13:00',
    sentence:
      'Teams would probably work at cross-purposes: Support and Platform learn from the same incident together.',
    answer: 'teams-at-cross-purposes',
    sureness: 'some',
    basis: [reason('keep', 'forum', 'It is an incident review.', {})],
    extra: { forum: 'incident-review', form: 'cross-team' },
  },
  {
    title: '<script>alert("quarterly")</script>',
    section: 'not-enough-data',
    kind: 'unclear',
    people: [3, 3, 3],
    minutes: 60,
    cadence: 'monthly',
    starts: '2 15:00',
    sentence: 'Held once in these weeks.',
    answer: 'cannot-say',
    sureness: 'low',
    basis: [
      reason('unknown', 'few-occurrences', 'Held once in these weeks: three are needed to judge.', {
        held: 1,
        needed: 3,
      }),
    ],
  },
  {
    title: '=HYPERLINK("http://evil.example","Planning")',
    section: 'not-enough-data',
    kind: 'unclear',
    people: [0, 0, 0],
    minutes: 30,
    starts: '0 10:00',
    sentence: 'Only a title to go by: the calendar lists no invitees.',
    answer: 'cannot-say',
    sureness: 'low',
    basis: [reason('unknown', 'title-only', 'The calendar lists neither invitees nor an agenda.', {})],
    extra: {
      people: {
        headcount: { low: 1, expected: 1, high: 1 },
        teams: [],
        external: 0,
        rooms: 0,
        known: false,
        atLeast: false,
        myRole: null,
        soleChannels: null,
      },
    },
  },
  {
    title: '\u001b[31mGuild\u001b[0m \u202Egnitteem\u202C 👩‍👩‍👧‍👦 monthly',
    section: 'not-enough-data',
    kind: 'unclear',
    people: [5, 20, 60],
    minutes: 60,
    cadence: 'monthly',
    starts: '3 15:00',
    sentence: 'A group is invited whose size is not known.',
    answer: 'cannot-say',
    sureness: 'low',
    basis: [
      reason('unknown', 'group-unknown', 'A group address with no member list: 5 to 60 people.', { low: 5, high: 60 }),
    ],
    mine: false,
  },
]

/** Mondays of the four weeks. */
const mondays = ['2026-10-26', '2026-11-02', '2026-11-09', '2026-11-16']

function startsOf(seed: SeriesSeed): string[] {
  const step = seed.cadence === 'every 2 weeks' ? 2 : seed.cadence === 'monthly' ? 4 : 1
  return mondays
    .filter((_, index) => index % step === 0)
    .flatMap(monday =>
      seed.starts.split(',').map(start => {
        const [day, time] = start.split(' ')
        const at = Date.parse(`${monday}T${time}:00Z`) + Number(day) * 86_400_000
        return instant(at)
      }),
    )
    .sort()
}

/** Berlin is an hour ahead of UTC in these weeks. */
function usualOf(seed: SeriesSeed): string {
  const day = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri'][Number(seed.starts[0])]
  return `${day} ${String(Number(seed.starts.slice(2, 4)) + 1).padStart(2, '0')}${seed.starts.slice(4, 7)}`
}

function instant(at: number): string {
  return new Date(at).toISOString().replace('.000Z', 'Z')
}

function times(range: Range, factor: number): Range {
  return { low: range.low * factor, expected: range.expected * factor, high: range.high * factor }
}

function seriesOf(seed: SeriesSeed, index: number): SeriesReport {
  const starts = startsOf(seed)
  const [low, expected, high] = seed.people
  const hours = times({ low: low * 0.8, expected: expected * 0.92, high }, seed.minutes / 60)
  const perWeek = starts.length / weeks
  return {
    number: index + 1,
    id: `series-${index + 1}`,
    title: seed.title,
    formerTitles: [],
    section: seed.section,
    answer: seed.answer,
    sentence: seed.sentence,
    sureness: seed.sureness,
    advice: seed.advice ?? null,
    kind: seed.kind,
    scores: scoresOf(seed.kind),
    confidence: seed.kind === 'unclear' ? 0.3 : 0.82,
    form: 'team',
    forum: null,
    loadBearing: (seed.soleChannels?.length ?? 0) > 0,
    items: [],
    basis: seed.basis,
    when: {
      cadence: seed.cadence ?? 'weekly',
      usual: seed.cadence === 'irregular' ? null : usualOf(seed),
      minutes: seed.minutes,
      held: starts.length,
      removed: index % 4,
      firstOn: (starts[0] ?? '').slice(0, 10),
      lastOn: (starts.at(-1) ?? '').slice(0, 10),
    },
    people: {
      headcount: { low, expected, high },
      teams: seed.teams ?? [],
      external: 0,
      rooms: 1,
      known: true,
      atLeast: false,
      myRole: seed.mine === false ? null : 'required',
      soleChannels: seed.soleChannels ?? null,
    },
    cost: {
      currency: 'EUR',
      hoursPerOccurrence: hours,
      hoursPerWeek: times(hours, perWeek),
      hoursInWindow: times(hours, starts.length),
      moneyPerOccurrence: times(hours, perHour),
      moneyPerYear: times(hours, perHour * perWeek * 46),
      moneyInWindow: times(hours, perHour * starts.length),
      myMinutesPerWeek: seed.mine === false ? null : seed.minutes * perWeek,
      focusMinutesPerWeek: seed.minutes * perWeek * 3,
      myFocusMinutesPerWeek: seed.mine === false ? null : seed.minutes * perWeek * 1.5,
      lowerBound: seed.people[2] > 30,
    },
    occurrences: starts.map(start => ({
      start,
      end: instant(Date.parse(start) + seed.minutes * 60_000),
      title: seed.title,
      rule: seed.people[2] > 30 ? 'group-invited' : seed.people[2] === 0 ? 'invitees-not-listed' : 'people-met',
    })),
    ...seed.extra,
  }
}

function scoresOf(kind: KindVerdict): SeriesReport['scores'] {
  const score = (of: KindVerdict) => (kind === 'unclear' ? 0.25 : of === kind ? 0.82 : 0.06)
  return {
    status: score('status'),
    decision: score('decision'),
    alignment: score('alignment'),
    conflict: score('conflict'),
  }
}

const source: AuditSource = {
  calendar: 'ana.ics',
  name: 'Ana Ortiz',
  events: 214,
  outsideWindow: 96,
  zones: [
    { tzid: 'Europe/Berlin', zone: 'Europe/Berlin', source: 'iana', events: 180 },
    { tzid: 'W. Europe Standard Time', zone: 'Europe/Berlin', source: 'windows-name', events: 34 },
  ],
  leftOut: [
    {
      code: 'bad-rule',
      count: 2,
      sentence: 'Two events have a recurrence rule that says nothing; each was read as one event.',
    },
  ],
}

const assumptions: AuditReport['assumptions'] = {
  currency: 'EUR',
  rates: [
    { band: 'engineer', perHour: 85 },
    { band: 'senior engineer', perHour: 105 },
    { band: 'manager', perHour: 120 },
  ],
  rateSource: 'Table of role bands in the settings, loaded cost; payroll is never read.',
  attendance: { accepted: 0.95, tentative: 0.6, none: 0.7, declined: 0.05 },
  focusBlockMinutes: 120,
  workingHours: 'Mon–Fri 09:00–18:00',
  weeksPerYear: 46,
}

function sumRange(ranges: readonly Range[]): Range {
  const sum = (of: (range: Range) => number) => ranges.reduce((total, range) => total + of(range), 0)
  return { low: sum(r => r.low), expected: sum(r => r.expected), high: sum(r => r.high) }
}

function totalsOf(series: readonly SeriesReport[]): AuditReport['totals'] {
  return {
    hoursInWindow: sumRange(series.map(one => one.cost.hoursInWindow)),
    hoursPerWeek: sumRange(series.map(one => one.cost.hoursPerWeek)),
    moneyInWindow: sumRange(series.map(one => one.cost.moneyInWindow)),
    moneyPerYear: sumRange(series.map(one => one.cost.moneyPerYear)),
    bySection: auditSections.map(section => {
      const inSection = series.filter(one => one.section === section)
      return {
        section,
        series: inSection.length,
        hoursPerWeek: sumRange(inSection.map(one => one.cost.hoursPerWeek)).expected,
        moneyPerYear: sumRange(inSection.map(one => one.cost.moneyPerYear)).expected,
      }
    }),
    byKind: [...meetingKinds, 'unclear' as const].map(kind => {
      const ofKind = series.filter(one => one.kind === kind)
      return { kind, series: ofKind.length, hoursPerWeek: sumRange(ofKind.map(one => one.cost.hoursPerWeek)).expected }
    }),
  }
}

/** A believable audit of one person's four weeks: thirteen series over all sections, with unkind titles among them. */
export function sampleReport(): AuditReport {
  const series = seeds.map(seriesOf)
  const occurrences = series.reduce((total, one) => total + one.occurrences.length, 0)
  return {
    schema: 'minutewise/audit/1',
    generatedAt: '2026-11-20T16:05:00Z',
    window: { fromOn, toOn, weeks, zone, zoneSource: 'calendar', chosen: 'latest-activity' },
    subject: {
      me: { address: 'ana@northwind.example', name: 'Ana Ortiz' },
      how: 'guessed',
      sentence:
        'ana@northwind.example is invited to nearly every meeting of this calendar; --me ADDRESS says otherwise.',
      sample: true,
    },
    sources: [source],
    counts: {
      events: 214,
      occurrences: occurrences + 19 + 33,
      meetings: occurrences + 19,
      audited: occurrences + 19,
      series: series.length,
      oneOffs: 19,
      rules: [
        {
          rule: 'people-met',
          counted: true,
          occurrences: occurrences + 14,
          hours: 61.5,
          sentence: 'At least two people were invited.',
        },
        { rule: 'group-invited', counted: true, occurrences: 1, hours: 1, sentence: 'A group address was invited.' },
        {
          rule: 'invitees-not-listed',
          counted: true,
          occurrences: 4,
          hours: 2,
          sentence: 'The calendar lists no invitees; a title and a time are all there is.',
        },
        {
          rule: 'all-day',
          counted: false,
          occurrences: 12,
          hours: 0,
          sentence: 'All-day entries are dates, not meetings.',
        },
        {
          rule: 'private',
          counted: false,
          occurrences: 9,
          hours: 6.5,
          sentence: 'Private entries are busy time and nothing more.',
        },
        { rule: 'declined-by-me', counted: false, occurrences: 8, hours: 5, sentence: 'You declined.' },
        { rule: 'focus-time', counted: false, occurrences: 4, hours: 8, sentence: 'Time you kept for yourself.' },
      ],
      rows: 'minutewise read ana.ics --from 2026-10-26 --to 2026-11-23',
    },
    week: {
      weeks,
      workingHours: 40,
      meetingHours: 18.5,
      meetingShare: 0.4625,
      focusHours: 8.25,
      focusBlocks: 2.5,
      fragmentHours: 9.17,
      fragmentationIndex: 0.53,
      longestRunMinutes: 190,
      backToBackRunsPerWeek: 2.25,
      outsideHours: 1.25,
      byWeekday: [
        { weekday: 'Mon', meetingHours: 3.25, focusHours: 2.5 },
        { weekday: 'Tue', meetingHours: 5.1, focusHours: 0 },
        { weekday: 'Wed', meetingHours: 4.4, focusHours: 0.5 },
        { weekday: 'Thu', meetingHours: 3.5, focusHours: 2 },
        { weekday: 'Fri', meetingHours: 2.25, focusHours: 3.25 },
      ],
      perWeek: [
        { weekOn: '2026-10-26', meetingHours: 17.25, focusHours: 9, fragmentHours: 9.5 },
        { weekOn: '2026-11-02', meetingHours: 21, focusHours: 5.5, fragmentHours: 10.25 },
        { weekOn: '2026-11-09', meetingHours: 19.5, focusHours: 7, fragmentHours: 9 },
        { weekOn: '2026-11-16', meetingHours: 16.25, focusHours: 11.5, fragmentHours: 7.9 },
      ],
    },
    series,
    oneOffs: {
      count: 19,
      hoursInWindow: { low: 31, expected: 38, high: 52 },
      largest: [
        { title: 'All-hands <Q4> | outlook', start: '2026-11-05T14:00:00Z', hours: 21, kind: 'status' },
        { title: 'Interview: backend engineer', start: '2026-11-11T09:00:00Z', hours: 3, kind: 'decision' },
      ],
    },
    totals: totalsOf(series),
    gain: {
      myMinutesPerWeek: 105,
      personHoursPerWeek: 21.4,
      focusBlocksBefore: 2.5,
      focusBlocksAfter: 3.5,
      sentence: 'Trying without 1–3 gives back 1 h 45 m of your week and a third focus block (Wed 09:00–12:30).',
    },
    unknowns: [
      {
        rule: 'benefit',
        sentence: 'A calendar cannot see what a meeting prevented.',
        remedy: 'Log it: minutewise ledger add',
      },
      { rule: 'attendance', sentence: 'Who really came is not in a calendar; replies stand in for it.', remedy: null },
      {
        rule: 'teams',
        sentence: 'Two of 38 people have no known team.',
        remedy: 'Add them to the people file: --people people.csv',
      },
    ],
    assumptions,
    changes: {
      previousOn: '2026-10-23',
      meetingHoursPerWeek: { before: 20.25, after: 18.5 },
      appeared: ['Vendor check-in', 'Guild <monthly>'],
      disappeared: ['Old daily'],
      moved: [{ title: 'Design discussion', from: 'not-enough-data', to: 'improve' }],
    },
  }
}

/** The sample with every series, agenda item, quote and name replaced by one hostile title after the other. */
export function hostileReport(): AuditReport {
  const report = sampleReport()
  return {
    ...report,
    subject: { ...report.subject, me: { address: '<b>ana</b>@x.example', name: hostileTitles[0] ?? '' } },
    sources: [{ ...source, calendar: hostileTitles[8] ?? '', name: hostileTitles[1] ?? '' }],
    series: hostileTitles.map((title, index) => {
      const base = report.series[index % report.series.length]!
      return {
        ...base,
        number: index + 1,
        id: `hostile-${index + 1}`,
        title,
        formerTitles: [title],
        items: [{ text: title, minutes: 10, owner: title, kind: 'unclear' as const }],
        basis: base.basis.map(basis => ({ ...basis, quote: title, figures: { ...basis.figures, said: title } })),
        people: { ...base.people, teams: [title] },
        occurrences: base.occurrences.map(one => ({ ...one, title })),
      }
    }),
    oneOffs: {
      ...report.oneOffs,
      largest: hostileTitles.map(title => ({
        title,
        start: '2026-11-05T14:00:00Z',
        hours: 2,
        kind: 'unclear' as const,
      })),
    },
    changes: {
      previousOn: '2026-10-23',
      meetingHoursPerWeek: null,
      appeared: hostileTitles,
      disappeared: hostileTitles,
      moved: hostileTitles.map(title => ({ title, from: 'improve' as const, to: 'worth-keeping' as const })),
    },
  }
}

const nothing: Range = { low: 0, expected: 0, high: 0 }

/** A calendar in which no entry is a meeting. */
export function emptyReport(): AuditReport {
  const report = sampleReport()
  return {
    ...report,
    subject: {
      me: null,
      how: 'unknown',
      sentence: 'Nobody is invited to anything, so whose calendar this is cannot be told.',
      sample: false,
    },
    counts: {
      events: 21,
      occurrences: 21,
      meetings: 0,
      audited: 0,
      series: 0,
      oneOffs: 0,
      rules: [
        {
          rule: 'all-day',
          counted: false,
          occurrences: 21,
          hours: 0,
          sentence: 'All-day entries are dates, not meetings.',
        },
      ],
      rows: 'minutewise read holidays.ics',
    },
    sources: [{ ...source, calendar: 'holidays.ics', name: null, events: 21, leftOut: [] }],
    week: null,
    series: [],
    oneOffs: { count: 0, hoursInWindow: nothing, largest: [] },
    totals: totalsOf([]),
    gain: null,
    changes: null,
  }
}

/** A calendar with titles and times alone: every series ends under "not enough data". */
export function cannotSayReport(): AuditReport {
  const report = sampleReport()
  const series = report.series
    .filter(one => one.section === 'not-enough-data')
    .map((one, index) => ({
      ...one,
      number: index + 1,
      cost: {
        ...one.cost,
        myMinutesPerWeek: null,
        focusMinutesPerWeek: null,
        myFocusMinutesPerWeek: null,
        lowerBound: true,
      },
    }))
  return {
    ...report,
    window: { ...report.window, zone: 'UTC', zoneSource: 'none', chosen: 'recent' },
    subject: {
      me: null,
      how: 'unknown',
      sentence: 'Three people are equally often invited; --me ADDRESS says whose week this is.',
      sample: false,
    },
    counts: { ...report.counts, series: series.length },
    week: null,
    series,
    totals: totalsOf(series),
    gain: null,
    changes: null,
  }
}
